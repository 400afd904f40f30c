//! `chat` from outside: people, rooms, and those who behave badly.

use std::io::Write;
use std::net::TcpListener;

use crate::peer::{Peer, frame, number};
use crate::process::Process;

pub(crate) fn server(arguments: &[&str]) -> (Process, String) {
    let all = [&["server", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut server = Process::chat(&all);
    let address = server.address();
    (server, address)
}

fn client(address: &str, name: &str) -> Process {
    client_for(address, name, "60")
}

/// One that dials a lost server again for so many seconds.
fn client_for(address: &str, name: &str, reconnect: &str) -> Process {
    let flags = ["client", "--name", name, "--connect", address];
    let mut client = Process::chat(&[&flags[..], &["--reconnect", reconnect]].concat());
    client.wait_for("* this is lobby");
    client
}

// ---- people ----

#[test]
fn two_talk_to_each_other() {
    let (_server, address) = server(&[]);
    let mut ann = client(&address, "ann");
    let mut bob = client(&address, "bob");
    ann.wait_for("* bob joined");
    ann.type_line("hello bob");
    bob.wait_for("ann: hello bob");
    // A pipe shows our own lines as well, once.
    ann.wait_for("ann: hello bob");
    bob.type_line("//me waves");
    assert_eq!(ann.wait_for("bob"), "bob: /me waves");
    ann.type_line("/who");
    ann.wait_for("* in lobby (2): ann (you), bob");
    bob.type_line("/quit");
    assert_eq!(bob.ending().code, Some(0));
    ann.wait_for("* bob left");
    ann.end_input();
    assert_eq!(ann.ending().code, Some(0));
}

#[test]
fn what_is_private_is_heard_by_one() {
    let (_server, address) = server(&[]);
    let mut ann = client(&address, "ann");
    let mut bob = client(&address, "Bob");
    let mut cy = client(&address, "cy");
    ann.type_line("/msg bob psst, over here");
    ann.wait_for("[to Bob] psst, over here");
    bob.wait_for("[ann] psst, over here");
    ann.type_line("/msg dora hello");
    ann.wait_for("! nobody here is called dora");
    ann.type_line("aloud");
    let heard = cy.wait_for("a");
    assert_eq!(heard, "ann: aloud");
}

#[test]
fn rooms_are_apart_and_vanish_when_empty() {
    let (_server, address) = server(&[]);
    let mut ann = client(&address, "ann");
    let mut bob = client(&address, "bob");
    ann.wait_for("* bob joined");
    bob.type_line("/join Den");
    ann.wait_for("* bob left (went to den)");
    bob.wait_for("* this is den: you are alone");
    bob.type_line("whispers in the den");
    bob.type_line("/join den");
    bob.wait_for("! you are in den already");
    bob.type_line("/join lobby");
    assert_eq!(ann.wait_for("bob"), "* bob joined");
    bob.type_line("/join den");
    bob.wait_for("* this is lobby");
    // Without a file the room forgot with its last member.
    bob.wait_for("* this is den: you are alone");
    bob.type_line("/history");
    bob.wait_for("* the last lines (0):");
}

#[test]
fn who_asks_for_the_history_and_goes_elsewhere_has_an_answer() {
    let (_server, address) = server(&[]);
    let (mut ann, _) = Peer::join(&address, "ann", "lobby");
    // In one piece, so that the move is served while the history is being fetched.
    ann.send_raw(&[frame(6, b""), frame(2, b"den")].concat());
    assert_eq!(ann.wait_for(101), "den\t1\t0");
    assert_eq!(ann.wait_for(108), "6\tyou have left the room");
}

#[test]
fn a_taken_name_is_refused() {
    let (_server, address) = server(&[]);
    let _ann = client(&address, "ann");
    let ending = Process::chat(&["client", "--name", "ANN", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(1));
    assert_eq!(ending.only_line(), "chat: the name ann is taken");
}

#[test]
fn a_name_is_free_again_when_its_person_left() {
    let (_server, address) = server(&[]);
    for _ in 0..3 {
        let mut ann = client(&address, "ann");
        ann.end_input();
        assert_eq!(ann.ending().code, Some(0));
    }
}

#[test]
fn a_file_piped_in_is_said_whole_and_in_order() {
    let (_server, address) = server(&[]);
    let (mut bob, _) = Peer::join(&address, "bob", "lobby");
    let mut ann = client(&address, "ann");
    let typist = std::thread::spawn(move || {
        for count in 0..5_000 {
            ann.type_line(&format!("line {count}"));
        }
        ann.type_line("/join den");
        ann.type_line("in the den");
        ann.end_input();
        ann.ending()
    });
    for count in 0..5_000 {
        let said = bob.wait_for(103);
        assert!(said.ends_with(&format!("\tann\tline {count}")), "{said}");
    }
    assert_eq!(bob.wait_for(106), "ann\twent to den");
    let ending = typist.join().expect("no panic");
    assert_eq!(ending.code, Some(0));
    ending.has("ann: in the den");
}

// ---- the server ----

#[test]
fn a_plain_chat_says_how_to_join() {
    let mut chat = Process::chat(&[]);
    chat.wait_for("This is the server of a chat");
    // Its port may be taken on this machine.
    if chat.prints("cargo run --release --bin chat -- client --name ann") {
        chat.signal("INT");
        assert_eq!(chat.ending().code, Some(0));
    } else {
        chat.wait_for_log("cannot listen on 127.0.0.1:7001");
        assert_eq!(chat.ending().code, Some(1));
    }
}

#[test]
fn the_server_says_goodbye_and_what_it_did() {
    let (mut server, address) = server(&[]);
    let mut ann = client_for(&address, "ann", "0");
    ann.type_line("hello");
    ann.wait_for("ann: hello");
    server.signal("TERM");
    ann.wait_for("* the server is stopping");
    let ending = ann.ending();
    assert_eq!(ending.code, Some(1));
    assert_eq!(
        ending.only_line(),
        format!("chat: the server at {address} is gone")
    );
    let ending = server.ending();
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    ending.has("links     1 accepted");
    ending.has("chat      1 joined, 0 refused, 1 lines said");
}

#[test]
fn a_client_whose_server_is_killed_says_so() {
    let (mut server, address) = server(&[]);
    let mut ann = client_for(&address, "ann", "0");
    server.kill();
    let ending = ann.ending();
    assert_eq!(ending.code, Some(1));
    let line = ending.only_line();
    assert!(
        line.starts_with(&format!("chat: the server at {address} is gone")),
        "{line}"
    );
}

#[test]
fn a_client_whose_server_comes_again_is_let_in_again() {
    let (mut first, address) = server(&[]);
    let mut ann = client(&address, "ann");
    let mut bob = client(&address, "bob");
    ann.wait_for("* bob joined");
    ann.type_line("/join den");
    ann.wait_for("* this is den");
    first.kill();
    ann.wait_for(&format!("* the server at {address} is gone"));
    // Typed while nobody is there: it waits.
    ann.type_line("is somebody here?");
    let mut second = Process::chat(&["server", "--listen", &address]);
    second.wait_for("listens on");
    ann.wait_for("* this is den: you are alone");
    ann.wait_for("ann: is somebody here?");
    bob.wait_for("* this is lobby");
    bob.type_line("/join den");
    bob.wait_for("ann: is somebody here?");
    // Its name is taken when it comes back: it goes on trying, and ends when it wants to.
    second.kill();
    ann.wait_for(&format!("* the server at {address} is gone"));
    ann.type_line("/quit");
    assert_eq!(ann.ending().code, Some(0));
}

#[test]
fn what_was_not_answered_is_perhaps_not_said() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let mut ann = Process::chat(&["client", "--name", "ann", "--connect", &address]);
    let (mut stream, _) = listener.accept().expect("ann comes");
    let entered = frame(101, b"lobby\t1\t0");
    stream.write_all(&entered).expect("it reads");
    ann.wait_for("* this is lobby");
    stream
        .write_all(&frame(103, b"7\tbob\tone"))
        .expect("it reads");
    ann.wait_for("bob: one");
    ann.type_line("hello?");
    ann.type_line("/msg bob hello?");
    // The join, and both of these: all that it sends has come.
    let mut come = vec![0; 17 + 9 + 17 + 6 + 17 + 10];
    std::io::Read::read_exact(&mut stream, &mut come).expect("three frames");
    drop(stream);
    ann.wait_for("! perhaps not said: hello?");
    ann.wait_for("! perhaps not said to bob: hello?");
    let (mut stream, _) = listener.accept().expect("ann comes again");
    // The name is still taken: once more.
    stream
        .write_all(&frame(108, b"1\tthe name ann is taken"))
        .expect("it reads");
    let (mut stream, _) = listener.accept().expect("ann comes once more");
    stream
        .write_all(&frame(101, b"lobby\t1\t2"))
        .expect("it reads");
    for body in [&b"7\tbob\tone"[..], b"8\tbob\ttwo"] {
        stream.write_all(&frame(102, body)).expect("it reads");
    }
    stream
        .write_all(&frame(103, b"9\tbob\tthree"))
        .expect("it reads");
    // What was shown is not shown again.
    ann.wait_for("* this is lobby");
    assert_eq!(ann.wait_for("bob"), "bob: two");
    assert_eq!(ann.wait_for("bob"), "bob: three");
    // A server that is lost for good, with a pipe that has ended: the end is told.
    ann.type_line("last words");
    ann.end_input();
    let mut come = vec![0; 17 + 9 + 17 + 10];
    std::io::Read::read_exact(&mut stream, &mut come).expect("two frames");
    drop((stream, listener));
    let ending = ann.ending();
    assert_eq!(ending.code, Some(1));
    ending.has("! perhaps not said: last words");
}

#[test]
fn a_client_gives_up_when_its_server_stays_away() {
    let (mut server, address) = server(&[]);
    let mut ann = client_for(&address, "ann", "1");
    server.kill();
    ann.wait_for(&format!("* the server at {address} is gone"));
    ann.type_line("nobody hears this");
    let ending = ann.ending();
    assert_eq!(ending.code, Some(1));
    ending.has("! not said: nobody hears this");
    ending.has(&format!("chat: cannot connect to {address}: "));
}

#[test]
fn a_client_without_a_server_says_so() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("bound").to_string();
    drop(free);
    let ending = Process::chat(&["client", "--name", "ann", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(1));
    let line = ending.only_line();
    assert!(
        line.starts_with(&format!("chat: cannot connect to {address}: ")),
        "{line}"
    );
}

#[test]
fn bad_flags_end_it_with_two_and_a_busy_port_with_one() {
    for (arguments, part) in [
        (&["server", "--listen", "7001"][..], "HOST:PORT"),
        (&["client"], "--name"),
        (&["client", "--name", "two words"], "1 to 20 letters"),
        (&["sing"], "sing"),
    ] {
        let ending = Process::chat(arguments).ending();
        assert_eq!(ending.code, Some(2), "{ending:#?}");
        ending.has(part);
        assert!(ending.only_line().starts_with("error: "), "{ending:#?}");
    }
    let (_server, address) = server(&[]);
    let ending = Process::chat(&["server", "--listen", &address]).ending();
    assert_eq!(ending.code, Some(1));
    let line = ending.only_line();
    assert!(
        line.starts_with(&format!("chat: cannot listen on {address}: ")),
        "{line}"
    );
}

#[test]
fn every_help_names_its_flags() {
    for (arguments, parts) in [
        (&["--help"][..], &["server", "client"][..]),
        (&["server", "--help"], &["--listen", "--history", "7001"]),
        (
            &["client", "--help"],
            &["--name", "--room", "--connect", "lobby", "--reconnect"],
        ),
    ] {
        let ending = Process::chat(arguments).ending();
        assert_eq!(ending.code, Some(0));
        for part in parts {
            ending.has(part);
        }
    }
}

// ---- those who behave badly ----

#[test]
fn who_does_not_read_is_dropped_and_the_room_goes_on() {
    let (_server, address) = server(&[]);
    let (mut talker, _) = Peer::join(&address, "talker", "lobby");
    let (mut listener, _) = Peer::join(&address, "listener", "lobby");
    let (_sleeper, _) = Peer::join(&address, "sleeper", "lobby");
    let listening = std::thread::spawn(move || {
        let mut last = 0;
        let mut after = None;
        while after.is_none_or(|count| count < 100) {
            match listener.receive().expect("the room goes on") {
                (103, body) => {
                    let number = number(std::str::from_utf8(&body).expect("text"));
                    assert_eq!(number, last + 1, "nothing is lost");
                    last = number;
                    after = after.map(|count: u32| count + 1);
                }
                (106, body) => {
                    assert_eq!(body, b"sleeper\ttoo slow");
                    after = Some(0);
                }
                _ => {}
            }
        }
        drop(listener);
    });
    let text = "x".repeat(2_000);
    while !listening.is_finished() {
        talker.send(3, &text);
        talker.wait_for(3);
    }
    listening.join().expect("no panic");
    talker.send(5, "");
    let present = talker.wait_for(5);
    assert!(!present.contains("sleeper"), "{present}");
}

#[test]
fn nothing_is_said_before_a_name() {
    let (_server, address) = server(&[]);
    let mut stranger = Peer::connect(&address);
    stranger.send(0, "");
    assert_eq!(stranger.receive(), Some((0, Vec::new())));
    for command in 2..=6 {
        stranger.send(command, "lobby");
        let error = format!("{command}\tyou have to join first");
        assert_eq!(stranger.wait_for(108), error);
    }
    // A number that nobody serves.
    stranger.send(99, "");
    assert!(stranger.is_over());
}

#[test]
fn bad_names_and_bodies_are_refused_and_the_link_lives_on() {
    let (_server, address) = server(&[]);
    let mut peer = Peer::connect(&address);
    let long = format!("{}\tlobby", "n".repeat(21));
    for body in [
        &b""[..],
        b"ann",
        b"\tlobby",
        b"a\x1b[31mn\tlobby",
        b"ann\tlob by",
        b"\xff\xfe\tlobby",
        "a\u{202e}n\tlobby".as_bytes(),
        long.as_bytes(),
    ] {
        peer.send(1, body);
        assert!(peer.wait_for(108).starts_with("1\t"), "{body:?}");
    }
    peer.send(1, "ann\tlobby");
    peer.wait_for(101);
    peer.send(1, "ann2\tlobby");
    assert_eq!(peer.wait_for(108), "1\tyou have joined already, as ann");
    peer.send(3, "x".repeat(2_001));
    assert!(peer.wait_for(108).contains("the most is 2000"));
    // Beyond any frame: that one costs the link.
    peer.send_raw(&frame(3, &vec![b'x'; 20_000])[..17]);
    assert!(peer.is_over());
}

#[test]
fn nobody_commands_the_terminal_of_another() {
    let (_server, address) = server(&[]);
    let mut ann = client(&address, "ann");
    let (mut raw, _) = Peer::join(&address, "raw", "lobby");
    let (mut evil, _) = Peer::join(&address, "evil", "lobby");
    let text = "\x1b]0;owned\x07 \x1b[2J \u{9b}31m \u{202e}txt\u{2066} end";
    evil.send(3, text);
    let said = raw.wait_for(103);
    let words = said.splitn(3, '\t').nth(2).expect("a text");
    assert!(!words.chars().any(is_hostile), "{words:?}");
    let shown = ann.wait_for("end");
    assert!(!shown.chars().any(is_hostile), "{shown:?}");
    evil.send(4, format!("ann\t{text}"));
    let shown = ann.wait_for("[evil]");
    assert!(!shown.chars().any(is_hostile), "{shown:?}");
}

#[test]
fn a_client_does_not_trust_its_server() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let mut ann = Process::chat(&["client", "--name", "ann", "--connect", &address]);
    let (mut stream, _) = listener.accept().expect("ann comes");
    stream
        .write_all(&frame(101, b"lobby\t1\t0"))
        .expect("it reads");
    stream
        .write_all(&frame(103, b"1\tbob\t\x1b[2J\x07 boo"))
        .expect("it reads");
    stream
        .write_all(&frame(107, "\u{9b}2J boo too".as_bytes()))
        .expect("it reads");
    for part in ["boo", "boo too"] {
        let shown = ann.wait_for(part);
        assert!(!shown.chars().any(is_hostile), "{shown:?}");
    }
    // A name that is none ends it.
    stream
        .write_all(&frame(103, b"2\tb\x1b[2Job\tboo"))
        .expect("it reads");
    assert_eq!(ann.ending().code, Some(1));
}

fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
