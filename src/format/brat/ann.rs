//! The lines of one annotation set.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::dataset::loss::{LossKind, Losses};
use crate::format::brat::line::Says;
use crate::format::brat::sheet::{Fact, Line, NOTES, ONE_PIECE, Sheet, ends_line};
use crate::format::offsets::Counts;
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::Article;
use crate::model::id::{AttributeId, RelationId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};

/// A name of one word, as brat needs it.
pub(super) fn word(name: &str) -> String {
    name.replace(char::is_whitespace, "_")
}

/// Free words in a line.
fn free(words: &str) -> String {
    words.replace(|c| c == '\t' || ends_line(c), " ")
}

/// What is said of an article, beginning with what was read.
pub(super) fn lines(article: &Article, set: &AnnotationSet, sheet: &Sheet<'_>, losses: &mut Losses) -> String {
    let mut writer = Writer::new(article, set, sheet);
    for line in &sheet.lines {
        writer.old(line);
    }
    writer.new_spans(losses);
    writer.new_relations(losses);
    writer.out
}

struct Writer<'a> {
    article: &'a Article,
    set: &'a AnnotationSet,
    sheet: &'a Sheet<'a>,
    out: String,
    /// The largest number of each letter that is in use.
    largest: BTreeMap<char, u64>,
    spans: BTreeMap<&'a SpanId, String>,
    relations: BTreeMap<&'a RelationId, String>,
    /// Relations as they were read.
    links: BTreeMap<&'a RelationId, &'a Fact>,
    /// What the lines so far have said.
    said: BTreeSet<SpanId>,
    said_relations: BTreeSet<RelationId>,
    said_attributes: BTreeMap<(End, AttributeId), Vec<Value>>,
    said_notes: BTreeMap<End, Vec<String>>,
    /// Spans whose line has to be written anew.
    changed: BTreeSet<SpanId>,
}

/// The number of an id such as `T7`.
fn number(id: &str, letter: char) -> Option<u64> {
    let digits = id.strip_prefix(letter)?;
    let usual = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| usual)
}

impl<'a> Writer<'a> {
    fn new(article: &'a Article, set: &'a AnnotationSet, sheet: &'a Sheet<'a>) -> Self {
        let links = sheet.lines.iter().flat_map(|line| &line.facts).filter_map(|fact| match fact {
            Fact::Relation(id, ..) => Some((id, fact)),
            _ => None,
        });
        let links = links.collect();
        let mut writer = Self {
            article,
            set,
            sheet,
            out: String::new(),
            largest: BTreeMap::new(),
            spans: BTreeMap::new(),
            relations: BTreeMap::new(),
            links,
            said: BTreeSet::new(),
            said_relations: BTreeSet::new(),
            said_attributes: BTreeMap::new(),
            said_notes: BTreeMap::new(),
            changed: BTreeSet::new(),
        };
        let ids = set.spans.keys().map(SpanId::as_str).chain(set.relations.keys().map(RelationId::as_str));
        let raw = sheet.lines.iter().filter_map(|line| line.raw.split('\t').next());
        for id in ids.chain(raw) {
            for letter in ['T', 'R', 'A', 'N', '#'] {
                let largest = writer.largest.entry(letter).or_default();
                *largest = number(id, letter).unwrap_or(0).max(*largest);
            }
        }
        for (id, span) in &set.spans {
            let known = sheet.spans.get(id);
            let same = |at: &Extent| *at == span.at && known.is_some_and(|found| found.label == span.label.as_str());
            if known.is_some() && !sheet.places.get(id).is_some_and(same) {
                writer.changed.insert(id.clone());
            }
        }
        // Offsets of two kinds must not stand in one file.
        let fresh = set.spans.keys().any(|id| !sheet.spans.contains_key(id));
        if sheet.counts != Counts::CodePoints && (fresh || !writer.changed.is_empty()) {
            writer.changed.extend(sheet.places.keys().filter(|id| set.spans.contains_key(*id)).cloned());
        }
        for (id, _) in set.in_reading_order() {
            let own = number(id.as_str(), 'T').is_some() || sheet.spans.contains_key(id);
            let name = if own { id.as_str().to_owned() } else { writer.fresh('T') };
            writer.spans.insert(id, name);
        }
        let mut structures = BTreeSet::new();
        for line in sheet.lines.iter().filter(|line| matches!(line.says, Says::Event { .. } | Says::Group { .. })) {
            structures.extend(line.facts.iter().filter_map(|fact| match fact {
                Fact::Relation(id, ..) => Some(id.clone()),
                _ => None,
            }));
        }
        for (id, relation) in &set.relations {
            // Arguments of events and links of groups have no id of their own.
            if structures.contains(id) && writer.is_true_relation(id, relation) {
                continue;
            }
            let read = !structures.contains(id) && writer.links.contains_key(id);
            let own = number(id.as_str(), 'R').is_some() || read;
            let name = if own { id.as_str().to_owned() } else { writer.fresh('R') };
            writer.relations.insert(id, name);
        }
        writer
    }

