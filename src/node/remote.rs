//! A remote: it dials a root, for ever.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::buffer::Input;
use crate::codec::Framed;
use crate::context::{
    Connect, Context, LinkId, Protocol as LinkProtocol, Reason, Session, Sessions, TimerId, Verdict,
};
use crate::error::{Error, Misuse, PeerFault, Result};
use crate::service::IntoReply;
use crate::thrift::{CallError, Desk, Multiplexed, Outgoing, Processor, call_frame, read_reply};
use crate::time::Time;

use super::client_id::ClientId;
use super::forward::{Forwarded, forwarded, with_clients};
use super::forwards::Forwards;
use super::hooks::Hooks;
use super::identity::{Identity, check_hello, check_name, is_loopback, nonce, unproven};
use super::limits::NodeLimits;
use super::peer::{Peer, Refusal, RefusalCode};
use super::proven::{Proven, SERVICE, short_frame};
use super::pushes::Reach;
use super::secret::{Secret, Side, is_proof, prove};
use super::wire::oneloop_methods::{Hello, HelloArguments, Proof, ProofArguments};
use super::wire::{HelloException, ProofException, Refused, VERSION, Welcome};

/// What a node is to one of its roots: what it serves to it, and who is told. It dials that root, and again when the link is lost, for
/// ever.
///
/// ```
/// use oneloop::node::{NodeLimits, Remote, Secret};
///
/// let secret = Secret::new("correct horse battery staple").unwrap();
/// let limits = NodeLimits { queued_calls_max: 100, ..NodeLimits::default() }; // calls wait while the root is not there
/// let remote = Remote::<()>::new()
///     .secret(secret)
///     .limits(limits)
///     .on_root_up(|_cx, root| println!("{} is there", root.name))
///     .on_root_lost(|_cx, root, why| println!("{} is gone: {why}", root.name));
/// ```
pub struct Remote<S: 'static> {
    desk: Option<Processor<S>>,
    forwarded: Option<Forwarded<S>>,
    secret: Option<Secret>,
    limits: NodeLimits,
    weight: u32,
    hooks: Hooks<S>,
}

