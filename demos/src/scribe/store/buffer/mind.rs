//! How things are with a buffer, and what comes next.

use std::collections::BTreeMap;

use oneloop::TimerId;
use oneloop::deferred::Promise;

use crate::scribe::files::naming::Second;
use crate::scribe::files::pace::Pace;
use crate::scribe::store::buffer::backoff::Backoff;
use crate::scribe::store::buffer::playing::Playing;
use crate::scribe::store::{Batch, Fault, Outcome};

/// What is done with a new batch, and with the files: see [`Buffer`](super::Buffer)'s room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Opening,
    Streaming,
    Disconnected,
    Sending,
}

/// How things are. It is not borrowed while anything else is called.
pub(super) struct Mind {
    pub(super) state: State,
    /// The batch that has no way yet: there is one at most.
    pub(super) waiting: Option<Waiting>,
    /// Whether the files are to be looked for, in state Opening.
    pub(super) looks: bool,
    /// Whether the writer is to look after its file, in state Disconnected.
    pub(super) inspects: bool,
    /// Whether the primary has a batch, or a piece.
    pub(super) is_sending: bool,
    /// Whether the writer is at work.
    pub(super) is_writing: bool,
    /// Whether a step of the replay is under way.
    pub(super) is_stepping: bool,
    pub(super) playing: Option<Playing>,
    /// Whether new batches wait for the last file.
    pub(super) holds: bool,
    /// Files that are replayed before the next check.
    pub(super) files_left: u64,
    /// Whether the replay goes on at the next check only.
    pub(super) is_paused: bool,
    pub(super) is_closing: bool,
    pub(super) closing: Option<Promise<()>>,
    pub(super) backoff: Backoff,
    pub(super) retry: Option<TimerId>,
    /// What is wrong with the primary, and since when.
    pub(super) fault: Option<(String, Second)>,
    /// What is wrong with the files.
    pub(super) disk_fault: Option<(String, Second)>,
    pub(super) pace: Pace,
    /// What all files have together.
    pub(super) files_bytes: u64,
    /// When each file was begun that was written since we began, in seconds since 1970.
    pub(super) begun: BTreeMap<u32, u64>,
    /// When the files were first looked for.
    pub(super) opened: u64,
}

/// A batch, and who waits for it.
pub(super) struct Waiting {
    pub(super) batch: Batch,
    pub(super) promise: Promise<Outcome>,
}

/// A step of the replay.
pub(super) enum Step {
    Look,
    Inspect,
    Read,
    Send,
    Remove,
}

impl Mind {
    pub(super) const fn new(state: State, backoff: Backoff) -> Self {
        Self {
            state,
            waiting: None,
            looks: false,
            inspects: false,
            is_sending: false,
            is_writing: false,
            is_stepping: false,
            playing: None,
            holds: false,
            files_left: 0,
            is_paused: false,
            is_closing: false,
            closing: None,
            backoff,
            retry: None,
            fault: None,
            disk_fault: None,
            pace: Pace::new(),
            files_bytes: 0,
            begun: BTreeMap::new(),
            opened: 0,
        }
    }

    /// What the replay is to do now. `is_crowded`: too much waits to be stored.
    pub(super) fn next_step(&mut self, is_crowded: bool) -> Option<Step> {
        if self.is_stepping {
            return None;
        }
        match (self.state, &self.playing) {
            (State::Opening, _) => std::mem::take(&mut self.looks).then_some(Step::Look),
            (State::Streaming, _) => None,
            (State::Disconnected, _) => {
                let inspects = !self.is_writing && std::mem::take(&mut self.inspects);
                inspects.then_some(Step::Inspect)
            }
            (State::Sending, Some(playing)) if playing.is_over() => {
                (!self.is_writing).then_some(Step::Remove)
            }
            (State::Sending, _) if self.is_closing || self.is_paused => None,
            (State::Sending, Some(playing)) => match playing.piece() {
                None => Some(Step::Read),
                Some(_) if self.is_sending => None,
                // Who waits for this file is a part of the crowd.
                Some(_) if is_crowded && !self.holds => {
                    self.is_paused = true;
                    None
                }
                Some(_) => Some(Step::Send),
            },
            (State::Sending, None) => (!self.is_writing).then_some(Step::Look),
        }
    }

    pub(super) fn disk_failed(&mut self, category: &str, fault: &Fault, now: Second) {
        match &mut self.disk_fault {
            Some((text, _)) => text.clone_from(&fault.text),
            None => {
                if self.pace.allows("disk", now) {
                    log::error!("{category}: {fault}");
                }
                self.disk_fault = Some((fault.text.clone(), now));
            }
        }
    }
}

impl State {
    /// As it is told.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Streaming => "streaming",
            Self::Disconnected => "disconnected",
            Self::Sending => "sending buffer",
        }
    }
}
