//! CleanEval: a text for each page with the blocks of the article, each behind the tag of its kind.

use std::fmt::Write as _;
use std::io;

use super::{WRITTEN, labelled, lost, put};
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::output::{Names, Output, Several};
use crate::format::{Format, WriteOptions};
use crate::model::article::BlockKind;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "cleaneval",
    name: "CleanEval text",
    extensions: &["txt"],
    writes: Some(write),
    folder: true,
    ..WRITTEN
};

fn write(examples: &mut dyn Iterator<Item = Example>, _: &WriteOptions, out: &mut dyn Output) -> io::Result<Losses> {
    let (mut losses, mut names) = (Losses::default(), Names::default());
    for (example, several) in Several::new(examples) {
        lost(&example, &mut losses);
        let mut text = format!("URL: {}\n\n", example.article.source.url.as_deref().unwrap_or_default());
        for block in labelled(&example).iter().filter(|block| !block.furniture) {
            let tag = match block.kind {
                BlockKind::Heading => 'h',
                BlockKind::Item => 'l',
                _ => 'p',
            };
            _ = writeln!(text, "<{tag}>{}", block.text.trim());
        }
        put(out, &(names.of(&example, several, FORMAT.id, &[".txt"]) + ".txt"), &text)?;
    }
    Ok(losses)
}
