//! RON by the `ron` crate: the measure for the quick reader and writer, and the way out for what they do not know.

use std::sync::LazyLock;

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;

static OPTIONS: LazyLock<ron::Options> =
    LazyLock::new(|| ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME));

/// A value with so many levels of lines, and the rest of it in one line each.
pub fn text(value: &(impl Serialize + ?Sized), lines: usize) -> Result<String, ron::Error> {
    let config = PrettyConfig::new().depth_limit(lines).new_line("\n").indentor("  ").compact_ranges(true);
    OPTIONS.to_string_pretty(value, config)
}

/// Reads a value; the error names line and column.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    OPTIONS
        .from_str(text)
        .map_err(|error| format!("Line {}, column {}: {}", error.span.start.line, error.span.start.col, error.code))
}
