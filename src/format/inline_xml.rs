//! Text with XML elements around its spans: articles of this program in one file, or any text with tags in it, such as
//! those of MUC (`<ENAMEX TYPE="PERSON">`) and OpenNLP (`<START:person> … <END>`).

use std::fmt::Write as _;
use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::inline::Element;
use crate::format::inline::give::{Style, give};
use crate::format::inline::scan::{Scan, Token};
use crate::format::inline::take::Building;
use crate::format::output::Output;
use crate::format::xml::{escape, text_of};
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "inline-xml",
    name: "Inline XML",
    extensions: &["xml"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    looks: Some(looks),
    ..Format::NONE
};

/// The element around all articles.
const ROOT: &str = "<articles generator=\"rubricate\">";
/// Elements in a text that have a meaning of their own; labels of these names are written as `span`.
const RESERVED: [&str; 5] = ["article", "articles", "char", "span", "text"];
/// Elements of other programs that are no spans, in small letters.
const FRAME: [&str; 22] = [
    "articles",
    "body",
    "corpus",
    "div",
    "docid",
    "docno",
    "docs",
    "document",
    "documents",
    "doctype",
    "head",
    "headline",
    "hl",
    "html",
    "p",
    "par",
    "para",
    "paragraph",
    "root",
    "s",
    "sentence",
    "text",
];

/// Whether it is of this program or has the tags of MUC.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..4_096).unwrap_or(bytes);
    [ROOT, "<ENAMEX "].iter().any(|sign| start.windows(sign.len()).any(|window| window == sign.as_bytes()))
}

/// Reads all articles of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    match text_of(input.bytes) {
        Err(why) => drafts.problem(Severity::Error, "", &format!("The file was left out. {why}. Save it as UTF-8.")),
        Ok(text) => {
            let mut scan = Scan::new(&text);
            if text.contains(ROOT) {
                own(&mut scan, &mut drafts);
            } else {
                foreign(&mut scan, &mut drafts, text.starts_with("<?xml"));
            }
            told(&scan, &mut drafts);
        }
    }
    drafts.done()
}

/// Says what the scan passed over.
pub(super) fn told(scan: &Scan<'_>, drafts: &mut Drafts<'_>) {
    if scan.unknown > 0 {
        let what = format!(
            "{} names of characters are not known. They stand in the text as they are. Check the file.",
            scan.unknown
        );
        drafts.problem(Severity::Warning, "", &what);
    }
}

/// Articles as this program writes them.
fn own(scan: &mut Scan<'_>, drafts: &mut Drafts<'_>) {
    let (mut building, mut record, mut inside): (Option<Building>, u32, bool) = (None, 0, false);
    for token in scan {
        match token {
            Token::Open(element, _) if element.name == "article" => {
                record += 1;
                if let Some(building) = building.take() {
                    building.finish(drafts, Some(record - 1));
                }
                inside = false;
                let mut next = Building::default();
                next.facts.extend(element.attributes);
                building = Some(next);
            }
            Token::Close("article") => {
                if let Some(building) = building.take() {
                    building.finish(drafts, Some(record));
                }
            }
            token => {
                let Some(building) = &mut building else { continue };
                match token {
                    Token::Open(element, empty) if !inside && element.name == "text" => inside = !empty,
                    Token::Open(element, _) if !inside => building.rows.push(element),
                    Token::Close("text") => inside = false,
                    Token::Close(name) if inside => building.close(name),
                    Token::Close(_) => {}
                    Token::Text(text) if inside => building.push(&text),
                    Token::Text(text) => building.outside(&text),
                    Token::Open(element, true) if element.name == "char" => match character(&element, "code") {
                        Some(c) => building.push(c.encode_utf8(&mut [0; 4])),
                        None => building.odd(),
                    },
                    Token::Open(element, empty) => {
                        let tag = element.name.clone();
                        building.open(&tag, element);
                        if empty {
                            building.close(&tag);
                        }
                    }
                }
            }
        }
    }
    if let Some(building) = building {
        building.finish(drafts, Some(record));
    }
}

/// A character by its number.
pub(super) fn character(element: &Element, name: &str) -> Option<char> {
    element.get(name).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32)
}

