//! TEI: a file of XML for each article; what is said of it stands beside the text, in `standOff`, by places in the body.
//!
//! Names that other people's files have in the text itself are read, too. Labels are categories of a taxonomy, values
//! of attributes are feature structures.

mod give;
mod take;
mod text;

use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::output::{Names, Output, Several};
use crate::format::xml::unheld;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_label_parts, count_lost, count_ours, markup};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "tei",
    name: "TEI standOff",
    extensions: &["xml", "tei"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    looks: Some(looks),
    folder: true,
    ..Format::NONE
};

/// The type of the number by which an article is known, and what else is ours.
const OWN: &str = "rubricate";
/// What a person who annotated is responsible for.
const BY: &str = "annotator";

fn looks(bytes: &[u8]) -> bool {
    markup::is_root(bytes, "TEI") || markup::is_root(bytes, "teiCorpus")
}

fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Some(text) = markup::characters(&mut drafts, input.bytes)
        && let Some(tree) = markup::tree(&mut drafts, &text)
    {
        take::take(&mut drafts, &tree);
    }
    drafts.done()
}

fn write(examples: &mut dyn Iterator<Item = Example>, _: &WriteOptions, out: &mut dyn Output) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let (mut names, mut beyond) = (Names::default(), 0);
    for (example, several) in Several::new(examples) {
        count_lost(&example, FORMAT.carries, &mut losses);
        count_ours(&example, &mut losses);
        count_label_parts(&example, &mut losses);
        beyond += unheld(example.article.text().as_str());
        let name = names.of(&example, several, FORMAT.id, &[".tei.xml", ".xml", ".tei"]);
        let xml = give::document(&example, several, &mut losses);
        out.file(&format!("{name}.tei.xml"))?.write_all(xml.as_bytes())?;
    }
    if beyond > 0 {
        losses.remarks.push(format!("{beyond} characters that XML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}
