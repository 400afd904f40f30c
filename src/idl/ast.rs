//! A file as it was written: names are not looked up yet.

use crate::report::Span;

#[derive(Debug, Default)]
pub(super) struct Program {
    /// The first doc comment, if a header follows it.
    pub(super) doc: Option<String>,
    pub(super) includes: Vec<Text>,
    pub(super) cpp_includes: Vec<Text>,
    pub(super) namespaces: Vec<Namespace>,
    pub(super) definitions: Vec<Definition>,
}

/// A word or the content of a literal.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct Namespace {
    pub(super) scope: Text,
    pub(super) name: Text,
    pub(super) annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub(super) struct Annotation {
    pub(super) key: Text,
    /// `1` if none is written.
    pub(super) value: String,
}

#[derive(Debug)]
pub(super) struct Definition {
    pub(super) doc: Option<String>,
    pub(super) name: Text,
    pub(super) annotations: Vec<Annotation>,
    pub(super) kind: DefinitionKind,
}

#[derive(Debug)]
pub(super) enum DefinitionKind {
    Const {
        /// `None` if what stands there is no type; that was told.
        kind: Option<Type>,
        value: Option<Value>,
    },
    Typedef(Option<Type>),
    Enum(Vec<Member>),
    Struct {
        form: Form,
        fields: Vec<Field>,
    },
    Service {
        parent: Option<Text>,
        functions: Vec<Function>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Struct,
    Union,
    Exception,
}

/// A member of an enum.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) doc: Option<String>,
    pub(super) name: Text,
    pub(super) value: Option<(i64, Span)>,
    pub(super) annotations: Vec<Annotation>,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) doc: Option<String>,
    pub(super) id: Option<(i64, Span)>,
    pub(super) requiredness: Option<(Requiredness, Span)>,
    pub(super) kind: Type,
    /// `&`, by which the C++ generator makes a pointer.
    pub(super) reference: bool,
    pub(super) name: Text,
    pub(super) value: Option<Value>,
    pub(super) annotations: Vec<Annotation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requiredness {
    Required,
    Optional,
}

#[derive(Debug)]
pub(super) struct Function {
    pub(super) doc: Option<String>,
    /// The word, if it is there.
    pub(super) oneway: Option<Span>,
    /// `None` is void.
    pub(super) result: Option<Type>,
    pub(super) name: Text,
    pub(super) arguments: Vec<Field>,
    /// The word `throws`, and what is in its parentheses.
    pub(super) throws: Option<(Span, Vec<Field>)>,
    pub(super) annotations: Vec<Annotation>,
}

#[derive(Debug)]
pub(super) struct Type {
    pub(super) span: Span,
    pub(super) kind: TypeKind,
}

#[derive(Debug)]
pub(super) enum TypeKind {
    Base(Base),
    Named(String),
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<(Type, Type)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Bool,
    I8,
    I16,
    I32,
    I64,
    Double,
    String,
    Binary,
    Uuid,
}

#[derive(Debug)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) kind: ValueKind,
}

#[derive(Debug)]
pub(super) enum ValueKind {
    Bool(bool),
    Int(i64),
    Double(f64),
    Literal(String),
    Name(String),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
}
