//! What part of a link's calls each child behind this node has.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::context::{Context, LinkId};
use crate::time::Time;

use super::limits::NodeLimits;

/// What is passed on of the commands that came over each link of this loop: so that those for a child that is slow do not fill the one
/// link which they share with those for others.
///
/// A child has as many of a link's calls as are free besides, and no more: one that is slow has half of them, two a third each; and all
/// together leave a quarter of them free. What comes for it beyond that, or would have to wait here, is set aside: it goes its way as it
/// would have, but is none of the link's calls any more at either end, and the other end reads its client no further until it is answered.
/// So the link goes on, and commands are neither sent twice nor overtake each other.
#[derive(Default)]
pub(super) struct Shares(RefCell<BTreeMap<LinkId, Rc<Share>>>);

impl Shares {
    /// Those of this loop.
    pub(super) fn of<S: 'static>(cx: &mut Context<'_, S>) -> Rc<Self> {
        loop {
            match cx.part::<Self>() {
                Some(shares) => return shares,
                None => drop(cx.keep_part(Self::default())),
            }
        }
    }

    /// A link that is up, as long as this lives.
    pub(super) fn add(self: Rc<Self>, link: LinkId, limits: &NodeLimits) -> Incoming {
        let share = Rc::new(Share {
            window: Cell::new(0),
            window_max: limits.link.calls_max as usize,
            calls_max: limits.aside_calls_max,
            bytes_max: limits.aside_bytes_max,
            aside: Cell::new(0),
            stands_aside: Cell::new(false),
            is_full: Cell::new(false),
            told_slow_at: Cell::new(None),
            told_full_at: Cell::new(None),
            counts: RefCell::default(),
        });
        self.0.borrow_mut().insert(link, Rc::clone(&share));
        Incoming {
            shares: self,
            link,
            share,
        }
    }

    /// The command that is being served is passed on to this child, or will be, or waits for it already. None if it came by no link
    /// between nodes, or the other end of that does not know how to set calls aside.
    pub(super) fn enter<S>(
        &self,
        cx: &Context<'_, S>,
        (child, name): (LinkId, &str),
        bytes: usize,
        waits: bool,
    ) -> Option<Place> {
        // What is passed on later, by whatever else is being done here, came by no link that is known.
        cx.call_until()?;
        let link = cx.current_link()?;
        let share = Rc::clone(self.0.borrow().get(&link)?);
        let open = cx.links.get(link)?.calls as usize;
        let place = share.enter(child, open, bytes, || {
            // The other end has to be told.
            let (waiting, most) = cx.links.outbox_room(link);
            (waits, waiting < most / 2)
        })?;
        place.share.tell(cx.now(), link, name, place.is_aside());
        Some(place)
    }
}

/// A link that is up.
pub(super) struct Incoming {
    shares: Rc<Shares>,
    link: LinkId,
    share: Rc<Share>,
}

impl Incoming {
    /// The other end has so many calls under way at most, and knows how to set them aside.
    pub(super) fn set_window(&self, calls: i32) {
        let calls = usize::try_from(calls).unwrap_or(0);
        self.share.window.set(calls.min(self.share.window_max));
    }

    /// So many of the link's calls are set aside, with those that the child has answered and this node has not.
    pub(super) fn note_aside(&self, calls: usize) {
        self.share.aside.set(calls);
    }

    /// Whether the call that was served last is to stand aside. Is told once.
    pub(super) fn is_to_stand_aside(&self) -> bool {
        self.share.stands_aside.replace(false)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.shares.0.borrow_mut().remove(&self.link);
    }
}

/// Of one link.
struct Share {
    /// So many calls the other end may have under way; 0: it does not know how to set calls aside.
    window: Cell<usize>,
    /// So many this end takes.
    window_max: usize,
    calls_max: usize,
    bytes_max: usize,
    /// So many of the link's calls are set aside.
    aside: Cell<usize>,
    /// The call that is being served is to stand aside.
    stands_aside: Cell<bool>,
    /// The call that is being served would stand aside if there were room.
    is_full: Cell<bool>,
    /// When the log was last told that a child is slow, and that it is so slow that others wait.
    told_slow_at: Cell<Option<Time>>,
    told_full_at: Cell<Option<Time>>,
    counts: RefCell<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Calls of the link that each has. Some have none: an entry stays for the next.
    children: BTreeMap<LinkId, usize>,
    /// With so many entries those that have none are taken out.
    tidy_at: usize,
    /// What is set aside and is on its way to a child, or waits for that.
    aside: usize,
    aside_bytes: usize,
}

