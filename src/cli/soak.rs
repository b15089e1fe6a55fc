//! `soak`: makes random edits for ever and says which of them are saved, so that a test can kill, starve and cut off
//! the program at any moment and see that it spoke the truth. Not in the help.
//!
//! `create DIR` makes a project, `work DIR` edits it, `dump DIR` prints what is in it. All three go through the same
//! session as the window. Lines of `work`: `T seq add|del|rel doc span …` before an edit, `A seq` once it is saved,
//! `A* seq` when everything up to it is saved after an error, `E seq why` when saving failed, `N what` for notes.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{IoSlice, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::app::session::Session;
use crate::app::start;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::cli::{Findings, Out, Words};
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{Review, ReviewState, SetKey};
use crate::model::annotator::{Annotator, Role};
use crate::model::article::{Article, BlockKind};
use crate::model::id::{AnnotatorId, LabelId, SpanId};
use crate::model::project::Project;
use crate::model::span::Span;
use crate::store::open::Mode;
use crate::text::range::{Extent, TextRange};

/// The project is brought up to date on disk so often, to meet faults there too.
const CHECKPOINT: u64 = 40;

/// How long to wait for an edit before the next one is made: a person does not wait either.
const PATIENCE: Duration = Duration::from_millis(150);

const PERSON: &str = "soak";

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let folder = words.path(1, "folder")?;
    match words.path(0, "what to do")?.to_str() {
        Some("create") => create(words, &folder),
        Some("work") => work(words, &folder),
        Some("dump") => dump(&place(&folder), out),
        _ => Err(Error::new(Kind::Usage, "Could not understand the command", "Say create, work or dump", "")),
    }
}

/// A folder with a project file in it, or a folder that is the project.
fn place(folder: &Path) -> PathBuf {
    let file = folder.join("news.ron");
    if file.exists() { file } else { folder.to_path_buf() }
}

fn number(words: &Words, name: &str, otherwise: u64) -> u64 {
    words.option(name).and_then(|digits| digits.parse().ok()).unwrap_or(otherwise)
}

/// A small generator, so that a seed gives the same edits on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

fn create(words: &Words, folder: &Path) -> Result<Findings> {
    let file = words.option("form").is_some_and(|form| form == "file");
    let person = AnnotatorId::new(PERSON);
    let mut project: Project = start::project();
    project.annotators.insert(person.clone(), Annotator { name: PERSON.to_owned(), role: Role::Human });
    let path = if file { folder.join("news.ron") } else { folder.to_path_buf() };
    if file {
        crate::base::disk::make_folder(folder)?;
    }
    let mut session = Session::create(&path, project, Env::real(), None)?;
    session.person = person.clone();
    let started = Review { state: ReviewState::Started, ..Review::default() };
    let mut edits = Vec::new();
    let count = u32::try_from(number(words, "articles", 12)).unwrap_or(12);
    for number in 1..=count {
        let mut dice = Dice(u64::from(number));
        let sentences =
            ["Angela Merkel said in Köln 👍 that taxes will rise.\r\n", "नदी के पास \"X\\Y\".\n", "它在北京。\n\n"];
        let body = (0..40).map(|_| sentences.get(usize::try_from(dice.roll(3)).unwrap_or(0)).copied());
        let body: String = body.flatten().collect();
        let id = format!("d{number:05}");
        let body = vec![(BlockKind::Paragraph, body)];
        let Some(article) = Article::new(id.as_str().into(), number, format!("Article {number}"), body) else {
            continue;
        };
        let key = SetKey { article: article.id.clone(), by: person.clone() };
        edits.push(Edit::Article(article.id.clone(), Change::create(Arc::new(article))));
        edits.push(Edit::Review(key, Change::update(Review::default(), started.clone())));
    }
    session.commit("Make articles to work on", edits)?;
    session.close()?;
    Ok(Findings::None)
}

