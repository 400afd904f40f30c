//! The way into a link's outbox.

use crate::buffer::{Body, Outbox};
use crate::codec::Encoder;
use crate::context::link::Link;
use crate::context::links::Lane;
use crate::context::{LinkId, Links, Reason};
use crate::error::{Error, Misuse, Result};

impl<S> Links<S> {
    /// Pushes a command to one link.
    ///
    /// # Errors
    /// [`Error::LinkClosed`] if it is gone or going; [`Misuse::FrameTooLong`] if the frame is over the link's limit;
    /// [`Misuse::NoCommands`] if its protocol has none.
    pub fn send<'b>(&mut self, id: LinkId, command: u32, body: impl Into<Body<'b>>) -> Result<()> {
        let outcome = self.send_command(id, command, body.into());
        match outcome {
            Ok(()) => self.counters.pushes += 1,
            Err(_) => self.counters.pushes_refused += 1,
        }
        outcome
    }

    /// [`send`](Self::send) in answer to a call: not a push.
    pub(crate) fn send_command(&mut self, id: LinkId, command: u32, body: Body<'_>) -> Result<()> {
        let link = self.get(id).ok_or(Error::LinkClosed)?;
        let encoder = link.origin.encoder.clone().ok_or(Misuse::NoCommands)?;
        self.put(id, &*encoder, command, body)
    }

    /// Encodes one frame into a link's outbox.
    // Always, and the encoder with it: it is the last of the calls that a reply takes.
    #[inline(always)]
    pub(crate) fn encode<H>(
        &mut self,
        id: LinkId,
        encoder: &(impl Encoder<Head = H> + ?Sized),
        head: H,
        body: Body<'_>,
    ) -> Result<()> {
        if self.lane.link == id.as_u64()
            && body.len() < self.lane.room
            && let Some(link) = self.slots.get_mut(id.slot as usize)
        {
            // The hot way: it was looked at with an earlier frame of the same read.
            let before = link.outbox.len();
            let undo = Undo(&mut link.outbox, before);
            encoder.encode(head, body, undo.0)?;
            std::mem::forget(undo);
            let after = link.outbox.len();
            self.counters.outbox_bytes += after - before;
            self.counters.frames_out += 1;
            if after > self.lane.room {
                self.look_at_marks(id, before);
            }
            return Ok(());
        }
        self.put(id, encoder, head, body)
    }

    /// The same for a link that may be any: more than the hot way is looked at.
    #[inline(never)]
    pub(crate) fn put<H>(
        &mut self,
        id: LinkId,
        encoder: &(impl Encoder<Head = H> + ?Sized),
        head: H,
        body: Body<'_>,
    ) -> Result<()> {
        self.write(id, body.len(), |outbox| {
            encoder.encode(head, body, outbox).map_err(Error::from)
        })
    }

    /// Sends bytes as they are, past the protocol's encoder: for sessions that write their own.
    ///
    /// # Errors
    /// [`Error::LinkClosed`] if the link is gone or going.
    pub fn send_bytes<'b>(&mut self, id: LinkId, bytes: impl Into<Body<'b>>) -> Result<()> {
        let bytes = bytes.into();
        self.write(id, 0, |outbox| {
            outbox.put(bytes);
            Ok(())
        })
    }

    /// The way into an outbox: marks, limits and counters are kept here.
    #[inline]
    pub(super) fn write(
        &mut self,
        id: LinkId,
        body_bytes: usize,
        put: impl FnOnce(&mut Outbox) -> Result<()>,
    ) -> Result<()> {
        let link = self.open_outbox(id, body_bytes)?;
        let before = link.outbox.len();
        let undo = Undo(&mut link.outbox, before);
        put(undo.0)?;
        std::mem::forget(undo);
        let after = link.outbox.len();
        let looked_at = after > link.origin.limits.room() || link.extra.is_some();
        self.counters.outbox_bytes += after - before;
        self.counters.frames_out += 1;
        if looked_at {
            self.look_at_marks(id, before);
        }
        Ok(())
    }

    /// The link, ready to be written to.
    #[inline]
    fn open_outbox(&mut self, id: LinkId, body_bytes: usize) -> Result<&mut Link<S>> {
        let Some(link) = self
            .slots
            .get_mut(id.slot as usize)
            .filter(|link| link.generation == id.generation && link.takes_output())
        else {
            return Err(Error::LinkClosed);
        };
        let most = link.origin.limits.frame_out_bytes_max;
        if body_bytes > most {
            return Err(Misuse::FrameTooLong {
                bytes: body_bytes,
                most,
            }
            .into());
        }
        link.outbox.lend(&mut self.spare, body_bytes);
        // On the list even if the encoder fails: there the buffer is given back.
        if !link.dirty && !link.write_blocked {
            link.dirty = true;
            self.dirty.push(id);
        }
        Ok(link)
    }

    /// The link has more to send than goes unlooked at; before this frame it had `before`.
    #[inline(never)]
    fn look_at_marks(&mut self, id: LinkId, before: usize) {
        let Some(link) = self.slots.get_mut(id.slot as usize) else {
            return;
        };
        let (after, limits) = (link.outbox.len(), &link.origin.limits);
        if after + link.held_bytes() >= limits.outbox_bytes_high {
            link.choked = true;
            self.lane = Lane::default();
        }
        let over_all =
            self.counters.outbox_bytes + self.counters.inbox_bytes > self.buffered_bytes_max;
        if after > limits.outbox_bytes_max || (over_all && before > limits.outbox_bytes_low) {
            self.doom(id, Reason::SlowReader);
        }
    }

    /// The most bytes of a frame that may be sent to this link; none if it is gone.
    pub(crate) fn frame_out_bytes_max(&self, id: LinkId) -> usize {
        self.get(id)
            .map_or(0, |link| link.origin.limits.frame_out_bytes_max)
    }

    /// The bytes that wait to be sent to this link, and the most that may; none if it is gone.
    pub(crate) fn outbox_room(&self, id: LinkId) -> (usize, usize) {
        self.get(id).map_or((0, 0), |link| {
            (link.outbox.len(), link.origin.limits.outbox_bytes_max)
        })
    }

    /// Has `put` append a frame to what waits to be sent, within the most bytes that it is given. It takes back what it wrote if it fails.
    #[inline]
    pub(crate) fn write_frame(
        &mut self,
        id: LinkId,
        put: impl FnOnce(&mut Vec<u8>, usize) -> Result<usize>,
    ) -> Result<usize> {
        // What goes unlooked at: none, unless an earlier frame of the same read had the link looked at.
        let mut room = 0;
        if self.lane.link == id.as_u64() {
            room = self.lane.room;
        }
        if room == 0 {
            self.open_outbox(id, 0)?;
        }
        let Some(link) = self.slots.get_mut(id.slot as usize) else {
            return Err(Error::LinkClosed);
        };
        let most = link.origin.limits.frame_out_bytes_max;
        let before = link.outbox.len();
        let undo = Undo(&mut link.outbox, before);
        let bytes = put(undo.0.tail(), most)?;
        std::mem::forget(undo);
        let after = link.outbox.len();
        self.counters.outbox_bytes += after - before;
        self.counters.frames_out += 1;
        if after > room {
            self.look_at_marks(id, before);
        }
        Ok(bytes)
    }

    /// Sends a frame that was written before.
    pub(crate) fn send_frame(&mut self, id: LinkId, frame: &[u8]) -> Result<()> {
        self.write(id, 0, |outbox| {
            outbox.put_slice(frame);
            Ok(())
        })
    }
}

/// Takes back what an encoder wrote before it failed or panicked.
struct Undo<'a>(&'a mut Outbox, usize);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        self.0.truncate(self.1);
    }
}
