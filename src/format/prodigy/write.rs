//! Writes tasks. Tokens are those the task came with, or words; edges of spans cut them where they need it.

use std::io;

use serde_json::{Map, Value as Json, json};

use super::tokens::{Came, Written, written};
use super::{FIRST, FORMAT, OTHERS};
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::WriteOptions;
use crate::format::objects::{count_but_states, in_order, percent, rest_of};
use crate::format::output::{self, Output};
use crate::format::pieces::{Piece, of_example, tokens_of};
use crate::model::annotation_set::{AnnotationSet, ReviewState};
use crate::model::relation::End;
use crate::model::span::{Origin, Span};

/// Writes one task for each example.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    for example in examples {
        let (task, tokens) = task(&example, options, &mut losses);
        out.write_all(b"{")?;
        for (name, value) in &task {
            output::json(out, name)?;
            out.write_all(b":")?;
            output::json(out, value)?;
            out.write_all(b",")?;
        }
        // Last and on their own, since there are so many.
        out.write_all(b"\"tokens\":")?;
        output::json(out, &tokens)?;
        out.write_all(b"}\n")?;
    }
    Ok(losses)
}

/// The fields of a task, and its tokens, which are not among them.
fn task<'a>(example: &'a Example, options: &WriteOptions, losses: &mut Losses) -> (Map<String, Json>, Written<'a>) {
    let article = &example.article;
    count(example, losses);
    let mut task = fields_of(example);
    let came = task.remove("tokens").and_then(Came::of);
    let pieces = of_example(example, came.as_ref().map(Came::ranges), options.tokenizer);
    let more = task.remove("span_fields").unwrap_or_default();
    let colors = task.remove("relation_colors").unwrap_or_default();
    let before = task.remove("spans").and_then(|count| count.as_u64());
    let mut spans = Vec::new();
    let mut same = true;
    for (_, span) in in_order(example) {
        if span.at.fragments().len() > 1 {
            losses.add(LossKind::FragmentsDropped, &article.id, Some(span.at.hull()), &span.quote);
            continue;
        }
        same &= span.origin == Origin::Imported(FORMAT.id.to_owned());
        let mut one = place(span, &pieces);
        let key = format!("{}-{} {}", span.at.start(), span.at.end(), span.label);
        for (name, value) in more.get(&key).and_then(Json::as_object).into_iter().flatten() {
            one.insert(name.clone(), value.clone());
        }
        let score = one.get("score").and_then(Json::as_f64).and_then(percent);
        if let Some(certainty) = span.certainty.filter(|certainty| score != Some(*certainty)) {
            one.insert("score".to_owned(), json!(f64::from(certainty) / 100.0));
        }
        spans.push(Json::Object(one));
    }
    if !same || before != u64::try_from(spans.len()).ok() {
        // Prodigy makes a new one; the old one stands for other spans.
        task.remove("_task_hash");
    }
    let tokens = written(article.text(), &pieces, came);
    let set = example.set.as_ref().map(|(_, set)| &**set);
    let relations = set.map(|set| relations(example, set, &pieces, &colors, losses)).unwrap_or_default();
    let labels: Vec<&str> = set.into_iter().flat_map(|set| set.labels.keys()).map(|label| label.as_str()).collect();
    let view = if !relations.is_empty() {
        "relations"
    } else if labels.len() > 1 {
        "choice"
    } else if spans.is_empty() && !labels.is_empty() {
        "classification"
    } else {
        "spans_manual"
    };
    task.entry("_view_id").or_insert_with(|| view.into());
    if !relations.is_empty() {
        task.insert("relations".to_owned(), Json::Array(relations));
    }
    let rejected = set.is_some_and(|set| matches!(&set.review.state, ReviewState::Skipped(_)));
    match labels.as_slice() {
        // A label of a task that was not rejected would be one of the article.
        [] if !rejected => _ = task.remove("label"),
        [] => {}
        [one] if !task.contains_key("options") => _ = task.insert("label".to_owned(), (*one).into()),
        all => {
            let choices = all.iter().map(|label| json!({ "id": label, "text": label })).collect();
            task.entry("options").or_insert(Json::Array(choices));
            task.insert("accept".to_owned(), json!(all));
        }
    }
    task.insert("text".to_owned(), article.text().as_str().into());
    task.insert("spans".to_owned(), Json::Array(spans));
    let meta = task.entry("meta").or_insert_with(|| json!({}));
    if let Some(meta) = meta.as_object_mut() {
        meta.insert("article_id".to_owned(), article.id.as_str().into());
        meta.entry("title").or_insert_with(|| article.title.as_str().into());
    }
    if let Some((by, set)) = &example.set {
        task.insert("_annotator_id".to_owned(), by.as_str().into());
        let answer = match &set.review.state {
            ReviewState::Done => Some("accept"),
            ReviewState::Skipped(why) if why == "reject" => Some("reject"),
            ReviewState::Skipped(_) => Some("ignore"),
            _ => None,
        };
        if let Some(answer) = answer {
            task.insert("answer".to_owned(), answer.into());
        }
    }
    (task, tokens)
}

