//! Datasets made by recipes: what is taken, how it is cut and divided, and that it is made again byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rubricate::app::export::{self, Exported};
use rubricate::app::recipe_file;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::dataset::loss::LossKind;
use rubricate::dataset::recipe::{ExampleUnit, Fate, Overlaps, Recipe, Wanted, Who};
use rubricate::dataset::split::Split;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::model::annotation_set::SetKey;
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::{Article, BlockKind};
use rubricate::model::id::AttributeId;
use rubricate::model::project::Project;
use rubricate::model::schema::AttributeKind;
use rubricate::model::value::Value;
use rubricate::store::layout::set_path;
use rubricate::store::open::Mode;
use serde_json::Value as Json;

use crate::fixture;

fn recipe() -> Recipe {
    Recipe { format: "jsonl".to_owned(), ..Recipe::default() }
}

/// What a recipe makes of a project: files by name.
fn made(project: &Project, recipe: &Recipe) -> (BTreeMap<String, String>, Exported) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let exported = export::write(project, recipe, &target, &Progress::unseen()).unwrap();
    let mut files = BTreeMap::new();
    gather(folder.path(), folder.path(), &mut files);
    (files, exported)
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.insert(name, String::from_utf8(fs::read(&path).unwrap()).unwrap());
        }
    }
}

/// Each example: its text, and its spans as `label:words`.
fn lines(jsonl: &str) -> Vec<(String, Vec<String>)> {
    let said = |line: &str| {
        let json: Json = serde_json::from_str(line).unwrap();
        let text = json["text"].as_str().unwrap().to_owned();
        let letters: Vec<char> = text.chars().collect();
        let words = |span: &Json| {
            let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
            letters[at("start")..at("end")].iter().collect::<String>()
        };
        let spans = json["spans"].as_array().cloned().unwrap_or_default();
        let spans = spans.iter().map(|span| format!("{}:{}", span["label"].as_str().unwrap(), words(span)));
        (text.clone(), spans.collect())
    };
    jsonl.lines().map(said).collect()
}

