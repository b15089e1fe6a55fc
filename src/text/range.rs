//! Half-open ranges of code points, and extents made of several.

use std::fmt;
use std::ops::Range;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A non-empty half-open range, in code points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Range<u32>", into = "Range<u32>")]
pub struct TextRange {
    start: u32,
    end: u32,
}

/// Why a range or an extent was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRange {
    /// The end is not after the start.
    Empty,
    /// Two fragments of an extent touch the same place or stand in the wrong order.
    Disorder,
    /// An extent without a fragment.
    Nothing,
}

impl fmt::Display for BadRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the end of a range must come after its start",
            Self::Disorder => "fragments must stand in order and must not overlap",
            Self::Nothing => "an extent needs at least one fragment",
        })
    }
}

impl std::error::Error for BadRange {}

impl TextRange {
    /// Makes a range of the code points `start..end`.
    pub fn new(start: u32, end: u32) -> Result<Self, BadRange> {
        if start < end { Ok(Self { start, end }) } else { Err(BadRange::Empty) }
    }

    /// The range between two places in either order, if they differ.
    pub fn between(a: u32, b: u32) -> Option<Self> {
        Self::new(a.min(b), a.max(b)).ok()
    }

    /// The first code point.
    pub fn start(self) -> u32 {
        self.start
    }

    /// The place after the last code point.
    pub fn end(self) -> u32 {
        self.end
    }

    /// How many code points; never zero.
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the code point at `place` is inside.
    pub fn contains(self, place: u32) -> bool {
        self.start <= place && place < self.end
    }

    /// Whether the other range lies inside, or is the same.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The common part, if there is one.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl TryFrom<Range<u32>> for TextRange {
    type Error = BadRange;
    fn try_from(range: Range<u32>) -> Result<Self, BadRange> {
        Self::new(range.start, range.end)
    }
}

impl From<TextRange> for Range<u32> {
    fn from(range: TextRange) -> Self {
        range.start..range.end
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// One or more ranges that belong together, in order and apart from each other.
///
/// Fragments may touch: two neighbours stay two, since a person may have meant them so.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Listed")]
pub struct Extent(Fragments);

/// Nearly all extents are one range, which then needs no memory of its own.
#[derive(Clone)]
enum Fragments {
    One(TextRange),
    /// Two or more.
    Many(Box<[TextRange]>),
}

impl Extent {
    /// Makes an extent of fragments that are already in order.
    pub fn new(fragments: Vec<TextRange>) -> Result<Self, BadRange> {
        match fragments.as_slice() {
            [] => return Err(BadRange::Nothing),
            [one] => return Ok(Self(Fragments::One(*one))),
            _ => {}
        }
        let ordered = fragments.iter().zip(fragments.iter().skip(1)).all(|(a, b)| a.end <= b.start);
        if ordered { Ok(Self(Fragments::Many(fragments.into()))) } else { Err(BadRange::Disorder) }
    }

    /// The fragments in text order.
    pub fn fragments(&self) -> &[TextRange] {
        match &self.0 {
            Fragments::One(range) => std::slice::from_ref(range),
            Fragments::Many(ranges) => ranges,
        }
    }

    /// From the start of the first fragment to the end of the last.
    pub fn hull(&self) -> TextRange {
        match &self.0 {
            Fragments::One(range) => *range,
            Fragments::Many(ranges) => {
                ranges.iter().copied().reduce(TextRange::hull).unwrap_or(TextRange { start: 0, end: 1 })
            }
        }
    }

    /// Where the first fragment starts.
    pub fn start(&self) -> u32 {
        self.hull().start
    }

    /// Where the last fragment ends.
    pub fn end(&self) -> u32 {
        self.hull().end
    }

    /// Whether a fragment contains the code point at `place`.
    pub fn contains(&self, place: u32) -> bool {
        self.fragments().iter().any(|fragment| fragment.contains(place))
    }

    /// Whether some fragment shares a code point with `range`.
    pub fn touches(&self, range: TextRange) -> bool {
        self.fragments().iter().any(|fragment| fragment.intersect(range).is_some())
    }

    /// The extent with one more fragment; fragments that it overlaps are swallowed.
    #[must_use]
    pub fn with(&self, fragment: TextRange) -> Self {
        let (mut kept, hit): (Vec<_>, Vec<_>) =
            self.fragments().iter().copied().partition(|old| old.intersect(fragment).is_none());
        kept.push(hit.into_iter().fold(fragment, TextRange::hull));
        kept.sort_unstable();
        Self::new(kept).unwrap_or_else(|_| fragment.into())
    }

    /// The extent without the fragment that contains `place`; nothing if it was the only one.
    pub fn without(&self, place: u32) -> Option<Self> {
        Self::new(self.fragments().iter().copied().filter(|fragment| !fragment.contains(place)).collect()).ok()
    }

    /// The extent with one edge of a fragment moved; nothing if the fragment would be empty or meet another.
    pub fn with_edge(&self, fragment: usize, end: bool, to: u32) -> Option<Self> {
        let mut ranges = self.fragments().to_vec();
        let range = ranges.get_mut(fragment)?;
        *range = if end { TextRange::new(range.start, to) } else { TextRange::new(to, range.end) }.ok()?;
        Self::new(ranges).ok()
    }

    /// The code points of all fragments together.
    pub fn count(&self) -> u32 {
        self.fragments().iter().map(|fragment| fragment.len()).sum()
    }
}

impl From<TextRange> for Extent {
    fn from(range: TextRange) -> Self {
        Self(Fragments::One(range))
    }
}

impl Serialize for Extent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fragments().serialize(serializer)
    }
}

