//! One file packed by gzip: what is in it is read by its own reader.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::{Format, Input, OptionKind, Read, choose};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "gzip",
    name: "Packed file (gzip)",
    extensions: &["gz"],
    reads: Some(read),
    choices: &[OptionKind::Encoding, OptionKind::TextField, OptionKind::PerLine],
    ..Format::NONE
};

/// How packed files begin.
pub(super) const SIGN: &[u8] = b"\x1f\x8b";
/// A packed file may become larger than this times its size only up to [`ROOM`].
const GROWTH: u64 = 100;
/// Bytes to which every packed file may grow.
pub(super) const ROOM: u64 = 1 << 20;

/// The bytes of a file, unpacked if they are packed; why they cannot be had otherwise.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if !bytes.starts_with(SIGN) {
        return Ok(Cow::Borrowed(bytes));
    }
    let most = ROOM.max(GROWTH.saturating_mul(u64::try_from(bytes.len()).unwrap_or(u64::MAX)));
    let mut all = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most.saturating_add(1)).read_to_end(&mut all);
    read.map_err(|error| format!("It cannot be unpacked: {error}"))?;
    if u64::try_from(all.len()).is_ok_and(|size| size <= most) {
        Ok(Cow::Owned(all))
    } else {
        Err(format!("Unpacked it is more than {GROWTH} times as large, which no honest file is"))
    }
}

/// Reads what is packed. Packed files in packed files are not opened.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let name = input.name.strip_suffix(".gz").unwrap_or(input.name);
    let inside = unpacked(input.bytes).and_then(|bytes| match choose(name, &bytes, input.options)? {
        format if format.id == FORMAT.id || bytes.starts_with(SIGN) => {
            Err("It is packed more than once; unpack it first".to_owned())
        }
        format => Ok((bytes, format.reads)),
    });
    let why = match inside {
        Ok((bytes, Some(reads))) => {
            let mut read = reads(&Input { name, bytes: &bytes, ..*input }, env);
            for article in &mut read.articles {
                article.source.file = Some(input.name.to_owned());
            }
            return read;
        }
        Ok((_, None)) => "Nothing reads what is in it".to_owned(),
        Err(why) => why,
    };
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    drafts.problem(Severity::Error, "", &format!("‘{}’ was not read. {why}.", input.name));
    drafts.done()
}
