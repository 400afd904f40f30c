//! A server without descriptors: run in a child process, whose limit is low.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use oneloop::CommandService;

mod support;
use support::{Client, PATIENCE, serve_as_child};

const CHILD: &str = "ONELOOP_DESCRIPTORS_CHILD";
const DESCRIPTORS: usize = 64;

/// What the child does.
fn serve() {
    let mut service = CommandService::<()>::new();
    service.on(1, |call| call.reply(call.body())).expect("free");
    service
        .on(2, |call| call.counters().turns.to_string())
        .expect("free");
    serve_as_child(service);
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start() -> (Server, SocketAddr) {
    let this = std::env::current_exe().expect("a test runs from a file");
    let script = format!("ulimit -n {DESCRIPTORS} && exec \"$0\" --exact {NAME} --nocapture");
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .arg(this)
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let server = Server(child);
    let address = output.lines().find_map(|line| {
        // The test runner writes its own words before ours.
        line.ok()?
            .split_once("listening on ")
            .map(|(_, address)| address.parse().expect("an address"))
    });
    (server, address.expect("the child listens"))
}

const NAME: &str = "without_descriptors_nobody_is_stranded_and_service_recovers";

#[test]
fn without_descriptors_nobody_is_stranded_and_service_recovers() {
    if std::env::var_os(CHILD).is_some() {
        return serve();
    }
    let (_server, address) = start();
    let dial = || Client::new(TcpStream::connect_timeout(&address, PATIENCE).expect("it listens"));
    let mut clients: Vec<Client> = (0..4 * DESCRIPTORS).map(|_| dial()).collect();
    // Each is served or told: none waits for ever.
    let mut served = Vec::new();
    for mut client in clients.drain(..) {
        client
            .stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        let sent = std::io::Write::write_all(&mut client.stream, &support::frame(1, b"here"));
        match support::read_frame(&mut client.stream) {
            Ok(_) => served.push(client),
            Err(error) => {
                assert_ne!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock,
                    "a client was stranded"
                );
                drop(sent);
            }
        }
    }
    assert!(
        served.len() > DESCRIPTORS / 2 && served.len() < DESCRIPTORS,
        "{}",
        served.len()
    );
    // Those who are in are served as before, and the loop does not spin: it turns for their calls, and now and then to try again.
    let turns = |client: &mut Client| -> u64 {
        String::from_utf8(client.call(2, b""))
            .expect("text")
            .parse()
            .expect("a number")
    };
    let waiting = dial();
    let (before, began) = (turns(&mut served[0]), Instant::now());
    let mut pings = 0;
    while began.elapsed() < Duration::from_millis(300) {
        assert_eq!(served[0].call(1, b"ping"), b"ping");
        pings += 1;
        // Time for a loop that spins to do so.
        std::thread::yield_now();
    }
    let turned = turns(&mut served[0]) - before;
    assert!(
        turned <= 3 * pings + 100,
        "{turned} turns for {pings} calls"
    );
    drop(waiting);
    // Half leave: those who come now are let in.
    let keep = served.len() / 2;
    served.truncate(keep);
    let mut late = 0;
    let began = Instant::now();
    while late < 10 {
        let mut client = dial();
        let _ = std::io::Write::write_all(&mut client.stream, &support::frame(1, b"here"));
        if support::read_frame(&mut client.stream).is_ok() {
            late += 1;
            served.push(client);
        }
        assert!(began.elapsed() < PATIENCE, "it does not recover");
    }
    for client in &mut served {
        assert_eq!(client.call(1, b"still here"), b"still here");
    }
}
