//! One test for each fault that was found.

use std::cell::RefCell;
use std::rc::Rc;

use oneloop::node::{ClientId, Node, NodeLimits, Remote, forward_to_child};
use oneloop::sim::{Crash, LinkFaults, Node as Machine, Peer, World};
use oneloop::thrift::{
    Answer, ApplicationException, ApplicationExceptionKind, EventContext, Incoming, Method,
    NoException, Process, Processor, ProcessorEvents, Protocol, Served, ServerEvents,
};
use oneloop::{Context, DataPack, Limits, LinkId, Result};

use crate::gate::{answer, commands, frame as command, heard};
use crate::raw::{CALL, EXCEPTION, Fields, ONEWAY, REPLY, Raw, frame, hello};
use crate::support::{
    App, Echo, Later, Never, Outcome, Text, Work, deadline, down, machine, millis, pair,
    pair_limited, remote, root, secs, text, up, watch,
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
    let limits = Limits {
        buffered_bytes_max: 300 << 10,
        ..Limits::default()
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
    world.crash("gate", Crash::Process);
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

/// The refusal of a call repeats its name, and is longer than a frame may be: that ended the link.
#[test]
fn a_method_name_near_the_frame_limit_fails_its_own_call_and_no_other() {
    let mut world = World::new(1);
    let _gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    for bytes in [100, (1 << 20) - 100, (1 << 20) - 13] {
        raw.send(&frame(&"x".repeat(bytes), CALL, 7, b"\0"));
        let came = raw.next(&mut world);
        assert_eq!((came.kind, came.sequence), (EXCEPTION, 7), "{bytes}");
        let code = Fields::read(&mut &came.body[..]).of(2).to_vec();
        assert_eq!(code, 1_i32.to_be_bytes(), "unknown method");
    }
    raw.send(&frame("echo", CALL, 8, b"\x0b\0\x01\0\0\0\x02hi\0"));
    assert_eq!(raw.next(&mut world).sequence, 8);
}

/// Panics in the hook of this name, of one method.
struct Trips(&'static str, &'static str);

impl Trips {
    fn at(&self, hook: &str, method: &str) {
        assert!(hook != self.0 || method != self.1, "as the test wants");
    }
}

impl ProcessorEvents<App> for Trips {
    fn pre_read(&self, _: &mut Context<'_, App>, _: &mut EventContext, method: &'static str) {
        self.at("pre_read", method);
    }

    fn post_read(
        &self,
        _: &mut Context<'_, App>,
        _: &mut EventContext,
        method: &'static str,
        _: usize,
    ) {
        self.at("post_read", method);
    }

    fn pre_write(&self, _: &mut Context<'_, App>, _: &mut EventContext, method: &'static str) {
        self.at("pre_write", method);
    }

    fn post_write(
        &self,
        _: &mut Context<'_, App>,
        _: &mut EventContext,
        method: &'static str,
        _: usize,
    ) {
        self.at("post_write", method);
    }
}

/// A hook that panics left its call without an answer until its deadline; or, of a late answer, ended the link.
#[test]
fn a_hook_that_panics_fails_its_own_call_at_once_and_no_other() {
    for method in ["Work.echo", "Work.later"] {
        for hook in ["pre_read", "post_read", "pre_write", "post_write"] {
            let mut world = World::new(1);
            world.allow_panics();
            let gate = machine(&mut world, "gate", || {
                Node::new("gate").root("gate:9000", root())
            });
            let calc = machine(&mut world, "calc", move || {
                let served = Processor::of::<Work>().events(Trips(hook, method));
                Node::new("calc").remote("gate", "gate:9000", remote().serve(served))
            });
            world.run_for(secs(1));
            down::<Never>(&mut world, &gate, "calc", "innocent");
            match method {
                "Work.echo" => down::<Echo>(&mut world, &gate, "calc", "1"),
                _ => down::<Later>(&mut world, &gate, "calc", "1"),
            };
            world.run_for(millis(100));
            // What was sent already is not taken back.
            let sent = hook == "post_write" && method == "Work.echo";
            let wanted = if sent {
                "1"
            } else {
                "! internal error: internal error"
            };
            let place = format!("{method}, {hook}");
            assert_eq!(world.state(&gate).texts(), [wanted], "{place}");
            assert_eq!(world.counters("calc").panics, 1, "{place}");
            assert_eq!(world.state(&calc).told.len(), 1, "{place}: the link stays");
            assert_eq!(world.counters("calc").calls_open, 1, "{place}");
        }
    }
}

/// Arguments that are not what they should be, of the functions by which nodes ask each other about clients.
#[test]
fn malformed_arguments_about_clients_are_refused_and_the_link_stays() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        let root = root().on_forward(|cx: &mut Context<'_, App>, _, _, _: &[u8]| {
            cx.state.served.push("forwarded".into());
        });
        Node::new("gate").root("gate:9000", root)
    });
    let mut raw = Raw::join(&mut world, "raw", &hello(), SECRET);
    let id = b"\x0b\0\x01\0\0\0\x10aaaaaaaabbbbbbbb";
    let rest = b"\x08\0\x02\0\0\0\x07\x0b\0\x03\0\0\0\x02hi\0";
    let list =
        |kind: u8, count: &[u8], items: &[u8]| [b"\x0f\0\x01", &[kind][..], count, items].concat();
    let mut sequence = 100;
    for (name, front, kind) in [
        ("forward", id.to_vec(), REPLY),
        // An id that is short, long, of another kind, or not there.
        (
            "forward",
            b"\x0b\0\x01\0\0\0\x0faaaaaaaabbbbbbb".to_vec(),
            EXCEPTION,
        ),
        (
            "forward",
            b"\x0b\0\x01\0\0\0\x11aaaaaaaabbbbbbbbb".to_vec(),
            EXCEPTION,
        ),
        ("forward", b"\x08\0\x01\0\0\0\x10".to_vec(), EXCEPTION),
        ("forward", Vec::new(), EXCEPTION),
        ("push", list(11, b"\0\0\0\0", b""), REPLY),
        (
            "push",
            list(11, b"\0\0\0\x01", b"\0\0\0\x10aaaaaaaabbbbbbbb"),
            REPLY,
        ),
        // A list of something else, with an id that is short, longer than it is, longer than anything, or below none.
        ("push", list(8, b"\0\0\0\x01", b"\0\0\0\x10"), EXCEPTION),
        ("push", list(11, b"\0\0\0\x01", b"\0\0\0\x01a"), EXCEPTION),
        ("push", list(11, b"\0\0\x10\0", b""), EXCEPTION),
        ("push", list(11, b"\x7f\xff\xff\xff", b""), EXCEPTION),
        ("push", list(11, b"\xff\xff\xff\xff", b""), EXCEPTION),
        ("push", Vec::new(), EXCEPTION),
        ("shove", id.to_vec(), EXCEPTION),
    ] {
        sequence += 1;
        let body = [&front[..], rest].concat();
        raw.send(&frame(
            &format!("oneloop.clients:{name}"),
            CALL,
            sequence,
            &body,
        ));
        let came = raw.next(&mut world);
        assert_eq!(
            (came.sequence, came.kind),
            (sequence, kind),
            "{name} {front:?}"
        );
    }
    assert_eq!(world.state(&gate).served, ["forwarded"]);
    assert_eq!(world.counters("gate").panics, 0);
    raw.send(&frame("echo", CALL, 8, b"\x0b\0\x01\0\0\0\x02hi\0"));
    assert_eq!(raw.next(&mut world).sequence, 8);
}

