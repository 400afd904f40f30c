//! Each limit of the clients: below it, at it, above it.

use oneloop::LinkLimits;
use oneloop::sim::World;
use oneloop::thrift::{Binary, Caller, CallerLimits, WireLimits};

use crate::support::{
    Client, Never, Nothing, await_calls, client, client_limited, echo, echoed, never, outcomes,
    over_both, say, scripted, secs, server, told,
};

#[test]
fn so_many_calls_may_be_under_way() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    let limits = LinkLimits {
        calls_max: 3,
        ..LinkLimits::default()
    };
    let node = client::<Binary>(&mut world, limits);
    world.with(&node, |cx| {
        for word in ["below", "below", "at", "above"] {
            echo(cx, word);
        }
        assert_eq!(cx.state.caller().calls_open(), 3);
    });
    assert_eq!(
        outcomes(&mut world, &node, 4),
        ["busy", "\"below\"", "\"below\"", "\"at\""],
        "at once"
    );
    world.with(&node, |cx| echo(cx, "there is room again"));
    assert_eq!(outcomes(&mut world, &node, 5)[4], "\"there is room again\"");
}

#[test]
fn so_many_bytes_may_wait_to_be_sent() {
    // What one call takes.
    let frame = {
        let mut world = World::new(1);
        let _server = server(&mut world);
        let node = client::<Binary>(&mut world, LinkLimits::default());
        world.with(&node, |cx| {
            echo(cx, "ten letter");
            cx.links.outbox_bytes(cx.state.caller().link())
        })
    };
    for (spare, sent) in [(0, 3), (1, 4), (2, 4)] {
        let mut world = World::new(1);
        let limits = LinkLimits {
            outbox_bytes_low: 1,
            outbox_bytes_high: 10,
            outbox_bytes_max: 4 * frame + spare,
            ..LinkLimits::default()
        };
        let _server = server(&mut world);
        let node = client::<Binary>(&mut world, limits);
        world.with(&node, |cx| {
            for _ in 0..5 {
                echo(cx, "ten letter");
            }
            assert_eq!(cx.state.caller().calls_open(), sent);
        });
        let texts = outcomes(&mut world, &node, 5);
        assert_eq!(
            texts.iter().filter(|text| *text == "busy").count(),
            5 - sent
        );
        world.with(&node, |cx| echo(cx, &"x".repeat(4 * frame)));
        assert_eq!(
            outcomes(&mut world, &node, 6)[5],
            "misuse: too long",
            "it never fits"
        );
    }
}

#[test]
fn a_call_may_have_so_many_bytes() {
    let head = 12 + "echo".len() + 3 + 4 + 1;
    for (letters, wanted) in [(99, 1), (100, 1), (101, 0)] {
        let mut world = World::new(1);
        let limits = LinkLimits {
            frame_out_bytes_max: head + 100,
            ..LinkLimits::default()
        };
        let _server = server(&mut world);
        let node = client::<Binary>(&mut world, limits);
        world.with(&node, |cx| {
            echo(cx, &"x".repeat(letters));
            assert_eq!(cx.state.caller().calls_open(), wanted, "{letters}");
        });
    }
}

#[test]
fn a_string_of_a_reply_may_have_so_many_bytes() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    let wire = WireLimits {
        string_bytes_max: 10,
        ..WireLimits::default()
    };
    let limits = CallerLimits {
        wire,
        ..CallerLimits::default()
    };
    let node = client_limited::<Binary>(&mut world, LinkLimits::default(), limits);
    world.with(&node, |cx| {
        for letters in [9, 10, 11] {
            echo(cx, &"x".repeat(letters));
        }
        echo(cx, "after");
    });
    let texts = outcomes(&mut world, &node, 4);
    assert!(texts[0].starts_with('"') && texts[1].starts_with('"') && texts[3].starts_with('"'));
    assert!(
        texts[2].contains("a string of 11 bytes; the most is 10"),
        "{texts:?}"
    );
}

#[test]
fn so_many_late_replies_are_known() {
    for (expired, late, lives) in [(2, 1, true), (3, 1, true), (4, 2, true), (4, 1, false)] {
        let mut world = World::new(1);
        let server = scripted::<Binary>(&mut world);
        let limits = CallerLimits {
            calls_forgotten_max: 3,
            ..CallerLimits::default()
        };
        let link = LinkLimits {
            call_deadline: secs(1),
            ..LinkLimits::default()
        };
        let node = client_limited::<Binary>(&mut world, link, limits);
        world.with(&node, |cx| {
            for _ in 0..expired {
                never(cx);
            }
        });
        world.run_for(secs(2));
        assert_eq!(world.counters(&node).calls_expired, expired);
        world.with(&node, never);
        await_calls(&mut world, &server, expired as usize + 1);
        say(&mut world, &server, echoed::<Binary>(late, "late"));
        world.run_for(std::time::Duration::from_millis(1));
        let open = world.with(&node, |cx| cx.links.is_open(cx.state.caller().link()));
        let fine = world.state(&node).outcomes.len() == expired as usize;
        assert_eq!((open && fine, fine), (lives, lives), "{late} of {expired}");
    }
}

