//! Calls and their replies.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;

use super::*;
use crate::deferred::Deferred;
use crate::error::Error;
use crate::service::{Admit, Outcome, Remedy, Reply, Unknown};

#[test]
fn every_kind_of_reply_reaches_its_caller() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service.on(2, |_| b"array").expect("free");
        service.on(3, |_| String::from("text")).expect("free");
        service.on(4, |_| Vec::<u8>::new()).expect("free");
        service.on(5, |_| ()).expect("free");
        service.on(6, |_| None::<&str>).expect("free");
        service
            .on(7, |_| Ok::<_, Error>(Some("nested")))
            .expect("free");
        service.on(8, |_| Deferred::ready("ready")).expect("free");
        service
            .on(9, |call| call.blocking(|| vec![7; 3]))
            .expect("free");
        service
            .on(10, |call| call.reply(Bytes::from(vec![1; 10_000])))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    for command in 1..=10 {
        peer.send(&frame(command, b"body"));
    }
    server.settle();
    server.work();
    server.settle();
    let got = answers(&mut peer);
    let small: Vec<(u32, &[u8])> = got
        .iter()
        .map(|(command, body)| (*command, &body[..]))
        .filter(|(_, body)| body.len() < 100)
        .collect();
    assert_eq!(
        small,
        [
            (1, &b"body"[..]),
            (2, b"array"),
            (3, b"text"),
            (4, b""),
            (7, b"nested"),
            (8, b"ready"),
            (9, &[7; 3])
        ],
        "an empty reply is a reply; nothing and None are none"
    );
    assert_eq!(
        got.iter()
            .filter(|(command, body)| *command == 10 && body.len() == 10_000)
            .count(),
        1
    );
}

#[test]
fn replies_leave_when_they_are_ready_and_may_overtake() {
    let (mut server, net, kept) = keeping_server(Limits::default(), |_| ());
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(2, b""), frame(1, b"fast")].concat());
    server.settle();
    assert_eq!(answers(&mut peer), [(1, b"fast".to_vec())]);
    take(&kept, 1).resolve("second");
    server.settle();
    take(&kept, 0).resolve("first");
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(2, b"second".to_vec()), (2, b"first".to_vec())]
    );
    assert_eq!(server.counters().calls_open, 0);
}

#[test]
fn ordered_replies_leave_in_the_order_of_their_calls() {
    let (mut server, net, kept) = keeping_server(Limits::default(), |service| {
        service.on(3, |_| "plain").expect("free");
        service.on(4, |_| ()).expect("free");
        service.ordered_replies();
    });
    let mut peer = Peer::dial(&net);
    peer.send(
        &[
            frame(1, b"0"),
            frame(2, b""),
            frame(1, b"2"),
            frame(2, b""),
            frame(4, b""),
            frame(3, b""),
        ]
        .concat(),
    );
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(1, b"0".to_vec())],
        "the others wait for the second"
    );
    take(&kept, 1).resolve("fourth");
    server.settle();
    assert_eq!(answers(&mut peer), []);
    take(&kept, 0).resolve("second");
    server.settle();
    let got = answers(&mut peer);
    assert_eq!(
        got,
        [
            (2, b"second".to_vec()),
            (1, b"2".to_vec()),
            (2, b"fourth".to_vec()),
            (3, b"plain".to_vec())
        ]
    );
    peer.send(&frame(1, b"after"));
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(1, b"after".to_vec())],
        "and the line is free again"
    );
    assert_eq!(server.counters().calls_open, 0);
}

#[test]
fn a_late_answer_never_reaches_another_link_of_the_same_slot() {
    let (mut server, net, kept) = keeping_server(Limits::default(), |_| ());
    for _ in 0..1000 {
        let mut victim = Peer::dial(&net);
        victim.send(&frame(2, b""));
        server.settle();
        victim.reset();
        server.settle();
        let mut heir = Peer::dial(&net);
        heir.send(&frame(2, b""));
        server.settle();
        let promise = take(&kept, 0);
        assert!(
            promise.is_cancelled(),
            "a late reply knows that its link is gone"
        );
        promise.resolve("for the dead");
        take(&kept, 0).resolve("for the heir");
        server.settle();
        assert_eq!(answers(&mut heir), [(2, b"for the heir".to_vec())]);
        heir.reset();
        server.settle();
    }
    let slots: std::collections::BTreeSet<u64> = server
        .engine
        .state
        .links
        .iter()
        .map(|link| link.as_u64() & 0xffff_ffff)
        .collect();
    assert_eq!(
        slots.len(),
        1,
        "the test is about one slot, again and again"
    );
    assert_eq!(server.counters().replies_late, 1000);
}

