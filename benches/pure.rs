//! What the pure layers cost: reading an exercise, judging an exchange, rendering a report.
//!
//! `cargo bench --bench pure` times them; `benches/instructions.py` counts their instructions, which are the same on a
//! busy machine.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod pieces;

use criterion::{Criterion, criterion_group, criterion_main};

fn pure(criterion: &mut Criterion) {
    for (name, work) in pieces::pieces() {
        criterion.bench_function(name, |bench| bench.iter(&work));
    }
}

criterion_group!(benches, pure);
criterion_main!(benches);
