//! Formats: what goes out comes back, what cannot go out is counted, and bad input stops nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::sync::Arc;

use crate::fixture::plain_label;
use proptest::prelude::*;
use rubricate::base::env::Env;
use rubricate::dataset::example::examples;
use rubricate::dataset::loss::LossKind;
use rubricate::dataset::stats::Stats;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::extract::plain;
use rubricate::format::output::One;
use rubricate::format::{Alone, FORMATS, Input, Read, ReadOptions, WriteOptions, by_id, losses};
use rubricate::model::annotation_set::{AnnotationSet, ArticleLabel, Question, Review, ReviewState, SetKey};
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::{Article, BlockKind};
use rubricate::model::id::{AttributeId, LabelId};
use rubricate::model::problem::Severity;
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::{Label, Layer, Look, Overlap, RelationKind};
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value;
use rubricate::text::range::{Extent, TextRange};
use rubricate::text::text::TextHash;
use rubricate::text::unit::Unit;

mod argilla;
mod bioc;
mod blocks;
mod brat;
mod command;
mod conll;
mod conllu;
mod crowded;
mod csv;
mod docbin;
mod doccano;
mod documents;
mod edges;
mod folia;
mod gate;
mod hard;
mod hf;
mod inline;
mod label_studio;
mod labelbuddy;
mod many;
mod page;
mod prodigy;
mod pubannotation;
mod sets;
mod spacy_json;
mod tei;
mod texts;
mod web_annotation;
mod webanno_tsv;
mod xmi;

fn read(format: &str, bytes: &[u8], options: &ReadOptions) -> Read {
    let read = by_id(format).unwrap().reads.unwrap();
    read(&Input { name: "news.x", bytes, options, beside: &Alone }, &Env::fixed(1))
}

fn write(format: &str, project: &Project, options: &WriteOptions) -> (String, rubricate::dataset::loss::Losses) {
    let mut out = Vec::new();
    let write = by_id(format).unwrap().writes.unwrap();
    let losses = write(&mut examples(project, None), options, &mut One(&mut out)).unwrap();
    (String::from_utf8(out).unwrap(), losses)
}

fn layer(name: &str, order: u32, look: Look) -> Edit {
    let layer = Layer {
        name: name.to_owned(),
        order,
        look,
        unit: Unit::Word,
        overlap: Overlap::Allow,
        fragments: true,
        whole_article: false,
        proposals: None,
        means: String::new(),
    };
    Edit::Layer(name.into(), Change::create(layer))
}

fn label(name: &str, layer: &str) -> Edit {
    let label = Label { layer: layer.into(), ..plain_label(name) };
    Edit::Label(name.into(), Change::create(label))
}

/// A project of one article in one block by Anna; spans are label, fragments.
fn project(body: Vec<(BlockKind, String)>, spans: &[(&str, Vec<(u32, u32)>)]) -> (Project, SetKey) {
    let mut project = Project::default();
    let key = SetKey { article: "a1".into(), by: "anna".into() };
    let article = Article::new("a1".into(), 1, "A title", body).unwrap();
    let text = article.text().clone();
    let kind =
        RelationKind { name: "near".to_owned(), order: 0, from: Vec::new(), to: Vec::new(), means: String::new() };
    let mut edits = vec![
        layer("claim", 2, Look::Line),
        layer("entity", 1, Look::Tint),
        label("person", "entity"),
        label("city", "entity"),
        label("fact", "claim"),
        Edit::RelationKind("near".into(), Change::create(kind)),
        Edit::Annotator("anna".into(), Change::create(Annotator { name: "Anna".to_owned(), role: Role::Human })),
        Edit::Article("a1".into(), Change::create(Arc::new(article))),
    ];
    for (number, (label, fragments)) in spans.iter().enumerate() {
        let ranges = fragments.iter().map(|(start, end)| TextRange::new(*start, *end).unwrap()).collect();
        let at = Extent::new(ranges).unwrap();
        let span = Span::typed(at.clone(), LabelId::new(*label), text.quote(&at));
        edits.push(Edit::Span(key.clone(), format!("s{number}").into(), Change::create(span)));
    }
    apply(&mut project, &edits).unwrap();
    (project, key)
}

fn one_block(text: &str) -> Vec<(BlockKind, String)> {
    vec![(BlockKind::Paragraph, text.to_owned())]
}

