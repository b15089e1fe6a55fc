//! The text of a FoLiA document, and where its words stand in it.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use crate::model::article::BlockKind;

/// The namespace of `xml:id`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements that text is made of.
pub(super) const STRUCTURE: &[&str] = &[
    "text",
    "speech",
    "div",
    "p",
    "head",
    "s",
    "w",
    "quote",
    "list",
    "item",
    "label",
    "table",
    "tablehead",
    "row",
    "cell",
    "figure",
    "caption",
    "note",
    "event",
    "utt",
    "entry",
    "term",
    "def",
    "ex",
    "part",
    "correction",
    "new",
    "current",
    "body",
    "front",
    "back",
];
/// Elements that follow each other with a blank between them.
const INLINE: &[&str] = &["w", "s", "part", "correction", "new", "current", "quote", "utt", "label"];

/// The `xml:id` of an element.
pub(super) fn id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((XML, "id")).filter(|id| !id.is_empty())
}

/// Text of a part of a document, places in bytes.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// The text.
    pub(super) text: String,
    /// Words in their order.
    pub(super) words: Vec<(String, usize, usize)>,
    /// Where blocks begin.
    pub(super) blocks: Vec<(usize, BlockKind)>,
}

/// Puts the text together.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// Nothing stands between paragraphs but what is in them.
    pub(super) exact: bool,
    /// Ids of words that stand for nothing in the text.
    pub(super) hidden: BTreeSet<String>,
    /// Elements whose words are not those of their text.
    pub(super) odd: Vec<String>,
    /// Elements of looks and the like, which are not kept.
    pub(super) dropped: BTreeMap<String, usize>,
}

impl Builder {
    /// The text of an element and everything in it.
    pub(super) fn build(&mut self, node: Node<'_, '_>) -> Built {
        let tag = node.tag_name().name();
        let own = self.own(node);
        let mut parts: Vec<(Built, &'static str)> = Vec::new();
        for child in node.children().filter(Node::is_element) {
            let tag = child.tag_name().name();
            if tag == "hiddenw" {
                self.hidden.extend(id(child).map(str::to_owned));
            }
            if !STRUCTURE.contains(&tag) || (tag == "correction" && own.is_some()) {
                continue;
            }
            let built = self.build(child);
            if !built.text.is_empty() {
                let after = match child.attribute("space") {
                    Some("no") => "",
                    _ if INLINE.contains(&tag) => " ",
                    _ if self.exact => "",
                    _ => "\n\n",
                };
                parts.push((built, after));
            }
        }
        let mut built = match own {
            Some(own) => self.fit(node, own, parts),
            None => join(parts),
        };
        if tag == "w" && !built.text.is_empty() {
            built.words = id(node).map(|id| (id.to_owned(), 0, built.text.len())).into_iter().collect();
        }
        if !built.text.is_empty() && built.blocks.is_empty() && !INLINE.contains(&tag) {
            let kind = match tag {
                "head" | "tablehead" => BlockKind::Heading,
                "item" => BlockKind::Item,
                "caption" => BlockKind::Caption,
                "cell" => BlockKind::Cell,
                _ => BlockKind::Paragraph,
            };
            built.blocks.push((0, kind));
        }
        built
    }

    /// The text that an element has itself.
    fn own(&mut self, node: Node<'_, '_>) -> Option<String> {
        let current =
            |node: &Node<'_, '_>| node.has_tag_name("t") && matches!(node.attribute("class"), None | Some("current"));
        let direct = node.children().find(|child| current(child));
        let corrected = || {
            let corrections = node.children().filter(|child| child.has_tag_name("correction"));
            let now = corrections.flat_map(|one| one.children());
            let now = now.filter(|one| one.has_tag_name("new") || one.has_tag_name("current"));
            now.flat_map(|one| one.children()).find(current)
        };
        let t = direct.or_else(corrected)?;
        let mut text = String::new();
        self.characters(t, &mut text);
        if t.attribute((XML, "space")) == Some("preserve") {
            return Some(text.replace('\0', "\n"));
        }
        Some(unwrapped(text.trim_matches([' ', '\n', '\t', '\r'])).replace('\0', "\n"))
    }

    fn characters(&mut self, node: Node<'_, '_>, text: &mut String) {
        for child in node.children() {
            match child.tag_name().name() {
                "" => text.push_str(child.text().filter(|_| child.is_text()).unwrap_or_default()),
                // Told apart from line ends of the file, which mean nothing; no file of XML holds this character.
                "br" => text.push('\0'),
                "feat" | "desc" | "comment" | "t-hbr" => {}
                tag => {
                    *self.dropped.entry(tag.to_owned()).or_default() += 1;
                    self.characters(child, text);
                }
            }
        }
    }

    /// Finds the parts in the text that stands beside them.
    fn fit(&mut self, node: Node<'_, '_>, own: String, parts: Vec<(Built, &'static str)>) -> Built {
        let mut built = Built { text: own, ..Built::default() };
        let mut from = 0;
        for (part, _) in &parts {
            let rest = built.text.get(from..).unwrap_or_default();
            let Some(at) = rest.find(&part.text).map(|at| from + at) else {
                // What the words say can at least be pointed at.
                self.odd.push(id(node).unwrap_or_else(|| node.tag_name().name()).to_owned());
                return join(parts);
            };
            built.words.extend(part.words.iter().map(|(id, start, end)| (id.clone(), start + at, end + at)));
            from = at + part.text.len();
        }
        built
    }
}

/// Parts one after the other.
fn join(parts: Vec<(Built, &'static str)>) -> Built {
    let mut all = Built::default();
    let last = parts.len();
    for (count, (part, after)) in (1..).zip(parts) {
        let at = all.text.len();
        all.text.push_str(&part.text);
        all.words.extend(part.words.into_iter().map(|(id, start, end)| (id, start + at, end + at)));
        all.blocks.extend(part.blocks.into_iter().map(|(start, kind)| (start + at, kind)));
        if count < last {
            all.text.push_str(after);
        }
    }
    all
}

/// A text without the line ends that only fit it to the width of the file.
fn unwrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = String::new();
    for c in text.chars() {
        if matches!(c, ' ' | '\n' | '\t' | '\r') {
            blanks.push(c);
            continue;
        }
        out.push_str(if blanks.contains('\n') { " " } else { &blanks });
        blanks.clear();
        out.push(c);
    }
    out
}
