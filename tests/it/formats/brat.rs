//! brat: pairs of files come in as they are meant and go out as they were.

use std::path::PathBuf;

use super::texts;
use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::dataset::loss::LossKind;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{Carries, WriteOptions, by_id};
use rubricate::model::annotation_set::SetKey;
use rubricate::model::problem::Severity;
use rubricate::model::relation::{End, Relation};
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value;
use rubricate::text::range::{Extent, TextRange};

fn files(ann: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    vec![("a.txt".to_owned(), text.into()), ("a.ann".to_owned(), ann.into())]
}

/// What is read of a pair, in the words of [`trip::shape`].
fn read(ann: &str, text: &str) -> Session {
    trip::back(&files(ann, text), "brat")
}

fn shape(session: &Session) -> String {
    trip::shape(session.project(), by_id("brat").unwrap().carries).concat()
}

/// The lines that are written of a project.
fn lines(session: &Session) -> String {
    let (files, _) = trip::written(session.project(), "brat", &WriteOptions::default());
    let (_, bytes) = files.into_iter().find(|(name, _)| name == "a.ann").unwrap();
    String::from_utf8(bytes).unwrap()
}

const TEXT: &str = "Angela Merkel met Sony 👍 in Köln.\nShe left.";

const ANN: &str = "\
T1\tPerson 0 13\tAngela Merkel
T3\tMeet 14 17\tmet
T2\tOrg 18 22\tSony
T9\tClaim 0 6;18 22\tAngela Sony
E1\tMeet:T3 Who:T1 Who2:T2
R4\tNear Arg1:T2 Arg2:E1\t
A1\tSure T1
M2\tKind T9 two words
A3\tSort R4 x
N1\tReference T1 Wikidata:Q94746\tAngela Merkel
#1\tAnnotatorNotes T2\ta firm
#7\tAnnotatorNotes T2\tof Japan
#8\tLemma T3\t meet
*\tEquiv T1 T2 T9
?\twhat is this

";

#[test]
fn lines_are_read_as_they_are_meant() {
    let session = read(ANN, TEXT);
    let text = format!("{TEXT:?}\n  --\n");
    let expected = [
        r#"  0-13 Person {Sure: Flag(true), Wikidata: Link("Q94746")} """#,
        r#"  0-6,18-22 Claim {Kind: Choice("two words")} """#,
        r#"  14-17 Meet {Lemma: Text(" meet")} """#,
        r#"  18-22 Org {} "a firm\nof Japan""#,
        "  Equiv: 0-13 Person -> 18-22 Org {}",
        "  Equiv: 18-22 Org -> 0-6,18-22 Claim {}",
        r#"  Near: 18-22 Org -> 14-17 Meet {Sort: Choice("x")}"#,
        "  Who: 14-17 Meet -> 0-13 Person {}",
        "  Who: 14-17 Meet -> 18-22 Org {}",
    ];
    assert_eq!(shape(&session), text + &expected.join("\n") + "\n");
    let problems: Vec<_> = session.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("line 15") && problems[0].contains("‘a.ann’"), "{problems:?}");
    assert_eq!(lines(&session), ANN);
}

#[test]
fn bad_lines_are_told_and_kept() {
    let long = "T1\tPerson 0 900\tAngela\n";
    for (ann, why) in [
        (long, "outside the text"),
        ("T1\tPerson 5 5\t\n", "nothing in it"),
        ("T1\tPerson 9 5\tx\n", "before its start"),
        ("T1\tPerson 0 6\tGerhard\n", "lost its place"),
        ("T1\tPerson 0 6\tAngela\nT1\tPerson 7 13\tMerkel", "stands twice"),
        ("T1\tPerson zero 6\tAngela\n", "not written as"),
        ("R1\tNear Arg1:T1 Arg2:T2\n", "‘T1’, which is not there"),
        ("A1\tKind T5 x\n", "‘T5’, which is not there"),
        ("#1\tAnnotatorNotes T5\tx\r\n", "‘T5’, which is not there"),
        ("T1\tA 0 6\tAngela\nA1\tKind T1\nA2\tKind T1 x\n", "room for one"),
        ("T3\tA 0 6\tAngela\nE1\tA:T3\nE2\tA:T3\nA1\tKind E1\n", "another event"),
        ("\u{feff}Q1\tA T1\n", "does not know"),
    ] {
        let session = read(ann, TEXT);
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{ann}: {:?}", session.problems);
        assert_eq!(lines(&session), ann);
        assert_eq!(session.project().article_order().len(), 1, "{ann}");
    }
    let alone = trip::back(&[("a.ann".to_owned(), ANN.into())], "brat");
    assert!(alone.problems[0].what.contains("‘a.txt’ is not beside it"), "{:?}", alone.problems);
    assert_eq!(alone.problems[0].severity, Severity::Error);
}