/// Everything that can be said, on top of the spans.
fn say_much(project: &mut Project, key: &SetKey) {
    let set = project.set(key).cloned().unwrap();
    let (id, span) = set.spans.iter().next().unwrap();
    let mut said = span.clone();
    said.note = "see “above”\n".to_owned();
    said.certainty = Some(70);
    said.origin = Origin::Edited(Box::new(Origin::Suggested("gazetteer".to_owned())));
    let values = [
        Value::Flag(true),
        Value::Choice("high".to_owned()),
        Value::Choices(vec!["a".to_owned(), "b".to_owned()]),
        Value::Text("free".to_owned()),
        Value::Number(2.5),
        Value::Date("2024-02-30".to_owned()),
        Value::Span(id.clone()),
        Value::Link("Q64".to_owned()),
    ];
    said.attributes = (0..).zip(values).map(|(at, value)| (AttributeId::new(format!("at{at}")), value)).collect();
    let relation = |from: End, to: End| Relation {
        kind: "near".into(),
        from,
        to,
        attributes: said.attributes.clone(),
        note: "n".to_owned(),
        origin: Origin::Typed,
    };
    let span_end = End::Span(id.clone());
    let edits = [
        Edit::Span(key.clone(), id.clone(), Change::update(span.clone(), said.clone())),
        Edit::Relation(key.clone(), "r1".into(), Change::create(relation(span_end.clone(), span_end.clone()))),
        Edit::Relation(key.clone(), "r0".into(), Change::create(relation(span_end, End::Relation("r1".into())))),
        Edit::ArticleLabel(key.clone(), "fact".into(), Change::create(ArticleLabel::default())),
        Edit::Question(
            key.clone(),
            "q1".into(),
            Change::create(Question {
                text: "Why?".to_owned(),
                about: Some(id.clone()),
                answer: Some("So.".to_owned()),
            }),
        ),
        Edit::Review(
            key.clone(),
            Change::update(
                Review::default(),
                Review {
                    state: ReviewState::Unsure("which Bern".to_owned()),
                    note: "late".to_owned(),
                    ..Review::default()
                },
            ),
        ),
    ];
    apply(project, &edits).unwrap();
}

fn comes_back(project: &Project, key: &SetKey) {
    let (written, lost) = write("jsonl", project, &WriteOptions::default());
    assert!(lost.is_empty(), "{lost:?}");
    let read = read("jsonl", written.as_bytes(), &ReadOptions::default());
    assert_eq!(read.problems, []);
    let [article] = read.articles.as_slice() else { panic!("{} articles", read.articles.len()) };
    let before = project.article(&key.article).unwrap();
    assert_eq!(article.article(article.id.clone().unwrap(), 1).as_ref(), Some(&**before));
    // Which text it is said of is put in by whoever takes the article.
    let unplaced = |set: &AnnotationSet| AnnotationSet { text: TextHash::default(), ..set.clone() };
    let expected = project.sets_of(&key.article).map(|(key, set)| (Some(key.by.clone()), unplaced(set)));
    assert_eq!(article.sets, expected.collect::<Vec<_>>());
    for label in project.set(key).into_iter().flat_map(|set| set.spans.values().map(|span| &span.label)) {
        assert_eq!(read.needs.labels[label].0, project.schema.labels[label].layer);
    }
}

#[test]
fn everything_that_is_said_comes_back_from_jsonl() {
    let body = vec![(BlockKind::Caption, "Bern, ".to_owned()), (BlockKind::Cell, "👍 Zürich\r\n".to_owned())];
    let (mut project, key) = project(body, &[("city", vec![(0, 4)]), ("person", vec![(1, 2), (6, 7)])]);
    say_much(&mut project, &key);
    comes_back(&project, &key);
}

#[test]
fn two_annotators_are_two_lines_of_one_article() {
    let (mut project, key) = project(one_block("Bern\n"), &[("city", vec![(0, 4)])]);
    let bob = SetKey { article: key.article.clone(), by: "bob".into() };
    let annotator = Annotator { name: "Bob".to_owned(), role: Role::Human };
    let done = Review { state: ReviewState::Done, ..Review::default() };
    let edits = [
        Edit::Annotator("bob".into(), Change::create(annotator)),
        Edit::Review(bob, Change::update(Review::default(), done)),
    ];
    apply(&mut project, &edits).unwrap();
    assert_eq!(write("jsonl", &project, &WriteOptions::default()).0.lines().count(), 2);
    comes_back(&project, &key);
    assert_eq!(examples(&project, Some(&"bob".into())).count(), 1);
    assert!(examples(&project, Some(&"eve".into())).next().unwrap().set.is_none());
}

