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
parts-left-out = { $parts } parts more are left out for their length.

error-report-not-utf8 = the report `{ $file }` is not UTF-8
error-report-not-json = `{ $file }` is not JSON: { $error }
error-report-none = `{ $file }` is not a report of checker: it has no `schema_version`
error-report-broken = `{ $file }` is not a whole report: { $error }
error-report-major = `{ $file }` is a report of version { $found }; this checker reads { $known } and older ones of the same major version
hint-report-file = a report is what `checker run … -f json` prints, or writes with -o json=report.json
hint-report-major = render it with the checker that wrote it, or a newer one