fn dump(path: &Path, out: &mut Out) -> Result<Findings> {
    let session = match Session::open(path, Mode::Read, Env::real(), None) {
        Ok(session) => session,
        Err(error) => {
            out.line(&format!("FAIL {error}"));
            return Err(error);
        }
    };
    let mut session = session;
    let mut lines = String::new();
    for (key, set) in session.project().sets() {
        for (id, span) in &set.spans {
            let hull = span.at.hull();
            lines.push_str(&format!("S {} {id} {} {} {}\n", key.article, hull.start(), hull.end(), span.label));
        }
    }
    let unreadable = session.project().set_keys().filter(|key| session.project().is_unreadable(key)).count();
    session.take_found();
    for problem in &session.problems {
        lines.push_str(&format!("NOTE {}\n", problem.what.replace('\n', " ")));
    }
    out.line(lines.trim_end());
    if unreadable > 0 {
        out.line(&format!("FAIL {unreadable} annotation files cannot be read"));
        return Ok(Findings::Some);
    }
    Ok(Findings::None)
}

/// Prints whole lines with a call of their own, so that errors injected into `write` meet files alone.
struct Voice(File);

impl Voice {
    fn say(&mut self, line: &str) {
        let text = format!("{line}\n");
        if self.0.write_vectored(&[IoSlice::new(text.as_bytes())]).is_err() {
            // Nobody listens any more.
            std::process::exit(0);
        }
    }
}

#[cfg(unix)]
fn voice() -> std::io::Result<Voice> {
    use std::os::fd::AsFd;
    std::io::stdout().as_fd().try_clone_to_owned().map(|out| Voice(File::from(out)))
}

#[cfg(not(unix))]
fn voice() -> std::io::Result<Voice> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What was said to be tried and not yet said to be saved.
struct Worker {
    session: Session,
    voice: Voice,
    woken: Receiver<()>,
    waiting: VecDeque<(u64, TransactionId)>,
    seq: u64,
    failed: bool,
    told: String,
}

