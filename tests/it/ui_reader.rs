//! The reader through the window: pictures in ten scripts, and an article marked by keys alone and by pointer alone.

use std::path::Path;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotResults};
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::model::annotation_set::SetKey;
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::project::Project;
use rubricate::model::span::Span;
use rubricate::model::value::Value;
use rubricate::text::range::TextRange;
use rubricate::ui::app::App;
use rubricate::ui::text::overlay::Grip;

use eframe::egui::{Event, Key, Modifiers, Pos2, Theme, vec2};

use crate::fixture;
use crate::window::{CTRL, SHIFT, Window};

const SCRIPTS: &str = "Ten scripts on one page\n\n\
    {person:Nguyễn Thị Hồng} nói: “Giá gạo tăng {amount:12 %} từ {date:tháng Năm}.”\n\n\
    Η υπουργός {person:Ελένη Παππά} μίλησε στη {place:Θεσσαλονίκη} για τα λιμάνια.\n\n\
    Министр {person:Ольга Крылова} приехала в {place:Казань} во {date:вторник утром}.\n\n\
    قالت الوزيرة {person:ليلى حدّاد} في {place:بيروت} {claim:إن الميناء سيُفتح يوم {date:14 مايو 2024}} \
    ({organization:Reuters}).\n\n\
    השרה {person:נועה ברק} אמרה ב{place:חיפה} {claim:כי הנמל ייפתח ב-{date:14 במאי}}, לפי {organization:Reuters}.\n\n\
    मंत्री {person:क्षितिज शर्मा} ने {place:दिल्ली} में कहा {claim:कि बंदरगाह फिर खुलेगा}।\n\n\
    அமைச்சர் {person:கௌரி} {place:சென்னையில்} துறைமுகம் திறக்கப்படும் என்றார்.\n\n\
    รัฐมนตรี{person:สุดา แก้วใส} กล่าวที่{place:กรุงเทพฯ} ว่าท่าเรือจะเปิดอีกครั้ง\n\n\
    {person:佐藤}大臣は{place:東京}で「{claim:港は{date:五月}に再開する}」と話した。{place:北京}的记者也在场。\n\n\
    {person:김} 장관은 {place:부산}에서 항구가 다시 열린다고 말했다.\n\n\
    {boilerplate:Share 👩‍👩‍👧 🇳🇱 👍🏽 and cafe\u{301} with na\u{a0}\u{ad}ïve\ttabs\u{200b}.}\n";

/// Thirty spans in five lines; claims in three lanes.
const DENSE: &str = "{claim#1:The {organization:Port of {place:Lindhaven}} said on {date:Tuesday} that \
    {claim#2:{amount:38 percent} of the {event:Harbor Fair} was lost, {evidence#3:as {person:{person:Petra} Lindqvist} \
    of {organization:{place:Varnow} University} wrote in {date:May}}, and {person:Jonas Weil} of {organization:Kaibund} \
    agreed}}; {counter-claim#4:but {person:Agriculture Minister {person:Miriam Staudte}} told {organization:the \
    {place:Varnow} {organization:council of {place:the Coast}}} that {claim#5:{amount:12 million crowns} would go to \
    {place:Sandhafen} by {date:{date:June} 2024}, {evidence#6:{amount:4.50 crowns} an hour more than \
    {event:the {place:Lindhaven} strike} had cost}}}, {claim#1:and {person:Amara Okafor} knew it}.\n\n\
    {claim:Nothing} was {date:yesterday} as in {place:Hamburg}.\n";

fn fonts(harness: &mut Harness<'static, App>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end != "md")) {
        harness.state_mut().reader_mut().unwrap().add_font(std::fs::read(file).unwrap());
    }
}

fn opened(folder: &Path, notation: &str, theme: Theme) -> Window {
    shown(folder, fixture::project(notation), theme)
}

fn shown(folder: &Path, project: Project, theme: Theme) -> Window {
    Session::create(&folder.join("news.ron"), project, Env::fixed(1), None).unwrap().close().unwrap();
    let file = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|end| end == "ron")).unwrap();
    let mut window = Window::open(Some(&file), folder, theme);
    fonts(&mut window.harness);
    window.settle();
    window
}

