//! Who holds up the loop.

use std::time::Duration;

use crate::context::Label;
use crate::time::Time;

/// The steps of a turn: one for each handler and callback. If a turn is slow, one of them is to blame.
///
/// Reading the clock costs as much as serving a small frame. So each turn is timed, but its steps only while somebody is suspected:
/// for a while after a slow turn. The slow turn that begins it is named by its step if it had one only, as nearly all turns of a loop
/// with little to do; otherwise by how many there were.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// Steps of this turn so far.
    count: u32,
    /// The one that runs, or ran last.
    label: Label,
    /// Rather the command of this number.
    command: Option<u32>,
    /// It has a general name only, and nothing of the user's has run in it.
    fresh: bool,
    /// Each step is timed.
    timed: bool,
    /// Until when they are.
    timed_until: Time,
    /// When the present step began, if they are timed.
    began: Time,
    longest: (Duration, Label),
}

/// How long the steps are timed after a slow turn.
const SUSPICION: Duration = Duration::from_secs(60);

impl Steps {
    pub(crate) fn begin_turn(&mut self, now: Time) {
        self.count = 0;
        self.timed = now < self.timed_until;
        self.began = now;
        self.longest = (Duration::ZERO, Label::default());
    }

    /// Whether the end of each step is to be [told](Self::done), with the time.
    #[inline]
    pub(crate) const fn are_timed(&self) -> bool {
        self.timed
    }

    /// A step begins.
    #[inline]
    pub(crate) const fn begin(&mut self, label: Label) {
        self.count += 1;
        self.label = label;
        self.command = None;
        self.fresh = true;
    }

    /// What runs from here on has a name of its own. True if that is a new step, because something ran before it.
    #[inline]
    pub(crate) const fn name(&mut self, label: Label) -> bool {
        let anew = !self.fresh;
        self.fresh = false;
        self.count += anew as u32;
        self.label = label;
        self.command = None;
        anew
    }

    /// The same for a command.
    #[inline]
    pub(crate) const fn name_command(&mut self, command: u32) {
        self.count += !self.fresh as u32;
        self.fresh = false;
        self.command = Some(command);
    }

    /// A step of this name is over.
    pub(crate) fn done(&mut self, label: Label, now: Time) {
        let took = now - self.began;
        if took > self.longest.0 {
            self.longest = (took, label);
        }
        self.began = now;
    }

    /// What runs, or ran last.
    pub(crate) fn label(&self) -> Label {
        let command = self
            .command
            .map(|number| Label::numbered("command", number));
        command.unwrap_or(self.label)
    }

    /// Who held up this turn, which was slow.
    pub(crate) fn blame(&self) -> Label {
        if self.timed {
            self.longest.1
        } else if self.count <= 1 {
            self.label()
        } else {
            Label::one_of(self.count)
        }
    }

    /// A slow turn ended: the next one is to be named by its step.
    pub(crate) fn suspect(&mut self, now: Time) {
        self.timed_until = now + SUSPICION;
    }
}
