//! Links that are lost, and nodes that come again.

use oneloop::node::{Node, NodeLimits};
use oneloop::sim::{Crash, World};

use crate::support::{
    Echo, Never, deadline, down, machine, millis, pair, pair_limited, remote, root, secs, text, up,
};

#[test]
fn a_crash_of_either_end_fails_what_is_under_way_at_once() {
    for who in ["gate", "calc"] {
        let mut world = World::new(1);
        let (gate, calc) = pair_limited(&mut world, deadline(secs(100)));
        for _ in 0..100 {
            down::<Never>(&mut world, &gate, "calc", "x");
            up::<Never>(&mut world, &calc, "x");
        }
        world.run_for(secs(1));
        world.crash(who, Crash::Process);
        world.run_for(millis(10));
        let left = if who == "gate" { &calc } else { &gate };
        let state = world.state(left);
        let mut numbers: Vec<u32> = state.outcomes.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(1..=100), "each has one outcome");
        assert!(
            state
                .texts()
                .iter()
                .all(|text| text.starts_with("! io: ") || *text == "! closed"),
            "{:?}",
            state.texts()
        );
        assert_eq!(state.given_up(), 100, "nobody waits for its answers");
        assert_eq!(state.told.len(), 2, "{:?}", state.told);
        assert!(state.told[1].starts_with("lost "), "{:?}", state.told);
        assert_eq!(world.counters(left).calls_open, 0);
        // And all is well again when it is there again.
        world.restart(who).expect("it starts");
        world.run_for(secs(11));
        up::<Echo>(&mut world, &calc, "up");
        down::<Echo>(&mut world, &gate, "calc", "down");
        world.run_for(secs(1));
        assert_eq!(world.state(&calc).texts().last(), Some(&"up"));
        assert_eq!(world.state(&gate).texts().last(), Some(&"down"));
    }
}

#[test]
fn a_silent_end_is_given_up_with_its_calls() {
    for who in ["gate", "calc"] {
        let mut world = World::new(1);
        let (gate, calc) = pair_limited(&mut world, deadline(secs(100)));
        let left = if who == "gate" { &calc } else { &gate };
        world.run_for(secs(4));
        world.crash(who, Crash::Silent);
        if who == "gate" {
            up::<Never>(&mut world, left, "x");
        } else {
            down::<Never>(&mut world, left, "calc", "x");
        }
        world.run_for(secs(9));
        assert_eq!(world.state(left).outcomes.len(), 0);
        world.run_for(secs(7));
        assert_eq!(world.state(left).texts(), ["! it gave no sign of life"]);
        let told = &world.state(left).told[1];
        assert!(told.ends_with("it gave no sign of life"), "{told}");
    }
}

#[test]
fn links_that_are_silent_but_alive_stay() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    world.run_for(secs(3600));
    assert_eq!(world.state(&gate).told.len(), 1);
    assert_eq!(world.state(&calc).told.len(), 1);
    let counters = world.counters("gate");
    // One in five seconds, each way.
    assert!((700..=750).contains(&counters.frames_in), "{counters:?}");
}

#[test]
fn a_half_open_link_does_not_keep_a_restarted_child_out() {
    let mut world = World::new(1);
    let (gate, _calc) = pair_limited(&mut world, deadline(secs(100)));
    down::<Never>(&mut world, &gate, "calc", "x");
    world.run_for(millis(500));
    world.crash("calc", Crash::Silent);
    world.restart("calc").expect("it starts");
    world.run_for(millis(200));
    let state = world.state(&gate);
    assert_eq!(state.told.len(), 3, "{:?}", state.told);
    assert!(state.told[1].ends_with("the same peer came anew, over another link"));
    assert!(state.told[2].starts_with("up calc/"));
    assert_eq!(state.texts(), ["! closed"]);
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts().last(), Some(&"on"));
}

#[test]
fn it_dials_again_ever_more_slowly_and_for_ever() {
    let mut world = World::new(1);
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    let mut dialled = Vec::new();
    for span in [1, 10, 100, 1000] {
        let before = world.counters("calc").dialled;
        world.run_for(secs(span));
        dialled.push(world.counters("calc").dialled - before);
    }
    // 100 ms, 200, 400, ..., each between half and all of it; then 5 to 10 s.
    assert!((3..=6).contains(&dialled[0]), "{dialled:?}");
    assert!((2..=6).contains(&dialled[1]), "{dialled:?}");
    assert!((9..=22).contains(&dialled[2]), "{dialled:?}");
    assert!((100..=200).contains(&dialled[3]), "{dialled:?}");
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    world.run_for(millis(10_100));
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["on"]);
    // It begins anew with a short time.
    world.reset("gate", "calc");
    world.run_for(millis(200));
    assert_eq!(
        world.state(&calc).told.len(),
        3,
        "{:?}",
        world.state(&calc).told
    );
}

#[test]
fn who_was_paused_comes_again_and_a_short_pause_is_forgiven() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    world.pause("calc");
    world.run_for(secs(9));
    world.resume("calc");
    world.run_for(secs(20));
    assert_eq!(world.state(&gate).told.len(), 1);
    world.pause("calc");
    world.run_for(secs(25));
    assert_eq!(world.state(&gate).told.len(), 2);
    world.resume("calc");
    world.run_for(secs(11));
    assert_eq!(
        world.state(&gate).told.len(),
        3,
        "{:?}",
        world.state(&gate).told
    );
    assert_eq!(
        world.state(&calc).told.len(),
        3,
        "{:?}",
        world.state(&calc).told
    );
}

