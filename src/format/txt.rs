//! Plain text: a file is an article, or each line is one. Nothing but the text is written.

use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::extract::encoding::{decode, is_known};
use crate::extract::plain;
use crate::format::output::Output;
use crate::format::{Carries, Format, Input, OptionKind, Read, ReadArticle, WriteOptions, count_lost};
use crate::model::article::{Encoding, Source, Verdict};
use crate::model::problem::{Problem, Severity};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "txt",
    name: "Plain text",
    extensions: &["txt", "text"],
    reads: Some(read),
    writes: Some(write),
    choices: &[OptionKind::Encoding, OptionKind::PerLine],
    ..Format::NONE
};

/// The mark of the order of bytes, which some texts begin with, too.
const MARK: char = '\u{FEFF}';

/// Reads a file as one article, or its lines as one each.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut read = Read::default();
    let Some((text, encoding)) = characters(input, &mut read.problems) else { return read };
    let imported = env.now();
    let mut add = |text: &str, record: Option<u32>| {
        let source = Source {
            file: Some(input.name.to_owned()),
            record,
            format: Some("txt".to_owned()),
            imported: Some(imported.clone()),
            encoding: Some(encoding.clone()),
            ..Source::default()
        };
        read.articles.push(ReadArticle {
            id: None,
            title: plain::title(text).unwrap_or_else(|| input.name.to_owned()),
            body: plain::blocks(text),
            markup: None,
            source,
            language: None,
            sets: Vec::new(),
        });
    };
    if input.options.per_line {
        for (number, line) in (1..).zip(text.split('\n')) {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.trim().is_empty() {
                add(line, Some(number));
            }
        }
    } else {
        add(&text, None);
    }
    read
}

/// The characters of a file, with a problem for whatever a person should know of how they came to be.
pub(super) fn characters(input: &Input<'_>, problems: &mut Vec<Problem>) -> Option<(String, Encoding)> {
    let declared = input.options.encoding.as_deref();
    if let Some(label) = declared.filter(|label| !is_known(label)) {
        let what = format!("The encoding ‘{label}’ is not known. It was guessed instead. Check its name.");
        problems.push(Problem::new(Severity::Warning, format!("{what} (‘{}’)", input.name)));
    }
    match decode(input.bytes, declared) {
        Ok(decoded) => {
            let Encoding { name, how, replaced, .. } = &decoded.encoding;
            let file = input.name;
            let what = if *replaced > 0 {
                let places = if *replaced == 1 { "1 place".to_owned() } else { format!("{replaced} places") };
                format!(
                    "{places} of ‘{file}’ could not be read as {name}. U+FFFD stands there. Import it again with another \
                     encoding if that is wrong."
                )
            } else {
                format!(
                    "The encoding of ‘{file}’ was guessed as {name}, with doubt. Look at its accented letters and \
                     quotation marks. Import it again with another encoding if they are wrong."
                )
            };
            if *replaced > 0 || *how == Verdict::Unsure {
                problems.push(Problem::new(Severity::Warning, what));
            }
            Some((decoded.text, decoded.encoding))
        }
        Err(reason) => {
            let what = format!("‘{}’ was not read. {reason}. Choose another file.", input.name);
            problems.push(Problem::new(Severity::Error, what));
            None
        }
    }
}

/// Writes the text of each article once; several are set apart by a blank line.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    let (mut last, mut articles) = (None, 0);
    for example in examples {
        if last.as_ref() != Some(&example.article.id) {
            let text = example.article.text().as_str();
            if articles > 0 {
                out.write_all(b"\n\n")?;
            } else if text.starts_with(MARK) {
                // Readers take the first one off.
                write!(out, "{MARK}")?;
            }
            out.write_all(text.as_bytes())?;
            articles += 1;
        }
        last = Some(example.article.id.clone());
        for (_, span) in example.spans() {
            losses.add(LossKind::Spans, &example.article.id, Some(span.at.hull()), &span.quote);
        }
        count_lost(&example, Carries::NOTHING, &mut losses);
    }
    if articles > 1 {
        losses
            .remarks
            .push(format!("{articles} articles are set apart by blank lines only; read again, they are one."));
    }
    Ok(losses)
}
