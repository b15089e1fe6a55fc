//! The values that a PDF file and its pages are written in.

use std::collections::BTreeMap;

/// Lists and dictionaries inside each other, at most.
const DEEP: u8 = 64;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Object {
    /// None, or one that makes no sense.
    #[default]
    Null,
    /// A whole number.
    Whole(i64),
    /// Another number.
    Real(f64),
    /// A name.
    Name(String),
    /// Bytes of a string.
    Text(Vec<u8>),
    /// A list.
    List(Vec<Self>),
    /// A dictionary.
    Dict(Dict),
    /// Another object, by its number.
    Link(u32),
    /// A word of the language, such as what a page does.
    Word(String),
}

/// Values by name.
pub(super) type Dict = BTreeMap<String, Object>;

impl Object {
    /// Its number.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => i32::try_from(*number).ok().map(f64::from),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// Its number, if it is a whole one that is not below zero.
    pub(super) fn count(&self) -> Option<usize> {
        if let Self::Whole(number) = self { usize::try_from(*number).ok() } else { None }
    }

    /// Its name.
    pub(super) fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// Its values, if it is a list.
    pub(super) fn list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }
}

/// Reads values one after another.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    /// Where it is.
    pub(super) at: usize,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0C)
}

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Goes behind a word if it is what comes next; nothing else is read.
    pub(super) fn skips(&mut self, word: &[u8]) -> bool {
        self.blanks();
        let mut ahead = self.clone();
        let found = self.rest().starts_with(word) && ahead.plain() == word;
        if found {
            self.at = ahead.at;
        }
        found
    }

    /// The next value; none at the end.
    pub(super) fn next(&mut self) -> Option<Object> {
        self.value(0)
    }

    fn value(&mut self, depth: u8) -> Option<Object> {
        self.blanks();
        let byte = self.peek()?;
        let rest = self.rest();
        if rest.starts_with(b"<<") && depth < DEEP {
            self.at += 2;
            return Some(Object::Dict(self.dict(depth + 1)));
        }
        match byte {
            b'(' => Some(Object::Text(self.string())),
            b'<' => Some(Object::Text(self.hex())),
            b'/' => {
                self.at += 1;
                Some(Object::Name(self.name()))
            }
            b'[' if depth < DEEP => {
                self.at += 1;
                let mut list = Vec::new();
                loop {
                    self.blanks();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        return Some(Object::List(list));
                    }
                    match self.value(depth + 1) {
                        Some(value) => list.push(value),
                        None => return Some(Object::List(list)),
                    }
                }
            }
            byte if is_sign(byte) => {
                self.at += 1;
                Some(Object::Null)
            }
            _ => Some(self.word()),
        }
    }

    /// Values by name, behind the signs that begin a dictionary.
    fn dict(&mut self, depth: u8) -> Dict {
        let mut dict = Dict::new();
        loop {
            self.blanks();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return dict;
            }
            match self.value(depth) {
                Some(Object::Name(name)) => match self.value(depth) {
                    Some(value) => _ = dict.insert(name, value),
                    None => return dict,
                },
                // Something that begins what comes behind.
                Some(Object::Word(word)) if word == "endobj" || word == "stream" => return dict,
                Some(_) => {}
                None => return dict,
            }
        }
    }

    fn string(&mut self) -> Vec<u8> {
        let (mut out, mut depth) = (Vec::new(), 0_u32);
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => {
                    depth += 1;
                    if depth > 1 {
                        out.push(byte);
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return out;
                    }
                    out.push(byte);
                }
                b'\\' => self.escape(&mut out),
                byte => out.push(byte),
            }
        }
        out
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(0x0C),
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    if let Some(digit) = self.peek().filter(|digit| matches!(digit, b'0'..=b'7')) {
                        code = code * 8 + u32::from(digit - b'0');
                        self.at += 1;
                    }
                }
                out.push(u8::try_from(code & 0xFF).unwrap_or_default());
            }
            byte => out.push(byte),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut out, mut half) = (Vec::new(), None::<u8>);
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            match (half.take(), digit) {
                (Some(high), Some(low)) => out.push(high << 4 | low),
                (None, Some(high)) => half = Some(high),
                (high, None) => half = high,
            }
        }
        out.extend(half.map(|high| high << 4));
        out
    }

    fn plain(&mut self) -> &'a [u8] {
        let length = self.rest().iter().take_while(|byte| !is_blank(**byte) && !is_sign(**byte)).count();
        let word = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        word
    }

    fn name(&mut self) -> String {
        let mut word = self.plain();
        let mut out = Vec::with_capacity(word.len());
        while let Some((byte, rest)) = word.split_first() {
            let code = rest.get(..2).filter(|_| *byte == b'#').and_then(|code| std::str::from_utf8(code).ok());
            match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                Some(code) => {
                    out.push(code);
                    word = rest.get(2..).unwrap_or_default();
                }
                None => {
                    out.push(*byte);
                    word = rest;
                }
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn word(&mut self) -> Object {
        let word = String::from_utf8_lossy(self.plain()).into_owned();
        if let Ok(number) = word.parse::<i64>() {
            // A link is two numbers and a sign; only whole files have them.
            let link = u32::try_from(number).ok().and_then(|number| {
                let mut ahead = self.clone();
                ahead.blanks();
                let generation = ahead.plain();
                let digits = !generation.is_empty() && generation.iter().all(u8::is_ascii_digit);
                ahead.blanks();
                (digits && ahead.plain() == b"R").then_some((number, ahead.at))
            });
            return match link {
                Some((number, at)) => {
                    self.at = at;
                    Object::Link(number)
                }
                None => Object::Whole(number),
            };
        }
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() && !word.contains(['e', 'E', 'n', 'N']) => Object::Real(number),
            // Some programs write `--3` or `1.-2`.
            _ if word.starts_with(['-', '+', '.']) => Object::Real(
                word.trim_start_matches(['-', '+']).split('-').next().and_then(|word| word.parse().ok()).unwrap_or(0.0),
            ),
            _ => Object::Word(word),
        }
    }
}
