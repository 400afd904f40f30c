//! What a server tells of itself, as it is kept.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::Error;

use super::fb303::FbStatus;
use super::limits::BaseLimits;

/// What a server tells of itself: a part of the application's state, which a handler changes like any other.
///
/// ```
/// use oneloop::fb303::{Base, FbStatus};
///
/// let mut base = Base::new("shop").version(env!("CARGO_PKG_VERSION"));
/// base.increment("orders", 1);
/// base.increment("orders", 2);
/// base.set_counter("queue", 7);
/// base.set_status(FbStatus::WARNING, "the queue grows");
/// assert_eq!((base.counter("orders"), base.counter("queue"), base.counter("none")), (3, 7, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Base {
    name: String,
    version: String,
    status: FbStatus,
    details: String,
    counters: BTreeMap<String, i64>,
    options: BTreeMap<String, String>,
    /// In seconds since 1970; known when it was first asked for.
    alive_since: Option<i64>,
    limits: BaseLimits,
}

impl Base {
    /// That of a service of this name: alive, with nothing else to tell.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: String::new(),
            status: FbStatus::ALIVE,
            details: String::new(),
            counters: BTreeMap::new(),
            options: BTreeMap::new(),
            alive_since: None,
            limits: BaseLimits::default(),
        }
    }

    /// Which version of the service it is.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// The most of what it keeps.
    #[must_use]
    pub fn limits(mut self, limits: BaseLimits) -> Self {
        self.limits = limits;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn version_text(&self) -> &str {
        &self.version
    }

    // ---- status ----

    /// What was set last.
    #[must_use]
    pub const fn status(&self) -> FbStatus {
        self.status
    }

    /// What was said to it.
    #[must_use]
    pub fn details(&self) -> &str {
        &self.details
    }

    /// How it is from now on, and why, for a person; an empty text if there is nothing to say.
    pub fn set_status(&mut self, status: FbStatus, details: impl Into<String>) {
        self.status = status;
        self.details = details.into();
    }

    // ---- counters ----

    /// Adds to a counter, which begins with 0. False if there was no room for one more, or its name is too long. At the ends of an `i64`
    /// it stays.
    pub fn increment(&mut self, name: &str, by: i64) -> bool {
        self.count(name, |value| value.saturating_add(by))
    }

    /// Gives a counter this value. False if there was no room for one more, or its name is too long.
    pub fn set_counter(&mut self, name: &str, value: i64) -> bool {
        self.count(name, |_| value)
    }

    /// One that is there costs a search and no memory.
    fn count(&mut self, name: &str, change: impl FnOnce(i64) -> i64) -> bool {
        if let Some(value) = self.counters.get_mut(name) {
            *value = change(*value);
            return true;
        }
        let room = room(&self.counters, name, self.limits.counters_max, &self.limits);
        if room.is_ok() {
            self.counters.insert(name.to_owned(), change(0));
        }
        room.is_ok()
    }

    /// A counter's value; 0 if there is none of this name.
    #[must_use]
    pub fn counter(&self, name: &str) -> i64 {
        self.known(name).unwrap_or_default()
    }

    pub(super) fn known(&self, name: &str) -> Option<i64> {
        self.counters.get(name).copied()
    }

    /// All of the application's own.
    #[must_use]
    pub const fn counters(&self) -> &BTreeMap<String, i64> {
        &self.counters
    }

    /// Forgets a counter; its value, if there was one.
    pub fn remove_counter(&mut self, name: &str) -> Option<i64> {
        self.counters.remove(name)
    }

    // ---- options ----

    /// Sets an option.
    ///
    /// # Errors
    /// [`TooMuch`], and nothing is changed.
    pub fn set_option(&mut self, name: &str, value: impl Into<String>) -> Result<(), TooMuch> {
        let value = value.into();
        self.room_for_option(name, &value)?;
        self.options.insert(name.to_owned(), value);
        Ok(())
    }

    /// Whether it can be set.
    pub(super) fn room_for_option(&self, name: &str, value: &str) -> Result<(), TooMuch> {
        if value.len() > self.limits.value_bytes_max {
            return Err(TooMuch::ValueBytes(self.limits.value_bytes_max));
        }
        match self.options.contains_key(name) {
            true => Ok(()),
            false => room(&self.options, name, self.limits.options_max, &self.limits),
        }
    }

    /// An option's value, if it was set.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// All that were set.
    #[must_use]
    pub const fn options(&self) -> &BTreeMap<String, String> {
        &self.options
    }

    // ---- since when ----

    /// Seconds since 1970; what it was first stays, whatever becomes of the system's clock.
    pub(super) fn alive_since(&mut self, time_of_day: Duration, running: Duration) -> i64 {
        let began = time_of_day.saturating_sub(running).as_secs();
        let first = i64::try_from(began).unwrap_or(i64::MAX);
        *self.alive_since.get_or_insert(first)
    }
}