    fn fresh(&mut self, letter: char) -> String {
        let largest = self.largest.entry(letter).or_default();
        *largest = largest.saturating_add(1);
        format!("{letter}{largest}")
    }

    /// What an end is called; nothing if it has no id of its own.
    fn name(&self, end: &End) -> Option<&str> {
        match end {
            End::Span(id) => self.spans.get(id).map(String::as_str),
            End::Relation(id) => self.relations.get(id).map(String::as_str),
        }
    }

    fn is_there(&self, end: &End) -> bool {
        match end {
            End::Span(id) => self.set.spans.contains_key(id),
            End::Relation(id) => self.set.relations.contains_key(id),
        }
    }

    fn is_true_relation(&self, id: &RelationId, relation: &Relation) -> bool {
        let same = |fact: &&Fact| {
            matches!(fact, Fact::Relation(_, kind, from, to)
                if kind == relation.kind.as_str() && *from == relation.from && *to == relation.to)
        };
        self.links.get(id).is_some_and(same)
    }

    /// Whether a fact is as it was read, or never came into the article.
    fn holds(&self, fact: &Fact) -> bool {
        let alive = |end: &End| self.sheet.alive.contains(end);
        match fact {
            Fact::Span(id) | Fact::Whole(id) => {
                !alive(&End::Span(id.clone())) || (self.set.spans.contains_key(id) && !self.changed.contains(id))
            }
            Fact::Relation(id, kind, from, to) => {
                let same = |now: &Relation| now.kind.as_str() == kind && now.from == *from && now.to == *to;
                !alive(&End::Relation(id.clone())) || self.set.relations.get(id).is_some_and(same)
            }
            Fact::Attribute(end, name, part) => {
                let now = match end {
                    End::Span(id) => self.set.spans.get(id).and_then(|span| span.attributes.get(name)),
                    End::Relation(id) => self.set.relations.get(id).and_then(|one| one.attributes.get(name)),
                };
                let is = |now: &Value| match (now, part) {
                    (Value::Choices(all), Value::Choice(one)) => all.contains(one),
                    (now, part) => now == part,
                };
                !alive(end) || now.is_some_and(is)
            }
            Fact::Note(end, text) => {
                let now = match end {
                    End::Span(id) => self.set.spans.get(id).map(|span| &span.note),
                    End::Relation(id) => self.set.relations.get(id).map(|one| &one.note),
                };
                !alive(end) || now.is_some_and(|now| now.split('\n').any(|line| line == text))
            }
        }
    }

