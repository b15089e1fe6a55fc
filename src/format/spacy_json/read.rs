//! Reads pairs, docs and tables.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{FORMAT, KEPT};
use crate::base::env::Env;
use crate::format::draft::{Draft, Drafts, Found};
use crate::format::objects::{keep_rest, values, words};
use crate::format::offsets::Counts;
use crate::format::{Input, Read, spacy};
use crate::model::id::AttributeId;
use crate::model::problem::Severity;
use crate::model::value::Value;
use crate::text::range::TextRange;

/// A file while it is read.
struct Reading {
    /// Names of fields that nothing here understands.
    unread: BTreeSet<String>,
    /// How many articles there are so far.
    count: u32,
    /// The text of a pair that stands in the file alone.
    open: Option<String>,
}

/// Reads a file.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let mut reading = Reading { unread: BTreeSet::new(), count: 0, open: None };
    values(&mut drafts, input, &mut |drafts, _, value| reading.value(drafts, value));
    if reading.open.take().is_some() {
        reading.left_out(&mut drafts, "It is words alone");
    }
    let unread = reading.unread;
    if !unread.is_empty() {
        let names: Vec<_> = unread.iter().take(12).map(|name| format!("‘{name}’")).collect();
        let what = format!(
            "Fields were not read ({}). There is no room for them here. Keep the file if you need them.",
            names.join(", ")
        );
        drafts.problem(Severity::Note, "", &what);
    }
    drafts.done()
}

impl Reading {
    fn value(&mut self, drafts: &mut Drafts<'_>, value: Json) {
        match value {
            Json::Array(pair) => {
                let mut pair = pair.into_iter();
                match (pair.next(), pair.next(), pair.next()) {
                    (Some(Json::String(text)), Some(Json::Object(said)), None) => self.doc(drafts, text, said),
                    _ => self.left_out(drafts, "It is no pair of a text and its annotations"),
                }
            }
            Json::String(text) if self.open.is_none() => self.open = Some(text),
            Json::Object(fields) if self.open.is_some() => {
                let text = self.open.take().unwrap_or_default();
                self.doc(drafts, text, fields);
            }
            Json::Object(mut fields) => match (fields.remove("paragraphs"), fields.remove("text")) {
                (Some(Json::Array(paragraphs)), _) => {
                    paragraphs.iter().for_each(|paragraph| self.paragraph(drafts, paragraph));
                }
                (_, Some(Json::String(text))) => self.doc(drafts, text, fields),
                _ => self.left_out(drafts, "It has no text"),
            },
            _ => self.left_out(drafts, "It is no pair and no object"),
        }
    }

    fn left_out(&mut self, drafts: &mut Drafts<'_>, why: &str) {
        self.count += 1;
        let what = format!("An article was left out. {why}. Repair the file.");
        drafts.problem(Severity::Error, &format!("article {}", self.count), &what);
    }

    fn problem(&self, drafts: &mut Drafts<'_>, what: &str) {
        drafts.problem(Severity::Error, &format!("article {}", self.count), what);
    }

    /// A text and what is said of it.
    fn doc(&mut self, drafts: &mut Drafts<'_>, text: String, mut said: Map<String, Json>) {
        self.count += 1;
        let mut draft = drafts.draft(text, Some(self.count));
        let mut found = Vec::new();
        for name in ["entities", "ents"] {
            match said.remove(name) {
                Some(Json::Array(list)) => found.extend(list.iter().filter_map(|one| self.span(drafts, one, None))),
                Some(Json::Null) | None => {}
                Some(_) => self.problem(drafts, "Entities were left out. They are no list. Repair the file."),
            }
        }
        match said.remove("spans") {
            Some(Json::Object(groups)) => {
                for (group, list) in groups {
                    let list = list.as_array().into_iter().flatten();
                    found.extend(list.filter_map(|one| self.span(drafts, one, Some(&group))));
                }
            }
            Some(Json::Array(list)) => found.extend(list.iter().filter_map(|one| self.span(drafts, one, None))),
            Some(Json::Null) | None => {}
            Some(_) => self.problem(drafts, "Spans were left out. They are no groups of lists. Repair the file."),
        }
        drafts.spans(&mut draft, &None, found, &[Counts::CodePoints]);
        if let Some(Json::Object(cats)) = said.remove("cats") {
            spacy::take_cats(drafts, &mut draft, &None, &cats);
        }
        if let Some(tokens) = said.get("tokens").and_then(Json::as_array) {
            let number = |token: &Json, name: &str| u32::try_from(token.get(name)?.as_u64()?).ok();
            let range = |token: &Json| TextRange::new(number(token, "start")?, number(token, "end")?).ok();
            draft.keep_tokens(&tokens.iter().filter_map(range).collect::<Vec<_>>());
        }
        self.rest(&mut draft, said);
        drafts.finish(draft);
    }

    /// Keeps what pairs have room for, and remembers the names of the rest.
    fn rest(&mut self, draft: &mut Draft, mut fields: Map<String, Json>) {
        self.unread.extend(fields.keys().filter(|name| !KEPT.contains(&name.as_str())).cloned());
        fields.retain(|name, _| KEPT.contains(&name.as_str()));
        keep_rest(draft, fields);
    }

