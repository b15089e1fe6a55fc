//! Which span goes into which column.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::conll::bracket::Bracket;
use crate::format::conll::dialect::Marks;
use crate::format::conll::read::{ENTRY, MENTION, THING};
use crate::format::conll::scheme::Chunk;
use crate::format::{Carries, count_lost};
use crate::model::id::{AttributeId, LayerId};
use crate::model::span::Span;
use crate::text::range::TextRange;

/// What there is to put spans into.
pub(super) struct Columns<'a> {
    /// The tokens.
    pub(super) tokens: &'a [TextRange],
    /// How spans stand in each column.
    pub(super) marks: &'a [Marks],
    /// What stood in each column before; it stays where it was.
    pub(super) before: &'a [Vec<Chunk>],
    /// The layer that is written.
    pub(super) layer: Option<&'a LayerId>,
    /// No other layer is written, not even where it stood before.
    pub(super) chosen: bool,
}

/// A column while it is filled.
struct Column {
    mark: Marks,
    left: BTreeSet<(Chunk, usize)>,
    /// By token, which span stands there.
    taken: Vec<Option<TextRange>>,
    filled: Vec<Chunk>,
}

/// The spans of each column by start, longer first.
pub(super) fn assigned(example: &Example, columns: &Columns<'_>, losses: &mut Losses) -> Vec<Vec<Chunk>> {
    let fresh = |(mark, before): (&Marks, &Vec<Chunk>)| Column {
        mark: *mark,
        left: before.iter().enumerate().map(|(at, chunk)| (chunk.clone(), at)).collect(),
        taken: vec![None; columns.tokens.len()],
        filled: Vec::new(),
    };
    let mut filling: Vec<Column> = columns.marks.iter().zip(columns.before).map(fresh).collect();
    let article = &example.article.id;
    let mut next = next_thing(columns.before);
    let mut late = Vec::new();
    for (_, span) in example.spans() {
        let layer = example.schema.labels.get(&span.label).map(|label| &label.layer);
        let meant = columns.layer.is_some() && layer == columns.layer;
        if (meant || !columns.chosen) && is_back(span, columns.tokens, &mut filling) {
            continue;
        }
        if meant {
            late.push(span);
        } else {
            losses.add(LossKind::OtherLayers, article, Some(span.at.hull()), &span.quote);
        }
    }
    // The sort keeps reading order among equals: by start, then by id.
    late.sort_by_key(|span| std::cmp::Reverse(span.at.hull().len()));
    for span in late {
        if let Err(kind) = put(span, columns.tokens, &mut filling, &mut next) {
            losses.add(kind, article, Some(span.at.hull()), &span.quote);
        } else if edges(span, columns.tokens).is_some_and(|(_, _, exact)| !exact) {
            losses.add(LossKind::EdgesMoved, article, Some(span.at.hull()), &span.quote);
        }
    }
    lost(example, columns, losses);
    let sorted = |mut column: Column| {
        column.filled.sort_by_key(|(start, end, _)| (*start, usize::MAX - end));
        column.filled
    };
    filling.into_iter().map(sorted).collect()
}

/// Counts what columns have no room for; those of mentions know which thing a mention is of.
fn lost(example: &Example, columns: &Columns<'_>, losses: &mut Losses) {
    let mut rest = example.clone();
    if let Some((_, set)) = rest.set.as_mut().filter(|_| columns.marks.contains(&Marks::Brackets(Bracket::Named))) {
        for span in Arc::make_mut(set).spans.values_mut() {
            span.attributes.retain(|id, _| ![THING, ENTRY].contains(&id.as_str()));
        }
    }
    count_lost(&rest, Carries::NOTHING, losses);
}

/// The tokens of a span, and whether they begin and end where it does.
fn edges(span: &Span, tokens: &[TextRange]) -> Option<(usize, usize, bool)> {
    let hull = span.at.hull();
    let first = tokens.partition_point(|token| token.end() <= hull.start());
    let last = tokens.partition_point(|token| token.start() < hull.end());
    let inside = tokens.get(first..last)?;
    let (start, end) = (inside.first()?, inside.last()?);
    Some((first, last, start.start() == hull.start() && end.end() == hull.end()))
}

