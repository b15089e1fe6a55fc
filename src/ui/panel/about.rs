//! The open article: what is proposed for it, and what its source said of it.

use eframe::egui::{Button, Slider, Ui};

use crate::app::command::{COMMANDS, Command};
use crate::app::proposing::{LEAST, MOST};
use crate::app::session::Session;
use crate::model::article::Article;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{self, heading, line};

/// What the source said of the article.
pub(super) fn source(ui: &mut Ui, view: &View<'_>, article: &Article) {
    let source = &article.source;
    let facts = [
        ("By", source.author.as_deref()),
        ("Published", source.published.as_deref()),
        ("Site", source.site.as_deref()),
        ("Language", article.language.as_deref()),
        ("Address", source.url.as_deref()),
        ("File", source.file.as_deref()),
    ];
    if facts.iter().all(|(_, fact)| fact.is_none()) {
        return;
    }
    ui.add_space(6.0);
    heading(ui, "This article");
    for (name, fact) in facts {
        if let Some(fact) = fact {
            line::paragraph(ui, &format!("{name}: {fact}"), 12.5, view.palette.faint);
        }
    }
}

/// How many blocks are proposed as boilerplate, and what can be done with them.
pub(super) fn proposed(ui: &mut Ui, view: &View<'_>, session: &Session, asks: &mut Asks) {
    let (count, all) = (session.proposed.shown().len(), session.proposed.all());
    if all == 0 {
        return;
    }
    heading(ui, "Proposed boilerplate");
    let blocks = if all == 1 { "1 block is".to_owned() } else { format!("{all} blocks are") };
    let shown = if count < all { format!(", {count} of them shown") } else { String::new() };
    ui.colored_label(view.palette.faint, format!("{blocks} undecided{shown}."));
    ui.horizontal(|ui| {
        ui.label("At least");
        let mut percent = session.proposed.least();
        let slider = Slider::new(&mut percent, LEAST..=MOST).suffix(" %");
        let slider = ui.add(slider).on_hover_text("Only proposals that are so sure are shown, and accepted");
        widget::name(&slider, "How sure proposals have to be, in percent");
        if slider.changed() {
            asks.run(Command::ShowProposalsFrom(percent));
        }
    });
    let here = session.proposed.at(session.place.selection(), session.place.caret).len();
    // Without a selection all of them are accepted, and with one those in it.
    let accepted = if session.place.selection().is_some() { here } else { count };
    let buttons = [
        ("next-proposal", "Next".to_owned(), count > 0),
        ("accept-proposals", format!("Accept {accepted}"), accepted > 0),
        ("decline-proposals", format!("Decline {here}"), here > 0),
        ("toggle-proposals", "Do not propose".to_owned(), true),
    ];
    ui.add_enabled_ui(view.situation.writable, |ui| {
        ui.horizontal_wrapped(|ui| {
            for (id, words, enabled) in buttons {
                let Some(row) = COMMANDS.iter().find(|row| row.id == id) else { continue };
                let hint = view.keymap.shown(id).map_or(row.help.to_owned(), |keys| format!("{} ({keys})", row.help));
                if ui.add_enabled(enabled, Button::new(words)).on_hover_text(hint).clicked() {
                    asks.run(row.command.clone());
                    asks.0.push(Ask::Read);
                }
            }
        });
    });
    ui.add_space(6.0);
}
