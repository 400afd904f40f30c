//! What the files say, with every name looked up and every value typed: what code is generated from.

use std::path::{Path, PathBuf};

pub use crate::report::FileId;
use crate::report::{At, Report, Source};

/// A file and all it includes, checked.
///
/// Definitions are named by [`DefId`]; ids are those of the model they came from and of no other.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) files: Vec<File>,
}

/// Names a definition of a [`Model`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefId {
    pub(super) file: FileId,
    pub(super) index: u32,
}

impl DefId {
    /// The file it is in.
    pub fn file(self) -> FileId {
        self.file
    }

    /// Its index in [`File::definitions`].
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl Model {
    /// All files: the one asked for, then those it includes, in the order in which they were first named.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The file that was asked for.
    pub fn root(&self) -> &File {
        self.file(FileId(0))
    }

    /// The file of that id.
    ///
    /// # Panics
    /// If the id is another model's, and there is no such file in this one.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }

    /// The definition of that id.
    ///
    /// # Panics
    /// If the id is another model's, and there is no such definition in this one.
    pub fn definition(&self, id: DefId) -> &Definition {
        &self.file(id.file).definitions[id.index()]
    }

    /// The struct, union or exception of that id, if it is one.
    pub fn structure(&self, id: DefId) -> Option<&Struct> {
        match &self.definition(id).kind {
            DefinitionKind::Struct(found) => Some(found),
            _ => None,
        }
    }

    /// The enum of that id, if it is one.
    pub fn enumeration(&self, id: DefId) -> Option<&Enum> {
        match &self.definition(id).kind {
            DefinitionKind::Enum(found) => Some(found),
            _ => None,
        }
    }

    /// The service of that id, if it is one.
    pub fn service(&self, id: DefId) -> Option<&Service> {
        match &self.definition(id).kind {
            DefinitionKind::Service(found) => Some(found),
            _ => None,
        }
    }

    /// The constant of that id, if it is one.
    pub fn constant(&self, id: DefId) -> Option<&Const> {
        match &self.definition(id).kind {
            DefinitionKind::Const(found) => Some(found),
            _ => None,
        }
    }

    /// What the type is behind its typedefs: never [`Type::Typedef`]. Types inside a container keep theirs.
    pub fn true_type<'a>(&'a self, kind: &'a Type) -> &'a Type {
        let mut kind = kind;
        // There are no cycles among typedefs.
        while let Type::Typedef(id) = kind {
            let DefinitionKind::Typedef(target) = &self.definition(*id).kind else {
                break;
            };
            kind = target;
        }
        kind
    }

    /// The services that this one extends: its parent, the parent's parent, and so on. At most 64.
    pub fn ancestors(&self, id: DefId) -> impl Iterator<Item = (DefId, &Service)> {
        let parent = |id: DefId| self.service(id).and_then(|service| service.parent);
        std::iter::successors(parent(id), move |id| parent(*id))
            .filter_map(|id| Some((id, self.service(id)?)))
    }
}

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// The path under which it was found.
    pub path: PathBuf,
    /// The file's name without its extension: its symbols are prefixed by it in files that include it.
    pub stem: String,
    /// The file's own doc comment, cleaned.
    pub doc: Option<String>,
    /// The files it includes, as written.
    pub includes: Vec<FileId>,
    /// Its `cpp_include` lines, which mean something to C++ only.
    pub cpp_includes: Vec<String>,
    /// Its namespaces, as written.
    pub namespaces: Vec<Namespace>,
    /// What it defines, in its order.
    pub definitions: Vec<Definition>,
    /// Its text, to show lines of it.
    pub(super) source: Source,
}

impl File {
    /// An error at the word that begins in this line or below it.
    pub(super) fn warning(&self, line: u32, word: &str, message: &str, help: &str) -> Report {
        let at = At {
            file: FileId(0),
            span: self.source.find(line, word),
        };
        Report::warning(&self.source, at.span, message, help)
    }

    /// `path:line:column` of the word that begins in this line or below it.
    pub(super) fn place_of(&self, line: u32, word: &str) -> String {
        let (line, column) = self.source.position(self.source.find(line, word).start);
        format!("{}:{line}:{column}", self.path.display())
    }

    /// The path under which it was found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The namespace for a language: the last one written for it, else the last one for `*`.
    pub fn namespace(&self, scope: &str) -> Option<&str> {
        let of = |scope: &str| {
            let mut all = self.namespaces.iter().rev();
            all.find(|namespace| namespace.scope == scope)
        };
        let found = of(scope).or_else(|| of("*"))?;
        Some(&found.name)
    }
}

/// A namespace: the name of the generated module, in one language or (`*`) in all.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// `rs`, `java`, `*` and so on.
    pub scope: String,
    /// The name, with its dots.
    pub name: String,
    /// As written behind it.
    pub annotations: Vec<Annotation>,
}

/// `(key = "value")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// It may have dots.
    pub key: String,
    /// `1` if none was written.
    pub value: String,
}

/// Something with a name of its own.
#[derive(Clone, Debug)]
pub struct Definition {
    /// As written.
    pub name: String,
    /// The doc comment before it, without its stars.
    pub doc: Option<String>,
    /// As written behind it.
    pub annotations: Vec<Annotation>,
    /// The line in which its name stands, from 1.
    pub line: u32,
    /// What it is.
    pub kind: DefinitionKind,
}

