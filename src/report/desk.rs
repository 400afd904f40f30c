//! Where reports are handed in.

use std::collections::HashSet;

use super::one::{Report, Severity};
use super::source::{At, FileId, Source};

/// Takes down what is told, and keeps the files, so that lines can be shown.
///
/// A second error at the same place is not told: it follows from the first. Beyond a number of errors the rest is not told either, and
/// so with warnings.
#[derive(Debug)]
pub struct Desk {
    sources: Vec<Source>,
    /// With the place's file and offset, by which they are sorted in the end.
    reports: Vec<(FileId, usize, Report)>,
    told: HashSet<(Severity, FileId, usize)>,
    errors: usize,
    warnings: usize,
    most: usize,
}

impl Desk {
    /// `most` is how many errors are told, and how many warnings: at least one of each.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            sources: Vec::new(),
            reports: Vec::new(),
            told: HashSet::new(),
            errors: 0,
            warnings: 0,
            most: most.max(1),
        }
    }

    /// Adds a file; of what is not added nothing is told.
    pub fn add(&mut self, source: Source) -> FileId {
        let file = FileId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        file
    }

    /// A file that was added.
    #[must_use]
    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file.index())
    }

    /// The files, by their ids. From then on nothing can be told of them.
    #[must_use]
    pub fn take_sources(&mut self) -> Vec<Source> {
        std::mem::take(&mut self.sources)
    }

    /// From now on lines with this piece in them are shown up to it.
    pub fn veil(&mut self, at: impl Into<At>) {
        let at = at.into();
        if let Some(source) = self.sources.get_mut(at.file.index()) {
            source.veil(at.span);
        }
    }

    /// Whether no more errors are told, so that looking for them is idle.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.errors > self.most
    }

    /// Whether there was an error.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// An error at a place.
    pub fn error(
        &mut self,
        at: impl Into<At>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.error_of(at, "", message, help);
    }

    /// A warning about a place.
    pub fn warning(
        &mut self,
        at: impl Into<At>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.warning_of(at, "", message, help);
    }

    /// An error about a key, which stands there.
    pub fn error_of(
        &mut self,
        at: impl Into<At>,
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let text = [key.into(), message.into(), help.into()];
        self.tell(Severity::Error, at.into(), text);
    }

    /// A warning about a key, which stands there.
    pub fn warning_of(
        &mut self,
        at: impl Into<At>,
        key: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let text = [key.into(), message.into(), help.into()];
        self.tell(Severity::Warning, at.into(), text);
    }

    /// One about a file of which no text is known. It comes first.
    pub fn add_report(&mut self, report: Report) {
        match report.severity() {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        self.reports.push((FileId::default(), 0, report));
    }

    /// Everything told, file by file, from the top of each.
    #[must_use]
    pub fn into_reports(mut self) -> Vec<Report> {
        self.reports
            .sort_by_key(|(file, offset, _)| (*file, *offset));
        let reports = self.reports.into_iter();
        reports.map(|(_, _, report)| report).collect()
    }

    fn tell(&mut self, severity: Severity, at: At, told: [String; 3]) {
        let (count, what) = match severity {
            Severity::Error => (&mut self.errors, "errors"),
            Severity::Warning => (&mut self.warnings, "warnings"),
        };
        let Some(source) = self.sources.get(at.file.index()) else {
            return;
        };
        if *count > self.most || !self.told.insert((severity, at.file, at.span.start)) {
            return;
        }
        *count += 1;
        let (rank, told) = if *count > self.most {
            let message = format!("there are more than {} {what}", self.most);
            let help = "mend those above first; the rest is not told";
            (usize::MAX, [String::new(), message, help.to_owned()])
        } else {
            (at.span.start, told)
        };
        let report = Report::of_place(source, at.span, severity, told);
        self.reports.push((at.file, rank, report));
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Span;
    use super::*;

    fn told(text: &str, most: usize, tell: impl FnOnce(&mut Desk)) -> Vec<Report> {
        let mut desk = Desk::new(most);
        let veiled = text.find("hunter2").map(|at| Span::new(at, at + 7));
        desk.add(Source::veiled("dir/a.toml", text, Vec::from_iter(veiled)));
        tell(&mut desk);
        desk.into_reports()
    }

    #[test]
    fn a_report_shows_the_line_a_caret_the_key_and_the_mend() {
        let text = "one\n\ttwo three\r\n";
        let of_key = told(text, 10, |desk| {
            desk.error_of(Span::new(9, 14), "a.b", "no", "say yes");
        });
        let shown = " --> dir/a.toml:2:6\n  |\n2 | \ttwo three\n  | \t    ^^^^^";
        let report = &of_key[0];
        assert_eq!(
            report.to_string(),
            format!("error: a.b: no\n{shown}\nhelp: say yes")
        );
        assert_eq!((report.line(), report.column()), (Some(2), Some(6)));
        let plain = told(text, 10, |desk| desk.warning(Span::new(9, 14), "no", ""));
        assert_eq!(plain[0].to_string(), format!("warning: no\n{shown}"));
    }

    #[test]
    fn a_long_line_is_cut_and_neither_controls_nor_what_is_veiled_are_shown() {
        let text = format!("{}\u{1b}[31m{}", "x".repeat(1000), "y".repeat(1000));
        let long = told(&text, 10, |desk| {
            desk.error_of(Span::new(1000, 2000), "\u{1b}", "\n", "");
        });
        let shown = long[0].to_string();
        assert!(shown.lines().all(|line| line.chars().count() < 200));
        assert!(!shown.contains('\u{1b}'));
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines[3].chars().position(|c| c == '\u{fffd}'),
            lines[4].chars().position(|c| c == '^')
        );
        let veiled = told("a = 1, secret = 'hunter2', b = 2", 10, |desk| {
            desk.error(Span::new(27, 28), "no", "yes");
        });
        assert_eq!(
            veiled[0].to_string(),
            "error: no\n --> dir/a.toml:1:28\n  |\n1 | a = 1, secret = ' ***\n  |                  ^\nhelp: yes"
        );
    }

    #[test]
    fn what_is_veiled_later_is_not_shown_from_then_on() {
        let reports = told("a = 1, b = 2, c = 3", 10, |desk| {
            desk.error(Span::new(0, 1), "no", "");
            desk.veil(Span::new(8, 12));
            desk.veil(Span::new(11, 12));
            desk.veil(Span::new(4, 5));
            desk.error(Span::new(14, 15), "no", "");
        });
        let shown: Vec<String> = reports.iter().map(ToString::to_string).collect();
        assert!(shown[0].contains("1 | a = 1, b = 2, c = 3\n"));
        assert!(shown[1].contains("1 | a =  ***\n"), "{}", shown[1]);
    }

    #[test]
    fn errors_are_told_up_to_the_limit_and_once_for_a_place() {
        let told = |count: usize| {
            let mut full = false;
            let reports = told("abcdefgh", 3, |desk| {
                for offset in (0..count).rev() {
                    desk.error(Span::new(offset, offset + 1), format!("no {offset}"), "");
                    desk.error(Span::new(offset, offset + 2), "follows", "");
                }
                full = desk.is_full();
            });
            let messages: Vec<String> = reports.iter().map(|it| it.message().to_owned()).collect();
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
