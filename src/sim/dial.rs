//! How connections come about.

use core::net::SocketAddr;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::time::Duration;

use log::Level;

use crate::context::Address;
use crate::sim::door::LOOPBACK;
use crate::sim::net::Net;
use crate::sim::schedule::Event;
use crate::sim::wire::{End, Side, Wire, WireKey, WireName};
use crate::sim::{LinkFaults, Random};

/// The first pause before a connect is tried again, which doubles: as Linux does it.
const KNOCK_AGAIN: Duration = Duration::from_secs(1);
/// Tries after which a connect has failed, after one more pause: with Linux's defaults, a little over two minutes.
const KNOCKS_MAX: u32 = 7;
/// Tries, a [`KNOCK_AGAIN`] apart, after which the answer to a connect is given up: as long as a connect is tried.
const ANSWERS_MAX: u32 = (1 << KNOCKS_MAX) - 1;

impl Net {
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
}
