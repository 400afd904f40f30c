//! Calls both ways.

use oneloop::node::{Node, NodeLimits, Remote, Root};
use oneloop::sim::World;
use oneloop::thrift::{Functions, Method, Processor};
use oneloop::{Context, Deferred, LinkLimits, Misuse};

use crate::support::{
    Absent, Echo, Fail, Fire, Later, Never, Relay, deadline, down, machine, millis, pair,
    pair_limited, remote, root, secret, secs, text, up, watch,
};

#[test]
fn both_ends_call_each_other_over_one_link_in_any_order() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    for span in ["30", "10", "20"] {
        down::<Later>(&mut world, &gate, "calc", span);
        up::<Later>(&mut world, &calc, span);
    }
    down::<Echo>(&mut world, &gate, "calc", "hello");
    up::<Echo>(&mut world, &calc, "hello");
    world.run_for(secs(1));
    for node in [&gate, &calc] {
        let state = world.state(node);
        assert_eq!(state.texts(), ["hello", "10", "20", "30"]);
        assert_eq!(state.served.len(), 4);
        assert_eq!(state.told.len(), 1, "{:?}", state.told);
    }
    assert_eq!(world.counters("gate").links_open, 1);
}

/// A root that serves functions by name, and a child that calls them over its link.
#[test]
fn functions_are_called_by_name_both_ways() {
    fn functions() -> Processor<Vec<String>> {
        let mut functions = Functions::new();
        let add = |_: &mut Context<'_, _>, (a, b): (i64, i64)| a + b;
        functions.on("add", add).expect("free");
        let note = |cx: &mut Context<'_, Vec<String>>, text: String| cx.state.push(text);
        functions.on("note", note).expect("free");
        functions.processor()
    }
    fn told(cx: &mut Context<'_, Vec<String>>, call: Deferred<i64>) {
        cx.when(call, |cx, sum| {
            let text = match sum {
                Ok(sum) => sum.to_string(),
                Err(error) => error.to_string(),
            };
            cx.state.push(text);
        });
    }
    let mut world = World::new(1);
    let gate = world.node("gate", Vec::new, |cx| {
        let root = Root::new().secret(secret()).serve(functions());
        Node::new("gate").root("gate:9000", root).start(cx)
    });
    let calc = world.node("calc", Vec::new, |cx| {
        let remote = Remote::new().secret(secret()).serve(functions());
        Node::new("calc")
            .remote("gate", "gate:9000", remote)
            .start(cx)
    });
    let (gate, calc) = (gate.expect("starts"), calc.expect("starts"));
    world.run_for(secs(1));
    world.with(&gate, |cx| {
        let sum = cx.child("calc").call_named(cx, "add", (1_i64, 2_i64));
        told(cx, sum);
        let none = cx.child("nobody").call_named(cx, "add", (1_i64, 2_i64));
        told(cx, none);
        cx.child("calc")
            .send_named(cx, "note", "down".to_owned())
            .expect("it is up");
    });
    world.with(&calc, |cx| {
        let sum = cx.remote("gate").call_named(cx, "add", (3_i64, 4_i64));
        told(cx, sum);
        cx.remote("gate")
            .send_named(cx, "note", "up".to_owned())
            .expect("it is up");
    });
    world.run_for(secs(1));
    let mut lines = world.state(&gate).clone();
    lines.sort();
    assert_eq!(lines, ["3", "the child \"nobody\" is not there", "up"]);
    let mut lines = world.state(&calc).clone();
    lines.sort();
    assert_eq!(lines, ["7", "down"]);
}

#[test]
fn a_child_that_is_not_there_is_told_of_at_once() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    down::<Echo>(&mut world, &gate, "calc", "hello");
    world.with(&gate, |cx| {
        let sent = cx.child("calc").send::<Fire, _>(cx, text("x"));
        assert_eq!(
            sent.expect_err("nobody").to_string(),
            "the child \"calc\" is not there"
        );
        let call = cx.remote("gate").call::<Echo, _>(cx, text("x"));
        watch(cx, call);
    });
    world.run_for(millis(1));
    assert_eq!(world.state(&gate).texts(), ["! absent", "! absent"]);
}

