//! What readers of documents share: blocks of text in the order of reading, and what a document says of itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::extract::encoding::{Decoded, NotText, decode, name_of};
use crate::extract::html;
use crate::extract::plain;
use crate::format::draft::{Draft, Drafts};
use crate::format::moment;
use crate::model::article::{BlockKind, Encoding, Verdict};
use crate::model::id::ArticleId;
use crate::model::markup::Markup;
use crate::model::problem::Severity;

/// A document as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Paper {
    /// Its blocks; together they are its text.
    pub(super) body: Vec<(BlockKind, String)>,
    /// What its markup says of them, where it is a page.
    pub(super) markup: Option<Arc<Markup>>,
    /// The id that it gives itself.
    pub(super) id: Option<String>,
    /// What people call it.
    pub(super) title: Option<String>,
    /// Who wrote it.
    pub(super) author: Option<String>,
    /// When it was published, as written.
    pub(super) published: Option<String>,
    /// Site or outlet.
    pub(super) site: Option<String>,
    /// Its address.
    pub(super) url: Option<String>,
    /// Its language.
    pub(super) language: Option<String>,
    /// How its bytes became characters.
    pub(super) encoding: Option<Encoding>,
    /// What else its encoding was said to be, by the page or by what stands around it, where that was not believed.
    pub(super) disputed: Option<String>,
    /// Whatever else it says.
    pub(super) extra: BTreeMap<String, String>,
}

/// What is known of a page before its bytes are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'a> {
    /// The encoding that stands beside it, as a server sent it.
    pub(super) declared: Option<&'a str>,
    /// The encoding that a person chose.
    pub(super) chosen: Option<&'a str>,
    /// It is XML, whatever it begins with.
    pub(super) is_xml: bool,
}

impl Paper {
    /// A page of HTML.
    pub(super) fn of_html(text: &str) -> Self {
        Self::of_page(html::blocks(text))
    }

    fn of_page(page: html::Page) -> Self {
        let markup = Some(Arc::new(page.markup()));
        let about = page.about;
        let mut paper = Self {
            markup,
            body: page.blocks.into_iter().map(|block| (block.kind, block.text)).collect(),
            title: about.title,
            author: about.author,
            published: about.published,
            site: about.site,
            url: about.url,
            language: about.language,
            ..Self::default()
        };
        paper.keep("summary", about.summary.as_deref());
        paper
    }

    /// A page of HTML in bytes. A person who chose its encoding is right. Else what was sent with a page counts more
    /// than what it says itself, as in browsers, unless it says that it is UTF-8 and is: servers are set up once for
    /// many pages, and nothing else is UTF-8 by chance.
    pub(super) fn of_html_bytes(bytes: &[u8], known: &Known<'_>) -> Result<Self, NotText> {
        let named = html::declared_charset(bytes);
        let sent = known.declared.filter(|label| name_of(label).is_some());
        let (label, other) = match (known.chosen, sent, named.as_deref().and_then(name_of)) {
            (Some(chosen), ..) => (Some(chosen), None),
            // Where there is nothing but ASCII, most encodings are the same.
            (_, Some(sent), Some(own)) if name_of(sent) != Some(own) && !bytes.is_ascii() => {
                let trusted = own == "UTF-8" && std::str::from_utf8(bytes).is_ok();
                if trusted { (Some(own), Some(sent)) } else { (Some(sent), named.as_deref()) }
            }
            (_, sent, _) => (sent.or(named.as_deref()), None),
        };
        let Decoded { text, encoding } = decode(bytes, label)?;
        let page = if known.is_xml { html::blocks_of_xml(&text) } else { html::blocks(&text) };
        // A mark at the start settles it.
        let disputed = other.filter(|_| !encoding.bom).map(str::to_owned);
        Ok(Self { encoding: Some(encoding), disputed, ..Self::of_page(page) })
    }

    /// Plain text, left as it is.
    pub(super) fn of_plain(text: &str) -> Self {
        Self { body: plain::blocks(text), ..Self::default() }
    }

