//! Access for everybody: contrast, keys alone, what screen readers are told, narrow windows.

use eframe::egui::accesskit::{
    Action, ActionData, ActionRequest, Live, Role, TextPosition, TextSelection, Toggled, TreeId,
};
use eframe::egui::{self, Event, Key, Modifiers, Theme, vec2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use rubricate::app::command::Command;
use rubricate::ui::panel::articles::Articles;
use rubricate::ui::panel::labels::Labels;
use rubricate::ui::text::reader::Reader;

use crate::window::{CTRL, SHIFT, Window, opened, sample};

/// The name of what has the focus.
fn focus(window: &Window) -> String {
    let root = window.harness.root();
    let focused = root.query_all(By::new().predicate(|node| node.is_focused())).next();
    focused.map_or_else(String::new, |node| {
        let node = node.accesskit_node();
        node.label().or_else(|| node.value()).unwrap_or_default().to_string()
    })
}

/// Words of an article that comes into the project as if it was dropped.
fn with_article(text: &str) -> (tempfile::TempDir, Window) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("words.txt");
    std::fs::write(&file, text).unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::I);
    window.click("Choose files…");
    window.type_into("Path", file.to_str().unwrap());
    window.click("Import");
    window.click("Import");
    (folder, window)
}

#[test]
fn high_contrast_is_chosen_in_the_menu_and_looks_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let mut results = SnapshotResults::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let each = folder.path().join(name);
        std::fs::create_dir_all(&each).unwrap();
        let mut window = Window::open(Some(&sample(&each)), &each, theme);
        window.harness.set_size(vec2(980.0, 620.0));
        window.settle();
        window.click("View");
        window.click("High contrast");
        assert!(window.has("High contrast: on"));
        for _ in 0..10 {
            window.key(Key::Period);
        }
        window.harness.event(Event::PointerGone);
        window.settle();
        results.add(window.harness.try_snapshot(format!("window-{name}-contrast")));
    }
}

#[test]
fn switches_and_choices_of_menus_have_check_marks() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let toggled = |window: &Window, name: &str| {
        let node = window.harness.get_by_label(name);
        let node = node.accesskit_node();
        (node.role(), node.toggled())
    };
    window.click("Annotate");
    assert_eq!(toggled(&window, "Trim blanks and commas"), (Role::MenuItemCheckBox, Some(Toggled::True)));
    assert_eq!(toggled(&window, "Snap to words"), (Role::MenuItemRadio, Some(Toggled::True)));
    assert_eq!(toggled(&window, "Snap to blocks"), (Role::MenuItemRadio, Some(Toggled::False)));
    window.click("Trim blanks and commas");
    window.clicks("Tuesday, and officials", 2);
    window.keys(SHIFT, Key::ArrowRight);
    window.keys(SHIFT, Key::ArrowRight);
    window.key(Key::D);
    assert!(window.spans().contains(&"date: Tuesday, ".to_owned()), "{:?}", window.spans());
    window.click("Annotate");
    assert_eq!(toggled(&window, "Trim blanks and commas").1, Some(Toggled::False));
}

#[test]
fn the_menu_bar_is_reached_and_left_by_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.key(Key::F10);
    assert_eq!(focus(&window), "File");
    window.key(Key::ArrowRight);
    window.key(Key::ArrowRight);
    assert_eq!(focus(&window), "View");
    window.key(Key::ArrowDown);
    assert!(window.has("Larger text"));
    window.key(Key::ArrowDown);
    assert_eq!(focus(&window), "Larger text");
    window.key(Key::ArrowRight);
    assert!(window.has("Add as fragment") && !window.has("Larger text"));
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert!(window.has("Select all"));
    window.key(Key::ArrowDown);
    while focus(&window) != "Select all" {
        window.key(Key::ArrowDown);
    }
    window.key(Key::Enter);
    assert!(!window.has("Select all"));
    assert!(window.selected().len() > 1_000);
    assert!(focus(&window).starts_with("Article: "), "{}", focus(&window));
    window.key(Key::F10);
    window.key(Key::Escape);
    assert!(focus(&window).starts_with("Article: "), "{}", focus(&window));
}

