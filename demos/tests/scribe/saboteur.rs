//! What makes a process's disk fail: strace or a library of ours in front of the system's; a disk that is small; a limit on files.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use crate::daemon::{Daemon, PATIENCE, follow};

/// How a process's syncs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syncs {
    /// They fail with EIO.
    Fail,
    /// Every fifth one of each thread does so. (Of every other one it could always be the same that fails.)
    Falter,
    /// Each takes 200 ms more.
    Stall,
}

/// Has the syncs of a collector fail or stall, while the collector runs.
pub(crate) enum Saboteur {
    /// By strace, which attaches itself.
    Strace { trace: PathBuf },
    /// By `.ci/syncs.c`, of which this is the library; it does what the file says.
    Library { library: PathBuf, order: PathBuf },
}

impl Saboteur {
    /// The library if `ONELOOP_SYNCS` says where it is, and else strace.
    pub(crate) fn new(folder: &Path) -> Self {
        match std::env::var_os("ONELOOP_SYNCS") {
            Some(library) => Self::Library {
                library: library.into(),
                order: folder.join("syncs"),
            },
            None => Self::Strace {
                trace: folder.join("trace"),
            },
        }
    }

    pub(crate) const fn name(&self) -> &str {
        match self {
            Self::Strace { .. } => "strace",
            Self::Library { .. } => "a library in front of libc",
        }
    }

    /// How the collector is to be started.
    pub(crate) fn before(&self) -> Vec<OsString> {
        match self {
            Self::Strace { .. } => Vec::new(),
            Self::Library { library, order } => {
                let set = |name: &str, value: &Path| {
                    let mut word = OsString::from(format!("{name}="));
                    word.push(value);
                    word
                };
                let order = set("ONELOOP_SYNCS_ORDER", order);
                vec!["env".into(), set("LD_PRELOAD", library), order]
            }
        }
    }

    /// From now on, until what is returned is dropped.
    pub(crate) fn begin(&self, daemon: &Daemon, syncs: Syncs) -> Sabotage {
        match self {
            Self::Strace { trace } => {
                let inject = match syncs {
                    Syncs::Fail => "inject=fsync,fdatasync:error=EIO",
                    Syncs::Falter => "inject=fsync,fdatasync:error=EIO:when=1+5",
                    Syncs::Stall => "inject=fsync,fdatasync:delay_enter=200000",
                };
                let mut strace = Command::new("strace")
                    .args(["-f", "-e", "trace=fsync,fdatasync", "-e", inject, "-o"])
                    .arg(trace)
                    .args(["-p", &daemon.id().to_string()])
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("there is an strace");
                let (sender, told) = mpsc::channel();
                follow(strace.stderr.take().expect("it is piped"), move |line| {
                    _ = sender.send(line);
                });
                // It says so when it has all threads.
                let line = told.recv_timeout(PATIENCE).expect("it may trace");
                assert!(line.contains(" attached"), "{line}");
                Sabotage::Strace(strace)
            }
            Self::Library { order, .. } => {
                let text = match syncs {
                    Syncs::Fail => "all fail",
                    Syncs::Falter => "few fail",
                    Syncs::Stall => "stall",
                };
                fs::write(order, text).expect("an order");
                Sabotage::Library(order.clone())
            }
        }
    }
}

/// What goes on until it is dropped.
pub(crate) enum Sabotage {
    Strace(Child),
    Library(PathBuf),
}

impl Drop for Sabotage {
    fn drop(&mut self) {
        match self {
            Self::Strace(strace) => {
                // Asked in peace, it lets all threads go on; and it may have ended with the collector.
                let id = strace.id().to_string();
                _ = Command::new("kill").args(["-s", "INT", &id]).status();
                _ = strace.wait();
            }
            Self::Library(order) => _ = fs::remove_file(order),
        }
    }
}