impl<S: 'static> Remote<S> {
    /// One that serves nothing to its root.
    #[must_use]
    pub fn new() -> Self {
        Self {
            desk: None,
            forwarded: None,
            secret: None,
            limits: NodeLimits::default(),
            weight: 1,
            hooks: Hooks::default(),
        }
    }

    /// Serves this to the root: a generated processor, or several by name. Replies leave when they are there, in any order.
    #[must_use]
    pub fn serve(mut self, processor: Processor<S>) -> Self {
        self.desk = Some(processor);
        self
    }

    /// Answers the commands of clients that the root forwards: by [`forward_to_child`](super::forward_to_child), or as a node between. The function
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

    /// What the root has to prove that it has, as this end proves it to the root.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secret = Some(secret);
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

    /// This node's share of the calls, among the root's children of its name, where they are shared by weight: from 1 to 10,000. 1.
    #[must_use]
    pub const fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Is told each time the root is up: calls to it can be made.
    #[must_use]
    pub fn on_root_up(mut self, hook: impl Fn(&mut Context<'_, S>, &Peer) + 'static) -> Self {
        self.hooks.up = Some(Box::new(hook));
        self
    }

    /// Is told each time the root is up no more, and why.
    #[must_use]
    pub fn on_root_lost(
        mut self,
        hook: impl Fn(&mut Context<'_, S>, &Peer, &Reason) + 'static,
    ) -> Self {
        self.hooks.lost = Some(Box::new(hook));
        self
    }

    /// Is told each time one end did not take the other. It is dialled again all the same: the other end may be set right meanwhile.
    #[must_use]
    pub fn on_refused(mut self, hook: impl Fn(&mut Context<'_, S>, &Refusal) + 'static) -> Self {
        self.hooks.refused = Some(Box::new(hook));
        self
    }

    pub(super) fn check(&self, root: &str, connect: &Connect) -> Result<()> {
        check_name(root)?;
        // A bad address fails when it is dialled.
        if self.secret.is_none()
            && let Ok(address) = &connect.address
            && !is_loopback(address)
        {
            return Err(Misuse::Option(format!(
                "a remote without a secret dials loopback only, and not {address}: give it one"
            ))
            .into());
        }
        Ok(self.limits.check()?)
    }

    pub(super) fn into_core(
        self,
        root: &str,
        connect: Connect,
        us: &Identity,
    ) -> Result<RemoteCore<S>> {
        let processor = self.desk.unwrap_or_else(|| Multiplexed::new().processor());
        let processor = with_clients(processor, self.forwarded, Reach::Here)?;
        let outgoing = outgoing(&self.limits);
        Ok(RemoteCore {
            root: root.into(),
            connect: connect.limits(self.limits.of_link()),
            us: Identity {
                weight: self.weight,
                ..us.clone()
            },
            desk: processor.into_desk(),
            secret: self.secret,
            limits: self.limits,
            hooks: self.hooks,
            state: RefCell::new(Dialling {
                outgoing,
                peer: None,
                failures: 0,
                timer: None,
                over: false,
                up_since: Time::START,
                short_lives: 0,
            }),
        })
    }
}

impl<S: 'static> Default for Remote<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Remote<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("secret", &self.secret)
            .field("weight", &self.weight)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn outgoing(limits: &NodeLimits) -> Rc<Outgoing> {
    Outgoing::between(limits.of_calls(limits.queued_calls_max))
}

/// A remote at work: it has a link, dials one, or waits to dial.
pub(super) struct RemoteCore<S: 'static> {
    pub(super) root: String,
    connect: Connect,
    us: Identity,
    desk: Rc<Desk<S>>,
    secret: Option<Secret>,
    limits: NodeLimits,
    hooks: Hooks<S>,
    state: RefCell<Dialling>,
}

struct Dialling {
    /// The calls over the present link, or over the one to come.
    outgoing: Rc<Outgoing>,
    /// The root, if it is up.
    peer: Option<Peer>,
    /// How often in a row no link came up.
    failures: u32,
    /// Waits to dial again.
    timer: Option<TimerId>,
    /// The loop stops.
    over: bool,
    up_since: Time,
    short_lives: u32,
}

impl<S: 'static> RemoteCore<S> {
    pub(super) fn outgoing(&self) -> Rc<Outgoing> {
        Rc::clone(&self.state.borrow().outgoing)
    }

    /// Of the ids of clients that are forwarded by it.
    pub(super) const fn tag(&self) -> u64 {
        self.us.tag
    }

    pub(super) fn peer(&self) -> Option<Peer> {
        self.state.borrow().peer.clone()
    }

    /// Dials.
    pub(super) fn dial(self: &Rc<Self>, cx: &mut Context<'_, S>) {
        self.state.borrow_mut().timer = None;
        let dialled = cx.connect(
            self.connect.clone(),
            Framed::default(),
            ToRoot(Rc::clone(self)),
        );
        match dialled {
            Ok(_) => {}
            Err(Error::Stopped) => self.stop(cx),
            Err(error) => {
                log::warn!("the root {} cannot be dialled: {error}", self.root);
                self.dial_later(cx);
            }
        }
    }

    /// Dials again, after twice the time of the last time.
    fn dial_later(self: &Rc<Self>, cx: &mut Context<'_, S>) {
        if self.state.borrow().over {
            return;
        }
        let failures = self.state.borrow().failures;
        let (least, most) = (self.limits.redial_after_min, self.limits.redial_after_max);
        // Half of it is drawn by lot, so that those who lost a root together do not come back together.
        let span = back_off(least, most, failures);
        let mut lot = [0; 4];
        if let Err(error) = cx.random(&mut lot) {
            log::debug!("no lot can be drawn: {error}");
        }
        let span = drawn(span, u32::from_be_bytes(lot));
        self.state.borrow_mut().failures = failures.saturating_add(1);
        let core = Rc::clone(self);
        let timer = cx.after(span, move |cx| core.dial(cx));
        self.state.borrow_mut().timer = Some(timer);
    }

    /// The loop stops: it is not dialled again, and what waits for it fails.
    pub(super) fn stop(&self, cx: &mut Context<'_, S>) {
        let (outgoing, timer) = {
            let mut state = self.state.borrow_mut();
            state.over = true;
            (Rc::clone(&state.outgoing), state.timer.take())
        };
        if let Some(timer) = timer {
            cx.cancel(timer);
        }
        if !outgoing.is_up() {
            outgoing.end(|| Error::Stopped);
        }
    }

    /// The link is up.
    fn came_up(&self, peer: &Peer, cx: &mut Context<'_, S>) {
        {
            let mut state = self.state.borrow_mut();
            state.peer = Some(peer.clone());
            state.up_since = cx.now();
        }
        log::debug!("link {}: the root {} is up", peer.link, peer.name);
        self.hooks.tell_up(cx, peer);
    }

    /// The link is gone, whether it was up or not.
    fn lost(self: &Rc<Self>, reason: &Reason, cx: &mut Context<'_, S>) {
        let gone = {
            let mut state = self.state.borrow_mut();
            let gone = state.peer.take();
            if gone.is_some() {
                // A link that lasted begins anew; one that did not is a failure as well.
                if cx.now() - state.up_since >= self.limits.redial_after_max {
                    state.short_lives = 0;
                }
                state.failures = state.short_lives;
                state.short_lives = state.short_lives.saturating_add(1);
            }
            let used = state.outgoing.is_up().then(|| Rc::clone(&state.outgoing));
            if gone.is_some() || used.is_some() {
                state.outgoing = outgoing(&self.limits);
            }
            drop(state);
            if let Some(used) = used {
                used.end(|| Error::LinkClosed);
            }
            gone
        };
        if matches!(reason, Reason::Stopped) {
            self.stop(cx);
        }
        match &gone {
            Some(peer) => log::debug!("the root {} is lost: {reason}", peer.name),
            None => log::debug!("the root {} is not reached: {reason}", self.root),
        }
        self.dial_later(cx);
        if let Some(peer) = &gone {
            self.hooks.tell_lost(cx, peer, reason);
        }
    }

    fn refused(&self, refusal: &Refusal, cx: &mut Context<'_, S>) {
        log::warn!("the root {}: {refusal}", self.root);
        self.hooks.tell_refused(cx, refusal);
    }
}

