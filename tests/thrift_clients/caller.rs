//! What comes of calls from the loop when all goes well, and when it does not.

use oneloop::sim::{Crash, LinkFaults, World};
use oneloop::thrift::{Binary, Caller, Multiplexed, Processor};
use oneloop::{Connect, Framed, LinkLimits, Misuse};

use crate::support::{
    Absent, Client, Deep, Dive, Hand, Nothing, Shout, Touch, client, divide, echo, fire, later,
    never, note, outcomes, over_both, secs, server, text, told,
};

fn patient() -> LinkLimits {
    LinkLimits::default()
}

#[test]
fn many_calls_are_under_way_and_each_has_its_reply() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = server(&mut world);
        let node = over.client(&mut world, patient());
        world.with(&node, |cx| {
            for number in 0..500 {
                echo(cx, &format!("call {number}"));
            }
            assert_eq!(cx.state.caller().calls_open(), 500);
        });
        let texts = outcomes(&mut world, &node, 500);
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(*text, format!("{:?}", format!("call {number}")));
        }
        assert_eq!(world.state(&server).called, 500);
        assert_eq!(world.state(&node).caller().calls_open(), 0);
    });
}

#[test]
fn answers_that_come_later_and_at_once_take_turns() {
    over_both(|over| {
        let mut world = World::new(1);
        let _server = server(&mut world);
        let node = over.client(&mut world, patient());
        let mut wanted = Vec::new();
        let began = world.now();
        for round in 0..3 {
            world.with(&node, |cx| {
                later(cx, "later");
                echo(cx, "behind it");
            });
            wanted.extend(["\"later\"", "\"behind it\""]);
            assert_eq!(outcomes(&mut world, &node, wanted.len()), wanted, "{round}");
            world.with(&node, |cx| echo(cx, "alone"));
            wanted.push("\"alone\"");
            assert_eq!(outcomes(&mut world, &node, wanted.len()), wanted, "{round}");
        }
        let took = world.now() - began;
        assert!(took < secs(1), "an answer was held back: {took:?}");
    });
}

#[test]
fn each_outcome_of_a_method_arrives_as_what_it_is() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = server(&mut world);
        let node = over.client(&mut world, patient());
        world.with(&node, |cx| {
            divide(cx, 7, 2);
            divide(cx, 7, 0);
            let caller = cx.state.caller();
            let touched = caller.call::<Touch, _>(cx, Nothing {});
            note(cx, touched);
            echo(cx, "fail");
            let absent = caller.call::<Absent, _>(cx, Nothing {});
            note(cx, absent);
            fire(cx, 3).expect("it is sent");
            fire(cx, 4).expect("it is sent");
            echo(cx, "after all of these");
        });
        assert_eq!(
            outcomes(&mut world, &node, 6),
            [
                "Ok(3)",
                "Err(ByZero { dividend: Some(7) })",
                "()",
                "internal error",
                "unknown method",
                "\"after all of these\"",
            ]
        );
        assert_eq!(world.state(&server).fired, 7);
    });
}

#[test]
fn what_a_server_answers_to_a_oneway_call_harms_nobody() {
    over_both(|over| {
        let mut world = World::new(1);
        let script = over.scripted(&mut world);
        let node = over.client(&mut world, patient());
        world.with(&node, |cx| {
            let caller = cx.state.caller();
            caller
                .send::<Shout, _>(cx, text("hello"))
                .expect("it is sent");
            echo(cx, "after it");
        });
        crate::support::await_calls(&mut world, &script, 2);
        let (oneway, call) = (
            world.state(&script).number(0),
            world.state(&script).number(1),
        );
        assert_ne!(oneway, call);
        crate::support::say(&mut world, &script, over.echoed(oneway, "hello"));
        crate::support::say(&mut world, &script, over.echoed(call, "after it"));
        assert_eq!(outcomes(&mut world, &node, 1), ["\"after it\""]);
    });
}

#[test]
fn several_services_share_a_link() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = world.node("server", Hand::default, |cx| {
            let mut services = Multiplexed::new();
            services.service("hand", Processor::of::<Hand>())?;
            cx.listen("server:7000", Framed::default(), services.processor())
        });
        let server = server.expect("it starts");
        let node = over.client(&mut world, patient());
        world.with(&node, |cx| {
            let link = cx.state.caller();
            echo(cx, "to no service");
            for name in ["", "a:b", ":"] {
                let refused = link.service(name).expect_err("no name");
                assert!(matches!(refused, oneloop::Error::Misuse(Misuse::Option(_))));
            }
            cx.state.caller = Some(link.service("hand").expect("a name"));
            echo(cx, "to hand");
            divide(cx, 1, 0);
            fire(cx, 5).expect("it is sent");
            cx.state.caller = Some(link.service("foot").expect("a name"));
            echo(cx, "to nobody");
        });
        assert_eq!(
            outcomes(&mut world, &node, 4),
            [
                "unknown method",
                "\"to hand\"",
                "Err(ByZero { dividend: Some(1) })",
                "unknown method"
            ]
        );
        assert_eq!(world.state(&server).fired, 5);
    });
}

