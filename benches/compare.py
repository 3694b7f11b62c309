#!/usr/bin/env python3
"""Compares whole runs of the checker with the floor, a bare program that does the same requests, and with hurl.

    python3 benches/compare.py [--rounds N] [--python PATH] [--node-path DIR]

Needs hyperfine; PATH must be an interpreter with flask, DIR a `node_modules` with express. What is not there is left
out and said so. A round is every command once, one after the other, so that a machine that is slow for a while is slow for
all; a ratio is that of two neighbours. What is printed is the median of all rounds with the quartiles.
The waiting check, `current-time`, is left out but in the line that names it.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / "target" / "release"
CHECKER, FLOOR = BIN / "checker", BIN / "examples" / "floor"
CHECKS = ["set-cookie", "echo-cookie", "separate-clients", "missing-cookie", "other-cookies"]

FLASK = """from flask import Flask, make_response, request
import time

app = Flask(__name__)

@app.route("/")
def set_cookie():
    response = make_response("success")
    response.set_cookie("time", time.asctime())
    return response

@app.route("/get")
def get_cookie():
    return str(request.cookies.get("time"))

if __name__ == "__main__":
    app.run(debug=DEBUG)
"""

EXPRESS = """const express = require('express')
const app = express()
app.get('/', (request, response) => { response.cookie('time', new Date().toISOString()).send('success') })
app.get('/get', (request, response) => {
  const found = /(?:^|; )time=([^;]*)/.exec(request.headers.cookie || '')
  response.type('text').send(found ? decodeURIComponent(found[1]) : 'None')
})
app.listen(5000, '127.0.0.1')
"""


class Server:
    """A server in a folder, the command that starts it, and what the checker is told beside its path."""

    def __init__(self, name, folder, command, options):
        self.name, self.folder, self.command, self.options = name, folder, command, options


def servers(place, python, node_modules):
    """The servers that this machine can run."""
    found = []
    for name, debug in (("flask", "False"), ("flask debug", "True")):
        folder = place / name.replace(" ", "-")
        folder.mkdir()
        (folder / "app.py").write_text(FLASK.replace("DEBUG", debug))
        if subprocess.run([python, "-c", "import flask"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            found.append(Server(name, folder, [python, "app.py"], [str(folder), "--python", python]))
        else:
            print(f"left out: {name}, for {python} has no flask")
    node = shutil.which("node")
    if node and node_modules:
        (place / "node_modules").symlink_to(node_modules)
        folder = place / "express"
        folder.mkdir()
        (folder / "app.js").write_text(EXPRESS)
        found.append(Server("express", folder, [node, "app.js"], [str(folder)]))
    else:
        print("left out: express, for want of node or of --node-path")
    folder = place / "axum"
    folder.mkdir()
    found.append(Server("axum", folder, [str(CHECKER), "__reference-server", "--port", "5000"], ["--reference"]))
    return found


def commands(server, hurl_script):
    """The floor first, then what is compared with it."""
    only = [word for check in CHECKS for word in ("--check", check)]
    run = [str(CHECKER), "run", *server.options, "-f", "json", *only, "--isolation"]
    found = {"floor": [str(FLOOR), "5000", *server.command], "checker, full": [*run, "full"], "checker, none": [*run, "none"]}
    found["checker, full"][-1] = "strict"
    if server.name == "flask":
        # Its value tells whole seconds: a value of a visit is known for one when the next second has come.
        found["+ current-time"] = [*found["checker, full"], "--check", "current-time"]
    if shutil.which("hurl"):
        found["hurl, wrapped"] = ["sh", str(hurl_script), *server.command]
    return found


HURL = """#!/bin/sh
# A careful wrapper: starts the server, asks until it answers, runs the file, ends the whole group.
place=$(dirname "$0")
setsid sh -c 'echo $$ >"$0"; exec "$@"' "$place/server" "$@" >/dev/null 2>&1 &
hurl --no-output "$place/cookies.hurl" >/dev/null
code=$?
kill -9 -"$(cat "$place/server")"
wait
exit $code
"""


def measure(all_commands, folder):
    """Wall and processor time of each command, once, in milliseconds, by hyperfine."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        words = ["hyperfine", "-N", "-i", "--style", "none", "--runs", "1", "--export-json", result.name]
        quoted = [" ".join(f"'{word}'" for word in command) for command in all_commands]
        subprocess.run([*words, *quoted], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = json.load(result)["results"]
    return [(one["median"] * 1000, (one["user"] + one["system"]) * 1000) for one in results]


def spread(values):
    low, middle, high = statistics.quantiles(values)
    return f"{middle:5.2f} ({low:.2f}–{high:.2f})"


def compare(server, rounds, hurl_script):
    found = commands(server, hurl_script)
    measure(found.values(), server.folder)
    taken = [measure(found.values(), server.folder) for _ in range(rounds)]
    for number, name in enumerate(found):
        wall = [one[number][0] / one[0][0] for one in taken]
        cpu = [one[number][1] / one[0][1] for one in taken]
        more = statistics.median([one[number][0] - one[0][0] for one in taken])
        print(f"{server.name:<12} {name:<15} wall ×{spread(wall)}  {more:+6.1f} ms   cpu ×{spread(cpu)}")


def peak(command, folder):
    """Peak memory in MB, by time(1), which is small enough not to show in it."""
    timer = shutil.which("time")
    if not timer:
        return None
    done = subprocess.run([timer, "-f", "%M", *command], cwd=folder, capture_output=True, text=True, check=False)
    return int(done.stderr.strip().splitlines()[-1]) / 1024


def alone(place, rounds):
    """The checker beside a server that is up already."""
    server = subprocess.Popen([str(CHECKER), "__reference-server", "--port", "5000"], stderr=subprocess.PIPE)
    try:
        server.stderr.readline()
        only = [word for check in CHECKS for word in ("--check", check)]
        command = [str(CHECKER), "run", "--url", "http://127.0.0.1:5000", "-f", "json", *only]
        wall = [measure([command], place)[0][0] for _ in range(rounds)]
        memory = peak(command, place)
        print(f"{'alone':<12} {'checker, --url':<15} wall {spread(wall)} ms   peak {memory or float('nan'):.1f} MB")
    finally:
        server.kill()
        server.wait()
    wall = [measure([[str(CHECKER), "--version"]], place)[0][0] for _ in range(rounds)]
    print(f"{'start':<12} {'--version':<15} wall {spread(wall)} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--node-path")
    wanted = parser.parse_args()
    if not shutil.which("hyperfine"):
        sys.exit("install hyperfine (Debian: apt-get install hyperfine)")
    # One after the other: together, the checker would be built with what only the examples want of its dependencies.
    for what in (["--examples"], ["--bin", "checker"]):
        subprocess.run(["cargo", "build", "--release", *what], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        hurl_script = place / "hurl.sh"
        hurl_script.write_text(HURL)
        (place / "cookies.hurl").write_text((ROOT / "benches" / "cookies.hurl").read_text())
        if not shutil.which("hurl"):
            print("left out: hurl, which is not installed")
        for server in servers(place, os.path.abspath(wanted.python), wanted.node_path and os.path.abspath(wanted.node_path)):
            compare(server, wanted.rounds, hurl_script)
        alone(place, wanted.rounds)


if __name__ == "__main__":
    main()
