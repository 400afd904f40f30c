//! Calling what the user wrote: sessions and callbacks.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::buffer::{Flow, Inbox, Input};
use crate::context::{
    Context, Driver, Label, LinkId, Reason, Session, State, Verdict, panic_message,
};
use crate::engine::Engine;
use crate::error::{Error, PeerFault, Result};
use crate::time::Time;

/// What a part frame may have besides the bytes that `frame_bytes_max` counts: heads, endings.
const HEAD_BYTES_MAX: usize = 1024;

impl<S, D: Driver> Engine<S, D> {
    /// Hands `count` bytes of the scratch buffer to the link's session, behind what its inbox keeps. True if there is nothing left to see
    /// to: all frames were whole and are handled, and no more bytes are there to be read.
    pub(super) fn deliver(&mut self, id: LinkId, count: usize) -> bool {
        let Some(link) = self.links.get_mut(id) else {
            return true;
        };
        let Some(mut session) = link.session.take() else {
            return false;
        };
        // The hot way has none: nothing was cut, so frames are handed on from where they were read.
        let mut inbox = link
            .inbox
            .is_mid_frame()
            .then(|| std::mem::take(&mut link.inbox));
        let limits = (
            link.origin.limits.frame_bytes_max,
            link.origin.limits.frames_per_turn_max,
        );
        let was_leftover = link.leftover;
        let kept = inbox.as_ref().map_or(0, Inbox::len);
        let frames_before = self.links.counters.frames_in;
        self.agenda.link = Some(id);
        self.agenda.steps.begin(Label::new("reading a link"));
        let mut cx = Context {
            state: &mut self.state,
            links: &mut self.links,
            agenda: &mut self.agenda,
            listeners: &mut self.listeners,
            driver: &mut self.driver,
        };
        let fresh = &self.scratch[..count];
        let mut input = Input::limited(fresh, limits.0, limits.1);
        let mut flow = None;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let Some(inbox) = &mut inbox else {
                return session.received(&mut input, &mut cx);
            };
            let mut verdict = Verdict::Continue;
            let went = inbox.receive(fresh, &mut self.spare, limits, |input: &mut Input<'_>| {
                verdict = session.received(input, &mut cx)?;
                if verdict != Verdict::Continue {
                    input.halt();
                }
                Ok::<(), Error>(())
            })?;
            flow = Some(went);
            Ok(verdict)
        }));
        if inbox.is_none() && !input.is_drained() {
            let mut part = Inbox::default();
            flow = Some(part.keep_rest(&input, &mut self.spare));
            inbox = Some(part);
        }
        self.agenda.leave_link();
        self.step_done();
        let goes_on = matches!(outcome, Ok(Ok(Verdict::Continue)));
        let Some(link) = self.links.get_mut(id) else {
            return true;
        };
        link.session = Some(session);
        if goes_on && inbox.is_none() && link.state == State::Open {
            // Every frame was whole and is handled.
            link.leftover = false;
            link.part_since = Time::NEVER;
            return !link.readable && !link.ended;
        }
        let flow = flow.unwrap_or(Flow::Drained);
        let flow = goes_on.then_some(flow);
        let whole_frames = self.links.counters.frames_in != frames_before;
        self.keep_inbox(
            id,
            inbox.unwrap_or_default(),
            kept,
            (flow, was_leftover, whole_frames),
        );
        self.conclude(id, outcome);
        false
    }

    /// Puts back the inbox, which held `kept` bytes before: what is in it now is the beginning of a frame, frames to be handled later,
    /// or of no use any more.
    fn keep_inbox(
        &mut self,
        id: LinkId,
        mut inbox: Inbox,
        kept: usize,
        (flow, was_leftover, whole_frames): (Option<Flow>, bool, bool),
    ) {
        let now = self.links.now;
        let Some(link) = self.links.get_mut(id) else {
            return;
        };
        let wanted = link.state == State::Open
            || (link.state == State::Finishing && was_leftover && link.leftover);
        link.leftover = flow == Some(Flow::Halted) && wanted && !inbox.is_empty();
        if flow.is_none() || !wanted {
            inbox.clear(&mut self.spare);
        }
        let mid_frame = !link.leftover && link.state == State::Open && inbox.is_mid_frame();
        if !mid_frame {
            link.part_since = Time::NEVER;
        } else if link.part_since == Time::NEVER || whole_frames {
            // It began with these bytes: its time runs from now, however often it is added to.
            link.part_since = now;
        }
        let (held, most) = (inbox.len(), link.origin.limits.frame_bytes_max);
        link.inbox = inbox;
        self.links.counters.inbox_bytes = self.links.counters.inbox_bytes + held - kept;
        if mid_frame && held > most.saturating_add(HEAD_BYTES_MAX) {
            // A decoder that checks no length must not have the link buffer without bound.
            let most = most as u64;
            self.links
                .doom(id, Reason::Fault(PeerFault::FrameTooLong { most }));
        } else if held > kept && self.is_over_memory() {
            self.links.doom(id, Reason::Memory);
        }
    }

    /// Calls the link's session.
    pub(super) fn call(
        &mut self,
        id: LinkId,
        label: &'static str,
        call: impl FnOnce(&mut dyn Session<S>, &mut Context<'_, S>) -> Result<Verdict>,
    ) {
        let Some(mut session) = self.links.get_mut(id).and_then(|link| link.session.take()) else {
            return;
        };
        self.agenda.link = Some(id);
        self.agenda.steps.begin(Label::new(label));
        let mut cx = self.context();
        let outcome = catch_unwind(AssertUnwindSafe(|| call(&mut *session, &mut cx)));
        self.agenda.leave_link();
        self.step_done();
        if let Some(link) = self.links.get_mut(id) {
            link.session = Some(session);
        }
        self.conclude(id, outcome);
    }

    /// Does what the session said.
    fn conclude(&mut self, id: LinkId, outcome: Result<Result<Verdict>, Box<dyn Any + Send>>) {
        match outcome {
            Ok(Ok(Verdict::Continue)) => {}
            Ok(Ok(Verdict::CloseWhenAnswered)) => {
                self.links
                    .close_softly(id, State::Finishing, Reason::Closed);
            }
            Ok(Ok(Verdict::CloseWhenSent)) => {
                self.links.close_softly(id, State::Closing, Reason::Closed);
            }
            Ok(Ok(Verdict::CloseNow)) => self.links.doom(id, Reason::Closed),
            Ok(Err(error)) => self.links.close_softly(id, State::Closing, error.into()),
            Err(panic) => self.panicked(id, &panic_message(&*panic)),
        }
    }

    /// The session's code panicked. It gets one last word, and the link is closed.
    #[cold]
    fn panicked(&mut self, id: LinkId, message: &str) {
        let label = self.agenda.steps.label();
        self.links
            .note_panic(format!("link {id}: {label} panicked: {message}"));
        if let Some(mut session) = self.links.get_mut(id).and_then(|link| link.session.take()) {
            self.agenda.link = Some(id);
            let mut cx = self.context();
            let finishing = cx.links.is_finishing(id);
            if catch_unwind(AssertUnwindSafe(|| session.panicked(message, &mut cx))).is_err() {
                log::error!("link {id}: its last word panicked too");
            }
            self.agenda.leave_link();
            if let Some(link) = self.links.get_mut(id) {
                link.session = Some(session);
            }
            if !finishing && self.links.is_finishing(id) {
                // The last word was that earlier calls are to be answered first.
                return;
            }
        }
        self.links
            .close_softly(id, State::Closing, Reason::Panicked(message.into()));
    }

    /// Runs a callback that is about no link.
    pub(super) fn run<R>(
        &mut self,
        label: &'static str,
        callback: impl FnOnce(&mut Context<'_, S>) -> R,
    ) -> Option<R> {
        self.agenda.steps.begin(Label::new(label));
        let mut cx = self.context();
        let outcome = catch_unwind(AssertUnwindSafe(|| callback(&mut cx)));
        let outcome = outcome.map_err(|panic| {
            let (label, message) = (self.agenda.steps.label(), panic_message(&*panic));
            self.links
                .note_panic(format!("{label} panicked: {message}"));
        });
        self.step_done();
        outcome.ok()
    }

    /// Drops what may have a destructor of the user's.
    pub(super) fn drop_safely<T>(&mut self, what: &str, value: T) {
        if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
            self.links.note_panic(format!("dropping {what} panicked"));
        }
    }

    /// Something of the user's has run: how long it took is looked at if somebody is suspected.
    #[inline]
    pub(super) fn step_done(&mut self) {
        if self.agenda.steps.are_timed() {
            let now = self.driver.now();
            self.agenda.steps.done(self.agenda.steps.label(), now);
            self.links.now = now;
        }
    }
}
