//! W3C Web Annotation: a page of annotations for each article, with its text in a file beside it.

mod kept;
mod parts;
mod read;
mod understand;

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value as Json, json};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::output::Output;
use crate::format::web_annotation::kept::{Kept, Kind};
use crate::format::xmi::FileNames;
use crate::format::{Carries, Format, WriteOptions, count_lost};
use crate::model::annotation_set::ReviewState;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, AttributeId};
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
        let mut made = Page { kept: Kept::of(&article), source: &source, items: Vec::new(), ids: BTreeMap::new() };
        made.put(&example, &mut losses);
        while let Some(more) = examples.next_if(|more| more.article.id == article.id) {
            made.put(&more, &mut losses);
        }
        // Last, so that those that are shown are met first again.
        made.items.append(&mut made.kept.unread);
        out.file(&source)?.write_all(article.text().as_str().as_bytes())?;
        let mut page = json!({
            "@context": [CONTEXT, { "rubricate": "urn:rubricate:" }],
            "type": "AnnotationPage",
            "rubricate:source": source,
            "rubricate:article": { "id": article.id, "title": article.title, "language": article.language },
            "items": made.items,
        });
        if let (Some(page), false) = (page.as_object_mut(), made.kept.sources.is_empty()) {
            page.insert("rubricate:also".to_owned(), json!(made.kept.sources));
        }
        let out = out.file(&name)?;
        serde_json::to_writer_pretty(&mut *out, &page).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}

/// The annotations of an article in the making.
struct Page<'a> {
    kept: Kept,
    /// The name of the text.
    source: &'a str,
    items: Vec<Json>,
    /// Whose each address is that this program did not make.
    ids: BTreeMap<String, AnnotatorId>,
}

impl Page<'_> {
    fn put(&mut self, example: &Example, losses: &mut Losses) {
        count_lost(example, FORMAT.carries, losses);
        let Some((by, set)) = &example.set else { return };
        let article = &*example.article;
        set.spans.keys().for_each(|id| self.kept.claim(Kind::Span, id.as_str(), by));
        set.relations.keys().for_each(|id| self.kept.claim(Kind::Relation, id.as_str(), by));
        set.labels.keys().for_each(|id| self.kept.claim(Kind::Label, id.as_str(), by));
        for question in set.questions.values() {
            losses.add(LossKind::Questions, &article.id, None, &question.text);
        }
        if set.review.state != ReviewState::New {
            losses.add(LossKind::States, &article.id, None, set.review.state.word());
        }
        if !set.review.note.is_empty() {
            losses.add(LossKind::Notes, &article.id, None, &set.review.note);
        }
        let layer = |label: &_| example.schema.labels.get(label).map(|label| label.layer.as_str());
        for (id, span) in example.spans() {
            let mut body = vec![tag(span.label.as_str(), layer(&span.label))];
            said(&mut body, &span.attributes, &span.note, span.certainty);
            let parts = span.at.fragments();
            let mut targets: Vec<Json> = parts
                .iter()
                .map(|part| json!({ "source": self.source, "selector": selector(article, *part) }))
                .collect();
            let target = if targets.len() == 1 { targets.remove(0) } else { Json::Array(targets) };
            let same = |was: &Json| {
                let Some(mut place) = understand::place(was, article.text()) else { return false };
                place.fragments.sort_unstable();
                let here = parts.iter().map(|part| (u64::from(part.start()), u64::from(part.end())));
                let one = understand::said(was);
                let more = (one.attributes == span.attributes, one.note == span.note, one.certainty == span.certainty);
                one.label == span.label.as_str() && more == (true, true, true) && here.eq(place.fragments)
            };
            self.add(Kind::Span, id.as_str(), by, "tagging", (body, target), same);
        }
        for (id, relation) in &set.relations {
            let mut end = |end: &End| match end {
                End::Span(id) => self.iri(Kind::Span, id.as_str(), by),
                End::Relation(id) => self.iri(Kind::Relation, id.as_str(), by),
            };
            let (from, to) = (end(&relation.from), end(&relation.to));
            let mut body = vec![json!(from), tag(relation.kind.as_str(), None)];
            said(&mut body, &relation.attributes, &relation.note, None);
            let same = |was: &Json| {
                let one = understand::said(was);
                let there = parts::list(was.get("target")).first().and_then(|target| target.as_str()) == Some(&to);
                let kind = one.label == relation.kind.as_str() && one.note == relation.note;
                there && kind && one.from == Some(&from) && one.attributes == relation.attributes
            };
            self.add(Kind::Relation, id.as_str(), by, "linking", (body, json!(to)), same);
        }
        for (id, label) in &set.labels {
            let mut body = vec![tag(id.as_str(), layer(id))];
            said(&mut body, &label.attributes, &label.note, label.certainty);
            let same = |was: &Json| {
                let one = understand::said(was);
                one.attributes == label.attributes && one.note == label.note && one.certainty == label.certainty
            };
            self.add(Kind::Label, id.as_str(), by, "tagging", (body, json!(self.source)), same);
        }
    }

    /// Adds an annotation: as it was, if it says the same; else with what it had beside.
    fn add(
        &mut self,
        kind: Kind,
        id: &str,
        by: &AnnotatorId,
        motivation: &str,
        (mut body, target): (Vec<Json>, Json),
        same: impl Fn(&Json) -> bool,
    ) {
        let iri = self.iri(kind, id, by);
        let creator = json!({ "id": parts::iri("annotator", "", by.as_str()), "type": "Person" });
        let was = self.kept.get(kind, id, by);
        let mut made = match was.filter(|was| same(was)).and_then(Json::as_object) {
            Some(was) => was.clone(),
            None => {
                body.extend(was.into_iter().flat_map(|was| understand::said(was).others).cloned());
                let mut made = Map::new();
                for (name, value) in was.and_then(Json::as_object).into_iter().flatten() {
                    if !matches!(name.as_str(), "bodyValue" | "creator") {
                        made.insert(name.clone(), value.clone());
                    }
                }
                made.insert("type".to_owned(), json!("Annotation"));
                made.insert("motivation".to_owned(), json!(motivation));
                made.insert("body".to_owned(), Json::Array(body));
                made.insert("target".to_owned(), target);
                made
            }
        };
        made.insert("id".to_owned(), json!(iri));
        made.entry("creator").or_insert(creator);
        self.items.push(Json::Object(made));
    }

    /// The address of a thing: its own if it has one that nobody else here has.
    fn iri(&mut self, kind: Kind, id: &str, by: &AnnotatorId) -> String {
        let foreign = parts::foreign(id).filter(|_| !matches!(kind, Kind::Label));
        if let Some(iri) = foreign
            && self.ids.entry(iri.to_owned()).or_insert_with(|| by.clone()) == by
        {
            return iri.to_owned();
        }
        let kept = if self.kept.get(kind, id, by).is_some() { parts::KEPT } else { "" };
        parts::iri(&format!("{kept}{}", kind.name()), by.as_str(), id)
    }
}

fn tag(label: &str, layer: Option<&str>) -> Json {
    let mut body = json!({ "type": "TextualBody", "purpose": "tagging", "value": label });
    if let (Some(layer), Some(body)) = (layer, body.as_object_mut()) {
        body.insert("rubricate:layer".to_owned(), json!(layer));
    }
    body
}

fn said(body: &mut Vec<Json>, attributes: &BTreeMap<AttributeId, Value>, note: &str, certainty: Option<u8>) {
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
