//! A collector as a process of its own, which is killed and started again on the same folder. `ONELOOP_SCRIBE=target/release/scribe`
//! takes another build of it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use oneloop::fb303::{FacebookServiceBlocking, FbStatus};
use oneloop::thrift::BlockingCaller;

/// No test waits longer for anything. Much longer than it takes, for machines that have much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own, gone at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("oneloop-scribe-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a scratch folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// A collector: where it is, and its process while there is one.
pub(crate) struct Daemon {
    dir: PathBuf,
    config: PathBuf,
    /// The command that it is started by, such as `nsenter`, if any.
    before: Vec<OsString>,
    /// Its port is 0 until it was started, and the same ever after.
    address: SocketAddr,
    running: Option<Running>,
}

struct Running {
    child: Child,
    printed: Receiver<String>,
    /// The last of what it has logged, to tell of it when a test fails.
    logged: Arc<Mutex<VecDeque<String>>>,
}

impl Daemon {
    /// One that is started later, with a folder that it sees as `dir` and a configuration.
    pub(crate) fn new(dir: &Path, config: &Path, text: &str, before: Vec<OsString>) -> Self {
        fs::write(config, text).expect("a configuration");
        Self {
            dir: dir.to_owned(),
            config: config.to_owned(),
            before,
            address: SocketAddr::new(own_ip(), 0),
            running: None,
        }
    }

    /// The same, started.
    pub(crate) fn begin(dir: &Path, config: &Path, text: &str, before: Vec<OsString>) -> Self {
        let mut daemon = Self::new(dir, config, text, before);
        daemon.start();
        daemon
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn id(&self) -> u32 {
        self.running.as_ref().expect("it runs").child.id()
    }

    /// Starts it, at the address that it had before.
    pub(crate) fn start(&mut self) {
        let began = Instant::now();
        loop {
            let running = self.launch();
            // The first line is the address.
            let line = running.printed.recv_timeout(PATIENCE);
            let told = line
                .ok()
                .and_then(|line| line.split_once(" listens on ")?.1.trim().parse().ok());
            let logged = Arc::clone(&running.logged);
            self.running = Some(running);
            if let Some(address) = told {
                self.address = address;
                return;
            }
            self.kill();
            // What was killed may not be gone yet in every respect.
            let logged = logged.lock().expect("nobody panicked");
            assert!(began.elapsed() < PATIENCE, "it does not start: {logged:#?}");
        }
    }

    fn launch(&self) -> Running {
        let program = std::env::var_os("ONELOOP_SCRIBE")
            .unwrap_or_else(|| OsString::from(env!("CARGO_BIN_EXE_scribe")));
        let mut words = self.before.iter().chain([&program]);
        let mut child = Command::new(words.next().expect("one at least"))
            .args(words)
            .args(["--listen", &self.address.to_string(), "--config"])
            .arg(&self.config)
            .arg("--dir")
            .arg(&self.dir)
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("there is such a program");
        let (sender, printed) = mpsc::channel();
        follow(child.stdout.take().expect("it is piped"), move |line| {
            // The test has seen enough.
            _ = sender.send(line);
        });
        let logged = Arc::new(Mutex::new(VecDeque::new()));
        let lines = Arc::clone(&logged);
        follow(child.stderr.take().expect("it is piped"), move |line| {
            let mut lines = lines.lock().expect("nobody panicked");
            if lines.len() == LOGGED_MAX {
                lines.pop_front();
            }
            lines.push_back(line);
        });
        Running {
            child,
            printed,
            logged,
        }
    }

    /// As `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.child.kill().expect("it is ours");
            running.child.wait().expect("it was killed");
        }
    }

    /// The last of what it has logged.
    pub(crate) fn logged(&self) -> Vec<String> {
        let running = self.running.as_ref();
        running.map_or_else(Vec::new, |running| {
            let lines = running.logged.lock().expect("nobody panicked");
            lines.iter().cloned().collect()
        })
    }

    /// A link by which it is asked how it is.
    pub(crate) fn base(&self) -> FacebookServiceBlocking {
        FacebookServiceBlocking::new(BlockingCaller::connect(self.address).expect("it listens"))
    }

    /// Asks it until it has this status.
    pub(crate) fn until(&self, status: FbStatus) {
        let (mut base, began) = (self.base(), Instant::now());
        loop {
            let found = base.get_status().expect("it answers");
            if found == status {
                return;
            }
            let logged = self.logged();
            assert!(
                began.elapsed() < PATIENCE,
                "{found}, not {status}: {logged:#?}"
            );
        }
    }

    /// What it counts under a name that begins so.
    pub(crate) fn count(&self, name: &str) -> i64 {
        let counters = self.base().get_counters().expect("it answers");
        let found = counters.iter().find(|(it, _)| it.starts_with(name));
        found.map_or(0, |(_, value)| *value)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("{} logged: {:#?}", self.dir.display(), self.logged());
        }
        self.kill();
    }
}

/// Of another address than anybody dials from: a port that is free while a collector is away could be given to one that dials it, which
/// then would be linked to itself.
fn own_ip() -> IpAddr {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    if !cfg!(target_os = "linux") {
        return Ipv4Addr::LOCALHOST.into();
    }
    let [_, _, high, low] = std::process::id().to_be_bytes();
    let [.., count] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Ipv4Addr::new(127, 128 | high, low, count.max(1)).into()
}

/// Takes the lines of a stream until it ends.
pub(crate) fn follow(stream: impl Read + Send + 'static, take: impl Fn(String) + Send + 'static) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            take(String::from_utf8_lossy(&line).into());
        }
    });
}

const LOGGED_MAX: usize = 200;
