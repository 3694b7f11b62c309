//! The HTML gradebook in a real browser: nothing of a student's is run, nothing is loaded, and it can be used.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{Class, GOOD, QUICK, crashing, wrong};
use crate::support::{root, runtimes};

/// What the browser saw of a page.
fn seen(class: &Class, page: &str, search: &str) -> Value {
    let shots = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&shots).unwrap();
    let output = Command::new("node")
        .arg(root().join("tests/node/gradebook.cjs"))
        .args([class.file(page), shots.join(page).with_extension("png")])
        .arg(search)
        .env("CHROMIUM", runtimes::need("chromium", "chromium"))
        .env("NODE_PATH", runtimes::node_modules())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn names_that_want_to_do_harm_do_none_in_a_browser() {
    let hostile = [
        "<script>document.title='owned'<",
        "<img src=x onerror=document.title='owned'>",
        "\"><svg onload=document.title='owned'>",
        "javascript:document.title='owned'",
        "</title></style><h1>owned",
        "&lt;b&gt;",
        "王小明",
    ];
    let class = Class::new();
    hostile.iter().for_each(|name| class.hand_in(name.replace('/', "\u{2215}"), GOOD));
    class.hand_in("李雷", &wrong().replace("else \"\"", "else \"<script>document.title='owned'</script>\""));
    class.hand_in("韩梅梅", &wrong());
    class.hand_in("韩雷", &wrong());
    class.hand_in("张伟", &crashing());
    class.grade(&[&QUICK[..], &["-o", "html=hostile.html"]].concat());
    let seen = seen(&class, "hostile.html", "韩");
    assert_eq!(seen["title"], "Cookies: set one, read it back");
    assert_eq!((&seen["requests"], &seen["errors"], &seen["dialogs"]), (&1.into(), &Value::Array(vec![]), &0.into()));
    assert_eq!((&seen["rows"], &seen["headings"], &seen["scripts"]), (&11.into(), &1.into(), &1.into()));
    assert_eq!(seen["found"], serde_json::json!(["韩梅梅", "韩雷"]));
    assert_eq!(seen["sorted"][0], "0/5", "by points, upwards");
    assert_eq!(seen["sorted"][10], "5/5");
    assert_eq!(seen["links"], 11, "each report is there");
}

#[test]
fn a_large_cohort_has_pages() {
    let class = Class::of(&[("王小明", GOOD)]);
    let names: String = (0..4100).map(|number| format!("student {number},{number}\n")).collect();
    fs::write(class.file("roster.csv"), format!("name,id\n王小明,x\n{names}")).unwrap();
    class.grade(&[&QUICK[..], &["-o", "book.html", "--roster", "roster.csv"]].concat());
    for (page, rows) in [("book.html", 2000), ("book-2.html", 2000), ("book-3.html", 101)] {
        let seen = seen(&class, page, "student 20");
        assert_eq!((&seen["rows"], &seen["pages"]), (&rows.into(), &4.into()), "{page}");
    }
    assert!(!class.file("book-4.html").exists());
}