impl Share {
    /// A command goes to this child while so many calls of the link are open. `looks` says whether it will have to wait, and whether the
    /// other end can be told now.
    fn enter(
        self: Rc<Self>,
        child: LinkId,
        open: usize,
        bytes: usize,
        looks: impl FnOnce() -> (bool, bool),
    ) -> Option<Place> {
        let window = self.window.get();
        if window == 0 {
            return None;
        }
        let mut counts = self.counts.borrow_mut();
        let aside = self.aside.get();
        let counted = open.saturating_sub(aside).saturating_add(1);
        let left = window.saturating_sub(counted);
        let has = counts.children.get(&child).copied().unwrap_or(0);
        let (waits, can_tell) = looks();
        let too_many = has.saturating_add(1) > left || left < window / KEPT_FREE;
        let room = aside.max(counts.aside) < self.calls_max
            && counts.aside_bytes.saturating_add(bytes) <= self.bytes_max;
        let is_slow = waits || too_many;
        self.is_full.set(is_slow && !room);
        let aside = (is_slow && room && can_tell).then_some(bytes);
        match aside {
            Some(bytes) => {
                counts.aside = counts.aside.saturating_add(1);
                counts.aside_bytes = counts.aside_bytes.saturating_add(bytes);
                self.stands_aside.set(true);
            }
            None => counts.add(child),
        }
        drop(counts);
        Some(Place {
            share: self,
            child,
            aside,
        })
    }

    /// Tells the log of a child that is slow, unless that was told lately.
    #[inline]
    fn tell(&self, now: Time, link: LinkId, name: &str, is_aside: bool) {
        if is_aside && is_time(&self.told_slow_at, now) {
            log::warn!("{name} is slow: clients behind link {link} that feed it are not read");
        }
        if self.is_full.get() && is_time(&self.told_full_at, now) {
            let Counts {
                aside, aside_bytes, ..
            } = *self.counts.borrow();
            log::warn!(
                "{name} is slow, and {aside} commands of {aside_bytes} bytes are set aside: no more can be, and clients behind link {link} \
                 wait for it that feed others"
            );
        }
    }
}

/// Whether it is time to tell something again.
fn is_time(told_at: &Cell<Option<Time>>, now: Time) -> bool {
    let is_time = told_at.get().is_none_or(|told| now - told >= TELL_AGAIN);
    if is_time {
        told_at.set(Some(now));
    }
    is_time
}

impl Counts {
    fn add(&mut self, child: LinkId) {
        if let Some(count) = self.children.get_mut(&child) {
            *count = count.saturating_add(1);
            return;
        }
        if self.children.len() >= self.tidy_at.max(TIDY_AT_MIN) {
            self.children.retain(|_, count| *count > 0);
            self.tidy_at = self.children.len().saturating_mul(2);
        }
        self.children.insert(child, 1);
    }
}

/// What a command has of the link that it came by, until it is answered.
pub(super) struct Place {
    share: Rc<Share>,
    child: LinkId,
    /// The bytes of its body, if it is set aside.
    aside: Option<usize>,
}

