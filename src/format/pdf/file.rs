//! The objects of a PDF file. They are found by looking through the file, so that a wrong list of places does no harm.

use std::collections::BTreeMap;

use crate::format::pdf::filter;
use crate::format::pdf::object::{Dict, Lexer, Object};

/// Objects of a file, at most.
const OBJECTS: usize = 500_000;
/// Bytes that may come out of all streams.
const ALL: usize = 128 << 20;
/// Links behind links that are followed.
const LINKS: u8 = 16;

/// An object with its stream, if it has one.
#[derive(Clone, Debug, Default)]
struct Held {
    object: Object,
    /// Where its stream begins.
    stream: Option<usize>,
}

/// A file.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    objects: BTreeMap<u32, Held>,
    /// What its ends say, the last one first.
    trailers: Vec<Dict>,
    left: std::cell::Cell<usize>,
}

impl<'a> File<'a> {
    /// Finds all objects; says why the file cannot be read.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let mut file = Self { bytes, objects: BTreeMap::new(), trailers: Vec::new(), left: std::cell::Cell::new(ALL) };
        let mut at = 0;
        while let Some(found) = file.next_sign(at) {
            at = found;
            if file.objects.len() > OBJECTS {
                return Err(format!("It has more than {OBJECTS} objects, and that is the limit"));
            }
        }
        file.trailers.reverse();
        if file.trailers.iter().any(|trailer| trailer.contains_key("Encrypt")) {
            return Err("It is locked, by a password or against copying".to_owned());
        }
        Ok(file)
    }

    /// Takes the next object or trailer behind a place; gives the place behind it.
    fn next_sign(&mut self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?;
        let found = memchr::memmem::find_iter(rest, b"obj")
            .find(|place| !rest.get(..*place).is_some_and(|before| before.ends_with(b"end")));
        let trailer =
            rest.get(..found.unwrap_or(rest.len())).and_then(|before| memchr::memmem::find(before, b"trailer"));
        if let Some(trailer) = trailer {
            let mut lexer = Lexer::new(self.bytes, at + trailer + 7);
            if let Some(Object::Dict(dict)) = lexer.next() {
                self.trailers.push(dict);
            }
            return Some(lexer.at.max(at + trailer + 7));
        }
        let place = at + found?;
        let Some(number) = number_before(self.bytes.get(..place)?) else { return Some(place + 3) };
        let mut lexer = Lexer::new(self.bytes, place + 3);
        let object = lexer.next().unwrap_or_default();
        let behind = lexer.at;
        let streamed = matches!(&object, Object::Dict(_)) && lexer.next() == Some(Object::Word("stream".to_owned()));
        let mut held = Held { object, stream: None };
        if !streamed {
            self.objects.insert(number, held);
            return Some(behind.max(place + 3));
        }
        let start = self.bytes.get(lexer.at..)?;
        let skip = if start.starts_with(b"\r\n") {
            2
        } else {
            usize::from(start.starts_with(b"\n") || start.starts_with(b"\r"))
        };
        held.stream = Some(lexer.at + skip);
        let end = lexer.at + skip + self.length(&held).unwrap_or(0);
        if let Object::Dict(dict) = &held.object {
            match dict.get("Type").and_then(Object::name) {
                Some("XRef") => self.trailers.push(dict.clone()),
                Some("ObjStm") => self.unpack(&held),
                _ => {}
            }
        }
        self.objects.insert(number, held);
        Some(end)
    }

    /// The length of a stream: what it says if it ends there, else up to its end.
    fn length(&self, held: &Held) -> Option<usize> {
        let (Object::Dict(dict), Some(start)) = (&held.object, held.stream) else { return None };
        let rest = self.bytes.get(start..)?;
        let said = dict.get("Length").map(|length| self.follow(length)).and_then(Object::count);
        let ends = |length: usize| {
            let behind = rest.get(length..).unwrap_or_default();
            behind.get(..20).unwrap_or(behind).trim_ascii_start().starts_with(b"endstream")
        };
        said.filter(|length| ends(*length)).or_else(|| {
            let end = memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
            Some(end)
        })
    }

    /// Takes the objects that a stream holds.
    fn unpack(&mut self, held: &Held) {
        let Object::Dict(dict) = &held.object else { return };
        let whole = |name: &str| dict.get(name).map(|value| self.follow(value)).and_then(Object::count);
        let (Some(count), Some(first)) = (whole("N"), whole("First")) else { return };
        let Some(bytes) = self.unpacked(held) else { return };
        let mut heads = Lexer::new(&bytes, 0);
        for _ in 0..count.min(OBJECTS) {
            let (Some(number), Some(at)) =
                (heads.next().and_then(|value| value.count()), heads.next().and_then(|value| value.count()))
            else {
                return;
            };
            if let (Ok(number), Some(object)) =
                (u32::try_from(number), Lexer::new(&bytes, first.saturating_add(at)).next())
            {
                self.objects.insert(number, Held { object, stream: None });
            }
        }
    }

    fn unpacked(&self, held: &Held) -> Option<Vec<u8>> {
        let (Object::Dict(dict), Some(start)) = (&held.object, held.stream) else { return None };
        let packed = self.bytes.get(start..start.checked_add(self.length(held)?)?)?;
        let out = filter::unpack(packed, dict, &|value| self.follow(value).clone(), self.left.get())?;
        self.left.set(self.left.get().saturating_sub(out.len()));
        Some(out)
    }

    /// What a link leads to; anything else is itself.
    pub(super) fn follow<'b>(&'b self, object: &'b Object) -> &'b Object {
        let mut object = object;
        for _ in 0..LINKS {
            let Object::Link(number) = object else { return object };
            object = self.objects.get(number).map_or(&Object::Null, |held| &held.object);
        }
        &Object::Null
    }

    /// A value of a dictionary.
    pub(super) fn get<'b>(&'b self, dict: &'b Dict, name: &str) -> &'b Object {
        dict.get(name).map_or(&Object::Null, |value| self.follow(value))
    }

    /// A dictionary in a dictionary.
    pub(super) fn dict<'b>(&'b self, dict: &'b Dict, name: &str) -> Option<&'b Dict> {
        if let Object::Dict(inner) = self.get(dict, name) { Some(inner) } else { None }
    }

    /// The bytes of the stream that a link leads to.
    pub(super) fn stream(&self, object: &Object) -> Option<Vec<u8>> {
        let mut object = object;
        for _ in 0..LINKS {
            let Object::Link(number) = object else { return None };
            let held = self.objects.get(number)?;
            if held.stream.is_some() {
                return self.unpacked(held);
            }
            object = &held.object;
        }
        None
    }

    /// The outermost dictionary.
    fn root(&self) -> Option<&Dict> {
        let named = self
            .trailers
            .iter()
            .find_map(|trailer| self.dict(trailer, "Root").filter(|root| root.contains_key("Pages")));
        named.or_else(|| {
            self.objects.values().find_map(|held| match &held.object {
                Object::Dict(dict) if dict.get("Type").and_then(Object::name) == Some("Catalog") => Some(dict),
                _ => None,
            })
        })
    }

    /// Facts of the document.
    pub(super) fn info(&self) -> Option<&Dict> {
        self.trailers.iter().find_map(|trailer| self.dict(trailer, "Info"))
    }

    /// Its language.
    pub(super) fn language(&self) -> Option<String> {
        match self.get(self.root()?, "Lang") {
            Object::Text(text) => Some(String::from_utf8_lossy(text).into_owned()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Its pages in order, each with what it takes over from those around it.
    pub(super) fn pages(&self, most: usize) -> Vec<Dict> {
        let mut pages = Vec::new();
        let Some(root) = self.root().and_then(|root| self.dict(root, "Pages")) else { return pages };
        let mut waiting = vec![(root.clone(), 0_u8)];
        let mut seen = 0;
        while let Some((node, depth)) = waiting.pop() {
            seen += 1;
            if pages.len() >= most || depth > 64 || seen > OBJECTS {
                break;
            }
            let Some(kids) =
                self.get(&node, "Kids").list().filter(|_| node.get("Type").and_then(Object::name) != Some("Page"))
            else {
                pages.push(node);
                continue;
            };
            for kid in kids.iter().rev() {
                if let Object::Dict(kid) = self.follow(kid) {
                    let mut kid = kid.clone();
                    if let (None, Some(resources)) = (kid.get("Resources"), node.get("Resources")) {
                        kid.insert("Resources".to_owned(), resources.clone());
                    }
                    waiting.push((kid, depth + 1));
                }
            }
        }
        pages
    }
}

/// The number of an object, which stands before its generation.
fn number_before(before: &[u8]) -> Option<u32> {
    let before = before.trim_ascii_end();
    let digits = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let generation = digits(before);
    let (before, _) = before.split_at_checked(before.len() - generation).filter(|_| generation > 0)?;
    let before = before.trim_ascii_end();
    let number = before.get(before.len() - digits(before)..)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}
