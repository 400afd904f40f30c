//! What is to happen later, and when to wake for it.
//!
//! Nearly every link holds a timer (idle, handshake, call outstanding), nearly every frame moves one, and nearly none ever
//! fires. A heap pays for each with a logarithm and buries the cancelled ones; a hierarchical timing wheel (Varghese and
//! Lauck, 1987; the kernel's and tokio's timers) arms and cancels in constant time and sorts only what fires.
//!
//! ```text
//! level   7       6       5        4        3        2        1        0
//! tick  | ____ | ____ | ______ | ______ | ______ | ______ | ______ | ______ |  six bits to a level
//! slot    139 y   2.2 y   12.4 d   4.7 h    4.4 min  4.1 s    64 ms    1 ms     how long a slot is
//!
//!                            cursor
//! level 0     . . . . . . . . . ^ x . . x . . x   64 slots of one tick: each fires as it is reached
//! level 1     . . ^ . . x . . . . x . . . . . .   64 slots of 64 ticks: each moves down as it is reached
//! level 2     ^ . . . . . . . x . . . . . . . .   64 slots of 4,096 ticks ...
//! ```
//!
//! A timer lies at the level of the highest six bits in which its tick differs from the cursor's. So each level holds only
//! what is ahead of the cursor within the slot that the level above stands in: nothing wraps round, all of a lower level comes
//! before all of a higher one, and what comes next is the lowest bit of the lowest occupied level. Eight levels span 8,900
//! years and a [`Time`] 584, so nothing is too far, [`Time::NEVER`] included.
//!
//! **Costs.** Arming and cancelling: one link in a list and one bit. Asking what is next: a number kept. Finding nothing due: a
//! comparison. Firing: at most seven moves down in a timer's life, and a sort of those that share its tick, if they do not
//! lie in order already. The clock jumps from one occupied slot to the next, however far that is. The price of a wheel is
//! that a slot moves whole: a million timers of the same hour move in the one turn that reaches that hour.
//!
//! **Precision.** A tick is a millisecond, the resolution of epoll. Deadlines are rounded up to it: a timer fires never early,
//! and at the first time handed in that is a tick or more past its deadline, if not before.

#[cfg(test)]
use std::cell::Cell;
use std::mem;

use slab::Slab;

use crate::time::Time;

/// Names one armed timer, and after that no other: the slot may be used again, the pair is not, short of 2^32 timers armed in
/// between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TimerKey {
    slot: u32,
    generation: u32,
}

/// Timers that carry a `T` each. Reads no clock: the time is handed to [`pop_due`](Self::pop_due), the next moment to do so
/// is [`next`](Self::next).
///
/// # Order
///
/// Timers fire by deadline, equal deadlines in the order armed, however many ticks went by at once.
///
/// A deadline that is past already when it is armed (no later than the latest time handed in) counts as that latest time: it
/// fires in the next `pop_due` that its turn comes in, behind all that was due before it and in the order armed. So who arms
/// in the past again and again delays nobody else, but such a loop never runs dry: give it a budget.
///
/// # Memory
///
/// Of a fired or cancelled timer the place is free at once. Places are not given back to the allocator: room for the most
/// timers ever pending at once stays.
pub(crate) struct Timers<T> {
    entries: Slab<Entry<T>>,
    /// One list for each slot of each level, in the order armed: those moved down come when the cursor enters the slot above,
    /// before any that are armed there directly.
    lists: Box<[List]>,
    /// For each level, the bits of its slots that are not empty.
    occupied: [u64; LEVELS],
    /// Tick up to which everything has fired; no timer's tick is below. The level 0 slot it stands on is what is due.
    cursor: u64,
    /// First tick of the earliest slot that is not empty: there it fires or moves down. `NO_TICK` if all are.
    next_tick: u64,
    /// The tick whose slot was last put in order of deadline. What joins it later is late and belongs at its end.
    sorted_tick: u64,
    /// The latest time handed in.
    now: Time,
    /// Goes to the next timer armed; wraps.
    generation: u32,
    /// Entries and levels looked at: how the tests know that nothing is scanned.
    #[cfg(test)]
    steps: Cell<u64>,
}

