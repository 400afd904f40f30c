//! What the tests on real sockets share: a server on a thread of its own, and a client that blocks with a time limit.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included as a private module by several crates, each of which uses a part"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use oneloop::{
    Address, CommandService, Context, Counters, DataPack, Handle, Limits, ListenerId, Reactor,
    Result,
};

/// No test waits longer for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a child process does that a test watches from outside: it serves until its standard input ends, and says where.
pub fn serve_as_child(service: CommandService<()>) {
    let mut reactor = Reactor::new(()).expect("a reactor");
    let listener = reactor
        .listen("127.0.0.1:0", DataPack::default(), service)
        .expect("a port");
    println!(
        "listening on {}",
        reactor.listener_address(listener).expect("it listens")
    );
    let handle = reactor.handle();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        handle.stop_now();
    });
    reactor.run().expect("in peace");
}

/// A reactor on a thread of its own.
pub struct Server<S: 'static> {
    pub address: Address,
    pub handle: Handle<S>,
    thread: Option<JoinHandle<()>>,
    done: mpsc::Receiver<Result<Counters>>,
}

impl<S: Send + 'static> Server<S> {
    /// Runs `start` on a new reactor, which gives the listener whose address the test wants.
    pub fn start(
        state: S,
        limits: Limits,
        start: impl FnOnce(&mut Context<'_, S>) -> Result<ListenerId> + Send + 'static,
    ) -> Self {
        let (ready, readiness) = mpsc::channel();
        let (ended, done) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut reactor = Reactor::with_limits(state, limits).expect("a reactor");
            let listener = reactor.start(start).expect("a listener");
            let address = reactor.listener_address(listener).expect("it listens");
            ready
                .send((address, reactor.handle()))
                .expect("the test waits");
            let outcome = reactor.run();
            let _ = ended.send(outcome.map(|()| reactor.counters()));
        });
        let (address, handle) = readiness.recv_timeout(PATIENCE).expect("the server starts");
        Self {
            address,
            handle,
            thread: Some(thread),
            done,
        }
    }

    pub fn ip(&self) -> SocketAddr {
        match &self.address {
            Address::Ip(address) => *address,
            other => panic!("{other} is no TCP address"),
        }
    }

    pub fn dial(&self) -> Client {
        Client::new(TcpStream::connect_timeout(&self.ip(), PATIENCE).expect("it listens"))
    }

    /// Asks the loop, and waits for the answer.
    pub fn ask<R: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Context<'_, S>) -> R + Send + 'static,
    ) -> R {
        let (sender, answer) = mpsc::channel();
        let ask = move |cx: &mut Context<'_, S>| {
            let _ = sender.send(question(cx));
        };
        self.handle.post(ask).expect("the loop runs");
        answer.recv_timeout(PATIENCE).expect("the loop answers")
    }

    pub fn counters(&self) -> Counters {
        self.ask(|cx| cx.counters())
    }

    /// Waits until the counters are as the test wishes.
    pub fn wait_for(&self, what: &str, wish: impl Fn(&Counters) -> bool) -> Counters {
        let began = std::time::Instant::now();
        loop {
            let counters = self.counters();
            if wish(&counters) {
                return counters;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{what} did not come about:\n{counters}"
            );
            std::thread::yield_now();
        }
    }

    /// Waits for the end of the loop.
    pub fn join(mut self) -> Counters {
        let counters = self
            .done
            .recv_timeout(PATIENCE)
            .expect("the loop ends")
            .expect("in peace");
        self.thread
            .take()
            .expect("not joined yet")
            .join()
            .expect("no panic");
        counters
    }

    /// Stops the loop in peace, and waits for its end.
    pub fn stop(self) -> Counters {
        self.handle.stop();
        self.join()
    }
}

impl<S> Drop for Server<S> {
    fn drop(&mut self) {
        self.handle.stop_now();
    }
}

/// A client that blocks, with a time limit.
pub struct Client {
    pub stream: TcpStream,
}

impl Client {
    pub fn new(stream: TcpStream) -> Self {
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        stream
            .set_write_timeout(Some(PATIENCE))
            .expect("a time limit");
        stream.set_nodelay(true).expect("an option");
        Self { stream }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server reads");
    }

    /// The next frame.
    pub fn frame(&mut self) -> (u32, Vec<u8>) {
        read_frame(&mut self.stream).expect("a frame")
    }

    /// One call and its reply.
    pub fn call(&mut self, command: u32, body: &[u8]) -> Vec<u8> {
        self.send(&frame(command, body));
        let (replied, body) = self.frame();
        assert_eq!(replied, command);
        body
    }

    /// Everything up to the end of the stream; a reset is an end.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(_) => rest,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => rest,
            Err(error) => panic!("no end of the stream: {error}"),
        }
    }
}

/// A frame with all-zero magic and versions.
pub fn frame(command: u32, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; 9];
    frame.extend(
        u32::try_from(body.len() + 4)
            .expect("a small body")
            .to_be_bytes(),
    );
    frame.extend(command.to_be_bytes());
    frame.extend(body);
    frame
}

pub fn read_frame(stream: &mut impl Read) -> std::io::Result<(u32, Vec<u8>)> {
    let mut head = [0; 17];
    stream.read_exact(&mut head)?;
    let word = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().expect("four bytes"));
    let mut body = vec![0; word(9) as usize - 4];
    stream.read_exact(&mut body)?;
    Ok((word(13), body))
}
