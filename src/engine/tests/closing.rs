//! Letting links go.

use super::*;
use crate::context::ReasonKind;

#[test]
fn a_peers_half_close_still_gets_its_answers() {
    let mut promises = None;
    let (mut server, net) = plain_server(|service| {
        echo(service);
        let kept = Rc::new(RefCell::new(Vec::new()));
        promises = Some(Rc::clone(&kept));
        service
            .on(2, move |call| {
                let (promise, later) = call.defer();
                kept.borrow_mut().push(promise);
                later
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b"now"), frame(2, b"")].concat());
    peer.end();
    server.pass(SECOND);
    assert_eq!(answers(&mut peer), [(1, b"now".to_vec())]);
    assert!(!peer.is_ended(), "it waits for its other answer");
    let turns = server.counters().turns;
    server.pass(10 * SECOND);
    assert!(
        server.counters().turns - turns < 5,
        "and the loop sleeps meanwhile"
    );
    let promise = promises
        .expect("made above")
        .borrow_mut()
        .pop()
        .expect("called");
    promise.resolve("later");
    server.settle();
    assert_eq!(answers(&mut peer), [(2, b"later".to_vec())]);
    assert!(peer.is_ended() && !peer.is_reset());
    assert_eq!(
        server.engine.state.said.last().expect("closed"),
        "closed 0.1: the peer closed it"
    );
    assert_eq!(server.counters().links_open, 0);
}

#[test]
fn a_stream_that_ends_in_the_middle_of_a_frame_is_a_fault() {
    let bytes = [frame(1, b"whole"), frame(1, b"body")].concat();
    let whole = frame(1, b"whole").len();
    for cut in 0..=bytes.len() {
        let (mut server, net) = plain_server(echo);
        let mut peer = Peer::dial(&net);
        peer.send(&bytes[..cut]);
        peer.end();
        server.settle();
        let between_frames = cut == 0 || cut == whole || cut == bytes.len();
        let expected = if between_frames {
            "the peer closed it"
        } else {
            "in the middle of a frame"
        };
        let said = server.engine.state.said.last().expect("closed");
        assert!(said.contains(expected), "cut at {cut}: {said}");
        let expected = usize::from(cut >= whole) + usize::from(cut == bytes.len());
        assert_eq!(
            answers(&mut peer).len(),
            expected,
            "whole frames before it are answered"
        );
    }
}

#[test]
fn a_reset_at_any_byte_of_a_frame_closes_the_link_once_and_calls_nobody() {
    let bytes = frame(1, b"some body");
    for cut in 0..bytes.len() {
        let (mut server, net) = plain_server(echo);
        let mut peer = Peer::dial(&net);
        peer.send(&bytes[..cut]);
        server.settle();
        peer.reset();
        server.settle();
        let counters = server.counters();
        assert_eq!(
            (counters.frames_in, counters.closed(), counters.links_open),
            (0, 1, 0),
            "reset at {cut}"
        );
        assert_eq!((counters.inbox_bytes, counters.timers_open), (0, 0));
        assert_eq!(counters.closed_by(ReasonKind::Io), 1);
        assert_eq!(
            server.engine.state.said.len(),
            2,
            "opened and closed, once each"
        );
    }
}

#[test]
fn a_handler_that_closes_its_own_link_still_gets_its_reply_out() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |call| {
                call.close_when_sent();
                "bye"
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(1, b"too late")].concat());
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(2, b"bye".to_vec())],
        "the reply, and nothing of what came behind"
    );
    assert!(peer.is_ended() && !peer.is_reset());
    peer.send(&frame(1, b"still too late"));
    server.settle();
    peer.end();
    server.settle();
    assert_eq!(peer.read(), b"");
    assert_eq!(server.counters().links_open, 0);
}

#[test]
fn a_handler_that_drops_its_own_link_is_not_called_again() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(2, |call| {
                call.state.say("called");
                call.close();
                "never seen"
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(2, b"").repeat(3));
    server.settle();
    assert_eq!(
        server.engine.state.said,
        ["opened 0.1", "called", "closed 0.1: closed from here"]
    );
    assert_eq!(peer.read(), b"");
    assert!(peer.is_reset());
}

#[test]
fn a_handler_closes_another_link_of_the_same_batch_of_events() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |call| {
                let own = call.link();
                let others: Vec<LinkId> = call
                    .state
                    .links
                    .iter()
                    .copied()
                    .filter(|&link| link != own)
                    .collect();
                for link in others {
                    call.links.close(link);
                }
            })
            .expect("free");
    });
    let mut killer = Peer::dial(&net);
    let mut victims: Vec<Peer> = (0..3).map(|_| Peer::dial(&net)).collect();
    server.settle();
    killer.send(&frame(2, b""));
    for victim in &mut victims {
        victim.send(&frame(1, b"too late"));
    }
    server.settle();
    assert!(
        victims
            .iter_mut()
            .all(|victim| victim.is_reset() && victim.read().is_empty())
    );
    killer.send(&frame(1, b"alive"));
    server.settle();
    assert_eq!(answers(&mut killer).len(), 1);
    assert_eq!(server.counters().closed(), 3);
}

#[test]
fn what_is_sent_to_a_link_that_is_gone_is_refused() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    let link = server.engine.state.links[0];
    peer.reset();
    server.settle();
    let cx = server.cx();
    assert!(matches!(
        cx.links.send(link, 1, "x"),
        Err(crate::Error::LinkClosed)
    ));
    assert_eq!(cx.links.push([&link], 1, "x"), 0);
    assert!(!cx.links.is_open(link));
    assert!(!cx.links.attach(link, 1));
    cx.links.close(link);
    cx.links.close_when_sent(link);
    cx.links.end_when_sent(link);
    server.settle();
    assert_eq!(server.counters().pushes_refused, 2);
}

#[test]
fn closing_sends_everything_then_waits_for_the_peer_for_a_bounded_time() {
    let link = LinkLimits {
        close_deadline: 3 * SECOND,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), |service| {
        service
            .on(1, |call| {
                call.close_when_sent();
                vec![5; 200_000]
            })
            .expect("free");
    });
    net.borrow_mut().window = 10_000;
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    let mut got = 0;
    while got < 200_017 {
        server.settle();
        got += peer.read().len();
    }
    server.settle();
    assert!(peer.is_ended() && !peer.is_reset());
    assert_eq!(
        server.counters().links_open,
        1,
        "it waits for the peer's end"
    );
    server.pass(3 * SECOND - MILLISECOND);
    assert_eq!(server.counters().links_open, 1);
    server.pass(2 * MILLISECOND);
    assert_eq!(server.counters().links_open, 0);
}

#[test]
fn half_close_from_here_still_reads_the_peer() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| {
                let link = call.link();
                call.links.end_when_sent(link);
                call.reply("the last")
            })
            .expect("free");
        service
            .on(2, |call| call.state.say("still heard"))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    server.settle();
    assert_eq!(answers(&mut peer).len(), 1);
    assert!(peer.is_ended());
    peer.send(&frame(2, b""));
    server.settle();
    assert!(server.engine.state.said.contains(&"still heard".into()));
    peer.end();
    server.settle();
    assert_eq!(server.counters().links_open, 0);
}
