//! PubAnnotation: what is there is read, what makes no sense is told, and what goes out comes back.

use super::texts;
use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::dataset::loss::LossKind;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::by_id;
use rubricate::format::{WriteOptions, sniff};
use rubricate::model::annotation_set::SetKey;
use rubricate::model::annotator::{Annotator, Role};

const FILE: &str = r#"{"text": "Köln 👍 is big.", "sourcedb": "news", "sourceid": 7, "project": "p",
 "denotations": [{"id": "T1", "span": {"begin": 0, "end": 4}, "obj": "City"},
  {"id": "T2", "span": [{"begin": 0, "end": 2}, {"begin": 7, "end": 9}], "obj": "Odd"},
  {"span": {"begin": 5, "end": 6}, "obj": 12}],
 "blocks": [{"id": "B1", "span": {"begin": 0, "end": 14}, "obj": "Sentence"}],
 "relations": [{"id": "R1", "subj": "T1", "pred": "in", "obj": "B1"}],
 "attributes": [{"id": "A1", "subj": "T1", "pred": "size", "obj": 3.5}, {"subj": "T1", "pred": "sure", "obj": true},
  {"subj": "R1", "pred": "kind", "obj": "x"}],
 "modifications": [{"id": "M1", "pred": "Negation", "obj": "T2"}]}"#;

fn read(file: &str) -> rubricate::app::session::Session {
    trip::back(&[("a.json".to_owned(), file.into())], "pubannotation")
}