#[test]
fn the_generation_of_a_slot_wraps_without_harm() {
    let (mut server, net, kept) = keeping_server(Limits::default(), |_| ());
    server.cx().links.start_generation(u32::MAX - 3);
    for round in 0..8 {
        let mut peer = Peer::dial(&net);
        peer.send(&frame(2, b""));
        server.settle();
        take(&kept, 0).resolve("here");
        server.settle();
        assert_eq!(answers(&mut peer), [(2, b"here".to_vec())], "round {round}");
        peer.end();
        server.settle();
    }
    assert_eq!(server.counters().links_open, 0);
}

#[test]
fn a_dropped_promise_is_a_failure_and_not_silence() {
    let (mut server, net, kept) = keeping_server(Limits::default(), |service| {
        service.on_failure(|_, failure| Remedy::Reply {
            command: 999,
            body: format!("{}: {}", failure.command, failure.error).into(),
        });
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(2, b""));
    server.settle();
    drop(take(&kept, 0));
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(999, b"2: the promise was dropped unanswered".to_vec())]
    );
    assert!(!peer.is_ended(), "the link goes on");
}

#[test]
fn a_failure_closes_the_link_of_a_format_without_errors() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |_| Err::<(), _>("out of order"))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b"before"), frame(2, b""), frame(1, b"after")].concat());
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(1, b"before".to_vec())],
        "what was answered before still arrives"
    );
    assert!(peer.is_ended());
    peer.end();
    server.settle();
    assert_eq!(
        server.engine.state.said.last().expect("closed"),
        "closed 0.1: a handler failed: out of order"
    );
    assert_eq!(server.counters().handlers_failed, 1);
}

#[test]
fn a_failure_may_be_ignored() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |_| Reply::failed("never mind"))
            .expect("free");
        service.on_failure(|_, _| Remedy::Ignore);
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(2, b""), frame(1, b"after")].concat());
    server.settle();
    assert_eq!(answers(&mut peer), [(1, b"after".to_vec())]);
}

#[test]
fn a_call_without_an_answer_fails_at_its_deadline_and_its_promise_learns_of_it() {
    let link = LinkLimits {
        call_deadline: 5 * SECOND,
        ..LinkLimits::default()
    };
    let (mut server, net, kept) = keeping_server(limits(link), |service| {
        service.on_failure(|_, failure| Remedy::Reply {
            command: 999,
            body: failure.error.to_string().into(),
        });
    });
    let mut peer = Peer::dial(&net);
    peer.send(&frame(2, b""));
    server.pass(2 * SECOND);
    peer.send(&frame(2, b""));
    server.pass(3 * SECOND - MILLISECOND);
    assert_eq!(answers(&mut peer), []);
    server.pass(2 * MILLISECOND);
    assert_eq!(answers(&mut peer), [(999, b"the deadline passed".to_vec())]);
    assert!(take(&kept, 0).is_cancelled());
    take(&kept, 0).resolve("in time");
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(2, b"in time".to_vec())],
        "the later one has a deadline of its own"
    );
    server.pass(60 * SECOND);
    let counters = server.counters();
    assert_eq!(
        (
            counters.calls_expired,
            counters.calls_open,
            counters.timers_open
        ),
        (1, 0, 0)
    );
}

#[test]
fn at_calls_max_the_link_is_not_read() {
    let link = LinkLimits {
        calls_max: 3,
        ..LinkLimits::default()
    };
    let (mut server, net, kept) = keeping_server(limits(link), |_| ());
    let mut peer = Peer::dial(&net);
    // Two below, the third at the limit, and two above it: one in the same read, one in a read of its own.
    peer.send(&[frame(2, b""), frame(2, b"")].concat());
    server.settle();
    assert_eq!(kept.borrow().len(), 2);
    peer.send(&[frame(2, b""), frame(2, b"")].concat());
    server.settle();
    peer.send(&frame(2, b""));
    server.settle();
    assert_eq!(kept.borrow().len(), 3);
    assert_eq!(server.counters().calls_open, 3);
    take(&kept, 0).resolve("one");
    server.settle();
    assert_eq!(kept.borrow().len(), 3, "one left, one came");
    while !kept.borrow().is_empty() {
        take(&kept, 0).resolve("all");
        server.settle();
    }
    assert_eq!(answers(&mut peer).len(), 5);
}

