//! Where nodes listen, and who waits there.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};

use log::Level;

use crate::context::{AcceptFault, Address, LinkId, ListenerId};
use crate::sim::host::EPHEMERAL;
use crate::sim::net::Net;
use crate::sim::wire::{Side, WireKey};

/// Where a node listens.
pub(super) struct Door {
    pub(super) host: usize,
    pub(super) listener: ListenerId,
    pub(super) at: DoorAddress,
    pub(super) backlog_max: usize,
    /// Connections that wait to be accepted.
    pub(super) backlog: VecDeque<WireKey>,
    /// The node is told of who knocks: an accept has blocked since it was last.
    pub(super) armed: bool,
    pub(super) listed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DoorAddress {
    /// A port, at some of the host's addresses.
    Port { port: u16, at: Interface },
    /// A unix socket.
    Path(std::path::PathBuf),
}

/// The addresses of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interface {
    /// All of them.
    Any,
    /// The one that only the host itself reaches.
    Loopback,
    /// The one that it has in the network.
    Own,
}

/// What `localhost` is.
pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// How many connections may wait for a node that names no number of its own.
const BACKLOG_MIN: usize = 1;

impl Net {
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
    pub(super) fn is_reached_by(&self, target: &Address) -> bool {
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
