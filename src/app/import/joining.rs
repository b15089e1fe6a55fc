//! Which article of the project an incoming one is, if any.
//!
//! The same text alone does not make the same article: agencies send one text under two names, and both count. What
//! was there before the import is met again by the same text, each article once for every annotator. Two that come
//! together are one only where the source says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::import::Ready;
use crate::model::article::Source;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::project::Project;
use crate::text::text::TextHash;

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
    pub(super) fn find(&mut self, ready: &Ready, person: &AnnotatorId) -> Option<(ArticleId, bool)> {
        self.meet(&sign(ready), person)
    }

    /// The same for the sign of one.
    pub(super) fn meet(&mut self, sign: &Sign, person: &AnnotatorId) -> Option<(ArticleId, bool)> {
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
    pub(super) fn add(&mut self, ready: &Ready, id: &ArticleId, person: &AnnotatorId) {
        self.note(&sign(ready), id, person);
    }

    /// The same for the sign of one.
    pub(super) fn note(&mut self, sign: &Sign, id: &ArticleId, person: &AnnotatorId) {
        let now = Some((sign.place.clone(), sign.named));
        self.by_text.entry(sign.text).or_default().push(Candidate { id: id.clone(), now });
        self.brought.extend(who(sign, person).into_iter().map(|who| (id.clone(), who)));
    }
}

fn sign(ready: &Ready) -> Sign {
    let Ready { article, named, sets } = ready;
    let who = sets.iter().map(|(by, _)| by.clone()).collect();
    Sign { id: article.id.clone(), named: *named, text: article.text().hash(), place: place(&article.source), who }
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
