//! The client: many connections on one loop, each with as many requests outstanding as were agreed.

use std::time::Duration;

use oneloop::{
    Connect, Context, DataPack, Decoder, Input, LinkId, Reason, Result, Session, Time, TimerId,
    Verdict,
};

use crate::load::fault::Fault;
use crate::load::measured::Measured;
use crate::load::plan::Plan;
use crate::load::wire::{Form, Wire, Wrong};

/// All that the client knows.
#[derive(Debug)]
pub struct Load {
    plan: Plan,
    form: Form,
    wires: Vec<Wire>,
    /// Each wire's link, while there is one.
    links: Vec<Option<LinkId>>,
    /// Connections that are up, and those that were: the first that ends too early ends the run.
    up: usize,
    /// Links that are not closed.
    open: usize,
    phase: Phase,
    /// When the phase began.
    since: Time,
    /// As of the last beat.
    now: Time,
    beats: u64,
    /// Replies of all phases.
    replies: u64,
    measured: Measured,
    /// Requests on their way into an outbox: one buffer for all wires.
    batch: Vec<u8>,
    timers: Vec<TimerId>,
    fault: Option<Fault>,
}

/// ```text
///  Dialling ──► WarmingUp ──► Measuring ──► Draining ──► Done
///      `────────────┴─────────────┴──── a fault ──────────^
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Connections are made, a few at a time.
    Dialling,
    /// Requests go out, and nothing is counted.
    WarmingUp,
    /// What comes is counted.
    Measuring,
    /// Nothing more is asked. A wire without outstanding requests ends its half, and sees that nothing more comes.
    Draining,
    /// Every link is closed, or being closed.
    Done,
}

/// One connection's end: cuts replies, and leaves the rest to the wire of its number.
struct Link {
    number: usize,
    codec: DataPack,
}

/// Connections on their way at once: fewer than any server's backlog.
const DIALLING_MAX: usize = 64;
/// How often deadlines are looked at, and progress is shown.
const BEAT: Duration = Duration::from_millis(100);
/// How long a server may take to end its half after all its replies: one that does not is no worse a server of echoes.
const LINGER: Duration = Duration::from_secs(1);

impl Load {
    /// A run that has not begun.
    ///
    /// # Errors
    /// [`Misuse`](oneloop::Misuse) if no frame carries the body.
    pub fn new(plan: Plan) -> Result<Self> {
        Ok(Self {
            form: Form::new(&plan.codec, plan.command, plan.body_bytes)?,
            wires: Vec::with_capacity(plan.connections),
            links: Vec::with_capacity(plan.connections),
            plan,
            up: 0,
            open: 0,
            phase: Phase::Dialling,
            since: Time::START,
            now: Time::START,
            beats: 0,
            replies: 0,
            measured: Measured::default(),
            batch: Vec::new(),
            timers: Vec::new(),
            fault: None,
        })
    }

    /// What it is to be.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How far it is.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// For how long it has been in this phase, as of the last beat.
    #[must_use]
    pub fn in_phase(&self) -> Duration {
        self.now - self.since
    }

    /// Rises ten times in a second: then there is something new to show.
    #[must_use]
    pub const fn beats(&self) -> u64 {
        self.beats
    }

    /// Connections that came up.
    #[must_use]
    pub const fn up(&self) -> usize {
        self.up
    }

    /// Replies of all phases, those before and after measuring included.
    #[must_use]
    pub const fn replies(&self) -> u64 {
        self.replies
    }

    /// What was measured so far.
    #[must_use]
    pub const fn measured(&self) -> &Measured {
        &self.measured
    }

    /// Whether there is nothing more to do.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Requests without a reply, over all connections.
    #[must_use]
    pub fn outstanding(&self) -> u64 {
        self.wires.iter().map(Wire::outstanding).sum()
    }

    /// Why it is not good, if it is not.
    #[must_use]
    pub const fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// What was measured, and why it is not good, if it is not.
    pub fn take_outcome(&mut self) -> (Measured, Option<Fault>) {
        (std::mem::take(&mut self.measured), self.fault.take())
    }
}

