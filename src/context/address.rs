//! Where to listen and whom to dial, with the options of a socket.

use core::net::SocketAddr;
use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use crate::context::LinkLimits;
use crate::error::{Misuse, Result};

/// One end of a connection.
///
/// ```
/// use oneloop::Address;
///
/// assert!(matches!("127.0.0.1:7000".parse(), Ok(Address::Ip(_))));
/// assert!(matches!("[::1]:7000".parse(), Ok(Address::Ip(_))));
/// assert!(matches!("unix:/run/chat.sock".parse(), Ok(Address::Unix(_))));
/// assert!(matches!("game.example:7000".parse(), Ok(Address::Name(_, 7000))));
/// assert!("7000".parse::<Address>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// An IPv4 or IPv6 address and a TCP port.
    Ip(SocketAddr),
    /// A host's name and a TCP port.
    Name(String, u16),
    /// A unix socket's path.
    Unix(PathBuf),
    /// A unix socket without a name: what a client of one has.
    Unnamed,
}

impl Address {
    /// The TCP port, if it has one.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        match self {
            Self::Ip(address) => Some(address.port()),
            Self::Name(_, port) => Some(*port),
            Self::Unix(_) | Self::Unnamed => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => write!(f, "{address}"),
            Self::Name(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Unnamed => f.write_str("unix:(unnamed)"),
        }
    }
}

impl FromStr for Address {
    type Err = Misuse;

    /// `HOST:PORT` or `unix:PATH`.
    fn from_str(text: &str) -> Result<Self, Misuse> {
        let wrong = || Misuse::Address(format!("{text:?} (expected HOST:PORT or unix:PATH)"));
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() {
                Err(wrong())
            } else {
                Ok(Self::Unix(path.into()))
            };
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Ip(address));
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Self::Name(host.into(), port.parse().map_err(|_| wrong())?))
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(address)
    }
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path)
    }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::Unix(path.into())
    }
}

/// Options of a connection's socket, whichever end opened it.
#[derive(Clone, Debug)]
pub struct SocketOptions {
    /// Send small frames at once (`TCP_NODELAY`). On by default: a reply that waits for more to send waits for nothing.
    pub nodelay: bool,
    /// Idle time after which the operating system probes a silent peer. Off by default; an idle timeout finds it sooner.
    pub keepalive: Option<Duration>,
    /// The kernel's receive buffer, in bytes; the system's choice by default.
    pub receive_buffer_bytes: Option<usize>,
    /// The kernel's send buffer, in bytes; the system's choice by default.
    pub send_buffer_bytes: Option<usize>,
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self {
            nodelay: true,
            keepalive: None,
            receive_buffer_bytes: None,
            send_buffer_bytes: None,
        }
    }
}

/// Where and how to listen. A plain address will do: `"127.0.0.1:7000"`, `"[::]:7000"`, `"127.0.0.1:0"` for any free port,
/// `"unix:/run/chat.sock"`.
///
/// ```
/// use oneloop::{LinkLimits, Listen};
///
/// let listen = Listen::new("127.0.0.1:0")
///     .backlog(512)
///     .limits(LinkLimits { frame_bytes_max: 64 << 10, ..LinkLimits::default() });
/// ```
#[derive(Debug)]
pub struct Listen {
    pub(crate) address: Result<Address, Misuse>,
    /// A listener that the driver understands and that is bound already.
    pub(crate) bound: Option<Box<dyn Any + Send>>,
    pub(crate) backlog: u32,
    pub(crate) reuse_port: bool,
    pub(crate) options: SocketOptions,
    pub(crate) limits: Option<LinkLimits>,
    /// Its links may be of those that are kept for nodes.
    pub(crate) takes_reserved: bool,
}

impl Listen {
    /// Connections that may wait to be accepted, by default. Linux takes no more than `net.core.somaxconn`.
    pub const BACKLOG: u32 = 1024;

    /// At this address, with the default options. What is wrong with the address is reported when listening begins.
    pub fn new(address: impl Into<Self>) -> Self {
        address.into()
    }

