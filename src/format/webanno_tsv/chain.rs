//! Relations that no column of relations holds: who plays a role, and what follows in a chain.

use std::collections::BTreeMap;

use crate::format::webanno_tsv::header::{Column, Layer};
use crate::format::webanno_tsv::lines::Lines;
use crate::format::webanno_tsv::marks::{Marks, Slot};

/// The kind of the relation between a span and what plays a role in it.
pub(super) fn role(layer: &Layer, slot: &Slot) -> String {
    match (&slot.role, layer.columns.get(slot.column)) {
        (Some(role), _) => role.clone(),
        (None, Some(Column::Roles(feature))) => feature.clone(),
        _ => layer.short().to_owned(),
    }
}

/// The chains of a file: by layer and number, the marks in order.
pub(super) fn chains(marks: &Marks) -> BTreeMap<(usize, u64), BTreeMap<u64, usize>> {
    let mut chains: BTreeMap<(usize, u64), BTreeMap<u64, usize>> = BTreeMap::new();
    for (at, mark) in marks.marks.iter().enumerate() {
        if let (Some(layer), Some((chain, link))) = (mark.layer, mark.chain) {
            chains.entry((layer, chain)).or_default().insert(link, at);
        }
    }
    chains
}

/// The steps of chains: from, to, id, kind.
pub(super) fn relations(lines: &Lines<'_>, marks: &Marks) -> Vec<(usize, usize, String, String)> {
    let mut relations = Vec::new();
    for ((layer, _), chain) in chains(marks) {
        let Some(layer) = lines.layers.get(layer) else { continue };
        let links = layer.column("referenceRelation").unwrap_or(0);
        for (from, to) in chain.values().zip(chain.values().skip(1)) {
            let Some(mark) = marks.marks.get(*from) else { continue };
            let kind = mark.values.get(&links).cloned().unwrap_or_else(|| layer.short().to_owned());
            relations.push((*from, *to, format!("{}>", mark.key), kind));
        }
    }
    relations
}
