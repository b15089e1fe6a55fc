//! JSON in which a name that stands twice in an object is an error; a parser alone would keep the last and say nothing.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one value.
pub(super) fn parse(bytes: &[u8]) -> serde_json::Result<Value> {
    let strict = match std::str::from_utf8(bytes) {
        // Looked at once, and not word by word.
        Ok(text) => serde_json::from_str::<Strict>(text),
        Err(_) => serde_json::from_slice::<Strict>(bytes),
    };
    strict.map(|strict| strict.0)
}

/// Whether a name of a field stands somewhere in the bytes; looks at nothing else, for a quick guess.
pub(super) fn has_name(bytes: &[u8], name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    let mut rest = bytes;
    while let Some(at) = rest.windows(quoted.len()).position(|there| there == quoted.as_bytes()) {
        rest = rest.get(at + quoted.len()..).unwrap_or_default();
        if rest.trim_ascii_start().starts_with(b":") {
            return true;
        }
    }
    false
}

/// Whether bytes begin like an object or a list.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'{' | b'['))
}

/// Reads a list, value by value, so that only one is in memory.
pub(super) fn each(bytes: &[u8], sink: &mut dyn FnMut(Value)) -> serde_json::Result<()> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut all = serde_json::Deserializer::from_str(text);
        all.deserialize_seq(List(sink))?;
        return all.end();
    }
    let mut all = serde_json::Deserializer::from_slice(bytes);
    all.deserialize_seq(List(sink))?;
    all.end()
}

struct List<'a>(&'a mut dyn FnMut(Value));

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(Strict(value)) = list.next_element()? {
            (self.0)(value);
        }
        Ok(())
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if map.contains_key(&name) {
                let name: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format!("the name ‘{name}’ stands twice in one object")));
            }
            let Strict(value) = fields.next_value()?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_that_stands_twice_is_an_error() {
        for (json, twice) in [
            (r#"{"text": "a", "text": "b"}"#, true),
            (r#"[{"a": {"b": 1, "c": 2, "b": 1}}]"#, true),
            (r#"{"a": {"b": 1}, "b": [{"b": 1}, {"b": 2}]}"#, false),
        ] {
            let error = parse(json.as_bytes()).err().map(|error| error.to_string());
            assert_eq!(error.is_some_and(|error| error.contains("stands twice")), twice, "{json}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(parse(deep.as_bytes()).is_err());
        assert!(parse(b"[").unwrap_err().is_eof());
    }

    #[test]
    fn names_are_seen_without_reading() {
        assert!(has_name(br#"{"b": "a", "a" : 1}"#, "a"));
        assert!(!has_name(br#"{"b": "a", "c": "\"a\": 1"}"#, "a"));
        assert!(begins(b"\xEF\xBB\xBF [") && !begins(b"a") && !begins(b""));
    }

    proptest! {
        #[test]
        fn all_else_is_as_it_was(json in "[\\[\\]{}\",:0-9a-f.eE\\-\\\\ ]{0,24}|-?[0-9]{1,25}(\\.[0-9]+)?(e-?[0-9]{1,3})?|\"\\PC{0,9}\"") {
            let usual = serde_json::from_slice::<Value>(json.as_bytes());
            match parse(json.as_bytes()) {
                Ok(value) => prop_assert_eq!(value, usual.unwrap()),
                Err(error) => prop_assert!(usual.is_err() || error.to_string().contains("stands twice")),
            }
        }
    }
}
