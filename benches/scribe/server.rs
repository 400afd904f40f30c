//! The servers, each a process.

use std::cell::Cell;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use oneloop::fb303::FacebookServiceBlocking;
use oneloop::thrift::BlockingCaller;

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    dir: PathBuf,
    acknowledged: Cell<u64>,
}

impl Server {
    /// Ours, built beside this bench; `None` if it is not there.
    pub(crate) fn scribe(dir: &Path) -> Option<Self> {
        let bench = std::env::current_exe().ok()?;
        let binary = bench.parent()?.parent()?.join("scribe");
        let dir = dir.join("scribe");
        fs::create_dir_all(&dir).expect("the folder can be written");
        // What all clients have on their way together is more than may wait if nothing is said.
        let config = dir.join("scribe.toml");
        let text =
            "queue_bytes_max = \"64MB\"\n[[store]]\ncategories = [\"default\"]\ntype = \"file\"\n";
        fs::write(&config, text).expect("the folder can be written");
        let spawned = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--config"])
            .arg(&config)
            .arg("--dir")
            .arg(dir.join("kept"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.ok()?;
        let mut said = String::new();
        let output = child.stdout.take().expect("it is piped");
        BufReader::new(output)
            .read_line(&mut said)
            .expect("it says a line");
        let port = said.split_whitespace().find_map(|word| {
            let digits = word.strip_prefix("127.0.0.1:")?;
            digits.trim_end_matches([',', '.']).parse().ok()
        });
        let port = port.unwrap_or_else(|| panic!("{said:?} names no port"));
        Some(Self {
            child,
            port,
            dir: dir.join("kept"),
            acknowledged: Cell::new(0),
        })
    }

    /// The longest turn of our loop so far.
    pub(crate) fn turn_longest(&self) -> Duration {
        let address = (Ipv4Addr::LOCALHOST, self.port);
        let caller = BlockingCaller::connect(address).expect("it listens");
        let micros =
            FacebookServiceBlocking::new(caller).get_counter("loop:turn_longest_us".into());
        Duration::from_micros(micros.expect("it answers").unsigned_abs())
    }

    /// rsyslog with a file that it syncs before it acknowledges, as far as it can be made to: no queue is in between. `None` if it is
    /// not installed.
    pub(crate) fn rsyslog(dir: &Path) -> Option<Self> {
        let dir = dir.join("rsyslog");
        fs::create_dir_all(&dir).expect("the folder can be written");
        // It takes no port 0, so it gets one that was free a moment ago.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = free.local_addr().expect("it has one").port();
        drop(free);
        let at = dir.display();
        let config = format!(
            "global(workDirectory=\"{at}\")\n\
             module(load=\"imrelp\" ruleset=\"kept\")\n\
             template(name=\"line\" type=\"string\" string=\"%msg%\\n\")\n\
             ruleset(name=\"kept\" queue.type=\"Direct\") {{\n\
             action(type=\"omfile\" file=\"{at}/kept\" template=\"line\" sync=\"on\" flushOnTXEnd=\"on\" asyncWriting=\"off\")\n\
             }}\n\
             input(type=\"imrelp\" port=\"{port}\" maxDataSize=\"64k\")\n"
        );
        let path = dir.join("rsyslog.conf");
        fs::write(&path, config).expect("the folder can be written");
        let spawned = Command::new("rsyslogd")
            .arg("-n")
            .arg("-f")
            .arg(&path)
            .arg("-i")
            .arg(dir.join("pid"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = spawned.ok()?;
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if begun.elapsed() > START_MAX || child.try_wait().is_ok_and(|ended| ended.is_some()) {
                _ = child.kill();
                _ = child.wait();
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self {
            child,
            port,
            dir,
            acknowledged: Cell::new(0),
        })
    }

    /// So many more messages were acknowledged.
    pub(crate) fn expect(&self, messages: u64) {
        self.acknowledged.set(self.acknowledged.get() + messages);
    }

    /// Kills it, as `kill -9` does, and looks whether all that it acknowledged is there, each once.
    pub(crate) fn check(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        let mut lines = 0;
        let mut folders = vec![self.dir.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it is there") {
                let entry = entry.expect("it is there");
                let kind = entry.file_type().expect("it is known");
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    let file = fs::File::open(entry.path()).expect("it can be read");
                    lines += BufReader::new(file).split(b'\n').count() as u64;
                }
            }
        }
        assert_eq!(lines, self.acknowledged.get(), "lines that are there");
        println!(
            "\nscribe was killed by -9: all {lines} lines that it acknowledged are there, once"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What has ended before cannot be killed, and need not be.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

const START_MAX: Duration = Duration::from_secs(10);