/// A disk of 16 MiB in a name space of its own, which goes with this.
pub(crate) struct SmallDisk {
    holder: Child,
    /// What its name spaces are entered by.
    spaces: &'static [&'static str],
    /// The folder, as who is inside sees it.
    folder: PathBuf,
}

impl SmallDisk {
    /// A tmpfs in place of a folder, for which nobody has to be root; or why the machine does not let us.
    pub(crate) fn memory(folder: &Path) -> Result<Self, String> {
        let spaces = &["--user", "--mount"];
        let script = "mount -t tmpfs -o size=16m none \"$0\" && echo mounted && exec cat";
        let words = ["--user", "--map-root-user", "--mount", "sh", "-c", script];
        Self::mount(
            Command::new("unshare").args(words).arg(folder),
            folder,
            spaces,
        )
    }

    /// An ext4 in a file, in place of a folder; or why the machine does not let us.
    pub(crate) fn image(folder: &Path, image: &Path) -> Result<Self, String> {
        let script = "truncate -s 16m \"$1\" && mkfs.ext4 -q -F \"$1\" && mount -o loop \"$1\" \"$0\" && echo mounted && exec cat";
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script]).arg(folder);
        Self::mount(command.arg(image), folder, &["--mount"])
    }

    fn mount(
        command: &mut Command,
        folder: &Path,
        spaces: &'static [&'static str],
    ) -> Result<Self, String> {
        let holder = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut holder = holder.map_err(|error| format!("unshare: {error}"))?;
        let mut line = String::new();
        let output = holder.stdout.as_mut().expect("it is piped");
        _ = BufReader::new(output).read_line(&mut line);
        let mut disk = Self {
            holder,
            spaces,
            folder: folder.to_owned(),
        };
        if line.trim() == "mounted" {
            return Ok(disk);
        }
        let mut told = String::new();
        let errors = disk.holder.stderr.as_mut().expect("it is piped");
        _ = errors.read_to_string(&mut told);
        Err(told.trim().to_owned())
    }

    /// Who is to be inside is started so.
    pub(crate) fn before(&self) -> Vec<OsString> {
        let id = self.holder.id().to_string();
        let words = ["nsenter", "--target", &id, "--preserve-credentials"];
        let words = words.iter().chain(self.spaces).copied();
        words.map(OsString::from).collect()
    }

    /// The same folder, as it is seen from outside.
    pub(crate) fn seen(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.strip_prefix("/").expect("it is absolute"))
    }

    /// Puts something there that takes so many bytes.
    pub(crate) fn burden(&self, bytes: usize) -> PathBuf {
        let path = self.seen().join("burden");
        let mut file = fs::File::create(&path).expect("there is room");
        file.write_all(&vec![b'x'; bytes]).expect("there is room");
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        _ = self.holder.kill();
        _ = self.holder.wait();
    }
}

/// How a collector is started that has the processor whenever it wants it; nothing where that is not allowed.
pub(crate) fn ahead_of_others() -> Vec<OsString> {
    let words = ["chrt", "--rr", "10"];
    let tried = Command::new(words[0])
        .args(&words[1..])
        .arg("true")
        .output();
    match tried.is_ok_and(|tried| tried.status.success()) {
        true => words.map(OsString::from).into(),
        false => Vec::new(),
    }
}

/// How a collector is started of which no file may have more bytes, until it is [let](let_files_grow).
pub(crate) fn with_small_files(bytes: u64) -> Vec<OsString> {
    // The signal that a file has become too large would end it; ignored, the write fails with EFBIG.
    let script = "trap '' XFSZ; exec prlimit --fsize=\"$0\":unlimited \"$@\"";
    let words = ["sh", "-c", script, &bytes.to_string()];
    words.map(OsString::from).into()
}

/// Its files may grow from now on.
pub(crate) fn let_files_grow(daemon: &Daemon) {
    let id = daemon.id().to_string();
    let told = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited"])
        .status();
    assert!(told.expect("there is a prlimit").success());
}
