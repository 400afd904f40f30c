//! A process that is measured: one end of a link. It is told what to do by lines, and ends when there are no more.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::callgrind;

pub(crate) struct Process {
    child: Child,
    told: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self {
            told: child.stdin.take(),
            said: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
        }
    }

    /// One end of this very bench: `--end` and these words.
    pub(crate) fn end(words: &[&str]) -> Self {
        Self::start(end_command(words))
    }

    /// Tells it something.
    pub(crate) fn tell(&mut self, line: &str) {
        let told = self.told.as_mut().expect("it is told until it ends");
        writeln!(told, "{line}").expect("it listens");
    }

    /// The next line that it says.
    pub(crate) fn hear(&mut self) -> String {
        let mut line = String::new();
        let bytes = self.said.read_line(&mut line).expect("it says a line");
        assert!(bytes > 0, "an end of the link has ended before its time");
        line.trim_end().to_owned()
    }

    /// The number that it says.
    pub(crate) fn hear_number(&mut self) -> u64 {
        let line = self.hear();
        line.parse()
            .unwrap_or_else(|_| panic!("{line:?} is no number"))
    }

    /// The CPU time that its threads have used, user and system. The system brings this up to date when a thread goes to sleep, so it is
    /// waited for until all do.
    pub(crate) fn cpu_time(&self) -> Duration {
        let mut sum = Duration::ZERO;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("it runs") {
            let task = task.expect("a thread").path();
            let read = |file| fs::read_to_string(task.join(file)).expect("the kernel counts");
            // The state stands behind the name, which is in brackets.
            while !matches!(read("stat").rsplit_once(") "), Some((_, rest)) if rest.starts_with('S'))
            {
                thread::sleep(Duration::from_micros(200));
            }
            let text = read("schedstat");
            let nanos = text.split(' ').next().and_then(|text| text.parse().ok());
            sum += Duration::from_nanos(nanos.expect("nanoseconds come first"));
        }
        sum
    }

    /// The bytes of its memory that are there, as the kernel counts them: whole pages.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kib.expect("the kernel counts") << 10
    }

    /// Kills it, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Has it end in peace, and gives what callgrind counted of it.
    pub(crate) fn counted(mut self) -> u64 {
        self.told = None;
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut said).expect("it is a text");
        callgrind::collected(&said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.told = None;
        // What has ended before cannot be killed, and need not be.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// One end of this very bench.
pub(crate) fn end_command(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this bench"));
    command.arg("--end").args(words);
    command
}
