//! What belongs to the whole loop, and not to the application's state.

use std::any::TypeId;
use std::rc::Rc;
use std::time::Duration;

use crate::context::Context;
use crate::error::Result;

impl<S> Context<'_, S> {
    /// What was [kept](Self::keep_part) of this type for the whole loop: a protocol's own, which the application's state need not hold.
    #[must_use]
    pub fn part<T: 'static>(&self) -> Option<Rc<T>> {
        let wanted = TypeId::of::<T>();
        let parts = &self.agenda.parts;
        let (_, part) = parts.iter().find(|(kind, _)| *kind == wanted)?;
        Rc::clone(part).downcast().ok()
    }

    /// Keeps a value for the whole loop, from where every callback can reach it by its type; instead of the one before, which it returns.
    ///
    /// ```
    /// # use std::cell::Cell;
    /// # use oneloop::Context;
    /// struct Served(Cell<u64>);
    ///
    /// fn count<S>(cx: &mut Context<'_, S>) {
    ///     match cx.part::<Served>() {
    ///         Some(served) => served.0.set(served.0.get() + 1),
    ///         None => drop(cx.keep_part(Served(Cell::new(1)))),
    ///     }
    /// }
    /// ```
    pub fn keep_part<T: 'static>(&mut self, part: T) -> Option<Rc<T>> {
        let before = self.part::<T>();
        let kind = TypeId::of::<T>();
        self.agenda.parts.retain(|(known, _)| *known != kind);
        self.agenda.parts.push((kind, Rc::new(part)));
        before
    }

    /// Fills `into` with bytes that nobody can guess.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the driver has none: the reactor has with the feature `node`.
    pub fn random(&mut self, into: &mut [u8]) -> Result<()> {
        Ok(self.driver.random(into)?)
    }

    /// The time of day, since 1970 began in UTC, as the system says it: it may jump, either way. For spans there is [`now`](Self::now).
    pub fn time_of_day(&mut self) -> Duration {
        self.driver.time_of_day()
    }
}
