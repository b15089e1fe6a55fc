//! What the lines of a `.ann` file mean for their article. Reader and writer ask the same: the reader to take the
//! facts over, the writer to find out whether a line still says the truth and may stand as it was.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::brat::line::{Says, parse};
use crate::format::draft::Found;
use crate::format::offsets::{Counts, Quoted, Ruler, same, verdict};
use crate::model::id::{AttributeId, RelationId, SpanId};
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::text::Text;

/// The kind of note that the tool itself makes.
pub(super) const NOTES: &str = "AnnotatorNotes";
/// The kind of note with which we say that fragments are one piece that was cut at the ends of lines only.
pub(super) const ONE_PIECE: &str = "OnePiece";
/// What the offsets of files in the wild may count.
pub(super) const CANDIDATES: &[Counts] = &[Counts::CodePoints, Counts::WithoutCr, Counts::Utf16, Counts::Bytes];

/// Whether a character ends a line, so that it cannot stand in the column of words.
pub(super) fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Something that a line says of the article.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fact {
    /// There is a span.
    Span(SpanId),
    /// The fragments of a span are one piece.
    Whole(SpanId),
    /// There is a relation.
    Relation(RelationId, String, End, End),
    /// A value, or one of the values, of an attribute.
    Attribute(End, AttributeId, Value),
    /// A line of a note.
    Note(End, String),
}

/// A line with what it means.
pub(super) struct Line<'a> {
    /// As it stands in the file, with its line end.
    pub(super) raw: &'a str,
    /// Taken apart.
    pub(super) says: Says<'a>,
    /// What it says of the article.
    pub(super) facts: Vec<Fact>,
    /// What else has to be there for the line to make sense.
    pub(super) about: Vec<End>,
    /// What a person should know of it.
    pub(super) told: Option<String>,
}

/// A whole file.
pub(super) struct Sheet<'a> {
    /// Its lines in order.
    pub(super) lines: Vec<Line<'a>>,
    /// What the offsets count.
    pub(super) counts: Counts,
    /// Spans by the id that they get; without attributes and notes.
    pub(super) spans: BTreeMap<SpanId, Found>,
    /// The places of the spans that fit the text.
    pub(super) places: BTreeMap<SpanId, Extent>,
    /// Spans and relations that come into the article.
    pub(super) alive: BTreeSet<End>,
    /// Attributes with all their values.
    pub(super) attributes: BTreeMap<(End, AttributeId), Value>,
    /// Notes with all their lines.
    pub(super) notes: BTreeMap<End, String>,
}

impl<'a> Sheet<'a> {
    /// Reads all lines of a file about that text.
    pub(super) fn new(text: &Text, ann: &'a str) -> Self {
        let lines = ann.split_inclusive('\n').map(|raw| {
            let says = parse(raw);
            Line { raw, says, facts: Vec::new(), about: Vec::new(), told: None }
        });
        let mut sheet = Self {
            lines: lines.collect(),
            counts: Counts::CodePoints,
            spans: BTreeMap::new(),
            places: BTreeMap::new(),
            alive: BTreeSet::new(),
            attributes: BTreeMap::new(),
            notes: BTreeMap::new(),
        };
        sheet.find_spans();
        sheet.join_pieces(text);
        sheet.find_places(text);
        let names = Names::of(&sheet.lines);
        let mut lines = std::mem::take(&mut sheet.lines);
        for (number, line) in (1_usize..).zip(&mut lines) {
            sheet.mean(line, number, &names);
        }
        sheet.lines = lines;
        sheet.find_alive();
        sheet
    }

    fn find_spans(&mut self) {
        for line in &mut self.lines {
            let Says::Span { id, label, fragments, words } = &line.says else { continue };
            // An id that stands twice is told apart, so that nothing is lost.
            let mut ids = std::iter::once((*id).to_owned()).chain((2..).map(|count| format!("{id}#{count}")));
            let free = ids.find(|id| !self.spans.contains_key(id.as_str())).unwrap_or_default();
            if free != *id {
                line.told = Some(format!("The id ‘{id}’ stands twice. The span is here as ‘{free}’"));
            }
            let found = Found {
                id: Some(free.clone()),
                label: (*label).to_owned(),
                fragments: fragments.clone(),
                words: words.map(str::to_owned),
                ..Found::default()
            };
            line.facts.push(Fact::Span(SpanId::new(free.as_str())));
            self.spans.insert(SpanId::new(free), found);
        }
    }

