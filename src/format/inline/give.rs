//! An example as text with elements, before it is written one way or the other.

use std::collections::BTreeMap;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::inline::nest::{Event, Nested, Part, nest};
use crate::format::inline::{Element, Names, RESERVED, written};
use crate::format::xml;
use crate::model::annotation_set::ReviewState;
use crate::model::id::AttributeId;
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::text::Text;

/// An example in parts.
#[derive(Default)]
pub(in crate::format) struct Given {
    /// Facts of the article by name.
    pub(in crate::format) facts: Vec<(&'static str, String)>,
    /// Attributes that need more than their name: the name, what it stands for, the kind.
    pub(in crate::format) names: Vec<[String; 3]>,
    /// The element of each span, named by its label.
    pub(in crate::format) spans: Vec<Element>,
    /// How many fragments each span has.
    pub(in crate::format) fragments: Vec<usize>,
    /// Where they begin and end.
    pub(in crate::format) nested: Nested,
    /// Labels on the whole article.
    pub(in crate::format) labels: Vec<Element>,
    /// Relations.
    pub(in crate::format) relations: Vec<Element>,
}

/// Attributes by the names that they got.
#[derive(Default)]
struct Naming {
    names: Names,
    known: BTreeMap<(AttributeId, &'static str), String>,
}

/// Takes an example apart.
pub(in crate::format) fn give(example: &Example, losses: &mut Losses) -> Given {
    let article = &*example.article;
    let mut given = Given::default();
    let mut fact = |name: &'static str, text: &str| {
        if !text.is_empty() {
            given.facts.push((name, text.to_owned()));
        }
    };
    fact("id", article.id.as_str());
    fact("title", &article.title);
    fact("language", article.language.as_deref().unwrap_or_default());
    let Some((by, set)) = &example.set else { return given };
    fact("annotator", by.as_str());
    if set.review.state != ReviewState::New {
        fact("state", set.review.state.word());
    }
    if let ReviewState::Unsure(reason) | ReviewState::Skipped(reason) = &set.review.state {
        fact("reason", reason);
    }
    fact("note", &set.review.note);
    for question in set.questions.values() {
        losses.add(LossKind::Questions, &article.id, None, &question.text);
    }
    let mut naming = Naming::default();
    let layer = |label: &_| example.schema.labels.get(label).map_or("", |label| label.layer.as_str());
    let spans = example.spans();
    let mut parts: Vec<Part> = Vec::new();
    for (number, (id, span)) in spans.iter().enumerate() {
        parts.extend(span.at.fragments().iter().enumerate().map(|(part, range)| (number, part, *range)));
        let mut element = Element::new(span.label.as_str());
        element.set("id", id.as_str());
        element.set("layer", layer(&span.label));
        naming.say(&mut element, &span.attributes, &span.note, span.certainty);
        given.spans.push(element);
        given.fragments.push(span.at.fragments().len());
    }
    given.nested = nest(parts);
    for (_, span) in given.nested.left.iter().filter_map(|number| spans.get(*number)) {
        losses.add(LossKind::Overlap, &article.id, Some(span.at.hull()), &span.quote);
    }
    for (id, label) in &set.labels {
        let mut element = Element::new(id.as_str());
        element.set("layer", layer(id));
        naming.say(&mut element, &label.attributes, &label.note, label.certainty);
        given.labels.push(element);
    }
    for (id, relation) in &set.relations {
        let mut element = Element::new("relation");
        element.set("id", id.as_str());
        element.set("kind", relation.kind.as_str());
        for (end, span, edge) in [(&relation.from, "from", "from-relation"), (&relation.to, "to", "to-relation")] {
            match end {
                End::Span(id) => element.set(span, id.as_str()),
                End::Relation(id) => element.set(edge, id.as_str()),
            }
        }
        naming.say(&mut element, &relation.attributes, &relation.note, None);
        given.relations.push(element);
    }
    let row = |(name, (id, kind)): (String, (AttributeId, String))| [name, id.as_str().to_owned(), kind];
    given.names = naming.names.into_iter().map(row).collect();
    given
}

/// How elements look.
pub(in crate::format) trait Style {
    /// Puts the start of an element: which piece of how many it is, and of which fragment from 1, if there are several.
    fn open(&self, out: &mut String, element: &Element, piece: (usize, usize), fragment: Option<usize>);
    /// Puts the end of an element.
    fn close(&self, out: &mut String, element: &Element);
    /// Puts a character that cannot be written.
    fn character(&self, out: &mut String, c: char);
}

impl Given {
    /// The text with its elements.
    pub(in crate::format) fn body(&self, text: &Text, style: &dyn Style) -> String {
        let mut out = String::with_capacity(text.as_str().len() + self.spans.len() * 64);
        let mut from = 0;
        let mut words = |out: &mut String, to: usize| {
            for c in text.as_str().get(from..to).unwrap_or_default().chars() {
                match c {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    '\r' => out.push_str("&#13;"),
                    c if xml::can_hold(c) => out.push(c),
                    c => style.character(out, c),
                }
            }
            from = to;
        };
        for event in &self.nested.events {
            let (Event::Open { at, span, .. } | Event::Close { at, span }) = *event;
            words(&mut out, text.byte(at));
            let Some(element) = self.spans.get(span) else { continue };
            match *event {
                Event::Open { fragment, piece, .. } => {
                    let several = self.fragments.get(span).is_some_and(|count| *count > 1);
                    let all = self.nested.pieces.get(&span).copied().unwrap_or(1);
                    style.open(&mut out, element, (piece, all), several.then_some(fragment + 1));
                }
                Event::Close { .. } => style.close(&mut out, element),
            }
        }
        words(&mut out, text.as_str().len());
        out
    }

    /// How many characters of attributes cannot be written.
    pub(in crate::format) fn unheld(&self) -> usize {
        let elements = self.spans.iter().chain(&self.labels).chain(&self.relations);
        let said = elements.flat_map(|element| {
            element.attributes.iter().map(|(_, value)| value.as_str()).chain([element.name.as_str()])
        });
        let names = self.names.iter().flatten().map(String::as_str);
        let facts = self.facts.iter().map(|(_, text)| text.as_str());
        said.chain(names).chain(facts).map(xml::unheld).sum()
    }
}

impl Naming {
    fn say(
        &mut self,
        element: &mut Element,
        attributes: &BTreeMap<AttributeId, Value>,
        note: &str,
        certainty: Option<u8>,
    ) {
        for (id, value) in attributes {
            let (kind, text) = written(value);
            let name = self.name(id, kind);
            element.set(&name, &text);
        }
        if !note.is_empty() {
            element.set("note", note);
        }
        if let Some(percent) = certainty {
            element.set("certainty", &percent.to_string());
        }
    }

    /// The name of an attribute: its own in small letters, as far as XML and HTML can have it.
    fn name(&mut self, id: &AttributeId, kind: &'static str) -> String {
        if let Some(name) = self.known.get(&(id.clone(), kind)) {
            return name.clone();
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let mut plain: String =
            id.as_str().chars().map(|c| if fits(c) { c.to_ascii_lowercase() } else { '_' }).collect();
        if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) || plain.starts_with("xml") {
            plain.insert(0, 'x');
        }
        let mut all = std::iter::once(plain.clone()).chain((2_u32..).map(|number| format!("{plain}_{number}")));
        let free = |name: &String| !RESERVED.contains(&name.as_str()) && !self.names.contains_key(name);
        let name = all.find(free).unwrap_or(plain);
        self.names.insert(name.clone(), (id.clone(), kind.to_owned()));
        self.known.insert((id.clone(), kind), name.clone());
        name
    }
}
