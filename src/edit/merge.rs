//! Brings two people's work together: one net change for each key, then three-way.
//!
//! Replaying another journal entry by entry gives different results in the two directions when a value went to and
//! fro; reducing each side to its net changes first does not.

use std::collections::BTreeMap;

use crate::edit::change::Change;
use crate::edit::edit::{Edit, Key};
use crate::model::relation::End;

/// Two net changes of one key that cannot both be had.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// What it is about.
    pub key: Key,
    /// The change of one side.
    pub ours: Edit,
    /// The change of the other side.
    pub theirs: Edit,
}

/// Reduces edits to one for each key, from the first `before` to the last `after`; idle ones are left out.
pub fn net<'a>(edits: impl IntoIterator<Item = &'a Edit>) -> BTreeMap<Key, Edit> {
    let mut net: BTreeMap<Key, Edit> = BTreeMap::new();
    for edit in edits {
        let key = edit.key();
        let joined = match net.remove(&key) {
            Some(first) => join(first, edit.clone()),
            None => edit.clone(),
        };
        net.insert(key, joined);
    }
    net.retain(|_, edit| !is_idle(edit));
    net
}

/// What `theirs` adds to `ours`, both made from the same state, and where the two disagree.
///
/// The edits are in an order in which they apply: creations of what others need first, removals last.
pub fn merge(ours: &BTreeMap<Key, Edit>, theirs: &BTreeMap<Key, Edit>) -> (Vec<Edit>, Vec<Conflict>) {
    let (mut added, mut conflicts) = (Vec::new(), Vec::new());
    for (key, their) in theirs {
        match ours.get(key) {
            None => added.push(their.clone()),
            Some(our) if our == their => {}
            Some(our) => {
                conflicts.push(Conflict { key: key.clone(), ours: our.clone(), theirs: their.clone() });
            }
        }
    }
    let depths: Vec<i32> = added.iter().map(|edit| depth(edit, theirs)).collect();
    let mut ordered: Vec<_> = added.into_iter().zip(depths).collect();
    ordered.sort_by_key(|(edit, depth)| {
        let rank = (rank(edit), *depth);
        if removes(edit) { (1_000 - rank.0, -rank.1) } else { rank }
    });
    (ordered.into_iter().map(|(edit, _)| edit).collect(), conflicts)
}

/// Through how many changed relations a relation hangs on spans; those it hangs on have to be there before it.
fn depth(edit: &Edit, changed: &BTreeMap<Key, Edit>) -> i32 {
    let Edit::Relation(set, _, change) = edit else { return 0 };
    let Some(relation) = change.after.as_ref().or(change.before.as_ref()) else { return 0 };
    let below = [&relation.from, &relation.to].into_iter().filter_map(|end| match end {
        End::Span(_) => None,
        End::Relation(id) => changed.get(&Key::Relation(set.clone(), id.clone())),
    });
    below.filter(|other| removes(other) == removes(edit)).map(|other| depth(other, changed) + 1).max().unwrap_or(0)
}

/// What has to be there before what.
fn rank(edit: &Edit) -> i32 {
    match edit {
        Edit::Facts(_) => 0,
        Edit::Annotator(..) => 1,
        Edit::Layer(..) => 2,
        Edit::Label(..) => 3,
        Edit::Attribute(..) => 4,
        Edit::RelationKind(..) => 5,
        Edit::Article(..) | Edit::Pack(..) => 6,
        Edit::Review(..) => 7,
        Edit::Span(..) => 8,
        Edit::Relation(..) => 9,
        Edit::ArticleLabel(..) => 10,
        Edit::Question(..) => 11,
        Edit::Adrift(..) => 12,
    }
}

fn is_idle(edit: &Edit) -> bool {
    shape(edit).0
}

fn removes(edit: &Edit) -> bool {
    shape(edit).1
}

/// Whether the edit changes nothing, and whether it removes.
fn shape(edit: &Edit) -> (bool, bool) {
    fn of<T: PartialEq>(change: &Change<T>) -> (bool, bool) {
        (change.is_idle(), change.after.is_none())
    }
    match edit {
        Edit::Facts(change) => of(change),
        Edit::Annotator(_, change) => of(change),
        Edit::Layer(_, change) => of(change),
        Edit::Label(_, change) => of(change),
        Edit::Attribute(_, change) => of(change),
        Edit::RelationKind(_, change) => of(change),
        Edit::Article(_, change) => of(change),
        Edit::Review(_, change) => of(change),
        Edit::Span(_, _, change) => of(change),
        Edit::Relation(_, _, change) => of(change),
        Edit::ArticleLabel(_, _, change) => of(change),
        Edit::Question(_, _, change) => of(change),
        Edit::Adrift(_, _, change) => of(change),
        Edit::Pack(_, change) => of(change),
    }
}

/// The first edit's `before` with the last edit's `after`; both have the same key.
fn join(first: Edit, last: Edit) -> Edit {
    match (first, last) {
        (Edit::Facts(a), Edit::Facts(b)) => Edit::Facts(over(a, b)),
        (Edit::Annotator(id, a), Edit::Annotator(_, b)) => Edit::Annotator(id, over(a, b)),
        (Edit::Layer(id, a), Edit::Layer(_, b)) => Edit::Layer(id, over(a, b)),
        (Edit::Label(id, a), Edit::Label(_, b)) => Edit::Label(id, over(a, b)),
        (Edit::Attribute(id, a), Edit::Attribute(_, b)) => Edit::Attribute(id, over(a, b)),
        (Edit::RelationKind(id, a), Edit::RelationKind(_, b)) => Edit::RelationKind(id, over(a, b)),
        (Edit::Article(id, a), Edit::Article(_, b)) => Edit::Article(id, over(a, b)),
        (Edit::Review(set, a), Edit::Review(_, b)) => Edit::Review(set, over(a, b)),
        (Edit::Span(set, id, a), Edit::Span(_, _, b)) => Edit::Span(set, id, over(a, b)),
        (Edit::Relation(set, id, a), Edit::Relation(_, _, b)) => Edit::Relation(set, id, over(a, b)),
        (Edit::ArticleLabel(set, id, a), Edit::ArticleLabel(_, _, b)) => Edit::ArticleLabel(set, id, over(a, b)),
        (Edit::Question(set, id, a), Edit::Question(_, _, b)) => Edit::Question(set, id, over(a, b)),
        (Edit::Adrift(set, id, a), Edit::Adrift(_, _, b)) => Edit::Adrift(set, id, over(a, b)),
        (_, last) => last,
    }
}

fn over<T>(first: Change<T>, last: Change<T>) -> Change<T> {
    Change { before: first.before, after: last.after }
}
