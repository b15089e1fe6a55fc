//! How far annotators agree, for the card of a dataset: F1 of spans with the same label and the very same place.
//!
//! Each pair of annotators of an article is compared; taking either of them as the truth gives the same number. Spans
//! of several fragments agree when all fragments do. Hripcsak and Rothschild, "Agreement, the F-Measure, and
//! Reliability in Information Retrieval", JAMIA 12 (2005): where most of a text is unmarked, this is what kappa tends to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::dataset::example::Example;
use crate::model::id::LabelId;
use crate::text::range::Extent;

/// Spans of both and of either, over all pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pairs {
    /// Spans that both have.
    pub shared: usize,
    /// Spans of the one and of the other, added.
    pub spans: usize,
}

impl Pairs {
    /// From 0 to 1; nothing where there is no span.
    pub fn f1(self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of spans are far below 2^52")]
        (self.spans > 0).then(|| 2.0 * self.shared as f64 / self.spans as f64)
    }
}

/// Agreement over all articles that several annotators worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Articles of several annotators.
    pub articles: usize,
    /// Over all labels.
    pub all: Pairs,
    /// By label.
    pub labels: BTreeMap<LabelId, Pairs>,
}

impl Agreement {
    /// Takes in all examples of one article.
    pub fn see(&mut self, examples: &[Example]) {
        let sets: Vec<_> = examples.iter().filter_map(|example| example.set.as_ref()).collect();
        self.articles += usize::from(sets.len() > 1);
        for (at, (_, one)) in sets.iter().enumerate() {
            for (_, other) in sets.iter().skip(at + 1) {
                let mut left = places(other.spans.values());
                for (key, count) in places(one.spans.values()) {
                    let theirs = left.remove(&key).unwrap_or(0);
                    self.add(key.0, count.min(theirs), count + theirs);
                }
                for (key, count) in left {
                    self.add(key.0, 0, count);
                }
            }
        }
    }

    fn add(&mut self, label: &LabelId, shared: usize, spans: usize) {
        let of_label = self.labels.entry(label.clone()).or_default();
        for pairs in [of_label, &mut self.all] {
            pairs.shared += shared;
            pairs.spans += spans;
        }
    }
}

type Place<'a> = (&'a LabelId, Vec<(u32, u32)>);

fn places<'a>(spans: impl Iterator<Item = &'a crate::model::span::Span>) -> BTreeMap<Place<'a>, usize> {
    let place = |at: &Extent| at.fragments().iter().map(|part| (part.start(), part.end())).collect();
    let mut places = BTreeMap::new();
    for span in spans {
        *places.entry((&span.label, place(&span.at))).or_default() += 1;
    }
    places
}
