//! Flows through the window: real key and pointer events, controls found by their accessible names.

use std::path::{Path, PathBuf};

use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;

use eframe::egui::{self, Event, Key, Modifiers, Theme, vec2};

use rubricate::app::session::Session;
use rubricate::base::env::Env;

use crate::window::{CTRL, SHIFT, Window, opened, sample};

#[test]
fn a_word_is_labelled_with_two_motions_and_undone_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let before = window.spans();
    window.clicks("Tuesday, and officials", 2);
    assert_eq!(window.selected(), "Tuesday");
    window.key(Key::D);
    assert!(window.spans().contains(&"date: Tuesday".to_owned()));
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), before);
    window.keys(CTRL | SHIFT, Key::Z);
    assert!(window.spans().contains(&"date: Tuesday".to_owned()));
}

#[test]
fn clicks_select_word_sentence_and_block() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    for (times, expected) in [
        (2, "rejected"),
        (3, "The dockworkers’ union Kaibund rejected the figure."),
        (4, "no grain had been lost at all."),
    ] {
        window.clicks("rejected", times);
        assert!(window.selected().ends_with(expected), "{times}: {}", window.selected());
        window.key(Key::Escape);
        // Clicks long after each other do not belong together.
        window.harness.run_steps(16);
    }
}

#[test]
fn the_keyboard_alone_labels_relabels_walks_and_removes() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::PageDown);
    window.keys(CTRL | SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), "Varnow");
    window.key(Key::L);
    window.key(Key::ArrowRight);
    window.keys(CTRL | SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), "council");
    window.key(Key::O);
    assert_eq!(window.spans(), ["place: Varnow", "organization: council"]);
    window.key(Key::Comma);
    window.key(Key::P);
    assert_eq!(window.spans(), ["person: Varnow", "organization: council"]);
    window.key(Key::Period);
    window.key(Key::Delete);
    assert_eq!(window.spans(), ["person: Varnow"]);
    window.keys(CTRL, Key::Enter);
    window.keys(CTRL, Key::Z);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), ["person: Varnow", "organization: council"]);
}

#[test]
fn shift_and_arrows_extend_from_the_end_of_a_selected_span() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.clicks("André Kretschmar", 1);
    for _ in 0..4 {
        window.keys(SHIFT, Key::ArrowRight);
    }
    assert_eq!(window.selected(), ", sa");
    window.key(Key::ArrowRight);
    assert_eq!(window.selected(), "");
    window.keys(SHIFT, Key::ArrowRight);
    assert_eq!(window.selected(), "i");
}

#[test]
fn keys_that_come_in_one_frame_are_carried_out_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::End);
    let key = |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    let events = [key(Key::ArrowDown, Modifiers::ALT), key(Key::B, Modifiers::NONE), key(Key::Num8, Modifiers::NONE)];
    window.harness.input_mut().events.extend(events);
    window.settle();
    let session = window.harness.state().session().unwrap();
    let (_, span) = session.span().unwrap();
    assert_eq!((span.quote.as_str(), span.attributes.len()), ("Sign up for our morning newsletter", 1));
}

#[test]
fn the_block_cursor_paints_a_range_of_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::End);
    window.keys(Modifiers::ALT, Key::ArrowDown);
    window.keys(Modifiers::ALT | SHIFT, Key::ArrowUp);
    window.key(Key::B);
    let spans = window.spans();
    assert!(
        spans.contains(&"boilerplate: Read more: What the strike means for the price of bread".to_owned()),
        "{spans:?}"
    );
    assert!(spans.contains(&"boilerplate: Sign up for our morning newsletter".to_owned()), "{spans:?}");
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans().len(), spans.len() - 2);
}

#[test]
fn stacked_spans_are_cycled_by_click_and_by_space() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let label =
        |window: &Window| window.harness.state().session().unwrap().span().map(|(_, span)| span.label.to_string());
    window.clicks("Lindhaven said on", 1);
    assert_eq!(label(&window).as_deref(), Some("place"));
    window.key(Key::Space);
    assert_eq!(label(&window).as_deref(), Some("organization"));
    window.key(Key::Space);
    assert_eq!(label(&window).as_deref(), Some("place"));
    window.harness.run_steps(16);
    window.clicks("Lindhaven said on", 1);
    assert_eq!(label(&window).as_deref(), Some("organization"));
}

