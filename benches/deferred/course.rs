//! What is done with each promise.

use std::fmt;
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// The way from one promise to one callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// A callback waits for the value.
    When,
    /// So many steps are between: each makes a value of the value.
    Map(usize),
    /// So many steps are between: each makes another deferred, whose value is there already.
    Then(usize),
    /// There is a deadline, which is not reached.
    Timeout,
    /// The value comes from another thread.
    Remote,
}

impl Course {
    pub(crate) const ALL: [Self; 9] = [
        Self::When,
        Self::Map(1),
        Self::Map(10),
        Self::Map(100),
        Self::Then(1),
        Self::Then(10),
        Self::Then(100),
        Self::Timeout,
        Self::Remote,
    ];

    /// What one promise of 1 adds to the sum: every step adds one.
    pub(crate) const fn worth(self) -> u64 {
        match self {
            Self::Map(steps) | Self::Then(steps) => 1 + steps as u64,
            Self::When | Self::Timeout | Self::Remote => 1,
        }
    }

    /// Promises that are open at once: so many that what is done once for all of them hardly counts.
    pub(crate) const fn at_once(self) -> usize {
        match self {
            Self::Map(100) | Self::Then(100) => 100,
            _ => 1000,
        }
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::When => f.write_str("when"),
            Self::Map(steps) => write!(f, "map x {steps}"),
            Self::Then(steps) => write!(f, "and_then x {steps}"),
            Self::Timeout => f.write_str("timeout"),
            Self::Remote => f.write_str("from a thread"),
        }
    }
}

/// Goes through courses. A round gives the sum of the values that its callbacks got.
pub(crate) trait Runner {
    fn can(&self, _course: Course) -> bool {
        true
    }

    fn round(&mut self, course: Course, count: usize) -> u64;
}

/// A thread that supplies what it is given, each time all at once.
pub(crate) fn supplier<T: Send + 'static>(supply: fn(T)) -> Sender<Vec<T>> {
    let (sender, given) = channel::<Vec<T>>();
    thread::spawn(move || {
        for all in given {
            all.into_iter().for_each(supply);
        }
    });
    sender
}
