//! What the session does with the disk: checkpoints, parts that come and go, acts that are fetched from the journal.

use std::collections::BTreeSet;

use super::{Session, VISITED};
use crate::base::error::{Error, Kind, Result};
use crate::edit::rework::rework;
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::id::ArticleId;
use crate::model::problem::{Problem, Severity};
use crate::store::journal;
use crate::store::layout::{Changes, PartKey};
use crate::store::replay;
use crate::store::writer::{Status, Writer};

impl Session {
    /// Forgets articles that were not looked at for long and are on disk as they are here.
    pub(super) fn visit(&mut self, id: &ArticleId) {
        self.visited.retain(|other| other != id);
        self.visited.push_back(id.clone());
        if self.visited.len() <= VISITED {
            return;
        }
        self.forget_touched();
        if let Some(old) = self.visited.pop_front()
            && !self.touched.contains_key(&PartKey::Article(old.clone()))
        {
            let touched = &self.touched;
            self.project.forget(&old, |key| !touched.contains_key(&PartKey::Set(key.clone())));
        }
    }

    /// Forgets which parts changed, as far as the files contain them.
    fn forget_touched(&mut self) {
        let seen = self.status().seen;
        self.touched.retain(|_, last| *last > seen);
    }

    /// Gets from the journal what *Undo* or *Redo* needs and is not in memory.
    pub(super) fn fetch(&mut self, redo: bool) -> Result<()> {
        let Some(tree) = &self.tree else { return Ok(()) };
        while let Some(id) = self.history.missing(redo) {
            if id == TransactionId::default() {
                let (older, left) = replay::older(tree.as_ref(), &self.project.facts.id, self.older)?;
                self.older = left;
                self.history.deepen(&older, left == 0);
                continue;
            }
            for transaction in journal::around(tree.as_ref(), &self.project.facts.id, id)? {
                self.history.recall(transaction);
            }
            if self.history.missing(redo) == Some(id) {
                let why = format!("The journal no longer has act number {}", id.0);
                return Err(Error::new(Kind::Input, "Could not undo", why, "Look into a backup"));
            }
        }
        Ok(())
    }

    /// Whether everything is on disk, and if not, why.
    pub fn status(&self) -> Status {
        match &self.writer {
            Some(writer) => writer.status(),
            None => Status { saved: self.history.last_id(), seen: self.history.last_id(), ..Status::default() },
        }
    }

    /// Brings the project file up to date in the background, once for each state; the writer tries again by itself.
    pub fn checkpoint(&mut self) {
        if let Some(writer) = &self.writer
            && self.seen < self.history.last_id()
        {
            let from = self.seen;
            self.seen = self.history.last_id();
            let whole = self.tree.as_ref().is_none_or(|tree| tree.takes_whole());
            writer.checkpoint(if whole {
                Changes::whole(&self.project, self.seen)
            } else {
                let newer = self.touched.iter().filter(|(_, last)| **last > from);
                Changes::of(&self.project, &newer.map(|(part, _)| part.clone()).collect(), self.seen)
            });
            self.forget_touched();
        }
    }

    /// Annotation sets of which another program's version waits for a choice.
    pub fn conflicts(&self) -> Vec<SetKey> {
        let all = self.tree.as_ref().map(|tree| tree.conflicts()).unwrap_or_default();
        all.into_iter().filter(|key| !self.settled.contains(key)).collect()
    }

    /// The other program's version of such a set; nothing if it makes no sense.
    pub fn theirs(&self, key: &SetKey) -> Option<AnnotationSet> {
        self.tree.as_ref()?.theirs(&self.project, key)
    }

    /// Ends a conflict. Taking their version is an act that can be undone; their file is kept either way.
    pub fn settle(&mut self, key: &SetKey, take_theirs: bool) -> Result<()> {
        if !self.conflicts().contains(key) {
            return Ok(());
        }
        if take_theirs && let Some(theirs) = self.theirs(key) {
            let text = theirs.text;
            let ours = self.project.set(key).map_or_else(|| AnnotationSet::new(text), |set| AnnotationSet::clone(set));
            self.commit("Take the other version", rework(key, &ours, &theirs))?;
        }
        self.settled.insert(key.clone());
        let (last, mut settled) = (self.history.last_id(), BTreeSet::new());
        settled.insert(key.clone());
        self.checkpoint();
        if let Some(writer) = &self.writer {
            let head = Changes::of(&self.project, &BTreeSet::new(), last);
            writer.checkpoint(Changes { settled, ..head });
        }
        Ok(())
    }

    /// What was found while parts were read from disk, since the last question; it is among the problems as well.
    pub fn take_found(&mut self) -> Vec<Problem> {
        let found = self.tree.as_ref().map(|tree| tree.take_problems()).unwrap_or_default();
        self.problems.extend(found.iter().cloned());
        let taken = self.take_over_changes();
        found.into_iter().chain(taken).collect()
    }

    /// Makes acts of what another program changed in files while the project was closed, so that the history has it and
    /// undo takes it back.
    pub(crate) fn take_over_changes(&mut self) -> Vec<Problem> {
        let changed = self.tree.as_ref().map(|tree| tree.take_changed()).unwrap_or_default();
        let mut told = Vec::new();
        for (key, theirs) in changed {
            let Some(ours) = self.project.set(&key).map(|set| AnnotationSet::clone(set)) else { continue };
            let title = self.project.article_head(&key.article).map_or_else(String::new, |head| head.title.to_string());
            let edits = rework(&key, &ours, &theirs);
            let (severity, what) = match self.act("Take over what another program changed", edits) {
                Ok(_) => (
                    Severity::Note,
                    format!(
                        "Another program changed the annotations of ‘{title}’. They fit and were taken over; Undo takes that back"
                    ),
                ),
                Err(error) => (
                    Severity::Warning,
                    format!(
                        "Another program changed the annotations of ‘{title}’, which could not be taken over: {error}"
                    ),
                ),
            };
            told.push(Problem::new(severity, what).on(&key.article));
        }
        self.problems.extend(told.iter().cloned());
        told
    }

    /// How many annotation sets wait for a choice between two versions; may be asked in every frame.
    pub fn contested(&self) -> usize {
        match self.tree.as_ref().map_or(0, |tree| tree.contested()) {
            0 => 0,
            _ => self.conflicts().len(),
        }
    }

    /// What a person should know of saving, once.
    pub fn take_note(&self) -> Option<String> {
        self.writer.as_ref().and_then(Writer::take_note)
    }

    /// Waits until everything is on disk.
    pub fn flush(&self) -> Result<()> {
        self.writer.as_ref().map_or(Ok(()), Writer::flush)
    }

    /// Brings the project file up to date and waits for it.
    pub fn close(mut self) -> Result<()> {
        self.checkpoint();
        self.flush()
    }
}
