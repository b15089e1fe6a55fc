//! The edits that make one project of another, in an order in which each of them applies.
//!
//! Going back is never a replay: whatever happened between two states, this is one change for each key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::id::{ArticleId, RelationId};
use crate::model::project::Project;
use crate::model::relation::End;

/// What comes to be or changes, in that order, and what goes, behind it.
#[derive(Default)]
struct Edits {
    puts: Vec<Edit>,
    /// Turned round at the end: what others need is named first, and goes last.
    goes: Vec<Edit>,
}

/// What leads from `before` to `after`. Annotations without an article, which only a damaged file has, are left alone.
pub fn difference(before: &Project, after: &Project) -> Vec<Edit> {
    let mut edits = Edits::default();
    if before.facts != after.facts {
        edits.puts.push(Edit::Facts(Change::update(before.facts.clone(), after.facts.clone())));
    }
    edits.map(&before.annotators, &after.annotators, Edit::Annotator);
    edits.map(&before.schema.layers, &after.schema.layers, Edit::Layer);
    edits.map(&before.schema.labels, &after.schema.labels, Edit::Label);
    edits.map(&before.schema.attributes, &after.schema.attributes, Edit::Attribute);
    edits.map(&before.schema.relations, &after.schema.relations, Edit::RelationKind);
    let mut first = Vec::new();
    let ids: BTreeSet<&ArticleId> = before.article_heads().chain(after.article_heads()).map(|(id, _)| id).collect();
    let swapped: BTreeSet<&ArticleId> =
        ids.iter().copied().filter(|id| edits.article(before, after, id, &mut first)).collect();
    let keys: BTreeSet<&SetKey> = before.set_keys().chain(after.set_keys()).collect();
    for key in keys {
        edits.set(before, after, key, swapped.contains(&key.article));
    }
    first.extend(edits.ordered());
    first
}

/// What leads from what is said of one article in `before`, and from the article itself, to that of `after`.
///
/// With `keep`, only the annotation sets that it wants are looked at.
pub fn of_article(before: &Project, after: &Project, id: &ArticleId, keep: impl Fn(&SetKey) -> bool) -> Vec<Edit> {
    let (mut edits, mut first) = (Edits::default(), Vec::new());
    let swapped = edits.article(before, after, id, &mut first);
    let keys: BTreeSet<&SetKey> = before.set_keys_of(id).chain(after.set_keys_of(id)).collect();
    for key in keys.into_iter().filter(|key| keep(key)) {
        edits.set(before, after, key, swapped);
    }
    first.extend(edits.ordered());
    first
}

/// What puts an annotation set into a project that has the article and nothing of the set.
pub fn set_comes(key: &SetKey, set: &AnnotationSet) -> Vec<Edit> {
    let mut edits = Edits::default();
    edits.between(key, &AnnotationSet::new(set.text), set);
    edits.ordered()
}

impl Edits {
    fn ordered(mut self) -> Vec<Edit> {
        self.goes.reverse();
        self.puts.append(&mut self.goes);
        self.puts
    }

    fn map<I: Ord + Clone, T: PartialEq + Clone>(
        &mut self,
        before: &BTreeMap<I, T>,
        after: &BTreeMap<I, T>,
        edit: impl Fn(I, Change<T>) -> Edit,
    ) {
        for (id, is) in after {
            match before.get(id) {
                Some(was) if was == is => {}
                Some(was) => self.puts.push(edit(id.clone(), Change::update(was.clone(), is.clone()))),
                None => self.puts.push(edit(id.clone(), Change::create(is.clone()))),
            }
        }
        for (id, was) in before.iter().filter(|(id, _)| !after.contains_key(*id)) {
            self.goes.push(edit(id.clone(), Change::remove(was.clone())));
        }
    }

    /// An article that comes or goes. One that is another now, which imports never make, goes first with all that was
    /// said of it; gives true for that.
    fn article(&mut self, before: &Project, after: &Project, id: &ArticleId, first: &mut Vec<Edit>) -> bool {
        match (before.article(id), after.article(id)) {
            (Some(was), Some(is)) if Arc::ptr_eq(was, is) || was == is => {}
            (Some(_), Some(is)) => {
                first.extend(recipes::remove_article(before, id));
                self.puts.push(Edit::Article(id.clone(), Change::create(Arc::clone(is))));
                return true;
            }
            (None, Some(is)) => self.puts.push(Edit::Article(id.clone(), Change::create(Arc::clone(is)))),
            (Some(was), None) => self.goes.push(Edit::Article(id.clone(), Change::remove(Arc::clone(was)))),
            (None, None) => {}
        }
        false
    }

