//! The few kinds of MessagePack that a DocBin is made of, written straight into bytes.

use std::io;

/// Kinds of values that have a length: their first bytes, from the shortest length on.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Words.
    Words,
    /// Bytes.
    Bytes,
    /// A list.
    List,
    /// Names with values.
    Map,
}

/// Begins a value of so many bytes, values, or pairs.
pub(super) fn begin(out: &mut Vec<u8>, kind: Kind, length: u64) -> io::Result<()> {
    // The first byte for a length that is part of it, and those for lengths of one, two and four bytes.
    let (short, below, one, two, four) = match kind {
        Kind::Words => (0xA0, 32, Some(0xD9), 0xDA, 0xDB),
        Kind::Bytes => (0, 0, Some(0xC4), 0xC5, 0xC6),
        Kind::List => (0x90, 16, None, 0xDC, 0xDD),
        Kind::Map => (0x80, 16, None, 0xDE, 0xDF),
    };
    match (u8::try_from(length), u16::try_from(length), u32::try_from(length)) {
        (Ok(length), ..) if length < below => out.push(short | length),
        (Ok(length), ..) if one.is_some() => out.extend(one.into_iter().chain([length])),
        (_, Ok(length), _) => out.extend([two].into_iter().chain(length.to_be_bytes())),
        (_, _, Ok(length)) => out.extend([four].into_iter().chain(length.to_be_bytes())),
        _ => return Err(io::Error::other("a DocBin cannot hold more than 4 GiB of tokens; write fewer articles")),
    }
    Ok(())
}

/// Adds words.
pub(super) fn words(out: &mut Vec<u8>, words: &str) -> io::Result<()> {
    begin(out, Kind::Words, u64::try_from(words.len()).map_err(io::Error::other)?)?;
    out.extend(words.as_bytes());
    Ok(())
}

/// Adds bytes.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
    begin(out, Kind::Bytes, u64::try_from(bytes.len()).map_err(io::Error::other)?)?;
    out.extend(bytes);
    Ok(())
}

/// Adds a number.
pub(super) fn number(out: &mut Vec<u8>, number: f64) {
    out.push(0xCB);
    out.extend(number.to_be_bytes());
}

/// Adds yes or no.
pub(super) fn flag(out: &mut Vec<u8>, yes: bool) {
    out.push(if yes { 0xC3 } else { 0xC2 });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rmpv::Value;

    #[test]
    fn values_of_every_length_are_read_again() {
        for length in [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 70_000] {
            let mut out = Vec::new();
            let some = "x".repeat(length);
            begin(&mut out, Kind::List, 4).unwrap();
            words(&mut out, &some).unwrap();
            bytes(&mut out, some.as_bytes()).unwrap();
            begin(&mut out, Kind::List, length as u64).unwrap();
            (0..length).for_each(|_| flag(&mut out, true));
            begin(&mut out, Kind::Map, length as u64).unwrap();
            (0..length).for_each(|_| {
                number(&mut out, 0.5);
                flag(&mut out, false);
            });
            let read = rmpv::decode::read_value(&mut out.as_slice()).unwrap();
            let pair = (Value::F64(0.5), Value::Boolean(false));
            let list = Value::Array(vec![Value::Boolean(true); length]);
            let map = Value::Map(vec![pair; length]);
            assert!(read == Value::Array(vec![some.as_str().into(), some.as_bytes().into(), list, map]), "{length}");
        }
        assert!(begin(&mut Vec::new(), Kind::Bytes, 1 << 32).is_err());
    }
}
