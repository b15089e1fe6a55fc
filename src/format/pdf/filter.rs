//! How streams of PDF files are packed.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::format::pdf::allowance::Allowance;
use crate::format::pdf::object::{Dict, Object};

/// Bytes that may come out of one stream.
const ONE: usize = 64 << 20;

/// Unpacks a stream; nothing where it is packed as pictures are, or where too much comes out.
/// What comes out is paid for, and what turns out to be too much as well.
pub(super) fn unpack(
    packed: &[u8],
    dict: &Dict,
    follow: &dyn Fn(&Object) -> Object,
    allowance: &mut Allowance,
) -> Option<Vec<u8>> {
    let list = |names: [&str; 2]| match names.iter().find_map(|name| dict.get(*name)).map(follow) {
        Some(Object::List(list)) => list.iter().map(follow).collect(),
        Some(Object::Null) | None => Vec::new(),
        Some(one) => vec![one],
    };
    let (filters, parms) = (list(["Filter", "F"]), list(["DecodeParms", "DP"]));
    let most = ONE.min(allowance.left());
    if packed.len() > most {
        allowance.refuse();
        return None;
    }
    // To find its end took time even where nothing comes out.
    allowance.spend(packed.len());
    let mut bytes = packed.to_vec();
    if filters.is_empty() {
        return Some(bytes);
    }
    for (at, filter) in filters.iter().enumerate() {
        let parms = parms.get(at);
        let parm = |name: &str, usual: usize| match parms {
            Some(Object::Dict(parms)) => parms.get(name).map(follow).and_then(|value| value.count()).unwrap_or(usual),
            _ => usual,
        };
        bytes = match filter.name()? {
            "FlateDecode" | "Fl" => predicted(inflate(&bytes, most), &parm),
            "LZWDecode" | "LZW" => predicted(lzw(&bytes, parm("EarlyChange", 1), most), &parm),
            "ASCIIHexDecode" | "AHx" => {
                let digits: Vec<u8> =
                    bytes.iter().take_while(|byte| **byte != b'>').filter_map(|byte| hex(*byte)).collect();
                digits
                    .chunks(2)
                    .map(|pair| pair.first().copied().unwrap_or(0) << 4 | pair.get(1).copied().unwrap_or(0))
                    .collect()
            }
            "ASCII85Decode" | "A85" => ascii_85(&bytes),
            "RunLengthDecode" | "RL" => runs(&bytes, most),
            _ => return None,
        };
        if bytes.len() > most {
            allowance.spend(bytes.len());
            allowance.refuse();
            return None;
        }
    }
    allowance.spend(bytes.len());
    Some(bytes)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn inflate(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // What came before damage is of use.
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    if ZlibDecoder::new(bytes).take(limit).read_to_end(&mut out).is_err() && out.is_empty() {
        _ = flate2::read::DeflateDecoder::new(bytes.get(2..).unwrap_or_default()).take(limit).read_to_end(&mut out);
    }
    out
}

/// Puts back what was taken off because the row above or the pixel before says it.
fn predicted(bytes: Vec<u8>, parm: &dyn Fn(&str, usize) -> usize) -> Vec<u8> {
    let kind = parm("Predictor", 1);
    let bits = parm("Colors", 1).clamp(1, 64) * parm("BitsPerComponent", 8).clamp(1, 16);
    let step = bits.div_ceil(8);
    let width = (bits.saturating_mul(parm("Columns", 1).clamp(1, 1 << 20))).div_ceil(8);
    if kind < 2 {
        return bytes;
    }
    // A row is no longer than all there is, whatever is said.
    let width = width.min(bytes.len()).max(1);
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0_u8; width];
    for row in bytes.chunks(if kind >= 10 { width + 1 } else { width }) {
        let (filter, row) =
            if kind >= 10 { row.split_first().map_or((0, row), |(filter, row)| (*filter, row)) } else { (1, row) };
        let mut now: Vec<u8> = Vec::with_capacity(width);
        for (at, byte) in row.iter().enumerate() {
            let before = |row: &[u8]| at.checked_sub(step).and_then(|at| row.get(at)).copied().unwrap_or(0);
            let (left, up, corner) = (before(&now), above.get(at).copied().unwrap_or(0), before(&above));
            let add = match filter {
                1 => left,
                2 => up,
                3 => u8::try_from((u16::from(left) + u16::from(up)) / 2).unwrap_or(0),
                4 => nearest(left, up, corner),
                _ => 0,
            };
            now.push(byte.wrapping_add(add));
        }
        out.extend(&now);
        now.resize(width, 0);
        above = now;
    }
    out
}

fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |byte: u8| (guess - i16::from(byte)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

fn lzw(bytes: &[u8], early: usize, most: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    // Where each code stands in what came out, and how long it is.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut held, mut bits, mut width) = (0_usize, 0_usize, 9_usize);
    let mut last: Option<(usize, usize)> = None;
    for byte in bytes {
        held = (held << 8 | usize::from(*byte)) & 0xFFFF_FFFF;
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = held >> bits & ((1 << width) - 1);
        let start = out.len();
        match code {
            256 => {
                table.clear();
                (width, last) = (9, None);
                continue;
            }
            257 => break,
            0..=255 => out.push(u8::try_from(code).unwrap_or(0)),
            _ => {
                let known = table.get(code - 258).copied();
                // A code may stand for itself: the last one and its first byte again.
                let Some((from, length)) = known.or(last.map(|(from, length)| (from, length + 1))) else { break };
                if out.len() + length > most {
                    return vec![0; most.saturating_add(1)];
                }
                for step in 0..length {
                    let byte = out.get(from + step).copied().unwrap_or(0);
                    out.push(byte);
                }
            }
        }
        if let Some((from, length)) = last.filter(|_| table.len() < 4_096 - 258) {
            table.push((from, length + 1));
        }
        last = Some((start, out.len() - start));
        width = match table.len() + 258 + early {
            0..=511 => 9,
            512..=1_023 => 10,
            1_024..=2_047 => 11,
            _ => 12,
        };
    }
    out
}

fn ascii_85(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut group) = (Vec::new(), Vec::new());
    let flush = |group: &mut Vec<u32>, out: &mut Vec<u8>| {
        let count = group.len();
        if count < 2 {
            return group.clear();
        }
        group.resize(5, 84);
        let sum = group.drain(..).fold(0_u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(digit));
        out.extend(sum.to_be_bytes().into_iter().take(count - 1));
    };
    for byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(u32::from(byte - b'!'));
                if group.len() == 5 {
                    flush(&mut group, &mut out);
                }
            }
            _ => {}
        }
    }
    flush(&mut group, &mut out);
    out
}

fn runs(mut rest: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some((length, after)) = rest.split_first() {
        match *length {
            128 => break,
            length if length < 128 => {
                let count = (usize::from(length) + 1).min(after.len());
                out.extend(after.iter().take(count));
                rest = after.get(count..).unwrap_or_default();
            }
            length => {
                let Some((byte, after)) = after.split_first() else { break };
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(length)));
                rest = after;
            }
        }
        if out.len() > most {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_no_longer_than_what_there_is() {
        let begin = std::time::Instant::now();
        for (kind, bytes, expected) in
            [(12, vec![2, 7], vec![7]), (2, vec![1, 1, 1], vec![1, 2, 3]), (12, vec![], vec![]), (2, vec![], vec![])]
        {
            let parm = |name: &str, usual: usize| match name {
                "Predictor" => kind,
                "Columns" => 1 << 20,
                _ => usual,
            };
            assert_eq!(predicted(bytes, &parm), expected);
        }
        let huge = |name: &str, _: usize| if name == "Predictor" { 12 } else { usize::MAX };
        (0..1_000).for_each(|_| assert_eq!(predicted(vec![0, 1], &huge), [1]));
        assert!(begin.elapsed().as_secs() < 10);
    }

    #[test]
    fn what_is_too_much_is_paid_for() {
        let dict = Dict::from([("Filter".to_owned(), Object::Name("RL".to_owned()))]);
        let mut allowance = Allowance::new(300, 1_000);
        allowance.renew();
        let unpack = |packed: &[u8], allowance: &mut Allowance| unpack(packed, &dict, &Object::clone, allowance);
        assert_eq!(unpack(&[129, b'x'], &mut allowance).map(|bytes| bytes.len()), Some(128));
        assert_eq!((allowance.left(), allowance.is_short()), (170, false));
        assert_eq!(unpack(&[129, b'x'].repeat(9), &mut allowance), None);
        assert_eq!((allowance.left(), allowance.is_short()), (0, true));
        allowance.renew();
        assert_eq!((allowance.left(), allowance.is_short()), (300, false));
    }
}
