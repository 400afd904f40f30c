//! Functions by name.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;

use crate::context::Context;
use crate::error::{Misuse, Result};
use crate::service::{IntoReply, Reply};

/// What a node offers to other nodes, by function name. The layers that carry names over the wire call it.
///
/// ```
/// use oneloop::Service;
///
/// # fn main() -> oneloop::Result<()> {
/// let mut service = Service::<u32>::new();
/// service.on("count", |cx, _arguments| {
///     *cx.state += 1;
///     cx.state.to_string()
/// })?;
/// assert!(service.on("count", |_, _| ()).is_err(), "a name has one target");
/// assert_eq!(service.names().collect::<Vec<_>>(), ["count"]);
/// # Ok(())
/// # }
/// ```
pub struct Service<S> {
    targets: BTreeMap<String, Target<S>>,
}

struct Target<S> {
    run: Run<S>,
    place: &'static Location<'static>,
}

type Run<S> = Box<dyn Fn(&mut Context<'_, S>, &[u8]) -> Reply>;

impl<S> Service<S> {
    /// One that serves nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            targets: BTreeMap::new(),
        }
    }

    /// Serves `name` by `target`, which is given the encoded arguments.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if it is served already.
    #[track_caller]
    pub fn on<F, R>(&mut self, name: &str, target: F) -> Result<&mut Self>
    where
        F: Fn(&mut Context<'_, S>, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        let place = Location::caller();
        if let Some(known) = self.targets.get(name) {
            let text = format!(
                "the name {name:?} is registered at {} and again at {place}",
                known.place
            );
            return Err(Misuse::Duplicate(text).into());
        }
        let run = Box::new(move |cx: &mut Context<'_, S>, arguments: &[u8]| {
            target(cx, arguments).into_reply()
        });
        self.targets.insert(name.into(), Target { run, place });
        Ok(self)
    }

    /// Calls `name`; `None` if nobody serves it.
    pub fn call(&self, cx: &mut Context<'_, S>, name: &str, arguments: &[u8]) -> Option<Reply> {
        self.targets
            .get(name)
            .map(|target| (target.run)(cx, arguments))
    }

    /// The names served, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }
}

impl<S> Default for Service<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Service<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.targets.keys()).finish()
    }
}
