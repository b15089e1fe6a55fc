//! The JSON of BioC, of collections, of single documents, and of lists of either.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::format::bioc::take::take;
use crate::format::bioc::{Ann, Doc, Head, Infons, Part, Rel};
use crate::format::draft::Drafts;
use crate::model::problem::Severity;

/// Reads whatever holds documents.
pub(super) fn read(drafts: &mut Drafts<'_>, value: &Json) {
    let mut documents = Vec::new();
    find(value, &Head::default(), &mut documents);
    if documents.is_empty() {
        let what = "The file was not read. There is no document with ‘passages’ in it. Choose another format.";
        return drafts.problem(Severity::Error, "", what);
    }
    let several = documents.len() > 1;
    for (record, (head, fields)) in (1_u32..).zip(documents) {
        let place = if several { format!("article {record}") } else { String::new() };
        let doc = doc(drafts, fields, &place);
        take(drafts, &head, &doc, several.then_some(record));
    }
}

/// Finds documents: in a collection, in a list, or the value itself.
fn find<'a>(value: &'a Json, head: &Head, documents: &mut Vec<(Head, &'a Map<String, Json>)>) {
    match value {
        Json::Array(all) => all.iter().for_each(|one| find(one, head, documents)),
        Json::Object(fields) if fields.contains_key("passages") => documents.push((head.clone(), fields)),
        Json::Object(fields) => {
            let word = |field: &str| fields.get(field).and_then(word).unwrap_or_default();
            let head = Head { source: word("source"), date: word("date"), key: word("key"), infons: infons(fields) };
            // Some services have a name of their own for the list.
            let lists = fields.iter().filter(|(name, _)| *name != "infons").filter(|(_, list)| list.is_array());
            lists.for_each(|(_, list)| find(list, &head, documents));
        }
        _ => {}
    }
}

/// A value as a word: also of numbers, which some files have for names.
fn word(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(word) => Some(word.clone()),
        other => Some(other.to_string()),
    }
}

fn number(value: Option<&Json>) -> Option<u64> {
    match value? {
        Json::Number(number) => number.as_u64(),
        Json::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

fn infons(fields: &Map<String, Json>) -> Infons {
    let Some(Json::Object(all)) = fields.get("infons") else { return Infons::new() };
    let mut infons = Infons::new();
    for (key, value) in all {
        match value {
            Json::Array(several) if !several.is_empty() => {
                infons.extend(several.iter().filter_map(word).map(|word| (key.clone(), word)));
            }
            value => infons.extend(word(value).map(|word| (key.clone(), word))),
        }
    }
    infons
}

fn list<'a>(fields: &'a Map<String, Json>, name: &str) -> impl Iterator<Item = &'a Map<String, Json>> {
    fields.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object)
}

/// Tells of fields that are not known and hold something.
fn unknown(drafts: &mut Drafts<'_>, fields: &Map<String, Json>, known: &[&str], place: &str) {
    let empty = |value: &Json| match value {
        Json::Null => true,
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        Json::String(word) => word.is_empty(),
        _ => false,
    };
    for (name, _) in fields.iter().filter(|(name, value)| !known.contains(&name.as_str()) && !empty(value)) {
        let what = format!("A field ‘{name}’ was left out. BioC does not know it there. Check it.");
        drafts.problem(Severity::Note, place, &what);
    }
}

fn doc(drafts: &mut Drafts<'_>, fields: &Map<String, Json>, place: &str) -> Doc {
    let known = ["id", "infons", "passages", "annotations", "relations", "bioctype"];
    let rest = fields.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    Doc {
        id: fields.get("id").or_else(|| fields.get("_id")).and_then(word).unwrap_or_default(),
        infons: infons(fields),
        passages: list(fields, "passages").map(|one| part(drafts, one, place)).collect(),
        annotations: list(fields, "annotations").map(|one| annotation(drafts, one, place)).collect(),
        relations: list(fields, "relations").map(|one| relation(drafts, one, place)).collect(),
        rest: rest.map(|(name, value)| (name.clone(), value.to_string())).collect(),
    }
}

fn part(drafts: &mut Drafts<'_>, fields: &Map<String, Json>, place: &str) -> Part {
    let known = ["infons", "offset", "text", "sentences", "annotations", "relations", "bioctype"];
    unknown(drafts, fields, &known, place);
    let offset = number(fields.get("offset"));
    if offset.is_none() {
        let what = "A part of a document has no whole number as its offset. It is read as 0. Check its annotations.";
        drafts.problem(Severity::Warning, place, what);
    }
    Part {
        infons: infons(fields),
        offset: offset.unwrap_or_default(),
        text: fields.get("text").and_then(Json::as_str).map(str::to_owned),
        sentences: list(fields, "sentences").map(|one| part(drafts, one, place)).collect(),
        annotations: list(fields, "annotations").map(|one| annotation(drafts, one, place)).collect(),
        relations: list(fields, "relations").map(|one| relation(drafts, one, place)).collect(),
    }
}

