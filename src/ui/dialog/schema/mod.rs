//! The editor of labels and layers: a list on the left, what is chosen on the right, every change one step to undo.

mod color;
mod label;
mod layer;
mod list;
mod new;

use eframe::egui::{self, Layout, ScrollArea, Ui, vec2};

use crate::app::command::Command;
use crate::base::error::Result;
use crate::model::id::{LabelId, LayerId};
use crate::ui::dialog::schema::label::LabelForm;
use crate::ui::dialog::schema::layer::LayerForm;
use crate::ui::dialog::schema::new::{NewLabel, NewLayer};
use crate::ui::jobs::Counts;
use crate::ui::keys::chord_of;
use crate::ui::view::{Ask, Asks, View};

/// What is chosen, and how much carries each label.
pub struct SchemaEditor {
    chosen: Chosen,
    counts: Option<(u64, Result<Counts>)>,
    asked: Option<u64>,
    /// A field of text had the focus at the end of the last frame.
    writing: bool,
    /// The chosen row had the focus once.
    begun: bool,
}

enum Chosen {
    Nothing,
    Label(Box<LabelForm>),
    Layer(Box<LayerForm>),
    NewLabel(NewLabel),
    NewLayer(NewLayer),
}

/// What one of the forms wants next.
enum Next {
    Stay,
    Label(LabelId),
    Layer(LayerId),
    NewLabel(LayerId),
    NewLayer,
    Nothing,
}

impl SchemaEditor {
    /// Begins with the first label.
    pub fn new() -> Self {
        Self { chosen: Chosen::Nothing, counts: None, asked: None, writing: false, begun: false }
    }

    /// Begins with this label.
    pub fn of_label(label: LabelId) -> Self {
        Self { chosen: Chosen::Label(Box::new(LabelForm::new(label))), ..Self::new() }
    }

    /// Begins with a new label of this layer.
    pub fn new_label(view: &View<'_>, layer: LayerId) -> Self {
        Self { chosen: Chosen::NewLabel(NewLabel::new(view, layer)), ..Self::new() }
    }

    /// The revision of the project that is to be counted, once for each.
    pub fn wants_count(&mut self, view: &View<'_>) -> bool {
        let now = view.session.map(crate::app::session::Session::revision);
        std::mem::replace(&mut self.asked, now) != now
    }

    /// Takes in what was counted.
    pub fn counted(&mut self, revision: u64, counts: Result<Counts>) {
        // Counts may come in another order than they were begun.
        if self.counts.as_ref().is_none_or(|(known, _)| *known <= revision) {
            self.counts = Some((revision, counts));
        }
    }

    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        let Some(session) = view.session else { return false };
        if matches!(self.chosen, Chosen::Nothing)
            && let Some((first, _)) = session.project().schema.labels_in_order().first()
        {
            self.chosen = Chosen::Label(Box::new(LabelForm::new((*first).clone())));
        }
        if !self.writing {
            take_history(ui, view, asks);
        }
        let cancels = self.writing || matches!(&self.chosen, Chosen::Label(form) if form.is_asking());
        let screen = ui.ctx().content_rect();
        let size = vec2((screen.width() - 76.0).min(880.0), (screen.height() - 190.0).clamp(150.0, 600.0));
        let mut next = Next::Stay;
        let modal = crate::ui::widget::modal("schema").show(ui.ctx(), |ui| {
            ui.set_width(size.x);
            ui.heading("Labels");
            ui.allocate_ui_with_layout(size, Layout::left_to_right(egui::Align::Min), |ui| {
                // The line between the two takes all the height that it can get.
                ui.set_max_height(size.y);
                let left = (size.x * 0.32).clamp(180.0, 260.0);
                ui.allocate_ui_with_layout(vec2(left, size.y), Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_width(left);
                    ui.set_height(size.y);
                    next = self.list(ui, view, asks);
                });
                ui.separator();
                let right = ui.available_width();
                ui.allocate_ui_with_layout(vec2(right, size.y), Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_width(right);
                    ScrollArea::vertical().id_salt("form").max_height(size.y).auto_shrink([false, false]).show(
                        ui,
                        |ui| {
                            ui.set_width(right - 14.0);
                            let said = self.form(ui, view, asks);
                            if !matches!(said, Next::Stay) {
                                next = said;
                            }
                        },
                    );
                });
            });
            ui.separator();
            ui.horizontal(|ui| {
                let close = ui.button("Close").clicked();
                if let Some(last) = session.history().to_undo()
                    && ui.add(egui::Button::new(format!("Undo: {}", last.why())).truncate()).clicked()
                    // What was just written is the last act then, and that is not what the button says.
                    && !asks.0.iter().any(|ask| matches!(ask, Ask::Do(Command::SetLabel(..) | Command::SetLayer(..))))
                {
                    asks.run(Command::Undo);
                }
                close
            })
            .inner
        });
        self.begun = true;
        self.go(next, view, asks);
        // Escape steps out of a field or a question first, then out of the dialog.
        let escape = ui.ctx().input_mut(|input| cancels && input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        if escape && let Chosen::Label(form) = &mut self.chosen {
            form.cancel();
        }
        self.writing = ui.ctx().text_edit_focused();
        let stay = !(modal.inner || modal.should_close());
        if !stay {
            self.leave(view, asks);
        }
        stay
    }

    fn form(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> Next {
        let counts = match (&self.counts, view.session) {
            (Some((revision, counts)), Some(session)) if *revision == session.revision() => Some(counts.as_ref()),
            _ => None,
        };
        match &mut self.chosen {
            Chosen::Label(form) => form.show(ui, view, counts, asks),
            Chosen::Layer(form) => form.show(ui, view, counts, asks),
            Chosen::NewLabel(form) => form.show(ui, view, asks),
            Chosen::NewLayer(form) => form.show(ui, view, asks),
            Chosen::Nothing => {
                ui.colored_label(view.palette.faint, "Choose a label or a layer, or add one.");
                Next::Stay
            }
        }
    }

    /// What is still being written is taken over before anything else is chosen.
    pub fn leave(&mut self, view: &View<'_>, asks: &mut Asks) {
        match &mut self.chosen {
            Chosen::Label(form) => form.leave(view, asks),
            Chosen::Layer(form) => form.leave(view, asks),
            _ => {}
        }
    }

    fn go(&mut self, next: Next, view: &View<'_>, asks: &mut Asks) {
        if matches!(next, Next::Stay) {
            return;
        }
        self.leave(view, asks);
        self.chosen = match next {
            Next::Label(id) => Chosen::Label(Box::new(LabelForm::new(id))),
            Next::Layer(id) => Chosen::Layer(Box::new(LayerForm::new(id))),
            Next::NewLabel(layer) => Chosen::NewLabel(NewLabel::new(view, layer)),
            Next::NewLayer => Chosen::NewLayer(NewLayer::default()),
            Next::Nothing | Next::Stay => Chosen::Nothing,
        };
    }
}

impl Default for SchemaEditor {
    fn default() -> Self {
        Self::new()
    }
}

/// Undo and redo work here by their shortcuts, since every change is one step of them.
fn take_history(ui: &Ui, view: &View<'_>, asks: &mut Asks) {
    ui.ctx().input_mut(|input| {
        input.events.retain(|event| {
            let row = chord_of(event).and_then(|chord| view.keymap.row(&chord));
            match row.filter(|row| matches!(row.command, Command::Undo | Command::Redo)) {
                Some(row) => {
                    asks.run(row.command.clone());
                    false
                }
                None => true,
            }
        });
    });
}
