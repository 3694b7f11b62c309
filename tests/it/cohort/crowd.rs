//! A crowd: correct, wrong, hanging, crashing and hostile submissions side by side, all on whatever port they like, and
//! each gets exactly the verdicts that it gets alone.
//!
//! `COHORT_SIZE=500 cargo test --test it crowd` grades five hundred; what they cost is printed. With `COHORT_KILLS=10`
//! they are graded once more, by a grader that is killed at ten moments, and the gradebooks compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Class, read_csv};
use crate::support::{fixture, names, runtimes};

/// Each check's verdict by its id, as far as it is not passed.
type Verdicts = BTreeMap<String, &'static str>;

/// Python programs among the fixtures, with what must be said of them.
fn known() -> Vec<(PathBuf, Verdicts)> {
    let is_python = |folder: &Path| ["app.py", "main.py", "server.py"].iter().any(|name| folder.join(name).is_file());
    let good =
        names("submissions/good").into_iter().map(|name| (fixture("submissions/good").join(name), Verdicts::new()));
    let table = fs::read_to_string(fixture("submissions/wrong.toml")).unwrap();
    let table: toml::Table = toml::from_str(&table).unwrap();
    let wrong = table.iter().map(|(name, entry)| {
        let ids = |key: &str| entry.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let with = |key: &str, verdict| {
            ids(key).into_iter().map(move |id| (id.as_str().unwrap().to_owned(), verdict)).collect::<Vec<_>>()
        };
        let verdicts = with("fails", "failed").into_iter().chain(with("skipped", "skipped")).collect();
        (fixture("submissions/wrong").join(name), verdicts)
    });
    let all: Vec<_> = good.chain(wrong).filter(|(folder, _)| is_python(folder)).collect();
    assert!(all.len() > 100, "{}", all.len());
    all
}

/// Hostile programs that answer nothing right, whatever else they try.
const HOSTILE: [&str; 6] =
    ["never-answers", "drip", "invalid-http", "loops-in-start", "floods-and-dies", "group-killer"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Processor time of this process's children that have ended, in seconds.
fn processor_time() -> f64 {
    let used = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).unwrap();
    [used.user_time(), used.system_time()].iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum()
}

/// Grades the cohort again from nothing, killed as often as is asked for, and holds the gradebook against the first one.
fn compare_with_a_killed_one(class: &Class, arguments: &[&str], wall: f64) {
    let kills: u32 = std::env::var("COHORT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(0);
    if kills == 0 {
        return;
    }
    let before = read_csv(&class.file("book.csv"));
    fs::rename(class.file("results"), class.file("undisturbed")).unwrap();
    let mut random = fastrand::Rng::new();
    for _ in 0..kills {
        let (quiet, loud) = (Stdio::null(), Stdio::null());
        let mut child = class.command(arguments).stdout(quiet).stderr(loud).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(random.f64() * wall * 2.0 / f64::from(kills)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ran = class.grade(arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    let after = read_csv(&class.file("book.csv"));
    assert_eq!(fs::read_dir(class.file("results/reports")).unwrap().count(), before.len(), "one result each");
    // What depends on the clock and on the load, and no verdict does.
    let redacted = |line: &BTreeMap<String, String>| {
        let mut line = line.clone();
        line.remove("flaky");
        let words = line["cause"].split(|c: char| c.is_ascii_digit()).filter(|words| !words.is_empty());
        line.insert("cause".to_owned(), words.collect::<Vec<_>>().join("#"));
        line
    };
    let differs = |(key, line): &(&String, &BTreeMap<_, _>)| after.get(*key).map(redacted) != Some(redacted(line));
    let different: Vec<_> = before.iter().filter(differs).map(|(key, line)| (line, after.get(key))).collect();
    let flaky =
        |book: &BTreeMap<_, BTreeMap<String, String>>| book.values().filter(|line| line["flaky"] == "yes").count();
    eprintln!(
        "killed {kills} times: {} different, {} flaky and {} before",
        different.len(),
        flaky(&after),
        flaky(&before)
    );
    assert!(different.is_empty() && before.len() == after.len(), "{different:#?}");
}

#[test]
fn everybody_in_a_crowd_gets_the_verdicts_that_they_get_alone() {
    let size: usize = std::env::var("COHORT_SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(60);
    let class = Class::new();
    let mut known = known();
    fastrand::Rng::with_seed(3).shuffle(&mut known);
    let mut expected = BTreeMap::new();
    for (number, (folder, verdicts)) in known.iter().cycle().take(size - size / 10).enumerate() {
        let name = format!("student-{number:04}-{}", folder.file_name().unwrap().to_str().unwrap());
        copy(folder, &class.file("handed-in").join(&name));
        expected.insert(name, verdicts.clone());
    }
    for (number, hostile) in HOSTILE.iter().cycle().take(size / 10).enumerate() {
        let name = format!("hostile-{number:04}-{hostile}");
        copy(&fixture("submissions/hostile").join(hostile), &class.file("handed-in").join(&name));
    }
    let python = runtimes::python().to_str().unwrap();
    let limits = ["--request-timeout", "4s", "--ready-timeout", "6s"];
    let (began, used) = (Instant::now(), processor_time());
    let arguments = [&["--python", python, "--seed", "5", "-q", "-o", "csv=book.csv"], &limits[..]].concat();
    let ran = class.grade(&arguments);
    let (wall, used) = (began.elapsed().as_secs_f64(), processor_time() - used);
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    eprintln!(
        "{size} submissions in {wall:.1} s ({:.2} a second), {used:.1} s of processor time: {:.0} % of the bound on {processors} processors",
        size as f64 / wall,
        100.0 * used / processors / wall
    );
    assert_eq!(ran.code, Some(0), "{}", ran.page());
    compare_with_a_killed_one(&class, &arguments, wall);
    let mut wrong = Vec::new();
    for (key, line) in read_csv(&class.file("book.csv")) {
        let verdict = |id: &str| expected.get(&key).map(|verdicts| verdicts.get(id).copied().unwrap_or("passed"));
        match expected.get(&key) {
            None if line["earned"] == "0" => {}
            None => wrong.push(format!("{key}: {line:?}")),
            Some(_) => {
                let checks =
                    line.iter().filter(|(_, value)| ["passed", "failed", "skipped", "error"].contains(&value.as_str()));
                let differs =
                    |(id, found): &(&String, &String)| *id != "verdict" && verdict(id) != Some(found.as_str());
                wrong.extend(
                    checks
                        .filter(differs)
                        .map(|(id, found)| format!("{key}: {id} {found}, not {:?}; {}", verdict(id), line["cause"])),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}
