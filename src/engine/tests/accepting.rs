//! Letting links in, and not.

use std::io;

use super::*;
use crate::context::{AcceptFault, ReasonKind};

#[test]
fn each_failed_accept_leaves_the_next_client_served() {
    // Edge-triggered: after a failure nobody tells of those who wait, so an early exit that leaves nothing behind strands them.
    let faults: [fn() -> AcceptFault; 3] = [
        || AcceptFault::Lost(io::ErrorKind::ConnectionAborted.into()),
        || AcceptFault::Exhausted(io::Error::from_raw_os_error(24)),
        || AcceptFault::Failed(io::ErrorKind::OutOfMemory.into()),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        for position in 0..200 {
            let (mut server, net) = plain_server(echo);
            for _ in 0..position {
                Peer::dial(&net);
            }
            server.settle();
            net.borrow_mut().accept_faults.push_back(fault);
            net.borrow_mut().reserve = false;
            let mut peers = [Peer::dial(&net), Peer::dial(&net)];
            for peer in &mut peers {
                peer.send(&frame(1, b"here"));
            }
            server.pass(20 * MILLISECOND);
            let served = peers
                .iter_mut()
                .filter_map(|peer| answers(peer).pop())
                .count();
            let lost = usize::from(number == 0);
            assert_eq!(served, 2 - lost, "fault {number} at accept {position}");
            assert_eq!(server.counters().accepts_failed, 1);
        }
    }
}

#[test]
fn without_descriptors_those_who_wait_are_told_and_accepting_goes_on_when_one_is_free() {
    let (mut server, net) = plain_server(echo);
    let mut friend = Peer::dial(&net);
    server.settle();
    for _ in 0..100 {
        net.borrow_mut()
            .accept_faults
            .push_back(|| AcceptFault::Exhausted(io::Error::from_raw_os_error(24)));
    }
    let waiting: Vec<Peer> = (0..10).map(|_| Peer::dial(&net)).collect();
    server.settle();
    assert!(
        waiting.iter().all(Peer::is_ended),
        "each was closed by way of the reserve"
    );
    assert_eq!(server.counters().refused, 10);
    let turns = server.counters().turns;
    server.pass(10 * SECOND);
    assert!(
        server.counters().turns - turns < 100,
        "it does not spin meanwhile: {}",
        server.counters().turns - turns
    );
    // A link that closes frees a descriptor: no timer has to run out first.
    net.borrow_mut().accept_faults.clear();
    friend.end();
    let mut next = Peer::dial(&net);
    next.send(&frame(1, b"here"));
    server.settle();
    assert_eq!(answers(&mut next).len(), 1);
}

#[test]
fn links_max_is_exact() {
    let (mut server, net) = server(
        Limits {
            links_max: 10,
            ..Limits::default()
        },
        echo,
    );
    let mut peers: Vec<Peer> = (0..13).map(|_| Peer::dial(&net)).collect();
    for peer in &mut peers {
        peer.send(&frame(1, b"here"));
    }
    server.settle();
    let served = peers
        .iter_mut()
        .map(|peer| usize::from(!peer.read().is_empty()))
        .sum::<usize>();
    assert_eq!(
        (
            served,
            server.counters().accepted,
            server.counters().refused
        ),
        (10, 10, 3)
    );
    peers[0].end();
    server.settle();
    let mut next = Peer::dial(&net);
    next.send(&frame(1, b"here"));
    server.settle();
    assert_eq!(answers(&mut next).len(), 1, "one left, one may come");
}

#[test]
fn a_storm_of_accepts_is_let_in_by_portions_while_others_are_served() {
    let (mut server, net) = plain_server(echo);
    let mut friend = Peer::dial(&net);
    server.settle();
    let storm: Vec<Peer> = (0..4096).map(|_| Peer::dial(&net)).collect();
    let mut served_at = None;
    friend.send(&frame(1, b"me"));
    for turn in 0.. {
        if !server.turn() {
            break;
        }
        if served_at.is_none() && !friend.read().is_empty() {
            served_at = Some(turn);
            assert!(
                server.counters().accepted <= 2 * 64 + 1,
                "{}",
                server.counters().accepted
            );
        }
    }
    assert!(served_at.expect("it is served") <= 1);
    assert_eq!(server.counters().accepted, 4097);
    drop(storm);
}

#[test]
fn connections_that_are_reset_at_once_leave_nothing_behind() {
    let (mut server, net) = plain_server(echo);
    for _ in 0..1000 {
        let mut peer = Peer::dial(&net);
        peer.reset();
        server.turn();
    }
    server.settle();
    let counters = server.counters();
    assert_eq!(
        (
            counters.accepted,
            counters.closed(),
            counters.links_open,
            counters.timers_open
        ),
        (1000, 1000, 0, 0)
    );
}

#[test]
fn above_the_memory_budget_accepting_pauses() {
    let link = LinkLimits {
        outbox_bytes_low: 10,
        outbox_bytes_high: 4000,
        outbox_bytes_max: 8000,
        ..LinkLimits::default()
    };
    let limits = Limits {
        buffered_bytes_max: 3000,
        link,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, |service| {
        service.on(1, |_| vec![0; 3100]).expect("free");
        service.on(2, |call| call.reply(call.body())).expect("free");
    });
    net.borrow_mut().window = 0;
    let mut hog = Peer::dial(&net);
    hog.send(&frame(1, b""));
    server.settle();
    let mut next = Peer::dial(&net);
    next.send(&frame(2, b"here"));
    server.settle();
    assert_eq!(
        server.counters().accepted,
        1,
        "over the budget nobody is let in"
    );
    net.borrow_mut().window = 64 << 10;
    hog.disturb();
    server.pass(SECOND);
    assert_eq!(server.counters().accepted, 2, "and below it everybody is");
    assert_eq!(answers(&mut next).len(), 1);
}

