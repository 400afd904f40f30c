//! A listening socket, of either kind.

use core::net::SocketAddr;
use std::io;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};

use mio::event::Source;
use mio::net::{TcpListener, UnixListener};
use mio::{Interest, Registry, Token};
use socket2::{Domain, SockAddr, Socket, Type};

use crate::context::{AcceptFault, Address, Listen, SocketOptions};
use crate::reactor::stream::{Stream, unix_address};

/// A listening socket, of either kind.
#[derive(Debug)]
pub(super) struct Door {
    listener: Listener,
    options: SocketOptions,
    /// The file that a unix listener made, to be removed with it.
    path: Option<PathBuf>,
}

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl From<std::net::TcpListener> for Listen {
    /// A listener that is bound already, by whoever starts the process or hands it over.
    fn from(listener: std::net::TcpListener) -> Self {
        let address = listener.local_addr().map(Address::Ip);
        Self::bound(address, Box::new(listener))
    }
}

impl From<std::os::unix::net::UnixListener> for Listen {
    /// A listener that is bound already, by whoever starts the process or hands it over. Its file is not removed.
    fn from(listener: std::os::unix::net::UnixListener) -> Self {
        let address = listener
            .local_addr()
            .map(|address| unix_address(address.as_pathname()));
        Self::bound(address, Box::new(listener))
    }
}

impl Door {
    pub(super) fn open(listen: &mut Listen) -> io::Result<(Self, Address)> {
        let options = listen.options.clone();
        if let Some(bound) = listen.bound.take() {
            return Self::adopt(bound, options);
        }
        match &listen.address {
            Ok(Address::Ip(address)) => Self::open_tcp(*address, listen, options),
            Ok(Address::Name(host, port)) => {
                let mut last =
                    io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address"));
                for address in (host.as_str(), *port).to_socket_addrs()? {
                    match Self::open_tcp(address, listen, options.clone()) {
                        Ok(door) => return Ok(door),
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
            Ok(Address::Unix(path)) => Self::open_unix(path, listen.backlog, options),
            Ok(Address::Unnamed) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "no address to listen at",
            )),
            Err(misuse) => Err(io::Error::new(io::ErrorKind::InvalidInput, misuse.clone())),
        }
    }

    fn adopt(
        bound: Box<dyn std::any::Any + Send>,
        options: SocketOptions,
    ) -> io::Result<(Self, Address)> {
        let bound = match bound.downcast::<std::net::TcpListener>() {
            Ok(listener) => {
                // A blocking listener would hang the loop.
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?.into();
                let listener = Listener::Tcp(TcpListener::from_std(*listener));
                return Ok((
                    Self {
                        listener,
                        options,
                        path: None,
                    },
                    address,
                ));
            }
            Err(bound) => bound,
        };
        match bound.downcast::<std::os::unix::net::UnixListener>() {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                let address = unix_address(listener.local_addr()?.as_pathname());
                let listener = Listener::Unix(UnixListener::from_std(*listener));
                Ok((
                    Self {
                        listener,
                        options,
                        path: None,
                    },
                    address,
                ))
            }
            Err(_) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a listener of another driver",
            )),
        }
    }

    fn open_tcp(
        address: SocketAddr,
        listen: &Listen,
        options: SocketOptions,
    ) -> io::Result<(Self, Address)> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        // A port whose last connections are still dying is free to listen at.
        socket.set_reuse_address(true)?;
        if listen.reuse_port {
            socket.set_reuse_port(true)?;
        }
        if let Some(bytes) = options.receive_buffer_bytes {
            // Accepted sockets inherit it, in time for the window that their handshake offers.
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind(&address.into())?;
        socket.listen(i32::try_from(listen.backlog).unwrap_or(i32::MAX))?;
        socket.set_nonblocking(true)?;
        let listener = std::net::TcpListener::from(socket);
        let address = listener.local_addr()?.into();
        Ok((
            Self {
                listener: Listener::Tcp(TcpListener::from_std(listener)),
                options,
                path: None,
            },
            address,
        ))
    }

    fn open_unix(path: &Path, backlog: u32, options: SocketOptions) -> io::Result<(Self, Address)> {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        let address = SockAddr::unix(path)?;
        if let Err(error) = socket.bind(&address) {
            // The file of a process that was killed: nobody listens there any more.
            let is_socket = std::fs::symlink_metadata(path)
                .is_ok_and(|file| std::os::unix::fs::FileTypeExt::is_socket(&file.file_type()));
            let stale =
                error.kind() == io::ErrorKind::AddrInUse && is_socket && is_deserted(&address)?;
            if !stale {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            socket.bind(&address)?;
        }
        socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
        socket.set_nonblocking(true)?;
        let listener = std::os::unix::net::UnixListener::from(socket);
        let door = Self {
            listener: Listener::Unix(UnixListener::from_std(listener)),
            options,
            path: Some(path.into()),
        };
        Ok((door, path.into()))
    }

    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        match &mut self.listener {
            Listener::Tcp(listener) => listener.register(registry, token, Interest::READABLE),
            Listener::Unix(listener) => listener.register(registry, token, Interest::READABLE),
        }
    }

    pub(super) fn close(mut self, registry: &Registry) {
        // A listener that is dropped is gone from the poll anyway, but for descriptors that were duplicated.
        let _ = match &mut self.listener {
            Listener::Tcp(listener) => listener.deregister(registry),
            Listener::Unix(listener) => listener.deregister(registry),
        };
    }

    pub(super) fn accept(&self) -> Result<Stream, AcceptFault> {
        let stream = self.accept_bare().map_err(classify)?;
        stream.set_options(&self.options);
        Ok(stream)
    }

    pub(super) fn accept_bare(&self) -> io::Result<Stream> {
        match &self.listener {
            Listener::Tcp(listener) => listener.accept().map(|(stream, _)| Stream::Tcp(stream)),
            Listener::Unix(listener) => listener.accept().map(|(stream, _)| Stream::Unix(stream)),
        }
    }
}

