//! Opens the window, with the lighter renderer if that works, else with the other.

use std::path::PathBuf;

use eframe::egui::{self, ViewportBuilder};
use eframe::{NativeOptions, Renderer};

use crate::app::settings::Kept;
use crate::base::child;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::ui::app::{App, Setup};

/// What the window begins with.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// A project to open.
    pub project: Option<PathBuf>,
    /// Opens the sample.
    pub sample: bool,
    /// `glow` or `wgpu`; both are tried where absent.
    pub renderer: Option<String>,
}

/// Opens the window and stays until it is closed.
pub fn run(start: &Start) -> Result<()> {
    let order = match start.renderer.as_deref() {
        // OpenGL alone starts in half the time and takes less memory; wgpu is for where it fails.
        None => vec![Renderer::Glow, Renderer::Wgpu],
        Some("glow") => vec![Renderer::Glow],
        Some("wgpu") => vec![Renderer::Wgpu],
        Some(other) => {
            let why = format!("There is no renderer ‘{other}’");
            return Err(Error::new(Kind::Usage, "Could not open the window", why, "Choose glow or wgpu"));
        }
    };
    // The first reason is the one that helps: without a display, the second attempt only says that it is the second.
    let mut reasons: Vec<String> = Vec::new();
    for renderer in order {
        match open(start, renderer) {
            Ok(()) => return Ok(()),
            Err(error) => reasons.push(format!("{renderer}: {error}")),
        }
    }
    let why = reasons.join("; ");
    let hint =
        "Check that a display is there, or try --renderer wgpu; the command line works without one (rubricate help)";
    Err(Error::new(Kind::Disk, "Could not open the window", why, hint))
}

fn open(start: &Start, renderer: Renderer) -> std::result::Result<(), eframe::Error> {
    let viewport = ViewportBuilder::default()
        .with_title("Rubricate")
        .with_app_id("rubricate")
        .with_inner_size([1280.0, 860.0])
        .with_min_inner_size([640.0, 420.0])
        .with_drag_and_drop(true);
    let viewport = match eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")) {
        Ok(icon) => viewport.with_icon(icon),
        Err(_) => viewport,
    };
    let options = NativeOptions { viewport, renderer, ..NativeOptions::default() };
    let start = start.clone();
    eframe::run_native(
        "rubricate",
        options,
        Box::new(move |context| {
            let setup = Setup {
                env: Env::real().reading_by(&child::this_program()),
                settings: Kept::load(),
                system_fonts: true,
                system_dialogs: true,
                samples: crate::app::settings::documents(),
                project: start.project.clone(),
                sample: start.sample,
            };
            egui::Context::set_embed_viewports(&context.egui_ctx, true);
            let crashes = crate::app::crash::folder();
            crate::base::fence::watch(setup.env.clone(), crashes.clone());
            let mut app = App::new(&context.egui_ctx, setup);
            app.watch_crashes(crashes);
            Ok(Box::new(app))
        }),
    )
}
