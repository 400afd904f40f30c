//! The caller that blocks: against a server of ours on a real socket, against listeners that misbehave, and over streams in memory.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use oneloop::thrift::{
    ApplicationExceptionKind, Binary, BlockingCaller, BlockingLimits, CallError, Compact, Form,
    MessageKind, Method, Multiplexed, Processor, ProtocolErrorKind,
};
use oneloop::{Framed, Limits};

use crate::sockets::{PATIENCE, Server};
use crate::support::{
    Absent, By, ByZero, Deep, Dive, Divide, DivideResult, Division, Echo, Fire, Hand, Nothing,
    Shout, TextResult, Touch, echoed, frame, framed, framed_as, text,
};

fn serve() -> Server<Hand> {
    Server::start(Hand::default(), Limits::default(), |cx| {
        let mut services = Multiplexed::new();
        services.service("hand", Processor::of::<Hand>())?;
        services.default_service(Processor::of::<Hand>());
        cx.listen("127.0.0.1:0", Framed::default(), services.processor())
    })
}

fn division(dividend: i32, divisor: i32) -> Division {
    Division {
        dividend: Some(dividend),
        divisor: Some(divisor),
    }
}

/// What went wrong, in a word.
fn told<M: Method>(outcome: Result<M::Output, CallError<M::Exception>>) -> String {
    match outcome.map(drop).expect_err("it fails") {
        CallError::Declared(_) => "declared".into(),
        CallError::Application(exception) => exception.kind.to_string(),
        CallError::Protocol(error) => format!("{:?}", error.kind()),
        CallError::Io(error) => format!("{:?}", error.kind()),
        CallError::Misuse(misuse) => format!("misuse: {misuse}"),
        CallError::Spent => "spent".into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_calls_a_server_of_ours_in_each_protocol_and_by_name() {
    let server = serve();
    let connect = || BlockingCaller::connect(server.ip()).expect("it listens");
    for mut caller in [
        connect(),
        connect().protocol::<Compact>(),
        connect()
            .protocol::<Binary>()
            .service("hand")
            .expect("a name"),
        connect()
            .protocol::<Compact>()
            .service("hand")
            .expect("a name"),
    ] {
        assert_eq!(caller.call::<Echo>(text("hello")).expect("echoed"), "hello");
        assert_eq!(caller.call::<Divide>(division(9, 2)).expect("divided"), 4);
        let by_zero = caller
            .call::<Divide>(division(9, 0))
            .expect_err("it is declared");
        assert!(matches!(
            by_zero,
            CallError::Declared(ByZero { dividend: Some(9) })
        ));
        assert_eq!(
            told::<Absent>(caller.call::<Absent>(Nothing {})),
            "unknown method"
        );
        assert_eq!(
            told::<Echo>(caller.call::<Echo>(text("fail"))),
            "internal error"
        );
        assert!(told::<Dive>(caller.call::<Dive>(Deep(64))).contains("too many structs"));
        caller.send::<Fire>(By { by: Some(1) }).expect("it is sent");
        caller.call::<Touch>(Nothing {}).expect("touched");
        assert!(!caller.is_spent());
        let long = "x".repeat(300_000);
        assert_eq!(caller.call::<Echo>(text(&*long)).expect("echoed"), long);
    }
    assert_eq!(server.ask(|cx| cx.state.fired), 4);
    for name in ["", "a:b"] {
        assert!(connect().service(name).is_err());
    }
    server.handle.stop_now();
}

#[test]
fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let refused = BlockingCaller::connect(free.expect("a port")).expect_err("nobody listens");
    assert!(
        matches!(refused, oneloop::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused)
    );
    let nowhere: &[SocketAddr] = &[];
    assert!(BlockingCaller::connect(nowhere).is_err());
    let limits = BlockingLimits {
        connect_timeout: Duration::ZERO,
        ..BlockingLimits::default()
    };
    assert!(BlockingCaller::connect_limited("127.0.0.1:1", limits).is_err());
}

/// A listener that takes one connection and has `serve` deal with it.
fn listener(serve: impl FnOnce(TcpStream) + Send + 'static) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("it is dialled");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        serve(stream);
    });
    (address, thread)
}

fn impatient() -> BlockingLimits {
    BlockingLimits {
        read_timeout: Duration::from_millis(30),
        ..BlockingLimits::default()
    }
}

