//! Answers that come later: in the order of the calls, by their deadlines, within the bounds.

use std::time::Duration;

use oneloop::thrift::{
    ApplicationExceptionKind as Kind, MessageKind, Overload, Processor, Protocol,
};
use oneloop::{LinkLimits, Promise};

use crate::service::{
    Divide, Echo, Fire, Hand, Held, Later, Nothing, Number, Numbers, Panics, Text, processor,
};
use crate::support::{Stage, both, exception, message, result};

fn later(number: i32, wait_ms: i32) -> Numbers {
    Numbers {
        number: Some(number),
        by: Some(wait_ms),
    }
}

both! { a_call_without_a_reply_holds_up_none order deadlines promises_dropped a_dead_link bounds ends panics_behind_calls }

/// Neither before it is answered nor after; it ends by its deadline, and whoever was to answer learns of it.
fn a_call_without_a_reply_holds_up_none<P: Protocol>() {
    let mut stage = Stage::with(processor, |listen| {
        let limits = LinkLimits {
            call_deadline: Duration::from_secs(2),
            ..LinkLimits::default()
        };
        listen.limits(limits)
    });
    let mut client = stage.peer();
    let oneway =
        |sequence| message::<P, _>("held", MessageKind::Oneway, sequence, &Number::default());
    client.send(&oneway(1));
    client.send(&oneway(2));
    client.call::<P, Divide>(3, &later(8, 2));
    client.call::<P, Later>(4, &later(9, 500));
    client.send(&oneway(5));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Divide>(&reply, 3).success, Some(4));
    let first = stage.world.with(&stage.node, |cx| cx.state.held.remove(0));
    first.resolve(1);
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Later>(&reply, 4).success, Some(9 / 500));
    assert_eq!(stage.world.counters(&stage.node).calls_open, 2);
    stage.world.run_for(Duration::from_secs(3));
    let counters = stage.world.counters(&stage.node);
    assert_eq!((counters.calls_open, counters.calls_expired), (0, 2));
    let held = &stage.world.state(&stage.node).held;
    assert!(held.len() == 2 && held.iter().all(Promise::is_cancelled));
    // And the order of the others is what it was.
    client.call::<P, Later>(6, &later(8, 200));
    client.call::<P, Divide>(7, &later(9, 3));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Later>(&reply, 6).success, Some(8 / 200));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Divide>(&reply, 7).success, Some(3));
}

/// Though the first is the slowest; and what is answered at once waits as well.
fn order<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.call::<P, Later>(0, &later(300, 300));
    client.call::<P, Later>(0, &later(100, 100));
    client.call::<P, Echo>(
        0,
        &Text {
            text: Some("at once".into()),
        },
    );
    client.call::<P, Fire>(0, &Number { number: Some(1) });
    client.call::<P, Later>(0, &later(0, 0));
    client.call::<P, Divide>(0, &later(8, 2));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Later>(&reply, 0).success, Some(1));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Later>(&reply, 0).success, Some(1));
    let reply = stage.reply(&mut client);
    assert_eq!(
        result::<P, Echo>(&reply, 0).success.as_deref(),
        Some("at once")
    );
    let reply = stage.reply(&mut client);
    assert_eq!(
        result::<P, Later>(&reply, 0).zero.expect("thrown").number,
        Some(0)
    );
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Divide>(&reply, 0).success, Some(4));
    // The line is empty again: an answer goes out at once.
    client.call::<P, Divide>(0, &later(9, 3));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Divide>(&reply, 0).success, Some(3));
    assert_eq!(stage.world.counters(&stage.node).calls_open, 0);
}

fn deadlines<P: Protocol>() {
    let mut stage = Stage::with(processor, |listen| {
        let limits = LinkLimits {
            call_deadline: Duration::from_secs(2),
            ..LinkLimits::default()
        };
        listen.limits(limits)
    });
    let mut client = stage.peer();
    client.call::<P, Held>(1, &Number::default());
    stage.world.run_for(Duration::from_secs(1));
    client.call::<P, Held>(2, &Number::default());
    client.call::<P, Echo>(3, &Text::default());
    let began = stage.world.now();
    for sequence in [1, 2] {
        let reply = stage.reply(&mut client);
        assert_eq!(
            exception::<P>(&reply, "held", sequence).0,
            Kind::InternalError
        );
        let waited = stage.world.now() - began;
        let due = Duration::from_secs(sequence as u64);
        assert!(
            waited >= due && waited < due + Duration::from_millis(20),
            "{waited:?}"
        );
    }
    let reply = stage.reply(&mut client);
    result::<P, Echo>(&reply, 3);
    // Late: nothing comes of it.
    let held = std::mem::take(&mut stage.world.state_mut(&stage.node).held);
    for promise in held {
        assert!(promise.is_cancelled(), "the promise knows");
        promise.resolve(1);
    }
    client.call::<P, Echo>(4, &Text::default());
    let reply = stage.reply(&mut client);
    result::<P, Echo>(&reply, 4);
    assert_eq!(stage.world.counters(&stage.node).calls_expired, 2);
}

fn promises_dropped<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.call::<P, Held>(1, &Number::default());
    stage.world.run_for(Duration::from_millis(100));
    stage.world.with(&stage.node, |cx| cx.state.held.clear());
    let reply = stage.reply(&mut client);
    assert_eq!(exception::<P>(&reply, "held", 1).0, Kind::InternalError);
}