/// Whether nobody listens at a unix socket's file any more. Asked without waiting: somebody whose backlog is full is there.
fn is_deserted(address: &SockAddr) -> io::Result<bool> {
    let probe = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    probe.set_nonblocking(true)?;
    Ok(probe
        .connect(address)
        .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused))
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Somebody may have removed it before us.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// `EMFILE`: the process has no descriptors left. The same number on every unix.
const PROCESS_DESCRIPTORS: i32 = 24;
/// `ENFILE`: the system has none left.
const SYSTEM_DESCRIPTORS: i32 = 23;
/// `EPROTO` and the errors of a network, which Linux hands on from the connection that had them (accept(2), "Error handling").
#[cfg(any(target_os = "linux", target_os = "android"))]
const LOST: [i32; 4] = [71, 92, 64, 95];
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const LOST: [i32; 0] = [];

/// What a failed accept means. What is not known is taken for the listener's trouble: trying again later is never wrong.
fn classify(error: io::Error) -> AcceptFault {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, Interrupted, NetworkDown,
        NetworkUnreachable, TimedOut, WouldBlock,
    };
    match error.kind() {
        WouldBlock => AcceptFault::WouldBlock,
        Interrupted | ConnectionAborted | ConnectionReset | HostUnreachable | NetworkDown
        | NetworkUnreachable | TimedOut => AcceptFault::Lost(error),
        _ => match error.raw_os_error() {
            Some(PROCESS_DESCRIPTORS | SYSTEM_DESCRIPTORS) => AcceptFault::Exhausted(error),
            Some(number) if LOST.contains(&number) => AcceptFault::Lost(error),
            _ => AcceptFault::Failed(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn each_error_of_accept_is_told_apart() {
        let verdict = |number| match classify(io::Error::from_raw_os_error(number)) {
            AcceptFault::WouldBlock => "none waits",
            AcceptFault::Lost(_) => "lost",
            AcceptFault::Exhausted(_) => "exhausted",
            AcceptFault::Failed(_) => "failed",
        };
        let (eagain, eintr, econnaborted, eproto, ehostunreach) = (11, 4, 103, 71, 113);
        let (emfile, enfile, enobufs, enomem, eperm) = (24, 23, 105, 12, 1);
        assert_eq!(verdict(eagain), "none waits");
        assert_eq!(
            [eintr, econnaborted, eproto, ehostunreach].map(verdict),
            ["lost"; 4]
        );
        assert_eq!([emfile, enfile].map(verdict), ["exhausted"; 2]);
        assert_eq!([enobufs, enomem, eperm].map(verdict), ["failed"; 3]);
    }
}
