//! One test for each fault that was found.

use oneloop::node::{Node, NodeLimits, Remote};
use oneloop::sim::World;
use oneloop::thrift::{
    Answer, ApplicationException, ApplicationExceptionKind, Incoming, Method, NoException, Process,
    Processor, Protocol, Served, ServerEvents,
};
use oneloop::{Context, LinkId, Result};

use crate::raw::{CALL, ONEWAY, Raw, frame, hello};
use crate::support::{
    App, Echo, Never, Outcome, Text, Work, deadline, down, machine, millis, pair, pair_limited,
    remote, root, secs, text, up, watch,
};

const SECRET: &[u8] = b"correct horse battery staple";

/// Whose failures repeat what they were called with, as "no such room: ..." would.
struct Quotes;

impl Process<App> for Quotes {
    const SHARES: bool = false;

    fn process<P: Protocol>(call: &mut Incoming<'_, '_, App, P>) -> Result<Served> {
        match call.name() {
            b"echo" => call.serve::<Echo>(|_, arguments| {
                let message = format!("no such room: {}", arguments.0.unwrap_or_default());
                Answer::failed(ApplicationException::new(
                    ApplicationExceptionKind::Other(77),
                    message,
                ))
            }),
            _ => Work::process(call),
        }
    }
}

/// One long text of an exception ends the link, and with it every other call.
#[test]
fn a_long_exception_fails_its_own_call_and_no_other() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let calc = machine(&mut world, "calc", || {
        let served = remote().serve(Processor::of::<Quotes>());
        Node::new("calc").remote("gate", "gate:9000", served)
    });
    world.run_for(secs(1));
    down::<Never>(&mut world, &gate, "calc", "innocent");
    let long = "x".repeat((1 << 20) - 35);
    down::<Echo>(&mut world, &gate, "calc", &long);
    world.run_for(secs(1));
    let texts: Vec<String> = world
        .state(&gate)
        .outcomes
        .iter()
        .map(|(number, text)| format!("{number}: {}", &text[..text.len().min(60)]))
        .collect();
    assert_eq!(
        world.state(&calc).told.len(),
        1,
        "{:?}",
        world.state(&calc).told
    );
    assert_eq!(texts.len(), 1, "{texts:?}");
}

enum LaterOneway {}

impl Method for LaterOneway {
    const NAME: &'static str = "later";
    const FULL_NAME: &'static str = "Work.later";
    const ONEWAY: bool = true;
    type Arguments = Text;
    type Output = ();
    type Exception = NoException;
    type Result = Outcome;

    fn outcome(_: Outcome) -> Option<std::result::Result<(), NoException>> {
        Some(Ok(()))
    }
}

/// Oneway calls that are done later count as something sent, though nothing is: no sign of life is given, and the link dies.
#[test]
fn oneway_calls_done_later_do_not_keep_signs_of_life_back() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    for _ in 0..60 {
        world.with(&calc, |cx| {
            cx.remote("gate")
                .send::<LaterOneway, _>(cx, text("1 x"))
                .ok();
        });
        world.run_for(secs(1));
    }
    assert_eq!(world.state(&calc).told, ["up gate"]);
    assert_eq!(world.state(&gate).told.len(), 1);
}

/// The same by cancels of calls that there are not.
#[test]
fn cancels_of_nothing_do_not_keep_signs_of_life_back() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let mut hello = hello();
    hello.heartbeat_ms = 1000;
    let mut raw = Raw::join(&mut world, "raw", &hello, SECRET);
    for _ in 0..20 {
        raw.send(&frame(
            "oneloop:cancel",
            ONEWAY,
            0,
            b"\x08\0\x01\0\0\0\x07\0",
        ));
        world.run_for(millis(500));
    }
    assert!(
        raw.next_within(&mut world, 0).is_some(),
        "no sign of life in 10 s"
    );
}

/// Who is refused is out of the waiting room and keeps its link.
#[test]
fn links_that_were_refused_are_bounded_as_well() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        unproven_links_max: 3,
        ..NodeLimits::default()
    };
    let _gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits.clone()))
    });
    let mut bad = hello();
    bad.version = 2;
    let mut raws = Vec::new();
    for _ in 0..200 {
        let raw = Raw::dial(&mut world, "stranger");
        raw.send(&bad.frame());
        world.run_for(millis(10));
        raws.push(raw);
    }
    let open = world.counters("gate").links_open;
    assert!(open <= 3, "{open} links of strangers");
}

