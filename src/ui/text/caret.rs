//! Where the caret goes by keys: character, word, line, block, page.

use eframe::egui::{Key, Modifiers};

/// How far a key moves the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One cluster, left or right as seen.
    Character,
    /// One word.
    Word,
    /// One line.
    Line,
    /// To the end of the line.
    LineEnd,
    /// One block, which becomes selected.
    Block,
    /// One page.
    Page,
    /// To the end of the article.
    All,
}

/// A move of the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// How far.
    pub step: Step,
    /// To the right or down.
    pub forward: bool,
    /// Keeps the other end of the selection.
    pub extend: bool,
}

/// The move that a key means, if it means one.
pub fn of_key(key: Key, keys: Modifiers) -> Option<Move> {
    let forward = matches!(key, Key::ArrowRight | Key::ArrowDown | Key::End | Key::PageDown);
    let step = match key {
        Key::ArrowLeft | Key::ArrowRight if keys.command => Step::Word,
        Key::ArrowLeft | Key::ArrowRight => Step::Character,
        Key::ArrowUp | Key::ArrowDown if keys.alt => Step::Block,
        Key::ArrowUp | Key::ArrowDown if !keys.command => Step::Line,
        Key::Home | Key::End if keys.command => Step::All,
        Key::Home | Key::End => Step::LineEnd,
        Key::PageUp | Key::PageDown if !keys.command => Step::Page,
        _ => return None,
    };
    Some(Move { step, forward, extend: keys.shift })
}
