//! The command line: everything is in the library's [`checker::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    checker::cli::main()
}
