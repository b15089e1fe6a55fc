//! Nothing is lost without a word: failures of the disk, closing, copies, and errors of the window itself.

use std::path::{Path, PathBuf};

use eframe::egui::{Key, Theme, ViewportCommand};
use egui_kittest::kittest::Queryable;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::fence;
use rubricate::model::project::Project;
use rubricate::store::open::Mode;
use rubricate::ui::ended::Spot;
use rubricate::ui::view::View;

use crate::window::{CTRL, SHIFT, Window, sample};

const FIRST: &str = "Tuesday, and officials";

/// A window on a project in a folder that can be taken away.
struct Disk {
    window: Window,
    inside: PathBuf,
    away: PathBuf,
}

impl Disk {
    fn open(folder: &Path) -> Self {
        let (inside, away) = (folder.join("in"), folder.join("away"));
        std::fs::create_dir(&inside).unwrap();
        let window = Window::open(Some(&sample(&inside)), folder, Theme::Light);
        Self { window, inside, away }
    }

    /// The disk is gone, and whatever lies there is out of reach.
    fn pull(&self) {
        std::fs::rename(&self.inside, &self.away).unwrap();
    }

    fn plug(&self) {
        std::fs::rename(&self.away, &self.inside).unwrap();
    }

    fn label(&mut self) {
        self.window.clicks(FIRST, 2);
        let key = if self.window.spans().contains(&"date: Tuesday".to_owned()) { Key::P } else { Key::D };
        self.window.key(key);
        self.wait("the disk has answered", |window| window.harness.state().session().unwrap().is_idle());
    }

    fn wait(&mut self, what: &str, there: impl Fn(&Window) -> bool) {
        for _ in 0..1_000 {
            self.window.harness.run_steps(2);
            if there(&self.window) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("never: {what}");
    }

    fn project(&self) -> Project {
        self.window.harness.state().session().unwrap().project().clone()
    }
}

fn read(path: &Path) -> Project {
    Session::open(path, Mode::Read, Env::fixed(99), None).unwrap().project().clone()
}

fn is_open(window: &Window) -> bool {
    window.harness.state().session().is_some()
}

#[test]
fn a_failure_stays_in_sight_until_the_disk_is_there_again_and_then_it_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut disk = Disk::open(folder.path());
    assert!(disk.window.has("Saved") && !disk.window.has_part("Not saved"));
    disk.pull();
    disk.label();
    assert!(disk.window.has_part("Not saved: ") && disk.window.has_part("In memory only: 1 edit."));
    assert!(!disk.window.has("Saved"));
    // Neither time nor keys take it away.
    disk.window.harness.run_steps(300);
    disk.window.key(Key::Escape);
    disk.window.click("Try again now");
    assert!(disk.window.has_part("Not saved: ") && !disk.window.has("Saved"));
    assert!(disk.window.has("Save a copy elsewhere…"));
    disk.plug();
    disk.window.click("Try again now");
    disk.wait("it is saved", |window| window.has("Saved") && window.has("Everything is on disk again."));
    assert!(!disk.window.has_part("Not saved") && disk.window.has("Everything is on disk again."));
    disk.window.click("Dismiss the message");
    disk.label();
    assert!(!disk.window.has("Everything is on disk again."), "once is enough");
    disk.window.command("messages");
    assert!(disk.window.has_part("Could not ") && disk.window.has("Everything is on disk again."));
    let (project, path) = (disk.project(), disk.inside.join("sample.ron"));
    drop(disk);
    assert_eq!(read(&path), project);
}

#[test]
fn a_copy_has_what_the_disk_did_not_take_and_then_nothing_is_lost_by_closing() {
    let folder = tempfile::tempdir().unwrap();
    let mut disk = Disk::open(folder.path());
    disk.pull();
    disk.label();
    let expected = disk.project();
    disk.window.keys(CTRL, Key::W);
    assert!(is_open(&disk.window) && disk.window.has("Not everything is saved"));
    assert!(disk.window.harness.get_by_label("Wait").is_focused(), "Enter loses nothing");
    assert!(disk.window.has("Close without the last edit"));
    disk.window.harness.get_all_by_label("Save a copy elsewhere…").last().unwrap().click();
    disk.window.settle();
    // The place of the project itself is no place for a copy, though nothing is there now.
    disk.window.type_into("Path", disk.inside.join("sample.ron").to_str().unwrap());
    assert!(disk.window.has_part("That is the open project itself"));
    let copy = folder.path().join("rescued.ron");
    disk.window.type_into("Path", copy.to_str().unwrap());
    disk.window.key(Key::Enter);
    assert!(disk.window.has_part("A copy of everything is saved."));
    assert!(disk.window.has("✓ The copy that you saved has everything."));
    disk.window.click("Close");
    assert!(!is_open(&disk.window));
    let rescued = read(&copy);
    assert_eq!(rescued.sets().collect::<Vec<_>>(), expected.sets().collect::<Vec<_>>());
}

