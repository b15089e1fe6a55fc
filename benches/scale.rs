//! Projects in folders of more and more articles: how long an edit takes to be on disk, and what opening costs.
//!
//! `cargo bench --bench scale -- 10 1000 10000 100000`: how many articles; the first three if none are given.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop, and says what it found")]

mod sized;

use std::path::Path;
use std::time::Instant;

use rubricate::app::command::Command;
use rubricate::app::run;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::store::open::Mode;

fn open(path: &Path) -> Session {
    let mut session = Session::open(path, Mode::Write, Env::fixed(1 << 50), None).unwrap();
    let first = session.order().first().cloned().unwrap();
    session.open_article(&first);
    assert!(session.article().is_some());
    session
}

fn main() {
    let counts: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![10, 1_000, 10_000] } else { counts };
    // Not in a temporary folder: that may be memory, where syncing costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for articles in counts {
        println!("{articles} articles of 300 words with 46 spans each");
        let path = folder.path().join(articles.to_string());
        let session = Session::create(&path, sized::project(articles, 300, 46), Env::fixed(1), None).unwrap();
        session.close().unwrap();
        sized::repeat("  open, show an article, close", 3, || open(&path).close().unwrap());
        let mut session = open(&path);
        let words = session.article().unwrap().text().as_str().split(' ').nth(9).unwrap().to_owned();
        _ = run::run(&mut session, &Command::Find(words)).unwrap();
        let label = ["person", "place"].map(|label| Command::Label(label.into()));
        let times = label.iter().cycle().take(400).map(|label| {
            let start = Instant::now();
            _ = run::run(&mut session, label).unwrap();
            session.flush().unwrap();
            start.elapsed()
        });
        let times = times.collect();
        sized::spread("  an edit until it is on disk", times);
        session.close().unwrap();
        std::fs::remove_dir_all(&path).unwrap();
    }
}
