# The report's own words.

list-comma = ,{" "}
label-expected = expected
label-actual = actual
label-hint = hint:
hint-as-above = the same cause as for `{ $check }` above
label-try = try:
label-program-said = the check's program said:
label-log = the program wrote:
in-function = in { $function }
request-no-cookies = no cookies
request-cookies = cookies { $cookies }
skipped-because = skipped: `{ $check }` did not pass
run-facts = seed { $seed }, isolation { $isolation }, survivors { $survivors }
verdict-passed =
    { $passed ->
        [one] passed: { $earned }/{ $possible } points, its only check
       *[other] passed: { $earned }/{ $possible } points, all { $passed } checks
    }
verdict-failed = failed: { $earned }/{ $possible } points, { $passed } passed, { $failed } failed, { $skipped } skipped
verdict-error = not graded; no points are lost by this

## What the command line says on its own
exercises-heading = Built-in exercises
level-beginner = for beginners
level-intermediate = intermediate
level-advanced = advanced
exercise-checks = { $checks ->
    [one] one check
   *[other] { $checks } checks
}, { $points ->
    [one] one point
   *[other] { $points } points
}
check-requires = ; requires { $ids }
progress-building = building: { $command }
progress-started = started { $command }
progress-cold = started { $command } cold: { $reason }
cold-not-flask = only Flask, FastAPI, Django and Bottle programs that are started in a usual way can be started warm
cold-no-reloader = nothing in it asks for Flask's debug mode, so it is started only once
cold-own-packages = the submission has `{ $name }`, so its packages may be others than this machine's
cold-setup = a setup command runs before it
cold-isolation = what it writes would not be thrown away without full isolation
cold-python = Python { $version } cannot be started warm
cold-no-flask = `{ $name }` is not installed for this Python
cold-syntax = it cannot be read as Python
cold-imports = `{ $name }` comes before the framework is imported
cold-shadows = `{ $name }` of the submission would be imported instead of a library's module
cold-fault = the warm start failed: { $detail }
cold-not-passed = started warm it did not pass, and only a cold start decides that
cold-disagreed = started warm it passed, and a cold start, made to find that out, came to something else
cold-distrusted = a warm and a cold start of another submission of this cohort came to different ends
progress-ready = listening on { $address } after { $milliseconds } ms
progress-check = { $id }: { $verdict }
verdict-word-passed = passed
verdict-word-failed = failed
verdict-word-skipped = skipped
verdict-word-error = error
error-label = error:
warning-label = warning:
error-interrupted = interrupted; the server and everything that it started are gone
error-machine = this machine cannot do what is needed: { $error }
error-read = cannot read `{ $file }`: { $error }
error-write = cannot write `{ $file }`: { $error }
error-stdout = cannot write to standard output: { $error }
error-no-folder = cannot write `{ $file }`: its folder is not there, or it is a folder itself
error-no-command = there is no command `{ $name }`
error-no-exercise = there is no exercise `{ $name }`
error-no-check = the exercise `{ $exercise }` has no check `{ $name }`
error-exercise-not-utf8 = the exercise file `{ $file }` is not UTF-8
error-url = `{ $url }` is not an address
error-url-scheme = `{ $url }` is not an http:// address
error-url-path = `{ $url }` has something behind host and port
hint-url = give scheme, host and port alone, such as http://127.0.0.1:5000
hint-did-you-mean = did you mean `{ $name }`?
hint-exercises-list = `checker exercises list` shows the built-in ones; a file needs its path, such as ./exercise.toml
hint-checks = its checks are { $names }

## Problems of the run itself
problem-internal = the checker or this machine failed: { $detail }
problem-run-timeout = the whole run took longer than its limit
hint-run-timeout = some answers take very long; find out which with `-v`, or give more time with --run-timeout
problem-listens-elsewhere = the program does not listen on port { $port }, but on { $addresses }
hint-listens-elsewhere = leave --port out to have the port found, or change the program's port
problem-cannot-execute = `{ $program }` cannot be started: { $error }
hint-cannot-execute = is it a program for this machine? a script needs a first line such as `#!/usr/bin/env python3`
