//! Electronic books: an article for each part, in the order of reading.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Node, ParsingOptions};

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::nitf::words;
use crate::format::paper::{Known, Paper};
use crate::format::xml::text_of;
use crate::format::zipped::Zipped;
use crate::format::{Format, Input, Read, markup};
use crate::model::article::BlockKind;
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format =
    Format { id: "epub", name: "Electronic book (EPUB)", extensions: &["epub"], reads: Some(read), ..Format::NONE };

/// What a book says of its parts.
struct Book {
    about: Paper,
    /// Names of members in the order of reading.
    parts: Vec<String>,
    /// How often one is named again.
    repeated: usize,
}

/// Reads every part of a book.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let opened = Zipped::open(input.bytes).and_then(|mut zipped| Ok((book(&mut zipped)?, zipped)));
    match opened {
        Err(why) => drafts.problem(Severity::Error, "", &format!("The book was not read. {why}. Choose another file.")),
        Ok((book, mut zipped)) => {
            for (record, name) in (1..).zip(&book.parts) {
                read_part(name, record, &book.about, &mut zipped, &mut drafts);
            }
            if book.repeated > 0 {
                let what = format!(
                    "{} parts were left out. They are named more than once. Nothing needs to be done.",
                    book.repeated
                );
                drafts.problem(Severity::Note, "", &what);
            }
            if book.parts.is_empty() {
                drafts.problem(
                    Severity::Warning,
                    "",
                    "Nothing was read. The book names no parts. Choose another file.",
                );
            }
        }
    }
    drafts.done()
}

fn read_part(name: &str, record: u32, about: &Paper, zipped: &mut Zipped<'_>, drafts: &mut Drafts<'_>) {
    let place = format!("article {record}");
    let read = zipped.named(name).unwrap_or_else(|| Err("It is not there".to_owned()));
    let xml = Known { is_xml: true, ..Known::default() };
    let page = read.and_then(|bytes| Paper::of_html_bytes(&bytes, &xml).map_err(|why| why.to_string()));
    let mut paper = match page {
        Ok(page) => page,
        Err(why) => {
            let what = format!("The part ‘{name}’ was left out. {why}. Check that the book is whole.");
            return drafts.problem(Severity::Error, &place, &what);
        }
    };
    if paper.is_blank() {
        let what = format!("The part ‘{name}’ was left out. It shows no text. Nothing needs to be done.");
        return drafts.problem(Severity::Note, &place, &what);
    }
    // Each part has the title of the book for its own, too often.
    let heading = paper.body.iter().find(|(kind, _)| *kind == BlockKind::Heading).map(|(_, text)| text.clone());
    paper.title = heading.or(paper.title);
    paper.keep("part", Some(name));
    paper.or(Paper { id: None, title: None, ..about.clone() });
    paper.keep("book", about.title.as_deref());
    paper.finish(drafts, Some(record));
}

fn book(zipped: &mut Zipped<'_>) -> Result<Book, String> {
    let mut text = |name: &str| {
        let bytes = zipped.named(name).ok_or_else(|| format!("There is no ‘{name}’ in it"))?;
        bytes.map_err(|why| format!("‘{name}’ cannot be unpacked. {why}")).and_then(|bytes| text_of(&bytes))
    };
    let options = || ParsingOptions { nodes_limit: 1_000_000, allow_dtd: false, ..ParsingOptions::default() };
    let container = text("META-INF/container.xml")?;
    let tree = markup::document(&container, options())?;
    let path = tree
        .descendants()
        .find_map(|node| node.attribute("full-path"))
        .ok_or("It names no list of its parts")?
        .to_owned();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let package = text(&path)?;
    let tree = markup::document(&package, options())?;
    let (mut about, mut items, mut parts) = (Paper::default(), BTreeMap::new(), Vec::new());
    for node in tree.descendants().filter(Node::is_element) {
        let said = || words(node);
        match node.tag_name().name() {
            "title" => about.title = about.title.take().or_else(said),
            "creator" => {
                about.author = match (about.author.take(), said()) {
                    (Some(known), Some(more)) => Some(format!("{known}; {more}")),
                    (known, more) => known.or(more),
                };
            }
            "publisher" => about.site = said(),
            "language" => about.language = about.language.take().or_else(said),
            "date" => about.published = about.published.take().or_else(said),
            kept @ ("identifier" | "rights" | "subject" | "description" | "contributor" | "source") => {
                about.keep(kept, said().as_deref());
            }
            "item" => {
                if let (Some(id), Some(href)) = (node.attribute("id"), node.attribute("href")) {
                    items.insert(id, href);
                }
            }
            "itemref" => parts.extend(node.attribute("idref")),
            _ => {}
        }
    }
    // Each part stands in the order of reading once; some files repeat one to become large.
    let (mut seen, named) = (BTreeSet::new(), parts.len());
    parts.retain(|id| seen.insert(*id));
    let repeated = named - parts.len();
    let parts =
        parts.into_iter().map(|id| items.get(id).map_or_else(|| id.to_owned(), |href| member(folder, href))).collect();
    Ok(Book { about, parts, repeated })
}

/// The name of a member that a link in `folder` leads to.
fn member(folder: &str, href: &str) -> String {
    let href = href.split(['#', '?']).next().unwrap_or(href);
    let mut steps: Vec<&str> =
        if href.starts_with('/') { Vec::new() } else { folder.split('/').filter(|step| !step.is_empty()).collect() };
    let plain = unescaped(href);
    for step in plain.split('/') {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// An address with its percent signs read.
pub(super) fn unescaped(href: &str) -> String {
    let mut out = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok()).filter(|_| *byte == b'%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                out.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
