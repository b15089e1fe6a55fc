//! Feeds in XML: RSS of all versions, RDF, Atom and CDF. Each entry is an article; its title is no part of its text,
//! unless there is nothing else.

use roxmltree::Node;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::newsml::html_of;
use crate::format::nitf::words;
use crate::format::paper::{Paper, of_base64, without_names, words_of, words_of_html};
use crate::format::{Format, Input, Read, markup};
use crate::model::article::BlockKind;
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "feed",
    name: "Feed (RSS, Atom, RDF)",
    extensions: &["xml", "rss", "atom", "rdf", "cdf"],
    reads: Some(read),
    looks: Some(looks),
    ..Format::NONE
};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

fn looks(bytes: &[u8]) -> bool {
    let roots = ["rss", "feed", "channel", "CHANNEL"].iter().any(|root| markup::is_root(bytes, root));
    // Any data may be RDF.
    let rss = || {
        bytes
            .windows(20)
            .take(16_384)
            .any(|window| window == b"http://purl.org/rss/" || window == b"/rss/0.9/\"><channel>")
    };
    roots
        || markup::is_root(bytes, "RDF")
            && (rss() || bytes.windows(23).take(16_384).any(|window| window == b"my.netscape.com/rdf/sim"))
}

/// Reads every entry of a feed.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Some(text) = markup::characters(&mut drafts, input.bytes).map(|text| without_names(&text))
        && let Some(tree) = markup::tree(&mut drafts, &text)
    {
        let is_entry = |node: &Node<'_, '_>| matches!(name(*node).as_str(), "item" | "entry");
        let entries: Vec<Node<'_, '_>> = tree.descendants().filter(is_entry).collect();
        let about = about_feed(tree.root_element());
        if entries.is_empty() {
            drafts.problem(Severity::Warning, "", "Nothing was read. The feed has no entries. Fetch it again.");
        }
        for (record, entry) in (1..).zip(entries) {
            read_entry(entry, &about, record, &mut drafts);
        }
    }
    drafts.done()
}

/// The name of an element without what stands before the colon, in small letters.
fn name(node: Node<'_, '_>) -> String {
    if node.is_element() { node.tag_name().name().to_ascii_lowercase() } else { String::new() }
}

/// What the feed says of all its entries.
fn about_feed(root: Node<'_, '_>) -> Paper {
    let channel = root.children().find(|node| name(*node) == "channel").unwrap_or(root);
    let mut about = Paper {
        language: channel.attribute((XML, "lang")).or(root.attribute((XML, "lang"))).map(str::to_owned),
        ..Paper::default()
    };
    for node in channel.children() {
        match name(node).as_str() {
            "title" => about.site = about.site.take().or_else(|| plain(node)),
            "language" => about.language = about.language.take().or_else(|| words(node)),
            "rights" | "copyright" => about.keep("copyright", plain(node).as_deref()),
            _ => {}
        }
    }
    about.language = about.language.filter(|language| !language.is_empty());
    about
}

/// A text of an entry, by how likely it is the whole of it.
struct Text {
    rank: u8,
    paper: Paper,
}