    /// A span as a list of start, end, label and entry of a knowledge base, or as an object.
    fn span(&self, drafts: &mut Drafts<'_>, json: &Json, group: Option<&str>) -> Option<Found> {
        let field = |at: usize, name: &str| json.get(at).or_else(|| json.get(name));
        let place = field(0, "start").and_then(Json::as_u64).zip(field(1, "end").and_then(Json::as_u64));
        let (Some(place), Some(label)) = (place, field(2, "label").and_then(words)) else {
            self.problem(drafts, "A span was left out. It needs start, end and label. Repair the file.");
            return None;
        };
        let mut attributes = BTreeMap::new();
        let links = [(spacy::KB_ID, field(3, "kb_id")), (spacy::ENT_ID, field(4, "id"))];
        for (name, value) in links {
            if let Some(value) = value.and_then(words).filter(|words| !words.is_empty()) {
                let value = if name == spacy::KB_ID { Value::Link(value) } else { Value::Text(value) };
                attributes.insert(AttributeId::new(name), value);
            }
        }
        if let Some(group) = group {
            attributes.insert(AttributeId::new(spacy::GROUP), Value::Choice(group.to_owned()));
        }
        Some(Found { label, fragments: vec![place], attributes, ..Found::default() })
    }

    /// A paragraph of a table, which is a doc of its own.
    fn paragraph(&mut self, drafts: &mut Drafts<'_>, json: &Json) {
        self.count += 1;
        let sentences = json.get("sentences").and_then(Json::as_array).into_iter().flatten();
        let tokens = sentences.flat_map(|sentence| sentence.get("tokens").and_then(Json::as_array)).flatten();
        let tokens: Vec<(&str, &str)> = tokens
            .filter_map(|token| {
                let said = |name: &str| token.get(name).and_then(Json::as_str);
                self.unread
                    .extend(["tag", "head", "dep"].into_iter().filter(|name| said(name).is_some()).map(str::to_owned));
                Some((said("orth")?, said("ner").unwrap_or("-")))
            })
            .collect();
        let raw = json.get("raw").and_then(Json::as_str).filter(|raw| !raw.is_empty());
        let joined: String;
        let text = match raw {
            Some(raw) => raw,
            None => {
                joined = tokens.iter().map(|(orth, _)| *orth).collect::<Vec<_>>().join(" ");
                &joined
            }
        };
        let (found, places, lost) = entities(text, &tokens);
        if lost > 0 {
            let what = format!(
                "{lost} tokens were left out. They do not stand in the text in this order. Check the entities there."
            );
            self.problem(drafts, &what);
        }
        let mut draft = drafts.draft(text, Some(self.count));
        draft.keep_tokens(&places);
        drafts.spans(&mut draft, &None, found, &[Counts::CodePoints]);
        let cats: Map<String, Json> = match json.get("cats") {
            Some(Json::Object(cats)) => cats.clone(),
            Some(Json::Array(list)) => {
                let one = |cat: &Json| Some((cat.get("label").and_then(words)?, cat.get("value")?.clone()));
                list.iter().filter_map(one).collect()
            }
            _ => Map::new(),
        };
        spacy::take_cats(drafts, &mut draft, &None, &cats);
        drafts.finish(draft);
    }
}

/// Entities of the marks of tokens, where the tokens stand, and how many are not where they should be in the text.
fn entities(text: &str, tokens: &[(&str, &str)]) -> (Vec<Found>, Vec<TextRange>, usize) {
    let (mut found, mut places, mut lost) = (Vec::<Found>::new(), Vec::new(), 0);
    // What is left of the text, and where that begins in code points.
    let (mut rest, mut at) = (text, 0_u64);
    // The label of the entity that goes on.
    let mut open: Option<&str> = None;
    let length = |words: &str| u64::try_from(words.chars().count()).unwrap_or(u64::MAX);
    for (orth, ner) in tokens {
        let blank = rest.len() - rest.trim_start().len();
        let starts = |skip: &usize| rest.get(*skip..).is_some_and(|rest| rest.starts_with(orth));
        let Some(skip) = [0, blank].into_iter().find(starts).filter(|_| !orth.is_empty()) else {
            lost += 1;
            open = None;
            continue;
        };
        let start = at + rest.get(..skip).map_or(0, length);
        at = start + length(orth);
        if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(at)) {
            places.extend(TextRange::new(start, end));
        }
        rest = rest.get(skip + orth.len()..).unwrap_or_default();
        let (mark, label) = ner.split_once('-').unwrap_or((ner, ""));
        let goes_on = matches!(mark, "I" | "L" | "E") && open == Some(label);
        if label.is_empty() || mark == "O" {
            open = None;
            continue;
        }
        if goes_on {
            if let Some((_, end)) = found.last_mut().and_then(|found| found.fragments.last_mut()) {
                *end = at;
            }
        } else {
            found.push(Found { label: label.to_owned(), fragments: vec![(start, at)], ..Found::default() });
        }
        open = (!matches!(mark, "L" | "U" | "E" | "S")).then_some(label);
    }
    (found, places, lost)
}
