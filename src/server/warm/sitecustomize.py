"""Starts a program of a known framework warm: Python imports this before it, by the name that `site` looks for.

The framework is imported here, before the program, and put out of sight: into a store from which its modules come when
the program imports them. If Flask's reloader may be used, a copy of the process is kept from before the program ran, and
becomes the child that the reloader starts. Then Python goes on to the program as it always does, in this process and in
the copy, so that the program's name, arguments, stack and ways to end are Python's own.

Whatever could make a difference is refused: this process ends before the program has begun, and says why in one line.
"""

import os
import sys

# The same words and number as in `mod.rs`.
REFUSED = "checker-warm-refused"
REFUSED_EXIT = 75



class Framework:
    """What is imported with a framework, and what a program may import before it without changing what it finds."""

    def __init__(self, later, beside):
        self.later, self.beside = later.split(), set(beside.split())


# Of what a program imports until it has answered: what every one does, and what does nothing that shows.
FRAMEWORKS = {
    "flask": Framework(
        later="resource socket fcntl werkzeug.serving werkzeug.debug werkzeug._reloader subprocess getpass pwd stringprep "
        "encodings.idna multiprocessing.sharedctypes multiprocessing.synchronize",
        beside="werkzeug jinja2 markupsafe click itsdangerous blinker",
    ),
    "fastapi": Framework(
        later="uvicorn uvicorn.main uvicorn.loops.auto uvicorn.protocols.http.auto uvicorn.protocols.websockets.auto "
        "uvicorn.lifespan.on anyio._backends._asyncio fastapi.responses",
        beside="uvicorn starlette pydantic pydantic_core anyio typing_extensions annotated_types",
    ),
    # Without what needs settings to be imported, and what announces itself to Django's registries.
    "django": Framework(
        later="django.conf django.conf.urls django.core.management.commands.runserver django.core.servers.basehttp "
        "django.core.wsgi django.http django.middleware.csrf django.shortcuts django.template.defaultfilters "
        "django.template.defaulttags django.template.loader_tags django.urls django.utils.log "
        "django.utils.translation.reloader django.views.csrf django.views.debug django.views.defaults stringprep "
        "encodings.idna",
        beside="asgiref sqlparse",
    ),
    "bottle": Framework(later="wsgiref.simple_server stringprep encodings.idna", beside=""),
}

# What is needed before the program begins.
BEFORE = "array ctypes fcntl json logging resource socket struct".split()

# Modules of the standard library that do something that one can see when they are imported.
NOISY = {"__main__", "antigravity", "site", "sitecustomize", "this", "usercustomize"}

# What a new interpreter reads before a program could change it.
READ_AT_START = ("GLIBC_", "HOME", "LANG", "LC_", "LD_", "MALLOC_", "OPENSSL_", "PYTHON", "SSL_", "TZ")

ONLY_SYNTAX_TREE = 0x400  # ast.PyCF_ONLY_AST, without importing `ast`


class Refusal(Exception):
    """Why this program is not started warm: a code, and what it is about."""


