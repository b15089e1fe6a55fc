//! How spaCy numbers strings: a few by a table, all others by MurmurHash64A of their UTF-8.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::symbols;

/// Numbers of strings, and which strings were asked for.
pub(super) struct Numbers {
    /// By hash: the number, and whether it was asked for.
    known: HashMap<u64, (u64, bool), BuildHasherDefault<Same>>,
    asked: Vec<String>,
}

impl Numbers {
    /// With the table.
    pub(super) fn new() -> Self {
        let known = symbols::all().map(|(name, number)| (murmur(name.as_bytes()), (number, false))).collect();
        Self { known, asked: Vec::new() }
    }

    /// The number of a string, which is remembered.
    pub(super) fn ask(&mut self, string: &str) -> u64 {
        if string.is_empty() {
            return 0;
        }
        let hash = murmur(string.as_bytes());
        let (number, asked) = self.known.entry(hash).or_insert((hash, false));
        if !*asked {
            *asked = true;
            self.asked.push(string.to_owned());
        }
        *number
    }

    /// The number of a string.
    pub(super) fn of(&self, string: &str) -> u64 {
        let hash = murmur(string.as_bytes());
        if string.is_empty() { 0 } else { self.known.get(&hash).map_or(hash, |(number, _)| *number) }
    }

    /// The strings that were asked for, in order.
    pub(super) fn asked(mut self) -> Vec<String> {
        self.asked.sort_unstable();
        self.asked
    }
}

/// Strings by their numbers: those of the table, and those that a file names.
pub(super) struct Strings<'a>(HashMap<u64, &'a str, BuildHasherDefault<Same>>);

impl<'a> Strings<'a> {
    /// With these strings.
    pub(super) fn new(named: impl Iterator<Item = &'a str>) -> Self {
        let numbers = Numbers::new();
        let named = named.map(|string| (numbers.of(string), string));
        Self(symbols::all().map(|(name, number)| (number, name)).chain(named).collect())
    }

    /// The string of a number, if it is there.
    pub(super) fn get(&self, number: u64) -> Option<&'a str> {
        self.0.get(&number).copied()
    }
}

/// What is hashed already need not be hashed again.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = number(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// MurmurHash64A with the seed 1.
fn murmur(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = 1 ^ u64::try_from(bytes.len()).unwrap_or_default().wrapping_mul(FACTOR);
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let mut part = u64::from_le_bytes(*chunk).wrapping_mul(FACTOR);
        part ^= part >> 47;
        hash = (hash ^ part.wrapping_mul(FACTOR)).wrapping_mul(FACTOR);
    }
    if !rest.is_empty() {
        hash = (hash ^ number(rest)).wrapping_mul(FACTOR);
    }
    hash ^= hash >> 47;
    hash = hash.wrapping_mul(FACTOR);
    hash ^ (hash >> 47)
}

/// At most eight bytes as a number, the lowest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_have_the_numbers_of_spacy() {
        let mut numbers = Numbers::new();
        for (string, number) in
            [("Paris", 10_427_160_276_079_242_800), ("CLAIM", 8_529_571_584_741_417_429), ("PERSON", 380), ("", 0)]
        {
            assert_eq!((numbers.of(string), numbers.ask(string), numbers.ask(string)), (number, number, number));
        }
        assert_eq!(numbers.asked(), ["CLAIM", "PERSON", "Paris"]);
    }
}
