//! One link's calls whose replies come later.

use std::collections::VecDeque;
use std::rc::Rc;

use slab::Slab;

use crate::service::CommandService;
use crate::service::reply::{Pending, Reply};
use crate::time::Time;

/// One link's calls whose replies come later, or wait for one that does.
pub(crate) struct Calls<S> {
    open: Slab<Open<S>>,
    serial: u32,
    /// Where replies are to leave in order: the calls, oldest first.
    order: VecDeque<usize>,
    /// At or before the first deadline.
    pub(crate) deadline: Time,
}

/// One of them.
pub(crate) struct Open<S> {
    serial: u32,
    pub(crate) command: u32,
    pub(crate) began: Time,
    deadline: Time,
    pub(crate) reply: Awaited,
    /// The service it began on, and will finish on.
    pub(crate) service: Rc<CommandService<S>>,
}

pub(crate) enum Awaited {
    /// To come.
    Later(Box<dyn Pending>),
    /// There, and held up by one before it.
    Ready(Reply),
}

impl<S> Default for Calls<S> {
    fn default() -> Self {
        Self {
            open: Slab::new(),
            serial: 0,
            order: VecDeque::new(),
            deadline: Time::NEVER,
        }
    }
}

impl<S> Calls<S> {
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The number that the next call will have.
    pub(crate) fn next_number(&self) -> u64 {
        u64::from(self.serial.wrapping_add(1)) << 32 | self.open.vacant_key() as u64
    }

    pub(crate) fn insert(
        &mut self,
        service: Rc<CommandService<S>>,
        command: u32,
        reply: Awaited,
        (began, deadline): (Time, Time),
    ) {
        self.serial = self.serial.wrapping_add(1);
        if service.rules.ordered {
            self.order.push_back(self.open.vacant_key());
        }
        self.open.insert(Open {
            serial: self.serial,
            command,
            began,
            deadline,
            reply,
            service,
        });
        self.deadline = self.deadline.min(deadline);
    }

    /// The call of this number, if it is open.
    pub(crate) fn find(&mut self, number: u64) -> Option<(usize, &mut Open<S>)> {
        let (key, serial) = (number as u32 as usize, (number >> 32) as u32);
        let open = self
            .open
            .get_mut(key)
            .filter(|open| open.serial == serial)?;
        Some((key, open))
    }

    /// Takes the call out, wherever it stands in the order.
    pub(crate) fn remove(&mut self, key: usize) -> Option<Open<S>> {
        let open = self.open.try_remove(key)?;
        if open.service.rules.ordered {
            if self.order.front() == Some(&key) {
                self.order.pop_front();
            } else {
                self.order.retain(|&other| other != key);
            }
        }
        Some(open)
    }

    /// Whether replies may leave only after others.
    pub(crate) fn holds_order(&self) -> bool {
        !self.order.is_empty()
    }

    /// Whether the reply of this call has to wait for others.
    pub(crate) fn waits(&self, key: usize) -> bool {
        self.open
            .get(key)
            .is_some_and(|open| open.service.rules.ordered)
            && self.order.front() != Some(&key)
    }

    /// The oldest call, if its reply is there and nothing holds it up.
    pub(crate) fn pop_ready(&mut self) -> Option<Open<S>> {
        let key = *self.order.front()?;
        if !matches!(self.open.get(key)?.reply, Awaited::Ready(_)) {
            return None;
        }
        self.order.pop_front();
        self.open.try_remove(key)
    }

    /// A call whose deadline is past; when there is none, finds the next deadline.
    pub(crate) fn pop_expired(&mut self, now: Time) -> Option<Open<S>> {
        let late = |key: &usize| {
            let open = self.open.get(*key);
            open.is_some_and(|open| open.deadline <= now && matches!(open.reply, Awaited::Later(_)))
        };
        // Those in line in their order: that there is no reply is a reply too.
        let ordered = self.order.iter().copied();
        let all = self.open.iter().map(|(key, _)| key);
        if let Some(key) = ordered.chain(all).find(late) {
            return self.remove(key);
        }
        let waiting = self
            .open
            .iter()
            .filter(|(_, open)| matches!(open.reply, Awaited::Later(_)));
        self.deadline = waiting
            .map(|(_, open)| open.deadline)
            .min()
            .unwrap_or(Time::NEVER);
        None
    }
}
