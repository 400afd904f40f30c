//! How fast a server of echoes is: `cargo run --release --bin load`, beside `cargo run --release --bin echo`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use oneloop::Address;
use oneloop_demos::load::fault::Fault;
use oneloop_demos::load::plan::Plan;
use oneloop_demos::load::plot;
use oneloop_demos::load::progress::Progress;
use oneloop_demos::load::run::{PlotFile, run};
use oneloop_demos::load::table::Table;
use oneloop_demos::{HeadFlags, complain, log_to_stderr_from, parse, print, refuse};

/// Loads a server that answers every command with its own body, in DataPack frames, and measures it. Every byte of every reply is
/// compared with what was asked.
///
/// Each connection has --in-flight requests outstanding at all times: after each read, as many requests are sent in one piece as
/// replies came with it. The replies on a connection must come in the order of its requests. A latency counts from when the request is
/// handed to the connection to when its reply was read.
///
/// Ends with 0 if all went well; with 1 at the first reply that is lost, wrong, doubled or late, at the first connection that fails, and
/// if the plot cannot be written; with 2 if a flag is wrong; and with 130 when stopped by a signal (Ctrl-C). What was measured by then is
/// printed.
#[derive(Debug, Parser)]
#[command(name = "load", version)]
struct Options {
    /// Where the server is: HOST:PORT or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    connect: Address,
    /// Connections, all made before the first request
    #[arg(long, value_name = "N", default_value_t = 50)]
    connections: usize,
    /// Requests outstanding on each connection
    #[arg(long, value_name = "N", default_value_t = 1)]
    in_flight: usize,
    /// Bytes in each body, from 12
    #[arg(long, value_name = "BYTES", default_value_t = 64)]
    body: usize,
    /// The command of every request
    #[arg(long, value_name = "N", default_value_t = 101)]
    command: u32,
    /// How long to measure
    #[arg(long, value_name = "S", default_value = "5", value_parser = seconds)]
    seconds: Duration,
    /// How long to run before that
    #[arg(long, value_name = "S", default_value = "1", value_parser = seconds)]
    warm_up: Duration,
    /// How long a reply may take, and a connection to be made
    #[arg(long, value_name = "S", default_value = "5", value_parser = seconds)]
    deadline: Duration,
    /// Draw the latencies into this file, as a percentile curve
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    head: HeadFlags,
}

/// As a shell has it for what SIGINT ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    // The screen is for the progress.
    log_to_stderr_from("error");
    let options = parse::<Options>();
    let plan = Plan {
        server: options.connect,
        codec: options.head.codec(),
        command: options.command,
        connections: options.connections,
        in_flight: options.in_flight,
        body_bytes: options.body,
        warm_up: options.warm_up,
        measured: options.seconds,
        deadline: options.deadline,
    };
    if let Err(fault) = plan.check() {
        return refuse(&fault);
    }
    match measure(plan, options.plot) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&format!("load: {fault}"));
            match fault {
                Fault::Interrupted => ExitCode::from(INTERRUPTED),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn measure(plan: Plan, plot: Option<PathBuf>) -> Result<(), Fault> {
    // Known before the run, and not after it.
    let plot = plot.as_deref().map(PlotFile::open).transpose()?;
    let (measured, fault) = run(plan.clone(), Progress::on_stderr());
    let is_worth_showing = fault.is_none() || measured.replies() > 0;
    if is_worth_showing {
        let table = Table {
            plan: &plan,
            measured: &measured,
        };
        print(&format!("{table}\n"));
    }
    match plot {
        Some(file) if is_worth_showing => {
            let drawn = format!("plot        {}\n", file.path().display());
            file.write(&plot::svg(&plan, &measured))?;
            print(&drawn);
        }
        Some(file) => file.discard(),
        None => {}
    }
    fault.map_or(Ok(()), Err)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let wrong = || "seconds are expected, such as 3 or 0.5".to_string();
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}