#[test]
fn a_server_that_is_silent_is_not_waited_for() {
    let (address, thread) = listener(|mut stream| {
        // Until the client goes.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let mut caller = BlockingCaller::connect_limited(address, impatient()).expect("it listens");
    assert_eq!(told::<Echo>(caller.call::<Echo>(text("hello"))), "TimedOut");
    assert!(caller.is_spent());
    assert_eq!(told::<Echo>(caller.call::<Echo>(text("hello"))), "spent");
    assert!(matches!(
        caller.send::<Fire>(By::default()),
        Err(CallError::Spent)
    ));
    drop(caller);
    thread.join().expect("it ends");
}

#[test]
fn a_server_that_ends_its_stream_in_a_reply_is_told_of() {
    let reply = echoed::<Binary>(1, "hello");
    for count in [0, 3, 4, reply.len() - 1] {
        let bytes = reply[..count].to_vec();
        let (address, thread) = listener(move |mut stream| {
            let mut call = [0; 32];
            let _ = stream.read(&mut call);
            stream.write_all(&bytes).expect("the client is there");
            stream
                .shutdown(std::net::Shutdown::Write)
                .expect("it is up");
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let mut caller = BlockingCaller::connect(address).expect("it listens");
        assert_eq!(
            told::<Echo>(caller.call::<Echo>(text("hello"))),
            "UnexpectedEof"
        );
        assert!(caller.is_spent());
        drop(caller);
        thread.join().expect("it ends");
    }
}

/// A stream in memory: what is read was there before, in pieces of a few bytes, and what is written is kept.
#[derive(Debug, Default)]
struct Tape {
    replies: Vec<u8>,
    at: usize,
    calls: Vec<u8>,
    piece: usize,
    pieces: usize,
}

impl Tape {
    fn of(replies: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            replies: replies.into_iter().flatten().collect(),
            piece: usize::MAX,
            ..Self::default()
        }
    }
}

impl Read for Tape {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pieces += 1;
        if self.pieces.is_multiple_of(7) {
            return Err(ErrorKind::Interrupted.into());
        }
        let rest = &self.replies[self.at..];
        let count = rest.len().min(buffer.len()).min(self.piece);
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_wrong_with_a_reply_decides_whether_there_is_another_call() {
    let good = TextResult {
        success: Some("x".into()),
    };
    let none = TextResult::default();
    let reply = MessageKind::Reply;
    let mut junk = echoed::<Binary>(1, "x");
    junk.push(0);
    junk[3] += 1;
    let mut cut = echoed::<Binary>(1, "x");
    cut.pop();
    cut[3] -= 1;
    // What comes first, what the call fails with, and whether a second call goes well.
    let cases: [(&str, Vec<u8>, &str, bool); 15] = [
        (
            "no result",
            framed::<Binary, _>("echo", reply, 1, &none),
            "missing result",
            true,
        ),
        (
            "exception",
            framed::<Binary, _>("echo", MessageKind::Exception, 1, &none),
            "unknown application exception",
            true,
        ),
        (
            "exception by no name",
            framed::<Binary, _>("", MessageKind::Exception, 1, &none),
            "unknown application exception",
            true,
        ),
        (
            "wrong name",
            framed::<Binary, _>("ekko", reply, 1, &good),
            "wrong method name",
            false,
        ),
        (
            "wrong number",
            framed::<Binary, _>("echo", reply, 2, &good),
            "bad sequence identifier",
            false,
        ),
        (
            "number of nobody",
            framed::<Binary, _>("echo", reply, 0, &good),
            "bad sequence identifier",
            false,
        ),
        (
            "negative number",
            framed::<Binary, _>("echo", reply, -1, &good),
            "bad sequence identifier",
            false,
        ),
        (
            "a call",
            framed::<Binary, _>("echo", MessageKind::Call, 1, &good),
            "InvalidData",
            false,
        ),
        ("empty", frame(b""), "InvalidData", false),
        ("junk", junk, "TrailingBytes", false),
        ("cut", cut, "Truncated", false),
        (
            "version",
            frame(b"\x80\x02\0\x02\0\0\0\x04echo\0\0\0\x01\0"),
            "BadVersion",
            false,
        ),
        ("compact", echoed::<Compact>(1, "x"), "BadVersion", false),
        ("too long", vec![0, 0xfa, 0, 1], "SizeLimit", false),
        ("negative length", vec![0xff; 4], "SizeLimit", false),
    ];
    for (what, first, wanted, goes_on) in cases {
        for piece in [1, 5, usize::MAX] {
            let replies = [first.clone(), echoed::<Binary>(2, "second")];
            let tape = Tape {
                piece,
                ..Tape::of(replies)
            };
            let mut caller = BlockingCaller::over(tape);
            assert_eq!(
                told::<Echo>(caller.call::<Echo>(text("first"))),
                wanted,
                "{what}"
            );
            assert_eq!(caller.is_spent(), !goes_on, "{what}");
            let written = caller.stream().calls.len();
            let second = caller.call::<Echo>(text("second"));
            if goes_on {
                assert_eq!(second.expect(what), "second");
            } else {
                assert_eq!(told::<Echo>(second), "spent", "{what}");
                assert_eq!(caller.stream().calls.len(), written, "nothing is sent");
            }
        }
    }
}

#[test]
fn a_oneway_call_waits_for_nothing_and_its_answer_is_passed_by() {
    let old = DivideResult {
        success: Some(4),
        fault: None,
    };
    let mut caller = BlockingCaller::over(Tape::of([
        echoed::<Binary>(0, "to the oneway call"),
        framed_as::<Binary, _>(Form::Old, "divide", MessageKind::Reply, 1, &old),
    ]));
    caller.send::<Shout>(text("hello")).expect("it is sent");
    assert_eq!(caller.stream().at, 0);
    assert_eq!(caller.call::<Divide>(division(8, 2)).expect("divided"), 4);
    assert_eq!(caller.into_stream().at, caller_len());

    fn caller_len() -> usize {
        let old = DivideResult {
            success: Some(4),
            fault: None,
        };
        let reply = framed_as::<Binary, _>(Form::Old, "divide", MessageKind::Reply, 1, &old);
        echoed::<Binary>(0, "to the oneway call").len() + reply.len()
    }
}

/// A server that answers the oneway call again and again.
struct Flood {
    reply: Vec<u8>,
    at: usize,
}

impl Read for Flood {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.reply[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at = (self.at + count) % self.reply.len();
        Ok(count)
    }
}

impl Write for Flood {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_flood_of_answers_to_a_oneway_call_ends_by_the_deadline() {
    let reply = echoed::<Binary>(0, "to the oneway call");
    let limits = BlockingLimits {
        call_deadline: Duration::from_millis(50),
        ..BlockingLimits::default()
    };
    let mut caller = BlockingCaller::over(Flood { reply, at: 0 }).limits(limits);
    caller.send::<Shout>(text("hello")).expect("it is sent");
    match caller.call::<Echo>(text("hello")) {
        Err(CallError::Io(error)) => assert_eq!(error.kind(), ErrorKind::TimedOut),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_may_have_so_many_bytes_each_way() {
    let reply = echoed::<Binary>(1, "hello");
    let bytes = reply.len() - 4;
    for (most, goes) in [(bytes - 1, false), (bytes, true), (bytes + 1, true)] {
        let limits = BlockingLimits {
            frame_bytes_max: most,
            ..BlockingLimits::default()
        };
        let mut caller = BlockingCaller::over(Tape::of([reply.clone()])).limits(limits);
        let outcome = caller.call::<Echo>(text("hello"));
        match outcome {
            Ok(word) => assert!(goes && word == "hello"),
            Err(CallError::Protocol(error)) => {
                assert!(!goes && error.kind() == ProtocolErrorKind::SizeLimit);
            }
            Err(other) => panic!("{other}"),
        }
        // A call has as many bytes as its reply, but for the head of a field that both have.
        let limits = BlockingLimits {
            frame_out_bytes_max: most,
            ..BlockingLimits::default()
        };
        let mut caller = BlockingCaller::over(Tape::of([reply.clone()])).limits(limits);
        let outcome = caller.call::<Echo>(text("hello"));
        assert_eq!(outcome.is_ok(), goes, "{outcome:?}");
        assert!(!caller.is_spent(), "nothing was sent");
        assert_eq!(caller.stream().calls.is_empty(), !goes);
    }
}

#[test]
fn memory_grows_with_what_came() {
    // A claim of sixteen megabytes, of which a few bytes come.
    let claim = 16_000_000_u32.to_be_bytes().to_vec();
    let mut outcome = None;
    let info = allocation_counter::measure(|| {
        let mut caller = BlockingCaller::over(Tape::of([claim, vec![1; 100]]));
        outcome = Some(told::<Echo>(caller.call::<Echo>(text("hello"))));
    });
    assert_eq!(outcome.as_deref(), Some("UnexpectedEof"));
    assert!(info.bytes_max < 64 << 10, "{info:?}");
}

#[test]
fn a_reply_has_to_be_whole_by_the_deadline_however_steadily_it_comes() {
    for (deadline, goes) in [(Duration::ZERO, false), (PATIENCE, true)] {
        let limits = BlockingLimits {
            call_deadline: deadline,
            ..BlockingLimits::default()
        };
        let tape = Tape {
            piece: 1,
            ..Tape::of([echoed::<Binary>(1, "hello")])
        };
        let mut caller = BlockingCaller::over(tape).limits(limits);
        match caller.call::<Echo>(text("hello")) {
            Ok(word) => assert!(goes && word == "hello"),
            outcome => assert!(!goes && told::<Echo>(outcome) == "TimedOut"),
        }
        assert_eq!(caller.is_spent(), !goes);
    }
}

#[test]
fn a_server_of_ours_that_stops_fails_the_call() {
    let server = serve();
    let mut caller = BlockingCaller::connect(server.ip()).expect("it listens");
    let shown = format!("{caller:?}");
    assert!(shown.contains("Binary"), "{shown}");
    caller.call::<Touch>(Nothing {}).expect("touched");
    server.handle.stop_now();
    let error = loop {
        match caller.call::<Touch>(Nothing {}) {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, CallError::Io(_)), "{error}");
    assert_ne!(
        error.to_string(),
        ApplicationExceptionKind::Unknown.to_string()
    );
}