#[test]
fn failures_have_a_type_a_code_and_a_text() {
    let mut world = World::new(1);
    let (gate, _calc) = pair(&mut world);
    for what in ["code", "busy", "text"] {
        down::<Fail>(&mut world, &gate, "calc", what);
    }
    down::<Absent>(&mut world, &gate, "calc", "");
    world.run_for(secs(1));
    assert_eq!(
        world.state(&gate).texts(),
        [
            "! application exception of type 77: no such room",
            "! application exception of type 1869349123: there is too much to do already",
            "! internal error: out of paper",
            "! unknown method: no method \"absent\"",
        ]
    );
}

#[test]
fn a_failure_goes_through_a_node_between() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    up::<Relay>(&mut world, &calc, "round");
    world.run_for(secs(1));
    assert_eq!(world.state(&calc).texts(), ["round"]);
    let net = machine(&mut world, "net", || {
        Node::new("net").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    world.signal("calc");
    world.run_for(secs(1));
    up::<Relay>(&mut world, &net, "nobody");
    world.run_for(secs(1));
    // It is not the gate that is absent.
    assert_eq!(
        world.state(&net).texts(),
        ["! application exception of type 1869349124: the child \"calc\" is not there"]
    );
    drop(gate);
}

#[test]
fn a_call_expires_at_both_ends_and_its_number_is_free_again() {
    let mut world = World::new(1);
    // The callee would give it more.
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root().limits(deadline(secs(2))))
    });
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote().limits(deadline(secs(100))))
    });
    world.run_for(secs(1));
    down::<Never>(&mut world, &gate, "calc", "one");
    world.run_for(millis(1990));
    assert_eq!(world.state(&gate).outcomes.len(), 0);
    assert_eq!(world.state(&calc).given_up(), 0);
    world.run_for(millis(20));
    assert_eq!(world.state(&gate).texts(), ["! timeout"]);
    assert_eq!(world.state(&calc).given_up(), 1, "its deadline travels");
    // And the other way round: the callee gives less.
    up::<Never>(&mut world, &calc, "two");
    world.run_for(millis(2100));
    assert_eq!(world.state(&calc).texts(), ["! timeout"]);
    assert_eq!(world.state(&gate).given_up(), 1);
    assert_eq!(world.counters("gate").calls_open, 0);
    assert_eq!(world.counters("calc").calls_open, 0);
    // Nothing but these two is wrong with the link.
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["! timeout", "on"]);
    assert_eq!(world.state(&gate).told.len(), 1);
}

#[test]
fn a_dropped_call_is_cancelled_at_the_callee() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    world.with(&gate, |cx| {
        let call = cx.child("calc").call::<Never, _>(cx, text("one"));
        cx.after(secs(1), move |_| drop(call));
    });
    world.run_for(millis(900));
    assert_eq!(world.state(&calc).given_up(), 0);
    assert_eq!(world.counters("calc").calls_open, 1);
    world.run_for(millis(200));
    assert_eq!(world.state(&calc).given_up(), 1);
    assert_eq!(world.counters("calc").calls_open, 0);
    // One that is dropped before it left is told of too.
    world.with(&gate, |cx| {
        drop(cx.child("calc").call::<Never, _>(cx, text("two")))
    });
    world.run_for(millis(100));
    assert_eq!(world.state(&calc).given_up(), 2);
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["on"]);
}