class Store:
    """Modules that are imported already and come into sight when the program asks for them.

    A finder in `sys.meta_path`. What is handed out is as if it had just been imported: with it come the modules that
    it imported itself, in the same order. In a copy of a process every object that is looked at costs a page of memory
    that is copied, so that as few as possible are.
    """

    def __init__(self, names, wanted_by):
        from importlib import _bootstrap

        self.load, self.Spec = _bootstrap._gcd_import, _bootstrap.ModuleSpec
        missing = {name for wanted in wanted_by.values() for name, was_there in wanted.items() if not was_there}
        # What a file of the program could stand in the way of.
        self.tops = {name.partition(".")[0] for name in missing.union(names)}.difference(sys.builtin_module_names)
        # Names of its own, made one after the other.
        own = {name: f"{name} "[:-1] for name in (*names, *missing.difference(names))}
        self.modules = {own[name]: sys.modules.pop(name) for name in names}
        specs = {name: getattr(module, "__spec__", None) for name, module in self.modules.items()}
        self.specs = {name: spec for name, spec in specs.items() if spec is not None and spec.name == name}
        self.wanted_by = {
            own[name]: {own[one]: was_there for one, was_there in wanted_by[name].items() if one in own}
            for name in names
            if name in wanted_by
        }
        self.given = set()
        # What a module puts beside itself, such as `typing.io`, comes with it.
        self.beside = {}
        # Those that are their package's by their name; a package may have given it to something else of the module's.
        self.named = set()
        for name, module in self.modules.items():
            package, _, last = name.rpartition(".")
            if name not in self.specs:
                self.beside.setdefault(package, []).append(name)
                continue
            above = self.modules.get(package) or sys.modules.get(package)
            if above is not None and vars(above).get(last) is module:
                delattr(above, last)
                self.named.add(name)
        sys.modules.pop("__mp_main__", None)

    def lend(self, names):
        """Brings modules into sight for a while: what goes on before the program imports them."""
        self.lent = [name for name in names if name in self.modules]
        sys.modules.update({name: self.modules[name] for name in self.lent})

    def take_back(self):
        for name in self.lent:
            del sys.modules[name]

    def find_spec(self, name, path=None, target=None):
        real = self.specs.get(name)
        if real is None or name in self.given:
            return None
        spec = self.Spec(name, self, origin=real.origin, loader_state=real.loader_state)
        spec.submodule_search_locations = real.submodule_search_locations
        return spec

    def create_module(self, spec):
        return self.modules[spec.name]

    def exec_module(self, module):
        name = module.__spec__.name
        module.__spec__ = self.specs[name]
        self.bring(name)

    def bring(self, name):
        """Makes it as if this module had just been executed."""
        self.given.add(name)
        for other in self.beside.get(name, ()):
            sys.modules[other] = self.modules[other]
        if name == "multiprocessing":
            sys.modules["__mp_main__"] = sys.modules["__main__"]
        for wanted, was_there in self.wanted_by.get(name, {}).items():
            if wanted not in sys.modules:
                self.want(wanted, was_there)

    def want(self, name, was_there):
        """Brings a module that another one imports, and first those above it."""
        is_here = name in self.specs and name not in self.given
        if is_here and sys.meta_path[0] is self:
            package, _, last = name.rpartition(".")
            if package and package not in sys.modules:
                self.want(package, True)
            if name not in sys.modules:
                module = sys.modules[name] = self.modules[name]
                self.bring(name)
                if name in self.named:
                    setattr(sys.modules[package], last, module)
        elif is_here or not was_there:
            try:
                # The program looks on, or may: what was not there is looked for again.
                self.load(name)
            except ImportError:
                pass


class Recorder:
    """Notes what each module asks for while it is made, in order, and whether it was found. A finder in `sys.meta_path`
    that finds nothing: it sees what comes without an `import`, too.
    """

    def __init__(self, looks):
        import builtins

        self.builtins, self.real = builtins, builtins.__import__
        self.wanted_by = {}
        # The names in each module that can make more when it is asked for them. To look for them takes a tenth more.
        self.made, self.looks = {}, looks

    def __enter__(self):
        self.builtins.__import__ = self.noting
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *error):
        self.builtins.__import__ = self.real
        sys.meta_path.remove(self)

    def find_spec(self, name, path=None, target=None):
        self.wanted().setdefault(name, None)
        return None

    def noting(self, name, globals=None, locals=None, fromlist=(), level=0):
        try:
            if self.looks:
                self.real(name, globals, locals, (), level)
                self.look()
            return self.real(name, globals, locals, fromlist, level)
        finally:
            package = (globals or {}).get("__package__") or ""
            base = package.rsplit(".", level - 1)[0] if level else ""
            full = ".".join(part for part in (base, name) if part)
            wanted = self.wanted()
            wanted[full] = wanted.get(full) or full in sys.modules
            for one in (f"{full}.{part}" for part in fromlist or () if isinstance(part, str)):
                if one in sys.modules:
                    wanted[one] = True

    def wanted(self):
        """What is wanted by the module that is being made."""
        frame = sys._getframe(2)
        while frame is not None and frame.f_code.co_name != "<module>":
            frame = frame.f_back
        return self.wanted_by.setdefault(frame and frame.f_globals.get("__name__"), {})

    def look(self):
        """Notes the names in modules that have just been made."""
        for name in sys.modules.keys() - self.made.keys():
            module = sys.modules[name]
            if not getattr(getattr(module, "__spec__", None), "_initializing", False):
                has_more = "__getattr__" in getattr(module, "__dict__", ())
                self.made[name] = frozenset(vars(module)) if has_more else None

    def found(self):
        """What each module wanted, and whether it was found."""
        for wanted in self.wanted_by.values():
            for name in [name for name, was_found in wanted.items() if was_found is None]:
                if name in sys.modules:
                    wanted[name] = True
                else:
                    # Looked for on the way to something below it, which is noted itself.
                    del wanted[name]
        return self.wanted_by

    def forget_more(self):
        """Takes away what modules have made later on, since they make it again, with what they import for it."""
        for name, had in self.made.items():
            module = sys.modules.get(name)
            for more in () if had is None or module is None else vars(module).keys() - had:
                value = vars(module)[more]
                if value is sys.modules.get(f"{name}.{more}"):
                    continue
                delattr(module, more)
                try:
                    is_made_again = getattr(module, more) is value
                except AttributeError:
                    is_made_again = False
                if not is_made_again:
                    setattr(module, more, value)
                elif more in vars(module):
                    delattr(module, more)


