//! JSON Lines: one article a line, with everything that was said of it. The program's own way in and out.
//!
//! Offsets are code points, `end` is not part of the span, and every fragment carries its full text.

use std::io::{self, BufRead};

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::extract::plain;
use crate::format::output::{self, Output};
use crate::format::{Carries, Format, Input, OptionKind, Read, ReadArticle, WriteOptions, count_lost, jsonl_read};
use crate::model::annotation_set::{AnnotationSet, Review, ReviewState};
use crate::model::article::{Article, Block, BlockKind, Source};
use crate::model::id::{AnnotatorId, AttributeId, QuestionId, SpanId};
use crate::model::markup::{Facts, Node};
use crate::model::relation::End;
use crate::model::span::{Origin, Span};
use crate::model::value::Value;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "jsonl",
    name: "JSON Lines",
    extensions: &["jsonl", "ndjson"],
    reads: Some(read),
    lines: Some(lines),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    choices: &[OptionKind::Encoding, OptionKind::TextField],
    ..Format::NONE
};

/// Reads articles, and annotations where they are written as this program or Prodigy writes them.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    jsonl_read::read(input, env)
}

fn lines(file: &mut dyn BufRead, input: &Input<'_>, env: &Env, take: &mut dyn FnMut(ReadArticle)) -> Option<Read> {
    jsonl_read::lines(file, input, env, Some(take))
}

/// Writes one example a line.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        output::json(out, &Line::new(&example))?;
        out.write_all(b"\n")?;
    }
    Ok(losses)
}

/// One line, its keys in the order in which they are written.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    text: &'a str,
    unit: &'static str,
    /// Only where they are not the ones that plain text gives, or more is known of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<BlockLine>,
    /// The elements that the markup of blocks names by their numbers: parent, tag, words.
    #[serde(skip_serializing_if = "<[Node]>::is_empty")]
    elements: &'a [Node],
    source: &'a Source,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    annotator: Option<&'a AnnotatorId>,
    spans: Vec<SpanLine<'a>>,
    relations: Vec<RelationLine<'a>>,
    article_labels: Vec<LabelLine<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionLine<'a>>,
    /// What was proposed and turned down.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    declined: Vec<DeclinedLine<'a>>,
}

#[derive(Serialize)]
struct DeclinedLine<'a> {
    layer: &'a str,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct BlockLine {
    kind: BlockKind,
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    markup: Option<Facts>,
}

#[derive(Serialize)]
struct SpanLine<'a> {
    id: &'a str,
    layer: Option<&'a str>,
    label: &'a str,
    start: u32,
    end: u32,
    fragments: Vec<FragmentLine<'a>>,
    #[serde(flatten)]
    said: Said<'a>,
}

#[derive(Serialize)]
struct FragmentLine<'a> {
    start: u32,
    end: u32,
    quote: &'a str,
}

#[derive(Serialize)]
struct RelationLine<'a> {
    id: &'a str,
    kind: &'a str,
    from: EndLine<'a>,
    to: EndLine<'a>,
    #[serde(flatten)]
    said: Said<'a>,
}

/// The end of a relation: the id of a span, or an object where it is a relation.
struct EndLine<'a>(&'a End);

#[derive(Serialize)]
struct LabelLine<'a> {
    layer: Option<&'a str>,
    label: &'a str,
    #[serde(flatten)]
    said: Said<'a>,
}

#[derive(Serialize)]
struct QuestionLine<'a> {
    id: &'a QuestionId,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a str>,
}

/// What can be said of a span, a relation or a label alike.
#[derive(Serialize)]
struct Said<'a> {
    attributes: Attributes<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    certainty: Option<u8>,
    origin: Word<'a>,
}

/// How something came to be, in one word.
struct Word<'a>(&'a Origin);

impl Serialize for Word<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

struct Attributes<'a>(&'a std::collections::BTreeMap<AttributeId, Value>);

impl Serialize for EndLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            End::Span(id) => id.serialize(serializer),
            End::Relation(id) => serializer.collect_map([("relation", id)]),
        }
    }
}

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, value)| (id, plain_value(value))))
    }
}

/// Attributes as an object of JSON.
pub(super) fn attributes_json(attributes: &std::collections::BTreeMap<AttributeId, Value>) -> Json {
    attributes.iter().map(|(id, value)| (id.to_string(), plain_value(value))).collect()
}

