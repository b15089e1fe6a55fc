//! Writes the table in shards.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value as Json};

use crate::dataset::example::Example;
use crate::dataset::flat::chunks;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::hf::columns::{COLUMNS, features, message};
use crate::format::hf::rows::{Cell, Field, Rows};
use crate::format::output::Output;
use crate::format::{WriteOptions, jsonl};
use crate::model::id::{LayerId, SpanId};
use crate::model::relation::End;
use crate::model::schema::{Look, Schema};
use crate::model::span::Span;
use crate::text::text::Text;

/// Rows of a group are compressed together; about so many bytes before that.
const GROUP: usize = 32 << 20;
/// A shard ends at the group that makes it larger.
const SHARD: usize = 256 << 20;

/// Writes `data/PART-00000.parquet` and as many more as it takes.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut examples = examples.peekable();
    let Some(first) = examples.peek() else { return Ok(losses) };
    let table = Table::new(&first.schema, options);
    if let Some(layer) = &table.layer {
        losses.remarks.push(format!(
            "Tags are of the layer ‘{layer}’ on {}; all spans are in the column ‘spans’.",
            options.tokenizer.name()
        ));
    }
    let part = if options.part.is_empty() { "train" } else { &options.part };
    let mut shard = 0;
    while examples.peek().is_some() {
        let bytes = table.shard(&mut examples, &mut losses)?;
        out.file(&format!("data/{part}-{shard:05}.parquet"))?.write_all(&bytes)?;
        shard += 1;
    }
    Ok(losses)
}

/// What is the same for all rows.
struct Table<'a> {
    options: &'a WriteOptions,
    /// The layer of the tags.
    layer: Option<LayerId>,
    tags: Vec<String>,
}

impl<'a> Table<'a> {
    fn new(schema: &Arc<Schema>, options: &'a WriteOptions) -> Self {
        let tinted = || {
            let mut ordered = schema.layers_in_order().into_iter();
            ordered.find(|(_, layer)| layer.look == Look::Tint && !layer.whole_article).map(|(id, _)| id.clone())
        };
        let layer = options.layer.clone().or_else(tinted);
        let mut tags = vec!["O".to_owned()];
        for (id, _) in schema.labels_in_order().into_iter().filter(|(_, label)| Some(&label.layer) == layer.as_ref()) {
            tags.extend([format!("B-{id}"), format!("I-{id}")]);
        }
        Self { options, layer, tags }
    }

