//! JSON CAS 0.4: a UIMA CAS as JSON, with its type system in it. A folder with a file for each article.

use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::cas::give::Giver;
use crate::format::cas::{json as cas, take};
use crate::format::draft::Drafts;
use crate::format::output::Output;
use crate::format::xmi::FileNames;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost, json};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "cas-json",
    name: "UIMA JSON CAS",
    extensions: &["json"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { unit: "UTF-16 units", ..Carries::EVERYTHING },
    looks: Some(looks),
    folder: true,
    ..Format::NONE
};

/// Whether the first name of the first object is one of this format's own.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let Some(inside) = start.strip_prefix(b"{").map(<[u8]>::trim_ascii_start) else { return false };
    let names: [&[u8]; 4] = [b"\"%HEADER\"", b"\"%TYPES\"", b"\"%FEATURE_STRUCTURES\"", b"\"%VIEWS\""];
    names.iter().any(|name| inside.starts_with(name))
}

/// Reads every view with a text as an article.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let mut problems = Vec::new();
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes);
    match json::parse(bytes) {
        Ok(json) => {
            let cas = cas::parse(json, &mut problems);
            problems.iter().for_each(|problem| drafts.problem(Severity::Error, "", problem));
            take::take(&mut drafts, cas);
        }
        Err(error) => {
            let what = format!("The file was left out. It is not valid JSON: {error}. Export it again.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

/// Writes a file for each example.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut names = FileNames::default();
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        // Each file brings its own types, so nothing is carried over.
        let cas = Giver::alone().give(&example, &mut losses);
        let out = out.file(&names.name(example.article.id.as_str(), "json"))?;
        serde_json::to_writer_pretty(&mut *out, &cas::print(&cas)).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}