/// Starts the run: dials, and from then on does what the plan says. It is over when [`Load::is_done`]; the loop goes on.
///
/// # Errors
/// None of its own; a fault is the run's, and found in its outcome.
pub fn start(cx: &mut Context<'_, Load>) -> Result<()> {
    let beat = cx.every(BEAT, |cx, _| on_beat(cx));
    cx.state.timers.push(beat);
    cx.state.since = cx.now();
    cx.on_stop(|cx| fail(cx, Fault::Interrupted));
    dial(cx);
    Ok(())
}

// ---- the phases ----

/// Dials as many as may be on their way.
fn dial(cx: &mut Context<'_, Load>) {
    while cx.state.phase == Phase::Dialling
        && cx.state.wires.len() < cx.state.plan.connections
        && cx.state.wires.len() - cx.state.up < DIALLING_MAX
    {
        let number = cx.state.wires.len();
        let plan = &cx.state.plan;
        let connect = Connect::new(&plan.server).limits(plan.link_limits());
        let wire = Wire::new(number as u32, plan.in_flight);
        let codec = plan.codec.clone();
        let session = move || Link {
            number,
            codec: codec.clone(),
        };
        match cx.connect(connect, (), session) {
            Ok(link) => {
                cx.state.wires.push(wire);
                cx.state.links.push(Some(link));
                cx.state.open += 1;
            }
            Err(error) => fail(cx, Fault::Loop(error)),
        }
    }
}

/// All are up: asks as much as may be outstanding, on all of them.
fn warm_up(cx: &mut Context<'_, Load>) {
    enter(cx, Phase::WarmingUp);
    let now = cx.now();
    let state = &mut *cx.state;
    for (wire, link) in state.wires.iter_mut().zip(&state.links) {
        let Some(link) = *link else { continue };
        state.batch.clear();
        wire.ask(state.plan.in_flight, &state.form, now, &mut state.batch);
        if let Err(error) = cx.links.send_bytes(link, state.batch.as_slice()) {
            // It closes in this turn, and says why.
            log::debug!("not asked: {error}");
        }
    }
    match cx.state.plan.warm_up {
        Duration::ZERO => measure(cx),
        span => next_phase(cx, span, measure),
    }
}

fn measure(cx: &mut Context<'_, Load>) {
    enter(cx, Phase::Measuring);
    let span = cx.state.plan.measured;
    next_phase(cx, span, drain);
}

/// Asks no more.
fn drain(cx: &mut Context<'_, Load>) {
    let measured_since = cx.state.since;
    enter(cx, Phase::Draining);
    let span = cx.state.since - measured_since;
    cx.state.measured.set_span(span);
    let state = &*cx.state;
    for (wire, link) in state.wires.iter().zip(&state.links) {
        if let Some(link) = *link
            && wire.outstanding() == 0
        {
            cx.links.end_when_sent(link);
        }
    }
}

fn fail(cx: &mut Context<'_, Load>, fault: Fault) {
    if cx.state.is_done() {
        return;
    }
    if cx.state.phase == Phase::Measuring {
        let span = cx.clock() - cx.state.since;
        cx.state.measured.set_span(span);
    }
    cx.state.fault = Some(fault);
    finish(cx);
}

fn finish(cx: &mut Context<'_, Load>) {
    enter(cx, Phase::Done);
    for timer in std::mem::take(&mut cx.state.timers) {
        cx.cancel(timer);
    }
    for link in std::mem::take(&mut cx.state.links).into_iter().flatten() {
        cx.links.close(link);
    }
}

fn enter(cx: &mut Context<'_, Load>, phase: Phase) {
    let now = cx.clock();
    cx.state.phase = phase;
    (cx.state.since, cx.state.now) = (now, now);
}

