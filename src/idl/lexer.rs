//! Text into tokens, as the official compiler's scanner cuts it.

use super::token::{Kind, Token, WORDS};
use crate::report::{At, Desk, FileId, Span};

/// Cuts a file into tokens; the last is the end. What is no token is told and left out.
pub(super) fn tokens(file: FileId, text: &str, desk: &mut Desk) -> Vec<Token> {
    let mut lexer = Lexer {
        file,
        text,
        at: 0,
        desk,
    };
    // A byte order mark is no part of the text.
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    let mut tokens = Vec::new();
    let (mut doc, mut first) = (None, true);
    loop {
        let start = lexer.at;
        let Some(c) = lexer.peek() else {
            tokens.push(Token {
                kind: Kind::End,
                span: Span::new(start, start),
                first: true,
                doc,
            });
            return tokens;
        };
        let kind = match c {
            ' ' | '\t' | '\r' | '\n' => {
                first |= c == '\n';
                lexer.at += 1;
                continue;
            }
            '#' => {
                lexer.skip_line();
                continue;
            }
            '/' => {
                if let Some(found) = lexer.comment() {
                    doc = Some(found);
                }
                continue;
            }
            '"' | '\'' => Some(lexer.literal(c)),
            'a'..='z' | 'A'..='Z' | '_' => Some(lexer.word()),
            '0'..='9' | '+' | '-' | '.' => lexer.number(),
            ':' | ';' | ',' | '{' | '}' | '(' | ')' | '=' | '<' | '>' | '[' | ']' | '*' | '&' => {
                lexer.at += 1;
                Some(Kind::Symbol(c))
            }
            _ => lexer.unexpected(),
        };
        let Some(kind) = kind else { continue };
        tokens.push(Token {
            kind,
            span: Span::new(start, lexer.at),
            first,
            doc: doc.take(),
        });
        first = false;
    }
}

struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    desk: &'a mut Desk,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn place(&self, start: usize, end: usize) -> At {
        At {
            file: self.file,
            span: Span::new(start, end),
        }
    }

    /// Takes what `belongs`, and returns it.
    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| belongs(*byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// A comment that begins with a slash; where it is if it is a doc comment.
    fn comment(&mut self) -> Option<Span> {
        let (start, rest) = (self.at, self.rest());
        if rest.starts_with("//") {
            self.skip_line();
            return None;
        }
        if !rest.starts_with("/*") {
            self.unexpected();
            return None;
        }
        // "/**/" and rows of stars hold nothing.
        let (head, is_doc) = if rest.starts_with("/**") {
            let stars = rest
                .bytes()
                .skip(1)
                .take_while(|byte| *byte == b'*')
                .count();
            let silly = rest.as_bytes().get(1 + stars) == Some(&b'/');
            (if silly { stars } else { 3 }, !silly)
        } else {
            (2, false)
        };
        let body = rest.get(head..).unwrap_or_default();
        if let Some(length) = body.find("*/") {
            self.at += head + length + 2;
            return is_doc.then(|| Span::new(start, self.at));
        }
        let place = self.place(start, start + 2);
        self.desk
            .error(place, "this comment has no end", "close it with `*/`");
        self.at = self.text.len();
        None
    }

    fn literal(&mut self, quote: char) -> Kind {
        let start = self.at;
        self.at += 1;
        let mut content = String::new();
        loop {
            let here = self.at;
            let next = self.peek();
            self.at += next.map_or(0, char::len_utf8);
            match next {
                Some(c) if c == quote => return Kind::Literal(content),
                None | Some('\n') => {
                    self.at = here;
                    let place = self.place(start, here);
                    self.desk.error(
                        place,
                        "this text has no end in its line",
                        format!("close it with {quote}; a line's end is written as \\n"),
                    );
                    return Kind::Literal(content);
                }
                Some('\\') => {
                    let escaped = self.peek();
                    match escaped {
                        Some('r') => content.push('\r'),
                        Some('n') => content.push('\n'),
                        Some('t') => content.push('\t'),
                        Some(c @ ('"' | '\'' | '\\')) => content.push(c),
                        _ => {
                            let length = escaped.map_or(0, char::len_utf8);
                            let place = self.place(here, here + 1 + length);
                            self.desk.error(
                                place,
                                "unknown escape in a text",
                                "there are \\r \\n \\t \\\" \\' and \\\\",
                            );
                        }
                    }
                    // The end of the line stays: the text ends there.
                    if let Some(c) = escaped.filter(|c| *c != '\n') {
                        self.at += c.len_utf8();
                    }
                }
                Some(c) => content.push(c),
            }
        }
    }

    /// A word; a dot belongs to it if a letter, a digit or an underscore follows.
    fn word(&mut self) -> Kind {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let wordy = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        loop {
            if wordy(bytes.get(self.at)) {
                self.at += 1;
            } else if bytes.get(self.at) == Some(&b'.') && wordy(bytes.get(self.at + 1)) {
                self.at += 2;
            } else {
                break;
            }
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match WORDS.iter().find(|known| **known == word) {
            Some(known) => Kind::Word(known),
            None => Kind::Name(word.to_owned()),
        }
    }

    fn number(&mut self) -> Option<Kind> {
        let start = self.at;
        if matches!(self.peek(), Some('+' | '-')) {
            self.at += 1;
        }
        let hex = self.rest().strip_prefix("0x");
        if hex.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_hexdigit())) {
            self.at += 2;
            let digits = self.take_while(|byte| byte.is_ascii_hexdigit());
            // As the official compiler has it: the digits have to fit, and the sign comes after.
            let value = i64::from_str_radix(digits, 16).ok();
            let negative = self.text.as_bytes().get(start) == Some(&b'-');
            let value = value.map(|value| if negative { -value } else { value });
            return Some(self.integer(value, start));
        }
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        let fraction = self.tail(".");
        // A number without digits before the exponent would be a word.
        let exponent = (!digits.is_empty() || fraction) && (self.tail("e") || self.tail("E"));
        let text = self.text.get(start..self.at).unwrap_or_default();
        if digits.is_empty() && !fraction {
            // A sign or a dot alone.
            self.at = start;
            return self.unexpected();
        }
        if !fraction && !exponent {
            let value = text.parse().ok();
            return Some(self.integer(value, start));
        }
        Some(Kind::Double(text.parse().unwrap_or(f64::NAN)))
    }

    /// Takes a fraction or an exponent if it is whole: `mark`, a sign where one may be, digits.
    fn tail(&mut self, mark: &str) -> bool {
        let Some(rest) = self.rest().strip_prefix(mark) else {
            return false;
        };
        let unsigned = if mark == "." {
            rest
        } else {
            rest.strip_prefix(['+', '-']).unwrap_or(rest)
        };
        if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        self.at += mark.len() + (rest.len() - unsigned.len());
        self.take_while(|byte| byte.is_ascii_digit());
        true
    }

    fn integer(&mut self, value: Option<i64>, start: usize) -> Kind {
        if value.is_none() {
            let place = self.place(start, self.at);
            self.desk.error(
                place,
                "this integer is too big",
                format!("it has to be within {} and {}", i64::MIN, i64::MAX),
            );
        }
        // Whatever else is wrong with it is at the same place, and not told.
        Kind::Int(value.unwrap_or(i64::MAX))
    }

    /// Tells of what is no token, and goes on behind it.
    fn unexpected(&mut self) -> Option<Kind> {
        let start = self.at;
        let c = self.peek()?;
        self.at += c.len_utf8();
        // A run of foreign characters is one mistake.
        while let Some(next) = self.peek().filter(|next| !next.is_ascii()) {
            self.at += next.len_utf8();
        }
        let place = self.place(start, self.at);
        let help = match c {
            '.' => "a number has digits on both sides of its dot, or none before it: 1.0, .5",
            '-' | '+' => "a sign belongs to the number behind it; names have no dashes",
            '/' => "comments are // ..., # ... and /* ... */",
            _ => "names have letters, digits, underscores; texts stand in quotes",
        };
        self.desk.error(
            place,
            format!("unexpected character {:?}", c.to_string()),
            help,
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn lexed(text: &str) -> (Vec<Kind>, Vec<(u32, String)>) {
        let mut desk = Desk::new(100);
        let file = desk.add(Source::new("a.thrift", text));
        let tokens = tokens(file, text, &mut desk);
        let told = desk.into_reports();
        (
            tokens.into_iter().map(|token| token.kind).collect(),
            told.iter()
                .map(|report| {
                    (
                        report.column().unwrap_or_default(),
                        report.message().to_owned(),
                    )
                })
                .collect(),
        )
    }

    fn good(text: &str) -> Vec<Kind> {
        let (mut kinds, told) = lexed(text);
        assert_eq!(told, [], "{text:?}");
        assert_eq!(kinds.pop(), Some(Kind::End));
        kinds
    }

    #[test]
    fn words_keep_their_dots() {
        let name = |text: &str| Kind::Name(text.into());
        assert_eq!(
            good("a.b _x Struct struct a.1"),
            [
                name("a.b"),
                name("_x"),
                name("Struct"),
                Kind::Word("struct"),
                name("a.1")
            ]
        );
        assert_eq!(lexed("a. b").1.len(), 1);
    }

    #[test]
    fn numbers_are_of_the_forms_the_official_compiler_takes() {
        let forms = [
            ("0", Kind::Int(0)),
            ("+7", Kind::Int(7)),
            ("-7", Kind::Int(-7)),
            ("0x1F", Kind::Int(31)),
            ("-0x10", Kind::Int(-16)),
            ("-9223372036854775808", Kind::Int(i64::MIN)),
            ("9223372036854775807", Kind::Int(i64::MAX)),
            ("0x7fffffffffffffff", Kind::Int(i64::MAX)),
            ("1.5", Kind::Double(1.5)),
            (".5", Kind::Double(0.5)),
            ("-.5", Kind::Double(-0.5)),
            ("1e3", Kind::Double(1000.0)),
            ("1E-2", Kind::Double(0.01)),
            ("2.5e+1", Kind::Double(25.0)),
        ];
        for (text, kind) in forms {
            assert_eq!(good(text), [kind], "{text}");
        }
        assert_eq!(good("12ab"), [Kind::Int(12), Kind::Name("ab".into())]);
        assert_eq!(good("1e"), [Kind::Int(1), Kind::Name("e".into())]);
    }

    #[test]
    fn integers_beyond_64_bits_and_numbers_without_digits_are_told() {
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "0x8000000000000000",
            "-0x8000000000000000",
        ] {
            assert_eq!(lexed(text).1, [(1, "this integer is too big".into())]);
        }
        for text in ["-", "+ 1", ".", "1."] {
            assert_eq!(lexed(text).1.len(), 1, "{text}");
        }
    }

    #[test]
    fn literals_know_six_escapes_and_end_in_their_line() {
        let text = |text: &str| Kind::Literal(text.into());
        assert_eq!(good(r#""a'b" 'a"b'"#), [text("a'b"), text("a\"b")]);
        assert_eq!(good(r#""\r\n\t\"\'\\é""#), [text("\r\n\t\"'\\é")]);
        assert_eq!(
            lexed(r#" "\x41""#).1,
            [(3, "unknown escape in a text".into())]
        );
        let (kinds, told) = lexed("'a\nb");
        assert_eq!(told, [(1, "this text has no end in its line".into())]);
        assert_eq!(kinds, [text("a"), Kind::Name("b".into()), Kind::End]);
        assert_eq!(lexed("'a\\").1.len(), 2);
    }

    #[test]
    fn comments_are_left_out_and_doc_comments_kept_for_the_next_token() {
        assert_eq!(good("# a\n// b\r\n/* c \n * */ /**/ /***/ x").len(), 1);
        let text = "/** one */ /** two */ x /** three */ y /***/ z";
        let mut desk = Desk::new(100);
        let file = desk.add(Source::new("a.thrift", text));
        let tokens = tokens(file, text, &mut desk);
        let docs: Vec<_> = tokens
            .iter()
            .map(|token| token.doc.map(|span| &text[span.start..span.end]))
            .collect();
        assert_eq!(docs, [Some("/** two */"), Some("/** three */"), None, None]);
        for open in ["/* a", "/** a", "/**", "/*/"] {
            assert_eq!(lexed(open).1, [(1, "this comment has no end".into())]);
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_foreign_characters_are_told_once_a_run() {
        assert_eq!(good("\u{feff}x").len(), 1);
        let (kinds, told) = lexed("a ééé b @ c");
        assert_eq!(kinds.len(), 4);
        assert_eq!(told.len(), 2);
    }
}
