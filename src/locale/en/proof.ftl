# Proving exercises: solutions, mistakes, mutations; starting new exercises.

## What stands beside an exercise
proof-no-expect = nothing says which checks these mistakes fail; missing: { $files }
proof-no-expect-hint = write there `fails = ["check-id"]`, with the checks that must fail; not those that are skipped because of them
proof-no-mistake = `{ $file }` belongs to no mistake
proof-no-mistake-hint = `mistakes/NAME.expect.toml` belongs to the file `mistakes/NAME.…`; a folder has its `expect.toml` inside
proof-nothing = nothing stands beside this exercise: no `solutions`, no `mistakes`
proof-nothing-hint = put a solution into `solutions/` and known mistakes into `mistakes/`, in the folder of the exercise; `checker exercises new DIR` shows how

## Findings
proof-no-solution = there is no solution; put one into `solutions/`
proof-not-graded = { $name } could not be graded: { $why }
proof-solution-fails = { $name } is a solution and fails { $checks }
proof-solution-problem = { $name } is a solution and cannot be graded: { $why }
proof-mistake-passes = { $name } passes everything; it should fail { $checks }
proof-mistake-unexpected = { $name } also fails { $checks }
proof-mistake-missing = { $name } does not fail { $checks }
proof-mistake-both = { $name } does not fail { $missing }, but { $unexpected }
proof-mistake-problem = { $name } ends with `{ $problem }`, which its `expect.toml` does not say: { $why }
proof-mistake-no-problem = { $name } should end with `{ $problem }` and does not
proof-flaky = { $name } is flaky: { $checks } did not end the same way each time
proof-blind-check = no mistake is caught by `{ $check }`; add one that fails it
proof-survivor = no check notices: { $what } ({ $request })

## Forms
proof-counts = { $solutions ->
    [one] one solution
   *[other] { $solutions } solutions
}, { $mistakes ->
    [one] one mistake
   *[other] { $mistakes } mistakes
}, { $repeats ->
    [one] one run
   *[other] { $repeats } runs
} each, seed { $seed }
proof-solutions = Solutions
proof-mistakes = Mistakes
proof-checks = Checks
proof-caught = { $count ->
    [0] caught nothing
    [one] caught one mistake
   *[other] caught { $count } mistakes
}
proof-mutations = Mutations
proof-score = { $noticed } of { $of } changes to the answers of { $solution } were noticed: { $percent } %
proof-sampled = { $tried } of { $possible } were tried; `--mutations all` tries every one
proof-idle = { $count ->
    [one] one more
   *[other] { $count } more
} made no difference
proof-undecided = { $count ->
    [one] one more
   *[other] { $count } more
} could not be graded
proof-survivors = No check notices:
proof-left-out = Left out, since no check could or should see a difference:
proof-findings-heading = Findings
proof-see = see
proof-proven = proven: no findings
proof-findings = { $count ->
    [one] one finding
   *[other] { $count } findings
}
proof-error = could not be proven: { $count ->
    [one] one finding
   *[other] { $count } findings
}, and not everything could be graded

## Mutations
mutation-status = status { $to } instead of { $from }
mutation-header-dropped = no header `{ $name }`
mutation-header-changed = another value of the header `{ $name }`
mutation-cookie-dropped = no cookie `{ $name }`
mutation-cookie-renamed = cookie `{ $name }` under another name
mutation-cookie-changed = another value of the cookie `{ $name }`
mutation-cookie-emptied = cookie `{ $name }` without a value
mutation-attribute-dropped = cookie `{ $name }` without `{ $attribute }`
mutation-attribute-changed = cookie `{ $name }` with another `{ $attribute }`
mutation-body-emptied = an empty body
mutation-body-cut = half of the body
mutation-body-changed = another body
mutation-json-dropped = no `{ $name }` in the JSON
mutation-json-changed = another `{ $name }` in the JSON
mutation-swapped = the answer that another client got
mutation-frozen = always the first answer
mutation-delayed = no answer in time
mutation-left-header = the header `{ $name }`
mutation-left-path = the `Path` of the cookie `{ $name }`: it says what holds without it
mutation-left-frozen = always the first answer to { $request }: all are the same
mutation-left-swapped = another client's answer to { $request }: all get the same

## Progress
proof-begin = { $runs } runs
proof-begin-mutations = { $count } changes to the answers of a solution, up to { $seconds } s
proof-bar = { $unexpected } not as expected
proof-bar-mutations = mutations
proof-ran = { $name }: not as expected
proof-kept = reports of what was not as expected: { $folder }

## New exercises
new-exercise = new exercise `{ $id }`
new-next = next: checker validate { $folder }
new-next-recorded = every check passes against that server. Next: read the checks and give them titles and points, put known mistakes into `mistakes/`, then `checker validate { $folder }`
new-next-recorded-url = every check passes against that server. Next: read the checks and give them titles and points, put a solution into `solutions/` and known mistakes into `mistakes/`, then `checker validate { $folder }`
new-dropped-heading = Not the same at another visit, so not asserted:
new-dropped = { $what }
new-taken = `{ $folder }` is there already and is not empty
new-taken-hint = name a folder that is not there yet; nothing is overwritten
new-not-visited = cannot make an exercise of { $server }: { $why }
