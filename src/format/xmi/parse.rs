//! Reads XMI and type systems.

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};

use crate::format::cas::{Cas, Feat, Feature, Fs, IDS, STRING, Sofa, TOP, Type, Types, View};
use crate::format::markup;
use crate::format::xml::text_of;

const XMI: &str = "http://www.omg.org/XMI";
/// More nodes than this are not read; a file of 10 MB has about a tenth.
const NODES: u32 = 4_000_000;

fn document(text: &str) -> Result<Document<'_>, String> {
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    markup::document(text, options)
}

/// Reads a type system.
pub(super) fn types(bytes: &[u8]) -> Result<Types, String> {
    let text = text_of(bytes)?;
    let document = document(&text)?;
    let inside = |node: Node<'_, '_>, name: &str| {
        let found = node.children().find(|child| child.tag_name().name() == name);
        found.and_then(|child| child.text()).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let mut types = Types::default();
    for node in document.descendants().filter(|node| node.tag_name().name() == "typeDescription") {
        let Some(name) = inside(node, "name") else { continue };
        let above = inside(node, "supertypeName").unwrap_or_else(|| TOP.to_owned());
        let mut features = Vec::new();
        for feature in node.descendants().filter(|node| node.tag_name().name() == "featureDescription") {
            let Some(name) = inside(feature, "name") else { continue };
            let mut range = inside(feature, "rangeTypeName").unwrap_or_else(|| STRING.to_owned());
            if range == "uima.cas.FSArray"
                && let Some(element) = inside(feature, "elementType")
            {
                range = format!("{element}[]");
            }
            let shared = inside(feature, "multipleReferencesAllowed").map(|word| word == "true");
            features.push(Feature { name, range, shared });
        }
        let values = node.descendants().filter(|node| node.tag_name().name() == "allowedValues");
        let allowed = values.flat_map(|values| values.children()).filter_map(|value| inside(value, "string")).collect();
        types.join(&Type { name, above, features, allowed });
    }
    Ok(types)
}

/// Reads a CAS.
pub(super) fn cas(bytes: &[u8], types: Types, problems: &mut Vec<String>) -> Result<Cas, String> {
    let text = text_of(bytes)?;
    let document = document(&text)?;
    let mut cas = Cas { types, ..Cas::default() };
    let root = document.root_element();
    if root.tag_name().name() != "XMI" {
        return Err("Its first element is not XMI".to_owned());
    }
    for node in root.children().filter(Node::is_element) {
        let kind = kind_of(node);
        let id = node.attribute((XMI, "id")).and_then(|id| id.parse().ok()).filter(|id| *id <= IDS);
        match (kind.as_str(), id) {
            ("uima.cas.NULL", _) => {}
            ("uima.cas.View", _) => {
                let ids = |name| node.attribute(name).map(numbers).unwrap_or_default();
                let sofa = ids("sofa").first().copied().or_else(|| cas.sofas.first().map(|sofa| sofa.id));
                cas.views.push(View { sofa: sofa.unwrap_or(1), members: ids("members") });
            }
            ("uima.cas.Sofa", Some(id)) => {
                let own = |name| node.attribute(name).map(str::to_owned);
                let num = node.attribute("sofaNum").and_then(|num| num.parse().ok()).unwrap_or(1);
                let (name, mime) = (own("sofaID").unwrap_or_default(), own("mimeType"));
                let known = ["sofaNum", "sofaID", "mimeType", "sofaString"];
                let others =
                    node.attributes().filter(|other| other.namespace().is_none() && !known.contains(&other.name()));
                let rest = others.map(|other| {
                    let array = (other.name() == "sofaArray").then(|| other.value().parse().ok()).flatten();
                    (other.name().to_owned(), array.map_or_else(|| Feat::Text(other.value().to_owned()), Feat::Ref))
                });
                cas.sofas.push(Sofa { id, num, name, mime, text: own("sofaString"), rest: rest.collect() });
            }
            (_, Some(id)) => {
                let fs = structure(node, id, kind, &cas.types);
                cas.all.push(fs);
            }
            (_, None) => {
                let line = document.text_pos_at(node.range().start).row;
                let name = node.tag_name().name();
                let what = format!(
                    "A feature structure ‘{name}’ in line {line} was left out. It has no number as its xmi:id. Repair the file."
                );
                problems.push(what);
            }
        }
    }
    // One number may be an array that stands on its own.
    let arrays: BTreeSet<u64> = cas.all.iter().filter(|fs| fs.is_array()).map(|fs| fs.id).collect();
    for fs in cas.all.iter_mut().filter(|fs| !fs.is_array()) {
        for (_, value) in &mut fs.features {
            if let Feat::Refs(ids) = value
                && let [id] = ids.as_slice()
                && arrays.contains(id)
            {
                *value = Feat::Ref(*id);
            }
        }
    }
    Ok(cas)
}

/// The type of an element, by its namespace.
fn kind_of(node: Node<'_, '_>) -> String {
    let space = node.tag_name().namespace().unwrap_or_default();
    let package = space.strip_prefix("http:///").unwrap_or(space);
    let package = package.strip_suffix(".ecore").unwrap_or(package).replace('/', ".");
    let name = node.tag_name().name();
    // Java puts it below uima, others do not.
    let none = package.is_empty() || package == "noNamespace" || package == "uima.noNamespace";
    if none { name.to_owned() } else { format!("{package}.{name}") }
}

fn structure(node: Node<'_, '_>, id: u64, kind: String, types: &Types) -> Fs {
    let mut fs = Fs { id, kind, features: Vec::new() };
    for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
        let (name, value) = (attribute.name(), attribute.value());
        let array = name == "elements" && fs.kind.starts_with("uima.cas.");
        let range = if array { Some(fs.kind.as_str()) } else { types.range(&fs.kind, name) };
        let value = feat(value, range, array, types);
        fs.features.push((name.to_owned(), value));
    }
    // Lists of words stand in elements of the feature's name.
    for child in node.children().filter(Node::is_element) {
        let (name, word) = (child.tag_name().name(), child.text().unwrap_or_default().to_owned());
        match fs.features.iter_mut().find(|(known, _)| known == name) {
            Some((_, Feat::List(words))) => words.push(word),
            _ => fs.features.push((name.to_owned(), Feat::List(vec![word]))),
        }
    }
    fs
}