#[test]
fn the_keys_of_a_line_stand_in_a_fixed_order() {
    let (project, _) = project(plain::blocks("Zoë 👍\n"), &[("person", vec![(0, 3)]), ("city", vec![(0, 5)])]);
    let (written, _) = write("jsonl", &project, &WriteOptions::default());
    assert_eq!(
        written,
        "{\"id\":\"a1\",\"title\":\"A title\",\"text\":\"Zoë 👍\\n\",\"unit\":\"code points\",\
         \"source\":{},\"state\":\"new\",\"annotator\":\"anna\",\"spans\":[\
         {\"id\":\"s1\",\"layer\":\"entity\",\"label\":\"city\",\"start\":0,\"end\":5,\
         \"fragments\":[{\"start\":0,\"end\":5,\"quote\":\"Zoë 👍\"}],\"attributes\":{},\"origin\":\"typed\"},\
         {\"id\":\"s0\",\"layer\":\"entity\",\"label\":\"person\",\"start\":0,\"end\":3,\
         \"fragments\":[{\"start\":0,\"end\":3,\"quote\":\"Zoë\"}],\"attributes\":{},\"origin\":\"typed\"}],\
         \"relations\":[],\"article_labels\":[]}\n"
    );
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    let file = concat!(
        "\u{FEFF}{\"text\": \"one\"}\r\n",
        "\n",
        "{\"text\": 5, \"headline\": \"h\"}\n",
        "{\"text\": \"\\ud800\"}\n",
        "[1]\n",
        "{\"text\": \"\"}\n",
        "{\"body\": \"two\", \"id\": 7, \"headline\": \"T\", \"authors\": [\"A\", \"B\"], ",
        "\"lang\": \"de\", \"wordcount\": 1, \"x\": {\"y\": []}}\n",
        "{\"text\": \"thr",
    );
    let read = read("jsonl", file.as_bytes(), &ReadOptions::default());
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.what.as_str()).collect();
    let lines: Vec<_> = problems.iter().map(|what| what.rsplit("line ").next().unwrap()).collect();
    assert_eq!(lines, ["3)", "4)", "5)", "6)", "8)"], "{problems:#?}");
    assert!(problems[4].contains("incomplete") && problems[4].contains("‘news.x’"), "{}", problems[4]);
    assert_eq!(read.articles.len(), 2);
    let two = &read.articles[1];
    assert_eq!(
        (two.id.as_ref().unwrap().as_str(), two.title.as_str(), two.language.as_deref()),
        ("7", "T", Some("de"))
    );
    assert_eq!((two.source.author.as_deref(), two.source.record), (Some("A, B"), Some(7)));
    let extra: Vec<_> = two.source.extra.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(extra, ["wordcount=1", "x={\"y\":[]}"]);
    assert!(read.articles[0].source.encoding.as_ref().is_some_and(|encoding| encoding.bom));
}

#[test]
fn a_chosen_field_holds_the_text() {
    let options = ReadOptions { text_field: Some("story".to_owned()), ..ReadOptions::default() };
    let read = read("jsonl", b"{\"text\":\"a\",\"story\":\"b\"}\n{\"text\":\"a\"}", &options);
    assert_eq!(read.articles[0].body, one_block("b"));
    assert_eq!(read.articles[0].source.extra["text"], "a");
    assert!(read.problems[0].what.contains("‘story’") && read.problems[0].what.contains("‘text’"));
}

#[test]
fn deep_nesting_and_bad_bytes_are_problems_of_their_line() {
    let mut file = format!("{{\"text\":\"a\",\"x\":{}1{}}}\n", "[".repeat(5_000), "]".repeat(5_000)).into_bytes();
    file.extend(b"{\"text\":\"caf\xE9\"}\n{\"text\":\"good\"}\n");
    let read = read("jsonl", &file, &ReadOptions::default());
    assert_eq!((read.articles.len(), read.problems.len()), (1, 2), "{:?}", read.problems);
}

