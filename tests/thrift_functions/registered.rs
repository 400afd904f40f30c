//! Registration, hooks, and a place among other services.

use oneloop::thrift::{
    Binary, EventContext, Functions, MessageKind, Multiplexed, Processor, ProcessorEvents,
};
use oneloop::{Context, Error, Misuse};

use crate::dynamic::Dynamic;
use crate::support::{App, Stage, framed, functions, greet, message, text};

#[test]
fn a_name_has_one_function_and_both_places_are_told() {
    let mut functions = Functions::<()>::new();
    functions
        .on("add", |_cx, (a, b): (i64, i64)| a + b)
        .expect("new");
    let error = functions.on("add", |_cx, ()| ()).expect_err("taken");
    let Error::Misuse(Misuse::Duplicate(text)) = error else {
        panic!("{error}");
    };
    let places = text.matches("registered.rs:").count();
    assert_eq!(places, 2, "{text}");
    assert!(text.contains("\"add\""), "{text}");
    for name in ["", ":", "a:b"] {
        let error = functions.on(name, |_cx, ()| ()).expect_err("no name");
        assert!(matches!(error, Error::Misuse(Misuse::Option(_))), "{error}");
    }
    functions.on("Add", |_cx, ()| ()).expect("another");
    assert_eq!(functions.names().collect::<Vec<_>>(), ["Add", "add"]);
    assert_eq!(format!("{functions:?}"), r#"{"Add", "add"}"#);
}

#[test]
fn a_function_is_one_that_a_test_can_call() {
    let mut stage = Stage::new();
    let said = stage.world.with(&stage.node, |cx| {
        greet(cx, ("ann".to_owned(), Some("dr".to_owned())))
    });
    assert_eq!(said, "dr ann");
}

/// Told of in the state.
struct Tell;

impl ProcessorEvents<App> for Tell {
    fn get_context(&self, cx: &mut Context<'_, App>, method: &'static str) -> EventContext {
        cx.state.called.push(format!("get_context {method}"));
        None
    }

    fn post_read(
        &self,
        cx: &mut Context<'_, App>,
        _: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        cx.state.called.push(format!("post_read {method} {bytes}"));
    }

    fn post_write(
        &self,
        cx: &mut Context<'_, App>,
        _: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        cx.state.called.push(format!("post_write {method} {bytes}"));
    }

    fn handler_error(
        &self,
        cx: &mut Context<'_, App>,
        _: &mut EventContext,
        method: &'static str,
        error: &Error,
    ) {
        cx.state
            .called
            .push(format!("handler_error {method} {error}"));
    }
}

#[test]
fn hooks_are_told_the_name_alone() {
    let mut stage = Stage::with(|functions| functions.processor().events(Tell));
    stage
        .call::<Binary>("later", &[(1, Dynamic::I64(1))])
        .result();
    stage.call::<Binary>("refuse", &[]).exception();
    stage.call::<Binary>("nope", &[]).exception();
    assert_eq!(
        stage.world.state(&stage.node).called,
        [
            "get_context later",
            "post_read later 29",
            "post_write later 29",
            "get_context refuse",
            "post_read refuse 19",
            "handler_error refuse application exception of type 1001: no such room",
        ]
    );
}

#[test]
fn functions_are_one_of_several_services() {
    fn several(functions: Functions<App>) -> Processor<App> {
        let mut other = Functions::new();
        let on = other.on("add", |_cx, (a, b): (String, String)| a + &b);
        on.expect("new");
        let mut services = Multiplexed::new();
        let numbers = services.service("numbers", functions.processor());
        numbers.expect("new").default_service(other.processor());
        services.processor()
    }
    let mut stage = Stage::with(several);
    let peer = stage.peer();
    let numbers = [(1, Dynamic::I64(1)), (2, Dynamic::I64(2))];
    let call = message::<Binary>("numbers:add", MessageKind::Call, 5, &numbers);
    peer.send(&framed(&call));
    let sum = stage.reply::<Binary>(&peer).result();
    assert_eq!(sum, [(0, Dynamic::I64(3))]);
    let texts = [(1, text("a")), (2, text("b"))];
    let joined = stage.call::<Binary>("add", &texts).result();
    assert_eq!(joined, [(0, text("ab"))]);
    assert_eq!(functions().expect("good").names().count(), 23);
}

/// Limits of the wire hold for arguments as for everything.
#[test]
fn a_string_above_the_limit_is_refused() {
    fn limited(functions: Functions<App>) -> Processor<App> {
        functions.processor().limits(oneloop::thrift::WireLimits {
            string_bytes_max: 5,
            ..Default::default()
        })
    }
    let mut stage = Stage::with(limited);
    for (name, good) in [("four", true), ("fives", true), ("sixsix", false)] {
        let reply = stage.call::<Binary>("note", &[(1, text(name))]);
        match good {
            true => assert_eq!(reply.result(), []),
            false => assert_eq!(
                reply.exception(),
                (
                    7,
                    "arguments.1: a string of 6 bytes; the most is 5".to_owned()
                )
            ),
        }
    }
}