/// A label as one word; ids made by the program have no blanks, imported ones may.
fn word(span: &Span) -> String {
    span.label.as_str().replace(char::is_whitespace, "-")
}

/// The name of a mention: its label, the thing, its entry; nothing where no thing is said.
fn name(span: &Span) -> Option<String> {
    let said = |id: &str| span.attributes.get(&AttributeId::new(id)).map(ToString::to_string);
    let thing = said(THING)?;
    let label = word(span);
    let mut name = if label == MENTION { thing } else { format!("{label}-{thing}") };
    if let Some(entry) = said(ENTRY) {
        name.push_str(&format!("-{entry}"));
    }
    Some(name)
}

/// Puts a span where it stood before.
fn is_back(span: &Span, tokens: &[TextRange], columns: &mut [Column]) -> bool {
    let Some((first, last, true)) = edges(span, tokens) else { return false };
    if span.at.fragments().len() > 1 {
        return false;
    }
    columns.iter_mut().any(|column| {
        // Labels stand in the file as they are here, blanks and all.
        let label = match column.mark {
            Marks::Brackets(Bracket::Named) => name(span),
            // What says which thing it is of stands in the other column.
            Marks::Brackets(Bracket::Star) if name(span).is_some() => None,
            _ => Some(span.label.as_str().to_owned()),
        };
        let Some(label) = label else { return false };
        let chunk = (first, last, label);
        let from = (chunk.clone(), 0);
        let Some(found) = column.left.range(from..).next().filter(|(known, _)| *known == chunk).cloned() else {
            return false;
        };
        column.left.remove(&found);
        column.take(chunk, span.at.hull());
        true
    })
}

/// Puts a span into the first column that has room.
fn put(span: &Span, tokens: &[TextRange], columns: &mut [Column], next: &mut u64) -> Result<(), LossKind> {
    if span.at.fragments().len() > 1 {
        return Err(LossKind::FragmentsDropped);
    }
    let (first, last, _) = edges(span, tokens).ok_or(LossKind::Tokenless)?;
    let hull = span.at.hull();
    let mut why = LossKind::Spans;
    for column in columns {
        let label = match column.mark {
            Marks::Tags(_) => {
                let winner = column.taken.get(first..last).unwrap_or_default().iter().flatten().next();
                if let Some(winner) = winner {
                    why = if winner.covers(hull) { LossKind::Nested } else { LossKind::Overlap };
                    continue;
                }
                word(span)
            }
            Marks::Brackets(Bracket::Star) => {
                let crosses = |(start, end, _): &Chunk| {
                    (*start < first && first < *end && *end < last) || (first < *start && *start < last && last < *end)
                };
                if name(span).is_some() || column.filled.iter().any(crosses) {
                    why = LossKind::Overlap;
                    continue;
                }
                word(span)
            }
            Marks::Brackets(Bracket::Named) => name(span).unwrap_or_else(|| {
                *next += 1;
                format!("{}-{}", word(span), *next)
            }),
        };
        let label = match column.mark {
            Marks::Tags(_) => label,
            // They would be read as brackets.
            Marks::Brackets(_) => label.replace(['(', ')', '|', '*'], "_"),
        };
        column.take((first, last, label), hull);
        return Ok(());
    }
    Err(why)
}

impl Column {
    fn take(&mut self, chunk: Chunk, hull: TextRange) {
        for place in self.taken.iter_mut().take(chunk.1).skip(chunk.0) {
            *place = Some(hull);
        }
        self.filled.push(chunk);
    }
}

/// The highest number of a thing.
fn next_thing(before: &[Vec<Chunk>]) -> u64 {
    let number = |(_, _, name): &Chunk| {
        let mut parts = name.split('-');
        let first = parts.next().unwrap_or_default();
        parts.next().unwrap_or(first).parse().unwrap_or(0)
    };
    before.iter().flatten().map(number).max().unwrap_or(0)
}
