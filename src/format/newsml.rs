//! NewsML-G2: an envelope around news items, each with its facts and its text as NITF, XHTML or plain words.

use roxmltree::Node;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::nitf;
use crate::format::nitf::words;
use crate::format::paper::{Known, Paper, of_base64, without_names};
use crate::format::{Carries, Format, Input, Read, markup};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "newsml-g2",
    name: "NewsML-G2 (news agencies)",
    extensions: &["xml", "nml"],
    reads: Some(read),
    carries: Carries { nesting: true, attributes: true, unit: "code points", ..Carries::NOTHING },
    looks: Some(looks),
    ..Format::NONE
};

/// The outermost elements of such files. Those without an article in them are known, too, so that it can be said.
const ROOTS: [&str; 8] = [
    "newsMessage",
    "newsItem",
    "packageItem",
    "contentSet",
    "conceptItem",
    "knowledgeItem",
    "planningItem",
    "catalogItem",
];

fn looks(bytes: &[u8]) -> bool {
    ROOTS.iter().any(|root| markup::is_root(bytes, root))
}

/// Reads every item of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Some(text) = markup::characters(&mut drafts, input.bytes).map(|text| without_names(&text))
        && let Some(tree) = markup::tree(&mut drafts, &text)
    {
        let root = tree.root_element();
        let named = |name: &'static str| tree.descendants().filter(move |node| node.tag_name().name() == name);
        let mut items: Vec<Node<'_, '_>> = named("newsItem").collect();
        if root.tag_name().name() == "contentSet" {
            items.push(root);
        }
        let several = items.len() > 1;
        for (record, item) in (1..).zip(&items) {
            read_item(*item, &mut drafts, several.then_some(record));
        }
        for kind in ROOTS.into_iter().filter(|name| name.ends_with("Item") && *name != "newsItem") {
            let count = named(kind).count();
            if count > 0 {
                let what =
                    format!("{count} elements {kind} were left out. They hold no article. Nothing needs to be done.");
                drafts.problem(Severity::Note, "", &what);
            }
        }
    }
    drafts.done()
}

fn read_item(item: Node<'_, '_>, drafts: &mut Drafts<'_>, record: Option<u32>) {
    let about = about_of(item);
    let inside = |name: &'static str| item.descendants().filter(move |node| node.tag_name().name() == name);
    let place = record.map_or(String::new(), |record| format!("article {record}"));
    let mut empty = 0;
    for part in item.descendants().filter(|node| matches!(node.tag_name().name(), "inlineXML" | "inlineData")) {
        if let Some(nitf) = part.descendants().find(|node| node.tag_name().name() == "nitf") {
            return nitf::finish(nitf, about, drafts, record);
        }
        let Some(read) = paper_of(part).filter(|paper| !paper.is_blank()) else {
            empty += 1;
            continue;
        };
        let mut paper = about;
        // Titles of such pages are often empty words of a template.
        paper.or(Paper { body: Vec::new(), ..read.clone() });
        paper.body = read.body;
        return paper.finish(drafts, record);
    }
    let remote = inside("remoteContent").filter_map(|node| node.attribute("href")).next();
    let why = match (remote, empty) {
        (Some(href), _) => format!("Its content lies elsewhere (‘{href}’), and nothing is fetched"),
        (None, 0) => "It has no content".to_owned(),
        (None, _) => "Its content is empty".to_owned(),
    };
    let title = about.title.unwrap_or_default();
    let what = format!("The item ‘{title}’ was left out. {why}. Import the text by itself if you have it.");
    drafts.problem(Severity::Warning, &place, &what);
}

/// The text of an item.
fn paper_of(part: Node<'_, '_>) -> Option<Paper> {
    let kind = part.attribute("contenttype").unwrap_or_default().to_ascii_lowercase();
    if part.tag_name().name() == "inlineXML" {
        return part.children().any(|node| node.is_element()).then(|| Paper::of_html(&html_of(part)));
    }
    let text: String = part.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    if part.attribute("encoding").is_some_and(|encoding| encoding.contains("base64")) {
        let bytes = of_base64(&text)?;
        return if kind.contains("html") {
            Paper::of_html_bytes(&bytes, &Known { is_xml: kind.contains("xml"), ..Known::default() }).ok()
        } else {
            Paper::of_plain_bytes(&bytes, None).ok()
        };
    }
    Some(if kind.contains("html") {
        Paper::of_html(&text)
    } else {
        Paper::of_plain(text.trim_start_matches(['\r', '\n']))
    })
}

fn about_of(item: Node<'_, '_>) -> Paper {
    let mut about = Paper { id: item.attribute("guid").map(str::to_owned), ..Paper::default() };
    about.language = item.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned);
    about.keep("version", item.attribute("version"));
    let mut created = None;
    for node in item.descendants().filter(Node::is_element) {
        let said = || {
            words(node).or_else(|| {
                ["qcode", "uri", "literal"].iter().find_map(|name| node.attribute(*name)).map(str::to_owned)
            })
        };
        // The name in one language is enough.
        let name = || node.children().find(|child| child.tag_name().name() == "name").and_then(words).or_else(said);
        match node.tag_name().name() {
            "contentSet" => break,
            "headline" if about.title.is_none() => about.title = said(),
            "by" => about.author = said(),
            "creator" if about.author.is_none() => about.author = name(),
            "provider" => about.site = name(),
            "language" => about.language = node.attribute("tag").map(str::to_owned).or(about.language.take()),
            "contentCreated" => created = said(),
            "versionCreated" => about.published = said(),
            "located" => about.keep("located", name().as_deref()),
            "subject" => about.keep("subject", name().as_deref()),
            "genre" => about.keep("genre", name().as_deref()),
            kept @ ("headline" | "slugline" | "dateline" | "pubStatus" | "embargoed" | "edNote" | "copyrightNotice"
            | "usageTerms" | "description" | "itemClass" | "urgency" | "firstCreated" | "contentModified"
            | "keyword") => about.keep(kept, said().as_deref()),
            _ => {}
        }
    }
    if about.published.is_none() {
        about.published = created;
    } else {
        about.keep("contentCreated", created.as_deref());
    }
    about
}

/// A part of a tree as HTML, whatever stood before the colons of its names.
pub(super) fn html_of(part: Node<'_, '_>) -> String {
    let mut out = String::new();
    part.children().for_each(|child| write_html(child, &mut out));
    out
}

fn write_html(node: Node<'_, '_>, out: &mut String) {
    if let Some(text) = node.text().filter(|_| node.is_text()) {
        escaped(text, out);
    }
    if !node.is_element() {
        return;
    }
    let name = node.tag_name().name();
    out.push('<');
    out.push_str(name);
    for attribute in node.attributes() {
        out.push(' ');
        out.push_str(attribute.name());
        out.push_str("=\"");
        escaped(attribute.value(), out);
        out.push('"');
    }
    out.push('>');
    node.children().for_each(|child| write_html(child, out));
    if !matches!(name, "br" | "hr" | "img" | "meta" | "link" | "input" | "col" | "wbr") {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
