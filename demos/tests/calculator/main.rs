//! The calculator on the simulator: its service unchanged, called by the generated client of the loop.

use std::time::Duration;

use oneloop::sim::{Node, World};
use oneloop::thrift::{Binary, Caller, Compact, Protocol};
use oneloop::{Context, Deferred, Framed};
use oneloop_demos::calculator::Log;
use oneloop_demos::calculator::interface::{
    CalculateException, CalculatorClient, Operation, Work, processor,
};

#[derive(Default)]
struct Asker {
    client: Option<CalculatorClient>,
    told: Vec<String>,
}

fn stage<P: Protocol>() -> (World, Node<Log>, Node<Asker>) {
    let mut world = World::new(1);
    let server = world
        .node("server", Log::default, |cx| {
            cx.listen("server:9090", Framed::default(), processor::<Log>())
        })
        .expect("it starts");
    let asker = world
        .node("asker", Asker::default, |cx| {
            let caller = Caller::connect::<P, _>(cx, "server:9090")?;
            cx.state.client = Some(CalculatorClient::new(caller));
            Ok(())
        })
        .expect("it starts");
    (world, server, asker)
}

/// Notes what came of a call.
fn note<T: std::fmt::Debug + 'static>(cx: &mut Context<'_, Asker>, later: Deferred<T>) {
    cx.when(later, |cx, outcome| {
        let told = match outcome {
            Ok(value) => format!("{value:?}"),
            Err(error) => error.to_string(),
        };
        cx.state.told.push(told);
    });
}

fn work(num1: i32, op: Operation, num2: i32) -> Work {
    Work {
        num1,
        num2,
        op,
        comment: None,
    }
}

fn a_whole_conversation<P: Protocol>() {
    let (mut world, server, asker) = stage::<P>();
    world.with(&asker, |cx| {
        let client = cx.state.client.clone().expect("made at the start");
        // All at once: none waits for the one before it.
        let calls = [
            client.add(cx, 1, 2),
            client.add(cx, i32::MAX, 1),
            client.add(cx, -5, 2),
        ];
        for later in calls {
            note(cx, later);
        }
        let later = client.ping(cx);
        note(cx, later);
        for (logid, work) in [
            (7, work(15, Operation::SUBTRACT, 10)),
            (8, work(15, Operation::DIVIDE, 0)),
            (9, work(i32::MAX, Operation::MULTIPLY, 2)),
            (10, work(1, Operation(77), 1)),
        ] {
            let later = client.calculate(cx, logid, work).map(|result| {
                result.map_err(|CalculateException::Ouch(ouch)| {
                    format!("{}: {}", ouch.what_op, ouch.why)
                })
            });
            note(cx, later);
        }
        let later = client.get_struct(cx, 7).map(|kept| kept.value);
        note(cx, later);
        let later = client.get_struct(cx, 8).map(|kept| kept.value);
        note(cx, later);
        client.zip(cx).expect("it is sent");
    });
    world.run_for(Duration::from_secs(5));
    assert_eq!(
        world.state(&asker).told,
        [
            "3",
            "-2147483648",
            "-3",
            "()",
            "Ok(5)",
            "Err(\"4: nothing is divided by zero\")",
            "Err(\"3: the product is out of range\")",
            "Err(\"77: no such operation\")",
            "\"5\"",
            "\"\"",
        ]
    );
    assert_eq!(world.state(&server).zips(), 1);
}

#[test]
fn a_whole_conversation_in_the_binary_protocol() {
    a_whole_conversation::<Binary>();
}

#[test]
fn a_whole_conversation_in_the_compact_protocol() {
    a_whole_conversation::<Compact>();
}

#[test]
fn results_are_kept_within_a_bound() {
    let (mut world, _, asker) = stage::<Compact>();
    let most = Log::RESULTS_MAX as i32;
    // A client has a bound on its calls too.
    for first in (0..=most).step_by(100) {
        world.with(&asker, |cx| {
            let client = cx.state.client.clone().expect("made at the start");
            for logid in first..(first + 100).min(most + 1) {
                // Nobody looks at the result, and it is kept all the same.
                let later = client.calculate(cx, logid, work(logid, Operation::ADD, 0));
                cx.when(later, |_, _| {});
            }
        });
        world.run_for(Duration::from_secs(1));
    }
    world.with(&asker, |cx| {
        let client = cx.state.client.clone().expect("made at the start");
        for logid in [0, 1, most] {
            let later = client.get_struct(cx, logid).map(|kept| kept.value);
            note(cx, later);
        }
    });
    world.run_for(Duration::from_secs(30));
    assert_eq!(
        world.state(&asker).told,
        [String::from("\"\""), "\"1\"".into(), format!("\"{most}\"")]
    );
}
