//! Bytes → characters, with an honest word on how sure that is. Changes no line end and trims nothing.
//!
//! Order of belief: byte order mark, what the file or the person said, Unicode by its patterns, old encodings by
//! statistics. Knows no file names and no markup.

use std::fmt;

use encoding_rs::{ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use crate::extract::codepages::{Codec, is_disputed};
use crate::extract::legacy;
use crate::model::article::{Encoding, Verdict};

/// Characters and how they came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Every character of the file, without the byte order mark.
    pub text: String,
    /// How the bytes were read.
    pub encoding: Encoding,
}

/// Why there are no characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// Nothing is in it.
    Empty,
    /// It is no text; says what it looks like.
    Binary(&'static str),
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("There is no text in it"),
            Self::Binary(what) => write!(f, "It is not text; it looks like {what}"),
        }
    }
}

impl std::error::Error for NotText {}

/// Whether `label` names an encoding that [`decode`] can read.
pub fn is_known(label: &str) -> bool {
    Codec::by_label(label).is_some()
}

/// The name of the encoding that a label stands for, if [`decode`] can read it; several labels may stand for one.
pub fn name_of(label: &str) -> Option<&'static str> {
    Codec::by_label(label).map(Codec::name)
}

/// Reads bytes as text; `declared` is what the file's surroundings or the person said, and may be wrong.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, NotText> {
    if bytes.is_empty() {
        return Err(NotText::Empty);
    }
    if let Some((codec, body)) = byte_order_mark(bytes) {
        if body.is_empty() {
            return Err(NotText::Empty);
        }
        let mut decoded = with(codec, body, Verdict::Certain);
        decoded.encoding.bom = true;
        return Ok(decoded);
    }
    if let Some(what) = magic(bytes) {
        return Err(NotText::Binary(what));
    }
    let Some(codec) = declared.and_then(Codec::by_label) else { return detect(bytes) };
    let as_declared = with(codec, bytes, Verdict::Declared);
    if as_declared.encoding.replaced == 0 {
        return Ok(as_declared);
    }
    // What was said does not fit: whatever loses less, for a person to look at.
    match detect(bytes) {
        Ok(found) if found.encoding.replaced < as_declared.encoding.replaced => {
            Ok(Decoded { encoding: Encoding { how: Verdict::Unsure, ..found.encoding }, ..found })
        }
        _ => Ok(as_declared),
    }
}

fn detect(bytes: &[u8]) -> Result<Decoded, NotText> {
    if let Some((codec, verdict)) = wide(bytes) {
        return Ok(with(codec, bytes, verdict));
    }
    let controls = bytes.iter().filter(|byte| is_odd_control(**byte)).count();
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Some((codec, verdict)) = text.is_ascii().then(|| seven_bit(bytes)).flatten() {
            return Ok(with(codec, bytes, verdict));
        }
        // A few bytes say nothing of what is usual in a file.
        return if bytes.len() >= 64 && controls * 5 > bytes.len() {
            Err(UNKNOWN)
        } else {
            Ok(with(UTF8, bytes, Verdict::Certain))
        };
    }
    if controls * 50 > bytes.len() {
        return Err(UNKNOWN);
    }
    if is_damaged_utf_8(bytes) {
        return Ok(with(UTF8, bytes, Verdict::Unsure));
    }
    let (codec, verdict) = legacy::guess(bytes);
    Ok(with(codec, bytes, if controls > 0 { Verdict::Unsure } else { verdict }))
}

const UTF8: Codec = Codec::Known(UTF_8);
const UNKNOWN: NotText = NotText::Binary("binary data of an unknown kind");

/// Reads the bytes; wherever something was replaced, a person should look.
fn with(codec: Codec, bytes: &[u8], how: Verdict) -> Decoded {
    let (text, replaced) = codec.decode(bytes);
    let how = if replaced > 0 || is_disputed(codec, &text) && how != Verdict::Declared { Verdict::Unsure } else { how };
    Decoded { text, encoding: Encoding { name: codec.name().to_owned(), how, bom: false, replaced } }
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Codec, &[u8])> {
    // UTF-32 first: its mark begins with that of UTF-16.
    let marks: [(&[u8], Codec); 5] = [
        (b"\xFF\xFE\0\0", Codec::Utf32 { big: false }),
        (b"\0\0\xFE\xFF", Codec::Utf32 { big: true }),
        (b"\xEF\xBB\xBF", UTF8),
        (b"\xFF\xFE", Codec::Known(UTF_16LE)),
        (b"\xFE\xFF", Codec::Known(UTF_16BE)),
    ];
    marks.into_iter().find_map(|(mark, codec)| Some((codec, bytes.strip_prefix(mark)?)))
}

