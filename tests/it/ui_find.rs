//! Finding by hand: in the open article as one types, in all articles, and labelling what was found.

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use rubricate::ui::text::reader::Reader;

use crate::window::{CTRL, SHIFT, Window, opened};

const ALT: Modifiers = Modifiers::ALT;

impl Window {
    /// Writes into whatever has the focus.
    fn write(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.settle();
    }

    /// Opens the bar and writes.
    fn find(&mut self, words: &str) {
        self.keys(CTRL, Key::F);
        self.write(words);
    }

    fn reads(&self) -> bool {
        self.harness.ctx.memory(|memory| memory.has_focus(Reader::id()))
    }

    fn article(&self) -> String {
        self.harness.state().session().unwrap().article().unwrap().title.clone()
    }
}

#[test]
fn words_are_found_while_they_are_typed_and_walked_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.find("l");
    assert_eq!(window.selected(), "L");
    window.write("indhaven");
    assert_eq!(window.selected(), "Lindhaven");
    let first = window.place_of("Lindhaven");
    let caret = |window: &Window| window.harness.state().session().unwrap().place.caret;
    assert_eq!(caret(&window), first.end());
    assert!(window.has("1 of 5"));
    window.key(Key::Enter);
    assert!(window.has("2 of 5"));
    window.key(Key::F3);
    window.key(Key::F3);
    window.key(Key::F3);
    assert!(window.has("5 of 5"));
    window.key(Key::Enter);
    assert!(window.has("1 of 5"), "it goes on at the start");
    window.keys(SHIFT, Key::Enter);
    window.keys(SHIFT, Key::F3);
    assert!(window.has("4 of 5"));
    assert!(!window.reads(), "the field keeps the focus");
    window.write("x");
    assert!(window.has("No hits"));
    assert_eq!(caret(&window), window.place_of("wheat from Lindhaven").end(), "the person is where she was");
    window.key(Key::Escape);
    assert!(window.reads() && !window.has("Find in the article"));
}

#[test]
fn the_hit_is_labelled_by_a_letter_after_escape_and_the_next_one_is_a_key_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let before = window.spans();
    window.find("crowns");
    window.key(Key::Escape);
    assert_eq!(window.selected(), "crowns");
    window.key(Key::A);
    window.key(Key::F3);
    window.key(Key::A);
    assert_eq!(window.spans().len(), before.len() + 2);
    assert_eq!(window.spans().iter().filter(|span| *span == "amount: crowns").count(), 2);
    window.keys(CTRL, Key::Z);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), before);
}

#[test]
fn all_hits_are_labelled_as_one_act() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let before = window.spans();
    window.find("strike");
    assert!(window.has("1 of 4"));
    window.keys(CTRL | SHIFT, Key::L);
    assert!(window.has("Label all hits as Person"));
    window.key(Key::E);
    assert!(window.has("4 spans labeled as Event or work"), "{:?}", window.spans());
    assert_eq!(window.spans().len(), before.len() + 4);
    assert!(window.reads());
    window.keys(CTRL | SHIFT, Key::L);
    window.key(Key::Escape);
    assert!(!window.has("Label all hits as Person"));
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), before);
    window.keys(CTRL, Key::F);
    window.click("Label all hits");
    window.click("Label all hits as Place");
    assert!(window.has("4 spans labeled as Place"));
    window.click("Label this hit");
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert!(window.spans().iter().any(|span| span == "organization: strike"), "{:?}", window.spans());
}

#[test]
fn the_bar_leaves_the_text_where_it_is_and_takes_the_selection() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.clicks("Tuesday, and officials", 2);
    let place = window.place_of("Tuesday, and officials").start();
    let before = window.point(place);
    window.keys(CTRL, Key::F);
    assert_eq!(window.point(place), before);
    assert!(window.has("2 of 2"));
    assert_eq!(window.selected(), "Tuesday");
    window.key(Key::Escape);
    assert_eq!(window.point(place), before);
    window.key(Key::D);
    assert!(window.spans().contains(&"date: Tuesday".to_owned()));
}

