# What to do next, from the evidence of a run, and why a program cannot be graded.


## Places and ends
place-line = { $file }:{ $line }
place-program = the program
exit-code = exit code { $code }
exit-signal = signal { $signal } { $name }
exit-memory = more than { $megabytes } MB of memory

## Advice inside a hint
advice-import = add `{ $line }` at the top
advice-import-instead = `{ $wrong }` takes the function or class alone; write `{ $right }`
advice-write = write `{ $text }`
advice-did-you-mean = did you mean `{ $name }`?
advice-rename = give the variable another name than `{ $name }`
advice-global = write `global { $name }` at the top of the function
advice-spelling = compare its spelling with the place where it is defined

## Why a program cannot be graded
problem-exited-early = the program ends before it answers ({ $exit })
problem-exited-early-error = the program ends before it answers ({ $exit }): { $error }
problem-exited-early-at = the program ends before it answers ({ $exit }), { $file }:{ $line }: { $error }
problem-never-listened = the program runs, but accepts no connection within { $seconds } s
problem-not-http = the program listens at { $address }, but what it answers is not HTTP
problem-port-held = port { $port } is taken: { $holder } listens on it
problem-port-in-use = port { $port } is taken, by another program or by one that has just ended
problem-some-port-in-use = the port that the program wants is taken by another program
problem-package-missing = the package `{ $package }` is not installed on this machine
problem-library-missing = `{ $command }` needs `{ $library }`, which is not on this machine
problem-build-failed = `{ $command }` fails ({ $exit })
problem-build-failed-at = `{ $command }` fails ({ $exit }), { $file }:{ $line }: { $error }
problem-build-timeout = `{ $command }` takes longer than { $seconds } s

## Starting
hint-port-in-use = end the program on port { $port }, then run the checker again; this costs no points
hint-port-still-in-use = if no program uses it any more, wait a minute and run the checker again; this costs no points
hint-some-port-in-use = end the other program, or change the port; this costs no points
hint-install-package = install it: `{ $command }`; this costs no points
hint-fetch-libraries = run `{ $command }` once where there is a network, so that the libraries are fetched; this costs no points
hint-fetch-libraries-by = a build has no network; let the libraries be fetched before it, with `--setup "{ $setup }"`; this costs no points
hint-syntax-error = the language cannot read { $place }; look there and at the line above for a missing bracket, quote, colon or comma
hint-indentation-error = the indentation at { $place } does not fit; indent a block by four spaces throughout, without tabs
hint-fullwidth-punctuation = { $place } has `{ $mark }` from a Chinese keyboard; type brackets, quotes and commas with the keyboard set to English
hint-source-encoding = { $place } is not saved as UTF-8; save the file as UTF-8 in your editor
hint-module-misspelled = there is no module `{ $name }`; { $advice }
hint-file-missing = the file `{ $name }` that the program asks for is not there; compare its name and folder
hint-import-name = `{ $module }` has nothing named `{ $name }`; { $advice }
hint-shadowed-module = your file `{ $file }` hides the module `{ $module }`; give the file another name
hint-waits-for-input = { $file }:{ $line } asks for input, and nobody types here; write the value into the program
hint-address-not-here = this machine does not have the address that `host` names; use `127.0.0.1`
hint-port-invalid = a port is a number from 1 to 65535; use `5000`, for example
hint-port-privileged = ports below 1024 are kept for the system; use `5000`, for example
hint-route-without-slash = a route begins with a slash; write `/{ $route }`
hint-two-views-one-name = two views are named `{ $name }`; give each function its own name
hint-name-check = the comparison at { $file }:{ $line } is never true; write `if __name__ == "__main__":` with two underscores on each side
hint-run-not-reached = the server would start at { $file }:{ $line }, but that line is never reached; move it to the end of the file, out of functions and conditions
hint-run-missing = the program comes to its end without starting a server; call `{ $call }` in its last line
hint-ends-at-once = the program comes to its end without starting a server; it must stay and wait for requests
hint-error-at-start = the error comes from { $file }:{ $line }; run the program yourself and mend that line first
hint-exited-early = run the program yourself and read what it says when it ends
hint-killed = something ended the program from outside; run it yourself and watch how much memory it takes
hint-memory = the program takes more and more memory; look for a list or a loop that grows without end
hint-never-listened = the server must start at once; look for a long `sleep`, an endless loop or a missing `listen` before it
hint-udp = the program uses UDP, and browsers speak HTTP over TCP; use `SOCK_STREAM`, or better a web framework
hint-not-http = an answer begins with a status line such as `HTTP/1.1 200 OK`, then headers, an empty line and the body; with `http.server`, call `end_headers()` before the body
hint-speaks-https = the program speaks HTTPS; start it without a certificate, as plain HTTP
hint-build-failed = mend { $file }:{ $line } first; later errors often follow from the first
hint-build-failed-somewhere = run `{ $command }` yourself and read its first error
hint-build-timeout = run `{ $command }` yourself; it must come to an end

