//! The elements that are open at a place of the page, at most so many, with the rules of HTML for what ends what.

use crate::extract::html::element::{self, Role};
use crate::extract::html::names::{NameId, Names};
use crate::extract::html::token::Attributes;
use crate::model::markup::Node;

/// Elements inside elements; deeper ones count as their siblings, as in browsers.
const DEEPEST: usize = 512;
/// How far back an end tag looks for its start tag among those that are too deep.
const LOOK_BACK: usize = 64;
/// More elements than this are not kept; what is in them belongs to those around.
const MOST_NODES: usize = 1_000_000;
/// Longer lists of classes are cut.
const LONGEST_WORDS: usize = 256;

/// An open element.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: NameId,
    pub(super) hidden: bool,
    pub(super) keeps_space: bool,
    pub(super) is_link: bool,
    /// Its style makes a block of it.
    pub(super) is_block: bool,
    pub(super) words: String,
    node: Option<u32>,
}

/// The open elements.
#[derive(Debug, Default)]
pub(super) struct Stack {
    pub(super) open: Vec<Open>,
    pub(super) names: Names,
    /// Names of elements that are too deep to be kept.
    beyond: Vec<NameId>,
    /// Elements that have text in them.
    pub(super) nodes: Vec<Node>,
    /// The smallest height that the stack has had since somebody asked.
    lowest: usize,
    links: u32,
}

/// Elements whose end tags do not end what was begun inside.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