fn next_phase(
    cx: &mut Context<'_, Load>,
    span: Duration,
    phase: impl FnOnce(&mut Context<'_, Load>) + 'static,
) {
    let timer = cx.after(span, phase);
    cx.state.timers.push(timer);
}

fn on_beat(cx: &mut Context<'_, Load>) {
    let now = cx.clock();
    let state = &mut *cx.state;
    state.beats += 1;
    state.now = now;
    let deadline = state.plan.deadline;
    let is_late = |wire: &&Wire| wire.oldest().is_some_and(|at| now - at > deadline);
    if let Some(wire) = state.wires.iter().find(is_late) {
        let fault = state.late(wire, wire.due());
        fail(cx, fault);
    } else if state.phase == Phase::Draining
        && now - state.since > LINGER
        && state.outstanding() == 0
    {
        finish(cx);
    }
}

impl Load {
    /// Counts so many replies that took so long, if it is time to.
    #[inline]
    fn count(&mut self, latency: Duration, replies: u64) {
        if self.phase == Phase::Measuring && replies > 0 {
            self.measured.record(latency, replies);
        }
    }

    /// What is the matter with the reply that just came: it is wrong, or it was taken and is late.
    #[cold]
    fn judge(&self, number: usize, wrong: Option<Wrong>) -> Fault {
        let wire = &self.wires[number];
        match wrong {
            Some(wrong) => Fault::Wrong {
                connection: wire.connection(),
                sequence: wire.due(),
                wrong,
            },
            None => self.late(wire, wire.due() - 1),
        }
    }

    #[cold]
    fn late(&self, wire: &Wire, sequence: u64) -> Fault {
        Fault::Late {
            connection: wire.connection(),
            sequence,
            deadline: self.plan.deadline,
            outstanding_in_all: self.outstanding(),
        }
    }
}

// ---- one connection ----

impl Session<Load> for Link {
    fn opened(&mut self, cx: &mut Context<'_, Load>) -> Result<Verdict> {
        if cx.state.is_done() {
            return Ok(Verdict::CloseNow);
        }
        cx.state.up += 1;
        if cx.state.up == cx.state.plan.connections {
            warm_up(cx);
        } else {
            dial(cx);
        }
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, Load>) -> Result<Verdict> {
        // Once for all that came.
        let now = cx.clock();
        let mut replies = 0;
        // Replies to what was asked at one moment are counted at once.
        let (mut run_asked_at, mut run) = (now, 0);
        while let Some(reply) = cx.next_frame(input, |input| self.codec.decode(input))? {
            let state = &mut *cx.state;
            match state.wires[self.number].take(reply, &state.form) {
                Ok(asked_at) if asked_at == run_asked_at => run += 1,
                Ok(asked_at) if now - asked_at <= state.plan.deadline => {
                    state.count(now - run_asked_at, run);
                    (run_asked_at, run) = (asked_at, 1);
                }
                taken => {
                    let fault = state.judge(self.number, taken.err());
                    fail(cx, fault);
                    return Ok(Verdict::CloseNow);
                }
            }
            replies += 1;
        }
        let link = cx.link();
        let state = &mut *cx.state;
        state.count(now - run_asked_at, run);
        state.replies += replies as u64;
        let wire = &mut state.wires[self.number];
        match state.phase {
            Phase::WarmingUp | Phase::Measuring if replies > 0 => {
                state.batch.clear();
                wire.ask(replies, &state.form, now, &mut state.batch);
                cx.links.send_bytes(link, state.batch.as_slice())?;
            }
            Phase::Draining if wire.outstanding() == 0 => cx.links.end_when_sent(link),
            _ => {}
        }
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, cx: &mut Context<'_, Load>) {
        cx.state.open -= 1;
        if cx.state.is_done() {
            return;
        }
        let state = &mut *cx.state;
        state.links[self.number] = None;
        let wire = &state.wires[self.number];
        let server = state.plan.server.clone();
        let is_good = state.phase == Phase::Draining
            && wire.outstanding() == 0
            && matches!(reason, Reason::PeerClosed | Reason::Closed);
        if is_good {
            if state.open == 0 {
                finish(cx);
            }
            return;
        }
        let fault = match reason {
            Reason::ConnectFailed(error) => Fault::Connect {
                server,
                up: state.up,
                cause: error.to_string(),
            },
            Reason::ConnectDeadline => Fault::Connect {
                server,
                up: state.up,
                cause: format!("no answer within {} s", state.plan.deadline.as_secs_f64()),
            },
            reason => Fault::Closed {
                server,
                connection: wire.connection(),
                cause: cause(reason),
                outstanding: wire.outstanding(),
                outstanding_in_all: state.outstanding(),
            },
        };
        fail(cx, fault);
    }
}

/// How a connection ended, as one says it of a server.
fn cause(reason: &Reason) -> String {
    match reason {
        Reason::PeerClosed => "the server closed it".into(),
        Reason::Io(error) => error.to_string(),
        Reason::Fault(fault) => format!("what came is no DataPack frame of ours: {fault}"),
        reason => reason.to_string(),
    }
}
