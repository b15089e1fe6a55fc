//! CoNLL-U: text is rebuilt, mentions are read, and lines stay as they were but for mentions that changed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::dataset::loss::LossKind;
use rubricate::format::WriteOptions;
use rubricate::model::project::Project;

use super::conll::notations;
use super::webanno_tsv::worked_on;
use crate::{fixture, trip};

fn read(text: &str) -> Session {
    trip::back(&[("a.conllu".to_owned(), text.as_bytes().to_vec())], "conllu")
}

fn written(project: &Project) -> String {
    let (files, _) = trip::written(project, "conllu", &WriteOptions::default());
    String::from_utf8(files[0].1.clone()).unwrap()
}

/// Every text with its spans.
fn said(session: &Session) -> String {
    let project = session.project();
    let mut out = String::new();
    for id in project.article_order() {
        let article = project.peek_article(&id).unwrap();
        out.push_str(&format!("{:?}", article.text().as_str()));
        for key in project.set_keys_of(&id) {
            for (_, span) in project.peek_set(key).unwrap().in_reading_order() {
                out.push_str(&format!(" {}:{}", span.label, span.quote));
                span.attributes.iter().for_each(|(id, value)| out.push_str(&format!(" {id}={value}")));
            }
        }
        out.push('\n');
    }
    out
}

