//! What was found here, each by itself.

use oneloop::Limits;
use oneloop::node::Node;
use oneloop::sim::World;

use crate::book::Shared;
use crate::raw::{Raw, hello};
use crate::support::{Bounds, How, SECRET, Target, calc, call, limits, machine, millis, root};

/// A child that has broken the protocol and does not read on was called in its turn until its link was gone at last.
#[test]
fn a_child_that_was_found_at_fault_is_not_called() {
    let (mut world, book) = (World::new(1), Shared::default());
    let gate = machine(&mut world, "gate", &book, || {
        Node::new("gate").root("gate:9000", root())
    });
    let bounds = Bounds {
        loops: Limits::default(),
        links: limits(),
    };
    calc(&mut world, "calc1", &book, &bounds, [11; 16], 0);
    let mut other = hello();
    other.name = "calc".into();
    let raw = Raw::join(&mut world, "raw", &other, SECRET);
    world.run_for(millis(100));
    raw.peer.stop_reading();
    raw.send(b"\xff\xff\xff\xff");
    world.run_for(millis(10));
    let how = How {
        method: "echo",
        takes_ms: 0,
        deadline: None,
        drop_after: None,
    };
    let calls: Vec<i32> = (0..6)
        .map(|_| call(&mut world, &gate, Target::Child("calc"), how))
        .collect();
    world.run_for(millis(10));
    for number in calls {
        let outcomes = &book.borrow().calls[number as usize - 1].outcomes;
        assert!(matches!(outcomes[..], [Ok(_)]), "{number}: {outcomes:?}");
    }
}