/// Flags, numbers and choices as JSON has them; the rest under the name of its kind, so that it can be read again.
fn plain_value(value: &Value) -> Json {
    match value {
        Value::Flag(yes) => json!(yes),
        Value::Number(number) => json!(number),
        Value::Choice(choice) => json!(choice),
        Value::Choices(choices) => json!(choices),
        Value::Text(text) => json!({ "text": text }),
        Value::Date(date) => json!({ "date": date }),
        Value::Link(link) => json!({ "link": link }),
        Value::Span(span) => json!({ "span": span }),
    }
}

impl<'a> Line<'a> {
    fn new(example: &'a Example) -> Self {
        let article = &*example.article;
        let set = example.set.as_ref().map(|(_, set)| &**set);
        let review = set.map(|set| &set.review);
        let state = review.map(|review| &review.state);
        Self {
            id: article.id.as_str(),
            title: &article.title,
            language: article.language.as_deref(),
            text: article.text().as_str(),
            unit: "code points",
            blocks: own_blocks(article),
            elements: article.markup().map_or(&[], |markup| &markup.nodes),
            source: &article.source,
            state: state.map_or("new", ReviewState::word),
            reason: state.and_then(ReviewState::reason),
            note: review.map_or("", |review| &review.note),
            annotator: example.set.as_ref().map(|(by, _)| by),
            spans: spans(example),
            relations: set.map(relations).unwrap_or_default(),
            article_labels: article_labels(example),
            questions: set.map(questions).unwrap_or_default(),
            declined: review.map(declined).unwrap_or_default(),
        }
    }
}

/// The blocks of an article, if its text alone would give others or less.
fn own_blocks(article: &Article) -> Vec<BlockLine> {
    let text = article.text();
    let usual = plain::pieces(text.as_str());
    let alike = usual.len() == article.blocks().len()
        && usual
            .iter()
            .zip(article.blocks())
            .all(|((kind, part), block)| *kind == block.kind && *part == text.slice(block.range));
    if alike && article.markup().is_none() {
        return Vec::new();
    }
    let facts = |at: usize| article.markup().and_then(|markup| markup.facts.get(at)).copied();
    let line = |(at, block): (usize, &Block)| {
        let (start, end) = (block.range.start(), block.range.end());
        BlockLine { kind: block.kind, start, end, markup: facts(at) }
    };
    article.blocks().iter().enumerate().map(line).collect()
}

fn spans<'a>(example: &'a Example) -> Vec<SpanLine<'a>> {
    let text = example.article.text();
    let line = |(id, span): (&'a SpanId, &'a Span)| SpanLine {
        id: id.as_str(),
        layer: example.schema.labels.get(&span.label).map(|label| label.layer.as_str()),
        label: span.label.as_str(),
        start: span.at.start(),
        end: span.at.end(),
        fragments: span
            .at
            .fragments()
            .iter()
            .map(|fragment| FragmentLine { start: fragment.start(), end: fragment.end(), quote: text.slice(*fragment) })
            .collect(),
        said: Said {
            attributes: Attributes(&span.attributes),
            note: &span.note,
            certainty: span.certainty,
            origin: Word(&span.origin),
        },
    };
    example.spans().into_iter().map(line).collect()
}

fn relations(set: &AnnotationSet) -> Vec<RelationLine<'_>> {
    set.relations
        .iter()
        .map(|(id, relation)| RelationLine {
            id: id.as_str(),
            kind: relation.kind.as_str(),
            from: EndLine(&relation.from),
            to: EndLine(&relation.to),
            said: Said {
                attributes: Attributes(&relation.attributes),
                note: &relation.note,
                certainty: None,
                origin: Word(&relation.origin),
            },
        })
        .collect()
}

fn article_labels<'a>(example: &'a Example) -> Vec<LabelLine<'a>> {
    let Some((_, set)) = &example.set else { return Vec::new() };
    set.labels
        .iter()
        .map(|(id, label)| LabelLine {
            layer: example.schema.labels.get(id).map(|label| label.layer.as_str()),
            label: id.as_str(),
            said: Said {
                attributes: Attributes(&label.attributes),
                note: &label.note,
                certainty: label.certainty,
                origin: Word(&label.origin),
            },
        })
        .collect()
}

fn declined(review: &Review) -> Vec<DeclinedLine<'_>> {
    let mut lines = Vec::new();
    for (layer, at) in &review.declined {
        lines.push(DeclinedLine { layer: layer.as_str(), start: at.start(), end: at.end() });
    }
    lines
}

fn questions(set: &AnnotationSet) -> Vec<QuestionLine<'_>> {
    set.questions
        .iter()
        .map(|(id, question)| QuestionLine {
            id,
            text: &question.text,
            about: question.about.as_ref().map(|id| id.as_str()),
            answer: question.answer.as_deref(),
        })
        .collect()
}
