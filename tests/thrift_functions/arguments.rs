//! What a function is given of what comes: fields missing, more, twice, and of other types.

use oneloop::thrift::{Binary, Functions, Json, Kind, MessageKind, Protocol};
use serde::{Deserialize, Serialize};

use crate::dynamic::Dynamic;
use crate::support::{Stage, both, framed, message, text};

both! { fields_are_positions missing_is_an_error more_is_skipped another_type_is_an_error one_alone broken_arguments }

const PROTOCOL_ERROR: i32 = 7;

fn fields_are_positions<P: Protocol>() {
    let mut stage = Stage::new();
    // In any order, and the last of several.
    let fields = [
        (2, Dynamic::I64(10)),
        (1, Dynamic::I64(5)),
        (2, Dynamic::I64(20)),
    ];
    let reply = stage.call::<P>("add", &fields);
    assert_eq!(reply.result(), [(0, Dynamic::I64(25))]);
    let both = [(1, text("ann")), (2, text("dr"))];
    let reply = stage.call::<P>("greet", &both);
    assert_eq!(reply.result(), [(0, text("dr ann"))]);
    let reply = stage.call::<P>("seven", &[]);
    assert_eq!(reply.result(), [(0, Dynamic::I8(7))]);
}

fn missing_is_an_error<P: Protocol>() {
    let mut stage = Stage::new();
    let error = |position| {
        let text =
            format!("arguments.{position}: the argument did not come, and there is no default");
        (PROTOCOL_ERROR, text)
    };
    let reply = stage.call::<P>("add", &[(1, Dynamic::I64(5))]);
    assert_eq!(reply.exception(), error(2));
    let reply = stage.call::<P>("add", &[(2, Dynamic::I64(5))]);
    assert_eq!(reply.exception(), error(1));
    let reply = stage.call::<P>("add", &[]);
    assert_eq!(reply.exception(), error(1), "the first");
    // Unless the function takes an `Option`.
    let reply = stage.call::<P>("greet", &[(1, text("ann"))]);
    assert_eq!(reply.result(), [(0, text("ann"))]);
    let reply = stage.call::<P>("greet", &[(2, text("dr"))]);
    assert_eq!(reply.exception(), error(1));
    assert_eq!(stage.world.state(&stage.node).called, ["ann"]);
}

fn more_is_skipped<P: Protocol>() {
    let mut stage = Stage::new();
    let nested = Dynamic::Struct(vec![(1, Dynamic::List(Kind::I32, vec![Dynamic::I32(1)]))]);
    let fields = [
        (-3, text("before")),
        (0, Dynamic::Bool(true)),
        (1, Dynamic::I64(5)),
        (2, Dynamic::I64(6)),
        (3, nested),
        (i16::MAX, Dynamic::Bool(false)),
    ];
    let reply = stage.call::<P>("add", &fields);
    assert_eq!(reply.result(), [(0, Dynamic::I64(11))]);
    let reply = stage.call::<P>("seven", &fields);
    assert_eq!(reply.result(), [(0, Dynamic::I8(7))]);
}

fn another_type_is_an_error<P: Protocol>() {
    let mut stage = Stage::new();
    let fields = [(1, Dynamic::I64(5)), (2, Dynamic::I32(6))];
    let reply = stage.call::<P>("add", &fields);
    let error = (PROTOCOL_ERROR, "arguments.2: i32 instead of i64".to_owned());
    assert_eq!(reply.exception(), error);
    // Of an `Option` too: nobody meant `None` by it.
    let fields = [(1, text("ann")), (2, Dynamic::I8(6))];
    let reply = stage.call::<P>("greet", &fields);
    let error = (
        PROTOCOL_ERROR,
        "arguments.2: i8 instead of string".to_owned(),
    );
    assert_eq!(reply.exception(), error);
    let not_utf8 = Dynamic::String(vec![0xff]);
    let reply = stage.call::<P>("greet", &[(1, not_utf8)]);
    let error = (
        PROTOCOL_ERROR,
        "arguments.1: a string is not UTF-8".to_owned(),
    );
    assert_eq!(reply.exception(), error);
    stage.assert_serves();
}

fn one_alone<P: Protocol>() {
    let mut stage = Stage::new();
    let reply = stage.call::<P>("negate", &[(1, Dynamic::I32(5))]);
    assert_eq!(reply.result(), [(0, Dynamic::I32(-5))]);
    let reply = stage.call::<P>("root", &[(1, Dynamic::Double(9_f64.to_bits()))]);
    assert_eq!(reply.result(), [(0, Dynamic::Double(3_f64.to_bits()))]);
    let reply = stage.call::<P>("root", &[(1, Dynamic::Double((-9_f64).to_bits()))]);
    assert_eq!(reply.result(), [], "there is none");
    let reply = stage.call::<P>("note", &[(1, text("hi"))]);
    assert_eq!(reply.result(), [], "void");
    assert_eq!(stage.world.state(&stage.node).called, ["hi"]);
}

/// A cut struct is answered as with generated services, and the next frame is served.
fn broken_arguments<P: Protocol>() {
    let mut stage = Stage::new();
    let call = |fields| message::<P>("add", MessageKind::Call, 5, fields);
    let whole = call(&[(1, Dynamic::I64(5)), (2, Dynamic::I64(6))]);
    // Up to the end of the head, which no cut is in.
    let head = call(&[]).len() - 1;
    let peer = stage.peer();
    for cut in head..whole.len() {
        peer.send(&framed(&whole[..cut]));
        let (number, text) = stage.reply::<P>(&peer).exception();
        assert_eq!(number, PROTOCOL_ERROR, "{text}");
    }
    peer.send(&framed(&whole));
    let sum = stage.reply::<P>(&peer).result();
    assert_eq!(sum, [(0, Dynamic::I64(11))]);
}

/// The text of an error is bounded, whatever the peer sent.
#[test]
fn what_is_told_of_bad_arguments_is_bounded() {
    #[derive(Serialize, Deserialize)]
    enum Colour {
        Red,
    }

    let mut stage = Stage::with(|_| {
        let mut functions = Functions::new();
        let on = functions.on("paint", |_cx, Json(colour): Json<Colour>| Json(colour));
        on.expect("it is new");
        functions.processor()
    });
    let reply = stage.call::<Binary>("paint", &[(1, text("\"Red\""))]);
    assert_eq!(reply.result(), [(0, text("\"Red\""))]);
    let long = format!("\"{}\"", "é".repeat(100_000));
    let (number, told) = stage
        .call::<Binary>("paint", &[(1, text(&long))])
        .exception();
    assert_eq!((number, told.chars().count()), (PROTOCOL_ERROR, 256));
    assert!(told.starts_with("arguments.1: "), "{told}");
}
