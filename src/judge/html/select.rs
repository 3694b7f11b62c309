//! Which elements of a page a selector selects.
//!
//! Each part of a selector is asked of all elements at once, in the order of the page. So the time is the product of
//! the selector's length and the page's, however deep a hostile page is.

use std::collections::HashMap;

use super::page::{Element, Page};
use crate::exercise::Selector;
use crate::exercise::selector::{
    Among, AttributeTest, Case, Combinator, Complex, Compound, End, Nth, Operator, Simple,
};

/// Of each element of a page, whether something holds of it.
type Marks = Vec<bool>;

/// The elements that a selector selects, by number in the order of the page.
pub(super) fn select(page: &Page, selector: &Selector) -> Vec<usize> {
    let marks = any(page, &selector.alternatives);
    (0..marks.len()).filter(|number| marks[*number]).collect()
}

fn any(page: &Page, alternatives: &[Complex]) -> Marks {
    let mut marks = vec![false; page.elements.len()];
    for complex in alternatives {
        for (mark, more) in marks.iter_mut().zip(self::complex(page, complex)) {
            *mark |= more;
        }
    }
    marks
}

fn complex(page: &Page, complex: &Complex) -> Marks {
    let mut marks = compound(page, &complex.first);
    for (combinator, part) in &complex.rest {
        let reached = reached(page, &marks, *combinator);
        marks = compound(page, part);
        for (mark, reached) in marks.iter_mut().zip(reached) {
            *mark &= reached;
        }
    }
    marks
}

/// The elements that stand so to a marked one. What is inside or later comes after it in the order of the page.
fn reached(page: &Page, marks: &Marks, combinator: Combinator) -> Marks {
    let mut reached: Marks = Vec::with_capacity(marks.len());
    for element in &page.elements {
        let (near, spreads) = match combinator {
            Combinator::Descendant => (element.parent, true),
            Combinator::Child => (element.parent, false),
            Combinator::Next => (element.previous, false),
            Combinator::Later => (element.previous, true),
        };
        reached.push(near.is_some_and(|near| marks[near] || (spreads && reached[near])));
    }
    reached
}

fn compound(page: &Page, compound: &Compound) -> Marks {
    let mut marks = vec![true; page.elements.len()];
    for simple in &compound.0 {
        for (mark, more) in marks.iter_mut().zip(self::simple(page, simple)) {
            *mark &= more;
        }
    }
    marks
}

fn simple(page: &Page, simple: &Simple) -> Marks {
    let each = |holds: &dyn Fn(&Element) -> bool| page.elements.iter().map(holds).collect();
    match simple {
        Simple::Any => vec![true; page.elements.len()],
        Simple::Type(name) => each(&|element| element.name.eq_ignore_ascii_case(name)),
        Simple::Id(id) => each(&|element| element.attribute("id") == Some(id)),
        Simple::Class(class) => each(&|element| words(element.attribute("class")).any(|word| word == class)),
        Simple::Attribute { name, test } => each(&|element| {
            element.attribute(name).is_some_and(|value| test.as_ref().is_none_or(|test| meets(test, value)))
        }),
        Simple::Not(alternatives) => any(page, alternatives).into_iter().map(|mark| !mark).collect(),
        Simple::Is(alternatives) => any(page, alternatives),
        Simple::Nth(nth) => places(page, *nth).into_iter().map(|place| nth.has(place)).collect(),
        Simple::Empty => each(&|element| element.is_empty),
        Simple::Root => each(&|element| element.parent.is_none()),
    }
}

fn words(value: Option<&str>) -> impl Iterator<Item = &str> {
    value.unwrap_or_default().split_ascii_whitespace()
}

fn meets(test: &AttributeTest, value: &str) -> bool {
    let fold = |text: &str| match test.case {
        Case::Sensitive => text.to_owned(),
        Case::Insensitive => text.to_ascii_lowercase(),
    };
    let (wanted, value) = (fold(&test.value), fold(value));
    let wanted = wanted.as_str();
    // The empty text is no part of any (Selectors Level 4 §6.2).
    let part = !wanted.is_empty();
    match test.operator {
        Operator::Equals => value == wanted,
        Operator::Word => part && words(Some(&value)).any(|word| word == wanted),
        Operator::Dash => value == wanted || value.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-')),
        Operator::Starts => part && value.starts_with(wanted),
        Operator::Ends => part && value.ends_with(wanted),
        Operator::Contains => part && value.contains(wanted),
    }
}

/// The place of each element among its siblings, from 1.
fn places(page: &Page, nth: Nth) -> Vec<i32> {
    let key = |element: &Element| {
        let name = if nth.among == Among::SameType { element.name.clone() } else { String::new() };
        (element.parent, name)
    };
    let mut counts: HashMap<(Option<usize>, String), i32> = HashMap::new();
    let mut count = |element: &Element| {
        let count = counts.entry(key(element)).or_default();
        *count += 1;
        *count
    };
    match nth.end {
        End::First => page.elements.iter().map(&mut count).collect(),
        End::Last => {
            let mut places: Vec<i32> = page.elements.iter().rev().map(&mut count).collect();
            places.reverse();
            places
        }
    }
}

impl Nth {
    /// Whether it means this place, counted from 1.
    fn has(self, place: i32) -> bool {
        let (step, beyond) = (i64::from(self.step), i64::from(place) - i64::from(self.offset));
        if step == 0 { beyond == 0 } else { beyond % step == 0 && beyond / step >= 0 }
    }
}
