//! Functions by name, without an interface: `cargo run --release --bin functions`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use oneloop::thrift::{ApplicationException, ApplicationExceptionKind, Functions};
use oneloop::{Address, Context, Deferred, Framed, Reactor, Result};
use oneloop_demos::{parse, print, report};

/// Serves a few plain functions, which any client of Thrift calls by name. Ctrl-C stops it in peace; twice, at once.
#[derive(Debug, Parser)]
#[command(name = "functions", version)]
struct Options {
    /// Where to listen: HOST:PORT (port 0 takes any free one) or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9091")]
    listen: Address,
}

/// What they work on: how often somebody was greeted.
type Greeted = i64;

fn main() -> ExitCode {
    oneloop_demos::log_to_stderr();
    report("functions", serve(&parse::<Options>()))
}

fn functions() -> Result<Functions<Greeted>> {
    let mut functions = Functions::new();
    functions
        .on("add", |_cx, (a, b): (i64, i64)| {
            a.checked_add(b).ok_or_else(|| refused("it is too much"))
        })?
        .on("greet", greet)?
        .on("greeted", |cx, ()| *cx.state)?
        .on("nap", nap)?;
    Ok(functions)
}

/// `string greet(1: string name, 2: optional string title)`
fn greet(cx: &mut Context<'_, Greeted>, (name, title): (String, Option<String>)) -> String {
    *cx.state += 1;
    match title {
        Some(title) => format!("hello {title} {name}"),
        None => format!("hello {name}"),
    }
}

/// `void nap(1: i32 milliseconds)`, answered when it is over.
fn nap(
    cx: &mut Context<'_, Greeted>,
    milliseconds: i32,
) -> Result<Deferred<()>, ApplicationException> {
    let time = u64::try_from(milliseconds).map_err(|_| refused("nobody sleeps back"))?;
    let (promise, later) = cx.defer();
    cx.after(Duration::from_millis(time), |_| promise.resolve(()));
    Ok(later)
}

/// What the caller is told.
fn refused(text: &str) -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::Other(1001), text)
}

fn serve(options: &Options) -> Result<()> {
    let mut reactor = Reactor::new(0)?;
    reactor.stop_on_signals()?;
    let processor = functions()?.processor();
    let listener = reactor.listen(&options.listen, Framed::default(), processor)?;
    if let Some(address) = reactor.listener_address(listener) {
        print(&format!("functions listens on {address}\n"));
    }
    reactor.run()
}