#[test]
fn what_cannot_be_sent_fails_alone() {
    over_both(|over| {
        let mut world = World::new(1);
        let _server = server(&mut world);
        let limits = LinkLimits {
            frame_out_bytes_max: 1_000,
            ..patient()
        };
        let node = over.client(&mut world, limits);
        world.with(&node, |cx| {
            let caller = cx.state.caller();
            echo(cx, "before");
            echo(cx, &"x".repeat(1_000));
            let dive = caller.call::<Dive, _>(cx, Deep(64));
            note(cx, dive);
            let refused = caller.send::<Shout, _>(cx, text("x".repeat(1_000)));
            assert_eq!(told(&refused.expect_err("too long")), "misuse: too long");
            echo(cx, "after");
            assert_eq!(caller.calls_open(), 2);
        });
        let mut texts = outcomes(&mut world, &node, 4);
        texts.sort();
        assert_eq!(
            texts,
            [
                "\"after\"",
                "\"before\"",
                "misuse: too long",
                "misuse: unencodable"
            ]
        );
    });
}

#[test]
fn a_call_without_an_answer_expires_and_others_do_not() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    let limits = LinkLimits {
        call_deadline: secs(5),
        ..patient()
    };
    let node = client::<Binary>(&mut world, limits);
    world.with(&node, never);
    world.run_for(secs(3));
    world.with(&node, never);
    world.run_for(secs(1));
    assert!(world.state(&node).outcomes.is_empty());
    world.run_for(secs(1));
    assert!(world.state(&node).outcomes.is_empty(), "never early");
    world.run_for(secs(1));
    assert_eq!(world.state(&node).texts(), ["timeout"]);
    assert_eq!(world.state(&node).caller().calls_open(), 1);
    world.run_for(secs(3));
    assert_eq!(world.state(&node).texts(), ["timeout", "timeout"]);
    assert_eq!(world.counters(&node).calls_expired, 2);
    assert!(world.with(&node, |cx| cx.links.is_open(cx.state.caller().link())));
    world.with(&node, never);
    world.run_for(secs(6));
    assert_eq!(
        world.state(&node).outcomes.len(),
        3,
        "the deadline is set anew"
    );
}

#[test]
fn a_call_expires_though_the_link_is_not_up() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    world.set_link_faults(LinkFaults {
        hang: 1.0,
        ..LinkFaults::none()
    });
    let limits = LinkLimits {
        call_deadline: secs(2),
        connect_deadline: secs(8),
        ..patient()
    };
    let node = client::<Binary>(&mut world, limits);
    world.with(&node, |cx| echo(cx, "hello"));
    world.run_for(secs(3));
    assert_eq!(world.state(&node).texts(), ["timeout"]);
    world.with(&node, |cx| {
        let later = cx.state.caller().call::<Touch, _>(cx, Nothing {});
        assert_eq!(cx.state.caller().calls_open(), 1);
        later.cancel();
    });
    world.run_for(secs(1));
    assert_eq!(
        world.state(&node).caller().calls_open(),
        0,
        "it was cancelled"
    );
    world.run_for(secs(3));
    world.with(&node, |cx| echo(cx, "hello"));
    assert_eq!(
        outcomes(&mut world, &node, 2),
        ["timeout", "io: TimedOut"],
        "the second ends with the link"
    );
}

#[test]
fn cancelled_calls_are_forgotten_and_their_replies_dropped() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = server(&mut world);
        let node = over.client(&mut world, patient());
        world.with(&node, |cx| {
            for number in 0..10 {
                let caller = cx.state.caller();
                let later = caller.call::<crate::support::Echo, _>(cx, text(format!("{number}")));
                if number % 2 == 0 {
                    later.cancel();
                } else {
                    note(cx, later);
                }
            }
        });
        world.run_for(std::time::Duration::from_micros(10));
        assert_eq!(world.state(&node).caller().calls_open(), 5);
        let texts = outcomes(&mut world, &node, 5);
        assert_eq!(texts, ["\"1\"", "\"3\"", "\"5\"", "\"7\"", "\"9\""]);
        world.run_for(secs(1));
        assert_eq!(world.state(&server).called, 10, "they were sent");
        assert_eq!(world.counters(&node).replies_late, 5);
        world.with(&node, |cx| echo(cx, "the link is as good as before"));
        outcomes(&mut world, &node, 6);
    });
}

