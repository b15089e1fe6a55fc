//! What the spans of an annotation set say of a place.

use crate::model::annotation_set::AnnotationSet;
use crate::model::id::LabelId;
use crate::text::cover::Cover;
use crate::text::index::to_u32;
use crate::text::range::TextRange;

/// A label that a place has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The span also covers what is around the place.
    pub wider: bool,
    /// The label.
    pub label: LabelId,
}

/// The spans of one annotation set, sorted for questions about places.
pub struct Spans {
    fragments: Cover<u32>,
    labels: Vec<LabelId>,
}

impl Spans {
    /// Sorts them once; `n log n`.
    pub fn new(set: &AnnotationSet) -> Self {
        let (mut fragments, mut labels) = (Vec::new(), Vec::new());
        for span in set.spans.values() {
            let owner = to_u32(labels.len());
            labels.push(span.label.clone());
            fragments.extend(span.at.fragments().iter().map(|fragment| (*fragment, owner)));
        }
        Self { fragments: Cover::new(fragments), labels }
    }

    /// The labels whose spans cover the place, each once: first those of the place itself.
    pub fn at(&self, place: TextRange) -> Vec<Said> {
        let rows = self.fragments.touching(place).filter(|row| row.range.covers(place));
        let mut said: Vec<Said> = rows
            .filter_map(|row| {
                let label = self.labels.get(row.owner as usize)?.clone();
                Some(Said { wider: row.range != place, label })
            })
            .collect();
        said.sort();
        said.dedup();
        said
    }
}
