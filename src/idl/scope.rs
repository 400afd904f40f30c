//! Which definition a name means, in the file where it stands.

use std::collections::HashMap;

use super::ast::{DefinitionKind, Text};
use super::load::Unit;
use super::model::DefId;
use super::token::shortened;
use crate::report::{At, Desk, FileId, nearest};

/// All names of all files.
pub(super) struct Scope<'a> {
    units: &'a [Unit],
    tables: Vec<Table<'a>>,
}

/// The names that one file declares. A type and a service may not share a name; a constant may have that of either.
#[derive(Default)]
struct Table<'a> {
    types: HashMap<&'a str, DefId>,
    services: HashMap<&'a str, DefId>,
    constants: HashMap<&'a str, DefId>,
}

impl<'a> Table<'a> {
    fn of(&self, wanted: Wanted) -> &HashMap<&'a str, DefId> {
        match wanted {
            Wanted::Type => &self.types,
            Wanted::Service => &self.services,
            Wanted::Constant => &self.constants,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Type,
    Service,
    Constant,
}

impl Wanted {
    fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Service => "service",
            Self::Constant => "constant",
        }
    }
}

/// Why a name means nothing.
#[derive(Debug)]
pub(super) enum Missing {
    /// It is of a file that could not be read: that was told.
    Told,
    /// What to say, and how to mend it.
    Unknown(String, String),
}

impl<'a> Scope<'a> {
    /// Collects the names; two of one kind in a file are told.
    pub(super) fn new(units: &'a [Unit], desk: &mut Desk) -> Self {
        let mut tables = Vec::new();
        for (file, unit) in units.iter().enumerate() {
            let file = FileId(u32::try_from(file).unwrap_or(u32::MAX));
            let mut table = Table::default();
            for (index, definition) in unit.program.definitions.iter().enumerate() {
                let id = DefId {
                    file,
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                };
                let name = definition.name.text.as_str();
                let wanted = match definition.kind {
                    DefinitionKind::Const { .. } => Wanted::Constant,
                    DefinitionKind::Service { .. } => Wanted::Service,
                    _ => Wanted::Type,
                };
                let earlier = match wanted {
                    Wanted::Constant => table.constants.get(name),
                    _ => table.types.get(name).or_else(|| table.services.get(name)),
                };
                if let Some(earlier) = earlier {
                    let first = unit.program.definitions.get(earlier.index());
                    refuse_second(file, &definition.name, first.map(|first| &first.name), desk);
                    continue;
                }
                match wanted {
                    Wanted::Type => table.types.insert(name, id),
                    Wanted::Service => table.services.insert(name, id),
                    Wanted::Constant => table.constants.insert(name, id),
                };
            }
            tables.push(table);
        }
        Self { units, tables }
    }

    /// What `name` means in the file `from`: one of its own, or `stem.name` of a file it includes.
    pub(super) fn find(&self, from: FileId, name: &str, wanted: Wanted) -> Result<DefId, Missing> {
        let own = self.tables.get(from.index());
        if let Some(id) = own.and_then(|table| table.of(wanted).get(name)) {
            return Ok(*id);
        }
        let mut found: Option<DefId> = None;
        let mut prefixed = None;
        let includes = self.units.get(from.index()).map(|unit| &unit.includes);
        for include in includes.into_iter().flatten() {
            let inner = name.strip_prefix(include.stem.as_str());
            let Some(inner) = inner.and_then(|inner| inner.strip_prefix('.')) else {
                continue;
            };
            let Some(file) = include.file else {
                return Err(Missing::Told);
            };
            prefixed = Some((file, include.stem.as_str(), inner));
            let table = self.tables.get(file.index());
            let Some(id) = table.and_then(|table| table.of(wanted).get(inner)) else {
                continue;
            };
            if found.is_some_and(|earlier| earlier != *id) {
                return Err(Missing::Unknown(
                    format!("`{}` is in two of the included files", shortened(name)),
                    "give one of the two files another name".to_owned(),
                ));
            }
            found = Some(*id);
        }
        found.ok_or_else(|| self.missing(from, name, wanted, prefixed))
    }

    /// What to say of a name that means nothing; `prefixed` is the file its prefix names, the prefix, and the rest.
    fn missing(
        &self,
        from: FileId,
        name: &str,
        wanted: Wanted,
        prefixed: Option<(FileId, &str, &str)>,
    ) -> Missing {
        let message = format!("unknown {} `{}`", wanted.word(), shortened(name));
        let is_service = |file: FileId, name: &str| {
            let table = self.tables.get(file.index());
            table.is_some_and(|table| match wanted {
                Wanted::Type => table.services.contains_key(name),
                Wanted::Service => table.types.contains_key(name),
                Wanted::Constant => false,
            })
        };
        let (file, prefix, inner) = prefixed.unwrap_or((from, "", name));
        if is_service(file, inner) {
            let help = match wanted {
                Wanted::Type => "it is a service, and services are no types",
                _ => "it is a type; a service extends a service",
            };
            return Missing::Unknown(message, help.to_owned());
        }
        let names = self.tables.get(file.index()).map(|table| table.of(wanted));
        let names = names.into_iter().flat_map(HashMap::keys).copied();
        let dot = if prefix.is_empty() { "" } else { "." };
        let help = if let Some(near) = nearest(inner, names) {
            format!("did you mean `{prefix}{dot}{near}`?")
        } else if let Some(stem) = self.elsewhere(name, wanted) {
            format!("there is one in another file: include it and write `{stem}.{name}`")
        } else if let Some((head, _)) = inner.split_once('.').filter(|_| wanted == Wanted::Type) {
            format!("is `{head}.thrift` included?")
        } else {
            match wanted {
                Wanted::Type if inner == "slist" => "slist is gone; write string".to_owned(),
                Wanted::Constant => {
                    "a member of an enum is written as Enum.MEMBER; that of another file, file.Enum.MEMBER"
                        .to_owned()
                }
                _ => format!(
                    "define it, or write `file.{}` if it is one of an included file",
                    shortened(name)
                ),
            }
        };
        Missing::Unknown(message, help)
    }

    /// The stem of another file in which there is such a name.
    fn elsewhere(&self, name: &str, wanted: Wanted) -> Option<&str> {
        let all = self.tables.iter().zip(self.units);
        let mut having = all.filter(|(table, _)| table.of(wanted).contains_key(name));
        having.next().map(|(_, unit)| unit.stem.as_str())
    }
}

fn refuse_second(file: FileId, name: &Text, first: Option<&Text>, desk: &mut Desk) {
    let first = first.and_then(|first| Some(desk.source(file)?.position(first.span.start).0));
    desk.error(
        At {
            file,
            span: name.span,
        },
        format!("`{}` is defined twice", shortened(&name.text)),
        format!(
            "the first is in line {}; take another name",
            first.unwrap_or_default()
        ),
    );
}
