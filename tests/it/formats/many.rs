//! Projects of many kinds, for formats to take there and back: ten scripts, line ends, spans that nest and cross.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use crate::fixture::plain_label;
use crate::trip;
use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use proptest::prelude::*;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::extract::plain;
use rubricate::format::{Alone, Carries, FORMATS, Input, ReadOptions, WriteOptions};
use rubricate::model::annotation_set::{ArticleLabel, SetKey};
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::Article;
use rubricate::model::id::{AttributeId, LabelId};
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::{Label, RelationKind};
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value;
use rubricate::text::range::{Extent, TextRange};

/// Words of ten scripts, and what stands between words.
const PARTS: [&str; 30] = [
    "Köln",
    "Москва",
    "Αθήνα",
    "القدس",
    "שלום",
    "दिल्ली",
    "กรุงเทพ",
    "北京",
    "서울",
    "თბილისი",
    "a",
    "<b>",
    "\"q\"",
    "\\n",
    "&amp;",
    "👍",
    "👩\u{200D}👩\u{200D}👧",
    "e\u{301}",
    "𝒳",
    " ",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "\t",
    "\u{A0}",
    "\u{2028}",
    "—",
];

const LABELS: [&str; 5] = ["person", "claim", "GPE", "ein „Label“ <x>", "标签"];

/// One span as it is drawn by lot: start, length, gap and length of a second fragment, label, what is said.
type Drawn = (u32, u32, Option<(u32, u32)>, usize, usize);

/// One annotator's work as it is drawn: spans, relations between them, a label of the article.
type Work = (Vec<Drawn>, Vec<(usize, usize)>, Option<usize>);

/// Texts that are easily spoilt on the way, by name.
pub(crate) fn awkward() -> Vec<(&'static str, String)> {
    let c0: String = (1..32_u8).map(char::from).chain(['\u{7F}']).collect();
    let pairs = [
        ("ascii", "Plain text."),
        ("crlf", "one\r\ntwo\r\nthree"),
        ("cr", "one\rtwo"),
        ("mixed_eol", "a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{B}h\u{C}i"),
        ("tabs", "a\tb\t\tc"),
        ("nul", "a\0b"),
        ("astral", "💩This is an annotation."),
        ("zwj", "family 👩\u{200D}👩\u{200D}👧\u{200D}👦 flag 🇳🇱 skin 👍🏽 keycap 1\u{FE0F}\u{20E3} end"),
        ("nfc", "caf\u{E9} na\u{EF}ve"),
        ("nfd", "cafe\u{301} nai\u{308}ve"),
        ("hangul_jamo", "\u{1112}\u{1161}\u{11AB}"),
        ("bidi", "access \u{202E}evil\u{202C} \u{2066}x\u{2069} level"),
        ("arabic", "النص العربي with English"),
        ("zero_width", "pay\u{200B}pal \u{2060}\u{FEFF}\u{AD}\u{180E} end"),
        ("tags", "ok\u{E0041}\u{E0042} tag"),
        ("private", "\u{E000}\u{F8FF}"),
        ("nonchar", "\u{FFFE}\u{FFFF}\u{10FFFF}"),
        ("replacement", "a\u{FFFD}b"),
        ("nbsp", "a\u{A0}b\u{202F}c\u{3000}d"),
        ("homoglyph", "раураl (Cyrillic)"),
        ("escape", "red \u{1B}[31mX\u{1B}[0m \u{1B}]0;title\u{7} end"),
        ("ligature_i", "İstanbul ß ﬁ Ǆ"),
        ("space_edges", "  lead and trail  \n\n"),
        ("only_newlines", "\n\n\n"),
        ("bom", "\u{FEFF}abc"),
        ("name", "CON"),
    ];
    let long = [
        ("c0", c0),
        ("combining_run", format!("z{} zalgo", "\u{351}".repeat(2_000))),
        ("longline", "x".repeat(100_000)),
        ("manylines", "a\n".repeat(10_000)),
    ];
    pairs.into_iter().map(|(name, text)| (name, text.to_owned())).chain(long).collect()
}

/// A project of one article with a span over all of it, and one over its middle where there is one.
pub(crate) fn marked(text: &str) -> Project {
    let length = u32::try_from(text.chars().count()).unwrap();
    let mut spans = vec![(0, length, None, 0, 0)];
    if length > 2 {
        spans.push((1, length - 2, None, 1, 0));
    }
    build(&[(text.to_owned(), vec![(spans, Vec::new(), None)])], Carries::NOTHING)
}

/// Projects by lot, with nothing that a format has no room for. `people`: several annotators on one article.
pub(crate) fn projects(carries: Carries, people: bool) -> impl Strategy<Value = Project> {
    let text = proptest::collection::vec(0..PARTS.len(), 1..24);
    let text = text.prop_map(|parts| parts.into_iter().map(|part| PARTS[part]).collect::<String>());
    let second = proptest::option::weighted(0.3, (0_u32..4, 1_u32..5));
    let span = (0_u32..30, 1_u32..12, second, 0..LABELS.len(), 0_usize..14);
    let relations = proptest::collection::vec((0_usize..6, 0_usize..6), 0..4);
    let label = proptest::option::of(0..LABELS.len());
    let work = (proptest::collection::vec(span, 0..7), relations, label);
    let article = (text, proptest::collection::vec(work, 1..if people { 3 } else { 2 }));
    proptest::collection::vec(article, 1..4).prop_map(move |mut articles| {
        // Two articles of the same text are two.
        articles.extend(articles.first().cloned());
        build(&articles, carries)
    })
}

