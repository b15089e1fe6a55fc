//! Floor 5: outside formats. One file each, one row in [`FORMATS`].

pub mod argilla;
pub mod bdoc;
pub mod bioc;
pub mod blocks;
pub mod brat;
pub mod cas_json;
pub mod conll;
pub mod conllu;
pub mod csv;
pub mod docbin;
pub mod doccano;
pub mod docx;
pub mod draft;
pub mod epub;
pub mod feed;
pub mod folia;
pub mod gate;
pub mod hf;
pub mod html;
pub mod inline_html;
pub mod inline_xml;
pub mod json_feed;
pub mod json_list;
pub mod jsonl;
pub mod label_studio;
pub mod labelbuddy;
pub mod mail;
pub mod markdown;
pub mod newsml;
pub mod ninjs;
pub mod nitf;
pub mod offsets;
pub mod output;
pub mod pdf;
pub mod prodigy;
pub mod pubannotation;
pub mod rtf;
pub mod spacy_json;
pub mod tei;
pub mod txt;
pub mod unread;
pub mod warc;
pub mod web_annotation;
pub mod webanno_tsv;
pub mod xmi;
pub mod zip;
pub mod gzip;

mod cas;
mod guess;
mod inline;
mod json;
mod jsonl_read;
mod jsonl_said;
mod kinds;
mod lean;
mod lost;
mod moment;
mod markup;
mod objects;
mod paper;
mod pieces;
mod spacy;
mod xml;
mod zipped;

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::sync::Arc;

pub use guess::{choose, known, sniff};
use lost::{count_certainty, count_label_parts, count_lost, count_ours};

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::dataset::recipe::Overlaps;
use crate::dataset::tokens::Tokenizer;
use crate::format::output::{One, Output};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::{Article, BlockKind, Source};
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, RelationKindId};
use crate::model::markup::Markup;
use crate::model::problem::{Problem, Severity};
use crate::model::schema::{AttributeKind, Choice};
use crate::model::value::Value;

/// A way to read or write articles that other programs know.
#[derive(Debug)]
pub struct Format {
    /// Its name in commands and files.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Ends of file names, without the dot, the usual one first.
    pub extensions: &'static [&'static str],
    /// Reads it, if the program can.
    pub reads: Option<ReadFn>,
    /// Reads files of it that need not be in memory, if it can.
    pub lines: Option<LinesFn>,
    /// Writes it, if the program can.
    pub writes: Option<WriteFn>,
    /// What it can hold.
    pub carries: Carries,
    /// Whether a file is of this format by what is in it, for ends of names that several formats share; where it is
    /// absent, the end says enough.
    pub looks: Option<fn(&[u8]) -> bool>,
    /// It is written as a folder of files.
    pub folder: bool,
    /// It names the files of a part itself, by [`WriteOptions::part`], and always comes with a card.
    pub parts: bool,
    /// Ends of names of files that are read along with one of the same name and the usual end.
    pub along: &'static [&'static str],
    /// Names of files that belong to a folder of this format and hold no article.
    pub aside: &'static [&'static str],
    /// What a person may choose.
    pub choices: &'static [OptionKind],
}

