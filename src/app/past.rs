//! The past of a project: its transactions in order, from the journal and from memory. Nothing else reads the past.

use std::path::Path;
use std::sync::Arc;

use crate::app::session::Session;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::model::id::AnnotatorId;
use crate::model::project::Project;
use crate::store::tree::Tree;
use crate::store::{journal, open};

/// After so many lines it is looked whether somebody stopped the work.
const STEP: u64 = 512;

/// Where the past is read from. Cheap to make, and made to be given to a job.
#[derive(Clone)]
pub struct Past {
    tree: Arc<dyn Tree>,
    /// What was done in this run; the journal may not have all of it yet.
    recent: Vec<Arc<Transaction>>,
    /// The project as it is now.
    pub project: Project,
    /// Whose annotations are shown and made.
    pub person: AnnotatorId,
    /// Clock of the person.
    pub env: Env,
}

/// How much of the past there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The oldest transaction that is kept.
    pub first: Option<TransactionId>,
    /// The newest one.
    pub last: TransactionId,
    /// How many between them are missing or cannot be read.
    pub missing: u64,
}

impl Past {
    /// The past of an open project.
    pub fn of(session: &Session) -> Self {
        Self {
            tree: open::tree(&session.path),
            recent: session.recent().cloned().collect(),
            project: session.project().clone(),
            person: session.person.clone(),
            env: session.env.clone(),
        }
    }

    /// Gives every transaction once, the oldest first.
    pub fn read(&self, progress: &Progress, mut each: impl FnMut(Arc<Transaction>) -> Result<()>) -> Result<Known> {
        let mut known = Known::default();
        let mut give = |transaction: Arc<Transaction>| {
            let id = transaction.id();
            // A segment that was given up stands again in the next one.
            if known.first.is_some() && id <= known.last {
                return Ok(());
            }
            if known.first.is_some() {
                known.missing += id.0 - known.last.0 - 1;
            }
            known.first = known.first.or(Some(id));
            known.last = id;
            each(transaction)
        };
        let segments = journal::segments(self.tree.as_ref());
        let length = |path: &Path| std::fs::metadata(path).map_or(0, |about| about.len());
        let total: u64 = segments.iter().map(|path| length(path)).sum();
        let mut before = 0;
        for path in &segments {
            for (number, transaction) in (1..).zip(journal::read(path, &self.project.facts.id)?.transactions) {
                if number % STEP == 0 && progress.is_cancelled() {
                    return Err(stopped());
                }
                give(transaction)?;
            }
            before += length(path);
            progress.set(before, total.max(1));
            if progress.is_cancelled() {
                return Err(stopped());
            }
        }
        self.recent.iter().try_for_each(|transaction| give(Arc::clone(transaction)))?;
        if progress.is_cancelled() { Err(stopped()) } else { Ok(known) }
    }
}

fn stopped() -> Error {
    Error::new(Kind::Refused, "Reading the history was stopped", "You asked for it", "Open it again to read it")
}
