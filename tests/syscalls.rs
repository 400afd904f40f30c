//! What a small call costs in system calls: one poll, one read, one write. A child process serves under strace, which tells.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::iter;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use oneloop::CommandService;

mod support;
use support::{PATIENCE, frame, serve_as_child};

const CHILD: &str = "ONELOOP_SYSCALLS_CHILD";
const NAME: &str = "a_small_call_costs_one_poll_one_read_and_one_write";
const CALLS: usize = 100;
const TRACED: &str = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,epoll_wait,epoll_pwait,epoll_pwait2";

/// What the child does.
fn serve() {
    let mut echo = CommandService::<()>::new();
    echo.on(1, |call| call.reply(call.body())).expect("free");
    serve_as_child(echo);
}

#[test]
#[ignore = "needs strace, which may trace, on Linux: .ci/run syscalls"]
fn a_small_call_costs_one_poll_one_read_and_one_write() {
    if std::env::var_os(CHILD).is_some() {
        return serve();
    }
    let trace = std::env::temp_dir().join(format!("oneloop-syscalls-{}", std::process::id()));
    let mut child = Command::new("strace")
        .args(["-f", "-s", "64", "-e", TRACED, "-o"])
        .arg(&trace)
        .arg(std::env::current_exe().expect("a test runs from a file"))
        .args(["--exact", NAME, "--nocapture", "--ignored"])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is an strace");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let address = output
        .find_map(|line| Some(line.ok()?.split_once("listening on ")?.1.to_owned()))
        .expect("it listens");
    let mut client = TcpStream::connect(address).expect("it listens");
    client
        .set_read_timeout(Some(PATIENCE))
        .expect("a time limit");
    client.set_nodelay(true).expect("an option");
    let bodies = iter::once("begin")
        .chain(["between"; CALLS])
        .chain(iter::once("end"));
    for body in bodies {
        let call = frame(1, body.as_bytes());
        let mut reply = vec![0; call.len()];
        client.write_all(&call).expect("it reads");
        client.read_exact(&mut reply).expect("it answers");
        assert_eq!(reply, call);
    }
    drop(child.stdin.take());
    output.for_each(drop);
    child.wait().expect("it stops");
    let text = fs::read_to_string(&trace).expect("strace wrote it");
    fs::remove_file(&trace).expect("it is ours");

    // From behind the first reply to the last request. A call that waits is told of in two lines, of which one has the call's name.
    let lines: Vec<&str> = text.lines().collect();
    let place = |what: &str, body: &str| {
        let is_it = |line: &&str| line.contains(what) && line.contains(body);
        lines.iter().position(is_it).expect("it was traced")
    };
    let begin = place("sendto(", "begin");
    let end = place("recvfrom(", "end\"");
    let count = |names: &[&str]| {
        // Of the standard input another thread waits for the end.
        let calls = lines[begin + 1..end]
            .iter()
            .filter(|line| !line.contains("read(0,"));
        calls
            .filter(|line| names.iter().any(|name| line.contains(name)))
            .count()
    };
    // The last poll is the one that told of the last request.
    assert_eq!(
        count(&["epoll_wait(", "epoll_pwait(", "epoll_pwait2("]),
        CALLS + 1,
        "polls"
    );
    assert_eq!(
        count(&["recvfrom(", "recvmsg(", "read(", "readv("]),
        CALLS,
        "reads"
    );
    assert_eq!(
        count(&["sendto(", "sendmsg(", "write(", "writev("]),
        CALLS,
        "writes"
    );
}
