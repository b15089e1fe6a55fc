//! Which part of a project lies under which name.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::error::Result;
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{SetKey, StoredSet};
use crate::model::annotator::Annotator;
use crate::model::article::Article;
use crate::model::id::AnnotatorId;
use crate::model::project::{Facts, Project};
use crate::model::schema::Schema;
use crate::store::ron;

/// One stored piece of a project: a file in a folder, a value in a bundle.
#[derive(Serialize, Deserialize)]
pub enum Part {
    /// Name, annotators, and how much of the journal the files contain.
    Head(Head),
    /// What may be said.
    Schema(Schema),
    /// One article.
    Article(Arc<Article>),
    /// One annotator's work on one article.
    Annotations(StoredSet),
}

/// What a project says of itself and of its journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Name and guideline.
    pub facts: Facts,
    /// Who annotates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotators: BTreeMap<AnnotatorId, Annotator>,
    /// The newest transaction that the files contain; the journal is replayed after it.
    #[serde(default)]
    pub seen: TransactionId,
}

/// A project as it stood after one transaction; cheap to make, written by another thread.
#[derive(Clone)]
pub struct Snapshot {
    /// Everything that is kept.
    pub project: Project,
    /// The newest transaction in it.
    pub seen: TransactionId,
}

impl Snapshot {
    /// The text of every part in the order of a bundle, each as `Kind(value)`.
    pub fn parts(&self) -> impl Iterator<Item = Result<String>> + '_ {
        let project = &self.project;
        let head = Head { facts: project.facts.clone(), annotators: project.annotators.clone(), seen: self.seen };
        let first = [wrap("Head", &head), wrap("Schema", project.schema.as_ref())];
        let articles = project.articles_in_order().into_iter().map(|article| wrap("Article", article));
        let sets = project.sets().iter().map(|(key, set)| wrap("Annotations", &StoredSet::new(key, set)));
        first.into_iter().chain(articles).chain(sets)
    }
}

fn wrap(kind: &str, value: &impl Serialize) -> Result<String> {
    Ok(format!("{kind}({})", ron::to_pretty(value)?))
}

/// Puts a project together. Gives the newest transaction in it, or what makes the parts no project.
pub fn assemble(parts: impl IntoIterator<Item = Part>) -> std::result::Result<Snapshot, String> {
    let mut snapshot = Snapshot { project: Project::default(), seen: TransactionId::default() };
    let mut headed = false;
    for part in parts {
        match part {
            Part::Head(head) => {
                if std::mem::replace(&mut headed, true) {
                    return Err("It holds two projects in one".to_owned());
                }
                snapshot.project.facts = head.facts;
                snapshot.project.annotators = head.annotators;
                snapshot.seen = head.seen;
            }
            Part::Schema(schema) => snapshot.project.schema = Arc::new(schema),
            Part::Article(article) => {
                let id = article.id.clone();
                if snapshot.project.article(&id).is_some() {
                    return Err(format!("The article ‘{id}’ is in it twice"));
                }
                snapshot.project.put_article(&id, Some(article));
            }
            Part::Annotations(stored) => {
                let (key, set) = stored.into_set()?;
                if snapshot.project.set(&key).is_some() {
                    let SetKey { article, by } = key;
                    return Err(format!("The annotations of ‘{by}’ on the article ‘{article}’ are in it twice"));
                }
                snapshot.project.put_set(key, set);
            }
        }
    }
    if headed { Ok(snapshot) } else { Err("It has no head, so it is no project".to_owned()) }
}
