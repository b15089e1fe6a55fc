//! The window as tests drive it: real key and pointer events, controls found by their accessible names.

use std::path::{Path, PathBuf};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rubricate::app::settings::Kept;
use rubricate::base::env::Env;
use rubricate::model::annotation_set::AnnotationSet;
use rubricate::text::range::TextRange;
use rubricate::ui::app::{App, Setup};
use rubricate::ui::text::overlay::Grip;

use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Theme, vec2};

/// The window, driven as a person does.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
}

pub(crate) const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
pub(crate) const SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::NONE };

impl Window {
    pub(crate) fn open(project: Option<&Path>, samples: &Path, theme: Theme) -> Self {
        Self::open_with(project, samples, theme, |_| {})
    }

    /// Opens the window after something was done to it.
    pub(crate) fn open_with(
        project: Option<&Path>,
        samples: &Path,
        theme: Theme,
        prepare: impl FnOnce(&mut App) + 'static,
    ) -> Self {
        let (project, samples) = (project.map(Path::to_path_buf), samples.to_path_buf());
        let builder = Harness::builder()
            .with_size(vec2(1_240.0, 860.0))
            .with_theme(theme)
            .with_max_steps(64)
            .with_step_dt(0.04)
            .wgpu();
        let harness = builder.build_eframe(move |context| {
            let setup = Setup {
                env: Env::fixed(7).reading_by(Path::new(env!("CARGO_BIN_EXE_rubricate"))),
                settings: Kept::forgotten(),
                system_fonts: false,
                system_dialogs: false,
                samples,
                project,
                sample: false,
            };
            let mut app = App::new(&context.egui_ctx, setup);
            app.set_theme(&context.egui_ctx, theme);
            prepare(&mut app);
            app
        });
        let mut window = Self { harness };
        window.settle();
        window
    }

    /// Lets frames pass until nothing moves and nothing runs beside the window.
    pub(crate) fn settle(&mut self) {
        for _ in 0..400 {
            self.harness.run_steps(2);
            if !self.harness.state().is_busy() {
                self.harness.run_steps(3);
                if !self.harness.state().is_busy() {
                    return;
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("the window is busy for ever");
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.keys(Modifiers::NONE, key);
    }

    pub(crate) fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub(crate) fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    pub(crate) fn has_part(&self, name: &str) -> bool {
        self.harness.query_all_by_label_contains(name).next().is_some()
    }

    pub(crate) fn type_into(&mut self, name: &str, text: &str) {
        self.harness.get_by_label(name).focus();
        self.settle();
        self.keys(CTRL, Key::A);
        self.harness.get_by_label(name).type_text(text);
        self.settle();
    }

    pub(crate) fn place_of(&self, words: &str) -> TextRange {
        let article = self.harness.state().session().unwrap().article().unwrap();
        let byte = article.text().as_str().find(words).unwrap_or_else(|| panic!("no ‘{words}’"));
        let (start, end) = (article.text().place(byte), article.text().place(byte + words.len()));
        TextRange::new(start, end).unwrap()
    }

    /// Where a place is on the screen; scrolls there by selecting through the keyboard if it is not in sight.
    pub(crate) fn point(&mut self, place: u32) -> Pos2 {
        for _ in 0..200 {
            let found = self.harness.state_mut().reader_mut().unwrap().point_of(place);
            if let Some(point) = found.filter(|point| (40.0..820.0).contains(&point.y)) {
                return point;
            }
            let down = self.harness.state().session().unwrap().place.caret < place;
            self.key(if down { Key::PageDown } else { Key::PageUp });
        }
        panic!("place {place} cannot be reached");
    }

    pub(crate) fn pointer(&mut self, at: Pos2, pressed: bool, modifiers: Modifiers) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
        self.harness.step();
    }

    /// Drags over words, from a little inside their first letter to their end.
    pub(crate) fn drag(&mut self, words: &str) {
        let range = self.place_of(words);
        let from = self.point(range.start());
        let to = self.point(range.end());
        let from = {
            let again = self.point(range.start());
            if again == from { from } else { again }
        };
        self.pointer(from + vec2(2.0, 0.0), true, Modifiers::NONE);
        self.harness.event(Event::PointerMoved(from.lerp(to, 0.5)));
        self.harness.step();
        self.pointer(to - vec2(1.0, 0.0), false, Modifiers::NONE);
        self.settle();
    }

    /// Drags over words with keys held.
    pub(crate) fn drag_with(&mut self, words: &str, modifiers: Modifiers) {
        let range = self.place_of(words);
        let (from, to) = (self.point(range.start()), self.point(range.end()));
        self.drag_points(from + vec2(2.0, 0.0), to - vec2(1.0, 0.0), modifiers);
    }

    /// Drags from one point of the window to another.
    pub(crate) fn drag_points(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        self.pointer(from, true, modifiers);
        self.harness.event(Event::PointerMoved(from.lerp(to, 0.5)));
        self.harness.step();
        self.pointer(to, false, modifiers);
        self.settle();
    }

    /// Where a grip of the selected span is.
    pub(crate) fn grip(&mut self, wanted: Grip) -> Pos2 {
        let grips = self.harness.state_mut().reader_mut().unwrap().grips().to_vec();
        let found = grips.iter().find(|(_, grip)| *grip == wanted);
        found.unwrap_or_else(|| panic!("{wanted:?} is not among {grips:?}")).0
    }

    /// Runs a command by a few letters of its name.
    pub(crate) fn command(&mut self, words: &str) {
        self.keys(CTRL, Key::K);
        self.harness.get_by_label("Find a command").type_text(words);
        self.settle();
        self.key(Key::Enter);
    }

    /// Clicks the control whose name begins with this.
    pub(crate) fn click_part(&mut self, part: &str) {
        self.harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(part))).click();
        self.settle();
    }