fn read_entry(entry: Node<'_, '_>, feed: &Paper, record: u32, drafts: &mut Drafts<'_>) {
    let mut paper = Paper {
        language: entry.attribute((XML, "lang")).filter(|one| !one.is_empty()).map(str::to_owned),
        ..Paper::default()
    };
    paper.url =
        entry.attributes().find(|one| one.name().eq_ignore_ascii_case("href")).map(|one| one.value().to_owned());
    let (mut texts, mut later, mut permanent) = (Vec::<Text>::new(), None, None);
    // What is said in a group is said of the entry.
    let parts = entry.children().flat_map(|node| {
        let group = name(node) == "group";
        std::iter::once(node).chain(node.children().filter(move |_| group))
    });
    for node in parts.filter(Node::is_element) {
        let said = || words(node);
        let kind = name(node);
        let rank = match kind.as_str() {
            "encoded" | "fullitem" => Some(0),
            "content" if node.attribute("url").is_none() => Some(1),
            "body" | "div" => Some(2),
            "description" => Some(3),
            "summary" | "abstract" => Some(4),
            _ => None,
        };
        if let Some(rank) = rank {
            let html = matches!(kind.as_str(), "encoded" | "fullitem" | "body" | "div" | "description" | "abstract");
            if let Some(src) = node.attribute("src") {
                paper.keep("content", Some(src));
            }
            texts.push(Text { rank, paper: text_of(node, html) });
            continue;
        }
        match kind.as_str() {
            "title" if paper.title.is_none() => paper.title = plain(node),
            "link" => match (node.attribute("href"), node.attribute("rel").unwrap_or("alternate")) {
                (Some(href), "alternate") if paper.url.is_none() => paper.url = Some(href.to_owned()),
                (Some(href), rel) => paper.keep(&format!("link {rel}"), Some(href)),
                (None, _) => paper.url = paper.url.take().or_else(said),
            },
            "guid" | "id" => {
                let id = said();
                if node.attribute("isPermaLink") != Some("false")
                    && id.as_ref().is_some_and(|id| id.starts_with("http"))
                {
                    permanent.clone_from(&id);
                }
                paper.id = paper.id.take().or(id);
            }
            "author" | "creator" => {
                let author =
                    node.children().find(|child| name(*child) == "name").and_then(words).or_else(|| person(node));
                paper.author = match (paper.author.take(), author) {
                    (Some(known), Some(author)) if known != author => Some(format!("{known}, {author}")),
                    (known, author) => known.or(author),
                };
            }
            "pubdate" | "published" | "issued" | "date" => paper.published = paper.published.take().or_else(said),
            "updated" | "modified" | "created" => later = later.take().or_else(said),
            "category" | "subject" => {
                let term = said().or_else(|| node.attribute("term").map(str::to_owned));
                paper.keep("category", term.as_deref());
            }
            "group" => {}
            other => {
                let named = ["url", "href", "src", "resource"].iter().find_map(|name| node.attribute(*name));
                paper.keep(other, plain(node).as_deref().or(named));
            }
        }
    }
    texts.retain(|text| !text.paper.is_blank());
    texts.sort_by_key(|text| text.rank);
    let mut texts = texts.into_iter().map(|text| text.paper.body);
    paper.body = texts.next().unwrap_or_default();
    let chosen: String = paper.body.iter().map(|(_, text)| text.as_str()).collect();
    for other in texts {
        let other: String = other.iter().map(|(_, text)| text.as_str()).collect();
        if other.trim() != chosen.trim() {
            paper.keep("summary", Some(&other));
        }
    }
    if paper.is_blank() {
        let Some(title) = paper.title.clone() else {
            let what = "An entry was left out. It has neither text nor title. Nothing needs to be done.";
            return drafts.problem(Severity::Warning, &format!("article {record}"), what);
        };
        paper.push(BlockKind::Heading, &title);
    }
    if paper.published.is_none() {
        paper.published = later;
    } else {
        paper.keep("updated", later.as_deref());
    }
    paper.url = paper.url.or(permanent);
    paper.or(Paper { body: Vec::new(), ..feed.clone() });
    paper.finish(drafts, Some(record));
}

/// A name as RSS writes it: an address with the name in brackets.
fn person(node: Node<'_, '_>) -> Option<String> {
    let said = words(node)?;
    let inside = said.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).filter(|_| said.contains('@'));
    Some(inside.map_or_else(|| said.clone(), str::to_owned))
}

/// Words of an element that may hold markup, in one line.
fn plain(node: Node<'_, '_>) -> Option<String> {
    let kind = node.attribute("type").unwrap_or_default();
    if kind == "text" || kind == "text/plain" {
        return words(node);
    }
    if node.children().any(|child| child.is_element()) {
        return words(node);
    }
    let text = held(node);
    if node.attribute("mode") == Some("base64") {
        return of_base64(&text).and_then(|bytes| words_of_html(&String::from_utf8_lossy(&bytes)));
    }
    words_of_html(&text)
}

fn held(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// The text of an element; `html` where markup is usual and nothing says otherwise.
fn text_of(node: Node<'_, '_>, html: bool) -> Paper {
    if node.children().any(|child| child.is_element()) {
        return Paper::of_html(&html_of(node));
    }
    let mut text = held(node);
    if node.attribute("mode") == Some("base64") {
        text = of_base64(&text).map_or(text, |bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    let kind = node.attribute("type").unwrap_or_default();
    let mode = node.attribute("mode");
    let marked = kind.contains("html") || matches!(mode, Some("escaped" | "base64")) && !kind.contains("plain");
    if !(marked || html && kind != "text" && kind != "text/plain") || !text.contains(['<', '&']) {
        return Paper::of_plain(text.trim_matches(['\n', '\r', ' ', '\t']));
    }
    // Some feeds write markup as words twice.
    if !text.contains('<') && text.contains("&lt;/") {
        text = Paper::of_html(&text).body.into_iter().map(|(_, text)| text).collect();
    }
    let paper = Paper::of_html(&text);
    // A sign alone makes no markup.
    if paper.is_blank() && !text.contains('<') {
        Paper::of_plain(words_of(&text).as_deref().unwrap_or_default())
    } else {
        paper
    }
}
