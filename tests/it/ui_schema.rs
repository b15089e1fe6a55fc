//! Flows through the window that change shortcuts, keys of labels and the schema.

use std::path::Path;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rubricate::app::settings::Kept;
use rubricate::base::env::Env;
use rubricate::ui::app::{App, Setup};

use eframe::egui::{Event, Key, Modifiers, vec2};

use crate::window::{CTRL, SHIFT, Window, opened, sample};

/// The sample, with settings that are kept in a file of the folder.
fn with_settings(folder: &Path) -> Window {
    let (project, samples) = (Some(sample(folder)), folder.to_path_buf());
    let settings = Kept::load_from(&folder.join("settings.ron"));
    let builder = Harness::builder().with_size(vec2(1_240.0, 860.0)).with_max_steps(64).with_step_dt(0.04).wgpu();
    let harness = builder.build_eframe(move |context| {
        let env = Env::fixed(7);
        let (system_fonts, system_dialogs, sample) = (false, false, false);
        App::new(&context.egui_ctx, Setup { env, settings, system_fonts, system_dialogs, samples, project, sample })
    });
    let mut window = Window { harness };
    window.settle();
    window
}

fn write(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.settle();
}

fn focus(window: &mut Window, name: &str) {
    window.harness.get_by_label(name).focus();
    window.settle();
}

fn why(window: &Window) -> String {
    let session = window.harness.state().session().unwrap();
    session.history().to_undo().map(|last| last.why().to_owned()).unwrap_or_default()
}

#[test]
fn a_command_gets_another_shortcut_which_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_settings(folder.path());
    window.key(Key::F1);
    write(&mut window, "next sp");
    assert!(window.has("Add a shortcut for ‘Next span’") && !window.has("Add a shortcut for ‘Save now’"));
    window.click("Add a shortcut for ‘Next span’");
    assert!(window.has("Press the new shortcut, Escape to cancel"));
    window.keys(Modifiers::ALT, Key::N);
    window.click("Remove . from ‘Next span’");
    window.click("Close");
    let selected = |window: &Window| window.harness.state().session().unwrap().place.span.clone();
    window.key(Key::Period);
    assert_eq!(selected(&window), None);
    window.keys(Modifiers::ALT, Key::N);
    assert!(selected(&window).is_some());
    drop(window);

    let mut window = with_settings(folder.path());
    window.keys(Modifiers::ALT, Key::N);
    assert!(selected(&window).is_some());
    window.key(Key::F1);
    window.click("Reset all");
    window.type_into("Search the shortcuts", "next sp");
    assert!(window.has("Remove . from ‘Next span’") && !window.has("Remove Alt+N from ‘Next span’"));
    window.key(Key::Escape);
    assert!(!window.has("Reset all"));
    let kept = std::fs::read_to_string(folder.path().join("settings.ron")).unwrap();
    assert!(kept.contains("keys: {}"), "{kept}");
}

#[test]
fn shortcuts_are_changed_by_the_keyboard_alone_and_clashes_name_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.key(Key::F1);
    write(&mut window, "save now");
    for (modifiers, key, said) in [
        (CTRL, Key::E, "Ctrl+E is ‘Export dataset’. Remove it there first."),
        (Modifiers::NONE, Key::P, "P labels as Person. Plain letters are kept for labels; hold Ctrl or Alt with it."),
        (Modifiers::NONE, Key::Num5, "Plain digits are kept for choices; hold Ctrl, Alt or Shift with it."),
        (Modifiers::NONE, Key::ArrowDown, "Arrow keys move the caret and the focus."),
        (CTRL, Key::S, "It has Ctrl+S already."),
    ] {
        focus(&mut window, "Add a shortcut for ‘Save now’");
        window.key(Key::Enter);
        window.keys(modifiers, key);
        assert!(window.has(said), "{said}");
    }
    focus(&mut window, "Add a shortcut for ‘Save now’");
    window.key(Key::Space);
    window.key(Key::Escape);
    assert!(!window.has("Press the new shortcut, Escape to cancel") && window.has("Add a shortcut for ‘Save now’"));
    // The focus is where it was, so the next try needs no mouse.
    window.key(Key::Enter);
    window.key(Key::F9);
    assert!(window.has("Remove F9 from ‘Save now’"));
    assert!(window.harness.get_by_label("Add a shortcut for ‘Save now’").is_focused());
    focus(&mut window, "Reset ‘Save now’");
    window.key(Key::Enter);
    assert!(!window.has("Remove F9 from ‘Save now’") && !window.has("Reset ‘Save now’"));
}

#[test]
fn a_row_goes_back_only_when_its_shortcut_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.key(Key::F1);
    window.click("Remove Ctrl+E from ‘Export dataset’");
    window.click("Add a shortcut for ‘Import articles’");
    window.keys(CTRL, Key::E);
    window.click("Reset ‘Export dataset’");
    assert!(window.has("Ctrl+E is ‘Import articles’. Remove it there first."));
    window.click("Reset ‘Import articles’");
    window.click("Reset ‘Export dataset’");
    assert!(window.has("Remove Ctrl+E from ‘Export dataset’") && window.has("Remove Ctrl+I from ‘Import articles’"));
}

#[test]
fn unreadable_shortcuts_of_the_settings_are_told_and_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let keys = r#"(keys: {"fly": ["F9"], "save": ["Hyper+S", "Alt+S"]})"#;
    std::fs::write(folder.path().join("settings.ron"), keys).unwrap();
    let window = with_settings(folder.path());
    assert!(window.has_part("The settings give shortcuts to ‘fly’"));
    assert!(window.has_part("The shortcut ‘Hyper+S’ of ‘Save now’ cannot be read"));
}

