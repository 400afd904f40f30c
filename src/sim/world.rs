//! A clock, a network and nodes, in one thread of one test.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use log::{Level, LevelFilter};
use slab::Slab;

use crate::context::{Address, Context, Counters, Handle, Limits, LinkId};
use crate::error::{Misuse, Result};
use crate::sim::journal::Journal;
use crate::sim::machine::{Bells, Machine, News, Unit};
use crate::sim::mishap::Mishaps;
use crate::sim::net::Net;
use crate::sim::plan::Plan;
use crate::sim::replay;
use crate::sim::schedule::Event;
use crate::sim::wire::{Owner, Side, WireKey};
use crate::sim::{LinkFaults, NodeFaults, Peer, Random};
use crate::time::Time;

/// A clock, a network and nodes, in one thread of one test: time is a number, every fault is drawn from the seed, and the same seed
/// gives the same run, event for event.
///
/// A world that is dropped by a failing test says its seed.
pub struct World {
    pub(super) net: Rc<RefCell<Net>>,
    /// By host; a host without a node has none.
    machines: Vec<Option<Box<dyn Machine>>>,
    /// Nodes that letters wait for.
    mail: Vec<bool>,
    bells: Bells,
    steps: Slab<Step>,
    pub(super) mishaps: Mishaps,
    node_faults: NodeFaults,
    random: Random,
    panics_allowed: bool,
    /// Events since the clock last moved.
    still: u64,
    /// The failure is told of by somebody else.
    pub(super) watched: bool,
}

/// A step of a script.
struct Step {
    run: Box<dyn FnOnce(&mut World)>,
    /// Its name, if it is a fault.
    fault: Option<String>,
}

/// Names a node of a [`World`].
pub struct Node<S> {
    host: usize,
    name: Rc<str>,
    state: PhantomData<fn() -> S>,
}

/// How a node crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process is gone: its system resets its links.
    Process,
    /// The whole machine is gone: nobody is told.
    Silent,
}

