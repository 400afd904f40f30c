//! What a build script says: which files, and how their types are to be written.

use std::path::{Path, PathBuf};

use super::emit::{self, Binaries, Containers, Generated, Style};
use super::files::{self, Disk, Files};
use super::model::Model;
use super::options::Options;
use crate::report::{Report, Reports};

/// Compiles files of the interface language to Rust, in a build script or elsewhere.
///
/// ```no_run
/// // In build.rs, with oneloop and its feature `idl` as a build dependency.
/// let compiled = oneloop::idl::Config::new()
///     .input("idl/calculator.thrift")
///     .include_dir("idl")
///     .compile();
/// if let Err(reports) = compiled {
///     panic!("\n{reports}");
/// }
/// ```
///
/// Each file, and each that it includes, becomes one Rust file, which is included in a module of its own. A file names those it includes
/// as modules beside its own, `super::shared`:
///
/// ```ignore
/// mod shared {
///     oneloop::include_idl!("shared");
/// }
/// mod calculator {
///     oneloop::include_idl!("calculator");
/// }
/// ```
///
/// The module's name is that of the file in Rust's case: `shared_types` of `SharedTypes.thrift`, `r#type` of `type.thrift`. What a
/// program does not use of an interface, the Rust compiler tells of; `#[allow(dead_code)]` before the `mod` keeps it still.
#[derive(Clone, Debug, Default)]
pub struct Config {
    inputs: Vec<PathBuf>,
    options: Options,
    style: Style,
    out_dir: Option<PathBuf>,
}

impl Config {
    /// Nothing to compile, yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more file to compile. What it includes is compiled too.
    #[must_use]
    pub fn input(mut self, path: impl AsRef<Path>) -> Self {
        self.inputs.push(path.as_ref().to_owned());
        self
    }

