//! Writes our own tables, as RFC 4180 wants them.

use std::collections::BTreeMap;
use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::csv::ours::{ARTICLE, LABEL, RELATION, SPAN, TO_RELATION, TO_SPAN};
use crate::format::csv::{COLUMNS, FORMAT, MORE};
use crate::format::output::Output;
use crate::format::{WriteOptions, count_lost, count_ours};
use crate::model::id::AttributeId;
use crate::model::relation::End;
use crate::model::schema::{AttributeKind, Schema};
use crate::model::span::Span;
use crate::model::value::Value;

/// A row while it is written: cells by the name of their column.
type Cells<'a> = BTreeMap<&'a str, String>;

/// Writes a row for each article, and behind it one for everything that each annotator says of it.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut examples = examples.peekable();
    let attributes = examples.peek().map(|example| columns(&example.schema)).unwrap_or_default();
    let mut names: Vec<&str> = COLUMNS.to_vec();
    names.extend(attributes.iter().map(|(_, name)| name.as_str()));
    names.push(MORE);
    let mut table = Table {
        out: ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out.file("")?),
        attributes: &attributes,
        names: &names,
    };
    table.out.write_record(&names)?;
    let mut before = None;
    for example in examples {
        let article = &example.article;
        if before.as_ref() != Some(&article.id) {
            table.row([
                ("article", article.id.to_string()),
                ("kind", ARTICLE.to_owned()),
                ("title", article.title.clone()),
                ("text", article.text().as_str().to_owned()),
            ])?;
        }
        before = Some(article.id.clone());
        count_lost(&example, FORMAT.carries, &mut losses);
        said(&mut table, &example)?;
        count_ours(&example, &mut losses);
    }
    table.out.flush()?;
    Ok(losses)
}

struct Table<'a> {
    out: ::csv::Writer<&'a mut dyn io::Write>,
    /// Attributes that have a column, with its name.
    attributes: &'a [(AttributeId, String)],
    names: &'a [&'a str],
}

impl Table<'_> {
    fn row<'b>(&mut self, cells: impl IntoIterator<Item = (&'b str, String)>) -> io::Result<()> {
        let cells: Cells<'b> = cells.into_iter().collect();
        let row = self.names.iter().map(|name| cells.get(name).map_or("", String::as_str));
        Ok(self.out.write_record(row)?)
    }

    /// The cells of values; those that no column can hold go into the last one.
    fn values(&self, values: &BTreeMap<AttributeId, Value>) -> Vec<(String, String)> {
        let mut cells = Vec::new();
        let mut more = BTreeMap::new();
        for (id, value) in values {
            let written = match value {
                Value::Choices(all) => all.join("|"),
                value => value.to_string(),
            };
            let kind = kind(value);
            let column = self.attributes.iter().find(|(known, name)| known == id && name.ends_with(kind));
            let whole = match value {
                Value::Choices(all) => !all.iter().any(|choice| choice.contains('|')),
                _ => true,
            };
            match column.filter(|_| whole && !written.is_empty()) {
                Some((_, name)) => cells.push((name.clone(), written)),
                None => _ = more.insert(id, value),
            }
        }
        if let (false, Ok(json)) = (more.is_empty(), serde_json::to_string(&more)) {
            cells.push((MORE.to_owned(), json));
        }
        cells
    }
}

/// What one annotator says of an article.
fn said(table: &mut Table<'_>, example: &Example) -> io::Result<()> {
    let Some((by, set)) = &example.set else { return Ok(()) };
    let head = |kind: &str| {
        vec![("article", example.article.id.to_string()), ("kind", kind.to_owned()), ("annotator", by.to_string())]
    };
    let layer = |label| example.schema.labels.get(label).map_or(String::new(), |label| label.layer.to_string());
    for (label, said) in &set.labels {
        let values = table.values(&said.attributes);
        let mut cells = head(LABEL);
        cells.extend([("label", label.to_string()), ("layer", layer(label)), ("note", said.note.clone())]);
        cells.extend(said.certainty.map(|certainty| ("certainty", certainty.to_string())));
        table.row(cells.into_iter().chain(values.iter().map(|(name, cell)| (name.as_str(), cell.clone()))))?;
    }
    for (id, span) in example.spans() {
        let values = table.values(&span.attributes);
        let mut cells = head(SPAN);
        let (start, end, text) = place(example, span);
        cells.extend([("id", id.to_string()), ("label", span.label.to_string()), ("layer", layer(&span.label))]);
        cells.extend([("start", start), ("end", end), ("text", text), ("note", span.note.clone())]);
        cells.extend(span.certainty.map(|certainty| ("certainty", certainty.to_string())));
        table.row(cells.into_iter().chain(values.iter().map(|(name, cell)| (name.as_str(), cell.clone()))))?;
    }
    let end = |end: &End| match end {
        End::Relation(id) => format!("{TO_RELATION}{id}"),
        End::Span(id) if [TO_RELATION, TO_SPAN].iter().any(|sign| id.as_str().starts_with(sign)) => {
            format!("{TO_SPAN}{id}")
        }
        End::Span(id) => id.to_string(),
    };
    for (id, relation) in &set.relations {
        let values = table.values(&relation.attributes);
        let mut cells = head(RELATION);
        cells.extend([("id", id.to_string()), ("label", relation.kind.to_string()), ("note", relation.note.clone())]);
        cells.extend([("from", end(&relation.from)), ("to", end(&relation.to))]);
        table.row(cells.into_iter().chain(values.iter().map(|(name, cell)| (name.as_str(), cell.clone()))))?;
    }
    Ok(())
}

/// Starts, ends and words of a span.
fn place(example: &Example, span: &Span) -> (String, String, String) {
    let parts = span.at.fragments();
    let numbers = |number: fn(&crate::text::range::TextRange) -> u32| {
        parts.iter().map(|part| number(part).to_string()).collect::<Vec<_>>().join(";")
    };
    let words: Vec<&str> = parts.iter().map(|part| example.article.text().slice(*part)).collect();
    (numbers(|part| part.start()), numbers(|part| part.end()), words.join(" "))
}

/// A column for each attribute of the schema.
fn columns(schema: &Schema) -> Vec<(AttributeId, String)> {
    let name = |kind: &AttributeKind| match kind {
        AttributeKind::Flag => ":flag",
        AttributeKind::Choice(_) => ":choice",
        AttributeKind::Choices(_) => ":choices",
        AttributeKind::Text => ":text",
        AttributeKind::Number(_) => ":number",
        AttributeKind::Date => ":date",
        AttributeKind::Span => ":span",
        AttributeKind::Link(_) => ":link",
    };
    schema.attributes.iter().map(|(id, attribute)| (id.clone(), format!("{id}{}", name(&attribute.kind)))).collect()
}

/// The end of the name of a column that holds such values.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Flag(_) => ":flag",
        Value::Choice(_) => ":choice",
        Value::Choices(_) => ":choices",
        Value::Text(_) => ":text",
        Value::Number(_) => ":number",
        Value::Date(_) => ":date",
        Value::Span(_) => ":span",
        Value::Link(_) => ":link",
    }
}
