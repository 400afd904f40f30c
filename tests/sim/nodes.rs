//! Nodes that stand still, are slow, and fail to accept.

use oneloop::ReasonKind;
use oneloop::sim::{NodeFaults, World};

use crate::support::{HOP, Watch, at, connected, dial, idle, ms, secs, server, us};

const NONE: NodeFaults = NodeFaults::none();

#[test]
fn the_system_of_a_node_that_stands_still_goes_on() {
    let (mut world, node, peer) = connected(Watch::echo);
    world.pause(&node);
    peer.send(b"are you there?");
    let second = world.peer("client", "server:7000");
    world.run_for(secs(5));
    assert!(second.is_open(), "the system accepts for it");
    assert_eq!(peer.unsent_len(), 0, "and receives");
    assert_eq!(peer.received_len(), 0);
    assert!(world.state(&node).received.is_empty());
    let before = world.counters(&node).turns;
    world.resume(&node);
    let began = world.now();
    world.run_until(|_| peer.received_len() > 0, secs(1));
    assert_eq!(world.now(), began + HOP);
    let (when, _) = world.state(&node).received[0];
    assert_eq!(when, began, "its clock has jumped");
    assert!(world.counters(&node).turns - before <= 2);
}

#[test]
fn posts_and_timers_wait_for_a_node_that_stands_still() {
    let mut world = World::new(1);
    let node = idle(&mut world, "a");
    world.with(&node, |cx| {
        cx.after(ms(10), |cx| cx.state.count += 1);
    });
    world.pause(&node);
    world.pause(&node);
    let post = world.handle(&node).post(|cx| cx.state.count += 10);
    post.expect("it is up");
    world.run_for(secs(1));
    assert_eq!(world.state(&node).count, 0);
    world.resume(&node);
    world.run_for(us(1));
    assert_eq!(world.state(&node).count, 11);
}

#[test]
fn slow_handlers_make_long_turns() {
    let (mut world, node, peer) = connected(Watch::echo);
    world.set_node_faults(NodeFaults {
        slow: 1.0,
        slow_for: ms(150)..=ms(150),
        ..NONE
    });
    peer.send(b"slow");
    let began = world.now();
    world.run_until(|_| peer.received_len() == 4, secs(10));
    assert!(world.now() >= began + ms(150), "{}", world.now());
    let counters = world.counters(&node);
    assert!(counters.turns_slow >= 1);
    assert!(counters.turn_longest >= ms(150));
    world.set_node_faults(NONE);
    world.run_for(secs(5));
    let slow = world.counters(&node).turns_slow;
    peer.send(b"fast");
    world.run_for(ms(1));
    assert_eq!(peer.received_len(), 8);
    assert_eq!(world.counters(&node).turns_slow, slow);
}

#[test]
fn accepts_fail_in_every_way_and_the_others_get_in() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::echo);
    world.set_node_faults(NodeFaults {
        accept: 0.5,
        ..NONE
    });
    let peers: Vec<_> = (0..60)
        .map(|_| {
            let peer = world.peer("client", "server:7000");
            peer.send(b"x");
            world.run_for(ms(100));
            peer
        })
        .collect();
    world.run_for(secs(10));
    let (failed, accepted) = {
        let counters = world.counters(&node);
        (counters.accepts_failed, counters.accepted)
    };
    assert!((15..=45).contains(&failed), "{failed}");
    let served = peers.iter().filter(|peer| peer.received_len() == 1).count();
    assert_eq!(served as u64, accepted);
    // Lost ones and those closed for want of descriptors know that they are.
    assert!(
        peers
            .iter()
            .all(|peer| peer.received_len() == 1 || peer.end().is_some())
    );
    assert!(served > 20 && served < 60, "{served}");
    let of_accepts = world
        .faults()
        .iter()
        .filter(|f| f.starts_with("accept:client/"))
        .count();
    assert_eq!(of_accepts as u64, failed);
}

