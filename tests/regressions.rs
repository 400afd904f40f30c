//! One test on real sockets for each fault that was found, named for what holds now.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::time::{Duration, Instant};

use oneloop::{CommandService, Counters, DataPack, Limits, LinkId, Reactor};

mod support;
use support::{PATIENCE, frame};

/// Turns the loop until the counters are as the test wishes.
fn turn_until<S>(reactor: &mut Reactor<S>, wish: impl Fn(&Counters) -> bool) {
    let began = Instant::now();
    while !wish(&reactor.counters()) {
        assert!(began.elapsed() < PATIENCE, "{}", reactor.counters());
        reactor.turn(Some(Duration::from_millis(5))).expect("polls");
    }
}

#[test]
fn the_address_of_a_stale_link_is_not_that_of_its_heir() {
    let mut reactor = Reactor::new(Vec::<LinkId>::new()).expect("a poll");
    let mut service = CommandService::new();
    service.on_opened(|cx: &mut oneloop::Context<'_, Vec<LinkId>>, link| cx.state.push(link));
    let id = reactor
        .listen("127.0.0.1:0", DataPack::default(), service)
        .expect("listens");
    let oneloop::Address::Ip(address) = reactor.listener_address(id).expect("known") else {
        panic!()
    };
    let first = TcpStream::connect(address).expect("up");
    turn_until(&mut reactor, |counters| counters.accepted == 1);
    drop(first);
    turn_until(&mut reactor, |counters| counters.closed() == 1);
    let _heir = TcpStream::connect(address).expect("up");
    turn_until(&mut reactor, |counters| counters.accepted == 2);
    let stale = reactor.state()[0];
    let found = reactor
        .start(|cx| Ok(cx.peer_address(stale)))
        .expect("runs");
    assert!(found.is_none(), "a stale name finds {found:?}");
}

#[test]
fn listening_at_a_path_does_not_remove_a_file_that_is_no_socket() {
    let path = std::env::temp_dir().join(format!("oneloop-precious-{}", std::process::id()));
    std::fs::write(&path, b"precious").expect("writes");
    let mut reactor = Reactor::new(()).expect("a poll");
    let outcome = reactor.listen(
        oneloop::Address::from(path.as_path()),
        DataPack::default(),
        CommandService::new(),
    );
    let left = std::fs::read(&path);
    drop(reactor);
    let _ = std::fs::remove_file(&path);
    assert!(outcome.is_err(), "it listens where a file was");
    assert_eq!(left.expect("still there"), b"precious");
}

#[test]
fn a_worker_queue_without_bound_is_no_overflow() {
    let limits = Limits {
        worker_queue_max: usize::MAX,
        ..Limits::default()
    };
    let mut reactor = Reactor::with_limits((), limits).expect("they make sense");
    reactor
        .start(|cx| {
            drop(cx.blocking(|| 1));
            Ok(())
        })
        .expect("no panic");
}

#[test]
fn what_lies_behind_urgent_data_is_read() {
    let mut reactor = Reactor::new(()).expect("a poll");
    let mut service = CommandService::new();
    service.on(1, |call| call.reply(call.body())).expect("free");
    let id = reactor
        .listen("127.0.0.1:0", DataPack::default(), service)
        .expect("listens");
    let oneloop::Address::Ip(address) = reactor.listener_address(id).expect("known") else {
        panic!()
    };
    let mut client = TcpStream::connect(address).expect("up");
    client.set_nodelay(true).expect("sets");
    let call = frame(1, b"four");
    client.write_all(&call[..10]).expect("sends");
    socket2::SockRef::from(&client)
        .send_out_of_band(b"!")
        .expect("sends");
    client.write_all(&call[10..]).expect("sends");
    client.set_nonblocking(true).expect("sets");
    let (began, mut got) = (Instant::now(), Vec::new());
    while got.len() < call.len() {
        reactor.turn(Some(Duration::from_millis(5))).expect("polls");
        let mut chunk = [0; 64];
        if let Ok(count) = client.read(&mut chunk) {
            got.extend_from_slice(&chunk[..count]);
        }
        assert!(
            began.elapsed() < PATIENCE,
            "the rest lies in the kernel, and nobody reads it"
        );
    }
    assert_eq!(got, call);
}

#[test]
fn an_address_in_use_by_a_blocked_listener_does_not_hang_the_start() {
    // A live unix listener whose backlog is full: connect() to find out whether it is stale blocks the loop.
    use std::os::unix::net::UnixListener;
    let path = std::env::temp_dir().join(format!("oneloop-full-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).expect("binds");
    socket2::SockRef::from(&listener)
        .listen(0)
        .expect("a backlog of none");
    let address = socket2::SockAddr::unix(&path).expect("a path");
    let mut held = Vec::new();
    loop {
        let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None)
            .expect("a socket");
        socket.set_nonblocking(true).expect("sets");
        match socket.connect(&address) {
            Ok(()) => held.push(socket),
            Err(error) => {
                assert_eq!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock,
                    "the backlog is full"
                );
                break;
            }
        }
        assert!(held.len() < 1000, "the backlog is never full");
    }
    let (told, tells) = std::sync::mpsc::channel();
    let at = path.clone();
    std::thread::spawn(move || {
        let mut reactor = Reactor::new(()).expect("a poll");
        let outcome = reactor.listen(
            oneloop::Address::from(at.as_path()),
            DataPack::default(),
            CommandService::new(),
        );
        let _ = told.send(outcome.is_err());
    });
    let outcome = tells.recv_timeout(PATIENCE);
    let _ = std::fs::remove_file(&path);
    drop(listener);
    assert_eq!(outcome, Ok(true), "listen() hangs");
}

#[test]
fn a_hook_that_dials_again_leaves_the_loop_alive() {
    // The way a client keeps its link up: on_closed dials again. A unix path where nobody listens fails at once.
    fn dial(cx: &mut oneloop::Context<'_, u64>) {
        let mut service = CommandService::new();
        service.on_closed(|cx: &mut oneloop::Context<'_, u64>, _, _| {
            *cx.state += 1;
            if *cx.state < 20_000 {
                dial(cx)
            }
        });
        let _ = cx.connect(
            "unix:/nonexistent/oneloop.sock",
            DataPack::default(),
            service,
        );
    }
    let mut reactor = Reactor::new(0_u64).expect("a poll");
    reactor
        .start(|cx| {
            dial(cx);
            Ok(())
        })
        .expect("runs");
    reactor.turn(Some(Duration::ZERO)).expect("polls");
    assert!(
        *reactor.state() < 100,
        "{} redials in one turn",
        reactor.state()
    );
    let _unused: (Option<TcpListener>, Rc<RefCell<()>>) = (None, Rc::default());
}
