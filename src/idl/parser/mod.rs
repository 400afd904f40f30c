//! Tokens into a [`Program`], by recursive descent. An error costs the field or the definition it is in, not what follows.

mod definitions;
mod fields;
mod values;

use super::ast::{Annotation, Program, Text};
use super::docs;
use super::lexer;
use super::token::{Kind, NO_FIELD_NAMES, Token, shortened};
use crate::report::{At, Desk, FileId, Span};

/// Reads one file. Whatever is wrong is told at the desk; what could be read is returned.
pub(super) fn parse(file: FileId, text: &str, desk: &mut Desk) -> Program {
    let tokens = lexer::tokens(file, text, desk);
    let mut parser = Parser {
        file,
        text,
        tokens,
        at: 0,
        depth: 0,
        desk,
    };
    parser.program()
}

/// What is being read is lost, and that was told.
#[derive(Debug)]
struct Lost;

type Parsed<T> = Result<T, Lost>;

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    /// The last is the end, and is never taken.
    tokens: Vec<Token>,
    at: usize,
    /// How many types, values or lists of fields are around what is being read.
    depth: usize,
    desk: &'a mut Desk,
}

impl Parser<'_> {
    fn kind(&self) -> &Kind {
        self.kind_after(0)
    }

    fn kind_after(&self, count: usize) -> &Kind {
        let token = self.tokens.get(self.at + count);
        token.map_or(&Kind::End, |token| &token.kind)
    }

    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn span(&self) -> Span {
        self.token().map(|token| token.span).unwrap_or_default()
    }

    /// The token before this one.
    fn last_span(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map(|token| token.span).unwrap_or_default()
    }

    fn place(&self, span: Span) -> At {
        At {
            file: self.file,
            span,
        }
    }

    /// Goes on to the next token; at the end there is none.
    fn skip(&mut self) {
        if *self.kind() != Kind::End {
            self.at += 1;
        }
    }

    fn take_word(&mut self, word: &str) -> Option<Span> {
        let span = self.span();
        self.kind().is(word).then(|| {
            self.skip();
            span
        })
    }

    fn take_symbol(&mut self, symbol: char) -> bool {
        let there = self.kind().is_symbol(symbol);
        if there {
            self.skip();
        }
        there
    }

    fn take_separator(&mut self) -> bool {
        self.take_symbol(',') || self.take_symbol(';')
    }

    /// The doc comment before the token that comes next.
    fn doc(&self) -> Option<String> {
        let span = self.token()?.doc?;
        let comment = self.text.get(span.start..span.end)?;
        docs::cleaned(comment)
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(span);
        self.desk.error(place, message, help);
    }

    fn warning(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(span);
        self.desk.warning(place, message, help);
    }

    /// Tells that something else was expected here.
    fn expected<T>(&mut self, what: &str, help: impl Into<String>) -> Parsed<T> {
        let message = format!("expected {what}, found {}", self.kind());
        self.error(self.span(), message, help);
        Err(Lost)
    }

    fn expect(&mut self, symbol: char, help: &str) -> Parsed<()> {
        if self.take_symbol(symbol) {
            return Ok(());
        }
        self.expected(&format!("`{symbol}`"), help)
    }

    /// A literal; `what` says which.
    fn literal(&mut self, what: &str) -> Parsed<Text> {
        let span = self.span();
        if let Kind::Literal(text) = self.kind() {
            let text = text.clone();
            self.skip();
            return Ok(Text { text, span });
        }
        self.expected(what, "it stands in quotes")
    }

    /// A word that is none of the grammar's; dots are fine.
    fn dotted_name(&mut self, what: &str) -> Parsed<Text> {
        let span = self.span();
        match self.kind() {
            Kind::Name(text) => {
                let text = text.clone();
                self.skip();
                Ok(Text { text, span })
            }
            Kind::Word(word) => {
                let help = format!("`{word}` is a word of the language; take another name");
                self.expected(what, help)
            }
            _ => self.expected(
                what,
                "a name begins with a letter or an underscore; letters, digits and underscores follow",
            ),
        }
    }

    /// The same without dots.
    fn name(&mut self, what: &str) -> Parsed<Text> {
        let name = self.dotted_name(what)?;
        Ok(self.without_dots(name))
    }

    /// The name of a field, which may be most words of the grammar.
    fn field_name(&mut self) -> Parsed<Text> {
        let span = self.span();
        if let Kind::Word(word) = self.kind()
            && !NO_FIELD_NAMES.contains(word)
        {
            let text = (*word).to_owned();
            self.skip();
            return Ok(Text { text, span });
        }
        self.name("the field's name")
    }

    fn without_dots(&mut self, name: Text) -> Text {
        if name.text.contains('.') {
            let message = format!("the name `{}` has a dot", shortened(&name.text));
            let mend = name.text.replace('.', "_");
            self.error(
                name.span,
                message,
                format!("names that are declared have none: `{}`", shortened(&mend)),
            );
        }
        name
    }

    /// `( key = "value", ... )`, if it is there.
    fn annotations(&mut self) -> Parsed<Vec<Annotation>> {
        let mut annotations = Vec::new();
        if !self.take_symbol('(') {
            return Ok(annotations);
        }
        while !self.take_symbol(')') {
            let key = self.dotted_name("an annotation or `)`")?;
            let value = if self.take_symbol('=') {
                self.literal("the annotation's value")?.text
            } else {
                "1".to_owned()
            };
            annotations.push(Annotation { key, value });
            self.take_separator();
        }
        Ok(annotations)
    }

    /// One level down: no text makes the recursion deeper than [`NESTING_MAX`].
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == NESTING_MAX {
            let message = format!("this is nested deeper than {NESTING_MAX} levels");
            self.error(
                self.span(),
                message,
                "give what is inside a name of its own: a typedef, a const or a struct",
            );
            return Err(Lost);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Whether a definition or a header begins here: its word, first in its line, with what has to follow it.
    fn at_definition(&self) -> bool {
        let first = self.token().is_some_and(|token| token.first);
        let Kind::Word(word) = self.kind() else {
            return false;
        };
        let named = matches!(self.kind_after(1), Kind::Name(_));
        match *word {
            "struct" | "union" | "exception" | "enum" | "service" => {
                let block = self.kind_after(2);
                first && named && (block.is_symbol('{') || matches!(block, Kind::Word(_)))
            }
            "const" | "typedef" => {
                let typed = named || matches!(self.kind_after(1), Kind::Word(_));
                let again = self.kind_after(2);
                first && typed && (again.is_symbol('<') || matches!(again, Kind::Name(_)))
            }
            "include" | "cpp_include" => first && matches!(self.kind_after(1), Kind::Literal(_)),
            "namespace" => first && (named || self.kind_after(1).is_symbol('*')),
            _ => false,
        }
    }

    /// After an error in a definition: goes to where the next may begin.
    fn seek_definition(&mut self) {
        while *self.kind() != Kind::End && !self.at_definition() {
            self.skip();
        }
    }

    /// After an error in a list that ends with `close`: goes behind the next separator, or to where the next entry begins by
    /// `begins`, or to the list's end. `Err` if the list has no end before the next definition.
    fn seek_entry(&mut self, close: char, begins: fn(&Self) -> bool) -> Parsed<()> {
        let mut open = 0_usize;
        loop {
            match self.kind() {
                Kind::End => return Err(Lost),
                Kind::Symbol(symbol) if open == 0 && *symbol == close => return Ok(()),
                Kind::Symbol(',' | ';') if open == 0 => {
                    self.skip();
                    return Ok(());
                }
                Kind::Symbol('(' | '[' | '{') => open += 1,
                Kind::Symbol(')' | ']' | '}') => open = open.saturating_sub(1),
                _ if self.at_definition() => return Err(Lost),
                _ if open == 0 && begins(self) => return Ok(()),
                _ => {}
            }
            self.skip();
        }
    }
}

