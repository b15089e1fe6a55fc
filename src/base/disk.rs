//! The only place that writes files: whole files are replaced, journals are appended to, nothing is ever truncated.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::base::error::{Error, Kind, Result};

/// Reads a whole file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let what = || format!("Could not read ‘{}’", name(path));
    let fail = |source: std::io::Error| Error::disk(what(), &source, path);
    let file = File::open(path).map_err(fail)?;
    let about = file.metadata().map_err(fail)?;
    if about.is_dir() {
        return Err(Error::disk(what(), &std::io::ErrorKind::IsADirectory.into(), path));
    }
    if about.len() > limit {
        let why = format!("It has {} MB, and the limit is {} MB", about.len() >> 20, limit >> 20);
        return Err(Error::new(Kind::Input, what(), why, "Split it into smaller files").at(path));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    file.take(limit).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// Replaces a file, or makes it, so that at every moment either the old or the new content is there.
///
/// The new content goes to a new file in the same folder, is synced, read back and compared, and only then takes the
/// name; the folder is synced last. Links are followed and the file's permissions are kept.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let fail = |source: std::io::Error| Error::disk(format!("Could not write ‘{}’", name(path)), &source, path);
    let (mut file, temporary) = create_beside(&target).map_err(fail)?;
    let written = fill(&mut file, &temporary, &target, bytes);
    drop(file);
    match written.and_then(|()| std::fs::rename(&temporary, &target)).and_then(|()| sync_folder(&target)) {
        Ok(()) => Ok(()),
        Err(source) => {
            // Ours and unused; a leftover would only puzzle people.
            _ = std::fs::remove_file(&temporary);
            Err(fail(source))
        }
    }
}

/// Replaces a file as [`replace`] does and keeps the old content under `previous`.
pub fn replace_keeping(path: &Path, previous: &Path, bytes: &[u8]) -> Result<()> {
    if let Ok(old) = read(path, u64::MAX) {
        replace(previous, &old)?;
    }
    replace(path, bytes)
}

fn fill(file: &mut File, temporary: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Ok(about) = std::fs::metadata(target) {
        file.set_permissions(about.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    if std::fs::read(temporary)? == bytes {
        Ok(())
    } else {
        Err(std::io::Error::other("The disk gave back something other than what was written"))
    }
}

/// Makes a new file for the content of `target`, under a name that nobody can foresee.
fn create_beside(target: &Path) -> std::io::Result<(File, PathBuf)> {
    let folder = folder(target);
    for _ in 0..16 {
        let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        let temporary = folder.join(format!(".{}.{random:016x}.tmp", name(target)));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (file, temporary)),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// Makes the name of a new or renamed file durable; Windows has no such call and needs none.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}

/// Makes a folder with all above it, if it is not there.
pub fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path)
        .map_err(|source| Error::disk(format!("Could not make the folder ‘{}’", name(path)), &source, path))
}

/// The folder a path lies in.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The last part of a path, for messages and neighbouring names.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Moves a file out of the way under a name that is not taken.
pub fn set_aside(path: &Path, free: impl Fn(u32) -> PathBuf) -> Result<PathBuf> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not set ‘{}’ aside", name(path)), &source, path);
    let aside = (1..u32::MAX).map(free).find(|candidate| !candidate.exists()).unwrap_or_else(|| path.to_path_buf());
    std::fs::rename(path, &aside).and_then(|()| sync_folder(path)).map_err(fail)?;
    Ok(aside)
}

/// Gives a file or folder another name on the same disk, where nothing may be yet.
pub fn move_to(from: &Path, to: &Path) -> Result<()> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not move ‘{}’", name(from)), &source, from);
    if to.exists() {
        return Err(fail(std::io::ErrorKind::AlreadyExists.into()));
    }
    std::fs::rename(from, to).and_then(|()| sync_folder(from)).and_then(|()| sync_folder(to)).map_err(fail)
}

/// Gives a file a second name that outlives the first, or copies it where the disk cannot do that.
///
/// Files are only ever replaced under their names, never written into, so the second name keeps the content.
pub fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    if std::fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    replace(to, &read(from, u64::MAX)?)
}

/// Deletes a backup that the program itself made. Whoever calls this has made sure of that.
pub fn remove_backup(path: &Path) -> Result<()> {
    let folder = std::fs::symlink_metadata(path).is_ok_and(|about| about.is_dir());
    let gone = if folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    gone.map_err(|source| Error::disk(format!("Could not remove the old backup ‘{}’", name(path)), &source, path))
}

/// Removes a folder if nothing is in it.
pub fn remove_if_empty(path: &Path) {
    // The system refuses where something is in it, and that is the point.
    _ = std::fs::remove_dir(path);
}

/// A file that only grows; what was appended is on disk when [`Appender::append`] returns.
#[derive(Debug)]
pub struct Appender {
    file: File,
    path: PathBuf,
    length: u64,
}

