//! What a child process does.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, Write as _};
use std::time::{Duration, Instant};

use oneloop::node::{Node, NodeLimits, Remote, Root, Secret};
use oneloop::thrift::{Functions, Processor};
use oneloop::{Context, Deferred, Error, LinkLimits, Reactor, Result};

pub(crate) const ROLE: &str = "ONELOOP_HERD_ROLE";
pub(crate) const ADDRESS: &str = "ONELOOP_HERD_ADDRESS";

/// Calls that the caller has open at any time.
pub(crate) const OPEN: usize = 100;

/// How long a call takes its target.
const WORK: Duration = Duration::from_millis(40);
/// Until a call that failed is followed by another.
const AGAIN: Duration = Duration::from_millis(10);
/// No process lasts longer, whoever has forgotten it.
const LIFE: Duration = Duration::from_secs(600);

#[derive(Default)]
struct App {
    made: u64,
    over: u64,
    ok: u64,
    /// How often each call had an outcome, by its number.
    outcomes: Vec<u8>,
    kinds: BTreeMap<String, u64>,
    finishing: bool,
    /// Of the gate's children, as it last said.
    children: i32,
    root_up: bool,
}

/// Plays the role that the environment gives this process, until its standard input ends. False if it gives none.
pub(crate) fn play() -> bool {
    let Ok(role) = std::env::var(ROLE) else {
        return false;
    };
    let address = std::env::var(ADDRESS).expect("it has an address too");
    let mut reactor = Reactor::new(App::default()).expect("a reactor");
    let started = match &*role {
        "gate" => start_gate(&mut reactor, &address),
        "caller" => reactor.start(|cx| start_caller(cx, &address)),
        _ => reactor.start(|cx| start_calc(cx, &role, &address)),
    };
    started.expect("it starts");
    let handle = reactor.handle();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(io::Result::ok) {
            if handle.post(move |cx| told(cx, &line)).is_err() {
                break;
            }
        }
        handle.stop_now();
    });
    let started = reactor.start(|cx| {
        cx.after(LIFE, |cx| cx.stop_now());
        Ok(())
    });
    started.expect("it starts");
    reactor.run().expect("in peace");
    true
}

fn say(what: &str) {
    let mut output = io::stdout().lock();
    // Nobody may be left who listens.
    let _ = writeln!(output, "# {what}");
    let _ = output.flush();
}

fn limits() -> NodeLimits {
    NodeLimits {
        link: LinkLimits {
            call_deadline: Duration::from_secs(5),
            ..NodeLimits::default().link
        },
        heartbeat: Duration::from_millis(300),
        silence_deadline: Duration::from_secs(2),
        redial_after_min: Duration::from_millis(20),
        redial_after_max: Duration::from_millis(500),
        ..NodeLimits::default()
    }
}

fn secret() -> Secret {
    Secret::new("correct horse battery staple").expect("long enough")
}

/// The gate of a later life listens where the first did.
fn start_gate(reactor: &mut Reactor<App>, address: &str) -> Result<()> {
    let began = Instant::now();
    loop {
        let started = reactor.start(|cx| {
            let root = Root::new().secret(secret()).limits(limits()).serve(relay());
            let listeners = Node::new("gate").root(address, root).start(cx)?;
            let address = cx.listener_address(listeners[0]).expect("it listens");
            say(&format!("listening on {address}"));
            Ok(())
        });
        match started {
            // A child that dials may have been given the very port for its own end.
            Err(Error::Io(_)) if began.elapsed() < LIFE / 10 => std::thread::yield_now(),
            other => return other,
        }
    }
}

fn relay() -> Processor<App> {
    let mut functions = Functions::new();
    let served = functions
        .on("relay", |cx, number: i64| -> Deferred<i64> {
            cx.child("calc").call_named(cx, "double", number)
        })
        .and_then(|it| {
            it.on("children", |cx, ()| {
                i32::try_from(cx.children("calc").len()).unwrap_or(i32::MAX)
            })
        });
    served.expect("they are free");
    functions.processor()
}

