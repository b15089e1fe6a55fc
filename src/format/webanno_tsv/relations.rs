//! Relations as they are now: in columns of relations, as roles, as steps of chains.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::webanno_tsv::chain;
use crate::format::webanno_tsv::header::{Kind, Layer};
use crate::format::webanno_tsv::now::{Player, State, Step};
use crate::format::webanno_tsv::said::Said;
use crate::model::annotation_set::AnnotationSet;
use crate::model::id::RelationId;
use crate::model::relation::{End, Relation};

/// Our layer of relations.
const RELATIONS: &str = "rubricate.Relation";

/// Puts the relations of an example into the rows.
pub(super) fn put(state: &mut State<'_>, example: &Example, losses: &mut Losses) {
    let nothing = AnnotationSet::new(example.article.text().hash());
    let set = example.set.as_ref().map_or(&nothing, |(_, set)| set);
    let mut done = BTreeSet::new();
    roles(state, set, &mut done);
    chains(state, set, &mut done);
    steps(state, set, &mut done);
    for (_, relation) in set.relations.iter().filter(|(id, _)| !done.contains(id.as_str())) {
        if !new(state, relation) {
            losses.add(LossKind::Relations, &example.article.id, None, relation.kind.as_str());
        }
        for name in Said::of_relation(relation).empty() {
            losses.add(LossKind::Attributes, &example.article.id, None, name.as_str());
        }
    }
    // What points at something that got another number or row is written anew.
    let moved = std::mem::take(&mut state.moved);
    for step in &mut state.steps {
        let Some((from, to)) = step.ends.filter(|(from, to)| moved.contains(from) || moved.contains(to)) else {
            continue;
        };
        _ = from;
        state.changed.insert((step.row, step.layer));
        if let Some(row) = state.now.get(to).and_then(Option::as_ref).and_then(|now| now.rows.first()) {
            step.row = *row;
            state.changed.insert((step.row, step.layer));
        }
    }
    let plays = |player: &Player| matches!(player, Player::Span(at) if moved.contains(at));
    for now in state.now.iter().flatten().filter(|now| now.slots.iter().any(|(.., player)| plays(player))) {
        state.changed.extend(now.rows.iter().filter_map(|row| Some((*row, now.layer?))));
    }
}

/// Where the spans of a relation are written; nothing if one is not.
fn ends(state: &State<'_>, relation: &Relation) -> Option<(usize, usize)> {
    match (&relation.from, &relation.to) {
        (End::Span(from), End::Span(to)) => Some((*state.ids.get(from.as_str())?, *state.ids.get(to.as_str())?)),
        _ => None,
    }
}

/// Whether a relation says nothing but its kind.
fn is_plain(relation: &Relation) -> bool {
    relation.attributes.is_empty() && relation.note.is_empty()
}

/// Whether a span is in no character, so that what hangs on it is nowhere but in the file.
fn is_kept(state: &State<'_>, at: usize) -> bool {
    state.was.marks.get(at).is_some_and(|mark| mark.at.0 >= mark.at.1)
}

fn roles(state: &mut State<'_>, set: &AnnotationSet, done: &mut BTreeSet<String>) {
    for host in 0..state.was.marks.len() {
        let Some(mark) = state.was.marks.get(host).filter(|mark| !mark.slots.is_empty()) else { continue };
        if state.now.get(host).is_none_or(Option::is_none) {
            continue;
        }
        let Some(layer) = mark.layer.and_then(|layer| state.lines.layers.get(layer)) else { continue };
        let mut slots = Vec::new();
        let mut same = true;
        for slot in &mark.slots {
            let Some(player) = slot.player else {
                slots.push((slot.column, slot.role.clone(), Player::Unknown(slot.written.clone())));
                continue;
            };
            if is_kept(state, host) || is_kept(state, player) {
                slots.push((slot.column, slot.role.clone(), Player::Span(player)));
                continue;
            }
            let relation = set.relations.get(&RelationId::new(slot.key.as_str()));
            let relation =
                relation.filter(|relation| is_plain(relation) && ends(state, relation) == Some((host, player)));
            match relation {
                Some(relation) => {
                    done.insert(slot.key.clone());
                    let was = chain::role(layer, slot) == relation.kind.as_str();
                    same &= was;
                    let role = if was { slot.role.clone() } else { Some(relation.kind.to_string()) };
                    slots.push((slot.column, role, Player::Span(player)));
                }
                None => same = false,
            }
        }
        if !same {
            state.change(host);
        }
        if let Some(Some(now)) = state.now.get_mut(host) {
            now.slots = slots;
        }
    }
}

