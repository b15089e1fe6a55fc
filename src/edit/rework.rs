//! The edits that make one annotation set of another, in an order in which each of them applies.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::id::RelationId;
use crate::model::relation::{End, Relation};

/// What leads from `before` to `after`; the state of the set and its text stay out of it.
///
/// Relations go before what they hang on, and spans go last, so that nothing is ever left without its end. New
/// relations are not expected.
pub fn rework(key: &SetKey, before: &AnnotationSet, after: &AnnotationSet) -> Vec<Edit> {
    let mut edits = Vec::new();
    let gone: BTreeMap<&RelationId, &Relation> =
        before.relations.iter().filter(|(id, _)| !after.relations.contains_key(*id)).collect();
    for (id, relation) in from_the_outside(&gone) {
        edits.push(Edit::Relation(key.clone(), id.clone(), Change::remove(relation.clone())));
    }
    let spans = changes(&before.spans, &after.spans);
    let (leaving, staying): (Vec<_>, Vec<_>) = spans.into_iter().partition(|(_, change)| change.after.is_none());
    edits.extend(staying.into_iter().map(|(id, change)| Edit::Span(key.clone(), id, change)));
    let relations = changes(&before.relations, &after.relations).into_iter();
    let relations = relations.filter(|(_, change)| change.after.is_some());
    edits.extend(relations.map(|(id, change)| Edit::Relation(key.clone(), id, change)));
    let questions = changes(&before.questions, &after.questions).into_iter();
    edits.extend(questions.map(|(id, change)| Edit::Question(key.clone(), id, change)));
    edits.extend(leaving.into_iter().map(|(id, change)| Edit::Span(key.clone(), id, change)));
    let labels = changes(&before.labels, &after.labels).into_iter();
    edits.extend(labels.map(|(id, change)| Edit::ArticleLabel(key.clone(), id, change)));
    let adrift = changes(&before.adrift, &after.adrift).into_iter();
    edits.extend(adrift.map(|(id, change)| Edit::Adrift(key.clone(), id, change)));
    edits
}

/// The relations in an order in which none goes before those that hang on it.
fn from_the_outside<'a>(gone: &BTreeMap<&'a RelationId, &'a Relation>) -> Vec<(&'a RelationId, &'a Relation)> {
    let mut left = gone.clone();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let held: BTreeSet<&RelationId> = left
            .values()
            .flat_map(|relation| [&relation.from, &relation.to])
            .filter_map(|end| match end {
                End::Relation(id) => Some(id),
                End::Span(_) => None,
            })
            .collect();
        let free: Vec<&RelationId> = left.keys().copied().filter(|id| !held.contains(id)).collect();
        if free.is_empty() {
            // A ring cannot come to be; were there one, its edits would be refused and nothing changed.
            ordered.extend(std::mem::take(&mut left));
        }
        ordered.extend(free.into_iter().filter_map(|id| left.remove_entry(id)));
    }
    ordered
}

fn changes<I: Ord + Clone, T: PartialEq + Clone>(
    before: &BTreeMap<I, T>,
    after: &BTreeMap<I, T>,
) -> Vec<(I, Change<T>)> {
    let mut changes = Vec::new();
    for (id, was) in before {
        match after.get(id) {
            Some(is) if is == was => {}
            Some(is) => changes.push((id.clone(), Change::update(was.clone(), is.clone()))),
            None => changes.push((id.clone(), Change::remove(was.clone()))),
        }
    }
    let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
    changes.extend(new.map(|(id, is)| (id.clone(), Change::create(is.clone()))));
    changes
}
