//! Blocking jobs on virtual threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use oneloop::sim::{Crash, Node, NodeFaults, World};
use oneloop::{Context, Error, Limits, Time};

use crate::support::{Seen, at, ms, us};

/// What became of jobs, and when.
type Outcomes = Vec<(Time, Result<u32, String>)>;

/// A node with two threads, and a queue of two before them; each job takes ten milliseconds.
fn office(world: &mut World) -> Node<Outcomes> {
    let limits = Limits {
        worker_threads_max: 2,
        worker_queue_max: 2,
        ..Limits::default()
    };
    world.set_node_faults(NodeFaults {
        job: ms(10)..=ms(10),
        ..NodeFaults::none()
    });
    let node = world.node_with_limits("office", limits, Outcomes::new, |_| Ok(()));
    node.expect("it starts")
}

fn give(cx: &mut Context<'_, Outcomes>, work: impl FnOnce() -> u32 + Send + 'static) {
    let later = cx.blocking(work);
    cx.when(later, |cx, outcome| {
        let outcome = outcome.map_err(|error: Error| error.to_string());
        let line = (cx.now(), outcome);
        cx.state.push(line);
    });
}

#[test]
fn so_many_at_once_as_there_are_threads_and_no_more_than_the_queue_holds() {
    let mut world = World::new(1);
    let node = office(&mut world);
    world.run_for(ms(1));
    let ran = Arc::new(AtomicU32::new(0));
    world.with(&node, |cx| {
        for number in 0..5 {
            let ran = Arc::clone(&ran);
            give(cx, move || {
                ran.fetch_add(1, Ordering::Relaxed);
                number
            });
        }
    });
    assert_eq!(ran.load(Ordering::Relaxed), 0, "not on the spot");
    assert_eq!(world.counters(&node).jobs_refused, 1);
    let counted = Arc::clone(&ran);
    world.run_until(move |_| counted.load(Ordering::Relaxed) == 2, ms(10));
    assert_eq!(world.now(), at(ms(11)), "two threads");
    world.run_for(ms(20));
    let outcomes = world.state(&node);
    let busy = Error::Busy.to_string();
    assert_eq!(outcomes[0].1, Err(busy), "at once");
    assert_eq!(outcomes[0].0, at(ms(1) + us(1)));
    let times: Vec<_> = outcomes[1..].iter().map(|line| line.0).collect();
    assert_eq!(times, [at(ms(11)), at(ms(11)), at(ms(21)), at(ms(21))]);
    let values: Vec<_> = outcomes[1..].iter().map(|line| line.1.clone()).collect();
    assert_eq!(values, [Ok(0), Ok(1), Ok(2), Ok(3)]);
    world.assert_quiet();
}

#[test]
fn a_job_that_panics_is_an_error_where_it_was_given() {
    let mut world = World::new(1);
    let node = office(&mut world);
    world.with(&node, |cx| give(cx, || panic!("no such file")));
    world.run_for(ms(20));
    let (_, outcome) = &world.state(&node)[0];
    let message = outcome.as_ref().expect_err("it panicked");
    assert!(message.contains("no such file"), "{message}");
    // It is an outcome and not a fault of the loop.
    assert_eq!(world.counters(&node).panics, 0);
}

#[test]
fn the_jobs_of_a_life_end_with_it() {
    let mut world = World::new(1);
    let node = office(&mut world);
    let ran = Arc::new(AtomicU32::new(0));
    world.with(&node, |cx| {
        for _ in 0..4 {
            let ran = Arc::clone(&ran);
            give(cx, move || ran.fetch_add(1, Ordering::Relaxed));
        }
    });
    world.run_for(ms(5));
    world.crash(&node, Crash::Process);
    world.restart(&node).expect("it starts");
    world.with(&node, |cx| give(cx, || 7));
    world.run_for(ms(100));
    assert_eq!(ran.load(Ordering::Relaxed), 0, "none of them ran");
    let outcomes = world.state(&node).clone();
    assert_eq!(outcomes.len(), 1, "and nobody was told of them");
    assert_eq!(
        outcomes[0].1,
        Ok(7),
        "the new life has its threads to itself"
    );
    assert_eq!(Arc::strong_count(&ran), 1, "what they held is gone");
}

#[test]
fn the_threads_of_a_node_that_stands_still_stand_still_too() {
    let mut world = World::new(1);
    let node = office(&mut world);
    world.with(&node, |cx| give(cx, || 1));
    world.pause(&node);
    world.run_for(ms(500));
    assert!(world.state(&node).is_empty());
    world.resume(&node);
    world.run_for(us(1));
    assert_eq!(world.state(&node), &[(at(ms(500)), Ok(1))]);
}

#[test]
fn a_stopping_node_waits_for_its_jobs() {
    let mut world = World::new(1);
    let node = world.node("a", Seen::default, |_| Ok(()));
    let node = node.expect("it starts");
    world.set_node_faults(NodeFaults {
        job: ms(300)..=ms(300),
        ..NodeFaults::none()
    });
    world.with(&node, |cx| {
        let later = cx.blocking(|| 3);
        cx.when(later, |cx, outcome| cx.state.count = outcome.unwrap_or(0));
    });
    world.signal(&node);
    world.run_for(ms(299));
    assert!(world.is_up(&node));
    world.run_for(ms(2));
    assert!(!world.is_up(&node));
    assert_eq!(world.state(&node).count, 3);
}
