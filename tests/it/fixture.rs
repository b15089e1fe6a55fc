//! A notation for annotated text, so that a test is two strings: `{person:Angela Merkel} said …`.
//!
//! `{label#1 attribute=value:words}`: fragments with one number are one span, `\` takes the meaning off the next
//! character. Labels are those of the News schema; unknown ones are added to its entities.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::Path;
use std::str::Chars;
use std::sync::Arc;

use proptest::prelude::*;
use rubricate::app::command::Command;
use rubricate::app::run::{self, Outcome};
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::extract::plain;
use rubricate::model::annotation_set::{AnnotationSet, SetKey};
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::Article;
use rubricate::model::id::{AttributeId, LabelId, SpanId};
use rubricate::model::project::Project;
use rubricate::model::schema::{AttributeKind, Label, Schema, Stroke};
use rubricate::model::span::Span;
use rubricate::model::value::Value;
use rubricate::text::range::{Extent, TextRange};

/// An article with Anna's annotations, and the schema that they need.
#[derive(Debug, PartialEq)]
pub(crate) struct Fixture {
    pub(crate) schema: Schema,
    pub(crate) article: Article,
    pub(crate) set: AnnotationSet,
}

/// One span while it is read.
struct Mark {
    label: LabelId,
    number: Option<u32>,
    attributes: BTreeMap<AttributeId, Value>,
    fragments: Vec<TextRange>,
}

/// Anna's annotation set on an article.
pub(crate) fn by_anna(article: &str) -> SetKey {
    SetKey { article: article.into(), by: "anna".into() }
}

/// A label of the entities that nobody explained.
pub(crate) fn plain_label(name: &str) -> Label {
    Label {
        layer: "entity".into(),
        name: name.to_owned(),
        order: 100,
        key: None,
        color: "#808080".to_owned(),
        stroke: Stroke::Solid,
        means: String::new(),
        good: Vec::new(),
        bad: Vec::new(),
    }
}

/// Reads the notation.
pub(crate) fn parse(notation: &str) -> Fixture {
    try_parse(notation).unwrap_or_else(|why| panic!("{why}: {notation}"))
}

/// Reads the notation, or says what is wrong with it.
fn try_parse(notation: &str) -> Result<Fixture, String> {
    let mut schema = start::news();
    let (mut text, mut at) = (String::new(), 0);
    let (mut marks, mut open) = (Vec::<Mark>::new(), Vec::<(usize, u32)>::new());
    let mut chars = notation.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' => {
                let mark = head(&mut chars, &schema)?;
                let same = |known: &Mark| known.number.is_some() && known.number == mark.number;
                let place = marks.iter().position(same).unwrap_or(marks.len());
                match marks.get_mut(place) {
                    Some(known) if known.label != mark.label => return Err("one number, two labels".to_owned()),
                    Some(known) => known.attributes.extend(mark.attributes),
                    None => marks.push(mark),
                }
                open.push((place, at));
            }
            '}' => {
                let (place, start) = open.pop().ok_or("a brace too many")?;
                marks[place].fragments.push(TextRange::new(start, at).map_err(|bad| bad.to_string())?);
            }
            c => {
                text.push(if c == '\\' { chars.next().ok_or("nothing after the backslash")? } else { c });
                at += 1;
            }
        }
    }
    if !open.is_empty() {
        return Err("a brace too few".to_owned());
    }
    let article = Article::new("a1".into(), 1, "A title", plain::blocks(&text)).ok_or("there is no text")?;
    let mut set = AnnotationSet::new(article.text().hash());
    for (count, mark) in marks.into_iter().enumerate() {
        let known = schema.labels.contains_key(&mark.label);
        if !known {
            schema.labels.insert(mark.label.clone(), plain_label(mark.label.as_str()));
        }
        let extent = Extent::new(mark.fragments).map_err(|bad| bad.to_string())?;
        let mut span = Span::typed(extent.clone(), mark.label, article.text().quote(&extent));
        span.attributes = mark.attributes;
        set.spans.insert(SpanId::new(format!("s{:03}", count + 1)), span);
    }
    Ok(Fixture { schema, article, set })
}

