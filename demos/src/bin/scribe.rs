//! Looks over the configuration of a log collector: `cargo run --release --bin scribe -- check scribe.conf`.

use std::fmt::Display;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use oneloop_demos::scribe::config::load::load;
use oneloop_demos::scribe::config::outline::outline;
use oneloop_demos::{parse, print};

/// A log collector that speaks scribe. It cannot collect yet: it reads its configuration, and says what it would do.
#[derive(Debug, Parser)]
#[command(name = "scribe", version)]
struct Options {
    #[command(subcommand)]
    order: Order,
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
    match parse::<Options>().order {
        Order::Check { file } => check(&file),
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
