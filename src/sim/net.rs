//! The network: hosts, and what they share.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use log::Level;
use slab::Slab;

use crate::context::LinkId;
use crate::sim::LinkFaults;
use crate::sim::door::Door;
use crate::sim::host::Host;
use crate::sim::journal::Journal;
use crate::sim::peer::PeerState;
use crate::sim::plan::Plan;
use crate::sim::schedule::{Event, Schedule};
use crate::sim::wire::{Owner, Side, Wire, WireKey};
use crate::time::Time;

/// What the nodes of a world share: the clock, the hosts, the connections.
pub(super) struct Net {
    pub(super) seed: u64,
    pub(super) now: Time,
    pub(super) schedule: Schedule,
    pub(super) journal: Journal,
    pub(super) plan: Plan,
    pub(super) hosts: Vec<Host>,
    pub(super) peers: Vec<PeerState>,
    pub(super) wires: Slab<Wire>,
    pub(super) wires_made: u64,
    pub(super) doors: Slab<Door>,
    /// What befalls links from now on, and those between two hosts.
    pub(super) faults: Rc<LinkFaults>,
    pub(super) faults_between: BTreeMap<(usize, usize), Rc<LinkFaults>>,
    /// Counts what a condition of a test may depend on: turns, bytes at a peer.
    pub(super) changes: u64,
    /// Counts the partitions.
    pub(super) partitions: u32,
    /// How often each kind of mishap was due.
    mishaps: BTreeMap<String, u64>,
}

impl Net {
    pub(super) fn new(seed: u64, journal: Journal, plan: Plan) -> Self {
        Self {
            seed,
            now: Time::START,
            schedule: Schedule::default(),
            journal,
            plan,
            hosts: Vec::new(),
            peers: Vec::new(),
            wires: Slab::new(),
            wires_made: 0,
            doors: Slab::new(),
            faults: Rc::default(),
            faults_between: BTreeMap::new(),
            changes: 0,
            partitions: 0,
            mishaps: BTreeMap::new(),
        }
    }

    pub(super) fn note(&mut self, level: Level, event: fmt::Arguments<'_>) {
        self.journal.note(level, self.now, event);
    }

    // ---- hosts ----

    pub(super) fn host(&mut self, name: &str) -> usize {
        self.find_host(name).unwrap_or_else(|| {
            self.hosts
                .push(Host::new(self.hosts.len(), name, self.seed));
            self.hosts.len() - 1
        })
    }

    pub(super) fn find_host(&self, name: &str) -> Option<usize> {
        self.hosts.iter().position(|host| &*host.name == name)
    }

    pub(super) fn is_parted(&self) -> bool {
        self.hosts.iter().any(|host| host.side != 0)
    }

    /// Whether what one host sends reaches the other now.
    pub(super) fn reaches(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.hosts[one], &self.hosts[other]);
        one.side == other.side && !one.dark && !other.dark
    }

    /// The node of a host is to have a turn, at `at` or as soon as it can.
    pub(super) fn want_turn(&mut self, host: usize, at: Time) {
        let kept = &mut self.hosts[host];
        let at = at.max(kept.clock).max(self.now);
        if at < kept.turn_at && !kept.paused {
            kept.turn_at = at;
            self.set_alarm(host);
        }
    }

    /// Sees to it that the schedule has a turn of this host for when the next one is wanted, or earlier: then it is looked at again.
    /// A turn for every wish would fill the schedule with turns that are off, for as long as the longest timer.
    fn set_alarm(&mut self, host: usize) {
        let kept = &mut self.hosts[host];
        let at = kept.turn_at;
        if at != Time::NEVER && kept.alarms.last().is_none_or(|&next| at < next) {
            kept.alarms.push(at);
            self.schedule.put(at, Event::Turn(host));
        }
    }

    /// A turn is due. False if the host's node is to have none now: it was put off, or had one before.
    pub(super) fn begin_turn(&mut self, host: usize) -> bool {
        let now = self.now;
        let kept = &mut self.hosts[host];
        // The last is the earliest: the one that has come.
        kept.alarms.pop();
        let comes = kept.turn_at == now && !kept.paused;
        if comes {
            kept.turn_at = Time::NEVER;
        } else if !kept.paused {
            self.set_alarm(host);
        }
        comes
    }

    // ---- faults ----

    /// Links dialled from now on, of these two hosts or of all, have these faults.
    pub(super) fn set_faults(&mut self, between: Option<(usize, usize)>, faults: LinkFaults) {
        let faults = Rc::new(self.plan.link(faults));
        let mut concerned = Vec::new();
        for (slot, wire) in &self.wires {
            let hosts = (wire.ends[0].host, wire.ends[1].host);
            let is_theirs =
                between.is_some_and(|(one, other)| hosts == (one, other) || hosts == (other, one));
            if is_theirs || between.is_none() && !self.faults_between.contains_key(&hosts) {
                let serial = wire.serial;
                concerned.push(WireKey { slot, serial });
            }
        }
        for key in concerned {
            self.change_faults(key, Rc::clone(&faults));
        }
        match between {
            None => self.faults = faults,
            Some((one, other)) => {
                _ = self.faults_between.insert((one, other), Rc::clone(&faults));
                _ = self.faults_between.insert((other, one), faults);
            }
        }
    }

    /// From now on the bytes of a connection travel otherwise. What is to befall it once was drawn when it was dialled.
    pub(super) fn change_faults(&mut self, key: WireKey, faults: Rc<LinkFaults>) {
        let Some(wire) = self.wire(key) else { return };
        wire.faults = faults;
        // The window may have grown.
        let blocked = Side::BOTH.map(|side| wire.ends[side as usize].write_blocked);
        for side in Side::BOTH {
            if blocked[side as usize] {
                self.make_room(key, side);
            }
        }
    }

    /// Nothing goes wrong any more, also with the links there are: what was held up on its way is there at once.
    pub(super) fn calm(&mut self) {
        self.faults = Rc::default();
        self.faults_between.clear();
        let soon = self.now + *self.faults.latency.end();
        let mut moving = Vec::new();
        for (slot, wire) in &mut self.wires {
            wire.faults = Rc::default();
            (wire.hangs, wire.refused) = (false, false);
            let serial = wire.serial;
            for side in Side::BOTH {
                let end = &mut wire.ends[side as usize];
                end.inbound.spare();
                // Towards one who does not know that he is connected nothing arrives before the answer.
                if side == Side::Called || end.up {
                    end.inbound.hasten(soon);
                    moving.push((WireKey { slot, serial }, side));
                }
            }
        }
        for (key, side) in moving {
            self.expect(key, side);
        }
    }

    /// How manieth mishap of its kind the next one is.
    pub(super) fn next_mishap(&mut self, site: &str) -> u64 {
        let count = self.mishaps.entry(site.to_owned()).or_default();
        *count += 1;
        *count
    }

    // ---- connections ----

    pub(super) fn wire(&mut self, key: WireKey) -> Option<&mut Wire> {
        let wire = self.wires.get_mut(key.slot);
        wire.filter(|wire| wire.serial == key.serial)
    }

    /// Gives an end to a node's link.
    pub(super) fn own(&mut self, key: WireKey, side: Side, host: usize, link: LinkId) {
        self.wires[key.slot].ends[side as usize].owner = Owner::Node(link);
        self.hosts[host].put_link(link, key, side);
    }

    /// The time at a host, which is ahead of the world's within a slow turn.
    pub(super) fn local_now(&self, host: usize) -> Time {
        self.hosts[host].clock.max(self.now)
    }
}