#[test]
fn leaving_waits_for_the_disk_if_asked_and_goes_on_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut disk = Disk::open(folder.path());
    disk.pull();
    disk.label();
    let expected = disk.project();
    disk.window.keys(CTRL, Key::W);
    disk.window.key(Key::Escape);
    assert!(is_open(&disk.window) && !disk.window.has("Not everything is saved"), "Escape stays");
    disk.window.keys(CTRL, Key::W);
    disk.window.key(Key::Enter);
    assert!(is_open(&disk.window) && disk.window.has("Stay open"));
    disk.window.click("Stay open");
    assert!(!disk.window.has("Stay open"));
    disk.window.keys(CTRL, Key::W);
    disk.window.click("Wait");
    disk.plug();
    disk.wait("it is closed", |window| !is_open(window));
    assert_eq!(read(&disk.inside.join("sample.ron")), expected);
}

#[test]
fn another_project_waits_until_the_first_one_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let other = sample(folder.path());
    let mut disk = Disk::open(folder.path());
    disk.pull();
    disk.label();
    disk.window.keys(CTRL, Key::O);
    disk.window.type_into("Path", other.to_str().unwrap());
    disk.window.key(Key::Enter);
    let path = |disk: &Disk| disk.window.harness.state().session().unwrap().path.clone();
    assert!(disk.window.has("Not everything is saved") && path(&disk) != other);
    disk.window.click("Close without the last edit");
    assert_eq!(path(&disk), other);
    assert!(disk.window.has("Saved"));
}

#[test]
fn closing_the_window_asks_only_when_something_would_be_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut disk = Disk::open(folder.path());
    let close = |disk: &mut Disk| {
        let input = disk.window.harness.input_mut();
        let id = input.viewport_id;
        input.viewports.entry(id).or_default().events.push(eframe::egui::ViewportEvent::Close);
        disk.window.harness.step();
        let output = disk.window.harness.output().viewport_output.values();
        let kept =
            output.flat_map(|viewport| &viewport.commands).any(|command| *command == ViewportCommand::CancelClose);
        disk.window.harness.input_mut().viewports.entry(id).or_default().events.clear();
        disk.window.settle();
        kept
    };
    disk.pull();
    disk.label();
    assert!(close(&mut disk) && is_open(&disk.window) && disk.window.has("Not everything is saved"));
    disk.window.key(Key::Escape);
    disk.plug();
    disk.window.keys(CTRL, Key::S);
    disk.wait("it is saved", |window| window.has("Saved"));
    // The project file cannot be written, but the journal has everything.
    let file = disk.inside.join("sample.ron");
    std::fs::rename(&file, disk.inside.join("aside")).unwrap();
    std::fs::create_dir(&file).unwrap();
    disk.label();
    disk.window.keys(CTRL, Key::S);
    disk.wait("the file is behind", |window| window.has("Saved in the journal"));
    close(&mut disk);
    assert!(!is_open(&disk.window) && !disk.window.has("Not everything is saved"));
}

#[test]
fn a_copy_can_be_saved_at_any_time_and_work_goes_on_in_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let project = sample(folder.path());
    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    window.keys(CTRL | SHIFT, Key::S);
    window.key(Key::Enter);
    let copy = folder.path().join("sample copy.ron");
    assert!(copy.exists() && window.has_part("A copy of everything is saved."));
    assert_eq!(window.harness.state().session().unwrap().path, project);
    window.keys(CTRL | SHIFT, Key::S);
    assert!(window.has_part("sample copy 2.ron") || window.harness.get_by_label("Path").value().is_some());
    window.type_into("Path", copy.to_str().unwrap());
    assert!(window.has_part("it is never overwritten"));
}

/// A panic whose message has words of the article, as those of the standard library do.
fn breaks(spot: Spot, view: &View<'_>, wanted: Spot) {
    if let Some(article) = view.article().filter(|article| spot == wanted && article.number == 1) {
        panic!("byte index 3 is not a char boundary; it is inside of `{}`", article.text().as_str());
    }
}

