//! NITF, in which agencies send articles: the body with its headlines, and the names that are marked in it.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::base::env::Env;
use crate::format::draft::{Drafts, Found};
use crate::format::markup;
use crate::format::offsets::Counts;
use crate::format::paper::{Paper, without_names, words_of};
use crate::format::{Carries, Format, Input, Read};
use crate::model::article::BlockKind;
use crate::model::id::AttributeId;
use crate::model::problem::Severity;
use crate::model::value::Value;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "nitf",
    name: "NITF (news agencies)",
    extensions: &["xml", "nitf"],
    reads: Some(read),
    carries: Carries { nesting: true, attributes: true, unit: "code points", ..Carries::NOTHING },
    looks: Some(|bytes| markup::is_root(bytes, "nitf")),
    ..Format::NONE
};

/// Elements inside of words that name something.
const NAMES: [&str; 8] = ["person", "org", "location", "chron", "event", "object.title", "function", "money"];

/// Reads a document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Some(text) = markup::characters(&mut drafts, input.bytes).map(|text| without_names(&text))
        && let Some(tree) = markup::tree(&mut drafts, &text)
    {
        match tree.descendants().find(|node| node.tag_name().name() == "nitf") {
            Some(nitf) => finish(nitf, Paper::default(), &mut drafts, None),
            None => drafts.problem(
                Severity::Error,
                "",
                "The file was not read. There is no nitf in it. Choose another format.",
            ),
        }
    }
    drafts.done()
}

/// Makes an article of a document; what is known of it already counts more than what it says itself.
pub(super) fn finish(nitf: Node<'_, '_>, about: Paper, drafts: &mut Drafts<'_>, record: Option<u32>) {
    let mut flow = Flow::default();
    let parts = nitf.children().filter(|node| node.tag_name().name() == "body");
    parts.for_each(|body| flow.walk(body, BlockKind::Paragraph));
    flow.end(BlockKind::Paragraph);
    let mut paper = about;
    paper.or(about_of(nitf));
    paper.body = flow.body;
    let mut draft = paper.draft(drafts, record);
    drafts.spans(&mut draft, &None, flow.found, &[Counts::CodePoints]);
    drafts.finish(draft);
}

/// What a document says of itself.
fn about_of(nitf: Node<'_, '_>) -> Paper {
    let mut about = Paper {
        language: nitf.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned),
        ..Paper::default()
    };
    let mut shown = None;
    for node in nitf.descendants().filter(Node::is_element) {
        let said = |name: &str| node.attribute(name).map(str::to_owned);
        match node.tag_name().name() {
            "title" if about.title.is_none() => about.title = words(node),
            "hl1" if shown.is_none() => shown = words(node),
            "byline" if about.author.is_none() => about.author = words(node),
            "doc-id" => about.id = about.id.take().or_else(|| said("id-string")),
            "date.issue" => about.published = said("norm").or(about.published.take()),
            "pubdata" => {
                about.site = about.site.take().or_else(|| said("name"));
                about.published = about.published.take().or_else(|| said("date.publication"));
                about.url = about.url.take().or_else(|| said("ex-ref"));
            }
            "meta" => {
                if let Some(name) = node.attribute("name") {
                    about.keep(name, node.attribute("content"));
                }
            }
            "keyword" => about.keep("keyword", node.attribute("key")),
            "classifier" => {
                let name = node.attribute("type").unwrap_or("classifier");
                about.keep(name, words(node).or_else(|| said("value")).as_deref());
            }
            "doc.copyright" => about.keep("copyright", node.attribute("holder")),
            _ => {}
        }
    }
    // What readers are shown is the headline; the title above may be a word for the desk.
    if let Some(title) = about.title.take().filter(|title| shown.as_ref().is_some_and(|shown| shown != title)) {
        about.keep("title", Some(&title));
        about.title = shown;
    } else {
        about.title = shown.or(about.title.take());
    }
    about
}

/// The words in an element.
pub(super) fn words(node: Node<'_, '_>) -> Option<String> {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    words_of(&text)
}

/// Blocks as they come, with names in them.
#[derive(Default)]
struct Flow {
    body: Vec<(BlockKind, String)>,
    found: Vec<Found>,
    /// Code points of the blocks that are ended.
    before: u64,
    words: String,
    /// Code points of the words.
    count: u64,
    /// A blank is to come before the next word.
    blank: bool,
    /// Names that have not ended; the start is that of their first letter.
    open: Vec<Option<u64>>,
}

impl Flow {
    /// Adds what an element shows; `kind` is that of its words unless it says otherwise.
    fn walk(&mut self, node: Node<'_, '_>, kind: BlockKind) {
        let name = node.tag_name().name();
        let own = match name {
            "hl1" | "hl2" | "hedline" => Some(BlockKind::Heading),
            "li" | "dt" | "dd" => Some(BlockKind::Item),
            "bq" | "credit" => Some(BlockKind::Quote),
            "media-caption" | "media-producer" | "caption" => Some(BlockKind::Caption),
            "td" | "th" => Some(BlockKind::Cell),
            "pre" => Some(BlockKind::Code),
            // Words of a block inside of another one are of that kind, too: a paragraph of a quotation.
            "p" | "block" | "byline" | "byttl" | "dateline" | "abstract" | "note" | "distributor" | "tagline"
            | "bibliography" | "body.head" | "body.content" | "body.end" | "media" | "table" | "tr" | "ol" | "ul"
            | "dl" | "hr" | "fn" => Some(kind),
            _ => None,
        };
        // A byline may be words or elements; its title belongs to it.
        let own = own.filter(|_| name != "byttl");
        let names = NAMES.contains(&name);
        if let Some(own) = own {
            self.end(kind);
            self.children(node, own);
            self.end(own);
        } else if names {
            self.open.push(None);
            self.children(node, kind);
            let start = self.open.pop().flatten();
            if let Some(start) = start.filter(|start| *start >= self.before) {
                self.found.push(found(node, start, self.before + self.count));
            }
        } else {
            if name == "br" || name == "byttl" {
                self.blank = true;
            }
            self.children(node, kind);
        }
    }

    fn children(&mut self, node: Node<'_, '_>, kind: BlockKind) {
        for child in node.children() {
            if let Some(text) = child.text().filter(|_| child.is_text()) {
                self.text(text);
            } else if child.is_element() {
                self.walk(child, kind);
            }
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.blank = true;
                continue;
            }
            if std::mem::take(&mut self.blank) && self.count > 0 {
                self.words.push(' ');
                self.count += 1;
            }
            let at = self.before + self.count;
            self.open.iter_mut().for_each(|start| *start = start.or(Some(at)));
            self.words.push(c);
            self.count += 1;
        }
    }

    /// Ends a block.
    fn end(&mut self, kind: BlockKind) {
        self.blank = false;
        if self.count > 0 {
            self.words.push('\n');
            self.before += self.count + 1;
            self.count = 0;
            self.body.push((kind, std::mem::take(&mut self.words)));
        }
    }
}

fn found(node: Node<'_, '_>, start: u64, end: u64) -> Found {
    let said = node.attributes().filter(|attribute| !attribute.value().is_empty());
    let attributes: BTreeMap<AttributeId, Value> =
        said.map(|one| (AttributeId::new(one.name()), Value::Text(one.value().to_owned()))).collect();
    let label = node.tag_name().name().to_owned();
    let layer = Some("entity".to_owned());
    Found { id: None, label, layer, fragments: vec![(start, end)], attributes, ..Found::default() }
}
