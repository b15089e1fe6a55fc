//! CoNLL: one token a line with a tag, for training tools that want nothing else. Written, not read.
//!
//! One layer, one level: of spans that share a token the longest stays, then the first.

use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::sentences;
use crate::format::output::Output;
use crate::format::{Carries, Format, OptionKind, WriteOptions, count_lost};
use crate::model::id::LayerId;
use crate::model::schema::{Look, Schema};
use crate::model::span::Span;
use crate::text::range::TextRange;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "conll",
    name: "CoNLL, one token a line (BIO)",
    extensions: &["conll", "bio", "iob"],
    writes: Some(write),
    carries: Carries { unit: "tokens", ..Carries::NOTHING },
    choices: &[OptionKind::Layer, OptionKind::Tokenizer],
    ..Format::NONE
};

/// Writes token, tab, tag; a blank line after each sentence; a `-DOCSTART-` line before each article.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut examples = examples.peekable();
    let mut losses = Losses::default();
    losses.remarks.push(format!("Text is cut into tokens by ‘{}’; blanks are not kept.", options.tokenizer.name()));
    let layer = options.layer.clone().or_else(|| default_layer(&examples.peek()?.schema));
    match &layer {
        Some(layer) => losses.remarks.push(format!("Only the layer ‘{layer}’ is written.")),
        None => losses.remarks.push("There is no layer to write; every tag is O.".to_owned()),
    }
    for example in examples {
        let tokens = options.tokenizer.tokens(&example.article);
        let tags = tags(&example, layer.as_ref(), &tokens, &mut losses);
        count_lost(&example, Carries::NOTHING, &mut losses);
        out.write_all(b"-DOCSTART-\tO\n\n")?;
        let text = example.article.text();
        let mut sentences = sentences(&example.article).into_iter().map(TextRange::end).peekable();
        for (token, tag) in tokens.iter().zip(&tags) {
            let mut ended = false;
            while sentences.next_if(|end| *end <= token.start()).is_some() {
                ended = true;
            }
            if ended {
                out.write_all(b"\n")?;
            }
            writeln!(out, "{}\t{tag}", text.slice(*token))?;
        }
        if !tokens.is_empty() {
            out.write_all(b"\n")?;
        }
    }
    Ok(losses)
}

/// The first tinted layer that is not for whole articles, or else the first of any look.
fn default_layer(schema: &Schema) -> Option<LayerId> {
    let mut layers = schema.layers_in_order();
    layers.retain(|(_, layer)| !layer.whole_article);
    let tinted = layers.iter().find(|(_, layer)| layer.look == Look::Tint);
    tinted.or_else(|| layers.first()).map(|(id, _)| (*id).clone())
}

/// One tag for each token.
fn tags(example: &Example, layer: Option<&LayerId>, tokens: &[TextRange], losses: &mut Losses) -> Vec<String> {
    let mut tags = vec!["O".to_owned(); tokens.len()];
    // By token, which span stands there.
    let mut taken: Vec<Option<TextRange>> = vec![None; tokens.len()];
    let article = &example.article.id;
    let layer_of = |span: &Span| example.schema.labels.get(&span.label).map(|label| &label.layer);
    let mut spans = Vec::new();
    for (_, span) in example.spans() {
        if layer.is_some() && layer_of(span) == layer {
            spans.push(span);
        } else {
            losses.add(LossKind::OtherLayers, article, Some(span.at.hull()), &span.quote);
        }
    }
    // The sort keeps reading order among equals: by start, then by id.
    spans.sort_by_key(|span| std::cmp::Reverse(span.at.hull().len()));
    for span in spans {
        let hull = span.at.hull();
        let mut lose = |kind| losses.add(kind, article, Some(hull), &span.quote);
        if span.at.fragments().len() > 1 {
            lose(LossKind::FragmentsDropped);
            continue;
        }
        let first = tokens.partition_point(|token| token.end() <= hull.start());
        let last = tokens.partition_point(|token| token.start() < hull.end());
        let inside = tokens.get(first..last).unwrap_or_default();
        let (Some(start), Some(end)) = (inside.first(), inside.last()) else {
            lose(LossKind::Tokenless);
            continue;
        };
        let winner = taken.get(first..last).unwrap_or_default().iter().flatten().next();
        if let Some(winner) = winner {
            lose(if winner.covers(hull) { LossKind::Nested } else { LossKind::Overlap });
            continue;
        }
        if start.start() != hull.start() || end.end() != hull.end() {
            lose(LossKind::EdgesMoved);
        }
        // A tag is one word; ids made by the program have no blanks, imported ones may.
        let label = span.label.as_str().replace(char::is_whitespace, "-");
        for (at, (tag, place)) in tags.iter_mut().zip(&mut taken).enumerate().take(last).skip(first) {
            *tag = format!("{}-{label}", if at == first { 'B' } else { 'I' });
            *place = Some(hull);
        }
    }
    tags
}
