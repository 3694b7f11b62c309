//! How the program is linked, so that it starts fast.

#![expect(clippy::disallowed_types, reason = "the rule is for what the program starts, not for how it is built")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program is started twice for each run, and most of a start is spent before `main`.
///
/// At a fixed address it has none of the 30,000 pointers that would have to be set right first, and
/// the unwinder is part of it instead of a library to be found and loaded. Its own data, stack and libraries stay at
/// random addresses.
pub(super) fn for_a_fast_start() {
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_native = env::var_os("HOST") == env::var_os("TARGET");
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if !is_native || is_static || target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-no-pie");
    // A compiler that knows no such file says its bare name.
    if said(Command::new("cc").arg("-print-file-name=libgcc_eh.a")).is_some_and(|path| Path::new(&path).is_absolute()) {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") && is_linked_by_lld() {
        put_together();
    }
}

/// Has the functions that a run needs lie side by side: half of the memory, and half of the pages to be brought in.
/// `benches/order.py` writes the list; a name in it that is none any more does no harm.
fn put_together() {
    let order = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("build/order.txt");
    println!("cargo:rerun-if-changed={}", order.display());
    for argument in [&format!("--symbol-ordering-file={}", order.display()), "--no-warn-symbol-ordering"] {
        println!("cargo:rustc-link-arg-bins=-Xlinker");
        println!("cargo:rustc-link-arg-bins={argument}");
    }
}

/// Whether the linker is the one that comes with Rust, which has been the usual one for this target since 1.90: others
/// know no such list.
fn is_linked_by_lld() -> bool {
    let was_chosen = env::var_os("RUSTC_LINKER").is_some()
        || env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
    let is_usual_here = env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu");
    if was_chosen || !is_usual_here {
        return false;
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = said(Command::new(&rustc).arg("--version")).unwrap_or_default();
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    // Not there where a distribution builds Rust for its own linker.
    let lld = said(Command::new(&rustc).args(["--print", "sysroot"]))
        .map(|sysroot| Path::new(&sysroot).join("lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld/ld.lld"));
    minor.is_some_and(|minor| minor >= 90) && lld.is_some_and(|lld| lld.exists())
}

/// What a command says in one line.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
