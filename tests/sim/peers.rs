//! A peer that a test moves, and the rules of TCP.

use std::io::ErrorKind;

use oneloop::ReasonKind;
use oneloop::sim::{LinkFaults, Peer, PeerEnd, World};

use crate::support::{CONNECTED, HOP, Watch, at, connected, ms, secs, server, us, with_faults};

const RESET: PeerEnd = PeerEnd::Failed(ErrorKind::ConnectionReset);

#[test]
fn it_is_open_after_a_round_trip_and_closed_from_here() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::echo);
    let peer = world.peer("client", "server:7000");
    assert!(!peer.is_open() && peer.end().is_none() && peer.server_link().is_none());
    peer.send(b"early");
    assert_eq!(peer.unsent_len(), 5, "it waits for the connection");
    world.run_until(|_| peer.is_open(), secs(1));
    assert_eq!(world.now(), at(CONNECTED));
    assert_eq!(peer.unsent_len(), 0);
    assert_eq!(peer.server_link(), Some(world.state(&node).opened[0].1));
    world.run_for(ms(1));
    assert_eq!(
        peer.clone().take_received(),
        b"early",
        "a clone is the same"
    );
    assert_eq!(peer.received_len(), 0);
    peer.close();
    assert_eq!(peer.end(), Some(PeerEnd::Closed));
    assert!(!peer.is_open());
    world.run_for(ms(1));
    assert_eq!(world.state(&node).reasons(), [ReasonKind::PeerClosed]);
}

#[test]
fn what_is_accepted_before_an_orderly_close_arrives_though_the_sender_is_gone() {
    let faults = LinkFaults {
        bandwidth_bytes_per_s: Some(1_000),
        ..LinkFaults::none()
    };
    let (mut world, node, peer) = with_faults(faults, Watch::silent);
    peer.send(&[3; 5_000]);
    peer.close();
    world.run_for(secs(6));
    let seen = world.state(&node);
    assert_eq!(seen.bytes().len(), 5_000);
    assert_eq!(seen.reasons(), [ReasonKind::PeerClosed]);
}

#[test]
fn a_close_with_unread_bytes_is_a_reset() {
    let (mut world, node, peer) = connected(Watch::echo);
    peer.stop_reading();
    peer.send(b"echo this");
    world.run_for(ms(1));
    assert_eq!(peer.received_len(), 0);
    peer.close();
    world.run_for(ms(1));
    let seen = world.state(&node);
    assert_eq!(seen.errors(), [Some(ErrorKind::ConnectionReset)]);
}

#[test]
fn bytes_for_one_who_is_gone_are_answered_by_a_reset() {
    let (mut world, node, peer) = connected(Watch::stays);
    let link = peer.server_link().expect("it is accepted");
    peer.close();
    world.run_for(ms(1));
    assert_eq!(world.state(&node).ended.len(), 1);
    assert!(world.state(&node).closed.is_empty(), "it may still send");
    let began = world.now();
    world
        .with(&node, |cx| {
            cx.links.send_bytes(link, b"anybody?".as_slice())
        })
        .expect("it is taken");
    world.run_for(ms(1));
    let (when, _, error) = world.state(&node).closed[0];
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    // The turn after `with`, which takes a microsecond; there, and back.
    assert_eq!(when, began + us(1) + HOP * 2);
}

#[test]
fn one_that_does_not_read_fills_the_window_and_then_reads_on() {
    let faults = LinkFaults {
        window_bytes: 1_000,
        ..LinkFaults::none()
    };
    let (mut world, node, peer) = with_faults(faults, Watch::silent);
    let link = peer.server_link().expect("it is accepted");
    peer.stop_reading();
    let sent: Vec<u8> = (0..=255).cycle().take(3_500).collect();
    let copy = sent.clone();
    world
        .with(&node, move |cx| cx.links.send_bytes(link, copy))
        .expect("it is taken");
    world.run_for(secs(5));
    assert_eq!(peer.received_len(), 0);
    assert_eq!(world.counters(&node).outbox_bytes, 2_500);
    peer.read_on();
    assert_eq!(
        peer.received_len(),
        1_000,
        "what had arrived is there at once"
    );
    world.run_for(ms(1));
    assert_eq!(peer.take_received(), sent);
    assert_eq!(world.counters(&node).outbox_bytes, 0);
}

#[test]
fn a_half_close_ends_its_stream_when_all_is_sent() {
    let faults = LinkFaults {
        window_bytes: 10,
        ..LinkFaults::none()
    };
    let (mut world, node, peer) = with_faults(faults, Watch::echo);
    peer.send(&[9; 45]);
    peer.half_close();
    assert_eq!(peer.unsent_len(), 35);
    world.run_for(ms(5));
    assert_eq!(world.state(&node).ended.len(), 1);
    assert_eq!(peer.take_received(), [9; 45], "it still reads");
    assert_eq!(peer.end(), Some(PeerEnd::Ended));
    peer.close();
    world.run_for(ms(5));
    world.assert_quiet();
}

