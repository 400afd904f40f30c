//! A demo as a process: what it prints, what it is told, how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take. Never waited for when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A demo as a process. Killed when dropped.
pub(crate) struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    /// Two streams, since nobody can tell which of two lines on different ones came first.
    printed: Receiver<String>,
    logged: Receiver<String>,
    /// All that was looked at, to tell of it when a test fails.
    seen: Vec<String>,
}

/// How a process ended, and what it printed, on either stream, that was not looked at before.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) code: Option<i32>,
    pub(crate) printed: Vec<String>,
}

impl Process {
    pub(crate) fn echo(arguments: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_echo")).args(arguments))
    }

    pub(crate) fn chat(arguments: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_chat")).args(arguments))
    }

    pub(crate) fn load(arguments: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_load")).args(arguments))
    }

    /// Runs a command whose standard streams are pipes. What comes out is taken line by line.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the demo starts");
        let (sender, printed) = channel();
        follow(child.stdout.take().expect("a pipe"), sender);
        let (sender, logged) = channel();
        follow(child.stderr.take().expect("a pipe"), sender);
        Self {
            name: format!("{command:?}"),
            stdin: child.stdin.take(),
            child,
            printed,
            logged,
            seen: Vec::new(),
        }
    }

    /// Waits for a line on its standard output that has `part` in it.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, part: &str) -> String {
        match wait(&self.printed, part, &mut self.seen) {
            Ok(line) => line,
            Err(error) => panic!("{}: no {part:?} ({error}) in {:#?}", self.name, self.seen),
        }
    }

    /// Waits for a line on its standard error that has `part` in it.
    #[track_caller]
    pub(crate) fn wait_for_log(&mut self, part: &str) -> String {
        match wait(&self.logged, part, &mut self.seen) {
            Ok(line) => line,
            Err(error) => panic!("{}: no {part:?} ({error}) in {:#?}", self.name, self.seen),
        }
    }

    /// Whether a line on its standard output has `part` in it, before that ends.
    pub(crate) fn prints(&mut self, part: &str) -> bool {
        wait(&self.printed, part, &mut self.seen).is_ok()
    }

    /// The address it says it listens on.
    #[track_caller]
    pub(crate) fn address(&mut self) -> String {
        let line = self.wait_for(" listens on ");
        line.rsplit(' ').next().expect("a last word").to_string()
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("not closed");
        writeln!(stdin, "{line}").expect("it reads");
    }

    /// Ends its input, as Ctrl-D does.
    pub(crate) fn end_input(&mut self) {
        self.stdin = None;
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(status.expect("there is a kill").success());
    }

    /// Kills it as kill -9 does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ending(&mut self) -> Ending {
        let mut printed = Vec::new();
        // Both pipes end when the process does.
        for lines in [&self.printed, &self.logged] {
            match wait(lines, NEVER, &mut printed) {
                Err(RecvTimeoutError::Disconnected) => {}
                _ => panic!("{} does not end: {:#?}", self.name, (&self.seen, printed)),
            }
        }
        let code = self.child.wait().expect("it ended").code();
        Ending { code, printed }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Ending {
    /// The one line that was printed.
    #[track_caller]
    pub(crate) fn only_line(&self) -> &str {
        assert_eq!(self.printed.len(), 1, "one line: {self:#?}");
        &self.printed[0]
    }

    #[track_caller]
    pub(crate) fn has(&self, part: &str) {
        assert!(
            self.printed.iter().any(|line| line.contains(part)),
            "{part:?} in {self:#?}"
        );
    }
}

/// What no line has in it.
const NEVER: &str = "\n";

fn wait(
    lines: &Receiver<String>,
    part: &str,
    seen: &mut Vec<String>,
) -> Result<String, RecvTimeoutError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = lines.recv_timeout(left)?;
        seen.push(line.clone());
        if line.contains(part) {
            return Ok(line);
        }
    }
}

fn follow(stream: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            // The test may have seen enough.
            if lines.send(String::from_utf8_lossy(&line).into()).is_err() {
                return;
            }
        }
    });
}
