//! Pieces of text become lines, and lines paragraphs, by where they stand. The order is that in which they are drawn,
//! which is that of reading on most pages.

use crate::format::pdf::page::Piece;
use crate::model::article::BlockKind;

/// A line of a page.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    text: String,
    /// Where it begins.
    start: (f64, f64),
    /// The way it runs.
    way: (f64, f64),
    size: f64,
    /// It begins far below the one before, or elsewhere.
    apart: bool,
}

/// Blocks of a document in the making.
#[derive(Default)]
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Words that were cut at the end of a line and are whole again.
    pub(super) joined: usize,
}

impl Lines {
    /// Adds the pieces of a page.
    pub(super) fn page(&mut self, pieces: &[Piece]) {
        let mut before: Option<&Piece> = None;
        for piece in pieces {
            let step = before.map(|before| step(before, piece));
            match (step, self.lines.last_mut()) {
                (Some(Step::On { blank }), Some(line)) => {
                    let edge = line.text.ends_with(char::is_whitespace) || piece.text.starts_with(char::is_whitespace);
                    if blank && !edge {
                        line.text.push(' ');
                    }
                    line.text.push_str(&piece.text);
                    line.size = line.size.max(piece.size);
                }
                (step, last) => {
                    let (apart, bare) = match (step, last) {
                        (Some(Step::Down(far)), Some(line)) => {
                            // Lines of one paragraph stand less than twice their size below each other.
                            let same = (line.size - piece.size).abs() <= 0.15 * line.size;
                            (!same || far > 1.75 * line.size || far < 0.0, false)
                        }
                        (_, _) => (true, before.is_none()),
                    };
                    // A page may end amid a paragraph.
                    let apart = apart && !(bare && self.goes_on(piece));
                    let Piece { text, start, way, size, .. } = piece.clone();
                    self.lines.push(Line { text, start, way, size, apart });
                }
            }
            before = Some(piece);
        }
    }

    /// Whether a page begins with what ends the paragraph before.
    fn goes_on(&self, piece: &Piece) -> bool {
        let small = piece.text.trim_start().starts_with(char::is_lowercase);
        let open = |line: &Line| !line.text.trim_end().ends_with(['.', '!', '?', ':', '”', '"']);
        small && self.lines.last().is_some_and(|line| open(line) && (line.size - piece.size).abs() < 0.1 * line.size)
    }

    /// All blocks.
    pub(super) fn blocks(&mut self) -> Vec<(BlockKind, String)> {
        let usual = self.usual_size();
        let mut blocks: Vec<(BlockKind, String)> = Vec::new();
        let (mut apart, mut left) = (true, f64::NAN);
        for line in &self.lines {
            apart |= line.apart;
            let text = logical(&line.text.split_whitespace().collect::<Vec<_>>().join(" "));
            if text.is_empty() {
                // A line of blanks sets apart only what is far away in any case.
                continue;
            }
            // Lines that begin further in begin a paragraph, but for those below the sign of an item.
            let across = line.start.0 * line.way.0 + line.start.1 * line.way.1;
            let inside = blocks.last().is_some_and(|(kind, _)| *kind == BlockKind::Item);
            let indented = !inside && across - left > line.size && across - left < 6.0 * line.size;
            left = across;
            let item = text.starts_with(['•', '▪', '◦', '‣', '●', '■']);
            let kind = match line.size > 1.2 * usual {
                _ if item => BlockKind::Item,
                true => BlockKind::Heading,
                false if inside && !apart => BlockKind::Item,
                false => BlockKind::Paragraph,
            };
            apart |= item;
            match blocks.last_mut().filter(|(known, _)| !apart && !indented && *known == kind) {
                Some((_, block)) => {
                    let cut = block.ends_with('-') && text.starts_with(char::is_lowercase);
                    let word = block.trim_end_matches('-').ends_with(char::is_alphabetic);
                    if cut && word {
                        block.pop();
                        self.joined += 1;
                    } else {
                        block.push(' ');
                    }
                    block.push_str(&text);
                }
                None => blocks.push((kind, text)),
            }
            apart = false;
        }
        blocks.into_iter().map(|(kind, text)| (kind, text + "\n")).collect()
    }

    /// The size of running text: the largest that a fifth of all letters have, since tables and notes are smaller.
    fn usual_size(&self) -> f64 {
        let mut sizes: Vec<(f64, usize)> = self.lines.iter().map(|line| (line.size, line.text.len())).collect();
        sizes.sort_by(|one, other| other.0.total_cmp(&one.0));
        let all: usize = sizes.iter().map(|(_, count)| count).sum();
        let like = |size: f64| {
            let near = sizes
                .iter()
                .skip_while(move |(other, _)| *other > size)
                .take_while(move |(other, _)| *other > size * 0.95);
            near.map(|(_, count)| count).sum::<usize>()
        };
        let (mut usual, mut last) = (1.0, f64::INFINITY);
        for (size, _) in &sizes {
            if *size > last * 0.95 {
                continue;
            }
            (usual, last) = (*size, *size);
            if like(*size) * 5 >= all {
                break;
            }
        }
        usual
    }
}

/// A line in the order of reading: letters are drawn from left to right, also where they are read from right to left.
fn logical(line: &str) -> String {
    let right = |c: &char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    let all = line.chars().filter(right).count();
    if all == 0 {
        return line.to_owned();
    }
    let others = line.chars().filter(|c| c.is_alphabetic() && !right(c)).count();
    let turned = all > others;
    // Runs of one direction; what has none goes with its surroundings, and numbers are read from left to right.
    let mut runs: Vec<(bool, Vec<char>)> = Vec::new();
    for c in line.chars() {
        let own = if c.is_alphanumeric() { right(&c) && !c.is_numeric() } else { turned || right(&c) };
        match runs.last_mut().filter(|(way, _)| *way == own) {
            Some((_, run)) => run.push(c),
            None => runs.push((own, vec![c])),
        }
    }
    if turned {
        runs.reverse();
    }
    runs.into_iter().flat_map(|(way, run)| if way { run.into_iter().rev().collect() } else { run }).collect()
}

/// From one piece to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// In the same line, with or without a blank between.
    On { blank: bool },
    /// To another line, so far below.
    Down(f64),
    /// Somewhere else.
    Away,
}

fn step(before: &Piece, piece: &Piece) -> Step {
    let (x, y) = before.way;
    if x * piece.way.0 + y * piece.way.1 < 0.9 {
        return Step::Away;
    }
    let (right, up) = (piece.start.0 - before.end.0, piece.start.1 - before.end.1);
    let (along, across) = (right * x + up * y, up * x - right * y);
    let size = before.size.max(piece.size);
    if across.abs() < 0.45 * size && along > -0.6 * size {
        // Far to the right is another column or cell, which a blank parts as well.
        return Step::On { blank: along > 0.16 * before.size.min(piece.size) };
    }
    Step::Down(-across)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_right_to_left_are_read_so() {
        for (drawn, read) in
            [("Hello םולש World", "Hello שלום World"), ("12 םולש (ab) לכ", "כל (ab) שלום 12"), ("plain 12", "plain 12")]
        {
            assert_eq!(logical(drawn).replace(['(', ')'], ""), read.replace(['(', ')'], ""), "{drawn}");
        }
    }
}