fn work(words: &Words, folder: &Path) -> Result<Findings> {
    let io = |error: std::io::Error| Error::disk("Could not begin", &error, folder);
    let mut voice = voice().map_err(io)?;
    let (wake, woken) = channel();
    let wake: crate::base::job::Wake = Arc::new(move || _ = wake.send(()));
    let session = match Session::open(&place(folder), Mode::Write, Env::real(), Some(wake)) {
        Ok(session) => session,
        Err(error) => {
            voice.say(&format!("FAIL {error}"));
            return Err(error);
        }
    };
    if let Some(why) = &session.read_only {
        let word = if why.starts_with("It is open already") { "LOCK" } else { "READ-ONLY" };
        voice.say(&format!("FAIL {word} {why}"));
        return Err(Error::new(Kind::Locked, "Could not write", why.clone(), ""));
    }
    for problem in &session.problems {
        voice.say(&format!("N {}", problem.what.replace('\n', " ")));
    }
    let mut dice = Dice(number(words, "seed", 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let edits = number(words, "edits", u64::MAX);
    let pause = std::env::var("THINK_US").ok().and_then(|text| text.parse().ok()).map(Duration::from_micros);
    let (waiting, told) = (VecDeque::new(), String::new());
    let mut worker = Worker { session, voice, woken, waiting, seq: 0, failed: false, told };
    worker.session.person = AnnotatorId::new(PERSON);
    while worker.seq < edits {
        worker.act(&mut dice);
        if worker.seq.is_multiple_of(CHECKPOINT) {
            worker.session.checkpoint();
        }
        worker.listen(Instant::now() + PATIENCE);
        if let Some(pause) = pause {
            std::thread::sleep(pause);
        }
    }
    worker.session.checkpoint();
    _ = worker.session.flush();
    worker.listen(Instant::now());
    Ok(Findings::None)
}

impl Worker {
    /// One random edit, or the last one taken back, which is announced first.
    fn act(&mut self, dice: &mut Dice) {
        let order = self.session.order();
        let Some(id) = order.get(usize::try_from(dice.roll(u32::MAX)).unwrap_or(0) % order.len().max(1)) else {
            return;
        };
        let (id, key) = (id.clone(), SetKey { article: id.clone(), by: self.session.person.clone() });
        if self.session.project().is_unreadable(&key) || self.session.project().article(&id).is_none() {
            return;
        }
        self.session.open_article(&id);
        for problem in self.session.take_found() {
            self.voice.say(&format!("N {}", problem.what.replace('\n', " ")));
        }
        if dice.roll(12) == 0 && self.undo() {
            return;
        }
        let spans: Vec<(SpanId, Span)> = self
            .session
            .project()
            .set(&key)
            .map(|set| set.spans.iter().map(|(id, span)| (id.clone(), span.clone())).collect())
            .unwrap_or_default();
        let labels = ["person", "place", "organization", "claim"];
        let label = LabelId::new(labels.get(usize::try_from(dice.roll(4)).unwrap_or(0)).copied().unwrap_or("person"));
        let chosen = spans.get(usize::try_from(dice.roll(u32::MAX)).unwrap_or(0) % spans.len().max(1)).cloned();
        let edit = match (dice.roll(10), chosen) {
            (0..=2, Some((span, was))) => {
                self.announce(&format!("del {id} {span}"));
                Edit::Span(key, span, Change::remove(was))
            }
            (3..=4, Some((span, was))) if was.label != label => {
                self.announce(&format!("rel {id} {span} {label}"));
                let now = Span { label, ..was.clone() };
                Edit::Span(key, span, Change::update(was, now))
            }
            _ => {
                let Some(article) = self.session.article().cloned() else { return };
                let start = dice.roll(article.text().chars().saturating_sub(60));
                let Ok(range) = TextRange::new(start, start + 1 + dice.roll(50)) else { return };
                let at = Extent::from(range);
                let quote = article.text().quote(&at);
                let span = Span::typed(at, label.clone(), quote);
                let name = SpanId::new(self.session.env.id());
                self.announce(&format!("add {id} {name} {} {} {label}", range.start(), range.end()));
                Edit::Span(key, name, Change::create(span))
            }
        };
        let outcome = self.session.commit("Work", vec![edit]).map(|_| ());
        self.done(outcome);
    }

    /// Takes back the last act, if it is one of its own.
    fn undo(&mut self) -> bool {
        let Some(last) = self.session.history().to_undo() else { return false };
        let line = match last.edits() {
            [Edit::Span(key, id, Change { before: None, after: Some(_) })] => format!("del {} {id}", key.article),
            [Edit::Span(key, id, Change { before: Some(was), after: None })] => {
                let hull = was.at.hull();
                format!("add {} {id} {} {} {}", key.article, hull.start(), hull.end(), was.label)
            }
            [Edit::Span(key, id, Change { before: Some(was), after: Some(_) })] => {
                format!("rel {} {id} {}", key.article, was.label)
            }
            _ => return false,
        };
        self.announce(&line);
        let outcome = self.session.undo().map(|_| ());
        self.done(outcome);
        true
    }

    fn announce(&mut self, what: &str) {
        self.seq += 1;
        self.voice.say(&format!("T {} {what}", self.seq));
    }

    fn done(&mut self, outcome: Result<()>) {
        match outcome {
            Ok(()) => self.waiting.push_back((self.seq, self.session.history().last_id())),
            Err(error) => self.voice.say(&format!("E {} {error}", self.seq)),
        }
    }

    /// Says what the window would show, until everything is saved or the time is up.
    fn listen(&mut self, until: Instant) {
        loop {
            let status = self.session.status();
            let mut newest = None;
            while let Some((seq, id)) = self.waiting.front().copied()
                && id <= status.saved
            {
                self.waiting.pop_front();
                newest = Some(seq);
            }
            if let Some(seq) = newest {
                let star = if std::mem::take(&mut self.failed) { "*" } else { "" };
                self.voice.say(&format!("A{star} {seq}"));
            }
            match &status.error {
                Some(error) => {
                    self.failed = true;
                    let text = error.to_string().replace('\n', " ");
                    if text != self.told || !self.waiting.is_empty() {
                        self.voice.say(&format!("E {} {text}", self.seq));
                    }
                    self.told = text;
                }
                None => self.told.clear(),
            }
            if let Some(note) = self.session.take_note() {
                self.voice.say(&format!("N {note}"));
            }
            if self.waiting.is_empty() {
                return;
            }
            let Some(rest) = until.checked_duration_since(Instant::now()) else { return };
            _ = self.woken.recv_timeout(rest);
        }
    }
}
