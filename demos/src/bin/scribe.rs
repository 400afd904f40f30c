//! A log collector: `cargo run --release --bin scribe`, and in another terminal `cargo run --release --bin scribe -- cat web < access.log`.

use std::fmt::Display;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use oneloop::Address;
use oneloop_demos::scribe::config::load::load;
use oneloop_demos::scribe::config::outline::outline;
use oneloop_demos::scribe::serve::{Failure, Flags, serve};
use oneloop_demos::{complain, log_to_stderr, parse, print};

/// A log collector that speaks scribe. Without a command it collects, until SIGINT or SIGTERM; SIGHUP has it read its configuration anew.
#[derive(Debug, Parser)]
#[command(name = "scribe", version, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    order: Option<Order>,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
struct Server {
    /// Where to listen: HOST:PORT (port 0 takes any free one) or unix:PATH. What the configuration says goes before this
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:1463")]
    listen: Address,
    /// What is stored where, in TOML, or as a name that ends in `.conf` in scribe's own format; without it each category is kept in files
    /// of its own
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of what is kept
    #[arg(long, value_name = "DIR", default_value = "scribe-logs")]
    dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Reads a configuration, and prints the plan, or all that is wrong with it. Ends with 2 if something is
    Check {
        /// In TOML, or as a name that ends in `.conf` in scribe's own format
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let options: Options = parse();
    match options.order {
        None => {
            log_to_stderr();
            collect(options.server)
        }
        Some(Order::Check { file }) => check(&file),
    }
}

fn collect(server: Server) -> ExitCode {
    let flags = Flags {
        listen: server.listen,
        config: server.config,
        dir: server.dir,
    };
    match serve(&flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Configuration(reports)) => {
            tell(&reports);
            ExitCode::from(2)
        }
        Err(failure) => {
            complain(&format!("scribe: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn check(file: &Path) -> ExitCode {
    match load(file) {
        Ok(loaded) => {
            for warning in &loaded.warnings {
                tell(&format!("{warning}\n"));
            }
            print(&outline(&loaded.settings));
            ExitCode::SUCCESS
        }
        Err(reports) => {
            tell(&reports);
            ExitCode::from(2)
        }
    }
}

/// To the standard error, if anybody reads it.
fn tell(told: &impl Display) {
    _ = writeln!(std::io::stderr(), "{told}");
}
