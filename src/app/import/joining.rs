//! Which article of the project an incoming one is, if any, and whose annotations come with it.
//!
//! The same text alone does not make the same article: agencies send one text under two names, and both count. What
//! was there before the import is met again by the same text, each article once for every annotator. Two that come
//! together are one only where the source says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::import::Ready;
use crate::app::import::commit::{Imported, doubt, hanging};
use crate::base::env::Env;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::model::annotation_set::SetKey;
use crate::model::annotator::{Annotator, Role};
use crate::model::article::{Encoding, Source};
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::text::text::TextHash;

/// What is known of an incoming article before it has a home.
pub(super) struct Arrival<'a> {
    /// What tells whether it is another one.
    pub(super) sign: Sign,
    /// What people call it.
    pub(super) title: &'a str,
    /// How its bytes became characters.
    pub(super) encoding: Option<&'a Encoding>,
    /// How many relations of each annotation set hang only on each other.
    pub(super) hanging: Vec<usize>,
}

/// Where an incoming article goes.
pub(super) struct Home {
    /// Its id in the project.
    pub(super) id: ArticleId,
    /// The number of a new article; nothing for one that is there.
    pub(super) number: Option<u32>,
    /// Under which key each annotation set goes, in their order; nothing for one that is left out.
    pub(super) keys: Vec<Option<SetKey>>,
}

/// Finds homes for what comes in, and says what should be known of it.
pub(super) struct Homes<'a> {
    project: &'a Project,
    person: &'a AnnotatorId,
    env: &'a Env,
    known: Known,
    taken: BTreeSet<ArticleId>,
    annotated: BTreeSet<SetKey>,
    people: BTreeSet<AnnotatorId>,
    number: u32,
}

impl<'a> Homes<'a> {
    /// In a project as it is. `person` is whose work is that of nobody in particular.
    pub(super) fn new(project: &'a Project, person: &'a AnnotatorId, env: &'a Env) -> Self {
        Self {
            project,
            person,
            env,
            known: Known::new(project),
            taken: project.article_heads().map(|(id, _)| id.clone()).collect(),
            annotated: project.set_keys().cloned().collect(),
            people: BTreeSet::new(),
            number: project.next_number(),
        }
    }

    /// The home of one.
    pub(super) fn find(&mut self, mut arrival: Arrival<'_>, imported: &mut Imported) -> Home {
        let sign = &mut arrival.sign;
        let met = self.known.find(sign, self.person);
        let (id, number) = match met {
            Some((id, before)) => {
                imported.known += usize::from(before);
                (id, None)
            }
            None => {
                // An id that is taken already gives way to a fresh one.
                while !self.taken.insert(sign.id.clone()) {
                    sign.id = ArticleId::new(self.env.id());
                }
                self.known.add(sign, self.person);
                imported.articles += 1;
                self.number += 1;
                (sign.id.clone(), Some(self.number - 1))
            }
        };
        imported.problems.extend(arrival.encoding.and_then(|encoding| doubt(encoding, arrival.title, &id)));
        let mut keys = Vec::new();
        for (by, hanging) in arrival.sign.who.into_iter().zip(arrival.hanging) {
            let by = by.unwrap_or_else(|| self.person.clone());
            keys.push(self.key(&id, by, arrival.title, hanging, &mut imported.problems));
        }
        Home { id, number, keys }
    }

    fn key(
        &mut self,
        id: &ArticleId,
        by: AnnotatorId,
        title: &str,
        hanging: usize,
        problems: &mut Vec<Problem>,
    ) -> Option<SetKey> {
        let key = SetKey { article: id.clone(), by };
        let mut warn = |what: String| problems.push(Problem::new(Severity::Warning, what).on(id));
        if !self.annotated.insert(key.clone()) {
            warn(format!("‘{}’ has annotated ‘{title}’ already; the imported annotations were left out", key.by));
            return None;
        }
        if hanging > 0 {
            warn(format!(
                "{hanging} relations of ‘{}’ in ‘{title}’ were left out: each hangs on another one that hangs on it",
                key.by
            ));
        }
        if key.by != *self.person && !self.project.annotators.contains_key(&key.by) {
            self.people.insert(key.by.clone());
        }
        Some(key)
    }