/// Whether there is room for one more of this name.
fn room<T>(
    kept: &BTreeMap<String, T>,
    name: &str,
    most: usize,
    limits: &BaseLimits,
) -> Result<(), TooMuch> {
    if name.len() > limits.name_bytes_max {
        return Err(TooMuch::NameBytes(limits.name_bytes_max));
    }
    if kept.len() >= most {
        return Err(TooMuch::Count(most));
    }
    Ok(())
}

/// Why something is not kept: the most that there may be is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TooMuch {
    /// There are so many.
    Count(usize),
    /// The name is longer than so many bytes.
    NameBytes(usize),
    /// The value is longer than so many bytes.
    ValueBytes(usize),
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(most) => write!(f, "there are {most} already, which is the most"),
            Self::NameBytes(most) => write!(f, "the name has more than {most} bytes"),
            Self::ValueBytes(most) => write!(f, "the value has more than {most} bytes"),
        }
    }
}

impl StdError for TooMuch {}

impl From<TooMuch> for Error {
    fn from(fault: TooMuch) -> Self {
        Self::failed(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Base {
        Base::new("shop").limits(BaseLimits {
            counters_max: 2,
            options_max: 2,
            name_bytes_max: 3,
            value_bytes_max: 4,
        })
    }

    #[test]
    fn so_many_counters_are_kept_and_those_go_on() {
        let mut base = base();
        assert!(base.increment("a", 1));
        assert!(base.set_counter("b", -5));
        assert!(
            !base.increment("c", 1) && !base.set_counter("c", 1),
            "a third"
        );
        assert!(base.increment("a", 2) && base.set_counter("b", 6));
        assert_eq!(
            base.counters().clone().into_iter().collect::<Vec<_>>(),
            [("a".into(), 3), ("b".into(), 6)]
        );
        assert_eq!(base.remove_counter("a"), Some(3));
        assert!(base.increment("c", 1), "there is room again");
    }

    #[test]
    fn names_and_values_have_a_longest() {
        let mut base = base();
        assert!(base.increment("abc", 1) && !base.increment("abcd", 1));
        assert_eq!(base.set_option("abc", "1234"), Ok(()));
        assert_eq!(base.set_option("abcd", "1"), Err(TooMuch::NameBytes(3)));
        assert_eq!(base.set_option("abc", "12345"), Err(TooMuch::ValueBytes(4)));
        assert_eq!(base.option("abc"), Some("1234"), "nothing is changed");
    }

    #[test]
    fn so_many_options_are_kept_and_those_change() {
        let mut base = base();
        for name in ["a", "b"] {
            assert_eq!(base.set_option(name, "1"), Ok(()));
        }
        assert_eq!(base.set_option("c", "1"), Err(TooMuch::Count(2)));
        assert_eq!(base.set_option("b", "2"), Ok(()));
        assert_eq!(base.options().values().collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn a_counter_stays_at_the_ends() {
        let mut base = base();
        base.set_counter("a", i64::MAX - 1);
        base.increment("a", 2);
        assert_eq!(base.counter("a"), i64::MAX);
        base.set_counter("a", i64::MIN);
        base.increment("a", -1);
        assert_eq!(base.counter("a"), i64::MIN);
    }

    #[test]
    fn since_when_it_lives_does_not_change_with_the_clock() {
        let mut base = base();
        let secs = Duration::from_secs;
        assert_eq!(base.alive_since(secs(100), secs(30)), 70);
        assert_eq!(base.alive_since(secs(5000), secs(40)), 70);
        assert_eq!(Base::new("").alive_since(secs(1), secs(40)), 0);
        assert_eq!(Base::new("").alive_since(Duration::MAX, secs(0)), i64::MAX);
    }
}
