//! Timers, deferreds, posts and signals on the virtual clock.

use std::cell::RefCell;
use std::rc::Rc;

use oneloop::sim::World;
use oneloop::{Error, Time};

use crate::support::{HOP, Seen, Watch, at, connected, dial, idle, ms, secs, server, us};

#[test]
fn timers_fire_when_they_are_due() {
    let mut world = World::new(1);
    let node = world.node("a", Vec::<(u32, Time)>::new, |cx| {
        cx.after(ms(30), |cx| cx.state.push((30, cx.now())));
        let gone = cx.after(ms(20), |cx| cx.state.push((20, cx.now())));
        cx.after(ms(10), move |cx| {
            cx.state.push((10, cx.now()));
            assert!(cx.cancel(gone));
        });
        Ok(())
    });
    let node = node.expect("it starts");
    world.run_for(secs(1));
    let fired = world.state(&node);
    assert_eq!(fired.len(), 2);
    for &(millis, when) in fired {
        let due = at(ms(u64::from(millis)));
        // Never early, and with nothing else to do within the wheel's grain.
        assert!(due <= when && when <= due + ms(1), "{millis} ms at {when}");
    }
    assert_eq!(world.now(), at(secs(1)));
}

#[test]
fn beats_come_at_their_times_and_those_slept_over_are_counted() {
    let mut world = World::new(1);
    let node = world.node("a", Vec::new, |cx| {
        cx.every(ms(100), |cx, tick| cx.state.push((tick.due, tick.skipped)));
        Ok(())
    });
    let node = node.expect("it starts");
    world.after(ms(250), |world| world.pause("a"));
    world.after(ms(620), |world| world.resume("a"));
    world.run_for(ms(750));
    let beats = [(100, 0), (200, 0), (600, 3), (700, 0)];
    let beats = beats.map(|(due, skipped)| (at(ms(due)), skipped));
    assert_eq!(world.state(&node), &beats);
}

#[test]
fn each_node_has_a_clock_that_begins_with_it() {
    let mut world = World::new(1);
    let first = idle(&mut world, "a");
    world.run_for(secs(5));
    let second = idle(&mut world, "b");
    let clock = |world: &mut World, node| world.with(node, |cx| cx.clock());
    // A turn takes a microsecond, and to start is one.
    assert_eq!(clock(&mut world, &second), at(us(1)));
    world.run_for(secs(1));
    assert_eq!(clock(&mut world, &first), at(secs(6)));
    assert_eq!(clock(&mut world, &second), at(secs(1)));
    world.crash("b", oneloop::sim::Crash::Process);
    world.restart("b").expect("it starts");
    assert_eq!(clock(&mut world, &second), at(us(1)), "it begins anew");
    assert_eq!(world.now(), at(secs(6)));
}

#[test]
fn deferreds_settle_in_turns_of_their_own() {
    let mut world = World::new(1);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let note = |what: &'static str| {
        let seen = Rc::clone(&seen);
        move |outcome: Result<u32, Error>| {
            let outcome = outcome.map_err(|error| error.to_string());
            seen.borrow_mut().push((what, outcome));
        }
    };
    let node = idle(&mut world, "a");
    let (kept, late, dropped) = (note("kept"), note("late"), note("dropped"));
    world.with(&node, |cx| {
        let (promise, later) = cx.defer();
        cx.when(later, move |_, outcome| kept(outcome));
        cx.after(ms(5), |_| promise.resolve(7));
        let (promise, later) = cx.defer::<u32>();
        let later = cx.timeout(later, ms(10));
        cx.when(later, move |_, outcome| late(outcome));
        cx.after(ms(50), |_| drop(promise));
        let (promise, later) = cx.defer::<u32>();
        cx.when(later, move |_, outcome| dropped(outcome));
        drop(promise);
    });
    assert!(seen.borrow().is_empty(), "never within the call");
    world.run_for(ms(100));
    let told: Vec<_> = seen.borrow().iter().map(|(what, _)| *what).collect();
    assert_eq!(told, ["dropped", "kept", "late"]);
    assert_eq!(seen.borrow()[1].1, Ok(7));
    assert!(seen.borrow()[2].1.is_err());
    world.assert_quiet();
}

