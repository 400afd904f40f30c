//! Every command answered with its own body: `cargo run --release --bin echo`.

use std::process::ExitCode;

use clap::Parser;
use oneloop::{Address, CommandService, Context, Reactor, Result};
use oneloop_demos::{HeadFlags, parse, print, report};

/// Answers every command with its own body, in Firefly's DataPack frames. Ctrl-C stops it in peace; twice, at once.
#[derive(Debug, Parser)]
#[command(name = "echo", version)]
struct Options {
    /// Where to listen: HOST:PORT (port 0 takes any free one) or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    listen: Address,
    #[command(flatten)]
    head: HeadFlags,
    /// Answer through a promise that is resolved on the next turn of the loop
    #[arg(long)]
    deferred: bool,
}

fn main() -> ExitCode {
    oneloop_demos::log_to_stderr();
    report("echo", serve(&parse::<Options>()))
}

fn serve(options: &Options) -> Result<()> {
    let codec = options.head.codec();
    let mut echo = CommandService::<()>::new();
    if options.deferred {
        echo.catch_all(|call| {
            let (promise, later) = call.defer();
            let body = call.body().to_vec();
            let resolve = move |_: &mut Context<'_, ()>| promise.resolve(body);
            call.next_turn(resolve);
            later
        })?;
    } else {
        echo.catch_all(|call| call.reply(call.body()))?;
    }
    let mut reactor = Reactor::new(())?;
    // Before anybody can know that it runs: a signal is never the end without a word.
    reactor.stop_on_signals()?;
    let listener = reactor.listen(&options.listen, codec, echo)?;
    if let Some(address) = reactor.listener_address(listener) {
        print(&format!("echo listens on {address}\n"));
    }
    reactor.run()?;
    print(&format!("{}\n", reactor.counters()));
    Ok(())
}
