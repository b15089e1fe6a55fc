//! A document of BioC as an article: its passages laid one after the other, annotations found by what offsets count.
//!
//! Nothing says what offsets count, and some programs begin anew in each passage or sentence. The copies of words tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::bioc::{
    ARTICLE, Ann, BY, Doc, Head, Infons, KEPT, KINDS, LAYOUT, Laid, Layout, NO_TYPE, NOTE, Part, TYPE,
};
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::kinds::Kinds;
use crate::format::offsets::{Counts, Ruler, same};
use crate::model::article::BlockKind;
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, RelationId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// A gap between two parts that is larger is not filled.
const WIDEST: u64 = 1_000;
/// What offsets may count, and whether each part may begin anew.
const CANDIDATES: [(Counts, bool); 6] = [
    (Counts::CodePoints, false),
    (Counts::CodePoints, true),
    (Counts::Utf16, false),
    (Counts::Utf16, true),
    (Counts::Bytes, false),
    (Counts::Bytes, true),
];

/// A part with text of its own.
struct Segment {
    base: u64,
    text: Text,
    /// It is the first of its passage.
    first: bool,
}

/// All parts one after the other, as they lie if offsets count so.
struct Laying {
    text: Text,
    /// Where each part begins.
    starts: Vec<u32>,
    /// How many do not begin where they should.
    odd: usize,
}

/// Puts a document into the drafts.
pub(super) fn take(drafts: &mut Drafts<'_>, head: &Head, doc: &Doc, record: Option<u32>) {
    let place = record.map_or_else(String::new, |record| format!("article {record}"));
    let mut segments = Vec::new();
    let mut owned: Vec<(Option<usize>, &Ann)> = Vec::new();
    for passage in &doc.passages {
        let own = (passage.text.is_some() || passage.sentences.is_empty()).then_some(segments.len());
        owned.extend(passage.annotations.iter().map(|ann| (own, ann)));
        let parts = if own.is_some() { std::slice::from_ref(passage) } else { passage.sentences.as_slice() };
        for (count, part) in parts.iter().enumerate() {
            let text = Text::new(part.text.as_deref().unwrap_or_default());
            segments.push(Segment { base: part.offset, text, first: count == 0 });
        }
        for (count, sentence) in passage.sentences.iter().enumerate() {
            let own = own.unwrap_or_else(|| segments.len() - passage.sentences.len() + count);
            owned.extend(sentence.annotations.iter().map(|ann| (Some(own), ann)));
        }
    }
    owned.extend(doc.annotations.iter().map(|ann| (None, ann)));
    let (counts, anew, laying) = found_out(drafts, &segments, &owned, &place);
    if laying.odd > 0 {
        let what = format!(
            "{} parts do not begin where they could by their offsets. They were set apart by one character. Look at the \
             text.",
            laying.odd
        );
        drafts.problem(Severity::Note, &place, &what);
    }
    let shift = doc.passages.first().map_or(0, first_offset);
    let mut layout = Layout { head: head.clone(), shift, ..Layout::default() };
    let mut rest = segments.iter().zip(laying.starts.iter().copied());
    layout.passages = doc.passages.iter().map(|passage| laid(passage, &mut rest)).collect();

    let mut draft = drafts.draft(laying.text.as_str(), record);
    draft.id = (!doc.id.is_empty()).then(|| ArticleId::new(doc.id.as_str()));
    draft.body = Some(body(draft.text(), &layout));
    let infon = |key: &str| doc.infons.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str());
    let by: By = infon(BY).filter(|by| !by.is_empty()).map(AnnotatorId::new);
    let kinds = infon(KINDS).map(Kinds::parse).unwrap_or_default();
    for (_, label) in doc.infons.iter().filter(|(key, label)| key == ARTICLE && !label.is_empty()) {
        drafts.article_label(&mut draft, &by, label, None);
    }
    let said = |key: &str| [BY, KINDS, ARTICLE].contains(&key);
    layout.infons = doc.infons.iter().filter(|(key, _)| !said(key)).cloned().collect();

    let places = Places::new(&segments, &laying, counts, anew);
    for (own, ann) in &owned {
        let found = found(&places, *own, ann, &kinds);
        if ann.places.is_empty() {
            let what = "An annotation was left out. It has no place. Repair the file.";
            drafts.problem(Severity::Error, &place, what);
            continue;
        }
        let words = ann.text.as_deref().unwrap_or_default();
        let id = drafts.span(&mut draft, &by, found, Counts::CodePoints);
        let at = id.and_then(|id| Some((id.clone(), draft.set(&by).spans.get(&id)?.at.clone())));
        if let Some((id, at)) = at
            && !words.is_empty()
        {
            let parts: Vec<&str> = at.fragments().iter().map(|part| draft.text().slice(*part)).collect();
            if !are_words(words, &parts) {
                let what =
                    format!("The words of ‘{id}’ in the file are not those of its place. It stays there. Check it.");
                drafts.problem(Severity::Warning, &place, &what);
            }
        }
    }
    relations(drafts, &mut draft, &by, doc, &kinds, &mut layout, &place);
    for (name, value) in &doc.rest {
        draft.keep(&format!("{KEPT}{name}"), value.as_str());
    }
    if let Ok(layout) = serde_json::to_string(&layout) {
        draft.keep(LAYOUT, layout);
    }
    drafts.finish(draft);
}

