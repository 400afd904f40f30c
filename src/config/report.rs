//! What is told of a file: errors and warnings, each with its place, the line, a caret, the key, and the mend.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use super::source::Source;
use super::tree::Span;
use crate::error::Error;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Nothing can be started.
    Error,
    /// It is taken, and probably not what was meant.
    Warning,
}

/// One error or warning.
///
/// Its text is laid out as the Rust compiler's; a line is shown up to what looks like a secret:
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
    line: usize,
    column: usize,
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

    /// The file, by the name it was given.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1. `None` if the file could not be read, or is too long.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }

    /// The column in that line, from 1, in characters.
    pub fn column(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.column)
    }

    /// The key and what it stands in: `servers.net.netport`. Empty if it is about the text itself.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it.
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl Report {
    /// An error about a file as a whole.
    pub(super) fn of_file(path: &Path, message: impl Into<String>, help: &str) -> Self {
        Self {
            severity: Severity::Error,
            file: path.to_owned(),
            place: None,
            key: String::new(),
            message: message.into(),
            help: help.to_owned(),
        }
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
            writeln!(f, "{margin} | {}{carets}", place.padding)?;
        } else {
            writeln!(f, " --> {file}")?;
        }
        write!(f, "help: {}", printable(&self.help))
    }
}

/// Why nothing can be started: at least one error, and the warnings that came with it. Shown one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reports(Vec<Report>);

impl Reports {
    pub(super) fn new(reports: Vec<Report>) -> Self {
        Self(reports)
    }

    /// All of them, from the top of the file.
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

/// Where reports are handed in.
///
/// A second one at the same place is not told: it follows from the first. Beyond a number of errors the rest is not told either.
#[derive(Debug)]
pub(super) struct Desk {
    source: Source,
    /// With the offset, by which they are sorted in the end.
    reports: Vec<(usize, Report)>,
    told: HashSet<(Severity, usize)>,
    errors: usize,
    warnings: usize,
}

impl Desk {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            reports: Vec::new(),
            told: HashSet::new(),
            errors: 0,
            warnings: 0,
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    pub(super) fn error(
        &mut self,
        at: Span,
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let text = [key.into(), message.into(), help.into()];
        self.tell(Severity::Error, at, text);
    }

    pub(super) fn warning(
        &mut self,
        at: Span,
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let text = [key.into(), message.into(), help.into()];
        self.tell(Severity::Warning, at, text);
    }

    /// The text, and everything told of it, from the top.
    pub(super) fn close(mut self) -> (Source, Vec<Report>) {
        self.reports.sort_by_key(|(offset, _)| *offset);
        let reports = self.reports.into_iter();
        (self.source, reports.map(|(_, report)| report).collect())
    }

    #[cfg(test)]
    pub(super) fn into_reports(self) -> Vec<Report> {
        self.close().1
    }

    fn tell(&mut self, severity: Severity, at: Span, [key, message, help]: [String; 3]) {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *count > REPORTS_MAX || !self.told.insert((severity, at.start)) {
            return;
        }
        *count += 1;
        let rest = *count > REPORTS_MAX;
        let (rank, [key, message, help]) = if rest {
            let what = match severity {
                Severity::Error => "errors",
                Severity::Warning => "warnings",
            };
            let message = format!("there are more than {REPORTS_MAX} {what}");
            let help = "mend those above first; the rest is not told";
            (usize::MAX, [String::new(), message, help.to_owned()])
        } else {
            (at.start, [key, message, help])
        };
        let report = Report {
            severity,
            file: self.source.path().to_owned(),
            place: Some(Place::of(&self.source, at)),
            key,
            message,
            help,
        };
        self.reports.push((rank, report));
    }
}

impl Place {
    fn of(source: &Source, at: Span) -> Self {
        let (line, column) = source.position(at.start);
        let (text, is_cut) = source.shown_line(at.start);
        let length = text.chars().count();
        // What is not shown has no carets below it either.
        let before = (column - 1).min(length);
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

/// Errors told of one file, and warnings; the next says that there are more.
const REPORTS_MAX: usize = 50;
/// Characters shown of a line.
const SHOWN_CHARS_MAX: usize = 160;
/// Characters shown of a message.
const TEXT_CHARS_MAX: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, tell: impl FnOnce(&mut Desk)) -> Vec<Report> {
        let mut desk = Desk::new(Source::new("dir/a.toml".into(), text.into()));
        tell(&mut desk);
        desk.into_reports()
    }

    #[test]
    fn a_report_shows_the_line_a_caret_the_key_and_the_mend() {
        let told = told("one\n\ttwo three\r\n", |desk| {
            desk.error(Span::new(9, 14), "a.b", "no", "say yes");
        });
        assert_eq!(
            told[0].to_string(),
            "error: a.b: no\n --> dir/a.toml:2:6\n  |\n2 | \ttwo three\n  | \t    ^^^^^\nhelp: say yes"
        );
        assert_eq!((told[0].line(), told[0].column()), (Some(2), Some(6)));
    }

    #[test]
    fn a_long_line_is_cut_and_neither_controls_nor_secrets_are_shown() {
        let text = format!("{}\u{1b}[31m{}", "x".repeat(1000), "y".repeat(1000));
        let long = told(&text, |desk| {
            desk.error(Span::new(1000, 2000), "\u{1b}", "\n", "");
        });
        let shown = long[0].to_string();
        assert!(shown.lines().all(|line| line.chars().count() < 200));
        assert!(!shown.contains('\u{1b}'));
        let secret = told("a = 1, secret = 'hunter2', b = 2", |desk| {
            desk.error(Span::new(27, 28), "b", "no", "yes");
        });
        assert_eq!(
            secret[0].to_string(),
            "error: b: no\n --> dir/a.toml:1:28\n  |\n1 | a = 1, secret ***\n  |              ^\nhelp: yes"
        );
    }

    #[test]
    fn errors_are_told_up_to_the_limit_and_once_for_a_place() {
        let count = |errors: usize| {
            told(&"x".repeat(1000), |desk| {
                for at in (0..errors).rev() {
                    desk.error(Span::new(at, at + 1), "", "no", "");
                    desk.error(Span::new(at, at + 2), "", "follows", "");
                }
            })
        };
        assert_eq!(count(REPORTS_MAX - 1).len(), REPORTS_MAX - 1);
        assert_eq!(count(REPORTS_MAX).len(), REPORTS_MAX);
        for errors in [REPORTS_MAX + 1, REPORTS_MAX + 9] {
            let told = count(errors);
            assert_eq!(told.len(), REPORTS_MAX + 1);
            assert_eq!(told[0].message(), "no");
            assert_eq!(told[REPORTS_MAX].message(), "there are more than 50 errors");
        }
    }
}