    /// A line that was read: as it was, anew, or not at all.
    fn old(&mut self, line: &Line<'_>) {
        let gone = |end: &End| self.sheet.alive.contains(end) && !self.is_there(end);
        let renamed = |id: &SpanId, label: &str| {
            self.set.spans.get(id).is_some_and(|span| self.changed.contains(id) && span.label.as_str() != label)
        };
        let event = match (&line.says, line.about.first()) {
            (Says::Event { label, .. }, Some(End::Span(id))) => renamed(id, label),
            _ => false,
        };
        if !event && line.facts.iter().all(|fact| self.holds(fact)) && !line.about.iter().any(gone) {
            self.out.push_str(line.raw);
            for fact in line.facts.clone() {
                self.say(fact);
            }
            return;
        }
        match &line.says {
            Says::Span { .. } => {
                if let Some(Fact::Span(id)) = line.facts.first()
                    && let Some(span) = self.set.spans.get(id)
                {
                    self.span(id, span);
                }
            }
            Says::Relation { from, to, .. } => {
                if let Some(Fact::Relation(id, ..)) = line.facts.first()
                    && let Some(relation) = self.set.relations.get(id)
                {
                    self.relation(id, relation, [from.0, to.0]);
                }
            }
            Says::Event { id, trigger, args, .. } => self.event(line, id, trigger, args),
            Says::Group { .. } => {
                for fact in line.facts.iter().filter(|fact| self.holds(fact)).cloned().collect::<Vec<_>>() {
                    if let Fact::Relation(_, kind, from, to) = &fact
                        && let (Some(from), Some(to)) = (self.name(from), self.name(to))
                    {
                        let group = format!("*\t{kind} {from} {to}\n");
                        self.out.push_str(&group);
                        self.say(fact);
                    }
                }
            }
            // What is true of them comes at the end.
            _ => {}
        }
    }

    fn event(&mut self, line: &Line<'_>, id: &str, trigger: &str, args: &[(&str, &str)]) {
        let Some(End::Span(words)) = line.about.first() else { return };
        let Some(span) = self.set.spans.get(words) else { return };
        let mut event = format!("{id}\t{}:{trigger}", word(span.label.as_str()));
        for (count, (role, target)) in (1_usize..).zip(args) {
            let relation = RelationId::new(format!("{id}/{count}"));
            let own = |fact: &&Fact| matches!(fact, Fact::Relation(other, ..) if *other == relation);
            let fact = line.facts.iter().find(own).cloned();
            match fact {
                Some(fact) if !self.holds(&fact) => {}
                fact => {
                    _ = write!(event, " {role}:{target}");
                    fact.into_iter().for_each(|fact| self.say(fact));
                }
            }
        }
        self.push(&event);
    }

    fn say(&mut self, fact: Fact) {
        match fact {
            Fact::Relation(id, ..) => _ = self.said_relations.insert(id),
            Fact::Attribute(end, id, value) => self.said_attributes.entry((end, id)).or_default().push(value),
            Fact::Note(end, text) => self.said_notes.entry(end).or_default().push(text),
            Fact::Span(id) => _ = self.said.insert(id),
            Fact::Whole(_) => {}
        }
    }

    /// A line of its own, also after a file without a line end.
    fn push(&mut self, line: &str) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A span in lines of its own. The column of words knows no ends of lines: fragments are cut there.
    fn span(&mut self, id: &SpanId, span: &Span) {
        let text = self.article.text();
        let mut pieces: Vec<TextRange> = Vec::new();
        for part in span.at.fragments() {
            let mut start = None;
            for (at, c) in (part.start()..).zip(text.slice(*part).chars().map(Some).chain([None])) {
                match (c.filter(|c| !ends_line(*c)), start) {
                    (Some(_), None) => start = Some(at),
                    (None, Some(from)) => {
                        pieces.extend(TextRange::new(from, at));
                        start = None;
                    }
                    _ => {}
                }
            }
        }
        let name = self.spans.get(id).cloned().unwrap_or_default();
        let places: Vec<String> = pieces.iter().map(|piece| format!("{} {}", piece.start(), piece.end())).collect();
        let words: Vec<&str> = pieces.iter().map(|piece| text.slice(*piece)).collect();
        let label = word(span.label.as_str());
        self.push(&format!("{name}\t{label} {}\t{}", places.join(";"), words.join(" ")));
        if pieces.len() > span.at.fragments().len() {
            let note = self.fresh('#');
            self.push(&format!("{note}\t{ONE_PIECE} {name}\tcut at the ends of lines"));
        }
        self.say(Fact::Span(id.clone()));
    }

    fn relation(&mut self, id: &RelationId, relation: &Relation, roles: [&str; 2]) {
        let [one, other] = roles;
        let ends = (self.relations.get(id), self.name(&relation.from), self.name(&relation.to));
        let (Some(name), Some(from), Some(to)) = ends else { return };
        let line = format!("{name}\t{} {one}:{from} {other}:{to}", word(relation.kind.as_str()));
        self.push(&line);
        self.said_relations.insert(id.clone());
    }

