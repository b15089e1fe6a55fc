//! The JSON objects of a file, however they stand in it: one a line, in a list, or one after the other. And what of an
//! object only its own format understands, kept for the way back.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::OWN;
use crate::extract::encoding::decode;
use crate::format::draft::{Draft, Drafts};
use crate::format::{Carries, Input, count_lost, json};
use crate::model::article::Article;
use crate::model::id::SpanId;
use crate::model::problem::Severity;
use crate::model::span::Span;

/// How much of a file is looked at to find out what it is, in bytes.
const LOOK: usize = 1 << 20;

/// Takes the values of a file, with their numbers from 1.
pub(super) type Sink<'s, 'd> = &'s mut dyn FnMut(&mut Drafts<'d>, u32, Json);

/// Takes the objects of a file, with their numbers from 1.
pub(super) type ObjectSink<'s, 'd> = &'s mut dyn FnMut(&mut Drafts<'d>, u32, Map<String, Json>);

/// Gives the values of a file, one after the other, so that only one is in memory; what is no JSON is told. One bad line
/// does not stop the rest.
pub(super) fn values<'d>(drafts: &mut Drafts<'d>, input: &Input<'_>, sink: Sink<'_, 'd>) {
    let whole;
    let bytes = if input.options.encoding.is_none() && std::str::from_utf8(input.bytes).is_ok() {
        input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes)
    } else {
        match decode(input.bytes, input.options.encoding.as_deref()) {
            Ok(decoded) => {
                if decoded.encoding.replaced > 0 {
                    let what = format!(
                        "Some bytes could not be read as {}. U+FFFD stands there. Import it again with another encoding.",
                        decoded.encoding.name
                    );
                    drafts.problem(Severity::Warning, "", &what);
                }
                whole = decoded.text;
                whole.as_bytes()
            }
            Err(reason) => {
                let what = format!("Nothing was read. {reason}. Choose another file.");
                return drafts.problem(Severity::Error, "", &what);
            }
        }
    };
    let plain = plain(bytes);
    if let Cow::Owned(_) = &plain {
        let what = "NaN and Infinity count as nothing. They are no JSON. Nothing needs to be done.";
        drafts.problem(Severity::Note, "", what);
    }
    let bytes: &[u8] = &plain;
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        drafts.problem(Severity::Warning, "", "Nothing was read. The file is empty. Choose another file.");
    } else if start.first() == Some(&b'[') && !several_lists(start) {
        of_list(drafts, start, sink);
    } else if one_a_line(start) {
        of_lines(drafts, bytes, sink);
    } else {
        match json::parse(start) {
            // One object alone, however many lines it takes.
            Ok(one) => sink(drafts, 1, one),
            Err(_) => of_lines(drafts, bytes, sink),
        }
    }
}

/// Gives the objects of a file; other values are told.
pub(super) fn objects<'d>(drafts: &mut Drafts<'d>, input: &Input<'_>, sink: ObjectSink<'_, 'd>) {
    values(drafts, input, &mut |drafts, number, value| match value {
        Json::Object(fields) => sink(drafts, number, fields),
        _ => {
            let what = "An article was left out. It is no JSON object. Put it into `{…}`.";
            drafts.problem(Severity::Error, &format!("article {number}"), what);
        }
    });
}

/// Whether every line is a list of its own.
fn several_lists(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let list = |line: &[u8]| line.first() == Some(&b'[') && line.trim_ascii_end().last() == Some(&b']');
    lines.next().is_some_and(list) && lines.next().is_some_and(list)
}

/// Whether the first line is a whole value, with more after it.
fn one_a_line(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (first, rest) = bytes.split_at_checked(end).unwrap_or((bytes, b""));
    !rest.trim_ascii().is_empty() && json::parse(first).is_ok()
}

fn of_list<'d>(drafts: &mut Drafts<'d>, bytes: &[u8], sink: Sink<'_, 'd>) {
    let mut number = 0_u32;
    let read = json::each(bytes, &mut |value| {
        number += 1;
        sink(drafts, number, value);
    });
    if let Err(error) = read {
        let what = match number {
            0 => format!("Nothing was read. It is not valid JSON: {error}. Repair the file."),
            _ => format!(
                "What comes after article {number} was not read. It is not valid JSON: {error}. Repair the file."
            ),
        };
        drafts.problem(Severity::Error, "", &what);
    }
}

