//! What readers of XML share: how a file begins, and its tree.

use std::collections::BTreeSet;

use roxmltree::{Document, ParsingOptions};

use crate::format::draft::Drafts;
use crate::format::xml::text_of;
use crate::model::problem::Severity;

/// Files of more elements and pieces of text than this are not read.
const NODES: u32 = 20_000_000;
/// Attributes of one element, at most; each is compared with all others.
const ATTRIBUTES: usize = 4_096;
/// Elements inside elements, at most.
const DEEP: u16 = 500;

/// The first tag of a file of XML, without its brackets; nothing if the bytes do not begin like one.
pub(super) fn root(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(16_384))?;
    // The end may be in the middle of a character.
    let head = match std::str::from_utf8(head) {
        Ok(head) => head,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    let mut rest = head.strip_prefix('\u{feff}').unwrap_or(head).trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!DOCTYPE") {
            if rest.split('>').next().is_some_and(|head| head.contains('[')) { "]>" } else { ">" }
        } else {
            break;
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let tag = rest.strip_prefix('<')?;
    tag.starts_with(|c: char| c.is_alphabetic()).then(|| tag.split('>').next().unwrap_or(tag))
}

/// Whether the first tag has that name, whatever stands before its colon.
pub(super) fn is_root(bytes: &[u8], name: &str) -> bool {
    let tag = root(bytes).and_then(|tag| tag.split([' ', '\t', '\r', '\n', '/']).next());
    tag.is_some_and(|tag| tag.rsplit(':').next() == Some(name))
}

/// The characters of a file; what is wrong is told.
pub(super) fn characters(drafts: &mut Drafts<'_>, bytes: &[u8]) -> Option<String> {
    let told = text_of(bytes);
    if let Err(why) = &told {
        drafts.problem(Severity::Error, "", &format!("The file was not read. {why}. Choose another file."));
    }
    told.ok()
}

/// The tree of a file; what is wrong is told. Nothing is fetched, and a file that declares words of its own for others
/// is refused, since a few bytes could stand for any number.
pub(super) fn tree<'a>(drafts: &mut Drafts<'_>, text: &'a str) -> Option<Document<'a>> {
    let allow_dtd = !text.contains("<!ENTITY");
    let options = ParsingOptions { allow_dtd, nodes_limit: NODES, ..ParsingOptions::default() };
    let told = document(text, options);
    if let Err(why) = &told {
        drafts.problem(Severity::Error, "", &format!("The file was not read. {why}. Repair the file."));
    }
    told.ok()
}

/// The tree of a text, or why there is none: every reader of XML asks here, since some files are made to cost more than
/// they are worth.
pub(super) fn document<'a>(text: &'a str, options: ParsingOptions<'a>) -> Result<Document<'a>, String> {
    if has_crowded_tag(text) {
        return Err("One of its elements has too many attributes".to_owned());
    }
    match Document::parse_with_options(text, options) {
        Ok(tree) if is_too_deep(&tree) => Err("Its elements lie too deep in each other".to_owned()),
        Ok(tree) => Ok(tree),
        Err(error) => Err(format!("It is not valid XML: {error}")),
    }
}

/// Whether a tag has more attributes than any such file needs. Signs inside of values count for nothing: the value may
/// be a whole text.
fn has_crowded_tag(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once('<') {
        let aside = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", "")];
        if let Some((inside, end)) = aside.iter().find_map(|(start, end)| Some((tag.strip_prefix(start)?, end))) {
            rest = inside.split_once(end).map_or("", |(_, behind)| behind);
            continue;
        }
        let (mut values, mut open, mut end) = (0, None, tag.len());
        for (at, byte) in tag.bytes().enumerate() {
            match (open, byte) {
                (Some(sign), _) if sign == byte => open = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => {
                    open = Some(byte);
                    values += 1;
                }
                (None, b'>') => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if values > ATTRIBUTES {
            return true;
        }
        rest = tag.get(end..).unwrap_or_default();
    }
    false
}

/// Whether elements lie deeper than a reader should follow.
fn is_too_deep(tree: &Document<'_>) -> bool {
    // By the number of the node, which counts from the start of the file.
    let mut depths: Vec<u16> = Vec::new();
    tree.descendants().any(|node| {
        let above = node.parent().and_then(|parent| depths.get(parent.id().get_usize())).copied().unwrap_or(0);
        let depth = above.saturating_add(1);
        depths.push(depth);
        depth > DEEP
    })
}

/// Names of things in a file of XML, each of which stands there once.
#[derive(Debug)]
pub(super) struct Ids {
    /// Names that begin so belong to the file itself.
    root: String,
    taken: BTreeSet<String>,
}

impl Ids {
    /// The names of a file whose own begin with the first one, and of which some are taken.
    pub(super) fn new(root: &str, taken: &[&str]) -> Self {
        let mut ids = Self { root: String::new(), taken: taken.iter().map(|id| (*id).to_owned()).collect() };
        ids.root = ids.of(root);
        ids
    }

    /// What the file itself is called.
    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// The id as a name; another one where it is none, or where it is taken.
    pub(super) fn of(&mut self, id: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
        let mut name: String = id.chars().map(plain).collect();
        let own = name.strip_prefix(&self.root).is_some_and(|rest| !self.root.is_empty() && rest.starts_with('.'));
        if own || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            name.insert(0, '_');
        }
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names() {
        let mut ids = Ids::new("7 a", &["text"]);
        assert_eq!(ids.root(), "_7_a");
        let names = ["s1", "s1", "text", "é", "_7_a.1", "_7_ab"].map(|id| ids.of(id));
        assert_eq!(names, ["s1", "s1_", "text_", "_", "__7_a.1", "_7_ab"]);
    }

    #[test]
    fn files_are_known_by_their_first_tag() {
        let head = "\u{feff}<?xml version='1.0'?>\n<!-- <a> --><!DOCTYPE c [<!ENTITY a \"b\">]>\n<x:c d=\"e\"><f/>";
        assert_eq!(root(head.as_bytes()), Some("x:c d=\"e\""));
        assert!(is_root(head.as_bytes(), "c") && !is_root(head.as_bytes(), "f"));
        assert!(is_root(b"<!DOCTYPE c SYSTEM \"c.dtd\"><c/>", "c"));
        for none in ["", "{}", "<", "<!-- c", "< a>"] {
            assert_eq!(root(none.as_bytes()), None, "{none}");
        }
        let deep = format!("{}{}", "<a>".repeat(600), "</a>".repeat(600));
        assert!(is_too_deep(&Document::parse(&deep).unwrap()));
        let crowded: String = (0..5_000).map(|number| format!(" a{number}='1'")).collect();
        assert!(has_crowded_tag(&format!("<a{crowded}/>")) && !has_crowded_tag(&format!("<a>{crowded}</a>")));
        assert!(has_crowded_tag(&format!("<!-- don't --><a x='>'{crowded}/>")));
        assert!(!has_crowded_tag(&format!("<a x=\"{crowded}\"/><![CDATA[<a{crowded}]]>")));
        let flat = format!("<a>{}</a>", "<a b='>'/>".repeat(600));
        assert!(!is_too_deep(&Document::parse(&flat).unwrap()));
    }
}
