//! Twisted's Perspective Broker, in a Python of its own: what Firefly's nodes call each other by.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs Twisted, if it is not there, in a folder of this bench's own.
///
/// # Errors
/// What failed, for who reads it.
pub(crate) fn install() -> Result<(), String> {
    let imports = || run(Command::new(python()).args(["-c", "import twisted.spread.pb"]));
    if imports().is_ok() {
        return Ok(());
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(folder()))?;
    run(Command::new(python()).args(["-m", "pip", "install", "--quiet", "twisted"]))?;
    imports()
}

/// Runs an end: the role and the address are to be added.
pub(crate) fn command() -> Command {
    let mut command = Command::new(python());
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/node/pb.py"));
    command
}

/// In the folder of what Cargo makes, in which this bench is as well.
fn folder() -> PathBuf {
    let bench = std::env::current_exe().expect("this bench");
    let made = bench.ancestors().nth(3).expect("target/release/deps/bench");
    made.join("twisted")
}

fn python() -> PathBuf {
    folder().join(Path::new("bin/python"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    Err(format!("{command:?}: {last}"))
}
