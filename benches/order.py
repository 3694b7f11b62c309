#!/usr/bin/env python3
"""Writes `build/order.txt`: the functions that a run of the checker needs, which the linker puts side by side.

    python3 benches/order.py

Needs valgrind and nm. Names change with the compiler's version and with those of the dependencies; a list that is old
makes the program larger in memory and nothing else. What is printed is how much of the list was still found, before it
was written anew.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "target" / "order"
CHECKER = TARGET / "release" / "checker"
ORDER = ROOT / "build" / "order.txt"
CHECKS = [word for check in ("set-cookie", "echo-cookie", "missing-cookie") for word in ("--check", check)]
FORMS = (["-f", "json"], ["-f", "human"])

# What starts a program and confines it cannot be run below valgrind, and is taken whole.
BY_NAME = re.compile(r"(checker|3nix|landlock|netlink|seccompiler|tempfile)(\.\.|\d+)(sandbox|server|runner|submission)?")
WHOLE = ("sandbox", "server", "runner", "submission")


def functions():
    """Every function of the program by the linker's name, with its size."""
    lines = subprocess.run(["nm", "-S", CHECKER], capture_output=True, text=True, check=True).stdout.splitlines()
    found = (re.fullmatch(r"[0-9a-f]+ ([0-9a-f]+) [tTwW] (\S+)", line) for line in lines)
    return {one[2]: int(one[1], 16) for one in found if one}


def is_taken_whole(name):
    return any((one[1] != "checker") or one[3] in WHOLE for one in BY_NAME.finditer(name))


def executed(arguments):
    """The functions that a command goes through."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        valgrind = ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}"]
        subprocess.run([*valgrind, CHECKER, *arguments], capture_output=True, check=False)
        names = re.findall(r"^c?fn=\(\d+\) (\S+)", out.read_text(), re.MULTILINE)
    return {re.sub(r"'\d+$", "", name) for name in names}


def served(*fault):
    """The functions of a run against a server that is up and makes this mistake, or none."""
    server = [CHECKER, "__reference-server", "--port", "0", *fault]
    with subprocess.Popen(server, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        address = re.search(r"http://\S+", running.stdout.readline())[0]
        found = [executed(["run", "--url", address, *form, *CHECKS]) for form in FORMS]
        running.kill()
    return found


def main():
    for needed in ("valgrind", "nm"):
        if not shutil.which(needed):
            sys.exit(f"install {needed}")
    build = ["cargo", "rustc", "--release", "--bin", "checker", "--target-dir", str(TARGET), "--", "-C", "strip=none"]
    subprocess.run(build, cwd=ROOT, check=True)
    sizes = functions()
    before = ORDER.read_text().split()
    print(f"found {sum(name in sizes for name in before)} of {len(before)}")
    # What most runs need comes first. Within a group by name, so that a new list differs from an old one by what is new.
    groups = [*served(), *served("--fault", "root-500"), set(filter(is_taken_whole, sizes))]
    order = list(dict.fromkeys(name for group in groups for name in sorted(group & sizes.keys())))
    ORDER.write_text("\n".join(order) + "\n")
    print(f"wrote {len(order)} of {len(sizes)}, {sum(sizes[name] for name in order) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