/// Beginnings of files that are no text.
const MAGIC: [(&[u8], &str); 16] = [
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive, as Word, Excel and EPUB files are"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x1f\x8b\x08", "a file packed by gzip"),
    (b"BZh91AY&SY", "a file packed by bzip2"),
    (b"\xFD7zXZ\0", "a file packed by xz"),
    (b"(\xB5/\xFD", "a file packed by Zstandard"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Word or Excel file"),
    (b"SQLite format 3\0", "a database"),
];

fn magic(bytes: &[u8]) -> Option<&'static str> {
    MAGIC.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what)
}

/// Control characters that no text editor writes.
fn is_odd_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x0E | 0x0F | 0x1B) || byte == 0x7F
}

/// UTF-32 and UTF-16 without a byte order mark, by where the zero bytes stand.
fn wide(bytes: &[u8]) -> Option<(Codec, Verdict)> {
    if !bytes.contains(&0) {
        return None;
    }
    if bytes.len() >= 8 && bytes.len().is_multiple_of(4) {
        for big in [false, true] {
            let codec = Codec::Utf32 { big };
            let (text, replaced) = codec.decode(bytes);
            if replaced == 0 && !text.contains('\0') {
                return Some((codec, if bytes.len() >= 64 { Verdict::Likely } else { Verdict::Unsure }));
            }
        }
    }
    let zeros = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (codec, upper) = if odd > even { (Codec::Known(UTF_16LE), 1) } else { (Codec::Known(UTF_16BE), 0) };
    let units = bytes.len() / 2;
    let mut counts = [0_usize; 256];
    for byte in bytes.iter().skip(upper).step_by(2) {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    counts.sort_unstable();
    // An alphabet fills one or two rows of 256 characters; ideographs fill eighty.
    let two_rows: usize = counts.iter().rev().take(2).sum();
    let long = if units >= 20 { Verdict::Likely } else { Verdict::Unsure };
    if even.min(odd) == 0 && two_rows * 10 >= units * 7 && even.max(odd) >= 2 {
        return Some((codec, long));
    }
    let ideographs = |codec: Codec| {
        let (text, replaced) = codec.decode(bytes);
        let wide =
            text.chars().filter(|c| matches!(c, '\u{3000}'..='\u{30FF}' | '一'..='\u{9FFF}' | '가'..='힣' | '！'..='ﾟ'));
        replaced == 0 && wide.count() * 10 >= units * 7
    };
    let found = [Codec::Known(UTF_16LE), Codec::Known(UTF_16BE)].into_iter().find(|codec| ideographs(*codec))?;
    std::str::from_utf8(bytes).is_err().then_some((found, long))
}

/// Encodings that use ASCII bytes only.
fn seven_bit(bytes: &[u8]) -> Option<(Codec, Verdict)> {
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let fits = |codec: Codec| {
        let (text, replaced) = codec.decode(bytes);
        let gained = text.chars().filter(|c| !c.is_ascii()).count();
        (replaced == 0 && gained > 0).then_some(gained)
    };
    if bytes.contains(&0x1B) {
        if has(b"\x1b$B") || has(b"\x1b$@") || has(b"\x1b(J") || has(b"\x1b(I") {
            let codec = Codec::Known(ISO_2022_JP);
            return fits(codec).map(|_| (codec, Verdict::Certain));
        }
        if has(b"\x1b$)C") {
            return fits(Codec::Iso2022Kr).map(|_| (Codec::Iso2022Kr, Verdict::Certain));
        }
    }
    let verdict = |gained: usize| if gained >= 10 { Verdict::Likely } else { Verdict::Unsure };
    if has(b"~{")
        && has(b"~}")
        && let Some(gained) = fits(Codec::Hz)
    {
        return Some((Codec::Hz, verdict(gained)));
    }
    let gained = bytes.contains(&b'+').then(|| fits(Codec::Utf7)).flatten()?;
    // A brand or a sum may look like one ideograph in UTF-7, but not like letters and marks of the West.
    let western = |c: char| c <= '\u{24F}' || matches!(c, '\u{2000}'..='\u{20CF}');
    let likely = gained >= 10 || Codec::Utf7.decode(bytes).0.chars().all(western);
    likely.then(|| (Codec::Utf7, verdict(gained)))
}

/// Whether the bytes are UTF-8 but for a torn end or a few bad bytes.
fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad, mut at) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        at += chunk.valid().len() + chunk.invalid().len();
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // A character of which the file holds only the beginning is no bad sign.
        let torn = at == bytes.len() && chunk.invalid().first().is_some_and(|byte| *byte >= 0xC2);
        bad += usize::from(!chunk.invalid().is_empty() && !torn);
    }
    good > bad * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes and gives text, name, verdict and count of replaced places.
    fn check(bytes: &[u8], declared: Option<&str>, text: &str, encoding: &str) {
        let found = decode(bytes, declared).unwrap();
        let Encoding { name, how, bom, replaced } = &found.encoding;
        let mark = if *bom { " bom" } else { "" };
        assert_eq!((found.text.as_str(), format!("{name} {how:?} {replaced}{mark}").as_str()), (text, encoding));
    }

    #[test]
    fn byte_order_marks_are_left_out() {
        check(b"\xEF\xBB\xBFa", None, "a", "UTF-8 Certain 0 bom");
        check(b"\xFF\xFEa\0\r\0\n\0", None, "a\r\n", "UTF-16LE Certain 0 bom");
        check(b"\xFE\xFF\0a", Some("latin1"), "a", "UTF-16BE Certain 0 bom");
        check(b"\xFF\xFE\0\0a\0\0\0", None, "a", "UTF-32LE Certain 0 bom");
        check(b"\0\0\xFE\xFF\0\0\0a", None, "a", "UTF-32BE Certain 0 bom");
    }

    #[test]
    fn nothing_and_binary_are_no_text() {
        for nothing in [&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE"] {
            assert_eq!(decode(nothing, None), Err(NotText::Empty));
        }
        let said = decode(b"%PDF-1.7\n1 0 obj", Some("utf-8")).unwrap_err().to_string();
        assert_eq!(said, "It is not text; it looks like a PDF file");
        assert_eq!(decode(&[0; 64], None), Err(UNKNOWN));
        let noise: Vec<u8> = (0..2000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        assert_eq!(decode(&noise, None), Err(UNKNOWN));
    }

    #[test]
    fn text_keeps_its_line_ends_blanks_and_zero_bytes() {
        check(" a\r\n\n\rб\0c \u{FEFF}\u{2028}".as_bytes(), None, " a\r\n\n\rб\0c \u{FEFF}\u{2028}", "UTF-8 Certain 0");
    }

    #[test]
    fn torn_and_damaged_utf_8_is_replaced_and_unsure() {
        check(b"caf\xC3\xA9 na\xC3", None, "café na\u{FFFD}", "UTF-8 Unsure 1");
        let mut bytes = "déjà vu à l’été".as_bytes().to_vec();
        bytes.push(0xFF);
        check(&bytes, None, "déjà vu à l’été\u{FFFD}", "UTF-8 Unsure 1");
    }

    #[test]
    fn what_was_declared_counts_when_it_fits() {
        check(b"gr\xFC\xDFe", Some("latin1"), "grüße", "windows-1252 Declared 0");
        check(b"gr\x81\xE1e", Some("cp850"), "grüße", "IBM850 Declared 0");
        check(b"caf\xE9 noir", Some("utf-8"), "café noir", "windows-1252 Unsure 0");
    }

    #[test]
    fn wide_text_without_a_mark() {
        let wide: Vec<u8> = "Грузия и мир, 2019\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, None, "Грузия и мир, 2019\n", "UTF-16BE Unsure 0");
    }

    #[test]
    fn sums_in_plain_text_are_not_utf_7() {
        for text in ["1+1 is 2, C++ and +++", "Apple+TVs cost more", "~{ a ~} b", "\u{1b}[1mbold\u{1b}[0m"] {
            check(text.as_bytes(), None, text, "UTF-8 Certain 0");
        }
        check(b"+IBw-Hi+IB0", None, "“Hi”", "UTF-7 Unsure 0");
    }
}
