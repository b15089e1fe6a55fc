//! All-or-nothing application. Refuses what would corrupt; what would merely displease is for `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::edit::change::Change;
use crate::edit::edit::{Edit, Key};
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::article::Article;
use crate::model::id::{ArticleId, LabelId};
use crate::model::pack::{PackFacts, PackId};
use crate::model::project::Project;
use crate::model::relation::{End, Relation};
use crate::model::schema::Schema;
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::text::Text;

/// Why edits were refused; the project is as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What the edit expects is not there.
    Stale(Key),
    /// An edit changes nothing.
    Idle(Key),
    /// Something that is needed does not exist.
    Missing(Key, String),
    /// Something still hangs on what is to go.
    InUse(Key, String),
    /// A span does not lie inside its text.
    OutOfText(Key),
    /// The quote is not what stands in the text.
    WrongQuote(Key),
    /// A value that no file could hold.
    BadValue(Key),
    /// A relation would hang on itself, by way of others.
    Loop(Key),
    /// The annotations are on disk and cannot be read.
    Unreadable(Key),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(_) => f.write_str("It has changed in the meantime"),
            Self::Idle(_) => f.write_str("It is like that already"),
            Self::Missing(_, what) => write!(f, "There is no {what}"),
            Self::InUse(_, what) => write!(f, "It is still used by {what}"),
            Self::OutOfText(_) => f.write_str("The place lies outside the text"),
            Self::WrongQuote(_) => f.write_str("The text there is different"),
            Self::BadValue(_) => f.write_str("The value cannot be stored"),
            Self::Unreadable(_) => f.write_str("The file with these annotations cannot be read, see Messages"),
            Self::Loop(_) => f.write_str("A relation cannot hang on itself"),
        }
    }
}

/// Applies all edits in order, or none. Gives the keys that changed, sorted.
pub fn apply(project: &mut Project, edits: &[Edit]) -> Result<BTreeSet<Key>, Refusal> {
    let mut touched = BTreeSet::new();
    for (count, edit) in edits.iter().enumerate() {
        if let Err(refusal) = apply_one(project, edit) {
            for done in edits.iter().take(count).rev() {
                let back = apply_one(project, &done.clone().inverse());
                debug_assert!(back.is_ok(), "an inverse was refused: {back:?}");
            }
            return Err(refusal);
        }
        touched.insert(edit.key());
    }
    Ok(touched)
}

fn apply_one(project: &mut Project, edit: &Edit) -> Result<(), Refusal> {
    let key = edit.key();
    match edit {
        Edit::Facts(change) => {
            let Some(after) = &change.after else { return Err(Refusal::Missing(key, "name for the project".into())) };
            if change.is_idle() {
                return Err(Refusal::Idle(key));
            }
            if change.before.as_ref() != Some(&project.facts) {
                return Err(Refusal::Stale(key));
            }
            project.facts = after.clone();
            Ok(())
        }
        Edit::Annotator(id, change) => {
            if change.after.is_none() && project.set_keys().any(|set| set.by == *id) {
                return Err(Refusal::InUse(key, "annotations".into()));
            }
            put(&mut project.annotators, id, change, key)
        }
        Edit::Layer(id, change) => {
            if change.after.is_none() && project.schema.labels.values().any(|label| label.layer == *id) {
                return Err(Refusal::InUse(key, "labels".into()));
            }
            put(&mut Arc::make_mut(&mut project.schema).layers, id, change, key)
        }
        Edit::Label(id, change) => {
            match &change.after {
                Some(label) if !project.schema.layers.contains_key(&label.layer) => {
                    return Err(Refusal::Missing(key, format!("layer ‘{}’", label.layer)));
                }
                None if label_in_use(project, id) => return Err(Refusal::InUse(key, "annotations".into())),
                _ => {}
            }
            put(&mut Arc::make_mut(&mut project.schema).labels, id, change, key)
        }
        Edit::Attribute(id, change) => put(&mut Arc::make_mut(&mut project.schema).attributes, id, change, key),
        Edit::RelationKind(id, change) => {
            if change.after.is_none() && used_by_relations(project, |relation| relation.kind == *id) {
                return Err(Refusal::InUse(key, "relations".into()));
            }
            put(&mut Arc::make_mut(&mut project.schema).relations, id, change, key)
        }
        Edit::Article(id, change) => put_article(project, id, change, key),
        Edit::Review(set, change) => {
            let Some(after) = change.after.clone() else { return Err(Refusal::Missing(key, "state".into())) };
            if change.is_idle() {
                return Err(Refusal::Idle(key));
            }
            let now = project.set(set).map(|set| set.review.clone()).unwrap_or_default();
            if change.before.as_ref() != Some(&now) {
                return Err(Refusal::Stale(key));
            }
            in_set(project, set, &key.clone(), |set, _| {
                set.review = after;
                Ok(())
            })
        }
        Edit::Span(set, id, change) => put_span(project, set, id, change, &key),
        Edit::Relation(set, id, change) => {
            if change.after.as_ref().is_some_and(|relation| !relation.attributes.values().all(Value::is_sound)) {
                return Err(Refusal::BadValue(key));
            }
            in_set(project, set, &key.clone(), |set, schema| {
                match &change.after {
                    Some(relation) => check_ends(set, id, relation, schema, &key)?,
                    None => free(set, &End::Relation(id.clone()), &key)?,
                }
                put(&mut set.relations, id, change, key)
            })
        }
        Edit::ArticleLabel(set, id, change) => in_set(project, set, &key.clone(), |set, schema| {
            if change.after.is_some() {
                check_label(schema, id, || key.clone())?;
            }
            put(&mut set.labels, id, change, key)
        }),
        Edit::Adrift(set, id, change) => {
            in_set(project, set, &key.clone(), |set, _| put(&mut set.adrift, id, change, key))
        }
        Edit::Question(set, id, change) => in_set(project, set, &key.clone(), |set, _| {
            if let Some(about) = change.after.as_ref().and_then(|question| question.about.as_ref())
                && !set.spans.contains_key(about)
            {
                return Err(Refusal::Missing(key, format!("span ‘{about}’")));
            }
            put(&mut set.questions, id, change, key)
        }),
        Edit::Pack(id, change) => put_pack(project, id, change, key),
    }
}

