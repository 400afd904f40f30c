//! The same tests once more, in a process of their own.

use std::path::PathBuf;
use std::process::{Command, Output};

/// Says to a test that it is the one in a process of its own.
const CHILD: &str = "ONELOOP_SIM_TESTS_CHILD";

/// Whether this process was started by [`run`]: the tests that are meant for it do nothing elsewhere.
pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// This test program, with nothing of the environment that is about the simulator.
fn itself() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    for word in ["SEED", "SEEDS", "FAULTS", "LOG"] {
        command.env_remove(format!("ONELOOP_SIM_{word}"));
    }
    command.env("RUST_BACKTRACE", "0").env(CHILD, "1");
    command
}

/// Runs one test in a process of its own, with these words in its environment.
pub(crate) fn run(test: &str, environment: &[(&str, &str)]) -> Run {
    let mut command = itself();
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command.envs(environment.iter().copied());
    Run::of(command.output().expect("it runs"))
}

/// Runs a replay line as a reader would paste it, but for what is built already.
pub(crate) fn paste(line: &str) -> Run {
    let (before, behind) = line.split_once(" cargo test ").expect("a replay line");
    let (test, flags) = behind.split_once(" -- ").expect("flags");
    let program = std::env::current_exe().expect("a program");
    let program = program.display().to_string().replace('\'', r"'\''");
    let mut command = Command::new("sh");
    let script = format!("{before} '{program}' {test} {flags}");
    command.args(["-c", &script]);
    command.env("RUST_BACKTRACE", "0").env(CHILD, "1");
    Run::of(command.output().expect("it runs"))
}

/// A path for a file that a process of its own is to write.
pub(crate) fn file(name: &str) -> PathBuf {
    let own = format!("{name}-{}", std::process::id());
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(own)
}

/// How such a run ended, and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) passed: bool,
    pub(crate) said: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let said = [output.stdout, output.stderr].concat();
        Self {
            passed: output.status.success(),
            said: String::from_utf8_lossy(&said).into_owned(),
        }
    }

    /// The last line that begins so, without its beginning.
    pub(crate) fn line(&self, beginning: &str) -> &str {
        let mut lines = self.said.lines().rev();
        let found = lines.find_map(|line| line.strip_prefix(beginning));
        found.unwrap_or_else(|| panic!("no line begins with {beginning:?}:\n{}", self.said))
    }

    pub(crate) fn says(&self, what: &str) -> bool {
        self.said.contains(what)
    }
}
