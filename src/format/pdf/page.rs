//! What a page draws: pieces of text with their places, in the order in which they are drawn.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::format::pdf::allowance::Allowance;
use crate::format::pdf::file::{File, Page};
use crate::format::pdf::font::Font;
use crate::format::pdf::object::{Dict, Lexer, Object};

/// Drawings inside drawings that are followed.
const DEEP: u8 = 16;
/// States that are put aside, at most.
const STATES: usize = 256;

/// Letters in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Its words.
    pub(super) text: String,
    /// Where it begins.
    pub(super) start: (f64, f64),
    /// Where it ends.
    pub(super) end: (f64, f64),
    /// The way it runs, of length 1.
    pub(super) way: (f64, f64),
    /// How large its letters are.
    pub(super) size: f64,
}

/// How places are moved, turned and made larger.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Matrix([f64; 6]);

impl Matrix {
    const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First this one, then the other.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [k, l, m, n, o, p]) = (self.0, other.0);
        Self([a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + o, e * l + f * n + p])
    }

    fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn place(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letters: f64,
    blanks: f64,
    wide: f64,
    leading: f64,
    rise: f64,
}

/// Words and glyphs of a page, at most.
pub(super) const PAGE: usize = 5_000_000;
/// Those of all pages.
pub(super) const ALL: usize = 60_000_000;
/// What it costs to follow a drawing, and to read a font that has no number under which it could be kept.
const DRAWING: usize = 1_000;
const FONT: usize = 10_000;

/// Draws the pages of a file one after another.
pub(super) struct Artist<'a> {
    file: &'a File<'a>,
    /// What may still be done, so that drawings that draw each other come to an end.
    allowance: Allowance,
    /// The last page was not drawn to its end.
    pub(super) short: bool,
    /// Fonts by the number of their object.
    fonts: BTreeMap<u32, Rc<Font>>,
    /// Glyphs of which nobody knows what they are.
    pub(super) unknown: usize,
}

/// The text that is being drawn.
struct Hand {
    state: State,
    aside: Vec<State>,
    text: Matrix,
    line: Matrix,
}

impl<'a> Artist<'a> {
    /// Nothing is drawn yet.
    pub(super) fn new(file: &'a File<'a>, allowance: Allowance) -> Self {
        Self { file, allowance, short: false, fonts: BTreeMap::new(), unknown: 0 }
    }

    /// The pieces of a page.
    pub(super) fn page(&mut self, page: &Page<'_>) -> Vec<Piece> {
        self.allowance.renew();
        self.file.renew();
        let mut pieces = Vec::new();
        let mut bytes = Vec::new();
        // A word may be cut where one part ends.
        let parts = match self.file.get(page.dict, "Contents") {
            Object::List(parts) => parts.clone(),
            _ => page.dict.get("Contents").cloned().into_iter().collect(),
        };
        for part in &parts {
            bytes.extend(self.file.stream(part).unwrap_or_default());
            bytes.push(b'\n');
            if self.file.is_short() {
                break;
            }
        }
        let resources = match page.resources.map(|resources| self.file.follow(resources)) {
            Some(Object::Dict(resources)) => resources,
            _ => &Dict::new(),
        };
        self.draw(&bytes, resources, Matrix::SAME, 0, &mut pieces);
        self.short = self.allowance.is_short() || self.file.is_short();
        pieces
    }

    fn draw(&mut self, bytes: &[u8], resources: &Dict, matrix: Matrix, depth: u8, pieces: &mut Vec<Piece>) {
        let state =
            State { matrix, font: None, size: 1.0, letters: 0.0, blanks: 0.0, wide: 1.0, leading: 0.0, rise: 0.0 };
        let mut hand = Hand { state, aside: Vec::new(), text: Matrix::SAME, line: Matrix::SAME };
        let mut lexer = Lexer::new(bytes, 0);
        let mut values: Vec<Object> = Vec::new();
        let mut fonts = BTreeMap::new();
        while let Some(value) = lexer.next() {
            if !self.allowance.afford(1) {
                return;
            }
            let Object::Word(word) = value else {
                values.push(value);
                if values.len() > 1_000 {
                    values.clear();
                }
                continue;
            };
            match word.as_str() {
                "BI" => skip_picture(bytes, &mut lexer),
                "Do" => {
                    if let Some(name) = values.first().and_then(Object::name) {
                        self.drawing(name, resources, &hand, depth, pieces);
                    }
                }
                "Tf" => {
                    hand.state.size = values.get(1).and_then(Object::number).unwrap_or(1.0);
                    hand.state.font =
                        values.first().and_then(Object::name).and_then(|name| self.font(name, resources, &mut fonts));
                }
                "Tj" | "'" | "\"" | "TJ" => {
                    if word == "\"" {
                        hand.state.blanks = values.first().and_then(Object::number).unwrap_or(0.0);
                        hand.state.letters = values.get(1).and_then(Object::number).unwrap_or(0.0);
                    }
                    if word == "'" || word == "\"" {
                        hand.next_line(0.0, -hand.state.leading);
                    }
                    match values.last() {
                        Some(Object::Text(text)) => self.show(text, &mut hand, pieces),
                        Some(Object::List(list)) => {
                            for part in list {
                                match part {
                                    Object::Text(text) => self.show(text, &mut hand, pieces),
                                    other => {
                                        let back =
                                            other.number().unwrap_or(0.0) / 1_000.0 * hand.state.size * hand.state.wide;
                                        hand.text = Matrix::moved(-back, 0.0).then(hand.text);
                                    }
                                }
                            }
                        }
                        _ => {}
                    }
                }
                word => hand.act(word, &values),
            }
            values.clear();
        }
    }

