//! The one thread that owns a project's files: journal lines, synced in groups, and checkpoints between them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::base::disk::{Appender, Lock};
use crate::base::error::{Error, Kind, Result};
use crate::base::fence::fence;
use crate::base::job::Wake;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::store::journal;
use crate::store::layout::Snapshot;
use crate::store::tree::Tree;

/// How long to wait before a disk that refused is asked again.
const RETRY: Duration = Duration::from_secs(1);

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
    Checkpoint(Box<Snapshot>),
    Flush(Sender<()>),
}

impl Writer {
    /// Starts the thread. `journal` is the open segment; without one, a new one is begun at the first line.
    pub fn start(
        tree: Arc<dyn Tree>,
        project: String,
        journal: Option<Appender>,
        status: Status,
        lock: Lock,
        wake: Option<Wake>,
    ) -> Result<Self> {
        let status = Arc::new(Mutex::new(status));
        let open = Arc::new(AtomicUsize::new(0));
        let (asks, inbox) = channel();
        let mut scribe = Scribe {
            tree,
            project,
            journal,
            unsafe_since: Vec::new(),
            unwritten: None,
            saved: lock_status(&status).saved,
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
    pub fn checkpoint(&self, snapshot: Snapshot) {
        self.ask(Ask::Checkpoint(Box::new(snapshot)));
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
    unsafe_since: Vec<Arc<Transaction>>,
    /// The newest snapshot that is not in the files yet; tried again until it is.
    unwritten: Option<Box<Snapshot>>,
    saved: TransactionId,
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
                        let outcome = self.write(Vec::new());
                        self.tell(outcome, 0);
                        break;
                    }
                }
            } else {
                match inbox.recv() {
                    Ok(ask) => Some(ask),
                    Err(_) => break,
                }
            };
            // Whatever gathered during the last sync goes into the next one.
            let mut waiting = Vec::new();
            let mut fresh = Vec::new();
            let mut taken = 0;
            for ask in first.into_iter().chain(inbox.try_iter()) {
                taken += 1;
                match ask {
                    Ask::Append(transaction) => fresh.push(transaction),
                    Ask::Checkpoint(newest) => self.unwritten = Some(newest),
                    Ask::Flush(done) => waiting.push(done),
                }
            }
            let outcome = self.write(fresh);
            self.tell(outcome, taken);
            for done in waiting {
                _ = done.send(());
            }
        }
    }

    /// Journal lines first, then the files if they are behind.
    fn write(&mut self, fresh: Vec<Arc<Transaction>>) -> Result<()> {
        let appended = self.append(fresh);
        let Some(snapshot) = self.unwritten.take() else { return appended };
        let written = self.checkpoint(&snapshot);
        if written.is_err() {
            self.unwritten = Some(snapshot);
        }
        written.and(appended)
    }

    fn append(&mut self, fresh: Vec<Arc<Transaction>>) -> Result<()> {
        let unsaved = self.unsafe_since.iter().any(|transaction| transaction.id() > self.saved);
        if fresh.is_empty() && !unsaved {
            return Ok(());
        }
        self.unsafe_since.extend(fresh);
        let outcome = self.write_unsaved();
        match &outcome {
            Ok(()) => self.saved = self.unsafe_since.last().map_or(self.saved, |transaction| transaction.id()),
            // Nothing is known of that file any more: the next attempt begins another one.
            Err(_) => self.journal = None,
        }
        outcome
    }

    fn write_unsaved(&mut self) -> Result<()> {
        let mut lines = String::new();
        if let Some(segment) = &mut self.journal {
            for transaction in self.unsafe_since.iter().filter(|transaction| transaction.id() > self.saved) {
                lines.push_str(&journal::line(transaction)?);
            }
            return segment.append(lines.as_bytes());
        }
        if self.tree.journal(None).exists() {
            journal::retire(self.tree.as_ref())?;
        }
        lines.push_str(&journal::head(&self.project));
        for transaction in &self.unsafe_since {
            lines.push_str(&journal::line(transaction)?);
        }
        self.journal = Some(Appender::create(&self.tree.journal(None), lines.as_bytes())?);
        Ok(())
    }

    fn checkpoint(&mut self, snapshot: &Snapshot) -> Result<()> {
        let note = self.tree.save(snapshot)?;
        self.unsafe_since.retain(|transaction| transaction.id() > snapshot.seen);
        self.saved = self.saved.max(snapshot.seen);
        let mut status = lock_status(&self.status);
        status.seen = snapshot.seen;
        status.note = note.or(status.note.take());
        Ok(())
    }

    /// Says what came of so many asks.
    fn tell(&self, outcome: Result<()>, asks: usize) {
        let mut status = lock_status(&self.status);
        status.saved = self.saved;
        status.error = outcome.err();
        drop(status);
        self.open.fetch_sub(asks, Ordering::AcqRel);
        if let Some(wake) = &self.wake {
            wake();
        }
    }

    /// Says for good that nothing is saved any more. What was in hand may be half done, so nobody goes on with it.
    fn stop(&self) {
        lock_status(&self.status).error = Some(stopped());
        self.open.store(0, Ordering::Release);
        if let Some(wake) = &self.wake {
            wake();
        }
    }
}