## No answer
hint-server-died = the whole program ended while it answered ({ $exit }); an error or an `exit` in one request must not end the server
hint-serves-one-request = `handle_request()` at { $file }:{ $line } answers one request alone; use `serve_forever()`
hint-exit-in-view = { $file }:{ $line } ends the program in the middle of an answer; take the `exit` out
hint-closed-early = the connection closes before `{ $path }` has answered in full; look for an error in the program's log
hint-response-not-ended = nothing is sent for good until the response is ended; call `res.end()` for `{ $path }`
hint-no-answer-in-time = `{ $path }` gives no answer within { $seconds } s; look for a `sleep`, an endless loop or a wait for something that never comes
hint-invalid-answer = what `{ $path }` answers is not HTTP; a status line, headers and an empty line come before the body
hint-answer-too-large = the answer of `{ $path }` is far larger than a page; look for a loop that repeats the text
hint-redirect-loop = `{ $path }` redirects in a circle; answer directly instead

## Errors while answering
hint-none-returned = `{ $value }` is None here, and a Flask view cannot return None; return `str({ $returned })`
hint-none-returned-somewhere = `{ $function }` returns None, and a Flask view cannot return None; return a text, such as `str(value)`
hint-no-return = `{ $function }` ends without `return`; a view must return what the browser shows
hint-set-cookie-chained = `set_cookie` gives back None, not the response; in `{ $function }`, keep the response in a variable, call `set_cookie` on it, then return the variable
hint-none-concatenated = without the cookie its value is None, which cannot be joined to a text ({ $place }); put it into `str(...)`
hint-none-attribute = the value is None here, and None has no `{ $attribute }` ({ $place }); ask first whether it is there
hint-undefined-property = the value is not there, so `{ $attribute }` of it cannot be read ({ $place }); ask first whether it is there
hint-key-error = there is no `{ $key }` in this request ({ $place }); `.get("{ $key }")` gives None instead of an error
hint-key-missing = { $place } asks for `{ $key }`, which is not there; `.get(...)` gives None instead of an error, and `in` tells before
hint-first-of-none = there is no first cookie when the browser has none ({ $place }); ask for the cookie by its name
hint-index-error = the list has no element at that place ({ $place }); look how long it is, and which number is used
hint-name-error = `{ $name }` is not known at { $place }; { $advice }
hint-unbound-local = `{ $name }` is assigned in this function, so it is a local variable and has no value yet ({ $place }); { $advice }
hint-attribute-error = `{ $owner }` has no `{ $name }` ({ $place }); { $advice }
hint-not-callable = a `{ $kind }` is no function, so `(...)` cannot follow it ({ $place }); for a dictionary use `.get("...")`
hint-not-a-function = `{ $name }` is not a function ({ $place }); compare its spelling and where it comes from
hint-session-needs-key = the session needs a key that stays the same: `app.secret_key = "..."`
hint-session-no-key = the session needs a key: `app.secret_key = "..."`; this exercise wants a plain cookie, so use `response.set_cookie`
hint-template-not-found = Flask does not find `{ $template }`; templates belong into a folder named `templates` beside the program
hint-cookie-not-text = a cookie's value must be a text ({ $place }); put the value into `str(...)`
hint-headers-already-sent = the cookie is set after the answer has begun, which is too late ({ $place }); set it first, then write the answer
hint-error-in-view = { $place } fails: { $error }