    pub(crate) fn at(address: Result<Address, Misuse>) -> Self {
        Self {
            address,
            bound: None,
            backlog: Self::BACKLOG,
            reuse_port: false,
            options: SocketOptions::default(),
            limits: None,
            takes_reserved: false,
        }
    }

    /// With a listener that a driver knows and that is bound already.
    pub(crate) fn bound(address: std::io::Result<Address>, listener: Box<dyn Any + Send>) -> Self {
        let address =
            address.map_err(|error| Misuse::Address(format!("of a bound listener: {error}")));
        Self {
            bound: Some(listener),
            ..Self::at(address)
        }
    }

    /// How many connections may wait to be accepted.
    #[must_use]
    pub const fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Lets several processes listen on one port (`SO_REUSEPORT`), each with a share of the connections.
    #[must_use]
    pub const fn reuse_port(mut self, yes: bool) -> Self {
        self.reuse_port = yes;
        self
    }

    /// Options of the accepted sockets.
    #[must_use]
    pub fn options(mut self, options: SocketOptions) -> Self {
        self.options = options;
        self
    }

    /// Limits of the accepted links, instead of the loop's.
    #[must_use]
    pub fn limits(mut self, limits: LinkLimits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Its links may be of those that are kept for nodes.
    #[cfg(feature = "node")]
    pub(crate) const fn reserved(mut self) -> Self {
        self.takes_reserved = true;
        self
    }
}

/// Whom to dial, and how. A plain address will do.
#[derive(Clone, Debug)]
pub struct Connect {
    pub(crate) address: Result<Address, Misuse>,
    pub(crate) options: SocketOptions,
    pub(crate) limits: Option<LinkLimits>,
}

impl Connect {
    /// At this address, with the default options. What is wrong with the address closes the link with the reason.
    pub fn new(address: impl Into<Self>) -> Self {
        address.into()
    }

    pub(crate) fn at(address: Result<Address, Misuse>) -> Self {
        Self {
            address,
            options: SocketOptions::default(),
            limits: None,
        }
    }

    /// Options of the socket.
    #[must_use]
    pub fn options(mut self, options: SocketOptions) -> Self {
        self.options = options;
        self
    }

    /// Limits of the link, instead of the loop's.
    #[must_use]
    pub fn limits(mut self, limits: LinkLimits) -> Self {
        self.limits = Some(limits);
        self
    }
}

macro_rules! from_addresses {
    ($($target:ty),*) => {$(
        impl From<&str> for $target {
            fn from(text: &str) -> Self {
                Self::at(text.parse())
            }
        }

        impl From<&String> for $target {
            fn from(text: &String) -> Self {
                Self::at(text.parse())
            }
        }

        impl From<String> for $target {
            fn from(text: String) -> Self {
                Self::at(text.parse())
            }
        }

        impl From<SocketAddr> for $target {
            fn from(address: SocketAddr) -> Self {
                Self::at(Ok(address.into()))
            }
        }

        impl From<Address> for $target {
            fn from(address: Address) -> Self {
                Self::at(Ok(address))
            }
        }

        impl From<&Address> for $target {
            fn from(address: &Address) -> Self {
                Self::at(Ok(address.clone()))
            }
        }
    )*};
}
from_addresses!(Listen, Connect);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_itself_back() {
        for text in [
            "127.0.0.1:7000",
            "[::1]:80",
            "unix:/tmp/a b.sock",
            "game-1.example:65535",
            "localhost:0",
        ] {
            assert_eq!(text.parse::<Address>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_text() {
        for text in [
            "",
            ":",
            ":80",
            "host",
            "host:",
            "host:65536",
            "host:-1",
            "a b:80",
            "unix:",
            "::1:80",
            "[::1]",
        ] {
            let misuse = text.parse::<Address>().expect_err(text);
            assert!(
                misuse.to_string().contains(&format!("{text:?}")),
                "{misuse}"
            );
        }
    }
}
