//! Every live connection without its socket.

use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;

use slab::Slab;

use crate::buffer::SparePool;
use crate::context::counters::Counters;
use crate::context::groups::Groups;
use crate::context::link::{Link, Origin, State};
use crate::context::{LinkId, Session};
use crate::time::Time;

/// Every live connection without its socket: what waits to be sent, groups, values attached, orders to close.
///
/// Reach it by [`Context::links`](crate::Context), a field of its own, so that it can be used while the state is borrowed:
///
/// ```
/// use oneloop::{Context, LinkId};
///
/// struct Room { members: Vec<LinkId> }
///
/// fn say(cx: &mut Context<'_, Room>, text: &str) -> usize {
///     cx.links.push(&cx.state.members, 7, text)
/// }
/// ```
///
/// Nothing here touches a socket: bytes go out at the end of the turn, and a link that is ordered to close is closed after the
/// callback that ordered it.
pub struct Links<S> {
    pub(super) slots: Slab<Link<S>>,
    /// The last generation given. Every link gets the next, so a name comes again only after 2^32 links, in the same slot.
    generation: u32,
    pub(super) groups: Groups,
    pub(crate) spare: SparePool,
    /// Links with output to be written at the end of the turn.
    pub(crate) dirty: Vec<LinkId>,
    /// Links to be served in the next turn without a new event.
    pub(crate) ready: VecDeque<LinkId>,
    /// Links to be closed now, each with its reason.
    pub(crate) doomed: Vec<LinkId>,
    pub(crate) counters: Counters,
    pub(crate) buffered_bytes_max: usize,
    pub(crate) now: Time,
    pub(super) lane: Lane,
    /// What the last panic of a handler or a callback said, and where.
    pub(crate) panicked: Option<String>,
}

impl<S> Links<S> {
    pub(crate) fn new(buffered_bytes_max: usize) -> Self {
        Self {
            slots: Slab::new(),
            generation: 0,
            groups: Groups::default(),
            spare: SparePool::default(),
            dirty: Vec::new(),
            ready: VecDeque::new(),
            doomed: Vec::new(),
            counters: Counters::default(),
            buffered_bytes_max,
            now: Time::START,
            lane: Lane::default(),
            panicked: None,
        }
    }

