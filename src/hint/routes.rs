//! The status is not the expected one, and the program's own error is not the reason.

use std::sync::LazyLock;

use regex::Regex;

use super::case::{Case, path_of};
use super::sources::{self, Line};
use super::trace::compiled;
use crate::message::Message;
use crate::outcome::Aspect;
use crate::source::SourceFile;

pub(super) fn hint(case: &Case) -> Option<Message> {
    if !case.mismatches.iter().any(|mismatch| mismatch.what == Aspect::Status) {
        return None;
    }
    match case.status()? {
        300..=399 => trailing_slash(case).or_else(|| redirected(case)),
        404 => not_found(case),
        405 => Some(wrong_method(case)),
        500..=599 => Some(Message::new("hint-server-failed").with("path", case.path())),
        _ => None,
    }
}

/// Where a redirect leads: its path alone.
fn redirect_path<'a>(case: &Case<'a>) -> Option<&'a str> {
    let location = case.exchange.response()?.header("location")?;
    let path = location.find("://").map_or(Some(location), |at| {
        let rest = &location[at + 3..];
        rest.find('/').map(|slash| &rest[slash..])
    });
    path.map(|path| path.split('?').next().unwrap_or_default())
}

fn trailing_slash(case: &Case) -> Option<Message> {
    let target = redirect_path(case)?;
    let differs_by_slash = target != case.path() && target.trim_end_matches('/') == case.path().trim_end_matches('/');
    differs_by_slash.then(|| Message::new("hint-trailing-slash").with("path", case.path()).with("route", target))
}

fn redirected(case: &Case) -> Option<Message> {
    // Where a refusal is expected, a redirect is another mistake.
    let wanted = case.scripted.expect.status.as_ref();
    wanted.filter(|wanted| (200..300).any(|status| wanted.allows(status)))?;
    let location = case.exchange.response()?.header("location")?;
    Some(Message::new("hint-redirected").with("path", case.path()).with("location", location))
}

fn wrong_method(case: &Case) -> Message {
    let method = case.exchange.request.method.clone();
    let id = if method == "GET" { "hint-wrong-method" } else { "hint-method-missing" };
    Message::new(id).with("path", case.path()).with("method", method)
}

/// Nothing answers the path: why the routes that are written down are not there, else which there are.
fn not_found(case: &Case) -> Option<Message> {
    let files = case.program.sources;
    if case.uses_flask() {
        let why = [routes_after_run, app_made_twice, app_imported_twice, blueprint_not_registered, no_routes];
        if let Some(found) = why.iter().find_map(|look| look(files)) {
            return Some(found.with("path", case.path()));
        }
    }
    let mut routes: Vec<&str> = sources::routes(files);
    if routes.contains(&case.path()) {
        return Some(Message::new("hint-not-found").with("path", case.path()));
    }
    if routes.is_empty() {
        let answered =
            case.earlier().filter(|exchange| exchange.response().is_some_and(|response| response.status == 200));
        routes = answered.map(path_of).collect();
        routes.dedup();
    }
    if routes.is_empty() {
        return Some(Message::new("hint-not-found").with("path", case.path()));
    }
    let listed: Vec<_> = routes.iter().map(|route| format!("`{route}`")).collect();
    Some(Message::new("hint-route-missing").with("path", case.path()).with("routes", listed.join(", ")))
}

static DECORATOR: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"^@\w+(?:\.\w+)*\.(?:route|get|post)\(|\.add_url_rule\("));
static RUN: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\w+\.run\("));
static APP: LazyLock<Regex> = LazyLock::new(|| compiled(r"^(\w+)\s*=\s*(?:flask\.)?Flask\("));

fn at(id: &'static str, line: Line) -> Message {
    Message::new(id).with("file", line.file).with("line", i64::from(line.number))
}

/// `app.run()` does not return, so routes below it are never made.
fn routes_after_run(files: &[SourceFile]) -> Option<Message> {
    let run = sources::find(files, &RUN).filter(|line| line.indent == 0)?;
    let mut decorators = sources::all_lines(files).filter(|line| DECORATOR.is_match(line.code)).peekable();
    decorators.peek()?;
    let all_after = decorators.all(|line| line.file == run.file && line.number > run.number);
    all_after.then(|| at("hint-routes-after-run", run))
}

/// The same name is given a second `Flask()`, which has none of the routes above.
fn app_made_twice(files: &[SourceFile]) -> Option<Message> {
    let made: Vec<_> = sources::all_lines(files).filter(|line| line.indent == 0 && APP.is_match(line.code)).collect();
    let name = |line: &Line| APP.captures(line.code).map(|parts| parts[1].to_owned());
    let again = made.windows(2).find(|pair| pair[0].file == pair[1].file && name(&pair[0]) == name(&pair[1]))?[1];
    let mut between = sources::all_lines(files).filter(|line| line.file == again.file && line.number < again.number);
    between.any(|line| DECORATOR.is_match(line.code)).then(|| at("hint-app-made-twice", again))
}

/// A file imports `app` from the program that runs as `__main__`, and so gets another copy of it.
fn app_imported_twice(files: &[SourceFile]) -> Option<Message> {
    let main = sources::all_lines(files).find(|line| APP.is_match(line.code))?.file;
    let module = main.strip_suffix(".py")?.replace('/', ".");
    let import = format!("from {module} import");
    let line = sources::all_lines(files).find(|line| line.file != main && line.code.starts_with(&import))?;
    let routes = sources::all_lines(files).filter(|routed| DECORATOR.is_match(routed.code));
    let mut routes = routes.peekable();
    routes.peek()?;
    routes.all(|routed| routed.file == line.file).then(|| at("hint-app-imported-twice", line))
}

fn blueprint_not_registered(files: &[SourceFile]) -> Option<Message> {
    static BLUEPRINT: LazyLock<Regex> = LazyLock::new(|| compiled(r"^(\w+)\s*=\s*(?:flask\.)?Blueprint\("));
    let line = sources::find(files, &BLUEPRINT)?;
    let name = BLUEPRINT.captures(line.code)?.get(1)?.as_str();
    let registered = sources::mention(files, &["register_blueprint("]);
    (!registered).then(|| Message::new("hint-blueprint-not-registered").with("name", name))
}

fn no_routes(files: &[SourceFile]) -> Option<Message> {
    let routed = sources::mention(
        files,
        &[".route(", ".get(\"/", ".get('/", "add_url_rule", "register_blueprint", "MethodView"],
    );
    (!routed && !files.is_empty()).then(|| Message::new("hint-no-routes"))
}
