//! Format 1 (version 0.1): a single file as today, but its journal is `name.journal.ronl` beside it, and journals that
//! were given up are `name.journal.1.ronl`, `name.journal.2.ronl` and so on.
//!
//! They are read before the numbered segments of today, and stay as they are.

use std::path::{Path, PathBuf};

use crate::store::bundle::beside;

/// The journals of a project file in the order they were written.
///
/// A folder of that name is somebody's mistake; it is no journal, and hides none.
pub fn journals(project: &Path) -> Vec<PathBuf> {
    let given_up = (1..).map(|number| beside(project, &format!("journal.{number}.ronl")));
    let given_up = given_up.take_while(|path| path.exists());
    given_up.chain([beside(project, "journal.ronl")]).filter(|path| path.is_file()).collect()
}
