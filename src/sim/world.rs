//! A clock, a network and nodes, in one thread of one test.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use log::{Level, LevelFilter};
use slab::Slab;

use crate::context::{Address, Context, Counters, Handle, Limits, LinkId};
use crate::error::{Misuse, Result};
use crate::sim::course::Step;
use crate::sim::journal::Journal;
use crate::sim::machine::{Bells, Machine, Unit};
use crate::sim::mishap::Mishaps;
use crate::sim::net::Net;
use crate::sim::plan::Plan;
use crate::sim::replay;
use crate::sim::{Crash, NodeFaults, Peer, Random};
use crate::time::Time;

/// A clock, a network and nodes, in one thread of one test: time is a number, every fault is drawn from the seed, and the same seed
/// gives the same run, event for event.
///
/// A world that is dropped by a failing test says its seed.
pub struct World {
    pub(super) net: Rc<RefCell<Net>>,
    /// By host; a host without a node has none.
    pub(super) machines: Vec<Option<Box<dyn Machine>>>,
    /// Nodes that letters wait for.
    pub(super) mail: Vec<bool>,
    pub(super) bells: Bells,
    pub(super) steps: Slab<Step>,
    pub(super) mishaps: Mishaps,
    pub(super) node_faults: NodeFaults,
    /// By host, of those that have their own.
    pub(super) own_faults: BTreeMap<usize, NodeFaults>,
    random: Random,
    pub(super) panics_allowed: bool,
    /// The node that had something left over when it was last asked.
    last_busy: usize,
    /// Events since the clock last moved.
    pub(super) still: u64,
    /// The failure is told of by somebody else.
    pub(super) watched: bool,
}

/// Names a node of a [`World`].
pub struct Node<S> {
    pub(super) host: usize,
    name: Rc<str>,
    state: PhantomData<fn() -> S>,
}

/// Whether addresses can name a host so. Faults are named after it as well, with commas between them where a run is replayed.
fn is_host_name(name: &str) -> bool {
    let address = format!("{name}:0").parse();
    name != "localhost" && matches!(address, Ok(Address::Name(host, 0)) if host == name)
}

/// Lines of the event log shown with a failure.
const TAIL_LINES: usize = 30;

