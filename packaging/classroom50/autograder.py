#!/usr/bin/env python3
"""A Classroom 50 autograder: runs the checker on the submission and leaves result.json where the runner looks for it.

Exit code 0 says that it was graded, whatever the score; any other that the machine could not do it. An exercise.toml
beside this file is used if there is one, else the built-in exercise `cookies`.
"""
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
result = pathlib.Path("result.json")
exercise = here / "exercise.toml"

command = ["checker", "run", ".", "--exercise", str(exercise) if exercise.is_file() else "cookies"]
code = subprocess.run([*command, "--output", f"classroom50={result}"], check=False).returncode
if code in (0, 1):
    sys.exit(0)
# Without a score there is no result: the runner must not take it for one.
result.unlink(missing_ok=True)
sys.exit(code)
