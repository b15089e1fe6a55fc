//! Looking for words: in the open article by a bar over the reader, in all articles by a list below it.

pub mod bar;
pub mod everywhere;
mod labels;
mod row;
mod words;

use eframe::egui::{self, Context, Rect, Ui};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::base::job::Wake;
use crate::model::id::ArticleId;
use crate::text::find::Query;
use crate::text::range::TextRange;
use crate::ui::app::App;
use crate::ui::seek::bar::FindBar;
use crate::ui::seek::everywhere::Everywhere;
use crate::ui::text::reader::Reader;
use crate::ui::view::{Asks, View};
use crate::ui::zones::Zone;

/// The longest selection, in code points, with which a field is filled.
const LONGEST: u32 = 120;

/// Both ways to look for words.
#[derive(Default)]
pub struct Seek {
    /// In the open article.
    pub bar: FindBar,
    /// In all articles.
    pub list: Everywhere,
}

impl Seek {
    /// Whether something is still being looked for.
    pub fn is_busy(&self) -> bool {
        self.bar.is_busy() || self.list.is_busy()
    }

    /// Shows the list below the other panels.
    pub fn below(&mut self, ui: &mut Ui, view: &View<'_>, reader: Option<&mut Reader>, asks: &mut Asks) {
        if let (true, Some(session), Some(reader)) = (self.list.open, view.session, reader) {
            self.list.show(ui, view, session, reader, asks);
        }
    }

    /// Shows the bar over the reader's page.
    pub fn above(&mut self, ui: &Ui, page: Rect, view: &View<'_>, reader: &mut Reader, asks: &mut Asks) {
        reader.covered = match view.session {
            Some(session) if self.bar.open => self.bar.show(ui.ctx(), page, view, session, asks),
            _ => 0.0,
        };
    }

    /// The fields that have the focus in turn with the panels.
    pub fn fields(&self) -> impl Iterator<Item = (Zone, egui::Id)> {
        let fields = [(self.bar.open, Zone::Find, FindBar::id()), (self.list.open, Zone::Found, Everywhere::id())];
        fields.into_iter().filter(|(open, ..)| *open).map(|(_, zone, id)| (zone, id))
    }
}

impl App {
    /// Says what was typed, before commands about it are carried out.
    pub(super) fn seek_first(&mut self, ctx: &Context) {
        if let Some(session) = &mut self.session {
            self.seek.bar.tell(session, ctx.input(|input| input.time));
        } else {
            self.seek = Seek::default();
        }
    }

    /// Starts and takes up what is looked for beside the window.
    pub(super) fn seek_on(&mut self, ctx: &Context) {
        let wake: Wake = self.wake.clone();
        let Some(session) = &mut self.session else { return };
        self.seek.list.keep_up(ctx, session, &wake);
        match self.seek.bar.keep_up(ctx, session, &wake) {
            Ok(waited) => waited.iter().for_each(|command| self.run(ctx, command)),
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Commands that have to wait for hits, and those that close the bar first. Gives true when all is done.
    pub(super) fn seek_run(&mut self, command: &Command) -> bool {
        let Some(session) = &self.session else { return false };
        let at_rest = session.place.selection().is_none() && session.place.span.is_none();
        if *command == Command::StepBack && at_rest && self.seek.bar.open {
            self.seek.bar.open = false;
            return true;
        }
        self.seek.bar.waits(session, command)
    }

    /// Commands about looking for words that only a window can carry out.
    pub(super) fn seek_here(&mut self, ctx: &Context, command: &Command) {
        let Some(session) = &self.session else { return };
        // Who is in the field already goes on with what stands there.
        let words = selected(session).filter(|_| *command != Command::FindHere || !self.seek.bar.has_focus());
        match command {
            Command::FindHere => self.seek.bar.begin(session, words),
            Command::LabelAllHits => self.seek.bar.choose_label(session),
            Command::SearchEverywhere => {
                // Who comes back from a hit finds the list as it was. From the bar, what is looked for here is looked for
                // everywhere with the same toggles.
                let from_bar = self.seek.bar.has_focus() || self.seek.list.query().is_empty();
                let query = match words.filter(|_| !self.seek.list.is_at(session)) {
                    Some(words) => Some(Query { words, regex: false, ..self.seek.list.query().clone() }),
                    None => Some(session.finding.query().clone()).filter(|here| !here.is_empty() && from_bar),
                };
                self.seek.list.begin(session, query);
            }
            Command::NextFound | Command::PreviousFound => {
                let next = self.seek.list.step(*command == Command::NextFound);
                let Some((article, range)) = next else {
                    self.said = self.seek.list.why_no_step(*command == Command::NextFound).to_owned();
                    return;
                };
                self.go_to_found(ctx, article, range);
            }
            _ => {}
        }
    }

    fn go_to_found(&mut self, ctx: &Context, article: ArticleId, range: TextRange) {
        self.run(ctx, &Command::Visit(article, range));
        self.read_next = true;
        self.said = self.seek.list.where_it_is();
    }
}

/// The toggles of a query, with the keys that were pressed for them. Gives whether one was changed.
fn toggles(ui: &mut Ui, query: &mut Query, pressed: &[egui::Key]) -> bool {
    let mut changed = false;
    let switches = [
        ("Aa", "Match case", "Capitals and small letters are different", egui::Key::C, &mut query.case),
        ("Word", "Whole word", "Only whole words", egui::Key::W, &mut query.whole_word),
        (
            ".*",
            "Pattern",
            "The words are a regular expression, such as \\d+ (tons|euros)",
            egui::Key::R,
            &mut query.regex,
        ),
    ];
    for (sign, name, means, key, on) in switches {
        let pressed = pressed.contains(&key);
        let response = ui.add(egui::Button::selectable(*on, sign));
        let chord = crate::app::keys::Chord { ctrl: false, alt: true, shift: false, key: key.name().to_owned() };
        let shown = chord.shown(cfg!(target_os = "macos"));
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, *on, name));
        let response = response.on_hover_text(format!("{name} ({shown})\n{means}."));
        if response.clicked() || pressed {
            *on = !*on;
            changed = true;
        }
    }
    changed
}

/// The selected words, where they can stand in a field: one line, not too long, and not what was found just now.
fn selected(session: &Session) -> Option<String> {
    let range = session.place.selection().filter(|range| range.len() <= LONGEST)?;
    let article = session.article()?;
    if session.finding.hits(&article.id).binary_search(&range).is_ok() {
        return None;
    }
    let words = article.text().slice(range).trim();
    (!words.is_empty() && !words.contains(['\n', '\r'])).then(|| words.to_owned())
}
