//! One line of a `.ann` file, taken apart. What it means in its article is found out in `sheet`.

/// What a line says, word by word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says<'a> {
    /// Nothing: there is only white space.
    Nothing,
    /// `T1 Label 0 5;7 9` and the words.
    Span { id: &'a str, label: &'a str, fragments: Vec<(u64, u64)>, words: Option<&'a str> },
    /// `E1 Type:T3 Role:T1`.
    Event { id: &'a str, label: &'a str, trigger: &'a str, args: Vec<(&'a str, &'a str)> },
    /// `R1 Type Arg1:T1 Arg2:T2`.
    Relation { id: &'a str, kind: &'a str, from: (&'a str, &'a str), to: (&'a str, &'a str) },
    /// `* Equiv T1 T2 T3`.
    Group { kind: &'a str, ids: Vec<&'a str> },
    /// `A1 Name T1 value`, or `M1 Name T1`.
    Attribute { name: &'a str, target: &'a str, value: Option<&'a str> },
    /// `N1 Reference T1 Base:Key`.
    Link { target: &'a str, base: &'a str, key: &'a str },
    /// `#1 AnnotatorNotes T1` and the note.
    Note { kind: &'a str, target: &'a str, text: &'a str },
    /// Something else; why it makes no sense.
    Unknown(&'static str),
}

/// Takes a line apart; it may have its line end.
pub(super) fn parse(line: &str) -> Says<'_> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    if line.trim().is_empty() {
        return Says::Nothing;
    }
    let Some((id, rest)) = line.split_once('\t') else { return Says::Unknown("There is no tab after its id") };
    let (body, tail) = match rest.split_once('\t') {
        Some((body, tail)) => (body, Some(tail)),
        None => (rest, None),
    };
    let said = match id.chars().next() {
        Some('T') => span(id, body, tail),
        Some('E') => event(id, body),
        Some('R') => relation(id, body),
        Some('*') => group(body),
        Some('A' | 'M') => attribute(body),
        Some('N') => link(body),
        Some('#') => note(body, tail),
        _ => return Says::Unknown("Its id begins with a letter that brat does not know"),
    };
    said.unwrap_or(Says::Unknown("It is not written as lines of its kind are"))
}

fn span<'a>(id: &'a str, body: &'a str, words: Option<&'a str>) -> Option<Says<'a>> {
    let (label, places) = body.split_once(' ')?;
    let fragment = |place: &str| {
        let (start, end) = place.trim().split_once(' ')?;
        Some((start.parse().ok()?, end.trim().parse().ok()?))
    };
    let fragments = places.split(';').map(fragment).collect::<Option<Vec<_>>>()?;
    let words = words.filter(|words| !words.trim().is_empty());
    (!label.is_empty()).then_some(Says::Span { id, label, fragments, words })
}

fn event<'a>(id: &'a str, body: &'a str) -> Option<Says<'a>> {
    let mut parts = body.split_whitespace().map(|part| part.split_once(':'));
    let (label, trigger) = parts.next()??;
    let args = parts.collect::<Option<Vec<_>>>()?;
    Some(Says::Event { id, label, trigger, args })
}

fn relation<'a>(id: &'a str, body: &'a str) -> Option<Says<'a>> {
    let mut parts = body.split_whitespace();
    let kind = parts.next()?;
    let (from, to) = (parts.next()?.split_once(':')?, parts.next()?.split_once(':')?);
    parts.next().is_none().then_some(Says::Relation { id, kind, from, to })
}

fn group(body: &str) -> Option<Says<'_>> {
    let mut parts = body.split_whitespace();
    let kind = parts.next()?;
    let ids: Vec<_> = parts.collect();
    (ids.len() > 1).then_some(Says::Group { kind, ids })
}

fn attribute(body: &str) -> Option<Says<'_>> {
    let mut parts = body.splitn(3, ' ');
    let (name, target) = (parts.next()?, parts.next()?);
    let value = parts.next().filter(|value| !value.is_empty());
    (!name.is_empty() && !target.is_empty()).then_some(Says::Attribute { name, target, value })
}

fn link(body: &str) -> Option<Says<'_>> {
    let mut parts = body.splitn(3, ' ');
    let (_, target) = (parts.next()?, parts.next()?);
    let (base, key) = parts.next()?.split_once(':')?;
    (!base.is_empty() && !key.is_empty()).then_some(Says::Link { target, base, key })
}

fn note<'a>(body: &'a str, text: Option<&'a str>) -> Option<Says<'a>> {
    let (kind, target) = body.split_once(' ')?;
    let target = target.trim();
    (!kind.is_empty() && !target.is_empty()).then(|| Says::Note { kind, target, text: text.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let words = Some("first second");
        let fragments = vec![(0, 5), (10, 14)];
        assert_eq!(
            parse("T7\tPerson 0 5;10 14\tfirst second\r\n"),
            Says::Span { id: "T7", label: "Person", fragments, words }
        );
        assert_eq!(parse("E1\tBuy:T3 "), Says::Event { id: "E1", label: "Buy", trigger: "T3", args: Vec::new() });
        assert_eq!(
            parse("R1\tOrigin Arg1:T6 Arg2:E7\t\n"),
            Says::Relation { id: "R1", kind: "Origin", from: ("Arg1", "T6"), to: ("Arg2", "E7") }
        );
        assert_eq!(parse("*\tEquiv T1 T2"), Says::Group { kind: "Equiv", ids: vec!["T1", "T2"] });
        assert_eq!(
            parse("A1\tKind T1 two words"),
            Says::Attribute { name: "Kind", target: "T1", value: Some("two words") }
        );
        assert_eq!(parse("N1\tReference T1 DB:a:1\tname"), Says::Link { target: "T1", base: "DB", key: "a:1" });
        assert_eq!(parse("#1\tLemma T1\t a\tb"), Says::Note { kind: "Lemma", target: "T1", text: " a\tb" });
        assert_eq!(parse(" \r\n"), Says::Nothing);
        for bad in ["T1 Person 0 5", "T1\tPerson x 5\tw", "X1\ta b", "R1\tOrigin Arg1:T1", "*\tEquiv T1", "N1\tR T1 Q7"]
        {
            assert!(matches!(parse(bad), Says::Unknown(_)), "{bad}");
        }
    }
}
