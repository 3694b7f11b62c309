use super::*;

const NOW: &str = "Tue Nov 24 03:49:56 2026";
const ISSUED: &str = "Tue Nov 24 03:49:50 2026";
const VIEW: &str = "from flask import Flask, request\n@app.route('/get')\ndef show():\n    ";

fn view(body: &str) -> String {
    format!("{VIEW}{body}\n")
}

#[test]
fn what_stands_for_none_is_told() {
    check([
        ("empty-for-none", Scene::none(&[], "")),
        ("empty-for-none", Scene::none(&[], "<p>\n</p>")),
        ("empty-for-none", Scene::none(&[], "\"\"\n")),
        ("null-for-none", Scene::none(&[], "{\"time\":null}")),
        ("undefined-for-none", Scene::none(&[], "time: undefined")),
        ("none-spelling", Scene::none(&[], "none")),
        ("text-for-none", Scene::none(&[], "no cookie")),
        ("text-for-none", Scene::none(&[], "nullified")),
        ("whole-dict", Scene::none(&[], "ImmutableMultiDict([])")),
        ("whole-dict", Scene::none(&[], "{}")),
        ("current-time-for-none", Scene::none(&[], "your last visit: 2026-11-24 03:49:56")),
        ("text-for-none", Scene::none(&[], "your last visit: 2026-11-23 11:00:00")),
        ("printed", Scene::none(&[], "ok").stdout("None\n")),
        ("text-for-none", Scene::none(&[], "ok").stdout("visit\n")),
    ]);
}

#[test]
fn another_cookie_of_the_request_is_told_from_a_name_matched_loosely() {
    let sent = [("Time", "Abc1234"), ("xtime", "Def5678"), ("not_exist", "Ghi9012")];
    check([
        ("any-cookie", Scene::none(&sent, "Ghi9012")),
        ("any-cookie", Scene::none(&sent, "Abc1234")),
        ("name-matched-loosely", Scene::none(&sent, "Def5678")),
        ("name-matched-loosely", Scene::none(&sent, "Abc1234").py("if name.lower() == 'time':\n")),
    ]);
}

#[test]
fn what_happened_to_a_value_is_told() {
    let value = "\"Abc1 13:00:09 Def2\"";
    check([
        ("value-upper-cased", Scene::echo(value, "ABC1 13:00:09 DEF2")),
        ("value-lower-cased", Scene::echo(value, "abc1 13:00:09 def2")),
        ("value-percent-encoded", Scene::echo(value, "Abc1%2013%3A00%3A09%20Def2")),
        ("value-without-spaces", Scene::echo(value, "Abc113:00:09Def2")),
        ("value-reversed", Scene::echo(value, "2feD 90:00:31 1cbA")),
        ("value-escaped", Scene::echo("\"a\\054bcd\"", "a\\x2cbcd")),
        ("value-cut", Scene::echo(value, "Abc1")),
        ("value-not-shown", Scene::echo(value, "hello")),
        ("empty-body", Scene::echo(value, " ")),
        ("printed", Scene::echo(value, "ok").stdout("Abc1 13:00:09 Def2\n")),
        ("value-not-shown", Scene::echo(value, "ok").stdout("None\n")),
        ("answer-hard-coded", Scene::echo(value, "hello").py(&view("return 'hello'"))),
    ]);
}

#[test]
fn a_body_that_is_cut_by_a_length_in_characters_is_told() {
    let cut = |header: &str, code: &str| {
        let mut scene = Scene::echo("Abc123def", "上次的访问").of("python").file("server.py", code);
        scene.response().headers.push(("content-length".into(), header.into()));
        scene
    };
    let wrong = "self.send_header('Content-Length', str(len(text)))\n";
    check([
        ("content-length", cut("15", wrong)),
        ("value-not-shown", cut("15", "self.send_header('Content-Length', str(len(text.encode())))\n")),
        ("value-not-shown", cut("99", wrong)),
    ]);
}

