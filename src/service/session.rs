//! One link's commands.

use std::cell::Cell;
use std::rc::Rc;

use bytes::Bytes;

use crate::buffer::{Body, Input};
use crate::codec::{Command, Decoder, Encoder};
use crate::context::{Context, Label, LinkId, Reason, Session, Verdict};
use crate::deferred::Ticket;
use crate::error::{Error, Result};
use crate::service::calls::{Awaited, Calls, Open};
use crate::service::command::{Completion, Failure, Outcome, Remedy, Unknown};
use crate::service::reply::{Answer, Reply};
use crate::service::{Call, CommandService, LiveService};
use crate::time::Time;

/// One link's commands: frames in, calls of the service, replies out.
pub(crate) struct CommandSession<S, C> {
    codec: C,
    desk: Rc<Desk<S, C>>,
    /// What is being handled.
    handling: Cell<Handling>,
    /// Behind a pointer, since an idle link has none.
    calls: Option<Box<Calls<S>>>,
}

/// How far a session is with the call that it handles: for its replies, and for the case that it panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    Nothing,
    Command(u32),
    /// The reply is on its way.
    Replied,
}

impl Handling {
    #[inline]
    pub(super) fn is_replied(self) -> bool {
        self == Self::Replied
    }
}

/// What all links of a listener have in common.
pub(super) struct Desk<S, C> {
    pub(super) service: LiveService<S>,
    /// As every link begins: only written with.
    pub(super) codec: C,
}

/// A call that its handler is done with, and that takes more than to go on with the next frame.
struct Handled<S> {
    service: Rc<CommandService<S>>,
    command: u32,
    began: Time,
    /// None if nobody serves the command.
    reply: Option<Reply>,
    /// A reply that waits for earlier calls.
    staged: Option<Bytes>,
}

/// A call whose reply is at hand.
struct Done<'s, S> {
    service: &'s CommandService<S>,
    link: LinkId,
    command: u32,
    began: Time,
}

