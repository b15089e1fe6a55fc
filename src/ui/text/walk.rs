//! Carries the caret through the text as the keys say; knows lines and directions from the layout.

use eframe::egui::{Event, Ui, pos2};

use crate::app::session::{Place, Session};
use crate::model::article::{Article, BlockKind};
use crate::text::range::TextRange;
use crate::text::unit::{self, Unit};
use crate::ui::text::caret::{self, Move, Step};
use crate::ui::text::geometry::{LineBox, Stop};
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
            self.extended |= step.extend;
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
        let stop = Stop { place: from, ..self.stop_of(from) };
        let to = match step.step {
            Step::Character => self.beside(article, stop, step.forward),
            Step::Word => Stop::before(word(article, from, step.forward != self.is_rtl(article, from))),
            Step::LineEnd => self.line_end(article, stop, step.forward),
            Step::Line => self.line(article, stop, step.forward),
            Step::Page => {
                let mut at = stop;
                let lines = (self.page / (self.setting.size * self.setting.line(BlockKind::Paragraph))).max(2.0) - 1.0;
                let mut line = 0.0;
                while line < lines {
                    at = self.line(article, at, step.forward);
                    line += 1.0;
                }
                at
            }
            Step::All => Stop::before(if step.forward { text.chars() } else { 0 }),
            Step::Block => {
                self.block(article, next, step);
                return;
            }
        };
        let anchor = next.anchor;
        self.stand(next, to);
        if step.extend {
            next.anchor = anchor;
        } else {
            next.span = None;
        }
    }

    /// Whether the lines at a place are read from right to left, so that the right arrow goes back.
    fn is_rtl(&mut self, article: &Article, place: u32) -> bool {
        let number = self.piece_of(place);
        self.lay(article, number);
        self.laid.get(&number).is_some_and(|kept| kept.geometry.rtl)
    }

    fn beside(&mut self, article: &Article, from: Stop, right: bool) -> Stop {
        let number = self.piece_of(from.place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let next = kept.geometry.beside(from, right).filter(|stop| stop.place <= kept.geometry.last_place());
        if let Some(stop) = next.filter(|stop| *stop != from) {
            return stop;
        }
        let onward = right != kept.geometry.rtl;
        let other = if onward { number + 1 } else { number.wrapping_sub(1) };
        let Some(piece) = self.pieces.get(other) else { return from };
        let end = piece.range.start() + piece.shown;
        // A part of a long block that goes on has no line end between: its last place is the next one's first.
        let end = if !onward && end == from.place { end.saturating_sub(1).max(piece.range.start()) } else { end };
        Stop::before(if onward { piece.range.start() } else { end })
    }

    fn line_end(&mut self, article: &Article, from: Stop, end: bool) -> Stop {
        let number = self.piece_of(from.place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let stop = kept.geometry.line_end(kept.geometry.line_of(from), end);
        Stop { place: stop.place.min(kept.geometry.last_place()), ..stop }
    }

    fn line(&mut self, article: &Article, from: Stop, down: bool) -> Stop {
        let number = self.piece_of(from.place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let x = *self.goal.get_or_insert(kept.geometry.caret(from).center().x);
        let line = kept.geometry.line_of(from);
        let next = if down { Some(line + 1) } else { line.checked_sub(1) };
        let middle = |line: &LineBox| pos2(x, f32::midpoint(line.top, line.bottom));
        if let Some(line) = next.and_then(|next| kept.geometry.lines.get(next)) {
            return kept.geometry.hit(middle(line));
        }
        let other = if down { number + 1 } else { number.wrapping_sub(1) };
        if other >= self.pieces.len() {
            return Stop::before(if down { article.text().chars() } else { 0 });
        }
        self.lay(article, other);
        let Some(kept) = self.laid.get(&other) else { return from };
        let line = if down { kept.geometry.lines.first() } else { kept.geometry.lines.last() };
        line.map_or(from, |line| kept.geometry.hit(middle(line)))
    }

    /// The block cursor: selects the next block, or one more.
    fn block(&mut self, article: &Article, next: &mut Place, step: Move) {
        let blocks = article.block_ranges();
        let whole =
            |index: usize| blocks.get(index).map(|block| unit::trim_space(article.text(), *block).unwrap_or(*block));
        let covered = |selection: TextRange| {
            let (first, last) = (article.block_index(selection.start()), article.block_index(selection.end() - 1));
            (whole(first)?.hull(whole(last)?) == selection).then_some((first, last))
        };
        let Some((first, last)) = next.selection().and_then(covered) else {
            let here = article.block_index(next.selection().map_or(next.caret, TextRange::start));
            // The first press takes the block where the caret is.
            if let Some(block) = whole(here) {
                next.select(block);
                next.span = None;
            }
            return;
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
