//! The reactor on real sockets: what it listens at, whom it dials, what it runs.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use oneloop::{
    Address, CommandService, Connect, Context, DataPack, Error, Limits, LinkLimits, Listen,
    Reactor, ReasonKind, SocketOptions,
};

mod support;
use support::{Client, PATIENCE, Server, frame, read_frame};

fn echo<S>() -> CommandService<S> {
    let mut service = CommandService::new();
    service.on(1, |call| call.reply(call.body())).expect("free");
    service
}

fn echo_server(listen: impl Into<Listen> + Send + 'static) -> Server<()> {
    Server::start((), Limits::default(), |cx| {
        cx.listen(listen, DataPack::default(), echo())
    })
}

#[test]
fn it_listens_on_ipv4_and_says_which_port_it_became() {
    let server = echo_server("127.0.0.1:0");
    assert_ne!(server.ip().port(), 0);
    assert_eq!(server.dial().call(1, b"four"), b"four");
}

#[test]
fn it_listens_on_ipv6() {
    if TcpListener::bind("[::1]:0").is_err() {
        eprintln!("ignored: this machine has no IPv6");
        return;
    }
    let server = echo_server("[::1]:0");
    assert!(server.ip().is_ipv6());
    assert_eq!(server.dial().call(1, b"six"), b"six");
}

#[test]
fn it_listens_by_name() {
    let server = echo_server("localhost:0");
    assert_eq!(server.dial().call(1, b"name"), b"name");
}

fn socket_path(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("oneloop-{name}-{}.sock", std::process::id()))
}

fn unix_call(path: &std::path::Path) -> Vec<u8> {
    let mut client = UnixStream::connect(path).expect("it listens");
    client
        .set_read_timeout(Some(PATIENCE))
        .expect("a time limit");
    client.write_all(&frame(1, b"unix")).expect("it reads");
    read_frame(&mut client).expect("a reply").1
}

#[test]
fn it_listens_on_a_unix_socket_and_removes_its_file() {
    let path = socket_path("plain");
    let server = echo_server(Address::Unix(path.clone()));
    assert_eq!(unix_call(&path), b"unix");
    server.stop();
    assert!(!path.exists());
}

#[test]
fn the_unix_socket_of_a_killed_process_is_taken_over_and_that_of_a_living_one_is_not() {
    let path = socket_path("stale");
    drop(UnixListener::bind(&path).expect("a free path"));
    assert!(path.exists(), "as a killed process leaves it");
    let server = echo_server(Address::Unix(path.clone()));
    assert_eq!(unix_call(&path), b"unix");
    let mut second = Reactor::new(()).expect("a reactor");
    let error = second
        .listen(Address::Unix(path.clone()), DataPack::default(), echo())
        .expect_err("it is taken");
    assert!(error.to_string().contains("in use"), "{error}");
    assert_eq!(unix_call(&path), b"unix", "and the living one lives on");
    server.stop();
}

#[test]
fn it_takes_over_a_bound_std_listener() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let server = echo_server(listener);
    assert_eq!(server.ip(), address);
    assert_eq!(server.dial().call(1, b"std"), b"std");
    let path = socket_path("bound");
    let server = echo_server(UnixListener::bind(&path).expect("a free path"));
    assert_eq!(unix_call(&path), b"unix");
    server.stop();
    std::fs::remove_file(&path).expect("not ours to remove, so it is there");
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let server = echo_server("127.0.0.1:0");
    let mut second = Reactor::new(()).expect("a reactor");
    let error = second
        .listen(server.ip(), DataPack::default(), echo())
        .expect_err("it is taken");
    assert!(matches!(error, Error::Io(_)));
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot listen on {}: ", server.ip())),
        "{error}"
    );
}

#[test]
fn two_reactors_share_a_port_by_reuse_port() {
    let listen = || Listen::new("127.0.0.1:0").reuse_port(true);
    let first = Server::start((), Limits::default(), move |cx| {
        cx.listen(listen(), DataPack::default(), echo())
    });
    let address = first.ip();
    let again = move || Listen::new(address).reuse_port(true);
    let second = Server::start((), Limits::default(), move |cx| {
        cx.listen(again(), DataPack::default(), echo())
    });
    for _ in 0..50 {
        assert_eq!(first.dial().call(1, b"either"), b"either");
    }
    let (first, second) = (first.counters().accepted, second.counters().accepted);
    assert_eq!(first + second, 50);
    assert!(
        first > 0 && second > 0,
        "the kernel deals them out: {first} and {second}"
    );
}

