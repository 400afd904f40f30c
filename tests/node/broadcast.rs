//! Calls to all children of a name.

use oneloop::node::Node;
use oneloop::sim::{Crash, Node as Machine, World};

use crate::support::{
    App, Echo, Fire, Later, Never, deadline, kind, machine, millis, remote, root, secs, text,
};

/// A gate, and so many children of one name.
fn family(world: &mut World, count: u8) -> (Machine<App>, Vec<Machine<App>>) {
    let gate = machine(world, "gate", || {
        Node::new("gate").root("gate:9000", root().limits(deadline(secs(3))))
    });
    let mut calcs = Vec::new();
    for number in 0..count {
        calcs.push(machine(world, &format!("calc{number}"), move || {
            let node = Node::new("calc").instance([number; 16]);
            node.remote("gate", "gate:9000", remote())
        }));
        world.run_for(secs(1));
    }
    let _other = machine(world, "other", || {
        Node::new("other").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    (gate, calcs)
}

/// Notes the outcomes in the state: whose, and what.
macro_rules! call {
    ($world:expr, $gate:expr, $method:ty, $text:expr) => {
        $world.with($gate, |cx| {
            let all = cx.each_child("calc").call::<$method, _>(cx, text($text));
            cx.when(all, |cx, outcomes| {
                let outcomes = outcomes.expect("it does not fail");
                cx.state.told.push(format!("{} outcomes", outcomes.len()));
                for (peer, outcome) in outcomes {
                    let what = outcome.unwrap_or_else(|error| format!("! {}", kind(&error)));
                    cx.state.outcomes.push((peer.instance.0[0].into(), what));
                }
            });
        })
    };
}

#[test]
fn each_child_has_its_own_outcome() {
    let mut world = World::new(1);
    let (gate, calcs) = family(&mut world, 3);
    call!(world, &gate, Echo, "hello");
    world.run_for(millis(100));
    let hello = |number: u32| (number, "hello".to_owned());
    assert_eq!(world.state(&gate).outcomes, [hello(0), hello(1), hello(2)]);
    for calc in &calcs {
        assert_eq!(world.state(calc).served, ["hello"]);
    }
    // One is lost, another silent.
    world.state_mut(&gate).outcomes.clear();
    world.run_for(secs(1));
    world.pause("calc2");
    call!(world, &gate, Later, "100 on");
    world.run_for(millis(50));
    world.crash("calc1", Crash::Process);
    world.run_for(secs(2));
    assert_eq!(world.state(&gate).outcomes, [], "it waits for the last");
    world.run_for(secs(2));
    let state = world.state(&gate);
    assert_eq!(state.outcomes[0], (0, "100 on".into()));
    assert!(
        state.outcomes[1].1.starts_with("! io"),
        "{:?}",
        state.outcomes
    );
    assert_eq!(state.outcomes[2], (2, "! timeout".into()));
    assert_eq!(state.outcomes.len(), 3);
}

#[test]
fn nobody_is_no_failure_and_a_dropped_answer_cancels_all() {
    let mut world = World::new(1);
    let (gate, calcs) = family(&mut world, 2);
    world.with(&gate, |cx| {
        let mut none = cx.each_child("nobody").call::<Echo, _>(cx, text("x"));
        let none = none.take().expect("at once").expect("it does not fail");
        assert!(none.is_empty());
        assert_eq!(cx.each_child("nobody").send::<Fire, _>(cx, text("x")), 0);
        let all = cx.each_child("calc").call::<Never, _>(cx, text("x"));
        cx.after(secs(1), move |_| drop(all));
    });
    world.run_for(millis(900));
    for calc in &calcs {
        assert_eq!(world.state(calc).given_up(), 0);
    }
    world.run_for(millis(300));
    for calc in &calcs {
        assert_eq!(world.state(calc).given_up(), 1);
    }
    assert_eq!(world.counters(&gate).calls_open, 0);
}

#[test]
fn one_way_it_is_told_to_how_many() {
    let mut world = World::new(1);
    let (gate, calcs) = family(&mut world, 3);
    let sent = world.with(&gate, |cx| {
        let calc = cx.children("calc")[1].link;
        cx.links.close(calc);
        cx.each_child("calc").send::<Fire, _>(cx, text("on"))
    });
    assert_eq!(sent, 2, "one is going");
    world.run_for(millis(500));
    let served: usize = calcs
        .iter()
        .map(|calc| world.state(calc).served.len())
        .sum();
    assert_eq!(served, 2);
}
