//! Documents of Word: paragraphs, lists, tables and notes, without what was struck out.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::nitf::words;
use crate::format::paper::Paper;
use crate::format::xml::text_of;
use crate::format::zipped::Zipped;
use crate::format::{Format, Input, Read, markup};
use crate::model::article::BlockKind;
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "docx",
    name: "Word document",
    extensions: &["docx", "docm", "dotx"],
    reads: Some(read),
    ..Format::NONE
};

/// Reads a document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    match document(input.bytes, &mut drafts) {
        Ok(paper) => paper.finish(&mut drafts, None),
        Err(why) => {
            let what = format!("The document was not read. {why}. Open it in a word processor and save it again.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

fn document(bytes: &[u8], drafts: &mut Drafts<'_>) -> Result<Paper, String> {
    let mut zipped = Zipped::open(bytes)?;
    let main = main_part(&mut zipped);
    let folder = main.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut part =
        |name: &str| zipped.named(name).transpose().map_err(|why| format!("‘{name}’ cannot be unpacked. {why}"));
    let body = part(&main)?.ok_or_else(|| format!("There is no ‘{main}’ in it"))?;
    let styles = part(&format!("{folder}styles.xml"))?.map(|bytes| styles(&bytes)).transpose()?.unwrap_or_default();
    let mut walk = Walk { styles: &styles, paper: Paper::default(), line: String::new(), later: Vec::new(), cells: 0 };
    walk.part(&body)?;
    for notes in ["footnotes", "endnotes"] {
        if let Some(bytes) = part(&format!("{folder}{notes}.xml"))? {
            walk.part(&bytes)?;
        }
    }
    let mut paper = walk.paper;
    if let Some(core) = part("docProps/core.xml")? {
        about(&core, &mut paper)?;
    }
    let aside = |member: &str| {
        member
            .strip_prefix(folder.as_str())
            .is_some_and(|name| ["header", "footer", "comments"].iter().any(|kind| name.starts_with(kind)))
    };
    let aside: Vec<String> =
        zipped.members().iter().filter(|member| aside(&member.name)).map(|member| member.name.clone()).collect();
    for name in aside {
        let bytes = zipped.named(&name).and_then(Result::ok).unwrap_or_default();
        let kept = text_of(&bytes)
            .ok()
            .and_then(|text| markup::document(&text, options()).ok().and_then(|tree| words(tree.root_element())));
        if let Some(kept) = kept {
            // What stands above or below every page, and remarks of others, are no part of the text.
            paper.keep(name.trim_start_matches(&folder).trim_end_matches(".xml"), Some(&kept));
        }
    }
    if paper.is_blank() {
        drafts.problem(
            Severity::Warning,
            "",
            "There are no words in it; it may be pictures. Nothing needs to be done.",
        );
    }
    Ok(paper)
}

fn options<'a>() -> roxmltree::ParsingOptions<'a> {
    roxmltree::ParsingOptions { nodes_limit: 4_000_000, ..roxmltree::ParsingOptions::default() }
}

/// The part that the file names as its text.
fn main_part(zipped: &mut Zipped<'_>) -> String {
    let usual = "word/document.xml".to_owned();
    let Some(Ok(bytes)) = zipped.named("_rels/.rels") else { return usual };
    let Ok(text) = text_of(&bytes) else { return usual };
    let Ok(tree) = markup::document(&text, options()) else { return usual };
    let mut links =
        tree.descendants().filter(|node| node.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument")));
    links.find_map(|node| node.attribute("Target")).map_or(usual, |target| target.trim_start_matches('/').to_owned())
}

/// Kinds of paragraphs by the id of their style.
fn styles(bytes: &[u8]) -> Result<BTreeMap<String, BlockKind>, String> {
    let text = text_of(bytes)?;
    let tree = markup::document(&text, options())?;
    let mut kinds = BTreeMap::new();
    for style in tree.descendants().filter(|node| node.tag_name().name() == "style") {
        let name = child(style, "name").and_then(|name| value(name)).unwrap_or_default().to_lowercase();
        let level = style.descendants().any(|node| node.tag_name().name() == "outlineLvl");
        let kind = if name.starts_with("heading") || name == "title" || name == "subtitle" || level {
            BlockKind::Heading
        } else if name.contains("quote") {
            BlockKind::Quote
        } else if name.contains("caption") {
            BlockKind::Caption
        } else if name.starts_with("list") {
            BlockKind::Item
        } else if name.contains("code") || name.contains("preformatted") {
            BlockKind::Code
        } else {
            continue;
        };
        if let Some(id) = attribute(style, "styleId") {
            kinds.insert(id.to_owned(), kind);
        }
    }
    Ok(kinds)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// An attribute, whatever stands before the colon.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

fn value<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    attribute(node, "val")
}

/// What the document says of itself.
fn about(core: &[u8], paper: &mut Paper) -> Result<(), String> {
    let text = text_of(core)?;
    let tree: Document<'_> = markup::document(&text, options())?;
    for node in tree.root_element().children().filter(Node::is_element) {
        let said = words(node);
        match node.tag_name().name() {
            "title" => paper.title = said,
            "creator" => paper.author = said,
            "created" => paper.published = said,
            "language" => paper.language = said,
            other => paper.keep(other, said.as_deref()),
        }
    }
    Ok(())
}

/// Goes through a part in the order of reading.
struct Walk<'a> {
    styles: &'a BTreeMap<String, BlockKind>,
    paper: Paper,
    /// The words of the paragraph.
    line: String,
    /// Paragraphs in boxes that stand in this one.
    later: Vec<(BlockKind, String)>,
    /// How many tables are around.
    cells: usize,
}

impl Walk<'_> {
    fn part(&mut self, bytes: &[u8]) -> Result<(), String> {
        let text = text_of(bytes)?;
        let tree = markup::document(&text, options())?;
        self.all(tree.root_element());
        Ok(())
    }

    fn all(&mut self, node: Node<'_, '_>) {
        node.children().filter(Node::is_element).for_each(|child| self.node(child));
    }

    fn node(&mut self, node: Node<'_, '_>) {
        match node.tag_name().name() {
            "p" if child(node, "r").is_some() || node.has_children() => self.paragraph(node),
            "tbl" => {
                self.cells += 1;
                self.all(node);
                self.cells -= 1;
            }
            "t" => {
                let text: String = node.children().filter_map(|child| child.text()).collect();
                let exact = attribute(node, "space") == Some("preserve");
                self.line.push_str(if exact { &text } else { text.trim() });
            }
            "tab" | "ptab" => self.line.push('\t'),
            "br" | "cr" => self.line.push('\n'),
            "noBreakHyphen" => self.line.push('\u{2011}'),
            "softHyphen" => self.line.push('\u{AD}'),
            "sym" => {
                let code = attribute(node, "char").and_then(|code| u32::from_str_radix(code, 16).ok());
                self.line.extend(code.and_then(char::from_u32));
            }
            // Properties, what was struck out or moved away, the words of fields, and what is shown where something is
            // not known.
            "pPr" | "rPr" | "tblPr" | "tcPr" | "trPr" | "sectPr" | "sdtPr" | "del" | "moveFrom" | "instrText"
            | "delText" | "Fallback" => {}
            // Notes that are only lines.
            "footnote" | "endnote" if attribute(node, "type").is_some() => {}
            _ => self.all(node),
        }
    }

    fn paragraph(&mut self, node: Node<'_, '_>) {
        // A box may stand in a paragraph.
        let around = std::mem::take(&mut self.line);
        let nested = !around.is_empty() || node.ancestors().skip(1).any(|above| above.tag_name().name() == "p");
        self.all(node);
        let line = std::mem::replace(&mut self.line, around);
        let line = line.trim_end();
        let block = (!line.trim().is_empty()).then(|| (self.kind(node), format!("{line}\n")));
        if nested {
            self.later.extend(block);
        } else {
            self.paper.body.extend(block);
            self.paper.body.append(&mut self.later);
        }
    }

    fn kind(&self, node: Node<'_, '_>) -> BlockKind {
        let said = child(node, "pPr");
        let inside = |name: &str| said.and_then(|said| child(said, name));
        let style = inside("pStyle").and_then(value).and_then(|id| self.styles.get(id)).copied();
        if self.cells > 0 {
            BlockKind::Cell
        } else if inside("outlineLvl").is_some_and(|level| value(level) != Some("9")) {
            BlockKind::Heading
        } else if style.is_none_or(|style| style == BlockKind::Item) && inside("numPr").is_some() {
            BlockKind::Item
        } else {
            style.unwrap_or_default()
        }
    }
}
