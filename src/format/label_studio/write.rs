//! Writes tasks, each with the annotations of everybody, and the labelling interface with all that was written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::{CHOICES, CONFIG, CONTROLS, FORMAT, KEPT, MORE, WHOLE};
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::objects::{in_order, percent, rest_of};
use crate::format::output::{self, Output};
use crate::format::{WriteOptions, count_lost};
use crate::model::annotation_set::{AnnotationSet, ReviewState};
use crate::model::id::SpanId;
use crate::model::relation::End;
use crate::model::schema::Schema;
use crate::model::span::Span;
use crate::model::value::Value;

/// What was written, for the labelling interface: values by control.
#[derive(Default)]
struct Controls {
    labels: BTreeMap<String, BTreeSet<String>>,
    whole: BTreeMap<String, BTreeSet<String>>,
    choices: BTreeMap<String, (bool, BTreeSet<String>)>,
    texts: BTreeSet<String>,
    numbers: BTreeSet<String>,
    ratings: BTreeSet<String>,
    dates: BTreeSet<String>,
    relations: BTreeSet<String>,
}

/// Writes one task for each article.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let (mut losses, mut controls) = (Losses::default(), Controls::default());
    losses
        .remarks
        .push(format!("The labelling interface is in ‘{CONFIG}’; paste it into the settings of the project."));
    let file = out.file("tasks.json")?;
    let mut examples = examples.peekable();
    let mut number = 0_u32;
    file.write_all(b"[")?;
    while let Some(first) = examples.next() {
        let mut all = vec![first];
        while let Some(next) = examples.next_if(|next| all.iter().any(|one| one.article.id == next.article.id)) {
            all.push(next);
        }
        file.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        number += 1;
        let task = task(&all, number, &mut controls, &mut losses);
        output::json(file, &task)?;
    }
    file.write_all(b"\n]\n")?;
    config(&controls, out.file(CONFIG)?)?;
    Ok(losses)
}

fn task(all: &[Example], number: u32, controls: &mut Controls, losses: &mut Losses) -> Json {
    let Some(first) = all.first() else { return Json::Null };
    let article = &first.article;
    let mut task = rest_of(article, FORMAT.id);
    let text_field = task.remove("text_field").and_then(|name| name.as_str().map(str::to_owned));
    let text_field = text_field.unwrap_or_else(|| "text".to_owned());
    let mut data = match task.remove("data") {
        Some(Json::Object(data)) => data,
        _ => Map::new(),
    };
    data.insert(text_field, article.text().as_str().into());
    data.insert("article_id".to_owned(), article.id.as_str().into());
    data.insert("title".to_owned(), article.title.as_str().into());
    for (name, value) in [("language", &article.language), ("url", &article.source.url)] {
        if let Some(value) = value {
            data.insert(name.to_owned(), value.as_str().into());
        }
    }
    let notes = task.remove(KEPT).unwrap_or_default();
    let names = [CONTROLS, CHOICES].map(|name| task.remove(name).unwrap_or_default());
    let (mut annotations, mut predictions) = (Vec::new(), Vec::new());
    for example in all {
        count_lost(example, FORMAT.carries, losses);
        let Some((by, _)) = &example.set else { continue };
        let kept = notes.get(by.as_str()).or_else(|| notes.get("").filter(|_| all.len() == 1));
        let mut fields = kept.and_then(Json::as_object).cloned().unwrap_or_default();
        let predicted = fields.remove("prediction").is_some();
        let annotation = annotation(example, fields, predicted, &names, controls, losses);
        if predicted { predictions.push(annotation) } else { annotations.push(annotation) }
    }
    task.insert("data".to_owned(), Json::Object(data));
    task.insert("annotations".to_owned(), Json::Array(annotations));
    task.insert("predictions".to_owned(), Json::Array(predictions));
    task.entry("id").or_insert_with(|| number.into());
    Json::Object(task)
}