def preload(names, looks):
    """Imports modules; says what each module asked for while it was made, in order, and whether that was there."""
    with Recorder(looks) as recorder:
        for name in names:
            __import__(name)
    recorder.forget_more()
    return recorder.found()


def own_names(folder):
    """What can be imported from the program's folder, with the file or folder that it is."""
    endings = (".py", ".pyc", ".so")
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name.endswith(endings) or entry.is_dir()]
    return {name.partition(".")[0]: name for name in names}


def shadow(folder, tops):
    """A name in the program's folder that would have been imported instead of what was."""
    own = own_names(folder)
    found = own.keys() & tops
    return own[min(found)] if found else None


def executed(body):
    """A program's statements in the order of their execution, as far as that is plain: through the frame that
    `django-admin startproject` puts around the call that matters.
    """
    functions = {}
    for statement in body:
        kind = type(statement).__name__
        if kind == "FunctionDef" and not any(map(vars(statement.args).get, vars(statement.args))):
            if not statement.decorator_list and statement.returns is None:
                functions[statement.name] = statement.body
                continue
        if kind == "If" and is_main(statement.test):
            for inner in executed(statement.body):
                yield from functions.get(called(inner), [inner])
        else:
            yield statement


def is_main(test):
    """Whether this is `__name__ == "__main__"`."""
    words = [getattr(getattr(test, "left", None), "id", None)]
    words += [getattr(one, "value", None) for one in getattr(test, "comparators", ())]
    return words == ["__name__", "__main__"] and type(test.ops[0]).__name__ == "Eq"


def called(statement):
    """The function that is called here, by a name and without arguments."""
    call = getattr(statement, "value", None)
    if type(statement).__name__ == "Expr" and type(call).__name__ == "Call" and not call.args and not call.keywords:
        return getattr(call.func, "id", None)


def names_settings(statement):
    """Whether this only says where Django's settings are, which Django asks when it needs them."""
    call = getattr(statement, "value", None)
    if type(statement).__name__ != "Expr" or type(call).__name__ != "Call" or call.keywords:
        return False
    of = getattr(call.func, "value", None)
    words = [getattr(getattr(of, "value", None), "id", None), getattr(of, "attr", None), getattr(call.func, "attr", None)]
    values = [getattr(one, "value", None) for one in call.args]
    said = len(values) == 2 and values[0] == "DJANGO_SETTINGS_MODULE" and isinstance(values[1], str)
    return said and words == ["os", "environ", "setdefault"]


def first_of(statement):
    """The statement, or the only one that it tries."""
    return statement.body[0] if type(statement).__name__ == "Try" and len(statement.body) == 1 else statement