#[test]
fn an_article_that_cannot_be_drawn_leaves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    fence::watch(Env::fixed(5), None);
    let mut window = Window::open(Some(&sample(folder.path())), folder.path(), Theme::Light);
    let before = window.spans();
    window.harness.state_mut().set_fault(Some(|spot, view| breaks(spot, view, Spot::Reader)));
    window.settle();
    assert!(window.has("This article cannot be drawn") && !window.harness.state().has_ended());
    window.harness.get_by_label("Copy the report").click();
    let copied = (0..4).find_map(|_| {
        window.harness.step();
        let mut commands = window.harness.output().platform_output.commands.iter();
        commands.find_map(|command| match command {
            eframe::egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    let copied = copied.unwrap();
    assert!(copied.contains("ui_safety.rs") && !copied.contains("officials"), "{copied}");
    window.click("Next article");
    assert!(!window.has("This article cannot be drawn"));
    window.clicks("Ilse Brandt called", 2);
    window.key(Key::P);
    assert_eq!(window.spans(), ["person: Ilse"]);
    window.keys(CTRL, Key::PageUp);
    assert!(window.has("This article cannot be drawn"));
    window.harness.state_mut().set_fault(None);
    window.click("Try again");
    assert!(!window.has("This article cannot be drawn"));
    assert_eq!(window.spans(), before);
    window.clicks(FIRST, 2);
    window.key(Key::D);
    assert_eq!(window.spans().len(), before.len() + 1);
}

#[test]
fn a_panic_of_the_window_loses_nothing_is_kept_without_text_and_told_at_the_next_start() {
    for wanted in [Spot::Logic, Spot::Panels] {
        let folder = tempfile::tempdir().unwrap();
        let crashes = folder.path().join("crashes");
        let project = sample(folder.path());
        fence::watch(Env::fixed(5), Some(crashes.clone()));
        let start = |crashes: &Path| {
            let crashes = crashes.to_path_buf();
            Window::open_with(Some(&project), folder.path(), Theme::Light, move |app| app.watch_crashes(Some(crashes)))
        };
        let mut window = start(&crashes);
        assert!(!window.has_part("ended unexpectedly"));
        window.clicks(FIRST, 2);
        window.key(Key::D);
        window.clicks("Kaibund rejected", 2);
        window.key(Key::O);
        let expected = window.harness.state().session().unwrap().project().clone();
        let fault = match wanted {
            Spot::Logic => |spot: Spot, view: &View<'_>| breaks(spot, view, Spot::Logic),
            _ => |spot: Spot, view: &View<'_>| breaks(spot, view, Spot::Panels),
        };
        window.harness.state_mut().set_fault(Some(fault));
        window.harness.run_steps(4);
        assert!(window.harness.state().has_ended() && window.has("Rubricate met an error and has to close"));
        assert!(window.has("Everything that you did is on disk; the next start has it."));
        let reports: Vec<_> = std::fs::read_dir(&crashes).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(reports.len(), 1);
        let report = std::fs::read_to_string(&reports[0]).unwrap();
        assert!(
            report.contains("ui_safety.rs") && report.contains("byte index 3 is not a char boundary …"),
            "{report}"
        );
        assert!(report.contains("Label, "), "{report}");
        for secret in ["officials", "Kaibund", "Tuesday", "sample", "Port"] {
            assert!(!report.contains(secret), "{secret}: {report}");
        }
        // The window goes away as it does when the program ends.
        drop(window);

        let mut window = start(&crashes);
        assert_eq!(*window.harness.state().session().unwrap().project(), expected);
        assert!(window.has_part("Rubricate ended unexpectedly on 2026-01-01 at 00:00 UTC."));
        assert!(window.has_part("Recovered ") && window.has_part("nothing that was saved is missing."));
        window.click("Show report");
        assert!(window.has("Text of the report"));
        window.key(Key::Escape);
        window.command("messages");
        assert!(window.harness.query_all_by_label_contains("ended unexpectedly").count() > 1);
        window.click("Close");
        window.click("Delete report");
        assert!(!window.has_part("ended unexpectedly on"));
        assert_eq!(std::fs::read_dir(&crashes).unwrap().count(), 0);
        window.keys(CTRL, Key::W);
        drop(window);
        let window = start(&crashes);
        assert!(!window.has_part("ended unexpectedly") && !window.has_part("Recovered"));
    }
}

#[test]
fn after_a_kill_the_next_start_says_what_was_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("killed");
    std::fs::create_dir(&disk).unwrap();
    let project = sample(folder.path());
    let mut window = Window::open(Some(&project), folder.path(), Theme::Light);
    window.clicks(FIRST, 2);
    window.key(Key::D);
    window.harness.state().session().unwrap().flush().unwrap();
    // What the disk had when the program was killed: the lock that nobody took away among it.
    std::fs::create_dir(disk.join("sample.journal")).unwrap();
    for inside in ["", "sample.journal"] {
        for entry in std::fs::read_dir(folder.path().join(inside)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, disk.join(inside).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let mut window = Window::open(Some(&disk.join("sample.ron")), folder.path(), Theme::Light);
    assert!(window.has_part("Rubricate or the computer stopped before the project was closed."));
    assert!(window.has("Recovered 1 edit; nothing that was saved is missing.") && !window.has("Show report"));
    window.click("Dismiss");
    assert!(!window.has_part("Recovered"));
}