/// Its calls die with it, and who answers them is not heard.
fn a_dead_link<P: Protocol>() {
    let mut stage = Stage::new();
    let client = stage.peer();
    for sequence in 0..3 {
        client.call::<P, Held>(sequence, &Number::default());
    }
    stage.world.run_for(Duration::from_millis(100));
    assert_eq!(stage.world.counters(&stage.node).calls_open, 3);
    client.peer.reset();
    stage.world.run_for(Duration::from_millis(100));
    assert_eq!(stage.world.counters(&stage.node).calls_open, 0);
    stage.world.with(&stage.node, |cx| {
        for promise in std::mem::take(&mut cx.state.held) {
            assert!(promise.is_cancelled());
            promise.resolve(1);
        }
    });
    stage.assert_serves();
}

/// At `calls_max` the link is not read; and what was not read is served when there is room.
fn bounds<P: Protocol>() {
    let mut stage = Stage::with(processor, |listen| {
        let limits = LinkLimits {
            calls_max: 2,
            ..LinkLimits::default()
        };
        listen.limits(limits)
    });
    let mut client = stage.peer();
    for sequence in 0..5 {
        client.call::<P, Held>(sequence, &Number::default());
    }
    stage.world.run_for(Duration::from_millis(200));
    assert_eq!(stage.world.state(&stage.node).held.len(), 2);
    for sequence in 0..5 {
        stage
            .world
            .with(&stage.node, |cx| cx.state.held.remove(0).resolve(sequence));
        let reply = stage.reply(&mut client);
        assert_eq!(result::<P, Held>(&reply, sequence).success, Some(sequence));
        stage.world.run_for(Duration::from_millis(200));
    }
}

/// A peer that has ended its stream still has its replies.
fn ends<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.call::<P, Later>(1, &later(100, 100));
    client.call::<P, Later>(2, &later(10, 10));
    client.peer.half_close();
    for sequence in [1, 2] {
        let reply = stage.reply(&mut client);
        assert_eq!(result::<P, Later>(&reply, sequence).success, Some(1));
    }
    stage.assert_closed(&mut client);
}

/// Its exception would be taken for the answer of the call before it.
fn panics_behind_calls<P: Protocol>() {
    let mut stage = Stage::new();
    stage.world.allow_panics();
    let mut client = stage.peer();
    client.call::<P, Later>(1, &later(8, 200));
    client.call::<P, Panics>(2, &Nothing::default());
    client.call::<P, Echo>(3, &Text::default());
    // The earlier call has its answer, the one that panicked has its own behind it, and what came later has none.
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Later>(&reply, 1).success, Some(8 / 200));
    let reply = stage.reply(&mut client);
    assert_eq!(exception::<P>(&reply, "panics", 2).0, Kind::InternalError);
    stage.assert_closed(&mut client);
    stage.assert_serves();
}

/// Above the bound of all calls new links are closed at once; from four fifths of it on they are taken again.
#[test]
fn overload_refuses_links_until_it_is_over() {
    fn bounded() -> Processor<Hand> {
        processor().overload(Overload::new(100, 10))
    }
    type P = oneloop::thrift::Binary;
    let mut stage = Stage::with(bounded, |listen| listen);
    let client = stage.peer();
    let refused = |stage: &mut Stage| {
        let late = stage.peer();
        stage.world.run_for(Duration::from_millis(100));
        !late.peer.is_open()
    };
    for sequence in 0..10 {
        client.call::<P, Held>(sequence, &Number::default());
    }
    assert!(!refused(&mut stage), "at the bound");
    client.call::<P, Held>(10, &Number::default());
    stage.world.run_for(Duration::from_millis(100));
    assert!(refused(&mut stage), "above it");
    for (left, expected) in [(10, true), (9, true), (8, false), (8, false)] {
        stage.world.with(&stage.node, |cx| {
            while cx.state.held.len() > left {
                cx.state.held.remove(0).resolve(1);
            }
        });
        stage.world.run_for(Duration::from_millis(100));
        assert_eq!(refused(&mut stage), expected, "{left} left");
    }
}

#[test]
fn overload_by_links_refuses_links_until_it_is_over() {
    fn bounded() -> Processor<Hand> {
        processor().overload(Overload::new(5, 1000))
    }
    let mut stage = Stage::with(bounded, |listen| listen);
    let clients: Vec<_> = (0..5).map(|_| stage.peer()).collect();
    stage.world.run_for(Duration::from_millis(100));
    assert!(clients.iter().all(|client| client.peer.is_open()));
    let sixth = stage.peer();
    stage.world.run_for(Duration::from_millis(100));
    assert!(!sixth.peer.is_open());
    drop(sixth);
    // Four are left, which with the one that asks are five: above four fifths, so still refused; then with three they are four.
    for (leaver, expected) in [(0, false), (1, true)] {
        clients[leaver].peer.close();
        stage.world.run_for(Duration::from_millis(100));
        let asks = stage.peer();
        stage.world.run_for(Duration::from_millis(100));
        assert_eq!(asks.peer.is_open(), expected);
        asks.peer.close();
        stage.world.run_for(Duration::from_millis(100));
    }
}
