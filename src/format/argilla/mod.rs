//! Argilla: records with the answers of everybody and suggestions, nested, flat as in data sets, or as version 1 had them.
//! Offsets are code points.
//!
//! A question with spans is a layer. Answers that are no labels (ratings, rankings, long texts) are kept and go back.

mod read;
mod write;

use crate::format::objects::shape;
use crate::format::{Carries, Format, OptionKind};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "argilla",
    name: "Argilla records",
    extensions: &["json", "jsonl"],
    reads: Some(read::read),
    writes: Some(write::write),
    carries: Carries { nesting: true, overlap: true, article_labels: true, unit: "code points", ..Carries::NOTHING },
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::TextField],
    ..Format::NONE
};

/// Names of questions that say nothing of a layer.
const PLAIN: [&str; 7] = ["spans", "span", "label", "labels", "ner", "entities", "annotation"];

/// The question for labels of the whole article that came without one.
const WHOLE: &str = "article_labels";

/// Where an article keeps the question of each label that has no layer by it.
const QUESTIONS: &str = "questions";

/// Where an article keeps the question of each label of the whole article, and whether it takes one answer.
const WHOLES: &str = "label_questions";

/// Where an article keeps the answers that are not read, by question and annotator.
const ANSWERS: &str = "answers";

/// Where an article keeps who is an agent with suggestions.
const AGENTS: &str = "agents";

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let ends = |end: &str| shape.names.iter().any(|name| !name.contains('/') && name.ends_with(end));
    let fields = shape.names.iter().any(|name| name.starts_with("fields/"));
    let nested = fields && shape.any(&["responses", "suggestions"]);
    let flat = ends(".responses.status") || ends(".suggestion.agent");
    let agents = shape.any(&["annotation_agent", "prediction_agent"]);
    let old = shape.has("text") && (agents || shape.any(&["annotation[[", "prediction[["]));
    shape.lists < 2 && (nested || flat || old) && !shape.has("unit")
}
