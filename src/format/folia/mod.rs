//! FoLiA: a file of XML for each article, in paragraphs and words; spans point at words.
//!
//! What FoLiA itself cannot say exactly stands in its free places: fragments in a feature, who annotated and what kind
//! values are in the metadata. Words are cut where spans begin and end, so that nothing moves; only a span that begins or
//! ends amid a character has its exact place in a feature.

mod give;
mod take;
mod words;

use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::output::{Names, Output, Several};
use crate::format::xml::unheld;
use crate::format::{Carries, Format, Input, OptionKind, Read, WriteOptions, count_lost, count_ours, markup};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "folia",
    name: "FoLiA XML",
    extensions: &["xml", "folia"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { article_labels: false, unit: "tokens", ..Carries::EVERYTHING },
    looks: Some(looks),
    folder: true,
    choices: &[OptionKind::Tokenizer],
    ..Format::NONE
};

/// Before the names of metadata of our own: that the file is ours, who annotated it, and kinds of values.
const OWN: &str = "rubricate";
const BY: &str = "rubricate-annotator";
const KINDS: &str = "rubricate-kinds";
/// The feature with the places of a span, where its words do not tell them.
const EXTENT: &str = "rubricate-extent";
/// Before the names of other metadata, for the way back.
const KEPT: &str = "folia:";

fn looks(bytes: &[u8]) -> bool {
    markup::is_root(bytes, "FoLiA")
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

fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let (mut names, mut beyond) = (Names::default(), 0);
    losses
        .remarks
        .push(format!("Text is cut into words by ‘{}’, and where spans begin and end.", options.tokenizer.name()));
    for (example, several) in Several::new(examples) {
        count_lost(&example, FORMAT.carries, &mut losses);
        count_ours(&example, &mut losses);
        beyond += unheld(example.article.text().as_str());
        let name = names.of(&example, several, FORMAT.id, &[".folia.xml", ".xml", ".folia"]);
        let xml = give::document(&example, several, options.tokenizer, &mut losses);
        out.file(&format!("{name}.folia.xml"))?.write_all(xml.as_bytes())?;
    }
    if beyond > 0 {
        losses.remarks.push(format!("{beyond} characters that XML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}