    /// Plain text in bytes.
    pub(super) fn of_plain_bytes(bytes: &[u8], declared: Option<&str>) -> Result<Self, NotText> {
        let Decoded { text, encoding } = decode(bytes, declared)?;
        Ok(Self { encoding: Some(encoding), ..Self::of_plain(&text) })
    }

    /// Adds a block of words; what stands in several lines of a file is one line of text. Blocks of nothing but blanks
    /// are none.
    pub(super) fn push(&mut self, kind: BlockKind, words: &str) {
        if let Some(words) = words_of(words) {
            self.body.push((kind, words + "\n"));
        }
    }

    /// Adds a block whose lines stay as they are.
    pub(super) fn push_lines(&mut self, kind: BlockKind, lines: &str) {
        let lines = lines.trim_matches(['\n', '\r']).trim_end();
        if !lines.trim().is_empty() {
            self.body.push((kind, format!("{lines}\n")));
        }
    }

    /// Keeps something that is said of it and has no place of its own.
    pub(super) fn keep(&mut self, name: &str, value: Option<&str>) {
        let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { return };
        let known = self.extra.entry(name.to_owned()).or_default();
        if !known.is_empty() {
            known.push_str("; ");
        }
        known.push_str(value);
    }

    /// What is not said here is taken from what another document says.
    pub(super) fn or(&mut self, other: Self) {
        let fill = |here: &mut Option<String>, there: Option<String>| *here = here.take().or(there);
        fill(&mut self.id, other.id);
        fill(&mut self.title, other.title);
        fill(&mut self.author, other.author);
        fill(&mut self.published, other.published);
        fill(&mut self.site, other.site);
        fill(&mut self.url, other.url);
        fill(&mut self.language, other.language);
        self.encoding = self.encoding.take().or(other.encoding);
        fill(&mut self.disputed, other.disputed);
        for (name, value) in other.extra {
            self.extra.entry(name).or_insert(value);
        }
    }

    /// Whether there is no text in it.
    pub(super) fn is_blank(&self) -> bool {
        self.body.iter().all(|(_, text)| text.trim().is_empty())
    }

    /// The article that it makes; `record` is its number in a file with several. Doubts about its characters are told.
    pub(super) fn draft(self, drafts: &mut Drafts<'_>, record: Option<u32>) -> Draft {
        if let Some(encoding) = &self.encoding {
            let place = record.map_or(String::new(), |record| format!("article {record}"));
            doubts(drafts, encoding, self.disputed.as_deref(), &place);
        }
        let text: String = self.body.iter().map(|(_, part)| part.as_str()).collect();
        let mut draft = drafts.draft(text, record);
        draft.body = Some(self.body);
        draft.markup = self.markup;
        draft.id = self.id.map(ArticleId::new);
        draft.title = self.title.as_deref().and_then(words_of);
        draft.language = self.language;
        draft.source.author = self.author.as_deref().and_then(words_of);
        draft.source.published = self.published.as_deref().and_then(moment::iso);
        draft.source.site = self.site.as_deref().and_then(words_of);
        draft.source.url = self.url;
        draft.source.encoding = self.encoding;
        draft.source.extra.extend(self.extra);
        draft
    }

    /// Puts it among what was read.
    pub(super) fn finish(self, drafts: &mut Drafts<'_>, record: Option<u32>) {
        let draft = self.draft(drafts, record);
        drafts.finish(draft);
    }
}

/// Tells what a person should know of how characters came to be.
fn doubts(drafts: &mut Drafts<'_>, encoding: &Encoding, disputed: Option<&str>, place: &str) {
    let Encoding { name, how, replaced, .. } = encoding;
    if let Some(other) = disputed {
        let what = format!(
            "The page and what it came in name different encodings. It was read as {name} and not as {other}. Look at its accented letters."
        );
        drafts.problem(Severity::Note, place, &what);
    }
    let what = if *replaced > 0 {
        let places = if *replaced == 1 { "1 place".to_owned() } else { format!("{replaced} places") };
        format!(
            "{places} could not be read as {name}. U+FFFD stands there. Import it with another encoding if that is wrong."
        )
    } else if *how == Verdict::Unsure {
        format!("The encoding was guessed as {name}, with doubt. Look at its accented letters and quotation marks.")
    } else {
        return;
    };
    drafts.problem(Severity::Warning, place, &what);
}

