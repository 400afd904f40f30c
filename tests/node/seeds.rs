//! Nodes under faults from seeds: partitions, crashes, restarts, pauses, links that are cut, slow and reset.

use std::rc::Rc;

use oneloop::Result;
use oneloop::node::Node;
use oneloop::sim::{self, LinkFaults, NodeFaults, World};

use crate::raw::{CALL, frame};
use crate::support::{
    App, Echo, Later, Ledger, Never, Relay, deadline, down, machine_of, millis, remote, root, secs,
    up,
};

#[test]
fn each_call_has_one_outcome_none_is_executed_twice_and_all_heals() {
    sim::search(0..150, |world| -> Result<()> {
        let ledger = Ledger::default();
        let mut machines = vec![machine_of(world, "gate", &ledger, || {
            Node::new("gate").root("gate:9000", root().limits(deadline(secs(4))))
        })];
        // Two of one name, which keep their instance; and one that draws another in each life.
        for number in 0..3_u8 {
            machines.push(machine_of(
                world,
                &format!("c{number}"),
                &ledger,
                move || {
                    let node = match number {
                        2 => Node::new("net"),
                        _ => Node::new("calc").instance([number; 16]),
                    };
                    let mut limits = deadline(secs(4));
                    limits.queued_calls_max = usize::from(number) * 5;
                    node.remote("gate", "gate:9000", remote().limits(limits))
                },
            ));
        }
        let faults = match world.random().below(3) {
            0 => LinkFaults::none(),
            1 => LinkFaults::lossless(world.random()),
            _ => LinkFaults::stormy(world.random()),
        };
        world.set_link_faults(faults);
        let faults = NodeFaults::stormy(world.random());
        world.set_node_faults(faults);
        let mut serial = 0;
        for _ in 0..world.random().between(1..=25) {
            for _ in 0..world.random().between(1..=6) {
                let who = world.random().below(machines.len() as u64) as usize;
                let machine = &machines[who];
                if !world.is_up(machine) {
                    continue;
                }
                serial += 1;
                let text = format!("{} #{serial}", world.random().below(3000));
                let kind = world.random().below(5);
                match (who, kind) {
                    (0, 0) => down::<Never>(world, machine, "calc", &text),
                    (0, 1) => down::<Later>(world, machine, "calc", &text),
                    (0, 2) => down::<Echo>(world, machine, "net", &text),
                    (0, _) => down::<Echo>(world, machine, "calc", &text),
                    (_, 0) => up::<Never>(world, machine, &text),
                    (_, 1) => up::<Later>(world, machine, &text),
                    (2, _) => up::<Echo>(world, machine, &text),
                    (_, _) => up::<Relay>(world, machine, &format!("r{text}")),
                };
            }
            if world.random().chance(0.2) {
                let stranger = world.peer("stranger", "gate:9000");
                stranger.send(&frame("echo", CALL, 1, b"\x0b\0\x01\0\0\0\x08stranger\0"));
            }
            let pause = world.random().between(0..=3_000);
            world.run_for(millis(pause));
        }
        world.calm()?;
        // A silent link is found, then there is the longest time until it is dialled, and dialling itself.
        world.run_for(secs(15 + 10 + 10 + 5));
        for machine in &machines {
            let App { outcomes, made, .. } = world.state(machine);
            let mut numbers: Vec<u32> = outcomes.iter().map(|(number, _)| *number).collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(1..=*made), "{outcomes:?} of {made}");
            assert_eq!(world.counters(machine).calls_open, 0);
        }
        let gate = &machines[0];
        let served = Rc::clone(&ledger);
        for (text, times) in served.borrow().iter() {
            assert_ne!(text, "stranger");
            // What is relayed is served by the gate and by a child.
            let most = if text.starts_with('r') { 2 } else { 1 };
            assert!(*times <= most, "{text} {times} times");
        }
        // Everybody is reachable.
        world.with(gate, |cx| {
            assert_eq!(cx.children("calc").len(), 2);
            assert_eq!(cx.children("net").len(), 1);
        });
        for name in ["calc", "calc", "net"] {
            down::<Echo>(world, gate, name, "here");
        }
        for machine in &machines[1..] {
            up::<Echo>(world, machine, "here");
        }
        world.run_for(secs(1));
        let (state, hears) = (world.state(gate), |text: &&str| *text == "here");
        assert_eq!(
            state
                .texts()
                .iter()
                .rev()
                .take_while(|text| hears(text))
                .count(),
            3
        );
        for machine in &machines[1..] {
            assert_eq!(world.state(machine).texts().last(), Some(&"here"));
        }
        for machine in &machines {
            world.signal(machine);
        }
        world.run_until(World::is_quiet, secs(60));
        Ok(())
    });
}
