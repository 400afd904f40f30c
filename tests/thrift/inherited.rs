//! A generated service that extends another: hooks by the names of those that declare, contexts that are freed whatever comes, several
//! services on one listener, too much to do.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::thrift::{
    ApplicationExceptionKind as Kind, MessageKind, Multiplexed, Overload, Processor, Protocol,
};
use oneloop::{Framed, LinkLimits, Listen};

use crate::bad_input::{call, echo, sent};
use crate::hooks::Tell;
use crate::served::generated::ground_processor;
use crate::served::{processor, said};
use crate::service::Hand;
use crate::support::{Client, Stage, both, exception};

both! {
    hooks_are_told_who_declares_a_method_and_links_around_it
    a_context_is_freed_whatever_becomes_of_its_call
    services_by_name_and_one_by_default
}

/// A server whose hooks write down what they are told; and how many contexts it freed.
fn told(processor: fn() -> Processor<Hand>, limits: LinkLimits) -> (Stage, Rc<Cell<u32>>) {
    let freed: Rc<Cell<u32>> = Rc::default();
    let tell = || Tell {
        freed: Rc::clone(&freed),
    };
    let served = Rc::new(Cell::new(Some(
        processor().events(tell()).server_events(tell()),
    )));
    let stage = Stage::serving(move |cx| {
        let processor = served.take().expect("it starts once");
        let listen = Listen::from("server:9090").limits(limits.clone());
        cx.listen(listen, Framed::default(), processor)
    });
    (stage, freed)
}

fn hooks_are_told_who_declares_a_method_and_links_around_it<P: Protocol>() {
    let (mut stage, freed) = told(processor, LinkLimits::default());
    let mut client = stage.peer();
    let calls = [("echo", "hi 1"), ("greet", "hi 1")];
    for (method, _) in calls {
        client.send(&call::<P>(method, &echo::<P>("hi")));
        stage.reply(&mut client);
    }
    client.send(&sent::<P>("note", MessageKind::Oneway, &echo::<P>("hi")));
    client.send(&call::<P>("nope", &echo::<P>("hi")));
    stage.reply(&mut client);
    let link = client.peer.server_link().expect("up");
    client.peer.close();
    stage.world.run_for(Duration::from_millis(100));
    assert_eq!(freed.get(), 3);

    let lines = &stage.world.state(&stage.node).told;
    // What is left of the bytes' numbers, which differ by protocol: their hooks.
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.trim_end_matches(|last: char| last.is_ascii_digit() || last == ' '))
        .map(str::to_owned)
        .collect();
    let around = |hook: &str| {
        let line = format!("{hook} {link}");
        line.trim_end_matches(|last: char| last.is_ascii_digit() || last == ' ')
            .to_owned()
    };
    let mut expected = vec!["pre_serve".to_owned(), around("opened")];
    for method in ["Ground.echo", "Served.greet"] {
        expected.push(around("before"));
        expected.push(format!("get_context {method}"));
        for hook in ["pre_read", "post_read", "target", "pre_write", "post_write"] {
            expected.push(hook.into());
        }
    }
    expected.push(around("before"));
    expected.push("get_context Ground.note".into());
    for hook in ["pre_read", "post_read", "target hi", "async_complete"] {
        expected.push(hook.into());
    }
    // The unknown one, of which the hooks of calls are told nothing.
    expected.push(around("before"));
    expected.push(around("closed"));
    assert_eq!(lines, expected);
}

/// What is done to a server after a call was sent to it.
type Done = fn(&mut Stage, &Client);

/// What, method, kind, arguments, what is done then, what the hooks are told at some time.
type Row<'a> = (
    &'static str,
    &'static str,
    MessageKind,
    &'a [u8],
    Done,
    &'static str,
);