/// Words with one blank between them; nothing where there are none.
pub(super) fn words_of(text: &str) -> Option<String> {
    // Blanks that do not break stay, since they are written on purpose.
    let words: Vec<&str> = text.split([' ', '\t', '\n', '\r', '\u{c}']).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The words of a piece of HTML, in one line.
pub(super) fn words_of_html(html: &str) -> Option<String> {
    // Most titles have no markup at all.
    if !html.contains(['<', '&']) {
        return words_of(html);
    }
    let text: String = html::blocks(html).blocks.into_iter().map(|block| block.text).collect();
    words_of(&text)
}

/// The longest name of a character that HTML knows, in bytes.
const LONGEST_NAME: usize = 31;

/// XML with the names of HTML for characters, which XML itself does not know, put as characters; and without blanks
/// before its first sign.
pub(super) fn without_names(text: &str) -> String {
    let mut rest = text.trim_start();
    let mut out = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        rest = after;
        // No name is longer; to look for its end in all of a large file would take long, at each sign.
        let end = after.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';');
        let name = end.and_then(|end| after.get(..end)).filter(|name| {
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            plain && !matches!(*name, "amp" | "lt" | "gt" | "quot" | "apos" | "")
        });
        let known = name.and_then(|name| {
            // A letter on each side keeps blanks that are meant.
            let page = html::blocks(&format!("x&{name};x"));
            let shown = page.blocks.into_iter().next()?.text;
            let c = shown.trim_end_matches('\n').strip_prefix('x')?.strip_suffix('x')?.to_owned();
            (!c.contains(['&', '<', '>']) && !c.is_empty()).then(|| (c, name.len() + 1))
        });
        match known {
            Some((c, length)) => {
                out.push_str(&c);
                rest = after.get(length..).unwrap_or_default();
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// Bytes in base64; blanks between them do not count. Nothing if it is none.
pub(super) fn of_base64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xFF).unwrap_or_default());
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a page, the encoding it was read in, and the one that it was not.
    fn check(page: &[u8], known: &Known<'_>, expected: &str) {
        let paper = Paper::of_html_bytes(page, known).unwrap();
        let text: String = paper.body.iter().map(|(_, text)| text.trim_end()).collect();
        let found = format!("{text} {} {}", paper.encoding.unwrap().name, paper.disputed.unwrap_or_default());
        assert_eq!(found.trim_end(), expected);
    }

    #[test]
    fn a_page_that_is_utf_8_as_it_says_is_believed() {
        let sent = |declared| Known { declared: Some(declared), ..Known::default() };
        let own = "<meta charset=utf-8><p>café".as_bytes();
        check(own, &sent("iso-8859-1"), "café UTF-8 iso-8859-1");
        check(own, &Known { chosen: Some("latin1"), ..sent("utf-8") }, "cafÃ© windows-1252");
        check(own, &sent("nothing"), "café UTF-8");
        check(b"<meta charset=utf-8><p>caf\xE9", &sent("latin1"), "café windows-1252 utf-8");
        check(b"<meta charset=koi8-r><p>caf\xE9", &sent("latin1"), "café windows-1252 koi8-r");
        check(b"<meta charset=latin1><p>caf\xE9", &sent("windows-1252"), "café windows-1252");
        check(b"<meta charset=latin1><p>cafe", &sent("utf-8"), "cafe UTF-8");
        check(b"\xEF\xBB\xBF<meta charset=utf-8><p>caf\xC3\xA9", &sent("latin1"), "café UTF-8");
    }

    #[test]
    fn names_of_characters_are_looked_for_nearby() {
        assert_eq!(without_names(" <a>&eacute;&amp;&NotThere;&x</a>"), "<a>é&amp;&NotThere;&x</a>");
        let begin = std::time::Instant::now();
        let many = "&".repeat(1 << 19);
        assert_eq!(without_names(&many), many);
        assert!(begin.elapsed().as_secs() < 20);
    }
}
