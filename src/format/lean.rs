//! JSON that borrows from the line it was read from, for files with very many small objects. As strict as
//! [`super::json`]: a name that stands twice in an object is an error.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value as Json};

/// Objects with more names than this look them up in a set while they are read.
const FEW: usize = 16;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lean<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Words.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Object(Fields<'a>),
}

/// The fields of an object in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Lean<'a>)>);

/// Reads one value.
pub(super) fn parse(bytes: &[u8]) -> serde_json::Result<Lean<'_>> {
    match std::str::from_utf8(bytes) {
        // Looked at once, and not word by word.
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

impl<'a> Lean<'a> {
    /// The value under a name, if it is an object that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// Its fields, if it is an object.
    pub(super) fn as_object(&self) -> Option<&Fields<'a>> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// Its values, if it is a list.
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// Its words, if it is words.
    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(words) = self { Some(words) } else { None }
    }

    /// The number, if it is a whole one and not below zero.
    pub(super) fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }

    /// The same as the usual kind of JSON, whose objects are in the order of their names.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(yes) => Json::Bool(*yes),
            Self::Number(number) => Json::Number(number.clone()),
            Self::Text(words) => Json::String(words.clone().into_owned()),
            Self::List(list) => list.iter().map(Self::to_json).collect(),
            Self::Object(fields) => fields.iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect(),
        }
    }
}

impl From<Json> for Lean<'_> {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Bool(yes),
            Json::Number(number) => Self::Number(number),
            Json::String(words) => Self::Text(Cow::Owned(words)),
            Json::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Json::Object(fields) => {
                let field = |(name, value): (String, Json)| (Cow::Owned(name), Self::from(value));
                Self::Object(Fields(fields.into_iter().map(field).collect()))
            }
        }
    }
}

impl<'a> Fields<'a> {
    /// The value under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Lean<'a>> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Takes out the value under a name.
    pub(super) fn remove(&mut self, name: &str) -> Option<Lean<'a>> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    /// All of them, in the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Lean<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// All names, sorted.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = (Cow<'a, str>, Lean<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de> Deserialize<'de> for Lean<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Lean<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Lean::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Lean::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Lean::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(Lean::Null, Lean::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Lean::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Lean::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Lean::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Lean::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Vec<(Cow<'de, str>, Lean<'de>)> = Vec::new();
        let mut many: BTreeSet<String> = BTreeSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if fields.len() == FEW {
                many = fields.iter().map(|(name, _)| name.clone().into_owned()).collect();
            }
            let twice = if fields.len() < FEW {
                fields.iter().any(|(known, _)| *known == name)
            } else {
                !many.insert(name.clone().into_owned())
            };
            if twice {
                let name: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format!("the name ‘{name}’ stands twice in one object")));
            }
            fields.push((name, map.next_value()?));
        }
        Ok(Lean::Object(Fields(fields)))
    }
}

/// A name of a field.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(Any)? {
            Lean::Text(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("a name is no string")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::json;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_usual_json(
            json in "[\\[\\]{}\",:ab0-9.eE\\-\\\\ ]{0,24}|\\{(\"[a-c]{1,2}\": ?[0-9\\[\\]{}\"]{0,3},? ?){0,30}\\}|-?[0-9]{1,25}(\\.[0-9]+)?(e-?[0-9]{1,3})?|\"\\PC{0,9}\"",
        ) {
            match (parse(json.as_bytes()), json::parse(json.as_bytes())) {
                (Ok(lean), Ok(usual)) => {
                    prop_assert_eq!(Lean::from(usual.clone()).to_json(), usual.clone());
                    prop_assert_eq!(lean.to_json(), usual);
                }
                (Err(lean), Err(usual)) => prop_assert_eq!(lean.to_string(), usual.to_string()),
                (lean, usual) => prop_assert!(false, "{lean:?} {usual:?}"),
            }
        }
    }

    #[test]
    fn many_names_are_told_apart_too() {
        let object = |more: &str| {
            let fields: Vec<String> = (0..40).map(|at| format!("\"n{at}\":{at}")).collect();
            format!("{{{}{more}}}", fields.join(","))
        };
        assert!(parse(object("").as_bytes()).is_ok());
        assert!(parse(object(",\"n3\":1").as_bytes()).unwrap_err().to_string().contains("stands twice"));
        assert!(parse(b"{\"a\":\"\xFF\"}").is_err());
    }
}
