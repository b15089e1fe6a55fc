//! The one reader and writer of RON, and the line that stands above every stored file.
//!
//! What our files hold day by day is read and written by ourselves, quickly; anything else, and every error, is left to
//! the `ron` crate.

pub mod reference;
pub mod read;
pub mod write;

mod escape;
mod gave_up;
mod tokens;

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::error::{Error, Kind, Result};

/// Number of the file format that this version writes; it reads this and all before it.
pub const FORMAT: u32 = 5;

/// How many levels of lines a file has: a block or a span has a line of its own.
const LEVELS: usize = 2;

/// Bytes of a piece of work as it is mostly written.
const USUAL: usize = 1 << 10;

/// One line, for journals.
pub fn to_line(value: &impl Serialize) -> Result<String> {
    let mut out = String::with_capacity(USUAL);
    append_line(&mut out, value)?;
    Ok(out)
}

/// What [`to_line`] gives, behind what is there already.
pub fn append_line(out: &mut String, value: &impl Serialize) -> Result<()> {
    append(out, value, 0)
}

/// Two levels of lines, so that a block or a span has a line of its own. The same bytes on every system.
pub fn to_pretty(value: &impl Serialize) -> Result<String> {
    let mut out = String::with_capacity(USUAL);
    append_pretty(&mut out, value)?;
    Ok(out)
}

/// What [`to_pretty`] gives, behind what is there already.
pub fn append_pretty(out: &mut String, value: &impl Serialize) -> Result<()> {
    append(out, value, LEVELS)
}

fn append(out: &mut String, value: &impl Serialize, lines: usize) -> Result<()> {
    let before = out.len();
    if write::append(out, value, lines).is_err() {
        out.truncate(before);
        out.push_str(&reference::text(value, lines).map_err(|error| unwritable(&error))?);
    }
    Ok(())
}

/// Reads a value; the error names line and column.
pub fn from_str<T: DeserializeOwned>(text: &str) -> std::result::Result<T, String> {
    read::from_str(text).or_else(|_| reference::from_str(text))
}

/// The error for a file of a newer format that this version cannot make sense of.
pub fn newer(format: u32, path: &Path) -> Error {
    let why = format!("It was made by a newer version (format {format}, this one knows {FORMAT})");
    let what = format!("Could not open the project ‘{}’", crate::base::disk::name(path));
    Error::new(Kind::Newer, what, why, "Install the newer version; the file was left as it is").at(path)
}

fn unwritable(error: &ron::Error) -> Error {
    Error::new(Kind::Refused, "Could not write the project as RON", error.to_string(), "Please report it")
}

/// What the first line of a file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Number of the format.
    pub format: u32,
    /// The newest transaction whose effects are in the file; not in files of format 1.
    pub seen: u64,
    /// CRC-32 as the line gives it.
    pub crc: u32,
    /// Whether length and CRC-32 fit the rest of the file.
    pub intact: bool,
}

/// Puts the header line above a body: `// rubricate KIND format=2 seen=NUMBER length=BYTES crc32=HEX`.
pub fn with_header(kind: &str, seen: u64, body: &str) -> String {
    let (mut file, _) = header(kind, seen, body);
    file.push_str(body);
    file
}

/// A whole file with one value in it, and its checksum.
pub fn to_file(kind: &str, seen: u64, value: &impl Serialize) -> Result<(String, u32)> {
    let mut file = String::from("#![enable(implicit_some)]\n");
    append_pretty(&mut file, value)?;
    file.push('\n');
    let (line, crc) = header(kind, seen, &file);
    file.insert_str(0, &line);
    Ok((file, crc))
}

fn header(kind: &str, seen: u64, body: &str) -> (String, u32) {
    let crc = checksum(FORMAT, seen, body);
    let line = format!("// rubricate {kind} format={FORMAT} seen={seen} length={} crc32={crc:08x}\n", body.len());
    (line, crc)
}

/// From format 2 on the checksum is over the digits of `seen` and the body.
fn checksum(format: u32, seen: u64, body: &str) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    if format > 1 {
        crc.update(seen.to_string().as_bytes());
    }
    crc.update(body.as_bytes());
    crc.finalize()
}

/// Reads the header line; a file without one is of format 1 and not intact. Gives the body too.
///
/// A byte order mark and CR LF line ends, which editors add, are let pass.
pub fn split_header<'a>(kind: &str, file: &'a str) -> (Header, &'a str) {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let (line, body) = file.split_once('\n').unwrap_or((file, ""));
    let Some(rest) = line.trim_end().strip_prefix("// rubricate ").and_then(|rest| rest.strip_prefix(kind)) else {
        return (Header { format: 1, ..Header::default() }, file);
    };
    let field = |name: &str| rest.split_ascii_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let format = field("format").and_then(|digits| digits.parse().ok()).unwrap_or(1);
    let seen = field("seen").and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let length = field("length").and_then(|digits| digits.parse::<usize>().ok());
    let crc = field("crc32").and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let intact = length == Some(body.len()) && crc == Some(checksum(format, seen, body));
    (Header { format, seen, crc: crc.unwrap_or(0), intact }, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_knows_its_body() {
        let file = with_header("project", 7, "(a: 1)\n");
        let (header, body) = split_header("project", &file);
        assert_eq!((header.format, header.seen, header.intact, body), (FORMAT, 7, true, "(a: 1)\n"));
        for (what, other) in [("1)", "3)"), ("seen=7", "seen=8"), ("length=7", "length=6")] {
            assert!(!split_header("project", &file.replace(what, other)).0.intact, "{what}");
        }
        let windows = format!("\u{feff}{}", file.replace('\n', "\r\n"));
        assert_eq!(split_header("project", &windows).0.format, FORMAT);
        assert_eq!(split_header("project", "(a: 1)").1, "(a: 1)");
        assert_eq!(split_header("project", "// rubricate project format=9\n()").0.format, 9);
    }

    #[test]
    fn files_of_format_1_have_a_checksum_over_the_body_alone() {
        let crc = crc32fast::hash(b"()\n");
        let file = format!("// rubricate project format=1 length=3 crc32={crc:08x}\n()\n");
        assert!(split_header("project", &file).0.intact);
    }
}
