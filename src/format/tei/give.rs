//! An example as a TEI document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::markup::Ids;
use crate::format::tei::{BY, OWN};
use crate::format::xml::{content, escape};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::BlockKind;
use crate::model::id::{AttributeId, RelationId, SpanId};
use crate::model::relation::End;
use crate::model::span::Span;
use crate::model::value::Value;

/// Names of what a file speaks of.
struct Names<'a> {
    root: String,
    categories: BTreeMap<&'a str, String>,
    spans: BTreeMap<&'a SpanId, String>,
    relations: BTreeMap<&'a RelationId, String>,
}

/// The whole file.
pub(super) fn document(example: &Example, several: bool, _: &mut Losses) -> String {
    let nothing = AnnotationSet::new(example.article.text().hash());
    let set = example.set.as_ref().map_or(&nothing, |(_, set)| set);
    let names = names(example, set);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    head(example, set, several, &names, &mut out);
    text(example, &names, &mut out);
    out.push_str("<standOff>\n");
    let mut layers: BTreeMap<&str, Vec<(&SpanId, &Span)>> = BTreeMap::new();
    for (id, span) in set.in_reading_order() {
        let layer = example.schema.labels.get(&span.label).map_or("entity", |label| label.layer.as_str());
        layers.entry(layer).or_default().push((id, span));
    }
    for (layer, spans) in layers {
        _ = writeln!(out, "<listAnnotation type=\"{}\">", escape(layer));
        for (id, span) in spans {
            annotation(id, span, &names, &mut out);
        }
        out.push_str("</listAnnotation>\n");
    }
    relations(set, &names, &mut out);
    out.push_str("</standOff>\n</TEI>\n");
    out
}

fn names<'a>(example: &'a Example, set: &'a AnnotationSet) -> Names<'a> {
    let mut ids = Ids::new(example.article.id.as_str(), &[]);
    let labels = set.spans.values().map(|span| span.label.as_str());
    let kinds = set.relations.values().map(|relation| relation.kind.as_str());
    let all: BTreeSet<&str> = labels.chain(kinds).chain(set.labels.keys().map(|label| label.as_str())).collect();
    let categories = all.into_iter().map(|name| (name, ids.of(name))).collect();
    let spans = set.in_reading_order().into_iter().map(|(id, _)| (id, ids.of(id.as_str()))).collect();
    let relations = set.relations.keys().map(|id| (id, ids.of(id.as_str()))).collect();
    Names { root: ids.root().to_owned(), categories, spans, relations }
}

fn head(example: &Example, set: &AnnotationSet, several: bool, names: &Names<'_>, out: &mut String) {
    let article = &example.article;
    let language = article.language.as_deref().map(|language| format!(" xml:lang=\"{}\"", escape(language)));
    let root = &names.root;
    _ = write!(
        out,
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" xml:id=\"{root}\"{}>\n<teiHeader><fileDesc><titleStmt><title>{}</title>",
        language.unwrap_or_default(),
        content(&article.title)
    );
    if let Some((by, _)) = example.set.as_ref().filter(|_| several) {
        _ = write!(out, "<respStmt><resp>{BY}</resp><name>{}</name></respStmt>", content(by.as_str()));
    }
    _ = write!(
        out,
        "</titleStmt>\n<publicationStmt><authority>Rubricate</authority><idno type=\"{OWN}\">{}</idno></publicationStmt>\n\
         <sourceDesc><p>{}</p></sourceDesc></fileDesc>\n",
        content(article.id.as_str()),
        content(article.source.url.as_deref().unwrap_or_default())
    );
    if !names.categories.is_empty() {
        _ = write!(out, "<encodingDesc><classDecl><taxonomy xml:id=\"{root}.labels\">");
        for (label, id) in &names.categories {
            _ = write!(out, "\n<category xml:id=\"{id}\"><catDesc>{}</catDesc></category>", content(label));
        }
        out.push_str("</taxonomy></classDecl></encodingDesc>\n");
    }
    if !set.labels.is_empty() {
        out.push_str("<profileDesc><textClass>");
        for label in set.labels.keys() {
            let id = names.categories.get(label.as_str()).map_or("", String::as_str);
            _ = write!(out, "<catRef scheme=\"#{root}.labels\" target=\"#{id}\"/>");
        }
        out.push_str("</textClass></profileDesc>\n");
    }
    out.push_str("</teiHeader>\n");
}

