//! labelbuddy: documents with their annotations, one object a line or a list of them. Offsets are code points.
//!
//! Its newer versions write objects, its older ones lists; extra data is one free string for each annotation.

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
use crate::model::annotation_set::ReviewState;
use crate::model::id::ArticleId;
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "labelbuddy",
    name: "labelbuddy JSON Lines",
    extensions: &["jsonl", "json"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { nesting: true, overlap: true, notes: true, unit: "code points", ..Carries::NOTHING },
    looks: Some(looks),
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// Fields that hold the annotations, the newer first.
const LISTS: [&str; 2] = ["annotations", "labels"];

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let own = shape.any(&["utf8_text_md5_checksum", "list_title", "short_title"]);
    let new = shape.any(&["annotations/start_char", "annotations/start_byte"]) && shape.has("annotations/label_name");
    let old = shape.any(&["annotations[[", "labels[["]) && shape.any(&["meta", "metadata"]);
    let blank = own && shape.any(&LISTS);
    shape.lists < 2 && shape.has("text") && (new || old || blank) && !shape.any(&["unit", "tokens", "spans"])
}

/// Reads a file of documents.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    objects(&mut drafts, input, &mut |drafts, number, fields| document(drafts, number, fields));
    drafts.done()
}

fn document(drafts: &mut Drafts<'_>, number: u32, mut fields: Map<String, Json>) {
    let place = format!("article {number}");
    let Some(Json::String(text)) = fields.remove("text") else {
        let what = "A document was left out. It has no text. Export it from labelbuddy with its text.";
        return drafts.problem(Severity::Error, &place, what);
    };
    // The checksum is that of the text, which does not change.
    fields.remove("utf8_text_md5_checksum");
    let mut draft = drafts.draft(text, Some(number));
    for name in ["display_title", "long_title", "list_title", "short_title", "title"] {
        draft.title = draft.title.or_else(|| fields.get(name).and_then(Json::as_str).map(str::to_owned));
    }
    if let Some(Json::Object(meta)) = fields.get_mut("metadata") {
        draft.id = meta.remove("article_id").as_ref().and_then(words).map(ArticleId::from);
    }
    // The newest version writes bytes, too, and may write nothing else.
    let (mut found, mut in_bytes) = (Vec::new(), Vec::new());
    for name in LISTS {
        let Some(list) = fields.get(name).and_then(Json::as_array).cloned() else { continue };
        fields.remove(name);
        for one in list {
            match annotation(&one) {
                Some((one, Counts::Bytes)) => in_bytes.push(one),
                Some((one, _)) => found.push(one),
                None => {
                    let what = "An annotation was left out. It has no start, end and label. Repair the file.";
                    drafts.problem(Severity::Error, &place, what);
                }
            }
        }
    }
    drafts.spans(&mut draft, &None, found, &[Counts::CodePoints]);
    drafts.spans(&mut draft, &None, in_bytes, &[Counts::Bytes]);
    keep_rest(&mut draft, fields);
    drafts.finish(draft);
}

fn annotation(json: &Json) -> Option<(Found, Counts)> {
    let chars = json.get("start_char").zip(json.get("end_char")).map(|place| (place, Counts::CodePoints));
    let bytes = json.get("start_byte").zip(json.get("end_byte")).map(|place| (place, Counts::Bytes));
    let (((start, end), counts), label, note) = match json {
        Json::Array(list) => (((list.first()?, list.get(1)?), Counts::CodePoints), list.get(2)?, list.get(3)),
        _ => (chars.or(bytes)?, json.get("label_name")?, json.get("extra_data")),
    };
    let (fragments, note) = (vec![(start.as_u64()?, end.as_u64()?)], note.and_then(words).unwrap_or_default());
    Some((Found { label: words(label)?, fragments, note, ..Found::default() }, counts))
}

/// Writes one document a line; notes are the extra data of annotations.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        let article = &example.article;
        let mut line = rest_of(article, FORMAT.id);
        line.insert("text".to_owned(), article.text().as_str().into());
        line.entry("display_title").or_insert_with(|| article.title.as_str().into());
        line.entry("list_title").or_insert_with(|| article.title.as_str().into());
        let meta = line.entry("metadata").or_insert_with(|| json!({}));
        if let Some(meta) = meta.as_object_mut() {
            meta.insert("article_id".to_owned(), article.id.as_str().into());
        }
        let mut annotations = Vec::new();
        for (_, span) in in_order(&example) {
            if span.at.fragments().len() > 1 {
                losses.add(LossKind::FragmentsDropped, &article.id, Some(span.at.hull()), &span.quote);
                continue;
            }
            let mut one = json!({
                "start_char": span.at.start(), "end_char": span.at.end(), "label_name": span.label.as_str(),
            });
            if let Some(one) = one.as_object_mut().filter(|_| !span.note.is_empty()) {
                one.insert("extra_data".to_owned(), span.note.as_str().into());
            }
            annotations.push(one);
        }
        // What notes of spans have room for, others have not.
        if let Some((_, set)) = &example.set {
            for question in set.questions.values() {
                losses.add(LossKind::Questions, &article.id, None, &question.text);
            }
            if set.review.state != ReviewState::New {
                losses.add(LossKind::States, &article.id, None, set.review.state.word());
            }
            if !set.review.note.is_empty() {
                losses.add(LossKind::Notes, &article.id, None, &set.review.note);
            }
        }
        line.insert("annotations".to_owned(), Json::Array(annotations));
        output::json(out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}
