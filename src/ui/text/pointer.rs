//! Clicks and drags in the text: one to four clicks in a row, drags that grow by the unit they began with.

use eframe::egui::{Modifiers, Pos2};

use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit::{self, Unit};
use crate::ui::text::geometry::Stop;

/// Clicks closer than this, in seconds and points, belong together.
const TOGETHER: (f64, f32) = (0.45, 6.0);

/// What the pointer has been doing.
#[derive(Clone, Debug, Default)]
pub struct Pointer {
    last: Option<(f64, Pos2)>,
    clicks: u8,
    drag: Option<Drag>,
}

/// A drag under way.
#[derive(Clone, Copy, Debug)]
struct Drag {
    from: TextRange,
    /// The other end of the selection when it began.
    anchor: u32,
    at: Pos2,
    unit: Unit,
    moved: bool,
    fragment: bool,
}

/// What the pointer means for the selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// Put the caret here and select the span at this character.
    Caret(Stop, u32),
    /// Select from here to there; the caret goes to the second.
    Select(u32, u32),
    /// The drag ended; its text is a fragment for the selected span.
    Fragment,
}

/// Where the pointer is: over which place, and in the block strip or not.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// On the screen.
    pub at: Pos2,
    /// The nearest place in the text, where a caret would stand.
    pub stop: Stop,
    /// The character under the pointer, or the one behind the place.
    pub on: u32,
    /// Left of the text, where blocks are chosen.
    pub strip: bool,
}

/// What snapping needs to know.
pub struct Ground<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its blocks.
    pub blocks: &'a [TextRange],
    /// What drags are snapped to.
    pub snap: Unit,
    /// The other end of the selection now.
    pub anchor: u32,
}

impl Pointer {
    /// Whether the button is held.
    pub fn is_dragging(&self) -> bool {
        self.drag.is_some()
    }

    /// Lets go of what was begun.
    pub fn give_up(&mut self) {
        self.drag = None;
    }

    /// How many clicks belong together so far.
    pub fn clicks(&self) -> u8 {
        self.clicks
    }

    /// The button goes down.
    pub fn press(&mut self, now: f64, spot: Spot, keys: Modifiers, ground: &Ground<'_>) -> Option<Meaning> {
        let again = self.last.is_some_and(|(then, at)| now - then < TOGETHER.0 && at.distance(spot.at) < TOGETHER.1);
        self.clicks = if again { self.clicks % 4 + 1 } else { 1 };
        self.last = Some((now, spot.at));
        let place = spot.stop.place;
        // At the very end the last character counts.
        let on = spot.on.min(ground.text.chars().saturating_sub(1));
        let point = TextRange::new(on, on + 1).ok()?;
        if keys.shift {
            self.drag = None;
            return Some(if spot.strip { blocks(ground, place) } else { Meaning::Select(ground.anchor, place) });
        }
        let unit = match (spot.strip, self.clicks) {
            (true, _) | (_, 4) => Unit::Block,
            (_, 2) => Unit::Word,
            (_, 3) => Unit::Sentence,
            _ => ground.snap,
        };
        let whole = self.clicks > 1 || spot.strip;
        let from = if whole { unit::snap(ground.text, ground.blocks, point, unit) } else { point };
        let (anchor, fragment) = (ground.anchor, keys.command);
        self.drag = Some(Drag { from, anchor, at: spot.at, unit, moved: whole, fragment });
        Some(if whole {
            let shown = if unit == Unit::Word { from } else { unit::trim_space(ground.text, from).unwrap_or(from) };
            Meaning::Select(shown.start(), shown.end())
        } else if keys.command {
            return None;
        } else {
            Meaning::Caret(spot.stop, spot.on)
        })
    }

