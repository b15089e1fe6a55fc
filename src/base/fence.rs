//! Fences against panics. What is told of one can never be somebody's text.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::Result;
use crate::base::job::Job;

/// How many names of commands a report has.
const TRAIL: usize = 50;
/// How many lines of the way through the program a report has.
const LINES: usize = 160;
/// How long what runs beside the window may take after a panic that nobody caught.
const GRACE: Duration = Duration::from_secs(2);

thread_local! {
    static FENCES: Cell<u32> = const { Cell::new(0) };
    static CAUGHT: RefCell<Option<Report>> = const { RefCell::new(None) };
}

/// Names of the last commands. It is one for the program, since the hook that reads it is.
static DID: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// What is known of a panic, without a word of anybody's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// File, line and column; empty where nobody watched.
    pub place: String,
    /// The whole report.
    pub text: String,
}

/// Remembers the name of a command for a report to come. What it was about has no place in it.
pub fn did(name: String) {
    let mut names = DID.lock().unwrap_or_else(PoisonError::into_inner);
    names.push_back(name);
    if names.len() > TRAIL {
        names.pop_front();
    }
}

/// Runs something that may panic. A panic ends it and nothing else.
pub fn fence<R>(body: impl FnOnce() -> R) -> std::result::Result<R, Report> {
    FENCES.set(FENCES.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(body));
    FENCES.set(FENCES.get().saturating_sub(1));
    outcome.map_err(|_| CAUGHT.take().unwrap_or_default())
}

/// Watches for panics from now on. The thread that calls this is the window's: a panic there that no fence stops is
/// written to `folder`, and the program ends soon.
pub fn watch(env: Env, folder: Option<PathBuf>) {
    let window = std::thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let fenced = FENCES.try_with(|fences| fences.get() > 0).unwrap_or(false);
        if !fenced && std::thread::current().id() != window {
            return before(info);
        }
        let report = describe(info, &env);
        if fenced {
            _ = CAUGHT.try_with(|caught| caught.replace(Some(report)));
            return;
        }
        if let Some(folder) = &folder {
            // There is nobody left to tell if that fails.
            _ = keep(folder, &report, &env);
        }
        // Who unwinds waits for the disk, and a disk that never answers must not keep the program alive.
        let last = Job::start("ending", None, |_| -> Result<()> {
            std::thread::sleep(GRACE);
            std::process::exit(101)
        });
        std::mem::forget(last);
    }));
}

/// Writes a report into a folder, under a name that says that nobody has seen it yet.
pub fn keep(folder: &Path, report: &Report, env: &Env) -> Result<PathBuf> {
    disk::make_folder(folder)?;
    let stamp = env.now().replace(':', "-");
    let names = (1..u32::MAX).map(|number| match number {
        1 => format!("crash-{stamp}.txt"),
        _ => format!("crash-{stamp}-{number}.txt"),
    });
    let path = names.map(|name| folder.join(name)).find(|path| !path.exists()).unwrap_or_else(|| folder.join("crash-"));
    disk::replace(&path, report.text.as_bytes())?;
    Ok(path)
}

fn describe(info: &PanicHookInfo<'_>, env: &Env) -> Report {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let message = info.payload_as_str().unwrap_or_default();
    let why = known(message).unwrap_or_else(|| "not written here, since it may have words of an article".to_owned());
    let thread = std::thread::current();
    let names: Vec<String> = DID.try_lock().map(|names| names.iter().cloned().collect()).unwrap_or_default();
    let trace = std::backtrace::Backtrace::force_capture().to_string();
    let trace: Vec<&str> = trace.lines().take(LINES).collect();
    let text = format!(
        "Rubricate {} met an error that it was not made for.\n\
         Time: {}\nSystem: {} {}\nThread: {}\nPlace: {place}\nMessage: {why}\n\
         Last commands, the newest last: {}\n\n\
         This report has no text, no titles and no labels of yours in it.\n\n\
         The way there:\n{}\n",
        env!("CARGO_PKG_VERSION"),
        env.now(),
        std::env::consts::OS,
        std::env::consts::ARCH,
        // Jobs are named after files.
        if thread.name() == Some("main") { "main" } else { "another" },
        if names.is_empty() { "none".to_owned() } else { names.join(", ") },
        trace.join("\n"),
    );
    Report { place, text }
}

/// Messages that have nothing in them but numbers, which stand here as `#`.
const PLAIN: &[&str] = &[
    "index out of bounds: the len is # but the index is #",
    "range end index # out of range for slice of length #",
    "range start index # out of range for slice of length #",
    "slice index starts at # but ends at #",
    "called `Option::unwrap()` on a `None` value",
    "attempt to add with overflow",
    "attempt to subtract with overflow",
    "attempt to multiply with overflow",
    "attempt to negate with overflow",
    "attempt to divide by zero",
    "attempt to divide with overflow",
    "attempt to calculate the remainder with a divisor of zero",
    "attempt to shift left with overflow",
    "attempt to shift right with overflow",
    "internal error: entered unreachable code",
    "capacity overflow",
    "explicit panic",
    "RefCell already borrowed",
    "RefCell already mutably borrowed",
    "already borrowed: BorrowMutError",
    "already mutably borrowed: BorrowError",
    "mid > len",
];

