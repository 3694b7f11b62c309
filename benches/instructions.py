#!/usr/bin/env python3
"""Counts the instructions of the pure layers' work by callgrind: the same numbers on every run, however busy the machine.

    python3 benches/instructions.py

Needs valgrind. What is printed is for one time each, start-up and what is only made once left out.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "examples" / "instructions"
TIMES = 50


def instructions(name, count):
    with tempfile.TemporaryDirectory() as folder:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run([*valgrind, str(PROGRAM), name, str(count)], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def main():
    if not shutil.which("valgrind"):
        sys.exit("install valgrind (Debian: apt-get install valgrind)")
    subprocess.run(["cargo", "build", "--release", "--example", "instructions"], cwd=ROOT, check=True)
    names = subprocess.run([str(PROGRAM)], capture_output=True, text=True, check=True).stdout.splitlines()
    for name in names:
        each = (instructions(name, TIMES + 1) - instructions(name, 1)) // TIMES
        print(f"{name:<34} {each:>10,}")


if __name__ == "__main__":
    main()
