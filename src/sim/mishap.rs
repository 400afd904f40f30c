//! What befalls nodes and the network by chance.

use std::time::Duration;

use log::Level;

use crate::context::Job;
use crate::sim::net::Net;
use crate::sim::schedule::Event;
use crate::sim::wire::{Owner, Side, WireKey};
use crate::sim::world::World;
use crate::sim::{Crash, NodeFaults, Random};

/// Something that befalls a node or the network, and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    Crash(usize),
    /// The end of a crash, if the host has not had another life since: the number is the one after that which ended.
    Restart(usize, u32),
    Pause(usize),
    /// The end of this pause of a host, and of no later one.
    Resume(usize, u32),
    Partition,
    /// The end of this partition, and of no later one.
    Heal(u32),
}

/// How often each has come so far.
#[derive(Default)]
pub(super) struct Mishaps {
    /// Counts the changes of the faults: what was expected before is off.
    epoch: u32,
    every: Option<Duration>,
    lasts: Option<NodeFaults>,
}

impl Mishaps {
    /// What was expected so far does not come.
    pub(super) const fn begin_anew(&mut self) {
        self.epoch += 1;
    }

    /// Puts the next crash and the next pause of a host on the schedule.
    pub(super) fn expect_of_host(&self, net: &mut Net, host: usize) {
        let faults = net.hosts[host].faults.clone();
        self.expect(net, faults.crash_every, Mishap::Crash(host));
        self.expect(net, faults.pause_every, Mishap::Pause(host));
    }

    pub(super) fn expect_partition(&mut self, net: &mut Net, faults: &NodeFaults) {
        self.every = faults.partition_every;
        self.lasts = Some(faults.clone());
        self.expect(net, self.every, Mishap::Partition);
    }

    fn expect(&self, net: &mut Net, every: Option<Duration>, mishap: Mishap) {
        let Some(every) = every else { return };
        let site = mishap.site(net);
        let number = net.next_mishap(&format!("due {site}"));
        let mut random = Random::of_site(net.seed, "mishap", &site, number);
        let at = net.now + random.span(&(Duration::ZERO..=every.saturating_mul(2)));
        net.schedule.put(at, Event::Mishap(mishap, self.epoch));
    }
}

impl Mishap {
    fn site(self, net: &Net) -> String {
        match self {
            Self::Crash(host) | Self::Restart(host, _) => format!("crash:{}", net.hosts[host].name),
            Self::Pause(host) | Self::Resume(host, _) => format!("pause:{}", net.hosts[host].name),
            Self::Partition | Self::Heal(_) => "partition".into(),
        }
    }
}

impl World {
    /// A mishap is due.
    pub(super) fn suffer(&mut self, mishap: Mishap, epoch: u32) {
        match mishap {
            Mishap::Restart(host, life) => {
                if self.net.borrow().hosts[host].life != life {
                    return;
                }
                if let Err(error) = self.restart_host(host) {
                    let what = format!("does not start again: {error}");
                    self.say(host, &what);
                }
            }
            Mishap::Resume(host, pause) => {
                if self.net.borrow().hosts[host].pauses == pause {
                    self.resume_host(host);
                }
            }
            Mishap::Heal(partition) => {
                if self.net.borrow().partitions == partition {
                    self.heal();
                }
            }
            _ if epoch != self.mishaps.epoch => {}
            Mishap::Crash(_) | Mishap::Pause(_) | Mishap::Partition => self.befall(mishap),
        }
    }

    fn befall(&mut self, mishap: Mishap) {
        // A node that is down, or has stopped, does not crash, and one that stands still or a network that is parted already stays so
        // for as long as it was to.
        let befalls = match mishap {
            Mishap::Crash(host) => self.runs(host),
            Mishap::Pause(host) => self.runs(host) && !self.net.borrow().hosts[host].paused,
            _ => !self.net.borrow().is_parted(),
        };
        let net = std::rc::Rc::clone(&self.net);
        let mut net = net.borrow_mut();
        let site = mishap.site(&net);
        let number = net.next_mishap(&site);
        let mut random = Random::of_site(net.seed, "fate", &site, number);
        let admitted = befalls && net.plan.admits(&format_args!("{site}/{number}"));
        let every = match mishap {
            Mishap::Crash(host) => net.hosts[host].faults.crash_every,
            Mishap::Pause(host) => net.hosts[host].faults.pause_every,
            _ => self.mishaps.every,
        };
        let (span, end) = match mishap {
            Mishap::Crash(host) => {
                let faults = net.hosts[host].faults.clone();
                let after = net.hosts[host].life + 1;
                (random.span(&faults.down_for), Mishap::Restart(host, after))
            }
            Mishap::Pause(host) => {
                let faults = net.hosts[host].faults.clone();
                let pause = net.hosts[host].pauses + 1;
                (random.span(&faults.pause_for), Mishap::Resume(host, pause))
            }
            _ => {
                let lasts = self.mishaps.lasts.clone().unwrap_or_default();
                let partition = net.partitions + 1;
                (random.span(&lasts.partition_for), Mishap::Heal(partition))
            }
        };
        self.mishaps.expect(&mut net, every, mishap);
        if !admitted {
            return;
        }
        let at = net.now + span;
        net.schedule.put(at, Event::Mishap(end, 0));
        if mishap == Mishap::Partition {
            return net.part(&mut random);
        }
        let silent = match mishap {
            Mishap::Crash(host) => random.chance(net.hosts[host].faults.crash_silent),
            _ => false,
        };
        drop(net);
        match mishap {
            Mishap::Crash(host) => {
                self.crash_host(
                    host,
                    if silent {
                        Crash::Silent
                    } else {
                        Crash::Process
                    },
                );
            }
            Mishap::Pause(host) => self.pause_host(host),
            _ => {}
        }
    }
}