fn chains(state: &mut State<'_>, set: &AnnotationSet, done: &mut BTreeSet<String>) {
    let chains = chain::chains(state.was);
    let steps: BTreeMap<(usize, usize), (String, String)> = chain::relations(state.lines, state.was)
        .into_iter()
        .map(|(from, to, key, kind)| ((from, to), (key, kind)))
        .collect();
    let mut last: BTreeMap<usize, u64> = BTreeMap::new();
    for (layer, chain) in chains.keys() {
        let last = last.entry(*layer).or_insert(0);
        *last = (*last).max(*chain);
    }
    for ((layer, number), chain) in &chains {
        let links = state.lines.layers.get(*layer).and_then(|layer| layer.column("referenceRelation")).unwrap_or(0);
        let mut before: Option<usize> = None;
        // The chain that the marks belong to now, and how many it has, once something has changed.
        let (mut now_in, mut count, mut torn) = (*number, 0, false);
        for at in chain.values() {
            let mut follows = true;
            if let Some((from, (key, kind))) = before.and_then(|from| Some((from, steps.get(&(from, *at))?))) {
                let relation = set.relations.get(&RelationId::new(key.as_str()));
                let relation =
                    relation.filter(|relation| is_plain(relation) && ends(state, relation) == Some((from, *at)));
                follows = is_kept(state, from) || is_kept(state, *at) || relation.is_some();
                if let Some(relation) = relation {
                    done.insert(key.clone());
                    if relation.kind.as_str() != kind {
                        state.change(from);
                        if let Some(Some(now)) = state.now.get_mut(from) {
                            now.values.insert(links, relation.kind.to_string());
                        }
                    }
                }
            }
            before = Some(*at);
            let Some(Some(_)) = state.now.get(*at) else {
                torn = true;
                continue;
            };
            if !follows && count > 0 {
                let last = last.entry(*layer).or_insert(0);
                *last += 1;
                (now_in, count, torn) = (*last, 0, true);
            }
            count += 1;
            if torn {
                state.change(*at);
                if let Some(Some(now)) = state.now.get_mut(*at) {
                    now.chain = Some((now_in, count));
                }
            }
        }
    }
}

fn steps(state: &mut State<'_>, set: &AnnotationSet, done: &mut BTreeSet<String>) {
    for link in &state.was.links {
        let mut step = Step {
            layer: link.layer,
            row: link.row,
            values: link.values.clone(),
            ends: link.ends,
            written: link.written.clone(),
        };
        let Some((from, to)) = link.ends.filter(|(from, to)| !is_kept(state, *from) && !is_kept(state, *to)) else {
            state.steps.push(step);
            continue;
        };
        let relation = set.relations.get(&RelationId::new(link.key.as_str()));
        let Some(relation) = relation.filter(|relation| ends(state, relation) == Some((from, to))) else {
            state.changed.insert((link.row, link.layer));
            continue;
        };
        done.insert(link.key.clone());
        let Some(layer) = state.layers.get_mut(link.layer) else { continue };
        let said = Said::of_relation(relation);
        if said != Said::of_values(layer, &link.values) {
            state.changed.insert((link.row, link.layer));
            step.values = said.values(layer);
        }
        state.steps.push(step);
    }
}

/// Puts a relation that was not there; tells whether there is room.
fn new(state: &mut State<'_>, relation: &Relation) -> bool {
    let Some((from, to)) = ends(state, relation) else { return false };
    let layer_of = |at: usize| state.now.get(at)?.as_ref()?.layer;
    let (Some(layer), Some(other)) = (layer_of(from), layer_of(to)) else { return false };
    let base = state.layers.get(layer).filter(|known| layer == other && known.kind == Kind::Spans);
    let Some(base) = base.map(|base| base.name.clone()) else { return false };
    let fits = |known: &Layer| known.kind == Kind::Relations && known.base() == Some(base.as_str());
    let known = state.layers.iter().position(fits).unwrap_or_else(|| {
        let mut layer = Layer::ours(Kind::Relations, RELATIONS);
        layer.add_base(&base);
        layer.add("label");
        state.layers.push(layer);
        state.layers.len() - 1
    });
    let Some(row) = state.now.get(to).and_then(Option::as_ref).and_then(|now| now.rows.first()).copied() else {
        return false;
    };
    let values = state.layers.get_mut(known).map(|layer| Said::of_relation(relation).values(layer)).unwrap_or_default();
    state.changed.insert((row, known));
    state.steps.push(Step { layer: known, row, values, ends: Some((from, to)), written: String::new() });
    true
}
