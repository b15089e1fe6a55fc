//! Floor 7: the command line. One file for each verb, one row in `VERBS`; help is made from the rows.
//!
//! Exit 0: fine. 1: done, with findings. 2: failed.

mod apply;
mod check;
mod convert;
mod evaluate;
mod export;
mod import;
mod new;
mod pack;
mod soak;
mod stats;
mod validate;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use serde::Serialize;

use crate::app::import::worker;
use crate::app::session::Session;
use crate::base::child;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::model::id::AnnotatorId;
use crate::model::problem::{Problem, Severity};
use crate::store::open::Mode;

/// A verb with its help.
struct Verb {
    name: &'static str,
    takes: &'static str,
    help: &'static str,
    example: &'static str,
    run: fn(&Words, &mut Out) -> Result<Findings>,
}

/// Everything the command line can do.
static VERBS: &[Verb] = &[
    Verb {
        name: "new",
        takes: "PROJECT [--name NAME] [--preset news|fact-check|quotations|arguments|conll-2003|ontonotes-5|germeval-nested]",
        help: "Makes an empty project with labels to begin with, those for news if none are named.",
        example: "rubricate new checks.ron --preset fact-check",
        run: new::run,
    },
    Verb {
        name: "import",
        takes: "PROJECT PATH… [--format F] [--encoding E] [--text-field FIELD] [--per-line]",
        help: "Reads articles from files and folders into a project. Bad files are named, the others go on.",
        example: "rubricate import news.ron articles/",
        run: import::run,
    },
    Verb {
        name: "export",
        takes: "PROJECT (--format F | --recipe FILE) --out PATH [--by ANNOTATOR | --gold] [--layer LAYER] [--tokenizer T] \
                [--overlaps longest|first|skip|file-per-layer] [--states done,…] [--cleaned] [--sentences] [--soft] \
                [--split 80,10,10 [--seed N] [--together near,site,story,date]] [--dataset] [--name N] [--licence L]",
        help: "Writes annotations as training data, and says what the format cannot hold.",
        example: "rubricate export news.ron --format jsonl --out news.jsonl",
        run: export::run,
    },
    Verb {
        name: "stats",
        takes: "PROJECT",
        help: "Counts what is in a project.",
        example: "rubricate stats news.ron --json",
        run: stats::run,
    },
    Verb {
        name: "validate",
        takes: "PROJECT",
        help: "Checks that everything in a project fits together; changes nothing.",
        example: "rubricate validate news.ron",
        run: validate::run,
    },
    Verb {
        name: "check",
        takes: "PROJECT",
        help: "Reads every file of a project and its journal, and says what is damaged or missing; changes nothing.",
        example: "rubricate check news.ron",
        run: check::check,
    },
    Verb {
        name: "repair",
        takes: "PROJECT [--out NEW]",
        help: "Makes a sound copy of a damaged project from all that can be read; the project is left as it is.",
        example: "rubricate repair news.ron --out sound.ron",
        run: check::repair,
    },
    Verb {
        name: "pack",
        takes: "PROJECT FILE",
        help: "Copies a project with its history into one file.",
        example: "rubricate pack news news.ron",
        run: pack::pack,
    },
    Verb {
        name: "unpack",
        takes: "PROJECT FOLDER",
        help: "Copies a project with its history into a folder with one file for each article.",
        example: "rubricate unpack news.ron news",
        run: pack::unpack,
    },
    Verb {
        name: "convert",
        takes: "IN OUT [--from F] --to F",
        help: "Reads one format and writes another, without a project.",
        example: "rubricate convert news.jsonl news.conll --to conll",
        run: convert::run,
    },
    Verb {
        name: "apply",
        takes: "PROJECT FILE",
        help: "Runs commands as the window does, one a line in RON; prints a line for each act once it is on disk.",
        example: "rubricate apply news.ron commands.ron",
        run: apply::run,
    },
    Verb {
        name: "evaluate",
        takes: "boilerplate FOLDER|PROJECT",
        help: "Scores proposals for boilerplate on pages from which people cut the article: ‘ground-truth.json’ and ‘html/ID.html.gz’; or against what is marked in a project.",
        example: "rubricate evaluate boilerplate article-extraction-benchmark/",
        run: evaluate::run,
    },
];

