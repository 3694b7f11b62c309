use super::*;

#[test]
fn what_the_jar_refuses_is_told_by_its_attribute() {
    let below = ReceivedCookie { effective_path: "/set".into(), ..set("time", "x1234") };
    let twice = vec![set("time", "now"), thrown(Refusal::Expires("Thu, 01 Jan 1970".into()), "")];
    check([
        ("cookie-domain", Scene::setting(vec![thrown(Refusal::Domain("example.com".into()), "x")])),
        ("cookie-expired", Scene::setting(vec![thrown(Refusal::Expires("Thu, 01 Jan 1970".into()), "x")])),
        ("cookie-max-age", Scene::setting(vec![thrown(Refusal::MaxAge("0".into()), "x")])),
        ("cookie-deleted", Scene::setting(twice)),
        ("cookie-same-site", Scene::setting(vec![thrown(Refusal::SameSiteNone, "x")])),
        ("cookie-malformed", Scene::setting(vec![thrown(Refusal::Malformed("long".into()), "x")])),
        ("cookie-path", Scene::setting(vec![below])),
        ("cookie-empty", Scene::setting(vec![set("time", "\"\"")])),
    ]);
}

#[test]
fn other_cookies_that_came_instead_are_told() {
    check([
        ("cookie-name", Scene::setting(vec![set("Time", "x")])),
        ("cookie-name", Scene::setting(vec![set("a", "x"), set("b", "y")])),
        ("name-and-value-swapped", Scene::setting(vec![set("Tue Nov 24", "time")])),
        ("session", Scene::setting(vec![set("session", "eyJ0aW1lIjoi.x.y")])),
        ("cookie-name", Scene::setting(vec![set("session", "abc")])),
    ]);
}

#[test]
fn a_page_or_a_header_that_sets_no_cookie_is_told() {
    let page = |body: &str| {
        let mut scene = Scene::setting(vec![]);
        scene.response().body.text = body.into();
        scene
    };
    let header = |name: &str| {
        let mut scene = Scene::setting(vec![]);
        scene.response().headers.push((name.into(), "time=x".into()));
        scene
    };
    check([
        ("cookie-from-page", page("<script>document.cookie = 'time=x'</script>")),
        ("cookie-from-page", page("<meta http-equiv=\"Set-Cookie\" content=\"time=x\">")),
        ("cookie-not-set", page("<meta charset=\"utf-8\">")),
        ("header-misspelled", header("set-cooki")),
        ("header-misspelled", header("cookie")),
        ("cookie-not-set", header("content-type")),
        ("views-swapped", Scene::setting(vec![]).after(3, exchange("/get", &[], 200, "ok"), vec![set("time", "x")])),
    ]);
}

#[test]
fn where_the_view_loses_its_cookie_is_told() {
    let py = |body: &str| {
        Scene::setting(vec![]).py(&format!("@app.route('/')\ndef home():\n    r = make_response('hi')\n{body}"))
    };
    check([
        ("response-not-returned", py("    r.set_cookie('time', now())\n    return 'hi'\n")),
        ("return-before-set-cookie", py("    return r\n    r.set_cookie('time', now())\n")),
        (
            "cookie-condition",
            py("    if request.cookies.get('time'):\n        r.set_cookie('time', now())\n    return r\n"),
        ),
        ("cookie-not-set", py("    if request.args:\n        r.set_cookie('time', now())\n    return r\n")),
        ("cookie-not-set", py("    r.set_cookie('time', now())\n    return r\n")),
        ("cookie-never-set", py("    return r\n")),
        ("cookie-never-set", Scene::setting(vec![]).py("def set_cookie():\n    return 'hi'\n")),
    ]);
}

#[test]
fn a_header_after_the_answer_is_told_in_node_from_its_text() {
    let late = "res.end('hi');\nres.setHeader('Set-Cookie', 'time=x');\n";
    let early = "res.setHeader('Set-Cookie', 'time=x');\nres.end('hi');\n";
    check([
        ("headers-already-sent", Scene::setting(vec![]).of("node").file("server.js", late)),
        ("cookie-not-set", Scene::setting(vec![]).of("node").file("server.js", early)),
    ]);
}

#[test]
fn a_value_that_is_not_the_time_of_the_visit_is_told() {
    let old = "\"Tue Nov 24 03:49:46 2026\"";
    let seen = |scene: Scene, value: &str| scene.after(8, exchange("/", &[], 200, "ok"), vec![set("time", value)]);
    check([
        ("constant-value", Scene::timed("\"Wed Feb  8 13:00:00 2023\"")),
        ("constant-value", Scene::timed(old).py("x = 'Tue Nov 24 03:49:46 2026'\n")),
        ("not-a-time", Scene::timed("hello")),
        ("not-a-time", Scene::timed("1861.202962872")),
        ("function-not-called", Scene::timed("\"<built-in function asctime>\"")),
        ("made-at-import", seen(Scene::timed(old).py("now = time.asctime()\n"), old)),
        ("made-at-import", seen(Scene::timed(old).py("def home(now=time.asctime()):\n    return now\n"), old)),
        (
            "made-at-first-visit",
            seen(
                Scene::timed("\"Tue Nov 24 03:49:48 2026\"").py("def home():\n    global first\n"),
                "\"Tue Nov 24 03:49:48 2026\"",
            ),
        ),
        ("value-never-changes", seen(Scene::timed(old), old)),
        // It changes from visit to visit: it is not kept, only wrong.
        ("", seen(Scene::timed(old).py("now = time.asctime()\n"), "\"Tue Nov 24 03:49:40 2026\"")),
    ]);
}
