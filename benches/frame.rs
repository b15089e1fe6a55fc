//! Frames of the whole window: logic, layout, shapes and triangles, without a screen.
//!
//! Times are those of the processor on the window's thread, so that other programs disturb them less.
//!
//! `cargo bench --bench frame` runs every case; a part of a case's name behind `--` runs those that contain it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot be set up may stop")]

mod sized;

use std::time::Duration;

use cpu_time::ThreadTime;
use eframe::App as _;
use eframe::egui::{self, Context, Event, Key, Modifiers, MouseWheelUnit, RawInput, Rect, TouchPhase, pos2, vec2};
use rubricate::app::session::Session;
use rubricate::app::settings::Kept;
use rubricate::base::env::Env;
use rubricate::ui::app::{App, Setup};
use sized::Script;

const SIZE: egui::Vec2 = vec2(1_280.0, 900.0);

/// An article to look at: its name, words, spans, script, and physical pixels in a point.
const CASES: [(&str, u32, u32, Script, f32); 6] = [
    ("1 MB, 10,000 spans", 176_000, 10_000, Script::Latin, 1.0),
    ("10 MB, 100,000 spans", 1_760_000, 100_000, Script::Latin, 1.0),
    ("1 MB Arabic, 10,000 spans", 96_000, 10_000, Script::Arabic, 1.0),
    ("10 MB Arabic, 100,000 spans", 960_000, 100_000, Script::Arabic, 1.0),
    ("1 MB at scale 2, 10,000 spans", 176_000, 10_000, Script::Latin, 2.0),
    ("10 MB at scale 2, 100,000 spans", 1_760_000, 100_000, Script::Latin, 2.0),
];

/// A window without a screen.
struct Window {
    ctx: Context,
    app: App,
    frame: eframe::Frame,
    scale: f32,
    now: f64,
    _folder: tempfile::TempDir,
}

impl Window {
    /// A window on a small article in front of the one to be measured.
    fn new(words: u32, spans: u32, script: Script, scale: f32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.ron");
        let project = sized::project_of(&[(300, 10), (words, spans)], script);
        Session::create(&path, project, Env::fixed(1), None).unwrap().close().unwrap();
        let ctx = Context::default();
        let setup = Setup {
            env: Env::fixed(1 << 40),
            settings: Kept::forgotten(),
            system_fonts: script != Script::Latin,
            system_dialogs: false,
            samples: folder.path().to_path_buf(),
            project: Some(path),
            sample: false,
        };
        let app = App::new(&ctx, setup);
        let mut window = Self { ctx, app, frame: eframe::Frame::_new_kittest(), scale, now: 0.0, _folder: folder };
        while window.app.session().is_none() {
            window.frame(Vec::new());
            std::thread::sleep(Duration::from_millis(2));
        }
        window.frame(vec![Event::PointerMoved(pos2(600.0, 450.0))]);
        (0..20).for_each(|_| _ = window.frame(Vec::new()));
        window
    }

    /// One frame with its triangles. Gives how long it took.
    fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.now += 1.0 / 60.0;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE)),
            time: Some(self.now),
            events,
            focused: true,
            ..RawInput::default()
        };
        input.viewports.entry(egui::ViewportId::ROOT).or_default().native_pixels_per_point = Some(self.scale);
        let start = ThreadTime::now();
        let (app, frame) = (&mut self.app, &mut self.frame);
        let mut output = self.ctx.run_ui(input, |ui| {
            app.logic(&ui.ctx().clone(), frame);
            app.ui(ui, frame);
        });
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(self.ctx.tessellate(shapes, output.pixels_per_point));
        let took = start.elapsed();
        output.drop_without_applying_deltas();
        took
    }

    fn wheel(&mut self, points: f32) -> Duration {
        self.frame(vec![Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        }])
    }

    /// Presses the scroll bar at a share of its height and lets go.
    fn jump(&mut self, share: f32) -> Duration {
        // The bar stands at the right end of the reader, left of the labels.
        let at = pos2(SIZE.x - 270.0 - 7.0, 60.0 + share * (SIZE.y - 120.0));
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let moved = self.frame(vec![Event::PointerMoved(at)]);
        let down = self.frame(vec![button(true)]);
        let up = self.frame(vec![button(false)]);
        moved.max(down).max(up)
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) -> Duration {
        let press = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        let down = self.frame(vec![press(true)]);
        down + self.frame(vec![press(false)])
    }
}

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    for (name, words, spans, script, scale) in CASES {
        if name.contains(&wanted) {
            measure(name, words, spans, script, scale);
        }
    }
}

fn measure(name: &str, words: u32, spans: u32, script: Script, scale: f32) {
    println!("\n{name}");
    let mut window = Window::new(words, spans, script, scale);
    // The longest single frame counts, whatever it contains.
    let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
    let before = sized::resident();
    let first = (0..10).map(|_| {
        let painted = window.key(ctrl, Key::PageDown);
        window.key(ctrl, Key::PageUp);
        painted
    });
    sized::spread("first paint", first.collect());
    window.key(ctrl, Key::PageDown);
    let text = window.app.session().unwrap().article().unwrap().text().as_str().len();
    let shown = window.app.session().unwrap().set().unwrap().spans.len();
    assert_eq!(shown, spans as usize, "the large article is open");
    let mebi = |bytes: u64| bytes >> 10;
    println!("  {text} bytes; reader took {:?} KiB", before.zip(sized::resident()).map(|(a, b)| mebi(b - a.min(b))));
    (0..20).for_each(|_| _ = window.frame(Vec::new()));
    sized::spread("standing", (0..500).map(|_| window.frame(Vec::new())).collect());
    sized::spread("scrolling down by 40", (0..4_000).map(|_| window.wheel(-40.0)).collect());
    sized::spread("scrolling up by 40", (0..2_000).map(|_| window.wheel(40.0)).collect());
    let mut dice = sized::Dice::new(9);
    let jumps = (0..300)
        .map(|_| {
            #[expect(clippy::cast_precision_loss, reason = "below 1,000")]
            let share = dice.roll(1_000) as f32 / 1_000.0;
            window.jump(share)
        })
        .collect();
    sized::spread("jumping anywhere, worst of three frames", jumps);
    let mut labels = Vec::new();
    for _ in 0..100 {
        window.key(Modifiers { shift: true, ..ctrl }, Key::ArrowRight);
        labels.push(window.key(Modifiers::NONE, Key::P));
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    sized::spread("key to painted label", labels);
    let kept = window.app.reader_mut().map_or(0, |reader| reader.kept());
    println!("  {kept} code points are kept laid out; all in all {:?} KiB", sized::resident().map(mebi));
}
