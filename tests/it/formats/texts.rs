//! Texts that programs trip over, each with two spans: of its first letter, and of all from there to its last one.

use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::base::env::Env;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{Input, ReadOptions, WriteOptions, by_id};
use rubricate::model::annotation_set::SetKey;
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value as Said;
use rubricate::text::range::{Extent, TextRange};

/// Those with characters that XML cannot hold.
pub(crate) const BEYOND_XML: [&str; 7] =
    ["mixed ends of lines", "nul", "c0", "c0 alone", "no characters", "no characters alone", "escapes"];

/// Their names and characters.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let own = |text: &str| text.to_owned();
    let c0: String = (1..32_u8).map(char::from).chain(['\u{7f}', 'x', '\u{7f}', 'y']).collect();
    vec![
        ("ascii", own("Plain text.")),
        ("crlf", own("one\r\ntwo\r\nthree")),
        ("cr", own("one\rtwo")),
        ("mixed ends of lines", own("a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i")),
        ("tabs", own("a\tb\t\tc")),
        ("nul", own("a\0b")),
        ("c0", c0),
        ("c0 alone", (1..32_u8).map(char::from).chain(['\u{7f}']).collect()),
        ("astral", own("💩This is an annotation.")),
        ("zwj", own("family 👩‍👩‍👧‍👦 flag 🇳🇱 skin 👍🏽 keycap 1️⃣ end")),
        ("nfc", own("caf\u{e9} na\u{ef}ve")),
        ("nfd", own("cafe\u{301} nai\u{308}ve")),
        ("jamo", own("\u{1112}\u{1161}\u{11ab}")),
        ("many marks", format!("z{} zalgo", "\u{351}".repeat(2_000))),
        ("bidi", own("access \u{202e}evil\u{202c} \u{2066}x\u{2069} level")),
        ("arabic", own("النص العربي with English")),
        ("zero width", own("pay\u{200b}pal \u{2060}\u{feff}\u{ad}\u{180e} end")),
        ("tags", own("ok\u{e0041}\u{e0042} tag")),
        ("private", own("\u{e000}\u{f8ff}")),
        ("no characters", own("x\u{fffe}\u{ffff}\u{10ffff}y")),
        ("no characters alone", own("\u{fffe}\u{ffff}\u{10ffff}")),
        ("one end of a line", own("line\u{2028}sep")),
        ("mark of the order of bytes", own("\u{feff}abc")),
        ("other planes", own("abc\u{e9}\u{1f600}")),
        ("replacement", own("a\u{fffd}b")),
        ("blanks", own("a\u{a0}b\u{202f}c\u{3000}d")),
        ("like latin", own("раураl (Cyrillic)")),
        ("escapes", own("red \u{1b}[31mX\u{1b}[0m \u{1b}]0;title\u{7} end")),
        ("ligatures", own("İstanbul ß ﬁ Ǆ")),
        ("blank edges", own("  lead and trail  \n\n")),
        ("only ends of lines", own("\n\n\n")),
        ("long line", "x".repeat(100_000)),
        ("many lines", "a\n".repeat(2_000)),
        ("markup", own("<a href=\"x\">&amp;&#10;]]></a> {\"text\": \"\\u0041\"} T1\tx")),
        ("ten scripts", own("張偉 Αθήνα Москва محمد नरेन्द्र 서울 กรุงเทพ דוד Երևան ქართული")),
    ]
}

/// A project of each.
pub(crate) fn projects() -> Vec<(&'static str, Project)> {
    all().into_iter().map(|(name, text)| (name, marked(&text))).collect()
}

/// A project of one text.
pub(crate) fn marked(text: &str) -> Project {
    let places = || text.char_indices().filter(|(_, c)| c.is_alphanumeric());
    let escaped = |part: &str| {
        let escape = |c: char| if matches!(c, '{' | '}' | '\\') { vec!['\\', c] } else { vec![c] };
        part.chars().flat_map(escape).collect::<String>()
    };
    let (Some((first, letter)), Some((last, end))) = (places().next(), places().next_back()) else {
        return fixture::project(&escaped(text));
    };
    let (start, after) = (first + letter.len_utf8(), last + end.len_utf8());
    fixture::project(&format!(
        "{}{{claim:{{person:{letter}}}{}}}{}",
        escaped(&text[..first]),
        escaped(&text[start..after]),
        escaped(&text[after..])
    ))
}

