//! Files of formats that no reader here knows: better refused with a word on what to do than taken for plain text.

use serde_json::{Map, Value as Json};

/// Ends of names, and what such a file is.
const ENDS: &[(&[&str], &str)] = &[
    (&["xml", "tei", "nxml", "rss", "atom"], "XML"),
    (&["json"], "JSON in which no field such as ‘text’ holds the text of an article"),
    (&["yaml", "yml", "toml"], "a file of settings"),
    (&["ron", "ronl"], "a project of this program or a part of one"),
    (&["doc", "odt", "pages"], "a file of a word processor"),
    (&["xls", "xlsb", "ods", "parquet", "arrow"], "a table"),
    (&["mobi", "azw3"], "an electronic book"),
    (&["ps", "djvu"], "a printed page"),
    (&["wacz", "wat"], "a web archive"),
    (&["tgz", "bz2", "xz", "zst", "7z", "rar", "tar"], "a packed file"),
];

/// Beginnings that no plain text has, after blanks, in any case.
const STARTS: &[(&str, &str)] =
    &[("<?xml", "XML"), ("<!doctype", "XML"), ("// rubricate ", "a project of this program or a part of one")];

/// Why a file is not read unless somebody says how; nothing where it may be tried.
pub fn refusal(name: &str, bytes: &[u8]) -> Option<String> {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    if matches!(end.as_str(), "csv" | "tsv" | "tab") {
        let why =
            "It is a table, and none of its columns has a name such as ‘text’. Name the column that holds the texts";
        return Some(why.to_owned());
    }
    let what = by_end(&end, bytes).or_else(|| by_start(&end, bytes))?;
    Some(format!(
        "It looks like {what}, which this version cannot read. Save its text as plain text or JSON Lines, or choose \
         the format yourself if it is one of them"
    ))
}

fn by_end(end: &str, bytes: &[u8]) -> Option<&'static str> {
    let (_, what) = ENDS.iter().find(|(ends, _)| ends.contains(&end))?;
    // Many call their lines of JSON so.
    (end != "json" || !first_line_is_an_article(bytes)).then_some(*what)
}

/// Looks inside only where the name says nothing that is known.
fn by_start(end: &str, bytes: &[u8]) -> Option<&'static str> {
    if super::FORMATS.iter().any(|format| format.extensions.contains(&end)) {
        return None;
    }
    let start = without_mark(bytes).trim_ascii_start();
    let start = start.get(..32).unwrap_or(start).to_ascii_lowercase();
    STARTS.iter().find(|(sign, _)| start.starts_with(sign.as_bytes())).map(|(_, what)| *what)
}

fn first_line_is_an_article(bytes: &[u8]) -> bool {
    let mut lines = without_mark(bytes).split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.next().is_some_and(|line| serde_json::from_slice::<Map<String, Json>>(line).is_ok())
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_is_refused_by_name_or_beginning() {
        for (name, bytes, refused) in [
            ("a.HTML", &b"<p>"[..], false),
            ("a", b"\xEF\xBB\xBF\n<?XML version=", true),
            ("a.log", b"WARC/1.0\r\n", false),
            ("a.json", b"[1, 2]", true),
            ("a.json", b"{\n\"text\": \"a\"}", true),
            ("a.json", b"\n{\"text\": \"a\"}\n{\"text\": \"b\"}", false),
            ("a.txt", b"<?xml is how XML begins", false),
            ("a.xmi", b"<?xml version=", false),
            ("a.md", b"# A", false),
            ("a.doc", b"x", true),
            ("a", b"a < b", false),
            ("", b"", false),
        ] {
            assert_eq!(refusal(name, bytes).is_some(), refused, "{name}");
        }
    }
}
