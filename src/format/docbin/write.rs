//! Writes a DocBin with the columns that hold annotations; spaCy fills the others when it trains.

use std::io;

use serde_json::{Map, Value as Json};

use super::hash::Numbers;
use super::message::{self, Kind, begin};
use super::parts::{self, Part};
use super::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, FORMAT, MISSING, ORTH};
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::own;
use crate::format::WriteOptions;
use crate::format::objects::rest_of;
use crate::format::output::Output;
use crate::format::pieces::{Piece, cut, of_example, tokens_of};
use crate::format::spacy::{self, Placed, plan, said};
use crate::text::range::TextRange;

/// A file in the making: all docs one after the other, part by part.
struct Bin {
    numbers: Numbers,
    /// Whether there are columns for ids of entities.
    wide: bool,
    docs: u64,
    tokens: Part,
    spaces: Part,
    lengths: Part,
    cats: Part,
    flags: Part,
    groups: Part,
    user: Part,
    /// Whether there is anything of a user.
    used: bool,
}

/// Writes all examples into one file.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    losses.remarks.push("Spans that share text with an entity are in the span group ‘sc’.".to_owned());
    let mut examples = examples.peekable();
    let schema = examples.peek().map(|first| &first.schema.attributes);
    let wide = schema.is_some_and(|known| known.contains_key(spacy::KB_ID) || known.contains_key(spacy::ENT_ID));
    let mut bin = Bin {
        numbers: Numbers::new(),
        wide,
        docs: 0,
        tokens: Part::new(),
        spaces: Part::new(),
        lengths: Part::new(),
        cats: Part::new(),
        flags: Part::new(),
        groups: Part::new(),
        user: Part::new(),
        used: false,
    };
    for example in examples {
        bin.add(&example, options, &mut losses)?;
    }
    parts::write(bin.parts()?, out)?;
    Ok(losses)
}

impl Bin {
    /// The parts in the order of the file, with what stands between them.
    fn parts(self) -> io::Result<Vec<Part>> {
        let Self { numbers, wide, docs, tokens, spaces, lengths, cats, flags, groups, user, used } = self;
        let mut head = Vec::new();
        begin(&mut head, Kind::Map, if used { 10 } else { 9 })?;
        message::words(&mut head, "version")?;
        message::words(&mut head, "0.1")?;
        message::words(&mut head, "attrs")?;
        let columns: &[u16] =
            if wide { &[ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID] } else { &[ORTH, ENT_IOB, ENT_TYPE] };
        begin(&mut head, Kind::List, if wide { 5 } else { 3 })?;
        for column in columns {
            head.push(0xCD);
            head.extend(column.to_be_bytes());
        }
        let mut all = vec![Part::of(&head)?];
        let mut add = |name: &str, kind: Kind, length: u64, part: Part| -> io::Result<()> {
            let mut head = Vec::new();
            message::words(&mut head, name)?;
            begin(&mut head, kind, length)?;
            all.push(Part::of(&head)?);
            all.push(part);
            Ok(())
        };
        add("tokens", Kind::Bytes, tokens.length(), tokens)?;
        add("spaces", Kind::Bytes, spaces.length(), spaces)?;
        add("lengths", Kind::Bytes, lengths.length(), lengths)?;
        let mut names = Vec::new();
        let strings = numbers.asked();
        message::words(&mut names, "")?;
        for string in &strings {
            message::words(&mut names, string)?;
        }
        let count = u64::try_from(strings.len()).map_err(io::Error::other)?;
        add("strings", Kind::List, count + 1, Part::of(&names)?)?;
        add("cats", Kind::List, docs, cats)?;
        add("flags", Kind::List, docs, flags)?;
        add("span_groups", Kind::List, docs, groups)?;
        if used {
            add("user_data", Kind::List, docs, user)?;
        }
        Ok(all)
    }

    fn add(&mut self, example: &Example, options: &WriteOptions, losses: &mut Losses) -> io::Result<()> {
        let rest = rest_of(&example.article, FORMAT.id);
        let ours = example.article.source.format.as_deref() == Some(FORMAT.id);
        let base = Some(&example.article).filter(|_| ours).and_then(|article| own(article));
        let pieces = of_example(example, base, options.tokenizer);
        let plan = plan(example, |range| tokens_of(&pieces, range), options, losses);
        if !self.wide {
            for (_, _, span) in plan.ents.iter().chain(plan.groups.values().flatten()) {
                let names = [spacy::KB_ID, spacy::ENT_ID].into_iter().filter(|name| !said(span, name).is_empty());
                names.for_each(|name| {
                    losses.add(LossKind::Attributes, &example.article.id, Some(span.at.hull()), name);
                });
            }
        }
        self.table(example, &pieces, &plan.ents, words_of(&rest, MISSING).as_deref())?;
        self.docs += 1;
        let length = i32::try_from(pieces.len()).map_err(io::Error::other)?;
        self.lengths.push(&length.to_le_bytes())?;
        let mut bytes = Vec::new();
        let cats = spacy::cats(example, rest.get("cats"));
        let cats: Vec<_> = cats.iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect();
        begin(&mut bytes, Kind::Map, u64::try_from(cats.len()).map_err(io::Error::other)?)?;
        for (name, value) in cats {
            self.numbers.ask(name);
            message::words(&mut bytes, name)?;
            message::number(&mut bytes, value);
        }
        self.cats.push(&bytes)?;
        bytes.clear();
        begin(&mut bytes, Kind::Map, 1)?;
        message::words(&mut bytes, "has_unknown_spaces")?;
        message::flag(&mut bytes, rest.get("unknown_spaces") == Some(&Json::Bool(true)));
        self.flags.push(&bytes)?;
        bytes.clear();
        message::bytes(&mut bytes, &self.spans(&plan.groups.into_iter().collect::<Vec<_>>())?)?;
        self.groups.push(&bytes)?;
        bytes.clear();
        let user = words_of(&rest, "user_data").as_deref().and_then(from_hex);
        self.used |= user.is_some();
        message::bytes(&mut bytes, user.as_deref().unwrap_or(&[0x80]))?;
        self.user.push(&bytes)
    }

