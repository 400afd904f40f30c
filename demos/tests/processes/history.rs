//! What `chat` keeps in its file: across restarts, kills and a full disk.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use oneloop_demos::chat::line::Line;

use crate::chat::server;
use crate::peer::{Peer, number};
use crate::process::Process;

/// A file of its own, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("chat-{}-{number}.history", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a name in UTF-8")
    }

    /// Its lines; every one must be whole, and their numbers must rise.
    #[track_caller]
    fn lines(&self) -> Vec<Line> {
        let (mut lines, mut read) = (Vec::new(), 0);
        self.more_lines(&mut lines, &mut read);
        lines
    }

    /// The same for what is behind the first `read` bytes, whose lines are known.
    #[track_caller]
    fn more_lines(&self, lines: &mut Vec<Line>, read: &mut usize) {
        let bytes = std::fs::read(&self.0).expect("the file");
        if *read == 0 {
            let title = b"oneloop chat history 1\n";
            assert!(bytes.starts_with(title));
            *read = title.len();
        }
        for part in bytes[*read..].split_inclusive(|&byte| byte == b'\n') {
            let part = part.strip_suffix(b"\n").expect("no torn line");
            lines.push(Line::read_from(part).expect("a whole line"));
        }
        assert!(lines.is_sorted_by(|one, next| one.number < next.number));
        *read = bytes.len();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

/// The numbers of the last fifty lines of a room.
fn last_fifty(lines: &[Line], room: &str) -> Vec<u64> {
    let numbers: Vec<u64> = lines
        .iter()
        .filter(|line| line.room.as_str() == room)
        .map(|line| line.number)
        .collect();
    numbers[numbers.len().saturating_sub(50)..].to_vec()
}

#[test]
fn what_was_said_is_there_after_a_restart() {
    let file = Scratch::new();
    for round in 0..3_u64 {
        let (mut server, address) = server(&["--history", file.path()]);
        let (mut ann, past) = Peer::join(&address, "ann", "lobby");
        let (mut bob, den) = Peer::join(&address, "bob", "den");
        let said = round * 60;
        assert_eq!(past.len() as u64, (round * 30).min(50));
        assert_eq!(den.last().copied().unwrap_or(0), said);
        for _ in 0..30 {
            ann.send(3, "in the lobby");
            ann.wait_for(3);
            bob.send(3, "in the den");
            bob.wait_for(3);
        }
        ann.send(6, "");
        let count: usize = ann.wait_for(6).parse().expect("a count");
        let recalled: Vec<u64> = (0..count).map(|_| number(&ann.wait_for(102))).collect();
        assert_eq!(recalled.len() as u64, (round * 30 + 30).min(50));
        assert!(recalled.is_sorted_by(|one, next| one < next));
        server.signal("TERM");
        drop((ann, bob));
        let ending = server.ending();
        assert_eq!(ending.code, Some(0), "{ending:#?}");
        ending.has("history   60 lines written, 0 waiting, 0 lost");
        assert_eq!(file.lines().len() as u64, said + 60);
    }
}

#[test]
fn a_kill_under_load_tears_no_line() {
    let file = Scratch::new();
    let (mut torn, mut lines, mut read) = (0, Vec::new(), 0);
    for round in 0..20 {
        let (mut server, address) = server(&["--history", file.path()]);
        if round > 0 {
            file.more_lines(&mut lines, &mut read);
            let (_ann, past) = Peer::join(&address, "ann", "lobby");
            assert_eq!(past, last_fifty(&lines, "lobby"), "round {round}");
        }
        // Talkers that do not wait for their answers, at full speed. One that falls behind is dropped: then there is less load.
        let (progress, much) = std::sync::mpsc::channel();
        let talkers: Vec<_> = (0..3)
            .map(|talker| {
                let (mut peer, _) = Peer::join(&address, &format!("talker{talker}"), "lobby");
                let (mut reader, progress) = (peer.twin(), progress.clone());
                let reading = std::thread::spawn(move || {
                    while reader.receive().is_some() {
                        // The test may have seen enough.
                        _ = progress.send(());
                    }
                });
                let text = "x".repeat(400 + 700 * talker);
                let writing = std::thread::spawn(move || while peer.try_send(3, &text) {});
                (reading, writing)
            })
            .collect();
        drop(progress);
        _ = much.iter().nth(100 + round * 61 % 700);
        server.kill();
        for (reading, writing) in talkers {
            reading.join().expect("no panic");
            writing.join().expect("no panic");
        }
        let bytes = std::fs::read(file.path()).expect("the file");
        torn += usize::from(!bytes.ends_with(b"\n"));
    }
    let (_server, address) = server(&["--history", file.path()]);
    file.more_lines(&mut lines, &mut read);
    let (_ann, past) = Peer::join(&address, "ann", "lobby");
    assert_eq!(past, last_fifty(&lines, "lobby"));
    println!(
        "{} lines; {torn} of 20 kills left a part of one, which was cut off",
        lines.len()
    );
}

#[test]
fn a_stop_under_load_saves_what_was_answered() {
    let file = Scratch::new();
    let (mut server, address) = server(&["--history", file.path()]);
    let (mut talker, _) = Peer::join(&address, "talker", "lobby");
    let mut answers = talker.twin();
    let talking = std::thread::spawn(move || while talker.try_send(3, "on and on") {});
    let mut last = 0;
    while let Some((command, body)) = answers.receive() {
        if command == 3 {
            last = number(std::str::from_utf8(&body).expect("text"));
            if last == 2_000 {
                server.signal("TERM");
            }
        }
    }
    drop(answers);
    talking.join().expect("no panic");
    let ending = server.ending();
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    let saved = file.lines().len() as u64;
    assert!(saved >= last.max(2_000), "{saved} saved, {last} answered");
}

#[test]
fn a_torn_line_is_cut_off_and_said_so() {
    let file = Scratch::new();
    let (mut first, address) = server(&["--history", file.path()]);
    let (mut ann, _) = Peer::join(&address, "ann", "lobby");
    for _ in 0..3 {
        ann.send(3, "hello");
        ann.wait_for(3);
    }
    first.signal("TERM");
    drop(ann);
    assert_eq!(first.ending().code, Some(0));
    let mut bytes = std::fs::read(file.path()).expect("the file");
    bytes.truncate(bytes.len() - 4);
    std::fs::write(file.path(), bytes).expect("the file");
    let mut second = Process::chat(&[
        "server",
        "--listen",
        "127.0.0.1:0",
        "--history",
        file.path(),
    ]);
    let warning = second.wait_for_log("torn line");
    assert!(warning.contains(" bytes"), "{warning}");
    let address = second.address();
    assert_eq!(file.lines().len(), 2);
    let (mut ann, past) = Peer::join(&address, "ann", "lobby");
    assert_eq!(past, [1, 2]);
    ann.send(3, "again");
    assert_eq!(number(&ann.wait_for(3)), 3);
}

#[test]
fn who_comes_in_the_middle_misses_nothing_and_hears_nothing_twice() {
    let file = Scratch::new();
    let (_server, address) = server(&["--history", file.path()]);
    let (mut talker, _) = Peer::join(&address, "talker", "lobby");
    let mut answers = talker.twin();
    let reading = std::thread::spawn(move || while answers.receive().is_some() {});
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let talking = std::thread::spawn(move || {
        // As fast as those who listen can follow.
        while stopped
            .recv_timeout(std::time::Duration::from_micros(200))
            .is_err()
        {
            talker.send(3, "and so on");
        }
        talker.end();
    });
    for round in 0..40 {
        let (mut peer, past) = Peer::join(&address, &format!("guest{round}"), "lobby");
        let first = past.first().copied().unwrap_or(1);
        let next = first + past.len() as u64;
        assert_eq!(past, (first..next).collect::<Vec<_>>(), "round {round}");
        for next in next..next + 20 {
            assert_eq!(number(&peer.wait_for(103)), next, "round {round}");
        }
    }
    stop.send(()).expect("the talker listens");
    talking.join().expect("no panic");
    reading.join().expect("no panic");
}

#[test]
fn one_file_one_server() {
    let file = Scratch::new();
    let (_server, _) = server(&["--history", file.path()]);
    let arguments = [
        "server",
        "--listen",
        "127.0.0.1:0",
        "--history",
        file.path(),
    ];
    let ending = Process::chat(&arguments).ending();
    assert_eq!(ending.code, Some(1));
    assert_eq!(
        ending.only_line(),
        format!(
            "chat: cannot use the history {}: another server is using it",
            file.path()
        )
    );
}

#[test]
fn what_is_no_history_is_refused_and_left_alone() {
    let file = Scratch::new();
    std::fs::write(file.path(), "my diary\n").expect("a file");
    for (path, part) in [
        (file.path(), "it is not the history of a chat"),
        ("/dev/full", "it is no regular file"),
        ("/nowhere/at/all", "No such file"),
    ] {
        let arguments = ["server", "--listen", "127.0.0.1:0", "--history", path];
        let ending = Process::chat(&arguments).ending();
        assert_eq!(ending.code, Some(1));
        let line = ending.only_line();
        let begin = format!("chat: cannot use the history {path}: ");
        assert!(line.starts_with(&begin) && line.contains(part), "{line}");
    }
    let kept = std::fs::read(file.path()).expect("a file");
    assert_eq!(kept, b"my diary\n");
}

/// A server whose files may not grow beyond a few blocks: for it the disk is full then.
fn confined_server(file: &Scratch) -> (Process, String) {
    let script = "trap '' XFSZ; ulimit -S -f 16; exec \"$0\" \"$@\"";
    let mut server = Process::spawn(Command::new("sh").args([
        "-c",
        script,
        env!("CARGO_BIN_EXE_chat"),
        "server",
        "--listen",
        "127.0.0.1:0",
        "--history",
        file.path(),
    ]));
    let address = server.address();
    (server, address)
}

/// Talks until the server says that the disk is full. Gives how many lines were said.
fn fill_the_disk(ann: &mut Peer) -> u64 {
    let text = "x".repeat(700);
    for said in 1.. {
        ann.send(3, &text);
        loop {
            match ann.receive().expect("the chat lives") {
                (3, _) => break,
                (107, text) => {
                    assert_eq!(text, b"the history is not being saved for now");
                    return said;
                }
                _ => {}
            }
        }
        assert!(said < 10_000, "the disk is never full");
    }
    unreachable!("it is full in the end")
}

#[test]
fn a_full_disk_costs_the_history_and_not_the_chat() {
    let file = Scratch::new();
    let (mut server, address) = confined_server(&file);
    let (mut ann, _) = Peer::join(&address, "ann", "lobby");
    let said = fill_the_disk(&mut ann);
    let (mut bob, past) = Peer::join(&address, "bob", "lobby");
    assert!(
        past.len() as u64 >= said.min(50) - 1,
        "from memory: {past:?}"
    );
    ann.send(3, "still here");
    assert!(bob.wait_for(103).ends_with("\tann\tstill here"));
    server.signal("TERM");
    drop((ann, bob));
    let ending = server.ending();
    assert_eq!(ending.code, Some(1), "{ending:#?}");
    ending.has("lines of the history could not be written");
    let kept = file.lines().len() as u64;
    assert!(kept > 0 && kept <= said, "{kept} of {said}");
}

#[test]
fn a_disk_that_has_room_again_gets_what_was_missed() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return eprintln!("not tested: there is no prlimit here");
    }
    let file = Scratch::new();
    let (mut server, address) = confined_server(&file);
    let (mut ann, _) = Peer::join(&address, "ann", "lobby");
    fill_the_disk(&mut ann);
    let id = server.id().to_string();
    let lifted = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited:"])
        .status();
    assert!(lifted.expect("there is a prlimit").success());
    assert_eq!(ann.wait_for(107), "the history is being saved again");
    ann.send(3, "the last one");
    let last = number(&ann.wait_for(3));
    server.signal("TERM");
    drop(ann);
    let ending = server.ending();
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    let numbers: Vec<u64> = file.lines().iter().map(|line| line.number).collect();
    assert_eq!(
        numbers,
        (1..=last).collect::<Vec<_>>(),
        "nothing is missing"
    );
}