#[test]
fn every_connection_gets_in_at_last_though_every_accept_fails_once() {
    let mut world = World::new(2);
    let node = server(&mut world, "server", Watch::echo);
    world.set_node_faults(NodeFaults {
        accept: 1.0,
        ..NONE
    });
    let peers: Vec<_> = (0..9)
        .map(|_| {
            world.run_for(secs(1));
            world.peer("client", "server:7000")
        })
        .collect();
    world.run_for(secs(10));
    let told = |peer: &&oneloop::sim::Peer| peer.end().is_some() || peer.server_link().is_some();
    assert_eq!(peers.iter().filter(told).count(), 9, "nobody is forgotten");
    assert_eq!(world.counters(&node).accepts_failed, 9);
    assert!(world.counters(&node).accepted > 0);
}

#[test]
fn pauses_and_partitions_come_as_often_as_they_were_told_to() {
    let mut world = World::new(1);
    let _nodes = ["a", "b"].map(|name| idle(&mut world, name));
    world.set_node_faults(NodeFaults {
        pause_every: Some(secs(5)),
        pause_for: ms(1)..=ms(1),
        partition_every: Some(secs(4)),
        partition_for: ms(1)..=ms(1),
        ..NONE
    });
    world.run_for(secs(1_000));
    let log = world.log();
    let count = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    for node in ["a", "b"] {
        let pauses = count(&format!("{node} stands still"));
        assert!((150..=260).contains(&pauses), "{pauses}");
        assert_eq!(pauses, count(&format!("{node} goes on")));
    }
    let parts = count("the network parts");
    assert!((190..=320).contains(&parts), "{parts}");
    assert!(log.ends_with('\n'));
    world.calm().expect("they are up");
    let long = world.log().len();
    world.run_for(secs(1_000));
    assert_eq!(world.log().len(), long, "calm is calm");
}

#[test]
fn nodes_made_later_have_the_faults_as_well() {
    let mut world = World::new(1);
    world.set_node_faults(NodeFaults {
        crash_every: Some(secs(1)),
        turn: us(100)..=us(100),
        ..NONE
    });
    world.run_for(secs(10));
    let _node = idle(&mut world, "late");
    world.run_for(secs(20));
    assert!(world.log().contains("late crashes") || world.log().contains("late goes dark"));
}

#[test]
fn a_deadline_strikes_a_peer_that_stands_still() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::stays);
    let client = idle(&mut world, "client");
    let link = dial(&mut world, &client, "server:7000");
    world.run_for(ms(1));
    world.pause(&node);
    // More than its window takes: the rest waits, and nothing of it goes.
    let sent = world.with(&client, |cx| cx.links.send_bytes(link, vec![0; 1 << 20]));
    sent.expect("it is taken");
    world.run_for(secs(31));
    let (when, why, _) = world.state(&client).closed[0];
    assert_eq!(why, ReasonKind::SlowReader);
    assert!(when >= at(ms(1) + secs(30)) && when < at(secs(31)));
}

#[test]
fn one_node_may_have_faults_of_its_own() {
    let mut world = World::new(1);
    world.set_node_faults_of(
        "frail",
        NodeFaults {
            crash_every: Some(secs(1)),
            slow: 1.0,
            ..NodeFaults::none()
        },
    );
    let (frail, firm) = (idle(&mut world, "frail"), idle(&mut world, "firm"));
    world.run_for(secs(100));
    let faults = world.faults();
    let crashes = faults.iter().filter(|fault| fault.starts_with("crash:"));
    assert!(crashes.clone().count() > 30 && crashes.clone().all(|fault| fault.contains("frail")));
    assert!(faults.contains(&"slow:frail".to_owned()), "{faults:?}");
    // Whatever the others have meanwhile; and calm ends it too.
    world.set_node_faults(NodeFaults::none());
    world.run_for(secs(10));
    assert!(world.faults().len() > faults.len());
    world.calm().expect("they start");
    let before = world.faults().len();
    world.run_for(secs(100));
    assert_eq!(world.faults().len(), before);
    assert!(world.is_up(&frail) && world.is_up(&firm));
}