/// What a program suggests beside what Anna marked.
fn suggested() -> Project {
    let mut project = fixture::project(
        "{person:Petra Holm} said that the port of Lindhaven will open in May.\n\nSign up for our newsletter\n",
    );
    let robot = Annotator { name: "Robot".to_owned(), role: Role::Machine };
    let mut edits = vec![Edit::Annotator("robot".into(), Change::create(robot))];
    let key = SetKey { by: "robot".into(), ..fixture::by_anna("a1") };
    let text = project.article(&key.article).unwrap().text().clone();
    let suggestions = [
        ("s1", "place", "Lindhaven"),
        ("s2", "claim", "the port of Lindhaven will open in May"),
        ("s3", "boilerplate", "Sign up for our newsletter"),
    ];
    for (id, label, words) in suggestions {
        let byte = text.as_str().find(words).unwrap();
        let range = TextRange::new(text.place(byte), text.place(byte + words.len())).unwrap();
        let span = Span::typed(range.into(), label.into(), words.to_owned());
        edits.push(Edit::Span(key.clone(), id.into(), Change::create(span)));
    }
    apply(&mut project, &edits).unwrap();
    project
}

#[test]
fn suggestions_and_signs_look_as_they_did() {
    let mut results = SnapshotResults::new();
    let folder = tempfile::tempdir().unwrap();
    let mut window = shown(folder.path(), suggested(), Theme::Light);
    window.harness.set_size(vec2(1_100.0, 420.0));
    window.settle();
    assert!(window.has("Suggested by robot: Place, Lindhaven") && window.has("Person, Petra Holm, 1 of 1"));
    // A suggestion is nothing that a click could choose.
    window.clicks("Lindhaven", 1);
    assert!(window.harness.state().session().unwrap().span().is_none());
    results.add(window.harness.try_snapshot("suggestions"));
    let folder = tempfile::tempdir().unwrap();
    let text =
        "A tab\there, a soft\u{ad}hyphen, a hard\u{a0}blank, pay\u{200b}pal, \u{200f}a mark, a\u{7}bell.\nNext.\n";
    let mut window = opened(folder.path(), text, Theme::Light);
    window.harness.set_size(vec2(1_100.0, 420.0));
    window.command("Show invisible");
    results.add(window.harness.try_snapshot("signs"));
}

#[test]
fn scripts_nesting_and_directions_look_as_they_did() {
    let mut results = SnapshotResults::new();
    let looks = [
        (Theme::Light, false, "light"),
        (Theme::Dark, false, "dark"),
        (Theme::Light, true, "light-contrast"),
        (Theme::Dark, true, "dark-contrast"),
    ];
    for (theme, contrast, name) in looks {
        let folder = tempfile::tempdir().unwrap();
        let mut window = opened(folder.path(), SCRIPTS, theme);
        if contrast {
            window.command("High contrast");
        }
        results.add(window.harness.try_snapshot(format!("scripts-{name}")));
        // From the Latin word into the Arabic ones.
        let (from, to) = (window.place_of("Reuters).").start() + 3, window.place_of("يوم").start());
        window.select_between(from, to);
        results.add(window.harness.try_snapshot(format!("direction-{name}")));
        let folder = tempfile::tempdir().unwrap();
        let mut window = opened(folder.path(), DENSE, theme);
        if contrast {
            window.command("High contrast");
        }
        window.harness.set_size(vec2(980.0, 520.0));
        window.key(Key::Period);
        results.add(window.harness.try_snapshot(format!("dense-{name}")));
    }
}

const ARTICLE: &str = "Skip to content\n\nShare this page\n\nMinister Petra Holm said the port of Lindhaven will open \
    in May.\n\nNobody believed her, said Jonas Weil, and wheat will cost more.\n";

