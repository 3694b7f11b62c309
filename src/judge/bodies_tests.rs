//! JSON and HTML bodies beside what is expected of them, as a student is told.

use super::tests::{body, found, found_of, saved};
use super::{Scope, captured_of_html, captured_of_json};
use crate::exercise::{JsonPath, Selector};

const DOCUMENT: &str = r#"{ "name": "ann", "age": 3, "half": 0.5, "tags": ["a", "b"], "none": null, "empty": [],
                           "items": [{ "id": 1, "ok": true }, { "id": 2, "ok": false }], "Name With Space": "x" }"#;

fn json(expect: &str) -> Vec<String> {
    found(&format!("{{ json = {{ {expect} }} }}"), body(DOCUMENT))
}

#[test]
fn a_document_that_is_as_expected_has_no_mismatch() {
    let all = [
        r#""$.name" = "ann""#,
        r#""$.age" = 3.0, "$.half" = 0.5, "$.items[0].ok" = true"#,
        r#""$.tags" = ["a", "b"], "$.tags[*]" = { count = 2, type = "string" }"#,
        r#""$.items[*].id" = { count = 2, type = "integer" }, "$.items" = { type = "array", is_empty = false }"#,
        r#""$.items[?@.id == 2]" = { count = 1, equals = { ok = false, id = 2 } }"#,
        r#""$.missing" = { absent = true }, "$.gone" = { present = false }, "$.none" = { type = "null" }"#,
        r#""$.empty" = { is_empty = true }, "$.empty[*]" = { count = 0 }"#,
        r#""$.name" = { contains = "n", matches = "^a", not_contains = ["x"] }, "$.age" = { matches = "^3$" }"#,
        r#""$['Name With Space']" = "x", "$" = { type = "object" }, "$.half" = { type = "number" }"#,
    ];
    for expect in all {
        assert_eq!(json(expect), [""; 0], "{expect}");
    }
}

