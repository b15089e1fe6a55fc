//! The parent: has a child read each file, and makes a sentence of whatever becomes of the child.
//!
//! One child reads many files. After a failure it is replaced, and a file that failed in a child which had read others
//! before is tried once more in a fresh one.

use std::path::Path;
use std::time::Instant;

use crate::app::import::wire::{Names, decode, encode};
use crate::app::import::worker::{NO_ROOM, Question, Said, VERB, path_bytes, read_file, version};
use crate::base::child::{Answer, Child, End};
use crate::base::env::Env;
use crate::base::job::Progress;
use crate::base::limits::{Limit, Limits};
use crate::base::{disk, foreign};
use crate::format::{Needs, ReadArticle, ReadOptions};
use crate::model::problem::{Problem, Severity};

/// The signal by which Linux ends who used up the processor.
const SIGXCPU: i32 = 24;

/// The largest message, in bytes: one article with everything that was said of it.
const MESSAGE: u64 = 512 << 20;

/// Reads files by way of a child.
pub(super) struct Reading<'a> {
    env: &'a Env,
    format: Option<&'a str>,
    options: &'a ReadOptions,
    limits: &'a Limits,
    child: Option<Child>,
    /// Bytes that the child has read.
    worn: u64,
    names: Names,
}

/// What came of a file.
pub(super) struct Outcome {
    /// What its annotations need.
    pub(super) needs: Needs,
    /// What should be known.
    pub(super) problems: Vec<Problem>,
}

/// Why there is nothing.
enum Failure {
    Stopped,
    NotStarted(String),
    Late,
    TooMuch,
    Broken,
    Ended(End, String),
}

impl<'a> Reading<'a> {
    pub(super) fn new(env: &'a Env, format: Option<&'a str>, options: &'a ReadOptions, limits: &'a Limits) -> Self {
        Self { env, format, options, limits, child: None, worn: 0, names: Names::new() }
    }

    /// Reads a file and hands its articles over as they come, or nothing when all of it that came does not count.
    /// Gives nothing where the person stopped it.
    pub(super) fn read(
        &mut self,
        file: &Path,
        progress: &Progress,
        take: &mut dyn FnMut(Option<ReadArticle>),
    ) -> Option<Outcome> {
        let Some(program) = &self.env.reader else {
            let (needs, problems) = read_file(file, self.format, self.options, self.limits, self.env, take);
            return Some(Outcome { needs, problems });
        };
        let size = std::fs::metadata(file).map_or(0, |about| about.len());
        let failure = loop {
            let fresh = self.child.is_none();
            match self.ask(program, file, size, progress, take) {
                Ok((needs, problems)) => {
                    self.worn += size;
                    if self.worn > self.limits.get(Limit::Worn) {
                        self.child = None;
                    }
                    return Some(Outcome { needs, problems });
                }
                Err(failure) => {
                    self.child = None;
                    take(None);
                    let again = !fresh && matches!(failure, Failure::Broken | Failure::Ended(..));
                    if !again {
                        break failure;
                    }
                }
            }
        };
        let why = self.sentence(&failure, size)?;
        let what = foreign::tame(&format!("‘{}’ was not read. {why}", disk::name(file)));
        let problems = vec![Problem::new(Severity::Error, what)];
        Some(Outcome { needs: Needs::default(), problems })
    }

    fn ask(
        &mut self,
        program: &Path,
        file: &Path,
        size: u64,
        progress: &Progress,
        take: &mut dyn FnMut(Option<ReadArticle>),
    ) -> Result<(Needs, Vec<Problem>), Failure> {
        let not_started = |why: std::io::Error| Failure::NotStarted(why.to_string());
        let stop = || progress.is_cancelled();
        let until = Instant::now() + self.limits.wait(size);
        let most = self.limits.answer(size);
        let mut fresh = false;
        let mut child = match self.child.take() {
            Some(child) => child,
            None => {
                (fresh, self.worn) = (true, 0);
                Child::start(program, &[VERB], MESSAGE).map_err(not_started)?
            }
        };
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
        let path = path_bytes(&file).ok_or_else(|| Failure::NotStarted("its path is not Unicode".to_owned()))?;
        let question = Question {
            path,
            format: self.format.map(str::to_owned),
            options: self.options.clone(),
            limits: self.limits.clone(),
        };
        // A child that is gone already says so by its silence.
        _ = child.send(&encode(&question));
        let mut came = 0;
        loop {
            let body = match child.answer(until, &stop) {
                Answer::Message(body) => body,
                Answer::Stopped => return Err(Failure::Stopped),
                Answer::Late => return Err(Failure::Late),
                Answer::Broken => return Err(Failure::Broken),
                Answer::Ended => {
                    let (end, words) = child.end();
                    return Err(Failure::Ended(end, words));
                }
            };
            came += body.len() as u64;
            if came > most {
                return Err(Failure::TooMuch);
            }
            match decode::<Said>(&body, &mut self.names) {
                Some(Said::Hello(theirs)) if fresh && theirs == version() => fresh = false,
                Some(Said::Article(article)) if !fresh => take(Some(*article)),
                Some(Said::Nothing) if !fresh => take(None),
                Some(Said::End(needs, problems)) if !fresh => {
                    self.child = Some(child);
                    return Ok((needs, problems));
                }
                _ => return Err(Failure::Broken),
            }
        }
    }

    /// Why, and what to do; nothing where the person knows.
    fn sentence(&self, failure: &Failure, size: u64) -> Option<String> {
        let seconds = self.limits.seconds(size);
        let memory = self.limits.get(Limit::Memory) >> 20;
        Some(match failure {
            Failure::Stopped => return None,
            Failure::NotStarted(why) => {
                format!("The process that reads it could not be started: {why}. Close other programs and try again")
            }
            Failure::Late => {
                let wait = self.limits.wait(size).as_secs();
                format!("It took more than {wait} seconds, and that is the limit. Split it, or try again")
            }
            Failure::TooMuch => {
                let most = self.limits.answer(size) >> 20;
                format!("More than {most} MB came out of it, and that is the limit. Split it into smaller files")
            }
            Failure::Broken => "What came out of it makes no sense. Please report it".to_owned(),
            Failure::Ended(End::Signal(SIGXCPU), _) => {
                format!("It took more than {seconds} seconds of the processor, and that is the limit. Split it")
            }
            Failure::Ended(end, words) if is_memory(end, words) => {
                format!("It needs more than {memory} MB of memory, and that is the limit. Split it into smaller files")
            }
            Failure::Ended(_, words) if words.contains("overflowed its stack") => {
                "It is nested too deeply. Check that it is not damaged".to_owned()
            }
            Failure::Ended(End::Signal(signal), _) => {
                format!("The process that read it was ended by the system (signal {signal}). Try again")
            }
            Failure::Ended(End::Code(_), _) => {
                "It is a case that the program was not made for. Please report it".to_owned()
            }
        })
    }
}

fn is_memory(end: &End, words: &str) -> bool {
    *end == End::Code(NO_ROOM) || words.contains("memory allocation of")
}
