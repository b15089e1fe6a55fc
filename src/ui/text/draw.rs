//! Puts the page together: pictures of the pieces in sight, what the hands changed, relations, chips, names, card.

use eframe::egui::{self, Rect, Response, Shape, Ui, UiBuilder, vec2};

use crate::app::command::Command;
use crate::model::id::SpanId;
use crate::text::range::{Extent, TextRange};
use crate::ui::text::chips::{self, Wish};
use crate::ui::text::marks::{Mark, Marks};
use crate::ui::text::overlay::{Canvas, Grip};
use crate::ui::text::picture::{Artist, boxes};
use crate::ui::text::reader::{Page, Reader};
use crate::ui::text::relations::{self, Spot};
use crate::ui::text::scroll::InSight;
use crate::ui::text::{card, context, proposals, signs};
use crate::ui::theme::CHIPS;
use crate::ui::view::{Ask, Asks, View};

impl Reader {
    /// Draws everything in sight and takes clicks on chips.
    pub(super) fn draw(&mut self, ui: &mut Ui, page: &Page<'_>, response: &Response, asks: &mut Asks) {
        self.draw_pictures(page);
        self.atlas.send(ui.ctx());
        let painter = ui.painter_at(page.area);
        let texture = self.atlas.texture();
        let Some(marks) = self.marks.take() else { return };
        let canvas = Canvas { painter: &painter, palette: &page.palette, width: self.setting.width };
        let place = &page.session.place;
        let chosen = page.session.span().and_then(|(id, span)| marks.of_span(id, span));
        let held = self.held.as_ref().and_then(|held| held.extent.clone());
        if let Some(rect) = self.strip_block(ui, page) {
            painter.rect_filled(rect, 1, page.palette.line);
        }
        // The texture may have been emptied for a piece further down; the next frame lays out those above again.
        let fresh = self.atlas.generation;
        let stale = |sight: &InSight| self.laid.get(&sight.piece).is_some_and(|kept| kept.letters.generation != fresh);
        if self.sights.iter().any(stale) {
            ui.ctx().request_repaint();
        }
        let (hits, offers) = (page.hits(), page.session.proposed.shown());
        let mut beside = Vec::new();
        let mut wishes = Vec::new();
        let mut grips = Vec::new();
        for sight in &self.sights {
            let Some(kept) = self.laid.get(&sight.piece) else { continue };
            let Some(picture) = &kept.picture else { continue };
            let (geometry, corner) = (&kept.geometry, sight.corner);
            let by = corner.to_vec2();
            let moved = |shapes: &[Shape]| {
                painter.extend(shapes.iter().cloned().map(|mut shape| {
                    shape.translate(by);
                    shape
                }));
            };
            moved(&picture.bands);
            beside.extend(canvas.proposals(geometry, corner, offers));
            let frames = canvas.hits(geometry, corner, &hits);
            for range in
                place.selection().into_iter().chain(held.iter().flat_map(|held| held.fragments().iter().copied()))
            {
                canvas.selection(geometry, corner, range);
            }
            if let Some(mark) = &chosen {
                canvas.behind(geometry, corner, mark);
            }
            moved(&picture.tints);
            let mut letters = (*picture.letters).clone();
            letters.texture_id = texture;
            letters.translate(by);
            painter.add(Shape::mesh(letters));
            moved(&picture.lines);
            canvas.frames(&frames);
            if let Some(mark) = &chosen {
                canvas.chosen(geometry, corner, &marks, mark);
                grips.extend(canvas.grips(geometry, corner, held.as_ref().unwrap_or(mark.at), mark.style.colors.line));
            }
            if response.has_focus() {
                canvas.caret(geometry, corner, self.stop_of(place.caret));
            }
            wishes.extend(picture.starts.iter().map(|(owner, top)| Wish { owner: *owner, top: top + corner.y }));
        }
        self.grips = grips;
        self.draw_relations(ui, page, &painter);
        self.told = self.names(ui, page, &marks);
        if page.chips > 0.0 {
            let mut margin = ui.new_child(UiBuilder::new().max_rect(page.area));
            margin.set_clip_rect(page.area);
            let left = page.margin(self.setting.width);
            let ends = (left, (page.area.right() - 16.0).min(left + CHIPS));
            proposals::beside(&mut margin, ends, beside, &page.palette);
            if let Some(span) = chips::show(&mut margin, ends, wishes, &marks, page, asks) {
                asks.run(Command::SelectSpan(span));
                asks.0.push(Ask::Read);
            }
        }
        self.card(ui, page, response, &marks);
        context::show(response, page, asks);
        self.cursor(ui, response, page);
        self.marks = Some(marks);
    }

    /// Draws the pieces in sight whose spans changed.
    fn draw_pictures(&mut self, page: &Page<'_>) {
        let Some(marks) = &self.marks else { return };
        for sight in &self.sights {
            let Some(kept) = self.laid.get_mut(&sight.piece) else { continue };
            if kept.picture.as_ref().is_some_and(|picture| picture.generation == self.generation) {
                continue;
            }
            let artist = Artist { geometry: &kept.geometry, marks, palette: &page.palette, width: self.setting.width };
            let mut picture = artist.draw(&kept.letters, self.generation);
            if page.settings.signs {
                let mut mesh = egui::Mesh::default();
                signs::draw(&mut mesh, &kept.geometry, page.article.text(), page.palette.accent);
                picture.lines.push(Shape::mesh(mesh));
            }
            kept.picture = Some(picture);
        }
    }

