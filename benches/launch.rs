//! What isolation costs at a launch: a program started plainly and at each level, in turn, and how long each takes
//! until it has ended.
//!
//! `cargo run --release --example launch -- target/release/checker [COUNT]`, 50 of each by default. Prints the median of
//! each in milliseconds beside that of the plain start, and how many launches failed.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_types, missing_docs, reason = "a benchmark")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use checker::sandbox::{Confinement, Exit, Form, Level, Limits, Network, Place, ProcessTree, Spawn, user_of_ones_own};

/// A way to start a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Plain,
    Supervised,
    At(Level),
}

const WAYS: [(Way, &str); 4] = [
    (Way::Plain, "plain spawn"),
    (Way::Supervised, "supervised"),
    (Way::At(Level::Partial), "partial"),
    (Way::At(Level::Full), "full"),
];

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let checker = PathBuf::from(arguments.next().expect("the checker's own program"));
    let checker = checker.canonicalize().unwrap();
    let count = arguments.next().map_or(50, |count| count.to_str().unwrap().parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // A submission's folder, so that there is something to lay a throw-away copy over.
    let folder = tempfile::tempdir().unwrap();
    for (name, argv) in [("true", &["/bin/true"][..]), ("python", &["/usr/bin/python3", "-c", "pass"])] {
        let mut times = WAYS.map(|_| Vec::new());
        let mut failed = 0;
        for _ in 0..count {
            for ((way, _), times) in WAYS.iter().zip(&mut times) {
                let began = Instant::now();
                let ended = runtime.block_on(run(*way, &checker, folder.path(), argv));
                failed += usize::from(!ended);
                times.push(began.elapsed());
            }
        }
        let plain = median(&mut times[0]);
        println!("{name}: {count} launches of each, {failed} failed");
        for ((_, way), times) in WAYS.iter().zip(&mut times) {
            let median = median(times);
            let more = median.saturating_sub(plain);
            println!("  {way:<12} {:>7.2} ms  +{:.2} ms", ms(median), ms(more));
        }
    }
}

/// Whether the program ended as it should.
async fn run(way: Way, checker: &Path, folder: &Path, argv: &[&str]) -> bool {
    let level = match way {
        Way::Plain => return std::process::Command::new(argv[0]).args(&argv[1..]).status().is_ok_and(|s| s.success()),
        Way::Supervised => None,
        Way::At(level) => Some(level),
    };
    let confinement = level.map(|level| Confinement {
        level,
        places: match level {
            Level::Full => vec![Place::new(folder, Form::Throwaway { layer: None })],
            Level::Partial => vec![Place::new(folder, Form::Shared)],
        },
        network: Network::Own,
        limits: Limits::of_a_server(60),
        user: user_of_ones_own(),
    });
    let spawn = Spawn {
        argv: argv.iter().map(OsString::from).collect(),
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        cwd: if level == Some(Level::Full) { folder.into() } else { "/".into() },
        confinement,
    };
    let Ok(mut tree) = ProcessTree::spawn_with(checker, &spawn).await else { return false };
    let exit = tree.ended().await;
    tree.stop().await;
    exit == Exit::Code(0)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