/// Columns without what nobody needs here: number, form, last column.
fn lines(text: &str) -> String {
    let line = |line: &str| match line.split(' ').collect::<Vec<_>>().as_slice() {
        [id, form, misc] if !line.starts_with('#') => format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn check(text: &str, expected: &str) {
    let text = lines(text);
    let session = read(&text);
    assert_eq!(said(&session), expected, "{:?}", session.problems);
    assert_eq!(written(session.project()), text);
}

#[test]
fn text_and_mentions_are_read() {
    check(
        "# newdoc id = art1\n# text = Don't panic in Rome.\n1-2 Don't _\n1 Do _\n2 n't Entity=(1-neg)\n3 panic _\n4 in _\n\
         5 Rome SpaceAfter=No|Entity=(2-place)\n6 . _\n\n# text = Next  one\n1 Next SpaceAfter=No\n1.1 gone Entity=(3-x)\n2 one _\n\n\
         # newpar\n1 New NER=B-PER\n2 line NER=I-PER|SpacesAfter=\\s\\n\n\n# newdoc\n1 _ _\n",
        "\"Don't panic in Rome. Next  one\\n\\nNew line \\n\" neg:n't coref=1 place:Rome coref=2 PER:New line\n\"_\"\n",
    );
    check(
        "# global.Entity = GRP-etype-infstat-identity\n1 a Entity=(1-event-new-A_B-c(2-thing)\n2 b (1\n3 c Entity=1)(e[1/2]-claim)\n\
         4 d Entity=(e[2/2])\n\n",
        "\"a b c d\" event:a b c coref=1 identity=A_B-c infstat=new thing:a coref=2 claim:c … d coref=e\n",
    );
}

#[test]
fn bad_lines_are_named_and_kept() {
    let text =
        "# text = a c\n1\ta\nnonsense\n2\tb\t_\t_\t_\t_\t_\t_\t_\tEntity=(1-x\n3\tc\t_\t_\t_\t_\t_\t_\t_\tEntity=2)\n";
    let session = read(text);
    assert_eq!(said(&session), "\"a b c\"\n");
    for what in ["line 2)", "line 3)", "‘# text’", "2 brackets"] {
        assert!(session.problems.iter().any(|problem| problem.what.contains(what)), "{what}: {:?}", session.problems);
    }
    assert_eq!(written(session.project()), text);
}

#[test]
fn only_mentions_that_changed_are_new() {
    let text = lines(
        "# newdoc id = a\n# sent_id = 1\n1 Bonn X=1|Entity=(1-place)\n2 and _\n3-4 im _\n3 in _\n4 dem _\n5 Bern SpaceAfter=No\n",
    );
    let mut session = read(&text);
    fixture::label(&mut session, "im Bern", "claim");
    let new = text
        .replace("3\tin\t_\t_\t_\t_\t_\t_\t_\t_", "3\tin\t_\t_\t_\t_\t_\t_\t_\tEntity=(r1-claim")
        .replace("SpaceAfter=No", "Entity=r1)|SpaceAfter=No");
    assert_eq!(written(session.project()), new);
    assert_eq!(said(&read(&new)), said(&session));
    let mut tagged = read(&lines("1 New NER=B-PER\n2 line NER=I-PER\n"));
    fixture::label(&mut tagged, "line", "claim");
    assert_eq!(written(tagged.project()), lines("1 New NER=B-PER\n2 line Entity=(r1-claim)|NER=I-PER\n"));
}

#[test]
fn what_is_written_is_read_and_written_the_same() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "  {person:A} {place:B} {person:C {place:D} e}. Next {claim:one.\r\n\r\nAnd} {place:more}\n\n",
        "{claim#1:One part}, x {claim#1:two} {place:_} _ {my\\ label:x}\t{percent:y}",
        "नमस्ते {place:दिल्ली} 今天{place:北京} שלום {person:דוד} مرحبا | #1 # text = a % b\u{85}",
        "{claim kind=law check-worthy=yes:{person wikidata=Q1:a 😀}{person wikidata=Q1:a 😀}} b. c {person:d}",
    ] {
        let project = fixture::project_of(&[notation, "Second {place:Bern}.", "No span", "{claim kind=law:x}"]);
        let losses = trip::comes_back(&project, "conllu");
        assert!(losses.is_empty(), "{losses:?}");
    }
    let torn = fixture::project_of(&["a{place:b } {place: }{person:s}p"]);
    let (_, losses) = trip::written(&torn, "conllu", &WriteOptions::default());
    assert_eq!((losses.count(LossKind::Tokenless), losses.count(LossKind::EdgesMoved)), (1, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_written_is_read_and_written_the_same(one in notations(), other in notations()) {
        let project = fixture::project_of(&[&one, &format!("2 {other}")]);
        let once = written(&project);
        let again = read(&once);
        prop_assert_eq!(again.project().article_order().len(), 2, "{}", once);
        for (id, other) in project.article_order().iter().zip(again.project().article_order()) {
            let text = |project: &Project, id| project.peek_article(id).unwrap().text().as_str().to_owned();
            prop_assert_eq!(text(&project, id), text(again.project(), &other), "{:?}", again.problems);
        }
        prop_assert_eq!(written(again.project()), once);
        prop_assert!(again.problems.is_empty(), "{:?}", again.problems);
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files() {
    let mut right = 0;
    for set in ["conllu-edge", "conllu-pud", "gum-news"] {
        for (file, expected) in trip::expected(set) {
            let path = trip::corpus(set).join(&file);
            if path.extension().is_none_or(|end| end != "conllu") {
                continue;
            }
            let session = trip::imported(std::slice::from_ref(&path), None);
            let project = session.project();
            let file_text = std::fs::read_to_string(&path).unwrap();
            let mut spans: BTreeMap<String, u64> = BTreeMap::new();
            let mut text = String::new();
            for id in project.article_order() {
                text.push_str(project.peek_article(&id).unwrap().text().as_str());
                text.push('\n');
                for key in project.set_keys_of(&id) {
                    for span in project.peek_set(key).unwrap().spans.values() {
                        *spans.entry(span.label.to_string()).or_insert(0) += 1;
                    }
                }
            }
            let wanted: BTreeMap<String, u64> = expected["entity_openings_by_type"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(label, count)| (label.clone(), count.as_u64().unwrap()))
                .collect();
            let number = |key: &str| expected.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
            let articles = number("newdoc").max(1);
            let told = session.problems.iter().map(|problem| problem.what.clone()).collect::<Vec<_>>();
            let sentences = file_text.lines().filter_map(|line| line.strip_prefix("# text = "));
            let mut rest = text.as_str();
            let mut rebuilt = 0;
            for sentence in sentences {
                if let Some((_, tail)) = rest.split_once(sentence) {
                    rest = tail;
                    rebuilt += 1;
                }
            }
            let same = spans == wanted
                && project.article_order().len() as u64 == articles
                && rebuilt == number("text_rebuilt_exactly");
            right += u64::from(same);
            eprintln!(
                "{set}/{file}: {same}, {} articles, {rebuilt} sentences, {spans:?}, {told:?}",
                project.article_order().len()
            );
            let once = written(project);
            assert!(once == file_text, "{file} is not the same");
            let again = read(&once);
            assert_eq!(said(&again), said(&session), "{file}");
            assert_eq!(written(again.project()), once, "{file}");
        }
    }
    eprintln!("{right} of 20 files as expected");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_that_were_worked_on_come_back() {
    for file in trip::files_of(&trip::corpus("gum-news/conllu"), ".conllu") {
        let session = trip::imported(std::slice::from_ref(&file), None);
        let project = worked_on(&session, true);
        let losses = trip::comes_back(&project, "conllu");
        assert!(losses.is_empty(), "{losses:?}");
    }
}