/// What was kept of the line that this annotator's work came from; of another one's, what is not about that one.
fn fields_of(example: &Example) -> Map<String, Json> {
    let mut fields = rest_of(&example.article, FORMAT.id);
    let first = fields.remove(FIRST);
    let others = fields.remove(OTHERS);
    let Some((by, _)) = &example.set else { return fields };
    if let Some(own) = others.as_ref().and_then(|others| others.get(by.as_str())).and_then(Json::as_object) {
        let mut own = own.clone();
        if let Some(tokens) = fields.remove("tokens") {
            own.entry("tokens").or_insert(tokens);
        }
        return own;
    }
    if first.is_some_and(|first| first.as_str() != Some(by.as_str())) {
        let own = ["_session_id", "_timestamp", "_task_hash", "answer", "span_fields", "spans"];
        fields.retain(|name, _| !own.contains(&name.as_str()));
    }
    fields
}

/// Counts what has no room: notes and all, but not states, which are answers.
fn count(example: &Example, losses: &mut Losses) {
    count_but_states(example, FORMAT.carries, losses);
    let Some((_, set)) = &example.set else { return };
    let article = &example.article.id;
    let lost = match &set.review.state {
        ReviewState::New | ReviewState::Done => false,
        ReviewState::Skipped(why) => !matches!(why.as_str(), "" | "reject" | "ignore"),
        ReviewState::Started | ReviewState::Unsure(_) => true,
    };
    if lost {
        losses.add(LossKind::States, article, None, set.review.state.word());
    }
}

fn place(span: &Span, pieces: &[Piece]) -> Map<String, Json> {
    let mut one = Map::new();
    one.insert("start".to_owned(), span.at.start().into());
    one.insert("end".to_owned(), span.at.end().into());
    one.insert("label".to_owned(), span.label.as_str().into());
    if let Some((first, last)) = tokens_of(pieces, span.at.hull()) {
        one.insert("token_start".to_owned(), first.into());
        one.insert("token_end".to_owned(), last.into());
    }
    one
}

fn relations(
    example: &Example,
    set: &AnnotationSet,
    pieces: &[Piece],
    colors: &Json,
    losses: &mut Losses,
) -> Vec<Json> {
    let article = &example.article.id;
    let span = |end: &End| match end {
        End::Span(id) => set.spans.get(id).filter(|span| span.at.fragments().len() == 1),
        End::Relation(_) => None,
    };
    let mut found = Vec::new();
    for relation in set.relations.values() {
        for name in relation.attributes.keys() {
            losses.add(LossKind::Attributes, article, None, name.as_str());
        }
        if !relation.note.is_empty() {
            losses.add(LossKind::Notes, article, None, &relation.note);
        }
        match (span(&relation.from), span(&relation.to)) {
            (Some(from), Some(to)) => found.push((from, to, relation.kind.as_str())),
            _ => losses.add(LossKind::Relations, article, None, relation.kind.as_str()),
        }
    }
    let key = |span: &Span| (span.at.start(), span.at.end(), span.label.clone());
    found.sort_by_key(|(from, to, kind)| (key(from), key(to), *kind));
    let write = |(from, to, kind): (&Span, &Span, &str)| {
        let (head, child) = (place(from, pieces), place(to, pieces));
        let mut one = json!({ "head": head.get("token_end"), "child": child.get("token_end"), "label": kind });
        if let Some(fields) = one.as_object_mut() {
            fields.insert("head_span".to_owned(), Json::Object(head));
            fields.insert("child_span".to_owned(), Json::Object(child));
            if let Some(color) = colors.get(kind) {
                fields.insert("color".to_owned(), color.clone());
            }
        }
        one
    };
    found.into_iter().map(write).collect()
}
