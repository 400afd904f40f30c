//! A batch of a client, from its arrival to its answer.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use oneloop::Context;
use oneloop::deferred::Deferred;
use oneloop::thrift::Answer;

use crate::scribe::collector::counts::Fate;
use crate::scribe::collector::ticket::Ticket;
use crate::scribe::collector::trouble::Trouble;
use crate::scribe::collector::{Collector, Phase};
use crate::scribe::interface::{LogEntry, ResultCode, Scribe};

impl Scribe for Collector {
    /// Says OK when all is kept, and TRY_LATER if that is not known, or if it was not even tried. What has no category or none that
    /// there is a rule for is passed over and counted, and no reason for another answer, as in scribe: the same would come again for ever.
    fn log(cx: &mut Context<'_, Self>, mut messages: Vec<LogEntry>) -> Answer<ResultCode> {
        let count = messages.len() as u64;
        let second = cx.time_of_day().as_secs();
        if matches!(cx.state.phase, Phase::Stopping { .. }) {
            return ResultCode::TRY_LATER.into();
        }
        if !cx.state.throttle.admits(second, count) {
            cx.state.counts.add(None, Fate::DeniedForRate, count);
            return ResultCode::TRY_LATER.into();
        }
        if cx.state.routes.backlog().is_full() || cx.state.reload_is_full() {
            cx.state.counts.add(None, Fate::DeniedForQueueSize, count);
            return ResultCode::TRY_LATER.into();
        }
        let (promise, later) = cx.defer();
        let ticket = Ticket::new(promise);
        match &mut cx.state.phase {
            // It is not known yet where it goes.
            Phase::Reloading(reload) => {
                let entries = messages.iter_mut();
                leave_frame(entries.flat_map(|it| [&mut it.category, &mut it.message]));
                reload.wait(messages, ticket);
            }
            _ => Self::take(cx, messages, &ticket),
        }
        // Before the call itself is over, which would be an internal error to the client, and no reason to come again.
        let later = cx.timeout(later, ANSWER_SPAN);
        let later = later.or_else(|_| Deferred::ready(ResultCode::TRY_LATER));
        later.into()
    }
}

impl Collector {
    /// Puts a batch into its lanes, and settles the ticket's own part.
    pub(super) fn take(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>, ticket: &Rc<Ticket>) {
        let count = messages.len() as u64;
        let sorted = match cx.state.routes.sort(messages) {
            Ok(sorted) => sorted,
            Err(too_many) => {
                let text = format!(
                    "a client logs to one category more than the {} that there may be, and is told to try later",
                    too_many.0
                );
                let before = cx.state.crowd.take();
                if before.is_none() {
                    ::log::error!("{text}");
                }
                cx.state.crowd = Some(Trouble::again(before, text, cx));
                cx.state.counts.add(None, Fate::DeniedForQueueSize, count);
                return ticket.settle(false);
            }
        };
        let counts = &mut cx.state.counts;
        for (category, count) in &sorted.good {
            counts.add(Some(category), Fate::ReceivedGood, *count);
        }
        for (fate, count) in [
            (Fate::ReceivedBad, sorted.bad),
            (Fate::ReceivedBlankCategory, sorted.blank),
        ] {
            if count > 0 {
                counts.add(None, fate, count);
            }
        }
        for (lane, mut messages) in sorted.parts {
            leave_frame(messages.iter_mut().map(|it| &mut it.text));
            ticket.add_part();
            lane.put(cx, messages, Rc::clone(ticket));
        }
        ticket.settle(true);
    }
}

/// Takes texts out of the frame that they came in: it may be full of what nobody keeps, such as a category that is none, or a field that
/// nobody knows, and all of it would be in memory as long as one text waits, and in no count. One copy for those that wait together.
fn leave_frame<'t>(texts: impl Iterator<Item = &'t mut Bytes>) {
    let texts: Vec<&mut Bytes> = texts.collect();
    let lengths = texts.iter().map(|text| text.len());
    let mut copy = Vec::with_capacity(lengths.fold(0, usize::saturating_add));
    for text in &texts {
        copy.extend_from_slice(text);
    }
    let mut rest = Bytes::from(copy);
    for text in texts {
        *text = rest.split_to(text.len());
    }
}

/// A disk or a primary that hangs is waited for so long. What it was given may be kept later.
const ANSWER_SPAN: Duration = Duration::from_secs(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_keep_the_frame_that_they_came_in() {
        for (bytes, count) in [(0, 0), (0, 1), (1, 1), (10, 2_000), (1 << 20, 1)] {
            let frame = Bytes::from(vec![7; 1 << 20]);
            let mut texts: Vec<Bytes> = (0..count).map(|at| frame.slice(at..at + bytes)).collect();
            let before = texts.clone();
            leave_frame(texts.iter_mut());
            assert_eq!(texts, before);
            drop(before);
            assert!(frame.is_unique(), "{bytes} {count}");
        }
    }
}
