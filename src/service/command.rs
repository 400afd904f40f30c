//! Commands by number.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::RangeInclusive;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;

use crate::codec::{Command, Decoder, Encoder};
use crate::context::{Context, LinkId, Protocol, Reason, Sessions};
use crate::error::{Error, Misuse, Result};
use crate::service::session::{CommandSession, Desk};
use crate::service::table::{CommandCount, Run, Table};
use crate::service::{Admit, Call, IntoReply, Reply};

/// What a server does, by command number. Put together once, then given to [`listen`](crate::Context::listen) or
/// [`connect`](crate::Context::connect); both ends of a link have one.
///
/// ```
/// use oneloop::{CommandService, Unknown};
///
/// # fn main() -> oneloop::Result<()> {
/// let mut service = CommandService::<()>::new();
/// service
///     .on(1, |call| call.reply(call.body()))?
///     .range(1000..=1999, |call| format!("forwarded {}", call.command()))?
///     .heartbeat(0)?
///     .unknown(Unknown::Close);
/// assert!(service.on(1, |_| ()).is_err(), "a number has one target");
/// # Ok(())
/// # }
/// ```
pub struct CommandService<S> {
    pub(crate) table: Table<S>,
    pub(crate) rules: Rules<S>,
}

/// What holds for all commands of a service.
pub(crate) struct Rules<S> {
    pub(crate) before: Vec<Before<S>>,
    pub(crate) after: Vec<After<S>>,
    pub(crate) opened: Vec<Opened<S>>,
    pub(crate) closed: Vec<Closed<S>>,
    pub(crate) failed: Failed<S>,
    pub(crate) unknown: Unknown,
    pub(crate) unknown_run: Option<Run<S>>,
    pub(crate) ordered: bool,
}

impl<S> Rules<S> {
    /// Whether a call whose reply is out is over.
    pub(crate) fn is_plain(&self) -> bool {
        self.after.is_empty() && !self.ordered
    }
}

type Before<S> = Box<dyn Fn(&mut Call<'_, S>) -> Result<Admit>>;
type After<S> = Box<dyn Fn(&mut Context<'_, S>, &Completion<'_>)>;
type Failed<S> = Box<dyn Fn(&mut Context<'_, S>, &Failure<'_>) -> Remedy>;
type Opened<S> = Box<dyn Fn(&mut Context<'_, S>, LinkId)>;
type Closed<S> = Box<dyn Fn(&mut Context<'_, S>, LinkId, &Reason)>;

/// What becomes of a command that nobody serves. It is counted either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing, as in Firefly.
    #[default]
    Ignore,
    /// Its link is closed.
    Close,
}

/// A call that failed: its handler returned an error or panicked, its promise failed or was dropped, or its deadline passed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The link it came from.
    pub link: LinkId,
    /// The command called.
    pub command: u32,
    /// What went wrong.
    pub error: &'a Error,
}

/// What is done about a failed call.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// The link is closed: a format without errors has no other way to say so, and silence would leave the peer waiting.
    Close,
    /// Nothing: the peer waits in vain.
    Ignore,
    /// The peer is told, by this frame.
    Reply {
        /// Its command.
        command: u32,
        /// Its body.
        body: Bytes,
    },
}

/// A call that has its outcome: what an [after hook](CommandService::after) is told.
#[derive(Debug)]
#[non_exhaustive]
pub struct Completion<'a> {
    /// The link it came from.
    pub link: LinkId,
    /// The command called.
    pub command: u32,
    /// From the call to its outcome.
    pub took: Duration,
    /// What it was.
    pub outcome: Outcome<'a>,
}

/// How a call ended.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// With a reply.
    Replied,
    /// Without one, as its handler wished.
    Silent,
    /// With an error.
    Failed(&'a Error),
}

