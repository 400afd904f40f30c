//! The network: hosts, doors, and connections between them.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::time::Duration;

use log::Level;
use slab::Slab;

use crate::context::{AcceptFault, Address, LinkId, ListenerId};
use crate::sim::host::{EPHEMERAL, Host};
use crate::sim::journal::Journal;
use crate::sim::peer::PeerState;
use crate::sim::plan::Plan;
use crate::sim::schedule::{Event, Schedule};
use crate::sim::wire::{End, Owner, Side, Wire, WireKey, WireName};
use crate::sim::{LinkFaults, Random};
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
    wires_made: u64,
    doors: Slab<Door>,
    /// What befalls links from now on, and those between two hosts.
    faults: Rc<LinkFaults>,
    faults_between: BTreeMap<(usize, usize), Rc<LinkFaults>>,
    /// Counts what a condition of a test may depend on: turns, bytes at a peer.
    pub(super) changes: u64,
    /// Counts the partitions.
    pub(super) partitions: u32,
    /// How often each kind of mishap was due.
    mishaps: BTreeMap<String, u64>,
}

/// Where a node listens.
struct Door {
    host: usize,
    listener: ListenerId,
    at: DoorAddress,
    backlog_max: usize,
    /// Connections that wait to be accepted.
    backlog: VecDeque<WireKey>,
    /// The node is told of who knocks: an accept has blocked since it was last.
    armed: bool,
    listed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum DoorAddress {
    /// A port, at some of the host's addresses.
    Port { port: u16, at: Interface },
    /// A unix socket.
    Path(std::path::PathBuf),
}

/// The addresses of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interface {
    /// All of them.
    Any,
    /// The one that only the host itself reaches.
    Loopback,
    /// The one that it has in the network.
    Own,
}

