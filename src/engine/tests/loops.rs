//! Timers, posts, deferreds, blocking work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::context::{Context, Tick};
use crate::deferred::Deferred;
use crate::{Error, Time};

fn node() -> (Server, Rc<RefCell<Net>>) {
    let net = net();
    (Node::new(&net, Notes::default(), Limits::default()), net)
}

#[test]
fn a_timer_fires_once_never_early_and_can_be_cancelled() {
    let (mut node, _) = node();
    node.cx().after(10 * MILLISECOND, |cx| cx.state.say("ten"));
    let cancelled = node
        .cx()
        .after(20 * MILLISECOND, |cx| cx.state.say("never"));
    node.pass(9 * MILLISECOND);
    assert!(node.engine.state.said.is_empty());
    assert!(node.cx().cancel(cancelled));
    assert!(!node.cx().cancel(cancelled));
    node.pass(SECOND);
    assert_eq!(node.engine.state.said, ["ten"]);
    assert_eq!(
        (node.counters().timers_fired, node.counters().timers_open),
        (1, 0)
    );
}

#[test]
fn a_periodic_timer_does_not_drift_and_counts_what_it_skipped() {
    let (mut node, net) = node();
    let ticks: Rc<RefCell<Vec<Tick>>> = Rc::default();
    let noted = Rc::clone(&ticks);
    let period = 50 * MILLISECOND;
    let timer = node
        .cx()
        .every(period, move |_, tick| noted.borrow_mut().push(tick));
    // The loop is busy now and then: time passes without a turn.
    for busy in [0, 20, 49, 51, 170, 0, 1000] {
        net.borrow_mut().skip(busy * MILLISECOND);
        node.pass(60 * MILLISECOND);
    }
    let ticks_seen = ticks.borrow().clone();
    for tick in &ticks_seen {
        assert_eq!(
            tick.due.as_nanos() % 50_000_000,
            0,
            "a whole number of periods from the start: {tick:?}"
        );
    }
    let due = ticks_seen.last().expect("it ticked").due;
    let beats: u64 = ticks_seen.iter().map(|tick| 1 + tick.skipped).sum();
    assert_eq!(
        due,
        Time::START + period * u32::try_from(beats).expect("few"),
        "each beat is a tick or is counted as skipped"
    );
    assert!(
        ticks_seen.iter().any(|tick| tick.skipped >= 19),
        "the second of business: {ticks_seen:?}"
    );
    assert!(node.cx().cancel(timer));
    let count = ticks.borrow().len();
    node.pass(SECOND);
    assert_eq!(ticks.borrow().len(), count);
}

#[test]
fn a_clock_that_jumps_by_a_day_brings_no_rush_of_ticks() {
    let (mut node, net) = node();
    let count = Rc::new(RefCell::new(0));
    let counted = Rc::clone(&count);
    node.cx()
        .every(10 * MILLISECOND, move |_, _| *counted.borrow_mut() += 1);
    node.pass(SECOND);
    let before = *count.borrow();
    net.borrow_mut().skip(24 * 3600 * SECOND);
    node.pass(10 * MILLISECOND);
    assert!(
        *count.borrow() - before <= 3,
        "{}",
        *count.borrow() - before
    );
}

#[test]
fn a_timer_may_cancel_itself_and_set_another() {
    let (mut node, _) = node();
    let own: Rc<RefCell<Option<crate::TimerId>>> = Rc::default();
    let mine = Rc::clone(&own);
    let timer = node.cx().every(MILLISECOND, move |cx, _| {
        cx.state.say("tick");
        cx.cancel(mine.borrow().expect("set below"));
        cx.after(MILLISECOND, |cx| cx.state.say("another"));
    });
    *own.borrow_mut() = Some(timer);
    node.pass(SECOND);
    assert_eq!(node.engine.state.said, ["tick", "another"]);
    assert_eq!(node.counters().timers_open, 0);
}

#[test]
fn due_timers_are_run_by_portions_with_links_served_between() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    for _ in 0..10_000 {
        server.cx().after(MILLISECOND, |_| ());
    }
    net.borrow_mut().skip(SECOND);
    peer.send(&frame(1, b"x"));
    server.turn();
    assert_eq!(server.counters().timers_fired, 1024, "a turn's share");
    assert_eq!(
        answers(&mut peer).len(),
        1,
        "and links are served in the same turn"
    );
    server.settle();
    assert_eq!(server.counters().timers_fired, 10_000);
}

