//! oneloop: a root that calls its child, and the child.

use std::time::Instant;

use oneloop::node::{Node, Remote, Root};
use oneloop::thrift::{Answer, Functions, Processor};
use oneloop::{Address, Context, Deferred, Reactor, Result};

use crate::contestant::{Ask, BODY_BYTES, Role};
use crate::end::{Round, fail, listen, say, say_span};

/// What the IDL compiler made of `work.thrift`.
#[allow(dead_code, missing_docs, unreachable_pub)]
mod generated {
    include!("generated/work.rs");
}

use generated::{Work, WorkClient};

/// How the child is called, and serves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Named,
    Generated,
}

pub(crate) fn run(way: Way, role: Role, root: Option<&str>) {
    match (role, root) {
        (Role::Caller, _) => call(way),
        (Role::Callee, Some(root)) => serve(way, root),
        (Role::Callee, None) => panic!("a child dials a root"),
    }
}

// ---- the child ----

struct Child;

impl Work for Child {
    fn add(_: &mut Context<'_, Self>, a: i64, b: i64) -> Answer<i64> {
        a.wrapping_add(b).into()
    }

    fn echo(_: &mut Context<'_, Self>, body: Vec<u8>) -> Answer<Vec<u8>> {
        body.into()
    }
}

fn functions() -> Result<Processor<Child>> {
    let mut functions = Functions::new();
    functions
        .on("add", |_cx, (a, b): (i64, i64)| a.wrapping_add(b))?
        .on("echo", |_cx, body: Vec<u8>| body)?;
    Ok(functions.processor())
}

fn serve(way: Way, root: &str) {
    let mut reactor = Reactor::new(Child).expect("a poll");
    let serving = |cx: &mut Context<'_, Child>| {
        let processor = match way {
            Way::Named => functions()?,
            Way::Generated => generated::processor(),
        };
        let remote = Remote::new().serve(processor);
        Node::new("calc").remote("gate", root, remote).start(cx)
    };
    reactor.start(serving).expect("it starts");
    listen(|line| panic!("a child is told nothing: {line:?}"));
    reactor.run().expect("in peace");
}

// ---- the root ----

struct Gate {
    way: Way,
    body: Vec<u8>,
    /// The calls of the round that are still to be made, and those that are not answered.
    to_make: usize,
    open: usize,
    ask: Ask,
    began: Instant,
}

fn call(way: Way) {
    let gate = Gate {
        way,
        body: vec![b'x'; BODY_BYTES],
        to_make: 0,
        open: 0,
        ask: Ask::Add,
        began: Instant::now(),
    };
    let mut reactor = Reactor::new(gate).expect("a poll");
    let starting = |cx: &mut Context<'_, Gate>| {
        let root = Root::new().on_child_up(|_cx, _child| say("ready"));
        let listeners = Node::new("gate").root("127.0.0.1:0", root).start(cx)?;
        match listeners.first().and_then(|id| cx.listener_address(*id)) {
            Some(Address::Ip(address)) => say(address),
            other => panic!("it listens at {other:?}"),
        }
        Ok(())
    };
    let handle = reactor.handle();
    reactor.start(starting).expect("it starts");
    listen(move |line| {
        let round = Round::of_line(line);
        handle.post(move |cx| begin(cx, round)).expect("it runs");
    });
    reactor.run().expect("in peace");
}

fn begin(cx: &mut Context<'_, Gate>, round: Round) {
    let first = round.in_flight.min(round.count);
    cx.state.ask = round.ask;
    cx.state.to_make = round.count - first;
    cx.state.open = first;
    cx.state.began = Instant::now();
    for _ in 0..first {
        make(cx);
    }
}

fn make(cx: &mut Context<'_, Gate>) {
    match cx.state.ask {
        Ask::Add => {
            let a = cx.state.to_make as i64;
            let sum = add(cx, a);
            cx.when(sum, move |cx, sum| match sum {
                Ok(sum) if sum == a + 2 => answered(cx),
                other => fail(format!("{a} and 2 are {other:?}")),
            });
        }
        Ask::Echo => {
            let back = echo(cx);
            cx.when(back, move |cx, back| match back {
                Ok(back) if back == cx.state.body => answered(cx),
                other => fail(format!("another body: {other:?}")),
            });
        }
    }
}

fn answered(cx: &mut Context<'_, Gate>) {
    if cx.state.to_make > 0 {
        cx.state.to_make -= 1;
        make(cx);
        return;
    }
    cx.state.open -= 1;
    if cx.state.open == 0 {
        say_span(cx.state.began);
    }
}

fn add(cx: &mut Context<'_, Gate>, a: i64) -> Deferred<i64> {
    match cx.state.way {
        Way::Named => cx.child("calc").call_named(cx, "add", (a, 2_i64)),
        Way::Generated => client(cx).add(cx, a, 2),
    }
}

fn echo(cx: &mut Context<'_, Gate>) -> Deferred<Vec<u8>> {
    let body = cx.state.body.clone();
    match cx.state.way {
        Way::Named => cx.child("calc").call_named(cx, "echo", body),
        Way::Generated => client(cx).echo(cx, body),
    }
}

/// Of the child whose turn it is, as one asks for each call.
fn client(cx: &Context<'_, Gate>) -> WorkClient {
    match cx.child("calc").caller(cx) {
        Ok(caller) => WorkClient::new(caller),
        Err(error) => fail(error),
    }
}
