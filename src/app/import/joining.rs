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
type Who = Option<AnnotatorId>;

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

/// File name without its end, and record.
type Place = (Option<String>, Option<u32>);

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
        let who = who(ready, person);
        let Ready { article, named, .. } = ready;
        let place = place(&article.source);
        let free =
            |candidate: &&Candidate| !who.iter().any(|who| self.brought.contains(&(candidate.id.clone(), who.clone())));
        let said = |candidate: &&Candidate| match &candidate.now {
            None => candidate.id == article.id,
            Some((_, theirs)) if *named || *theirs => candidate.id == article.id,
            Some((theirs, _)) => *theirs == place,
        };
        let there = self.by_text.get(&article.text().hash())?;
        let met = there.iter().filter(free).find(said);
        let met = met.or_else(|| there.iter().filter(|candidate| candidate.now.is_none()).find(free))?;
        let met = (met.id.clone(), met.now.is_none());
        self.brought.extend(who.into_iter().map(|who| (met.0.clone(), who)));
        Some(met)
    }

    /// An incoming article is none of them and becomes one.
    pub(super) fn add(&mut self, ready: &Ready, id: &ArticleId, person: &AnnotatorId) {
        let now = Some((place(&ready.article.source), ready.named));
        let candidate = Candidate { id: id.clone(), now };
        self.by_text.entry(ready.article.text().hash()).or_default().push(candidate);
        self.brought.extend(who(ready, person).into_iter().map(|who| (id.clone(), who)));
    }
}

fn who(ready: &Ready, person: &AnnotatorId) -> Vec<Who> {
    let somebody = |by: &Who| Some(by.clone().unwrap_or_else(|| person.clone()));
    if ready.sets.is_empty() { vec![None] } else { ready.sets.iter().map(|(by, _)| somebody(by)).collect() }
}

fn place(source: &Source) -> Place {
    let stem = |file: &String| file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
    (source.file.as_ref().map(stem), source.record)
}
