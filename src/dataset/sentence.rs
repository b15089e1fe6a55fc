//! One example for each sentence. Sentences that a span joins stay together, so that no span is torn.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dataset::clean::derived;
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::part::drop_torn;
use crate::dataset::tokens::{own, sentences};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::BlockKind;
use crate::model::id::SpanId;
use crate::model::span::Span;
use crate::text::range::{Extent, TextRange};

/// The sentences of an example, each as an example. Ids are that of the article with `-s` and a number from 1.
///
/// Spans in whole blocks, as boilerplate is marked, are cut where sentences end. Relations between sentences, and what
/// is said of the article as a whole, are counted as lost.
pub fn by_sentence(example: &Example, losses: &mut Losses) -> Vec<Example> {
    let Example { article, set, schema } = example;
    let in_blocks = |span: &Span| schema.marks_boilerplate(&span.label);
    let spans = || set.iter().flat_map(|(_, set)| &set.spans);
    let joining = spans().filter(|(_, span)| !in_blocks(span)).map(|(_, span)| span.at.hull());
    let units = joined(sentences(article), joining.collect());
    // Each span with the sentences that it touches.
    let mut inside: BTreeMap<usize, Vec<(&SpanId, &Span)>> = BTreeMap::new();
    for (id, span) in spans() {
        let first = units.partition_point(|unit| unit.end() <= span.at.start());
        let touched = units.iter().enumerate().skip(first).take_while(|(_, unit)| unit.start() < span.at.end());
        let mut places = 0;
        for (at, _) in touched {
            inside.entry(at).or_default().push((id, span));
            places += 1;
        }
        if places == 0 {
            losses.add(LossKind::Tokenless, &article.id, Some(span.at.hull()), &span.quote);
        }
    }
    if let Some((_, set)) = set {
        if !set.review.note.is_empty() {
            losses.add(LossKind::Notes, &article.id, None, &set.review.note);
        }
        set.adrift.values().for_each(|one| losses.add(LossKind::Adrift, &article.id, None, &one.why));
        set.labels.keys().for_each(|label| losses.add(LossKind::ArticleLabels, &article.id, None, label.as_str()));
        set.questions.values().for_each(|question| losses.add(LossKind::Questions, &article.id, None, &question.text));
    }
    let own = own(article);
    let mut told = 0;
    let mut examples = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let id = format!("{}-s{}", article.id, at + 1);
        let kind = article.blocks().get(article.block_index(unit.start())).map_or(BlockKind::Paragraph, |b| b.kind);
        let body = vec![(kind, article.text().slice(*unit).to_owned())];
        let tokens = own.as_ref().map(|own| {
            let from = own.partition_point(|token| token.end() <= unit.start());
            let mine = own.iter().skip(from).map_while(|token| token.intersect(*unit));
            let moved =
                |token: TextRange| TextRange::new(token.start() - unit.start(), token.end() - unit.start()).ok();
            mine.filter_map(moved).collect::<Vec<_>>()
        });
        let Some(part) = derived(article, &id, body, tokens.as_deref()) else { continue };
        let set = set.as_ref().map(|(by, set)| {
            let mut of_part = AnnotationSet::new(part.text().hash());
            of_part.review.state = set.review.state.clone();
            let mine = inside.remove(&at).unwrap_or_default();
            for (id, span) in mine {
                let parts = span.at.fragments().iter().filter_map(|fragment| {
                    let both = fragment.intersect(*unit)?;
                    TextRange::new(both.start() - unit.start(), both.end() - unit.start()).ok()
                });
                if let Ok(place) = Extent::new(parts.collect()) {
                    let quote = part.text().quote(&place);
                    of_part.spans.insert(id.clone(), Span { at: place, quote, ..span.clone() });
                }
            }
            if !of_part.spans.is_empty() {
                // Those that reach elsewhere are dropped here, and counted when all sentences are through.
                of_part.relations = set.relations.clone();
                drop_torn(&mut of_part);
                told += of_part.relations.len();
            }
            (by.clone(), Arc::new(of_part))
        });
        examples.push(Example { article: Arc::new(part), set, schema: Arc::clone(schema) });
    }
    let relations = set.as_ref().map_or(0, |(_, set)| set.relations.len());
    (told..relations).for_each(|_| losses.add(LossKind::TornRelations, &article.id, None, ""));
    examples
}

/// Units that no span leaves: those that a span touches become one.
fn joined(units: Vec<TextRange>, mut spans: Vec<TextRange>) -> Vec<TextRange> {
    spans.sort_unstable();
    let mut spans = spans.into_iter().peekable();
    let mut joined: Vec<TextRange> = Vec::new();
    // How far the spans reach that begin in the unit before.
    let mut reach = 0;
    for unit in units {
        match joined.last_mut() {
            Some(last) if reach > unit.start() => *last = last.hull(unit),
            _ => joined.push(unit),
        }
        while let Some(span) = spans.next_if(|span| span.start() < unit.end()) {
            reach = reach.max(span.end());
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_under_one_span_are_one() {
        let range = |(start, end): (u32, u32)| TextRange::new(start, end).unwrap();
        let check = |spans: &[(u32, u32)], wanted: &[(u32, u32)]| {
            let units = [(0, 4), (5, 9), (10, 14)].map(range).to_vec();
            let joined = joined(units, spans.iter().copied().map(range).collect());
            assert_eq!(joined, wanted.iter().copied().map(range).collect::<Vec<_>>());
        };
        check(&[], &[(0, 4), (5, 9), (10, 14)]);
        check(&[(0, 4), (6, 8)], &[(0, 4), (5, 9), (10, 14)]);
        check(&[(2, 6)], &[(0, 9), (10, 14)]);
        check(&[(2, 6), (8, 12)], &[(0, 14)]);
        check(&[(0, 14)], &[(0, 14)]);
    }
}
