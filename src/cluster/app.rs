//! What a node can be: a state, and a function that starts it.

use std::fmt;
use std::rc::Rc;

use crate::config::{Apps, Config};
use crate::context::{Context, Counters};
use crate::error::Result;
use crate::reactor::Reactor;

use super::assigned::Assigned;

/// What a node can be: a function that makes its state, and one that starts it. Which state is not seen from outside, so that
/// [`Apps`] holds all of a program.
///
/// ```no_run
/// use oneloop::cluster::{App, Assigned};
/// use oneloop::config::{Apps, Config};
/// use oneloop::node::Root;
/// use oneloop::{Context, Result};
///
/// fn gate(cx: &mut Context<'_, Vec<String>>, assigned: Assigned) -> Result<()> {
///     let root = Root::<Vec<String>>::new().on_child_up(|cx, child| cx.state.push(child.name.clone()));
///     assigned.parts().root(root).start(cx).map(drop)
/// }
///
/// fn main() -> Result<()> {
///     let mut apps = Apps::new();
///     apps.register("gate", App::new(Vec::new, gate))?;
///     let config = Config::load("cluster.toml", &apps.names())?;
///     let mut running = apps.launch(&config, "gate")?;
///     running.run() // until SIGINT or SIGTERM
/// }
/// ```
#[derive(Clone)]
pub struct App(Rc<dyn Launch>);

impl App {
    /// This one.
    pub fn new<S: 'static>(
        make: impl Fn() -> S + 'static,
        start: impl Fn(&mut Context<'_, S>, Assigned) -> Result<()> + 'static,
    ) -> Self {
        Self(Rc::new(Made {
            make: Rc::new(make),
            start: Rc::new(start),
        }))
    }

    /// Starts it on a reactor, with the limits of the plan. It runs when it is [told to](Running::run).
    ///
    /// # Errors
    /// What the start function gives, and as [`Reactor::with_limits`].
    pub fn launch(&self, assigned: Assigned) -> Result<Running> {
        self.0.launch(assigned).map(Running)
    }

    /// Starts it on a host of this world.
    #[cfg(feature = "sim")]
    pub(super) fn place(
        &self,
        world: &mut crate::sim::World,
        assigned: Assigned,
    ) -> Result<Box<dyn std::any::Any>> {
        self.0.place(world, assigned)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl Apps<App> {
    /// Starts the node of this name on a reactor, as its plan says: what a program's main does. Its secret is read from this machine.
    ///
    /// # Errors
    /// [`Misuse::Option`](crate::Misuse::Option) if there is no such node or no such app; and as [`Config::secret`] and
    /// [`App::launch`].
    pub fn launch(&self, config: &Config, node: &str) -> Result<Running> {
        let assigned = Assigned::of(config, node)?;
        self.find(&assigned.plan().app)?.launch(assigned)
    }
}

/// A node at work on a reactor.
#[must_use = "it does nothing until it runs"]
pub struct Running(Box<dyn Turning>);

impl Running {
    /// Runs until SIGINT or SIGTERM: the first lets it finish what it began, a second stops it at once. Or until it stops itself.
    ///
    /// # Errors
    /// As [`Reactor::run`].
    pub fn run(&mut self) -> Result<()> {
        self.0.run()
    }

    /// What happened so far, in numbers.
    pub fn counters(&mut self) -> Counters {
        self.0.counters()
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

/// A reactor of any state.
trait Turning {
    fn run(&mut self) -> Result<()>;
    fn counters(&mut self) -> Counters;
}

impl<S> Turning for Reactor<S> {
    fn run(&mut self) -> Result<()> {
        Self::run(self)
    }

    fn counters(&mut self) -> Counters {
        Self::counters(self)
    }
}

/// An app of any state.
trait Launch {
    fn launch(&self, assigned: Assigned) -> Result<Box<dyn Turning>>;
    #[cfg(feature = "sim")]
    fn place(
        &self,
        world: &mut crate::sim::World,
        assigned: Assigned,
    ) -> Result<Box<dyn std::any::Any>>;
}

struct Made<M, F> {
    make: Rc<M>,
    start: Rc<F>,
}

impl<S, M, F> Launch for Made<M, F>
where
    S: 'static,
    M: Fn() -> S + 'static,
    F: Fn(&mut Context<'_, S>, Assigned) -> Result<()> + 'static,
{
    fn launch(&self, assigned: Assigned) -> Result<Box<dyn Turning>> {
        let limits = assigned.plan().limits.clone();
        let mut reactor = Reactor::with_limits((self.make)(), limits)?;
        // Before anybody can know that it runs: a signal is never the end without a word.
        reactor.stop_on_signals()?;
        reactor.start(|cx| (self.start)(cx, assigned))?;
        Ok(Box::new(reactor))
    }

    #[cfg(feature = "sim")]
    fn place(
        &self,
        world: &mut crate::sim::World,
        assigned: Assigned,
    ) -> Result<Box<dyn std::any::Any>> {
        let (make, start) = (Rc::clone(&self.make), Rc::clone(&self.start));
        let (name, limits) = (assigned.name().to_owned(), assigned.plan().limits.clone());
        let begin = move |cx: &mut Context<'_, S>| start(cx, assigned.clone());
        let node = world.node_with_limits(&name, limits, move || make(), begin)?;
        Ok(Box::new(node))
    }
}