/// A few silent strangers who come again keep every child out, for as long as they like.
#[test]
fn strangers_do_not_keep_children_out() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        unproven_links_max: 3,
        ..NodeLimits::default()
    };
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits.clone()))
    });
    let mut raws: Vec<Raw> = (0..20).map(|_| Raw::dial(&mut world, "stranger")).collect();
    let _calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    for _ in 0..12_000 {
        for raw in &mut raws {
            if raw.peer.end().is_some() {
                *raw = Raw::dial(&mut world, "stranger");
            }
        }
        world.run_for(millis(5));
    }
    let children = world.with(&gate, |cx| cx.children("calc").len());
    assert_eq!(children, 1, "not in a minute");
}

/// A child whose stream has ended takes calls no more, and has its turn all the same.
#[test]
fn a_child_that_is_going_is_not_called() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let _calc = machine(&mut world, "calc", || {
        Node::new("raw").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    let raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    // It has a call open, and ends.
    raw.send(&frame("never", CALL, 1, b"\x0b\0\x01\0\0\0\x02hi\0"));
    world.run_for(millis(100));
    raw.peer.half_close();
    world.run_for(millis(100));
    for _ in 0..4 {
        down::<Echo>(&mut world, &gate, "raw", "on");
    }
    world.run_for(millis(100));
    assert_eq!(world.state(&gate).texts(), ["on"; 4]);
}

/// The root's process is gone (its system ends the stream); the child goes on with the root's calls before it dials again, and does not
/// let its own wait meanwhile.
#[test]
fn a_root_that_is_gone_is_dialled_again_at_once() {
    let mut world = World::new(1);
    let limits = NodeLimits {
        queued_calls_max: 10,
        ..deadline(secs(14))
    };
    let (gate, calc) = pair_limited(&mut world, limits);
    down::<Never>(&mut world, &gate, "calc", "open");
    world.run_for(millis(100));
    world.half_close("gate", "calc");
    world.run_for(millis(500));
    up::<Echo>(&mut world, &calc, "waits");
    let began = world.now();
    world.run_until(
        |world| {
            world
                .state(&calc)
                .told
                .iter()
                .filter(|it| it.starts_with("up"))
                .count()
                == 2
        },
        secs(60),
    );
    let took = world.now() - began;
    world.run_for(secs(1));
    assert_eq!(world.state(&calc).texts(), ["waits"], "after {took:?}");
    assert!(took < secs(1), "{took:?}");
}

/// `Caller::close` while the root is down: calls that wait never end.
#[test]
fn a_caller_closed_while_the_root_is_down_fails_what_waits() {
    let mut world = World::new(1);
    let calc = machine(&mut world, "calc", || {
        let limits = NodeLimits {
            queued_calls_max: 10,
            ..NodeLimits::default()
        };
        Node::new("calc").remote("gate", "gate:9000", remote().limits(limits))
    });
    world.run_for(secs(1));
    world.with(&calc, |cx| {
        let caller = cx.remote("gate").caller(cx).expect("there is one");
        let call = caller.call::<Echo, _>(cx, text("waits"));
        watch(cx, call);
        caller.close(cx);
    });
    world.run_for(secs(600));
    assert_eq!(
        world.state(&calc).outcomes.len(),
        1,
        "no outcome in ten minutes"
    );
}

/// The same, and the root comes: the link is up for good, and no call can be made over it.
#[test]
fn a_caller_closed_while_the_root_is_down_does_not_close_the_remote_for_ever() {
    let mut world = World::new(1);
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    world.with(&calc, |cx| {
        cx.remote("gate")
            .caller(cx)
            .expect("there is one")
            .close(cx);
    });
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    world.run_for(secs(600));
    assert_eq!(world.state(&calc).told, ["up gate"]);
    up::<Echo>(&mut world, &calc, "on");
    world.run_for(secs(1));
    assert_eq!(world.state(&calc).texts(), ["on"]);
}

struct Closes;

impl ServerEvents<App> for Closes {
    fn before_call(&self, cx: &mut Context<'_, App>, link: LinkId) {
        cx.links.close(link);
    }
}

/// On other links a hook that closes the link keeps the call from being served.
#[test]
fn a_hook_that_closes_the_link_keeps_the_call_out() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        let served = Processor::of::<Work>().server_events(Closes);
        Node::new("gate").root("gate:9000", root().serve(served))
    });
    let calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    up::<Echo>(&mut world, &calc, "kept out");
    world.run_for(secs(1));
    assert!(world.state(&gate).served.is_empty());
}

