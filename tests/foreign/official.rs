//! The official crate: its client, and its server on a thread that goes on until the tests end, since the crate has no way to stop it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::Instant;

use thrift::OrderedFloat;
use thrift::protocol::{
    TBinaryInputProtocol, TBinaryInputProtocolFactory, TBinaryOutputProtocol,
    TBinaryOutputProtocolFactory, TCompactInputProtocol, TCompactInputProtocolFactory,
    TCompactOutputProtocol, TCompactOutputProtocolFactory, TInputProtocol, TInputProtocolFactory,
    TOutputProtocol, TOutputProtocolFactory,
};
use thrift::server::{TProcessor, TServer};
use thrift::transport::{
    TFramedReadTransport, TFramedReadTransportFactory, TFramedWriteTransport,
    TFramedWriteTransportFactory, TIoChannel, TTcpChannel,
};

use crate::hand;
use crate::ours;
use crate::sockets::PATIENCE;
use crate::theirs::{
    Atlas, EchoSyncClient, EchoSyncHandler, Everything, GroundSyncHandler, Missing, Mood, Options,
    Refused, Sample, Shape, Stamp, Tree,
};
use crate::values::{self, Theirs};

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoken {
    Binary,
    Compact,
}

pub(crate) const BOTH: [Spoken; 2] = [Spoken::Binary, Spoken::Compact];

pub(crate) type Client = EchoSyncClient<Box<dyn TInputProtocol>, Box<dyn TOutputProtocol>>;

/// The crate's client of a server, which waits no longer than a test may.
pub(crate) fn client(address: SocketAddr, spoken: Spoken) -> Client {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("it listens");
    // The length and the rest of a frame are two writes, and the second would wait for the first to be acknowledged.
    stream.set_nodelay(true).expect("an option");
    let mut channel = TTcpChannel::with_stream(stream);
    channel
        .set_timeouts(Some(PATIENCE), Some(PATIENCE))
        .expect("time limits");
    let (read, write) = channel.split().expect("two halves");
    let read = TFramedReadTransport::new(read);
    let write = TFramedWriteTransport::new(write);
    match spoken {
        Spoken::Binary => EchoSyncClient::new(
            Box::new(TBinaryInputProtocol::new(read, true)),
            Box::new(TBinaryOutputProtocol::new(write, true)),
        ),
        Spoken::Compact => EchoSyncClient::new(
            Box::new(TCompactInputProtocol::new(read)),
            Box::new(TCompactOutputProtocol::new(write)),
        ),
    }
}

/// The crate's server, and where it is.
pub(crate) fn serve<H>(processor: impl Fn() -> H, spoken: Spoken) -> SocketAddr
where
    H: TProcessor + Send + Sync + 'static,
{
    // The crate binds by itself and does not tell the port: one that was free is taken, and another one if somebody was faster.
    for _ in 0..ATTEMPTS {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let (input, output) = factories(spoken);
        let mut server = TServer::new(
            TFramedReadTransportFactory::new(),
            input,
            TFramedWriteTransportFactory::new(),
            output,
            processor(),
            WORKERS,
        );
        let thread = thread::spawn(move || server.listen(address));
        let began = Instant::now();
        while !thread.is_finished() && began.elapsed() < PATIENCE {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                // A connection to oneself is one as well, where nobody listens.
                Ok(stream) if stream.local_addr().ok() != Some(address) => return address,
                _ => thread::yield_now(),
            }
        }
    }
    panic!("the server does not listen");
}

type Factories = (
    Box<dyn TInputProtocolFactory + Send>,
    Box<dyn TOutputProtocolFactory + Send>,
);

fn factories(spoken: Spoken) -> Factories {
    match spoken {
        Spoken::Binary => (
            Box::new(TBinaryInputProtocolFactory::new()),
            Box::new(TBinaryOutputProtocolFactory::new()),
        ),
        Spoken::Compact => (
            Box::new(TCompactInputProtocolFactory::new()),
            Box::new(TCompactOutputProtocolFactory::new()),
        ),
    }
}

/// What the crate's server calls.
#[derive(Default)]
pub(crate) struct Target {
    notes: AtomicI32,
}

impl GroundSyncHandler for Target {
    fn handle_whoami(&self) -> thrift::Result<String> {
        Ok("the official crate".into())
    }

    fn handle_notes(&self) -> thrift::Result<i32> {
        Ok(self.notes.load(Ordering::SeqCst))
    }
}

macro_rules! echo {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(&self, value: $type) -> thrift::Result<$type> {
            Ok(value)
        }
    )*};
}

impl EchoSyncHandler for Target {
    echo! {
        handle_flag: bool;
        handle_tiny: i8;
        handle_narrow: i16;
        handle_plain: i32;
        handle_wide: i64;
        handle_real: OrderedFloat<f64>;
        handle_text: String;
        handle_bytes: Vec<u8>;
        handle_mood: Mood;
        handle_stamp: Stamp;
        handle_shape: Shape;
        handle_tree: Tree;
        handle_numbers: Vec<i64>;
        handle_words: BTreeSet<String>;
        handle_flags: BTreeMap<i32, bool>;
        handle_atlas: Atlas;
        handle_options: Options;
        handle_everything: Everything;
    }

    fn handle_sample(&self, which: Sample) -> thrift::Result<Everything> {
        Ok(values::sample(ours::Sample(which.0)).theirs())
    }

    fn handle_same(&self, which: Sample, value: Everything) -> thrift::Result<bool> {
        Ok(value == self.handle_sample(which)?)
    }

    fn handle_sum(&self, left: i32, right: i32) -> thrift::Result<i32> {
        Ok(left.wrapping_add(right))
    }

    fn handle_check(&self, code: i32) -> thrift::Result<()> {
        match code {
            0 => Ok(()),
            1 => Err(refused().into()),
            _ => Err(missing().into()),
        }
    }

    fn handle_number(&self, code: i32) -> thrift::Result<i32> {
        match code {
            1 => Err(refused().into()),
            code => Ok(code),
        }
    }

    fn handle_fail(&self, why: String) -> thrift::Result<i32> {
        Err(why.into())
    }

    fn handle_note(&self, _: String) -> thrift::Result<()> {
        self.notes.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// What is thrown.
pub(crate) fn refused() -> Refused {
    let refused = hand::refused();
    Refused::new(refused.code, refused.why)
}

/// The other one.
pub(crate) fn missing() -> Missing {
    let missing = hand::missing();
    Missing::new(missing.lost, missing.known)
}

/// So many ports are tried.
const ATTEMPTS: u32 = 20;
/// Each link keeps one of the server's threads until it is closed.
const WORKERS: usize = 8;
