//! What screen readers see of the article: runs of text under each block in sight, the caret, and a node for each span.
//!
//! A run is a stretch of a line in one direction, in reading order, of at most 255 grapheme clusters, since word starts
//! are counted in bytes. Without a screen reader only the parts that the pointer can rest on are made.

use eframe::egui::accesskit::{self, Action, ActionData, NodeId, TextDirection, TextPosition, TextSelection};
use eframe::egui::{Event, Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::session::Place;
use crate::model::article::{Article, BlockKind};
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit;
use crate::ui::text::draw::name;
use crate::ui::text::geometry::{Cell, Geometry};
use crate::ui::text::marks::{Mark, Marks};
use crate::ui::text::reader::{Page, Reader};
use crate::ui::text::scroll::InSight;
use crate::ui::view::{Ask, Asks};

/// Clusters in a run at most.
const LONGEST: usize = 255;

/// A stretch of a line in one direction, as a screen reader wants it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The words.
    pub value: String,
    /// Bytes of each cluster.
    pub lengths: Vec<u8>,
    /// Where each cluster begins in the direction of the run, in points.
    pub positions: Vec<f32>,
    /// Width of each cluster, in points.
    pub widths: Vec<f32>,
    /// Clusters where a word begins.
    pub words: Vec<u8>,
    /// Code point of the text where each cluster begins, and where the last one ends.
    pub places: Vec<u32>,
    /// Read from right to left.
    pub rtl: bool,
    /// The line it is on.
    pub line: usize,
    /// Left and right end, in points from the piece's corner.
    pub sides: (f32, f32),
}

impl Run {
    fn new(line: usize, rtl: bool, side: f32, place: u32) -> Self {
        Self { line, rtl, sides: (side, side), places: vec![place], ..Self::default() }
    }

    /// Which cluster a place belongs to; the number of clusters for the end.
    fn index(&self, place: u32) -> Option<usize> {
        let (first, last) = (self.places.first()?, self.places.last()?);
        (*first <= place && place <= *last)
            .then(|| self.places.partition_point(|start| *start <= place).saturating_sub(1))
    }

    fn push(&mut self, words: &str, to: u32, width: f32, starts_word: bool) {
        if starts_word && let Ok(index) = u8::try_from(self.lengths.len()) {
            self.words.push(index);
        }
        self.positions.push(self.sides.1 - self.sides.0);
        self.value.push_str(words);
        self.lengths.push(u8::try_from(words.len()).unwrap_or(u8::MAX));
        self.widths.push(width);
        self.places.push(to);
        if self.rtl { self.sides.0 -= width } else { self.sides.1 += width }
    }
}

/// The runs of a piece in reading order. The last one ends with the piece's line ends, which are not drawn.
pub fn runs(geometry: &Geometry, text: &Text) -> Vec<Run> {
    let piece = geometry.piece;
    let starts = word_starts(text, piece.range);
    let mut runs: Vec<Run> = Vec::new();
    for number in 0..geometry.lines.len() {
        // Cells stand as they are seen; they are read in the order of the text.
        let mut cells: Vec<&Cell> = geometry.cells_of(number).iter().collect();
        cells.sort_by_key(|cell| cell.range.start());
        let mut fresh = true;
        for cell in cells {
            let mut from = cell.range.start();
            let mut width = cell.right - cell.left;
            let starts_word = starts.binary_search(&from).is_ok();
            let mut side = if cell.rtl { cell.right } else { cell.left };
            for (number_of, part) in parts(text.slice(cell.range)).into_iter().enumerate() {
                let touches = |last: &Run| {
                    let end = if last.rtl { last.sides.0 } else { last.sides.1 };
                    last.rtl == cell.rtl && last.lengths.len() < LONGEST && (end - side).abs() < 1.0
                };
                if fresh || !runs.last().is_some_and(touches) {
                    runs.push(Run::new(number, cell.rtl, side, from));
                    fresh = false;
                }
                from += crate::text::index::to_u32(part.chars().count());
                if let Some(last) = runs.last_mut() {
                    last.push(part, from, std::mem::take(&mut width), starts_word && number_of == 0);
                }
                side = if cell.rtl { cell.left } else { cell.right };
            }
        }
    }
    line_ends(&mut runs, text, piece.range.start() + piece.shown, piece.range.end());
    runs
}