#[test]
fn a_global_variable_is_told_from_the_current_time() {
    let issued = || vec![set("time", "\"Tue Nov 24 03:49:50 2026\"")];
    let visit = || exchange("/", &[], 200, "success");
    let now = || vec![set("time", &format!("\"{NOW}\""))];
    check([
        // An older value of somebody else's.
        ("global-variable", Scene::echo("Abc1", ISSUED).after(6, visit(), issued())),
        (
            "global-variable",
            Scene::echo("Abc1", "Wxyz9").after(6, exchange("/get", &[("time", "Wxyz9")], 200, "Wxyz9"), vec![]),
        ),
        // A value of this very second: what was answered before anybody had a cookie decides, then the view's text.
        (
            "current-time-echoed",
            Scene::echo("Abc1", NOW).after(9, exchange("/get", &[], 200, "Tue Nov 24 03:49:47 2026"), vec![]).after(
                0,
                visit(),
                now(),
            ),
        ),
        (
            "global-variable",
            Scene::echo("Abc1", NOW).after(9, exchange("/get", &[], 200, "None"), vec![]).after(1, visit(), now()),
        ),
        ("global-variable", Scene::echo("Abc1", NOW).py(&view("return str(last)")).after(1, visit(), now())),
        ("current-time-echoed", Scene::echo("Abc1", NOW).py(&view("return time.asctime()")).after(1, visit(), now())),
        // One's own value is nobody else's.
        ("value-not-shown", Scene::echo("Abc1", "hello").after(6, visit(), issued())),
    ]);
}

#[test]
fn the_same_answer_everywhere_is_told_unless_it_is_a_word_for_nothing() {
    check([
        ("same-answer-everywhere", Scene::echo("Abc1", "success").after(2, exchange("/", &[], 200, "success"), vec![])),
        ("value-not-shown", Scene::echo("Abc1", "None").after(2, exchange("/", &[], 200, "None"), vec![])),
        ("value-not-shown", Scene::echo("Abc1", "success").after(2, exchange("/get", &[], 200, "success"), vec![])),
    ]);
}

#[test]
fn where_the_value_is_looked_for_is_told() {
    let before = || exchange("/get", &[("time", "Xyz9")], 200, "Xyz9");
    check([
        ("not-read-from-cookies", Scene::echo("Abc1", "None").py(&view("return str(request.args.get('time'))"))),
        ("not-read-from-cookies", Scene::echo("Abc1", "None").py(&view("return str(session.get('time'))"))),
        ("other-name-read", Scene::echo("Abc1", "None").py(&view("return str(request.cookies.get('visit_time'))"))),
        ("value-not-shown", Scene::echo("Abc1", "None").py(&view("return str(request.cookies.get('time'))"))),
        ("only-issued-values", Scene::echo("Abc1", "None").after(3, before(), vec![])),
        ("value-not-shown", Scene::echo("Abc1", "None")),
    ]);
}

#[test]
fn an_authors_hint_comes_first_where_its_evidence_holds() {
    let mut scene = Scene::none(&[], "");
    let say = |words: &str| Text::plain(words);
    let when = |status: u16| crate::exercise::Evidence {
        status: Some(StatusExpectation(vec![StatusMatch::Code(status)])),
        ..crate::exercise::Evidence::default()
    };
    scene.hints = vec![
        crate::exercise::AuthoredHint { when: when(500), say: say("not this") },
        crate::exercise::AuthoredHint { when: when(200), say: say("this") },
        crate::exercise::AuthoredHint { when: when(200), say: say("this") },
    ];
    assert_eq!(scene.ids(), "authored,empty-for-none");
}

#[test]
fn beside_an_authors_hint_the_servers_error_is_not_told_once_more() {
    let log = "Traceback (most recent call last):\n  File \"ROOT/app.py\", line 2, in show\n    1 / 0\nZeroDivisionError: division by zero\n";
    let mut scene = Scene::new("/get", &[], 500, "").py("def show():\n    1 / 0\n").stderr(log);
    assert_eq!(scene.ids(), "error-in-view");
    scene.hints =
        vec![crate::exercise::AuthoredHint { when: crate::exercise::Evidence::default(), say: Text::plain("this") }];
    assert_eq!(scene.ids(), "authored");
}

#[test]
fn a_value_that_came_by_no_cookie_is_not_told_to_be_one() {
    let random = |cookies: &[(&str, &str)], body: &str| {
        let mut scene = Scene::new("/user/AbC3xyz", cookies, 200, body).body("{{random}}");
        scene.scope.randoms = vec!["AbC3xyz".into()];
        scene
    };
    check([
        ("", random(&[], "User <name>")),
        ("value-lower-cased", random(&[], "User abc3xyz")),
        ("printed", random(&[], "hello").stdout("AbC3xyz\n")),
        ("value-not-shown", random(&[("time", "AbC3xyz")], "hello")),
    ]);
}