fn start_calc(cx: &mut Context<'_, App>, role: &str, address: &str) -> Result<()> {
    let mut functions = Functions::new();
    functions.on("double", |cx, number: i64| {
        let (promise, later) = cx.defer();
        cx.after(WORK, move |_| promise.resolve(number.wrapping_mul(2)));
        later
    })?;
    let mut instance = [0; 16];
    instance[..role.len()].copy_from_slice(role.as_bytes());
    let remote = Remote::new()
        .secret(secret())
        .limits(limits())
        .serve(functions.processor());
    Node::new("calc")
        .instance(instance)
        .remote("gate", address, remote)
        .start(cx)
        .map(drop)
}

fn start_caller(cx: &mut Context<'_, App>, address: &str) -> Result<()> {
    let remote = Remote::<App>::new()
        .secret(secret())
        .limits(limits())
        .on_root_up(|cx, _| cx.state.root_up = true)
        .on_root_lost(|cx, _, _| {
            cx.state.root_up = false;
            cx.state.children = 0;
        });
    Node::new("caller")
        .instance([1; 16])
        .remote("gate", address, remote)
        .start(cx)?;
    for _ in 0..OPEN {
        call(cx);
    }
    Ok(())
}

/// Makes a call; and when it is over the next one.
fn call(cx: &mut Context<'_, App>) {
    if cx.state.finishing {
        return;
    }
    let number = cx.state.made;
    cx.state.made += 1;
    cx.state.outcomes.push(0);
    let argument = number.cast_signed();
    let made: Deferred<i64> = cx.remote("gate").call_named(cx, "relay", argument);
    cx.when(made, move |cx, outcome| {
        let state = &mut *cx.state;
        state.over += 1;
        state.outcomes[number as usize] += 1;
        assert_eq!(state.outcomes[number as usize], 1, "{number} is over twice");
        match outcome {
            Ok(double) => {
                assert_eq!(double, argument * 2, "another's answer");
                state.ok += 1;
                call(cx);
            }
            Err(error) => {
                *state.kinds.entry(kind(&error)).or_default() += 1;
                cx.after(AGAIN, call);
            }
        }
        if cx.state.finishing && cx.state.over == cx.state.made {
            finished(cx);
        }
    });
}

fn finished(cx: &Context<'_, App>) {
    let missing = cx.state.outcomes.iter().filter(|count| **count != 1);
    assert_eq!(missing.count(), 0, "outcomes are missing");
    say(&format!("finished {}", status(cx)));
}

fn status(cx: &Context<'_, App>) -> String {
    let App {
        made,
        over,
        ok,
        kinds,
        children,
        root_up,
        ..
    } = &*cx.state;
    let (open, root) = (made - over, u8::from(*root_up));
    format!("made={made} over={over} ok={ok} open={open} children={children} root={root} {kinds:?}")
}

/// What the test wants of this process.
fn told(cx: &mut Context<'_, App>, what: &str) {
    match what {
        // Behind an answer of the gate, if there is one: so the test asks no faster than that.
        "status" => {
            let asked: Deferred<i32> = cx.remote("gate").call_named(cx, "children", ());
            cx.when(asked, |cx, children| match children {
                Ok(children) => {
                    cx.state.children = children;
                    say(&format!("status {}", status(cx)));
                }
                Err(_) => {
                    cx.state.children = 0;
                    cx.after(AGAIN, |cx| say(&format!("status {}", status(cx))));
                }
            });
        }
        "finish" => {
            cx.state.finishing = true;
            if cx.state.over == cx.state.made {
                finished(cx);
            }
        }
        "open" => {
            let open = cx.counters().calls_open;
            cx.after(AGAIN, move |_| say(&format!("open {open}")));
        }
        _ => {}
    }
}

/// In a word; `untyped` if a caller could make nothing of it.
fn kind(error: &Error) -> String {
    match error {
        Error::Absent(_) => "absent".into(),
        Error::Timeout => "timeout".into(),
        Error::Busy => "busy".into(),
        Error::LinkClosed => "closed".into(),
        Error::Stopped => "stopped".into(),
        Error::Io(error) => format!("io {}", error.kind()),
        Error::Peer(fault) => format!("peer {fault}"),
        Error::Failed(_) => "failed".into(),
        other => format!("untyped {other}"),
    }
}
