//! ninjs, news in JSON: versions 1 (`headline`, `body_text`), 2 and 3 (`headlines`, `bodies`).

use serde_json::{Map, Value as Json};

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::{Paper, words_of_html};
use crate::format::{Format, Input, Read};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "ninjs",
    name: "ninjs (news agencies)",
    extensions: &["json"],
    reads: Some(read),
    looks: Some(looks),
    ..Format::NONE
};

/// Kinds of items.
const KINDS: [&str; 7] = ["text", "audio", "video", "picture", "graphic", "composite", "component"];

fn looks(bytes: &[u8]) -> bool {
    items(bytes).is_ok_and(|items| items.first().is_some_and(is_item))
}

/// Whether it is an item: an address of its own, and something that only such items have.
fn is_item(item: &Map<String, Json>) -> bool {
    let has = |name: &str| item.contains_key(name);
    let sure = [
        "versioncreated",
        "versionCreated",
        "bodies",
        "body_text",
        "body_xhtml",
        "body_html",
        "pubstatus",
        "pubStatus",
    ];
    let kind = item.get("type").and_then(Json::as_str).is_none_or(|kind| KINDS.contains(&kind));
    has("uri") && kind && sure.iter().any(|name| has(name))
}

/// One item, or a list of them.
fn items(bytes: &[u8]) -> Result<Vec<Map<String, Json>>, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !bytes.trim_ascii_start().starts_with(b"{") && !bytes.trim_ascii_start().starts_with(b"[") {
        return Err("It is no JSON".to_owned());
    }
    match serde_json::from_slice(bytes).map_err(|error| format!("It is no valid JSON: {error}"))? {
        Json::Object(item) => Ok(vec![item]),
        Json::Array(list) => Ok(list
            .into_iter()
            .filter_map(|one| if let Json::Object(item) = one { Some(item) } else { None })
            .collect()),
        _ => Err("It holds no object".to_owned()),
    }
}

/// Reads every item of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    match items(input.bytes) {
        Err(why) => {
            drafts.problem(Severity::Error, "", &format!("The file was not read. {why}. Choose another format."));
        }
        Ok(items) => {
            let several = items.len() > 1;
            for (record, item) in (1..).zip(items) {
                read_item(item, &mut drafts, several.then_some(record));
            }
        }
    }
    drafts.done()
}

fn read_item(mut item: Map<String, Json>, drafts: &mut Drafts<'_>, record: Option<u32>) {
    let place = record.map_or(String::new(), |record| format!("article {record}"));
    let mut take = |names: &[&str]| {
        let name = names.iter().find(|name| item.get(**name).is_some_and(Json::is_string))?;
        item.remove(*name).and_then(|value| value.as_str().map(str::to_owned)).filter(|value| !value.trim().is_empty())
    };
    let mut paper = Paper {
        id: take(&["uri"]),
        title: take(&["headline"]),
        author: take(&["by", "byline"]),
        published: take(&["firstcreated", "firstCreated"]),
        language: take(&["language"]),
        ..Paper::default()
    };
    let created = take(&["versioncreated", "versionCreated"]);
    let desk = take(&["title"]);
    let holder = take(&["copyrightholder", "copyrightHolder"]);
    let mut headlines = roles(&mut item, "headlines");
    if paper.title.is_none() && !headlines.is_empty() {
        let main = headlines.iter().position(|one| one.role == "main").unwrap_or(0);
        paper.title = words_of_html(&headlines.remove(main).value);
    }
    paper.keep("headlines", join(&headlines).as_deref());
    paper.title = paper.title.or_else(|| desk.clone());
    if paper.title != desk {
        paper.keep("title", desk.as_deref());
    }
    if paper.published.is_none() {
        paper.published = created;
    } else {
        paper.keep("versioncreated", created.as_deref());
    }
    paper.site = holder;
    let body = body(&mut item).or_else(|| {
        let text = item.get("type").and_then(Json::as_str) == Some("text");
        let said = text.then(|| description(&mut item)).flatten()?;
        let what = "Its description was taken for its text. It has no body. Look at it.";
        drafts.problem(Severity::Warning, &place, what);
        Some(Paper::of_plain(&said))
    });
    let Some(body) = body.filter(|body| !body.is_blank()) else {
        let kind = item.get("type").and_then(Json::as_str).unwrap_or("unknown");
        let title = paper.title.unwrap_or_default();
        let what =
            format!("The item ‘{title}’ was left out. It has no text; its type is {kind}. Nothing needs to be done.");
        return drafts.problem(Severity::Warning, &place, &what);
    };
    paper.body = body.body;
    paper.extra.extend(body.extra);
    for (name, value) in item {
        match value {
            Json::Null => {}
            Json::String(value) => paper.keep(&name, Some(&value)),
            value => paper.keep(&name, Some(&value.to_string())),
        }
    }
    paper.finish(drafts, record);
}

/// Words with a role, as versions from 2 have them.
struct Role {
    role: String,
    kind: String,
    value: String,
}

fn roles(item: &mut Map<String, Json>, name: &str) -> Vec<Role> {
    let list = match item.get(name) {
        Some(Json::Array(list)) => list.clone(),
        _ => return Vec::new(),
    };
    let text = |one: &Json, name: &str| one.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let role = |one: &Json| {
        let kind = text(one, "contentType") + &text(one, "contenttype");
        Role { role: text(one, "role"), kind, value: text(one, "value") }
    };
    let roles: Vec<Role> = list.iter().map(role).filter(|role| !role.value.trim().is_empty()).collect();
    item.remove(name);
    roles
}

fn join(roles: &[Role]) -> Option<String> {
    let parts: Vec<String> = roles.iter().map(|role| format!("{}: {}", role.role, role.value)).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The text: of several bodies the main one, of that the plain form, else the markup. What says the same in another form
/// is left out; all else, such as a caption or a short form, is kept.
fn body(item: &mut Map<String, Json>) -> Option<Paper> {
    let mut bodies = roles(item, "bodies");
    let names: Vec<String> = item.keys().filter(|name| name.starts_with("body_")).cloned().collect();
    for name in names {
        if let Some(Json::String(value)) = item.remove(&name) {
            bodies.push(Role { role: String::new(), kind: name, value });
        }
    }
    bodies.retain(|body| !body.value.trim().is_empty());
    let is_plain = |body: &Role| body.kind == "text/plain" || body.kind == "body_text";
    let rank = |body: &Role| (body.role != "main", !is_story(&body.role), !is_plain(body));
    let (at, _) = bodies.iter().enumerate().min_by_key(|(_, body)| rank(body))?;
    let body = bodies.remove(at);
    bodies.retain(|other| {
        let same = other.role == body.role || is_story(&other.role) && is_story(&body.role);
        !same || other.kind == body.kind
    });
    let marked = body.kind.contains("html") || body.kind.contains("xml") || body.value.trim_start().starts_with('<');
    let plain = is_plain(&body) || !marked;
    let mut paper = if plain { Paper::of_plain(&body.value) } else { Paper::of_html(&body.value) };
    paper.keep("bodies", join(&bodies).as_deref());
    Some(paper)
}

/// Whether it is the role of the text itself. Agencies often put the form there.
fn is_story(role: &str) -> bool {
    matches!(role, "" | "main" | "text" | "plain" | "plaintext" | "html" | "xhtml" | "richtext" | "nitf")
}

fn description(item: &mut Map<String, Json>) -> Option<String> {
    let mut said = roles(item, "descriptions");
    let old = item.remove("description_text").and_then(|value| value.as_str().map(str::to_owned));
    if said.is_empty() { old } else { Some(said.remove(0).value) }
}
