//! One link of a client: calls out, replies in, in any order.

use std::cell::{Cell, RefCell};
use std::io;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use crate::buffer::Input;
use crate::codec::{Decoder, Framed};
use crate::context::{
    Context, LinkId, Protocol as LinkProtocol, Reason, Session, Sessions, Verdict,
};
use crate::error::{Error, PeerFault, Result};
use crate::time::Time;

use super::awaited::Awaited;
use super::between::Between;
use super::calls::{Calls, Whose};
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::message::Detected;
use super::protocol::Protocol;
use super::read::Read;
use super::reply;

/// What a link's session and its callers share. Nothing of the user's runs while it is borrowed.
pub(crate) struct Shared {
    /// None has this name before it is dialled.
    pub(super) link: Cell<LinkId>,
    pub(super) calls: RefCell<Calls<Box<dyn Awaited>>>,
    /// It takes no call any more.
    pub(super) over: Cell<bool>,
    /// A oneway call was sent, which a server may answer though it should not.
    pub(super) oneway_sent: Cell<bool>,
    /// When the session is to be woken; never if it is not.
    pub(super) wake_at: Cell<Time>,
    pub(super) protocol: Detected,
    pub(super) wire: WireLimits,
    pub(super) calls_max: usize,
    pub(super) call_deadline: Duration,
    /// What it has besides if it is a link between two nodes.
    pub(super) between: Option<Between>,
}

/// The number of every oneway call. Calls that are answered have others.
pub(super) const ONEWAY_SEQUENCE: i32 = 0;

impl Shared {
    /// No call is answered any more, nor taken.
    pub(crate) fn end(&self, why: impl Fn() -> Error) {
        self.over.set(true);
        self.forget_queue();
        let calls = self.calls.borrow_mut().take_all();
        for awaited in calls {
            awaited.failed(why());
        }
    }

    /// A call that nobody waits for any more is let go of. True if it was, and was sent.
    pub(super) fn forget_cancelled(&self, number: i32) -> bool {
        let cancelled = {
            let mut calls = self.calls.borrow_mut();
            let call = calls.get_mut(number);
            call.is_some_and(|(awaited, _)| awaited.is_cancelled())
        };
        if !cancelled {
            return false;
        }
        let unsent = self.unqueue(number);
        let mut calls = self.calls.borrow_mut();
        let forgotten = match unsent {
            true => calls.withdraw(number),
            false => calls.forget_if(number, |_| true),
        };
        drop(calls);
        // Outside of the borrow: it may hold anything of the user's.
        drop(forgotten);
        !unsent
    }

    /// Calls whose time is up have failed.
    pub(super) fn expire<S>(&self, cx: &mut Context<'_, S>) {
        let now = cx.now();
        while let Some((_, _, awaited)) = self.take_due(now) {
            if !awaited.is_cancelled() {
                log::debug!("{} expired", awaited.full_name());
                cx.links.counters.calls_expired += 1;
            }
            awaited.failed(Error::Timeout);
        }
    }

    /// Has the session woken by then.
    pub(super) fn wake_by<S>(&self, deadline: Time, cx: &mut Context<'_, S>) {
        if self.wake_at.get() > deadline {
            self.wake_at.set(deadline);
            cx.wake_link_at(self.link.get(), deadline);
        }
    }
}

/// The protocol of one dialled link.
pub(super) struct Client<P> {
    pub(super) shared: Rc<Shared>,
    pub(super) protocol: PhantomData<P>,
}

impl<S: 'static, P: Protocol> LinkProtocol<S, Framed> for Client<P> {
    fn sessions(self, codec: Framed) -> Result<Sessions<S>> {
        let shared = self.shared;
        let make = move || -> Box<dyn Session<S>> {
            Box::new(ClientSession::<P> {
                framed: codec.clone(),
                shared: Rc::clone(&shared),
                protocol: PhantomData,
            })
        };
        Ok(Sessions {
            make: Rc::new(make),
            encoder: None,
        })
    }
}

struct ClientSession<P> {
    framed: Framed,
    shared: Rc<Shared>,
    protocol: PhantomData<P>,
}