#[test]
fn a_document_is_read() {
    let session = read(FILE);
    let shape = trip::shape(session.project(), by_id("pubannotation").unwrap().carries).concat();
    let expected = r#""Köln 👍 is big."
  --
  0-14 Sentence {}
  0-2,7-9 Odd {Negation: Flag(true)}
  0-4 City {size: Number(3.5), sure: Flag(true)}
  5-6 12 {}
  in: 0-4 City -> 0-14 Sentence {kind: Choice("x")}
"#;
    assert_eq!(shape, expected);
    assert!(session.problems.is_empty(), "{:?}", session.problems);
    let (files, losses) = trip::written(session.project(), "pubannotation", &WriteOptions::default());
    let written = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(losses.is_empty(), "{:?}", losses.sentences());
    for kept in [r#""sourceid":7"#, r#""project":"p""#, r#""blocks":[{"id":"B1""#] {
        assert!(written.contains(kept), "{written}");
    }
    assert_eq!(sniff("a.json", FILE.as_bytes()).map(|format| format.id), Some("pubannotation"));
    assert!(sniff("a.json", br#"{"text": "denotations"}"#).is_none_or(|format| format.id != "pubannotation"));
}

#[test]
fn what_makes_no_sense_is_told_and_the_rest_is_read() {
    for (list, why) in [
        (r#""denotations": [{"id": "T1", "span": {"begin": 3, "end": 1}, "obj": "A"}]"#, "before its start"),
        (r#""denotations": [{"id": "T1", "span": {"begin": 0, "end": 99}, "obj": "A"}]"#, "outside the text"),
        (r#""denotations": [{"id": "T1", "span": {"begin": 0.5, "end": 2}, "obj": "A"}]"#, "whole numbers"),
        (r#""denotations": [{"id": "T1", "obj": "A"}]"#, "whole numbers"),
        (r#""denotations": {}"#, "no list"),
        (r#""relations": [{"id": "R1", "subj": "T1", "pred": "in", "obj": "T2"}]"#, "ends is not there"),
        (r#""attributes": [{"subj": "T9", "pred": "in", "obj": "x"}]"#, "‘T9’, which is not there"),
        (r#""attributes": [{"subj": "T9", "pred": "in"}]"#, "no subject"),
    ] {
        let session = read(&format!(r#"{{"text": "abc", {list}}}"#));
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{list}: {:?}", session.problems);
        assert_eq!(session.project().article_order().len(), 1, "{list}");
    }
    for (file, why) in [("{", "not JSON"), ("{}", "no ‘text’"), ("[1]", "no ‘text’"), (r#"{"text":""}"#, "empty")]
    {
        let session = read(file);
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
    }
}

#[test]
fn projects_come_back() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim kind=prediction check-worthy=no:Taxes will {percent:rise {number:3} %}}\r\n\r\nx",
        "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c}",
        "{person:張偉} {place:Αθήνα} {place:Москва} {person:محمد} {person:नरेन्द्र} {place:서울} {place:กรุงเทพ} {person:דוד}",
        "{person wikidata=Q567:Merkel}{person:x} {claim check-worthy=yes kind=law:y}",
        "nothing at all",
    ] {
        let losses = trip::comes_back(&fixture::project(notation), "pubannotation");
        assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
    }
    for (name, project) in texts::projects() {
        let losses = trip::comes_back(&project, "pubannotation");
        assert!(losses.is_empty(), "{name}: {:?}", losses.sentences());
    }
    let losses = trip::comes_back(&texts::said_much(), "pubannotation");
    assert_eq!(losses.losses.keys().collect::<Vec<_>>(), [&LossKind::Notes]);
    let mut project = fixture::project_of(&["{person:A} {place:B}", "{person:A} {place:B}"]);
    let bob = Annotator { name: "Bob".to_owned(), role: Role::Human };
    let key = SetKey { article: "a1".into(), by: "bob".into() };
    let mut span = project.peek_set(&fixture::by_anna("a1")).unwrap().spans["s001"].clone();
    span.note = "sure?".to_owned();
    let edits =
        [Edit::Annotator("bob".into(), Change::create(bob)), Edit::Span(key, "s001".into(), Change::create(span))];
    apply(&mut project, &edits).unwrap();
    let losses = trip::comes_back(&project, "pubannotation");
    assert_eq!(losses.count(LossKind::Notes), 1);
}

#[test]
fn chained_parts_are_one_span() {
    let session = read(
        r#"{"text": "heart and lung disease", "denotations": [
        {"id": "T1", "span": {"begin": 0, "end": 5}, "obj": "_FRAGMENT"},
        {"id": "T2", "span": {"begin": 15, "end": 22}, "obj": "Disease"}],
        "relations": [{"id": "R1", "pred": "_lexicallyChainedTo", "subj": "T2", "obj": "T1"}]}"#,
    );
    let shape = trip::shape(session.project(), by_id("pubannotation").unwrap().carries).concat();
    assert_eq!(shape, "\"heart and lung disease\"\n  --\n  0-5,15-22 Disease {}\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_project_comes_back(project in texts::generated()) {
        let losses = trip::comes_back(&project, "pubannotation");
        prop_assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_are_read_whole() {
    for (name, expected) in trip::expected("pubannotation") {
        let session = trip::imported(&[trip::corpus("pubannotation").join(&name)], Some("pubannotation"));
        let project = session.project();
        let articles = project.article_order();
        // The settings of an editor hold no text, and are told.
        assert_eq!(articles.is_empty(), name == "demo-config.json", "{name}");
        assert_eq!(session.problems.is_empty(), !articles.is_empty(), "{name}: {:?}", session.problems);
        let sets = || articles.iter().flat_map(|id| project.set_keys_of(id)).filter_map(|key| project.peek_set(key));
        for (label, count) in expected["denotations_by_obj"].as_object().unwrap() {
            let of_label = |set: &rubricate::model::annotation_set::AnnotationSet| {
                set.spans.values().filter(|span| span.label.as_str() == label).count()
            };
            assert_eq!(Some(sets().map(|set| of_label(&set)).sum::<usize>() as u64), count.as_u64(), "{name}: {label}");
        }
        for (kind, count) in expected["relations_by_pred"].as_object().unwrap() {
            let of_kind = |set: &rubricate::model::annotation_set::AnnotationSet| {
                set.relations.values().filter(|relation| relation.kind.as_str() == kind).count()
            };
            assert_eq!(Some(sets().map(|set| of_kind(&set)).sum::<usize>() as u64), count.as_u64(), "{name}: {kind}");
        }
        trip::comes_back(project, "pubannotation");
    }
}