/// A remote without a secret takes whoever answers, wherever that is.
#[test]
fn a_remote_without_a_secret_dials_loopback_only() {
    let mut world = World::new(1);
    let started = world.node(
        "calc",
        || (),
        |cx| {
            Node::new("calc")
                .remote("gate", "gate:9000", Remote::new())
                .start(cx)
        },
    );
    assert!(started.is_err());
}

/// A limit that makes every link flap, and passes the check.
#[test]
fn a_silence_deadline_below_the_least_beat_is_refused() {
    let limits = NodeLimits {
        heartbeat: millis(10),
        silence_deadline: millis(50),
        ..NodeLimits::default()
    };
    assert!(limits.check().is_err());
}

/// What waited is sent, and that is more than the loop's memory for buffers: the link goes, and the calls stay without an outcome.
#[test]
fn calls_that_are_sent_as_the_link_goes_fail() {
    let mut world = World::new(1);
    let limits = oneloop::Limits {
        buffered_bytes_max: 300 << 10,
        ..oneloop::Limits::default()
    };
    let waits = NodeLimits {
        queued_calls_max: 20,
        ..deadline(secs(30))
    };
    let calc = world
        .node_with_limits("calc", limits, App::default, move |cx| {
            Node::new("calc")
                .remote("gate", "gate:9000", remote().limits(waits.clone()))
                .start(cx)
        })
        .expect("it starts");
    world.run_for(millis(10));
    for _ in 0..10 {
        up::<Echo>(&mut world, &calc, &"x".repeat(100 << 10));
    }
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    world.run_until(|world| world.counters("gate").links_open > 0, secs(30));
    world.run_until(|world| world.counters("gate").links_open == 0, secs(2));
    world.crash("gate", oneloop::sim::Crash::Process);
    world.run_for(secs(600));
    assert_eq!(world.state(&calc).outcomes.len(), 10, "after ten minutes");
}

/// A root that takes a child and drops it is dialled for ever as if it were the first time.
#[test]
fn a_root_that_drops_each_link_is_dialled_ever_more_slowly() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        let drops = root().on_child_up(|cx, peer| {
            let link = peer.link;
            cx.after(millis(10), move |cx| cx.links.close(link));
        });
        Node::new("gate").root("gate:9000", drops)
    });
    let _calc = machine(&mut world, "calc", || {
        Node::new("calc").remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(60));
    let dialled = world.counters("calc").dialled;
    assert!(dialled < 30, "{dialled} times in a minute");
}

/// Many calls that nobody waits for, of a callee that is slow: their late answers are known.
#[test]
fn late_answers_to_many_short_calls_do_not_end_the_link() {
    let mut world = World::new(1);
    let (gate, calc) = pair(&mut world);
    world.run_for(secs(1));
    world.pause("calc");
    for _ in 0..20 {
        world.with(&gate, |cx| {
            let caller = cx.child("calc").caller(cx).expect("it is up");
            let caller = caller.with_deadline(millis(100));
            for _ in 0..1000 {
                let call = caller.call::<Echo, _>(cx, text("x"));
                watch(cx, call);
            }
        });
        world.run_for(millis(150));
    }
    world.resume("calc");
    world.run_for(secs(5));
    assert_eq!(
        world.state(&gate).told.len(),
        1,
        "{:?}",
        world.state(&gate).told
    );
    drop(calc);
}

/// A child whose stream has ended comes again in the same life, and is told that it is there already.
#[test]
fn a_link_that_is_going_does_not_keep_the_same_life_out() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    raw.send(&frame("never", CALL, 1, b"\x0b\0\x01\0\0\0\x02hi\0"));
    world.run_for(millis(100));
    raw.peer.half_close();
    world.run_for(secs(5));
    let mut again = Raw::dial(&mut world, "raw");
    let welcome = again.welcome(&mut world, &hello());
    again.send(&crate::raw::proof_frame(
        &hello().proof(SECRET, "child", &welcome),
    ));
    assert_eq!(again.next(&mut world).body, [0], "taken");
}
