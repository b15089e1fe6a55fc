//! Reads records. Flat ones and those of version 1 are brought into the nested form first.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{AGENTS, ANSWERS, FORMAT, PLAIN, QUESTIONS, WHOLE, WHOLES};
use crate::base::env::Env;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::objects::{keep_rest, objects, percent, words};
use crate::format::offsets::Counts;
use crate::format::{Input, Read};
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::problem::Severity;

/// Answers longer than this are texts, not labels, in characters.
const LABEL: usize = 100;

/// Reads a file of records.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    objects(&mut drafts, input, &mut |drafts, number, mut fields| {
        nest(&mut fields);
        record(drafts, input, number, fields);
    });
    drafts.done()
}

/// Brings a flat record, or one of version 1, into the nested form.
fn nest(fields: &mut Map<String, Json>) {
    if fields.get("fields").is_some_and(Json::is_object) {
        return;
    }
    let list = |value: Option<Json>| match value {
        Some(Json::Array(list)) => list,
        _ => Vec::new(),
    };
    let (mut responses, mut suggestions) = (Map::new(), Map::new());
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in &names {
        if let Some(question) = name.strip_suffix(".responses") {
            let mut users = list(fields.remove(&format!("{name}.users"))).into_iter();
            let mut states = list(fields.remove(&format!("{name}.status"))).into_iter();
            let answer = |value: Json| json!({ "value": value, "user_id": users.next(), "status": states.next() });
            let answers: Vec<Json> = list(fields.remove(name)).into_iter().map(answer).collect();
            responses.insert(question.to_owned(), Json::Array(answers));
        } else if let Some(question) = name.strip_suffix(".suggestion") {
            let mut more = |end: &str| fields.remove(&format!("{name}.{end}"));
            let (score, agent) = (more("score"), more("agent"));
            if let Some(value) = fields.remove(name).filter(|value| !value.is_null()) {
                suggestions.insert(question.to_owned(), json!({ "value": value, "score": score, "agent": agent }));
            }
        }
    }
    // Version 1: the label stands first.
    let turned = |value: Json| match value {
        Json::Array(list) => {
            let span = |one: &Json| {
                let (start, end) = (one.get(1)?.as_u64()?, one.get(2)?.as_u64()?);
                Some(json!({ "label": one.get(0)?, "start": start, "end": end, "score": one.get(3) }))
            };
            let label = |one: &Json| one.get(0).or_else(|| one.get("label")).cloned();
            Json::Array(list.into_iter().map(|one| span(&one).or_else(|| label(&one)).unwrap_or(one)).collect())
        }
        other => other,
    };
    if let Some(value) = fields.remove("annotation").filter(|value| !value.is_null()) {
        let user = fields.remove("annotation_agent");
        responses.insert("annotation".to_owned(), json!([{ "value": turned(value), "user_id": user }]));
    }
    if let Some(value) = fields.remove("prediction").filter(|value| !value.is_null()) {
        let agent = fields.remove("prediction_agent");
        suggestions.insert("annotation".to_owned(), json!({ "value": turned(value), "agent": agent }));
    }
    let own = ["id", "status", "_server_id"];
    let texts: Vec<String> = fields
        .iter()
        .filter(|(name, value)| value.is_string() && !own.contains(&name.as_str()))
        .map(|(name, _)| name.clone())
        .collect();
    let texts: Map<String, Json> = texts.into_iter().filter_map(|name| fields.remove_entry(&name)).collect();
    fields.insert("fields".to_owned(), Json::Object(texts));
    for (name, map) in [("responses", responses), ("suggestions", suggestions)] {
        if !map.is_empty() {
            fields.insert(name.to_owned(), Json::Object(map));
        }
    }
}

fn record(drafts: &mut Drafts<'_>, input: &Input<'_>, number: u32, mut fields: Map<String, Json>) {
    let place = format!("article {number}");
    let mut texts = match fields.remove("fields") {
        Some(Json::Object(texts)) => texts,
        _ => Map::new(),
    };
    let text = text_field(input, &texts).and_then(|name| texts.remove_entry(&name));
    let Some((name, Json::String(text))) = text else {
        let names: Vec<_> = texts.keys().take(12).map(|name| format!("‘{name}’")).collect();
        let what =
            format!("A record was left out. It has no text. Choose the field of the text among {}.", names.join(", "));
        return drafts.problem(Severity::Warning, &place, &what);
    };
    let mut draft = drafts.draft(text, Some(number));
    draft.id = fields.remove("id").as_ref().and_then(words).map(ArticleId::from);
    draft.title = fields.get("metadata").and_then(|meta| meta.get("title")?.as_str()).map(str::to_owned);
    if name != "text" {
        draft.keep("text_field", name);
    }
    if !texts.is_empty() {
        draft.keep("fields", Json::Object(texts).to_string());
    }
    let mut said = Said { drafts, draft, place, questions: Map::new(), wholes: Map::new(), answers: Map::new() };
    let mut agents = BTreeSet::new();
    if let Some(Json::Object(responses)) = fields.remove("responses") {
        for (question, answers) in responses {
            for answer in answers.as_array().into_iter().flatten() {
                let by: By = answer.get("user_id").and_then(words).map(AnnotatorId::from);
                said.answer(&question, &by, answer);
            }
        }
    }
    if let Some(Json::Object(suggestions)) = fields.remove("suggestions") {
        for (question, answer) in suggestions {
            let agent = answer.get("agent").and_then(words).filter(|agent| !agent.is_empty());
            let agent = agent.unwrap_or_else(|| "suggestion".to_owned());
            said.answer(&question, &Some(agent.as_str().into()), &answer);
            agents.insert(agent);
        }
    }
    let Said { drafts, mut draft, mut questions, wholes, answers, .. } = said;
    // What the layer of a label tells need not be kept.
    let layers = &drafts.needs().labels;
    let told = |label: &str, question: &Json| {
        layers.get(label).is_some_and(|(layer, _)| question.as_str() == Some(layer.as_str()))
    };
    questions.retain(|label, question| !told(label, question));
    for (name, map) in [(QUESTIONS, questions), (WHOLES, wholes), (ANSWERS, answers)] {
        if !map.is_empty() {
            draft.keep(name, Json::Object(map).to_string());
        }
    }
    if !agents.is_empty() {
        draft.keep(AGENTS, json!(agents).to_string());
    }
    keep_rest(&mut draft, fields);
    drafts.finish(draft);
}

