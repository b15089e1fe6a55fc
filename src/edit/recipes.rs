//! Intentions that take several edits: what hangs on a thing goes with it, and comes back by undo with the same ids.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use crate::model::id::{ArticleId, RelationId, SpanId};
use crate::model::project::Project;
use crate::model::relation::End;
use crate::model::span::Span;

/// Puts a new span in, and marks the article as started.
pub fn add_span(project: &Project, set: &SetKey, id: SpanId, span: Span) -> Vec<Edit> {
    let mut edits = start(project, set);
    edits.push(Edit::Span(set.clone(), id, Change::create(span)));
    edits
}

/// Replaces a span by a changed one. Gives nothing when it is not there or nothing changes.
pub fn change_span(project: &Project, set: &SetKey, id: &SpanId, change: impl FnOnce(&mut Span)) -> Vec<Edit> {
    let Some(before) = project.set(set).and_then(|set| set.spans.get(id)) else { return Vec::new() };
    let mut after = before.clone();
    change(&mut after);
    if after == *before {
        return Vec::new();
    }
    after.origin = after.origin.edited();
    vec![Edit::Span(set.clone(), id.clone(), Change::update(before.clone(), after))]
}

/// Takes a span away with its relations and the questions about it.
pub fn remove_span(project: &Project, key: &SetKey, id: &SpanId) -> Vec<Edit> {
    remove_spans(project, key, &BTreeSet::from([id.clone()]))
}

/// Takes spans away with their relations and the questions about them.
pub fn remove_spans(project: &Project, key: &SetKey, ids: &BTreeSet<SpanId>) -> Vec<Edit> {
    let Some(set) = project.set(key) else { return Vec::new() };
    let mut edits = Vec::new();
    for id in ids {
        unhang(set, key, &End::Span(id.clone()), &mut edits);
    }
    for (question_id, question) in &set.questions {
        if question.about.as_ref().is_some_and(|about| ids.contains(about)) {
            edits.push(Edit::Question(key.clone(), question_id.clone(), Change::remove(question.clone())));
        }
    }
    let gone = ids.iter().filter_map(|id| Some((id, set.spans.get(id)?)));
    edits.extend(gone.map(|(id, span)| Edit::Span(key.clone(), id.clone(), Change::remove(span.clone()))));
    edits
}

/// Takes a relation away with the relations that point at it.
pub fn remove_relation(project: &Project, key: &SetKey, id: &RelationId) -> Vec<Edit> {
    let Some(set) = project.set(key) else { return Vec::new() };
    let mut edits = Vec::new();
    if let Some(relation) = set.relations.get(id) {
        unhang(set, key, &End::Relation(id.clone()), &mut edits);
        edits.push(Edit::Relation(key.clone(), id.clone(), Change::remove(relation.clone())));
    }
    edits
}

/// Removes the relations that hang on `end`, those that hang on them first.
fn unhang(set: &AnnotationSet, key: &SetKey, end: &End, edits: &mut Vec<Edit>) {
    for (id, relation) in set.relations.iter().filter(|(_, relation)| relation.hangs_on(end)) {
        let known =
            |edits: &[Edit]| edits.iter().any(|edit| matches!(edit, Edit::Relation(_, other, _) if other == id));
        if known(edits) {
            continue;
        }
        unhang(set, key, &End::Relation(id.clone()), edits);
        if !known(edits) {
            edits.push(Edit::Relation(key.clone(), id.clone(), Change::remove(relation.clone())));
        }
    }
}

/// Takes an article away with everything that was said of it, by anybody.
pub fn remove_article(project: &Project, id: &ArticleId) -> Vec<Edit> {
    let Some(article) = project.article(id) else { return Vec::new() };
    let mut edits = Vec::new();
    for (key, set) in project.sets_of(id) {
        let mut relations = Vec::new();
        for span in set.spans.keys() {
            unhang(set, key, &End::Span(span.clone()), &mut relations);
        }
        edits.extend(relations);
        for (question_id, question) in &set.questions {
            edits.push(Edit::Question(key.clone(), question_id.clone(), Change::remove(question.clone())));
        }
        for (span_id, span) in &set.spans {
            edits.push(Edit::Span(key.clone(), span_id.clone(), Change::remove(span.clone())));
        }
        for (label, value) in &set.labels {
            edits.push(Edit::ArticleLabel(key.clone(), label.clone(), Change::remove(value.clone())));
        }
        for (id, adrift) in &set.adrift {
            edits.push(Edit::Adrift(key.clone(), id.clone(), Change::remove(adrift.clone())));
        }
        edits.extend(review(project, key, |review| *review = crate::model::annotation_set::Review::default()));
    }
    edits.push(Edit::Article(id.clone(), Change::remove(Arc::clone(article))));
    edits
}

/// Changes state or note of an annotation set. Gives nothing when nothing changes.
pub fn review(
    project: &Project,
    set: &SetKey,
    change: impl FnOnce(&mut crate::model::annotation_set::Review),
) -> Vec<Edit> {
    let before = project.set(set).map(|set| set.review.clone()).unwrap_or_default();
    let mut after = before.clone();
    change(&mut after);
    if after == before { Vec::new() } else { vec![Edit::Review(set.clone(), Change::update(before, after))] }
}

/// Marks an article as started if nobody touched it yet.
pub fn start(project: &Project, set: &SetKey) -> Vec<Edit> {
    match project.set(set).map(|set| &set.review.state) {
        None | Some(ReviewState::New) => review(project, set, |review| review.state = ReviewState::Started),
        Some(_) => Vec::new(),
    }
}