/// What a [`Definition`] is.
#[derive(Clone, Debug)]
pub enum DefinitionKind {
    /// A constant.
    Const(Const),
    /// Another name for this type.
    Typedef(Type),
    /// An enum.
    Enum(Enum),
    /// A struct, union or exception.
    Struct(Struct),
    /// A service.
    Service(Service),
}

/// A type in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `i8` or `byte`
    I8,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `double`
    Double,
    /// `string`
    String,
    /// `binary`
    Binary,
    /// `uuid`
    Uuid,
    /// `list<...>`
    List(Box<Self>),
    /// `set<...>`
    Set(Box<Self>),
    /// `map<key, value>`
    Map(Box<Self>, Box<Self>),
    /// By the name of a typedef; see [`Model::true_type`].
    Typedef(DefId),
    /// An enum.
    Enum(DefId),
    /// A struct, union or exception.
    Struct(DefId),
}

/// A constant.
#[derive(Clone, Debug)]
pub struct Const {
    /// Its type, as written.
    pub ty: Type,
    /// Its value, which is of that type.
    pub value: Value,
}

/// A value whose type is known: where it stands says which. Its form fits [`Model::true_type`] of that type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a `bool`.
    Bool(bool),
    /// Of an `i8`, `i16`, `i32` or `i64`, and within its range.
    Int(i64),
    /// Of a `double`.
    Double(f64),
    /// Of a `string`.
    String(String),
    /// Of a `binary`: the literal's UTF-8.
    Binary(Vec<u8>),
    /// Of a `uuid`, in network order.
    Uuid([u8; 16]),
    /// A member of an enum.
    Enum {
        /// The enum.
        definition: DefId,
        /// The index in [`Enum::members`].
        member: usize,
    },
    /// What this constant is: its true type is the one wanted here.
    Const(DefId),
    /// Of a `list`.
    List(Vec<Self>),
    /// Of a `set`, as written: two may be equal.
    Set(Vec<Self>),
    /// Of a `map`, as written: two keys may be equal.
    Map(Vec<(Self, Self)>),
    /// A struct, union or exception. A union has exactly one field here.
    Struct {
        /// The struct.
        definition: DefId,
        /// The index of each field in [`Struct::fields`], with its value, in the order written; those left out have their defaults.
        fields: Vec<(usize, Self)>,
    },
}

/// An enum. A member may have another's value.
#[derive(Clone, Debug)]
pub struct Enum {
    /// In the order written.
    pub members: Vec<Member>,
}

/// A member of an enum.
#[derive(Clone, Debug)]
pub struct Member {
    /// As written.
    pub name: String,
    /// The doc comment before it, without its stars.
    pub doc: Option<String>,
    /// The number on the wire.
    pub value: i32,
    /// As written behind it.
    pub annotations: Vec<Annotation>,
}

/// What the fields of a struct mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StructKind {
    /// All of them.
    Struct,
    /// One of them; each is [`Requiredness::Optional`].
    Union,
    /// All of them, and a function may throw it.
    Exception,
}

/// A struct, union or exception.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Which of the three.
    pub kind: StructKind,
    /// In the order written. Their ids differ, and so do their names.
    pub fields: Vec<Field>,
    /// It contains itself by value, by way of structs alone: some of its fields are [`Field::boxed`].
    pub recursive: bool,
}

/// When a field is written and what it means if it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requiredness {
    /// Always written; an error if it is not there.
    Required,
    /// Written if it is set.
    Optional,
    /// Neither word: always written; keeps its default if it is not there.
    Default,
}

/// A field of a struct, an argument, or an exception that a function throws.
#[derive(Clone, Debug)]
pub struct Field {
    /// The number on the wire. Zero or below only if that was asked for, or if the file gave none.
    pub id: i16,
    /// As written; it may be a word of the IDL, or of Rust.
    pub name: String,
    /// The doc comment before it, without its stars.
    pub doc: Option<String>,
    /// Its type, as written.
    pub ty: Type,
    /// When it is written.
    pub requiredness: Requiredness,
    /// What it is until it is set, if the file says so.
    pub default: Option<Value>,
    /// By this field the struct would contain itself without end: it has to be behind a pointer.
    pub boxed: bool,
    /// Marked by `&`, which asks the C++ generator for a pointer.
    pub reference: bool,
    /// As written behind it.
    pub annotations: Vec<Annotation>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The service it extends.
    pub parent: Option<DefId>,
    /// Its own functions, in the order written. None has the name of an inherited one.
    pub functions: Vec<Function>,
}

/// A function of a service.
#[derive(Clone, Debug)]
pub struct Function {
    /// As written; the name on the wire.
    pub name: String,
    /// The doc comment before it, without its stars.
    pub doc: Option<String>,
    /// Nothing is answered: no result, and no exception.
    pub oneway: bool,
    /// `None` is void. A oneway function has none, whatever the file says.
    pub result: Option<Type>,
    /// None of them is [`Requiredness::Optional`].
    pub arguments: Vec<Field>,
    /// The exceptions it may throw; their types are [`StructKind::Exception`] behind typedefs. Their ids are above zero.
    pub throws: Vec<Field>,
    /// As written behind it.
    pub annotations: Vec<Annotation>,
}
