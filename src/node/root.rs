//! A root: it listens for children.

use core::net::IpAddr;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::rc::Rc;

use crate::buffer::Input;
use crate::codec::Framed;
use crate::context::{
    Address, Context, LinkId, Listen, ListenerId, Protocol as LinkProtocol, Reason, Session,
    Sessions, Verdict,
};
use crate::error::{Misuse, PeerFault, Result};
use crate::service::IntoReply;
use crate::thrift::{
    Desk, MessageKind, Method, Multiplexed, Outgoing, Processor, RawMessage, read_arguments,
    read_head, reply_frame,
};
use crate::time::Time;

use super::client_id::ClientId;
use super::composed::Composed;
use super::forward::{Forwarded, forwarded, with_clients};
use super::forwards::Forwards;
use super::hooks::Hooks;
use super::identity::{WEIGHT_MAX, check_hello, check_name, is_loopback, nonce, unproven};
use super::limits::NodeLimits;
use super::peer::{Peer, Refusal, RefusalCode};
use super::proven::{Proven, SERVICE, short_frame};
use super::pushes::Reach;
use super::secret::{Secret, Side, is_proof, prove};
use super::wire::oneloop_methods::{Hello, HelloArguments, Proof, ProofArguments};
use super::wire::{HelloException, ProofException, VERSION, Welcome};

/// What a node is to its children: what it serves to them, whom it takes, and who is told.
///
/// ```
/// use oneloop::node::{Root, Secret};
///
/// let secret = Secret::new("correct horse battery staple").unwrap();
/// let root = Root::<()>::new()
///     .secret(secret)
///     .names(["chat", "calc"])
///     .on_child_up(|_cx, child| println!("{} is there", child.name))
///     .on_child_lost(|_cx, child, why| println!("{} is gone: {why}", child.name));
/// ```
pub struct Root<S: 'static> {
    desk: Option<Processor<S>>,
    forwarded: Option<Forwarded<S>>,
    secret: Option<Secret>,
    names: Option<BTreeSet<String>>,
    addresses: Option<BTreeSet<IpAddr>>,
    limits: NodeLimits,
    hooks: Hooks<S>,
}

