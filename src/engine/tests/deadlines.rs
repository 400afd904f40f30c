//! Slow peers, silent peers.

use super::*;
use crate::context::ReasonKind;

#[test]
fn a_frame_that_is_not_whole_in_time_closes_its_link_however_it_drips() {
    let bytes = frame(1, &[b'x'; 100]);
    let (mut server, net) = plain_server(echo);
    let mut peers: Vec<Peer> = bytes.iter().map(|_| Peer::dial(&net)).collect();
    let mut honest = Peer::dial(&net);
    server.settle();
    // Each begins with another number of bytes, then drips one a second.
    for (count, peer) in peers.iter_mut().enumerate() {
        peer.send(&bytes[..count.clamp(1, 60)]);
    }
    for second in 0..29_usize {
        for (count, peer) in peers.iter_mut().enumerate() {
            let at = count.clamp(1, 60) + second;
            peer.send(&bytes[at..=at]);
        }
        honest.send(&frame(1, b"ping"));
        server.pass(SECOND);
        assert_eq!(answers(&mut honest).len(), 1, "honest peers notice nothing");
    }
    assert_eq!(server.counters().closed(), 0, "29 seconds");
    server.pass(SECOND - MILLISECOND);
    assert_eq!(server.counters().closed(), 0, "just below the deadline");
    server.pass(3 * MILLISECOND);
    assert_eq!(
        server.counters().closed_by(ReasonKind::FrameDeadline),
        peers.len() as u64,
        "just above it"
    );
    assert_eq!(server.counters().inbox_bytes, 0);
    honest.send(&frame(1, b"ping"));
    server.settle();
    assert_eq!(answers(&mut honest).len(), 1);
}

#[test]
fn a_deadline_is_that_of_its_own_frame() {
    let bytes = frame(1, b"body");
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    for _ in 0..10 {
        // Each frame takes 20 s, and the next begins with the same bytes that end it.
        peer.send(&bytes[..5]);
        server.pass(20 * SECOND);
        peer.send(&[&bytes[5..], &bytes[..5]].concat());
        server.pass(20 * SECOND);
        peer.send(&bytes[5..]);
        server.settle();
    }
    assert_eq!(answers(&mut peer).len(), 20);
    server.pass(100 * SECOND);
    assert_eq!(
        server.counters().closed(),
        0,
        "between frames there is no deadline"
    );
}

#[test]
fn an_idle_link_is_closed_if_the_limit_says_so() {
    let link = LinkLimits {
        idle_timeout: Some(10 * SECOND),
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), echo);
    let mut lively = Peer::dial(&net);
    let silent = Peer::dial(&net);
    for _ in 0..9 {
        server.pass(SECOND);
        lively.send(&frame(1, b""));
    }
    server.pass(SECOND - MILLISECOND);
    assert!(!silent.is_ended());
    server.pass(2 * MILLISECOND);
    assert!(silent.is_ended());
    assert!(!lively.is_ended());
    server.pass(8 * SECOND);
    assert!(!lively.is_ended());
    server.pass(2 * SECOND);
    assert!(lively.is_ended());
    assert_eq!(server.counters().closed_by(ReasonKind::Idle), 2);
}

#[test]
fn a_link_that_waits_for_our_answer_is_not_idle() {
    let link = LinkLimits {
        idle_timeout: Some(SECOND),
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), |service| {
        service
            .on(1, |call| {
                let (promise, later) = call.defer();
                call.after(5 * SECOND, |_| promise.resolve("patience"));
                later
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    server.pass(5 * SECOND + MILLISECOND);
    assert_eq!(answers(&mut peer).len(), 1);
    server.pass(3 * SECOND);
    assert!(peer.is_ended());
}

#[test]
fn idle_links_cost_no_turns() {
    let (mut server, net) = plain_server(echo);
    let peers: Vec<Peer> = (0..1000).map(|_| Peer::dial(&net)).collect();
    server.settle();
    let turns = server.counters().turns;
    server.pass(3600 * SECOND);
    assert_eq!(server.counters().turns, turns);
    assert_eq!(server.counters().timers_open, 0);
    drop(peers);
}

#[test]
fn a_peer_that_takes_nothing_of_what_waits_for_it_is_dropped_at_the_write_deadline() {
    let (mut server, net) = plain_server(|service| {
        service.on(1, |_| vec![0; 10_000]).expect("free");
    });
    net.borrow_mut().window = 1000;
    let mut dead = Peer::dial(&net);
    let mut slow = Peer::dial(&net);
    dead.send(&frame(1, b""));
    slow.send(&frame(1, b""));
    server.settle();
    let mut got = 0;
    for _ in 0..29 {
        server.pass(SECOND);
    }
    got += slow.read().len();
    server.pass(SECOND - MILLISECOND);
    assert_eq!(server.counters().closed(), 0, "just below the deadline");
    server.pass(2 * MILLISECOND);
    assert_eq!(server.counters().closed_by(ReasonKind::SlowReader), 1);
    assert!(dead.is_reset(), "just above it");
    while got < 10_017 {
        // A sip now and then is enough.
        server.pass(20 * SECOND);
        let more = slow.read().len();
        assert!(more > 0, "it was dropped with {got} bytes");
        got += more;
    }
    server.settle();
    assert_eq!(
        server.counters().timers_open,
        0,
        "when all is sent there is no deadline"
    );
}

#[test]
fn silent_peers_that_fill_the_memory_budget_do_not_stop_accepting_for_good() {
    let limits = Limits {
        buffered_bytes_max: 40_000,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, |service| {
        echo(service);
        service.on(2, |_| vec![0; 10_000]).expect("free");
    });
    net.borrow_mut().window = 100;
    let mut silent: Vec<Peer> = (0..5).map(|_| Peer::dial(&net)).collect();
    for peer in &mut silent {
        peer.send(&frame(2, b""));
    }
    server.settle();
    let mut next = Peer::dial(&net);
    next.send(&frame(1, b"here"));
    server.pass(29 * SECOND);
    assert_eq!(next.read(), b"");
    server.pass(3 * SECOND);
    assert_eq!(answers(&mut next).len(), 1);
}
