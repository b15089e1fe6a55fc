//! Changes of the schema that reach into annotations: what carries a label goes with it, in edits that undo as one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::rework::rework;
use crate::model::annotation_set::{AnnotationSet, ArticleLabel, Lost, SetKey};
use crate::model::id::{AttributeId, LabelId, LayerId, RelationId, RelationKindId, SpanId};
use crate::model::project::Project;
use crate::model::relation::{End, Relation};
use crate::model::schema::{Label, Layer, On, Schema};
use crate::model::span::Span;
use crate::model::value::Value;

/// Puts another description in place of a label. Where it goes to another layer, attributes and kinds of relations
/// that its spans have are allowed there too.
pub fn change_label(project: &Project, id: &LabelId, after: Label) -> Vec<Edit> {
    let Some(before) = project.schema.labels.get(id).filter(|before| **before != after) else { return Vec::new() };
    let mut edits = Vec::new();
    if before.layer != after.layer {
        let mut schema = Schema::clone(&project.schema);
        Carried::of(project, id).allow_in(&mut schema, &before.layer, &after.layer);
        edits = schema_edits(&project.schema, &schema);
    }
    edits.push(Edit::Label(id.clone(), Change::update(before.clone(), after)));
    edits
}

/// Moves a label one place up or down among those of its layer.
pub fn move_label(project: &Project, id: &LabelId, up: bool) -> Vec<Edit> {
    let Some(label) = project.schema.labels.get(id) else { return Vec::new() };
    let labels = project.schema.labels_in_order();
    let own: Vec<_> = labels.into_iter().filter(|(_, other)| other.layer == label.layer).collect();
    let edits = reordered(&own, id, up).into_iter().map(|(id, label, order)| {
        Edit::Label(id.clone(), Change::update(label.clone(), Label { order, ..label.clone() }))
    });
    edits.collect()
}

/// Moves a layer one place up or down.
pub fn move_layer(project: &Project, id: &LayerId, up: bool) -> Vec<Edit> {
    let edits = reordered(&project.schema.layers_in_order(), id, up).into_iter().map(|(id, layer, order)| {
        Edit::Layer(id.clone(), Change::update(layer.clone(), Layer { order, ..layer.clone() }))
    });
    edits.collect()
}

/// The things of a list whose place changes when one of them goes up or down, with their new places.
fn reordered<'a, I: PartialEq, T: Ordered>(list: &[(&'a I, &'a T)], id: &I, up: bool) -> Vec<(&'a I, &'a T, u32)> {
    let Some(at) = list.iter().position(|(other, _)| *other == id) else { return Vec::new() };
    let Some(to) = (if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < list.len()) }) else {
        return Vec::new();
    };
    let mut list = list.to_vec();
    list.swap(at, to);
    let numbered = (0..).zip(list).map(|(order, (id, thing))| (id, thing, order));
    numbered.filter(|(_, thing, order)| thing.order() != *order).collect()
}

/// What has a place in lists.
trait Ordered {
    fn order(&self) -> u32;
}

impl Ordered for Label {
    fn order(&self) -> u32 {
        self.order
    }
}

impl Ordered for Layer {
    fn order(&self) -> u32 {
        self.order
    }
}

/// Gives everything that carries one label the other, and takes the first one out of the schema.
///
/// A span that then says the same of the same place as another one is joined with it, unless what is said of the two
/// differs; nothing that anybody said is lost.
pub fn merge_label(project: &Project, from: &LabelId, into: &LabelId) -> Vec<Edit> {
    let labels = &project.schema.labels;
    let (Some(gone), Some(target)) = (labels.get(from), labels.get(into)) else { return Vec::new() };
    if from == into {
        return Vec::new();
    }
    let mut schema = Schema::clone(&project.schema);
    if gone.layer != target.layer {
        Carried::of(project, from).allow_in(&mut schema, &gone.layer, &target.layer);
    }
    for attribute in schema.attributes.values_mut() {
        let On::Labels(labels) = &mut attribute.on else { continue };
        if let Some(at) = labels.iter().position(|label| label == from) {
            if labels.contains(into) {
                labels.remove(at);
            } else if let Some(place) = labels.get_mut(at) {
                *place = into.clone();
            }
        }
    }
    let mut edits = schema_edits(&project.schema, &schema);
    for (key, set) in carrying(project, from) {
        let mut after = AnnotationSet::clone(set);
        merge_in(&mut after, from, into);
        edits.extend(rework(key, set, &after));
    }
    edits.push(Edit::Label(from.clone(), Change::remove(gone.clone())));
    edits
}

