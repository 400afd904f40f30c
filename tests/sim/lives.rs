//! Handles, names and the ends of worlds.

use oneloop::sim::{Crash, LinkFaults, PeerEnd, World};
use oneloop::{Error, Limits, LinkLimits, Misuse};

use crate::support::{Seen, Watch, idle, ms, panic_of, server};

#[test]
fn a_host_has_one_node() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    assert_eq!(node.name(), "a");
    let second = world.node("a", || (), |_| Ok(()));
    assert!(matches!(second, Err(Error::Misuse(Misuse::Option(_)))));
    // A peer may live there too.
    let _ = world.peer("a", "b:1");
}

#[test]
fn limits_that_make_no_sense_are_an_error() {
    let mut world = World::new(1);
    let limits = Limits {
        link: LinkLimits {
            outbox_bytes_low: 10,
            outbox_bytes_high: 5,
            ..LinkLimits::default()
        },
        ..Limits::default()
    };
    let node = world.node_with_limits("a", limits, || (), |_| Ok(()));
    assert!(matches!(node, Err(Error::Misuse(_))));
}

#[test]
fn a_node_that_is_down_has_no_state() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.crash(&node, Crash::Process);
    for message in [
        panic_of(|| world.state(&node).count),
        panic_of(|| world.state_mut(&node).count = 1),
        panic_of(|| world.with(&node, |cx| cx.state.count)),
        panic_of(|| world.handle(&node)),
    ] {
        assert_eq!(message, "a is down");
    }
    assert_eq!(world.counters(&node).turns, 0);
}

#[test]
fn a_node_of_another_world_is_told_from_one_that_is_down() {
    let mut world = World::new(1);
    let mut other = World::new(1);
    let node = idle(&mut world, "a");
    let _same_place = server(&mut other, "b", Watch::silent);
    let message = "a is no node of this world";
    assert_eq!(panic_of(|| other.state(&node).count), message);
    assert_eq!(panic_of(|| World::new(1).state(&node).count), message);
    // The same name and place, but another state.
    let mut third = World::new(1);
    third.node("a", || 7_u8, |_| Ok(())).expect("it starts");
    assert_eq!(panic_of(|| third.with(&node, |cx| cx.state.count)), message);
    let link = oneloop::LinkId::from_u64(0);
    assert_eq!(panic_of(|| other.reset_link(&node, link)), message);
    assert_eq!(other.peer_address(&node, link), None);
}

#[test]
fn a_host_that_nobody_made_is_told_by_its_name() {
    let mut world = World::new(1);
    let _node = idle(&mut world, "a");
    let message = "there is no host called nobody";
    assert_eq!(panic_of(|| world.ip("nobody")), message);
    assert_eq!(panic_of(|| world.partition(&[&["nobody"]])), message);
    assert_eq!(panic_of(|| world.is_up("nobody")), message);
    assert_eq!(panic_of(|| world.pause("nobody")), message);
}

#[test]
fn the_first_link_of_a_host_may_have_faults_of_its_own() {
    let mut world = World::new(1);
    let _node = idle(&mut world, "a");
    let faults = LinkFaults {
        hang: 1.0,
        ..LinkFaults::none()
    };
    world.set_link_faults_between("a", "newcomer", faults);
    let (theirs, other) = (world.peer("newcomer", "a:1"), world.peer("other", "a:1"));
    world.run_for(ms(1));
    let refused = Some(PeerEnd::Failed(std::io::ErrorKind::ConnectionRefused));
    assert_eq!((theirs.end(), other.end()), (None, refused));
}

#[test]
fn what_start_and_with_do_counts_as_callbacks() {
    let mut world = World::new(1);
    let node = world.node("a", Seen::default, |cx| {
        cx.next_turn(|cx| cx.state.count += 1);
        Ok(())
    });
    let node = node.expect("it starts");
    world.run_for(ms(1));
    assert_eq!(world.state(&node).count, 1);
    world.with(&node, |cx| cx.next_turn(|cx| cx.state.count += 1));
    world.run_for(ms(1));
    assert_eq!(world.state(&node).count, 2);
}

#[test]
fn worlds_do_not_know_of_each_other() {
    let mut worlds = [World::new(1), World::new(2)];
    assert_eq!(worlds[1].seed(), 2);
    for world in &mut worlds {
        let node = server(world, "a", Watch::echo);
        let peer = world.peer("b", "a:7000");
        peer.send(b"x");
        world.run_for(ms(1));
        assert_eq!((peer.received_len(), world.is_up(&node)), (1, true));
    }
    let drawn: Vec<u64> = worlds.iter_mut().map(|w| w.random().next_u64()).collect();
    assert_ne!(drawn[0], drawn[1]);
    assert_eq!(World::new(1).random().next_u64(), drawn[0]);
}
