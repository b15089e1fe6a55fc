//! One frame of the whole window in an article of 200,000 words with 5,000 spans: standing, scrolling, jumping.
//!
//! A frame is everything the processor does for it: logic, layout, shapes and triangles. Painting is not in it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop, and says what it found")]

mod sized;

use std::time::{Duration, Instant};

use eframe::App as _;
use eframe::egui::{self, Context, Event, MouseWheelUnit, RawInput, Rect, TouchPhase, pos2, vec2};
use rubricate::app::settings::Kept;
use rubricate::base::env::Env;
use rubricate::ui::app::{App, Setup};

const SIZE: egui::Vec2 = vec2(1_280.0, 900.0);

/// A window without a screen.
struct Window {
    ctx: Context,
    app: App,
    frame: eframe::Frame,
    now: f64,
    _folder: tempfile::TempDir,
}

impl Window {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.ron");
        let project = sized::project(1, 200_000, 5_000);
        rubricate::app::session::Session::create(&path, project, Env::fixed(1), None).unwrap().close().unwrap();
        let ctx = Context::default();
        let setup = Setup {
            env: Env::fixed(1 << 40),
            settings: Kept::forgotten(),
            system_fonts: false,
            system_dialogs: false,
            samples: folder.path().to_path_buf(),
            project: Some(path),
            sample: false,
        };
        let app = App::new(&ctx, setup);
        let mut window = Self { ctx, app, frame: eframe::Frame::_new_kittest(), now: 0.0, _folder: folder };
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
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE)),
            time: Some(self.now),
            events,
            focused: true,
            ..RawInput::default()
        };
        let start = Instant::now();
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
            modifiers: egui::Modifiers::NONE,
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
            modifiers: egui::Modifiers::NONE,
        };
        let moved = self.frame(vec![Event::PointerMoved(at)]);
        let down = self.frame(vec![button(true)]);
        let up = self.frame(vec![button(false)]);
        moved.max(down).max(up)
    }
}

fn main() {
    let mut window = Window::new();
    sized::spread("standing", (0..500).map(|_| window.frame(Vec::new())).collect());
    sized::spread("scrolling down by 40", (0..4_000).map(|_| window.wheel(-40.0)).collect());
    sized::spread("scrolling up by 40", (0..2_000).map(|_| window.wheel(40.0)).collect());
    let mut dice = sized::Dice::new(9);
    let jumps = (0..200)
        .map(|_| {
            #[expect(clippy::cast_precision_loss, reason = "below 1,000")]
            let share = dice.roll(1_000) as f32 / 1_000.0;
            window.jump(share)
        })
        .collect();
    sized::spread("jumping anywhere, worst of three frames", jumps);
    let kept = window.app.reader_mut().map_or(0, |reader| reader.kept());
    println!("{kept} pieces of text are kept laid out");
    divan::main();
}

#[divan::bench]
fn standing(bencher: divan::Bencher<'_, '_>) {
    let mut window = Window::new();
    bencher.bench_local(|| window.frame(Vec::new()));
}

#[divan::bench(sample_count = 1_000, sample_size = 1)]
fn scrolling(bencher: divan::Bencher<'_, '_>) {
    let mut window = Window::new();
    bencher.bench_local(|| window.wheel(-40.0));
}
