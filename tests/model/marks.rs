//! What waits to be sent is bounded: a link whose peer does not read is not read either, is read again when enough is sent, and is
//! dropped when too much waits or nothing moves for too long.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, LinkFaults, Peer, Random, World};
use oneloop::{
    Context, Error, Input, Limits, LinkId, Reason, ReasonKind, Result, Session, Time, Verdict,
};

use crate::support::content::content;
use crate::support::weather::{self, LONG};
use crate::support::{SEEDS, tell};

/// One link, as its session sees it.
#[derive(Debug, Default)]
struct Watch {
    /// Its outbox passed the high mark, and was not seen at or below the low mark since.
    choked: bool,
    /// Since when something waits, at the earliest.
    waits_since: Time,
    /// Frames that were handed to the session.
    handled: usize,
    /// Bytes that the link took, to be sent.
    accepted: Vec<u8>,
    /// More was sent than it may have waiting.
    overflowed: bool,
    closed: Option<ReasonKind>,
}

/// A session whose peer asks with one byte for so many blocks, which come back at once; and more come by themselves.
#[derive(Clone)]
struct Fountain {
    watches: Rc<RefCell<Vec<Watch>>>,
    limits: Rc<Limits>,
    block_bytes: usize,
    /// The place of its watch.
    place: usize,
}

impl Fountain {
    /// What is known of the link when a look is taken at it. Between two looks it was written to at the end of turns only: if little
    /// waits now, it was read again.
    fn look<R>(&self, cx: &Context<'_, ()>, link: LinkId, act: impl FnOnce(&mut Watch) -> R) -> R {
        let watch = &mut self.watches.borrow_mut()[self.place];
        watch.choked &= cx.links.outbox_bytes(link) > self.limits.link.outbox_bytes_low;
        act(watch)
    }

    /// Sends so many blocks: either they are taken, and no mark is passed, or the link is dropped on the spot for a reason.
    fn send(&self, cx: &mut Context<'_, ()>, link: LinkId, blocks: u8) {
        if !cx.links.is_open(link) {
            return;
        }
        let bytes = usize::from(blocks) * self.block_bytes;
        let before = cx.links.outbox_bytes(link);
        let counters = cx.counters();
        let all = counters.outbox_bytes + counters.inbox_bytes + bytes;
        let over_all = all > self.limits.buffered_bytes_max;
        let limits = &self.limits.link;
        let too_much = before + bytes > limits.outbox_bytes_max
            || (over_all && before > limits.outbox_bytes_low);
        let number = self.look(cx, link, |watch| watch.accepted.len());
        let body = content(self.place as u32, number as u32, bytes);
        let sent = cx.links.send_bytes(link, body.clone());
        assert!(sent.is_ok(), "an open link takes bytes");
        assert_eq!(cx.links.is_open(link), !too_much, "{all} bytes wait");
        let left = if too_much { 0 } else { before + bytes };
        assert_eq!(cx.links.outbox_bytes(link), left, "bytes that wait");
        let now = cx.now();
        self.look(cx, link, |watch| {
            watch.overflowed |= too_much;
            if !too_much {
                watch.accepted.extend(body);
                watch.choked |= left >= limits.outbox_bytes_high;
            }
            if before == 0 {
                watch.waits_since = now;
            }
        });
    }

    /// Sends some blocks now and then, whether the peer reads or not.
    fn flow(self, cx: &mut Context<'_, ()>, link: LinkId, mut random: Random, left: u64) {
        let pause = Duration::from_micros(random.between(1..=FLOW_PAUSE_US_MAX));
        if left > 0 {
            cx.after(pause, move |cx| {
                self.send(cx, link, random.between(1..=40) as u8);
                self.flow(cx, link, random, left - 1);
            });
        }
    }
}

const FLOW_PAUSE_US_MAX: u64 = 300_000;
const FLOWS_MAX: u64 = 5;

impl Session<()> for Fountain {
    fn opened(&mut self, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        let mut random = Random::new(self.place as u64 ^ self.limits.link.outbox_bytes_max as u64);
        let flows = random.between(0..=FLOWS_MAX);
        let link = cx.link();
        self.clone().flow(cx, link, random, flows);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        let link = cx.link();
        while let Some(frame) = cx.next_frame(input, |input| Ok(input.take(1)))? {
            let choked = self.look(cx, link, |watch| {
                watch.handled += 1;
                watch.choked
            });
            assert!(!choked, "a frame was handed to a link that is not read");
            self.send(cx, link, frame[0]);
        }
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, ()>) {
        let (now, kind) = (cx.now(), reason.kind());
        let link = cx.link();
        let deadline = self.limits.link.write_deadline;
        self.look(cx, link, |watch| {
            assert_eq!(watch.closed, None, "it was told twice");
            watch.closed = Some(kind);
            let slow = kind == ReasonKind::SlowReader;
            assert!(slow || !watch.overflowed, "too much waited: {kind:?}");
            let stalled = now - watch.waits_since >= deadline;
            assert!(!slow || watch.overflowed || stalled, "dropped too early");
        });
    }
}

