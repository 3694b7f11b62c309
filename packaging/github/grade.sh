#!/usr/bin/env bash
# The step of the action that grades. What it is given comes as variables, never as text inside a command.
set -uo pipefail

arguments=(run "$CHECKER_PATH" --exercise "$CHECKER_EXERCISE" --lang "$CHECKER_LANGUAGE" --format github)
while IFS= read -r report; do
    if [ -n "$report" ]; then
        arguments+=(--output "$report")
    fi
done <<<"$CHECKER_REPORTS"
read -ra more <<<"$CHECKER_ARGUMENTS"

"$CHECKER" "${arguments[@]}" ${more[@]+"${more[@]}"}
code=$?
if [ "$code" = 1 ] && [ "$CHECKER_FAIL" = false ]; then
    exit 0
fi
exit "$code"
