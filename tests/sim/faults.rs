//! What a link's faults do, each by itself.

use std::io::ErrorKind;
use std::time::Duration;

use oneloop::sim::{LinkFaults, NodeFaults, PeerEnd, World};
use oneloop::{Limits, LinkLimits, ReasonKind, Time};

use crate::support::{
    CONNECTED, HOP, PATIENCE, Seen, Watch, at, connected, dial, idle, ms, secs, server, us,
    with_faults,
};

const NONE: LinkFaults = LinkFaults::none();

#[test]
fn latency_is_how_long_a_byte_travels() {
    let (mut world, node, peer) = with_faults(
        LinkFaults {
            latency: ms(40)..=ms(40),
            ..NONE
        },
        Watch::echo,
    );
    assert_eq!(world.now(), at(ms(80)), "a connect is a round trip");
    peer.send(b"hi");
    world.run_until(|_| peer.received_len() == 2, secs(1));
    let (came, _) = world.state(&node).received[0];
    assert_eq!(came, at(ms(120)));
    assert_eq!(world.now(), at(ms(160)));
}

#[test]
fn jitter_does_not_put_bytes_out_of_order() {
    let (mut world, node, peer) = with_faults(
        LinkFaults {
            latency: us(1)..=ms(50),
            piece_bytes: 1..=3,
            ..NONE
        },
        Watch::silent,
    );
    let sent: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    for chunk in sent.chunks(100) {
        peer.send(chunk);
        world.run_for(ms(1));
    }
    world.run_for(secs(1));
    let seen = world.state(&node);
    assert_eq!(seen.bytes(), sent);
    let times: Vec<Time> = seen.received.iter().map(|line| line.0).collect();
    assert!(
        times.is_sorted() && times.len() > 20,
        "{} reads",
        times.len()
    );
}

#[test]
fn bandwidth_is_what_goes_through_in_a_second() {
    let (mut world, node, peer) = with_faults(
        LinkFaults {
            bandwidth_bytes_per_s: Some(1_000),
            piece_bytes: 1..=1,
            ..NONE
        },
        Watch::silent,
    );
    let began = world.now();
    peer.send(&[7; 500]);
    world.run_until(|world| world.state(&node).bytes().len() == 500, secs(1));
    assert_eq!(world.now(), began + ms(500) + HOP);
    let times: Vec<Time> = world.state(&node).received.iter().map(|r| r.0).collect();
    let every: Vec<Time> = (1..=500).map(|n| began + ms(n) + HOP).collect();
    assert_eq!(times, every, "evenly");
    // The line is free again after a while, and each way has its own.
    world.run_for(secs(5));
    let began = world.now();
    peer.send(&[7; 250]);
    world.run_until(|world| world.state(&node).bytes().len() == 750, secs(1));
    assert_eq!(world.now(), began + ms(250) + HOP);
}

#[test]
fn a_stream_in_pieces_of_one_comes_byte_for_byte() {
    let (mut world, node, peer) = with_faults(
        LinkFaults {
            piece_bytes: 1..=1,
            ..NONE
        },
        Watch::silent,
    );
    peer.send(b"byte for");
    peer.send(b" byte");
    world.run_for(ms(20));
    let seen = world.state(&node);
    assert_eq!(seen.bytes(), b"byte for byte");
    assert!(seen.received.iter().all(|line| line.1.len() == 1));
}

#[test]
fn a_full_window_blocks_the_sender_until_it_is_read() {
    let (mut world, node, peer) = with_faults(
        LinkFaults {
            window_bytes: 100,
            ..NONE
        },
        Watch::silent,
    );
    peer.send(&[1; 1_000]);
    assert_eq!(peer.unsent_len(), 900);
    world.pause(&node);
    world.run_for(secs(1));
    assert_eq!(peer.unsent_len(), 900, "nobody reads");
    world.resume(&node);
    let began = world.now();
    world.run_until(|_| peer.unsent_len() == 0, secs(1));
    // A window's worth for each round trip: news of room comes back as bytes went.
    assert_eq!(world.now(), began + HOP * (8 * 2 + 1));
    world.run_for(ms(1));
    assert_eq!(world.state(&node).bytes(), [1; 1_000]);
}

#[test]
fn a_window_of_nothing_is_one_of_a_byte() {
    let faults = LinkFaults {
        window_bytes: 0,
        ..NONE
    };
    let (mut world, node, peer) = with_faults(faults, Watch::silent);
    peer.send(b"slow");
    world.run_for(ms(1));
    assert_eq!(world.state(&node).bytes(), b"slow");
}

#[test]
fn partial_writes_lose_nothing() {
    let faults = LinkFaults {
        partial_writes: 1.0,
        ..NONE
    };
    let (mut world, node, peer) = with_faults(faults, Watch::echo);
    let sent: Vec<u8> = (0..200).collect();
    peer.send(&sent);
    let began = world.now();
    world.run_until(|_| peer.received_len() == 200, secs(10));
    assert_eq!(peer.take_received(), sent);
    assert_eq!(world.counters(&node).bytes_out, 200);
    // The echo was taken bit by bit, each after news that there is room.
    assert!(world.now() > began + HOP * 4);
}

