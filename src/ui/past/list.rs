//! A list that is walked with the keys and of which only rows in sight are made, however long it is.

use eframe::egui::{EventFilter, Id, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

/// What a list shows.
pub trait Rows {
    /// How many rows there are, headings among them.
    fn count(&self) -> usize;
    /// Whether a row can be chosen; a heading cannot.
    fn is_item(&self, at: usize) -> bool;
    /// What a row is known by, whatever comes before it.
    fn key(&self, at: usize) -> u64;
    /// What screen readers say.
    fn name(&self, at: usize) -> String;
    /// Draws a row; headings have no response.
    fn draw(&self, ui: &Ui, rect: Rect, at: usize, response: Option<&Response>, chosen: bool);
}

/// Which row is chosen, and how the list stands.
#[derive(Default)]
pub struct List {
    /// The chosen row.
    pub chosen: Option<usize>,
    /// The chosen row gets the focus and is brought into sight.
    pub take_focus: bool,
    /// In how many frames it was asked for.
    asked: u8,
    /// A row of the list had the focus in the last frame.
    pub focused: bool,
    /// How far it is scrolled, in points.
    scrolled: f32,
}

/// After so many frames somebody else has the focus for a reason.
const PATIENCE: u8 = 4;

impl List {
    /// Shows rows of one height. Gives the row that was clicked, or chosen by Enter.
    pub fn show(&mut self, ui: &mut Ui, salt: &'static str, height: f32, rows: &dyn Rows) -> Option<usize> {
        let count = rows.count();
        let id = |at: usize| Id::unique(salt).with(rows.key(at));
        self.chosen = self.chosen.filter(|at| *at < count && rows.is_item(*at)).or_else(|| next(rows, None, 1, 0));
        let page = ui.available_height();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows of a screen are few")]
        let in_sight = (page / height).max(2.0) as usize;
        if let Some(chosen) = self.chosen
            && ui.memory(|memory| memory.has_focus(id(chosen)))
        {
            self.walk(ui, id(chosen), chosen, in_sight, rows);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt);
        if self.take_focus
            && let Some(chosen) = self.chosen
        {
            // A dialog that is just closing lets nobody have the focus, so it is asked for until it is there.
            ui.memory_mut(|memory| memory.request_focus(id(chosen)));
            self.asked += 1;
            if self.asked >= PATIENCE {
                (self.take_focus, self.asked) = (false, 0);
            }
            ui.ctx().request_repaint();
            // The heading above a row comes into sight with it.
            let above = chosen.checked_sub(1).filter(|above| !rows.is_item(*above)).unwrap_or(chosen);
            #[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
            let (top, bottom) = (above as f32 * height, (chosen + 1) as f32 * height);
            if top < self.scrolled {
                area = area.vertical_scroll_offset(top);
            } else if bottom > self.scrolled + page {
                area = area.vertical_scroll_offset(bottom - page);
            }
        }
        let mut opened = None;
        self.focused = false;
        let shown = area.show_rows(ui, height, count, |ui, range| {
            for at in range {
                let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
                if !rows.is_item(at) {
                    rows.draw(ui, rect, at, None, false);
                    let response = ui.interact(rect, id(at), Sense::hover());
                    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, rows.name(at)));
                    continue;
                }
                let response = ui.interact(rect, id(at), Sense::click());
                if response.has_focus() {
                    if self.chosen == Some(at) {
                        (self.take_focus, self.asked) = (false, 0);
                    }
                    self.chosen = Some(at);
                    self.focused = true;
                }
                let chosen = self.chosen == Some(at);
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, rows.name(at)));
                rows.draw(ui, rect, at, Some(&response), chosen);
                if response.clicked() {
                    self.chosen = Some(at);
                    response.request_focus();
                    opened = Some(at);
                }
            }
        });
        self.scrolled = shown.state.clamped_offset().y;
        opened
    }

    /// From row to row, to the next heading with Ctrl, also to rows that are out of sight.
    fn walk(&mut self, ui: &Ui, focused: Id, chosen: usize, page: usize, rows: &dyn Rows) {
        let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(focused, arrows));
        let last = rows.count().saturating_sub(1);
        let to = ui.input_mut(|input| {
            let mut took = |modifiers, key| input.consume_key(modifiers, key);
            if took(Modifiers::COMMAND, Key::ArrowDown) {
                heading_after(rows, chosen)
            } else if took(Modifiers::COMMAND, Key::ArrowUp) {
                heading_before(rows, chosen)
            } else if took(Modifiers::NONE, Key::ArrowDown) {
                next(rows, Some(chosen), 1, 1)
            } else if took(Modifiers::NONE, Key::ArrowUp) {
                next(rows, Some(chosen), -1, 1)
            } else if took(Modifiers::NONE, Key::PageDown) {
                next(rows, Some(chosen), 1, page)
            } else if took(Modifiers::NONE, Key::PageUp) {
                next(rows, Some(chosen), -1, page)
            } else if took(Modifiers::NONE, Key::Home) {
                next(rows, None, 1, 0)
            } else if took(Modifiers::NONE, Key::End) {
                if rows.is_item(last) { Some(last) } else { next(rows, Some(last), -1, 1) }
            } else {
                None
            }
        });
        if let Some(to) = to {
            (self.chosen, self.take_focus) = (Some(to), true);
        }
    }
}

