//! What a test does to nodes and links.

use std::rc::Rc;
use std::time::Duration;

use log::Level;

use crate::context::LinkId;
use crate::error::Result;
use crate::sim::schedule::Event;
use crate::sim::wire::WireKey;
use crate::sim::{LinkFaults, Node, NodeFaults, World};
use crate::time::Time;

/// How a node crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process is gone: its system resets its links.
    Process,
    /// The whole machine is gone: nobody is told.
    Silent,
}

impl World {
    // ---- by rate ----

    /// What befalls links from now on: how bytes travel (latency, bandwidth, pieces, window, partial writes) also those that there are;
    /// what happens once (resets, half-closes, stalls, refused and hanging connects) those that are dialled from now on.
    pub fn set_link_faults(&mut self, faults: LinkFaults) {
        self.net.borrow_mut().set_faults(None, faults);
    }

    /// The same for links between two hosts only, which are made if they are not there.
    pub fn set_link_faults_between(
        &mut self,
        one: impl AsRef<str>,
        other: impl AsRef<str>,
        faults: LinkFaults,
    ) {
        let mut net = self.net.borrow_mut();
        let between = (net.host(one.as_ref()), net.host(other.as_ref()));
        net.set_faults(Some(between), faults);
    }

    /// What befalls one link of a node from now on: how its bytes travel. See [`set_link_faults`](Self::set_link_faults).
    pub fn set_link_faults_of<S>(&mut self, node: &Node<S>, link: LinkId, faults: LinkFaults) {
        let host = self.own(node);
        let mut net = self.net.borrow_mut();
        let faults = Rc::new(net.plan.link(faults));
        if let Some((key, _)) = net.hosts[host].link(link) {
            net.change_faults(key, faults);
        }
    }

    /// What befalls nodes from now on, but for those that have faults of their own.
    pub fn set_node_faults(&mut self, faults: NodeFaults) {
        self.node_faults = faults;
        self.begin_node_faults();
    }

    /// What befalls one node from now on, which need not be there yet. Its partitions are not looked at: they are everybody's.
    pub fn set_node_faults_of(&mut self, node: impl AsRef<str>, faults: NodeFaults) {
        let host = self.net.borrow_mut().host(node.as_ref());
        self.own_faults.insert(host, faults);
        self.begin_node_faults();
    }

    fn begin_node_faults(&mut self) {
        for host in 0..self.machines.len() {
            self.set_faults_of_host(host);
        }
        self.mishaps.begin_anew();
        self.expect_mishaps(None);
    }

    pub(super) fn set_faults_of_host(&self, host: usize) {
        let mut net = self.net.borrow_mut();
        let name = Rc::clone(&net.hosts[host].name);
        let faults = match self.own_faults.get(&host) {
            Some(own) => net.plan.node(own.clone(), Some(&name)),
            None => net.plan.node(self.node_faults.clone(), None),
        };
        net.hosts[host].faults = Rc::new(faults);
    }

    pub(super) fn expect_mishaps(&mut self, only: Option<usize>) {
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
        self.own_faults.clear();
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

    /// A node stands still, as a process does that is stopped or swapped out. Its system goes on. Nothing happens if it is down.
    ///
    /// # Panics
    /// If there is no such host.
    #[track_caller]
    pub fn pause(&mut self, node: impl AsRef<str>) {
        let host = self.host(node.as_ref());
        self.pause_host(host);
    }

    pub(super) fn pause_host(&mut self, host: usize) {
        if !self.runs(host) {
            // Its next life is another process, and stands still only if that is stopped too.
            return;
        }
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
}
