//! Submissions with a makefile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::outcome::Problem;

use super::copy::copy;
use super::find::Match;
use super::program::{Launch, Program};
use super::search_path::{SearchPath, internal};
use super::text::read_source;
use super::walk::is_file_within;
use super::{Kind, Options, Submission};

/// The names that GNU make looks for, in its order.
pub(crate) const NAMES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];

/// Targets that start a server, the usual one first.
const RUN_TARGETS: [&str; 3] = ["run", "start", "serve"];

/// Starts the program that make has built: the first of the names given that is there and may be executed, else the
/// first such file of the folder. Only after the build is known which one there is.
const START_WHAT_WAS_BUILT: &str = r#"for name in "$@" ./*; do
  case $name in *.sh|*.py|*.so|*.a|*.o|*.la) continue;; esac
  case $name in /*|./*) ;; *) name=./$name;; esac
  if [ -f "$name" ] && [ -x "$name" ]; then exec "$name"; fi
done
echo 'make built no program that can be started' >&2
exit 127"#;

/// How long a line with its variables replaced may grow, in bytes, before no more are replaced.
const TEXT_LIMIT: usize = 4096;

/// How many variables and targets of a makefile are looked at.
const NAME_LIMIT: usize = 512;

/// Which makefiles count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One with a target that starts the server.
    RunTarget,
    /// Any that builds something.
    Any,
}

/// A makefile.
pub(crate) fn find(root: &Path, wanted: Wanted) -> Option<Match> {
    let name = NAMES.iter().map(PathBuf::from).find(|name| is_file_within(root, name))?;
    let makefile = Makefile::read(&read_source(&root.join(&name)));
    let counts = match wanted {
        Wanted::RunTarget => makefile.run_target().is_some(),
        Wanted::Any => makefile.goal.is_some(),
    };
    counts.then_some((Some(name), Kind::Make))
}

/// The commands for a submission with a makefile, in a copy of it: make writes beside its sources.
pub(crate) fn launch(submission: &Submission, options: &Options, search: &SearchPath) -> Result<Launch, Problem> {
    let root = &submission.root;
    let entry = submission.entry.as_deref().unwrap_or(Path::new(NAMES[2]));
    let make = search.need("make")?;
    let makefile = Makefile::read(&read_source(&root.join(entry)));
    let folder = copy(root, options.scratch).map_err(|error| internal(&error))?;
    let command = || Program::new(&folder, &make, "make");
    if let Some(target) = makefile.run_target() {
        // Where the first target leads to running the server, building it by itself would never end.
        let build = if makefile.builds(target) { vec![command()] } else { Vec::new() };
        return Ok(Launch { build, run: command().arg(target) });
    }
    let names = makefile.products();
    let mut run = Program::new(&folder, search.need("sh")?, "sh").args(["-c", START_WHAT_WAS_BUILT, "sh"]).args(&names);
    run.shown = vec![format!("./{}", names.first().map_or("server", String::as_str))];
    Ok(Launch { build: vec![command()], run })
}

/// The targets of a makefile with their prerequisites, as far as can be read without running make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Makefile {
    targets: BTreeMap<String, Vec<String>>,
    /// The target that plain `make` makes.
    goal: Option<String>,
}

impl Makefile {
    fn read(text: &str) -> Self {
        let mut makefile = Self::default();
        let mut variables: Vec<(String, String)> = Vec::new();
        for line in text.replace("\\\n", " ").lines() {
            let line = line.split('#').next().unwrap_or_default();
            if line.starts_with('\t') {
                continue;
            }
            if variables.len() + makefile.targets.len() > NAME_LIMIT {
                break;
            }
            if let Some((name, value)) = variable(line) {
                variables.push((name.to_owned(), expand(value, &variables)));
            } else if let Some((targets, needs)) = line.split_once(':') {
                makefile.add(&expand(targets, &variables), &expand(needs, &variables));
            }
        }
        let named = variables.into_iter().find(|(name, _)| name == ".DEFAULT_GOAL").map(|(_, value)| value);
        makefile.goal = named.or(makefile.goal);
        makefile
    }

    fn add(&mut self, targets: &str, needs: &str) {
        let needs: Vec<String> =
            needs.split(';').next().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        for target in targets.split_whitespace().filter(|target| !target.contains(['%', '$'])) {
            // A name that begins with a dot is a rule of make's own.
            if !target.starts_with('.') || target.contains('/') {
                self.goal.get_or_insert_with(|| target.to_owned());
                self.targets.entry(target.to_owned()).or_default().extend(needs.iter().cloned());
            }
        }
    }

    /// The target that starts the server.
    fn run_target(&self) -> Option<&'static str> {
        RUN_TARGETS.into_iter().find(|name| self.targets.contains_key(*name))
    }

    /// Whether plain `make` does something that is not running the server.
    fn builds(&self, run: &str) -> bool {
        self.goal.as_deref().is_some_and(|goal| !self.reaches(goal).iter().any(|name| name == run))
    }

    /// What plain `make` may make, without what is only on the way to it.
    fn products(&self) -> Vec<String> {
        let names = self.goal.as_deref().map(|goal| self.reaches(goal)).unwrap_or_default();
        let is_source =
            |name: &str| [".c", ".h", ".o", ".cc", ".cpp", ".hpp", ".go", ".rs"].iter().any(|end| name.ends_with(end));
        names.into_iter().filter(|name| !is_source(name)).collect()
    }

    /// A target and all that it needs, each once.
    fn reaches(&self, goal: &str) -> Vec<String> {
        let mut seen = vec![goal.to_owned()];
        let mut at = 0;
        while let Some(name) = seen.get(at).cloned() {
            for need in self.targets.get(&name).into_iter().flatten() {
                if !seen.contains(need) {
                    seen.push(need.clone());
                }
            }
            at += 1;
        }
        seen
    }
}

/// The name and value of an assignment of any of make's flavours.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '+', '?', '!']).trim();
    let is_name = !name.is_empty() && !name.contains([':', ' ', '\t']);
    is_name.then(|| (name, value.trim()))
}

/// The text with `$(NAME)` and `${NAME}` replaced where they are known; the last assignment counts.
///
/// It stops where the text grows past [`TEXT_LIMIT`]: variables that double each other would fill the memory.
fn expand(text: &str, variables: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in variables.iter().rev() {
        for reference in [format!("$({name})"), format!("${{{name}}}")] {
            if text.len() > TEXT_LIMIT || value.len() > TEXT_LIMIT {
                return text;
            }
            text = text.replace(&reference, value);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_with_variables_and_the_first_is_the_goal() {
        let makefile = Makefile::read(
            "CC := gcc\nNAME = server\n.PHONY: all run\nall: $(NAME) \\\n  tools\n\n\
             ${NAME}: main.o # x\n\t$(CC) a:b\n%.o: %.c\nrun: all ; ./server\n",
        );
        assert_eq!(makefile.goal.as_deref(), Some("all"));
        assert_eq!(makefile.targets.keys().collect::<Vec<_>>(), ["all", "run", "server"]);
        assert_eq!(makefile.products(), ["all", "server", "tools"]);
        assert_eq!(makefile.run_target(), Some("run"));
        assert!(makefile.builds("run"));
    }

    #[test]
    fn a_makefile_whose_first_target_runs_the_server_is_not_built_by_itself() {
        for text in ["run:\n\t./x\n", "all: run\nrun: x\nx:\n", ".DEFAULT_GOAL := run\nx:\nrun: x\n"] {
            assert!(!Makefile::read(text).builds("run"), "{text}");
        }
    }

    #[test]
    fn variables_that_double_each_other_do_not_fill_the_memory() {
        let doubling: String = (1..200).map(|n| format!("A{n} = $(A{})$(A{})\n", n - 1, n - 1)).collect();
        let makefile = Makefile::read(&format!("A0 = xxxxxxxx\n{doubling}all: $(A199)\n"));
        assert!(makefile.products().iter().map(String::len).sum::<usize>() < 1 << 24);
    }

    #[test]
    fn prerequisites_in_a_circle_end() {
        assert_eq!(Makefile::read("a: b\nb: a\n").products(), ["a", "b"]);
    }
}
