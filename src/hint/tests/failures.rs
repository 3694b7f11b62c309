use super::*;

/// A traceback as Flask logs it, with a frame of its own before the submission's.
fn flask(line: u32, function: &str, error: &str) -> String {
    format!(
        "[2026-11-24 03:49:44,953] ERROR in app: Exception on /get [GET]\nTraceback (most recent call last):\n  \
         File \"/opt/venv/lib/python3.11/site-packages/flask/app.py\", line 1511, in wsgi_app\n    \
         response = self.full_dispatch_request()\n               ^^^^\n  \
         File \"ROOT/app.py\", line {line}, in {function}\n    some code\n    ^^^^\n{error}\n\
         127.0.0.1 - - [24/Nov/2026 03:49:44] \"\u{1b}[35m\u{1b}[1mGET /get HTTP/1.1\u{1b}[0m\" 500 -\n"
    )
}

/// As Flask logs a view that returned nothing: no frame is the submission's.
const NO_RESPONSE: &str = "Traceback (most recent call last):\n  File \"/opt/venv/lib/python3.11/site-packages/flask/app.py\", line 1212, in make_response\n    raise TypeError(\nTypeError: The view function for 'get_cookie' did not return a valid response. The function either returned None or ended without a return statement.\n";

const LISTING_2: &str = "from flask import Flask,request,make_response\nimport time\n\napp = Flask(__name__)\n\n@app.route(\"/\")\ndef set_cookie():\n    response = make_response(\"success\")\n    response.set_cookie(\"time\",time.asctime())\n    return response\n\n@app.route(\"/get\")\ndef get_cookie():\n    visit_time = request.cookies.get(\"time\")\n    return visit_time\n";

fn failed(error: &str) -> Scene {
    Scene::new("/get", &[], 500, "Internal Server Error")
        .py("import flask\n\ndef show():\n    some code\n")
        .stderr(&flask(4, "show", error))
}

#[test]
fn the_lessons_second_listing_is_told_with_its_line_and_expression() {
    let scene = Scene::new("/get", &[], 500, "").py(LISTING_2).stderr(NO_RESPONSE);
    let explanation = scene.explain();
    let error = explanation.server_error.unwrap();
    assert_eq!((error.file.as_deref(), error.line), (Some("app.py"), Some(15)));
    assert_eq!(error.function.as_deref(), Some("get_cookie"));
    assert_eq!(error.message, "TypeError: The view function for 'get_cookie' did not return a valid response");
    let [hint] = explanation.hints.as_slice() else { panic!("{:?}", explanation.hints) };
    assert_eq!(hint.id, "hint-none-returned");
    assert_eq!(arg(hint, "value"), "request.cookies.get(\"time\")");
    assert_eq!(arg(hint, "returned"), "visit_time");
}

#[test]
fn the_ways_to_return_nothing_are_told_apart() {
    let scene = |body: &str| {
        Scene::new("/get", &[], 500, "")
            .py(&format!("@app.route('/get')\ndef get_cookie():\n{body}"))
            .stderr(NO_RESPONSE)
    };
    check([
        ("none-returned", scene("    return request.cookies.get('time')\n")),
        ("no-return", scene("    t = request.cookies.get('time')\n")),
        ("no-return", scene("    return\n")),
        ("printed", scene("    print(request.cookies.get('time'))\n")),
        ("set-cookie-chained", scene("    r = make_response('x').set_cookie('time', 'y')\n    return r\n")),
        ("none-returned-somewhere", Scene::new("/get", &[], 500, "").stderr(NO_RESPONSE)),
    ]);
}

#[test]
fn each_error_of_python_has_its_hint() {
    check([
        ("none-concatenated", failed("TypeError: can only concatenate str (not \"NoneType\") to str")),
        ("error-in-view", failed("TypeError: can only concatenate str (not \"int\") to str")),
        ("none-attribute", failed("AttributeError: 'NoneType' object has no attribute 'strip'")),
        (
            "attribute-error",
            failed("AttributeError: 'Request' object has no attribute 'cookie'. Did you mean: 'cookies'?"),
        ),
        (
            "key-error",
            failed(
                "werkzeug.exceptions.BadRequestKeyError: 400 Bad Request: The browser sent a request.\nKeyError: 'time'",
            ),
        ),
        ("key-error", failed("KeyError: 'time'")),
        ("name-error", failed("NameError: name 'cookies' is not defined")),
        (
            "unbound-local",
            failed("UnboundLocalError: cannot access local variable 'time' where it is not associated with a value"),
        ),
        ("unbound-local", failed("UnboundLocalError: local variable 'time' referenced before assignment")),
        ("not-callable", failed("TypeError: 'ImmutableMultiDict' object is not callable")),
        ("index-error", failed("IndexError: list index out of range")),
        (
            "session-needs-key",
            failed("RuntimeError: The session is unavailable because no secret key was set.  Set it."),
        ),
        ("template-not-found", failed("jinja2.exceptions.TemplateNotFound: index.html")),
        ("error-in-view", failed("ZeroDivisionError: division by zero")),
        ("error-in-view", failed("RuntimeError: no more visits")),
    ]);
}

