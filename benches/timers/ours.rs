//! oneloop's, by way of its public door: `Context::after` and `Context::cancel` on a reactor.

use std::collections::VecDeque;
use std::time::Duration;

use oneloop::{Context, Reactor, Result};

use crate::load::{Spans, Timers};

pub(crate) struct Oneloop {
    /// The state is how many have fired.
    reactor: Reactor<usize>,
    spans: Spans,
}

impl Oneloop {
    pub(crate) fn new() -> Self {
        Self {
            reactor: Reactor::new(0).expect("a poll"),
            spans: Spans::new(),
        }
    }

    fn with(&mut self, act: impl FnOnce(&mut Context<'_, usize>, &mut Spans)) {
        let spans = &mut self.spans;
        let done: Result<()> = self.reactor.start(|cx| {
            act(cx, spans);
            Ok(())
        });
        done.expect("nothing fails");
    }
}

impl Timers for Oneloop {
    fn fill(&mut self, pending: usize) {
        self.with(|cx, spans| {
            for _ in 0..pending {
                cx.after(spans.deadline(), |cx| *cx.state += 1);
            }
        });
    }

    fn arm_and_cancel(&mut self, count: usize) {
        self.with(|cx, spans| {
            let mut armed = VecDeque::with_capacity(17);
            for _ in 0..count {
                armed.push_back(cx.after(spans.deadline(), |cx| *cx.state += 1));
                if armed.len() > 16 {
                    assert!(armed.pop_front().is_some_and(|timer| cx.cancel(timer)));
                }
            }
            for timer in armed {
                assert!(cx.cancel(timer));
            }
        });
    }

    fn arm_soon(&mut self, count: usize) {
        self.with(|cx, spans| {
            for _ in 0..count {
                cx.after(spans.soon(), |cx| *cx.state += 1);
            }
        });
    }

    fn fire(&mut self) -> usize {
        self.reactor.turn(Some(Duration::ZERO)).expect("it goes on");
        *self.reactor.state()
    }
}
