//! The reader itself: what is in sight, what the hands do, and the order in which it all happens in a frame.

use std::collections::HashMap;

use eframe::egui::{EventFilter, Id, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::finding::current;
use crate::app::session::{Place, Session};
use crate::app::settings::Settings;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::ui::app::SIZES;
use crate::ui::room::EASY;
use crate::ui::text::access::Run;
use crate::ui::text::atlas::{Atlas, Letters};
use crate::ui::text::geometry::{Geometry, Stop};
use crate::ui::text::hands::Held;
use crate::ui::text::hits::{Hits, Strokes};
use crate::ui::text::layout::{Engine, Setting, size_of};
use crate::ui::text::marks::Marks;
use crate::ui::text::overlay::Grip;
use crate::ui::text::picture::Picture;
use crate::ui::text::pieces::{self, Piece};
use crate::ui::text::pointer::Pointer;
use crate::ui::text::relations::Ties;
use crate::ui::text::scroll::{InSight, Scroll};
use crate::ui::theme::{CHIPS, MARGIN, Palette, STRIP};
use crate::ui::view::{Ask, Asks, View};

/// How many code points are kept laid out: some twenty pages.
const KEPT: u32 = 80_000;

/// Everything the reader remembers from frame to frame.
pub struct Reader {
    pub(super) engine: Engine,
    pub(super) atlas: Atlas,
    pub(super) laid: HashMap<usize, Kept>,
    clock: u64,
    shown: Option<Shown>,
    /// Goes up whenever pictures have to be drawn anew.
    pub(super) generation: u64,
    pub(super) pieces: Vec<Piece>,
    pub(super) scroll: Scroll,
    pub(super) setting: Setting,
    pub(super) marks: Option<Marks>,
    pub(super) ties: Ties,
    pub(super) pointer: Pointer,
    pub(super) held: Option<Held>,
    /// Where the grips of the selected span are.
    pub(super) grips: Vec<(Pos2, Grip)>,
    /// The place at which the caret stands behind the character before it.
    pub(super) lean: Option<u32>,
    /// Where the caret wants to be while it goes from line to line.
    pub(super) goal: Option<f32>,
    /// When a finished selection is labelled by itself.
    pub(super) due: Option<f64>,
    /// The selection was extended by keys and Shift is still held.
    pub(super) extended: bool,
    /// No card is shown until the pointer has left this point.
    pub(super) card_off: Option<Pos2>,
    pub(super) place: Place,
    /// The last frame's page, for moves by a page.
    pub(super) page: f32,
    /// What was in sight in the last frame.
    pub(super) sights: Vec<InSight>,
    /// Height of what lies over the top of the page, in points.
    pub covered: f32,
    strokes: Strokes,
    /// How much was zoomed since the text last changed its size, as a logarithm.
    pub(super) zoomed: f32,
    /// What a screen reader was told of the text in the last frame.
    pub(super) told: Vec<(Id, Run)>,
}

/// What the caches were made for.
#[derive(Clone, PartialEq)]
struct Shown {
    article: ArticleId,
    person: AnnotatorId,
    revision: u64,
    palette: Palette,
    signs: bool,
}

impl Shown {
    /// Whether the other is the same but for what was done since.
    fn differs_by_revision(&self, other: &Self) -> bool {
        (&self.article, &self.person, self.palette, self.signs)
            == (&other.article, &other.person, other.palette, other.signs)
    }
}

/// A piece that was laid out.
pub(super) struct Kept {
    pub(super) geometry: Geometry,
    pub(super) letters: Letters,
    pub(super) picture: Option<Picture>,
    lanes: u8,
    used: u64,
}

/// What is shown in this frame, and where.
pub(super) struct Page<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) session: &'a Session,
    pub(super) article: &'a Article,
    pub(super) settings: &'a Settings,
    pub(super) palette: Palette,
    /// All of the reader.
    pub(super) area: Rect,
    /// Left end of the lines.
    pub(super) left: f32,
    /// Room for chips right of the lines.
    pub(super) chips: f32,
}

