//! Code points ↔ bytes ↔ UTF-16 units, by checkpoints and a short scan.
//!
//! The only place that converts between units; ASCII text needs no table at all.

/// Distance of checkpoints, in code points: small enough that a scan stays under a microsecond.
const STEP: usize = 128;

/// Byte and UTF-16 offsets at every 128th code point of one string.
#[derive(Debug)]
pub struct Index {
    /// (byte, UTF-16 unit) of code point `128 * i`; empty when every character is ASCII.
    checkpoints: Vec<(u32, u32)>,
    chars: u32,
    units: u32,
    bytes: u32,
}

impl Index {
    /// Reads the string once. Strings from 4 GiB on are not supported by the program.
    pub fn new(text: &str) -> Self {
        let bytes = to_u32(text.len());
        if text.is_ascii() {
            return Self { checkpoints: Vec::new(), chars: bytes, units: bytes, bytes };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let (mut chars, mut units, mut rest) = (0_usize, 0_u32, text);
        while !rest.is_empty() {
            checkpoints.push((to_u32(text.len() - rest.len()), units));
            let (step, tail) = rest.split_at_checked(after(rest, STEP)).unwrap_or((rest, ""));
            let count = if tail.is_empty() { step.chars().count() } else { STEP };
            chars += count;
            units += to_u32(count + pairs(step));
            rest = tail;
        }
        Self { checkpoints, chars: to_u32(chars), units, bytes }
    }

    /// Length in code points.
    pub fn chars(&self) -> u32 {
        self.chars
    }

    /// Length in UTF-16 units.
    pub fn units(&self) -> u32 {
        self.units
    }

    /// Byte offset of the code point at `place`; places past the end give the length.
    pub fn byte(&self, text: &str, place: u32) -> usize {
        if place >= self.chars {
            return self.bytes as usize;
        }
        if self.checkpoints.is_empty() {
            return place as usize;
        }
        let start = self.checkpoints.get(place as usize / STEP).map_or(0, |(byte, _)| *byte as usize);
        start + after(text.get(start..).unwrap_or_default(), place as usize % STEP)
    }

    /// Bytes of the code points from `start` to `end`.
    pub fn bytes(&self, text: &str, start: u32, end: u32) -> std::ops::Range<usize> {
        let first = self.byte(text, start);
        let ahead = end.saturating_sub(start) as usize;
        // A few words are passed over from where they begin, not once more from the checkpoint.
        let few = !self.checkpoints.is_empty() && end < self.chars && ahead < end as usize % STEP;
        let last = if few { first + after(text.get(first..).unwrap_or_default(), ahead) } else { self.byte(text, end) };
        first..last
    }

    /// UTF-16 offset of the code point at `place`; places past the end give the length.
    pub fn unit(&self, text: &str, place: u32) -> u32 {
        if place >= self.chars {
            return self.units;
        }
        let Some((start, units)) = self.checkpoints.get(place as usize / STEP).copied() else { return place };
        let (ahead, tail) = (place as usize % STEP, text.get(start as usize..).unwrap_or_default());
        units + to_u32(ahead + pairs(tail.get(..after(tail, ahead)).unwrap_or_default()))
    }

    /// Code point that starts at, or contains, the byte offset.
    pub fn char_of_byte(&self, text: &str, byte: usize) -> u32 {
        if self.checkpoints.is_empty() {
            return to_u32(byte).min(self.chars);
        }
        let slot = self.checkpoints.partition_point(|(at, _)| *at as usize <= byte).saturating_sub(1);
        let from = self.checkpoints.get(slot).map_or(0, |(at, _)| *at as usize);
        // A character that the offset cuts does not count.
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let ahead = text.get(from..end).map_or(0, |part| part.chars().count());
        to_u32(slot * STEP + ahead).min(self.chars)
    }

    /// Code point that starts at the UTF-16 offset, or the length at its end; nothing inside a pair and past the end.
    pub fn char_of_unit(&self, text: &str, unit: u64) -> Option<u32> {
        let unit = u32::try_from(unit).ok().filter(|unit| *unit <= self.units)?;
        if self.checkpoints.is_empty() {
            return Some(unit);
        }
        let slot = self.checkpoints.partition_point(|(_, at)| *at <= unit).saturating_sub(1);
        let (byte, mut at) = self.checkpoints.get(slot).copied()?;
        let mut place = to_u32(slot * STEP);
        let mut rest = text.get(byte as usize..)?.chars();
        while at < unit {
            at += to_u32(rest.next()?.len_utf16());
            place += 1;
        }
        (at == unit).then_some(place)
    }
}

/// How many bytes the first so many characters take.
fn after(text: &str, count: usize) -> usize {
    let mut chars = text.chars();
    // Passes over many characters at once, which looking at each does not.
    if let Some(last) = count.checked_sub(1) {
        chars.nth(last);
    }
    text.len() - chars.as_str().len()
}

/// How many characters take two units of UTF-16: those of four bytes.
fn pairs(text: &str) -> usize {
    text.bytes().filter(|byte| *byte >= 0xF0).count()
}

/// Lengths are checked when a text is made, so nothing is ever cut here.
pub(crate) fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_count(text in "(\\PC|[a\u{300}\u{1F600}\r\n]){0,400}") {
            let index = Index::new(&text);
            let (mut byte, mut unit) = (0, 0);
            for (place, c) in text.chars().enumerate() {
                let place = to_u32(place);
                prop_assert_eq!(index.byte(&text, place), byte);
                prop_assert_eq!(index.unit(&text, place), unit);
                prop_assert_eq!(index.char_of_byte(&text, byte), place);
                byte += c.len_utf8();
                unit += to_u32(c.len_utf16());
            }
            prop_assert_eq!(index.chars() as usize, text.chars().count());
            prop_assert_eq!(index.byte(&text, index.chars()), text.len());
            prop_assert_eq!(index.unit(&text, u32::MAX), index.units());
            prop_assert_eq!(index.char_of_byte(&text, text.len()), index.chars());
        }
    }
}
