//! Where the parts of a project are kept: one interface, whatever the physical form.

use std::path::PathBuf;
use std::sync::Mutex;

use crate::base::error::Result;
use crate::store::layout::Snapshot;

/// What was read, before it is put to use.
pub struct Loaded {
    /// The project and the newest transaction in it.
    pub snapshot: Snapshot,
    /// Length and checksum of every file were right.
    pub intact: bool,
}

/// A place for the parts of a project. The journal is not part of it.
pub trait Tree: Send + Sync {
    /// Reads all parts; refuses what is damaged or newer, and changes nothing.
    fn load(&self) -> Result<Loaded>;

    /// Brings all parts up to date. When it fails, the old ones are still there. Gives what a person should know.
    fn save(&self, snapshot: &Snapshot) -> Result<Option<String>>;

    /// Whether the person, or somebody for them, protected it against writing.
    fn is_protected(&self) -> bool {
        false
    }

    /// Where the journal stands, and the number `retired` if it is one that is written to no more.
    fn journal(&self, retired: Option<u32>) -> PathBuf;

    /// Where the lock file stands.
    fn lock(&self) -> PathBuf;
}

/// A tree that only lives in memory, with a journal wherever one likes. For tests.
pub struct Memory {
    saved: Mutex<Snapshot>,
    folder: PathBuf,
}

impl Memory {
    /// Begins with a snapshot; lock and journal go to `folder`.
    pub fn new(snapshot: Snapshot, folder: PathBuf) -> Self {
        Self { saved: Mutex::new(snapshot), folder }
    }
}

impl Tree for Memory {
    fn load(&self) -> Result<Loaded> {
        let snapshot = self.saved.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        Ok(Loaded { snapshot, intact: true })
    }

    fn save(&self, snapshot: &Snapshot) -> Result<Option<String>> {
        *self.saved.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = snapshot.clone();
        Ok(None)
    }

    fn journal(&self, retired: Option<u32>) -> PathBuf {
        self.folder.join(retired.map_or_else(|| "journal.ronl".to_owned(), |number| format!("journal.{number}.ronl")))
    }

    fn lock(&self) -> PathBuf {
        self.folder.join(".lock")
    }
}