#[test]
fn a_listener_with_options_of_its_own_serves() {
    let options = SocketOptions {
        keepalive: Some(Duration::from_secs(60)),
        receive_buffer_bytes: Some(32 << 10),
        send_buffer_bytes: Some(32 << 10),
        ..SocketOptions::default()
    };
    let server = echo_server(Listen::new("127.0.0.1:0").options(options).backlog(7));
    let mut client = server.dial();
    assert_eq!(client.call(1, &[7; 200_000]), [7; 200_000]);
}

#[test]
fn half_close_on_a_real_socket_still_gets_every_answer() {
    let server = echo_server("127.0.0.1:0");
    for _ in 0..200 {
        let mut client = server.dial();
        client.send(&[frame(1, b"one"), frame(1, &[7; 5000])].concat());
        client.stream.shutdown(Shutdown::Write).expect("half-close");
        assert_eq!(
            client.rest(),
            [frame(1, b"one"), frame(1, &[7; 5000])].concat()
        );
    }
    server.wait_for("every link closes", |counters| counters.links_open == 0);
    assert_eq!(server.counters().closed_by(ReasonKind::PeerClosed), 200);
}

#[test]
fn large_frames_pass_both_ways() {
    let limits = Limits {
        link: LinkLimits {
            frame_bytes_max: 8 << 20,
            frame_out_bytes_max: 8 << 20,
            outbox_bytes_max: 64 << 20,
            ..LinkLimits::default()
        },
        ..Limits::default()
    };
    let server = Server::start((), limits, |cx| {
        cx.listen("127.0.0.1:0", DataPack::default(), echo())
    });
    let body: Vec<u8> = (0..6 << 20_u32).map(|number: u32| number as u8).collect();
    let mut client = server.dial();
    let mut writer = client.stream.try_clone().expect("a clone");
    let sent = frame(1, &body);
    let writing = std::thread::spawn(move || writer.write_all(&sent).expect("it reads"));
    assert!(client.frame().1 == body);
    writing.join().expect("no panic");
}

/// A client on a loop of its own that dials, calls once and reports.
fn dial_and_report(connect: Connect) -> String {
    let mut reactor = Reactor::new(String::new()).expect("a reactor");
    let mut service = CommandService::<String>::new();
    service.on_opened(|cx, link| cx.links.send(link, 1, "hello").expect("open"));
    service
        .on(1, |call| {
            *call.state = format!("answered {}", call.text().expect("text"));
            call.stop();
        })
        .expect("free");
    service.on_closed(|cx, _, reason| {
        if cx.state.is_empty() {
            *cx.state = reason.to_string();
        }
        cx.stop();
    });
    reactor
        .connect(connect, DataPack::default(), service)
        .expect("there is room");
    reactor
        .start(|cx| {
            cx.after(PATIENCE, |cx| cx.stop_now());
            Ok(())
        })
        .expect("no panic");
    reactor.run().expect("in peace");
    reactor.state().clone()
}

#[test]
fn it_dials_by_address_by_name_and_by_path() {
    let server = echo_server("127.0.0.1:0");
    assert_eq!(dial_and_report(server.ip().into()), "answered hello");
    // The name may also stand for ::1, where nobody listens: the next address is tried.
    assert_eq!(
        dial_and_report(format!("localhost:{}", server.ip().port()).into()),
        "answered hello"
    );
    let path = socket_path("dialled");
    let _server = echo_server(Address::Unix(path.clone()));
    assert_eq!(
        dial_and_report(Address::Unix(path).into()),
        "answered hello"
    );
}

#[test]
fn a_refused_connect_is_a_reason_and_so_is_a_name_that_nobody_knows() {
    let free = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("bound");
    let said = dial_and_report(free.into());
    assert!(
        said.starts_with("could not connect: ") && said.contains("refused"),
        "{said}"
    );
    let said = dial_and_report("no-such-host.invalid:1".into());
    assert!(said.starts_with("could not connect: "), "{said}");
    let said = dial_and_report(Address::Unix("/nowhere/at/all.sock".into()).into());
    assert!(said.starts_with("could not connect: "), "{said}");
}

#[test]
fn a_connect_that_hangs_ends_at_its_deadline() {
    // A listener whose backlog is full answers no further handshake.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let mut filling = Vec::new();
    let socket = socket2::SockRef::from(&listener);
    socket.listen(0).expect("a small backlog");
    loop {
        match TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            Ok(stream) => filling.push(stream),
            Err(_) => break,
        }
        assert!(filling.len() < 1000, "the backlog is never full");
    }
    let limits = LinkLimits {
        connect_deadline: Duration::from_millis(200),
        ..LinkLimits::default()
    };
    let began = Instant::now();
    let said = dial_and_report(Connect::new(address).limits(limits));
    assert_eq!(said, "the connection was not made by its deadline");
    assert!(began.elapsed() >= Duration::from_millis(200));
}

