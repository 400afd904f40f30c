//! On the wire a plain call is an ordinary one: the bytes are those that Apache's library writes.

use oneloop::sim::World;
use oneloop::thrift::{
    Arguments, Binary, Compact, Kind, MessageKind, Protocol, Read, Uuid, WireLimits,
};
use oneloop::{Context, Input, Session, Verdict};
use proptest::prelude::*;

use crate::dynamic::Dynamic;
use crate::support::{PATIENCE, Stage, client, framed, message};

/// What `thrift --gen py` 0.17 and its library send for `service Sum { i64 add(1: i64 a, 2: i64 b) }` and `add(1, 2)`, and its answer.
const CALL_BINARY: &[u8] = b"\0\0\0&\x80\x01\0\x01\0\0\0\x03add\0\0\0\0\n\0\x01\0\0\0\0\0\0\0\x01\n\0\x02\0\0\0\0\0\0\0\x02\0";
const REPLY_BINARY: &[u8] = b"\x80\x01\0\x02\0\0\0\x03add\0\0\0\0\n\0\0\0\0\0\0\0\0\0\x03\0";
const CALL_COMPACT: &[u8] = b"\0\0\0\x0c\x82!\0\x03add\x16\x02\x16\x04\0";
const REPLY_COMPACT: &[u8] = b"\x82A\0\x03add\x06\0\x06\0";

#[test]
fn a_server_takes_and_gives_the_bytes_of_the_official_library() {
    for (call, expected) in [(CALL_BINARY, REPLY_BINARY), (CALL_COMPACT, REPLY_COMPACT)] {
        let mut stage = Stage::new();
        let peer = stage.peer();
        peer.send(call);
        assert_eq!(stage.frame(&peer), expected);
    }
}

/// Keeps what comes, and says nothing.
struct Recorder;

impl Session<Vec<u8>> for Recorder {
    fn received(
        &mut self,
        input: &mut Input<'_>,
        cx: &mut Context<'_, Vec<u8>>,
    ) -> oneloop::Result<Verdict> {
        while let Some([byte]) = input.take_array() {
            cx.state.push(*byte);
        }
        Ok(Verdict::Continue)
    }
}

#[test]
fn a_caller_sends_the_bytes_of_the_official_library_but_for_the_number() {
    fn sent<P: Protocol>(number_at: usize, expected: &[u8]) {
        let mut world = World::new(1);
        let recorder = world.node("server", Vec::new, |cx| {
            cx.listen("server:9090", (), || Recorder)
        });
        let recorder = recorder.expect("it starts");
        let node = client::<P>(&mut world);
        let call = world.with(&node, |cx| {
            let caller = cx.state.caller.clone().expect("it has dialled");
            caller.call_named::<i64>(cx, "add", (1_i64, 2_i64))
        });
        world.run_until(
            |world| world.state(&recorder).len() >= expected.len(),
            PATIENCE,
        );
        drop(call);
        // The first call's number, where that library says 0.
        let mut expected = expected.to_vec();
        expected[number_at] = 1;
        assert_eq!(world.state(&recorder), &expected);
    }
    sent::<Binary>(18, CALL_BINARY);
    sent::<Compact>(6, CALL_COMPACT);
}

fn written<P: Protocol, A: Arguments>(arguments: &A) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut output = P::writer(&mut bytes, WireLimits::default());
    arguments.write_struct(&mut output).expect("it is small");
    drop(output);
    bytes
}

/// Written and read again, whole; and the fields' numbers.
fn round<P: Protocol, A: Arguments>(arguments: &A) -> (A, Vec<i16>) {
    let bytes = written::<P, A>(arguments);
    let mut input = P::reader(&bytes, WireLimits::default());
    let read = A::read_struct(&mut input).expect("it was written");
    input.finish().expect("nothing behind it");
    let mut input = P::reader(&bytes, WireLimits::default());
    let Ok(Dynamic::Struct(fields)) = Dynamic::read(Kind::Struct, 9, &mut input) else {
        panic!("no struct");
    };
    (read, fields.into_iter().map(|(id, _)| id).collect())
}

