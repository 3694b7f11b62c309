//! What comes out of good, broken and hostile archives, each made here byte by byte.

use super::*;
use crate::outcome::{Blame, ProblemCode};
use crate::submission::walk::walk;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

/// An entry of a zip archive as its bytes say it, true or not.
#[derive(Clone)]
struct Zipped<'a> {
    name: Vec<u8>,
    content: &'a [u8],
    /// The Unix mode with the file's type; zero as from a writer that knows none.
    mode: u32,
    flags: u16,
    method: u16,
    /// Said to be the size, instead of the content's own.
    size: Option<u32>,
    checksum: Option<u32>,
}

fn member<'a>(name: &str, content: &'a [u8]) -> Zipped<'a> {
    let name = name.as_bytes().to_vec();
    Zipped { name, content, mode: 0, flags: 0, method: 8, size: None, checksum: None }
}

fn with_mode(name: &str, mode: u32, content: &'static [u8]) -> Zipped<'static> {
    Zipped { mode, ..member(name, content) }
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

/// The fields that the local and the central header share.
fn fields(entry: &Zipped, data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(entry.content);
    let size = entry.size.unwrap_or(u32::try_from(entry.content.len()).unwrap());
    let mut bytes = vec![20, 0];
    bytes.extend(entry.flags.to_le_bytes());
    bytes.extend(entry.method.to_le_bytes());
    bytes.extend([0, 0, 0x21, 0x50]);
    for number in [entry.checksum.unwrap_or(crc.sum()), u32::try_from(data.len()).unwrap(), size] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(u16::try_from(entry.name.len()).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn zip_of(entries: &[Zipped]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let data = if entry.method == 8 { deflated(entry.content) } else { entry.content.to_vec() };
        let (fields, start) = (fields(entry, &data), u32::try_from(bytes.len()).unwrap());
        bytes.extend(b"PK\x03\x04".iter().chain(&fields).chain(&entry.name).chain(&data));
        directory.extend(b"PK\x01\x02\x14\x03".iter().chain(&fields));
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(&entry.name);
    }
    let (start, length) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0".iter().chain(&count).chain(&count));
    bytes.extend(length.to_le_bytes().iter().chain(&start.to_le_bytes()).chain(&[0, 0]));
    bytes
}

/// A tar archive of entries that are written as they are, whatever their names.
fn tar_of(entries: &[(&str, ::tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, kind, content) in entries {
        let mut header = ::tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o6755);
        header.set_size(content.len() as u64);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name_literal("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// What comes out of an archive: its files, else the message.
fn unpacked(name: &str, bytes: &[u8], caps: Caps) -> String {
    let around = tempfile::tempdir().unwrap();
    let (archive, scratch) = (around.path().join(name), around.path().join("scratch"));
    fs::write(&archive, bytes).unwrap();
    fs::create_dir(&scratch).unwrap();
    let outcome = unpack_within(&archive, &scratch, caps);
    let beside = fs::read_dir(around.path()).unwrap().count() + fs::read_dir(&scratch).unwrap().count();
    assert!(beside <= 3, "something lies outside");
    match outcome {
        Ok(unpacked) => {
            let written: u64 = walk(&unpacked.folder).iter().map(|entry| entry.size).sum();
            assert!(written <= caps.total);
            let files = walk(&unpacked.folder).into_iter().map(|entry| entry.path.to_str().unwrap().to_owned());
            files.collect::<Vec<_>>().join(" ")
        }
        Err(problem) => {
            assert_eq!(problem.blame, Blame::Submission, "{}", problem.message);
            assert!(matches!(problem.code, ProblemCode::Unrecognised | ProblemCode::Empty));
            problem.message.to_string()
        }
    }
}

fn unzipped(entries: &[Zipped]) -> String {
    unpacked("work.zip", &zip_of(entries), Caps::default())
}

fn untarred(entries: &[(&str, ::tar::EntryType, &[u8])]) -> String {
    let (plain, packed) = (tar_of(entries), gzipped(&tar_of(entries)));
    let plain = unpacked("work.tar", &plain, Caps::default());
    assert_eq!(plain.replace("work.tar", "work.tgz"), unpacked("work.tgz", &packed, Caps::default()));
    plain
}

fn check_refused(said: &str, id: &str, entry: &str) {
    assert!(said.starts_with(&format!("{id} ")), "{said}, not {id}");
    assert!(said.contains(&format!("{entry:?}")), "{said} does not name {entry:?}");
}

const REGULAR: ::tar::EntryType = ::tar::EntryType::Regular;

#[test]
fn files_and_folders_come_out_and_leftovers_do_not() {
    let entries = [
        member("work/", b""),
        member("work/app.py", b"x"),
        member("work/static/a.css", b"y"),
        member("__MACOSX/work/._app.py", b"z"),
        member("work/.DS_Store", b"z"),
        Zipped { method: 0, ..member("work/README", b"stored") },
    ];
    assert_eq!(unzipped(&entries), "work/README work/app.py work/static/a.css");
    let folder = ::tar::EntryType::Directory;
    let entries: [(&str, _, &[u8]); 4] =
        [("./", folder, b""), ("./work", folder, b""), ("./work/app.py", REGULAR, b"x"), ("._work", REGULAR, b"z")];
    assert_eq!(untarred(&entries), "work/app.py");
}

#[test]
fn names_from_chinese_windows_are_read() {
    let gbk = encoding_rs::GBK.encode("作业\\乗上次\\主程序.py").0.into_owned();
    let utf8 = Zipped { flags: 0x800, ..member("作业/数据.txt", b"x") };
    let found = unzipped(&[Zipped { name: gbk, ..member("", b"x") }, utf8]);
    assert_eq!(found, "作业/乗上次/主程序.py 作业/数据.txt");
    // Neither UTF-8 nor GBK: the format's own characters.
    assert_eq!(unzipped(&[Zipped { name: b"caf\x82.py".to_vec(), ..member("", b"x") }]), "café.py");
}

#[test]
fn who_may_execute_is_kept_and_nothing_else_of_a_mode() {
    let modes = |archive: &str, bytes: &[u8]| {
        let around = tempfile::tempdir().unwrap();
        fs::write(around.path().join(archive), bytes).unwrap();
        let folder = unpack(&around.path().join(archive), around.path()).unwrap().folder;
        ["run.sh", "app.py"].map(|name| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o7777)
    };
    let zipped = [with_mode("run.sh", 0o106_711, b"x"), with_mode("app.py", 0o100_600, b"x")];
    assert_eq!(modes("a.zip", &zip_of(&zipped)), [0o755, 0o644]);
    let tarred = tar_of(&[("run.sh", REGULAR, b"x"), ("app.py", REGULAR, b"x")]);
    assert_eq!(modes("a.tar", &tarred), [0o755, 0o755]);
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    for name in ["../evil.py", "a/../../evil.py", "/tmp/evil.py", "..\\evil.py", "C:\\evil.py", "\\evil.py"] {
        check_refused(&unzipped(&[member("app.py", b"x"), member(name, b"x")]), "problem-archive-outside", name);
        let said = untarred(&[("app.py", REGULAR, b"x"), (name, REGULAR, b"x")]);
        check_refused(&said, "problem-archive-outside", name);
    }
}

#[test]
fn links_are_not_made_and_nothing_is_written_through_them() {
    let link = with_mode("out", 0o120_777, b"/tmp");
    assert_eq!(unzipped(&[link.clone(), member("app.py", b"x")]), "app.py");
    let said = unzipped(&[link.clone(), member("out/evil.py", b"x")]);
    check_refused(&said, "problem-archive-not-a-folder", "out/evil.py");
    check_refused(&unzipped(&[link, member("./out", b"x")]), "problem-archive-duplicate", "./out");
    for kind in [::tar::EntryType::Symlink, ::tar::EntryType::Link] {
        assert_eq!(untarred(&[("out", kind, b""), ("app.py", REGULAR, b"x")]), "app.py");
        let said = untarred(&[("out", kind, b""), ("out/evil.py", REGULAR, b"x")]);
        check_refused(&said, "problem-archive-not-a-folder", "out/evil.py");
        check_refused(&untarred(&[("out", kind, b""), ("out", REGULAR, b"x")]), "problem-archive-duplicate", "out");
    }
}

#[test]
fn a_place_that_is_taken_is_not_taken_twice() {
    let one = member("app.py", b"1");
    check_refused(&unzipped(&[one.clone(), one.clone()]), "problem-archive-duplicate", "app.py");
    check_refused(&unzipped(&[one.clone(), member("./app.py", b"2")]), "problem-archive-duplicate", "./app.py");
    check_refused(&unzipped(&[one, member("app.py/x", b"2")]), "problem-archive-not-a-folder", "app.py/x");
    check_refused(&unzipped(&[member("a/x", b"1"), member("a", b"2")]), "problem-archive-duplicate", "a");
    let said = untarred(&[("app.py", REGULAR, b"1"), ("app.py", REGULAR, b"2")]);
    check_refused(&said, "problem-archive-duplicate", "app.py");
    // A folder that is named again is no second file.
    assert_eq!(unzipped(&[member("a/", b""), member("a/x", b"1"), member("a\\", b"")]), "a/x");
}

#[test]
fn devices_and_pipes_are_refused() {
    for kind in [::tar::EntryType::Fifo, ::tar::EntryType::Char, ::tar::EntryType::Block] {
        let said = untarred(&[("app.py", REGULAR, b"x"), ("pipe", kind, b"")]);
        check_refused(&said, "problem-archive-special", "pipe");
    }
    check_refused(&unzipped(&[with_mode("pipe", 0o010_644, b"")]), "problem-archive-special", "pipe");
}

#[test]
fn a_bomb_ends_at_its_cap() {
    let zeros = vec![0; 4 << 20];
    assert!(unzipped(&[member("zeros", &zeros)]).starts_with("problem-archive-bomb"));
    assert!(untarred(&[("zeros", REGULAR, &[0; 1000])]).starts_with("zeros"));
    let packed = gzipped(&tar_of(&[("zeros", REGULAR, &zeros)]));
    assert!(unpacked("work.tar.gz", &packed, Caps::default()).starts_with("problem-archive-bomb"));
    // A little may well be all zeros.
    assert_eq!(unzipped(&[member("zeros", &zeros[..1 << 20])]), "zeros");
}

#[test]
fn files_sizes_and_their_sum_have_caps() {
    let caps = Caps { names: 4, file: 2 << 20, total: 3 << 20, ratio: 10_000, small: 0 };
    let mib = vec![0; 1 << 20];
    let large = [&mib[..], &mib, b"x"].concat();
    let said = |entries: &[Zipped]| unpacked("work.zip", &zip_of(entries), caps);
    assert_eq!(said(&[member("a", &mib), member("b", &mib)]), "a b");
    check_refused(&said(&[member("a", &large)]), "problem-archive-file-large", "a");
    let many: Vec<Zipped> = ["a", "b", "c", "d"].map(|name| member(name, &mib)).into();
    check_refused(&said(&many), "problem-archive-large", "3 MiB");
    let tar = tar_of(&["a", "b", "c", "d"].map(|name| (name, REGULAR, &mib[..])));
    check_refused(&unpacked("work.tar.gz", &gzipped(&tar), caps), "problem-archive-large", "3 MiB");
    // Folders are names too, whether or not they have an entry of their own.
    assert!(said(&[member("a/b/c/d/e", b"x")]).starts_with("problem-archive-many"));
    let five: Vec<Zipped> = (0..5).map(|n| member(&format!("{n}/.DS_Store"), b"x")).collect();
    assert!(said(&five).starts_with("problem-archive-many"));
    let five = tar_of(&[".DS_Store"; 5].map(|name| (name, REGULAR, &b""[..])));
    assert!(unpacked("work.tar", &five, caps).starts_with("problem-archive-many"));
}

#[test]
fn headers_of_a_tar_have_a_cap_of_their_own() {
    // A name of 8 MiB would be held in memory as a whole.
    let name = vec![b'a'; 8 << 20];
    let tar = tar_of(&[("././@LongLink", ::tar::EntryType::GNULongName, &name), ("a", REGULAR, b"x")]);
    check_refused(&unpacked("work.tgz", &gzipped(&tar), Caps::default()), "problem-archive-damaged", "work.tgz");
}

#[test]
fn an_archive_that_is_cut_short_is_damaged() {
    let zip = zip_of(&[member("app.py", b"some content"), member("b.py", b"x")]);
    let random: Vec<u8> = (0..5000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let tar = tar_of(&[("app.py", REGULAR, &random)]);
    let packed = gzipped(&tar);
    for (name, bytes) in [("a.zip", &zip), ("a.tar", &tar), ("a.tar.gz", &packed)] {
        assert!(!unpacked(name, bytes, Caps::default()).starts_with("problem"));
        let cut = &bytes[..bytes.len() / 2];
        let said = unpacked(name, cut, Caps::default());
        assert!(said.contains("damaged"), "{name}: {said}");
    }
    assert!(unpacked("a.zip", b"PK\x03\x04", Caps::default()).starts_with("problem-archive-damaged"));
    assert!(unpacked("a.tar", &[b'x'; 2000], Caps::default()).starts_with("problem-archive-damaged"));
    assert!(unpacked("a.zip", b"", Caps::default()).starts_with("problem-archive-damaged"));
}

#[test]
fn a_lie_about_a_size_changes_nothing_and_one_about_a_checksum_is_found_out() {
    let honest = member("app.py", b"from flask import Flask");
    for size in [0, 3, 1 << 30, u32::MAX - 1] {
        let around = tempfile::tempdir().unwrap();
        fs::write(around.path().join("a.zip"), zip_of(&[Zipped { size: Some(size), ..honest.clone() }])).unwrap();
        match unpack(&around.path().join("a.zip"), around.path()) {
            Ok(unpacked) => assert_eq!(fs::read(unpacked.folder.join("app.py")).unwrap(), honest.content, "{size}"),
            Err(problem) => assert_eq!(problem.message.id, "problem-archive-entry-damaged", "{size}"),
        }
    }
    let said = unzipped(&[Zipped { checksum: Some(7), ..honest }]);
    check_refused(&said, "problem-archive-entry-damaged", "app.py");
}

#[test]
fn a_password_or_a_method_of_its_own_is_named() {
    let entry = member("app.py", b"x");
    let encrypted = unzipped(&[Zipped { flags: 1, ..entry.clone() }]);
    check_refused(&encrypted, "problem-archive-encrypted", "app.py");
    // Of files that AES protects, the method says so.
    let aes = unzipped(&[Zipped { flags: 1, method: 99, ..entry.clone() }]);
    assert!(aes.starts_with("problem-archive-encrypted") || aes.starts_with("problem-archive-damaged"), "{aes}");
    check_refused(&unzipped(&[Zipped { method: 14, ..entry }]), "problem-archive-method", "app.py");
}

#[test]
fn an_archive_of_another_form_is_known_by_its_first_bytes() {
    for (name, bytes, form) in [
        ("a.rar", &b"Rar!\x1a\x07\x01\x00"[..], "RAR"),
        ("a.zip", b"Rar!\x1a\x07\x00", "RAR"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "7z"),
        ("a.tar.xz", b"\xfd7zXZ\x00", "xz"),
        ("a.tar.bz2", b"BZh91AY", "bzip2"),
        ("a.tar.zst", b"\x28\xb5\x2f\xfd", "zstd"),
        ("app.py.gz", b"\x1f\x8b\x08", "gzip"),
    ] {
        check_refused(&unpacked(name, bytes, Caps::default()), "problem-archive-form", form);
    }
    let tar = tar_of(&[("app.py", REGULAR, b"x")]);
    assert_eq!(unpacked("renamed.zip", &gzipped(&tar), Caps::default()), "app.py");
    assert_eq!(unpacked("renamed.rar", &zip_of(&[member("app.py", b"x")]), Caps::default()), "app.py");
}

#[test]
fn an_archive_without_files_is_empty() {
    for said in [unzipped(&[]), unzipped(&[member("a/", b"")]), untarred(&[]), unzipped(&[member("a/.DS_Store", b"x")])]
    {
        assert!(said.starts_with("problem-archive-empty"), "{said}");
    }
}

#[test]
fn unpacking_again_leaves_nothing_of_the_first_time() {
    let around = tempfile::tempdir().unwrap();
    for name in ["one.py", "two.py"] {
        fs::write(around.path().join("a.zip"), zip_of(&[member(name, b"x")])).unwrap();
        let folder = unpack(&around.path().join("a.zip"), around.path()).unwrap().folder;
        assert_eq!(walk(&folder).len(), 1);
    }
}

#[test]
fn a_disk_that_cannot_be_written_is_not_the_students_fault() {
    let around = tempfile::tempdir().unwrap();
    fs::write(around.path().join("a.zip"), zip_of(&[member("app.py", b"x")])).unwrap();
    let problem = unpack(&around.path().join("a.zip"), &around.path().join("nowhere")).unwrap_err();
    assert_eq!((problem.code, problem.blame), (ProblemCode::Internal, Blame::Environment));
}

#[test]
fn a_name_cannot_play_tricks_on_a_terminal() {
    let said = unzipped(&[member("../\u{1b}[2J\n.py", b"x")]);
    assert!(said.contains(r"../\\u{1b}[2J\\n.py"), "{said}");
}

#[test]
fn no_damage_of_a_few_bytes_does_harm() {
    let content: Vec<u8> = (0..2000u32).flat_map(|n| (n * n).to_le_bytes()).collect();
    let zip = zip_of(&[member("a/app.py", &content), with_mode("link", 0o120_777, b"/tmp"), member("b/", b"")]);
    let tar = gzipped(&tar_of(&[("a/app.py", REGULAR, &content), ("link", ::tar::EntryType::Symlink, b"")]));
    let plain = tar_of(&[("a/app.py", REGULAR, &content[..600]), ("b", ::tar::EntryType::Directory, b"")]);
    let mut random = fastrand::Rng::with_seed(7);
    for (name, whole) in [("a.zip", zip), ("a.tgz", tar), ("a.tar", plain)] {
        for _ in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            // Either it comes out or it is the submission's problem; what lies outside is looked at in there.
            let around = tempfile::tempdir().unwrap();
            fs::write(around.path().join(name), &bytes).unwrap();
            let outcome = unpack(&around.path().join(name), around.path());
            assert!(outcome.is_ok() || outcome.is_err_and(|problem| problem.blame == Blame::Submission));
            assert!(fs::read_dir(around.path()).unwrap().count() <= 2);
        }
    }
}
