//! What stands between words, as the last column says it.

/// A value of the last column.
pub(super) fn value<'a>(misc: &'a str, key: &str) -> Option<&'a str> {
    misc.split('|').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

/// What stands behind a word, if the column says so.
pub(super) fn after(misc: &str) -> Option<String> {
    match value(misc, "SpacesAfter") {
        Some(spaces) => Some(plain(spaces)),
        None => (value(misc, "SpaceAfter") == Some("No")).then(String::new),
    }
}

/// Blanks as they stand in the text.
pub(super) fn plain(spaces: &str) -> String {
    let mut out = String::new();
    let mut chars = spaces.chars();
    while let Some(c) = chars.next() {
        match if c == '\\' { chars.next() } else { None } {
            Some('s') => out.push(' '),
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('p') => out.push('|'),
            Some(other) => out.push(other),
            None => out.push(c),
        }
    }
    out
}

/// Blanks as the column writes them.
pub(super) fn escaped(spaces: &str) -> String {
    let mut out = String::new();
    for c in spaces.chars() {
        match c {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out
}
