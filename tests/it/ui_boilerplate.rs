//! Boilerplate by hand: proposals come by themselves, are taken by a key, and the same block is marked elsewhere.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use eframe::egui::{Key, Theme};
use rubricate::app::export;
use rubricate::app::import::{self, Plan};
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::assist::boilerplate::Score;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::dataset::recipe::{Recipe, Wanted};
use rubricate::model::schema::AttributeKind;

use crate::window::{CTRL, Window};

/// A project of pages, written as files and imported.
pub(crate) fn project_of_pages(folder: &Path, pages: &[(&str, &str)]) -> std::path::PathBuf {
    let (files, path) = (folder.join("pages"), folder.join("news.ron"));
    fs::create_dir(&files).unwrap();
    for (name, page) in pages {
        fs::write(files.join(name), page).unwrap();
    }
    let mut session = Session::create(&path, start::project(), Env::fixed(1), None).unwrap();
    let plan = Plan { paths: vec![files], ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    let imported = import::commit(&mut session, batch).unwrap();
    assert_eq!((imported.articles, imported.problems), (pages.len(), vec![]));
    session.close().unwrap();
    path
}

fn page(story: &str) -> String {
    format!(
        "<html lang=en><head><title>{story}</title><meta property=og:site_name content=Harbor></head><body>\
         <nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a></ul></nav>\
         <article><h1>{story}</h1>\
         <p>The council of Lindhaven decided on Monday that the {story} will be closed for two years, as it said.</p>\
         <p>People who live near the {story} asked for a ferry, which the council wants to pay for until then.</p>\
         </article><div class=share>Share this with your friends</div>\
         <footer>All rights reserved by the Daily Harbor</footer></body></html>"
    )
}

#[test]
fn furniture_of_a_page_is_taken_by_one_key_and_the_same_block_is_marked_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let pages = ["old bridge", "swimming pool", "northern tunnel"].map(|story| (format!("{story}.html"), page(story)));
    let pages: Vec<_> = pages.iter().map(|(name, page)| (name.as_str(), page.as_str())).collect();
    let path = project_of_pages(folder.path(), &pages);
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    assert!(window.has("Proposed boilerplate"));
    window.key(Key::F8);
    assert_eq!(window.selected(), "Home\nSport", "what is of one kind and together is one step");
    window.key(Key::Escape);
    window.keys(CTRL, Key::B);
    let spans = window.spans();
    let marked = |words: &str| spans.iter().any(|span| span.contains(words));
    assert!(marked("Home") && marked("Share this with your friends") && marked("All rights reserved"), "{spans:?}");
    assert!(!marked("council") && !marked("ferry"), "{spans:?}");
    assert!(!window.has("Proposed boilerplate"), "everything is decided");
    // The last one elsewhere, too.
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), Vec::<String>::new());
    window.select_by_keys("Share this with your friends");
    window.key(Key::B);
    window.keys(CTRL, Key::J);
    assert!(window.has("The same block in 2 articles"));
    window.key(Key::Enter);
    let session = window.harness.state().session().unwrap();
    let sets: Vec<usize> = session.project().sets().map(|(_, set)| set.spans.len()).collect();
    assert_eq!(sets, [1, 1, 1]);
}

/// A real page: its furniture goes by one key, and what was marked before still quotes the same words in the clean text.
#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn a_real_page_is_cleaned_by_one_key_and_exported_with_the_spans_made_before() {
    let folder = tempfile::tempdir().unwrap();
    let set = crate::trip::corpus("article-extraction-benchmark");
    let truths: serde_json::Value = serde_json::from_slice(&fs::read(set.join("ground-truth.json")).unwrap()).unwrap();
    let id = "e7301133baab43596f19076beab32096f6405b868e0a69bcfc3349e595d62475";
    let packed = fs::read(set.join(format!("html/{id}.html.gz"))).unwrap();
    let mut page = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut page).unwrap();
    let path = project_of_pages(folder.path(), &[("page.html", page.as_str())]);
    let body = truths[id]["articleBody"].as_str().unwrap();
    let words: Vec<&str> = body.lines().find(|line| line.len() > 80).unwrap().split(' ').take(4).collect();
    let words = words.join(" ").trim_end_matches(',').to_owned();
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    let place = window.place_of(&words);
    window.select_between(place.start(), place.end());
    window.key(Key::P);
    assert_eq!(window.spans(), [format!("person: {words}")]);
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.keys(CTRL, Key::B);
    let session = window.harness.state().session().unwrap();
    let recipe = Recipe { format: "jsonl".to_owned(), text: Wanted::Cleaned, ..Recipe::default() };
    let out = folder.path().join("out.jsonl");
    export::write(session.project(), &recipe, &out, &Progress::unseen()).unwrap();
    let line: serde_json::Value = serde_json::from_str(fs::read_to_string(&out).unwrap().trim_end()).unwrap();
    let (text, span) = (line["text"].as_str().unwrap(), &line["spans"][0]);
    let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
    let quoted: String = text.chars().skip(at("start")).take(at("end") - at("start")).collect();
    assert_eq!(quoted, words);
    let mut score = Score::default();
    assert!(score.add(body, text) > 0.9, "{text}");
}

#[test]
fn what_comes_into_a_watched_folder_is_imported_at_a_click_and_the_open_article_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = project_of_pages(folder.path(), &[("bridge.html", &page("old bridge"))]);
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    window.command("Watch a folder");
    window.type_into("Path", inbox.to_str().unwrap());
    window.click("Watch");
    assert!(window.has("watching inbox"));
    let open = window.harness.state().session().unwrap().place.article.clone();
    fs::write(inbox.join("pool.html"), page("swimming pool")).unwrap();
    for _ in 0..400 {
        window.settle();
        if window.has("Import 1 file") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    window.click("Import 1 file");
    assert_eq!(window.harness.state().session().unwrap().order().len(), 2);
    assert!(!window.has("Import 1 file"));
    assert_eq!(window.harness.state().session().unwrap().place.article, open);
    window.command("Watch a folder");
    assert!(!window.has("watching inbox"));
}

#[test]
fn a_project_says_which_boilerplate_it_keeps_and_how_well_proposals_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = project_of_pages(folder.path(), &[("bridge.html", &page("old bridge"))]);
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    window.keys(CTRL, Key::B);
    window.command("Labels");
    window.click("Edit the layer Boilerplate");
    window.click("Keep Byline in clean articles");
    window.key(Key::Escape);
    let schema = window.harness.state().session().unwrap().project().schema.clone();
    let kept = schema.attributes.values().filter_map(|attribute| match &attribute.kind {
        AttributeKind::Choice(choices) => choices.iter().find(|choice| choice.keep),
        _ => None,
    });
    assert_eq!(kept.map(|choice| choice.value.as_str()).collect::<Vec<_>>(), ["byline"]);
    window.command("Proposals against marks");
    assert!(window.has("Proposals against marks") && window.has("Agreement"));
    window.key(Key::Escape);
    // A block is flagged as one that somebody is not sure of; its label stays.
    window.key(Key::Period);
    window.keys(CTRL, Key::U);
    let unsure = |window: &Window| {
        let session = window.harness.state().session().unwrap();
        session.set().unwrap().spans.values().filter(|span| span.is_unsure()).count()
    };
    assert_eq!(unsure(&window), 1);
    window.keys(CTRL, Key::U);
    assert_eq!(unsure(&window), 0);
}
