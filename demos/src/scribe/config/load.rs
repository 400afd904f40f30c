//! From a file to [`Settings`], or to all that is wrong with it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use oneloop::report::{Desk, Report, Reports, Source, Span};

pub use crate::scribe::config::reader::Format;
use crate::scribe::config::settings::Settings;
use crate::scribe::config::tree::Block;
use crate::scribe::config::{from_conf, from_toml, stores};

/// A configuration that may be used, and what in it is probably not what was meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// What it says.
    pub settings: Settings,
    /// What was taken nevertheless.
    pub warnings: Vec<Report>,
}

/// Reads a file, whose name ends in `.toml` or `.conf`.
///
/// # Errors
/// All that is wrong with it.
pub fn load(path: &Path) -> Result<Loaded, Reports> {
    let refuse =
        |message: String, help: &str| Err(Reports::new(vec![Report::of_file(path, message, help)]));
    let extension = path.extension().unwrap_or_default();
    let format = match extension.to_str() {
        Some("toml") => Format::Toml,
        Some("conf") => Format::Conf,
        _ => {
            let help = "name it `.toml`, or `.conf` if it is in scribe's own format";
            return refuse("this is no name for a configuration".into(), help);
        }
    };
    let mut bytes = Vec::new();
    let most = u64::try_from(TEXT_BYTES_MAX).unwrap_or(u64::MAX);
    let read =
        File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
    if let Err(error) = read {
        return refuse(format!("it cannot be read: {error}"), "look at the path");
    }
    match String::from_utf8(bytes) {
        Ok(text) => parse(&text, path, format),
        // What was cut is too long, wherever it was cut.
        Err(error) if error.as_bytes().len() > TEXT_BYTES_MAX => {
            parse(&String::from_utf8_lossy(error.as_bytes()), path, format)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let mut desk = Desk::new(REPORTS_MAX);
            desk.add(Source::new(path, String::from_utf8_lossy(error.as_bytes())));
            let at = Span::new(valid, valid);
            desk.error(at, "this is no UTF-8", "save the file as UTF-8");
            Err(Reports::new(desk.into_reports()))
        }
    }
}

/// Reads a text; `name` is what errors call it.
///
/// ```
/// use std::path::Path;
/// use oneloop_demos::scribe::config::load::{Format, parse};
///
/// let text = "port=1463\n<store>\ncategory=default\ntype=file\nmax_sise=0x100000\n</store>\n";
/// let loaded = parse(text, Path::new("scribe.conf"), Format::Conf)?;
/// assert_eq!(loaded.settings.listen_port, Some(1463));
/// assert_eq!(
///     loaded.warnings[0].to_string(),
///     "\
/// warning: store[0].max_sise: there is no such key here; it is passed over
///  --> scribe.conf:5:1
///   |
/// 5 | max_sise=0x100000
///   | ^^^^^^^^
/// help: did you mean `max_size`?"
/// );
/// # Ok::<(), oneloop::report::Reports>(())
/// ```
///
/// # Errors
/// All that is wrong with it.
pub fn parse(text: &str, name: &Path, format: Format) -> Result<Loaded, Reports> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("a configuration has {TEXT_BYTES_MAX} bytes at most");
        let report = Report::of_file(name, message, "let some stores share categories");
        return Err(Reports::new(vec![report]));
    }
    let mut desk = Desk::new(REPORTS_MAX);
    desk.add(Source::new(name, text));
    let root: Option<Block> = match format {
        Format::Toml => from_toml::read(text, &mut desk),
        Format::Conf => from_conf::read(text, &mut desk),
    };
    let settings = root.map(|root| stores::read(&root, format, &mut desk));
    let has_errors = desk.has_errors();
    let reports = desk.into_reports();
    match settings {
        Some(settings) if !has_errors => Ok(Loaded {
            settings,
            warnings: reports,
        }),
        _ => Err(Reports::new(reports)),
    }
}

/// The most bytes of a configuration: 1 MiB.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// Errors told of one file, and warnings; the next says that there are more.
const REPORTS_MAX: usize = 50;
