//! From a method's name to its target, and back with its answer.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::context::{Context, Label};
use crate::error::{Error, PeerFault, Result};

use super::answer::Answer;
use super::binary::Binary;
use super::compact::Compact;
use super::events::{EventScope, ProcessorEvents, ServerEvents};
use super::exception::{ApplicationException, ApplicationExceptionKind};
use super::fault::ProtocolError;
use super::kind::{Kind, MessageKind};
use super::limits::WireLimits;
use super::line::{Head, Line, internal};
use super::message::RawMessage;
use super::method::Method;
use super::overload::Overload;
use super::protocol::Protocol;
use super::read::Read;
use super::told;
use super::value::Value;

/// A service as generated code knows it: a match from the methods' names to their targets, which goes on with the parent service's, and
/// in the end with [`Incoming::unknown`].
pub trait Process<S: 'static>: 'static {
    /// Its strings are slices of the frame, which is kept for them.
    const SHARES: bool;

    /// Serves one call.
    ///
    /// # Errors
    /// What ends the link. A call that cannot be served is answered with an exception, and is no error.
    fn process<P: Protocol>(call: &mut Incoming<'_, '_, S, P>) -> Result<Served>;
}

/// Serves the methods of a service to the links of a listener.
///
/// Generated code makes one: `scribe::processor::<Collector>()`. It is given to [`listen`](Context::listen) with
/// [`Framed`](crate::Framed) as codec, speaks the binary protocol in both of its forms and the compact one, and answers each call in the
/// protocol in which it came.
///
/// # What is answered
///
/// | Call | Answer |
/// |---|---|
/// | a method's value or declared exception | `REPLY` |
/// | its failure, its call deadline | `EXCEPTION`, internal error, with a text that tells nothing of ours |
/// | its panic | the same in its turn; then the link is closed |
/// | an unknown method | `EXCEPTION`, unknown method; its arguments are skipped |
/// | arguments that cannot be read | `EXCEPTION`, protocol error; the rest of the frame is dropped |
/// | a message that is no call | `EXCEPTION`, invalid message type |
/// | a call of a `oneway` method, or as `ONEWAY` | nothing |
/// | an empty frame, a head that cannot be read, a name that is no text and no method's, junk behind a message | the link is closed with the fault |
///
/// Replies leave in the order of the calls, though some come later: most clients number every call 0.
pub struct Processor<S: 'static> {
    pub(super) desk: Desk<S>,
}

/// What all links of a listener have in common.
pub(crate) struct Desk<S: 'static> {
    pub(super) entry: Rc<dyn Entry<S>>,
    /// What the entry says of itself.
    pub(super) shares: bool,
    pub(super) events: Option<Rc<dyn ProcessorEvents<S>>>,
    pub(super) server_events: Option<Rc<dyn ServerEvents<S>>>,
    pub(super) limits: WireLimits,
    pub(super) messages_per_frame_max: u32,
    pub(super) overload: Overload,
    /// Peers are ours, and have proven it: they are told why a call failed.
    pub(super) tells: bool,
}

impl<S: 'static> Desk<S> {
    /// What a peer is told of a failure: of the target, or of what is between.
    pub(super) fn told_of(&self, error: &Error, of_target: bool) -> ApplicationException {
        match (self.tells, of_target) {
            (false, _) => internal(),
            (true, false) => told::told(error),
            (true, true) => told::told_of_target(error),
        }
    }
}

