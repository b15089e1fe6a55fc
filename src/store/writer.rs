//! The one thread that owns a project's files: journal lines, synced in groups, and checkpoints between them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::base::disk::{self, Appender, Lock};
use crate::base::error::{Error, Kind, Result};
use crate::base::fence::fence;
use crate::base::job::Wake;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::store::journal;
use crate::store::layout::Changes;
use crate::store::tree::Tree;

/// How long to wait before a disk that refused is asked again.
const RETRY: Duration = Duration::from_secs(1);

/// Bytes after which a segment of the journal is followed by another one.
const SEGMENT: u64 = 1 << 20;

/// Bytes that are kept for the last minutes on a full disk.
const RESERVE: u64 = 4 << 20;

/// What the screen may say about safety.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The newest transaction that is on disk with all before it.
    pub saved: TransactionId,
    /// The newest transaction that the files contain.
    pub seen: TransactionId,
    /// Why the last attempt failed; nothing once one succeeded.
    pub error: Option<Error>,
    /// Something that a person should know once.
    pub note: Option<String>,
}

/// Hands transactions to the thread; keeps the lock for as long as it lives.
pub struct Writer {
    asks: Option<Sender<Ask>>,
    status: Arc<Mutex<Status>>,
    /// How much was handed over and not tried yet.
    open: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
    _lock: Lock,
}

enum Ask {
    Append(Arc<Transaction>),
    Checkpoint(Box<Changes>),
    Flush(Sender<()>),
}

impl Writer {
    /// Starts the thread. `unwritten` are the transactions that are in the journal and not in the files; a segment of
    /// the journal is begun with the first line that comes after them.
    pub fn start(
        tree: Arc<dyn Tree>,
        project: String,
        unwritten: Vec<Arc<Transaction>>,
        status: Status,
        lock: Lock,
        wake: Option<Wake>,
    ) -> Result<Self> {
        let status = Arc::new(Mutex::new(status));
        let open = Arc::new(AtomicUsize::new(0));
        let (asks, inbox) = channel();
        let reserve = tree.journal().join("reserve");
        let saved = lock_status(&status).saved;
        let mut scribe = Scribe {
            tree,
            project,
            journal: None,
            since: unwritten,
            changes: None,
            taken: 0,
            waiting: Vec::new(),
            saved,
            journaled: saved,
            reserve,
            status: Arc::clone(&status),
            open: Arc::clone(&open),
            wake,
        };
        let body = move || {
            if fence(|| scribe.run(&inbox)).is_err() {
                scribe.stop();
            }
        };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(body).map_err(|error| {
            Error::new(Kind::Disk, "Could not start saving", error.to_string(), "Start the program again")
        })?;
        Ok(Self { asks: Some(asks), status, open, thread: Some(thread), _lock: lock })
    }

    /// Hands over a transaction that was applied.
    pub fn append(&self, transaction: Arc<Transaction>) {
        self.ask(Ask::Append(transaction));
    }

    /// Brings the files up to date in the background.
    pub fn checkpoint(&self, changes: Changes) {
        self.ask(Ask::Checkpoint(Box::new(changes)));
    }

    /// Waits until everything handed over was tried once, and gives the error if that failed.
    pub fn flush(&self) -> Result<()> {
        let (done, wait) = channel();
        self.ask(Ask::Flush(done));
        match wait.recv() {
            Ok(()) => self.status().error.map_or(Ok(()), Err),
            Err(_) => Err(stopped()),
        }
    }

    /// Tries again at once what failed, and does not wait for it.
    pub fn try_again(&self) {
        self.ask(Ask::Flush(channel().0));
    }

    /// Whether everything handed over was tried at least once; the status says what came of it.
    pub fn is_idle(&self) -> bool {
        self.open.load(Ordering::Acquire) == 0
    }

    /// Lets go of the project without waiting for a disk that is slow. Only for the end of the program, and when
    /// the journal has everything: what the thread is still writing may be cut off.
    pub fn leave(mut self) {
        self.thread = None;
    }

    /// What the screen may say.
    pub fn status(&self) -> Status {
        lock_status(&self.status).clone()
    }

    /// What a person should know, once.
    pub fn take_note(&self) -> Option<String> {
        lock_status(&self.status).note.take()
    }

