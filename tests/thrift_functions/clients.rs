//! Both of our clients, calling by name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Write};
use std::time::Duration;

use oneloop::thrift::{
    ApplicationExceptionKind, Binary, BlockingCaller, Bytes, CallError, Compact, Functions, Json,
    MessageKind, Multiplexed, Protocol, ProtocolErrorKind, Text, Uuid,
};

use crate::dynamic::Dynamic;
use crate::support::{Stage, both, client, framed, message, outcome, text};

both! { calls all_types errors_of_calls a_service_by_name }

fn calls<P: Protocol>() {
    let mut stage = Stage::new();
    let node = client::<P>(&mut stage.world);
    let world = &mut stage.world;
    let sum = outcome(world, &node, |caller, cx| {
        caller.call_named::<i64>(cx, "add", (1_i64, 2_i64))
    });
    assert_eq!(sum, "3");
    let alone = outcome(world, &node, |caller, cx| {
        caller.call_named::<i32>(cx, String::from("negate"), 5)
    });
    assert_eq!(alone, "-5");
    for (title, greeting) in [(None, "\"ann\""), (Some("dr".to_owned()), "\"dr ann\"")] {
        let said = outcome(world, &node, |caller, cx| {
            caller.call_named::<String>(cx, "greet", ("ann".to_owned(), title))
        });
        assert_eq!(said, greeting);
    }
    for (value, root) in [(9.0, "Some(3.0)"), (-9.0, "None")] {
        let found = outcome(world, &node, |caller, cx| {
            caller.call_named::<Option<f64>>(cx, "root", (value,))
        });
        assert_eq!(found, root);
    }
    let later = outcome(world, &node, |caller, cx| {
        caller.call_named::<i64>(cx, "later", 8_i64)
    });
    assert_eq!(later, "8");
    let void = outcome(world, &node, |caller, cx| {
        let sent = caller.send_named(cx, "note", "unheard".to_owned());
        sent.expect("it is open");
        caller.call_named::<()>(cx, "note", "heard".to_owned())
    });
    assert_eq!(void, "()");
    let called = &stage.world.state(&stage.node).called;
    assert_eq!(called[2..], ["unheard", "heard"]);
}

fn all_types<P: Protocol>() {
    type Map = BTreeMap<i16, Vec<bool>>;
    type Twelve = (
        bool,
        i8,
        i16,
        i32,
        i64,
        f64,
        String,
        Bytes,
        Uuid,
        Map,
        BTreeSet<Text>,
        Option<Vec<u8>>,
    );
    let mut stage = Stage::with(|_| {
        let mut functions = Functions::new();
        let on = functions.on("all", |_cx, all: Twelve| format!("{all:?}"));
        let on = on.expect("new").on("map", |_cx, (map,): (Map,)| map);
        let on = on
            .expect("new")
            .on("bools", |_cx, (a, b): (bool, bool)| a && !b);
        let on = on
            .expect("new")
            .on("json", |_cx, Json(pair): Json<(i32, String)>| Json(pair));
        on.expect("new");
        functions.processor()
    });
    let node = client::<P>(&mut stage.world);
    let world = &mut stage.world;
    let map = Map::from([(-1, vec![true, false]), (2, Vec::new())]);
    let all = (
        true,
        i8::MIN,
        i16::MAX,
        i32::MIN,
        i64::MAX,
        -0.5,
        "é".to_owned(),
        Bytes::from_static(b"\0\xff"),
        Uuid([7; 16]),
        map.clone(),
        BTreeSet::from([Text::from("b"), Text::from("a")]),
        Some(vec![1_u8, 2]),
    );
    let expected = format!("{:?}", format!("{all:?}"));
    let told = outcome(world, &node, |caller, cx| {
        caller.call_named::<String>(cx, "all", all)
    });
    assert_eq!(told, expected);
    let expected = format!("{map:?}");
    let told = outcome(world, &node, |caller, cx| {
        caller.call_named::<Map>(cx, "map", map)
    });
    assert_eq!(told, expected);
    let told = outcome(world, &node, |caller, cx| {
        caller.call_named::<bool>(cx, "bools", (true, false))
    });
    assert_eq!(told, "true");
    let told = outcome(world, &node, |caller, cx| {
        caller.call_named::<Json<(i32, String)>>(cx, "json", Json((1, "x".to_owned())))
    });
    assert_eq!(told, "Json((1, \"x\"))");
}