def check_imports(body, folder, framework):
    """The framework must be imported before anything else happens: else what happens first might change what it finds."""
    own, wanted = own_names(folder), FRAMEWORKS[framework]
    harmless = (sys.stdlib_module_names | wanted.beside) - NOISY
    if framework == "django":
        body = (first_of(one) for one in executed(body) if not names_settings(one))
    for statement in body:
        kind = type(statement).__name__
        if kind == "Expr" and type(statement.value).__name__ == "Constant":
            continue
        names = []
        if kind == "Import":
            names = [alias.name for alias in statement.names]
        elif kind == "ImportFrom" and statement.level == 0:
            names = [statement.module]
        for name in names:
            top = name.partition(".")[0]
            if top == framework:
                return
            if top in own or top not in harmless:
                raise Refusal("imports", name)
        if not names:
            raise Refusal("imports", f"line {statement.lineno}")
    raise Refusal("imports", "the end of the file")


def read_program(path):
    """The program's statements. What Python warns of it will say again when it runs it."""
    import _warnings

    silence = ("ignore", None, Warning, None, 0)
    # The list itself: the module `warnings` would leave another one behind.
    _warnings.filters.insert(0, silence)
    try:
        with open(path, "rb") as file:
            return compile(file.read(), path, "exec", ONLY_SYNTAX_TREE, dont_inherit=True).body
    except OSError as error:
        raise Refusal("file", error.strerror) from None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refusal("syntax") from None
    finally:
        _warnings.filters.remove(silence)


def check_program(framework):
    """Reads the program; gives the folder that its modules come from."""
    if sys.argv[0] != "-m":
        program = os.path.abspath(sys.argv[0])
        folder = os.path.dirname(program)
    elif framework == "flask":
        # `python -m flask` imports Flask before it asks which program it is for.
        return os.getcwd()
    else:
        # `python -m uvicorn … main:app`
        folder = os.getcwd()
        program = os.path.join(folder, sys.argv[-1].partition(":")[0] + ".py")
    check_imports(read_program(program), folder, framework)
    return folder


def circumstances():
    """What a child inherits, beside its environment and its descriptors, and what it would find."""
    import resource

    umask = os.umask(0o077)
    os.umask(umask)
    with open("/proc/self/status", "rb") as file:
        signals = [line for line in file if line.startswith((b"SigBlk", b"SigIgn"))]
    standard = [(about.st_dev, about.st_ino) for about in map(os.fstat, (0, 1, 2))]
    limits = [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")]
    priority = os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0), os.sched_getscheduler(0)
    users = os.getresuid(), os.getresgid(), os.getgroups()
    return os.getcwd(), umask, signals, standard, limits, priority, users, os.getsid(0), os.getpgrp()


class Spare:
    """A copy of this process, from before the program ran, that becomes the reloader's child."""

    DESCRIPTOR = 500  # high: what the program opens has the numbers that it would have

    def __init__(self, folder, tops, reloader):
        import fcntl
        import socket

        self.folder, self.tops = folder, tops
        self.arguments = [sys.executable, *sys.orig_argv[1:]]
        self.circumstances, self.environment = circumstances(), dict(os.environ)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.owner, self.child = os.getpid(), os.fork()
        if self.child == 0:
            ours.close()
            self.become(socket, self.moved(socket, fcntl, theirs))
            return
        theirs.close()
        self.line = self.moved(socket, fcntl, ours)
        self.send_fds = socket.send_fds
        self.subprocess, self.real_call = reloader.subprocess, reloader.subprocess.call
        reloader.subprocess = self

    def moved(self, socket, fcntl, line):
        number = fcntl.fcntl(line, fcntl.F_DUPFD_CLOEXEC, self.DESCRIPTOR)
        line.close()
        return socket.socket(fileno=number)

    def become(self, socket, line):
        """Waits to be wanted, then is a new process in all that a program can see; ends where it is not wanted."""
        text, received, _, _ = socket.recv_fds(line, 1 << 18, 64)
        line.close()
        if not text:
            os._exit(0)
        numbers, *variables = text.split(b"\0")
        numbers = [int(number) for number in numbers.split()]
        # First out of the way of each other.
        high = [os.dup(number) if number in numbers else number for number in received]
        for number, wanted in zip(high, numbers):
            os.dup2(number, wanted, inheritable=True)
        for number in {*received, *high} - set(numbers):
            os.close(number)
        os.environ.clear()
        for variable in variables:
            name, _, value = variable.partition(b"=")
            os.environb[name] = value

    def __getattr__(self, name):
        """Stands for the module `subprocess` in Werkzeug's reloader."""
        if name == "call" and self.subprocess.call is self.real_call:
            return self.call_once
        return getattr(self.subprocess, name)

    def call_once(self, arguments, *others, env=None, close_fds=True, **more):
        fits = not others and not more and close_fds is False and arguments == self.arguments
        if not fits or env is None or not self.hand_over(env):
            return self.real_call(arguments, *others, env=env, close_fds=close_fds, **more)
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        except BaseException:
            os.kill(self.child, 9)
            os.waitpid(self.child, 0)
            raise

    def hand_over(self, environment):
        """Wakes the copy, if a new process would find what the copy knows."""
        line, self.line = self.line, None
        if line is None or os.getpid() != self.owner:
            return False
        with line:
            early = lambda names: {name: value for name, value in names.items() if name.startswith(READ_AT_START)}
            if early(environment) != early(self.environment) or circumstances() != self.circumstances:
                return False
            if shadow(self.folder, self.tops):
                return False
            numbers = [int(name) for name in os.listdir("/proc/self/fd")]
            numbers = sorted(number for number in numbers if number > 2 and inheritable(number))
            variables = (os.fsencode(name) + b"=" + os.fsencode(value) for name, value in environment.items())
            text = b"\0".join([" ".join(map(str, numbers)).encode(), *variables])
            try:
                return self.send_fds(line, [text], numbers) == len(text)
            except OSError:
                return False