impl Stack {
    /// Whether what stands here is not shown.
    pub(super) fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|open| open.hidden)
    }

    /// Whether white space is shown as written.
    pub(super) fn keeps_space(&self) -> bool {
        self.open.last().is_some_and(|open| open.keeps_space)
    }

    /// Whether what stands here belongs to a link.
    pub(super) fn in_link(&self) -> bool {
        self.links > 0
    }

    /// The height of the stack, and the smallest height since the last question.
    pub(super) fn heights(&mut self) -> (usize, usize) {
        let height = self.open.len();
        (height, std::mem::replace(&mut self.lowest, height).min(height))
    }

    /// Opens an element; false if it is too deep to be kept.
    pub(super) fn push(&mut self, name: NameId, attributes: &Attributes, hidden: bool) -> bool {
        self.names.count(name, true);
        if self.open.len() >= DEEPEST {
            self.beyond.push(name);
            return false;
        }
        let known = self.names.get(name);
        let style = Style::of(attributes.text("style"));
        let is_link = known.is_some_and(|name| &*name.text == "a") && attributes.get("href").is_some();
        self.links += u32::from(is_link);
        self.open.push(Open {
            name,
            hidden: hidden || self.is_hidden() || style.hidden || attributes.get("hidden").is_some(),
            keeps_space: style.keeps_space.unwrap_or(known.is_some_and(|name| name.keeps_space) || self.keeps_space()),
            is_link,
            is_block: style.block || known.is_some_and(|name| name.role == Role::Block),
            words: words(attributes),
            node: None,
        });
        true
    }

    /// Ends what a start tag of that name ends; true if a block was among it.
    pub(super) fn make_room(&mut self, text: &str) -> bool {
        let mut ended = false;
        if element::ends_paragraph(text) && self.names.open("p") > 0 {
            ended |= self.close_back_to(&["p"], &["table", "td", "th", "caption", "button"]);
        }
        match element::ends(text) {
            Some((names, ["*"])) => {
                let top = self.open.last().map(|open| self.names.text(open.name));
                if top.is_some_and(|top| names.contains(&top)) {
                    ended |= self.pop();
                }
            }
            Some((["a"], _)) if self.names.open("a") > 0 => _ = self.close("a"),
            Some((names, stops)) if names.iter().any(|name| self.names.open(name) > 0) => {
                ended |= self.close_back_to(names, stops);
            }
            _ => {}
        }
        ended
    }

    /// Closes the innermost element with one of these names and what is in it, unless a stop comes first.
    fn close_back_to(&mut self, names: &[&str], stops: &[&str]) -> bool {
        let mut found = None;
        for (place, open) in self.open.iter().enumerate().rev() {
            let text = self.names.text(open.name);
            if names.contains(&text) {
                found = Some(place);
                break;
            }
            if stops.contains(&text) {
                break;
            }
        }
        found.is_some_and(|place| self.cut(place))
    }

    /// Closes what an end tag of that name closes; true if a block was among it.
    pub(super) fn close(&mut self, text: &str) -> bool {
        let role = element::role(text);
        if self.names.open(text) == 0 && !is_heading(text) {
            return text == "p";
        }
        let id = self.names.id(text);
        if !self.beyond.is_empty() {
            let from = self.beyond.len().saturating_sub(LOOK_BACK);
            if let Some(back) = self.beyond.iter().rev().take(LOOK_BACK).position(|name| *name == id) {
                let place = self.beyond.len() - 1 - back;
                for name in self.beyond.drain(place.max(from)..) {
                    self.names.count(name, false);
                }
                return role == Role::Block;
            }
        }
        let is_table_part = matches!(text, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th");
        let formatting = FORMATTING.contains(&text);
        let (mut found, mut blocks_between) = (None, false);
        for (place, open) in self.open.iter().enumerate().rev() {
            let matches = open.name == id || (is_heading(text) && is_heading(self.names.text(open.name)));
            if matches {
                found = Some(place);
                break;
            }
            let known = self.names.get(open.name);
            // Parts of a table end each other, but not what is outside of it.
            let ends_table_part = is_table_part && known.is_some_and(|name| &*name.text != "table");
            if known.is_some_and(|name| name.is_fence) && !ends_table_part {
                break;
            }
            blocks_between |= known.is_some_and(|name| name.role == Role::Block);
        }
        let Some(place) = found else { return false };
        if role == Role::Block || !blocks_between {
            return self.cut(place);
        }
        if formatting {
            let open = self.open.remove(place);
            self.forget(&open);
            self.lowest = self.lowest.min(place);
        }
        false
    }

    /// Closes everything from that place on; true if a block was among it.
    fn cut(&mut self, place: usize) -> bool {
        // What is too deep stands inside of what is closed.
        for name in self.beyond.drain(..) {
            self.names.count(name, false);
        }
        let mut block = false;
        while self.open.len() > place {
            block |= self.pop();
        }
        block
    }

    /// Closes the innermost element; true if it is a block.
    pub(super) fn pop(&mut self) -> bool {
        let Some(open) = self.open.pop() else { return false };
        self.forget(&open);
        self.lowest = self.lowest.min(self.open.len());
        open.is_block
    }

    fn forget(&mut self, open: &Open) {
        self.names.count(open.name, false);
        self.links -= u32::from(open.is_link);
    }

    /// The node of the innermost element; it and those around it are kept from now on.
    pub(super) fn node(&mut self) -> Option<u32> {
        let known = self.open.iter().rposition(|open| open.node.is_some());
        let mut parent = known.and_then(|place| self.open.get(place)).and_then(|open| open.node);
        let from = known.map_or(0, |place| place + 1);
        for open in self.open.iter_mut().skip(from) {
            if self.nodes.len() >= MOST_NODES {
                break;
            }
            let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            self.nodes.push(Node { parent, tag: self.names.text(open.name).into(), words: open.words.as_str().into() });
            open.node = Some(id);
            parent = Some(id);
        }
        parent
    }
}

fn is_heading(text: &str) -> bool {
    matches!(text, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// What its author calls an element, in lower case.
fn words(attributes: &Attributes) -> String {
    let mut words = String::new();
    for name in ["class", "id", "itemprop", "role"] {
        for word in attributes.text(name).split_ascii_whitespace() {
            if words.len() + word.len() < LONGEST_WORDS {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
        }
    }
    words.make_ascii_lowercase();
    words
}

/// What a style in the tag does to text.
struct Style {
    hidden: bool,
    block: bool,
    keeps_space: Option<bool>,
}

impl Style {
    fn of(style: &str) -> Self {
        let mut found = Self { hidden: false, block: false, keeps_space: None };
        if style.is_empty() {
            return found;
        }
        for part in style.split(';') {
            let Some((name, value)) = part.split_once(':') else { continue };
            let value = value.trim().to_ascii_lowercase();
            let value = value.split('!').next().unwrap_or_default().trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "display" if value == "none" => found.hidden = true,
                "display" => found.block |= matches!(value, "block" | "flex" | "grid" | "table" | "list-item"),
                "visibility" => found.hidden |= value == "hidden",
                "white-space" => found.keeps_space = Some(value.starts_with("pre") && value != "pre-line"),
                _ => {}
            }
        }
        found
    }
}