/// The text, with nothing between its blocks: every character in the body counts.
fn text(example: &Example, names: &Names<'_>, out: &mut String) {
    let article = &example.article;
    _ = write!(out, "<text><body xml:id=\"{}.body\" xml:space=\"preserve\">", names.root);
    for block in article.blocks() {
        let (tag, kind) = match block.kind {
            BlockKind::Paragraph => ("p", ""),
            BlockKind::Heading => ("ab", "heading"),
            BlockKind::Item => ("ab", "item"),
            BlockKind::Caption => ("ab", "caption"),
            BlockKind::Cell => ("ab", "cell"),
            BlockKind::Quote => ("ab", "quote"),
            BlockKind::Code => ("ab", "code"),
            BlockKind::Control => ("ab", "control"),
        };
        let kind = if kind.is_empty() { String::new() } else { format!(" type=\"{kind}\"") };
        _ = write!(out, "<{tag}{kind}>{}</{tag}>", content(article.text().slice(block.range)));
    }
    out.push_str("</body></text>\n");
}

fn annotation(id: &SpanId, span: &Span, names: &Names<'_>, out: &mut String) {
    let name = names.spans.get(id).map_or("", String::as_str);
    let label = names.categories.get(span.label.as_str()).map_or("", String::as_str);
    let parts: Vec<String> =
        span.at.fragments().iter().map(|part| format!(",{},{}", part.start(), part.len())).collect();
    let (root, parts) = (&names.root, parts.concat());
    _ = write!(out, "<annotation xml:id=\"{name}\" target=\"#string-range({root}.body{parts})\" ana=\"#{label}\">");
    if let Some(percent) = span.certainty {
        _ = write!(out, "<certainty locus=\"value\" degree=\"{}.{:02}\"/>", percent / 100, percent % 100);
    }
    if !span.note.is_empty() {
        _ = write!(out, "<note>{}</note>", content(&span.note));
    }
    features(&span.attributes, "", names, out);
    out.push_str("</annotation>\n");
}

fn features(attributes: &BTreeMap<AttributeId, Value>, about: &str, names: &Names<'_>, out: &mut String) {
    if attributes.is_empty() {
        return;
    }
    _ = write!(out, "<fs{about}>");
    for (name, value) in attributes {
        _ = write!(out, "<f name=\"{}\">", escape(name.as_str()));
        let symbol = |word: &str| format!("<symbol value=\"{}\"/>", escape(word));
        let string = |kind: &str, words: &str| format!("<string{kind}>{}</string>", content(words));
        out.push_str(&match value {
            Value::Flag(yes) => format!("<binary value=\"{yes}\"/>"),
            Value::Choice(word) => symbol(word),
            Value::Choices(all) => {
                let all: Vec<String> = all.iter().map(|word| symbol(word)).collect();
                format!("<vColl org=\"set\">{}</vColl>", all.concat())
            }
            Value::Text(words) => string("", words),
            Value::Number(number) => format!("<numeric value=\"{number}\"/>"),
            Value::Date(words) => string(" n=\"date\"", words),
            Value::Link(words) => string(" n=\"link\"", words),
            Value::Span(id) => string(" n=\"span\"", names.spans.get(id).map_or(id.as_str(), String::as_str)),
        });
        out.push_str("</f>");
    }
    out.push_str("</fs>");
}

fn relations(set: &AnnotationSet, names: &Names<'_>, out: &mut String) {
    if set.relations.is_empty() {
        return;
    }
    out.push_str("<linkGrp>\n");
    for (id, relation) in &set.relations {
        let end = |end: &End| match end {
            End::Span(id) => names.spans.get(id).cloned().unwrap_or_default(),
            End::Relation(id) => names.relations.get(id).cloned().unwrap_or_default(),
        };
        let name = names.relations.get(id).map_or("", String::as_str);
        let kind = names.categories.get(relation.kind.as_str()).map_or("", String::as_str);
        let (from, to) = (end(&relation.from), end(&relation.to));
        _ = writeln!(out, "<link xml:id=\"{name}\" target=\"#{from} #{to}\" ana=\"#{kind}\"/>");
    }
    out.push_str("</linkGrp>\n");
    for (id, relation) in &set.relations {
        let name = names.relations.get(id).map_or("", String::as_str);
        if !relation.note.is_empty() {
            _ = writeln!(out, "<note target=\"#{name}\">{}</note>", content(&relation.note));
        }
        if !relation.attributes.is_empty() {
            features(&relation.attributes, &format!(" corresp=\"#{name}\""), names, out);
            out.push('\n');
        }
    }
}
