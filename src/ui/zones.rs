//! Where the panels are, for going round them by the keyboard. Each gives the focus back to what had it before.

use std::collections::BTreeMap;

use eframe::egui::{Context, Id, Key, LayerId, Rect};

use crate::ui::panel::articles::Articles;
use crate::ui::panel::labels::Labels;
use crate::ui::seek::bar::FindBar;
use crate::ui::seek::everywhere::Everywhere;
use crate::ui::text::reader::Reader;

/// A part of the window, in the order of going round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// The article.
    Reader,
    /// The labels.
    Labels,
    /// The selected span.
    Inspector,
    /// The list of articles.
    Articles,
    /// The menu bar.
    Menu,
    /// The line at the bottom.
    Status,
    /// The bar over the article in which words are looked for.
    Find,
    /// The list of places found in all articles.
    Found,
    /// The history.
    History,
}

/// All zones in the order of going round.
const ROUND: [Zone; 9] = [
    Zone::Reader,
    Zone::Find,
    Zone::Labels,
    Zone::Inspector,
    Zone::Found,
    Zone::History,
    Zone::Articles,
    Zone::Menu,
    Zone::Status,
];

/// Width of the handle at the edge of a panel, which belongs to no zone.
const EDGE: f32 = 5.0;

/// The zones of the last frame.
#[derive(Debug, Default)]
pub struct Zones {
    rects: BTreeMap<Zone, Rect>,
    last: BTreeMap<Zone, Id>,
    /// What had the focus before a menu or list opened.
    opener: Option<Id>,
    open: bool,
    /// What had the focus at the end of the last frame.
    had: Option<Id>,
}

impl Zones {
    /// Forgets where the panels were, for a new frame.
    pub fn begin(&mut self) {
        self.rects.clear();
    }

    /// Says where a zone is.
    pub fn set(&mut self, zone: Zone, rect: Rect) {
        self.rects.insert(zone, rect);
    }

    /// Parts a panel into labels above and the selected span below, whose top is known.
    pub fn split(&mut self, panel: Rect) {
        let Some(below) = self.rects.get(&Zone::Inspector).copied() else { return };
        let top = below.top();
        // They are scrolled together, so both go on behind the edges of the panel.
        let (mut above, mut below) = (panel, panel);
        *above.top_mut() = f32::NEG_INFINITY;
        *above.bottom_mut() = top;
        *below.top_mut() = top;
        *below.bottom_mut() = f32::INFINITY;
        self.rects.insert(Zone::Labels, above);
        self.rects.insert(Zone::Inspector, below);
    }

    /// Remembers what has the focus.
    pub fn remember(&mut self, ctx: &Context) {
        self.had = ctx.memory(|memory| memory.focused());
        if let Some((zone, id)) = self.focused(ctx) {
            self.last.insert(zone, id);
        }
    }

    /// Gives the focus back to where it was when a menu or list has closed. Says whether the reader should get it.
    pub fn after_popups(&mut self, ctx: &Context, open: bool) -> bool {
        let closed = std::mem::replace(&mut self.open, open) && !open;
        let focused = ctx.memory(|memory| memory.focused());
        if !open && !closed {
            self.opener = focused;
        }
        // Who clicked elsewhere has the focus there.
        if !closed || (self.focused(ctx).is_some() && focused != self.opener) {
            return false;
        }
        let dialog = |id: Id| ctx.read_response(id).is_some_and(|found| found.layer_id != LayerId::background());
        let back = self.opener.filter(|id| match self.zone_of(ctx, *id) {
            Some(zone) => zone != Zone::Menu && zone != Zone::Reader,
            None => dialog(*id),
        });
        match back {
            Some(id) => {
                ctx.memory_mut(|memory| memory.request_focus(id));
                false
            }
            None => true,
        }
    }

    /// Moves the focus to the next zone that can have it, or to the one before.
    pub fn step(&self, ctx: &Context, forward: bool) {
        let here = self.focused(ctx).map_or(Zone::Reader, |(zone, _)| zone);
        let at = ROUND.iter().position(|zone| *zone == here).unwrap_or(0);
        let others = (1..ROUND.len()).map(|step| {
            let index = if forward { at + step } else { at + ROUND.len() - step };
            ROUND.get(index % ROUND.len()).copied().unwrap_or(Zone::Reader)
        });
        if let Some(id) = others.into_iter().find_map(|zone| self.target(ctx, zone)) {
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Moves the focus to the first control of a zone.
    pub fn go_to(&self, ctx: &Context, zone: Zone) {
        if let Some(id) = self.first(ctx, zone) {
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    fn focused(&self, ctx: &Context) -> Option<(Zone, Id)> {
        let id = ctx.memory(|memory| memory.focused())?;
        self.zone_of(ctx, id).map(|zone| (zone, id))
    }

    fn zone_of(&self, ctx: &Context, id: Id) -> Option<Zone> {
        let found = ctx.read_response(id)?;
        // The bar lies over the panels, and all of its controls with its field.
        if ctx.read_response(FindBar::id()).is_some_and(|field| field.layer_id == found.layer_id) {
            return Some(Zone::Find);
        }
        let found = Some(found).filter(|found| found.layer_id == LayerId::background())?;
        ROUND.into_iter().find(|zone| self.has(*zone, found.rect, found.interact_rect))
    }

    /// Whether a control is in a zone, by all of it and by what can be seen of it. What is scrolled away still belongs
    /// to its panel, also where the panel would reach behind the bars.
    fn has(&self, zone: Zone, all: Rect, seen: Rect) -> bool {
        let Some(rect) = self.rects.get(&zone) else { return false };
        let bar = matches!(zone, Zone::Menu | Zone::Status);
        if bar { seen.is_positive() && rect.contains(seen.center()) } else { rect.contains(all.center()) }
    }

    /// Whether Escape has just taken the focus from a control, which is not the reader.
    pub fn left_control(&self, ctx: &Context) -> bool {
        let escape = ctx.input(|input| input.key_pressed(Key::Escape));
        escape && ctx.memory(|memory| memory.focused().is_none()) && self.had.is_some_and(|id| id != Reader::id())
    }

    /// What gets the focus in a zone: what had it before, else what is first.
    fn target(&self, ctx: &Context, zone: Zone) -> Option<Id> {
        let there = |id: &Id| ctx.viewport(|viewport| viewport.prev_pass.widgets.contains(*id));
        self.rects.get(&zone)?;
        self.last.get(&zone).copied().filter(there).or_else(|| self.first(ctx, zone))
    }

    fn first(&self, ctx: &Context, zone: Zone) -> Option<Id> {
        self.rects.get(&zone)?;
        let own = match zone {
            Zone::Reader => Some(Reader::id()),
            Zone::Articles => Some(Articles::id()),
            Zone::Labels => Some(Labels::id()),
            Zone::Find => Some(FindBar::id()),
            Zone::Found => Some(Everywhere::id()),
            _ => None,
        };
        ctx.viewport(|viewport| {
            let widgets = &viewport.prev_pass.widgets;
            own.filter(|id| widgets.contains(*id)).or_else(|| {
                widgets
                    .get_layer(LayerId::background())
                    .find(|widget| {
                        widget.sense.is_focusable()
                            && widget.enabled
                            && widget.visible
                            && widget.rect.width() > EDGE
                            && self.has(zone, widget.rect, widget.interact_rect)
                    })
                    .map(|widget| widget.id)
            })
        })
    }
}
