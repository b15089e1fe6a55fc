//! Packed members of a ZIP file. Sizes are counted as bytes come out, never believed; nothing is written anywhere.

use std::io::Read as _;

/// Bytes of one member, unpacked, at most.
const MEMBER: u64 = 256 << 20;
/// Bytes of all members, unpacked, at most.
const ALL: u64 = 1 << 30;
/// How many times its size a file may become, once it is more than the next number.
const RATIO: u64 = 200;
/// Bytes that may come out of a file of any size.
const FREE: u64 = 10 << 20;
/// Members of a file, at most.
const MEMBERS: usize = 20_000;

/// A member of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its name with its folders, as the file says.
    pub(super) name: String,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    at: u64,
}

/// A file whose members can be read.
pub(super) struct Zipped<'a> {
    bytes: &'a [u8],
    members: Vec<Member>,
    /// How many entries its list should have beyond those that were found.
    missing: u64,
    /// Bytes that may still come out.
    left: u64,
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let part = bytes.get(at..at.checked_add(length)?)?;
    Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    number(bytes, at, 2).and_then(|number| u16::try_from(number).ok())
}

fn place(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    number(bytes, at, length).and_then(|number| usize::try_from(number).ok())
}

impl<'a> Zipped<'a> {
    /// Reads the list of members.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        if !bytes.starts_with(b"PK") {
            return Err("It is no ZIP file".to_owned());
        }
        let (members, missing) = list(bytes).ok_or("Its list of members is missing or damaged; it may be cut off")?;
        if members.len() > MEMBERS {
            return Err(format!("It has more than {MEMBERS} members, and that is the limit"));
        }
        let packed: u64 = members.iter().fold(0, |sum, member| sum.saturating_add(member.packed));
        if packed > bytes.len() as u64 {
            return Err("Its members lie over each other".to_owned());
        }
        let left = (bytes.len() as u64).saturating_mul(RATIO).clamp(FREE, ALL);
        Ok(Self { bytes, members, missing, left })
    }

    /// How many members are missing from its list, by what its end says.
    pub(super) fn missing(&self) -> u64 {
        self.missing
    }

    /// All members in the order of the list; folders are not among them.
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// Unpacks the member of that name, if there is one.
    pub(super) fn named(&mut self, name: &str) -> Option<Result<Vec<u8>, String>> {
        let member = self.members.iter().find(|member| member.name == name)?.clone();
        Some(self.unpack(&member))
    }

    /// Unpacks a member.
    pub(super) fn unpack(&mut self, member: &Member) -> Result<Vec<u8>, String> {
        if member.flags & 1 == 1 {
            return Err("It is locked by a password".to_owned());
        }
        let packed = self.packed(member).ok_or("It lies outside of the file; the file may be cut off")?;
        let most = MEMBER.min(self.left);
        let mut out = Vec::new();
        let unpacked = match member.method {
            0 => packed.take(most + 1).read_to_end(&mut out),
            8 => flate2::read::DeflateDecoder::new(packed).take(most + 1).read_to_end(&mut out),
            method => return Err(format!("It is packed by a method that is not known ({method})")),
        };
        // What turns out to be of no use took its time as well.
        self.left = self.left.saturating_sub(out.len() as u64);
        unpacked.map_err(|_| "It is damaged".to_owned())?;
        if out.len() as u64 > most {
            let why =
                if most < MEMBER { "The file unpacks to far more than its size" } else { "It is larger than 256 MB" };
            return Err(format!("{why}, and that is the limit"));
        }
        if crc32fast::hash(&out) != member.crc {
            return Err("It is damaged: its checksum is wrong".to_owned());
        }
        Ok(out)
    }

    fn packed(&self, member: &Member) -> Option<&'a [u8]> {
        let at = usize::try_from(member.at).ok()?;
        let header = self.bytes.get(at..)?;
        let start = header.starts_with(b"PK\x03\x04").then_some(30)?
            + usize::from(short(header, 26)?)
            + usize::from(short(header, 28)?);
        header.get(start..start.checked_add(usize::try_from(member.packed).ok()?)?)
    }
}

