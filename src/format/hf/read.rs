//! Reads tables in Parquet: texts with spans, or tokens with tags.

use std::collections::BTreeMap;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::{Map, Value as Json, json};

use crate::base::env::Env;
use crate::base::fence::fence;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::{Input, Read, conll, jsonl_said};
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::span::Origin;
use crate::model::value::Value;
use crate::text::range::TextRange;

/// Names of the column with the text, the usual one first.
const TEXT: [&str; 6] = ["text", "content", "body", "document", "sentence", "article"];
/// Names of the column with spans.
const SPANS: [&str; 4] = ["spans", "entities", "annotations", "ents"];

/// Reads every row as an article.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new("hf", input, env);
    // The library takes some lengths of torn files on trust, and gives up in the midst of them.
    let ended = fence(|| rows(&mut drafts, input).map_err(|why| why.to_string()));
    if let Err(why) = ended.unwrap_or_else(|_| Err("Its tables do not fit together".to_owned())) {
        let what = format!("The rest was not read. {why}. Get the file again.");
        drafts.problem(Severity::Error, "", &what);
    }
    drafts.done()
}

fn rows(drafts: &mut Drafts<'_>, input: &Input<'_>) -> parquet::errors::Result<()> {
    let file = SerializedFileReader::new(bytes::Bytes::copy_from_slice(input.bytes))?;
    let about = file.metadata().file_metadata().key_value_metadata();
    let features = about.into_iter().flatten().find(|pair| pair.key == "huggingface");
    let features: Option<Json> = features.and_then(|pair| serde_json::from_str(pair.value.as_deref()?).ok());
    let names = names_of(features.as_ref());
    let mut table = Table { names, record: 0, told: BTreeMap::new() };
    for row in file.get_row_iter(None)? {
        table.record += 1;
        table.row(drafts, input, &row?);
    }
    for (what, count) in &table.told {
        drafts.problem(Severity::Warning, "", &format!("{count} × {what}"));
    }
    Ok(())
}

