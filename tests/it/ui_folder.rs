//! The form of a project in the window: from one file to a folder, and a choice where another program changed a file.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::{Key, Theme};
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::store::convert;
use rubricate::store::open::Mode;

use crate::window::{CTRL, Window, sample};

const FIRST: &str = "Tuesday, and officials";

fn wait(window: &mut Window, what: &str, there: impl Fn(&Window) -> bool) {
    for _ in 0..1_000 {
        window.harness.run_steps(2);
        if there(window) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("never: {what}");
}

fn saved(window: &Window) -> bool {
    window.has("Saved")
}

#[test]
fn a_project_in_one_file_goes_on_in_a_folder_with_its_history() {
    let folder = tempfile::tempdir().unwrap();
    let project = sample(folder.path());
    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    window.clicks(FIRST, 2);
    window.key(Key::P);
    assert!(window.spans().contains(&"person: Tuesday".to_owned()));
    window.command("convert");
    window.key(Key::Enter);
    let there = folder.path().join("sample");
    wait(&mut window, "the folder is open", |window| {
        window.harness.state().session().is_some_and(|session| session.path == there)
    });
    assert!(window.has_part("The former one is kept") && project.is_file());
    assert!(window.spans().contains(&"person: Tuesday".to_owned()));
    window.keys(CTRL, Key::Z);
    assert!(!window.spans().contains(&"person: Tuesday".to_owned()), "{:?}", window.spans());
    wait(&mut window, "it is saved", saved);
}

#[test]
fn a_name_that_is_taken_is_refused_and_the_project_stays_open() {
    let folder = tempfile::tempdir().unwrap();
    let project = sample(folder.path());
    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    let taken = folder.path().join("sample.ron");
    window.command("convert");
    window.type_into("Path", taken.to_str().unwrap());
    assert!(window.has("Something of that name is there already."));
    window.key(Key::Enter);
    assert_eq!(window.harness.state().session().unwrap().path, project);
}

/// The file with the only annotations of the sample's open article.
fn annotations(project: &Path, window: &Window) -> PathBuf {
    let session = window.harness.state().session().unwrap();
    let name = format!("{}.ron", session.article().unwrap().id);
    let by = project.join("annotations").join(session.person.as_str());
    let shelves = fs::read_dir(by).unwrap().map(|shelf| shelf.unwrap().path().join(&name));
    shelves.into_iter().find(|path| path.exists()).unwrap()
}

/// A window in which another program has just changed the annotations that are shown: `person` became `place`.
fn contested(folder: &Path) -> (Window, PathBuf, PathBuf) {
    let project = folder.join("news");
    convert::convert(&sample(folder), &project, &Env::fixed(7), &Progress::unseen()).unwrap();
    let mut window = Window::open(Some(&project), folder, Theme::Light);
    let file = annotations(&project, &window);
    let theirs = fs::read_to_string(&file).unwrap().replace("\"person\"", "\"place\"");
    fs::write(&file, theirs).unwrap();
    window.clicks(FIRST, 2);
    window.key(Key::P);
    window.keys(CTRL, Key::S);
    wait(&mut window, "both versions are kept", |window| window.has_part("Both versions are kept"));
    (window, project, file)
}

fn count(window: &Window, label: &str) -> usize {
    window.spans().iter().filter(|span| span.starts_with(label)).count()
}

#[test]
fn my_version_of_a_file_that_another_program_changed_can_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, project, file) = contested(folder.path());
    let before = window.spans();
    window.click("1 conflict");
    assert!(window.has("Conflicts") && window.has_part("differences between them"));
    window.click("Keep mine");
    assert!(window.has_part("No file waits for a choice") && !window.has("1 conflict"));
    window.click("Close");
    wait(&mut window, "it is saved", saved);
    assert_eq!(window.spans(), before);
    drop(window);
    let session = Session::open(&project, Mode::Read, Env::fixed(9), None).unwrap();
    assert!(session.conflicts().is_empty());
    assert!(fs::read_to_string(&file).unwrap().contains("\"person\""));
    let kept = fs::read_dir(project.join("theirs")).unwrap().next().unwrap().unwrap().path();
    assert!(!fs::read_to_string(kept).unwrap().contains("\"person\""));
}

#[test]
fn the_other_version_can_be_taken_and_that_is_one_act() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, project, _) = contested(folder.path());
    let before = window.spans();
    assert!(count(&window, "person") > 1);
    window.command("conflicts");
    window.click("Take the other version");
    window.click("Close");
    assert_eq!(count(&window, "person"), 0);
    wait(&mut window, "it is saved", saved);
    window.keys(CTRL, Key::Z);
    assert_eq!(window.spans(), before);
    window.keys(CTRL, Key::Y);
    wait(&mut window, "it is saved", saved);
    drop(window);
    let session = Session::open(&project, Mode::Read, Env::fixed(9), None).unwrap();
    assert!(session.conflicts().is_empty());
    assert!(session.project().sets().all(|(_, set)| set.spans.values().all(|span| span.label.as_str() != "person")));
}