/// Where the list of members is.
struct Place {
    /// Its size.
    size: usize,
    /// Its first byte, counted from the first member.
    start: usize,
    /// How many entries it has.
    count: u64,
    /// What stands behind it.
    behind: usize,
}

/// What the record of a large file says, if there is one before the end. Some programs write one for small files too.
fn large_end(bytes: &[u8], end: usize) -> Option<Place> {
    let is = |at: usize, sign: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(sign));
    let locator = end.checked_sub(20).filter(|at| is(*at, b"PK\x06\x07"))?;
    // It is where the locator says, or right before that where something stands in front of the first member.
    let named = place(bytes, locator + 8, 8);
    let record = [named, locator.checked_sub(56)].into_iter().flatten().find(|at| is(*at, b"PK\x06\x06"))?;
    Some(Place {
        size: place(bytes, record.checked_add(40)?, 8)?,
        start: place(bytes, record.checked_add(48)?, 8)?,
        count: number(bytes, record.checked_add(32)?, 8)?,
        behind: record,
    })
}

/// The members that the list at the end of the file names, and how many entries are missing; nothing where there is no
/// sound list.
fn list(bytes: &[u8]) -> Option<(Vec<Member>, u64)> {
    // A remark may stand behind the end.
    let tail = bytes.len().saturating_sub(65_557);
    let end = tail + bytes.get(tail..)?.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let plain = || {
        let (size, start) = (place(bytes, end + 12, 4)?, place(bytes, end + 16, 4)?);
        let count = number(bytes, end + 10, 2)?;
        (start != 0xFFFF_FFFF && size != 0xFFFF_FFFF).then_some(Place { size, start, count, behind: end })
    };
    let Place { size, start, count, behind } = large_end(bytes, end).or_else(plain)?;
    // Something may stand before the first member, which the places do not count, or behind the list.
    let begins = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02"));
    let real = behind.checked_sub(size).filter(|at| size == 0 || begins(at)).or(Some(start).filter(begins))?;
    let shift = real.checked_sub(start)? as u64;
    let mut rest = bytes.get(real..behind)?;
    let (mut members, mut seen) = (Vec::new(), 0);
    while rest.starts_with(b"PK\x01\x02") && members.len() <= MEMBERS {
        seen += 1;
        let (names, extra, note) = (short(rest, 28)?, short(rest, 30)?, short(rest, 32)?);
        let after = 46 + usize::from(names);
        let end = after + usize::from(extra);
        let (flags, name, more) = (short(rest, 8)?, rest.get(46..after)?, rest.get(after..end)?);
        let (size, mut packed, mut at) = (number(rest, 24, 4)?, number(rest, 20, 4)?, number(rest, 42, 4)?);
        if [size, packed, at].contains(&0xFFFF_FFFF) {
            let mut numbers = large(more).into_iter();
            if size == 0xFFFF_FFFF {
                numbers.next()?;
            }
            for value in [&mut packed, &mut at] {
                if *value == 0xFFFF_FFFF {
                    *value = numbers.next()?;
                }
            }
        }
        let name = if flags & 0x800 == 0 && std::str::from_utf8(name).is_err() {
            crate::extract::encoding::decode(name, Some("ibm437"))
                .map_or_else(|_| String::new(), |decoded| decoded.text)
        } else {
            String::from_utf8_lossy(name).into_owned()
        };
        let crc = u32::try_from(number(rest, 16, 4)?).ok()?;
        if !name.ends_with('/') {
            members.push(Member { name, flags, method: short(rest, 10)?, crc, packed, at: at.checked_add(shift)? });
        }
        rest = rest.get(end + usize::from(note)..)?;
    }
    Some((members, count.saturating_sub(seen)))
}