/// How deep types, constant values and lists of fields may be nested in one definition.
const NESTING_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn told(text: &str) -> Vec<String> {
        let mut desk = Desk::new(100);
        let file = desk.add(Source::new("a.thrift", text));
        parse(file, text, &mut desk);
        let reports = desk.into_reports();
        reports
            .iter()
            .map(|report| report.message().to_owned())
            .collect()
    }

    #[test]
    fn nesting_is_bounded() {
        let kind = |depth: usize| {
            let (open, close) = ("list<".repeat(depth), ">".repeat(depth));
            format!("typedef {open}i32{close} T")
        };
        let value = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            format!("const i32 c = {open}{close}")
        };
        for text in [kind(NESTING_MAX - 1), value(NESTING_MAX)] {
            assert_eq!(told(&text), [""; 0]);
        }
        for text in [
            kind(NESTING_MAX),
            kind(NESTING_MAX + 1),
            kind(100_000),
            value(NESTING_MAX + 1),
            value(100_000),
            "const i32 c = ".to_owned() + &"{1:".repeat(100_000),
            "struct A {".to_owned() + &"1: i32 x xsd_attrs {".repeat(100_000),
        ] {
            let told = told(&text);
            assert!(
                told.iter().any(|message| message.contains("nested deeper")),
                "{:.60}: {told:?}",
                text
            );
        }
    }

    #[test]
    fn an_error_costs_one_field() {
        let text =
            "struct A {\n 1: i32\n 2: x y z\n 3: i32 good,\n 4: = 5,\n}\nstruct B { 1: i32 b }";
        assert_eq!(
            told(text),
            [
                "expected the field's name, found the number 2",
                "expected a field or `}`, found `z`",
                "expected a type, found `=`"
            ]
        );
    }

    #[test]
    fn a_block_that_is_not_closed_ends_where_the_next_definition_begins() {
        let text = "struct A {\n 1: i32 a\nstruct B {\n 1: i32 b,\n 1: }\n}\nenum C { X = }";
        assert_eq!(
            told(text),
            [
                "expected `}`, found the word `struct`",
                "expected a type, found `}`",
                "expected a definition, found `}`",
                "expected a number, found `}`"
            ]
        );
    }
}
