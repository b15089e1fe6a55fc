//! Starts the backup of a day at the first change of that day, beside the window.

use std::path::PathBuf;

use crate::app::session::Session;
use crate::base::env::Date;
use crate::base::error::Error;
use crate::base::job::{Job, Wake};
use crate::store::backup::{self, Backup};

/// What was backed up last, so that each day is asked for once.
#[derive(Default)]
pub struct Daily {
    done: Option<(PathBuf, Date)>,
    seen: u64,
    job: Option<Job<Option<Backup>>>,
}

impl Daily {
    /// Whether a backup is being made.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Looks whether a backup is due, and starts it. The project file is as it was before the change, since it is
    /// brought up to date only a while later. Gives an error once.
    pub(super) fn keep_up(&mut self, session: &Session, wake: &Wake) -> Option<Error> {
        let failed = self.job.as_ref().and_then(Job::poll).map(|result| {
            self.job = None;
            result.err()
        });
        let revision = session.revision();
        if std::mem::replace(&mut self.seen, revision) == revision || revision == 0 || self.job.is_some() {
            return failed.flatten();
        }
        let due = (session.path.clone(), session.env.today());
        if self.done.as_ref() == Some(&due) {
            return failed.flatten();
        }
        self.done = Some(due.clone());
        let job = Job::start("Backing up", Some(wake.clone()), move |_| {
            if due.0.exists() { backup::make(&due.0, due.1) } else { Ok(None) }
        });
        match job {
            Ok(job) => self.job = Some(job),
            Err(error) => return Some(error),
        }
        failed.flatten()
    }
}
