//! Headers and definitions.

use super::super::ast::{
    Definition, DefinitionKind, Form, Function, Member, Namespace, Program, Text,
};
use super::super::token::Kind;
use super::{Lost, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn program(&mut self) -> Program {
        let mut program = Program::default();
        // The first doc comment is the file's if a header follows it.
        if self.at_header() {
            program.doc = self.doc();
        }
        while *self.kind() != Kind::End && !self.desk.is_full() {
            let start = self.at;
            let read = if self.at_header() {
                self.header(&mut program)
            } else {
                self.definition(&mut program.definitions)
            };
            if read.is_err() {
                // The word at which it began must not be where it begins again.
                if self.at == start {
                    self.skip();
                }
                self.seek_definition();
            }
        }
        program
    }

    fn at_header(&self) -> bool {
        matches!(
            self.kind(),
            Kind::Word("include" | "cpp_include" | "namespace")
        )
    }

    fn header(&mut self, program: &mut Program) -> Parsed<()> {
        let start = self.span();
        if !program.definitions.is_empty() {
            self.error(
                start,
                "a header behind a definition",
                "include, cpp_include and namespace come before all definitions",
            );
        }
        if self.take_word("include").is_some() {
            let path = self.literal("the path of a file")?;
            program.includes.push(path);
        } else if self.take_word("cpp_include").is_some() {
            let path = self.literal("the path of a C++ header")?;
            program.cpp_includes.push(path);
        } else {
            self.skip();
            let namespace = self.namespace()?;
            program.namespaces.push(namespace);
        }
        if self.kind().is_symbol(';') || self.kind().is_symbol(',') {
            self.error(
                self.span(),
                format!("unexpected {}", self.kind()),
                "headers have no separator behind them",
            );
            self.skip();
        }
        Ok(())
    }

    fn namespace(&mut self) -> Parsed<Namespace> {
        let span = self.span();
        if self.take_symbol('*') {
            let name = self.dotted_name("the namespace's name")?;
            return Ok(Namespace {
                scope: Text {
                    text: "*".to_owned(),
                    span,
                },
                name,
                annotations: Vec::new(),
            });
        }
        let scope = self.dotted_name("the language of a namespace, or `*`")?;
        let language = scope.text.split('.').next().unwrap_or_default();
        if !SCOPES.contains(&language) {
            let message = format!("no generator of that name is known: `{language}`");
            self.warning(
                scope.span,
                message,
                "those known are java, cpp, py, rs, go and the like, and `*` for all",
            );
        }
        let name = self.dotted_name("the namespace's name")?;
        let annotations = self.annotations()?;
        Ok(Namespace {
            scope,
            name,
            annotations,
        })
    }

    /// Reads a definition. If only a part of it can be read, that part is kept: others name it.
    fn definition(&mut self, definitions: &mut Vec<Definition>) -> Parsed<()> {
        let doc = self.doc();
        let Kind::Word(word) = *self.kind() else {
            return self.no_definition();
        };
        let form = match word {
            "struct" => Form::Struct,
            "union" => Form::Union,
            "exception" => Form::Exception,
            "const" | "typedef" => {
                self.skip();
                return self.const_or_typedef(word == "const", doc, definitions);
            }
            "enum" | "service" => Form::Struct,
            _ => return self.no_definition(),
        };
        self.skip();
        let name = self.name(&format!("the name of the {word}"))?;
        let mut kind = match word {
            "enum" => DefinitionKind::Enum(Vec::new()),
            "service" => DefinitionKind::Service {
                parent: None,
                functions: Vec::new(),
            },
            _ => DefinitionKind::Struct {
                form,
                fields: Vec::new(),
            },
        };
        let read = self.body(&mut kind);
        let annotations = read.and_then(|()| {
            let annotations = self.annotations()?;
            self.no_separator(word);
            Ok(annotations)
        });
        let lost = annotations.is_err();
        definitions.push(Definition {
            doc,
            name,
            annotations: annotations.unwrap_or_default(),
            kind,
        });
        if lost { Err(Lost) } else { Ok(()) }
    }

    fn no_definition(&mut self) -> Parsed<()> {
        let help = match self.kind() {
            Kind::Name(word) if word == "senum" => "senum is gone; take an enum, or a string",
            Kind::Name(word) if OLD_NAMESPACES.contains(&word.as_str()) => {
                "that word is gone; write `namespace LANGUAGE NAME`"
            }
            Kind::Symbol('}') => "one brace too many, or a block above ended too early",
            _ => "there are const, typedef, enum, struct, union, exception and service",
        };
        self.expected("a definition", help)
    }

    fn no_separator(&mut self, word: &str) {
        if self.kind().is_symbol(';') || self.kind().is_symbol(',') {
            self.error(
                self.span(),
                format!("unexpected {}", self.kind()),
                format!("no separator comes behind the `}}` of a {word}"),
            );
            self.skip();
        }
    }

    fn const_or_typedef(
        &mut self,
        is_const: bool,
        doc: Option<String>,
        definitions: &mut Vec<Definition>,
    ) -> Parsed<()> {
        let what = if is_const { "const" } else { "typedef" };
        let kind = self.kind_of()?;
        let name = self.name(&format!("the name of the {what}"))?;
        let mut definition = Definition {
            doc,
            name,
            annotations: Vec::new(),
            kind: DefinitionKind::Typedef(None),
        };
        let read = if is_const {
            let value = self
                .expect('=', "a const has a value: `const i32 NAME = 1`")
                .and_then(|()| self.value());
            let read = value.as_ref().map(|_| ()).map_err(|_| Lost);
            definition.kind = DefinitionKind::Const {
                kind: Some(kind),
                value: value.ok(),
            };
            read
        } else {
            definition.kind = DefinitionKind::Typedef(Some(kind));
            let annotations = self.annotations();
            let read = annotations.as_ref().map(|_| ()).map_err(|_| Lost);
            definition.annotations = annotations.unwrap_or_default();
            read
        };
        definitions.push(definition);
        read?;
        self.take_separator();
        Ok(())
    }

    fn body(&mut self, kind: &mut DefinitionKind) -> Parsed<()> {
        match kind {
            DefinitionKind::Enum(members) => {
                self.expect('{', "an enum's members stand in braces")?;
                self.entries('}', Self::at_member, |parser| {
                    members.push(parser.member()?);
                    Ok(())
                })
            }
            DefinitionKind::Service { parent, functions } => {
                if self.take_word("extends").is_some() {
                    *parent = Some(self.dotted_name("the service that is extended")?);
                }
                self.expect('{', "a service's functions stand in braces")?;
                self.entries('}', Self::at_function, |parser| {
                    functions.push(parser.function()?);
                    Ok(())
                })
            }
            DefinitionKind::Struct { form, fields } => {
                if *form != Form::Exception {
                    self.take_word("xsd_all");
                }
                self.expect('{', "the fields stand in braces")?;
                self.fields('}', fields)
            }
            DefinitionKind::Const { .. } | DefinitionKind::Typedef(_) => Ok(()),
        }
    }

    /// Entries up to `close`, which is taken. A bad entry costs itself; `begins` tells where another begins.
    pub(super) fn entries(
        &mut self,
        close: char,
        begins: fn(&Self) -> bool,
        mut read: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        loop {
            if self.take_symbol(close) {
                return Ok(());
            }
            if *self.kind() == Kind::End || self.at_definition() {
                return self.expected(
                    &format!("`{close}`"),
                    format!("the list above is not closed by a `{close}`"),
                );
            }
            if self.desk.is_full() {
                return Err(Lost);
            }
            let start = self.at;
            if read(self).is_err() {
                if self.at == start {
                    self.skip_one(close);
                }
                self.seek_entry(close, begins)?;
            }
        }
    }

    /// Skips a token, so that reading goes on; but not the end of the list.
    fn skip_one(&mut self, close: char) {
        if !self.kind().is_symbol(close) && !self.at_definition() {
            self.skip();
        }
    }

    fn at_member(&self) -> bool {
        let first = self.token().is_some_and(|token| token.first);
        first && matches!(self.kind(), Kind::Name(_))
    }

    fn member(&mut self) -> Parsed<Member> {
        let doc = self.doc();
        let name = self.name("a member or `}`")?;
        let value = if self.take_symbol('=') {
            let span = self.span();
            let Kind::Int(value) = *self.kind() else {
                return self.expected("a number", "members of an enum have whole numbers");
            };
            self.skip();
            Some((value, span))
        } else {
            None
        };
        let annotations = self.annotations()?;
        self.take_separator();
        Ok(Member {
            doc,
            name,
            value,
            annotations,
        })
    }

    fn at_function(&self) -> bool {
        let first = self.token().is_some_and(|token| token.first);
        first && matches!(self.kind(), Kind::Name(_) | Kind::Word(_))
    }

    fn function(&mut self) -> Parsed<Function> {
        let doc = self.doc();
        let oneway = self.take_word("oneway").or_else(|| {
            let span = self.take_word("async")?;
            self.warning(span, "`async` is deprecated", "it is called `oneway` now");
            Some(span)
        });
        let result = if self.take_word("void").is_some() {
            None
        } else {
            Some(self.kind_of()?)
        };
        let name = self.name("the name of the function")?;
        self.expect('(', "a function's arguments stand in parentheses")?;
        let mut arguments = Vec::new();
        self.fields(')', &mut arguments)?;
        let throws = match self.take_word("throws") {
            None => None,
            Some(span) => {
                self.expect(
                    '(',
                    "exceptions stand in parentheses: `throws (1: Bad bad)`",
                )?;
                let mut exceptions = Vec::new();
                self.fields(')', &mut exceptions)?;
                Some((span, exceptions))
            }
        };
        let annotations = self.annotations()?;
        self.take_separator();
        Ok(Function {
            doc,
            oneway,
            result,
            name,
            arguments,
            throws,
            annotations,
        })
    }
}

/// The first words of the scopes that a generator is known for; of the official compiler's, or of an older one.
const SCOPES: [&str; 30] = [
    "c_glib", "cl", "cocoa", "cpp", "d", "dart", "delphi", "erl", "go", "gv", "haxe", "html",
    "java", "javame", "js", "json", "kotlin", "lua", "markdown", "netstd", "ocaml", "perl", "php",
    "py", "rb", "rs", "st", "swift", "xml", "xsd",
];

/// Words of headers that are gone.
const OLD_NAMESPACES: [&str; 11] = [
    "cpp_namespace",
    "csharp_namespace",
    "delphi_namespace",
    "java_package",
    "perl_package",
    "php_namespace",
    "py_module",
    "ruby_namespace",
    "smalltalk_category",
    "smalltalk_prefix",
    "xsd_namespace",
];