/// Where the first part with text begins.
fn first_offset(passage: &Part) -> u64 {
    passage.sentences.first().filter(|_| passage.text.is_none()).map_or(passage.offset, |sentence| sentence.offset)
}

/// What offsets count, by the copies of words, and how the parts lie then.
fn found_out(
    drafts: &mut Drafts<'_>,
    segments: &[Segment],
    owned: &[(Option<usize>, &Ann)],
    place: &str,
) -> (Counts, bool, Laying) {
    let copies = || {
        let copies = owned.iter().filter_map(|(own, ann)| Some((*own, *ann, ann.text.as_deref()?)));
        copies.filter(|(_, ann, words)| !ann.places.is_empty() && !words.is_empty())
    };
    let all = copies().count();
    let mut best: Option<(usize, (Counts, bool, Laying))> = None;
    for (counts, anew) in CANDIDATES {
        let laying = lay(segments, counts);
        let places = Places::new(segments, &laying, counts, anew);
        let fits = |(own, ann, words): &(Option<usize>, &Ann, &str)| {
            let ranges = places.of(*own, ann).into_iter().map(|(start, end)| {
                let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
                TextRange::new(start, end).ok().map(|range| laying.text.slice(range))
            });
            ranges.collect::<Option<Vec<&str>>>().is_some_and(|parts| are_words(words, &parts))
        };
        let right = copies().filter(fits).count();
        if best.as_ref().is_none_or(|(most, _)| right > *most) {
            best = Some((right, (counts, anew, laying)));
        }
        if right == all {
            break;
        }
    }
    let Some((right, found)) = best else { return (Counts::CodePoints, false, lay(segments, Counts::CodePoints)) };
    if (found.0, found.1) != (Counts::CodePoints, false) {
        let whence = if found.1 { " from the start of their passage or sentence" } else { "" };
        let what = format!(
            "Offsets were read as {}{whence}, because {right} of {all} copies of words are there. Look at some spans.",
            found.0.name()
        );
        drafts.problem(Severity::Note, place, &what);
    }
    found
}

/// Whether words are those of the parts, with one blank between them or none.
fn are_words(words: &str, parts: &[&str]) -> bool {
    same(words, &parts.join(" ")) || same(words, &parts.concat())
}

/// How long a text is in a file that counts so.
fn length(text: &Text, counts: Counts) -> u64 {
    match counts {
        Counts::Utf16 => text.index().units().into(),
        Counts::Bytes => u64::try_from(text.as_str().len()).unwrap_or(u64::MAX),
        Counts::CodePoints | Counts::WithoutCr => text.chars().into(),
    }
}

/// Puts the parts one after the other, with what stands between them.
fn lay(segments: &[Segment], counts: Counts) -> Laying {
    let (mut text, mut starts, mut odd) = (String::new(), Vec::with_capacity(segments.len()), 0);
    let (mut chars, mut end) = (0_u32, None::<u64>);
    for segment in segments {
        let between = if segment.first { '\n' } else { ' ' };
        let gap = end.map_or(Some(0), |end| segment.base.checked_sub(end)).filter(|gap| *gap <= WIDEST);
        odd += usize::from(gap.is_none());
        let gap = u32::try_from(gap.unwrap_or(1)).unwrap_or_default();
        text.extend((0..gap).map(|_| between));
        let start = chars.saturating_add(gap);
        starts.push(start);
        text.push_str(segment.text.as_str());
        chars = start.saturating_add(segment.text.chars());
        end = Some(segment.base.saturating_add(length(&segment.text, counts)));
    }
    Laying { text: Text::new(text), starts, odd }
}