impl<S: 'static> Processor<S> {
    /// The most messages of one frame: more would be a turn of the loop for one link. By convention a frame has one.
    pub const MESSAGES_PER_FRAME_MAX: u32 = 64;

    /// Serves this service. Generated code calls it.
    #[must_use]
    pub fn of<T: Process<S>>() -> Self {
        Self::over(Rc::new(Only(PhantomData::<fn() -> T>)))
    }

    /// What serves the links of nodes, which have proven that they are ours.
    #[cfg(feature = "node")]
    pub(crate) fn into_desk(self) -> Rc<Desk<S>> {
        Rc::new(Desk {
            tells: true,
            ..self.desk
        })
    }

    pub(super) fn over(entry: Rc<dyn Entry<S>>) -> Self {
        Self {
            desk: Desk {
                shares: entry.shares(),
                entry,
                events: None,
                server_events: None,
                limits: WireLimits::default(),
                messages_per_frame_max: Self::MESSAGES_PER_FRAME_MAX,
                overload: Overload::default(),
                tells: false,
            },
        }
    }

    /// Has these hooks told of each call.
    #[must_use]
    pub fn events(mut self, events: impl ProcessorEvents<S> + 'static) -> Self {
        self.desk.events = Some(Rc::new(events));
        self
    }

    /// Has these hooks told of each link.
    #[must_use]
    pub fn server_events(mut self, events: impl ServerEvents<S> + 'static) -> Self {
        self.desk.server_events = Some(Rc::new(events));
        self
    }

    /// The most that a message may have of strings, containers and levels.
    #[must_use]
    pub const fn limits(mut self, limits: WireLimits) -> Self {
        self.desk.limits = limits;
        self
    }

    /// The most messages of one frame, at least one; one more is a protocol fault. A frame that was begun is served whole: its last
    /// messages may exceed [`calls_max`](crate::LinkLimits::calls_max) by so many.
    #[must_use]
    pub const fn messages_per_frame_max(mut self, messages: u32) -> Self {
        self.desk.messages_per_frame_max = if messages == 0 { 1 } else { messages };
        self
    }

    /// When new links are refused.
    #[must_use]
    pub fn overload(mut self, overload: Overload) -> Self {
        self.desk.overload = overload;
        self
    }
}

impl<S> fmt::Debug for Processor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor").finish_non_exhaustive()
    }
}

/// A service behind a pointer, with an entrance for each protocol.
pub(super) trait Entry<S: 'static> {
    fn shares(&self) -> bool;
    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served>;
    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served>;
}

/// One service, and no name before its methods' names.
struct Only<T>(PhantomData<fn() -> T>);

impl<S: 'static, T: Process<S>> Entry<S> for Only<T> {
    fn shares(&self) -> bool {
        T::SHARES
    }

    fn binary(&self, call: &mut Incoming<'_, '_, S, Binary>) -> Result<Served> {
        T::process(call)
    }

    fn compact(&self, call: &mut Incoming<'_, '_, S, Compact>) -> Result<Served> {
        T::process(call)
    }
}

/// A call that has come: its head is read, its arguments are not.
pub struct Incoming<'a, 'c, S: 'static, P: Protocol> {
    pub(super) cx: &'a mut Context<'c, S>,
    pub(super) line: &'a mut Line<S>,
    pub(super) desk: &'a Rc<Desk<S>>,
    pub(super) input: P::Reader<'a>,
    /// With the method's name alone: the service's is cut off.
    pub(super) head: RawMessage<'a>,
    /// Bytes of the frame from the beginning of this message on.
    pub(super) bytes: usize,
}

/// What is left of a frame when a call is served.
#[derive(Debug)]
pub struct Served {
    pub(super) rest_bytes: usize,
}