#[test]
fn f6_goes_round_the_panels_and_gives_the_focus_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let focused = |window: &Window| window.harness.ctx.memory(|memory| memory.focused());
    window.key(Key::Period);
    assert_eq!(focused(&window), Some(Reader::id()));
    window.key(Key::F6);
    assert_eq!(focused(&window), Some(Labels::id()));
    window.key(Key::ArrowDown);
    let second = focused(&window);
    assert_ne!(second, Some(Labels::id()));
    window.key(Key::F6);
    let inspector = focus(&window);
    assert!(!inspector.starts_with("Label as"), "{inspector}");
    window.key(Key::F6);
    assert_eq!(focused(&window), Some(Articles::id()));
    window.key(Key::F6);
    assert_eq!(focus(&window), "File");
    window.key(Key::F6);
    assert_eq!(focused(&window), Some(Reader::id()));
    window.key(Key::F6);
    assert_eq!(focused(&window), second, "the label that had the focus gets it back");
    window.keys(SHIFT, Key::F6);
    assert_eq!(focused(&window), Some(Reader::id()));
    window.keys(SHIFT, Key::F6);
    assert_eq!(focus(&window), "File");
}

#[test]
fn articles_are_found_opened_and_removed_by_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let titles = |window: &Window| {
        let session = window.harness.state().session().unwrap();
        let articles: Vec<_> =
            session.order().iter().map(|id| session.project().article(id).unwrap().title.clone()).collect();
        (articles, session.article().unwrap().title.clone())
    };
    let (all, _) = titles(&window);
    window.keys(SHIFT, Key::F6);
    window.keys(SHIFT, Key::F6);
    assert_eq!(focus(&window), "Filter articles by title");
    window.key(Key::ArrowDown);
    assert!(focus(&window).starts_with(&all[0]), "{}", focus(&window));
    window.key(Key::ArrowDown);
    assert!(focus(&window).starts_with(&all[1]), "{}", focus(&window));
    window.key(Key::End);
    assert!(focus(&window).starts_with(&all[2]));
    window.key(Key::Home);
    window.key(Key::ArrowUp);
    assert_eq!(focus(&window), "Filter articles by title");
    window.harness.get_by_label("Filter articles by title").type_text("river");
    window.settle();
    window.key(Key::ArrowDown);
    let found = focus(&window);
    window.key(Key::Enter);
    assert!(found.starts_with(&titles(&window).1), "{found}");
    assert!(focus(&window).starts_with("Article: "));
    window.keys(SHIFT, Key::F6);
    window.keys(SHIFT, Key::F6);
    window.keys(SHIFT, Key::F10);
    assert!(window.has("Remove article"), "{}", focus(&window));
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(titles(&window).0.len(), 2);
    window.keys(CTRL, Key::Z);
    assert_eq!(titles(&window).0.len(), 3);
}

#[test]
fn the_filter_knows_states_and_labels_and_is_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let rows = |window: &Window| window.harness.query_all_by_label_contains(" spans").count();
    assert_eq!(rows(&window), 3);
    window.click("Filter articles by label");
    window.click("Has Person");
    assert_eq!(rows(&window), 1);
    window.click("Clear the filter");
    assert_eq!(rows(&window), 3);
    window.type_into("Filter articles by title", "no such words");
    assert!(window.has("No article fits the filter."));
    window.key(Key::Escape);
    assert_eq!(rows(&window), 3);
    assert_eq!(focus(&window), "Filter articles by title");
    window.key(Key::Escape);
    assert!(focus(&window).starts_with("Article: "));
}

