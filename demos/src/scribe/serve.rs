//! The collector as a process: its folder, its configuration, its signals.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oneloop::disk::{Disk as _, Machine};
use oneloop::report::Reports;
use oneloop::{Address, Reactor};
use rustix::fs::Access;
use rustix::process::{Resource, Rlimit, Signal};

use crate::print;
use crate::scribe::collector::{self, CLIENTS_MAX, Collector, REMOTES_MAX, Source};
use crate::scribe::config::load::load;
use crate::scribe::config::settings::Settings;
use crate::scribe::config::word::FileWord;
use crate::scribe::store::place::{Place, Yard};
use crate::scribe::store::slots::Slots;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Flags {
    /// Where to listen, unless the configuration says it.
    pub listen: Address,
    /// The configuration; without one all is kept in files, by category.
    pub config: Option<PathBuf>,
    /// The collector's folder, in which relative paths begin.
    pub dir: PathBuf,
}

/// Why it does not run, or does not any more.
#[derive(Debug)]
pub enum Failure {
    /// The configuration is not valid.
    Configuration(Reports),
    /// Something else, for a person.
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(reports) => reports.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}

impl From<oneloop::Error> for Failure {
    fn from(error: oneloop::Error) -> Self {
        Self::Other(error.to_string())
    }
}

/// Collects until it is told to stop: by SIGINT or SIGTERM, or by fb303's `shutdown`. SIGHUP has the configuration read anew.
///
/// # Errors
/// The configuration, the folder or the address cannot be had; or the loop fails.
pub fn serve(flags: &Flags) -> Result<(), Failure> {
    let settings = settings(flags.config.as_deref())?;
    let _lock = take_folder(&flags.dir)?;
    let files_max = raise_descriptors();
    let clients_max = clients_max(settings.links_max, files_max);
    let listen = listen_address(&flags.listen, &settings);
    let limits = collector::limits(Some(clients_max));
    let place = Place {
        disk: Arc::new(Machine),
        dir: flags.dir.clone(),
        host: host(),
        queue_bytes_max: settings.queue_bytes_max,
        yard: Yard {
            slots: slots(files_max),
            ..Yard::default()
        },
    };
    let source = flags
        .config
        .clone()
        .map(|file| -> Source { Arc::new(move || load(&file)) });
    let collector = Collector::new(settings, place, source);
    let mut reactor = Reactor::with_limits(collector, limits)?;
    // Before anybody can know that it runs: no signal is the end without a word.
    for signal in [Signal::INT, Signal::TERM] {
        reactor.on_signal(signal.as_raw(), Collector::stop_by_signal)?;
    }
    reactor.on_signal(Signal::HUP.as_raw(), Collector::reload)?;
    let listener = reactor.start(|cx| Collector::start(cx, &listen))?;
    if let Some(address) = reactor.listener_address(listener) {
        warn_of_guests(&address);
        log::info!(
            "what it is sent is kept in {}, unless the configuration says another folder",
            flags.dir.display()
        );
        print(&format!("scribe listens on {address}\n"));
    }
    reactor.run()?;
    Ok(())
}

fn settings(config: Option<&Path>) -> Result<Settings, Failure> {
    let Some(config) = config else {
        return Ok(collector::plain_settings());
    };
    if let Err(error) = fs::metadata(config) {
        let text = format!(
            "the configuration {} cannot be read: {error}",
            config.display()
        );
        return Err(Failure::Other(text));
    }
    let loaded = load(config).map_err(Failure::Configuration)?;
    for warning in &loaded.warnings {
        log::warn!("{warning}");
    }
    if loaded.settings.rules.is_empty() {
        log::warn!("the configuration has no store: nothing that is sent is kept");
    }
    Ok(loaded.settings)
}

