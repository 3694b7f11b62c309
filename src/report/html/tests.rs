use super::*;

#[test]
fn the_policy_names_the_style_sheet_that_is_in_the_page() {
    assert!(!STYLE.contains("</style"), "the sheet would end itself");
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "the sheet loads nothing");
    assert!(policy().starts_with("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn each_line_of_a_text_stays_a_line() {
    assert_eq!(lines("a\r\nb\x1b\n"), "a\nb\\x1b");
}