impl Net {
    /// Each host is on one of two sides.
    fn part(&mut self, random: &mut Random) {
        let mut away = Vec::new();
        self.partitions += 1;
        for host in &mut self.hosts {
            host.side = random.below(2) as u32;
            if host.side == 1 {
                away.push(std::rc::Rc::clone(&host.name));
            }
        }
        let away = away.join(", ");
        self.note(
            Level::Info,
            format_args!("the network parts: on one side {away}"),
        );
    }

    /// A node's life ends. Gives its jobs, which are to be dropped when nothing is borrowed.
    pub(super) fn crash(&mut self, host: usize, dark: bool) -> Vec<Job> {
        let links: Vec<(WireKey, Side)> = self.hosts[host].links().collect();
        for (key, side) in links {
            if dark {
                // What it did not get through is in no memory any more that would send it again.
                let now = self.now;
                let ends = &mut self.wires[key.slot].ends;
                let outbound = &mut ends[side.other() as usize].inbound;
                outbound.lose_behind(0);
                outbound.reset = None;
                if ends[side.other() as usize].write_blocked {
                    // The one who waits for room asks for it until somebody answers.
                    ends[side as usize].inbound.unread(now);
                    self.expect(key, side);
                }
                self.let_go(key, side);
            } else {
                self.abort(key, side);
            }
        }
        self.close_doors(host, dark);
        self.changes += 1;
        self.hosts[host].dark = dark;
        self.hosts[host].forget()
    }

    /// Resets a connection on the spot, for both ends.
    pub(super) fn break_wire(&mut self, key: WireKey) {
        if self.wire(key).is_none() {
            return;
        }
        self.note_fate(key, "is reset");
        self.fail(key, Side::Dialler, std::io::ErrorKind::ConnectionReset);
        self.fail(key, Side::Called, std::io::ErrorKind::ConnectionReset);
    }

    /// Ends the stream towards a host.
    pub(super) fn cut_wire(&mut self, key: WireKey, reader: usize) {
        for side in self.sides_at(key, reader) {
            let now = self.now;
            let stream = &mut self.wires[key.slot].ends[side as usize].inbound;
            if !std::mem::replace(&mut stream.swallows, true) {
                stream.end = Some(stream.last_arrival().map_or(now, |last| last.max(now)));
                self.note_fate(key, "is cut one way");
                self.expect(key, side);
                if self.wires[key.slot].ends[side.other() as usize].write_blocked {
                    self.make_room(key, side.other());
                }
            }
        }
    }

    /// Has the stream towards a host stand still.
    pub(super) fn stall_wire(&mut self, key: WireKey, reader: usize, span: Duration) {
        for side in self.sides_at(key, reader) {
            self.note_fate(key, "stands still one way");
            let until = self.now + span;
            let stream = &mut self.wires[key.slot].ends[side as usize].inbound;
            stream.stalled_until = stream.stalled_until.max(until);
        }
    }

    fn sides_at(&mut self, key: WireKey, host: usize) -> Vec<Side> {
        let Some(wire) = self.wire(key) else {
            return Vec::new();
        };
        let mut sides = Side::BOTH.to_vec();
        sides.retain(|&side| {
            let end = &wire.ends[side as usize];
            end.host == host && end.owner != Owner::Gone
        });
        sides
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Input;
    use crate::context::{Context, Session, Verdict};
    use crate::error::Result;

    struct Echo;

    impl Session<()> for Echo {
        fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
            while let Some(byte) = cx.next_frame(input, |input| Ok(input.take(1)))? {
                cx.send_bytes(byte)?;
            }
            Ok(Verdict::Continue)
        }
    }

    #[test]
    fn what_stood_still_arrives_when_all_is_calm() {
        let mut world = World::new(1);
        let second = Duration::from_secs(1);
        world
            .node("a", || (), |cx| cx.listen("a:1", (), || Echo))
            .expect("it starts");
        let peer = world.peer("b", "a:1");
        world.run_until(|_| peer.is_open(), second);
        world.stall("a", "b", second * 60);
        peer.send(b"x");
        world.run_for(second);
        assert_eq!(peer.received_len(), 0);
        world.calm().expect("all are up");
        world.run_until(|_| peer.received_len() == 1, second);
        world.run_for(second * 120);
        assert_eq!(peer.received_len(), 1);
    }

    #[test]
    fn what_a_job_holds_is_free_as_soon_as_its_node_has_crashed() {
        let mut world = World::new(1);
        let second = Duration::from_secs(1);
        world.set_node_faults(NodeFaults {
            job: second..=second,
            ..NodeFaults::none()
        });
        let node = world.node("a", || (), |_| Ok(())).expect("it starts");
        // A lock on a file, say, that the next life wants.
        let held = Arc::new(());
        for _ in 0..6 {
            let held = Arc::clone(&held);
            world.with(&node, |cx| {
                let done = cx.blocking(move || drop(held));
                cx.when(done, |_, _| ());
            });
        }
        world.run_for(second / 2);
        assert_eq!(Arc::strong_count(&held), 7, "four run, two wait");
        world.crash("a", Crash::Process);
        assert_eq!(Arc::strong_count(&held), 1);
        world.restart("a").expect("it starts again");
        world.run_for(second * 2);
        assert_eq!(world.counters("a").jobs, 0, "a new life, with none of them");
    }
}
