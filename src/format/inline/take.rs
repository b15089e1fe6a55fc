//! Elements as an article with spans.

use std::collections::BTreeMap;

use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::inline::{Element, Names, read};
use crate::format::offsets::Counts;
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, AttributeId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// Elements lie in each other at most so deep; those below are left out.
const DEPTH: usize = 1_000;

/// An article while it is read.
#[derive(Default)]
pub(in crate::format) struct Building {
    /// Facts of the article by name.
    pub(in crate::format) facts: BTreeMap<String, String>,
    /// Elements beside the text: attributes, labels and relations.
    pub(in crate::format) rows: Vec<Element>,
    /// The text so far.
    pub(in crate::format) text: String,
    /// Elements in the text, in the order in which they begin.
    pub(in crate::format) marks: Vec<Mark>,
    /// What is open: the name of the tag, and its mark.
    open: Vec<(String, usize)>,
    chars: u64,
    /// What is not right, by what it is.
    odd: BTreeMap<&'static str, usize>,
}

/// An element in the text.
#[derive(Debug)]
pub(in crate::format) struct Mark {
    pub(in crate::format) element: Element,
    pub(in crate::format) start: u64,
    pub(in crate::format) end: u64,
}

const UNCLOSED: &str = "elements that do not end were closed at the end of the text";
const UNOPENED: &str = "ends of elements that did not begin were left out";
const DEEP: &str = "elements were left out since they lie too deep in others";
const EMPTY: &str = "elements without a character in them were left out";
const OUTSIDE: &str = "pieces of text outside of the article were left out";
const ODD: &str = "elements were left out since they have no meaning at their place";

impl Building {
    /// Adds text.
    pub(in crate::format) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += u64::try_from(text.chars().count()).unwrap_or(0);
    }

    /// Takes one blank away from the end, unless a mark begins there.
    pub(in crate::format) fn unpush_blank(&mut self) {
        let last = self.open.last().and_then(|(_, at)| self.marks.get(*at));
        if last.is_some_and(|mark| mark.start < self.chars) && self.text.ends_with(' ') {
            self.text.pop();
            self.chars -= 1;
        }
    }

    /// An element begins here.
    pub(in crate::format) fn open(&mut self, tag: &str, element: Element) {
        if self.open.len() >= DEPTH {
            return self.count(DEEP);
        }
        self.open.push((tag.to_owned(), self.marks.len()));
        self.marks.push(Mark { element, start: self.chars, end: self.chars });
    }

    /// The innermost element of that tag ends here; elements that cross are no mistake.
    pub(in crate::format) fn close(&mut self, tag: &str) {
        match self.open.iter().rposition(|(known, _)| known == tag) {
            None => self.count(UNOPENED),
            Some(at) => {
                let (_, mark) = self.open.remove(at);
                if let Some(mark) = self.marks.get_mut(mark) {
                    mark.end = self.chars;
                }
            }
        }
    }

    /// Text that belongs to no article.
    pub(in crate::format) fn outside(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.count(OUTSIDE);
        }
    }

    /// An element that is not understood.
    pub(in crate::format) fn odd(&mut self) {
        self.count(ODD);
    }

    /// Whether there are only blanks outside of a mark.
    pub(in crate::format) fn is_all(&self, mark: &Mark) -> bool {
        let outside = |(at, _): &(u64, char)| *at < mark.start || *at >= mark.end;
        (0..).zip(self.text.chars()).filter(outside).all(|(_, c)| c.is_whitespace())
    }

    fn count(&mut self, what: &'static str) {
        *self.odd.entry(what).or_default() += 1;
    }

    /// Everything that is open ends here.
    pub(in crate::format) fn close_all(&mut self) {
        for (_, mark) in std::mem::take(&mut self.open) {
            self.count(UNCLOSED);
            if let Some(mark) = self.marks.get_mut(mark) {
                mark.end = self.chars;
            }
        }
    }

    /// Makes an article of it.
    pub(in crate::format) fn finish(mut self, drafts: &mut Drafts<'_>, record: Option<u32>) {
        self.close_all();
        let rows = std::mem::take(&mut self.rows);
        let names = names(&rows);
        let mut draft = drafts.draft(std::mem::take(&mut self.text), record);
        let by = facts(&self.facts, &mut draft);
        let found = self.found(&names);
        drafts.spans(&mut draft, &by, found, &[Counts::CodePoints]);
        for row in &rows {
            match row.name.as_str() {
                "attribute" => {}
                "label" => label(drafts, &mut draft, &by, row, &names),
                "relation" => relation(drafts, &mut draft, &by, row, &names),
                _ => self.count(ODD),
            }
        }
        let place = record.map_or(String::new(), |record| format!("article {record}"));
        for (what, count) in &self.odd {
            drafts.problem(Severity::Warning, &place, &format!("{count} {what}. Check the file."));
        }
        drafts.finish(draft);
    }

    /// The spans; pieces that touch are one fragment, unless they say that they are of several.
    fn found(&mut self, names: &Names) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        // Where the pieces of a span are, and the fragment of the last one.
        let mut torn: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for Mark { element, start, end } in std::mem::take(&mut self.marks) {
            if start == end {
                self.count(EMPTY);
                continue;
            }
            let fragment = element.get("fragment").unwrap_or_default();
            let id = element.get("id").map(str::to_owned);
            if let (Some(id), Some(_)) = (&id, element.get("part")) {
                if let Some((at, last)) = torn.get_mut(id) {
                    if let Some(known) = found.get_mut(*at) {
                        match known.fragments.last_mut().filter(|known| known.1 == start && fragment == last) {
                            Some(known) => known.1 = end,
                            None => known.fragments.push((start, end)),
                        }
                    }
                    fragment.clone_into(last);
                    continue;
                }
                torn.insert(id.clone(), (found.len(), fragment.to_owned()));
            }
            let label = element.get("label").unwrap_or(&element.name).to_owned();
            let layer = element.get("layer").filter(|layer| !layer.is_empty()).map(str::to_owned);
            let Said { attributes, note, certainty } = said(&element, names);
            let fragments = vec![(start, end)];
            found.push(Found { id, label, layer, fragments, words: None, attributes, note, certainty });
        }
        found
    }
}

