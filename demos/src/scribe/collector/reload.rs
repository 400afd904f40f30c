//! A configuration is read anew, and takes the place of the one before; or nothing changes.
//!
//! ```text
//!            valid: no lane hands on      all rest: stores close      all are closed
//!   reading ────────────────────────► ... ─────────────────────► ... ────────────────► new lanes get what waits
//!      │ invalid: told, and nothing changes
//! ```

use std::rc::Rc;

use oneloop::Context;
use oneloop::report::{Report, Reports};

use crate::scribe::collector::lane::{Lane, Part};
use crate::scribe::collector::routes::Routes;
use crate::scribe::collector::stopping::turn_away;
use crate::scribe::collector::throttle::Throttle;
use crate::scribe::collector::ticket::Ticket;
use crate::scribe::collector::trouble::Trouble;
use crate::scribe::collector::{Collector, Phase};
use crate::scribe::config::load::Loaded;
use crate::scribe::config::settings::Settings;
use crate::scribe::interface::LogEntry;
use crate::scribe::store::place::Place;

/// Whether a configuration is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    No,
    Once,
    /// It may have changed since that began.
    AndAgain,
}

/// A new configuration, and what came meanwhile.
pub(super) struct Reload {
    settings: Settings,
    pub(super) is_closing: bool,
    /// Batches of clients, of which nobody knows yet where they go.
    waiting: Vec<(Vec<LogEntry>, Rc<Ticket>)>,
    waiting_bytes: u64,
}

impl Reload {
    /// A batch waits until it is known where it goes.
    pub(super) fn wait(&mut self, messages: Vec<LogEntry>, ticket: Rc<Ticket>) {
        let bytes = messages.iter().map(|entry| {
            let bytes = entry.category.len().saturating_add(entry.message.len());
            (bytes as u64).saturating_add(crate::scribe::collector::backlog::MESSAGE_BYTES)
        });
        let bytes = bytes.fold(0, u64::saturating_add);
        self.waiting_bytes = self.waiting_bytes.saturating_add(bytes);
        self.waiting.push((messages, ticket));
    }

    /// There will be no new lanes: whose batches wait is told to come later.
    pub(super) fn give_up(self, routes: &Routes) {
        for (_, ticket) in self.waiting {
            ticket.settle(false);
        }
        turn_away(routes.lanes());
    }
}

impl Collector {
    /// Reads the configuration anew, and goes on as it says. If it is not valid, nothing changes but the status.
    pub fn reload(cx: &mut Context<'_, Self>) {
        match (&cx.state.phase, cx.state.reading) {
            (Phase::Stopping { .. }, _) => return,
            (Phase::Reloading(_), _) | (_, Reading::Once | Reading::AndAgain) => {
                cx.state.reading = Reading::AndAgain;
                return;
            }
            _ => cx.state.reading = Reading::Once,
        }
        let Some(source) = cx.state.source.clone() else {
            ::log::info!("files are opened anew");
            let settings = (*cx.state.settings).clone();
            return Self::replace(cx, settings);
        };
        let read = cx.blocking(move || source());
        cx.when(read, |cx, read| match read {
            Ok(Ok(Loaded { settings, warnings })) => {
                for warning in warnings {
                    ::log::warn!("{warning}");
                }
                Self::replace(cx, settings);
            }
            Ok(Err(reports)) => Self::refuse(cx, &reports),
            Err(error) => {
                let text = format!("the configuration was not read anew: {error}");
                Self::note_refusal(cx, text);
            }
        });
    }

    fn refuse(cx: &mut Context<'_, Self>, reports: &Reports) {
        ::log::error!("the configuration is not valid, and nothing changes:\n{reports}");
        let first = reports.iter().next().map(Report::to_string);
        let first = first.unwrap_or_default();
        let line = first.lines().take(2).map(str::trim);
        let line: Vec<&str> = line.collect();
        let text = format!("the new configuration is not valid: {}", line.join(" "));
        Self::note_refusal(cx, text);
    }