impl<S> CommandService<S> {
    /// One that serves nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let rules = Rules {
            before: Vec::new(),
            after: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            failed: Box::new(|_, _| Remedy::Close),
            unknown: Unknown::default(),
            unknown_run: None,
            ordered: false,
        };
        Self {
            table: Table::default(),
            rules,
        }
    }

    /// Serves `command` by `handler`.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if it is served already.
    #[track_caller]
    pub fn on<F, R>(&mut self, command: u32, handler: F) -> Result<&mut Self>
    where
        F: Fn(&mut Call<'_, S>) -> R + 'static,
        R: IntoReply,
    {
        let run = Box::new(move |call: &mut Call<'_, S>| handler(call).into_reply());
        self.table.add_command(command, run, Location::caller())?;
        Ok(self)
    }

    /// Serves every command of the range that has no target of its own: for nodes that forward.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if it overlaps another range; [`Misuse::Option`] if it is empty.
    #[track_caller]
    pub fn range<F, R>(&mut self, commands: RangeInclusive<u32>, handler: F) -> Result<&mut Self>
    where
        F: Fn(&mut Call<'_, S>) -> R + 'static,
        R: IntoReply,
    {
        let run = Box::new(move |call: &mut Call<'_, S>| handler(call).into_reply());
        self.table.add_range(commands, run, Location::caller())?;
        Ok(self)
    }

    /// Serves every command that nothing else serves.
    ///
    /// # Errors
    /// [`Misuse::Duplicate`], with both places, if there is such a target already.
    #[track_caller]
    pub fn catch_all<F, R>(&mut self, handler: F) -> Result<&mut Self>
    where
        F: Fn(&mut Call<'_, S>) -> R + 'static,
        R: IntoReply,
    {
        let run = Box::new(move |call: &mut Call<'_, S>| handler(call).into_reply());
        self.table.add_catch_all(run, Location::caller())?;
        Ok(self)
    }

    /// Answers `command` with an empty body, and does not log it: peers call it to show that they live, which every byte does that
    /// an [idle timeout](crate::LinkLimits::idle_timeout) waits for.
    ///
    /// # Errors
    /// As [`on`](Self::on).
    #[track_caller]
    pub fn heartbeat(&mut self, command: u32) -> Result<&mut Self> {
        self.on(command, |call| call.reply(b""))?;
        self.quiet(command)
    }

    /// Leaves the calls of the target that serves `command` out of the log: of its range, or of the catch-all, if it has none of its
    /// own.
    ///
    /// # Errors
    /// [`Misuse::Option`] if nothing serves it.
    pub fn quiet(&mut self, command: u32) -> Result<&mut Self> {
        if !self.table.hush(command) {
            return Err(Misuse::Option(format!(
                "nothing serves command {command}, to be quiet about"
            ))
            .into());
        }
        Ok(self)
    }

    /// Asks `hook` before each call: for authentication, and limits. Hooks are asked in the order they were given. An error is the
    /// call's failure.
    pub fn before(
        &mut self,
        hook: impl Fn(&mut Call<'_, S>) -> Result<Admit> + 'static,
    ) -> &mut Self {
        self.rules.before.push(Box::new(hook));
        self
    }

    /// Tells `hook` of each call that has its outcome: for timing, and counting.
    pub fn after(
        &mut self,
        hook: impl Fn(&mut Context<'_, S>, &Completion<'_>) + 'static,
    ) -> &mut Self {
        self.rules.after.push(Box::new(hook));
        self
    }

    /// Tells `hook` of each link that is up.
    pub fn on_opened(&mut self, hook: impl Fn(&mut Context<'_, S>, LinkId) + 'static) -> &mut Self {
        self.rules.opened.push(Box::new(hook));
        self
    }

    /// Tells `hook` of each link that is gone, and why. A dialled link that did not come up is told of here too.
    pub fn on_closed(
        &mut self,
        hook: impl Fn(&mut Context<'_, S>, LinkId, &Reason) + 'static,
    ) -> &mut Self {
        self.rules.closed.push(Box::new(hook));
        self
    }

    /// Has `remedy` say what is done about a failed call; by default its link is closed.
    pub fn on_failure(
        &mut self,
        remedy: impl Fn(&mut Context<'_, S>, &Failure<'_>) -> Remedy + 'static,
    ) -> &mut Self {
        self.rules.failed = Box::new(remedy);
        self
    }

    /// Has `handler` answer commands that nobody serves, which are counted as unknown all the same. (A
    /// [`catch_all`](Self::catch_all) serves them, so that none is unknown.)
    pub fn unknown_with<F, R>(&mut self, handler: F) -> &mut Self
    where
        F: Fn(&mut Call<'_, S>) -> R + 'static,
        R: IntoReply,
    {
        self.rules.unknown_run = Some(Box::new(move |call| handler(call).into_reply()));
        self
    }

    /// What becomes of a command that nobody serves, if no [handler](Self::unknown_with) answers it.
    pub const fn unknown(&mut self, policy: Unknown) -> &mut Self {
        self.rules.unknown = policy;
        self
    }

    /// Has the replies of each link leave in the order of its calls, for peers that cannot tell them apart. A late one holds up those
    /// behind it.
    pub const fn ordered_replies(&mut self) -> &mut Self {
        self.rules.ordered = true;
        self
    }

    /// The same service, to be [swapped](LiveService::swap) for another while it runs, and read.
    #[must_use]
    pub fn live(self) -> LiveService<S> {
        LiveService {
            shared: Rc::new(Shared {
                service: RefCell::new(Rc::new(self)),
                version: Cell::new(1),
            }),
        }
    }
}

impl<S> Default for CommandService<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for CommandService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandService")
            .field("counts", &self.table.counts())
            .finish_non_exhaustive()
    }
}

/// A service that runs, and may be swapped for another: the calls in flight finish on the one they began on, and the next frame is
/// handled by the new one.
///
/// ```
/// use oneloop::CommandService;
///
/// # fn main() -> oneloop::Result<()> {
/// let mut before = CommandService::<()>::new();
/// before.on(1, |_| "before")?;
/// let live = before.live(); // clone it into a handler or a timer to swap from there
///
/// let mut after = CommandService::new();
/// after.on(1, |_| "after")?;
/// assert_eq!(live.swap(after), 2, "the second version");
/// # Ok(())
/// # }
/// ```
pub struct LiveService<S> {
    shared: Rc<Shared<S>>,
}

struct Shared<S> {
    service: RefCell<Rc<CommandService<S>>>,
    version: Cell<u64>,
}

impl<S> LiveService<S> {
    /// Puts `service` in the place of the present one. Returns its version: 1 is the first.
    pub fn swap(&self, service: CommandService<S>) -> u64 {
        let before = self.shared.service.replace(Rc::new(service));
        let version = self.shared.version.get() + 1;
        self.shared.version.set(version);
        // Dropped last: what its handlers own may have something to say.
        drop(before);
        version
    }

    /// How many services there were, the present one included.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.shared.version.get()
    }

    /// How often each target of the present service was called.
    #[must_use]
    pub fn counts(&self) -> Vec<CommandCount> {
        self.current().table.counts()
    }

    pub(crate) fn current(&self) -> Rc<CommandService<S>> {
        Rc::clone(&self.shared.service.borrow())
    }
}

impl<S> Clone for LiveService<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Rc::clone(&self.shared),
        }
    }
}

impl<S> fmt::Debug for LiveService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveService")
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

impl<S, C> Protocol<S, C> for CommandService<S>
where
    S: 'static,
    C: for<'f> Decoder<Frame<'f> = Command<'f>> + Encoder<Head = u32> + Clone + 'static,
{
    fn sessions(self, codec: C) -> Result<Sessions<S>> {
        self.live().sessions(codec)
    }
}

impl<S, C> Protocol<S, C> for LiveService<S>
where
    S: 'static,
    C: for<'f> Decoder<Frame<'f> = Command<'f>> + Encoder<Head = u32> + Clone + 'static,
{
    fn sessions(self, codec: C) -> Result<Sessions<S>> {
        let encoder: Rc<dyn Encoder<Head = u32>> = Rc::new(codec.clone());
        let desk = Rc::new(Desk {
            service: self,
            codec,
        });
        let make = move || -> Box<dyn crate::context::Session<S>> {
            Box::new(CommandSession::new(Rc::clone(&desk)))
        };
        Ok(Sessions {
            make: Rc::new(make),
            encoder: Some(encoder),
        })
    }
}

impl<S> CommandService<S> {
    /// What `call` is answered, hooks included.
    #[inline]
    pub(crate) fn answer(&self, call: &mut Call<'_, S>) -> Option<Reply> {
        let Some(target) = self.table.find(call.command) else {
            return self.answer_unknown(call);
        };
        if !target.quiet {
            log::trace!(
                "link {}: command {}, {} bytes",
                call.link,
                call.command,
                call.body.len()
            );
        }
        target.calls.set(target.calls.get() + 1);
        for hook in &self.rules.before {
            match hook(call) {
                Ok(Admit::Pass) => {}
                Ok(Admit::Refuse(reply)) => return Some(reply),
                Err(error) => return Some(Reply::failed(error)),
            }
        }
        Some((target.run)(call))
    }

    #[cold]
    fn answer_unknown(&self, call: &mut Call<'_, S>) -> Option<Reply> {
        call.cx.links.counters.commands_unknown += 1;
        log::debug!("link {}: nobody serves command {}", call.link, call.command);
        self.rules.unknown_run.as_ref().map(|run| run(call))
    }
}
