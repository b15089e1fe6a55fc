//! What a server answered: status, type and body, however it was packed on its way.

use std::io::Read as _;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Bytes of an unpacked body, at most.
const MOST: u64 = 64 << 20;

/// An answer.
pub(super) struct Answer {
    /// Its number; 200 is success.
    pub(super) status: u16,
    /// Its media type, in small letters.
    pub(super) kind: String,
    /// The encoding that it names.
    pub(super) charset: Option<String>,
    /// Its body.
    pub(super) body: Vec<u8>,
}

/// Reads an answer; `media` is the type where there is no head, as very old archives have it.
pub(super) fn of(bytes: &[u8], media: &str) -> Result<Answer, String> {
    if !bytes.starts_with(b"HTTP/") {
        let (kind, charset) = self::media(media);
        return Ok(Answer { status: 200, kind, charset, body: bytes.to_vec() });
    }
    let end = |sign: &[u8]| bytes.windows(sign.len()).position(|window| window == sign).map(|at| (at, at + sign.len()));
    let (head, body) = match (end(b"\r\n\r\n"), end(b"\n\n")) {
        (Some(one), Some(other)) => one.min(other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => (bytes.len(), bytes.len()),
    };
    let head = String::from_utf8_lossy(bytes.get(..head).unwrap_or_default()).into_owned();
    let mut body = bytes.get(body..).unwrap_or_default().to_vec();
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok()).unwrap_or(0);
    let (mut kind, mut charset, mut packed, mut chunked) = (String::new(), None, Vec::new(), false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => (kind, charset) = self::media(value),
            "content-encoding" => packed = value.split(',').map(|one| one.trim().to_ascii_lowercase()).collect(),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            _ => {}
        }
    }
    if chunked {
        body = unchunked(&body).unwrap_or(body);
    }
    for way in packed.iter().rev() {
        body = unpacked(&body, way)?;
    }
    Ok(Answer { status, kind, charset, body })
}

/// A media type in small letters, and the encoding that it names.
pub(super) fn media(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let charset = charset.map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_owned());
    (kind, charset.filter(|charset| !charset.is_empty()))
}

/// A body that came in pieces, each after its length; nothing where it did not. Some programs put pieces together and
/// leave the head as it was.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = rest.get(end + 1..)?;
        if length == 0 {
            return Some(out);
        }
        let Some(piece) = rest.get(..length) else {
            // Cut off in the last piece.
            out.extend(rest);
            return Some(out);
        };
        out.extend(piece);
        rest = rest.get(length..)?;
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

fn unpacked(bytes: &[u8], way: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let read = match way {
        "identity" | "" | "utf-8" | "none" => return Ok(bytes.to_vec()),
        // Programs that unpack often leave the word there.
        "gzip" | "x-gzip" if !bytes.starts_with(b"\x1f\x8b") => return Ok(bytes.to_vec()),
        "gzip" | "x-gzip" => MultiGzDecoder::new(bytes).take(MOST + 1).read_to_end(&mut out),
        "deflate" => match ZlibDecoder::new(bytes).take(MOST + 1).read_to_end(&mut out) {
            Ok(count) => Ok(count),
            Err(_) => {
                out.clear();
                DeflateDecoder::new(bytes).take(MOST + 1).read_to_end(&mut out)
            }
        },
        other => return Err(format!("It is packed in a way that is not known ({other})")),
    };
    if out.len() as u64 > MOST {
        return Err("It unpacks to more than 64 MB, and that is the limit".to_owned());
    }
    match read {
        // What came before the damage is text all the same.
        Err(_) if out.is_empty() => Err("What packs it is damaged".to_owned()),
        _ => Ok(out),
    }
}