/// What an element says beside its label.
struct Said {
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
    certainty: Option<u8>,
}

fn said(element: &Element, names: &Names) -> Said {
    let mut said = Said { attributes: BTreeMap::new(), note: String::new(), certainty: None };
    for (name, value) in &element.attributes {
        match name.as_str() {
            "id" | "part" | "fragment" | "layer" | "label" => {}
            "note" => said.note.clone_from(value),
            "kind" | "from" | "to" | "from-relation" | "to-relation" if element.name == "relation" => {}
            _ => {
                let percent = value.parse().ok().filter(|percent: &u8| *percent <= 100);
                if name == "certainty" && percent.is_some() {
                    said.certainty = percent;
                    continue;
                }
                let text = || Value::Text(value.clone());
                let (id, value) = match names.get(name) {
                    Some((id, kind)) => (id.clone(), read(kind, value).unwrap_or_else(text)),
                    None => (AttributeId::new(name.as_str()), text()),
                };
                said.attributes.insert(id, value);
            }
        }
    }
    said
}

fn names(rows: &[Element]) -> Names {
    let row = |row: &Element| {
        let text = |name: &str| row.get(name).map(str::to_owned);
        Some((text("name")?, (AttributeId::from(text("means")?), text("kind")?)))
    };
    rows.iter().filter(|row| row.name == "attribute").filter_map(row).collect()
}

fn label(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, row: &Element, names: &Names) {
    let Said { attributes, note, certainty } = said(row, names);
    let id = drafts.article_label(draft, by, row.get("label").unwrap_or_default(), row.get("layer"));
    attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
    if let Some(known) = draft.set(by).labels.get_mut(&id) {
        (known.attributes, known.note, known.certainty) = (attributes, note, certainty);
    }
}

fn relation(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, row: &Element, names: &Names) {
    let end = |span: &str, edge: &str| {
        let span = row.get(span).map(|id| End::Span(id.into()));
        span.or_else(|| row.get(edge).map(|id| End::Relation(id.into())))
    };
    let (Some(from), Some(to)) = (end("from", "from-relation"), end("to", "to-relation")) else {
        let what = "A relation was left out. It does not say where it begins or ends. Repair the file.";
        return drafts.problem(Severity::Error, "", what);
    };
    let Said { attributes, note, .. } = said(row, names);
    attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
    let id = drafts.relation(draft, by, row.get("id"), row.get("kind").unwrap_or("relation"), from, to);
    if let Some(known) = draft.set(by).relations.get_mut(&id) {
        (known.attributes, known.note) = (attributes, note);
    }
}

/// Facts of the article; whose work it is.
fn facts(facts: &BTreeMap<String, String>, draft: &mut Draft) -> By {
    let text = |name: &str| facts.get(name).filter(|text| !text.is_empty()).cloned();
    draft.id = text("id").map(Into::into);
    draft.title = text("title");
    draft.language = text("language");
    let by = text("annotator").map(AnnotatorId::from);
    let reason = || text("reason").unwrap_or_default();
    let state = match facts.get("state").map(String::as_str) {
        Some("started") => ReviewState::Started,
        Some("done") => ReviewState::Done,
        Some("unsure") => ReviewState::Unsure(reason()),
        Some("skipped") => ReviewState::Skipped(reason()),
        _ => ReviewState::New,
    };
    let review = &mut draft.set(&by).review;
    (review.state, review.note) = (state, text("note").unwrap_or_default());
    by
}
