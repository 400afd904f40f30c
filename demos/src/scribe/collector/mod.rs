//! The server: takes batches of clients, and answers when they are kept.
//!
//! ```text
//!   Log ─► throttle ─► routes ─► lane ─► store        a lane for each rule and category
//!    ▲                    │        │
//!    └──── OK, TRY_LATER ─┴ ticket ┘                  a ticket for each client's batch
//! ```
//! Nothing is answered OK from memory: a batch's OK waits until each lane that it is in has its store's word.

pub mod backlog;
pub mod counts;
mod handed;
mod lane;
mod log;
mod monitor;
mod reload;
mod routes;
mod stopping;
pub mod throttle;
pub mod ticket;
pub mod trouble;
mod waking;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use oneloop::disk::Machine;
use oneloop::fb303::{Base, FbStatus, Monitored as _};
use oneloop::report::Reports;
use oneloop::{Context, Framed, Limits, LinkLimits, Listen, ListenerId, Result, TimerId};

use crate::scribe::collector::monitor::Rates;
use crate::scribe::collector::reload::Reload;
use crate::scribe::collector::routes::Routes;
use crate::scribe::collector::throttle::Throttle;
use crate::scribe::collector::trouble::Trouble;
use crate::scribe::config::load::Loaded;
use crate::scribe::config::settings::{FileStore, Rule, Selector, Settings, Store};
use crate::scribe::config::word::FileWord;
use crate::scribe::interface::processor;
use crate::scribe::store::place::{Place, Yard};
use counts::Counts;

/// Where a configuration is read anew: on a worker thread.
pub type Source = Arc<dyn Fn() -> Result<Loaded, Reports> + Send + Sync>;

/// The state of the loop.
pub struct Collector {
    base: Base,
    /// What became of messages, by category.
    pub counts: Counts,
    settings: Rc<Settings>,
    place: Place,
    source: Option<Source>,
    routes: Routes,
    throttle: Throttle,
    phase: Phase,
    /// A configuration is being read, or is to be read once more.
    reading: reload::Reading,
    /// Why the configuration was not taken that was read last.
    refused: Option<Trouble>,
    /// More categories came than there may be.
    crowd: Option<Trouble>,
    /// What was wrong last, and when that was seen last: it may be over.
    past: Option<Trouble>,
    rates: Rates,
    /// Bytes that the disk of the collector's folder has left, as of the last check.
    disk_left_bytes: Option<u64>,
    checks: Option<TimerId>,
    categories_max: usize,
}

impl Default for Collector {
    /// One that keeps each category in files of this machine, and does not run.
    fn default() -> Self {
        let place = Place {
            disk: Arc::new(Machine),
            dir: "scribe-logs".into(),
            host: FileWord::of("localhost").expect("it is a word"),
            queue_bytes_max: 0,
            yard: Yard::default(),
        };
        Self::new(plain_settings(), place, None)
    }
}

/// What the collector is at.
enum Phase {
    Starting,
    Taking,
    /// The lanes come to rest, to be replaced.
    Reloading(Reload),
    /// What is here is finished, and nothing more is taken.
    Stopping {
        is_closing: bool,
    },
}

impl Collector {
    /// One that is configured so. `source` is asked when the configuration is to be read anew; without one the files are opened anew.
    #[must_use]
    pub fn new(settings: Settings, place: Place, source: Option<Source>) -> Self {
        Self::with_categories_max(settings, place, source, CATEGORIES_MAX)
    }

    /// The same, with at most so many categories instead of [`CATEGORIES_MAX`].
    #[must_use]
    pub fn with_categories_max(
        settings: Settings,
        place: Place,
        source: Option<Source>,
        categories_max: usize,
    ) -> Self {
        let place = Place {
            queue_bytes_max: settings.queue_bytes_max,
            ..place
        };
        let settings = Rc::new(settings);
        Self {
            base: Base::new("Scribe").version(env!("CARGO_PKG_VERSION")),
            counts: Counts::default(),
            routes: Routes::new(Rc::clone(&settings), place.clone(), categories_max),
            throttle: Throttle::new(settings.messages_per_second_max),
            settings,
            place,
            source,
            phase: Phase::Starting,
            reading: reload::Reading::No,
            refused: None,
            crowd: None,
            past: None,
            rates: Rates::default(),
            disk_left_bytes: None,
            checks: None,
            categories_max,
        }
    }

