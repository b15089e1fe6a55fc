//! A conversion goes by way of the disk, and gives what an import and an export give.

use std::fs;
use std::path::Path;

use rubricate::app::export;
use rubricate::app::import::{self, Imported, Plan};
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::base::limits::{Limit, Limits};
use rubricate::dataset::recipe::Recipe;
use rubricate::dataset::split::Split;
use rubricate::model::project::Project;

/// What is written, file by file, with what was said of the import.
type Written = (Vec<(String, String)>, Imported);

fn written(project: &Project, imported: Imported, recipe: &Recipe) -> Written {
    let folder = tempfile::tempdir().unwrap();
    export::write(project, recipe, &folder.path().join("out"), &Progress::unseen()).unwrap();
    let mut files = Vec::new();
    let mut folders = vec![folder.path().to_path_buf()];
    while let Some(inside) = folders.pop() {
        for path in fs::read_dir(inside).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder.path()).unwrap().display().to_string();
                files.push((name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
            }
        }
    }
    files.sort();
    (files, imported)
}

/// Converts a folder both ways.
fn both(from: &Path, limits: &Limits, recipe: &Recipe) -> (Written, Written) {
    let plan = Plan { paths: vec![from.to_path_buf()], limits: limits.clone(), ..Plan::default() };
    let mut session = Session::unsaved(start::project(), Env::fixed(1));
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    let imported = import::commit(&mut session, batch).unwrap();
    let kept = written(session.project(), imported, recipe);
    let beside = tempfile::tempdir().unwrap();
    let session = Session::unsaved(start::project(), Env::fixed(1));
    let (project, imported) = import::spooled(session, &plan, &beside.path().join("out"), &Progress::unseen()).unwrap();
    let spooled = written(&project, imported, recipe);
    drop(project);
    assert_eq!(fs::read_dir(beside.path()).unwrap().count(), 0, "nothing is left behind");
    (kept, spooled)
}

/// Files with everything that joins, does not join, or fails.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: &str, by: &str, text: &str, more: &str| {
        format!(
            "{{\"id\":\"{id}\",\"unit\":\"code points\",\"annotator\":\"{by}\",\"text\":\"{text}\",\"state\":\"done\",\
             \"spans\":[{{\"id\":\"s\",\"label\":\"person\",\"start\":0,\"end\":3,\"attributes\":{{\"sure\":true}}}}]{more}}}\n"
        )
    };
    let round = ",\"relations\":[{\"id\":\"r\",\"kind\":\"k\",\"from\":\"s\",\"to\":{\"relation\":\"q\"}},\
                 {\"id\":\"q\",\"kind\":\"k\",\"from\":\"s\",\"to\":{\"relation\":\"r\"}}]";
    let lines = [
        line("a", "anna", "Ann met 👍 Bob.", ""),
        line("b", "anna", "Ann met 👍 Bob.", ""),
        line("a", "ben", "Ann met 👍 Bob.", ",\"note\":\"far from the first\""),
        line("a", "cleo", "Ann met 👍 Bob.", ",\"article_labels\":[{\"label\":\"news\"}]"),
        line("a", "ben", "Ann met 👍 Bob.", ""),
        line("a", "ben", "Another text.", round),
        "{\"text\": \"Nobody said a thing.\"}\n".to_owned(),
        "{\"text\": \"Nobody said a thing.\"}\n".to_owned(),
        "{\"text\": \n".to_owned(),
    ];
    fs::write(folder.path().join("1.jsonl"), lines.concat()).unwrap();
    fs::write(folder.path().join("2.jsonl"), line("a", "dora", "Ann met 👍 Bob.", "") + &line("z", "", "Zoe.", ""))
        .unwrap();
    fs::write(folder.path().join("3.txt"), "Caf\u{e9} de la Paix\n\nParis.").unwrap();
    fs::write(folder.path().join("4.txt"), b"\x81\x8d\x8f\x90 ?").unwrap();
    fs::write(folder.path().join("5.ann"), "T1\tperson 0 3\tEve\nA1\tage T1 old\n").unwrap();
    fs::write(folder.path().join("5.txt"), "Eve left.").unwrap();
    folder
}

#[test]
fn a_conversion_is_an_import_and_an_export() {
    let folder = folder();
    let split = Split { parts: vec![("a".to_owned(), 1), ("b".to_owned(), 1)], ..Split::default() };
    for (format, split, soft) in [
        ("jsonl", None, false),
        ("conll", None, false),
        ("brat", None, false),
        ("jsonl", Some(split), false),
        ("jsonl", None, true),
        ("hf", None, false),
    ] {
        let recipe = Recipe { format: format.to_owned(), split, soft, ..Recipe::default() };
        let (kept, spooled) = both(folder.path(), &Limits::default(), &recipe);
        assert_eq!(spooled.0, kept.0, "{format}");
        let sentences = |imported: &Imported| imported.problems.iter().map(|one| one.what.clone()).collect::<Vec<_>>();
        assert_eq!(sentences(&spooled.1), sentences(&kept.1), "{format}");
        assert_eq!(spooled.1.articles, kept.1.articles);
    }
}

#[test]
fn a_file_that_does_not_count_leaves_nothing_behind() {
    let folder = folder();
    let recipe = Recipe { format: "jsonl".to_owned(), ..Recipe::default() };
    let (kept, spooled) = both(folder.path(), &Limits::default().with(Limit::Articles, 3), &recipe);
    assert_eq!(spooled.0, kept.0);
    assert_eq!(spooled.1.articles, 5);
    assert!(spooled.1.problems.iter().any(|one| one.what.contains("3 is the limit")), "{:?}", spooled.1.problems);
}
