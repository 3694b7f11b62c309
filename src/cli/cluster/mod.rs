//! `checker cluster`: the job files that grade a cohort's shards elsewhere. There is no queue of our own.

mod hosted;
mod kubernetes;
mod shell;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use super::args::Arguments;
use super::cohort_args::{Cluster, Engine};
use super::error::Error;
use super::{Ending, output};
use crate::locale::Catalogue;
use crate::message::Message;

/// A file to be written.
struct JobFile {
    name: &'static str,
    text: String,
    mode: u32,
}

/// What the templates are filled with.
struct Job<'a> {
    shards: u16,
    minutes: u16,
    cpus: u16,
    image: &'a str,
    grade: &'a [String],
}

impl Job<'_> {
    /// The arguments of `checker grade` as a shell reads them.
    fn grade_in_shell(&self) -> String {
        shell_words::join(self.grade)
    }
}

/// Writes the job files and says how to hand them in.
pub(super) fn cluster(wanted: &Cluster, arguments: &Arguments, catalogue: &Catalogue) -> Result<Ending, Error> {
    let Cluster { shards, minutes, cpus, image, grade, .. } = wanted;
    let job = Job { shards: *shards, minutes: *minutes, cpus: *cpus, image, grade };
    let (files, next) = match wanted.engine {
        Engine::Slurm => (shell::slurm(&job), "sh submit.sh"),
        Engine::Parallel => (shell::parallel(&job), "sh grade-parallel.sh"),
        Engine::Kubernetes => (kubernetes::kubernetes(&job), "kubectl apply -f checker-grade.yaml"),
        Engine::Gitlab => (hosted::gitlab(&job), "git add checker.gitlab-ci.yml"),
        Engine::Github => (hosted::github(&job), "git add checker-grade.yml"),
    };
    std::fs::create_dir_all(&wanted.into).map_err(|error| Error::file("error-write", &wanted.into, &error))?;
    let mut said = String::new();
    for file in files {
        let path = wanted.into.join(file.name);
        let made = OpenOptions::new().write(true).create_new(true).mode(file.mode).open(&path);
        let written = made.and_then(|mut made| made.write_all(file.text.as_bytes()));
        written.map_err(|error| Error::file("error-write", &path, &error))?;
        said.push_str(&format!("{}\n", path.display()));
    }
    output::stdout(&said, arguments.color.into())?;
    let next = catalogue.say(&Message::new("cluster-next").with("command", next));
    output::stderr(&format!("{next}\n"), arguments.color.into());
    Ok(Ending::Fine)
}
