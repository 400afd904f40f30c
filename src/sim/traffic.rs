//! How bytes travel, arrive, and get lost.

use std::io::{self, ErrorKind};
use std::time::Duration;

use log::Level;

use crate::sim::net::Net;
use crate::sim::random::Fnv;
use crate::sim::schedule::Event;
use crate::sim::wire::{Owner, Readiness, Side, Stream, WireKey};
use crate::time::Time;

/// The time between two pieces of a stream that is cut: the shortest turn of a node. Those that arrive together are read as one.
const PIECE_GAP: Duration = Duration::from_micros(1);
/// The first pause before what did not get through is sent again, which doubles up to the second: as TCP does it.
const AGAIN_MIN: Duration = Duration::from_millis(200);
const AGAIN_MAX: Duration = Duration::from_secs(10);
/// Tries after which a connection has failed: about a quarter of an hour, as with Linux's defaults.
const TRIES_MAX: u32 = 95;

impl Net {
    /// Writes from the front of `pieces`, as far as the window goes.
    pub(super) fn write<'b>(
        &mut self,
        key: WireKey,
        side: Side,
        pieces: impl Iterator<Item = &'b [u8]> + Clone,
    ) -> io::Result<usize> {
        let now = self.local_now(self.wires[key.slot].ends[side as usize].host);
        let wire = &mut self.wires[key.slot];
        let faults = &wire.faults;
        let end = &wire.ends[side as usize];
        if let Some(failure) = end.failure {
            return Err(failure.into());
        }
        if end.shut {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let offered: usize = pieces.clone().map(<[u8]>::len).sum();
        let stream = &wire.ends[side.other() as usize].inbound;
        let window = faults.window_bytes.max(1);
        let room = if stream.swallows {
            usize::MAX
        } else {
            window.saturating_sub(stream.bytes.len())
        };
        let mut count = offered.min(room);
        let partial = count > 1 && wire.random.chance(faults.partial_writes);
        if partial {
            count = wire.random.between(1..=count as u64) as usize;
        }
        if count < offered {
            wire.ends[side as usize].write_blocked = true;
            if room > count {
                // The kernel was short of memory for a moment, and says so when it no longer is.
                self.make_room(key, side);
            }
            if count == 0 {
                return Err(ErrorKind::WouldBlock.into());
            }
        }
        let wire = &mut self.wires[key.slot];
        let stream = &mut wire.ends[side.other() as usize].inbound;
        if stream.swallows {
            return Ok(count);
        }
        let mut left = count;
        for piece in pieces {
            let taken = &piece[..piece.len().min(left)];
            stream.bytes.extend(taken);
            left -= taken.len();
        }
        let gap = if *wire.faults.piece_bytes.end() < usize::MAX {
            PIECE_GAP
        } else {
            Duration::ZERO
        };
        let mut left = count;
        while left > 0 {
            let (low, high) = (
                *wire.faults.piece_bytes.start(),
                *wire.faults.piece_bytes.end(),
            );
            let size = if low >= left {
                left
            } else {
                wire.random
                    .between(low as u64..=high.min(left) as u64)
                    .max(1) as usize
            };
            let mut at = stream.busy_until.max(now);
            if let Some(bandwidth) = wire.faults.bandwidth_bytes_per_s {
                at = at + time_for(size, bandwidth);
                stream.busy_until = at;
            }
            let arrival = at + wire.random.span(&wire.faults.latency);
            let least = stream.last_arrival().map_or(arrival, |last| last + gap);
            stream.pieces.push_back((arrival.max(least), size));
            left -= size;
        }
        self.expect(key, side.other());
        Ok(count)
    }

    /// Reads what has arrived into the front of `into`; zero is the end of the stream. `in_part`: perhaps less than there is.
    pub(super) fn read(
        &mut self,
        key: WireKey,
        side: Side,
        into: &mut [u8],
        in_part: f64,
    ) -> io::Result<usize> {
        let wire = &mut self.wires[key.slot];
        let end = &mut wire.ends[side as usize];
        let stream = &mut end.inbound;
        let mut count = into.len().min(stream.arrived);
        if count == 0 {
            if let Some(failure) = end.failure {
                return Err(failure.into());
            }
            if stream.ended || into.is_empty() {
                return Ok(0);
            }
            end.readiness.armed = true;
            return Err(ErrorKind::WouldBlock.into());
        }
        if count > 1 && wire.random.chance(in_part) {
            count = wire.random.between(1..=count as u64) as usize;
        }
        let (front, back) = stream.bytes.as_slices();
        let split = count.min(front.len());
        into[..split].copy_from_slice(&front[..split]);
        into[split..count].copy_from_slice(&back[..count - split]);
        stream.bytes.drain(..count);
        stream.arrived -= count;
        if count < into.len() && in_part == 0.0 {
            // A short read proves that the next would block.
            end.readiness.armed = true;
        }
        if wire.ends[side.other() as usize].write_blocked {
            self.make_room(key, side.other());
        }
        Ok(count)
    }

    /// The news that there is room goes to a writer that was blocked.
    pub(super) fn make_room(&mut self, key: WireKey, side: Side) {
        let wire = &mut self.wires[key.slot];
        if !std::mem::replace(&mut wire.ends[side as usize].room_coming, true) {
            let at = self.now + wire.random.span(&wire.faults.latency);
            self.schedule.put(at, Event::Room(key, side));
        }
    }

    /// It is there.
    pub(super) fn room(&mut self, key: WireKey, side: Side) {
        let Some(wire) = self.wire(key) else { return };
        let hosts = [wire.ends[0].host, wire.ends[1].host];
        if wire.ends[side as usize].owner == Owner::Gone {
            return;
        }
        if !self.reaches(hosts[0], hosts[1]) {
            return self
                .schedule
                .put(self.now + AGAIN_MIN, Event::Room(key, side));
        }
        let end = &mut self.wires[key.slot].ends[side as usize];
        end.room_coming = false;
        end.write_blocked = false;
        self.tell(key, side, |ready| ready.writable = true);
        self.pump(key, side);
    }

    /// Puts the next arrival on the schedule, unless there is one no later.
    pub(super) fn expect(&mut self, key: WireKey, side: Side) {
        let now = self.now;
        let stream = &mut self.wires[key.slot].ends[side as usize].inbound;
        let Some(next) = stream.next_arrival() else {
            return;
        };
        let at = next.max(now).max(stream.stalled_until);
        if stream.expected.is_none_or(|expected| at < expected) {
            stream.expected = Some(at);
            self.schedule.put(at, Event::Arrive(key, side));
        }
    }

    /// The next piece towards this side is due: it arrives, unless something is in the way.
    pub(super) fn arrive(&mut self, key: WireKey, side: Side) {
        let now = self.now;
        let Some(wire) = self.wire(key) else { return };
        let hosts = [wire.ends[0].host, wire.ends[1].host];
        let stream = &mut wire.ends[side as usize].inbound;
        if stream.expected != Some(now) {
            // It was put off, or came earlier.
            return;
        }
        stream.expected = None;
        if stream.stalled_until > now {
            return self.expect(key, side);
        }
        if !self.reaches(hosts[0], hosts[1]) {
            return self.try_again(key, side);
        }
        let end = &mut self.wires[key.slot].ends[side as usize];
        end.inbound.retries = 0;
        if end.owner == Owner::Gone {
            return self.answer_by_reset(key, side);
        }
        let arrival = Arrival::of(&mut end.inbound, now);
        if arrival.count > 0 || arrival.end {
            self.log_arrival(key, side, &arrival);
        }
        self.note_faults(key, &arrival);
        match arrival.reset {
            Some(Reset::ByTheNetwork) => {
                self.note_fate(key, "is reset by the network");
                self.fail(key, Side::Dialler, ErrorKind::ConnectionReset);
                return self.fail(key, Side::Called, ErrorKind::ConnectionReset);
            }
            Some(Reset::ByThePeer) => {
                self.note_fate(key, "a reset arrives");
                return self.fail(key, side, ErrorKind::ConnectionReset);
            }
            None if arrival.count == 0 && !arrival.end => return self.expect(key, side),
            None => {}
        }
        self.changes += 1;
        if arrival.cut && self.wires[key.slot].ends[side.other() as usize].write_blocked {
            // There is room for any number of bytes that are swallowed.
            self.make_room(key, side.other());
        }
        let end = &mut self.wires[key.slot].ends[side as usize];
        let told = std::mem::take(&mut end.readiness.armed) || arrival.end;
        if told {
            self.tell(key, side, |ready| {
                (ready.readable, ready.uneven) = (true, ready.uneven | arrival.end);
            });
        }
        self.expect(key, side);
        self.take_in(key, side);
    }

    /// What befell the stream at a byte is one of the faults that took place.
    fn note_faults(&mut self, key: WireKey, arrival: &Arrival) {
        let reset = matches!(arrival.reset, Some(Reset::ByTheNetwork));
        let struck = [
            (reset, "reset"),
            (arrival.cut, "half-close"),
            (arrival.stalled, "stall"),
        ];
        for (_, kind) in struck.iter().filter(|(hit, _)| *hit) {
            let name = &self.wires[key.slot].name;
            self.plan.note(&format_args!("{kind}:{name}"));
        }
    }

    /// Nothing gets through now: what was sent is sent again later.
    fn try_again(&mut self, key: WireKey, side: Side) {
        let stream = &mut self.wires[key.slot].ends[side as usize].inbound;
        stream.retries += 1;
        if stream.retries > TRIES_MAX {
            return self.fail(key, side.other(), ErrorKind::TimedOut);
        }
        let pause = AGAIN_MIN * (1 << (stream.retries - 1).min(6));
        let at = self.now + pause.min(AGAIN_MAX);
        stream.expected = Some(at);
        self.schedule.put(at, Event::Arrive(key, side));
    }

    fn log_arrival(&mut self, key: WireKey, side: Side, arrival: &Arrival) {
        if !self.journal.wants(Level::Trace) {
            return;
        }
        let wire = &self.wires[key.slot];
        let end = &wire.ends[side as usize];
        let stream = &end.inbound;
        let mut sum = Fnv::default();
        for byte in stream
            .bytes
            .range(stream.arrived - arrival.count..stream.arrived)
        {
            sum.add(&[*byte]);
        }
        let Arrival {
            count, end: over, ..
        } = arrival;
        let (name, host) = (&wire.name, &self.hosts[end.host].name);
        let over = if *over { ", and the end" } else { "" };
        let event = format_args!(
            "{name}: {count} bytes arrive at {host}, sum {:016x}{over}",
            sum.0
        );
        self.journal.note(Level::Trace, self.now, event);
    }

    pub(super) fn note_fate(&mut self, key: WireKey, fate: &str) {
        let name = self.wires[key.slot].name.clone();
        self.note(Level::Debug, format_args!("{name}: {fate}"));
    }

    /// Bytes came to somebody who is gone: his system answers for him.
    fn answer_by_reset(&mut self, key: WireKey, side: Side) {
        let wire = &mut self.wires[key.slot];
        let stream = &mut wire.ends[side as usize].inbound;
        let more = !stream.pieces.is_empty();
        stream.lose_behind(0);
        if more {
            self.send_reset(key, side.other());
        }
    }

    /// Sends a reset, behind what was sent before it.
    fn send_reset(&mut self, key: WireKey, to: Side) {
        let wire = &mut self.wires[key.slot];
        let at = self.now + wire.random.span(&wire.faults.latency);
        let stream = &mut wire.ends[to as usize].inbound;
        if stream.reset.is_none() {
            stream.reset = Some(stream.last_arrival().map_or(at, |last| at.max(last)));
            self.expect(key, to);
        }
    }

    /// The connection has failed, and this side learns of it now.
    pub(super) fn fail(&mut self, key: WireKey, side: Side, failure: ErrorKind) {
        let Some(wire) = self.wire(key) else { return };
        // Some systems still give what had arrived before, others do not.
        let forgets = wire.random.chance(0.5);
        wire.ends[side.other() as usize].inbound.lose_behind(0);
        let end = &mut wire.ends[side as usize];
        if end.owner == Owner::Gone || end.failure.is_some() {
            return;
        }
        end.failure = Some(failure);
        end.inbound.lose_behind(0);
        end.inbound.reset = None;
        if forgets {
            end.inbound.bytes.clear();
            end.inbound.arrived = 0;
        }
        self.changes += 1;
        self.tell(key, side, |ready| {
            (ready.readable, ready.writable) = (true, true);
            (ready.failed, ready.uneven) = (true, true);
        });
        self.peer_failed(key, side, failure);
    }

    /// Ends the stream that this side sends.
    pub(super) fn shutdown(&mut self, key: WireKey, side: Side) -> io::Result<()> {
        let now = self.local_now(self.wires[key.slot].ends[side as usize].host);
        let wire = &mut self.wires[key.slot];
        let end = &mut wire.ends[side as usize];
        if end.failure.is_some() {
            return Err(ErrorKind::NotConnected.into());
        }
        if std::mem::replace(&mut end.shut, true) {
            return Ok(());
        }
        let delay = wire.random.span(&wire.faults.latency);
        let stream = &mut wire.ends[side.other() as usize].inbound;
        if !stream.swallows {
            let last = stream.last_arrival().unwrap_or(now);
            stream.end = Some((now + delay).max(last));
            self.expect(key, side.other());
        }
        Ok(())
    }

    /// This side lets go of the connection.
    pub(super) fn close(&mut self, key: WireKey, side: Side, reset: bool) {
        let Some(wire) = self.wire(key) else { return };
        // As in TCP: bytes that nobody read turn an orderly end into a reset.
        let reset = reset || wire.ends[side as usize].inbound.arrived > 0;
        if reset {
            return self.abort(key, side);
        }
        // It fails if there is nobody any more to be told.
        let _ = self.shutdown(key, side);
        self.let_go(key, side);
    }

    /// This side lets go of the connection and takes back what it can of what it sent.
    pub(super) fn abort(&mut self, key: WireKey, side: Side) {
        let Some(wire) = self.wire(key) else { return };
        let failed = wire.ends[side as usize].failure.is_some();
        let outbound = wire.ends[side.other() as usize].inbound.pieces.len();
        let kept = wire.random.below(outbound as u64 + 1) as usize;
        if !failed {
            wire.ends[side.other() as usize].inbound.lose_behind(kept);
            self.send_reset(key, side.other());
        }
        self.let_go(key, side);
    }

    /// Nobody has this end any more.
    pub(super) fn let_go(&mut self, key: WireKey, side: Side) {
        let Some(wire) = self.wire(key) else { return };
        let end = &mut wire.ends[side as usize];
        let owner = std::mem::replace(&mut end.owner, Owner::Gone);
        end.inbound.bytes.drain(..end.inbound.arrived);
        end.inbound.arrived = 0;
        let host = end.host;
        let other = wire.ends[side.other() as usize].owner;
        // A connect that was given up before anybody knew of it.
        let unheard = side == Side::Dialler && !wire.ends[1].up;
        if let Owner::Node(link) = owner {
            self.hosts[host].take_link(link);
        }
        if other == Owner::Gone || unheard {
            let wire = self.wires.remove(key.slot);
            let dialler = &wire.ends[0];
            if let Some(port) = dialler.address.port() {
                self.hosts[dialler.host].give_port(port);
            }
        }
    }

    /// Has the node of this end told, if it is a node's.
    pub(super) fn tell(&mut self, key: WireKey, side: Side, news: impl FnOnce(&mut Readiness)) {
        let end = &mut self.wires[key.slot].ends[side as usize];
        if !matches!(end.owner, Owner::Node(_)) {
            return;
        }
        news(&mut end.readiness);
        let host = end.host;
        if !std::mem::replace(&mut end.readiness.listed, true) {
            self.hosts[host].ready.push((key, side));
        }
        self.want_turn(host, self.now);
    }
}

