//! From characters to tags and texts: hands what the tokenizer finds to a builder, and keeps of the attributes only
//! those that say something about text.

use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};

/// What receives tags and texts in their order.
pub(super) trait Sink {
    /// A start tag; whether an element is open now, or stands alone.
    fn open(&mut self, name: &str, attributes: &Attributes, empty: bool) -> bool;
    /// An end tag.
    fn close(&mut self, name: &str);
    /// Characters between tags.
    fn text(&mut self, text: &str);
}

/// Longer values are cut; no value that is used needs more.
const LONGEST_VALUE: usize = 4_096;
/// Longer names of elements are cut.
const LONGEST_NAME: usize = 64;
/// Text is handed on in pieces of about this many bytes.
const PIECE: usize = 1 << 16;

/// The attributes that are looked at, in the order of their places in [`Attributes`].
const WANTED: [&str; 18] = [
    "class",
    "id",
    "style",
    "hidden",
    "href",
    "type",
    "lang",
    "property",
    "name",
    "content",
    "itemprop",
    "role",
    "rel",
    "datetime",
    "value",
    "xml:lang",
    "open",
    "http-equiv",
];

/// The attributes of one tag; nothing but the wanted ones.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: [String; WANTED.len()],
    given: u32,
}

impl Attributes {
    /// The value of a wanted attribute, if it was given.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let place = place(name.as_bytes())?;
        (self.given & (1 << place) != 0).then(|| self.values.get(place).map(String::as_str)).flatten()
    }

    /// The value of a wanted attribute, empty if it was not given.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    fn clear(&mut self) {
        if self.given != 0 {
            self.values.iter_mut().for_each(String::clear);
            self.given = 0;
        }
    }

    /// The first of several values is the one that counts.
    fn set(&mut self, name: &[u8], value: &[u8]) {
        if let Some(place) = place(name)
            && self.given & (1 << place) == 0
            && let Some(slot) = self.values.get_mut(place)
        {
            self.given |= 1 << place;
            slot.push_str(&String::from_utf8_lossy(value));
        }
    }
}

fn place(name: &[u8]) -> Option<usize> {
    WANTED.iter().position(|wanted| wanted.as_bytes() == name)
}

/// Walks through a page.
pub(super) fn walk<S: Sink>(html: &str, sink: &mut S) {
    let feeder = Feeder {
        sink,
        text: Vec::new(),
        tag: Vec::new(),
        last: Vec::new(),
        end_tag: false,
        empty: false,
        name: Vec::new(),
        value: Vec::new(),
        attributes: Attributes::default(),
    };
    for token in Tokenizer::new_with_emitter(html, feeder) {
        // The feeder gives no tokens, and reading from memory does not fail.
        let Ok(()) = token;
    }
}

struct Feeder<'a, S> {
    sink: &'a mut S,
    text: Vec<u8>,
    tag: Vec<u8>,
    last: Vec<u8>,
    end_tag: bool,
    empty: bool,
    name: Vec<u8>,
    value: Vec<u8>,
    attributes: Attributes,
}

impl<S: Sink> Feeder<'_, S> {
    fn hand_on_text(&mut self) {
        if !self.text.is_empty() {
            self.sink.text(&String::from_utf8_lossy(&self.text));
            self.text.clear();
        }
    }

    fn take_attribute(&mut self) {
        if !self.name.is_empty() {
            if !self.end_tag {
                self.attributes.set(&self.name, &self.value);
            }
            self.name.clear();
        }
        self.value.clear();
    }

    fn begin_tag(&mut self, end_tag: bool) {
        self.tag.clear();
        self.attributes.clear();
        self.name.clear();
        self.value.clear();
        self.end_tag = end_tag;
        self.empty = false;
    }
}

/// Appends as much as fits; a character that is cut in two is read as U+FFFD later.
fn push(into: &mut Vec<u8>, more: &[u8], longest: usize) {
    let room = longest.saturating_sub(into.len());
    into.extend_from_slice(more.get(..room).unwrap_or(more));
}

impl<S: Sink> Emitter for Feeder<'_, S> {
    type Token = ();

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last.clear();
        self.last.extend_from_slice(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.hand_on_text();
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<()> {
        None
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        // Only where a character ends, so that no character is cut in two.
        if self.text.len() >= PIECE && std::str::from_utf8(&self.text).is_ok() {
            self.hand_on_text();
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.take_attribute();
        self.hand_on_text();
        let name = String::from_utf8_lossy(&self.tag);
        if self.end_tag {
            self.sink.close(&name);
            self.last.clear();
            return None;
        }
        let open = self.sink.open(&name, &self.attributes, self.empty);
        self.last.clone_from(&self.tag);
        // What is closed in its own tag has no text that would have to be read in another way.
        if open { naive_next_state(&self.tag) } else { None }
    }

    fn emit_current_comment(&mut self) {}

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.empty = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, text: &[u8]) {
        push(&mut self.tag, text, LONGEST_NAME);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.take_attribute();
    }

    fn push_attribute_name(&mut self, text: &[u8]) {
        push(&mut self.name, text, LONGEST_NAME);
    }

    fn push_attribute_value(&mut self, text: &[u8]) {
        push(&mut self.value, text, LONGEST_VALUE);
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.end_tag && !self.tag.is_empty() && self.tag == self.last
    }
}
