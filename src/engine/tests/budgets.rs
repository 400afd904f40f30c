//! Budgets of a turn: below, at and above each.

use super::*;
use crate::context::Context;

#[test]
fn a_turns_share_of_accepts_is_exact() {
    for (dialled, accepted) in [(2, 2), (3, 3), (4, 3)] {
        let limits = Limits {
            accepts_per_turn_max: 3,
            ..Limits::default()
        };
        let (mut server, net) = server(limits, echo);
        let peers: Vec<Peer> = (0..dialled).map(|_| Peer::dial(&net)).collect();
        server.turn();
        assert_eq!(server.counters().accepted, accepted, "{dialled} dialled");
        server.settle();
        assert_eq!(server.counters().accepted, dialled);
        drop(peers);
    }
}

#[test]
fn a_turns_share_of_bytes_is_exact() {
    for (sent, read) in [(99, 99), (100, 100), (101, 100)] {
        let link = LinkLimits {
            read_bytes_per_turn_max: 100,
            ..LinkLimits::default()
        };
        let (mut server, net) = server(limits(link), echo);
        let mut peer = Peer::dial(&net);
        server.settle();
        peer.send(&frame(1, &[7; 200])[..sent]);
        server.turn();
        assert_eq!(server.counters().bytes_in, read, "{sent} sent");
        server.settle();
        assert_eq!(server.counters().bytes_in, sent as u64);
    }
}

#[test]
fn a_turns_share_of_settled_deferreds_is_exact() {
    for (settled, run) in [(9, 9), (10, 10), (11, 10)] {
        let limits = Limits {
            continuations_per_turn_max: 10,
            ..Limits::default()
        };
        let net = net();
        let mut node = Node::new(&net, 0, limits);
        for _ in 0..settled {
            let mut cx = node.cx();
            let (promise, later) = cx.defer::<()>();
            cx.when(later, |cx: &mut Context<'_, u64>, _| *cx.state += 1);
            promise.resolve(());
        }
        node.turn();
        assert_eq!(node.engine.state, run, "{settled} settled");
        node.settle();
        assert_eq!(node.engine.state, settled);
    }
}

#[test]
fn a_turn_is_slow_from_turn_warn_on() {
    for (milliseconds, slow) in [(99, 0), (100, 1), (101, 1)] {
        let net = net();
        let mut node = Node::new(&net, Notes::default(), Limits::default());
        let clock = Rc::clone(&net);
        node.cx().after(MILLISECOND, move |_| {
            clock.borrow_mut().skip(milliseconds * MILLISECOND);
        });
        node.pass(2 * MILLISECOND);
        assert_eq!(node.counters().turns_slow, slow, "{milliseconds} ms");
    }
}

#[test]
fn accepting_pauses_above_the_memory_budget_and_not_at_it() {
    for (budget, accepted) in [(3016, 1), (3017, 2), (3018, 2)] {
        let limits = Limits {
            buffered_bytes_max: budget,
            ..Limits::default()
        };
        let (mut server, net) = server(limits, |service| {
            service.on(1, |_| vec![0; 3000]).expect("free");
        });
        net.borrow_mut().window = 0;
        let mut hog = Peer::dial(&net);
        hog.send(&frame(1, b""));
        server.settle();
        assert_eq!(server.counters().outbox_bytes, 3017);
        let next = Peer::dial(&net);
        server.settle();
        assert_eq!(server.counters().accepted, accepted, "a budget of {budget}");
        drop(next);
    }
}

#[test]
fn a_turns_share_of_frames_is_exact() {
    for (sent, handled) in [(2, 2), (3, 3), (4, 3)] {
        let link = LinkLimits {
            frames_per_turn_max: 3,
            ..LinkLimits::default()
        };
        let (mut server, net) = server(limits(link), echo);
        let mut peer = Peer::dial(&net);
        server.settle();
        peer.send(&frame(1, b"abc").repeat(sent));
        server.turn();
        assert_eq!(server.counters().frames_in, handled, "{sent} sent");
        server.settle();
        assert_eq!(answers(&mut peer).len(), sent);
    }
}

#[test]
fn a_turns_share_of_posts_and_of_timers_is_exact() {
    for (count, run) in [(9, 9), (10, 10), (11, 10)] {
        let limits = Limits {
            posts_per_turn_max: 10,
            timers_per_turn_max: 10,
            ..Limits::default()
        };
        let net = net();
        let mut node = Node::new(&net, 0_u64, limits);
        for _ in 0..count {
            node.handle
                .post(|cx| *cx.state += 1)
                .expect("there is room");
            node.cx().after(MILLISECOND, |cx| *cx.state += 100);
        }
        node.turn();
        assert_eq!(node.engine.state, run, "{count} posts");
        node.settle();
        assert_eq!(node.engine.state, count);
        net.borrow_mut().skip(2 * MILLISECOND);
        node.turn();
        assert_eq!(node.engine.state, count + 100 * run, "{count} timers");
    }
}

#[test]
fn posts_that_wait_are_counted_wherever_they_wait() {
    let limits = Limits {
        posts_per_turn_max: 2,
        posts_max: 10,
        ..Limits::default()
    };
    let net = net();
    let mut node = Node::new(&net, 0_u64, limits);
    let handle = node.handle.clone();
    let post = || {
        handle
            .post(|cx: &mut Context<'_, u64>| *cx.state += 1)
            .is_ok()
    };
    assert_eq!((0..12).filter(|_| post()).count(), 10);
    node.turn();
    assert_eq!(node.engine.state, 2);
    assert_eq!((0..5).filter(|_| post()).count(), 2, "as many as were run");
    node.settle();
    assert_eq!(node.engine.state, 12);
    assert_eq!(node.counters().posts_refused, 5);
}

#[test]
fn a_body_over_the_limit_for_frames_out_is_refused_to_pushes_too() {
    let link = LinkLimits {
        frame_out_bytes_max: 100,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), echo);
    let _peer = Peer::dial(&net);
    server.settle();
    let id = server.engine.state.links[0];
    for (bytes, taken) in [(99, 1), (100, 1), (101, 0)] {
        assert_eq!(server.cx().links.push([&id], 7, vec![0; bytes]), taken);
        assert_eq!(
            server.cx().links.send(id, 7, vec![0; bytes]).is_ok(),
            taken == 1
        );
    }
}
