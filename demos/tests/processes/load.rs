//! `load` from outside: against the echo demo, and against servers that do not do as they should.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::process::{Ending, PATIENCE, Process};

fn echo(arguments: &[&str]) -> (Process, String) {
    let mut server = Process::echo(&[&["--listen", "127.0.0.1:0"], arguments].concat());
    let address = server.address();
    (server, address)
}

/// A run against `address` to its end.
#[track_caller]
fn load(address: &str, arguments: &[&str]) -> Ending {
    Process::load(&[&["--connect", address], arguments].concat()).ending()
}

/// A short run, measured from the first reply on.
const SHORT: &[&str] = &["--seconds", "0.2", "--warm-up", "0"];
/// A run that only a fault ends.
const ENDLESS: &[&str] = &["--seconds", "3600", "--warm-up", "0"];

/// A file of its own, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("load-{}-{number}.svg", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a name in UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

/// A server of one connection: what `answer` makes of each request is sent, until it gives nothing.
fn crooked(mut answer: impl FnMut(usize, Vec<u8>) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound").to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody comes");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let mut number = 0;
        while let Some(request) = frame(&mut stream) {
            let Some(reply) = answer(number, request) else {
                return;
            };
            number += 1;
            if stream.write_all(&reply).is_err() {
                return;
            }
        }
    });
    address
}

fn frame(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut frame = vec![0; 13];
    stream.read_exact(&mut frame).ok()?;
    let length = u32::from_be_bytes(*frame.last_chunk().expect("four"));
    frame.resize(13 + length as usize, 0);
    stream.read_exact(&mut frame[13..]).ok()?;
    Some(frame)
}

/// One connection with so many requests in flight against a crooked server: it must end with 1, and these words.
#[track_caller]
fn finds(address: &str, in_flight: &str, words: &[&str]) {
    let arguments = [ENDLESS, &["--connections", "1", "--in-flight", in_flight]].concat();
    let ending = load(address, &arguments);
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    let line = ending.printed.last().expect("a last line");
    assert!(line.starts_with("load: "), "{line}");
    for part in words {
        assert!(line.contains(part), "{part:?} in {line:?}");
    }
}

#[test]
fn a_good_run_ends_with_nought_and_a_table() {
    let (_server, address) = echo(&[]);
    for shape in [
        &["--connections", "1"][..],
        &["--connections", "100", "--in-flight", "16"],
        &["--connections", "3", "--in-flight", "2", "--body", "300000"],
        &[
            "--connections",
            "2",
            "--in-flight",
            "5",
            "--body",
            "12",
            "--command",
            "0",
        ],
    ] {
        let ending = load(&address, &[SHORT, shape].concat());
        assert_eq!(ending.code, Some(0), "{ending:#?}");
        for part in [
            "in flight on each",
            "every byte as asked",
            "replies/s",
            "p99.9",
        ] {
            ending.has(part);
        }
        assert!(
            !ending
                .printed
                .iter()
                .any(|line| line.contains(" 0 replies/s"))
        );
    }
}

#[test]
fn it_speaks_as_the_flags_say() {
    let head = [
        "--magic",
        "78,37,38,48",
        "--proto-version",
        "9",
        "--server-version",
        "258",
    ];
    let (_server, address) = echo(&[&head[..], &["--deferred"]].concat());
    let ending = load(&address, &[SHORT, &head].concat());
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    // The server closes on other heads.
    let ending = load(&address, SHORT);
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    ending.has("ended too early");
}

#[test]
fn a_server_with_other_heads_is_told() {
    let address = crooked(|_, mut reply| {
        reply[0] = 7;
        Some(reply)
    });
    finds(
        &address,
        "1",
        &["connection 0", "other magic bytes or versions"],
    );
}

#[test]
fn an_altered_byte_is_found_wherever_it_is() {
    for place in [0, 11, 12, 40, 63] {
        let address = crooked(move |number, mut reply| {
            if number == 700 {
                reply[17 + place] ^= 0x10;
            }
            Some(reply)
        });
        let words = [
            "reply 700 ",
            "is wrong",
            &format!("byte {place} of its body"),
        ];
        finds(&address, "4", &words);
    }
}

