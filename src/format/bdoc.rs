//! Documents of GATE as JSON and MessagePack, as its library for Python and its plugin write them.

use std::io::{self, Read as _};

use flate2::read::GzDecoder;
use serde_json::{Map, Value as Json, json};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::draft::Drafts;
use crate::format::gate::{Ann, CARRIES, Doc, IDS, give, take};
use crate::format::offsets::Counts;
use crate::format::output::Output;
use crate::format::xmi::FileNames;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost, gzip, json};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "bdoc",
    name: "GATE bdoc (JSON)",
    extensions: &["bdocjs", "bdocjs.gz"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { unit: "code points", ..CARRIES },
    looks: Some(looks),
    folder: true,
    ..Format::NONE
};

/// The row of the packed form.
pub const PACKED: Format = Format {
    id: "bdoc-mp",
    name: "GATE bdoc (MessagePack)",
    extensions: &["bdocmp"],
    looks: None,
    reads: Some(read_packed),
    writes: Some(write_packed),
    ..FORMAT
};

/// Whether it is an object with the names of this format, packed or not.
fn looks(bytes: &[u8]) -> bool {
    let mut start = Vec::new();
    let bytes = if bytes.starts_with(gzip::SIGN) {
        // What breaks off is enough here.
        _ = GzDecoder::new(bytes).take(gzip::ROOM).read_to_end(&mut start);
        start.as_slice()
    } else {
        bytes
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let has = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    bytes.starts_with(b"{") && (has(b"\"annotation_sets\"") || has(b"\"offset_type\""))
}

/// Reads one document of JSON, packed or not.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let json = gzip::unpacked(input.bytes).and_then(|bytes| {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        json::parse(bytes).map_err(|error| format!("It is not valid JSON: {error}"))
    });
    taken(Drafts::new(FORMAT.id, input, env), json)
}

/// Reads one document of MessagePack.
pub fn read_packed(input: &Input<'_>, env: &Env) -> Read {
    taken(Drafts::new(PACKED.id, input, env), unpacked(input.bytes))
}

fn taken(mut drafts: Drafts<'_>, json: Result<Json, String>) -> Read {
    let mut problems = Vec::new();
    match json {
        Ok(json) if json.get("text").is_some_and(Json::is_string) => {
            let (doc, counts) = doc_of(json, &mut problems);
            problems.iter().for_each(|problem| drafts.problem(Severity::Error, "", problem));
            take::take(&mut drafts, doc, counts);
        }
        Ok(_) => drafts.problem(Severity::Error, "", "The file was left out. It has no text. Save it again."),
        Err(why) => drafts.problem(Severity::Error, "", &format!("The file was left out. {why}. Save it again.")),
    }
    drafts.done()
}

/// A document and what its places count.
pub(super) fn doc_of(json: Json, problems: &mut Vec<String>) -> (Doc, Counts) {
    let Json::Object(mut root) = json else { return (Doc::default(), Counts::Utf16) };
    let counts =
        if root.get("offset_type").and_then(Json::as_str) == Some("p") { Counts::CodePoints } else { Counts::Utf16 };
    let mut text =
        |name: &str| root.get_mut(name).and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
    let mut doc = Doc { text: text("text"), name: text("name"), ..Doc::default() };
    if let Some(Json::Object(features)) = root.remove("features") {
        doc.features = features;
    }
    let sets = root.remove("annotation_sets");
    for name in root.keys().filter(|name| !matches!(name.as_str(), "text" | "name" | "offset_type")) {
        problems.push(format!("‘{name}’ was left out. This format knows no such part. Nothing needs to be done."));
    }
    let Some(Json::Object(sets)) = sets else { return (doc, counts) };
    for (name, mut set) in sets {
        let mut list = Vec::new();
        for ann in set.get_mut("annotations").and_then(Json::as_array_mut).into_iter().flatten() {
            let number = |name: &str| ann.get(name).and_then(Json::as_u64);
            let (Some(id), Some(start), Some(end)) =
                (number("id").filter(|id| *id <= IDS), number("start"), number("end"))
            else {
                let what = "An annotation was left out. Its id, start or end is not a number. Repair the file.";
                problems.push(what.to_owned());
                continue;
            };
            let kind = ann.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
            let features = ann.get("features").and_then(Json::as_object).cloned().unwrap_or_default();
            list.push(Ann { id, kind, start, end, features });
        }
        doc.sets.push((name, list));
    }
    (doc, counts)
}

/// A document as JSON, and what its places count.
pub(super) fn json_of(doc: &Doc, counts: Counts) -> Json {
    let offsets = if counts == Counts::CodePoints { "p" } else { "j" };
    let mut sets = Map::new();
    for (name, list) in &doc.sets {
        let ann = |ann: &Ann| json!({ "type": ann.kind, "start": ann.start, "end": ann.end, "id": ann.id, "features": ann.features });
        let all: Vec<Json> = list.iter().map(ann).collect();
        sets.insert(name.clone(), json!({ "name": name, "annotations": all, "next_annid": next_id(list) }));
    }
    json!({
        "annotation_sets": sets, "text": doc.text, "features": doc.features, "offset_type": offsets, "name": doc.name,
    })
}

