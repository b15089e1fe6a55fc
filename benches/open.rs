//! Opening and checkpointing a project of 1,000 articles with 50 spans each.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop, and says what it found")]

mod sized;

use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::store::open::Mode;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.ron");
    Session::create(&path, sized::project(1_000, 750, 50), Env::fixed(1), None).unwrap().close().unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    println!("1,000 articles of 750 words with 50 spans each, {:.1} MB in one file", size as f64 / 1e6);
    let open = |mode| Session::open(&path, mode, Env::fixed(1), None).unwrap();
    sized::repeat("open to read", 10, || open(Mode::Read));
    sized::repeat("open to write", 10, || open(Mode::Write));
    let bytes = std::fs::read_to_string(&path).unwrap();
    sized::repeat("  of which parse", 10, || {
        let body = rubricate::store::ron::split_header("project", &bytes).1;
        rubricate::store::ron::from_str::<Vec<rubricate::store::layout::Part>>(body).unwrap()
    });
    let session = open(Mode::Read);
    let all = rubricate::store::layout::Changes::whole(session.project(), session.history().last_id());
    sized::repeat("write all parts, without the disk", 5, || {
        all.parts().map(|part| part.unwrap().len()).sum::<usize>()
    });
    sized::repeat("count everything", 5, || rubricate::dataset::stats::Stats::new(session.project()));
}
