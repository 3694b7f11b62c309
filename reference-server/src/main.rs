//! The reference server as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    reference_server::main_with(std::env::args_os().skip(1))
}
