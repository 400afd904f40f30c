//! The passing of time, and the steps of a script.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use log::LevelFilter;
use oneloop::sim::World;

use crate::support::{CONNECTED, Watch, at, connected, idle, ms, panic_of, secs, server};

#[test]
fn run_for_ends_on_the_nanosecond() {
    let mut world = World::new(1);
    world.run_for(Duration::from_nanos(7));
    world.run_for(Duration::ZERO);
    assert_eq!(world.now().as_nanos(), 7);
    let _node = server(&mut world, "server", Watch::echo);
    world.run_for(secs(3600));
    assert_eq!(world.now().as_nanos(), 3_600_000_000_007);
}

#[test]
fn run_until_ends_when_it_holds() {
    let mut world = World::new(1);
    let _node = server(&mut world, "server", Watch::echo);
    world.run_until(|_| true, secs(1));
    assert_eq!(world.now(), at(Duration::ZERO), "it held");
    let peer = world.peer("client", "server:7000");
    world.run_until(|_| peer.is_open(), secs(1));
    assert_eq!(world.now(), at(CONNECTED));
    assert!(!world.comes_true(|_| peer.end().is_some(), secs(2)));
    assert_eq!(world.now(), at(CONNECTED + secs(2)), "it waited in full");
    // Also by the clock alone, if at the end.
    let end = world.now() + secs(1);
    assert!(world.comes_true(|world| world.now() == end, secs(1)));
}

#[test]
fn what_does_not_come_true_is_a_failure() {
    let mut world = World::new(1);
    let message = panic_of(|| world.run_until(|_| false, secs(3)));
    assert_eq!(message, "what was waited for did not happen within 3s");
    assert_eq!(world.now(), at(secs(3)));
}

#[test]
fn steps_come_in_their_order_and_may_add_others() {
    let mut world = World::new(1);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let note = |what: u32| {
        let seen = Rc::clone(&seen);
        move |world: &mut World| seen.borrow_mut().push((what, world.now()))
    };
    world.after(ms(20), note(3));
    world.after(ms(10), note(1));
    let (second, fourth) = (note(2), note(4));
    world.after(ms(10), move |world| {
        second(world);
        world.after(ms(15), fourth);
    });
    world.run_for(ms(24));
    assert_eq!(seen.borrow().len(), 3);
    world.run_for(ms(1));
    let expected = [(1, 10), (2, 10), (3, 20), (4, 25)];
    let expected = expected.map(|(what, when)| (what, at(ms(when))));
    assert_eq!(*seen.borrow(), expected);
}

#[test]
fn a_step_may_let_time_pass_and_the_clock_never_goes_back() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.after(ms(10), |world| {
        world.crash("a", oneloop::sim::Crash::Process);
        world.run_for(secs(5));
        world.restart("a").expect("it starts");
    });
    world.run_for(ms(20));
    assert_eq!(world.now(), at(ms(10) + secs(5)));
    assert!(world.is_up(node));
    world.after(ms(10), |world| world.run_for(secs(5)));
    assert!(!world.comes_true(|_| false, ms(20)));
    assert_eq!(world.now(), at(ms(20) + secs(10)));
}

#[test]
fn scripted_faults_are_named_in_order() {
    let mut world = World::new(1);
    for (when, name) in [(30, "later"), (10, "sooner"), (20, "later")] {
        world.fault_after(ms(when), name, |world| world.note("struck"));
    }
    world.run_for(ms(100));
    assert_eq!(
        world.faults(),
        ["script:sooner/1", "script:later/2", "script:later/1"]
    );
    assert_eq!(world.log().matches("struck").count(), 3);
    assert!(
        world.log().contains("0.010000s INFO  script:sooner/1"),
        "{}",
        world.log()
    );
}

#[test]
fn a_panic_in_a_handler_fails_the_run_unless_it_is_allowed() {
    fn boom(world: &mut World) {
        let node = idle(world, "a");
        world.with(&node, |cx| _ = cx.after(ms(1), |_| panic!("boom")));
        world.run_for(ms(5));
    }
    let mut world = World::new(1);
    let message = panic_of(|| boom(&mut world));
    assert_eq!(message, "at the node \"a\", a timer panicked: boom");
    let mut world = World::new(1);
    world.allow_panics();
    boom(&mut world);
    assert_eq!(world.counters("a").panics, 1);
    assert!(world.is_up("a"));
}

#[test]
fn a_panic_in_with_comes_out_of_it() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.allow_panics();
    let message = panic_of(|| world.with(&node, |_| panic!("boom")));
    assert!(message.starts_with("a: "), "{message}");
}

#[test]
fn what_never_comes_to_rest_is_a_failure() {
    let mut world = World::new(1);
    fn again(world: &mut World) {
        world.after(Duration::ZERO, again);
    }
    again(&mut world);
    let message = panic_of(|| world.run_for(ms(1)));
    assert_eq!(message, "it does not come to rest, and no time passes");
}

#[test]
fn the_log_says_as_much_as_it_is_told_to() {
    let lines = |level| {
        let mut world = World::new(1);
        world.set_log_level(level);
        let _node = server(&mut world, "server", Watch::echo);
        let peer = world.peer("client", "server:7000");
        peer.send(b"hello");
        world.run_for(ms(1));
        world.note("said");
        world.log()
    };
    assert_eq!(lines(LevelFilter::Off), "");
    let info = lines(LevelFilter::Info);
    assert_eq!(info.lines().count(), 2, "{info}");
    assert!(info.ends_with("     0.001000s INFO  said\n"), "{info}");
    let debug = lines(LevelFilter::Debug);
    assert!(debug.contains("client/1: connected") && !debug.contains("bytes arrive"));
    let trace = lines(LevelFilter::Trace);
    assert!(
        trace.contains("client/1: 5 bytes arrive at server, sum "),
        "{trace}"
    );
}

#[test]
fn a_long_world_does_not_remember_the_links_it_had() {
    // A day of a link a minute, with timers of an hour: a world that kept something of each would be slow by now.
    let (mut world, node, first) = connected(Watch::echo);
    first.close();
    let began = std::time::Instant::now();
    for _ in 0..24 * 60 {
        let peer = world.peer("client", "server:7000");
        peer.send(b"tick");
        world.with(&node, |cx| _ = cx.after(secs(3600), |_| ()));
        world.run_for(secs(60));
        assert_eq!(peer.take_received(), b"tick");
        peer.close();
    }
    assert!(began.elapsed() < secs(10), "{:?}", began.elapsed());
    world.run_for(secs(7200));
    world.assert_quiet();
    assert_eq!(world.counters(&node).accepted, 24 * 60 + 1);
}
