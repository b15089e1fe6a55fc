//! `apply`: runs commands as the window does. Each act is acknowledged once it is on disk.

use serde::Serialize;

use crate::app::command::Command;
use crate::app::run::{self, Outcome};
use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::cli::{Findings, Out, Words};
use crate::store::open::Mode;
use crate::store::ron;

/// One line of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    line: usize,
    transaction: Option<u64>,
    said: &'a str,
    ok: bool,
}

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let file = words.path(1, "file with commands")?;
    let bytes = disk::read(&file, 64 << 20)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::new(Kind::Input, "Could not read the commands", "The file is not UTF-8", "Save it as UTF-8").at(&file)
    })?;
    let mut commands = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let command: Command = ron::from_str(line).map_err(|why| {
            let what = format!("Could not read line {} of the commands", number + 1);
            Error::new(Kind::Input, what, why.replacen("Line 1, column", "Column", 1), "Nothing was changed").at(&file)
        })?;
        commands.push((number + 1, command));
    }
    let mut session = words.session(Mode::Write)?;
    let mut refused = false;
    for (line, command) in commands {
        let before = session.history().last_id();
        let outcome = run::run(&mut session, &command);
        let (said, ok) = match outcome {
            Ok(Outcome::Done(said)) => (said, true),
            Ok(Outcome::Nothing(why)) => (why, false),
            Ok(Outcome::Window) => ("That is for the window only".to_owned(), false),
            Err(error) => (error.to_string(), false),
        };
        refused |= !ok;
        let after = session.history().last_id();
        let transaction = (after != before).then_some(after.0);
        if transaction.is_some() {
            session.flush()?;
        }
        if transaction.is_none() && ok {
            continue;
        }
        let text = match transaction {
            Some(number) => format!("{number} saved: {said}"),
            None => format!("line {line}: {said}"),
        };
        out.tell(&Answer { line, transaction, said: &said, ok }, &[text]);
    }
    session.close()?;
    Ok(if refused { Findings::Some } else { Findings::None })
}
