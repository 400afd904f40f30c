//! Peers that do not read, and greedy ones.

use super::*;
use crate::context::ReasonKind;

#[test]
fn above_the_high_mark_a_link_is_not_read_until_it_is_at_the_low_mark() {
    let (mut server, net) = server(limits(marks()), echo);
    net.borrow_mut().window = 500;
    let mut peer = Peer::dial(&net);
    let call = frame(1, &[b'x'; 483]);
    peer.send(&call.repeat(100));
    server.settle();
    let handled = server.counters().frames_in;
    // Each reply is 500 bytes; at 4,000 waiting it stops, and then 500 go out to the peer.
    assert_eq!(handled, 8, "it stopped at the high mark");
    let link = server.engine.state.links[0];
    assert_eq!(server.cx().links.outbox_bytes(link), 3500);
    let mut got = 0;
    while server.counters().frames_in == handled {
        got += peer.read().len();
        server.settle();
    }
    assert_eq!(got, 500 * 5, "it went on at the low mark, not before");
    loop {
        let more = peer.read().len();
        server.settle();
        got += more;
        if more == 0 {
            break;
        }
    }
    assert_eq!(got, 100 * 500);
    assert!(
        server.counters().outbox_bytes_peak <= 4500,
        "{}",
        server.counters().outbox_bytes_peak
    );
}

#[test]
fn above_the_hard_mark_the_slow_reader_is_dropped_and_nobody_else() {
    let (mut server, net) = server(limits(marks()), |service| {
        service
            .on(1, |call| {
                let (cx, body) = (&mut call.cx, [b'x'; 983]);
                cx.links.push(&cx.state.links, 7, &body);
            })
            .expect("free");
    });
    net.borrow_mut().window = 1000;
    let slow = Peer::dial(&net);
    let mut fast = Peer::dial(&net);
    server.settle();
    let mut got = 0;
    for _ in 0..20 {
        fast.send(&frame(1, b""));
        server.settle();
        got += answers(&mut fast).len();
    }
    assert_eq!(
        server.counters().closed(),
        0,
        "1,000 are with it, and 19,000 wait: below the hard mark"
    );
    fast.send(&frame(1, b""));
    server.settle();
    got += answers(&mut fast).len();
    assert_eq!(server.counters().closed(), 0, "at the hard mark");
    fast.send(&frame(1, b""));
    server.settle();
    got += answers(&mut fast).len();
    assert_eq!(
        server.counters().closed_by(ReasonKind::SlowReader),
        1,
        "above it"
    );
    assert!(slow.is_reset(), "it is cut, and its memory is free at once");
    assert_eq!(got, 22, "the other got everything");
    assert_eq!(server.counters().outbox_bytes, 0);
}

#[test]
fn a_flood_by_one_link_leaves_the_others_fast() {
    let (mut server, net) = plain_server(echo);
    net.borrow_mut().window = usize::MAX;
    let mut greedy = Peer::dial(&net);
    let mut modest: Vec<Peer> = (0..100).map(|_| Peer::dial(&net)).collect();
    server.settle();
    greedy.send(&frame(1, b"").repeat(200_000));
    for round in 0..20 {
        for peer in &mut modest {
            peer.send(&frame(1, b"ping"));
        }
        server.turn();
        for peer in &mut modest {
            assert_eq!(
                answers(peer).len(),
                1,
                "in the very turn that it asked, round {round}"
            );
        }
    }
    let before = server.counters().frames_in;
    server.turn();
    assert!(
        server.counters().frames_in - before <= 256,
        "no more than its share of frames"
    );
    server.settle();
    assert_eq!(
        greedy.read().len(),
        200_000 * 17,
        "and the greedy one gets all of his"
    );
}

#[test]
fn what_a_budget_left_over_is_served_without_a_new_event() {
    let link = LinkLimits {
        frames_per_turn_max: 3,
        read_bytes_per_turn_max: 50,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), echo);
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b"abc").repeat(100));
    server.settle();
    assert_eq!(answers(&mut peer).len(), 100);
    // Below, at and above the frame budget.
    for (count, turns) in [(2, 1), (3, 2), (4, 2)] {
        let link = LinkLimits {
            frames_per_turn_max: 3,
            ..LinkLimits::default()
        };
        let (mut server, net) = super::server(limits(link), echo);
        let mut peer = Peer::dial(&net);
        server.settle();
        let before = server.counters().turns;
        peer.send(&frame(1, b"abc").repeat(count));
        server.settle();
        assert_eq!(answers(&mut peer).len(), count);
        assert!(
            server.counters().turns - before <= turns + 1,
            "{count} frames"
        );
    }
}

#[test]
fn spurious_events_are_harmless() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    for round in 0..100 {
        peer.disturb();
        if round % 3 == 0 {
            peer.send(&frame(1, b"x"));
        }
        peer.disturb();
        server.settle();
    }
    assert_eq!(answers(&mut peer).len(), 34);
    // And those of a link that is gone, whose slot another has.
    let stale = server.engine.state.links[0];
    peer.reset();
    server.settle();
    let mut heir = Peer::dial(&net);
    server.settle();
    heir.send(&frame(1, b"mine"));
    server.engine.begin_turn();
    server.engine.readable(stale, true);
    server.engine.writable(stale);
    server.engine.readable(LinkId::from_u64(u64::MAX - 7), true);
    server.engine.end_turn();
    server.settle();
    assert_eq!(answers(&mut heir), [(1, b"mine".to_vec())]);
}

#[test]
fn partial_writes_lose_and_repeat_nothing() {
    for transfer_max in [1, 2, 3, 7, 100] {
        for short_drains in [false, true] {
            let (mut server, net) = plain_server(|service| {
                echo(service);
                service.on(2, |_| vec![9; 5000]).expect("free");
            });
            net.borrow_mut().transfer_max = transfer_max;
            net.borrow_mut().window = 1000;
            net.borrow_mut().short_drains = short_drains;
            let mut peer = Peer::dial(&net);
            let calls = [frame(1, b"one"), frame(2, b""), frame(1, b"two")].concat();
            let expected = [frame(1, b"one"), frame(2, &[9; 5000]), frame(1, b"two")].concat();
            peer.send(&calls);
            let mut got = Vec::new();
            for _ in 0..100_000 {
                // With `short_drains` a short transfer stands for a full or an empty kernel: the event comes when that changes.
                if short_drains {
                    peer.disturb();
                }
                server.settle();
                got.extend(peer.read());
                if got.len() == expected.len() {
                    break;
                }
            }
            assert!(got == expected, "{transfer_max} bytes at a time");
        }
    }
}

#[test]
fn one_read_and_one_write_when_one_sufficed() {
    let (mut server, net) = plain_server(echo);
    net.borrow_mut().short_drains = true;
    let mut peer = Peer::dial(&net);
    server.settle();
    let (reads, writes) = (net.borrow().reads, net.borrow().writes);
    peer.send(&frame(1, b"ping").repeat(16));
    server.settle();
    assert_eq!(
        (net.borrow().reads - reads, net.borrow().writes - writes),
        (1, 1)
    );
}

#[test]
fn a_peer_that_never_reads_and_ends_its_stream_is_let_go_by_the_deadline() {
    let (mut server, net) = plain_server(|service| {
        service.on(1, |_| vec![0; 100_000]).expect("free");
    });
    net.borrow_mut().window = 1000;
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    server.settle();
    peer.end();
    server.pass(6 * SECOND);
    let counters = server.counters();
    assert_eq!(
        (
            counters.links_open,
            counters.outbox_bytes,
            counters.timers_open
        ),
        (0, 0, 0)
    );
}