/// Which of them failed is told to the client's node: the one between, or the one behind it.
#[test]
fn a_client_is_told_whether_the_last_node_is_absent_or_has_failed() {
    use oneloop::node::{Forwards, forward_to_remote, pass_to_child};

    let mut world = World::new(1);
    let _net = machine(&mut world, "net", || {
        let mut commands = commands();
        let forwards = commands.catch_all(forward_to_remote("gate"));
        forwards.expect("it is free");
        Node::new("net")
            .net("net:7000", DataPack::default(), commands)
            .remote("gate", "gate:9000", remote())
    });
    let _gate = machine(&mut world, "gate", || {
        let mut limits = deadline(secs(2));
        limits.link.calls_max = 1;
        limits.held_calls_max = 1;
        let mut table = Forwards::<App>::new();
        table
            .on(1, pass_to_child("chat"))
            .and_then(|table| table.on(2, pass_to_child("nobody")))
            .and_then(|table| {
                table.on(3, |cx: &mut Context<'_, App>, _, _, _: &[u8]| {
                    // A call of the gate's own.
                    cx.child("nobody").call_named::<String, _>(cx, "x", ())
                })
            })
            .expect("they are free");
        // What waits in the gate does not keep its client from being read.
        let none_aside = NodeLimits {
            aside_calls_max: 0,
            ..NodeLimits::default()
        };
        let nets = root().limits(none_aside).serve_commands(table);
        Node::new("gate")
            .root("gate:9000", nets)
            .root("gate:9001", root().limits(limits))
    });
    let _chat = machine(&mut world, "chat", || {
        Node::new("chat").remote("gate", "gate:9001", remote().on_forward(answer))
    });
    world.run_for(secs(1));
    let ann = world.peer("ann", "net:7000");
    let said = |world: &mut World, command, body: &str, span| {
        ann.send(&crate::gate::frame(command, body));
        world.run_for(millis(span));
        heard(&ann)
    };
    assert_eq!(said(&mut world, 1, "hi", 100), ["1 hi"]);
    assert_eq!(
        said(&mut world, 1, "fail", 100),
        ["9 internal error: out of paper"]
    );
    assert_eq!(said(&mut world, 2, "", 100), ["9 absent"]);
    let own = "9 application exception of type 1869349124: the child \"nobody\" is not there";
    assert_eq!(said(&mut world, 3, "", 100), [own]);
    assert!(said(&mut world, 1, "never", 100).is_empty());
    assert!(said(&mut world, 1, "waits", 100).is_empty());
    assert_eq!(said(&mut world, 1, "too many", 100), ["9 busy"]);
    assert_eq!(
        said(&mut world, 2, "", 2000),
        ["9 absent", "9 timeout", "1 waits"]
    );
    assert!(said(&mut world, 1, "never", 100).is_empty());
    world.crash("chat", Crash::Process);
    assert_eq!(said(&mut world, 2, "", 100), ["9 closed", "9 absent"]);
}

