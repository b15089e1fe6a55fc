//! One label for each token: which spans stay where several share text. All formats ask here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::loss::LossKind;
use crate::dataset::recipe::Overlaps;
use crate::model::span::Span;
use crate::text::range::TextRange;

/// A span on whole tokens.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// The first token.
    pub first: usize,
    /// The token after the last.
    pub end: usize,
    /// The span.
    pub span: &'a Span,
    /// Whether it begins and ends where its tokens do.
    pub exact: bool,
}

/// A span on the tokens that it touches.
pub fn on_tokens<'a>(span: &'a Span, tokens: &[TextRange]) -> Result<Chunk<'a>, LossKind> {
    if span.at.fragments().len() > 1 {
        return Err(LossKind::FragmentsDropped);
    }
    let hull = span.at.hull();
    let first = tokens.partition_point(|token| token.end() <= hull.start());
    let end = tokens.partition_point(|token| token.start() < hull.end());
    let inside = tokens.get(first..end).unwrap_or_default();
    let (one, last) = inside.first().zip(inside.last()).ok_or(LossKind::Tokenless)?;
    let exact = one.start() == hull.start() && last.end() == hull.end();
    Ok(Chunk { first, end, span, exact })
}

/// Which spans stay where several share tokens: those that stay, and those that do not with the reason.
///
/// Spans come in order of their starts, longer first. Each is put into its place when it is its turn; `put` says why
/// there is none for it.
pub fn choose<'a>(
    mut found: Vec<Chunk<'a>>,
    overlaps: Overlaps,
    mut put: impl FnMut(&Chunk<'a>) -> Result<(), LossKind>,
) -> (Vec<Chunk<'a>>, Vec<(Chunk<'a>, LossKind)>) {
    if overlaps != Overlaps::First {
        // The sort keeps reading order among equals.
        found.sort_by_key(|chunk| Reverse(chunk.span.at.hull().len()));
    }
    let mut lost = Vec::new();
    found.retain(|chunk| match put(chunk) {
        Ok(()) => true,
        Err(why) => {
            lost.push((*chunk, why));
            false
        }
    });
    if overlaps == Overlaps::Skip {
        let mut wanted = BTreeSet::new();
        for (chunk, why) in &mut lost {
            if matches!(why, LossKind::Nested | LossKind::Overlap) {
                *why = LossKind::Overlap;
                wanted.extend(chunk.first..chunk.end);
            }
        }
        found.retain(|chunk| {
            let alone = wanted.range(chunk.first..chunk.end).next().is_none();
            if !alone {
                lost.push((*chunk, LossKind::Overlap));
            }
            alone
        });
        lost.sort_by_key(|(chunk, _)| (chunk.first, Reverse(chunk.end)));
    }
    found.sort_by_key(|chunk| chunk.first);
    (found, lost)
}

/// Places for one span on each token.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// By the first token, the token after the last, and where the span stands; none share a token.
    taken: BTreeMap<usize, (usize, TextRange)>,
}

impl Row {
    /// Why there is no room; nothing if there is.
    pub fn refuses(&self, chunk: &Chunk<'_>) -> Option<LossKind> {
        // None lie over each other, so the one that starts last reaches farthest.
        let mut before = self.taken.range(..chunk.end).rev();
        let (end, _) = before.next().map(|(_, holder)| *holder)?;
        if end <= chunk.first {
            return None;
        }
        let sharing = self.taken.range(..chunk.end).rev().take_while(|(_, (end, _))| *end > chunk.first);
        let first = sharing.last().map(|(_, (_, range))| range.covers(chunk.span.at.hull()));
        Some(if first == Some(true) { LossKind::Nested } else { LossKind::Overlap })
    }

    /// Takes the places of a span.
    pub fn take(&mut self, chunk: &Chunk<'_>) {
        self.taken.insert(chunk.first, (chunk.end, chunk.span.at.hull()));
    }

    /// Takes the places of a span if they are free, or says why they are not.
    pub fn put(&mut self, chunk: &Chunk<'_>) -> Result<(), LossKind> {
        match self.refuses(chunk) {
            Some(why) => Err(why),
            None => {
                self.take(chunk);
                Ok(())
            }
        }
    }
}

/// The spans that stay where each token has room for one, by their first token, and those that do not, each with the
/// reason.
///
/// `tokens` and `spans` are in order of their starts, spans longer first. Takes `n log n` steps.
pub fn chunks<'a>(
    spans: impl Iterator<Item = &'a Span>,
    tokens: &[TextRange],
    overlaps: Overlaps,
) -> (Vec<Chunk<'a>>, Vec<(&'a Span, LossKind)>) {
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    for span in spans {
        match on_tokens(span, tokens) {
            Ok(chunk) => found.push(chunk),
            Err(why) => lost.push((span, why)),
        }
    }
    let mut row = Row::default();
    let (kept, more) = choose(found, overlaps, |chunk| row.put(chunk));
    lost.extend(more.into_iter().map(|(chunk, why)| (chunk.span, why)));
    (kept, lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_of_spans_that_share_text() {
        let tokens: Vec<_> = (0..6).map(|at| TextRange::new(at * 2, at * 2 + 1).unwrap()).collect();
        let span = |(start, end): (u32, u32)| {
            let json = serde_json::json!({"at": [{"start": start, "end": end}], "label": format!("{start}-{end}"), "quote": "x"});
            serde_json::from_value::<Span>(json).unwrap()
        };
        let check = |overlaps, spans: &[(u32, u32)], wanted: &str| {
            let spans: Vec<_> = spans.iter().copied().map(span).collect();
            let (kept, lost) = chunks(spans.iter(), &tokens, overlaps);
            let kept = kept.iter().map(|chunk| format!("{}..{}", chunk.first, chunk.end));
            let lost = lost.iter().map(|(span, why)| format!("{}:{why:?}", span.label));
            assert_eq!(kept.chain(lost).collect::<Vec<_>>().join(" "), wanted);
        };
        let crossing = [(0, 5), (4, 11), (8, 9)];
        check(Overlaps::Longest, &crossing, "2..6 0-5:Overlap 8-9:Nested");
        check(Overlaps::First, &crossing, "0..3 4..5 4-11:Overlap");
        check(Overlaps::Skip, &[(0, 3), (4, 11), (8, 9)], "0..2 4-11:Overlap 8-9:Overlap");
        // A short one between two others takes both along.
        check(Overlaps::Skip, &[(0, 3), (2, 5), (4, 7), (8, 9)], "4..5 0-3:Overlap 2-5:Overlap 4-7:Overlap");
        check(Overlaps::Longest, &[(1, 2), (2, 5)], "1..3 1-2:Tokenless");
    }
}
