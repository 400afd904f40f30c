//! The back half: a Rust file of each file of the interface.
//!
//! ```text
//!  Models ──► plan: keys, defaults, traits ──► roster: names ──► one text for each file ──► tidy
//!                                                │                 structs  unions  enums  consts
//!                                                ▼                 services  methods  clients
//!                                             Reports              each in a room: its imports, its paths
//! ```

mod book;
mod clients;
mod consts;
mod docs;
mod enums;
mod methods;
mod names;
mod options;
mod plan;
mod room;
mod roster;
mod services;
mod structs;
mod tidy;
mod unions;

use std::path::PathBuf;

pub use options::{Binaries, Containers, Style};
use plan::Plan;
use room::Room;
use services::Part;

use super::built_in::is_built_in;
use super::files::{Files, Memory};
use super::model::{DefinitionKind, Model, StructKind};
use crate::report::{Report, Reports};

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The file of the interface.
    pub source: PathBuf,
    /// The name of the generated file: that of the interface's, with `.rs`.
    pub file_name: String,
    /// The name of the module in which it is to be included, beside those it names.
    pub module: String,
    /// Rust.
    pub text: String,
}

/// Generates a Rust file of each file of the models, once if it is in several, and none of the library's own; returns them, and the
/// warnings.
///
/// ```
/// use std::path::Path;
/// use oneloop::idl::{self, Memory, Options, Style};
///
/// let mut files = Memory::from([("chat.thrift", "struct Line { 1: string text }")]);
/// let (model, _) = idl::load_from(&mut files, Path::new("chat.thrift"), &Options::default())?;
/// let (generated, warnings) = idl::generate(&[model], &Style::default())?;
/// assert!(warnings.is_empty());
/// assert_eq!(generated[0].file_name, "chat.rs");
/// assert!(generated[0].text.contains("pub struct Line {\n    pub text: String,\n}"));
/// # Ok::<(), idl::Reports>(())
/// ```
///
/// # Errors
/// Two files would be one module, or a derive that was asked for is none.
pub fn generate(models: &[Model], style: &Style) -> Result<(Vec<Generated>, Vec<Report>), Reports> {
    generate_from(&mut Memory::default(), models, style)
}

/// The same, where `files` says which paths are of one file.
pub(super) fn generate_from(
    files: &mut dyn Files,
    models: &[Model],
    style: &Style,
) -> Result<(Vec<Generated>, Vec<Report>), Reports> {
    let identities: Vec<Vec<PathBuf>> = models
        .iter()
        .map(|model| {
            let paths = model.files().iter();
            paths.map(|file| files.identity(file.path())).collect()
        })
        .collect();
    let (plan, warnings) = Plan::new(models, &identities, style).map_err(Reports::new)?;
    let mut generated = Vec::new();
    for unit in 0..plan.units.len() {
        let file = plan.file(unit);
        if is_built_in(file.path()) {
            continue;
        }
        let text = tidy::tidy(&text(&plan, unit)).map_err(|error| {
            let message = format!("what is generated of this file is no Rust: {error}");
            let help = "look at the derives that were asked for; if it is not they, this is a mistake of the compiler's";
            Reports::new(vec![Report::of_file(file.path(), message, help)])
        })?;
        let name = file
            .path()
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        generated.push(Generated {
            source: file.path().to_owned(),
            file_name: format!("{}.rs", file.stem),
            module: plan.units[unit].module.clone(),
            text: format!(
                "// Generated from {name} by oneloop-idl. Changes will be lost.\n\n{text}"
            ),
        });
    }
    Ok((generated, warnings))
}

/// The text of a file, not laid out.
fn text(plan: &Plan<'_>, unit: usize) -> String {
    let room = Room::new(plan, unit, false);
    let mut body = String::new();
    for (index, definition) in plan.file(unit).definitions.iter().enumerate() {
        let output = &mut body;
        match &definition.kind {
            DefinitionKind::Const(found) => {
                consts::constant(&room, output, index, definition, found)
            }
            DefinitionKind::Typedef(target) => {
                consts::typedef(&room, output, index, definition, target)
            }
            DefinitionKind::Enum(found) => {
                enums::enumeration(&room, output, index, definition, found)
            }
            DefinitionKind::Struct(found) if found.kind == StructKind::Union => {
                unions::union(&room, output, index, definition, found);
            }
            DefinitionKind::Struct(found) => {
                structs::structure(&room, output, index, definition, found);
            }
            DefinitionKind::Service(service) => {
                let Some(part) = Part::new(&room, index, definition, service) else {
                    continue;
                };
                services::service(&room, output, &part, plan.style.nulls);
                if plan.style.clients {
                    clients::clients(&room, output, &part);
                }
                methods::methods(&room, output, &part);
            }
        }
    }
    room.head() + &body
}
