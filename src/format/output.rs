//! Where formats write: one file, or several in a folder. Formats know no disk.

use std::io::{self, Write};

/// Takes what a format writes.
pub trait Output {
    /// Begins the file of that name, which ends the one before; each name comes once. Formats of one file give the
    /// empty name, formats of a folder names with `/` for folders in it.
    fn file(&mut self, name: &str) -> io::Result<&mut dyn Write>;
}

/// A single file that is written to somewhere.
pub struct One<W>(pub W);

impl<W: Write> Output for One<W> {
    fn file(&mut self, _: &str) -> io::Result<&mut dyn Write> {
        Ok(&mut self.0)
    }
}

/// Files that are kept in memory, by name.
#[derive(Debug, Default)]
pub struct Kept(pub Vec<(String, Vec<u8>)>);

impl Output for Kept {
    fn file(&mut self, name: &str) -> io::Result<&mut dyn Write> {
        self.0.push((name.to_owned(), Vec::new()));
        self.0.last_mut().map(|(_, bytes)| bytes as &mut dyn Write).ok_or_else(|| io::ErrorKind::Other.into())
    }
}