impl<S, C> CommandSession<S, C>
where
    C: Encoder<Head = u32>,
{
    pub(super) fn new(desk: Rc<Desk<S, C>>) -> Self
    where
        C: Clone,
    {
        Self {
            codec: desk.codec.clone(),
            desk,
            handling: Cell::new(Handling::Nothing),
            calls: None,
        }
    }

    /// Does what `reply` says, or keeps it for when it is there.
    fn conclude(
        &mut self,
        service: &Rc<CommandService<S>>,
        (command, began): (u32, Time),
        reply: Reply,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let link = cx.link();
        let mut answer = reply.0;
        // A value to come may turn out to be there already, and may turn out to be another value to come.
        while let Answer::Later(mut pending) = answer {
            let calls = self.calls.get_or_insert_default();
            let ticket = Ticket {
                owner: link.as_u64(),
                call: calls.next_number(),
            };
            if pending.notify(ticket) {
                return self.keep(service, (command, began), Awaited::Later(pending), cx);
            }
            answer = pending
                .take()
                .map_or(Answer::Failed(Error::Dropped), |reply| reply.0);
        }
        let in_line =
            service.rules.ordered && self.calls.as_ref().is_some_and(|calls| calls.holds_order());
        if in_line && !matches!(answer, Answer::Sent) {
            return self.keep(service, (command, began), Awaited::Ready(Reply(answer)), cx);
        }
        self.finish(
            &Done {
                service,
                link,
                command,
                began,
            },
            answer,
            cx,
        )
    }

    fn keep(
        &mut self,
        service: &Rc<CommandService<S>>,
        (command, began): (u32, Time),
        reply: Awaited,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let deadline = cx.clock() + cx.call_deadline();
        let held = held_bytes(&reply);
        let calls = self.calls.get_or_insert_default();
        calls.insert(Rc::clone(service), command, reply, (began, deadline));
        let deadline = calls.deadline;
        let link = cx.link();
        cx.links.call_opened(link);
        cx.links.hold(link, held);
        cx.wake_at(deadline);
        Ok(())
    }

    /// Sends the reply, and tells who wants to know.
    fn finish(&self, done: &Done<'_, S>, answer: Answer, cx: &mut Context<'_, S>) -> Result<()> {
        let outcome = match answer {
            Answer::Sent => Ok(Outcome::Replied),
            Answer::Nothing => Ok(Outcome::Silent),
            Answer::Body(body) => self
                .send(done.link, done.command, Body::Shared(body), cx)
                .map(|()| Outcome::Replied),
            Answer::Failed(error) => Err(error),
            Answer::Later(_) => unreachable!("a reply to come is kept until it is there"),
        };
        match outcome {
            Ok(outcome) => {
                self.tell(done, outcome, cx);
                Ok(())
            }
            Err(error) => {
                self.tell(done, Outcome::Failed(&error), cx);
                self.remedy(done, error, cx)
            }
        }
    }

    /// A link that closed meanwhile wants no reply.
    fn send(
        &self,
        link: LinkId,
        command: u32,
        body: Body<'_>,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        match cx.links.put(link, &self.desk.codec, command, body) {
            Ok(()) | Err(Error::LinkClosed) => {
                self.handling.set(Handling::Replied);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn tell(&self, done: &Done<'_, S>, outcome: Outcome<'_>, cx: &mut Context<'_, S>) {
        if done.service.rules.after.is_empty() {
            return;
        }
        let took = cx.clock() - done.began;
        let completion = Completion {
            link: done.link,
            command: done.command,
            took,
            outcome,
        };
        for hook in &done.service.rules.after {
            hook(cx, &completion);
        }
    }

    /// Never silence, unless the service wishes it.
    fn remedy(&self, done: &Done<'_, S>, error: Error, cx: &mut Context<'_, S>) -> Result<()> {
        log::debug!(
            "link {}: command {} failed: {error}",
            done.link,
            done.command
        );
        cx.links.counters.handlers_failed += 1;
        if let Some(target) = done.service.table.find(done.command) {
            target.failures.set(target.failures.get() + 1);
        }
        let failure = Failure {
            link: done.link,
            command: done.command,
            error: &error,
        };
        match (done.service.rules.failed)(cx, &failure) {
            Remedy::Close => Err(error),
            Remedy::Ignore => Ok(()),
            Remedy::Reply { command, body } => {
                self.send(done.link, command, Body::Shared(body), cx)?;
                Ok(())
            }
        }
    }

    /// A call that was open has its reply.
    fn close_call(&mut self, open: Open<S>, reply: Reply, cx: &mut Context<'_, S>) -> Result<()> {
        let link = cx.link();
        cx.links.call_closed(link);
        cx.label(Label::numbered("the late reply to command", open.command));
        self.handling.set(Handling::Command(open.command));
        let done = Done {
            service: &open.service,
            link,
            command: open.command,
            began: open.began,
        };
        self.finish(&done, reply.0, cx)?;
        self.handling.set(Handling::Nothing);
        Ok(())
    }

    /// The handler replied, and then returned something as well: what the peer has cannot be taken back.
    fn settle_replied(
        &self,
        command: u32,
        link: LinkId,
        reply: Reply,
        cx: &mut Context<'_, S>,
    ) -> Reply {
        match reply.0 {
            Answer::Sent | Answer::Nothing => {}
            Answer::Failed(error) => {
                log::error!("link {link}: command {command} failed after its reply: {error}");
                cx.links.counters.handlers_failed += 1;
            }
            Answer::Body(_) | Answer::Later(_) => {
                log::error!(
                    "link {link}: command {command} was answered twice; the second reply is dropped"
                );
            }
        }
        Reply(Answer::Sent)
    }

    /// Those that were held up by one that left.
    fn release(&mut self, cx: &mut Context<'_, S>) -> Result<()> {
        while let Some(mut open) = self.calls.as_mut().and_then(|calls| calls.pop_ready()) {
            let link = cx.link();
            cx.links.release(link, held_bytes(&open.reply));
            let Awaited::Ready(reply) =
                std::mem::replace(&mut open.reply, Awaited::Ready(Reply::none()))
            else {
                break;
            };
            self.close_call(open, reply, cx)?;
        }
        if self.calls.as_ref().is_some_and(|calls| calls.is_empty()) {
            self.calls = None;
        }
        Ok(())
    }
}

impl<S, C> CommandSession<S, C>
where
    C: for<'f> Decoder<Frame<'f> = Command<'f>> + Encoder<Head = u32>,
{
    /// Calls the service for frame after frame, as long as there are any, and there is nothing to do about them but to go on: the hot
    /// way. The first with which it is otherwise is returned.
    fn serve(
        &mut self,
        input: &mut Input<'_>,
        cx: &mut Context<'_, S>,
    ) -> Result<Option<Handled<S>>> {
        let Self {
            codec,
            desk,
            handling,
            calls,
        } = self;
        let mut service = desk.service.current();
        let mut version = desk.service.version();
        let mut plain = service.rules.is_plain();
        let staged = Cell::new(None);
        let mut call = Call {
            link: cx.link(),
            cx: cx.reborrow(),
            command: 0,
            body: &[],
            pen: &desk.codec,
            waits: false,
            handling,
            staged: &staged,
        };
        while let Some(frame) = call.cx.next_frame(input, |input| codec.decode(input))? {
            if version != desk.service.version() {
                (service, version) = (desk.service.current(), desk.service.version());
                plain = service.rules.is_plain();
            }
            let Command { command, body } = frame;
            call.cx.label_command(command);
            handling.set(Handling::Command(command));
            (call.command, call.body) = (command, body);
            // The time of this turn will do, unless somebody is told how long a call took: others ran before it in this turn.
            let mut began = call.cx.now();
            if !plain {
                call.waits = service.rules.ordered
                    && calls.as_ref().is_some_and(|calls| calls.holds_order());
                if !service.rules.after.is_empty() {
                    began = call.cx.clock();
                }
            }
            let reply = service.answer(&mut call);
            if let Some(Reply(Answer::Sent)) = reply
                && plain
            {
                // There is nothing in it to drop.
                std::mem::forget(reply);
                continue;
            }
            let staged = staged.take();
            return Ok(Some(Handled {
                service,
                command,
                began,
                reply,
                staged,
            }));
        }
        Ok(None)
    }

    /// Does what the handler said.
    #[inline(never)]
    fn settle(&mut self, handled: Handled<S>, cx: &mut Context<'_, S>) -> Result<()> {
        let Handled {
            service,
            command,
            began,
            reply,
            staged,
        } = handled;
        let link = cx.link();
        let Some(mut reply) = reply else {
            if service.rules.unknown == Unknown::Close {
                cx.links.close_for(link, Reason::UnknownCommand(command));
            }
            return Ok(());
        };
        if self.handling.get().is_replied() {
            reply = self.settle_replied(command, link, reply, cx);
            if let Some(staged) = staged {
                reply = Reply(Answer::Body(staged));
            }
        }
        self.conclude(&service, (command, began), reply, cx)
    }
}

/// The bytes of a reply that is there and waits for others.
fn held_bytes(reply: &Awaited) -> usize {
    match reply {
        Awaited::Ready(Reply(Answer::Body(body))) => body.len(),
        Awaited::Ready(_) | Awaited::Later(_) => 0,
    }
}

impl<S, C> Session<S> for CommandSession<S, C>
where
    C: for<'f> Decoder<Frame<'f> = Command<'f>> + Encoder<Head = u32>,
{
    fn opened(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let service = self.desk.service.current();
        let link = cx.link();
        for hook in &service.rules.opened {
            hook(cx, link);
        }
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        cx.serve_until_deadline();
        while let Some(handled) = self.serve(input, cx)? {
            self.settle(handled, cx)?;
        }
        self.handling.set(Handling::Nothing);
        Ok(Verdict::Continue)
    }

    fn answered(&mut self, number: u64, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let link = cx.link();
        let Some(calls) = &mut self.calls else {
            return Ok(Verdict::Continue);
        };
        let Some((key, open)) = calls.find(number) else {
            return Ok(Verdict::Continue);
        };
        let Awaited::Later(pending) = &mut open.reply else {
            return Ok(Verdict::Continue);
        };
        // Not there: a ticket of a call of the same number that is over.
        let Some(mut reply) = pending.take() else {
            return Ok(Verdict::Continue);
        };
        // The value may be another value to come.
        while let Answer::Later(mut next) = reply.0 {
            if next.notify(Ticket {
                owner: link.as_u64(),
                call: number,
            }) {
                open.reply = Awaited::Later(next);
                return Ok(Verdict::Continue);
            }
            reply = next.take().unwrap_or_else(|| Reply::failed(Error::Dropped));
        }
        if calls.waits(key) {
            if let Some((_, open)) = calls.find(number) {
                open.reply = Awaited::Ready(reply);
                cx.links.hold(link, held_bytes(&open.reply));
            }
            return Ok(Verdict::Continue);
        }
        if let Some(open) = calls.remove(key) {
            self.close_call(open, reply, cx)?;
        }
        self.release(cx)?;
        Ok(Verdict::Continue)
    }

    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let now = cx.now();
        while let Some(open) = self.calls.as_mut().and_then(|calls| calls.pop_expired(now)) {
            cx.links.counters.calls_expired += 1;
            self.close_call(open, Reply::failed(Error::Timeout), cx)?;
            self.release(cx)?;
        }
        if let Some(calls) = &self.calls {
            cx.wake_at(calls.deadline);
        }
        Ok(Verdict::Continue)
    }

    fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        // If what panicked came after the reply: one call has one.
        let Handling::Command(command) = self.handling.replace(Handling::Nothing) else {
            return;
        };
        if self.calls.as_ref().is_some_and(|calls| calls.holds_order()) {
            // It would be taken for the answer of an earlier call.
            return;
        }
        let done = Done {
            service: &self.desk.service.current(),
            link: cx.link(),
            command,
            began: cx.clock(),
        };
        // The link is closed whatever the remedy; this is for the peer to know why.
        _ = self.finish(&done, Answer::Failed(Error::Panicked(message.into())), cx);
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, S>) {
        let service = self.desk.service.current();
        let link = cx.link();
        for hook in &service.rules.closed {
            hook(cx, link, reason);
        }
    }
}
