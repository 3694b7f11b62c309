//! The environments in which submissions are built and run: made from nothing, not inherited.
//!
//! What the checker was started with may hold tokens, proxies, and switches that change a server's behaviour
//! (`WERKZEUG_*`, `FLASK_*`, `PYTHON*`), so a submission gets a name only when it is listed here.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A variable and its value.
type Variable = (OsString, OsString);

/// The search path where the checker's own environment has none.
const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// The folders below a run's scratch folder that stand for a user's own.
const HOME: &str = "home";
const TMP: &str = "tmp";

/// Makes the private home and temporary folder that [`environment`] and [`build_environment`] name.
pub fn make_private_folders(scratch: &Path) -> io::Result<()> {
    fs::create_dir_all(scratch.join(HOME))?;
    fs::create_dir_all(scratch.join(TMP))
}

/// The whole environment of a running submission: the checker's `PATH`, private folders below `scratch` for home
/// and temporary files, UTF-8, the port it may use, and Python told to write its output at once and no caches.
///
/// `extra` is added at the end and wins over what is there. No name occurs twice.
#[must_use]
pub fn environment(scratch: &Path, port: u16, extra: &[(OsString, OsString)]) -> Vec<(OsString, OsString)> {
    let mut variables = common(scratch, &inherited);
    variables.push(("PORT".into(), port.to_string().into()));
    variables.push(("PYTHONUNBUFFERED".into(), "1".into()));
    variables.push(("PYTHONDONTWRITEBYTECODE".into(), "1".into()));
    with_extra(variables, extra)
}

/// The whole environment of a build or setup step: as [`environment`], without the port, and with the folders of
/// the user's toolchains by name, since the private home would hide them.
#[must_use]
pub fn build_environment(scratch: &Path, extra: &[(OsString, OsString)]) -> Vec<(OsString, OsString)> {
    let mut variables = common(scratch, &inherited);
    variables.extend(toolchains(&inherited, &|path| path.is_dir()));
    with_extra(variables, extra)
}

/// The whole environment of a check's own program, which is the author's: as [`build_environment`] with the user's own
/// home, what the program needs to know of the run, and Python told as a submission's is. `own` is a folder for its
/// temporary files that no submission sees.
#[must_use]
pub fn program_environment(own: &Path, base_url: &str, seed: u64) -> Vec<(OsString, OsString)> {
    let mut extra: Vec<Variable> = vec![
        ("TMPDIR".into(), own.into()),
        ("PYTHONUNBUFFERED".into(), "1".into()),
        ("PYTHONDONTWRITEBYTECODE".into(), "1".into()),
        ("CHECKER_BASE_URL".into(), base_url.into()),
        ("CHECKER_SEED".into(), seed.to_string().into()),
    ];
    extra.push(("HOME".into(), inherited("HOME").unwrap_or_else(|| own.into())));
    build_environment(own, &extra)
}

