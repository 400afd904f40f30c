//! The calls of one link that are under way, by their numbers.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;

use crate::time::Time;

use super::deadlines::Deadlines;

/// The calls of one link that are under way, by their numbers. `A` is who waits for a reply.
///
/// Numbers go from 1 to `i32::MAX` and round again, in order.
pub(super) struct Calls<A> {
    open: HashMap<i32, Open<A>, BuildHasherDefault<OfNumber>>,
    deadlines: Deadlines,
    /// Numbers of calls that nobody waits for any more, and that the server may still answer.
    forgotten: BTreeSet<i32>,
    forgotten_max: usize,
    /// So many of the open ones are set aside.
    aside: usize,
    last: i32,
    /// The numbers have gone round: there may be calls of those that come next.
    again: bool,
}

struct Open<A> {
    awaited: A,
    deadline: Time,
    is_aside: bool,
}

/// Whose reply it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whose<A> {
    Ours(A),
    /// Of a call that expired or was cancelled.
    Forgotten,
    Nobodys,
}

impl<A> Calls<A> {
    pub(super) const fn new(forgotten_max: usize) -> Self {
        Self {
            open: HashMap::with_hasher(BuildHasherDefault::new()),
            deadlines: Deadlines::new(),
            forgotten: BTreeSet::new(),
            forgotten_max,
            aside: 0,
            last: 0,
            again: false,
        }
    }

    /// How many are under way.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Those of them that are not set aside.
    pub(super) fn counted(&self) -> usize {
        self.open.len().saturating_sub(self.aside)
    }

    /// How many are set aside.
    #[cfg(feature = "node")]
    pub(super) const fn aside(&self) -> usize {
        self.aside
    }

    /// Has a call count no more among those under way. None if it does not already, or is over.
    #[cfg(feature = "node")]
    pub(super) fn set_aside(&mut self, number: i32) -> Option<&mut A> {
        let open = self.open.get_mut(&number)?;
        if open.is_aside {
            return None;
        }
        open.is_aside = true;
        self.aside = self.aside.saturating_add(1);
        Some(&mut open.awaited)
    }

    /// A number that no call has, nor had lately: never 0.
    pub(super) fn next_number(&mut self) -> i32 {
        loop {
            self.last = match self.last.checked_add(1) {
                Some(next) => next,
                None => {
                    self.again = true;
                    1
                }
            };
            if !self.again {
                return self.last;
            }
            if !self.open.contains_key(&self.last) && !self.forgotten.contains(&self.last) {
                return self.last;
            }
        }
    }

    /// Notes that the call of this number was sent.
    pub(super) fn insert(&mut self, number: i32, awaited: A, deadline: Time) {
        let open = Open {
            awaited,
            deadline,
            is_aside: false,
        };
        self.open.insert(number, open);
        self.deadlines.insert(deadline, number);
    }

    /// A reply came.
    pub(super) fn answered(&mut self, number: i32) -> Whose<A> {
        match self.take(number) {
            Some(awaited) => Whose::Ours(awaited),
            None if self.forgotten.remove(&number) => Whose::Forgotten,
            None => Whose::Nobodys,
        }
    }

    /// Takes the call of this number out, if `wanted` says so. Its reply may still come.
    pub(super) fn forget_if(&mut self, number: i32, wanted: impl FnOnce(&A) -> bool) -> Option<A> {
        let open = self.open.get(&number)?;
        if !wanted(&open.awaited) {
            return None;
        }
        let awaited = self.take(number)?;
        self.forget(number);
        Some(awaited)
    }

    /// The number of the call that [`expired`](Self::expired) takes out next, if there is one.
    pub(super) fn due(&self, now: Time) -> Option<i32> {
        let (deadline, number) = self.deadlines.first()?;
        (deadline <= now).then_some(number)
    }

    /// The call of this number, and when it expires.
    pub(super) fn get_mut(&mut self, number: i32) -> Option<(&mut A, Time)> {
        let open = self.open.get_mut(&number)?;
        Some((&mut open.awaited, open.deadline))
    }

    /// Takes a call out that was never sent: there will be no reply.
    pub(super) fn withdraw(&mut self, number: i32) -> Option<A> {
        self.take(number)
    }

    /// Takes one call out whose time is up. Its reply may still come.
    pub(super) fn expired(&mut self, now: Time) -> Option<A> {
        let (deadline, number) = self.deadlines.first()?;
        if deadline > now {
            return None;
        }
        self.forget_if(number, |_| true)
    }

    /// When the first of them expires; never if there is none.
    pub(super) fn deadline(&self) -> Time {
        let first = self.deadlines.first();
        first.map_or(Time::NEVER, |(deadline, _)| deadline)
    }