#[test]
fn an_altered_command_or_length_is_found() {
    let address = crooked(|number, mut reply| {
        reply[16] ^= u8::from(number == 30);
        Some(reply)
    });
    finds(
        &address,
        "4",
        &["reply 30 ", "command 101 was asked, 100 came"],
    );
    let address = crooked(|number, mut reply| {
        if number == 30 {
            reply.push(0);
            reply[12] += 1;
        }
        Some(reply)
    });
    finds(
        &address,
        "4",
        &["reply 30 ", "64 bytes were asked, 65 came"],
    );
}

#[test]
fn a_dropped_reply_is_found() {
    let drops = || crooked(|number, reply| Some(if number == 99 { Vec::new() } else { reply }));
    finds(
        &drops(),
        "4",
        &["reply 99 ", "was lost or overtaken: reply 100 came instead"],
    );
    // Nothing comes behind it: the deadline finds it.
    let arguments = [ENDLESS, &["--connections", "1", "--deadline", "0.3"]].concat();
    let ending = load(&drops(), &arguments);
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    ending.has("reply 99 on connection 0 was lost or is late: it did not come within 0.3 s");
    ending.has("1 request was outstanding in all");
}

#[test]
fn a_doubled_reply_is_found() {
    for in_flight in ["1", "4"] {
        let address = crooked(|number, reply| Some(reply.repeat(1 + usize::from(number == 99))));
        finds(&address, in_flight, &["reply 100 ", "doubled"]);
    }
}

#[test]
fn a_doubled_reply_is_found_behind_the_last_request() {
    // It doubles nothing but the reply to the last request that it gets: it learns from the end of the stream which that was.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound").to_string();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody comes");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let mut last = Vec::new();
        while let Some(request) = frame(&mut stream) {
            stream.write_all(&request).expect("it reads");
            last = request;
        }
        _ = stream.write_all(&last);
    });
    let ending = load(&address, &[SHORT, &["--connections", "1"]].concat());
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    ending.has("doubled");
    server.join().expect("no panic");
}

#[test]
fn a_server_that_dies_leaves_so_many_outstanding() {
    // It has answered 500 of what it was asked, and 16 are always outstanding.
    let address = crooked(|number, reply| (number < 500).then_some(reply));
    let words = [
        "connection 0",
        "ended too early",
        "16 requests were outstanding on it, 16 in all",
    ];
    finds(&address, "16", &words);
}

#[test]
fn a_server_that_is_killed_ends_the_run() {
    let (mut server, address) = echo(&[]);
    let shape = [
        "--connect",
        &address,
        "--connections",
        "10",
        "--in-flight",
        "3",
    ];
    let mut load = Process::load(&[&shape[..], ENDLESS].concat());
    // Wherever the run is when the server goes, it ends with the server's name.
    let mut peer = crate::peer::Peer::connect(&address);
    for number in 0..1_000 {
        peer.send(number, b"x");
        assert!(peer.receive().is_some());
    }
    server.kill();
    let ending = load.ending();
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    let line = ending.printed.last().expect("a last line");
    assert!(
        line.starts_with("load: ") && line.contains(&address),
        "{line}"
    );
}

#[test]
fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound").to_string();
    drop(listener);
    let plot = Scratch::new();
    let ending = load(&address, &["--plot", plot.path()]);
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    let line = ending.only_line();
    assert!(
        line.starts_with(&format!("load: cannot connect to {address}: ")),
        "{line}"
    );
    assert!(line.contains("is there a server?"), "{line}");
    assert!(!plot.0.exists(), "no empty plot is left over");
}

