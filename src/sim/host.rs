//! One machine of the network.

use core::net::Ipv4Addr;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use slab::Slab;

use crate::context::{Job, LinkId};
use crate::sim::wire::{Side, WireKey};
use crate::sim::{NodeFaults, Random};
use crate::time::Time;

/// One machine of the network: a name, an address, and what the system keeps there for a node.
pub(super) struct Host {
    pub(super) name: Rc<str>,
    pub(super) ip: Ipv4Addr,
    /// Connections dialled from here.
    pub(super) dials: u64,
    next_port: u16,
    /// Ports that connections were dialled from which are still there.
    ports: BTreeSet<u16>,
    /// Hosts of different sides do not reach each other.
    pub(super) side: u32,
    /// The whole machine is down.
    pub(super) dark: bool,
    /// Its node stands still.
    pub(super) paused: bool,
    /// Counts the pauses.
    pub(super) pauses: u32,
    /// Counts the lives of the node that runs here.
    pub(super) life: u32,
    /// The world's time when this life began.
    pub(super) began: Time,
    /// The world's time, as far as the node is with it: ahead of the network's within a slow turn.
    pub(super) clock: Time,
    /// When the next turn is, if one is wanted.
    pub(super) turn_at: Time,
    /// When the schedule has a turn for it, the earliest last.
    pub(super) alarms: Vec<Time>,
    pub(super) faults: Rc<NodeFaults>,
    pub(super) random: Random,
    /// What its system gives as bytes that nobody can guess: a stream of its own, which moves no other draw.
    pub(super) secrets: Random,
    /// The connection of each link, by the link's slot.
    links: Vec<Option<(u32, WireKey, Side)>>,
    /// Ends that the node is to be told of.
    pub(super) ready: Vec<(WireKey, Side)>,
    /// Doors at which somebody waits, as the node is to be told.
    pub(super) knocked: Vec<usize>,
    /// Jobs that run, and those that wait for a thread.
    pub(super) running: Slab<Job>,
    pub(super) jobs: VecDeque<Job>,
    /// Jobs that ended, or would have, since it stands still.
    pub(super) held: Vec<usize>,
    pub(super) threads_max: usize,
    pub(super) queue_max: usize,
}

/// The first port that is given away without being asked for, as IANA has it.
pub(super) const EPHEMERAL: u16 = 49_152;

impl Host {
    pub(super) fn new(index: usize, name: &str, seed: u64) -> Self {
        let [_, _, high, low] = (index as u32 + 1).to_be_bytes();
        Self {
            name: name.into(),
            ip: Ipv4Addr::new(10, 0, high, low),
            dials: 0,
            next_port: EPHEMERAL,
            ports: BTreeSet::new(),
            side: 0,
            dark: false,
            paused: false,
            pauses: 0,
            life: 0,
            began: Time::START,
            clock: Time::START,
            turn_at: Time::NEVER,
            alarms: Vec::new(),
            faults: Rc::default(),
            random: Random::of_site(seed, "host", name, 0),
            secrets: Random::of_site(seed, "secrets", name, 0),
            links: Vec::new(),
            ready: Vec::new(),
            knocked: Vec::new(),
            running: Slab::new(),
            jobs: VecDeque::new(),
            held: Vec::new(),
            threads_max: 0,
            queue_max: 0,
        }
    }

    /// A port to dial from: one that no other connection has, as long as there is one.
    pub(super) fn take_port(&mut self) -> u16 {
        let mut port = self.port();
        for _ in EPHEMERAL..u16::MAX {
            if self.ports.insert(port) {
                break;
            }
            port = self.port();
        }
        port
    }

    /// The connection that was dialled from there is gone.
    pub(super) fn give_port(&mut self, port: u16) {
        self.ports.remove(&port);
    }

    pub(super) fn port(&mut self) -> u16 {
        let port = self.next_port;
        self.next_port = port.checked_add(1).unwrap_or(EPHEMERAL);
        port
    }

    pub(super) fn link(&self, link: LinkId) -> Option<(WireKey, Side)> {
        let &(generation, wire, side) = self.links.get(link.slot as usize)?.as_ref()?;
        (generation == link.generation).then_some((wire, side))
    }

    pub(super) fn put_link(&mut self, link: LinkId, wire: WireKey, side: Side) {
        let slot = link.slot as usize;
        if self.links.len() <= slot {
            self.links.resize(slot + 1, None);
        }
        self.links[slot] = Some((link.generation, wire, side));
    }

    pub(super) fn take_link(&mut self, link: LinkId) -> Option<(WireKey, Side)> {
        let found = self.link(link)?;
        self.links[link.slot as usize] = None;
        Some(found)
    }

    pub(super) fn links(&self) -> impl Iterator<Item = (WireKey, Side)> + '_ {
        self.links
            .iter()
            .flatten()
            .map(|&(_, wire, side)| (wire, side))
    }

    /// The node is gone: nothing of it is left in the system. Gives its jobs, also those in the middle of which it was.
    pub(super) fn forget(&mut self) -> Vec<Job> {
        self.life += 1;
        self.paused = false;
        self.links.clear();
        self.ready.clear();
        self.knocked.clear();
        self.turn_at = Time::NEVER;
        self.drop_jobs()
    }

    /// Its jobs do not take place, also those in the middle of which it was.
    pub(super) fn drop_jobs(&mut self) -> Vec<Job> {
        self.held.clear();
        let waiting = std::mem::take(&mut self.jobs);
        self.running.drain().chain(waiting).collect()
    }
}
