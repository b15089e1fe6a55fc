//! Makes a damaged part anew: from the version before it, or from nothing, and everything the journal says since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::article::Article;
use crate::model::id::ArticleId;
use crate::model::schema::Schema;
use crate::store::journal;
use crate::store::layout::Head;
use crate::store::tree::Tree;

/// Calls `take` with each transaction after `from` up to `to`, once and in order. Says whether none was missing.
fn walk(
    tree: &dyn Tree,
    project: &str,
    from: TransactionId,
    to: TransactionId,
    mut take: impl FnMut(&Transaction),
) -> bool {
    let mut all: BTreeMap<TransactionId, Arc<Transaction>> = BTreeMap::new();
    let paths = journal::segments(tree);
    // The youngest segment that begins early enough has the first one wanted, and so on from there.
    let begin = paths.iter().rposition(|path| journal::first(path).is_some_and(|first| first.0 <= from.0 + 1));
    for path in paths.iter().skip(begin.unwrap_or(0)) {
        let Ok(segment) = journal::read(path, project) else { continue };
        let wanted = segment.transactions.into_iter().filter(|one| one.id() > from && one.id() <= to);
        all.extend(wanted.map(|one| (one.id(), one)));
    }
    let complete = u64::try_from(all.len()).unwrap_or(u64::MAX) == to.0.saturating_sub(from.0);
    all.values().for_each(|transaction| take(transaction));
    complete
}

/// An annotation set as it was after transaction `to`; `base` is an older version and what it contained, or with
/// `begins` what was imported.
pub fn set(
    tree: &dyn Tree,
    project: &str,
    key: &SetKey,
    mut base: AnnotationSet,
    from: TransactionId,
    begins: bool,
    to: TransactionId,
) -> (AnnotationSet, bool) {
    // Without a version before it, the journal has to begin where the article came to be.
    let mut whole = begins || from.0 > 0;
    let complete = walk(tree, project, from, to, |transaction| {
        for edit in transaction.edits() {
            match edit {
                Edit::Article(id, Change { before: None, .. }) => whole |= *id == key.article,
                Edit::Review(own, change) if own == key => base.review = change.after.clone().unwrap_or_default(),
                Edit::Span(own, id, change) if own == key => put(&mut base.spans, id, change),
                Edit::Relation(own, id, change) if own == key => put(&mut base.relations, id, change),
                Edit::ArticleLabel(own, id, change) if own == key => put(&mut base.labels, id, change),
                Edit::Question(own, id, change) if own == key => put(&mut base.questions, id, change),
                Edit::Adrift(own, id, change) if own == key => put(&mut base.adrift, id, change),
                _ => {}
            }
        }
    });
    (base, complete && whole)
}

/// The schema as it was after transaction `to`.
pub fn schema(
    tree: &dyn Tree,
    project: &str,
    mut base: Schema,
    from: TransactionId,
    to: TransactionId,
) -> (Schema, bool) {
    let complete = walk(tree, project, from, to, |transaction| {
        for edit in transaction.edits() {
            match edit {
                Edit::Layer(id, change) => put(&mut base.layers, id, change),
                Edit::Label(id, change) => put(&mut base.labels, id, change),
                Edit::Attribute(id, change) => put(&mut base.attributes, id, change),
                Edit::RelationKind(id, change) => put(&mut base.relations, id, change),
                _ => {}
            }
        }
    });
    (base, complete)
}

/// Name and annotators as they were after transaction `to`.
pub fn head(tree: &dyn Tree, mut base: Head, to: TransactionId) -> Head {
    let (project, from) = (base.facts.id.clone(), base.seen);
    _ = walk(tree, &project, from, to, |transaction| {
        for edit in transaction.edits() {
            match edit {
                Edit::Facts(Change { after: Some(facts), .. }) => base.facts = facts.clone(),
                Edit::Annotator(id, change) => put(&mut base.annotators, id, change),
                _ => {}
            }
        }
    });
    Head { seen: to, ..base }
}

/// An article as it was imported.
pub fn article(tree: &dyn Tree, project: &str, id: &ArticleId, to: TransactionId) -> Option<Arc<Article>> {
    let mut found = None;
    _ = walk(tree, project, TransactionId(0), to, |transaction| {
        for edit in transaction.edits() {
            if let Edit::Article(own, Change { after: Some(article), .. }) = edit
                && own == id
            {
                found = Some(Arc::clone(article));
            }
        }
    });
    found
}

fn put<I: Ord + Clone, T: Clone>(map: &mut BTreeMap<I, T>, id: &I, change: &Change<T>) {
    match &change.after {
        Some(after) => _ = map.insert(id.clone(), after.clone()),
        None => _ = map.remove(id),
    }
}