fn annotation(
    example: &Example,
    mut fields: Map<String, Json>,
    predicted: bool,
    [names, choices]: &[Json; 2],
    controls: &mut Controls,
    losses: &mut Losses,
) -> Json {
    let Some((by, set)) = &example.set else { return Json::Null };
    let article = &example.article.id;
    let mut results = Vec::new();
    let kept = Kept { names, more: &fields.remove(MORE).unwrap_or_default() };
    for (id, span) in in_order(example) {
        region(example, id, span, &kept, controls, losses, &mut results);
    }
    let mut relations: Vec<_> = set.relations.values().collect();
    relations.sort_by_key(|relation| (written(set, &relation.from), written(set, &relation.to), &relation.kind));
    for relation in relations {
        let (Some((_, from)), Some((_, to))) = (written(set, &relation.from), written(set, &relation.to)) else {
            losses.add(LossKind::Relations, article, None, relation.kind.as_str());
            continue;
        };
        let mut direction = "right".to_owned();
        for (name, value) in &relation.attributes {
            match value {
                Value::Choice(value) if name.as_str() == "direction" => direction.clone_from(value),
                _ => losses.add(LossKind::Attributes, article, None, name.as_str()),
            }
        }
        if !relation.note.is_empty() {
            losses.add(LossKind::Notes, article, None, &relation.note);
        }
        controls.relations.insert(relation.kind.as_str().to_owned());
        results.push(json!({
            "type": "relation", "from_id": from.as_str(), "to_id": to.as_str(), "direction": direction,
            "labels": [relation.kind.as_str()],
        }));
    }
    let mut whole: BTreeMap<(String, Option<u8>), Vec<&str>> = BTreeMap::new();
    for (id, label) in &set.labels {
        let control = choices.get(id.as_str()).and_then(Json::as_str).unwrap_or(WHOLE).to_owned();
        whole.entry((control, label.certainty)).or_default().push(id.as_str());
        label.attributes.keys().for_each(|name| losses.add(LossKind::Attributes, article, None, name.as_str()));
        if !label.note.is_empty() {
            losses.add(LossKind::Notes, article, None, &label.note);
        }
    }
    for ((control, certainty), choices) in whole {
        controls.whole.entry(control.clone()).or_default().extend(choices.iter().map(|choice| (*choice).to_owned()));
        let value = json!({ "choices": choices });
        let mut result = json!({ "from_name": control, "to_name": "text", "type": "choices", "value": value });
        if let Some(certainty) = certainty {
            insert(&mut result, "score", json!(f64::from(certainty) / 100.0));
        }
        results.push(result);
    }
    for question in set.questions.values() {
        losses.add(LossKind::Questions, article, None, &question.text);
    }
    if !set.review.note.is_empty() {
        losses.add(LossKind::Notes, article, None, &set.review.note);
    }
    let skipped = matches!(&set.review.state, ReviewState::Skipped(_));
    if !matches!(&set.review.state, ReviewState::New) && (!skipped || predicted) {
        losses.add(LossKind::States, article, None, set.review.state.word());
    }
    if let Some(Json::Array(unread)) = fields.remove("result") {
        results.extend(unread);
    }
    fields.insert("result".to_owned(), Json::Array(results));
    if predicted {
        fields.entry("model_version").or_insert_with(|| by.as_str().into());
        return Json::Object(fields);
    }
    fields.insert("was_cancelled".to_owned(), skipped.into());
    if fields.get("completed_by").is_none_or(Json::is_null) {
        match by.as_str().parse::<u32>() {
            // Label Studio knows people by number; a name would stop its import.
            Ok(number) => fields.insert("completed_by".to_owned(), number.into()),
            Err(_) => fields.insert("created_username".to_owned(), by.as_str().into()),
        };
    }
    Json::Object(fields)
}

/// Where the end of a relation starts and what it is called, if it is a span that is written.
fn written<'a>(set: &AnnotationSet, end: &'a End) -> Option<(u32, &'a SpanId)> {
    match end {
        End::Span(id) => {
            set.spans.get(id).filter(|span| span.at.fragments().len() == 1).map(|span| (span.at.start(), id))
        }
        End::Relation(_) => None,
    }
}

fn layer(schema: &Schema, label: &crate::model::id::LabelId) -> String {
    schema.labels.get(label).map_or_else(|| "label".to_owned(), |label| label.layer.as_str().to_owned())
}

/// What is known of results from where they came.
struct Kept<'a> {
    /// Controls and texts by label.
    names: &'a Json,
    /// What else they said, by region, or region and attribute.
    more: &'a Json,
}

/// Gives a result what else it said when it came.
fn complete(result: &mut Json, more: Option<&Json>) {
    for (name, value) in more.and_then(Json::as_object).into_iter().flatten() {
        match (result.get_mut(name), value) {
            (Some(Json::Object(fields)), Json::Object(more)) => {
                for (name, value) in more {
                    fields.entry(name).or_insert_with(|| value.clone());
                }
            }
            (Some(_), _) if name != "origin" => {}
            _ => insert(result, name, value.clone()),
        }
    }
}

