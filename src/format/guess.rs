//! Which format reads a file: by what is in it, by its name, or by how it begins.

use crate::format::{FORMATS, Format, ReadOptions, by_id, unread};

/// Beginnings of files whose names say nothing, in any case, and the format that reads them.
const STARTS: [(&str, &str); 6] = [
    ("%pdf-", "pdf"),
    ("<!doctype html", "html"),
    ("<html", "html"),
    ("{\\rtf", "rtf"),
    ("warc/1.", "warc"),
    ("filedesc://", "warc"),
];

/// The format whose ends of names the file has and whose content it has, too.
pub fn known(name: &str, bytes: &[u8]) -> Option<&'static Format> {
    let name = name.to_ascii_lowercase();
    let ends = |end: &&str| name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.'));
    let looks = |format: &&Format| format.looks.is_some_and(|looks| looks(bytes));
    FORMATS.iter().filter(|format| format.extensions.iter().any(ends)).find(looks)
}

/// The format that can read the file: by what is in it, by its name, or else by how it begins.
pub fn sniff(name: &str, bytes: &[u8]) -> Option<&'static Format> {
    if let Some(format) = known(name, bytes) {
        return Some(format);
    }
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let by_end = |format: &&Format| format.looks.is_none() && format.extensions.contains(&extension.as_str());
    let named = FORMATS.iter().find(by_end);
    if let Some(format) = named {
        return format.reads.is_some().then_some(format);
    }
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(format) = by_sign(start) {
        return Some(format);
    }
    let line = start.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty())?;
    let id = if serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok() {
        "jsonl"
    } else {
        // Only the beginning: a guess should not take long.
        crate::extract::encoding::decode(bytes.get(..4_096).unwrap_or(bytes), None).ok()?;
        "txt"
    };
    by_id(id)
}

/// The format of a file by its first bytes.
fn by_sign(bytes: &[u8]) -> Option<&'static Format> {
    let start = bytes.trim_ascii_start();
    let begins = |sign: &str| start.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign.as_bytes()));
    STARTS.iter().find(|(sign, _)| begins(sign)).and_then(|(_, id)| by_id(id))
}

/// The format that is to read a file of which nobody said what it is, or why none should. What nobody knows is read as
/// plain text, which says why it is none.
pub fn choose(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<&'static Format, String> {
    // Whoever names a column knows that it is a table.
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let table = match end.as_str() {
        "csv" | "tsv" | "tab" => by_id("csv"),
        "json" => by_id("json").filter(|_| unread::refusal(name, bytes).is_some()),
        _ => None,
    };
    if let Some(table) = table.filter(|_| options.text_field.is_some() && known(name, bytes).is_none()) {
        return Ok(table);
    }
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if known(name, bytes).is_none()
        && by_sign(start).is_none()
        && let Some(why) = unread::refusal(name, bytes)
    {
        return Err(why);
    }
    sniff(name, bytes).or_else(|| by_id("txt")).ok_or_else(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_name_or_by_beginning() {
        let id = |name: &str, bytes: &[u8]| sniff(name, bytes).map(|format| format.id);
        assert_eq!(id("a.TXT", b"{}"), Some("txt"));
        assert_eq!(id("a.jsonl", b""), Some("jsonl"));
        assert_eq!(id("a.conll", b"EU\tB-ORG"), Some("conll"));
        assert_eq!(id("a.tsv", b"#Name\tAge\nAnna\t7\n"), Some("txt"));
        assert_eq!(id("a", b"\n{\"text\": \"a\"}\n"), Some("jsonl"));
        assert_eq!(id("a.md", b"# A"), Some("markdown"));
        assert_eq!(id("a", b"%PDF-1.4"), Some("pdf"));
    }
}