#[test]
fn a_number_for_a_cookies_value_is_told_by_the_line_that_sets_it() {
    let error = "TypeError: expected string or bytes-like object, got 'float'";
    let scene = |code: &str| Scene::new("/", &[], 500, "").py(code).stderr(&flask(1, "home", error));
    check([
        ("cookie-not-text", scene("r.set_cookie('time', time.time())\n")),
        ("error-in-view", scene("re.match('a', 5)\n")),
    ]);
}

#[test]
fn advice_fits_the_name_that_is_not_known() {
    let advice = |error: &str, sources: &str| {
        let scene = Scene::new("/get", &[], 500, "").py(sources).stderr(&flask(1, "show", error));
        let hint = scene.explain().hints.remove(0);
        arg(&hint, "advice")
    };
    let flask = "from flask import Flask\n";
    assert_eq!(advice("NameError: name 'request' is not defined", flask), "from flask import request");
    assert_eq!(advice("NameError: name 'time' is not defined", flask), "import time");
    assert_eq!(advice("NameError: name 'cookies' is not defined", flask), "request.cookies");
    assert_eq!(advice("NameError: name 'tme' is not defined. Did you mean: 'time'?", flask), "time");
    assert_eq!(advice("AttributeError: 'Response' object has no attribute 'setcookie'", flask), "set_cookie");
    let from = "from time import time\n";
    assert_eq!(
        advice("AttributeError: 'builtin_function_or_method' object has no attribute 'asctime'", from),
        "from time import time:import time"
    );
}

#[test]
fn the_debuggers_page_tells_the_error_when_the_log_comes_too_late() {
    let page = "<!doctype html>\n<title>NameError</title>\n<!--\n\nTraceback (most recent call last):\n  File \"/srv/student/app.py\", line 4, in show\n    x\nNameError: name 'x' is not defined\n\n-->\n";
    let scene = Scene::new("/get", &[], 500, page).py("\n\ndef show():\n    x\n");
    let error = scene.explain().server_error.unwrap();
    assert_eq!(
        (error.file.as_deref(), error.line, error.message.as_str()),
        (Some("app.py"), Some(4), "NameError: name 'x' is not defined")
    );
    // An answer that succeeds and shows such a text is no error of the program's.
    assert_eq!(Scene::none(&[], page).explain().server_error, None);
}

#[test]
fn a_key_that_is_missing_without_debug_mode_is_told_from_the_view() {
    let page =
        "<h1>Bad Request</h1><p>The browser (or proxy) sent a request that this server could not understand.</p>";
    let py = "@app.route('/get')\ndef show():\n    return request.cookies['time']\n";
    check([
        ("key-error", Scene::new("/get", &[], 400, page).py(py)),
        ("", Scene::new("/get", &[], 400, page)),
        ("", Scene::new("/get", &[], 400, "no").py(py)),
    ]);
}

#[test]
fn a_path_that_nothing_answers_is_told_with_its_reason() {
    let py = |text: &str| Scene::new("/get", &[], 404, "Not Found").py(&format!("from flask import Flask\n{text}"));
    let view = "@app.route('/read')\ndef show():\n    return 'x'\n";
    let get = "@app.route('/get')\ndef show():\n    return 'x'\n";
    let made = "app = Flask(__name__)\n";
    check([
        ("route-missing", py(&format!("{made}{view}"))),
        ("not-found", py(&format!("{made}{get}"))),
        ("routes-after-run", py(&format!("{made}app.run()\n{get}"))),
        ("not-found", py(&format!("{made}{get}app.run()\n"))),
        ("app-made-twice", py(&format!("{made}{get}{made}"))),
        ("no-routes", py(&format!("{made}def show():\n    return 'x'\n"))),
        (
            "blueprint-not-registered",
            py("bp = Blueprint('x', __name__)\n@bp.route('/get')\ndef show():\n    return 'x'\n"),
        ),
        (
            "app-imported-twice",
            py(&format!("{made}import views\n")).file("views.py", &format!("from app import app\n{get}")),
        ),
        (
            "route-missing",
            Scene::new("/get", &[], 404, "").of("node").file("server.js", "if (req.url === '/read') {\n"),
        ),
        ("not-found", Scene::new("/get", &[], 404, "")),
    ]);
}

#[test]
fn redirects_and_methods_are_told() {
    let to = |location: &str| {
        let mut scene = Scene::new("/get", &[], 308, "");
        scene.response().headers.push(("location".into(), location.into()));
        scene
    };
    check([
        ("trailing-slash", to("http://127.0.0.1:5000/get/")),
        ("trailing-slash", to("/get/")),
        ("redirected", to("/login")),
        ("wrong-method", Scene::new("/get", &[], 405, "")),
        ("server-failed", Scene::new("/get", &[], 500, "")),
        ("", Scene::new("/get", &[], 418, "")),
    ]);
}

