//! A server whose calls end in every way there is, and another node that it calls itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::deferred::{Deferred, Promise};
use oneloop::sim::Random;
use oneloop::{
    Call, CommandService, Context, DataPack, Error, Handle, IntoReply, Limits, LinkId, Outcome,
    Remedy, Reply, Result,
};

/// How a call is to end. A command is this, the client's number and the call's own, so that it is called once in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From the read buffer to the write buffer.
    Echo,
    /// As a value.
    Returned,
    /// As a value to come that is there.
    Ready,
    Silent,
    Failing,
    /// By a timer.
    Timer,
    /// By a callback in the next turn, whose own value to come is there.
    NextTurn,
    /// From a worker thread.
    Blocking,
    /// The promise is dropped, now or later.
    Dropped,
    /// The promise is kept until the call is over.
    Never,
    /// A value made of one to come, and that of another.
    Chain,
    /// Several at once.
    Join,
    /// Given up if it takes too long.
    Timeout,
    /// By way of a callback of `when`.
    When,
    /// Settled by another node's posted closure.
    Posted,
    /// By a call of another node.
    Onward,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Echo,
        Self::Returned,
        Self::Ready,
        Self::Silent,
        Self::Failing,
        Self::Timer,
        Self::NextTurn,
        Self::Blocking,
        Self::Dropped,
        Self::Never,
        Self::Chain,
        Self::Join,
        Self::Timeout,
        Self::When,
        Self::Posted,
        Self::Onward,
    ];

    pub(crate) const fn of(command: u32) -> Self {
        Self::ALL[(command >> 24 & 15) as usize]
    }

    /// It is answered at once, and nothing that takes time can fail it.
    pub(crate) const fn is_sure(self) -> bool {
        matches!(self, Self::Echo | Self::Returned | Self::Ready)
    }

    /// It fails whatever happens.
    pub(crate) const fn is_vain(self) -> bool {
        matches!(self, Self::Failing | Self::Dropped | Self::Never)
    }
}

/// Set in the command of a frame that says that there is no reply.
pub(crate) const FAILED: u32 = 1 << 31;

/// Pushed to everybody by a server that stops.
pub(crate) const BYE: u32 = 1 << 30;

/// What is known of the calls of a world, whichever node crashed meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How often the handler was run for a command.
    pub(crate) handled: BTreeMap<u32, u32>,
    /// What the hook was told, each time: whether it was a reply, a failure, or nothing.
    pub(crate) over: BTreeMap<u32, Vec<Told>>,
    /// Callbacks that were left with `when`, and how often each was run.
    pub(crate) whens: BTreeMap<u32, u32>,
    /// Callbacks of a stopping node that were run.
    pub(crate) stops: u32,
    /// Last jobs of a stopping node that were done, and whose callback was run.
    pub(crate) farewells: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Replied,
    Silent,
    Failed,
}

/// What the server keeps.
#[derive(Default)]
pub(crate) struct Desk {
    /// Promises that nobody keeps, each with its link.
    never: BTreeMap<u32, (LinkId, Promise<Vec<u8>>)>,
    /// Calls of the other node.
    onward: BTreeMap<u32, Promise<Vec<u8>>>,
    /// The link to the other node.
    pub(crate) upstream: Option<LinkId>,
    /// It dials no more.
    pub(crate) retires: bool,
}

/// How the server of a world behaves.
#[derive(Clone, Debug)]
pub(crate) struct Manners {
    pub(crate) ordered: bool,
    /// A failed call closes its link.
    pub(crate) strict: bool,
    pub(crate) limits: Limits,
}

/// The way from the server to the other node, for posts; good for one life of it.
pub(crate) type Letters = Rc<RefCell<Option<Handle<()>>>>;

/// What a call's handler draws its delays from: always the same for a call, in whatever order calls come.
fn delays(command: u32) -> impl FnMut() -> Duration {
    let mut random = Random::new(command.into());
    move || {
        let most = *random.pick(&[0, 1_000, 50_000, 1_000_000]);
        Duration::from_micros(random.between(0..=most))
    }
}

/// A value that is there after a while.
fn later<T: 'static>(cx: &mut Context<'_, Desk>, span: Duration, value: T) -> Deferred<T> {
    let (promise, later) = cx.defer();
    cx.after(span, |_| promise.resolve(value));
    later
}

/// Listens, dials the other node, and leaves a last job for when it stops.
pub(crate) fn start_server(
    cx: &mut Context<'_, Desk>,
    tally: &Rc<RefCell<Tally>>,
    letters: &Letters,
    manners: &Manners,
) -> Result<()> {
    let mut service = CommandService::new();
    if manners.ordered {
        service.ordered_replies();
    }
    let (kept, letters) = (Rc::clone(tally), Rc::clone(letters));
    service.catch_all(move |call| {
        let command = call.command();
        *kept.borrow_mut().handled.entry(command).or_default() += 1;
        answer(call, &kept, &letters)
    })?;
    let strict = manners.strict;
    service.on_failure(move |_, failure| match strict {
        true => Remedy::Close,
        false => Remedy::Reply {
            command: failure.command | FAILED,
            body: "no".into(),
        },
    });
    let (kept, deadline) = (Rc::clone(tally), manners.limits.link.call_deadline);
    service.after(move |cx, completion| {
        let command = completion.command;
        cx.state.never.remove(&command);
        let told = match completion.outcome {
            Outcome::Replied => Told::Replied,
            Outcome::Silent => Told::Silent,
            Outcome::Failed(_) => Told::Failed,
        };
        if Kind::of(command) == Kind::Never {
            let timeout = matches!(completion.outcome, Outcome::Failed(Error::Timeout));
            assert!(timeout, "{command:#x}: {:?}", completion.outcome);
            assert!(completion.took >= deadline, "{command:#x}: an early end");
        }
        let over = &mut kept.borrow_mut().over;
        over.entry(command).or_default().push(told);
    });
    service.on_closed(|cx, link, _| cx.state.never.retain(|_, (of, _)| *of != link));
    cx.listen("server:7000", DataPack::default(), service)?;
    dial_upstream(cx);
    let kept = Rc::clone(tally);
    cx.on_stop(move |cx| {
        kept.borrow_mut().stops += 1;
        cx.links.push_all(BYE, "bye");
        let last = cx.blocking(|| ());
        cx.when(last, move |_, outcome| {
            kept.borrow_mut().farewells += u32::from(outcome.is_ok());
        });
    });
    Ok(())
}

