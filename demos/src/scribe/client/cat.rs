//! Logs what it reads, line by line, each batch answered for.

use std::fmt;
use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use oneloop::thrift::{ApplicationExceptionKind, BlockingLimits, CallError};

use crate::scribe::client::connect;
use crate::scribe::client::lines::Lines;
use crate::scribe::interface::{LogEntry, ResultCode, ScribeBlocking};

/// What is to be logged, and where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the collector is: `HOST:PORT`.
    pub address: String,
    /// The category of all lines.
    pub category: String,
    /// How long one batch is sent again and again before it is given up; `None` is for ever.
    pub give_up: Option<Duration>,
}

/// What was logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Messages that were answered OK.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The batches that they were in.
    pub batches: u64,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, batches) = (
            plural(self.messages),
            plural(self.batches).replace('s', "es"),
        );
        write!(
            f,
            "sent {} line{lines} of {} bytes in {} batch{batches}",
            self.messages, self.bytes, self.batches
        )
    }
}

/// Why not all was logged.
#[derive(Debug)]
pub enum Failure {
    /// The input cannot be read further.
    Input(io::Error),
    /// It would never go better, or it did not for too long.
    GivenUp(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "the input cannot be read: {error}"),
            Self::GivenUp(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}

/// Logs a stream to its end. What it waits for, `tell` is told of, once until it goes on.
///
/// What is sent again, after TRY_LATER or a lost link, may be kept twice.
///
/// # Errors
/// What was sent by then is in front of it.
pub fn cat(plan: &Plan, input: impl Read, tell: impl FnMut(&str)) -> Result<Sent, (Sent, Failure)> {
    let mut lines = Lines::new(input);
    let mut sent = Sent::default();
    let category = Bytes::copy_from_slice(plan.category.as_bytes());
    let mut sender = Sender {
        plan,
        tell,
        link: None,
    };
    loop {
        let batch = match lines.next_batch() {
            Ok(batch) => batch,
            Err(error) => return Err((sent, Failure::Input(error))),
        };
        if batch.is_empty() {
            return Ok(sent);
        }
        let bytes: u64 = batch.iter().map(|line| line.len() as u64).sum();
        let messages = batch.len() as u64;
        let entry = |message| LogEntry {
            category: category.clone(),
            message,
        };
        let entries: Vec<LogEntry> = batch.into_iter().map(entry).collect();
        if let Err(why) = sender.send(&entries) {
            return Err((sent, Failure::GivenUp(why)));
        }
        sent.messages += messages;
        sent.bytes += bytes;
        sent.batches += 1;
    }
}

struct Sender<'p, T> {
    plan: &'p Plan,
    tell: T,
    link: Option<ScribeBlocking>,
}

/// What came of one try.
enum Outcome {
    Kept,
    /// It may go better, for this reason.
    NotNow(String),
    /// It will not.
    Never(String),
}

impl<T: FnMut(&str)> Sender<'_, T> {
    /// Sends a batch until it is kept.
    fn send(&mut self, entries: &[LogEntry]) -> Result<(), String> {
        let began = Instant::now();
        let mut pause = PAUSE_MIN;
        let mut is_told = false;
        loop {
            let why = match self.try_once(entries) {
                Outcome::Kept if is_told => {
                    (self.tell)("it goes on");
                    return Ok(());
                }
                Outcome::Kept => return Ok(()),
                Outcome::Never(why) => return Err(why),
                Outcome::NotNow(why) => why,
            };
            let waited = began.elapsed();
            if self.plan.give_up.is_some_and(|most| waited >= most) {
                return Err(format!("given up: {why}"));
            }
            if !is_told {
                is_told = true;
                (self.tell)(&format!("{why}; trying again"));
            }
            let left = self.plan.give_up.map(|most| most.saturating_sub(waited));
            thread::sleep(left.map_or(pause, |left| pause.min(left)));
            pause = pause.saturating_mul(2).min(PAUSE_MAX);
        }
    }

    fn try_once(&mut self, entries: &[LogEntry]) -> Outcome {
        let address = &self.plan.address;
        let mut link = match self.link.take() {
            Some(link) => link,
            None => match connect(address, limits()) {
                Ok(link) => link,
                Err(error) => {
                    return Outcome::NotNow(format!("{address} cannot be reached: {error}"));
                }
            },
        };
        let answer = link.log(entries.to_vec());
        match answer {
            Ok(ResultCode::OK) => {
                self.link = Some(link);
                Outcome::Kept
            }
            Ok(ResultCode::TRY_LATER) => {
                self.link = Some(link);
                Outcome::NotNow(format!("{address} says: try later"))
            }
            Ok(other) => Outcome::Never(format!("{address} gives an answer that is none: {other}")),
            Err(CallError::Application(exception))
                if exception.kind == ApplicationExceptionKind::UnknownMethod =>
            {
                Outcome::Never(format!("{address} is no collector: {exception}"))
            }
            Err(CallError::Misuse(misuse)) => Outcome::Never(misuse.to_string()),
            Err(error) => Outcome::NotNow(format!("{address} did not answer: {error}")),
        }
    }
}

fn limits() -> BlockingLimits {
    BlockingLimits {
        // A collector whose disk stalls is waited for: it may answer OK yet.
        read_timeout: ANSWER_MAX,
        call_deadline: ANSWER_MAX,
        ..BlockingLimits::default()
    }
}

const fn plural(count: u64) -> &'static str {
    match count {
        1 => "",
        _ => "s",
    }
}

/// The first pause before a batch is sent again; each is twice the one before.
const PAUSE_MIN: Duration = Duration::from_millis(100);
/// The longest.
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// An answer is waited for so long.
const ANSWER_MAX: Duration = Duration::from_secs(60);