/// A machine of so many links at most.
fn small(
    world: &mut World,
    host: &str,
    links_max: usize,
    compose: impl Fn() -> Node<App> + 'static,
) -> Machine<App> {
    let limits = Limits {
        links_max,
        ..Limits::default()
    };
    let start = move |cx: &mut Context<'_, App>| compose().start(cx);
    let started = world.node_with_limits(host, limits, App::default, start);
    started.expect("it starts")
}

fn clients(world: &mut World, count: usize, target: &str) -> Vec<Peer> {
    (0..count)
        .map(|number| world.peer(&format!("c{number}"), target))
        .collect()
}

/// The place of the link to the gate was a client's as soon as that link was lost, for ever.
#[test]
fn a_node_full_of_clients_gets_its_gate_back() {
    let mut world = World::new(1);
    let gate = machine(&mut world, "gate", || {
        Node::new("gate").root("gate:9000", root())
    });
    small(&mut world, "net", 3, || {
        Node::new("net")
            .net("net:7000", DataPack::default(), commands())
            .remote("gate", "gate:9000", remote())
    });
    world.run_for(secs(1));
    let before = clients(&mut world, 2, "net:7000");
    world.run_for(millis(100));
    world.crash("gate", Crash::Process);
    world.run_for(millis(20));
    let after = clients(&mut world, 5, "net:7000");
    world.run_for(millis(500));
    world.restart("gate").expect("it starts");
    world.run_for(secs(30));
    assert_eq!(world.with(&gate, |cx| cx.children("net").len()), 1);
    let all = before.iter().chain(&after);
    // None took the gate's place.
    assert_eq!(all.filter(|peer| peer.is_open()).count(), 2);
}

