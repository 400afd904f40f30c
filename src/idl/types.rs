//! Which types are one and the same behind their typedefs, and which typedefs lead round in a circle.

use std::collections::HashMap;

use super::graph;
use super::load::Unit;
use super::model::{DefId, DefinitionKind, Model, Type};
use super::resolve::{Draft, Use};
use super::token::shortened;
use crate::report::{At, Desk, FileId};

/// A number for each type, the same for types that are the same. Numbers are compared, not types: a chain of typedefs can name a type
/// that is too large to be walked through.
pub(super) struct Types {
    shapes: HashMap<Shape, u32>,
    /// `None` for a typedef that leads to an unknown type, or in a circle.
    typedefs: HashMap<DefId, Option<u32>>,
}

#[derive(PartialEq, Eq, Hash)]
enum Shape {
    Base(Type),
    Definition(DefId),
    List(u32),
    Set(u32),
    Map(u32, u32),
}

impl Types {
    /// Numbers the types of all typedefs; circles are told.
    pub(super) fn new(draft: &Draft, units: &[Unit], desk: &mut Desk) -> Self {
        let mut types = Self {
            shapes: HashMap::new(),
            typedefs: HashMap::new(),
        };
        let (ids, edges) = typedef_graph(&draft.model);
        for component in graph::components(&edges) {
            if graph::is_cycle(&component, &edges) {
                let way = graph::way_round(&component, &edges);
                refuse_circle(&way, &ids, units, desk);
                types.typedefs.extend(
                    component
                        .iter()
                        .filter_map(|node| Some((*ids.get(*node)?, None))),
                );
                continue;
            }
            // What it leads to has its number already.
            for id in component.iter().filter_map(|node| ids.get(*node)) {
                let number = match &draft.model.definition(*id).kind {
                    DefinitionKind::Typedef(target)
                        if !draft.unknown.contains(&Use::Definition(*id)) =>
                    {
                        types.number(target)
                    }
                    _ => None,
                };
                types.typedefs.insert(*id, number);
            }
        }
        types
    }

    /// The type's number, if it is known.
    pub(super) fn number(&mut self, kind: &Type) -> Option<u32> {
        let shape = match kind {
            Type::Typedef(id) => return self.typedefs.get(id).copied().flatten(),
            Type::Enum(id) | Type::Struct(id) => Shape::Definition(*id),
            Type::List(element) => Shape::List(self.number(element)?),
            Type::Set(element) => Shape::Set(self.number(element)?),
            Type::Map(key, value) => Shape::Map(self.number(key)?, self.number(value)?),
            base => Shape::Base(base.clone()),
        };
        let fresh = u32::try_from(self.shapes.len()).ok()?;
        Some(*self.shapes.entry(shape).or_insert(fresh))
    }
}

/// All typedefs, and for each those that its type names, in containers too.
fn typedef_graph(model: &Model) -> (Vec<DefId>, Vec<Vec<usize>>) {
    let mut ids = Vec::new();
    for (file, content) in model.files.iter().enumerate() {
        for (index, definition) in content.definitions.iter().enumerate() {
            if matches!(definition.kind, DefinitionKind::Typedef(_)) {
                ids.push(DefId {
                    file: FileId(u32::try_from(file).unwrap_or(u32::MAX)),
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                });
            }
        }
    }
    let nodes: HashMap<DefId, usize> = ids
        .iter()
        .enumerate()
        .map(|(node, id)| (*id, node))
        .collect();
    let mut edges = Vec::new();
    for id in &ids {
        let mut named = Vec::new();
        if let DefinitionKind::Typedef(target) = &model.definition(*id).kind {
            typedefs_in(target, &mut named);
        }
        edges.push(
            named
                .iter()
                .filter_map(|id| nodes.get(id).copied())
                .collect(),
        );
    }
    (ids, edges)
}

fn typedefs_in(kind: &Type, found: &mut Vec<DefId>) {
    match kind {
        Type::Typedef(id) => found.push(*id),
        Type::List(element) | Type::Set(element) => typedefs_in(element, found),
        Type::Map(key, value) => {
            typedefs_in(key, found);
            typedefs_in(value, found);
        }
        _ => {}
    }
}

fn refuse_circle(way: &[usize], ids: &[DefId], units: &[Unit], desk: &mut Desk) {
    let written = |node: &usize| {
        let id = ids.get(*node)?;
        let unit = units.get(id.file().index())?;
        Some((id.file(), &unit.program.definitions.get(id.index())?.name))
    };
    let Some((file, name)) = way.first().and_then(written) else {
        return;
    };
    let names: Vec<String> = way
        .iter()
        .chain(way.first())
        .take(10)
        .filter_map(written)
        .map(|(_, name)| shortened(&name.text))
        .collect();
    desk.error(
        At {
            file,
            span: name.span,
        },
        format!("this typedef names itself: {}", names.join(" -> ")),
        "a type that contains itself has to be a struct",
    );
}