/// After so many failures, without the lot.
fn back_off(least: Duration, most: Duration, failures: u32) -> Duration {
    let times = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
    least.saturating_mul(times).min(most)
}

/// A time between half of `span` and all of it.
fn drawn(span: Duration, lot: u32) -> Duration {
    let half = span / 2;
    half.saturating_add(half.mul_f64(f64::from(lot) / f64::from(u32::MAX)))
}

/// The protocol of the link to a root.
struct ToRoot<S: 'static>(Rc<RemoteCore<S>>);

impl<S: 'static> LinkProtocol<S, Framed> for ToRoot<S> {
    fn sessions(self, codec: Framed) -> Result<Sessions<S>> {
        let core = self.0;
        let make = move || -> Box<dyn Session<S>> {
            Box::new(RootSession {
                framed: codec.clone(),
                core: Rc::clone(&core),
                state: State::New,
            })
        };
        Ok(Sessions {
            make: Rc::new(make),
            encoder: None,
        })
    }
}

/// The link to a root.
struct RootSession<S: 'static> {
    framed: Framed,
    core: Rc<RemoteCore<S>>,
    state: State<S>,
}

/// ```text
///  New ──opened, hello──► Greeting ──welcome, proof──► Proving ──answer──► Up
///                             └──────────────────────────┴── refused, a fault, the deadline ──► Over
/// ```
enum State<S: 'static> {
    New,
    Greeting(Box<HelloArguments>),
    Proving(Box<Welcome>),
    Up(Box<Proven<S>>),
    Over,
}

