"""Serves copies of a process that has imported a framework: for each wish a fork, which goes into the namespaces of whoever
wishes, confines itself as it is told, and goes on to the program.

This process itself reads no wish and runs no submission, so there is nothing in its memory that a copy should not see.
What comes with a wish, and in which order, is said in `sandbox/copy.rs`.
"""

import os
import sys

MAILBOX = 3  # the same number as in `protocol.rs`

# The variable of a program that may use its framework's reloader: the same as in `mod.rs`.
RELOADS = b"CHECKER_RELOADS"

PR_SET_DUMPABLE = 4
SYS_CLONE3 = 435
SIGCHLD = 17

# A number for a process that is gone before the program begins, so that the program has the one that it would have.
PASSING = 299


class Refused(Exception):
    """A step of a copy that failed, and the system's error number."""


class System:
    """The system's calls. What it needs is imported by those who serve HTTP."""

    def __init__(self):
        self.ctypes, self.struct = sys.modules["ctypes"], sys.modules["struct"]
        # With the interpreter's lock held: what it calls returns at once, and twice from a fork.
        self.library = self.ctypes.PyDLL(None, use_errno=True)
        self.library.syscall.restype = self.ctypes.c_long

    def call(self, step, number, *arguments):
        """Makes a call with numbers and bytes; these are only read."""
        kept = [self.buffer(one) if isinstance(one, bytes) else one for one in arguments]
        words = [one if isinstance(one, int) else self.ctypes.addressof(one) for one in kept]
        result = self.library.syscall(*map(self.ctypes.c_long, [number, *words]))
        if result < 0:
            raise Refused(step, self.ctypes.get_errno())
        return result

    def buffer(self, text):
        return (self.ctypes.c_char * len(text)).from_buffer_copy(text)

    def make(self, calls, descriptors):
        """Makes the calls of a list; gives the result of the last one."""
        result = None
        for call in calls:
            programs, words = [], []
            for argument in call["arguments"]:
                ((kind, value),) = argument.items()
                if kind == "Number":
                    words.append(value)
                elif kind == "Descriptor":
                    words.append(descriptors[value])
                elif kind == "Bytes":
                    words.append(bytes.fromhex(value))
                else:
                    filters = self.buffer(bytes.fromhex(value))
                    programs.append(filters)
                    words.append(self.struct.pack("@HP", len(filters) // 8, self.ctypes.addressof(filters)))
            result = self.call(call["step"], call["number"], *words)
        return result

    def fork(self):
        return self.library.fork()

    def fork_with_number(self, number):
        numbers = self.buffer(self.struct.pack("@i", number))
        # struct clone_args (clone3(2)): the number for the innermost namespace is the last field but one.
        fields = [0, 0, 0, 0, SIGCHLD, 0, 0, 0, self.ctypes.addressof(numbers), 1]
        arguments = self.struct.pack("@10Q", *fields)
        return self.call("make a process in the namespace", SYS_CLONE3, arguments, len(arguments))

    def find_name(self):
        """Where in the interpreter's configuration is the name of the file that it will go on to.

        Nothing else there is the same text.
        """
        ctypes = self.ctypes
        with open("/proc/self/maps") as file:
            lines = [line.split() for line in file]
        areas = [[int(end, 16) for end in line[0].split("-")] for line in lines if line[1].startswith("rw")]
        name, word = wide(os.path.join(os.getcwd(), sys.argv[0])), ctypes.sizeof(ctypes.c_void_p)
        ctypes.pythonapi._Py_GetConfig.restype = ctypes.c_void_p
        config = ctypes.pythonapi._Py_GetConfig()
        found = []
        for place in range(config, config + 128 * word, word):
            address = ctypes.c_size_t.from_address(place).value
            if any(start <= address and address + len(name) <= end for start, end in areas):
                if ctypes.string_at(address, len(name)) == name:
                    found.append(place)
        (self.name,) = found

    def name_program(self, path):
        """Has Python go on to this file instead of the one that it was started for."""
        ctypes, name = self.ctypes, wide(path)
        allocate = ctypes.pythonapi.PyMem_RawMalloc
        allocate.restype, allocate.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
        memory = allocate(len(name))
        ctypes.memmove(memory, name, len(name))
        ctypes.c_size_t.from_address(self.name).value = memory


def wide(text):
    """A text as C's wide characters."""
    return bytes(sys.modules["ctypes"].create_unicode_buffer(text))


def serve():
    """Returns in each copy, when it is confined and is the program in all but its code: whether it may use a reloader."""
    socket, system = sys.modules["socket"], System()
    if is_file():
        system.find_name()
    mailbox = socket.socket(fileno=MAILBOX)
    system.library.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    packages = times_of_packages()
    mailbox.send(b"ready")
    while True:
        # Not more than that there is one: the copy takes it.
        if not mailbox.recv(1, socket.MSG_PEEK):
            os._exit(0)
        child = system.fork()
        if child == 0:
            return be_new(system, come_in(socket, system, mailbox, packages))
        if os.waitpid(child, 0)[1] != 0:
            os._exit(1)


def is_file():
    """Whether Python was started for a file, and not for a module of its own."""
    return sys.argv[0] != "-m"


def times_of_packages():
    """When something was installed last."""
    return [os.stat(folder).st_mtime_ns for folder in sys.path if os.path.isdir(folder)]


def come_in(socket, system, mailbox, packages):
    """What a copy does before the program: each step that fails ends it, and is told."""
    json = sys.modules["json"]
    text, descriptors, _, _ = socket.recv_fds(mailbox, 1 << 18, 64)
    line = socket.socket(fileno=descriptors[0])
    tell = lambda answer: line.send(json.dumps(answer).encode())
    try:
        if times_of_packages() != packages:
            raise Refused("find the packages as they were", 0)
        wish = json.loads(text)
        standard, rest = descriptors[1:4], descriptors[4:]
        groups, named = rest[: wish["groups"]], rest[wish["groups"] :]
        for group in groups:
            os.write(group, b"0")
        system.make(wish["enter"], named)
        be_born_inside(system, tell)
        os.setsid()
        for number, wanted in zip(standard, (0, 1, 2)):
            os.dup2(number, wanted)
        os.chdir(bytes.fromhex(wish["cwd"]))
        calls = system.make(wish["confine"], named)
        socket.send_fds(line, [json.dumps({"Confined": {"pid": os.getpid()}}).encode()], [calls])
    except Refused as refused:
        tell({"Refused": {"step": refused.args[0], "errno": refused.args[1]}})
        os._exit(0)
    except BaseException as error:
        tell({"Refused": {"step": f"become the program: {error}", "errno": getattr(error, "errno", None) or 0}})
        os._exit(0)
    if line.recv(16) != b"go":
        os._exit(0)
    mailbox.detach(), line.detach()
    os.closerange(MAILBOX, max(*descriptors, calls) + 1)
    return [(bytes.fromhex(name), bytes.fromhex(value)) for name, value in wish["env"]]


def be_born_inside(system, tell):
    """Goes on in a process of the namespace whose parent is its process 1.

    Only children are in the namespace, and an orphan falls to the process 1 of its parent's: hence two.
    """
    passing = system.fork_with_number(PASSING)
    if passing != 0:
        if os.waitpid(passing, 0)[1] == 0:
            tell("Adopted")
        os._exit(0)
    try:
        child = os.fork()
    except OSError as error:
        raise Refused("make a process", error.errno) from None
    if child != 0:
        os._exit(0)


def be_new(system, environment):
    """Gives what an interpreter takes in at its start the values that it would find now."""
    import posix
    import site
    import time

    variables = dict(environment)
    reloads = variables.pop(RELOADS, None) is not None
    os.environ.clear()
    for name, value in variables.items():
        os.environb[name] = value
    posix.environ.clear()
    posix.environ.update(variables)
    time.tzset()
    if site.USER_SITE is not None:
        site.USER_BASE = site.USER_SITE = None
        site.getusersitepackages()
    logging = sys.modules["logging"]
    logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()
    if is_file():
        system.name_program(os.path.abspath(sys.argv[0]))
    return reloads