/// How long so many bytes take.
fn time_for(bytes: usize, bandwidth_bytes_per_s: u64) -> Duration {
    let nanos = bytes as u128 * 1_000_000_000 / u128::from(bandwidth_bytes_per_s.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// What arrives at once.
struct Arrival {
    count: usize,
    end: bool,
    reset: Option<Reset>,
    /// The end is not the sender's.
    cut: bool,
    /// The rest stands still.
    stalled: bool,
}

/// Who resets a connection: the network does it to both ends.
#[derive(Clone, Copy)]
enum Reset {
    ByTheNetwork,
    ByThePeer,
}

impl Arrival {
    /// Takes what is due at `now` off the stream, up to the byte at which something befalls it.
    fn of(stream: &mut Stream, now: Time) -> Self {
        let mut due = 0;
        while let Some(&(at, bytes)) = stream.pieces.front() {
            if at > now {
                break;
            }
            due += bytes;
            stream.pieces.pop_front();
        }
        let left = |at: u64| usize::try_from(at.saturating_sub(stream.count)).unwrap_or(usize::MAX);
        let mut count = due;
        let mut stalled = false;
        if let Some((byte, span)) = stream.stall_at
            && left(byte) <= count
        {
            // The rest comes when it goes on; the piece is cut here.
            count = left(byte);
            stream.stall_at = None;
            stalled = true;
            stream.stalled_until = now + span;
            if due > count {
                stream.pieces.push_front((now, due - count));
            }
            due = count;
        }
        let goes_on = stream.pieces.is_empty() && stream.stalled_until <= now;
        let mut over = goes_on && stream.end.is_some_and(|at| at <= now);
        let cut = stream
            .cut_at
            .is_some_and(|byte| left(byte) <= count && due + usize::from(over) > 0);
        let reset = stream
            .reset_at
            .is_some_and(|byte| left(byte) <= count && due + usize::from(over) > 0);
        if reset {
            count = count.min(left(stream.reset_at.unwrap_or_default()));
        } else if cut {
            count = count.min(left(stream.cut_at.unwrap_or_default()));
            over = true;
        }
        stream.count += count as u64;
        stream.arrived += count;
        let cut = cut && !reset;
        if cut {
            stream.bytes.truncate(stream.arrived);
            stream.lose_behind(0);
            stream.swallows = true;
            stream.cut_at = None;
        }
        if over {
            stream.end = None;
            if stream.ended {
                over = false;
            }
            stream.ended = true;
        }
        let by_peer = goes_on && stream.end.is_none() && stream.reset.is_some_and(|at| at <= now);
        Self {
            count,
            end: over,
            reset: if reset {
                Some(Reset::ByTheNetwork)
            } else {
                by_peer.then_some(Reset::ByThePeer)
            },
            cut,
            stalled,
        }
    }
}
