//! The child: reads one foreign file after another and answers with articles. It knows no project and writes no file.

use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::app::import::wire::{Bytes, Names, Out, Wire, decode, encode};
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job;
use crate::base::limits::{Limit, Limits, allow_seconds, confine};
use crate::base::{disk, foreign, frame};
use crate::format::{self, Beside, Input, Needs, Read, ReadArticle, ReadOptions};
use crate::model::problem::{Problem, Severity};

/// The word that makes a child of the program.
pub const VERB: &str = "import-worker";

/// How the child ends when its reader panicked.
const PANICKED: i32 = 101;
/// How the child ends when it has no memory to begin with.
pub(super) const NO_ROOM: i32 = 102;

/// How much of a file shows what it is, in bytes, where it is read line by line.
const START: u64 = 1 << 20;

/// The largest question, in bytes.
const QUESTION: u64 = 1 << 20;

/// What the child is asked: to read one file.
pub(super) struct Question {
    pub(super) path: Vec<u8>,
    pub(super) format: Option<String>,
    pub(super) options: ReadOptions,
    pub(super) limits: Limits,
}

/// What the child says, in this order.
pub(super) enum Said {
    /// Which version it is, once.
    Hello(String),
    /// An article of the file.
    Article(Box<ReadArticle>),
    /// What came of the file so far does not count.
    Nothing,
    /// The file is read.
    End(Needs, Vec<Problem>),
}

impl Wire for Question {
    fn put(&self, out: &mut Out) {
        (self.path.len() as u64).put(out);
        self.path.iter().for_each(|byte| out.push(*byte));
        self.format.put(out);
        self.options.put(out);
        SENT.map(|limit| self.limits.get(limit)).to_vec().put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        let path = (0..u64::take(from)?).map(|_| from.byte()).collect::<Option<Vec<u8>>>()?;
        let (format, options) = (Wire::take(from)?, Wire::take(from)?);
        let values = Vec::<u64>::take(from)?;
        let limits = SENT.into_iter().zip(values).fold(Limits::default(), |all, (limit, value)| all.with(limit, value));
        Some(Self { path, format, options, limits })
    }
}

/// Limits that the child keeps.
const SENT: [Limit; 10] = [
    Limit::File,
    Limit::Long,
    Limit::Text,
    Limit::Lines,
    Limit::Articles,
    Limit::Memory,
    Limit::Stack,
    Limit::Cpu,
    Limit::CpuPerMillion,
    Limit::OpenFiles,
];

impl Wire for Said {
    fn put(&self, out: &mut Out) {
        match self {
            Self::Hello(version) => {
                out.push(0);
                version.put(out);
            }
            Self::Article(article) => {
                out.push(1);
                article.as_ref().put(out);
            }
            Self::End(needs, problems) => {
                out.push(2);
                needs.put(out);
                problems.put(out);
            }
            Self::Nothing => out.push(3),
        }
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Hello(Wire::take(from)?),
            1 => Self::Article(Box::new(Wire::take(from)?)),
            2 => Self::End(Wire::take(from)?, Wire::take(from)?),
            3 => Self::Nothing,
            _ => return None,
        })
    }
}

/// What both sides have to agree on: the same build of the program.
pub(super) fn version() -> String {
    format!("{} 2", env!("CARGO_PKG_VERSION"))
}

/// Answers questions until there are none. The process should end at once afterwards, without taking anything apart.
pub fn serve() -> Result<()> {
    let env = Env::real();
    let mut output = BufWriter::with_capacity(64 << 10, std::io::stdout());
    say(&mut output, &Said::Hello(version()), true)?;
    let mut names = Names::new();
    let Some(first) = hear(&mut names)? else { return Ok(()) };
    confine(first.limits.get(Limit::Memory), first.limits.get(Limit::OpenFiles));
    let stack = usize::try_from(first.limits.get(Limit::Stack)).unwrap_or(usize::MAX);
    let served = job::with_stack(stack, || {
        answer(&first, &mut output, &env)?;
        while let Some(question) = hear(&mut names)? {
            answer(&question, &mut output, &env)?;
        }
        Ok(())
    });
    match served {
        Some(Some(served)) => served,
        // After a panic nothing is known of this process any more.
        Some(None) => std::process::exit(PANICKED),
        // There is no room for the stack.
        None => std::process::exit(NO_ROOM),
    }
}