fn errors_of_calls<P: Protocol>() {
    let mut stage = Stage::new();
    let node = client::<P>(&mut stage.world);
    let world = &mut stage.world;
    let told = |world: &mut _, name: &'static str| {
        outcome(world, &node, |caller, cx| {
            caller.call_named::<i64>(cx, name, ())
        })
    };
    assert_eq!(
        told(world, "refuse"),
        "application exception of type 1001: no such room"
    );
    assert_eq!(told(world, "fail"), "internal error: internal error");
    assert_eq!(told(world, "nope"), "unknown method: no method \"nope\"");
    assert_eq!(
        told(world, "add"),
        "protocol error: arguments.1: the argument did not come, and there is no default"
    );
    assert_eq!(
        told(world, "seven"),
        "Peer(Malformed(\"result.0: i8 instead of i64\"))"
    );
    assert_eq!(told(world, "held"), "Timeout");
    // A result is there, and not wanted.
    let void = outcome(world, &node, |caller, cx| {
        caller.call_named::<()>(cx, "seven", ())
    });
    assert_eq!(void, "()");
    // A void function has no result to give.
    let none = outcome(world, &node, |caller, cx| {
        caller.call_named::<i64>(cx, "note", "x".to_owned())
    });
    assert_eq!(none, "missing result: the reply to \"note\" has no result");
    let long = outcome(world, &node, |caller, cx| {
        caller.call_named::<i64>(cx, "note", "x".repeat(2_000_000))
    });
    assert!(long.starts_with("Misuse(FrameTooLong"), "{long}");
}

fn a_service_by_name<P: Protocol>() {
    let mut stage = Stage::with(|functions| {
        let mut services = Multiplexed::new();
        let on = services.service("numbers", functions.processor());
        on.expect("new");
        services.processor()
    });
    let node = client::<P>(&mut stage.world);
    let world = &mut stage.world;
    let sum = outcome(world, &node, |caller, cx| {
        let numbers = caller.service("numbers").expect("a name");
        numbers.call_named::<i64>(cx, "add", (1_i64, 2_i64))
    });
    assert_eq!(sum, "3");
    let lost = outcome(world, &node, |caller, cx| {
        caller.call_named::<i64>(cx, "add", (1_i64, 2_i64))
    });
    assert_eq!(lost, "unknown method: no service for \"add\"");
}

/// A call that is under way fails with its link, as others do; and nothing is sent over one that is closed.
#[test]
fn calls_end_with_their_link() {
    let mut stage = Stage::new();
    let node = client::<Binary>(&mut stage.world);
    let world = &mut stage.world;
    let closed = outcome(world, &node, |caller, cx| {
        let later = caller.call_named::<i64>(cx, "held", ());
        caller.close(cx);
        later
    });
    assert_eq!(closed, "LinkClosed");
    let over = outcome(world, &node, |caller, cx| {
        let sent = caller.send_named(cx, "note", "x".to_owned());
        sent.expect_err("it is closed");
        caller.call_named::<i64>(cx, "add", (1_i64, 2_i64))
    });
    assert_eq!(over, "LinkClosed");
    world.run_for(Duration::from_secs(1));
    assert!(stage.world.state(&stage.node).called.is_empty());
}

// ---- the caller that blocks ----

/// A stream of replies that were recorded before the calls.
struct Tape {
    replies: Cursor<Vec<u8>>,
    sent: Vec<u8>,
}

impl Read for Tape {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.replies.read(room)
    }
}

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sent.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn blocking<P: Protocol>(replies: &[Vec<u8>]) -> BlockingCaller<Tape> {
    let replies: Vec<u8> = replies.iter().flat_map(|reply| framed(reply)).collect();
    BlockingCaller::over(Tape {
        replies: Cursor::new(replies),
        sent: Vec::new(),
    })
    .protocol::<P>()
}

