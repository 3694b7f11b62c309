use super::*;
use std::fmt::Write as _;

/// What is taken in of a fixture, a line for each entrant and each attempt.
fn taken(fixture: &str, form: Option<Form>) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cohorts").join(fixture);
    let scratch = tempfile::tempdir().unwrap();
    let cohort = intake(&[root], form, scratch.path()).unwrap();
    page(&cohort)
}

fn page(cohort: &Cohort) -> String {
    let mut page = String::new();
    for form in &cohort.forms {
        let _ = writeln!(page, "form {}", form.name());
    }
    for entrant in &cohort.entrants {
        let people = entrant.people.iter().map(|person| {
            let more = [&person.id, &person.login, &person.email].into_iter().flatten().map(String::as_str);
            format!("{} ({})", person.name, more.collect::<Vec<_>>().join(", "))
        });
        let _ = writeln!(page, "{}: {}", entrant.key, people.collect::<Vec<_>>().join(" & "));
        for attempt in &entrant.attempts {
            assert!(attempt.path.exists(), "{attempt:?}");
            let late = if attempt.timing == Timing::Late { " late" } else { "" };
            let at = attempt.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            let form = if attempt.path.is_dir() { "/" } else { "" };
            let name = attempt.path.file_name().unwrap().to_string_lossy();
            let _ = writeln!(page, "    {} -> {name}{form}{at}{late}", attempt.shown);
        }
    }
    for ignored in &cohort.ignored {
        let _ = writeln!(page, "ignored {ignored}");
    }
    page
}

fn cohort(of: &[(&str, Option<&str>)]) -> Cohort {
    let person = |(name, id): &(&str, Option<&str>)| {
        let person = Person { name: (*name).into(), id: id.map(str::to_owned), ..Person::default() };
        Entrant { key: format!("{name}{id:?}"), people: vec![person], attempts: Vec::new() }
    };
    Cohort { entrants: of.iter().map(person).collect(), ..Cohort::default() }
}

#[test]
fn every_export_is_recognised_by_its_shape() {
    for fixture in ["plain", "canvas", "moodle", "moodle-older", "moodle-flat", "gradescope", "classroom", "blackboard"]
    {
        insta::assert_snapshot!(fixture, taken(fixture, None));
    }
}

#[test]
fn a_form_can_be_forced() {
    let forced = taken("canvas", Some(Form::Folder));
    assert!(forced.starts_with("form folder\n"));
    assert!(forced.contains("lilei_LATE_1003_503_app.py"));
}

#[test]
fn what_is_not_of_the_forced_form_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cohorts/plain");
    let scratch = tempfile::tempdir().unwrap();
    let Err(IntakeError::Usage(message)) = intake(&[root], Some(Form::Blackboard), scratch.path()) else { panic!() };
    assert_eq!(message.id, "intake-nothing");
}

#[test]
fn the_same_key_in_two_exports_is_one_entrant_with_two_attempts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cohorts");
    let scratch = tempfile::tempdir().unwrap();
    let paths = [root.join("moodle-older"), root.join("moodle-flat")];
    let cohort = intake(&paths, None, scratch.path()).unwrap();
    let both = cohort.entrants.iter().find(|entrant| entrant.key == "2001").unwrap();
    let shown: Vec<_> = both.attempts.iter().map(|attempt| attempt.shown.as_str()).collect();
    assert_eq!(shown, ["王小明_2001_assignsubmission_file_/app.py", "王小明_2001_assignsubmission_file_app.py"]);
}

#[test]
fn a_roster_finds_people_by_number_and_by_a_name_that_nobody_else_has() {
    let roster = Roster::read("\u{feff}姓名,学号\n王小明,1\n王小明,2\nLi Lei,3\n\"韩, 梅梅\",4\n").unwrap();
    let mut cohort = cohort(&[("王小明", Some("2")), ("lei, li", None), ("guest", None)]);
    let missing: Vec<_> =
        missing(&mut cohort, &roster).into_iter().map(|person| person.id.unwrap_or_default()).collect();
    assert_eq!(missing, ["1", "4"]);
    assert_eq!(cohort.entrants[1].people[0].id.as_deref(), Some("3"));
}

#[test]
fn a_roster_may_have_halves_of_names_and_other_columns() {
    let roster = Roster::read("Group,First name,Surname,E-mail\nA,Lei,Li,l@x.example\n").unwrap();
    let person = Person { name: "Lei Li".into(), email: Some("l@x.example".into()), ..Person::default() };
    assert_eq!(roster.people, [person]);
    assert_eq!(Roster::read("a,b\n1,2\n").unwrap_err().id, "roster-columns");
}
