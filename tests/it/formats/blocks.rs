//! Block labels for training and scoring extractors.

use rubricate::dataset::example::examples;
use rubricate::format::output::Kept;
use rubricate::format::{WriteOptions, by_id};
use rubricate::model::project::Project;
use serde_json::Value as Json;

use crate::fixture::project;

fn written(project: &Project, format: &str) -> (Vec<(String, String)>, Vec<String>) {
    let (mut kept, write) = (Kept::default(), by_id(format).unwrap().writes.unwrap());
    let losses = write(&mut examples(project, None), &WriteOptions::default(), &mut kept).unwrap();
    let files = kept.0.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()));
    (files.collect(), losses.sentences())
}

fn page() -> Project {
    project(
        "{boilerplate class=navigation:Home News Sport}\n\nA bridge & two towns\n\n\
         {person:Ada} said it rains.\n\n{boilerplate:Share this}\n",
    )
}

#[test]
fn each_block_says_what_it_is() {
    let (files, losses) = written(&page(), "blocks");
    let line: Json = serde_json::from_str(files[0].1.trim_end()).unwrap();
    let blocks = line["blocks"].as_array().unwrap();
    let said: Vec<_> = blocks.iter().map(|block| (block["text"].as_str().unwrap(), &block["boilerplate"])).collect();
    let (yes, no) = (&Json::Bool(true), &Json::Bool(false));
    assert_eq!(
        said,
        [("Home News Sport", yes), ("A bridge & two towns", no), ("Ada said it rains.", no), ("Share this", yes)]
    );
    assert_eq!((&blocks[0]["class"], &blocks[0]["position"]), (&"navigation".into(), &0.0.into()));
    assert_eq!(blocks[3]["position"], 1.0);
    assert_eq!(losses.len(), 1, "the person is lost and named: {losses:?}");
}

#[test]
fn extractors_get_the_shapes_that_they_know() {
    let project = page();
    let (files, _) = written(&project, "cleaneval");
    assert_eq!(files, [("a1.txt".to_owned(), "URL: \n\n<p>A bridge & two towns\n<p>Ada said it rains.\n".to_owned())]);
    let (files, _) = written(&project, "article-bodies");
    let bodies: Json = serde_json::from_str(&files[0].1).unwrap();
    assert_eq!(bodies["a1"]["articleBody"], "A bridge & two towns\n\nAda said it rains.");
    let (files, _) = written(&project, "krdwrd");
    assert!(files[0].1.contains("<p><kw class=\"krdwrd-tag-3\">A bridge &amp; two towns</kw></p>"), "{}", files[0].1);
    assert_eq!(files[0].1.matches("krdwrd-tag-1").count(), 2);
}

#[test]
fn a_block_is_furniture_if_most_of_it_is_marked() {
    let (files, _) =
        written(&project("{boilerplate:Most of this line} is\n\nOf this {boilerplate:little}.\n"), "blocks");
    let line: Json = serde_json::from_str(files[0].1.trim_end()).unwrap();
    let said: Vec<_> = line["blocks"].as_array().unwrap().iter().map(|block| &block["boilerplate"]).collect();
    assert_eq!(said, [&Json::Bool(true), &Json::Bool(false)]);
}
