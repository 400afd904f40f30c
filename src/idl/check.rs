//! What holds between definitions once types and values are known: exceptions, inheritance, what contains itself.

use std::collections::{HashMap, HashSet};

use super::ast;
use super::graph;
use super::load::Unit;
use super::model::{DefId, DefinitionKind, Model, StructKind, Type, Value};
use super::resolve::{Draft, Use};
use super::token::shortened;
use super::types::Types;
use crate::report::{At, Desk, FileId, Span};

/// Tells what is wrong with services, unions and values that need themselves.
pub(super) fn check(units: &[Unit], draft: &Draft, types: &mut Types, desk: &mut Desk) {
    let mut checker = Checker { units, draft, desk };
    checker.unions();
    checker.services(types);
    checker.endless_values();
}

struct Checker<'a> {
    units: &'a [Unit],
    draft: &'a Draft,
    desk: &'a mut Desk,
}

impl<'a> Checker<'a> {
    fn model(&self) -> &'a Model {
        &self.draft.model
    }

    fn written(&self, id: DefId) -> Option<&'a ast::Definition> {
        let unit = self.units.get(id.file.index())?;
        unit.program.definitions.get(id.index())
    }

    fn error(&mut self, file: FileId, span: Span, message: String, help: impl Into<String>) {
        self.desk.error(At { file, span }, message, help);
    }

    /// A union that is not set has one default at most.
    fn unions(&mut self) {
        for id in all(self.model()) {
            let Some(ast::Definition {
                kind: ast::DefinitionKind::Struct { form, fields },
                ..
            }) = self.written(id)
            else {
                continue;
            };
            let mut given = fields.iter().filter(|field| field.value.is_some());
            if *form == ast::Form::Union
                && let (Some(first), Some(second)) = (given.next(), given.next())
            {
                self.error(
                    id.file,
                    second.name.span,
                    "a second default in a union".to_owned(),
                    format!(
                        "a union is one of its fields, and `{}` has a default already",
                        shortened(&first.name.text)
                    ),
                );
            }
        }
    }

    fn services(&mut self, types: &mut Types) {
        let services: Vec<DefId> = all(self.model())
            .filter(|id| self.model().service(*id).is_some())
            .collect();
        for id in &services {
            self.exceptions(*id, types);
        }
        let nodes: HashMap<DefId, usize> = services
            .iter()
            .enumerate()
            .map(|(node, id)| (*id, node))
            .collect();
        let parent = |id: &DefId| self.model().service(*id).and_then(|service| service.parent);
        let edges: Vec<Vec<usize>> = services
            .iter()
            .map(|id| parent(id).and_then(|parent| nodes.get(&parent).copied()))
            .map(|node| node.into_iter().collect())
            .collect();
        // A parent comes before its children, so that theirs is one more than its own.
        let mut levels = vec![0_usize; services.len()];
        for component in graph::components(&edges) {
            if graph::is_cycle(&component, &edges) {
                self.refuse_circle(&graph::way_round(&component, &edges), &services);
                for node in component {
                    levels[node] = SERVICE_LEVELS_MAX + 1;
                }
                continue;
            }
            for node in component {
                let above = edges[node].first().map_or(0, |parent| levels[*parent]);
                levels[node] = above + 1;
                if levels[node] == SERVICE_LEVELS_MAX + 1 {
                    self.refuse_depth(services[node]);
                } else if levels[node] <= SERVICE_LEVELS_MAX {
                    self.inherited(services[node]);
                }
            }
        }
    }

    fn refuse_circle(&mut self, way: &[usize], services: &[DefId]) {
        let ids: Vec<DefId> = way
            .iter()
            .filter_map(|node| services.get(*node).copied())
            .collect();
        let Some(first) = ids.first() else { return };
        let names = ids.iter().chain([first]).take(NAMES_SHOWN_MAX);
        let names: Vec<String> = names
            .map(|id| shortened(&self.model().definition(*id).name))
            .collect();
        let span = self.extends(*first);
        self.error(
            first.file,
            span,
            format!("this service extends itself: {}", names.join(" -> ")),
            "leave out one `extends`",
        );
    }

    fn refuse_depth(&mut self, id: DefId) {
        let span = self.extends(id);
        self.error(
            id.file,
            span,
            format!("services extend each other over more than {SERVICE_LEVELS_MAX} levels"),
            "extend one further up",
        );
    }

    fn extends(&self, id: DefId) -> Span {
        match self
            .written(id)
            .map(|written| (&written.kind, &written.name))
        {
            Some((
                ast::DefinitionKind::Service {
                    parent: Some(parent),
                    ..
                },
                _,
            )) => parent.span,
            Some((_, name)) => name.span,
            None => Span::default(),
        }
    }

    /// A function may not have the name of an inherited one.
    fn inherited(&mut self, id: DefId) {
        let (model, Some(written)) = (self.model(), self.written(id)) else {
            return;
        };
        let ast::DefinitionKind::Service { functions, .. } = &written.kind else {
            return;
        };
        let own: HashMap<&str, Span> = functions
            .iter()
            .map(|function| (function.name.text.as_str(), function.name.span))
            .collect();
        for (ancestor, service) in model.ancestors(id) {
            for function in &service.functions {
                if let Some(span) = own.get(function.name.as_str()) {
                    let message = format!("function `{}` is inherited", shortened(&function.name));
                    let from = shortened(&model.definition(ancestor).name);
                    self.error(
                        id.file,
                        *span,
                        message,
                        format!("service `{from}` has it; take another name"),
                    );
                }
            }
        }
    }

    fn exceptions(&mut self, id: DefId, types: &mut Types) {
        let (Some(service), Some(written)) = (self.model().service(id), self.written(id)) else {
            return;
        };
        let ast::DefinitionKind::Service { functions, .. } = &written.kind else {
            return;
        };
        for (index, (function, written)) in service.functions.iter().zip(functions).enumerate() {
            let thrown = written.throws.iter().flat_map(|(_, thrown)| thrown);
            for (at, (field, written)) in function.throws.iter().zip(thrown).enumerate() {
                let unknown = self.draft.unknown.contains(&Use::Throw(id, index, at));
                if unknown || types.number(&field.ty).is_none() {
                    continue;
                }
                let truth = self.model().true_type(&field.ty);
                let kind = match truth {
                    Type::Struct(thrown) => self.model().structure(*thrown).map(|found| found.kind),
                    _ => None,
                };
                if kind != Some(StructKind::Exception) {
                    let found = match kind {
                        Some(StructKind::Struct) => "a struct",
                        Some(StructKind::Union) => "a union",
                        _ => "no struct at all",
                    };
                    self.error(
                        id.file,
                        written.kind.span,
                        format!("`{}` is thrown and is no exception", shortened(&field.name)),
                        format!("it is {found}; what is thrown is defined by `exception`"),
                    );
                }
            }
        }
    }

    /// A constant that is made of itself, or a default that holds a struct with the same default.
    fn endless_values(&mut self) {
        let values = Values::new(self.model());
        for cycle in graph::cycles(&values.edges) {
            let way = graph::way_round(&cycle, &values.edges);
            let nodes: Vec<Node> = way
                .iter()
                .filter_map(|node| values.nodes.get(*node).copied())
                .collect();
            let Some(first) = nodes.first() else { continue };
            let names = nodes.iter().chain([first]).take(NAMES_SHOWN_MAX);
            let names: Vec<String> = names.map(|node| self.named(*node)).collect();
            let (id, span) = self.place(*first);
            self.error(
                id.file,
                span,
                format!("this value needs itself: {}", names.join(" -> ")),
                "give one of them a value that names none of the others",
            );
        }
    }

    fn named(&self, node: Node) -> String {
        match node {
            Node::Constant(id) => shortened(&self.model().definition(id).name),
            Node::Default(id, field) => {
                let fields = self
                    .model()
                    .structure(id)
                    .map(|found| found.fields.as_slice());
                let field = fields.unwrap_or_default().get(field);
                let field = field.map(|field| shortened(&field.name));
                let owner = shortened(&self.model().definition(id).name);
                format!("{owner}.{}", field.unwrap_or_default())
            }
        }
    }

    fn place(&self, node: Node) -> (DefId, Span) {
        let (Node::Constant(id) | Node::Default(id, _)) = node;
        let Some(written) = self.written(id) else {
            return (id, Span::default());
        };
        let span = match (&written.kind, node) {
            (ast::DefinitionKind::Struct { fields, .. }, Node::Default(_, field)) => {
                fields.get(field).map(|field| field.name.span)
            }
            _ => None,
        };
        (id, span.unwrap_or(written.name.span))
    }
}