    /// Takes all of them, the oldest first. No reply is awaited from here on.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = A> + use<A> {
        self.forgotten.clear();
        self.deadlines.clear();
        self.aside = 0;
        let open = mem::take(&mut self.open).into_iter();
        let mut open: Vec<_> = open.map(|(number, open)| (number, open.awaited)).collect();
        let last = self.last;
        // Those above the last are of the round before.
        open.sort_unstable_by_key(|(number, _)| (*number <= last, *number));
        open.into_iter().map(|(_, awaited)| awaited)
    }

    fn take(&mut self, number: i32) -> Option<A> {
        let open = self.open.remove(&number)?;
        if open.is_aside {
            self.aside = self.aside.saturating_sub(1);
        }
        let Self {
            open: others,
            deadlines,
            ..
        } = self;
        deadlines.remove(open.deadline, number, others.len(), |deadline, number| {
            others
                .get(&number)
                .is_some_and(|other| other.deadline == deadline)
        });
        Some(open.awaited)
    }

    /// Remembers the number; instead of the oldest such, if there are too many.
    fn forget(&mut self, number: i32) {
        if self.forgotten_max == 0 {
            return;
        }
        while self.forgotten.len() >= self.forgotten_max {
            let beyond = self.last.checked_add(1);
            let older = beyond.and_then(|next| self.forgotten.range(next..).next());
            let Some(oldest) = older.or_else(|| self.forgotten.first()).copied() else {
                break;
            };
            self.forgotten.remove(&oldest);
        }
        self.forgotten.insert(number);
    }
}

/// Of numbers that this end gives in their order: nobody can choose them so that they fall together.
#[derive(Default)]
struct OfNumber(u64);

