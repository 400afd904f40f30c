//! JSON, read by hand: what is wrong has to be told with its place, and readers that keep places are few.
//!
//! The grammar is that of RFC 8259. The first fault in the form ends the reading; a key that stands twice in a table does not.

use std::collections::HashSet;

use super::tree::{Entry, Item, Value};
use crate::report::{Desk, Span};

/// What the text holds, or nothing if it is no JSON or no table: then that was told.
pub(super) fn read(text: &str, desk: &mut Desk) -> Option<Vec<Entry>> {
    let mut reader = Reader { text, at: 0, desk };
    // Some editors begin a text with this mark; it is no part of it.
    reader.take("\u{feff}");
    let read = reader.item(0).and_then(|item| {
        reader.blank();
        if reader.at < text.len() {
            return Err(reader.fault("something follows the end of the table"));
        }
        Ok(item)
    });
    match read {
        Ok(Item {
            value: Value::Table(entries),
            ..
        }) => Some(entries),
        Ok(item) => {
            let message = format!("a cluster's file is a table, this is {}", item.value.kind());
            desk.error_of(item.span, "", message, HELP);
            None
        }
        Err(Fault { span, message }) => {
            desk.error_of(span, "", format!("this is no JSON: {message}"), HELP);
            None
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The offset of what comes next.
    at: usize,
    desk: &'a mut Desk,
}

struct Fault {
    span: Span,
    message: &'static str,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: usize) -> Result<Item, Fault> {
        self.blank();
        let start = self.at;
        if depth >= DEPTH_MAX {
            return Err(self.fault("values are nested too deep"));
        }
        let value = match self.peek() {
            Some('{') => Value::Table(self.table(depth)?),
            Some('[') => Value::List(self.list(depth)?),
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            _ if self.take("true") || self.take("false") => Value::Other("true or false"),
            _ if self.take("null") => Value::Null,
            None => return Err(self.fault("the text ends where a value is due")),
            Some(_) => return Err(self.fault("no value begins like this")),
        };
        let span = Span::new(start, self.at);
        Ok(Item { span, value })
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Entry>, Fault> {
        self.take("{");
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        self.blank();
        if self.take("}") {
            return Ok(entries);
        }
        loop {
            self.blank();
            let start = self.at;
            if self.peek() != Some('"') {
                return Err(self.fault("a key in double quotes is due here"));
            }
            let key = self.string()?;
            let at = Span::new(start, self.at);
            self.blank();
            if !self.take(":") {
                return Err(self.fault("a colon is due here"));
            }
            let item = self.item(depth + 1)?;
            if seen.insert(key.clone()) {
                entries.push(Entry { key, at, item });
            } else {
                let message = format!("the key `{key}` stands twice in its table");
                self.desk.error_of(at, "", message, "take one of them out");
            }
            self.blank();
            if self.take("}") {
                return Ok(entries);
            }
            if !self.take(",") {
                return Err(self.fault("a comma or a closing brace is due here"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Item>, Fault> {
        self.take("[");
        let mut items = Vec::new();
        self.blank();
        if self.take("]") {
            return Ok(items);
        }
        loop {
            items.push(self.item(depth + 1)?);
            self.blank();
            if self.take("]") {
                return Ok(items);
            }
            if !self.take(",") {
                return Err(self.fault("a comma or a closing bracket is due here"));
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.take("\"");
        let mut text = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.take("\"");
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some(c) if c >= ' ' => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
                _ => return Err(self.fault("the text in quotes does not end in its line")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.take("\\");
        for (letter, meant) in ESCAPES {
            if self.take(letter) {
                return Ok(meant);
            }
        }
        if !self.take("u") {
            return Err(self.fault("no escape begins like this"));
        }
        let high = self.unit()?;
        let both = if (0xd800..0xdc00).contains(&high) && self.take("\\u") {
            let low = self.unit()?;
            char::decode_utf16([high, low]).next()
        } else {
            char::decode_utf16([high]).next()
        };
        match both {
            Some(Ok(meant)) => Ok(meant),
            _ => Err(self.fault("half of a pair of surrogates stands before this")),
        }
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Fault> {
        let digits = self.rest().get(..4).unwrap_or_default();
        let hexadecimal = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        match u16::from_str_radix(digits, 16) {
            Ok(unit) if hexadecimal => {
                self.at += 4;
                Ok(unit)
            }
            _ => Err(self.fault("four hexadecimal digits are due here")),
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        self.take("-");
        // No number begins with a zero that means nothing.
        if !self.take("0") {
            self.digits()?;
        }
        let mut whole = true;
        if self.take(".") {
            whole = false;
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            whole = false;
            let _ = self.take("+") || self.take("-");
            self.digits()?;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        Ok(match digits.parse() {
            Ok(number) if whole => Value::Whole(number),
            _ if whole => Value::Other("a number beyond 64 bits"),
            _ => Value::Other("a number with a fraction"),
        })
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.fault("a digit is due here"));
        }
        Ok(())
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes past `word` if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let comes = self.rest().starts_with(word);
        if comes {
            self.at += word.len();
        }
        comes
    }

    fn fault(&self, message: &'static str) -> Fault {
        let length = self.peek().map_or(0, char::len_utf8);
        Fault {
            span: Span::new(self.at, self.at + length),
            message,
        }
    }
}

const HELP: &str =
    "see https://www.json.org; or write the file as TOML, which is easier to write by hand";
/// How deep values may be nested. A cluster's file needs five levels.
const DEPTH_MAX: usize = 32;
const ESCAPES: [(&str, char); 8] = [
    ("\"", '"'),
    ("\\", '\\'),
    ("/", '/'),
    ("b", '\u{8}'),
    ("f", '\u{c}'),
    ("n", '\n'),
    ("r", '\r'),
    ("t", '\t'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn told(text: &str) -> (Option<Vec<Entry>>, String) {
        let mut desk = Desk::new(50);
        desk.add(Source::new("a.json", text));
        let read = read(text, &mut desk);
        let told = desk.into_reports();
        let told: Vec<String> = told.iter().map(|report| report.message().into()).collect();
        (read, told.join("\n"))
    }

    fn value(text: &str) -> Value {
        let (read, told) = told(&format!("{{\"a\": {text}}}"));
        assert_eq!(told, "", "{text}");
        read.expect(text).remove(0).item.value
    }

    #[test]
    fn values_are_what_the_standard_says() {
        assert!(matches!(value("-0"), Value::Whole(0)));
        assert!(matches!(value("-12 "), Value::Whole(-12)));
        assert!(matches!(
            value("9223372036854775807"),
            Value::Whole(i64::MAX)
        ));
        let beyond = value("9223372036854775808");
        assert_eq!(beyond.kind(), "a number beyond 64 bits");
        assert_eq!(value("1.0").kind(), "a number with a fraction");
        assert_eq!(value("1E+2").kind(), "a number with a fraction");
        assert_eq!(value("null").kind(), "null");
        assert_eq!(value("true").kind(), "true or false");
        assert!(matches!(value("[]"), Value::List(items) if items.is_empty()));
        assert!(matches!(value("[1, [2]]"), Value::List(items) if items.len() == 2));
        let text = value(r#""\"\\\/\b\f\n\r\t\u0041\ud83d\ude00é""#);
        assert!(matches!(text, Value::Text(text) if text == "\"\\/\u{8}\u{c}\n\r\tA\u{1f600}é"));
    }

    #[test]
    fn what_is_no_json_is_told() {
        for text in [
            "",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":-}",
            "{\"a\":\"x\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"\\u+123\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "{'a':1}",
            "{}x",
            "{\"a\":nul}",
            "{\"a\":[1,]}",
            "{\"a\":1e}",
            "{\"a\" 1}",
        ] {
            let (read, told) = told(text);
            assert!(
                read.is_none() && told.starts_with("this is no JSON: "),
                "{text:?}: {told}"
            );
        }
        assert!(told("[]").1.contains("this is a list"));
        assert_eq!(
            told("{\"a\":1,\"a\":2}").1,
            "the key `a` stands twice in its table"
        );
    }

    #[test]
    fn nesting_is_bounded() {
        // The table and the innermost number are levels too.
        let nested =
            |lists: usize| format!("{{\"a\":{}1{}}}", "[".repeat(lists), "]".repeat(lists));
        assert_eq!(told(&nested(DEPTH_MAX - 3)).1, "");
        assert_eq!(told(&nested(DEPTH_MAX - 2)).1, "");
        assert!(told(&nested(DEPTH_MAX - 1)).1.contains("too deep"));
        assert!(told(&"[".repeat(1 << 20)).1.contains("too deep"));
    }
}