/// Names of classes by column, from the features; older files call a list a sequence.
fn names_of(features: Option<&Json>) -> BTreeMap<String, Vec<String>> {
    let columns = features.and_then(|json| json.pointer("/info/features")).and_then(Json::as_object);
    let names = |feature: &Json| {
        let of_class = |json: &Json| {
            let names = json.get("names")?.as_array()?;
            Some(names.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        };
        of_class(feature).or_else(|| of_class(feature.get("feature")?))
    };
    columns.into_iter().flatten().filter_map(|(name, feature)| Some((name.clone(), names(feature)?))).collect()
}

struct Table {
    names: BTreeMap<String, Vec<String>>,
    record: u32,
    /// What is told once for all rows, and how often it was.
    told: BTreeMap<&'static str, usize>,
}

impl Table {
    fn row(&mut self, drafts: &mut Drafts<'_>, input: &Input<'_>, row: &Row) {
        let mut fields: Map<String, Json> =
            row.get_column_iter().map(|(name, field)| (name.clone(), to_json(field))).collect();
        let wanted = input.options.text_field.as_deref();
        let name = wanted.into_iter().chain(TEXT).find(|name| fields.get(*name).is_some_and(Json::is_string));
        let text = name.and_then(|name| fields.remove(name)).and_then(|text| text.as_str().map(str::to_owned));
        let tokens: Option<Vec<String>> = fields.get("tokens").or_else(|| fields.get("words")).and_then(strings);
        let (text, joined) = match (text, &tokens) {
            (Some(text), _) => (text, false),
            (None, Some(tokens)) => (tokens.join(" "), true),
            (None, None) => {
                let what = "rows were left out. They have no column with a text. Name it in the import dialog.";
                return *self.told.entry(what).or_default() += 1;
            }
        };
        let mut draft = drafts.draft(text.as_str(), Some(self.record));
        draft.id = string(&mut fields, "id").map(ArticleId::from);
        draft.title = string(&mut fields, "title");
        draft.language = string(&mut fields, "language");
        draft.source.url = string(&mut fields, "url");
        draft.source.site = string(&mut fields, "site");
        draft.source.author = string(&mut fields, "author");
        draft.source.published = string(&mut fields, "published");
        let by: By = string(&mut fields, "annotator").map(AnnotatorId::from);
        let spans = SPANS.iter().find_map(|name| fields.get(*name).filter(|spans| is_spans(spans)).map(|_| *name));
        let listed = spans.and_then(|name| fields.remove(name));
        let places = tokens.as_ref().and_then(|tokens| places(draft.text().as_str(), tokens));
        let range =
            |(start, end): &(u64, u64)| TextRange::new(u32::try_from(*start).ok()?, u32::try_from(*end).ok()?).ok();
        draft.keep_tokens(&places.iter().flatten().filter_map(range).collect::<Vec<_>>());
        if let Some(Json::Array(listed)) = listed {
            let relations = fields.remove("relations");
            self.spans(drafts, &mut draft, &by, &listed, relations.as_ref());
            // Ours hold the same once more as tags.
            fields.remove("ner_tags");
            fields.remove("tokens");
        } else if tokens.is_some() {
            self.tags(drafts, &mut draft, &by, places.as_deref(), &mut fields, joined);
        }
        self.said(drafts, &mut draft, &by, &mut fields);
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
            draft.source.extra.insert(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        drafts.finish(draft);
    }

    fn spans(
        &mut self,
        drafts: &mut Drafts<'_>,
        draft: &mut Draft,
        by: &By,
        listed: &[Json],
        relations: Option<&Json>,
    ) {
        // Spans are known by their place in the list.
        let id = |at: usize| format!("s{at}");
        let mut found = Vec::new();
        for (at, span) in listed.iter().enumerate() {
            let number = |name: &str| span.get(name).and_then(Json::as_u64);
            let text = |name: &str| span.get(name).and_then(Json::as_str);
            let (Some(start), Some(end)) = (number("start"), number("end")) else {
                *self
                    .told
                    .entry("spans were left out. Their `start` or `end` is no whole number. Repair the file.")
                    .or_default() += 1;
                continue;
            };
            let several = text("fragments").and_then(|json| serde_json::from_str::<Vec<(u64, u64)>>(json).ok());
            let attributes = attributes(text("attributes"));
            let quoted = text("text").filter(|_| several.is_none()).map(str::to_owned);
            found.push(Found {
                id: Some(id(at)),
                label: text("label").or_else(|| text("type")).unwrap_or_default().to_owned(),
                layer: text("layer").map(str::to_owned),
                fragments: several.unwrap_or_else(|| vec![(start, end)]),
                words: quoted,
                attributes: placed(attributes),
                note: text("note").unwrap_or_default().to_owned(),
                certainty: number("certainty").and_then(|percent| u8::try_from(percent).ok()),
            });
        }
        drafts.spans(draft, by, found, &[Counts::CodePoints, Counts::Utf16, Counts::Bytes]);
        for relation in relations.and_then(Json::as_array).into_iter().flatten() {
            let end = |name: &str| {
                let at = usize::try_from(relation.get(name)?.as_u64()?).ok()?;
                Some(End::Span(SpanId::new(id(at))))
            };
            let (Some(from), Some(to)) = (end("head"), end("tail")) else {
                *self
                    .told
                    .entry("relations were left out. An end is not in the list of spans. Repair the file.")
                    .or_default() += 1;
                continue;
            };
            let text = |name: &str| relation.get(name).and_then(Json::as_str);
            let id = drafts.relation(draft, by, None, text("label").unwrap_or("related"), from, to);
            let said = placed(attributes(text("attributes")));
            said.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
            if let Some(relation) = draft.set(by).relations.get_mut(&id) {
                (relation.attributes, relation.note) = (said, text("note").unwrap_or_default().to_owned());
            }
        }
    }

    /// Tags of tokens, in the columns of that length; the text is the tokens with blanks between them, unless there is
    /// one, in which they are looked for.
    fn tags(
        &mut self,
        drafts: &mut Drafts<'_>,
        draft: &mut Draft,
        by: &By,
        places: Option<&[(u64, u64)]>,
        fields: &mut Map<String, Json>,
        joined: bool,
    ) {
        let Some(places) = places else {
            let what = "rows have tags that were left out. Their tokens do not stand in the text. Repair the file.";
            return *self.told.entry(what).or_default() += 1;
        };
        let is_tags = |name: &str, value: &Json| {
            name.ends_with("tags") && value.as_array().is_some_and(|tags| tags.len() == places.len())
        };
        let columns: Vec<String> =
            fields.iter().filter(|(name, value)| is_tags(name, value)).map(|(name, _)| name.clone()).collect();
        for column in columns {
            let known = self.names.get(&column);
            let listed = fields.get(&column).and_then(Json::as_array).cloned().unwrap_or_default();
            let tag = |tag: &Json| match tag {
                Json::String(tag) => tag.clone(),
                // −1 is a tag that is missing.
                number => number
                    .as_i64()
                    .filter(|number| *number >= 0)
                    .and_then(|number| match known {
                        Some(names) => names.get(usize::try_from(number).ok()?).cloned(),
                        None if number == 0 => Some("O".to_owned()),
                        None => Some(format!("I-{number}")),
                    })
                    .unwrap_or_else(|| "O".to_owned()),
            };
            let tags: Vec<String> = listed.iter().map(tag).collect();
            // Parts of speech and the like are no spans: they stay as they are.
            let spans = tags.iter().all(|tag| tag == "O" || tag.get(1..2) == Some("-"));
            if !spans {
                continue;
            }
            fields.remove(&column);
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            let chunk = |(first, end, label): (usize, usize, String)| {
                let start = places.get(first)?.0;
                let end = places.get(end.checked_sub(1)?)?.1;
                Some(Found { label, fragments: vec![(start, end)], ..Found::default() })
            };
            let found = conll::chunks(&tags).into_iter().filter_map(chunk).collect();
            drafts.spans(draft, by, found, &[Counts::CodePoints]);
        }
        if joined {
            fields.remove("tokens");
            fields.remove("words");
        }
    }

    /// State, notes and labels of the whole article, as our own files say them.
    fn said(&mut self, drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, fields: &mut Map<String, Json>) {
        if by.is_none() {
            return;
        }
        if let Some(note) = string(fields, "note") {
            draft.set(by).review.note = note;
        }
        if let Some(word) = string(fields, "state") {
            let reason = string(fields, "reason").unwrap_or_default();
            draft.set(by).review.state = ReviewState::from_word(&word, reason).unwrap_or(ReviewState::Started);
        }
        let mut of_labels: Map<String, Json> =
            string(fields, "label_attributes").and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        for label in fields.remove("labels").as_ref().and_then(strings).unwrap_or_default() {
            let id = drafts.article_label(draft, by, &label, None);
            let said = placed(jsonl_said::attributes(&of_labels.remove(&label).unwrap_or_default().into()));
            said.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
            if let Some(label) = draft.set(by).labels.get_mut(&id) {
                (label.attributes, label.origin) = (said, Origin::Imported("hf".to_owned()));
            }
        }
    }
}

fn attributes(json: Option<&str>) -> BTreeMap<AttributeId, Value> {
    let read = json.and_then(|json| serde_json::from_str::<Json>(json).ok());
    read.map(|json| jsonl_said::attributes(&json.into())).unwrap_or_default()
}

/// Attributes that name a span by its place get its id.
fn placed(mut attributes: BTreeMap<AttributeId, Value>) -> BTreeMap<AttributeId, Value> {
    for value in attributes.values_mut() {
        if let Value::Span(id) = value {
            *id = SpanId::new(format!("s{id}"));
        }
    }
    attributes
}

fn is_spans(json: &Json) -> bool {
    let is_span = |json: &Json| json.get("start").is_some() && json.get("end").is_some();
    json.as_array().is_some_and(|list| list.iter().all(is_span))
}

/// Takes a field that holds words.
fn string(fields: &mut Map<String, Json>, name: &str) -> Option<String> {
    let taken = fields.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned)?;
    fields.remove(name);
    Some(taken)
}

fn strings(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Where tokens stand in a text, in code points, each after the one before.
fn places(text: &str, tokens: &[String]) -> Option<Vec<(u64, u64)>> {
    let (mut rest, mut at) = (text, 0_u64);
    let count = |part: &str| u64::try_from(part.chars().count()).ok();
    let mut places = Vec::new();
    for token in tokens {
        let (before, _) = rest.split_once(token.as_str())?;
        at += count(before)?;
        let end = at + count(token)?;
        places.push((at, end));
        rest = rest.get(before.len() + token.len()..)?;
        at = end;
    }
    Some(places)
}

/// A cell as JSON. Bytes that are no text, dates and decimals become words.
fn to_json(field: &Field) -> Json {
    match field {
        Field::Null => Json::Null,
        Field::Bool(yes) => json!(yes),
        Field::Byte(number) => json!(number),
        Field::Short(number) => json!(number),
        Field::Int(number) => json!(number),
        Field::Long(number) => json!(number),
        Field::UByte(number) => json!(number),
        Field::UShort(number) => json!(number),
        Field::UInt(number) => json!(number),
        Field::ULong(number) => json!(number),
        Field::Float(number) => json!(number),
        Field::Double(number) => json!(number),
        Field::Str(text) => json!(text),
        Field::Bytes(bytes) => json!(String::from_utf8_lossy(bytes.data())),
        Field::Group(row) => row.get_column_iter().map(|(name, field)| (name.clone(), to_json(field))).collect(),
        Field::ListInternal(list) => list.elements().iter().map(to_json).collect(),
        other => json!(other.to_string()),
    }
}