/// Reads one file. Never fails as a whole: what went wrong is among the problems.
pub type ReadFn = fn(&Input<'_>, &Env) -> Read;

/// Reads a file line by line, of which the input has the beginning, and hands articles over as they come; what it gives
/// has none. Gives nothing, and hands nothing over, where the whole file is needed.
///
/// Whoever takes the articles joins those of one id and one text, as an import does.
pub type LinesFn = fn(&mut dyn BufRead, &Input<'_>, &Env, &mut dyn FnMut(ReadArticle)) -> Option<Read>;

/// Writes examples as they come, and says what was lost.
pub type WriteFn = fn(&mut dyn Iterator<Item = Example>, &WriteOptions, &mut dyn Output) -> io::Result<Losses>;

/// All formats, in the order of menus; each row stands in the file of its format.
pub static FORMATS: &[Format] = &[
    txt::FORMAT,
    jsonl::FORMAT,
    hf::FORMAT,
    conll::FORMAT,
    conllu::FORMAT,
    brat::FORMAT,
    webanno_tsv::FORMAT,
    xmi::FORMAT,
    cas_json::FORMAT,
    gate::FORMAT,
    bdoc::FORMAT,
    bdoc::PACKED,
    bioc::XML,
    bioc::JSON,
    pubannotation::FORMAT,
    web_annotation::FORMAT,
    tei::FORMAT,
    folia::FORMAT,
    label_studio::FORMAT,
    doccano::FORMAT,
    prodigy::FORMAT,
    docbin::FORMAT,
    spacy_json::FORMAT,
    argilla::FORMAT,
    labelbuddy::FORMAT,
    inline_xml::FORMAT,
    inline_html::FORMAT,
    csv::FORMAT,
    blocks::FEATURES,
    blocks::BENCHMARK,
    blocks::CLEANEVAL,
    blocks::KRDWRD,
    html::FORMAT,
    nitf::FORMAT,
    newsml::FORMAT,
    ninjs::FORMAT,
    feed::FORMAT,
    json_feed::FORMAT,
    markdown::FORMAT,
    docx::FORMAT,
    epub::FORMAT,
    rtf::FORMAT,
    pdf::FORMAT,
    mail::MAIL,
    mail::PAGE,
    warc::FORMAT,
    zip::FORMAT,
    gzip::FORMAT,
    csv::SHEET,
    json_list::FORMAT,
];

/// What a format can hold beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table of yes and no")]
pub struct Carries {
    /// Spans inside spans.
    pub nesting: bool,
    /// Spans that cross.
    pub overlap: bool,
    /// Spans of several fragments.
    pub fragments: bool,
    /// Attributes.
    pub attributes: bool,
    /// Relations.
    pub relations: bool,
    /// Labels on whole articles.
    pub article_labels: bool,
    /// Notes.
    pub notes: bool,
    /// What offsets count; empty if there are none.
    pub unit: &'static str,
}

impl Format {
    /// A format that can do nothing yet; rows name what they can.
    pub const NONE: Self = Self {
        id: "",
        name: "",
        extensions: &[],
        reads: None,
        lines: None,
        writes: None,
        carries: Carries::NOTHING,
        looks: None,
        folder: false,
        parts: false,
        along: &[],
        aside: &[],
        choices: &[],
    };
}

impl Carries {
    /// Everything that can be said.
    pub const EVERYTHING: Self = Self {
        nesting: true,
        overlap: true,
        fragments: true,
        attributes: true,
        relations: true,
        article_labels: true,
        notes: true,
        unit: "code points",
    };

    /// Text only.
    pub const NOTHING: Self = Self {
        nesting: false,
        overlap: false,
        fragments: false,
        attributes: false,
        relations: false,
        article_labels: false,
        notes: false,
        unit: "",
    };
}

/// Something a person may choose for a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// [`ReadOptions::encoding`].
    Encoding,
    /// [`ReadOptions::text_field`].
    TextField,
    /// [`ReadOptions::per_line`].
    PerLine,
    /// [`WriteOptions::tokenizer`].
    Tokenizer,
    /// [`WriteOptions::layer`] and [`WriteOptions::overlaps`].
    Layer,
    /// [`WriteOptions::overlaps`]; a layer is only chosen where each has a file.
    Overlaps,
}

/// Files in the same folder, for formats that spread an article over several.
pub trait Beside {
    /// The bytes of the file of that name; nothing if there is none or it is too large.
    fn read(&self, name: &str) -> Option<Vec<u8>>;
}

/// No other file.
pub struct Alone;

impl Beside for Alone {
    fn read(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// One file to read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Its name without the folder.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// What the person chose.
    pub options: &'a ReadOptions,
    /// What lies in the same folder.
    pub beside: &'a dyn Beside,
}

/// What a person chose for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The encoding, if it is known.
    pub encoding: Option<String>,
    /// The field that holds the text.
    pub text_field: Option<String>,
    /// Whether every line of a plain text is an article of its own.
    pub per_line: bool,
}

/// What a person chose for writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// How text is cut into tokens.
    pub tokenizer: Tokenizer,
    /// The layer that is written where there is room for one; the first tinted one if absent.
    pub layer: Option<LayerId>,
    /// What becomes of spans that share text where there is no room for them.
    pub overlaps: Overlaps,
    /// The part of the dataset, such as `train`; empty if it has no parts.
    pub part: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The articles in the order of the file.
    pub articles: Vec<ReadArticle>,
    /// What the annotations need in the schema.
    pub needs: Needs,
    /// What went wrong or should be looked at.
    pub problems: Vec<Problem>,
}

