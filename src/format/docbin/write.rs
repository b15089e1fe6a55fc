//! Writes a DocBin with the columns that hold annotations; spaCy fills the others when it trains.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use rmpv::Value;
use serde_json::Value as Json;

use super::hash::Numbers;
use super::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, FORMAT, ORTH};
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::WriteOptions;
use crate::format::objects::rest_of;
use crate::format::output::Output;
use crate::format::pieces::{Piece, of_example};
use crate::format::spacy::{self, Placed, plan, said};
use crate::text::range::TextRange;

/// A file in the making: all docs one after the other.
struct Bin {
    numbers: Numbers,
    strings: BTreeSet<String>,
    tokens: Vec<u8>,
    spaces: Vec<u8>,
    lengths: Vec<u8>,
    cats: Vec<Value>,
    flags: Vec<Value>,
    groups: Vec<Value>,
    user: Vec<Value>,
}

/// Writes all examples into one file.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    losses.remarks.push("Spans that lie over a longer entity are in the span group ‘sc’.".to_owned());
    let mut bin = Bin {
        numbers: Numbers::new(),
        strings: BTreeSet::from([String::new()]),
        tokens: Vec::new(),
        spaces: Vec::new(),
        lengths: Vec::new(),
        cats: Vec::new(),
        flags: Vec::new(),
        groups: Vec::new(),
        user: Vec::new(),
    };
    for example in examples {
        bin.add(&example, options, &mut losses)?;
    }
    let Bin { strings, tokens, spaces, lengths, cats, flags, groups, user, .. } = bin;
    let attrs = [ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID].map(Value::from).to_vec();
    let mut fields = vec![
        ("version", Value::from("0.1")),
        ("attrs", Value::Array(attrs)),
        ("tokens", Value::Binary(tokens)),
        ("spaces", Value::Binary(spaces)),
        ("lengths", Value::Binary(lengths)),
        ("strings", Value::Array(strings.into_iter().map(Value::from).collect())),
        ("cats", Value::Array(cats)),
        ("flags", Value::Array(flags)),
        ("span_groups", Value::Array(groups)),
    ];
    if user.iter().any(|data| data.as_slice() != Some([0x80].as_slice())) {
        fields.push(("user_data", Value::Array(user)));
    }
    let mut packed = ZlibEncoder::new(out, Compression::default());
    packed.write_all(&pack(&map(fields))?)?;
    packed.finish()?;
    Ok(losses)
}

fn map(fields: Vec<(&str, Value)>) -> Value {
    Value::Map(fields.into_iter().map(|(name, value)| (Value::from(name), value)).collect())
}

fn pack(value: &Value) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).map_err(io::Error::other)?;
    Ok(bytes)
}

impl Bin {
    /// The number of a string, which the file will name.
    fn number(&mut self, string: &str) -> u64 {
        if !self.strings.contains(string) {
            self.strings.insert(string.to_owned());
        }
        self.numbers.of(string)
    }

    fn add(&mut self, example: &Example, options: &WriteOptions, losses: &mut Losses) -> io::Result<()> {
        let rest = rest_of(&example.article, FORMAT.id);
        // A single token is a plain number among what was kept.
        let base = rest.get("tokens").map(|kept| kept.as_str().map_or_else(|| kept.to_string(), str::to_owned));
        let pieces = of_example(example, base.as_deref().and_then(tokens), options.tokenizer);
        let plan = plan(example, &pieces, losses);
        let text = example.article.text();
        let mut ents = plan.ents.iter().peekable();
        for (at, Piece { range, space }) in pieces.iter().enumerate() {
            while ents.next_if(|(_, last, _)| *last < at).is_some() {}
            let orth = self.number(text.slice(*range));
            let mut row = [orth, 2, 0, 0, 0];
            if let Some((first, _, span)) = ents.peek().filter(|(first, ..)| *first <= at) {
                let mark = if *first == at { 3 } else { 1 };
                let label = self.number(span.label.as_str());
                row =
                    [orth, mark, label, self.number(said(span, spacy::KB_ID)), self.number(said(span, spacy::ENT_ID))];
            }
            self.tokens.extend(row.iter().flat_map(|cell| cell.to_le_bytes()));
            self.spaces.push(u8::from(*space));
        }
        let length = i32::try_from(pieces.len()).map_err(io::Error::other)?;
        self.lengths.extend(length.to_le_bytes());
        let cats = spacy::cats(example, rest.get("cats"));
        let cats =
            cats.iter().filter_map(|(name, value)| Some((Value::from(name.as_str()), Value::F64(value.as_f64()?))));
        let cats: Vec<_> = cats.collect();
        for (name, _) in &cats {
            self.number(name.as_str().unwrap_or_default());
        }
        self.cats.push(Value::Map(cats));
        let guessed = rest.get("unknown_spaces") == Some(&Json::Bool(true));
        self.flags.push(map(vec![("has_unknown_spaces", guessed.into())]));
        let mut groups = Vec::new();
        for (name, spans) in &plan.groups {
            self.number(name);
            let spans = spans.iter().map(|placed| self.span(placed)).collect::<io::Result<Vec<_>>>()?;
            let group =
                map(vec![("name", name.as_str().into()), ("attrs", map(Vec::new())), ("spans", Value::Array(spans))]);
            groups.push((Value::Binary(pack(&group)?), Value::Array(vec![name.as_str().into()])));
        }
        // No groups are an empty list, as spaCy has it.
        let groups = if groups.is_empty() { Value::Array(Vec::new()) } else { Value::Map(groups) };
        self.groups.push(Value::Binary(pack(&groups)?));
        let user = rest.get("user_data").map(|kept| kept.as_str().map_or_else(|| kept.to_string(), str::to_owned));
        self.user.push(Value::Binary(user.as_deref().and_then(bytes).unwrap_or_else(|| vec![0x80])));
        Ok(())
    }

    fn span(&mut self, (first, last, span): &Placed<'_>) -> io::Result<Value> {
        let numbers =
            [said(span, spacy::ENT_ID), said(span, spacy::KB_ID), span.label.as_str()].map(|words| self.number(words));
        let place = |at: usize| i32::try_from(at).map_err(io::Error::other);
        let letter = |at: u32| i32::try_from(at).map_err(io::Error::other);
        let places = [place(*first)?, place(last + 1)?, letter(span.at.start())?, letter(span.at.end())?];
        let numbers = numbers.iter().flat_map(|number| number.to_be_bytes());
        Ok(Value::Binary(numbers.chain(places.iter().flat_map(|place| place.to_be_bytes())).collect()))
    }
}

/// The tokens as they were kept: a length each, with a plus where a blank follows.
fn tokens(kept: &str) -> Option<Vec<TextRange>> {
    let mut at = 0_u32;
    kept.split(' ')
        .map(|token| {
            let length = token.trim_end_matches('+');
            let end = at.checked_add(length.parse().ok()?)?;
            let range = TextRange::new(at, end).ok()?;
            at = end + u32::from(length.len() < token.len());
            Some(range)
        })
        .collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = hex.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok()).collect()
}
