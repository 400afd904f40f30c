//! Stopping.

use super::*;
use crate::Error;
use crate::context::ReasonKind;

#[test]
fn a_loop_that_stops_answers_what_is_in_flight_and_nothing_more() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |call| {
                let (promise, later) = call.defer();
                call.after(2 * SECOND, |_| promise.resolve("late"));
                later
            })
            .expect("free");
    });
    let mut idle = Peer::dial(&net);
    let mut busy = Peer::dial(&net);
    busy.send(&[frame(2, b""), frame(1, b"now")].concat());
    server.settle();
    server.handle.stop();
    server.settle();
    assert!(
        idle.is_ended() && !idle.is_reset(),
        "who waits for nothing is let go at once"
    );
    idle.end();
    busy.send(&frame(1, b"too late"));
    server.pass(SECOND);
    assert!(!server.engine.is_done());
    server.pass(SECOND + MILLISECOND);
    assert_eq!(
        answers(&mut busy),
        [(1, b"now".to_vec()), (2, b"late".to_vec())]
    );
    busy.end();
    server.settle();
    assert!(server.engine.is_done());
    assert!(matches!(server.handle.post(|_| ()), Err(Error::Stopped)));
    assert_eq!(server.counters().closed_by(ReasonKind::Stopped), 2);
}

#[test]
fn frames_read_before_the_stop_are_answered() {
    let link = LinkLimits {
        frames_per_turn_max: 10,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    peer.send(&frame(1, b"").repeat(100));
    server.turn();
    let handled = server.counters().frames_in;
    assert_eq!(handled, 10, "the rest is read and not yet handled");
    server.handle.stop();
    server.settle();
    assert_eq!(answers(&mut peer).len(), 100);
}

#[test]
fn the_drain_deadline_ends_it_whatever_is_open() {
    let limits = Limits {
        drain_deadline: 3 * SECOND,
        ..Limits::default()
    };
    let (mut server, net) = server(limits, |service| {
        service
            .on(1, |call| {
                let (promise, later) = call.defer::<()>();
                call.after(3600 * SECOND, |_| drop(promise));
                later
            })
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    server.settle();
    server.handle.stop();
    server.pass(3 * SECOND - MILLISECOND);
    assert!(!server.engine.is_done());
    server.pass(3 * MILLISECOND);
    assert!(server.engine.is_done());
    assert_eq!(server.counters().links_open, 0);
}

#[test]
fn a_second_stop_is_at_once() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| call.blocking(|| "never run"))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(1, b""));
    server.settle();
    server.engine.interrupt();
    server.settle();
    assert!(!server.engine.is_done());
    server.engine.interrupt();
    server.settle();
    assert!(server.engine.is_done());
    assert!(peer.is_ended());
}

#[test]
fn stopping_tells_the_application_and_waits_for_its_jobs() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    server.cx().on_stop(|cx| {
        cx.links.push_all(7, "goodbye");
        let saved = cx.blocking(|| "saved");
        cx.when(saved, |cx, text| cx.state.say(text.expect("no panic")));
    });
    server.handle.stop();
    server.settle();
    peer.end();
    server.settle();
    assert_eq!(answers(&mut peer), [(7, b"goodbye".to_vec())]);
    assert!(!server.engine.is_done(), "a job is open");
    server.work();
    server.settle();
    assert!(server.engine.is_done());
    assert_eq!(server.engine.state.said.last().expect("said"), "saved");
}

#[test]
fn a_stopping_loop_neither_listens_nor_dials() {
    let (mut server, net) = plain_server(echo);
    let mut busy = Peer::dial(&net);
    server.settle();
    let waiting = Peer::dial(&net);
    server.cx().stop();
    assert!(matches!(
        server
            .cx()
            .listen("other:1", DataPack::default(), CommandService::new()),
        Err(Error::Stopped)
    ));
    assert!(matches!(
        server
            .cx()
            .connect("server:1", DataPack::default(), CommandService::new()),
        Err(Error::Stopped)
    ));
    busy.end();
    server.pass(10 * SECOND);
    assert!(server.engine.is_done());
    assert!(
        waiting.is_ended(),
        "who waited at the door is not left there"
    );
}

#[test]
fn stop_under_load_gives_every_call_its_answer_or_an_end() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |call| call.blocking(|| "later"))
            .expect("free");
    });
    let mut peers: Vec<Peer> = (0..50).map(|_| Peer::dial(&net)).collect();
    for round in 0..30 {
        for peer in &mut peers {
            peer.send(&[frame(1, b"a"), frame(2, b"b")].concat());
        }
        server.turn();
        server.work();
        if round == 20 {
            server.handle.stop();
        }
    }
    for _ in 0..10 {
        server.work();
        server.pass(SECOND);
        for peer in &mut peers {
            if peer.is_ended() {
                peer.end();
            }
        }
    }
    assert!(server.engine.is_done());
    let counters = server.counters();
    assert_eq!(counters.calls_open, 0);
    for peer in &mut peers {
        let got = answers(peer);
        let (now, later) = (
            got.iter().filter(|(command, _)| *command == 1).count(),
            got.iter().filter(|(command, _)| *command == 2).count(),
        );
        assert_eq!(now, later, "what was begun was finished");
    }
}

#[test]
fn what_waits_in_the_queues_is_done_before_the_loop_ends() {
    let (mut server, net) = plain_server(echo);
    let mut peer = Peer::dial(&net);
    server.settle();
    server.cx().on_stop(|cx| {
        cx.next_turn(|cx| cx.state.say("next turn"));
        cx.when(crate::Deferred::<()>::failed("busy"), |cx, _| {
            cx.state.say("when")
        });
    });
    peer.reset();
    server.handle.stop();
    server.settle();
    assert!(server.engine.is_done());
    for said in ["next turn", "when"] {
        assert!(server.engine.state.said.contains(&said.into()), "{said}");
    }
}
