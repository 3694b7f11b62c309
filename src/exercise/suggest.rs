//! Did you mean: the known name that is nearest to one that is not known.

/// The candidate that was probably meant by `name`, if one is near enough.
///
/// Near is at most a third of the name's characters added, removed, changed or swapped (at least one), or
/// the same but for case and the kind of dash. Of equally near ones the first.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(name);
    let allowed = (folded.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help that names the nearest candidate, if there is one.
pub(crate) fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

fn fold(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_find_their_name() {
        let known = ["requires", "steps", "get", "not_contains"];
        for (name, meant) in [
            ("require", "requires"),
            ("stpes", "steps"),
            ("GET", "get"),
            ("gett", "get"),
            ("not-contains", "not_contains"),
        ] {
            assert_eq!(nearest(name, known), Some(meant), "{name}");
        }
    }

    #[test]
    fn far_names_suggest_nothing() {
        for name in ["hidden", "visibility", "x", "", "获取"] {
            assert_eq!(nearest(name, ["requires", "steps", "get"]), None, "{name}");
        }
    }

    #[test]
    fn the_nearest_wins_and_the_first_of_equals() {
        assert_eq!(nearest("cookie", ["cooky", "cookies"]), Some("cookies"));
        assert_eq!(nearest("stop", ["step", "stap"]), Some("step"));
    }
}
