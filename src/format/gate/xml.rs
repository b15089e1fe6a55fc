//! Reads and writes the XML of GATE.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use roxmltree::{Node, ParsingOptions};
use serde_json::{Map, Value as Json, json};

use crate::format::gate::{Ann, CLASS, Doc, IDS, VALUE};
use crate::format::markup::document;
use crate::format::xml::{content, escape, text_of};

/// The class under which lists and maps of the other forms are written.
const JSON: &str = "rubricate.Json";

/// Reads a document; what is left out is said.
pub(super) fn parse(bytes: &[u8], problems: &mut Vec<String>) -> Result<Doc, String> {
    let text = text_of(bytes)?;
    let options = ParsingOptions { nodes_limit: 4_000_000, ..ParsingOptions::default() };
    let document = document(&text, options)?;
    let root = document.root_element();
    if root.tag_name().name() != "GateDocument" {
        return Err("Its first element is not GateDocument".to_owned());
    }
    let mut doc = Doc::default();
    // Where the nodes stand; they have names of their own that need not be places.
    let mut nodes: BTreeMap<&str, u64> = BTreeMap::new();
    for part in root.children().filter(Node::is_element) {
        match part.tag_name().name() {
            "GateDocumentFeatures" => doc.features = features(part),
            "TextWithNodes" => {
                let mut at = 0_u64;
                for node in part.descendants() {
                    if let Some(words) = node.text().filter(|_| node.is_text()) {
                        doc.text.push_str(words);
                        at += words.chars().map(|c| if c > '\u{FFFF}' { 2 } else { 1 }).sum::<u64>();
                    } else if let Some(id) = node.attribute("id") {
                        nodes.insert(id, at);
                    }
                }
            }
            "AnnotationSet" => {
                let name = part.attribute("Name").unwrap_or_default().to_owned();
                let mut list = Vec::new();
                for node in part.children().filter(|node| node.tag_name().name() == "Annotation") {
                    let place = |name| node.attribute(name).and_then(|id| nodes.get(id)).copied();
                    let id = node.attribute("Id").and_then(|id| id.parse().ok()).filter(|id| *id <= IDS);
                    let (Some(id), Some(start), Some(end)) = (id, place("StartNode"), place("EndNode")) else {
                        let line = document.text_pos_at(node.range().start).row;
                        let what = "An annotation was left out. It has no number, or its nodes are not in the text. Repair the file";
                        problems.push(format!("{what} in line {line}."));
                        continue;
                    };
                    let kind = node.attribute("Type").unwrap_or_default().to_owned();
                    list.push(Ann { id, kind, start, end, features: features(node) });
                }
                doc.sets.push((name, list));
            }
            name => {
                let what = format!(
                    "An element ‘{name}’ was left out. This program does not know it. Nothing needs to be done."
                );
                problems.push(what);
            }
        }
    }
    Ok(doc)
}

fn features(node: Node<'_, '_>) -> Map<String, Json> {
    let mut all = Map::new();
    for feature in node.children().filter(|node| node.tag_name().name() == "Feature") {
        let part = |name: &str| feature.children().find(|child| child.tag_name().name() == name);
        let text = |node: Node<'_, '_>| {
            node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect::<String>()
        };
        let (Some(name), Some(value)) = (part("Name"), part("Value")) else { continue };
        let (class, value) = (value.attribute("className").unwrap_or("java.lang.String"), text(value));
        let plain = match class {
            "java.lang.String" => Some(json!(value)),
            "java.lang.Boolean" if value == "true" || value == "false" => Some(json!(value == "true")),
            "java.lang.Long" => value.parse::<i64>().ok().map(|number| json!(number)),
            // Others of the same kind are kept with their class, which this one has on the way back.
            "java.lang.Double" => {
                value.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number))
            }
            JSON => serde_json::from_str(&value).ok(),
            _ => None,
        };
        all.insert(text(name), plain.unwrap_or_else(|| json!({ CLASS: class, VALUE: value })));
    }
    all
}

/// Writes a document as GATE does.
pub(super) fn print(doc: &Doc) -> String {
    let mut out =
        String::from("<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version=\"3\">\n<GateDocumentFeatures>\n");
    doc.features.iter().for_each(|(name, value)| feature(&mut out, name, value));
    out.push_str("</GateDocumentFeatures>\n<TextWithNodes>");
    let all = || doc.sets.iter().flat_map(|(_, list)| list);
    let nodes: BTreeSet<u64> = all().flat_map(|ann| [ann.start, ann.end]).collect();
    let (mut at, mut nodes, mut part) = (0_u64, nodes.into_iter().peekable(), String::new());
    for c in doc.text.chars() {
        while let Some(node) = nodes.next_if(|node| *node <= at) {
            out.push_str(&content(&part));
            part.clear();
            _ = write!(out, "<Node id=\"{node}\"/>");
        }
        part.push(c);
        at += if c > '\u{FFFF}' { 2 } else { 1 };
    }
    out.push_str(&content(&part));
    for node in nodes {
        _ = write!(out, "<Node id=\"{node}\"/>");
    }
    out.push_str("</TextWithNodes>\n");
    for (name, list) in &doc.sets {
        if name.is_empty() {
            out.push_str("<AnnotationSet>\n");
        } else {
            _ = writeln!(out, "<AnnotationSet Name=\"{}\">", escape(name));
        }
        for ann in list {
            let (id, kind, start, end) = (ann.id, escape(&ann.kind), ann.start, ann.end);
            _ = writeln!(out, "<Annotation Id=\"{id}\" Type=\"{kind}\" StartNode=\"{start}\" EndNode=\"{end}\">");
            ann.features.iter().for_each(|(name, value)| feature(&mut out, name, value));
            out.push_str("</Annotation>\n");
        }
        out.push_str("</AnnotationSet>\n");
    }
    out.push_str("</GateDocument>\n");
    out
}

fn feature(out: &mut String, name: &str, value: &Json) {
    let kept = value.get(CLASS).and_then(Json::as_str).zip(value.get(VALUE).and_then(Json::as_str));
    let (class, text) = match (kept, value) {
        (Some((class, text)), _) => (class, text.to_owned()),
        (_, Json::String(text)) => ("java.lang.String", text.clone()),
        (_, Json::Bool(yes)) => ("java.lang.Boolean", yes.to_string()),
        (_, Json::Number(number)) if number.is_f64() => ("java.lang.Double", number.to_string()),
        (_, Json::Number(number)) => ("java.lang.Long", number.to_string()),
        (_, other) => (JSON, other.to_string()),
    };
    _ = writeln!(
        out,
        "<Feature>\n  <Name className=\"java.lang.String\">{}</Name>\n  <Value className=\"{}\">{}</Value>\n</Feature>",
        content(name),
        escape(class),
        content(&text)
    );
}
