//! Where every character of a piece stands: caret, hit and boxes, in any direction, from one table of cells.
//!
//! The table is taken from the shaper once. It is all that the reader keeps of a layout beside its letters, and small
//! enough to keep many pieces. Places are code points of the article; lengths are points from the piece's corner.

use std::ops::RangeInclusive;

use eframe::egui::{Pos2, Rect, pos2};

use crate::text::range::TextRange;
use crate::ui::text::pieces::Piece;

/// One grapheme cluster as it stands on its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Its code points.
    pub range: TextRange,
    /// Left end.
    pub left: f32,
    /// Right end; the same as the left one where it has no width.
    pub right: f32,
    /// It is read from right to left.
    pub rtl: bool,
    /// It ends its line.
    pub ends_line: bool,
    /// It is a blank.
    pub blank: bool,
}

/// Where a line of text is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineBox {
    /// Top of the line.
    pub top: f32,
    /// Bottom of the line.
    pub bottom: f32,
    /// Top of the letters.
    pub ascent: f32,
    /// Bottom of the letters.
    pub descent: f32,
    /// Left end of what is no blank at the line's end.
    pub left: f32,
    /// Right end of it.
    pub right: f32,
    /// Its first code point.
    pub from: u32,
    /// Index of its first cell; cells stand in the order in which they are seen, from left to right.
    pub first: usize,
    /// Index after its last cell.
    pub last: usize,
}

/// A place between two characters where a caret can stand.
///
/// At a line end and where the direction changes, one place is in two spots on the screen: behind the character
/// before it, or before the character behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// The place, in code points.
    pub place: u32,
    /// It is drawn behind the character before it.
    pub upstream: bool,
}

/// A stretch of a range on one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Which line.
    pub line: usize,
    /// Left end.
    pub left: f32,
    /// Right end.
    pub right: f32,
}

/// Cells and lines of one piece.
#[derive(Clone, Debug)]
pub struct Geometry {
    /// What is laid out.
    pub piece: Piece,
    /// Lines from top to bottom.
    pub lines: Vec<LineBox>,
    /// Height in points, without the gap behind it.
    pub height: f32,
    /// Its lines are read from right to left.
    pub rtl: bool,
    /// Cells, line by line, from left to right.
    pub cells: Vec<Cell>,
}

impl Stop {
    /// Before the character at a place.
    pub fn before(place: u32) -> Self {
        Self { place, upstream: false }
    }

    /// Behind the character that ends at a place.
    pub fn behind(place: u32) -> Self {
        Self { place, upstream: true }
    }
}

impl Cell {
    fn edge(&self, end: bool) -> f32 {
        if end == self.rtl { self.left } else { self.right }
    }

    /// Where the caret goes when it crosses the cell to the right or to the left.
    fn crossed(&self, right: bool) -> Stop {
        let to_end = right != self.rtl;
        if !to_end {
            Stop::before(self.range.start())
        } else if self.ends_line {
            Stop::before(self.range.end())
        } else {
            Stop::behind(self.range.end())
        }
    }
}

impl Geometry {
    /// The last place where a caret can stand in this piece.
    pub fn last_place(&self) -> u32 {
        self.piece.range.start() + self.piece.shown
    }

    /// The cells of a line, from left to right.
    pub fn cells_of(&self, line: usize) -> &[Cell] {
        self.lines.get(line).and_then(|line| self.cells.get(line.first..line.last)).unwrap_or_default()
    }

    /// The line with a code point; the last one for places behind all of them.
    fn line_with(&self, place: u32) -> usize {
        self.lines.partition_point(|line| line.from <= place).saturating_sub(1)
    }

    /// The cell that a code point belongs to, with its line and its number on it.
    fn cell_at(&self, place: u32) -> Option<(usize, usize, &Cell)> {
        let line = self.line_with(place);
        let (number, cell) = self.cells_of(line).iter().enumerate().find(|(_, cell)| cell.range.contains(place))?;
        Some((line, number, cell))
    }

    /// The line of a stop, and how many cells of it stand left of the caret.
    fn gap(&self, stop: Stop) -> (usize, usize) {
        let before = stop.place.checked_sub(1).filter(|_| stop.upstream).and_then(|place| self.cell_at(place));
        if let Some((line, number, cell)) = before.filter(|(_, _, cell)| !cell.ends_line) {
            return (line, number + usize::from(!cell.rtl));
        }
        if let Some((line, number, cell)) = self.cell_at(stop.place) {
            return (line, number + usize::from(cell.rtl));
        }
        // Behind everything.
        match stop.place.checked_sub(1).and_then(|place| self.cell_at(place)) {
            Some((line, number, cell)) if !cell.ends_line => (line, number + usize::from(!cell.rtl)),
            _ => (self.lines.len().saturating_sub(1), 0),
        }
    }

