//! What formats have to stand: texts in many scripts with characters that are often lost, and projects made of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use rubricate::app::start;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::extract::plain;
use rubricate::model::annotation_set::{ArticleLabel, SetKey};
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::Article;
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::RelationKind;
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value as Said;
use rubricate::text::range::{Extent, TextRange};

/// Texts in which places are easily miscounted, or characters lost.
pub(super) fn texts() -> Vec<String> {
    let c0: String = (1_u8..32).map(char::from).chain(['\x7f']).collect();
    let plain = [
        "Plain text.",
        "one\r\ntwo\r\nthree",
        "one\rtwo",
        "a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\x0bh\x0ci",
        "a\tb\t\tc",
        "a\0b",
        "💩This is an annotation.",
        "family 👩‍👩‍👧‍👦 flag 🇳🇱 skin 👍🏽 keycap 1️⃣ end",
        "caf\u{e9} na\u{ef}ve",
        "cafe\u{301} nai\u{308}ve",
        "\u{1112}\u{1161}\u{11ab}",
        "access \u{202e}evil\u{202c} \u{2066}x\u{2069} level",
        "النص العربي with English",
        "pay\u{200b}pal \u{2060}\u{feff}\u{ad}\u{180e} end",
        "\u{feff}mark first",
        "ok\u{e0041}\u{e0042} tag",
        "\u{e000}\u{f8ff}",
        "\u{fffe}\u{ffff}\u{10ffff}",
        "line\u{2028}sep",
        "a\u{fffd}b",
        "a\u{a0}b\u{202f}c\u{3000}d",
        "раураl (Cyrillic)",
        "red \x1b[31mX\x1b[0m \x1b]0;title\x07 end",
        "İstanbul ß ﬁ Ǆ",
        "  lead and trail  \n\n",
        "\n\n\n",
        "\n first line is empty",
        "a &amp; b <b>c</b> &#65; <!-- d --> ]]> <?e?> \"f\" 'g'",
        "<html><pre>\n</pre>",
    ];
    let long = ["x".repeat(5_000), "a\n".repeat(500), format!("z{} zalgo", "\u{351}".repeat(2_000)), c0];
    plain.into_iter().map(str::to_owned).chain(long).collect()
}

/// A project of one article with a span over all of it and one over its first character.
pub(super) fn project_of_text(text: &str) -> Project {
    let size = u32::try_from(text.chars().count()).unwrap();
    let spans = [(0, size, "person"), (0, 1, "place")];
    let spans = spans.map(|(start, end, label)| {
        let at = Extent::from(TextRange::new(start, end).unwrap());
        Span::typed(at, label.into(), String::new())
    });
    project(vec![(text.to_owned(), vec![("anna", spans.to_vec())])], false)
}