/// The next question; nothing when there are no more.
fn hear(names: &mut Names) -> Result<Option<Question>> {
    let question = frame::read(&mut std::io::stdin().lock(), QUESTION);
    let question = question.map_err(|source| Error::disk("Could not hear", &source, Path::new(VERB)))?;
    let Some(question) = question else { return Ok(None) };
    decode::<Question>(&question, names).map(Some).ok_or_else(|| {
        let why = "What was asked makes no sense";
        Error::new(Kind::Usage, "Could not read", why, "This verb is for the program itself")
    })
}

fn say(output: &mut impl Write, said: &Said, flush: bool) -> Result<()> {
    let sent = frame::write(output, &encode(said));
    let sent = if flush { sent.and_then(|()| output.flush()) } else { sent };
    sent.map_err(|source| Error::disk("Could not answer", &source, Path::new(VERB)))
}

/// Reads the file that a question is about.
fn answer(question: &Question, output: &mut impl Write, env: &Env) -> Result<()> {
    let (path, limits) = (path(&question.path), &question.limits);
    allow_seconds(limits.seconds(std::fs::metadata(&path).map_or(0, |about| about.len())));
    let mut sent = Ok(());
    let (needs, problems) =
        read_file(&path, question.format.as_deref(), &question.options, limits, env, &mut |article| {
            let said = article.map_or(Said::Nothing, |article| Said::Article(Box::new(article)));
            if sent.is_ok() {
                sent = say(output, &said, false);
            }
        });
    sent.and_then(|()| say(output, &Said::End(needs, problems), true))
}

/// Reads one file here, in this process, and hands its articles over as they come; nothing when all of it that came
/// does not count. Whatever goes wrong is among the problems.
pub(super) fn read_file(
    file: &Path,
    format: Option<&str>,
    options: &ReadOptions,
    limits: &Limits,
    env: &Env,
    take: &mut dyn FnMut(Option<ReadArticle>),
) -> (Needs, Vec<Problem>) {
    let name = disk::name(file);
    let mut within = Within { name: &name, limits, count: 0, too_large: Vec::new(), take };
    let (needs, problems) = match read_within(file, &name, format, options, env, &mut within) {
        Ok(Read { needs, problems, .. }) => within.end(needs, problems),
        Err(what) => (Needs::default(), vec![Problem::new(Severity::Error, what)]),
    };
    let tame = |problem: Problem| Problem { what: foreign::tame(&problem.what), ..problem };
    (needs, problems.into_iter().map(tame).collect())
}

fn read_within(
    file: &Path,
    name: &str,
    format: Option<&str>,
    options: &ReadOptions,
    env: &Env,
    within: &mut Within<'_>,
) -> std::result::Result<Read, String> {
    if std::fs::metadata(file).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return Err(format!("Could not read ‘{name}’. It is a device or a pipe and no file. Choose a file"));
    }
    let said = |error: Error| error.to_string();
    let limits = within.limits;
    let beside = Neighbours { folder: disk::folder(file), limit: limits.get(Limit::File) };
    let of_lines = [".jsonl", ".ndjson", ".warc", ".warc.gz", ".arc", ".arc.gz"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(end));
    if of_lines || format.is_some() {
        let start = disk::read_start(file, START).map_err(said)?;
        let whole = start.iter().rposition(|byte| *byte == b'\n').and_then(|end| start.get(..=end));
        let start = whole.unwrap_or(&start);
        let known = if let Some(id) = format { format::by_id(id) } else { format::sniff(name, start) };
        if let Some(lines) = known.and_then(|format| format.lines) {
            let open = disk::open(file, limits.get(Limit::Long)).map_err(said)?;
            let input = Input { name, bytes: start, options, beside: &beside };
            let mut open = BufReader::with_capacity(256 << 10, open);
            if let Some(read) = lines(&mut open, &input, env, &mut |article| within.see(article)) {
                return Ok(read);
            }
        }
    }
    let bytes = disk::read(file, limits.get(Limit::File)).map_err(said)?;
    let format = match format {
        Some(id) => format::by_id(id),
        None => Some(format::choose(name, &bytes, options).map_err(|why| format!("‘{name}’ was not read. {why}"))?),
    };
    let Some(read) = format.and_then(|format| format.reads) else {
        return Err(format!("Could not read ‘{name}’. This format can only be written. Choose another one"));
    };
    let mut read = read(&Input { name, bytes: &bytes, options, beside: &beside }, env);
    read.articles.drain(..).for_each(|article| within.see(article));
    Ok(read)
}