impl<'a, S: 'static, P: Protocol> Incoming<'a, '_, S, P> {
    /// The method's name, as it came: it may be no text.
    #[must_use]
    #[inline]
    pub const fn name(&self) -> &'a [u8] {
        self.head.name
    }

    /// Reads the arguments, has `target` answer, and sends the answer now or later.
    ///
    /// # Errors
    /// What ends the link.
    pub fn serve<M: Method>(
        &mut self,
        target: impl FnOnce(&mut Context<'_, S>, M::Arguments) -> Answer<M::Output, M::Exception>,
    ) -> Result<Served> {
        self.serve_named::<M>(M::NAME, M::FULL_NAME, target)
    }

    /// The same, of a method that has its name with each call.
    #[inline]
    pub(super) fn serve_named<M: Method>(
        &mut self,
        name: &'static str,
        full_name: &'static str,
        target: impl FnOnce(&mut Context<'_, S>, M::Arguments) -> Answer<M::Output, M::Exception>,
    ) -> Result<Served> {
        let head = Head {
            name,
            sequence: self.head.sequence,
            form: self.head.form,
            silent: M::ONEWAY || self.head.kind == MessageKind::Oneway,
        };
        self.cx.label(Label::new(full_name));
        let mut scope = EventScope::begin(self.desk, self.cx, full_name);
        scope.pre_read(self.cx);
        let arguments = match M::Arguments::read(&mut self.input) {
            Ok(arguments) => arguments,
            Err(error) => {
                log::debug!("link {}: {}: {error}", self.cx.link(), full_name);
                drop(scope);
                let exception = unfit(&error);
                self.line
                    .refuse::<P>(&head, &exception, self.desk, self.cx)?;
                // Where the next message would begin is not known; where the next frame does, is.
                return Ok(Served { rest_bytes: 0 });
            }
        };
        let rest_bytes = self.input.rest().len();
        scope.post_read(self.cx, self.bytes - rest_bytes);
        self.line.begin::<P>(head, scope);
        let answer = target(self.cx, arguments);
        self.line
            .conclude::<M, P>(&head, answer, self.desk, self.cx)?;
        Ok(Served { rest_bytes })
    }

    /// Answers that there is no such method. Its arguments are skipped.
    ///
    /// # Errors
    /// What ends the link.
    pub fn unknown(&mut self) -> Result<Served> {
        let message = format!("no method {:?}", self.short_name());
        self.refuse(ApplicationExceptionKind::UnknownMethod, message)
    }

    /// As much of the name as a person would read: the peer may have made it long.
    pub(super) fn short_name(&self) -> String {
        let name = String::from_utf8_lossy(self.head.name);
        name.chars().take(NAME_CHARS_MAX).collect()
    }

    /// Answers with an exception, and skips what came.
    pub(super) fn refuse(
        &mut self,
        kind: ApplicationExceptionKind,
        message: String,
    ) -> Result<Served> {
        log::debug!("link {}: {message}", self.cx.link());
        // The answer would repeat it.
        let named = self.head.checked().map_err(PeerFault::from)?;
        let head = Head {
            name: named.name,
            sequence: named.sequence,
            form: named.form,
            silent: named.kind == MessageKind::Oneway,
        };
        let (exception, rest_bytes) = match self.input.skip(Kind::Struct) {
            Ok(()) => (
                ApplicationException::new(kind, message),
                self.input.rest().len(),
            ),
            Err(_) => (unreadable(), 0),
        };
        let (line, desk, cx) = (&mut *self.line, self.desk, &mut *self.cx);
        match line.refuse::<P>(&head, &exception, desk, cx) {
            // The name is as long as a frame may be, and nothing was written. The number says whose answer it is.
            Err(Error::Misuse(_)) => {
                let nameless = Head { name: "", ..head };
                line.refuse::<P>(&nameless, &exception, desk, cx)?;
            }
            done => done?,
        }
        Ok(Served { rest_bytes })
    }
}

impl<S, P: Protocol> fmt::Debug for Incoming<'_, '_, S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("name", &self.head.name)
            .finish_non_exhaustive()
    }
}

fn unreadable() -> ApplicationException {
    ApplicationException::new(
        ApplicationExceptionKind::ProtocolError,
        "the arguments cannot be read",
    )
}

/// Which of them is wrong is no secret of ours: the interface is the peer's as well.
fn unfit(error: &ProtocolError) -> ApplicationException {
    let text = error.to_string();
    ApplicationException::new(
        ApplicationExceptionKind::ProtocolError,
        text.chars().take(UNFIT_CHARS_MAX).collect::<String>(),
    )
}

/// The most of what is wrong with a call's arguments that its caller is told: the text may repeat what the caller sent.
const UNFIT_CHARS_MAX: usize = 256;
/// The most of a name that is repeated in a text.
const NAME_CHARS_MAX: usize = 64;
