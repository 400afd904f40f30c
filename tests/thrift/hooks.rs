//! Hooks: what they are told, in which order, and that each context is freed once.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::thrift::{
    Binary, EventContext, MessageKind, Processor, ProcessorEvents, ServerEvents,
};
use oneloop::{Context, Error, LinkId, Reason};

use crate::service::{Divide, Fire, Hand, Held, Nothing, Number, Numbers, Text, processor};
use crate::support::{Stage, message};

/// Writes down what it is told; its context counts how often it is freed.
pub(crate) struct Tell {
    pub(crate) freed: Rc<Cell<u32>>,
}

fn name(context: &EventContext) -> &'static str {
    let name = context.as_ref().and_then(|context| context.downcast_ref());
    name.copied().expect("the context that was made")
}

impl ProcessorEvents<Hand> for Tell {
    fn get_context(&self, cx: &mut Context<'_, Hand>, method: &'static str) -> EventContext {
        cx.state.told.push(format!("get_context {method}"));
        Some(Box::new(method))
    }

    fn free_context(&self, context: EventContext, method: &'static str) {
        assert_eq!(name(&context), method);
        self.freed.set(self.freed.get() + 1);
    }

    fn pre_read(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push("pre_read".into());
    }

    fn post_read(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push(format!("post_read {bytes}"));
    }

    fn pre_write(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push("pre_write".into());
    }

    fn post_write(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
        bytes: usize,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push(format!("post_write {bytes}"));
    }

    fn async_complete(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push("async_complete".into());
    }

    fn handler_error(
        &self,
        cx: &mut Context<'_, Hand>,
        context: &mut EventContext,
        method: &'static str,
        error: &Error,
    ) {
        assert_eq!(name(context), method);
        cx.state.told.push(format!("handler_error {error}"));
    }
}

impl ServerEvents<Hand> for Tell {
    fn pre_serve(&self, cx: &mut Context<'_, Hand>) {
        cx.state.told.push("pre_serve".into());
    }

    fn link_opened(&self, cx: &mut Context<'_, Hand>, link: LinkId) {
        cx.state.told.push(format!("opened {link}"));
    }

    fn before_call(&self, cx: &mut Context<'_, Hand>, link: LinkId) {
        cx.state.told.push(format!("before {link}"));
    }

    fn link_closed(&self, cx: &mut Context<'_, Hand>, link: LinkId, _: &Reason) {
        cx.state.told.push(format!("closed {link}"));
    }
}

thread_local! {
    static FREED: Rc<Cell<u32>> = Rc::default();
}

fn told() -> Processor<Hand> {
    let freed = FREED.with(Rc::clone);
    processor().events(Tell { freed })
}

/// What the hooks are told of this message, when all is done; and that one context was freed, or none.
fn trace(frame: &[u8], contexts: u32) -> Vec<String> {
    let mut stage = Stage::with(told, |listen| listen);
    stage.world.allow_panics();
    let before = FREED.with(|freed| freed.get());
    let client = stage.peer();
    client.send(frame);
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(FREED.with(|freed| freed.get()) - before, contexts);
    std::mem::take(&mut stage.world.state_mut(&stage.node).told)
}

fn call<T: oneloop::thrift::Value>(name: &str, kind: MessageKind, arguments: &T) -> Vec<u8> {
    message::<Binary, T>(name, kind, 1, arguments)
}

