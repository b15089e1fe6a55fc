//! Fonts: what the bytes of a page are as characters, and how wide they are.

use std::collections::BTreeMap;

use crate::format::pdf::cff::{self, Codes};
use crate::format::pdf::file::File;
use crate::format::pdf::names;
use crate::format::pdf::object::{Dict, Lexer, Object};

/// Characters that a font says it has, at most.
const CHARS: usize = 200_000;

/// Units of UTF-16 that one code may stand for; whole words drawn as one have fewer.
const UNITS: usize = 64;

/// A font.
#[derive(Clone, Debug, Default)]
pub(super) struct Font {
    /// Bytes of a code.
    bytes: usize,
    /// What the font says its codes are.
    said: BTreeMap<u32, String>,
    /// What their glyphs are called.
    named: BTreeMap<u32, String>,
    /// The codes are characters themselves.
    direct: bool,
    widths: BTreeMap<u32, f64>,
    width: f64,
    /// Thousandths, but for fonts that are drawn by the page.
    scale: f64,
}

/// A glyph of a string.
pub(super) struct Glyph {
    /// Its characters; nothing if nobody knows.
    pub(super) text: Option<String>,
    /// How wide it is at size 1.
    pub(super) width: f64,
    /// It is the blank that is widened with others.
    pub(super) blank: bool,
}

impl Font {
    /// Reads a font.
    pub(super) fn of(file: &File<'_>, dict: &Dict) -> Self {
        let mut font = Self { bytes: 1, width: 500.0, scale: 0.001, ..Self::default() };
        if let Some(map) = dict.get("ToUnicode").and_then(|map| file.stream(map)) {
            font.said = mapping(&map);
        }
        match file.get(dict, "Subtype").name() {
            Some("Type0") => font.composed(file, dict),
            kind => {
                if kind == Some("Type3") {
                    let scale = file.get(dict, "FontMatrix").list().and_then(|matrix| matrix.first()?.number());
                    font.scale = scale.filter(|scale| *scale != 0.0).unwrap_or(0.001);
                }
                font.simple(file, dict);
            }
        }
        font
    }

    fn simple(&mut self, file: &File<'_>, dict: &Dict) {
        let about = file.dict(dict, "FontDescriptor");
        let first = file.get(dict, "FirstChar").count().and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        if let Some(widths) = file.get(dict, "Widths").list() {
            let widths = widths.iter().take(256).map(|width| file.follow(width).number().unwrap_or(0.0));
            self.widths = (first..=first.saturating_add(255)).zip(widths).collect();
            self.width = about.and_then(|about| file.get(about, "MissingWidth").number()).unwrap_or(0.0);
        } else {
            let courier = file.get(dict, "BaseFont").name().is_some_and(|name| name.contains("Courier"));
            self.widths = (32..=255).map(|code| (code, if courier { 600.0 } else { usual_width(code) })).collect();
        }
        let encoding = file.get(dict, "Encoding");
        let (base, differences) = match encoding {
            Object::Name(name) => (Some(name.as_str()), None),
            Object::Dict(dict) => (file.get(dict, "BaseEncoding").name(), file.get(dict, "Differences").list()),
            _ => (None, None),
        };
        let truetype = file.get(dict, "Subtype").name() == Some("TrueType");
        let table = match base {
            Some("WinAnsiEncoding") => Some(encoding_rs::WINDOWS_1252),
            Some("MacRomanEncoding") => Some(encoding_rs::MACINTOSH),
            None if truetype => Some(encoding_rs::WINDOWS_1252),
            _ => None,
        };
        for code in 0..=255_u8 {
            let known = match table {
                Some(table) => {
                    table.decode_without_bom_handling_and_without_replacement(&[code]).map(|text| text.into_owned())
                }
                None => names::standard(code).and_then(names::text),
            };
            if let Some(text) = known.filter(|text| !text.chars().all(char::is_control)) {
                self.named.insert(u32::from(code), text);
            }
        }
        let own = about.map(|about| embedded(file, about)).unwrap_or_default();
        for (code, name) in own.into_iter().filter(|_| base.is_none()) {
            self.name(u32::from(code), &name);
        }
        let mut code = 0_u32;
        for value in differences.unwrap_or_default() {
            match file.follow(value) {
                Object::Name(name) => {
                    self.name(code, name);
                    code = code.saturating_add(1);
                }
                other => code = other.count().and_then(|code| u32::try_from(code).ok()).unwrap_or(code),
            }
        }
    }