/// Events without the clock moving after which a world is said to hang.
const STILL_MAX: u64 = 1_000_000;
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
            random: Random::of_site(seed, "scenario", "", 0),
            panics_allowed: false,
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
    /// What `start` gives; [`Misuse::Option`] if the host has a node already.
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
    fn boot(&mut self, host: usize) -> Result<()> {
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
    pub fn peer(&mut self, host: &str, target: &str) -> Peer {
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
    fn own<S>(&self, node: &Node<S>) -> usize {
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
    fn host(&self, name: &str) -> usize {
        let host = self.net.borrow().find_host(name);
        host.unwrap_or_else(|| panic!("there is no host called {name}"))
    }

    // ---- faults ----

    /// What befalls links that are dialled from now on.
    pub fn set_link_faults(&mut self, faults: LinkFaults) {
        self.net.borrow_mut().set_faults(None, faults);
    }

    /// The same for links between two hosts only.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn set_link_faults_between(
        &mut self,
        one: impl AsRef<str>,
        other: impl AsRef<str>,
        faults: LinkFaults,
    ) {
        let between = (self.host(one.as_ref()), self.host(other.as_ref()));
        self.net.borrow_mut().set_faults(Some(between), faults);
    }

    /// What befalls nodes from now on.
    pub fn set_node_faults(&mut self, faults: NodeFaults) {
        let hosts = self.machines.len();
        self.node_faults = faults;
        for host in 0..hosts {
            self.set_faults_of_host(host);
        }
        self.mishaps.begin_anew();
        self.expect_mishaps(None);
    }

    fn set_faults_of_host(&self, host: usize) {
        let mut net = self.net.borrow_mut();
        let faults = net.plan.node(self.node_faults.clone());
        net.hosts[host].faults = Rc::new(faults);
    }

    fn expect_mishaps(&mut self, only: Option<usize>) {
        let hosts = (0..self.machines.len()).filter(|&host| only.is_none_or(|only| only == host));
        let mut net = self.net.borrow_mut();
        for host in hosts.filter(|&host| self.machines[host].is_some()) {
            self.mishaps.expect_of_host(&mut net, host);
        }
        if only.is_none() {
            self.mishaps.expect_partition(&mut net, &self.node_faults);
        }
    }

    /// Nothing goes wrong any more: partitions heal, paused nodes go on, links stand still no longer, crashed nodes restart.
    ///
    /// # Errors
    /// What the start of a crashed node gives.
    pub fn calm(&mut self) -> Result<()> {
        self.set_link_faults(LinkFaults::none());
        self.set_node_faults(NodeFaults::none());
        self.net.borrow_mut().calm();
        self.heal();
        for host in 0..self.machines.len() {
            self.resume_host(host);
            self.restart_host(host)?;
        }
        Ok(())
    }

    /// Cuts the network: hosts of different groups do not reach each other, and those of none reach each other only. What is sent
    /// meanwhile is sent again until it heals, for a quarter of an hour, as TCP does.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn partition(&mut self, groups: &[&[&str]]) {
        self.heal();
        for (number, group) in groups.iter().enumerate() {
            for name in *group {
                let host = self.host(name);
                self.net.borrow_mut().hosts[host].side = number as u32 + 1;
            }
        }
        let mut net = self.net.borrow_mut();
        net.partitions += 1;
        net.note(Level::Info, format_args!("the network parts: {groups:?}"));
    }

    /// Every host reaches every other again.
    pub fn heal(&mut self) {
        let mut net = self.net.borrow_mut();
        let parted = net.is_parted();
        for host in &mut net.hosts {
            host.side = 0;
        }
        if parted {
            net.note(Level::Info, format_args!("the network is whole again"));
        }
    }

    /// A node is gone with all its memory. Nothing happens if it is down already.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn crash(&mut self, node: impl AsRef<str>, how: Crash) {
        let host = self.host(node.as_ref());
        self.crash_host(host, how);
    }

    pub(super) fn crash_host(&mut self, host: usize, how: Crash) {
        let Some(machine) = self.machines.get_mut(host).and_then(Option::as_mut) else {
            return;
        };
        if !machine.is_up() {
            return;
        }
        let what = match how {
            _ if machine.is_done() => "is gone",
            Crash::Process => "crashes",
            Crash::Silent => "goes dark",
        };
        machine.halt();
        self.say(host, what);
        let jobs = self.net.borrow_mut().crash(host, how == Crash::Silent);
        // They may hold anything of the user's.
        drop(jobs);
    }

    /// Starts a node that crashed or stopped. Nothing happens if it is up.
    ///
    /// # Errors
    /// What its start gives.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn restart(&mut self, node: impl AsRef<str>) -> Result<()> {
        let host = self.host(node.as_ref());
        if !self.runs(host) {
            // Of one that stopped there is something left to be looked at.
            self.crash_host(host, Crash::Process);
        }
        self.restart_host(host)
    }

    pub(super) fn restart_host(&mut self, host: usize) -> Result<()> {
        match self.machines.get(host) {
            Some(Some(machine)) if !machine.is_up() => self.boot(host),
            _ => Ok(()),
        }
    }

    /// A node stands still, as a process does that is stopped or swapped out. Its system goes on.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn pause(&mut self, node: impl AsRef<str>) {
        let host = self.host(node.as_ref());
        self.pause_host(host);
    }

    pub(super) fn pause_host(&mut self, host: usize) {
        let was = {
            let mut net = self.net.borrow_mut();
            let kept = &mut net.hosts[host];
            kept.pauses += 1;
            std::mem::replace(&mut kept.paused, true)
        };
        if !was {
            self.say(host, "stands still");
        }
    }

    /// It goes on; its clock has jumped.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn resume(&mut self, node: impl AsRef<str>) {
        let host = self.host(node.as_ref());
        self.resume_host(host);
    }

    pub(super) fn resume_host(&mut self, host: usize) {
        if std::mem::replace(&mut self.net.borrow_mut().hosts[host].paused, false) {
            self.say(host, "goes on");
            let mut net = self.net.borrow_mut();
            let now = net.now;
            let kept = &mut net.hosts[host];
            kept.turn_at = Time::NEVER;
            let (life, held) = (kept.life, std::mem::take(&mut kept.held));
            for job in held {
                net.schedule.put(now, Event::Job(host, life, job));
            }
            net.want_turn(host, now);
        }
    }

    /// Resets all links between two hosts.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn reset(&mut self, one: impl AsRef<str>, other: impl AsRef<str>) {
        for key in self.wires_between(one.as_ref(), other.as_ref()) {
            self.net.borrow_mut().break_wire(key);
        }
    }

    /// Ends the stream of all links from one host to another: its reader sees an end in peace, and what is sent after is lost.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn half_close(&mut self, from: impl AsRef<str>, to: impl AsRef<str>) {
        let reader = self.host(to.as_ref());
        for key in self.wires_between(from.as_ref(), to.as_ref()) {
            self.net.borrow_mut().cut_wire(key, reader);
        }
    }

    /// Nothing of what one host sends to another arrives for `span`, and then all of it: a peer that stops reading.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn stall(&mut self, from: impl AsRef<str>, to: impl AsRef<str>, span: Duration) {
        let reader = self.host(to.as_ref());
        for key in self.wires_between(from.as_ref(), to.as_ref()) {
            self.net.borrow_mut().stall_wire(key, reader, span);
        }
    }

    /// Resets one link of a node.
    ///
    /// # Panics
    /// If the node is another world's.
    #[track_caller]
    pub fn reset_link<S>(&mut self, node: &Node<S>, link: LinkId) {
        let host = self.own(node);
        let mut net = self.net.borrow_mut();
        if let Some((key, _)) = net.hosts[host].link(link) {
            net.break_wire(key);
        }
    }

    #[track_caller]
    fn wires_between(&self, one: &str, other: &str) -> Vec<WireKey> {
        let (one, other) = (self.host(one), self.host(other));
        let net = self.net.borrow();
        let between = net.wires.iter().filter(|(_, wire)| {
            let hosts = [wire.ends[0].host, wire.ends[1].host];
            hosts == [one, other] || hosts == [other, one]
        });
        let key = |(slot, wire): (usize, &super::wire::Wire)| WireKey {
            slot,
            serial: wire.serial,
        };
        between.map(key).collect()
    }

    /// Handlers may panic: otherwise a panic in a node ends the run, as a failure.
    pub const fn allow_panics(&mut self) {
        self.panics_allowed = true;
    }

    // ---- scripts ----

    /// Runs `step`, `span` from now.
    pub fn after(&mut self, span: Duration, step: impl FnOnce(&mut Self) + 'static) {
        self.add_step(span, Box::new(step), None);
    }

    /// Runs `fault`, `span` from now, unless a [search](super::search()) for the faults that matter leaves it out.
    pub fn fault_after(
        &mut self,
        span: Duration,
        name: &str,
        fault: impl FnOnce(&mut Self) + 'static,
    ) {
        // Numbered by its name: if another fault is left out, with the steps that it would have made, the name is still the same.
        let site = format!("script:{}", name.replace(',', ";"));
        let number = self.net.borrow_mut().next_mishap(&site);
        let name = format!("{site}/{number}");
        self.add_step(span, Box::new(fault), Some(name));
    }

    fn add_step(&mut self, span: Duration, run: Box<dyn FnOnce(&mut Self)>, fault: Option<String>) {
        let index = self.steps.insert(Step { run, fault });
        let mut net = self.net.borrow_mut();
        let at = net.now + span;
        net.schedule.put(at, Event::Step(index));
    }

    fn take_step(&mut self, index: usize) {
        let Step { run, fault } = self.steps.remove(index);
        let admitted = fault.is_none_or(|name| {
            let mut net = self.net.borrow_mut();
            let admitted = net.plan.admits(&name);
            if admitted {
                net.note(Level::Info, format_args!("{name}"));
            }
            admitted
        });
        if admitted {
            run(self);
        }
    }

    // ---- running ----

    /// Lets so much time pass.
    ///
    /// # Panics
    /// If a handler panics and [that is not allowed](Self::allow_panics), or an invariant of a loop does not hold.
    #[track_caller]
    pub fn run_for(&mut self, span: Duration) {
        let until = self.now() + span;
        while self.step(until) {}
        self.pass(until);
    }

    /// It is `until`, or later: a step of the script may have let time pass by itself.
    fn pass(&self, until: Time) {
        let mut net = self.net.borrow_mut();
        net.now = net.now.max(until);
    }

    /// Lets time pass until `condition` holds: as soon as something has happened at a node or a peer that makes it hold.
    ///
    /// # Panics
    /// If it does not hold in time; and as [`run_for`](Self::run_for).
    #[track_caller]
    pub fn run_until(&mut self, condition: impl FnMut(&mut Self) -> bool, at_most: Duration) {
        assert!(
            self.comes_true(condition, at_most),
            "what was waited for did not happen within {at_most:?}"
        );
    }

    /// The same, and false if it does not hold in time.
    ///
    /// # Panics
    /// As [`run_for`](Self::run_for).
    #[track_caller]
    pub fn comes_true(
        &mut self,
        mut condition: impl FnMut(&mut Self) -> bool,
        at_most: Duration,
    ) -> bool {
        let until = self.now() + at_most;
        let mut seen = None;
        loop {
            let changes = Some(self.net.borrow().changes);
            if seen != changes && condition(self) {
                return true;
            }
            seen = changes;
            if !self.step(until) {
                self.pass(until);
                return condition(self);
            }
        }
    }

    /// The next event that is due by `until`. False if there is none.
    #[track_caller]
    fn step(&mut self, until: Time) -> bool {
        self.ring();
        let event = {
            let mut net = self.net.borrow_mut();
            if net.schedule.next().is_none_or(|at| at > until) {
                return false;
            }
            let Some((at, event)) = net.schedule.pop() else {
                return false;
            };
            self.still = if at > net.now { 0 } else { self.still + 1 };
            net.now = net.now.max(at);
            event
        };
        assert!(
            self.still < STILL_MAX,
            "it does not come to rest, and no time passes"
        );
        match event {
            Event::Turn(host) => self.turn(host),
            Event::Job(host, life, job) => self.work(host, life, job),
            Event::Step(index) => {
                self.take_step(index);
                self.net.borrow_mut().changes += 1;
            }
            Event::Mishap(mishap, epoch) => self.suffer(mishap, epoch),
            Event::Arrive(wire, side) => self.net.borrow_mut().arrive(wire, side),
            Event::Room(wire, side) => self.net.borrow_mut().room(wire, side),
            Event::Knock(wire, tries) => self.net.borrow_mut().knock(wire, tries),
            Event::Answer(wire, up) => self.net.borrow_mut().answer(wire, up),
        }
        true
    }

    /// Has those have a turn that letters wait for.
    fn ring(&mut self) {
        let rung = {
            let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *bells)
        };
        for host in rung {
            self.mail[host] = true;
            let now = self.now();
            self.net.borrow_mut().want_turn(host, now);
        }
    }

    #[track_caller]
    fn turn(&mut self, host: usize) {
        let news = {
            let mut net = self.net.borrow_mut();
            if !net.begin_turn(host) || !self.runs(host) {
                return;
            }
            let mail = std::mem::take(&mut self.mail[host]);
            net.gather(host, mail)
        };
        if let Some(machine) = self.machines[host].as_mut() {
            machine.turn(&news);
        }
        self.after_turn(host);
    }

    /// When a node has run: when is its next turn, and did it behave?
    #[track_caller]
    fn after_turn(&mut self, host: usize) {
        let Some(machine) = self.machines.get_mut(host).and_then(Option::as_mut) else {
            return;
        };
        let patience = machine.patience();
        let over = !machine.is_up() || machine.is_done();
        let panics = machine.panics();
        let mut net = self.net.borrow_mut();
        net.changes += 1;
        let now = net.local_now(host);
        let kept = &mut net.hosts[host];
        let took = kept.random.span(&kept.faults.turn);
        kept.clock = now + took;
        let name = Rc::clone(&kept.name);
        if over {
            return;
        }
        if let Some(patience) = patience {
            net.want_turn(host, now + patience);
        }
        drop(net);
        assert!(
            panics == 0 || self.panics_allowed,
            "a handler or a callback of {name} panicked"
        );
    }

    fn work(&mut self, host: usize, life: u32, job: usize) {
        let job = {
            let mut net = self.net.borrow_mut();
            let kept = &mut net.hosts[host];
            if kept.life != life {
                // The one who gave it is gone, and it with him.
                return;
            }
            if kept.paused {
                return kept.held.push(job);
            }
            let job = kept.running.remove(job);
            net.changes += 1;
            job
        };
        job();
        self.say_at(Level::Trace, host, "has done a blocking job");
        self.net.borrow_mut().begin_jobs(host);
    }

    // ---- what is left ----

    /// Whether no node has a link, a timer, a call, a job or a promise left over.
    #[must_use]
    pub fn is_quiet(&mut self) -> bool {
        self.leftovers().is_empty()
    }

    /// That no node has a link, a timer, a call, a job or a promise left over. Listeners are none of these; neither is what the
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
        left
    }

    // ---- the event log ----

    /// What is logged from now on: at info nodes and faults, at debug links, at trace turns and bytes. Info, unless the environment's
    /// `ONELOOP_SIM_LOG` says otherwise.
    pub fn set_log_level(&mut self, level: LevelFilter) {
        self.net.borrow_mut().journal.level = level;
    }

    /// The event log: a line for each event, the same in every run of a seed. Of a very long one the later part.
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

    fn say_at(&self, level: Level, host: usize, what: &str) {
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

impl Net {
    /// What a host's node is to be told in its turn. In any order, since a poll has none.
    fn gather(&mut self, host: usize, mail: bool) -> News {
        let listeners = self.take_knocked(host);
        let mut ready = std::mem::take(&mut self.hosts[host].ready);
        self.invent(host, &mut ready);
        self.hosts[host].random.shuffle(&mut ready);
        let mut links = Vec::with_capacity(ready.len());
        for (key, side) in ready {
            let Some(wire) = self.wire(key) else { continue };
            let end = &mut wire.ends[side as usize];
            if let Owner::Node(link) = end.owner {
                let armed = end.readiness.armed;
                let news = std::mem::take(&mut end.readiness);
                end.readiness.armed = armed;
                links.push((link, news));
            }
        }
        if self.journal.wants(Level::Trace) {
            let name = Rc::clone(&self.hosts[host].name);
            let names: Vec<String> = links.iter().map(|(link, _)| link.to_string()).collect();
            let (doors, names) = (listeners.len(), names.join(" "));
            self.note(
                Level::Trace,
                format_args!("{name} has a turn: links [{names}], {doors} listeners, mail {mail}"),
            );
        }
        News {
            listeners,
            links,
            mail,
        }
    }

    /// Says of a link now and then that it is ready when it is not: a poll may.
    fn invent(&mut self, host: usize, ready: &mut Vec<(WireKey, Side)>) {
        let kept = &mut self.hosts[host];
        if kept.faults.spurious == 0.0 || !kept.random.chance(kept.faults.spurious) {
            return;
        }
        let links: Vec<_> = kept.links().collect();
        if links.is_empty() {
            return;
        }
        let (key, side) = *kept.random.pick(&links);
        let end = &mut self.wires[key.slot].ends[side as usize];
        (end.readiness.readable, end.readiness.writable) = (true, true);
        if !std::mem::replace(&mut end.readiness.listed, true) {
            ready.push((key, side));
        }
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