/// What both hands have to make of it: spans with attributes and relations, in reading order.
fn made(window: &Window) -> Vec<String> {
    let set = window.set();
    let mut all = window.spans();
    let attributes = set.in_reading_order().into_iter().flat_map(|(_, span)| span.attributes.clone());
    all.extend(attributes.map(|(id, value)| format!("{id} = {value}")));
    all.extend(set.relations.values().map(|relation| {
        let words = |end: &rubricate::model::relation::End| match end {
            rubricate::model::relation::End::Span(id) => set.spans[id].quote.clone(),
            rubricate::model::relation::End::Relation(id) => id.to_string(),
        };
        format!("{} -{}-> {}", words(&relation.from), relation.kind, words(&relation.to))
    }));
    all.push(set.review.state.word().to_owned());
    all
}

const WANTED: [&str; 11] = [
    "boilerplate: Skip to content",
    "boilerplate: Share this page",
    "person: Petra Holm",
    "claim: the port of Lindhaven will open in May",
    "organization: port of Lindhaven",
    "place: Lindhaven",
    "claim: Nobody believed her|wheat will cost more",
    "person: Jonas Weil",
    "kind = prediction",
    "the port of Lindhaven will open in May -claimed-by-> Petra Holm",
    "done",
];

#[test]
fn a_whole_article_by_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    // Two blocks: the block cursor, one more, the letter.
    window.keys(CTRL, Key::Home);
    window.keys(Modifiers::ALT, Key::ArrowDown);
    window.keys(Modifiers::ALT | SHIFT, Key::ArrowDown);
    window.key(Key::B);
    for (words, key) in [
        ("Petra Holm", Key::P),
        ("port of Lindhaven", Key::O),
        ("Lindhaven", Key::L),
        ("the port of Lindhaven will open in May", Key::C),
    ] {
        window.select_by_keys(words);
        window.key(key);
    }
    // The claim is selected: its kind, and who claims it.
    window.key(Key::Num6);
    window.key(Key::Equals);
    window.key(Key::Comma);
    window.key(Key::Enter);
    // One word too many, and a fragment.
    window.select_by_keys("said Jonas Weil");
    window.key(Key::P);
    window.key(Key::CloseCurlyBracket);
    window.select_by_keys("Nobody believed her");
    window.key(Key::C);
    window.select_by_keys("wheat will cost more");
    window.keys(SHIFT, Key::Enter);
    window.keys(CTRL, Key::Enter);
    assert_eq!(made(&window), WANTED);
}

#[test]
fn a_whole_article_by_pointer_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    // Two blocks: a drag in the strip left of them.
    let strip = |at: Pos2| Pos2::new(at.x - 24.0, at.y);
    let (from, to) = (window.place_of("Skip"), window.place_of("Share"));
    let (from, to) = (strip(window.point(from.start())), strip(window.point(to.start())));
    window.drag_points(from, to, Modifiers::NONE);
    window.click_part("Label as Boilerplate,");
    for (words, label) in [
        ("Petra Holm", "Person"),
        ("port of Lindhaven", "Organization"),
        ("the port of Lindhaven will open in May", "Claim"),
        ("said Jonas Weil", "Person"),
        ("Nobody believed her", "Claim"),
    ] {
        window.drag(words);
        window.click_part(&format!("Label as {label},"));
    }
    window.drag_with("wheat will cost more", CTRL);
    window.harness.run_steps(16);
    window.clicks("Lindhaven will", 2);
    window.click_part("Label as Place,");
    window.harness.run_steps(16);
    // A handle takes back a word.
    window.clicks("said Jonas", 1);
    let start = window.place_of("Jonas").start();
    let (from, to) = (window.grip(Grip::Edge(0, false)), window.point(start));
    window.drag_points(from, to + vec2(1.0, 0.0), Modifiers::NONE);
    // The claim by its chip, its kind in the inspector, and a relation drawn from its ring.
    window.click_part("Chip: Claim, the port of Lindhaven");
    window.click_part("Kind: Prediction");
    let holm = window.place_of("Holm").start();
    let (from, to) = (window.grip(Grip::Ring), window.point(holm));
    window.drag_points(from, to + vec2(4.0, 0.0), Modifiers::NONE);
    window.harness.get_all_by_label("Articles").next().unwrap().click();
    window.settle();
    window.click_part("Mark as done");
    assert_eq!(made(&window), WANTED);
}

