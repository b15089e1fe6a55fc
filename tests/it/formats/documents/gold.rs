//! Pages of collections in which people marked the article: every one is read, and nothing that they marked is missing.

use std::fs;
use std::path::{Path, PathBuf};

use rubricate::app::evaluate;
use rubricate::base::job::Progress;
use serde_json::Value as Json;

use super::{packed, read, text_of};
use crate::trip;

/// All files below a folder that end so, in order.
fn pages(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn json(path: &Path) -> Json {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Words alone, so that neither white space nor signs between elements count.
fn words(text: &str) -> Vec<String> {
    // Two letters of Bengali are written in two ways.
    let text = text.replace('\u{9df}', "\u{9af}\u{9bc}").replace('\u{9dc}', "\u{9a1}\u{9bc}");
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_page_becomes_one_article() {
    for (set, end, count) in [
        ("article-extraction-benchmark", ".html.gz", 25),
        ("readability-pages", "source.html", 12),
        ("trafilatura-eval", ".html", 26),
        ("krdwrd-canola", ".html", 10),
    ] {
        let files = pages(&trip::corpus(set), end);
        assert_eq!(files.len(), count, "{set}");
        // In the process that reads for the program, with its limits.
        let session = trip::imported(&files, None);
        let articles: Vec<_> =
            session.order().iter().map(|id| session.project().article(id).unwrap().clone()).collect();
        assert_eq!(articles.len(), count, "{set}");
        for article in articles {
            assert!(article.markup().is_some() && article.blocks().len() > 1, "{set}: {}", article.title);
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn what_people_cut_out_is_all_there() {
    let folder = trip::corpus("article-extraction-benchmark");
    for (id, truth) in json(&folder.join("ground-truth.json")).as_object().unwrap() {
        let name = format!("{id}.html.gz");
        let read = read(&name, &fs::read(folder.join("html").join(&name)).unwrap());
        let [article] = read.articles.as_slice() else { panic!("{name}") };
        let there = words(&text_of(article));
        let wanted = words(truth["articleBody"].as_str().unwrap());
        let missing = wanted.iter().filter(|word| !there.contains(word)).count();
        assert!(missing * 100 <= wanted.len(), "{name}: {missing} of {}", wanted.len());
    }
    let folder = trip::corpus("trafilatura-eval");
    let mut absent = Vec::new();
    for (_, page) in json(&folder.join("evaldata.json")).as_object().unwrap() {
        let name = page["file"].as_str().unwrap();
        let Ok(bytes) = fs::read(folder.join("html").join(name)) else { continue };
        let read = read(name, &bytes);
        let text = words(&read.articles.iter().map(text_of).collect::<String>()).concat();
        let wanted = page["with"].as_array().unwrap().iter().filter_map(Json::as_str);
        absent
            .extend(wanted.filter(|line| !text.contains(&words(line).concat())).map(|line| format!("{name}: {line}")));
    }
    assert_eq!(absent, [""; 0]);
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn proposals_find_the_article_on_pages_that_they_were_not_made_from() {
    let found = evaluate::boilerplate(&trip::corpus("article-extraction-benchmark"), &Progress::unseen()).unwrap();
    assert_eq!((found.score.pages(), found.missing), (25, vec![]));
    assert!(found.score.f1() >= 0.97, "{}", found.score.f1());
}

#[test]
fn a_packed_file_is_read_as_what_is_in_it() {
    let page = b"<html><title>A</title><p>One line.";
    let found = read("a.html.gz", &packed(page));
    let [article] = found.articles.as_slice() else { panic!("{:?}", found.problems) };
    assert_eq!((text_of(article).trim(), article.source.format.as_deref()), ("One line.", Some("html")));
    assert_eq!(article.source.file.as_deref(), Some("a.html.gz"));
    for (name, bytes, why) in [
        ("a.gz", packed(&packed(page)), "packed more than once"),
        ("a.html.gz", packed(page)[..30].to_vec(), "cannot be unpacked"),
        ("a.txt.gz", packed(&vec![b'a'; 20 << 20]), "no honest file"),
        ("a.docx.gz", packed(b"PK\x03\x04"), "was not read"),
    ] {
        let read = read(name, &bytes);
        assert!(read.articles.is_empty() && super::told(&read).contains(why), "{name}: {:?}", read.problems);
    }
}
