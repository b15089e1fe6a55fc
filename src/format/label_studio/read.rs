//! Reads tasks: spans, what is said of them under the same id, relations, and labels of the whole task.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::{CHOICES, CONTROLS, FORMAT, KEPT, MORE, SPANS, WHOLE};
use crate::base::env::Env;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::objects::{keep_rest, kept, objects, percent, words};
use crate::format::offsets::{Counts, same};
use crate::format::{Input, Read};
use crate::model::annotation_set::ReviewState;
use crate::model::id::{ArticleId, AttributeId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// Names of controls that say nothing of a layer.
const PLAIN: [&str; 4] = ["label", "labels", "ner", "tag"];

/// What is read of the value of a result, or follows from it.
const VALUES: [&str; 14] = [
    "start",
    "end",
    "text",
    "labels",
    "hypertextlabels",
    "paragraphlabels",
    "startOffset",
    "endOffset",
    "globalOffsets",
    "choices",
    "number",
    "rating",
    "datetime",
    "selected",
];

/// Reads a file of tasks.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    objects(&mut drafts, input, &mut |drafts, number, fields| task(drafts, input, number, fields));
    drafts.done()
}

fn task(drafts: &mut Drafts<'_>, input: &Input<'_>, number: u32, mut fields: Map<String, Json>) {
    let place = format!("article {number}");
    let mut results = flat_results(&mut fields);
    let mut data = match fields.remove("data") {
        Some(Json::Object(data)) => data,
        Some(other) => {
            fields.insert("data".to_owned(), other);
            return no_text(drafts, &place, &fields);
        }
        // The flat form has the data beside the results.
        None => std::mem::take(&mut fields),
    };
    let Some(name) = text_field(input, &data) else { return no_text(drafts, &place, &data) };
    let Some(Json::String(text)) = data.remove(&name) else { return };
    let mut draft = drafts.draft(text, Some(number));
    let annotator = data.get("annotator").filter(|_| !results.is_empty()).and_then(words);
    let mut take = |name| data.remove(name).and_then(|value| words(&value));
    draft.id = take("article_id").map(ArticleId::from);
    draft.title = take("title");
    draft.language = take("language");
    draft.source.url = data.get("url").and_then(Json::as_str).map(str::to_owned);
    if name != "text" {
        draft.keep("text_field", name);
    }
    if !data.is_empty() {
        draft.keep("data", kept(&Json::Object(data)));
    }
    let mut lists = vec![("annotations", false), ("completions", false), ("predictions", true)];
    lists.retain(|(name, _)| fields.contains_key(*name));
    let mut task =
        Task { drafts, draft, kept: Map::new(), controls: Map::new(), choices: Map::new(), names: BTreeSet::new() };
    if !results.is_empty() {
        task.annotation(json!({ "result": results.split_off(0), "completed_by": annotator }), false);
    }
    for (name, predicted) in lists {
        match fields.remove(name) {
            Some(Json::Array(list)) => list.into_iter().for_each(|one| task.annotation(one, predicted)),
            Some(Json::Null) | None => {}
            Some(other) => _ = fields.insert(name.to_owned(), other),
        }
    }
    let Task { drafts, mut draft, kept: notes, mut controls, choices, .. } = task;
    // What the layer of a label tells need not be kept.
    let layers = &drafts.needs().labels;
    controls.retain(|label, control| {
        layers.get(label.as_str()).is_none_or(|(layer, _)| *control != json!([layer.as_str(), "text"]))
    });
    for (name, map) in [(KEPT, notes), (CONTROLS, controls), (CHOICES, choices)] {
        if !map.is_empty() {
            draft.keep(name, Json::Object(map).to_string());
        }
    }
    keep_rest(&mut draft, fields);
    drafts.finish(draft);
}

fn no_text(drafts: &mut Drafts<'_>, place: &str, fields: &Map<String, Json>) {
    let names: Vec<_> = fields.keys().take(12).map(|name| format!("‘{name}’")).collect();
    let what = format!("A task was left out. It has no text. Choose the field of the text among {}.", names.join(", "));
    drafts.problem(Severity::Warning, place, &what);
}

/// The field of the data that holds the text: the one chosen, one of a usual name, or the longest with blanks in it.
fn text_field(input: &Input<'_>, data: &Map<String, Json>) -> Option<String> {
    let is_text = |name: &&str| data.get(*name).is_some_and(Json::is_string);
    if let Some(chosen) = input.options.text_field.as_deref() {
        return is_text(&chosen).then(|| chosen.to_owned());
    }
    if let Some(usual) = ["text", "body", "content", "article", "html"].iter().find(|name| is_text(name)) {
        return Some((*usual).to_owned());
    }
    let mut texts: Vec<_> = data.iter().filter_map(|(name, value)| Some((value.as_str()?, name))).collect();
    texts.retain(|(text, _)| text.trim().contains(char::is_whitespace));
    texts.into_iter().max_by_key(|(text, _)| text.len()).map(|(_, name)| name.clone())
}