#[test]
fn wrong_flags_end_it_with_two_and_one_complaint() {
    for (arguments, part) in [
        (&["--connect", "nonsense"][..], "nonsense"),
        (&["--nope"], "--nope"),
        (&["--connections", "0"], "--connections must be at least 1"),
        (&["--connections", "70000"], "--connections must be at most"),
        (&["--in-flight", "0"], "--in-flight must be at least 1"),
        (&["--body", "11"], "at least 12 bytes"),
        (&["--body", "1048573"], "at most 1048572 bytes"),
        (
            &["--body", "1000000", "--in-flight", "9999"],
            "outstanding at once",
        ),
        (&["--seconds", "0"], "--seconds must be more than 0"),
        (&["--seconds=-1"], "seconds are expected"),
        (&["--warm-up", "soon"], "seconds are expected"),
        (&["--deadline", "0"], "--deadline must be more than 0"),
        (&["--proto-version", "256"], "256"),
        (&["--magic", "1,2,3"], "four numbers"),
    ] {
        let ending = Process::load(arguments).ending();
        assert_eq!(ending.code, Some(2), "{ending:#?}");
        let line = ending.only_line();
        assert!(line.starts_with("error: ") && line.contains(part), "{line}");
    }
}

#[test]
fn a_plot_that_cannot_be_written_is_known_before_the_run() {
    // A run would never end.
    let (_server, address) = echo(&[]);
    for path in ["/nonexistent/directory/plot.svg", "/"] {
        let ending = load(&address, &[ENDLESS, &["--plot", path]].concat());
        assert_eq!(ending.code, Some(1), "{ending:#?}");
        let line = ending.only_line();
        assert!(
            line.starts_with(&format!("load: cannot write {path}: ")),
            "{line}"
        );
    }
}

#[test]
fn the_plot_says_what_was_measured() {
    let (_server, address) = echo(&[]);
    let plot = Scratch::new();
    // What was in the file before is gone, however long it was.
    std::fs::write(&plot.0, "x".repeat(1 << 20)).expect("a file");
    let shape = [
        "--connections",
        "7",
        "--in-flight",
        "3",
        "--body",
        "99",
        "--plot",
        plot.path(),
    ];
    let ending = load(&address, &[SHORT, &shape].concat());
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    ending.has(&format!("plot        {}", plot.path()));
    let svg = std::fs::read_to_string(&plot.0).expect("a file");
    let document = roxmltree::Document::parse(&svg).expect("it is XML");
    let mut nodes = document.descendants();
    let title = nodes.find(|node| node.tag_name().name() == "title");
    let title = title.and_then(|node| node.text());
    let expected = "Latency of 7 connections, 3 in flight on each, 99-byte bodies";
    assert_eq!(title, Some(expected));
}

#[test]
fn a_signal_in_the_middle_prints_what_there_is() {
    for signal in ["INT", "TERM"] {
        // The thousandth request tells that the run is in its middle.
        let (sender, middle) = std::sync::mpsc::channel();
        let address = crooked(move |number, reply| {
            if number == 1_000 {
                sender.send(()).expect("the test waits");
            }
            Some(reply)
        });
        let arguments = [&["--connect", &address, "--connections", "1"], ENDLESS].concat();
        let mut load = Process::load(&arguments);
        middle.recv_timeout(PATIENCE).expect("it goes on");
        load.signal(signal);
        let ending = load.ending();
        assert_eq!(ending.code, Some(130), "{ending:#?}");
        ending.has("every byte as asked");
        ending.has("p99.9");
        assert_eq!(
            ending.printed.last().map(String::as_str),
            Some("load: interrupted")
        );
    }
}

#[test]
fn help_names_every_flag() {
    let ending = Process::load(&["--help"]).ending();
    assert_eq!(ending.code, Some(0));
    for flag in [
        "--connect",
        "--connections",
        "--in-flight",
        "--body",
        "--command",
        "--seconds",
        "--warm-up",
        "--deadline",
        "--plot",
        "--magic",
        "--proto-version",
        "--server-version",
        "after each read",
        "130",
        "7000",
    ] {
        ending.has(flag);
    }
}
