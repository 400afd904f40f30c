//! A connection's socket, of either kind.

use core::net::SocketAddr;
use std::io::{self, IoSlice, Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use mio::event::Source;
use mio::net::{TcpStream, UnixStream};
use mio::{Interest, Registry, Token};
use socket2::{SockRef, TcpKeepalive};

use crate::context::{Address, SocketOptions};

/// A connection's socket, of either kind.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Runs the same expression on either kind.
macro_rules! either {
    ($stream:expr, $inner:ident => $do:expr) => {
        match $stream {
            Stream::Tcp($inner) => $do,
            Stream::Unix($inner) => $do,
        }
    };
}

impl Stream {
    /// For both directions once and for all: under edge-triggering an interest that never changes costs nothing.
    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        either!(self, inner => inner.register(registry, token, INTEREST))
    }

    /// Drops the connection. `reset` tells the peer so.
    pub(super) fn close(mut self, registry: &Registry, reset: bool) {
        if reset {
            // At worst the peer sees an orderly end instead of a reset.
            let _ = either!(&self, inner => SockRef::from(inner).set_linger(Some(Duration::ZERO)));
        }
        let _ = either!(&mut self, inner => inner.deregister(registry));
    }

    #[inline]
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        either!(self, inner => inner.read(into))
    }

    #[inline]
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        either!(self, inner => inner.write(bytes))
    }

    pub(super) fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        either!(self, inner => inner.write_vectored(pieces))
    }

    pub(super) fn shutdown(&self) -> io::Result<()> {
        either!(self, inner => inner.shutdown(Shutdown::Write))
    }

    /// Why it failed, if it has.
    pub(super) fn failure(&self) -> Option<io::Error> {
        either!(self, inner => inner.take_error()).unwrap_or_else(Some)
    }

    /// Whether a dialled socket is connected; false means that the outcome is open.
    pub(super) fn connected(&self) -> io::Result<bool> {
        if let Some(error) = either!(self, inner => inner.take_error())? {
            return Err(error);
        }
        match self {
            Self::Tcp(inner) => match inner.peer_addr() {
                // Dialling a free local port may meet itself there, by simultaneous open.
                Ok(peer) if inner.local_addr().is_ok_and(|local| local == peer) => Err(
                    io::Error::new(io::ErrorKind::ConnectionRefused, "connected to itself"),
                ),
                Ok(_) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
                Err(error) => Err(error),
            },
            Self::Unix(inner) => match inner.peer_addr() {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    pub(super) fn peer_address(&self) -> Option<Address> {
        match self {
            Self::Tcp(inner) => inner.peer_addr().ok().map(Address::Ip),
            Self::Unix(inner) => inner
                .peer_addr()
                .ok()
                .map(|address| unix_address(address.as_pathname())),
        }
    }

    pub(super) fn local_address(&self) -> Option<Address> {
        match self {
            Self::Tcp(inner) => inner.local_addr().ok().map(Address::Ip),
            Self::Unix(inner) => inner
                .local_addr()
                .ok()
                .map(|address| unix_address(address.as_pathname())),
        }
    }

    /// Sets what was asked for. A socket whose peer is gone already takes no options, and will say so when it is read.
    pub(super) fn set_options(&self, options: &SocketOptions) {
        let socket = either!(self, inner => SockRef::from(inner));
        let failed = |what: &str, outcome: io::Result<()>| {
            if let Err(error) = outcome {
                log::debug!("{what} could not be set: {error}");
            }
        };
        if let Self::Tcp(tcp) = self {
            if options.nodelay {
                failed("nodelay", tcp.set_nodelay(true));
            }
            if let Some(idle) = options.keepalive {
                failed(
                    "keepalive",
                    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle)),
                );
            }
        }
        if let Some(bytes) = options.receive_buffer_bytes {
            failed("the receive buffer", socket.set_recv_buffer_size(bytes));
        }
        if let Some(bytes) = options.send_buffer_bytes {
            failed("the send buffer", socket.set_send_buffer_size(bytes));
        }
    }

    pub(super) fn dial(address: SocketAddr, options: &SocketOptions) -> io::Result<Self> {
        let stream = Self::Tcp(TcpStream::connect(address)?);
        stream.set_options(options);
        Ok(stream)
    }
}

/// Urgent data is of no use to us, but a read stops before it, short of what there is: it has to be known of.
#[cfg(any(target_os = "linux", target_os = "android"))]
const INTEREST: Interest = Interest::READABLE
    .add(Interest::WRITABLE)
    .add(Interest::PRIORITY);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const INTEREST: Interest = Interest::READABLE.add(Interest::WRITABLE);

pub(super) fn unix_address(path: Option<&std::path::Path>) -> Address {
    path.map_or(Address::Unnamed, Address::from)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Both ends of a connection, with these options on each.
    fn ends(options: &SocketOptions) -> [Stream; 2] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let dialled =
            Stream::dial(listener.local_addr().expect("bound"), options).expect("it listens");
        let (accepted, _) = listener.accept().expect("a connection");
        accepted.set_nonblocking(true).expect("an option");
        let accepted = Stream::Tcp(TcpStream::from_std(accepted));
        accepted.set_options(options);
        [dialled, accepted]
    }

    #[test]
    fn options_are_set_as_asked_for_and_nodelay_by_default() {
        for stream in ends(&SocketOptions::default()) {
            let Stream::Tcp(tcp) = &stream else {
                panic!("a TCP connection")
            };
            assert!(tcp.nodelay().expect("an option"));
            assert!(!SockRef::from(tcp).keepalive().expect("an option"));
        }
        let options = SocketOptions {
            nodelay: false,
            keepalive: Some(Duration::from_secs(77)),
            receive_buffer_bytes: Some(40_000),
            send_buffer_bytes: Some(50_000),
        };
        for stream in ends(&options) {
            let Stream::Tcp(tcp) = &stream else {
                panic!("a TCP connection")
            };
            assert!(!tcp.nodelay().expect("an option"));
            let socket = SockRef::from(tcp);
            assert!(socket.keepalive().expect("an option"));
            assert_eq!(
                socket.tcp_keepalive_time().expect("an option"),
                Duration::from_secs(77)
            );
            // Linux doubles what it is asked for, for its own book-keeping.
            let (receive, send) = (
                socket.recv_buffer_size().expect("an option"),
                socket.send_buffer_size().expect("an option"),
            );
            assert!([40_000, 80_000].contains(&receive), "{receive}");
            assert!([50_000, 100_000].contains(&send), "{send}");
        }
    }
}