/// Results of the flat form: lists of regions under the names of their controls.
fn flat_results(fields: &mut Map<String, Json>) -> Vec<Json> {
    if fields.contains_key("data") {
        return Vec::new();
    }
    let region = |one: &Json| SPANS.iter().any(|kind| one.get(kind).is_some()) && one.get("start").is_some();
    let of_text = |value: &Json| value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(region));
    let names: Vec<String> = fields.iter().filter(|(_, value)| of_text(value)).map(|(name, _)| name.clone()).collect();
    let mut results = Vec::new();
    for name in names {
        for value in fields.remove(&name).as_ref().and_then(Json::as_array).into_iter().flatten() {
            results.push(json!({ "from_name": name, "type": "labels", "value": value }));
        }
    }
    results
}

struct Task<'a, 'b> {
    drafts: &'a mut Drafts<'b>,
    draft: Draft,
    /// What is kept of each annotation, by annotator.
    kept: Map<String, Json>,
    /// The control of each label of a span, and what it labels.
    controls: Map<String, Json>,
    /// The control of each label of the whole task.
    choices: Map<String, Json>,
    /// Who was there already.
    names: BTreeSet<String>,
}

impl Task<'_, '_> {
    fn problem(&mut self, severity: Severity, what: &str) {
        let record = self.draft.source.record.unwrap_or(1);
        self.drafts.problem(severity, &format!("article {record}"), what);
    }

    /// One annotation or prediction.
    fn annotation(&mut self, json: Json, predicted: bool) {
        let Json::Object(mut fields) = json else {
            return self.problem(Severity::Error, "An annotation was left out. It is no JSON object. Repair the file.");
        };
        let results = match fields.remove("result") {
            Some(Json::Array(results)) => results,
            _ => Vec::new(),
        };
        let name = whose(&fields, predicted);
        let by = self.by(name);
        let cancelled = !predicted && fields.get("was_cancelled").and_then(Json::as_bool) == Some(true);
        if cancelled {
            self.draft.set(&by).review.state = ReviewState::Skipped(String::new());
        }
        fields.remove("was_cancelled");
        if fields.get("created_username").and_then(Json::as_str) == by.as_ref().map(|by| by.as_str()) {
            fields.remove("created_username");
        }
        let mut more = Map::new();
        let unread = self.results(&by, results, &mut more);
        if !more.is_empty() {
            fields.insert(MORE.to_owned(), Json::Object(more));
        }
        if !unread.is_empty() {
            let kinds: BTreeSet<&str> = unread.iter().filter_map(|one| one.get("type")?.as_str()).collect();
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
            let count = unread.len();
            let what = format!(
                "{count} results ({kinds}) are not about words of this text. They are kept for Label Studio, and not shown."
            );
            self.problem(Severity::Note, &what);
            fields.insert("result".to_owned(), Json::Array(unread));
        }
        if predicted {
            fields.insert("prediction".to_owned(), true.into());
        }
        // Somebody who said nothing is there all the same.
        _ = self.draft.set(&by);
        if !fields.is_empty() {
            self.kept.insert(by.as_ref().map_or("", |by| by.as_str()).to_owned(), Json::Object(fields));
        }
    }

    /// The annotator of that name, or of the next free one: one person may annotate twice.
    fn by(&mut self, name: Option<String>) -> By {
        let first = name.clone().unwrap_or_default();
        if self.names.insert(first.clone()) {
            return name.map(Into::into);
        }
        let first = if first.is_empty() { "annotation".to_owned() } else { first };
        let free = (2..).map(|number| format!("{first} ({number})")).find(|name| !self.names.contains(name))?;
        self.names.insert(free.clone());
        Some(free.into())
    }