#[test]
fn two_hundred_children_come_again_and_not_all_at_once() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    for number in 0..200 {
        machine(&mut world, &format!("c{number}"), move || {
            Node::new(format!("c{number}")).remote("gate", "gate:9000", remote())
        });
    }
    world.run_for(secs(11));
    world.with(&gate, |cx| assert_eq!(cx.all_children().len(), 200));
    world.crash("gate", Crash::Process);
    world.run_for(secs(30));
    world.restart("gate").expect("it starts");
    let mut counts = Vec::new();
    for _ in 0..101 {
        world.run_for(millis(100));
        counts.push(world.with(&gate, |cx| cx.all_children().len()));
    }
    assert_eq!(counts.last(), Some(&200), "within the longest time");
    let mut before = 0;
    for count in counts {
        assert!(count - before <= 25, "{} in 100 ms", count - before);
        before = count;
    }
}

#[test]
fn a_loop_that_stops_leaves_nothing_and_fails_what_waits() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        queued_calls_max: 10,
        ..NodeLimits::default()
    };
    let calc = machine(&mut world, "calc", move || {
        Node::new("calc").remote("gate", "gate:9000", remote().limits(limits.clone()))
    });
    up::<Echo>(&mut world, &calc, "x");
    world.run_for(secs(1));
    world.signal("calc");
    world.run_until(World::is_quiet, secs(20));
    let (gate, calc) = {
        world = World::new(2);
        pair(&mut world)
    };
    world.with(&calc, |cx| {
        let call = cx.remote("gate").call::<Never, _>(cx, text("x"));
        crate::support::watch(cx, call);
    });
    world.run_for(secs(1));
    world.signal("gate");
    world.run_for(secs(30));
    world.signal("calc");
    world.run_until(World::is_quiet, secs(60));
    assert_eq!(world.state(&calc).outcomes.len(), 1);
    let _ = gate;
}

#[test]
fn a_child_that_has_lost_its_link_comes_again_in_the_same_life_at_once() {
    let mut world = World::new(1);
    let (gate, calc) = pair_limited(&mut world, deadline(secs(100)));
    down::<Never>(&mut world, &gate, "calc", "x");
    world.run_for(secs(1));
    // Its system has ended the link, and the root's has not heard of it.
    world.partition(&[&["gate"], &["calc"]]);
    world.with(&calc, |cx| {
        let caller = cx.remote("gate").caller(cx).expect("there is one");
        caller.close(cx);
    });
    world.run_for(millis(10));
    world.heal();
    world.run_for(secs(2));
    let state = world.state(&gate);
    assert_eq!(state.texts(), ["! closed"]);
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts().last(), Some(&"on"));
}

#[test]
fn twins_take_each_others_place_ever_more_slowly() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    for host in ["one", "two"] {
        machine(&mut world, host, || {
            let node = Node::new("calc").instance([7; 16]).epoch(5);
            node.remote("gate", "gate:9000", remote())
        });
    }
    world.run_for(secs(120));
    for host in ["one", "two"] {
        let dialled = world.counters(host).dialled;
        assert!((2..40).contains(&dialled), "{dialled} times in two minutes");
    }
}

#[test]
fn two_roots_of_a_node_have_each_their_own_children() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate")
            .root("gate:9000", root())
            .root("gate:9001", root())
    });
    for (host, port) in [("one", 9000), ("two", 9001)] {
        machine(&mut world, host, move || {
            let node = Node::new("calc").instance([7; 16]);
            node.remote("gate", format!("gate:{port}").as_str(), remote())
        });
        world.run_for(secs(2));
    }
    assert_eq!(world.state(&gate).told.len(), 2, "both are up, and stay so");
    world.with(&gate, |cx| assert_eq!(cx.children("calc").len(), 2));
    for _ in 0..4 {
        down::<Echo>(&mut world, &gate, "calc", "x");
    }
    world.run_for(secs(1));
    assert_eq!(world.state(&gate).texts(), ["x"; 4]);
    world.crash("one", Crash::Process);
    world.run_for(secs(1));
    world.with(&gate, |cx| assert_eq!(cx.children("calc").len(), 1));
}

#[test]
fn a_hook_that_panics_keeps_nobody_from_being_told() {
    let mut world = World::new(1);
    world.allow_panics();
    let gate = machine(&mut world, "gate", || {
        let root = root().on_child_lost(|_, _, _| panic!("as the test wants"));
        Node::new("gate").root("gate:9000", root)
    });
    let _calc = machine(&mut world, "calc", || {
        Node::new("calc")
            .instance([7; 16])
            .remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    world.crash("calc", Crash::Silent);
    world.restart("calc").expect("it starts");
    world.run_for(millis(500));
    assert_eq!(world.counters("gate").panics, 1);
    let ups = world.state(&gate).told.iter();
    assert_eq!(ups.filter(|line| line.starts_with("up ")).count(), 2);
    down::<Echo>(&mut world, &gate, "calc", "on");
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["on"]);
}
