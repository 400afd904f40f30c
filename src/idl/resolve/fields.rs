//! Lists of fields: of a struct, of arguments, of what is thrown.

use std::collections::HashMap;

use super::super::ast;
use super::super::model::{Field, Requiredness, StructKind};
use super::super::token::shortened;
use super::{Resolver, Use, annotations};

/// What a list of fields belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Struct,
    Union,
    Arguments,
    Throws,
}

impl List {
    pub(super) fn of(kind: StructKind) -> Self {
        match kind {
            StructKind::Union => Self::Union,
            _ => Self::Struct,
        }
    }
}

impl Resolver<'_> {
    pub(super) fn fields(
        &mut self,
        written: &[ast::Field],
        place: impl Fn(usize) -> Use,
        list: List,
    ) -> Vec<Field> {
        let mut ids = HashMap::new();
        let mut names = HashMap::new();
        let largest = written
            .iter()
            .filter_map(|field| field.id)
            .map(|(id, _)| id)
            .max();
        let mut next_auto = -1_i64;
        let mut fields = Vec::new();
        for (index, field) in written.iter().enumerate() {
            let id = self.id(field, &mut next_auto, list);
            let span = field.id.map_or(field.name.span, |(_, span)| span);
            if let Some(first) = ids.insert(id, span) {
                let first = self.line(first);
                let at = self.at(span);
                let free = largest.unwrap_or_default().max(0).saturating_add(1);
                self.desk.error(
                    at,
                    format!("duplicate field id {id}"),
                    format!("line {first} has it too; a free one is {free}"),
                );
            }
            if let Some(first) = names.insert(field.name.text.as_str(), field.name.span) {
                let first = self.line(first);
                let at = self.at(field.name.span);
                self.desk.error(
                    at,
                    format!("duplicate field name `{}`", shortened(&field.name.text)),
                    format!("line {first} has it too; take another name"),
                );
            }
            fields.push(Field {
                id,
                name: field.name.text.clone(),
                doc: field.doc.clone(),
                ty: self.ty(Some(&field.kind), place(index)),
                requiredness: self.requiredness(field, list),
                default: None,
                boxed: false,
                reference: field.reference,
                annotations: annotations(&field.annotations),
            });
        }
        fields
    }

    /// The field's number. Without one it has -1, -2 and so on, which breaks when fields change places.
    fn id(&mut self, field: &ast::Field, next_auto: &mut i64, list: List) -> i16 {
        let at = self.at(field.id.map_or(field.name.span, |(_, span)| span));
        let name = shortened(&field.name.text);
        let id = match field.id {
            Some((id, _)) if id > 0 => id,
            Some((id, _)) if self.options.negative_ids => {
                if id == 0 && list == List::Throws {
                    self.desk.error(
                        at,
                        "an exception with the id 0",
                        "0 is what a function gives back; take another id",
                    );
                }
                *next_auto = id.saturating_sub(1);
                id
            }
            given => {
                let id = *next_auto;
                *next_auto -= 1;
                let message = match given {
                    Some((given, _)) => {
                        format!("field id {given} is not above zero: it is {id} now")
                    }
                    None => format!("field `{name}` has no id: it is {id} now"),
                };
                self.desk.warning(
                    at,
                    message,
                    "write an id above zero; one that is counted changes when fields are moved",
                );
                id
            }
        };
        i16::try_from(id).unwrap_or_else(|_| {
            self.desk.error(
                at,
                format!("field id {id} does not fit 16 bits"),
                format!(
                    "it has to be within 1 and {}: there is no room for more on the wire",
                    i16::MAX
                ),
            );
            0
        })
    }

    fn requiredness(&mut self, field: &ast::Field, list: List) -> Requiredness {
        let unless_written = match list {
            List::Throws => Requiredness::Optional,
            _ => Requiredness::Default,
        };
        let Some((written, span)) = field.requiredness else {
            return unless_written;
        };
        let at = self.at(span);
        match (written, list) {
            (ast::Requiredness::Optional, List::Arguments | List::Throws) => {
                self.desk.warning(
                    at,
                    "`optional` means nothing in a function's lists",
                    "leave it out",
                );
                unless_written
            }
            (ast::Requiredness::Required, List::Union) => {
                self.desk.warning(
                    at,
                    format!(
                        "required field `{}` of a union is optional",
                        shortened(&field.name.text)
                    ),
                    "a union has one of its fields: leave out `required`",
                );
                Requiredness::Optional
            }
            (_, List::Throws) => Requiredness::Optional,
            (ast::Requiredness::Required, _) => Requiredness::Required,
            (ast::Requiredness::Optional, _) => Requiredness::Optional,
        }
    }
}
