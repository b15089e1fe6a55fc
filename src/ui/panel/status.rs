//! The line at the bottom: the truth about saving, progress, place, encoding, and what runs.

use eframe::egui::{self, Align, Layout, ProgressBar, RichText, Ui};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::base::disk;
use crate::model::article::{Article, Verdict};
use crate::text::range::TextRange;
use crate::text::text::LineEnds;
use crate::text::unit::Unit;
use crate::ui::jobs::Work;
use crate::ui::panel::safety;
use crate::ui::text::signs;
use crate::ui::view::{Asks, View};

/// Shows the line. Gives true when the running work is to be stopped.
/// `came` is how many files wait in the watched folder.
pub fn show(ui: &mut Ui, view: &View<'_>, said: &str, work: &[Work], came: usize, asks: &mut Asks) -> bool {
    let mut stop = false;
    ui.horizontal(|ui| {
        if let Some(session) = view.session {
            safety::word(ui, view, session);
            let contested = session.contested();
            if contested > 0 {
                let words = if contested == 1 { "1 conflict".to_owned() } else { format!("{contested} conflicts") };
                let button = egui::Button::new(RichText::new(words).color(view.palette.warn)).small();
                let button = ui.add(button).on_hover_text("Another program changed annotations that were open here");
                if button.clicked() {
                    asks.run(Command::Conflicts);
                }
            }
            ui.separator();
            if let Some(article) = session.article() {
                ui.colored_label(view.palette.faint, place(session, article)).on_hover_ui(|ui| {
                    ui.label("Block, and code point from the start of the article");
                    if let Some(character) = character(session, article) {
                        ui.label(character);
                    }
                });
                ui.separator();
                ui.colored_label(view.palette.faint, snap_words(session.place.snap)).on_hover_text(snap_keys(view));
                ui.separator();
                under_way(ui, view, session);
                encoding(ui, view, article);
            }
            watched(ui, view, session, came, asks);
            if !said.is_empty() {
                ui.separator();
            }
            tell(ui, said);
        } else {
            tell(ui, said);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for work in work.iter().filter(|work| !work.is_quiet()) {
                let (title, share) = work.shown();
                if ui.small_button("Stop").clicked() {
                    stop = true;
                }
                let bar = share.map_or_else(|| ProgressBar::new(0.0).animate(!view.settings.still), ProgressBar::new);
                ui.add(bar.desired_width(120.0).desired_height(8.0));
                ui.label(title);
            }
        });
    });
    stop
}

/// The folder whose new files are told.
fn watched(ui: &mut Ui, view: &View<'_>, session: &Session, came: usize, asks: &mut Asks) {
    if let Some(folder) = view.settings.watched.get(&session.project().facts.id) {
        ui.separator();
        let words = format!("watching {}", disk::name(folder));
        ui.colored_label(view.palette.faint, words).on_hover_text(folder.display().to_string());
        let words = if came == 1 { "Import 1 file".to_owned() } else { format!("Import {came} files") };
        if came > 0 && ui.small_button(words).clicked() {
            asks.run(Command::ImportWatched);
        }
    }
}

/// What a command did. A screen reader says it when it has said what it is about.
fn tell(ui: &mut Ui, said: &str) {
    let label = ui.add(egui::Label::new(said).truncate());
    ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

/// What goes on from act to act until Escape ends it.
fn under_way(ui: &mut Ui, view: &View<'_>, session: &Session) {
    let schema = &session.project().schema;
    let place = &session.place;
    let sticky = place.sticky.as_ref().and_then(|label| schema.labels.get(label));
    let relating = place.relating.as_ref().and_then(|relating| schema.relations.get(&relating.kind));
    let words = [
        sticky.map(|label| format!("Every selection becomes {} (Escape ends it)", label.name)),
        relating.map(|kind| format!("{}: choose the other end (Enter, or Escape)", kind.name)),
    ];
    for words in words.into_iter().flatten() {
        ui.label(RichText::new(words).color(view.palette.accent).strong());
        ui.separator();
    }
}

/// The character behind the caret, by number and name where it cannot be seen.
fn character(session: &Session, article: &Article) -> Option<String> {
    let caret = session.place.caret;
    let here = TextRange::new(caret, caret + 1).ok()?;
    let c = article.text().slice(here).chars().next()?;
    let name = signs::of(c).map_or_else(|| c.to_string(), |(_, name)| name.to_owned());
    Some(format!("Behind the caret: U+{:04X}, {name}", u32::from(c)))
}

fn place(session: &Session, article: &Article) -> String {
    let caret = session.place.caret;
    let block = article.block_index(caret) + 1;
    match session.place.selection() {
        Some(range) => format!("¶ {block} · {} to {}, {} selected", range.start(), range.end(), range.len()),
        None => format!("¶ {block} of {} · {caret} of {}", article.blocks().len(), article.text().chars()),
    }
}

fn snap_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Character => "snap: characters",
        Unit::Word => "snap: words",
        Unit::Sentence => "snap: sentences",
        Unit::Block => "snap: blocks",
    }
}

/// The shortcuts that change what selections snap to, from the smallest unit to the largest.
fn snap_keys(view: &View<'_>) -> String {
    let ids = ["snap-character", "snap-word", "snap-sentence", "snap-block"];
    let shown: Vec<String> = ids.iter().filter_map(|id| view.keymap.shown(id)).collect();
    if shown.is_empty() { "Menu Annotate".to_owned() } else { shown.join(", ") }
}

fn encoding(ui: &mut Ui, view: &View<'_>, article: &Article) {
    let breaks = match article.text().line_ends() {
        LineEnds::CrLf => "CR LF",
        LineEnds::Lf => "LF",
        LineEnds::None => "one line",
    };
    let Some(encoding) = &article.source.encoding else {
        ui.colored_label(view.palette.faint, breaks);
        return;
    };
    let (word, color) = match (encoding.how, encoding.replaced) {
        (_, 1..) => (format!("{}, {} places unreadable", encoding.name, encoding.replaced), view.palette.bad),
        (Verdict::Unsure, _) => (format!("{}? a guess", encoding.name), view.palette.warn),
        _ => (encoding.name.clone(), view.palette.faint),
    };
    let how = match encoding.how {
        Verdict::Certain => "This is certain.",
        Verdict::Declared => "The file or you said so.",
        Verdict::Likely => "Found by statistics, with little doubt.",
        Verdict::Unsure => "A guess. Look whether the letters are right.",
    };
    ui.label(RichText::new(format!("{word}, {breaks}")).color(color)).on_hover_text(how);
}
