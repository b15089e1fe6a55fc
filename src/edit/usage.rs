//! How much of a project carries each label, so that a person knows what merging or deleting it touches.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::schema::hanging;
use crate::model::annotation_set::{AnnotationSet, Lost};
use crate::model::id::{LabelId, SpanId};
use crate::model::project::Project;

/// How much carries a label, over all annotators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Spans.
    pub spans: usize,
    /// Spans of several fragments among them.
    pub fragmented: usize,
    /// Whole articles, once for each annotator.
    pub labels: usize,
    /// Relations that hang on the spans, and on these relations.
    pub relations: usize,
    /// Questions about the spans.
    pub questions: usize,
    /// Things that do not fit their text.
    pub adrift: usize,
    /// Articles in which something carries it.
    pub articles: usize,
}

impl Usage {
    /// Whether nothing carries it.
    pub fn is_none(&self) -> bool {
        self.spans + self.labels + self.adrift == 0
    }

    /// In words: *131 spans and 4 relations in 12 articles*.
    pub fn words(&self) -> String {
        let parts = [
            (self.spans, "span"),
            (self.labels, "article label"),
            (self.relations, "relation"),
            (self.questions, "question"),
            (self.adrift, "misfit"),
        ];
        let parts: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(n, word)| many(*n, word)).collect();
        match parts.split_last() {
            None => "nothing".to_owned(),
            Some((last, [])) => format!("{last} in {}", many(self.articles, "article")),
            Some((last, first)) => format!("{} and {last} in {}", first.join(", "), many(self.articles, "article")),
        }
    }
}

/// A count with its word, in the right number.
pub fn many(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Counts once over the whole project. Labels that nothing carries are left out.
pub fn usage(project: &Project) -> BTreeMap<LabelId, Usage> {
    let mut all: BTreeMap<LabelId, Usage> = BTreeMap::new();
    let mut article = None;
    let mut seen: BTreeSet<LabelId> = BTreeSet::new();
    for key in project.set_keys() {
        let Some(set) = project.peek_set(key) else { continue };
        if article != Some(&key.article) {
            article = Some(&key.article);
            seen.clear();
        }
        for (label, own) in of_set(&set) {
            let sum = all.entry(label.clone()).or_default();
            sum.spans += own.spans;
            sum.fragmented += own.fragmented;
            sum.labels += own.labels;
            sum.relations += own.relations;
            sum.questions += own.questions;
            sum.adrift += own.adrift;
            sum.articles += usize::from(seen.insert(label.clone()));
        }
    }
    all
}

fn of_set(set: &AnnotationSet) -> BTreeMap<&LabelId, Usage> {
    let mut own: BTreeMap<&LabelId, Usage> = BTreeMap::new();
    for span in set.spans.values() {
        let sum = own.entry(&span.label).or_default();
        sum.spans += 1;
        sum.fragmented += usize::from(span.at.fragments().len() > 1);
    }
    for label in set.labels.keys() {
        own.entry(label).or_default().labels += 1;
    }
    for adrift in set.adrift.values() {
        if let Lost::Span(span) = &adrift.was {
            own.entry(&span.label).or_default().adrift += 1;
        }
    }
    for question in set.questions.values() {
        if let Some(span) = question.about.as_ref().and_then(|about| set.spans.get(about)) {
            own.entry(&span.label).or_default().questions += 1;
        }
    }
    if !set.relations.is_empty() {
        let mut spans: BTreeMap<&LabelId, BTreeSet<SpanId>> = BTreeMap::new();
        for (id, span) in &set.spans {
            spans.entry(&span.label).or_default().insert(id.clone());
        }
        for (label, spans) in spans {
            own.entry(label).or_default().relations += hanging(set, &spans).len();
        }
    }
    own
}
