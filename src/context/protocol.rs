//! What serves the links of a listener or a dialler.

use std::fmt;
use std::rc::Rc;

use crate::codec::Encoder;
use crate::context::Session;
use crate::error::Result;

/// A protocol for the links of one listener or dialler: what [`Context::listen`](crate::Context::listen) and [`Context::connect`](crate::Context::connect) take as their service.
///
/// `C` is the codec it runs over.
pub trait Protocol<S, C> {
    /// A maker of sessions, one for each link, and how a push is written to those links, if they have commands.
    ///
    /// # Errors
    /// A mistake in how the service was put together, found now and not at the first call.
    fn sessions(self, codec: C) -> Result<Sessions<S>>;
}

/// What a [`Protocol`] is made into.
pub struct Sessions<S> {
    /// Makes the session of one link.
    pub make: Rc<dyn Fn() -> Box<dyn Session<S>>>,
    /// Writes a pushed command; none if the protocol has no commands.
    pub encoder: Option<Rc<dyn Encoder<Head = u32>>>,
}

impl<S> fmt::Debug for Sessions<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("commands", &self.encoder.is_some())
            .finish_non_exhaustive()
    }
}

/// A function that makes sessions is a protocol that brings its own codec: pass `()` for it.
impl<S, N, F> Protocol<S, ()> for F
where
    N: Session<S> + 'static,
    F: Fn() -> N + 'static,
{
    fn sessions(self, (): ()) -> Result<Sessions<S>> {
        Ok(Sessions {
            make: Rc::new(move || Box::new(self())),
            encoder: None,
        })
    }
}
