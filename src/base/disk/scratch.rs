//! A file for what would take too much memory: written once, read here and there, and gone with whoever holds it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::create_beside;

/// How much is kept before it is written, in bytes.
const ROOM: usize = 256 << 10;

/// A file without a name that anybody needs.
#[derive(Debug)]
pub struct Scratch {
    file: File,
    /// Its name, where a file cannot do without one; elsewhere it goes even if the program is killed.
    path: Option<PathBuf>,
    waiting: Vec<u8>,
    /// How much of it stands in the file.
    written: u64,
}

impl Scratch {
    /// An empty one in the folder where `target` is to come.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let (file, path) = create_beside(target, "tmp")?;
        let nameless = cfg!(unix) && std::fs::remove_file(&path).is_ok();
        let path = (!nameless).then_some(path);
        Ok(Self { file, path, waiting: Vec::new(), written: 0 })
    }

    /// How long it is.
    pub fn length(&self) -> u64 {
        self.written + self.waiting.len() as u64
    }

    /// Adds bytes at its end.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < ROOM { Ok(()) } else { self.flush() }
    }

    /// Forgets everything from a place on.
    pub fn cut(&mut self, at: u64) -> io::Result<()> {
        self.flush()?;
        self.file.set_len(at)?;
        self.file.seek(SeekFrom::Start(at))?;
        self.written = at;
        Ok(())
    }

    /// The bytes at a place. What is read is not added to any more.
    pub fn read(&mut self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        self.flush()?;
        self.file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.written += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_is_left() {
        let at = tempfile::tempdir().unwrap();
        let mut scratch = Scratch::beside(&at.path().join("out")).unwrap();
        // Whoever is killed now leaves nothing.
        let names = std::fs::read_dir(at.path()).unwrap().count();
        assert_eq!(names, usize::from(!cfg!(unix)));
        scratch.append(b"one").unwrap();
        scratch.append(&vec![b'2'; ROOM]).unwrap();
        scratch.append(b"three").unwrap();
        scratch.cut(4).unwrap();
        scratch.append(b"four").unwrap();
        assert_eq!(scratch.length(), 8);
        assert_eq!((scratch.read(0, 4).unwrap(), scratch.read(3, 5).unwrap()), (b"one2".to_vec(), b"2four".to_vec()));
        assert!(scratch.read(5, 4).is_err());
        drop(scratch);
        assert_eq!(std::fs::read_dir(at.path()).unwrap().count(), 0);
    }
}