## Routes
hint-route-missing = no route answers `{ $path }`; the program has { $routes }
hint-not-found = no route answers `{ $path }`; compare the path and see that its route is made before the server starts
hint-trailing-slash = the route is `{ $route }`, so `{ $path }` is only redirected to it; write the route as `{ $path }`
hint-redirected = `{ $path }` redirects to `{ $location }`; it must answer itself
hint-method-missing = the route of `{ $path }` does not take { $method }; add it, in Flask with `methods=["{ $method }"]`
hint-wrong-method = `{ $path }` does not accept { $method }, which browsers use to visit a page; leave `methods` out or add "{ $method }"
hint-no-routes = no function has a route, so `{ $path }` has no answer; write `@app.route("{ $path }")` above its function
hint-routes-after-run = `app.run()` at { $file }:{ $line } waits for ever, so the routes below it, such as `{ $path }`, are never made; move it to the end
hint-app-made-twice = { $file }:{ $line } makes a new app without the routes above it, so `{ $path }` is lost; keep one `Flask(__name__)`
hint-app-imported-twice = { $file }:{ $line } imports a second copy of the program that is running, so `{ $path }` is added to the wrong app; make the app in a file of its own
hint-blueprint-not-registered = the blueprint `{ $name }` is not registered, so `{ $path }` has no answer; add `app.register_blueprint({ $name })`
hint-server-failed = the program fails while it answers `{ $path }`; its own log tells the line

## The cookie that is set
hint-cookie-name = the cookie is named { $names }; it must be named exactly `{ $name }`
hint-name-and-value-swapped = name and value are in the wrong order; the name `{ $name }` comes first, then the value `{ $came }`
hint-session-not-used = Flask sets the cookie `session` once something is in it, such as `session["username"] = username`
hint-session = the session keeps its values in one cookie named `session`; set your own with `response.set_cookie("{ $name }", ...)`
hint-cookie-domain = `domain` names { $domain }, which is not this server, so a browser throws the cookie `{ $name }` away; leave `domain` out
hint-cookie-expired = the cookie `{ $name }` expires at { $expires }, which is past; `expires` is a point in time, for a span of seconds use `max_age`
hint-cookie-max-age = `Max-Age={ $age }` deletes the cookie `{ $name }` at once; leave it out or give more seconds
hint-cookie-path = a browser sends the cookie `{ $name }` to `{ $path }` and below only, not to `{ $wanted }`; leave `path` out or use `/`
hint-cookie-deleted = the response deletes the cookie `{ $name }` again; leave the deletion out
hint-cookie-empty = the cookie `{ $name }` has no value; give the time as its value
hint-cookie-same-site = a browser keeps the cookie `{ $name }` with `SameSite=None` over HTTPS only; leave `samesite` out
hint-cookie-prefix = the cookie `{ $name }` begins with `{ $prefix }`, which browsers keep under conditions only; choose a plain name
hint-cookie-malformed = no browser can read the cookie `{ $name }`; give it a short text without line breaks
hint-cookie-too-many = the server sets more cookies than a browser keeps; the cookie `{ $name }` is enough
hint-header-misspelled = the response has a header `{ $header }`, which browsers do not heed; the header that sets a cookie is `Set-Cookie`
hint-cookie-from-page = the page itself is to set the cookie `{ $name }`; the server must send it in the response: { $call }
hint-views-swapped = the cookie `{ $name }` is set by `{ $other }`, not by `{ $path }`; swap the two routes
hint-return-before-set-cookie = `return` at { $file }:{ $line } ends the function before `set_cookie`; set the cookie first
hint-response-not-returned = `{ $variable }` gets the cookie at { $file }:{ $line }, but `{ $returned }` is returned; return `{ $variable }`
hint-cookie-condition = { $file }:{ $line } sets the cookie only for those who have it already; set it at every visit
hint-cookie-never-set = nothing in the program sets the cookie `{ $name }`; set it on the response: { $call }
hint-cookie-not-set = the answer of `{ $path }` has no `Set-Cookie` header; see that the cookie `{ $name }` is set on the response that is returned

## The time
hint-constant-value = the cookie `{ $name }` is always `{ $value }`; ask for the time at each visit
hint-not-a-time = the value `{ $value }` of the cookie `{ $name }` is not a date and time; give it the time of the visit
hint-function-not-called = the value shows the function `{ $function }` itself; call it with `()` behind its name
hint-made-at-import = { $file }:{ $line } asks for the time once, when the program starts; ask inside the function, so that the cookie `{ $name }` is new at each visit
hint-made-at-first-visit = the time of the first visit is kept for everybody; make the value of the cookie `{ $name }` anew at each visit
hint-value-never-changes = the cookie `{ $name }` stays `{ $value }` from visit to visit; ask for the time inside the function that answers

