//! The pieces of Rich Text: groups, control words, bytes of text.

/// A piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// A control word with its number.
    Word(&'a str, Option<i32>),
    /// A control sign: a backslash and one byte that is no letter.
    Sign(u8),
    /// A byte of text, as it is or by its code.
    Byte(u8),
}

/// Cuts a file into pieces.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            let sign = *self.rest.first()?;
            self.skip(1);
            if sign != b'\'' {
                return Some(Token::Sign(sign));
            }
            let code = self.rest.get(..2).and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
            if code.is_some() {
                self.skip(2);
            }
            return code.map(Token::Byte).or(Some(Token::Sign(b'\'')));
        }
        let word = self.rest.get(..letters).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default();
        self.skip(letters);
        let minus = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest.iter().skip(minus).take_while(|byte| byte.is_ascii_digit()).count();
        let number = self.rest.get(..minus + digits).and_then(|number| std::str::from_utf8(number).ok());
        let number = number.filter(|_| digits > 0);
        if number.is_some() {
            self.skip(minus + digits);
        }
        if self.rest.first() == Some(&b' ') {
            self.skip(1);
        }
        let number = number.and_then(|number| number.parse().ok());
        if word == "bin" {
            self.skip(number.and_then(|count| usize::try_from(count).ok()).unwrap_or(0));
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.rest.first()?;
            self.skip(1);
            match byte {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\\' => return self.control(),
                // Ends of lines say nothing.
                b'\r' | b'\n' | 0 => {}
                byte => return Some(Token::Byte(byte)),
            }
        }
    }
}