#[test]
fn posts_run_in_order_within_a_budget_and_none_is_lost() {
    let limits = Limits {
        posts_per_turn_max: 10,
        posts_max: 1000,
        ..Limits::default()
    };
    let net = net();
    let mut node = Node::new(&net, Vec::new(), limits);
    let handle = node.handle.clone();
    for number in 0..1000 {
        handle
            .post(move |cx: &mut Context<'_, Vec<u32>>| cx.state.push(number))
            .expect("there is room");
    }
    assert!(
        matches!(handle.post(|_| ()), Err(Error::Busy)),
        "above posts_max"
    );
    node.turn();
    assert_eq!(node.engine.state.len(), 10, "a turn's share");
    // New ones come while the old ones are not all run.
    for number in 1000..1500 {
        while handle
            .post(move |cx: &mut Context<'_, Vec<u32>>| cx.state.push(number))
            .is_err()
        {
            node.turn();
        }
    }
    node.settle();
    assert_eq!(node.engine.state, (0..1500).collect::<Vec<_>>());
}

#[test]
fn a_post_that_posts_itself_for_ever_starves_nobody() {
    fn again(cx: &mut Context<'_, Notes>) {
        let handle = cx.handle();
        handle.post(again).expect("there is room");
    }
    let (mut server, net) = plain_server(echo);
    server.handle.post(again).expect("there is room");
    let mut peer = Peer::dial(&net);
    for _ in 0..20 {
        peer.send(&frame(1, b"x"));
        server.turn();
    }
    assert!(answers(&mut peer).len() >= 18);
}

#[test]
fn when_runs_its_callback_from_the_queue_and_never_at_once() {
    let (mut node, _) = node();
    let mut cx = node.cx();
    let (promise, later) = cx.defer::<u32>();
    cx.when(later, |cx, value| {
        cx.state
            .say(format!("promised {}", value.expect("resolved")))
    });
    cx.when(Deferred::ready(2), |cx, value| {
        cx.state.say(format!("ready {}", value.expect("ready")))
    });
    promise.resolve(1);
    assert!(node.engine.state.said.is_empty());
    node.settle();
    let mut said = node.engine.state.said.clone();
    said.sort();
    assert_eq!(said, ["promised 1", "ready 2"]);
}

#[test]
fn a_timeout_tells_both_sides() {
    let (mut node, _) = node();
    let mut cx = node.cx();
    let (promise, later) = cx.defer::<u32>();
    let later = cx.timeout(later, SECOND);
    cx.when(later, |cx, value| {
        cx.state.say(value.expect_err("too late").to_string())
    });
    let (in_time, later) = cx.defer::<u32>();
    let later = cx.timeout(later, SECOND);
    cx.when(later, |cx, value| {
        cx.state.say(format!("in time {}", value.expect("in time")))
    });
    let (unwanted, later) = cx.defer::<u32>();
    drop(cx.timeout(later, SECOND));
    in_time.resolve(7);
    node.settle();
    assert!(
        unwanted.is_cancelled(),
        "who drops the outer drops the inner"
    );
    assert!(!promise.is_cancelled());
    assert_eq!(
        node.counters().timers_open,
        1,
        "the timers of the others are gone"
    );
    node.pass(SECOND + MILLISECOND);
    assert_eq!(node.engine.state.said, ["in time 7", "the deadline passed"]);
    assert!(promise.is_cancelled());
    assert_eq!(node.counters().timers_open, 0);
}

#[test]
fn blocking_work_gives_a_value_a_panic_or_busy() {
    let (mut node, net) = node();
    net.borrow_mut().jobs_max = 2;
    let mut cx = node.cx();
    let value = cx.blocking(|| 7);
    let panic = cx.blocking(|| -> u32 { panic!("on purpose") });
    let busy = cx.blocking(|| 8);
    assert!(busy.is_ready(), "a full queue refuses at once");
    for deferred in [value, panic, busy] {
        cx.when(deferred, |cx, value| {
            cx.state
                .say(value.map_or_else(|error| error.to_string(), |value| value.to_string()));
        });
    }
    node.settle();
    assert_eq!(node.engine.state.said, ["there is too much to do already"]);
    node.work();
    node.settle();
    assert_eq!(node.engine.state.said[1..], ["7", "panicked: on purpose"]);
    assert_eq!(node.counters().jobs_open, 0);
}

#[test]
fn a_promise_for_another_thread_is_kept_from_there() {
    let (mut node, _) = node();
    let sum = Arc::new(AtomicU64::new(0));
    let mut threads = Vec::new();
    for number in 0..8_u64 {
        let mut cx = node.cx();
        let (promise, later) = cx.defer_remote::<u64>();
        let sum = Arc::clone(&sum);
        cx.when(later, move |_, value| {
            _ = sum.fetch_add(value.expect("resolved"), Ordering::SeqCst)
        });
        threads.push(std::thread::spawn(move || promise.resolve(number)));
    }
    for thread in threads {
        thread.join().expect("no panic");
    }
    node.settle();
    assert_eq!(sum.load(Ordering::SeqCst), 28);
    assert_eq!(node.counters().jobs_open, 0);
}

#[test]
fn a_callback_that_panics_is_logged_and_the_loop_goes_on() {
    let (mut node, _) = node();
    let mut cx = node.cx();
    cx.after(MILLISECOND, |_| panic!("in a timer"));
    cx.every(MILLISECOND, |_, _| panic!("in a periodic timer"));
    cx.when(Deferred::ready(()), |_, _| panic!("in a deferred"));
    cx.handle()
        .post(|_| panic!("in a post"))
        .expect("there is room");
    node.pass(SECOND);
    assert_eq!(
        node.counters().panics,
        4,
        "and one that panicked is not called again"
    );
    node.cx().after(MILLISECOND, |cx| cx.state.say("alive"));
    node.pass(SECOND);
    assert_eq!(node.engine.state.said, ["alive"]);
    assert_eq!(node.counters().timers_open, 0);
}

#[test]
fn the_longest_turn_is_known_with_the_handler_that_caused_it() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let mut service = CommandService::new();
    echo(&mut service);
    let clock = Rc::clone(&net);
    // Each slow call is slower than the one before.
    let slow = std::cell::Cell::new(200 * MILLISECOND);
    service
        .on(42, move |_| {
            slow.set(slow.get() + 100 * MILLISECOND);
            clock.borrow_mut().skip(slow.get());
        })
        .expect("free");
    node.listen(DataPack::default(), service);
    let mut peers: Vec<Peer> = (0..2).map(|_| Peer::dial(&net)).collect();
    node.settle();
    // Two calls in one read, before and behind the slow one, and another link in the same turn.
    let among_others = [frame(1, b""), frame(42, b""), frame(1, b"")].concat();
    peers[0].send(&among_others);
    peers[1].send(&frame(1, b""));
    node.settle();
    let counters = node.counters();
    let blamed = counters.turn_longest_by.to_string();
    assert!(blamed.starts_with("one of 4 steps"), "{blamed}");
    assert_eq!(
        (counters.turn_longest, counters.turns_slow),
        (300 * MILLISECOND, 1)
    );
    // From here on each step is timed.
    peers[0].send(&among_others);
    peers[1].send(&frame(1, b""));
    node.settle();
    assert_eq!(node.counters().turn_longest_by.to_string(), "command 42");
}

#[test]
fn a_session_of_ones_own_that_is_slow_is_blamed_as_what_it_is() {
    struct Slow(Rc<RefCell<Net>>);
    impl crate::Session<Notes> for Slow {
        fn received(
            &mut self,
            input: &mut crate::Input<'_>,
            _: &mut Context<'_, Notes>,
        ) -> Result<crate::Verdict> {
            input.take(input.rest().len());
            self.0.borrow_mut().skip(300 * MILLISECOND);
            Ok(crate::Verdict::Continue)
        }
    }
    let (mut node, net) = node();
    let clock = Rc::clone(&net);
    node.listen((), move || Slow(Rc::clone(&clock)));
    node.cx().after(MILLISECOND, |_| ());
    node.pass(2 * MILLISECOND);
    let mut peer = Peer::dial(&net);
    peer.send(b"x");
    node.settle();
    assert_eq!(
        node.counters().turn_longest_by.to_string(),
        "reading a link"
    );
}
