//! Instructions, counted by valgrind: they hardly depend on what else the machine does.

use std::ffi::OsStr;
use std::process::Command;

/// What valgrind counts of a run of this very bench with these arguments, in user space, from its start to its end. So take the
/// difference of two runs.
pub(crate) fn count(arguments: &[&str]) -> u64 {
    let output = command(std::env::current_exe().expect("this bench"))
        .args(arguments)
        .output()
        .expect("valgrind is installed");
    collected(&String::from_utf8_lossy(&output.stderr))
}

/// A run of this program that valgrind counts. What it says of that goes to the standard error.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program);
    command
}

/// The count, of what valgrind said when the run had ended.
pub(crate) fn collected(said: &str) -> u64 {
    let collected = said.split("Collected :").nth(1);
    let figure = collected.and_then(|rest| rest.split_whitespace().next());
    figure
        .and_then(|figure| figure.parse().ok())
        .unwrap_or_else(|| panic!("valgrind gave no count: {said}"))
}