/// What stood on the command line, sorted.
#[derive(Debug, Default)]
pub(crate) struct Words {
    plain: Vec<OsString>,
    options: Vec<(String, OsString)>,
    json: bool,
    switches: Vec<&'static str>,
}

/// Whether there was something to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Findings {
    None,
    Some,
}

/// Where results go; the only thing here that prints.
pub(crate) struct Out {
    json: bool,
    sink: Box<dyn Write>,
}

/// Runs what the words ask for, and gives the exit code.
pub fn main(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut words = words.into_iter().peekable();
    if words.peek().is_some_and(|word| word == worker::VERB) {
        // Ends at once: what was read is not taken apart, since that may go as deep as the file did.
        std::process::exit(i32::from(worker::serve().is_err()));
    }
    let verb = words.peek().and_then(|word| word.to_str()).and_then(|word| VERBS.iter().find(|verb| verb.name == word));
    let result = match (verb, words.peek().and_then(|word| word.to_str())) {
        (Some(verb), _) => parse(words.skip(1)).and_then(|words| {
            let mut out = Out { json: words.json, sink: Box::new(std::io::stdout()) };
            (verb.run)(&words, &mut out)
        }),
        (None, Some("soak")) => parse(words.skip(1))
            .and_then(|words| soak::run(&words, &mut Out { json: false, sink: Box::new(std::io::stdout()) })),
        (None, Some("help" | "--help" | "-h")) => {
            Out { json: false, sink: Box::new(std::io::stdout()) }.line(&help());
            Ok(Findings::None)
        }
        (None, Some("--version" | "-V")) => {
            let version = format!("rubricate {}", env!("CARGO_PKG_VERSION"));
            Out { json: false, sink: Box::new(std::io::stdout()) }.line(&version);
            Ok(Findings::None)
        }
        _ => window(words.collect()),
    };
    match result {
        Ok(Findings::None) => ExitCode::SUCCESS,
        Ok(Findings::Some) => ExitCode::from(1),
        Err(error) => {
            // Standard error may be closed; there is nobody left to tell then.
            _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(feature = "gui")]
fn window(words: Vec<OsString>) -> Result<Findings> {
    let mut start = crate::ui::window::Start::default();
    let mut parser = Parser::from_args(words);
    while let Some(word) = parser.next().map_err(misread)? {
        match word {
            Arg::Long("sample") => start.sample = true,
            Arg::Long("renderer") => {
                start.renderer = Some(parser.value().map_err(misread)?.to_string_lossy().into_owned());
            }
            Arg::Value(path) if start.project.is_none() => start.project = Some(PathBuf::from(path)),
            other => return Err(misread(other.unexpected())),
        }
    }
    if let Some(path) = start.project.as_ref().filter(|path| !path.exists()) {
        let what = format!("Could not open ‘{}’", path.display());
        let why = "There is no such file, and no such verb";
        return Err(Error::new(Kind::Usage, what, why, "Say ‘rubricate help’ for the verbs"));
    }
    crate::ui::window::run(&start).map(|()| Findings::None)
}

#[cfg(not(feature = "gui"))]
fn window(_words: Vec<OsString>) -> Result<Findings> {
    let why = "This build has no window";
    Err(Error::new(Kind::Usage, "Could not open the window", why, "Say ‘rubricate help’ for what it can do"))
}

/// Words that take no value.
const SWITCHES: [&str; 6] = ["per-line", "gold", "cleaned", "sentences", "soft", "dataset"];

fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Words> {
    let mut parsed = Words::default();
    let mut parser = Parser::from_args(words);
    while let Some(word) = parser.next().map_err(misread)? {
        match word {
            Arg::Long("json") => parsed.json = true,
            Arg::Long(name) if SWITCHES.contains(&name) => {
                parsed.switches.extend(SWITCHES.iter().find(|known| **known == name));
            }
            Arg::Long(name) => {
                const KNOWN: [&str; 22] = [
                    "preset",
                    "format",
                    "out",
                    "by",
                    "as",
                    "layer",
                    "tokenizer",
                    "from",
                    "to",
                    "name",
                    "encoding",
                    "text-field",
                    "seed",
                    "edits",
                    "articles",
                    "form",
                    "recipe",
                    "overlaps",
                    "split",
                    "together",
                    "states",
                    "licence",
                ];
                if !KNOWN.contains(&name) {
                    let why = format!("There is no option ‘--{name}’");
                    return Err(Error::new(
                        Kind::Usage,
                        "Could not understand the command",
                        why,
                        "Say ‘rubricate help’",
                    ));
                }
                let name = name.to_owned();
                parsed.options.push((name, parser.value().map_err(misread)?));
            }
            Arg::Short(letter) => {
                let why = format!("There is no option ‘-{letter}’");
                return Err(Error::new(Kind::Usage, "Could not understand the command", why, "Say ‘rubricate help’"));
            }
            Arg::Value(value) => parsed.plain.push(value),
        }
    }
    Ok(parsed)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn misread(error: lexopt::Error) -> Error {
    Error::new(Kind::Usage, "Could not understand the command", error.to_string(), "Say ‘rubricate help’")
}

fn help() -> String {
    let mut text = String::from(
        "Rubricate: marks entities, claims and boilerplate in articles, and makes training data of them.\n\n\
         rubricate [PROJECT] [--sample] [--renderer glow|wgpu]\n    Opens the window.\n",
    );
    for verb in VERBS {
        text.push_str(&format!(
            "\nrubricate {} {}\n    {}\n    Example: {}\n",
            verb.name, verb.takes, verb.help, verb.example
        ));
    }
    text.push_str(
        "\nEvery verb takes --json for a stable shape, and --as NAME for whose annotations are meant.\n\
         Exit 0: fine. 1: done, with findings. 2: failed.",
    );
    text
}

impl Words {
    fn path(&self, place: usize, what: &str) -> Result<PathBuf> {
        self.plain.get(place).map(PathBuf::from).ok_or_else(|| {
            let why = format!("The {what} is missing");
            Error::new(Kind::Usage, "Could not understand the command", why, "Say ‘rubricate help’")
        })
    }

    fn paths_from(&self, place: usize) -> Vec<PathBuf> {
        self.plain.iter().skip(place).map(PathBuf::from).collect()
    }

    fn option(&self, name: &str) -> Option<String> {
        let value = self.options.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.clone())?;
        value.string().ok()
    }

    fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }

    fn needed(&self, name: &str) -> Result<String> {
        self.option(name).ok_or_else(|| {
            let why = format!("--{name} is missing");
            Error::new(Kind::Usage, "Could not understand the command", why, "Say ‘rubricate help’")
        })
    }

    fn env(&self) -> Env {
        Env::real().reading_by(&child::this_program())
    }

    /// Opens the project that is named first. Writing needs the right to write.
    fn session(&self, mode: Mode) -> Result<Session> {
        self.session_at(0, mode)
    }

    fn session_at(&self, place: usize, mode: Mode) -> Result<Session> {
        let path = self.path(place, "project")?;
        let mut session = Session::open(&path, mode, self.env(), None)?;
        if mode == Mode::Write
            && let Some(why) = &session.read_only
        {
            let what = format!("Could not change ‘{}’", crate::base::disk::name(&path));
            return Err(Error::new(Kind::Locked, what, why.clone(), "Close it there, or work on a copy").at(&path));
        }
        if let Some(name) = self.option("as") {
            session.person = AnnotatorId::slug(&name);
        }
        Ok(session)
    }
}

impl Out {
    fn line(&mut self, text: &str) {
        // A closed pipe ends the reader's interest, not the work.
        _ = writeln!(self.sink, "{text}");
        _ = self.sink.flush();
    }

    /// Prints the stable shape with `--json`, else the sentences.
    fn tell(&mut self, shape: &impl Serialize, sentences: &[String]) {
        if self.json {
            let text = serde_json::to_string(shape).unwrap_or_default();
            self.line(&text);
        } else {
            for sentence in sentences {
                self.line(sentence);
            }
        }
    }
}

fn sentences(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}.", problem.what.trim_end_matches('.'))).collect()
}

fn findings(problems: &[Problem]) -> Findings {
    if problems.iter().any(|problem| problem.severity > Severity::Note) { Findings::Some } else { Findings::None }
}
