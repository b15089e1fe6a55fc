//! Offsets become places on the screen and places become offsets, in every script, at three widths.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Pos2, vec2};
use icu_segmenter::GraphemeClusterSegmenter;
use rubricate::extract::plain;
use rubricate::model::article::{Article, BlockKind};
use rubricate::model::id::ArticleId;
use rubricate::text::range::TextRange;
use rubricate::ui::text::geometry::{Geometry, Stop};
use rubricate::ui::text::layout::{Engine, Setting};
use rubricate::ui::text::pieces;

/// What was looked at, and what no pointer could tell apart.
#[derive(Debug, Default)]
struct Count {
    stops: usize,
    /// Stops beside characters without width, where the hit gave another place at the very same spot.
    twins: usize,
}

/// Lays a text out at three widths, and checks each place where a caret can stand.
fn check(engine: &mut Engine, name: &str, text: &str, count: &mut Count) {
    if text.is_empty() {
        return;
    }
    let kind = BlockKind::Paragraph;
    let body = plain::blocks(text).into_iter().map(|(_, words)| (kind, words)).collect();
    let article = Article::new(ArticleId::new("a"), 1, "t", body).unwrap();
    assert_eq!(article.text().as_str(), text, "{name}");
    for width in [160.0, 420.0, 900.0] {
        let setting = Setting { width, ..Setting::default() };
        for piece in pieces::pieces(&article) {
            let geometry = engine.lay_out(article.text(), None, piece, setting, 2).geometry();
            let shown = TextRange::new(piece.range.start(), piece.range.start() + piece.shown);
            let words = shown.map_or("", |range| article.text().slice(range));
            let boundaries: Vec<u32> = GraphemeClusterSegmenter::new()
                .segment_str(words)
                .map(|byte| piece.range.start() + u32::try_from(words[..byte].chars().count()).unwrap())
                .collect();
            let mut edges: Vec<u32> = geometry.cells.iter().map(|cell| cell.range.start()).collect();
            edges.push(geometry.last_place());
            edges.sort_unstable();
            edges.dedup();
            assert_eq!(edges, if words.is_empty() { vec![piece.range.start()] } else { boundaries.clone() }, "{name}");
            for place in boundaries {
                for upstream in [false, true] {
                    stop(&geometry, Stop { place, upstream }, name, count);
                }
            }
        }
    }
}

fn stop(geometry: &Geometry, stop: Stop, name: &str, count: &mut Count) {
    const NEAR: f32 = 0.02;
    count.stops += 1;
    let caret = geometry.caret(stop);
    let hits = [-NEAR, 0.0, NEAR].map(|dx| geometry.hit(caret.center() + vec2(dx, 0.0)));
    if hits.iter().any(|hit| hit.place == stop.place) {
        return;
    }
    // Nobody can point between characters that have no width: some stop at the same spot is as good.
    let near = |at: Pos2| at.distance(caret.center()) < 0.1;
    let blank = |place: u32| {
        geometry.cells.iter().any(|cell| cell.range.contains(place) && cell.right - cell.left <= 2.0 * NEAR)
    };
    let beside = blank(stop.place) || stop.place.checked_sub(1).is_some_and(blank);
    assert!(
        beside && hits.iter().any(|hit| near(geometry.caret(*hit).center())),
        "{name}: {stop:?} at {:?} is hit as {hits:?}",
        caret.center()
    );
    count.twins += 1;
}

/// Strings that break programs: marks in heaps, families of emoji, controls, changes of direction.
const AWKWARD: [&str; 22] = [
    "Plain words.",
    "one\r\ntwo\rthree\n\nfour",
    "a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i",
    "a\tb\t\tc",
    "a\u{1}b\u{7f}c\u{1b}[31m",
    "💩 two 🤷🏽‍♀️ three",
    "family 👩‍👩‍👧‍👦 flag 🇳🇱🇩🇪 skin 👍🏽 keycap 1️⃣ end",
    "café cafe\u{301} naïve nai\u{308}ve",
    "\u{1112}\u{1161}\u{11ab}글 한",
    "access \u{202e}evil\u{202c} \u{2066}x\u{2069} level",
    "النص العربي with English وسط السطر 12.5 في",
    "שלום עולם abc דג 42 (סוף)",
    "English then עברית and العربية and back",
    "pay\u{200b}pal \u{2060}\u{feff}\u{ad}\u{180e} end",
    "ok\u{e0041}\u{e0042} tag",
    "\u{e000}\u{f8ff} \u{fffd}",
    "a\u{a0}b\u{202f}c\u{3000}d",
    "İstanbul ß ﬁ Ǆ ffi office",
    "क्षत्रिय राष्ट्रपति ने कहा",
    "นายกรัฐมนตรีกล่าวว่า",
    "今天北京天气很好，東京都知事が話した。",
    "  lead and trail  \n\n",
];

#[test]
fn every_place_is_found_again_in_awkward_strings() {
    let mut engine = Engine::new(false);
    let mut count = Count::default();
    for text in AWKWARD {
        check(&mut engine, text, text, &mut count);
    }
    check(&mut engine, "marks", &format!("z{} zalgo", "\u{351}".repeat(200)), &mut count);
    check(&mut engine, "one long word", &"x".repeat(9_000), &mut count);
    assert!(count.stops > 55_000 && count.twins < 300, "{count:?}");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_place_is_found_again_in_many_languages() {
    let root = PathBuf::from(std::env::var_os("RUBRICATE_CORPORA").expect("set RUBRICATE_CORPORA to the corpora"));
    let mut engine = Engine::new(true);
    let mut count = Count::default();
    let mut files = Vec::new();
    for folder in ["utf8", "ntrex", "stain", "legacy"] {
        crate::extract::files_below(&root.join("multilingual-text").join(folder), &mut files);
    }
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let Ok(decoded) = rubricate::extract::encoding::decode(&bytes, None) else { continue };
        let text: String = decoded.text.chars().take(6_000).collect();
        check(&mut engine, &file.display().to_string(), &text, &mut count);
    }
    // The strings of the test program for imports, as it writes them.
    let folder = tempfile::tempdir().unwrap();
    let script = root.join("../tools/bad_inputs.py");
    let made = std::process::Command::new("python3").arg(script).arg(folder.path()).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let mut strings = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(text) = text.filter(|_| name.starts_with("txt_")) {
            let start: String = text.chars().take(6_000).collect();
            check(&mut engine, &name, &start, &mut count);
            strings += 1;
        }
    }
    println!("{} files, {strings} strings, {count:?}", files.len());
    assert!(files.len() > 150 && strings > 25, "{} files, {strings} strings", files.len());
}
