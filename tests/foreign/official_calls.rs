//! The official crate's client calls our server.

use std::error::Error as StdError;

use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TMessageIdentifier, TMessageType, TOutputProtocol,
    TStructIdentifier, TType,
};
use thrift::{ApplicationErrorKind, Error, OrderedFloat, TThriftClient};

use crate::hand;
use crate::official::{self, BOTH, Client, Spoken};
use crate::theirs::{Missing, Mood, Refused, Sample, TEchoSyncClient, TGroundSyncClient};
use crate::values::{self, Theirs};
use crate::we_call::echoes;

/// Runs a test with a server of ours and a client of theirs, in each protocol.
fn over_both(test: impl Fn(&mut Client)) {
    for spoken in BOTH {
        let server = hand::serve();
        test(&mut official::client(server.ip(), spoken));
        server.stop();
    }
}

#[test]
fn every_value_comes_back_as_it_was_sent() {
    over_both(|client| {
        echoes!(client:
            flag = [true, false];
            tiny = values::TINIES;
            narrow = values::NARROWS;
            plain = values::PLAINS;
            wide = values::WIDES;
            stamp = values::WIDES;
            text = values::texts();
            bytes = values::binaries();
            mood = values::MOODS.map(|mood| mood.theirs());
            shape = values::shapes().map(|shape| shape.theirs());
            tree = values::trees().map(|tree| tree.theirs());
            numbers = values::number_lists();
            words = values::word_sets();
            flags = values::flag_maps();
            atlas = values::atlases().map(|atlas| atlas.theirs());
            options = values::options().map(|options| options.theirs());
            everything = values::SAMPLES.map(|which| values::sample(which).theirs());
        );
        for value in values::REALS {
            let came = client.real(OrderedFloat(value)).expect("a number");
            assert_eq!(came.to_bits(), value.to_bits(), "{value}");
        }
    });
}

/// So that an error which each end makes in both directions is seen as well.
#[test]
fn both_ends_know_the_same_values() {
    over_both(|client| {
        for which in values::SAMPLES {
            let name = Sample(which.0);
            let wanted = values::sample(which).theirs();
            assert_eq!(client.sample(name).expect("a value"), wanted);
            assert!(client.same(name, wanted.clone()).expect("an answer"));
            let mut other = wanted;
            other.far = Some(0x1234);
            assert!(!client.same(name, other).expect("an answer"), "{which}");
        }
        assert_eq!(client.mood(Mood(77)).expect("a number"), Mood(77));
    });
}

#[test]
fn a_field_that_is_not_sent_has_its_default_and_an_optional_one_is_absent() {
    over_both(|client| {
        let mut sent = values::options()[0].theirs();
        sent.plain = None;
        let came = client.options(sent).expect("a struct");
        assert_eq!((came.plain, came.maybe), (Some(9), None));
        assert_eq!(came.several, None);
    });
}

#[test]
fn inherited_methods_are_served_and_oneway_calls_are_counted() {
    over_both(|client| {
        assert_eq!(client.whoami().expect("a name"), "oneloop");
        assert_eq!(client.notes().expect("a number"), 0);
        for _ in 0..10 {
            client.note("é".into()).expect("it is sent");
        }
        assert_eq!(client.notes().expect("a number"), 10);
    });
}

fn thrown<T: StdError + Clone + 'static>(outcome: thrift::Result<impl Sized>) -> T {
    match outcome.map(drop) {
        Err(Error::User(exception)) => exception.downcast_ref::<T>().expect("this one").clone(),
        other => panic!("it is thrown: {other:?}"),
    }
}

#[test]
fn declared_exceptions_arrive_and_the_link_lives_on() {
    over_both(|client| {
        client.check(0).expect("all is well");
        assert_eq!(thrown::<Refused>(client.check(1)), official::refused());
        assert_eq!(thrown::<Missing>(client.check(2)), official::missing());
        assert_eq!(thrown::<Refused>(client.number(1)), official::refused());
        assert_eq!(client.number(2).expect("a number"), 2);
    });
}

