//! Label Studio: tasks with everybody's annotations, there and back.

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::dataset::loss::LossKind;
use rubricate::format::{Alone, FORMATS, Input, Read, ReadOptions, by_id};
use rubricate::model::value::Value;

fn read(json: &str) -> Read {
    let read = by_id("label-studio").unwrap().reads.unwrap();
    let options = ReadOptions::default();
    read(&Input { name: "a.json", bytes: json.as_bytes(), options: &options, beside: &Alone }, &Env::fixed(1))
}

const TASK: &str = r#"[{"id":9,"data":{"text":"😀 Rome burns","src":1},"annotations":[{"id":3,"completed_by":{"id":5,"email":"a@b.c"},"result":[
 {"id":"a","from_name":"label","to_name":"text","type":"labels","parentID":"b","score":0.123,"value":{"start":2,"end":6,"text":"Rome","labels":["Entity"]}},
 {"id":"a","from_name":"sub","to_name":"text","type":"choices","value":{"start":2,"end":6,"choices":["place"]}},
 {"id":"b","from_name":"claim","to_name":"text","type":"labels","meta":{"text":["sure?"]},"value":{"start":2,"end":12,"text":"Rome burns","labels":["Claim"]}},
 {"id":"b","from_name":"stars","to_name":"text","type":"rating","value":{"start":2,"end":12,"rating":4}},
 {"id":"h","from_name":"label","type":"hypertextlabels","value":{"start":"/p","globalOffsets":{"start":0,"end":4},"text":"Rome","hypertextlabels":["Entity"]}},
 {"type":"relation","from_id":"b","to_id":"a","direction":"right","labels":["about"]},
 {"id":"c","type":"rectanglelabels","value":{"x":1,"rectanglelabels":["Car"]}}]},
 {"completed_by":7,"was_cancelled":true,"result":[]}],
 "predictions":[{"model_version":"m1","result":[{"from_name":"topic","to_name":"text","type":"choices","value":{"choices":["war"]}}]}]}]"#;

#[test]
fn a_task_is_read() {
    let read = read(TASK);
    let article = &read.articles[0];
    let names: Vec<_> = article.sets.iter().map(|(by, _)| by.as_ref().unwrap().as_str()).collect();
    assert_eq!(names, ["7", "a@b.c", "m1"]);
    let set = &article.sets[1].1;
    let spans: Vec<_> = set.spans.values().map(|span| (span.quote.as_str(), span.label.as_str())).collect();
    assert_eq!(spans, [("Rome", "Entity"), ("Rome burns", "Claim")]);
    assert_eq!(set.spans["a"].attributes["sub"], Value::Choice("place".to_owned()));
    assert_eq!((set.spans["b"].note.as_str(), set.relations.len()), ("sure?", 1));
    assert_eq!(article.sets[0].1.review.state.word(), "skipped");
    assert!(article.sets[2].1.labels.contains_key("war"));
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(matches!(problems.as_slice(), [one] if one.contains("rectanglelabels")), "{problems:?}");
}

#[test]
fn older_files_count_utf_16() {
    let read = read(
        &TASK
            .replace("\"start\":2", "\"start\":3")
            .replace("\"end\":6", "\"end\":7")
            .replace("\"end\":12", "\"end\":13"),
    );
    assert_eq!(read.articles[0].sets[1].1.spans["a"].quote, "Rome");
    assert!(read.problems[0].what.contains("UTF-16"), "{:?}", read.problems);
}

#[test]
fn what_is_kept_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    std::fs::write(&path, TASK).unwrap();
    let session = trip::imported(&[path], None);
    trip::comes_back(session.project(), "label-studio");
    let (files, _) = trip::written(session.project(), "label-studio", &rubricate::format::WriteOptions::default());
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    for part in [
        "rectanglelabels",
        "\"src\":1",
        "a@b.c",
        "\"was_cancelled\":true",
        "model_version",
        "\"id\":9",
        "\"parentID\":\"b\"",
        "0.123",
        "\"rating\":4.0",
        "globalOffsets",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let config = String::from_utf8(files[1].1.clone()).unwrap();
    assert!(config.contains("<Labels name=\"label\" toName=\"text\">"), "{config}");
}

#[test]
fn projects_come_back() {
    let notations = [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim:a {person:b {place:c}}}\r\n\r\n{person:{date:x}} — שלום {place:北京}",
        "no span",
        "{claim kind=prediction check-worthy=yes:taxes {percent:rise 3 %}} {person wikidata=Q1:Z}",
    ];
    let losses = trip::comes_back(&project_of(&notations), "label-studio");
    assert!(losses.is_empty(), "{losses:?}");
    let (_, losses) = trip::written(
        &project_of(&["{claim#1:One part}, x {claim#1:two}"]),
        "label-studio",
        &rubricate::format::WriteOptions::default(),
    );
    assert_eq!(losses.count(LossKind::FragmentsDropped), 1);
}

#[test]
fn bad_files_are_told() {
    for (json, words) in [
        ("[{\"data\":{\"image\":\"/a.png\"}}]", "‘image’"),
        ("[{\"data\":", "not valid JSON"),
        ("[3]", "no JSON object"),
        ("", "empty"),
    ] {
        let read = read(json);
        assert!(read.articles.is_empty() && read.problems[0].what.contains(words), "{json}: {:?}", read.problems);
    }
}

#[test]
fn only_its_own_files_look_like_it() {
    let looks = |json: &str| {
        let names = FORMATS.iter().filter(|format| format.looks.is_some_and(|looks| looks(json.as_bytes())));
        names.map(|format| format.id).collect::<Vec<_>>()
    };
    assert_eq!(looks(TASK), ["label-studio"]);
    assert!(looks(r#"{"text":"a","unit":"code points","spans":[],"relations":[]}"#).is_empty());
    assert!(looks(r#"{"text":"a","label":"b","data":"c"}"#).is_empty());
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_corpus_is_read() {
    for (name, expected) in trip::expected("label-studio") {
        let bytes = std::fs::read(trip::corpus("label-studio").join(&name)).unwrap();
        assert_eq!(rubricate::format::sniff(&name, &bytes).map(|format| format.id), Some("label-studio"), "{name}");
        let read = read(std::str::from_utf8(&bytes).unwrap());
        let left_out = read.problems.iter().filter(|problem| problem.what.contains("has no text")).count();
        assert_eq!(
            read.articles.len() + left_out,
            usize::try_from(expected["tasks"].as_u64().unwrap()).unwrap(),
            "{name}"
        );
        if left_out == 0 {
            let sets: usize = read.articles.iter().map(|article| article.sets.len()).sum();
            let said = expected["annotations"].as_u64().unwrap() + expected["predictions"].as_u64().unwrap();
            assert_eq!(sets as u64, said, "{name}: {:?}", read.problems);
        }
        let labels: Vec<_> =
            read.articles.iter().flat_map(|article| &article.sets).flat_map(|(_, set)| set.labels.keys()).collect();
        for label in expected["labels"].as_object().unwrap().keys() {
            assert!(labels.iter().any(|known| known.as_str() == label), "{name}: {label}");
        }
        let session = trip::imported(&[trip::corpus("label-studio").join(&name)], None);
        trip::comes_back(session.project(), "label-studio");
    }
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "label-studio");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("label-studio").unwrap().carries, true)) {
        let losses = trip::comes_back(&project, "label-studio");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
