//! What has to be known of all files before the first is written: which of them are one, what everything is called, which structs are
//! keys, which have a default, and what can be derived for them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use super::names;
use super::options::{Containers, Style};
use super::roster::{self, Names};
use crate::idl::model::{
    DefId, Definition, DefinitionKind, Field, File, FileId, Model, Requiredness, StructKind, Type,
};
use crate::report::Report;

/// A definition of any of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) unit: usize,
    pub(super) index: usize,
}

/// A file, which may be in several models and is written once.
pub(super) struct Unit {
    /// The first model it is in, and its id there.
    pub(super) model: usize,
    pub(super) file: FileId,
    /// The name of the module in which the generated file is included.
    pub(super) module: String,
    pub(super) names: Names,
}

/// Which traits a type has besides `Clone`, `Debug` and `PartialEq`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) eq: bool,
    /// `PartialOrd`, and `Ord` too if it is `eq`.
    pub(super) ord: bool,
    pub(super) hash: bool,
}

impl Traits {
    pub(super) const ALL: Self = Self {
        eq: true,
        ord: true,
        hash: true,
    };
    const NONE: Self = Self {
        eq: false,
        ord: false,
        hash: false,
    };

    fn and(self, other: Self) -> Self {
        Self {
            eq: self.eq && other.eq,
            ord: self.ord && other.ord,
            hash: self.hash && other.hash,
        }
    }
}

pub(super) struct Plan<'a> {
    pub(super) models: &'a [Model],
    pub(super) style: &'a Style,
    pub(super) units: Vec<Unit>,
    /// For each model, the unit of each of its files.
    places: Vec<Vec<usize>>,
    /// Structs that are keys or elements of sets, or within one.
    keys: HashSet<Key>,
    /// Typedefs that are used in keys and mean something else there.
    pub(super) key_typedefs: BTreeSet<Key>,
    /// Typedefs that would mean something else in a key.
    differing: HashSet<Key>,
    defaults: HashSet<Key>,
    traits: HashMap<Key, Traits>,
}

impl<'a> Plan<'a> {
    /// The plan, and the warnings. `identities` has for each model what its files' paths have in common with other paths of the same files.
    pub(super) fn new(
        models: &'a [Model],
        identities: &[Vec<PathBuf>],
        style: &'a Style,
    ) -> Result<(Self, Vec<Report>), Vec<Report>> {
        let mut plan = Self {
            models,
            style,
            units: Vec::new(),
            places: Vec::new(),
            keys: HashSet::new(),
            key_typedefs: BTreeSet::new(),
            differing: HashSet::new(),
            defaults: HashSet::new(),
            traits: HashMap::new(),
        };
        plan.find_units(identities);
        plan.find_differing();
        plan.find_keys();
        plan.find_defaults();
        plan.find_traits();
        let errors = plan.check_modules();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut warnings = Vec::new();
        for unit in 0..plan.units.len() {
            let names = roster::names(&plan, unit, &mut warnings);
            if let Some(unit) = plan.units.get_mut(unit) {
                unit.names = names;
            }
        }
        Ok((plan, warnings))
    }

