//! The objects of a PDF file. They are found by looking through the file, so that a wrong list of places does no harm.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::format::pdf::allowance::Allowance;
use crate::format::pdf::filter;
use crate::format::pdf::object::{Dict, Lexer, Object};

/// Objects of a file, at most.
const OBJECTS: usize = 500_000;
/// Bytes that may come out of the streams of a page.
const PAGE: usize = 64 << 20;
/// Bytes that may come out of all streams.
const ALL: usize = 512 << 20;
/// Links behind links that are followed.
const LINKS: u8 = 16;

/// An object with its stream, if it has one.
#[derive(Clone, Debug, Default)]
struct Held {
    object: Object,
    /// Where its stream begins.
    stream: Option<usize>,
}

/// A page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    /// What it says of itself.
    pub(super) dict: &'a Dict,
    /// Its fonts and drawings, or those of what is around it.
    pub(super) resources: Option<&'a Object>,
}

/// A file.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    objects: BTreeMap<u32, Held>,
    /// What its ends say, the last one first.
    trailers: Vec<Dict>,
    allowance: Cell<Allowance>,
    /// Where the next object and the next trailer stand, as far as it was looked for.
    ahead: [Ahead; 2],
}

/// What was found ahead, so that it is not looked for again from each place before it.
#[derive(Clone, Copy, Debug, Default)]
enum Ahead {
    /// It was not looked for.
    #[default]
    Unknown,
    At(usize),
    /// There is none up to the end.
    Nowhere,
}

impl<'a> File<'a> {
    /// Finds all objects; says why the file cannot be read.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let mut file = Self {
            bytes,
            objects: BTreeMap::new(),
            trailers: Vec::new(),
            allowance: Cell::new(Allowance::new(PAGE, ALL)),
            ahead: [Ahead::Unknown; 2],
        };
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
        let bytes = self.bytes;
        let rest = bytes.get(at..)?;
        let [objects, trailers] = &mut self.ahead;
        let found = objects.from(at, || {
            let ends = |place: &usize| rest.get(..*place).is_some_and(|before| before.ends_with(b"end"));
            memchr::memmem::find_iter(rest, b"obj").find(|place| !ends(place))
        });
        let trailer = trailers.from(at, || memchr::memmem::find(rest, b"trailer"));
        if let Some(trailer) = trailer.filter(|trailer| found.is_none_or(|found| *trailer < found)) {
            let mut lexer = Lexer::new(bytes, trailer + 7);
            if let Some(Object::Dict(dict)) = lexer.next() {
                self.trailers.push(dict);
            }
            return Some(lexer.at);
        }
        let place = found?;
        let Some(number) = number_before(self.bytes.get(..place)?) else { return Some(place + 3) };
        let mut lexer = Lexer::new(self.bytes, place + 3);
        let object = lexer.next().unwrap_or_default();
        let behind = lexer.at;
        let streamed = matches!(&object, Object::Dict(_)) && lexer.skips(b"stream");
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
        // Objects do not lie over each other, but hostile lists may say so.
        let mut left = bytes.len().saturating_mul(2);
        for _ in 0..count.min(OBJECTS) {
            let (Some(number), Some(at)) =
                (heads.next().and_then(|value| value.count()), heads.next().and_then(|value| value.count()))
            else {
                return;
            };
            let start = first.saturating_add(at);
            let mut lexer = Lexer::new(&bytes, start);
            let object = lexer.next();
            let Some(less) = left.checked_sub(lexer.at.saturating_sub(start)) else { return };
            left = less;
            if let (Ok(number), Some(object)) = (u32::try_from(number), object) {
                self.objects.insert(number, Held { object, stream: None });
            }
        }
    }

    fn unpacked(&self, held: &Held) -> Option<Vec<u8>> {
        let (Object::Dict(dict), Some(start)) = (&held.object, held.stream) else { return None };
        let packed = self.bytes.get(start..start.checked_add(self.length(held)?)?)?;
        let mut allowance = self.allowance.get();
        let out = filter::unpack(packed, dict, &|value| self.follow(value).clone(), &mut allowance);
        self.allowance.set(allowance);
        out
    }

    /// A page begins, for which streams may be unpacked again.
    pub(super) fn renew(&self) {
        let mut allowance = self.allowance.get();
        allowance.renew();
        self.allowance.set(allowance);
    }

    /// Whether a stream of this page was left out because too much came out of it, or of those before it.
    pub(super) fn is_short(&self) -> bool {
        self.allowance.get().is_short()
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
    pub(super) fn pages(&self, most: usize) -> Vec<Page<'_>> {
        let mut pages = Vec::new();
        let Some(root) = self.root().and_then(|root| self.dict(root, "Pages")) else { return pages };
        let mut waiting = vec![(Page { dict: root, resources: root.get("Resources") }, 0_u8)];
        let mut seen = 0;
        while let Some((page, depth)) = waiting.pop() {
            let node = page.dict;
            seen += 1;
            if pages.len() >= most || depth > 64 || seen > OBJECTS {
                break;
            }
            let Some(kids) =
                self.get(node, "Kids").list().filter(|_| node.get("Type").and_then(Object::name) != Some("Page"))
            else {
                pages.push(page);
                continue;
            };
            // A list may name one page, or itself, a million times.
            for kid in kids.iter().take(OBJECTS.saturating_sub(waiting.len())).rev() {
                if let Object::Dict(kid) = self.follow(kid) {
                    let resources = kid.get("Resources").or(page.resources);
                    waiting.push((Page { dict: kid, resources }, depth + 1));
                }
            }
        }
        pages
    }
}

impl Ahead {
    /// The first place from `at` on; `find` looks for it and counts from there.
    fn from(&mut self, at: usize, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        match *self {
            Self::At(known) if known >= at => return Some(known),
            Self::Nowhere => return None,
            _ => {}
        }
        let found = find().and_then(|found| found.checked_add(at));
        *self = found.map_or(Self::Nowhere, Self::At);
        found
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
