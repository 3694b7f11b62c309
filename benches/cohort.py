#!/usr/bin/env python3
"""Grades a cohort of programs of one kind, cold and warm, and says how fast that is beside what is possible.

    python3 benches/cohort.py [--kind KIND] [--count N] [--rounds N] [--python PATH]

KIND is one of flask-debug (`debug=True`, two processes each; where nothing is said), flask, fastapi, django, bottle. PATH
must be an interpreter with that framework. The submissions differ by a comment and all want the same port.
`current-time`, which waits for the clock, is left out. What is printed for each way: submissions a second, processor time of one (checker,
interpreter, all that they start), how much of the processors that is (1.00: bound by nothing else), and the grader's peak
memory. Then the ratio of warm to cold in the same round.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKER = ROOT / "target" / "release" / "checker"
CHECKS = ["set-cookie", "echo-cookie", "separate-clients", "missing-cookie", "other-cookies"]

FLASK = """from flask import Flask, make_response, request
import time

app = Flask(__name__)  # number {number}

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

FASTAPI = """from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
import time

app = FastAPI()  # number {number}

@app.get("/", response_class=PlainTextResponse)
def set_cookie(response: Response):
    response.set_cookie("time", str(time.time()))
    return "success"

@app.get("/get", response_class=PlainTextResponse)
def get_cookie(request: Request):
    return str(request.cookies.get("time"))
"""

DJANGO = """from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path
import time

settings.configure(DEBUG=True, SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__)  # number {number}

def set_cookie(request):
    response = HttpResponse("success")
    response.set_cookie("time", time.time())
    return response

def get_cookie(request):
    return HttpResponse(str(request.COOKIES.get("time")))

urlpatterns = [path("", set_cookie), path("get", get_cookie)]

if __name__ == "__main__":
    execute_from_command_line(["app.py", "runserver", "--noreload", "8000"])
"""

BOTTLE = """from bottle import request, response, route, run
import time

@route("/")  # number {number}
def set_cookie():
    response.set_cookie("time", str(time.time()), path="/")
    return "success"

@route("/get")
def get_cookie():
    return str(request.get_cookie("time"))

run(host="127.0.0.1", port=8080)
"""

# The file's name, and the program.
KINDS = {
    "flask-debug": ("app.py", FLASK.replace("DEBUG", "True")),
    "flask": ("app.py", FLASK.replace("DEBUG", "False")),
    "fastapi": ("main.py", FASTAPI),
    "django": ("app.py", DJANGO),
    "bottle": ("app.py", BOTTLE),
}


def peak_below(pid, found):
    """Notes the peak memory, in MB, of the grader that a keeper has started, as long as it lives."""
    while True:
        try:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            status = pathlib.Path(f"/proc/{children[0]}/status").read_text()
            found[0] = max(found[0], int(status.split("VmHWM:")[1].split()[0]) / 1024)
        except (OSError, IndexError):
            pass
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.05)


def grade(folder, python, options, place):
    """Wall and processor seconds, peak memory, and the verdicts."""
    out = pathlib.Path(tempfile.mkdtemp(dir=place))
    only = [word for check in CHECKS for word in ("--check", check)]
    command = [str(CHECKER), "grade", str(folder), "--out", str(out), "--python", python, "-q", *only, *options]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    memory = [0.0]
    watcher = threading.Thread(target=peak_below, args=(process.pid, memory))
    watcher.start()
    _, _, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    watcher.join()
    reports = [json.loads(path.read_text()) for path in sorted((out / "reports").iterdir())]
    verdicts = sorted(report["verdict"] for report in reports)
    warm = sum(report["server"]["start"] == "warm" for report in reports)
    return wall, used.ru_utime + used.ru_stime, memory[0], verdicts, warm


def tell(name, count, taken):
    wall, cpu, memory, verdicts, warm = taken
    share = cpu / wall / os.cpu_count()
    passed = verdicts.count("passed")
    print(
        f"{name:<6} {count / wall:6.2f} a second  {1000 * cpu / count:6.0f} ms each  {share:4.2f} of the processors"
        f"  {memory:5.1f} MB  {passed} passed, {warm} warm",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, default="flask-debug")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", default=sys.executable)
    wanted = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--bin", "checker"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "submissions"
        file, program = KINDS[wanted.kind]
        for number in range(wanted.count):
            own = folder / f"student-{number:04}"
            own.mkdir(parents=True)
            (own / file).write_text(program.replace("{number}", str(number)))
        python = os.path.abspath(wanted.python)
        ratios = []
        for _ in range(wanted.rounds):
            cold = grade(folder, python, [], place)
            tell("cold", wanted.count, cold)
            warm = grade(folder, python, ["--warm"], place)
            tell("warm", wanted.count, warm)
            if cold[3] != warm[3]:
                sys.exit("the verdicts differ")
            ratios.append(cold[0] / warm[0])
        print(f"warm ×{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) of cold, {wanted.count} submissions, {wanted.kind}")


if __name__ == "__main__":
    main()
