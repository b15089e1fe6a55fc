//! Which ranges touch a place, how deep they nest, and which lane each takes.
//!
//! Lanes are interval colouring in order of start (Kleinberg and Tardos, Algorithm Design, 4.1): a range keeps its
//! lane wherever it is drawn, and ranges that share a place never share a lane.

use crate::text::range::TextRange;

/// Ranges sorted for questions about places; `T` names whose range it is.
#[derive(Clone, Debug)]
pub struct Cover<T> {
    rows: Vec<Row<T>>,
    /// For each row the furthest end among it and all rows before.
    reach: Vec<u32>,
}

/// One range with its place in the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// The range.
    pub range: TextRange,
    /// Whose it is.
    pub owner: T,
    /// How many other ranges of the cover contain it.
    pub depth: u8,
    /// The first lane that is free over the whole range.
    pub lane: u8,
    /// How many levels of other ranges it contains.
    pub height: u8,
}

impl<T: Copy + Ord> Cover<T> {
    /// Sorts by start, then longer first, then owner. Takes `n log n` steps for usual nesting.
    pub fn new(ranges: impl IntoIterator<Item = (TextRange, T)>) -> Self {
        let mut rows: Vec<_> =
            ranges.into_iter().map(|(range, owner)| Row { range, owner, depth: 0, lane: 0, height: 0 }).collect();
        rows.sort_by_key(|row| (row.range.start(), u32::MAX - row.range.end(), row.owner));
        let mut free: Vec<u32> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut furthest = 0;
        let mut reach = Vec::with_capacity(rows.len());
        for at in 0..rows.len() {
            let Some(range) = rows.get(at).map(|row| row.range) else { break };
            open.retain(|other| rows.get(*other).is_some_and(|row| row.range.end() > range.start()));
            let around: Vec<usize> = open
                .iter()
                .copied()
                .filter(|other| rows.get(*other).is_some_and(|row| row.range.covers(range)))
                .collect();
            let depth = small(around.len());
            for outer in around {
                if let Some(outer) = rows.get_mut(outer) {
                    outer.height = outer.height.max(depth - outer.depth);
                }
            }
            let lane = free.iter().position(|end| *end <= range.start()).unwrap_or(free.len());
            match free.get_mut(lane) {
                Some(end) => *end = range.end(),
                None => free.push(range.end()),
            }
            if let Some(row) = rows.get_mut(at) {
                (row.depth, row.lane) = (depth, small(lane));
            }
            open.push(at);
            furthest = furthest.max(range.end());
            reach.push(furthest);
        }
        Self { rows, reach }
    }

    /// All ranges in order of start.
    pub fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    /// The ranges that share a code point with `range`, in order of start.
    pub fn touching(&self, range: TextRange) -> impl Iterator<Item = &Row<T>> {
        let first = self.reach.partition_point(|end| *end <= range.start());
        self.rows
            .iter()
            .skip(first)
            .take_while(move |row| row.range.start() < range.end())
            .filter(move |row| row.range.end() > range.start())
    }

    /// How many lanes are in use anywhere in `range`.
    pub fn lanes(&self, range: TextRange) -> u8 {
        self.touching(range).map(|row| row.lane + 1).max().unwrap_or(0)
    }
}

fn small(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn r(start: u32, end: u32) -> TextRange {
        TextRange::new(start, end).unwrap()
    }

    #[test]
    fn nested_ranges_know_their_depth_and_height() {
        let cover = Cover::new([(r(0, 40), 'a'), (r(10, 30), 'b'), (r(12, 20), 'c'), (r(50, 60), 'd')]);
        let shape: Vec<_> = cover.rows().iter().map(|row| (row.owner, row.depth, row.height)).collect();
        assert_eq!(shape, [('a', 0, 2), ('b', 1, 1), ('c', 2, 0), ('d', 0, 0)]);
    }

    proptest! {
        #[test]
        fn equals_the_naive_scan(
            spans in proptest::collection::vec((0_u32..200, 1_u32..60), 0..80),
            asked in (0_u32..250, 1_u32..40),
        ) {
            let ranges: Vec<_> = spans.iter().enumerate().map(|(n, (s, l))| (r(*s, s + l), n)).collect();
            let cover = Cover::new(ranges.clone());
            let asked = r(asked.0, asked.0 + asked.1);
            let mut found: Vec<_> = cover.touching(asked).map(|row| row.owner).collect();
            let mut naive: Vec<_> =
                ranges.iter().filter(|(range, _)| range.intersect(asked).is_some()).map(|(_, n)| *n).collect();
            found.sort_unstable();
            naive.sort_unstable();
            prop_assert_eq!(found, naive);
            for (at, row) in cover.rows().iter().enumerate() {
                for other in cover.rows().iter().skip(at + 1) {
                    prop_assert!(row.range.intersect(other.range).is_none() || row.lane != other.lane);
                }
            }
        }
    }
}