/// Takes a label out of the schema with everything that carries it, and what hangs on that.
pub fn delete_label(project: &Project, id: &LabelId) -> Vec<Edit> {
    let Some(label) = project.schema.labels.get(id) else { return Vec::new() };
    let mut schema = Schema::clone(&project.schema);
    for attribute in schema.attributes.values_mut() {
        if let On::Labels(labels) = &mut attribute.on {
            labels.retain(|label| label != id);
        }
    }
    let mut edits = Vec::new();
    for (key, set) in carrying(project, id) {
        let mut after = AnnotationSet::clone(set);
        let spans: BTreeSet<SpanId> =
            set.spans.iter().filter(|(_, span)| span.label == *id).map(|(id, _)| id.clone()).collect();
        let relations = hanging(set, &spans);
        after.spans.retain(|id, _| !spans.contains(id));
        after.relations.retain(|id, _| !relations.contains(id));
        after.questions.retain(|_, question| question.about.as_ref().is_none_or(|about| !spans.contains(about)));
        after.labels.remove(id);
        after.adrift.retain(|_, adrift| !matches!(&adrift.was, Lost::Span(span) if span.label == *id));
        edits.extend(rework(key, set, &after));
    }
    edits.extend(schema_edits(&project.schema, &schema));
    edits.push(Edit::Label(id.clone(), Change::remove(label.clone())));
    edits
}

/// Takes a layer out of the schema that no label is in.
pub fn delete_layer(project: &Project, id: &LayerId) -> Vec<Edit> {
    let Some(layer) = project.schema.layers.get(id) else { return Vec::new() };
    let mut schema = Schema::clone(&project.schema);
    for attribute in schema.attributes.values_mut() {
        if let On::Layers(layers) = &mut attribute.on {
            layers.retain(|layer| layer != id);
        }
    }
    for kind in schema.relations.values_mut() {
        for layers in [&mut kind.from, &mut kind.to] {
            // No layer at all would mean any.
            if layers.len() > 1 {
                layers.retain(|layer| layer != id);
            }
        }
    }
    let mut edits = schema_edits(&project.schema, &schema);
    edits.push(Edit::Layer(id.clone(), Change::remove(layer.clone())));
    edits
}

/// The sets that carry a label; others that are still on disk are not read for it.
///
/// Annotations of a missing article are kept as they are and cannot be changed.
fn carrying<'a>(
    project: &'a Project,
    label: &'a LabelId,
) -> impl Iterator<Item = (&'a SetKey, &'a Arc<AnnotationSet>)> {
    let keys = project.set_keys().filter(|key| project.carries(key, label));
    keys.filter(|key| project.article_head(&key.article).is_some()).filter_map(|key| Some((key, project.set(key)?)))
}