/// A cluster in parts of at most 255 bytes; nearly always one.
fn parts(cluster: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), cluster);
    while rest.len() > usize::from(u8::MAX) {
        let cut = rest.floor_char_boundary(usize::from(u8::MAX));
        let (part, more) = rest.split_at(cut);
        parts.push(part);
        rest = more;
    }
    parts.push(rest);
    parts
}

/// Puts line ends behind the last run, each as a cluster.
fn line_ends(runs: &mut Vec<Run>, text: &Text, from: u32, to: u32) {
    let Ok(behind) = TextRange::new(from, to) else { return };
    let (mut at, mut rest) = (from, text.slice(behind));
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("\r\n") { 2 } else { first.len_utf8() };
        let (sign, more) = rest.split_at(length);
        if runs.last().is_none_or(|last| last.lengths.len() >= LONGEST) {
            let (line, side) = runs.last().map_or((0, 0.0), |last| (last.line, last.sides.1));
            runs.push(Run::new(line, false, side, at));
        }
        at += crate::text::index::to_u32(sign.chars().count());
        if let Some(last) = runs.last_mut() {
            last.push(sign, at, 0.0, false);
        }
        rest = more;
    }
}

/// Code points where words begin in a range, in order.
fn word_starts(text: &Text, range: TextRange) -> Vec<u32> {
    let slice = text.slice(range);
    let first = text.byte(range.start());
    unit::words_of(slice)
        .filter(|word| slice.get(word.clone()).is_some_and(|word| word.chars().any(char::is_alphanumeric)))
        .map(|word| text.place(first + word.start))
        .collect()
}

impl Reader {
    /// Gives each block and span in sight a node for screen readers and tests. Gives the runs that are told of.
    pub(super) fn names(&self, ui: &mut Ui, page: &Page<'_>, marks: &Marks) -> Vec<(Id, Run)> {
        let mut told = Vec::new();
        let heard = ui.ctx().accesskit_node_builder(Self::id(), |node| {
            node.add_action(Action::SetTextSelection);
            node.set_read_only();
        });
        if heard.is_none() {
            return told;
        }
        let mut inner = ui.new_child(UiBuilder::new().max_rect(page.area).accessibility_parent(Self::id()));
        inner.set_clip_rect(page.area);
        for sight in &self.sights {
            let Some(kept) = self.laid.get(&sight.piece) else { continue };
            let size = vec2(self.setting.width, kept.geometry.height);
            let rect = Rect::from_min_size(sight.corner, size).intersect(page.area);
            if !rect.is_positive() {
                continue;
            }
            told.extend(self.paragraph(&mut inner, page.article, *sight, rect, &kept.geometry));
            for (owner, place) in kept.picture.iter().flat_map(|picture| &picture.boxes) {
                let Some(mark) = marks.get(*owner) else { continue };
                let node = inner.interact(place.translate(sight.corner.to_vec2()), span_id(&mark), Sense::hover());
                node.widget_info(|| WidgetInfo::labeled(Role::Mark, true, name(page, marks, &mark)));
                inner.ctx().accesskit_node_builder(node.id, |node| {
                    node.add_action(Action::Click);
                    node.add_action(Action::ScrollIntoView);
                });
            }
        }
        self.tell_selection(ui, &told);
        told
    }

