//! The past in the window: the history by keys, going back, removed articles, backups, deleted projects.

use egui_kittest::kittest::Queryable;
use rubricate::app::command::Command;

use eframe::egui::{Key, Theme};

use crate::window::{CTRL, SHIFT, Window, opened, sample};

fn ask(window: &mut Window, command: Command) {
    window.harness.state_mut().ask(command);
    window.settle();
}

#[test]
fn the_history_is_walked_shown_and_gone_back_to_by_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let before = window.spans();
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    window.clicks("rejected", 2);
    window.key(Key::P);
    let after = window.spans();
    window.keys(CTRL, Key::H);
    assert!(window.has_part("Label as Person: added ‘rejected’ as Person"));
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.selected(), "Tuesday");
    window.key(Key::End);
    window.key(Key::R);
    assert!(window.has("2 spans go."));
    window.key(Key::Enter);
    assert_eq!(window.spans(), before);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), after);
    window.keys(CTRL, Key::H);
    assert!(window.has_part("Undo: Restore the article to before the first act"));
    window.key(Key::Escape);
    assert!(!window.has("Close the history"));
    window.clicks("André Kretschmar", 1);
    window.key(Key::O);
    assert_ne!(window.spans(), after);
}

#[test]
fn the_history_follows_what_is_done_and_the_article_that_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    window.keys(CTRL, Key::H);
    assert!(window.has("Before the first act that is kept") || window.has_part("Nothing was done yet"));
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    assert!(window.has_part("added ‘Tuesday’ as Date or time"));
    window.keys(CTRL, Key::Z);
    assert!(window.has_part("added ‘Tuesday’ as Date or time, undone"));
    window.keys(CTRL, Key::PageDown);
    assert!(!window.has_part("added ‘Tuesday’ as Date or time"));
    window.click("Whole project");
    assert!(window.has_part("added ‘Tuesday’ as Date or time, undone"));
}

#[test]
fn only_rows_in_sight_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    for number in 0..300 {
        window.harness.state_mut().ask(Command::RenameProject(format!("Name {number}")));
    }
    window.settle();
    window.keys(CTRL, Key::H);
    window.click("Whole project");
    assert!(window.has_part("the project is called ‘Name 299’"));
    assert!(window.harness.query_all_by_label_contains("the project is called").count() < 40);
    window.key(Key::End);
    window.key(Key::ArrowUp);
    assert!(window.has_part("the project is called ‘Name 0’"));
    window.key(Key::R);
    window.key(Key::Enter);
    let name = |window: &Window| window.harness.state().session().unwrap().project().facts.name.clone();
    assert_eq!(name(&window), "Name 0");
    window.keys(CTRL, Key::Z);
    assert_eq!(name(&window), "Name 299");
}

#[test]
fn a_removed_article_comes_back_from_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let spans = window.spans();
    let id = window.harness.state().session().unwrap().place.article.clone().unwrap();
    ask(&mut window, Command::RemoveArticle(id.clone()));
    assert!(window.harness.state().session().unwrap().project().article(&id).is_none());
    window.command("removed articles");
    window.key(Key::Enter);
    assert!(window.has_part("spans come."));
    window.key(Key::Enter);
    assert_eq!(window.harness.state().session().unwrap().place.article, Some(id));
    assert_eq!(window.spans(), spans);
    window.command("removed articles");
    assert!(window.has_part("No article is missing"));
    window.key(Key::Escape);
    assert!(!window.has_part("No article is missing"));
}

#[test]
fn the_first_change_of_a_day_makes_a_backup_that_can_be_restored_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let place = folder.path().join("sample.backups");
    assert!(!place.exists());
    let (before, bytes) = (window.spans(), std::fs::read(folder.path().join("sample.ron")).unwrap());
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    let backup = place.join("2026-01-01.ron");
    assert_eq!(std::fs::read(&backup).unwrap(), bytes);
    window.command("restore a backup");
    window.key(Key::Enter);
    assert!(window.has("1 span goes."));
    window.key(Key::Enter);
    assert_eq!(window.spans(), before);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans().len(), before.len() + 1);
    window.command("restore a backup");
    window.click("Open as a copy…");
    window.type_into("Path", folder.path().join("copy.ron").to_str().unwrap());
    window.key(Key::Enter);
    assert_eq!(window.harness.state().session().unwrap().path, folder.path().join("copy.ron"));
    assert_eq!(window.spans(), before);
}

#[test]
fn a_project_is_deleted_by_its_name_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path());
    let mut window = Window::open(Some(&path), folder.path(), Theme::Light);
    window.clicks("Tuesday, and officials", 2);
    window.key(Key::D);
    let spans = window.spans();
    window.command("delete project");
    window.type_into("Name of the project", "Sample");
    window.key(Key::Enter);
    assert!(path.exists());
    window.type_into("Name of the project", "Sample: news from Varnow");
    window.key(Key::Enter);
    assert!(!path.exists() && window.harness.state().session().is_none());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["Rubricate trash"]);
    window.click("Restore deleted project…");
    window.key(Key::Enter);
    assert!(path.exists());
    assert_eq!(window.spans(), spans);
    window.keys(CTRL, Key::Z);
    window.keys(CTRL | SHIFT, Key::Z);
    assert_eq!(window.spans(), spans);
}
