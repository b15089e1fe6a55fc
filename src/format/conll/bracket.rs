//! Columns with brackets: names of CoNLL-2012, and mentions of things that come up again.

use crate::format::conll::scheme::Chunk;

/// How brackets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(PERSON*`, `*`, `*)`, `(PERSON)`: what closes has no name.
    Star,
    /// `(1`, `1)`, `(1)`, several in a cell; what closes has its name. Nothing is `-` or `_`.
    Named,
}

const SIGNS: [char; 4] = ['(', ')', '|', '*'];

/// The spans of a column by start, longer first, and how many brackets found no other.
pub(super) fn chunks(cells: &[&str], bracket: Bracket) -> (Vec<Chunk>, usize) {
    let (mut chunks, mut open, mut torn) = (Vec::new(), Vec::<(usize, &str)>::new(), 0);
    for (at, cell) in cells.iter().enumerate() {
        let mut rest = *cell;
        while let Some(place) = rest.find(SIGNS) {
            let (before, tail) = rest.split_at(place);
            rest = tail.get(1..).unwrap_or_default();
            if tail.starts_with('(') {
                let (name, tail) = rest.split_at(rest.find(SIGNS).unwrap_or(rest.len()));
                rest = tail;
                match rest.strip_prefix(')') {
                    Some(tail) => {
                        chunks.push((at, at + 1, name.to_owned()));
                        rest = tail;
                    }
                    None => open.push((at, name)),
                }
            } else if tail.starts_with(')') {
                let found = open.iter().rposition(|(_, name)| bracket == Bracket::Star || *name == before);
                match found.map(|place| open.remove(place)) {
                    Some((start, name)) => chunks.push((start, at + 1, name.to_owned())),
                    None => torn += 1,
                }
            }
        }
    }
    chunks.sort_by_key(|(start, end, _)| (*start, usize::MAX - end));
    (chunks, torn + open.len())
}

/// The cells of spans, which stand by start, longer first; `nothing` is the cell of a token where none begins or ends.
pub(super) fn cells(chunks: &[Chunk], count: usize, bracket: Bracket, nothing: &str) -> Vec<String> {
    let mut opens = vec![String::new(); count];
    let mut closes = vec![String::new(); count];
    for (start, end, name) in chunks {
        let single = start + 1 == *end;
        if let Some(cell) = opens.get_mut(*start) {
            let close = if single { ")" } else { "" };
            cell.push_str(&format!("({name}{close}"));
        }
        if let Some(cell) = closes.get_mut(end.saturating_sub(1)).filter(|_| !single) {
            // The inner one closes first.
            let close = if bracket == Bracket::Star { ")".to_owned() } else { format!("{name})") };
            cell.insert_str(0, &close);
        }
    }
    let star = bracket == Bracket::Star;
    let cell = |(open, close): (String, String)| match (star, open.is_empty(), close.is_empty()) {
        (_, true, true) => nothing.to_owned(),
        (true, false, true) if open.ends_with(')') && !open.contains(")(") && open.matches('(').count() == 1 => open,
        (true, ..) => format!("{open}*{close}"),
        // A name would run into the next one.
        (false, false, false) => format!("{close}{open}"),
        (false, ..) => format!("{open}{close}"),
    };
    opens.into_iter().zip(closes).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, bracket: Bracket, spans: &str) {
        let nothing = if bracket == Bracket::Star { "*" } else { "-" };
        let column: Vec<&str> = written.split(' ').collect();
        let (found, torn) = chunks(&column, bracket);
        let shown: Vec<String> = found.iter().map(|(start, end, label)| format!("{label} {start}-{end}")).collect();
        assert_eq!((shown.join(", ").as_str(), torn), (spans, 0));
        let again = cells(&found, column.len(), bracket, nothing);
        let column: Vec<&str> = again.iter().map(String::as_str).collect();
        assert_eq!(chunks(&column, bracket), (found, 0), "{again:?}");
    }

    #[test]
    fn brackets_come_back() {
        check("(ORG* *) * (PERSON) (A(B) *)", Bracket::Star, "ORG 0-2, PERSON 3-4, A 4-6, B 4-5");
        check("(1|(4) - 1)|(7) (a-1(b-2) a-1)", Bracket::Named, "1 0-3, 4 0-1, 7 2-3, a-1 3-5, b-2 3-4");
        check("(a (b a) b)", Bracket::Named, "a 0-3, b 1-4");
    }

    #[test]
    fn brackets_that_find_no_other_are_counted() {
        assert_eq!(chunks(&["(a", "b)", "(6|(7"], Bracket::Named), (Vec::new(), 4));
    }
}
