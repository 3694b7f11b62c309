use super::*;

#[test]
fn a_message_is_said_in_either_language() {
    let message = Message::new("mismatch-status").with("expected", "200").with("actual", "500");
    assert_eq!(Catalogue::new(Lang::En).say(&message), "expected status 200, got 500");
    assert_eq!(Catalogue::new(Lang::Zh).say(&message), "期望状态码 200，实际为 500");
}

#[test]
fn a_sentence_stands_inside_a_sentence() {
    let message = Message::new("mismatch-transport").with("failure", Message::new("failure-timeout"));
    let said = Catalogue::new(Lang::En).say(&message);
    assert_eq!(said, "no usable response: no complete response in time");
}

#[test]
fn a_number_chooses_its_form() {
    let message = |seconds: i64| {
        Message::new("mismatch-time-behind").with("name", "time").with("seconds", seconds).with("value", "x")
    };
    let english = Catalogue::new(Lang::En);
    assert!(english.say(&message(1)).contains("is one second behind"));
    assert!(english.say(&message(3600)).contains("is 3600 seconds behind"));
}

#[test]
fn what_an_author_wrote_is_said_in_the_readers_language_or_in_the_one_there_is() {
    let text = crate::exercise::Text { en: Some("hello".into()), zh: Some("你好".into()) };
    assert_eq!(Catalogue::new(Lang::Zh).say(&Message::authored(text)), "你好");
    let only = Message::authored(crate::exercise::Text::plain("hello"));
    assert_eq!(Catalogue::new(Lang::Zh).say(&only), "hello");
}

#[test]
fn a_submissions_text_adds_no_marks_of_direction() {
    let said = Catalogue::new(Lang::En).say(&Message::new("summary-cookie").with("name", "time"));
    assert_eq!(said, "a cookie `time`");
}

#[test]
fn every_entry_stands_for_itself_and_can_be_said() {
    for (lang, entries) in [(Lang::En, EN), (Lang::Zh, ZH)] {
        assert!(entries.is_sorted_by(|one, next| one.0 < next.0));
        for (id, text) in entries {
            let entry = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|_| panic!("{lang:?} {id}: {text}"));
            assert_eq!(entry.entries().count(), 1, "{lang:?} {id}: {text}");
            // Entries are parsed one by one, so that none can refer to another.
            let mut errors = Vec::new();
            let mut bundle = FluentBundle::<FluentResource>::new(Vec::new());
            bundle.add_resource(entry).unwrap();
            let pattern = bundle.get_message(id).and_then(|entry| entry.value()).unwrap();
            bundle.format_pattern(pattern, Some(&FluentArgs::new()), &mut errors);
            let refers = |error: &fluent_bundle::FluentError| format!("{error:?}").contains("Message");
            assert!(!errors.iter().any(refers), "{lang:?} {id}: {errors:?}");
        }
    }
}
