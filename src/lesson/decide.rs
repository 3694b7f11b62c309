//! Which listings are graded, and against which exercises.

use std::path::Path;

use super::language::Language;
use super::page::{Listing, Page};
use crate::exercise::diagnostic::{Diagnostic, Span};
use crate::exercise::{CheckId, Exercise, Method, Part, RequestStep, Step, builtin, suggest};
use crate::submission;

/// What becomes of a listing.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It is not graded.
    Skip(Skip),
    /// It is graded as a file of this name.
    Grade {
        /// The file's name.
        file: String,
        /// Which exercise it is held to.
        exercise: Choice,
    },
}

/// Why a listing is not graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The page says `enable_checker: false`, and no exercise was asked for.
    PageIsOff,
    /// Its author says so, with the reason if there is one.
    Noted(String),
    /// There are no servers in its language.
    Language,
    /// It is a part of a program: nothing in it could be started.
    Partial,
    /// Nobody names an exercise, and no built-in one asks for the paths that it names, or it answers none of them as
    /// one asks.
    NoExercise,
}

/// The exercise of a listing.
#[derive(Clone, Debug)]
pub enum Choice {
    /// This one was named: in a comment or in the front matter with the place of the name, or by an option.
    Named(String, Option<Span>),
    /// Nobody names one: that of these built-in ones which the listing answers best.
    Fitting(Vec<&'static builtin::Builtin>),
}

/// Decides about a listing of the page. `asked` is the exercise that an option names.
#[must_use]
pub fn decide(page: &Page, listing: &Listing, asked: Option<&str>) -> (Language, Decision) {
    let notes = &listing.notes;
    let language = notes.language.unwrap_or_else(|| Language::of(&listing.info, &listing.text));
    let skip = |why| (language, Decision::Skip(why));
    if page.enabled == Some(false) && asked.is_none() {
        return skip(Skip::PageIsOff);
    }
    if let Some(reason) = &notes.skip {
        return skip(Skip::Noted(reason.value.clone()));
    }
    let Some(file) = language.file(&listing.text) else { return skip(Skip::Language) };
    // Whoever notes what it does means it to be run.
    let is_meant = notes.exercise.is_some() || !notes.fails.is_empty();
    if !is_meant && !submission::serves(Path::new(&file), &listing.text) {
        return skip(Skip::Partial);
    }
    let noted = notes.exercise.as_ref().map(|name| (name.value.clone(), Some(name.span.clone())));
    let optional = || asked.map(|name| (name.to_owned(), None));
    let of_page = || page.exercise.as_ref().map(|name| (name.value.clone(), Some(name.span.clone())));
    let exercise = match noted.or_else(optional).or_else(of_page) {
        Some((name, span)) => Choice::Named(name, span),
        None => Choice::Fitting(fitting(&listing.text)),
    };
    match &exercise {
        Choice::Fitting(none) if none.is_empty() && !is_meant => skip(Skip::NoExercise),
        _ => (language, Decision::Grade { file, exercise }),
    }
}

/// The checks that the listing is meant to fail.
///
/// # Errors
/// For each that the exercise does not have, where it is named.
pub fn expected_failures(listing: &Listing, exercise: &Exercise) -> Result<Vec<CheckId>, Vec<Diagnostic>> {
    let known = || exercise.checks.iter().map(|check| check.id.0.as_str());
    let (mut ids, mut wrong) = (Vec::new(), Vec::new());
    for id in &listing.notes.fails {
        if known().any(|known| known == id.value) {
            ids.push(CheckId(id.value.clone()));
        } else {
            let all = || format!("it has {}", known().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "));
            let help = suggest::did_you_mean(&id.value, known()).unwrap_or_else(all);
            let message = format!("the exercise `{}` has no check `{}`", exercise.id, id.value);
            wrong.push(Diagnostic::new(message, id.span.clone()).help(help));
        }
    }
    if wrong.is_empty() { Ok(ids) } else { Err(wrong) }
}

/// What is wrong with notes about a listing that belongs to no exercise.
#[must_use]
pub fn no_exercise(listing: &Listing) -> Vec<Diagnostic> {
    let about = listing.notes.fails.first().map(|id| id.span.clone());
    let message = "no exercise is named for this listing, and no built-in one asks for its paths";
    let help = "write `exercise=…` into the comment, or `exercise: …` into the page's front matter".to_owned();
    vec![Diagnostic::new(message, about.unwrap_or_else(|| listing.span.clone())).help(help)]
}

/// The built-in exercises that ask for paths which the listing names, with methods that it names, and for no others:
/// those that ask for the most.
fn fitting(text: &str) -> Vec<&'static builtin::Builtin> {
    let lower = text.to_lowercase();
    let names = |(method, path): &(Method, String)| {
        let quoted = ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("{quote}{path}{quote}")));
        quoted && (*method == Method::Get || lower.contains(&method.name().to_lowercase()))
    };
    let asked: Vec<_> = builtin::all().iter().map(|builtin| (builtin, asked(&builtin.load()))).collect();
    let fit = asked.iter().filter(|(_, asked)| !asked.is_empty() && asked.iter().all(names));
    let most = fit.clone().map(|(_, asked)| asked.len()).max();
    fit.filter(|(_, asked)| Some(asked.len()) == most).map(|(builtin, _)| *builtin).collect()
}

