//! Counts what formats without room for it leave out.

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::Carries;
use crate::model::annotation_set::ReviewState;

/// Counts everything of an example that a format without room for it leaves out; spans are counted by the format.
pub(super) fn count_lost(example: &Example, carries: Carries, losses: &mut Losses) {
    let Some((_, set)) = &example.set else { return };
    let article = &example.article.id;
    for (_, span) in set.in_reading_order() {
        let range = Some(span.at.hull());
        for attribute in span.attributes.keys().filter(|_| !carries.attributes) {
            losses.add(LossKind::Attributes, article, range, attribute.as_str());
        }
        if !carries.notes && !span.note.is_empty() {
            losses.add(LossKind::Notes, article, range, &span.note);
        }
        if !carries.attributes && span.certainty.is_some() {
            losses.add(LossKind::Certainty, article, range, &span.quote);
        }
    }
    for relation in set.relations.values().filter(|_| !carries.relations) {
        losses.add(LossKind::Relations, article, None, relation.kind.as_str());
    }
    for label in set.labels.keys().filter(|_| !carries.article_labels) {
        losses.add(LossKind::ArticleLabels, article, None, label.as_str());
    }
    if !carries.notes {
        count_ours(example, losses);
    }
    for adrift in set.adrift.values() {
        losses.add(LossKind::Adrift, article, None, &adrift.why);
    }
}

/// Counts what only our own files can hold, for formats with room for notes.
pub(super) fn count_ours(example: &Example, losses: &mut Losses) {
    let Some((_, set)) = &example.set else { return };
    let article = &example.article.id;
    for question in set.questions.values() {
        losses.add(LossKind::Questions, article, None, &question.text);
    }
    if set.review.state != ReviewState::New {
        losses.add(LossKind::States, article, None, set.review.state.word());
    }
    if !set.review.note.is_empty() {
        losses.add(LossKind::Notes, article, None, &set.review.note);
    }
}

/// Counts certainties, for formats that hold attributes and no such numbers.
pub(super) fn count_certainty(example: &Example, losses: &mut Losses) {
    for (_, span) in example.spans().into_iter().filter(|(_, span)| span.certainty.is_some()) {
        losses.add(LossKind::Certainty, &example.article.id, Some(span.at.hull()), &span.quote);
    }
}

/// Counts what is said of labels on whole articles, for formats that hold no more than the labels.
pub(super) fn count_label_parts(example: &Example, losses: &mut Losses) {
    let article = &example.article.id;
    for (label, said) in example.set.iter().flat_map(|(_, set)| &set.labels) {
        for name in said.attributes.keys() {
            losses.add(LossKind::Attributes, article, None, name.as_str());
        }
        if !said.note.is_empty() {
            losses.add(LossKind::Notes, article, None, &said.note);
        }
        if said.certainty.is_some() {
            losses.add(LossKind::Certainty, article, None, label.as_str());
        }
    }
}
