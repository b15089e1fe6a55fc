//! What readers give, as bytes: one line for each kind of thing; a field that is missing here does not compile.

use crate::app::import::wire::{Bytes, Out, Wire, put_str};
use crate::format::{Needs, ReadArticle, ReadOptions};
use crate::model::annotation_set::{Adrift, AnnotationSet, ArticleLabel, Lost, Question, Review, ReviewState};
use crate::model::article::{BlockKind, Encoding, Source, Verdict};
use crate::model::id::{
    AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, QuestionId, RelationId, RelationKindId, SpanId,
};
use crate::model::markup::{Facts, Markup, Node};
use crate::model::problem::{Problem, Severity};
use crate::model::relation::{End, Relation};
use crate::model::schema::{AttributeKind, Choice};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::text::TextHash;

macro_rules! structs {
    ($($type:ident { $($field:ident),* })*) => {$(
        impl Wire for $type {
            fn put(&self, out: &mut Out) {
                let Self { $($field),* } = self;
                $($field.put(out);)*
            }
            fn take(from: &mut Bytes<'_>) -> Option<Self> {
                Some(Self { $($field: Wire::take(from)?),* })
            }
        }
    )*};
}

macro_rules! enums {
    ($($type:ident { $($number:literal $variant:ident $(($inner:ident))?),* })*) => {$(
        impl Wire for $type {
            fn put(&self, out: &mut Out) {
                match self {
                    $(Self::$variant $(($inner))? => {
                        out.push($number);
                        $($inner.put(out);)?
                    })*
                }
            }
            fn take(from: &mut Bytes<'_>) -> Option<Self> {
                Some(match from.byte()? {
                    $($number => Self::$variant $(({
                        let $inner = Wire::take(from)?;
                        $inner
                    }))?,)*
                    _ => return None,
                })
            }
        }
    )*};
}

/// Ids; those of the schema come again and again and are kept once.
macro_rules! ids {
    ($($type:ty: $how:ident),*) => {$(
        impl Wire for $type {
            fn put(&self, out: &mut Out) {
                put_str(self.as_str(), out);
            }
            fn take(from: &mut Bytes<'_>) -> Option<Self> {
                from.$how().map(Self::new)
            }
        }
    )*};
}

ids! {
    AnnotatorId: name, ArticleId: str, AttributeId: name, LabelId: name, LayerId: name, QuestionId: str,
    RelationId: str, RelationKindId: name, SpanId: str
}

structs! {
    ReadArticle { id, title, body, markup, source, language, sets }
    Markup { nodes, facts }
    Node { parent, tag, words }
    Facts { node, link_chars, links, after_image }
    Source { file, record, format, url, site, author, published, imported, encoding, extra }
    Encoding { name, how, bom, replaced }
    Review { state, note, declined }
    Span { at, label, quote, attributes, note, certainty, origin }
    Relation { kind, from, to, attributes, note, origin }
    ArticleLabel { attributes, note, certainty, origin }
    Question { text, about, answer }
    Adrift { id, why, was }
    Needs { labels, attributes, relations }
    Choice { value, name, means, keep }
    Problem { severity, what, article, place }
    ReadOptions { encoding, text_field, per_line }
}

enums! {
    BlockKind {
        0 Heading, 1 Paragraph, 2 Item, 3 Caption, 4 Cell, 5 Quote, 6 Code, 7 Control
    }
    Verdict { 0 Certain, 1 Declared, 2 Likely, 3 Unsure }
    ReviewState { 0 New, 1 Started, 2 Done, 3 Unsure(why), 4 Skipped(why) }
    Origin { 0 Typed, 1 Imported(format), 2 Propagated, 3 Suggested(by), 4 Edited(before) }
    End { 0 Span(id), 1 Relation(id) }
    Lost { 0 Span(span), 1 Relation(relation) }
    Value {
        0 Flag(yes), 1 Choice(text), 2 Choices(list), 3 Text(text), 4 Number(number), 5 Date(text), 6 Span(id),
        7 Link(text)
    }
    AttributeKind {
        0 Flag, 1 Choice(choices), 2 Choices(choices), 3 Text, 4 Number(unit), 5 Date, 6 Span, 7 Link(base)
    }
    Severity { 0 Note, 1 Warning, 2 Error }
}

/// Without the hash of the text: whoever takes an article in works it out.
impl Wire for AnnotationSet {
    fn put(&self, out: &mut Out) {
        let Self { text: _, review, spans, relations, labels, questions, adrift } = self;
        review.put(out);
        spans.put(out);
        relations.put(out);
        labels.put(out);
        questions.put(out);
        adrift.put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        let text = TextHash::default();
        let (review, spans, relations) = (Wire::take(from)?, Wire::take(from)?, Wire::take(from)?);
        let (labels, questions, adrift) = (Wire::take(from)?, Wire::take(from)?, Wire::take(from)?);
        Some(Self { text, review, spans, relations, labels, questions, adrift })
    }
}

impl Wire for TextRange {
    fn put(&self, out: &mut Out) {
        self.start().put(out);
        self.end().put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Self::new(u32::take(from)?, u32::take(from)?).ok()
    }
}

impl Wire for Extent {
    fn put(&self, out: &mut Out) {
        (self.fragments().len() as u64).put(out);
        self.fragments().iter().for_each(|range| range.put(out));
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Self::new(Wire::take(from)?).ok()
    }
}
