//! What a test does at an odd moment: to a node that is down, to a connection that is not up yet, to a world of many.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use oneloop::Context;
use oneloop::sim::{Crash, LinkFaults, NodeFaults, PeerEnd, World};

use crate::support::{Watch, at, idle, ms, panic_of, secs, server};

#[test]
fn a_node_that_is_down_cannot_be_paused() {
    let mut world = World::new(1);
    let _node = server(&mut world, "server", Watch::echo);
    world.crash("server", Crash::Process);
    world.pause("server");
    world.restart("server").expect("it starts");
    let peer = world.peer("client", "server:7000");
    peer.send(b"x");
    world.run_until(|_| peer.received_len() == 1, secs(1));
}

#[test]
fn a_connect_whose_answer_does_not_come_through_fails_at_both_ends() {
    let mut world = World::new(1);
    world.set_link_faults(LinkFaults {
        latency: ms(10)..=ms(10),
        ..LinkFaults::none()
    });
    let node = server(&mut world, "server", Watch::echo);
    let peer = world.peer("client", "server:7000");
    world.run_for(ms(15));
    world.partition(&[&["server"], &["client"]]);
    world.run_until(|_| peer.end().is_some(), secs(130));
    assert_eq!(peer.end(), Some(PeerEnd::Failed(ErrorKind::TimedOut)));
    world.run_for(secs(1));
    let errors = world.state(&node).errors();
    assert_eq!(errors, [Some(ErrorKind::TimedOut)]);
    world.assert_quiet();
}

#[test]
fn a_stream_may_be_stood_still_before_the_connection_is_up() {
    let mut world = World::new(1);
    let _node = server(&mut world, "server", Watch::echo);
    let peer = world.peer("client", "server:7000");
    world.stall("server", "client", secs(60));
    peer.send(b"x");
    world.run_for(secs(59));
    assert!(peer.is_open() && peer.received_len() == 0);
    world.run_until(|_| peer.received_len() == 1, secs(2));
}

#[test]
fn what_was_given_to_threads_ends_with_a_process_that_is_told_to_stop_at_once() {
    let mut world = World::new(1);
    world.set_node_faults(NodeFaults {
        job: secs(5)..=secs(5),
        ..NodeFaults::none()
    });
    let node = idle(&mut world, "a");
    let ran = Arc::new(AtomicBool::new(false));
    // More than there are threads.
    for _ in 0..6 {
        let ran = Arc::clone(&ran);
        world.with(&node, |cx| {
            let done = cx.blocking(move || ran.store(true, Ordering::Relaxed));
            cx.when(done, |_, _| ());
        });
    }
    world.run_for(secs(1));
    world.with(&node, |cx| cx.stop_now());
    world.run_for(secs(60));
    assert!(!world.is_up(&node) && !ran.load(Ordering::Relaxed));
    assert_eq!(Arc::strong_count(&ran), 1, "what they held is free");
    world.restart(&node).expect("it starts again");
    world.run_for(secs(60));
    assert!(!ran.load(Ordering::Relaxed));
}

#[test]
fn names_that_no_address_can_have_are_no_names_of_hosts() {
    for name in [
        "",
        "ann, bob",
        "a b",
        "a/b",
        "a:1",
        "localhost",
        "10.0.0.1",
        "[::1]",
    ] {
        let mut world = World::new(1);
        let node = world.node(name, || (), |_| Ok(()));
        assert!(node.is_err(), "{name:?}");
        let message = panic_of(|| world.peer(name, "server:7000"));
        assert_eq!(message, format!("{name:?} is no name of a host"));
    }
}

#[test]
fn a_world_of_many_nodes_is_asked_cheaply_whether_it_is_quiet() {
    let mut world = World::new(1);
    for number in 0..1_000 {
        let start = |cx: &mut Context<'_, ()>| {
            cx.after(secs(1), |_| ());
            Ok(())
        };
        let node = world.node(&format!("n{number}"), || (), start);
        node.expect("it starts");
    }
    let mut asked = 0;
    world.run_until(
        |world| {
            asked += 1;
            world.is_quiet()
        },
        secs(2),
    );
    assert!(asked > 500 && world.now() >= at(secs(1)), "{asked}");
    world.assert_quiet();
}
