//! Which structs contain themselves, and by which fields: those have to be behind a pointer.

use std::collections::HashMap;

use super::check::all;
use super::graph;
use super::model::{DefId, DefinitionKind, Model, Struct, Type};

/// Marks [`Struct::recursive`] and [`Field::boxed`](super::model::Field::boxed). Containers keep what is in them on the heap and
/// do not count.
pub(super) fn mark(model: &mut Model) {
    let ids: Vec<DefId> = all(model)
        .filter(|id| model.structure(*id).is_some())
        .collect();
    let nodes: HashMap<DefId, usize> = ids
        .iter()
        .enumerate()
        .map(|(node, id)| (*id, node))
        .collect();
    // For each field what it holds by value.
    let held: Vec<Vec<Option<usize>>> = ids
        .iter()
        .map(|id| {
            let fields = model.structure(*id).map(|found| found.fields.as_slice());
            let fields = fields.unwrap_or_default().iter();
            fields
                .map(|field| match model.true_type(&field.ty) {
                    Type::Struct(held) => nodes.get(held).copied(),
                    _ => None,
                })
                .collect()
        })
        .collect();
    let edges: Vec<Vec<usize>> = held
        .iter()
        .map(|held| held.iter().flatten().copied().collect())
        .collect();
    for cycle in graph::cycles(&edges) {
        for node in &cycle {
            let (Some(id), Some(held)) = (ids.get(*node), held.get(*node)) else {
                continue;
            };
            let Some(structure) = structure_mut(model, *id) else {
                continue;
            };
            structure.recursive = true;
            for (field, held) in structure.fields.iter_mut().zip(held) {
                field.boxed = held.is_some_and(|held| cycle.binary_search(&held).is_ok());
            }
        }
    }
}

fn structure_mut(model: &mut Model, id: DefId) -> Option<&mut Struct> {
    let file = model.files.get_mut(id.file.index())?;
    match &mut file.definitions.get_mut(id.index())?.kind {
        DefinitionKind::Struct(structure) => Some(structure),
        _ => None,
    }
}