#[test]
fn one_call_too_many_is_refused_by_the_caller_and_by_the_callee() {
    let limits = |calls_max| NodeLimits {
        link: LinkLimits {
            calls_max,
            ..NodeLimits::default().link
        },
        ..NodeLimits::default()
    };
    let mut world = World::new(1);
    let (gate, calc) = pair_limited(&mut world, limits(2));
    for _ in 0..3 {
        down::<Never>(&mut world, &gate, "calc", "x");
    }
    world.run_for(secs(1));
    assert_eq!(world.state(&gate).outcomes, [(3, "! busy".into())]);
    assert_eq!(world.state(&calc).served.len(), 2);
    // A caller that may make more than the callee takes.
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits(100)))
    });
    let calc = machine(&mut world, "calc", move || {
        Node::new("calc").remote("gate", "gate:9000", remote().limits(limits(2)))
    });
    world.run_for(secs(1));
    for _ in 0..3 {
        down::<Never>(&mut world, &gate, "calc", "x");
    }
    world.run_for(secs(1));
    assert_eq!(world.state(&gate).outcomes, [(3, "! busy".into())]);
    assert_eq!(world.state(&calc).served.len(), 2);
    // It is read all the same.
    up::<Echo>(&mut world, &calc, "on");
    world.run_for(secs(1));
    assert_eq!(world.state(&calc).texts(), ["on"]);
}

#[test]
fn calls_wait_for_a_root_that_is_down_if_they_may() {
    let limits = NodeLimits {
        queued_calls_max: 3,
        ..deadline(secs(5))
    };
    let mut world = World::new(1);
    let of_calc = limits.clone();
    let calc = machine(&mut world, "calc", move || {
        Node::new("calc").remote("gate", "gate:9000", remote().limits(of_calc.clone()))
    });
    world.run_for(secs(1));
    up::<Echo>(&mut world, &calc, "too early");
    world.run_for(millis(4900));
    assert_eq!(world.state(&calc).outcomes.len(), 0);
    world.run_for(millis(200));
    assert_eq!(
        world.state(&calc).texts(),
        ["! timeout"],
        "its own deadline"
    );
    for what in ["a", "b"] {
        up::<Echo>(&mut world, &calc, what);
    }
    world.with(&calc, |cx| {
        drop(cx.remote("gate").call::<Echo, _>(cx, text("c")))
    });
    up::<Echo>(&mut world, &calc, "d");
    world.with(&calc, |cx| {
        let sent = cx.remote("gate").send::<Fire, _>(cx, text("x"));
        assert!(matches!(sent, Err(oneloop::Error::LinkClosed)));
    });
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits.clone()))
    });
    world.run_until(|world| world.state(&calc).outcomes.len() == 4, secs(30));
    assert_eq!(
        world.state(&calc).texts(),
        ["! timeout", "! busy", "a", "b"]
    );
    assert_eq!(world.state(&gate).served, ["a", "b"], "nobody waits for c");
}

#[test]
fn without_a_queue_calls_to_a_root_that_is_down_fail_at_once() {
    let mut world = World::new(1);
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    up::<Echo>(&mut world, &calc, "x");
    world.run_for(millis(1));
    assert_eq!(world.state(&calc).texts(), ["! closed"]);
    world.signal("calc");
    world.run_until(World::is_quiet, secs(20));
}

