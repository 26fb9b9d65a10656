//! The lexical grammar of GraphQL documents: text in, tokens out.
//!
//! It reads exactly what the parser behind it reads, so that nothing can hide from the guard in a
//! comment, a string or a block string. Where a lenient parser might see something else than a
//! strict one (a string that never ends), it refuses. It builds nothing, and never recurses.

/// One lexical token. Names keep their text; every other literal only its presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name: field, alias, type, keyword, enum value.
    Name(&'a str),
    /// A single punctuation character: one of `! $ & ( ) : = @ [ ] { | }`.
    Punctuation(u8),
    /// The three dots before a fragment.
    Spread,
    /// A number, string or block string.
    Literal,
    /// A character that no GraphQL document contains outside strings and comments.
    Foreign,
}

/// A string or block string that has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unterminated;

/// Splits a document into tokens. Each byte is looked at a bounded number of times.
pub(super) struct Tokens<'a> {
    text: &'a str,
    position: usize,
    latest: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            position: 0,
            latest: 0,
        }
    }

    /// The byte at which the latest token began, be it whole or unterminated.
    pub(super) fn latest(&self) -> usize {
        self.latest
    }

    fn rest(&self) -> &'a [u8] {
        self.text
            .as_bytes()
            .get(self.position..)
            .unwrap_or_default()
    }

    /// The byte `ahead` of the current position, or 0 (which no token begins with) at the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.rest().get(ahead).copied().unwrap_or(0)
    }

    fn advance_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let length = self.rest().iter().take_while(|byte| wanted(**byte)).count();
        self.position += length;
    }

    fn skip_insignificant(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b',' | b'\t' | b'\r' | b'\n' => self.position += 1,
                b'#' => self.advance_while(|byte| byte != b'\r' && byte != b'\n'),
                _ if self.rest().starts_with("\u{feff}".as_bytes()) => self.position += 3,
                _ => return,
            }
        }
    }

    fn name(&mut self) -> Token<'a> {
        let start = self.position;
        self.advance_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        Token::Name(self.text.get(start..self.position).unwrap_or_default())
    }

    /// `-`? integer fraction? exponent?. A leading zero stands alone, as the grammar says:
    /// `00` is two numbers, and both must be counted.
    fn number(&mut self) -> Token<'a> {
        if self.peek(0) == b'-' {
            self.position += 1;
        }
        if self.peek(0) == b'0' {
            self.position += 1;
        } else {
            self.advance_while(|byte| byte.is_ascii_digit());
        }
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.position += 1;
            self.advance_while(|byte| byte.is_ascii_digit());
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.position += 1 + sign;
                self.advance_while(|byte| byte.is_ascii_digit());
            }
        }
        Token::Literal
    }

    /// From after the opening quote to after the closing one; a line may not end in between.
    fn string(&mut self) -> Result<Token<'a>, Unterminated> {
        self.position += 1;
        loop {
            self.advance_while(|byte| !matches!(byte, b'"' | b'\\' | b'\r' | b'\n'));
            match self.peek(0) {
                b'"' => {
                    self.position += 1;
                    return Ok(Token::Literal);
                }
                // The escaped character, whatever it is, cannot end the string.
                b'\\' if !matches!(self.peek(1), 0 | b'\r' | b'\n') => self.position += 2,
                _ => return Err(Unterminated),
            }
        }
    }

    /// From after the opening `"""` to after the closing one; only `\"""` is an escape.
    fn block_string(&mut self) -> Result<Token<'a>, Unterminated> {
        self.position += 3;
        loop {
            self.advance_while(|byte| !matches!(byte, b'"' | b'\\'));
            if self.rest().starts_with(br#"""""#) {
                self.position += 3;
                return Ok(Token::Literal);
            }
            if self.rest().starts_with(br#"\""""#) {
                self.position += 4;
            } else if self.rest().is_empty() {
                return Err(Unterminated);
            } else {
                self.position += 1;
            }
        }
    }

    fn foreign(&mut self) -> Token<'a> {
        let character = self
            .text
            .get(self.position..)
            .and_then(|rest| rest.chars().next());
        // Inside a character (which cannot be: every step above ends on a boundary) go on by a byte.
        self.position += character.map_or(1, char::len_utf8);
        Token::Foreign
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, Unterminated>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_insignificant();
        if self.rest().is_empty() {
            return None;
        }
        self.latest = self.position;
        Some(match self.peek(0) {
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => Ok(self.name()),
            b'-' | b'0'..=b'9' => Ok(self.number()),
            b'"' if self.rest().starts_with(br#"""""#) => self.block_string(),
            b'"' => self.string(),
            b'.' if self.rest().starts_with(b"...") => {
                self.position += 3;
                Ok(Token::Spread)
            }
            mark @ (b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{'
            | b'|' | b'}') => {
                self.position += 1;
                Ok(Token::Punctuation(mark))
            }
            _ => Ok(self.foreign()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).map(Result::unwrap).collect()
    }

    fn is_unterminated(text: &str) -> bool {
        Tokens::new(text).any(|token| token == Err(Unterminated))
    }

    #[test]
    fn names_punctuation_and_spreads_are_told_apart() {
        assert_eq!(
            tokens("{a_1:b...F}"),
            [
                Token::Punctuation(b'{'),
                Token::Name("a_1"),
                Token::Punctuation(b':'),
                Token::Name("b"),
                Token::Spread,
                Token::Name("F"),
                Token::Punctuation(b'}'),
            ]
        );
    }

    #[test]
    fn blanks_commas_comments_and_byte_order_marks_are_nothing() {
        assert_eq!(tokens("\u{feff} ,\t# { [ (\r#\"\"\"\n\r\n"), []);
    }

    #[test]
    fn brackets_in_strings_are_text() {
        assert_eq!(tokens(r#""{[(\"{\\""#), [Token::Literal]);
        assert_eq!(tokens(r#""""{ " "" \""" { """"#), [Token::Literal]);
        assert_eq!(tokens(r#""\u007B\u{7B}""#), [Token::Literal]);
    }

    #[test]
    fn empty_strings_end_where_they_begin() {
        assert_eq!(
            tokens(r#""" {"#),
            [Token::Literal, Token::Punctuation(b'{')]
        );
        assert_eq!(
            tokens(r#""""""" {"#),
            [Token::Literal, Token::Punctuation(b'{')]
        );
    }

    #[test]
    fn numbers_that_touch_are_counted_apart() {
        assert_eq!(tokens("-1-1-1").len(), 3);
        assert_eq!(tokens("000").len(), 3);
        assert_eq!(tokens("-1.5e+10").len(), 1);
        assert_eq!(
            tokens("1...F"),
            [Token::Literal, Token::Spread, Token::Name("F")]
        );
    }

    #[test]
    fn a_string_without_end_is_told() {
        for text in [
            "\"",
            "\"a\n\"",
            "\"\\",
            "\"\\\n\"",
            "\"\"\"",
            r#"""" a \""" "#,
            "\"\"\" \"\"",
        ] {
            assert!(is_unterminated(text), "{text:?}");
        }
    }

    #[test]
    fn foreign_characters_are_one_token_each() {
        assert_eq!(tokens("é🏃.%"), [Token::Foreign; 4]);
    }
}