fn numbers(list: &str) -> Vec<u64> {
    list.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// A value as its range says; numbers only where they are written back the same.
fn feat(value: &str, range: Option<&str>, array: bool, types: &Types) -> Feat {
    let text = || Feat::Text(value.to_owned());
    let words = || Feat::List(value.split_ascii_whitespace().map(str::to_owned).collect());
    let Some(range) = range else { return text() };
    match range {
        "uima.cas.Boolean" => match value {
            "true" => Feat::Flag(true),
            "false" => Feat::Flag(false),
            _ => text(),
        },
        "uima.cas.Integer" | "uima.cas.Long" | "uima.cas.Short" | "uima.cas.Byte" | "uima.cas.Double"
        | "uima.cas.Float" => match serde_json::from_str::<serde_json::Number>(value) {
            Ok(number) if number.to_string() == value => Feat::Number(number),
            _ => text(),
        },
        "uima.cas.String" | "uima.cas.ByteArray" => text(),
        "uima.cas.FSArray" if array => Feat::Refs(numbers(value)),
        _ if range.ends_with("[]") || range == "uima.cas.FSArray" => Feat::Refs(numbers(value)),
        _ if range.starts_with("uima.cas.") && range.ends_with("Array") => words(),
        _ if types.line(range).contains(&STRING) => text(),
        _ => match numbers(value).as_slice() {
            [id] if !value.contains(' ') => Feat::Ref(*id),
            [] => text(),
            ids => Feat::Refs(ids.to_vec()),
        },
    }
}
