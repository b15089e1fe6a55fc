//! BioC, as XML and as JSON: a collection of documents in passages, with annotations at places of the whole document.
//!
//! Infons are attributes; `type` is the label, `note` the note. The word for who annotated a document of several is an
//! infon of the document, and so are labels of the whole article.

mod give;
mod json;
mod take;
mod xml;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::json::{begins, has_name};
use crate::format::markup;
use crate::format::output::Output;
use crate::format::{Carries, Format, Input, Read, WriteOptions};
use crate::model::problem::Severity;

/// The row of the XML form.
pub const XML: Format = Format {
    id: "bioc-xml",
    name: "BioC XML",
    extensions: &["xml", "bioc"],
    reads: Some(read_xml),
    writes: Some(write_xml),
    carries: Carries::EVERYTHING,
    looks: Some(looks_xml),
    ..Format::NONE
};

/// The row of the JSON form.
pub const JSON: Format = Format {
    id: "bioc-json",
    name: "BioC JSON",
    extensions: &["json"],
    reads: Some(read_json),
    writes: Some(write_json),
    carries: Carries::EVERYTHING,
    looks: Some(looks_json),
    ..Format::NONE
};

/// Infons in the order of the file; in XML a key may stand more than once.
type Infons = Vec<(String, String)>;

/// The infon of a label.
const TYPE: &str = "type";
/// The infon of a note.
const NOTE: &str = "note";
/// The infon of a document that says who annotated it.
const BY: &str = "annotator";
/// The infon of a document for each label of the whole article.
const ARTICLE: &str = "article-label";
/// The infon of a document that says what values are that are no choices.
const KINDS: &str = "rubricate-kinds";
/// What is said where a thing has no type.
const NO_TYPE: [&str; 2] = ["annotation", "relation"];
/// What the parts of a document are kept as, for the way back.
const LAYOUT: &str = "bioc";
/// Before the names of other fields of a document in JSON.
const KEPT: &str = "bioc-json:";

/// What a file says of all its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Head {
    source: String,
    date: String,
    key: String,
    infons: Infons,
}

/// A document.
#[derive(Debug, Default)]
struct Doc {
    id: String,
    infons: Infons,
    passages: Vec<Part>,
    annotations: Vec<Ann>,
    relations: Vec<Rel>,
    /// Fields that only JSON has.
    rest: BTreeMap<String, String>,
}

/// A passage or a sentence.
#[derive(Debug, Default)]
struct Part {
    infons: Infons,
    offset: u64,
    text: Option<String>,
    sentences: Vec<Self>,
    annotations: Vec<Ann>,
    relations: Vec<Rel>,
}

/// An annotation.
#[derive(Debug, Default)]
struct Ann {
    id: Option<String>,
    infons: Infons,
    /// Offset and length.
    places: Vec<(u64, u64)>,
    text: Option<String>,
}

/// A relation.
#[derive(Debug, Default)]
struct Rel {
    id: Option<String>,
    infons: Infons,
    /// What it is about, and as what.
    nodes: Vec<(String, String)>,
}

/// How a document was laid out, in code points of the text.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Layout {
    head: Head,
    /// The offset of the first character.
    shift: u64,
    infons: Infons,
    passages: Vec<Laid>,
    /// The roles of relations by their ids.
    roles: BTreeMap<String, [String; 2]>,
}

/// Where a passage or a sentence lies.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Laid {
    at: [u32; 2],
    infons: Infons,
    sentences: Vec<Self>,
}

fn looks_xml(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(16_384)).unwrap_or_default());
    markup::is_root(bytes, "collection")
        && (head.contains("<document") || (head.contains("<key") && head.contains("<source")))
}

fn looks_json(bytes: &[u8]) -> bool {
    begins(bytes) && ["passages", "infons", "offset"].iter().all(|name| has_name(bytes, name))
}

fn read_xml(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(XML.id, input, env);
    if let Some(text) = markup::characters(&mut drafts, input.bytes)
        && let Some(tree) = markup::tree(&mut drafts, &text)
    {
        xml::read(&mut drafts, &tree);
    }
    drafts.done()
}

fn read_json(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(JSON.id, input, env);
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes);
    match crate::format::json::parse(bytes) {
        Ok(value) => json::read(&mut drafts, &value),
        Err(error) => {
            let what = format!("The file was not read. It is not JSON: {error}. Repair it.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

fn write_xml(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut unheld = 0;
    let out = out.file("")?;
    give::all(examples, &mut losses, |step| match step {
        give::Step::Head(head) => out.write_all(xml::head(head).as_bytes()),
        give::Step::Doc(doc) => {
            let texts = doc.passages.iter().flat_map(|part| part.sentences.iter().chain([part]));
            unheld += texts.filter_map(|part| part.text.as_deref()).map(crate::format::xml::unheld).sum::<usize>();
            out.write_all(xml::document(&doc).as_bytes())
        }
        give::Step::End => out.write_all(b"</collection>\n"),
    })?;
    if unheld > 0 {
        losses.remarks.push(format!("{unheld} characters that XML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}

fn write_json(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let out = out.file("")?;
    let mut before = "";
    give::all(examples, &mut losses, |step| match step {
        give::Step::Head(head) => out.write_all(json::head(head).as_bytes()),
        give::Step::Doc(doc) => {
            out.write_all(before.as_bytes())?;
            before = ",\n";
            serde_json::to_writer(&mut *out, &json::document(&doc)).map_err(Into::into)
        }
        give::Step::End => out.write_all(b"\n]}\n"),
    })?;
    Ok(losses)
}
