//! Which lanes the messages of a category take.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::str;
use std::sync::Arc;

use crate::scribe::collector::backlog::Backlog;
use crate::scribe::collector::lane::Lane;
use crate::scribe::config::settings::{Rule, Selector, Settings};
use crate::scribe::config::word::FileWord;
use crate::scribe::interface::LogEntry;
use crate::scribe::store::Message;
use crate::scribe::store::place::{Place, Whose};

/// Which lanes the messages of a category take. Lanes are made when their first message is there, those of rules for one category at
/// once: files may wait there for their primary.
pub(super) struct Routes {
    place: Place,
    backlog: Rc<Backlog>,
    store_per_category: bool,
    rules: Vec<(Rc<Rule>, Option<Rc<Lane>>)>,
    settings: Rc<Settings>,
    by_category: BTreeMap<Arc<str>, Rc<Route>>,
    lanes: Vec<Rc<Lane>>,
    categories_max: usize,
}

/// A category, and where its messages go.
pub(super) struct Route {
    pub(super) category: Arc<str>,
    pub(super) lanes: Vec<Rc<Lane>>,
    /// Its messages among those that are being sorted.
    tally: Cell<u64>,
    /// Those received so far.
    pub(super) received: Cell<u64>,
}

/// A client's batch, by lanes.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) parts: Vec<(Rc<Lane>, Vec<Message>)>,
    /// Messages of each category.
    pub(super) good: Vec<(Arc<str>, u64)>,
    pub(super) bad: u64,
    pub(super) blank: u64,
}

/// There are so many categories already, which is the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany(pub(super) usize);

/// Where an entry goes.
enum Found {
    Route(Rc<Route>),
    Bad,
    Blank,
}

impl Routes {
    /// Those of a configuration, with lanes for all categories that it names.
    pub(super) fn new(settings: Rc<Settings>, place: Place, categories_max: usize) -> Self {
        let rules = settings
            .rules
            .iter()
            .map(|rule| (Rc::new(rule.clone()), None));
        let mut routes = Self {
            backlog: Rc::new(Backlog::new(settings.queue_bytes_max)),
            store_per_category: settings.store_per_category,
            rules: rules.collect(),
            by_category: BTreeMap::new(),
            lanes: Vec::new(),
            place,
            settings,
            categories_max,
        };
        let rules = routes.settings.rules.clone();
        for selector in rules.iter().flat_map(|rule| &rule.categories) {
            if let Selector::Exact(category) = selector {
                _ = routes.find(category.as_bytes());
            }
        }
        if !routes.store_per_category {
            for (index, rule) in rules.iter().enumerate() {
                if let (true, Ok(word)) = (rule.is_for_several(), FileWord::of("default")) {
                    _ = routes.lane(index, &word);
                }
            }
        }
        routes
    }

    pub(super) fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    pub(super) fn lanes(&self) -> &[Rc<Lane>] {
        &self.lanes
    }

    pub(super) fn categories(&self) -> impl Iterator<Item = &Rc<Route>> {
        self.by_category.values()
    }

    /// The route of a category, if it is one and has a rule.
    pub(super) fn route(&mut self, category: &str) -> Option<Rc<Route>> {
        match self.find(category.as_bytes()) {
            Ok(Found::Route(route)) => Some(route),
            _ => None,
        }
    }

    /// Whether the messages of a category are in one lane only.
    pub(super) fn is_alone(&self, category: &str) -> bool {
        let route = self.by_category.get(category);
        route.is_some_and(|route| route.lanes.len() == 1)
    }

    /// Goes on with how many messages others received.
    pub(super) fn keep_counts(&mut self, old: &Self) {
        for (category, before) in &old.by_category {
            // A category that is known stays so: its files may have to be sent.
            if let Some(route) = self.route(category) {
                route.received.set(before.received.get());
            }
        }
    }

    fn find(&mut self, category: &[u8]) -> Result<Found, TooMany> {
        if category.is_empty() {
            return Ok(Found::Blank);
        }
        let Ok(category) = str::from_utf8(category) else {
            return Ok(Found::Bad);
        };
        if let Some(route) = self.by_category.get(category) {
            return Ok(Found::Route(Rc::clone(route)));
        }
        let Ok(word) = FileWord::of(category) else {
            return Ok(Found::Bad);
        };
        let settings = Rc::clone(&self.settings);
        let chosen = settings.rules_for(category);
        if chosen.is_empty() {
            return Ok(Found::Bad);
        }
        if self.by_category.len() >= self.categories_max {
            return Err(TooMany(self.categories_max));
        }
        let rules = settings.rules.iter().enumerate();
        let chosen = rules.filter(|(_, rule)| chosen.iter().any(|it| std::ptr::eq(*it, *rule)));
        let lanes = chosen.filter_map(|(index, _)| self.lane(index, &word));
        let lanes = lanes.collect();
        let route = Rc::new(Route {
            category: category.into(),
            lanes,
            tally: Cell::new(0),
            received: Cell::new(0),
        });
        self.by_category
            .insert(Arc::clone(&route.category), Rc::clone(&route));
        Ok(Found::Route(route))
    }

