//! What stands in a cell: signs with a backslash before them, several values, numbers behind them.

/// Puts backslashes before signs that mean something in a cell.
pub(super) fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => out.extend(['\\', c]),
            '-' if chars.peek() == Some(&'>') => out.push_str("\\-"),
            c => out.push(c),
        }
    }
    out
}

/// Takes backslashes away; `java` is whether characters may be written as numbers, as the first versions did.
pub(super) fn plain(cell: &str, java: bool) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    let mut units = Vec::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{c}'),
            Some('b') => out.push('\u{8}'),
            Some('u') if java => {
                let digits: String = chars.clone().take(4).collect();
                let unit = u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                match unit {
                    Some(unit) => {
                        units.push(unit);
                        (0..4).for_each(|_| _ = chars.next());
                        let goes_on = chars.as_str().starts_with("\\u") && (0xD800..0xDC00).contains(&unit);
                        if !goes_on {
                            out.push_str(&String::from_utf16_lossy(&units));
                            units.clear();
                        }
                    }
                    None => out.push_str("\\u"),
                }
            }
            Some(c) if "\\[]|_;*->\"'".contains(c) || c.is_ascii_control() => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out.push_str(&String::from_utf16_lossy(&units));
    out
}

/// Puts backslashes before signs that would end a line of text, or be taken for a backslash.
pub(super) fn text_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{c}' => out.push_str("\\f"),
            '\u{8}' => out.push_str("\\b"),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// The parts between signs that no backslash takes away.
pub(super) fn split(cell: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut off) = (0, false);
    for (at, c) in cell.char_indices() {
        if c == sign && !off {
            parts.extend(cell.get(start..at));
            start = at + c.len_utf8();
        }
        off = c == '\\' && !off;
    }
    parts.extend(cell.get(start..));
    parts
}

/// A value and what stands in brackets behind it.
pub(super) fn bracket(part: &str) -> (&str, Option<&str>) {
    let Some(before) = part.strip_suffix(']') else { return (part, None) };
    let Some((value, inside)) = before.rsplit_once('[') else { return (part, None) };
    let backslashes = value.len() - value.trim_end_matches('\\').len();
    let number = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if backslashes % 2 == 0 && number { (value, Some(inside)) } else { (part, None) }
}

/// A value with its number.
pub(super) fn numbered(part: &str) -> (&str, Option<u64>) {
    match bracket(part) {
        (value, Some(inside)) => match inside.parse() {
            Ok(number) => (value, Some(number)),
            Err(_) => (part, None),
        },
        whole => (whole.0, None),
    }
}

/// How many units of UTF-16.
pub(super) fn units(text: &str) -> u64 {
    text.chars().map(|c| if u32::from(c) > 0xFFFF { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_in_cells_are_understood() {
        assert_eq!(split("a\\|b|c\\\\|*[2]", '|'), ["a\\|b", "c\\\\", "*[2]"]);
        assert_eq!(numbered("NOT\\[0\\]"), ("NOT\\[0\\]", None));
        assert_eq!(numbered("a\\\\[12]"), ("a\\\\", Some(12)));
        assert_eq!(bracket("1-1[0_2]"), ("1-1", Some("0_2")));
        assert_eq!(plain("\\#\\t\\->\\_\\u0041", false), "\\#\t->_\\u0041");
        assert_eq!(plain("\\uD83D\\uDE00\\u0041\\u00", true), "😀A\\u00");
    }

    proptest! {
        #[test]
        fn cells_come_back(value in "[\\\\\\[\\]|_;*>a😀\\t\\n\\r-]{0,9}") {
            let cell = escaped(&value);
            prop_assert_eq!(plain(&cell, false), value.as_str());
            prop_assert_eq!(split(&cell, '|'), [cell.as_str()]);
            let cell = format!("{cell}[7]");
            let (value_only, number) = numbered(&cell);
            prop_assert_eq!((plain(value_only, false), number), (value, Some(7)));
        }

        #[test]
        fn lines_of_text_come_back(text in "[\\\\tnu\\t\\r\\x00-\\x09\\x0b-\\x1f😀]{0,9}") {
            prop_assert_eq!(plain(&text_line(&text), false), text);
        }
    }
}
