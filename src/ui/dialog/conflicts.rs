//! Annotation files that another program changed while they were open here: which version is to hold.

use eframe::egui::{ScrollArea, Ui};

use crate::edit::rework::rework;
use crate::edit::usage::many;
use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::ui::view::View;
use crate::ui::widget;

/// The list, made when the dialog is opened and after each choice.
#[derive(Default)]
pub struct Conflicts {
    rows: Option<Vec<Row>>,
}

struct Row {
    key: SetKey,
    title: String,
    words: String,
    /// Their version makes sense, so it can be taken.
    usable: bool,
}

/// What was chosen.
pub enum Choice {
    /// Nothing yet.
    Open,
    /// The dialog is to be closed.
    Closed,
    /// The person's own version holds, or the other one.
    Take(SetKey, bool),
}

impl Conflicts {
    /// Shows the list over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let rows = self.rows.get_or_insert_with(|| rows(view));
        let mut choice = Choice::Open;
        let modal = widget::modal("conflicts").show(ui.ctx(), |ui| {
            ui.set_width(620.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading("Conflicts");
            let what = if rows.is_empty() {
                "No file waits for a choice. When another program changes annotations that are open here, both versions are kept and listed here."
            } else {
                "Another program changed these while they were open here. Your version is shown until you choose. Taking the other one can be undone, and its file is kept either way, in the folder ‘theirs’."
            };
            ui.colored_label(view.palette.faint, what);
            let room = 420.0_f32.min(ui.ctx().content_rect().height() - 190.0);
            ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
                for row in rows.iter() {
                    ui.separator();
                    ui.strong(&row.title);
                    ui.label(&row.words);
                    ui.horizontal(|ui| {
                        if ui.button("Keep mine").on_hover_text(&row.title).clicked() {
                            choice = Choice::Take(row.key.clone(), false);
                        }
                        let why = "The other version is damaged or does not fit the text";
                        if widget::button(ui, "Take the other version", (!row.usable).then_some(why)) {
                            choice = Choice::Take(row.key.clone(), true);
                        }
                    });
                }
            });
            ui.separator();
            ui.button("Close").clicked()
        });
        if matches!(choice, Choice::Take(..)) {
            self.rows = None;
        } else if modal.inner || modal.should_close() {
            choice = Choice::Closed;
        }
        choice
    }
}

fn rows(view: &View<'_>) -> Vec<Row> {
    let Some(session) = view.session else { return Vec::new() };
    let row = |key: SetKey| {
        let project = session.project();
        let title =
            project.article_head(&key.article).map_or_else(|| key.article.to_string(), |head| head.title.to_string());
        let ours = project.set(&key);
        let theirs = session.theirs(&key);
        let count = |set: Option<&AnnotationSet>| many(set.map_or(0, |set| set.spans.len()), "span");
        let words = match &theirs {
            Some(theirs) => {
                let blank = AnnotationSet::new(theirs.text);
                let differ = rework(&key, ours.map_or(&blank, |set| set), theirs).len();
                let (ours, theirs) = (count(ours.map(|set| &**set)), count(Some(theirs)));
                format!(
                    "Annotations of {}: {ours} here, {theirs} there; {} between them.",
                    key.by,
                    many(differ, "difference")
                )
            }
            None => format!(
                "Annotations of {}: {} here; the other version cannot be used.",
                key.by,
                count(ours.map(|set| &**set))
            ),
        };
        Row { usable: theirs.is_some(), title, words, key }
    };
    session.conflicts().into_iter().map(row).collect()
}
