//! Says what going back would change, before it is done.

use eframe::egui::{self, RichText, Ui};

use crate::app::describe;
use crate::app::restore::{Counts, Plan};
use crate::base::error::Result;
use crate::base::job::Job;
use crate::edit::edit::Edit;
use crate::ui::past::Wish;
use crate::ui::past::panel::waiting;
use crate::ui::theme;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;

/// What a plan would change, in words; empty where nothing would change.
#[derive(Clone, Default, PartialEq)]
struct Told {
    spans: String,
    all: String,
}

impl Told {
    fn new(edits: &[Edit]) -> Self {
        Self { spans: Counts::of(edits).in_words(), all: describe::summary(edits) }
    }
}

/// A plan that is being made, or waits for a yes.
pub struct Preview {
    title: String,
    job: Option<Job<Plan>>,
    plan: Option<Result<Plan>>,
    /// What the plan says of the person's own work, and of everybody's; counted once.
    told: [Told; 2],
    everybody: bool,
    fresh: bool,
}

impl Preview {
    /// Waits for a plan. `title` says what would be done.
    pub fn new(title: String, job: Job<Plan>, everybody: bool) -> Self {
        Self { title, job: Some(job), plan: None, told: Default::default(), everybody, fresh: true }
    }

    /// Whether the plan is still being made.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        if let Some(result) = self.job.as_ref().and_then(Job::poll) {
            if let Ok(plan) = &result {
                self.told = [Told::new(&plan.own), Told::new(&plan.all)];
            }
            (self.plan, self.job) = (Some(result), None);
        }
        let mut stay = true;
        let modal = widget::modal("preview").show(ui.ctx(), |ui| {
            ui.set_width(520.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading(&self.title);
            ui.add_space(4.0);
            if let Some(job) = &self.job {
                stay &= !waiting(ui, job);
                return;
            }
            let mut change = false;
            match &self.plan {
                Some(Ok(_)) => {
                    let [own, all] = &self.told;
                    let told = if self.everybody { all } else { own };
                    change = !told.all.is_empty();
                    tell(ui, told, view);
                    if own != all {
                        ui.checkbox(&mut self.everybody, "Also what others said");
                    }
                    if change {
                        ui.colored_label(
                            view.palette.faint,
                            "It is one act: undo brings back what is there now, and nothing of the history goes.",
                        );
                    }
                }
                Some(Err(error)) => _ = ui.colored_label(view.palette.bad, error.to_string()),
                None => {}
            }
            ui.separator();
            ui.horizontal(|ui| {
                if change {
                    let button = ui.button("Restore");
                    if std::mem::take(&mut self.fresh) {
                        button.request_focus();
                    }
                    if button.clicked()
                        && let Some(Ok(plan)) = self.plan.take()
                    {
                        asks.0.push(Ask::Past(Wish::CarryOut(plan, self.everybody)));
                        stay = false;
                    }
                }
                let close = ui.button(if change { "Cancel" } else { "Close" });
                if std::mem::take(&mut self.fresh) {
                    close.request_focus();
                }
                stay &= !close.clicked();
            });
        });
        stay && !modal.should_close()
    }
}

fn tell(ui: &mut Ui, told: &Told, view: &View<'_>) {
    if told.all.is_empty() {
        ui.label("It is like that already; nothing would change.");
        return;
    }
    if !told.spans.is_empty() {
        ui.label(RichText::new(format!("{}.", told.spans)).family(theme::strong_family()));
    }
    ui.add(egui::Label::new(RichText::new(format!("In all: {}.", told.all)).color(view.palette.faint)));
}
