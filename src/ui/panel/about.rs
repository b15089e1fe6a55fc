//! The open article: what is proposed for it, and what its source said of it.

use eframe::egui::Ui;

use crate::app::command::{COMMANDS, Command};
use crate::app::session::Session;
use crate::model::article::Article;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{heading, line};

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
    let count = session.proposed.shown().len();
    if count == 0 {
        return;
    }
    heading(ui, "Proposed boilerplate");
    let blocks = if count == 1 { "1 block is".to_owned() } else { format!("{count} blocks are") };
    ui.colored_label(view.palette.faint, format!("{blocks} undecided."));
    ui.add_enabled_ui(view.situation.writable, |ui| {
        ui.horizontal_wrapped(|ui| {
            for (id, words) in
                [("next-proposal", "Next"), ("accept-proposals", "Accept all"), ("decline-proposals", "Decline")]
            {
                let Some(row) = COMMANDS.iter().find(|row| row.id == id) else { continue };
                let hint = view.keymap.shown(id).map_or(row.help.to_owned(), |keys| format!("{} ({keys})", row.help));
                if ui.button(words).on_hover_text(hint).clicked() {
                    // Nothing selected means all of them.
                    if row.command == Command::AcceptProposals && session.place.selection().is_some() {
                        asks.run(Command::StepBack);
                    }
                    asks.run(row.command.clone());
                    asks.0.push(Ask::Read);
                }
            }
        });
    });
    ui.add_space(6.0);
}