/// The heart of it: what is there has to be `before`, then `after` takes its place.
fn put<I: Ord + Clone, T: PartialEq + Clone>(
    map: &mut BTreeMap<I, T>,
    id: &I,
    change: &Change<T>,
    key: Key,
) -> Result<(), Refusal> {
    if change.is_idle() {
        return Err(Refusal::Idle(key));
    }
    if map.get(id) != change.before.as_ref() {
        return Err(Refusal::Stale(key));
    }
    match &change.after {
        Some(after) => _ = map.insert(id.clone(), after.clone()),
        None => _ = map.remove(id),
    }
    Ok(())
}

fn put_article(project: &mut Project, id: &ArticleId, change: &Change<Arc<Article>>, key: Key) -> Result<(), Refusal> {
    if change.before.is_some() && change.after.is_some() {
        // Text never changes after import: a corrected article is a new article.
        return Err(Refusal::Idle(key));
    }
    if change.is_idle() {
        return Err(Refusal::Idle(key));
    }
    if project.article(id) != change.before.as_ref() {
        return Err(Refusal::Stale(key));
    }
    if change.after.is_none() && project.set_keys_of(id).next().is_some() {
        return Err(Refusal::InUse(key, "annotations".into()));
    }
    if change.after.as_ref().is_some_and(|article| article.id != *id) {
        return Err(Refusal::Missing(key, format!("article ‘{id}’")));
    }
    project.put_article(id, change.after.clone());
    Ok(())
}

/// All parts of a pack come or go together. That they fit was seen to when the pack was made.
fn put_pack(project: &mut Project, id: &PackId, change: &Change<PackFacts>, key: Key) -> Result<(), Refusal> {
    let (facts, comes) = match (&change.before, &change.after) {
        (None, Some(facts)) => (facts, true),
        (Some(facts), None) => (facts, false),
        _ => return Err(Refusal::Idle(key)),
    };
    let Some(pack) = project.shelved_pack(id, facts) else { return Err(Refusal::Unreadable(key)) };
    if !comes {
        if !project.is_as_packed(id, &pack) {
            return Err(Refusal::Stale(key));
        }
        project.take_pack(id, &pack);
        return Ok(());
    }
    if pack.articles.iter().any(|(article, _)| project.article_head(article).is_some()) {
        return Err(Refusal::Stale(key));
    }
    if let Some((set, _)) = pack.sets.iter().find(|(set, _)| !project.annotators.contains_key(&set.by)) {
        return Err(Refusal::Missing(key, format!("annotator ‘{}’", set.by)));
    }
    project.put_pack(id, facts, &pack);
    Ok(())
}

fn put_span(
    project: &mut Project,
    set: &SetKey,
    id: &crate::model::id::SpanId,
    change: &Change<Span>,
    key: &Key,
) -> Result<(), Refusal> {
    if let Some(span) = &change.after {
        let text = project
            .article(&set.article)
            .ok_or_else(|| Refusal::Missing(key.clone(), format!("article ‘{}’", set.article)))?
            .text();
        check_place(text, span).map_err(|refusal| refusal(key.clone()))?;
    }
    in_set(project, set, key, |set, schema| {
        match &change.after {
            Some(span) => check_label(schema, &span.label, || key.clone())?,
            None => {
                free(set, &End::Span(id.clone()), key)?;
                if set.questions.values().any(|question| question.about.as_ref() == Some(id)) {
                    return Err(Refusal::InUse(key.clone(), "a question".into()));
                }
            }
        }
        put(&mut set.spans, id, change, key.clone())
    })
}

