//! The columns of the table: their names, their types in Parquet, and their features.
//!
//! Every column may be null, as other writers make them; levels count how much of a path is there (Melnik et al.,
//! "Dremel", 2010).

use serde_json::{Map, Value as Json, json};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// UTF-8.
    Text,
    /// 64 bits, signed.
    Number,
}

/// A column of the table: its name, what its cells hold, and its fields where it is a list of records.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    /// One value.
    One(&'static str, Kind),
    /// A list of values.
    List(&'static str, Kind),
    /// A list of records.
    Records(&'static str, &'static [(&'static str, Kind)]),
}

/// All columns in order.
pub(super) const COLUMNS: [Column; 18] = [
    Column::One("id", Kind::Text),
    Column::One("title", Kind::Text),
    Column::One("text", Kind::Text),
    Column::List("tokens", Kind::Text),
    Column::List("ner_tags", Kind::Number),
    Column::Records("spans", &SPAN),
    Column::Records("relations", &RELATION),
    Column::List("labels", Kind::Text),
    Column::One("annotator", Kind::Text),
    Column::One("state", Kind::Text),
    Column::One("reason", Kind::Text),
    Column::One("note", Kind::Text),
    Column::One("language", Kind::Text),
    Column::One("url", Kind::Text),
    Column::One("site", Kind::Text),
    Column::One("author", Kind::Text),
    Column::One("published", Kind::Text),
    Column::One("label_attributes", Kind::Text),
];

/// A span; `fragments` is a JSON list of pairs where there are several, `attributes` a JSON object.
const SPAN: [(&str, Kind); 9] = [
    ("start", Kind::Number),
    ("end", Kind::Number),
    ("label", Kind::Text),
    ("layer", Kind::Text),
    ("text", Kind::Text),
    ("fragments", Kind::Text),
    ("attributes", Kind::Text),
    ("note", Kind::Text),
    ("certainty", Kind::Number),
];

/// A relation; ends are places in the list of spans.
const RELATION: [(&str, Kind); 5] = [
    ("head", Kind::Number),
    ("tail", Kind::Number),
    ("label", Kind::Text),
    ("attributes", Kind::Text),
    ("note", Kind::Text),
];

/// The leaves of a column in order.
pub(super) fn leaves(column: Column) -> Vec<Kind> {
    match column {
        Column::One(_, kind) | Column::List(_, kind) => vec![kind],
        Column::Records(_, fields) => fields.iter().map(|(_, kind)| *kind).collect(),
    }
}

/// The schema in the language of Parquet.
pub(super) fn message() -> String {
    let cell = |name: &str, kind: Kind| match kind {
        Kind::Text => format!("optional binary {name} (STRING);"),
        Kind::Number => format!("optional int64 {name};"),
    };
    let columns = COLUMNS.map(|column| match column {
        Column::One(name, kind) => cell(name, kind),
        Column::List(name, kind) => {
            format!("optional group {name} (LIST) {{ repeated group list {{ {} }} }}", cell("element", kind))
        }
        Column::Records(name, fields) => {
            let fields: String = fields.iter().map(|(name, kind)| cell(name, *kind)).collect();
            format!(
                "optional group {name} (LIST) {{ repeated group list {{ optional group element {{ {fields} }} }} }}"
            )
        }
    });
    format!("message schema {{ {} }}", columns.join(" "))
}

/// The features under the key `huggingface`, so that tags keep their names.
pub(super) fn features(tags: &[String]) -> String {
    let value = |kind: Kind| match kind {
        Kind::Text => json!({"dtype": "string", "_type": "Value"}),
        Kind::Number => json!({"dtype": "int64", "_type": "Value"}),
    };
    let list = |feature: Json| json!({"feature": feature, "_type": "List"});
    let mut features = Map::new();
    for column in COLUMNS {
        let (name, feature) = match column {
            Column::One(name, kind) => (name, value(kind)),
            Column::List("ner_tags", _) => ("ner_tags", list(json!({"names": tags, "_type": "ClassLabel"}))),
            Column::List(name, kind) => (name, list(value(kind))),
            Column::Records(name, fields) => {
                let fields = fields.iter().map(|(name, kind)| ((*name).to_owned(), value(*kind)));
                (name, list(Json::Object(fields.collect())))
            }
        };
        features.insert(name.to_owned(), feature);
    }
    json!({"info": {"features": features}}).to_string()
}
