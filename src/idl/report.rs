//! What is told of a file: errors and warnings, each with its place, the line, a caret, and the mend.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use super::source::{At, FileId, Source, Span};
use crate::error::Error;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// It is taken, and probably not what was meant.
    Warning,
}

/// One error or warning.
///
/// Its text is laid out as the Rust compiler's:
///
/// ```text
/// error: field id 1 is used twice in struct `Pair`
///  --> pair.thrift:3:3
///   |
/// 3 |   1: i32 second
///   |   ^
/// help: the next free id is 2
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    severity: Severity,
    file: PathBuf,
    place: Option<Place>,
    message: String,
    help: Option<String>,
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
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The file, by the path under which it was first named.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1. `None` if it is about the file as a whole: one that cannot be read.
    pub fn line(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.line)
    }

    /// The column in that line, from 1, in characters.
    pub fn column(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.column)
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl Report {
    /// An error about a file as a whole.
    pub(super) fn of_file(path: &Path, message: impl Into<String>, help: &str) -> Self {
        Self {
            severity: Severity::Error,
            file: path.to_owned(),
            place: None,
            message: message.into(),
            help: Some(help.to_owned()),
        }
    }

    /// A warning at a place of a file.
    pub(super) fn warning_of_place(source: &Source, at: At, message: &str, help: &str) -> Self {
        Self {
            severity: Severity::Warning,
            place: Some(Place::of(source, at)),
            ..Self::of_file(source.path(), message, help)
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{severity}: {}", self.message)?;
        if let Some(place) = &self.place {
            let number = place.line.to_string();
            let margin = " ".repeat(number.len());
            writeln!(
                f,
                "{margin}--> {}:{}:{}",
                self.file.display(),
                place.line,
                place.column
            )?;
            writeln!(f, "{margin} |")?;
            writeln!(f, "{number} | {}", place.shown)?;
            let carets = "^".repeat(place.carets);
            write!(f, "{margin} | {}{carets}", place.padding)?;
        } else {
            write!(f, " --> {}", self.file.display())?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

/// Why there is no model: at least one error, and the warnings that came with it. Shown one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reports(Vec<Report>);

impl Reports {
    pub(super) fn new(reports: Vec<Report>) -> Self {
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

/// Takes down what is told, and keeps the files, so that lines can be shown.
///
/// A second error at the same place is not told: it follows from the first. Beyond a number of errors the rest is not told either.
#[derive(Debug)]
pub(super) struct Desk {
    sources: Vec<Source>,
    /// With the place's file and offset, by which they are sorted in the end.
    reports: Vec<(FileId, u32, Report)>,
    told: HashSet<(Severity, At)>,
    errors: usize,
    warnings: usize,
    most: usize,
}

impl Desk {
    /// `most` is how many errors are told, and how many warnings.
    pub(super) fn new(most: usize) -> Self {
        Self {
            sources: Vec::new(),
            reports: Vec::new(),
            told: HashSet::new(),
            errors: 0,
            warnings: 0,
            most: most.max(1),
        }
    }

    pub(super) fn add(&mut self, source: Source) -> FileId {
        let file = FileId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        file
    }

    /// The files' texts, by their ids. From then on nothing can be told of them.
    pub(super) fn take_sources(&mut self) -> Vec<Source> {
        std::mem::take(&mut self.sources)
    }

    pub(super) fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file.index())
    }

    /// Whether no more errors are told, so that looking for them is idle.
    pub(super) fn is_full(&self) -> bool {
        self.errors > self.most
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    pub(super) fn error(&mut self, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.tell(Severity::Error, at, message.into(), Some(help.into()));
    }

    pub(super) fn warning(&mut self, at: At, message: impl Into<String>, help: impl Into<String>) {
        self.tell(Severity::Warning, at, message.into(), Some(help.into()));
    }

    /// An error about a file of which no text is known.
    pub(super) fn file_error(&mut self, path: &Path, message: String, help: &str) {
        self.errors += 1;
        let report = Report {
            severity: Severity::Error,
            file: path.to_owned(),
            place: None,
            message,
            help: Some(help.to_owned()),
        };
        self.reports.push((FileId(0), 0, report));
    }

    /// Everything told, file by file, from the top of each.
    pub(super) fn into_reports(mut self) -> Vec<Report> {
        self.reports
            .sort_by_key(|(file, offset, _)| (*file, *offset));
        self.reports
            .into_iter()
            .map(|(_, _, report)| report)
            .collect()
    }

    fn tell(&mut self, severity: Severity, at: At, message: String, help: Option<String>) {
        let narrow = At {
            file: at.file,
            span: Span {
                end: at.span.start,
                ..at.span
            },
        };
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *count > self.most || !self.told.insert((severity, narrow)) {
            return;
        }
        *count += 1;
        let rest = *count > self.most;
        let Some(source) = self.sources.get(at.file.index()) else {
            return;
        };
        let (message, help) = match (rest, severity) {
            (false, _) => (message, help),
            (true, Severity::Error) => (
                format!("there are more than {} errors", self.most),
                Some("mend those above first; the rest is not told".to_owned()),
            ),
            (true, Severity::Warning) => (
                format!("there are more than {} warnings", self.most),
                Some("the rest is not told".to_owned()),
            ),
        };
        let report = Report {
            severity,
            file: source.path().to_owned(),
            place: Some(Place::of(source, at)),
            message,
            help,
        };
        let rank = if rest { u32::MAX } else { at.span.start };
        self.reports.push((at.file, rank, report));
    }
}

impl Place {
    fn of(source: &Source, at: At) -> Self {
        let (line, column) = source.position(at.span.start);
        let text = source.line(at.span.start);
        let before = (column - 1) as usize;
        // Of a long line only what is around the place.
        let skipped = before.saturating_sub(SHOWN_CHARS_MAX / 2);
        let (start, end) = (
            if skipped > 0 { "..." } else { "" },
            if text.chars().count() > skipped + SHOWN_CHARS_MAX {
                "..."
            } else {
                ""
            },
        );
        let window: String = text.chars().skip(skipped).take(SHOWN_CHARS_MAX).collect();
        let shown: String = window.chars().map(printable).collect();
        // Tabs stay, so that the caret is below its place however wide they are.
        let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
        let padding = start
            .chars()
            .chain(window.chars().take(before - skipped))
            .map(blank)
            .collect();
        let covered = source.piece(at.span).lines().next().unwrap_or_default();
        let room = window.chars().count().saturating_sub(before - skipped);
        Self {
            line,
            column,
            shown: format!("{start}{shown}{end}"),
            padding,
            carets: covered.chars().count().min(room).max(1),
        }
    }
}

/// What a file holds must not steer the terminal on which it is shown.
fn printable(c: char) -> char {
    if c.is_control() && c != '\t' {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// Characters shown of a line.
const SHOWN_CHARS_MAX: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(text: &str, most: usize) -> Desk {
        let mut desk = Desk::new(most);
        desk.add(Source::new("dir/a.thrift".into(), text.into()));
        desk
    }

    fn at(start: usize, end: usize) -> At {
        At {
            file: FileId(0),
            span: Span::new(start, end),
        }
    }

    #[test]
    fn a_report_shows_the_line_a_caret_and_the_mend() {
        let mut desk = desk("one\n\ttwo three\r\n", 10);
        desk.error(at(9, 14), "no", "say yes");
        let told = desk.into_reports();
        assert_eq!(
            told[0].to_string(),
            "error: no\n --> dir/a.thrift:2:6\n  |\n2 | \ttwo three\n  | \t    ^^^^^\nhelp: say yes"
        );
        assert_eq!((told[0].line(), told[0].column()), (Some(2), Some(6)));
    }

    #[test]
    fn a_long_line_is_cut_and_controls_are_not_shown() {
        let text = format!("{}\u{1b}[31m{}", "x".repeat(1000), "y".repeat(1000));
        let mut desk = desk(&text, 10);
        desk.error(at(1000, 2000), "no", "");
        let told = desk.into_reports()[0].to_string();
        assert!(told.lines().all(|line| line.chars().count() < 200));
        assert!(!told.contains('\u{1b}'));
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines[3].chars().position(|c| c == '\u{fffd}'),
            lines[4].chars().position(|c| c == '^')
        );
    }

    #[test]
    fn errors_are_told_up_to_the_limit_and_once_for_a_place() {
        let told = |count: usize| {
            let mut desk = desk("abcdefgh", 3);
            for offset in (0..count).rev() {
                desk.error(at(offset, offset + 1), format!("no {offset}"), "");
                desk.error(at(offset, offset + 2), "follows", "");
            }
            let full = desk.is_full();
            let messages: Vec<String> = desk
                .into_reports()
                .iter()
                .map(|report| report.message().to_owned())
                .collect();
            (messages, full)
        };
        assert_eq!(told(2).0, ["no 0", "no 1"]);
        assert_eq!(
            told(3),
            (vec!["no 0".into(), "no 1".into(), "no 2".into()], false)
        );
        assert_eq!(told(4).0.len(), 4);
        assert_eq!(told(4).0[3], "there are more than 3 errors");
        assert!(told(4).1);
        assert_eq!(told(8).0.len(), 4);
    }
}