#[test]
fn what_differs_is_said_with_its_path_and_as_json() {
    let all = [
        (r#""$.age" = "3""#, "at `$.age`: expected \"3\", got 3"),
        (r#""$.name" = "Ann""#, "at `$.name`: expected \"Ann\", got \"ann\""),
        (r#""$.items[*].ok" = true"#, "at `$.items[*].ok`: expected true, got false"),
        (r#""$.items[*]" = { count = 3 }"#, "at `$.items[*]`: expected 3 there, got 2 there"),
        (r#""$.items[*]" = { count = 0 }"#, "at `$.items[*]`: expected none there, got 2 there"),
        (r#""$.half" = { type = "integer" }"#, "at `$.half`: expected a whole number, got 0.5"),
        (r#""$.name" = { absent = true }"#, "at `$.name`: expected nothing there, got \"ann\""),
        (r#""$.name" = { contains = "x" }"#, "at `$.name`: expected `x`, got \"ann\""),
        (r#""$.empty" = { is_empty = false }"#, "at `$.empty`: expected a text that is not empty, got []"),
    ];
    for (expect, message) in all {
        assert_eq!(json(expect), [message], "{expect}");
    }
}

#[test]
fn what_is_not_there_is_said_beside_the_document() {
    let told = found(r#"{ json = { "$.name" = "ann", "$.b" = { type = "string" } } }"#, body(r#"{"nmae": "ann"}"#));
    let nothing = r#"nothing there, in {"nmae":"ann"}"#;
    assert_eq!(
        told,
        [format!("at `$.name`: expected \"ann\", got {nothing}"), format!("at `$.b`: expected a text, got {nothing}"),]
    );
}

#[test]
fn a_body_that_is_not_json_is_one_mismatch() {
    for text in ["{'name': 'ann'}", "<p>ann</p>", "NaN", "{} {}"] {
        let told = found(r#"{ json = { "$.name" = "ann", "$.age" = 3 } }"#, body(text));
        assert_eq!(told, [format!("expected JSON, got {text}")]);
    }
    let deep = "[".repeat(100_000);
    assert_eq!(found(r#"{ json = { "$" = 1 } }"#, body(&deep)).len(), 1);
}

#[test]
fn templates_are_filled_in_expected_values() {
    let scope = Scope { randoms: vec!["Ab3".into()], ..Scope::default() };
    let expect = r#"{ json = { "$.a" = "{{random}}", "$" = { equals = { a = "{{random}}" } } } }"#;
    assert_eq!(found_of(expect, Ok(body(r#"{"a": "Ab3"}"#)), &scope), [""; 0]);
    assert_eq!(found_of(expect, Ok(body(r#"{"a": "ab3"}"#)), &scope).len(), 2);
}

#[test]
fn a_saved_number_is_the_same_as_a_number() {
    let scope = |id: &str| Scope { captures: [("id".to_owned(), id.to_owned())].into(), ..Scope::default() };
    let expect = r#"{ json = { "$.a" = "{{id}}" } }"#;
    let source = |id: &str, text: &str| saved(expect, body(text), &scope(id));
    assert_eq!(source("7", r#"{"a": 7}"#), [""; 0]);
    assert_eq!(source("x7", r#"{"a": "x7"}"#), [""; 0]);
    assert_eq!(source("7", r#"{"a": 8}"#), ["at `$.a`: expected 7, got 8"]);
}

const PAGE: &str = r#"<!doctype html><title>Shop &amp; more</title><style>p { color: red }</style>
<h1>Hello,
   <b>Ann</b>!</h1><ul id=menu class="a b"><li>one<li class=done>two<li>three</ul>
<form action=/search><input name=q value="x y" required><button>Go</button></form>
<table><tr><td>1</td><td>2</td></tr></table><a href="/a">A</a><a href="/b">B</a><script>var x = "secret"</script><p></p>"#;

fn html(expect: &str) -> Vec<String> {
    found(&format!("{{ html = {{ {expect} }} }}"), body(PAGE))
}

#[test]
fn a_page_that_is_as_expected_has_no_mismatch() {
    let all = [
        r#"title = "Shop & more", h1 = { text = { equals = "Hello, Ann!" } }"#,
        r#"li = { count = 3, text = { contains = ["one", "three"], matches = "(?m)^two$" } }"#,
        r#""ul > li.done" = "two", "li:not(.done)" = { count = 2 }, "ul#menu.b li:nth-child(2)" = { text.equals = "two" }"#,
        r#""li:first-child" = "one", "li:last-of-type" = "three", "li:nth-child(odd)" = { count = 2 }"#,
        r#""li.done + li" = "three", "li ~ li" = { count = 2 }, "h1, title" = { count = 2 }, ".B" = { absent = true }"#,
        r#""form[action='/search'] input[name=q]" = { attr = { value.equals = "x y", required = true, disabled = false } }"#,
        r#"tr = { text.equals = "1 2" }, a = { attr.href.contains = ["/a", "/b"] }, "a[href$=b]" = { text.equals = "B" }"#,
        r#"body = { text.not_contains = ["secret", "color"] }, script = "secret", "p:empty" = { present = true }"#,
        r#"":root > body > h1 b" = "Ann", "tbody" = { present = true }, "[CLASS~=a]" = { count = 1 }"#,
    ];
    for expect in all {
        assert_eq!(html(expect), [""; 0], "{expect}");
    }
}

#[test]
fn what_differs_is_said_with_its_selector() {
    let all = [
        ("h1 = \"Bob\"", "at `h1`: expected `Bob`, got Hello, Ann!"),
        ("h2 = \"Bob\"", "at `h2`: expected `Bob`, got no such element"),
        ("h2 = { present = true }", "at `h2`: expected such an element, got no such element"),
        ("li = { count = 2 }", "at `li`: expected 2 there, got 3 there"),
        ("b = { absent = true }", "at `b`: expected nothing there, got Ann"),
        ("input = { absent = true }", "at `input`: expected nothing there, got <input>"),
        ("li = { text.not_contains = \"two\" }", "at `li`: expected no `two`, got one / two / three"),
        ("a = { attr.href = \"/c\" }", "attribute `href` of `a`: expected `/c`, got /a / /b"),
        ("h1 = { attr.id = \"x\" }", "attribute `id` of `h1`: expected `x`, got no such attribute"),
        ("h2 = { attr.id = \"x\" }", "attribute `id` of `h2`: expected `x`, got no such element"),
        ("li = { attr.class = true }", "attribute `class` of `li`: expected such an attribute, got no such attribute"),
        (
            "input = { attr.required = false }",
            "attribute `required` of `input`: expected no such attribute, got nothing (empty)",
        ),
    ];
    for (expect, message) in all {
        assert_eq!(html(expect), [message], "{expect}");
    }
}

#[test]
fn a_page_need_not_be_well_formed() {
    let told = |expect: &str, page: &str| found(&format!("{{ html = {{ {expect} }} }}"), body(page));
    assert_eq!(told("p = { count = 2 }", "<p>a<p>b</b></i>"), [""; 0]);
    assert_eq!(told("body = { text.equals = \"just text\" }", "just text"), [""; 0]);
    assert_eq!(told("\"b i\" = \"x\", i = { count = 2 }", "<p><b>1<i>x</p>y</b></i>").len(), 0);
    assert_eq!(
        told("\"table\" = { count = 1 }, \"body > p\" = \"out\"", "<table><p>out</p><tr><td>in</table>"),
        [""; 0]
    );
    assert_eq!(
        told("template = { text.is_empty = true }, h1 = \"x\"", "<template><h1>no</h1></template><h1>x"),
        [""; 0]
    );
}

#[test]
fn a_hostile_page_takes_neither_time_nor_memory() {
    let told = |page: &str| found("{ html = { \"div div div div span\" = { absent = true }, p = \"x\" } }", body(page));
    let refused = "expected a page of at most 256 KiB and 512 elements in each other, got a longer or deeper one";
    // The parser looks through all open elements for each tag, and opens all of these anew for each paragraph.
    let formats: String = (0..400).map(|number| format!("<b a={number}>")).collect();
    let anew = format!("<p>{formats}{}", "<p>x".repeat(50_000));
    for page in [&"<div>".repeat(40_000), &"<p>".repeat(100_000), &anew] {
        assert_eq!(told(page), [refused]);
    }
    let wide = format!("{}<p>x", "<div></div>".repeat(20_000));
    let deep = format!("{}<p>x", "<div>".repeat(500));
    assert_eq!((told(&wide).len(), told(&deep).len()), (0, 0));
}

#[test]
fn captures_are_the_first_value_element_or_attribute() {
    let path = |text: &str| captured_of_json(DOCUMENT, &JsonPath::parse(text).unwrap());
    assert_eq!(path("$.name").as_deref(), Some("ann"));
    assert_eq!(path("$.items[*].id").as_deref(), Some("1"));
    assert_eq!(path("$.tags").as_deref(), Some(r#"["a","b"]"#));
    assert_eq!(path("$.missing"), None);
    assert_eq!(captured_of_json("no", &JsonPath::parse("$").unwrap()), None);
    let element = |text: &str, name| captured_of_html(PAGE, &Selector::parse(text).unwrap(), name);
    assert_eq!(element("li", None).as_deref(), Some("one"));
    assert_eq!(element("a", Some("href")).as_deref(), Some("/a"));
    assert_eq!((element("a", Some("id")), element("h2", None)), (None, None));
}
