//! How spaCy numbers strings: a few by a table, all others by MurmurHash64A of their UTF-8.

use std::collections::HashMap;

use super::symbols;

/// Numbers of strings.
pub(super) struct Numbers {
    symbols: HashMap<&'static str, u64>,
}

impl Numbers {
    /// With the table.
    pub(super) fn new() -> Self {
        Self { symbols: symbols::all().collect() }
    }

    /// The number of a string.
    pub(super) fn of(&self, string: &str) -> u64 {
        if string.is_empty() {
            return 0;
        }
        self.symbols.get(string).copied().unwrap_or_else(|| murmur(string.as_bytes()))
    }
}

/// MurmurHash64A with the seed 1.
fn murmur(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = 1 ^ u64::try_from(bytes.len()).unwrap_or_default().wrapping_mul(FACTOR);
    let chunks = bytes.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        let mut part = number(chunk).wrapping_mul(FACTOR);
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
        let numbers = Numbers::new();
        for (string, number) in
            [("Paris", 10_427_160_276_079_242_800), ("CLAIM", 8_529_571_584_741_417_429), ("PERSON", 380), ("", 0)]
        {
            assert_eq!(numbers.of(string), number, "{string}");
        }
    }
}