/// Numbers that did not fit into their places.
fn large(mut extra: &[u8]) -> Vec<u64> {
    while let (Some(id), Some(length)) = (short(extra, 0), short(extra, 2)) {
        let (start, end) = (4, 4 + usize::from(length));
        if id == 1 {
            let part = extra.get(start..end).unwrap_or_default();
            return part.chunks_exact(8).filter_map(|chunk| number(chunk, 0, 8)).collect();
        }
        extra = extra.get(end..).unwrap_or_default();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of members that are not packed: what stands before them, the list, and how many entries its end counts.
    fn file(before: &[u8], members: &[(&str, &[u8])], large: bool) -> Vec<u8> {
        let (mut out, mut list) = (before.to_vec(), Vec::new());
        let long = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let longer = |number: usize| (number as u64).to_le_bytes();
        let (mut at, count) = (0, members.len());
        for (name, text) in members {
            let sums =
                [&crc32fast::hash(text).to_le_bytes(), &long(text.len()), &long(text.len())].map(|four| four.to_vec());
            let head =
                [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0][..], &sums.concat(), &[u8::try_from(name.len()).unwrap(), 0, 0, 0]]
                    .concat();
            list.extend([&b"PK\x01\x02\x14\0"[..], &head, &[0; 10], &long(at), name.as_bytes()].concat());
            let member = [b"PK\x03\x04", &head[..], name.as_bytes(), text].concat();
            at += member.len();
            out.extend(member);
        }
        let (start, size) = (long(at), long(list.len()));
        out.extend(&list);
        if large {
            let record = longer(out.len() - before.len());
            out.extend(
                [
                    &b"PK\x06\x06"[..],
                    &longer(44),
                    &[0; 12],
                    &longer(count),
                    &longer(count),
                    &longer(list.len()),
                    &longer(at),
                ]
                .concat(),
            );
            out.extend([&b"PK\x06\x07\0\0\0\0"[..], &record, &[1, 0, 0, 0]].concat());
        }
        let count = u16::try_from(count).unwrap().to_le_bytes();
        out.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &start, &[0, 0]].concat());
        out
    }

    /// The members with what is in them, and how many are missing.
    fn shown(bytes: &[u8]) -> String {
        let mut zipped = match Zipped::open(bytes) {
            Ok(zipped) => zipped,
            Err(why) => return why,
        };
        let names: Vec<String> = zipped.members().iter().map(|member| member.name.clone()).collect();
        let texts = names.iter().map(|name| match zipped.named(name).unwrap() {
            Ok(bytes) => format!("{name}={}", String::from_utf8_lossy(&bytes)),
            Err(why) => format!("{name}: {why}"),
        });
        format!("{} {}", texts.collect::<Vec<_>>().join(" "), zipped.missing())
    }

    #[test]
    fn the_list_is_found_with_and_without_the_record_of_large_files() {
        let members: [(&str, &[u8]); 2] = [("a", b"one"), ("b", b"two")];
        for before in [&b""[..], b"PK stands before"] {
            for large in [false, true] {
                assert_eq!(shown(&file(before, &members, large)), "a=one b=two 0", "{before:?} {large}");
            }
        }
        // Something between the list and its end.
        let mut loose = file(b"", &members, false);
        let end = loose.len() - 22;
        loose.splice(end..end, *b"something");
        assert_eq!(shown(&loose), "a=one b=two 0");
    }

    #[test]
    fn a_damaged_list_says_how_many_are_missing() {
        let mut bytes = file(b"", &[("a", b"one"), ("b", b"two"), ("c", b"three")], false);
        let second = bytes.windows(4).enumerate().filter(|(_, four)| four == b"PK\x01\x02").nth(1).unwrap().0;
        bytes[second + 2] = b'x';
        assert_eq!(shown(&bytes), "a=one 2");
    }

    #[test]
    fn what_cannot_be_used_costs_as_much() {
        let long = vec![b'x'; 6 << 20];
        let mut bytes = file(b"", &[("a", &long), ("b", &long)], false);
        let place = bytes.iter().position(|byte| *byte == b'x').unwrap();
        bytes[place] = b'y';
        let mut zipped = Zipped::open(&bytes).unwrap();
        let before = zipped.left;
        assert!(zipped.named("a").unwrap().unwrap_err().contains("checksum"));
        assert_eq!(zipped.left, before - long.len() as u64);
    }
}
