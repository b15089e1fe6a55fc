//! The flow of text: tags and texts become blocks, white space becomes what a browser shows.

use crate::extract::html::element::{self, Role};
use crate::extract::html::meta::Meta;
use crate::extract::html::stack::Stack;
use crate::extract::html::token::{Attributes, Sink};
use crate::extract::html::{Facts, HtmlBlock, Page, at};
use crate::model::article::BlockKind;

/// After so many blocks, all further text is put into the last one, so that no page takes memory without end.
const MOST_BLOCKS: usize = 200_000;

/// Builds the blocks of a page.
#[derive(Debug, Default)]
pub(super) struct Flow {
    stack: Stack,
    meta: Meta,
    blocks: Vec<HtmlBlock>,
    /// The block that is being written.
    text: String,
    begun: Option<Begun>,
    facts: Facts,
    space: bool,
    breaks: u32,
    image: bool,
    /// Line feeds at the start of `pre` are not shown.
    skip_line_feed: bool,
    /// A link has ended and no text came behind it; whether an element has begun since.
    after_link: Option<bool>,
    /// An element that is not shown.
    hidden: Option<Hidden>,
    /// Elements that say so in their own tag stand alone, whatever their name.
    is_xml: bool,
}

/// An element that is not shown, nor anything in it.
#[derive(Debug, Default)]
struct Hidden {
    name: String,
    /// How many of its name stand in each other.
    depth: u32,
    /// How many drawings and formulas are open in it.
    foreign: u32,
    /// What else is open in it, as long as it may be ended by what stands around it.
    inside: Vec<String>,
    /// How many more, beyond those that are remembered.
    beyond: u32,
}

/// Elements inside a hidden one that are remembered.
const DEEPEST: usize = 512;

impl Hidden {
    /// A start tag in it; whether an element is open now.
    fn open(&mut self, name: &str, empty: bool, is_foreign: bool) -> bool {
        if empty && (is_foreign || self.foreign > 0) {
            return false;
        }
        self.depth += u32::from(self.name == name);
        self.foreign += u32::from(is_foreign_root(name));
        if self.may_be_cut() && self.name != name && !matches!(element::role(name), Role::Void | Role::Break) {
            if self.inside.len() < DEEPEST {
                self.inside.push(name.to_owned());
            } else {
                self.beyond = self.beyond.saturating_add(1);
            }
        }
        true
    }

    /// An end tag of another name; whether it belongs to an element that was begun inside.
    fn close(&mut self, name: &str) -> bool {
        self.foreign = self.foreign.saturating_sub(u32::from(is_foreign_root(name)));
        if let Some(left) = self.beyond.checked_sub(1) {
            self.beyond = left;
            return true;
        }
        let place = self.inside.iter().rposition(|inside| inside == name);
        if let Some(place) = place {
            self.inside.truncate(place);
        }
        place.is_some()
    }

    /// Whether the end of an element around it is its own end: players hold words for old browsers, and people forget
    /// their end tags. Those of the others are never forgotten, or what stands in them are no tags.
    fn may_be_cut(&self) -> bool {
        matches!(self.name.as_str(), "video" | "audio" | "canvas")
    }
}

