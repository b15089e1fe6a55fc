//! Finds a command, a label or an article by a few letters.

use eframe::egui::{self, Key, RichText, ScrollArea, TextEdit, Ui};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::command::{COMMANDS, Command};
use crate::app::run::needs;
use crate::ui::view::{Asks, View};
use crate::ui::widget::{self, line};

/// Rows shown at most; more letters find the rest.
const ROWS: usize = 60;
/// Articles that are searched at most.
const ARTICLES: usize = 20_000;

/// What was typed and which row is chosen.
#[derive(Default)]
pub struct Finder {
    typed: String,
    searched: Option<String>,
    rows: Vec<Found>,
    chosen: usize,
}

#[derive(Clone)]
struct Found {
    title: String,
    hint: String,
    /// More words by which it is found, after the title.
    about: &'static str,
    /// Words that find it where no title does.
    help: &'static str,
    command: Command,
}

impl Finder {
    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        if self.searched.as_ref() != Some(&self.typed) {
            self.rows = search(&self.typed, view);
            self.searched = Some(self.typed.clone());
            self.chosen = 0;
        }
        let mut open = true;
        let modal = widget::modal("palette").show(ui.ctx(), |ui| {
            ui.set_width(480.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            let (up, down, enter) = ui.input_mut(|input| {
                let none = egui::Modifiers::NONE;
                (
                    input.consume_key(none, Key::ArrowUp),
                    input.consume_key(none, Key::ArrowDown),
                    input.key_pressed(Key::Enter),
                )
            });
            let field = ui.add(
                TextEdit::singleline(&mut self.typed)
                    .hint_text("Command, label or article")
                    .desired_width(f32::INFINITY),
            );
            widget::name(&field, "Find a command");
            field.request_focus();
            if down {
                self.chosen = (self.chosen + 1).min(self.rows.len().saturating_sub(1));
            }
            if up {
                self.chosen = self.chosen.saturating_sub(1);
            }
            ui.add_space(4.0);
            if self.rows.is_empty() {
                ui.colored_label(view.palette.faint, "Nothing is called that. Try fewer letters.");
            }
            ScrollArea::vertical()
                .min_scrolled_height(360.0)
                .max_height(380.0_f32.min(ui.ctx().content_rect().height() - 140.0))
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    for (number, found) in self.rows.iter().enumerate() {
                        let refusal = needs(&found.command).refusal(&view.situation);
                        let chosen = number == self.chosen;
                        let row = ui
                            .add_enabled_ui(refusal.is_none(), |ui| line::choice(ui, chosen, &found.title, &found.hint))
                            .inner;
                        if number == self.chosen && (up || down) {
                            row.scroll_to_me(None);
                        }
                        let picked = row.clicked() || (enter && number == self.chosen && refusal.is_none());
                        if let Some(why) = refusal {
                            row.on_disabled_hover_text(why);
                            if enter && number == self.chosen {
                                ui.label(RichText::new(why).color(view.palette.warn));
                            }
                        }
                        if picked {
                            asks.run(found.command.clone());
                            open = false;
                        }
                    }
                });
        });
        open && !modal.should_close()
    }
}

fn search(typed: &str, view: &View<'_>) -> Vec<Found> {
    let mut all: Vec<Found> = COMMANDS
        .iter()
        .filter(|row| row.command != Command::Palette)
        .map(|row| Found {
            title: row.title.to_owned(),
            hint: view.keymap.shown(row.id).unwrap_or_default(),
            about: row.id,
            help: row.help,
            command: row.command.clone(),
        })
        .collect();
    if let Some(session) = view.session {
        let schema = &session.project().schema;
        all.extend(schema.labels_in_order().into_iter().map(|(id, label)| Found {
            title: format!("Label as {}", label.name),
            hint: label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default(),
            about: "",
            help: "",
            command: if schema.layers.get(&label.layer).is_some_and(|layer| layer.whole_article) {
                Command::LabelArticle(id.clone())
            } else {
                Command::Label(id.clone())
            },
        }));
        let articles =
            session.order().iter().take(ARTICLES).filter_map(|id| Some((id, session.project().article_head(id)?)));
        all.extend(articles.map(|(id, head)| Found {
            title: head.title.to_string(),
            hint: "article".to_owned(),
            about: "",
            help: "",
            command: Command::OpenArticle(id.clone()),
        }));
    }
    if typed.trim().is_empty() {
        all.truncate(ROWS);
        return all;
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    // Each word has to be there as it was typed: letters strewn over a name once chose a command that nobody meant.
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Substring);
    let mut buffer = Vec::new();
    let mut score = |words: &str| pattern.score(Utf32Str::new(words, &mut buffer), &mut matcher);
    let mut scored: Vec<(bool, u32, usize)> = all
        .iter()
        .enumerate()
        .filter_map(|(number, found)| {
            let titled = score(&format!("{} {}", found.title, found.about));
            let mut helped = || score(&format!("{} {}", found.title, found.help));
            titled.map(|score| (false, score, number)).or_else(|| Some((true, helped()?, number)))
        })
        .collect();
    // Of two that fit as well the one that begins with what was typed comes first.
    let typed = typed.trim().to_lowercase();
    let begins = |number: usize| all.get(number).is_some_and(|found| found.title.to_lowercase().starts_with(&typed));
    scored.sort_by_key(|(helped, score, number)| (*helped, !begins(*number), u32::MAX - score, *number));
    scored.into_iter().take(ROWS).filter_map(|(.., number)| all.get(number).cloned()).collect()
}
