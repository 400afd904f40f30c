//! A node as the world keeps it: how to make it, and the engine that runs while it lives.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::context::{Context, Counters, Handle, Limits, LinkId, ListenerId, Mailbox};
use crate::engine::Engine;
use crate::error::Result;
use crate::sim::card::Card;
use crate::sim::net::Net;
use crate::sim::wire::Readiness;

/// The hosts whose nodes other threads, or other nodes, have sent letters to.
pub(super) type Bells = Arc<Mutex<Vec<usize>>>;

/// A node, whatever its state.
pub(super) trait Machine {
    /// Begins a life.
    fn boot(&mut self, net: &Rc<RefCell<Net>>, host: usize, bells: &Bells) -> Result<()>;
    /// Ends it on the spot: all its memory is gone.
    fn halt(&mut self);
    fn is_up(&self) -> bool;
    /// Whether the node has stopped by itself.
    fn is_done(&self) -> bool;
    fn turn(&mut self, news: &News);
    fn interrupt(&mut self);
    fn patience(&mut self) -> Option<Duration>;
    fn counters(&mut self) -> Counters;
    /// What the last panic of a handler or a callback said, if there was one.
    fn panicked(&self) -> Option<&str>;
    /// Whether nothing is left over.
    fn is_quiet(&self) -> bool;
    /// What is left over, a phrase for each kind.
    fn leftovers(&mut self) -> Vec<String>;
    fn limits(&self) -> &Limits;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// What a node is told at the beginning of a turn.
#[derive(Default)]
pub(super) struct News {
    pub(super) listeners: Vec<ListenerId>,
    pub(super) links: Vec<(LinkId, Readiness)>,
    pub(super) mail: bool,
}

/// How a node of state `S` is made, and the engine of its present life.
pub(super) struct Unit<S> {
    limits: Limits,
    make: Box<dyn FnMut() -> S>,
    start: Start<S>,
    life: Option<Life<S>>,
}

type Start<S> = Box<dyn FnMut(&mut Context<'_, S>) -> Result<()>>;

struct Life<S> {
    engine: Engine<S, Card>,
    handle: Handle<S>,
    /// Links that could have been checked since the last check.
    unchecked: usize,
}

/// Links that each turn pays the check of, in a release build.
const CHECKED_PER_TURN: usize = 16;

impl<S: 'static> Unit<S> {
    pub(super) fn new<R>(
        limits: Limits,
        make: impl FnMut() -> S + 'static,
        mut start: impl FnMut(&mut Context<'_, S>) -> Result<R> + 'static,
    ) -> Self {
        Self {
            limits,
            make: Box::new(make),
            start: Box::new(move |cx| start(cx).map(drop)),
            life: None,
        }
    }

    pub(super) fn state(&self) -> Option<&S> {
        self.life.as_ref().map(|life| &life.engine.state)
    }

    pub(super) fn state_mut(&mut self) -> Option<&mut S> {
        self.life.as_mut().map(|life| &mut life.engine.state)
    }

    pub(super) fn handle(&self) -> Option<Handle<S>> {
        self.life.as_ref().map(|life| life.handle.clone())
    }

    /// Calls `act` with the node's context, outside of any event.
    pub(super) fn call<R>(
        &mut self,
        act: impl FnOnce(&mut Context<'_, S>) -> R,
    ) -> Option<Result<R>> {
        let life = self.life.as_mut()?;
        Some(life.engine.start(|cx| Ok(act(cx))))
    }
}

impl<S: 'static> Machine for Unit<S> {
    fn boot(&mut self, net: &Rc<RefCell<Net>>, host: usize, bells: &Bells) -> Result<()> {
        let bells = Arc::clone(bells);
        let ring = move || {
            let mut bells = bells.lock().unwrap_or_else(PoisonError::into_inner);
            bells.push(host);
        };
        let mailbox = Arc::new(Mailbox::new(self.limits.posts_max, Box::new(ring)));
        let handle = Handle::new(Arc::clone(&mailbox));
        let card = Card::new(Rc::clone(net), host);
        let state = (self.make)();
        let mut engine = Engine::new(state, card, self.limits.clone(), mailbox)?;
        let started = engine.start(&mut self.start);
        self.life = Some(Life {
            engine,
            handle,
            unchecked: 0,
        });
        started
    }

    fn halt(&mut self) {
        self.life = None;
    }

    fn is_up(&self) -> bool {
        self.life.is_some()
    }

    fn is_done(&self) -> bool {
        self.life.as_ref().is_some_and(|life| life.engine.is_done())
    }

    fn turn(&mut self, news: &News) {
        let Some(life) = &mut self.life else {
            return;
        };
        let engine = &mut life.engine;
        if engine.is_done() {
            // Its process has ended.
            return;
        }
        engine.begin_turn();
        for &listener in &news.listeners {
            engine.acceptable(listener);
        }
        for &(link, readiness) in &news.links {
            // As the reactor takes apart what the system reports.
            if readiness.failed {
                engine.failed(link);
            }
            if readiness.writable || readiness.failed {
                engine.writable(link);
            }
            if readiness.readable || readiness.failed {
                engine.readable(link, readiness.uneven);
            }
        }
        if news.mail {
            engine.mail_came();
        }
        engine.end_turn();
        if !cfg!(debug_assertions) {
            // Where the engine does not do it by itself after every turn. It looks at every link: with many, not in every turn.
            life.unchecked += CHECKED_PER_TURN;
            if life.unchecked >= engine.context().links.len() {
                engine.check();
                life.unchecked = 0;
            }
        }
    }

    fn interrupt(&mut self) {
        if let Some(life) = &mut self.life {
            life.engine.interrupt();
        }
    }

    fn patience(&mut self) -> Option<Duration> {
        self.life.as_mut()?.engine.patience()
    }

    fn counters(&mut self) -> Counters {
        let life = self.life.as_mut();
        life.map_or_else(Counters::default, |life| life.engine.context().counters())
    }

    fn panicked(&self) -> Option<&str> {
        self.life.as_ref()?.engine.last_panic()
    }

    fn is_quiet(&self) -> bool {
        let left = self.life.as_ref().map(|life| life.engine.left_over());
        left.is_none_or(|left| left.iter().all(|&(_, count)| count == 0))
    }

    fn leftovers(&mut self) -> Vec<String> {
        let Some(life) = &mut self.life else {
            return Vec::new();
        };
        let left = life.engine.left_over();
        let named = left.iter().filter(|(_, count)| *count > 0);
        named
            .map(|(what, count)| format!("{count} {what}"))
            .collect()
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