#[test]
fn the_struct_is_what_is_behind_the_head_of_the_message() {
    assert_eq!(written::<Binary, _>(&(1_i64, 2_i64)), CALL_BINARY[19..]);
    assert_eq!(written::<Compact, _>(&(1_i64, 2_i64)), CALL_COMPACT[11..]);
    assert_eq!(written::<Binary, _>(&()), [0]);
    assert_eq!(written::<Binary, _>(&true), written::<Binary, _>(&(true,)));
    let fields = [(1, Dynamic::I64(1)), (2, Dynamic::I64(2))];
    let message = message::<Binary>("add", MessageKind::Call, 0, &fields);
    assert_eq!(framed(&message), CALL_BINARY);
}

proptest! {
    #[test]
    fn tuples_come_back_as_they_went(
        (a, b, c, d, e, f, g) in any::<(bool, i8, i16, i32, i64, [u8; 16], f64)>(),
        h in ".{0,9}",
        i in prop::collection::vec(any::<u8>(), 0..9),
        j in prop::collection::vec(any::<i32>(), 0..9),
        k in prop::collection::btree_map(".{0,3}", any::<i64>(), 0..5),
        l in prop::option::of(prop::collection::btree_set(any::<i16>(), 0..5)),
    ) {
        let here = |count: i16| (1..=count).collect::<Vec<_>>();
        macro_rules! come_back {
            ($($count:literal $tuple:expr;)*) => {$({
                let tuple = $tuple;
                prop_assert_eq!(round::<Binary, _>(&tuple), (tuple.clone(), here($count)));
                prop_assert_eq!(round::<Compact, _>(&tuple), (tuple, here($count)));
            })*};
        }
        come_back! {
            0 ();
            1 a;
            1 (a,);
            2 (a, b);
            3 (a, b, c);
            4 (a, b, c, d);
            5 (a, b, c, d, e);
            6 (a, b, c, d, e, Uuid(f));
            7 (a, b, c, d, e, f, g);
            8 (a, b, c, d, e, f, g, h.clone());
            9 (a, b, c, d, e, f, g, h.clone(), i.clone());
            10 (a, b, c, d, e, f, g, h.clone(), i.clone(), j.clone());
            11 (a, b, c, d, e, f, g, h.clone(), i.clone(), j.clone(), k.clone());
        }
        let ids = if l.is_some() { here(12) } else { here(11) };
        let twelve = (a, b, c, d, e, f, g, h, i, j, k, l);
        prop_assert_eq!(round::<Binary, _>(&twelve), (twelve.clone(), ids.clone()));
        prop_assert_eq!(round::<Compact, _>(&twelve), (twelve, ids));
    }

    #[test]
    fn whichever_are_absent_is_known(values in any::<(Option<i32>, Option<String>, Option<bool>, i8, Option<f64>)>()) {
        let mut ids = vec![4];
        ids.extend(values.0.map(|_| 1));
        ids.extend(values.1.as_ref().map(|_| 2));
        ids.extend(values.2.map(|_| 3));
        ids.extend(values.4.map(|_| 5));
        ids.sort_unstable();
        prop_assert_eq!(round::<Binary, _>(&values), (values.clone(), ids.clone()));
        prop_assert_eq!(round::<Compact, _>(&values), (values, ids));
    }

    #[test]
    fn any_bytes_are_arguments_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        type Taken = (i64, Option<String>, Vec<Vec<u8>>, std::collections::BTreeMap<String, bool>);
        let read = [
            Taken::read_struct(&mut Binary::reader(&bytes, WireLimits::default())),
            Taken::read_struct(&mut Compact::reader(&bytes, WireLimits::default())),
        ];
        // What was read can be written, and is the same then.
        for read in read.into_iter().flatten() {
            prop_assert_eq!(round::<Binary, _>(&read).0, read);
        }
    }
}
