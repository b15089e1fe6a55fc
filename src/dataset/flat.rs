//! One label for each token: which spans stay where several share text.

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

/// The spans that stay, by their first token, and those that do not, each with the reason.
///
/// `tokens` and `spans` are in order of their starts, spans longer first. Takes `n log n` steps.
pub fn chunks<'a>(
    spans: impl Iterator<Item = &'a Span>,
    tokens: &[TextRange],
    overlaps: Overlaps,
) -> (Vec<Chunk<'a>>, Vec<(&'a Span, LossKind)>) {
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    for span in spans {
        let hull = span.at.hull();
        if span.at.fragments().len() > 1 {
            lost.push((span, LossKind::FragmentsDropped));
            continue;
        }
        let first = tokens.partition_point(|token| token.end() <= hull.start());
        let end = tokens.partition_point(|token| token.start() < hull.end());
        match tokens.get(first..end) {
            Some([one, .., last]) => {
                let exact = one.start() == hull.start() && last.end() == hull.end();
                found.push(Chunk { first, end, span, exact });
            }
            Some([one]) => found.push(Chunk { first, end, span, exact: *one == hull }),
            _ => lost.push((span, LossKind::Tokenless)),
        }
    }
    let mut taken = vec![0_usize; tokens.len()];
    if overlaps == Overlaps::Skip {
        for chunk in &found {
            taken.iter_mut().take(chunk.end).skip(chunk.first).for_each(|count| *count += 1);
        }
        found.retain(|chunk| {
            let alone = taken.iter().take(chunk.end).skip(chunk.first).all(|count| *count == 1);
            if !alone {
                lost.push((chunk.span, LossKind::Overlap));
            }
            alone
        });
        return (found, lost);
    }
    if overlaps != Overlaps::First {
        // The sort keeps reading order among equals.
        found.sort_by_key(|chunk| std::cmp::Reverse(chunk.span.at.hull().len()));
    }
    let mut holders: Vec<Chunk<'a>> = Vec::new();
    found.retain(|chunk| {
        let mut of_chunk = taken.iter_mut().take(chunk.end).skip(chunk.first);
        // Places of `taken` hold the number of the one that stays there, from 1.
        let holder = of_chunk.find(|place| **place > 0).map(|place| *place);
        if let Some(holder) = holder.and_then(|number| holders.get(number - 1)) {
            let inside = holder.span.at.hull().covers(chunk.span.at.hull());
            lost.push((chunk.span, if inside { LossKind::Nested } else { LossKind::Overlap }));
            return false;
        }
        holders.push(*chunk);
        let number = holders.len();
        taken.iter_mut().take(chunk.end).skip(chunk.first).for_each(|place| *place = number);
        true
    });
    found.sort_by_key(|chunk| chunk.first);
    (found, lost)
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
        check(Overlaps::Longest, &[(1, 2), (2, 5)], "1..3 1-2:Tokenless");
    }
}