/// Hands over articles that are not too large, and counts them.
struct Within<'a> {
    name: &'a str,
    limits: &'a Limits,
    count: u64,
    too_large: Vec<Problem>,
    take: &'a mut dyn FnMut(Option<ReadArticle>),
}

impl Within<'_> {
    fn see(&mut self, article: ReadArticle) {
        self.count += 1;
        if self.count > self.limits.get(Limit::Articles) {
            return;
        }
        let (text, lines) = (self.limits.get(Limit::Text), self.limits.get(Limit::Lines));
        let length: usize = article.body.iter().map(|(_, part)| part.len()).sum();
        let ends = |part: &str| part.bytes().filter(|byte| *byte == b'\n').count();
        // Only who has many bytes has many lines.
        let many = length as u64 > lines;
        let count: usize = article.body.iter().filter(|_| many).map(|(_, part)| ends(part)).sum();
        let why = if length as u64 > text {
            format!("Its text has {} MB, and {} MB is the limit", length >> 20, text >> 20)
        } else if count as u64 > lines {
            format!("Its text has {count} lines, and {lines} is the limit")
        } else {
            return (self.take)(Some(article));
        };
        let place = article.source.record.map_or(String::new(), |record| format!(", line {record}"));
        let what =
            format!("‘{}’ was left out. {why}. Split it into several articles (‘{}’{place})", article.title, self.name);
        self.too_large.push(Problem::new(Severity::Error, what));
    }

    /// What is needed and what went wrong; a file with too many articles is refused.
    fn end(mut self, needs: Needs, mut problems: Vec<Problem>) -> (Needs, Vec<Problem>) {
        let most = self.limits.get(Limit::Articles);
        if self.count <= most {
            problems.append(&mut self.too_large);
            return (needs, problems);
        }
        (self.take)(None);
        let what = format!(
            "‘{}’ was not read. It holds {} articles, and {most} is the limit. Split it into smaller files",
            self.name, self.count
        );
        problems.push(Problem::new(Severity::Error, what));
        (Needs::default(), problems)
    }
}

/// The files of a folder, by name; only plain names, so that nobody reaches anything else.
struct Neighbours<'a> {
    folder: &'a Path,
    limit: u64,
}

impl Beside for Neighbours<'_> {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let plain = Path::new(name).file_name().is_some_and(|plain| plain == name);
        let path = self.folder.join(name);
        if plain && path.is_file() { disk::read(&path, self.limit).ok() } else { None }
    }
}

/// A path as bytes, for the question.
pub(super) fn path_bytes(path: &Path) -> Option<Vec<u8>> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Some(path.as_os_str().as_bytes().to_vec())
    }
    #[cfg(not(unix))]
    path.to_str().map(|path| path.as_bytes().to_vec())
}

fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether bytes are something that a child says; for looking for bytes that break the parent.
pub fn is_answer(bytes: &[u8]) -> bool {
    decode::<Said>(bytes, &mut Names::new()).is_some()
}