#[test]
fn blocking_work_runs_on_threads_and_its_panic_is_an_error() {
    let server = Server::start((), Limits::default(), |cx| {
        let mut service = CommandService::<()>::new();
        service.on(1, |call| {
            call.blocking(|| std::thread::current().name().unwrap_or_default().to_owned())
        })?;
        service.on(2, |call| {
            call.blocking(|| -> String { panic!("on purpose") })
        })?;
        service.on_failure(|_, failure| oneloop::Remedy::Reply {
            command: 2,
            body: failure.error.to_string().into(),
        });
        cx.listen("127.0.0.1:0", DataPack::default(), service)
    });
    let mut client = server.dial();
    assert!(client.call(1, b"").starts_with(b"oneloop-worker-"));
    assert_eq!(client.call(2, b""), b"panicked: on purpose");
}

#[test]
fn a_full_worker_queue_refuses_at_once() {
    let limits = Limits {
        worker_threads_max: 1,
        worker_queue_max: 2,
        ..Limits::default()
    };
    let server = Server::start((), limits, |cx| {
        cx.listen("127.0.0.1:0", DataPack::default(), echo())
    });
    let (release, gate) = mpsc::channel::<()>();
    let outcomes = server.ask(move |cx| {
        let (sender, outcomes) = mpsc::channel();
        let mut gate = Some(gate);
        for number in 0..4 {
            let gate = gate.take();
            let work = cx.blocking(move || gate.map(|gate| gate.recv_timeout(PATIENCE)));
            let sender = sender.clone();
            cx.when(work, move |_, outcome| {
                sender
                    .send((number, outcome.is_ok()))
                    .expect("the test waits")
            });
        }
        outcomes
    });
    // One runs, two wait, the fourth is refused before the first is done.
    assert_eq!(outcomes.recv_timeout(PATIENCE), Ok((3, false)));
    release.send(()).expect("it waits");
    let rest: Vec<(i32, bool)> = (0..3)
        .map(|_| outcomes.recv_timeout(PATIENCE).expect("an outcome"))
        .collect();
    assert_eq!(rest, [(0, true), (1, true), (2, true)]);
}

#[test]
fn a_waker_storm_from_eight_threads_loses_nothing() {
    let server = Server::start(vec![0_u64; 8], Limits::default(), |cx| {
        cx.listen("127.0.0.1:0", DataPack::default(), echo())
    });
    let refused = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8_usize)
        .map(|index| {
            let (handle, refused) = (server.handle.clone(), Arc::clone(&refused));
            std::thread::spawn(move || {
                for number in 0..25_000_u64 {
                    let post = move |cx: &mut Context<'_, Vec<u64>>| {
                        assert_eq!(cx.state[index], number, "in the order they were posted");
                        cx.state[index] += 1;
                    };
                    while let Err(error) = handle.post(post) {
                        assert!(matches!(error, Error::Busy));
                        refused.fetch_add(1, Ordering::Relaxed);
                        std::thread::yield_now();
                    }
                }
            })
        })
        .collect();
    let mut client = server.dial();
    for _ in 0..100 {
        assert_eq!(client.call(1, b"meanwhile"), b"meanwhile");
    }
    for thread in threads {
        thread.join().expect("no panic");
    }
    assert_eq!(server.ask(|cx| cx.state.clone()), [25_000; 8]);
    let counters = server.counters();
    assert_eq!(counters.panics, 0);
    assert!(counters.posts >= 200_000);
}

#[test]
fn a_timer_close_at_hand_is_not_waited_for_in_a_spin() {
    let mut reactor = Reactor::new(()).expect("a reactor");
    reactor
        .start(|cx| {
            cx.after(Duration::from_micros(400), |cx| cx.stop());
            Ok(())
        })
        .expect("no panic");
    reactor.run().expect("in peace");
    assert!(reactor.counters().turns < 8, "{}", reactor.counters().turns);
}

#[test]
fn a_handle_stops_the_loop_and_learns_that_it_is_gone() {
    let server = echo_server("127.0.0.1:0");
    let handle = server.handle.clone();
    let mut client = server.dial();
    assert_eq!(client.call(1, b"x"), b"x");
    let counters = {
        handle.stop();
        assert_eq!(client.rest(), b"", "the idle client is let go");
        drop(client);
        server.join()
    };
    assert_eq!((counters.links_open, counters.closed()), (0, 1));
    assert!(matches!(handle.post(|_| ()), Err(Error::Stopped)));
}