    /// The rows of the tokens of a doc.
    fn table(
        &mut self,
        example: &Example,
        pieces: &[Piece],
        ents: &[Placed<'_>],
        missing: Option<&str>,
    ) -> io::Result<()> {
        let mut missing = missing.map(ranges).unwrap_or_default().into_iter().peekable();
        let mut ents = ents.iter().peekable();
        let mut rows = Vec::with_capacity(pieces.len().saturating_mul(if self.wide { 40 } else { 24 }));
        let mut spaces = Vec::with_capacity(pieces.len());
        // Pieces are all of the text, one after the other.
        let mut text = example.article.text().as_str();
        for (at, Piece { range, space }) in pieces.iter().enumerate() {
            let (word, tail) = cut(text, range.len());
            text = if *space { cut(tail, 1).1 } else { tail };
            while ents.next_if(|(_, last, _)| *last < at).is_some() {}
            while missing.next_if(|missing| missing.end() <= range.start()).is_some() {}
            let unknown = missing.peek().is_some_and(|missing| missing.covers(*range));
            let orth = self.numbers.ask(word);
            let mut row = [orth, if unknown { 0 } else { 2 }, 0, 0, 0];
            if let Some((first, _, span)) = ents.peek().filter(|(first, ..)| *first <= at) {
                let mark = if *first == at { 3 } else { 1 };
                let [label, kb, id] = self.names(span);
                row = [orth, mark, label, kb, id];
            }
            rows.extend(row.iter().take(if self.wide { 5 } else { 3 }).flat_map(|cell| cell.to_le_bytes()));
            spaces.push(u8::from(*space));
        }
        self.tokens.push(&rows)?;
        self.spaces.push(&spaces)
    }

    /// Numbers of the label of a span, of its entry in a knowledge base, and of its id.
    fn names(&mut self, span: &crate::model::span::Span) -> [u64; 3] {
        let label = self.numbers.ask(span.label.as_str());
        if !self.wide {
            return [label, 0, 0];
        }
        [label, self.numbers.ask(said(span, spacy::KB_ID)), self.numbers.ask(said(span, spacy::ENT_ID))]
    }

    /// The groups of a doc.
    fn spans(&mut self, groups: &[(String, Vec<Placed<'_>>)]) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        // No groups are an empty list, as spaCy has it.
        let kind = if groups.is_empty() { Kind::List } else { Kind::Map };
        begin(&mut all, kind, u64::try_from(groups.len()).map_err(io::Error::other)?)?;
        for (name, spans) in groups {
            self.numbers.ask(name);
            let mut group = Vec::new();
            begin(&mut group, Kind::Map, 3)?;
            message::words(&mut group, "name")?;
            message::words(&mut group, name)?;
            message::words(&mut group, "attrs")?;
            begin(&mut group, Kind::Map, 0)?;
            message::words(&mut group, "spans")?;
            begin(&mut group, Kind::List, u64::try_from(spans.len()).map_err(io::Error::other)?)?;
            for placed in spans {
                message::bytes(&mut group, &self.span(placed)?)?;
            }
            message::bytes(&mut all, &group)?;
            begin(&mut all, Kind::List, 1)?;
            message::words(&mut all, name)?;
        }
        Ok(all)
    }

    fn span(&mut self, (first, last, span): &Placed<'_>) -> io::Result<Vec<u8>> {
        let [label, kb, id] = self.names(span);
        let token = |at: usize| i32::try_from(at).map_err(io::Error::other);
        let letter = |at: u32| i32::try_from(at).map_err(io::Error::other);
        let places = [token(*first)?, token(last + 1)?, letter(span.at.start())?, letter(span.at.end())?];
        let mut bytes: Vec<u8> = [id, kb, label].iter().flat_map(|number| number.to_be_bytes()).collect();
        bytes.extend(places.iter().flat_map(|place| place.to_be_bytes()));
        Ok(bytes)
    }
}

/// What was kept under a name, as words; a single number is kept as one.
fn words_of(rest: &Map<String, Json>, name: &str) -> Option<String> {
    rest.get(name).map(|kept| kept.as_str().map_or_else(|| kept.to_string(), str::to_owned))
}

/// Ranges as they were kept: `0-5 7-9`.
fn ranges(kept: &str) -> Vec<TextRange> {
    let range = |words: &str| {
        let (start, end) = words.split_once('-')?;
        TextRange::new(start.parse().ok()?, end.parse().ok()?).ok()
    };
    kept.split(' ').filter_map(range).collect()
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = hex.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok()).collect()
}
