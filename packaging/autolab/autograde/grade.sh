#!/bin/sh
# Grades the handin. The last line of the output is what Autolab reads; nothing may be printed after it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
exercise=$here/exercise.toml
[ -f "$exercise" ] || exercise=${CHECKER_EXERCISE:-cookies}

"$here/checker" run "$1" --exercise "$exercise" --lang "${CHECKER_LANGUAGE:-en}" --format autolab
# A verdict and a machine's fault are both said on the last line; only wrong usage fails the job.
[ $? != 2 ]
