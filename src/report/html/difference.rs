//! Where two short texts part, so that a page can mark it.

/// A run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The other text has it too.
    Same(String),
    /// The other text has something else there, or nothing.
    Differs(String),
}

/// Both texts in parts; nothing where they have too little in common for marks to tell anything.
///
/// Texts of one length are compared place by place, which shows each letter of another case; others by what they
/// begin and end with.
pub(super) fn parts(expected: &str, actual: &str) -> Option<(Vec<Part>, Vec<Part>)> {
    let (a, b): (Vec<char>, Vec<char>) = (value(expected).collect(), value(actual).collect());
    let same = if a.len() == b.len() { by_place(&a, &b) } else { by_ends(&a, &b) };
    let in_common = same.0.iter().filter(|same| **same).count();
    if in_common < 3 && in_common * 2 < a.len().max(b.len()) || a == b {
        return None;
    }
    Some((runs(&a, &same.0), runs(&b, &same.1)))
}

/// The text without the backticks that quote it.
fn value(text: &str) -> impl Iterator<Item = char> + '_ {
    let quoted = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    quoted.unwrap_or(text).chars()
}

fn by_place(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let same: Vec<_> = a.iter().zip(b).map(|(a, b)| a == b).collect();
    (same.clone(), same)
}

fn by_ends(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let same = |length: usize| (0..length).map(|place| place < start || place >= length - end).collect();
    (same(a.len()), same(b.len()))
}

fn runs(text: &[char], same: &[bool]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (character, same) in text.iter().zip(same) {
        match (parts.last_mut(), same) {
            (Some(Part::Same(run)), true) | (Some(Part::Differs(run)), false) => run.push(*character),
            (_, true) => parts.push(Part::Same(character.to_string())),
            (_, false) => parts.push(Part::Differs(character.to_string())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as one text, with what differs in brackets.
    fn shown(parts: &[Part]) -> String {
        let part = |part: &Part| match part {
            Part::Same(text) => text.clone(),
            Part::Differs(text) => format!("[{text}]"),
        };
        parts.iter().map(part).collect()
    }

    fn check(expected: &str, actual: &str, marked: &str) {
        let (expected, actual) = parts(expected, actual).unwrap();
        assert_eq!(format!("{} {}", shown(&expected), shown(&actual)), marked);
    }

    #[test]
    fn letters_of_another_case_are_marked_one_by_one() {
        check("`AbCdef`", "`ABCdeF`", "A[b]Cde[f] A[B]Cde[F]");
    }

    #[test]
    fn what_was_cut_off_or_put_in_is_marked() {
        check("`abcdef`", "abcd", "abcd[ef] abcd");
        check("`None`", "`None\n`", "None None[\n]");
        check("`时间在走`", "`时间不在走`", "时间在走 时间[不]在走");
    }

    #[test]
    fn texts_with_nothing_in_common_are_not_marked() {
        assert_eq!(parts("200, body `None`", "500 INTERNAL SERVER ERROR"), None);
        assert_eq!(parts("`None`", ""), None);
    }
}
