//! A process of our own that answers in messages. It can be stopped at any moment, and it ends with whoever holds it.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crate::base::frame;

/// How often a wait looks whether it should end.
const TICK: Duration = Duration::from_millis(20);
/// Messages that wait to be taken; the child waits when there are more.
const QUEUE: usize = 8;
/// How much of what it says of its end is looked at, in bytes.
const LAST_WORDS: u64 = 8 << 10;

/// A child process. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    answers: Receiver<io::Result<Option<Vec<u8>>>>,
    last_words: Receiver<Vec<u8>>,
}

/// What came of waiting for a message.
#[derive(Debug)]
pub enum Answer {
    /// A message.
    Message(Vec<u8>),
    /// Nothing within the time.
    Late,
    /// Whoever waits was asked to stop.
    Stopped,
    /// What came makes no sense.
    Broken,
    /// The process has ended, or does not answer any more.
    Ended,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with that code.
    Code(i32),
    /// By a signal of the system.
    Signal(i32),
}

impl Child {
    /// Starts a program with nothing of our surroundings but the language. Messages have at most `limit` bytes.
    pub fn start(program: &Path, words: &[&str], limit: u64) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).env_clear();
        // The allocator would take more address space ahead than a child may have.
        command.env("MIMALLOC_ARENA_RESERVE", "16MiB");
        // Windows starts nothing without its root; the others name language and character set.
        for name in ["LANG", "LC_ALL", "LC_CTYPE", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let mut process = command.spawn()?;
        let (Some(output), Some(errors)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (send, answers) = sync_channel(QUEUE);
        let (say, last_words) = sync_channel(1);
        let listener = std::thread::Builder::new().name("last words".to_owned()).spawn(move || {
            let mut words = Vec::new();
            _ = errors.take(LAST_WORDS).read_to_end(&mut words);
            _ = say.send(words);
        });
        let reader = std::thread::Builder::new().name("answers".to_owned()).spawn(move || {
            let mut output = BufReader::with_capacity(64 << 10, output);
            loop {
                let answer = frame::read(&mut output, limit);
                let last = !matches!(answer, Ok(Some(_)));
                if send.send(answer).is_err() || last {
                    break;
                }
            }
        });
        // Dropped, and so killed, where a thread could not be had.
        let child = Self { process, answers, last_words };
        listener.and(reader).map(|_| child)
    }

    /// Sends one message.
    pub fn send(&mut self, body: &[u8]) -> io::Result<()> {
        match &mut self.process.stdin {
            Some(input) => frame::write(input, body),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Waits for a message until then, or until `stop` says so.
    pub fn answer(&self, until: Instant, stop: &dyn Fn() -> bool) -> Answer {
        loop {
            if stop() {
                return Answer::Stopped;
            }
            let left = until.saturating_duration_since(Instant::now());
            return match self.answers.recv_timeout(left.min(TICK)) {
                Ok(Ok(Some(body))) => Answer::Message(body),
                Ok(Err(error)) if error.kind() != io::ErrorKind::UnexpectedEof => Answer::Broken,
                Ok(Ok(None) | Err(_)) | Err(RecvTimeoutError::Disconnected) => Answer::Ended,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => Answer::Late,
                Err(RecvTimeoutError::Timeout) => continue,
            };
        }
    }

    /// Id of the process in the system.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits a moment for the end, or kills it. Gives how it ended and its last words, which prove nothing.
    pub fn end(mut self) -> (End, String) {
        drop(self.process.stdin.take());
        let until = Instant::now() + Duration::from_secs(1);
        let status = loop {
            match self.process.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                _ => break self.process.kill().and_then(|()| self.process.wait()).ok(),
            }
        };
        // Somebody else may still hold the pipe, so this does not wait for ever.
        let words = self.last_words.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
        (status.map_or(End::Code(-1), how), String::from_utf8_lossy(&words).into_owned())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already, and then nobody is harmed.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[cfg(unix)]
fn how(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(signal) => End::Signal(signal),
        None => End::Code(status.code().unwrap_or(-1)),
    }
}

#[cfg(not(unix))]
fn how(status: ExitStatus) -> End {
    End::Code(status.code().unwrap_or(-1))
}

/// The program that runs now, as a path that starts it once more.
///
/// On Linux this is the running program itself, even when its file was replaced in the meantime.
pub fn this_program() -> PathBuf {
    let own = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && own.exists() {
        return own.to_path_buf();
    }
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("rubricate"))
}
