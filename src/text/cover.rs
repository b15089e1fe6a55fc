//! Which ranges touch a place, how deep they nest, and which lane each takes.
//!
//! Lanes are interval colouring in order of start (Kleinberg and Tardos, Algorithm Design, 4.1): a range keeps its
//! lane wherever it is drawn, and ranges that share a place never share a lane.

use crate::text::range::TextRange;

/// Ranges sorted for questions about places; `T` names whose range it is.
#[derive(Clone, Debug)]
pub struct Cover<T> {
    rows: Vec<Row<T>>,
    /// The furthest end in each chunk of rows, so that a question passes over those that end before it.
    ends: Vec<u32>,
}

impl<T> Default for Cover<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), ends: Vec::new() }
    }
}

/// How many rows share an entry of `ends`.
const CHUNK: usize = 64;

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
        rows.sort_unstable_by_key(key);
        let mut free: Vec<u32> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for at in 0..rows.len() {
            let Some(range) = rows.get(at).map(|row| row.range) else { break };
            open.retain(|other| rows.get(*other).is_some_and(|row| row.range.end() > range.start()));
            let covers = |rows: &[Row<T>], other: usize| rows.get(other).is_some_and(|row| row.range.covers(range));
            let depth = small(open.iter().filter(|other| covers(&rows, **other)).count());
            for other in &open {
                if covers(&rows, *other)
                    && let Some(outer) = rows.get_mut(*other)
                {
                    outer.height = outer.height.max(depth.saturating_sub(outer.depth));
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
        }
        let mut cover = Self { rows, ends: Vec::new() };
        cover.find_ends();
        cover
    }

    /// Puts one range in. The others keep their lanes; it takes the first that none of those it touches has.
    ///
    /// Costs a copy of the rows behind it, and a look at what it touches.
    pub fn insert(&mut self, range: TextRange, owner: T) {
        let mut taken = [false; 256];
        for row in self.touching(range) {
            if let Some(lane) = taken.get_mut(usize::from(row.lane)) {
                *lane = true;
            }
        }
        let lane = small(taken.iter().position(|taken| !taken).unwrap_or(0));
        let row = Row { range, owner, depth: 0, lane, height: 0 };
        let at = self.rows.partition_point(|other| key(other) < key(&row));
        self.rows.insert(at, row);
        self.find_ends();
        self.measure(range);
    }

    /// Takes one range out. The others keep their lanes.
    pub fn remove(&mut self, range: TextRange, owner: T) {
        let row = Row { range, owner, depth: 0, lane: 0, height: 0 };
        if let Ok(at) = self.rows.binary_search_by(|other| key(other).cmp(&key(&row))) {
            self.rows.remove(at);
            self.find_ends();
            self.measure(range);
        }
    }

    /// Counts depth and height anew for what touches a range.
    fn measure(&mut self, range: TextRange) {
        let touched: Vec<usize> = self.numbers(range).collect();
        for at in &touched {
            let Some(row) = self.rows.get(*at).copied() else { continue };
            let around = self.numbers(row.range).take_while(|other| other < at);
            let covers = |other: &usize| self.rows.get(*other).is_some_and(|other| other.range.covers(row.range));
            let depth = small(around.filter(covers).count());
            if let Some(row) = self.rows.get_mut(*at) {
                row.depth = depth;
            }
        }
        for at in &touched {
            let Some(row) = self.rows.get(*at).copied() else { continue };
            let inside =
                self.touching(row.range).filter(|other| key(other) > key(&row) && row.range.covers(other.range));
            let height = inside.map(|other| other.depth.saturating_sub(row.depth)).max().unwrap_or(0);
            if let Some(row) = self.rows.get_mut(*at) {
                row.height = height;
            }
        }
    }

    fn find_ends(&mut self) {
        self.ends.clear();
        let ends = self.rows.chunks(CHUNK).map(|rows| rows.iter().map(|row| row.range.end()).max().unwrap_or(0));
        self.ends.extend(ends);
    }

    /// The numbers of the rows that share a code point with `range`.
    fn numbers(&self, range: TextRange) -> impl Iterator<Item = usize> + '_ {
        let upto = self.rows.partition_point(|row| row.range.start() < range.end());
        let chunks = self.ends.iter().enumerate().take(upto.div_ceil(CHUNK));
        let near = chunks.filter(move |(_, end)| **end > range.start()).map(|(chunk, _)| chunk * CHUNK);
        near.flat_map(move |from| from..(from + CHUNK).min(upto))
            .filter(move |at| self.rows.get(*at).is_some_and(|row| row.range.end() > range.start()))
    }

    /// All ranges in order of start.
    pub fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    /// The ranges that share a code point with `range`, in order of start.
    pub fn touching(&self, range: TextRange) -> impl Iterator<Item = &Row<T>> {
        self.numbers(range).filter_map(|at| self.rows.get(at))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many lanes are in use anywhere in `range`.
    pub fn lanes(&self, range: TextRange) -> u8 {
        self.touching(range).map(|row| row.lane + 1).max().unwrap_or(0)
    }
}

/// The order of rows: by start, longer ones first.
fn key<T: Copy + Ord>(row: &Row<T>) -> (u32, u32, T) {
    (row.range.start(), u32::MAX - row.range.end(), row.owner)
}

fn small(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX).min(u8::MAX - 1)
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

    #[test]
    fn heaps_of_ranges_are_counted_as_far_as_a_byte_goes() {
        let mut cover = Cover::new((0..300).map(|owner| (r(0, 40), owner)));
        cover.insert(r(0, 40), 300);
        cover.remove(r(0, 40), 7);
        assert_eq!((cover.lanes(r(3, 4)), cover.rows().last().map(|row| row.depth)), (255, Some(254)));
    }

    proptest! {
        #[test]
        fn editing_gives_what_sorting_anew_gives_and_lanes_stay(
            spans in proptest::collection::vec((0_u32..300, 1_u32..60, any::<bool>()), 0..120),
        ) {
            let mut cover = Cover::new([]);
            let mut kept: Vec<(TextRange, usize)> = Vec::new();
            for (number, (start, length, removes)) in spans.into_iter().enumerate() {
                let before: Vec<_> = cover.rows().iter().map(|row| (row.owner, row.lane)).collect();
                if removes && !kept.is_empty() {
                    let (range, owner) = kept.remove(start as usize % kept.len());
                    cover.remove(range, owner);
                } else {
                    kept.push((r(start, start + length), number));
                    cover.insert(r(start, start + length), number);
                }
                for row in cover.rows() {
                    prop_assert!(before.iter().all(|(owner, lane)| *owner != row.owner || *lane == row.lane));
                    prop_assert!(cover.touching(row.range).all(|other| other == row || other.lane != row.lane));
                }
            }
            let shape = |cover: &Cover<usize>| -> Vec<_> {
                cover.rows().iter().map(|row| (row.range, row.owner, row.depth, row.height)).collect()
            };
            prop_assert_eq!(shape(&cover), shape(&Cover::new(kept)));
        }

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