#[test]
fn two_ends_that_write_much_do_not_wait_for_each_other() {
    let mut world = World::new(1);
    let server = server(&mut world);
    let node = client::<Binary>(&mut world, LinkLimits::default());
    let word = "x".repeat(4_000);
    // Three megabytes each way, where a quarter of one stops a link's reading.
    world.with(&node, |cx| {
        for _ in 0..750 {
            echo(cx, &word);
        }
    });
    let began = world.now();
    let texts = outcomes(&mut world, &node, 750);
    assert!(texts.iter().all(|text| text.len() == 4_002), "{}", texts[0]);
    assert!(world.now() - began < secs(20));
    assert_eq!(world.state(&server).called, 750);
}

#[test]
fn a_oneway_call_is_refused_as_others_are() {
    let mut world = World::new(1);
    let limits = LinkLimits {
        calls_max: 1,
        outbox_bytes_low: 1,
        outbox_bytes_high: 10,
        outbox_bytes_max: 70,
        ..LinkLimits::default()
    };
    let _server = server(&mut world);
    let node = client::<Binary>(&mut world, limits);
    world.with(&node, |cx| {
        never(cx);
        let fire = |cx: &mut _| crate::support::fire(cx, 1);
        fire(cx).expect("no most of calls is reached");
        assert_eq!(told(&fire(cx).expect_err("too many bytes wait")), "busy");
    });
}

/// A shorter one than the link's and a longer one, made before and after others: each call by its own.
#[test]
fn a_call_may_have_a_deadline_of_its_own() {
    over_both(|over| {
        let mut world = World::new(1);
        let _server = server(&mut world);
        let limits = LinkLimits {
            call_deadline: secs(20),
            ..LinkLimits::default()
        };
        let node = over.client(&mut world, limits);
        world.run_for(secs(1));
        let began = world.now();
        world.with(&node, |cx| {
            let caller = cx.state.caller();
            for wait in [30, 10, 0] {
                let later = caller
                    .with_deadline(secs(wait))
                    .call::<Never, _>(cx, Nothing {});
                cx.when(later, move |cx, outcome| {
                    let error = outcome.expect_err("nobody answers");
                    cx.state.outcomes.push((wait as u32, told(&error)));
                });
            }
            never(cx);
            // Another service's caller has it too, and a second time is the one that counts.
            let short = caller.with_deadline(secs(1));
            let other = short.service("other").expect("a name");
            assert!(format!("{other:?}").contains("call_deadline: 1s"));
            let again = short.with_deadline(secs(5));
            assert!(format!("{again:?}").contains("call_deadline: 5s"));
        });
        // The third is the link's own, whose name is the first of its kind.
        for (count, name, wait) in [(1, 0, 0), (2, 10, 10), (3, 1, 20), (4, 30, 30)] {
            outcomes(&mut world, &node, count);
            let found = &world.state(&node).outcomes[count - 1];
            assert_eq!(*found, (name, "timeout".to_owned()));
            let took = world.now() - began;
            let late = took.checked_sub(secs(wait)).expect("not before its time");
            assert!(late < std::time::Duration::from_millis(50), "{took:?}");
        }
        assert_eq!(world.counters(&node).calls_expired, 4);
        assert_eq!(world.state(&node).caller().calls_open(), 0);
    });
}

#[test]
fn a_caller_knows_whether_it_takes_calls() {
    let mut world = World::new(1);
    let _server = server(&mut world);
    let node = client::<Binary>(&mut world, LinkLimits::default());
    let is_open = |world: &mut World| world.with(&node, |cx| cx.state.caller().is_open(cx));
    assert!(is_open(&mut world), "on its way up");
    world.run_for(secs(1));
    assert!(is_open(&mut world), "up");
    world.with(&node, |cx| {
        let link = cx.state.caller().link();
        never(cx);
        cx.links.close_when_answered(link);
        assert!(!cx.state.caller().is_open(cx), "though a call is under way");
        assert_eq!(cx.state.caller().calls_open(), 1);
    });
    assert!(!is_open(&mut world));

    let node = world.node("other", Client::default, |cx| {
        let caller = Caller::connect::<Binary, _>(cx, "server:7000")?;
        let other = caller.service("other")?;
        assert!(caller.is_open(cx) && other.is_open(cx));
        caller.close(cx);
        assert!(!caller.is_open(cx) && !other.is_open(cx), "all of them");
        Ok(())
    });
    node.expect("it starts");
    let node = world.node("third", Client::default, |cx| {
        cx.state.caller = Some(Caller::connect::<Binary, _>(cx, "server:7001")?);
        Ok(())
    });
    let node = node.expect("it starts");
    world.run_for(secs(10));
    let open = world.with(&node, |cx| cx.state.caller().is_open(cx));
    assert!(!open, "nobody listens there");
}