    fn new_spans(&mut self, losses: &mut Losses) {
        let text = self.article.text();
        for (id, span) in self.set.in_reading_order() {
            let hull = Some(span.at.hull());
            if !self.said.contains(id) {
                let words = || span.at.fragments().iter().map(|part| text.slice(*part));
                if words().all(|words| words.chars().all(ends_line)) {
                    losses.add(LossKind::Tokenless, &self.article.id, hull, &span.quote);
                    self.spans.remove(id);
                    continue;
                }
                if words().any(|words| words.starts_with(ends_line) || words.ends_with(ends_line)) {
                    losses.add(LossKind::EdgesMoved, &self.article.id, hull, &span.quote);
                }
                self.span(id, span);
            }
            let end = End::Span(id.clone());
            self.rest(&end, &span.attributes, &span.note, hull, losses);
        }
    }

    fn new_relations(&mut self, losses: &mut Losses) {
        for (id, relation) in &self.set.relations {
            if !self.said_relations.contains(id) {
                self.relation(id, relation, ["Arg1", "Arg2"]);
            }
            if !self.said_relations.contains(id) {
                losses.add(LossKind::Relations, &self.article.id, None, relation.kind.as_str());
                self.relations.remove(id);
            }
            let end = End::Relation(id.clone());
            self.rest(&end, &relation.attributes, &relation.note, None, losses);
        }
    }

    /// Attributes and notes that no line has said yet.
    fn rest(
        &mut self,
        end: &End,
        attributes: &BTreeMap<AttributeId, Value>,
        note: &str,
        place: Option<TextRange>,
        losses: &mut Losses,
    ) {
        let name = self.name(end).map(str::to_owned);
        for (id, value) in attributes {
            let said = self.said_attributes.remove(&(end.clone(), id.clone())).unwrap_or_default();
            if said.contains(value) {
                continue;
            }
            let values = match value {
                Value::Choices(all) => all.iter().cloned().map(Value::Choice).collect(),
                one => vec![one.clone()],
            };
            let mut values: Vec<_> = values.into_iter().filter(|value| !said.contains(value)).collect();
            let empty = values.is_empty() && said.is_empty();
            values.retain(|value| !self.attribute(end, id, value));
            if empty || !values.is_empty() {
                losses.add(LossKind::Attributes, &self.article.id, place, id.as_str());
            }
        }
        let mut said = self.said_notes.remove(end).unwrap_or_default();
        for text in note.split('\n').filter(|_| !note.is_empty()) {
            if let Some(place) = said.iter().position(|said| said == text) {
                said.remove(place);
                continue;
            }
            match &name {
                Some(name) => {
                    let id = self.fresh('#');
                    self.push(&format!("{id}\t{NOTES} {name}\t{}", free(text)));
                }
                None => losses.add(LossKind::Notes, &self.article.id, place, text),
            }
        }
    }

    /// Writes one value; not if there is no way to say it.
    fn attribute(&mut self, end: &End, id: &AttributeId, value: &Value) -> bool {
        let Some(target) = self.name(end).map(str::to_owned) else { return false };
        let name = word(id.as_str());
        let line = match value {
            Value::Flag(true) => format!("{}\t{name} {target}", self.fresh('A')),
            Value::Flag(false) | Value::Choices(_) => return false,
            Value::Text(words) => format!("{}\t{name} {target}\t{}", self.fresh('#'), free(words)),
            Value::Link(key) if key.is_empty() => return false,
            Value::Link(key) => {
                let words = match end {
                    End::Span(id) => self.set.spans.get(id).map_or("", |span| &span.quote),
                    End::Relation(_) => "",
                };
                format!("{}\tReference {target} {name}:{}\t{}", self.fresh('N'), free(key), free(words))
            }
            Value::Span(other) => {
                let Some(other) = self.spans.get(other).cloned() else { return false };
                format!("{}\t{name} {target} {other}", self.fresh('A'))
            }
            Value::Choice(_) | Value::Number(_) | Value::Date(_) => {
                let value = free(&value.to_string());
                if value.is_empty() {
                    return false;
                }
                format!("{}\t{name} {target} {value}", self.fresh('A'))
            }
        };
        self.push(&line);
        true
    }
}
