//! Text without what is marked as boilerplate, and where spans stand in it.

use std::sync::Arc;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::part::keep_spans;
use crate::dataset::tokens::{OWN, own, shortened};
use crate::model::article::Article;
use crate::model::schema::Schema;
use crate::text::cover::Cover;
use crate::text::range::{Extent, TextRange};

/// What anybody marked as boilerplate to be cut in these examples of one article, in order.
pub fn marks(examples: &[Example], schema: &Schema) -> Vec<TextRange> {
    let sets = examples.iter().filter_map(|example| example.set.as_ref());
    let spans = sets.flat_map(|(_, set)| set.spans.values()).filter(|span| schema.cuts(span));
    let mut away: Vec<TextRange> = spans.flat_map(|span| span.at.fragments().iter().copied()).collect();
    away.sort_unstable();
    away
}

/// The example without these ranges, which are in order; nothing if that is all of its text.
///
/// The spans that say so go with it. Others that stand in what is cut away are counted,
/// and those that only reach into it keep the rest.
pub fn cleaned(mut example: Example, away: &[TextRange], losses: &mut Losses) -> Option<Example> {
    if away.is_empty() {
        let mut spans = example.set.iter().flat_map(|(_, set)| set.spans.values());
        if !spans.any(|span| example.schema.marks_boilerplate(&span.label)) {
            losses.add(LossKind::Uncleaned, &example.article.id, None, &example.article.title);
        }
        return Some(example);
    }
    let schema = &example.schema;
    for range in away {
        losses.add(LossKind::Boilerplate, &example.article.id, Some(*range), example.article.text().slice(*range));
    }
    let cut = Cut::new(&with_lines(&example.article, away), example.article.text().chars());
    let Some(article) = cut.article(&example.article) else {
        losses.add(LossKind::AllBoilerplate, &example.article.id, None, &example.article.title);
        return None;
    };
    let Some((_, set)) = &mut example.set else {
        example.article = Arc::new(article);
        return Some(example);
    };
    let set = Arc::make_mut(set);
    let torn = keep_spans(set, |_, span| {
        if schema.cuts(span) {
            return false;
        }
        let stays = cut.carry(&span.at).is_some();
        if !stays {
            losses.add(LossKind::CutAway, &article.id, Some(span.at.hull()), &span.quote);
        }
        stays
    });
    (0..torn).for_each(|_| losses.add(LossKind::TornRelations, &article.id, None, ""));
    for span in set.spans.values_mut() {
        if let Some(at) = cut.carry(&span.at) {
            span.quote = article.text().quote(&at);
            span.at = at;
        }
    }
    set.text = article.text().hash();
    // What was turned down says nothing of this text.
    set.review.declined.clear();
    example.article = Arc::new(article);
    Some(example)
}

/// The same ranges, and with each block of which only blanks would be left all of it, so that no empty lines stay.
fn with_lines(article: &Article, away: &[TextRange]) -> Vec<TextRange> {
    let cut = Cut::new(away, article.text().chars());
    let empty = |block: &&TextRange| {
        let first = cut.kept.partition_point(|kept| kept.end() <= block.start());
        let stays = cut.kept.iter().skip(first).map_while(|kept| kept.intersect(**block));
        stays.into_iter().all(|range| article.text().slice(range).trim().is_empty())
    };
    let touched = Cover::new(away.iter().map(|range| (*range, ())));
    let whole = article.block_ranges().iter().filter(|block| touched.touching(**block).next().is_some()).filter(empty);
    let mut wider: Vec<TextRange> = away.iter().chain(whole).copied().collect();
    wider.sort_unstable();
    wider
}

/// What stays of a text, in order.
struct Cut {
    /// Ranges of the text before.
    kept: Vec<TextRange>,
    /// Where each begins in the text after.
    starts: Vec<u32>,
}

impl Cut {
    /// `away` is in order of its starts and may overlap.
    fn new(away: &[TextRange], chars: u32) -> Self {
        let (mut kept, mut at) = (Vec::new(), 0);
        for range in away {
            kept.extend(TextRange::new(at, range.start().max(at)));
            at = at.max(range.end());
        }
        kept.extend(TextRange::new(at, chars));
        let starts = kept.iter().scan(0, |next, range| {
            let start = *next;
            *next += range.len();
            Some(start)
        });
        let starts = starts.collect();
        Self { kept, starts }
    }