struct Entry<T> {
    item: T,
    /// As asked for, even if it was past.
    deadline: Time,
    /// When it fires: the deadline rounded up, or for a late one the last tick that had passed. With the cursor it says which
    /// list this is in.
    tick: u64,
    generation: u32,
    /// Neighbours in the list, `NO_ENTRY` at its ends.
    before: u32,
    after: u32,
    /// The deadline was past when armed.
    late: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct List {
    first: u32,
    last: u32,
}

/// One slot of one level.
#[derive(Clone, Copy)]
struct Place {
    level: usize,
    slot: usize,
}

impl<T: Copy> Default for Timers<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Timers<T> {
    /// No timers, at [`Time::START`].
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            entries: Slab::new(),
            lists: vec![List::EMPTY; LEVELS * SLOTS].into_boxed_slice(),
            occupied: [0; LEVELS],
            cursor: 0,
            next_tick: NO_TICK,
            sorted_tick: 0,
            now: Time::START,
            generation: 0,
            #[cfg(test)]
            steps: Cell::new(0),
        }
    }

    /// How many are pending, those due and not yet popped included.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is pending.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Has `item` come out of [`pop_due`](Self::pop_due) at `at`, up to a tick later. A moment already past is allowed, see
    /// [the order](Self#order); a timer at [`Time::NEVER`] fires if that very time is handed in.
    ///
    /// # Panics
    ///
    /// With 2^32 - 1 timers pending.
    pub(crate) fn arm(&mut self, at: Time, item: T) -> TimerKey {
        let late = at <= self.now;
        let tick = if late {
            ticks_passed(self.now)
        } else {
            tick_after(at)
        };
        let generation = self.generation;
        self.generation = generation.wrapping_add(1);
        let slot = self.entries.insert(Entry {
            item,
            deadline: at,
            tick,
            generation,
            before: NO_ENTRY,
            after: NO_ENTRY,
            late,
        });
        let slot = u32::try_from(slot).expect("memory ends before timers do");
        assert_ne!(slot, NO_ENTRY, "too many timers");
        self.link(slot);
        TimerKey { slot, generation }
    }

    /// Takes a timer out, due or not; `None` if it has fired or was cancelled before.
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<T> {
        self.entry(key)?;
        self.unlink(key.slot);
        Some(self.entries.remove(key.slot as usize).item)
    }

    /// The moment the timer was armed for; `None` if it has fired or was cancelled.
    #[cfg(test)]
    pub(crate) fn deadline(&self, key: TimerKey) -> Option<Time> {
        self.entry(key).map(|entry| entry.deadline)
    }

    /// When to call [`pop_due`](Self::pop_due) next; `None` if no timer is pending. While something is due, a moment no later
    /// than the latest time handed in.
    ///
    /// Never later than the tick of the earliest deadline. Earlier only when a slot moves down before anything fires, which
    /// happens to a timer once for each level it lies above the lowest: seven wakings for nothing at most, two or three for
    /// thirty seconds.
    #[must_use]
    pub(crate) fn next(&self) -> Option<Time> {
        // Past the last whole tick there is only `NEVER`, and `ticks_passed` agrees.
        let nanos = self.next_tick.saturating_mul(TICK_NANOS);
        (self.next_tick != NO_TICK).then_some(Time::from_nanos(nanos))
    }

    /// Takes out one timer that is due at `now`, with the moment it was armed for. Call until `None`, or as often as a budget
    /// allows: the rest stays due. In between timers may be armed and cancelled, due ones too.
    ///
    /// A `now` before one already handed in counts as that one.
    pub(crate) fn pop_due(&mut self, now: Time) -> Option<(Time, T)> {
        self.now = self.now.max(now);
        let passed = ticks_passed(self.now);
        while self.next_tick <= passed {
            self.cursor = self.next_tick;
            let place = self
                .first_occupied()
                .expect("the next tick is that of a slot");
            if place.level == 0 {
                return Some(self.fire_first(place));
            }
            self.move_down(place);
        }
        // Before the next occupied slot the cursor may stand anywhere: no timer's level changes. Nearer to what is armed from
        // here on is better.
        self.cursor = passed;
        None
    }

    fn entry(&self, key: TimerKey) -> Option<&Entry<T>> {
        self.entries
            .get(key.slot as usize)
            .filter(|entry| entry.generation == key.generation)
    }

    /// Fires the first timer of the level 0 slot the cursor stands on.
    fn fire_first(&mut self, place: Place) -> (Time, T) {
        if self.sorted_tick != self.cursor {
            self.sort(place);
            self.sorted_tick = self.cursor;
        }
        let index = self.lists[place.index()].first;
        self.unlink(index);
        let entry = self.entries.remove(index as usize);
        debug_assert!(entry.deadline <= self.now, "a timer fired early");
        (entry.deadline, entry.item)
    }

    /// Hands the timers of the slot the cursor has entered to the levels below, in order.
    fn move_down(&mut self, place: Place) {
        let list = mem::replace(&mut self.lists[place.index()], List::EMPTY);
        self.occupied[place.level] &= !place.bit();
        // What comes next is among those moved, since they come before all that lies above.
        self.next_tick = NO_TICK;
        let mut index = list.first;
        while index != NO_ENTRY {
            let after = self.entries[index as usize].after;
            self.link(index);
            index = after;
        }
    }

    /// Puts a slot of one tick in the order in which it fires. The list is in the order armed and the sort is stable.
    fn sort(&mut self, place: Place) {
        let list = self.lists[place.index()];
        if list.first == list.last {
            return;
        }
        let mut ranked = Vec::new();
        let mut index = list.first;
        while index != NO_ENTRY {
            self.count_step();
            let entry = &self.entries[index as usize];
            ranked.push((entry.rank(), index));
            index = entry.after;
        }
        if ranked.is_sorted_by_key(|&(rank, _)| rank) {
            return;
        }
        ranked.sort_by_key(|&(rank, _)| rank);
        self.lists[place.index()] = List::EMPTY;
        for (_, index) in ranked {
            self.link(index);
        }
    }

    /// Appends an entry to the list that its tick calls for.
    fn link(&mut self, index: u32) {
        self.count_step();
        let entry = &mut self.entries[index as usize];
        let place = Place::of(entry.tick, self.cursor);
        let list = &mut self.lists[place.index()];
        entry.before = mem::replace(&mut list.last, index);
        entry.after = NO_ENTRY;
        match entry.before {
            NO_ENTRY => list.first = index,
            before => self.entries[before as usize].after = index,
        }
        self.occupied[place.level] |= place.bit();
        self.next_tick = self.next_tick.min(place.first_tick(self.cursor));
    }

    /// Takes an entry out of its list; the entry itself stays.
    fn unlink(&mut self, index: u32) {
        self.count_step();
        let &Entry {
            tick,
            before,
            after,
            ..
        } = &self.entries[index as usize];
        let place = Place::of(tick, self.cursor);
        let list = &mut self.lists[place.index()];
        match before {
            NO_ENTRY => list.first = after,
            _ => self.entries[before as usize].after = after,
        }
        match after {
            NO_ENTRY => list.last = before,
            _ => self.entries[after as usize].before = before,
        }
        if *list == List::EMPTY {
            self.occupied[place.level] &= !place.bit();
            self.next_tick = self.find_next_tick();
        }
    }

    fn find_next_tick(&self) -> u64 {
        self.first_occupied()
            .map_or(NO_TICK, |place| place.first_tick(self.cursor))
    }

    /// The earliest slot that is not empty.
    fn first_occupied(&self) -> Option<Place> {
        for level in 0..LEVELS {
            self.count_step();
            if self.occupied[level] != 0 {
                let slot = self.occupied[level].trailing_zeros() as usize;
                return Some(Place { level, slot });
            }
        }
        None
    }

    fn count_step(&self) {
        #[cfg(test)]
        self.steps.update(|steps| steps + 1);
    }
}