/// Any text with tags.
fn foreign(scan: &mut Scan<'_>, drafts: &mut Drafts<'_>, declared: bool) {
    let (mut building, mut record, mut frames, mut blank) = (Building::default(), 0, 0_usize, false);
    let mut next = |building: &mut Building, drafts: &mut Drafts<'_>| {
        let mut whole = std::mem::take(building);
        // What lies between articles is none.
        if !whole.text.trim().is_empty() || !whole.marks.is_empty() {
            record += 1;
            whole.close_all();
            // The element around everything is no span.
            let several = whole.marks.len() > 1;
            let root = whole.marks.first().is_some_and(|mark| whole.is_all(mark));
            if root && (declared || several) {
                whole.marks.remove(0);
            }
            whole.finish(drafts, Some(record));
        }
    };
    for token in scan.by_ref() {
        match token {
            Token::Text(text) => {
                let text = if std::mem::take(&mut blank) { text.strip_prefix(' ').unwrap_or(&text) } else { &text };
                building.push(text);
            }
            Token::Open(element, empty) => {
                let tag = element.name.to_ascii_lowercase();
                if matches!(tag.as_str(), "doc" | "article") {
                    next(&mut building, drafts);
                } else if tag == "end" {
                    // The blanks around the tags of OpenNLP belong to them.
                    building.unpush_blank();
                    building.close("start");
                } else if FRAME.contains(&tag.as_str()) {
                    frames += 1;
                } else {
                    let opennlp = tag == "start" || tag.starts_with("start:");
                    let tag = if opennlp { "start".to_owned() } else { tag };
                    blank = opennlp;
                    building.open(&tag, renamed(element));
                    if empty {
                        building.close(&tag);
                    }
                }
            }
            Token::Close(name) => {
                let tag = name.to_ascii_lowercase();
                if matches!(tag.as_str(), "doc" | "article") {
                    next(&mut building, drafts);
                } else if !FRAME.contains(&tag.as_str()) {
                    building.close(&tag);
                }
            }
        }
    }
    next(&mut building, drafts);
    if frames > 0 {
        let what = format!(
            "{frames} elements were not taken for spans, since they are parts of the document such as paragraphs. \
             Nothing needs to be done."
        );
        drafts.problem(Severity::Note, "", &what);
    }
    if scan.comments > 1 {
        let what = format!("{} comments and instructions were left out. Nothing needs to be done.", scan.comments);
        drafts.problem(Severity::Note, "", &what);
    }
}

/// An element under its label: that of its type with MUC, that in its name with OpenNLP.
fn renamed(mut element: Element) -> Element {
    if matches!(element.name.as_str(), "ENAMEX" | "NUMEX" | "TIMEX")
        && let Some(at) = element.attributes.iter().position(|(name, _)| name.eq_ignore_ascii_case("type"))
    {
        (_, element.name) = element.attributes.remove(at);
    }
    if let Some(label) = element.name.strip_prefix("START") {
        element.name = label.strip_prefix(':').filter(|label| !label.is_empty()).unwrap_or("default").to_owned();
    }
    element
}

/// Writes all articles into one file.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let (mut losses, mut bad) = (Losses::default(), 0);
    let out = out.file("")?;
    out.write_all(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{ROOT}\n").as_bytes())?;
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        let given = give(&example, &mut losses);
        bad += given.unheld();
        let mut page = String::from("<article");
        given.facts.iter().for_each(|(name, value)| attribute(&mut page, name, value));
        page.push_str(">\n");
        for [name, means, kind] in &given.names {
            page.push_str("<attribute");
            [("name", name), ("means", means), ("kind", kind)]
                .iter()
                .for_each(|(name, value)| attribute(&mut page, name, value));
            page.push_str("/>\n");
        }
        for label in &given.labels {
            page.push_str("<label");
            attribute(&mut page, "label", &label.name);
            label.attributes.iter().for_each(|(name, value)| attribute(&mut page, name, value));
            page.push_str("/>\n");
        }
        page.push_str("<text xml:space=\"preserve\">");
        page.push_str(&given.body(example.article.text(), &Xml));
        page.push_str("</text>\n");
        for relation in &given.relations {
            page.push_str("<relation");
            relation.attributes.iter().for_each(|(name, value)| attribute(&mut page, name, value));
            page.push_str("/>\n");
        }
        page.push_str("</article>\n");
        out.write_all(page.as_bytes())?;
    }
    out.write_all(b"</articles>\n")?;
    if bad > 0 {
        losses.remarks.push(format!("{bad} characters of attributes that XML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}

fn attribute(out: &mut String, name: &str, value: &str) {
    _ = write!(out, " {name}=\"{}\"", escape(value));
}

/// Elements of XML, named by their labels.
struct Xml;

/// The name of an element, if its label can be one.
fn name(element: &Element) -> Option<&str> {
    let name = element.name.as_str();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits);
    let taken = RESERVED.contains(&name) || name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml"));
    (first && !taken).then_some(name)
}

impl Style for Xml {
    fn open(&self, out: &mut String, element: &Element, (piece, all): (usize, usize), fragment: Option<usize>) {
        _ = write!(out, "<{}", name(element).unwrap_or("span"));
        if name(element).is_none() {
            attribute(out, "label", &element.name);
        }
        element.attributes.iter().for_each(|(name, value)| attribute(out, name, value));
        if all > 1 {
            let part = if piece == 1 {
                "I"
            } else if piece == all {
                "F"
            } else {
                "M"
            };
            attribute(out, "part", part);
        }
        if let Some(fragment) = fragment {
            attribute(out, "fragment", &fragment.to_string());
        }
        out.push('>');
    }

    fn close(&self, out: &mut String, element: &Element) {
        _ = write!(out, "</{}>", name(element).unwrap_or("span"));
    }

    fn character(&self, out: &mut String, c: char) {
        _ = write!(out, "<char code=\"{:X}\"/>", u32::from(c));
    }
}
