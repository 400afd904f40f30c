//! Instructions, counted by valgrind: they hardly depend on what else the machine does.

use std::process::Command;

/// What valgrind counts of a run of this very bench with these arguments, in user space, from its start to its end. So take the
/// difference of two runs.
pub(crate) fn count(arguments: &[&str]) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().expect("this bench"))
        .args(arguments)
        .output()
        .expect("valgrind is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.split("Collected :").nth(1);
    let figure = collected.and_then(|rest| rest.split_whitespace().next());
    figure
        .and_then(|figure| figure.parse().ok())
        .unwrap_or_else(|| panic!("valgrind gave no count: {said}"))
}
