//! What an operator can ask: the status, the first fault, and counters.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use oneloop::fb303::{Base, FbStatus, Monitored};
use oneloop::{Context, Time};

use crate::scribe::collector::trouble::{Moment, Trouble};
use crate::scribe::collector::{Collector, Phase};

/// Messages a second, of each category, between the last two checks.
#[derive(Debug, Default)]
pub(super) struct Rates {
    at: Time,
    of: BTreeMap<Arc<str>, Rate>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    received: u64,
    per_second: u64,
}

impl Rates {
    /// So many there were by now.
    fn measure(&mut self, now: Time, received: impl Iterator<Item = (Arc<str>, u64)>) {
        let millis = u64::try_from((now - self.at).as_millis()).unwrap_or(u64::MAX);
        self.at = now;
        for (category, received) in received {
            let rate = self.of.entry(category).or_default();
            let more = received.saturating_sub(rate.received).saturating_mul(1000);
            rate.per_second = more.checked_div(millis).unwrap_or_default();
            rate.received = received;
        }
    }
}

/// What waits of a category, or of all.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    queue_bytes: u64,
    unsent_bytes: u64,
    oldest: Duration,
}

impl Waiting {
    fn add(&mut self, other: Self) {
        self.queue_bytes = self.queue_bytes.saturating_add(other.queue_bytes);
        self.unsent_bytes = self.unsent_bytes.saturating_add(other.unsent_bytes);
        self.oldest = self.oldest.max(other.oldest);
    }

    fn named(self) -> [(&'static str, u64); 3] {
        [
            ("queue bytes", self.queue_bytes),
            ("unsent bytes", self.unsent_bytes),
            ("oldest unsent seconds", self.oldest.as_secs()),
        ]
    }
}

impl Monitored for Collector {
    fn base(&mut self) -> &mut Base {
        &mut self.base
    }

    fn status(cx: &mut Context<'_, Self>) -> FbStatus {
        match cx.state.phase {
            Phase::Starting => FbStatus::STARTING,
            Phase::Stopping { .. } => FbStatus::STOPPING,
            _ if cx.state.fault().is_some() => FbStatus::WARNING,
            _ => FbStatus::ALIVE,
        }
    }

    fn details(cx: &mut Context<'_, Self>) -> String {
        let fault = cx.state.fault();
        let past = || {
            let past = cx.state.past.as_ref()?;
            Some(format!("{}, seen last {}", past.text, Moment(past.since)))
        };
        fault.or_else(past).unwrap_or_default()
    }

    fn add_counters(cx: &mut Context<'_, Self>, counters: &mut BTreeMap<String, i64>) {
        // A category may be called as the loop's, or as what stands for all: the names of those are not its own.
        let mut add = |name: String, value: u64| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            counters.entry(name).or_insert(value);
        };
        let (now, second) = (cx.now(), cx.time_of_day().as_secs());
        let mut all = Waiting::default();
        let mut of: BTreeMap<&str, Waiting> = BTreeMap::new();
        for lane in cx.state.routes.lanes() {
            let (told, _) = lane.told();
            let in_queue = lane.oldest().map_or(Duration::ZERO, |since| now - since);
            let in_files = told
                .oldest_unsent
                .map_or(0, |since| second.saturating_sub(since));
            let waiting = Waiting {
                queue_bytes: lane.whose.queued_bytes.get(),
                unsent_bytes: told.unsent_bytes,
                oldest: in_queue.max(Duration::from_secs(in_files)),
            };
            all.add(waiting);
            of.entry(lane.whose.category.as_str())
                .or_default()
                .add(waiting);
        }
        for (name, value) in all.named() {
            add(format!("{ALL}:{name}"), value);
        }
        let rates = &cx.state.rates.of;
        let rate = rates
            .values()
            .map(|rate| rate.per_second)
            .fold(0, u64::saturating_add);
        add(format!("{ALL}:messages per second"), rate);
        if let Some(bytes) = cx.state.disk_left_bytes {
            add(format!("{ALL}:disk left bytes"), bytes);
        }
        for (name, value) in cx.state.counts.named() {
            add(name, u64::try_from(value).unwrap_or_default());
        }
        for (category, waiting) in of {
            for (name, value) in waiting.named() {
                add(format!("{category}:{name}"), value);
            }
        }
        for (category, rate) in rates {
            add(format!("{category}:messages per second"), rate.per_second);
        }
    }

    fn on_reinitialize(cx: &mut Context<'_, Self>) {
        Self::reload(cx);
    }

    fn on_shutdown(cx: &mut Context<'_, Self>) {
        Self::stop(cx);
    }
}

impl Collector {
    /// The first fault, and since when it has been.
    fn fault(&self) -> Option<String> {
        let own = self
            .refused
            .iter()
            .chain(&self.crowd)
            .map(Trouble::to_string);
        let lanes = self.routes.lanes().iter().filter_map(|lane| {
            let (told, trouble) = lane.told();
            told.fault.or_else(|| Some(trouble?.to_string()))
        });
        own.chain(lanes).next()
    }

    /// Looks after the stores, and measures.
    pub(super) fn check(cx: &mut Context<'_, Self>) {
        if !matches!(cx.state.phase, Phase::Taking) {
            return;
        }
        let now = cx.now();
        let categories = cx.state.routes.categories();
        let received = categories.map(|route| (Arc::clone(&route.category), route.received.get()));
        cx.state.rates.measure(now, received);
        if let Some(fault) = cx.state.fault() {
            cx.state.past = Some(Trouble::now(fault, cx));
        }
        Self::check_lanes(cx);
        let (disk, dir) = (Arc::clone(&cx.state.place.disk), cx.state.place.dir.clone());
        let left = cx.blocking(move || disk.free_bytes(&dir));
        cx.when(left, |cx, left| match left {
            Ok(Ok(bytes)) => cx.state.disk_left_bytes = Some(bytes),
            Ok(Err(error)) => ::log::debug!("how much the disk has left is not known: {error}"),
            // The pool is busy: it is asked again.
            Err(_) => {}
        });
    }

    pub(super) fn check_lanes(cx: &mut Context<'_, Self>) {
        for lane in cx.state.routes.lanes().to_vec() {
            lane.check(cx);
        }
    }
}

/// What scribe calls all categories.
const ALL: &str = "scribe_overall";
