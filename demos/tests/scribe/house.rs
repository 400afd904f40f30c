//! A collector in the simulator, and clients that it knows nothing of.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oneloop::fb303::{FacebookService, FbStatus};
use oneloop::sim::{Disk, Node, Peer, World};
use oneloop::thrift::Answer;
use oneloop_demos::scribe::collector::{Collector, Source};
use oneloop_demos::scribe::config::load::{Format, parse};
use oneloop_demos::scribe::store::place::{Place, Yard};

use crate::site::word;

/// A collector with a disk, and its configuration.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) node: Node<Collector>,
    pub(crate) disk: Disk,
    text: Arc<Mutex<String>>,
}

/// How long anything may take in virtual time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

impl House {
    /// One that is configured by this text, in TOML.
    pub(crate) fn new(seed: u64, text: &str) -> Self {
        Self::with_categories(seed, text, 1000)
    }

    pub(crate) fn with_categories(seed: u64, text: &str, categories_max: usize) -> Self {
        let mut world = World::new(seed);
        let disk = Disk::new(seed);
        let text = Arc::new(Mutex::new(text.to_owned()));
        let node = begin(&mut world, "collector", &disk, &text, categories_max);
        Self {
            world,
            node,
            disk,
            text,
        }
    }

    /// Another collector in the same world: its disk.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> Disk {
        let disk = Disk::new(self.world.seed());
        let text = Arc::new(Mutex::new(text.to_owned()));
        begin(&mut self.world, name, &disk, &text, 1000);
        disk
    }

    /// From the next time on that it is read, the configuration is this.
    pub(crate) fn write(&self, text: &str) {
        text.clone_into(&mut self.text.lock().expect("no panic"));
    }

    pub(crate) fn client(&mut self, name: &str) -> Client {
        Client(self.world.peer(name, "collector:1463"))
    }

    /// Logs, and waits for the answer: whether it is OK.
    pub(crate) fn log(&mut self, client: &Client, messages: &[(&str, &str)]) -> bool {
        client.begin(messages);
        self.answers(client, 1) == [true]
    }

    /// Waits for so many answers: which of them are OK.
    pub(crate) fn answers(&mut self, client: &Client, count: usize) -> Vec<bool> {
        let mut bytes = Vec::new();
        let is_enough = |_: &mut World| {
            bytes.extend(client.0.take_received());
            answers(&bytes).len() >= count
        };
        self.world.run_until(is_enough, PATIENCE);
        answers(&bytes)
    }

    pub(crate) fn counters(&mut self) -> BTreeMap<String, i64> {
        self.world.with(&self.node, |cx| {
            value(<Collector as FacebookService>::get_counters(cx))
        })
    }

    pub(crate) fn count(&mut self, name: &str) -> i64 {
        self.counters().get(name).copied().unwrap_or_default()
    }

    /// How it says that it is, and why.
    pub(crate) fn status(&mut self) -> (FbStatus, String) {
        self.world.with(&self.node, |cx| {
            let status = value(<Collector as FacebookService>::get_status(cx));
            (
                status,
                value(<Collector as FacebookService>::get_status_details(cx)),
            )
        })
    }

    pub(crate) fn reload(&mut self) {
        self.world.with(&self.node, Collector::reload);
    }
}

fn value<T>(answer: Answer<T>) -> T {
    match answer {
        Answer::Value(value) => value,
        other => panic!("at once: {:?}", std::mem::discriminant(&other)),
    }
}

/// A node that collects.
fn begin(
    world: &mut World,
    name: &str,
    disk: &Disk,
    text: &Arc<Mutex<String>>,
    categories_max: usize,
) -> Node<Collector> {
    let (text, disk) = (Arc::clone(text), disk.clone());
    let make = move || {
        let text = Arc::clone(&text);
        let source: Source = Arc::new(move || {
            let text = text.lock().expect("no panic").clone();
            parse(&text, Path::new("scribe.toml"), Format::Toml)
        });
        let settings = source().expect("valid at the start").settings;
        let place = Place {
            disk: Arc::new(disk.clone()),
            dir: "/log".into(),
            host: word("ann"),
            queue_bytes_max: settings.queue_bytes_max,
            yard: Yard::default(),
        };
        Collector::with_categories_max(settings, place, Some(source), categories_max)
    };
    let address = format!("{name}:1463");
    let node = world.node(name, make, move |cx| Collector::start(cx, &address));
    node.expect("it starts")
}

/// A client that writes its frames itself.
pub(crate) struct Client(pub(crate) Peer);

impl Client {
    /// Sends a batch.
    pub(crate) fn begin(&self, messages: &[(&str, &str)]) {
        let messages: Vec<(&[u8], &[u8])> = messages
            .iter()
            .map(|(category, text)| (category.as_bytes(), text.as_bytes()))
            .collect();
        self.0.send(&log_frame(&messages));
    }

    /// Sends a call without arguments: oneway ones are never answered.
    pub(crate) fn order(&self, name: &str) {
        let oneway = 4;
        self.0.send(&frame(oneway, name, &[0]));
    }
}

/// A call of `Log`.
pub(crate) fn log_frame(messages: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut arguments = b"\x0f\x00\x01\x0c".to_vec();
    arguments.extend(length(messages.len()));
    for (category, text) in messages {
        for (head, bytes) in [(b"\x0b\x00\x01", category), (b"\x0b\x00\x02", text)] {
            arguments.extend(head);
            arguments.extend(length(bytes.len()));
            arguments.extend(*bytes);
        }
        arguments.push(0);
    }
    arguments.push(0);
    let call = 1;
    frame(call, "Log", &arguments)
}

fn frame(kind: u8, name: &str, arguments: &[u8]) -> Vec<u8> {
    let mut message = vec![0x80, 1, 0, kind];
    message.extend(length(name.len()));
    message.extend(name.as_bytes());
    message.extend([0; 4]);
    message.extend(arguments);
    let mut frame = length(message.len()).to_vec();
    frame.extend(message);
    frame
}

fn length(count: usize) -> [u8; 4] {
    u32::try_from(count).expect("short").to_be_bytes()
}

/// Answers to calls of `Log`, as far as they are whole: whether each is OK.
pub(crate) fn answers(mut bytes: &[u8]) -> Vec<bool> {
    let mut found = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*head) as usize;
        let Some((frame, rest)) = rest.split_at_checked(length) else {
            break;
        };
        // A reply, of which the result is OK or TRY_LATER.
        let (start, result) = frame.split_at(frame.len() - 8);
        assert!(start.starts_with(&[0x80, 1, 0, 2]), "{frame:?}");
        found.push(match result {
            [8, 0, 0, 0, 0, 0, 0, 0] => true,
            [8, 0, 0, 0, 0, 0, 1, 0] => false,
            other => panic!("{other:?}"),
        });
        bytes = rest;
    }
    found
}
