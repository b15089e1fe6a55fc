//! What is the article and what is furniture, block by block, as those who train and score extractors have it.

mod benchmark;
mod cleaneval;
mod features;
mod krdwrd;

use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::output::Output;
use crate::format::{Carries, Format, count_lost};
use crate::model::article::BlockKind;
use crate::model::markup::{Facts, Markup};
use crate::model::span::Span;
use crate::model::value::Value;

pub use benchmark::FORMAT as BENCHMARK;
pub use cleaneval::FORMAT as CLEANEVAL;
pub use features::FORMAT as FEATURES;
pub use krdwrd::FORMAT as KRDWRD;

/// What such formats have in common: they are written and never read, and hold nothing else.
const WRITTEN: Format = Format { looks: Some(never), ..Format::NONE };

fn never(_: &[u8]) -> bool {
    false
}

/// A block with what was decided of it.
struct Labelled<'a> {
    kind: BlockKind,
    /// With its line ends.
    text: &'a str,
    furniture: bool,
    /// Which kind of furniture, if that was said: the first choice among the attributes.
    class: Option<&'a str>,
    markup: Option<(&'a Markup, &'a Facts)>,
}

/// The blocks of an example in order. One of which a part is marked is furniture if that is more than half of it.
fn labelled(example: &Example) -> Vec<Labelled<'_>> {
    let article = &*example.article;
    let spans: Vec<_> = example.set.iter().flat_map(|(_, set)| set.spans.values()).collect();
    let marks: Vec<_> = spans.into_iter().filter(|span| example.schema.marks_boilerplate(&span.label)).collect();
    let labelled = article.blocks().iter().enumerate().map(|(at, block)| {
        let text = article.text().slice(block.range);
        let words = u32::try_from(text.trim_end().chars().count()).unwrap_or(u32::MAX);
        let on = |mark: &&&Span| {
            let parts = mark.at.fragments().iter().filter_map(|part| part.intersect(block.range));
            parts.map(|part| part.len()).sum::<u32>() * 2 > words
        };
        let mark = marks.iter().find(on);
        Labelled {
            kind: block.kind,
            text,
            furniture: mark.is_some_and(|mark| example.schema.cuts(mark)),
            class: mark.and_then(|mark| mark.attributes.values().find_map(choice)),
            markup: article.markup().and_then(|markup| Some((&**markup, markup.facts.get(at)?))),
        }
    });
    labelled.collect()
}

fn choice(value: &Value) -> Option<&str> {
    if let Value::Choice(choice) = value { Some(choice) } else { None }
}

/// Counts what is said of an example and is not about blocks.
fn lost(example: &Example, losses: &mut Losses) {
    count_lost(example, Carries { attributes: true, ..Carries::NOTHING }, losses);
    for (_, span) in example.spans().into_iter().filter(|(_, span)| !example.schema.marks_boilerplate(&span.label)) {
        losses.add(LossKind::Spans, &example.article.id, Some(span.at.hull()), &span.quote);
    }
}

/// The text of the article alone, its blocks set apart as they are in it.
fn body(blocks: &[Labelled<'_>]) -> String {
    let text: String = blocks.iter().filter(|block| !block.furniture).map(|block| block.text).collect();
    text.trim_end().to_owned()
}

/// Writes text to a file of a folder.
fn put(out: &mut dyn Output, name: &str, text: &str) -> io::Result<()> {
    out.file(name)?.write_all(text.as_bytes())
}
