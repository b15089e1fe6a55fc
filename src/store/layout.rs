//! Which part of a project lies under which name, and what of it has to be written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::error::Result;
use crate::edit::edit::{Edit, Key};
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{AnnotationSet, SetKey, SetToStore, StoredSet};
use crate::model::annotator::Annotator;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::pack::{PackFacts, PackId, Without};
use crate::model::project::{Facts, Project};
use crate::model::schema::Schema;
use crate::store::ron;

/// One stored piece of a project: a file in a folder, a value in a bundle.
#[derive(Deserialize)]
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
    /// The packs whose parts are in the project, where they have no files of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub packs: BTreeMap<PackId, PackFacts>,
    /// Parts of packs that are not.
    #[serde(default, skip_serializing_if = "Without::is_empty")]
    pub without: Without,
}

/// Names a part that can change on its own; the head is written every time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKey {
    /// What may be said.
    Schema,
    /// An article.
    Article(ArticleId),
    /// An annotation set.
    Set(SetKey),
    /// A pack that came or went as a whole.
    Pack(PackId),
}

impl PartKey {
    /// The part that an edit changes; nothing if it changes the head alone.
    pub fn of(key: &Key) -> Option<Self> {
        match key {
            Key::Facts | Key::Annotator(_) => None,
            Key::Layer(_) | Key::Label(_) | Key::Attribute(_) | Key::RelationKind(_) => Some(Self::Schema),
            Key::Article(id) => Some(Self::Article(id.clone())),
            Key::Pack(id) => Some(Self::Pack(id.clone())),
            Key::Review(set)
            | Key::Span(set, _)
            | Key::Relation(set, _)
            | Key::ArticleLabel(set, _)
            | Key::Question(set, _)
            | Key::Adrift(set, _) => Some(Self::Set(set.clone())),
        }
    }

    /// The parts that these edits change.
    pub fn all(edits: &[Edit]) -> BTreeSet<Self> {
        edits.iter().filter_map(|edit| Self::of(&edit.key())).collect()
    }
}

/// What has to be written so that the files contain everything up to a transaction. Cheap to make; written by another
/// thread.
#[derive(Clone, Default)]
pub struct Changes {
    /// Name, annotators, and the newest transaction in it.
    pub head: Head,
    /// The schema, if it changed.
    pub schema: Option<Arc<Schema>>,
    /// Articles that came, or nothing for those that went.
    pub articles: BTreeMap<ArticleId, Option<Arc<Article>>>,
    /// Annotation sets that changed, or nothing for those that ceased.
    pub sets: BTreeMap<SetKey, Option<Arc<AnnotationSet>>>,
    /// Packs that came or went as a whole.
    pub packs: BTreeSet<PackId>,
    /// Annotation sets of which ours is to take the name that another program's version has.
    pub settled: BTreeSet<SetKey>,
    /// These are all parts of the project: what is not named is not there.
    pub whole: bool,
}

impl Changes {
    /// A whole project, with everything that was still on a shelf.
    pub fn whole(project: &Project, seen: TransactionId) -> Self {
        let articles = project.articles_in_order();
        Self {
            // Every part is written, so none is left in a pack.
            head: Head { packs: BTreeMap::new(), without: Without::default(), ..head(project, seen) },
            schema: Some(Arc::clone(&project.schema)),
            articles: articles.into_iter().map(|article| (article.id.clone(), Some(Arc::clone(article)))).collect(),
            sets: project.sets().map(|(key, set)| (key.clone(), Some(Arc::clone(set)))).collect(),
            packs: BTreeSet::new(),
            settled: BTreeSet::new(),
            whole: true,
        }
    }

    /// These parts of a project as they are now.
    pub fn of(project: &Project, parts: &BTreeSet<PartKey>, seen: TransactionId) -> Self {
        let mut changes = Self { head: head(project, seen), ..Self::default() };
        for part in parts {
            match part {
                PartKey::Schema => changes.schema = Some(Arc::clone(&project.schema)),
                PartKey::Article(id) => _ = changes.articles.insert(id.clone(), project.article(id).cloned()),
                PartKey::Set(key) => _ = changes.sets.insert(key.clone(), project.set(key).cloned()),
                PartKey::Pack(id) => _ = changes.packs.insert(id.clone()),
            }
        }
        changes
    }

    /// Takes in what changed after it.
    pub fn join(&mut self, newer: Self) {
        if newer.whole {
            *self = newer;
            return;
        }
        self.head = newer.head;
        self.schema = newer.schema.or(self.schema.take());
        self.articles.extend(newer.articles);
        self.sets.extend(newer.sets);
        self.packs.extend(newer.packs);
        self.settled.extend(newer.settled);
    }

