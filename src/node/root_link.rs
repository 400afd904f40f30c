//! The link of a remote to its root.

use std::rc::Rc;

use crate::buffer::Input;
use crate::codec::Framed;
use crate::context::{
    Connect, Context, LinkId, Protocol as LinkProtocol, Reason, Session, Sessions, Verdict,
};
use crate::error::{Error, PeerFault, Result};
use crate::thrift::{CallError, call_frame, read_reply};

use super::dialling::RemoteCore;
use super::identity::{check_hello, nonce, unproven};
use super::peer::{Peer, Refusal, RefusalCode};
use super::proven::{Proven, SERVICE, short_frame};
use super::secret::{Side, is_proof, prove};
use super::wire::oneloop_methods::{Hello, HelloArguments, Proof, ProofArguments};
use super::wire::{HelloException, ProofException, Refused, VERSION, Welcome};

/// Dials the root.
///
/// # Errors
/// As [`Context::connect`].
pub(super) fn connect_to_root<S: 'static>(
    core: &Rc<RemoteCore<S>>,
    connect: Connect,
    cx: &mut Context<'_, S>,
) -> Result<LinkId> {
    cx.connect(connect, Framed::default(), ToRoot(Rc::clone(core)))
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
        let mut proven = Proven::begin(desk, ours, &core.limits, welcome.heartbeat_ms, cx)?;
        proven.exchange_windows(welcome.window, core.limits.window(), cx)?;
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