impl Appender {
    /// Makes a new file, which must not exist, and puts its first lines on disk.
    pub fn create(path: &Path, head: &[u8]) -> Result<Self> {
        let fail = |source: std::io::Error| Error::disk(format!("Could not begin ‘{}’", name(path)), &source, path);
        let file = OpenOptions::new().append(true).create_new(true).open(path).map_err(fail)?;
        let mut appender = Self { file, path: path.to_path_buf(), length: 0 };
        if let Err(error) = appender.append(head) {
            // Nothing in it was ever called saved, and one such file a second would fill what is left of the disk.
            _ = std::fs::remove_file(path);
            return Err(error);
        }
        sync_folder(path).map_err(fail)?;
        Ok(appender)
    }

    /// Goes on with a file that has exactly `length` bytes.
    pub fn open(path: &Path, length: u64) -> Result<Self> {
        let fail = |source: std::io::Error| Error::disk(format!("Could not open ‘{}’", name(path)), &source, path);
        let file = OpenOptions::new().append(true).open(path).map_err(fail)?;
        let appender = Self { file, path: path.to_path_buf(), length };
        appender.still_ours()?;
        Ok(appender)
    }

    /// Appends and syncs. After an error nothing is known of the file; begin another one.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.still_ours()?;
        let fail = |source: std::io::Error| {
            Error::disk(format!("Could not write ‘{}’", name(&self.path)), &source, &self.path)
        };
        self.file.write_all(bytes).and_then(|()| self.file.sync_data()).map_err(fail)?;
        self.length += bytes.len() as u64;
        self.still_ours()
    }

    /// A file that was replaced, cut or deleted under us still takes writes, and loses them.
    fn still_ours(&self) -> Result<()> {
        let what = format!("Could not write ‘{}’", name(&self.path));
        let fail = |source: std::io::Error| Error::disk(&what, &source, &self.path);
        let (held, named) = (self.file.metadata().map_err(fail)?, std::fs::metadata(&self.path).map_err(fail)?);
        if same_file(&held, &named) && held.len() == self.length {
            return Ok(());
        }
        let why = "Another program has changed the file";
        Err(Error::new(Kind::Disk, what, why, "A new journal is begun beside it").at(&self.path))
    }
}

#[cfg(unix)]
fn same_file(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same_file(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    a.len() == b.len() && a.created().ok() == b.created().ok()
}

/// The right to write to a project; given back when dropped or when the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // It is still ours here. A file that stays behind, as after a crash, is locked by nobody and does no harm.
        _ = std::fs::remove_file(&self.path);
    }
}

/// What became of asking for a lock.
#[derive(Debug)]
pub enum Locked {
    /// It is ours.
    Ours(Lock),
    /// Somebody else has it; what they said of themselves.
    Theirs(String),
}

/// Asks for the lock file and writes into it who holds it. Never waits.
pub fn lock(path: &Path, holder: &str) -> Result<Locked> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not lock ‘{}’", name(path)), &source, path);
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(fail)?;
    let ours = |file: File| Locked::Ours(Lock { _file: file, path: path.to_path_buf() });
    match file.try_lock() {
        Ok(()) => {
            // Whoever had it may have removed the file after it was opened here; a lock on that binds nobody.
            let named = std::fs::metadata(path).and_then(|named| Ok(same_file(&file.metadata()?, &named)));
            if !named.unwrap_or(false) {
                return lock(path, holder);
            }
            // Padded, so that a shorter name does not leave the rest of a longer one.
            _ = file.write_all(format!("{holder:<160}\n").as_bytes());
            Ok(ours(file))
        }
        Err(TryLockError::WouldBlock) => {
            let mut who = String::new();
            _ = file.take(400).read_to_string(&mut who);
            Ok(Locked::Theirs(who.trim().to_owned()))
        }
        // Some network disks know no locks: working without one is better than not working.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => Ok(ours(file)),
        Err(TryLockError::Error(error)) => Err(fail(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_keeps_the_old_content_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (path, previous) = (folder.path().join("a.ron"), folder.path().join("a.prev"));
        replace_keeping(&path, &previous, b"one").unwrap();
        replace_keeping(&path, &previous, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read(&previous).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_appender_notices_that_its_file_was_cut_deleted_or_replaced() {
        let folder = tempfile::tempdir().unwrap();
        for meddle in [
            (|path: &Path| std::fs::write(path, b"x").unwrap()) as fn(&Path),
            |path| std::fs::remove_file(path).unwrap(),
            |path| {
                let copy = path.with_extension("copy");
                std::fs::copy(path, &copy).unwrap();
                std::fs::rename(copy, path).unwrap();
            },
        ] {
            let path = folder.path().join(format!("{:?}.ronl", std::time::Instant::now()).replace(['{', '}', ' '], ""));
            let mut appender = Appender::create(&path, b"head\n").unwrap();
            appender.append(b"one\n").unwrap();
            meddle(&path);
            assert!(appender.append(b"two\n").is_err());
        }
    }

    #[test]
    fn the_second_to_ask_for_a_lock_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let first = lock(&path, "anna on desk").unwrap();
        assert!(matches!(lock(&path, "ben"), Ok(Locked::Theirs(who)) if who == "anna on desk"));
        drop(first);
        assert!(!path.exists());
        assert!(matches!(lock(&path, "ben"), Ok(Locked::Ours(_))));
    }
}
