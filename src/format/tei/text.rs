//! The text of a TEI document, and where its elements came to lie in it.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::model::article::BlockKind;

/// The namespace of `xml:id`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements that stand by themselves on a page.
const BLOCKS: &[&str] = &[
    "p",
    "head",
    "ab",
    "item",
    "cell",
    "label",
    "byline",
    "dateline",
    "salute",
    "signed",
    "closer",
    "opener",
    "sp",
    "speaker",
    "stage",
    "quote",
    "figDesc",
    "titlePart",
    "docAuthor",
    "docDate",
    "docImprint",
    "lg",
    "div",
    "list",
    "table",
    "row",
    "body",
    "front",
    "back",
    "group",
    "text",
    "trailer",
    "epigraph",
    "argument",
    "castList",
    "castItem",
];
/// Elements whose words are not those of the text.
const ASIDE: &[&str] = &["note", "fw", "index", "teiHeader", "standOff", "spanGrp", "linkGrp", "del", "metamark"];
/// Other ways to write what stands beside them.
const OTHER: &[&str] = &["corr", "reg", "expan"];

/// Where an element lies.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lies {
    /// Its first character in the article.
    pub(super) start: u32,
    /// After its last one.
    pub(super) end: u32,
    /// How many characters of the file stand before it, with all blanks.
    pub(super) raw: u64,
}

/// A text while it is put together.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// The text so far.
    pub(super) text: String,
    /// Where elements lie, by the number of their node.
    pub(super) lies: BTreeMap<usize, Lies>,
    /// Where blocks begin, in bytes.
    pub(super) blocks: Vec<(usize, BlockKind)>,
    /// Elements that were left out.
    pub(super) dropped: BTreeMap<String, usize>,
    /// For each character, twice the number of the character of the file; one more for those that were put in.
    keys: Vec<u64>,
    raw: u64,
    between: Between,
    kind: Option<BlockKind>,
}

/// What comes before the next character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    #[default]
    Nothing,
    Blank,
    Line,
    Block,
}

impl Builder {
    /// Adds an element and everything in it.
    pub(super) fn add(&mut self, node: Node<'_, '_>, exact: bool) {
        let tag = node.tag_name().name();
        let exact = match node.attribute((XML, "space")) {
            Some("preserve") => true,
            Some(_) => false,
            None => exact,
        };
        if OTHER.contains(&tag) && node.parent().is_some_and(|parent| parent.has_tag_name("choice"))
            || ASIDE.contains(&tag)
        {
            *self.dropped.entry(tag.to_owned()).or_default() += 1;
            return;
        }
        let block = BLOCKS.contains(&tag);
        if block {
            self.border(Between::Block, exact);
            self.kind = Some(kind(node));
        }
        let raw = self.raw;
        let before = self.keys.len();
        match tag {
            "lb" | "l" => self.border(Between::Line, exact),
            "pc" | "w" if matches!(node.attribute("join"), Some("left" | "both")) && self.between == Between::Blank => {
                self.between = Between::Nothing;
            }
            _ => {}
        }
        for child in node.children() {
            if child.is_text() {
                self.characters(child.text().unwrap_or_default(), exact);
            } else if child.is_element() {
                self.add(child, exact);
            }
        }
        // What was put in before its first character is not part of it.
        let inside = self.keys.get(before..).unwrap_or_default();
        let start = before + inside.iter().position(|key| key % 2 == 0).unwrap_or(inside.len());
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        self.lies.insert(node.id().get_usize(), Lies { start: number(start), end: number(self.keys.len()), raw });
        if tag == "l" {
            self.border(Between::Line, exact);
        }
        if block {
            self.border(Between::Block, exact);
            self.kind = None;
        }
    }

    fn border(&mut self, between: Between, exact: bool) {
        if !exact {
            self.between = self.between.max(between);
        }
    }

    fn characters(&mut self, words: &str, exact: bool) {
        for c in words.chars() {
            if !exact && matches!(c, ' ' | '\n' | '\t' | '\r') {
                self.between = self.between.max(Between::Blank);
                self.raw += 1;
                continue;
            }
            let between = if self.text.is_empty() || exact { Between::Nothing } else { self.between };
            let put_in = match between {
                Between::Nothing => "",
                Between::Blank => " ",
                Between::Line => "\n",
                Between::Block => "\n\n",
            };
            self.between = Between::Nothing;
            let before = (self.raw * 2).saturating_sub(1);
            self.text.push_str(put_in);
            self.keys.extend(put_in.chars().map(|_| before));
            if let Some(kind) = self.kind.take() {
                self.blocks.push((self.text.len(), kind));
            }
            self.text.push(c);
            self.keys.push(self.raw * 2);
            self.raw += 1;
        }
    }

    /// The places of so many characters of the file from there on.
    pub(super) fn range(&self, from: u64, length: u64) -> Option<(u64, u64)> {
        let end = from.checked_add(length)?;
        if end > self.raw {
            return None;
        }
        let start = self.keys.partition_point(|key| *key < from * 2);
        let last = (end * 2).saturating_sub(1);
        let end = self.keys.partition_point(|key| *key < last);
        Some((u64::try_from(start).ok()?, u64::try_from(end).ok()?))
    }
}

fn kind(node: Node<'_, '_>) -> BlockKind {
    let of_type = node.attribute("type").filter(|_| node.has_tag_name("ab"));
    match of_type.unwrap_or(node.tag_name().name()) {
        "head" | "heading" | "titlePart" => BlockKind::Heading,
        "item" => BlockKind::Item,
        "figDesc" | "caption" => BlockKind::Caption,
        "cell" => BlockKind::Cell,
        "quote" => BlockKind::Quote,
        "code" => BlockKind::Code,
        "control" => BlockKind::Control,
        _ => BlockKind::Paragraph,
    }
}
