//! Nodes that are gone, and what the others learn of it.

use std::cell::Cell;
use std::io::ErrorKind;
use std::rc::Rc;

use oneloop::sim::{Crash, NodeFaults, PeerEnd, World};
use oneloop::{ReasonKind, Time};

use crate::support::{HOP, Seen, Watch, at, connected, dial, idle, ms, secs, server, us};

const RESET: PeerEnd = PeerEnd::Failed(ErrorKind::ConnectionReset);

#[test]
fn a_process_that_crashes_resets_its_links_and_listens_no_more() {
    let (mut world, node, peer) = connected(Watch::silent);
    let began = world.now();
    world.crash(&node, Crash::Process);
    assert!(!world.is_up(&node));
    world.run_until(|_| peer.end().is_some(), secs(1));
    assert_eq!((peer.end(), world.now()), (Some(RESET), began + HOP));
    let refused = world.peer("client", "server:7000");
    world.run_for(ms(1));
    let why = PeerEnd::Failed(ErrorKind::ConnectionRefused);
    assert_eq!(refused.end(), Some(why));
    world.restart(&node).expect("it starts");
    let again = world.peer("client", "server:7000");
    world.run_for(ms(1));
    assert!(again.is_open());
    assert_eq!(world.state(&node).opened.len(), 1, "its memory is gone");
    assert_eq!(world.counters(&node).accepted, 1);
}

#[test]
fn those_who_wait_to_be_accepted_learn_of_a_crash_too() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    world.pause(&node);
    let peer = world.peer("client", "server:7000");
    world.run_for(ms(1));
    assert!(peer.is_open() && peer.server_link().is_none());
    world.crash(&node, Crash::Process);
    world.run_for(ms(1));
    assert_eq!(peer.end(), Some(RESET));
}

#[test]
fn of_a_machine_that_goes_dark_nobody_is_told() {
    let (mut world, node, peer) = connected(Watch::silent);
    let link = peer.server_link().expect("it is accepted");
    // What it sent and did not get through is lost with it.
    world
        .with(&node, |cx| cx.links.send_bytes(link, b"lost".as_slice()))
        .expect("it is open");
    world.run_for(us(5));
    world.crash(&node, Crash::Silent);
    let hanging = world.peer("client", "server:7000");
    world.run_for(secs(20));
    assert!(peer.is_open() && hanging.end().is_none() && !hanging.is_open());
    world.restart(&node).expect("it starts");
    world.run_for(secs(20));
    assert!(hanging.is_open(), "the connect got through at last");
    assert_eq!(peer.received_len(), 0);
    assert!(peer.is_open(), "who sends nothing learns nothing");
    peer.send(b"do you know me?");
    world.run_for(ms(1));
    assert_eq!(
        peer.end(),
        Some(RESET),
        "the new life knows of no such link"
    );
    assert!(world.state(&node).bytes().is_empty());
}

#[test]
fn bytes_sent_into_the_dark_are_answered_by_a_reset_after_the_restart() {
    let (mut world, node, peer) = connected(Watch::silent);
    world.crash(&node, Crash::Silent);
    peer.send(b"hello?");
    world.run_for(secs(5));
    assert!(peer.is_open());
    world.restart(&node).expect("it starts");
    world.run_for(secs(11));
    assert_eq!(peer.end(), Some(RESET));
}

#[test]
fn one_who_waits_for_room_in_the_dark_learns_of_the_restart() {
    let faults = oneloop::sim::LinkFaults {
        window_bytes: 10,
        ..oneloop::sim::LinkFaults::none()
    };
    let (mut world, node, peer) = crate::support::with_faults(faults, Watch::silent);
    world.pause(&node);
    peer.send(&[1; 100]);
    world.run_for(secs(1));
    assert_eq!(peer.unsent_len(), 90, "all that travelled has arrived");
    world.crash(&node, Crash::Silent);
    world.run_for(secs(5));
    assert!(peer.is_open());
    world.restart(&node).expect("it starts");
    world.run_for(secs(11));
    assert_eq!(peer.end(), Some(RESET));
}

