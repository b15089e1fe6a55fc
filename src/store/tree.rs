//! Where the parts of a project are kept: one interface, whatever the physical form.

use std::path::PathBuf;

use crate::base::error::Result;
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::problem::Problem;
use crate::model::project::Project;
use crate::store::layout::Changes;

/// What was read, before the journal comes to it.
pub struct Loaded {
    /// The project; parts of it may still be on the shelf.
    pub project: Project,
    /// The newest transaction in it.
    pub seen: TransactionId,
    /// Length and checksum of everything that was read were right.
    pub intact: bool,
    /// Number of the format that the files have.
    pub format: u32,
    /// Why nothing may be written, although everything that was read is sound.
    pub shut: Option<String>,
    /// What a person should know.
    pub problems: Vec<Problem>,
}

/// A place for the parts of a project. The journal is beside it and not part of it.
pub trait Tree: Send + Sync {
    /// Reads the parts, or a list of them; refuses what is damaged, and changes nothing.
    fn load(&self) -> Result<Loaded>;

    /// Takes over files that are there under a name for the time being. Only for who has the lock.
    fn tidy(&self) -> Result<()> {
        Ok(())
    }

    /// Brings the parts up to date. When it fails, the old ones are still there. Gives what a person should know.
    ///
    /// `between` is called every now and then, so that journal lines need not wait.
    fn save(&self, changes: &Changes, between: &mut dyn FnMut()) -> Result<Option<String>>;

    /// Whether saving takes a whole project and not only what changed.
    fn takes_whole(&self) -> bool;

    /// The folder for files of large imports, each of which counts once an edit says so; nothing where every part is
    /// written another way.
    fn packs(&self) -> Option<PathBuf> {
        None
    }

    /// Whether the project is still where it was.
    fn is_there(&self) -> bool;

    /// Whether the person, or somebody for them, protected it against writing.
    fn is_protected(&self) -> bool;

    /// The folder of the journal; it comes to be with the first line.
    fn journal(&self) -> PathBuf;

    /// Journals of format 1, in the order they were written.
    fn old_journals(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Where the lock file stands.
    fn lock(&self) -> PathBuf;

    /// Annotation sets that another program changed while they were open here, so that there are two versions.
    fn conflicts(&self) -> Vec<SetKey> {
        Vec::new()
    }

    /// The version of the other program; nothing if it makes no sense.
    fn theirs(&self, _project: &Project, _key: &SetKey) -> Option<AnnotationSet> {
        None
    }

    /// How many there are; may be asked in every frame.
    fn contested(&self) -> usize {
        0
    }

    /// Annotation sets as another program wrote them while the project was closed, which are not shown yet.
    fn take_changed(&self) -> Vec<(SetKey, AnnotationSet)> {
        Vec::new()
    }

    /// What was found since the last question, while parts were read from the shelf.
    fn take_problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}