    /// Puts fragments together that we cut at the ends of lines.
    fn join_pieces(&mut self, text: &Text) {
        for line in &self.lines {
            let Says::Note { kind: ONE_PIECE, target, .. } = &line.says else { continue };
            let Some(found) = self.spans.get_mut(*target) else { continue };
            let mut joined: Vec<(u64, u64)> = Vec::new();
            for (start, end) in found.fragments.drain(..) {
                let gap = |from: u64| {
                    let range = Counts::CodePoints.range(text, from, start).ok()?;
                    Some(text.slice(range).chars().all(ends_line))
                };
                match joined.last_mut() {
                    Some((_, last)) if gap(*last) == Some(true) => *last = end,
                    _ => joined.push((start, end)),
                }
            }
            found.fragments = joined;
        }
    }

    fn find_places(&mut self, text: &Text) {
        let mut quoted = Vec::new();
        for found in self.spans.values() {
            let words = found.words.as_deref().filter(|_| found.fragments.len() == 1);
            quoted.extend(found.fragments.iter().map(|(start, end)| Quoted { start: *start, end: *end, words }));
        }
        self.counts = verdict(text, &quoted, CANDIDATES).counts;
        let ruler = Ruler::new(self.counts, text);
        for (id, found) in &self.spans {
            let ranges = found.fragments.iter().map(|(start, end)| ruler.range(*start, *end));
            let Ok(mut ranges) = ranges.collect::<Result<Vec<TextRange>, _>>() else { continue };
            ranges.sort_unstable_by_key(|range| range.start());
            let Ok(at) = Extent::new(ranges) else { continue };
            let there: Vec<&str> = at.fragments().iter().map(|part| text.slice(*part)).collect();
            if found.words.as_deref().is_none_or(|words| same(words, &there.join(" "))) {
                self.places.insert(id.clone(), at);
            }
        }
    }

    /// Finds out what a line says of the article.
    fn mean(&mut self, line: &mut Line<'a>, number: usize, names: &Names<'a>) {
        let missing = |id: &str| format!("It speaks of ‘{id}’, which is not there");
        match &line.says {
            Says::Nothing | Says::Span { .. } => {}
            Says::Unknown(why) => line.told = Some((*why).to_owned()),
            Says::Event { id, label, trigger, args } => {
                let Some(from) = names.end(trigger) else { return line.told = Some(missing(trigger)) };
                if self.spans.get(*trigger).is_some_and(|found| found.label != *label) {
                    line.told = Some(format!("The event is called ‘{label}’ and its words are not"));
                }
                for (count, (role, target)) in (1_usize..).zip(args) {
                    match names.end(target) {
                        Some(to) => {
                            let relation = RelationId::new(format!("{id}/{count}"));
                            line.facts.push(Fact::Relation(relation, plain_role(role).to_owned(), from.clone(), to));
                        }
                        None => line.told = Some(missing(target)),
                    }
                }
                line.about.push(from);
            }
            Says::Relation { id, kind, from, to } => match (names.end(from.1), names.end(to.1)) {
                (Some(from), Some(to)) if names.first(id, number) => {
                    line.facts.push(Fact::Relation(RelationId::new(*id), (*kind).to_owned(), from, to));
                }
                (Some(_), Some(_)) => line.told = Some(format!("The id ‘{id}’ stands twice")),
                (None, _) => line.told = Some(missing(from.1)),
                (_, None) => line.told = Some(missing(to.1)),
            },
            Says::Group { kind, ids } => {
                let ends: Vec<Option<End>> = ids.iter().map(|id| names.end(id)).collect();
                if let Some((id, _)) = ids.iter().zip(&ends).find(|(_, end)| end.is_none()) {
                    line.told = Some(missing(id));
                }
                let ends: Vec<End> = ends.into_iter().flatten().collect();
                for (count, (from, to)) in (1_usize..).zip(ends.iter().zip(ends.iter().skip(1))) {
                    let relation = RelationId::new(format!("*{number}/{count}"));
                    line.facts.push(Fact::Relation(relation, (*kind).to_owned(), from.clone(), to.clone()));
                }
                line.about = ends;
            }
            Says::Attribute { name, target, value } => {
                let value = value.map_or(Value::Flag(true), |value| Value::Choice(value.to_owned()));
                self.attribute(line, names, target, name, value);
            }
            Says::Link { target, base, key } => {
                self.attribute(line, names, target, base, Value::Link((*key).to_owned()));
            }
            Says::Note { kind: ONE_PIECE, target, .. } => match self.spans.get(*target) {
                Some(_) => line.facts.push(Fact::Whole(SpanId::new(*target))),
                None => line.told = Some(missing(target)),
            },
            Says::Note { kind: NOTES, target, text } => match names.bearer(target) {
                Ok(end) => {
                    let note = self.notes.entry(end.clone());
                    note.and_modify(|note| *note = format!("{note}\n{text}")).or_insert_with(|| (*text).to_owned());
                    line.facts.push(Fact::Note(end, (*text).to_owned()));
                }
                Err(why) => {
                    line.about.extend(names.end(target));
                    line.told = Some(why);
                }
            },
            Says::Note { kind, target, text } => {
                self.attribute(line, names, target, kind, Value::Text((*text).to_owned()));
            }
        }
    }

