//! Writes nested records, each with the answers of everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value as Json, json};

use super::{AGENTS, ANSWERS, FORMAT, QUESTIONS, WHOLE, WHOLES};
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::WriteOptions;
use crate::format::objects::{count_but_states, in_order, rest_of};
use crate::format::output::{self, Output};
use crate::model::annotation_set::ReviewState;

/// Writes one record for each article, in one list.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    let mut asked = BTreeMap::new();
    let mut examples = examples.peekable();
    let mut between: &[u8] = b"[\n";
    while let Some(first) = examples.next() {
        let mut all = vec![first];
        while let Some(next) = examples.next_if(|next| all.iter().any(|one| one.article.id == next.article.id)) {
            all.push(next);
        }
        out.write_all(between)?;
        between = b",\n";
        let record = record(&all, &mut asked, &mut losses);
        output::json(out, &record)?;
    }
    out.write_all(if between == b"[\n" { b"[]\n" } else { b"\n]\n" })?;
    for (question, labels) in asked {
        let labels = labels.into_iter().collect::<Vec<_>>().join(", ");
        losses.remarks.push(format!("Argilla needs a question ‘{question}’ with the labels {labels}."));
    }
    losses.remarks.push("Argilla takes answers of people that it knows by their id only.".to_owned());
    Ok(losses)
}

/// Answers to questions: those of everybody by question, in the order of annotators.
type Asked = BTreeMap<String, BTreeSet<String>>;

fn record(all: &[Example], asked: &mut Asked, losses: &mut Losses) -> Json {
    let Some(first) = all.first() else { return Json::Null };
    let article = &first.article;
    let mut record = rest_of(article, FORMAT.id);
    let mut take = |name: &str| record.remove(name).unwrap_or_default();
    let text_field = take("text_field").as_str().map_or_else(|| "text".to_owned(), str::to_owned);
    let mut fields = match take("fields") {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.insert(text_field, article.text().as_str().into());
    let (questions, wholes, answers, agents) = (take(QUESTIONS), take(WHOLES), take(ANSWERS), take(AGENTS));
    let (mut responses, mut suggestions) = (Map::new(), Map::new());
    for example in all {
        count_but_states(example, FORMAT.carries, losses);
        let Some((by, set)) = &example.set else { continue };
        let agent =
            agents.as_array().is_some_and(|agents| agents.iter().any(|agent| agent.as_str() == Some(by.as_str())));
        let mut values = values(example, &questions, &wholes, agent, asked, losses);
        for (question, answers) in answers.as_object().into_iter().flatten() {
            let alone = answers.get("").filter(|_| all.len() == 1);
            if let Some(answer) = answers.get(by.as_str()).or(alone) {
                values.insert(question.clone(), answer.clone());
            }
        }
        let state = match &set.review.state {
            ReviewState::New => None,
            ReviewState::Done => Some("submitted"),
            ReviewState::Skipped(_) => Some("discarded"),
            ReviewState::Started | ReviewState::Unsure(_) => Some("draft"),
        };
        let lost = match &set.review.state {
            ReviewState::Unsure(_) => true,
            ReviewState::Skipped(why) => !why.is_empty(),
            state => agent && *state != ReviewState::New,
        };
        if lost {
            losses.add(LossKind::States, &article.id, None, set.review.state.word());
        }
        if values.is_empty() && state.is_some() && !agent {
            // The state needs an answer to stand at.
            values.insert("spans".to_owned(), json!([]));
        }
        for (question, value) in values {
            if agent {
                suggestions.insert(question, json!({ "value": value, "agent": by.as_str() }));
                continue;
            }
            let mut answer = json!({ "value": value, "user_id": by.as_str() });
            if let (Some(answer), Some(state)) = (answer.as_object_mut(), state) {
                answer.insert("status".to_owned(), state.into());
            }
            let answers = responses.entry(question).or_insert_with(|| json!([]));
            if let Some(answers) = answers.as_array_mut() {
                answers.push(answer);
            }
        }
    }
    record.insert("id".to_owned(), article.id.as_str().into());
    record.insert("fields".to_owned(), Json::Object(fields));
    record.insert("responses".to_owned(), Json::Object(responses));
    record.insert("suggestions".to_owned(), Json::Object(suggestions));
    record.entry("metadata").or_insert_with(|| json!({}));
    Json::Object(record)
}

/// What one annotator, or agent, says: a value for each question.
fn values(
    example: &Example,
    questions: &Json,
    wholes: &Json,
    agent: bool,
    asked: &mut Asked,
    losses: &mut Losses,
) -> BTreeMap<String, Json> {
    let article = &example.article.id;
    let mut spans: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (_, span) in in_order(example) {
        if span.at.fragments().len() > 1 {
            losses.add(LossKind::FragmentsDropped, article, Some(span.at.hull()), &span.quote);
            continue;
        }
        let label = span.label.as_str();
        let known = questions.get(label).and_then(Json::as_str);
        let layer = example.schema.labels.get(&span.label).map(|label| label.layer.as_str());
        let question = known.or(layer).unwrap_or("spans");
        let mut one = json!({ "label": label, "start": span.at.start(), "end": span.at.end() });
        match (one.as_object_mut(), span.certainty) {
            (Some(one), Some(certainty)) if agent => {
                one.insert("score".to_owned(), json!(f64::from(certainty) / 100.0));
            }
            (_, Some(_)) => losses.add(LossKind::Certainty, article, Some(span.at.hull()), &span.quote),
            _ => {}
        }
        asked.entry(question.to_owned()).or_default().insert(label.to_owned());
        spans.entry(question.to_owned()).or_default().push(one);
    }
    let mut values: BTreeMap<String, Json> = spans.into_iter().map(|(name, list)| (name, list.into())).collect();
    let labels = example.set.iter().flat_map(|(_, set)| set.labels.keys());
    let mut whole: BTreeMap<&str, (bool, Vec<&str>)> = BTreeMap::new();
    for label in labels {
        let known = wholes.get(label.as_str());
        let question = known.and_then(|known| known.get(0)?.as_str());
        // A question cannot take spans and labels of the whole.
        let question = question.filter(|question| !values.contains_key(*question)).unwrap_or(WHOLE);
        let one = known.and_then(|known| known.get(1)?.as_bool()).unwrap_or_default();
        let (single, all) = whole.entry(question).or_insert((one, Vec::new()));
        *single &= one;
        all.push(label.as_str());
        asked.entry(question.to_owned()).or_default().insert(label.as_str().to_owned());
    }
    for (question, (single, all)) in whole {
        let value = match all.as_slice() {
            [one] if single => (*one).into(),
            all => json!(all),
        };
        values.insert(question.to_owned(), value);
    }
    values
}