/// What `localhost` is.
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// The first pause before a connect is tried again, which doubles: as Linux does it.
const KNOCK_AGAIN: Duration = Duration::from_secs(1);
/// Tries after which a connect has failed, after one more pause: with Linux's defaults, a little over two minutes.
const KNOCKS_MAX: u32 = 7;
/// Tries, a [`KNOCK_AGAIN`] apart, after which the answer to a connect is given up: as long as a connect is tried.
const ANSWERS_MAX: u32 = (1 << KNOCKS_MAX) - 1;
/// How many connections may wait for a node that names no number of its own.
pub(super) const BACKLOG_MIN: usize = 1;

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

    /// Hosts whose running node has connections that wait to be accepted, and how many.
    pub(super) fn unaccepted(&self) -> Vec<(usize, usize)> {
        let doors = self
            .doors
            .iter()
            .filter(|(_, door)| !door.backlog.is_empty());
        doors
            .map(|(_, door)| (door.host, door.backlog.len()))
            .collect()
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

    // ---- listening ----

    pub(super) fn listen(
        &mut self,
        host: usize,
        listener: ListenerId,
        address: &Address,
        backlog: u32,
    ) -> io::Result<Address> {
        let (at, address) = self.door_address(host, address)?;
        let taken = |door: &Door| door.host == host && door.at.is_in_the_way_of(&at);
        if self.doors.iter().any(|(_, door)| taken(door)) {
            return Err(ErrorKind::AddrInUse.into());
        }
        self.doors.insert(Door {
            host,
            listener,
            at,
            backlog_max: (backlog as usize).max(BACKLOG_MIN),
            backlog: VecDeque::new(),
            armed: true,
            listed: false,
        });
        Ok(address)
    }

    /// What a node on `host` gets that asks for `address`, and what it is called then.
    fn door_address(
        &mut self,
        host: usize,
        address: &Address,
    ) -> io::Result<(DoorAddress, Address)> {
        let own = &self.hosts[host];
        let (ip, port) = match address {
            Address::Unix(path) => return Ok((DoorAddress::Path(path.clone()), address.clone())),
            Address::Name(name, port) if name == "localhost" => (LOOPBACK, *port),
            Address::Name(name, port) if **name == *own.name => (own.ip.into(), *port),
            Address::Ip(asked) => (asked.ip(), asked.port()),
            Address::Name(..) => return Err(ErrorKind::AddrNotAvailable.into()),
            Address::Unnamed => return Err(ErrorKind::InvalidInput.into()),
        };
        let at = match ip {
            _ if ip.is_loopback() => Interface::Loopback,
            _ if ip.is_unspecified() => Interface::Any,
            _ if ip == own.ip => Interface::Own,
            _ => return Err(ErrorKind::AddrNotAvailable.into()),
        };
        let port = if port == 0 {
            self.free_port(host)?
        } else {
            port
        };
        let address = Address::Ip(SocketAddr::new(ip, port));
        Ok((DoorAddress::Port { port, at }, address))
    }

    /// A port of a host at which nobody listens.
    fn free_port(&mut self, host: usize) -> io::Result<u16> {
        for _ in EPHEMERAL..=u16::MAX {
            let port = self.hosts[host].port();
            let taken = |door: &Door| {
                door.host == host
                    && matches!(door.at, DoorAddress::Port { port: p, .. } if p == port)
            };
            if !self.doors.iter().any(|(_, door)| taken(door)) {
                return Ok(port);
            }
        }
        Err(ErrorKind::AddrInUse.into())
    }

    pub(super) fn unlisten(&mut self, host: usize, listener: ListenerId) {
        if let Some(door) = self.door_of(host, listener) {
            for waiting in self.doors.remove(door).backlog {
                self.abort(waiting, Side::Called);
            }
        }
    }

    fn door_of(&self, host: usize, listener: ListenerId) -> Option<usize> {
        let mut doors = self.doors.iter();
        let found = doors.find(|(_, door)| door.host == host && door.listener == listener);
        found.map(|(slot, _)| slot)
    }

    /// The listeners at which somebody waits, as the node is to be told.
    pub(super) fn take_knocked(&mut self, host: usize) -> Vec<ListenerId> {
        let knocked = std::mem::take(&mut self.hosts[host].knocked);
        let mut listeners = Vec::new();
        for slot in knocked {
            if let Some(door) = self.doors.get_mut(slot).filter(|door| door.host == host) {
                door.listed = false;
                listeners.push(door.listener);
            }
        }
        listeners
    }

    pub(super) fn accept(
        &mut self,
        host: usize,
        listener: ListenerId,
        link: LinkId,
    ) -> Result<(), AcceptFault> {
        let Some(slot) = self.door_of(host, listener) else {
            return Err(AcceptFault::WouldBlock);
        };
        let Some(&wire) = self.doors[slot].backlog.front() else {
            self.doors[slot].armed = true;
            return Err(AcceptFault::WouldBlock);
        };
        if let Some(fault) = self.accept_fault(host, wire) {
            if matches!(fault, AcceptFault::Lost(_)) {
                self.doors[slot].backlog.pop_front();
                self.abort(wire, Side::Called);
            }
            return Err(fault);
        }
        self.doors[slot].backlog.pop_front();
        self.own(wire, Side::Called, host, link);
        // A socket that is ready when it is registered is told of at once.
        let end = &self.wires[wire.slot].ends[Side::Called as usize];
        let (bytes, over) = (end.inbound.arrived > 0, end.inbound.ended);
        if end.failure.is_some() {
            self.tell(wire, Side::Called, |ready| {
                (ready.readable, ready.failed, ready.uneven) = (true, true, true);
            });
        } else if bytes || over {
            self.wires[wire.slot].ends[Side::Called as usize]
                .readiness
                .armed = false;
            self.tell(wire, Side::Called, |ready| {
                (ready.readable, ready.uneven) = (true, ready.uneven | over);
            });
        }
        Ok(())
    }

    /// The way in which this accept fails, if it does. Each connection fails once at most, or a share of one would accept nobody.
    fn accept_fault(&mut self, host: usize, wire: WireKey) -> Option<AcceptFault> {
        let share = self.hosts[host].faults.accept;
        let (name, fails, kind) = {
            let wire = &mut self.wires[wire.slot];
            if std::mem::replace(&mut wire.was_tried, true) {
                return None;
            }
            let fails = wire.random.chance(share);
            (wire.name.clone(), fails, wire.random.below(3))
        };
        if !fails || !self.plan.admits(&format_args!("accept:{name}")) {
            return None;
        }
        self.note(Level::Info, format_args!("{name}: accepting it fails"));
        Some(match kind {
            0 => AcceptFault::Lost(ErrorKind::ConnectionAborted.into()),
            1 => AcceptFault::Exhausted(io::Error::other("too many open files")),
            _ => AcceptFault::Failed(ErrorKind::OutOfMemory.into()),
        })
    }

    /// Closes one connection that waits.
    pub(super) fn shed(&mut self, host: usize, listener: ListenerId) -> bool {
        let door = self.door_of(host, listener);
        let waiting = door.and_then(|slot| self.doors[slot].backlog.pop_front());
        if let Some(wire) = waiting {
            self.close(wire, Side::Called, false);
        }
        waiting.is_some()
    }

    // ---- dialling ----

    /// Dials from a host; gives the connection that may come of it.
    pub(super) fn dial(&mut self, host: usize, target: &Address) -> io::Result<WireKey> {
        let there = self.target(host, target)?;
        let far = self.number(there, target);
        let here = &mut self.hosts[host];
        here.dials += 1;
        let name = WireName {
            host: Rc::clone(&here.name),
            number: here.dials,
        };
        let local = match &far {
            Address::Ip(far) if far.ip().is_loopback() => {
                SocketAddr::new(far.ip(), here.take_port()).into()
            }
            Address::Ip(_) => SocketAddr::new(here.ip.into(), here.take_port()).into(),
            _ => Address::Unnamed,
        };
        let faults = self.faults_between.get(&(host, there));
        let faults = Rc::clone(faults.unwrap_or(&self.faults));
        let mut random = Random::of_site(self.seed, "link", &name.host, name.number);
        // Drawn in any case, so that the rest of the stream stays what it is.
        let (refused, hangs) = (random.chance(faults.refuse), random.chance(faults.hang));
        let refused = refused && self.plan.allows(&format_args!("refuse:{name}"));
        let hangs = hangs && self.plan.allows(&format_args!("hang:{name}"));
        let mut ends = [End::new(host, local), End::new(there, far)];
        self.draw_fate(&mut random, &faults, &name, &mut ends);
        let delay = random.span(&faults.latency);
        self.wires_made += 1;
        let serial = self.wires_made;
        self.journal.note(
            Level::Debug,
            self.now,
            format_args!("{name}: {} dials {target}", name.host),
        );
        let slot = self.wires.insert(Wire {
            serial,
            name,
            faults,
            random,
            target: target.clone(),
            hangs,
            refused,
            was_tried: false,
            ends,
        });
        let key = WireKey { slot, serial };
        let at = self.local_now(host) + delay;
        self.schedule.put(at, Event::Knock(key, 0));
        Ok(key)
    }

    /// What is to befall a connection, and at which byte.
    fn draw_fate(
        &self,
        random: &mut Random,
        faults: &LinkFaults,
        name: &WireName,
        ends: &mut [End; 2],
    ) {
        let mut strikes = |share: f64, kind: &str| {
            let (hit, side) = (random.chance(share), random.below(2) as usize);
            let byte = random.between(0..=faults.within_bytes);
            let allowed = hit && self.plan.allows(&format_args!("{kind}:{name}"));
            allowed.then_some((side, byte))
        };
        if let Some((side, byte)) = strikes(faults.reset, "reset") {
            ends[side].inbound.reset_at = Some(byte);
        }
        if let Some((side, byte)) = strikes(faults.half_close, "half-close") {
            ends[side].inbound.cut_at = Some(byte);
        }
        let stall = strikes(faults.stall, "stall");
        let span = random.span(&faults.stall_for);
        if let Some((side, byte)) = stall {
            ends[side].inbound.stall_at = Some((byte, span));
        }
    }

    /// An address at a host as the system names it: in numbers.
    fn number(&self, host: usize, address: &Address) -> Address {
        match address {
            Address::Name(name, port) if name == "localhost" => {
                SocketAddr::new(LOOPBACK, *port).into()
            }
            Address::Name(_, port) => SocketAddr::new(self.hosts[host].ip.into(), *port).into(),
            _ => address.clone(),
        }
    }

    /// The host that an address is of.
    fn target(&self, host: usize, address: &Address) -> io::Result<usize> {
        let unknown = || io::Error::new(ErrorKind::NotFound, "no host has this name");
        match address {
            Address::Name(name, _) if name == "localhost" => Ok(host),
            Address::Name(name, _) => self.find_host(name).ok_or_else(unknown),
            Address::Ip(address) if address.ip().is_loopback() => Ok(host),
            Address::Ip(address) => {
                let mut hosts = self.hosts.iter();
                let found = hosts.position(|host| address.ip() == host.ip);
                found.ok_or_else(|| ErrorKind::HostUnreachable.into())
            }
            Address::Unix(_) => Ok(host),
            Address::Unnamed => Err(ErrorKind::InvalidInput.into()),
        }
    }

    /// A connect reaches the one who listens, or would.
    pub(super) fn knock(&mut self, key: WireKey, tries: u32) {
        let Some(wire) = self.wire(key) else { return };
        if wire.ends[0].failure.is_some() {
            return;
        }
        if tries >= KNOCKS_MAX {
            return self.fail(key, Side::Dialler, ErrorKind::TimedOut);
        }
        let [here, there] = [wire.ends[0].host, wire.ends[1].host];
        let (target, hangs, refused) = (wire.target.clone(), wire.hangs, wire.refused);
        let name = wire.name.clone();
        let door = self
            .doors
            .iter()
            .find(|(_, door)| door.host == there && door.at.is_reached_by(&target));
        let full = door.is_some_and(|(_, door)| door.backlog.len() >= door.backlog_max);
        let slot = door.map(|(slot, _)| slot);
        if hangs {
            self.plan.note(&format_args!("hang:{name}"));
        }
        if hangs || full || !self.reaches(here, there) {
            let at = self.now + KNOCK_AGAIN * (1 << tries);
            return self.schedule.put(at, Event::Knock(key, tries + 1));
        }
        let wire = &mut self.wires[key.slot];
        let delay = wire.random.span(&wire.faults.latency);
        let at = self.now + delay;
        if refused {
            self.plan.note(&format_args!("refuse:{name}"));
        }
        let Some(slot) = slot.filter(|_| !refused) else {
            return self.schedule.put(at, Event::Answer(key, false, 0));
        };
        wire.ends[1].up = true;
        // Nothing comes back before the answer does, and then what stands still by the script still does.
        let back = &mut wire.ends[0].inbound;
        back.stalled_until = back.stalled_until.max(at);
        self.schedule.put(at, Event::Answer(key, true, 0));
        let door = &mut self.doors[slot];
        door.backlog.push_back(key);
        if std::mem::take(&mut door.armed) && !door.listed {
            door.listed = true;
            self.hosts[there].knocked.push(slot);
            self.want_turn(there, self.now);
        }
    }

    /// The dialler learns what became of its connect.
    pub(super) fn answer(&mut self, key: WireKey, connected: bool, tries: u32) {
        let Some(wire) = self.wire(key) else { return };
        let (name, hosts) = (wire.name.clone(), [wire.ends[0].host, wire.ends[1].host]);
        if !self.reaches(hosts[0], hosts[1]) {
            if tries >= ANSWERS_MAX {
                // Each end gives up by itself.
                self.fail(key, Side::Dialler, ErrorKind::TimedOut);
                return self.fail(key, Side::Called, ErrorKind::TimedOut);
            }
            let again = self.now + KNOCK_AGAIN;
            let back = &mut self.wires[key.slot].ends[0].inbound;
            back.stalled_until = back.stalled_until.max(again);
            let event = Event::Answer(key, connected, tries + 1);
            return self.schedule.put(again, event);
        }
        if !connected {
            self.note(Level::Debug, format_args!("{name}: refused"));
            return self.fail(key, Side::Dialler, ErrorKind::ConnectionRefused);
        }
        if self.wires[key.slot].ends[0].failure.is_some() {
            return;
        }
        self.note(Level::Debug, format_args!("{name}: connected"));
        self.wires[key.slot].ends[0].up = true;
        self.changes += 1;
        self.tell(key, Side::Dialler, |ready| ready.writable = true);
        self.pump(key, Side::Dialler);
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

    /// Takes a host's listeners away; those who wait there are told, unless the whole machine is `dark`.
    pub(super) fn close_doors(&mut self, host: usize, dark: bool) {
        let own = self.doors.iter().filter(|(_, door)| door.host == host);
        let slots: Vec<usize> = own.map(|(slot, _)| slot).collect();
        for slot in slots {
            for waiting in self.doors.remove(slot).backlog {
                if dark {
                    self.let_go(waiting, Side::Called);
                } else {
                    self.abort(waiting, Side::Called);
                }
            }
        }
    }
}

impl DoorAddress {
    fn is_reached_by(&self, target: &Address) -> bool {
        let (port, at) = match (self, target) {
            (Self::Path(path), Address::Unix(target)) => return path == target,
            (Self::Path(_), _) => return false,
            (Self::Port { port, at }, _) => (*port, *at),
        };
        let loopback = match target {
            Address::Name(name, _) => name == "localhost",
            Address::Ip(address) => address.ip().is_loopback(),
            _ => return false,
        };
        let answers = match at {
            Interface::Any => true,
            Interface::Loopback => loopback,
            Interface::Own => !loopback,
        };
        target.port() == Some(port) && answers
    }

    /// Whether nobody can listen at `other` as long as somebody does here.
    fn is_in_the_way_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Port { port, at }, Self::Port { port: p, at: a }) => {
                port == p && (at == a || [*at, *a].contains(&Interface::Any))
            }
            _ => self == other,
        }
    }
}
