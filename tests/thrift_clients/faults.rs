//! A server that breaks the protocol, in each way that the client has a word for.

use oneloop::sim::World;
use oneloop::thrift::{Binary, Form, MessageKind};
use oneloop::{LinkLimits, ReasonKind};

use crate::support::{
    DivideResult, Fields, TextResult, await_calls, client, divide, echo, echoed, frame, framed,
    framed_as, outcomes, over_both, say, scripted, secs,
};

fn none() -> Fields {
    Fields::new()
}

fn success(text: &str) -> Fields {
    Fields::from([(0, text.to_owned())])
}

#[test]
fn replies_may_come_in_any_order() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = over.scripted(&mut world);
        let node = over.client(&mut world, LinkLimits::default());
        world.with(&node, |cx| {
            for word in ["a", "b", "c", "d"] {
                echo(cx, word);
            }
        });
        await_calls(&mut world, &server, 4);
        let numbers: Vec<i32> = world
            .state(&server)
            .calls
            .iter()
            .map(|call| call.2)
            .collect();
        assert!(!numbers.contains(&0));
        for place in [2, 0, 3, 1] {
            say(
                &mut world,
                &server,
                over.echoed(numbers[place], &place.to_string()),
            );
        }
        assert_eq!(
            outcomes(&mut world, &node, 4),
            ["\"2\"", "\"0\"", "\"3\"", "\"1\""]
        );
        let names: Vec<u32> = world
            .state(&node)
            .outcomes
            .iter()
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(names, [3, 1, 4, 2], "each has its own");
    });
}

#[test]
fn a_reply_that_is_wrong_fails_its_call_and_no_other() {
    // Name, kind, body, and what the call fails with.
    let cases: [(&str, MessageKind, Fields, &str); 7] = [
        (
            "ekko",
            MessageKind::Reply,
            success("x"),
            "wrong method name",
        ),
        (
            "hand:echo",
            MessageKind::Reply,
            success("x"),
            "wrong method name",
        ),
        ("echo", MessageKind::Reply, none(), "missing result"),
        (
            "echo",
            MessageKind::Reply,
            Fields::from([(7, "x".into())]),
            "missing result",
        ),
        (
            "echo",
            MessageKind::Exception,
            Fields::from([(1, "no".into())]),
            "unknown application exception",
        ),
        (
            "",
            MessageKind::Exception,
            none(),
            "unknown application exception",
        ),
        (
            "other",
            MessageKind::Exception,
            none(),
            "unknown application exception",
        ),
    ];
    over_both(|over| {
        let mut world = World::new(1);
        let server = over.scripted(&mut world);
        let node = over.client(&mut world, LinkLimits::default());
        for (place, (name, kind, body, wanted)) in cases.iter().enumerate() {
            world.with(&node, |cx| {
                echo(cx, "bad");
                echo(cx, "good");
            });
            await_calls(&mut world, &server, 2 * place + 2);
            let (bad, good) = (
                world.state(&server).number(2 * place),
                world.state(&server).number(2 * place + 1),
            );
            say(&mut world, &server, over.reply(name, *kind, bad, body));
            say(&mut world, &server, over.echoed(good, "good"));
            let texts = outcomes(&mut world, &node, 2 * place + 2);
            assert_eq!(texts[2 * place], *wanted, "{name} {kind:?}");
            assert_eq!(texts[2 * place + 1], "\"good\"", "{name} {kind:?}");
        }
    });
}

#[test]
fn a_result_that_cannot_be_read_fails_its_call_and_no_other() {
    let mut world = World::new(1);
    let server = scripted::<Binary>(&mut world);
    let node = client::<Binary>(&mut world, LinkLimits::default());
    world.with(&node, |cx| {
        echo(cx, "bad");
        echo(cx, "worse");
        echo(cx, "good");
    });
    await_calls(&mut world, &server, 3);
    let number = |world: &World, place| world.state(&server).number(place);
    let mut cut = echoed::<Binary>(number(&world, 0), "bad");
    cut.truncate(cut.len() - 2);
    cut[3] -= 2;
    let mut not_text = echoed::<Binary>(number(&world, 1), "worse");
    let at = not_text.len() - 2;
    not_text[at] = 0xff;
    let good = echoed::<Binary>(number(&world, 2), "good");
    for bytes in [cut, not_text, good] {
        say(&mut world, &server, bytes);
    }
    let texts = outcomes(&mut world, &node, 3);
    assert!(
        texts[0].starts_with("fault: ") && texts[1].contains("UTF-8"),
        "{texts:?}"
    );
    assert_eq!(texts[2], "\"good\"");
}

#[test]
fn an_old_reply_is_read() {
    let mut world = World::new(1);
    let server = scripted::<Binary>(&mut world);
    let node = client::<Binary>(&mut world, LinkLimits::default());
    world.with(&node, |cx| divide(cx, 8, 2));
    await_calls(&mut world, &server, 1);
    let result = DivideResult {
        success: Some(4),
        fault: None,
    };
    let number = world.state(&server).number(0);
    let reply = framed_as::<Binary, _>(Form::Old, "divide", MessageKind::Reply, number, &result);
    say(&mut world, &server, reply);
    assert_eq!(outcomes(&mut world, &node, 1), ["Ok(4)"]);
}