#[test]
fn a_reset_from_here_is_one_over_there() {
    let (mut world, node, peer) = connected(Watch::silent);
    peer.reset();
    assert_eq!(peer.end(), Some(PeerEnd::Closed));
    world.run_for(ms(1));
    assert_eq!(
        world.state(&node).errors(),
        [Some(ErrorKind::ConnectionReset)]
    );
}

#[test]
fn a_reset_overtakes_nothing() {
    // Some of what was sent before is lost with it; of what is not, every byte is there before.
    let mut arrived = Vec::new();
    for seed in 0..30 {
        let mut world = World::new(seed);
        let node = server(&mut world, "server", Watch::silent);
        world.set_link_faults(LinkFaults {
            latency: ms(1)..=ms(40),
            piece_bytes: 10..=10,
            ..LinkFaults::none()
        });
        let peer = world.peer("client", "server:7000");
        world.run_until(|_| peer.server_link().is_some() && peer.is_open(), secs(1));
        let sent: Vec<u8> = (0..100).collect();
        peer.send(&sent);
        // It is held up by a partition, with the reset behind it.
        world.partition(&[&["client"]]);
        world.run_for(secs(2));
        peer.reset();
        world.heal();
        world.run_for(secs(20));
        let seen = world.state(&node);
        assert_eq!(seen.errors(), [Some(ErrorKind::ConnectionReset)]);
        let bytes = seen.bytes();
        assert_eq!(bytes, sent[..bytes.len()]);
        arrived.push(bytes.len());
    }
    arrived.sort_unstable();
    arrived.dedup();
    assert!(arrived.len() > 4, "more or less is lost: {arrived:?}");
    assert!(arrived.iter().all(|count| count % 10 == 0));
}

#[test]
fn what_is_sent_on_a_dead_connection_is_gone() {
    let (mut world, _node, peer) = connected(Watch::silent);
    world.reset("client", "server");
    peer.send(b"anybody?");
    assert_eq!(peer.unsent_len(), 0);
    peer.half_close();
    peer.read_on();
    assert_eq!(peer.server_link(), None);
    peer.close();
    peer.send(b"anybody?");
    assert_eq!((peer.unsent_len(), peer.end()), (0, Some(RESET)));
}

#[test]
fn a_connection_has_its_port_to_itself() {
    let (mut world, node, first) = connected(Watch::silent);
    let port = |world: &World, peer: &Peer| {
        let address = world.peer_address(&node, peer.server_link()?)?;
        address.port()
    };
    assert_eq!(port(&world, &first), Some(49_152));
    // More than there are ports, while the first is still there.
    for _ in 0..170 {
        let peers: Vec<_> = (0..100)
            .map(|_| world.peer("client", "server:7000"))
            .collect();
        world.run_for(ms(2));
        for peer in &peers {
            assert!(port(&world, peer).is_some_and(|port| port > 49_152));
            peer.reset();
        }
        world.run_for(ms(2));
    }
}

#[test]
fn the_ends_of_a_peer_say_what_it_knows() {
    let (mut world, node, peer) = connected(Watch::silent);
    let link = peer.server_link().expect("it is accepted");
    world.with(&node, |cx| {
        cx.links.send_bytes(link, b"bye".as_slice()).expect("open");
        cx.links.close_when_sent(link);
    });
    world.run_for(ms(1));
    assert_eq!(peer.take_received(), b"bye");
    assert_eq!(peer.end(), Some(PeerEnd::Ended));
    let (mut world, _node, peer) = connected(Watch::silent);
    world.reset("client", "server");
    assert_eq!(peer.end(), Some(RESET), "on the spot");
    peer.close();
    assert_eq!(peer.end(), Some(RESET), "what came first");
}

#[test]
fn peers_work_from_within_the_callbacks_and_destructors_of_a_node() {
    struct Last(Option<Peer>);
    impl Drop for Last {
        fn drop(&mut self) {
            if let Some(peer) = &self.0 {
                peer.send(b"!");
                assert!(peer.received_len() < 100);
            }
        }
    }
    let mut world = World::new(1);
    let echo = server(&mut world, "echo", Watch::echo);
    let peer = world.peer("client", "echo:7000");
    let (mine, its) = (peer.clone(), peer.clone());
    let node = world.node(
        "other",
        move || Last(Some(its.clone())),
        move |cx| {
            let peer = mine.clone();
            cx.every(ms(10), move |_, _| peer.send(b"."));
            Ok(())
        },
    );
    let node = node.expect("it starts");
    world.run_for(ms(35));
    assert_eq!(peer.received_len(), 3);
    world.crash(&node, oneloop::sim::Crash::Process);
    world.run_for(ms(1));
    assert_eq!(world.state(&echo).bytes(), b"...!");
    world.restart(&node).expect("it starts");
    drop(world);
    assert_eq!(peer.received_len(), 4, "a peer outlives its world");
    peer.send(b"into the void");
}
