//! Rooms, private messages, a history: `cargo run --release --bin chat`, and in another terminal
//! `cargo run --release --bin chat -- client --name ann`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use oneloop::{Address, Reactor, Result};
use oneloop_demos::chat::client;
use oneloop_demos::chat::history::History;
use oneloop_demos::chat::server::{self, Chat};
use oneloop_demos::chat::words::Name;
use oneloop_demos::{log_to_stderr, log_to_stderr_from, parse, print, report};

/// A chat with rooms, private messages and a history. Without a command it is the server.
#[derive(Debug, Parser)]
#[command(name = "chat", version)]
struct Options {
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Serves the chat. Ctrl-C stops it in peace; twice, at once
    Server(Server),
    /// Joins the chat. Ctrl-D leaves
    Client(Client),
}

#[derive(Debug, Args)]
struct Server {
    /// Where to listen: HOST:PORT (port 0 takes any free one) or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    listen: Address,
    /// Keep what is said in this file; without it a room forgets when its last member leaves
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Client {
    /// Your name: 1 to 20 letters, digits, _ or -
    #[arg(long)]
    name: Name,
    /// The room to enter
    #[arg(long, default_value = "lobby")]
    room: Name,
    /// Where the server is: HOST:PORT or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    connect: Address,
    /// When the server is lost, try for so long to be let in again; 0 ends at once
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(..=86_400))]
    reconnect: u64,
}

const DEFAULT_ADDRESS: &str = "127.0.0.1:7001";
const INTRODUCTION: &str = "\
This is the server of a chat on one thread: rooms, private messages, and with
`chat server --history FILE` a history. Ctrl-C stops it; `chat --help` says more.
";

fn main() -> ExitCode {
    match parse::<Options>().role {
        None => {
            log_to_stderr();
            print(INTRODUCTION);
            let address = DEFAULT_ADDRESS.parse().expect("the default is an address");
            report("chat", serve(&address, None))
        }
        Some(Role::Server(Server { listen, history })) => {
            log_to_stderr();
            report("chat", serve(&listen, history))
        }
        Some(Role::Client(Client {
            name,
            room,
            connect,
            reconnect,
        })) => {
            // The screen is for the chat.
            log_to_stderr_from("warn");
            report(
                "chat",
                client::run(&connect, &name, &room, Duration::from_secs(reconnect)),
            )
        }
    }
}

fn serve(address: &Address, file: Option<PathBuf>) -> Result<()> {
    let history = match file {
        Some(file) => History::open(&file)?,
        None => History::in_memory(),
    };
    let mut reactor = Reactor::new(Chat::new(history))?;
    // Before anybody can know that it runs: a signal is never the end without a word.
    reactor.stop_on_signals()?;
    let listener = reactor.start(|cx| server::start(cx, address))?;
    if let Some(address) = reactor.listener_address(listener) {
        let elsewhere = if address.to_string() == DEFAULT_ADDRESS {
            String::new()
        } else {
            format!(" --connect {address}")
        };
        print(&format!(
            "chat listens on {address}\njoin from another terminal: cargo run --release --bin chat -- client --name ann{elsewhere}\n"
        ));
    }
    reactor.run()?;
    print(&format!("{}\n{}\n", reactor.counters(), reactor.state()));
    match reactor.state().unwritten() {
        0 => Ok(()),
        lines => Err(format!("{lines} lines of the history could not be written").into()),
    }
}
