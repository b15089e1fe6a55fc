//! What an annotation says: its label, what is said of it, and where it stands in a text.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::format::web_annotation::parts::{is, list, value_of};
use crate::model::id::AttributeId;
use crate::model::value::Value;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// What bodies say.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// Its label; the motivation if there is no tag.
    pub(super) label: String,
    /// Its layer, if it says so.
    pub(super) layer: Option<String>,
    /// What is said of it.
    pub(super) attributes: BTreeMap<AttributeId, Value>,
    /// Comments.
    pub(super) note: String,
    /// In percent.
    pub(super) certainty: Option<u8>,
    /// Of a link, where it comes from.
    pub(super) from: Option<&'a str>,
    /// Bodies that are not understood.
    pub(super) others: Vec<&'a Json>,
}

/// Where an annotation stands.
pub(super) struct Place {
    /// Start and end of each fragment, in code points.
    pub(super) fragments: Vec<(u64, u64)>,
    /// The words there, if they are given for all.
    pub(super) words: Option<String>,
    /// The words stand elsewhere than it says.
    pub(super) moved: bool,
}

/// Whether it links one thing to another.
pub(super) fn is_link(annotation: &Json) -> bool {
    list(annotation.get("motivation")).iter().any(|word| word.as_str() == Some("linking"))
}

/// What an annotation says.
pub(super) fn said(annotation: &Json) -> Said<'_> {
    let (mut said, mut label) = (Said::default(), None);
    let motivation = list(annotation.get("motivation")).first().and_then(|word| word.as_str());
    let link = is_link(annotation);
    let plain = list(annotation.get("bodyValue")).into_iter().filter_map(|value| Some((value, value.as_str()?)));
    let bodies = list(annotation.get("body")).into_iter().map(|body| (body, None));
    for (body, plain) in bodies.chain(plain.map(|(body, text)| (body, Some(text)))) {
        if let (Some(iri), None) = (body.as_str(), plain) {
            if link && said.from.is_none() {
                said.from = Some(iri);
            } else {
                said.others.push(body);
            }
            continue;
        }
        let text = plain.or_else(|| body.get("value").and_then(Json::as_str));
        let purpose = list(body.get("purpose")).first().and_then(|word| word.as_str());
        let purpose = purpose.or(motivation).unwrap_or_default();
        match (purpose, text) {
            ("tagging", Some(text)) if label.is_none() && !text.is_empty() => {
                label = Some(text.to_owned());
                said.layer = body.get("rubricate:layer").and_then(Json::as_str).map(str::to_owned);
            }
            ("assessing", _) if body.get("rubricate:certainty").is_some() => {
                let percent = body.get("rubricate:certainty").and_then(Json::as_u64);
                said.certainty =
                    percent.and_then(|percent| u8::try_from(percent).ok()).filter(|percent| *percent <= 100);
            }
            ("classifying" | "tagging", Some(_)) => {
                let name = body.get("rubricate:attribute").and_then(Json::as_str).unwrap_or(purpose);
                let name = AttributeId::new(name);
                match value_of(body).filter(|_| !said.attributes.contains_key(&name)) {
                    Some(value) => _ = said.attributes.insert(name, value),
                    None => said.others.push(body),
                }
            }
            (_, Some(text)) => {
                if !said.note.is_empty() {
                    said.note.push('\n');
                }
                said.note.push_str(text);
            }
            (_, None) => said.others.push(body),
        }
    }
    let usual = if link { "linking" } else { "annotation" };
    said.label = label.unwrap_or_else(|| motivation.unwrap_or(usual).to_owned());
    said
}

/// Where an annotation stands in its text; nothing if one of its targets is no place in it.
pub(super) fn place(annotation: &Json, text: &Text) -> Option<Place> {
    let (mut fragments, mut words, mut moved) = (Vec::new(), Vec::new(), false);
    for target in list(annotation.get("target")) {
        let mut selectors = Vec::new();
        list(target.get("selector")).into_iter().for_each(|selector| flat(selector, &mut selectors, 0));
        let (start, end, exact, elsewhere) = find(text, &selectors)?;
        moved |= elsewhere;
        fragments.push((start, end));
        words.extend(exact);
    }
    let words = Some(words).filter(|words| words.len() == fragments.len()).map(|words| words.join(" "));
    Some(Place { fragments, words, moved })
}

/// A selector and those that refine it.
fn flat<'a>(selector: &'a Json, all: &mut Vec<&'a Json>, depth: u8) {
    all.push(selector);
    if let Some(inner) = selector.get("refinedBy").filter(|_| depth < 8) {
        list(Some(inner)).into_iter().for_each(|inner| flat(inner, all, depth + 1));
    }
}

/// Where selectors point: the place if the words are there, else the words with those around them, else the nearest.
fn find<'a>(text: &Text, selectors: &[&'a Json]) -> Option<(u64, u64, Option<&'a str>, bool)> {
    let of = |kind: &str| selectors.iter().copied().find(|selector| is(selector, kind));
    let number = |selector: &Json, name: &str| selector.get(name).and_then(Json::as_u64);
    let position = of("TextPositionSelector").and_then(|found| Some((number(found, "start")?, number(found, "end")?)));
    let quote = of("TextQuoteSelector");
    let word = |name: &str| quote.and_then(|quote| quote.get(name)?.as_str()).unwrap_or_default();
    let (exact, prefix, suffix) = (word("exact"), word("prefix"), word("suffix"));
    if exact.is_empty() {
        return position.map(|(start, end)| (start, end, None, false));
    }
    if let Some((start, end)) = position {
        let place = |at: u64| u32::try_from(at).ok().filter(|at| *at <= text.chars());
        let range = place(start).zip(place(end)).and_then(|(start, end)| TextRange::new(start, end).ok());
        if range.is_some_and(|range| text.slice(range) == exact) {
            return Some((start, end, Some(exact), false));
        }
    }
    let whole = text.as_str().find(&format!("{prefix}{exact}{suffix}")).map(|byte| byte + prefix.len());
    let nearest = || {
        let near = position.and_then(|(start, _)| u32::try_from(start).ok()).map_or(0, |start| text.byte(start));
        let all = text.as_str().match_indices(exact).map(|(byte, _)| byte);
        all.min_by_key(|byte| byte.abs_diff(near))
    };
    let start = u64::from(text.place(whole.or_else(nearest)?));
    let size = u64::try_from(exact.chars().count()).ok()?;
    Some((start, start + size, Some(exact), position.is_some()))
}