    fn note_refusal(cx: &mut Context<'_, Self>, text: String) {
        cx.state.refused = Some(Trouble::now(text, cx));
        Self::read_again(cx);
    }

    /// Reads once more what may have changed while it was read.
    fn read_again(cx: &mut Context<'_, Self>) {
        if std::mem::replace(&mut cx.state.reading, Reading::No) == Reading::AndAgain {
            Self::reload(cx);
        }
    }

    /// Has the lanes come to rest, to go on by these settings.
    fn replace(cx: &mut Context<'_, Self>, settings: Settings) {
        if matches!(cx.state.phase, Phase::Stopping { .. }) {
            return;
        }
        let now = &cx.state.settings;
        if (settings.listen_ip, settings.listen_port) != (now.listen_ip, now.listen_port) {
            ::log::warn!("where it listens is not changed before it is started anew");
        }
        if settings.links_max != now.links_max {
            ::log::warn!("how many clients there may be is not changed before it is started anew");
        }
        for lane in cx.state.routes.lanes() {
            lane.hold();
        }
        cx.state.phase = Phase::Reloading(Reload {
            settings,
            is_closing: false,
            waiting: Vec::new(),
            waiting_bytes: 0,
        });
        Self::lane_rests(cx);
    }

    /// The stores are closed: new lanes take what waits, in its order.
    pub(super) fn go_on_anew(cx: &mut Context<'_, Self>) {
        let Phase::Reloading(reload) = std::mem::replace(&mut cx.state.phase, Phase::Taking) else {
            return;
        };
        let state = &mut *cx.state;
        let settings = Rc::new(reload.settings);
        state.place = Place {
            queue_bytes_max: settings.queue_bytes_max,
            ..state.place.clone()
        };
        let routes = Routes::new(
            Rc::clone(&settings),
            state.place.clone(),
            state.categories_max,
        );
        let old = std::mem::replace(&mut state.routes, routes);
        if state.settings.messages_per_second_max != settings.messages_per_second_max {
            state.throttle = Throttle::new(settings.messages_per_second_max);
        }
        state.settings = settings;
        (state.refused, state.crowd) = (None, None);
        state.routes.keep_counts(&old);
        for lane in old.lanes() {
            for part in lane.empty() {
                Self::move_part(cx, &old, lane, part);
            }
        }
        for (messages, ticket) in reload.waiting {
            Self::take(cx, messages, &ticket);
        }
        Self::check_each_interval(cx);
        Self::check(cx);
        Self::wake(cx);
        ::log::info!("the configuration is in force");
        Self::read_again(cx);
    }

    /// Brings to new lanes what waited in an old one.
    fn move_part(cx: &mut Context<'_, Self>, old: &Routes, lane: &Rc<Lane>, part: Part) {
        let (ticket, runs) = part.into_runs();
        let mut is_moved = true;
        for run in runs {
            let Some(category) = run.first().map(|message| Rc::from(&*message.category)) else {
                continue;
            };
            let category: Rc<str> = category;
            let was_alone = old.is_alone(&category);
            let route = cx.state.routes.route(&category);
            let lanes = route.as_ref().map(|route| route.lanes.as_slice());
            // Of a category in several lanes the others may have stored it: it goes where this one's rule still is, or its client
            // is told to send it again.
            let chosen = lanes.unwrap_or_default().iter();
            let chosen: Vec<Rc<Lane>> = chosen
                .filter(|new| was_alone || new.rule == lane.rule)
                .map(Rc::clone)
                .collect();
            is_moved &= !chosen.is_empty();
            for new in chosen {
                ticket.add_part();
                new.put(cx, run.clone(), Rc::clone(&ticket));
            }
        }
        ticket.settle(is_moved);
    }

    /// Whether so much waits for the new lanes that no more can.
    pub(super) fn reload_is_full(&self) -> bool {
        match &self.phase {
            Phase::Reloading(reload) => reload.waiting_bytes > self.settings.queue_bytes_max,
            _ => false,
        }
    }
}
