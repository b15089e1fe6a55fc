//! An example as a FoLiA document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::Tokenizer;
use crate::format::folia::{BY, EXTENT, FORMAT, KEPT, KINDS, OWN};
use crate::format::kinds::{Kinds, words};
use crate::format::markup::Ids;
use crate::format::xml::{can_hold, content, escape};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::{Article, BlockKind};
use crate::model::id::{AttributeId, RelationId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit::clusters_of;

/// A word: where it is, what it is called, and in which block.
struct Word {
    at: TextRange,
    id: String,
    block: usize,
}

/// What is written of a document.
struct Writer<'a> {
    example: &'a Example,
    set: &'a AnnotationSet,
    words: Vec<Word>,
    ids: Ids,
    spans: BTreeMap<&'a SpanId, String>,
    relations: BTreeMap<&'a RelationId, String>,
}

/// The whole file.
pub(super) fn document(example: &Example, several: bool, tokenizer: Tokenizer, losses: &mut Losses) -> String {
    let article = &example.article;
    let nothing = AnnotationSet::new(article.text().hash());
    let set = example.set.as_ref().map_or(&nothing, |(_, set)| set);
    let ids = Ids::new(article.id.as_str(), &["annotator"]);
    let root = ids.root().to_owned();
    let words = words_of(article, set, tokenizer, &root);
    let mut writer = Writer { example, set, words, ids, spans: BTreeMap::new(), relations: BTreeMap::new() };
    for (id, span) in set.in_reading_order() {
        if writer.words_of(span).is_empty() {
            losses.add(LossKind::Tokenless, &article.id, Some(span.at.hull()), &span.quote);
        } else {
            let name = writer.ids.of(id.as_str());
            writer.spans.insert(id, name);
        }
    }
    for (id, relation) in &set.relations {
        let there = |end: &End| matches!(end, End::Span(id) if writer.spans.contains_key(id));
        if there(&relation.from) && there(&relation.to) {
            let name = writer.ids.of(id.as_str());
            writer.relations.insert(id, name);
        } else {
            losses.add(LossKind::Relations, &article.id, None, relation.kind.as_str());
        }
    }
    let mut out = writer.head(&root, several);
    writer.text(&root, &mut out);
    out
}

/// Words as they are cut, and cut again where spans begin and end, but never amid what people take for one character:
/// libraries compose the text of each word by itself, and then compare it with that of the paragraph.
fn words_of(article: &Article, set: &AnnotationSet, tokenizer: Tokenizer, root: &str) -> Vec<Word> {
    let edges = set.spans.values().flat_map(|span| span.at.fragments()).flat_map(|part| [part.start(), part.end()]);
    let edges: BTreeSet<u32> = edges.collect();
    let mut words = Vec::new();
    let mut count = 0_usize;
    let mut before = None;
    for token in tokens_of(article, tokenizer) {
        let block = article.block_index(token.start());
        if before != Some(block) {
            (before, count) = (Some(block), 0);
        }
        let inside: Vec<u32> = edges.range(token.start() + 1..token.end()).copied().collect();
        let between = if inside.is_empty() { BTreeSet::new() } else { between(article.text(), token) };
        let inside = inside.into_iter().filter(|edge| between.contains(edge));
        let mut start = token.start();
        for end in inside.chain([token.end()]) {
            count += 1;
            let id = format!("{root}.{}.w.{count}", block + 1);
            words.extend(TextRange::new(start, end).map(|at| Word { at, id, block }));
            start = end;
        }
    }
    words
}

/// Tokens, and blanks that XML cannot hold: the sign that stands for them is none, so a reader misses it among the words.
fn tokens_of(article: &Article, tokenizer: Tokenizer) -> Vec<TextRange> {
    let mut tokens = tokenizer.tokens(article);
    let mut more = Vec::new();
    for (at, _) in (0_u32..).zip(article.text().as_str().chars()).filter(|(_, c)| !can_hold(*c)) {
        let next = tokens.partition_point(|token| token.end() <= at);
        if tokens.get(next).is_none_or(|token| token.start() > at) {
            more.extend(TextRange::new(at, at + 1));
        }
    }
    if !more.is_empty() {
        tokens.append(&mut more);
        tokens.sort_unstable_by_key(|token| token.start());
    }
    tokens
}