#[test]
fn why_no_answer_came_is_told() {
    let get = || Scene::new("/get", &[], 200, "");
    let node = |end: &str| {
        let code = format!("if (req.url === \"/get\") {{\n  res.write(time);\n{end}}} else {{\n  res.end();\n}}\n");
        get().failing(FailureCode::Timeout).of("node").file("server.js", &code)
    };
    let view = "@app.route('/get')\ndef show():\n    sys.exit()\n";
    let one = "server = HTTPServer(('', 80), H)\nserver.handle_request()\n";
    check([
        ("no-answer-in-time", get().failing(FailureCode::Timeout)),
        ("response-not-ended", node("")),
        ("no-answer-in-time", node("  res.end();\n")),
        ("exit-in-view", get().failing(FailureCode::ClosedEarly).py(view)),
        ("closed-early", get().failing(FailureCode::ClosedEarly)),
        ("server-died", get().failing(FailureCode::ClosedEarly).py(view).ended(0)),
        ("serves-one-request", get().failing(FailureCode::Refused).py(one).ended(0)),
        ("server-died", get().failing(FailureCode::Refused).py(one).ended(1)),
        ("", get().failing(FailureCode::Refused)),
        ("invalid-answer", get().failing(FailureCode::InvalidHttp)),
        ("answer-too-large", get().failing(FailureCode::TooLarge)),
        ("redirect-loop", get().failing(FailureCode::RedirectLoop)),
    ]);
}

#[test]
fn a_server_that_died_of_an_error_is_told_with_both() {
    let stack = "ROOT/server.js:9\n    req.headers.cookie.split(\"; \")\n                       ^\n\nTypeError: Cannot read properties of undefined (reading 'split')\n    at Server.<anonymous> (ROOT/server.js:9:24)\n    at Server.emit (node:events:524:28)\n\nNode.js v20.20.2\n";
    let scene = Scene::new("/get", &[], 200, "")
        .failing(FailureCode::ClosedEarly)
        .of("node")
        .file("server.js", "")
        .stderr(stack)
        .ended(1);
    assert_eq!(scene.ids(), "server-died,undefined-property");
    assert_eq!(scene.explain().server_error.unwrap().line, Some(9));
    let sent = "node:_http_outgoing:655\n    throw new ERR_HTTP_HEADERS_SENT('set');\n    ^\n\nError [ERR_HTTP_HEADERS_SENT]: Cannot set headers after they are sent to the client\n    at ServerResponse.setHeader (node:_http_outgoing:655:11)\n    at Server.<anonymous> (ROOT/server.js:16:9)\n";
    let scene = Scene::new("/", &[], 200, "").failing(FailureCode::ClosedEarly).of("node").stderr(sent).ended(1);
    assert_eq!(scene.ids(), "headers-already-sent");
}

#[test]
fn a_method_that_the_route_does_not_take_is_named() {
    let mut scene = Scene::new("/", &[], 405, "");
    scene.exchange.request.method = "POST".into();
    check([("method-missing", scene)]);
}

#[test]
fn a_redirect_where_a_refusal_is_expected_need_not_answer_itself() {
    let mut scene = Scene::new("/", &[], 302, "");
    scene.expect.status = Some(StatusExpectation(vec![StatusMatch::Code(400)]));
    scene.response().headers = vec![("location".into(), "/other".into())];
    check([("", scene)]);
}

#[test]
fn of_several_keys_the_missing_one_is_named() {
    let page = "The browser (or proxy) sent a request that this server could not understand.";
    let view = "@app.route('/add')\ndef add():\n    return request.args['x'] + request.args['y']\n";
    let asked = |path: &str| {
        let hints = Scene::new(path, &[], 400, page).py(view).explain().hints;
        hints.first().map(|hint| arg(hint, "key"))
    };
    assert_eq!(asked("/add?x=2"), Some("y".into()));
    assert_eq!(asked("/add?y=2"), Some("x".into()));
    assert_eq!(asked("/add?x=1&y=2"), None);
}

#[test]
fn a_key_that_the_request_lacks_is_told_from_one_of_the_programs_own() {
    let scene = |code: &str| Scene::new("/get", &[], 500, "").py(code).stderr(&flask(1, "show", "KeyError: 'ann'"));
    check([
        ("key-error", scene("return request.cookies['ann']\n")),
        ("key-error", scene("name = request.form['ann']\n")),
        ("key-missing", scene("if users[name] == password:\n")),
        ("key-missing", scene("session.pop('ann')\n")),
    ]);
}

#[test]
fn a_session_without_a_key_is_no_way_to_a_cookie_of_ones_own() {
    let error = "RuntimeError: The session is unavailable because no secret key was set.";
    let scene = |scene: Scene| scene.py("session['a'] = 1\n").stderr(&flask(1, "home", error));
    let mut expects_time = Scene::setting(vec![]);
    expects_time.response().status = 500;
    check([("session-no-key", scene(expects_time)), ("session-needs-key", scene(Scene::new("/", &[], 500, "")))]);
}