/// Something that has a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Constant(DefId),
    /// Of a field of a struct, by its index.
    Default(DefId, usize),
}

/// Which values are needed to make which.
struct Values {
    nodes: Vec<Node>,
    edges: Vec<Vec<usize>>,
}

impl Values {
    fn new(model: &Model) -> Self {
        let mut nodes = Vec::new();
        let mut values = Vec::new();
        for id in all(model) {
            match &model.definition(id).kind {
                DefinitionKind::Const(constant) => {
                    nodes.push(Node::Constant(id));
                    values.push(&constant.value);
                }
                DefinitionKind::Struct(structure) => {
                    for (index, field) in structure.fields.iter().enumerate() {
                        if let Some(default) = &field.default {
                            nodes.push(Node::Default(id, index));
                            values.push(default);
                        }
                    }
                }
                _ => {}
            }
        }
        let numbers: HashMap<Node, usize> = nodes
            .iter()
            .enumerate()
            .map(|(at, node)| (*node, at))
            .collect();
        let edges = values
            .into_iter()
            .map(|value| {
                let mut needed = Vec::new();
                collect(model, value, &mut needed);
                let mut needed: Vec<usize> = needed
                    .iter()
                    .filter_map(|node| numbers.get(node).copied())
                    .collect();
                needed.sort_unstable();
                needed.dedup();
                needed
            })
            .collect();
        Self { nodes, edges }
    }
}

