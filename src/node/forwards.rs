//! A table of forwarded commands.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::panic::Location;

use bytes::Bytes;

use crate::context::Context;
use crate::deferred::Deferred;
use crate::error::{Error, Misuse, Result};
use crate::service::IntoReply;

use super::client_id::ClientId;
use super::forward::{Forwarded, forwarded};

/// What a node does with the commands that others forward to it, by number: as a [`CommandService`](crate::CommandService) of clients
/// that are somewhere else. For [`Root::serve_commands`](super::Root::serve_commands) and
/// [`Remote::serve_commands`](super::Remote::serve_commands).
///
/// A command that nobody serves fails at the node that forwarded it.
///
/// ```
/// use oneloop::node::{Forwards, Remote};
///
/// # fn main() -> oneloop::Result<()> {
/// let mut table = Forwards::<u64>::new();
/// table
///     .on(1000, |cx, _client, _command, _body| {
///         *cx.state += 1;
///         cx.state.to_string()
///     })?
///     .range(1001..=1999, |_, client, command, _| format!("{command} of {client}"))?;
/// assert!(table.on(1000, |_, _, _, _| ()).is_err(), "a number has one target");
/// let remote = Remote::new().serve_commands(table);
/// # Ok(())
/// # }
/// ```
pub struct Forwards<S> {
    single: BTreeMap<u32, Target<S>>,
    /// By their first commands; each has its last one.
    ranges: BTreeMap<u32, (u32, Target<S>)>,
    rest: Option<Target<S>>,
}

struct Target<S> {
    run: Forwarded<S>,
    place: &'static Location<'static>,
}

impl<S> Forwards<S> {
    /// One that serves nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            single: BTreeMap::new(),
            ranges: BTreeMap::new(),
            rest: None,
        }
    }

    /// Serves `command` by `function`, as [`Root::on_forward`](super::Root::on_forward) says.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if it is served already.
    #[track_caller]
    pub fn on<F, R>(&mut self, command: u32, function: F) -> Result<&mut Self>
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        let target = Target::new(function);
        if let Some(known) = self.single.get(&command) {
            return Err(target.twin(known, &format!("command {command}")));
        }
        self.single.insert(command, target);
        Ok(self)
    }

    /// Serves every command of the range that has no target of its own.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if it overlaps another range; [`Misuse::Option`] if it is empty.
    #[track_caller]
    pub fn range<F, R>(&mut self, commands: RangeInclusive<u32>, function: F) -> Result<&mut Self>
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        let target = Target::new(function);
        if commands.is_empty() {
            return Err(Misuse::Option(format!("the range {commands:?} is empty")).into());
        }
        let (first, last) = commands.into_inner();
        // Of those that begin at or before the end of this one, the last ends last.
        if let Some((from, (to, known))) = self.ranges.range(..=last).next_back()
            && *to >= first
        {
            let what = format!("a part of the commands {from} to {to}");
            return Err(target.twin(known, &what));
        }
        self.ranges.insert(first, (last, target));
        Ok(self)
    }

    /// Serves every command that nothing else serves.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if there is such a target already.
    #[track_caller]
    pub fn catch_all<F, R>(&mut self, function: F) -> Result<&mut Self>
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        let target = Target::new(function);
        if let Some(known) = &self.rest {
            return Err(target.twin(known, "what nothing else serves"));
        }
        self.rest = Some(target);
        Ok(self)
    }

    fn find(&self, command: u32) -> Option<&Target<S>> {
        let in_range = || {
            let (_, (last, target)) = self.ranges.range(..=command).next_back()?;
            (*last >= command).then_some(target)
        };
        let single = self.single.get(&command);
        single.or_else(in_range).or(self.rest.as_ref())
    }

    /// What a command is answered.
    pub(super) fn answer(
        &self,
        cx: &mut Context<'_, S>,
        client: ClientId,
        command: u32,
        body: &[u8],
    ) -> Deferred<Option<Bytes>> {
        match self.find(command) {
            Some(target) => (target.run)(cx, client, command, body),
            None => Deferred::failed(Error::failed(format!("nobody serves command {command}"))),
        }
    }
}

impl<S> Target<S> {
    #[track_caller]
    fn new<F, R>(function: F) -> Self
    where
        F: Fn(&mut Context<'_, S>, ClientId, u32, &[u8]) -> R + 'static,
        R: IntoReply,
    {
        Self {
            run: forwarded(function),
            place: Location::caller(),
        }
    }

    fn twin(&self, known: &Self, what: &str) -> Error {
        let text = format!(
            "{what} is served at {} and again at {}",
            known.place, self.place
        );
        Misuse::Duplicate(text).into()
    }
}

impl<S> Default for Forwards<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Forwards<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forwards")
            .field("commands", &self.single.keys())
            .field("ranges", &self.ranges.keys())
            .field("rest", &self.rest.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_served_twice_and_both_places_are_told() {
        let mut table = Forwards::<()>::new();
        table.on(5, |_, _, _, _| ()).expect("it is free");
        let error = table.on(5, |_, _, _, _| ()).expect_err("it is not");
        assert_eq!(error.to_string().matches("forwards.rs").count(), 2);
        table.range(5..=9, |_, _, _, _| ()).expect("beside it");
        table.catch_all(|_, _, _, _| ()).expect("it is free");
        assert!(table.catch_all(|_, _, _, _| ()).is_err());
        #[expect(clippy::reversed_empty_ranges, reason = "that is the test")]
        let empty = 20..=19;
        assert!(table.range(empty, |_, _, _, _| ()).is_err());
    }

    proptest! {
        #[test]
        fn ranges_are_taken_as_long_as_they_do_not_overlap(
            wanted in proptest::collection::vec((0..60_u32, 0..8_u32), 0..20),
        ) {
            let mut table = Forwards::<()>::new();
            let mut taken: Vec<RangeInclusive<u32>> = Vec::new();
            for (first, more) in wanted {
                let range = first..=first + more;
                let free = taken.iter().all(|it| it.end() < range.start() || range.end() < it.start());
                prop_assert_eq!(table.range(range.clone(), |_, _, _, _| ()).is_ok(), free);
                if free {
                    taken.push(range);
                }
            }
            for command in 0..70 {
                let served = taken.iter().any(|range| range.contains(&command));
                prop_assert_eq!(table.find(command).is_some(), served);
            }
        }
    }
}