/// Makes the folder if it is not there, and keeps other collectors out of it as long as what is returned is not dropped.
fn take_folder(dir: &Path) -> Result<File, Failure> {
    let fail = |why: &dyn fmt::Display| {
        Failure::Other(format!(
            "{} cannot be the folder of logs: {why}",
            dir.display()
        ))
    };
    if dir.metadata().is_ok_and(|known| !known.is_dir()) {
        return Err(fail(&"it is a file; --dir names another"));
    }
    Machine.make_folder(dir).map_err(|error| fail(&error))?;
    let folder = File::open(dir).map_err(|error| fail(&error))?;
    rustix::fs::access(dir, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| fail(&error))?;
    match folder.try_lock() {
        Ok(()) => Ok(folder),
        Err(TryLockError::WouldBlock) => Err(fail(&"another collector runs in it")),
        Err(TryLockError::Error(error)) => {
            // Some network file systems lock no folder.
            log::warn!(
                "nothing keeps a second collector out of {}: {error}",
                dir.display()
            );
            Ok(folder)
        }
    }
}

/// As many open files as the system lets us have: each category has one, each client another. Nothing is no bound.
fn raise_descriptors() -> Option<u64> {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = rustix::process::setrlimit(Resource::Nofile, raised) {
        log::warn!(
            "no more open files than {:?} can be had: {error}",
            limit.current
        );
        return limit.current;
    }
    limit.maximum
}

/// How many clients there may be: they and other collectors have half of the open files at most. The rest is for the files of categories,
/// which could not be written otherwise while too many clients are there.
fn clients_max(wanted: Option<u64>, files_max: Option<u64>) -> u64 {
    // Of a bound that nobody has asked for it is enough to hear if it is low.
    let low = wanted.unwrap_or(CLIENTS_FEW);
    let wanted = wanted.unwrap_or(CLIENTS_MAX as u64);
    let of_files = |files: u64| (files / 2 - (files / 4).min(REMOTES_MAX as u64)).max(1);
    let most = files_max.map_or(u64::MAX, of_files);
    if most < low {
        log::warn!(
            "{most} clients at a time, not {wanted}: the system lets this process have {} open files (ulimit -n)",
            files_max.unwrap_or_default()
        );
    }
    wanted.min(most)
}

/// How many files are kept open: a quarter of those that may be open at most.
fn slots(files_max: Option<u64>) -> Slots {
    let most = files_max.and_then(|files| usize::try_from(files / 4).ok());
    Slots::of(most.map_or(Slots::MOST, |most| most.min(Slots::MOST)))
}

/// Where to listen: what the file says goes before the command line, as in scribe.
fn listen_address(flag: &Address, settings: &Settings) -> Address {
    if settings.listen_ip.is_none() && settings.listen_port.is_none() {
        return flag.clone();
    }
    let (ip, port) = match flag {
        Address::Ip(address) => (Some(address.ip()), Some(address.port())),
        Address::Name(_, port) => (None, Some(*port)),
        _ => (None, None),
    };
    let port = settings.listen_port.or(port).unwrap_or(PORT);
    if let (Address::Name(host, _), None) = (flag, settings.listen_ip) {
        return Address::Name(host.clone(), port);
    }
    let ip = settings
        .listen_ip
        .or(ip)
        .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    Address::Ip(SocketAddr::new(ip, port))
}

fn warn_of_guests(address: &Address) {
    if let Address::Ip(address) = address
        && !address.ip().is_loopback()
    {
        log::warn!(
            "{address} is open to other machines: whoever reaches it may log, read the counters, set options and stop the collector"
        );
    }
}

/// What this machine is called.
fn host() -> FileWord {
    let name = rustix::system::uname();
    let name = name.nodename().to_string_lossy();
    FileWord::of(&name).unwrap_or_else(|_| FileWord::of("localhost").expect("it is a word"))
}

/// Fewer clients than that are worth a word: 1,000.
const CLIENTS_FEW: u64 = 1_000;
/// The port of all collectors.
pub const PORT: u16 = 1463;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_have_half_of_the_open_files_at_most() {
        for (wanted, files, clients) in [
            (None, None, 10_000),
            (None, Some(20_128), 10_000),
            (None, Some(20_126), 9_999),
            (None, Some(1_024), 448),
            (Some(16), Some(63), 16),
            (Some(16), Some(64), 16),
            (Some(17), Some(64), 16),
            (Some(20), Some(0), 1),
        ] {
            assert_eq!(clients_max(wanted, files), clients, "{wanted:?} {files:?}");
        }
    }
}
