# What is expected, what came, and both in one sentence.

## Places that a text stands in
place-body = the body
place-header = the header `{ $name }`
place-capture = the captured text `{ $name }`
place-cookie = the cookie `{ $name }`
place-json = the JSON value at `{ $path }`
place-html = the element `{ $selector }`
place-attribute = the attribute `{ $name }` of `{ $selector }`

## What is expected
expected-response = a response
expected-exactly = exactly { $text }
expected-without = no { $text }
expected-matching = a match of { $pattern }
expected-empty = an empty text
expected-not-empty = a text that is not empty
expected-cookie = a cookie named `{ $name }`
expected-no-cookie = no such cookie
expected-kept-cookie = a cookie `{ $name }` that a browser keeps
expected-sent-to = a cookie that a browser sends to `{ $path }`
expected-now = the time of the visit
expected-json = JSON
expected-value = a value
expected-absent = nothing there
expected-string = a text
expected-number = a number
expected-integer = a whole number
expected-boolean = `true` or `false`
expected-array = a list
expected-object = an object
expected-null = `null`
expected-element = such an element
expected-attribute = such an attribute
expected-no-attribute = no such attribute
expected-usual-page = a page of at most 256 KiB and 512 elements in each other
count = { $count ->
    [0] none
    [one] one
   *[other] { $count }
} there

## What came
actual-empty = nothing (empty)
actual-no-cookie = no cookie at all
actual-other-cookies = other names: { $names }
actual-sent-below = sent to `{ $path }` and below only
actual-no-redirect = no redirect
actual-no-value = nothing there, in { $body }
actual-no-element = no such element
actual-no-attribute = no such attribute
actual-hard-page = a longer or deeper one

## What a check's own program says
expected-program-start = the check's program `{ $name }` to start
expected-program-end = the check's program to end within { $time }
expected-tests = tests by the check's program
expected-all-tests = all tests of the check's program to pass
expected-plan = a plan that says how many tests there are
expected-tests-planned = { $count ->
    [one] one test
   *[other] { $count } tests
}, as planned
program-signal = its end by signal { $number }
actual-program-runs = it was still running
actual-more-tests = { $count ->
    [one] one more test
   *[other] { $count } more tests
} failed
actual-bail-out = it gave up: { $reason }
actual-no-plan = { $count ->
    [one] one test
   *[other] { $count } tests
} and no plan
actual-tests-ran = { $count ->
    [one] one test
   *[other] { $count } tests
}, or others than planned
mismatch-program = expected { $expected }, got: { $actual }
mismatch-test-point = { $expected }: { $actual }

## Why a browser throws a cookie away
refused-domain = thrown away: Domain={ $domain } is not this server
refused-expires = thrown away: Expires={ $expires } is in the past
refused-max-age = thrown away: Max-Age={ $age } deletes it at once
refused-same-site = thrown away: SameSite=None needs Secure
refused-prefix = thrown away: the conditions of the name's prefix `{ $prefix }` do not hold
refused-malformed = thrown away: no browser can read it ({ $why })
refused-full = thrown away: the jar is full of this server's cookies

## What is expected, in a few words, for the line above what came
summary-body = body { $text }
summary-json = `{ $path }` { $text }
summary-html = `{ $selector }` { $text }
summary-element = an element `{ $selector }`
summary-no-element = no element `{ $selector }`
summary-attribute = `{ $name }` of `{ $selector }` { $text }
summary-header = header `{ $name }` { $text }
summary-capture = `{ $name }` { $text }
summary-redirect = redirect to `{ $target }`
summary-cookie = a cookie `{ $name }`
summary-cookie-absent = no cookie `{ $name }`
summary-cookie-now = a cookie `{ $name }` with the time of the visit
summary-cookie-sent-to = a cookie `{ $name }` that a browser sends to `{ $path }`

## Both in one sentence
mismatch-transport = no usable response: { $failure }
mismatch-status = expected status { $expected }, got { $actual }
mismatch-elapsed = expected at most { $limit } ms, took { $took } ms
mismatch-redirect = expected a redirect to `{ $expected }`, got { $actual }
mismatch-text = expected { $place } to have { $expected }, got { $actual }
mismatch-body = expected { $expected }, got { $actual }
mismatch-json = at `{ $path }`: expected { $expected }, got { $actual }
mismatch-html = at `{ $selector }`: expected { $expected }, got { $actual }
mismatch-attribute = attribute `{ $name }` of `{ $selector }`: expected { $expected }, got { $actual }
mismatch-cookie = cookie `{ $name }`: expected { $expected }, got { $actual }
mismatch-not-a-time = the value of the cookie `{ $name }` is not a time: { $value }
mismatch-time-behind = the value of the cookie `{ $name }` is { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
} behind the visit: { $value }
mismatch-time-ahead = the value of the cookie `{ $name }` is { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
} ahead of the visit: { $value }
mismatch-capture = nothing to keep as `{ $name }`: { $place } does not have it
mismatch-server-down = the server did not start again

## Why no usable response came
failure-refused = the connection was refused; nothing listens there
failure-reset = the connection was reset
failure-closed-early = the connection was closed before the response was complete
failure-timeout = no complete response in time
failure-invalid-http = what came is not HTTP
failure-too-large = the response is larger than the limit
failure-redirect-loop = more than ten redirects in a row
failure-blocked = a redirect to another site, which is not followed
