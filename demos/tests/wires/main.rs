//! `load`'s client on a simulated network: what main runs, unchanged, against a server of echoes, good and bad ones.
//!
//! A failure says its seed, and how to replay it: with `ONELOOP_SIM_SEED=17`, or with more seeds by `ONELOOP_SIM_SEEDS=100000`.

use std::time::Duration;

use oneloop::sim::{LinkFaults, Node, NodeFaults, World, search};
use oneloop::{CommandService, Context, DataPack, Result};
use oneloop_demos::load::client::{self, Load};
use oneloop_demos::load::fault::Fault;
use oneloop_demos::load::plan::Plan;
use oneloop_demos::load::wire::Wrong;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// Longer than anything takes: connecting, warming up, measuring, and two deadlines.
const LONG: Duration = Duration::from_secs(7_200);

fn plan(world: &mut World) -> Plan {
    let random = world.random();
    Plan {
        server: "server:7000".parse().expect("an address"),
        codec: DataPack::new([78, 37, 38, 48], 9, 1),
        command: random.below(3) as u32,
        connections: random.between(1..=4) as usize,
        in_flight: random.between(1..=5) as usize,
        body_bytes: random.between(12..=120) as usize,
        warm_up: MS * random.below(5) as u32,
        measured: MS * random.between(1..=20) as u32,
        deadline: SECOND * 600,
    }
}

/// A network that is slow and loses nothing. A window of a byte would take hours: the client's deadline is for networks that are used.
fn lossless(world: &mut World) -> LinkFaults {
    let links = LinkFaults::lossless(world.random());
    LinkFaults {
        window_bytes: links.window_bytes.max(64),
        ..links
    }
}

/// The client of a plan.
fn load(world: &mut World, plan: &Plan) -> Node<Load> {
    let (limits, plan) = (plan.limits(), plan.clone());
    let make = move || Load::new(plan.clone()).expect("a plan that can be run");
    let node = world.node_with_limits("load", limits, make, client::start);
    node.expect("it starts")
}

/// A server of echoes, which does with its state's number of a request whatever `answer` does.
fn serve(
    world: &mut World,
    codec: DataPack,
    answer: fn(u64, &mut Context<'_, u64>, &mut Vec<u8>),
) -> Node<u64> {
    let start = move |cx: &mut Context<'_, u64>| {
        let mut echo = CommandService::<u64>::new();
        echo.catch_all(move |call| {
            *call.cx.state += 1;
            let (number, mut body) = (*call.cx.state, call.body().to_vec());
            answer(number, &mut call.cx, &mut body);
            call.reply(&body)
        })?;
        cx.listen("server:7000", codec.clone(), echo)?;
        Ok::<(), oneloop::Error>(())
    };
    world.node("server", || 0, start).expect("it starts")
}

/// Runs it to its end. Nothing may be left over.
#[track_caller]
fn finish(world: &mut World, load: &Node<Load>) -> (u64, Option<Fault>) {
    world.run_until(|world| world.state(load).is_done(), LONG);
    let state = world.state_mut(load);
    let replies = state.replies();
    let (measured, fault) = state.take_outcome();
    assert!(measured.replies() <= replies);
    world.run_until(|world| world.counters("load").links_open == 0, LONG);
    let counters = world.counters("load");
    assert_eq!((counters.timers_open, counters.calls_open), (0, 0));
    (replies, fault)
}

#[test]
fn on_a_lossless_network_every_reply_is_found_good() {
    let searched = search(0..150, |world| {
        let (links, nodes) = (lossless(world), NodeFaults::lossless(world.random()));
        world.set_link_faults(links);
        world.set_node_faults(nodes);
        let plan = plan(world);
        let server = serve(world, plan.codec.clone(), |_, _, _| {});
        let load = load(world, &plan);
        let (replies, fault) = finish(world, &load);
        assert!(fault.is_none(), "{fault:?}");
        assert_eq!(replies, *world.state(&server), "as many as were asked");
        assert!(replies >= (plan.connections * plan.in_flight) as u64);
    });
    eprintln!("lossless: {searched}");
}

#[test]
fn the_latency_is_that_of_the_network() {
    let mut world = World::new(1);
    world.set_link_faults(LinkFaults {
        latency: MS * 5..=MS * 5,
        ..LinkFaults::none()
    });
    let mut plan = plan(&mut world);
    (plan.connections, plan.in_flight) = (10, 2);
    (plan.warm_up, plan.measured) = (SECOND, SECOND * 10);
    serve(&mut world, plan.codec.clone(), |_, _, _| {});
    let load = load(&mut world, &plan);
    world.run_until(|world| world.state(&load).is_done(), LONG);
    let (measured, fault) = world.state_mut(&load).take_outcome();
    assert!(fault.is_none(), "{fault:?}");
    // There and back, and a few turns of a microsecond.
    let (least, most) = (measured.least(), measured.most());
    let expected = MS * 10..MS * 11;
    assert!(
        least.is_some_and(|least| expected.contains(&least)),
        "{least:?}"
    );
    assert!(
        most.is_some_and(|most| expected.contains(&most)),
        "{most:?}"
    );
    // Twenty in each ten milliseconds, for ten seconds: the warm-up is not counted.
    assert!(
        (19_000..=20_000).contains(&measured.replies()),
        "{}",
        measured.replies()
    );
    assert!(measured.span() >= SECOND * 10 && measured.span() < SECOND * 10 + MS * 10);
}