#[test]
fn a_label_sticks_when_its_letter_comes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    window.key(Key::P);
    assert!(window.spans().is_empty());
    window.key(Key::P);
    assert!(window.has_part("Every selection becomes Person"));
    window.drag("Petra Holm");
    window.clicks("Jonas", 2);
    window.harness.run_steps(20);
    assert_eq!(window.spans(), ["person: Petra Holm", "person: Jonas"]);
    // By keys the selection is finished when Shift is let go.
    let start = window.place_of("Lindhaven").start();
    window.walk_to(start, Modifiers::NONE);
    window.keys(CTRL | SHIFT, Key::ArrowRight);
    assert_eq!(window.spans(), ["person: Petra Holm", "person: Lindhaven", "person: Jonas"]);
    window.key(Key::Escape);
    window.drag("wheat");
    assert_eq!((window.spans().len(), window.selected().as_str()), (3, "wheat"));
}

#[test]
fn edges_move_by_character_and_keep_what_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "Ask {claim kind=law:the ports} here.\n", Theme::Light);
    window.key(Key::Period);
    window.keys(CTRL, Key::OpenBracket);
    window.keys(CTRL, Key::CloseCurlyBracket);
    assert_eq!(window.spans(), ["claim: he port"]);
    window.key(Key::CloseBracket);
    window.keys(CTRL | SHIFT, Key::OpenCurlyBracket);
    assert_eq!(window.spans(), ["claim: the ports"]);
    window.key(Key::K);
    let set = window.set();
    let span = set.spans.values().next().unwrap();
    assert_eq!(span.label.to_string(), "counter-claim");
    assert_eq!(span.attributes.values().next(), Some(&Value::Choice("law".to_owned())));
}

#[test]
fn a_relation_can_be_given_up_and_takes_only_ends_that_fit() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{person:Petra} and {claim:the ports} in {place:Varnow} and {organization:Kaibund}.\n";
    let mut window = opened(folder.path(), text, Theme::Light);
    window.key(Key::Period);
    window.key(Key::Period);
    window.key(Key::Equals);
    window.key(Key::Period);
    window.key(Key::Escape);
    let chosen = |window: &Window| window.harness.state().session().unwrap().span().unwrap().1.quote.clone();
    assert_eq!((chosen(&window).as_str(), window.set().relations.len()), ("the ports", 0));
    window.key(Key::Equals);
    window.clicks("Kaibund", 1);
    assert_eq!((chosen(&window).as_str(), window.set().relations.len()), ("the ports", 1));
    window.keys(CTRL, Key::Z);
    assert_eq!(window.set().relations.len(), 0);
}

#[test]
fn a_click_and_a_click_with_ctrl_select_what_is_between() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    window.clicks("Petra", 1);
    let end = window.place_of("Holm").end();
    let at = window.point(end) - vec2(3.0, 0.0);
    window.pointer(at, true, CTRL);
    window.pointer(at, false, CTRL);
    window.settle();
    assert_eq!(window.selected(), "Petra Holm");
}

#[test]
fn the_menu_on_the_text_labels_and_removes() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    window.drag("Petra Holm");
    let secondary = |window: &mut Window, words: &str| {
        let start = window.place_of(words).start();
        let at = window.point(start) + vec2(3.0, 0.0);
        for pressed in [true, false] {
            let button = eframe::egui::PointerButton::Secondary;
            window.harness.event(Event::PointerMoved(at));
            window.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
            window.harness.step();
        }
        window.settle();
    };
    secondary(&mut window, "Petra");
    window.click_part("Person");
    assert_eq!(window.spans(), ["person: Petra Holm"]);
    window.harness.run_steps(16);
    window.key(Key::Escape);
    secondary(&mut window, "Petra");
    window.harness.get_all_by_label("Remove span").last().unwrap().click();
    window.settle();
    assert!(window.spans().is_empty());
}