#[test]
fn posts_come_from_the_test_and_from_other_nodes() {
    let mut world = World::new(1);
    let (first, second) = (idle(&mut world, "a"), idle(&mut world, "b"));
    let (to_first, to_second) = (world.handle(&first), world.handle(&second));
    to_first
        .post(move |cx| {
            cx.state.count += 1;
            let sent = to_second.post(|cx| cx.state.count += 10);
            sent.expect("it is up");
        })
        .expect("it is up");
    assert_eq!(world.state(&first).count, 0, "not before its turn");
    world.run_for(us(10));
    assert_eq!(world.state(&first).count, 1);
    assert_eq!(world.state(&second).count, 10);
    world.state_mut(&second).count = 5;
    assert_eq!(world.with(&second, |cx| cx.state.count), 5);
    assert_eq!(world.counters("a").posts, 1);
    world.crash("a", oneloop::sim::Crash::Process);
    let refused = to_first.post(|_| ()).expect_err("its loop is gone");
    assert!(matches!(refused, Error::Stopped));
}

#[test]
fn a_signal_has_a_node_finish_and_a_second_one_ends_it() {
    let mut world = World::new(1);
    let (first, second) = (
        server(&mut world, "a", Watch::stays),
        server(&mut world, "b", Watch::stays),
    );
    let client = idle(&mut world, "c");
    dial(&mut world, &client, "a:7000");
    dial(&mut world, &client, "b:7000");
    world.run_for(ms(1));
    let began = world.now();
    world.signal(&first);
    world.signal(&second);
    world.signal(&second);
    world.run_until(|world| !world.is_up("b"), secs(1));
    assert_eq!(world.now(), began, "at once");
    assert!(world.is_up("a"), "it tells its peers first");
    world.run_until(|world| !world.is_up("a"), secs(1));
    // The end of its stream goes to the client, and the client's comes back.
    assert!(world.now() >= began + HOP * 2 && world.now() < began + ms(1));
    let ends: Vec<_> = world.state(&client).reasons();
    assert_eq!(ends.len(), 2);
    // What it had is still there to be looked at, and it does nothing any more.
    assert_eq!(world.state(&first).closed.len(), 1);
    world.assert_quiet();
}

#[test]
fn a_node_that_has_stopped_has_no_turns_and_can_be_started_again() {
    let mut world = World::new(1);
    let node = world.node("a", Seen::default, |cx| {
        cx.every(ms(10), |cx, _| cx.state.count += 1);
        Ok(())
    });
    let node = node.expect("it starts");
    world.run_for(ms(55));
    world.signal(&node);
    world.run_for(ms(1));
    assert!(!world.is_up(&node));
    // Neither another signal nor the end of a pause wakes it.
    world.signal(&node);
    world.pause(&node);
    world.resume(&node);
    world.run_for(secs(1));
    assert_eq!(world.state(&node).count, 5);
    world.calm().expect("nothing is to be restarted");
    assert!(!world.is_up(&node), "it stopped of its own accord");
    world.restart(&node).expect("it starts");
    world.run_for(ms(25));
    assert_eq!(world.state(&node).count, 2);
}

#[test]
fn a_frame_that_comes_in_while_a_turn_lasts_waits_for_the_next() {
    let (mut world, node, peer) = connected(Watch::silent);
    world.set_node_faults(oneloop::sim::NodeFaults {
        turn: ms(10)..=ms(10),
        ..oneloop::sim::NodeFaults::none()
    });
    let began = world.now();
    peer.send(b"one");
    world.run_for(ms(5));
    peer.send(b"two");
    world.run_for(ms(20));
    let times: Vec<_> = world.state(&node).received.iter().map(|r| r.0).collect();
    assert_eq!(times, [began + HOP, began + HOP + ms(10)]);
}
