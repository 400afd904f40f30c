//! An echo server that is measured: it runs in a thread of its own, to the end of the process.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    /// Where the system tells of its thread: `/proc/PID/task/TID`.
    task: PathBuf,
}

/// Tells, from the server's thread, that it listens.
pub(crate) struct Ready(Sender<(SocketAddr, PathBuf)>);

impl Ready {
    pub(crate) fn listening(self, address: SocketAddr) {
        let task = fs::read_link("/proc/thread-self").expect("the system has /proc");
        self.0
            .send((address, Path::new("/proc").join(task)))
            .expect("somebody waits for it");
    }
}

impl Server {
    /// Runs `serve`, which does not return, and waits until it listens.
    pub(crate) fn start(name: &'static str, serve: fn(Ready)) -> Self {
        let (ready, listening): (_, Receiver<(SocketAddr, PathBuf)>) = channel();
        thread::Builder::new()
            .name(name.into())
            .spawn(move || serve(Ready(ready)))
            .expect("the system has threads");
        let (address, task) = listening.recv().expect("it listens");
        Self {
            name,
            address,
            task,
        }
    }

    /// The CPU time its thread has used, user and system. The system brings this up to date when a thread goes to sleep, so it is waited
    /// for until it does: the server must have nothing left to do.
    pub(crate) fn cpu_time(&self) -> Duration {
        while !self.is_asleep() {
            thread::sleep(Duration::from_micros(200));
        }
        let text = fs::read_to_string(self.task.join("schedstat"))
            .expect("the kernel counts (CONFIG_SCHED_INFO)");
        let nanos = text.split(' ').next().and_then(|text| text.parse().ok());
        Duration::from_nanos(nanos.expect("nanoseconds come first"))
    }

    fn is_asleep(&self) -> bool {
        let text = fs::read_to_string(self.task.join("stat")).expect("it runs");
        // The name before it is in brackets.
        let (_, rest) = text.rsplit_once(") ").expect("a name");
        rest.starts_with('S')
    }
}
