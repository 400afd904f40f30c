//! The event log.

use std::fmt;

use log::{Level, LevelFilter};

use crate::time::Time;

/// The most that is kept, in bytes; then the older half goes.
const TEXT_BYTES_MAX: usize = 64 << 20;

/// What happened in a world, a line for each event: at info nodes and faults, at debug links, at trace turns and bytes. The same seed
/// gives the same lines.
///
/// ```text
///     0.000150s DEBUG ann/1: ann:49152 is connected to server:7000
///     0.000203s TRACE ann/1: 21 bytes arrive at server, sum 5a1d7e02c4b1f3aa
/// ```
pub(super) struct Journal {
    pub(super) level: LevelFilter,
    /// Shown on standard error as well.
    pub(super) echo: bool,
    text: String,
}

impl Journal {
    pub(super) const fn new(level: LevelFilter, echo: bool) -> Self {
        Self {
            level,
            echo,
            text: String::new(),
        }
    }

    #[inline]
    pub(super) fn wants(&self, level: Level) -> bool {
        level <= self.level
    }

    pub(super) fn note(&mut self, level: Level, now: Time, event: fmt::Arguments<'_>) {
        if !self.wants(level) {
            return;
        }
        let line = format!("{:>14} {level:5} {event}\n", now.to_string());
        if self.echo {
            eprint!("{line}");
        }
        if self.text.len() + line.len() > TEXT_BYTES_MAX {
            let half = self.text.floor_char_boundary(self.text.len() / 2);
            let cut = self.text[half..].find('\n').map_or(0, |at| half + at + 1);
            self.text.drain(..cut);
        }
        self.text.push_str(&line);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The last lines.
    pub(super) fn tail(&self, lines: usize) -> &str {
        let mut starts = self.text.rmatch_indices('\n').skip(1);
        let start = starts
            .nth(lines.saturating_sub(1))
            .map_or(0, |(at, _)| at + 1);
        &self.text[start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_last_lines_and_no_more_than_there_are() {
        let mut journal = Journal::new(LevelFilter::Debug, false);
        for number in 0..3 {
            journal.note(Level::Debug, Time::START, format_args!("{number}"));
            journal.note(Level::Trace, Time::START, format_args!("too fine"));
        }
        assert_eq!(journal.text().lines().count(), 3);
        assert!(journal.tail(1).ends_with("2\n") && journal.tail(1).lines().count() == 1);
        assert_eq!(journal.tail(2).lines().count(), 2);
        assert_eq!(journal.tail(9), journal.text());
    }

    #[test]
    fn the_older_half_goes_when_there_is_too_much() {
        let mut journal = Journal::new(LevelFilter::Info, false);
        let long = "xé".repeat((1 << 20) / 3);
        for number in 0..70 {
            journal.note(Level::Info, Time::START, format_args!("{number} {long}"));
        }
        assert!(journal.text().len() <= TEXT_BYTES_MAX);
        assert!(journal.tail(1).contains(" 69 x") && !journal.text().contains(" 0 x"));
    }
}
