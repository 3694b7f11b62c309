# What the reports' forms say beside the report's own words, and `checker report`.

label-expected-colon = expected:
label-actual-colon = actual:
label-seed = seed
label-check = check
label-title = what it looks at
label-points = points
check-undecided = this could not be decided
check-details-withheld = did not pass; more is not shown
check-hidden = hidden check
check-not-asked = { $title } (nothing was asked)
mismatch-actual-alone = got { $actual }
expected-at = at `{ $place }`: { $text }
expected-of-attribute = attribute `{ $name }` of `{ $selector }`: { $text }
expected-of-header = header `{ $name }`: { $text }
parts-left-out = { $parts } parts more are left out for their length.

error-report-not-utf8 = the report `{ $file }` is not UTF-8
error-report-not-json = `{ $file }` is not JSON: { $error }
error-report-none = `{ $file }` is not a report of checker: it has no `schema_version`
error-report-broken = `{ $file }` is not a whole report: { $error }
error-report-major = `{ $file }` is a report of version { $found }; this checker reads { $known } and older ones of the same major version
hint-report-file = a report is what `checker run … -f json` prints, or writes with -o json=report.json
hint-report-major = render it with the checker that wrote it, or a newer one

## The page
points-of = { $earned } / { $possible } points
counts = { $passed } passed, { $failed } failed, { $skipped } skipped{ $error ->
    [0] {""}
   *[other] , { $error } undecided
}
verdict-word-undecided = not graded
label-nothing-lost = no points are lost by this
label-checks = Checks
label-nothing-more = there is nothing more to tell
label-request = request
label-response = response
body-bytes = { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}
body-truncated = only the beginning is shown
body-lossy = some bytes are no text
label-run = The run
label-stderr = What the program wrote: standard error
label-stdout = What the program wrote: standard output
label-environment = Environment
label-checker = graded by
label-exercise = exercise
label-exercise-digest = exercise file
label-submission-digest = submission
label-command = command
label-ready = listened after
label-exit = ended by itself
label-survivors = processes left behind
label-isolation = isolation
label-holds = what held
label-lacks = what did not
label-started = began
label-duration = took