impl<S: 'static> RootSession<S> {
    fn say_hello(&mut self, cx: &mut Context<'_, S>) -> Result<()> {
        let (us, limits) = (&self.core.us, &self.core.limits);
        let hello = HelloArguments {
            version: VERSION,
            name: us.name.clone(),
            instance: us.instance.0.to_vec(),
            epoch: us.epoch,
            nonce: nonce(cx)?,
            heartbeat_ms: i32::try_from(limits.heartbeat.as_millis()).unwrap_or(i32::MAX),
            weight: i32::try_from(us.weight).unwrap_or(i32::MAX),
        };
        let frame = call_frame::<Hello>(SERVICE, HELLO_SEQUENCE, &hello)?;
        cx.links.send_frame(cx.link(), &frame)?;
        self.state = State::Greeting(Box::new(hello));
        Ok(())
    }

    /// Takes what the other end says before both have proven who they are.
    fn greeted(&mut self, frame: &[u8], cx: &mut Context<'_, S>) -> Result<()> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Greeting(hello) => match read_reply::<Hello>(frame, SERVICE, HELLO_SEQUENCE)? {
                Ok(welcome) => self.welcomed(&hello, welcome, cx),
                Err(CallError::Declared(HelloException::Refused(refused))) => {
                    Err(self.refused(refused, cx))
                }
                Err(other) => Err(other.into()),
            },
            State::Proving(welcome) => match read_reply::<Proof>(frame, SERVICE, PROOF_SEQUENCE)? {
                Ok(()) => self.taken(&welcome, cx),
                Err(CallError::Declared(ProofException::Refused(refused))) => {
                    Err(self.refused(refused, cx))
                }
                Err(other) => Err(other.into()),
            },
            _ => Ok(()),
        }
    }

    fn welcomed(
        &mut self,
        hello: &HelloArguments,
        welcome: Welcome,
        cx: &mut Context<'_, S>,
    ) -> Result<()> {
        let core = Rc::clone(&self.core);
        let Welcome {
            version,
            name,
            instance,
            nonce,
            heartbeat_ms,
            proof,
            ..
        } = &welcome;
        let secret = core.secret.as_ref();
        let sensible = check_hello(name, instance, nonce, *heartbeat_ms);
        let (code, text) = if *version != VERSION {
            (RefusalCode::Version, "it speaks another version")
        } else if let Err(text) = sensible {
            (RefusalCode::Malformed, text)
        } else if !is_proof(secret, Side::Root, hello, &welcome, proof) {
            (
                RefusalCode::Proof,
                "the root's proof is wrong: it has another secret, or none",
            )
        } else if *name != core.root {
            (
                RefusalCode::Name,
                "the root has another name than it was dialled by",
            )
        } else {
            let proof = prove(secret, Side::Child, hello, &welcome);
            let frame = call_frame::<Proof>(SERVICE, PROOF_SEQUENCE, &ProofArguments { proof })?;
            cx.links.send_frame(cx.link(), &frame)?;
            self.state = State::Proving(Box::new(welcome));
            return Ok(());
        };
        let refusal = Refusal {
            code,
            text: text.into(),
            name: name.chars().take(64).collect(),
            address: cx.peer_address(cx.link()),
        };
        core.refused(&refusal, cx);
        Err(unproven(text).into())
    }

    /// The root takes us.
    fn taken(&mut self, welcome: &Welcome, cx: &mut Context<'_, S>) -> Result<()> {
        let core = Rc::clone(&self.core);
        let Ok(instance) = check_hello(&welcome.name, &welcome.instance, &welcome.nonce, 0) else {
            return Err(unproven("its welcome makes no sense").into());
        };
        let link = cx.link();
        let peer = Peer {
            name: welcome.name.clone(),
            instance,
            epoch: welcome.epoch,
            weight: 1,
            link,
            address: cx.peer_address(link),
        };
        let (desk, ours) = (&core.desk, core.outgoing());
        let proven = Proven::begin(desk, ours, &core.limits, welcome.heartbeat_ms, cx)?;
        self.state = State::Up(Box::new(proven));
        core.came_up(&peer, cx);
        if let State::Up(proven) = &mut self.state {
            proven.sleep(cx);
        }
        Ok(())
    }

    /// The root does not take us.
    fn refused(&self, refused: Refused, cx: &mut Context<'_, S>) -> Error {
        let address = cx.peer_address(cx.link());
        let refusal = Refusal::of_wire(refused, &self.core.us.name, address);
        self.core.refused(&refusal, cx);
        PeerFault::Unproven(format!("it refuses us: {}", refusal.text).into()).into()
    }

    fn drop_now(&mut self, reason: Reason, cx: &mut Context<'_, S>) -> Verdict {
        self.state = State::Over;
        let link: LinkId = cx.link();
        cx.links.doom(link, reason);
        Verdict::Continue
    }
}

impl<S: 'static> Session<S> for RootSession<S> {
    fn opened(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let at = cx.now() + self.core.limits.unproven_deadline;
        cx.wake_at(at);
        self.say_hello(cx)?;
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
        loop {
            match &mut self.state {
                State::Up(proven) => return proven.received(&mut self.framed, input, cx),
                State::New | State::Over => return Ok(Verdict::Continue),
                State::Greeting(_) | State::Proving(_) => {}
            }
            let bytes_max = self.core.limits.unproven_frame_bytes_max;
            let outcome = match cx.next_frame(input, |input| short_frame(input, bytes_max)) {
                Ok(Some(frame)) => self.greeted(frame, cx),
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
            _ => Ok(Verdict::CloseNow),
        }
    }

    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        match &mut self.state {
            State::Up(proven) => proven.woken(cx),
            State::Over => Ok(Verdict::Continue),
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
        if let State::Up(proven) = &mut self.state {
            proven.closed(reason);
        }
        self.core.lost(reason, cx);
    }
}

const HELLO_SEQUENCE: i32 = 1;
const PROOF_SEQUENCE: i32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_twice_as_long_each_time_up_to_the_most() {
        let least = Duration::from_millis(100);
        let most = Duration::from_secs(10);
        for (failures, millis) in [
            (0, 100),
            (1, 200),
            (6, 6400),
            (7, 10_000),
            (31, 10_000),
            (32, 10_000),
            (u32::MAX, 10_000),
        ] {
            let span = back_off(least, most, failures);
            assert_eq!(span, Duration::from_millis(millis), "{failures}");
            assert_eq!(drawn(span, 0), span / 2);
            assert_eq!(drawn(span, u32::MAX), span);
        }
    }
}