/// Beginnings of messages that go on with a text.
const BEGINNINGS: &[&str] = &[
    "byte index # is out of bounds",
    "byte index # is not a char boundary",
    "start byte index # is out of bounds",
    "start byte index # is not a char boundary",
    "end byte index # is out of bounds",
    "end byte index # is not a char boundary",
    "begin <= end (# <= #) when slicing",
];

/// The part of a message that cannot be anybody's text; nothing if there is no such part.
fn known(message: &str) -> Option<String> {
    let whole = |pattern: &&&str| fits(message, pattern).is_some_and(str::is_empty);
    if PLAIN.iter().any(|pattern| whole(&pattern)) {
        return Some(message.to_owned());
    }
    let rest = BEGINNINGS.iter().find_map(|pattern| fits(message, pattern))?;
    message.strip_suffix(rest).map(|start| format!("{start} …"))
}

/// What follows in a message after a pattern in which `#` is a number.
fn fits<'a>(message: &'a str, pattern: &str) -> Option<&'a str> {
    let mut rest = message;
    for (count, part) in pattern.split('#').enumerate() {
        if count > 0 {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if after.len() == rest.len() {
                return None;
            }
            rest = after;
        }
        rest = rest.strip_prefix(part)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_without_a_text_are_written() {
        for (message, expected) in [
            (
                "index out of bounds: the len is 3 but the index is 17",
                Some("index out of bounds: the len is 3 but the index is 17"),
            ),
            ("called `Option::unwrap()` on a `None` value", Some("called `Option::unwrap()` on a `None` value")),
            ("called `Option::unwrap()` on a `None` value: secret", None),
            (
                "byte index 7 is not a char boundary; it is inside 'é' (bytes 6..8) of `Le café secret`",
                Some("byte index 7 is not a char boundary …"),
            ),
            ("byte index secret is not a char boundary", None),
            ("begin <= end (4 <= 2) when slicing `secret`", Some("begin <= end (4 <= 2) when slicing …")),
            ("assertion `left == right` failed\n  left: \"secret\"\n right: \"\"", None),
            ("called `Result::unwrap()` on an `Err` value: \"secret\"", None),
            ("", None),
        ] {
            assert_eq!(known(message).as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn messages_of_this_compiler_are_among_the_known_ones() {
        let (text, numbers, nothing) = (String::from("secret é"), vec![1, 2, 3], Option::<u8>::None);
        type Case = Box<dyn Fn()>;
        let cases: [(&str, Case); 5] = [
            ("a place in a word", Box::new(move || _ = text.get(..).map(|text| &text[..8]))),
            ("an index", Box::new(move || _ = std::hint::black_box(&numbers)[std::hint::black_box(7)])),
            ("nothing", Box::new(move || _ = std::hint::black_box(nothing).unwrap())),
            ("a sum", Box::new(|| _ = std::hint::black_box(u8::MAX) + std::hint::black_box(1))),
            (
                "a cell",
                Box::new(|| {
                    let cell = RefCell::new(1);
                    let _held = cell.borrow_mut();
                    _ = cell.borrow_mut();
                }),
            ),
        ];
        for (name, case) in cases {
            let payload = catch_unwind(AssertUnwindSafe(case)).unwrap_err();
            let message = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let message = message.unwrap();
            let shown = known(&message).unwrap_or_else(|| panic!("{name}: {message}"));
            assert!(!shown.contains("secret") && !shown.contains('é'), "{name}: {shown}");
        }
    }

    #[test]
    fn a_panic_behind_a_fence_is_told_without_its_words_and_with_the_last_commands() {
        watch(Env::fixed(1), None);
        for number in 0..60 {
            did(format!("command-{number}"));
        }
        let report = fence(|| -> u8 { panic!("secret words") }).unwrap_err();
        assert!(report.place.contains("fence.rs"), "{}", report.place);
        assert!(!report.text.contains("secret"), "{}", report.text);
        assert!(report.text.contains("command-10, ") && report.text.contains("command-59\n"), "{}", report.text);
        assert!(!report.text.contains("command-9,"), "{}", report.text);
        assert_eq!(fence(|| 3), Ok(3));
    }

    #[test]
    fn two_reports_of_one_second_have_two_names() {
        let folder = tempfile::tempdir().unwrap();
        let report = Report { place: String::new(), text: "one".to_owned() };
        let first = keep(&folder.path().join("deep"), &report, &Env::fixed(1)).unwrap();
        let second = keep(&folder.path().join("deep"), &report, &Env::fixed(1)).unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read_to_string(second).unwrap(), "one");
    }
}