#[test]
fn a_reset_at_a_byte_lets_nothing_beyond_it_through_and_both_ends_know() {
    let mut struck = [0; 2];
    for seed in 0..40 {
        let mut world = World::new(seed);
        let node = server(&mut world, "server", Watch::echo);
        world.set_link_faults(LinkFaults {
            reset: 1.0,
            within_bytes: 100,
            piece_bytes: 1..=7,
            ..NONE
        });
        let peer = world.peer("client", "server:7000");
        peer.send(&[5; 200]);
        world.run_for(ms(5));
        assert_eq!(
            peer.end(),
            Some(PeerEnd::Failed(ErrorKind::ConnectionReset))
        );
        let seen = world.state(&node);
        assert_eq!(seen.errors(), [Some(ErrorKind::ConnectionReset)]);
        let (there, back) = (seen.bytes().len(), peer.received_len());
        assert!(there.min(back) <= 100, "{there} and {back}");
        struck[usize::from(there <= 100)] += 1;
        assert_eq!(world.faults(), ["pieces", "reset:client/1"]);
    }
    assert!(struck.iter().all(|&count| count > 5), "{struck:?}");
}

#[test]
fn a_fault_that_never_struck_is_none() {
    let (mut world, _node, peer) = with_faults(
        LinkFaults {
            reset: 1.0,
            stall: 1.0,
            half_close: 1.0,
            within_bytes: 1 << 40,
            ..NONE
        },
        Watch::echo,
    );
    peer.send(b"far too little");
    world.run_for(secs(1));
    assert_eq!(peer.take_received(), b"far too little");
    assert!(world.faults().is_empty(), "{:?}", world.faults());
}

#[test]
fn a_half_close_at_a_byte_ends_one_way_in_peace() {
    let mut sides = [0; 2];
    for seed in 0..40 {
        let mut world = World::new(seed);
        let node = server(&mut world, "server", Watch::stays);
        world.set_link_faults(LinkFaults {
            half_close: 1.0,
            within_bytes: 50,
            ..NONE
        });
        let peer = world.peer("client", "server:7000");
        world.run_for(ms(1));
        let (_, link) = world.state(&node).opened[0];
        for _ in 0..20 {
            peer.send(&[1; 10]);
            let sent = world.with(&node, |cx| cx.links.send_bytes(link, &[2_u8; 10][..]));
            sent.expect("it goes on");
            world.run_for(ms(1));
        }
        let seen = world.state(&node);
        assert!(seen.closed.is_empty(), "nobody is reset");
        let (there, back) = (seen.bytes().len(), peer.received_len());
        if peer.end().is_some() {
            sides[0] += 1;
            assert_eq!(peer.end(), Some(PeerEnd::Ended));
            assert!(back <= 50 && there == 200, "{there} and {back}");
        } else {
            sides[1] += 1;
            assert_eq!(seen.ended.len(), 1);
            assert!(there <= 50 && back == 200, "{there} and {back}");
        }
    }
    assert!(sides.iter().all(|&count| count > 5), "{sides:?}");
}

#[test]
fn a_stall_at_a_byte_holds_up_what_is_behind_it() {
    let mut held = 0;
    for seed in 0..20 {
        let mut world = World::new(seed);
        let node = server(&mut world, "server", Watch::silent);
        world.set_link_faults(LinkFaults {
            stall: 1.0,
            stall_for: secs(7)..=secs(7),
            within_bytes: 50,
            ..NONE
        });
        let peer = world.peer("client", "server:7000");
        peer.send(&[1; 100]);
        peer.half_close();
        world.run_for(secs(1));
        let early = world.state(&node).bytes().len();
        if early == 100 {
            continue; // The other way stands still.
        }
        held += 1;
        assert!(early <= 50 && world.state(&node).ended.is_empty());
        world.run_for(secs(8));
        let seen = world.state(&node);
        assert_eq!(seen.bytes().len(), 100);
        let (late, _) = seen.received.last().expect("the rest");
        assert!(*late >= at(secs(7)) && *late <= at(secs(7) + ms(1)));
        assert_eq!(seen.ended.len(), 1, "and the end behind it");
    }
    assert!(held > 3, "{held}");
}

#[test]
fn refused_is_refused_though_somebody_listens() {
    let mut world = World::new(1);
    let (node, client) = (
        server(&mut world, "server", Watch::silent),
        idle(&mut world, "client"),
    );
    world.set_link_faults(LinkFaults {
        refuse: 1.0,
        ..NONE
    });
    dial(&mut world, &client, "server:7000");
    world.run_for(ms(1));
    let why = Some(ErrorKind::ConnectionRefused);
    assert_eq!(
        world.state(&client).closed,
        [(at(us(1) + CONNECTED), ReasonKind::ConnectFailed, why)]
    );
    assert!(world.state(&node).opened.is_empty());
    assert_eq!(world.faults(), ["refuse:client/1"]);
}

