//! PubAnnotation JSON: a text with denotations, blocks, relations and attributes; of several projects as tracks.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value as Json, json};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::json;
use crate::format::kinds::{Kinds, words};
use crate::format::offsets::Counts;
use crate::format::output::Output;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost};
use crate::model::annotation_set::AnnotationSet;
use crate::model::id::{AnnotatorId, AttributeId, RelationId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "pubannotation",
    name: "PubAnnotation JSON",
    extensions: &["json"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { article_labels: false, notes: false, ..Carries::EVERYTHING },
    looks: Some(looks),
    ..Format::NONE
};

/// Lists of a document or a track.
const LISTS: [&str; 5] = ["denotations", "blocks", "relations", "attributes", "modifications"];

/// What blocks are kept as, for the way back.
const BLOCKS: &str = "pubannotation-blocks";
/// The field that says what kind values are of which JSON knows nothing.
const KINDS: &str = "rubricate";
/// The label of a part of another span, and the relation that says of which.
const PART: (&str, &str) = ("_FRAGMENT", "_lexicallyChainedTo");
/// Before the names of fields that are kept.
const KEPT: &str = "pubannotation:";

fn looks(bytes: &[u8]) -> bool {
    json::begins(bytes) && ["text", "denotations"].iter().all(|name| json::has_name(bytes, name))
}

/// Reads a document, or a list of them.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes);
    match json::parse(bytes) {
        Ok(Json::Array(all)) => {
            for (record, one) in (1..).zip(&all) {
                document(&mut drafts, one, Some(record));
            }
        }
        Ok(one) => document(&mut drafts, &one, None),
        Err(error) => {
            let what = format!("The file was not read. It is not JSON: {error}. Repair it.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

fn document(drafts: &mut Drafts<'_>, one: &Json, record: Option<u32>) {
    let place = record.map_or_else(String::new, |record| format!("article {record}"));
    let Some(text) = one.get("text").and_then(Json::as_str) else {
        let what = "An article was left out. It has no ‘text’. Add it.";
        return drafts.problem(Severity::Error, &place, what);
    };
    let mut draft = drafts.draft(text, record);
    let Json::Object(fields) = one else { return };
    let mut blocks = BTreeSet::new();
    lists(drafts, &mut draft, &None, fields, &place, &mut blocks);
    let tracks = fields.get("tracks").and_then(Json::as_array);
    for track in tracks.into_iter().flatten() {
        let Json::Object(track) = track else { continue };
        let by: By = track.get("project").and_then(Json::as_str).map(AnnotatorId::new);
        lists(drafts, &mut draft, &by, track, &place, &mut blocks);
    }
    let known =
        |name: &str| name == "text" || name == KINDS || LISTS.contains(&name) || (name == "tracks" && tracks.is_some());
    for (name, value) in fields.iter().filter(|(name, _)| !known(name)) {
        draft.keep(&format!("{KEPT}{name}"), value.to_string());
    }
    draft.source.url = fields.get("target").and_then(Json::as_str).map(str::to_owned);
    if !blocks.is_empty() {
        draft.keep(BLOCKS, Json::from_iter(blocks).to_string());
    }
    drafts.finish(draft);
}

/// The words of a value that is a name: also of numbers, which some files have for it.
fn name(value: Option<&Json>) -> Option<String> {
    match value? {
        Json::String(name) if !name.is_empty() => Some(name.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Start and end of one span, or of several.
fn places(span: Option<&Json>) -> Option<Vec<(u64, u64)>> {
    let one = |span: &Json| Some((span.get("begin")?.as_u64()?, span.get("end")?.as_u64()?));
    match span? {
        Json::Array(all) => all.iter().map(one).collect(),
        span => one(span).map(|place| vec![place]),
    }
}

/// Everything that one project says.
fn lists(
    drafts: &mut Drafts<'_>,
    draft: &mut Draft,
    by: &By,
    fields: &Map<String, Json>,
    place: &str,
    blocks: &mut BTreeSet<String>,
) {
    let list = |name: &str| fields.get(name).and_then(Json::as_array).map_or(&[] as &[Json], Vec::as_slice);
    let mut bad = Vec::new();
    for name in LISTS {
        if fields.get(name).is_some_and(|list| !list.is_array()) {
            bad.push(format!("‘{name}’ is no list"));
        }
    }
    let mut found = BTreeMap::new();
    let mut order = Vec::new();
    for kind in ["denotations", "blocks"] {
        for (count, one) in (1_usize..).zip(list(kind)) {
            let letter = if kind == "blocks" { 'B' } else { 'T' };
            let id = name(one.get("id")).unwrap_or_else(|| format!("{letter}{count}"));
            let label = match one.get("obj") {
                // The samples of the format say so where a denotation has no type.
                None | Some(Json::Null) => Some("None".to_owned()),
                obj => name(obj),
            };
            let (Some(label), Some(fragments)) = (label, places(one.get("span"))) else {
                bad.push(format!("‘{id}’ of ‘{kind}’ has no whole numbers for its place, or no name"));
                continue;
            };
            if kind == "blocks" {
                blocks.insert(id.clone());
            }
            order.push(Found { id: Some(id.clone()), label, fragments, ..Found::default() });
            found.entry(id).or_insert(order.len() - 1);
        }
    }
    let ends = chained(list("relations"), &mut order, &found, &mut bad);
    let kinds = fields.get(KINDS).and_then(Json::as_str).map(Kinds::parse).unwrap_or_default();
    let relations: BTreeSet<String> = list("relations").iter().filter_map(|one| name(one.get("id"))).collect();
    let mut said = BTreeMap::<(String, AttributeId), Vec<Json>>::new();
    let flags = list("modifications").iter().map(|one| (one, one.get("obj"), Some(Json::Bool(true))));
    let attributes = list("attributes").iter().map(|one| (one, one.get("subj"), one.get("obj").cloned()));
    for (one, about, value) in attributes.chain(flags) {
        let (Some(about), Some(id), Some(value)) = (name(about), name(one.get("pred")), value) else {
            bad.push(format!("‘{one}’ has no subject, name or value"));
            continue;
        };
        if !found.contains_key(&about) && !relations.contains(&about) {
            bad.push(format!("‘{id}’ speaks of ‘{about}’, which is not there"));
            continue;
        }
        said.entry((about, AttributeId::new(id))).or_default().push(value);
    }
    let mut of_relations = BTreeMap::<String, BTreeMap<AttributeId, Value>>::new();
    for ((about, id), values) in said {
        let Some(value) = value(&kinds, &about, &id, &values) else {
            bad.push(format!("‘{id}’ of ‘{about}’ has no value, or values of several kinds"));
            continue;
        };
        let all = match found.get(&about).and_then(|at| order.get_mut(*at)) {
            Some(found) => &mut found.attributes,
            None => of_relations.entry(about).or_default(),
        };
        all.insert(id, value);
    }
    let order = order.into_iter().filter(|one| one.id.as_ref().is_none_or(|id| !ends.contains(id)));
    drafts.spans(draft, by, order.collect(), &[Counts::CodePoints]);
    for (count, one) in (1_usize..).zip(list("relations")) {
        let id = name(one.get("id")).unwrap_or_else(|| format!("R{count}"));
        let parts = (name(one.get("subj")), name(one.get("pred")), name(one.get("obj")));
        let (Some(from), Some(kind), Some(to)) = parts else {
            bad.push(format!("The relation ‘{id}’ has no subject, name or object"));
            continue;
        };
        if kind == PART.1 && (ends.contains(&from) || ends.contains(&to)) {
            continue;
        }
        let end = |id: String| match relations.contains(&id) && !found.contains_key(&id) {
            true => End::Relation(RelationId::new(id)),
            false => End::Span(SpanId::new(id)),
        };
        let made = drafts.relation(draft, by, Some(&id), &kind, end(from), end(to));
        let attributes = of_relations.remove(&id).unwrap_or_default();
        attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
        if let Some(relation) = draft.set(by).relations.get_mut(&made) {
            relation.attributes = attributes;
        }
    }
    for why in bad {
        let what = format!("Something was left out. {why}. Repair the file.");
        drafts.problem(Severity::Error, place, &what);
    }
}

/// Puts spans together whose parts are chained to each other; gives the ids of the parts that are no spans of their own.
fn chained(
    relations: &[Json],
    order: &mut [Found],
    found: &BTreeMap<String, usize>,
    bad: &mut Vec<String>,
) -> BTreeSet<String> {
    let mut links = BTreeMap::<String, Vec<String>>::new();
    for one in relations.iter().filter(|one| one.get("pred").and_then(Json::as_str) == Some(PART.1)) {
        if let (Some(from), Some(to)) = (name(one.get("subj")), name(one.get("obj"))) {
            links.entry(from.clone()).or_default().push(to.clone());
            links.entry(to).or_default().push(from);
        }
    }
    let (mut gone, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for start in links.keys() {
        let (mut all, mut next) = (Vec::new(), vec![start]);
        while let Some(id) = next.pop() {
            if seen.insert(id) {
                all.extend(found.get(id).map(|at| (id, *at)));
                next.extend(links.get(id).into_iter().flatten());
            }
        }
        let label = |at: usize| order.get(at).map_or("", |one| one.label.as_str());
        let (parts, whole): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, at)| label(*at) == PART.0);
        let ([(_, whole)], false) = (whole.as_slice(), parts.is_empty()) else {
            if !parts.is_empty() {
                bad.push(format!("The parts that hang on ‘{start}’ belong to no span, or to several"));
            }
            continue;
        };
        let places: Vec<_> =
            parts.iter().filter_map(|(_, at)| order.get(*at)).flat_map(|one| one.fragments.clone()).collect();
        if let Some(whole) = order.get_mut(*whole) {
            whole.fragments.extend(places);
            gone.extend(parts.into_iter().map(|(id, _)| id.clone()));
        }
    }
    gone
}

/// What values say together; nothing if that makes no sense.
fn value(kinds: &Kinds, about: &str, id: &AttributeId, values: &[Json]) -> Option<Value> {
    match values {
        [Json::Bool(yes)] => Some(Value::Flag(*yes)),
        [Json::Number(number)] => number.as_f64().filter(|number| number.is_finite()).map(Value::Number),
        values => {
            let words = values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?;
            (!words.is_empty()).then(|| kinds.value(about, id, words))
        }
    }
}

/// Writes a list of documents, with a track for each annotator where there are several.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    let mut examples = examples.peekable();
    let mut before = "[\n";
    while let Some(example) = examples.next() {
        let article = std::sync::Arc::clone(&example.article);
        let mut of_article = vec![example];
        while let Some(next) = examples.next_if(|next| next.article.id == article.id) {
            of_article.push(next);
        }
        let extra = &article.source.extra;
        let own = article.source.format.as_deref() == Some(FORMAT.id);
        let mut fields = Map::new();
        for (name, kept) in extra.iter().filter(|_| own) {
            if let (Some(name), Ok(value)) = (name.strip_prefix(KEPT), serde_json::from_str(kept)) {
                fields.insert(name.to_owned(), value);
            }
        }
        fields.insert("text".to_owned(), article.text().as_str().into());
        let blocks = extra.get(BLOCKS).filter(|_| own).and_then(|ids| serde_json::from_str(ids).ok());
        let blocks: BTreeSet<String> = blocks.unwrap_or_default();
        let several = of_article.len() > 1;
        let mut tracks = Vec::new();
        for example in &of_article {
            count_lost(example, FORMAT.carries, &mut losses);
            let Some((by, set)) = &example.set else { continue };
            let mut said = said(example, set, &blocks, &mut losses);
            if several {
                said.insert("project".to_owned(), by.as_str().into());
                tracks.push(Json::Object(said));
            } else {
                fields.extend(said);
            }
        }
        if several {
            fields.insert("tracks".to_owned(), tracks.into());
        }
        out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut *out, &fields)?;
        before = ",\n";
    }
    out.write_all(if before == "[\n" { b"[]\n" } else { b"\n]\n" })?;
    Ok(losses)
}

/// The lists of one annotation set.
fn said(example: &Example, set: &AnnotationSet, blocks: &BTreeSet<String>, losses: &mut Losses) -> Map<String, Json> {
    let (mut denotations, mut of_blocks, mut relations) = (Vec::new(), Vec::new(), Vec::new());
    let mut attributes = Attributes::default();
    for (id, span) in example.spans() {
        let places: Vec<Json> =
            span.at.fragments().iter().map(|part| json!({"begin": part.start(), "end": part.end()})).collect();
        let place = match <[Json; 1]>::try_from(places) {
            Ok([place]) => place,
            Err(places) => places.into(),
        };
        let one = json!({"id": id.as_str(), "span": place, "obj": span.label.as_str()});
        if blocks.contains(id.as_str()) { &mut of_blocks } else { &mut denotations }.push(one);
        for (name, value) in &span.attributes {
            if !attributes.add(id.as_str(), name, value) {
                losses.add(LossKind::Attributes, &example.article.id, Some(span.at.hull()), name.as_str());
            }
        }
        if span.certainty.is_some() {
            losses.add(LossKind::Certainty, &example.article.id, Some(span.at.hull()), &span.quote);
        }
    }
    for (id, relation) in &set.relations {
        let end = |end: &End| match end {
            End::Span(id) => id.as_str().to_owned(),
            End::Relation(id) => id.as_str().to_owned(),
        };
        let (from, to) = (end(&relation.from), end(&relation.to));
        relations.push(json!({"id": id.as_str(), "subj": from, "pred": relation.kind.as_str(), "obj": to}));
        for (name, value) in &relation.attributes {
            if !attributes.add(id.as_str(), name, value) {
                losses.add(LossKind::Attributes, &example.article.id, None, name.as_str());
            }
        }
        if !relation.note.is_empty() {
            losses.add(LossKind::Notes, &example.article.id, None, &relation.note);
        }
    }
    let spans = set.spans.iter().map(|(id, span)| (id.as_str(), &span.attributes));
    let links = set.relations.iter().map(|(id, relation)| (id.as_str(), &relation.attributes));
    let kinds = Kinds::of(spans.chain(links)).without(&["flag", "number"]).json();
    let lists =
        [("denotations", denotations), ("blocks", of_blocks), ("relations", relations), ("attributes", attributes.0)];
    let lists = lists.into_iter().filter(|(name, list)| *name == "denotations" || !list.is_empty());
    let lists = lists.map(|(name, list)| (name.to_owned(), Json::Array(list)));
    lists.chain(kinds.map(|kinds| (KINDS.to_owned(), kinds.into()))).collect()
}

#[derive(Default)]
struct Attributes(Vec<Json>);

impl Attributes {
    /// Adds an attribute, or one for each of several values; not if there is no value to write.
    fn add(&mut self, about: &str, name: &AttributeId, value: &Value) -> bool {
        let values: Vec<Json> = match value {
            Value::Flag(yes) => vec![(*yes).into()],
            Value::Number(number) => vec![(*number).into()],
            other => words(other).into_iter().map(Json::from).collect(),
        };
        let none = values.is_empty();
        for value in values {
            let id = format!("A{}", self.0.len() + 1);
            self.0.push(json!({"id": id, "subj": about, "pred": name.as_str(), "obj": value}));
        }
        !none
    }
}
