//! Clients that log numbered lines, and send again whatever was not answered OK.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use oneloop::thrift::BlockingCaller;
use oneloop_demos::scribe::interface::{LogEntry, ResultCode, ScribeBlocking};

use crate::daemon::PATIENCE;

/// What the clients log to.
pub(crate) const CATEGORIES: [&str; 3] = ["web", "mail", "audit"];

/// A draw that is as good as any, and the same for each seed.
#[derive(Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(2).wrapping_add(1));
        for _ in 0..16 {
            dice.draw(2);
        }
        dice
    }

    pub(crate) fn draw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// How the clients' lines end: by the collector (`add_newlines`), or by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    Collector,
    Client,
}

/// How large batches are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// From one line to a thousand, and lines of up to some thousand bytes.
    Mixed,
    /// A few short lines.
    Small,
}

/// The line of a client with this number of its own in this category, without its end.
fn line(client: u64, category: usize, number: u64, sizes: Sizes) -> String {
    let mut dice = Dice::new(client * 1_000_003 + category as u64 * 7919 + number * 31);
    let padding = match (dice.draw(50), sizes) {
        (0, Sizes::Mixed) => dice.draw(5000),
        _ => dice.draw(60),
    };
    let letter = char::from(b'a' + (number % 26) as u8);
    let name = CATEGORIES[category];
    let padding: String = (0..padding).map(|_| letter).collect();
    format!("{client} {name} {number} {padding}.")
}

/// How things stand: what was answered to all clients together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Batches that were answered OK.
    pub(crate) answered: u64,
    /// Batches that were answered TRY_LATER.
    pub(crate) refused: u64,
    /// Batches of which nobody knows: the link was lost.
    pub(crate) unknown: u64,
    /// Lines that were answered OK.
    pub(crate) lines: u64,
    is_over: bool,
    is_given_up: bool,
}

#[derive(Default)]
struct Shared {
    tally: Mutex<Tally>,
    changed: Condvar,
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        // A client that has panicked has not changed half of it.
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change, at most so long.
    fn wait<'a>(&self, tally: MutexGuard<'a, Tally>, span: Duration) -> MutexGuard<'a, Tally> {
        let waited = self.changed.wait_timeout(tally, span);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn change(&self, change: impl FnOnce(&mut Tally)) {
        change(&mut self.tally());
        self.changed.notify_all();
    }

    /// A little while, or less if it is over.
    fn pause(&self) {
        let tally = self.tally();
        if !tally.is_over {
            drop(self.wait(tally, PAUSE));
        }
    }
}

/// Lines that were answered OK: so many of each client and category, from 0 on.
pub(crate) type Ledger = BTreeMap<(u64, usize), u64>;

/// Clients, each on a thread.
pub(crate) struct Crowd {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<Ledger>>,
}

impl Crowd {
    pub(crate) fn begin(
        count: u64,
        address: SocketAddr,
        ends: Ends,
        sizes: Sizes,
        seed: u64,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let clients = (0..count).map(|number| {
            let client = Client {
                number,
                address,
                ends,
                sizes,
                dice: Dice::new(seed.wrapping_add(number)),
                shared: Arc::clone(&shared),
                kept: Ledger::new(),
            };
            thread::spawn(move || client.log())
        });
        Self {
            clients: clients.collect(),
            shared,
        }
    }

    pub(crate) fn tally(&self) -> Tally {
        *self.shared.tally()
    }

    /// Waits until so many more batches were answered OK.
    #[track_caller]
    pub(crate) fn until_answered(&self, more: u64) {
        self.until("answers", |tally| tally.answered, more);
    }

    /// Waits until so many more batches were answered TRY_LATER.
    #[track_caller]
    pub(crate) fn until_refused(&self, more: u64) {
        self.until("refusals", |tally| tally.refused, more);
    }

    #[track_caller]
    fn until(&self, what: &str, count: impl Fn(&Tally) -> u64, more: u64) {
        let (began, mut tally) = (Instant::now(), self.shared.tally());
        let due = count(&tally) + more;
        while count(&tally) < due {
            let (left, now) = (PATIENCE.saturating_sub(began.elapsed()), *tally);
            if left.is_zero() {
                drop(tally);
                panic!("{what} do not come: {now:?}");
            }
            tally = self.shared.wait(tally, left);
        }
    }

    /// Waits for so long, whatever happens.
    pub(crate) fn wait(&self, span: Duration) {
        let began = Instant::now();
        let mut tally = self.shared.tally();
        while let Some(left) = span.checked_sub(began.elapsed()) {
            tally = self.shared.wait(tally, left);
        }
    }

