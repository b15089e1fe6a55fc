//! Articles that are nearly the same: agency copy, corrected versions, reprints.
//!
//! Each text is known by the smallest hashes of its shingles, here runs of letters and digits (Broder, "On the
//! resemblance and containment of documents", 1997). Two texts are near when at least half of what they have together
//! is in both, or four fifths of the shorter one is in the longer. No blanks and no marks count, so that it works in
//! scripts without blanks, too.

use std::collections::BTreeSet;

/// Letters and digits in a shingle.
const SHINGLE: usize = 20;
/// How many hashes are kept of a text.
const KEPT: usize = 96;
/// Each text is compared with so many of those before it that have a shingle in common with it.
const COMPARED: usize = 24;
/// What more texts than this share is furniture, or they are copies of one; fewer of them tell which.
const COMMON: usize = 200;
/// And so few are those.
const FEW: usize = 4;
/// For the rolling hash.
const BASE: u64 = 0x0100_0000_01B3;

/// What is kept of a text: its smallest hashes in order, and how many shingles it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    hashes: Vec<u64>,
    shingles: usize,
}

impl Sketch {
    /// Reads a text once.
    pub fn new(text: &str) -> Self {
        let power = (0..SHINGLE).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let mut last = [0_u64; SHINGLE];
        let (mut hash, mut count, mut shingles) = (0_u64, 0_usize, 0);
        let mut hashes: Vec<u64> = Vec::with_capacity(4 * KEPT);
        let mut limit = u64::MAX;
        let letters = text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase);
        for letter in letters {
            let code = u64::from(u32::from(letter)) + 1;
            let slot = last.get_mut(count % SHINGLE);
            let old = slot.map_or(0, |slot| std::mem::replace(slot, code));
            hash = hash.wrapping_mul(BASE).wrapping_add(code).wrapping_sub(old.wrapping_mul(power));
            count += 1;
            if count < SHINGLE {
                continue;
            }
            shingles += 1;
            let mixed = mix(hash);
            if mixed < limit {
                hashes.push(mixed);
                if hashes.len() == 4 * KEPT {
                    shrink(&mut hashes);
                    limit = hashes.last().copied().filter(|_| hashes.len() == KEPT).unwrap_or(u64::MAX);
                }
            }
        }
        if shingles == 0 && count > 0 {
            // Shorter than a shingle: known as a whole.
            (hashes, shingles) = (vec![mix(hash)], 1);
        }
        shrink(&mut hashes);
        Self { hashes, shingles }
    }

    /// Whether two texts are near.
    pub fn is_near(&self, other: &Self) -> bool {
        let (shared, seen, within) = self.shared(other);
        if shared == 0 {
            return false;
        }
        // Of the smallest hashes of both together, how many are in both.
        let alike = 2 * shared >= seen;
        // As far as both were read to the same bound, how much of the shorter one is in the longer.
        alike || (within > 7 && 5 * shared >= 4 * within && self.shingles.min(other.shingles) > SHINGLE)
    }

    /// Hashes in both among the smallest of the union; how many of the union were looked at; how many of those are of
    /// the shorter text.
    fn shared(&self, other: &Self) -> (usize, usize, usize) {
        let (mut one, mut two) = (self.hashes.iter().peekable(), other.hashes.iter().peekable());
        let (mut shared, mut seen, mut of_one, mut of_two) = (0, 0, 0, 0);
        while seen < KEPT {
            let (a, b) = match (one.peek(), two.peek()) {
                (Some(a), Some(b)) => (**a, **b),
                // A text that was read to its end goes on with nothing.
                (Some(_), None) if other.hashes.len() < KEPT => {
                    one.next();
                    (seen, of_one) = (seen + 1, of_one + 1);
                    continue;
                }
                (None, Some(_)) if self.hashes.len() < KEPT => {
                    two.next();
                    (seen, of_two) = (seen + 1, of_two + 1);
                    continue;
                }
                _ => break,
            };
            seen += 1;
            if a <= b {
                one.next();
                of_one += 1;
            }
            if b <= a {
                two.next();
                of_two += 1;
            }
            shared += usize::from(a == b);
        }
        let within = if self.shingles <= other.shingles { of_one } else { of_two };
        (shared, seen, within)
    }
}

