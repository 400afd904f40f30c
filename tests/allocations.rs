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

    /// Sends `calls`, and turns the loop until `replies` bytes have come.
    fn exchange(&mut self, calls: &[u8], replies: &mut [u8]) {
        let before = self.reactor.counters().bytes_out;
        self.client.write_all(calls).expect("it reads");
        while self.reactor.counters().bytes_out - before < replies.len() as u64 {
            self.reactor
                .turn(Some(Duration::from_millis(100)))
                .expect("in peace");
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
