//! How the program is linked, so that it starts fast.

use std::env;
use std::path::Path;

/// The program is started twice for each run, and half of a start is spent by the dynamic linker.
///
/// At a fixed address it has none of the 30,000 pointers that would have to be set right first, and
/// the unwinder is part of it instead of a library to be found and loaded. Its own data, stack and libraries stay at
/// random addresses.
pub(super) fn for_a_fast_start() {
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_native = env::var_os("HOST") == env::var_os("TARGET");
    if !is_native || target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-no-pie");
    // A compiler that knows no such file says its bare name.
    #[expect(clippy::disallowed_types, reason = "the rule is for what the program starts")]
    let unwinder = std::process::Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    if unwinder.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute()) {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}