/// What annotations need in the schema; the caller knows what is there already.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Labels, with their layer and a name for people.
    pub labels: BTreeMap<LabelId, (LayerId, String)>,
    /// Attributes, with a kind that fits the values.
    pub attributes: BTreeMap<AttributeId, AttributeKind>,
    /// Kinds of relations.
    pub relations: BTreeMap<RelationKindId, String>,
}

impl Needs {
    /// Adds the needs of another file: choices of both, and text where two kinds do not agree.
    pub fn join(&mut self, other: Self) {
        for (id, label) in other.labels {
            self.labels.entry(id).or_insert(label);
        }
        for (id, name) in other.relations {
            self.relations.entry(id).or_insert(name);
        }
        other.attributes.into_iter().for_each(|(id, kind)| self.kind(id, kind));
    }

    /// Widens what is known of an attribute until this value fits.
    pub fn attribute(&mut self, id: &AttributeId, value: &Value) {
        // Without a name the value is what people read.
        let choice =
            |value: &String| Choice { value: value.clone(), name: String::new(), means: String::new(), keep: false };
        let kind = match value {
            Value::Flag(_) => AttributeKind::Flag,
            Value::Choice(value) => AttributeKind::Choice(vec![choice(value)]),
            Value::Choices(values) => AttributeKind::Choices(values.iter().map(choice).collect()),
            Value::Text(_) => AttributeKind::Text,
            Value::Number(_) => AttributeKind::Number(String::new()),
            Value::Date(_) => AttributeKind::Date,
            Value::Span(_) => AttributeKind::Span,
            Value::Link(_) => AttributeKind::Link(String::new()),
        };
        self.kind(id.clone(), kind);
    }

    fn kind(&mut self, id: AttributeId, kind: AttributeKind) {
        let Some(known) = self.attributes.get_mut(&id) else {
            self.attributes.insert(id, kind);
            return;
        };
        match (known, kind) {
            (AttributeKind::Choice(all), AttributeKind::Choice(more))
            | (AttributeKind::Choices(all), AttributeKind::Choices(more)) => {
                for choice in more {
                    if !all.iter().any(|known| known.value == choice.value) {
                        all.push(choice);
                    }
                }
            }
            (known, kind) if *known != kind => *known = AttributeKind::Text,
            _ => {}
        }
    }
}

/// An article as it was read; its number, and its id if the file gives none, are the caller's.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadArticle {
    /// The id that the file gives.
    pub id: Option<ArticleId>,
    /// What people call it.
    pub title: String,
    /// Blocks of text; never all empty.
    pub body: Vec<(BlockKind, String)>,
    /// What the markup of its page says of its blocks.
    pub markup: Option<Arc<Markup>>,
    /// Where it came from.
    pub source: Source,
    /// Language as the file says.
    pub language: Option<String>,
    /// What was said of it, by whom; nobody means the person who imports. Its text is put in by whoever takes it.
    pub sets: Vec<(Option<AnnotatorId>, AnnotationSet)>,
}

impl ReadArticle {
    /// The article under its id and number; nothing if there is no text at all.
    pub fn article(&self, id: ArticleId, number: u32) -> Option<Article> {
        let mut article = Article::new(id, number, self.title.clone(), self.body.clone())?;
        article.source = self.source.clone();
        article.language.clone_from(&self.language);
        Some(article.with_markup(self.markup.clone()))
    }
}

/// The format of that id.
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// Whether a file of a folder holds no article of its own: it is read along with another one, or says something of all.
pub fn is_companion(name: &str, there: impl Fn(&str) -> bool) -> bool {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    FORMATS.iter().any(|format| {
        let leads = || format.extensions.first().is_some_and(|lead| there(&format!("{stem}.{lead}")));
        format.aside.contains(&name) || (format.along.contains(&end) && leads())
    })
}

/// What writing would lose, without writing.
pub fn losses(format: &Format, examples: &mut dyn Iterator<Item = Example>, options: &WriteOptions) -> Losses {
    let write = format.writes.map(|write| write(examples, options, &mut One(io::sink())));
    write.and_then(Result::ok).unwrap_or_default()
}

/// A problem of one line of a file: what failed, why, what to do.
fn line_problem(severity: Severity, file: &str, line: usize, what: &str) -> Problem {
    Problem::new(severity, format!("{what} (‘{file}’, line {line})"))
}
