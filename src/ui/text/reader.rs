//! The reader itself: what is in sight, what the hands do, and the order in which it all happens in a frame.

use std::collections::HashMap;

use eframe::egui::{
    self, Event, EventFilter, Id, PointerButton, Pos2, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::session::{Place, Session};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::text::range::TextRange;
use crate::text::unit::{self, Unit};
use crate::ui::text::atlas::{Atlas, Letters};
use crate::ui::text::caret::{self, Move, Step};
use crate::ui::text::chips::{self, Wish};
use crate::ui::text::layout::{Engine, Laid, Setting, leading, size_of};
use crate::ui::text::marks::Marks;
use crate::ui::text::paint::{Canvas, Focus, boxes};
use crate::ui::text::pieces::{self, Piece};
use crate::ui::text::pointer::{Ground, Meaning, Pointer, Spot};
use crate::ui::text::scroll::{InSight, Scroll};
use crate::ui::theme::{CHIPS, MARGIN, MEASURE, Palette, STRIP};
use crate::ui::view::{Ask, Asks, View};

/// How many laid pieces are kept.
const KEPT: usize = 240;

/// Everything the reader remembers from frame to frame.
pub struct Reader {
    engine: Engine,
    atlas: Atlas,
    laid: HashMap<usize, Kept>,
    clock: u64,
    shown: Option<Shown>,
    pieces: Vec<Piece>,
    scroll: Scroll,
    setting: Setting,
    marks: Option<Marks>,
    pointer: Pointer,
    /// Where the caret wants to be while it goes from line to line.
    goal: Option<f32>,
    place: Place,
    /// The last frame's page, for moves by a page.
    page: f32,
    /// What was in sight in the last frame.
    sights: Vec<InSight>,
}

/// What the caches were made for.
#[derive(Clone, PartialEq)]
struct Shown {
    article: ArticleId,
    person: AnnotatorId,
    revision: u64,
    dark: bool,
}

struct Kept {
    laid: Laid,
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
        }
    }

    /// The id by which the reader has the focus.
    pub fn id() -> Id {
        Id::unique("reader")
    }

    /// Adds a font file, for tests in other scripts.
    pub fn add_font(&mut self, bytes: Vec<u8>) {
        self.engine.add_font(bytes);
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
        let width = (area.width() - STRIP - MARGIN - CHIPS - MARGIN).clamp(120.0, MEASURE * size);
        let spare = (area.width() - width - CHIPS - MARGIN).max(STRIP + MARGIN);
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
        self.mouse(ui, &response, session, article, (area, left), &sights, &mut next, asks);
        if next != session.place {
            asks.0.push(Ask::Go(next));
        }
        self.draw(ui, session, article, &view.palette, (area, left), &sights, response.has_focus(), asks);
        self.bar(ui, area);
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
    fn lay(&mut self, article: &Article, number: usize) {
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

    fn scroll_by(&mut self, article: &Article, delta: f32) {
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
            self.scroll_by(article, caret.top() - page * 0.3);
        }
    }

    fn piece_of(&self, place: u32) -> usize {
        self.pieces.partition_point(|piece| piece.range.start() <= place).saturating_sub(1)
    }

    /// The place nearest to a point on the screen.
    fn place_at(&self, article: &Article, at: Pos2, sights: &[InSight]) -> Option<u32> {
        let sight = sights.iter().rev().find(|sight| sight.corner.y <= at.y).or(sights.first())?;
        let kept = self.laid.get(&sight.piece)?;
        Some(kept.laid.place_at(article.text(), (at - sight.corner).to_pos2()))
    }

    fn keys(&mut self, ui: &Ui, session: &Session, article: &Article, next: &mut Place) {
        let focused = ui.memory(|memory| memory.focused());
        if focused.is_some_and(|id| id != Self::id()) || ui.ctx().any_popup_open() {
            return;
        }
        let moves: Vec<Move> = ui.input(|input| {
            let keys = input.events.iter().filter_map(|event| match event {
                Event::Key { key, pressed: true, modifiers, .. } => caret::of_key(*key, *modifiers),
                _ => None,
            });
            keys.collect()
        });
        for step in moves {
            self.walk(session, article, next, step);
        }
    }

    fn walk(&mut self, session: &Session, article: &Article, next: &mut Place, step: Move) {
        let text = article.text();
        let vertical = matches!(step.step, Step::Line | Step::Page);
        if !vertical {
            self.goal = None;
        }
        // Without Shift a selection collapses to its end on that side.
        if let Some(selection) = next.selection()
            && !step.extend
            && step.step == Step::Character
        {
            next.set_caret(if step.forward { selection.end() } else { selection.start() });
            return;
        }
        // From a selected span the caret leaves at the side it goes to.
        let mut from = next.caret;
        if let Some((_, span)) = session.span()
            && next.span.is_some()
            && step.forward
            && step.step != Step::Block
            && span.at.contains(from)
        {
            from = span.at.end();
            if step.step == Step::Character && !step.extend {
                next.set_caret(from);
                next.span = None;
                return;
            }
        }
        let to = match step.step {
            Step::Character => self.beside(article, from, step.forward),
            Step::Word => word(article, from, step.forward),
            Step::LineEnd => self.line_end(article, from, step.forward),
            Step::Line => self.line(article, from, step.forward),
            Step::Page => {
                let mut at = from;
                let lines = (self.page / (self.setting.size * leading(crate::model::article::BlockKind::Paragraph)))
                    .max(2.0)
                    - 1.0;
                let mut line = 0.0;
                while line < lines {
                    at = self.line(article, at, step.forward);
                    line += 1.0;
                }
                at
            }
            Step::All => {
                if step.forward {
                    text.chars()
                } else {
                    0
                }
            }
            Step::Block => {
                self.block(article, next, step);
                return;
            }
        };
        next.caret = to;
        if !step.extend {
            next.anchor = to;
            next.span = None;
        }
    }

    fn beside(&mut self, article: &Article, from: u32, right: bool) -> u32 {
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        if let Some(place) = kept.laid.beside(article.text(), from, right)
            && place <= kept.laid.last_place()
        {
            return place;
        }
        let rtl = kept.laid.layout().is_rtl();
        let onward = right != rtl;
        match (onward, number) {
            (true, _) => self.pieces.get(number + 1).map_or(from, |piece| piece.range.start()),
            (false, 0) => from,
            (false, _) => self.pieces.get(number - 1).map_or(from, |piece| piece.range.start() + piece.shown),
        }
    }

    fn line_end(&mut self, article: &Article, from: u32, end: bool) -> u32 {
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let caret = kept.laid.caret(article.text(), from);
        let rightward = end != kept.laid.layout().is_rtl();
        let x = if rightward { f32::from(u16::MAX) } else { -1.0 };
        kept.laid.place_at(article.text(), pos2(x, caret.center().y))
    }

    fn line(&mut self, article: &Article, from: u32, down: bool) -> u32 {
        let text = article.text();
        let number = self.piece_of(from);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return from };
        let x = *self.goal.get_or_insert(kept.laid.caret(text, from).center().x);
        let line = kept.laid.line_of(text, from);
        let next = if down { Some(line + 1) } else { line.checked_sub(1) };
        if let Some(line) = next.and_then(|next| kept.laid.lines.get(next)) {
            return kept.laid.place_at(text, pos2(x, (line.top + line.bottom) / 2.0));
        }
        let other = if down { number + 1 } else { number.wrapping_sub(1) };
        if other >= self.pieces.len() {
            return if down { text.chars() } else { 0 };
        }
        self.lay(article, other);
        let Some(kept) = self.laid.get(&other) else { return from };
        let line = if down { kept.laid.lines.first() } else { kept.laid.lines.last() };
        line.map_or(from, |line| kept.laid.place_at(text, pos2(x, (line.top + line.bottom) / 2.0)))
    }

    /// The block cursor: selects the next block, or one more.
    fn block(&mut self, article: &Article, next: &mut Place, step: Move) {
        let blocks = article.block_ranges();
        let whole =
            |index: usize| blocks.get(index).map(|block| unit::trim_space(article.text(), *block).unwrap_or(*block));
        let (first, last) = match next.selection() {
            Some(selection) => (article.block_index(selection.start()), article.block_index(selection.end() - 1)),
            None => {
                let here = article.block_index(next.caret);
                // The first press takes the block where the caret is.
                if let Some(block) = whole(here) {
                    next.select(block);
                    next.span = None;
                }
                return;
            }
        };
        let (anchor, focus) = if next.caret < next.anchor { (last, first) } else { (first, last) };
        let moved = if step.forward { (focus + 1).min(blocks.len() - 1) } else { focus.saturating_sub(1) };
        let anchor = if step.extend { anchor } else { moved };
        let (Some(a), Some(b)) = (whole(anchor), whole(moved)) else { return };
        let all = a.hull(b);
        (next.anchor, next.caret) = if moved < anchor { (all.end(), all.start()) } else { (all.start(), all.end()) };
        next.span = None;
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's worth of facts")]
    fn mouse(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        session: &Session,
        article: &Article,
        (area, left): (Rect, f32),
        sights: &[InSight],
        next: &mut Place,
        asks: &mut Asks,
    ) {
        let over = response.contains_pointer();
        let chips_from = left + self.setting.width + 16.0;
        let (events, now, keys) = ui.input(|input| (input.events.clone(), input.time, input.modifiers));
        let mut keys = keys;
        for event in events {
            let meaning = match event {
                Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, modifiers } => {
                    keys = modifiers;
                    let inside = over && area.contains(pos) && pos.x < chips_from && pos.x < area.right() - 14.0;
                    if !inside {
                        continue;
                    }
                    response.request_focus();
                    self.goal = None;
                    let Some(spot) = self.spot(article, pos, left, sights) else { continue };
                    self.pointer.press(now, spot, modifiers, &ground(session, article, next))
                }
                Event::PointerMoved(pos) if self.pointer.is_dragging() => {
                    let Some(spot) = self.spot(article, pos, left, sights) else { continue };
                    self.pointer.drag_to(spot, keys, &ground(session, article, next))
                }
                Event::PointerButton { pos, button: PointerButton::Primary, pressed: false, modifiers } => {
                    let moved = self
                        .pointer
                        .is_dragging()
                        .then(|| self.spot(article, pos, left, sights))
                        .flatten()
                        .and_then(|spot| self.pointer.drag_to(spot, modifiers, &ground(session, article, next)));
                    if let Some(moved) = moved {
                        self.mean(moved, next);
                    }
                    self.pointer.release()
                }
                _ => None,
            };
            if meaning == Some(Meaning::Fragment) {
                asks.0.push(Ask::Go(next.clone()));
                asks.run(Command::AddFragment);
            } else if let Some(meaning) = meaning {
                self.mean(meaning, next);
            }
        }
        if self.pointer.is_dragging()
            && let Some(at) = ui.input(|input| input.pointer.latest_pos())
        {
            let beyond = (at.y - area.bottom()).max(0.0) - (area.top() - at.y).max(0.0);
            if beyond != 0.0 {
                self.scroll_by(article, (beyond * 0.4).clamp(-60.0, 60.0));
            }
        }
        let over_text = response.hovered()
            && ui.input(|input| input.pointer.hover_pos()).is_some_and(|at| at.x > left - 4.0 && at.x < chips_from);
        if over_text {
            ui.set_cursor_icon(egui::CursorIcon::Text);
        }
    }

    fn mean(&self, meaning: Meaning, next: &mut Place) {
        match meaning {
            Meaning::Caret(place) => {
                let again = next.caret == place && next.selection().is_none();
                next.set_caret(place);
                let marks = self.marks.as_ref();
                let hit = marks.and_then(|marks| marks.innermost(place)).map(|mark| mark.id.clone());
                // A second click at the same place goes on to the next one of the stack.
                next.span = if again { self.after(place, next.span.as_ref()).or(hit) } else { hit };
            }
            Meaning::Select(anchor, caret) => {
                (next.anchor, next.caret) = (anchor, caret);
            }
            Meaning::Fragment => {}
        }
    }

    fn after(&self, place: u32, now: Option<&crate::model::id::SpanId>) -> Option<crate::model::id::SpanId> {
        let here = TextRange::new(place, place + 1).ok()?;
        let mut stack = self.marks.as_ref()?.touching(here);
        stack.sort_by_key(|mark| mark.span.at.count());
        let at = stack.iter().position(|mark| Some(mark.id) == now)?;
        stack.get((at + 1) % stack.len()).map(|mark| mark.id.clone())
    }

    fn spot(&self, article: &Article, at: Pos2, left: f32, sights: &[InSight]) -> Option<Spot> {
        Some(Spot { at, place: self.place_at(article, at, sights)?, strip: at.x < left - 10.0 })
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
    fn bar(&mut self, ui: &mut Ui, area: Rect) {
        let (total, page) = (self.scroll.total() + 2.0 * MARGIN, area.height());
        if total <= page {
            return;
        }
        let track = Rect::from_min_max(
            pos2(area.right() - 12.0, area.top() + 2.0),
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
    }
}

fn ground<'a>(session: &Session, article: &'a Article, next: &Place) -> Ground<'a> {
    Ground {
        text: article.text(),
        blocks: article.block_ranges(),
        snap: next.snap,
        anchor: next.anchor,
        span: session.base().is_some(),
    }
}

/// Word by word: to the end of a word forward, to the start of one back.
fn word(article: &Article, from: u32, forward: bool) -> u32 {
    let all = article.block_ranges();
    let text = article.text();
    if forward {
        unit::block_at(all, from).map_or(from, |block| unit::next(text, block, from, Unit::Word))
    } else {
        let block = from.checked_sub(1).and_then(|before| unit::block_at(all, before));
        block.map_or(from, |block| unit::previous(text, block, from, Unit::Word))
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
