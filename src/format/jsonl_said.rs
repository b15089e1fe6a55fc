//! What a line of JSON says of places in its text: spans, relations, labels and their attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::format::Needs;
use crate::format::lean::{Fields, Lean};
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
pub(super) fn span(json: &Lean<'_>, text: &Text, own: bool, needs: &mut Needs) -> Result<(Span, Place), String> {
    let label = words(json, "label").filter(|label| !label.is_empty()).ok_or("It has no label")?;
    let whole = std::slice::from_ref(json);
    let parts = json.get("fragments").and_then(Lean::as_list).unwrap_or(whole);
    let range = |part: &Lean<'_>| {
        let place = |name: &str| part.get(name).and_then(Lean::as_u64).and_then(|place| u32::try_from(place).ok());
        let (Some(start), Some(end)) = (place("start"), place("end")) else {
            return Err("Its `start` and `end` are not whole numbers".to_owned());
        };
        TextRange::new(start, end).map_err(|why| format!("Its place makes no sense: {why}"))
    };
    let at = match parts {
        [one] => Extent::from(range(one)?),
        parts => {
            let ranges = parts.iter().map(range).collect::<Result<Vec<_>, _>>()?;
            Extent::new(ranges).map_err(|why| format!("Its place makes no sense: {why}"))?
        }
    };
    let quotes = || parts.iter().map(|part| words(part, "quote").or_else(|| words(part, "text")));
    let mut quoted = at.fragments().iter().zip(quotes());
    let place = if !text.holds(&at) {
        Place::Adrift("The place lies outside the text")
    } else if quoted.any(|(range, quote)| quote.is_some_and(|quote| text.slice(*range) != quote)) {
        Place::Adrift("The text there is different")
    } else {
        Place::Fits
    };
    let quote = match place {
        Place::Fits => text.quote(&at),
        Place::Adrift(_) => quotes().flatten().collect::<Vec<_>>().join(" … "),
    };
    let label = need_label(json, &label, needs);
    let Said { attributes, note, certainty, origin } = said(json, own, needs);
    Ok((Span { at, label, quote, attributes, note, certainty, origin }, place))
}

/// A relation, if kind and ends are named.
pub(super) fn relation(json: &Lean<'_>, needs: &mut Needs) -> Option<Relation> {
    let end = |name: &str| match json.get(name)? {
        Lean::Text(id) => Some(End::Span(id.as_ref().into())),
        other => Some(End::Relation(string(other, "relation")?.into())),
    };
    let (from, to) = (end("from")?, end("to")?);
    let kind = string(json, "kind").filter(|kind| !kind.is_empty())?;
    needs.relations.insert(RelationKindId::new(kind.as_str()), kind.clone());
    let Said { attributes, note, origin, .. } = said(json, true, needs);
    Some(Relation { kind: kind.into(), from, to, attributes, note, origin })
}

/// A label of the whole article, if it has a name.
pub(super) fn article_label(json: &Lean<'_>, needs: &mut Needs) -> Option<(LabelId, ArticleLabel)> {
    let label = words(json, "label").filter(|label| !label.is_empty())?;
    let id = need_label(json, &label, needs);
    let Said { attributes, note, certainty, origin } = said(json, true, needs);
    Some((id, ArticleLabel { attributes, note, certainty, origin }))
}

/// A field that is a string, or a number as one.
pub(super) fn string(json: &Lean<'_>, name: &str) -> Option<String> {
    words(json, name).map(Cow::into_owned)
}

fn words<'j>(json: &'j Lean<'_>, name: &str) -> Option<Cow<'j, str>> {
    match json.get(name)? {
        Lean::Text(text) => Some(Cow::Borrowed(text)),
        Lean::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// A proposal that was turned down, by its layer and its place in the text.
pub(super) fn declined(json: &Lean<'_>, text: &Text) -> Option<(LayerId, TextRange)> {
    let number = |name| json.get(name).and_then(Lean::as_u64).and_then(|number| u32::try_from(number).ok());
    let at = TextRange::new(number("start")?, number("end")?).ok().filter(|at| at.end() <= text.chars())?;
    Some((LayerId::from(string(json, "layer")?), at))
}

/// One name for all spans of a label; its layer is the one that was said first.
fn need_label(json: &Lean<'_>, label: &str, needs: &mut Needs) -> LabelId {
    if let Some((id, _)) = needs.labels.get_key_value(label) {
        return id.clone();
    }
    let layer = string(json, "layer").unwrap_or_else(|| LAYER.to_owned());
    let id = LabelId::new(label);
    needs.labels.insert(id.clone(), (LayerId::from(layer), label.to_owned()));
    id
}

/// What spans, relations and labels have in common.
struct Said {
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
    certainty: Option<u8>,
    origin: Origin,
}

fn said(json: &Lean<'_>, own: bool, needs: &mut Needs) -> Said {
    let attributes = json.get("attributes").map(attributes).unwrap_or_default();
    attributes.iter().for_each(|(id, value)| needs.attribute(id, value));
    let origin = words(json, "origin").filter(|_| own).and_then(|word| Origin::from_word(&word));
    let certainty = json.get("certainty").and_then(Lean::as_u64).and_then(|percent| u8::try_from(percent).ok());
    Said {
        attributes,
        note: string(json, "note").unwrap_or_default(),
        certainty: certainty.filter(|percent| *percent <= 100),
        origin: origin.unwrap_or_else(|| Origin::Imported("jsonl".to_owned())),
    }
}

/// The fields of an object as attributes.
pub(super) fn attributes(json: &Lean<'_>) -> BTreeMap<AttributeId, Value> {
    let fields = json.as_object().into_iter().flat_map(Fields::iter);
    fields.filter_map(|(name, json)| Some((AttributeId::new(name), value(json)?))).collect()
}

/// A value in JSON; what is of no known kind becomes text.
fn value(json: &Lean<'_>) -> Option<Value> {
    let named = |name: &str, text: &str| match name {
        "text" => Some(Value::Text(text.to_owned())),
        "date" => Some(Value::Date(text.to_owned())),
        "link" => Some(Value::Link(text.to_owned())),
        "span" => Some(Value::Span(SpanId::from(text))),
        _ => None,
    };
    let as_it_is = || Value::Text(json.to_json().to_string());
    Some(match json {
        Lean::Null => return None,
        Lean::Bool(yes) => Value::Flag(*yes),
        Lean::Number(number) => Value::Number(number.as_f64().filter(|number| number.is_finite())?),
        Lean::Text(choice) => Value::Choice(choice.clone().into_owned()),
        Lean::List(list) => match list.iter().map(Lean::as_str).collect::<Option<Vec<_>>>() {
            Some(choices) => Value::Choices(choices.into_iter().map(str::to_owned).collect()),
            None => as_it_is(),
        },
        Lean::Object(fields) => {
            let mut fields = fields.iter();
            let value = match (fields.next(), fields.next()) {
                (Some((name, json)), None) => json.as_str().and_then(|text| named(name, text)),
                _ => None,
            };
            value.unwrap_or_else(as_it_is)
        }
    })
}