fn answer(
    call: &mut Call<'_, Desk>,
    tally: &Rc<RefCell<Tally>>,
    letters: &Letters,
) -> Result<Reply> {
    let (command, link) = (call.command(), call.link());
    let body = call.body().to_vec();
    let mut delay = delays(command);
    Ok(match Kind::of(command) {
        Kind::Echo => call.reply(&body),
        Kind::Returned => body.into_reply(),
        Kind::Ready => Deferred::ready(body).into_reply(),
        Kind::Silent => Reply::none(),
        Kind::Failing => return Err("as asked for".into()),
        Kind::Timer => later(call, delay(), body).into_reply(),
        Kind::NextTurn => {
            let (promise, later) = call.defer();
            call.when(Deferred::ready(body), |_, body| promise.settle(body));
            later.into_reply()
        }
        Kind::Blocking => call.blocking(move || body).into_reply(),
        Kind::Dropped => {
            let (promise, later) = call.defer::<Vec<u8>>();
            call.after(delay(), |_| drop(promise));
            later.into_reply()
        }
        Kind::Never => {
            let (promise, later) = call.defer();
            call.state.never.insert(command, (link, promise));
            later.into_reply()
        }
        Kind::Chain => {
            let first = later(call, delay(), ());
            let second = later(call, delay(), body);
            first.and_then(|()| second).map(Some).into_reply()
        }
        Kind::Join => {
            let (front, back) = body.split_at(body.len() / 2);
            let front = later(call, delay(), front.to_vec());
            let back = back.to_vec();
            let back = call.blocking(move || back);
            let both = call.join(front, back);
            both.map(|(front, back)| [front, back].concat())
                .into_reply()
        }
        Kind::Timeout => {
            let slow = later(call, delay(), body);
            call.timeout(slow, delay()).into_reply()
        }
        Kind::When => {
            let (promise, reply) = call.defer();
            let value = later(call, delay(), body);
            tally.borrow_mut().whens.insert(command, 0);
            let tally = Rc::clone(tally);
            call.when(value, move |_, outcome| {
                *tally.borrow_mut().whens.entry(command).or_default() += 1;
                promise.settle(outcome);
            });
            reply.into_reply()
        }
        Kind::Posted => {
            let (promise, later) = call.defer_remote();
            let letters = letters.borrow();
            let handle = letters.as_ref().ok_or(Error::LinkClosed)?;
            // If it is refused, the promise goes with the closure.
            _ = handle.post(move |_| promise.resolve(body));
            later.into_reply()
        }
        Kind::Onward => {
            let upstream = call.state.upstream.ok_or(Error::LinkClosed)?;
            call.cx.links.send(upstream, command, &body)?;
            let (promise, later) = call.defer();
            call.state.onward.insert(command, promise);
            later.into_reply()
        }
    })
}

/// Dials the other node, again and again if it has to.
fn dial_upstream(cx: &mut Context<'_, Desk>) {
    let mut service = CommandService::<Desk>::new();
    let caught = service.catch_all(|call| {
        let command = call.command();
        let Some(promise) = call.state.onward.remove(&(command & !FAILED)) else {
            return;
        };
        if command & FAILED == 0 {
            promise.resolve(call.body().to_vec());
        } else {
            promise.reject("the other node failed");
        }
    });
    caught.expect("nothing else serves it");
    service.on_closed(|cx, _, _| {
        cx.state.upstream = None;
        cx.state.onward.clear();
        if !cx.state.retires {
            cx.after(Duration::from_millis(300), dial_upstream);
        }
    });
    if !cx.state.retires {
        let dialled = cx.connect("upstream:7000", DataPack::default(), service);
        cx.state.upstream = dialled.ok();
    }
}

/// The other node: it answers in its own time, or fails.
pub(crate) fn start_upstream(cx: &mut Context<'_, ()>, letters: &Letters) -> Result<()> {
    *letters.borrow_mut() = Some(cx.handle());
    let mut service = CommandService::new();
    service.catch_all(|call| {
        let mut random = Random::new(!u64::from(call.command()));
        let body = call.body().to_vec();
        let (promise, later) = call.defer();
        match random.below(4) {
            0 => promise.resolve(body),
            1 => drop(promise),
            _ => {
                let span = Duration::from_micros(random.below(100_000));
                call.after(span, |_| promise.resolve(body));
            }
        }
        later
    })?;
    service.on_failure(|_, failure| Remedy::Reply {
        command: failure.command | FAILED,
        body: "no".into(),
    });
    cx.listen("upstream:7000", DataPack::default(), service)?;
    Ok(())
}
