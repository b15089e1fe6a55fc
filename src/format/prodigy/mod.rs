//! Prodigy: a task a line, with tokens, spans, relations and an answer. Offsets are code points.
//!
//! A task that was rejected or ignored is skipped work here, not gold. Lines of one task by several annotators are one
//! article. What else a task says is kept for the way back.

mod tokens;
mod write;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::base::env::Env;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::objects::{keep_rest, kept, objects, percent, shape, words};
use crate::format::offsets::Counts;
use crate::format::{Carries, Format, Input, OptionKind, Read};
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, ArticleId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "prodigy",
    name: "Prodigy JSON Lines",
    extensions: &["jsonl"],
    reads: Some(read),
    writes: Some(write::write),
    carries: Carries { fragments: false, attributes: false, notes: false, ..Carries::EVERYTHING },
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::Tokenizer],
    ..Format::NONE
};

/// What Prodigy says of a span that is not said otherwise.
const SPAN: [&str; 6] = ["start", "end", "label", "token_start", "token_end", "text"];

/// Where an article keeps whose line it was read from.
const FIRST: &str = "first_annotator";

/// Where an article keeps what the lines of others say.
const OTHERS: &str = "other_annotators";

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let own = shape.any(&["_input_hash", "_task_hash", "_view_id"]);
    let tokens = shape.has("spans/token_start") && shape.has("spans/token_end");
    shape.lists < 2 && shape.has("text") && (own || tokens) && !shape.has("unit")
}

/// What the line of each person says beside what is read; nothing for the first, whose line is the article's.
type People = BTreeMap<AnnotatorId, Option<Map<String, Json>>>;

/// Reads a file of tasks.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let mut all: Vec<(Draft, People)> = Vec::new();
    // Where the article of a task stands, so that others who worked on it join.
    let mut known = BTreeMap::new();
    objects(&mut drafts, input, &mut |drafts, number, mut fields| {
        let place = format!("article {number}");
        let Some(Json::String(text)) = fields.remove("text") else {
            let what = "A task was left out. It has no text. Tasks on pictures and sounds cannot be read.";
            return drafts.problem(Severity::Warning, &place, what);
        };
        let mut draft = drafts.draft(text, Some(number));
        if let Some(Json::Object(meta)) = fields.get_mut("meta") {
            draft.id = meta.remove("article_id").as_ref().and_then(words).map(ArticleId::from);
            draft.title = meta.get("title").and_then(Json::as_str).map(str::to_owned);
        }
        let name = |field: &&str| fields.get(*field).and_then(words).filter(|name| !name.is_empty());
        let field = ["_annotator_id", "_session_id"].into_iter().find(|field| name(field).is_some());
        let by: By = field.and_then(|field| name(&field)).map(AnnotatorId::from);
        let task =
            draft.id.as_ref().map(|id| id.to_string()).or_else(|| fields.get("_input_hash").map(Json::to_string));
        let key = task.map(|task| (draft.text().hash(), task));
        if let Some((by, field)) = by.as_ref().zip(field) {
            fields.remove(field);
            let there = key.as_ref().and_then(|key| known.get(key)).and_then(|at: &usize| all.get_mut(*at));
            if let Some((draft, people)) = there.filter(|(_, people)| !people.contains_key(by)) {
                said(drafts, draft, &Some(by.clone()), &mut fields, &place);
                // Tokens are those of the article.
                if fields.get("tokens").map(kept).as_ref() == draft.source.extra.get("tokens") {
                    fields.remove("tokens");
                }
                people.insert(by.clone(), Some(fields));
                return;
            }
        }
        said(drafts, &mut draft, &by, &mut fields, &place);
        keep_rest(&mut draft, fields);
        if let Some(key) = key {
            known.entry(key).or_insert(all.len());
        }
        all.push((draft, by.into_iter().map(|by| (by, None)).collect()));
    });
    for (mut draft, people) in all {
        if let Some(first) = people.iter().find(|(_, fields)| fields.is_none()).map(|(by, _)| by.as_str().to_owned()) {
            draft.keep(FIRST, first);
        }
        let others = people.into_iter().filter_map(|(by, fields)| Some((by.as_str().to_owned(), fields?.into())));
        let others: Map<String, Json> = others.collect();
        if !others.is_empty() {
            draft.keep(OTHERS, Json::Object(others).to_string());
        }
        drafts.finish(draft);
    }
    drafts.done()
}