    /// Draws what a name stands for, if it is no picture.
    fn drawing(&mut self, name: &str, resources: &Dict, hand: &Hand, depth: u8, pieces: &mut Vec<Piece>) {
        let file = self.file;
        let Some(link) = file.dict(resources, "XObject").and_then(|drawings| drawings.get(name)) else { return };
        let Object::Dict(dict) = file.follow(link) else { return };
        if depth >= DEEP || file.get(dict, "Subtype").name() != Some("Form") {
            return;
        }
        // To unpack it costs more than a word does.
        self.allowance.spend(DRAWING);
        let Some(bytes) = file.stream(link) else { return };
        let numbers: Vec<f64> = file
            .get(dict, "Matrix")
            .list()
            .unwrap_or_default()
            .iter()
            .filter_map(|value| file.follow(value).number())
            .collect();
        let own = <[f64; 6]>::try_from(numbers).map_or(Matrix::SAME, Matrix);
        let inner = file.dict(dict, "Resources").unwrap_or(resources);
        self.draw(&bytes, inner, own.then(hand.state.matrix), depth + 1, pieces);
    }

    /// The font of that name; those without a number are kept in `own` as long as their names mean the same.
    fn font(&mut self, name: &str, resources: &Dict, own: &mut BTreeMap<String, Rc<Font>>) -> Option<Rc<Font>> {
        let file = self.file;
        let link = file.dict(resources, "Font")?.get(name)?;
        let number = if let Object::Link(number) = link { Some(*number) } else { None };
        if let Some(font) = number.and_then(|number| self.fonts.get(&number)) {
            return Some(Rc::clone(font));
        }
        if let Some(font) = own.get(name).filter(|_| number.is_none()) {
            return Some(Rc::clone(font));
        }
        let Object::Dict(dict) = file.follow(link) else { return None };
        let font = Rc::new(Font::of(file, dict));
        match number {
            Some(number) => _ = self.fonts.insert(number, Rc::clone(&font)),
            None => {
                // A drawing that is drawn again reads it again.
                self.allowance.spend(FONT);
                own.insert(name.to_owned(), Rc::clone(&font));
            }
        }
        Some(font)
    }

    fn show(&mut self, string: &[u8], hand: &mut Hand, pieces: &mut Vec<Piece>) {
        let Some(font) = hand.state.font.clone() else {
            self.unknown += string.len();
            return;
        };
        let state = &hand.state;
        let (size, rise) = (state.size, state.rise);
        let at = |text: Matrix| text.then(state.matrix).place(0.0, rise);
        let start = at(hand.text);
        let (mut words, mut along) = (String::new(), 0.0);
        for glyph in font.glyphs(string) {
            self.allowance.spend(1);
            match glyph.text {
                Some(text) => words.push_str(&text),
                None => self.unknown += 1,
            }
            let blank = if glyph.blank { state.blanks } else { 0.0 };
            along += (glyph.width * size + state.letters + blank) * state.wide;
        }
        let all = hand.text.then(state.matrix);
        let end = {
            let moved = Matrix::moved(along, 0.0).then(hand.text);
            at(moved)
        };
        hand.text = Matrix::moved(along, 0.0).then(hand.text);
        let [a, b, c, d, ..] = all.0;
        let length = a.hypot(b);
        let height = c.hypot(d) * size.abs();
        if words.is_empty() || !(length.is_finite() && height.is_finite()) || length == 0.0 || height == 0.0 {
            return;
        }
        pieces.push(Piece { text: words, start, end, way: (a / length, b / length), size: height });
    }
}

impl Hand {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }

    /// What changes where and how the next letters are drawn.
    fn act(&mut self, word: &str, values: &[Object]) {
        let number = |at: usize| values.get(at).and_then(Object::number).unwrap_or(0.0);
        let matrix = || Matrix([number(0), number(1), number(2), number(3), number(4), number(5)]);
        match word {
            "q" if self.aside.len() < STATES => self.aside.push(self.state.clone()),
            "Q" => self.state = self.aside.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => self.state.matrix = matrix().then(self.state.matrix),
            "BT" => (self.text, self.line) = (Matrix::SAME, Matrix::SAME),
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.state.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tm" => (self.text, self.line) = (matrix(), matrix()),
            "TL" => self.state.leading = number(0),
            "Tc" => self.state.letters = number(0),
            "Tw" => self.state.blanks = number(0),
            "Tz" => self.state.wide = number(0) / 100.0,
            "Ts" => self.state.rise = number(0),
            _ => {}
        }
    }
}

/// Goes behind a picture that stands among the words of a page.
fn skip_picture(bytes: &[u8], lexer: &mut Lexer<'_>) {
    while let Some(value) = lexer.next() {
        if value == Object::Word("ID".to_owned()) {
            break;
        }
    }
    let mut at = lexer.at;
    loop {
        let Some(found) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"EI")) else {
            // It has no end, and whoever looks for one again does not find it either.
            at = bytes.len();
            break;
        };
        let place = at + found;
        let blank = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(u8::is_ascii_whitespace);
        at = place + 2;
        if blank(place.checked_sub(1)) && blank(Some(at)) {
            break;
        }
    }
    lexer.at = at.max(lexer.at);
}
