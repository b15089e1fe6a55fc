//! The only place that writes files: whole files are replaced, journals are appended to, nothing is ever truncated.

mod growing;
mod provisional;
mod scratch;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::base::error::{Error, Kind, Result};

pub use growing::Growing;
pub use provisional::Provisional;
pub use scratch::Scratch;

/// Reads a whole file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let file = open(path, limit)?;
    let mut bytes = Vec::with_capacity(file.metadata().map_or(0, |about| usize::try_from(about.len()).unwrap_or(0)));
    let read = file.take(limit).read_to_end(&mut bytes);
    read.map_err(|source| Error::disk(format!("Could not read ‘{}’", name(path)), &source, path))?;
    Ok(bytes)
}

/// Opens a file of at most `limit` bytes to read it.
pub fn open(path: &Path, limit: u64) -> Result<File> {
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
    Ok(file)
}

/// Reads at most the first `limit` bytes of a file.
pub fn read_start(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not read ‘{}’", name(path)), &source, path);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(fail)?;
    Ok(bytes)
}

/// Reads at most the last `limit` bytes of a file.
pub fn read_end(path: &Path, limit: u64) -> Result<Vec<u8>> {
    use std::io::Seek;
    let fail = |source: std::io::Error| Error::disk(format!("Could not read ‘{}’", name(path)), &source, path);
    let mut file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?.len();
    let mut bytes = Vec::new();
    file.seek(std::io::SeekFrom::Start(length.saturating_sub(limit))).map_err(fail)?;
    file.take(limit).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// Replaces a file, or makes it, so that at every moment either the old or the new content is there.
///
/// The new content goes to a new file in the same folder, is synced, read back and compared, and only then takes the
/// name; the folder is synced last. Links are followed and the file's permissions are kept.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = real(path);
    let temporary = write_beside(&target, "tmp", bytes)?;
    take_name(&temporary, &target).inspect_err(|_| remove_own(&temporary))?;
    sync_folder(&target)
}

/// Replaces a file as [`replace`] does and keeps the old content under `previous`.
pub fn replace_keeping(path: &Path, previous: &Path, bytes: &[u8]) -> Result<()> {
    keep(path, previous)?;
    replace(path, bytes)
}

/// Where links lead; the path itself if nothing is there yet.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Gives the content of a file a second name, by a link where the disk knows them; nothing if there is no such file.
pub fn keep(path: &Path, second: &Path) -> Result<()> {
    let target = real(path);
    if !target.is_file() {
        return Ok(());
    }
    let fail = |source: std::io::Error| Error::disk(format!("Could not keep ‘{}’", name(path)), &source, path);
    let link = second.with_file_name(format!(".{}.{:016x}.tmp", name(second), random()));
    if std::fs::hard_link(&target, &link).is_ok() {
        return rename(&link, second).map_err(|source| {
            _ = std::fs::remove_file(&link);
            fail(source)
        });
    }
    replace(second, &read(&target, u64::MAX)?)
}

/// Writes a new file beside `target`, under its name with something random and `suffix`, syncs it and reads it back.
///
/// Nothing durable points to it before [`sync_folder`]. A failed one is removed again.
pub fn write_beside(target: &Path, suffix: &str, bytes: &[u8]) -> Result<PathBuf> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not write ‘{}’", name(target)), &source, target);
    let (file, path) = create_beside(target, suffix).map_err(fail)?;
    match fill(file, &path, target, bytes) {
        Ok(()) => Ok(path),
        Err(source) => {
            // Ours and unused; a leftover would only puzzle people.
            _ = std::fs::remove_file(&path);
            Err(fail(source))
        }
    }
}

/// Gives a file that was written beside it the name of `target`, following links. The folder is not synced. When it
/// fails, both files are as before.
pub fn take_name(from: &Path, target: &Path) -> Result<()> {
    let target = real(target);
    match rename(from, &target) {
        Ok(()) => Ok(()),
        // The name is a link to another disk.
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices && folder(from) != folder(&target) => {
            replace(&target, &read(from, u64::MAX)?)?;
            _ = std::fs::remove_file(from);
            Ok(())
        }
        Err(source) => Err(Error::disk(format!("Could not write ‘{}’", name(&target)), &source, &target)),
    }
}

/// Moves a file or folder out of the way, to the first of the names that is not taken.
pub fn set_aside(path: &Path, names: impl Fn(u32) -> PathBuf) -> Result<PathBuf> {
    let free = (1..u32::MAX).map(names).find(|name| !name.exists()).unwrap_or_else(|| path.to_path_buf());
    move_to(path, &free)?;
    Ok(free)
}

/// Gives a file or folder another name on the same disk, where nothing may be yet.
pub fn move_to(from: &Path, to: &Path) -> Result<()> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not move ‘{}’", name(from)), &source, from);
    if to.exists() {
        return Err(fail(std::io::ErrorKind::AlreadyExists.into()));
    }
    rename(from, to).map_err(fail)?;
    sync_folder(from)?;
    sync_folder(to)
}

