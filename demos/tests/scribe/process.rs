//! The collector and its commands as processes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use oneloop::thrift::BlockingCaller;
use oneloop_demos::scribe::interface::{LogEntry, ResultCode, ScribeBlocking};

use crate::processes::{PATIENCE, Process};

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("oneloop-scribe-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        let path = self.0.join(name);
        path.to_str().expect("ours").to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("it is ours");
        path
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn scribe(arguments: &[&str]) -> Process {
    Process::spawn(Command::new(env!("CARGO_BIN_EXE_scribe")).args(arguments))
}

/// A collector that has a folder in this one, and its address.
fn collector(folder: &Folder, flags: &[&str]) -> (Process, String) {
    let logs = folder.path("logs");
    let mut process = scribe(&[&["--listen", "127.0.0.1:0", "--dir", &logs], flags].concat());
    let address = process.address();
    (process, address)
}

/// Runs `scribe cat web` over these bytes: its code, and what it prints on either stream.
fn cat(address: &str, flags: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scribe"))
        .args(["cat", "web", "--connect", address])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn what_cat_reads_is_in_files_and_status_tells_of_it() {
    let folder = Folder::new("cat");
    let (mut server, address) = collector(&folder, &[]);
    let mut text = b"one\n\nno text: \xff\0\n".to_vec();
    text.extend(vec![b'x'; 9 << 20]);
    text.extend(b"\nno end");
    let (code, printed, told) = cat(&address, &[], &text);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let count = format!("sent 6 lines of {} bytes in ", text.len());
    assert!(printed.starts_with(&count), "{printed}");
    assert!(folder.read("logs/web/web_00000") == text);
    let (code, printed, _) = cat(&address, &[], b"");
    assert_eq!(code, Some(0));
    assert_eq!(printed, "sent 0 lines of 0 bytes in 0 batches\n");

    let mut status = scribe(&["status", "--connect", &address]);
    let ending = status.ending();
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    ending.has("is ALIVE, and runs since 20");
    ending.has("disk left");
    let row = ending.printed.iter().find(|line| line.starts_with("web"));
    let row: Vec<&str> = row.expect("a row").split_whitespace().collect();
    assert_eq!(row.get(2..4), Some(&["6", "6"][..]), "{row:?}");

    server.signal("TERM");
    assert_eq!(server.ending().code, Some(0));
    let ending = scribe(&["status", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(1));
    assert!(ending.only_line().contains("cannot be reached"));
}

/// A call that has come: the whole frame.
fn taken(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).expect("a frame");
    let mut frame = vec![0; u32::from_be_bytes(head) as usize];
    stream.read_exact(&mut frame).expect("all of it");
    frame
}

/// Answers a call of `Log` with this code.
fn answer(stream: &mut TcpStream, call: &[u8], code: u8) {
    let mut frame = vec![0x80, 1, 0, 2];
    frame.extend(&call[4..15]);
    frame.extend([8, 0, 0, 0, 0, 0, code, 0]);
    let length = u32::try_from(frame.len()).expect("short").to_be_bytes();
    stream.write_all(&length).expect("it reads");
    stream.write_all(&frame).expect("it reads");
}

fn guest(listener: &TcpListener) -> TcpStream {
    let (stream, _) = listener.accept().expect("it comes");
    stream.set_read_timeout(Some(PATIENCE)).expect("an option");
    stream
}

#[test]
fn cat_sends_again_what_is_not_kept_and_comes_again_when_its_link_is_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let mut cat = scribe(&["cat", "web", "--connect", &address]);
    cat.type_line("one");
    let mut stream = guest(&listener);
    let first = taken(&mut stream);
    answer(&mut stream, &first, 1);
    cat.wait_for_log("says: try later; trying again");
    let again = taken(&mut stream);
    assert_eq!(first[15..], again[15..], "the same, under another number");
    drop(stream);
    let mut stream = guest(&listener);
    let third = taken(&mut stream);
    assert_eq!(first[15..], third[15..]);
    answer(&mut stream, &third, 0);
    cat.wait_for_log("it goes on");
    // The link is kept for what comes later.
    cat.type_line("two");
    let next = taken(&mut stream);
    assert!(next.ends_with(b"two\n\0\0"), "{next:?}");
    answer(&mut stream, &next, 0);
    cat.end_input();
    let ending = cat.ending();
    assert_eq!(ending.code, Some(0));
    ending.has("sent 2 lines of 8 bytes in 2 batches");
}

#[test]
fn cat_gives_up_when_it_is_told_to_and_says_what_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let mut cat = scribe(&["cat", "web", "--connect", &address, "--give-up", "0s"]);
    cat.type_line("one");
    let mut stream = guest(&listener);
    let call = taken(&mut stream);
    answer(&mut stream, &call, 0);
    cat.type_line("two");
    let call = taken(&mut stream);
    answer(&mut stream, &call, 1);
    let ending = cat.ending();
    assert_eq!(ending.code, Some(1));
    ending.has("sent 1 line of 4 bytes in 1 batch");
    ending.has("scribe: given up: ");
    drop((stream, listener));
    let (code, printed, told) = self::cat(&address, &["--give-up", "0s"], b"x");
    assert_eq!(code, Some(1));
    assert!(printed.starts_with("sent 0 lines"), "{printed}");
    assert!(told.contains("cannot be reached"), "{told}");
}