    /// Puts results into the set; gives those that are not about text. `more` gets what else they say, by region.
    fn results(&mut self, by: &By, results: Vec<Json>, more: &mut Map<String, Json>) -> Vec<Json> {
        let (mut found, mut unread, mut relations, mut said) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // Where the spans of a region stand among those found.
        let mut regions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for result in results {
            let kind = result.get("type").and_then(Json::as_str).unwrap_or_default();
            if kind == "relation" {
                relations.push(result);
            } else if SPANS.contains(&kind) {
                let spans = self.region(&result, kind);
                if spans.is_empty() {
                    unread.push(result);
                    continue;
                }
                let region = result.get("id").and_then(words);
                if let Some((id, rest)) = region.clone().zip(rest(result)) {
                    more.insert(id, rest);
                }
                let places = regions.entry(region.unwrap_or_default()).or_default();
                places.extend(found.len()..found.len() + spans.len());
                found.extend(spans);
            } else {
                said.push(result);
            }
        }
        for result in said {
            let region = result.get("id").and_then(words).filter(|id| !id.is_empty());
            let region = region.and_then(|id| regions.get(&id));
            let value = value_of(&result);
            match (region, value) {
                (Some(places), Some(value)) => {
                    let name = result.get("from_name").and_then(Json::as_str).unwrap_or("attribute").to_owned();
                    let rest = rest(result);
                    for at in places {
                        if let Some(found) = found.get_mut(*at) {
                            found.attributes.insert(AttributeId::new(name.as_str()), value.clone());
                            if let Some((id, rest)) = found.id.as_ref().zip(rest.clone()) {
                                more.insert(format!("{id} {name}"), rest);
                            }
                        }
                    }
                }
                (None, _) if is_choice(&result) => self.article_labels(by, &result),
                _ => unread.push(result),
            }
        }
        let all = [Counts::CodePoints, Counts::Utf16, Counts::WithoutCr];
        // Without carriage returns the last is the first.
        let count = if self.draft.text().as_str().contains('\r') { 3 } else { 2 };
        let counts = all.get(..count).unwrap_or(&all);
        self.drafts.spans(&mut self.draft, by, found, counts);
        for relation in &relations {
            self.relation(by, relation);
        }
        unread
    }

    /// The spans of a region: one for each of its labels.
    fn region(&mut self, result: &Json, kind: &str) -> Vec<Found> {
        let Some(value) = result.get("value") else { return Vec::new() };
        let offset = |name: &str| value.get(name).and_then(Json::as_u64);
        let global = value.get("globalOffsets");
        let global = |name: &str| global.and_then(|place| place.get(name)).and_then(Json::as_u64);
        let place = offset("start").zip(offset("end")).or_else(|| global("start").zip(global("end")));
        let Some(place) = place else { return Vec::new() };
        // Offsets of pages count what is shown, which need not be the text that stands in the task.
        let quote = value.get("text").and_then(Json::as_str).unwrap_or_default();
        let here = |counts: Counts| {
            let range = counts.range(self.draft.text(), place.0, place.1);
            range.is_ok_and(|range| same(self.draft.text().slice(range), quote))
        };
        if kind != "labels" && !here(Counts::CodePoints) && !here(Counts::Utf16) {
            return Vec::new();
        }
        let labels = value.get(kind).or_else(|| SPANS.iter().find_map(|kind| value.get(kind)));
        let labels = labels.and_then(Json::as_array).cloned().unwrap_or_default();
        let control = result.get("from_name").and_then(Json::as_str).unwrap_or("label");
        let layer = (!PLAIN.contains(&control)).then(|| control.to_owned());
        let to = result.get("to_name").and_then(Json::as_str).unwrap_or("text");
        let notes = result.get("meta").and_then(|meta| meta.get("text"));
        let note = match notes {
            Some(Json::Array(notes)) => notes.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n"),
            Some(Json::String(note)) => note.clone(),
            _ => String::new(),
        };
        let id = result.get("id").and_then(words);
        let mut spans = Vec::new();
        for (count, label) in (1..).zip(labels.iter().filter_map(Json::as_str)) {
            self.controls.insert(label.to_owned(), json!([control, to]));
            let id = id.as_ref().map(|id| if count == 1 { id.clone() } else { format!("{id}-{count}") });
            spans.push(Found {
                id,
                label: label.to_owned(),
                layer: layer.clone(),
                fragments: vec![place],
                words: value.get("text").and_then(Json::as_str).map(str::to_owned),
                attributes: BTreeMap::new(),
                note: note.clone(),
                certainty: result.get("score").and_then(Json::as_f64).and_then(percent),
            });
        }
        spans
    }

    fn article_labels(&mut self, by: &By, result: &Json) {
        let control = result.get("from_name").and_then(Json::as_str).filter(|control| *control != WHOLE);
        let choices = result.get("value").and_then(|value| value.get("choices")).and_then(Json::as_array);
        let certainty = result.get("score").and_then(Json::as_f64).and_then(percent);
        for choice in choices.into_iter().flatten().filter_map(Json::as_str) {
            let id = self.drafts.article_label(&mut self.draft, by, choice, control);
            if let Some(control) = control {
                self.choices.insert(choice.to_owned(), control.into());
            }
            if let Some(label) = self.draft.set(by).labels.get_mut(&id) {
                label.certainty = certainty;
            }
        }
    }

