//! Our client on a loop calls the official crate's server.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, Sender};

use oneloop::thrift::{Binary, Caller, Compact};
use oneloop::{Context, Deferred, Error};

use crate::hand::{self, Hand};
use crate::official::{self, BOTH, Spoken, Target};
use crate::ours::{
    EchoClient, Sample,
    echo_methods::{CheckException, NumberException},
};
use crate::sockets::PATIENCE;
use crate::theirs::EchoSyncProcessor;
use crate::values;

/// Runs `calls` on a loop with a client of a server of theirs, in each protocol.
fn over_both<R: Send + 'static>(
    calls: fn(&mut Context<'_, Hand>, &EchoClient, Told<R>),
    test: impl Fn(&Receiver<Outcome<R>>),
) {
    for spoken in BOTH {
        let address = official::serve(|| EchoSyncProcessor::new(Target::default()), spoken);
        let server = hand::serve();
        let (sender, outcomes) = mpsc::channel();
        server.ask(move |cx| {
            let client = connect(cx, address, spoken);
            calls(cx, &client, Told(sender));
        });
        test(&outcomes);
        server.stop();
    }
}

fn connect(cx: &mut Context<'_, Hand>, address: SocketAddr, spoken: Spoken) -> EchoClient {
    let address = address.to_string();
    let caller = match spoken {
        Spoken::Binary => Caller::connect::<Binary, _>(cx, address.as_str()),
        Spoken::Compact => Caller::connect::<Compact, _>(cx, address.as_str()),
    };
    EchoClient::new(caller.expect("it dials"))
}

/// A value, or the error's text.
type Outcome<R> = Result<R, String>;

/// Where outcomes are told.
struct Told<R>(Sender<Outcome<R>>);

impl<R: Send + 'static> Told<R> {
    fn when<T: 'static>(
        &self,
        cx: &mut Context<'_, Hand>,
        later: Deferred<T>,
        tell: impl FnOnce(T) -> R + 'static,
    ) {
        let sender = self.0.clone();
        cx.when(later, move |_, outcome| {
            let outcome = outcome.map(tell).map_err(|error: Error| error.to_string());
            let _ = sender.send(outcome);
        });
    }
}

fn next<R: Debug>(outcomes: &Receiver<Outcome<R>>) -> Outcome<R> {
    outcomes.recv_timeout(PATIENCE).expect("an outcome")
}

#[test]
fn the_official_server_answers_calls_that_go_before_any_reply() {
    over_both(
        |cx, client, told| {
            for number in 0..PIPELINED {
                let sum = client.sum(cx, number, 1000);
                told.when(cx, sum, |sum| sum);
            }
        },
        |outcomes| {
            for number in 0..PIPELINED {
                assert_eq!(next(outcomes), Ok(number + 1000));
            }
        },
    );
}

#[test]
fn values_of_every_type_arrive_and_come_back() {
    over_both(
        |cx, client, told| {
            for which in values::SAMPLES {
                let echoed = client.everything(cx, values::sample(which));
                told.when(cx, echoed, move |came| came == values::sample(which));
                let known = client.sample(cx, which);
                told.when(cx, known, move |came| came == values::sample(which));
                let same = client.same(cx, which, values::sample(which));
                told.when(cx, same, |same| same);
            }
            let differs = client.same(cx, Sample::LOW, values::sample(Sample::HIGH));
            told.when(cx, differs, |same| !same);
            for value in values::REALS {
                let real = client.real(cx, value);
                told.when(cx, real, move |came| came.to_bits() == value.to_bits());
            }
            for value in values::number_lists() {
                let numbers = client.numbers(cx, value.clone());
                told.when(cx, numbers, move |came| came == value);
            }
            for value in values::texts() {
                let text = client.text(cx, value.clone());
                told.when(cx, text, move |came| came == value);
            }
            for value in values::binaries() {
                let bytes = client.bytes(cx, value.clone());
                told.when(cx, bytes, move |came| came == value);
            }
        },
        |outcomes| {
            for number in 0..10 + 10 + 5 + 5 + 3 {
                assert_eq!(next(outcomes), Ok(true), "outcome {number}");
            }
        },
    );
}

#[test]
fn exceptions_failures_and_oneway_calls_are_what_they_are() {
    over_both(
        |cx, client, told| {
            let debug = |outcome: Result<(), CheckException>| format!("{outcome:?}");
            for code in 0..3 {
                let checked = client.check(cx, code);
                told.when(cx, checked, debug);
            }
            let number = client.number(cx, 1);
            told.when(cx, number, |outcome| match outcome {
                Err(NumberException::Refused(refused)) => refused.why,
                other => format!("{other:?}"),
            });
            let failed = client.fail(cx, "undeclared".into());
            told.when(cx, failed, |number| number.to_string());
            for _ in 0..3 {
                client.note(cx, "noted".into()).expect("it is sent");
            }
            let notes = client.notes(cx);
            told.when(cx, notes, |notes| notes.to_string());
            let name = client.whoami(cx);
            told.when(cx, name, |name| name);
        },
        |outcomes| {
            let checked = |outcome: Result<(), CheckException>| Ok(format!("{outcome:?}"));
            assert_eq!(next(outcomes), checked(Ok(())));
            assert_eq!(next(outcomes), checked(Err(hand::refused().into())));
            assert_eq!(next(outcomes), checked(Err(hand::missing().into())));
            assert_eq!(next(outcomes), Ok(hand::refused().why));
            let failure = next(outcomes).expect_err("it fails");
            assert!(failure.contains("undeclared"), "{failure}");
            assert_eq!(next(outcomes), Ok("3".into()));
            assert_eq!(next(outcomes), Ok("the official crate".into()));
        },
    );
}

const PIPELINED: i32 = 100;
