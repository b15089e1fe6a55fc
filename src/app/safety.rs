//! What may be said of the safety of an open project, and nothing better than that.

use crate::app::session::Session;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Job;
use crate::store::writer::Writer;

/// Whether what was done can be lost.
#[derive(Clone, Debug)]
pub enum Safety {
    /// Nothing can be done to the project, for this reason.
    ReadOnly(String),
    /// Everything done is on disk.
    Saved,
    /// The disk has been asked.
    Saving,
    /// Everything done is on disk, in the journal; the project file could not be brought up to date.
    Behind(Error),
    /// So many acts are in memory only, since the disk refused.
    NotSaved(Error, u64),
}

impl Safety {
    /// How safe a project is now.
    pub fn of(session: &Session) -> Self {
        if let Some(why) = &session.read_only {
            return Self::ReadOnly(why.clone());
        }
        let open = session.not_on_disk();
        match (session.status().error.map(plain), open) {
            // Refusals are of the thread that saves; without it the journal is not written either.
            (Some(error), _) if error.kind == Kind::Refused => Self::NotSaved(error, open),
            (Some(error), 0) => Self::Behind(error),
            (Some(error), _) => Self::NotSaved(error, open),
            (None, 0) => Self::Saved,
            (None, _) => Self::Saving,
        }
    }

    /// What stands in the way of saving.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Behind(error) | Self::NotSaved(error, _) => Some(error),
            _ => None,
        }
    }
}

/// The same error for somebody who works, and named no file.
fn plain(mut error: Error) -> Error {
    if error.why == "There is no such file or folder" {
        "The project’s folder is not there any more".clone_into(&mut error.why);
        "Bring it back, or save a copy elsewhere".clone_into(&mut error.hint);
    }
    error
}

/// `1 edit`, `12 edits`.
pub fn edits(count: u64) -> String {
    if count == 1 { "1 edit".to_owned() } else { format!("{count} edits") }
}

impl Session {
    /// How many acts are not on disk yet.
    pub fn not_on_disk(&self) -> u64 {
        self.history().last_id().0.saturating_sub(self.status().saved.0)
    }

    /// Whether the disk was asked for everything; the status says what came of it.
    pub fn is_idle(&self) -> bool {
        self.writer.as_ref().is_none_or(Writer::is_idle)
    }

    /// Asks the disk again at once, and does not wait for it.
    pub fn try_again(&self) {
        if let Some(writer) = &self.writer {
            writer.try_again();
        }
    }

    /// Lets go of the project and leaves what the disk still has to do to a thread.
    pub fn let_go(self) {
        if self.is_idle() && self.status().error.is_none() {
            return;
        }
        // Without a thread it is dropped here, and waits.
        _ = Job::start("closing", None, move |_| -> Result<()> {
            drop(self);
            Ok(())
        });
    }

    /// Lets go of the project at the end of the program, and does not wait for the disk.
    pub fn leave(mut self) {
        if let Some(writer) = self.writer.take() {
            writer.leave();
        }
    }
}
