//! Relating spans: begun at one end, walked to the other, finished there.

use crate::app::run::{Outcome, walk};
use crate::app::session::{Relating, Session};
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::id::{LabelId, LayerId, RelationId, RelationKindId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::schema::{RelationKind, Schema};
use crate::model::span::Origin;

/// The kinds of relations that may begin at a label, in the order of lists.
fn kinds_from<'a>(schema: &'a Schema, label: &LabelId) -> Vec<(&'a RelationKindId, &'a RelationKind)> {
    let Some((layer, _)) = schema.layer_of(label) else { return Vec::new() };
    let mut kinds: Vec<_> = schema.relations.iter().filter(|(_, kind)| fits(&kind.from, layer)).collect();
    kinds.sort_by_key(|(_, kind)| kind.order);
    kinds
}

fn fits(layers: &[LayerId], layer: &LayerId) -> bool {
    layers.is_empty() || layers.contains(layer)
}

/// Whether a span can be the other end of the relation that is being made.
pub(super) fn may_end(session: &Session, relating: &Relating, id: &SpanId) -> bool {
    let schema = &session.project().schema;
    let Some(kind) = schema.relations.get(&relating.kind) else { return false };
    let label = session.set().and_then(|set| set.spans.get(id)).map(|span| &span.label);
    let layer = label.and_then(|label| schema.layer_of(label));
    *id != relating.from && layer.is_some_and(|(layer, _)| fits(&kind.to, layer))
}

pub(super) fn start(session: &mut Session) -> Result<Outcome> {
    let from = session.place.relating.as_ref().map(|relating| relating.from.clone()).or(session.place.span.clone());
    let span = from.as_ref().and_then(|id| session.set()?.spans.get(id));
    let (Some(from), Some(span)) = (from, span) else { return Ok(Outcome::quiet()) };
    let schema = session.project().schema.clone();
    let kinds = kinds_from(&schema, &span.label);
    let now = session.place.relating.as_ref();
    let now = now.and_then(|relating| kinds.iter().position(|(id, _)| **id == relating.kind));
    let next = now.map_or(0, |now| (now + 1) % kinds.len());
    let Some((kind, known)) = kinds.get(next) else {
        return Ok(Outcome::Nothing("No relation can begin at a span of this layer".to_owned()));
    };
    let words = format!("{}: go to the other end with . and , then press Enter; = takes another kind", known.name);
    session.place.relating = Some(Relating { from, kind: (*kind).clone() });
    session.place.set_caret(session.place.caret);
    Ok(Outcome::Done(words))
}

pub(super) fn finish(session: &mut Session) -> Result<Outcome> {
    let Some(relating) = session.place.relating.clone() else { return Ok(Outcome::quiet()) };
    let Some(to) = session.place.span.clone().filter(|to| *to != relating.from) else {
        return Ok(Outcome::Nothing("Select the other end first, with . and , or a click".to_owned()));
    };
    relate_by_fitting(session, &relating, &to)
}

/// Relates two spans, whatever else is under way.
pub(super) fn link(session: &mut Session, from: &SpanId, to: &SpanId) -> Result<Outcome> {
    // No kind is called so, which leaves the choice to what fits.
    let relating = Relating { from: from.clone(), kind: RelationKindId::new("") };
    relate_by_fitting(session, &relating, to)
}

fn relate_by_fitting(session: &mut Session, relating: &Relating, to: &SpanId) -> Result<Outcome> {
    // Where the kind under way does not fit, the first that does is taken.
    let schema = session.project().schema.clone();
    let label = session.set().and_then(|set| set.spans.get(&relating.from)).map(|span| span.label.clone());
    let others = label.iter().flat_map(|label| kinds_from(&schema, label)).map(|(kind, _)| kind.clone());
    let kinds = std::iter::once(relating.kind.clone()).chain(others);
    let mut tries = kinds.map(|kind| Relating { kind, ..relating.clone() });
    let Some(fitting) = tries.find(|relating| may_end(session, relating, to)) else {
        return Ok(Outcome::Nothing("No relation from there can end at a span of this layer".to_owned()));
    };
    session.place.relating = None;
    walk::select_span(session, &relating.from)?;
    relate(session, &fitting.kind, to)
}

pub(super) fn relate(session: &mut Session, kind: &RelationKindId, to: &SpanId) -> Result<Outcome> {
    let Some((key, from)) = session.set_key().zip(session.place.span.clone()) else { return Ok(Outcome::quiet()) };
    let name = session.project().schema.relations.get(kind).map_or_else(|| kind.to_string(), |kind| kind.name.clone());
    let relation = Relation {
        kind: kind.clone(),
        from: End::Span(from),
        to: End::Span(to.clone()),
        attributes: std::collections::BTreeMap::new(),
        note: String::new(),
        origin: Origin::Typed,
    };
    if session.set().is_some_and(|set| set.relations.values().any(|other| *other == relation)) {
        return Ok(Outcome::Nothing("They are related so already".to_owned()));
    }
    let id = RelationId::new(session.env.id());
    session.commit(format!("Relate: {name}"), vec![Edit::Relation(key, id, Change::create(relation))])?;
    Ok(Outcome::Done(format!("Related: {name}")))
}

pub(super) fn remove(session: &mut Session, id: &RelationId) -> Result<Outcome> {
    let Some(key) = session.set_key() else { return Ok(Outcome::quiet()) };
    let edits = recipes::remove_relation(session.project(), &key, id);
    let done = session.commit("Remove a relation", edits)?;
    Ok(if done {
        Outcome::Done("Relation removed".to_owned())
    } else {
        Outcome::Nothing("It is gone already".to_owned())
    })
}
