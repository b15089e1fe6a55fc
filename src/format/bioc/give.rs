//! Examples as documents of BioC.

use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::bioc::{
    ARTICLE, Ann, BY, Doc, Head, Infons, JSON, KEPT, KINDS, LAYOUT, Laid, Layout, NO_TYPE, NOTE, Part, Rel, TYPE, XML,
};
use crate::format::kinds::{Kinds, words};
use crate::format::output::Several;
use crate::format::{Carries, count_certainty, count_label_parts, count_lost, count_ours};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::{Article, BlockKind};
use crate::model::id::AttributeId;
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::range::TextRange;

/// What is written next.
pub(super) enum Step<'a> {
    /// The beginning of the file.
    Head(&'a Head),
    /// A document.
    Doc(Box<Doc>),
    /// The end.
    End,
}

/// Walks over examples as documents, with the beginning and the end of a file around them.
pub(super) fn all(
    examples: &mut dyn Iterator<Item = Example>,
    losses: &mut Losses,
    mut step: impl FnMut(Step<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut examples = Several::new(examples);
    let head = examples.peek().and_then(|first| layout(&first.article)).unwrap_or_default().head;
    step(Step::Head(&head))?;
    let mut other_heads = 0_usize;
    for (example, several) in examples {
        count_lost(&example, Carries::EVERYTHING, losses);
        count_ours(&example, losses);
        count_certainty(&example, losses);
        count_label_parts(&example, losses);
        let layout = layout(&example.article);
        other_heads += usize::from(layout.as_ref().is_some_and(|layout| layout.head != head));
        step(Step::Doc(Box::new(document(&example, layout, several))))?;
    }
    if other_heads > 0 {
        let what =
            format!("{other_heads} documents came from other collections; what was said of those is not written.");
        losses.remarks.push(what);
    }
    step(Step::End)
}

/// How an article that was read from BioC was laid out.
fn layout(article: &Article) -> Option<Layout> {
    let format = article.source.format.as_deref();
    if format != Some(XML.id) && format != Some(JSON.id) {
        return None;
    }
    let layout: Layout = serde_json::from_str(article.source.extra.get(LAYOUT)?).ok()?;
    let last = article.text().chars();
    let sound = |laid: &Laid| laid.at[0] <= laid.at[1] && laid.at[1] <= last;
    let all = layout.passages.iter().flat_map(|laid| laid.sentences.iter().chain([laid])).all(sound);
    all.then_some(layout)
}

/// A passage for each block; line feeds at its end stand between the passages.
fn plain(article: &Article) -> Layout {
    let mut layout = Layout::default();
    let blocks = article.blocks();
    for (count, block) in blocks.iter().enumerate() {
        let words = article.text().slice(block.range);
        let short = words.trim_end_matches('\n');
        let cut = words.len() - short.len();
        let last = count + 1 == blocks.len();
        let cut = if last || cut > 2 || short.ends_with('\r') { 0 } else { u32::try_from(cut).unwrap_or(0) };
        let kind = match block.kind {
            BlockKind::Heading => "title",
            BlockKind::Paragraph => "paragraph",
            BlockKind::Item => "item",
            BlockKind::Caption => "caption",
            BlockKind::Cell => "cell",
            BlockKind::Quote => "quote",
            BlockKind::Code => "code",
            BlockKind::Control => "control",
        };
        layout.passages.push(Laid {
            at: [block.range.start(), block.range.end() - cut],
            infons: vec![(TYPE.to_owned(), kind.to_owned())],
            sentences: Vec::new(),
        });
    }
    layout
}

fn document(example: &Example, layout: Option<Layout>, several: bool) -> Doc {
    let article = &example.article;
    let layout = layout.unwrap_or_else(|| plain(article));
    let mut doc = Doc { id: article.id.as_str().to_owned(), infons: layout.infons.clone(), ..Doc::default() };
    let kept = article.source.extra.iter().filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?, value)));
    doc.rest = kept.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    doc.passages = layout.passages.iter().map(|laid| part(article, laid, layout.shift)).collect();
    let Some((by, set)) = &example.set else { return doc };
    if several {
        doc.infons.push((BY.to_owned(), by.as_str().to_owned()));
    }
    let spans = set.spans.iter().map(|(id, span)| (id.as_str(), &span.attributes));
    let links = set.relations.iter().map(|(id, relation)| (id.as_str(), &relation.attributes));
    if let Some(kinds) = Kinds::of(spans.chain(links)).json() {
        doc.infons.push((KINDS.to_owned(), kinds));
    }
    doc.infons.extend(set.labels.keys().map(|label| (ARTICLE.to_owned(), label.as_str().to_owned())));
    annotations(example, set, &layout, &mut doc);
    relations(set, &layout, &mut doc);
    doc
}

