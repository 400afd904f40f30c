//! A link whose ends have proven who they are: calls both ways, and signs of life.

use std::rc::Rc;
use std::time::Duration;

use crate::buffer::Input;
use crate::codec::{Decoder, Framed};
use crate::context::{Context, Reason, Verdict};
use crate::error::{Error, PeerFault, Result};
use crate::thrift::{
    Desk, Duplex, MessageKind, Outgoing, RawMessage, Taken, call_frame, exception_frame,
    read_arguments,
};
use crate::time::Time;

use super::limits::{BEAT_MIN, NodeLimits};
use super::shares::{Incoming, Shares};
use super::wire::oneloop_methods::{
    Cancel, CancelArguments, Heartbeat, HeartbeatArguments, SetAside, SetAsideArguments, Window,
    WindowArguments,
};

/// A link whose ends have proven who they are.
pub(super) struct Proven<S: 'static> {
    duplex: Duplex<S>,
    /// After so much silence of ours the other end wants a sign of life, if at all.
    beat: Option<Duration>,
    /// After so much silence of the other end's the link is closed, if at all.
    silence: Option<Duration>,
    /// What has come by it and is passed on.
    incoming: Incoming,
}

impl<S: 'static> Proven<S> {
    /// From now on calls go both ways. `wanted_ms` is what the other end wants of signs of life; if that is nothing, it gives none either.
    ///
    /// # Errors
    /// What ends the link.
    pub(super) fn begin(
        desk: &Rc<Desk<S>>,
        outgoing: Rc<Outgoing>,
        limits: &NodeLimits,
        wanted_ms: i32,
        cx: &mut Context<'_, S>,
    ) -> Result<Self> {
        let wanted = Duration::from_millis(u64::from(wanted_ms.unsigned_abs()));
        let beats = wanted_ms > 0;
        outgoing.note_sent(cx.now());
        let proven = Self {
            duplex: Duplex::new(
                Rc::clone(desk),
                Rc::clone(&outgoing),
                limits.link.calls_max as usize,
            ),
            beat: beats.then_some(wanted.max(BEAT_MIN)),
            silence: beats.then_some(limits.silence_deadline),
            incoming: Shares::of(cx).add(cx.link(), limits),
        };
        outgoing.came_up(cx)?;
        Ok(proven)
    }

    /// Both ends may set each other's calls aside, if the other knows what that is: so many calls of it, and so many of ours, may be under
    /// way besides.
    ///
    /// # Errors
    /// What ends the link.
    pub(super) fn exchange_windows(
        &mut self,
        theirs: i32,
        ours: i32,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        if theirs <= 0 {
            return Ok(());
        }
        self.incoming.set_window(theirs);
        let frame = call_frame::<Window>(SERVICE, 0, &WindowArguments { calls: ours })?;
        self.send(&frame, cx)
    }

    /// Has the session woken when it has something to do. To be called when all else that comes with being up is done.
    pub(super) fn sleep(&mut self, cx: &mut Context<'_, S>) {
        let link = cx.link();
        let heard = cx.links.heard_at(link).unwrap_or(Time::NEVER);
        let silent = self.silence.map_or(Time::NEVER, |span| heard + span);
        let sent = self.duplex.outgoing().sent_at();
        let beat = self.beat.map_or(Time::NEVER, |span| sent + span);
        let next = self.duplex.deadline().min(silent).min(beat);
        self.duplex.wake_at(next, cx);
    }

    /// Takes what has come.
    ///
    /// # Errors
    /// What ends the link.
    pub(super) fn received(
        &mut self,
        framed: &mut Framed,
        input: &mut Input<'_>,
        cx: &mut Context<'_, S>,
    ) -> Result<Verdict> {
        let outcome = self.take_frames(framed, input, cx);
        self.told(outcome, cx)
    }

    fn take_frames(
        &mut self,
        framed: &mut Framed,
        input: &mut Input<'_>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        while let Some(frame) = cx.next_frame(input, |input| framed.decode(input))? {
            self.incoming.note_aside(self.duplex.aside());
            match self.duplex.take(frame, SERVICE, cx)? {
                Taken::Ours(method, head, body) => self.control(method, head, body, cx)?,
                Taken::Theirs if self.incoming.is_to_stand_aside() => self.set_last_aside(cx)?,
                Taken::Theirs => {}
            }
            if !cx.links.is_open(cx.link()) {
                break;
            }
        }
        Ok(())
    }

    /// The call that came last waits for somebody who is slow: it is none of the link's from here on, and its caller reads its client no
    /// further.
    fn set_last_aside(&mut self, cx: &mut Context<'_, S>) -> Result<()> {
        let Some(sequence) = self.duplex.set_last_aside(cx) else {
            return Ok(());
        };
        let frame = call_frame::<SetAside>(SERVICE, 0, &SetAsideArguments { sequence })?;
        self.send(&frame, cx)
    }

    /// A call that is not the applications'.
    fn control(
        &mut self,
        method: &[u8],
        head: RawMessage<'_>,
        body: &[u8],
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        match method {
            // That it came is all.
            b"heartbeat" => Ok(()),
            b"cancel" => {
                let CancelArguments { sequence } = read_arguments::<Cancel>(body)?;
                self.duplex.cancelled(sequence, cx)
            }
            b"window" => {
                let WindowArguments { calls } = read_arguments::<Window>(body)?;
                self.incoming.set_window(calls);
                Ok(())
            }
            b"set_aside" => {
                let SetAsideArguments { sequence } = read_arguments::<SetAside>(body)?;
                self.duplex.set_aside(sequence, cx)
            }
            b"hello" | b"proof" => {
                Err(PeerFault::Malformed("it proves again who it is".into()).into())
            }
            // A later version's.
            _ if head.kind == MessageKind::Oneway => Ok(()),
            _ => {
                let name = String::from_utf8_lossy(method);
                let name: String = name.chars().take(NAME_CHARS_MAX).collect();
                self.send(&exception_frame(&name, head.sequence)?, cx)
            }
        }
    }

    /// A deferred is settled, or dropped.
    ///
    /// # Errors
    /// What ends the link.
    pub(super) fn answered(&mut self, number: u64, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let outcome = match self.duplex.answered(number, cx) {
            Ok(Some(sequence)) => self.cancel(sequence, cx),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let outcome = outcome.and_then(|()| self.duplex.send_queued(cx));
        self.told(outcome, cx)
    }

    /// The time that was set has come.
    ///
    /// # Errors
    /// What ends the link.
    pub(super) fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let outcome = self.look_at_the_clock(cx);
        self.told(outcome, cx)
    }

    fn look_at_the_clock(&mut self, cx: &mut Context<'_, S>) -> Result<()> {
        for sequence in self.duplex.expire(cx)? {
            self.cancel(sequence, cx)?;
        }
        self.duplex.send_queued(cx)?;
        let (now, link) = (cx.now(), cx.link());
        // It is always read, so its silence is its own.
        let heard = cx.links.heard_at(link).unwrap_or(Time::NEVER);
        if self.silence.is_some_and(|span| heard + span <= now) {
            let fault = PeerFault::Silent;
            self.duplex.fail(&Error::Peer(fault.clone()));
            // Nothing that is sent would arrive.
            cx.links.doom(link, Reason::Fault(fault));
            return Ok(());
        }
        let sent = self.duplex.outgoing().sent_at();
        if self.beat.is_some_and(|span| sent + span <= now) {
            let frame = call_frame::<Heartbeat>(SERVICE, 0, &HeartbeatArguments {})?;
            self.send(&frame, cx)?;
        }
        self.sleep(cx);
        Ok(())
    }

    /// Tells the callee that nobody waits for the answer to a call any more.
    fn cancel(&self, sequence: i32, cx: &mut Context<'_, S>) -> Result<()> {
        let frame = call_frame::<Cancel>(SERVICE, 0, &CancelArguments { sequence })?;
        self.send(&frame, cx)
    }

    fn send(&self, frame: &[u8], cx: &mut Context<'_, S>) -> Result<()> {
        self.duplex.outgoing().note_sent(cx.now());
        match cx.links.send_frame(cx.link(), frame) {
            Ok(()) | Err(Error::LinkClosed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// An error ends the link: our calls fail now, and not when its last bytes are sent.
    /// A link that is to end ends at once: whoever could be called over it would be called in vain as long as its last bytes are sent.
    fn told(&self, outcome: Result<()>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        if let Err(error) = outcome {
            self.duplex.fail(&error);
            cx.links.doom(cx.link(), error.into());
        }
        Ok(Verdict::Continue)
    }

    /// The other end sends no more: nobody answers our calls.
    pub(super) fn ended(&self, cx: &mut Context<'_, S>) -> Verdict {
        self.duplex.fail(&Error::LinkClosed);
        cx.links.doom(cx.link(), Reason::PeerClosed);
        Verdict::Continue
    }

    pub(super) fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        self.duplex.panicked(message, cx);
        self.duplex.fail(&Error::LinkClosed);
        cx.links
            .doom(cx.link(), Reason::Panicked(message.to_owned()));
    }

    pub(super) fn closed(&mut self, reason: &Reason) {
        self.duplex.closed(reason);
    }
}

/// Takes a frame of somebody who has not proven who it is, if it has wholly come. Of one that is too long nothing is awaited.
pub(super) fn short_frame<'i>(
    input: &mut Input<'i>,
    bytes_max: usize,
) -> Result<Option<&'i [u8]>, PeerFault> {
    let Some(head) = input.rest().first_chunk() else {
        let need = if input.rest().is_empty() {
            0
        } else {
            HEAD_BYTES
        };
        input.need(need);
        return Ok(None);
    };
    let claimed = u32::from_be_bytes(*head);
    let bytes = match usize::try_from(claimed) {
        Ok(bytes) if bytes <= bytes_max => bytes,
        _ => {
            return Err(PeerFault::Length {
                claimed: claimed.into(),
                least: 0,
                most: bytes_max as u64,
            });
        }
    };
    let frame = input.take(HEAD_BYTES.saturating_add(bytes));
    Ok(frame.and_then(|frame| frame.get(HEAD_BYTES..)))
}

/// The name under which nodes call each other, besides their applications.
pub(super) const SERVICE: &str = "oneloop";

const HEAD_BYTES: usize = 4;

const NAME_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_frame_is_taken_whole_and_a_long_one_is_refused_by_its_head() {
        for cut in 0..7 {
            let mut input = Input::new(&b"\0\0\0\x03abc"[..cut]);
            assert_eq!(short_frame(&mut input, 3), Ok(None), "{cut}");
            assert_eq!(input.rest().len(), cut, "nothing is taken");
        }
        let mut input = Input::new(b"\0\0\0\x03abcd");
        assert_eq!(short_frame(&mut input, 3), Ok(Some(&b"abc"[..])));
        assert_eq!(input.rest(), b"d");
        let mut input = Input::new(b"\0\0\0\x04");
        assert!(short_frame(&mut input, 3).is_err());
        let mut input = Input::new(b"\xff\xff\xff\xff");
        assert!(short_frame(&mut input, 4096).is_err());
    }
}