    /// Where a stop is on its line.
    fn x(&self, stop: Stop) -> (usize, f32) {
        let before = stop.place.checked_sub(1).and_then(|place| self.cell_at(place));
        let before = before.filter(|(_, _, cell)| !cell.ends_line);
        let here = self.cell_at(stop.place);
        match (stop.upstream, before, here) {
            (true, Some((line, _, cell)), _) | (false, Some((line, _, cell)), None) => (line, cell.edge(true)),
            (_, _, Some((line, _, cell))) => (line, cell.edge(false)),
            _ => {
                let line = self.lines.len().saturating_sub(1);
                (line, self.lines.get(line).map_or(0.0, |line| line.left))
            }
        }
    }

    /// Where a range starts or ends: line, place on it, and whether the range lies to the right of that.
    pub fn edge(&self, place: u32, end: bool) -> (usize, f32, bool) {
        let inside = if end { place.saturating_sub(1) } else { place };
        let rtl = self.cell_at(inside).map_or(self.rtl, |(_, _, cell)| cell.rtl);
        let (line, x) = self.x(Stop { place, upstream: end });
        // A range that ends with its line ends where the last letter does.
        let within = self.lines.get(line).filter(|line| line.left < line.right);
        (line, within.map_or(x, |line| x.clamp(line.left, line.right)), rtl == end)
    }

    /// The line and the width of the character at a place; the end of the last line for a line end that is not shown.
    pub fn place_of(&self, place: u32) -> Option<(usize, RangeInclusive<f32>)> {
        match self.cell_at(place) {
            Some((line, _, cell)) => Some((line, cell.left..=cell.right)),
            None => {
                let (line, x) = self.x(Stop::behind(self.last_place()));
                (place == self.last_place()).then_some((line, x..=x))
            }
        }
    }

    /// Whether the words before and behind a stop go different ways.
    pub fn is_mixed(&self, stop: Stop) -> bool {
        let before = stop.place.checked_sub(1).and_then(|place| self.cell_at(place));
        let here = self.cell_at(stop.place);
        matches!((before, here), (Some((_, _, a)), Some((_, _, b))) if a.rtl != b.rtl)
    }

    /// Whether the words that a stop belongs to are read from right to left.
    pub fn reads_left(&self, stop: Stop) -> bool {
        let place = if stop.upstream { stop.place.checked_sub(1) } else { Some(stop.place) };
        place.and_then(|place| self.cell_at(place)).map_or(self.rtl, |(_, _, cell)| cell.rtl)
    }

    /// The line of a stop.
    pub fn line_of(&self, stop: Stop) -> usize {
        self.x(stop).0
    }

    /// The caret at a stop: as high as its line, without width.
    pub fn caret(&self, stop: Stop) -> Rect {
        let (line, x) = self.x(stop);
        let (top, bottom) = self.lines.get(line).map_or((0.0, self.height), |line| (line.top, line.bottom));
        Rect::from_min_max(pos2(x, top), pos2(x, bottom))
    }

    /// The stop nearest to a point.
    ///
    /// Between characters without width, which no pointer can tell apart, it is the first or the last of them.
    pub fn hit(&self, point: Pos2) -> Stop {
        let line = self.lines.partition_point(|line| line.bottom <= point.y).min(self.lines.len().saturating_sub(1));
        let cells = self.cells_of(line);
        let wide = |cell: &&Cell| cell.right > cell.left;
        let found = cells.iter().filter(wide).find(|cell| point.x <= cell.right).or(cells.iter().rfind(wide));
        let Some(cell) = found.or(cells.first()) else {
            let from = self.lines.get(line).map_or(self.piece.range.start(), |line| line.from);
            return Stop::before(from.min(self.last_place()));
        };
        let right = point.x > f32::midpoint(cell.left, cell.right);
        if cell.ends_line {
            return Stop::before(cell.range.start());
        }
        let stop = cell.crossed(right);
        Stop { place: stop.place.min(self.last_place()), ..stop }
    }

    /// The character under a point; nothing beside the words.
    pub fn under(&self, point: Pos2) -> Option<u32> {
        let line = self.lines.iter().position(|line| (line.top..line.bottom).contains(&point.y))?;
        let cell = self.cells_of(line).iter().find(|cell| (cell.left..cell.right).contains(&point.x))?;
        Some(cell.range.start())
    }

    /// The stop one cluster to the right or left of another, as seen; nothing at the edge of the piece.
    pub fn beside(&self, stop: Stop, right: bool) -> Option<Stop> {
        let (line, gap) = self.gap(stop);
        let cells = self.cells_of(line);
        let next = if right { cells.get(gap) } else { gap.checked_sub(1).and_then(|gap| cells.get(gap)) };
        let crossed = match next {
            Some(cell) => cell.crossed(right),
            None => {
                let onward = right != self.rtl;
                let other = if onward { line + 1 } else { line.checked_sub(1)? };
                let cells = self.cells_of(other);
                let edge = if right { cells.first() } else { cells.last() };
                match edge {
                    Some(cell) => cell.crossed(right),
                    None => Stop::before(self.lines.get(other)?.from),
                }
            }
        };
        Some(self.settled(crossed))
    }

