//! Whatever befalls a collector: what it has answered OK is in its files, and in the order of each client.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use oneloop::sim::{Crash, DiskFaults, NodeFaults};

use crate::house::{Client, House, answers};
use crate::site::texts;

/// A client that sends each of its batches until it is OK, as all of scribe's do.
struct Sender {
    name: String,
    link: Client,
    bytes: Vec<u8>,
    /// The batch that is under way, by its number.
    number: u64,
    is_waiting: bool,
    patience: u64,
}

impl Sender {
    fn new(house: &mut House, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            link: house.client(name),
            bytes: Vec::new(),
            number: 0,
            is_waiting: false,
            patience: 0,
        }
    }

    fn step(&mut self, house: &mut House) {
        if !self.link.0.is_open() {
            self.patience += 1;
            // The collector is not there, or is so slowly: it dials again.
            if self.link.0.end().is_some() || self.patience > 20 {
                self.patience = 0;
                self.link = house.client(&self.name);
                self.is_waiting = false;
                self.bytes.clear();
            }
            return;
        }
        self.bytes.extend(self.link.0.take_received());
        if self.is_waiting {
            let Some(is_ok) = answers(&self.bytes).first().copied() else {
                self.patience += 1;
                if self.patience > 200 {
                    // A machine that is gone tells nobody.
                    self.link.0.reset();
                }
                return;
            };
            (self.is_waiting, self.patience) = (false, 0);
            self.bytes.clear();
            self.number += u64::from(is_ok);
        }
        if self.number < BATCHES {
            let batch = batch(&self.name, self.number);
            let batch: Vec<(&str, &str)> = batch.iter().map(|(it, text)| (*it, &**text)).collect();
            self.link.begin(&batch);
            self.is_waiting = true;
        }
    }
}

/// Messages of a batch: of some categories.
fn batch(client: &str, number: u64) -> Vec<(&'static str, String)> {
    let message = |index| {
        let category = CATEGORIES[(number + index) as usize % CATEGORIES.len()];
        (category, format!("{client} {number} {index}"))
    };
    (0..number % 4 + 1).map(message).collect()
}

fn run(seed: u64) {
    let plans = [
        "[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\nadd_newlines = true\n",
        "store_per_category = false\n[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\nadd_newlines = true\n",
        "queue_bytes_max = '60B'\nmessages_per_second_max = 40\n[[store]]\ncategories = ['web']\ntype = 'file'\nlink = false\nadd_newlines = true\n[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\nadd_newlines = true\n",
        "nonsense",
    ];
    let mut house = House::new(seed, plans[seed as usize % 3]);
    let mut senders: Vec<Sender> = (0..3)
        .map(|it| Sender::new(&mut house, &format!("c{it}")))
        .collect();
    let node = house.node.clone();
    for round in 0..4000 {
        let is_over = senders.iter().all(|it| it.number == BATCHES);
        if is_over {
            break;
        }
        assert!(round < 3999, "seed {seed}: it never ends");
        let is_rough = round < 300;
        if is_rough && house.world.random().between(0..=9) == 0 {
            let share = |house: &mut House| {
                [0.0, 0.0, 0.2, 0.6][house.world.random().between(0..=3) as usize]
            };
            let faults = DiskFaults {
                append: share(&mut house),
                sync: share(&mut house),
                change: share(&mut house),
                ..DiskFaults::none()
            };
            house.disk.set_faults(faults);
            let job = Duration::from_millis(house.world.random().between(0..=200));
            house.world.set_node_faults(NodeFaults {
                job: Duration::ZERO..=job,
                ..NodeFaults::none()
            });
        }
        if round == 300 {
            house.disk.set_faults(DiskFaults::none());
            house.world.set_node_faults(NodeFaults::none());
        }
        match house.world.random().between(0..=99) {
            _ if !is_rough => {}
            0..=3 if house.world.is_up(&node) => {
                let plan = house.world.random().between(0..=3) as usize;
                house.write(plans[plan]);
                house.reload();
            }
            4 if house.world.is_up(&node) => house.world.crash(&node, Crash::Process),
            5 => {
                if house.world.is_up(&node) {
                    house.world.crash(&node, Crash::Silent);
                }
                house.disk.cut_power();
            }
            6 if house.world.is_up(&node) => house.world.signal(&node),
            7 if house.world.is_up(&node) => {
                house
                    .world
                    .with(&node, oneloop_demos::scribe::collector::Collector::stop);
            }
            _ => {}
        }
        if !house.world.is_up(&node) && (!is_rough || house.world.random().between(0..=4) == 0) {
            // A process begins with what is valid.
            let plan = house.world.random().between(0..=2) as usize;
            house.write(plans[plan]);
            house.world.restart(&node).expect("it starts");
        }
        for sender in &mut senders {
            sender.step(&mut house);
        }
        let span = Duration::from_millis(house.world.random().between(1..=100));
        house.world.run_for(span);
    }
    house.disk.cut_power();
    check(seed, &house, &senders);
}

/// Each message is there, and in each of the stores those of one client come for the first time in their order.
fn check(seed: u64, house: &House, senders: &[Sender]) {
    let files = texts(&house.disk);
    let mut found: BTreeSet<&str> = BTreeSet::new();
    // By the store's files and the client: the last message that came for the first time.
    let mut last: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for (name, text) in &files {
        let (stem, _) = name.rsplit_once('_').expect("ours");
        for line in text.lines().map(|line| line.trim_start_matches('\0')) {
            found.insert(line);
            let mut words = line.split(' ');
            let client = words.next().unwrap_or_default();
            let mut number = || words.next().and_then(|it| it.parse::<u64>().ok());
            let (Some(batch), Some(index)) = (number(), number()) else {
                // What a crash has torn, and nobody was told of.
                continue;
            };
            let before = last.entry((stem, client)).or_default();
            if (batch, index) > *before {
                *before = (batch, index);
            }
            // What comes again is of the batch that was not answered OK: none before it.
            assert!(
                batch >= before.0,
                "seed {seed}: {line:?} overtook: {files:#?}"
            );
        }
    }
    for sender in senders {
        for number in 0..BATCHES {
            for (_, text) in batch(&sender.name, number) {
                assert!(
                    found.contains(&*text),
                    "seed {seed}: {text:?} was OK, and is not in {files:#?}"
                );
            }
        }
    }
}

/// Whatever befalls it: a failure says its seed. `ONELOOP_SIM_SEED=17` runs that one, `ONELOOP_SIM_SEEDS=100000` so many.
#[test]
fn what_was_ok_is_there_whatever_befalls_the_collector() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let count = number("ONELOOP_SIM_SEEDS").unwrap_or(SEEDS);
    let seeds = match number("ONELOOP_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..count,
    };
    for seed in seeds {
        run(seed);
    }
}

const SEEDS: u64 = 60;
const BATCHES: u64 = 25;
const CATEGORIES: [&str; 3] = ["web", "mail", "web"];
