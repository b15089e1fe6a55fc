//! Turns bytes into characters once the encoding is known; knows nothing of guessing.
//!
//! Adds to `encoding_rs` what old files need and browsers do not: DOS code pages, UTF-7, UTF-32, HZ and ISO-2022-KR.

use std::borrow::Cow;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// A way to read bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Codec {
    /// An encoding of the WHATWG standard.
    Known(&'static Encoding),
    /// Name and upper half of a single-byte code page.
    Page(&'static str, &'static str),
    /// UTF-16 in base 64 between `+` and `-`.
    Utf7,
    /// Four bytes a character, the least significant one first or last.
    Utf32 { big: bool },
    /// GB 2312 in seven bits between `~{` and `~}`.
    Hz,
    /// KS X 1001 in seven bits between shift-out and shift-in.
    Iso2022Kr,
}

/// DOS, United States.
pub(crate) const IBM437: Codec = Codec::Page(
    "IBM437",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);
/// DOS, Western Europe.
pub(crate) const IBM850: Codec = Codec::Page(
    "IBM850",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
     └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);
/// DOS, Central Europe.
pub(crate) const IBM852: Codec = Codec::Page(
    "IBM852",
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
     └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
);
/// DOS, Nordic: the one of the United States but for three characters.
pub(crate) const IBM865: Codec = Codec::Page(
    "IBM865",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒáíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);

/// Names that people and other programs use, beside those of the WHATWG standard.
const ALIASES: [(&str, &str); 12] = [
    ("big5hkscs", "big5-hkscs"),
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("gb2312", "gbk"),
    ("iso2022-jp", "iso-2022-jp"),
    ("mac-roman", "macintosh"),
    ("macroman", "macintosh"),
    ("tis620", "tis-620"),
    ("utf16", "utf-16"),
];

impl Codec {
    /// The codec that goes by `label`, in any case and with `_` or `-`.
    pub(crate) fn by_label(label: &str) -> Option<Self> {
        let label = label.trim().to_ascii_lowercase().replace('_', "-");
        let number = label.strip_prefix("ibm").or_else(|| label.strip_prefix("cp"));
        for page in [IBM437, IBM850, IBM852, IBM865] {
            if page.name().strip_prefix("IBM") == number {
                return Some(page);
            }
        }
        match label.as_str() {
            "utf-7" | "utf7" => return Some(Self::Utf7),
            "utf-32" | "utf32" | "utf-32le" | "utf-32-le" => return Some(Self::Utf32 { big: false }),
            "utf-32be" | "utf-32-be" => return Some(Self::Utf32 { big: true }),
            "utf-16-le" => return Some(Self::Known(UTF_16LE)),
            "utf-16-be" => return Some(Self::Known(UTF_16BE)),
            "hz" | "hz-gb-2312" => return Some(Self::Hz),
            "iso-2022-kr" | "iso2022-kr" => return Some(Self::Iso2022Kr),
            _ => {}
        }
        let known = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(label.as_str(), |(_, name)| name);
        Encoding::for_label_no_replacement(known.as_bytes())
            .or_else(|| Encoding::for_label_no_replacement(known.replacen("iso-8859", "iso8859", 1).as_bytes()))
            .or_else(|| Encoding::for_label_no_replacement(known.replace('-', "_").as_bytes()))
            .map(Self::Known)
    }

