//! The client, the same for all servers: one thread on mio that keeps some requests in flight on each link and checks every reply.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

const BODY_BYTES: usize = 64;
const FRAME_BYTES: usize = 17 + BODY_BYTES;
/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    poll: Poll,
    events: Events,
    links: Vec<Link>,
    buffer: Vec<u8>,
}

struct Link {
    stream: TcpStream,
    number: u64,
    sent: u64,
    /// When those were sent that are not answered.
    waiting: VecDeque<Instant>,
    /// The beginning of a reply of which the end has not come.
    part: Vec<u8>,
}

/// What one round saw.
pub(crate) struct Round {
    pub(crate) replies: u64,
    pub(crate) elapsed: Duration,
    /// Nanoseconds from before a request's write to after its reply's read.
    pub(crate) latency: Histogram<u64>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr, links: usize) -> Self {
        let poll = Poll::new().expect("a poll");
        let link = |number: usize| {
            let stream = std::net::TcpStream::connect(address).expect("it listens");
            stream.set_nodelay(true).expect("an option");
            // Ended by a reset: nothing is left of it, and thousands can follow.
            socket2::SockRef::from(&stream)
                .set_linger(Some(Duration::ZERO))
                .expect("an option");
            stream.set_nonblocking(true).expect("an option");
            let mut stream = TcpStream::from_std(stream);
            poll.registry()
                .register(&mut stream, Token(number), Interest::READABLE)
                .expect("it registers");
            Link {
                stream,
                number: number as u64,
                sent: 0,
                waiting: VecDeque::new(),
                part: Vec::new(),
            }
        };
        let links = (0..links).map(link).collect();
        Self {
            poll,
            events: Events::with_capacity(1024),
            links,
            buffer: vec![0; 64 << 10],
        }
    }

    /// Keeps `in_flight` requests on each of the first `active` links for so long, and then waits for the replies that are missing.
    pub(crate) fn round(&mut self, active: usize, in_flight: usize, span: Duration) -> Round {
        let began = Instant::now();
        let mut round = Round {
            replies: 0,
            elapsed: Duration::ZERO,
            // To a thousandth, and up to a minute.
            latency: Histogram::new_with_max(60_000_000_000, 3).expect("that is possible"),
        };
        for link in &mut self.links[..active] {
            link.send(in_flight);
        }
        let mut open = active * in_flight;
        while open > 0 {
            self.poll
                .poll(&mut self.events, Some(PATIENCE))
                .expect("it polls");
            assert!(!self.events.is_empty(), "{open} requests are not answered");
            let goes_on = began.elapsed() < span;
            for event in &self.events {
                let link = &mut self.links[event.token().0];
                let replies = link.receive(&mut self.buffer, &mut round.latency);
                round.replies += replies as u64;
                if goes_on {
                    link.send(replies);
                } else {
                    open -= replies;
                }
            }
        }
        round.elapsed = began.elapsed();
        round
    }
}

impl Link {
    /// Writes so many requests at once.
    fn send(&mut self, requests: usize) {
        if requests == 0 {
            return;
        }
        let mut bytes = Vec::with_capacity(requests * FRAME_BYTES);
        let now = Instant::now();
        for _ in 0..requests {
            bytes.extend_from_slice(&frame(self.number, self.sent));
            self.sent += 1;
            self.waiting.push_back(now);
        }
        let written = self.stream.write(&bytes).expect("the link is up");
        assert_eq!(written, bytes.len(), "a socket holds what is in flight");
    }

    /// Reads what has come. Gives how many replies there were, all of them as they should be.
    fn receive(&mut self, buffer: &mut [u8], latency: &mut Histogram<u64>) -> usize {
        let mut replies = 0;
        loop {
            let read = match self.stream.read(buffer) {
                Ok(0) => panic!("the server closed link {}", self.number),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return replies,
                Err(error) => panic!("link {}: {error}", self.number),
            };
            let now = Instant::now();
            self.part.extend_from_slice(&buffer[..read]);
            let whole = self.part.len() / FRAME_BYTES * FRAME_BYTES;
            for reply in self.part[..whole].chunks(FRAME_BYTES) {
                let number = self.sent - self.waiting.len() as u64;
                assert_eq!(reply, frame(self.number, number), "another reply");
                let sent = self.waiting.pop_front().expect("a request");
                latency.saturating_record((now - sent).as_nanos() as u64);
                replies += 1;
            }
            self.part.drain(..whole);
            if read < buffer.len() {
                return replies;
            }
        }
    }
}

/// A request, which is like no other: and its reply.
fn frame(link: u64, number: u64) -> [u8; FRAME_BYTES] {
    let mut frame = [b'x'; FRAME_BYTES];
    frame[..9].fill(0);
    frame[9..13].copy_from_slice(&(4 + BODY_BYTES as u32).to_be_bytes());
    frame[13..17].copy_from_slice(&(number as u32).to_be_bytes());
    frame[17..25].copy_from_slice(&link.to_be_bytes());
    frame[25..33].copy_from_slice(&number.to_be_bytes());
    frame
}