    /// The edits that make everybody known whose work came and who was not.
    pub(super) fn people(self) -> impl Iterator<Item = Edit> {
        self.people.into_iter().map(|by| {
            let annotator = Annotator { name: by.to_string(), role: Role::Human };
            Edit::Annotator(by, Change::create(annotator))
        })
    }
}

/// Somebody's work, or none at all.
pub(super) type Who = Option<AnnotatorId>;

/// Every article that an incoming one may be.
pub(super) struct Known {
    by_text: BTreeMap<TextHash, Vec<Candidate>>,
    /// What this import brought to which article.
    brought: BTreeSet<(ArticleId, Who)>,
}

struct Candidate {
    id: ArticleId,
    /// For those of this import: where it came from, and whether its source gave it the id.
    now: Option<(Place, bool)>,
}

/// What tells whether an incoming article is another one.
pub(super) struct Sign {
    /// Its id.
    pub(super) id: ArticleId,
    /// Whether the file gives the id.
    pub(super) named: bool,
    /// What its text is known by.
    pub(super) text: TextHash,
    /// Where it came from.
    pub(super) place: Place,
    /// Who worked on it; nobody in particular is the person who imports.
    pub(super) who: Vec<Who>,
}

/// File name without its end, and record.
pub(super) type Place = (Option<String>, Option<u32>);

impl Known {
    /// What is in the project before the import.
    pub(super) fn new(project: &Project) -> Self {
        let mut by_text: BTreeMap<TextHash, Vec<Candidate>> = BTreeMap::new();
        for id in project.article_order() {
            if let Some(head) = project.article_head(&id) {
                by_text.entry(head.text).or_default().push(Candidate { id, now: None });
            }
        }
        Self { by_text, brought: BTreeSet::new() }
    }

    /// The article that an incoming one is, and whether it was there before the import. `person` is whose work is
    /// that of nobody in particular.
    pub(super) fn find(&mut self, sign: &Sign, person: &AnnotatorId) -> Option<(ArticleId, bool)> {
        let who = who(sign, person);
        let free =
            |candidate: &&Candidate| !who.iter().any(|who| self.brought.contains(&(candidate.id.clone(), who.clone())));
        let said = |candidate: &&Candidate| match &candidate.now {
            None => candidate.id == sign.id,
            Some((_, theirs)) if sign.named || *theirs => candidate.id == sign.id,
            Some((theirs, _)) => *theirs == sign.place,
        };
        let there = self.by_text.get(&sign.text)?;
        let met = there.iter().filter(free).find(said);
        let met = met.or_else(|| there.iter().filter(|candidate| candidate.now.is_none()).find(free))?;
        let met = (met.id.clone(), met.now.is_none());
        self.brought.extend(who.into_iter().map(|who| (met.0.clone(), who)));
        Some(met)
    }

    /// An incoming article is none of them and becomes one.
    pub(super) fn add(&mut self, sign: &Sign, person: &AnnotatorId) {
        let now = Some((sign.place.clone(), sign.named));
        self.by_text.entry(sign.text).or_default().push(Candidate { id: sign.id.clone(), now });
        self.brought.extend(who(sign, person).into_iter().map(|who| (sign.id.clone(), who)));
    }
}

impl<'a> Arrival<'a> {
    /// What is known of an article that was read.
    pub(super) fn of(ready: &'a Ready) -> Self {
        Self {
            sign: Sign::of(ready),
            title: &ready.article.title,
            encoding: ready.article.source.encoding.as_ref(),
            hanging: ready.sets.iter().map(|(_, set)| hanging(set).len()).collect(),
        }
    }
}

impl Sign {
    /// That of an article that was read.
    pub(super) fn of(ready: &Ready) -> Self {
        let Ready { article, named, sets } = ready;
        let who = sets.iter().map(|(by, _)| by.clone()).collect();
        Self { id: article.id.clone(), named: *named, text: article.text().hash(), place: place(&article.source), who }
    }
}

fn who(sign: &Sign, person: &AnnotatorId) -> Vec<Who> {
    let somebody = |by: &Who| Some(by.clone().unwrap_or_else(|| person.clone()));
    if sign.who.is_empty() { vec![None] } else { sign.who.iter().map(somebody).collect() }
}

/// Where an article came from.
pub(super) fn place(source: &Source) -> Place {
    let stem = |file: &String| file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
    (source.file.as_ref().map(stem), source.record)
}