#[test]
fn a_call_answered_twice_gets_the_first_answer() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| {
                let _ = call.reply("first");
                call.reply("second")
            })
            .expect("free");
        service
            .on(2, |call| {
                let _ = call.reply("first");
                "second"
            })
            .expect("free");
        service
            .on(3, |call| drop(call.reply("only")))
            .expect("free");
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b""), frame(2, b""), frame(3, b"")].concat());
    server.settle();
    let got: Vec<Vec<u8>> = answers(&mut peer)
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    assert_eq!(got, [&b"first"[..], b"first", b"only"]);
}

#[test]
fn unknown_commands_are_counted_and_dealt_with_as_the_service_wishes() {
    for (policy, closes) in [(Unknown::Ignore, false), (Unknown::Close, true)] {
        let (mut server, net) = plain_server(|service| {
            echo(service);
            service.unknown(policy);
        });
        let mut peer = Peer::dial(&net);
        peer.send(&[frame(77, b""), frame(1, b"after")].concat());
        server.settle();
        assert_eq!(answers(&mut peer).len(), usize::from(!closes));
        assert_eq!(peer.is_ended(), closes);
        assert_eq!(server.counters().commands_unknown, 1);
    }
}

#[test]
fn hooks_see_each_call_before_and_after() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .on(2, |call| call.blocking(|| "late"))
            .expect("free");
        service.on(3, |_| Err::<(), _>("no")).expect("free");
        service.on_failure(|_, _| Remedy::Ignore);
        service.before(|call| {
            let command = call.command();
            call.state.say(format!("before {command}"));
            match call.body() {
                b"stop" => Ok(Admit::Refuse(call.reply("refused"))),
                b"fail" => Err("not today".into()),
                _ => Ok(Admit::Pass),
            }
        });
        service.after(|cx, completion| {
            let outcome = match completion.outcome {
                Outcome::Replied => "replied".into(),
                Outcome::Silent => "silent".into(),
                Outcome::Failed(error) => error.to_string(),
            };
            cx.state
                .say(format!("after {}: {outcome}", completion.command));
        });
    });
    let mut peer = Peer::dial(&net);
    peer.send(
        &[
            frame(1, b"go"),
            frame(1, b"stop"),
            frame(1, b"fail"),
            frame(2, b""),
            frame(3, b""),
        ]
        .concat(),
    );
    server.settle();
    server.work();
    server.settle();
    assert_eq!(
        server.engine.state.said[1..],
        [
            "before 1",
            "after 1: replied",
            "before 1",
            "after 1: replied",
            "before 1",
            "after 1: not today",
            "before 2",
            "before 3",
            "after 3: no",
            "after 2: replied",
        ]
    );
    assert_eq!(
        answers(&mut peer),
        [
            (1, b"go".to_vec()),
            (1, b"refused".to_vec()),
            (2, b"late".to_vec())
        ]
    );
}

#[test]
fn a_service_is_swapped_while_calls_are_in_flight() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let mut before = CommandService::new();
    before.on(1, |_| "old").expect("free");
    let kept = Kept::default();
    keep(&mut before, 2, &kept);
    before.after(|cx, completion| cx.state.say(format!("old after {}", completion.command)));
    let live = before.live();
    node.listen(DataPack::default(), live.clone());
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b""), frame(2, b"")].concat());
    node.settle();
    assert_eq!(
        live.counts().iter().map(|count| count.calls).sum::<u64>(),
        2
    );

    let mut after = CommandService::new();
    after.on(1, |_| "new").expect("free");
    assert_eq!(live.swap(after), 2);
    peer.send(&[frame(1, b""), frame(2, b"")].concat());
    take(&kept, 0).resolve("from the old");
    node.settle();
    let got: Vec<Vec<u8>> = answers(&mut peer)
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    assert_eq!(got, [&b"old"[..], b"new", b"from the old"]);
    assert_eq!(
        node.engine.state.said,
        ["old after 1", "old after 2"],
        "it finished on the service it began on"
    );
    assert_eq!(
        node.counters().commands_unknown,
        1,
        "the new service has no command 2"
    );
}

