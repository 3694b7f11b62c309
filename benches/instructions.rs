//! Does a piece of the pure layers' work so many times, for `instructions.py`, which counts what that takes.
//!
//! `cargo run --release --example instructions -- NAME COUNT`; without arguments it prints the names.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod pieces;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(wanted) = arguments.next() else {
        return pieces::pieces().iter().for_each(|(name, _)| println!("{name}"));
    };
    let count: usize = arguments.next().expect("how often").parse().expect("a number");
    let (_, work) = pieces::pieces().into_iter().find(|(name, _)| *name == wanted).expect("one of the names");
    (0..count).for_each(|_| work());
}