impl Hasher for OfNumber {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_i32((*byte).into());
        }
    }

    fn write_i32(&mut self, number: i32) {
        // The table looks at the highest bits and at the lowest.
        let mixed = (self.0 ^ u64::from(number.cast_unsigned())).wrapping_mul(ODD);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Two to the 64th by the golden ratio.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> Time {
        Time::START + Duration::from_secs(seconds)
    }

    /// Its deadline is its name.
    fn begin(calls: &mut Calls<u64>, name: u64) -> i32 {
        let number = calls.next_number();
        calls.insert(number, name, at(name));
        number
    }

    #[cfg(feature = "node")]
    #[test]
    fn what_is_set_aside_does_not_count_until_it_is_over() {
        let mut calls = Calls::new(9);
        let numbers = [1, 2, 3, 4].map(|name| begin(&mut calls, name));
        for number in numbers {
            assert!(calls.set_aside(number).is_some());
            assert!(calls.set_aside(number).is_none(), "it is already");
        }
        assert!(calls.set_aside(99).is_none(), "there is none");
        assert_eq!((calls.len(), calls.counted(), calls.aside()), (4, 0, 4));
        assert_eq!(calls.answered(numbers[1]), Whose::Ours(2));
        assert_eq!(calls.expired(at(1)), Some(1));
        assert_eq!((calls.len(), calls.counted(), calls.aside()), (2, 0, 2));
        begin(&mut calls, 5);
        assert_eq!((calls.len(), calls.counted(), calls.aside()), (3, 1, 2));
        assert_eq!(calls.take_all().count(), 3);
        begin(&mut calls, 6);
        assert_eq!((calls.len(), calls.counted(), calls.aside()), (1, 1, 0));
    }

    #[test]
    fn numbers_go_round_and_pass_by_those_that_are_taken() {
        let mut calls = Calls::new(2);
        assert_eq!(begin(&mut calls, 1), 1);
        assert_eq!(begin(&mut calls, 2), 2);
        assert_eq!(calls.forget_if(2, |_| true), Some(2));
        calls.last = i32::MAX - 1;
        assert_eq!(begin(&mut calls, 3), i32::MAX);
        assert_eq!(begin(&mut calls, 4), 3, "1 is under way, 2 may be answered");
        assert_eq!(
            calls.take_all().collect::<Vec<_>>(),
            [3, 1, 4],
            "where the round begins"
        );
    }

    #[test]
    fn each_expires_by_its_own_deadline() {
        let mut calls = Calls::new(9);
        let numbers = [30, 10, 20, 40].map(|name| begin(&mut calls, name));
        assert_eq!(calls.answered(numbers[1]), Whose::Ours(10));
        assert_eq!(calls.deadline(), at(20));
        assert_eq!(calls.expired(at(19)), None);
        assert_eq!(calls.expired(at(30)), Some(20));
        assert_eq!(calls.expired(at(30)), Some(30));
        assert_eq!(calls.expired(at(30)), None);
        assert_eq!(calls.answered(numbers[0]), Whose::Forgotten);
        assert_eq!((calls.len(), calls.deadline()), (1, at(40)));
    }

    #[test]
    fn after_the_last_number_the_oldest_is_the_first() {
        let mut calls = Calls::new(2);
        calls.last = i32::MAX - 2;
        begin(&mut calls, 1);
        begin(&mut calls, 2);
        assert_eq!(calls.deadline(), at(1));
        assert_eq!(begin(&mut calls, 3), 1);
        assert_eq!(calls.deadline(), at(1));
        assert_eq!(calls.expired(at(0)), None);
        assert_eq!(calls.expired(at(2)), Some(1));
        assert_eq!(calls.expired(at(2)), Some(2));
        assert_eq!(calls.expired(at(2)), None);
        assert_eq!(calls.deadline(), at(3));
        assert_eq!(calls.take_all().collect::<Vec<_>>(), [3]);
        assert_eq!((calls.len(), calls.deadline()), (0, Time::NEVER));
    }

    #[test]
    fn of_the_forgotten_so_many_are_known_and_each_once() {
        for most in [0, 1, 3] {
            for forgotten in [most.max(1) - 1, most, most + 1] {
                let mut calls = Calls::new(most);
                calls.last = i32::MAX - 2;
                let numbers: Vec<_> = (0..forgotten as u64)
                    .map(|name| begin(&mut calls, name))
                    .collect();
                for &number in &numbers {
                    assert_eq!(calls.forget_if(number, |_| false), None);
                    assert!(calls.forget_if(number, |_| true).is_some());
                }
                let known = |calls: &mut Calls<u64>| -> Vec<bool> {
                    let numbers = numbers.iter();
                    numbers
                        .map(|&number| calls.answered(number) == Whose::Forgotten)
                        .collect()
                };
                let lost = forgotten.saturating_sub(most);
                let wanted: Vec<_> = (0..forgotten).map(|place| place >= lost).collect();
                assert_eq!(
                    known(&mut calls),
                    wanted,
                    "{forgotten} of {most}: the oldest go first"
                );
                assert_eq!(known(&mut calls), vec![false; forgotten]);
            }
        }
    }

    proptest! {
        /// Against a list that is looked through from end to end.
        #[test]
        fn it_does_what_a_plain_list_does(
            start in prop_oneof![Just(0), i32::MAX - 20..=i32::MAX],
            steps in prop::collection::vec((0..4, 0..40_i32, 0..100_u64), 0..80),
        ) {
            let mut calls = Calls::new(5);
            calls.last = start;
            let mut open: VecDeque<(i32, u64)> = VecDeque::new();
            // With the places of the calls: the oldest of them are the first to go.
            let mut forgotten: VecDeque<(i32, u64)> = VecDeque::new();
            for (place, (step, pick, wait)) in steps.into_iter().enumerate() {
                // No two expire at once.
                let name = wait * 100 + place as u64;
                let number = start.checked_add(pick).map_or(pick, |number| number.max(1));
                match step {
                    0 | 1 => {
                        let number = begin(&mut calls, name);
                        prop_assert!(number > 0 && open.iter().all(|(taken, _)| *taken != number));
                        prop_assert!(forgotten.iter().all(|(known, _)| *known != number));
                        open.push_back((number, name));
                    }
                    2 => {
                        let found = open.iter().position(|(taken, _)| *taken == number);
                        let whose = calls.answered(number);
                        if let Some(place) = found {
                            prop_assert_eq!(Some(whose), open.remove(place).map(|(_, name)| Whose::Ours(name)));
                        } else if let Some(place) = forgotten.iter().position(|(known, _)| *known == number) {
                            prop_assert_eq!(whose, Whose::Forgotten);
                            forgotten.remove(place);
                        } else {
                            prop_assert_eq!(whose, Whose::Nobodys);
                        }
                    }
                    _ => {
                        let places = 0..open.len();
                        let first = places.min_by_key(|place| open[*place].1);
                        let first = first.and_then(|place| open.remove(place));
                        let due = first.map_or(Time::NEVER, |(_, name)| at(name));
                        prop_assert_eq!(calls.deadline(), due);
                        let expired = calls.expired(due.min(at(100_000)));
                        prop_assert_eq!(expired, first.map(|(_, name)| name));
                        if let Some((number, name)) = first {
                            if forgotten.len() == 5 {
                                let places = 0..forgotten.len();
                                let oldest = places.min_by_key(|place| forgotten[*place].1);
                                forgotten.remove(oldest.unwrap_or_default());
                            }
                            forgotten.push_back((number, name % 100));
                        }
                    }
                }
                prop_assert_eq!(calls.len(), open.len());
            }
            let left: Vec<_> = calls.take_all().collect();
            prop_assert_eq!(left, open.into_iter().map(|(_, name)| name).collect::<Vec<_>>());
        }
    }
}
