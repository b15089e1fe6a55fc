//! Label and undo in an article of 200,000 words with 5,000 spans, and what the window does after each.

#![allow(clippy::unwrap_used, reason = "a bench may stop")]

mod sized;

use std::time::Instant;

use eframe::egui::Context;
use rubricate::app::command::Command;
use rubricate::app::run::{self, Outcome};
use rubricate::app::session::Session;
use rubricate::model::id::LabelId;
use rubricate::text::range::TextRange;
use rubricate::ui::text::marks::Marks;
use rubricate::ui::theme::Palette;

/// Selects some words and labels them.
fn label(session: &mut Session, at: u32) {
    session.place.select(TextRange::new(at, at + 9).unwrap());
    let outcome = run::run(session, &Command::Label(LabelId::new("person"))).unwrap();
    assert!(matches!(outcome, Outcome::Done(_)));
}

fn undo(session: &mut Session) {
    assert!(matches!(run::run(session, &Command::Undo).unwrap(), Outcome::Done(_)));
}

fn main() {
    let mut session = sized::long();
    let palette = Palette::of(&Context::default());
    let chars = session.article().unwrap().text().chars();
    let mut dice = sized::Dice::new(3);
    let (mut labels, mut undos, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..300 {
        let at = dice.roll(chars - 10);
        let start = Instant::now();
        label(&mut session, at);
        labels.push(start.elapsed());
        let start = Instant::now();
        std::hint::black_box(Marks::new(&session, &palette));
        marks.push(start.elapsed());
        let start = Instant::now();
        undo(&mut session);
        undos.push(start.elapsed());
    }
    sized::spread("label", labels);
    sized::spread("undo", undos);
    sized::spread("sort the spans for drawing", marks);
    divan::main();
}

#[divan::bench]
fn label_and_undo(bencher: divan::Bencher<'_, '_>) {
    let mut session = sized::long();
    bencher.bench_local(|| {
        label(&mut session, 400_001);
        undo(&mut session);
    });
}

#[divan::bench]
fn marks(bencher: divan::Bencher<'_, '_>) {
    let session = sized::long();
    let palette = Palette::of(&Context::default());
    bencher.bench_local(|| Marks::new(&session, &palette));
}
