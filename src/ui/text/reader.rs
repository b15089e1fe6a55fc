//! The reader itself: what is in sight, what the hands do, and the order in which it all happens in a frame.

use std::collections::HashMap;

use eframe::egui::{self, EventFilter, Id, Pos2, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::finding::current;
use crate::app::session::{Place, Session};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::ui::text::atlas::{Atlas, Letters};
use crate::ui::text::chips::{self, Wish};
use crate::ui::text::hits::{Hits, Strokes};
use crate::ui::text::layout::{Engine, Laid, Setting, leading, size_of};
use crate::ui::text::marks::Marks;
use crate::ui::text::paint::{Canvas, Focus, boxes};
use crate::ui::text::pieces::{self, Piece};
use crate::ui::text::pointer::Pointer;
use crate::ui::text::scroll::{InSight, Scroll};
use crate::ui::theme::{CHIPS, MARGIN, MEASURE, Palette, STRIP};
use crate::ui::view::{Ask, Asks, View};

/// How many laid pieces are kept.
const KEPT: usize = 240;

/// Everything the reader remembers from frame to frame.
pub struct Reader {
    pub(super) engine: Engine,
    pub(super) atlas: Atlas,
    pub(super) laid: HashMap<usize, Kept>,
    pub(super) clock: u64,
    pub(super) shown: Option<Shown>,
    pub(super) pieces: Vec<Piece>,
    pub(super) scroll: Scroll,
    pub(super) setting: Setting,
    pub(super) marks: Option<Marks>,
    pub(super) pointer: Pointer,
    /// Where the caret wants to be while it goes from line to line.
    pub(super) goal: Option<f32>,
    pub(super) place: Place,
    /// The last frame's page, for moves by a page.
    pub(super) page: f32,
    /// What was in sight in the last frame.
    pub(super) sights: Vec<InSight>,
    /// Height of what lies over the top of the page, in points.
    pub covered: f32,
    strokes: Strokes,
}

/// What the caches were made for.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    article: ArticleId,
    person: AnnotatorId,
    revision: u64,
    dark: bool,
}

pub(super) struct Kept {
    pub(super) laid: Laid,
    letters: Option<Letters>,
    lanes: u8,
    used: u64,
}

impl Reader {
    /// An empty reader. Without system fonts it looks the same on every machine.
    pub fn new(system_fonts: bool) -> Self {
        Self {
            engine: Engine::new(system_fonts),
            atlas: Atlas::new(),
            laid: HashMap::new(),
            clock: 0,
            shown: None,
            pieces: Vec::new(),
            scroll: Scroll::default(),
            setting: Setting { size: 0.0, width: 0.0, scale: 0.0 },
            marks: None,
            pointer: Pointer::default(),
            goal: None,
            place: Place::default(),
            page: 400.0,
            sights: Vec::new(),
            covered: 0.0,
            strokes: Strokes::default(),
        }
    }

    /// The id by which the reader has the focus.
    pub fn id() -> Id {
        Id::unique("reader")
    }

    /// Where a place of the open article is on the screen, if it was in sight in the last frame.
    pub fn point_of(&self, article: &Article, place: u32) -> Option<Pos2> {
        let number = self.piece_of(place);
        let sight = self.sights.iter().find(|sight| sight.piece == number)?;
        let caret = self.laid.get(&number)?.laid.caret(article.text(), place);
        Some(caret.translate(sight.corner.to_vec2()).center())
    }

    /// How many pieces are laid out and kept.
    pub fn kept(&self) -> usize {
        self.laid.len()
    }

    /// Draws the open article and takes input for it.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let area = ui.available_rect_before_wrap();
        ui.painter().rect_filled(area, 0, view.palette.page);
        let (Some(session), Some(article)) = (view.session, view.article()) else {
            self.shown = None;
            empty(ui, area, view);
            return;
        };
        let scale = ui.ctx().pixels_per_point();
        let size = view.settings.text_size;
        // Where there is little room the text gets it.
        let chips = if area.width() < 420.0 { 0.0 } else { CHIPS };
        let width = (area.width() - STRIP - MARGIN - chips - MARGIN).clamp(120.0, MEASURE * size);
        let spare = (area.width() - width - chips - MARGIN).max(STRIP + MARGIN);
        let left = (area.left() + (spare / 2.0).max(STRIP + MARGIN)).round();
        self.renew(session, article, &view.palette, Setting { size, width, scale });

