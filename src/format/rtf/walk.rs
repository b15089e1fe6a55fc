//! Goes through the pieces of Rich Text and puts paragraphs together.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::format::paper::{Paper, words_of};
use crate::format::rtf::token::Token;
use crate::model::article::BlockKind;

/// Where words go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// The text.
    #[default]
    Body,
    /// Nowhere.
    Nowhere,
    /// The list of fonts.
    Fonts,
    /// The list of styles.
    Styles,
    /// The sign of an item of a list.
    Bullet,
    /// A note at the foot of a page.
    Note,
    /// A fact of that name.
    Fact(&'static str),
}

/// What holds until the end of a group.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    place: Place,
    font: i32,
    /// Signs that stand for programs that know no Unicode, after each character.
    fallback: Option<i32>,
    hidden: bool,
}

/// What holds until a paragraph is reset.
#[derive(Clone, Copy, Debug, Default)]
struct Paragraph {
    style: i32,
    level: bool,
    item: bool,
    cell: bool,
}

/// Paragraphs in the making.
#[derive(Default)]
pub(super) struct Walk {
    state: State,
    stack: Vec<State>,
    /// Groups too deep to be remembered.
    deeper: usize,
    page: Option<&'static Encoding>,
    fonts: BTreeMap<i32, &'static Encoding>,
    headings: BTreeMap<i32, BlockKind>,
    paragraph: Paragraph,
    bytes: Vec<u8>,
    /// The first half of a character of two units.
    half: Option<u32>,
    skip: i32,
    line: String,
    aside: String,
    notes: Vec<String>,
    paper: Paper,
    replaced: usize,
    starred: bool,
    opened: bool,
}

/// Groups inside groups that are remembered, at most.
const DEEP: usize = 1_000;

impl Walk {
    pub(super) fn see(&mut self, token: Token<'_>) {
        if !matches!(token, Token::Byte(_)) {
            self.flush();
        }
        let opened = std::mem::take(&mut self.opened);
        let starred = std::mem::take(&mut self.starred);
        match token {
            Token::Open if self.stack.len() >= DEEP => self.deeper += 1,
            Token::Open => {
                self.stack.push(self.state);
                self.opened = true;
            }
            Token::Close if self.deeper > 0 => self.deeper -= 1,
            Token::Close => self.close(),
            Token::Sign(b'*') => {
                self.starred = true;
                self.opened = opened;
            }
            Token::Sign(sign) => self.sign(sign),
            Token::Word(word, number) => {
                if opened && self.destination(word, starred) {
                    return;
                }
                self.word(word, number);
            }
            Token::Byte(_) if self.skip > 0 => self.skip -= 1,
            Token::Byte(byte) => {
                self.half = None;
                self.bytes.push(byte);
            }
        }
    }

    /// What was read, how much of it had no meaning, and whether a group is still open.
    pub(super) fn done(mut self) -> (Paper, usize, bool) {
        self.flush();
        self.end();
        for note in std::mem::take(&mut self.notes) {
            self.paper.push(BlockKind::Paragraph, &note);
        }
        (self.paper, self.replaced, !self.stack.is_empty())
    }

    fn close(&mut self) {
        let before = self.stack.pop().unwrap_or_default();
        let place = std::mem::replace(&mut self.state, before).place;
        if place == self.state.place {
            return;
        }
        let said = match place {
            Place::Note | Place::Fact(_) => words_of(&std::mem::take(&mut self.aside)),
            _ => None,
        };
        let Some(said) = said else { return };
        match place {
            Place::Note => self.notes.push(said),
            Place::Fact("title") => self.paper.title = Some(said),
            Place::Fact("author") => self.paper.author = Some(said),
            Place::Fact(name) => self.paper.keep(name, Some(&said)),
            _ => {}
        }
    }

