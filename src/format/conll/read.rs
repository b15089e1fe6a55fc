//! Reads lines of tokens as articles.

use crate::base::env::Env;
use crate::format::conll::bracket::{self, Bracket};
use crate::format::conll::dialect::{Dialect, Marks};
use crate::format::conll::lines::{bare, lines, name};
use crate::format::conll::place::{Told, told};
use crate::format::conll::scheme::{self, Tag, tag};
use crate::format::conll::{DIALECT, LINES};
use crate::format::draft::{Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::txt::characters;
use crate::format::{Input, Read};
use crate::model::article::Encoding;
use crate::model::id::AttributeId;
use crate::model::problem::Severity;
use crate::model::value::Value;

/// The attribute that says which thing a mention is of, and the one with its entry elsewhere.
pub(super) const THING: &str = "coref";
pub(super) const ENTRY: &str = "identity";

/// The label of mentions that have none.
pub(super) const MENTION: &str = "mention";

/// Reads every article of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut problems = Vec::new();
    let mut drafts = Drafts::new("conll", input, env);
    if let Some((text, encoding)) = characters(input, &mut problems) {
        match Dialect::of(&text) {
            Some(dialect) => articles(&mut drafts, &text, &dialect, &encoding),
            None if text.trim().is_empty() => {}
            None => drafts.problem(
                Severity::Error,
                "",
                "Nothing was read. There is no line with a token. Choose another file.",
            ),
        }
    }
    let mut read = drafts.done();
    problems.append(&mut read.problems);
    read.problems = problems;
    read
}

fn articles(drafts: &mut Drafts<'_>, text: &str, dialect: &Dialect, encoding: &Encoding) {
    if dialect.spans.is_empty() {
        let what =
            "Only the text was read. No column holds tags such as B-PER. The other columns are kept for the way back.";
        drafts.problem(Severity::Note, "", what);
    }
    let articles: Vec<&str> = dialect.articles(text).collect();
    let mut first = 1;
    for (number, article) in (1..).zip(&articles) {
        let told = told(article, dialect);
        complain(drafts, article, &told, dialect, first);
        let mut draft = drafts.draft(told.text.as_str(), (articles.len() > 1).then_some(number));
        draft.title = lines(article).find_map(name).filter(|name| !name.is_empty()).map(str::to_owned);
        draft.source.encoding = Some(encoding.clone());
        draft.keep(LINES, *article);
        draft.keep(DIALECT, dialect.line());
        draft.keep_tokens(&told.tokens.iter().map(|token| token.at).collect::<Vec<_>>());
        for column in 0..dialect.spans.len() {
            for found in found(drafts, article, &told, dialect, column, first) {
                drafts.span(&mut draft, &None, found, Counts::CodePoints);
            }
        }
        drafts.finish(draft);
        first += lines(article).count();
    }
}

/// The cells of one column of spans.
pub(super) fn column<'a>(article: &'a str, told: &Told, column: usize) -> Vec<&'a str> {
    let rows: Vec<&str> = lines(article).map(bare).collect();
    let cell = |token: &crate::format::conll::place::Token| {
        let range = token.cells.get(column)?.clone()?;
        rows.get(token.line)?.get(range)
    };
    told.tokens.iter().map(|token| cell(token).unwrap_or("O")).collect()
}

/// The spans of one column.
fn found(
    drafts: &mut Drafts<'_>,
    article: &str,
    told: &Told,
    dialect: &Dialect,
    at: usize,
    first: usize,
) -> Vec<Found> {
    let cells = column(article, told, at);
    let chunks = match dialect.spans.get(at) {
        Some((_, Marks::Tags(_))) => scheme::chunks(&cells),
        Some((_, Marks::Brackets(bracket))) => {
            let (chunks, torn) = bracket::chunks(&cells, *bracket);
            if torn > 0 {
                let what = format!("{torn} brackets were left out. Each has no other one that fits. Repair the file.");
                drafts.problem(Severity::Error, &format!("from line {first} on"), &what);
            }
            chunks
        }
        None => Vec::new(),
    };
    let named = matches!(dialect.spans.get(at), Some((_, Marks::Brackets(Bracket::Named))));
    let found = |(start, end, label): (usize, usize, String)| {
        let (from, to) = (told.tokens.get(start)?.at.start(), told.tokens.get(end.checked_sub(1)?)?.at.end());
        let mut found = Found { label, fragments: vec![(from.into(), to.into())], ..Found::default() };
        if named {
            name_of(&mut found);
        }
        Some(found)
    };
    chunks.into_iter().filter_map(found).collect()
}

/// Takes the name of a mention apart: `event-5-FIRST` is an event, the fifth thing, with an entry; `11` is a mention.
fn name_of(found: &mut Found) {
    let name = std::mem::take(&mut found.label);
    let mut parts = name.splitn(3, '-');
    let (label, thing) = match (parts.next(), parts.next()) {
        (Some(thing), None) => (MENTION, thing),
        (Some(label), Some(thing)) => (label, thing),
        (None, _) => (MENTION, ""),
    };
    label.clone_into(&mut found.label);
    found.attributes.insert(AttributeId::new(THING), Value::Text(thing.to_owned()));
    if let Some(entry) = parts.next() {
        found.attributes.insert(AttributeId::new(ENTRY), Value::Text(entry.to_owned()));
    }
}

/// Tells of lines that are not like the others.
fn complain(drafts: &mut Drafts<'_>, article: &str, told: &Told, dialect: &Dialect, first: usize) {
    for line in &told.empty {
        let what = "A line was left out of the text. Its token is empty. It is kept for the way back.";
        drafts.problem(Severity::Warning, &format!("line {}", first + line), what);
    }
    for (at, (_, marks)) in dialect.spans.iter().enumerate() {
        let Marks::Tags(_) = marks else { continue };
        let cells = column(article, told, at);
        for (token, cell) in told.tokens.iter().zip(cells) {
            let place = format!("line {}", first + token.line);
            let none = tag(cell).is_none() && !matches!(cell, "_" | "-" | "");
            if none && token.cells.get(at).is_some_and(Option::is_some) {
                let what = format!(
                    "The tag ‘{cell}’ was read as O. It is not like B-PER. Repair the file, or mark the words."
                );
                drafts.problem(Severity::Warning, &place, &what);
            }
            let doubted = matches!(tag(cell), Some(Tag::In(_, label)) if label.contains(char::is_whitespace));
            if doubted {
                let what = format!("The label of ‘{cell}’ has a blank. It was read as it stands. Look at it.");
                drafts.problem(Severity::Note, &place, &what);
            }
        }
    }
    let Some(width) = dialect.width else { return };
    for token in told.tokens.iter().filter(|token| token.width != width) {
        let (more, read) = if token.width > width {
            ("more", "The token was read with a blank in it")
        } else {
            ("fewer", "What is absent was read as O")
        };
        let what = format!(
            "The line has {} columns, {more} than the {width} of others. {read}. Look at the line.",
            token.width
        );
        drafts.problem(Severity::Warning, &format!("line {}", first + token.line), &what);
    }
}