#[test]
fn what_changed_is_written_and_the_rest_stays() {
    let session = read(ANN, TEXT);
    let mut project = session.project().clone();
    let article = project.article_order()[0].clone();
    let key = project.set_keys_of(&article).next().unwrap().clone();
    let set = project.peek_set(&key).unwrap();
    let text = project.peek_article(&article).unwrap();
    let span = |id: &str| set.spans[id].clone();
    let at = Extent::new(vec![TextRange::new(0, 6).unwrap()]).unwrap();
    let changed = Span { at: at.clone(), quote: "Angela".to_owned(), ..span("T1") };
    let met = Span { attributes: [("Kind".into(), Value::Choice("y".to_owned()))].into(), ..span("T9") };
    let fresh = Span::typed(
        Extent::new(vec![TextRange::new(28, 43).unwrap()]).unwrap(),
        "Claim".into(),
        text.text().quote(&Extent::new(vec![TextRange::new(28, 43).unwrap()]).unwrap()),
    );
    let gone = set.relations["E1/2"].clone();
    let edits = [
        Edit::Span(key.clone(), "T1".into(), Change { before: Some(span("T1")), after: Some(changed) }),
        Edit::Span(key.clone(), "T9".into(), Change { before: Some(span("T9")), after: Some(met) }),
        Edit::Span(key.clone(), "abc".into(), Change::create(fresh)),
        Edit::Relation(key, "E1/2".into(), Change { before: Some(gone), after: None }),
    ];
    apply(&mut project, &edits).unwrap();
    let (files, _) = trip::written(&project, "brat", &WriteOptions::default());
    let ann = String::from_utf8(files.iter().find(|(name, _)| name == "a.ann").unwrap().1.clone()).unwrap();
    let expected = ANN
        .replace("T1\tPerson 0 13\tAngela Merkel", "T1\tPerson 0 6\tAngela")
        .replace(" Who2:T2", "")
        .replace("M2\tKind T9 two words\n", "")
        + "A4\tKind T9 y\nT10\tClaim 28 33;34 43\tKöln. She left.\n#9\tOnePiece T10\tcut at the ends of lines\n";
    assert_eq!(ann, expected);
}

fn with_relation(notation: &str) -> rubricate::model::project::Project {
    let mut project = fixture::project(notation);
    let key: SetKey = fixture::by_anna("a1");
    let (from, to) = (End::Span("s001".into()), End::Span("s002".into()));
    let kind = project.schema.relations.keys().next().unwrap().clone();
    let (attributes, note) = (Default::default(), "a note\nof two lines".to_owned());
    let relation = Relation { kind, from, to, attributes, note, origin: Origin::Typed };
    let graph = Relation { from: End::Relation("x".into()), note: String::new(), ..relation.clone() };
    let edits = [
        Edit::Relation(key.clone(), "x".into(), Change::create(relation)),
        Edit::Relation(key, "y".into(), Change::create(graph)),
    ];
    apply(&mut project, &edits).unwrap();
    project
}

#[test]
fn projects_come_back() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim kind=prediction check-worthy=yes:Taxes will {percent:rise {number:3} %}}",
        "{person wikidata=Q567:Merkel}{person:x}",
        "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c}",
        "{boilerplate:Two\nlines}\r\n\r\n{claim:of\r\nthree\u{2028}kinds} {person:here}",
        "{person:張偉} {place:Αθήνα} {place:Москва} {person:محمد} {person:नरेन्द्र} {place:서울} {place:กรุงเทพ} {person:דוד}",
        "\u{feff}{person:Zoë e\u{301}} 👩‍👩‍👧‍👦",
        "nothing at all",
    ] {
        let losses = trip::comes_back(&fixture::project(notation), "brat");
        assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
    }
    for (name, project) in texts::projects() {
        let losses = trip::comes_back(&project, "brat");
        assert!(losses.is_empty(), "{name}: {:?}", losses.sentences());
    }
    let several = ["{person:A}", "{person:A}", "{place:C}"];
    trip::comes_back(&fixture::project_of(&several), "brat");
    trip::comes_back(&with_relation("{person:Ann} in {place:Rome}"), "brat");
}

#[test]
fn what_cannot_be_said_is_counted() {
    let (_, losses) = trip::written(&fixture::project("{claim check-worthy=no:x\n}"), "brat", &WriteOptions::default());
    assert_eq!((losses.count(LossKind::Attributes), losses.count(LossKind::EdgesMoved)), (1, 1));
}