fn is_foreign_root(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// What is known of a block once its first character is there.
#[derive(Debug)]
struct Begun {
    kind: BlockKind,
    node: u32,
    /// Height of the innermost element that has the whole block in it.
    height: usize,
    /// Height of the element that the node is for.
    top: usize,
}

impl Flow {
    /// Nothing is read yet.
    pub(super) fn new(is_xml: bool) -> Self {
        Self { is_xml, ..Self::default() }
    }

    /// The page that was read.
    pub(super) fn finish(mut self) -> Page {
        self.end_block();
        Page { about: self.meta.finish(), blocks: self.blocks, nodes: self.stack.nodes }
    }

    fn begin(&mut self) {
        let kind = self.kind();
        let node = if self.blocks.len() < MOST_BLOCKS { self.stack.node().unwrap_or_default() } else { 0 };
        let (height, _) = self.stack.heights();
        self.facts.after_image = std::mem::take(&mut self.image);
        self.begun = Some(Begun { kind, node, height, top: height });
    }

    fn end_block(&mut self) {
        (self.space, self.breaks) = (false, 0);
        let facts = std::mem::take(&mut self.facts);
        let Some(begun) = self.begun.take() else { return };
        let mut text = std::mem::take(&mut self.text);
        text.truncate(text.trim_end_matches([' ', '\n', '\t', '\r']).len());
        if text.trim().is_empty() {
            return;
        }
        text.push('\n');
        if self.blocks.len() >= MOST_BLOCKS
            && let Some(last) = self.blocks.last_mut()
        {
            last.text.push_str(&text);
            last.facts.chars = last.facts.chars.saturating_add(facts.chars);
            last.facts.link_chars = last.facts.link_chars.saturating_add(facts.link_chars);
            return;
        }
        let mut node = begun.node;
        for _ in begun.height..begun.top {
            let parent = self.stack.nodes.get(at(node)).and_then(|node| node.parent);
            node = parent.unwrap_or(node);
        }
        self.blocks.push(HtmlBlock { kind: begun.kind, text, facts: Facts { node, ..facts } });
    }

    /// What the elements around say of the kind, the innermost first.
    fn kind(&self) -> BlockKind {
        let mut in_paragraph = false;
        for (away, open) in self.stack.open.iter().rev().enumerate() {
            let Some(name) = self.stack.names.get(open.name) else { continue };
            match name.kind {
                // Tables lay out pages too; paragraphs in a cell are paragraphs.
                Some(BlockKind::Cell) if in_paragraph => return BlockKind::Paragraph,
                Some(kind) => return kind,
                None if away < 4 && open.words.contains("caption") => return BlockKind::Caption,
                None if open.words.ends_with("button") || &*name.text == "label" => return BlockKind::Control,
                None if open.words.split(' ').any(|word| word == "heading") => return BlockKind::Heading,
                None => in_paragraph |= &*name.text == "p",
            }
        }
        BlockKind::Paragraph
    }

    /// Writes a character that is not white space.
    fn letter(&mut self, letter: char, in_link: bool) {
        if self.begun.is_none() {
            self.begin();
        }
        if std::mem::take(&mut self.breaks) > 0 {
            self.text.push('\n');
        } else if self.space && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
        }
        self.space = false;
        self.text.push(letter);
        if !letter.is_whitespace() {
            self.facts.chars = self.facts.chars.saturating_add(1);
            self.facts.link_chars = self.facts.link_chars.saturating_add(u32::from(in_link));
        }
    }

    /// The block stands in what was open all the time.
    fn note_heights(&mut self) {
        let (height, lowest) = self.stack.heights();
        if let Some(begun) = &mut self.begun {
            begun.height = begun.height.min(height).min(lowest);
        }
    }

    fn flow_text(&mut self, text: &str) {
        let in_link = self.stack.in_link();
        let mut noted = false;
        for letter in text.chars() {
            match letter {
                ' ' | '\t' | '\n' | '\r' | '\u{C}' => self.space = true,
                '\0' => {}
                _ => {
                    if self.breaks >= 2 {
                        self.end_block();
                    }
                    if !noted {
                        noted = true;
                        self.note_heights();
                    }
                    self.letter(letter, in_link);
                }
            }
        }
    }

    fn kept_text(&mut self, text: &str) {
        let in_link = self.stack.in_link();
        self.note_heights();
        for letter in text.chars().filter(|letter| *letter != '\0') {
            if letter.is_whitespace() {
                // Blank lines at the start are not part of the block.
                if self.begun.is_none() && letter == '\n' {
                    continue;
                }
                if self.begun.is_none() {
                    self.begin();
                }
                self.text.push(letter);
            } else {
                self.letter(letter, in_link);
            }
        }
    }

    fn line_break(&mut self) {
        if self.stack.keeps_space() {
            self.kept_text("\n");
        } else if self.begun.is_some() {
            self.breaks += 1;
            self.space = false;
        }
    }

    /// A button whose words stand in its tag.
    fn input(&mut self, attributes: &Attributes) {
        let kind = attributes.text("type").to_ascii_lowercase();
        if matches!(kind.as_str(), "submit" | "button" | "reset") && !attributes.text("value").trim().is_empty() {
            self.end_block();
            self.flow_text(attributes.text("value"));
            if let Some(begun) = &mut self.begun {
                begun.kind = BlockKind::Control;
            }
            self.end_block();
        }
    }
}