#[test]
fn spans_that_do_not_fit_are_kept_aside() {
    let line = r#"{"text":"Bern and Basel","unit":"code points","spans":[
        {"id":"s1","label":"city","layer":"place","start":0,"end":4,"quote":"Bern"},
        {"id":"s2","label":"city","start":9,"end":14,"quote":"Zürich"},
        {"id":"s3","label":"city","start":9,"end":99},
        {"id":"s4","label":"city","start":9,"end":9},
        {"id":"s1","label":"city","start":9,"end":14},
        {"start":1,"end":2}],
        "relations":[{"id":"r1","kind":"near","from":"s1","to":"s2"},
        {"id":"r2","kind":"near","from":"s1","to":{"relation":"r1"}}]}"#
        .replace('\n', " ");
    let read = read("jsonl", line.as_bytes(), &ReadOptions::default());
    let (by, set) = &read.articles[0].sets[0];
    assert_eq!((by.is_none(), set.spans.len(), set.relations.len(), set.adrift.len()), (true, 2, 0, 4));
    assert_eq!(read.problems.len(), 7, "{:#?}", read.problems);
    assert_eq!(read.needs.labels[&LabelId::new("city")].0.as_str(), "place");
}

#[test]
fn spans_of_prodigy_are_understood() {
    let line = r#"{"text":"I like Bern","spans":[{"start":7,"end":11,"label":"GPE","token_end":2}],"answer":"accept"}"#;
    let read = read("jsonl", line.as_bytes(), &ReadOptions::default());
    let span = read.articles[0].sets[0].1.spans.values().next().unwrap();
    assert_eq!((span.quote.as_str(), span.origin.word().as_str()), ("Bern", "imported:jsonl"));
    assert_eq!(read.articles[0].source.extra["answer"], "accept");
}

#[test]
fn conll_has_one_level_and_counts_the_rest() {
    let text = "Ada Lovelace met Ada. She left Sankt Gallen.\nBye\n";
    let body = vec![(BlockKind::Paragraph, text[..45].to_owned()), (BlockKind::Paragraph, text[45..].to_owned())];
    let spans = [
        ("person", vec![(0, 12)]),
        ("person", vec![(0, 3)]),
        ("city", vec![(4, 20)]),
        ("city", vec![(31, 40)]),
        ("city", vec![(36, 38), (41, 43)]),
        ("fact", vec![(22, 44)]),
        ("person", vec![(3, 4)]),
    ];
    let (mut project, key) = project(body, &spans);
    let (written, lost) = write("conll", &project, &WriteOptions::default());
    assert_eq!(
        written,
        "-DOCSTART-\tO\n\nAda\tO\nLovelace\tB-city\nmet\tI-city\nAda\tI-city\n.\tO\n\nShe\tO\nleft\tO\nSankt\tB-city\n\
         Gallen\tI-city\n.\tO\n\nBye\tO\n\n"
            .replace("Ada\tO\nLove", "Ada\tB-person\nLove")
    );
    let counts: Vec<_> = lost.losses.iter().map(|(kind, loss)| (*kind, loss.count)).collect();
    assert_eq!(
        counts,
        [
            (LossKind::OtherLayers, 1),
            (LossKind::Overlap, 1),
            (LossKind::FragmentsDropped, 1),
            (LossKind::Tokenless, 1),
            (LossKind::EdgesMoved, 1),
        ]
    );
    assert!(lost.remarks.iter().any(|remark| remark.contains("‘words’")));
    say_much(&mut project, &key);
    let lost = losses(by_id("conll").unwrap(), &mut examples(&project, None), &WriteOptions::default());
    let count = |kind| lost.count(kind);
    assert_eq!((count(LossKind::Relations), count(LossKind::Attributes), count(LossKind::Notes)), (2, 8, 2));
    assert_eq!((count(LossKind::ArticleLabels), count(LossKind::Certainty), count(LossKind::Questions)), (1, 1, 1));
}

#[test]
fn conll_of_another_layer() {
    let (project, _) = project(one_block("Rain fell."), &[("fact", vec![(0, 9)]), ("fact", vec![(0, 4)])]);
    let options = WriteOptions { layer: Some("claim".into()), ..WriteOptions::default() };
    let (written, lost) = write("conll", &project, &options);
    assert_eq!(written, "-DOCSTART-\tO\n\nRain\tB-fact\nfell\tI-fact\n.\tO\n\n");
    assert_eq!(lost.count(LossKind::Nested), 1);
}