    /// A value of an attribute; several choices are put together, anything else has room for one.
    fn attribute(&mut self, line: &mut Line<'a>, names: &Names<'a>, target: &str, name: &str, value: Value) {
        let end = match names.bearer(target) {
            Ok(end) => end,
            Err(why) => {
                line.about.extend(names.end(target));
                return line.told = Some(why);
            }
        };
        let id = AttributeId::new(name);
        let key = (end.clone(), id.clone());
        let all = match (self.attributes.get(&key), &value) {
            (None, value) => value.clone(),
            (Some(known), value) if known == value => value.clone(),
            (Some(Value::Choice(one)), Value::Choice(other)) => {
                let mut both = vec![one.clone(), other.clone()];
                both.sort_unstable();
                Value::Choices(both)
            }
            (Some(Value::Choices(all)), Value::Choice(other)) => {
                let mut all = all.clone();
                if !all.contains(other) {
                    all.push(other.clone());
                    all.sort_unstable();
                }
                Value::Choices(all)
            }
            _ => {
                line.about.push(end);
                return line.told =
                    Some(format!("‘{name}’ of ‘{target}’ has a value already, and there is room for one"));
            }
        };
        self.attributes.insert(key, all);
        line.facts.push(Fact::Attribute(end, id, value));
    }

    /// Spans that fit, and relations between things that are there.
    fn find_alive(&mut self) {
        self.alive = self.places.keys().cloned().map(End::Span).collect();
        let relations = || self.lines.iter().flat_map(|line| &line.facts);
        loop {
            let before = self.alive.len();
            for fact in relations() {
                let Fact::Relation(id, _, from, to) = fact else { continue };
                if self.alive.contains(from) && self.alive.contains(to) {
                    self.alive.insert(End::Relation(id.clone()));
                }
            }
            if self.alive.len() == before {
                return;
            }
        }
    }
}

/// What the ids of a file stand for.
struct Names<'a> {
    spans: BTreeSet<&'a str>,
    /// With the line on which each stands first.
    relations: BTreeMap<&'a str, usize>,
    /// Their triggers.
    events: BTreeMap<&'a str, &'a str>,
    /// How many events a trigger has.
    triggers: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(lines: &[Line<'a>]) -> Self {
        let (spans, relations) = (BTreeSet::new(), BTreeMap::new());
        let mut names = Self { spans, relations, events: BTreeMap::new(), triggers: BTreeMap::new() };
        for (number, line) in (1_usize..).zip(lines) {
            match &line.says {
                Says::Span { id, .. } => _ = names.spans.insert(id),
                Says::Relation { id, .. } => _ = names.relations.entry(id).or_insert(number),
                Says::Event { id, trigger, .. } => {
                    names.events.insert(id, trigger);
                    *names.triggers.entry(trigger).or_default() += 1;
                }
                _ => {}
            }
        }
        names
    }

    /// Whether the relation of that id stands on this line first.
    fn first(&self, id: &str, number: usize) -> bool {
        self.relations.get(id) == Some(&number)
    }

    /// What an id stands for; an event stands for its trigger.
    fn end(&self, id: &str) -> Option<End> {
        let id = self.events.get(id).copied().unwrap_or(id);
        if self.spans.contains(id) {
            return Some(End::Span(SpanId::new(id)));
        }
        self.relations.contains_key(id).then(|| End::Relation(RelationId::new(id)))
    }

    /// What can bear an attribute that is said of this id. Of two events on the same words neither can, since nobody
    /// would know which.
    fn bearer(&self, id: &str) -> Result<End, String> {
        let shared = self.events.get(id).is_some_and(|trigger| self.triggers.get(trigger).is_some_and(|all| *all > 1));
        if shared {
            return Err(format!("It is about the event ‘{id}’, and another event has the same words"));
        }
        self.end(id).ok_or_else(|| format!("It speaks of ‘{id}’, which is not there"))
    }
}

/// A role without the number that tells several of a kind apart.
fn plain_role(role: &str) -> &str {
    let plain = role.trim_end_matches(|c: char| c.is_ascii_digit());
    if plain.is_empty() { role } else { plain }
}
