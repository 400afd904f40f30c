//! The link of a root to a child.

use std::rc::Rc;

use crate::buffer::Input;
use crate::codec::Framed;
use crate::context::{
    Context, LinkId, Protocol as LinkProtocol, Reason, Session, Sessions, Verdict,
};
use crate::error::{PeerFault, Result};
use crate::thrift::{
    MessageKind, Method, Outgoing, RawMessage, read_arguments, read_head, reply_frame,
};
use crate::time::Time;

use super::identity::{WEIGHT_MAX, check_hello, nonce, unproven};
use super::peer::{Peer, Refusal, RefusalCode};
use super::proven::{Proven, SERVICE, short_frame};
use super::root_core::RootCore;
use super::secret::{Side, is_proof, prove};
use super::wire::oneloop_methods::{Hello, HelloArguments, Proof, ProofArguments};
use super::wire::{HelloException, ProofException, VERSION, Welcome};

/// The protocol of the links to the children of a root.
pub(super) struct Children<S: 'static>(pub(super) Rc<RootCore<S>>);

impl<S: 'static> LinkProtocol<S, Framed> for Children<S> {
    fn sessions(self, codec: Framed) -> Result<Sessions<S>> {
        let core = self.0;
        let make = move || -> Box<dyn Session<S>> {
            Box::new(ChildSession {
                framed: codec.clone(),
                core: Rc::clone(&core),
                state: State::New,
                deadline: Time::NEVER,
            })
        };
        Ok(Sessions {
            make: Rc::new(make),
            encoder: None,
        })
    }
}

/// One link of a root.
struct ChildSession<S: 'static> {
    framed: Framed,
    core: Rc<RootCore<S>>,
    state: State<S>,
    /// By then it is up, or closed.
    deadline: Time,
}

/// ```text
///  New ──opened──► Unknown ──hello──► Welcomed ──proof──► Waiting ──its turn──► Up
///                     └───────────────────┴──────────────────┴── refused, a fault, the deadline ──► Over
/// ```
enum State<S: 'static> {
    New,
    Unknown,
    Welcomed(Box<(HelloArguments, Welcome)>),
    /// Until it may be taken. With the number of its call.
    Waiting(i32, Box<HelloArguments>),
    Up(Box<Proven<S>>),
    Over,
}

