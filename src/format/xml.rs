//! What writers of XML share: characters that have to be written differently, and those that cannot be written at all.

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