    /// How many there are, those on their way in or out included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// All of them but those that are being closed, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = LinkId> + '_ {
        let alive = self.slots.iter().filter(|(_, link)| !link.doomed);
        alive.map(|(slot, link)| LinkId {
            slot: slot as u32,
            generation: link.generation,
        })
    }

    /// Whether `id` still names a link that can be sent to.
    #[must_use]
    pub fn is_open(&self, id: LinkId) -> bool {
        self.get(id).is_some_and(Link::takes_output)
    }

    /// Bytes that wait to be sent to this link; none if it is gone.
    #[must_use]
    pub fn outbox_bytes(&self, id: LinkId) -> usize {
        self.get(id).map_or(0, |link| link.outbox.len())
    }

    /// Counts and logs a panic of the user's.
    #[cold]
    pub(crate) fn note_panic(&mut self, panic: String) {
        log::error!("{panic}");
        self.counters.panics += 1;
        self.panicked = Some(panic);
    }

    // ---- names ----

    #[inline]
    pub(crate) fn get(&self, id: LinkId) -> Option<&Link<S>> {
        self.slots
            .get(id.slot as usize)
            .filter(|link| link.generation == id.generation)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, id: LinkId) -> Option<&mut Link<S>> {
        self.lane.link = NOBODY;
        self.slots
            .get_mut(id.slot as usize)
            .filter(|link| link.generation == id.generation)
    }

    /// A link, with what is kept beside it.
    #[inline]
    pub(crate) fn beside(
        &mut self,
        id: LinkId,
    ) -> Option<(&mut Link<S>, &mut Counters, &mut SparePool)> {
        self.lane.link = NOBODY;
        let link = self
            .slots
            .get_mut(id.slot as usize)
            .filter(|link| link.generation == id.generation)?;
        Some((link, &mut self.counters, &mut self.spare))
    }

    /// Whether the link that is being read may go on with its next frame.
    #[inline]
    pub(crate) fn takes_frames(&mut self, id: LinkId) -> bool {
        self.lane.link == id.as_u64() || self.enter_lane(id)
    }

    /// Whether the link that is being read may go on with the next message of its frame.
    #[inline]
    pub(crate) fn is_served(&self, id: LinkId) -> bool {
        self.get(id).is_some_and(Link::is_served)
    }

    /// Whether it closes as soon as all is answered.
    pub(crate) fn is_finishing(&self, id: LinkId) -> bool {
        self.get(id)
            .is_some_and(|link| link.state == State::Finishing)
    }

    /// Looks at the link, and makes it ready for a reply: it will have one, or lose little.
    #[inline(never)]
    fn enter_lane(&mut self, id: LinkId) -> bool {
        let Some(link) = self
            .slots
            .get_mut(id.slot as usize)
            .filter(|link| link.generation == id.generation && link.takes_frames())
        else {
            return false;
        };
        self.lane = Lane {
            link: id.as_u64(),
            room: 0,
        };
        if link.takes_output() && link.extra.is_none() {
            link.outbox.lend(&mut self.spare, 1);
            if !link.dirty && !link.write_blocked {
                link.dirty = true;
                self.dirty.push(id);
            }
            self.lane.room = link.origin.limits.room();
        }
        true
    }

    /// When bytes last came over this link.
    #[cfg(feature = "node")]
    pub(crate) fn heard_at(&self, id: LinkId) -> Option<Time> {
        self.get(id).map(|link| link.received_at)
    }

    /// The name that the next link will have.
    pub(crate) fn next_id(&self) -> LinkId {
        LinkId {
            slot: self.slots.vacant_key() as u32,
            generation: self.generation.wrapping_add(1),
        }
    }

    pub(crate) fn insert(
        &mut self,
        state: State,
        origin: Rc<Origin>,
        session: Box<dyn Session<S>>,
    ) -> LinkId {
        let id = self.next_id();
        self.generation = id.generation;
        self.slots
            .insert(Link::new(id.generation, state, origin, session, self.now));
        id
    }

    /// Takes the link out, with its groups and its buffers.
    pub(crate) fn remove(&mut self, id: LinkId) -> Option<Link<S>> {
        self.get(id)?;
        self.leave_all(id);
        self.lane.link = NOBODY;
        let mut link = self.slots.remove(id.slot as usize);
        self.counters.outbox_bytes -= link.outbox.len() + link.held_bytes();
        self.counters.inbox_bytes -= link.inbox.len();
        self.counters.calls_open -= u64::from(link.calls);
        link.inbox.clear(&mut self.spare);
        let unsent = link.outbox.len();
        link.outbox.advance(unsent);
        link.outbox.release(&mut self.spare);
        Some(link)
    }

    /// Starts the generations elsewhere, to test that they wrap.
    #[cfg(test)]
    pub(crate) const fn start_generation(&mut self, generation: u32) {
        self.generation = generation;
    }

    // ---- calls ----

    /// Notes that a call of this link has begun whose answer comes later. At `calls_max` the link is not read.
    pub fn call_opened(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id) {
            link.calls += 1;
            self.counters.calls_open += 1;
            self.counters.calls_deferred += 1;
        }
    }

    /// Notes that a reply of this link is there and waits for others. It counts as if it were in the outbox.
    pub(crate) fn hold(&mut self, id: LinkId, bytes: usize) {
        if let Some(link) = self.get_mut(id) {
            link.extra().held_bytes += bytes;
            link.choked |= link.waiting_bytes() >= link.origin.limits.outbox_bytes_high;
            self.counters.outbox_bytes += bytes;
        }
    }

    /// Notes that such a reply waits no more.
    pub(crate) fn release(&mut self, id: LinkId, bytes: usize) {
        if let Some(link) = self.get_mut(id) {
            link.extra().held_bytes -= bytes;
            self.counters.outbox_bytes -= bytes;
            self.touch(id);
        }
    }

    /// Notes that such a call has its outcome.
    pub fn call_closed(&mut self, id: LinkId) {
        let Some(link) = self.get_mut(id) else { return };
        debug_assert!(link.calls > 0, "more calls closed than opened");
        if link.calls == 0 {
            // Those of other links are not its to close.
            return;
        }
        link.calls -= 1;
        let last = link.calls == 0;
        self.counters.calls_open -= 1;
        self.enqueue(id);
        if last {
            // It may have waited for this to close.
            self.touch(id);
        }
    }

    // ---- backpressure ----

    /// Has a link not read until it is [resumed](Self::resume) as often: what it sent last cannot go on yet.
    #[cfg(feature = "node")]
    pub(crate) fn pause(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id) {
            link.paused = true;
            let extra = link.extra();
            extra.pauses = extra.pauses.saturating_add(1);
        }
    }

    /// Has a link read on, unless it was paused more often.
    #[cfg(feature = "node")]
    pub(crate) fn resume(&mut self, id: LinkId) {
        let Some(link) = self.get_mut(id) else { return };
        let extra = link.extra();
        extra.pauses = extra.pauses.saturating_sub(1);
        link.paused = extra.pauses > 0;
        self.enqueue(id);
    }

    /// Has the session of a link woken when little of what waits to be sent is left.
    pub(crate) fn tell_when_drained(&mut self, id: LinkId) {
        if let Some(link) = self.get_mut(id) {
            link.tells_drained = true;
        }
    }

    // ---- values ----

    /// Attaches a value of the application's to a link, instead of the one before. False if the link is gone.
    pub fn attach<T: 'static>(&mut self, id: LinkId, value: T) -> bool {
        self.get_mut(id)
            .map(|link| link.extra().attached = Some(Box::new(value)))
            .is_some()
    }

    /// The value attached to a link, if there is one of this type.
    #[must_use]
    pub fn attached<T: 'static>(&self, id: LinkId) -> Option<&T> {
        self.get(id)?
            .extra
            .as_ref()?
            .attached
            .as_ref()?
            .downcast_ref()
    }

    /// The value attached to a link, to be changed.
    pub fn attached_mut<T: 'static>(&mut self, id: LinkId) -> Option<&mut T> {
        self.get_mut(id)?
            .extra
            .as_mut()?
            .attached
            .as_mut()?
            .downcast_mut()
    }

    /// Takes the value attached to a link, if there is one of this type.
    pub fn detach<T: 'static>(&mut self, id: LinkId) -> Option<T> {
        let attached: &mut Option<Box<dyn Any>> = &mut self.get_mut(id)?.extra.as_mut()?.attached;
        match attached.take()?.downcast::<T>() {
            Ok(value) => Some(*value),
            Err(other) => {
                *attached = Some(other);
                None
            }
        }
    }

    // ---- checks ----

    /// Whether what is counted is what is there.
    ///
    /// # Panics
    /// If it is not: a bug here, which a later symptom would hide.
    pub(crate) fn check(&self) {
        let counters = &self.counters;
        let came = counters.accepted + counters.dialled;
        assert_eq!(
            self.slots.len() as u64,
            came - counters.closed(),
            "links = accepted + dialled - closed"
        );
        let sum =
            |of: fn(&Link<S>) -> usize| self.slots.iter().map(|(_, link)| of(link)).sum::<usize>();
        assert_eq!(
            sum(|link| link.outbox.len() + link.held_bytes()),
            counters.outbox_bytes,
            "bytes waiting to be sent"
        );
        assert_eq!(
            sum(|link| link.inbox.len()),
            counters.inbox_bytes,
            "bytes of part frames"
        );
        assert_eq!(
            sum(|link| link.calls as usize) as u64,
            counters.calls_open,
            "open calls"
        );
        for (slot, link) in &self.slots {
            let id = LinkId {
                slot: slot as u32,
                generation: link.generation,
            };
            assert!(link.session.is_some(), "link {id} lost its session");
            assert_eq!(
                link.dirty,
                self.dirty.contains(&id),
                "link {id} and the list of those to be written"
            );
            assert_eq!(
                link.queued,
                self.ready.contains(&id),
                "link {id} and the list of those to be served"
            );
            assert_eq!(
                link.doomed,
                self.doomed.contains(&id),
                "link {id} and the list of those to be closed"
            );
            assert!(
                !link.has_work() || link.queued || link.doomed,
                "link {id} has work and nobody will do it: {:?}",
                link.state
            );
            let unsent = !link.outbox.is_empty() && link.state != State::Dialling;
            assert!(
                !unsent || link.dirty || link.write_blocked || link.doomed,
                "link {id} has output and nobody will send it"
            );
            assert!(
                !link.outbox.is_empty() || !link.outbox.has_buffer(),
                "link {id} is idle and holds a buffer"
            );
            assert!(
                link.timer_at <= link.deadline(),
                "link {id} has a deadline and no timer"
            );
            for membership in link.extra.iter().flat_map(|extra| &extra.memberships) {
                assert!(
                    self.groups.members(membership.group).contains(&id),
                    "link {id} is not in its group"
                );
            }
        }
    }
}

/// The link that is being read, once it was seen to take frames. While nobody changes a link, its next frame and its next reply need no
/// second look: whoever gets a link to change it clears the lane.
pub(super) struct Lane {
    /// The link's name as a number, or [`NOBODY`].
    pub(super) link: u64,
    /// So many bytes may be in its outbox before marks and limits have to be looked at. Not 0: it takes output, has a buffer for it, and
    /// is on the list of those to be written.
    pub(super) room: usize,
}

/// No link has this number: there are never so many slots.
const NOBODY: u64 = u64::MAX;

impl Default for Lane {
    #[inline]
    fn default() -> Self {
        Self {
            link: NOBODY,
            room: 0,
        }
    }
}