/// The same of a root: its clients had the places of its children. Neither do children, or those who would be, have that of its own gate.
#[test]
fn a_root_full_of_clients_takes_children_and_a_full_one_dials() {
    let mut world = World::new(1);
    let top = machine(&mut world, "top", || {
        Node::new("top").root("top:9000", root())
    });
    let gate = small(&mut world, "gate", 8, || {
        Node::new("gate")
            .net("gate:7000", DataPack::default(), commands())
            .root("gate:9000", root())
            .remote("top", "top:9000", remote())
    });
    world.run_for(secs(1));
    world.crash("top", Crash::Process);
    world.run_for(millis(20));
    // A quarter of eight is the children's, and one the remote's.
    let clients = clients(&mut world, 9, "gate:7000");
    world.run_for(millis(100));
    assert_eq!(clients.iter().filter(|peer| peer.is_open()).count(), 5);
    for host in ["one", "two", "three"] {
        machine(&mut world, host, || {
            Node::new("chat").remote("gate", "gate:9000", remote())
        });
    }
    world.run_for(secs(5));
    assert_eq!(world.with(&gate, |cx| cx.children("chat").len()), 2);
    world.restart("top").expect("it starts");
    world.run_for(secs(30));
    assert_eq!(world.with(&top, |cx| cx.children("gate").len()), 1);
    assert_eq!(world.counters("gate").links_open, 8);
}

/// Each handler knew only of its own commands which child has them: two handlers of one name let a client's commands overtake each other.
#[test]
fn two_handlers_of_one_name_keep_a_clients_order() {
    let mut world = World::new(1);
    machine(&mut world, "gate", || {
        let mut commands = commands();
        commands
            .range(1000..=1999, forward_to_child("chat"))
            .and_then(|commands| commands.range(2000..=2999, forward_to_child("chat")))
            .expect("they are free");
        Node::new("gate")
            .net("gate:7000", DataPack::default(), commands)
            .root("gate:9000", root())
    });
    let log = Rc::new(RefCell::new(Vec::new()));
    let chat = |world: &mut World, host: &str, instance: u8| {
        let log = Rc::clone(&log);
        machine(world, host, move || {
            let log = Rc::clone(&log);
            // The first is slow.
            let span = if instance == 1 { b"500" } else { b"001" };
            let chat = move |cx: &mut Context<'_, App>, client: ClientId, number, _: &[u8]| {
                let (log, served) = (Rc::clone(&log), answer(cx, client, number, span));
                served.map(move |served| {
                    log.borrow_mut().push((client.link, number));
                    served
                })
            };
            let chat = remote().on_forward(chat);
            Node::new("chat")
                .instance([instance; 16])
                .remote("gate", "gate:9000", chat)
        });
    };
    chat(&mut world, "chat1", 1);
    world.run_for(secs(1));
    let peers = clients(&mut world, 20, "gate:7000");
    for peer in &peers {
        peer.send(&command(1000, ""));
    }
    world.run_for(millis(100));
    chat(&mut world, "chat2", 2);
    world.run_for(millis(200));
    for peer in &peers {
        peer.send(&command(2000, ""));
    }
    world.run_for(secs(3));
    let mut log = log.borrow().clone();
    log.sort_by_key(|(link, _)| *link);
    let second_first = log.chunks(2).filter(|two| two[0].1 == 2000).count();
    assert_eq!((log.len(), second_first), (40, 0));
    assert!(peers.iter().all(|peer| heard(peer).len() == 2));
}

/// The oldest link made room for each stranger: who needs longer for its proof than it takes them to fill the room never got in.
#[test]
fn a_crowd_of_strangers_does_not_push_a_child_out() {
    let mut world = World::new(1);
    world.set_link_faults(LinkFaults {
        latency: millis(5)..=millis(5),
        ..LinkFaults::none()
    });
    let limits = NodeLimits {
        unproven_links_max: 100,
        ..NodeLimits::default()
    };
    let gate = machine(&mut world, "gate", move || {
        Node::new("gate").root("gate:9000", root().limits(limits.clone()))
    });
    let mut strangers = Vec::new();
    for at in 0..200 {
        if at == 50 {
            machine(&mut world, "late", || {
                Node::new("late").remote("gate", "gate:9000", remote())
            });
        }
        strangers.extend((0..5).map(|_| world.peer("stranger", "gate:9000")));
        world.run_for(millis(1));
    }
    assert_eq!(world.with(&gate, |cx| cx.children("late").len()), 1);
    assert_eq!(world.counters("late").dialled, 1, "it came once");
    assert_eq!(world.counters("gate").links_open, 101);
}
