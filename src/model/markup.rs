//! What the markup of a page says of the blocks of its article: in which elements each stands, and how much of it is
//! links. It is kept with the article, since it tells furniture from the article on every other page of the site.

use serde::{Deserialize, Serialize};

/// What the markup of a page says, block by block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// The elements around the blocks; each stands after its parent.
    pub nodes: Vec<Node>,
    /// What is said of each block, in their order.
    pub facts: Vec<Facts>,
}

/// An element that has text in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredNode", into = "StoredNode")]
pub struct Node {
    /// The element around it; none for the outermost one.
    pub parent: Option<u32>,
    /// Name of its tag.
    pub tag: Box<str>,
    /// What its author calls it: classes, id, role and property, in lower case, with blanks between.
    pub words: Box<str>,
}

/// In a file: parent, tag, words.
#[derive(Serialize, Deserialize)]
struct StoredNode(Option<u32>, Box<str>, Box<str>);

/// What the markup says of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The innermost element that has the whole block in it: its place in the nodes.
    pub node: u32,
    /// Characters in links that are not white space.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub link_chars: u32,
    /// Links that begin in it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub links: u32,
    /// A picture stands between the block before and this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_image: bool,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl From<StoredNode> for Node {
    fn from(StoredNode(parent, tag, words): StoredNode) -> Self {
        Self { parent, tag, words }
    }
}

impl From<Node> for StoredNode {
    fn from(Node { parent, tag, words }: Node) -> Self {
        Self(parent, tag, words)
    }
}

impl Markup {
    /// Whether it is about so many blocks, and every element that is named is there and after its parent.
    pub fn fits(&self, blocks: usize) -> bool {
        let there = |node: u32| at(node) < self.nodes.len();
        let after = |(place, node): (usize, &Node)| node.parent.is_none_or(|parent| at(parent) < place);
        self.facts.len() == blocks
            && self.facts.iter().all(|facts| there(facts.node))
            && self.nodes.iter().enumerate().all(after)
    }

    /// The tag path of a block; see [`path`].
    pub fn path(&self, facts: &Facts) -> String {
        path(&self.nodes, facts.node)
    }
}

/// An element and those around it, the innermost first.
pub fn around(nodes: &[Node], node: u32) -> impl Iterator<Item = &Node> {
    let mut next = nodes.get(at(node));
    std::iter::from_fn(move || {
        let node = next?;
        next = node.parent.and_then(|parent| nodes.get(at(parent)));
        Some(node)
    })
}

/// The tag path of an element with the first class of each: `html/body/div.story/p`.
pub fn path(nodes: &[Node], node: u32) -> String {
    let mut steps: Vec<String> = around(nodes, node)
        .map(|node| match node.words.split(' ').next().filter(|word| !word.is_empty()) {
            Some(word) => format!("{}.{word}", node.tag),
            None => node.tag.to_string(),
        })
        .collect();
    steps.reverse();
    steps.join("/")
}

/// A number of a node as its place.
fn at(node: u32) -> usize {
    usize::try_from(node).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: Option<u32>, tag: &str, words: &str) -> Node {
        Node { parent, tag: tag.into(), words: words.into() }
    }

    #[test]
    fn elements_are_named_from_the_outermost_and_must_be_there() {
        let nodes = vec![node(None, "body", ""), node(Some(0), "div", "story main"), node(Some(1), "p", "")];
        let facts = Facts { node: 2, ..Facts::default() };
        let markup = Markup { nodes, facts: vec![facts] };
        assert_eq!(markup.path(&facts), "body/div.story/p");
        assert!(markup.fits(1) && !markup.fits(2));
        let mut round = markup.clone();
        round.nodes[0].parent = Some(2);
        assert!(!round.fits(1));
        let nowhere = Markup { facts: vec![Facts { node: 3, ..facts }], ..markup };
        assert!(!nowhere.fits(1));
    }
}