def inheritable(number):
    try:
        return os.get_inheritable(number)
    except OSError:
        return False


def fork_server():
    """The framework, and the module that serves copies if this process is to."""
    framework = os.environ.pop("CHECKER_FORK_SERVER", None)
    if framework is None:
        return "flask", None
    import fork_server

    return framework, sys.modules.pop(fork_server.__name__)


def leave_no_trace():
    """Makes it as if this file had not been there; gives the machine's own module of this name, if there is one."""
    folder = os.path.dirname(os.path.abspath(__file__))
    os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    for below, _, names in os.walk(folder, topdown=False):
        for name in names:
            os.unlink(os.path.join(below, name))
        os.rmdir(below)
    del sys.modules["sitecustomize"]
    try:
        import sitecustomize as real
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        return error
    return real


def main(framework, server):
    if sys.implementation.name != "cpython" or sys.version_info < (3, 10):
        raise Refusal("python", ".".join(map(str, sys.version_info[:2])))
    if server is None:
        folder = check_program(framework)
    # In Flask nothing is made later, and a single run has no time for it.
    store = load(framework, looks=framework != "flask")
    store.lend(BEFORE)
    reloads = True
    if server is not None:
        # From here on in a copy of this process, which is where the program is.
        reloads = server.serve()
        folder = check_program(framework)
    if file := shadow(folder, store.tops):
        raise Refusal("shadows", file)
    if reloads and framework == "flask":
        Spare(folder, store.tops, store.modules["werkzeug._reloader"])
    store.take_back()
    sys.meta_path.insert(0, store)


def load(framework, looks):
    """Imports all that comes later, and puts it into a store."""
    before = set(sys.modules)
    try:
        # First the framework: what comes after it finds it there.
        wanted_by = preload([framework, *FRAMEWORKS[framework].later, *BEFORE], looks)
    except ImportError as error:
        raise Refusal("flask", error.name or "") from None
    return Store([name for name in sys.modules if name not in before and name != "__mp_main__"], wanted_by)


try:
    framework, server = fork_server()
    own = leave_no_trace()
    main(framework, server)
except Refusal as refusal:
    os.write(2, " ".join([REFUSED, *map(ascii, refusal.args)]).encode() + b"\n")
    os._exit(REFUSED_EXIT)
except Exception as fault:
    os.write(2, f"{REFUSED} 'fault' {ascii(str(fault))}\n".encode())
    os._exit(REFUSED_EXIT)
if isinstance(own, ImportError):
    # As `site` expects it where there is no such module.
    raise own
