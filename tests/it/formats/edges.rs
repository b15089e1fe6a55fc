//! Fifteen hard articles, five of them of one text, through every format: what cannot stay as it is has to be counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::texts;
use crate::fixture;
use crate::trip;
use rubricate::dataset::loss::{LossKind, Losses};
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::extract::plain;
use rubricate::format::{FORMATS, Format, WriteOptions};
use rubricate::model::article::Article;
use rubricate::model::project::Project;
use rubricate::model::span::Span;
use rubricate::text::range::{Extent, TextRange};

/// One text under five names.
const SHARED: &str = "Bank of Castle Rock Trust fears that rents climb.";

/// Kinds of losses that are a span each.
const OF_SPANS: [LossKind; 7] = [
    LossKind::Spans,
    LossKind::OtherLayers,
    LossKind::Overlap,
    LossKind::Nested,
    LossKind::FragmentsDropped,
    LossKind::Tokenless,
    LossKind::EdgesMoved,
];

/// What became of a project on its way through a format and back.
#[derive(Debug, Default)]
struct Way {
    /// Articles that went in, and that came back.
    articles: (usize, usize),
    /// Spans that went in, and that came back at the same place under the same label.
    spans: (usize, usize),
    /// Spans that nobody put in.
    strange: usize,
    losses: Losses,
    /// Texts before and after, where they are not the same.
    spoilt: Vec<(String, String)>,
}

impl Way {
    /// How many spans are counted as lost or moved.
    fn counted(&self) -> usize {
        OF_SPANS.iter().map(|kind| self.losses.count(*kind)).sum()
    }

    /// Whether a remark tells it.
    fn told(&self, words: &str) -> bool {
        self.losses.remarks.iter().any(|remark| remark.contains(words))
    }

    /// Everything is as it was, or it was said what is not.
    fn is_honest(&self, name: &str) {
        let (there, came) = self.articles;
        let one = self.told("read again, they are one") && came == 1;
        let none = self.told("1 articles are not in the file") && there == 1 && came == 0;
        assert!(there == came || one || none, "{name}: {self:?}");
        if there != came {
            return;
        }
        assert_eq!(self.spans.0 - self.spans.1, self.counted(), "{name}: {self:?}");
        assert_eq!(self.strange, self.losses.count(LossKind::EdgesMoved), "{name}: {self:?}");
        let mut beyond = 0;
        for (text, other) in &self.spoilt {
            let pairs = || text.chars().zip(other.chars()).filter(|(one, other)| one != other);
            assert!(text.chars().count() == other.chars().count(), "{name}: {text:?} {other:?}");
            assert!(pairs().all(|(_, other)| other == '\u{fffd}'), "{name}: {text:?} {other:?}");
            beyond += pairs().count();
        }
        let remark = format!("{beyond} characters that XML cannot hold are written as U+FFFD.");
        assert_eq!(self.told("U+FFFD"), beyond > 0, "{name}: {self:?}");
        assert!(beyond == 0 || self.told(&remark), "{name}: {self:?}");
    }
}

/// Takes a project through a format and back.
fn way(project: &Project, format: &str) -> Way {
    let (files, losses) = trip::written(project, format, &WriteOptions::default());
    let again = trip::back(&files, format);
    // Where only words are kept, blanks count for nothing.
    let blanks = !losses.remarks.iter().any(|remark| remark.contains("blanks are not kept"));
    let (before, after) = (told(project, blanks), told(again.project(), blanks));
    let mut way = Way { articles: (before.len(), after.len()), losses, ..Way::default() };
    for ((text, spans), (other, found)) in before.into_iter().zip(after) {
        let came: usize = spans.iter().map(|(span, count)| (*count).min(*found.get(span).unwrap_or(&0))).sum();
        let (all, there): (usize, usize) = (spans.values().sum(), found.values().sum());
        way.spans = (way.spans.0 + all, way.spans.1 + came);
        way.strange += there - came;
        if text != other {
            way.spoilt.push((text, other));
        }
    }
    way
}

/// Texts in their order, each with its spans and how often each is there; without blanks, places are told by words.
fn told(project: &Project, blanks: bool) -> Vec<(String, BTreeMap<String, usize>)> {
    let kept = |text: &str| text.chars().filter(|c| blanks || !c.is_whitespace()).collect::<String>();
    let article = |id| {
        let article = project.peek_article(id).unwrap();
        let mut spans = BTreeMap::new();
        for set in project.set_keys_of(id).filter_map(|key| project.peek_set(key)) {
            for span in set.spans.values() {
                let place = if blanks { format!("{:?}", span.at) } else { kept(&article.text().quote(&span.at)) };
                *spans.entry(format!("{place} {}", span.label)).or_insert(0) += 1;
            }
        }
        (kept(article.text().as_str()), spans)
    };
    project.article_order().iter().map(article).collect()
}