fn check(notation: &str, recipe: &Recipe, wanted: &[(&str, &[&str])]) -> Exported {
    let (files, exported) = made(&fixture::project(notation), recipe);
    let got = lines(&files["out"]);
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(text, spans)| ((*text).to_owned(), spans.iter().map(|span| (*span).to_owned()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(got, wanted, "{notation}");
    exported
}

#[test]
fn labels_are_renamed_or_left_out_and_layers_chosen() {
    let notation = "{person:Ada} said {claim:{number:3} went to {place:Rome}}.";
    let labels = [("person".into(), Fate::As("PER".into())), ("number".into(), Fate::LeaveOut)].into();
    let renamed = Recipe { labels, ..recipe() };
    let text = "Ada said 3 went to Rome.";
    let exported = check(notation, &renamed, &[(text, &["PER:Ada", "claim:3 went to Rome", "place:Rome"])]);
    assert_eq!(exported.losses.count(LossKind::LabelsLeftOut), 1);
    let claims = Recipe { layers: ["claim".into()].into(), ..recipe() };
    let exported = check(notation, &claims, &[(text, &["claim:3 went to Rome"])]);
    assert_eq!(exported.losses.count(LossKind::OtherLayers), 3);
}

#[test]
fn cleaned_text_moves_spans_and_counts_those_cut_away() {
    let notation = "{boilerplate:Share by {person:Bo}.\n}{person:Ada} went 👍 to {place:Rome}.\n{boilerplate:Read more\n}End {place:Köln}.";
    let cleaned = Recipe { text: Wanted::Cleaned, ..recipe() };
    let text = "Ada went 👍 to Rome.\nEnd Köln.";
    let exported = check(notation, &cleaned, &[(text, &["person:Ada", "place:Rome", "place:Köln"])]);
    assert_eq!(exported.losses.count(LossKind::CutAway), 1);
    // What is cut away need not be in the dataset itself.
    let entities = Recipe { layers: ["entity".into()].into(), ..cleaned.clone() };
    check(notation, &entities, &[(text, &["person:Ada", "place:Rome", "place:Köln"])]);
    let all = check("{boilerplate:Share}", &cleaned, &[]);
    assert_eq!(all.losses.count(LossKind::AllBoilerplate), 1);
}

#[test]
fn whole_blocks_go_with_the_lines_around_them_and_what_is_kept_stays() {
    let notation = "{boilerplate:Home}\n\n{boilerplate:Sport}\n\n{person:Ada} went.\n\n{boilerplate:By Bo}\n\nEnd.\n\n{boilerplate:Share}\n";
    let cleaned = Recipe { text: Wanted::Cleaned, ..recipe() };
    let exported = check(notation, &cleaned, &[("Ada went.\n\nEnd.\n\n", &["person:Ada"])]);
    assert_eq!(exported.losses.count(LossKind::Boilerplate), 4);
    let whole = check("{person:Ada} went.", &cleaned, &[("Ada went.", &["person:Ada"])]);
    assert_eq!(whole.losses.count(LossKind::Uncleaned), 1);
    // A project may keep what it marks as bylines.
    let mut project = fixture::project_of(&[notation]);
    let class = AttributeId::new("class");
    let key = fixture::by_anna("a1");
    let (id, before) = project.set(&key).unwrap().spans.iter().find(|(_, span)| span.quote == "By Bo").unwrap();
    let (id, before, mut after) = (id.clone(), before.clone(), before.clone());
    after.attributes.insert(class.clone(), Value::Choice("byline".to_owned()));
    apply(&mut project, &[Edit::Span(key, id, Change::update(before, after))]).unwrap();
    let text = |project: &Project| lines(&made(project, &cleaned).0["out"])[0].0.clone();
    assert!(!text(&project).contains("By Bo"));
    let AttributeKind::Choice(choices) =
        &mut Arc::make_mut(&mut project.schema).attributes.get_mut(&class).unwrap().kind
    else {
        panic!("the class is a choice");
    };
    choices.iter_mut().find(|choice| choice.value == "byline").unwrap().keep = true;
    assert_eq!(text(&project), "Ada went.\n\nBy Bo\n\nEnd.\n\n");
}

#[test]
fn sentences_are_examples_and_no_span_is_torn() {
    let sentences = Recipe { unit: ExampleUnit::Sentence, ..recipe() };
    check(
        "{person:Ada} went. She {claim:saw it. It was} so. {place:Rome} is old.\n\nNext.",
        &sentences,
        &[
            ("Ada went.", &["person:Ada"]),
            ("She saw it. It was so.", &["claim:saw it. It was"]),
            ("Rome is old.", &["place:Rome"]),
            ("Next.", &[]),
        ],
    );
}

/// The project with another annotator who marks the first span otherwise and leaves out the rest.
fn with_second(notation: &str, role: Role) -> Project {
    let mut project = fixture::project(notation);
    let key = project.set_keys().next().unwrap().clone();
    let (id, mut span) = project
        .peek_set(&key)
        .unwrap()
        .in_reading_order()
        .first()
        .map(|(id, span)| ((*id).clone(), (*span).clone()))
        .unwrap();
    span.label = "organization".into();
    let by = SetKey { by: "zoe".into(), ..key };
    let annotator = Annotator { name: "Zoe".to_owned(), role };
    let edits = [Edit::Annotator("zoe".into(), Change::create(annotator)), Edit::Span(by, id, Change::create(span))];
    apply(&mut project, &edits).unwrap();
    project
}

#[test]
fn annotators_are_chosen_merged_or_kept_apart() {
    let project = with_second("{person:Ada} in {place:Rome}.", Role::Gold);
    let spans = |recipe: &Recipe| {
        let (files, _) = made(&project, recipe);
        lines(&files["out"]).into_iter().map(|(_, spans)| spans.join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(spans(&recipe()), ["person:Ada place:Rome", "organization:Ada"]);
    assert_eq!(spans(&Recipe { who: Who::Gold, ..recipe() }), ["organization:Ada"]);
    assert_eq!(spans(&Recipe { who: Who::One("anna".into()), ..recipe() }), ["person:Ada place:Rome"]);
    // The agreed result is no vote beside those that it was made of.
    assert_eq!(spans(&Recipe { soft: true, ..recipe() }), ["person:Ada place:Rome"]);
    let project = with_second("{person:Ada} in {place:Rome}.", Role::Human);
    let (files, _) = made(&project, &Recipe { soft: true, ..recipe() });
    assert_eq!(lines(&files["out"])[0].1, ["organization:Ada", "place:Rome"]);
    let shares = r#"{\"organization\":0.5,\"person\":0.5}"#;
    assert!(files["out"].contains(shares) && files["out"].contains(r#"{\"place\":0.5}"#), "{}", files["out"]);
}

#[test]
fn agreement_is_that_of_what_the_dataset_says() {
    let project = with_second("{person:Ada} said {claim:it is so}.", Role::Human);
    let card = |recipe: Recipe| made(&project, &Recipe { folder: true, ..recipe }).0["out/README.md"].clone();
    let all = card(recipe());
    let entities = card(Recipe { layers: ["entity".into()].into(), ..recipe() });
    let one = card(Recipe {
        labels: [("person".into(), Fate::As("name".into())), ("organization".into(), Fate::As("name".into()))].into(),
        layers: ["entity".into()].into(),
        ..recipe()
    });
    let told = |card: &str| card.lines().filter(|line| line.contains("claim") && line.contains("0.00")).count();
    assert_eq!((told(&all) > 0, told(&entities)), (true, 0), "{all}\n{entities}");
    assert!(one.contains("1.00"), "{one}");
}

#[test]
fn what_cannot_be_read_is_told_and_never_taken_for_nothing_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let project = fixture::project_of(&["{person:Ada} came.", "{person:Eva} left."]);
    Session::create(&path, project, Env::fixed(1), None).unwrap().close().unwrap();
    let file = path.join(set_path(&fixture::by_anna("a2")));
    let newer = fs::read_to_string(&file).unwrap().replace("format=5", "format=99").replace("spans", "strands");
    fs::write(&file, newer).unwrap();
    let session = Session::open(&path, Mode::Read, Env::fixed(1), None).unwrap();
    let (files, exported) = made(session.project(), &recipe());
    assert_eq!(lines(&files["out"]), [("Ada came.".to_owned(), vec!["person:Ada".to_owned()])]);
    assert_eq!(exported.losses.losses[&LossKind::UnreadableSets].count, 1);
}

#[test]
fn articles_that_the_chosen_person_never_touched_are_told() {
    let mut project = with_second("{person:Ada} came.", Role::Human);
    let article = Article::new("b1".into(), 9, "Other", vec![(BlockKind::Paragraph, "Nobody looked.".to_owned())]);
    apply(&mut project, &[Edit::Article("b1".into(), Change::create(Arc::new(article.unwrap())))]).unwrap();
    let (files, exported) = made(&project, &Recipe { who: Who::One("zoe".into()), ..recipe() });
    assert_eq!(lines(&files["out"]).len(), 2);
    assert_eq!(exported.losses.losses[&LossKind::Untouched].count, 1);
    let (_, exported) = made(&project, &recipe());
    assert!(exported.losses.is_empty(), "{:?}", exported.losses);
}

#[test]
fn a_divided_dataset_has_card_recipe_and_reports_and_is_made_again_byte_for_byte() {
    let texts: Vec<String> =
        (0..40).map(|at| format!("{{person:Ada {at}}} went to {{place:Rome {}}}.", at * at)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let project = fixture::project_of(&texts);
    let recipe =
        Recipe { name: "Forty".to_owned(), licence: "CC-BY-4.0".to_owned(), split: Some(Split::default()), ..recipe() };
    let (files, exported) = made(&project, &recipe);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    let wanted = ["LOSSES.json", "README.md", "SPLIT.json", "dev.jsonl", "recipe.ron", "test.jsonl", "train.jsonl"];
    assert_eq!(names, wanted.map(|name| format!("out/{name}")));
    let count = |part: &str| files[&format!("out/{part}.jsonl")].lines().count();
    assert_eq!((count("train"), count("dev"), count("test"), exported.examples), (32, 4, 4, 40));
    let card = &files["out/README.md"];
    for line in [
        "license: \"cc-by-4.0\"",
        "pretty_name: \"Forty\"",
        "  - split: validation\n    path:\n    - \"dev.jsonl\"",
        "| train | 32 |",
        "| person | entity | 32 | 4 | 4 |",
    ] {
        assert!(card.contains(line), "{line}\n{card}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recipe.ron");
    fs::write(&path, &files["out/recipe.ron"]).unwrap();
    let again = recipe_file::read(&path).unwrap();
    assert_eq!(made(&project, &again).0, files);
}

#[test]
fn layers_become_files_of_their_own_without_loss() {
    let project = fixture::project("{person:Ada} said {claim:{number:3} went to {place:Rome}}.");
    let recipe = Recipe { format: "conll".to_owned(), overlaps: Overlaps::FilePerLayer, ..Recipe::default() };
    let (files, exported) = made(&project, &recipe);
    assert!(exported.losses.is_empty(), "{:?}", exported.losses.sentences());
    assert!(files["out/data.entity.conll"].contains("Ada") && files["out/data.entity.conll"].contains("B-number"));
    assert!(files["out/data.claim.conll"].contains("B-claim"));
    assert!(!files["out/data.claim.conll"].contains("B-number"));
}

#[test]
fn losses_of_one_file_are_told_beside_it() {
    let project = fixture::project("{person:Ada {place:Rome}}");
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe { format: "conll".to_owned(), ..Recipe::default() };
    let path = folder.path().join("a.conll");
    export::write(&project, &recipe, &path, &Progress::unseen()).unwrap();
    let told = |name: &str| -> Json { serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap() };
    assert_eq!(told("a.conll.LOSSES.json")["losses"]["nested"]["count"], 1);
    assert_eq!(told("a.conll.LOSSES.json")["losses"]["nested"]["places"][0]["quote"], "Rome");
    // Another file of that name has its own, and what was lost once is not told of the next export.
    let whole = Recipe { format: "jsonl".to_owned(), ..Recipe::default() };
    export::write(&project, &whole, &folder.path().join("a.jsonl"), &Progress::unseen()).unwrap();
    assert!(!folder.path().join("a.jsonl.LOSSES.json").exists());
    let project = fixture::project("{person:Ada}");
    export::write(&project, &recipe, &path, &Progress::unseen()).unwrap();
    assert_eq!(told("a.conll.LOSSES.json")["losses"], serde_json::json!({}));
}

#[test]
fn a_table_has_one_file_for_a_part_whatever_the_layers() {
    let project = fixture::project("{person:Ada} said {claim:it}.");
    let recipe = Recipe { format: "hf".to_owned(), overlaps: Overlaps::FilePerLayer, ..Recipe::default() };
    let folder = tempfile::tempdir().unwrap();
    let exported = export::write(&project, &recipe, &folder.path().join("out"), &Progress::unseen()).unwrap();
    assert_eq!(exported.examples, 1);
}

#[test]
fn what_a_division_does_not_take_is_counted() {
    let project = fixture::project_of(&["{person:Ada}", "{place:Rome}", "nobody"]);
    let recipe = Recipe { states: ["done".to_owned()].into(), split: Some(Split::default()), ..recipe() };
    let folder = tempfile::tempdir().unwrap();
    let exported = export::write(&project, &recipe, &folder.path().join("out"), &Progress::unseen()).unwrap();
    assert_eq!((exported.examples, exported.losses.count(LossKind::OtherStates)), (0, 3));
    let typo = Recipe { states: ["finished".to_owned()].into(), ..recipe };
    let refused = export::write(&project, &typo, &folder.path().join("b"), &Progress::unseen()).unwrap_err();
    assert!(refused.to_string().contains("There is no state ‘finished’"), "{refused}");
}