#[test]
fn a_page_that_is_dragged_beyond_scrolls_and_goes_on_selecting() {
    let folder = tempfile::tempdir().unwrap();
    let text = "A line of words that goes on.\n\n".repeat(80);
    let mut window = opened(folder.path(), &text, Theme::Light);
    let from = window.point(0) + vec2(2.0, 0.0);
    window.pointer(from, true, Modifiers::NONE);
    window.harness.event(Event::PointerMoved(Pos2::new(from.x + 40.0, 900.0)));
    window.harness.run_steps(30);
    let reached = window.harness.state().session().unwrap().place.caret;
    window.harness.run_steps(30);
    let further = window.harness.state().session().unwrap().place.caret;
    window.pointer(Pos2::new(from.x + 40.0, 700.0), false, Modifiers::NONE);
    window.settle();
    assert!(reached > 600 && further > reached, "{reached} {further}");
    let selection = window.harness.state().session().unwrap().place.selection();
    assert_eq!(selection.map(TextRange::start), Some(0));
}

#[test]
fn a_letter_that_is_held_down_labels_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), ARTICLE, Theme::Light);
    window.drag("Petra Holm");
    let press =
        |repeat| Event::Key { key: Key::P, physical_key: None, pressed: true, repeat, modifiers: Modifiers::NONE };
    window.harness.event(press(false));
    window.harness.step();
    for _ in 0..5 {
        window.harness.event(press(true));
        window.harness.step();
    }
    window.settle();
    assert_eq!(window.spans(), ["person: Petra Holm"]);
    assert_eq!(window.harness.state().session().unwrap().place.sticky, None);
}

#[test]
fn a_click_on_a_handle_or_the_ring_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "{claim:He said that {person:Petra} came} and went.\n", Theme::Light);
    window.keys(SHIFT, Key::Num4);
    window.key(Key::Period);
    let before = window.spans();
    for grip in [Grip::Edge(0, true), Grip::Ring] {
        let at = window.grip(grip);
        window.drag_points(at, at, Modifiers::NONE);
        assert_eq!((window.spans(), window.set().relations.len()), (before.clone(), 0));
    }
}

#[test]
fn clicks_behind_the_last_word_select_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "One line without an end", Theme::Light);
    let end = window.place_of("end").end();
    let at = window.point(end) + vec2(40.0, 0.0);
    for _ in 0..2 {
        window.pointer(at, true, Modifiers::NONE);
        window.pointer(at, false, Modifiers::NONE);
    }
    window.settle();
    assert_eq!(window.selected(), "end");
    window.key(Key::P);
    assert_eq!(window.spans(), ["person: end"]);
}

#[test]
fn another_project_shows_its_own_articles_and_spans() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "{person:Petra} came.\n", Theme::Light);
    assert!(window.has("Person, Petra, 1 of 1"));
    // The same ids, other words.
    let other = folder.path().join("other.ron");
    let project = fixture::project_of(&["Nobody {place:there}.\n", "{person:Ada} saw it.\n"]);
    Session::create(&other, project, Env::fixed(2), None).unwrap().close().unwrap();
    window.keys(CTRL, Key::O);
    window.type_into("Path", other.to_str().unwrap());
    window.key(Key::Enter);
    assert!(window.has("Place, there, 1 of 1") && !window.has("Person, Petra, 1 of 1"));
    assert_eq!(window.harness.query_all_by_label("A title, new, 1 spans").count(), 2);
    assert!(window.has_part("Label as Place, 1 in this article"));
}

#[test]
fn escape_gives_up_a_drag_and_leaves_the_span() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "{person:Petra} Holm came.\n", Theme::Light);
    window.key(Key::Period);
    let (from, end) = (window.grip(Grip::Edge(0, true)), window.place_of("Holm").end());
    let to = window.point(end);
    window.pointer(from, true, Modifiers::NONE);
    window.harness.event(Event::PointerMoved(to));
    window.harness.step();
    window.key(Key::Escape);
    window.pointer(to, false, Modifiers::NONE);
    window.settle();
    assert_eq!(window.spans(), ["person: Petra"]);
    assert!(window.harness.state().session().unwrap().span().is_some());
}

#[test]
fn a_span_that_was_deselected_gets_no_fragment() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), "{claim:The port} is open, they say.\n", Theme::Light);
    window.clicks("port", 1);
    window.key(Key::Escape);
    window.harness.run_steps(16);
    window.clicks("say", 2);
    window.keys(SHIFT, Key::Enter);
    assert_eq!(window.spans(), ["claim: The port"]);
    assert!(window.has_part("Label or select a span first"));
}
