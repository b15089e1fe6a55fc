//! Which span goes into which column.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dataset::example::Example;
use crate::dataset::flat::{self, Row, choose, on_tokens};
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::recipe::Overlaps;
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
    /// What becomes of spans that share text where no column has room.
    pub(super) overlaps: Overlaps,
}

/// A column while it is filled.
struct Column {
    mark: Marks,
    left: BTreeSet<(Chunk, usize)>,
    row: Row,
    /// What stands there, and whether it is of the layer that is written.
    filled: Vec<(Chunk, bool)>,
}

/// The spans of each column by start, longer first.
pub(super) fn assigned(example: &Example, columns: &Columns<'_>, losses: &mut Losses) -> Vec<Vec<Chunk>> {
    let fresh = |(mark, before): (&Marks, &Vec<Chunk>)| Column {
        mark: *mark,
        left: before.iter().enumerate().map(|(at, chunk)| (chunk.clone(), at)).collect(),
        row: Row::default(),
        filled: Vec::new(),
    };
    let mut filling: Vec<Column> = columns.marks.iter().zip(columns.before).map(fresh).collect();
    let article = &example.article.id;
    let mut next = next_thing(columns.before);
    let mut found = Vec::new();
    for (_, span) in example.spans() {
        let layer = example.schema.labels.get(&span.label).map(|label| &label.layer);
        let meant = columns.layer.is_some() && layer == columns.layer;
        match on_tokens(span, columns.tokens) {
            Ok(chunk) if meant => found.push(chunk),
            Ok(chunk) if !columns.chosen && is_back(&chunk, false, &mut filling) => {}
            Err(why) if meant => losses.add(why, article, Some(span.at.hull()), &span.quote),
            _ => losses.add(LossKind::OtherLayers, article, Some(span.at.hull()), &span.quote),
        }
    }
    let (kept, out) = choose(found, columns.overlaps, |chunk| {
        if is_back(chunk, true, &mut filling) { Ok(()) } else { put(chunk, &mut filling, &mut next) }
    });
    for chunk in kept.iter().filter(|chunk| !chunk.exact) {
        losses.add(LossKind::EdgesMoved, article, Some(chunk.span.at.hull()), &chunk.span.quote);
    }
    for (gone, why) in &out {
        losses.add(*why, article, Some(gone.span.at.hull()), &gone.span.quote);
        if columns.overlaps == Overlaps::Skip {
            // Those that share tokens with it do not stay either.
            for column in &mut filling {
                column.filled.retain(|((first, end, _), meant)| !meant || *end <= gone.first || gone.end <= *first);
            }
        }
    }
    lost(example, columns, losses);
    let sorted = |column: Column| {
        let mut filled: Vec<Chunk> = column.filled.into_iter().map(|(chunk, _)| chunk).collect();
        filled.sort_by_key(|(start, end, _)| (*start, usize::MAX - end));
        filled
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

/// Puts a span where it stood before, if that is free.
fn is_back(chunk: &flat::Chunk<'_>, meant: bool, columns: &mut [Column]) -> bool {
    let span = chunk.span;
    chunk.exact
        && columns.iter_mut().any(|column| {
            // Labels stand in the file as they are here, blanks and all.
            let label = match column.mark {
                Marks::Brackets(Bracket::Named) => name(span),
                // What says which thing it is of stands in the other column.
                Marks::Brackets(Bracket::Star) if name(span).is_some() => None,
                Marks::Tags(_) if column.row.refuses(chunk).is_some() => None,
                _ => Some(span.label.as_str().to_owned()),
            };
            let Some(label) = label else { return false };
            let was = (chunk.first, chunk.end, label);
            let from = (was.clone(), 0);
            let Some(found) = column.left.range(from..).next().filter(|(known, _)| *known == was).cloned() else {
                return false;
            };
            column.left.remove(&found);
            column.take(chunk, was, meant);
            true
        })
}

/// Puts a span into the first column that has room.
fn put(chunk: &flat::Chunk<'_>, columns: &mut [Column], next: &mut u64) -> Result<(), LossKind> {
    let span = chunk.span;
    let (first, last) = (chunk.first, chunk.end);
    let mut why = LossKind::Spans;
    for column in columns {
        let label = match column.mark {
            Marks::Tags(_) => {
                if let Some(taken) = column.row.refuses(chunk) {
                    why = taken;
                    continue;
                }
                word(span)
            }
            Marks::Brackets(Bracket::Star) => {
                let crosses = |((start, end, _), _): &(Chunk, bool)| {
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
        column.take(chunk, (first, last, label), true);
        return Ok(());
    }
    Err(why)
}

impl Column {
    fn take(&mut self, chunk: &flat::Chunk<'_>, written: Chunk, meant: bool) {
        if matches!(self.mark, Marks::Tags(_)) {
            self.row.take(chunk);
        }
        self.filled.push((written, meant));
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