    /// One more folder in which included files are looked for, after that of the file that includes them.
    #[must_use]
    pub fn include_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.options.include_dirs.push(path.as_ref().to_owned());
        self
    }

    /// Where the generated files go; `OUT_DIR` of the environment unless given.
    #[must_use]
    pub fn out_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.out_dir = Some(path.as_ref().to_owned());
        self
    }

    /// How files are loaded. The folders given so far are replaced by those of the options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// All choices of how types are written.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// What a `map` is.
    #[must_use]
    pub const fn maps(mut self, maps: Containers) -> Self {
        self.style.maps = maps;
        self
    }

    /// What a `set` is.
    #[must_use]
    pub const fn sets(mut self, sets: Containers) -> Self {
        self.style.sets = sets;
        self
    }

    /// What a `binary` is.
    #[must_use]
    pub const fn binaries(mut self, binaries: Binaries) -> Self {
        self.style.binaries = binaries;
        self
    }

    /// Strings and binaries are slices of the frame they came in; see [`Style::shared`].
    #[must_use]
    pub const fn shared(mut self, shared: bool) -> Self {
        self.style.shared = shared;
        self
    }

    /// One more trait to derive for all structs, unions, exceptions and enums.
    #[must_use]
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.style.derives.push(path.into());
        self
    }

    /// Whether what calls a service is generated too.
    #[must_use]
    pub const fn clients(mut self, clients: bool) -> Self {
        self.style.clients = clients;
        self
    }

    /// Whether of each service `X` the trait `XNull` is generated too. Whoever would implement `X` for all types of some kind cannot with
    /// it: that is what it does itself.
    #[must_use]
    pub const fn nulls(mut self, nulls: bool) -> Self {
        self.style.nulls = nulls;
        self
    }

    /// Compiles in a build script: writes the Rust files, and tells Cargo of the warnings and of the files on which they depend.
    ///
    /// # Errors
    /// All that is wrong with the files; no folder to write to, or one that cannot be written to.
    pub fn compile(&self) -> Result<(), Reports> {
        let (generated, warnings) = self.generate()?;
        for line in instructions(&generated, &warnings) {
            println!("{line}");
        }
        self.write(&generated)
    }

    /// What would be written, and the warnings.
    ///
    /// # Errors
    /// All that is wrong with the files.
    pub fn generate(&self) -> Result<(Vec<Generated>, Vec<Report>), Reports> {
        self.generate_from(&mut Disk)
    }

    /// The same with files from somewhere else, such as [`Memory`](super::Memory).
    ///
    /// # Errors
    /// As [`generate`](Self::generate).
    pub fn generate_from(
        &self,
        files: &mut dyn Files,
    ) -> Result<(Vec<Generated>, Vec<Report>), Reports> {
        let mut models: Vec<Model> = Vec::new();
        let mut warnings: Vec<Report> = Vec::new();
        let mut errors: Vec<Report> = Vec::new();
        for input in &self.inputs {
            // Of a file that several include, things are told once.
            let keep = |told: &mut Vec<Report>, report: &Report| {
                if !told.contains(report) {
                    told.push(report.clone());
                }
            };
            match super::load_from(files, input, &self.options) {
                Ok((model, told)) => {
                    models.push(model);
                    told.iter().for_each(|report| keep(&mut warnings, report));
                }
                Err(reports) => reports.iter().for_each(|report| keep(&mut errors, report)),
            }
        }
        if !errors.is_empty() {
            return Err(Reports::new(errors));
        }
        let (generated, told) = emit::generate_from(files, &models, &self.style)?;
        warnings.extend(told);
        Ok((generated, warnings))
    }

    /// Writes what was generated to the folder. A file that is as it should be is left alone.
    ///
    /// # Errors
    /// No folder to write to, or one that cannot be written to.
    pub fn write(&self, generated: &[Generated]) -> Result<(), Reports> {
        let folder = self.folder()?;
        for file in generated {
            let path = folder.join(&file.file_name);
            files::put(&path, &file.text).map_err(|error| {
                let help = "look whether the folder is one and can be written to";
                let message = format!("the file cannot be written: {error}");
                Reports::new(vec![Report::of_file(&path, message, help)])
            })?;
        }
        Ok(())
    }

    /// Those that are not in the folder as they were generated.
    ///
    /// # Errors
    /// No folder to look into.
    pub fn stale<'a>(&self, generated: &'a [Generated]) -> Result<Vec<&'a Generated>, Reports> {
        let folder = self.folder()?;
        let stale = generated.iter();
        Ok(stale
            .filter(|file| !files::is_same(&folder.join(&file.file_name), &file.text))
            .collect())
    }

    fn folder(&self) -> Result<PathBuf, Reports> {
        self.folder_or(files::out_dir)
    }

    fn folder_or(&self, otherwise: impl FnOnce() -> Option<PathBuf>) -> Result<PathBuf, Reports> {
        self.out_dir.clone().or_else(otherwise).ok_or_else(|| {
            let message = "there is no folder to write to";
            let help = "call this from a build script, or give `out_dir`";
            Reports::new(vec![Report::of_file("OUT_DIR", message, help)])
        })
    }
}

/// What a build script says to Cargo: each warning, and each file on which the output depends.
fn instructions(generated: &[Generated], warnings: &[Report]) -> Vec<String> {
    let mut told = Vec::new();
    for warning in warnings {
        // Cargo shows one line of each.
        let lines = warning.to_string();
        told.extend(lines.lines().map(|line| format!("cargo:warning={line}")));
    }
    let sources = generated.iter().map(|file| file.source.display());
    told.extend(sources.map(|source| format!("cargo:rerun-if-changed={source}")));
    told
}

#[cfg(test)]
mod tests {
    use super::super::files::Memory;
    use super::*;

    fn files() -> Memory {
        Memory::from([
            (
                "idl/a.thrift",
                "include 'b.thrift'\ninclude 'far.thrift'\nstruct A { 1: map<i32, set<binary>> all }",
            ),
            ("idl/b.thrift", "include 'far.thrift'\nstruct B { i32 odd }"),
            ("lib/far.thrift", "struct F { 1: i32 a }"),
            ("idl/wrong.thrift", "struct W { 1: Nope a }"),
        ])
    }

