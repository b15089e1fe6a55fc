//! Mentions of entities as brackets: `(1-place`, `1)`, `(1-place)`, `(e1[1/2]-place`.

use std::collections::BTreeMap;

/// A mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// What it is a mention of.
    pub(super) group: String,
    /// Its values, in the order of the fields behind the first.
    pub(super) values: Vec<String>,
    /// First and last word of each part.
    pub(super) parts: Vec<(usize, usize)>,
}

/// Signs that would be taken for something else, and `%` itself.
const SIGNS: [char; 10] = ['%', '-', '(', ')', '|', ' ', '\t', '\n', '\r', '_'];

/// A value as a field writes it.
fn escaped(value: &str) -> String {
    // A lone underline is nothing in this format, and many have underlines for blanks: only that one is hidden.
    let lone = value == "_";
    let hide = |c: char| SIGNS.contains(&c) && (c != '_' || lone);
    value.chars().map(|c| if hide(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() }).collect()
}

/// A value as a field means it.
fn plain(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, tail)) = rest.split_once('%') {
        out.push_str(before);
        let sign = tail
            .get(..2)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok().filter(|_| *digits == digits.to_ascii_uppercase()));
        match sign.and_then(char::from_u32).filter(|c| SIGNS.contains(c)) {
            Some(c) => {
                out.push(c);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A name with the number of its part and how many there are: `e1[1/2]`.
fn part(name: &str) -> (&str, usize, usize) {
    let numbers = name.strip_suffix(']').and_then(|name| {
        let (name, numbers) = name.rsplit_once('[')?;
        let (number, all) = numbers.split_once('/')?;
        Some((name, number.parse().ok()?, all.parse().ok()?))
    });
    numbers.unwrap_or((name, 1, 1))
}

/// The mentions of a column by first word, longer first, and how many brackets found no other. `fields` is how many a
/// mention has, its group among them.
pub(super) fn mentions(cells: &[Option<&str>], fields: usize) -> (Vec<Mention>, usize) {
    let mut all: Vec<Mention> = Vec::new();
    let mut open: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut torn = 0;
    for (at, cell) in cells.iter().enumerate() {
        let mut rest = cell.unwrap_or_default();
        while !rest.is_empty() {
            let end =
                rest.char_indices().skip(1).find(|(_, c)| matches!(c, '(' | ')')).map_or(rest.len(), |(at, _)| at);
            let (piece, tail) = rest.split_at(end);
            rest = tail;
            let Some(head) = piece.strip_prefix('(') else {
                let Some(tail) = rest.strip_prefix(')') else {
                    torn += 1;
                    continue;
                };
                rest = tail;
                match open.get_mut(piece).and_then(Vec::pop) {
                    Some((mention, from)) => end_part(&mut all, mention, from, at),
                    None => torn += 1,
                }
                continue;
            };
            let mut values = head.splitn(fields.max(1), '-');
            let name = values.next().unwrap_or_default();
            let (group, number, _) = part(name);
            let before = last.get(group).copied();
            let goes_on =
                before.filter(|before| number > 1 && all.get(*before).is_some_and(|m| m.parts.len() + 1 == number));
            let mention = goes_on.unwrap_or_else(|| {
                let values = values.map(plain).collect();
                all.push(Mention { group: plain(group), values, parts: Vec::new() });
                last.insert(group, all.len() - 1);
                all.len() - 1
            });
            match rest.strip_prefix(')') {
                Some(tail) => {
                    rest = tail;
                    end_part(&mut all, mention, at, at);
                }
                None => open.entry(name).or_default().push((mention, at)),
            }
        }
    }
    torn += open.values().map(Vec::len).sum::<usize>();
    all.retain(|mention| !mention.parts.is_empty());
    for mention in &mut all {
        mention.parts.sort_unstable();
    }
    sort(&mut all);
    (all, torn)
}

fn end_part(all: &mut [Mention], mention: usize, from: usize, to: usize) {
    if let Some(mention) = all.get_mut(mention) {
        mention.parts.push((from, to));
    }
}

/// By first word, longer first.
pub(super) fn sort(all: &mut [Mention]) {
    let last = |mention: &Mention| mention.parts.last().map_or(0, |part| part.1);
    all.sort_by_key(|mention| (mention.parts.first().copied().unwrap_or_default().0, usize::MAX - last(mention)));
}

/// The cells of mentions, which stand by first word, longer first; an empty one where nothing begins or ends.
pub(super) fn cells(mentions: &[Mention], count: usize) -> Vec<String> {
    let mut opens = vec![String::new(); count];
    let mut closes = vec![String::new(); count];
    for mention in mentions {
        let all = mention.parts.len();
        for (number, (from, to)) in (1..).zip(&mention.parts) {
            let mut name = escaped(&mention.group);
            if all > 1 {
                name.push_str(&format!("[{number}/{all}]"));
            }
            let mut head = format!("({name}");
            let values = mention.values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
            for value in mention.values.iter().take(if number == 1 { values } else { 0 }) {
                head.push('-');
                head.push_str(&escaped(value));
            }
            let single = from == to;
            if let Some(cell) = opens.get_mut(*from) {
                cell.push_str(&head);
                cell.push_str(if single { ")" } else { "" });
            }
            if let Some(cell) = closes.get_mut(*to).filter(|_| !single) {
                cell.insert_str(0, &format!("{name})"));
            }
        }
    }
    closes.into_iter().zip(opens).map(|(close, open)| close + &open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_come_back() {
        let column = ["(1-event-new(2-x%2Dy)", "1)(3-a[b", "3)", "", "(e[1/2]-d)", "(e[2/2](2)", "e[2/2])"];
        let found: Vec<Option<&str>> = column.iter().map(|cell| Some(*cell)).collect();
        let (all, torn) = mentions(&found, 3);
        assert_eq!((all.len(), torn), (5, 0));
        assert_eq!(all.iter().filter(|mention| mention.parts.len() == 2).count(), 1);
        assert_eq!(cells(&all, 7), column);
        assert_eq!(mentions(&[Some("(1-a"), Some("2)")], 2).1, 2);
    }
}