/// Narrow marks and small windows, in proportion to a block, whose bytes are given too: it is as large as this network lets it be.
fn draw(random: &mut Random, world: &mut World) -> (Limits, usize) {
    let mut limits = weather::narrow_limits(random);
    let mut faults: LinkFaults = weather::set_lossless(world);
    let block = weather::grain(&faults, &limits).clamp(1, 32);
    let high = *random.pick(&[1, 4 * block, 30 * block, 120 * block]);
    limits.link.outbox_bytes_high = high;
    limits.link.outbox_bytes_low = random.below(high as u64) as usize;
    limits.link.outbox_bytes_max = high + random.below(250 * block as u64) as usize;
    if random.chance(0.3) {
        limits.buffered_bytes_max = block * random.between(30..=250) as usize;
    }
    if random.chance(0.5) {
        limits.link.write_deadline = Duration::from_millis(random.between(50..=5_000));
    }
    let window = *random.pick(&[4 * block, 30 * block, 120 * block]);
    faults.window_bytes = faults.window_bytes.min(window);
    world.set_link_faults(faults);
    (limits, block)
}

#[test]
fn what_waits_to_be_sent_is_bounded_and_nothing_is_lost() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let (limits, block_bytes) = draw(&mut random, world);
        let limits = Rc::new(limits);
        let watches = Rc::<RefCell<Vec<Watch>>>::default();
        let count = random.between(1..=3) as usize;
        watches.borrow_mut().resize_with(count, Watch::default);
        let (kept, own) = (Rc::clone(&watches), Rc::clone(&limits));
        let start = move |cx: &mut Context<'_, ()>| -> Result<()> {
            for place in 0..count {
                let (watches, limits) = (Rc::clone(&kept), Rc::clone(&own));
                let fountain = Fountain {
                    watches,
                    limits,
                    block_bytes,
                    place,
                };
                let address = format!("server:{}", 7000 + place);
                cx.listen(address.as_str(), (), move || fountain.clone())?;
            }
            Ok(())
        };
        world.node_with_limits("server", (*limits).clone(), || (), start)?;
        let peers: Vec<Drinker> = (0..count)
            .map(|place| Drinker::draw(world, &mut random, place))
            .collect();
        world.run_for(DRINKING);
        check_readers(world, &peers, &watches);
        check_others(world, &limits, &peers, &watches);
        for drinker in &peers {
            drinker.peer.close();
        }
        world.run_until(World::is_quiet, LONG);
        Ok::<(), Error>(())
    });
    tell("marks", searched);
}

/// Within this everything is asked, and everybody who will read reads.
const DRINKING: Duration = Duration::from_secs(4);

/// A peer, and what it asked for.
struct Drinker {
    peer: Peer,
    asked: usize,
    /// It stopped reading for good.
    stopped: bool,
}

impl Drinker {
    fn draw(world: &mut World, random: &mut Random, place: usize) -> Self {
        let peer = world.peer("client", &format!("server:{}", 7000 + place));
        let asked = random.between(0..=6) as usize;
        for _ in 0..asked {
            let blocks = random.between(0..=60) as u8;
            let sending = peer.clone();
            let moment = random.span(&(Duration::ZERO..=DRINKING / 2));
            world.after(moment, move |_| sending.send(&[blocks]));
        }
        let stops = random.chance(0.6);
        let stopped = stops && random.chance(0.3);
        if stops {
            let moment = random.span(&(Duration::ZERO..=DRINKING / 2));
            let own = peer.clone();
            world.after(moment, move |_| own.stop_reading());
            let own = peer.clone();
            let later = random.span(&(moment..=DRINKING));
            if !stopped {
                world.after(later, move |_| own.read_on());
            }
        }
        Self {
            peer,
            asked,
            stopped,
        }
    }
}

/// Whoever reads, or reads on, has everything that was to be sent to him, unless he was dropped; and all he asked was handled.
fn check_readers(world: &mut World, peers: &[Drinker], watches: &RefCell<Vec<Watch>>) {
    let has_all = |_: &mut World| {
        let watches = watches.borrow();
        let mut both = peers.iter().zip(&*watches);
        both.all(|(drinker, watch)| {
            let whole = drinker.peer.received_len() == watch.accepted.len();
            let done = whole && watch.handled == drinker.asked;
            drinker.stopped || watch.closed.is_some() || done
        })
    };
    world.run_until(has_all, LONG);
    for (drinker, watch) in peers.iter().zip(&*watches.borrow()) {
        let received = drinker.peer.take_received();
        let whole = watch.accepted.starts_with(&received);
        assert!(
            whole,
            "{} bytes came that are not a beginning",
            received.len()
        );
        let dropped = [ReasonKind::SlowReader, ReasonKind::Memory];
        let fits = watch.closed.is_none_or(|kind| dropped.contains(&kind));
        assert!(fits, "{:?}", watch.closed);
    }
}

/// Whoever reads no more, and has something waiting, is dropped by the deadline.
fn check_others(
    world: &mut World,
    limits: &Limits,
    peers: &[Drinker],
    watches: &RefCell<Vec<Watch>>,
) {
    // Until the window is full something moves: at two thousand bytes in a second.
    let full = Duration::from_secs(5);
    let deadline = limits.link.write_deadline;
    if deadline == LONG || peers.iter().all(|drinker| !drinker.stopped) {
        return;
    }
    world.run_for(full + deadline + Duration::from_secs(2));
    let waiting = world.counters("server").outbox_bytes;
    assert_eq!(waiting, 0, "nobody takes it: {:?}", watches.borrow());
}