/// The relations that hang on one of these spans, or on a relation that does.
pub(super) fn hanging(set: &AnnotationSet, spans: &BTreeSet<SpanId>) -> BTreeSet<RelationId> {
    let mut found = BTreeSet::new();
    loop {
        let hangs = |end: &End| match end {
            End::Span(id) => spans.contains(id),
            End::Relation(id) => found.contains(id),
        };
        let more: Vec<RelationId> = set
            .relations
            .iter()
            .filter(|(id, relation)| !found.contains(*id) && (hangs(&relation.from) || hangs(&relation.to)))
            .map(|(id, _)| id.clone())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// Relabels in one set, and joins what then is the same.
fn merge_in(set: &mut AnnotationSet, from: &LabelId, into: &LabelId) {
    if set.spans.values().any(|span| span.label == *into) {
        join_spans(set, from, into);
    } else {
        let moved = set.spans.values_mut().filter(|span| span.label == *from);
        moved.for_each(|span| span.label = into.clone());
    }
    if let Some(moved) = set.labels.remove(from) {
        let stays = match set.labels.remove(into) {
            Some(stays) => joined_labels(stays, moved),
            None => moved,
        };
        set.labels.insert(into.clone(), stays);
    }
    for adrift in set.adrift.values_mut() {
        if let Lost::Span(span) = &mut adrift.was
            && span.label == *from
        {
            span.label = into.clone();
        }
    }
}

/// Relabels spans, and joins those that then say the same of the same place.
fn join_spans(set: &mut AnnotationSet, from: &LabelId, into: &LabelId) {
    let moved: Vec<SpanId> =
        set.spans.iter().filter(|(_, span)| span.label == *from).map(|(id, _)| id.clone()).collect();
    // Spans that are related to each other stay two, or the relation would have nothing to relate.
    let related: BTreeSet<[SpanId; 2]> = set.relations.values().flat_map(related).collect();
    let mut joined_to: BTreeMap<SpanId, SpanId> = BTreeMap::new();
    // For each place the spans that stay there, each with those that were joined with it.
    let mut places: BTreeMap<Vec<(u32, u32)>, Vec<Vec<SpanId>>> = BTreeMap::new();
    for (id, span) in set.spans.iter().filter(|(_, span)| span.label == *into) {
        places.entry(place(span)).or_default().push(vec![id.clone()]);
    }
    for id in moved {
        let Some(mut span) = set.spans.remove(&id) else { continue };
        span.label = into.clone();
        let here = places.entry(place(&span)).or_default();
        let same = here.iter_mut().find_map(|group| {
            let apart = group.iter().any(|other| related.contains(&[id.clone(), other.clone()]));
            let first = group.first().filter(|_| !apart)?.clone();
            let joined = joined(set.spans.get(&first)?, &span)?;
            group.push(id.clone());
            Some((first, joined))
        });
        match same {
            Some((other, joined)) => {
                set.spans.insert(other.clone(), joined);
                joined_to.insert(id, other);
            }
            None => {
                here.push(vec![id.clone()]);
                set.spans.insert(id, span);
            }
        }
    }
    if !joined_to.is_empty() {
        point_elsewhere(set, &joined_to);
    }
}

/// The two spans of a relation, both ways round.
fn related(relation: &Relation) -> Vec<[SpanId; 2]> {
    match (&relation.from, &relation.to) {
        (End::Span(a), End::Span(b)) => vec![[a.clone(), b.clone()], [b.clone(), a.clone()]],
        _ => Vec::new(),
    }
}

fn place(span: &Span) -> Vec<(u32, u32)> {
    span.at.fragments().iter().map(|fragment| (fragment.start(), fragment.end())).collect()
}

/// Both spans as one; nothing where they do not say the same.
fn joined(stays: &Span, goes: &Span) -> Option<Span> {
    let agree = goes.attributes.iter().all(|(id, value)| stays.attributes.get(id).is_none_or(|own| own == value));
    let notes = stays.note.is_empty() || goes.note.is_empty() || stays.note == goes.note;
    let sure = stays.certainty.is_none() || goes.certainty.is_none() || stays.certainty == goes.certainty;
    if !(agree && notes && sure) {
        return None;
    }
    let mut both = stays.clone();
    both.attributes.extend(goes.attributes.clone());
    if both.note.is_empty() {
        both.note.clone_from(&goes.note);
    }
    both.certainty = stays.certainty.or(goes.certainty);
    Some(both)
}

/// Both labels of the article as one. There can be only one, so where they differ the one that stays is right.
fn joined_labels(mut stays: ArticleLabel, goes: ArticleLabel) -> ArticleLabel {
    for (id, value) in goes.attributes {
        stays.attributes.entry(id).or_insert(value);
    }
    if stays.note.is_empty() {
        stays.note = goes.note;
    } else if !goes.note.is_empty() && goes.note != stays.note {
        stays.note = format!("{}\n{}", stays.note, goes.note);
    }
    stays.certainty = stays.certainty.or(goes.certainty);
    stays
}

/// Whatever pointed at a span that was joined with another points at that one.
fn point_elsewhere(set: &mut AnnotationSet, joined_to: &BTreeMap<SpanId, SpanId>) {
    let turn = |id: &mut SpanId| {
        if let Some(other) = joined_to.get(id) {
            id.clone_from(other);
        }
    };
    let value = |value: &mut Value| {
        if let Value::Span(id) = value {
            turn(id);
        }
    };
    for relation in set.relations.values_mut() {
        for end in [&mut relation.from, &mut relation.to] {
            if let End::Span(id) = end {
                turn(id);
            }
        }
        relation.attributes.values_mut().for_each(value);
    }
    set.questions.values_mut().filter_map(|question| question.about.as_mut()).for_each(turn);
    set.spans.values_mut().flat_map(|span| span.attributes.values_mut()).for_each(value);
    set.labels.values_mut().flat_map(|label| label.attributes.values_mut()).for_each(value);
    drop_twins(set, &joined_to.values().cloned().collect());
}

/// Relations of these spans that say what another one says already go, unless something hangs on them.
fn drop_twins(set: &mut AnnotationSet, spans: &BTreeSet<SpanId>) {
    let holds = |end: &End| matches!(end, End::Span(id) if spans.contains(id));
    let held: BTreeSet<RelationId> = set
        .relations
        .values()
        .flat_map(|relation| [&relation.from, &relation.to])
        .filter_map(|end| match end {
            End::Relation(id) => Some(id.clone()),
            End::Span(_) => None,
        })
        .collect();
    let mut known: BTreeMap<(End, End), Vec<Relation>> = BTreeMap::new();
    set.relations.retain(|id, relation| {
        if !(holds(&relation.from) || holds(&relation.to)) {
            return true;
        }
        let twins = known.entry((relation.from.clone(), relation.to.clone())).or_default();
        let again = twins.contains(relation);
        if !again {
            twins.push(relation.clone());
        }
        !again || held.contains(id)
    });
}

/// What spans of one label have that the rules of their layer allow.
#[derive(Default)]
struct Carried {
    attributes: BTreeSet<AttributeId>,
    /// Kinds of relations that begin there, and that end there.
    kinds: [BTreeSet<RelationKindId>; 2],
}

impl Carried {
    fn of(project: &Project, label: &LabelId) -> Self {
        let mut carried = Self::default();
        for (_, set) in carrying(project, label) {
            let own = |id: &SpanId| set.spans.get(id).is_some_and(|span| span.label == *label);
            for span in set.spans.values().filter(|span| span.label == *label) {
                carried.attributes.extend(span.attributes.keys().cloned());
            }
            carried
                .attributes
                .extend(set.labels.get(label).into_iter().flat_map(|said| said.attributes.keys().cloned()));
            for relation in set.relations.values() {
                for (kinds, end) in carried.kinds.iter_mut().zip([&relation.from, &relation.to]) {
                    if matches!(end, End::Span(id) if own(id)) {
                        kinds.insert(relation.kind.clone());
                    }
                }
            }
        }
        carried
    }

    /// Allows in the new layer what was allowed in the old one and is there.
    fn allow_in(&self, schema: &mut Schema, old: &LayerId, new: &LayerId) {
        let mut wanted = self.attributes.clone();
        // What an attribute depends on is needed with it.
        for (id, attribute) in &schema.attributes {
            if let (true, Some((other, _))) = (self.attributes.contains(id), &attribute.only_if) {
                wanted.insert(other.clone());
            }
        }
        for id in &wanted {
            if let Some(On::Layers(layers)) = schema.attributes.get_mut(id).map(|attribute| &mut attribute.on) {
                widen(layers, old, new);
            }
        }
        let [begin, end] = &self.kinds;
        for (id, kind) in &mut schema.relations {
            if begin.contains(id) {
                widen(&mut kind.from, old, new);
            }
            if end.contains(id) {
                widen(&mut kind.to, old, new);
            }
        }
    }
}

fn widen(layers: &mut Vec<LayerId>, old: &LayerId, new: &LayerId) {
    if layers.contains(old) && !layers.contains(new) {
        layers.push(new.clone());
    }
}

/// Attributes and kinds of relations that differ.
fn schema_edits(before: &Schema, after: &Schema) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (id, attribute) in &after.attributes {
        if let Some(was) = before.attributes.get(id).filter(|was| *was != attribute) {
            edits.push(Edit::Attribute(id.clone(), Change::update(was.clone(), attribute.clone())));
        }
    }
    for (id, kind) in &after.relations {
        if let Some(was) = before.relations.get(id).filter(|was| *was != kind) {
            edits.push(Edit::RelationKind(id.clone(), Change::update(was.clone(), kind.clone())));
        }
    }
    edits
}
