//! The exercises that come with the checker, embedded as their authors wrote them.

use super::{Exercise, file};

/// An exercise file that is part of the program. Nothing of it is read before it is asked for.
#[derive(Debug)]
pub struct Builtin {
    /// The exercise's id on the command line, such as `cookies`.
    pub id: &'static str,
    /// The exercise file, byte for byte.
    pub source: &'static str,
}

/// The exercise in the folder `exercises/ID`.
macro_rules! builtin {
    ($id:literal) => {
        Builtin { id: $id, source: include_str!(concat!("../../exercises/", $id, "/exercise.toml")) }
    };
}

/// The files of one exercise: its id, and each file's path within the exercise's folder with its bytes.
type Beside = (&'static str, &'static [(&'static str, &'static [u8])]);

/// What stands beside each exercise file: solutions, mistakes and what is known of them. Listed when this is built.
static BESIDE: &[Beside] = include!(concat!(env!("OUT_DIR"), "/exercises.rs"));

/// The default exercise comes first, the lesson's sections after it in the order of the page; then others, in the order
/// in which a course would come to them.
static ALL: &[Builtin] = &[
    builtin!("cookies"),
    builtin!("cookies-set"),
    builtin!("cookies-type"),
    builtin!("cookies-missing"),
    builtin!("routes"),
    builtin!("query"),
    builtin!("forms"),
    builtin!("json-api"),
    builtin!("static"),
    builtin!("errors"),
    builtin!("sessions"),
];

/// Every built-in exercise, the default first.
#[must_use]
pub fn all() -> &'static [Builtin] {
    ALL
}

/// The built-in exercise of this id, if there is one.
#[must_use]
pub fn find(id: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.id == id)
}

/// The id of the built-in exercise that was probably meant, if one is near enough.
#[must_use]
pub fn suggest(id: &str) -> Option<&'static str> {
    super::suggest::nearest(&id.to_lowercase(), ALL.iter().map(|builtin| builtin.id))
}

impl Builtin {
    /// The exercise.
    ///
    /// # Panics
    /// Never: that every built-in exercise holds is tested.
    #[must_use]
    pub fn load(&self) -> Exercise {
        file::parse_known(self.source).expect("a test parses every built-in exercise")
    }

    /// The files beside the exercise, by their paths within its folder, sorted.
    #[must_use]
    pub fn files(&self) -> &'static [(&'static str, &'static [u8])] {
        BESIDE.iter().find(|(id, _)| *id == self.id).map_or(&[], |(_, files)| files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::diagnostic::render;

    #[test]
    fn every_builtin_exercise_holds_and_has_the_id_it_is_found_by() {
        for builtin in all() {
            let exercise = file::parse(builtin.source)
                .map_err(|errors| render(&errors, builtin.source, builtin.id, false))
                .unwrap_or_else(|text| panic!("{text}"));
            assert_eq!(exercise.id, builtin.id);
            assert_eq!(builtin.load().digest, exercise.digest);
        }
    }

    #[test]
    fn the_default_comes_first_and_its_checks_are_worth_ten_points() {
        let exercise = all()[0].load();
        assert_eq!(exercise.id, "cookies");
        let checks: Vec<_> = exercise.checks.iter().map(|check| (check.id.0.as_str(), check.points)).collect();
        let expected = [
            ("set-cookie", 3),
            ("current-time", 1),
            ("echo-cookie", 2),
            ("separate-clients", 1),
            ("missing-cookie", 2),
            ("other-cookies", 1),
        ];
        assert_eq!(checks, expected);
    }

    #[test]
    fn an_id_is_found_exactly_and_suggested_when_it_is_near() {
        assert_eq!(find("cookies-set").map(|builtin| builtin.id), Some("cookies-set"));
        assert!(find("cookie").is_none());
        assert_eq!(suggest("cookie"), Some("cookies"));
        assert_eq!(suggest("Cookies-Sett"), Some("cookies-set"));
        assert_eq!(suggest("weather"), None);
    }
}