    /// The same stop, before the character behind it where that is the same spot, and never at a line end that goes
    /// on: what is typed or marked next stands on the next line.
    fn settled(&self, stop: Stop) -> Stop {
        let down = Stop::before(stop.place);
        let ((line, x), (next, other)) = (self.x(stop), self.x(down));
        if !stop.upstream || line != next || (x - other).abs() < 0.01 { down } else { stop }
    }

    /// The first or last stop of a line.
    pub fn line_end(&self, line: usize, end: bool) -> Stop {
        let Some(here) = self.lines.get(line) else { return Stop::before(self.piece.range.start()) };
        if !end {
            return Stop::before(here.from);
        }
        match self.cells_of(line).iter().max_by_key(|cell| cell.range.start()) {
            Some(cell) if cell.ends_line => Stop::before(cell.range.start()),
            Some(cell) => Stop::behind(cell.range.end()),
            None => Stop::before(here.from),
        }
    }

    /// The stretches that a range covers, line by line; several on one line where the direction changes.
    pub fn stretches(&self, range: TextRange) -> Vec<Stretch> {
        let Some(part) = range.intersect(self.piece.range) else { return Vec::new() };
        let mut stretches: Vec<Stretch> = Vec::new();
        let (first, last) = (self.line_with(part.start()), self.line_with(part.end() - 1));
        for (line, here) in self.lines.iter().enumerate().take(last + 1).skip(first) {
            let mut open: Option<Stretch> = None;
            for cell in self.cells_of(line) {
                let inside = cell.range.intersect(part).is_some();
                match &mut open {
                    Some(stretch) if inside => stretch.right = cell.right,
                    None if inside => open = Some(Stretch { line, left: cell.left, right: cell.right }),
                    _ => stretches.extend(open.take()),
                }
            }
            stretches.extend(open);
            // Blanks at the line end are not drawn upon.
            for stretch in stretches.iter_mut().rev().take_while(|stretch| stretch.line == line) {
                if here.left < here.right {
                    stretch.left = stretch.left.clamp(here.left, here.right);
                    stretch.right = stretch.right.clamp(here.left, here.right);
                }
            }
        }
        stretches.retain(|stretch| stretch.right > stretch.left);
        if stretches.is_empty() {
            stretches.extend(self.sliver(part));
        }
        stretches
    }

    /// What is seen of a range without any width: a thin line where it would be.
    fn sliver(&self, range: TextRange) -> Option<Stretch> {
        let (line, _, cell) = self.cell_at(range.start())?;
        Some(Stretch { line, left: cell.left - 1.0, right: cell.left + 1.0 })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::article::BlockKind;
    use crate::text::text::Text;
    use crate::ui::text::layout::{Engine, Setting};

    /// Lays a text out at a width with the bundled fonts.
    fn laid(text: &str, width: f32) -> Geometry {
        let text = Text::new(text);
        let range = TextRange::new(0, text.chars()).unwrap();
        let piece = Piece { range, shown: range.len(), kind: BlockKind::Paragraph, breaks: 0, rtl: None };
        let setting = Setting { size: 16.0, width, scale: 1.0, ..Setting::default() };
        Engine::new(false).lay_out(&text, None, piece, setting, 2).geometry()
    }

    /// The text as a caret meets it on its way to the right, with `|` where it stops.
    fn walk(text: &str, right: bool) -> Vec<u32> {
        let geometry = laid(text, 1_000.0);
        let mut at = if right == geometry.rtl { Stop::behind(geometry.last_place()) } else { Stop::before(0) };
        let mut places = vec![at.place];
        while let Some(next) = geometry.beside(at, right) {
            at = next;
            places.push(at.place);
        }
        places
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let geometry = laid(&"x".repeat(600), 300.0);
        assert!(geometry.lines.len() > 10 && geometry.lines.iter().all(|line| line.right <= 300.5));
    }

    #[test]
    fn the_caret_walks_as_the_eye_does() {
        assert_eq!(walk("abc", true), [0, 1, 2, 3]);
        assert_eq!(walk("abc", false), [3, 2, 1, 0]);
        // Hebrew within Latin is crossed from its end to its start.
        assert_eq!(walk("ab אבג cd", true), [0, 1, 2, 3, 5, 4, 3, 7, 8, 9]);
        assert_eq!(walk("אבג", true), [3, 2, 1, 0]);
        assert_eq!(walk("e\u{301}x", true), [0, 2, 3]);
    }

    #[test]
    fn a_selection_over_a_change_of_direction_has_two_parts() {
        let geometry = laid("ab אבג cd", 1_000.0);
        let parts = |start, end| geometry.stretches(TextRange::new(start, end).unwrap()).len();
        assert_eq!((parts(0, 9), parts(1, 4), parts(3, 6), parts(5, 8)), (1, 2, 1, 2));
    }

    #[test]
    fn the_end_of_a_wrapped_line_and_the_start_of_the_next_are_one_place() {
        let geometry = laid(&"word ".repeat(40), 200.0);
        let end = geometry.line_end(0, true);
        let start = geometry.line_end(1, false);
        assert_eq!(end.place, start.place);
        assert!(geometry.caret(end).top() < geometry.caret(start).top());
        assert_eq!(geometry.line_of(end), 0);
    }
}