#[test]
fn every_panel_can_be_used_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    assert!(
        window.has("Person, André Kretschmar, 18 of 22") || window.has("Person, Amara Okafor, 4 of 22"),
        "spans have names"
    );
    window.click("Varnow council passes budget after a night of amendments, new, 0 spans");
    window.clicks("Ilse Brandt called", 2);
    window.click("Label as Person, 0 in this article");
    assert_eq!(window.spans(), ["person: Ilse"]);
    window.type_into("Note on the span", "the mayor");
    window.key(Key::Escape);
    let notes: Vec<_> = window.set().spans.values().map(|span| span.note.clone()).collect();
    assert_eq!(notes, ["the mayor"]);
    window.click("Label the article as Opinion piece, 0 in this article");
    assert_eq!(window.set().labels.len(), 1);
    window.keys(CTRL, Key::K);
    window.harness.get_by_label("Find a command").type_text("mark done");
    window.settle();
    window.key(Key::Enter);
    assert_eq!(window.set().review.state.word(), "done");
    window.type_into("Filter articles by title", "river");
    assert!(!window.has("Varnow council passes budget after a night of amendments, done, 1 spans"));
    window.key(Key::Escape);
    window.key(Key::F1);
    assert!(window.has("Shortcuts"));
    window.click("Close");
    window.key(Key::F6);
    window.key(Key::F6);
}

#[test]
fn a_note_is_kept_whatever_ends_the_writing() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let notes = |window: &Window| window.set().spans.values().filter(|span| span.note == "seen").count();
    window.clicks("André Kretschmar", 1);
    window.type_into("Note on the span", "seen");
    window.clicks("Miriam Staudte-Holm", 1);
    assert_eq!(notes(&window), 1, "a click on another span");
    window.type_into("Note on the span", "seen");
    window.key(Key::Escape);
    assert_eq!(notes(&window), 2, "Escape");
    window.clicks("Kaibund rejected", 1);
    window.type_into("Note on the span", "seen");
    window.keys(CTRL, Key::PageDown);
    window.keys(CTRL, Key::PageUp);
    assert_eq!(notes(&window), 3, "another article");
    window.clicks("38 percent", 1);
    window.type_into("Note on the span", "seen");
    window.click("Varnow council passes budget after a night of amendments, new, 0 spans");
    window.keys(CTRL, Key::PageUp);
    assert_eq!(notes(&window), 4, "a click in the list of articles");
}

#[test]
fn escape_closes_a_menu_and_leaves_the_selection() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.clicks("Tuesday, and officials", 2);
    window.click("Annotate");
    assert!(window.has_part("Add as fragment"));
    window.key(Key::Escape);
    assert!(!window.has_part("Add as fragment"));
    assert_eq!(window.selected(), "Tuesday");
}

#[test]
fn what_is_no_project_leaves_the_open_one_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let other = folder.path().join("other.ron");
    std::fs::write(&other, "no project").unwrap();
    window.keys(CTRL, Key::O);
    window.type_into("Path", other.to_str().unwrap());
    window.key(Key::Enter);
    assert_eq!(window.harness.state().session().unwrap().order().len(), 3);
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    assert!(window.spans().contains(&"date: Tuesday".to_owned()));
}

#[test]
fn a_choice_attribute_is_set_by_its_digit() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.clicks("Read more: What", 4);
    window.key(Key::B);
    window.key(Key::Num7);
    let session = window.harness.state().session().unwrap();
    let value = session.span().unwrap().1.attributes.get("class").unwrap().to_string();
    assert_eq!(value, "related");
}

