//! Timers and deadlines strike when they are due, at most a moment later, and never if they were cancelled, renewed or met.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, LinkFaults, NodeFaults, Random, World};
use oneloop::{
    CommandService, Context, DataPack, Error, Input, Limits, Outcome, Reason, ReasonKind, Result,
    Session, Time, TimerId, Verdict,
};

use crate::support::weather::{self, LONG};
use crate::support::wire::Format;
use crate::support::{SEEDS, tell};

/// How late something may be at a node that is not slow: the timer wheel's grain, and two turns.
const LATE_MAX: Duration = Duration::from_millis(3);

/// That something is on time: due at `due`, it happens at `now`.
fn assert_on_time(what: &str, due: Time, now: Time) {
    assert!(now >= due, "{what}: due at {due}, and early at {now}");
    assert!(
        now - due <= LATE_MAX,
        "{what}: due at {due}, and late at {now}"
    );
}

/// What a node keeps of its timers.
#[derive(Default)]
struct Clockwork {
    /// Those set, by number: when each is due, and its name.
    set: Vec<(Time, TimerId)>,
    fired: Vec<bool>,
    cancelled: Vec<bool>,
    beats: u32,
}

/// Sets a timer, which on its turn may cancel others and set more.
fn set_timer(cx: &mut Context<'_, Clockwork>, mut random: Random, left: u32) {
    let most = *random.pick(&[0, 900, 5_000, 300_000, 90_000_000]);
    let span = Duration::from_micros(random.between(0..=most));
    let (due, number) = (cx.now() + span, cx.state.set.len());
    let timer = cx.after(span, move |cx| {
        assert_on_time("a timer", due, cx.now());
        assert!(!cx.state.cancelled[number], "a cancelled timer fired");
        assert!(!cx.state.fired[number], "a timer fired twice");
        cx.state.fired[number] = true;
        if random.chance(0.5) {
            let other = random.below(cx.state.set.len() as u64) as usize;
            let (_, timer) = cx.state.set[other];
            let over = cx.state.fired[other] || cx.state.cancelled[other];
            assert_eq!(cx.cancel(timer), !over, "whether there was one to cancel");
            cx.state.cancelled[other] |= !over;
        }
        if left > 0 {
            set_timer(cx, random, left - 1);
        }
    });
    cx.state.set.push((due, timer));
    cx.state.fired.push(false);
    cx.state.cancelled.push(false);
}

/// A beat that does not drift, and stops by itself.
fn set_beat(cx: &mut Context<'_, Clockwork>, random: &mut Random) {
    let period = Duration::from_micros(random.between(1_000..=70_000));
    let (began, beats) = (cx.now(), random.between(1..=6) as u32);
    let own = Rc::<RefCell<Option<TimerId>>>::default();
    let (kept, mut count) = (Rc::clone(&own), 0);
    let timer = cx.every(period, move |cx, tick| {
        assert!(count < beats, "a cancelled beat goes on");
        count += 1;
        cx.state.beats += 1;
        assert_eq!(tick.skipped, 0, "the node is not busy");
        assert_eq!(tick.due, began + period * count, "beat {count} drifts");
        assert_on_time("a beat", tick.due, cx.now());
        if count == beats {
            let timer = kept.borrow().expect("it is known by now");
            assert!(cx.cancel(timer), "a beat cancels itself");
        }
    });
    *own.borrow_mut() = Some(timer);
}

/// A session that knows by itself when each of its link's deadlines is due.
struct Watched {
    limits: Rc<Limits>,
    /// When bytes last came.
    received: Time,
    /// Since when a frame is there in part.
    part: Option<Time>,
    /// When it is to be woken.
    wake: Option<Time>,
}

/// A frame with its length before it. What is missing is not asked for, so that the session is called for whatever comes.
fn cut<'i>(input: &mut Input<'i>) -> Option<&'i [u8]> {
    let rest = input.rest();
    let bytes = u32::from_be_bytes(*rest.first_chunk()?) as usize;
    if rest.len() < 4 + bytes {
        return None;
    }
    input.take(4);
    input.take(bytes)
}

impl Session<Clockwork> for Watched {
    fn opened(&mut self, cx: &mut Context<'_, Clockwork>) -> Result<Verdict> {
        self.received = cx.now();
        Ok(Verdict::Continue)
    }

    fn received(
        &mut self,
        input: &mut Input<'_>,
        cx: &mut Context<'_, Clockwork>,
    ) -> Result<Verdict> {
        let now = cx.now();
        let link = &self.limits.link;
        if let Some(part) = self.part {
            assert!(
                now <= part + link.frame_deadline + LATE_MAX,
                "it should be gone"
            );
        }
        let idle = link.idle_timeout.expect("it is set");
        assert!(now <= self.received + idle + LATE_MAX, "it should be gone");
        self.received = now;
        let mut whole = false;
        while let Some(frame) = cx.next_frame(input, |input| Ok(cut(input)))? {
            whole = true;
            if let Some(&pause) = frame.first() {
                // Renewed: the one before is off.
                let wake = now + Duration::from_millis(pause.into());
                self.wake = Some(wake);
                cx.wake_at(wake);
            }
        }
        self.part = match self.part {
            _ if input.needed() == 0 && input.rest().is_empty() => None,
            Some(part) if !whole => Some(part),
            _ => Some(now),
        };
        Ok(Verdict::Continue)
    }