/// Where a passage and its sentences came to lie.
fn laid<'a>(passage: &Part, rest: &mut impl Iterator<Item = (&'a Segment, u32)>) -> Laid {
    let one = |(segment, start): (&Segment, u32)| [start, start.saturating_add(segment.text.chars())];
    let mut laid = Laid { infons: passage.infons.clone(), ..Laid::default() };
    if passage.text.is_some() || passage.sentences.is_empty() {
        laid.at = rest.next().map(one).unwrap_or_default();
        // Sentences beside the text of their passage lie in it.
        for sentence in &passage.sentences {
            let words = Text::new(sentence.text.as_deref().unwrap_or_default()).chars();
            let local = sentence.offset.checked_sub(passage.offset).and_then(|local| u32::try_from(local).ok());
            let start = laid.at[0].saturating_add(local.unwrap_or_default());
            let at = [start, start.saturating_add(words)];
            if at[1] <= laid.at[1] && words > 0 {
                laid.sentences.push(Laid { at, infons: sentence.infons.clone(), sentences: Vec::new() });
            }
        }
        return laid;
    }
    for sentence in &passage.sentences {
        let at = rest.next().map(one).unwrap_or_default();
        laid.sentences.push(Laid { at, infons: sentence.infons.clone(), sentences: Vec::new() });
    }
    let ends = (laid.sentences.first(), laid.sentences.last());
    if let (Some(first), Some(last)) = ends {
        laid.at = [first.at[0], last.at[1]];
    }
    laid
}

/// A block for each passage, with what comes before the next one.
fn body(text: &Text, layout: &Layout) -> Vec<(BlockKind, String)> {
    let starts: Vec<u32> = layout.passages.iter().skip(1).map(|laid| laid.at[0]).chain([text.chars()]).collect();
    let mut from = 0;
    let mut body = Vec::new();
    for (laid, end) in layout.passages.iter().zip(starts) {
        let kind = laid.infons.iter().find(|(key, _)| key == TYPE).map_or("", |(_, kind)| kind.as_str());
        let kind = match kind {
            "front" => BlockKind::Heading,
            kind if kind.starts_with("title") || kind.ends_with("_title") || kind.starts_with("title_") => {
                BlockKind::Heading
            }
            "item" | "list" => BlockKind::Item,
            "caption" | "fig_caption" | "table_caption" => BlockKind::Caption,
            "cell" => BlockKind::Cell,
            "quote" => BlockKind::Quote,
            "code" => BlockKind::Code,
            "control" => BlockKind::Control,
            _ => BlockKind::Paragraph,
        };
        if let Ok(range) = TextRange::new(from, end) {
            body.push((kind, text.slice(range).to_owned()));
            from = end;
        }
    }
    body
}

/// Finds places of a file in the article.
struct Places<'a> {
    segments: &'a [Segment],
    laying: &'a Laying,
    rulers: Vec<Ruler<'a>>,
    counts: Counts,
    anew: bool,
    /// Segments by their offset.
    sorted: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(segments: &'a [Segment], laying: &'a Laying, counts: Counts, anew: bool) -> Self {
        let mut sorted: Vec<usize> = (0..segments.len()).collect();
        sorted.sort_by_key(|at| segments.get(*at).map_or(0, |segment| segment.base));
        let rulers = segments.iter().map(|segment| Ruler::new(counts, &segment.text)).collect();
        Self { segments, laying, rulers, counts, anew, sorted }
    }

    /// The places of an annotation in code points; past the end of the text where there is no such place.
    fn of(&self, own: Option<usize>, ann: &Ann) -> Vec<(u64, u64)> {
        let outside = u64::from(self.laying.text.chars()) + 1;
        let place = |(offset, length): &(u64, u64)| {
            let end = offset.checked_add(*length)?;
            Some((self.place(own, *offset, false)?.into(), self.place(own, end, *length > 0)?.into()))
        };
        ann.places.iter().map(|at| place(at).unwrap_or((outside, outside))).collect()
    }

    /// Which part holds an offset, and how far it is from the start of that.
    fn local(&self, own: Option<usize>, offset: u64, is_end: bool) -> Option<(usize, u64)> {
        let base = |at: usize| self.segments.get(at).map(|segment| segment.base);
        if self.anew {
            return Some((own?, offset));
        }
        let inside = |at: &usize| {
            let segment = self.segments.get(*at);
            segment.is_some_and(|one| one.base <= offset && offset - one.base <= length(&one.text, self.counts))
        };
        let own = own.filter(inside);
        let at = own.or_else(|| {
            let before = |at: &usize| base(*at).is_some_and(|base| if is_end { base < offset } else { base <= offset });
            self.sorted.get(self.sorted.partition_point(before).checked_sub(1)?).copied()
        })?;
        Some((at, offset.checked_sub(base(at)?)?))
    }

    /// The code point of the article at an offset.
    fn place(&self, own: Option<usize>, offset: u64, is_end: bool) -> Option<u32> {
        let (at, local) = self.local(own, offset, is_end)?;
        let segment = self.segments.get(at)?;
        let long = length(&segment.text, self.counts);
        let place = match local.checked_sub(long) {
            // Between two parts.
            Some(over) if over > 0 => segment.text.chars().checked_add(u32::try_from(over).ok()?)?,
            _ => self.rulers.get(at)?.place(local)?,
        };
        self.laying.starts.get(at)?.checked_add(place).filter(|place| *place <= self.laying.text.chars())
    }
}