#[test]
fn without_a_dialog_of_the_system_a_path_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("one.txt");
    std::fs::write(&source, "A title\n\nSome words about Ádám.\n").unwrap();
    std::fs::write(folder.path().join("bad.txt"), b"").unwrap();
    let project = folder.path().join("new.ron");
    let mut window = Window::open(None, folder.path(), Theme::Light);
    window.click("New project…");
    window.key(Key::Enter);
    window.type_into("Path", project.to_str().unwrap());
    window.key(Key::Enter);
    assert!(project.exists());
    window.keys(CTRL, Key::I);
    window.click("Choose a folder…");
    window.type_into("Path", folder.path().to_str().unwrap());
    window.click("Import");
    assert!(window.has("1 article from 1 file. Read as Plain text × 1."));
    assert!(window.harness.state().session().unwrap().order().is_empty(), "nothing is taken in before it is seen");
    window.key(Key::Enter);
    let session = window.harness.state().session().unwrap();
    assert_eq!(session.order().len(), 1);
    assert!(session.problems.iter().any(|problem| problem.what.contains("bad.txt")), "{:?}", session.problems);
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_large_import_is_made_ready_beside_the_window_and_undone_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let project = crate::fixture::project_of(&["{person:Ada} came first."]);
    Session::create(&path, project, Env::fixed(1), None).unwrap().close().unwrap();
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    let file = folder.path().join("many.jsonl");
    let line = |number| {
        format!(
            "{{\"text\": \"Zoë said {number}.\", \"spans\": [{{\"start\": 0, \"end\": 3, \"label\": \"person\"}}]}}\n"
        )
    };
    std::fs::write(&file, (0..150).map(line).collect::<String>()).unwrap();
    window.harness.input_mut().dropped_files = vec![std::sync::Arc::new(Dropped(file))];
    window.settle();
    let session = window.harness.state().session().unwrap();
    assert_eq!(session.order().len(), 151);
    assert_eq!(session.article().unwrap().text().as_str(), "Zoë said 0.");
    assert!(window.has_part("150 articles imported."));
    assert_eq!(std::fs::read_dir(path.join("packs")).unwrap().count(), 1);
    window.drag("said");
    window.key(Key::P);
    assert_eq!(window.spans(), ["person: Zoë", "person: said"]);
    window.keys(CTRL, Key::Z);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.harness.state().session().unwrap().order().len(), 1);
    window.keys(CTRL, Key::Y);
    assert_eq!(window.harness.state().session().unwrap().order().len(), 151);
}

#[test]
fn dropped_files_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let file = folder.path().join("dropped.txt");
    std::fs::write(&file, "Dropped words.").unwrap();
    window.harness.input_mut().dropped_files = vec![std::sync::Arc::new(Dropped(file))];
    window.settle();
    let session = window.harness.state().session().unwrap();
    assert_eq!(session.article().unwrap().text().as_str(), "Dropped words.");
}

