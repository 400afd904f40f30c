//! What is wrong, and since when.

use std::fmt;

use oneloop::Context;

use crate::scribe::collector::Collector;
use crate::scribe::files::naming::Second;

/// What is wrong, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In seconds since 1970.
    pub since: u64,
    /// For a person.
    pub text: String,
}

impl Trouble {
    /// From now on.
    #[must_use]
    pub fn now(text: impl fmt::Display, cx: &mut Context<'_, Collector>) -> Self {
        Self {
            since: cx.time_of_day().as_secs(),
            text: text.to_string(),
        }
    }

    /// Something is wrong, as it was before perhaps: then since that time.
    #[must_use]
    pub fn again(before: Option<Self>, text: String, cx: &mut Context<'_, Collector>) -> Self {
        match before {
            Some(Self { since, .. }) => Self { since, text },
            None => Self::now(text, cx),
        }
    }
}

/// `the disk is full (since 2026-01-31 12:00:00 UTC)`
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (since {})", self.text, Moment(self.since))
    }
}

/// A second since 1970, as a person writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub u64);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0 % 86_400;
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(
            f,
            "{} {hour:02}:{minute:02}:{second:02} UTC",
            Second::of(self.0)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_utc() {
        for (second, said) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (86_399, "1970-01-01 23:59:59 UTC"),
            (1_795_350_411, "2026-11-22 12:26:51 UTC"),
        ] {
            assert_eq!(Moment(second).to_string(), said);
        }
        let trouble = Trouble {
            since: 60,
            text: "the disk is full".into(),
        };
        assert_eq!(
            trouble.to_string(),
            "the disk is full (since 1970-01-01 00:01:00 UTC)"
        );
    }
}
