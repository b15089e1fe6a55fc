//! A web page for each article: its text in `pre`, with a `mark` around each span. Read again, the text is the same
//! code point by code point.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::inline::Element;
use crate::format::inline::give::{Given, Style, give};
use crate::format::inline::scan::{Scan, Token};
use crate::format::inline::take::Building;
use crate::format::inline_xml::{character, told};
use crate::format::output::Output;
use crate::format::xmi::FileNames;
use crate::format::xml::{escape, text_of};
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "inline-html",
    name: "Inline HTML",
    extensions: &["html", "htm"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    looks: Some(looks),
    folder: true,
    ..Format::NONE
};

/// What such a page says of itself.
const SIGN: &str = "<meta name=\"generator\" content=\"rubricate inline-html\">";

fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..4_096).unwrap_or(bytes);
    start.windows(SIGN.len()).any(|window| window == SIGN.as_bytes())
}

/// Reads a page that this program wrote.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    match text_of(input.bytes) {
        Err(why) => drafts.problem(Severity::Error, "", &format!("The file was left out. {why}. Save it as UTF-8.")),
        Ok(text) if !text.contains(SIGN) => {
            let what =
                "The file was left out. It is no page with spans that this program wrote. Import its text alone.";
            drafts.problem(Severity::Error, "", what);
        }
        Ok(text) => {
            let mut scan = Scan::new(&text);
            page(&mut scan).finish(&mut drafts, None);
            told(&scan, &mut drafts);
        }
    }
    drafts.done()
}

fn page(scan: &mut Scan<'_>) -> Building {
    let mut building = Building::default();
    let (mut inside, mut begun) = (false, false);
    for token in scan {
        let first = std::mem::take(&mut begun);
        match token {
            Token::Text(text) if inside => {
                // A line feed at the start belongs to the tag.
                let text = if first { text.strip_prefix('\n').unwrap_or(&text) } else { &text };
                building.push(text);
            }
            Token::Text(_) => {}
            Token::Close("pre") => inside = false,
            Token::Close("mark") => building.close("mark"),
            Token::Close(_) => {}
            Token::Open(element, _) => {
                let class = element.get("class").unwrap_or_default();
                match element.name.as_str() {
                    "pre" => (inside, begun) = (true, true),
                    "mark" if inside => building.open("mark", plain(&element, element.get("data-label"), true)),
                    "span" if inside && class == "char" => match character(&element, "data-code") {
                        Some(c) => building.push(c.encode_utf8(&mut [0; 4])),
                        None => building.odd(),
                    },
                    "template" => building.rows.push(plain(&element, Some(class), false)),
                    "meta" => {
                        let name = element.get("name").and_then(|name| name.strip_prefix("rubricate:"));
                        if let (Some(name), Some(content)) = (name, element.get("content")) {
                            building.facts.insert(name.to_owned(), content.to_owned());
                        }
                    }
                    _ if inside => building.odd(),
                    _ => {}
                }
            }
        }
    }
    building
}

/// An element under its own name, with what it says; the label of a span is its name.
fn plain(element: &Element, name: Option<&str>, span: bool) -> Element {
    let mut plain = Element::new(name.unwrap_or_default());
    for (name, value) in &element.attributes {
        match name.strip_prefix("data-") {
            Some("label") if span => {}
            Some(name) => plain.attributes.push((name.to_owned(), value.clone())),
            None => {}
        }
    }
    plain
}

/// Writes a page for each example.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let (mut losses, mut names, mut bad) = (Losses::default(), FileNames::default(), 0);
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        let given = give(&example, &mut losses);
        bad += given.unheld();
        let out = out.file(&names.name(example.article.id.as_str(), "html"))?;
        out.write_all(printed(&example, &given).as_bytes())?;
    }
    if bad > 0 {
        losses.remarks.push(format!("{bad} characters of attributes that HTML cannot hold are written as U+FFFD."));
    }
    Ok(losses)
}

fn printed(example: &Example, given: &Given) -> String {
    let article = &*example.article;
    let mut page = String::from("<!DOCTYPE html>\n<html");
    if let Some(language) = &article.language {
        attribute(&mut page, "lang", language);
    }
    _ = write!(page, ">\n<head>\n<meta charset=\"utf-8\">\n{SIGN}\n<title>{}</title>\n", escape(&article.title));
    for (name, value) in &given.facts {
        page.push_str("<meta");
        attribute(&mut page, "name", &format!("rubricate:{name}"));
        attribute(&mut page, "content", value);
        page.push_str(">\n");
    }
    page.push_str(
        "<style>\npre { white-space: pre-wrap; font: inherit; line-height: 1.6; max-width: 50em; margin: 2em auto; }\n",
    );
    let labels: BTreeSet<&str> = given.spans.iter().map(|span| span.name.as_str()).collect();
    for label in labels {
        let hue = hue(label);
        _ = writeln!(
            page,
            "mark[data-label=\"{}\"] {{ background: hsl({hue} 70% 60% / 35%); color: inherit; }}",
            style_text(label)
        );
    }
    page.push_str("</style>\n</head>\n<body>\n");
    for [name, means, kind] in &given.names {
        template(&mut page, "attribute", [("name", name), ("means", means), ("kind", kind)].into_iter());
    }
    for label in &given.labels {
        let said = label.attributes.iter().map(|(name, value)| (name.as_str(), value));
        template(&mut page, "label", std::iter::once(("label", &label.name)).chain(said));
    }
    for relation in &given.relations {
        let said = relation.attributes.iter().map(|(name, value)| (name.as_str(), value));
        template(&mut page, "relation", said);
    }
    page.push_str("<pre>\n");
    page.push_str(&given.body(article.text(), &Html));
    page.push_str("</pre>\n</body>\n</html>\n");
    page
}

/// A row that nobody sees.
fn template<'a>(page: &mut String, class: &str, attributes: impl Iterator<Item = (&'a str, &'a String)>) {
    _ = write!(page, "<template class=\"{class}\"");
    attributes.for_each(|(name, value)| attribute(page, &format!("data-{name}"), value));
    page.push_str("></template>\n");
}

fn attribute(out: &mut String, name: &str, value: &str) {
    _ = write!(out, " {name}=\"{}\"", escape(value));
}

/// An angle of the circle of colours, always the same for a label.
fn hue(label: &str) -> u32 {
    label.bytes().fold(0, |hue, byte| (hue * 31 + u32::from(byte)) % 360)
}

/// Words as they stand between quotation marks in a style sheet.
fn style_text(text: &str) -> String {
    let one = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\{:x} ", u32::from(c)) };
    text.chars().map(one).collect()
}

/// Elements of HTML.
struct Html;

impl Style for Html {
    fn open(&self, out: &mut String, element: &Element, (piece, all): (usize, usize), fragment: Option<usize>) {
        out.push_str("<mark");
        attribute(out, "class", element.get("layer").unwrap_or_default());
        attribute(out, "title", &element.name);
        attribute(out, "data-label", &element.name);
        element.attributes.iter().for_each(|(name, value)| attribute(out, &format!("data-{name}"), value));
        if all > 1 {
            attribute(out, "data-part", &format!("{piece}/{all}"));
        }
        if let Some(fragment) = fragment {
            attribute(out, "data-fragment", &fragment.to_string());
        }
        out.push('>');
    }

    fn close(&self, out: &mut String, _: &Element) {
        out.push_str("</mark>");
    }

    fn character(&self, out: &mut String, c: char) {
        _ = write!(out, "<span class=\"char\" data-code=\"{:X}\"></span>", u32::from(c));
    }
}
