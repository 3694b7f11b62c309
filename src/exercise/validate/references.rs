//! Rules between checks: their ids, and what they require.

use std::collections::{HashMap, HashSet};

use super::CheckNotes;
use crate::exercise::diagnostic::{At, Diagnostic};
use crate::exercise::suggest::did_you_mean;

/// Everything that is wrong with ids and with what checks require.
pub(super) fn judge(checks: &[CheckNotes]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, check) in checks.iter().enumerate() {
        let Some(id) = &check.id else { continue };
        if let Some(earlier) = first.get(id.value.as_str()).and_then(|i| checks[*i].id.as_ref()) {
            let message = format!("two checks have the id `{}`", id.value);
            diagnostics.push(Diagnostic::new(message, id.span.clone()).related(&earlier.span, "the first is here"));
        } else {
            first.insert(&id.value, index);
        }
    }
    for check in checks {
        diagnostics.extend(required(check, checks, &first));
    }
    diagnostics.extend(cycles(checks, &first));
    diagnostics
}

/// What is wrong with the ids that one check requires, but for cycles.
fn required(check: &CheckNotes, checks: &[CheckNotes], known: &HashMap<&str, usize>) -> Vec<Diagnostic> {
    let own = check.id.as_ref().map(|id| id.value.as_str());
    let mut diagnostics = Vec::new();
    let mut seen: Vec<&At<String>> = Vec::new();
    for id in &check.requires {
        let wrong = |message: String| Diagnostic::new(message, id.span.clone());
        if let Some(earlier) = seen.iter().find(|earlier| earlier.value == id.value) {
            let message = format!("`{}` is required twice", id.value);
            diagnostics.push(wrong(message).related(&earlier.span, "already here"));
        } else if own == Some(&id.value) {
            diagnostics.push(wrong(format!("`{}` requires itself", id.value)));
        } else if !known.contains_key(id.value.as_str()) && checks.iter().all(|check| check.id.is_some()) {
            let help = did_you_mean(&id.value, check_ids(checks).filter(|id| Some(*id) != own));
            diagnostics.push(wrong(format!("no check has the id `{}`", id.value)).help(help));
        }
        seen.push(id);
    }
    diagnostics
}

fn check_ids(checks: &[CheckNotes]) -> impl Iterator<Item = &str> {
    checks.iter().filter_map(|check| check.id.as_ref()).map(|id| id.value.as_str())
}

/// Each way in which checks require each other in a circle, told at the reference that closes it.
fn cycles(checks: &[CheckNotes], known: &HashMap<&str, usize>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut done = HashSet::new();
    for start in 0..checks.len() {
        // A walk of its own stack: a chain of checks may be longer than the program's.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        let mut depths = HashMap::from([(start, 0)]);
        while let Some((check, next)) = path.last_mut() {
            let Some(reference) = checks[*check].requires.get(*next).filter(|_| !done.contains(check)) else {
                done.insert(*check);
                depths.remove(check);
                path.pop();
                continue;
            };
            *next += 1;
            let Some(&target) = known.get(reference.value.as_str()) else { continue };
            if target == *check {
                continue;
            }
            if let Some(depth) = depths.get(&target) {
                diagnostics.push(cycle(checks, &path[*depth..], reference));
            } else {
                depths.insert(target, path.len());
                path.push((target, 0));
            }
        }
    }
    diagnostics
}

fn cycle(checks: &[CheckNotes], path: &[(usize, usize)], closing: &At<String>) -> Diagnostic {
    let ids = path.iter().filter_map(|(check, _)| checks[*check].id.as_ref());
    let names: Vec<_> = ids.map(|id| format!("`{}`", id.value)).collect();
    let message = format!("checks require each other: {} → `{}`", names.join(" → "), closing.value);
    let help = "none of them could ever run; leave one of these `requires` out".to_owned();
    Diagnostic::new(message, closing.span.clone()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks from lines such as `a: b c`, each of whose words stands at its own place.
    fn messages(lines: &[&str]) -> Vec<String> {
        let mut place = 0;
        let mut at = |word: &str| {
            place += 1;
            At { value: word.to_owned(), span: place..place }
        };
        let mut check = |line: &&str| {
            let (id, requires) = line.split_once(':').unwrap();
            let id = (!id.is_empty()).then(|| at(id));
            CheckNotes { id, requires: requires.split_whitespace().map(&mut at).collect(), ..CheckNotes::default() }
        };
        let checks: Vec<_> = lines.iter().map(&mut check).collect();
        judge(&checks).into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn checks_that_require_known_ones_hold_in_any_order() {
        assert_eq!(messages(&["a: b c", "b: c", "c:", "d: a b c"]), [""; 0]);
    }

    #[test]
    fn each_cycle_is_named_once() {
        assert_eq!(messages(&["a: b", "b: c", "c: a"]), ["checks require each other: `a` → `b` → `c` → `a`"]);
        let two = messages(&["x: a", "a: b", "b: a", "c: d", "d: c"]);
        assert_eq!(two, ["checks require each other: `a` → `b` → `a`", "checks require each other: `c` → `d` → `c`"]);
    }

    #[test]
    fn a_check_that_requires_itself_is_no_longer_cycle() {
        assert_eq!(messages(&["a: a"]), ["`a` requires itself"]);
    }

    #[test]
    fn unknown_double_and_repeated_ids_are_told_apart() {
        assert_eq!(messages(&["a: b"]), ["no check has the id `b`"]);
        assert_eq!(messages(&["a: b b", "b:"]), ["`b` is required twice"]);
        assert_eq!(messages(&["a:", "a:"]), ["two checks have the id `a`"]);
    }

    #[test]
    fn nothing_is_said_of_unknown_ids_where_an_id_could_not_be_read() {
        assert_eq!(messages(&["a: b", ":"]), [""; 0]);
    }

    #[test]
    fn a_chain_of_many_checks_does_not_exhaust_the_stack() {
        let lines: Vec<String> = (0..20_000).map(|i| format!("c{i}: c{}", (i + 1) % 20_000)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(messages(&lines).len(), 1);
    }
}