    fn name(&mut self, code: u32, name: &str) {
        match names::text(name) {
            Some(text) => _ = self.named.insert(code, text),
            None => _ = self.named.remove(&code),
        }
    }

    fn composed(&mut self, file: &File<'_>, dict: &Dict) {
        self.bytes = 2;
        self.width = 1_000.0;
        self.direct =
            file.get(dict, "Encoding").name().is_some_and(|name| name.contains("UCS2") || name.contains("UTF16"));
        let inner = file.get(dict, "DescendantFonts").list().and_then(|list| list.first());
        let Some(Object::Dict(inner)) = inner.map(|inner| file.follow(inner)) else { return };
        self.width = file.get(inner, "DW").number().unwrap_or(1_000.0);
        let mut list = file.get(inner, "W").list().unwrap_or_default().iter().map(|value| file.follow(value));
        // Codes may be said again and again.
        let mut left = CHARS;
        while let (Some(first), Some(next)) = (list.next(), list.next()) {
            let Some(first) = first.count().and_then(|first| u32::try_from(first).ok()) else { return };
            if let Some(widths) = next.list() {
                let widths = widths.iter().filter_map(|width| file.follow(width).number());
                self.widths.extend((first..=u32::MAX).zip(widths));
            } else {
                let last = next
                    .count()
                    .and_then(|last| u32::try_from(last).ok())
                    .unwrap_or(first)
                    .min(first.saturating_add(0xFFFF));
                let width = list.next().and_then(Object::number).unwrap_or(self.width);
                let Some(less) =
                    usize::try_from(last.saturating_sub(first)).ok().and_then(|more| left.checked_sub(more))
                else {
                    return;
                };
                left = less;
                self.widths.extend((first..=last).map(|code| (code, width)));
            }
            if self.widths.len() > CHARS {
                return;
            }
        }
    }

    /// The glyphs of a string.
    pub(super) fn glyphs<'a>(&'a self, string: &'a [u8]) -> impl Iterator<Item = Glyph> + 'a {
        string.chunks(self.bytes).map(|bytes| {
            let code = bytes.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            let direct = || self.direct.then(|| char::from_u32(code).map(String::from)).flatten();
            let text = self.said.get(&code).or_else(|| self.named.get(&code)).cloned().or_else(direct);
            let width = self.widths.get(&code).copied().unwrap_or(self.width) * self.scale;
            Glyph { text: text.map(|text| spelled(&text)), width, blank: self.bytes == 1 && code == 32 }
        })
    }
}

/// Letters that are drawn as one are letters again.
fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            'ﬅ' | 'ﬆ' => out.push_str("st"),
            '\0' => {}
            c => out.push(c),
        }
    }
    out
}

/// What the glyphs of a font in the file are called.
fn embedded(file: &File<'_>, about: &Dict) -> Codes {
    if let Some(bytes) = about.get("FontFile").and_then(|font| file.stream(font)) {
        return cff::of_type_1(&bytes);
    }
    let packed = about.get("FontFile3").and_then(|font| file.stream(font));
    packed.and_then(|bytes| cff::of_packed(&bytes)).unwrap_or_default()
}

/// About how wide the letters of a usual font are.
fn usual_width(code: u32) -> f64 {
    match char::from_u32(code).unwrap_or('x') {
        'i' | 'j' | 'l' | ' ' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | 'I' | 't' | 'f' | '/' => 278.0,
        'r' | '(' | ')' | '-' | '[' | ']' => 333.0,
        'm' | 'M' | 'W' | 'w' => 800.0,
        'A'..='Z' => 680.0,
        _ => 530.0,
    }
}