#[test]
fn a_hang_up_has_the_configuration_read_anew_and_an_invalid_one_changes_nothing() {
    let folder = Folder::new("reload");
    let store = |more: &str| {
        format!("[[store]]\ncategories = ['default']\ntype = 'file'\nfolder = '{more}'\n")
    };
    let file = folder.write("scribe.toml", &store("one"));
    let (mut server, address) = collector(&folder, &["--config", &file]);
    assert_eq!(cat(&address, &[], b"a\n").0, Some(0));
    folder.write("scribe.toml", &store("two"));
    server.signal("HUP");
    server.wait_for_log("the configuration is in force");
    assert_eq!(cat(&address, &[], b"b\n").0, Some(0));
    folder.write("scribe.toml", "nonsense");
    server.signal("HUP");
    server.wait_for_log("the configuration is not valid, and nothing changes");
    assert_eq!(cat(&address, &[], b"c\n").0, Some(0));
    let ending = scribe(&["status", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(2), "{ending:#?}");
    ending.has("is WARNING");
    ending.has("last error  the new configuration is not valid: ");
    assert_eq!(folder.read("logs/one/web/web_00000"), b"a\n");
    assert_eq!(folder.read("logs/two/web/web_00000"), b"b\nc\n");
    server.signal("TERM");
    assert_eq!(server.ending().code, Some(0));
}

#[test]
fn all_that_was_ok_is_there_when_it_was_terminated_under_load() {
    let folder = Folder::new("term");
    let (mut server, address) = collector(&folder, &[]);
    let is_running = AtomicBool::new(false);
    let kept: BTreeSet<String> = thread::scope(|scope| {
        let client = |name: usize| {
            let (address, is_running) = (&address, &is_running);
            move || {
                let caller = BlockingCaller::connect(address).expect("it listens");
                let mut link = ScribeBlocking::new(caller);
                let mut kept = Vec::new();
                for number in 0.. {
                    let line = format!("{name}.{number}\n");
                    let entry = LogEntry {
                        category: "web".into(),
                        message: line.clone().into(),
                    };
                    match link.log(vec![entry]) {
                        Ok(ResultCode::OK) => kept.push(line),
                        Ok(_) | Err(_) => return kept,
                    }
                    is_running.store(number > 20, Ordering::Relaxed);
                }
                kept
            }
        };
        let clients: Vec<_> = (0..4).map(|name| scope.spawn(client(name))).collect();
        while !is_running.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        server.signal("TERM");
        let kept = clients.into_iter().flat_map(|it| it.join().expect("fine"));
        kept.collect()
    });
    assert_eq!(server.ending().code, Some(0));
    let text = String::from_utf8(folder.read("logs/web/web_00000")).expect("ours");
    let found: BTreeSet<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let missing: Vec<&String> = kept.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(kept.len() > 20, "{}", kept.len());
}

#[test]
fn a_second_collector_in_one_folder_says_so() {
    let folder = Folder::new("lock");
    let (mut first, _) = collector(&folder, &[]);
    let logs = folder.path("logs");
    let flags = ["--listen", "127.0.0.1:0", "--dir", &logs];
    let ending = scribe(&flags).ending();
    assert_eq!(ending.code, Some(1));
    let due = format!("scribe: {logs} cannot be the folder of logs: another collector runs in it");
    assert_eq!(ending.only_line(), due);
    // Whatever way the first one ended.
    first.kill();
    let mut third = scribe(&flags);
    third.address();
}

#[test]
fn what_cannot_be_is_one_line_and_a_code() {
    let folder = Folder::new("flags");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("bound").to_string();
    let holder = TcpListener::bind(&taken);
    let (logs, file) = (folder.path("logs"), folder.write("file", ""));
    let none = folder.path("none.toml");
    let bad = folder.write("bad.conf", "<store>\ntype=flie\ncategory=a\n</store>\n");
    let at = ["--listen", "127.0.0.1:0", "--dir"];
    let serve = |more: &[&str]| [&at[..], more].concat().join("\u{1}");
    for (arguments, code, part) in [
        (
            format!("--listen\u{1}{taken}\u{1}--dir\u{1}{logs}"),
            1,
            "cannot listen on",
        ),
        (
            serve(&[&file]),
            1,
            "cannot be the folder of logs: it is a file",
        ),
        (serve(&["/proc/none"]), 1, "cannot be the folder of logs"),
        (
            serve(&[&logs, "--config", &none]),
            1,
            "none.toml cannot be read: ",
        ),
        (
            serve(&[&logs, "--config", &bad]),
            2,
            "there is no store of type `flie`",
        ),
        ("--listen\u{1}nowhere".into(), 2, "HOST:PORT"),
        ("--dir".into(), 2, "--dir"),
        ("cat".into(), 2, "<CATEGORY>"),
        ("cat\u{1}../x".into(), 2, "it has a `/` in it"),
        ("cat\u{1}".into(), 2, "it is empty"),
        (
            "cat\u{1}web\u{1}--give-up\u{1}30".into(),
            2,
            "with its unit",
        ),
        ("--dir\u{1}x\u{1}status".into(), 2, "cannot be used with"),
        ("sing".into(), 2, "sing"),
        // It would be tried for ever.
        ("cat\u{1}web\u{1}--connect\u{1}here".into(), 2, "HOST:PORT"),
        ("status\u{1}--connect\u{1}unix:/x".into(), 2, "HOST:PORT"),
    ] {
        let arguments: Vec<&str> = arguments.split('\u{1}').collect();
        let ending = scribe(&arguments).ending();
        assert_eq!(ending.code, Some(code), "{arguments:?} {ending:#?}");
        ending.has(part);
        if code == 1 {
            ending.only_line();
        }
    }
    drop(holder);
    assert!(!Path::new("x").exists());
}

#[test]
fn a_file_says_the_port_before_the_command_line_and_guests_are_warned_of() {
    let folder = Folder::new("port");
    let text = "listen = '0.0.0.0:0'\n[[store]]\ncategories = ['default']\ntype = 'null'\n";
    let file = folder.write("scribe.toml", text);
    let logs = folder.path("logs");
    let flags = ["--listen", "127.0.0.1:1", "--dir", &logs, "--config", &file];
    let mut server = scribe(&flags);
    assert!(server.address().starts_with("0.0.0.0:"));
    server.wait_for_log("is open to other machines");
}

#[test]
fn what_fails_with_each_batch_is_one_line_of_the_log_and_so_is_its_end() {
    let folder = Folder::new("quiet");
    let (mut server, address) = collector(&folder, &[]);
    let in_the_way = folder.write("logs/web", "");
    for _ in 0..3 {
        assert_eq!(cat(&address, &["--give-up", "0s"], b"a\n").0, Some(1));
    }
    let ending = scribe(&["status", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(2), "{ending:#?}");
    fs::remove_file(in_the_way).expect("it is ours");
    assert_eq!(cat(&address, &[], b"a\n").0, Some(0));
    let ending = scribe(&["status", "--connect", &address]).ending();
    assert_eq!(ending.code, Some(0), "{ending:#?}");
    ending.has("last error  web: cannot write in ");
    ending.has(", seen last 20");
    server.signal("TERM");
    let ending = server.ending();
    let told = |part: &str| ending.printed.iter().filter(|it| it.contains(part)).count();
    assert_eq!(told("cannot write in"), 1, "{ending:#?}");
    assert_eq!(told("web: messages are written again"), 1, "{ending:#?}");
}

/// In a shell that says how many files it may open.
#[cfg(unix)]
#[test]
fn with_few_open_files_and_many_clients_all_categories_are_written() {
    let folder = Folder::new("few");
    let logs = folder.path("logs");
    let line = "ulimit -n 64; exec \"$0\" --listen 127.0.0.1:0 --dir \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", line, env!("CARGO_BIN_EXE_scribe"), &logs]);
    let mut server = Process::spawn(&mut shell);
    let address = server.address();
    server.wait_for_log("16 clients at a time, not 10000");
    let mut link = ScribeBlocking::new(BlockingCaller::connect(&address).expect("it listens"));
    let mut crowd = Vec::new();
    for round in 0..2 {
        for number in 0..80 {
            let entry = LogEntry {
                category: format!("c{number}").into(),
                message: "a\n".into(),
            };
            let answer = link.log(vec![entry]).ok();
            assert_eq!(answer, Some(ResultCode::OK), "{round} {number}");
        }
        // More than may come in, for the second round.
        crowd.extend((0..100).map(|_| TcpStream::connect(&address)));
    }
    assert_eq!(folder.read("logs/c79/c79_00000"), b"a\na\n");
}
