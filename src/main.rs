//! The command line: everything is in the library's [`checker::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    checker::cli::main()
}

/// The one function of the system's mathematical library that this program would need, for the progress bar: with it
/// here, that library is neither looked for nor loaded at each start.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "it is what C calls `pow`")]
// SAFETY: it is called by this name with these types, and does the same.
#[unsafe(no_mangle)]
extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}
