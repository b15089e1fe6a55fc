//! Reads a DocBin: columns by their numbers, strings by their hashes.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use rmpv::Value;
use serde_json::{Map, Value as Json};

use super::hash::Strings;
use super::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, FORMAT, MISSING, NORM, ORTH, SENT_START};
use crate::base::env::Env;
use crate::format::draft::{Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::{Input, Read, spacy};
use crate::model::id::AttributeId;
use crate::model::problem::Severity;
use crate::model::value;
use crate::text::range::TextRange;

/// What a file may hold when it is unpacked, in bytes.
const LIMIT: u64 = 1 << 30;

/// Reads a file.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Err(why) = docs(&mut drafts, input) {
        let what = format!("The file was not read to its end. {why}. Write it again with spaCy 3.");
        drafts.problem(Severity::Error, "", &what);
    }
    drafts.done()
}

/// A map by its names.
fn fields(value: Value) -> Option<BTreeMap<String, Value>> {
    let Value::Map(pairs) = value else { return None };
    Some(pairs.into_iter().filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value))).collect())
}

/// The table of tokens.
struct Table<'a> {
    columns: Vec<u16>,
    cells: &'a [u8],
    strings: Strings<'a>,
}

impl Table<'_> {
    fn cell(&self, row: usize, column: u16) -> u64 {
        let at = self.columns.iter().position(|known| *known == column);
        let start = at.and_then(|at| row.checked_mul(self.columns.len())?.checked_add(at)?.checked_mul(8));
        let bytes = start.and_then(|start| self.cells.get(start..start.checked_add(8)?));
        bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
    }

    /// The string of a number; one without is shown as a number.
    fn string(&self, number: u64) -> String {
        match self.strings.get(number) {
            Some(string) => string.to_owned(),
            None if number == 0 => String::new(),
            None => format!("0x{number:016x}"),
        }
    }
}

fn docs(drafts: &mut Drafts<'_>, input: &Input<'_>) -> Result<(), &'static str> {
    let mut bytes = Vec::new();
    let unpacked = ZlibDecoder::new(input.bytes).take(LIMIT).read_to_end(&mut bytes);
    unpacked.map_err(|_| "It is no DocBin, or it is torn")?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length >= LIMIT) {
        return Err("It is larger than 1 GiB when it is unpacked");
    }
    let value = rmpv::decode::read_value(&mut bytes.as_slice()).map_err(|_| "What is packed in it is torn")?;
    let fields = fields(value).ok_or("There is no table in it")?;
    let list = |name: &str| fields.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let binary = |name: &str| fields.get(name).and_then(Value::as_slice).ok_or("A part of its table is missing");
    let (cells, spaces, lengths) = (binary("tokens")?, binary("spaces")?, binary("lengths")?);
    // A column of an unknown number has its place all the same.
    let number = |column: &Value| column.as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or_default();
    let columns: Vec<u16> = list("attrs").iter().map(number).collect();
    if !columns.contains(&ORTH) {
        return Err("It has no words");
    }
    let strings = list("strings");
    let strings = Strings::new(strings.iter().filter_map(Value::as_str));
    let table = Table { columns, cells, strings };
    let (cats, groups) = (list("cats"), list("span_groups"));
    let (flags, user) = (list("flags"), list("user_data"));
    let (mut row, mut sentences) = (0_usize, false);
    for (at, length) in lengths.chunks_exact(4).enumerate() {
        let length = length.try_into().ok().map(i32::from_le_bytes);
        let length = length.and_then(|length| usize::try_from(length).ok()).ok_or("A length makes no sense")?;
        let end =
            row.checked_add(length).filter(|end| *end <= spaces.len()).ok_or("There are fewer tokens than it says")?;
        // The first token begins a sentence in any case.
        sentences |= (row..end).skip(1).any(|row| table.cell(row, SENT_START) == 1);
        doc(drafts, &table, spaces, row..end, at, [&cats, &groups, &flags, &user].map(|list| list.get(at)));
        row = end;
    }
    let said = [ORTH, NORM, ENT_IOB, ENT_TYPE, SENT_START, ENT_KB_ID, ENT_ID];
    let other: Vec<u16> = table.columns.iter().copied().filter(|column| !said.contains(column)).collect();
    let parsed = |row: usize| other.iter().any(|column| table.cell(row, *column) != 0);
    if sentences || (0..row).any(parsed) {
        let what = "Parts of speech, lemmas, parses and sentences were not read. There is no room for them here. \
                    Keep the file if you need them.";
        drafts.problem(Severity::Note, "", what);
    }
    Ok(())
}

