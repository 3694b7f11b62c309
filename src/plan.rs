//! What will be run: an exercise narrowed to the wanted checks, in a fixed order, with its random values drawn.

use crate::exercise::{Check, CheckId, Exercise, Limits, Part, RequestStep, Step, Template};

/// Everything a run needs to know of an exercise. The same exercise, selection and seed give the same plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The exercise it was made from.
    pub exercise: Exercise,
    /// How long things may take, after the user's overrides.
    pub limits: Limits,
    /// What every random value was drawn from.
    pub seed: u64,
    /// The checks to run; a check stands behind those that it requires.
    pub checks: Vec<PlannedCheck>,
}

/// A check with its random values.
#[derive(Clone, Debug)]
pub struct PlannedCheck {
    /// The check as its author wrote it.
    pub check: Check,
    /// The values of `{{random}}`, `{{random.2}}`, … in this order.
    pub randoms: Vec<String>,
}

/// A check was asked for that the exercise does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCheck {
    /// What was asked for.
    pub wanted: String,
    /// What there is.
    pub known: Vec<CheckId>,
}

/// Plans a run of the selected checks and those that they require; of all checks if the selection is empty.
///
/// # Errors
/// If a selected check is not in the exercise.
pub fn plan(exercise: &Exercise, selection: &[String], limits: Limits, seed: u64) -> Result<Plan, UnknownCheck> {
    let mut wanted = Vec::new();
    for id in selection {
        let check = exercise.checks.iter().find(|check| check.id.0 == *id);
        let check = check.ok_or_else(|| UnknownCheck {
            wanted: id.clone(),
            known: exercise.checks.iter().map(|check| check.id.clone()).collect(),
        })?;
        add_with_required(exercise, check, &mut wanted);
    }
    let mut ordered = Vec::new();
    for check in &exercise.checks {
        if selection.is_empty() || wanted.contains(&check.id) {
            add_with_required(exercise, check, &mut ordered);
        }
    }
    let checks = ordered
        .iter()
        .filter_map(|id| find(exercise, id))
        .map(|check| PlannedCheck { check: check.clone(), randoms: randoms(check, seed) });
    Ok(Plan { exercise: exercise.clone(), limits, seed, checks: checks.collect() })
}

fn find<'e>(exercise: &'e Exercise, id: &CheckId) -> Option<&'e Check> {
    exercise.checks.iter().find(|check| check.id == *id)
}

/// Puts a check behind everything that it requires. An exercise has no cycles, so this ends.
fn add_with_required(exercise: &Exercise, check: &Check, ids: &mut Vec<CheckId>) {
    if ids.contains(&check.id) {
        return;
    }
    for required in check.requires.iter().filter_map(|id| find(exercise, id)) {
        add_with_required(exercise, required, ids);
    }
    ids.push(check.id.clone());
}

/// As many values as the check's templates name. They depend on the seed and the check's id alone,
/// so that a check sees the same values whichever others run with it.
fn randoms(check: &Check, seed: u64) -> Vec<String> {
    let count = templates(check).flat_map(|template| &template.0).map(|part| match part {
        Part::Random(number) => *number,
        _ => 0,
    });
    let count = count.max().unwrap_or(0);
    let mut source = fastrand::Rng::with_seed(seed ^ hash(&check.id.0));
    (0..count).map(|_| random_value(&mut source)).collect()
}

/// Twelve letters and digits that show what happens to a value on its way: capitals and small letters
/// (is the case kept?), a digit, and nothing that any encoding would touch.
fn random_value(source: &mut fastrand::Rng) -> String {
    const SMALL: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
    const CAPITAL: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const DIGIT: &[u8] = b"23456789";
    let pools = [CAPITAL, SMALL, DIGIT];
    (0..12)
        .map(|place| {
            let pool = if place < 3 { pools[place] } else { pools[source.usize(0..3)] };
            char::from(pool[source.usize(0..pool.len())])
        })
        .collect()
}

/// FNV-1a: small, and the same in every version of the language's library.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn templates(check: &Check) -> impl Iterator<Item = &Template> {
    check.steps.iter().flat_map(|step| match step {
        Step::Request(step) => step_templates(step),
        Step::Restart | Step::Wait(_) | Step::Program(_) => Vec::new(),
    })
}

/// Every template of a step, in the order of its fields.
fn step_templates(step: &RequestStep) -> Vec<&Template> {
    let mut found = vec![&step.path];
    let named = [&step.query, &step.headers, &step.cookies];
    found.extend(named.into_iter().flatten().map(|(_, template)| template));
    found.extend(step.payload.templates());
    found.extend(step.expect.templates());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::builtin;

    fn cookies() -> Exercise {
        builtin::find("cookies").unwrap().load()
    }

    fn ids(plan: &Plan) -> Vec<&str> {
        plan.checks.iter().map(|planned| planned.check.id.0.as_str()).collect()
    }

    #[test]
    fn a_selected_check_brings_what_it_requires() {
        let plan = plan(&cookies(), &["missing-cookie".into()], Limits::default(), 1).unwrap();
        assert_eq!(ids(&plan), ["set-cookie", "missing-cookie"]);
    }

    #[test]
    fn an_unknown_check_is_named_with_the_known_ones() {
        let error = plan(&cookies(), &["missing".into()], Limits::default(), 1).unwrap_err();
        assert_eq!(error.wanted, "missing");
        assert_eq!(error.known.len(), 6);
    }

    #[test]
    fn a_check_keeps_its_random_values_whatever_else_runs() {
        let whole = plan(&cookies(), &[], Limits::default(), 7).unwrap();
        let one = plan(&cookies(), &["other-cookies".into()], Limits::default(), 7).unwrap();
        let randoms = |plan: &Plan| plan.checks.last().unwrap().randoms.clone();
        assert_eq!(randoms(&whole), randoms(&one));
        assert_eq!(randoms(&whole).len(), 4);
    }

    #[test]
    fn another_seed_gives_other_values() {
        let values = |seed| plan(&cookies(), &[], Limits::default(), seed).unwrap().checks[2].randoms.clone();
        assert_ne!(values(1), values(2));
    }

    #[test]
    fn a_random_value_shows_changes_of_case() {
        let mut source = fastrand::Rng::with_seed(3);
        for _ in 0..100 {
            let value = random_value(&mut source);
            assert_ne!(value, value.to_uppercase());
            assert_ne!(value, value.to_lowercase());
        }
    }
}
