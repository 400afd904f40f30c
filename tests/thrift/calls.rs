//! A call, and what is answered.

use oneloop::LinkLimits;
use oneloop::thrift::{ApplicationExceptionKind as Kind, Multiplexed, Protocol};

use crate::service::{
    Broken, Divide, DivisionByZero, Echo, Fire, Hand, Long, Nothing, Number, Numbers, Panics, Text,
    Void, processor,
};
use crate::support::{Stage, both, exception, message, result};

fn text(text: &str) -> Text {
    Text {
        text: Some(text.into()),
    }
}

both! { values exceptions failures panics oneway unknown kinds multiplexed long_replies }

fn values<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    for (sequence, said) in [(0, ""), (1, "hi"), (-1, "é"), (i32::MIN, "x"), (1, "again")] {
        client.call::<P, Echo>(sequence, &text(said));
        let reply = stage.reply(&mut client);
        assert_eq!(
            result::<P, Echo>(&reply, sequence).success.as_deref(),
            Some(said)
        );
    }
    client.call::<P, Void>(2, &Nothing::default());
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Void>(&reply, 2), Nothing::default());
    // Arguments that did not come have their defaults.
    client.call::<P, Echo>(3, &Text::default());
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Echo>(&reply, 3).success.as_deref(), Some(""));
}

fn exceptions<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    let numbers = |number, by| Numbers {
        number: Some(number),
        by: Some(by),
    };
    client.call::<P, Divide>(1, &numbers(12, 4));
    client.call::<P, Divide>(2, &numbers(12, 0));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Divide>(&reply, 1).success, Some(3));
    let reply = stage.reply(&mut client);
    let refused = result::<P, Divide>(&reply, 2);
    assert_eq!(refused.success, None);
    assert_eq!(refused.zero, Some(DivisionByZero { number: Some(12) }));
}

fn failures<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    for number in [0, 1, 2] {
        client.call::<P, Broken>(
            9,
            &Number {
                number: Some(number),
            },
        );
        let reply = stage.reply(&mut client);
        let (kind, text) = exception::<P>(&reply, "broken", 9);
        assert_eq!(kind, Kind::InternalError);
        assert!(!text.contains("swordfish"), "{text}");
    }
    // The link lives.
    client.call::<P, Void>(10, &Nothing::default());
    let reply = stage.reply(&mut client);
    result::<P, Void>(&reply, 10);
}

fn panics<P: Protocol>() {
    let mut stage = Stage::new();
    stage.world.allow_panics();
    let mut client = stage.peer();
    client.call::<P, Panics>(9, &Nothing::default());
    let reply = stage.reply(&mut client);
    let (kind, text) = exception::<P>(&reply, "panics", 9);
    assert_eq!(kind, Kind::InternalError);
    assert!(!text.contains("swordfish"), "{text}");
    stage.assert_closed(&mut client);
    stage.assert_serves();
}

fn oneway<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    let arguments = Number { number: Some(5) };
    client.call::<P, Fire>(1, &arguments);
    // As a call it is served the same, and answered as little.
    let called = message::<P, _>("fire", oneloop::thrift::MessageKind::Call, 2, &arguments);
    client.send(&called);
    // And a method with a result, sent one way, answers nothing.
    let sent = message::<P, _>(
        "echo",
        oneloop::thrift::MessageKind::Oneway,
        3,
        &text("unheard"),
    );
    client.send(&sent);
    client.call::<P, Echo>(4, &text("heard"));
    let reply = stage.reply(&mut client);
    assert_eq!(
        result::<P, Echo>(&reply, 4).success.as_deref(),
        Some("heard")
    );
    assert_eq!(stage.world.state(&stage.node).fired, [5, 5]);
}

fn unknown<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    for kind in [
        oneloop::thrift::MessageKind::Oneway,
        oneloop::thrift::MessageKind::Call,
    ] {
        client.send(&message::<P, _>("nope", kind, 7, &text("skipped")));
    }
    let reply = stage.reply(&mut client);
    let (kind, words) = exception::<P>(&reply, "nope", 7);
    assert_eq!(kind, Kind::UnknownMethod);
    assert!(words.contains("nope"), "{words}");
    let long = "n".repeat(100_000);
    client.send(&message::<P, _>(
        &long,
        oneloop::thrift::MessageKind::Call,
        8,
        &Nothing::default(),
    ));
    let reply = stage.reply(&mut client);
    let (_, words) = exception::<P>(&reply, &long, 8);
    assert!(words.len() < 200, "the name is not told twice over");
    client.call::<P, Echo>(9, &text("on"));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Echo>(&reply, 9).success.as_deref(), Some("on"));
}

/// What is no call is told so.
fn kinds<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    use oneloop::thrift::MessageKind as Message;
    for kind in [Message::Reply, Message::Exception] {
        client.send(&message::<P, _>("echo", kind, 3, &text("what")));
        let reply = stage.reply(&mut client);
        let (kind, _) = exception::<P>(&reply, "echo", 3);
        assert_eq!(kind, Kind::InvalidMessageType);
    }
    client.call::<P, Echo>(9, &text("on"));
    let reply = stage.reply(&mut client);
    assert_eq!(result::<P, Echo>(&reply, 9).success.as_deref(), Some("on"));
}

fn multiplexed<P: Protocol>() {
    fn both_services() -> oneloop::thrift::Processor<Hand> {
        let mut services = Multiplexed::new();
        services.service("hand", processor()).expect("free");
        assert!(services.service("hand", processor()).is_err(), "taken");
        assert!(services.service("a:b", processor()).is_err(), "a colon");
        services.default_service(processor());
        services.processor()
    }
    let mut stage = Stage::with(both_services, |listen| listen);
    let mut client = stage.peer();
    let call = oneloop::thrift::MessageKind::Call;
    client.send(&message::<P, _>("hand:echo", call, 1, &text("by name")));
    let reply = stage.reply(&mut client);
    // The reply has the method's name alone.
    assert_eq!(
        result::<P, Echo>(&reply, 1).success.as_deref(),
        Some("by name")
    );
    client.call::<P, Echo>(2, &text("by default"));
    let reply = stage.reply(&mut client);
    assert_eq!(
        result::<P, Echo>(&reply, 2).success.as_deref(),
        Some("by default")
    );
    client.send(&message::<P, _>("foot:echo", call, 3, &text("nobody")));
    let reply = stage.reply(&mut client);
    assert_eq!(
        exception::<P>(&reply, "foot:echo", 3).0,
        Kind::UnknownMethod
    );
    client.send(&message::<P, _>("hand:nope", call, 4, &text("nobody")));
    let reply = stage.reply(&mut client);
    assert_eq!(exception::<P>(&reply, "nope", 4).0, Kind::UnknownMethod);
}

/// A reply over the frame limit is the method's failure.
fn long_replies<P: Protocol>() {
    let mut stage = Stage::with(processor, |listen| {
        let limits = LinkLimits {
            frame_out_bytes_max: 10_000,
            ..LinkLimits::default()
        };
        listen.limits(limits)
    });
    let mut client = stage.peer();
    // What a reply has besides its text.
    client.call::<P, Long>(1, &Number { number: Some(200) });
    let besides = stage.reply(&mut client).len() - 200;
    for (length, fits) in [(9_999, true), (10_000, true), (10_001, false)] {
        let number = Some((length - besides) as i32);
        client.call::<P, Long>(1, &Number { number });
        let reply = stage.reply(&mut client);
        if fits {
            assert_eq!(reply.len(), length);
        } else {
            assert_eq!(exception::<P>(&reply, "long", 1).0, Kind::InternalError);
        }
    }
}