impl<S: 'static> Root<S> {
    /// One that serves nothing to its children, and takes all that can prove that they have the cluster's secret: without one, all.
    #[must_use]
    pub fn new() -> Self {
        Self {
            desk: None,
            forwarded: None,
            secret: None,
            names: None,
            addresses: None,
            limits: NodeLimits::default(),
            hooks: Hooks::default(),
        }
    }

    /// Serves this to its children: a generated processor, or several by name, as [`Multiplexed`](crate::thrift::Multiplexed). Replies
    /// leave when they are there, in any order. What is set of overload there is not looked at; links are bounded by the limits.
    #[must_use]
    pub fn serve(mut self, processor: Processor<S>) -> Self {
        self.desk = Some(processor);
        self
    }

    /// Answers the commands of clients that a child forwards: by [`forward_to_remote`](super::forward_to_remote), or as a node between. The function
    /// is given the client's id, the command and its body, and gives what a command's handler does; its reply is the client's.
    #[must_use]
    pub fn on_forward<F, R>(mut self, function: F) -> Self
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        self.forwarded = Some(forwarded(function));
        self
    }

    /// The same by a table, instead of one function.
    #[must_use]
    pub fn serve_commands(self, table: Forwards<S>) -> Self {
        self.on_forward(move |cx, client, command, body| table.answer(cx, client, command, body))
    }

    /// What children have to prove that they have, as this end proves it to them. Without it a root listens on loopback only.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// Only children of these names are taken.
    #[must_use]
    pub fn names<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Only children at these addresses are taken.
    #[must_use]
    pub fn addresses(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        let canonical = |address: IpAddr| address.to_canonical();
        self.addresses = Some(addresses.into_iter().map(canonical).collect());
        self
    }

    /// The most of everything.
    #[must_use]
    pub fn limits(mut self, limits: NodeLimits) -> Self {
        self.limits = limits;
        self
    }

    /// These limits, unless it was given others.
    #[cfg(feature = "config")]
    pub(crate) fn limits_or(mut self, limits: &NodeLimits) -> Self {
        if self.limits == NodeLimits::default() {
            self.limits.clone_from(limits);
        }
        self
    }

    /// Is told of each child that is up from now on: calls to it can be made.
    #[must_use]
    pub fn on_child_up(mut self, hook: impl Fn(&mut Context<'_, S>, &Peer) + 'static) -> Self {
        self.hooks.up = Some(Box::new(hook));
        self
    }

    /// Is told of each child that is up no more, and why.
    #[must_use]
    pub fn on_child_lost(
        mut self,
        hook: impl Fn(&mut Context<'_, S>, &Peer, &Reason) + 'static,
    ) -> Self {
        self.hooks.lost = Some(Box::new(hook));
        self
    }

    /// Is told of each that wanted to be a child and was not taken.
    #[must_use]
    pub fn on_refused(mut self, hook: impl Fn(&mut Context<'_, S>, &Refusal) + 'static) -> Self {
        self.hooks.refused = Some(Box::new(hook));
        self
    }

    /// Finds what makes no sense, before anything is begun.
    pub(super) fn check(&self, listen: &Listen) -> Result<()> {
        self.limits.check()?;
        if let Some(names) = &self.names {
            names.iter().try_for_each(|name| check_name(name))?;
        }
        let address = match &listen.address {
            Ok(address) => address,
            Err(misuse) => return Err(misuse.clone().into()),
        };
        if self.secret.is_none() && !is_loopback(address) {
            return Err(Misuse::Option(format!(
                "a root without a secret listens on loopback only, and not on {address}: give it one"
            ))
            .into());
        }
        Ok(())
    }

    /// Listens.
    pub(super) fn start(
        self,
        listen: Listen,
        (node, number): (&Rc<Composed<S>>, usize),
        cx: &mut Context<'_, S>,
    ) -> Result<ListenerId> {
        let listen = listen.limits(self.limits.of_link());
        let open = self.secret.is_none();
        let processor = self.desk.unwrap_or_else(|| Multiplexed::new().processor());
        let processor = with_clients(processor, self.forwarded, Reach::Children)?;
        let core = Rc::new(RootCore {
            node: Rc::clone(node),
            number,
            desk: processor.into_desk(),
            secret: self.secret,
            names: self.names,
            addresses: self.addresses,
            limits: self.limits,
            hooks: self.hooks,
            unproven: RefCell::default(),
            free_at: Cell::new(Time::START),
            turns_until: Cell::new(Time::START),
        });
        let listener = cx.listen(listen, Framed::default(), Children(core))?;
        if open && let Some(address) = cx.listener_address(listener) {
            log::warn!("a root listens on {address} without a secret: whoever reaches it is taken");
        }
        Ok(listener)
    }
}

impl<S: 'static> Default for Root<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Root<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Root")
            .field("secret", &self.secret)
            .field("names", &self.names)
            .field("addresses", &self.addresses)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What all links of a root have in common.
struct RootCore<S: 'static> {
    node: Rc<Composed<S>>,
    /// Which of the node's roots it is.
    number: usize,
    desk: Rc<Desk<S>>,
    secret: Option<Secret>,
    names: Option<BTreeSet<String>>,
    addresses: Option<BTreeSet<IpAddr>>,
    limits: NodeLimits,
    hooks: Hooks<S>,
    /// Links whose other end has not proven who it is.
    unproven: RefCell<VecDeque<LinkId>>,
    /// No child is taken before: so long after the one before.
    free_at: Cell<Time>,
    /// Who has to wait waits until then at least: those before it have their turns.
    turns_until: Cell<Time>,
}

struct Children<S: 'static>(Rc<RootCore<S>>);

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
            self.core.unproven.borrow_mut().retain(|it| *it != link);
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
        let at = now.max(core.free_at.get()).max(core.turns_until.get());
        if at > self.deadline {
            return Err(unproven("too many children come at once").into());
        }
        core.turns_until.set(at + core.limits.child_after_min);
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
        let older = {
            let mut roll = core.node.roll.borrow_mut();
            roll.add(core.number, peer.clone(), outgoing)
        };
        if let Some(older) = older {
            let (reason, Peer { link, epoch, .. }) = (Reason::Replaced, &older.peer);
            if *epoch == peer.epoch {
                log::warn!(
                    "link {link}: {reason}: the child {} of the same life (two processes with one instance and one epoch would take each \
                     other's place for ever)",
                    peer.name
                );
            } else {
                log::debug!("link {link}: {reason}");
            }
            cx.links.doom(*link, Reason::Replaced);
            core.hooks.tell_lost(cx, &older.peer, &reason);
        }
        log::debug!("link {link}: the child {} is up", peer.name);
        core.hooks.tell_up(cx, &peer);
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
        if let Some(addresses) = &core.addresses {
            let address = cx.peer_address(link);
            let listed = match &address {
                Some(Address::Ip(address)) => addresses.contains(&address.ip().to_canonical()),
                _ => false,
            };
            if !listed {
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
        }
        let oldest = {
            let mut waiting = core.unproven.borrow_mut();
            waiting.push_back(link);
            let full = waiting.len() > core.limits.unproven_links_max;
            full.then(|| waiting.pop_front()).flatten()
        };
        if let Some(oldest) = oldest {
            let fault = unproven("too many wait to prove who they are");
            cx.links.doom(oldest, Reason::Fault(fault));
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
        let gone = self.core.node.roll.borrow_mut().remove(cx.link());
        if let Some(gone) = gone {
            log::debug!("link {}: the child {} is lost", cx.link(), gone.peer.name);
            self.core.hooks.tell_lost(cx, &gone.peer, reason);
        }
    }
}
