//! Counts of a project, for people and for checks of imports. Knows no file format.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::annotation_set::AnnotationSet;
use crate::model::id::LabelId;
use crate::model::project::Project;
use crate::text::range::TextRange;

/// What a project holds, counted over all annotators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Articles.
    pub articles: usize,
    /// Code points of all articles.
    pub characters: u64,
    /// Spans.
    pub spans: usize,
    /// Spans by label.
    pub spans_by_label: BTreeMap<LabelId, usize>,
    /// Spans of more than one fragment.
    pub fragmented_spans: usize,
    /// Pairs of spans of one annotation set of which one lies inside the other; two on the same place are no pair.
    pub nested_pairs: u64,
    /// Relations.
    pub relations: usize,
    /// Values of attributes, of spans, relations and article labels.
    pub attributes: usize,
    /// Notes, of spans, relations, article labels and whole articles.
    pub notes: usize,
    /// Things that do not fit their text.
    pub problems: usize,
    /// Annotation sets by state; articles that nobody touched count as `new`.
    pub articles_by_state: BTreeMap<&'static str, usize>,
    /// Annotators with at least one annotation set.
    pub annotators: usize,
}

impl Stats {
    /// Counts everything once.
    pub fn new(project: &Project) -> Self {
        let mut stats = Self { articles: project.article_heads().count(), ..Self::default() };
        for id in project.article_heads().map(|(id, _)| id) {
            stats.characters += project.peek_article(id).map_or(0, |article| u64::from(article.text().chars()));
            if project.set_keys_of(id).next().is_none() {
                *stats.articles_by_state.entry("new").or_default() += 1;
            }
        }
        let mut annotators: Vec<_> = project.set_keys().map(|key| &key.by).collect();
        annotators.sort_unstable();
        annotators.dedup();
        stats.annotators = annotators.len();
        for set in project.set_keys().filter_map(|key| project.peek_set(key)) {
            stats.count(&set);
        }
        stats
    }

    fn count(&mut self, set: &AnnotationSet) {
        *self.articles_by_state.entry(set.review.state.word()).or_default() += 1;
        self.spans += set.spans.len();
        self.relations += set.relations.len();
        self.problems += set.adrift.len();
        for span in set.spans.values() {
            *self.spans_by_label.entry(span.label.clone()).or_default() += 1;
            self.fragmented_spans += usize::from(span.at.fragments().len() > 1);
        }
        let spans = set.spans.values().map(|span| (span.attributes.len(), &span.note));
        let relations = set.relations.values().map(|relation| (relation.attributes.len(), &relation.note));
        let labels = set.labels.values().map(|label| (label.attributes.len(), &label.note));
        for (attributes, note) in spans.chain(relations).chain(labels).chain([(0, &set.review.note)]) {
            self.attributes += attributes;
            self.notes += usize::from(!note.is_empty());
        }
        self.nested_pairs += nested_pairs(set.spans.values().map(|span| span.at.hull()).collect());
    }
}

/// Pairs of which one lies inside the other and is shorter, in `n log n` steps.
fn nested_pairs(mut hulls: Vec<TextRange>) -> u64 {
    hulls.sort_by_key(|hull| (hull.start(), u32::MAX - hull.end()));
    let mut ends: Vec<u32> = hulls.iter().map(|hull| hull.end()).collect();
    ends.sort_unstable();
    ends.dedup();
    // A Fenwick tree over the ends, the furthest first: sums give how many earlier ones end there or later.
    let mut tree = vec![0_u64; ends.len() + 1];
    let (mut pairs, mut same, mut last) = (0, 0, None);
    for hull in hulls {
        same = if last == Some(hull) { same + 1 } else { 0 };
        last = Some(hull);
        let rank = ends.len() - ends.partition_point(|end| *end < hull.end());
        let mut at = rank;
        while at > 0 {
            pairs += tree.get(at).copied().unwrap_or(0);
            at &= at - 1;
        }
        // Those on the very same place were counted with the others.
        pairs -= same;
        at = rank;
        while let Some(sum) = tree.get_mut(at) {
            *sum += 1;
            at += at & at.wrapping_neg();
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nested_pairs_equal_the_naive_count(spans in proptest::collection::vec((0_u32..30, 1_u32..12), 0..40)) {
            let hulls: Vec<_> = spans.iter().map(|(start, len)| TextRange::new(*start, start + len).unwrap()).collect();
            let naive = hulls.iter().map(|a| hulls.iter().filter(|b| a.covers(**b) && a != *b).count()).sum::<usize>();
            prop_assert_eq!(nested_pairs(hulls), naive as u64);
        }
    }
}