impl<T> Entry<T> {
    /// Order within a tick: by deadline, and behind those the late ones, as they came.
    fn rank(&self) -> Time {
        if self.late {
            Time::NEVER
        } else {
            self.deadline
        }
    }
}

impl List {
    const EMPTY: Self = Self {
        first: NO_ENTRY,
        last: NO_ENTRY,
    };
}

impl Place {
    /// Where `tick` lies, seen from `cursor`.
    fn of(tick: u64, cursor: u64) -> Self {
        debug_assert!(tick >= cursor, "a timer was left behind");
        // Bits of the lowest level count as differing, so that no difference at all is level 0.
        let differing = (tick ^ cursor) | (SLOTS as u64 - 1);
        let level = (differing.ilog2() / SLOT_BITS) as usize;
        let slot = (tick >> Self::shift(level)) as usize % SLOTS;
        Self { level, slot }
    }

    /// The tick this slot begins with, seen from `cursor`: the cursor's bits above this level, the slot, zeros below.
    fn first_tick(self, cursor: u64) -> u64 {
        let above = Self::shift(self.level + 1);
        cursor >> above << above | (self.slot as u64) << Self::shift(self.level)
    }

    fn shift(level: usize) -> u32 {
        SLOT_BITS * level as u32
    }

    fn index(self) -> usize {
        self.level * SLOTS + self.slot
    }

