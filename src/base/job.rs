//! Long work on a named thread, with progress, cancelling and one result.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use crate::base::error::{Error, Kind, Result};
use crate::base::fence::fence;

/// Called from another thread when there is something new to look at.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// How far a job is; shared between the job and whoever watches it.
#[derive(Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    wake: Option<Wake>,
}

impl Progress {
    /// For work that nobody watches.
    pub fn unseen() -> Self {
        Self::default()
    }

    /// Says how far the work is.
    pub fn set(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        if let Some(wake) = &self.wake {
            wake();
        }
    }

    /// Whether the work should stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// How far the work is, from 0 to 1; nothing while that is unknown.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.total.load(Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "a bar on the screen has a few hundred pixels")]
        (total > 0).then(|| self.done.load(Ordering::Relaxed) as f32 / total as f32)
    }
}

/// Work under way. Dropping it cancels the work.
pub struct Job<T> {
    title: String,
    progress: Arc<Progress>,
    result: Receiver<Result<T>>,
}

impl<T: Send + 'static> Job<T> {
    /// Starts a thread. `title` is shown to people, as in *Importing 12 files*.
    pub fn start(
        title: impl Into<String>,
        wake: Option<Wake>,
        body: impl FnOnce(&Progress) -> Result<T> + Send + 'static,
    ) -> Result<Self> {
        let title = title.into();
        let (send, result) = sync_channel(1);
        let progress = Arc::new(Progress { wake: wake.clone(), ..Progress::default() });
        let (shared, named) = (Arc::clone(&progress), title.clone());
        std::thread::Builder::new()
            .name(title.clone())
            .spawn(move || {
                let outcome = fence(|| body(&shared)).unwrap_or_else(|report| {
                    let why = match report.place.as_str() {
                        "" => "The program met a case it was not made for".to_owned(),
                        place => format!("The program met a case it was not made for, at {place}"),
                    };
                    Err(Error::new(
                        Kind::Refused,
                        format!("‘{named}’ stopped"),
                        why,
                        "Nothing was changed; please report it",
                    ))
                });
                _ = send.send(outcome);
                if let Some(wake) = wake {
                    wake();
                }
            })
            .map_err(|error| {
                Error::new(Kind::Disk, format!("Could not start ‘{title}’"), error.to_string(), "Try again")
            })?;
        Ok(Self { title, progress, result })
    }

    /// What people read while it runs.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Asks it to stop; it may still finish.
    pub fn cancel(&self) {
        self.progress.cancelled.store(true, Ordering::Relaxed);
    }

    /// The result, once.
    pub fn poll(&self) -> Option<Result<T>> {
        self.result.try_recv().ok()
    }

    /// Waits for the result.
    pub fn wait(self) -> Result<T> {
        let title = self.title.clone();
        self.result
            .recv()
            .unwrap_or_else(|_| Err(Error::new(Kind::Refused, format!("‘{title}’ stopped"), "", "Try again")))
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.progress.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Runs something on a thread with so many bytes of stack and waits for it.
///
/// Gives nothing where the system has no room for the thread, and nothing inside where the body panicked.
pub fn with_stack<T: Send>(bytes: usize, body: impl FnOnce() -> T + Send) -> Option<Option<T>> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("reader".to_owned()).stack_size(bytes).spawn_scoped(scope, body);
        Some(thread.ok()?.join().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_an_error_outside() {
        let job = Job::<u32>::start("Counting", None, |_| panic!("on purpose")).unwrap();
        assert_eq!(job.wait().unwrap_err().what, "‘Counting’ stopped");
    }

    #[test]
    fn dropping_cancels() {
        let (send, seen) = sync_channel(1);
        let job = Job::start("Waiting", None, move |progress| {
            while !progress.is_cancelled() {
                std::thread::yield_now();
            }
            _ = send.send(());
            Ok(())
        });
        drop(job);
        seen.recv().unwrap();
    }
}
