//! Reading what is not the student's, writing what is, and reports that are none.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::attack::{Attack, at_every_level};

/// Everything that would help a student who has read it.
fn treasures(attack: &Attack) -> Vec<String> {
    let own = ["answers/secret.txt", "home/secret.txt", "neighbour/app.py"].map(|path| attack.beside(path));
    own.map(|path| path.to_str().unwrap().to_owned()).to_vec()
}

#[test]
fn answers_home_and_other_submissions_cannot_be_read() {
    at_every_level(|level| {
        let attack = Attack::new(level, "reader");
        let exercise = crate::support::root().join("exercises/cookies/exercise.toml");
        let mut paths = treasures(&attack);
        paths.extend([exercise.to_str().unwrap(), "../answers/secret.txt", "/etc/shadow"].map(str::to_owned));
        attack.tell("targets.txt", paths.join("\n"));
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let read = graded.said().matches(&attack.secret()).count();
        if level.is_full() {
            assert_eq!(read, 0, "{}", graded.said());
            assert!(!graded.said().contains("[[checks]]") && !graded.said().contains("root:"), "{}", graded.said());
            assert!(!graded.said().lines().any(|line| line.starts_with("read ")), "{}", graded.said());
        } else if level.name == "none" {
            assert_eq!(read, 4, "the probe can read what nothing protects: {}", graded.said());
        }
    });
}

#[test]
fn links_lead_out_of_no_submission() {
    at_every_level(|level| {
        let attack = Attack::new(level, "reader");
        let (secret, link) = (attack.beside("answers/secret.txt"), |name: &str| attack.submission.join(name));
        symlink(&secret, link("link-absolute")).unwrap();
        symlink("../answers/secret.txt", link("link-relative")).unwrap();
        symlink("../answers", link("folder")).unwrap();
        symlink("folder/secret.txt", link("link-through-folder")).unwrap();
        symlink("link-relative", link("link-to-link")).unwrap();
        symlink(format!("/proc/self/root{}", secret.display()), link("link-through-proc")).unwrap();
        let graded = attack.graded(&[]);
        assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
        let read = graded.said().matches(&attack.secret()).count();
        let expected = if level.is_full() { Some(0) } else { (level.name == "none").then_some(5) };
        assert!(expected.is_none_or(|expected| read == expected), "{}", graded.said());
    });
}

#[test]
fn the_checker_itself_follows_no_link_out() {
    at_every_level(|level| {
        // What is behind the link is neither run, nor quoted as the source of an error, nor digested.
        let attack = Attack::new(level, "link-bait");
        symlink("../answers/secret.txt", attack.submission.join("secret.py")).unwrap();
        let first = attack.graded(&[]);
        assert_eq!(first.problem(), Some("exited_early"));
        assert!(!first.stdout.contains(&attack.secret()), "{}", first.report["problem"]);
        fs::write(attack.beside("answers/secret.txt"), "another secret").unwrap();
        assert_eq!(first.report["submission"]["digest"], attack.graded(&[]).report["submission"]["digest"]);

        let attack = Attack::new(level, "link-bait");
        fs::remove_file(attack.submission.join("app.py")).unwrap();
        symlink("../neighbour/app.py", attack.submission.join("app.py")).unwrap();
        let graded = attack.graded(&[]);
        assert!(matches!(graded.problem(), Some("unrecognised" | "empty")), "{}", graded.report["problem"]);
        assert!(!graded.stdout.contains(&attack.secret()));
    });
}

/// A file outside of every temporary folder, removed at the end if it is there.
struct Shared(PathBuf);

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn what_a_submission_writes_stays_in_its_own_copy() {
    at_every_level(|level| {
        let attack = Attack::new(level, "vandal");
        let original = fs::read(attack.submission.join("app.py")).unwrap();
        let targets = ["answers/secret.txt", "home/secret.txt", "neighbour/app.py", "above.txt", "home/.bashrc"];
        let targets = targets.map(|path| attack.beside(path).to_str().unwrap().to_owned());
        // Shared memory is a place that nobody thinks of; what is left there is this test's to remove.
        let shared = Shared(Path::new("/dev/shm").join(attack.marker()));
        attack.tell("targets.txt", targets.join("\n") + "\n" + shared.0.to_str().unwrap());
        if level.is_full() {
            let graded = attack.graded(&[]);
            assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
            assert_eq!(fs::read(attack.submission.join("app.py")).unwrap(), original);
            assert!(attack.submission.join("targets.txt").exists());
            assert!(!shared.0.exists());
        } else {
            let graded = attack.graded_with_changes(attack.command(&[]));
            assert_eq!(graded.verdict(), "passed", "{}", graded.report["problem"]);
            assert!(graded.said().contains("wrote app.py"), "{}", graded.said());
        }
    });
}

#[test]
fn a_forged_report_is_only_text() {
    at_every_level(|level| {
        let attack = Attack::new(level, "forged-report");
        let file = attack.beside("reports/report.json");
        let file = file.to_str().unwrap();
        attack.tell("reports.txt", format!("{file}\n/dev/stdout\n/dev/fd/3\n/dev/fd/4\n/dev/fd/5\nreport.json\n"));
        let graded = attack.graded(&["--check", "echo-cookie", "-o", &format!("json={file}")]);
        assert_eq!((graded.verdict(), &graded.report["score"]["earned"]), ("failed", &0.into()));
        assert!(graded.said().contains("schema_version"), "the forged report is in the log: {}", graded.said());
        let text = fs::read_to_string(Path::new(file)).unwrap();
        if level.is_of_copies() {
            let book: serde_json::Value = serde_json::from_str(&text).unwrap();
            let row = &book["rows"][0];
            assert_eq!((&row["verdict"], &row["earned"]), (&"failed".into(), &0.into()), "{text}");
        } else {
            assert_eq!(text, graded.stdout, "the file is the checker's, written after the server was gone");
            assert_eq!(fs::read_dir(attack.beside("reports")).unwrap().count(), 1);
        }
    });
}