    /// Each client ends when its last batch was answered OK.
    pub(crate) fn finish(mut self) -> (Ledger, Tally) {
        self.shared.change(|tally| tally.is_over = true);
        let clients = std::mem::take(&mut self.clients);
        let ledgers = clients
            .into_iter()
            .map(|client| client.join().expect("it is answered"));
        let ledger = ledgers.flatten().collect();
        (ledger, self.tally())
    }

    /// Looks for all that was answered OK in a folder that has one for each category: how many lines are there once more.
    #[track_caller]
    pub(crate) fn check(folder: &Path, ledger: &Ledger, sizes: Sizes) -> u64 {
        let mut twice = 0;
        for (category, name) in CATEGORIES.iter().enumerate() {
            let mut next: BTreeMap<u64, u64> = BTreeMap::new();
            for text in lines(&folder.join(name)) {
                let Some((client, number)) = read(&text, category, sizes) else {
                    panic!("nobody wrote {text:?} to {name}");
                };
                let due = next.entry(client).or_default();
                assert!(
                    number <= *due,
                    "client {client}'s line {number} of {name} comes before {due}"
                );
                match number == *due {
                    true => *due += 1,
                    false => twice += 1,
                }
            }
            for ((client, _), kept) in ledger.iter().filter(|((_, it), _)| *it == category) {
                let found = next.get(client).copied().unwrap_or_default();
                assert!(
                    found >= *kept,
                    "client {client} was told that {kept} lines of {name} are kept: there are {found}"
                );
            }
        }
        twice
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // A test has failed: they do not wait for an answer.
        self.shared.change(|tally| {
            tally.is_over = true;
            tally.is_given_up = !self.clients.is_empty();
        });
        for client in self.clients.drain(..) {
            _ = client.join();
        }
    }
}

/// All lines of the files of a folder, the oldest first. What has no end was answered by nobody.
fn lines(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        // What is in there was cut off elsewhere.
        .filter(|path| !path.to_string_lossy().ends_with("_torn"))
        .collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let bytes = fs::read(&file).expect("it is there");
        let text = String::from_utf8(bytes).expect("ours");
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        found.extend(text[..whole].lines().map(str::to_owned));
    }
    found
}

/// Whose line it is, and which.
fn read(text: &str, category: usize, sizes: Sizes) -> Option<(u64, u64)> {
    let mut words = text.splitn(4, ' ');
    let client = words.next()?.parse().ok()?;
    let number = words.nth(1)?.parse().ok()?;
    (text == line(client, category, number, sizes)).then_some((client, number))
}

struct Client {
    number: u64,
    address: SocketAddr,
    ends: Ends,
    sizes: Sizes,
    dice: Dice,
    shared: Arc<Shared>,
    kept: Ledger,
}

impl Client {
    fn log(mut self) -> Ledger {
        let mut link = None;
        while !self.shared.tally().is_over {
            let (batch, kept) = self.batch();
            if !self.send(&mut link, &batch) {
                break;
            }
            self.kept = kept;
            self.shared.change(|tally| {
                tally.answered += 1;
                tally.lines += batch.len() as u64;
            });
        }
        self.kept
    }

    /// Sends a batch until it is answered OK; whether it was.
    fn send(&self, link: &mut Option<ScribeBlocking>, batch: &[LogEntry]) -> bool {
        loop {
            if self.shared.tally().is_given_up {
                return false;
            }
            if link.as_ref().is_none_or(|link| link.caller.is_spent()) {
                *link = BlockingCaller::connect(self.address)
                    .map(ScribeBlocking::new)
                    .ok();
            }
            let Some(link) = link else {
                self.shared.pause();
                continue;
            };
            match link.log(batch.to_vec()) {
                Ok(ResultCode::OK) => return true,
                Ok(ResultCode::TRY_LATER) => self.shared.change(|tally| tally.refused += 1),
                Ok(other) => panic!("{other:?} is no answer"),
                Err(_) => self.shared.change(|tally| tally.unknown += 1),
            }
            self.shared.pause();
        }
    }

    /// The next lines, and the ledger as it is when they are answered OK.
    fn batch(&mut self) -> (Vec<LogEntry>, Ledger) {
        let mut kept = self.kept.clone();
        let count = match (self.dice.draw(20), self.sizes) {
            (0, Sizes::Mixed) => self.dice.draw(1000),
            (1..8, Sizes::Mixed) => self.dice.draw(100),
            _ => self.dice.draw(5),
        };
        let entry = |_| {
            let category = self.dice.draw(CATEGORIES.len() as u64) as usize;
            let number = kept.entry((self.number, category)).or_default();
            let mut text = line(self.number, category, *number, self.sizes);
            *number += 1;
            if self.ends == Ends::Client {
                text.push('\n');
            }
            LogEntry {
                category: CATEGORIES[category].into(),
                message: text.into(),
            }
        };
        ((0..=count).map(entry).collect(), kept)
    }
}

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(2);
