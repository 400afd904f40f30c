//! A client and a server in one world under faults from seeds: each call has exactly one outcome, and none is another's.

use oneloop::sim::{self, LinkFaults, NodeFaults, World};
use oneloop::thrift::{Binary, Compact};
use oneloop::{LinkLimits, Result};

use crate::support::{client, divide, echo, fire, later, never, secs, server};

#[test]
fn each_call_has_one_outcome_and_none_is_anothers() {
    sim::search(0..300, |world| -> Result<()> {
        let stormy = world.random().chance(0.5);
        let link = if stormy {
            LinkFaults::stormy(world.random())
        } else {
            LinkFaults::lossless(world.random())
        };
        // Nodes that live: a call of one that crashes has no outcome, nor anybody to have it.
        let host = NodeFaults::lossless(world.random());
        world.set_link_faults(link);
        world.set_node_faults(host);
        let server = server(world);
        let limits = LinkLimits {
            call_deadline: secs(20),
            calls_max: world.random().between(1..=30) as u32,
            ..LinkLimits::default()
        };
        let node = if world.random().chance(0.5) {
            client::<Binary>(world, limits)
        } else {
            client::<Compact>(world, limits)
        };
        let mut wanted: Vec<&str> = Vec::new();
        let mut dropped = 0;
        for _ in 0..world.random().between(1..=12) {
            if !world.is_up("client") {
                break;
            }
            let (kind, count) = (world.random().below(7), world.random().between(1..=8));
            for _ in 0..count {
                world.with(&node, |cx| match kind {
                    0 => {
                        divide(cx, 9, 0);
                        wanted.push("Err(ByZero { dividend: Some(9) })");
                    }
                    1 => {
                        divide(cx, 9, 2);
                        wanted.push("Ok(4)");
                    }
                    2 => {
                        never(cx);
                        wanted.push("timeout");
                    }
                    3 => {
                        let caller = cx.state.caller();
                        let text = crate::support::text("cancelled");
                        drop(caller.call::<crate::support::Echo, _>(cx, text));
                        dropped += 1;
                    }
                    4 => _ = fire(cx, 1),
                    5 => {
                        later(cx, "later");
                        wanted.push("\"later\"");
                    }
                    _ => {
                        echo(cx, "hello");
                        wanted.push("\"hello\"");
                    }
                });
            }
            let pause = world.random().between(0..=3_000);
            world.run_for(std::time::Duration::from_millis(pause));
        }
        world.run_until(
            |world| world.state(&node).outcomes.len() >= wanted.len(),
            secs(200),
        );
        let state = world.state(&node);
        let mut names: Vec<u32> = state.outcomes.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(
            names.iter().copied().eq(1..=wanted.len() as u32),
            "{names:?}"
        );
        for (name, text) in &state.outcomes {
            let good = wanted[*name as usize - 1];
            let failed = text.starts_with("io: ")
                || text.contains("in the middle of a frame")
                || ["closed", "timeout", "busy"].contains(&&**text);
            assert!(text == good || failed, "{text} for {good}");
        }
        let _ = (dropped, &server);
        world.run_for(secs(30));
        assert_eq!(world.state(&node).caller().calls_open(), 0);
        world.signal("client");
        world.signal("server");
        world.run_until(World::is_quiet, secs(300));
        Ok(())
    });
}
