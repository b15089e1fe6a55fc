//! The one reader and writer of RON, and the line that stands above every stored file.

use std::sync::LazyLock;

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::error::{Error, Kind, Result};

/// Number of the file format that this version writes; it reads this and all before it.
pub const FORMAT: u32 = 1;

static OPTIONS: LazyLock<ron::Options> =
    LazyLock::new(|| ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME));

/// One line, for journals.
pub fn to_line(value: &impl Serialize) -> Result<String> {
    written(value, PrettyConfig::new().depth_limit(0))
}

/// Two levels of lines, so that a block or a span has a line of its own. The same bytes on every system.
pub fn to_pretty(value: &impl Serialize) -> Result<String> {
    written(value, PrettyConfig::new().depth_limit(2))
}

fn written(value: &impl Serialize, config: PrettyConfig) -> Result<String> {
    let config = config.new_line("\n").indentor("  ").compact_ranges(true);
    OPTIONS.to_string_pretty(value, config).map_err(|error| unwritable(&error))
}

/// Reads a value; the error names line and column.
pub fn from_str<T: DeserializeOwned>(text: &str) -> std::result::Result<T, String> {
    OPTIONS
        .from_str(text)
        .map_err(|error| format!("Line {}, column {}: {}", error.span.start.line, error.span.start.col, error.code))
}

fn unwritable(error: &ron::Error) -> Error {
    Error::new(Kind::Refused, "Could not write the project as RON", error.to_string(), "Please report it")
}

/// What the first line of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of the format.
    pub format: u32,
    /// Whether length and CRC-32 fit the rest of the file.
    pub intact: bool,
}

/// Puts the header line above a body: `// rubricate KIND format=1 length=BYTES crc32=HEX`.
pub fn with_header(kind: &str, body: &str) -> String {
    let crc = crc32fast::hash(body.as_bytes());
    format!("// rubricate {kind} format={FORMAT} length={} crc32={crc:08x}\n{body}", body.len())
}

/// Reads the header line; a file without one is of format 1 and not intact. Gives the body too.
///
/// A byte order mark and CR LF line ends, which editors add, are let pass.
pub fn split_header<'a>(kind: &str, file: &'a str) -> (Header, &'a str) {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let (line, body) = file.split_once('\n').unwrap_or((file, ""));
    let Some(rest) = line.trim_end().strip_prefix("// rubricate ").and_then(|rest| rest.strip_prefix(kind)) else {
        return (Header { format: 1, intact: false }, file);
    };
    let field = |name: &str| rest.split_ascii_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let format = field("format").and_then(|digits| digits.parse().ok()).unwrap_or(1);
    let length = field("length").and_then(|digits| digits.parse::<usize>().ok());
    let crc = field("crc32").and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let intact = length == Some(body.len()) && crc == Some(crc32fast::hash(body.as_bytes()));
    (Header { format, intact }, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_knows_its_body() {
        let file = with_header("project", "(a: 1)\n");
        assert_eq!(split_header("project", &file), (Header { format: 1, intact: true }, "(a: 1)\n"));
        let flipped = file.replace("1)", "3)");
        assert!(!split_header("project", &flipped).0.intact);
        let windows = format!("\u{feff}{}", file.replace('\n', "\r\n"));
        assert_eq!(split_header("project", &windows).0.format, 1);
        assert_eq!(split_header("project", "(a: 1)").1, "(a: 1)");
        assert_eq!(split_header("project", "// rubricate project format=9\n()").0.format, 9);
    }
}