    fn set(&mut self, before: &Project, after: &Project, key: &SetKey, swapped: bool) {
        let stays = after.article(&key.article).is_some();
        if !stays && before.article(&key.article).is_none() {
            return;
        }
        let was = before.set(key).filter(|_| !swapped);
        let is = after.set(key).filter(|_| stays);
        let (Some(any), false) = (was.or(is), was.zip(is).is_some_and(|(was, is)| Arc::ptr_eq(was, is))) else {
            return;
        };
        let blank = AnnotationSet::new(any.text);
        self.between(key, was.map_or(&blank, AsRef::as_ref), is.map_or(&blank, AsRef::as_ref));
    }

    fn between(&mut self, key: &SetKey, was: &AnnotationSet, is: &AnnotationSet) {
        if was.review != is.review {
            let change = Change::update(was.review.clone(), is.review.clone());
            self.puts.push(Edit::Review(key.clone(), change));
        }
        self.map(&was.spans, &is.spans, |id, change| Edit::Span(key.clone(), id, change));
        self.relations(key, was, is);
        self.map(&was.labels, &is.labels, |id, change| Edit::ArticleLabel(key.clone(), id, change));
        self.map(&was.questions, &is.questions, |id, change| Edit::Question(key.clone(), id, change));
        self.map(&was.adrift, &is.adrift, |id, change| Edit::Adrift(key.clone(), id, change));
    }

    /// Each relation after those that it hangs on in the end, so that none ever lacks an end or hangs on itself.
    fn relations(&mut self, key: &SetKey, was: &AnnotationSet, is: &AnnotationSet) {
        for id in from_the_inside(is) {
            let (before, after) = (was.relations.get(id).cloned(), is.relations.get(id).cloned());
            if before != after {
                self.puts.push(Edit::Relation(key.clone(), id.clone(), Change { before, after }));
            }
        }
        for id in from_the_inside(was) {
            if let (Some(gone), false) = (was.relations.get(id), is.relations.contains_key(id)) {
                self.goes.push(Edit::Relation(key.clone(), id.clone(), Change::remove(gone.clone())));
            }
        }
    }
}

/// The relations of a set, each after those that it hangs on.
fn from_the_inside(set: &AnnotationSet) -> Vec<&RelationId> {
    let (mut ordered, mut seen) = (Vec::new(), BTreeSet::new());
    for id in set.relations.keys() {
        let mut waiting = vec![(id, false)];
        while let Some((id, below_is_done)) = waiting.pop() {
            if below_is_done {
                ordered.push(id);
                continue;
            }
            let Some(relation) = set.relations.get(id).filter(|_| seen.insert(id)) else { continue };
            waiting.push((id, true));
            for end in [&relation.from, &relation.to] {
                if let End::Relation(other) = end {
                    waiting.push((other, false));
                }
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply::apply;
    use crate::model::annotator::{Annotator, Role};
    use crate::model::article::{Article, BlockKind};
    use crate::model::schema::Schema;

    fn with_article(text: &str) -> Project {
        let mut project = Project::new(Schema::default());
        project.annotators.insert("anna".into(), Annotator { name: "Anna".to_owned(), role: Role::Human });
        let article = Article::new("a1".into(), 1, "A title", vec![(BlockKind::Paragraph, text.to_owned())]);
        project.put_article(&"a1".into(), article.map(Arc::new));
        project
    }

    #[test]
    fn an_article_with_another_text_goes_and_comes_with_what_is_said_of_it() {
        let (mut before, mut after) = (with_article("One."), with_article("Another."));
        for (project, note) in [(&mut before, "old"), (&mut after, "new")] {
            let key = SetKey { article: "a1".into(), by: "anna".into() };
            let edits = recipes::review(project, &key, |review| note.clone_into(&mut review.note));
            apply(project, &edits).unwrap();
        }
        let edits = difference(&before, &after);
        apply(&mut before, &edits).unwrap();
        assert_eq!(before, after);
        assert!(difference(&before, &after).is_empty());
    }
}