#[test]
fn what_is_not_declared_is_an_internal_error_without_its_text() {
    over_both(|client| {
        match client.fail("a secret".into()) {
            Err(Error::Application(error)) => {
                assert_eq!(error.kind, ApplicationErrorKind::InternalError);
                assert!(!error.message.contains("secret"), "{}", error.message);
            }
            other => panic!("it fails: {other:?}"),
        }
        assert_eq!(client.sum(1, 2).expect("a sum"), 3);
    });
}

/// Writes a call of `left` and `right`, by the crate's protocol alone: its client waits for each reply.
fn send_call(
    output: &mut dyn TOutputProtocol,
    name: &str,
    sequence: i32,
    numbers: [i32; 2],
) -> thrift::Result<()> {
    output.write_message_begin(&TMessageIdentifier::new(name, TMessageType::Call, sequence))?;
    output.write_struct_begin(&TStructIdentifier::new("arguments"))?;
    for (id, number) in [1, 2].into_iter().zip(numbers) {
        output.write_field_begin(&TFieldIdentifier::new("number", TType::I32, id))?;
        output.write_i32(number)?;
        output.write_field_end()?;
    }
    output.write_field_stop()?;
    output.write_struct_end()?;
    output.write_message_end()?;
    output.flush()
}

/// The number, the kind of the message and the sum.
fn receive_sum(input: &mut dyn TInputProtocol) -> thrift::Result<(i32, TMessageType, i32)> {
    let head = input.read_message_begin()?;
    input.read_struct_begin()?;
    let field = input.read_field_begin()?;
    assert_eq!((field.id, field.field_type), (Some(0), TType::I32));
    let sum = input.read_i32()?;
    input.read_field_end()?;
    assert_eq!(input.read_field_begin()?.field_type, TType::Stop);
    input.read_struct_end()?;
    input.read_message_end()?;
    Ok((head.sequence_number, head.message_type, sum))
}

#[test]
fn calls_written_before_a_reply_is_read_are_answered_in_order() {
    over_both(|client| {
        for number in 0..PIPELINED {
            let output = client.o_prot_mut();
            send_call(output, "sum", number, [number, 1000]).expect("it is sent");
        }
        for number in 0..PIPELINED {
            let reply = receive_sum(client.i_prot_mut()).expect("a reply");
            assert_eq!(reply, (number, TMessageType::Reply, number + 1000));
        }
        assert_eq!(client.sum(1, 2).expect("a sum"), 3);
    });
}

#[test]
fn a_method_that_there_is_not_is_told_and_the_link_lives_on() {
    over_both(|client| {
        for number in 0..3 {
            send_call(client.o_prot_mut(), "nope", number, [1, 2]).expect("it is sent");
            let input = client.i_prot_mut();
            let head = input.read_message_begin().expect("a reply");
            assert_eq!(
                (head.name.as_str(), head.sequence_number, head.message_type),
                ("nope", number, TMessageType::Exception)
            );
            let error = Error::read_application_error_from_in_protocol(input).expect("an error");
            input.read_message_end().expect("an end");
            assert_eq!(error.kind, ApplicationErrorKind::UnknownMethod);
        }
        assert_eq!(client.sum(1, 2).expect("a sum"), 3);
    });
}

#[test]
fn several_clients_of_either_protocol_share_one_server() {
    let server = hand::serve();
    let mut clients: Vec<Client> = [BOTH, BOTH]
        .concat()
        .into_iter()
        .map(|spoken: Spoken| official::client(server.ip(), spoken))
        .collect();
    for round in 0..10 {
        for (number, client) in (round..).zip(&mut clients) {
            assert_eq!(client.sum(number, 1).expect("a sum"), number + 1);
        }
    }
    // A server that stops lets its links end by themselves first.
    drop(clients);
    server.stop();
}

const PIPELINED: i32 = 100;
