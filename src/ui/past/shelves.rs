//! Lists from which something comes back: removed articles, backups, deleted projects.

use eframe::egui::{self, Align2, FontId, Rect, Response, Ui, pos2};

use crate::app::backup::Listed;
use crate::app::restore::Removed;
use crate::base::disk;
use crate::base::env::day_in_words;
use crate::base::error::Result;
use crate::base::job::Job;
use crate::store::trash::Deleted;
use crate::ui::past::Wish;
use crate::ui::past::list::{List, Rows};
use crate::ui::past::panel::waiting;
use crate::ui::theme::Palette;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{self, line};

/// Height of a row.
const ROW: f32 = 27.0;

/// Something that can come back.
pub trait Thing: Send + 'static {
    /// What it is called.
    fn title(&self) -> String;
    /// When, by whom, how large.
    fn facts(&self, view: &View<'_>) -> String;
}

impl Thing for Removed {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn facts(&self, view: &View<'_>) -> String {
        let people = view.session.map(|session| &session.project().annotators);
        let by = people.and_then(|people| people.get(&self.by)).map_or(self.by.as_str(), |known| &known.name);
        let spans = if self.spans == 1 { "1 span".to_owned() } else { format!("{} spans", self.spans) };
        format!("{spans} · {by} · {}", self.when())
    }
}

impl Thing for Listed {
    fn title(&self) -> String {
        day_in_words(self.day)
    }

    fn facts(&self, _: &View<'_>) -> String {
        let articles = if self.articles == 1 { "1 article".to_owned() } else { format!("{} articles", self.articles) };
        let spans = self.spans.map(|spans| format!(", {spans} spans")).unwrap_or_default();
        format!("{articles}{spans} · {} · {}", size(self.bytes), disk::name(&self.project))
    }
}

impl Thing for Deleted {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn facts(&self, _: &View<'_>) -> String {
        disk::folder(disk::folder(disk::folder(&self.project))).display().to_string()
    }
}

/// `14 kB`, in steps of a thousand as disks are sold.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// A list that is being read, or that a person chooses from.
pub struct Shelf<T> {
    heading: &'static str,
    /// What stands there while nothing can come back.
    empty: &'static str,
    verb: &'static str,
    job: Option<Job<Vec<T>>>,
    things: Option<Result<Vec<T>>>,
    list: List,
}

impl<T: Thing> Shelf<T> {
    /// Waits for the list.
    pub fn new(heading: &'static str, empty: &'static str, verb: &'static str, job: Job<Vec<T>>) -> Self {
        Self { heading, empty, verb, job: Some(job), things: None, list: List::default() }
    }

    /// Whether the list is still being read.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Shows it over the window. `refusal` says why nothing can come back now; `wish` is what is asked for then.
    /// `more` adds buttons. Gives false when it is to be closed.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        asks: &mut Asks,
        refusal: Option<&str>,
        wish: impl Fn(&T) -> Wish,
        more: impl FnOnce(&mut Ui, &T) -> Option<Wish>,
    ) -> bool {
        if let Some(result) = self.job.as_ref().and_then(Job::poll) {
            (self.things, self.job, self.list.take_focus) = (Some(result), None, true);
        }
        let mut asked = None;
        let mut stay = true;
        let modal = widget::modal("shelf").show(ui.ctx(), |ui| {
            let window = ui.ctx().content_rect();
            ui.set_width(640.0_f32.min(window.width() - 60.0));
            ui.heading(self.heading);
            if let Some(job) = &self.job {
                stay &= !waiting(ui, job);
                return;
            }
            let mut chosen = None;
            match &self.things {
                Some(Ok(things)) if things.is_empty() => _ = ui.colored_label(view.palette.faint, self.empty),
                Some(Ok(things)) => {
                    #[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
                    let height = (things.len() as f32 * ROW).clamp(ROW * 2.0, (window.height() - 200.0).min(380.0));
                    let shown = Drawn { things, view };
                    let size = egui::vec2(ui.available_width(), height);
                    let opened = ui.allocate_ui(size, |ui| {
                        ui.set_min_height(height);
                        self.list.show(ui, "shelf", ROW, &shown)
                    });
                    let opened = opened.inner.and_then(|at| things.get(at)).filter(|_| refusal.is_none());
                    asked = opened.map(&wish);
                    chosen = self.list.chosen.and_then(|at| things.get(at));
                }
                Some(Err(error)) => _ = ui.colored_label(view.palette.bad, error.to_string()),
                None => {}
            }
            ui.separator();
            ui.horizontal(|ui| {
                if let Some(thing) = chosen {
                    if widget::button(ui, self.verb, refusal) {
                        asked = Some(wish(thing));
                    }
                    asked = more(ui, thing).or(asked.take());
                }
                stay &= !ui.button("Close").clicked();
            });
        });
        if let Some(wish) = asked {
            asks.0.push(Ask::Past(wish));
            return false;
        }
        stay && !modal.should_close()
    }
}

struct Drawn<'a, T> {
    things: &'a [T],
    view: &'a View<'a>,
}

impl<T: Thing> Rows for Drawn<'_, T> {
    fn count(&self) -> usize {
        self.things.len()
    }

    fn is_item(&self, at: usize) -> bool {
        at < self.things.len()
    }

    fn key(&self, at: usize) -> u64 {
        at as u64
    }

    fn name(&self, at: usize) -> String {
        self.things.get(at).map_or(String::new(), |thing| format!("{}, {}", thing.title(), thing.facts(self.view)))
    }

    fn draw(&self, ui: &Ui, rect: Rect, at: usize, response: Option<&Response>, chosen: bool) {
        let palette: &Palette = &self.view.palette;
        let (Some(thing), Some(response)) = (self.things.get(at), response) else { return };
        line::ground(ui, rect, response, chosen, palette);
        let middle = rect.center().y;
        let right = pos2(rect.right() - 8.0, middle);
        let facts = thing.facts(self.view);
        let faint = if chosen { palette.ink } else { palette.faint };
        // The title keeps half of the row, however much there is to say.
        let width = line::width(ui, &facts, 12.0, rect.width() * 0.55);
        if line::is_plain(&facts) && width < rect.width() * 0.55 {
            ui.painter().text(right, Align2::RIGHT_CENTER, facts, FontId::proportional(12.0), faint);
        } else {
            line::draw(ui, pos2(right.x - width, middle), &facts, 12.0, width + 1.0, faint);
        }
        let room = rect.width() - width - 28.0;
        line::draw(ui, pos2(rect.left() + 8.0, middle), &thing.title(), 13.5, room, palette.ink);
    }
}
