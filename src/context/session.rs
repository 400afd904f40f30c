//! One end of one connection, as its protocol sees it.

use crate::buffer::Input;
use crate::context::{Context, Reason};
use crate::error::Result;

/// One end of one connection, as its protocol sees it. Owns no socket and reads no clock; it takes bytes and gives verdicts, and
/// sends by the [`Context`]. The loop calls it, never the other way round, and never while it is in another call of it.
///
/// ```
/// use oneloop::{Context, Input, Result, Session, Verdict};
///
/// /// Sends every byte back, in chunks of sixteen.
/// struct Chunks;
///
/// impl<S> Session<S> for Chunks {
///     fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict> {
///         while let Some(chunk) = cx.next_frame(input, |input| Ok(input.take(16)))? {
///             cx.send_bytes(chunk)?;
///         }
///         Ok(Verdict::Continue)
///     }
/// }
/// ```
pub trait Session<S> {
    /// The link is up. [`Context::link`] names it, until [`closed`](Self::closed), and no other link after that.
    ///
    /// # Errors
    /// As [`received`](Self::received).
    fn opened(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let _ = cx;
        Ok(Verdict::Continue)
    }

    /// Bytes came. Takes whole frames off the front of `input`; what it leaves comes again, with more behind it.
    ///
    /// # Errors
    /// Ends the link with the error as the reason; what was sent before still goes out. A panic does the same.
    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, S>) -> Result<Verdict>;

    /// A deferred that was asked to [notify](Context::notify_link) this link is settled; `call` is the number it was given.
    ///
    /// # Errors
    /// As [`received`](Self::received).
    fn answered(&mut self, call: u64, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let _ = (call, cx);
        Ok(Verdict::Continue)
    }

    /// The peer ended its stream; it may still read. By default the link closes when all calls are answered and all is sent.
    ///
    /// # Errors
    /// As [`received`](Self::received).
    fn ended(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let _ = cx;
        Ok(Verdict::CloseWhenAnswered)
    }

    /// The moment set by [`Context::wake_at`] has come. A link that is closing is not woken any more.
    ///
    /// # Errors
    /// As [`received`](Self::received).
    fn woken(&mut self, cx: &mut Context<'_, S>) -> Result<Verdict> {
        let _ = cx;
        Ok(Verdict::Continue)
    }

    /// One of the calls above panicked: the last word to the peer, before the link is closed. If it orders a
    /// [close when answered](crate::Links::close_when_answered), earlier calls are answered before.
    fn panicked(&mut self, message: &str, cx: &mut Context<'_, S>) {
        let _ = (message, cx);
    }

    /// The link is gone, and nothing sent to it arrives any more.
    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, S>) {
        let _ = (reason, cx);
    }
}

/// What is to become of the link after a call of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It goes on.
    Continue,
    /// It closes when every call is answered and all is sent. Nothing more is read.
    CloseWhenAnswered,
    /// It closes when all that was put on its way is sent. Nothing more is read.
    CloseWhenSent,
    /// It closes now, and what was not sent is lost.
    CloseNow,
}