#[test]
fn a_refused_connect_fails_the_calls_that_waited_for_it() {
    let mut world = World::new(1);
    world.node("server", || (), |_| Ok(())).expect("it starts");
    let node = client::<Binary>(&mut world, patient());
    world.with(&node, |cx| {
        echo(cx, "one");
        echo(cx, "two");
        fire(cx, 1).expect("it is kept");
    });
    assert_eq!(
        outcomes(&mut world, &node, 2),
        ["io: ConnectionRefused", "io: ConnectionRefused"]
    );
    world.with(&node, |cx| {
        echo(cx, "three");
        assert_eq!(told(&fire(cx, 1).expect_err("it is gone")), "closed");
    });
    assert_eq!(outcomes(&mut world, &node, 3)[2], "closed");
}

#[test]
fn a_link_that_dies_takes_its_calls_with_it_at_once() {
    type End = fn(&mut World, &oneloop::sim::Node<Client>);
    let ends: [(&str, End, &str); 7] = [
        (
            "reset",
            |world, _| world.reset("client", "server"),
            "io: ConnectionReset",
        ),
        (
            "half close",
            |world, _| world.half_close("server", "client"),
            "closed",
        ),
        (
            "process",
            |world, _| world.crash("server", Crash::Process),
            "io: ConnectionReset",
        ),
        (
            "close",
            |world, node| world.with(node, |cx| cx.state.caller().close(cx)),
            "closed",
        ),
        (
            "soft close",
            |world, node| {
                world.with(node, |cx| {
                    cx.links.close_when_sent(cx.state.caller().link())
                })
            },
            "closed",
        ),
        ("client stops", |world, _| world.signal("client"), "stopped"),
        (
            "server stops",
            |world, _| world.signal("server"),
            "io: ConnectionReset",
        ),
    ];
    for (what, end, error) in ends {
        let mut world = World::new(1);
        let _server = server(&mut world);
        let node = client::<Binary>(&mut world, patient());
        world.with(&node, |cx| {
            never(cx);
            never(cx);
        });
        world.run_for(secs(1));
        let began = world.now();
        end(&mut world, &node);
        world.run_until(|world| world.state(&node).outcomes.len() == 2, secs(70));
        let texts = world.state(&node).texts();
        assert_eq!(texts, [error, error], "{what}");
        // Those that are told wait for the peer's end, or for as long as a drain takes.
        let most = match what {
            "soft close" | "client stops" => secs(6),
            "server stops" => secs(11),
            _ => std::time::Duration::from_millis(1),
        };
        assert!(world.now() - began < most, "{what}: at {:?}", world.now());
        if !what.ends_with("stops") {
            world.with(&node, |cx| {
                echo(cx, "after it");
                assert_eq!(cx.state.caller().calls_open(), 0, "{what}");
            });
            assert_eq!(outcomes(&mut world, &node, 3)[2], "closed", "{what}");
        }
    }
}

#[test]
fn the_last_caller_may_go_while_its_calls_are_answered() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    let node = client::<Binary>(&mut world, patient());
    let link = world.with(&node, |cx| {
        echo(cx, "hello");
        cx.state.caller.take().expect("it has one").link()
    });
    assert_eq!(outcomes(&mut world, &node, 1), ["\"hello\""]);
    assert!(world.with(&node, |cx| cx.links.is_open(link)));
    world.with(&node, |cx| cx.links.close(link));
    world.run_for(secs(1));
    world.assert_quiet();
}

#[test]
fn a_caller_is_made_of_limits_that_make_sense() {
    let mut world = World::new(1);
    let node = world
        .node("client", Client::default, |_| Ok(()))
        .expect("it starts");
    world.with(&node, |cx| {
        let marks = LinkLimits {
            outbox_bytes_high: 10,
            outbox_bytes_max: 5,
            outbox_bytes_low: 1,
            ..patient()
        };
        let connect = Connect::new("server:7000").limits(marks);
        let refused = Caller::connect::<Binary, _>(cx, connect).expect_err("the marks fall");
        assert!(told(&refused).contains("the marks must rise"), "{refused}");
        let caller = Caller::connect::<Binary, _>(cx, "server:7000").expect("it dials");
        let shown = format!("{caller:?}");
        assert!(
            shown.contains("Binary") && shown.contains("calls_open: 0"),
            "{shown}"
        );
    });
}
