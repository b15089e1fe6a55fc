//! W3C Web Annotation: a page of annotations for each article, with its text in a file beside it.

mod parts;
mod read;

use std::io;

use serde_json::{Map, Value as Json, json};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::output::Output;
use crate::format::xmi::FileNames;
use crate::format::{Carries, Format, WriteOptions, count_lost};
use crate::model::annotation_set::ReviewState;
use crate::model::article::Article;
use crate::model::id::AttributeId;
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::range::TextRange;

pub use read::read;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "web-annotation",
    name: "W3C Web Annotation",
    extensions: &["jsonld", "json"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    looks: Some(looks),
    folder: true,
    along: &["txt"],
    ..Format::NONE
};

/// The context that every annotation names.
const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// Under which name annotations are kept that are not understood.
const KEPT: &str = "web-annotation";
/// Characters around a quotation.
const AROUND: usize = 32;

/// Whether the context of annotations stands in the beginning.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..4_096).unwrap_or(bytes);
    start.windows(CONTEXT.len()).any(|window| window == CONTEXT.as_bytes())
}

/// Writes a page for each article, with the annotations of everybody.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let (mut losses, mut names) = (Losses::default(), FileNames::default());
    let mut examples = examples.peekable();
    while let Some(example) = examples.next() {
        let article = std::sync::Arc::clone(&example.article);
        let name = names.name(article.id.as_str(), "jsonld");
        let source = format!("{}.txt", name.strip_suffix(".jsonld").unwrap_or(&name));
        let mut items = Vec::new();
        if let Some(Json::Array(kept)) = article.source.extra.get(KEPT).and_then(|kept| serde_json::from_str(kept).ok())
        {
            items.extend(kept);
        }
        annotations(&example, &source, &mut items, &mut losses);
        while let Some(more) = examples.next_if(|more| more.article.id == article.id) {
            annotations(&more, &source, &mut items, &mut losses);
        }
        out.file(&source)?.write_all(article.text().as_str().as_bytes())?;
        let page = json!({
            "@context": [CONTEXT, { "rubricate": "urn:rubricate:" }],
            "type": "AnnotationPage",
            "rubricate:source": source,
            "rubricate:article": { "id": article.id, "title": article.title, "language": article.language },
            "items": items,
        });
        let out = out.file(&name)?;
        serde_json::to_writer_pretty(&mut *out, &page).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}

fn annotations(example: &Example, source: &str, items: &mut Vec<Json>, losses: &mut Losses) {
    count_lost(example, FORMAT.carries, losses);
    let Some((by, set)) = &example.set else { return };
    let article = &*example.article;
    for question in set.questions.values() {
        losses.add(LossKind::Questions, &article.id, None, &question.text);
    }
    if set.review.state != ReviewState::New {
        losses.add(LossKind::States, &article.id, None, set.review.state.word());
    }
    if !set.review.note.is_empty() {
        losses.add(LossKind::Notes, &article.id, None, &set.review.note);
    }
    let iri = |kind: &str, id: &str| parts::iri(kind, by.as_str(), id);
    let layer = |label: &_| example.schema.labels.get(label).map(|label| label.layer.as_str());
    let annotation = |id: String, motivation: &str, body: Vec<Json>, target: Json| {
        json!({
            "id": id, "type": "Annotation", "motivation": motivation, "body": body, "target": target,
            "creator": { "id": parts::iri("annotator", "", by.as_str()), "type": "Person" },
        })
    };
    for (id, span) in example.spans() {
        let mut body = vec![tag(span.label.as_str(), layer(&span.label))];
        said(&mut body, &span.attributes, &span.note, span.certainty);
        let mut targets: Vec<Json> = span
            .at
            .fragments()
            .iter()
            .map(|part| json!({ "source": source, "selector": selector(article, *part) }))
            .collect();
        let target = if targets.len() == 1 { targets.remove(0) } else { Json::Array(targets) };
        items.push(annotation(iri("span", id.as_str()), "tagging", body, target));
    }
    for (id, relation) in &set.relations {
        let end = |end: &End| match end {
            End::Span(id) => iri("span", id.as_str()),
            End::Relation(id) => iri("relation", id.as_str()),
        };
        let mut body = vec![json!(end(&relation.from)), tag(relation.kind.as_str(), None)];
        said(&mut body, &relation.attributes, &relation.note, None);
        items.push(annotation(iri("relation", id.as_str()), "linking", body, json!(end(&relation.to))));
    }
    for (id, label) in &set.labels {
        let mut body = vec![tag(id.as_str(), layer(id))];
        said(&mut body, &label.attributes, &label.note, label.certainty);
        items.push(annotation(iri("label", id.as_str()), "tagging", body, json!(source)));
    }
}

fn tag(label: &str, layer: Option<&str>) -> Json {
    let mut body = json!({ "type": "TextualBody", "purpose": "tagging", "value": label });
    if let (Some(layer), Some(body)) = (layer, body.as_object_mut()) {
        body.insert("rubricate:layer".to_owned(), json!(layer));
    }
    body
}

fn said(
    body: &mut Vec<Json>,
    attributes: &std::collections::BTreeMap<AttributeId, Value>,
    note: &str,
    certainty: Option<u8>,
) {
    for (id, value) in attributes {
        let (kind, json) = parts::value(value);
        let mut one = Map::new();
        one.insert("type".to_owned(), json!("TextualBody"));
        one.insert("purpose".to_owned(), json!("classifying"));
        one.insert("value".to_owned(), json!(value.to_string()));
        one.insert("rubricate:attribute".to_owned(), json!(id));
        one.insert(format!("rubricate:{kind}"), json);
        body.push(Json::Object(one));
    }
    if !note.is_empty() {
        body.push(json!({ "type": "TextualBody", "purpose": "commenting", "value": note }));
    }
    if let Some(percent) = certainty {
        body.push(json!({
            "type": "TextualBody", "purpose": "assessing", "value": percent.to_string(), "rubricate:certainty": percent,
        }));
    }
}

/// Where a range is: by its place, and by its words with some around them.
fn selector(article: &Article, range: TextRange) -> Json {
    let text = article.text();
    let (start, end) = (text.byte(range.start()), text.byte(range.end()));
    let before = text.as_str().get(..start).unwrap_or_default();
    let after = text.as_str().get(end..).unwrap_or_default();
    let first = before.char_indices().rev().take(AROUND).last().map_or(start, |(at, _)| at);
    let prefix = before.get(first..).unwrap_or_default();
    let suffix: String = after.chars().take(AROUND).collect();
    json!([
        { "type": "TextPositionSelector", "start": range.start(), "end": range.end() },
        { "type": "TextQuoteSelector", "exact": text.slice(range), "prefix": prefix, "suffix": suffix },
    ])
}