impl<S: 'static> ChildSession<S> {
    /// It is not unproven any more, one way or the other.
    fn leave_waiting_room(&mut self, link: LinkId) -> State<S> {
        let before = std::mem::replace(&mut self.state, State::Over);
        if !matches!(before, State::Up(_)) {
            self.core.leave_waiting_room(link);
        }
        before
    }

    /// Takes what somebody says who has not proven yet who it is.
    fn greet(&mut self, frame: &[u8], cx: &mut Context<'_, S>) -> Result<()> {
        let (head, body) = read_head(frame)?;
        if head.kind != MessageKind::Call {
            return Err(unproven("it sent something else than a call").into());
        }
        let method = head.name.strip_prefix(SERVICE.as_bytes());
        match (method, std::mem::replace(&mut self.state, State::Unknown)) {
            (Some(b":hello"), State::Unknown) => {
                let hello = read_arguments::<Hello>(body)?;
                self.welcome(&head, hello, cx)
            }
            (Some(b":proof"), State::Welcomed(hellos)) => {
                let ProofArguments { proof } = read_arguments::<Proof>(body)?;
                self.look_at_proof(&head, *hellos, &proof, cx)
            }
            _ => Err(unproven("it made a call before that").into()),
        }
    }

    fn welcome(
        &mut self,
        head: &RawMessage<'_>,
        hello: HelloArguments,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let refuse = |refusal: &Refusal| HelloException::Refused(refusal.to_wire());
        if hello.version != VERSION {
            let (theirs, ours) = (hello.version, VERSION);
            let text = format!("it speaks version {theirs}, and not {ours}");
            return self.refuse::<Hello>(
                head.sequence,
                &hello,
                RefusalCode::Version,
                text,
                refuse,
                cx,
            );
        }
        let HelloArguments {
            name,
            instance,
            nonce: theirs,
            heartbeat_ms,
            ..
        } = &hello;
        if let Err(text) = check_hello(name, instance, theirs, *heartbeat_ms) {
            let code = RefusalCode::Malformed;
            return self.refuse::<Hello>(head.sequence, &hello, code, text.into(), refuse, cx);
        }
        let us = &self.core.node.identity;
        let mut welcome = Welcome {
            version: VERSION,
            name: us.name.clone(),
            instance: us.instance.0.to_vec(),
            epoch: us.epoch,
            nonce: nonce(cx)?,
            proof: Vec::new(),
            heartbeat_ms: match hello.heartbeat_ms {
                // It gives no signs of life: not to be waited for.
                0 => 0,
                _ => i32::try_from(self.core.limits.heartbeat.as_millis()).unwrap_or(i32::MAX),
            },
            window: self.core.limits.window(),
        };
        let secret = self.core.secret.as_ref();
        welcome.proof = prove(secret, Side::Root, &hello, &welcome);
        let frame = reply_frame::<Hello>(head.sequence, Ok(welcome.clone()))?;
        cx.links.send_frame(cx.link(), &frame)?;
        self.state = State::Welcomed(Box::new((hello, welcome)));
        Ok(())
    }

    fn look_at_proof(
        &mut self,
        head: &RawMessage<'_>,
        hellos: (HelloArguments, Welcome),
        proof: &[u8],
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let (hello, welcome) = (&hellos.0, &hellos.1);
        let refuse = |refusal: &Refusal| ProofException::Refused(refusal.to_wire());
        let core = Rc::clone(&self.core);
        if !is_proof(core.secret.as_ref(), Side::Child, hello, welcome, proof) {
            let text = "its proof is wrong: it has another secret, or none".into();
            return self.refuse::<Proof>(
                head.sequence,
                hello,
                RefusalCode::Proof,
                text,
                refuse,
                cx,
            );
        }
        if core
            .names
            .as_ref()
            .is_some_and(|names| !names.contains(&hello.name))
        {
            let text = "its name is not on the list".into();
            return self.refuse::<Proof>(head.sequence, hello, RefusalCode::Name, text, refuse, cx);
        }
        let now = cx.now();
        let Some(at) = core.turn_of(now, self.deadline) else {
            return Err(unproven("too many children come at once").into());
        };
        // It has proven who it is, and no crowd of those who have not pushes it out while it waits.
        self.leave_waiting_room(cx.link());
        if at > now {
            self.state = State::Waiting(head.sequence, Box::new(hellos.0));
            cx.wake_at(at);
            return Ok(());
        }
        self.take(head.sequence, &hellos.0, cx)
    }

    /// Its turn has come, unless those before it are late.
    fn take_waiting(&mut self, cx: &mut Context<'_, S>) -> Result<()> {
        let free_at = self.core.free_at.get();
        match std::mem::replace(&mut self.state, State::Over) {
            State::Waiting(..) if free_at > self.deadline => {
                Err(unproven("too many children come at once").into())
            }
            State::Waiting(sequence, hello) if free_at > cx.now() => {
                self.state = State::Waiting(sequence, hello);
                cx.wake_at(free_at);
                Ok(())
            }
            State::Waiting(sequence, hello) => self.take(sequence, &hello, cx),
            other => {
                self.state = other;
                Ok(())
            }
        }
    }

    /// It is a child from now on, unless it is one already.
    fn take(
        &mut self,
        sequence: i32,
        hello: &HelloArguments,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let core = Rc::clone(&self.core);
        let Ok(instance) = check_hello(&hello.name, &hello.instance, &hello.nonce, 0) else {
            return Err(unproven("its hello makes no sense").into());
        };
        let link = cx.link();
        let peer = Peer {
            name: hello.name.clone(),
            instance,
            epoch: hello.epoch,
            weight: hello.weight.unsigned_abs().clamp(1, WEIGHT_MAX),
            link,
            address: cx.peer_address(link),
        };
        if !core.node.roll.borrow().admits(core.number, &peer) {
            let text = "a link of a later life of the same instance is up".into();
            let refuse = |refusal: &Refusal| ProofException::Refused(refusal.to_wire());
            return self.refuse::<Proof>(sequence, hello, RefusalCode::Duplicate, text, refuse, cx);
        }
        core.free_at.set(cx.now() + core.limits.child_after_min);
        let frame = reply_frame::<Proof>(sequence, Ok(()))?;
        cx.links.send_frame(link, &frame)?;
        let limits = &core.limits;
        let outgoing = Outgoing::between(limits.of_calls(0));
        let (desk, ours) = (&core.desk, Rc::clone(&outgoing));
        let proven = Proven::begin(desk, ours, limits, hello.heartbeat_ms, cx)?;
        self.state = State::Up(Box::new(proven));
        core.came_up(&peer, outgoing, cx);
        if let State::Up(proven) = &mut self.state {
            proven.sleep(cx);
        }
        Ok(())
    }

    /// Tells the other end that it is not taken; the link is closed behind that.
    fn refuse<M: Method>(
        &mut self,
        sequence: i32,
        hello: &HelloArguments,
        code: RefusalCode,
        text: String,
        exception: impl FnOnce(&Refusal) -> M::Exception,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let link = cx.link();
        let refusal = Refusal {
            code,
            text,
            name: hello.name.chars().take(64).collect(),
            address: cx.peer_address(link),
        };
        self.state = State::Over;
        log::debug!("link {link}: {refusal}");
        let frame = reply_frame::<M>(sequence, Err(exception(&refusal)))?;
        cx.links.send_frame(link, &frame)?;
        let fault = PeerFault::Unproven(refusal.text.clone().into());
        cx.links.close_for(link, Reason::Fault(fault));
        self.core.hooks.tell_refused(cx, &refusal);
        Ok(())
    }

    /// Closes the link at once: who has not proven anything keeps nothing busy.
    fn drop_now(&mut self, reason: Reason, cx: &mut Context<'_, S>) -> Verdict {
        self.leave_waiting_room(cx.link());
        cx.links.doom(cx.link(), reason);
        Verdict::Continue
    }
}