fn next_id(list: &[Ann]) -> u64 {
    list.iter().map(|ann| ann.id.saturating_add(1)).max().unwrap_or(0)
}

/// Writes a file of JSON for each example.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    each(examples, out, "bdocjs", |doc, out| {
        serde_json::to_writer(&mut *out, &json_of(doc, Counts::CodePoints)).map_err(io::Error::from)?;
        out.write_all(b"\n")
    })
}

/// Writes a file of MessagePack for each example.
pub fn write_packed(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    each(examples, out, "bdocmp", pack)
}

fn each(
    examples: &mut dyn Iterator<Item = Example>,
    out: &mut dyn Output,
    end: &str,
    put: impl Fn(&Doc, &mut dyn io::Write) -> io::Result<()>,
) -> io::Result<Losses> {
    let (mut losses, mut names) = (Losses::default(), FileNames::default());
    for example in examples {
        count_lost(&example, CARRIES, &mut losses);
        let doc = give::give(&example, false, &mut losses);
        put(&doc, out.file(&names.name(example.article.id.as_str(), end))?)?;
    }
    Ok(losses)
}

/// The packed form is a row of values: version, offset type, text, name, features, then each set with its annotations.
fn pack(doc: &Doc, out: &mut dyn io::Write) -> io::Result<()> {
    let mut put = |value: Json| rmpv::encode::write_value(&mut &mut *out, &packed(&value)).map_err(io::Error::other);
    put(json!("sm2"))?;
    put(json!("p"))?;
    put(json!(doc.text))?;
    put(json!(doc.name))?;
    put(json!(doc.features))?;
    put(json!(doc.sets.len()))?;
    for (name, list) in &doc.sets {
        put(json!(name))?;
        put(json!(next_id(list)))?;
        put(json!(list.len()))?;
        for ann in list {
            put(json!(ann.kind))?;
            put(json!(ann.start))?;
            put(json!(ann.end))?;
            put(json!(ann.id))?;
            put(json!(ann.features))?;
        }
    }
    Ok(())
}

fn packed(json: &Json) -> rmpv::Value {
    match json {
        Json::Null => rmpv::Value::Nil,
        Json::Bool(yes) => (*yes).into(),
        Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => number.into(),
            (_, Some(number), _) => number.into(),
            (.., number) => number.unwrap_or_default().into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(list) => rmpv::Value::Array(list.iter().map(packed).collect()),
        Json::Object(map) => {
            rmpv::Value::Map(map.iter().map(|(name, value)| (name.as_str().into(), packed(value))).collect())
        }
    }
}

/// The packed form as the JSON of the other one.
fn unpacked(bytes: &[u8]) -> Result<Json, String> {
    let mut rest = bytes;
    let mut next = || {
        // Values inside values are limited, so that no file makes the stack overflow.
        let value = rmpv::decode::read_value_with_max_depth(&mut rest, 100);
        value.map_err(|error| format!("It is not valid MessagePack: {error}")).map(|value| plain(&value))
    };
    let version = next()?;
    if version != json!("sm2") {
        return Err(format!("Its version is {version}, only \"sm2\" is known"));
    }
    let (offsets, text, name, features) = (next()?, next()?, next()?, next()?);
    let mut sets = Map::new();
    for _ in 0..next()?.as_u64().unwrap_or(0) {
        let (name, _, count) = (next()?, next()?, next()?);
        let mut list = Vec::new();
        for _ in 0..count.as_u64().unwrap_or(0) {
            let (kind, start, end, id, features) = (next()?, next()?, next()?, next()?, next()?);
            list.push(json!({ "type": kind, "start": start, "end": end, "id": id, "features": features }));
        }
        sets.insert(name.as_str().unwrap_or_default().to_owned(), json!({ "annotations": list }));
    }
    Ok(json!({ "offset_type": offsets, "text": text, "name": name, "features": features, "annotation_sets": sets }))
}

fn plain(value: &rmpv::Value) -> Json {
    match value {
        rmpv::Value::Boolean(yes) => json!(yes),
        rmpv::Value::Integer(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => json!(number),
            (_, number) => json!(number),
        },
        rmpv::Value::F32(number) => json!(number),
        rmpv::Value::F64(number) => json!(number),
        rmpv::Value::String(text) => json!(text.as_str()),
        rmpv::Value::Array(list) => Json::Array(list.iter().map(plain).collect()),
        rmpv::Value::Map(map) => {
            let name = |name: &rmpv::Value| name.as_str().map_or_else(|| name.to_string(), str::to_owned);
            Json::Object(map.iter().map(|(key, value)| (name(key), plain(value))).collect())
        }
        rmpv::Value::Nil | rmpv::Value::Binary(_) | rmpv::Value::Ext(..) => Json::Null,
    }
}
