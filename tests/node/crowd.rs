//! Many children that come at once, as they do when their root comes back.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::node::{Node, NodeLimits};
use oneloop::sim::{Crash, World};
use oneloop::{Context, Time};

use crate::support::{App, machine, millis, pair_limited, remote, root, secs};

/// When children came up.
type Ups = Rc<RefCell<Vec<Time>>>;

/// A gate of these limits, which notes when children come up; and so many nodes of one machine.
fn crowd(world: &mut World, limits: &NodeLimits, children: usize) -> Ups {
    let ups = Ups::default();
    let (noted, limits) = (Rc::clone(&ups), limits.clone());
    machine(world, "gate", move || {
        let ups = Rc::clone(&noted);
        let root = root().limits(limits.clone());
        let root = root.on_child_up(move |cx, _| ups.borrow_mut().push(cx.now()));
        Node::new("gate").root("gate:9000", root)
    });
    let start = move |cx: &mut Context<'_, App>| {
        for number in 0..children {
            let node = Node::new(format!("n{number}"));
            node.remote("gate", "gate:9000", remote()).start(cx)?;
        }
        Ok(())
    };
    let many = world.node("many", App::default, start);
    many.expect("it starts");
    ups
}

fn limits(child_after_min: Duration) -> NodeLimits {
    NodeLimits {
        child_after_min,
        ..NodeLimits::default()
    }
}

/// The most that came up in any 100 ms.
fn greatest(ups: &[Time]) -> usize {
    let from = |from: usize| {
        let rest = ups[from..].iter();
        rest.take_while(|up| **up < ups[from] + millis(100)).count()
    };
    (0..ups.len()).map(from).max().unwrap_or_default()
}

#[test]
fn of_500_that_come_back_at_once_a_twentieth_is_taken_in_any_100_ms_at_most() {
    let mut world = World::new(1);
    let ups = crowd(&mut world, &NodeLimits::default(), 500);
    for back in [false, true] {
        if back {
            world.crash("gate", Crash::Process);
            ups.borrow_mut().clear();
            world.restart("gate").expect("it starts");
        }
        let seen = Rc::clone(&ups);
        world.run_until(move |_| seen.borrow().len() == 500, secs(30));
        assert_eq!(ups.borrow().len(), 500, "all are up");
        assert!(greatest(&ups.borrow()) <= 25, "{}", greatest(&ups.borrow()));
        let (first, last) = (ups.borrow()[0], ups.borrow()[499]);
        assert!(last - first <= secs(5), "{:?}", last - first);
        world.run_for(secs(20));
        assert_eq!(ups.borrow().len(), 500, "and stay so");
    }
}

#[test]
fn none_waits_if_the_limit_is_zero() {
    let mut world = World::new(1);
    let ups = crowd(&mut world, &limits(Duration::ZERO), 200);
    world.run_for(secs(30));
    assert_eq!(ups.borrow().len(), 200);
    assert!(greatest(&ups.borrow()) > 100, "{}", greatest(&ups.borrow()));
}

#[test]
fn who_would_wait_too_long_is_closed_and_comes_again() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        unproven_deadline: secs(1),
        ..limits(millis(100))
    };
    let ups = crowd(&mut world, &limits, 40);
    world.run_for(secs(60));
    let ups = ups.borrow();
    assert_eq!(ups.len(), 40, "all are up in the end");
    assert!(ups.windows(2).all(|two| two[1] - two[0] >= millis(100)));
    let counters = world.counters("gate");
    assert!(counters.closed() > 0, "some were closed");
}

#[test]
fn who_waits_for_its_turn_is_not_pushed_out_by_those_who_prove_nothing() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        unproven_links_max: 2,
        ..limits(secs(1))
    };
    let (gate, _) = pair_limited(&mut world, limits);
    let late = || Node::new("late").remote("gate", "gate:9000", remote());
    machine(&mut world, "late", late);
    world.run_for(millis(100));
    assert!(world.with(&gate, |cx| cx.children("late").is_empty()));
    let crowd: Vec<_> = (0..10)
        .map(|number| world.peer(&format!("x{number}"), "gate:9000"))
        .collect();
    world.run_for(millis(1100));
    assert_eq!(world.with(&gate, |cx| cx.children("late").len()), 1);
    drop(crowd);
    assert_eq!(world.counters("late").dialled, 1, "it came once");
}
