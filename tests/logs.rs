//! What is logged, and what is not.

use std::sync::{Mutex, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};
use oneloop::{CommandService, DataPack, Limits};

mod support;
use support::{Server, frame};

static LINES: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());

struct Capture;

impl Log for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("oneloop")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            LINES
                .lock()
                .expect("no panic")
                .push((record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// Whether a line of this level has this text in it.
fn logged(level: Level, text: &str) -> bool {
    let lines = LINES.lock().expect("no panic");
    lines
        .iter()
        .any(|(known, line)| *known == level && line.contains(text))
}

#[test]
fn frames_at_trace_links_and_peers_faults_at_debug_and_what_an_operator_must_mend_at_error() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&Capture).expect("no other logger is installed");
        log::set_max_level(LevelFilter::Trace);
    });
    let server = Server::start((), Limits::default(), |cx| {
        let mut service = CommandService::<()>::new();
        service.on(4001, |call| call.reply("loud"))?;
        service.on(4002, |call| call.reply("quiet"))?;
        service.quiet(4002)?;
        service.range(4100..=4199, |call| call.reply("quiet range"))?;
        service.quiet(4100)?;
        service.heartbeat(4000)?;
        service.on(4003, |_| -> () { panic!("on purpose") })?;
        cx.listen("127.0.0.1:0", DataPack::default(), service)
    });
    let mut client = server.dial();
    for command in [4001, 4002, 4100, 4000] {
        client.call(command, b"");
    }
    client.send(&frame(4003, b""));
    assert_eq!(client.rest(), b"");
    drop(client);
    let mut liar = server.dial();
    liar.send(b"GET / HTTP/1.1\r\n");
    assert_eq!(liar.rest(), b"");
    drop(liar);
    server.wait_for("both are gone", |counters| counters.links_open == 0);
    server.stop();
    assert!(logged(Level::Trace, "command 4001, 0 bytes"));
    for command in [4002, 4100, 4000] {
        assert!(
            !logged(Level::Trace, &format!("command {command},")),
            "{command} is quiet"
        );
    }
    assert!(logged(Level::Error, "command 4003 panicked: on purpose"));
    assert!(logged(
        Level::Debug,
        "closed: a handler panicked: on purpose"
    ));
    assert!(logged(
        Level::Debug,
        "the peer broke the protocol: the frame begins with other magic bytes"
    ));
    assert!(logged(Level::Debug, "listening on 127.0.0.1:"));
}