#[test]
fn over_the_memory_budget_who_wants_more_while_he_does_not_read_is_dropped() {
    let link = LinkLimits {
        outbox_bytes_low: 1000,
        outbox_bytes_high: 400_000,
        outbox_bytes_max: 800_000,
        ..LinkLimits::default()
    };
    let limits = Limits {
        buffered_bytes_max: 10_000,
        link,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, |service| {
        service.on(1, |_| vec![0; 900]).expect("free");
    });
    net.borrow_mut().window = 0;
    let mut peers: Vec<Peer> = (0..8).map(|_| Peer::dial(&net)).collect();
    for _ in 0..4 {
        for peer in &mut peers {
            peer.send(&frame(1, b""));
        }
        server.settle();
    }
    let counters = server.counters();
    assert!(
        counters.outbox_bytes <= 10_000 + 8 * 917,
        "{}",
        counters.outbox_bytes
    );
    let slow = ReasonKind::SlowReader;
    assert!(
        counters.closed_by(slow) >= 1 && counters.closed_by(slow) < 8,
        "{}",
        counters.closed_by(slow)
    );
}

#[test]
fn a_dialled_link_has_the_same_sessions_on_both_ends() {
    let (mut server, net) = plain_server(echo);
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let mut service = CommandService::new();
    service.on_opened(|cx: &mut crate::Context<'_, Notes>, _| cx.state.say("opened"));
    service
        .on(1, |call| {
            let text = String::from_utf8_lossy(call.body()).into_owned();
            call.state.say(text);
        })
        .expect("free");
    let link = client
        .cx()
        .connect("server:1", DataPack::default(), service)
        .expect("there is room");
    client
        .cx()
        .links
        .send(link, 1, "sent before it is up")
        .expect("kept");
    for _ in 0..5 {
        client.settle();
        server.settle();
    }
    assert_eq!(client.engine.state.said, ["opened", "sent before it is up"]);
    assert_eq!(client.counters().connected, 1);
}

#[test]
fn a_connect_that_fails_closes_the_link_with_the_reason() {
    for (hang, expected) in [
        (false, "could not connect: connection refused"),
        (true, "the connection was not made by its deadline"),
    ] {
        let net = net();
        net.borrow_mut().hang_connects = hang;
        let mut client = Node::new(&net, Notes::default(), Limits::default());
        let mut service = CommandService::new();
        service.on_closed(|cx: &mut crate::Context<'_, Notes>, _, reason| {
            cx.state.say(reason.to_string())
        });
        client
            .cx()
            .connect("server:1", DataPack::default(), service)
            .expect("there is room");
        assert!(client.engine.state.said.is_empty(), "never within the call");
        client.pass(10 * SECOND - MILLISECOND);
        assert_eq!(client.engine.state.said.len(), usize::from(!hang));
        client.pass(2 * MILLISECOND);
        assert_eq!(client.engine.state.said, [expected]);
        assert_eq!(client.counters().links_open, 0);
    }
}

#[test]
fn an_address_that_is_none_is_said_where_it_is_used() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let error = node
        .cx()
        .listen("nonsense", DataPack::default(), CommandService::new())
        .expect_err("no address");
    assert!(error.to_string().contains("nonsense"), "{error}");
    let mut service = CommandService::new();
    service.on_closed(|cx: &mut crate::Context<'_, Notes>, _, reason| {
        cx.state.say(reason.to_string())
    });
    node.cx()
        .connect("nonsense", DataPack::default(), service)
        .expect("there is room");
    node.settle();
    assert!(
        node.engine.state.said[0].contains("nonsense"),
        "{:?}",
        node.engine.state.said
    );
}

#[test]
fn a_link_that_is_to_close_when_sent_before_it_is_up_comes_up_first() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| {
                let text = String::from_utf8_lossy(call.body()).into_owned();
                call.state.say(text);
            })
            .expect("free");
    });
    let mut client = Node::new(&net, Notes::default(), Limits::default());
    let link = client
        .cx()
        .connect("server:1", DataPack::default(), CommandService::new())
        .expect("there is room");
    client.cx().links.send(link, 1, "once").expect("kept");
    client.cx().links.close_when_sent(link);
    for _ in 0..5 {
        client.settle();
        server.settle();
    }
    assert!(
        server.engine.state.said.contains(&"once".into()),
        "{:?}",
        server.engine.state.said
    );
    assert_eq!(client.counters().links_open, 0);
}

#[test]
fn links_max_holds_for_dialling_too() {
    let net = net();
    let limits = Limits {
        links_max: 2,
        ..Limits::default()
    };
    let mut client = Node::new(&net, Notes::default(), limits);
    net.borrow_mut().hang_connects = true;
    for expected in [true, true, false] {
        let dialled = client
            .cx()
            .connect("server:1", DataPack::default(), CommandService::new());
        assert_eq!(dialled.is_ok(), expected);
    }
}
