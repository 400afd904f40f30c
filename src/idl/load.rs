//! A file and those it includes, read and parsed, each once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::ast::{Program, Text};
use super::built_in;
use super::files::Files;
use super::graph;
use super::options::Options;
use super::parser;
use crate::report::{At, Desk, FileId, Report, Source, Span};

/// A file that was read.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) program: Program,
    pub(super) stem: String,
    /// For each include of the program.
    pub(super) includes: Vec<Include>,
}

/// A file that is included.
#[derive(Debug)]
pub(super) struct Include {
    /// What prefixes its symbols.
    pub(super) stem: String,
    /// `None` if it could not be read; that was told.
    pub(super) file: Option<FileId>,
}

/// Reads `path` and whatever it includes; [`FileId`]s are indices of what is returned.
pub(super) fn load(
    path: &Path,
    files: &mut dyn Files,
    options: &Options,
    desk: &mut Desk,
) -> Vec<Unit> {
    let mut loader = Loader {
        files,
        options,
        desk,
        known: HashMap::new(),
        units: Vec::new(),
    };
    match loader.open(path) {
        Opened::File(_) => {}
        Opened::Missing => {
            let message = format!("there is no file {}", path.display());
            let help = "look at the path; it is relative to where the program runs";
            loader.desk.add_report(Report::of_file(path, message, help));
        }
        Opened::Refused(why) => {
            let message = format!("cannot read {}: {why}", path.display());
            let help = "every input has to be a file of text";
            loader.desk.add_report(Report::of_file(path, message, help));
        }
    }
    let mut next = 0;
    while let Some(unit) = loader.units.get(next) {
        let texts = unit.program.includes.clone();
        let from = FileId(u32::try_from(next).unwrap_or(u32::MAX));
        let includes = texts
            .iter()
            .map(|text| loader.include(from, text))
            .collect();
        if let Some(unit) = loader.units.get_mut(next) {
            unit.includes = includes;
        }
        next += 1;
    }
    let units = loader.units;
    refuse_cycles(&units, desk);
    units
}

struct Loader<'a> {
    files: &'a mut dyn Files,
    options: &'a Options,
    desk: &'a mut Desk,
    /// By the identity of their paths.
    known: HashMap<PathBuf, FileId>,
    units: Vec<Unit>,
}

enum Opened {
    File(FileId),
    Missing,
    Refused(String),
}

impl Loader<'_> {
    /// Reads and parses a file, unless it is known.
    fn open(&mut self, path: &Path) -> Opened {
        let identity = self.files.identity(path);
        if let Some(file) = self.known.get(&identity) {
            return Opened::File(*file);
        }
        // Offsets have 32 bits.
        let most = self.options.file_bytes_max.min(u32::MAX as usize - 1);
        let bytes = match self.files.read(path, most) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Opened::Missing,
            Err(error) => return Opened::Refused(error.to_string()),
        };
        if bytes.len() > most {
            return Opened::Refused(format!("it is longer than {most} bytes"));
        }
        self.take(path, identity, bytes)
    }

    /// Parses a file that has been read.
    fn take(&mut self, path: &Path, identity: PathBuf, bytes: Vec<u8>) -> Opened {
        if self.units.len() >= self.options.file_count_max.max(1) {
            let most = self.options.file_count_max.max(1);
            return Opened::Refused(format!("these are more than {most} files"));
        }
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(Span::new(at, at)))
            }
        };
        let file = self.desk.add(Source::new(path, text.as_str()));
        self.known.insert(identity, file);
        let program = match broken {
            None => parser::parse(file, &text, self.desk),
            Some(span) => {
                self.desk.error(
                    At { file, span },
                    "this is not UTF-8",
                    "save the file as UTF-8",
                );
                Program::default()
            }
        };
        let stem = path.file_stem().unwrap_or_default();
        self.units.push(Unit {
            program,
            stem: stem.to_string_lossy().into_owned(),
            includes: Vec::new(),
        });
        Opened::File(file)
    }

    /// Looks for an included file: beside the one that includes it, then in the include directories.
    fn include(&mut self, from: FileId, text: &Text) -> Include {
        let wanted = Path::new(&text.text);
        let stem = wanted.file_stem().unwrap_or_default();
        let stem = stem.to_string_lossy().into_owned();
        let at = At {
            file: from,
            span: text.span,
        };
        let beside = self
            .desk
            .source(from)
            .and_then(|source| source.path().parent());
        let mut places = vec![beside.unwrap_or_else(|| Path::new("")).join(wanted)];
        for directory in &self.options.include_dirs {
            places.push(directory.join(wanted));
        }
        for place in &places {
            match self.open(place) {
                Opened::File(file) => {
                    return Include {
                        stem,
                        file: Some(file),
                    };
                }
                Opened::Missing => {}
                Opened::Refused(why) => {
                    let message = format!("cannot read {}: {why}", place.display());
                    self.desk
                        .error(at, message, "an include names a file of text");
                    return Include { stem, file: None };
                }
            }
        }
        if let Some((path, text)) = built_in::text(wanted) {
            let identity = path.to_owned();
            let known = self.known.get(&identity).copied();
            let opened = match known {
                Some(file) => Opened::File(file),
                None => self.take(path, identity, text.into()),
            };
            match opened {
                Opened::File(file) => {
                    return Include {
                        stem,
                        file: Some(file),
                    };
                }
                Opened::Missing => {}
                Opened::Refused(why) => {
                    let message = format!("cannot take {}: {why}", path.display());
                    self.desk.error(at, message, "include fewer files");
                    return Include { stem, file: None };
                }
            }
        }
        let looked: Vec<String> = places
            .iter()
            .map(|place| format!("{:?}", place.to_string_lossy()))
            .collect();
        self.desk.error(
            at,
            format!("there is no file {:?} to include", text.text),
            format!("looked for {}", looked.join(", ")),
        );
        Include { stem, file: None }
    }
}

fn refuse_cycles(units: &[Unit], desk: &mut Desk) {
    let edges: Vec<Vec<usize>> = units
        .iter()
        .map(|unit| {
            let files = unit.includes.iter().filter_map(|include| include.file);
            files.map(FileId::index).collect()
        })
        .collect();
    for cycle in graph::cycles(&edges) {
        let way = graph::way_round(&cycle, &edges);
        let (Some(&first), second) = (way.first(), way.get(1)) else {
            continue;
        };
        let Some(unit) = units.get(first) else {
            continue;
        };
        let target = *second.unwrap_or(&first);
        let includes = unit.program.includes.iter().zip(&unit.includes);
        let to_target = |include: &Include| include.file.is_some_and(|file| file.index() == target);
        let found = includes.into_iter().find(|(_, include)| to_target(include));
        let Some((text, _)) = found else { continue };
        let stems = way.iter().chain([&first]).take(NAMES_SHOWN_MAX);
        let names: Vec<&str> = stems
            .filter_map(|index| units.get(*index))
            .map(|unit| unit.stem.as_str())
            .collect();
        let at = At {
            file: FileId(u32::try_from(first).unwrap_or(u32::MAX)),
            span: text.span,
        };
        desk.error(
            at,
            format!(
                "files include each other in a circle: {}",
                names.join(" -> ")
            ),
            "move what both need into a file of its own",
        );
    }
}

/// Names shown of a circle.
const NAMES_SHOWN_MAX: usize = 10;
