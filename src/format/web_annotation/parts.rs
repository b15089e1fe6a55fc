//! Small parts of annotations: names of things as addresses, and values of attributes.

use serde_json::{Value as Json, json};

use crate::model::value::Value;

/// How names that this program makes begin.
const OWN: &str = "urn:rubricate:";

/// How the kinds of things begin that others made without an address.
pub(super) const KEPT: &str = "kept-";

/// The address of a thing.
pub(super) fn iri(kind: &str, by: &str, id: &str) -> String {
    let by = if by.is_empty() { String::new() } else { format!("{}:", escape(by)) };
    format!("{OWN}{kind}:{by}{}", escape(id))
}

/// The address that an id is itself, if it is one of others.
pub(super) fn foreign(id: &str) -> Option<&str> {
    (id.contains(':') && !id.contains(char::is_whitespace) && !is_own(id)).then_some(id)
}

/// Whether this program made an address, and all that stands under it.
pub(super) fn is_own(iri: &str) -> bool {
    iri.strip_prefix(OWN).is_some_and(|rest| !rest.starts_with(KEPT))
}

/// The id that an address stands for.
pub(super) fn id(iri: &str) -> String {
    match iri.strip_prefix(OWN) {
        Some(own) => unescape(own.rsplit(':').next().unwrap_or(own)),
        None => iri.to_owned(),
    }
}

fn escape(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Takes `%41` for `A`; what is no such code stays.
pub(super) fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let code = |rest: &std::str::Bytes<'_>| {
            let mut two = rest.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            u8::try_from(digit(two.next())? * 16 + digit(two.next())?).ok()
        };
        match code(&rest).filter(|_| byte == b'%') {
            Some(code) => {
                bytes.push(code);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The kind of a value, and the value.
pub(super) fn value(value: &Value) -> (&'static str, Json) {
    match value {
        Value::Flag(yes) => ("flag", json!(yes)),
        Value::Choice(text) => ("choice", json!(text)),
        Value::Choices(all) => ("choices", json!(all)),
        Value::Text(text) => ("text", json!(text)),
        Value::Number(number) => ("number", json!(number)),
        Value::Date(text) => ("date", json!(text)),
        Value::Span(id) => ("span", json!(id)),
        Value::Link(text) => ("link", json!(text)),
    }
}

/// The value of a body that holds an attribute.
pub(super) fn value_of(body: &Json) -> Option<Value> {
    let get = |kind: &str| body.get(format!("rubricate:{kind}"));
    let text = |kind: &str| get(kind).and_then(Json::as_str).map(str::to_owned);
    let choices = || {
        let list = get("choices")?.as_array()?;
        Some(Value::Choices(list.iter().filter_map(Json::as_str).map(str::to_owned).collect()))
    };
    (get("flag").and_then(Json::as_bool).map(Value::Flag))
        .or_else(|| text("choice").map(Value::Choice))
        .or_else(choices)
        .or_else(|| text("text").map(Value::Text))
        .or_else(|| get("number").and_then(Json::as_f64).map(Value::Number))
        .or_else(|| text("date").map(Value::Date))
        .or_else(|| text("span").map(|id| Value::Span(id.into())))
        .or_else(|| text("link").map(Value::Link))
        .or_else(|| body.get("value").and_then(Json::as_str).map(|text| Value::Text(text.to_owned())))
}

/// Whether a thing is of a type; it may have several.
pub(super) fn is(json: &Json, kind: &str) -> bool {
    list(json.get("type").or_else(|| json.get("@type"))).into_iter().any(|known| known.as_str() == Some(kind))
}

/// One or several.
pub(super) fn list(json: Option<&Json>) -> Vec<&Json> {
    match json {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}
