//! Writing training data of 1,000 articles with 50 spans each.

mod sized;

use rubricate::dataset::example::examples;
use rubricate::format::output::One;
use rubricate::format::{WriteOptions, by_id};

fn main() {
    divan::main();
}

#[divan::bench(args = ["jsonl", "conll", "txt"], sample_count = 10, sample_size = 1)]
fn export(bencher: divan::Bencher<'_, '_>, format: &str) {
    let project = sized::project(1_000, 750, 50);
    let Some(write) = by_id(format).and_then(|format| format.writes) else { return };
    bencher.bench_local(|| {
        let mut bytes = Vec::new();
        let losses = write(&mut examples(&project, None), &WriteOptions::default(), &mut One(&mut bytes));
        (bytes, losses)
    });
}
