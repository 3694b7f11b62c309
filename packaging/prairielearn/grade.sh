#!/bin/sh
# The entry point of PrairieLearn's external grader: grades /grade/student with the question's own exercise, if its
# tests/ has one, and writes /grade/results/results.json whatever happens.
set -u
grade=${GRADE:-/grade}
results=$grade/results/results.json
exercise=$grade/tests/exercise.toml
[ -f "$exercise" ] || exercise=${CHECKER_EXERCISE:-cookies}

mkdir -p "$grade/results"
checker run "$grade/student" --exercise "$exercise" --lang "${CHECKER_LANGUAGE:-en}" --output "prairielearn=$results"
code=$?
if [ ! -f "$results" ]; then
    # Nothing was graded: the exercise does not hold, or the checker is not there. No attempt and no points are lost.
    printf '{"gradable": false, "message": "The grader could not run (exit code %s). Please tell your instructor."}\n' "$code" >"$results"
fi
exit 0
