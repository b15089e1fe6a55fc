//! Messages between two processes: length, checksum, bytes. What does not add up is no message.

use std::io::{self, ErrorKind, Read, Write};

/// Writes one message.
pub fn write(out: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&crc32fast::hash(body).to_le_bytes())?;
    out.write_all(body)
}

/// Reads one message of at most `limit` bytes; nothing where the other side has ended.
///
/// The length is a claim: memory is taken as bytes come, never ahead of them.
pub fn read(input: &mut impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::with_capacity(8);
    input.take(8).read_to_end(&mut head)?;
    let (length, checksum) = match head.as_slice() {
        [] => return Ok(None),
        [a, b, c, d, e, f, g, h] => (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h])),
        _ => return Err(ErrorKind::UnexpectedEof.into()),
    };
    if u64::from(length) > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut body = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut body)?;
    if body.len() as u64 != u64::from(length) {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if crc32fast::hash(&body) != checksum {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> ErrorKind {
        read(&mut &*bytes, 100).unwrap_err().kind()
    }

    #[test]
    fn messages_come_back_one_by_one() {
        let mut pipe = Vec::new();
        for body in [&b"one"[..], b"", b"two"] {
            write(&mut pipe, body).unwrap();
        }
        let mut input = pipe.as_slice();
        let mut next = || read(&mut input, 100).unwrap();
        assert_eq!(
            [next(), next(), next(), next()].map(|body| body.map(|body| body.len())),
            [Some(3), Some(0), Some(3), None]
        );
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, b"a message").unwrap();
        for end in 1..pipe.len() {
            assert_eq!(kind(&pipe[..end]), ErrorKind::UnexpectedEof, "{end}");
        }
        for at in 4..pipe.len() {
            let mut flipped = pipe.clone();
            flipped[at] ^= 1;
            assert_eq!(kind(&flipped), ErrorKind::InvalidData, "{at}");
        }
        assert_eq!(kind(b"\xFF\xFF\xFF\xFF\0\0\0\0"), ErrorKind::FileTooLarge);
    }
}