fn a_context_is_freed_whatever_becomes_of_its_call<P: Protocol>() {
    use MessageKind::{Call, Oneway};
    const LONG: &str =
        "a reply that is longer than the limit of this listener's frames, which is low";
    let hi = echo::<P>("hi");
    let long = echo::<P>(LONG);
    let nothing: Done = |_, _| {};
    let rows: &[Row<'_>] = &[
        ("a value", "echo", Call, &hi, nothing, "post_write"),
        (
            "a declared exception",
            "refuse",
            Call,
            &hi,
            nothing,
            "post_write",
        ),
        ("a failure", "fail", Call, b"\0", nothing, "handler_error"),
        ("a panic", "panics", Call, b"\0", nothing, "handler_error"),
        (
            "a reply too long",
            "echo",
            Call,
            &long,
            nothing,
            "handler_error",
        ),
        ("malformed", "greet", Call, b"\0", nothing, "pre_read"),
        (
            "malformed, oneway",
            "note",
            Oneway,
            b"",
            nothing,
            "pre_read",
        ),
        ("oneway", "note", Oneway, &hi, nothing, "async_complete"),
        (
            "oneway, called",
            "note",
            Call,
            &hi,
            nothing,
            "async_complete",
        ),
        (
            "oneway that fails",
            "fall",
            Oneway,
            b"\0",
            nothing,
            "handler_error",
        ),
        (
            "never answered",
            "held",
            Call,
            b"\0",
            |stage, _| stage.world.run_for(Duration::from_secs(60)),
            "handler_error",
        ),
        (
            "its promise is dropped",
            "held",
            Call,
            b"\0",
            |stage, _| stage.world.with(&stage.node, |cx| cx.state.texts.clear()),
            "handler_error",
        ),
        (
            "answered later",
            "held",
            Call,
            b"\0",
            |stage, _| {
                stage.world.with(&stage.node, |cx| {
                    let promise = cx.state.texts.pop().expect("it was kept");
                    promise.resolve("late".into());
                });
            },
            "post_write",
        ),
        (
            "the link is reset before",
            "held",
            Call,
            b"\0",
            |_, client| client.peer.reset(),
            "closed",
        ),
        (
            "the link is closed before, by a call behind",
            "held",
            Call,
            b"\0",
            |_, client| client.send(&call::<P>("leave", &echo::<P>("now"))),
            "closed",
        ),
        (
            "the link is closed by its own target",
            "leave",
            Call,
            &echo::<P>("now"),
            nothing,
            "closed",
        ),
        (
            "a call behind panics",
            "held",
            Call,
            b"\0",
            |stage, client| {
                client.send(&call::<P>("panics", b"\0"));
                stage.world.run_for(Duration::from_secs(60));
            },
            "closed",
        ),
        (
            "the loop stops",
            "held",
            Call,
            b"\0",
            |stage, _| stage.world.with(&stage.node, |cx| cx.stop_now()),
            "closed",
        ),
    ];
    for (what, method, kind, arguments, done, last) in rows {
        let limits = LinkLimits {
            frame_out_bytes_max: 80,
            ..LinkLimits::default()
        };
        let (mut stage, freed) = told(processor, limits);
        stage.world.allow_panics();
        let client = stage.peer();
        client.send(&sent::<P>(method, *kind, arguments));
        stage.world.run_for(Duration::from_millis(100));
        done(&mut stage, &client);
        stage.world.run_for(Duration::from_secs(1));
        // A link that is being closed waits for its peer.
        client.peer.close();
        stage.world.run_for(Duration::from_secs(1));
        let told = stage.world.state(&stage.node).told.clone();
        let made = told.iter().filter(|line| line.starts_with("get_context"));
        assert_eq!(freed.get() as usize, made.count(), "{what}: {told:?}");
        assert!(freed.get() > 0, "{what}");
        let found = told.iter().any(|line| line.starts_with(last));
        assert!(found, "{what}: {told:?}");
    }
}

/// A name without a colon goes to the default service, which has the parent's methods alone.
fn services_by_name_and_one_by_default<P: Protocol>() {
    fn both_services() -> Processor<Hand> {
        let mut services = Multiplexed::new();
        services.service("served", processor()).expect("free");
        services.default_service(ground_processor());
        services.processor()
    }
    let (mut stage, freed) = told(both_services, LinkLimits::default());
    let mut client = stage.peer();
    let hi = echo::<P>("hi");
    for (name, answer) in [
        ("served:greet", Some(("greet", "hi 1"))),
        ("served:echo", Some(("echo", "hi"))),
        ("echo", Some(("echo", "hi"))),
        ("greet", None),
        ("other:echo", None),
        ("served:served:echo", None),
        (":echo", None),
    ] {
        client.send(&call::<P>(name, &hi));
        let reply = stage.reply(&mut client);
        match answer {
            Some((method, text)) => assert_eq!(said::<P>(&reply, method, 5), text, "{name}"),
            None => {
                // As much of the name as nobody took off.
                let left = name.strip_prefix("served:").unwrap_or(name);
                assert_eq!(exception::<P>(&reply, left, 5).0, Kind::UnknownMethod);
            }
        }
    }
    let told = &stage.world.state(&stage.node).told;
    let names: Vec<_> = told
        .iter()
        .filter_map(|line| line.strip_prefix("get_context "))
        .collect();
    assert_eq!(names, ["Served.greet", "Ground.echo", "Ground.echo"]);
    assert_eq!(freed.get(), 3);
}

/// Calls of the parent's methods count as well. Above the bound new links are closed at once; from four fifths of it on they are taken.
#[test]
fn unanswered_calls_of_inherited_methods_are_bounded() {
    type P = oneloop::thrift::Compact;
    fn bounded() -> Processor<Hand> {
        processor().overload(Overload::new(100, 5))
    }
    let mut stage = Stage::with(bounded, |listen| listen);
    let client = stage.peer();
    let refused = |stage: &mut Stage| {
        let late = stage.peer();
        stage.world.run_for(Duration::from_millis(100));
        !late.peer.is_open()
    };
    for (calls, expected) in [(4, false), (5, false), (6, true)] {
        while stage.world.state(&stage.node).texts.len() < calls {
            client.send(&call::<P>("held", b"\0"));
            stage.world.run_for(Duration::from_millis(100));
        }
        assert_eq!(refused(&mut stage), expected, "{calls} calls");
    }
    for (left, expected) in [(5, true), (4, false)] {
        stage.world.with(&stage.node, |cx| {
            while cx.state.texts.len() > left {
                cx.state.texts.remove(0).resolve("late".into());
            }
        });
        stage.world.run_for(Duration::from_millis(100));
        assert_eq!(refused(&mut stage), expected, "{left} left");
    }
}
