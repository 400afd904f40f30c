//! Our client that blocks calls the official crate's server; and, by way of [`program`](crate::program), those of other languages.

use std::net::SocketAddr;

use oneloop::thrift::{
    ApplicationExceptionKind, Binary, BlockingCaller, BlockingLimits, CallError, Compact,
};

use crate::hand;
use crate::official::{self, BOTH, Spoken, Target};
use crate::ours::{
    EchoBlocking,
    echo_methods::{CheckException, NumberException},
};
use crate::sockets::PATIENCE;
use crate::theirs::{EchoSyncProcessor, GroundSyncProcessor};
use crate::values;

/// Sends each of the values by the method of this name, and wants it back. A macro, since both libraries' clients have these methods.
macro_rules! echoes {
    ($client:ident: $($method:ident = $values:expr;)*) => {$(
        for value in $values {
            let came = $client.$method(value.clone()).expect(stringify!($method));
            assert!(came == value, "{}: {came:?} for {value:?}", stringify!($method));
        }
    )*};
}
pub(crate) use echoes;

/// Our client, which waits no longer than a test may.
pub(crate) fn client(address: SocketAddr, spoken: Spoken) -> EchoBlocking {
    let limits = BlockingLimits {
        connect_timeout: PATIENCE,
        read_timeout: PATIENCE,
        write_timeout: PATIENCE,
        call_deadline: PATIENCE,
        ..BlockingLimits::default()
    };
    let caller = BlockingCaller::connect_limited(address, limits).expect("it listens");
    EchoBlocking::new(match spoken {
        Spoken::Binary => caller.protocol::<Binary>(),
        Spoken::Compact => caller.protocol::<Compact>(),
    })
}

/// Everything that a server of the interface must do, whatever its library.
pub(crate) fn all_of_it(client: &mut EchoBlocking) {
    values_come_back(client);
    samples_are_known(client);
    exceptions_arrive(client);
    oneway_calls_are_counted(client);
}

fn values_come_back(client: &mut EchoBlocking) {
    echoes!(client:
        flag = [true, false];
        tiny = values::TINIES;
        narrow = values::NARROWS;
        plain = values::PLAINS;
        wide = values::WIDES;
        stamp = values::WIDES;
        text = values::texts();
        bytes = values::binaries();
        mood = values::MOODS;
        shape = values::shapes();
        tree = values::trees();
        numbers = values::number_lists();
        words = values::word_sets();
        flags = values::flag_maps();
        atlas = values::atlases();
        options = values::options();
        everything = values::SAMPLES.map(values::sample);
    );
    for value in values::REALS {
        let came = client.real(value).expect("a number");
        assert_eq!(came.to_bits(), value.to_bits(), "{value}");
    }
}

/// So that an error which each end makes in both directions is seen as well.
fn samples_are_known(client: &mut EchoBlocking) {
    for which in values::SAMPLES {
        let wanted = values::sample(which);
        assert_eq!(client.sample(which).expect("a value"), wanted);
        assert!(client.same(which, wanted.clone()).expect("an answer"));
        let mut other = wanted;
        other.far = 0x1234;
        assert!(!client.same(which, other).expect("an answer"), "{which}");
    }
}

fn exceptions_arrive(client: &mut EchoBlocking) {
    client.check(0).expect("all is well");
    match client.check(1) {
        Err(CallError::Declared(CheckException::Refused(refused))) => {
            assert_eq!(refused, hand::refused());
        }
        other => panic!("it is refused: {other:?}"),
    }
    match client.check(2) {
        Err(CallError::Declared(CheckException::Missing(missing))) => {
            assert_eq!(missing, hand::missing());
        }
        other => panic!("it is missing: {other:?}"),
    }
    match client.number(1) {
        Err(CallError::Declared(NumberException::Refused(refused))) => {
            assert_eq!(refused, hand::refused());
        }
        other => panic!("it is refused: {other:?}"),
    }
    assert_eq!(client.number(2).expect("a number"), 2);
    match client.fail("what nobody declared".into()) {
        // Which number it has is each library's own choice.
        Err(CallError::Application(_)) => {}
        other => panic!("it fails: {other:?}"),
    }
    assert_eq!(client.sum(1, 2).expect("a sum"), 3);
}

fn oneway_calls_are_counted(client: &mut EchoBlocking) {
    let before = client.notes().expect("a number");
    for _ in 0..10 {
        client.note("é".into()).expect("it is sent");
    }
    assert_eq!(client.notes().expect("a number"), before + 10);
}

#[test]
fn the_official_server_answers_our_blocking_client() {
    for spoken in BOTH {
        let address = official::serve(|| EchoSyncProcessor::new(Target::default()), spoken);
        let mut client = client(address, spoken);
        assert_eq!(client.whoami().expect("a name"), "the official crate");
        all_of_it(&mut client);
    }
}

/// The crate tells of it and then reads the arguments as if they were the next message: it closes the link, and our caller says so.
#[test]
fn a_method_that_the_official_server_has_not_is_an_error_of_that_call() {
    for spoken in BOTH {
        let address = official::serve(|| GroundSyncProcessor::new(Target::default()), spoken);
        let mut client = client(address, spoken);
        assert_eq!(client.whoami().expect("a name"), "the official crate");
        match client.sum(1, 2) {
            Err(CallError::Application(exception)) => {
                assert_eq!(exception.kind, ApplicationExceptionKind::UnknownMethod);
            }
            other => panic!("there is none: {other:?}"),
        }
        client.whoami().expect_err("the link is no good");
    }
}