/// The field that holds the text: the one chosen, one of a usual name, or the longest.
fn text_field(input: &Input<'_>, texts: &Map<String, Json>) -> Option<String> {
    let is_text = |name: &&str| texts.get(*name).is_some_and(Json::is_string);
    if let Some(chosen) = input.options.text_field.as_deref() {
        return is_text(&chosen).then(|| chosen.to_owned());
    }
    if let Some(usual) = ["text", "body", "content", "article"].iter().find(|name| is_text(name)) {
        return Some((*usual).to_owned());
    }
    let texts = texts.iter().filter_map(|(name, value)| Some((value.as_str()?, name)));
    texts.max_by_key(|(text, _)| text.len()).map(|(_, name)| name.clone())
}

struct Said<'a, 'b> {
    drafts: &'a mut Drafts<'b>,
    draft: Draft,
    place: String,
    /// The question of the spans of each label.
    questions: Map<String, Json>,
    /// The question of each label of the whole article, and whether it takes one answer.
    wholes: Map<String, Json>,
    /// What is not read.
    answers: Map<String, Json>,
}

impl Said<'_, '_> {
    /// One answer, or suggestion, to one question.
    fn answer(&mut self, question: &str, by: &By, answer: &Json) {
        let state = match answer.get("status").and_then(Json::as_str) {
            Some("submitted") => Some(ReviewState::Done),
            Some("discarded") => Some(ReviewState::Skipped(String::new())),
            Some("draft") => Some(ReviewState::Started),
            _ => None,
        };
        let set = self.draft.set(by);
        if let Some(state) = state {
            set.review.state = state;
        }
        let value = answer.get("value").unwrap_or(&Json::Null);
        let layer = (!PLAIN.contains(&question)).then(|| question.to_owned());
        let short = |words: &&str| words.chars().count() <= LABEL && !words.contains('\n') && !words.is_empty();
        let spans = |list: &Vec<Json>| list.iter().all(|one| one.get("start").is_some() && one.get("end").is_some());
        match value {
            Json::Null => {}
            Json::Array(list) if spans(list) => {
                let found = list.iter().filter_map(|one| self.span(question, layer.as_ref(), one)).collect();
                self.drafts.spans(&mut self.draft, by, found, &[Counts::CodePoints]);
            }
            Json::Array(list) if list.iter().all(|one| one.as_str().as_ref().is_some_and(short)) => {
                list.iter().filter_map(Json::as_str).for_each(|label| self.whole(question, by, label, false));
            }
            Json::String(label) if short(&label.as_str()) => self.whole(question, by, label, true),
            other => {
                let name = by.as_ref().map_or("", |by| by.as_str()).to_owned();
                let all = self.answers.entry(question).or_insert_with(|| json!({}));
                if let Some(all) = all.as_object_mut() {
                    all.insert(name, other.clone());
                }
                let what = format!("An answer to ‘{question}’ is no label. It is kept for Argilla, and not shown.");
                self.drafts.problem(Severity::Note, &self.place, &what);
            }
        }
    }

    fn whole(&mut self, question: &str, by: &By, label: &str, one: bool) {
        let layer = (question != WHOLE && !PLAIN.contains(&question)).then_some(question);
        self.drafts.article_label(&mut self.draft, by, label, layer);
        if question != WHOLE || one {
            self.wholes.insert(label.to_owned(), json!([question, one]));
        }
    }

    fn span(&mut self, question: &str, layer: Option<&String>, json: &Json) -> Option<Found> {
        let number = |name: &str| json.get(name).and_then(Json::as_u64);
        let (Some(label), Some(start), Some(end)) = (json.get("label").and_then(words), number("start"), number("end"))
        else {
            let what = "A span was left out. It needs `label`, `start` and `end`. Repair the file.";
            self.drafts.problem(Severity::Error, &self.place, what);
            return None;
        };
        self.questions.insert(label.clone(), question.into());
        Some(Found {
            label,
            layer: layer.cloned(),
            fragments: vec![(start, end)],
            words: json.get("text").and_then(Json::as_str).map(str::to_owned),
            certainty: json.get("score").and_then(Json::as_f64).and_then(percent),
            ..Found::default()
        })
    }
}