#[test]
fn labels_and_span_are_worked_on_by_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::PageDown);
    window.keys(CTRL | SHIFT, Key::ArrowRight);
    window.key(Key::F6);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.spans().len(), 1);
    assert!(focus(&window).starts_with("Article: "));
    window.key(Key::F6);
    window.key(Key::F6);
    while focus(&window) != "Note on the span" {
        window.key(Key::Tab);
    }
    window.harness.event(Event::Text("by keys".to_owned()));
    window.settle();
    window.key(Key::Escape);
    assert_eq!(window.set().spans.values().next().unwrap().note, "by keys");
}

#[test]
fn the_text_dialog_has_its_effect_at_once_and_can_be_reset() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let words = window.place_of("Tuesday, and officials");
    let far = window.place_of("no grain had been lost at all.");
    let apart = |window: &mut Window| {
        let reader = window.harness.state_mut().reader_mut().unwrap();
        let (one, two) = (reader.point_of(words.start()), reader.point_of(far.start()));
        two.zip(one).map(|(two, one)| two.y - one.y)
    };
    let before = apart(&mut window);
    window.keys(CTRL, Key::K);
    window.harness.get_by_label("Find a command").type_text("text and page");
    window.settle();
    window.key(Key::Enter);
    window.harness.get_by_role_and_label(Role::Slider, "Line height").focus();
    window.settle();
    for _ in 0..8 {
        window.key(Key::ArrowLeft);
    }
    let tight = apart(&mut window);
    assert!(tight.unwrap() < before.unwrap() - 5.0, "{tight:?} {before:?}");
    window.click("Sans (Inter)");
    assert_ne!(apart(&mut window), before);
    assert!(window.harness.get_by_label_contains("Other letters").accesskit_node().is_disabled());
    window.click("High contrast");
    window.click("Reset");
    assert_eq!(apart(&mut window), before);
    window.key(Key::Escape);
    assert!(!window.has("Text and page"));
    assert!(focus(&window).starts_with("Article: "));
}

#[test]
fn the_wheel_zooms_and_what_is_in_sight_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.clicks("no grain had been lost at all.", 2);
    let place = window.harness.state().session().unwrap().place.caret;
    let at = |window: &mut Window| window.harness.state_mut().reader_mut().unwrap().point_of(place).unwrap();
    let before = at(&mut window);
    window.harness.event(Event::PointerMoved(before));
    let wheel = |window: &mut Window, delta: f32| {
        let unit = egui::MouseWheelUnit::Line;
        let phase = egui::TouchPhase::Move;
        window.harness.event_modifiers(
            Event::MouseWheel {
                unit,
                delta: vec2(0.0, delta),
                phase,
                source: egui::MouseWheelSource::Wheel,
                modifiers: CTRL,
            },
            CTRL,
        );
        window.harness.run_steps(12);
        window.settle();
    };
    wheel(&mut window, 3.0);
    let larger = at(&mut window);
    assert_ne!(larger.x, before.x, "the letters grew");
    assert!((larger.y - before.y).abs() < 24.0, "{larger} {before}");
    assert_eq!(window.harness.ctx.zoom_factor(), 1.0);
    window.keys(CTRL, Key::Plus);
    assert_eq!(window.harness.ctx.zoom_factor(), 1.0, "the window is not zoomed by the keys");
    window.harness.set_size(vec2(760.0, 520.0));
    window.settle();
    let small = at(&mut window);
    assert!((20.0..500.0).contains(&small.y), "the selection is still in sight: {small}");
}

