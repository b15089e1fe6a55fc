//! Which characters of a string stand in RON as they are, and what stands there for the others.

/// Appends a string as it stands between quotation marks.
pub(super) fn escape_onto(out: &mut String, text: &str) {
    let mut rest = text;
    loop {
        let (head, tail) = rest.split_at_checked(plain_bytes(rest)).unwrap_or((rest, ""));
        out.push_str(head);
        let mut chars = tail.chars();
        match chars.next() {
            None => return,
            Some('\'') => out.push_str("\\'"),
            Some('"') => out.push_str("\\\""),
            Some('\n') => out.push_str("\\n"),
            Some(c) => out.extend(c.escape_debug()),
        }
        rest = chars.as_str();
    }
}

/// How many bytes at the start certainly stand for themselves.
fn plain_bytes(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += plain_ascii(bytes.get(at..).unwrap_or_default());
        if bytes.get(at).is_none_or(u8::is_ascii) {
            return at;
        }
        let mut chars = text.get(at..).unwrap_or_default().chars();
        let mut more = 0;
        while let Some(c) = chars.next().filter(|c| !c.is_ascii()) {
            if !is_plain(c) {
                return at + more;
            }
            more += c.len_utf8();
        }
        at += more;
    }
}

/// How many ASCII characters at the start stand for themselves.
#[inline]
fn plain_ascii(bytes: &[u8]) -> usize {
    before(bytes, |eight| {
        let control = eight.wrapping_sub(each(b' ')) & !eight;
        let named = is(b'"', eight) | is(b'\'', eight) | is(b'\\', eight) | is(0x7f, eight);
        control | named | eight
    })
}

/// How many bytes stand before the next quotation mark or backslash.
#[inline]
pub(super) fn until_mark(bytes: &[u8]) -> usize {
    before(bytes, |eight| is(b'"', eight) | is(b'\\', eight))
}

/// How many bytes stand before the first that is looked for. Eight are looked at together, the first in the lowest place
/// of a number; what is found has its highest bit set then, and so may others behind it.
#[inline]
fn before(bytes: &[u8], find: impl Fn(u64) -> u64) -> usize {
    let place = |eight| {
        let found = find(eight) & each(0x80);
        (found != 0).then(|| usize::try_from(found.trailing_zeros() / 8).unwrap_or_default())
    };
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (chunk, at) in chunks.iter().zip((0..).step_by(8)) {
        if let Some(place) = place(u64::from_le_bytes(*chunk)) {
            return at + place;
        }
    }
    let last = rest.iter().rfold(0, |eight, byte| eight << 8 | u64::from(*byte));
    bytes.len() - rest.len() + place(last).map_or(rest.len(), |place| place.min(rest.len()))
}

/// The byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[inline]
fn is(byte: u8, eight: u64) -> u64 {
    let zero = eight ^ each(byte);
    zero.wrapping_sub(each(1)) & !zero
}

/// Whether a character beyond ASCII certainly stands for itself; the others have to be asked.
///
/// Letters, signs and Chinese characters of long standing, in ranges without combining marks and without gaps.
#[inline]
fn is_plain(c: char) -> bool {
    matches!(
        c,
        '\u{a1}'..='\u{ac}'
            | '\u{ae}'..='\u{2ff}'
            | '\u{391}'..='\u{3a1}'
            | '\u{3a3}'..='\u{481}'
            | '\u{5d0}'..='\u{5ea}'
            | '\u{620}'..='\u{64a}'
            | '\u{660}'..='\u{66f}'
            | '\u{671}'..='\u{6d5}'
            | '\u{2010}'..='\u{2027}'
            | '\u{20a0}'..='\u{20bf}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a0}'..='\u{30ff}'
            | '\u{4e00}'..='\u{9fa5}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ff5e}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_escaped_as_the_standard_library_does() {
        for c in '\0'..=char::MAX {
            let mut out = String::new();
            escape_onto(&mut out, c.encode_utf8(&mut [0; 4]));
            assert_eq!(out, c.escape_debug().to_string(), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for before in 0..70 {
            for mark in ["\"", "\\", ""] {
                let text = format!("{}{mark}{}", "ä".repeat(before), if mark.is_empty() { "" } else { "x\"" });
                assert_eq!(until_mark(text.as_bytes()), 2 * before);
            }
        }
    }
}
