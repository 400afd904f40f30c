//! One link of a server: frames in, messages processed, replies out.

use std::cell::Cell;
use std::rc::Rc;

use bytes::Bytes;

use crate::buffer::Input;
use crate::codec::{Decoder, Framed};
use crate::context::{Context, Protocol as LinkProtocol, Reason, Session, Sessions, Verdict};
use crate::error::{Error, PeerFault, Result};

use super::binary::Binary;
use super::compact::Compact;
use super::exception::ApplicationExceptionKind;
use super::kind::MessageKind;
use super::line::Line;
use super::message::{Detected, detect};
use super::processor::{Desk, Incoming, Processor, Served};
use super::protocol::Protocol;
use super::read::Read;

/// One link of a server.
struct ServerSession<S: 'static> {
    framed: Framed,
    shared: Rc<Shared<S>>,
    line: Line<S>,
    /// It came up, and is counted.
    counted: bool,
    /// The hooks were told that it is up.
    told: bool,
}

struct Shared<S: 'static> {
    desk: Rc<Desk<S>>,
    served: Cell<bool>,
}

impl<S: 'static> LinkProtocol<S, Framed> for Processor<S> {
    fn sessions(self, codec: Framed) -> Result<Sessions<S>> {
        let shared = Rc::new(Shared {
            desk: Rc::new(self.desk),
            served: Cell::new(false),
        });
        let make = move || -> Box<dyn Session<S>> {
            Box::new(ServerSession {
                framed: codec.clone(),
                shared: Rc::clone(&shared),
                line: Line::new(),
                counted: false,
                told: false,
            })
        };
        Ok(Sessions {
            make: Rc::new(make),
            encoder: None,
        })
    }
}

impl<S: 'static> ServerSession<S> {
    /// Serves the messages of a frame, one behind the other.
    fn serve(
        desk: &Rc<Desk<S>>,
        line: &mut Line<S>,
        frame: &[u8],
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        if frame.is_empty() {
            return Err(PeerFault::Malformed("a frame without a message".into()).into());
        }
        let shared = desk.shares.then(|| Bytes::copy_from_slice(frame));
        let (mut rest, mut messages) = (frame, 1);
        loop {
            if let Some(events) = &desk.server_events {
                events.before_call(cx, cx.link());
                if !cx.links.is_served(cx.link()) {
                    return Ok(());
                }
            }
            let protocol = detect(rest).ok_or_else(|| {
                PeerFault::Malformed(if messages == 1 {
                    "neither a binary nor a compact message".into()
                } else {
                    "junk behind a message".into()
                })
            })?;
            let behind = shared
                .as_ref()
                .map(|shared| shared.slice(frame.len() - rest.len()..));
            let served = match protocol {
                Detected::Binary => {
                    let input = reader::<Binary>(rest, behind.as_ref(), desk);
                    process(input, rest.len(), desk, line, cx, |call| {
                        desk.entry.binary(call)
                    })
                }
                Detected::Compact => {
                    let input = reader::<Compact>(rest, behind.as_ref(), desk);
                    process(input, rest.len(), desk, line, cx, |call| {
                        desk.entry.compact(call)
                    })
                }
            }?;
            rest = &rest[rest.len() - served.rest_bytes..];
            // A target may have had the link closed, now or softly: what is behind its call is not served then.
            if rest.is_empty() || !cx.links.is_served(cx.link()) {
                return Ok(());
            }
            if messages == desk.messages_per_frame_max {
                return Err(PeerFault::Malformed("too many messages in one frame".into()).into());
            }
            messages += 1;
        }
    }
}

#[inline]
fn reader<'a, P: Protocol>(
    rest: &'a [u8],
    shared: Option<&'a Bytes>,
    desk: &Desk<impl Sized>,
) -> P::Reader<'a> {
    match shared {
        Some(bytes) => P::shared_reader(bytes, desk.limits),
        None => P::reader(rest, desk.limits),
    }
}

/// Reads the head of a message and has it processed.
#[inline]
fn process<'a, 'c, S: 'static, P: Protocol>(
    mut input: P::Reader<'a>,
    bytes: usize,
    desk: &'a Rc<Desk<S>>,
    line: &'a mut Line<S>,
    cx: &'a mut Context<'c, S>,
    entry: impl FnOnce(&mut Incoming<'a, 'c, S, P>) -> Result<Served>,
) -> Result<Served> {
    let head = input
        .raw_message()
        .map_err(|error| Error::Peer(PeerFault::from(error)))?;
    let mut call = Incoming {
        cx,
        line,
        desk,
        input,
        head,
        bytes,
    };
    match head.kind {
        MessageKind::Call | MessageKind::Oneway => entry(&mut call),
        MessageKind::Reply | MessageKind::Exception | MessageKind::Other(_) => call.refuse(
            ApplicationExceptionKind::InvalidMessageType,
            format!("a message of kind {:?} is no call", head.kind),
        ),
    }
}

impl<S: 'static> Session<S> for ServerSession<S> {
    fn opened(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let desk = &self.shared.desk;
        if let Some(events) = &desk.server_events
            && !self.shared.served.replace(true)
        {
            events.pre_serve(cx);
        }
        self.counted = true;
        desk.overload.link_came();
        if desk.overload.is_on() {
            log::debug!("link {}: refused, there is too much to do", cx.link());
            return Ok(Verdict::CloseNow);
        }
        if let Some(events) = &desk.server_events {
            self.told = true;
            events.link_opened(cx, cx.link());
        }
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let Self {
            framed,
            shared,
            line,
            ..
        } = self;
        while let Some(frame) = cx.next_frame(input, |input| framed.decode(input))? {
            Self::serve(&shared.desk, line, frame, cx)?;
        }
        Ok(Verdict::Continue)
    }

    fn answered(&mut self, number: u64, cx: &mut Context<'_, S>) -> Result<Verdict> {
        self.line.answered(number, &self.shared.desk, cx)?;
        Ok(Verdict::Continue)
    }

    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        self.line.woken(&self.shared.desk, cx)?;
        Ok(Verdict::Continue)
    }

    fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        self.line.panicked(message, &self.shared.desk, cx);
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, S>) {
        let desk = &self.shared.desk;
        self.line.closed(desk);
        if self.counted {
            desk.overload.link_gone();
        }
        if self.told
            && let Some(events) = &desk.server_events
        {
            events.link_closed(cx, cx.link(), reason);
        }
    }
}
