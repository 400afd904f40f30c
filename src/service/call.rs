//! One request.

use std::cell::Cell;
use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;

use crate::buffer::Body;
use crate::codec::Encoder;
use crate::context::{Context, LinkId};
use crate::error::{Error, Result};
use crate::service::reply::{Answer, Reply};
use crate::service::session::Handling;

/// One request: its command, its body, and all that a [`Context`] may do, for the link it came from.
///
/// ```
/// use std::time::Duration;
/// use oneloop::{Call, CommandService};
///
/// # fn main() -> oneloop::Result<()> {
/// let mut service = CommandService::<u64>::new();
/// service.on(1, |call| call.reply(call.body()))?; // from the read buffer to the write buffer
/// service.on(2, |call| { // the application's state, no lock
///     *call.state += 1;
///     call.state.to_string()
/// })?;
/// service.on(3, |call| { // a reply that comes later
///     let (promise, later) = call.defer();
///     call.after(Duration::from_secs(1), |_| promise.resolve("done"));
///     later
/// })?;
/// service.on(4, |call| call.blocking(|| std::fs::read("motd.txt")))?; // from a worker thread
/// # Ok(())
/// # }
/// ```
pub struct Call<'a, S> {
    /// What the handler may do. `call` itself stands for it; the field is for borrowing its parts one by one.
    pub cx: Context<'a, S>,
    pub(crate) link: LinkId,
    pub(crate) command: u32,
    pub(crate) body: &'a [u8],
    pub(super) pen: &'a dyn Pen<S>,
    /// Earlier calls are unanswered, and replies are to leave in the order of the calls.
    pub(crate) waits: bool,
    /// Whether a reply is on its way; kept by the session, which has to know even if the handler panics.
    pub(super) handling: &'a Cell<Handling>,
    /// A reply that waits for earlier calls, on its way to their queue.
    pub(crate) staged: &'a Cell<Option<Bytes>>,
}

impl<'a, S> Call<'a, S> {
    /// The number it was called by.
    #[must_use]
    pub const fn command(&self) -> u32 {
        self.command
    }

    /// The request's body, borrowed from the read buffer: it does not outlive the handler. Copy what a later reply needs.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The request's body as text.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub fn text(&self) -> Result<&'a str, std::str::Utf8Error> {
        std::str::from_utf8(self.body)
    }

    /// The link it came from.
    #[must_use]
    pub const fn link(&self) -> LinkId {
        self.link
    }

    /// Replies with bytes that the handler only borrows: they are copied straight to the link's write buffer. A call is answered
    /// once; a second reply is an error in the log and goes nowhere.
    pub fn reply<'b>(&mut self, body: impl Into<Body<'b>>) -> Reply {
        let pen = self.pen;
        pen.reply(self, body.into())
    }

    /// Pushes a command to the link this call came from, ahead of the reply.
    ///
    /// # Errors
    /// See [`Links::send`](crate::Links::send).
    pub fn send<'b>(&mut self, command: u32, body: impl Into<Body<'b>>) -> Result<()> {
        self.cx.links.send(self.link, command, body)
    }

    /// Closes the link this call came from, when all that was put on its way, the reply included, is sent.
    pub fn close_when_sent(&mut self) {
        if self.waits {
            // The reply is not on its way before those of the earlier calls are.
            self.cx.links.close_when_answered(self.link);
        } else {
            self.cx.links.close_when_sent(self.link);
        }
    }

    /// Drops the link this call came from, and what was not sent with it.
    pub fn close(&mut self) {
        self.cx.links.close(self.link);
    }
}

/// Replies in the link's format: one virtual call, with the format's encoder inlined behind it.
pub(super) trait Pen<S> {
    fn reply(&self, call: &mut Call<'_, S>, body: Body<'_>) -> Reply;
}

impl<S, C: Encoder<Head = u32>> Pen<S> for C {
    fn reply(&self, call: &mut Call<'_, S>, body: Body<'_>) -> Reply {
        if call.handling.get().is_replied() {
            return call.answered_twice();
        }
        if call.waits {
            return call.stage(body);
        }
        match call.cx.links.encode(call.link, self, call.command, body) {
            // A link that closed meanwhile wants no reply.
            Ok(()) | Err(Error::LinkClosed) => {
                call.handling.set(Handling::Replied);
                Reply(Answer::Sent)
            }
            Err(error) => Reply(Answer::Failed(error)),
        }
    }
}

impl<S> Call<'_, S> {
    #[cold]
    fn answered_twice(&self) -> Reply {
        log::error!(
            "link {}: command {} was answered twice; the second reply is dropped",
            self.link,
            self.command
        );
        Reply(Answer::Sent)
    }

    /// Keeps the reply for when those of the earlier calls are out.
    #[cold]
    fn stage(&mut self, body: Body<'_>) -> Reply {
        self.staged.set(Some(body.into_bytes()));
        self.handling.set(Handling::Replied);
        Reply(Answer::Sent)
    }
}

impl<'a, S> Deref for Call<'a, S> {
    type Target = Context<'a, S>;

    fn deref(&self) -> &Self::Target {
        &self.cx
    }
}

impl<S> DerefMut for Call<'_, S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.cx
    }
}

impl<S> fmt::Debug for Call<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            link,
            command,
            body,
            ..
        } = self;
        f.debug_struct("Call")
            .field("link", link)
            .field("command", command)
            .field("bytes", &body.len())
            .finish()
    }
}

/// Whether a call goes on to its handler: what a [before hook](crate::CommandService::before) says.
#[derive(Debug)]
#[must_use]
pub enum Admit {
    /// It goes on.
    Pass,
    /// It ends here, with this reply.
    Refuse(Reply),
}
