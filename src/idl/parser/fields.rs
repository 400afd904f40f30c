//! Lists of fields: of structs, arguments and exceptions.

use super::super::ast::{Field, Requiredness};
use super::super::token::Kind;
use super::{Parsed, Parser};

impl Parser<'_> {
    /// Fields up to `close`, which is taken.
    pub(super) fn fields(&mut self, close: char, fields: &mut Vec<Field>) -> Parsed<()> {
        self.nested(|parser| {
            parser.entries(close, Self::at_field, |parser| {
                fields.push(parser.field(close)?);
                Ok(())
            })
        })
    }

    /// `1:` begins a field, and nothing else.
    fn at_field(&self) -> bool {
        matches!(self.kind(), Kind::Int(_)) && self.kind_after(1).is_symbol(':')
    }

    fn field(&mut self, close: char) -> Parsed<Field> {
        let doc = self.doc();
        let id = if let Kind::Int(id) = *self.kind() {
            let span = self.span();
            self.skip();
            self.expect(
                ':',
                "a field's number is followed by a colon: `1: i32 name`",
            )?;
            Some((id, span))
        } else {
            None
        };
        let span = self.span();
        let requiredness = if self.take_word("required").is_some() {
            Some((Requiredness::Required, span))
        } else if self.take_word("optional").is_some() {
            Some((Requiredness::Optional, span))
        } else {
            None
        };
        let bare = id.is_none() && requiredness.is_none();
        let kind = if bare && !self.may_be_field() {
            return self.expected(
                &format!("a field or `{close}`"),
                "a field is written as `1: i32 name`",
            );
        } else {
            self.kind_of()?
        };
        let reference = self.take_symbol('&');
        let name = self.field_name()?;
        let value = if self.take_symbol('=') {
            Some(self.value()?)
        } else {
            None
        };
        self.take_word("xsd_optional");
        self.take_word("xsd_nillable");
        if self.take_word("xsd_attrs").is_some() {
            self.expect('{', "xsd_attrs has a list of fields in braces")?;
            self.fields('}', &mut Vec::new())?;
        }
        let annotations = self.annotations()?;
        self.take_separator();
        Ok(Field {
            doc,
            id,
            requiredness,
            kind,
            reference,
            name,
            value,
            annotations,
        })
    }

    /// Whether a type with a name behind it may begin here, so that a word left over is not taken for one.
    fn may_be_field(&self) -> bool {
        let next = self.kind_after(1);
        match self.kind() {
            Kind::Name(_) => matches!(next, Kind::Name(_) | Kind::Word(_) | Kind::Symbol('&')),
            Kind::Word(_) => true,
            _ => false,
        }
    }
}
