//! Tokens of a task: kept in a few characters each where they are as Prodigy makes them, which they nearly always are.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value as Json;

use crate::format::pieces::Piece;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// Tokens as a task came with them.
pub(super) enum Came {
    /// Places, and whether a blank follows, if that was said.
    Short(Vec<(TextRange, Option<bool>)>),
    /// With something more to say.
    Long(Vec<Json>),
}

/// Tokens as they are written.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Written<'a> {
    /// As they came.
    Same(Vec<Json>),
    /// Made here.
    Made(Vec<Token<'a>>),
}

/// One token as Prodigy writes it.
#[derive(Serialize)]
pub(super) struct Token<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    id: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    ws: Option<bool>,
}

/// The tokens as `0-4+ 5-9=`: places, then whether a blank follows; nothing if they say more than that.
pub(super) fn shorten(text: &Text, tokens: &[Json]) -> Option<String> {
    let mut short = String::new();
    for (id, token) in (0_u64..).zip(tokens) {
        let fields = token.as_object()?;
        let place = range(token).filter(|range| range.end() <= text.chars())?;
        let same = fields.get("text")?.as_str()? == text.slice(place) && fields.get("id")?.as_u64()? == id;
        let space = fields.get("ws").map(Json::as_bool);
        let mark = match space {
            Some(Some(true)) => "+",
            Some(Some(false)) => "=",
            None => "",
            Some(None) => return None,
        };
        if !same || fields.len() != 4 + usize::from(space.is_some()) {
            return None;
        }
        let gap = if id == 0 { "" } else { " " };
        _ = write!(short, "{gap}{}-{}{mark}", place.start(), place.end());
    }
    Some(short)
}

fn lengthen(short: &str) -> Option<Vec<(TextRange, Option<bool>)>> {
    short
        .split(' ')
        .map(|token| {
            let place = token.trim_end_matches(['+', '=']);
            let (start, end) = place.split_once('-')?;
            let space = token.chars().next_back().and_then(|mark| match mark {
                '+' => Some(true),
                '=' => Some(false),
                _ => None,
            });
            Some((TextRange::new(start.parse().ok()?, end.parse().ok()?).ok()?, space))
        })
        .collect()
}

/// Where a token stands.
pub(super) fn range(json: &Json) -> Option<TextRange> {
    let number = |name: &str| u32::try_from(json.get(name)?.as_u64()?).ok();
    TextRange::new(number("start")?, number("end")?).ok()
}

impl Came {
    /// What was kept.
    pub(super) fn of(kept: Json) -> Option<Self> {
        match kept {
            Json::String(short) => lengthen(&short).map(Self::Short),
            Json::Array(tokens) => Some(Self::Long(tokens)),
            _ => None,
        }
    }

    /// Their places.
    pub(super) fn ranges(&self) -> Vec<TextRange> {
        match self {
            Self::Short(tokens) => tokens.iter().map(|(range, _)| *range).collect(),
            Self::Long(tokens) => tokens.iter().filter_map(range).collect(),
        }
    }
}

/// The tokens as they came if they still fit, else fresh ones.
pub(super) fn written<'a>(text: &'a Text, pieces: &[Piece], came: Option<Came>) -> Written<'a> {
    let same = |ranges: Vec<TextRange>| ranges.into_iter().eq(pieces.iter().map(|piece| piece.range));
    let came = came.filter(|came| same(came.ranges()));
    let spaces: Vec<Option<bool>> = match came {
        Some(Came::Long(tokens)) => return Written::Same(tokens),
        Some(Came::Short(tokens)) => tokens.into_iter().map(|(_, space)| space).collect(),
        None => pieces.iter().map(|piece| Some(piece.space)).collect(),
    };
    let token = |(id, (piece, ws)): (usize, (&Piece, Option<bool>))| {
        let range = piece.range;
        Token { text: text.slice(range), start: range.start(), end: range.end(), id, ws }
    };
    Written::Made(pieces.iter().zip(spaces).enumerate().map(token).collect())
}