fn shrink(hashes: &mut Vec<u64>) {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(KEPT);
}

/// Spreads a hash over all bits (the finaliser of `splitmix64`).
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// Puts what belongs together into one group; groups are known by their first member.
#[derive(Clone, Debug)]
pub struct Groups(Vec<usize>);

impl Groups {
    /// Each of so many on its own.
    pub fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The first member of the group of one.
    pub fn first(&mut self, one: usize) -> usize {
        let up = |of: &Self, at: usize| of.0.get(at).copied().unwrap_or(at);
        let mut root = one;
        while up(self, root) != root {
            root = up(self, root);
        }
        let mut at = one;
        while at != root {
            let next = up(self, at);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = root;
            }
            at = next;
        }
        root
    }

    /// Puts the groups of two together.
    pub fn join(&mut self, one: usize, other: usize) {
        let (a, b) = (self.first(one), self.first(other));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Joins texts that are near each other. Takes time by the number of texts, not of pairs.
pub fn join_near(sketches: &[Sketch], groups: &mut Groups) {
    let mut shared: Vec<(u64, usize)> = Vec::new();
    for (at, sketch) in sketches.iter().enumerate() {
        shared.extend(sketch.hashes.iter().map(|hash| (*hash, at)));
    }
    shared.sort_unstable();
    let mut apart: BTreeSet<(usize, usize)> = BTreeSet::new();
    for holders in shared.chunk_by(|one, other| one.0 == other.0) {
        let most = if holders.len() > COMMON { FEW } else { COMPARED };
        for (place, (_, one)) in holders.iter().enumerate().skip(1) {
            for (_, other) in holders.iter().take(place.min(most)) {
                if groups.first(*one) == groups.first(*other) || apart.contains(&(*other, *one)) {
                    continue;
                }
                match (sketches.get(*one), sketches.get(*other)) {
                    (Some(a), Some(b)) if a.is_near(b) => groups.join(*one, *other),
                    _ => _ = apart.insert((*other, *one)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn words(from: u32, count: u32) -> String {
        (from..from + count).fold(String::new(), |mut all, number| {
            _ = write!(all, "{:x} ", mix(u64::from(number)) & 0xFF_FFFF);
            all
        })
    }

    #[test]
    fn copies_with_changes_are_near_and_others_are_not() {
        let near = |one: &str, other: &str| Sketch::new(one).is_near(&Sketch::new(other));
        let text = words(0, 300);
        assert!(near(&text, &text));
        assert!(near(&text, &(words(0, 290) + &words(900, 10))), "another end");
        assert!(near(&text, &text.to_uppercase().replace(' ', ",\n")), "other case and marks");
        assert!(near(&text, &words(0, 100)), "the first third, as agencies cut");
        assert!(!near(&text, &words(1_000, 300)));
        assert!(!near(&text, &(words(0, 100) + &words(1_000, 200))), "a third in common");
        assert!(near(
            "北京今天天气很好我们去公园散步吧大家都很高兴",
            "北京今天天气很好，我们去公园散步吧。大家都很高兴！"
        ));
        assert!(!near("Yes.", "No."));
        assert!(near("Yes.", "yes"));
    }

    #[test]
    fn groups_are_found_without_comparing_all() {
        let texts: Vec<String> = (0..60).map(|at| words((at / 3) * 10_000, 200 + at % 3)).collect();
        let sketches: Vec<Sketch> = texts.iter().map(|text| Sketch::new(text)).collect();
        let mut groups = Groups::new(texts.len());
        join_near(&sketches, &mut groups);
        let firsts: Vec<usize> = (0..60).map(|at| groups.first(at)).collect();
        assert_eq!(firsts, (0..60).map(|at| at / 3 * 3).collect::<Vec<_>>());
    }

    #[test]
    fn many_copies_are_one_group() {
        for count in [40, 300] {
            // Each ends in words of its own.
            let copies = (0..count).map(|at| words(0, 200) + &words(100_000 + at * 50, 12));
            let sketches: Vec<Sketch> = copies.map(|text| Sketch::new(&text)).collect();
            let mut groups = Groups::new(sketches.len());
            join_near(&sketches, &mut groups);
            assert!((0..sketches.len()).all(|at| groups.first(at) == 0), "{count}");
        }
    }
}
