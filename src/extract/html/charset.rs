//! The encoding that a page names in its first bytes.

/// How far the name may stand from the start; browsers look no further.
const HEAD: usize = 1_024;

/// The label that a page gives for its encoding, as it is written there; it may be wrong.
pub fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if let Some(label) = head.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()).and_then(xml_encoding) {
        return Some(label);
    }
    let mut rest = head.as_str();
    while let Some((_, tag)) = rest.split_once("<meta") {
        let inside = tag.split('>').next().unwrap_or(tag);
        if let Some(label) = inside.split_once("charset").and_then(|(_, value)| value_of(value)) {
            // A page that could be read this far is no UTF-16.
            return Some(if label.starts_with("utf-16") { "utf-8".to_owned() } else { label });
        }
        rest = tag;
    }
    None
}

fn xml_encoding(head: &str) -> Option<String> {
    value_of(head.split_once("encoding")?.1)
}

/// The value after an equals sign, with or without quotes.
fn value_of(text: &str) -> Option<String> {
    let value = text.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.:+".contains(*c)).collect();
    (!label.is_empty()).then_some(label)
}
