//! GATE documents: annotation sets of one text, as XML of GATE itself or as the JSON and MessagePack of its users.
//!
//! Layers are annotation sets, labels are types, attributes are features. What GATE has no place for stands in features
//! whose names begin with `rubricate.`.

pub(super) mod give;
pub(super) mod take;
mod xml;

use std::io;

use serde_json::{Map, Value as Json};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::output::Output;
use crate::format::xmi::FileNames;
use crate::format::xml::unheld;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost};
use crate::model::problem::Severity;

/// What documents of GATE hold.
pub(super) const CARRIES: Carries = Carries { relations: false, unit: "UTF-16 units", ..Carries::EVERYTHING };

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "gate",
    name: "GATE XML",
    extensions: &["xml"],
    reads: Some(read),
    writes: Some(write),
    carries: CARRIES,
    looks: Some(looks),
    folder: true,
    ..Format::NONE
};

/// Ids above this are none; Java has room for less, and there has to be room for more.
pub(super) const IDS: u64 = 1 << 53;
/// Values of Java classes that have no counterpart are kept under these names.
const CLASS: &str = "%class";
const VALUE: &str = "%value";

/// A document of GATE.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Doc {
    pub(super) text: String,
    pub(super) name: String,
    pub(super) features: Map<String, Json>,
    /// Sets by name, in order; the usual one has no name.
    pub(super) sets: Vec<(String, Vec<Ann>)>,
}

/// An annotation of GATE.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ann {
    pub(super) id: u64,
    pub(super) kind: String,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) features: Map<String, Json>,
}

/// Whether the root element is that of GATE.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..4_096).unwrap_or(bytes);
    start.windows(13).any(|window| window == b"<GateDocument")
}

/// Reads one document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let mut problems = Vec::new();
    match xml::parse(input.bytes, &mut problems) {
        Ok(doc) => {
            problems.iter().for_each(|problem| drafts.problem(Severity::Error, "", problem));
            // Java counts so, and there is nothing to compare with.
            take::take(&mut drafts, doc, crate::format::offsets::Counts::Utf16);
        }
        Err(why) => {
            let what = format!("The file was left out. {why}. Save it again as GATE XML.");
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
    let (mut losses, mut names, mut bad) = (Losses::default(), FileNames::default(), 0);
    for example in examples {
        count_lost(&example, CARRIES, &mut losses);
        let doc = give::give(&example, true, &mut losses);
        let annotations = doc.sets.iter().flat_map(|(_, list)| list);
        let features = annotations.flat_map(|ann| &ann.features).chain(&doc.features);
        bad += unheld(&doc.text) + features.map(|(name, value)| unheld(name) + unheld_in(value)).sum::<usize>();
        let out = out.file(&names.name(example.article.id.as_str(), "xml"))?;
        out.write_all(xml::print(&doc).as_bytes())?;
    }
    if bad > 0 {
        losses.remarks.push(format!("{bad} characters that XML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}

/// How many characters of a feature cannot be written; lists and maps are written as JSON, which can hold all.
fn unheld_in(value: &Json) -> usize {
    value.as_str().map_or(0, unheld)
}
