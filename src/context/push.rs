//! One frame to many links.

use std::rc::Rc;

use bytes::Bytes;

use crate::buffer::{Body, Outbox};
use crate::codec::Encoder;
use crate::context::{GroupId, LinkId, Links};
use crate::error::{Error, Misuse, Result};

impl<S> Links<S> {
    /// Pushes a command to every link of `ids`, encoded once. Returns how many took it.
    pub fn push<'b, 'i>(
        &mut self,
        ids: impl IntoIterator<Item = &'i LinkId>,
        command: u32,
        body: impl Into<Body<'b>>,
    ) -> usize {
        let mut push = Push::new(command, body.into());
        ids.into_iter()
            .filter(|&&id| self.push_one(&mut push, id))
            .count()
    }

    /// The same, of links that may be several times among `ids`. Returns for each whether it took it.
    #[cfg(feature = "node")]
    pub(crate) fn push_each(&mut self, ids: &[LinkId], command: u32, body: &Bytes) -> Vec<bool> {
        let mut push = Push::new(command, Body::Shared(body.clone()));
        ids.iter().map(|&id| self.push_one(&mut push, id)).collect()
    }

    /// Pushes a command to every link of the group, encoded once. Returns how many took it.
    pub fn push_group<'b>(
        &mut self,
        group: GroupId,
        command: u32,
        body: impl Into<Body<'b>>,
    ) -> usize {
        self.push_group_if(group, command, body.into(), |_| true)
    }

    /// Pushes a command to every link of the group but one, encoded once. Returns how many took it.
    pub fn push_group_but<'b>(
        &mut self,
        group: GroupId,
        but: LinkId,
        command: u32,
        body: impl Into<Body<'b>>,
    ) -> usize {
        self.push_group_if(group, command, body.into(), |id| id != but)
    }

    fn push_group_if(
        &mut self,
        group: GroupId,
        command: u32,
        body: Body<'_>,
        wanted: impl Fn(LinkId) -> bool,
    ) -> usize {
        let mut push = Push::new(command, body);
        let mut took = 0;
        // By place, since sending needs the links whole; nobody joins or leaves meanwhile.
        for place in 0..self.groups.members(group).len() {
            let id = self.groups.members(group)[place];
            took += usize::from(wanted(id) && self.push_one(&mut push, id));
        }
        took
    }

    /// Pushes a command to every link whose protocol has commands, encoded once. Returns how many took it.
    pub fn push_all<'b>(&mut self, command: u32, body: impl Into<Body<'b>>) -> usize {
        self.push_all_if(command, body.into(), |_| true)
    }

    /// Pushes a command to every link but one, encoded once. Returns how many took it.
    pub fn push_all_but<'b>(
        &mut self,
        but: LinkId,
        command: u32,
        body: impl Into<Body<'b>>,
    ) -> usize {
        self.push_all_if(command, body.into(), |id| id != but)
    }

    fn push_all_if(
        &mut self,
        command: u32,
        body: Body<'_>,
        wanted: impl Fn(LinkId) -> bool,
    ) -> usize {
        let mut push = Push::new(command, body);
        let ids: Vec<LinkId> = self.ids().filter(|&id| wanted(id)).collect();
        ids.into_iter()
            .filter(|&id| self.push_one(&mut push, id))
            .count()
    }

    fn push_one(&mut self, push: &mut Push<'_>, id: LinkId) -> bool {
        let took = self.try_push(push, id).is_ok();
        let counter = if took {
            &mut self.counters.pushes
        } else {
            &mut self.counters.pushes_refused
        };
        *counter += 1;
        took
    }

    fn try_push(&mut self, push: &mut Push<'_>, id: LinkId) -> Result<()> {
        let link = self.get(id).ok_or(Error::LinkClosed)?;
        let encoder = link.origin.encoder.as_ref().ok_or(Misuse::NoCommands)?;
        let frame = push.frame(encoder)?;
        let body_bytes = push.body.len();
        self.write(id, body_bytes, |outbox| {
            outbox.append(&push.frames[frame].1);
            Ok(())
        })
    }
}

/// Encoders whose frame a push remembers.
const ENCODERS_MAX: usize = 8;

/// One frame on its way to many: encoded once for each protocol it meets.
struct Push<'b> {
    command: u32,
    body: Body<'b>,
    /// The frame as each encoder wrote it. Nearly always one.
    frames: Vec<(*const (), Outbox)>,
}

impl<'b> Push<'b> {
    fn new(command: u32, body: Body<'b>) -> Self {
        // A large body is copied here, once, and shared by all who get it.
        let body = match body {
            Body::Slice(slice) if slice.len() >= Outbox::KEEP_BYTES_MIN => {
                Body::Shared(Bytes::copy_from_slice(slice))
            }
            other => other,
        };
        Self {
            command,
            body,
            frames: Vec::new(),
        }
    }

    fn frame(&mut self, encoder: &Rc<dyn Encoder<Head = u32>>) -> Result<usize, Misuse> {
        // Only compared, never followed: two links of one listener share one encoder. The last is the likeliest.
        let key = Rc::as_ptr(encoder).cast::<()>();
        if let Some(index) = self.frames.iter().rposition(|(known, _)| *known == key) {
            return Ok(index);
        }
        if self.frames.len() == ENCODERS_MAX {
            // Dialled links have an encoder each: remembering all would cost more than encoding again.
            self.frames.clear();
        }
        let mut frame = Outbox::default();
        encoder.encode(self.command, self.body.by_ref(), &mut frame)?;
        self.frames.push((key, frame));
        Ok(self.frames.len() - 1)
    }
}