impl<P: Protocol> ClientSession<P> {
    fn take_replies<S>(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<()> {
        let Self { framed, shared, .. } = self;
        while let Some(frame) = cx.next_frame(input, |input| framed.decode(input))? {
            if !shared.over.get() {
                take_reply::<P, S>(shared, frame, cx)?;
            }
        }
        Ok(())
    }
}

/// Gives a reply to whom it is for.
pub(super) fn take_reply<P: Protocol, S>(
    shared: &Shared,
    frame: &[u8],
    cx: &mut Context<'_, S>,
) -> Result<()> {
    if frame.is_empty() {
        return Err(PeerFault::Malformed("a frame without a message".into()).into());
    }
    let mut input = P::reader(frame, shared.wire);
    let head = input.message()?;
    if !matches!(head.kind, MessageKind::Reply | MessageKind::Exception) {
        return Err(reply::no_reply(&head).into());
    }
    let whose = shared.calls.borrow_mut().answered(head.sequence);
    match whose {
        Whose::Ours(awaited) if awaited.is_cancelled() => {
            late(awaited.full_name(), cx);
            Ok(())
        }
        Whose::Ours(awaited) => Ok(awaited.replied(&head, input.rest(), shared.wire)?),
        Whose::Forgotten => {
            late(head.name, cx);
            Ok(())
        }
        Whose::Nobodys if head.sequence == ONEWAY_SEQUENCE && shared.oneway_sent.get() => {
            log::debug!(
                "link {}: {:?} is answered, which is oneway",
                cx.link(),
                head.name
            );
            Ok(())
        }
        // Between nodes more calls may have been forgotten than are remembered: their callees are told, and answer all the same.
        Whose::Nobodys if shared.between.is_some() && head.sequence > 0 => {
            late(head.name, cx);
            Ok(())
        }
        Whose::Nobodys => {
            let exception = reply::bad_sequence(&head);
            shared.end(|| Error::failed(exception.clone()));
            Err(PeerFault::Malformed(exception.to_string().into()).into())
        }
    }
}

#[cold]
fn late<S>(name: &str, cx: &mut Context<'_, S>) {
    log::debug!("link {}: a late reply to {name:?}", cx.link());
    cx.links.counters.replies_late += 1;
}

impl<S: 'static, P: Protocol> Session<S> for ClientSession<P> {
    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let outcome = self.take_replies(input, cx);
        if let Err(error) = &outcome {
            // Now, and not when the link is gone: its last bytes may take a while.
            self.shared.end(|| match error {
                Error::Peer(fault) => Error::Peer(fault.clone()),
                _ => Error::LinkClosed,
            });
        }
        outcome.map(|()| Verdict::Continue)
    }

    fn answered(&mut self, number: u64, _: &mut Context<'_, S>) -> Result<Verdict> {
        if let Ok(number) = i32::try_from(number) {
            _ = self.shared.forget_cancelled(number);
        }
        Ok(Verdict::Continue)
    }

    fn ended(&mut self, _: &mut Context<'_, S>) -> Result<Verdict> {
        self.shared.end(|| Error::LinkClosed);
        // What is still on its way to the peer needs no answer.
        Ok(Verdict::CloseWhenAnswered)
    }

    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        self.shared.expire(cx);
        let next = self.shared.calls.borrow().deadline();
        self.shared.wake_at.set(next);
        cx.wake_at(next);
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, _: &mut Context<'_, S>) {
        self.shared.end(|| told(reason));
    }
}

/// What a caller is told of a link's end.
pub(super) fn told(reason: &Reason) -> Error {
    match reason {
        Reason::Fault(fault) => Error::Peer(fault.clone()),
        Reason::Io(error) | Reason::ConnectFailed(error) => {
            io::Error::new(error.kind(), error.to_string()).into()
        }
        Reason::ConnectDeadline => {
            io::Error::new(io::ErrorKind::TimedOut, reason.to_string()).into()
        }
        Reason::Stopped => Error::Stopped,
        _ => Error::LinkClosed,
    }
}
