//! What writers of XML share: characters that have to be written differently, and those that cannot be written at all.

use crate::extract::encoding;

/// The text of a file of XML, in the encoding that it names. Version 1.1 differs only in characters that are seldom
/// there, and is taken for 1.0.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, String> {
    let head = bytes.get(..120).unwrap_or(bytes).split(|byte| *byte == b'>').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head).into_owned();
    let after = |name: &str| head.split_once(name).map(|(_, rest)| rest.trim_start_matches([' ', '=', '"', '\'']));
    let named = after("encoding").and_then(|rest| rest.split(['"', '\'', ' ']).next());
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match (std::str::from_utf8(plain), named) {
        (Ok(text), None) => text.to_owned(),
        (Ok(text), Some(name)) if name.eq_ignore_ascii_case("utf-8") => text.to_owned(),
        _ => encoding::decode(bytes, named).map_err(|_| "It is not text in an encoding that is known".to_owned())?.text,
    };
    let newer = after("version").is_some_and(|rest| rest.starts_with("1.1")) && head.starts_with("<?xml");
    Ok(if newer { text.replacen("1.1", "1.0", 1) } else { text })
}

/// A character that a file of XML 1.0 can hold.
pub(super) fn can_hold(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// How many characters of a text cannot be written.
pub(super) fn unheld(text: &str) -> usize {
    text.chars().filter(|c| !can_hold(*c)).count()
}

/// Words as they stand in an attribute or between tags. Ends of lines are written as numbers, since readers change
/// raw ones; a character that cannot be written becomes U+FFFD, which takes the same room.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(if can_hold(c) { c } else { '\u{FFFD}' }),
        }
    }
    out
}

/// Words as they stand between tags, with raw line feeds and tabulators, which stay there what they are.
pub(super) fn content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(if can_hold(c) { c } else { '\u{FFFD}' }),
        }
    }
    out
}