#[test]
fn nodes_see_each_other_crash() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::silent);
    let client = idle(&mut world, "client");
    dial(&mut world, &client, "server:7000");
    world.run_for(ms(1));
    world.crash(&client, Crash::Process);
    world.run_for(ms(1));
    let why = Some(ErrorKind::ConnectionReset);
    assert_eq!(world.state(&node).errors(), [why]);
    world.assert_quiet();
}

#[test]
fn a_life_ends_with_its_memory_and_none_of_its_callbacks_runs_in_the_next() {
    struct Life(u32, Rc<Cell<u32>>);
    impl Drop for Life {
        fn drop(&mut self) {
            self.1.set(self.1.get() + 1);
        }
    }
    let mut world = World::new(1);
    let (made, dropped) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (count, ended) = (Rc::clone(&made), Rc::clone(&dropped));
    let make = move || {
        count.set(count.get() + 1);
        Life(count.get(), Rc::clone(&ended))
    };
    let fired = Rc::new(Cell::new(0));
    let old = Rc::clone(&fired);
    let node = world.node("a", make, move |cx| {
        let (life, old) = (cx.state.0, Rc::clone(&old));
        cx.after(secs(2), move |cx| {
            assert_eq!(cx.state.0, life, "it is still the same life");
            old.set(old.get() + life);
        });
        Ok(())
    });
    let node = node.expect("it starts");
    let handle = world.handle(&node);
    handle
        .post(|_| panic!("a letter to the old life"))
        .expect("it is up");
    world.crash(&node, Crash::Process);
    assert_eq!((made.get(), dropped.get()), (1, 1));
    assert_eq!(Rc::strong_count(&fired), 2, "what its timer held is gone");
    world.run_for(secs(1));
    world.restart(&node).expect("it starts");
    assert_eq!(world.state(&node).0, 2);
    world.run_for(secs(5));
    assert_eq!(fired.get(), 2, "the second life's alone");
    assert!(handle.post(|_| ()).is_err());
    drop(world);
    assert_eq!(dropped.get(), 2);
}

#[test]
fn a_start_that_fails_is_an_error_and_the_node_is_down() {
    let mut world = World::new(1);
    let fails = Rc::new(Cell::new(false));
    let asked = Rc::clone(&fails);
    let start = move |cx: &mut oneloop::Context<'_, Seen>| {
        cx.listen("a:7000", (), Watch::silent)?;
        if asked.get() {
            return Err(oneloop::Error::Busy);
        }
        Ok(())
    };
    let node = world.node("a", Seen::default, start).expect("it starts");
    world.crash(&node, Crash::Process);
    fails.set(true);
    assert!(world.restart(&node).is_err());
    assert!(!world.is_up(&node), "its process gave up");
    assert!(world.calm().is_err());
    let peer = world.peer("b", "a:7000");
    world.run_for(ms(1));
    let refused = PeerEnd::Failed(ErrorKind::ConnectionRefused);
    assert_eq!(peer.end(), Some(refused));
    fails.set(false);
    world.restart(&node).expect("now it does");
    let peer = world.peer("b", "a:7000");
    world.run_for(ms(1));
    assert!(peer.is_open());
    // A first start that fails leaves nothing behind.
    let broken = world.node("c", Seen::default, |cx| cx.listen("a:1", (), Watch::silent));
    assert!(broken.is_err());
    let _ = server(&mut world, "c", Watch::silent);
}

#[test]
fn a_crash_ends_a_pause() {
    let mut world = World::new(1);
    let node = server(&mut world, "a", Watch::echo);
    world.pause(&node);
    world.crash(&node, Crash::Process);
    world.restart(&node).expect("it starts");
    let peer = world.peer("b", "a:7000");
    peer.send(b"awake?");
    world.run_for(ms(1));
    assert_eq!(peer.received_len(), 6);
}

#[test]
fn crashing_twice_and_restarting_what_is_up_are_nothing() {
    let (mut world, node, peer) = connected(Watch::silent);
    world.restart(&node).expect("it is up");
    world.run_for(ms(1));
    assert!(peer.is_open());
    world.crash(&node, Crash::Process);
    world.crash(&node, Crash::Silent);
    world.run_for(ms(1));
    assert_eq!(peer.end(), Some(RESET), "it was the first that counted");
}

