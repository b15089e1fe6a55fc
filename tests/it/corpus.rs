//! Replays what the fuzzer kept: bytes that once took each way through the readers.

use std::fs;
use std::path::Path;

use crate::targets::TARGETS;

#[test]
fn what_the_fuzzer_kept_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz");
    let mut size = 0;
    for (name, target) in TARGETS {
        let files: Vec<_> = fs::read_dir(folder.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() > 10, "only {} files for {name}", files.len());
        for file in files {
            let bytes = fs::read(&file).unwrap();
            size += bytes.len();
            println!("{}", file.display());
            target(&bytes);
        }
    }
    assert!(size < 2 << 20, "{size} bytes are too many for the repository; make them smaller with .ci/fuzz.sh");
}
