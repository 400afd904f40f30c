//! A server whose work is done by children, in any language: `cargo run --release --bin workers`. `demos/python/child.py` is one of them.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use oneloop::node::{Node, Peer, Root, Secret};
use oneloop::thrift::{ApplicationException, ApplicationExceptionKind, Functions, Json};
use oneloop::{Address, Context, Deferred, Error, Framed, Reactor, Reason, Result};
use oneloop_demos::{parse, print, report};
use serde::{Deserialize, Serialize};

/// Serves functions whose work its children do, who may be written in any language that has Thrift. The cluster's secret is in the
/// environment, ONELOOP_SECRET; without one it takes whoever comes, from this machine only. Ctrl-C stops it in peace; twice, at once.
#[derive(Debug, Parser)]
#[command(name = "workers", version)]
struct Options {
    /// Where clients call: HOST:PORT (port 0 takes any free one) or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9092")]
    listen: Address,
    /// Where children come
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    root: Address,
}

/// What it works on: what the children have noted.
type Notes = Vec<String>;

/// Passed as serde's JSON: it is in no interface.
#[derive(Debug, Serialize, Deserialize)]
enum Shape {
    Circle { radius: f64 },
    Square(f64),
}

fn main() -> ExitCode {
    oneloop_demos::log_to_stderr();
    report("workers", serve(&parse::<Options>()))
}

/// What clients call. The children do it, those named `calc`, in turn.
fn for_clients() -> Result<Functions<Notes>> {
    let mut functions = Functions::new();
    functions
        .on("add", |cx, (a, b): (i64, i64)| -> Deferred<i64> {
            let sum = cx.child("calc").call_named(cx, "add", (a, b));
            sum.map_err(told)
        })?
        .on("divide", |cx, (a, b): (i64, i64)| -> Deferred<i64> {
            let part = cx.child("calc").call_named(cx, "divide", (a, b));
            part.map_err(told)
        })?
        .on("grow", |cx, (shape, by): (Json<Shape>, f64)| {
            let grown = cx.child("calc").call_named(cx, "grow", (shape, by));
            grown.map_err(told) as Deferred<Json<Shape>>
        })?;
    Ok(functions)
}

/// What children call.
fn for_children() -> Result<Functions<Notes>> {
    let mut functions = Functions::new();
    functions.on("note", note)?.on("shrink", shrink)?;
    Ok(functions)
}

/// `i64 note(1: string text)`: how many there are now.
fn note(cx: &mut Context<'_, Notes>, text: String) -> Result<i64, ApplicationException> {
    if text.is_empty() || cx.state.len() >= NOTES_MAX {
        return Err(refused("it is empty, or there are too many"));
    }
    cx.state.push(text);
    Ok(i64::try_from(cx.state.len()).unwrap_or(i64::MAX))
}

/// `binary shrink(1: binary shape, 2: double by)`
fn shrink(_: &mut Context<'_, Notes>, (Json(shape), by): (Json<Shape>, f64)) -> Json<Shape> {
    Json(match shape {
        Shape::Circle { radius } => Shape::Circle {
            radius: radius / by,
        },
        Shape::Square(side) => Shape::Square(side / by),
    })
}

/// What a client is told: what the child has said, or that there is none.
fn told(error: Error) -> Error {
    match error {
        Error::Absent(_) => refused("no calc is there").into(),
        other => other,
    }
}

fn refused(text: &str) -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::Other(1001), text)
}

fn serve(options: &Options) -> Result<()> {
    let mut root = Root::new()
        .serve(for_children()?.processor())
        .on_child_up(|_, child| say(child, "is up"))
        .on_child_lost(|_, child, why: &Reason| say(child, &format!("is lost: {why}")))
        .on_refused(|_, refusal| print(&format!("{refusal}\n")));
    if let Some(secret) = env::var_os("ONELOOP_SECRET") {
        root = root.secret(Secret::new(secret.as_encoded_bytes())?);
    }
    let mut reactor = Reactor::new(Notes::new())?;
    reactor.stop_on_signals()?;
    reactor.start(|cx| {
        let listeners = Node::new("workers")
            .root(&options.root, root)
            .net(
                &options.listen,
                Framed::default(),
                for_clients()?.processor(),
            )
            .start(cx)?;
        for (id, who) in listeners.into_iter().zip(["children", "clients"]) {
            if let Some(address) = cx.listener_address(id) {
                print(&format!("workers listens for {who} on {address}\n"));
            }
        }
        Ok(())
    })?;
    reactor.run()
}

fn say(child: &Peer, what: &str) {
    print(&format!("{} {what}\n", child.name));
}

const NOTES_MAX: usize = 1000;