#[test]
fn a_project_that_is_open_elsewhere_can_be_read_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let first = opened(folder.path());
    let mut second = Window::open(Some(&folder.path().join("sample.ron")), folder.path(), Theme::Light);
    assert!(second.has("Read only"));
    let before = second.spans();
    second.clicks("Tuesday, and officials", 2);
    second.key(Key::D);
    assert_eq!(second.spans(), before);
    drop(first);
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn a_real_article_from_import_to_dataset_across_a_restart() {
    let corpora = std::env::var("RUBRICATE_CORPORA").expect("set RUBRICATE_CORPORA to the folder with the corpora");
    let source = Path::new(&corpora).join("news-plain/000_de9775200697e0f2.txt");
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("news.ron");
    let mut window = Window::open(None, folder.path(), Theme::Light);
    window.click("New project…");
    window.key(Key::Enter);
    window.type_into("Path", project.to_str().unwrap());
    window.key(Key::Enter);
    window.keys(CTRL, Key::I);
    window.click("Choose files…");
    window.type_into("Path", source.to_str().unwrap());
    window.click("Import");
    window.click("Import");
    let text = window.harness.state().session().unwrap().article().unwrap().text().clone();
    assert_eq!(text.chars(), 2_874);
    assert_eq!(text.as_str(), std::fs::read_to_string(&source).unwrap());

    window.drag("John Kerry meeting");
    window.drag("John Kerry");
    window.key(Key::P);
    window.drag("Oxford University in England");
    window.key(Key::O);
    window.clicks("England", 2);
    window.key(Key::L);
    window.drag("the foreign-backed\u{a0}militants use ceasefire deals to regroup");
    window.key(Key::C);
    window.drag("launch more attacks");
    window.keys(SHIFT, Key::Enter);
    window.clicks("September 9, 2016 10:00 am", 4);
    window.key(Key::B);
    window.keys(CTRL, Key::End);
    window.keys(Modifiers::ALT, Key::ArrowDown);
    window.keys(Modifiers::ALT | SHIFT, Key::ArrowUp);
    window.key(Key::B);
    let expected = [
        "person: John Kerry",
        "boilerplate: September 9, 2016 10:00 am",
        "organization: Oxford University in England",
        "place: England",
        "claim: the foreign-backed\u{a0}militants use ceasefire deals to regroup|launch more attacks",
        "boilerplate: Skip to toolbar",
        "boilerplate: shared on",
    ];
    assert_eq!(window.spans(), expected);
    let marked = window.set();
    drop(window);

    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    assert_eq!(window.set(), marked);
    for left in [5, 4, 4, 3, 2, 1, 0] {
        window.keys(CTRL, Key::Z);
        assert_eq!(window.spans().len(), left, "{:?}", window.spans());
    }
    drop(window);
    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    for _ in 0..7 {
        window.keys(CTRL, Key::Y);
    }
    assert_eq!(window.set(), marked, "redone across another restart, with the same ids");

    let dataset = folder.path().join("news.jsonl");
    window.keys(CTRL, Key::E);
    assert!(window.has("✓ Nothing is lost."));
    window.click("Save as…");
    window.type_into("Path", dataset.to_str().unwrap());
    window.click("Export");
    let line = std::fs::read_to_string(&dataset).unwrap();
    let example: serde_json::Value = serde_json::from_str(line.trim_end()).unwrap();
    assert_eq!(example["spans"].as_array().unwrap().len(), expected.len());
    if let Ok(artefacts) = std::env::var("RUBRICATE_ARTEFACTS") {
        std::fs::create_dir_all(&artefacts).unwrap();
        std::fs::copy(&dataset, Path::new(&artefacts).join("news-plain.jsonl")).unwrap();
    }
}

#[test]
fn the_window_looks_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let each = folder.path().join(name);
        std::fs::create_dir_all(&each).unwrap();
        let mut window = Window::open(Some(&sample(&each)), &each, theme);
        window.harness.set_size(vec2(980.0, 620.0));
        window.settle();
        for _ in 0..10 {
            window.key(Key::Period);
        }
        results.add(window.harness.try_snapshot(format!("window-{name}")));
    }
    let start = folder.path().join("start");
    std::fs::create_dir_all(&start).unwrap();
    let mut window = Window::open(None, &start, Theme::Light);
    window.harness.set_size(vec2(720.0, 480.0));
    window.settle();
    results.add(window.harness.try_snapshot("start"));
}

#[test]
fn text_on_the_clipboard_becomes_an_article_to_the_last_character() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let text = " नदी \r\n\r\nIt rains 👍, said Zoë.\t\n";
    window.clicks("Exports of winter wheat", 1);
    window.harness.event(Event::Paste(text.to_owned()));
    window.settle();
    let session = window.harness.state().session().unwrap();
    assert_eq!((session.order().len(), session.article().unwrap().text().as_str()), (4, text));
    assert_eq!(session.article().unwrap().title, "नदी");
    window.harness.event(Event::Paste(" \n".to_owned()));
    window.settle();
    assert_eq!(window.harness.state().session().unwrap().order().len(), 4);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.harness.state().session().unwrap().order().len(), 3);
}

#[test]
fn a_new_project_begins_with_the_labels_that_are_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quotes.ron");
    let mut window = Window::open(None, folder.path(), Theme::Light);
    window.click("New project…");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.type_into("Path", path.to_str().unwrap());
    window.key(Key::Enter);
    let project = window.harness.state().session().unwrap().project().clone();
    assert!(project.schema.labels.contains_key("cue") && project.facts.guideline.starts_with("# Quotations"));
    assert!(window.has("Label as Content") || window.has_part("Content"));
    // Thought better of, nothing is made.
    window.command("New project");
    window.key(Key::Escape);
    assert!(!window.has("Fact-check") && window.harness.state().session().is_some());
}