impl Place {
    pub(super) const fn is_aside(&self) -> bool {
        self.aside.is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.share.counts.borrow_mut();
        match self.aside {
            Some(bytes) => {
                counts.aside = counts.aside.saturating_sub(1);
                counts.aside_bytes = counts.aside_bytes.saturating_sub(bytes);
            }
            None => {
                if let Some(count) = counts.children.get_mut(&self.child) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }
}

/// One in so many of a link's calls no child has, however many are slow: what comes for any is set aside at once rather than fill it, so
/// that the other end can go on sending while it is told so.
const KEPT_FREE: usize = 4;

/// The log is told once in so long.
const TELL_AGAIN: Duration = Duration::from_secs(60);

const TIDY_AT_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: LinkId = LinkId::from_u64(1);
    const B: LinkId = LinkId::from_u64(2);

    fn share(window: i32, calls_max: usize, bytes_max: usize) -> Rc<Share> {
        let limits = NodeLimits {
            aside_calls_max: calls_max,
            aside_bytes_max: bytes_max,
            ..NodeLimits::default()
        };
        let incoming = Rc::new(Shares::default()).add(A, &limits);
        incoming.set_window(window);
        Rc::clone(&incoming.share)
    }

    /// So many commands come for these children, one after the other; which of them are set aside.
    fn take(share: &Rc<Share>, places: &mut Vec<Place>, child: LinkId, count: usize) -> Vec<bool> {
        let one = |_| {
            let aside = places.iter().filter(|place| place.is_aside());
            share.aside.set(aside.count());
            let enters = Rc::clone(share).enter(child, places.len(), 1, || (false, true));
            let place = enters.expect("the other end knows");
            let is_aside = place.is_aside();
            places.push(place);
            is_aside
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn a_child_has_as_many_calls_as_are_free_and_no_more() {
        // The window; how many the first of two has, and then the second.
        for (window, first, second) in [(1, 0, 0), (2, 1, 0), (3, 1, 1), (4, 2, 1), (10, 5, 2)] {
            let (share, mut places) = (share(window, 99, 99), Vec::new());
            let calls = |child, places: &mut Vec<Place>| {
                let aside = take(&share, places, child, 9);
                aside.iter().filter(|aside| !**aside).count()
            };
            assert_eq!(calls(A, &mut places), first, "{window}");
            assert_eq!(calls(B, &mut places), second, "{window}");
            places.clear();
            assert_eq!(calls(A, &mut places), first, "and again");
        }
        // This end takes so many, whatever the other one says.
        let (share, mut places) = (share(i32::MAX, 9, 9), Vec::new());
        assert_eq!(take(&share, &mut places, A, 512), [false; 512]);
        assert_eq!(take(&share, &mut places, A, 1), [true]);
        assert_eq!(
            take(&share, &mut places, B, 256),
            [false; 256],
            "half of the rest"
        );
        assert_eq!(take(&share, &mut places, B, 1), [true]);
    }

    #[test]
    fn so_many_are_set_aside_and_so_many_bytes() {
        for (calls_max, bytes_max, aside) in [(0, 9, 0), (2, 9, 2), (3, 3, 3), (9, 3, 3), (9, 2, 2)]
        {
            let (share, mut places) = (share(2, calls_max, bytes_max), Vec::new());
            assert_eq!(take(&share, &mut places, A, 1), [false]);
            let taken = take(&share, &mut places, A, 4);
            let wanted: Vec<bool> = (0..4).map(|number| number < aside).collect();
            assert_eq!(taken, wanted, "{calls_max} calls, {bytes_max} bytes");
            assert_eq!(share.is_full.get(), aside < 4);
            places.clear();
            let counts = share.counts.borrow();
            assert_eq!((counts.aside, counts.aside_bytes), (0, 0));
        }
    }

    #[test]
    fn the_log_is_told_once_a_minute() {
        let (told_at, at) = (Cell::new(None), |secs| {
            Time::START + Duration::from_secs(secs)
        });
        let told = [0, 1, 59, 60, 61, 119, 120].map(|secs| is_time(&told_at, at(secs)));
        assert_eq!(told, [true, false, false, true, false, false, true]);
    }

    #[test]
    fn who_does_not_know_of_it_or_cannot_be_told_is_told_nothing() {
        assert!(share(0, 9, 9).enter(A, 9, 1, || (true, true)).is_none());
        let share = share(2, 9, 9);
        let enter = |waits, can_tell| {
            let place = Rc::clone(&share).enter(A, 0, 1, || (waits, can_tell));
            let stands_aside = share.stands_aside.replace(false);
            place.is_some_and(|place| {
                assert_eq!(place.is_aside(), stands_aside);
                stands_aside
            })
        };
        assert!(!enter(true, false));
        assert!(enter(true, true), "who waits stands aside");
        assert!(!enter(false, true));
    }

    proptest! {
        /// As long as there is room beside, a link has calls for a child that had none.
        #[test]
        fn one_more_child_always_has_a_call(
            window in 3..50_i32, comes in proptest::collection::vec((0..6_u64, any::<bool>()), 0..300),
        ) {
            let (share, mut places) = (share(window, 1000, 1000), Vec::new());
            for (number, goes) in comes {
                match goes {
                    true if !places.is_empty() => {
                        let at = number as usize * 7 % places.len();
                        places.swap_remove(at);
                    }
                    _ => _ = take(&share, &mut places, LinkId::from_u64(number), 1),
                }
                let calls = places.iter().filter(|place: &&Place| !place.is_aside()).count();
                let free = window as usize - calls;
                prop_assert!(free >= 1.max(window as usize / 4), "{free} of {window}");
                prop_assert_eq!(share.counts.borrow().aside, places.len() - calls);
                prop_assert!(share.counts.borrow().children.len() <= 6);
            }
        }

        #[test]
        fn children_that_are_gone_are_forgotten(children in 1..200_u64) {
            let share = share(1000, 9, 9);
            for child in 0..children {
                drop(take(&share, &mut Vec::new(), LinkId::from_u64(child), 1));
            }
            prop_assert!(share.counts.borrow().children.len() <= TIDY_AT_MIN);
        }
    }
}
