//! A part of an annotation set: what hangs on something that is gone goes, too.

use std::collections::BTreeSet;

use crate::model::annotation_set::AnnotationSet;
use crate::model::id::SpanId;
use crate::model::span::Span;
use crate::model::value::Value;

/// Keeps some of the spans, and drops what is torn by it; gives how many relations those were.
pub fn keep_spans(set: &mut AnnotationSet, mut keep: impl FnMut(&SpanId, &Span) -> bool) -> usize {
    let before = set.spans.len();
    set.spans.retain(|id, span| keep(id, span));
    if set.spans.len() == before { 0 } else { drop_torn(set) }
}

/// Drops relations without an end and mentions of spans that are not there; gives how many relations those were.
pub fn drop_torn(set: &mut AnnotationSet) -> usize {
    let relations = set.relations.len();
    loop {
        let torn = set.torn_relations();
        if torn.is_empty() {
            break;
        }
        set.relations.retain(|id, _| !torn.contains(id));
    }
    let left: BTreeSet<SpanId> = set.spans.keys().cloned().collect();
    let stands = |value: &Value| !matches!(value, Value::Span(id) if !left.contains(id));
    set.spans.values_mut().for_each(|span| span.attributes.retain(|_, value| stands(value)));
    set.relations.values_mut().for_each(|relation| relation.attributes.retain(|_, value| stands(value)));
    for question in set.questions.values_mut() {
        question.about = question.about.take().filter(|about| left.contains(about));
    }
    relations - set.relations.len()
}
