//! JSON Lines of blocks: one article a line, each block with its label and what is known of it.

use std::io;

use serde::Serialize;

use super::{Labelled, WRITTEN, labelled, lost};
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::output::{self, Output};
use crate::format::{Format, WriteOptions};
use crate::model::article::BlockKind;

/// The row in the table.
pub const FORMAT: Format =
    Format { id: "blocks", name: "JSON Lines of blocks", extensions: &["jsonl"], writes: Some(write), ..WRITTEN };

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotator: Option<&'a str>,
    blocks: Vec<Block<'a>>,
}

#[derive(Serialize)]
struct Block<'a> {
    text: &'a str,
    kind: BlockKind,
    boilerplate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    /// Tags with their first classes, from the outermost.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The share of its characters in links, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_density: Option<f64>,
    /// Its place among the blocks, from 0 to 1.
    position: f64,
}

fn write(examples: &mut dyn Iterator<Item = Example>, _: &WriteOptions, out: &mut dyn Output) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    for example in examples {
        lost(&example, &mut losses);
        let (source, blocks) = (&example.article.source, labelled(&example));
        let last = number(blocks.len().saturating_sub(1).max(1));
        let blocks = blocks.iter().enumerate().map(|(at, block)| one(block, number(at) / last)).collect();
        let line = Line {
            id: example.article.id.as_str(),
            title: &example.article.title,
            url: source.url.as_deref(),
            site: source.site.as_deref(),
            annotator: example.set.as_ref().map(|(by, _)| by.as_str()),
            blocks,
        };
        output::json(out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}

fn one<'a>(block: &Labelled<'a>, position: f64) -> Block<'a> {
    let chars = number(block.text.chars().filter(|c| !c.is_whitespace()).count());
    let density = |links: u32| short(f64::from(links) / chars.max(1.0));
    Block {
        text: block.text.trim_end(),
        kind: block.kind,
        boilerplate: block.furniture,
        class: block.class,
        path: block.markup.map(|(markup, facts)| markup.path(facts)),
        link_density: block.markup.map(|(_, facts)| density(facts.link_chars)),
        position: short(position),
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Three places are enough for shares.
fn short(share: f64) -> f64 {
    (share * 1_000.0).round() / 1_000.0
}