#[test]
fn who_blocks_calls_by_name_too() {
    fn call<P: Protocol>() {
        let reply =
            |name, sequence, fields: &[_]| message::<P>(name, MessageKind::Reply, sequence, fields);
        let mut caller = blocking::<P>(&[
            reply("add", 1, &[(0, Dynamic::I64(3))]),
            reply("greet", 2, &[]),
            reply("greet", 3, &[(0, text("hi"))]),
            reply("clear", 4, &[]),
            message::<P>(
                "clear",
                MessageKind::Exception,
                5,
                &[(1, text("no")), (2, Dynamic::I32(1001))],
            ),
        ]);
        let sum = caller.call_named::<i64>("add", (1_i64, 2_i64));
        assert_eq!(sum.expect("answered"), 3);
        let none = caller.call_named::<Option<String>>("greet", ());
        assert_eq!(none.expect("answered"), None);
        let some = caller.call_named::<Option<String>>("greet", true);
        assert_eq!(some.expect("answered").as_deref(), Some("hi"));
        caller
            .send_named("clear", (None::<i32>, 4_i8))
            .expect("it is sent");
        caller.call_named::<()>("clear", ()).expect("answered");
        let error = caller.call_named::<()>("clear", ()).expect_err("refused");
        let CallError::Application(exception) = error else {
            panic!("{error}");
        };
        let kind = ApplicationExceptionKind::Other(1001);
        assert_eq!((exception.kind, &*exception.message), (kind, "no"));
        assert!(!caller.is_spent());
        let call = |name, sequence, fields: &[_]| {
            framed(&message::<P>(name, MessageKind::Call, sequence, fields))
        };
        let oneway = message::<P>("clear", MessageKind::Oneway, 0, &[(2, Dynamic::I8(4))]);
        let sent = [
            call("add", 1, &[(1, Dynamic::I64(1)), (2, Dynamic::I64(2))]),
            call("greet", 2, &[]),
            call("greet", 3, &[(1, Dynamic::Bool(true))]),
            framed(&oneway),
            call("clear", 4, &[]),
            call("clear", 5, &[]),
        ];
        assert_eq!(caller.into_stream().sent, sent.concat());
    }
    call::<Binary>();
    call::<Compact>();
}

/// A method of an interface may throw what it declares: that is a field above 0, and must not pass for a value.
#[test]
fn a_declared_exception_is_no_result() {
    let thrown = Dynamic::Struct(vec![(1, text("ouch"))]);
    let both = [(0, Dynamic::I64(3)), (1, thrown.clone())];
    let replies = [
        message::<Binary>("f", MessageKind::Reply, 1, &[(1, thrown.clone())]),
        message::<Binary>("f", MessageKind::Reply, 2, &[(1, thrown)]),
        message::<Binary>("f", MessageKind::Reply, 3, &both),
        message::<Binary>("f", MessageKind::Reply, 4, &[(-1, Dynamic::I8(0))]),
    ];
    let mut caller = blocking::<Binary>(&replies);
    let void = caller.call_named::<()>("f", ());
    let option = caller.call_named::<Option<i64>>("f", ());
    let value = caller.call_named::<i64>("f", ());
    for error in [void.err(), option.err(), value.err()] {
        let Some(CallError::Application(exception)) = error else {
            panic!("{error:?}");
        };
        assert_eq!(exception.kind, ApplicationExceptionKind::MissingResult);
    }
    caller.call_named::<()>("f", ()).expect("no exception");
}

#[test]
fn a_result_of_another_type_is_an_error() {
    let reply = message::<Compact>("f", MessageKind::Reply, 1, &[(0, Dynamic::I32(3))]);
    let mut caller = blocking::<Compact>(&[reply]);
    let error = caller.call_named::<i64>("f", ()).expect_err("an i32");
    let CallError::Protocol(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.kind(), ProtocolErrorKind::InvalidData);
    assert_eq!(error.to_string(), "result.0: i32 instead of i64");
}
