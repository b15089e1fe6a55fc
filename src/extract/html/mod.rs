//! A page of the web becomes blocks in reading order: everything that a browser shows, with what the markup says of it.
//!
//! Nothing is judged here; what is furniture and what is the article is a label that somebody gives later. A page is
//! read in one pass with a bounded stack, so that no nesting and no missing tag can slow it down or bring it down.

mod charset;
mod element;
mod flow;
mod json_ld;
mod meta;
mod names;
mod stack;
mod token;

pub use charset::declared_charset;

use crate::model::article::BlockKind;
use crate::model::markup::{self, Markup, Node};

/// What a page shows, and what it says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What the page says of itself.
    pub about: About,
    /// What it shows, in reading order; the texts put together are the text of the page.
    pub blocks: Vec<HtmlBlock>,
    /// The elements around the blocks; each stands after its parent.
    pub nodes: Vec<Node>,
}

/// What a page says of itself; nothing here is made up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it, as written.
    pub author: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// The address it wants to be known by.
    pub url: Option<String>,
    /// Its language as a BCP 47 tag.
    pub language: Option<String>,
    /// What it is about, in a sentence or two.
    pub summary: Option<String>,
}

/// One block of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct HtmlBlock {
    /// What it is on the page.
    pub kind: BlockKind,
    /// Its text as a browser shows it; ends with a line end.
    pub text: String,
    /// What the markup says of it.
    pub facts: Facts,
}

/// What the markup says of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The innermost element that has the whole block in it: its place in the nodes of the page.
    pub node: u32,
    /// Characters that are not white space.
    pub chars: u32,
    /// Those of them that stand in links.
    pub link_chars: u32,
    /// Links that begin in it.
    pub links: u32,
    /// A picture stands between the block before and this one.
    pub after_image: bool,
}

impl Facts {
    /// The share of its characters that stand in links, from 0 to 1.
    pub fn link_density(&self) -> f32 {
        if self.chars == 0 { 0.0 } else { ratio(self.link_chars, self.chars) }
    }
}

/// One part of a whole; exact enough for shares.
fn ratio(part: u32, whole: u32) -> f32 {
    let short = |number: u32| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    if whole <= u32::from(u16::MAX) { short(part) / short(whole) } else { short(part >> 16) / short(whole >> 16) }
}

/// A number of a node as its place.
pub(crate) fn at(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

impl Page {
    /// What the markup says, as it is kept with an article of these blocks.
    pub fn markup(&self) -> Markup {
        let facts = |block: &HtmlBlock| {
            let Facts { node, link_chars, links, after_image, .. } = block.facts;
            markup::Facts { node, link_chars, links, after_image }
        };
        Markup { nodes: self.nodes.clone(), facts: self.blocks.iter().map(facts).collect() }
    }

    /// The tag path of a block with the first class of each element: `html/body/div.story/p`.
    pub fn path(&self, facts: &Facts) -> String {
        markup::path(&self.nodes, facts.node)
    }
}

/// Reads a page; one that begins as XML does is read as [`blocks_of_xml`] does.
pub fn blocks(html: &str) -> Page {
    read(html, html.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with("<?xml"))
}

/// Reads a page that is XML: what is closed in its own tag, as in `<title/>`, stands alone.
pub fn blocks_of_xml(xhtml: &str) -> Page {
    read(xhtml, true)
}

fn read(html: &str, is_xml: bool) -> Page {
    let mut flow = flow::Flow::new(is_xml);
    token::walk(html, &mut flow);
    flow.finish()
}

#[cfg(test)]
mod tests;