/// The paths that an exercise asks for, but for those that are made of templates, each with its method, once.
fn asked(exercise: &Exercise) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    for step in exercise.checks.iter().flat_map(|check| &check.steps) {
        if let Step::Request(request) = step
            && let [Part::Literal(path)] = request.path.0.as_slice()
            && !is_refused(request)
            && !found.contains(&(request.method, path.clone()))
        {
            found.push((request.method, path.clone()));
        }
    }
    found
}

/// Whether a program that is right takes no such request, so that nothing in it needs to name the method.
fn is_refused(request: &RequestStep) -> bool {
    const METHOD_NOT_ALLOWED: u16 = 405;
    request.expect.status.as_ref().is_some_and(|status| status.allows(METHOD_NOT_ALLOWED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::read;

    const WHOLE: &str = "```\nfrom flask import Flask\napp = Flask(__name__)\n@app.route(\"/\")\n";

    /// What is decided about the only listing of a page, in words.
    fn decided(text: &str, asked: Option<&str>) -> String {
        let page = read(text).unwrap();
        match decide(&page, &page.listings[0], asked).1 {
            Decision::Skip(why) => format!("{why:?}"),
            Decision::Grade { exercise: Choice::Named(name, _), .. } => name,
            Decision::Grade { exercise: Choice::Fitting(all), .. } => {
                format!("one of {}", all.iter().map(|builtin| builtin.id).collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn a_comment_comes_before_an_option_and_that_before_the_page() {
        let page = format!("---\nexercise: c\n---\n{WHOLE}```\n");
        assert_eq!(decided(&page, None), "c");
        assert_eq!(decided(&page, Some("b")), "b");
        assert_eq!(decided(&page.replace("```\nfrom", "<!-- checker: exercise=a -->\n```\nfrom"), Some("b")), "a");
    }

    #[test]
    fn without_a_name_the_paths_of_the_listing_decide() {
        assert_eq!(decided(&format!("{WHOLE}```\n"), None), "one of cookies-set");
        let both = format!("{WHOLE}@app.route('/get')\n```\n");
        assert_eq!(decided(&both, None), "one of cookies, cookies-type, cookies-missing");
        assert_eq!(decided(&WHOLE.replace("\"/\"", "\"/login\""), None), "NoExercise");
    }

    #[test]
    fn a_method_that_is_to_be_refused_need_not_be_named() {
        let routes = ["/divide", "/api/divide", "/crash", "/api/crash"].map(|path| format!("@app.route('{path}')\n"));
        assert_eq!(decided(&format!("{WHOLE}{}```\n", routes.concat()), None), "one of errors");
    }

    #[test]
    fn what_is_no_program_is_skipped_unless_its_author_means_it() {
        assert_eq!(decided("```\n$ pip install flask\n```\n", Some("cookies")), "Language");
        let part = "```python\ndef get_cookie():\n    return 1\n```\n";
        assert_eq!(decided(part, Some("cookies")), "Partial");
        assert_eq!(decided(&format!("<!-- checker: exercise=cookies -->\n{part}"), None), "cookies");
        assert_eq!(decided(&format!("<!-- checker: skip=\"an idea\" -->\n{part}"), None), "Noted(\"an idea\")");
    }

    #[test]
    fn a_page_that_is_off_is_graded_if_an_exercise_is_asked_for() {
        let page = format!("---\nenable_checker: false\n---\n{WHOLE}```\n");
        assert_eq!(decided(&page, None), "PageIsOff");
        assert_eq!(decided(&page, Some("cookies-set")), "cookies-set");
    }
}