    fn bit(self) -> u64 {
        1 << self.slot
    }
}

/// The first tick that is no earlier than `at`.
fn tick_after(at: Time) -> u64 {
    at.as_nanos().div_ceil(TICK_NANOS)
}

/// The last tick that is no later than `now`. At the end of time, where the last tick is cut short, that one: every deadline
/// there can be is past.
fn ticks_passed(now: Time) -> u64 {
    if now == Time::NEVER {
        return tick_after(now);
    }
    now.as_nanos() / TICK_NANOS
}

const TICK_NANOS: u64 = 1_000_000;
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;
/// 48 bits of ticks; the last moment of a `Time` is in the 45th.
const LEVELS: usize = 8;
const NO_TICK: u64 = u64::MAX;
const NO_ENTRY: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const MILLI: u64 = TICK_NANOS;
    const SECOND: u64 = 1_000 * MILLI;
    const HOUR: u64 = 3_600 * SECOND;
    const DAY: u64 = 24 * HOUR;

    impl<T: Copy> Timers<T> {
        fn with_generation(generation: u32) -> Self {
            Self {
                generation,
                ..Self::new()
            }
        }

        /// Entries and levels that `act` looks at.
        fn steps_of<R>(&mut self, act: impl FnOnce(&mut Self) -> R) -> (u64, R) {
            let steps = self.steps.get();
            let result = act(self);
            (self.steps.get() - steps, result)
        }
    }

    fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    fn drain<T: Copy>(timers: &mut Timers<T>, now: u64) -> Vec<T> {
        std::iter::from_fn(|| timers.pop_due(at(now)))
            .map(|(_, item)| item)
            .collect()
    }

    /// Numbers that look random and are the same in every run.
    fn numbers(mut state: u64) -> impl Iterator<Item = u64> {
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        })
    }

    #[test]
    fn a_timer_fires_never_early_and_at_most_a_tick_late() {
        for deadline in [1, MILLI - 1, MILLI, MILLI + 1, 64 * MILLI, 5 * DAY + 7] {
            let mut timers = Timers::new();
            timers.arm(at(deadline), 'x');
            assert_eq!(timers.pop_due(at(deadline - 1)), None, "{deadline}");
            let tick = deadline.next_multiple_of(MILLI);
            assert_eq!(timers.pop_due(at(tick)), Some((at(deadline), 'x')));
            assert_eq!(timers.next(), None);
        }
    }

    #[test]
    fn equal_deadlines_fire_in_the_order_armed_whatever_level_they_came_from() {
        let mut timers = Timers::new();
        let deadline = 10 * SECOND + 1;
        let far = timers.arm(at(deadline), 0);
        timers.arm(at(deadline), 1);
        timers.pop_due(at(deadline - 3 * SECOND));
        timers.arm(at(deadline), 2);
        timers.arm(at(deadline - 1), 3);
        timers.pop_due(at(deadline - 2 * MILLI));
        timers.arm(at(deadline), 4);
        timers.arm(at(deadline + 1), 5);
        assert_eq!(timers.cancel(far), Some(0));
        timers.arm(at(deadline), 6);
        assert_eq!(drain(&mut timers, deadline + MILLI), [3, 1, 2, 4, 6, 5]);
    }

    #[test]
    fn what_a_budget_leaves_stays_due_and_the_late_join_behind() {
        let mut timers = Timers::new();
        let keys: Vec<_> = (0..6)
            .map(|n| timers.arm(at((n + 1) * SECOND), n))
            .collect();
        let now = at(5 * SECOND + MILLI / 2);
        assert_eq!(timers.pop_due(now), Some((at(SECOND), 0)));
        assert!(timers.next() <= Some(now));
        // Past, present and future; the present is late too.
        timers.arm(at(5), 100);
        timers.arm(now, 101);
        timers.arm(now + std::time::Duration::from_nanos(1), 102);
        assert_eq!(timers.deadline(keys[2]), Some(at(3 * SECOND)));
        assert_eq!(timers.cancel(keys[2]), Some(2), "due, not yet popped");
        assert_eq!(timers.pop_due(now), Some((at(2 * SECOND), 1)));
        timers.arm(at(4), 103);
        assert_eq!(
            drain(&mut timers, 0),
            [3, 4, 100, 101, 103],
            "time stands still"
        );
        assert_eq!(timers.next(), Some(at(5 * SECOND + MILLI)));
        let late = timers.arm(at(3), 104);
        assert_eq!(timers.deadline(late), Some(at(3)));
        assert!(timers.next() <= Some(now));
        assert_eq!(timers.pop_due(now), Some((at(3), 104)));
        assert_eq!(timers.pop_due(now), None);
        assert_eq!(drain(&mut timers, 6 * SECOND), [102, 5]);
    }

    #[test]
    fn arming_in_the_past_for_ever_starves_nobody() {
        let mut timers = Timers::new();
        timers.arm(at(SECOND), "again");
        timers.arm(at(2 * SECOND), "patient");
        let mut fired = Vec::new();
        for turn in 0..4 {
            let now = at(3 * SECOND + turn * MILLI);
            let (_, item) = timers.pop_due(now).expect("something is always due");
            fired.push(item);
            if item == "again" {
                timers.arm(Time::START, "again");
            }
        }
        assert_eq!(fired, ["again", "patient", "again", "again"]);
    }

    #[test]
    fn the_end_of_time_is_a_deadline_like_any_other() {
        let mut timers = Timers::new();
        let never = timers.arm(Time::NEVER, 0);
        timers.arm(at(u64::MAX - 1), 1);
        timers.arm(at(u64::MAX - 2 * MILLI), 2);
        timers.arm(at(36_525 * DAY), 3);
        assert!(drain(&mut timers, 36_524 * DAY).is_empty());
        assert_eq!(drain(&mut timers, 36_525 * DAY), [3]);
        assert_eq!(drain(&mut timers, u64::MAX - 1), [2]);
        assert_eq!(timers.next(), Some(Time::NEVER));
        assert_eq!(timers.deadline(never), Some(Time::NEVER));
        timers.arm(Time::NEVER, 4);
        assert_eq!(drain(&mut timers, u64::MAX), [1, 0, 4]);
        timers.arm(Time::NEVER, 5);
        assert_eq!(drain(&mut timers, u64::MAX), [5]);
    }

    #[test]
    fn a_stale_key_hits_nothing() {
        let mut timers = Timers::new();
        let fired = timers.arm(at(0), 1);
        assert_eq!(timers.pop_due(at(0)), Some((at(0), 1)));
        let cancelled = timers.arm(at(SECOND), 2);
        assert_eq!(cancelled.slot, fired.slot, "the slot is used again");
        assert_eq!(timers.cancel(fired), None);
        assert_eq!(timers.cancel(cancelled), Some(2));
        assert_eq!(timers.cancel(cancelled), None, "twice");
        let armed = timers.arm(at(SECOND), 3);
        for stale in [fired, cancelled] {
            assert_eq!(timers.deadline(stale), None);
            assert_eq!(timers.cancel(stale), None);
        }
        assert_eq!(timers.cancel(armed), Some(3));
        assert!(timers.is_empty());
    }

    #[test]
    fn generations_wrap() {
        let mut timers = Timers::with_generation(u32::MAX - 3);
        let mut stale = Vec::new();
        for n in 0..8 {
            let key = timers.arm(at(SECOND), n);
            assert!(stale.iter().all(|&key| timers.cancel(key).is_none()));
            assert_eq!(timers.cancel(key), Some(n));
            stale.push(key);
        }
        assert_eq!((stale[3].generation, stale[4].generation), (u32::MAX, 0));
    }

    #[test]
    fn a_key_and_an_entry_are_small() {
        assert_eq!(size_of::<TimerKey>(), 8);
        assert_eq!(size_of::<Entry<u64>>(), 40);
        assert_eq!(
            size_of::<Option<Entry<u64>>>(),
            40,
            "nor does a free place add"
        );
    }

    #[test]
    fn the_cancelled_leave_room() {
        let mut timers = Timers::new();
        for n in 0..1_000_000 {
            let key = timers.arm(at(n * 77_777), n);
            assert_eq!(timers.cancel(key), Some(n));
            assert_eq!(timers.next(), None);
        }
        assert!(timers.entries.capacity() <= 4);
    }

    #[test]
    fn a_million_pending_cost_nothing() {
        let mut timers = Timers::new();
        let mut noise = numbers(1);
        let mut random_deadline = || at(HOUR + noise.next().expect("endless") % (30 * DAY));
        let mut keys = Vec::new();
        for n in 0..1_000_000 {
            let (steps, key) = timers.steps_of(|timers| timers.arm(random_deadline(), n));
            assert_eq!(steps, 1);
            keys.push(key);
        }
        for turn in 0..100_000 {
            let (steps, due) = timers.steps_of(|timers| timers.pop_due(at(turn * MILLI / 2)));
            assert_eq!((steps, due), (0, None));
            let (steps, next) = timers.steps_of(|timers| timers.next());
            assert_eq!(steps, 0);
            assert!(next > Some(at(turn * MILLI / 2)));
        }
        for (n, key) in (0..1_000_000).zip(keys).step_by(2) {
            let (steps, item) = timers.steps_of(|timers| timers.cancel(key));
            assert_eq!(item, Some(n));
            assert!(steps <= 1 + LEVELS as u64, "{steps}");
        }
        let (steps, fired) = timers.steps_of(|timers| drain(timers, 31 * DAY));
        assert_eq!(fired.len(), 500_000);
        let per_timer = steps / 500_000;
        assert!(per_timer <= 3 * LEVELS as u64, "{per_timer}");
    }

    #[test]
    fn a_leap_of_the_clock_costs_what_it_fires() {
        for leap in [DAY, 100 * DAY] {
            let mut timers = Timers::new();
            let mut expected = Vec::new();
            for (n, number) in numbers(2).take(100_000).enumerate() {
                let deadline = 1 + number % DAY;
                timers.arm(at(deadline), n);
                expected.push((deadline, n));
            }
            timers.arm(at(leap + 1), usize::MAX);
            expected.sort_unstable();
            let (steps, fired) = timers.steps_of(|timers| drain(timers, leap));
            assert!(fired.iter().eq(expected.iter().map(|(_, n)| n)));
            assert!(steps <= 100_000 * 2 * LEVELS as u64, "{steps}");
            // And over nothing at all, a step for each level.
            let (steps, due) = timers.steps_of(|timers| timers.pop_due(at(leap + MILLI)));
            assert_eq!(due, Some((at(leap + 1), usize::MAX)));
            assert!(steps <= (LEVELS * (LEVELS + 2)) as u64, "{steps}");
        }
    }

    /// The same rules as one sorted map: by tick, in it the late behind the others, those by deadline, then as armed.
    #[derive(Default)]
    struct Model {
        pending: BTreeMap<(u64, bool, u64, usize), Time>,
        now: u64,
    }

    impl Model {
        fn arm(&mut self, deadline: u64, n: usize) -> (u64, bool, u64, usize) {
            let late = deadline <= self.now;
            let order = if late {
                (self.now / MILLI, true, 0, n)
            } else {
                (deadline.div_ceil(MILLI), false, deadline, n)
            };
            self.pending.insert(order, at(deadline));
            order
        }

        fn pop_due(&mut self, now: u64) -> Option<(Time, usize)> {
            self.now = self.now.max(now);
            let first = self.pending.first_entry()?;
            let &(tick, _, _, n) = first.key();
            (tick <= self.now / MILLI).then(|| (first.remove(), n))
        }
    }

    #[derive(Clone, Debug)]
    enum Act {
        Arm(u64),
        ArmPast(u64),
        Cancel(usize),
        /// And pops at most so many.
        Advance(u64, usize),
        TimeBackwards(u64),
        SleepUntilNext,
    }

    /// From nothing to years, each order of magnitude as likely.
    fn span() -> impl Strategy<Value = u64> {
        prop_oneof![
            Just(0),
            (0..57_u32, any::<u64>()).prop_map(|(bits, noise)| noise >> (63 - bits)),
            (0..5_000_u64).prop_map(|millis| millis * MILLI),
            0..3 * MILLI,
            Just(DAY),
            Just(100 * DAY),
        ]
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            8 => span().prop_map(Act::Arm),
            1 => span().prop_map(Act::ArmPast),
            3 => any::<usize>().prop_map(Act::Cancel),
            3 => span().prop_map(|span| Act::Advance(span, usize::MAX)),
            4 => (span(), 0..4_usize).prop_map(|(span, budget)| Act::Advance(span, budget)),
            1 => span().prop_map(Act::TimeBackwards),
            3 => Just(Act::SleepUntilNext),
        ]
    }

    proptest! {
        #[test]
        fn fires_as_a_sorted_map_would(acts in proptest::collection::vec(act(), 1..200)) {
            let mut timers = Timers::new();
            let mut model = Model::default();
            let mut armed = Vec::new();
            let mut now = 0;
            let mut oldest = None;
            for act in acts {
                let mut budget = 0;
                match act {
                    Act::Arm(span) => {
                        let n = armed.len();
                        armed.push((timers.arm(at(now + span), n), model.arm(now + span, n)));
                    }
                    Act::ArmPast(span) => {
                        let (n, past) = (armed.len(), now.saturating_sub(span));
                        armed.push((timers.arm(at(past), n), model.arm(past, n)));
                    }
                    Act::Cancel(n) if !armed.is_empty() => {
                        let (key, order) = armed[n % armed.len()];
                        let removed = model.pending.remove(&order);
                        prop_assert_eq!(timers.deadline(key), removed);
                        prop_assert_eq!(timers.cancel(key), removed.map(|_| order.3));
                    }
                    Act::Cancel(_) => {}
                    Act::Advance(span, count) => {
                        now += span;
                        budget = count;
                    }
                    Act::TimeBackwards(span) => {
                        let popped = timers.pop_due(at(now.saturating_sub(span)));
                        prop_assert_eq!(popped, model.pop_due(now.saturating_sub(span)));
                    }
                    Act::SleepUntilNext => {
                        if let Some(next) = timers.next() {
                            now = now.max(next.as_nanos());
                            budget = usize::MAX;
                        }
                    }
                }
                for _ in 0..budget {
                    let popped = timers.pop_due(at(now));
                    prop_assert_eq!(popped, model.pop_due(now));
                    let Some((deadline, n)) = popped else { break };
                    prop_assert!(deadline <= at(now), "early");
                    let order = armed[n].1;
                    prop_assert!(oldest < Some(order), "out of order");
                    oldest = Some(order);
                }
                if budget == usize::MAX {
                    // Drained: nothing left is a tick late, and there is a reason to sleep.
                    let least = model.pending.values().min();
                    prop_assert!(least.is_none_or(|least| least.as_nanos() + MILLI > now));
                    prop_assert!(timers.next().is_none_or(|next| next > at(now)));
                }
                prop_assert_eq!(timers.len(), model.pending.len());
                let first = model.pending.first_key_value().map(|(order, _)| at(order.0 * MILLI));
                prop_assert_eq!(timers.next().is_some(), first.is_some());
                prop_assert!(timers.next() <= first, "woken too late");
            }
        }

        #[test]
        fn sleeping_until_next_fires_all_in_time(
            begin in span(),
            spans in proptest::collection::vec((span(), any::<bool>()), 1..60),
        ) {
            let mut timers = Timers::new();
            prop_assert_eq!(timers.pop_due(at(begin)), None);
            let mut spans = spans.into_iter();
            let (mut armed, mut fired, mut wakings_for_nothing) = (0, 0, 0);
            loop {
                // Some are armed at once, the others as the first fire.
                for (span, pause) in spans.by_ref() {
                    timers.arm(timers.now + std::time::Duration::from_nanos(span), ());
                    armed += 1;
                    if pause {
                        break;
                    }
                }
                let Some(next) = timers.next() else { break };
                let mut idle = 1;
                let now = next.max(timers.now);
                while let Some((deadline, ())) = timers.pop_due(now) {
                    prop_assert!(deadline <= now);
                    prop_assert!(now.as_nanos() - deadline.as_nanos() < MILLI);
                    fired += 1;
                    idle = 0;
                }
                wakings_for_nothing += idle;
            }
            prop_assert_eq!(fired, armed);
            prop_assert!(wakings_for_nothing <= armed * (LEVELS - 1));
        }
    }
}