/// Texts with the words and the label of each span.
fn hard() -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let own = |text: &str, spans: &[(&'static str, &'static str)]| (text.to_owned(), spans.to_vec());
    let unbroken = format!("{} Nora {}", "y".repeat(5_000), "語".repeat(5_000));
    vec![
        own("Smoke 👨‍🌾 over Malmö 🇫🇮 now, says Chloë.", &[("Malmö", "place"), ("Chloë", "person")]),
        own("fete\u{301} Noe\u{308}l mai\u{308}s", &[("fete\u{301}", "organization"), ("Noe\u{308}l", "person")]),
        own("First.\r\nSecond by Nora.\r\nThird.", &[("Nora", "person"), ("Third", "date")]),
        own("\u{feff}A mark, then Castle Rock.", &[("Castle Rock", "place")]),
        own("زار سمير النجار مدينة Castle Rock عام 2031.", &[("سمير النجار", "person"), ("Castle Rock", "place")]),
        own(
            SHARED,
            &[
                ("Bank of Castle Rock Trust", "organization"),
                ("Bank of Castle Rock", "organization"),
                ("Castle Rock", "place"),
                (SHARED, "claim"),
            ],
        ),
        own(
            SHARED,
            &[
                ("Bank of Castle Rock", "organization"),
                ("Castle Rock Trust fears", "date"),
                ("Trust fears that rents climb.", "claim"),
            ],
        ),
        own(SHARED, &[("Castle Rock", "place"), ("Castle Rock", "organization"), ("Castle Rock", "place")]),
        own(SHARED, &[("Bank", "organization"), (" ", "date"), ("of", "place")]),
        own(SHARED, &[]),
        own("tab\there\u{b}one\u{c}two\u{2028}three\u{2029}four\u{85}five Oslo", &[("Oslo", "place")]),
        own("  blanks around Nora  \n\n", &[("Nora", "person"), ("  ", "date")]),
        own(&unbroken, &[("Nora", "person")]),
        own("<i>Nora</i> & \"Lev\" </style><style>x</style>", &[("Nora", "person"), ("Lev", "person")]),
        own("李𠮷明 sees 𠮷川.", &[("李𠮷明", "person"), ("𠮷川", "person")]),
    ]
}

fn project() -> Project {
    let mut project = fixture::project_of(&[]);
    let mut edits = Vec::new();
    for ((text, spans), number) in hard().iter().zip(1..) {
        // Files of a folder come in the order of their names.
        let key = fixture::by_anna(&format!("e{number:02}"));
        let article = Article::new(key.article.clone(), number, "A title", plain::blocks(text)).unwrap();
        edits.push(Edit::Article(key.article.clone(), Change::create(Arc::new(article))));
        let length = |part: &str| u32::try_from(part.chars().count()).unwrap();
        for ((words, label), count) in spans.iter().zip(1..) {
            let start = length(&text[..text.find(words).unwrap()]);
            let at = Extent::from(TextRange::new(start, start + length(words)).unwrap());
            let span = Span::typed(at, (*label).into(), (*words).to_owned());
            edits.push(Edit::Span(key.clone(), format!("s{count:03}").as_str().into(), Change::create(span)));
        }
    }
    apply(&mut project, &edits).unwrap();
    project
}

/// Formats that can be written and read.
fn both_ways() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.reads.is_some() && format.writes.is_some())
}

#[test]
fn hard_articles_go_through_every_format() {
    let project = project();
    for format in both_ways() {
        let way = way(&project, format.id);
        way.is_honest(format.id);
        // Two spans have no word in them.
        let left_out = match format.id {
            "txt" => continue,
            "conll" => way.counted(),
            "conllu" | "folia" | "webanno-tsv" => 2,
            _ => 0,
        };
        assert_eq!((way.articles, way.spans), ((15, 15), (30, 30 - left_out)), "{}: {way:?}", format.id);
    }
}

#[test]
fn awkward_texts_go_through_every_format() {
    for (name, project) in texts::projects() {
        for format in both_ways() {
            way(&project, format.id).is_honest(&format!("{name} {}", format.id));
        }
    }
}

#[test]
#[ignore = "takes a minute without optimization"]
fn a_great_many_lines_go_through_every_format() {
    let project = texts::marked(&"a\n".repeat(100_000));
    for format in both_ways() {
        way(&project, format.id).is_honest(format.id);
    }
}

#[test]
fn spans_without_a_character_are_told() {
    // No other number in a file is like these places.
    let (start, end) = ("70001", "70005");
    let project = fixture::project(&format!("{}{{person:Nora}} x", "y".repeat(70_001)));
    let mut tried = 0;
    for format in both_ways().filter(|format| !format.carries.unit.is_empty()) {
        let (mut files, _) = trip::written(&project, format.id, &WriteOptions::default());
        let mut found = 0;
        for (_, bytes) in &mut files {
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            found += text.matches(end).count();
            *bytes = text.replace(end, start).into_bytes();
        }
        if found == 0 {
            continue;
        }
        tried += 1;
        let again = trip::back(&files, format.id);
        assert!(!again.problems.is_empty(), "{}", format.id);
        let spans: Vec<_> = again.project().sets().flat_map(|(_, set)| set.spans.values().cloned()).collect();
        // Where the words stand in the file, too, the place may be found by them.
        assert!(spans.iter().all(|span| span.quote == "Nora"), "{}: {spans:?}", format.id);
    }
    assert_eq!(tried, 16);
}
