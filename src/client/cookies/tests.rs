use super::*;

const BASE: &str = "http://127.0.0.1:5000";

fn url(path: &str) -> Url {
    Url::parse(BASE).unwrap().join(path).unwrap()
}

fn receive(jar: &mut Jar, header: &str) -> JarVerdict {
    jar.receive(&url("/"), header.as_bytes()).jar
}

/// What a jar makes of one cookie that came from `/`.
fn check(header: &str, expected: JarVerdict) {
    assert_eq!(receive(&mut Jar::new(), header), expected, "{header}");
}

fn refused(header: &str, refusal: Refusal) {
    check(header, JarVerdict::Refused(refusal));
}

fn header(jar: &Jar, path: &str) -> String {
    let bytes = jar.header_for(&url(path), &[]).unwrap_or_default();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_raw_value_comes_back_with_its_quotes() {
    let mut jar = Jar::new();
    let raw = "\"Mon Nov 23 05:09:46 2026\\054 ok\"";
    assert_eq!(receive(&mut jar, &format!("time={raw}; Path=/")), JarVerdict::Kept);
    assert_eq!(jar.value(BASE, "/get", "time").as_deref(), Some(raw));
    assert_eq!(header(&jar, "/get"), format!("time={raw}"));
    assert_eq!(jar.value(BASE, "/get", "Time"), None);
}

#[test]
fn bytes_that_are_not_utf_8_come_back_as_they_were() {
    let mut jar = Jar::new();
    jar.receive(&url("/"), b"a=\xca\xb1");
    assert_eq!(jar.header_for(&url("/"), &[]).unwrap(), b"a=\xca\xb1");
    jar.receive(&url("/"), "a=时间".as_bytes());
    assert_eq!(jar.value(BASE, "/", "a").as_deref(), Some("时间"));
    assert_eq!(header(&jar, "/"), "a=时间");
}

#[test]
fn a_path_limits_where_a_cookie_goes() {
    let mut jar = Jar::new();
    receive(&mut jar, "a=1; Path=/admin");
    assert_eq!(jar.value(BASE, "/get", "a"), None);
    assert_eq!(jar.value(BASE, "/admin/x", "a").as_deref(), Some("1"));
    assert_eq!(jar.value(BASE, "/administrator", "a"), None);
}

#[test]
fn without_a_path_the_folder_of_the_request_counts() {
    let mut jar = Jar::new();
    let received = jar.receive(&url("/set/now"), b"a=1");
    assert_eq!((received.effective_path.as_str(), received.path), ("/set", None));
    assert_eq!(jar.value(BASE, "/get", "a"), None);
    let received = jar.receive(&url("/set"), b"a=1; Path=relative");
    assert_eq!(received.effective_path, "/");
}

#[test]
fn longer_paths_are_sent_first_and_older_cookies_before_newer() {
    let mut jar = Jar::new();
    for cookie in ["c=1", "a=2", "b=3; Path=/get", "c=4"] {
        receive(&mut jar, cookie);
    }
    assert_eq!(header(&jar, "/get"), "b=3; c=4; a=2");
}

#[test]
fn a_foreign_domain_is_refused_and_the_own_one_is_not() {
    for domain in ["example.com", "localhost", "0.0.1", "127.0.0.1:5000", "1"] {
        refused(&format!("a=1; Domain={domain}"), Refusal::Domain(domain.to_owned()));
    }
    for domain in ["127.0.0.1", ".127.0.0.1", ""] {
        let mut jar = Jar::new();
        assert_eq!(receive(&mut jar, &format!("a=1; Domain={domain}")), JarVerdict::Kept);
        assert_eq!(header(&jar, "/get"), "a=1", "{domain}");
    }
}

#[test]
fn names_share_cookies_with_the_domain_above_but_not_with_a_top_level_domain() {
    let mut jar = Jar::new();
    let url = Url::parse("http://app.school.edu/").unwrap();
    assert_eq!(jar.receive(&url, b"a=1; Domain=School.edu").jar, JarVerdict::Kept);
    assert_eq!(jar.header_for(&url, &[]).unwrap(), b"a=1");
    let verdict = jar.receive(&url, b"a=1; Domain=edu").jar;
    assert_eq!(verdict, JarVerdict::Refused(Refusal::Domain("edu".to_owned())));
    let verdict = jar.receive(&url, b"a=1; Domain=ool.edu").jar;
    assert_eq!(verdict, JarVerdict::Refused(Refusal::Domain("ool.edu".to_owned())));
}

#[test]
fn localhost_and_ipv6_keep_their_cookies() {
    for base in ["http://localhost:5000/", "http://[::1]:5000/"] {
        let (mut jar, url) = (Jar::new(), Url::parse(base).unwrap());
        let domain = url.host_str().unwrap();
        let header = format!("a=1; Secure; Domain={domain}");
        assert_eq!(jar.receive(&url, header.as_bytes()).jar, JarVerdict::Kept, "{base}");
        assert_eq!(jar.header_for(&url, &[]).as_deref(), Some(&b"a=1"[..]), "{base}");
    }
}

#[test]
fn secure_is_taken_on_loopback_only() {
    let mut jar = Jar::new();
    assert_eq!(receive(&mut jar, "a=1; Secure"), JarVerdict::Kept);
    assert_eq!(header(&jar, "/get"), "a=1");
    let far = Url::parse("http://app.school.edu/").unwrap();
    assert_eq!(
        jar.receive(&far, b"a=1; Secure").jar,
        JarVerdict::Refused(Refusal::Malformed("`Secure` over plain HTTP".to_owned()))
    );
}

#[test]
fn an_end_in_the_past_deletes_and_is_refused() {
    let past = "Thu, 01 Jan 1970 00:00:00 GMT";
    let ends = [
        ("Max-Age=0".to_owned(), Refusal::MaxAge("0".to_owned())),
        ("Max-Age=-5".to_owned(), Refusal::MaxAge("-5".to_owned())),
        (format!("Expires={past}"), Refusal::Expires(past.to_owned())),
    ];
    for (attribute, refusal) in ends {
        let mut jar = Jar::new();
        receive(&mut jar, "a=1");
        let verdict = receive(&mut jar, &format!("a=; {attribute}"));
        assert_eq!(verdict, JarVerdict::Refused(refusal));
        assert_eq!(header(&jar, "/"), "", "{attribute}");
    }
}

#[test]
fn deleting_on_another_path_leaves_the_cookie() {
    let mut jar = Jar::new();
    receive(&mut jar, "a=1");
    receive(&mut jar, "a=; Max-Age=0; Path=/get");
    assert_eq!(header(&jar, "/get"), "a=1");
}

#[test]
fn max_age_wins_over_expires_and_what_cannot_be_read_is_ignored() {
    let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    check(&format!("a=1; Max-Age=60; {past}"), JarVerdict::Kept);
    check("a=1; Max-Age=999999999999999999999999", JarVerdict::Kept);
    check("a=1; Expires=Fri, 31-Dec-9999 23:59:59 GMT", JarVerdict::Kept);
    refused("a=1; Max-Age=-99999999999999999999", Refusal::MaxAge("-99999999999999999999".to_owned()));
    check("a=1; Max-Age=1h; Expires=0", JarVerdict::Kept);
    let refusal = Refusal::Expires("Thu, 01 Jan 1970 00:00:00 GMT".to_owned());
    refused(&format!("a=1; Max-Age=; {past}"), refusal);
}

#[test]
fn same_site_none_wants_secure() {
    refused("a=1; SameSite=None", Refusal::SameSiteNone);
    check("a=1; SameSite=None; Secure", JarVerdict::Kept);
    check("a=1; SameSite=Strict", JarVerdict::Kept);
    check("a=1; SameSite=nonsense", JarVerdict::Kept);
}

#[test]
fn prefixes_want_their_conditions() {
    refused("__Secure-a=1", Refusal::Prefix("__Secure-".to_owned()));
    check("__Secure-a=1; Secure", JarVerdict::Kept);
    for rest in ["", "; Secure", "; Secure; Path=/x", "; Secure; Path=/; Domain=127.0.0.1"] {
        refused(&format!("__host-a=1{rest}"), Refusal::Prefix("__Host-".to_owned()));
    }
    check("__Host-a=1; Secure; Path=/", JarVerdict::Kept);
    refused("=__Host-a=1; Secure; Path=/", Refusal::Prefix("__Host-".to_owned()));
}

#[test]
fn a_cookie_without_a_name_is_sent_as_its_value() {
    let mut jar = Jar::new();
    assert_eq!(receive(&mut jar, "hello"), JarVerdict::Kept);
    assert_eq!(header(&jar, "/"), "hello");
    refused("", Refusal::Malformed("no name and no value".to_owned()));
    refused("=", Refusal::Malformed("no name and no value".to_owned()));
}

#[test]
fn what_no_browser_reads_is_refused() {
    let long = format!("a={}", "x".repeat(4096));
    refused(&long, Refusal::Malformed("longer than 4096 bytes".to_owned()));
    check(&long[..4097], JarVerdict::Kept);
    refused("a=b\u{1}", Refusal::Malformed("control character".to_owned()));
}

#[test]
fn a_full_jar_takes_no_more_but_updates() {
    let mut jar = Jar::new();
    for number in 0..50 {
        assert_eq!(receive(&mut jar, &format!("n{number}=1")), JarVerdict::Kept);
    }
    assert_eq!(receive(&mut jar, "one=more"), JarVerdict::Refused(Refusal::Full));
    assert_eq!(receive(&mut jar, "n7=2"), JarVerdict::Kept);
    receive(&mut jar, "n8=; Max-Age=0");
    assert_eq!(receive(&mut jar, "one=more"), JarVerdict::Kept);
}

#[test]
fn overrides_stand_in_for_the_cookies_of_their_names() {
    let mut jar = Jar::new();
    receive(&mut jar, "a=1");
    receive(&mut jar, "b=2");
    let overrides = [("a".to_owned(), "时".to_owned()), ("c".to_owned(), String::new())];
    let sent = jar.header_for(&url("/"), &overrides).unwrap();
    assert_eq!(String::from_utf8(sent).unwrap(), "b=2; a=时; c=");
    assert_eq!(Jar::new().header_for(&url("/"), &[]), None);
}