#[test]
fn a_link_that_cannot_be_trusted_is_closed_and_all_its_calls_fail_with_the_reason() {
    let result = TextResult {
        success: Some("x".into()),
    };
    let call = framed::<Binary, _>("echo", MessageKind::Call, 1, &result);
    let oneway = framed::<Binary, _>("echo", MessageKind::Oneway, 1, &result);
    let mut junk = echoed::<Binary>(1, "x");
    junk.extend_from_slice(b"junk");
    junk[3] += 4;
    let mut two = echoed::<Binary>(1, "x")[4..].to_vec();
    two.extend_from_slice(&echoed::<Binary>(2, "y")[4..]);
    let compact = echoed::<oneloop::thrift::Compact>(1, "x");
    // What is sent, what a call fails with that no bytes were for, and what the log has.
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("empty frame", frame(b""), "without a message"),
        (
            "bad version",
            frame(b"\x80\x02\0\x02\0\0\0\x04echo\0\0\0\x01\0"),
            "does not begin",
        ),
        ("compact", compact, "does not begin"),
        ("cut head", frame(b"\x80\x01\0\x02\0\0\0\x04ec"), "bytes"),
        ("a call", call, "is no reply"),
        ("a oneway call", oneway, "is no reply"),
        ("junk", junk, "behind the message"),
        ("two messages", frame(&two), "behind the message"),
        ("negative length", b"\xff\xff\xff\xff".to_vec(), "length"),
        ("over the limit", b"\0\x10\0\x01".to_vec(), "length"),
        ("unknown number", echoed::<Binary>(77, "x"), "bad sequence"),
    ];
    for (what, bytes, text) in cases {
        let mut world = World::new(1);
        let server = scripted::<Binary>(&mut world);
        let node = client::<Binary>(&mut world, LinkLimits::default());
        world.with(&node, |cx| {
            echo(cx, "one");
            echo(cx, "two");
        });
        await_calls(&mut world, &server, 2);
        assert_eq!(
            (
                world.state(&server).number(0),
                world.state(&server).number(1)
            ),
            (1, 2)
        );
        let began = world.now();
        say(&mut world, &server, bytes);
        let texts = outcomes(&mut world, &node, 2);
        assert!(
            world.now() - began < std::time::Duration::from_millis(10),
            "{what}: at once"
        );
        for found in &texts {
            assert!(found.contains(text), "{what}: {found}");
        }
        world.with(&node, |cx| echo(cx, "after"));
        assert_eq!(outcomes(&mut world, &node, 3)[2], "closed", "{what}");
        world.run_for(secs(10));
        assert_eq!(
            world.counters(&node).closed_by(ReasonKind::Fault),
            1,
            "{what}"
        );
        // Another link is as good as ever.
        assert_eq!(world.counters("server").closed(), 1, "{what}");
    }
}

#[test]
fn zero_is_nobodys_number_unless_a_oneway_call_was_sent() {
    for oneway in [false, true] {
        let mut world = World::new(1);
        let server = scripted::<Binary>(&mut world);
        let node = client::<Binary>(&mut world, LinkLimits::default());
        world.with(&node, |cx| {
            if oneway {
                crate::support::fire(cx, 1).expect("it is sent");
            }
            echo(cx, "one");
        });
        await_calls(&mut world, &server, 1 + usize::from(oneway));
        say(&mut world, &server, echoed::<Binary>(0, "x"));
        say(&mut world, &server, echoed::<Binary>(1, "one"));
        let wanted = if oneway {
            "\"one\""
        } else {
            "bad sequence identifier"
        };
        assert_eq!(outcomes(&mut world, &node, 1), [wanted]);
    }
}

#[test]
fn a_reply_that_came_twice_is_one_too_many() {
    let mut world = World::new(1);
    let server = scripted::<Binary>(&mut world);
    let node = client::<Binary>(&mut world, LinkLimits::default());
    world.with(&node, |cx| {
        echo(cx, "one");
        echo(cx, "two");
    });
    await_calls(&mut world, &server, 2);
    say(&mut world, &server, echoed::<Binary>(1, "one"));
    say(&mut world, &server, echoed::<Binary>(1, "one"));
    assert_eq!(
        outcomes(&mut world, &node, 2),
        ["\"one\"", "bad sequence identifier"]
    );
}

#[test]
fn a_late_reply_is_dropped_and_the_link_lives_on() {
    over_both(|over| {
        let mut world = World::new(1);
        let server = over.scripted(&mut world);
        let limits = LinkLimits {
            call_deadline: secs(1),
            ..LinkLimits::default()
        };
        let node = over.client(&mut world, limits);
        world.with(&node, |cx| echo(cx, "slow"));
        world.run_for(secs(2));
        assert_eq!(world.state(&node).texts(), ["timeout"]);
        world.with(&node, |cx| echo(cx, "fast"));
        await_calls(&mut world, &server, 2);
        say(&mut world, &server, over.echoed(1, "slow"));
        say(&mut world, &server, over.echoed(2, "fast"));
        assert_eq!(outcomes(&mut world, &node, 2)[1], "\"fast\"");
        assert_eq!(world.counters(&node).replies_late, 1);
    });
}