/// Whether a span lies in its text as it says, with values that can be stored.
fn check_place(text: &Text, span: &Span) -> Result<(), fn(Key) -> Refusal> {
    if !text.holds(&span.at) {
        return Err(Refusal::OutOfText);
    }
    if !text.quote_is(&span.at, &span.quote) {
        return Err(Refusal::WrongQuote);
    }
    if span.certainty.is_some_and(|percent| percent > 100) || !span.attributes.values().all(Value::is_sound) {
        return Err(Refusal::BadValue);
    }
    Ok(())
}

fn check_label(schema: &Schema, label: &LabelId, key: impl FnOnce() -> Key) -> Result<(), Refusal> {
    if schema.labels.contains_key(label) {
        return Ok(());
    }
    Err(Refusal::Missing(key(), format!("label ‘{label}’")))
}

/// Whether everything in a set could be put into it edit by edit, on this article and under this schema.
pub fn fits(schema: &Schema, article: &Article, key: &SetKey, set: &AnnotationSet) -> Result<(), Refusal> {
    for (id, span) in &set.spans {
        let key = || Key::Span(key.clone(), id.clone());
        check_place(article.text(), span).map_err(|refusal| refusal(key()))?;
        check_label(schema, &span.label, key)?;
    }
    for (id, relation) in &set.relations {
        let key = Key::Relation(key.clone(), id.clone());
        if !relation.attributes.values().all(Value::is_sound) {
            return Err(Refusal::BadValue(key));
        }
        check_ends(set, id, relation, schema, &key)?;
    }
    for id in set.labels.keys() {
        check_label(schema, id, || Key::ArticleLabel(key.clone(), id.clone()))?;
    }
    for (id, question) in &set.questions {
        if let Some(about) = question.about.as_ref().filter(|about| !set.spans.contains_key(*about)) {
            return Err(Refusal::Missing(Key::Question(key.clone(), id.clone()), format!("span ‘{about}’")));
        }
    }
    Ok(())
}

fn in_set(
    project: &mut Project,
    key: &SetKey,
    what: &Key,
    change: impl FnOnce(&mut AnnotationSet, &Schema) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if !project.annotators.contains_key(&key.by) {
        return Err(Refusal::Missing(what.clone(), format!("annotator ‘{}’", key.by)));
    }
    if project.is_unreadable(key) {
        return Err(Refusal::Unreadable(what.clone()));
    }
    let schema = Arc::clone(&project.schema);
    project
        .with_set(key, |set| change(set, &schema))
        .unwrap_or_else(|| Err(Refusal::Missing(what.clone(), format!("article ‘{}’", key.article))))
}

fn check_ends(
    set: &AnnotationSet,
    id: &crate::model::id::RelationId,
    relation: &Relation,
    schema: &Schema,
    key: &Key,
) -> Result<(), Refusal> {
    if !schema.relations.contains_key(&relation.kind) {
        return Err(Refusal::Missing(key.clone(), format!("kind of relation ‘{}’", relation.kind)));
    }
    if hangs_on_itself(set, id, relation) {
        return Err(Refusal::Loop(key.clone()));
    }
    for end in [&relation.from, &relation.to] {
        let there = match end {
            End::Span(span) => set.spans.contains_key(span),
            End::Relation(other) => set.relations.contains_key(other),
        };
        if !there {
            return Err(Refusal::Missing(key.clone(), "such end of a relation".into()));
        }
    }
    Ok(())
}

/// Whether the ends that are relations lead back to the relation itself.
fn hangs_on_itself(set: &AnnotationSet, id: &crate::model::id::RelationId, relation: &Relation) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![relation];
    while let Some(relation) = waiting.pop() {
        for end in [&relation.from, &relation.to] {
            let End::Relation(other) = end else { continue };
            if other == id {
                return true;
            }
            if seen.insert(other) {
                waiting.extend(set.relations.get(other));
            }
        }
    }
    false
}

/// Refuses when a relation still hangs on `end`.
fn free(set: &AnnotationSet, end: &End, key: &Key) -> Result<(), Refusal> {
    if set.relations.values().any(|relation| relation.hangs_on(end)) {
        return Err(Refusal::InUse(key.clone(), "a relation".into()));
    }
    Ok(())
}

fn label_in_use(project: &Project, id: &LabelId) -> bool {
    let carries = |set: &AnnotationSet| set.labels.contains_key(id) || set.spans.values().any(|span| span.label == *id);
    // What cannot be read may still carry it, so the list has the last word there.
    project.set_keys().filter(|key| project.carries(key, id)).any(|key| project.set(key).is_none_or(|set| carries(set)))
}

fn used_by_relations(project: &Project, mut used: impl FnMut(&Relation) -> bool) -> bool {
    project.sets().any(|(_, set)| set.relations.values().any(&mut used))
}
