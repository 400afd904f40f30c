//! Why a run is not good.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use oneloop::Address;

use crate::load::wire::Wrong;

/// Why a run is not good. The first one ends it.
#[derive(Debug)]
pub enum Fault {
    /// A connection could not be made.
    Connect {
        /// The server.
        server: Address,
        /// How many connections were there by then.
        up: usize,
        /// What the system says.
        cause: String,
    },
    /// A connection ended before the run did.
    Closed {
        /// The server.
        server: Address,
        /// The connection's number.
        connection: u32,
        /// How it ended.
        cause: String,
        /// Requests of it that had no reply.
        outstanding: u64,
        /// The same over all connections.
        outstanding_in_all: u64,
    },
    /// A reply that is not what was asked.
    Wrong {
        /// The connection's number.
        connection: u32,
        /// The request whose reply was due.
        sequence: u64,
        /// What is wrong with it.
        wrong: Wrong,
    },
    /// No reply by the deadline: lost, or late.
    Late {
        /// The connection's number.
        connection: u32,
        /// The request.
        sequence: u64,
        /// The deadline.
        deadline: Duration,
        /// Requests over all connections that had no reply.
        outstanding_in_all: u64,
    },
    /// It was told to stop.
    Interrupted,
    /// The file for the plot cannot be written.
    Plot {
        /// Its name.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The loop could not do what was asked of it.
    Loop(oneloop::Error),
}

impl From<oneloop::Error> for Fault {
    fn from(error: oneloop::Error) -> Self {
        Self::Loop(error)
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect {
                server,
                up: 0,
                cause,
            } => write!(
                f,
                "cannot connect to {server}: {cause} (is there a server? `echo` starts one)"
            ),
            Self::Connect { server, up, cause } => {
                write!(
                    f,
                    "cannot connect to {server}: {cause}; {up} connections were up"
                )
            }
            Self::Closed {
                server,
                connection,
                cause,
                outstanding,
                outstanding_in_all,
            } => write!(
                f,
                "connection {connection} to {server} ended too early: {cause}; {} outstanding on it, {outstanding_in_all} in all",
                requests(*outstanding)
            ),
            Self::Wrong {
                connection,
                sequence,
                wrong,
            } => {
                write!(f, "reply {sequence} on connection {connection} ")?;
                match wrong {
                    Wrong::Command { asked, came } => {
                        write!(f, "is wrong: command {asked} was asked, {came} came")
                    }
                    Wrong::Length { asked, came } => {
                        write!(f, "is wrong: {asked} bytes were asked, {came} came")
                    }
                    Wrong::Byte { place, asked, came } => write!(
                        f,
                        "is wrong: byte {place} of its body was {asked:#04x}, {came:#04x} came"
                    ),
                    Wrong::Doubled => {
                        f.write_str("was due, and one that had come before was doubled")
                    }
                    Wrong::Skipped { came } => {
                        write!(f, "was lost or overtaken: reply {came} came instead")
                    }
                    Wrong::Unasked => f.write_str("was not asked for"),
                }
            }
            Self::Late {
                connection,
                sequence,
                deadline,
                outstanding_in_all,
            } => write!(
                f,
                "reply {sequence} on connection {connection} was lost or is late: it did not come within {} s; {} outstanding in all",
                deadline.as_secs_f64(),
                requests(*outstanding_in_all)
            ),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Plot { path, error } => write!(f, "cannot write {}: {error}", path.display()),
            Self::Loop(error) => write!(f, "{error}"),
        }
    }
}

fn requests(count: u64) -> String {
    match count {
        1 => "1 request was".into(),
        count => format!("{count} requests were"),
    }
}