/// Where the characters of a word end.
fn between(text: &Text, word: TextRange) -> BTreeSet<u32> {
    let words = text.slice(word);
    let length =
        |range: std::ops::Range<usize>| words.get(range).and_then(|one| u32::try_from(one.chars().count()).ok());
    let mut at = word.start();
    let mut ends = BTreeSet::new();
    for length in clusters_of(words).filter_map(length) {
        at += length;
        ends.insert(at);
    }
    ends
}

impl Writer<'_> {
    fn said(&self, attributes: &BTreeMap<AttributeId, Value>, out: &mut String) {
        for (name, value) in attributes {
            // A span has another name in a file of XML where its own is no name there.
            let values = match value {
                Value::Span(id) => vec![self.spans.get(id).map_or(id.as_str(), String::as_str).to_owned()],
                value => words(value),
            };
            for word in values {
                let (name, word) = (escape(name.as_str()), escape(&word));
                _ = write!(out, "<feat subset=\"{name}\" class=\"{word}\"/>");
            }
        }
    }

    /// The beginning of the file, up to the text.
    fn head(&self, root: &str, several: bool) -> String {
        let article = &self.example.article;
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        _ = write!(
            out,
            "<FoLiA xmlns=\"http://ilk.uvt.nl/folia\" version=\"2.5.1\" xml:id=\"{root}\" generator=\"rubricate\">\n\
             <metadata type=\"native\">\n<annotations>\n\
             <text-annotation set=\"https://raw.githubusercontent.com/proycon/folia/master/setdefinitions/text.foliaset.ttl\"/>\n\
             <division-annotation/>\n<paragraph-annotation/>\n<head-annotation/>\n<token-annotation/>\n"
        );
        let sets: BTreeSet<&str> = self.spans.keys().filter_map(|id| self.layer(id)).collect();
        for set in sets {
            _ = writeln!(
                out,
                "<entity-annotation set=\"{}\"><annotator processor=\"annotator\"/></entity-annotation>",
                escape(set)
            );
        }
        let by = self.example.set.as_ref().map_or("nobody", |(by, _)| by.as_str());
        _ = write!(
            out,
            "<relation-annotation/>\n<comment-annotation/>\n</annotations>\n<provenance>\
             <processor xml:id=\"annotator\" name=\"{}\" type=\"manual\"/></provenance>\n",
            escape(by)
        );
        let mut meta = |name: &str, value: &str| {
            _ = writeln!(out, "<meta id=\"{}\">{}</meta>", escape(name), content(value));
        };
        meta(OWN, article.id.as_str());
        if several {
            meta(BY, by);
        }
        let mut names =
            self.set.spans.iter().map(|(id, span)| (self.spans.get(id), &span.attributes)).collect::<Vec<_>>();
        names.extend(self.set.relations.iter().map(|(id, one)| (self.relations.get(id), &one.attributes)));
        let names = names.into_iter().filter_map(|(id, attributes)| Some((id?.as_str(), attributes)));
        if let Some(kinds) = Kinds::of(names).json() {
            meta(KINDS, &kinds);
        }
        meta("title", &article.title);
        if let Some(language) = &article.language {
            meta("language", language);
        }
        let own = article.source.format.as_deref() == Some(FORMAT.id);
        let kept = article.source.extra.iter().filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?, value)));
        for (name, value) in kept.filter(|(name, _)| own && !matches!(*name, "title" | "language")) {
            meta(name, value);
        }
        out.push_str("</metadata>\n");
        out
    }

    fn layer(&self, id: &SpanId) -> Option<&str> {
        let label = self.example.schema.labels.get(&self.set.spans.get(id)?.label);
        Some(label.map_or("entity", |label| label.layer.as_str()))
    }

    /// Numbers of the words of a span, in order; two fragments in one word have it once.
    fn words_of(&self, span: &Span) -> Vec<usize> {
        let of = |part: &TextRange| {
            let first = self.words.partition_point(|word| word.at.end() <= part.start());
            let last = self.words.partition_point(|word| word.at.start() < part.end());
            first..last
        };
        let mut words: Vec<usize> = span.at.fragments().iter().flat_map(of).collect();
        words.dedup();
        words
    }

    fn text(&self, root: &str, out: &mut String) {
        let article = &self.example.article;
        let text = article.text();
        // Spans by their block; those of several blocks come at the end.
        let mut of_block: BTreeMap<Option<usize>, BTreeMap<&str, Vec<&SpanId>>> = BTreeMap::new();
        for (id, span) in self.set.in_reading_order() {
            let blocks: BTreeSet<usize> =
                self.words_of(span).iter().filter_map(|at| Some(self.words.get(*at)?.block)).collect();
            let Some(layer) = self.layer(id).filter(|_| self.spans.contains_key(id)) else { continue };
            let block = blocks.first().copied().filter(|_| blocks.len() == 1);
            of_block.entry(block).or_default().entry(layer).or_default().push(id);
        }
        let mut of_from: BTreeMap<&SpanId, Vec<(&RelationId, &Relation)>> = BTreeMap::new();
        for (id, relation) in self.set.relations.iter().filter(|(id, _)| self.relations.contains_key(*id)) {
            if let End::Span(from) = &relation.from {
                of_from.entry(from).or_default().push((id, relation));
            }
        }
        let layers = |block: Option<usize>, out: &mut String| {
            for (layer, spans) in of_block.get(&block).into_iter().flatten() {
                _ = writeln!(out, "<entities set=\"{}\">", escape(layer));
                for id in spans {
                    self.span(id, of_from.get(id).map(Vec::as_slice).unwrap_or_default(), out);
                }
                out.push_str("</entities>\n");
            }
        };
        _ = writeln!(out, "<text xml:id=\"{root}.text\">\n<div xml:id=\"{root}.div\">");
        let mut rest = self.words.iter().peekable();
        for (count, block) in article.blocks().iter().enumerate() {
            let tag = if block.kind == BlockKind::Heading { "head" } else { "p" };
            let words = text.slice(block.range);
            _ = writeln!(
                out,
                "<{tag} xml:id=\"{root}.{}\"><t xml:space=\"preserve\">{}</t>",
                count + 1,
                content(words)
            );
            while let Some(word) = rest.next_if(|word| word.block == count) {
                let joined = rest.peek().is_some_and(|next| next.block == count && next.at.start() == word.at.end());
                let space = if joined { " space=\"no\"" } else { "" };
                let words = content(text.slice(word.at));
                _ = writeln!(out, "<w xml:id=\"{}\"{space}><t xml:space=\"preserve\">{words}</t></w>", word.id);
            }
            layers(Some(count), out);
            _ = writeln!(out, "</{tag}>");
        }
        layers(None, out);
        out.push_str("</div>\n</text>\n</FoLiA>\n");
    }

    fn span(&self, id: &SpanId, relations: &[(&RelationId, &Relation)], out: &mut String) {
        let (Some(span), Some(name)) = (self.set.spans.get(id), self.spans.get(id)) else { return };
        let set = escape(self.layer(id).unwrap_or_default());
        _ = write!(out, "<entity xml:id=\"{name}\" set=\"{set}\" class=\"{}\"", escape(span.label.as_str()));
        if let Some(percent) = span.certainty {
            _ = write!(out, " confidence=\"{}.{:02}\"", percent / 100, percent % 100);
        }
        out.push('>');
        let words = self.words_of(span);
        let mut places: Vec<(u32, u32)> = Vec::new();
        let mut before = None;
        for at in &words {
            let Some(word) = self.words.get(*at) else { continue };
            let t = escape(self.example.article.text().slice(word.at));
            _ = write!(out, "<wref id=\"{}\" t=\"{t}\"/>", word.id);
            match places.last_mut() {
                Some(last) if before.map(|before: usize| before + 1) == Some(*at) => last.1 = word.at.end(),
                _ => places.push((word.at.start(), word.at.end())),
            }
            before = Some(*at);
        }
        // What a reader makes of the words may not be what is meant.
        if !places.iter().copied().eq(span.at.fragments().iter().map(|part| (part.start(), part.end()))) {
            let exact: Vec<String> =
                span.at.fragments().iter().map(|part| format!("{} {}", part.start(), part.end())).collect();
            _ = write!(out, "<feat subset=\"{EXTENT}\" class=\"{}\"/>", exact.join(" "));
        }
        self.said(&span.attributes, out);
        if !span.note.is_empty() {
            _ = write!(out, "<comment>{}</comment>", content(&span.note));
        }
        for (id, relation) in relations {
            let (Some(name), End::Span(to)) = (self.relations.get(*id), &relation.to) else { continue };
            let (to, kind) = (self.spans.get(to).map_or("", String::as_str), escape(relation.kind.as_str()));
            _ = write!(out, "<relation xml:id=\"{name}\" class=\"{kind}\"><xref id=\"{to}\" type=\"entity\"/>");
            self.said(&relation.attributes, out);
            if !relation.note.is_empty() {
                _ = write!(out, "<comment>{}</comment>", content(&relation.note));
            }
            out.push_str("</relation>");
        }
        out.push_str("</entity>\n");
    }
}
