//! What a line of JSON says of places in its text: spans, relations, labels and their attributes.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::format::Needs;
use crate::model::annotation_set::ArticleLabel;
use crate::model::id::{AttributeId, LabelId, LayerId, RelationKindId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::text::Text;

/// The layer of labels that come without one.
const LAYER: &str = "entity";

/// Whether a span stands where its file says.
pub(super) enum Place {
    /// Its place is in the text, and its words are there.
    Fits,
    /// It is not, for this reason.
    Adrift(&'static str),
}

/// A span, with offsets in code points; the refusal says why there is none.
pub(super) fn span(json: &Json, text: &Text, own: bool, needs: &mut Needs) -> Result<(Span, Place), String> {
    let label = string(json, "label").filter(|label| !label.is_empty()).ok_or("It has no label")?;
    let whole = std::slice::from_ref(json);
    let parts = json.get("fragments").and_then(Json::as_array).map_or(whole, Vec::as_slice);
    let (mut ranges, mut quotes) = (Vec::new(), Vec::new());
    for part in parts {
        let place = |name: &str| part.get(name).and_then(Json::as_u64).and_then(|place| u32::try_from(place).ok());
        let (Some(start), Some(end)) = (place("start"), place("end")) else {
            return Err("Its `start` and `end` are not whole numbers".to_owned());
        };
        ranges.push(TextRange::new(start, end).map_err(|why| format!("Its place makes no sense: {why}"))?);
        quotes.push(string(part, "quote").or_else(|| string(part, "text")));
    }
    let at = Extent::new(ranges).map_err(|why| format!("Its place makes no sense: {why}"))?;
    let quoted = at.fragments().iter().zip(&quotes);
    let differs =
        quoted.into_iter().any(|(range, quote)| quote.as_ref().is_some_and(|quote| text.slice(*range) != quote));
    let place = if !text.holds(&at) {
        Place::Adrift("The place lies outside the text")
    } else if differs {
        Place::Adrift("The text there is different")
    } else {
        Place::Fits
    };
    let quote = match place {
        Place::Fits => text.quote(&at),
        Place::Adrift(_) => quotes.into_iter().flatten().collect::<Vec<_>>().join(" … "),
    };
    let label = need_label(json, label, needs);
    let Said { attributes, note, certainty, origin } = said(json, own, needs);
    Ok((Span { at, label, quote, attributes, note, certainty, origin }, place))
}

/// A relation, if kind and ends are named.
pub(super) fn relation(json: &Json, needs: &mut Needs) -> Option<Relation> {
    let end = |name: &str| match json.get(name)? {
        Json::String(id) => Some(End::Span(id.as_str().into())),
        other => Some(End::Relation(string(other, "relation")?.into())),
    };
    let (from, to) = (end("from")?, end("to")?);
    let kind = string(json, "kind").filter(|kind| !kind.is_empty())?;
    needs.relations.insert(RelationKindId::new(kind.as_str()), kind.clone());
    let Said { attributes, note, origin, .. } = said(json, true, needs);
    Some(Relation { kind: kind.into(), from, to, attributes, note, origin })
}

/// A label of the whole article, if it has a name.
pub(super) fn article_label(json: &Json, needs: &mut Needs) -> Option<(LabelId, ArticleLabel)> {
    let label = string(json, "label").filter(|label| !label.is_empty())?;
    let id = need_label(json, label, needs);
    let Said { attributes, note, certainty, origin } = said(json, true, needs);
    Some((id, ArticleLabel { attributes, note, certainty, origin }))
}

/// A field that is a string, or a number as one.
pub(super) fn string(json: &Json, name: &str) -> Option<String> {
    match json.get(name)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn need_label(json: &Json, label: String, needs: &mut Needs) -> LabelId {
    let layer = string(json, "layer").unwrap_or_else(|| LAYER.to_owned());
    let id = LabelId::new(label.as_str());
    needs.labels.entry(id.clone()).or_insert((LayerId::from(layer), label));
    id
}

/// What spans, relations and labels have in common.
struct Said {
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
    certainty: Option<u8>,
    origin: Origin,
}

fn said(json: &Json, own: bool, needs: &mut Needs) -> Said {
    let attributes = json.get("attributes").map(attributes).unwrap_or_default();
    attributes.iter().for_each(|(id, value)| needs.attribute(id, value));
    let origin = string(json, "origin").filter(|_| own).and_then(|word| Origin::from_word(&word));
    let certainty = json.get("certainty").and_then(Json::as_u64).and_then(|percent| u8::try_from(percent).ok());
    Said {
        attributes,
        note: string(json, "note").unwrap_or_default(),
        certainty: certainty.filter(|percent| *percent <= 100),
        origin: origin.unwrap_or_else(|| Origin::Imported("jsonl".to_owned())),
    }
}

/// The fields of an object as attributes.
pub(super) fn attributes(json: &Json) -> BTreeMap<AttributeId, Value> {
    let fields = json.as_object().into_iter().flatten();
    fields.filter_map(|(name, json)| Some((AttributeId::new(name.as_str()), value(json)?))).collect()
}

/// A value in JSON; what is of no known kind becomes text.
fn value(json: &Json) -> Option<Value> {
    let named = |name: &str, text: &str| match name {
        "text" => Some(Value::Text(text.to_owned())),
        "date" => Some(Value::Date(text.to_owned())),
        "link" => Some(Value::Link(text.to_owned())),
        "span" => Some(Value::Span(SpanId::from(text))),
        _ => None,
    };
    Some(match json {
        Json::Null => return None,
        Json::Bool(yes) => Value::Flag(*yes),
        Json::Number(number) => Value::Number(number.as_f64().filter(|number| number.is_finite())?),
        Json::String(choice) => Value::Choice(choice.clone()),
        Json::Array(list) if list.iter().all(Json::is_string) => {
            Value::Choices(list.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        }
        Json::Object(fields) if fields.len() == 1 => {
            let value = fields.iter().next().and_then(|(name, json)| named(name, json.as_str()?));
            value.unwrap_or_else(|| Value::Text(json.to_string()))
        }
        other => Value::Text(other.to_string()),
    })
}