fn build(articles: &[(String, Vec<Work>)], carries: Carries) -> Project {
    let mut project = Project::new(start::news());
    let mut edits = Vec::new();
    for (name, layer) in LABELS.into_iter().zip(["entity", "claim", "entity", "entity", "boilerplate"]) {
        if !project.schema.labels.contains_key(name) {
            let label = Label { layer: layer.into(), ..plain_label(name) };
            edits.push(Edit::Label(name.into(), Change::create(label)));
        }
    }
    for name in ["anna", "bob"] {
        let annotator = Annotator { name: name.to_owned(), role: Role::Human };
        edits.push(Edit::Annotator(name.into(), Change::create(annotator)));
    }
    let kind = RelationKind { name: String::new(), order: 0, from: Vec::new(), to: Vec::new(), means: String::new() };
    edits.push(Edit::RelationKind("is „near“".into(), Change::create(kind)));
    for (number, (text, works)) in (1..).zip(articles) {
        let article = Article::new(format!("a{number}").into(), number, "A title", plain::blocks(text)).unwrap();
        edits.push(Edit::Article(article.id.clone(), Change::create(Arc::new(article.clone()))));
        for (by, (spans, relations, label)) in ["anna", "bob"].into_iter().zip(works) {
            let key = SetKey { article: article.id.clone(), by: by.into() };
            let spans: Vec<Span> = spans.iter().filter_map(|drawn| span(&article, drawn, carries)).collect();
            let id = |at: usize| format!("s{at}");
            for (from, to) in relations.iter().filter(|_| carries.relations) {
                if *from.max(to) < spans.len() {
                    let ends = (End::Span(id(*from).into()), End::Span(id(*to).into()));
                    edits.push(Edit::Relation(key.clone(), format!("r{}", edits.len()).into(), relation(ends)));
                }
            }
            if let Some(label) = label.filter(|_| carries.article_labels) {
                edits.push(Edit::ArticleLabel(
                    key.clone(),
                    LABELS[label].into(),
                    Change::create(ArticleLabel::default()),
                ));
            }
            let spans = spans.into_iter().enumerate().map(|(at, span)| {
                let (at, made) = (id(at).into(), Change::create(span));
                Edit::Span(key.clone(), at, made)
            });
            edits.extend(spans);
        }
    }
    // Relations come after their ends.
    edits.sort_by_key(|edit| matches!(edit, Edit::Relation(..)));
    apply(&mut project, &edits).unwrap();
    project
}

fn relation((from, to): (End, End)) -> Change<Relation> {
    let (attributes, note) = (BTreeMap::new(), String::new());
    Change::create(Relation { kind: "is „near“".into(), from, to, attributes, note, origin: Origin::Typed })
}

fn span(article: &Article, (start, length, second, label, said): &Drawn, carries: Carries) -> Option<Span> {
    let mut fragments = vec![(*start, start + length)];
    let second = second.filter(|_| carries.fragments);
    fragments.extend(second.map(|(gap, more)| (start + length + gap + 1, start + length + gap + 1 + more)));
    let ranges: Result<Vec<_>, _> = fragments.into_iter().map(|(start, end)| TextRange::new(start, end)).collect();
    let at = Extent::new(ranges.ok()?).ok().filter(|at| at.end() <= article.text().chars())?;
    let mut span = Span::typed(at.clone(), LabelId::new(LABELS[*label]), article.text().quote(&at));
    let values = [
        Value::Flag(true),
        Value::Flag(false),
        Value::Choice("hoch & <tief>".to_owned()),
        Value::Choices(vec!["a".to_owned(), "b".to_owned()]),
        Value::Choices(vec!["a".to_owned()]),
        Value::Text("free\n\"text\" ".to_owned()),
        Value::Number(2.5),
        Value::Date("2024-02-30".to_owned()),
        Value::Link("Q64".to_owned()),
    ];
    if let Some(value) = values.get(*said).filter(|_| carries.attributes) {
        span.attributes.insert(AttributeId::new(format!("at{said}")), value.clone());
    }
    if *said > 11 && carries.notes {
        span.note = "see “above”\nand below ".to_owned();
    }
    Some(span)
}

/// Packs or unpacks a file as DocBin has it.
fn zlib(bytes: &[u8], pack: bool) -> Vec<u8> {
    let mut out = Vec::new();
    if pack {
        ZlibEncoder::new(bytes, Compression::fast()).read_to_end(&mut out).unwrap();
    } else {
        ZlibDecoder::new(bytes).read_to_end(&mut out).unwrap();
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn spoilt_files_can_be_read(
        changes in proptest::collection::vec((any::<usize>(), prop_oneof![any::<u8>(), (b'!'..b'~')]), 1..5),
        cut in proptest::option::of(any::<usize>()),
    ) {
        let project = crate::fixture::project_of(&["{person:Ada {place:Köln}} 👍\r\n{claim:x}", "{person:b}"]);
        let options = ReadOptions::default();
        for format in FORMATS {
            let (Some(read), Some(_)) = (format.reads, format.writes) else { continue };
            for (name, bytes) in trip::written(&project, format.id, &WriteOptions::default()).0 {
                let packed = format.id == "docbin";
                let mut bytes = if packed { zlib(&bytes, false) } else { bytes };
                for (at, byte) in &changes {
                    let at = at % bytes.len();
                    bytes[at] = *byte;
                }
                bytes.truncate(cut.map_or(bytes.len(), |cut| cut % bytes.len()));
                let bytes = if packed { zlib(&bytes, true) } else { bytes };
                _ = read(&Input { name: &name, bytes: &bytes, options: &options, beside: &Alone }, &Env::fixed(1));
            }
        }
    }
}
