//! The processes of a test, from outside.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::NAME;
use crate::role::{ADDRESS, OPEN, ROLE};

/// No test waits longer for anything. Much longer than it takes, for machines that have much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A process, which is killed when it is dropped.
struct Process {
    child: Child,
    lines: Receiver<String>,
}

impl Process {
    fn start(role: &str, address: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("a test runs from a file"))
            .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
            .env(ROLE, role)
            .env(ADDRESS, address)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // The test runner's own lines have no such mark.
                if let Some((_, said)) = line.split_once("# ")
                    && sender.send(said.to_owned()).is_err()
                {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    fn tell(&mut self, what: &str) {
        let input = self.child.stdin.as_mut().expect("it is piped");
        // One that was killed is not told.
        let _ = writeln!(input, "{what}");
    }

    /// The next line that begins so: the rest of it.
    fn hears(&self, begin: &str, until: Instant) -> Option<String> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).ok()?;
            if let Some(rest) = line.strip_prefix(begin) {
                return Some(rest.trim().to_owned());
            }
        }
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A gate, two children of one name, and one that calls.
pub(crate) struct Herd {
    processes: BTreeMap<&'static str, Process>,
    address: String,
}

impl Herd {
    pub(crate) fn start() -> Self {
        let gate = Process::start("gate", "127.0.0.1:0");
        let until = Instant::now() + PATIENCE;
        let address = gate.hears("listening on ", until).expect("it listens");
        let mut herd = Self {
            processes: BTreeMap::from([("gate", gate)]),
            address,
        };
        for name in ["calc1", "calc2", "caller"] {
            herd.start_again(name);
        }
        herd
    }

    pub(crate) fn start_again(&mut self, name: &'static str) {
        let process = Process::start(name, &self.address);
        self.processes.insert(name, process);
    }

    /// As `kill -9`.
    pub(crate) fn kill(&mut self, name: &str) {
        self.of(name).kill();
    }

    pub(crate) fn signal(&mut self, name: &str, signal: &str) {
        let pid = self.of(name).child.id();
        let told = Command::new("sh")
            .args(["-c", &format!("kill -{signal} {pid}")])
            .status();
        assert!(told.expect("there is a shell").success(), "{name} is told");
    }

    pub(crate) fn pids(&self) -> Vec<u32> {
        let processes = self.processes.values();
        processes.map(|process| process.child.id()).collect()
    }

    fn of(&mut self, name: &str) -> &mut Process {
        self.processes.get_mut(name).expect("it was started")
    }

    /// Asks the caller how it is.
    fn status(&mut self, until: Instant) -> Status {
        let caller = self.of("caller");
        caller.tell("status");
        let line = caller.hears("status", until).expect("the caller answers");
        Status::read(&line)
    }

    fn until(&mut self, what: &str, wish: impl Fn(&Status, &Status) -> bool) -> Duration {
        let began = Instant::now();
        let until = began + PATIENCE;
        let first = self.status(until);
        loop {
            let status = self.status(until);
            if wish(&first, &status) {
                return began.elapsed();
            }
            assert!(
                Instant::now() < until,
                "{what} did not come about: {status:?}"
            );
        }
    }

    /// All children are there, and calls that were made since then come back.
    pub(crate) fn until_well(&mut self) -> Duration {
        self.until("health", |first, now| {
            now.children == 2 && now.ok >= first.ok + OPEN as u64
        })
    }

    /// So many calls are open, and go on.
    pub(crate) fn until_busy(&mut self) {
        self.until("load", |first, now| now.open == OPEN && now.ok > first.ok);
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The memory that a process has of the machine's, where that can be asked.
    pub(crate) fn resident_bytes(&mut self, name: &str) -> Option<u64> {
        let pid = self.of(name).child.id();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib << 10)
    }

    /// How long so many more answers take, of calls that all succeed.
    pub(crate) fn answers_for(&mut self, count: u64) -> Duration {
        let failed = |status: &Status| status.over - status.ok;
        self.until("answers", |first, now| {
            assert_eq!(failed(now), failed(first), "calls failed: {now:?}");
            now.ok >= first.ok + count
        })
    }

    /// Somebody has noticed that it is not there.
    pub(crate) fn until_missed(&mut self, name: &str) -> Duration {
        match name {
            "gate" => self.until("the gate's absence", |_, now| !now.root_up),
            _ => self.until("a child's absence", |_, now| now.children == 1),
        }
    }

    /// No call is made any more: each has had its outcome, and a type; and nothing is open at the gate.
    pub(crate) fn finish(mut self) -> String {
        let until = Instant::now() + PATIENCE;
        self.of("caller").tell("finish");
        let sum = self.of("caller").hears("finished", until);
        let sum = sum.expect("each call has an outcome");
        assert!(!sum.contains("untyped"), "{sum}");
        let status = Status::read(&sum);
        assert_eq!((status.open, status.made), (0, status.over), "{sum}");
        loop {
            let gate = self.of("gate");
            gate.tell("open");
            let open = gate.hears("open", until).expect("the gate answers");
            if open == "0" {
                return sum;
            }
            assert!(Instant::now() < until, "{open} calls are open at the gate");
        }
    }
}

/// What the caller says of itself.
#[derive(Debug)]
struct Status {
    made: u64,
    over: u64,
    ok: u64,
    open: usize,
    children: u64,
    root_up: bool,
}

impl Status {
    /// `made=1 over=1 ok=1 open=0 children=2 root=1 ...`
    fn read(line: &str) -> Self {
        let numbers: BTreeMap<&str, u64> = line
            .split(' ')
            .filter_map(|word| word.split_once('='))
            .filter_map(|(name, number)| Some((name, number.parse().ok()?)))
            .collect();
        let number = |name: &str| {
            *numbers
                .get(name)
                .unwrap_or_else(|| panic!("{name}: {line}"))
        };
        Self {
            made: number("made"),
            over: number("over"),
            ok: number("ok"),
            open: number("open") as usize,
            children: number("children"),
            root_up: number("root") == 1,
        }
    }
}

/// Whether there is such a process, other than as a corpse.
pub(crate) fn is_alive(pid: u32) -> bool {
    let told = Command::new("sh")
        .args(["-c", &format!("kill -0 {pid} 2>/dev/null")])
        .status();
    told.expect("there is a shell").success()
}