    /// The bytes of the next shard.
    fn shard(&self, examples: &mut dyn Iterator<Item = Example>, losses: &mut Losses) -> io::Result<Vec<u8>> {
        let schema = Arc::new(parse_message_type(&message()).map_err(io::Error::other)?);
        let about = KeyValue::new("huggingface".to_owned(), features(&self.tags));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("rubricate".to_owned())
            .set_key_value_metadata(Some(vec![about]))
            .build();
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).map_err(io::Error::other)?;
        let (mut rows, mut seen) = (Rows::new(), 0);
        while seen + rows.bytes < SHARD {
            let Some(example) = examples.next() else { break };
            rows.add(self.row(&example, losses));
            if rows.bytes > GROUP {
                seen += rows.bytes;
                std::mem::replace(&mut rows, Rows::new()).write(&mut file).map_err(io::Error::other)?;
            }
        }
        if rows.count > 0 {
            rows.write(&mut file).map_err(io::Error::other)?;
        }
        file.into_inner().map_err(io::Error::other)
    }

    fn row(&self, example: &Example, losses: &mut Losses) -> [Field; COLUMNS.len()] {
        let Example { article, set, schema } = example;
        let text = article.text();
        let tokens = self.options.tokenizer.tokens(article);
        let spans = example.spans();
        let mine = |span: &Span| schema.layer_of(&span.label).map(|(layer, _)| layer) == self.layer.as_ref();
        let flat = spans.iter().map(|(_, span)| *span).filter(|span| mine(span));
        let mut tags = vec![0; tokens.len()];
        for chunk in chunks(flat, &tokens, self.options.overlaps).0 {
            let begin = format!("B-{}", chunk.span.label);
            let number = self.tags.iter().position(|tag| *tag == begin).and_then(|at| i64::try_from(at).ok());
            for (at, tag) in tags.iter_mut().enumerate().take(chunk.end).skip(chunk.first) {
                *tag = number.map_or(0, |number| if at == chunk.first { number } else { number + 1 });
            }
        }
        let tokens = tokens.iter().map(|token| Cell::Text(text.slice(*token).to_owned())).collect();
        let numbered = spans.iter().zip(0_i64..);
        let places: BTreeMap<&SpanId, i64> = numbered.map(|((id, _), at)| (*id, at)).collect();
        let place = |id: &SpanId| places.get(id).copied();
        let mut relations = Vec::new();
        for relation in set.iter().flat_map(|(_, set)| set.relations.values()) {
            let end = |end: &End| match end {
                End::Span(id) => place(id),
                End::Relation(_) => None,
            };
            let (Some(head), Some(tail)) = (end(&relation.from), end(&relation.to)) else {
                losses.add(LossKind::Relations, &article.id, None, relation.kind.as_str());
                continue;
            };
            relations.push(vec![
                Cell::Number(head),
                Cell::Number(tail),
                Cell::Text(relation.kind.to_string()),
                attributes(&relation.attributes, &place),
                Cell::some(&relation.note),
            ]);
        }
        if let Some((_, set)) = set {
            set.questions.values().for_each(|one| losses.add(LossKind::Questions, &article.id, None, &one.text));
            set.adrift.values().for_each(|one| losses.add(LossKind::Adrift, &article.id, None, &one.why));
        }
        let labels = set.iter().flat_map(|(_, set)| &set.labels);
        let said: Map<String, Json> = labels
            .clone()
            .filter(|(_, label)| !label.attributes.is_empty())
            .map(|(id, label)| (id.to_string(), jsonl::attributes_json(&label.attributes)))
            .collect();
        let source = &article.source;
        let fact = |fact: &Option<String>| Field::One(fact.as_deref().map_or(Cell::Null, Cell::some));
        let review = set.as_ref().map(|(_, set)| &set.review);
        [
            Field::One(Cell::Text(article.id.to_string())),
            Field::One(Cell::some(&article.title)),
            Field::One(Cell::Text(text.as_str().to_owned())),
            Field::List(tokens),
            Field::List(tags.into_iter().map(Cell::Number).collect()),
            Field::Records(spans.iter().map(|(_, span)| self::span(span, text, schema, &place)).collect()),
            Field::Records(relations),
            Field::List(labels.clone().map(|(id, _)| Cell::Text(id.to_string())).collect()),
            Field::One(set.as_ref().map_or(Cell::Null, |(by, _)| Cell::Text(by.to_string()))),
            Field::One(review.map_or(Cell::Null, |review| Cell::some(review.state.word()))),
            Field::One(review.and_then(|review| review.state.reason()).map_or(Cell::Null, Cell::some)),
            Field::One(review.map_or(Cell::Null, |review| Cell::some(&review.note))),
            fact(&article.language),
            fact(&source.url),
            fact(&source.site),
            fact(&source.author),
            fact(&source.published),
            Field::One(if said.is_empty() { Cell::Null } else { Cell::Text(Json::Object(said).to_string()) }),
        ]
    }
}

fn span(span: &Span, text: &Text, schema: &Schema, place: &dyn Fn(&SpanId) -> Option<i64>) -> Vec<Cell> {
    let fragments = span.at.fragments();
    // All of the words: the quote of a span leaves out the middle of long ones.
    let words: Vec<&str> = fragments.iter().map(|part| text.slice(*part)).collect();
    let pairs: Vec<[u32; 2]> = fragments.iter().map(|part| [part.start(), part.end()]).collect();
    let several = if pairs.len() > 1 { serde_json::to_string(&pairs).unwrap_or_default() } else { String::new() };
    vec![
        Cell::Number(i64::from(span.at.start())),
        Cell::Number(i64::from(span.at.end())),
        Cell::Text(span.label.to_string()),
        schema.layer_of(&span.label).map_or(Cell::Null, |(layer, _)| Cell::Text(layer.to_string())),
        Cell::Text(words.join(" … ")),
        Cell::some(several),
        attributes(&span.attributes, place),
        Cell::some(&span.note),
        span.certainty.map_or(Cell::Null, |percent| Cell::Number(i64::from(percent))),
    ]
}

/// Attributes as JSON; spans among them are known by their place in the list.
fn attributes(
    attributes: &BTreeMap<crate::model::id::AttributeId, crate::model::value::Value>,
    place: &dyn Fn(&SpanId) -> Option<i64>,
) -> Cell {
    use crate::model::value::Value;
    if attributes.is_empty() {
        return Cell::Null;
    }
    let mut placed = attributes.clone();
    for value in placed.values_mut() {
        if let Value::Span(id) = value {
            *id = SpanId::new(place(id).map_or(String::new(), |at| at.to_string()));
        }
    }
    Cell::Text(jsonl::attributes_json(&placed).to_string())
}