    fn ask(&self, ask: Ask) {
        if let Some(asks) = &self.asks {
            self.open.fetch_add(1, Ordering::AcqRel);
            // The thread only ends when this sender is dropped, or by a panic, and then the status says so.
            _ = asks.send(ask);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn lock_status(status: &Mutex<Status>) -> std::sync::MutexGuard<'_, Status> {
    status.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is wrong once the thread has ended by a panic.
fn stopped() -> Error {
    let why = "The part of the program that saves met a case it was not made for";
    Error::new(Kind::Refused, "Could not save", why, "Save a copy elsewhere, then start the program again")
}

struct Scribe {
    tree: Arc<dyn Tree>,
    project: String,
    journal: Option<Appender>,
    /// Everything since the last checkpoint: written again to a new segment when one is given up.
    since: Vec<Arc<Transaction>>,
    /// What is not in the files yet; tried again until it is.
    changes: Option<Box<Changes>>,
    /// How many asks were taken since the last answer.
    taken: usize,
    /// Who waits until everything was tried once.
    waiting: Vec<Sender<()>>,
    saved: TransactionId,
    /// The newest transaction that the journal has; it gets all of them, also those that the files have already.
    journaled: TransactionId,
    /// Space that is given back when the disk is full, so that the last minutes fit.
    reserve: PathBuf,
    status: Arc<Mutex<Status>>,
    open: Arc<AtomicUsize>,
    wake: Option<Wake>,
}

impl Scribe {
    fn run(&mut self, inbox: &Receiver<Ask>) {
        loop {
            let failing = lock_status(&self.status).error.is_some();
            let first = if failing {
                match inbox.recv_timeout(RETRY) {
                    Ok(ask) => Some(ask),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => {
                        // The window is closing; what is not on disk yet has one more chance.
                        let outcome = self.write(inbox);
                        self.tell(outcome);
                        break;
                    }
                }
            } else {
                match inbox.recv() {
                    Ok(ask) => Some(ask),
                    Err(_) => break,
                }
            };
            if let Some(first) = first {
                self.take(first);
            }
            self.take_all(inbox);
            let mut outcome = self.write(inbox);
            // What came while the files were written is part of what was asked for.
            while outcome.is_ok() && (self.changes.is_some() || self.is_behind()) {
                outcome = self.write(inbox);
            }
            self.tell(outcome);
            for done in std::mem::take(&mut self.waiting) {
                _ = done.send(());
            }
        }
        disk::remove_own(&self.reserve);
    }

    fn take(&mut self, ask: Ask) {
        self.taken += 1;
        match ask {
            Ask::Append(transaction) => self.since.push(transaction),
            Ask::Checkpoint(newer) => match &mut self.changes {
                Some(changes) => changes.join(*newer),
                None => self.changes = Some(newer),
            },
            Ask::Flush(done) => self.waiting.push(done),
        }
    }

    /// Whatever gathered during the last sync goes into the next one.
    fn take_all(&mut self, inbox: &Receiver<Ask>) {
        inbox.try_iter().for_each(|ask| self.take(ask));
    }

    /// Journal lines first, then the files if they are behind; lines that come in the meantime need not wait for them.
    fn write(&mut self, inbox: &Receiver<Ask>) -> Result<()> {
        let mut appended = self.append();
        let Some(changes) = self.changes.take() else { return appended };
        let tree = Arc::clone(&self.tree);
        let written = tree.save(&changes, &mut || {
            self.take_all(inbox);
            if self.is_behind() && appended.is_ok() {
                appended = self.append();
                self.tell_saved();
            }
        });
        let written = written.map(|note| self.checkpointed(changes.head.seen, note));
        if written.is_err() {
            let mut changes = changes;
            if let Some(newer) = self.changes.take() {
                changes.join(*newer);
            }
            self.changes = Some(changes);
        }
        written.and(appended)
    }

    fn is_behind(&self) -> bool {
        self.since.last().is_some_and(|transaction| transaction.id() > self.journaled)
    }

    fn append(&mut self) -> Result<()> {
        if !self.is_behind() {
            return Ok(());
        }
        let mut outcome = self.write_unsaved();
        if outcome.as_ref().is_err_and(|error| error.full) && self.reserve.exists() {
            disk::remove_own(&self.reserve);
            self.journal = None;
            outcome = self.write_unsaved();
            let note = "The disk is full. The space that was kept in reserve is in use now; free some more";
            lock_status(&self.status).note.get_or_insert_with(|| note.to_owned());
        }
        match &outcome {
            Ok(()) => {
                self.journaled = self.since.last().map_or(self.journaled, |transaction| transaction.id());
                self.saved = self.saved.max(self.journaled);
            }
            // Nothing is known of that file any more: the next attempt begins another one.
            Err(_) => self.journal = None,
        }
        outcome
    }

    fn write_unsaved(&mut self) -> Result<()> {
        if !self.tree.is_there() {
            let (what, why) = ("Could not save", "The project’s file or folder is not there any more");
            let hint = "Bring it back, or save a copy elsewhere";
            return Err(Error::new(Kind::Disk, what, why, hint));
        }
        let mut lines = String::new();
        if let Some(segment) = &mut self.journal {
            let first = self.since.partition_point(|transaction| transaction.id() <= self.journaled);
            for transaction in self.since.iter().skip(first) {
                lines.push_str(&journal::line(transaction)?);
            }
            return segment.append(lines.as_bytes());
        }
        for transaction in &self.since {
            lines.push_str(&journal::line(transaction)?);
        }
        let from = self.since.first().map_or(self.saved, |transaction| transaction.id());
        self.journal = Some(journal::begin(self.tree.as_ref(), &self.project, from, &lines)?);
        if !self.reserve.exists() {
            disk::reserve(&self.reserve, RESERVE);
        }
        Ok(())
    }

    fn checkpointed(&mut self, seen: TransactionId, note: Option<String>) {
        let journaled = self.journaled;
        self.since.retain(|transaction| transaction.id() > seen.min(journaled));
        self.saved = self.saved.max(seen);
        // With nothing to carry over, the next line may as well begin a new segment.
        let large = self.journal.take_if(|segment| self.since.is_empty() && segment.length() > SEGMENT);
        if let Some(mut segment) = large {
            // Only a hint; without it the segment is read once more at the next start.
            _ = segment.append(journal::end(seen).as_bytes());
        }
        let mut status = lock_status(&self.status);
        status.seen = seen;
        status.note = note.or(status.note.take());
    }

    /// Says what came of everything that was taken.
    fn tell(&mut self, outcome: Result<()>) {
        lock_status(&self.status).error = outcome.err();
        self.open.fetch_sub(std::mem::take(&mut self.taken), Ordering::AcqRel);
        self.tell_saved();
    }

    /// Says for good that nothing is saved any more. What was in hand may be half done, so nobody goes on with it.
    fn stop(&self) {
        lock_status(&self.status).error = Some(stopped());
        self.open.store(0, Ordering::Release);
        if let Some(wake) = &self.wake {
            wake();
        }
    }

    fn tell_saved(&self) {
        lock_status(&self.status).saved = self.saved;
        if let Some(wake) = &self.wake {
            wake();
        }
    }
}