    /// Selects from one place to another by click and Shift+click.
    pub(crate) fn select_between(&mut self, from: u32, to: u32) {
        for (place, modifiers) in [(from, Modifiers::NONE), (to, SHIFT)] {
            let at = self.point(place);
            self.pointer(at, true, modifiers);
            self.pointer(at, false, modifiers);
            self.settle();
        }
    }

    /// Selects words with the arrow keys, from wherever the caret is.
    pub(crate) fn select_by_keys(&mut self, words: &str) {
        let range = self.place_of(words);
        self.walk_to(range.start(), Modifiers::NONE);
        self.walk_to(range.end(), SHIFT);
        assert_eq!(self.selected(), words);
        // Whoever lets go of Shift tells it to the window by any other key or move.
        self.harness.event(Event::PointerMoved(Pos2::new(3.0, 3.0)));
        self.settle();
    }

    /// Carries the caret to a place with the arrow keys.
    pub(crate) fn walk_to(&mut self, goal: u32, held: Modifiers) {
        for _ in 0..400 {
            let now = self.harness.state().session().unwrap().place.caret;
            if now == goal {
                return;
            }
            let way = if now < goal { Key::ArrowRight } else { Key::ArrowLeft };
            if now.abs_diff(goal) > 1 {
                self.keys(CTRL | held, way);
                let after = self.harness.state().session().unwrap().place.caret;
                if (now < goal) == (after <= goal) && after != now {
                    continue;
                }
                let back = if way == Key::ArrowRight { Key::ArrowLeft } else { Key::ArrowRight };
                while self.harness.state().session().unwrap().place.caret != goal {
                    self.keys(held, back);
                }
            } else {
                self.keys(held, way);
            }
        }
        panic!("the caret cannot walk to {goal}");
    }

    pub(crate) fn clicks(&mut self, words: &str, times: u32) {
        let range = self.place_of(words);
        let at = self.point(range.start()) + vec2(3.0, 0.0);
        self.harness.event(Event::PointerMoved(at));
        for _ in 0..times {
            for pressed in [true, false] {
                self.harness.event(Event::PointerButton {
                    pos: at,
                    button: PointerButton::Primary,
                    pressed,
                    modifiers: Modifiers::NONE,
                });
            }
        }
        self.settle();
    }

    pub(crate) fn selected(&self) -> String {
        let session = self.harness.state().session().unwrap();
        let range = session.place.selection();
        range.map_or(String::new(), |range| session.article().unwrap().text().slice(range).to_owned())
    }

    pub(crate) fn set(&self) -> AnnotationSet {
        self.harness
            .state()
            .session()
            .unwrap()
            .set()
            .map(|set| AnnotationSet::clone(set))
            .expect("nothing was annotated")
    }

    /// `label: words` of each span in reading order; fragments joined by `|`.
    pub(crate) fn spans(&self) -> Vec<String> {
        let session = self.harness.state().session().unwrap();
        let text = session.article().unwrap().text();
        let Some(set) = session.set() else { return Vec::new() };
        let spans = set.in_reading_order().into_iter().map(|(_, span)| {
            let words: Vec<_> = span.at.fragments().iter().map(|fragment| text.slice(*fragment)).collect();
            format!("{}: {}", span.label, words.join("|"))
        });
        spans.collect()
    }
}

pub(crate) fn sample(folder: &Path) -> PathBuf {
    let path = folder.join("sample.ron");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/sample.ron"), &path).unwrap();
    path
}

pub(crate) fn opened(folder: &Path) -> Window {
    Window::open(Some(&sample(folder)), folder, Theme::Light)
}
