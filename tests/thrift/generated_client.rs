//! A generated client against the service it was generated with, both on the simulator.

use std::time::Duration;

use oneloop::sim::Node;
use oneloop::thrift::{Caller, Protocol};
use oneloop::{Context, Deferred, LinkLimits};

use crate::served::generated::{RefuseException, ServedClient};
use crate::served::processor;
use crate::support::{Stage, both};

both! { each_kind_of_call_has_its_outcome calls_have_their_own_deadlines_and_know_an_end }

/// A client's state, and what came of its calls.
#[derive(Default)]
struct App {
    served: Option<ServedClient>,
    came: Vec<String>,
}

fn served(cx: &Context<'_, App>) -> ServedClient {
    cx.state.served.clone().expect("it has dialled")
}

fn note<T: 'static>(cx: &mut Context<'_, App>, later: Deferred<T>, told: fn(T) -> String) {
    cx.when(later, move |cx, outcome| {
        cx.state.came.push(match outcome {
            Ok(value) => told(value),
            Err(error) => error.to_string(),
        });
    });
}

/// A server, and a client that has dialled it.
fn pair<P: Protocol>() -> (Stage, Node<App>) {
    let mut stage = Stage::with(processor, |listen| {
        listen.limits(LinkLimits {
            call_deadline: Duration::from_secs(3600),
            ..LinkLimits::default()
        })
    });
    let node = stage.world.node("client", App::default, |cx| {
        let caller = Caller::connect::<P, _>(cx, "server:9090")?;
        cx.state.served = Some(ServedClient::new(caller));
        Ok(())
    });
    let node = node.expect("it starts");
    (stage, node)
}

fn each_kind_of_call_has_its_outcome<P: Protocol>() {
    let (mut stage, node) = pair::<P>();
    stage.world.with(&node, |cx| {
        let served = served(cx);
        let greeted = served.greet(cx, "ann".into(), 3);
        note(cx, greeted, |text| text);
        // The parent's.
        let echoed = served.echo(cx, "hi".into());
        note(cx, echoed, |text| text);
        let refused = served.refuse(cx, "no".into());
        note(cx, refused, |outcome| match outcome {
            Ok(text) => text,
            Err(RefuseException::Refused(refused)) => format!("refused: {}", refused.why),
        });
        served.note(cx, "oneway".into()).expect("it is sent");
        let failed = served.fail(cx);
        note(cx, failed, |text| text);
    });
    stage.world.run_for(Duration::from_secs(1));
    let came = &stage.world.state(&node).came;
    assert_eq!(came[..3], ["ann 3", "hi", "refused: no"]);
    assert!(came[3].contains("internal error"), "{came:?}");
    let told = &stage.world.state(&stage.node).told;
    assert!(told.contains(&"target oneway".to_owned()), "{told:?}");
}

fn calls_have_their_own_deadlines_and_know_an_end<P: Protocol>() {
    let (mut stage, node) = pair::<P>();
    stage.world.with(&node, |cx| {
        let patient = served(cx);
        assert!(patient.caller().is_open(cx));
        let second = patient.caller().with_deadline(Duration::from_secs(1));
        let short = ServedClient::new(second);
        let late = patient.held(cx);
        note(cx, late, |text| text);
        let held = short.held(cx);
        note(cx, held, |text| text);
    });
    stage.world.run_for(Duration::from_millis(900));
    assert!(stage.world.state(&node).came.is_empty());
    stage.world.run_for(Duration::from_millis(200));
    let timeout = oneloop::Error::Timeout.to_string();
    assert_eq!(stage.world.state(&node).came, [timeout]);
    // The patient one is still there, until the server closes its link.
    stage.world.with(&node, |cx| {
        let served = served(cx);
        assert_eq!(served.caller().calls_open(), 1);
        let left = served.leave(cx, "now".into());
        note(cx, left, |text| text);
    });
    stage.world.run_for(Duration::from_secs(1));
    let came = stage.world.state(&node).came.len();
    assert_eq!(came, 3, "both have failed");
    let open = stage
        .world
        .with(&node, |cx| served(cx).caller().is_open(cx));
    assert!(!open);
}