fn doc(
    drafts: &mut Drafts<'_>,
    table: &Table<'_>,
    spaces: &[u8],
    rows: std::ops::Range<usize>,
    at: usize,
    [cats, groups, flags, user]: [Option<&Value>; 4],
) {
    let number = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
    let place = format!("article {number}");
    let (mut text, mut chars) = (String::new(), 0_u64);
    // Start and end of each token.
    let mut tokens: Vec<(u64, u64)> = Vec::new();
    let mut missing: Vec<(u64, u64)> = Vec::new();
    // Whether nothing was said of the token before either.
    let mut whole = false;
    for row in rows.clone() {
        let id = table.cell(row, ORTH);
        let Some(word) = table.strings.get(id) else {
            let what = "An article was left out. A word of it is not in the file. Write it again with its strings.";
            return drafts.problem(Severity::Error, &place, what);
        };
        let length = u64::try_from(word.chars().count()).unwrap_or_default();
        let space = spaces.get(row).is_some_and(|space| *space != 0);
        let place = (chars, chars + length);
        tokens.push(place);
        if table.cell(row, ENT_IOB) == 0 {
            match missing.last_mut().filter(|(_, end)| *end == chars || *end + 1 == chars) {
                Some((_, end)) if whole => *end = place.1,
                _ => missing.push(place),
            }
        }
        whole = table.cell(row, ENT_IOB) == 0;
        text.push_str(word);
        chars += length;
        if space {
            text.push(' ');
            chars += 1;
        }
    }
    let mut found = entities(table, rows, &tokens);
    for (bytes, name) in group_bytes(groups) {
        match group(table, &bytes, name, &tokens) {
            Some(spans) => found.extend(spans),
            None => {
                let what = "A group of spans was left out. It makes no sense. Write the file again with spaCy 3.";
                drafts.problem(Severity::Error, &place, what);
            }
        }
    }
    if found.iter().any(|found| found.label.starts_with("0x")) {
        let what = "A label is shown as a number. Its name is not in the file. Write it again with its strings.";
        drafts.problem(Severity::Warning, &place, what);
    }
    let mut draft = drafts.draft(text, Some(number));
    drafts.spans(&mut draft, &None, found, &[Counts::CodePoints]);
    let cats: Map<String, Json> = cats
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value.as_f64()?.into())))
        .collect();
    spacy::take_cats(drafts, &mut draft, &None, &cats);
    let guessed = flags.and_then(Value::as_map).into_iter().flatten();
    if guessed
        .filter(|(name, _)| name.as_str() == Some("has_unknown_spaces"))
        .any(|(_, yes)| yes.as_bool() == Some(true))
    {
        let what = "The blanks of its text are a guess of spaCy. Nothing needs to be done.";
        drafts.problem(Severity::Note, &place, what);
        draft.keep("unknown_spaces", "true");
    }
    if let Some(user) = user.and_then(Value::as_slice).filter(|user| **user != [0x80]) {
        draft.keep("user_data", user.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    }
    if !missing.is_empty() {
        let places: Vec<_> = missing.iter().map(|(start, end)| format!("{start}-{end}")).collect();
        draft.keep(MISSING, places.join(" "));
    }
    let range = |(start, end): &(u64, u64)| TextRange::new(u32::try_from(*start).ok()?, u32::try_from(*end).ok()?).ok();
    draft.keep_tokens(&tokens.iter().filter_map(range).collect::<Vec<_>>());
    drafts.finish(draft);
}