    /// The node of a block, with its runs.
    fn paragraph(
        &self,
        page: &mut Ui,
        article: &Article,
        sight: InSight,
        rect: Rect,
        laid: &Geometry,
    ) -> Vec<(Id, Run)> {
        let id = Self::id().with(("piece", sight.piece));
        let role = if laid.piece.kind == BlockKind::Heading { Role::Heading } else { Role::Paragraph };
        let block = page.new_child(UiBuilder::new().scope_id(id).max_rect(rect).accessibility_role(role));
        bounds(&block, id, rect);
        let runs = runs(laid, article.text());
        let told: Vec<(Id, Run)> =
            runs.into_iter().enumerate().map(|(number, run)| (id.with(("run", number)), run)).collect();
        let beside = |number: Option<usize>, run: &Run| {
            let (id, other) = told.get(number?)?;
            (other.line == run.line).then(|| id.accesskit_id())
        };
        for (number, (id, run)) in told.iter().enumerate() {
            let Some(line) = laid.lines.get(run.line) else { continue };
            let rect = Rect::from_min_max(pos2(run.sides.0, line.top), pos2(run.sides.1, line.bottom));
            let rect = rect.translate(sight.corner.to_vec2());
            _ = block.interact(rect, *id, Sense::hover());
            page.ctx().accesskit_node_builder(*id, |node| {
                node.set_role(Role::TextRun);
                node.set_text_direction(if run.rtl { TextDirection::RightToLeft } else { TextDirection::LeftToRight });
                node.set_value(run.value.as_str());
                node.set_character_lengths(run.lengths.clone());
                node.set_character_positions(run.positions.clone());
                node.set_character_widths(run.widths.clone());
                node.set_word_starts(run.words.clone());
                if let Some(before) = beside(number.checked_sub(1), run) {
                    node.set_previous_on_line(before);
                }
                if let Some(next) = beside(Some(number + 1), run) {
                    node.set_next_on_line(next);
                }
            });
            bounds(page, *id, rect);
        }
        told
    }

    /// Says where caret and selection are, as far as that is in sight.
    fn tell_selection(&self, ui: &Ui, told: &[(Id, Run)]) {
        let (low, high) = (self.place.anchor.min(self.place.caret), self.place.anchor.max(self.place.caret));
        let first = told.iter().find_map(|(_, run)| run.places.first()).copied();
        let last = told.iter().rev().find_map(|(_, run)| run.places.last()).copied();
        let (Some(first), Some(last)) = (first, last) else { return };
        if high < first || low > last {
            return;
        }
        let position = |place: u32| position(told, place.clamp(first, last));
        if let (Some(anchor), Some(focus)) = (position(self.place.anchor), position(self.place.caret)) {
            ui.ctx().accesskit_node_builder(Self::id(), |node| {
                node.set_text_selection(TextSelection { anchor, focus });
            });
        }
    }

    /// Does what a screen reader asks for: to put the caret, to select, to show or choose something.
    pub(super) fn take_requests(&mut self, ui: &Ui, article: &Article, next: &mut Place, asks: &mut Asks) {
        let requests: Vec<accesskit::ActionRequest> = ui.input(|input| {
            let requests = input.events.iter().filter_map(|event| match event {
                Event::AccessKitActionRequest(request) => Some(request.clone()),
                _ => None,
            });
            requests.collect()
        });
        for request in requests {
            match (request.action, request.data) {
                (Action::SetTextSelection, Some(ActionData::SetTextSelection(selection)))
                    if request.target_node == Self::id().accesskit_id() =>
                {
                    let place = |at: TextPosition| {
                        let (_, run) = self.told.iter().find(|(id, _)| id.accesskit_id() == at.node)?;
                        run.places.get(at.character_index).copied()
                    };
                    if let (Some(anchor), Some(caret)) = (place(selection.anchor), place(selection.focus)) {
                        (next.anchor, next.caret) = (anchor, caret);
                        next.span = None;
                    }
                }
                (Action::ScrollIntoView, _) => {
                    if let Some(place) = self.place_of(request.target_node) {
                        self.reveal(article, place, self.page);
                    }
                }
                (Action::Click, _) => {
                    let found = self
                        .marks
                        .as_ref()
                        .and_then(|marks| marks.all().find(|mark| span_id(mark).accesskit_id() == request.target_node));
                    if let Some(mark) = found {
                        asks.run(Command::SelectSpan(mark.id.clone()));
                        asks.0.push(Ask::Read);
                    }
                }
                _ => {}
            }
        }
    }

    /// Where a run, a block or a span begins.
    fn place_of(&self, node: NodeId) -> Option<u32> {
        let run = self.told.iter().find(|(id, _)| id.accesskit_id() == node);
        let block = || {
            let sight =
                self.sights.iter().find(|sight| Self::id().with(("piece", sight.piece)).accesskit_id() == node)?;
            self.pieces.get(sight.piece).map(|piece| piece.range.start())
        };
        let span = || {
            let found = self.marks.as_ref()?.all().find(|mark| span_id(mark).accesskit_id() == node)?;
            Some(found.at.start())
        };
        run.and_then(|(_, run)| run.places.first().copied()).or_else(block).or_else(span)
    }
}

