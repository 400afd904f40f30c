//! Threads for work that blocks.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::context::Job;

/// Threads for work that blocks, started when first needed, with one bounded queue before them. What they do is their own: each job
/// carries the promise by which it answers.
pub(super) struct Workers {
    shared: Arc<Shared>,
    threads: usize,
    threads_max: usize,
    queue_max: usize,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    /// Threads that wait for work.
    idle: usize,
    /// Jobs that threads have begun and not ended.
    running: usize,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Jobs run outside of it: whoever panicked held nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                state.running += 1;
                drop(state);
                // A job answers for its own panics; one that does not must not take the thread with it.
                if catch_unwind(AssertUnwindSafe(job)).is_err() {
                    log::error!("a blocking job panicked");
                }
                state = self.lock();
                state.running -= 1;
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self
                    .work
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }
}

impl Workers {
    pub(super) fn new(threads_max: usize, queue_max: usize) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            work: Condvar::new(),
        });
        Self {
            shared,
            threads: 0,
            threads_max,
            queue_max,
        }
    }

    /// Whether a further job would be taken.
    pub(super) fn has_room(&self) -> bool {
        has_room(&self.shared.lock(), self.threads_max, self.queue_max)
    }

    /// Queues `job`; gives it back if the queue is full, or if there is no thread and none can be started.
    pub(super) fn submit(&mut self, job: Job) -> Result<(), Job> {
        let mut state = self.shared.lock();
        if !has_room(&state, self.threads_max, self.queue_max) {
            return Err(job);
        }
        state.queue.push_back(job);
        let short = state.queue.len() > state.idle;
        drop(state);
        if short && self.threads < self.threads_max {
            let shared = Arc::clone(&self.shared);
            let name = format!("oneloop-worker-{}", self.threads);
            match thread::Builder::new()
                .name(name)
                .spawn(move || shared.work())
            {
                Ok(_) => self.threads += 1,
                Err(error) if self.threads == 0 => {
                    log::error!("no worker thread could be started: {error}");
                    return self.shared.lock().queue.pop_back().map_or(Ok(()), Err);
                }
                Err(error) => log::warn!("no further worker thread could be started: {error}"),
            }
        }
        self.shared.work.notify_one();
        Ok(())
    }
}

/// One job for each thread, begun or about to be, and those that wait.
fn has_room(state: &State, threads_max: usize, queue_max: usize) -> bool {
    state.running + state.queue.len() < threads_max.saturating_add(queue_max)
}

impl Drop for Workers {
    /// Lets the threads go when they are done with what they do. They are not waited for: a job may hang for ever.
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let unstarted = std::mem::take(&mut state.queue);
        drop(state);
        drop(unstarted);
        self.shared.work.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    #[test]
    fn a_full_queue_refuses_at_once() {
        let mut workers = Workers::new(2, 3);
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let (started, starts) = mpsc::channel();
        let submit = |workers: &mut Workers| {
            let (gate, started) = (Arc::clone(&gate), started.clone());
            workers.submit(Box::new(move || {
                started.send(()).expect("the test waits");
                gate.lock()
                    .expect("no panic")
                    .recv_timeout(PATIENCE)
                    .expect("the test releases");
            }))
        };
        for _ in 0..2 {
            assert!(submit(&mut workers).is_ok());
            starts.recv_timeout(PATIENCE).expect("a thread for each");
        }
        for number in 0..3 {
            assert!(submit(&mut workers).is_ok(), "{number} waits");
        }
        assert!(submit(&mut workers).is_err(), "the fourth");
        for _ in 0..5 {
            release.send(()).expect("somebody waits");
        }
        for _ in 0..3 {
            starts.recv_timeout(PATIENCE).expect("those that waited");
        }
    }

    #[test]
    fn a_pool_that_is_dropped_drops_what_it_did_not_begin() {
        let mut workers = Workers::new(1, 10);
        let (release, gate) = mpsc::channel::<()>();
        let (started, starts) = mpsc::channel();
        assert!(
            workers
                .submit(Box::new(move || {
                    started.send(()).expect("the test waits");
                    let _ = gate.recv_timeout(PATIENCE);
                }))
                .is_ok()
        );
        starts.recv_timeout(PATIENCE).expect("it began");
        let (dropped, drops) = mpsc::channel::<()>();
        assert!(workers.submit(Box::new(move || drop(dropped))).is_ok());
        drop(workers);
        assert_eq!(
            drops.recv_timeout(PATIENCE),
            Err(mpsc::RecvTimeoutError::Disconnected)
        );
        drop(release);
    }
}
