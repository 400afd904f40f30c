//! The world as it is: sockets, the clock, threads.

use core::net::SocketAddr;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice};
use std::net::ToSocketAddrs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use mio::{Registry, Token, Waker};

use crate::context::{
    AcceptFault, Address, Connect, Driver, Job, LinkId, Listen, ListenerId, SocketOptions,
};
use crate::reactor::door::Door;
use crate::reactor::stream::Stream;
use crate::reactor::workers::Workers;
use crate::reactor::{link_token, listener_token};
use crate::time::Time;

/// The world as it is: sockets, the clock, threads.
pub(super) struct Sockets {
    registry: Registry,
    began: Instant,
    /// By the link's slot.
    links: Vec<Option<Socket>>,
    /// By the listener's slot.
    doors: Vec<Option<Door>>,
    /// A descriptor kept so that, when none is left, one connection at a time can still be told.
    reserve: Option<File>,
    workers: Workers,
    resolved: Arc<Resolved>,
}

enum Socket {
    Up(Stream),
    Dialling(Box<Dialling>),
}

/// A connection on its way: a name may have several addresses, tried one after the other.
struct Dialling {
    link: LinkId,
    stream: Option<Stream>,
    others: VecDeque<SocketAddr>,
    options: SocketOptions,
    /// Why there will be none.
    failed: Option<io::Error>,
}

/// Names that a worker thread has looked up.
struct Resolved {
    names: Mutex<Vec<(LinkId, io::Result<VecDeque<SocketAddr>>)>>,
    waker: Arc<Waker>,
}

impl Sockets {
    pub(super) fn new(registry: Registry, waker: Arc<Waker>, workers: Workers) -> Self {
        Self {
            registry,
            began: Instant::now(),
            links: Vec::new(),
            doors: Vec::new(),
            reserve: reserve(),
            workers,
            resolved: Arc::new(Resolved {
                names: Mutex::new(Vec::new()),
                waker,
            }),
        }
    }

