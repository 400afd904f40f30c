//! `echo` from outside.

use std::time::{Duration, Instant};

use crate::peer::{Peer, frame};
use crate::process::Process;

fn server(arguments: &[&str]) -> (Process, String) {
    let mut server = Process::echo(&[&["--listen", "127.0.0.1:0"], arguments].concat());
    let address = server.address();
    (server, address)
}

#[test]
fn every_command_comes_back_with_its_body() {
    for arguments in [&[][..], &["--deferred"]] {
        let (_server, address) = server(arguments);
        let mut peer = Peer::connect(&address);
        let large = vec![7; 300_000];
        for (command, body) in [(1, &b"asdfe"[..]), (0, b""), (u32::MAX, &large)] {
            peer.send(command, body);
            assert_eq!(peer.receive(), Some((command, body.to_vec())));
        }
        // Many at once, cut in the middle of a frame.
        let stream = frame(9, b"hello").repeat(1_000);
        peer.send_raw(&stream[..10_007]);
        peer.send_raw(&stream[10_007..]);
        for _ in 0..1_000 {
            assert_eq!(peer.receive(), Some((9, b"hello".to_vec())));
        }
    }
}

#[test]
fn a_peer_that_ended_its_stream_still_gets_its_answers() {
    for arguments in [&[][..], &["--deferred"]] {
        let (_server, address) = server(arguments);
        let mut peer = Peer::connect(&address);
        for number in 0..100 {
            peer.send(number, b"last words");
        }
        peer.end();
        for number in 0..100 {
            assert_eq!(peer.receive(), Some((number, b"last words".to_vec())));
        }
        assert!(peer.is_over());
    }
}

#[test]
fn wrong_magic_closes_one_link_and_no_other() {
    let (_server, address) = server(&["--magic", "0,0,0,0"]);
    let mut good = Peer::connect(&address);
    let mut bad = Peer::connect(&address);
    bad.send_raw(b"GET / HTTP/1.1\r\n\r\n");
    assert!(bad.is_over());
    good.send(1, b"still here");
    assert_eq!(good.receive(), Some((1, b"still here".to_vec())));
}

#[test]
fn magic_and_versions_are_those_of_the_flags() {
    let (_server, address) = server(&[
        "--magic",
        "78,37,38,48",
        "--proto-version",
        "9",
        "--server-version",
        "258",
    ]);
    let mut zeros = Peer::connect(&address);
    zeros.send(1, b"x");
    assert!(zeros.is_over());
    let mut ours = std::net::TcpStream::connect(&address).expect("it listens");
    let frame = b"N%&0\x09\0\0\x01\x02\0\0\0\x06\0\0\0\x65hi";
    std::io::Write::write_all(&mut ours, frame).expect("it reads");
    ours.shutdown(std::net::Shutdown::Write).expect("open");
    ours.set_read_timeout(Some(crate::process::PATIENCE))
        .expect("a timeout");
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut ours, &mut answer).expect("an answer");
    assert_eq!(answer, frame);
}

#[test]
fn bad_flags_end_it_with_two_and_one_complaint() {
    for (arguments, part) in [
        (&["--listen", "nonsense"][..], "nonsense"),
        (&["--nope"], "--nope"),
        (&["--proto-version", "256"], "256"),
        (&["--magic", "1,2,3"], "four numbers"),
    ] {
        let ending = Process::echo(arguments).ending();
        assert_eq!(ending.code, Some(2), "{ending:#?}");
        let line = ending.only_line();
        assert!(line.starts_with("error: ") && line.contains(part), "{line}");
    }
}

#[test]
fn a_busy_port_ends_it_with_one_line_and_one() {
    let (_server, address) = server(&[]);
    let ending = Process::echo(&["--listen", &address]).ending();
    assert_eq!(ending.code, Some(1));
    let line = ending.only_line();
    assert!(
        line.starts_with(&format!("echo: cannot listen on {address}: ")),
        "{line}"
    );
}

#[test]
fn help_names_every_flag() {
    let ending = Process::echo(&["--help"]).ending();
    assert_eq!(ending.code, Some(0));
    for flag in [
        "--listen",
        "--magic",
        "--proto-version",
        "--server-version",
        "--deferred",
        "7000",
    ] {
        ending.has(flag);
    }
}

#[test]
fn either_signal_drains_it_and_it_says_what_it_did() {
    for signal in ["TERM", "INT"] {
        let (mut server, address) = server(&[]);
        let mut peer = Peer::connect(&address);
        peer.send(1, b"x");
        assert!(peer.receive().is_some());
        server.signal(signal);
        assert!(peer.is_over());
        drop(peer);
        let ending = server.ending();
        assert_eq!(ending.code, Some(0), "{ending:#?}");
        ending.has("1 accepted");
        ending.has("frames    1 in, 1 out");
    }
}

#[test]
fn a_second_signal_stops_it_at_once() {
    let (mut server, address) = server(&[]);
    let mut peer = Peer::connect(&address);
    peer.send(1, b"x");
    assert!(peer.receive().is_some());
    server.signal("TERM");
    // It ended its stream and now waits for the end of ours, which does not come.
    assert!(peer.is_over());
    let began = Instant::now();
    server.signal("TERM");
    assert_eq!(server.ending().code, Some(0));
    assert!(began.elapsed() < Duration::from_secs(3), "it did not wait");
}

#[test]
fn an_output_that_is_full_or_closed_does_not_end_it() {
    for output in ["/dev/full", "/dev/null"] {
        let script = format!("exec \"$0\" --listen unix:\"$1\" > {output}");
        let path =
            std::env::temp_dir().join(format!("oneloop-echo-output-{}.sock", std::process::id()));
        let mut child = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_echo")])
            .arg(&path)
            .spawn()
            .expect("a shell");
        let began = Instant::now();
        let connected = loop {
            if let Ok(stream) = std::os::unix::net::UnixStream::connect(&path) {
                break stream;
            }
            assert!(
                began.elapsed() < crate::process::PATIENCE,
                "it does not listen"
            );
            std::thread::yield_now();
        };
        drop(connected);
        let id = child.id().to_string();
        let killed = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(killed.expect("a kill command").success());
        let status = child.wait().expect("its end");
        assert_eq!(status.code(), Some(0), "with its output to {output}");
    }
}
