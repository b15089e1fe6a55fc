//! JSON that is not one article a line: a list of articles, alone or under a name, or a single one. Each is read as a
//! line of JSON Lines is.

use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use crate::base::env::Env;
use crate::format::{Format, Input, OptionKind, Read, ReadOptions, jsonl_read};
use crate::model::problem::{Problem, Severity};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "json",
    name: "JSON, a list of articles",
    extensions: &["json"],
    reads: Some(read),
    looks: Some(looks),
    choices: &[OptionKind::TextField],
    ..Format::NONE
};

/// Whether its articles say by a usual name where their text is.
fn looks(bytes: &[u8]) -> bool {
    let bytes = plain(bytes);
    if serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
        return false;
    }
    let has_text = |object: &[u8]| {
        let object = serde_json::from_slice::<Map<String, Json>>(object).unwrap_or_default();
        jsonl_read::TEXT.iter().any(|name| object.get(*name).is_some_and(Json::is_string))
    };
    // An object on one line is a line of JSON Lines.
    let line = bytes.trim_ascii().split(|byte| *byte == b'\n').next().unwrap_or_default();
    !has_text(line) && objects(bytes).first().is_some_and(|first| has_text(first))
}

/// Reads every article of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let bytes = plain(input.bytes);
    let problem = |what: String| Read { problems: vec![Problem::new(Severity::Error, what)], ..Read::default() };
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return problem(format!("‘{}’ was not read. It is no valid JSON: {error}. Repair the file.", input.name));
    }
    let objects = objects(bytes);
    if objects.is_empty() {
        return problem(format!(
            "‘{}’ was not read. There is no list of articles in it. Choose another format.",
            input.name
        ));
    }
    let several = objects.len() > 1;
    let lines = objects.join(&b'\n');
    let options = ReadOptions { encoding: None, ..input.options.clone() };
    let mut read = jsonl_read::read(&Input { bytes: &lines, options: &options, ..*input }, env);
    for article in &mut read.articles {
        article.source.format = Some(FORMAT.id.to_owned());
        article.source.record = article.source.record.filter(|_| several);
    }
    for problem in &mut read.problems {
        // Its lines were made here.
        problem.what = problem.what.replace("’, line ", "’, article ");
    }
    read
}

fn plain(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The objects of the outermost list, or of the only list of objects in the outermost object, or that object itself;
/// each on one line. The bytes have to be valid JSON.
fn objects(bytes: &[u8]) -> Vec<Vec<u8>> {
    let compact = compact(bytes);
    match compact.first() {
        Some(b'[') => parts(&compact, b'['),
        Some(b'{') => {
            let lists = parts(&compact, b'{').into_iter().filter_map(|field| {
                let at = field.windows(3).position(|window| window == b"\":[")?;
                // A quotation mark in a name would be behind a bar, and then no list follows it.
                let list = field.get(at + 2..)?;
                list.starts_with(b"[{").then(|| parts(list, b'['))
            });
            let lists: Vec<Vec<Vec<u8>>> = lists.collect();
            let own = serde_json::from_slice::<Map<String, Json>>(&compact).unwrap_or_default();
            let text = jsonl_read::TEXT.iter().any(|name| own.get(*name).is_some_and(Json::is_string));
            match <[_; 1]>::try_from(lists) {
                Ok([list]) if !text => list,
                _ => vec![compact],
            }
        }
        _ => Vec::new(),
    }
}

/// The same without blanks between its signs, so that it is one line.
fn compact(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut inside, mut escaped) = (Vec::with_capacity(bytes.len()), false, false);
    for byte in bytes {
        if !inside && byte.is_ascii_whitespace() {
            continue;
        }
        if *byte == b'"' && !escaped {
            inside = !inside;
        }
        escaped = inside && *byte == b'\\' && !escaped;
        out.push(*byte);
    }
    out
}

/// What stands between the commas of a list or an object.
fn parts(compact: &[u8], open: u8) -> Vec<Vec<u8>> {
    let Some(inner) = compact.strip_prefix(&[open]).and_then(|inner| inner.split_last()).map(|(_, inner)| inner) else {
        return Vec::new();
    };
    let (mut depth, mut inside, mut escaped) = (0_usize, false, false);
    let ends = |byte: &u8| {
        if *byte == b'"' && !escaped {
            inside = !inside;
        }
        escaped = inside && *byte == b'\\' && !escaped;
        match byte {
            _ if inside => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *byte == b',' && !inside && depth == 0
    };
    inner.split(ends).filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect()
}