/// What a value needs: constants, and the defaults of the fields that it leaves out.
fn collect(model: &Model, value: &Value, needed: &mut Vec<Node>) {
    match value {
        Value::Const(id) => needed.push(Node::Constant(*id)),
        Value::List(values) | Value::Set(values) => {
            values
                .iter()
                .for_each(|value| collect(model, value, needed));
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                collect(model, key, needed);
                collect(model, value, needed);
            }
        }
        Value::Struct { definition, fields } => {
            fields
                .iter()
                .for_each(|(_, value)| collect(model, value, needed));
            let all = model
                .structure(*definition)
                .map(|found| found.fields.as_slice());
            let given: HashSet<usize> = fields.iter().map(|(index, _)| *index).collect();
            let all = all.unwrap_or_default().iter().enumerate();
            let left_out =
                all.filter(|(index, field)| field.default.is_some() && !given.contains(index));
            needed.extend(left_out.map(|(index, _)| Node::Default(*definition, index)));
        }
        _ => {}
    }
}

/// Every definition's id.
pub(super) fn all(model: &Model) -> impl Iterator<Item = DefId> + '_ {
    model.files.iter().enumerate().flat_map(|(file, content)| {
        let file = FileId(u32::try_from(file).unwrap_or(u32::MAX));
        (0..content.definitions.len()).map(move |index| DefId {
            file,
            index: u32::try_from(index).unwrap_or(u32::MAX),
        })
    })
}

/// How many services may extend each other in a row, the first counted.
const SERVICE_LEVELS_MAX: usize = 64;
/// Names shown of a circle.
const NAMES_SHOWN_MAX: usize = 10;
