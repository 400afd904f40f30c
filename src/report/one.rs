//! What is told of a file: errors and warnings, each with its place, the line, a caret, the key, and the mend.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use super::source::{Source, Span};
use crate::error::Error;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The text is of no use as it is.
    Error,
    /// It is taken, and probably not what was meant.
    Warning,
}

/// One error or warning.
///
/// Its text is laid out as the Rust compiler's:
///
/// ```text
/// error: servers.net.netport: 70000 is no port
///  --> cluster.toml:7:11
///   |
/// 7 | netport = 70000
///   |           ^^^^^
/// help: a port is a whole number from 1 to 65535
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    severity: Severity,
    file: PathBuf,
    place: Option<Place>,
    key: String,
    message: String,
    help: String,
}

/// Where in the file, and what to show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    line: u32,
    column: u32,
    /// The line, or a part of a long one, fit for a terminal.
    shown: String,
    /// What stands below the line, up to the first caret.
    padding: String,
    carets: usize,
}

impl Report {
    /// Whether it is an error or a warning.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The file, by the name under which it was first given.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1. `None` if it is about the file as a whole: one that cannot be read, or is too long.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.line)
    }

    /// The column in that line, from 1, in characters.
    #[must_use]
    pub fn column(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.column)
    }

    /// The key and what it stands in: `servers.net.netport`. Empty if it is about the text itself.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it; empty where that is not known.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl Report {
    /// An error about a file as a whole: one that cannot be read.
    #[must_use]
    pub fn of_file(
        path: impl Into<PathBuf>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            file: path.into(),
            place: None,
            key: String::new(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// One about a piece of a text.
    pub(super) fn of_place(
        source: &Source,
        at: Span,
        severity: Severity,
        [key, message, help]: [String; 3],
    ) -> Self {
        Self {
            severity,
            file: source.path().to_owned(),
            place: Some(Place::of(source, at)),
            key,
            message,
            help,
        }
    }

    /// A warning about a piece of a text.
    #[cfg(feature = "idl")]
    pub(crate) fn warning(source: &Source, at: Span, message: &str, help: &str) -> Self {
        let told = [String::new(), message.to_owned(), help.to_owned()];
        Self::of_place(source, at, Severity::Warning, told)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let colon = if self.key.is_empty() { "" } else { ": " };
        let key = printable(&self.key);
        let message = printable(&self.message);
        writeln!(f, "{severity}: {key}{colon}{message}")?;
        let file = self.file.display();
        if let Some(place) = &self.place {
            let number = place.line.to_string();
            let margin = " ".repeat(number.len());
            writeln!(f, "{margin}--> {file}:{}:{}", place.line, place.column)?;
            writeln!(f, "{margin} |")?;
            let gap = if place.shown.is_empty() { "" } else { " " };
            writeln!(f, "{number} |{gap}{}", place.shown)?;
            let carets = "^".repeat(place.carets);
            write!(f, "{margin} | {}{carets}", place.padding)?;
        } else {
            write!(f, " --> {file}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\nhelp: {}", printable(&self.help))?;
        }
        Ok(())
    }
}

/// Why a text is of no use: at least one error, and the warnings that came with it. Shown one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reports(Vec<Report>);

impl Reports {
    /// These, in this order.
    #[must_use]
    pub const fn new(reports: Vec<Report>) -> Self {
        Self(reports)
    }

    /// All of them, file by file, from the top of each.
    pub fn iter(&self) -> std::slice::Iter<'_, Report> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Reports {
    type Item = &'a Report;
    type IntoIter = std::slice::Iter<'a, Report>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, report) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{report}")?;
        }
        Ok(())
    }
}

impl StdError for Reports {}

impl From<Reports> for Error {
    fn from(reports: Reports) -> Self {
        Self::failed(reports)
    }
}

impl Place {
    fn of(source: &Source, at: Span) -> Self {
        let (line, column) = source.position(at.start);
        let (text, is_cut) = source.shown_line(at.start);
        let length = text.chars().count();
        // What is not shown has no carets below it either.
        let before = (column as usize - 1).min(length);
        // Of a long line only what is around the place.
        let skipped = before.saturating_sub(SHOWN_CHARS_MAX / 2);
        let start = if skipped > 0 { "..." } else { "" };
        let end = match (length > skipped + SHOWN_CHARS_MAX, is_cut) {
            (true, _) => "...",
            (false, true) => " ***",
            (false, false) => "",
        };
        let window: String = text.chars().skip(skipped).take(SHOWN_CHARS_MAX).collect();
        // Tabs stay, so that the caret is below its place however wide they are.
        let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
        let padding = start
            .chars()
            .chain(window.chars().take(before - skipped))
            .map(blank)
            .collect();
        let room = window.chars().count() - (before - skipped);
        Self {
            line,
            column,
            shown: format!("{start}{}{end}", printable(&window)),
            padding,
            carets: source.width(at).min(room).max(1),
        }
    }
}

/// What a file holds must not steer the terminal on which it is shown, nor fill it.
fn printable(text: &str) -> String {
    let fit = |c: char| {
        if c.is_control() && c != '\t' {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    let mut shown: String = text.chars().take(TEXT_CHARS_MAX).map(fit).collect();
    if shown.len() < text.len() && text.chars().nth(TEXT_CHARS_MAX).is_some() {
        shown.push_str("...");
    }
    shown
}

/// Characters shown of a line.
const SHOWN_CHARS_MAX: usize = 160;
/// Characters shown of a message.
const TEXT_CHARS_MAX: usize = 1000;