#[test]
fn a_service_swapped_by_its_own_handler_serves_the_next_frame() {
    let net = net();
    let mut node = Node::new(&net, Notes::default(), Limits::default());
    let handle: Rc<RefCell<Option<crate::service::LiveService<Notes>>>> = Rc::default();
    let mut before = CommandService::new();
    let swap = Rc::clone(&handle);
    before
        .on(1, move |call| {
            let mut after = CommandService::new();
            after.on(1, |_| "new").expect("free");
            let version = swap.borrow().as_ref().expect("set below").swap(after);
            call.reply(format!("version {version}"))
        })
        .expect("free");
    let live = before.live();
    *handle.borrow_mut() = Some(live.clone());
    node.listen(DataPack::default(), live);
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(1, b""), frame(1, b"")].concat());
    node.settle();
    let got: Vec<Vec<u8>> = answers(&mut peer)
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    assert_eq!(got, [&b"version 2"[..], b"new"]);
}

#[test]
fn ranges_and_the_catch_all_forward_what_has_no_target_of_its_own() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service
            .range(100..=199, |call| format!("range {}", call.command()))
            .expect("free");
        service
            .catch_all(|call| format!("all {}", call.command()))
            .expect("free");
        service.heartbeat(0).expect("free");
    });
    let mut peer = Peer::dial(&net);
    for command in [1, 99, 100, 199, 200, u32::MAX, 0] {
        peer.send(&frame(command, b"self"));
    }
    server.settle();
    let got: Vec<String> = answers(&mut peer)
        .into_iter()
        .map(|(_, body)| String::from_utf8(body).expect("text"))
        .collect();
    assert_eq!(
        got,
        [
            "self",
            "all 99",
            "range 100",
            "range 199",
            "all 200",
            "all 4294967295",
            ""
        ]
    );
}

#[test]
fn a_reply_over_the_frame_limit_is_the_handlers_error_and_no_broken_frame() {
    let link = LinkLimits {
        frame_out_bytes_max: 100,
        ..LinkLimits::default()
    };
    let (mut server, net) = server(limits(link), |service| {
        service
            .on(1, |call| vec![b'x'; call.body()[0] as usize])
            .expect("free");
        service.on_failure(|_, failure| Remedy::Reply {
            command: 999,
            body: failure.error.to_string().into(),
        });
    });
    let mut peer = Peer::dial(&net);
    for size in [99, 100, 101] {
        peer.send(&frame(1, &[size]));
    }
    server.settle();
    let got = answers(&mut peer);
    assert_eq!([got[0].1.len(), got[1].1.len()], [99, 100]);
    assert_eq!(
        got[2],
        (
            999,
            b"a frame of 101 bytes was to be sent; the most is 100".to_vec()
        )
    );
}

#[test]
fn a_million_pipelined_calls_answered_at_once_keep_the_stack_flat() {
    let (server, net) = plain_server(echo);
    let mut server = server;
    let mut peer = Peer::dial(&net);
    net.borrow_mut().window = usize::MAX;
    let batch = frame(1, b"").repeat(10_000);
    for _ in 0..100 {
        peer.send(&batch);
        server.settle();
        assert_eq!(peer.read().len(), batch.len());
    }
    assert_eq!(server.counters().frames_in, 1_000_000);
}

#[test]
fn a_call_that_replied_and_then_panics_or_fails_is_answered_once() {
    let (mut server, net) = plain_server(|service| {
        service
            .on(1, |call| -> Reply {
                let _ = call.reply("first");
                panic!("after the reply")
            })
            .expect("free");
        service
            .on(2, |call| {
                let _ = call.reply("first");
                Err::<(), _>("after the reply")
            })
            .expect("free");
        service.on(3, |_| "first").expect("free");
        service.after(|_, completion| {
            if completion.command == 3 {
                panic!("in a hook, after the reply");
            }
        });
        service.on_failure(|_, _| Remedy::Reply {
            command: 999,
            body: Bytes::new(),
        });
    });
    for command in [1, 2, 3] {
        let mut peer = Peer::dial(&net);
        peer.send(&frame(command, b""));
        server.settle();
        assert_eq!(
            answers(&mut peer),
            [(command, b"first".to_vec())],
            "command {command}"
        );
        assert_eq!(peer.is_ended(), command != 2, "a panic ends its link");
    }
    assert_eq!(server.counters().handlers_failed, 1);
}

#[test]
fn unknown_commands_may_be_answered_and_are_counted_all_the_same() {
    let (mut server, net) = plain_server(|service| {
        echo(service);
        service.unknown_with(|call| format!("what is {}?", call.command()));
    });
    let mut peer = Peer::dial(&net);
    peer.send(&[frame(77, b""), frame(1, b"known")].concat());
    server.settle();
    assert_eq!(
        answers(&mut peer),
        [(77, b"what is 77?".to_vec()), (1, b"known".to_vec())]
    );
    assert_eq!(server.counters().commands_unknown, 1);
}