#[test]
fn chance_crashes_as_often_as_it_was_told_to() {
    let mut world = World::new(3);
    let node = server(&mut world, "a", Watch::silent);
    world.set_node_faults(NodeFaults {
        crash_every: Some(secs(10)),
        down_for: ms(1)..=ms(500),
        ..NodeFaults::none()
    });
    world.run_for(secs(2_000));
    let log = world.log();
    let [crashes, darks, starts] =
        ["a crashes", "a goes dark", "a starts"].map(|what| log.matches(what).count());
    assert!(
        (150..=260).contains(&(crashes + darks)),
        "{crashes} + {darks}"
    );
    assert!(darks * 3 > crashes && crashes * 3 > darks);
    assert!(crashes + darks - (starts - 1) <= 1, "and it came up again");
    world.calm().expect("it starts");
    let calm = world.log().len();
    world.run_for(secs(100));
    assert!(world.is_up(&node));
    assert_eq!(world.log().len(), calm);
}

#[test]
fn chance_leaves_alone_what_the_script_has_ended() {
    let mut world = World::new(1);
    let (crashed, stopped) = (idle(&mut world, "crashed"), idle(&mut world, "stopped"));
    world.set_node_faults(NodeFaults {
        crash_every: Some(ms(100)),
        pause_every: Some(ms(100)),
        down_for: ms(1)..=ms(1),
        pause_for: ms(1)..=ms(1),
        ..NodeFaults::none()
    });
    world.run_for(secs(1));
    world.restart(&stopped).expect("it starts");
    world.resume(&stopped);
    world.restart(&crashed).expect("it starts");
    world.signal(&stopped);
    world.signal(&stopped);
    world.run_until(|world| !world.is_up("stopped"), secs(1));
    world.crash(&crashed, Crash::Process);
    world.run_for(secs(10));
    assert!(!world.is_up(&crashed) && !world.is_up(&stopped));
}

#[test]
fn chance_does_not_end_what_the_script_began() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.set_node_faults(NodeFaults {
        pause_every: Some(ms(100)),
        pause_for: ms(1)..=ms(150),
        partition_every: Some(ms(100)),
        partition_for: ms(1)..=ms(150),
        ..NodeFaults::none()
    });
    for _ in 0..20 {
        world.run_for(ms(170));
        world.pause(&node);
        world.partition(&[&["a"]]);
        let before = world.log().len();
        world.run_for(secs(2));
        let log = world.log()[before..].to_owned();
        assert_eq!(log, "", "nothing happens to what is stopped already");
        world.resume(&node);
        world.heal();
    }
}

#[test]
fn run_until_sees_a_crash_when_it_happens() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.after(secs(3), |world| world.crash("a", Crash::Silent));
    world.run_until(|world| !world.is_up("a"), secs(60));
    assert_eq!(world.now(), at(secs(3)));
    world.restart(&node).expect("it starts");
    world.set_node_faults(NodeFaults {
        crash_every: Some(secs(1)),
        down_for: secs(100)..=secs(100),
        ..NodeFaults::none()
    });
    world.run_until(|world| !world.is_up("a"), secs(60));
    assert!(world.now() < at(secs(6)), "{}", world.now());
}

#[test]
fn a_call_of_the_dead_finds_nobody() {
    let mut world = World::new(1);
    let (node, client) = (
        server(&mut world, "server", Watch::echo),
        idle(&mut world, "client"),
    );
    let link = dial(&mut world, &client, "server:7000");
    world.run_for(ms(1));
    world.crash(&client, Crash::Process);
    world.restart(&client).expect("it starts");
    // The new life may have a link of the same name: names begin anew with it.
    let again = dial(&mut world, &client, "server:7000");
    assert_eq!(link, again);
    world.run_for(ms(1));
    let reasons = world.state(&node).reasons();
    assert_eq!(reasons, [ReasonKind::Io]);
    assert_eq!(world.state(&node).opened.len(), 2);
    assert!(world.state(&client).closed.is_empty());
    assert!(world.state(&client).opened[0].0 > Time::START);
}