/// Takes what a line says of its text; what is left of the fields is not understood.
fn said(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, fields: &mut Map<String, Json>, place: &str) {
    let tokens = take_list(fields, "tokens");
    // The spans of each place, with their labels.
    let mut spans: BTreeMap<(u64, u64), Vec<(SpanId, String)>> = BTreeMap::new();
    let mut more = Map::new();
    let list = take_list(fields, "spans");
    let mut count = 0_usize;
    for json in list {
        let number = |name: &str| json.get(name).and_then(Json::as_u64);
        let label = json.get("label").and_then(words).filter(|label| !label.is_empty());
        let (Some(start), Some(end), Some(label)) = (number("start"), number("end"), label) else {
            let what = "A span was left out. It needs `start`, `end` and `label`. Repair the line.";
            drafts.problem(Severity::Error, place, what);
            continue;
        };
        let found = Found {
            label: label.clone(),
            fragments: vec![(start, end)],
            words: json.get("text").and_then(Json::as_str).map(str::to_owned),
            certainty: json.get("score").and_then(Json::as_f64).and_then(percent),
            ..Found::default()
        };
        count += 1;
        let Some(id) = drafts.span(draft, by, found, Counts::CodePoints) else { continue };
        let own: Map<String, Json> = json
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !SPAN.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !own.is_empty() {
            more.insert(format!("{start}-{end} {label}"), Json::Object(own));
        }
        spans.entry((start, end)).or_default().push((id, label));
    }
    if !more.is_empty() {
        fields.insert("span_fields".to_owned(), Json::Object(more));
    }
    fields.insert("spans".to_owned(), count.into());
    let end = |json: &Json, name: &str| -> Option<SpanId> {
        let whole = json.get(format!("{name}_span"));
        let place = |field: &str| whole.and_then(|span| span.get(field)).and_then(Json::as_u64);
        let label = whole.and_then(|span| span.get("label")).and_then(words);
        if let (Some(from), Some(to)) = (place("start"), place("end")) {
            let there = spans.get(&(from, to))?;
            let named = there.iter().find(|(_, known)| Some(known) == label.as_ref());
            return named.or(there.first()).map(|(id, _)| id.clone());
        }
        let token = tokens.get(usize::try_from(json.get(name)?.as_u64()?).ok()?)?;
        let at = token.get("start")?.as_u64()?;
        // Spans that begin after the token cannot hold it.
        let mut before = spans.range(..=(at, u64::MAX)).rev();
        let (_, there) = before.find(|((_, end), _)| at < *end)?;
        there.first().map(|(id, _)| id.clone())
    };
    let mut colors = Map::new();
    for json in take_list(fields, "relations") {
        let kind = json.get("label").and_then(words).filter(|kind| !kind.is_empty());
        if let (Some(from), Some(to), Some(kind)) = (end(&json, "head"), end(&json, "child"), kind) {
            drafts.relation(draft, by, None, &kind, End::Span(from), End::Span(to));
            if let Some(color) = json.get("color") {
                colors.insert(kind, color.clone());
            }
        } else {
            let what = "A relation was left out. It needs a label and spans at both ends. Repair the line.";
            drafts.problem(Severity::Error, place, what);
        }
    }
    if !colors.is_empty() {
        fields.insert("relation_colors".to_owned(), Json::Object(colors));
    }
    if !tokens.is_empty() {
        if let Some(places) = tokens.iter().map(tokens::range).collect::<Option<Vec<_>>>() {
            draft.keep_tokens(&places);
        }
        let short = tokens::shorten(draft.text(), &tokens);
        fields.insert("tokens".to_owned(), short.map_or(Json::Array(tokens), Json::String));
    }
    answer(drafts, draft, by, fields);
}

fn answer(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, fields: &mut Map<String, Json>) {
    let answer = fields.get("answer").and_then(Json::as_str).map(str::to_owned);
    draft.set(by).review.state = match answer.as_deref() {
        Some("accept") => ReviewState::Done,
        Some(other @ ("reject" | "ignore")) => ReviewState::Skipped(other.to_owned()),
        _ => ReviewState::New,
    };
    let gold = matches!(answer.as_deref(), None | Some("accept"));
    if gold || answer.as_deref() == Some("reject") || answer.as_deref() == Some("ignore") {
        fields.remove("answer");
    }
    // A label that was rejected is not one of the article; it goes back as it came.
    let label = fields.get("label").and_then(words).filter(|label| gold && !label.is_empty());
    if let Some(label) = label {
        fields.remove("label");
        drafts.article_label(draft, by, &label, None);
    }
    if fields
        .get("accept")
        .is_some_and(|accept| accept.as_array().is_some_and(|list| list.iter().all(|one| words(one).is_some())))
    {
        for label in take_list(fields, "accept").iter().filter_map(words) {
            drafts.article_label(draft, by, &label, None);
        }
    }
}

fn take_list(fields: &mut Map<String, Json>, name: &str) -> Vec<Json> {
    match fields.remove(name) {
        Some(Json::Array(list)) => list,
        Some(Json::Null) | None => Vec::new(),
        Some(other) => {
            fields.insert(name.to_owned(), json!({ "unread": other }));
            Vec::new()
        }
    }
}
