//! Carries the caret through the text as the keys say; knows lines and directions from the layout.

use eframe::egui::{Event, Ui, pos2};

use crate::app::session::{Place, Session};
use crate::model::article::{Article, BlockKind};
use crate::text::unit::{self, Unit};
use crate::ui::text::caret::{self, Move, Step};
use crate::ui::text::reader::Reader;

impl Reader {
    pub(super) fn keys(&mut self, ui: &Ui, session: &Session, article: &Article, next: &mut Place) {
        let focused = ui.memory(|memory| memory.focused());
        if focused.is_some_and(|id| id != Self::id())
            || ui.ctx().any_popup_open()
            || ui.memory(|memory| memory.top_modal_layer().is_some())
        {
            return;
        }
        let moves: Vec<Move> = ui.input(|input| {
            let keys = input.events.iter().filter_map(|event| match event {
                Event::Key { key, pressed: true, modifiers, .. } => caret::of_key(*key, *modifiers),
                _ => None,
            });
            keys.collect()
        });
        for step in moves {
            self.walk(session, article, next, step);
        }
    }

    fn walk(&mut self, session: &Session, article: &Article, next: &mut Place, step: Move) {
        let text = article.text();
        let vertical = matches!(step.step, Step::Line | Step::Page);
        if !vertical {
            self.goal = None;
        }
        // Without Shift a selection collapses to its end on that side.
        if let Some(selection) = next.selection()
            && !step.extend
            && step.step == Step::Character
        {
            next.set_caret(if step.forward { selection.end() } else { selection.start() });
            next.span = None;
            return;
        }
        // From a selected span the caret leaves at the side it goes to.
        let mut from = next.caret;
        if let Some((_, span)) = session.span()
            && next.span.is_some()
            && next.selection().is_none()
            && step.forward
            && step.step != Step::Block
            && span.at.contains(from)
        {
            from = span.at.end();
            next.set_caret(from);
            if step.step == Step::Character && !step.extend {
                next.span = None;
                return;
            }
        }
        let to = match step.step {
            Step::Character => self.beside(article, from, step.forward),
            Step::Word => word(article, from, step.forward),
            Step::LineEnd => self.line_end(article, from, step.forward),
            Step::Line => self.line(article, from, step.forward),
            Step::Page => {
                let mut at = from;
                let lines = (self.page / (self.setting.size * self.setting.line(BlockKind::Paragraph))).max(2.0) - 1.0;
                let mut line = 0.0;
                while line < lines {
                    at = self.line(article, at, step.forward);
                    line += 1.0;
                }
                at
            }
            Step::All => {
                if step.forward {
                    text.chars()
                } else {
                    0
                }
            }
            Step::Block => {
                self.block(article, next, step);
                return;
            }
        };
        next.caret = to;
        if !step.extend {
            next.anchor = to;
            next.span = None;
        }
    }

    fn beside(&mut self, article: &Article, from: u32, right: bool) -> u32 {
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        if let Some(place) = kept.laid.beside(article.text(), from, right)
            && place <= kept.laid.last_place()
        {
            return place;
        }
        let rtl = kept.laid.layout().is_rtl();
        let onward = right != rtl;
        match (onward, number) {
            (true, _) => self.pieces.get(number + 1).map_or(from, |piece| piece.range.start()),
            (false, 0) => from,
            (false, _) => self.pieces.get(number - 1).map_or(from, |piece| piece.range.start() + piece.shown),
        }
    }

    fn line_end(&mut self, article: &Article, from: u32, end: bool) -> u32 {
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let caret = kept.laid.caret(article.text(), from);
        let rightward = end != kept.laid.layout().is_rtl();
        let x = if rightward { f32::from(u16::MAX) } else { -1.0 };
        kept.laid.place_at(article.text(), pos2(x, caret.center().y))
    }

    fn line(&mut self, article: &Article, from: u32, down: bool) -> u32 {
        let text = article.text();
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let x = *self.goal.get_or_insert(kept.laid.caret(text, from).center().x);
        let line = kept.laid.line_of(text, from);
        let next = if down { Some(line + 1) } else { line.checked_sub(1) };
        if let Some(line) = next.and_then(|next| kept.laid.lines.get(next)) {
            return kept.laid.place_at(text, pos2(x, (line.top + line.bottom) / 2.0));
        }
        let other = if down { number + 1 } else { number.wrapping_sub(1) };
        if other >= self.pieces.len() {
            return if down { text.chars() } else { 0 };
        }
        self.lay(article, other);
        let Some(kept) = self.laid.get(&other) else { return from };
        let line = if down { kept.laid.lines.first() } else { kept.laid.lines.last() };
        line.map_or(from, |line| kept.laid.place_at(text, pos2(x, (line.top + line.bottom) / 2.0)))
    }

    /// The block cursor: selects the next block, or one more.
    fn block(&mut self, article: &Article, next: &mut Place, step: Move) {
        let blocks = article.block_ranges();
        let whole =
            |index: usize| blocks.get(index).map(|block| unit::trim_space(article.text(), *block).unwrap_or(*block));
        let (first, last) = match next.selection() {
            Some(selection) => (article.block_index(selection.start()), article.block_index(selection.end() - 1)),
            None => {
                let here = article.block_index(next.caret);
                // The first press takes the block where the caret is.
                if let Some(block) = whole(here) {
                    next.select(block);
                    next.span = None;
                }
                return;
            }
        };
        let (anchor, focus) = if next.caret < next.anchor { (last, first) } else { (first, last) };
        let moved = if step.forward { (focus + 1).min(blocks.len() - 1) } else { focus.saturating_sub(1) };
        let anchor = if step.extend { anchor } else { moved };
        let (Some(a), Some(b)) = (whole(anchor), whole(moved)) else { return };
        let all = a.hull(b);
        (next.anchor, next.caret) = if moved < anchor { (all.end(), all.start()) } else { (all.start(), all.end()) };
        next.span = None;
    }
}

/// Word by word: to the end of a word forward, to the start of one back.
fn word(article: &Article, from: u32, forward: bool) -> u32 {
    let all = article.block_ranges();
    let text = article.text();
    if forward {
        unit::block_at(all, from).map_or(from, |block| unit::next(text, block, from, Unit::Word))
    } else {
        let block = from.checked_sub(1).and_then(|before| unit::block_at(all, before));
        block.map_or(from, |block| unit::previous(text, block, from, Unit::Word))
    }
}
