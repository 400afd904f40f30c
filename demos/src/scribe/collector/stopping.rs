//! How it ends: what was begun is finished and answered, and nothing is begun.

use std::rc::Rc;
use std::time::Duration;

use oneloop::fb303::{FbStatus, Monitored as _};
use oneloop::{Context, Deferred};

use crate::scribe::collector::lane::Lane;
use crate::scribe::collector::{Collector, Phase};

impl Collector {
    /// Ends in peace: further batches are told to come later, those that are here are finished, and then the loop stops; after
    /// 10 s in any case.
    pub fn stop(cx: &mut Context<'_, Self>) {
        let phase = Phase::Stopping { is_closing: false };
        match std::mem::replace(&mut cx.state.phase, phase) {
            Phase::Starting | Phase::Taking => {}
            Phase::Reloading(reload) => reload.give_up(&cx.state.routes),
            Phase::Stopping { is_closing } => {
                cx.state.phase = Phase::Stopping { is_closing };
                return;
            }
        }
        cx.state.base().set_status(FbStatus::STOPPING, "");
        ::log::info!("stopping: no further batch is taken");
        cx.after(STOP_SPAN, |cx| {
            ::log::warn!(
                "not all batches were stored in time: their clients are told to try later"
            );
            turn_away(cx.state.routes.lanes());
            cx.stop();
        });
        Self::lane_rests(cx);
    }

    /// What a signal means that is to end it: the second one ends it at once.
    pub fn stop_by_signal(cx: &mut Context<'_, Self>) {
        match cx.state.phase {
            Phase::Stopping { .. } => cx.stop_now(),
            _ => Self::stop(cx),
        }
    }

    /// A lane has nothing under way, or somebody wants to know whether all have: then what waits for that goes on.
    pub(super) fn lane_rests(cx: &mut Context<'_, Self>) {
        let lanes = cx.state.routes.lanes();
        let goes_on = match &mut cx.state.phase {
            Phase::Starting | Phase::Taking => false,
            Phase::Reloading(reload) => !reload.is_closing && lanes.iter().all(|it| it.rests()),
            Phase::Stopping { is_closing } => !*is_closing && lanes.iter().all(|it| it.is_empty()),
        };
        if !goes_on {
            return;
        }
        let lanes = lanes.to_vec();
        match &mut cx.state.phase {
            Phase::Reloading(reload) => reload.is_closing = true,
            Phase::Stopping { is_closing } => *is_closing = true,
            _ => return,
        }
        let closed = close(cx, &lanes);
        cx.when(closed, |cx, _| match cx.state.phase {
            Phase::Reloading(_) => Self::go_on_anew(cx),
            _ => cx.stop(),
        });
    }
}

/// Closes the stores of lanes.
fn close(cx: &mut Context<'_, Collector>, lanes: &[Rc<Lane>]) -> Deferred<()> {
    let stores = lanes.iter().filter_map(|lane| lane.made());
    let closed = stores.map(|store| store.close(cx)).collect();
    cx.join_all(closed).map(drop)
}

/// Whose batches wait is told to come later.
pub(super) fn turn_away(lanes: &[Rc<Lane>]) {
    for lane in lanes {
        lane.hold();
        for part in lane.empty() {
            part.ticket.settle(false);
        }
    }
}

/// What was begun is finished within this time, or not answered OK: 10 s.
pub(super) const STOP_SPAN: Duration = Duration::from_secs(10);
