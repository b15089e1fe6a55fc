//! JSON Feed. Each item is an article.

use serde_json::{Map, Value as Json};

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::Paper;
use crate::format::{Format, Input, Read};
use crate::model::article::BlockKind;
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "json-feed",
    name: "JSON Feed",
    extensions: &["json"],
    reads: Some(read),
    looks: Some(looks),
    ..Format::NONE
};

/// What the version of such a feed is called.
const SIGN: &[u8] = b"//jsonfeed.org/version/";

fn looks(bytes: &[u8]) -> bool {
    // Some writers put bars before each slash.
    let start: Vec<u8> = bytes.iter().take(65_536).copied().filter(|byte| *byte != b'\\').collect();
    start.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'{' | 0xEF))
        && start.windows(SIGN.len()).any(|part| part == SIGN)
}

/// Reads every item of a feed.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes);
    let feed = match serde_json::from_slice::<Map<String, Json>>(bytes) {
        Ok(feed) => feed,
        Err(error) => {
            let what = format!("The file was not read. It is no valid JSON: {error}. Repair the file.");
            drafts.problem(Severity::Error, "", &what);
            return drafts.done();
        }
    };
    let text = |name: &str| feed.get(name).and_then(Json::as_str).map(str::to_owned);
    let items = feed.get("items").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        drafts.problem(Severity::Warning, "", "Nothing was read. The feed has no items. Fetch it again.");
    }
    for (record, item) in (1..).zip(items) {
        let Some(item) = item.as_object() else {
            let what = "An item was left out. It is no object. Repair the file.";
            drafts.problem(Severity::Error, &format!("article {record}"), what);
            continue;
        };
        let about =
            Paper { site: text("title"), language: text("language"), author: authors(&feed), ..Paper::default() };
        read_item(item.clone(), about, record, &mut drafts);
    }
    drafts.done()
}

fn read_item(mut item: Map<String, Json>, feed: Paper, record: u32, drafts: &mut Drafts<'_>) {
    let author = authors(&item);
    item.remove("authors");
    item.remove("author");
    let mut take = |name: &str| match item.remove(name) {
        Some(Json::String(value)) if !value.trim().is_empty() => Some(value),
        Some(Json::Number(value)) => Some(value.to_string()),
        _ => None,
    };
    let (html, plain, summary) = (take("content_html"), take("content_text"), take("summary"));
    let mut paper = Paper {
        id: take("id"),
        title: take("title"),
        url: take("url"),
        published: take("date_published"),
        language: take("language"),
        author,
        ..Paper::default()
    };
    let marked = html.as_deref().map(Paper::of_html).filter(|paper| !paper.is_blank());
    // Where there are both, they say the same, and the markup knows its paragraphs.
    paper.body = match (marked, plain, &summary) {
        (Some(marked), ..) => marked.body,
        (None, Some(plain), _) => Paper::of_plain(&plain).body,
        (None, None, Some(summary)) => Paper::of_plain(summary).body,
        (None, None, None) => Vec::new(),
    };
    if paper.is_blank() {
        let Some(title) = paper.title.clone() else {
            let what = "An item was left out. It has neither text nor title. Nothing needs to be done.";
            return drafts.problem(Severity::Warning, &format!("article {record}"), what);
        };
        paper.push(BlockKind::Heading, &title);
    }
    paper.keep("summary", summary.as_deref());
    for (name, value) in item {
        match value {
            Json::Null => {}
            Json::String(value) => paper.keep(&name, Some(&value)),
            value => paper.keep(&name, Some(&value.to_string())),
        }
    }
    paper.or(feed);
    paper.finish(drafts, Some(record));
}

/// Names of authors as versions 1 and 1.1 write them.
fn authors(of: &Map<String, Json>) -> Option<String> {
    let list = of.get("authors").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = list.iter().chain(of.get("author")).filter_map(|one| one.get("name")?.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