    fn woken(&mut self, cx: &mut Context<'_, Clockwork>) -> Result<Verdict> {
        let wake = self.wake.take().expect("nobody is to be woken");
        assert_on_time("waking", wake, cx.now());
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, Clockwork>) {
        let (now, link) = (cx.now(), &self.limits.link);
        match reason.kind() {
            ReasonKind::FrameDeadline => {
                let part = self.part.expect("a frame is there in part");
                assert_on_time("the frame deadline", part + link.frame_deadline, now);
            }
            ReasonKind::Idle => {
                let idle = link.idle_timeout.expect("it is set");
                assert_on_time("the idle timeout", self.received + idle, now);
            }
            other => panic!("closed by {other:?}"),
        }
    }
}

/// A node that dials where nobody answers, and serves calls that nobody answers.
fn start(cx: &mut Context<'_, Clockwork>, limits: &Rc<Limits>, mut random: Random) -> Result<()> {
    for _ in 0..random.below(4) {
        let own = Random::new(random.next_u64());
        let left = random.below(5) as u32;
        set_timer(cx, own, left);
    }
    for _ in 0..random.below(3) {
        set_beat(cx, &mut random);
    }
    let kept = Rc::clone(limits);
    let sessions = move || Watched {
        limits: Rc::clone(&kept),
        received: Time::START,
        part: None,
        wake: None,
    };
    cx.listen("server:7000", (), sessions)?;
    let mut service = CommandService::<Clockwork>::new();
    service.catch_all(|call| {
        let (promise, later) = call.defer::<()>();
        // Kept for longer than anybody waits.
        call.after(Duration::from_secs(60), |_| drop(promise));
        later
    })?;
    let call_deadline = limits.link.call_deadline;
    service.after(move |cx, completion| {
        let timeout = matches!(completion.outcome, Outcome::Failed(Error::Timeout));
        assert!(timeout, "{:?}", completion.outcome);
        let began = cx.now() + Duration::ZERO;
        let due = Time::START + (began - Time::START).saturating_sub(completion.took);
        assert_on_time("a call", due + call_deadline, began);
    });
    cx.listen("server:7001", DataPack::default(), service)?;
    let mut silent = CommandService::<Clockwork>::new();
    let due = cx.now() + limits.link.connect_deadline;
    silent.on_closed(move |cx, _, reason| {
        assert_eq!(reason.kind(), ReasonKind::ConnectDeadline);
        assert_on_time("connecting", due, cx.now());
    });
    cx.connect("nowhere:1", DataPack::default(), silent)?;
    Ok(())
}

/// Frames cut into pieces, with pauses that come near the deadlines.
fn dribble(world: &mut World, random: &mut Random, limits: &Limits) {
    let peer = world.peer("client", "server:7000");
    let idle = limits.link.idle_timeout.expect("it is set");
    let spans = [limits.link.frame_deadline, idle, Duration::from_millis(1)];
    let mut moment = Duration::ZERO;
    for _ in 0..random.between(1..=5) {
        let body = vec![random.below(256) as u8; random.between(0..=4) as usize];
        let mut frame = Format::Framed.frame(0, &body);
        while !frame.is_empty() {
            let count = random.between(1..=frame.len() as u64) as usize;
            let piece: Vec<u8> = frame.drain(..count).collect();
            let sending = peer.clone();
            world.after(moment, move |_| sending.send(&piece));
            let span = random.pick(&spans).as_micros() as u64;
            moment += Duration::from_micros(random.between(0..=span * 11 / 10) / 2);
        }
    }
}

#[test]
fn deadlines_strike_when_they_are_due_and_only_then() {
    let searched = sim::search(0..SEEDS, |world| {
        let mut random = weather::numbers(world);
        let nodes = NodeFaults::lossless(world.random());
        world.set_node_faults(NodeFaults { slow: 0.0, ..nodes });
        let latency = Duration::ZERO..=Duration::from_micros(random.between(0..=50_000));
        world.set_link_faults(LinkFaults {
            latency,
            ..LinkFaults::none()
        });
        let draw = |random: &mut Random| Duration::from_micros(random.between(1..=400_000));
        let mut limits = Limits::default();
        limits.link.frame_deadline = draw(&mut random);
        limits.link.idle_timeout = Some(draw(&mut random));
        limits.link.call_deadline = draw(&mut random);
        limits.link.connect_deadline = draw(&mut random);
        limits.timers_per_turn_max = random.between(1..=3) as u32;
        // A host that nobody can reach.
        world.node("nowhere", || (), |_| Ok(()))?;
        world.partition(&[&["nowhere"]]);
        let own = Rc::new(limits.clone());
        let numbers = Random::new(random.next_u64());
        let start = move |cx: &mut Context<'_, Clockwork>| start(cx, &own, numbers.clone());
        let server = world.node_with_limits("server", limits.clone(), Clockwork::default, start)?;
        for _ in 0..random.between(1..=2) {
            dribble(world, &mut random, &limits);
        }
        let caller = world.peer("client", "server:7001");
        for _ in 0..random.between(0..=3) {
            let sending = caller.clone();
            let moment = Duration::from_micros(random.between(0..=500_000));
            world.after(moment, move |_| {
                sending.send(&Format::DataPack.frame(1, b""))
            });
        }
        world.run_for(Duration::from_secs(100));
        caller.close();
        world.run_until(World::is_quiet, LONG);
        let clockwork = world.state(&server);
        for (number, (due, _)) in clockwork.set.iter().enumerate() {
            let over = clockwork.fired[number] != clockwork.cancelled[number];
            assert!(
                over,
                "a timer of {due} fired, or was cancelled, but not both"
            );
        }
        Ok::<(), Error>(())
    });
    tell("deadlines", searched);
}