#[test]
fn a_screen_reader_gets_the_text_and_the_caret() {
    let text = "Ada met שלום עולם and مرحبا 👩‍👩‍👧 today.\n\nA second block.\n";
    let (_folder, mut window) = with_article(text);
    let told = |window: &Window| {
        let document = window.harness.get_by_role(Role::Document);
        let document = document.accesskit_node();
        assert!(document.supports_text_ranges());
        let words = document.document_range().text();
        let selected = document.text_selection().map(|range| range.text());
        let focus = document.text_selection_focus().map(|focus| {
            let mut range = document.document_range();
            range.set_end(focus);
            range.text()
        });
        (words, selected.unwrap_or_default(), focus.unwrap_or_default())
    };
    window.keys(CTRL, Key::Home);
    assert_eq!(told(&window), (text.to_owned(), String::new(), String::new()));
    for words in ["Ada", "שלום", "مرحبا", "👩‍👩‍👧", "second"] {
        let place = window.place_of(words);
        window.harness.state_mut().ask(Command::Select(place));
        window.settle();
        let (_, selected, before) = told(&window);
        assert_eq!(selected, words);
        assert!(text.starts_with(&before) && before.ends_with(words), "{before}");
    }
    let headings = window.harness.get_all_by_role(Role::Paragraph).count();
    assert!(headings >= 1);
}

#[test]
fn a_screen_reader_may_put_the_caret_and_choose_a_span() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let document = window.harness.get_by_role(Role::Document).accesskit_node().locate().0;
    let run = window
        .harness
        .root()
        .query_all(By::new().recursive(true).predicate(|node| node.role() == Role::Paragraph))
        .next();
    assert!(run.is_some());
    let first = {
        let node = window.harness.get_by_role(Role::Document);
        let node = node.accesskit_node();
        let start = node.document_range().start();
        start.to_raw()
    };
    let selection = TextSelection {
        anchor: TextPosition { node: first.node, character_index: 2 },
        focus: TextPosition { node: first.node, character_index: 5 },
    };
    let request = |action, target_node, data| {
        Event::AccessKitActionRequest(ActionRequest { action, target_tree: TreeId::ROOT, target_node, data })
    };
    window.harness.event(request(Action::SetTextSelection, document, Some(ActionData::SetTextSelection(selection))));
    window.settle();
    let place = &window.harness.state().session().unwrap().place;
    assert_eq!((place.anchor, place.caret), (2, 5));
    let span = window.harness.get_by_label_contains("Person, André Kretschmar");
    let node = span.accesskit_node().locate().0;
    assert_eq!(span.accesskit_node().role(), Role::Mark);
    window.harness.event(request(Action::Click, node, None));
    window.settle();
    assert_eq!(window.harness.state().session().unwrap().span().unwrap().1.quote, "André Kretschmar");
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    let said = window.harness.get_by_label("Labeled as Date or time");
    assert_eq!(said.accesskit_node().live(), Live::Polite);
}

#[test]
fn the_text_keeps_its_room_in_a_narrow_window_and_dialogs_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.harness.set_size(vec2(700.0, 500.0));
    window.settle();
    let width = |window: &Window| window.harness.get_by_role(Role::Document).rect().width();
    assert!(width(&window) >= 400.0, "{}", width(&window));
    assert!(window.has("Selected span") && !window.has("Filter articles by title"));
    window.keys(CTRL, Key::Num1);
    assert!(!window.has("Selected span") && window.has("Filter articles by title"));
    assert!(width(&window) >= 400.0);
    for (keys, key, last) in [(CTRL, Key::I, "Cancel"), (CTRL, Key::E, "Cancel"), (Modifiers::NONE, Key::F1, "Close")] {
        window.keys(keys, key);
        let rect = window.harness.get_by_label(last).rect();
        assert!(rect.max.y <= 500.0 && rect.min.x >= 0.0 && rect.max.x <= 700.0, "{key:?} {rect}");
        window.key(Key::Escape);
    }
    window.click("View");
    window.click("Text and page…");
    let rect = window.harness.get_by_label("Reset").rect();
    assert!(rect.max.y <= 500.0 && rect.max.x <= 700.0, "{rect}");
}

#[test]
fn nothing_depends_on_the_scale_of_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.harness.set_pixels_per_point(1.75);
    window.settle();
    window.clicks("Grain exports", 2);
    assert_eq!(window.selected(), "Grain");
    window.key(Key::D);
    assert!(window.spans().contains(&"date: Grain".to_owned()));
}