#[test]
fn toggles_have_keys_and_a_bad_pattern_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.find("May");
    assert!(window.has("1 of 3"));
    window.keys(CTRL, Key::A);
    window.write("may");
    window.keys(ALT, Key::C);
    assert!(window.has("No hits"));
    window.keys(ALT, Key::C);
    window.keys(ALT, Key::W);
    assert!(window.has("1 of 3"));
    window.keys(CTRL, Key::A);
    window.write("lindh");
    assert!(window.has("No hits"));
    window.keys(ALT, Key::W);
    // Some systems send the letter along.
    let key = Event::Key { key: Key::R, physical_key: None, pressed: true, repeat: false, modifiers: ALT };
    window.harness.input_mut().events.extend([key, Event::Text("r".to_owned())]);
    window.settle();
    assert!(window.has("1 of 5"), "nothing was written");
    window.keys(CTRL, Key::A);
    window.write(r"\d+ (percent|mill");
    assert!(window.has("Not a pattern"));
    assert!(window.has("A bracket ( is not closed, at character 5."));
    window.write("ion)");
    assert_eq!(window.selected(), "38 percent");
    assert!(window.has("1 of 3"));
}

#[test]
fn what_is_typed_and_entered_in_one_go_is_found_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::F);
    window.harness.event(Event::Text("kaibund".to_owned()));
    window.key(Key::Enter);
    assert_eq!(window.selected(), "Kaibund");
    assert!(window.has("2 of 2"));
    window.key(Key::Escape);
    window.keys(CTRL, Key::PageDown);
    window.key(Key::F3);
    assert!(window.has_part("does not stand in this article"));
}

#[test]
fn escape_in_the_text_drops_the_selection_first_and_then_the_bar() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.find("union");
    window.clicks("officials blamed", 2);
    assert!(window.reads());
    window.key(Key::Escape);
    assert!(window.has("Find in the article") && window.selected().is_empty());
    window.key(Key::Escape);
    assert!(!window.has("Find in the article"));
}

#[test]
fn all_articles_are_searched_and_hits_opened_by_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL | SHIFT, Key::F);
    assert!(window.has_part("Type what to look for"));
    window.write("varnow");
    // The search begins after a pause in typing.
    assert!(window.has_part("hits in 3 articles"));
    window.key(Key::Enter);
    assert!(window.reads());
    assert_eq!((window.article().as_str(), window.selected().as_str()), (&*first_title(), "Varnow"));
    window.key(Key::L);
    window.key(Key::F4);
    window.key(Key::F4);
    assert_eq!(window.article(), "Varnow council passes budget after a night of amendments");
    assert_eq!(window.selected(), "Varnow");
    window.key(Key::L);
    assert!(window.spans().contains(&"place: Varnow".to_owned()));
    assert!(
        window.has_part("Varnow council passes budget after a night of amendments Varnow, 3 June"),
        "the list is still there"
    );
    assert!(window.has_part("labeled Place"), "and knows what was said since");
    window.keys(SHIFT, Key::F4);
    assert_eq!(window.article(), first_title());
    window.keys(CTRL | SHIFT, Key::F);
    window.key(Key::Enter);
    assert_eq!(window.article(), first_title(), "who comes back finds the list as it was");
    window.keys(CTRL | SHIFT, Key::F);
    window.write("ΠΟΤΑΜΌΣ");
    assert!(window.has_part("הר, and the two are one old word; Greek ποταμός lives on"));
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.selected(), "ποταμός");
    assert_eq!(window.article(), "One river, many names: how the Linde got onto the maps");
    window.keys(CTRL | SHIFT, Key::F);
    window.write("(");
    window.keys(ALT, Key::R);
    assert!(window.has_part("A bracket ( is not closed"));
    window.key(Key::Escape);
    assert!(window.reads() && !window.has("Search in all articles"));
}

#[test]
fn a_click_opens_a_found_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL | SHIFT, Key::F);
    window.write("river travel");
    let row = window.harness.get_by_label_contains("Words for river travel well");
    row.click();
    window.settle();
    assert_eq!(window.selected(), "river travel");
    window.key(Key::F4);
    assert!(window.has("That was the last found place"));
}

fn first_title() -> String {
    "Grain exports from Lindhaven fall as harbor strike enters second week".to_owned()
}

#[test]
fn f6_leaves_the_find_bar() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::F);
    let focused = |window: &Window| window.harness.ctx.memory(|memory| memory.focused());
    let field = focused(&window);
    window.key(Key::F6);
    assert_ne!(focused(&window), field);
    window.keys(SHIFT, Key::F6);
    assert_eq!(focused(&window), field);
}

#[test]
fn an_arrow_right_behind_escape_moves_no_focus_away_from_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.find("crowns");
    // Each key in the frame right behind the other, as quick hands have it.
    for key in [Key::Escape, Key::ArrowLeft] {
        let pressed = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
        window.harness.input_mut().events.push(pressed);
        window.harness.step();
    }
    window.settle();
    assert!(window.reads());
}