#[test]
fn stop_under_load_answers_what_was_begun_and_ends_in_time() {
    let server = Server::start((), Limits::default(), |cx| {
        let mut service = echo();
        service.on(2, |call: &mut oneloop::Call<'_, ()>| {
            call.blocking(|| "later")
        })?;
        cx.listen("127.0.0.1:0", DataPack::default(), service)
    });
    let address = server.ip();
    let clients: Vec<_> = (0..20)
        .map(|_| {
            std::thread::spawn(move || {
                let mut client = Client::new(TcpStream::connect(address).expect("it listens"));
                let mut answered = 0;
                loop {
                    let calls = [frame(1, b"now"), frame(2, b"")].concat();
                    if client.stream.write_all(&calls).is_err() {
                        return answered;
                    }
                    for _ in 0..2 {
                        match read_frame(&mut client.stream) {
                            Ok(_) => answered += 1,
                            Err(_) => return answered,
                        }
                    }
                }
            })
        })
        .collect();
    server.wait_for("some load", |counters| counters.frames_in > 2000);
    let counters = server.stop();
    let answered: u64 = clients
        .into_iter()
        .map(|client| client.join().expect("no panic"))
        .sum();
    assert_eq!((counters.calls_open, counters.links_open), (0, 0));
    assert_eq!(
        counters.frames_out, counters.frames_in,
        "what was taken in was answered"
    );
    assert!(
        answered <= counters.frames_out,
        "{answered} of {}",
        counters.frames_out
    );
}

#[test]
fn a_peer_that_never_reads_is_dropped_and_others_are_not_hurt() {
    let link = LinkLimits {
        outbox_bytes_low: 10_000,
        outbox_bytes_high: 50_000,
        outbox_bytes_max: 200_000,
        ..LinkLimits::default()
    };
    let server = Server::start(
        (),
        Limits {
            link,
            ..Limits::default()
        },
        |cx| {
            let mut service = echo();
            service.on(2, |call| _ = call.links.push_all(7, vec![7; 10_000]))?;
            cx.listen("127.0.0.1:0", DataPack::default(), service)
        },
    );
    let mut victim = server.dial();
    assert_eq!(victim.call(1, b"I was here"), b"I was here");
    let mut talker = server.dial();
    // The kernel's buffers take some megabytes before the first byte waits with us.
    let mut rounds = 0;
    while server.counters().closed_by(ReasonKind::SlowReader) == 0 {
        talker.send(&frame(2, b""));
        assert_eq!(talker.frame().1.len(), 10_000);
        rounds += 1;
        assert!(rounds < 10_000, "it is never dropped");
    }
    assert_eq!(talker.call(1, b"still here"), b"still here");
    let mut rest = Vec::new();
    assert!(
        victim
            .stream
            .read_to_end(&mut rest)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
    );
}

#[test]
fn a_peer_that_resets_in_the_middle_of_a_frame_leaves_nothing_behind() {
    let server = echo_server("127.0.0.1:0");
    let whole = frame(1, b"some body");
    for cut in 0..whole.len() {
        let mut client = server.dial();
        client.send(&whole[..cut]);
        socket2::SockRef::from(&client.stream)
            .set_linger(Some(Duration::ZERO))
            .expect("an option");
    }
    let counters = server.wait_for("every link closes", |counters| {
        counters.links_open == 0 && counters.accepted == whole.len() as u64
    });
    assert_eq!(
        (
            counters.frames_in,
            counters.inbox_bytes,
            counters.timers_open
        ),
        (0, 0, 0)
    );
}

#[test]
fn an_accept_storm_of_resets_leaks_nothing() {
    let server = echo_server("127.0.0.1:0");
    let mut friend = server.dial();
    let address = server.ip();
    let storm: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(move || {
                for _ in 0..1000 {
                    let stream =
                        TcpStream::connect_timeout(&address, PATIENCE).expect("it listens");
                    socket2::SockRef::from(&stream)
                        .set_linger(Some(Duration::ZERO))
                        .expect("an option");
                }
            })
        })
        .collect();
    for _ in 0..200 {
        assert_eq!(friend.call(1, b"ping"), b"ping");
    }
    for thread in storm {
        thread.join().expect("no panic");
    }
    let counters = server.wait_for("only the friend is left", |counters| {
        counters.links_open == 1
    });
    assert_eq!(counters.accepted - counters.closed(), 1);
}