fn inherited(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn common(scratch: &Path, inherited: &dyn Fn(&str) -> Option<OsString>) -> Vec<Variable> {
    vec![
        ("PATH".into(), inherited("PATH").unwrap_or_else(|| USUAL_PATH.into())),
        ("HOME".into(), scratch.join(HOME).into()),
        ("TMPDIR".into(), scratch.join(TMP).into()),
        ("LANG".into(), "C.UTF-8".into()),
    ]
}

/// Where the compilers, caches and packages of this machine's user are: as the user's environment says, else where
/// each tool looks by default, if there is such a folder.
fn toolchains(inherited: &dyn Fn(&str) -> Option<OsString>, is_dir: &dyn Fn(&Path) -> bool) -> Vec<Variable> {
    let home = inherited("HOME").map(PathBuf::from);
    let below_home = |folder: &str| Some(home.as_ref()?.join(folder)).filter(|path| is_dir(path));
    let go_path = inherited("GOPATH").map(PathBuf::from).or_else(|| below_home("go"));
    // GOPATH is a list like PATH; modules are in its first folder (`go help modules`).
    let first = go_path.as_ref().and_then(|list| env::split_paths(list).next());
    let modules = first.map(|path| path.join("pkg/mod")).filter(|path| is_dir(path));
    let caches = inherited("XDG_CACHE_HOME").map(|caches| PathBuf::from(caches).join("go-build"));
    let go_cache = caches.or_else(|| below_home(".cache/go-build")).or_else(|| below_home("Library/Caches/go-build"));
    let found = [
        ("CARGO_HOME", below_home(".cargo")),
        ("RUSTUP_HOME", below_home(".rustup")),
        ("GOPATH", go_path),
        ("GOMODCACHE", modules),
        ("GOCACHE", go_cache),
        ("JAVA_HOME", None),
    ];
    let value = |name, default: Option<PathBuf>| inherited(name).or_else(|| default.map(Into::into));
    found.into_iter().filter_map(|(name, default)| Some((name.into(), value(name, default)?))).collect()
}

fn with_extra(mut variables: Vec<Variable>, extra: &[Variable]) -> Vec<Variable> {
    for (name, value) in extra {
        variables.retain(|(there, _)| there != OsStr::new(name));
        variables.push((name.clone(), value.clone()));
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(variables: &'a [Variable], name: &str) -> Option<&'a str> {
        let mut found = variables.iter().filter(|(there, _)| there == name);
        let value = found.next().map(|(_, value)| value.to_str().unwrap());
        assert!(found.next().is_none(), "`{name}` twice");
        value
    }

    #[test]
    fn only_listed_names_reach_a_submission() {
        let names: Vec<OsString> = environment(Path::new("/s"), 5000, &[]).into_iter().map(|(name, _)| name).collect();
        let expected = ["PATH", "HOME", "TMPDIR", "LANG", "PORT", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"];
        assert_eq!(names, expected.map(OsString::from));
    }

    #[test]
    fn extra_wins_and_no_name_is_there_twice() {
        let extra = [("PORT".into(), "7".into()), ("LANG".into(), "zh".into()), ("LANG".into(), "en".into())];
        let variables = environment(Path::new("/s"), 5000, &extra);
        assert_eq!(value(&variables, "PORT"), Some("7"));
        assert_eq!(value(&variables, "LANG"), Some("en"));
        assert_eq!(value(&variables, "HOME"), Some("/s/home"));
    }

    #[test]
    fn toolchains_are_named_where_they_are() {
        let user = |name: &str| match name {
            "HOME" => Some("/u".into()),
            "CARGO_HOME" => Some("/opt/cargo".into()),
            "JAVA_HOME" => Some("/opt/jdk".into()),
            "AWS_SECRET_ACCESS_KEY" => Some("secret".into()),
            _ => None,
        };
        let there = |path: &Path| ["/u/.rustup", "/u/go", "/u/go/pkg/mod"].iter().any(|known| path == Path::new(known));
        let variables = toolchains(&user, &there);
        assert_eq!(value(&variables, "CARGO_HOME"), Some("/opt/cargo"));
        assert_eq!(value(&variables, "RUSTUP_HOME"), Some("/u/.rustup"));
        assert_eq!(value(&variables, "GOMODCACHE"), Some("/u/go/pkg/mod"));
        assert_eq!(value(&variables, "GOCACHE"), None);
        assert_eq!(value(&variables, "JAVA_HOME"), Some("/opt/jdk"));
        assert_eq!(variables.len(), 5);
    }

    #[test]
    fn the_private_folders_are_made() {
        let scratch = tempfile::tempdir().unwrap();
        make_private_folders(scratch.path()).unwrap();
        for (name, path) in common(scratch.path(), &|_| None) {
            assert!(!["HOME", "TMPDIR"].map(OsString::from).contains(&name) || Path::new(&path).is_dir());
        }
    }
}
