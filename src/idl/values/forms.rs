//! What values look like, for those who wrote another.

use super::super::ast;
use super::super::model::{DefId, Type};
use super::super::token::shortened;
use super::Checker;

impl Checker<'_> {
    pub(super) fn described(&self, truth: &Type) -> String {
        let name = |id: &DefId| shortened(&self.model.definition(*id).name);
        match truth {
            Type::Bool => "a bool".to_owned(),
            Type::I8 => "an i8".to_owned(),
            Type::I16 => "an i16".to_owned(),
            Type::I32 => "an i32".to_owned(),
            Type::I64 => "an i64".to_owned(),
            Type::Double => "a double".to_owned(),
            Type::String => "a string".to_owned(),
            Type::Binary => "a binary".to_owned(),
            Type::Uuid => "a uuid".to_owned(),
            Type::List(_) => "a list".to_owned(),
            Type::Set(_) => "a set".to_owned(),
            Type::Map(..) => "a map".to_owned(),
            Type::Enum(id) => format!("a member of enum `{}`", name(id)),
            Type::Struct(id) => format!("a `{}`", name(id)),
            Type::Typedef(id) => format!("a `{}`", name(id)),
        }
    }
}

pub(super) fn described_value(kind: &ast::ValueKind) -> &'static str {
    match kind {
        ast::ValueKind::Bool(_) => "true or false",
        ast::ValueKind::Int(_) => "a whole number",
        ast::ValueKind::Double(_) => "a number with a fraction or an exponent",
        ast::ValueKind::Literal(_) => "a text",
        ast::ValueKind::Name(_) => "a name",
        ast::ValueKind::List(_) => "[...]",
        ast::ValueKind::Map(_) => "{...}",
    }
}

/// How a value of the type is written.
pub(super) fn form_of(truth: &Type) -> &'static str {
    match truth {
        Type::Bool => "write true or false",
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => "write a whole number",
        Type::Double => "write a number",
        Type::String | Type::Binary => "write a text in quotes",
        Type::Uuid => "write \"00112233-4455-6677-8899-aabbccddeeff\"",
        Type::List(_) | Type::Set(_) => "write [value, value]",
        Type::Map(..) => "write {key: value}",
        Type::Enum(_) => "write Enum.MEMBER",
        Type::Struct(_) => "write {\"field\": value}",
        Type::Typedef(_) => "look at its typedef",
    }
}

/// Five groups of hexadecimal digits; braces around them are fine.
pub(super) fn uuid(text: &str) -> Option<[u8; 16]> {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let groups: Vec<&str> = inner.unwrap_or(text).split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    if !lengths.eq([8, 4, 4, 4, 12]) {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = groups.iter().flat_map(|group| group.chars());
    for byte in &mut bytes {
        let high = digits.next()?.to_digit(16)?;
        let low = digits.next()?.to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_five_groups() {
        let bytes = uuid("00112233-4455-6677-8899-aabbccddeeff");
        assert_eq!(bytes.map(|bytes| bytes[1]), Some(0x11));
        assert_eq!(uuid("{00112233-4455-6677-8899-AABBCCDDEEFF}"), bytes);
        for text in [
            "",
            "00112233445566778899aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeefg",
            "00112233-4455-6677-8899-aabbccddeef",
            "{00112233-4455-6677-8899-aabbccddeeff",
            "é112233-4455-6677-8899-aabbccddeeff",
        ] {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}