impl Page<'_> {
    /// Left end of the chips.
    pub(super) fn margin(&self, width: f32) -> f32 {
        self.left + width + 20.0
    }

    /// What is marked as found in the open article.
    pub(super) fn hits(&self) -> Hits<'_> {
        let finding = &self.session.finding;
        if !finding.marked {
            return Hits::default();
        }
        let ranges = finding.hits(&self.article.id);
        Hits { ranges, current: self.session.at().and_then(|at| current(ranges, at)) }
    }

    /// Whether a point belongs to the text and its strip, and not to chips or the scroll bar.
    pub(super) fn is_text(&self, at: Pos2) -> bool {
        let chips = if self.chips > 0.0 { self.area.right() - self.chips - MARGIN } else { self.area.right() };
        self.area.contains(at) && at.x < chips.min(self.area.right() - 14.0)
    }
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
            generation: 0,
            pieces: Vec::new(),
            scroll: Scroll::default(),
            setting: Setting::default(),
            marks: None,
            ties: Ties::default(),
            pointer: Pointer::default(),
            held: None,
            grips: Vec::new(),
            lean: None,
            goal: None,
            due: None,
            extended: false,
            card_off: None,
            place: Place::default(),
            page: 400.0,
            sights: Vec::new(),
            covered: 0.0,
            strokes: Strokes::default(),
            zoomed: 0.0,
            told: Vec::new(),
        }
    }

    /// Takes in a font that is not installed.
    pub fn add_font(&mut self, bytes: Vec<u8>) {
        self.engine.add_font(bytes);
        self.laid.clear();
    }

    /// Forgets the article and everything that was made for it; another project may have one of the same name.
    pub fn forget(&mut self) {
        (self.shown, self.marks, self.ties) = (None, None, Ties::default());
        (self.pointer, self.held) = (Pointer::default(), None);
        self.pieces.clear();
        self.laid.clear();
        self.sights.clear();
        self.place = Place::default();
    }

    /// The id by which the reader has the focus.
    pub fn id() -> Id {
        Id::unique("reader")
    }

    /// Where a place of the open article is on the screen, if it was in sight in the last frame.
    pub fn point_of(&self, place: u32) -> Option<Pos2> {
        let number = self.piece_of(place);
        let sight = self.sights.iter().find(|sight| sight.piece == number)?;
        let caret = self.laid.get(&number)?.geometry.caret(Stop::before(place));
        Some(caret.translate(sight.corner.to_vec2()).center())
    }

    /// Where the grips of the selected span were in the last frame.
    pub fn grips(&self) -> &[(Pos2, Grip)] {
        &self.grips
    }

    /// How many code points are laid out and kept.
    pub fn kept(&self) -> u32 {
        self.laid.values().map(|kept| kept.geometry.piece.shown).sum()
    }

    /// Draws the open article and takes input for it.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let area = ui.available_rect_before_wrap();
        ui.painter().rect_filled(area, 0, view.palette.page);
        let (Some(session), Some(article)) = (view.session, view.article()) else {
            self.shown = None;
            super::draw::empty(ui, area, view);
            return;
        };
        let settings = view.settings;
        let size = if settings.text_size.is_finite() { settings.text_size.clamp(SIZES.0, SIZES.1) } else { 17.0 };
        // Where there is little room the text gets it.
        let chips = if area.width() < EASY { 0.0 } else { CHIPS };
        let measure = (settings.measure.clamp(20.0, 200.0) * size).max(120.0);
        let width = (area.width() - STRIP - MARGIN - chips - MARGIN).clamp(120.0, measure);
        let spare = (area.width() - width - chips - MARGIN).max(STRIP + MARGIN);
        let left = (area.left() + (spare / 2.0).max(STRIP + MARGIN)).round();
        let page = Page { view, session, article, settings, palette: view.palette, area, left, chips };
        let scale = ui.ctx().pixels_per_point();
        let setting = Setting { size, width, scale, leading: settings.line_height.clamp(1.0, 4.0) };
        let stay = self.anchor(session, article, area);
        let other_letters = self.engine.set_family(&settings.text_family);
        let moved = self.setting != setting || other_letters || area.height() < self.page;
        if other_letters {
            self.setting.width = 0.0;
        }
        self.renew(&page, setting);
        if let Some(stay) = stay.filter(|_| moved) {
            self.stay(article, stay, area.height());
        }

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
            if moved && !self.is_busy() {
                self.reveal(article, self.place.caret, area.height());
            }
        }
        self.wheel(ui, area, view, asks);
        self.sights = self.in_sight(article, area, left);
        let mut next = session.place.clone();
        self.keys(ui, session, article, &mut next);
        self.take_requests(ui, article, &mut next, asks);
        let acted = self.mouse(ui, &response, &page, &mut next, asks);
        if next != session.place && !acted {
            asks.0.push(Ask::Go(next));
        }
        self.draw(ui, &page, &response, asks);
        self.bar(ui, &page);
    }

    /// Brings everything that is remembered in line with what is to be shown.
    fn renew(&mut self, page: &Page<'_>, setting: Setting) {
        self.clock += 1;
        let (session, article) = (page.session, page.article);
        let now = Shown {
            article: article.id.clone(),
            person: session.person.clone(),
            revision: session.revision(),
            palette: page.palette,
            signs: page.settings.signs,
        };
        let other_article = self.shown.as_ref().is_none_or(|shown| shown.article != now.article);
        if other_article {
            self.pieces = pieces::pieces(article);
            self.pointer = Pointer::default();
            (self.held, self.lean) = (None, None);
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
            let revision =
                self.shown.as_ref().filter(|shown| shown.differs_by_revision(&now)).map(|shown| shown.revision);
            let done = revision.and_then(|revision| session.since(revision));
            if done.is_none_or(Ties::are_touched) {
                self.ties = Ties::new(session);
            }
            self.catch_up(page, &now);
            self.shown = Some(now);
        }
        if self.laid.values().map(|kept| kept.geometry.piece.shown).sum::<u32>() > KEPT {
            let mut ages: Vec<u64> = self.laid.values().map(|kept| kept.used).collect();
            ages.sort_unstable();
            let limit = ages.get(ages.len() / 2).copied().unwrap_or(0);
            self.laid.retain(|_, kept| kept.used > limit);
        }
    }

    /// Follows what was done to the spans, or sorts them anew.
    fn catch_up(&mut self, page: &Page<'_>, now: &Shown) {
        let session = page.session;
        if let (Some(shown), Some(marks)) = (&self.shown, &mut self.marks)
            && shown.differs_by_revision(now)
            && let Some(done) = session.since(shown.revision)
        {
            let before = marks.generation;
            if marks.follow(session, done) {
                self.generation += u64::from(marks.generation != before);
                return;
            }
        }
        self.marks = Some(Marks::new(session, &page.palette));
        self.generation += 1;
    }

    /// Lays a piece out unless that was done, and corrects its height.
    pub(super) fn lay(&mut self, article: &Article, number: usize) {
        let Some(piece) = self.pieces.get(number).copied() else { return };
        let clock = self.clock;
        if let Some(kept) = self.laid.get_mut(&number).filter(|kept| kept.used == clock) {
            kept.used = clock;
            return;
        }
        let lanes = self.marks.as_ref().map_or(0, |marks| marks.lines.lanes(piece.range)).max(2);
        if let Some(kept) = self.laid.get_mut(&number)
            && kept.lanes == lanes
            && kept.letters.generation == self.atlas.generation
        {
            kept.used = clock;
            return;
        }
        let shaped = self.engine.lay_out(article.text(), article.language.as_deref(), piece, self.setting, lanes);
        let geometry = shaped.geometry();
        let letters = self.atlas.letters(&shaped, self.setting.scale);
        self.scroll.correct(number, geometry.height + gap(&piece, self.setting));
        self.laid.insert(number, Kept { geometry, letters, picture: None, lanes, used: clock });
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

    /// Lays out what is in sight, from the top down.
    pub(super) fn in_sight(&mut self, article: &Article, area: Rect, left: f32) -> Vec<InSight> {
        // A page that became taller must not end above its bottom.
        self.scroll_by(article, 0.0);
        let mut top = area.top() - self.scroll.offset + if self.scroll.piece == 0 { MARGIN } else { 0.0 };
        let mut sights = Vec::new();
        let mut number = self.scroll.piece;
        while number < self.pieces.len() && top < area.bottom() {
            let height = self.laid_height(article, number);
            sights.push(InSight { piece: number, corner: self.on_pixels(pos2(left, top)) });
            top += height;
            number += 1;
        }
        sights
    }

    /// Letters are sharp only on whole pixels.
    fn on_pixels(&self, at: Pos2) -> Pos2 {
        let scale = self.setting.scale;
        pos2((at.x * scale).round() / scale, (at.y * scale).round() / scale)
    }

    /// Scrolls so that a place is on the page.
    pub(super) fn reveal(&mut self, article: &Article, place: u32, page: f32) {
        let number = self.piece_of(place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return };
        let caret = kept.geometry.caret(Stop::before(place));
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

    /// The stop nearest to a point on the screen.
    pub(super) fn stop_at(&self, at: Pos2) -> Option<Stop> {
        let sight = self.sights.iter().rev().find(|sight| sight.corner.y <= at.y).or(self.sights.first())?;
        let kept = self.laid.get(&sight.piece)?;
        Some(kept.geometry.hit((at - sight.corner).to_pos2()))
    }

    /// The character under a point on the screen; nothing beside the words.
    pub(super) fn place_near(&self, at: Pos2) -> Option<u32> {
        let sight = self.sights.iter().rev().find(|sight| sight.corner.y <= at.y)?;
        let kept = self.laid.get(&sight.piece)?;
        kept.geometry.under((at - sight.corner).to_pos2())
    }

    /// The scroll bar.
    fn bar(&mut self, ui: &mut Ui, at: &Page<'_>) {
        let area = at.area;
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
        self.strokes.show(ui.painter(), track, &at.hits(), at.article.text().chars(), &at.palette);
    }
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
    lines * size * setting.line(piece.kind) + gap(piece, setting)
}