    fn config() -> Config {
        Config::new().input("idl/a.thrift").include_dir("lib")
    }

    /// The text of `a.thrift`, compiled.
    fn text(config: &Config) -> String {
        match config.generate_from(&mut files()) {
            Ok((generated, _)) => generated
                .into_iter()
                .find(|file| file.file_name == "a.rs")
                .map(|file| file.text)
                .unwrap_or_default(),
            Err(reports) => panic!("{reports}"),
        }
    }

    #[test]
    fn cargo_is_told_of_each_input_and_each_include_once_and_of_each_line_of_a_warning() {
        let config = config().input("idl/b.thrift");
        let (generated, warnings) = config.generate_from(&mut files()).expect("it is good");
        let told = instructions(&generated, &warnings);
        let (warned, mut depends): (Vec<String>, Vec<String>) = told
            .into_iter()
            .partition(|line| line.starts_with("cargo:warning="));
        depends.sort();
        let sources = ["idl/a.thrift", "idl/b.thrift", "lib/far.thrift"];
        assert_eq!(
            depends,
            sources.map(|source| format!("cargo:rerun-if-changed={source}"))
        );
        assert_eq!(
            warned[..2],
            [
                "cargo:warning=warning: field `odd` has no id: it is -1 now",
                "cargo:warning= --> idl/b.thrift:2:16"
            ]
        );
        assert!(warned.iter().all(|line| !line.contains('\n')));
    }

    #[test]
    fn files_are_compiled_with_what_they_include_and_not_without_its_folder() {
        let (generated, _) = config().generate_from(&mut files()).expect("it is good");
        let mut names: Vec<_> = generated.iter().map(|file| &*file.file_name).collect();
        names.sort_unstable();
        assert_eq!(names, ["a.rs", "b.rs", "far.rs"]);
        let config = Config::new().input("idl/a.thrift");
        let reports = config.generate_from(&mut files()).expect_err("not found");
        assert!(reports.to_string().contains("--> idl/a.thrift:2:9"));
    }

    #[test]
    fn an_error_in_one_file_keeps_all_from_being_written() {
        let config = config().input("idl/wrong.thrift").input("none.thrift");
        let reports = config.generate_from(&mut files()).expect_err("wrong");
        let told = reports.to_string();
        assert!(told.contains("--> idl/wrong.thrift:1:15"), "{told}");
        assert!(told.contains("there is no file none.thrift"), "{told}");
    }

    #[test]
    fn the_folder_is_the_one_given_or_else_cargos_or_else_there_is_none() {
        let given = config().out_dir("given");
        let cargos = || Some(PathBuf::from("cargos"));
        let folder = |config: &Config, cargos: fn() -> Option<PathBuf>| {
            config
                .folder_or(cargos)
                .map_err(|reports| reports.to_string())
        };
        assert_eq!(folder(&given, cargos), Ok("given".into()));
        assert_eq!(folder(&config(), cargos), Ok("cargos".into()));
        let told = folder(&config(), || None).expect_err("there is none");
        assert!(
            told.starts_with("error: there is no folder to write to"),
            "{told}"
        );
        assert!(told.contains("OUT_DIR"), "{told}");
    }

    #[test]
    fn types_are_written_as_the_choices_say() {
        use Containers::{Hashed, Ordered};
        let plain = "BTreeMap<i32, BTreeSet<Vec<u8>>>";
        assert!(text(&config()).contains(plain));
        for (config, words) in [
            (
                config()
                    .maps(Ordered)
                    .sets(Ordered)
                    .binaries(Binaries::Owned),
                plain,
            ),
            (config().maps(Hashed), "HashMap<i32, BTreeSet<Vec<u8>>>"),
            (config().sets(Hashed), "BTreeMap<i32, HashSet<Vec<u8>>>"),
            (
                config().binaries(Binaries::Shared),
                "BTreeMap<i32, BTreeSet<Bytes>>",
            ),
            (
                config().derive("serde::Serialize").derive("x::Y"),
                "serde::Serialize, x::Y",
            ),
        ] {
            let text = text(&config);
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
