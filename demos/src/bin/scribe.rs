//! A log collector: `cargo run --release --bin scribe`, and in another terminal `cargo run --release --bin scribe -- cat web < access.log`.

use std::fmt::Display;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use oneloop::Address;
use oneloop_demos::scribe::client::{self, cat::Plan};
use oneloop_demos::scribe::config::load::load;
use oneloop_demos::scribe::config::measure;
use oneloop_demos::scribe::config::outline::outline;
use oneloop_demos::scribe::config::word::{FileWord, WordFault};
use oneloop_demos::scribe::serve::{Failure, Flags, serve};
use oneloop_demos::{complain, log_to_stderr, parse, print};

/// A log collector that speaks scribe. Without a command it collects, until SIGINT or SIGTERM; SIGHUP has it read its configuration anew.
#[derive(Debug, Parser)]
#[command(name = "scribe", version, args_conflicts_with_subcommands = true, after_help = CODES)]
struct Options {
    #[command(subcommand)]
    order: Option<Order>,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
struct Server {
    /// Where to listen: HOST:PORT (port 0 takes any free one) or unix:PATH. What the configuration says goes before this
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
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
    /// Logs its standard input line by line, and says how much that was. Ends with 0 if all of it was answered OK, and with 1 if not
    Cat(Cat),
    /// Says how a collector is. Ends with 0 if it is alive, with 2 if it says something else, and with 1 if it is not there
    Status {
        /// Where the collector is: HOST:PORT
        #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS, value_parser = remote)]
        connect: String,
    },
}

#[derive(Debug, Args)]
struct Cat {
    /// The category of all lines
    category: Category,
    /// Where the collector is: HOST:PORT
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS, value_parser = remote)]
    connect: String,
    /// How long a batch is sent again that is not answered OK, such as 30s; without it for ever
    #[arg(long, value_name = "SPAN", value_parser = span)]
    give_up: Option<Duration>,
}

/// A category that a collector keeps: others it passes over, and still says OK.
#[derive(Clone, Debug)]
struct Category(String);

impl FromStr for Category {
    type Err = WordFault;

    fn from_str(text: &str) -> Result<Self, WordFault> {
        FileWord::of(text).map(|word| Self(word.to_string()))
    }
}

fn span(text: &str) -> Result<Duration, String> {
    measure::span(text).ok_or_else(|| measure::SPAN_HELP.to_owned())
}

/// Where somebody can be: what cannot be dialled however long it is tried is a wrong flag.
fn remote(text: &str) -> Result<String, String> {
    match text.parse() {
        Ok(Address::Ip(_) | Address::Name(..)) => Ok(text.to_owned()),
        _ => Err("HOST:PORT is expected".to_owned()),
    }
}

const DEFAULT_ADDRESS: &str = "127.0.0.1:1463";
/// What scripts have to know.
const CODES: &str = "Ends with 0 when it was told to stop, with 1 if it cannot run, and with 2 if its flags or its configuration are not valid";

fn main() -> ExitCode {
    let options: Options = parse();
    match options.order {
        None => {
            log_to_stderr();
            collect(options.server)
        }
        Some(Order::Check { file }) => check(&file),
        Some(Order::Cat(order)) => cat(order),
        Some(Order::Status { connect }) => status(&connect),
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

fn cat(order: Cat) -> ExitCode {
    let plan = Plan {
        address: order.connect,
        category: order.category.0,
        give_up: order.give_up,
    };
    let tell = |text: &str| complain(&format!("scribe: {text}"));
    match client::cat::cat(&plan, std::io::stdin().lock(), tell) {
        Ok(sent) => {
            print(&format!("{sent}\n"));
            ExitCode::SUCCESS
        }
        Err((sent, failure)) => {
            print(&format!("{sent}\n"));
            complain(&format!("scribe: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn status(address: &str) -> ExitCode {
    match client::status::ask(address) {
        Ok(status) => {
            print(&status.to_string());
            ExitCode::from(status.code())
        }
        Err(why) => {
            complain(&format!("scribe: {why}"));
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