    #[inline]
    fn up(&mut self, link: LinkId) -> io::Result<&mut Stream> {
        match self.links.get_mut(link.slot as usize) {
            Some(Some(Socket::Up(stream))) => Ok(stream),
            _ => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn stream(&self, link: LinkId) -> Option<&Stream> {
        match self.links.get(link.slot as usize)?.as_ref()? {
            Socket::Up(stream) => Some(stream),
            Socket::Dialling(dialling) => dialling.stream.as_ref(),
        }
    }

    fn put(&mut self, link: LinkId, socket: Socket) {
        let slot = link.slot as usize;
        if self.links.len() <= slot {
            self.links.resize_with(slot + 1, || None);
        }
        self.links[slot] = Some(socket);
    }

    /// Takes up the connections whose names were looked up. Those that have an outcome at once are given back.
    pub(super) fn take_up_resolved(&mut self) -> Vec<LinkId> {
        let names = std::mem::take(
            &mut *self
                .resolved
                .names
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        let mut settled = Vec::new();
        for (link, outcome) in names {
            let Some(Some(Socket::Dialling(dialling))) = self.links.get_mut(link.slot as usize)
            else {
                continue;
            };
            if dialling.link != link {
                // The link was closed meanwhile, and its slot has another.
                continue;
            }
            let dialled = outcome.and_then(|addresses| {
                dialling.others = addresses;
                dialling.next(&self.registry)
            });
            if let Err(error) = dialled {
                dialling.failed = Some(error);
                settled.push(link);
            }
        }
        settled
    }
}

impl Dialling {
    /// Dials the next address, and those after it as long as they fail at once.
    fn next(&mut self, registry: &Registry) -> io::Result<()> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        while let Some(address) = self.others.pop_front() {
            let dialled = Stream::dial(address, &self.options).and_then(|mut stream| {
                stream.register(registry, link_token(self.link))?;
                Ok(stream)
            });
            match dialled {
                Ok(stream) => {
                    if let Some(before) = self.stream.replace(stream) {
                        before.close(registry, false);
                    }
                    return Ok(());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

fn reserve() -> Option<File> {
    File::open("/dev/null").ok()
}

impl Driver for Sockets {
    #[inline]
    fn now(&mut self) -> Time {
        // In 64 bits, which hold 584 years of nanoseconds: this is asked for every call.
        let elapsed = self.began.elapsed();
        Time::from_nanos(elapsed.as_secs() * 1_000_000_000 + u64::from(elapsed.subsec_nanos()))
    }

    #[inline]
    fn short_transfer_drains(&self) -> bool {
        // True of epoll and kqueue. The back end on poll(2) arms a socket again only when an operation would block.
        cfg!(all(
            any(
                target_os = "linux",
                target_os = "android",
                target_os = "macos",
                target_os = "freebsd"
            ),
            not(mio_unsupported_force_poll_poll)
        ))
    }

    fn listen(&mut self, listener: ListenerId, listen: &mut Listen) -> io::Result<Address> {
        let (mut door, address) = Door::open(listen)?;
        door.register(&self.registry, listener_token(listener))?;
        let slot = listener.slot as usize;
        if self.doors.len() <= slot {
            self.doors.resize_with(slot + 1, || None);
        }
        self.doors[slot] = Some(door);
        Ok(address)
    }

    fn unlisten(&mut self, listener: ListenerId) {
        if let Some(door) = self
            .doors
            .get_mut(listener.slot as usize)
            .and_then(Option::take)
        {
            door.close(&self.registry);
        }
    }

    fn accept(&mut self, listener: ListenerId, link: LinkId) -> Result<(), AcceptFault> {
        let Some(Some(door)) = self.doors.get(listener.slot as usize) else {
            return Err(AcceptFault::WouldBlock);
        };
        let mut stream = door.accept()?;
        stream
            .register(&self.registry, link_token(link))
            .map_err(AcceptFault::Failed)?;
        self.put(link, Socket::Up(stream));
        Ok(())
    }

    fn shed(&mut self, listener: ListenerId) -> bool {
        if self.reserve.take().is_none() {
            // Another thread was quicker to the descriptor: there may be one again.
            self.reserve = reserve();
            return false;
        }
        let accepted = match self.doors.get(listener.slot as usize) {
            Some(Some(door)) => door.accept_bare(),
            _ => Err(io::ErrorKind::NotFound.into()),
        };
        // Closed before the reserve is taken again: it is the same descriptor.
        let shed = accepted.map(drop).is_ok();
        self.reserve = reserve();
        shed
    }

    fn connect(&mut self, link: LinkId, connect: &Connect) -> io::Result<()> {
        let options = connect.options.clone();
        let mut dialling = Box::new(Dialling {
            link,
            stream: None,
            others: VecDeque::new(),
            options,
            failed: None,
        });
        match &connect.address {
            Ok(Address::Ip(address)) => {
                dialling.others.push_back(*address);
                dialling.next(&self.registry)?;
            }
            Ok(Address::Unix(path)) => {
                let mut stream = Stream::Unix(mio::net::UnixStream::connect(path)?);
                stream.set_options(&dialling.options);
                stream.register(&self.registry, link_token(link))?;
                dialling.stream = Some(stream);
            }
            Ok(Address::Name(host, port)) => {
                // Looking a name up may take seconds, which a loop does not have.
                let (name, resolved) = ((host.clone(), *port), Arc::clone(&self.resolved));
                let job: Job = Box::new(move || {
                    let outcome = (name.0.as_str(), name.1)
                        .to_socket_addrs()
                        .map(VecDeque::from_iter);
                    resolved
                        .names
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((link, outcome));
                    // A poll that cannot be woken is gone.
                    let _ = resolved.waker.wake();
                });
                if self.workers.submit(job).is_err() {
                    return Err(io::Error::other(
                        "no worker thread is free to look the name up",
                    ));
                }
            }
            Ok(Address::Unnamed) => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "no address to dial",
                ));
            }
            Err(misuse) => return Err(io::Error::new(io::ErrorKind::InvalidInput, misuse.clone())),
        }
        self.put(link, Socket::Dialling(dialling));
        Ok(())
    }

    fn connected(&mut self, link: LinkId) -> io::Result<bool> {
        let Some(Some(slot)) = self.links.get_mut(link.slot as usize) else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let Socket::Dialling(dialling) = slot else {
            return Ok(true);
        };
        if let Some(error) = dialling.failed.take() {
            return Err(error);
        }
        let Some(stream) = &dialling.stream else {
            return Ok(false);
        };
        match stream.connected() {
            Ok(false) => Ok(false),
            Ok(true) => {
                if let Some(stream) = dialling.stream.take() {
                    *slot = Socket::Up(stream);
                }
                Ok(true)
            }
            Err(_) if !dialling.others.is_empty() => dialling.next(&self.registry).map(|()| false),
            Err(error) => Err(error),
        }
    }

    fn failure(&mut self, link: LinkId) -> Option<io::Error> {
        self.up(link).ok()?.failure()
    }

    #[inline]
    fn read(&mut self, link: LinkId, into: &mut [u8]) -> io::Result<usize> {
        self.up(link)?.read(into)
    }

    #[inline]
    fn write(&mut self, link: LinkId, bytes: &[u8]) -> io::Result<usize> {
        self.up(link)?.write(bytes)
    }

    fn write_vectored(&mut self, link: LinkId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.up(link)?.write_vectored(pieces)
    }

    fn shutdown(&mut self, link: LinkId) -> io::Result<()> {
        self.up(link)?.shutdown()
    }

    fn close(&mut self, link: LinkId, reset: bool) {
        let socket = self
            .links
            .get_mut(link.slot as usize)
            .and_then(Option::take);
        let stream = match socket {
            Some(Socket::Up(stream)) => Some(stream),
            Some(Socket::Dialling(dialling)) => dialling.stream,
            None => None,
        };
        if let Some(stream) = stream {
            stream.close(&self.registry, reset);
        }
    }

    fn peer_address(&self, link: LinkId) -> Option<Address> {
        self.stream(link)?.peer_address()
    }

    fn local_address(&self, link: LinkId) -> Option<Address> {
        self.stream(link)?.local_address()
    }

    fn has_room(&self) -> bool {
        self.workers.has_room()
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        self.workers.submit(job)
    }

    #[cfg(feature = "node")]
    fn random(&mut self, into: &mut [u8]) -> io::Result<()> {
        getrandom::fill(into).map_err(io::Error::other)
    }

    fn time_of_day(&mut self) -> Duration {
        // Before 1970 it is wrong anyway.
        SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
    }
}

const _: () = assert!(
    Token(usize::MAX).0 as u64 == u64::MAX,
    "a token holds a slot and a generation: 64 bits"
);
