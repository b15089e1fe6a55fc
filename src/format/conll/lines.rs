//! Lines of a file and what they are; articles as runs of lines.

use std::ops::Range;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing stands there: a sentence ends.
    Blank,
    /// An article begins.
    Begin,
    /// An article ends, or something is said of what follows.
    Remark,
    /// A token with its columns.
    Token,
}

/// Lines with their ends, which only a line feed makes: other programs keep U+2028 and its like inside tokens.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

/// A line without its end.
pub(super) fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// What a line is; `tab` is whether columns stand between tabs.
pub(super) fn kind(line: &str, tab: bool) -> Line {
    let line = bare(line);
    let plain = line.trim_matches([' ', '\t']);
    if plain.is_empty() {
        return Line::Blank;
    }
    let first = cells(line, tab).into_iter().next().and_then(|range| line.get(range)).unwrap_or_default();
    if first == "-DOCSTART-" || name(line).is_some() {
        return Line::Begin;
    }
    if plain.starts_with("#end document") || plain.starts_with("# end document") {
        return Line::Remark;
    }
    // Tweets begin with the same sign, and the sign alone may be a token.
    let last = cells(line, tab).pop().and_then(|range| line.get(range)).unwrap_or_default();
    let tagged = super::scheme::tag(last).is_some() && cells(line, tab).len() > 1;
    let remark = (line.starts_with("# ") || line.starts_with("#\t")) && !tagged;
    let header = first == "TOKEN" && line.contains("NE-");
    if remark || header { Line::Remark } else { Line::Token }
}

/// The name of an article that begins with this remark.
pub(super) fn name(line: &str) -> Option<&str> {
    let rest = bare(line).strip_prefix('#')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    if let Some(name) = rest.strip_prefix("begin document") {
        return Some(name.trim());
    }
    if let Some(name) = rest.strip_prefix("file:").filter(|name| name.starts_with('\t')) {
        return Some(name.trim());
    }
    let (key, value) = rest.split_once(" = ")?;
    (key == "document_id" || key.ends_with(":document_id") || key == "newdoc id").then(|| value.trim())
}

/// Where the columns of a line stand in it, in bytes.
pub(super) fn cells(line: &str, tab: bool) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = 0;
    let mut end = |start: usize, end: usize| {
        if tab || end > start {
            cells.push(start..end);
        }
    };
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'\t' || (!tab && byte == b' ') {
            end(start, at);
            start = at + 1;
        }
    }
    end(start, line.len());
    cells
}

/// The articles of a file as runs of its lines, in bytes; together they are the whole file.
pub(super) fn articles(text: &str, tab: bool) -> Vec<Range<usize>> {
    let mut articles: Vec<Range<usize>> = Vec::new();
    let (mut at, mut tokens) = (0, false);
    for line in lines(text) {
        let what = kind(line, tab);
        match articles.last_mut() {
            // What stands before the first token belongs to the article that it comes before.
            Some(article) if what != Line::Begin || !tokens => article.end = at + line.len(),
            _ => {
                articles.push(at..at + line.len());
                tokens = false;
            }
        }
        tokens |= what == Line::Token;
        at += line.len();
    }
    if let (false, true) = (tokens, articles.len() > 1)
        && let Some(rest) = articles.pop()
        && let Some(last) = articles.last_mut()
    {
        last.end = rest.end;
    }
    articles
}