/// Reads `label#1 attribute=value:`.
fn head(chars: &mut Peekable<Chars<'_>>, schema: &Schema) -> Result<Mark, String> {
    let mut words = vec![String::new()];
    loop {
        match chars.next().ok_or("a label without its colon")? {
            ':' => break,
            ' ' => words.push(String::new()),
            '\\' => words.last_mut().unwrap().push(chars.next().ok_or("nothing after the backslash")?),
            c => words.last_mut().unwrap().push(c),
        }
    }
    let name = words.remove(0);
    let (label, number) = match name.split_once('#') {
        Some((label, digits)) => (label, Some(digits.parse().map_err(|_| "a fragment without a number")?)),
        None => (name.as_str(), None),
    };
    let mut attributes = BTreeMap::new();
    for word in &words {
        let (id, said) = word.split_once('=').ok_or("an attribute without its value")?;
        let id = AttributeId::new(id);
        let value = match schema.attributes.get(&id).map(|attribute| &attribute.kind) {
            Some(AttributeKind::Flag) => Value::Flag(said == "yes"),
            Some(AttributeKind::Link(_)) => Value::Link(said.to_owned()),
            _ => Value::Choice(said.to_owned()),
        };
        attributes.insert(id, value);
    }
    Ok(Mark { label: label.into(), number, attributes, fragments: Vec::new() })
}

/// Writes the notation; spans that cross cannot be written.
pub(crate) fn print(article: &Article, set: &AnnotationSet) -> String {
    let mut pieces: Vec<(TextRange, &SpanId, &Span)> = Vec::new();
    for (id, span) in &set.spans {
        pieces.extend(span.at.fragments().iter().map(|fragment| (*fragment, id, span)));
    }
    pieces.sort_by_key(|(range, id, _)| (range.start(), u32::MAX - range.end(), *id));
    let mut pieces = pieces.into_iter().peekable();
    let (mut notation, mut open, mut numbers) = (String::new(), Vec::new(), BTreeMap::new());
    for (at, c) in (0..).zip(article.text().as_str().chars().map(Some).chain([None])) {
        while open.last() == Some(&at) {
            open.pop();
            notation.push('}');
        }
        assert!(open.iter().all(|end| *end > at), "spans that cross cannot be written");
        while let Some((range, id, span)) = pieces.next_if(|(range, ..)| range.start() == at) {
            open.push(range.end());
            notation.push('{');
            notation.push_str(&escape(span.label.as_str()));
            let first = span.at.start() == at;
            if span.at.fragments().len() > 1 {
                let next = numbers.len() + 1;
                notation.push_str(&format!("#{}", numbers.entry(id).or_insert(next)));
            }
            for (attribute, value) in span.attributes.iter().filter(|_| first) {
                notation.push_str(&format!(" {attribute}={}", escape(&value.to_string())));
            }
            notation.push(':');
        }
        match c {
            Some(c @ ('{' | '}' | '\\')) => notation.extend(['\\', c]),
            Some(c) => notation.push(c),
            None => {}
        }
    }
    notation
}

fn escape(word: &str) -> String {
    word.chars().flat_map(|c| if matches!(c, ' ' | ':' | '\\') { vec!['\\', c] } else { vec![c] }).collect()
}

/// A project of one fixture, annotated by Anna.
pub(crate) fn project(notation: &str) -> Project {
    project_of(&[notation])
}

/// A project of several articles `a1`, `a2` …, annotated by Anna; span ids are those of [`parse`].
pub(crate) fn project_of(notations: &[&str]) -> Project {
    let mut project = Project::new(start::news());
    project.facts.id = "p1".to_owned();
    project.facts.name = "News".to_owned();
    let anna = Annotator { name: "Anna".to_owned(), role: Role::Human };
    let mut edits = vec![Edit::Annotator("anna".into(), Change::create(anna))];
    for (number, notation) in (1..).zip(notations) {
        let Fixture { schema, article, set } = parse(notation);
        for (id, label) in schema.labels {
            let known = |edit: &Edit| matches!(edit, Edit::Label(other, _) if *other == id);
            if !project.schema.labels.contains_key(&id) && !edits.iter().any(known) {
                edits.push(Edit::Label(id, Change::create(label)));
            }
        }
        let key = by_anna(&format!("a{number}"));
        let mut stored =
            article.blocks().iter().map(|block| (block.kind, article.text().slice(block.range).to_owned()));
        let article = Article::new(key.article.clone(), number, "A title", stored.by_ref().collect()).unwrap();
        edits.push(Edit::Article(key.article.clone(), Change::create(Arc::new(article))));
        for (id, span) in set.spans {
            edits.push(Edit::Span(key.clone(), id, Change::create(span)));
        }
    }
    apply(&mut project, &edits).unwrap();
    project
}

/// Anna's annotations on an article of a project, in the notation.
pub(crate) fn shown(project: &Project, article: &str) -> String {
    let key = by_anna(article);
    let article = project.article(&key.article).unwrap();
    let blank = Arc::new(AnnotationSet::new(article.text().hash()));
    print(article, project.set(&key).unwrap_or(&blank))
}