impl<S: 'static> Session<S> for ChildSession<S> {
    fn opened(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let core = Rc::clone(&self.core);
        let link = cx.link();
        let address = cx.peer_address(link);
        if !core.lists(address.as_ref()) {
            let refusal = Refusal {
                code: RefusalCode::Address,
                text: "its address is not on the list".into(),
                name: String::new(),
                address,
            };
            let fault = unproven("its address is not on the list");
            let verdict = self.drop_now(Reason::Fault(fault), cx);
            core.hooks.tell_refused(cx, &refusal);
            return Ok(verdict);
        }
        if let Some(drawn) = core.enter_waiting_room(link, address.as_ref(), cx) {
            let fault = unproven("too many wait to prove who they are");
            cx.links.doom(drawn, Reason::Fault(fault));
        }
        self.state = State::Unknown;
        self.deadline = cx.now() + core.limits.unproven_deadline;
        cx.wake_at(self.deadline);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        loop {
            match &mut self.state {
                State::Up(proven) => return proven.received(&mut self.framed, input, cx),
                State::New | State::Over => return Ok(Verdict::Continue),
                State::Unknown | State::Welcomed(_) | State::Waiting(..) => {}
            }
            let bytes_max = self.core.limits.unproven_frame_bytes_max;
            let outcome = match cx.next_frame(input, |input| short_frame(input, bytes_max)) {
                Ok(Some(frame)) => self.greet(frame, cx),
                Ok(None) => return Ok(Verdict::Continue),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                return Ok(self.drop_now(error.into(), cx));
            }
        }
    }

    fn answered(&mut self, number: u64, cx: &mut Context<'_, S>) -> Result<Verdict> {
        match &mut self.state {
            State::Up(proven) => proven.answered(number, cx),
            _ => Ok(Verdict::Continue),
        }
    }

    fn ended(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        match &self.state {
            State::Up(proven) => Ok(proven.ended(cx)),
            State::Over => Ok(Verdict::CloseWhenAnswered),
            _ => Ok(self.drop_now(Reason::PeerClosed, cx)),
        }
    }

    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        match &mut self.state {
            State::Up(proven) => proven.woken(cx),
            State::Over => Ok(Verdict::Continue),
            State::Waiting(..) => match self.take_waiting(cx) {
                Ok(()) => Ok(Verdict::Continue),
                Err(error) => Ok(self.drop_now(error.into(), cx)),
            },
            _ => {
                let fault = unproven("not by the deadline");
                Ok(self.drop_now(Reason::Fault(fault), cx))
            }
        }
    }

    fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        if let State::Up(proven) = &mut self.state {
            proven.panicked(message, cx);
        }
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, S>) {
        if let State::Up(mut proven) = self.leave_waiting_room(cx.link()) {
            proven.closed(reason);
        }
        self.core.lost(cx.link(), reason, cx);
    }
}
