//! Runs libFuzzer on the target named in `FUZZ_TARGET`.
#![no_main]

#[path = "../../it/targets.rs"]
mod targets;

use std::sync::LazyLock;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("say which target in FUZZ_TARGET");
    targets::TARGETS.iter().find(|(own, _)| *own == name).expect("there is no such target").1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
