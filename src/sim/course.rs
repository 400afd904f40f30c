//! How time passes in a world.

use std::rc::Rc;
use std::sync::PoisonError;
use std::time::Duration;

use log::Level;

use crate::sim::machine::News;
use crate::sim::net::Net;
use crate::sim::schedule::Event;
use crate::sim::wire::{Owner, Side, WireKey};
use crate::sim::world::World;
use crate::time::Time;

/// A step of a script.
pub(super) struct Step {
    run: Box<dyn FnOnce(&mut World)>,
    /// Its name, if it is a fault.
    fault: Option<String>,
}

/// Events without the clock moving after which a world is said to hang.
const STILL_MAX: u64 = 1_000_000;

impl World {
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
            Event::Answer(wire, up, tries) => self.net.borrow_mut().answer(wire, up, tries),
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
    pub(super) fn after_turn(&mut self, host: usize) {
        let Some(machine) = self.machines.get_mut(host).and_then(Option::as_mut) else {
            return;
        };
        let patience = machine.patience();
        let over = !machine.is_up() || machine.is_done();
        let panicked = machine.panicked().filter(|_| !self.panics_allowed);
        let panicked = panicked.map(str::to_owned);
        let mut net = self.net.borrow_mut();
        net.changes += 1;
        let now = net.local_now(host);
        let kept = &mut net.hosts[host];
        let took = kept.random.span(&kept.faults.turn);
        kept.clock = now + took;
        let name = Rc::clone(&kept.name);
        if over {
            // A process that has ended takes its threads along. They may hold anything of the user's.
            let jobs = kept.drop_jobs();
            drop(net);
            return drop(jobs);
        }
        if let Some(patience) = patience {
            net.want_turn(host, now + patience);
        }
        drop(net);
        if let Some(panic) = panicked {
            panic!("at the node {name:?}, {panic}");
        }
    }

    fn work(&mut self, host: usize, life: u32, job: usize) {
        let job = {
            let mut net = self.net.borrow_mut();
            let kept = &mut net.hosts[host];
            if kept.life != life || !kept.running.contains(job) {
                // The one who gave it is gone, or has stopped, and it with him.
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