    pub(super) fn model(&self, unit: usize) -> &'a Model {
        &self.models[self.units[unit].model]
    }

    pub(super) fn file(&self, unit: usize) -> &'a File {
        self.model(unit).file(self.units[unit].file)
    }

    /// What a unit's model calls `id`.
    pub(super) fn key(&self, unit: usize, id: DefId) -> Key {
        Key {
            unit: self.unit(unit, id.file()),
            index: id.index(),
        }
    }

    /// Of a file of the unit's model.
    pub(super) fn unit(&self, unit: usize, file: FileId) -> usize {
        self.places[self.units[unit].model][file.index()]
    }

    pub(super) fn definition(&self, key: Key) -> &'a Definition {
        &self.file(key.unit).definitions[key.index]
    }

    pub(super) fn is_key(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }

    /// Whether `ty` is written differently in a key.
    pub(super) fn differs(&self, unit: usize, ty: &Type) -> bool {
        match ty {
            Type::Double => true,
            Type::List(element) => self.differs(unit, element),
            Type::Set(_) => self.style.sets == Containers::Hashed,
            Type::Map(_, value) => {
                self.style.maps == Containers::Hashed || self.differs(unit, value)
            }
            Type::Typedef(id) => self.differing.contains(&self.key(unit, *id)),
            _ => false,
        }
    }

    /// Whether there is a value of it that nobody has to give.
    pub(super) fn has_default(&self, unit: usize, ty: &Type) -> bool {
        match self.model(unit).true_type(ty) {
            Type::Struct(id) => self.defaults.contains(&self.key(unit, *id)),
            _ => true,
        }
    }

    pub(super) fn has_default_of(&self, key: Key) -> bool {
        self.defaults.contains(&key)
    }

    /// Whether a field of a struct is an `Option`: if it is optional, or if it has to begin with nothing because there is no default.
    pub(super) fn is_option(&self, unit: usize, field: &Field) -> bool {
        match field.requiredness {
            Requiredness::Optional => true,
            Requiredness::Required => false,
            Requiredness::Default => {
                field.default.is_none() && (field.boxed || !self.has_default(unit, &field.ty))
            }
        }
    }

    pub(super) fn traits_of(&self, key: Key) -> Traits {
        self.traits.get(&key).copied().unwrap_or(Traits::NONE)
    }

    pub(super) fn traits(&self, unit: usize, ty: &Type, in_key: bool) -> Traits {
        if in_key {
            return Traits::ALL;
        }
        let hashed = |traits: Traits| Traits {
            eq: traits.eq,
            ..Traits::NONE
        };
        match ty {
            Type::Double => Traits {
                ord: false,
                ..Traits::NONE
            },
            Type::List(element) => self.traits(unit, element, false),
            Type::Set(_) if self.style.sets == Containers::Hashed => hashed(Traits::ALL),
            Type::Map(_, value) => {
                let value = self.traits(unit, value, false);
                match self.style.maps {
                    Containers::Hashed => hashed(value),
                    Containers::Ordered => value,
                }
            }
            Type::Struct(id) | Type::Typedef(id) => self.traits_of(self.key(unit, *id)),
            _ => Traits::ALL,
        }
    }

    fn find_units(&mut self, identities: &[Vec<PathBuf>]) {
        let mut known: HashMap<&PathBuf, usize> = HashMap::new();
        for (model, (found, identities)) in self.models.iter().zip(identities).enumerate() {
            let mut places = Vec::new();
            for (index, (file, identity)) in found.files().iter().zip(identities).enumerate() {
                let unit = *known.entry(identity).or_insert(self.units.len());
                if unit == self.units.len() {
                    self.units.push(Unit {
                        model,
                        file: FileId(u32::try_from(index).unwrap_or(u32::MAX)),
                        module: names::snake(&file.stem),
                        names: Names::default(),
                    });
                }
                places.push(unit);
            }
            self.places.push(places);
        }
    }

    /// Two files that would be one module.
    fn check_modules(&self) -> Vec<Report> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut reports = Vec::new();
        for (index, unit) in self.units.iter().enumerate() {
            if let Some(other) = seen.insert(&unit.module, index) {
                let (file, other) = (self.file(index), self.file(other));
                let message = format!(
                    "this file and {} would both be the module `{}`",
                    other.path().display(),
                    unit.module
                );
                let help = "give one of them another name, or generate them into two folders";
                reports.push(Report::of_file(file.path(), message, help));
            }
        }
        reports
    }

    fn all(&self) -> Vec<Key> {
        let units = 0..self.units.len();
        units
            .flat_map(|unit| {
                (0..self.file(unit).definitions.len()).map(move |index| Key { unit, index })
            })
            .collect()
    }

    fn find_differing(&mut self) {
        let all = self.all();
        let mut more = true;
        while more {
            more = false;
            for key in &all {
                if let DefinitionKind::Typedef(target) = &self.definition(*key).kind
                    && self.differs(key.unit, target)
                {
                    more |= self.differing.insert(*key);
                }
            }
        }
    }

    fn find_keys(&mut self) {
        // Types to be looked at, and whether they are in a key.
        let mut rest: Vec<(usize, &Type, bool)> = Vec::new();
        for key in self.all() {
            let unit = key.unit;
            match &self.definition(key).kind {
                DefinitionKind::Const(constant) => rest.push((unit, &constant.ty, false)),
                DefinitionKind::Typedef(target) => rest.push((unit, target, false)),
                DefinitionKind::Enum(_) => {}
                DefinitionKind::Struct(found) => {
                    rest.extend(found.fields.iter().map(|field| (unit, &field.ty, false)));
                }
                DefinitionKind::Service(service) => {
                    for function in &service.functions {
                        let fields = function.arguments.iter().chain(&function.throws);
                        rest.extend(fields.map(|field| (unit, &field.ty, false)));
                        rest.extend(function.result.iter().map(|ty| (unit, ty, false)));
                    }
                }
            }
        }
        let mut seen: HashSet<Key> = HashSet::new();
        while let Some((unit, ty, in_key)) = rest.pop() {
            match ty {
                Type::List(element) => rest.push((unit, element, in_key)),
                Type::Set(element) => rest.push((unit, element, true)),
                Type::Map(key, value) => {
                    rest.push((unit, key, true));
                    rest.push((unit, value, in_key));
                }
                Type::Typedef(id) if in_key => {
                    let key = self.key(unit, *id);
                    if seen.insert(key) {
                        if self.differing.contains(&key) {
                            self.key_typedefs.insert(key);
                        }
                        if let DefinitionKind::Typedef(target) = &self.definition(key).kind {
                            rest.push((key.unit, target, true));
                        }
                    }
                }
                Type::Struct(id) if in_key => {
                    let key = self.key(unit, *id);
                    if self.keys.insert(key)
                        && let DefinitionKind::Struct(found) = &self.definition(key).kind
                    {
                        let fields = found.fields.iter();
                        rest.extend(fields.map(|field| (key.unit, &field.ty, true)));
                    }
                }
                _ => {}
            }
        }
    }

    fn find_defaults(&mut self) {
        let all = self.all();
        let mut more = true;
        while more {
            more = false;
            for key in &all {
                if let DefinitionKind::Struct(found) = &self.definition(*key).kind
                    && found.kind != StructKind::Union
                    && found.fields.iter().all(|field| {
                        field.requiredness != Requiredness::Required
                            || field.default.is_some()
                            || self.has_default(key.unit, &field.ty)
                    })
                {
                    more |= self.defaults.insert(*key);
                }
            }
        }
    }

    /// From all to what is left when a type has only what its parts have.
    fn find_traits(&mut self) {
        let all = self.all();
        self.traits = all.iter().map(|key| (*key, Traits::ALL)).collect();
        let mut more = true;
        while more {
            more = false;
            for key in &all {
                let of = |ty: &Type, in_key| self.traits(key.unit, ty, in_key);
                let traits = match &self.definition(*key).kind {
                    DefinitionKind::Struct(found) => {
                        let fields = found.fields.iter();
                        let in_key = self.is_key(*key);
                        fields.fold(Traits::ALL, |traits, field| {
                            traits.and(of(&field.ty, in_key))
                        })
                    }
                    DefinitionKind::Typedef(target) => of(target, false),
                    _ => Traits::ALL,
                };
                more |= self.traits.insert(*key, traits) != Some(traits);
            }
        }
    }
}
