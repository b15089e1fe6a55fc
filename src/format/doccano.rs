//! doccano: JSON Lines with spans as lists or objects, relations, and labels of the whole text.
//!
//! The names of columns are the user's at import there: where the text has another name, the labels are looked for in
//! the column that holds them.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value as Json, json};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::draft::{Drafts, Found};
use crate::format::objects::{in_order, keep_rest, objects, rest_of, shape, words};
use crate::format::offsets::Counts;
use crate::format::output::{self, Output};
use crate::format::{Carries, Format, Input, OptionKind, Read, WriteOptions, count_lost};
use crate::model::id::{ArticleId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "doccano",
    name: "doccano JSON Lines",
    extensions: &["jsonl", "json"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { fragments: false, attributes: false, notes: false, ..Carries::EVERYTHING },
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::TextField],
    ..Format::NONE
};

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let labels = shape.any(&["label[[", "labels[[", "entities[[", "entities/start_offset"]);
    // Old labelbuddy has notes beside, and training data of spaCy no names around.
    let other = ["tokens", "unit", "annotations", "meta", "metadata", "utf8_text_md5_checksum"];
    shape.lists < 2 && shape.has("text") && (labels || empty(&shape)) && !shape.any(&other)
}

/// Lines of the form with relations that have none yet.
fn empty(shape: &crate::format::objects::Shape) -> bool {
    shape.has("entities") && shape.any(&["relations", "cats"])
}

/// Reads a file of texts.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    objects(&mut drafts, input, &mut |drafts, number, fields| text(drafts, input, number, fields));
    drafts.done()
}

fn text(drafts: &mut Drafts<'_>, input: &Input<'_>, number: u32, mut fields: Map<String, Json>) {
    let place = format!("article {number}");
    let field = input.options.text_field.as_deref().unwrap_or("text");
    let Some(Json::String(text)) = fields.get(field).cloned() else {
        let names: Vec<_> = fields.keys().take(12).map(|name| format!("‘{name}’")).collect();
        let what = format!(
            "A text was left out. It has no field ‘{field}’ with words. Choose the field of the text among {}.",
            names.join(", ")
        );
        return drafts.problem(Severity::Error, &place, &what);
    };
    fields.remove(field);
    let mut draft = drafts.draft(text, Some(number));
    // Articles of this program have an id beside, since those of doccano are numbers of its own.
    draft.id = fields.remove("article_id").as_ref().and_then(words).map(ArticleId::from);
    let mut found = Vec::new();
    let mut whole = Vec::new();
    let named = ["label", "labels", "entities", "cats"].map(str::to_owned);
    let column = fields.iter().find(|(_, value)| value.as_array().is_some_and(|list| !list.is_empty()));
    let column = column.map(|(name, _)| name.clone()).filter(|name| field != "text" && !named.contains(name));
    for name in named.into_iter().chain(column) {
        let labels = match fields.remove(&name) {
            Some(Json::Array(labels)) => labels,
            Some(Json::Null) | None => continue,
            Some(one) => vec![one],
        };
        for label in labels {
            match (span(&label), words(&label)) {
                (Some(span), _) => found.push(span),
                (None, Some(label)) if !label.is_empty() => whole.push(label),
                _ => {
                    let what = "A label was left out. It has no start, end and name. Repair the file.";
                    drafts.problem(Severity::Error, &place, what);
                }
            }
        }
    }
    drafts.spans(&mut draft, &None, found, &[Counts::CodePoints]);
    for label in whole {
        drafts.article_label(&mut draft, &None, &label, None);
    }
    let relations = fields.remove("relations").unwrap_or_default();
    if let Json::Array(relations) = relations {
        for relation in relations {
            let end = |name: &str| relation.get(name).and_then(words).map(|id| End::Span(SpanId::from(id)));
            let kind = relation.get("type").and_then(words);
            let id = relation.get("id").and_then(words);
            if let (Some(from), Some(to), Some(kind)) = (end("from_id"), end("to_id"), kind) {
                drafts.relation(&mut draft, &None, id.as_deref(), &kind, from, to);
            } else {
                let what = "A relation was left out. It needs `from_id`, `to_id` and `type`. Repair the file.";
                drafts.problem(Severity::Error, &place, what);
            }
        }
    } else if !relations.is_null() {
        fields.insert("relations".to_owned(), relations);
    }
    keep_rest(&mut draft, fields);
    drafts.finish(draft);
}

/// A span as a list of start, end and label, or as an object.
fn span(json: &Json) -> Option<Found> {
    let (id, start, end, label) = match json {
        Json::Array(list) => (None, list.first()?.as_u64()?, list.get(1)?.as_u64()?, words(list.get(2)?)?),
        Json::Object(_) => (
            json.get("id").and_then(words),
            json.get("start_offset")?.as_u64()?,
            json.get("end_offset")?.as_u64()?,
            words(json.get("label")?)?,
        ),
        _ => return None,
    };
    Some(Found { id, label, fragments: vec![(start, end)], ..Found::default() })
}

/// Writes one object a line, in the form with relations.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    losses.remarks.push("doccano keeps spans that overlap only in projects that allow it.".to_owned());
    // Numbers are unique in the file.
    let (mut next, mut next_relation) = (1_u64, 1_u64);
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        let article = &example.article;
        let mut line = rest_of(article, FORMAT.id);
        line.insert("text".to_owned(), article.text().as_str().into());
        line.insert("article_id".to_owned(), article.id.as_str().into());
        let mut numbers = BTreeMap::new();
        let mut entities = Vec::new();
        for (id, span) in in_order(&example) {
            if span.at.fragments().len() > 1 {
                losses.add(LossKind::FragmentsDropped, &article.id, Some(span.at.hull()), &span.quote);
                continue;
            }
            numbers.insert(id, next);
            entities.push(json!({
                "id": next, "start_offset": span.at.start(), "end_offset": span.at.end(), "label": span.label.as_str(),
            }));
            next += 1;
        }
        let number = |end: &End| match end {
            End::Span(id) => numbers.get(id).copied(),
            End::Relation(_) => None,
        };
        let set = example.set.as_ref().map(|(_, set)| set);
        let mut relations = Vec::new();
        for relation in set.into_iter().flat_map(|set| set.relations.values()) {
            match number(&relation.from).zip(number(&relation.to)) {
                Some((from, to)) => relations.push((from, to, relation.kind.as_str())),
                None => losses.add(LossKind::Relations, &article.id, None, relation.kind.as_str()),
            }
            for name in relation.attributes.keys() {
                losses.add(LossKind::Attributes, &article.id, None, name.as_str());
            }
        }
        relations.sort_unstable();
        let mut written = Vec::new();
        for (from, to, kind) in relations {
            written.push(json!({ "id": next_relation, "from_id": from, "to_id": to, "type": kind }));
            next_relation += 1;
        }
        let cats: Vec<&str> = set.into_iter().flat_map(|set| set.labels.keys()).map(|label| label.as_str()).collect();
        if !cats.is_empty() {
            line.insert("cats".to_owned(), json!(cats));
        }
        line.insert("entities".to_owned(), Json::Array(entities));
        line.insert("relations".to_owned(), Json::Array(written));
        output::json(out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}