#[test]
fn a_label_gets_its_key_in_the_list_and_is_used_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let row = name_of(&window, "Label as Person");
    focus(&mut window, &row);
    window.key(Key::F2);
    assert!(window.has("Key of ‘Person’"));
    write(&mut window, "o");
    assert!(window.has("O is the key of ‘Organization’. Take it away there first."));
    write(&mut window, ".");
    assert!(window.has(". is ‘Next span’. Give that command another shortcut first."));
    write(&mut window, "Ж");
    assert!(!window.has("Key of ‘Person’"));
    assert_eq!(why(&window), "Give ‘Person’ the key Ж");
    window.clicks("Tuesday, and officials", 2);
    write(&mut window, "ж");
    assert!(window.spans().contains(&"person: Tuesday".to_owned()));
    window.keys(CTRL, Key::Z);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.harness.state().session().unwrap().project().schema.labels["person"].key, Some('p'));
}

/// The whole accessible name of which this is the beginning.
fn name_of(window: &Window, start: &str) -> String {
    let node = window.harness.query_all_by_label_contains(start).next().unwrap();
    node.accesskit_node().label().unwrap()
}

#[test]
fn the_menu_of_a_label_opens_by_mouse_and_by_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let row = name_of(&window, "Label as Place");
    window.harness.get_by_label(&row).click_secondary();
    window.settle();
    window.click("No key");
    assert_eq!(why(&window), "Take the key of ‘Place’ away");
    focus(&mut window, &row);
    window.keys(SHIFT, Key::F10);
    assert!(window.has("Change key…") && window.has("Add label…"));
    window.key(Key::Enter);
    assert!(window.has("Key of ‘Place’"));
    write(&mut window, "w");
    assert_eq!(why(&window), "Give ‘Place’ the key W");
}

#[test]
fn a_label_is_renamed_recolored_and_moved_each_with_one_step_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let first = window.harness.state().session().unwrap().project().clone();
    window.click("Edit");
    window.harness.get_by_label_contains("Labels…").click();
    window.settle();
    window.click("Edit the label Place");
    window.type_into("Name of the label", "Location");
    window.key(Key::Enter);
    assert_eq!(why(&window), "Rename ‘Place’ to ‘Location’");
    window.click("Vermilion, #d55e00");
    assert_eq!(why(&window), "Recolor ‘Location’");
    window.type_into("Color as #rrggbb", "#f0E442");
    window.key(Key::Enter);
    assert!(window.has_part("On light ground lines are #"));
    focus(&mut window, "Edit the label Location");
    // The focus goes with the label, so the second press moves the same one.
    window.keys(Modifiers::ALT, Key::ArrowUp);
    window.keys(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(why(&window), "Move ‘Location’ up");
    // What is being written is taken over by whatever comes next.
    window.type_into("What belongs to it, and what does not", "Somewhere.");
    window.click("Edit the label Person");
    assert_eq!(why(&window), "Describe ‘Location’");
    let place = window.harness.state().session().unwrap().project().schema.labels["place"].clone();
    assert_eq!((place.name.as_str(), place.color.as_str(), place.order), ("Location", "#f0e442", 0));
    window.type_into("Name of the label", "location");
    assert!(window.has("‘Entities’ has a label ‘location’ already."));
    window.key(Key::Escape);
    window.key(Key::Escape);
    assert!(!window.has("Edit the label Person"), "the dialog is closed");
    for _ in 0..6 {
        window.keys(CTRL, Key::Z);
    }
    let mut last = window.harness.state().session().unwrap().project().clone();
    last.annotators.clone_from(&first.annotators);
    assert_eq!(last, first);
}

#[test]
fn labels_are_merged_and_deleted_after_a_question_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let before = window.spans();
    let count = |window: &Window, label: &str| {
        window.spans().iter().filter(|span| span.starts_with(&format!("{label}: "))).count()
    };
    let (places, persons) = (count(&window, "place"), count(&window, "person"));
    window.keys(CTRL, Key::L);
    window.click("Edit the label Place");
    window.click("Merge into another label");
    window.click("Person");
    assert!(window.has_part("Merge ‘Place’ into ‘Person’: "), "no question");
    window.click("Cancel");
    assert_eq!(window.spans(), before);
    window.click("Merge into another label");
    window.click("Person");
    window.click("Merge");
    assert_eq!((count(&window, "place"), count(&window, "person")), (0, places + persons));
    assert!(!window.has("Edit the label Place"));
    window.click("Delete…");
    assert!(window.has_part("Delete ‘Person’ with everything that carries it: "));
    window.click("Delete");
    assert_eq!(count(&window, "person"), 0);
    assert_eq!(why(&window), "Delete the label ‘Person’");
    window.click("Undo: Delete the label ‘Person’");
    window.click("Undo: Merge ‘Place’ into ‘Person’");
    assert_eq!(window.spans(), before);
}

#[test]
fn labels_and_layers_are_added_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.click("Add a label to Entities");
    window.harness.get_by_label("Name of the new label").type_text("Person");
    window.settle();
    assert!(window.has("‘Entities’ has a label ‘Person’ already."));
    window.type_into("Name of the new label", "Ship");
    window.key(Key::Enter);
    assert_eq!(why(&window), "Add the label ‘Ship’");
    window.click("Change key…");
    write(&mut window, "s");
    window.click("Add a layer…");
    window.harness.get_by_label("Name of the new layer").type_text("Tone");
    window.settle();
    window.click("Whole articles");
    window.click("Add");
    assert_eq!(why(&window), "Add the layer ‘Tone’");
    window.click("Delete the layer");
    assert_eq!(why(&window), "Delete the layer ‘Tone’");
    window.click("Close");
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::S);
    assert!(window.spans().contains(&"ship: Tuesday".to_owned()));
}