impl World {
    /// A world in which nothing goes wrong until [faults](Self::set_link_faults) are set.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with_plan(seed, Plan::default(), replay::journal(LevelFilter::Info))
    }

    pub(super) fn with_plan(seed: u64, plan: Plan, journal: Journal) -> Self {
        Self {
            net: Rc::new(RefCell::new(Net::new(seed, journal, plan))),
            machines: Vec::new(),
            mail: Vec::new(),
            bells: Arc::default(),
            steps: Slab::new(),
            mishaps: Mishaps::default(),
            node_faults: NodeFaults::none(),
            own_faults: BTreeMap::new(),
            random: Random::of_site(seed, "scenario", "", 0),
            panics_allowed: false,
            last_busy: 0,
            still: 0,
            watched: false,
        }
    }

    /// What everything here is drawn from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.net.borrow().seed
    }

    /// Numbers for the scenario's own use: what to send, how many, when.
    pub const fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// The time since the world began.
    #[must_use]
    pub fn now(&self) -> Time {
        self.net.borrow().now
    }

    // ---- nodes ----

    /// A node on a host of this name: the state and the start function that a reactor would run. It listens where `start` says: at the
    /// host's own name, at its [address](Self::ip), or at any (`0.0.0.0`); at `localhost` and loopback addresses for itself only.
    /// `make` and `start` are called again when it restarts after a crash.
    ///
    /// # Errors
    /// What `start` gives; [`Misuse::Option`] if the host has a node already, or the name is none of a host: letters, digits, `.`, `-`
    /// and `_`, as in an [`Address`], and neither `localhost` nor an address in numbers.
    pub fn node<S: 'static, R>(
        &mut self,
        name: &str,
        make: impl FnMut() -> S + 'static,
        start: impl FnMut(&mut Context<'_, S>) -> Result<R> + 'static,
    ) -> Result<Node<S>> {
        self.node_with_limits(name, Limits::default(), make, start)
    }

    /// The same, with these limits.
    ///
    /// # Errors
    /// The same, and [`Misuse::Option`] if the limits make no sense.
    pub fn node_with_limits<S: 'static, R>(
        &mut self,
        name: &str,
        limits: Limits,
        make: impl FnMut() -> S + 'static,
        start: impl FnMut(&mut Context<'_, S>) -> Result<R> + 'static,
    ) -> Result<Node<S>> {
        if !is_host_name(name) {
            return Err(Misuse::Option(format!("{name:?} is no name of a host")).into());
        }
        let host = self.net.borrow_mut().host(name);
        if self.machines.len() <= host {
            self.machines.resize_with(host + 1, || None);
            self.mail.resize(host + 1, false);
        }
        if self.machines[host].is_some() {
            return Err(Misuse::Option(format!("there is a node called {name}")).into());
        }
        self.machines[host] = Some(Box::new(Unit::new(limits, make, start)));
        self.set_faults_of_host(host);
        if let Err(error) = self.boot(host) {
            self.machines[host] = None;
            return Err(error);
        }
        self.expect_mishaps(Some(host));
        Ok(Node {
            host,
            name: name.into(),
            state: PhantomData,
        })
    }

    /// Begins a life of a node. One whose start fails is over again, as a process is that gives up.
    #[track_caller]
    pub(super) fn boot(&mut self, host: usize) -> Result<()> {
        let Some(machine) = self.machines[host].as_mut() else {
            return Ok(());
        };
        {
            let mut net = self.net.borrow_mut();
            let now = net.now;
            let kept = &mut net.hosts[host];
            (kept.began, kept.clock) = (now, now);
            kept.dark = false;
            kept.threads_max = machine.limits().worker_threads_max;
            kept.queue_max = machine.limits().worker_queue_max;
            let name = Rc::clone(&kept.name);
            net.note(Level::Info, format_args!("{name} starts"));
        }
        self.mail[host] = false;
        let started = machine.boot(&self.net, host, &self.bells);
        self.after_turn(host);
        if started.is_err() {
            self.crash_host(host, Crash::Process);
        }
        started
    }

    /// Whether a node is up, and has not stopped.
    pub(super) fn runs(&self, host: usize) -> bool {
        let machine = self.machines.get(host).and_then(Option::as_ref);
        machine.is_some_and(|machine| machine.is_up() && !machine.is_done())
    }

    /// A node's state.
    ///
    /// # Panics
    /// If the node is down.
    #[must_use]
    #[track_caller]
    pub fn state<S: 'static>(&self, node: &Node<S>) -> &S {
        let state = self.unit(node).state();
        state.unwrap_or_else(|| panic!("{} is down", node.name))
    }

    /// A node's state, to be changed.
    ///
    /// # Panics
    /// If the node is down.
    #[track_caller]
    pub fn state_mut<S: 'static>(&mut self, node: &Node<S>) -> &mut S {
        let state = self.unit_mut(node).state_mut();
        state.unwrap_or_else(|| panic!("{} is down", node.name))
    }

    /// Calls `act` with a node's context, as a callback of it.
    ///
    /// # Panics
    /// If the node is down, or `act` panics.
    #[track_caller]
    pub fn with<S: 'static, R>(
        &mut self,
        node: &Node<S>,
        act: impl FnOnce(&mut Context<'_, S>) -> R,
    ) -> R {
        let outcome = self.unit_mut(node).call(act);
        self.after_turn(node.host);
        match outcome {
            Some(Ok(result)) => result,
            Some(Err(error)) => panic!("{}: {error}", node.name),
            None => panic!("{} is down", node.name),
        }
    }

    /// A handle of a node, for posts. From a thread of its own a post comes when the system lets it, and no seed replays that.
    ///
    /// # Panics
    /// If the node is down.
    #[must_use]
    #[track_caller]
    pub fn handle<S: 'static>(&self, node: &Node<S>) -> Handle<S> {
        let handle = self.unit(node).handle();
        handle.unwrap_or_else(|| panic!("{} is down", node.name))
    }

    /// What happened at a node in its present life, in numbers.
    pub fn counters(&mut self, node: impl AsRef<str>) -> Counters {
        let host = self.host(node.as_ref());
        let machine = self.machines.get_mut(host).and_then(Option::as_mut);
        machine.map_or_else(Counters::default, |machine| machine.counters())
    }

    /// Whether a node is up: neither crashed nor stopped.
    #[must_use]
    pub fn is_up(&self, node: impl AsRef<str>) -> bool {
        let host = self.host(node.as_ref());
        self.runs(host)
    }

    /// A host's address.
    ///
    /// # Panics
    /// If there is no such host.
    #[must_use]
    #[track_caller]
    pub fn ip(&self, host: impl AsRef<str>) -> core::net::IpAddr {
        let host = self.host(host.as_ref());
        self.net.borrow().hosts[host].ip.into()
    }

    /// Has a node stop as SIGTERM does: the first time it finishes what it began, the second it stops at once.
    pub fn signal(&mut self, node: impl AsRef<str>) {
        let host = self.host(node.as_ref());
        self.say(host, "is told to stop");
        if let Some(machine) = self.machines.get_mut(host).and_then(Option::as_mut) {
            machine.interrupt();
        }
        let now = self.now();
        self.net.borrow_mut().want_turn(host, now);
    }

    /// A peer on a host of this name, which is made if it is not there; it dials at once.
    ///
    /// # Panics
    /// If that is no [name of a host](Self::node).
    #[track_caller]
    pub fn peer(&mut self, host: &str, target: &str) -> Peer {
        assert!(is_host_name(host), "{host:?} is no name of a host");
        Peer::dial(&self.net, host, target)
    }

    #[track_caller]
    fn unit<S: 'static>(&self, node: &Node<S>) -> &Unit<S> {
        let machine = self.machines.get(self.own(node)).and_then(Option::as_ref);
        let unit = machine.and_then(|machine| machine.as_any().downcast_ref());
        unit.unwrap_or_else(|| panic!("{} is no node of this world", node.name))
    }

    #[track_caller]
    fn unit_mut<S: 'static>(&mut self, node: &Node<S>) -> &mut Unit<S> {
        let host = self.own(node);
        let machine = self.machines.get_mut(host).and_then(Option::as_mut);
        let unit = machine.and_then(|machine| machine.as_any_mut().downcast_mut());
        unit.unwrap_or_else(|| panic!("{} is no node of this world", node.name))
    }

    /// The host of a node, which may be another world's.
    #[track_caller]
    pub(super) fn own<S>(&self, node: &Node<S>) -> usize {
        let net = self.net.borrow();
        let known = net.hosts.get(node.host);
        assert!(
            known.is_some_and(|host| host.name == node.name),
            "{} is no node of this world",
            node.name
        );
        node.host
    }

    #[track_caller]
    pub(super) fn host(&self, name: &str) -> usize {
        let host = self.net.borrow().find_host(name);
        host.unwrap_or_else(|| panic!("there is no host called {name}"))
    }

    // ---- what is left ----

    /// Whether no node has a link, a timer, a call, a job or a promise left over, or a connection to be accepted. What still travels
    /// does not count.
    #[must_use]
    pub fn is_quiet(&mut self) -> bool {
        // Asked after every event: the node that had something left when it was last asked mostly still has.
        let nodes = self.machines.len();
        let from = self.last_busy;
        let busy = (from..nodes).chain(0..from).find(|&host| {
            let machine = self.machines[host].as_mut();
            machine.is_some_and(|machine| !machine.is_quiet())
        });
        self.last_busy = busy.unwrap_or(from);
        busy.is_none() && self.net.borrow().unaccepted().is_empty()
    }

    /// That no node has a link, a timer, a call, a job or a promise left over, or a connection to be accepted. Listeners are none of these; neither is what the
    /// application of a node that has stopped keeps for itself.
    ///
    /// # Panics
    /// If one has.
    #[track_caller]
    pub fn assert_quiet(&mut self) {
        let left = self.leftovers();
        assert!(left.is_empty(), "left over: {}", left.join("; "));
    }

    fn leftovers(&mut self) -> Vec<String> {
        let net = self.net.borrow();
        let mut left = Vec::new();
        for (host, machine) in self.machines.iter_mut().enumerate() {
            let Some(machine) = machine else { continue };
            let of_node = machine.leftovers();
            if !of_node.is_empty() {
                left.push(format!(
                    "{} has {}",
                    net.hosts[host].name,
                    of_node.join(", ")
                ));
            }
        }
        left.extend(net.unaccepted().iter().map(|(host, count)| {
            let name = &net.hosts[*host].name;
            format!("{name} has {count} connections that it does not accept")
        }));
        left
    }

    // ---- the event log ----

    /// What is logged from now on: at info nodes and faults, at debug links, at trace turns and bytes. Before that: info in a world of a
    /// test's own, nothing in a [search](super::search()) until a seed is run again, or what the environment's `ONELOOP_SIM_LOG` says.
    pub fn set_log_level(&mut self, level: LevelFilter) {
        self.net.borrow_mut().journal.level = level;
    }

    /// The event log: a line for each event, the same in every run of a seed at this level. Of a very long one the later part.
    #[must_use]
    pub fn log(&self) -> String {
        self.net.borrow().journal.text().to_owned()
    }

    /// Writes a line of the scenario's own into the event log, at info.
    pub fn note(&mut self, line: &str) {
        self.net
            .borrow_mut()
            .note(Level::Info, format_args!("{line}"));
    }

    /// The log's last lines.
    pub(super) fn log_tail(&self) -> String {
        self.net.borrow().journal.tail(TAIL_LINES).to_owned()
    }

    /// The faults that took place, in order.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.net.borrow().plan.took_place.clone()
    }

    pub(super) fn say(&self, host: usize, what: &str) {
        self.say_at(Level::Info, host, what);
    }

    pub(super) fn say_at(&self, level: Level, host: usize, what: &str) {
        let mut net = self.net.borrow_mut();
        let name = Rc::clone(&net.hosts[host].name);
        net.note(level, format_args!("{name} {what}"));
    }

    /// The address at which a node's link was dialled, or from which it came; none once it has failed.
    #[must_use]
    pub fn peer_address<S>(&self, node: &Node<S>, link: LinkId) -> Option<Address> {
        let net = self.net.borrow();
        let (key, side) = net.hosts.get(node.host)?.link(link)?;
        let ends = &net.wires[key.slot].ends;
        let known = ends[side as usize].is_connected();
        known.then(|| ends[side.other() as usize].address.clone())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if replay::is_panicking() && !self.watched {
            eprint!("{}", replay::report(self, &self.faults(), false));
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed())
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

impl<S> Node<S> {
    /// Its name, which is its host's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<S> AsRef<str> for Node<S> {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl<S> Clone for Node<S> {
    fn clone(&self) -> Self {
        Self {
            host: self.host,
            name: Rc::clone(&self.name),
            state: PhantomData,
        }
    }
}

impl<S> fmt::Debug for Node<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Node").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_busy_node_with_a_far_timer_leaves_no_turns_behind() {
        let mut world = World::new(1);
        let start = |cx: &mut Context<'_, ()>| {
            cx.after(SECOND * 3600, |_| ());
            cx.every(SECOND / 1000, |_, _| ());
            Ok(())
        };
        world.node("a", || (), start).expect("it starts");
        world.run_for(SECOND * 10);
        assert!(world.counters("a").turns > 9_000);
        let waiting = world.net.borrow().schedule.len();
        assert!(waiting < 5, "{waiting} events wait");
    }

    #[test]
    fn connections_that_are_over_are_forgotten() {
        let mut world = World::new(1);
        world
            .node("a", || (), |cx| cx.listen("a:1", (), || Quiet))
            .expect("it starts");
        for number in 0..100 {
            let peer = world.peer("b", "a:1");
            let refused = world.peer("b", "a:2");
            world.run_for(SECOND);
            match number % 4 {
                0 => peer.close(),
                1 => peer.reset(),
                2 => world.reset("a", "b"),
                _ => {
                    world.crash("a", Crash::Process);
                    world.restart("a").expect("it starts");
                }
            }
            world.run_for(SECOND);
            assert!(refused.end().is_some());
            assert_eq!(world.net.borrow().wires.len(), 0, "after {number}");
        }
        world.run_for(SECOND * 200);
        assert_eq!(world.net.borrow().schedule.len(), 0);
        assert!(
            world
                .net
                .borrow()
                .hosts
                .iter()
                .all(|host| host.ready.is_empty())
        );
    }

    struct Quiet;

    impl crate::context::Session<()> for Quiet {
        fn received(
            &mut self,
            _: &mut crate::buffer::Input<'_>,
            _: &mut Context<'_, ()>,
        ) -> Result<crate::context::Verdict> {
            Ok(crate::context::Verdict::Continue)
        }
    }
}
