#!/usr/bin/env bash
# Looks for bytes that break the readers: .ci/fuzz.sh SECONDS [TARGET…]
#
# Needs a C++ compiler and no nightly toolchain. What it learns is kept, as small as possible, in tests/data/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?how many seconds for each target}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(
    project journal_line txt jsonl answer
    html markdown rtf pdf eml mhtml warc feed nitf newsml ninjs docx epub xlsx zip
)

# What cargo-fuzz says to a stable compiler, without a sanitizer.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
export CARGO_TARGET_DIR="$PWD/target/fuzz"
# With a target named, the flags do not reach build scripts, which have no fuzzer to be linked with.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --locked --manifest-path tests/fuzz/Cargo.toml --target "$host"
# Without --cfg and the passes the tests and the program would be built anew each time.
unset RUSTFLAGS

for target in "${targets[@]}"; do
    kept=tests/data/fuzz/$target
    work=target/fuzz/corpus/$target
    mkdir -p "$kept" "$work" target/fuzz/smaller
    echo "== $target, $seconds s"
    FUZZ_TARGET=$target "target/fuzz/$host/debug/fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="target/fuzz/$target-" "$work" "$kept"
    rm -rf "target/fuzz/smaller/$target"
    mkdir "target/fuzz/smaller/$target"
    FUZZ_TARGET=$target "target/fuzz/$host/debug/fuzz" -set_cover_merge=1 -verbosity=0 "target/fuzz/smaller/$target" "$work" "$kept" 2>/dev/null
    rm -rf "$kept"
    cp -r "target/fuzz/smaller/$target" "$kept"
    du -sh "$kept"
done