    /// What stays of a range, in places of the text after.
    fn ranges(&self, range: TextRange) -> impl Iterator<Item = TextRange> + '_ {
        let first = self.kept.partition_point(|kept| kept.end() <= range.start());
        let both = self.kept.iter().zip(&self.starts).skip(first);
        both.map_while(move |(kept, start)| {
            let stays = kept.intersect(range)?;
            let at = start + (stays.start() - kept.start());
            TextRange::new(at, at + stays.len()).ok()
        })
    }

    /// Where an extent stands in the text after; fragments that meet become one.
    fn carry(&self, at: &Extent) -> Option<Extent> {
        let mut parts: Vec<TextRange> = Vec::new();
        for fragment in at.fragments() {
            for (count, part) in self.ranges(*fragment).enumerate() {
                match parts.last_mut() {
                    // Only what was one before: fragments that a person kept apart stay apart.
                    Some(last) if count > 0 && last.end() == part.start() => *last = last.hull(part),
                    _ => parts.push(part),
                }
            }
        }
        Extent::new(parts).ok()
    }

    /// The article with what stays; its blocks are those of which something stays.
    fn article(&self, article: &Article) -> Option<Article> {
        let text = article.text();
        let body = article.blocks().iter().filter_map(|block| {
            let first = self.kept.partition_point(|kept| kept.end() <= block.range.start());
            let stays = self.kept.iter().skip(first).map_while(|kept| kept.intersect(block.range));
            let words: String = stays.map(|range| text.slice(range)).collect();
            (!words.is_empty()).then_some((block.kind, words))
        });
        let tokens = own(article).map(|own| own.iter().flat_map(|token| self.ranges(*token)).collect::<Vec<_>>());
        derived(article, article.id.as_str(), body.collect(), tokens.as_deref())
    }
}

/// An article made of another one, with its tokens if they are known. What else its format kept of the file belongs to
/// the whole text and is left behind.
pub(super) fn derived(
    article: &Article,
    id: &str,
    body: Vec<(crate::model::article::BlockKind, String)>,
    tokens: Option<&[TextRange]>,
) -> Option<Article> {
    let mut new = Article::new(id.into(), article.number, article.title.clone(), body)?;
    new.source = article.source.clone();
    new.source.extra.clear();
    let short = tokens.and_then(|tokens| shortened(tokens, new.text().chars()));
    new.source.extra.extend(short.map(|short| (OWN.to_owned(), short)));
    new.source.format = None;
    new.language.clone_from(&article.language);
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(start, end).unwrap()
    }

    #[test]
    fn what_reaches_into_boilerplate_keeps_the_rest() {
        let cut = Cut::new(&[range(2, 4), range(3, 6)], 10);
        let carried = |start, end| cut.carry(&range(start, end).into()).map(|at| at.fragments().to_vec());
        assert_eq!(carried(0, 2), Some(vec![range(0, 2)]));
        assert_eq!(carried(1, 8), Some(vec![range(1, 4)]));
        assert_eq!(carried(2, 6), None);
        assert_eq!(carried(5, 10), Some(vec![range(2, 6)]));
    }

    proptest! {
        #[test]
        fn what_stays_reads_the_same(
            away in proptest::collection::vec((0_u32..40, 1_u32..9), 0..6),
            span in (0_u32..40, 1_u32..20),
        ) {
            let text: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
            let chars = 52;
            let mut away: Vec<_> = away.iter().map(|(start, len)| range(*start, start + len)).collect();
            away.sort_unstable();
            let cut = Cut::new(&away, chars);
            let gone = |place: u32| away.iter().any(|range| range.contains(place));
            let after: String = (0..chars).filter(|at| !gone(*at)).map(|at| text[at as usize]).collect();
            let (start, end) = (span.0, (span.0 + span.1).min(chars));
            let words: String = (start..end).filter(|at| !gone(*at)).map(|at| text[at as usize]).collect();
            let carried = cut.carry(&range(start, end).into());
            let read: String = carried.iter().flat_map(|at| at.fragments().to_vec())
                .map(|part| &after[part.start() as usize..part.end() as usize]).collect();
            prop_assert_eq!(read, words);
        }
    }
}
