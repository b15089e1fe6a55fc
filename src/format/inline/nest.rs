//! Makes ranges that cross into pieces that do not.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::text::range::TextRange;

/// Elements lie in each other at most so deep; browsers stop at 512.
const DEPTH: usize = 100;

/// A range that belongs to a span: the number of the span and that of the fragment, from 0.
pub(super) type Part = (usize, usize, TextRange);

/// Where an element begins or ends, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) enum Event {
    /// A piece of a fragment of a span begins; pieces of a span are counted from 1.
    Open { at: u32, span: usize, fragment: usize, piece: usize },
    /// The innermost open piece ends, which is one of this span.
    Close { at: u32, span: usize },
}

/// Elements that lie in each other.
#[derive(Debug, Default, PartialEq)]
pub(in crate::format) struct Nested {
    /// In the order of the text.
    pub(in crate::format) events: Vec<Event>,
    /// How many pieces each span has.
    pub(in crate::format) pieces: BTreeMap<usize, usize>,
    /// Spans that lie too deep and have none.
    pub(in crate::format) left: BTreeSet<usize>,
}

#[derive(Clone, Copy)]
struct Open {
    end: u32,
    span: usize,
    fragment: usize,
}

/// Makes pieces that lie in each other or apart.
pub(super) fn nest(mut parts: Vec<Part>) -> Nested {
    parts.sort_unstable_by_key(|(span, fragment, range)| (range.start(), Reverse(range.end()), *span, *fragment));
    let mut left = BTreeSet::new();
    loop {
        let mut nested = pass(&parts);
        if nested.left.is_empty() {
            nested.left = left;
            return nested;
        }
        // A span is left out with all its fragments.
        parts.retain(|(span, ..)| !nested.left.contains(span));
        left.append(&mut nested.left);
    }
}

fn pass(parts: &[Part]) -> Nested {
    let mut nested = Nested::default();
    let mut parts = parts.iter().peekable();
    let mut open: Vec<Open> = Vec::new();
    loop {
        let end = open.iter().map(|one| one.end).min();
        let start = parts.peek().map(|(.., range)| range.start());
        let Some(at) = [end, start].into_iter().flatten().min() else { return nested };
        let mut next: Vec<Open> = Vec::new();
        if let Some(first) = open.iter().position(|one| one.end == at) {
            let closed = open.split_off(first);
            nested.events.extend(closed.iter().rev().map(|one| Event::Close { at, span: one.span }));
            next.extend(closed.into_iter().filter(|one| one.end > at));
        }
        while let Some((span, fragment, range)) = parts.next_if(|(.., range)| range.start() == at) {
            next.push(Open { end: range.end(), span: *span, fragment: *fragment });
        }
        next.sort_by_key(|one| (Reverse(one.end), one.span));
        for one in next {
            if open.len() >= DEPTH {
                nested.left.insert(one.span);
                continue;
            }
            let piece = nested.pieces.entry(one.span).or_default();
            *piece += 1;
            nested.events.push(Event::Open { at, span: one.span, fragment: one.fragment, piece: *piece });
            open.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[(usize, usize, u32, u32)]) -> String {
        let range = |start, end| TextRange::new(start, end).unwrap();
        let nested = nest(parts.iter().map(|(span, part, start, end)| (*span, *part, range(*start, *end))).collect());
        let (mut out, mut last) = (String::new(), 0);
        for event in &nested.events {
            let (Event::Open { at, .. } | Event::Close { at, .. }) = *event;
            (last..at).for_each(|_| out.push('.'));
            last = at;
            match event {
                Event::Open { span, piece, .. } => out.push_str(&format!("<{span}{}", "'".repeat(piece - 1))),
                Event::Close { .. } => out.push('>'),
            }
        }
        out
    }

    #[test]
    fn what_crosses_is_written_in_pieces() {
        for (parts, wanted) in [
            (&[(0, 0, 0, 4), (1, 0, 1, 2)][..], "<0.<1.>..>"),
            (&[(0, 0, 0, 2), (1, 0, 1, 3)], "<0.<1.>><1'.>"),
            (&[(0, 0, 0, 3), (1, 0, 0, 3)], "<0<1...>>"),
            (&[(0, 0, 0, 2), (0, 1, 2, 3)], "<0..><0'.>"),
            (&[(0, 0, 0, 2), (1, 0, 1, 3), (2, 0, 1, 4)], "<0.<2<1.>>><2'<1'.>.>"),
        ] {
            assert_eq!(shown(parts), wanted);
        }
    }

    #[test]
    fn what_lies_too_deep_is_left_out() {
        let range = |start, end| TextRange::new(start, end).unwrap();
        let deep = (0..130_usize).zip(0..).map(|(span, number)| (span, 0, range(number, 1_000 - number)));
        let nested = nest(deep.chain([(129, 1, range(2_000, 2_001))]).collect());
        assert_eq!((nested.left.len(), nested.pieces.len(), nested.events.len()), (30, 100, 200));
        let crossing =
            (0..3_000_usize).zip(0..).map(|(span, number)| (span, 0, range(number, number + 1_500))).collect();
        assert!(nest(crossing).events.len() < 3_000 * 2 * DEPTH);
    }
}
