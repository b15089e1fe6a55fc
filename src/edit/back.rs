//! Back to an earlier state: a copy of the project goes back act by act, and the edits are what differs in the end.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::edit::apply::{Refusal, apply};
use crate::edit::change::Change;
use crate::edit::difference;
use crate::edit::edit::{Edit, Key};
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::id::{ArticleId, LabelId};
use crate::model::project::Project;

/// A copy that has one article only, with what is said of it, so that nothing else can stand in the way.
pub fn only(project: &Project, id: &ArticleId) -> Project {
    let mut small = Project::default();
    small.schema = Arc::clone(&project.schema);
    small.annotators = project.annotators.clone();
    small.put_article(id, project.article(id).cloned());
    for (key, set) in project.sets_of(id) {
        small.put_set(key.clone(), AnnotationSet::clone(set));
    }
    small
}

/// Whether an edit matters for what is said of one article: it is about the article, or about what may be said.
pub fn matters(edit: &Edit, id: &ArticleId) -> bool {
    edit.article().map_or(!matches!(edit, Edit::Facts(_)), |about| about == id)
}

/// Takes back what was done, the newest first; `later` has it in the order in which it was done.
pub fn back(project: &mut Project, later: &[Vec<Edit>]) -> Result<(), Refusal> {
    later.iter().rev().try_for_each(|edits| {
        let inverse: Vec<Edit> = edits.iter().rev().cloned().map(Edit::inverse).collect();
        apply(project, &inverse).map(|_| ())
    })
}

/// What makes one article again what it was, in the project as it is now.
///
/// Labels, kinds of relations and annotators that it needs and that have gone meanwhile come back with it. With
/// `keep`, only those annotation sets become what they were; an article that came or went does so for everybody.
pub fn article(now: &Project, then: &Project, id: &ArticleId, keep: impl Fn(&SetKey) -> bool) -> Vec<Edit> {
    let same = now.article(id).is_some() == then.article(id).is_some();
    let edits = difference::of_article(now, then, id, |key| !same || keep(key));
    let mut all: Vec<Edit> = needed(now, then, &edits).into_values().collect();
    all.extend(edits);
    all
}

/// What the edits need and is not there now. In the order of the keys layers come before labels.
fn needed(now: &Project, then: &Project, edits: &[Edit]) -> BTreeMap<Key, Edit> {
    let mut needed = BTreeMap::new();
    let mut add = |edit: Edit| _ = needed.insert(edit.key(), edit);
    for edit in edits.iter().filter(|edit| !edit.removes()) {
        match edit {
            Edit::Span(_, _, change) => {
                let label = change.after.as_ref().map(|span| &span.label);
                label.into_iter().flat_map(|label| bring_label(now, then, label)).for_each(&mut add);
            }
            Edit::ArticleLabel(_, label, _) => bring_label(now, then, label).into_iter().for_each(&mut add),
            Edit::Relation(_, _, change) => {
                let kind = change.after.as_ref().map(|relation| &relation.kind);
                if let Some(kind) = kind.filter(|kind| !now.schema.relations.contains_key(*kind))
                    && let Some(known) = then.schema.relations.get(kind)
                {
                    add(Edit::RelationKind(kind.clone(), Change::create(known.clone())));
                }
            }
            _ => {}
        }
        if let Some(by) = by(edit).filter(|by| !now.annotators.contains_key(&by.by))
            && let Some(known) = then.annotators.get(&by.by)
        {
            add(Edit::Annotator(by.by.clone(), Change::create(known.clone())));
        }
    }
    needed
}

fn bring_label(now: &Project, then: &Project, id: &LabelId) -> Vec<Edit> {
    let Some(label) = then.schema.labels.get(id).filter(|_| !now.schema.labels.contains_key(id)) else {
        return Vec::new();
    };
    let mut edits = vec![Edit::Label(id.clone(), Change::create(label.clone()))];
    if let Some(layer) = then.schema.layers.get(&label.layer).filter(|_| !now.schema.layers.contains_key(&label.layer))
    {
        edits.push(Edit::Layer(label.layer.clone(), Change::create(layer.clone())));
    }
    edits
}

fn by(edit: &Edit) -> Option<&SetKey> {
    match edit {
        Edit::Review(set, _)
        | Edit::Span(set, ..)
        | Edit::Relation(set, ..)
        | Edit::ArticleLabel(set, ..)
        | Edit::Question(set, ..)
        | Edit::Adrift(set, ..) => Some(set),
        _ => None,
    }
}