    /// Whether the first word of a group tells where its words go.
    fn destination(&mut self, word: &str, starred: bool) -> bool {
        if self.state.place == Place::Nowhere {
            return false;
        }
        let place = match word {
            "fonttbl" => Place::Fonts,
            "stylesheet" => Place::Styles,
            "footnote" => Place::Note,
            "listtext" | "pntext" => Place::Bullet,
            "title" => Place::Fact("title"),
            "author" => Place::Fact("author"),
            "subject" => Place::Fact("subject"),
            "keywords" => Place::Fact("keywords"),
            "doccomm" => Place::Fact("comment"),
            "company" => Place::Fact("company"),
            "colortbl" | "pict" | "object" | "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl"
            | "footerr" | "footerf" | "info" | "listtable" | "listoverridetable" | "themedata" | "xe" | "tc"
            | "rxe" | "bkmkstart" | "bkmkend" | "nonesttables" | "private" | "operator" | "creatim" | "revtim"
            | "printim" | "buptim" | "comment" | "filetbl" | "sp" | "sn" | "sv" => Place::Nowhere,
            // A shape has words in it that readers see, beside names and values of what it looks like.
            "shptxt" => {
                self.end_paragraph();
                return false;
            }
            "shpinst" | "shp" | "nesttableprops" | "background" => return false,
            _ if starred => Place::Nowhere,
            _ => return false,
        };
        // Facts stand in a group that is no text itself.
        self.state.place = if word == "info" { self.state.place } else { place };
        if place == Place::Bullet && self.state.place == Place::Bullet {
            self.paragraph.item = true;
        }
        true
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'~' => self.push("\u{A0}"),
            b'_' => self.push("\u{2011}"),
            b'-' => self.push("\u{AD}"),
            b'\\' | b'{' | b'}' => self.push(char::from(sign).encode_utf8(&mut [0; 4])),
            b'\n' | b'\r' => self.end_paragraph(),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        match word {
            "par" | "sect" | "page" | "row" | "nestrow" => self.end_paragraph(),
            "cell" | "nestcell" => {
                self.paragraph.cell = true;
                self.end_paragraph();
            }
            "line" => self.push("\n"),
            "tab" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            "emspace" => self.push("\u{2003}"),
            "enspace" => self.push("\u{2002}"),
            "zwj" => self.push("\u{200D}"),
            "zwnj" => self.push("\u{200C}"),
            "ltrmark" => self.push("\u{200E}"),
            "rtlmark" => self.push("\u{200F}"),
            "u" => self.unicode(number.unwrap_or_default()),
            "uc" => self.state.fallback = number,
            "v" | "deleted" => self.state.hidden = on,
            "plain" => self.state.hidden = false,
            // The sign of an item has a reset of its own.
            "pard" if self.state.place != Place::Bullet => self.paragraph = Paragraph::default(),
            "intbl" => self.paragraph.cell = true,
            "s" => self.paragraph.style = number.unwrap_or_default(),
            "outlinelevel" => {
                self.paragraph.level = number.is_some_and(|level| level < 9);
                if self.state.place == Place::Styles && self.paragraph.level {
                    self.headings.insert(self.paragraph.style, BlockKind::Heading);
                }
            }
            "f" => {
                self.state.font = number.unwrap_or_default();
            }
            "fcharset" if self.state.place == Place::Fonts => {
                if let Some(encoding) = number.and_then(of_charset) {
                    self.fonts.insert(self.state.font, encoding);
                }
            }
            "ansicpg" => self.page = number.and_then(of_page),
            "mac" => self.page = Encoding::for_label(b"macintosh"),
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        let unit = u32::try_from(number & 0xFFFF).unwrap_or(0xFFFD);
        self.skip = self.state.fallback.unwrap_or(1).clamp(0, 16);
        let c = match (self.half.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00)),
            (_, 0xD800..=0xDBFF) => {
                self.half = Some(unit);
                return;
            }
            (_, unit) => char::from_u32(unit),
        };
        self.replaced += usize::from(c.is_none());
        self.push(c.unwrap_or('\u{FFFD}').encode_utf8(&mut [0; 4]));
    }

    /// Reads the bytes that came, in the code page of their font.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let encoding = self.fonts.get(&self.state.font).copied().or(self.page).unwrap_or(WINDOWS_1252);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.replaced += text.chars().filter(|c| *c == '\u{FFFD}').count();
        let text = text.into_owned();
        self.push(&text);
    }

    fn push(&mut self, text: &str) {
        if self.state.hidden && self.state.place == Place::Body {
            return;
        }
        match self.state.place {
            Place::Body => self.line.push_str(text),
            Place::Note | Place::Fact(_) => self.aside.push_str(text),
            Place::Styles => {
                let name = text.trim().trim_end_matches(';').to_lowercase();
                let titles = ["heading", "title", "subtitle", "titel", "überschrift", "titre", "titolo", "título"];
                let kind = if titles.iter().any(|title| name.starts_with(title)) {
                    BlockKind::Heading
                } else if name.contains("quot") {
                    BlockKind::Quote
                } else if name == "caption" {
                    BlockKind::Caption
                } else {
                    return;
                };
                self.headings.insert(self.paragraph.style, kind);
            }
            Place::Nowhere | Place::Fonts | Place::Bullet => {}
        }
    }

    fn end_paragraph(&mut self) {
        match self.state.place {
            Place::Body => self.end(),
            Place::Note => self.aside.push('\n'),
            _ => {}
        }
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        let Paragraph { style, level, item, cell } = self.paragraph;
        let kind = match self.headings.get(&style) {
            _ if cell => BlockKind::Cell,
            _ if level => BlockKind::Heading,
            Some(kind) => *kind,
            None if item => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        self.paper.push_lines(kind, line.trim_end());
    }
}

/// The code page of that number.
fn of_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        10_000 => "macintosh".to_owned(),
        65_001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        866 | 874 => format!("ibm{number}"),
        number => format!("windows-{number}"),
    };
    let label = if number == 874 { "windows-874".to_owned() } else { label };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a font.
fn of_charset(number: i32) -> Option<&'static Encoding> {
    of_page(match number {
        0 => 1252,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
