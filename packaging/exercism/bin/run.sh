#!/bin/sh
# An Exercism test runner: run.sh SLUG SOLUTION-FOLDER OUTPUT-FOLDER writes results.json and exits 0 whenever it ran.
# An exercise is exercises/SLUG/exercise.toml beside bin/, or else the built-in one of that name.
set -u
slug=$1
solution=$2
output=$3
here=$(cd "$(dirname "$0")/.." && pwd)
exercise=$here/exercises/$slug/exercise.toml
[ -f "$exercise" ] || exercise=$slug

mkdir -p "$output"
checker run "$solution" --exercise "$exercise" --quiet --output "exercism=${output%/}/results.json"
code=$?
# A verdict is in the file, and so is that a submission could not be graded.
case $code in
    1 | 3) [ -f "${output%/}/results.json" ] && exit 0 ;;
esac
exit "$code"