fn annotation(drafts: &mut Drafts<'_>, fields: &Map<String, Json>, place: &str) -> Ann {
    unknown(drafts, fields, &["id", "infons", "text", "locations", "bioctype"], place);
    let mut places = Vec::new();
    for location in list(fields, "locations") {
        match (number(location.get("offset")), number(location.get("length"))) {
            (Some(offset), Some(length)) => places.push((offset, length)),
            _ => {
                let what = "A place of an annotation was left out. It has no whole numbers. Repair the file.";
                drafts.problem(Severity::Error, place, what);
            }
        }
    }
    let id = fields.get("id").and_then(word).filter(|id| !id.is_empty());
    Ann { id, infons: infons(fields), places, text: fields.get("text").and_then(Json::as_str).map(str::to_owned) }
}

fn relation(drafts: &mut Drafts<'_>, fields: &Map<String, Json>, place: &str) -> Rel {
    unknown(drafts, fields, &["id", "infons", "nodes", "bioctype"], place);
    let word = |fields: &Map<String, Json>, name: &str| fields.get(name).and_then(word).unwrap_or_default();
    let nodes = list(fields, "nodes").map(|node| (word(node, "refid"), word(node, "role"))).collect();
    let id = fields.get("id").and_then(self::word).filter(|id| !id.is_empty());
    Rel { id, infons: infons(fields), nodes }
}

/// The beginning of a file, up to its documents.
pub(super) fn head(head: &Head) -> String {
    let parts = [("source", &head.source), ("date", &head.date), ("key", &head.key)];
    let parts = parts.map(|(name, word)| format!("\"{name}\":{}", Json::from(word.as_str())));
    let infons = Json::Object(said(&head.infons));
    format!(
        "{{\"bioctype\":\"BioCCollection\",{},\"version\":\"1.0\",\"infons\":{infons},\"documents\":[\n",
        parts.join(",")
    )
}

/// Infons by key; several of one key are a list.
fn said(infons: &Infons) -> Map<String, Json> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, value) in infons {
        all.entry(key).or_default().push(value);
    }
    let one = |(key, values): (&str, Vec<&str>)| match values.as_slice() {
        [value] => (key.to_owned(), Json::from(*value)),
        _ => (key.to_owned(), Json::from(values)),
    };
    all.into_iter().map(one).collect()
}

/// A document.
pub(super) fn document(doc: &Doc) -> Json {
    let mut fields = Map::new();
    for (name, value) in &doc.rest {
        fields.insert(name.clone(), serde_json::from_str(value).unwrap_or_default());
    }
    let own = json!({
        "bioctype": "BioCDocument",
        "id": doc.id,
        "infons": said(&doc.infons),
        "passages": doc.passages.iter().map(put_part).collect::<Vec<_>>(),
        "annotations": doc.annotations.iter().map(put_annotation).collect::<Vec<_>>(),
        "relations": doc.relations.iter().map(put_relation).collect::<Vec<_>>(),
    });
    if let Json::Object(own) = own {
        fields.extend(own);
    }
    Json::Object(fields)
}

fn put_part(part: &Part) -> Json {
    let mut fields = json!({
        "infons": said(&part.infons),
        "offset": part.offset,
        "sentences": part.sentences.iter().map(put_part).collect::<Vec<_>>(),
        "annotations": part.annotations.iter().map(put_annotation).collect::<Vec<_>>(),
        "relations": part.relations.iter().map(put_relation).collect::<Vec<_>>(),
    });
    if let (Json::Object(fields), Some(text)) = (&mut fields, &part.text) {
        fields.insert("text".to_owned(), text.as_str().into());
    }
    fields
}

fn put_annotation(ann: &Ann) -> Json {
    let places = ann.places.iter().map(|(offset, length)| json!({"offset": offset, "length": length}));
    json!({
        "id": ann.id,
        "infons": said(&ann.infons),
        "text": ann.text,
        "locations": places.collect::<Vec<_>>(),
    })
}

fn put_relation(rel: &Rel) -> Json {
    let nodes = rel.nodes.iter().map(|(id, role)| json!({"refid": id, "role": role}));
    json!({"id": rel.id, "infons": said(&rel.infons), "nodes": nodes.collect::<Vec<_>>()})
}
