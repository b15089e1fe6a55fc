//! Tags of tokens: how they make spans, and how spans make tags.

use std::borrow::Cow;

/// A run of tokens with a label: first token, the one behind the last, label.
pub(in crate::format) type Chunk = (usize, usize, String);

/// How tags are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Only the first of two neighbours of one label gets B.
    Iob1,
    /// Every first token gets B.
    Bio,
    /// E ends, S stands alone.
    Bioes,
    /// L ends, U stands alone.
    Bilou,
    /// M is inside, E ends, S stands alone.
    Bmes,
}

impl Scheme {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Iob1, "IOB1"),
        (Self::Bio, "BIO"),
        (Self::Bioes, "BIOES"),
        (Self::Bilou, "BILOU"),
        (Self::Bmes, "BMES"),
    ];

    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(scheme, _)| *scheme == self).map_or("", |(_, name)| name)
    }

    /// The one that people call so.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(scheme, _)| *scheme)
    }

    /// The one that these tags are written in.
    pub(super) fn of(cells: &[&str]) -> Self {
        let has =
            |letters: &str| cells.iter().any(|cell| matches!(tag(cell), Some(Tag::In(l, _)) if letters.contains(l)));
        if has("LU") {
            return Self::Bilou;
        }
        if has("M") {
            return Self::Bmes;
        }
        if has("ES") {
            return if has("I") || !has("BE") { Self::Bioes } else { Self::Bmes };
        }
        // In IOB1 no B stands without need. One I that opens a span shows it, for the rare B is often absent.
        let (mut opened, mut before) = (false, None);
        for cell in cells {
            let Some(Tag::In(letter, label)) = tag(cell) else {
                before = None;
                continue;
            };
            if letter == 'B' && before != Some(label) {
                return Self::Bio;
            }
            opened |= letter == 'I' && before != Some(label);
            before = Some(label);
        }
        if opened { Self::Iob1 } else { Self::Bio }
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// Outside of all spans.
    Out,
    /// In a span: the letter and the label.
    In(char, &'a str),
}

/// Reads a tag; nothing if it is none.
pub(super) fn tag(cell: &str) -> Option<Tag<'_>> {
    if cell == "O" {
        return Some(Tag::Out);
    }
    let (letter, label) = cell.split_once('-')?;
    let mut chars = letter.chars();
    let first = chars.next().filter(|letter| "BIESULM".contains(*letter))?;
    (chars.next().is_none() && !label.is_empty()).then_some(Tag::In(first, label))
}

/// The spans that tags make, by the rules of the evaluation of 2000, which fit every scheme.
pub(in crate::format) fn chunks(cells: &[&str]) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut open = false;
    for (at, cell) in cells.iter().enumerate() {
        let Some(Tag::In(letter, label)) = tag(cell) else {
            open = false;
            continue;
        };
        match chunks.last_mut() {
            Some((_, end, known)) if open && known == label && !"BSU".contains(letter) => *end = at + 1,
            _ => chunks.push((at, at + 1, label.to_owned())),
        }
        open = !"ESUL".contains(letter);
    }
    chunks
}

/// The tags of spans that do not share a token.
pub(super) fn tags(chunks: &[Chunk], count: usize, scheme: Scheme) -> Vec<Cow<'static, str>> {
    let mut tags = vec![Cow::Borrowed("O"); count];
    let mut before: Option<&Chunk> = None;
    for chunk in chunks {
        let (start, end, label) = chunk;
        let touches = before.is_some_and(|(_, end, known)| end == start && known == label);
        for (at, tag) in tags.iter_mut().enumerate().take(*end).skip(*start) {
            let (first, last) = (at == *start, at + 1 == *end);
            let letter = match (scheme, first, last) {
                (Scheme::Iob1, true, _) if touches => 'B',
                (Scheme::Iob1, ..) => 'I',
                (Scheme::Bioes | Scheme::Bmes, true, true) => 'S',
                (Scheme::Bilou, true, true) => 'U',
                (_, true, _) => 'B',
                (Scheme::Bioes | Scheme::Bmes, _, true) => 'E',
                (Scheme::Bilou, _, true) => 'L',
                (Scheme::Bmes, ..) => 'M',
                _ => 'I',
            };
            *tag = Cow::Owned(format!("{letter}-{label}"));
        }
        before = Some(chunk);
    }
    tags
}

/// The tags of spans where other tags stand: those of spans that are as they were stay as they are written.
pub(super) fn retagged(cells: &[&str], wanted: &[Chunk], scheme: Scheme) -> Vec<String> {
    let known = chunks(cells);
    if known == wanted {
        return cells.iter().map(|cell| (*cell).to_owned()).collect();
    }
    let mut tags: Vec<String> = tags(wanted, cells.len(), scheme).into_iter().map(Cow::into_owned).collect();
    let fresh = tags.clone();
    // Where spans begin or stand in both, which token belongs to what.
    let owners = |chunks: &[Chunk]| {
        let mut owners: Vec<Option<Chunk>> = vec![None; cells.len()];
        for chunk in chunks {
            for owner in owners.iter_mut().take(chunk.1).skip(chunk.0) {
                *owner = Some(chunk.clone());
            }
        }
        owners
    };
    for (((tag, cell), was), is) in tags.iter_mut().zip(cells).zip(owners(&known)).zip(owners(wanted)) {
        if was == is {
            (*cell).clone_into(tag);
        }
    }
    let same = chunks(&tags.iter().map(String::as_str).collect::<Vec<_>>()) == wanted;
    if same { tags } else { fresh }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &str, scheme: Scheme, spans: &str) {
        let cells: Vec<&str> = cells.split(' ').collect();
        let found = chunks(&cells);
        let shown: Vec<String> = found.iter().map(|(start, end, label)| format!("{label} {start}-{end}")).collect();
        assert_eq!(shown.join(", "), spans);
        assert_eq!(Scheme::of(&cells), scheme);
        assert_eq!(tags(&found, cells.len(), scheme), cells);
        assert_eq!(retagged(&cells, &found, scheme), cells);
    }

    #[test]
    fn schemes_are_known_and_come_back() {
        check("I-PER I-PER B-PER I-LOC O I-ORG", Scheme::Iob1, "PER 0-2, PER 2-3, LOC 3-4, ORG 5-6");
        check("B-PER I-PER B-PER B-LOC O B-ORG", Scheme::Bio, "PER 0-2, PER 2-3, LOC 3-4, ORG 5-6");
        check("B-A I-A E-A S-A O S-B-C", Scheme::Bioes, "A 0-3, A 3-4, B-C 5-6");
        check("B-A I-A L-A U-A", Scheme::Bilou, "A 0-3, A 3-4");
        check("B-A M-A E-A S-A", Scheme::Bmes, "A 0-3, A 3-4");
        check("O O", Scheme::Bio, "");
    }

    #[test]
    fn odd_tags_stay_where_nothing_changes() {
        let cells = ["I-A", "I-A", ".", "O", "B-B"];
        let mut wanted = chunks(&cells);
        wanted.insert(1, (3, 4, "C".to_owned()));
        assert_eq!(retagged(&cells, &wanted, Scheme::Bio), ["I-A", "I-A", ".", "B-C", "B-B"]);
        // Left as it is, the second would grow into the first.
        assert_eq!(retagged(&["O", "I-A"], &[(0, 1, "A".into()), (1, 2, "A".into())], Scheme::Bio), ["B-A", "B-A"]);
    }
}