/// The row so many steps away, or as far as it goes; a heading is stepped over.
fn next(rows: &dyn Rows, from: Option<usize>, way: isize, steps: usize) -> Option<usize> {
    let count = rows.count();
    let goal = match from {
        None => 0,
        Some(from) if way > 0 => (from + steps).min(count.saturating_sub(1)),
        Some(from) => from.saturating_sub(steps),
    };
    let mut on = (goal..count).find(|at| rows.is_item(*at));
    let mut back = (0..=goal.min(count.saturating_sub(1))).rev().find(|at| count > 0 && rows.is_item(*at));
    if way < 0 {
        std::mem::swap(&mut on, &mut back);
    }
    on.or(back)
}

/// The first row below the next heading.
fn heading_after(rows: &dyn Rows, from: usize) -> Option<usize> {
    let heading = (from + 1..rows.count()).find(|at| !rows.is_item(*at))?;
    (heading..rows.count()).find(|at| rows.is_item(*at))
}

/// The first row below the heading above; that of the group before, where it is the first already.
fn heading_before(rows: &dyn Rows, from: usize) -> Option<usize> {
    let own = (0..from).rev().find(|at| !rows.is_item(*at))?;
    let heading = if own + 1 == from { (0..own).rev().find(|at| !rows.is_item(*at))? } else { own };
    Some(heading + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two days: a heading, three rows, a heading, two rows.
    struct Days;

    impl Rows for Days {
        fn count(&self) -> usize {
            7
        }
        fn is_item(&self, at: usize) -> bool {
            ![0, 4].contains(&at)
        }
        fn key(&self, at: usize) -> u64 {
            at as u64
        }
        fn name(&self, _: usize) -> String {
            String::new()
        }
        fn draw(&self, _: &Ui, _: Rect, _: usize, _: Option<&Response>, _: bool) {}
    }

    #[test]
    fn headings_are_stepped_over_and_jumped_to() {
        let step = |from, way, steps| next(&Days, from, way, steps);
        assert_eq!(step(None, 1, 0), Some(1));
        assert_eq!((step(Some(3), 1, 1), step(Some(5), -1, 1)), (Some(5), Some(3)));
        assert_eq!((step(Some(6), 1, 1), step(Some(1), -1, 1)), (Some(6), Some(1)));
        assert_eq!((step(Some(1), 1, 99), step(Some(6), -1, 99)), (Some(6), Some(1)));
        assert_eq!((heading_after(&Days, 2), heading_after(&Days, 5)), (Some(5), None));
        assert_eq!(
            (heading_before(&Days, 6), heading_before(&Days, 5), heading_before(&Days, 1)),
            (Some(5), Some(1), None)
        );
    }
}