    /// Its name as the WHATWG standard or IANA writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Known(encoding) => encoding.name(),
            Self::Page(name, _) => name,
            Self::Utf7 => "UTF-7",
            Self::Utf32 { big: false } => "UTF-32LE",
            Self::Utf32 { big: true } => "UTF-32BE",
            Self::Hz => "HZ-GB-2312",
            Self::Iso2022Kr => "ISO-2022-KR",
        }
    }

    /// Whether every byte is one character.
    pub(crate) fn is_single_byte(self) -> bool {
        match self {
            Self::Known(encoding) => encoding.is_single_byte(),
            Self::Page(..) => true,
            _ => false,
        }
    }

    /// The characters, and at how many places bytes had no meaning; U+FFFD stands there.
    pub(crate) fn decode(self, bytes: &[u8]) -> (String, u32) {
        match self {
            Self::Known(encoding) if encoding == UTF_8 => {
                let bad = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
                (String::from_utf8_lossy(bytes).into_owned(), u32::try_from(bad).unwrap_or(u32::MAX))
            }
            Self::Known(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
                utf_16(bytes, encoding == UTF_16BE)
            }
            Self::Known(encoding) => {
                let (text, bad) = encoding.decode_without_bom_handling(bytes);
                let text = as_written(encoding, text);
                let replaced = if bad { count(&text, '\u{FFFD}').max(1) } else { 0 };
                (text, replaced)
            }
            Self::Page(_, high) => {
                let high: Vec<char> = high.chars().collect();
                let read = |byte: &u8| match byte.checked_sub(128) {
                    None => char::from(*byte),
                    Some(place) => high.get(usize::from(place)).copied().unwrap_or('\u{FFFD}'),
                };
                (bytes.iter().map(read).collect(), 0)
            }
            Self::Utf7 => utf_7(bytes),
            Self::Utf32 { big } => utf_32(bytes, big),
            Self::Hz => shifted(bytes, b"~{", b"~}", GBK),
            Self::Iso2022Kr => shifted(bytes, b"\x0e", b"\x0f", EUC_KR),
        }
    }
}

/// Whether the text has a character whose bytes other systems read as a different one of the same look.
pub(crate) fn is_disputed(codec: Codec, text: &str) -> bool {
    let disputed: &[char] = match codec {
        Codec::Known(encoding) if encoding == BIG5 => {
            &['‧', '﹑', '¯', '～', '⊕', '⊙', '∕', '﹨', '¥', '¢', '£', '￥', '￠', '￡']
        }
        Codec::Known(encoding) if encoding == EUC_JP || encoding == ISO_2022_JP => {
            &['〜', '‖', '−', '¢', '£', '¬', '～', '∥', '－', '￠', '￡', '￢']
        }
        Codec::Known(encoding) if encoding == encoding_rs::SHIFT_JIS => &['～', '∥', '－', '￠', '￡', '￢'],
        _ => return false,
    };
    text.contains(disputed)
}

/// Undoes the wide forms that Windows puts where the national standards have the plain character.
fn as_written(encoding: &'static Encoding, text: Cow<'_, str>) -> String {
    let plain = |c: char| match c {
        '～' if encoding != BIG5 => '〜',
        '∥' if encoding != BIG5 => '‖',
        '－' if encoding != BIG5 => '−',
        '￠' => '¢',
        '￡' => '£',
        '￥' if encoding == BIG5 => '¥',
        '￢' if encoding != BIG5 => '¬',
        other => other,
    };
    if encoding == EUC_JP || encoding == ISO_2022_JP || encoding == BIG5 {
        text.chars().map(plain).collect()
    } else {
        text.into_owned()
    }
}

fn count(text: &str, wanted: char) -> u32 {
    u32::try_from(text.chars().filter(|c| *c == wanted).count()).unwrap_or(u32::MAX)
}

/// Pairs of bytes; a lone surrogate or a last odd byte is replaced.
fn utf_16(bytes: &[u8], big: bool) -> (String, u32) {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let units = units.map(|pair| if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) });
    let mut replaced = u32::from(odd);
    let mut text: String = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                replaced += 1;
                '\u{FFFD}'
            })
        })
        .collect();
    if odd {
        text.push('\u{FFFD}');
    }
    (text, replaced)
}

fn utf_32(bytes: &[u8], big: bool) -> (String, u32) {
    let mut replaced = 0;
    let mut read = |four: &[u8]| {
        let unit = <[u8; 4]>::try_from(four).ok();
        let unit = unit.map(|four| if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) });
        unit.and_then(char::from_u32).unwrap_or_else(|| {
            replaced += 1;
            '\u{FFFD}'
        })
    };
    let text = bytes.chunks(4).map(&mut read).collect();
    (text, replaced)
}