/// A stored project of one fixture, open for writing.
pub(crate) fn stored(folder: &Path, notation: &str) -> Session {
    Session::create(&folder.join("news.ron"), project(notation), Env::fixed(1), None).unwrap()
}

/// Runs a command that has to be done.
pub(crate) fn done(session: &mut Session, command: &Command) {
    let outcome = run::run(session, command).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(matches!(outcome, Outcome::Done(_)), "{command:?}: {outcome:?}");
}

/// Selects words and labels them.
pub(crate) fn label(session: &mut Session, words: &str, label: &str) {
    done(session, &Command::Find(words.to_owned()));
    done(session, &Command::Label(label.into()));
}

const MERKEL: &str = "{person:Angela Merkel} said {claim kind=prediction:taxes will {percent:rise 3 %}}";
const FRAGMENTS: &str = "{claim#1:taxes will rise}, she expects, {claim#1:next year}";

#[test]
fn nesting_attributes_and_unknown_labels_are_read() {
    let Fixture { schema, article, set } = parse(MERKEL);
    assert_eq!(article.text().as_str(), "Angela Merkel said taxes will rise 3 %");
    let spans: Vec<_> = set.spans.values().map(|span| (span.label.as_str(), span.quote.as_str())).collect();
    assert_eq!(spans, [("person", "Angela Merkel"), ("claim", "taxes will rise 3 %"), ("percent", "rise 3 %")]);
    assert_eq!(set.spans["s002"].attributes["kind"], Value::Choice("prediction".to_owned()));
    assert_eq!(schema.labels["percent"].layer.as_str(), "entity");
}

#[test]
fn fragments_with_one_number_are_one_span() {
    let set = parse(FRAGMENTS).set;
    assert_eq!(set.spans.len(), 1);
    assert_eq!(set.spans["s001"].quote, "taxes will rise … next year");
}

#[test]
fn what_was_read_is_printed_as_it_was() {
    for notation in [
        MERKEL,
        FRAGMENTS,
        "{claim check-worthy=yes kind=cause:a}{date:b}",
        "{person wikidata=a\\ b\\:c:Zoë 👍🏽} נהר \\{x\\} \\\\",
        "{date:{date:x}}",
        "no span\r\n\r\n{place:at all}",
    ] {
        let Fixture { article, set, .. } = parse(notation);
        assert_eq!(print(&article, &set), notation);
        assert_eq!(shown(&project(notation), "a1"), notation);
    }
}

#[test]
fn bad_notation_is_told() {
    for (notation, why) in [
        ("{person:}", "the end of a range must come after its start"),
        ("{person:a", "a brace too few"),
        ("a}", "a brace too many"),
        ("{person", "a label without its colon"),
        ("{person#x:a}", "a fragment without a number"),
        ("{person#1:a}{date#1:b}", "one number, two labels"),
        ("{person#1:a{person#1:b}}", "fragments must stand in order and must not overlap"),
        ("", "there is no text"),
    ] {
        assert_eq!(try_parse(notation).unwrap_err(), why, "{notation}");
    }
}

/// Any notation: nested spans with and without attributes, fragments, marks that need a backslash.
fn notations() -> impl Strategy<Value = String> {
    let words = "[a-zé👍נ \n{}\\\\]{1,6}".prop_map(|text| {
        text.chars().flat_map(|c| if matches!(c, '{' | '}' | '\\') { vec!['\\', c] } else { vec![c] }).collect()
    });
    let tree = words.prop_recursive(3, 24, 4, |inner| {
        let said = prop_oneof![Just(""), Just(" kind=law"), Just(" check-worthy=no kind=a\\ b\\:c")];
        let label = prop_oneof![Just("person"), Just("claim"), Just("percent")];
        prop_oneof![
            (label, said, inner.clone()).prop_map(|(label, said, inside)| format!("{{{label}{said}:{inside}}}")),
            (inner.clone(), inner).prop_map(|(a, b): (String, String)| format!("{a}{b}")),
        ]
    });
    // Fragments stand at the top, where no other fragment of the same span is around them.
    (tree.clone(), tree.clone(), tree, 0_u8..3).prop_map(|(a, b, c, fragments)| match fragments {
        0 => format!("{a}{b}{c}"),
        1 => format!("{{claim#7:{a}}}{b}{{claim#7:{c}}}"),
        _ => format!("{{date#1:{a}}}{{claim#4 kind=law:{b}}}{{date#1:{c}}}{{claim#4:{a}}}"),
    })
}

proptest! {
    #[test]
    fn printing_and_reading_are_inverse(notation in notations()) {
        let first = parse(&notation);
        let printed = print(&first.article, &first.set);
        let second = parse(&printed);
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(print(&second.article, &second.set), printed);
    }
}