    /// The pointer moves with the button held.
    pub fn drag_to(&mut self, spot: Spot, keys: Modifiers, ground: &Ground<'_>) -> Option<Meaning> {
        let drag = self.drag.as_mut()?;
        drag.moved |= drag.at.distance(spot.at) > 3.0;
        if !drag.moved {
            return None;
        }
        let unit = if keys.alt { Unit::Character } else { drag.unit };
        let (start, place) = (drag.from.start(), spot.stop.place);
        let whole = drag.from.len() > 1;
        let all = ground.text.chars();
        let reach = if unit == Unit::Block { (place + 1).min(all) } else { place };
        let reached = match (whole, place < start) {
            // A drag that began with a word, sentence or block never loses it; the block under the pointer is in.
            (true, back) => {
                TextRange::new(place.min(start), reach.max(drag.from.end())).ok().map(|range| (range, back))
            }
            (false, back) => TextRange::between(start, place).map(|range| (range, back)),
        };
        let (range, back) = reached?;
        let range = unit::snap(ground.text, ground.blocks, range, unit);
        let range = if unit == Unit::Character { range } else { unit::trim_space(ground.text, range).unwrap_or(range) };
        Some(if back {
            Meaning::Select(range.end(), range.start())
        } else {
            Meaning::Select(range.start(), range.end())
        })
    }

    /// The button goes up. A click with Ctrl ends a selection that another click began.
    pub fn release(&mut self, ground: &Ground<'_>) -> Option<Meaning> {
        let drag = self.drag.take()?;
        if drag.fragment && drag.moved {
            return Some(Meaning::Fragment);
        }
        let here = if drag.anchor <= drag.from.start() { drag.from.end() } else { drag.from.start() };
        let between = TextRange::between(drag.anchor, here).filter(|_| drag.fragment)?;
        let range = unit::snap(ground.text, ground.blocks, between, ground.snap);
        let range = unit::trim_space(ground.text, range).unwrap_or(range);
        Some(Meaning::Select(range.start(), range.end()))
    }

    /// Whether the button was held long enough in one spot to be moved away: a drag, not a click.
    pub fn is_moving(&self) -> bool {
        self.drag.is_some_and(|drag| drag.moved)
    }
}

