//! What a node sees of the world.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IoSlice};
use std::iter;
use std::rc::Rc;
use std::time::Duration;

use crate::context::{AcceptFault, Address, Connect, Driver, Job, LinkId, Listen, ListenerId};
use crate::error::Result;
use crate::sim::net::Net;
use crate::sim::schedule::Event;
use crate::sim::wire::{Side, WireKey};
use crate::time::Time;

/// A node's network card, clock and threads: its end of the simulated world.
pub(super) struct Card {
    net: Rc<RefCell<Net>>,
    host: usize,
}

impl Card {
    pub(super) const fn new(net: Rc<RefCell<Net>>, host: usize) -> Self {
        Self { net, host }
    }

    /// Does something with a link's connection.
    fn with<R>(
        &self,
        link: LinkId,
        act: impl FnOnce(&mut Net, WireKey, Side) -> io::Result<R>,
    ) -> io::Result<R> {
        let mut net = self.net.borrow_mut();
        let (key, side) = net.hosts[self.host]
            .link(link)
            .ok_or(ErrorKind::NotConnected)?;
        act(&mut net, key, side)
    }
}

impl Driver for Card {
    fn now(&mut self) -> Time {
        let mut net = self.net.borrow_mut();
        net.take_time(self.host);
        let host = &net.hosts[self.host];
        Time::START + (host.clock - host.began)
    }

    fn short_transfer_drains(&self) -> bool {
        self.net.borrow().hosts[self.host].faults.partial_reads == 0.0
    }

    fn listen(&mut self, listener: ListenerId, listen: &mut Listen) -> io::Result<Address> {
        if listen.bound.is_some() {
            return Err(io::Error::new(
                ErrorKind::Unsupported,
                "a socket of the system has no place in a simulated network",
            ));
        }
        let address = listen.address.clone().map_err(invalid)?;
        let mut net = self.net.borrow_mut();
        net.listen(self.host, listener, &address, listen.backlog)
    }

    fn unlisten(&mut self, listener: ListenerId) {
        self.net.borrow_mut().unlisten(self.host, listener);
    }

    fn accept(&mut self, listener: ListenerId, link: LinkId) -> Result<(), AcceptFault> {
        self.net.borrow_mut().accept(self.host, listener, link)
    }

    fn shed(&mut self, listener: ListenerId) -> bool {
        self.net.borrow_mut().shed(self.host, listener)
    }

    fn connect(&mut self, link: LinkId, connect: &Connect) -> io::Result<()> {
        let address = connect.address.clone().map_err(invalid)?;
        let mut net = self.net.borrow_mut();
        let key = net.dial(self.host, &address)?;
        net.own(key, Side::Dialler, self.host, link);
        Ok(())
    }

    fn connected(&mut self, link: LinkId) -> io::Result<bool> {
        self.with(link, |net, key, side| {
            let end = &net.wires[key.slot].ends[side as usize];
            end.failure
                .map_or(Ok(end.up), |failure| Err(failure.into()))
        })
    }

    fn failure(&mut self, link: LinkId) -> Option<io::Error> {
        let failure = self.with(link, |net, key, side| {
            Ok(net.wires[key.slot].ends[side as usize].failure)
        });
        failure.ok().flatten().map(io::Error::from)
    }

    fn read(&mut self, link: LinkId, into: &mut [u8]) -> io::Result<usize> {
        let host = self.host;
        self.with(link, |net, key, side| {
            net.take_time(host);
            let in_part = net.hosts[host].faults.partial_reads;
            net.read(key, side, into, in_part)
        })
    }

    fn write(&mut self, link: LinkId, bytes: &[u8]) -> io::Result<usize> {
        let host = self.host;
        self.with(link, |net, key, side| {
            net.take_time(host);
            net.write(key, side, iter::once(bytes))
        })
    }

    fn write_vectored(&mut self, link: LinkId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.with(link, |net, key, side| {
            net.write(key, side, pieces.iter().map(|piece| &**piece))
        })
    }

    fn shutdown(&mut self, link: LinkId) -> io::Result<()> {
        self.with(link, Net::shutdown)
    }

    fn close(&mut self, link: LinkId, reset: bool) {
        let _ = self.with(link, |net, key, side| {
            net.close(key, side, reset);
            Ok(())
        });
    }

    fn peer_address(&self, link: LinkId) -> Option<Address> {
        let address = self.with(link, |net, key, side| {
            let ends = &net.wires[key.slot].ends;
            let known = ends[side as usize].is_connected();
            Ok(known.then(|| ends[side.other() as usize].address.clone()))
        });
        address.ok().flatten()
    }

    fn local_address(&self, link: LinkId) -> Option<Address> {
        let address = self.with(link, |net, key, side| {
            Ok(net.wires[key.slot].ends[side as usize].address.clone())
        });
        address.ok()
    }

    fn random(&mut self, into: &mut [u8]) -> io::Result<()> {
        let mut net = self.net.borrow_mut();
        let secrets = &mut net.hosts[self.host].secrets;
        for chunk in into.chunks_mut(8) {
            let drawn = secrets.next_u64().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
        Ok(())
    }

    fn time_of_day(&mut self) -> Duration {
        // The world's, which goes on while a node is down.
        let net = self.net.borrow();
        YEAR_2000 + (net.hosts[self.host].clock.max(net.now) - Time::START)
    }

    fn has_room(&self) -> bool {
        let net = self.net.borrow();
        let host = &net.hosts[self.host];
        host.running.len() + host.jobs.len() < host.threads_max.saturating_add(host.queue_max)
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        if !self.has_room() {
            return Err(job);
        }
        let mut net = self.net.borrow_mut();
        net.hosts[self.host].jobs.push_back(job);
        net.begin_jobs(self.host);
        Ok(())
    }
}

impl Net {
    /// A node asks something of its system: what it ran since it last did may have been slow.
    fn take_time(&mut self, host: usize) {
        let now = self.local_now(host);
        let host = &mut self.hosts[host];
        host.clock = now;
        if host.faults.slow > 0.0 && host.random.chance(host.faults.slow) {
            let span = host.random.span(&host.faults.slow_for);
            host.clock = now + span;
        }
    }

    /// Begins the jobs for which a thread is free.
    pub(super) fn begin_jobs(&mut self, host: usize) {
        let now = self.local_now(host);
        let index = host;
        let host = &mut self.hosts[index];
        while host.running.len() < host.threads_max
            && let Some(job) = host.jobs.pop_front()
        {
            let job = host.running.insert(job);
            let at = now + host.random.span(&host.faults.job);
            self.schedule.put(at, Event::Job(index, host.life, job));
        }
    }
}

fn invalid(misuse: crate::error::Misuse) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, misuse)
}

/// When every world begins: that the time of day is a plausible one.
const YEAR_2000: Duration = Duration::from_secs(946_684_800);