fn part(article: &Article, laid: &Laid, shift: u64) -> Part {
    let words = || TextRange::new(laid.at[0], laid.at[1]).map_or("", |range| article.text().slice(range)).to_owned();
    let sentences: Vec<Part> = laid.sentences.iter().map(|laid| part(article, laid, shift)).collect();
    Part {
        infons: laid.infons.clone(),
        offset: shift.saturating_add(laid.at[0].into()),
        // The text stands in the sentences where they are all of it.
        text: (!covers(article, laid)).then(words),
        sentences,
        ..Part::default()
    }
}

/// Whether the sentences are the whole passage, but for what a reader puts between them.
fn covers(article: &Article, laid: &Laid) -> bool {
    let mut end = laid.at[0];
    let mut first = true;
    for sentence in &laid.sentences {
        let gap = TextRange::new(end, sentence.at[0]).map_or("", |gap| article.text().slice(gap));
        if sentence.at[0] < end
            || gap.len() > 1_000
            || gap.bytes().any(|byte| byte != b' ')
            || (first && !gap.is_empty())
        {
            return false;
        }
        (end, first) = (sentence.at[1], false);
    }
    !first && end == laid.at[1]
}

/// Infons of a thing.
fn infons(label: &str, none: &str, attributes: &std::collections::BTreeMap<AttributeId, Value>, note: &str) -> Infons {
    let mut infons = Infons::new();
    if label != none {
        infons.push((TYPE.to_owned(), label.to_owned()));
    }
    for (name, value) in attributes {
        infons.extend(words(value).into_iter().map(|word| (name.as_str().to_owned(), word)));
    }
    if !note.is_empty() {
        infons.push((NOTE.to_owned(), note.to_owned()));
    }
    infons
}

/// Puts each annotation where it begins.
fn annotations(example: &Example, set: &AnnotationSet, layout: &Layout, doc: &mut Doc) {
    let text = example.article.text();
    for (id, span) in set.in_reading_order() {
        let place = |part: &TextRange| (layout.shift.saturating_add(part.start().into()), u64::from(part.len()));
        let parts: Vec<&str> = span.at.fragments().iter().map(|part| text.slice(*part)).collect();
        let ann = Ann {
            id: Some(id.as_str().to_owned()),
            infons: infons(span.label.as_str(), NO_TYPE[0], &span.attributes, &span.note),
            places: span.at.fragments().iter().map(place).collect(),
            text: Some(parts.join(" ")),
        };
        let before = |laid: &Laid| laid.at[0] <= span.at.start();
        let at = layout.passages.partition_point(before).saturating_sub(1);
        let (Some(laid), Some(passage)) = (layout.passages.get(at), doc.passages.get_mut(at)) else {
            doc.annotations.push(ann);
            continue;
        };
        let at = laid.sentences.partition_point(before).checked_sub(1);
        match at.filter(|_| passage.text.is_none()).and_then(|at| passage.sentences.get_mut(at)) {
            Some(sentence) => sentence.annotations.push(ann),
            None => passage.annotations.push(ann),
        }
    }
}

fn relations(set: &AnnotationSet, layout: &Layout, doc: &mut Doc) {
    for (id, relation) in &set.relations {
        let name = |end: &End| match end {
            End::Span(id) => id.as_str().to_owned(),
            End::Relation(id) => id.as_str().to_owned(),
        };
        let roles = layout.roles.get(id.as_str()).cloned();
        let [from, to] = roles.unwrap_or_else(|| ["source".to_owned(), "target".to_owned()]);
        doc.relations.push(Rel {
            id: Some(id.as_str().to_owned()),
            infons: infons(relation.kind.as_str(), NO_TYPE[1], &relation.attributes, &relation.note),
            nodes: vec![(name(&relation.from), from), (name(&relation.to), to)],
        });
    }
}