/// Elements that are not shown, whose end tags cannot be left out, and which hide whatever is in them.
fn hides_all(name: &str) -> bool {
    element::role(name) == Role::Hidden && !matches!(name, "head" | "rp")
}

/// What may stand in the head of a page.
fn belongs_in_head(name: &str) -> bool {
    matches!(
        name,
        "title" | "meta" | "link" | "script" | "style" | "base" | "template" | "noscript" | "bgsound" | "basefont"
    )
}

impl Sink for Flow {
    fn open(&mut self, name: &str, attributes: &Attributes, empty: bool) -> bool {
        let foreign = self.stack.names.open("svg") + self.stack.names.open("math") > 0;
        if let Some(hidden) = &mut self.hidden {
            return hidden.open(name, empty, foreign || self.is_xml);
        }
        let role = element::role(name);
        let alone = empty && (foreign || self.is_xml);
        if self.stack.names.open("head") > 0 && !belongs_in_head(name) && name != "head" {
            // Whatever does not belong in the head ends it.
            self.stack.close("head");
        }
        match role {
            Role::Break => {
                self.line_break();
                return false;
            }
            Role::Void => {
                match name {
                    "meta" => self.meta.tag(attributes),
                    "link" => self.meta.link(attributes),
                    "img" => self.image = true,
                    "input" if !self.stack.is_hidden() => self.input(attributes),
                    _ => {}
                }
                return false;
            }
            Role::Hidden if hides_all(name) => {
                self.image |= name == "video";
                if !alone {
                    self.meta.begin(name, attributes, foreign);
                    self.hidden = Some(Hidden { name: name.to_owned(), depth: 1, ..Hidden::default() });
                }
                return !alone;
            }
            _ => {}
        }
        match name {
            "option" => {
                self.line_break();
            }
            "html" | "body" => {
                self.meta.root(attributes);
                if self.stack.names.open(name) > 0 {
                    return true;
                }
            }
            _ => {}
        }
        if self.stack.make_room(name) || role == Role::Block {
            self.end_block();
        }
        if name == "hr" || alone || (empty && name.contains(':')) {
            return false;
        }
        let hidden = role == Role::Hidden || (name == "dialog" && attributes.get("open").is_none());
        let id = self.stack.names.id(name);
        let kept = self.stack.push(id, attributes, hidden);
        let top = self.stack.open.last().filter(|_| kept);
        let (is_block, is_link) = top.map_or((false, false), |top| (top.is_block, top.is_link && !top.hidden));
        if is_block {
            self.end_block();
        }
        if let Some(begun) = &mut self.after_link {
            *begun = true;
            // Links that touch are set apart by their looks: a menu in one line is many words.
            self.space |= is_link;
        }
        self.facts.links += u32::from(is_link);
        self.skip_line_feed = matches!(name, "pre" | "listing" | "textarea");
        true
    }

    fn close(&mut self, name: &str) {
        if let Some(hidden) = &mut self.hidden {
            let own = hidden.name == name;
            hidden.depth -= u32::from(own);
            let cut = !own && !hidden.close(name) && hidden.may_be_cut() && self.stack.names.open(name) > 0;
            if !cut && hidden.depth > 0 {
                return;
            }
            self.hidden = None;
            self.meta.end();
            if !cut {
                return;
            }
        }
        if name == "a" {
            self.after_link = Some(false);
        }
        if name == "br" {
            self.line_break();
        } else if !matches!(name, "body" | "html") && self.stack.close(name) {
            self.end_block();
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            self.meta.text(text);
            return;
        }
        let text =
            if std::mem::take(&mut self.skip_line_feed) { text.strip_prefix('\n').unwrap_or(text) } else { text };
        if self.stack.names.open("head") > 0 && !text.trim_ascii().is_empty() {
            self.stack.close("head");
        }
        if self.stack.is_hidden() {
            return;
        }
        // So is what begins with a capital in an element of its own behind a link: a name, and what somebody is.
        if self.after_link.take() == Some(true) && text.starts_with(char::is_uppercase) {
            self.space |= self.text.ends_with(char::is_lowercase);
        }
        if self.stack.keeps_space() { self.kept_text(text) } else { self.flow_text(text) }
    }
}