#[test]
fn settings_of_a_folder_come_back_and_two_kinds_do_not_mix() {
    let conf = b"[entities]\nPerson\n\xC3\xA9\r\n".to_vec();
    let mut all = files(ANN, TEXT);
    all.push(("annotation.conf".to_owned(), conf.clone()));
    all.push(("b/a.txt".to_owned(), b"x".to_vec()));
    all.push(("b/a.ann".to_owned(), Vec::new()));
    all.push(("b/annotation.conf".to_owned(), b"[entities]\n".to_vec()));
    let session = trip::back(&all, "brat");
    let (mut files, _) = trip::written(session.project(), "brat", &WriteOptions::default());
    files.sort();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["2/a.ann", "2/a.txt", "2/annotation.conf", "a.ann", "a.txt", "annotation.conf"]);
    assert_eq!(files[5].1, conf);
    let made = trip::written(&fixture::project("{person:A}"), "brat", &WriteOptions::default()).0;
    let conf = String::from_utf8(made[0].1.clone()).unwrap();
    assert!(made[0].0 == "annotation.conf" && conf.contains("\nperson\n"), "{conf}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_lines_come_back_as_they_were(ann in "([TERAMN#*][12]?\t[a-c]{1,2}( |:)[TER]?[0-3]( |:)[0-9]{1,2}(\t[a-c ]{0,3})?\r?\n){0,8}") {
        let session = read(&ann, "a cab\r\nab ab 👍 aa bb cc");
        prop_assert_eq!(lines(&session), ann);
    }

    #[test]
    fn any_project_comes_back(project in texts::generated()) {
        let losses = trip::comes_back(&project, "brat");
        prop_assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_are_read_whole_and_come_back_byte_for_byte() {
    let carries: Carries = by_id("brat").unwrap().carries;
    let sets = ["bionlp", "conll2002", "edge", "ncbi-disease", "nerel", "news-tutorial", "tdt-finnish"];
    let mut seen = 0;
    for set in sets.map(|set| format!("brat-{set}")) {
        for (folder, expected) in trip::expected(&set) {
            let root = trip::corpus(&set);
            let folder = if folder == "." { root } else { root.join(folder) };
            let paths: Vec<PathBuf> = trip::files_of(&folder, ".ann");
            let session = trip::imported(&paths, Some("brat"));
            let number = |name: &str| expected.get(name).and_then(|number| number.as_u64()).unwrap_or(0);
            assert_eq!(session.project().article_order().len() as u64, number("documents"), "{set}");
            let project = session.project();
            let sets: Vec<_> = project
                .article_order()
                .iter()
                .flat_map(|id| project.set_keys_of(id).filter_map(|key| project.peek_set(key)).collect::<Vec<_>>())
                .collect();
            let spans = || sets.iter().flat_map(|set| set.spans.values());
            assert_eq!(spans().count() as u64, number("text_bound"), "{set}: {:?}", session.problems);
            let torn = spans().filter(|span| span.at.fragments().len() > 1).count();
            assert_eq!(torn as u64, number("discontinuous"), "{set}");
            for (label, count) in expected["spans_by_label"].as_object().unwrap() {
                let of_label = spans().filter(|span| span.label.as_str() == label).count();
                assert_eq!(Some(of_label as u64), count.as_u64(), "{set}: {label}");
            }
            for (kind, count) in expected["relations_by_type"].as_object().unwrap() {
                if kind.starts_with('*') {
                    continue;
                }
                let of_kind = |set: &&&std::sync::Arc<rubricate::model::annotation_set::AnnotationSet>| {
                    set.relations
                        .iter()
                        .filter(|(id, one)| id.as_str().starts_with('R') && one.kind.as_str() == kind)
                        .count()
                };
                let all: usize = sets.iter().map(|set| of_kind(&&set)).sum();
                assert_eq!(Some(all as u64), count.as_u64(), "{set}: {kind}");
            }
            let relations = |letter: char| {
                let ids = sets.iter().flat_map(|set| set.relations.keys());
                ids.filter(|id| id.as_str().starts_with(letter)).count() as u64
            };
            assert_eq!(relations('R'), number("relations"), "{set}");
            assert_eq!(relations('E'), number("event_args"), "{set}");
            // Two attributes are about events that share their words.
            assert!(session.problems.len() <= 2, "{set}: {:?}", session.problems);
            let (files, losses) = trip::written(project, "brat", &WriteOptions::default());
            assert!(losses.is_empty(), "{set}: {:?}", losses.sentences());
            for path in &paths {
                for end in ["ann", "txt"] {
                    let path = path.with_extension(end);
                    let name = path.file_name().unwrap().to_string_lossy();
                    let (_, bytes) = files.iter().find(|(written, _)| *written == name).unwrap();
                    assert!(*bytes == std::fs::read(&path).unwrap(), "{}", path.display());
                }
                seen += 1;
            }
            let again = trip::back(&files, "brat");
            assert_eq!(trip::shape(project, carries), trip::shape(again.project(), carries), "{set}");
        }
    }
    assert!(seen > 30, "{seen}");
}