fn attributes(said: [(&str, value::Value); 3]) -> BTreeMap<AttributeId, value::Value> {
    let empty = |value: &value::Value| matches!(value, value::Value::Link(words) | value::Value::Text(words) | value::Value::Choice(words) if words.is_empty());
    said.into_iter().filter(|(_, value)| !empty(value)).map(|(name, value)| (AttributeId::new(name), value)).collect()
}

fn entities(table: &Table<'_>, rows: std::ops::Range<usize>, tokens: &[(u64, u64)]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    // The number of the label of the entity that goes on.
    let mut open = None;
    for (row, (start, end)) in rows.zip(tokens) {
        let (mark, label) = (table.cell(row, ENT_IOB), table.cell(row, ENT_TYPE));
        if label == 0 || !matches!(mark, 1 | 3) {
            open = None;
        } else if mark == 1 && open == Some(label) {
            if let Some((_, last)) = found.last_mut().and_then(|found| found.fragments.last_mut()) {
                *last = *end;
            }
        } else {
            open = Some(label);
            found.push(Found {
                label: table.string(label),
                fragments: vec![(*start, *end)],
                attributes: attributes([
                    (spacy::KB_ID, value::Value::Link(table.string(table.cell(row, ENT_KB_ID)))),
                    (spacy::ENT_ID, value::Value::Text(table.string(table.cell(row, ENT_ID)))),
                    (spacy::GROUP, value::Value::Choice(String::new())),
                ]),
                ..Found::default()
            });
        }
    }
    found
}

/// The groups of a doc, each packed. Older files list them; newer ones have them with their names, which may be several
/// for groups that are alike.
fn group_bytes(packed: Option<&Value>) -> Vec<(Vec<u8>, Option<String>)> {
    let Some(mut packed) = packed.and_then(Value::as_slice) else { return Vec::new() };
    let bytes = |value: &Value| value.as_slice().map(<[u8]>::to_vec);
    match rmpv::decode::read_value(&mut packed) {
        Ok(Value::Array(list)) => list.iter().filter_map(|group| Some((bytes(group)?, None))).collect(),
        Ok(Value::Map(pairs)) => {
            let named = |(group, names): &(Value, Value)| {
                let group = bytes(group).unwrap_or_default();
                let names = names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
                names.map(|name| (group.clone(), Some(name))).collect::<Vec<_>>()
            };
            pairs.iter().flat_map(named).collect()
        }
        _ => Vec::new(),
    }
}

fn group(table: &Table<'_>, mut bytes: &[u8], name: Option<String>, tokens: &[(u64, u64)]) -> Option<Vec<Found>> {
    let fields = fields(rmpv::decode::read_value(&mut bytes).ok()?)?;
    let name = match name {
        Some(name) => name,
        None => fields.get("name")?.as_str()?.to_owned(),
    };
    let span = |span: &Value| -> Option<Found> {
        let bytes = span.as_slice().filter(|bytes| bytes.len() == 40)?;
        let number = |at: usize| Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let place = |at: usize| usize::try_from(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok();
        let (first, last) = (place(24)?, place(28)?.checked_sub(1)?);
        let fragments = vec![(tokens.get(first)?.0, tokens.get(last)?.1)];
        let attributes = attributes([
            (spacy::KB_ID, value::Value::Link(table.string(number(8)?))),
            (spacy::ENT_ID, value::Value::Text(table.string(number(0)?))),
            (spacy::GROUP, value::Value::Choice(name.clone())),
        ]);
        Some(Found { label: table.string(number(16)?), fragments, attributes, ..Found::default() })
    };
    fields.get("spans")?.as_array()?.iter().map(span).collect()
}