    /// The text of every part in the order of a bundle, each as `Kind(value)`.
    pub fn parts(&self) -> impl Iterator<Item = Result<String>> + '_ {
        let head = std::iter::once_with(|| wrap("Head", &self.head));
        let schema = self.schema.iter().map(|schema| wrap("Schema", schema.as_ref()));
        let mut articles: Vec<_> = self.articles.values().flatten().collect();
        articles.sort_by_key(|article| article.number);
        let articles = articles.into_iter().map(|article| wrap("Article", article));
        let sets = self.sets.iter().filter_map(|(key, set)| Some((key, set.as_ref()?)));
        let sets = sets.map(|(key, set)| wrap("Annotations", &SetToStore::new(key, set)));
        head.chain(schema).chain(articles).chain(sets)
    }
}

fn head(project: &Project, seen: TransactionId) -> Head {
    let packs = project.packs();
    Head {
        facts: project.facts.clone(),
        annotators: project.annotators.clone(),
        seen,
        packs: packs.facts(),
        without: packs.without().clone(),
    }
}

fn wrap(kind: &str, value: &impl Serialize) -> Result<String> {
    let mut part = format!("{kind}(");
    ron::append_pretty(&mut part, value)?;
    part.push(')');
    Ok(part)
}

/// Puts a project together. Gives the newest transaction in it, or what makes the parts no project.
pub fn assemble(parts: impl IntoIterator<Item = Part>) -> std::result::Result<(Project, TransactionId), String> {
    let mut project = Project::default();
    let mut seen = None;
    for part in parts {
        match part {
            Part::Head(head) => {
                if seen.replace(head.seen).is_some() {
                    return Err("It holds two projects in one".to_owned());
                }
                project.facts = head.facts;
                project.annotators = head.annotators;
            }
            Part::Schema(schema) => project.schema = Arc::new(schema),
            Part::Article(article) => {
                let id = article.id.clone();
                if project.article_head(&id).is_some() {
                    return Err(format!("The article ‘{id}’ is in it twice"));
                }
                project.put_article(&id, Some(article));
            }
            Part::Annotations(stored) => {
                let (key, set) = stored.into_set()?;
                if project.set(&key).is_some() {
                    let SetKey { article, by } = key;
                    return Err(format!("The annotations of ‘{by}’ on the article ‘{article}’ are in it twice"));
                }
                project.put_set(key, set);
            }
        }
    }
    seen.map(|seen| (project, seen)).ok_or_else(|| "It has no head, so it is no project".to_owned())
}

/// Where an article lies in the folder form, from the project's folder on.
pub fn article_path(id: &ArticleId) -> PathBuf {
    let name = file_name(id.as_str());
    PathBuf::from(format!("articles/{}/{name}.ron", shelf_of(id.as_str())))
}

/// Where an annotation set lies in the folder form, from the project's folder on.
pub fn set_path(key: &SetKey) -> PathBuf {
    let (by, name) = (file_name(key.by.as_str()), file_name(key.article.as_str()));
    PathBuf::from(format!("annotations/{by}/{}/{name}.ron", shelf_of(key.article.as_str())))
}

/// Where a pack lies in the folder form, from the project's folder on.
pub fn pack_path(id: &PackId) -> PathBuf {
    pack_in(Path::new(PACKS), id)
}

/// The file of a pack in the folder of packs.
pub fn pack_in(folder: &Path, id: &PackId) -> PathBuf {
    folder.join(format!("{}.ronl", file_name(id.as_str())))
}

/// The folder of packs.
pub const PACKS: &str = "packs";

/// The name of a file for an id: the id itself where every system takes it, else `~` and a hash of it.
pub fn file_name(id: &str) -> String {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let port = |id: &str| (id.starts_with("com") || id.starts_with("lpt")) && id.chars().count() == 4;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let fits = (1..=64).contains(&id.len()) && id.chars().all(plain) && !RESERVED.contains(&id) && !port(id);
    if fits { id.to_owned() } else { format!("~{}", crate::text::text::Text::new(id).hash()) }
}

/// The folder in which the file of an id lies: one of 256, so that no folder gets too many files.
fn shelf_of(id: &str) -> String {
    format!("{:02x}", crc32fast::hash(id.as_bytes()) & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_taken_by_every_system() {
        assert_eq!(file_name("1z2gw4bp72"), "1z2gw4bp72");
        let odd =
            ["../../x", "CON", "con", "nul", "com1", "a/b", "a:b", "Ä", "x.", " ", "", "A", "a", &"x".repeat(300)];
        let names: BTreeSet<String> = odd.iter().map(|id| file_name(id)).collect();
        assert_eq!(names.len(), odd.len());
        for name in &names {
            assert!(name.len() <= 64 && name.chars().all(|c| c == '~' || c.is_ascii_alphanumeric()), "{name}");
        }
    }
}