        let response = ui.interact(area, Self::id(), Sense::click_and_drag());
        let title = format!("Article: {}", article.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Document, true, &title));
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id(), filter));
        }
        self.page = area.height();
        if self.place != session.place {
            let moved = self.place.caret != session.place.caret || self.place.span != session.place.span;
            self.place = session.place.clone();
            if moved && !self.pointer.is_dragging() {
                self.reveal(article, self.place.caret, area.height());
            }
        }
        self.wheel(ui, area, article);
        let sights = self.in_sight(article, area, left);
        let mut next = session.place.clone();
        self.keys(ui, session, article, &mut next);
        let acted = self.mouse(ui, &response, session, article, (area, left), &sights, &mut next, asks);
        if next != session.place && !acted {
            asks.0.push(Ask::Go(next));
        }
        self.draw(ui, session, article, &view.palette, (area, left), &sights, response.has_focus(), asks);
        self.bar(ui, area, &hits(session, article), article.text().chars(), &view.palette);
        self.sights = sights;
        if self.pointer.is_dragging() {
            ui.request_repaint();
        }
    }

    /// Brings everything that is remembered in line with what is to be shown.
    fn renew(&mut self, session: &Session, article: &Article, palette: &Palette, setting: Setting) {
        self.clock += 1;
        let now = Shown {
            article: article.id.clone(),
            person: session.person.clone(),
            revision: session.revision(),
            dark: palette.dark,
        };
        let other_article = self.shown.as_ref().is_none_or(|shown| shown.article != now.article);
        if other_article {
            self.pieces = pieces::pieces(article);
            self.pointer = Pointer::default();
            self.laid.clear();
            self.place = Place::default();
        }
        if other_article || self.setting != setting {
            self.laid.clear();
            self.setting = setting;
            let guesses = self.pieces.iter().map(|piece| guess(piece, setting)).collect();
            if other_article {
                self.scroll = Scroll::new(guesses);
            } else {
                self.scroll.guess_again(guesses);
            }
        }
        if self.shown.as_ref() != Some(&now) {
            self.marks = Some(Marks::new(session, palette));
            self.shown = Some(now);
        }
        if self.laid.len() > KEPT {
            let mut ages: Vec<u64> = self.laid.values().map(|kept| kept.used).collect();
            ages.sort_unstable();
            let limit = ages.get(ages.len() / 2).copied().unwrap_or(0);
            self.laid.retain(|_, kept| kept.used > limit);
        }
    }

    /// Lays a piece out unless that was done, and corrects its height.
    pub(super) fn lay(&mut self, article: &Article, number: usize) {
        let Some(piece) = self.pieces.get(number).copied() else { return };
        let lanes = self.marks.as_ref().map_or(0, |marks| marks.lines.lanes(piece.range)).max(2);
        let clock = self.clock;
        let fresh = match self.laid.get_mut(&number) {
            Some(kept) if kept.lanes == lanes => {
                kept.used = clock;
                return;
            }
            _ => self.engine.lay_out(article.text(), article.language.as_deref(), piece, self.setting, lanes),
        };
        self.scroll.correct(number, fresh.height + gap(&piece, self.setting));
        self.laid.insert(number, Kept { laid: fresh, letters: None, lanes, used: clock });
    }

    fn laid_height(&mut self, article: &Article, number: usize) -> f32 {
        self.lay(article, number);
        self.scroll.height(number)
    }

    pub(super) fn scroll_by(&mut self, article: &Article, delta: f32) {
        let mut scroll = std::mem::take(&mut self.scroll);
        let page = self.page;
        scroll.by(delta, page, |scroll, number| {
            std::mem::swap(scroll, &mut self.scroll);
            let height = self.laid_height(article, number);
            std::mem::swap(scroll, &mut self.scroll);
            height
        });
        self.scroll = scroll;
    }

    fn wheel(&mut self, ui: &Ui, area: Rect, article: &Article) {
        if !ui.rect_contains_pointer(area) {
            return;
        }
        let delta = ui.input(|input| if input.modifiers.command { 0.0 } else { input.smooth_scroll_delta().y });
        if delta != 0.0 {
            self.scroll_by(article, -delta);
        }
    }

    /// Lays out what is in sight, from the top down.
    fn in_sight(&mut self, article: &Article, area: Rect, left: f32) -> Vec<InSight> {
        // A page that became taller must not end above its bottom.
        self.scroll_by(article, 0.0);
        let mut top = area.top() - self.scroll.offset + if self.scroll.piece == 0 { MARGIN } else { 0.0 };
        let mut sights = Vec::new();
        let mut number = self.scroll.piece;
        while number < self.pieces.len() && top < area.bottom() {
            let height = self.laid_height(article, number);
            sights.push(InSight { piece: number, corner: pos2(left, top.round()) });
            top += height;
            number += 1;
        }
        sights
    }

    /// Scrolls so that a place is on the page.
    fn reveal(&mut self, article: &Article, place: u32, page: f32) {
        let number = self.piece_of(place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return };
        let caret = kept.laid.caret(article.text(), place);
        let first = self.scroll.piece;
        let above: f32 =
            if number >= first { (first..number).map(|n| self.scroll.height(n)).sum() } else { f32::NEG_INFINITY };
        let top = above - self.scroll.offset + caret.top();
        let bottom = top + caret.height();
        let room = (page * 0.12).min(80.0);
        let top = top - self.covered;
        if top.is_finite() && top >= 0.0 && bottom <= page - MARGIN {
            return;
        }
        let near = top.is_finite() && top > -page && bottom < page * 2.0;
        if near && top < 0.0 {
            self.scroll_by(article, top - room);
        } else if near {
            self.scroll_by(article, bottom - page + room + MARGIN);
        } else {
            self.scroll.piece = number;
            self.scroll.offset = 0.0;
            self.scroll_by(article, caret.top() - (page * 0.3).max(self.covered + 8.0));
        }
    }

    pub(super) fn piece_of(&self, place: u32) -> usize {
        self.pieces.partition_point(|piece| piece.range.start() <= place).saturating_sub(1)
    }

    /// The place nearest to a point on the screen.
    pub(super) fn place_at(&self, article: &Article, at: Pos2, sights: &[InSight]) -> Option<u32> {
        let sight = sights.iter().rev().find(|sight| sight.corner.y <= at.y).or(sights.first())?;
        let kept = self.laid.get(&sight.piece)?;
        Some(kept.laid.place_at(article.text(), (at - sight.corner).to_pos2()))
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's worth of facts")]
    fn draw(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        article: &Article,
        palette: &Palette,
        (area, left): (Rect, f32),
        sights: &[InSight],
        focused: bool,
        asks: &mut Asks,
    ) {
        let text = article.text();
        let setting = self.setting;
        for sight in sights {
            if let Some(kept) = self.laid.get_mut(&sight.piece)
                && kept.letters.as_ref().is_none_or(|letters| letters.generation != self.atlas.generation)
            {
                kept.letters = Some(self.atlas.letters(ui.ctx(), text, &kept.laid, setting.scale));
            }
        }
        let Some(marks) = &self.marks else { return };
        let painter = ui.painter_at(area);
        let canvas =
            Canvas { painter: &painter, palette, text, column: (left, left + setting.width), scale: setting.scale };
        let focus = Focus {
            selection: session.place.selection(),
            span: session.place.span.as_ref(),
            caret: focused.then_some(session.place.caret),
            hits: hits(session, article),
        };
        let mut wishes = Vec::new();
        let mut stale = false;
        for sight in sights {
            let Some(kept) = self.laid.get(&sight.piece) else { continue };
            let Some(letters) = &kept.letters else { continue };
            stale |= letters.generation != self.atlas.generation;
            let starts = canvas.piece(&kept.laid, letters, sight.corner, marks, &focus);
            wishes.extend(starts.into_iter().map(|(owner, top)| Wish { owner, top }));
        }
        if stale {
            ui.ctx().request_repaint();
        }
        self.names(ui, article, area, sights);
        if area.width() < 420.0 {
            return;
        }
        let chips_left = left + setting.width + 20.0;
        let mut margin = ui.new_child(UiBuilder::new().max_rect(area));
        margin.set_clip_rect(area);
        let right = (area.right() - 16.0).min(chips_left + CHIPS);
        if let Some(span) =
            chips::show(&mut margin, chips_left, right, wishes, marks, session.place.span.as_ref(), palette)
        {
            asks.run(Command::SelectSpan(span));
            asks.0.push(Ask::Read);
        }
    }

    /// Gives each block and span in sight a node for screen readers and tests.
    fn names(&self, ui: &mut Ui, article: &Article, area: Rect, sights: &[InSight]) {
        let Some(marks) = &self.marks else { return };
        for sight in sights {
            let Some(kept) = self.laid.get(&sight.piece) else { continue };
            let piece = kept.laid.piece();
            let rect = Rect::from_min_size(sight.corner, vec2(self.setting.width, kept.laid.height)).intersect(area);
            if !rect.is_positive() {
                continue;
            }
            let shown = ui.interact(rect, Self::id().with(("piece", sight.piece)), Sense::hover());
            shown.widget_info(|| WidgetInfo::labeled(Role::Label, true, article.text().slice(piece.range).trim()));
            for mark in marks.touching(piece.range) {
                let first = mark.span.at.fragments().iter().find_map(|fragment| fragment.intersect(piece.range));
                let Some(range) = first else { continue };
                // A span over several blocks is named where it begins.
                if !piece.range.contains(mark.span.at.start()) {
                    continue;
                }
                let Some((_, rect)) = boxes(&kept.laid, article.text(), range, sight.corner).into_iter().next() else {
                    continue;
                };
                let node = ui.interact(rect, Self::id().with(mark.id.as_str()), Sense::hover());
                node.widget_info(|| WidgetInfo::labeled(Role::Label, true, chips::name(&mark, marks.len())));
                self.card(&node, &mark);
            }
        }
    }

    /// What a span is, when the pointer rests on it.
    fn card(&self, node: &egui::Response, mark: &crate::ui::text::marks::Mark<'_>) {
        if self.pointer.is_dragging() {
            return;
        }
        node.clone().on_hover_ui(|ui| {
            ui.strong(&mark.style.name);
            for (attribute, value) in &mark.span.attributes {
                ui.label(format!("{attribute}: {value}"));
            }
            if !mark.span.note.is_empty() {
                ui.label(&mark.span.note);
            }
        });
    }

    /// The scroll bar.
    fn bar(&mut self, ui: &mut Ui, area: Rect, hits: &Hits<'_>, chars: u32, palette: &Palette) {
        let (total, page) = (self.scroll.total() + 2.0 * MARGIN, area.height());
        if total <= page {
            return;
        }
        let track = Rect::from_min_max(
            pos2(area.right() - 12.0, area.top() + self.covered + 2.0),
            pos2(area.right() - 2.0, area.bottom() - 2.0),
        );
        let response = ui.interact(track, Self::id().with("bar"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Position in the article"));
        let length = (track.height() * page / total).max(28.0);
        if let Some(at) = response.interact_pointer_pos() {
            let share = ((at.y - track.top() - length / 2.0) / (track.height() - length)).clamp(0.0, 1.0);
            self.scroll.go_to(share * (total - page));
        }
        let share = (self.scroll.top() / (total - page).max(1.0)).clamp(0.0, 1.0);
        let thumb = Rect::from_min_size(
            pos2(track.left() + 2.0, track.top() + share * (track.height() - length)),
            vec2(6.0, length),
        );
        let strength = if response.hovered() || response.dragged() { 0.5 } else { 0.25 };
        ui.painter().rect_filled(thumb, 3, ui.visuals().text_color().gamma_multiply(strength));
        self.strokes.show(ui.painter(), track, hits, chars, palette);
    }
}

/// What is marked as found in the open article.
fn hits<'a>(session: &'a Session, article: &Article) -> Hits<'a> {
    if !session.finding.marked {
        return Hits::default();
    }
    let ranges = session.finding.hits(&article.id);
    Hits { ranges, current: session.at().and_then(|at| current(ranges, at)) }
}

/// The space behind a piece: wide where the text has a blank line.
fn gap(piece: &Piece, setting: Setting) -> f32 {
    match piece.breaks {
        0 => 0.0,
        1 => (setting.size * 0.45).round(),
        _ => (setting.size * 0.95).round(),
    }
}

/// The height a piece may have: its letters in lines of the measure.
fn guess(piece: &Piece, setting: Setting) -> f32 {
    let size = setting.size * size_of(piece.kind);
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    let lines = (piece.shown as f32 * size * 0.5 / setting.width).ceil().max(1.0);
    lines * size * leading(piece.kind) + gap(piece, setting)
}

/// What the reader shows when no article is open.
fn empty(ui: &mut Ui, area: Rect, view: &View<'_>) {
    let mut middle = ui.new_child(UiBuilder::new().max_rect(area.shrink(40.0)));
    middle.vertical_centered(|ui| {
        ui.add_space(area.height() * 0.3);
        if view.session.is_some_and(|session| session.order().is_empty()) {
            ui.label(egui::RichText::new("No articles yet").size(20.0));
            ui.add_space(6.0);
            ui.colored_label(view.palette.faint, "Drop text files here, or choose File, Import articles.");
        }
    });
}
