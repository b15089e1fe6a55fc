//! The frozen string of an article, shared and hashed.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::text::index::Index;
use crate::text::range::{Extent, TextRange};

/// The decoded file to the last code point; never changed, trimmed or normalised.
#[derive(Clone)]
pub struct Text(Arc<Inner>);

/// How many code points of each end a long quote keeps.
const KEPT: u32 = 80;

struct Inner {
    string: Box<str>,
    hash: OnceLock<TextHash>,
    index: OnceLock<Index>,
    line_ends: OnceLock<LineEnds>,
}

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// Somewhere by CR LF.
    CrLf,
    /// By LF alone.
    Lf,
    /// There is one line only, or they end some other way.
    None,
}

/// The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8.
///
/// In Python: `hashlib.sha256(text.encode()).hexdigest()[:16]`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextHash(u64);

impl Text {
    /// Freezes a string.
    pub fn new(string: impl Into<Box<str>>) -> Self {
        let (hash, index, line_ends) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self(Arc::new(Inner { string: string.into(), hash, index, line_ends }))
    }

    /// The whole string.
    pub fn as_str(&self) -> &str {
        &self.0.string
    }

    /// What the text is known by; found at the first question.
    pub fn hash(&self) -> TextHash {
        *self.0.hash.get_or_init(|| TextHash::of(&[self.as_str()]))
    }

    /// Conversions between units, built at the first question.
    pub fn index(&self) -> &Index {
        self.0.index.get_or_init(|| Index::new(&self.0.string))
    }

    /// How its lines end; looked for at the first question.
    pub fn line_ends(&self) -> LineEnds {
        *self.0.line_ends.get_or_init(|| match (self.as_str().contains("\r\n"), self.as_str().contains('\n')) {
            (true, _) => LineEnds::CrLf,
            (false, true) => LineEnds::Lf,
            (false, false) => LineEnds::None,
        })
    }

    /// Length in code points.
    pub fn chars(&self) -> u32 {
        self.index().chars()
    }

    /// The part in `range`; what lies past the end is left out.
    pub fn slice(&self, range: TextRange) -> &str {
        let bytes = self.index().bytes(self.as_str(), range.start(), range.end());
        self.as_str().get(bytes).unwrap_or_default()
    }

    /// Byte offset of the code point at `place`.
    pub fn byte(&self, place: u32) -> usize {
        self.index().byte(self.as_str(), place)
    }

    /// Code point at the byte offset.
    pub fn place(&self, byte: usize) -> u32 {
        self.index().char_of_byte(self.as_str(), byte)
    }

    /// Whether every fragment lies inside the text.
    pub fn holds(&self, extent: &Extent) -> bool {
        extent.end() <= self.chars()
    }

    /// Whether `quote` is the quote of the extent; cheaper than making it where the extent is one short range.
    pub fn quote_is(&self, extent: &Extent, quote: &str) -> bool {
        match extent.fragments() {
            [one] if one.len() <= 2 * KEPT => self.slice(*one) == quote,
            _ => self.quote(extent) == quote,
        }
    }

    /// The quote by which an extent is recognised: fragments joined by ` … `, long ones cut in the middle.
    ///
    /// A fragment of more than 160 code points keeps its first and last 80. The quote is for checking and for
    /// people who read the file; exports copy the full text.
    pub fn quote(&self, extent: &Extent) -> String {
        let mut quote = String::new();
        for fragment in extent.fragments() {
            if !quote.is_empty() {
                quote.push_str(" … ");
            }
            let (start, end) = (fragment.start(), fragment.end());
            if fragment.len() > 2 * KEPT {
                for (from, to) in [(start, start + KEPT), (end - KEPT, end)] {
                    if from != start {
                        quote.push('…');
                    }
                    quote.push_str(TextRange::new(from, to).map_or("", |part| self.slice(part)));
                }
            } else {
                quote.push_str(self.slice(*fragment));
            }
        }
        quote
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes, {})", self.as_str().len(), self.hash())
    }
}

impl TextHash {
    /// That of a text of these parts.
    pub fn of(parts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        parts.iter().for_each(|part| digest.update(part));
        Self(digest.finalize().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TextHash {
    type Err = &'static str;
    fn from_str(digits: &str) -> Result<Self, &'static str> {
        let hash = u64::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 16);
        hash.map(Self).ok_or("a text hash has 16 hexadecimal digits")
    }
}

impl Serialize for TextHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TextHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

/// Takes the digits of a hash as they stand in a file, without a copy in between.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = TextHash;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<TextHash, E> {
        digits.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_the_documented_one() {
        assert_eq!(Text::new("naïve").hash().to_string(), "f86fd89de87a848a");
    }

    #[test]
    fn quotes_join_fragments_and_shorten_long_ones() {
        let text = Text::new("a👍b".repeat(100));
        let extent = |parts: &[(u32, u32)]| {
            Extent::new(parts.iter().map(|(a, b)| TextRange::new(*a, *b).unwrap()).collect()).unwrap()
        };
        assert_eq!(text.quote(&extent(&[(0, 2), (3, 5)])), "a👍 … a👍");
        let long = text.quote(&extent(&[(0, 200)]));
        assert_eq!(long.chars().count(), 161);
        assert!(text.holds(&extent(&[(0, 300)])) && !text.holds(&extent(&[(0, 301)])));
    }
}
