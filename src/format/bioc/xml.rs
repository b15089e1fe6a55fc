//! The XML of BioC.

use std::fmt::Write as _;

use roxmltree::{Document, Node};

use crate::format::bioc::take::take;
use crate::format::bioc::{Ann, Doc, Head, Infons, Part, Rel};
use crate::format::draft::Drafts;
use crate::format::xml::{content, escape};
use crate::model::problem::Severity;

/// Reads a collection, one document after the other.
pub(super) fn read(drafts: &mut Drafts<'_>, tree: &Document<'_>) {
    let root = tree.root_element();
    if root.tag_name().name() != "collection" {
        let what = "The file was not read. Its first element is not ‘collection’. Choose another format.";
        return drafts.problem(Severity::Error, "", what);
    }
    let mut head = Head { infons: infons(root), ..Head::default() };
    let mut record = 0_u32;
    let several = root.children().filter(|node| node.has_tag_name("document")).nth(1).is_some();
    for node in root.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "source" => head.source = words(node),
            "date" => head.date = words(node),
            "key" => head.key = words(node),
            "infon" => {}
            "document" => {
                record = record.saturating_add(1);
                let doc = doc(drafts, node);
                take(drafts, &head, &doc, several.then_some(record));
            }
            _ => unknown(drafts, node),
        }
    }
}

/// All characters in an element.
fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

fn infons(node: Node<'_, '_>) -> Infons {
    let infons = node.children().filter(|child| child.has_tag_name("infon"));
    infons.map(|infon| (infon.attribute("key").unwrap_or_default().to_owned(), words(infon))).collect()
}

fn line(node: Node<'_, '_>) -> String {
    format!("line {}", node.document().text_pos_at(node.range().start).row)
}

fn unknown(drafts: &mut Drafts<'_>, node: Node<'_, '_>) {
    let what = format!("An element ‘{}’ was left out. BioC does not know it. Check it.", node.tag_name().name());
    drafts.problem(Severity::Warning, &line(node), &what);
}

fn doc(drafts: &mut Drafts<'_>, node: Node<'_, '_>) -> Doc {
    let mut doc = Doc { infons: infons(node), ..Doc::default() };
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "id" => doc.id = words(child),
            "infon" => {}
            "passage" => doc.passages.push(part(drafts, child, false)),
            "annotation" => doc.annotations.push(annotation(drafts, child)),
            "relation" => doc.relations.push(relation(drafts, child)),
            _ => unknown(drafts, child),
        }
    }
    doc
}

fn part(drafts: &mut Drafts<'_>, node: Node<'_, '_>, sentence: bool) -> Part {
    let mut part = Part { infons: infons(node), ..Part::default() };
    let mut offset = None;
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "offset" => offset = words(child).trim().parse().ok(),
            "text" => part.text = Some(words(child)),
            "infon" => {}
            "sentence" if !sentence => part.sentences.push(self::part(drafts, child, true)),
            "annotation" => part.annotations.push(annotation(drafts, child)),
            "relation" => part.relations.push(relation(drafts, child)),
            _ => unknown(drafts, child),
        }
    }
    if offset.is_none() {
        let what = "A part of a document has no whole number as its offset. It is read as 0. Check its annotations.";
        drafts.problem(Severity::Warning, &line(node), what);
    }
    part.offset = offset.unwrap_or_default();
    part
}

fn annotation(drafts: &mut Drafts<'_>, node: Node<'_, '_>) -> Ann {
    let id = node.attribute("id").filter(|id| !id.is_empty()).map(str::to_owned);
    let mut ann = Ann { id, infons: infons(node), ..Ann::default() };
    for child in node.children().filter(Node::is_element) {
        let number = |name| child.attribute(name).and_then(|number| number.trim().parse::<u64>().ok());
        match child.tag_name().name() {
            "infon" => {}
            "text" => ann.text = Some(words(child)),
            "location" => match (number("offset"), number("length")) {
                (Some(offset), Some(length)) => ann.places.push((offset, length)),
                _ => {
                    let what = "A place of an annotation was left out. It has no whole numbers. Repair the file.";
                    drafts.problem(Severity::Error, &line(child), what);
                }
            },
            _ => unknown(drafts, child),
        }
    }
    ann
}

fn relation(drafts: &mut Drafts<'_>, node: Node<'_, '_>) -> Rel {
    let id = node.attribute("id").filter(|id| !id.is_empty()).map(str::to_owned);
    let mut rel = Rel { id, infons: infons(node), ..Rel::default() };
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "infon" => {}
            "node" => {
                let attribute = |name| child.attribute(name).unwrap_or_default().to_owned();
                rel.nodes.push((attribute("refid"), attribute("role")));
            }
            _ => unknown(drafts, child),
        }
    }
    rel
}

/// The beginning of a file.
pub(super) fn head(head: &Head) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE collection SYSTEM \"BioC.dtd\">\n");
    let (source, date, key) = (content(&head.source), content(&head.date), content(&head.key));
    _ = write!(out, "<collection><source>{source}</source><date>{date}</date><key>{key}</key>");
    put_infons(&mut out, &head.infons);
    out.push('\n');
    out
}

/// A document.
pub(super) fn document(doc: &Doc) -> String {
    let mut out = format!("<document><id>{}</id>", content(&doc.id));
    put_infons(&mut out, &doc.infons);
    for passage in &doc.passages {
        put_part(&mut out, passage, "passage");
    }
    out.push('\n');
    doc.annotations.iter().for_each(|ann| put_annotation(&mut out, ann));
    for rel in &doc.relations {
        put_relation(&mut out, rel);
    }
    out.push_str("</document>\n");
    out
}

fn put_infons(out: &mut String, infons: &Infons) {
    for (key, value) in infons {
        _ = write!(out, "<infon key=\"{}\">{}</infon>", escape(key), content(value));
    }
}

fn put_part(out: &mut String, part: &Part, name: &str) {
    _ = write!(out, "\n<{name}>");
    put_infons(out, &part.infons);
    _ = write!(out, "<offset>{}</offset>", part.offset);
    if let Some(text) = &part.text {
        _ = write!(out, "<text>{}</text>", content(text));
    }
    for ann in &part.annotations {
        put_annotation(out, ann);
    }
    for sentence in &part.sentences {
        put_part(out, sentence, "sentence");
    }
    for rel in &part.relations {
        put_relation(out, rel);
    }
    _ = write!(out, "</{name}>");
}

fn put_annotation(out: &mut String, ann: &Ann) {
    _ = write!(out, "\n<annotation id=\"{}\">", escape(ann.id.as_deref().unwrap_or_default()));
    put_infons(out, &ann.infons);
    for (offset, length) in &ann.places {
        _ = write!(out, "<location offset=\"{offset}\" length=\"{length}\"/>");
    }
    _ = write!(out, "<text>{}</text></annotation>", content(ann.text.as_deref().unwrap_or_default()));
}

fn put_relation(out: &mut String, rel: &Rel) {
    _ = write!(out, "<relation id=\"{}\">", escape(rel.id.as_deref().unwrap_or_default()));
    put_infons(out, &rel.infons);
    for (id, role) in &rel.nodes {
        _ = write!(out, "<node refid=\"{}\" role=\"{}\"/>", escape(id), escape(role));
    }
    out.push_str("</relation>\n");
}
