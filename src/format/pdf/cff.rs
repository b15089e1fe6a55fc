//! Which glyphs the codes of an embedded font stand for, where the page does not say.

use std::collections::BTreeMap;

use crate::format::pdf::names;

/// Names of glyphs by code.
pub(super) type Codes = BTreeMap<u8, String>;

/// The codes of a font of Type 1: lines such as `dup 65 /A put`.
pub(super) fn of_type_1(bytes: &[u8]) -> Codes {
    let end = memchr::memmem::find(bytes, b"eexec").unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut codes = Codes::new();
    for part in words.windows(4) {
        if let ["dup", code, name, "put"] = part
            && let (Ok(code), Some(name)) = (code.parse(), name.strip_prefix('/'))
        {
            codes.insert(code, name.to_owned());
        }
    }
    codes
}

/// Numbers in a font, high byte first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(length)?)?;
    Some(part.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// The places of a list, and the place behind it.
fn index(bytes: &[u8], at: usize) -> Option<(Vec<(usize, usize)>, usize)> {
    let count = number(bytes, at, 2)?;
    if count == 0 {
        return Some((Vec::new(), at + 2));
    }
    let size = number(bytes, at + 2, 1).filter(|size| (1..=4).contains(size))?;
    let base = at + 2 + (count + 1) * size;
    let place = |number_of: usize| number(bytes, at + 3 + number_of * size, size).map(|place| base + place);
    let mut places = Vec::new();
    for item in 0..count {
        places.push((place(item)?, place(item + 1)?));
    }
    Some((places, place(count)?))
}

/// A number of a dictionary of the font, by its operator.
fn operand(dict: &[u8], operator: u8) -> Option<usize> {
    let (mut at, mut last) = (0, None);
    while let Some(byte) = dict.get(at) {
        at += 1;
        match byte {
            28 => {
                last = number(dict, at, 2);
                at += 2;
            }
            29 => {
                last = number(dict, at, 4);
                at += 4;
            }
            30 => {
                while dict.get(at).is_some_and(|byte| byte & 0x0F != 0x0F && byte >> 4 != 0x0F) {
                    at += 1;
                }
                at += 1;
                last = None;
            }
            32..=246 => last = Some(usize::from(*byte).saturating_sub(139)),
            247..=250 => {
                last = number(dict, at, 1).map(|low| (usize::from(*byte) - 247) * 256 + low + 108);
                at += 1;
            }
            251..=254 => at += 1,
            12 => at += 1,
            byte if *byte == operator => return last,
            _ => last = None,
        }
    }
    None
}

/// The codes of a packed font.
pub(super) fn of_packed(bytes: &[u8]) -> Option<Codes> {
    let (_, tops) = index(bytes, number(bytes, 2, 1)?)?;
    let (tops, strings) = index(bytes, tops)?;
    let (strings, _) = index(bytes, strings)?;
    let (start, end) = *tops.first()?;
    let top = bytes.get(start..end)?;
    let (glyphs, _) = index(bytes, operand(top, 17)?)?;
    let name = |sid: usize| match sid.checked_sub(391) {
        Some(at) => strings
            .get(at)
            .and_then(|(start, end)| bytes.get(*start..*end))
            .map(|name| String::from_utf8_lossy(name).into_owned()),
        None => names::shared(sid).map(str::to_owned),
    };
    let charset = charset(bytes, operand(top, 15).unwrap_or(0), glyphs.len());
    let named = |glyph: usize| charset.get(glyph).and_then(|sid| name(*sid));
    let mut codes = Codes::new();
    let encoding = operand(top, 16).unwrap_or(0);
    if encoding < 2 {
        codes.extend((0..=255).filter_map(|code| Some((code, names::standard(code)?.to_owned()))));
        return Some(codes);
    }
    let form = number(bytes, encoding, 1)?;
    let count = number(bytes, encoding + 1, 1)?;
    let (mut glyph, mut at) = (1, encoding + 2);
    for _ in 0..count {
        let first = number(bytes, at, 1)?;
        let more = if form & 0x7F == 0 { 0 } else { number(bytes, at + 1, 1)? };
        at += if form & 0x7F == 0 { 1 } else { 2 };
        for code in first..=first + more {
            if let (Ok(code), Some(name)) = (u8::try_from(code), named(glyph)) {
                codes.insert(code, name);
            }
            glyph += 1;
        }
    }
    if form & 0x80 != 0 {
        for item in 0..number(bytes, at, 1)? {
            let (code, sid) = (number(bytes, at + 1 + item * 3, 1)?, number(bytes, at + 2 + item * 3, 2)?);
            if let (Ok(code), Some(name)) = (u8::try_from(code), name(sid)) {
                codes.insert(code, name);
            }
        }
    }
    Some(codes)
}

/// Numbers of the names of all glyphs.
fn charset(bytes: &[u8], at: usize, glyphs: usize) -> Vec<usize> {
    let mut names = vec![0];
    if at < 3 {
        names.extend(1..glyphs.max(1));
        return names;
    }
    let form = number(bytes, at, 1).unwrap_or(0);
    let mut at = at + 1;
    while names.len() < glyphs {
        let Some(first) = number(bytes, at, 2) else { break };
        let size = form.min(2);
        let more = if size == 0 { 0 } else { number(bytes, at + 2, size).unwrap_or(0) };
        at += 2 + size;
        names.extend((first..=first + more).take(glyphs - names.len()));
    }
    names
}