/// Fragments as they stand in a file. One alone takes no list.
enum Listed {
    One(TextRange),
    Any(Vec<TextRange>),
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed, A::Error> {
        let Some(first) = list.next_element()? else { return Ok(Listed::Any(Vec::new())) };
        let Some(second) = list.next_element()? else { return Ok(Listed::One(first)) };
        let mut all = vec![first, second];
        while let Some(next) = list.next_element()? {
            all.push(next);
        }
        Ok(Listed::Any(all))
    }
}

impl TryFrom<Listed> for Extent {
    type Error = BadRange;
    fn try_from(listed: Listed) -> Result<Self, BadRange> {
        match listed {
            Listed::One(range) => Ok(range.into()),
            Listed::Any(ranges) => Self::new(ranges),
        }
    }
}

impl PartialEq for Extent {
    fn eq(&self, other: &Self) -> bool {
        self.fragments() == other.fragments()
    }
}

impl Eq for Extent {}

impl PartialOrd for Extent {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Extent {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.fragments().cmp(other.fragments())
    }
}

impl std::hash::Hash for Extent {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.fragments().hash(state);
    }
}

impl fmt::Debug for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fragments()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(start: u32, end: u32) -> TextRange {
        TextRange::new(start, end).unwrap()
    }

    #[test]
    fn empty_reversed_and_disordered_are_refused() {
        assert_eq!(TextRange::new(3, 3), Err(BadRange::Empty));
        assert_eq!(TextRange::new(4, 3), Err(BadRange::Empty));
        assert_eq!(Extent::new(vec![]), Err(BadRange::Nothing));
        assert_eq!(Extent::new(vec![r(5, 6), r(0, 2)]), Err(BadRange::Disorder));
        assert_eq!(Extent::new(vec![r(0, 3), r(2, 4)]), Err(BadRange::Disorder));
        assert!(Extent::new(vec![r(0, 2), r(2, 4)]).is_ok());
    }

    #[test]
    fn a_fragment_swallows_what_it_overlaps_and_keeps_the_rest() {
        let extent = Extent::new(vec![r(0, 2), r(4, 6), r(8, 9)]).unwrap();
        assert_eq!(format!("{:?}", extent.with(r(5, 7))), "[0..2, 4..7, 8..9]");
        assert_eq!(format!("{:?}", extent.with(r(1, 9))), "[0..9]");
        assert_eq!(format!("{:?}", extent.without(4).unwrap()), "[0..2, 8..9]");
        assert_eq!(Extent::from(r(0, 1)).without(0), None);
    }

    #[test]
    fn an_edge_moves_between_its_neighbours() {
        let extent = Extent::new(vec![r(2, 4), r(6, 9)]).unwrap();
        let moved = |fragment, end, to| extent.with_edge(fragment, end, to).map(|extent| format!("{extent:?}"));
        assert_eq!(moved(0, true, 6).as_deref(), Some("[2..6, 6..9]"));
        assert_eq!(moved(1, false, 7).as_deref(), Some("[2..4, 7..9]"));
        assert_eq!((moved(0, true, 7), moved(1, true, 6), moved(2, true, 9)), (None, None, None));
    }
}
