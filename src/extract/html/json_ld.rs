//! What linked data in a page says of the article.

use serde_json::{Map, Value};

/// So many values are looked at; more is no description of an article.
const MOST_VALUES: usize = 10_000;

/// What one script says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<String>,
    pub(super) site: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
}

/// Reads a script; one that is no JSON says nothing.
pub(super) fn said(script: &str) -> Said {
    let Ok(value) = serde_json::from_str::<Value>(script.trim()) else { return Said::default() };
    let mut waiting = vec![&value];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > MOST_VALUES {
            break;
        }
        match value {
            Value::Array(values) => waiting.extend(values.iter().rev()),
            Value::Object(object) => {
                if is_article(object) {
                    return article(object);
                }
                waiting.extend(["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    Said::default()
}

fn is_article(object: &Map<String, Value>) -> bool {
    let article = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report";
    match object.get("@type") {
        Some(Value::String(kind)) => article(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(article),
        _ => false,
    }
}

fn article(object: &Map<String, Value>) -> Said {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    Said {
        title: text("headline").or_else(|| text("name")),
        author: object.get("author").and_then(names),
        published: text("datePublished"),
        site: object.get("publisher").and_then(names),
        url: text("url").or_else(|| object.get("mainEntityOfPage").and_then(address)),
        language: text("inLanguage"),
    }
}

/// The names of persons or houses: one, or several with commas.
fn names(value: &Value) -> Option<String> {
    let name = |value: &Value| match value {
        Value::String(name) => Some(name.clone()).filter(|name| !name.starts_with("http")),
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    match value {
        Value::Array(values) => {
            let all: Vec<String> = values.iter().filter_map(name).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        _ => name(value),
    }
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(address) => Some(address.clone()),
        Value::Object(object) => object.get("@id").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}
