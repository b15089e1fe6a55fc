//! Plain data as bytes, for the way between two processes of the same program; never stored.
//!
//! What comes back is not trusted: lengths are checked against the bytes that are there, and nesting has an end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How deep boxes may lie in each other.
const DEPTH: u8 = 32;
/// How many names are shared before sharing begins anew.
const SHARED: usize = 10_000;

/// Something that can be sent.
pub(super) trait Wire: Sized {
    /// Appends its bytes.
    fn put(&self, out: &mut Out);
    /// Takes it from bytes; nothing if they are not of this kind.
    fn take(from: &mut Bytes<'_>) -> Option<Self>;
}

/// Names that come again and again, so that each is kept once.
pub(super) type Names = BTreeSet<Arc<str>>;

/// What is on its way: numbers, and all words behind each other, which are checked at one go on the other side.
#[derive(Default)]
pub(super) struct Out {
    bytes: Vec<u8>,
    words: String,
}

impl Out {
    /// Appends one byte.
    pub(super) fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
    }
}

/// Bytes that are taken from the front.
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
    words: &'a str,
    depth: u8,
    names: &'a mut Names,
}

/// All bytes as one thing; nothing if some are left over.
pub(super) fn decode<T: Wire>(bytes: &[u8], names: &mut Names) -> Option<T> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (rest, words) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let mut from = Bytes { rest, words: std::str::from_utf8(words).ok()?, depth: 0, names };
    let thing = T::take(&mut from)?;
    (from.rest.is_empty() && from.words.is_empty()).then_some(thing)
}

/// The bytes of a thing.
pub(super) fn encode(thing: &impl Wire) -> Vec<u8> {
    let mut out = Out { bytes: vec![0; LENGTH], words: String::new() };
    thing.put(&mut out);
    let Out { mut bytes, words } = out;
    let length = (bytes.len() - LENGTH) as u64;
    bytes.splice(..LENGTH, length.to_le_bytes());
    bytes.extend(words.as_bytes());
    bytes
}

/// How many bytes say how many there are before the words.
const LENGTH: usize = 8;

impl<'a> Bytes<'a> {
    /// One byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A string that lives as long as the bytes.
    pub(super) fn str(&mut self) -> Option<&'a str> {
        let length = usize::try_from(u64::take(self)?).ok()?;
        let (taken, rest) = self.words.split_at_checked(length)?;
        self.words = rest;
        Some(taken)
    }

    /// A name of which one copy is kept.
    pub(super) fn name(&mut self) -> Option<Arc<str>> {
        let name = self.str()?;
        if let Some(known) = self.names.get(name) {
            return Some(Arc::clone(known));
        }
        if self.names.len() >= SHARED {
            self.names.clear();
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        Some(name)
    }
}

impl Wire for u64 {
    fn put(&self, out: &mut Out) {
        let mut rest = *self;
        loop {
            let low = u8::try_from(rest & 0x7F).unwrap_or(0);
            rest >>= 7;
            if rest == 0 {
                return out.push(low);
            }
            out.push(low | 0x80);
        }
    }

    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        let mut number = 0;
        for place in 0..10 {
            let byte = from.byte()?;
            number |= Self::from(byte & 0x7F).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// Numbers that are sent as the largest kind.
macro_rules! small {
    ($($type:ty),*) => {$(
        impl Wire for $type {
            fn put(&self, out: &mut Out) {
                u64::from(*self).put(out);
            }
            fn take(from: &mut Bytes<'_>) -> Option<Self> {
                Self::try_from(u64::take(from)?).ok()
            }
        }
    )*};
}

small!(u8, u32);

impl Wire for bool {
    fn put(&self, out: &mut Out) {
        out.push(u8::from(*self));
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for f64 {
    fn put(&self, out: &mut Out) {
        out.bytes.extend(self.to_le_bytes());
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        let (eight, rest) = from.rest.split_first_chunk()?;
        from.rest = rest;
        Some(Self::from_le_bytes(*eight))
    }
}

impl Wire for String {
    fn put(&self, out: &mut Out) {
        put_str(self, out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        from.str().map(str::to_owned)
    }
}

impl Wire for Box<str> {
    fn put(&self, out: &mut Out) {
        put_str(self, out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        from.str().map(Self::from)
    }
}

impl<T: Wire> Wire for Arc<T> {
    fn put(&self, out: &mut Out) {
        self.as_ref().put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        T::take(from).map(Self::new)
    }
}

/// Appends a string.
pub(super) fn put_str(text: &str, out: &mut Out) {
    (text.len() as u64).put(out);
    out.words.push_str(text);
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Out) {
        self.is_some().put(out);
        if let Some(thing) = self {
            thing.put(out);
        }
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Some(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Out) {
        (self.len() as u64).put(out);
        self.iter().for_each(|thing| thing.put(out));
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        // The count is a claim: every thing has at least a byte, and the list grows as they come.
        (0..u64::take(from)?).map(|_| T::take(from)).collect()
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn put(&self, out: &mut Out) {
        (self.len() as u64).put(out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Vec::<(K, V)>::take(from).map(|list| list.into_iter().collect())
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    fn put(&self, out: &mut Out) {
        (self.len() as u64).put(out);
        self.iter().for_each(|thing| thing.put(out));
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Vec::<T>::take(from).map(|list| list.into_iter().collect())
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Out) {
        self.0.put(out);
        self.1.put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        Some((A::take(from)?, B::take(from)?))
    }
}

impl<T: Wire> Wire for Box<T> {
    fn put(&self, out: &mut Out) {
        self.as_ref().put(out);
    }
    fn take(from: &mut Bytes<'_>) -> Option<Self> {
        from.depth = from.depth.checked_add(1).filter(|depth| *depth <= DEPTH)?;
        let thing = T::take(from)?;
        from.depth -= 1;
        Some(Self::new(thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Mixed = Vec<(String, (Option<u32>, (bool, (u64, BTreeMap<u8, f64>))))>;

    proptest! {
        #[test]
        fn what_is_sent_comes_back_and_half_of_it_does_not(
            mixed: Vec<(String, (Option<u32>, (bool, (u64, BTreeMap<u8, i32>))))>, cut: prop::sample::Index,
        ) {
            let mixed: Mixed = mixed.into_iter().map(|(a, (b, (c, (d, e))))| {
                (a, (b, (c, (d, e.into_iter().map(|(key, value)| (key, f64::from(value))).collect()))))
            }).collect();
            let bytes = encode(&mixed);
            prop_assert_eq!(decode::<Mixed>(&bytes, &mut Names::new()), Some(mixed));
            let half = &bytes[..cut.index(bytes.len())];
            prop_assert_eq!(decode::<Mixed>(half, &mut Names::new()), None);
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            _ = decode::<Mixed>(&bytes, &mut Names::new());
        }
    }

    #[test]
    fn claims_cost_nothing() {
        let bytes = encode(&u64::MAX);
        assert_eq!(decode::<Vec<String>>(&bytes, &mut Names::new()), None);
        assert_eq!(decode::<String>(&bytes, &mut Names::new()), None);
    }
}