/// RFC 2152. What is not a well-formed shift is replaced as a whole.
fn utf_7(bytes: &[u8]) -> (String, u32) {
    let (mut text, mut replaced, mut rest) = (String::new(), 0, bytes);
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'+' {
            text.push(if first.is_ascii() { char::from(*first) } else { '\u{FFFD}' });
            replaced += u32::from(!first.is_ascii());
            continue;
        }
        let length = tail.iter().take_while(|byte| base_64(**byte).is_some()).count();
        let (shift, after) = tail.split_at_checked(length).unwrap_or((tail, &[]));
        let closed = after.first() == Some(&b'-');
        rest = if closed { after.get(1..).unwrap_or_default() } else { after };
        if shift.is_empty() && closed {
            text.push('+');
            continue;
        }
        match shift_of(shift) {
            Some(part) => text.push_str(&part),
            None => {
                text.push('\u{FFFD}');
                replaced += 1;
            }
        }
    }
    (text, replaced)
}

/// What stands in one shift of UTF-7: whole UTF-16 units, and no bit set behind them.
fn shift_of(shift: &[u8]) -> Option<String> {
    let (mut units, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in shift {
        bits = (bits << 6) | base_64(*byte)?;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push(u16::try_from((bits >> held) & 0xFFFF).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    let whole = held < 6 && bits == 0 && !units.is_empty();
    whole.then(|| String::from_utf16(&units).ok())?
}

fn base_64(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Seven-bit text in which a part between two signs means a double-byte set with the upper bits taken off.
fn shifted(bytes: &[u8], open: &[u8], close: &[u8], set: &'static Encoding) -> (String, u32) {
    let (mut wide, mut inside, mut rest) = (Vec::with_capacity(bytes.len()), false, bytes);
    while let Some((first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"\x1b$)C") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(if inside { close } else { open }) {
            inside = !inside;
            rest = after;
        } else {
            // A line end closes what was left open, as mail programs do.
            inside &= !matches!(*first, b'\n' | b'\r');
            wide.push(if inside { *first | 0x80 } else { *first });
            rest = tail;
        }
    }
    let (text, bad) = set.decode_without_bom_handling(&wide);
    let replaced = if bad { count(&text, '\u{FFFD}').max(1) } else { 0 };
    (text.into_owned(), replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_have_a_character_for_every_byte() {
        let every: Vec<u8> = (128..=255).collect();
        for page in [IBM437, IBM850, IBM852, IBM865] {
            let (text, replaced) = page.decode(&every);
            assert_eq!((text.chars().count(), replaced), (128, 0), "{}", page.name());
            assert!(!text.contains('\u{FFFD}'));
        }
        assert_eq!(IBM865.decode(b"K\x9bbenhavn \x9d").0, "København Ø");
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let name = |label: &str| Codec::by_label(label).map(Codec::name);
        assert_eq!(name("Latin1"), Some("windows-1252"));
        assert_eq!(name("mac_roman"), Some("macintosh"));
        assert_eq!(name("cp850"), Some("IBM850"));
        assert_eq!(name("Shift_JIS"), Some("Shift_JIS"));
        assert_eq!(name("ISO8859-13"), Some("ISO-8859-13"));
        assert_eq!(name("klingon"), None);
    }

    #[test]
    fn seven_bit_encodings() {
        assert_eq!(Codec::Utf7.decode(b"+IBw-Hi+IB0 1 +- 1").0, "“Hi” 1 + 1");
        assert_eq!(Codec::Utf7.decode(b"1+1=2"), ("1\u{FFFD}=2".to_owned(), 1));
        assert_eq!(Codec::Hz.decode(b"a ~{VPND~} b"), ("a 中文 b".to_owned(), 0));
        assert_eq!(Codec::Iso2022Kr.decode(b"\x1b$)Ca \x0eGQ1[\x0f b"), ("a 한글 b".to_owned(), 0));
    }

    #[test]
    fn wide_units_with_a_torn_end() {
        assert_eq!(Codec::Known(UTF_16LE).decode(b"a\0b\0c"), ("ab\u{FFFD}".to_owned(), 1));
        assert_eq!(Codec::Utf32 { big: true }.decode(b"\0\x01\xF6\0\0"), ("😀\u{FFFD}".to_owned(), 1));
    }
}