/// Spans by annotator.
type Sets = Vec<(&'static str, Vec<Span>)>;

/// Start and length, gap and length of a second fragment, label, what is said.
type Drawn = (u32, u32, Option<(u32, u32)>, usize, usize);

/// Puts articles together, with spans by annotators; `more` links them and labels the articles.
fn project(articles: Vec<(String, Sets)>, more: bool) -> Project {
    let mut project = Project::new(start::news());
    let person = |name: &str| Annotator { name: name.to_owned(), role: Role::Human };
    let people = ["anna", "ben"];
    let mut edits: Vec<Edit> =
        people.iter().map(|name| Edit::Annotator((*name).into(), Change::create(person(name)))).collect();
    let (name, means) = ("near".to_owned(), String::new());
    let kind = RelationKind { name, order: 9, from: Vec::new(), to: Vec::new(), means };
    edits.push(Edit::RelationKind("near".into(), Change::create(kind)));
    for (number, (text, sets)) in (1..).zip(articles) {
        let id = format!("a{number}");
        let article = Article::new(id.as_str().into(), number, "A title", plain::blocks(&text)).unwrap();
        let text = article.text().clone();
        edits.push(Edit::Article(id.as_str().into(), Change::create(Arc::new(article))));
        for (by, spans) in sets {
            let key = SetKey { article: id.as_str().into(), by: by.into() };
            let mut ends = Vec::new();
            for (count, mut span) in (1..).zip(spans) {
                span.quote = text.quote(&span.at);
                let id = format!("s{count:02}");
                ends.push(End::Span(id.as_str().into()));
                edits.push(Edit::Span(key.clone(), id.as_str().into(), Change::create(span)));
            }
            if !more {
                continue;
            }
            edits.push(Edit::ArticleLabel(key.clone(), "topic".into(), Change::create(ArticleLabel::default())));
            for (count, pair) in (1..).zip(ends.windows(2)) {
                let attributes = BTreeMap::from([("kind".into(), Said::Text("<a & \"b\">".to_owned()))]);
                let (from, to) = (pair[0].clone(), pair[1].clone());
                let (note, origin) = (String::new(), Origin::Typed);
                let relation = Relation { kind: "near".into(), from, to, attributes, note, origin };
                let id = format!("r{count:02}");
                edits.push(Edit::Relation(key.clone(), id.as_str().into(), Change::create(relation)));
            }
        }
    }
    let topic = rubricate::model::schema::Label { layer: "topics".into(), ..crate::fixture::plain_label("topic") };
    edits.insert(0, Edit::Label("topic".into(), Change::create(topic)));
    let layer = rubricate::model::schema::Layer {
        name: "Topics".to_owned(),
        order: 99,
        whole_article: true,
        ..project.schema.layers.values().next().unwrap().clone()
    };
    edits.insert(0, Edit::Layer("topics".into(), Change::create(layer)));
    apply(&mut project, &edits).unwrap();
    project
}

/// Words and what stands between them.
fn words() -> impl Strategy<Value = String> {
    let words = select(vec![
        "Angela",
        "Köln",
        "Москва",
        "Αθήνα",
        "القاهرة",
        "ירושלים",
        "दिल्ली",
        "東京都",
        "서울",
        "กรุงเทพ",
        "Երևան",
        "კავკასია",
        "👍🏽",
        "👩‍👩‍👧",
        "e\u{301}",
        "𝔘𝔫",
        "<b>",
        "&amp;",
        "\"q\"",
        "]]>",
        "\\n",
        "%41",
        "{x}",
        "'",
        "\u{200b}",
        "\u{2028}",
    ]);
    let gaps = select(vec![" ", " ", " ", "", "\n", "\r\n", "\t", ", ", "\u{3000}", "  ", "\r"]);
    proptest::collection::vec((words, gaps), 2..14)
        .prop_map(|all| all.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
}

/// Spans as parts of a thousand: they lie in, over and across each other, some in two fragments, with all that is said.
fn spans() -> impl Strategy<Value = Vec<Drawn>> {
    let second = proptest::option::weighted(0.25, (0_u32..300, 1_u32..300));
    proptest::collection::vec((0_u32..1_000, 1_u32..600, second, 0_usize..5, 0_usize..10), 0..7)
}

/// Any project: two articles in many scripts, both annotated by two people.
pub(super) fn projects() -> impl Strategy<Value = Project> {
    let article = || (words(), spans(), spans());
    (article(), article()).prop_map(|(one, other)| {
        let article = |number: u32, (words, anna, ben): (String, Vec<_>, Vec<_>)| {
            // Two with the same text would be one.
            let text = format!("{words}{number}");
            let size = u32::try_from(text.chars().count()).unwrap();
            let made = |spans: Vec<_>| -> Vec<Span> { spans.into_iter().filter_map(|one| span(size, one)).collect() };
            let sets = vec![("anna", made(anna)), ("ben", made(ben))];
            (text, sets)
        };
        project(vec![article(1, one), article(2, other)], true)
    })
}

fn span(size: u32, (start, length, second, label, said): Drawn) -> Option<Span> {
    let start = start * size / 1_000;
    let end = (start + 1 + length * size / 1_000).min(size);
    let mut fragments = vec![TextRange::new(start, end).ok()?];
    if let Some((gap, length)) = second {
        let start = end + gap * size / 1_000;
        fragments.extend(TextRange::new(start, (start + 1 + length * size / 1_000).min(size)).ok());
    }
    let label = ["person", "place", "claim", "date", "organization"][label];
    let mut span = Span::typed(Extent::new(fragments).unwrap(), label.into(), String::new());
    let odd = || "a, b & <c> \"d\"\r\n\te 👍 'f'".to_owned();
    let value = match said {
        0 => Some(Said::Flag(true)),
        1 => Some(Said::Choice(odd())),
        2 => Some(Said::Choices(vec!["a, b".to_owned(), odd()])),
        3 => Some(Said::Text(odd())),
        4 => Some(Said::Number(2.5)),
        5 => Some(Said::Date("2024-02-30".to_owned())),
        6 => Some(Said::Link("Q64".to_owned())),
        7 => Some(Said::Number(3.0)),
        _ => None,
    };
    span.attributes.extend(value.map(|value| ("kind of it".into(), value)));
    if said == 8 {
        span.note = odd();
    }
    span.certainty = (said == 9).then_some(70);
    Some(span)
}
