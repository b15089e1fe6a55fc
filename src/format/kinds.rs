//! Values of attributes as words, for formats that know nothing but words. A value is a choice and several are
//! choices, unless the file says in a place of its own that they are something else.

use std::collections::BTreeMap;

use crate::model::id::AttributeId;
use crate::model::value::Value;

/// What values are that are no choices: of each attribute, under the empty name, and of single things by their id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(BTreeMap<String, BTreeMap<String, String>>);

/// The word for the kind of a value; none where the words alone say it.
fn kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Flag(_) => "flag",
        Value::Choices(all) if all.len() < 2 => "choices",
        Value::Choice(_) | Value::Choices(_) => return None,
        Value::Text(_) => "text",
        Value::Number(_) => "number",
        Value::Date(_) => "date",
        Value::Span(_) => "span",
        Value::Link(_) => "link",
    })
}

/// A value as words; several for several choices.
pub(super) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Flag(yes) => vec![yes.to_string()],
        Value::Choices(all) => all.clone(),
        other => vec![other.to_string()],
    }
}

impl Kinds {
    /// What the file has to say beside the words, of everything with an id and attributes.
    pub(super) fn of<'a>(things: impl Iterator<Item = (&'a str, &'a BTreeMap<AttributeId, Value>)>) -> Self {
        let mut usual: BTreeMap<String, &str> = BTreeMap::new();
        let mut own: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (id, attributes) in things {
            for (name, value) in attributes {
                let kind = kind(value).unwrap_or("");
                if *usual.entry(name.to_string()).or_insert(kind) != kind {
                    own.entry(id.to_owned()).or_default().insert(name.to_string(), kind.to_owned());
                }
            }
        }
        let usual = usual.into_iter().filter(|(_, kind)| !kind.is_empty());
        let usual: BTreeMap<String, String> = usual.map(|(name, kind)| (name, kind.to_owned())).collect();
        if !usual.is_empty() {
            own.insert(String::new(), usual);
        }
        Self(own)
    }

    /// Without kinds that the format can say itself.
    pub(super) fn without(mut self, kinds: &[&str]) -> Self {
        for of in self.0.values_mut() {
            of.retain(|_, kind| !kinds.contains(&kind.as_str()));
        }
        self.0.retain(|_, of| !of.is_empty());
        self
    }

    /// What [`Self::json`] wrote; nothing of what makes no sense.
    pub(super) fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    /// As words; nothing if there is nothing to say.
    pub(super) fn json(&self) -> Option<String> {
        if self.0.is_empty() { None } else { serde_json::to_string(&self.0).ok() }
    }

    /// The value of an attribute of that thing; a choice where the words are not what they should be.
    pub(super) fn value(&self, id: &str, name: &AttributeId, mut words: Vec<String>) -> Value {
        let of = |id: &str| self.0.get(id).and_then(|kinds| kinds.get(name.as_str()));
        let kind = of(id).or_else(|| of("")).map_or("", String::as_str);
        if words.len() > 1 || kind == "choices" {
            words.sort_unstable();
            words.dedup();
        }
        let [one] = words.as_slice() else { return Value::Choices(words) };
        match (kind, one.as_str()) {
            ("choices", _) => Value::Choices(words),
            ("flag", "true") => Value::Flag(true),
            ("flag", "false") => Value::Flag(false),
            ("number", digits) => match digits.parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => Value::Choice(one.clone()),
            },
            ("text", _) => Value::Text(one.clone()),
            ("date", _) => Value::Date(one.clone()),
            ("span", id) => Value::Span(id.into()),
            ("link", _) => Value::Link(one.clone()),
            _ => Value::Choice(one.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_from_words() {
        let all = [
            Value::Flag(false),
            Value::Choice("true".to_owned()),
            Value::Choices(vec!["a".to_owned()]),
            Value::Choices(vec!["a".to_owned(), "b".to_owned()]),
            Value::Text(String::new()),
            Value::Number(-0.25),
            Value::Date("2024".to_owned()),
            Value::Span("s1".into()),
            Value::Link("Q1".to_owned()),
        ];
        let name = AttributeId::new("a");
        let ids: Vec<String> = (0..all.len()).map(|number| number.to_string()).collect();
        let things: Vec<_> = all.iter().map(|value| BTreeMap::from([(name.clone(), value.clone())])).collect();
        let kinds = Kinds::of(ids.iter().map(String::as_str).zip(&things));
        let kinds = Kinds::parse(&kinds.json().unwrap());
        for (id, value) in ids.iter().zip(&all) {
            assert_eq!(kinds.value(id, &name, words(value)), *value);
        }
        assert_eq!(Kinds::parse("{").value("1", &name, vec!["7".to_owned()]), Value::Choice("7".to_owned()));
    }
}
