//! Cuts markup into text and tags. Never fails: what is no tag is text, so that nothing of a text gets lost.

use std::borrow::Cow;

use crate::format::inline::Element;

/// So many tags that do not end are looked for; then all is text.
const PATIENCE: u32 = 100;
/// The longest name of a character.
const NAME: usize = 10;

/// A part of a file.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format) enum Token<'a> {
    /// Text, decoded.
    Text(Cow<'a, str>),
    /// The start of an element, and whether that is its end too.
    Open(Element, bool),
    /// The end of the element of that name.
    Close(&'a str),
}

/// What is left of a file.
pub(in crate::format) struct Scan<'a> {
    rest: &'a str,
    endless: u32,
    /// Names of characters that are not known, which are left in the text as they are.
    pub(in crate::format) unknown: usize,
    /// Comments and instructions that are passed over.
    pub(in crate::format) comments: usize,
}

impl<'a> Scan<'a> {
    pub(in crate::format) fn new(text: &'a str) -> Self {
        Self { rest: text, endless: 0, unknown: 0, comments: 0 }
    }

    /// Takes what comes up to the mark, and the mark.
    fn until(&mut self, from: usize, mark: &str) -> Option<&'a str> {
        let inside = self.rest.get(from..)?;
        let Some(end) = inside.find(mark) else {
            self.endless += 1;
            return None;
        };
        self.rest = inside.get(end + mark.len()..)?;
        inside.get(..end)
    }

    /// What stands at a `<`; nothing if that is only a character. The inner nothing is what is passed over.
    fn markup(&mut self) -> Option<Option<Token<'a>>> {
        if self.endless > PATIENCE {
            return None;
        }
        let start = |mark: &str| self.rest.starts_with(mark);
        if start("<![CDATA[") {
            return Some(Some(Token::Text(Cow::Borrowed(self.until(9, "]]>")?))));
        }
        if start("<!--") || start("<?") || start("<!") {
            let (skip, end) = if start("<!--") {
                (4, "-->")
            } else if start("<?") {
                (2, "?>")
            } else {
                (2, ">")
            };
            self.until(skip, end)?;
            self.comments += 1;
            return Some(None);
        }
        if start("</") {
            let letter = self.rest.chars().nth(2).is_some_and(char::is_alphabetic);
            return letter.then(|| self.until(2, ">")).flatten().map(|name| Some(Token::Close(name.trim_end())));
        }
        self.tag().map(Some)
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let mut rest = self.rest.strip_prefix('<')?;
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let mut element = Element::new(word(&mut rest, ""));
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>') {
                self.rest = after;
                return Some(Token::Open(element, false));
            }
            if let Some(after) = rest.strip_prefix("/>") {
                self.rest = after;
                return Some(Token::Open(element, true));
            }
            let name = word(&mut rest, "=");
            if name.is_empty() {
                self.endless += u32::from(rest.is_empty());
                return None;
            }
            rest = rest.trim_start();
            let value = match rest.strip_prefix('=').map(str::trim_start) {
                None => "",
                Some(after) => {
                    rest = after;
                    match after.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                        Some(quote) => {
                            let inside = after.get(1..)?;
                            let Some(end) = inside.find(quote) else {
                                self.endless += 1;
                                return None;
                            };
                            rest = inside.get(end + 1..)?;
                            inside.get(..end)?
                        }
                        None => word(&mut rest, ""),
                    }
                }
            };
            let value = self.decoded(value).into_owned();
            element.attributes.push((name.to_owned(), value));
        }
    }

    /// Text with the names of characters replaced.
    fn decoded(&mut self, text: &'a str) -> Cow<'a, str> {
        let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
        let (before, mut rest) = text.split_at(first);
        let mut out = before.to_owned();
        while let Some(after) = rest.strip_prefix('&') {
            let end = after.bytes().take(NAME + 1).position(|byte| byte == b';');
            let named = end.and_then(|end| Some((character(after.get(..end)?)?, after.get(end + 1..)?)));
            let tail = match named {
                Some((c, tail)) => {
                    out.push(c);
                    tail
                }
                None => {
                    self.unknown += 1;
                    out.push('&');
                    after
                }
            };
            let next = tail.find('&').unwrap_or(tail.len());
            let (plain, more) = tail.split_at(next);
            out.push_str(plain);
            rest = more;
        }
        Cow::Owned(out)
    }
}

/// Takes what is no blank, end of a tag, or one of the marks. A `/` ends it only before `>`.
fn word<'a>(rest: &mut &'a str, marks: &str) -> &'a str {
    let ends = |at: usize, c: char| {
        let slash = c == '/' && rest.get(at + 1..).is_some_and(|after| after.starts_with('>'));
        c.is_whitespace() || c == '>' || c == '<' || marks.contains(c) || slash
    };
    let end = rest.char_indices().find(|(at, c)| ends(*at, *c)).map_or(rest.len(), |(at, _)| at);
    let (word, after) = rest.split_at(end);
    *rest = after;
    word
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        return char::from_u32(match hex {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        });
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

impl<'a> Iterator for Scan<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.rest.starts_with('<') {
            match self.markup() {
                Some(Some(token)) => return Some(token),
                Some(None) => {}
                None => {
                    self.rest = self.rest.get(1..)?;
                    return Some(Token::Text(Cow::Borrowed("<")));
                }
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Token::Text(self.decoded(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let one = |token| match token {
            Token::Text(text) => format!("[{text}]"),
            Token::Open(element, empty) => {
                let said = element.attributes.iter().map(|(name, value)| format!(" {name}={value}"));
                format!("<{}{}{}>", element.name, said.collect::<String>(), if empty { "/" } else { "" })
            }
            Token::Close(name) => format!("</{name}>"),
        };
        Scan::new(text).map(one).collect()
    }

    #[test]
    fn tags_are_tags_and_all_else_is_text() {
        for (text, wanted) in [
            ("a <b c='d\"' e=f g>h</b >", "[a ]<b c=d\" e=f g=>[h]</b>"),
            ("<!DOCTYPE x><?y?><!-- <z> --><br/><a b=c/>", "<br/><a b=c/>"),
            ("<![CDATA[<a>&amp;]]>", "[<a>&amp;]"),
            ("1 < 2 <3 </ <", "[1 ][<][ 2 ][<][3 ][<][/ ][<]"),
            ("&lt;&#65;&#x1F600;&amp;lt; &nbsp;&foo; & &#xD800;", "[<A😀&lt; \u{a0}&foo; & &#xD800;]"),
            ("<a b=\"c", "[<][a b=\"c]"),
            ("<START:person> A <END> <a =b>", "<START:person>[ A ]<END>[ ][<][a =b>]"),
            ("<a b='1' b='&gt;'><é/>", "<a b=1 b=>><é/>"),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_can_be_scanned(text in "([<>/=\"'&;!?\\[\\]a-c #x-]|\\PC){0,60}") {
            let plain: String = Scan::new(&text).filter_map(|token| match token {
                Token::Text(text) => Some(text.into_owned()),
                _ => None,
            }).collect();
            prop_assert!(text.contains(['<', '&']) || plain == text);
        }
    }
}
