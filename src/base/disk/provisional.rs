//! A file that is there before it is known whether it counts.

use std::path::PathBuf;

/// A file that goes again unless somebody says that it counts.
#[derive(Debug)]
pub struct Provisional(Option<PathBuf>);

impl Provisional {
    /// One that is going to be written there, or is already. Nobody else's file may be there.
    pub fn new(path: PathBuf) -> Self {
        Self(Some(path))
    }

    /// From now on it counts.
    pub fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Provisional {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            _ = std::fs::remove_file(path);
        }
    }
}