    /// The boxes of an extent that are in sight.
    fn boxes_of(&self, extent: &Extent) -> Vec<Rect> {
        let laid = self.sights.iter().filter_map(|sight| Some((sight, &self.laid.get(&sight.piece)?.geometry)));
        let parts = laid.flat_map(|(sight, geometry)| {
            let boxes = extent.fragments().iter().flat_map(|fragment| boxes(geometry, *fragment));
            boxes.map(|(_, rect)| rect.translate(sight.corner.to_vec2()))
        });
        parts.collect()
    }

    /// Where a relation between two extents is drawn.
    fn spots(&self, from: &Extent, to: &Extent) -> (Spot, Spot) {
        let (a, b) = (self.boxes_of(from), self.boxes_of(to));
        let first = self.sights.first().and_then(|sight| self.pieces.get(sight.piece));
        let away = |extent: &Extent| {
            let above = first.is_some_and(|piece| extent.start() < piece.range.start());
            if above { Spot::Above } else { Spot::Below }
        };
        let seen = |boxes: &[Rect], extent| boxes.first().map_or(away(extent), |rect| Spot::Box(*rect));
        relations::nearest(&a, &b).unwrap_or((seen(&a, from), seen(&b, to)))
    }

    /// Draws the relations of the selected span, or all of them, and the one that is being made.
    fn draw_relations(&self, ui: &Ui, page: &Page<'_>, painter: &egui::Painter) {
        let place = &page.session.place;
        let (Some(first), Some(last)) = (self.sights.first(), self.sights.last()) else { return };
        let ends = (self.pieces.get(first.piece), self.pieces.get(last.piece));
        let (Some(first), Some(last)) = ends else { return };
        let all = page.settings.relations;
        let seen = first.range.hull(last.range);
        if all || place.span.is_some() {
            for tie in self.ties.touching(seen, place.span.as_ref().filter(|_| !all)) {
                let spots = self.spots(&tie.from.1, &tie.to.1);
                relations::draw(painter, page.area, &page.palette, spots, &tie.name, false);
            }
        }
        let spans = page.session.set().map(|set| &set.spans);
        let extent = |id: &SpanId| spans.and_then(|spans| spans.get(id)).map(|span| &span.at);
        if let Some(relating) = &place.relating {
            let schema = &page.session.project().schema;
            let name = schema.relations.get(&relating.kind).map_or_else(String::new, |kind| kind.name.clone());
            let to = place.span.as_ref().filter(|to| **to != relating.from).and_then(extent);
            if let (Some(from), Some(to)) = (extent(&relating.from), to) {
                let spots = self.spots(from, to);
                relations::draw(painter, page.area, &page.palette, spots, &name, true);
            }
        }
        if let Some(held) = self.held.as_ref().filter(|held| held.grip == Grip::Ring)
            && let Some((_, span)) = page.session.span()
        {
            let to = ui.input(|input| input.pointer.latest_pos()).unwrap_or(held.at);
            let hand = [Rect::from_center_size(to, vec2(2.0, 2.0))];
            if let Some(spots) = relations::nearest(&self.boxes_of(&span.at), &hand) {
                relations::draw(painter, page.area, &page.palette, spots, "relate", true);
            }
        }
    }

    /// What the span under the pointer is, when the pointer rests on it.
    fn card(&self, ui: &Ui, page: &Page<'_>, response: &Response, marks: &Marks) {
        // A dialog may have come between the text and a pointer that has not moved.
        let covered = ui.memory(|memory| memory.top_modal_layer().is_some());
        if self.is_busy() || self.card_off.is_some() || covered {
            return;
        }
        let Some(at) = ui.input(|input| input.pointer.hover_pos()).filter(|at| page.is_text(*at)) else { return };
        let Some(here) = self.place_near(at).and_then(|place| TextRange::new(place, place + 1).ok()) else { return };
        let spans = marks.touching(here);
        if !spans.is_empty() {
            response.clone().on_hover_ui_at_pointer(|ui| card::show(ui, page, &spans));
        } else if let [offer, ..] = page.session.proposed.at(Some(here), 0) {
            response.clone().on_hover_ui_at_pointer(|ui| card::proposed(ui, page, offer));
        }
    }
}

/// The name by which a span is known to a screen reader and to tests: label, words, number.
pub(super) fn name(page: &Page<'_>, marks: &Marks, mark: &Mark<'_>) -> String {
    let words: String = page.article.text().quote(mark.at).chars().take(80).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match mark.by {
        Some(by) => format!("Suggested by {by}: {}, {words}", mark.style.name),
        None => format!("{}, {words}, {} of {}", mark.style.name, marks.number(mark), marks.len()),
    }
}

/// What the reader shows when no article is open.
pub(super) fn empty(ui: &mut Ui, area: Rect, view: &View<'_>) {
    let mut middle = ui.new_child(UiBuilder::new().max_rect(area.shrink(40.0)));
    middle.vertical_centered(|ui| {
        ui.add_space(area.height() * 0.3);
        if view.session.is_some_and(|session| session.order().is_empty()) {
            ui.label(egui::RichText::new("No articles yet").size(20.0));
            ui.add_space(6.0);
            ui.colored_label(view.palette.faint, "Drop articles here, or choose File, Import articles.");
        }
    });
}