/// Whole blocks from the one where the selection begins to the one of a place.
fn blocks(ground: &Ground<'_>, place: u32) -> Meaning {
    let last = ground.text.chars().saturating_sub(1);
    let block = |at: u32| {
        let point = TextRange::new(at.min(last), at.min(last) + 1).ok()?;
        let whole = unit::snap(ground.text, ground.blocks, point, Unit::Block);
        Some(unit::trim_space(ground.text, whole).unwrap_or(whole))
    };
    match block(ground.anchor).zip(block(place)) {
        Some((from, to)) if to.start() < from.start() => Meaning::Select(from.end(), to.start()),
        Some((from, to)) => Meaning::Select(from.start(), to.end().max(from.end())),
        None => Meaning::Select(ground.anchor, place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clicks `clicks` times at `|`, and drags to `^` if there is one; the selected text.
    fn check(marked: &str, clicks: u8, snap: Unit, expected: &str) {
        let plain: String = marked.chars().filter(|c| !matches!(c, '|' | '^')).collect();
        let place = |mark: char| {
            let before = marked.split_once(mark)?.0.chars().filter(|c| !matches!(c, '|' | '^')).count();
            Some(crate::text::index::to_u32(before))
        };
        let text = Text::new(plain);
        let blocks = [TextRange::new(0, text.chars()).unwrap()];
        let ground = Ground { text: &text, blocks: &blocks, snap, anchor: 0 };
        let mut pointer = Pointer::default();
        let at = Pos2::new(10.0, 10.0);
        let spot = |place, at| Spot { at, stop: Stop::before(place), on: place, strip: false };
        let mut meaning = None;
        for click in 0..clicks {
            meaning = pointer.press(f64::from(click) * 0.1, spot(place('|').unwrap(), at), Modifiers::NONE, &ground);
        }
        if let Some(to) = place('^') {
            meaning = pointer.drag_to(spot(to, Pos2::new(90.0, 10.0)), Modifiers::NONE, &ground).or(meaning);
        }
        let Some(Meaning::Select(a, b)) = meaning else { panic!("{meaning:?}") };
        assert_eq!(text.slice(TextRange::between(a, b).unwrap()), expected);
    }

    #[test]
    fn one_to_four_clicks() {
        check("One tw|o. Three four. ", 2, Unit::Word, "two");
        check("One tw|o. Three four. ", 3, Unit::Word, "One two.");
        check("One tw|o. Three four. ", 4, Unit::Word, "One two. Three four.");
    }

    #[test]
    fn a_drag_in_the_strip_takes_the_block_under_the_pointer() {
        let text = Text::new("one\ntwo\nthree\n");
        let blocks = [(0, 4), (4, 8), (8, 14)].map(|(start, end)| TextRange::new(start, end).unwrap());
        let ground = Ground { text: &text, blocks: &blocks, snap: Unit::Word, anchor: 0 };
        for (from, to, expected) in [(0, 4, (0, 7)), (4, 8, (4, 13)), (8, 4, (13, 4)), (0, 8, (0, 13))] {
            let mut pointer = Pointer::default();
            let spot = |place, y| Spot { at: Pos2::new(1.0, y), stop: Stop::before(place), on: place, strip: true };
            _ = pointer.press(0.0, spot(from, 0.0), Modifiers::NONE, &ground);
            let meaning = pointer.drag_to(spot(to, 60.0), Modifiers::NONE, &ground);
            assert_eq!(meaning, Some(Meaning::Select(expected.0, expected.1)), "{from} to {to}");
        }
    }

    #[test]
    fn a_click_and_another_with_ctrl_select_what_is_between() {
        let text = Text::new("the special envoy left");
        let blocks = [TextRange::new(0, text.chars()).unwrap()];
        for (from, to, expected) in [(5, 13, "special envoy"), (13, 5, "special envoy"), (20, 20, "left")] {
            let ground = Ground { text: &text, blocks: &blocks, snap: Unit::Word, anchor: from };
            let mut pointer = Pointer::default();
            let ctrl = Modifiers { command: true, ..Modifiers::NONE };
            let spot = Spot { at: Pos2::new(1.0, 1.0), stop: Stop::before(to), on: to, strip: false };
            assert_eq!(pointer.press(0.0, spot, ctrl, &ground), None);
            let Some(Meaning::Select(a, b)) = pointer.release(&ground) else { panic!("{from} {to}") };
            assert_eq!(text.slice(TextRange::new(a, b).unwrap()), expected);
        }
    }

    #[test]
    fn shift_in_the_strip_takes_whole_blocks_both_ways() {
        let text = Text::new("one\ntwo\nthree\n");
        let blocks = [(0, 4), (4, 8), (8, 14)].map(|(start, end)| TextRange::new(start, end).unwrap());
        for (anchor, to, expected) in [(0, 8, (0, 13)), (8, 0, (13, 0)), (13, 4, (13, 4)), (4, 4, (4, 7))] {
            let ground = Ground { text: &text, blocks: &blocks, snap: Unit::Word, anchor };
            let shift = Modifiers { shift: true, ..Modifiers::NONE };
            let spot = Spot { at: Pos2::new(1.0, 1.0), stop: Stop::before(to), on: to, strip: true };
            let meaning = Pointer::default().press(0.0, spot, shift, &ground);
            assert_eq!(meaning, Some(Meaning::Select(expected.0, expected.1)), "{anchor} to {to}");
        }
    }

    #[test]
    fn drags_reach_to_whole_units_in_both_directions() {
        check("the spe|cial env^oy left", 1, Unit::Word, "special envoy");
        check("the spe^cial env|oy left", 1, Unit::Word, "special envoy");
        check("the spe|cial env^oy left", 1, Unit::Character, "cial env");
        check("the spe^cial env|oy left", 2, Unit::Word, "special envoy");
    }
}
