//! Clients on one thread, each of which sends a batch as soon as the one before is acknowledged.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::wire::{Load, Wire};

/// What came of a run.
pub(crate) struct Measured {
    pub(crate) messages: u64,
    pub(crate) span: Duration,
    /// From when a batch was handed to its connection to its acknowledgement, in microseconds: one for each.
    pub(crate) latencies: Histogram<u64>,
}

impl Measured {
    pub(crate) fn new() -> Self {
        Self {
            messages: 0,
            span: Duration::ZERO,
            latencies: Histogram::new(3).expect("3 digits can be told apart"),
        }
    }
}

struct Client {
    stream: TcpStream,
    output: Vec<u8>,
    sent: usize,
    input: Vec<u8>,
    /// Answers that are missing.
    missing: usize,
    batch: u64,
    begun: Instant,
}

/// Loads a server for so long. What is on its way at the end is waited for, and counts as long as it takes.
pub(crate) fn measure(port: u16, wire: &dyn Wire, load: Load, span: Duration) -> Measured {
    let mut poll = Poll::new().expect("a poll");
    let mut events = Events::with_capacity(1024);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut clients: Vec<Client> = (0..load.clients)
        .map(|index| {
            let mut stream = TcpStream::connect(address).expect("a socket");
            let interest = Interest::READABLE | Interest::WRITABLE;
            let registry = poll.registry();
            registry
                .register(&mut stream, Token(index), interest)
                .expect("it can be polled");
            Client {
                stream,
                output: wire.hello(),
                sent: 0,
                input: Vec::new(),
                missing: 1,
                batch: 0,
                begun: Instant::now(),
            }
        })
        .collect();
    let mut measured = Measured::new();
    let mut begun: Option<Instant> = None;
    let mut greeted = 0;
    let mut idle = 0;
    while idle < load.clients {
        let waited = poll.poll(&mut events, Some(DEADLINE));
        match waited {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome.expect("it can be waited for"),
        }
        assert!(!events.is_empty(), "no answer within {DEADLINE:?}");
        for event in &events {
            let index = event.token().0;
            let client = &mut clients[index];
            client.flush();
            client.fill();
            while client.missing > 0
                && let Some(length) = wire.answer(&client.input)
            {
                client.input.drain(..length);
                client.missing -= 1;
                if client.missing > 0 {
                    continue;
                }
                if client.batch == 0 {
                    greeted += 1;
                } else {
                    let micros = client.begun.elapsed().as_micros() as u64;
                    measured.latencies.record(micros).expect("it is in bounds");
                    measured.messages += load.batch as u64;
                    match begun.is_some_and(|begun| begun.elapsed() < span) {
                        true => client.ask(wire, load, index),
                        false => idle += 1,
                    }
                }
            }
        }
        // All are there: now it begins.
        if begun.is_none() && greeted == load.clients {
            begun = Some(Instant::now());
            for (index, client) in clients.iter_mut().enumerate() {
                client.ask(wire, load, index);
            }
        }
    }
    measured.span = begun.map_or(Duration::ZERO, |begun| begun.elapsed());
    measured
}

impl Client {
    fn ask(&mut self, wire: &dyn Wire, load: Load, index: usize) {
        self.batch += 1;
        self.missing = wire.answers(load);
        self.output.clear();
        self.sent = 0;
        wire.batch(load, index, self.batch, &mut self.output);
        self.begun = Instant::now();
        self.flush();
    }

    fn flush(&mut self) {
        while self.sent < self.output.len() {
            match self.stream.write(&self.output[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if is_later(&error) => return,
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn fill(&mut self) {
        let mut piece = [0; 16 << 10];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => panic!("the server has closed a connection"),
                Ok(count) => self.input.extend_from_slice(&piece[..count]),
                Err(error) if is_later(&error) => return,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

fn is_later(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::NotConnected
    )
}

const DEADLINE: Duration = Duration::from_secs(30);