/// Any project of a few articles in ten scripts: spans from word to word that nest and cross, some of two fragments,
/// some with attributes, and relations between neighbours.
pub(crate) fn generated() -> impl Strategy<Value = Project> {
    let word = prop_oneof![
        "[a-zé0-9<&>]{1,5}",
        "[а-я]{1,4}",
        "[α-ω]{1,4}",
        "[一-三]{1,3}",
        "[가-각]{1,2}",
        "[א-ת]{1,4}",
        "[ا-ي]{1,4}",
        "[अ-ह]{1,3}",
        "[ก-ฮ]{1,3}",
        "[ა-ჰ]{1,3}",
        Just("👩‍👩‍👧‍👦".to_owned()),
        Just("e\u{301}".to_owned()),
    ];
    let gap = prop_oneof![Just(" "), Just(", "), Just("\n"), Just("\r\n"), Just("\n\n"), Just("")];
    let words = proptest::collection::vec((word, gap), 1..12);
    let span = (0_usize..12, 0_usize..4, 0_usize..5, 0_usize..3, 0_usize..4);
    let article = (words, proptest::collection::vec(span, 0..6), any::<bool>());
    proptest::collection::vec(article, 1..3).prop_map(|articles| {
        let texts: Vec<String> = articles
            .iter()
            .zip('0'..)
            // Two texts are never the same.
            .map(|((words, ..), count)| words.iter().fold(count.to_string(), |all, (word, gap)| all + word + gap))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut project = fixture::project_of(&texts);
        for ((words, spans, linked), number) in articles.iter().zip(1..) {
            let key = fixture::by_anna(&format!("a{number}"));
            let mut places = Vec::new();
            let mut at = 1;
            for (word, gap) in words {
                let length = u32::try_from(word.chars().count()).unwrap();
                places.push((at, at + length));
                at += length + u32::try_from(gap.chars().count()).unwrap();
            }
            let text = project.article(&key.article).unwrap().text().clone();
            let mut edits = Vec::new();
            let mut ids = Vec::new();
            for (count, (from, more, second, label, said)) in spans.iter().enumerate() {
                let from = from % places.len();
                let to = (from + more).min(places.len() - 1);
                let mut parts = vec![TextRange::new(places[from].0, places[to].1).unwrap()];
                if let Some((start, end)) = places.get(to + 2 + second) {
                    parts.push(TextRange::new(*start, *end).unwrap());
                }
                let at = Extent::new(parts).unwrap();
                let mut span = Span::typed(at.clone(), ["person", "place", "claim"][*label].into(), text.quote(&at));
                match said {
                    1 => _ = span.attributes.insert("check-worthy".into(), Said::Flag(true)),
                    2 => _ = span.attributes.insert("kind".into(), Said::Choice("prediction".to_owned())),
                    _ => {}
                }
                let id = format!("s{:03}", count + 1);
                edits.push(Edit::Span(key.clone(), id.as_str().into(), Change::create(span)));
                ids.push(id);
            }
            let kind = project.schema.relations.keys().next().unwrap().clone();
            for pair in ids.windows(2).filter(|_| *linked) {
                let relation = Relation {
                    kind: kind.clone(),
                    from: End::Span(pair[0].as_str().into()),
                    to: End::Span(pair[1].as_str().into()),
                    attributes: Default::default(),
                    note: String::new(),
                    origin: Origin::Typed,
                };
                edits.push(Edit::Relation(key.clone(), format!("r{}", pair[0]).into(), Change::create(relation)));
            }
            apply(&mut project, &edits).unwrap();
        }
        project
    })
}