#[test]
fn a_connect_that_hangs_meets_its_deadline_or_the_systems() {
    let mut world = World::new(1);
    let _node = server(&mut world, "server", Watch::silent);
    let limits = |connect_deadline: Duration| Limits {
        link: LinkLimits {
            connect_deadline,
            ..LinkLimits::default()
        },
        ..Limits::default()
    };
    let start = |cx: &mut oneloop::Context<'_, Seen>| cx.connect("server:7000", (), Watch::silent);
    world.set_link_faults(LinkFaults { hang: 1.0, ..NONE });
    let brief = world.node_with_limits("brief", limits(secs(3)), Seen::default, start);
    let long = world.node_with_limits("long", limits(secs(1_000)), Seen::default, start);
    let (brief, long) = (brief.expect("it starts"), long.expect("it starts"));
    world.run_for(secs(500));
    let (when, why, _) = world.state(&brief).closed[0];
    assert_eq!(why, ReasonKind::ConnectDeadline);
    assert!(when >= at(secs(3)) && when < at(secs(3) + ms(2)), "{when}");
    let (when, why, error) = world.state(&long).closed[0];
    assert_eq!(why, ReasonKind::ConnectFailed);
    assert_eq!(error, Some(ErrorKind::TimedOut));
    // One try, and six more, as Linux does it.
    assert_eq!(when, at(HOP + secs(127)));
}

#[test]
fn faults_of_two_hosts_are_theirs_alone_and_also_of_the_links_they_have() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::echo);
    let (far, near) = (idle(&mut world, "far"), idle(&mut world, "near"));
    let before = world.peer("far", "server:7000");
    world.set_link_faults_between(
        &far,
        &node,
        LinkFaults {
            latency: secs(1)..=secs(1),
            ..NONE
        },
    );
    world.set_link_faults(LinkFaults {
        latency: ms(1)..=ms(1),
        ..NONE
    });
    let round_trip = |world: &mut World, peer: &oneloop::sim::Peer| {
        world.run_until(|_| peer.is_open(), PATIENCE);
        let began = world.now();
        peer.send(b"x");
        world.run_until(|_| peer.received_len() > 0, PATIENCE);
        world.now() - began
    };
    world.run_for(secs(2));
    assert_eq!(round_trip(&mut world, &before), secs(2));
    let peer = world.peer("far", "server:7000");
    assert_eq!(round_trip(&mut world, &peer), secs(2));
    let peer = world.peer("near", "server:7000");
    assert_eq!(round_trip(&mut world, &peer), ms(2));
    let _ = near;
}

#[test]
fn one_link_may_have_faults_of_its_own_and_a_window_that_grows_lets_the_rest_through() {
    let mut world = World::new(1);
    let node = server(&mut world, "server", Watch::echo);
    world.set_link_faults(LinkFaults {
        window_bytes: 10,
        latency: secs(1)..=secs(1),
        ..NONE
    });
    let (one, other) = (
        world.peer("client", "server:7000"),
        world.peer("client", "server:7000"),
    );
    world.run_until(|_| one.is_open() && other.is_open(), secs(5));
    let link = one.server_link().expect("it is accepted");
    world.set_link_faults_of(&node, link, NONE);
    for peer in [&one, &other] {
        peer.send(&[7; 1000]);
    }
    world.run_for(ms(500));
    assert_eq!((one.received_len(), other.received_len()), (1000, 0));
    // Now that of the other, which has waited with a full window.
    world.set_link_faults(NONE);
    world.run_for(secs(3));
    assert_eq!(other.received_len(), 1000);
}

#[test]
fn partial_reads_and_spurious_readiness_change_nothing_but_the_steps() {
    let (mut world, node, peer) = connected(Watch::echo);
    world.set_node_faults(NodeFaults {
        partial_reads: 1.0,
        spurious: 1.0,
        ..NodeFaults::none()
    });
    let sent: Vec<u8> = (0..250).collect();
    peer.send(&sent);
    world.run_until(|_| peer.received_len() == 250, secs(1));
    assert_eq!(peer.take_received(), sent);
    assert!(world.state(&node).received.len() > 3, "it is read in parts");
    peer.close();
    world.run_for(ms(1));
    assert_eq!(world.state(&node).reasons(), [ReasonKind::PeerClosed]);
    world.assert_quiet();
}

#[test]
fn shares_are_shares() {
    let mut world = World::new(9);
    let _node = server(&mut world, "server", Watch::silent);
    world.set_link_faults(LinkFaults {
        refuse: 0.25,
        ..NONE
    });
    let peers: Vec<_> = (0..400)
        .map(|_| world.peer("client", "server:7000"))
        .collect();
    world.run_for(ms(10));
    let refused = peers.iter().filter(|peer| peer.end().is_some()).count();
    assert!((70..=130).contains(&refused), "{refused} of 400");
}