/// The span that an annotation means.
fn found(places: &Places<'_>, own: Option<usize>, ann: &Ann, kinds: &Kinds) -> Found {
    let (label, attributes, note) = said(&ann.infons, NO_TYPE[0], ann.id.as_deref().unwrap_or_default(), kinds);
    Found { id: ann.id.clone(), label, fragments: places.of(own, ann), attributes, note, ..Found::default() }
}

/// Label, attributes and note of infons.
fn said(infons: &Infons, none: &str, id: &str, kinds: &Kinds) -> (String, BTreeMap<AttributeId, Value>, String) {
    let (mut label, mut notes) = (None, Vec::new());
    let mut values: BTreeMap<AttributeId, Vec<String>> = BTreeMap::new();
    for (key, value) in infons {
        match key.as_str() {
            TYPE if label.is_none() && !value.is_empty() => label = Some(value.clone()),
            NOTE => notes.push(value.as_str()),
            key => values.entry(AttributeId::new(key)).or_default().push(value.clone()),
        }
    }
    let attributes = values.into_iter().map(|(name, words)| {
        let value = kinds.value(id, &name, words);
        (name, value)
    });
    (label.unwrap_or_else(|| none.to_owned()), attributes.collect(), notes.join("\n"))
}

fn relations(
    drafts: &mut Drafts<'_>,
    draft: &mut Draft,
    by: &By,
    doc: &Doc,
    kinds: &Kinds,
    layout: &mut Layout,
    place: &str,
) {
    let of_passage = doc.passages.iter().flat_map(|passage| {
        passage.sentences.iter().flat_map(|sentence| &sentence.relations).chain(&passage.relations)
    });
    let all: Vec<_> = of_passage.chain(&doc.relations).collect();
    let ids: BTreeSet<&str> = all.iter().filter_map(|rel| rel.id.as_deref()).collect();
    let mut unnamed = 0_usize;
    for rel in &all {
        let id = rel.id.clone().unwrap_or_else(|| {
            unnamed += 1;
            format!("R{unnamed}")
        });
        let (kind, attributes, note) = said(&rel.infons, NO_TYPE[1], &id, kinds);
        let end = |name: &str, draft: &mut Draft| match ids.contains(name) && !draft.set(by).spans.contains_key(name) {
            true => End::Relation(RelationId::new(name)),
            false => End::Span(SpanId::new(name)),
        };
        let Some(((first, role), others)) = rel.nodes.split_first().filter(|(_, others)| !others.is_empty()) else {
            let what = format!("The relation ‘{id}’ was left out. It has fewer than two ends. Repair the file.");
            drafts.problem(Severity::Error, place, &what);
            continue;
        };
        if others.len() > 1 {
            let what = format!(
                "The relation ‘{id}’ has {} ends. It is here as relations from its first end to each other. Check them.",
                rel.nodes.len()
            );
            drafts.problem(Severity::Note, place, &what);
        }
        for (count, (other, as_what)) in (1_usize..).zip(others) {
            let id = if count == 1 { id.clone() } else { format!("{id}/{count}") };
            let (from, to) = (end(first, draft), end(other, draft));
            let made = drafts.relation(draft, by, Some(&id), &kind, from, to);
            attributes.iter().for_each(|(name, value)| drafts.need_attribute(name, value));
            if let Some(relation) = draft.set(by).relations.get_mut(&made) {
                (relation.attributes, relation.note) = (attributes.clone(), note.clone());
            }
            layout.roles.insert(made.as_str().to_owned(), [role.clone(), as_what.clone()]);
        }
    }
}