#[test]
fn several_children_of_one_name_share_calls() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let mut calcs = Vec::new();
    for (number, weight) in [(1, 1), (2, 3)] {
        calcs.push(machine(&mut world, &format!("calc{number}"), move || {
            Node::new("calc").instance([number; 16]).remote(
                "gate",
                "gate:9000",
                remote().weight(weight),
            )
        }));
        world.run_for(secs(1));
    }
    let served = |world: &World| -> Vec<usize> {
        let served = calcs.iter().map(|calc| world.state(calc).served.len());
        served.collect()
    };
    for _ in 0..4 {
        down::<Echo>(&mut world, &gate, "calc", "x");
    }
    world.run_for(secs(1));
    assert_eq!(served(&world), [2, 2]);
    for _ in 0..4 {
        world.with(&gate, |cx| {
            let call = cx.child("calc").by_weight().call::<Echo, _>(cx, text("x"));
            watch(cx, call);
        });
    }
    world.run_for(secs(1));
    assert_eq!(served(&world), [3, 5]);
    for _ in 0..3 {
        world.with(&gate, |cx| {
            let one = cx.child("calc").by_instance([1; 16]);
            let call = one.call::<Echo, _>(cx, text("x"));
            watch(cx, call);
        });
    }
    world.run_for(secs(1));
    assert_eq!(served(&world), [6, 5]);
    for _ in 0..5 {
        world.with(&gate, |cx| {
            let call = cx
                .child("calc")
                .by_key("ann")
                .call::<Echo, _>(cx, text("x"));
            watch(cx, call);
        });
    }
    world.run_for(secs(1));
    let after = served(&world);
    assert!(after == [11, 5] || after == [6, 10], "{after:?}");
    assert_eq!(world.state(&gate).outcomes.len(), 16);
}

#[test]
fn two_nodes_of_one_loop_are_each_others() {
    let mut world = World::new(1);
    let both = world.node("host", crate::support::App::default, |cx| {
        Node::new("gate").root("localhost:9000", root()).start(cx)?;
        Node::new("calc")
            .remote("gate", "localhost:9000", remote())
            .start(cx)?;
        let twin = Node::<crate::support::App>::new("calc").start(cx);
        assert!(matches!(
            twin,
            Err(oneloop::Error::Misuse(Misuse::Duplicate(_)))
        ));
        Ok(())
    });
    let both = both.expect("it starts");
    world.run_for(secs(1));
    down::<Echo>(&mut world, &both, "calc", "down");
    up::<Echo>(&mut world, &both, "up");
    world.run_for(secs(1));
    assert_eq!(world.state(&both).texts(), ["down", "up"]);
}

#[test]
fn answers_and_calls_that_do_not_fit_are_refused_and_the_link_goes_on() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    let large = "x".repeat(1_000_000);
    // Two megabytes of calls may wait to be sent.
    for _ in 0..3 {
        down::<Echo>(&mut world, &gate, "calc", &large);
    }
    world.run_for(secs(1));
    let lens = |world: &World| -> Vec<usize> {
        let outcomes = world.state(&gate).texts().into_iter().map(str::len);
        outcomes.collect()
    };
    assert_eq!(lens(&world), ["! busy".len(), 1_000_000, 1_000_000]);
    // The child's answers are not taken for a while: at once ...
    world.stall("calc", "gate", secs(4));
    for what in [Echo::NAME, Later::NAME] {
        for _ in 0..4 {
            match what {
                "echo" => down::<Echo>(&mut world, &gate, "calc", &large),
                _ => down::<Later>(&mut world, &gate, "calc", &large),
            };
            world.run_for(millis(100));
        }
    }
    world.run_for(secs(6));
    let state = world.state(&gate);
    assert_eq!(state.outcomes.len(), 11);
    let busy = state
        .texts()
        .iter()
        .filter(|text| **text == "! busy")
        .count();
    assert!((3..9).contains(&busy), "{busy}");
    assert_eq!(state.told.len(), 1, "{:?}", state.told);
    assert_eq!(world.state(&calc).told.len(), 1);
}

#[test]
fn a_target_that_panics_fails_its_own_call_and_no_other() {
    let mut world = World::new(1);
    world.allow_panics();
    let (gate, calc) = pair(&mut world);
    down::<Later>(&mut world, &gate, "calc", "100 before");
    down::<Fail>(&mut world, &gate, "calc", "as the test wants");
    down::<Echo>(&mut world, &gate, "calc", "behind");
    world.run_for(secs(1));
    assert_eq!(
        world.state(&gate).texts(),
        ["! internal error: internal error", "behind", "100 before"]
    );
    assert_eq!(world.counters("calc").panics, 1);
    assert_eq!(world.state(&calc).told.len(), 1);
}
