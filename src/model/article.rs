//! An article: where it came from, its blocks, its frozen text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::id::ArticleId;
use crate::model::markup::{Facts, Markup, Node};
use crate::text::index::to_u32;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// What was published, as it was read; never changes after import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its name for good.
    pub id: ArticleId,
    /// Place in the project's list, given at import.
    pub number: u32,
    /// What people call it.
    pub title: String,
    /// Where it came from.
    pub source: Source,
    /// Language as a BCP 47 tag, where the source says so.
    pub language: Option<String>,
    text: Text,
    blocks: Vec<Block>,
    ranges: Vec<TextRange>,
    markup: Option<Arc<Markup>>,
}

/// One block of the text; blocks follow each other without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is on the page.
    pub kind: BlockKind,
    /// Where it stands, with its line ends, in code points.
    pub range: TextRange,
}

/// What a block is on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// A title or a heading between paragraphs.
    Heading,
    /// Running text.
    #[default]
    Paragraph,
    /// An item of a list.
    Item,
    /// Words below or beside a picture.
    Caption,
    /// A cell of a table.
    Cell,
    /// A quotation set apart.
    Quote,
    /// Code or text with fixed lines.
    Code,
    /// A button, link list or other control.
    Control,
}

/// What the source said about the article; nothing here is made up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Name of the file it was read from, without its folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line or record of that file, counted from 1, where it holds several articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u32>,
    /// Id of `FORMATS` that read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Site or outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Author as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Date of publication as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it was read, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<String>,
    /// How its bytes became characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Whatever else the source said, kept for the way out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// How bytes became characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoding {
    /// Name of the encoding as the WHATWG standard or IANA writes it.
    pub name: String,
    /// How it was found.
    pub how: Verdict,
    /// A byte order mark stood at the start; it is not part of the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bom: bool,
    /// Places where bytes had no meaning and U+FFFD stands.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub replaced: u32,
}

/// How an encoding was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// By a byte order mark, by being valid UTF-8, or by escapes that only one encoding has.
    Certain,
    /// The file or the person said so.
    Declared,
    /// Guessed by statistics, with little doubt.
    Likely,
    /// Guessed by statistics; a person should look.
    Unsure,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Article {
    /// Puts an article together from blocks of text; gives nothing when there is no text at all.
    pub fn new(id: ArticleId, number: u32, title: impl Into<String>, body: Vec<(BlockKind, String)>) -> Option<Self> {
        Self::of_parts(id, number, title.into(), body)
    }

    fn of_parts(id: ArticleId, number: u32, title: String, body: Vec<(BlockKind, impl AsRef<str>)>) -> Option<Self> {
        let mut string = String::with_capacity(body.iter().map(|(_, part)| part.as_ref().len()).sum());
        let (mut blocks, mut ranges, mut at) = (Vec::new(), Vec::new(), 0);
        for (kind, part) in body {
            let part = part.as_ref();
            let end = at + to_u32(part.chars().count());
            if let Ok(range) = TextRange::new(at, end) {
                blocks.push(Block { kind, range });
                ranges.push(range);
                string.push_str(part);
                at = end;
            }
        }
        (at > 0).then(|| Self {
            id,
            number,
            title,
            source: Source::default(),
            language: None,
            text: Text::new(string),
            blocks,
            ranges,
            markup: None,
        })
    }

    /// The same with what the markup of its page says; without, if that is about other blocks.
    #[must_use]
    pub fn with_markup(mut self, markup: Option<Arc<Markup>>) -> Self {
        self.markup = markup.filter(|markup| markup.fits(self.blocks.len()));
        self
    }

    /// What the markup of its page says of its blocks, if it came from one.
    pub fn markup(&self) -> Option<&Arc<Markup>> {
        self.markup.as_ref()
    }

    /// The frozen text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The blocks in order; together they are the whole text.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The ranges of the blocks, for snapping.
    pub fn block_ranges(&self) -> &[TextRange] {
        &self.ranges
    }

    /// Which block contains `place`; the last one for the end of the text.
    pub fn block_index(&self, place: u32) -> usize {
        self.ranges.partition_point(|range| range.start() <= place).saturating_sub(1)
    }
}

/// The article as it stands in a file: each block with its own string, so that borders cannot disagree with the text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    id: ArticleId,
    number: u32,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(default)]
    source: Cow<'a, Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'a, str>>,
    #[serde(borrow)]
    body: Vec<StoredBlock<'a>>,
    #[serde(default, skip_serializing_if = "<[Node]>::is_empty")]
    elements: Cow<'a, [Node]>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredBlock<'a> {
    #[serde(default, skip_serializing_if = "is_paragraph")]
    kind: BlockKind,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    markup: Option<Facts>,
}

fn is_paragraph(kind: &BlockKind) -> bool {
    *kind == BlockKind::Paragraph
}

impl Serialize for Article {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |block: &Block| Cow::Borrowed(self.text.slice(block.range));
        let facts = |at: usize| self.markup.as_ref().and_then(|markup| markup.facts.get(at)).copied();
        Stored {
            id: self.id.clone(),
            number: self.number,
            title: Cow::Borrowed(&self.title),
            source: Cow::Borrowed(&self.source),
            language: self.language.as_deref().map(Cow::Borrowed),
            body: (0..)
                .zip(&self.blocks)
                .map(|(at, block)| StoredBlock { kind: block.kind, text: text(block), markup: facts(at) })
                .collect(),
            elements: Cow::Borrowed(self.markup.as_ref().map_or(&[], |markup| &markup.nodes)),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Article {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let facts: Vec<Facts> = stored.body.iter().filter_map(|block| block.markup).collect();
        let markup = Markup { nodes: stored.elements.into_owned(), facts };
        if !(markup.fits(stored.body.len()) || markup == Markup::default()) {
            return Err(de::Error::custom("what is said of the markup of its blocks does not add up"));
        }
        let body = stored.body.into_iter().map(|block| (block.kind, block.text)).collect();
        let mut article = Self::of_parts(stored.id, stored.number, stored.title.into_owned(), body)
            .ok_or_else(|| de::Error::custom("an article needs at least one character of text"))?;
        article.source = stored.source.into_owned();
        article.language = stored.language.map(Cow::into_owned);
        let markup = (!markup.facts.is_empty()).then(|| Arc::new(markup));
        Ok(article.with_markup(markup))
    }
}
