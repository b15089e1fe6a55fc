//! Where blocks stand on a page, as numbers: an element with all those around it is one number, whatever their names.

use crate::assist::boilerplate::line::key;
use crate::model::markup::Node;

/// How many of the elements around a block are told apart, the innermost first.
const LEVELS: usize = 5;

/// Where a block stands: a number for its element, then one for each around it. Zero where there is none.
///
/// Each number is made of tag and first class of the element and of all those outside of it, so that two places with
/// the same number have the same tag path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place([u64; LEVELS]);

impl Place {
    /// Its numbers with their levels, the innermost first.
    pub(super) fn levels(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let known = self.0.iter().take_while(|number| **number != 0);
        known.enumerate().map(|(level, number)| (level, number.wrapping_mul(31).wrapping_add(level as u64)))
    }
}

/// The places of all elements of a page, each worked out once from that of its parent.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// Of elements that stand after their parents.
    pub fn new(nodes: &[Node]) -> Self {
        let mut places: Vec<Place> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let parent = node.parent.and_then(|parent| places.get(usize::try_from(parent).ok()?)).copied();
            let Place(around) = parent.unwrap_or_default();
            let [outside, ..] = around;
            let class = node.words.split(' ').next().unwrap_or_default();
            let step = key(&node.tag).rotate_left(17) ^ key(class);
            let own = (outside.rotate_left(5) ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut levels = [own; LEVELS];
            levels.iter_mut().skip(1).zip(around).for_each(|(level, number)| *level = number);
            places.push(Place(levels));
        }
        Self(places)
    }

    /// The place of an element, by its number.
    pub fn of(&self, node: u32) -> Place {
        usize::try_from(node).ok().and_then(|node| self.0.get(node)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: Option<u32>, tag: &str, words: &str) -> Node {
        Node { parent, tag: tag.into(), words: words.into() }
    }

    #[test]
    fn places_are_the_same_where_the_paths_are() {
        let nodes = [
            node(None, "body", ""),
            node(Some(0), "div", "story main"),
            node(Some(1), "p", ""),
            node(Some(0), "div", "story late"),
            node(Some(3), "p", ""),
            node(Some(0), "div", "side"),
            node(Some(5), "p", ""),
        ];
        let places = Places::new(&nodes);
        assert_eq!(places.of(2), places.of(4));
        assert_ne!(places.of(2), places.of(6));
        let shared = |a: u32, b: u32| {
            let (a, b): (Vec<_>, Vec<_>) = (places.of(a).levels().collect(), places.of(b).levels().collect());
            a.iter().filter(|level| b.contains(level)).count()
        };
        assert_eq!((shared(2, 4), shared(2, 6)), (3, 1));
        assert_eq!(places.of(99), Place::default());
    }

    #[test]
    fn deep_pages_cost_no_more_for_each_element() {
        let nodes: Vec<Node> = (0..100_000).map(|at: u32| node(at.checked_sub(1), "div", &"x".repeat(20))).collect();
        assert_eq!(Places::new(&nodes).of(99_999).levels().count(), LEVELS);
    }
}