    /// Listens, and begins to take batches.
    ///
    /// # Errors
    /// As [`Context::listen`].
    pub fn start(cx: &mut Context<'_, Self>, listen: impl Into<Listen>) -> Result<ListenerId> {
        let listen = listen.into().limits(link_limits());
        let listener = cx.listen(listen, Framed::default(), processor::<Self>())?;
        cx.on_stop(|cx| {
            // Somebody has stopped the loop itself: what is under way is finished, as far as it gets.
            cx.state.phase = Phase::Stopping { is_closing: true };
            cx.state.base().set_status(FbStatus::STOPPING, "");
        });
        cx.state.phase = Phase::Taking;
        Self::check_each_interval(cx);
        Self::check(cx);
        Self::wake(cx);
        Ok(listener)
    }

    fn check_each_interval(cx: &mut Context<'_, Self>) {
        if let Some(checks) = cx.state.checks.take() {
            cx.cancel(checks);
        }
        let interval = cx.state.settings.check_interval;
        let checks = cx.every(interval, |cx, _| Self::check(cx));
        cx.state.checks = Some(checks);
    }
}

/// What is stored where if nobody says: each category in files of its own, in a folder of its own.
#[must_use]
pub fn plain_settings() -> Settings {
    Settings {
        rules: vec![Rule {
            categories: vec![Selector::Default],
            must_succeed: true,
            store: Store::File(FileStore::default()),
        }],
        ..Settings::default()
    }
}

/// The limits of a loop that collects, with room for so many clients; `None` is [`CLIENTS_MAX`].
///
/// All that clients can make it keep in memory is: frames that are not whole, [`Limits::buffered_bytes_max`], 256 MiB together; and
/// what waits for stores, [`backlog::MEMORY_BYTES_MAX`], another 256 MiB, and a frame of 16 MiB more.
#[must_use]
pub fn limits(clients_max: Option<u64>) -> Limits {
    let clients = clients_max.and_then(|most| usize::try_from(most).ok());
    let clients = clients.unwrap_or(CLIENTS_MAX).clamp(1, 1_000_000);
    Limits {
        links_max: clients.saturating_add(clients.min(REMOTES_MAX)),
        worker_threads_max: WORKER_THREADS_MAX,
        worker_queue_max: WORKER_QUEUE_MAX,
        drain_deadline: DRAIN_DEADLINE,
        link: link_limits(),
        ..Limits::default()
    }
}

/// Those of a client's link. Scribe's clients stay connected though they have nothing to say: they may.
fn link_limits() -> LinkLimits {
    LinkLimits {
        frame_bytes_max: FRAME_BYTES_MAX,
        calls_max: CALLS_MAX,
        frame_deadline: FRAME_DEADLINE,
        ..LinkLimits::default()
    }
}

/// Categories at a time, by default. Each has a store with an open file of its own.
pub const CATEGORIES_MAX: usize = 1_000;
/// Clients at a time, if the configuration does not say.
pub const CLIENTS_MAX: usize = 10_000;
/// Links besides the clients', to other collectors; but no more than there may be clients.
pub const REMOTES_MAX: usize = 64;
/// The largest frame: 16 MiB, a little more than Apache's clients send.
pub const FRAME_BYTES_MAX: usize = 16 << 20;
/// Batches of one client that may be unanswered. Those of scribe send one, and wait.
const CALLS_MAX: u32 = 64;
/// A client with a slow line has so long for one frame.
const FRAME_DEADLINE: Duration = Duration::from_secs(60);
/// Threads that wait for the disk: a file system syncs several files in about the time of one.
const WORKER_THREADS_MAX: usize = 8;
/// Jobs that may wait for them: more than there are lanes, of which each has one.
const WORKER_QUEUE_MAX: usize = 4_096;
/// A loop that was told to stop waits so long for the last answers to be on their way.
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);