    fn relation(&mut self, by: &By, json: &Json) {
        let end = |name: &str| json.get(name).and_then(words).map(|id| End::Span(SpanId::from(id)));
        let (Some(from), Some(to)) = (end("from_id"), end("to_id")) else {
            let what = "A relation was left out. It needs `from_id` and `to_id`. Repair the file.";
            return self.problem(Severity::Error, what);
        };
        let mut kinds: Vec<&str> = Vec::new();
        kinds.extend(json.get("labels").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str));
        if kinds.is_empty() {
            kinds.push("related");
        }
        let direction = json.get("direction").and_then(Json::as_str).filter(|direction| *direction != "right");
        for kind in kinds {
            let id = self.drafts.relation(&mut self.draft, by, None, kind, from.clone(), to.clone());
            if let Some(direction) = direction {
                let (name, value) = (AttributeId::new("direction"), Value::Choice(direction.to_owned()));
                self.drafts.need_attribute(&name, &value);
                if let Some(relation) = self.draft.set(by).relations.get_mut(&id) {
                    relation.attributes.insert(name, value);
                }
            }
        }
    }
}

/// Whose annotation it is, as far as the file says.
fn whose(fields: &Map<String, Json>, predicted: bool) -> Option<String> {
    if predicted {
        let model = fields.get("model_version").and_then(words).filter(|name| !name.is_empty());
        return Some(model.unwrap_or_else(|| "prediction".to_owned()));
    }
    let person = fields.get("completed_by").filter(|by| !by.is_null());
    let named = person.and_then(|by| by.get("email").or_else(|| by.get("id")).or(Some(by)).and_then(words));
    named.or_else(|| fields.get("created_username").and_then(words)).filter(|name| !name.is_empty())
}

/// What a result says beside what is read of it, if anything.
fn rest(mut result: Json) -> Option<Json> {
    let fields = result.as_object_mut()?;
    let rating = fields.get("type").and_then(Json::as_str) == Some("rating");
    let manual = fields.get("origin").and_then(Json::as_str) == Some("manual");
    for name in ["id", "from_name", "to_name", "type"] {
        fields.remove(name);
    }
    if manual {
        fields.remove("origin");
    }
    if rating {
        fields.insert("type".to_owned(), "rating".into());
    }
    let known: [&[&str]; 2] = [&["text", "kind"], &VALUES];
    for (name, known) in ["meta", "value"].into_iter().zip(known) {
        if let Some(Json::Object(part)) = fields.get_mut(name) {
            part.retain(|name, _| !known.contains(&name.as_str()));
            if part.is_empty() {
                fields.remove(name);
            }
        }
    }
    (!fields.is_empty()).then_some(result)
}

fn is_choice(result: &Json) -> bool {
    let value = result.get("value");
    let choices = value.and_then(|value| value.get("choices")).and_then(Json::as_array);
    let anywhere = value.is_some_and(|value| value.get("start").is_none());
    anywhere && choices.is_some_and(|list| list.iter().all(Json::is_string))
}

/// The value of an attribute; `meta.kind` tells kinds that Label Studio does not know.
fn value_of(result: &Json) -> Option<Value> {
    let value = result.get("value")?;
    let strings = |name: &str| match value.get(name)? {
        Json::Array(list) => list.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
        Json::String(one) => Some(vec![one.clone()]),
        _ => None,
    };
    let one = |name: &str| strings(name)?.into_iter().next();
    let number = |name: &str| value.get(name).and_then(Json::as_f64).map(Value::Number);
    match result.get("meta").and_then(|meta| meta.get("kind")).and_then(Json::as_str) {
        Some("flag") => return Some(Value::Flag(one("choices")? == "yes")),
        Some("choices") => return strings("choices").map(Value::Choices),
        Some("span") => return one("text").map(|id| Value::Span(SpanId::from(id))),
        Some("link") => return one("text").map(Value::Link),
        Some("date") => return one("text").map(Value::Date),
        _ => {}
    }
    match result.get("type").and_then(Json::as_str)? {
        "choices" => strings("choices")
            .and_then(|mut all| if all.len() == 1 { all.pop().map(Value::Choice) } else { Some(Value::Choices(all)) }),
        "textarea" => strings("text").map(|all| Value::Text(all.join("\n"))),
        "number" => number("number"),
        "rating" => number("rating"),
        "datetime" => one("datetime").map(Value::Date),
        _ => None,
    }
}
