//! Words, numbers and strings of RON, as far as our writer makes them.

use std::borrow::Cow;

use crate::store::ron::escape::until_mark;
use crate::store::ron::gave_up::GaveUp;

type Result<T = ()> = std::result::Result<T, GaveUp>;

/// A place in a text that is read.
pub(super) struct Reader<'de> {
    source: &'de str,
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl<'de> Reader<'de> {
    pub(super) fn new(source: &'de str) -> Self {
        Self { source, at: 0, depth: 0 }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'de str {
        self.source.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result {
        if self.skip(byte) { Ok(()) } else { Err(GaveUp) }
    }

    #[inline]
    pub(super) fn exactly(&mut self, what: &str) -> Result {
        if !self.rest().starts_with(what) {
            return Err(GaveUp);
        }
        self.at += what.len();
        Ok(())
    }

    /// A word or a number ends here, and not where the crate might see more of it.
    #[inline]
    pub(super) fn ends(&self) -> Result {
        match self.peek() {
            None | Some(b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' | b'(' | b')' | b'[' | b']' | b'{' | b'}') => Ok(()),
            Some(_) => Err(GaveUp),
        }
    }

    #[inline]
    pub(super) fn word(&mut self) -> Result<&'de str> {
        let start = self.at;
        let bytes = self.source.as_bytes().get(start..).unwrap_or_default();
        let others = |byte: &u8| (byte | 0x20).is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
        self.at += bytes.iter().position(|byte| !others(byte)).unwrap_or(bytes.len());
        self.ends()?;
        let word = self.source.get(start..self.at).unwrap_or_default();
        if word.bytes().next().is_none_or(|first| first.is_ascii_digit()) { Err(GaveUp) } else { Ok(word) }
    }

    #[inline]
    pub(super) fn digits(&mut self) -> Result<u64> {
        let start = self.at;
        let mut number = 0_u64;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10).and_then(|tens| tens.checked_add((byte - b'0').into())).ok_or(GaveUp)?;
            self.at += 1;
        }
        if self.at > start { Ok(number) } else { Err(GaveUp) }
    }

    #[inline]
    pub(super) fn unsigned(&mut self) -> Result<u64> {
        let number = self.digits()?;
        self.ends()?;
        Ok(number)
    }

    pub(super) fn signed(&mut self) -> Result<i64> {
        let negative = self.skip(b'-');
        let number = self.unsigned()?;
        let signed = if negative { 0_i64.checked_sub_unsigned(number) } else { number.try_into().ok() };
        signed.ok_or(GaveUp)
    }

    /// The characters of a number with a fraction, which are read by the standard library here and there.
    pub(super) fn fraction(&mut self) -> Result<&'de str> {
        let rest = self.rest();
        let len =
            rest.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'e' | b'E' | b'.' | b'+' | b'-')).count();
        let number = rest.get(..len).unwrap_or_default();
        self.at += len;
        self.ends()?;
        if number.contains("..") { Err(GaveUp) } else { Ok(number) }
    }

    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>> {
        self.expect(b'"')?;
        let first = self.until_mark();
        if self.skip(b'"') {
            return Ok(Cow::Borrowed(first));
        }
        let mut string = first.to_owned();
        loop {
            self.expect(b'\\')?;
            string.push(self.escaped()?);
            string.push_str(self.until_mark());
            if self.skip(b'"') {
                return Ok(Cow::Owned(string));
            }
        }
    }

    #[inline]
    fn until_mark(&mut self) -> &'de str {
        let rest = self.rest();
        let len = until_mark(rest.as_bytes());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// The character that is meant by what follows a backslash.
    pub(super) fn escaped(&mut self) -> Result<char> {
        let byte = self.peek().ok_or(GaveUp)?;
        self.at += 1;
        Ok(match byte {
            b'\'' | b'"' | b'\\' => char::from(byte),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'0' => '\0',
            b'u' => {
                self.expect(b'{')?;
                let rest = self.rest();
                let len = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
                let digits = rest.get(..len).filter(|_| (1..=6).contains(&len)).ok_or(GaveUp)?;
                self.at += len;
                self.expect(b'}')?;
                u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or(GaveUp)?
            }
            _ => return Err(GaveUp),
        })
    }
}
