//! Heights of pieces, guessed until they are seen, and the place that stays where it is when a guess was wrong.

use eframe::egui::Pos2;

/// Heights of all pieces and the one the page hangs on.
#[derive(Clone, Debug, Default)]
pub struct Scroll {
    heights: Vec<f32>,
    /// The piece at the top of the page.
    pub piece: usize,
    /// How far its top is above the top of the page, in points.
    pub offset: f32,
    total: f32,
}

impl Scroll {
    /// Begins at the top, with guesses.
    pub fn new(heights: Vec<f32>) -> Self {
        let total = heights.iter().sum();
        Self { heights, piece: 0, offset: 0.0, total }
    }

    /// Takes new guesses, for another width or size, and stays at the same piece.
    pub fn guess_again(&mut self, heights: Vec<f32>) {
        let (piece, share) = (self.piece, self.offset / self.height(self.piece).max(1.0));
        *self = Self::new(heights);
        self.piece = piece;
        self.offset = share * self.height(piece);
    }

    /// Height of a piece with the gap behind it.
    pub fn height(&self, piece: usize) -> f32 {
        self.heights.get(piece).copied().unwrap_or(0.0)
    }

    /// Corrects a guess. What is in sight stays where it is, since it hangs on the piece at the top.
    pub fn correct(&mut self, piece: usize, height: f32) {
        if let Some(known) = self.heights.get_mut(piece) {
            self.total += height - *known;
            *known = height;
        }
    }

    /// Height of everything.
    pub fn total(&self) -> f32 {
        self.total
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.heights.len()
    }

    /// Whether there is nothing to scroll.
    pub fn is_empty(&self) -> bool {
        self.heights.is_empty()
    }

    /// How far the top of the page is below the top of everything. Proportional to the number of pieces.
    pub fn top(&self) -> f32 {
        self.heights.iter().take(self.piece).sum::<f32>() + self.offset
    }

    /// Goes to a height, for the scroll bar. Proportional to the number of pieces.
    pub fn go_to(&mut self, top: f32) {
        let mut left = top.max(0.0);
        for (piece, height) in self.heights.iter().enumerate() {
            if left < *height || piece + 1 == self.heights.len() {
                (self.piece, self.offset) = (piece, left.min(*height));
                return;
            }
            left -= height;
        }
    }

    /// Moves by points; `height` tells, and may correct, the height of the pieces that come into sight.
    pub fn by(&mut self, delta: f32, page: f32, mut height: impl FnMut(&mut Self, usize) -> f32) {
        self.offset += delta;
        while self.offset < 0.0 && self.piece > 0 {
            self.piece -= 1;
            self.offset += height(self, self.piece);
        }
        self.offset = self.offset.max(0.0);
        while self.piece + 1 < self.len() && self.offset >= height(self, self.piece) {
            self.offset -= height(self, self.piece);
            self.piece += 1;
        }
        self.stop_at_end(page, &mut height);
    }

    /// Keeps the last piece at the bottom of the page, not above it.
    fn stop_at_end(&mut self, page: f32, height: &mut impl FnMut(&mut Self, usize) -> f32) {
        let mut below = -self.offset;
        for piece in self.piece..self.len() {
            below += height(self, piece);
            if below >= page {
                return;
            }
        }
        let mut lack = page - below;
        while lack > 0.0 {
            if self.offset >= lack {
                self.offset -= lack;
                return;
            }
            lack -= self.offset;
            self.offset = 0.0;
            if self.piece == 0 {
                return;
            }
            self.piece -= 1;
            self.offset = height(self, self.piece);
        }
    }
}

/// A piece in sight: which, and where its corner is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InSight {
    /// Which piece.
    pub piece: usize,
    /// Its upper left corner.
    pub corner: Pos2,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrected_guess_does_not_move_what_is_in_sight() {
        let mut scroll = Scroll::new(vec![10.0; 100]);
        scroll.go_to(500.0);
        let before = (scroll.piece, scroll.offset);
        scroll.correct(3, 90.0);
        assert_eq!((scroll.piece, scroll.offset), before);
        assert_eq!(scroll.total(), 1_080.0);
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut scroll = Scroll::new(vec![10.0; 10]);
        let known = |scroll: &mut Scroll, piece: usize| scroll.height(piece);
        scroll.by(1_000.0, 35.0, known);
        assert_eq!(scroll.top(), 65.0);
        scroll.by(-1_000.0, 35.0, known);
        assert_eq!(scroll.top(), 0.0);
        scroll.by(5.0, 500.0, known);
        assert_eq!(scroll.top(), 0.0);
    }
}