    /// The lane of a category under a rule: its own, or the one that all of the rule's share.
    fn lane(&mut self, rule: usize, category: &FileWord) -> Option<Rc<Lane>> {
        let (rule, shared) = self.rules.get_mut(rule)?;
        let is_shared = rule.is_for_several() && !self.store_per_category;
        if let Some(lane) = shared {
            return Some(Rc::clone(lane));
        }
        // What is shared is not called after who came first: next time that may be somebody else.
        let named = rule.categories.first().filter(|_| is_shared);
        let named = named.and_then(|selector| match selector {
            Selector::Exact(name) => FileWord::of(name).ok(),
            Selector::Prefix(prefix) => FileWord::of(prefix).ok(),
            Selector::Default => FileWord::of("default").ok(),
        });
        let whose = Whose {
            category: named.unwrap_or_else(|| category.clone()),
            is_copy: rule.is_for_several() && self.store_per_category,
            queued_bytes: Rc::default(),
        };
        let (place, backlog) = (self.place.clone(), Rc::clone(&self.backlog));
        let lane = Lane::new(Rc::clone(rule), whose, is_shared, place, backlog);
        if is_shared {
            *shared = Some(Rc::clone(&lane));
        }
        self.lanes.push(Rc::clone(&lane));
        Some(lane)
    }

    /// Sorts a batch by lanes, in its order. Nothing is counted yet.
    pub(super) fn sort(&mut self, entries: Vec<LogEntry>) -> Result<Sorted, TooMany> {
        let mut sorted = Sorted::default();
        let mut places: Vec<usize> = Vec::new();
        let mut touched: Vec<Rc<Route>> = Vec::new();
        let mut last: Option<(bytes::Bytes, Found)> = None;
        let count = entries.len();
        let mut outcome = Ok(());
        for entry in entries {
            let is_known = last
                .as_ref()
                .is_some_and(|(known, _)| *known == entry.category);
            if !is_known {
                match self.find(&entry.category) {
                    Ok(found) => last = Some((entry.category.clone(), found)),
                    Err(too_many) => {
                        outcome = Err(too_many);
                        break;
                    }
                }
                places.clear();
            }
            match &last {
                Some((_, Found::Route(route))) => {
                    if route.tally.get() == 0 {
                        touched.push(Rc::clone(route));
                    }
                    route.tally.set(route.tally.get() + 1);
                    if places.is_empty() {
                        let found = route
                            .lanes
                            .iter()
                            .map(|lane| place(&mut sorted, lane, count));
                        places.extend(found);
                    }
                    put(
                        &mut sorted,
                        &places,
                        Arc::clone(&route.category),
                        entry.message,
                    );
                }
                Some((_, Found::Bad)) => sorted.bad += 1,
                _ => sorted.blank += 1,
            }
        }
        for route in touched {
            let tally = route.tally.take();
            if outcome.is_ok() {
                route
                    .received
                    .set(route.received.get().saturating_add(tally));
                sorted.good.push((Arc::clone(&route.category), tally));
            }
        }
        outcome.map(|()| sorted)
    }
}

/// Where the messages for this lane are collected.
fn place(sorted: &mut Sorted, lane: &Rc<Lane>, count: usize) -> usize {
    let index = lane.slot.get();
    let found = sorted.parts.get(index);
    if found.is_some_and(|(known, _)| Rc::ptr_eq(known, lane)) {
        return index;
    }
    let index = sorted.parts.len();
    // A batch is mostly of one category.
    let room = if index == 0 { count } else { 0 };
    sorted
        .parts
        .push((Rc::clone(lane), Vec::with_capacity(room)));
    lane.slot.set(index);
    index
}

fn put(sorted: &mut Sorted, places: &[usize], category: Arc<str>, text: bytes::Bytes) {
    let Some((last, others)) = places.split_last() else {
        return;
    };
    let message = Message { category, text };
    for index in others {
        if let Some((_, messages)) = sorted.parts.get_mut(*index) {
            messages.push(message.clone());
        }
    }
    if let Some((_, messages)) = sorted.parts.get_mut(*last) {
        messages.push(message);
    }
}