fn of_lines<'d>(drafts: &mut Drafts<'d>, bytes: &[u8], sink: Sink<'_, 'd>) {
    // Lines of a value that goes on for several, and how deep its last line is inside it.
    let (mut open, mut depth): (Vec<u8>, usize) = (Vec::new(), 0);
    let (mut first, mut number) = (1, 0_u32);
    let mut lines = (1_u32..).zip(bytes.split(|byte| *byte == b'\n')).peekable();
    while let Some((line, part)) = lines.next() {
        if open.is_empty() && part.trim_ascii().is_empty() {
            continue;
        }
        if open.is_empty() {
            first = line;
            // Nearly always a line is a value.
            if let Ok(value) = json::parse(part) {
                number += 1;
                sink(drafts, number, value);
                continue;
            }
        }
        open.extend_from_slice(part);
        open.push(b'\n');
        depth = depth_after(part, depth);
        let more = lines.peek().is_some();
        let torn = lines.peek().is_some_and(|(_, next)| next.starts_with(b"{"));
        if depth > 0 && more && !torn {
            continue;
        }
        depth = 0;
        match json::parse(open.trim_ascii_end()) {
            Ok(value) => {
                number += 1;
                sink(drafts, number, value);
                open.clear();
            }
            // An object that begins at the next line shows that this one is torn.
            Err(error) if error.is_eof() && more && !torn => {}
            Err(error) => {
                let why = if error.is_eof() {
                    "It is incomplete".to_owned()
                } else {
                    format!("It is not valid JSON: {error}")
                };
                number += 1;
                let what = format!("An article was left out. {why}. Repair it and import it again.");
                drafts.problem(Severity::Error, &format!("line {first}"), &what);
                open.clear();
            }
        }
    }
}

/// How many lists and objects are open after a line; strings end with it.
fn depth_after(line: &[u8], before: usize) -> usize {
    let (mut depth, mut quoted) = (before, false);
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if quoted => _ = bytes.next(),
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// The file as JSON has it. Python writes NaN and Infinity, which are no JSON: they count as nothing.
fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if !text.contains("NaN") && !text.contains("Infinity") {
        return Cow::Borrowed(bytes);
    }
    let mut plain: Vec<u8> = Vec::with_capacity(bytes.len());
    let (mut rest, mut quoted, mut changed) = (bytes, false, false);
    while let Some((byte, tail)) = rest.split_first() {
        if quoted && *byte == b'\\' {
            plain.push(*byte);
            plain.extend(tail.first());
            rest = tail.get(1..).unwrap_or_default();
            continue;
        }
        // Strings end with their line at the latest, so that a torn one spoils no other.
        quoted = (quoted ^ (*byte == b'"')) && *byte != b'\n';
        let word = [&b"-Infinity"[..], b"Infinity", b"NaN"].into_iter().find(|word| !quoted && rest.starts_with(word));
        if let Some(word) = word {
            plain.extend(b"null");
            rest = rest.get(word.len()..).unwrap_or_default();
            changed = true;
        } else {
            plain.push(*byte);
            rest = tail;
        }
    }
    if changed { Cow::Owned(plain) } else { Cow::Borrowed(bytes) }
}

/// What the first object of a file looks like.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// How many lists are around it.
    pub(super) lists: usize,
    /// Names in it, three levels deep with `/` between them, through lists; a list in a list is the name with `[[`.
    pub(super) names: BTreeSet<String>,
}

impl Shape {
    /// Whether the name stands in it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether one of the names stands in it.
    pub(super) fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }
}

/// What the first object looks like, without reading all of the file.
pub(super) fn shape(bytes: &[u8]) -> Shape {
    struct Level {
        object: bool,
        path: String,
        name_next: bool,
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let mut shape = Shape::default();
    if !matches!(bytes.first(), Some(b'{' | b'[')) {
        return shape;
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut next = String::new();
    let mut rest = bytes.get(..LOOK).unwrap_or(bytes).iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => {
                let mut name = Vec::new();
                while let Some(byte) = rest.next() {
                    match byte {
                        b'\\' => name.extend(rest.next()),
                        b'"' => break,
                        byte => name.push(*byte),
                    }
                }
                if let Some(level) = levels.last_mut().filter(|level| level.object && level.name_next) {
                    level.name_next = false;
                    let name = String::from_utf8_lossy(&name);
                    next = if level.path.is_empty() { name.into_owned() } else { format!("{}/{name}", level.path) };
                    if next.matches('/').count() < 3 {
                        shape.names.insert(next.clone());
                    }
                }
            }
            b'{' | b'[' => {
                let path = levels.last().map(|level| if level.object { next.clone() } else { level.path.clone() });
                let (object, path) = (*byte == b'{', path.unwrap_or_default());
                if object && levels.iter().all(|level| !level.object) {
                    shape.lists = levels.len();
                }
                if !object && !path.is_empty() && levels.last().is_some_and(|level| !level.object) {
                    shape.names.insert(format!("{path}[["));
                }
                levels.push(Level { object, path, name_next: object });
                if levels.len() > 64 {
                    return shape;
                }
            }
            b',' => {
                if let Some(level) = levels.last_mut() {
                    level.name_next = level.object;
                }
            }
            b'}' | b']' => {
                let last = levels.pop();
                if last.is_some_and(|level| level.object) && levels.iter().all(|level| !level.object) {
                    return shape;
                }
            }
            _ => {}
        }
    }
    shape
}