#[test]
fn a_reset_is_reported_with_what_was_outstanding() {
    let searched = search(0..150, |world| {
        let mut links = lossless(world);
        (links.reset, links.within_bytes) = (1.0, 600);
        world.set_link_faults(links);
        let mut plan = plan(world);
        plan.measured = LONG;
        serve(world, plan.codec.clone(), |_, _, _| {});
        let load = load(world, &plan);
        let (_, fault) = finish(world, &load);
        match fault {
            Some(Fault::Closed {
                outstanding,
                outstanding_in_all,
                ..
            }) => {
                assert!(outstanding <= plan.in_flight as u64);
                assert!(outstanding <= outstanding_in_all);
                assert_eq!(outstanding_in_all, world.state(&load).outstanding());
                assert!(outstanding_in_all <= (plan.connections * plan.in_flight) as u64);
            }
            Some(Fault::Connect { up, .. }) => assert!(up < plan.connections),
            other => panic!("{other:?}"),
        }
    });
    eprintln!("resets: {searched}");
}

#[test]
fn in_no_storm_a_good_server_is_said_to_answer_wrongly() {
    let searched = search(0..150, |world| {
        let links = LinkFaults::stormy(world.random());
        let mut nodes = NodeFaults::stormy(world.random());
        // The client stays: a crash would take what it knows.
        (nodes.crash_every, nodes.accept) = (None, 0.0);
        world.set_link_faults(links);
        world.set_node_faults(nodes);
        let plan = plan(world);
        serve(world, plan.codec.clone(), |_, _, _| {});
        let load = load(world, &plan);
        let (_, fault) = finish(world, &load);
        let is_of_the_network = matches!(
            fault,
            None | Some(Fault::Closed { .. } | Fault::Connect { .. } | Fault::Late { .. })
        );
        assert!(is_of_the_network, "{fault:?}");
    });
    eprintln!("storms: {searched}");
}

#[test]
fn a_bad_server_is_found_on_any_lossless_network() {
    type Answer = fn(u64, &mut Context<'_, u64>, &mut Vec<u8>);
    type Finds = fn(&Wrong) -> bool;
    let bad: [(Answer, Finds); 4] = [
        (
            |number, _, body| {
                let place = number as usize % body.len();
                body[place] ^= u8::from(number == 23);
            },
            |wrong| matches!(wrong, Wrong::Byte { .. }),
        ),
        (
            |number, _, body| body.truncate(body.len() - usize::from(number == 23)),
            |wrong| matches!(wrong, Wrong::Length { .. }),
        ),
        (
            // A push of the same is a second reply.
            |number, cx, body| {
                let link = cx.link();
                if number == 23 {
                    _ = cx.links.send(link, 1, body.as_slice());
                }
            },
            |wrong| matches!(wrong, Wrong::Doubled),
        ),
        (
            |number, cx, body| {
                let link = cx.link();
                if number == 23 {
                    _ = cx.links.send(link, 2, body.as_slice());
                }
            },
            |wrong| matches!(wrong, Wrong::Command { asked: 1, came: 2 }),
        ),
    ];
    for (answer, finds) in bad {
        search(0..40, |world| {
            let links = lossless(world);
            world.set_link_faults(links);
            let mut plan = plan(world);
            (plan.command, plan.measured) = (1, LONG);
            serve(world, plan.codec.clone(), answer);
            let load = load(world, &plan);
            let (_, fault) = finish(world, &load);
            let is_found = matches!(&fault, Some(Fault::Wrong { wrong, .. }) if finds(wrong));
            assert!(is_found, "{fault:?}");
        });
    }
}

#[test]
fn a_server_that_falls_silent_is_late_by_the_deadline() {
    let mut world = World::new(3);
    let mut plan = plan(&mut world);
    (plan.deadline, plan.measured) = (SECOND * 2, LONG);
    serve(&mut world, plan.codec.clone(), |_, _, _| {});
    let load = load(&mut world, &plan);
    world.run_for(SECOND);
    world.partition(&[&["server"], &["load"]]);
    let parted = world.now();
    world.run_until(|world| world.state(&load).is_done(), LONG);
    let took = world.now() - parted;
    assert!(
        took > SECOND * 2 - MS && took < SECOND * 2 + MS * 150,
        "{took:?}"
    );
    let most = (plan.connections * plan.in_flight) as u64;
    match world.state_mut(&load).take_outcome() {
        (
            measured,
            Some(Fault::Late {
                outstanding_in_all, ..
            }),
        ) => {
            assert_eq!(outstanding_in_all, most, "all of them");
            assert!(measured.replies() > 0 && measured.span() > SECOND);
        }
        other => panic!("{:?}", other.1),
    }
}

#[test]
fn nobody_there_is_said_at_once() -> Result<()> {
    let mut world = World::new(4);
    let plan = plan(&mut world);
    // A host without a listener.
    world.node("server", || (), |_| Ok::<(), oneloop::Error>(()))?;
    let load = load(&mut world, &plan);
    let (replies, fault) = finish(&mut world, &load);
    assert!(
        matches!(fault, Some(Fault::Connect { up: 0, .. })),
        "{fault:?}"
    );
    assert_eq!(replies, 0);
    Ok(())
}

#[test]
fn a_signal_ends_it_with_what_there_is() {
    let mut world = World::new(5);
    let plan = Plan {
        measured: LONG,
        ..plan(&mut world)
    };
    serve(&mut world, plan.codec.clone(), |_, _, _| {});
    let load = load(&mut world, &plan);
    world.run_for(SECOND);
    // As a signal does, but the node stays to be asked.
    world.with(&load, |cx| cx.stop());
    world.run_for(MS);
    if world.is_up("load") {
        let (measured, fault) = world.state_mut(&load).take_outcome();
        assert!(matches!(fault, Some(Fault::Interrupted)), "{fault:?}");
        assert!(measured.replies() > 0);
    }
}