#[test]
fn plain_text_by_file_and_by_line() {
    let bytes = "Über\r\n\r\nzwei".as_bytes();
    let whole = read("txt", bytes, &ReadOptions::default());
    assert_eq!(whole.articles[0].article("a".into(), 1).unwrap().text().as_str().as_bytes(), bytes);
    let lines = read("txt", bytes, &ReadOptions { per_line: true, ..ReadOptions::default() });
    let found: Vec<_> = lines.articles.iter().map(|one| (one.title.as_str(), one.source.record)).collect();
    assert_eq!(found, [("Über", Some(1)), ("zwei", Some(3))]);
    let doubt = read("txt", b"caf\xE9", &ReadOptions::default());
    assert!(doubt.problems[0].what.contains("windows-1252"), "{:?}", doubt.problems);
    for (bytes, word) in [(&b""[..], "no text"), (b"%PDF-1.4 x", "PDF"), (b"PK\x03\x04..", "ZIP")] {
        let read = read("txt", bytes, &ReadOptions::default());
        assert!(read.articles.is_empty() && read.problems[0].severity == Severity::Error);
        assert!(read.problems[0].what.contains(word), "{:?}", read.problems);
    }
    let (project, _) = project(one_block("Bern\r\n"), &[("city", vec![(0, 4)])]);
    let (written, lost) = write("txt", &project, &WriteOptions::default());
    assert_eq!((written.as_str(), lost.count(LossKind::Spans)), ("Bern\r\n", 1));
}

#[test]
fn stats_have_stable_names() {
    let spans = [("city", vec![(0, 4)]), ("fact", vec![(0, 9)]), ("person", vec![(0, 2), (8, 9)])];
    let (mut project, key) = project(one_block("Bern 👍 it is"), &spans);
    say_much(&mut project, &key);
    assert_eq!(
        serde_json::to_string(&Stats::new(&project)).unwrap(),
        concat!(
            r#"{"articles":1,"characters":12,"spans":3,"spans_by_label":{"city":1,"fact":1,"person":1},"#,
            r#""fragmented_spans":1,"nested_pairs":2,"relations":2,"attributes":24,"notes":4,"#,
            r#""problems":0,"articles_by_state":{"unsure":1},"annotators":1}"#
        )
    );
}

proptest! {
    #[test]
    fn random_spans_come_back(
        text in "(\\PC|[a-c \n\r]|é|👩‍👧|\u{2028}){1,60}",
        spans in proptest::collection::vec((0_u32..60, 1_u32..20, 0_u32..3, 1_u32..5, 0_usize..3), 0..12),
    ) {
        let length = u32::try_from(text.chars().count()).unwrap();
        let labels = ["person", "city", "fact"];
        let fitting: Vec<_> = spans
            .into_iter()
            .map(|(start, first, gap, second, label)| {
                let fragments = vec![(start, start + first), (start + first + gap, start + first + gap + second)];
                (labels[label], fragments)
            })
            .filter(|(_, fragments)| fragments[1].1 <= length)
            .map(|(label, fragments)| {
                let kept = if fragments[0].0 % 2 == 0 { 2 } else { 1 };
                (label, fragments[..kept].to_vec())
            })
            .collect();
        let (project, key) = project(plain::blocks(&text), &fitting);
        comes_back(&project, &key);
    }

    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), per_line in any::<bool>()) {
        for format in FORMATS {
            if let Some(read) = format.reads {
                let options = ReadOptions { per_line, ..ReadOptions::default() };
                _ = read(&Input { name: "x", bytes: &bytes, options: &options, beside: &Alone }, &Env::fixed(1));
            }
        }
    }

    #[test]
    fn any_json_can_be_read(
        line in "\\{\"text\":\"a👍b\",(\"unit\":\"code points\",)?\"(spans|relations|blocks|questions|source)\":\
                 (null|[0-9]|\"a\"|\\[\\]|\
                 \\[\\{\"(start|id|kind|fragments)\":(-1|1e99|\"x\"|\\[\\]|4294967296)(,\"end\":[0-9])?(,\"label\":\"[a-z]?\")?\\}\\])\\}",
    ) {
        let read = read("jsonl", line.as_bytes(), &ReadOptions::default());
        prop_assert_eq!(read.articles.len(), 1);
    }
}