/// A project of one article by two annotators, and one with every kind of value, notes and a relation.
pub(crate) fn said_much() -> Project {
    let mut project =
        fixture::project_of(&["{person:Ann} in {place:Rome} \"<&>\"", "{claim:It rains}\n\nand {date:now}"]);
    let anna = fixture::by_anna("a2");
    let bob = SetKey { article: "a1".into(), by: "bob".into() };
    let mut span = project.peek_set(&fixture::by_anna("a1")).unwrap().spans["s001"].clone();
    span.label = "place".into();
    let claim = project.peek_set(&anna).unwrap().spans["s001"].clone();
    let mut full = claim.clone();
    full.note = "sure?\tof \"it\"\n & <so>".to_owned();
    let values = [
        ("a-flag", Said::Flag(false)),
        ("a-choice", Said::Choice("7".to_owned())),
        ("choices", Said::Choices(vec!["a b".to_owned(), "c".to_owned()])),
        ("one-of-choices", Said::Choices(vec!["a b".to_owned()])),
        ("a-text", Said::Text(" free <text> ".to_owned())),
        ("a-number", Said::Number(-2.5)),
        ("a-date", Said::Date("2024-02-30".to_owned())),
        ("a-span", Said::Span("s002".into())),
        ("a-link", Said::Link("Q64".to_owned())),
    ];
    full.attributes = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
    let relation = Relation {
        kind: project.schema.relations.keys().next().unwrap().clone(),
        from: End::Span("s001".into()),
        to: End::Span("s002".into()),
        attributes: [("a-choice".into(), Said::Choice("x".to_owned()))].into(),
        note: "so & so".to_owned(),
        origin: Origin::Typed,
    };
    let edits = [
        Edit::Annotator("bob".into(), Change::create(Annotator { name: "Bob".to_owned(), role: Role::Human })),
        Edit::Span(bob, "s001".into(), Change::create(span)),
        Edit::Span(anna.clone(), "s001".into(), Change::update(claim, full)),
        Edit::Relation(anna, "r1".into(), Change::create(relation)),
    ];
    apply(&mut project, &edits).unwrap();
    project
}

#[test]
fn what_was_written_is_known_without_being_told() {
    let project = fixture::project_of(&["{person:Ann} in {place:Rome}", "{person:Bob}"]);
    for format in ["brat", "pubannotation", "bioc-xml", "bioc-json", "folia", "tei"] {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in trip::written(&project, format, &WriteOptions::default()).0 {
            let end = by_id(format).unwrap().extensions[0];
            let name = if name.is_empty() { format!("out.{end}") } else { name };
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let session = trip::imported(&[folder.path().to_path_buf()], None);
        let carries = by_id(format).unwrap().carries;
        let shapes = (trip::shape(&project, carries), trip::shape(session.project(), carries));
        assert_eq!(shapes.0, shapes.1, "{format}: {:?}", session.problems);
        assert!(session.problems.is_empty(), "{format}: {:?}", session.problems);
    }
}

/// The files beside one that is read.
struct Beside(Vec<(String, Vec<u8>)>);

impl rubricate::format::Beside for Beside {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes.clone())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn damaged_files_are_read_as_far_as_they_make_sense(
        harm in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..5, any::<u8>()), 1..8),
    ) {
        for format in ["brat", "pubannotation", "bioc-xml", "bioc-json", "folia", "tei"] {
            let (mut files, _) = trip::written(&said_much(), format, &WriteOptions::default());
            let end = if format == "brat" { ".ann" } else { "" };
            let (name, bytes) = files.iter_mut().rfind(|(name, _)| name.ends_with(end)).unwrap();
            for (at, what, byte) in &harm {
                let at = at.index(bytes.len());
                match what {
                    0 => _ = bytes.remove(at),
                    1 => bytes.insert(at, *byte),
                    2 => bytes[at] = *byte,
                    // A digit for a digit, so that places go astray in files that are whole otherwise.
                    3 => if let Some(place) = bytes[at..].iter().position(u8::is_ascii_digit) {
                        bytes[at + place] = b'0' + byte % 10;
                    },
                    _ => bytes.truncate(at.max(bytes.len() - usize::from(*byte).min(bytes.len()) + 1).min(bytes.len())),
                }
                if bytes.is_empty() {
                    bytes.push(b' ');
                }
            }
            let (name, bytes) = (name.clone(), bytes.clone());
            let read = by_id(format).unwrap().reads.unwrap();
            let options = ReadOptions::default();
            let input = Input { name: &name, bytes: &bytes, options: &options, beside: &Beside(files) };
            let read = read(&input, &Env::fixed(1));
            prop_assert!(!read.articles.is_empty() || !read.problems.is_empty(), "{}", format);
        }
    }
}
