//! What the hot way takes from the allocator: nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use oneloop::{CommandService, DataPack, Limits, Reactor};

mod support;
use support::{PATIENCE, frame};

/// A reactor and a client on one thread, which take turns.
struct Pair {
    reactor: Reactor<()>,
    client: TcpStream,
}

impl Pair {
    fn new(service: CommandService<()>) -> Self {
        let mut reactor = Reactor::with_limits((), Limits::default()).expect("a reactor");
        let listener = reactor
            .listen("127.0.0.1:0", DataPack::default(), service)
            .expect("a port");
        let address = reactor
            .listener_address(listener)
            .expect("it listens")
            .to_string();
        let client = TcpStream::connect(address).expect("it listens");
        client
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        client.set_nodelay(true).expect("an option");
        Self { reactor, client }
    }

    /// One more that is connected, and known to the loop.
    fn another_client(&mut self) -> TcpStream {
        let open = self.reactor.counters().links_open;
        let address = self.client.peer_addr().expect("it is connected");
        let client = TcpStream::connect(address).expect("it listens");
        client
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        client.set_nodelay(true).expect("an option");
        while self.reactor.counters().links_open == open {
            self.turn();
        }
        client
    }

    fn turn(&mut self) {
        self.reactor
            .turn(Some(Duration::from_millis(100)))
            .expect("in peace");
    }

    /// As `exchange`, with a call whose end comes when its beginning has been read.
    fn exchange_cut(&mut self, begin: &[u8], end: &[u8], replies: &mut [u8]) {
        let before = self.reactor.counters().bytes_in;
        self.client.write_all(begin).expect("it reads");
        while self.reactor.counters().bytes_in - before < begin.len() as u64 {
            self.turn();
        }
        assert_ne!(self.reactor.counters().inbox_bytes, 0, "a frame is cut");
        self.exchange(end, replies);
    }

    /// Sends `calls`, and turns the loop until `replies` bytes have come.
    fn exchange(&mut self, calls: &[u8], replies: &mut [u8]) {
        let before = self.reactor.counters().bytes_out;
        self.client.write_all(calls).expect("it reads");
        while self.reactor.counters().bytes_out - before < replies.len() as u64 {
            self.turn();
        }
        self.client.read_exact(replies).expect("it answers");
    }
}

/// What a thousand exchanges took, after some to warm up.
fn taken(pair: &mut Pair, calls: &[u8], replies: usize) -> u64 {
    let mut buffer = vec![0; replies];
    for _ in 0..10 {
        pair.exchange(calls, &mut buffer);
    }
    let measured = allocation_counter::measure(|| {
        for _ in 0..1000 {
            pair.exchange(calls, &mut buffer);
        }
    });
    measured.count_total
}

#[test]
fn an_immediate_reply_from_a_borrowed_slice_allocates_nothing() {
    let mut echo = CommandService::new();
    echo.on(1, |call| call.reply(call.body())).expect("free");
    let calls = [frame(1, b"abc"), frame(1, &[7; 500]), frame(1, b"")].concat();
    let mut pair = Pair::new(echo);
    assert_eq!(taken(&mut pair, &calls, calls.len()), 0);
}

#[test]
fn a_link_that_is_idle_after_an_echo_owns_no_buffer() {
    const CLIENTS: usize = 100;
    let mut echo = CommandService::new();
    echo.on(1, |call| call.reply(call.body())).expect("free");
    let mut pair = Pair::new(echo);
    let mut others: Vec<TcpStream> = (0..CLIENTS).map(|_| pair.another_client()).collect();
    // The first link fills the pool of spare buffers, of which the others may take: to give them back.
    let call = frame(1, &[7; 4096]);
    let mut buffer = vec![0; call.len()];
    let (begin, end) = call.split_at(1000);
    pair.exchange(&call, &mut buffer);
    pair.exchange_cut(begin, end, &mut buffer);
    let whole = allocation_counter::measure(|| {
        for other in &mut others {
            std::mem::swap(&mut pair.client, other);
            pair.exchange(&call, &mut buffer);
        }
    });
    assert_eq!(whole.bytes_current, 0, "bytes kept by {CLIENTS} links");
    let cut = allocation_counter::measure(|| {
        for other in &mut others {
            std::mem::swap(&mut pair.client, other);
            pair.exchange_cut(begin, end, &mut buffer);
        }
    });
    // A link whose frame was cut has a timer from then on, which is set again when it fires and there is a deadline.
    let each = cut.bytes_current / CLIENTS as i64;
    assert!(each < 100, "{each} bytes kept by each of {CLIENTS} links");
    assert!(pair.reactor.counters().timers_open >= CLIENTS);
    assert_eq!(pair.reactor.counters().links_open, CLIENTS + 1);
}

#[test]
fn a_reply_that_is_owned_costs_what_its_handler_makes() {
    let mut service = CommandService::new();
    service.on(1, |call| call.body().to_vec()).expect("free");
    let call = frame(1, &[7; 100]);
    let mut pair = Pair::new(service);
    let taken = taken(&mut pair, &call, call.len());
    assert!(
        (1000..=2000).contains(&taken),
        "{taken} for a thousand replies"
    );
}
