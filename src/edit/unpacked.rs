//! What a pack brings as edits of its parts, for the history of one article and for places that have no packs.

use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::difference::set_comes;
use crate::edit::edit::Edit;
use crate::model::id::ArticleId;
use crate::model::pack::Packed;
use crate::model::project::Project;

/// The edits that do the same as this one, part by part; with `only`, as far as they are about that article.
///
/// Nothing if the pack cannot be read. Other edits than those of packs are given as they are.
pub fn unpacked(project: &Project, edit: &Edit, only: Option<&ArticleId>) -> Option<Vec<Edit>> {
    let Edit::Pack(id, change) = edit else { return Some(vec![edit.clone()]) };
    let pack = project.shelved_pack(id, change.after.as_ref().or(change.before.as_ref())?)?;
    let mut edits = Vec::new();
    for (article, _) in pack.articles.iter().filter(|(id, _)| only.is_none_or(|only| only == id)) {
        edits.extend(comes(project.packed(id, article)?));
    }
    if edit.removes() {
        edits = edits.into_iter().rev().map(Edit::inverse).collect();
    }
    Some(edits)
}

/// The edits that put an article into a project with everything that came with it.
pub fn comes((article, sets): Packed) -> Vec<Edit> {
    let mut edits = vec![Edit::Article(article.id.clone(), Change::create(Arc::new(article)))];
    sets.iter().for_each(|(key, set)| edits.extend(set_comes(key, set)));
    edits
}