fn span_id(mark: &Mark<'_>) -> Id {
    Reader::id().with(mark.id.as_str())
}

/// The run and the cluster of a place. Where two runs meet, it is the start of the second.
fn position(told: &[(Id, Run)], place: u32) -> Option<TextPosition> {
    told.iter()
        .rev()
        .find_map(|(id, run)| Some(TextPosition { node: id.accesskit_id(), character_index: run.index(place)? }))
}

fn bounds(ui: &Ui, id: Id, rect: Rect) {
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_bounds(accesskit::Rect {
            x0: rect.left().into(),
            y0: rect.top().into(),
            x1: rect.right().into(),
            y1: rect.bottom().into(),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::ArticleId;
    use crate::ui::text::layout::{Engine, Setting};
    use crate::ui::text::pieces;

    fn told(words: &str, width: f32) -> Vec<Run> {
        let body = vec![(BlockKind::Paragraph, words.to_owned())];
        let article = Article::new(ArticleId::new("a"), 1, "t", body).unwrap();
        let mut engine = Engine::new(false);
        let setting = Setting { size: 16.0, width, scale: 2.0, leading: 1.7 };
        let pieces = pieces::pieces(&article).into_iter();
        pieces
            .flat_map(|piece| runs(&engine.lay_out(article.text(), None, piece, setting, 2).geometry(), article.text()))
            .collect()
    }

    #[test]
    fn runs_joined_are_the_text_and_their_numbers_agree() {
        for words in [
            "Plain words that go over several lines, of course.\n",
            "Ada said שלום עולם to Bob, 12 times, and مرحبا بكم too.\r\n\r\n",
            "שלום עולם, Ada!",
            "e\u{301}\u{302} 👩‍👩‍👧 🇩🇪 का",
            "one\ntwo\n\n\nthree",
            &format!("e{} end", "\u{301}".repeat(400)),
            &"x".repeat(700),
            "\n\n",
        ] {
            for width in [90.0, 2_000.0] {
                let runs = told(words, width);
                let joined: String = runs.iter().map(|run| run.value.as_str()).collect();
                assert_eq!(joined, words);
                let mut at = 0;
                for run in &runs {
                    let bytes: usize = run.lengths.iter().map(|length| usize::from(*length)).sum();
                    assert_eq!(bytes, run.value.len());
                    let count = run.lengths.len();
                    assert!(count <= LONGEST && count > 0);
                    assert_eq!((run.positions.len(), run.widths.len(), run.places.len()), (count, count, count + 1));
                    assert_eq!(run.places[0], at);
                    assert!(run.positions.is_sorted() && run.words.iter().all(|word| usize::from(*word) < count));
                    at = *run.places.last().unwrap();
                }
                assert_eq!(at as usize, words.chars().count());
            }
        }
    }

    #[test]
    fn each_direction_has_its_run_in_reading_order() {
        let runs = told("Ada שלום Bob", 2_000.0);
        let seen: Vec<(&str, bool)> = runs.iter().map(|run| (run.value.trim(), run.rtl)).collect();
        assert_eq!(seen, [("Ada", false), ("שלום", true), ("Bob", false)]);
        assert!(runs.windows(2).all(|two| two[0].sides.1 <= two[1].sides.0 + 1.0));
        assert_eq!(runs[0].words, [0]);
        let id = |number: usize| Reader::id().with(number);
        let told: Vec<(Id, Run)> = runs.into_iter().enumerate().map(|(number, run)| (id(number), run)).collect();
        let at = |place| position(&told, place).map(|at| (at.node, at.character_index));
        assert_eq!(at(1), Some((id(0).accesskit_id(), 1)));
        assert_eq!(at(6), Some((id(1).accesskit_id(), 2)));
        assert_eq!(at(12), Some((id(2).accesskit_id(), told[2].1.lengths.len())));
    }
}