## The value that is shown
hint-current-time-echoed = `{ $path }` shows the time of now; show the cookie that the browser sent
hint-global-variable = `{ $path }` shows `{ $value }`, which belongs to another client; a variable of the program is shared by all visitors, so read the cookie of this request
hint-same-answer-everywhere = `{ $path }` and `{ $other }` have the same answer; ask in the program which path was visited
hint-value-upper-cased = the value is shown in capitals; show it as it came
hint-value-lower-cased = the value is shown in small letters; show it as it came
hint-value-percent-encoded = the value is percent-encoded before it is shown; show it as it came
hint-value-quoted-twice = the value is put into quotes once more; show it as it came
hint-value-escaped = the value is shown with backslashes, as a program would write it; show the text itself
hint-value-html-escaped = the value is escaped for HTML twice; escape it once
hint-value-mojibake = the value's characters are garbled; read and write it as UTF-8
hint-value-without-spaces = the spaces are gone from the value; show it as it came
hint-value-spaces-collapsed = several spaces in the value became one; show it as it came
hint-value-reversed = the value is shown backwards; show it as it came
hint-value-cut = only `{ $kept }` is left of the value; show all of it
hint-content-length = `Content-Length` counts characters, but bytes are sent, so the answer is cut; count the bytes, in Python `len(text.encode())`
hint-printed = `{ $path }` prints the value into the server's window; return it, so that the browser gets it
hint-empty-body = the answer of `{ $path }` is empty; return the cookie's value
hint-answer-hard-coded = `{ $path }` always answers `{ $text }`, which stands in the program; show the cookie that the browser sent
hint-only-issued-values = the cookie `{ $name }` is shown only if this program made its value; show whatever the browser sends
hint-other-name-read = the program reads the cookie `{ $read }`, but the browser sends `{ $name }`; use the same name in both places
hint-not-read-from-cookies = `{ $place }` does not hold the cookie `{ $name }`; read it from the request's cookies
hint-value-not-shown = the browser sends the cookie `{ $name }`, but the answer does not show its value; read it from the request and return it

## None
hint-empty-for-none = without the cookie the answer of `{ $path }` is empty; it must be the text `None`, not an empty text
hint-text-for-none = without the cookie the answer is `{ $text }`; it must have the word `None`
hint-none-spelling = the answer says `{ $word }`; write `None` with a capital N and small letters
hint-null-for-none = `null` stands where `None` is expected; answer the text `None` instead of JSON or another language's word
hint-undefined-for-none = `undefined` stands where `None` is expected; answer the text `None` if the cookie is not there
hint-current-time-for-none = without the cookie the answer is the time of now; answer `None` instead
hint-whole-dict = the answer shows all cookies together; show the one cookie by its name, with `.get("{ $name }")`
hint-type-for-none = the answer shows the type of the value; show the value itself, with `str(...)`
hint-any-cookie = the answer shows the value of the cookie `{ $shown }`; look for the cookie named `{ $name }` alone
hint-name-matched-loosely = the cookie `{ $shown }` is taken for `{ $name }`; compare the whole name, letter for letter

## JSON
hint-json-flask-text = `str(...)` of a dict is Python's way of writing it, not JSON (whose quotes are `"`); return the dict itself or `jsonify(...)` for `{ $path }`
hint-json-python-text = `str(...)` of a dict is Python's way of writing it, not JSON (whose quotes are `"`); answer `{ $path }` with `json.dumps(...)`
hint-json-flask-page = `{ $path }` answers with a web page; return a dict, or `jsonify(...)` and a status, instead
hint-json-page = `{ $path }` answers with a web page; answer with JSON instead
hint-json-flask = `{ $path }` answers with plain text; return a dict, or `jsonify(...)`, instead
hint-json = `{ $path }` answers with something that is not JSON; turn the value into JSON before it is sent
hint-json-number-as-text = { $came } at `{ $path }` is a text, since it stands in quotes; make a number of it, with `int(...)` say
hint-json-text-as-number = { $came } at `{ $path }` is a number; make a text of it, with `str(...)` say
hint-json-truth-as-text = { $came } at `{ $path }` is a text, since it stands in quotes; JSON's truth values are `true` and `false`, Python's `True` and `False`, without quotes
hint-json-truth-as-number = { $came } at `{ $path }` is a number; use a truth value, { $wanted }