/// A value as it is kept: words as they are, all else as JSON.
pub(super) fn kept(value: &Json) -> String {
    match value {
        Json::String(words) if serde_json::from_str::<Json>(words).is_err() => words.clone(),
        other => other.to_string(),
    }
}

/// What [`kept`] was given.
pub(super) fn unkept(words: &str) -> Json {
    serde_json::from_str(words).unwrap_or_else(|_| Json::String(words.to_owned()))
}

/// Keeps every field that is left for the way back.
pub(super) fn keep_rest(draft: &mut Draft, fields: Map<String, Json>) {
    for (name, value) in fields {
        draft.keep(&name, kept(&value));
    }
}

/// The fields that were kept when the article was read by the same format.
pub(super) fn rest_of(article: &Article, format: &str) -> Map<String, Json> {
    if article.source.format.as_deref() != Some(format) {
        return Map::new();
    }
    let fields = article.source.extra.iter().filter(|(name, _)| *name != OWN);
    fields.map(|(name, value)| (name.clone(), unkept(value))).collect()
}

/// A string or a number, as words.
pub(super) fn words(value: &Json) -> Option<String> {
    match value {
        Json::String(words) => Some(words.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A certainty in percent, of a score between 0 and 1.
pub(super) fn percent(score: f64) -> Option<u8> {
    let whole = (0.0..=1.0).contains(&score).then(|| (score * 100.0).round())?;
    (0..=100).find(|percent| f64::from(*percent) >= whole)
}

/// Counts what has no room but for states and certainties, which a format says in its own way.
pub(super) fn count_but_states(example: &Example, carries: Carries, losses: &mut Losses) {
    count_lost(example, Carries { notes: true, attributes: true, ..carries }, losses);
    let Some((_, set)) = &example.set else { return };
    let article = &example.article.id;
    for (_, span) in set.in_reading_order() {
        let range = Some(span.at.hull());
        span.attributes.keys().for_each(|name| losses.add(LossKind::Attributes, article, range, name.as_str()));
        if !span.note.is_empty() {
            losses.add(LossKind::Notes, article, range, &span.note);
        }
    }
    for question in set.questions.values() {
        losses.add(LossKind::Questions, article, None, &question.text);
    }
    if !set.review.note.is_empty() {
        losses.add(LossKind::Notes, article, None, &set.review.note);
    }
}

/// Spans as they are written where a file has no ids for them: by start, longer first, then by label.
pub(super) fn in_order(example: &Example) -> Vec<(&SpanId, &Span)> {
    let mut spans = example.spans();
    spans.sort_by(|(_, a), (_, b)| {
        let key = |span: &Span| (span.at.start(), u32::MAX - span.at.end());
        key(a).cmp(&key(b)).then_with(|| a.label.cmp(&b.label))
    });
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_the_first_object() {
        let names = |json: &str| shape(json.as_bytes()).names.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(
            names(r#"{"text":"a \"b\": {","spans":[{"start":1}],"l":[[0,"x"]]} {"z":1}"#),
            "l l[[ spans spans/start text"
        );
        assert_eq!(names("text"), "");
        assert_eq!(shape(br#" [["a",{"entities":[]}]]"#).lists, 2);
        assert_eq!(names(r#"[{"cut":{"of"#), "cut cut/of");
    }

    #[test]
    fn lists_and_objects_are_counted() {
        for (line, before, after) in
            [("{\"a\": [", 0, 2), ("\"}\\\"}\" ]", 2, 1), ("}}", 1, 0), ("\"a {", 1, 1), ("", 3, 3)]
        {
            assert_eq!(depth_after(line.as_bytes(), before), after, "{line}");
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        for json in [r#""a""#, r#""5""#, "5", "null", r#"{"a":[1]}"#, r#""""#] {
            let value: Json = serde_json::from_str(json).unwrap();
            assert_eq!(unkept(&kept(&value)), value);
        }
        assert_eq!(kept(&Json::from("a b")), "a b");
        assert_eq!(*plain(br#"{"a":NaN,"b":"NaN \" Infinity"}"#), *br#"{"a":null,"b":"NaN \" Infinity"}"#);
        assert_eq!((percent(0.7), percent(1.0), percent(0.0), percent(1.5)), (Some(70), Some(100), Some(0), None));
    }
}