/// Removes a file that the program made and that nothing needs any more.
pub fn remove_own(path: &Path) {
    _ = std::fs::remove_file(path);
}

/// Renames; on Windows a virus scanner or an indexer may hold the target for a moment, so there it is tried again.
fn rename(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut wait = std::time::Duration::from_millis(5);
    let until = std::time::Instant::now() + std::time::Duration::from_millis(2500);
    loop {
        match std::fs::rename(from, to) {
            // Access denied, sharing violation, lock violation.
            Err(error) if cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33)) => {
                if std::time::Instant::now() >= until {
                    return Err(error);
                }
                std::thread::sleep(wait);
                wait = (wait * 2).min(std::time::Duration::from_millis(500));
            }
            // A network disk may report a failure of what it has done.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !from.exists() && to.exists() => {
                return Ok(());
            }
            other => return other,
        }
    }
}

fn fill(mut file: File, path: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Ok(about) = std::fs::metadata(target) {
        file.set_permissions(about.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    if std::fs::read(path)? == bytes {
        Ok(())
    } else {
        Err(std::io::Error::other("The disk gave back something other than what was written"))
    }
}

/// Makes a new file for the content of `target`, under a name that nobody can foresee.
fn create_beside(target: &Path, suffix: &str) -> std::io::Result<(File, PathBuf)> {
    let folder = folder(target);
    for _ in 0..16 {
        let dot = if suffix == "tmp" { "." } else { "" };
        let temporary = folder.join(format!("{dot}{}.{:016x}.{suffix}", name(target), random()));
        match OpenOptions::new().read(true).write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (file, temporary)),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

fn random() -> u64 {
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}

/// Makes the name of a new or renamed file durable; Windows has no such call and needs none.
pub fn sync_folder(path: &Path) -> Result<()> {
    let of = folder(path);
    let synced = if cfg!(unix) { File::open(of).and_then(|folder| folder.sync_all()) } else { Ok(()) };
    synced.map_err(|source| Error::disk(format!("Could not write ‘{}’", name(path)), &source, path))
}

/// Takes up space that can be given back later: `bytes`, but at most a fortieth of what is free.
pub fn reserve(path: &Path, bytes: u64) {
    let free = free_space(folder(path)).unwrap_or(0);
    let bytes = usize::try_from(bytes.min(free / 40)).unwrap_or(0);
    if bytes > 4096 {
        // Not zeros, which some disks store as nothing.
        scratch(path, &b"space kept free for the journal\n".repeat(bytes / 32), false);
    }
}

/// Bytes that are free for us on the disk of a folder.
#[cfg(unix)]
fn free_space(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<u64> {
    Some(1 << 30)
}

/// What a file is recognised by without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp(pub u64, pub u64, pub u64);

impl Stamp {
    /// Inode (0 where there is none), length in bytes, time of the last change in nanoseconds since 1970.
    pub fn of(about: &std::fs::Metadata) -> Self {
        let since = about.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let nanos = since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX));
        Self(inode(about), about.len(), nanos)
    }

    /// The stamp of the file at a path, links followed.
    pub fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|about| Self::of(&about))
    }
}

#[cfg(unix)]
fn inode(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}

/// Writes a file that can be made anew at any time, so nothing waits for the disk. Says whether it went well.
pub fn scratch(path: &Path, bytes: &[u8], append: bool) -> bool {
    let mut options = OpenOptions::new();
    if append {
        return options.append(true).open(path).and_then(|mut file| file.write_all(bytes)).is_ok();
    }
    let Ok((mut file, temporary)) = create_beside(path, "tmp") else { return false };
    let written = file.write_all(bytes).and_then(|()| rename(&temporary, path)).is_ok();
    if !written {
        _ = std::fs::remove_file(&temporary);
    }
    written
}

/// Makes the folders of `inside` below `root`, which must be there, and makes their names durable.
pub fn make_folders(root: &Path, inside: &Path) -> Result<PathBuf> {
    let mut path = root.to_path_buf();
    for part in inside.components() {
        path.push(part);
        match std::fs::create_dir(&path) {
            Ok(()) => sync_folder(&path)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(source) => {
                return Err(Error::disk(format!("Could not make the folder ‘{}’", name(&path)), &source, &path));
            }
        }
    }
    Ok(path)
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
        sync_folder(path)?;
        Ok(appender)
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
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
    /// It is ours as far as anybody can know: the disk has no locks.
    Unguarded(Lock),
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
        Err(TryLockError::Error(_)) => {
            _ = file.write_all(format!("{holder:<160}\n").as_bytes());
            Ok(Locked::Unguarded(Lock { _file: file, path: path.to_path_buf() }))
        }
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