fn region(
    example: &Example,
    id: &SpanId,
    span: &Span,
    kept: &Kept<'_>,
    controls: &mut Controls,
    losses: &mut Losses,
    results: &mut Vec<Json>,
) {
    if span.at.fragments().len() > 1 {
        return losses.add(LossKind::FragmentsDropped, &example.article.id, Some(span.at.hull()), &span.quote);
    }
    let label = span.label.as_str();
    let known = kept.names.get(label).and_then(Json::as_array);
    let known = |at: usize| known.and_then(|names| names.get(at)).and_then(Json::as_str);
    let control = known(0).map_or_else(|| layer(&example.schema, &span.label), str::to_owned);
    let to = known(1).unwrap_or("text");
    let words = example.article.text().slice(span.at.hull());
    let place = json!({ "start": span.at.start(), "end": span.at.end(), "text": words });
    let mut value = place.clone();
    insert(&mut value, "labels", json!([label]));
    let mut result =
        json!({ "id": id.as_str(), "from_name": control, "to_name": to, "type": "labels", "value": value });
    if !span.note.is_empty() {
        insert(&mut result, "meta", json!({ "text": [span.note] }));
    }
    let more = kept.more.get(id.as_str());
    // The score that came is finer, and the same as long as nobody said otherwise.
    let score = more.and_then(|more| more.get("score")?.as_f64()).and_then(percent);
    if let Some(certainty) = span.certainty.filter(|certainty| score != Some(*certainty)) {
        insert(&mut result, "score", json!(f64::from(certainty) / 100.0));
    }
    insert(&mut result, "origin", "manual".into());
    complete(&mut result, more);
    results.push(result);
    controls.labels.entry(control).or_default().insert(label.to_owned());
    for (name, said) in &span.attributes {
        let name = name.as_str();
        let one = |words: &str| json!([words]);
        let more = kept.more.get(format!("{id} {name}"));
        let rating = more.and_then(|more| more.get("type")).and_then(Json::as_str) == Some("rating");
        let (kind, own, field, said) = match said {
            Value::Flag(yes) => ("choices", Some("flag"), "choices", one(if *yes { "yes" } else { "no" })),
            Value::Choice(choice) => ("choices", None, "choices", one(choice)),
            Value::Choices(all) => ("choices", Some("choices"), "choices", json!(all)),
            Value::Text(text) => ("textarea", None, "text", one(text)),
            Value::Number(number) if rating => ("rating", None, "rating", json!(number)),
            Value::Number(number) => ("number", None, "number", json!(number)),
            Value::Date(date) => ("datetime", None, "datetime", json!(date)),
            Value::Span(id) => ("textarea", Some("span"), "text", one(id.as_str())),
            Value::Link(link) => ("textarea", Some("link"), "text", one(link)),
        };
        match kind {
            "choices" => {
                let (several, all) = controls.choices.entry(name.to_owned()).or_default();
                *several |= own == Some("choices");
                all.extend(said.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned));
            }
            "number" => _ = controls.numbers.insert(name.to_owned()),
            "rating" => _ = controls.ratings.insert(name.to_owned()),
            "datetime" => _ = controls.dates.insert(name.to_owned()),
            _ => _ = controls.texts.insert(name.to_owned()),
        }
        let mut value = place.clone();
        insert(&mut value, field, said);
        // The words stand where a text area has its own.
        if let Some(value) = value.as_object_mut().filter(|_| field != "text") {
            value.remove("text");
        }
        let mut result = json!({ "id": id.as_str(), "from_name": name, "to_name": to, "type": kind, "value": value });
        if let Some(own) = own {
            insert(&mut result, "meta", json!({ "kind": own }));
        }
        complete(&mut result, more);
        results.push(result);
    }
}

fn insert(json: &mut Json, name: &str, value: Json) {
    if let Some(fields) = json.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// The labelling interface: a control for each layer and attribute.
fn config(controls: &Controls, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<View>")?;
    let list = |out: &mut dyn Write, tag: &str, all: &BTreeSet<String>| -> io::Result<()> {
        all.iter().try_for_each(|value| writeln!(out, "    <{tag} value=\"{}\"/>", escape(value)))
    };
    for (name, labels) in &controls.labels {
        writeln!(out, "  <Labels name=\"{}\" toName=\"text\">", escape(name))?;
        list(out, "Label", labels)?;
        writeln!(out, "  </Labels>")?;
    }
    writeln!(out, "  <Text name=\"text\" value=\"$text\"/>")?;
    for (name, (several, choices)) in &controls.choices {
        let choice = if *several { "multiple" } else { "single" };
        let name = escape(name);
        writeln!(out, "  <Choices name=\"{name}\" toName=\"text\" perRegion=\"true\" choice=\"{choice}\">")?;
        list(out, "Choice", choices)?;
        writeln!(out, "  </Choices>")?;
    }
    for (name, choices) in &controls.whole {
        writeln!(out, "  <Choices name=\"{}\" toName=\"text\" choice=\"multiple\">", escape(name))?;
        list(out, "Choice", choices)?;
        writeln!(out, "  </Choices>")?;
    }
    for name in &controls.texts {
        writeln!(out, "  <TextArea name=\"{}\" toName=\"text\" perRegion=\"true\"/>", escape(name))?;
    }
    for (tag, names) in [("Number", &controls.numbers), ("Rating", &controls.ratings), ("DateTime", &controls.dates)] {
        for name in names {
            writeln!(out, "  <{tag} name=\"{}\" toName=\"text\" perRegion=\"true\"/>", escape(name))?;
        }
    }
    if !controls.relations.is_empty() {
        writeln!(out, "  <Relations>")?;
        list(out, "Relation", &controls.relations)?;
        writeln!(out, "  </Relations>")?;
    }
    writeln!(out, "</View>")
}

fn escape(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\n', "&#10;")
}