#[test]
fn hooks_are_told_in_the_order_of_the_official_library() {
    use MessageKind::{Call, Oneway};
    let hi = Text {
        text: Some("hi".into()),
    };
    let good = [
        "get_context Hand.echo",
        "pre_read",
        "post_read 26",
        "target",
        "pre_write",
        "post_write 26",
    ];
    assert_eq!(trace(&call("echo", Call, &hi), 1), good);
    let zero = Numbers {
        number: Some(1),
        by: Some(0),
    };
    let thrown = [
        "get_context Hand.divide",
        "pre_read",
        "post_read 33",
        "pre_write",
        "post_write 30",
    ];
    assert_eq!(trace(&call("divide", Call, &zero), 1), thrown, "declared");
    let failed = [
        "get_context Hand.broken",
        "pre_read",
        "post_read 19",
        "handler_error the password is swordfish",
    ];
    assert_eq!(trace(&call("broken", Call, &Nothing::default()), 1), failed);
    let panicked = [
        "get_context Hand.panics",
        "pre_read",
        "post_read 19",
        "handler_error panicked: the password is swordfish",
    ];
    let told = trace(&call("panics", Call, &Nothing::default()), 1);
    assert_eq!(told[..3], panicked[..3]);
    assert!(told[3].starts_with("handler_error"), "{told:?}");
    assert_eq!(told.len(), 4);
    let oneway = [
        "get_context Hand.fire",
        "pre_read",
        "post_read 17",
        "target",
        "async_complete",
    ];
    for kind in [Oneway, Call] {
        assert_eq!(trace(&call("fire", kind, &Nothing::default()), 1), oneway);
    }
    let mut cut = call("echo", Call, &hi);
    cut.pop();
    assert_eq!(trace(&cut, 1), ["get_context Hand.echo", "pre_read"]);
    let nothing: [&str; 0] = [];
    assert_eq!(trace(&call("nope", Call, &hi), 0), nothing, "unknown");
    assert_eq!(trace(&call("echo", MessageKind::Reply, &hi), 0), nothing);
}

/// An answer that comes later is told of in the same order; one that never comes frees its context with the link.
#[test]
fn hooks_are_told_of_later_answers_too() {
    let wait = Numbers {
        number: Some(4),
        by: Some(100),
    };
    let later = [
        "get_context Hand.later",
        "pre_read",
        "post_read 32",
        "pre_write",
        "post_write 25",
    ];
    assert_eq!(trace(&call("later", MessageKind::Call, &wait), 1), later);

    let mut stage = Stage::with(told, |listen| listen);
    let before = FREED.with(|freed| freed.get());
    let client = stage.peer();
    client.call::<Binary, Held>(1, &Number::default());
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(FREED.with(|freed| freed.get()), before);
    client.peer.reset();
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(FREED.with(|freed| freed.get()), before + 1);
}

#[test]
fn server_events_are_told_of_each_link() {
    fn served() -> Processor<Hand> {
        processor().server_events(Tell {
            freed: Rc::default(),
        })
    }
    let mut stage = Stage::with(served, |listen| listen);
    let mut client = stage.peer();
    for sequence in 0..2 {
        client.call::<Binary, Divide>(sequence, &Numbers::default());
        stage.reply(&mut client);
    }
    let link = client.peer.server_link().expect("up");
    client.peer.close();
    stage.world.run_for(Duration::from_secs(1));
    let told = [
        "pre_serve".to_owned(),
        format!("opened {link}"),
        format!("before {link}"),
        format!("before {link}"),
        format!("closed {link}"),
    ];
    assert_eq!(stage.world.state(&stage.node).told, told);
}

/// Closes each link before its first call.
struct Door;

impl ServerEvents<Hand> for Door {
    fn before_call(&self, cx: &mut Context<'_, Hand>, link: LinkId) {
        cx.links.close(link);
    }
}

#[test]
fn a_link_that_is_closed_before_its_call_is_not_served() {
    let mut stage = Stage::with(|| processor().server_events(Door), |listen| listen);
    let mut client = stage.peer();
    client.call::<Binary, Fire>(1, &Number { number: Some(1) });
    stage.assert_closed(&mut client);
    assert!(stage.world.state(&stage.node).fired.is_empty());
}

#[test]
fn of_a_link_that_was_refused_nothing_is_told() {
    fn full() -> Processor<Hand> {
        let freed = FREED.with(Rc::clone);
        let overload = oneloop::thrift::Overload::new(0, 1000);
        processor().overload(overload).server_events(Tell { freed })
    }
    let mut stage = Stage::with(full, |listen| listen);
    let mut client = stage.peer();
    stage.assert_closed(&mut client);
    let told = &stage.world.state(&stage.node).told;
    assert!(
        told.iter()
            .all(|line| !line.starts_with("opened") && !line.starts_with("closed")),
        "{told:?}"
    );
}