/// What a font says its codes are.
fn mapping(map: &[u8]) -> BTreeMap<u32, String> {
    let mut said = BTreeMap::new();
    let mut lexer = Lexer::new(map, 0);
    let mut values: Vec<Object> = Vec::new();
    // Codes may be said again and again.
    let mut left = CHARS;
    while let Some(value) = lexer.next() {
        let Object::Word(word) = &value else {
            values.push(value);
            if values.len() > CHARS {
                break;
            }
            continue;
        };
        match word.as_str() {
            "endbfchar" => {
                for pair in values.chunks_exact(2).take(left) {
                    left -= 1;
                    if let [Object::Text(code), Object::Text(text)] = pair {
                        said.insert(code_of(code), utf_16(text, 0));
                    }
                }
            }
            "endbfrange" => {
                for part in values.chunks_exact(3) {
                    left = range(part, &mut said, left);
                }
            }
            _ => {}
        }
        values.clear();
        if left == 0 {
            break;
        }
    }
    said
}

/// What a row of codes is; gives how many more may be said.
fn range(part: &[Object], said: &mut BTreeMap<u32, String>, mut left: usize) -> usize {
    let [Object::Text(first), Object::Text(last), target] = part else { return left.saturating_sub(1) };
    let (first, last) = (code_of(first), code_of(last));
    for (step, code) in (0_u32..=0xFFFF).zip(first..=last).take(left) {
        left -= 1;
        let text = match target {
            Object::Text(text) => utf_16(text, step),
            Object::List(list) => match usize::try_from(step).ok().and_then(|step| list.get(step)) {
                Some(Object::Text(text)) => utf_16(text, 0),
                _ => return left,
            },
            _ => return left,
        };
        said.insert(code, text);
    }
    left.saturating_sub(1)
}

fn code_of(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

/// Characters in UTF-16, the last of them so many further.
fn utf_16(bytes: &[u8], step: u32) -> String {
    let bytes = bytes.get(..2 * UNITS).unwrap_or(bytes);
    let units: Vec<u16> = if let [one] = bytes {
        vec![u16::from(*one)]
    } else {
        bytes
            .chunks_exact(2)
            .filter_map(|pair| Some(u16::from(*pair.first()?) << 8 | u16::from(*pair.get(1)?)))
            .collect()
    };
    let mut text: Vec<char> = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect();
    if let Some(last) = text.last_mut() {
        *last = u32::from(*last).checked_add(step).and_then(char::from_u32).unwrap_or('\u{FFFD}');
    }
    text.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs of a font whose map and whose widths are these.
    fn check(map: &str, widths: &str, string: &[u8], expected: &str) {
        let file = format!(
            "1 0 obj<</Subtype/Type0/Encoding/Identity-H/ToUnicode 2 0 R/DescendantFonts[<</W[{widths}]>>]>>endobj 2 0 obj<<>>stream\n{map}\nendstream endobj"
        );
        let file = File::open(file.as_bytes()).map(|file| {
            let font = Object::Link(1);
            let Object::Dict(dict) = file.follow(&font) else { panic!("no font") };
            let font = Font::of(&file, dict);
            let glyphs = font.glyphs(string);
            glyphs.map(|glyph| format!("{} {}", glyph.text.unwrap_or_default(), glyph.width)).collect::<Vec<_>>()
        });
        assert_eq!(file.unwrap().join("|"), expected);
    }

    #[test]
    fn hostile_maps_and_widths_are_bounded() {
        let begin = std::time::Instant::now();
        check("1 beginbfchar <0001> <0061> endbfchar", "4294967295 [1 2 3] 1 1 250", b"\0\x01", "a 0.25");
        let long = format!("1 beginbfrange <0000> <FFFF> <{}> endbfrange", "0061".repeat(1 << 18));
        check(&long, "", b"\0\0", &format!("{} 1", "a".repeat(64)));
        let again = "<0000> <FFFF> <0061> ".repeat(10_000) + "endbfrange";
        check(&again, &"0 65535 100 ".repeat(10_000), b"\0\0", "a 0.1");
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}
