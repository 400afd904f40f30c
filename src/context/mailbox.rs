//! The one door for other threads.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::context::Context;
use crate::deferred::Outlet;
use crate::error::{Error, Result};

/// A closure from another thread, to be run on the loop.
pub(crate) type Posted<S> = Box<dyn FnOnce(&mut Context<'_, S>) + Send>;

/// What other threads put in.
pub(crate) enum Letter<S> {
    /// Run this.
    Run(Posted<S>),
    /// A promise that went to another thread is settled.
    Settle(u64, Box<dyn Any + Send>),
    /// Stop: in peace, or at once.
    Stop { at_once: bool },
}

/// Letters from other threads, and the bell that wakes the loop. The bell is rung only when the box was empty: until the loop has
/// emptied it, one ring stands for all that came since.
pub(crate) struct Mailbox<S> {
    inner: Mutex<Inner<S>>,
    bell: Box<dyn Fn() + Send + Sync>,
    posts_max: usize,
}

struct Inner<S> {
    letters: Vec<Letter<S>>,
    /// Closures posted and not yet run, those that the loop has taken out included.
    posts: usize,
    /// Closures refused since the box was made.
    refused: u64,
    /// The loop is gone.
    closed: bool,
}

impl<S> Mailbox<S> {
    pub(crate) fn new(posts_max: usize, bell: Box<dyn Fn() + Send + Sync>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                letters: Vec::new(),
                posts: 0,
                refused: 0,
                closed: false,
            }),
            bell,
            posts_max,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        // Nothing can panic while it is held, and if it did the letters would still be whole.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, letter: Letter<S>) -> Result<()> {
        let was_empty = {
            let mut inner = self.lock();
            if inner.closed {
                return Err(Error::Stopped);
            }
            // Only closures are refused when it is full: a settled promise is bounded by the promises there are.
            if matches!(letter, Letter::Run(_)) {
                if inner.posts >= self.posts_max {
                    inner.refused += 1;
                    return Err(Error::Busy);
                }
                inner.posts += 1;
            }
            let was_empty = inner.letters.is_empty();
            inner.letters.push(letter);
            was_empty
        };
        if was_empty {
            (self.bell)();
        }
        Ok(())
    }

    /// Takes all letters, in the order they came.
    pub(crate) fn empty(&self) -> Vec<Letter<S>> {
        std::mem::take(&mut self.lock().letters)
    }

    /// How many letters wait to be taken.
    #[cfg(feature = "sim")]
    pub(crate) fn len(&self) -> usize {
        self.lock().letters.len()
    }

    /// So many closures were run: there is room for as many. Gives how many were refused so far.
    pub(crate) fn ran(&self, posts: usize) -> u64 {
        let mut inner = self.lock();
        inner.posts -= posts;
        inner.refused
    }

    /// Refuses letters from now on, unless there are some to be read first.
    pub(crate) fn close_if_empty(&self) -> bool {
        let mut inner = self.lock();
        inner.closed |= inner.letters.is_empty();
        inner.closed
    }

    /// Refuses letters from now on, and gives what was not read.
    pub(crate) fn close(&self) -> Vec<Letter<S>> {
        let mut inner = self.lock();
        inner.closed = true;
        std::mem::take(&mut inner.letters)
    }
}

impl<S> Outlet for Mailbox<S> {
    fn deliver(&self, id: u64, outcome: Box<dyn Any + Send>) {
        // After the loop is gone nobody waits for it.
        let _ = self.put(Letter::Settle(id, outcome));
    }
}

/// A loop, as other threads see it: they post closures to it, and stop it.
///
/// ```
/// # fn main() -> oneloop::Result<()> {
/// use oneloop::Reactor;
///
/// let mut reactor = Reactor::new(0_u64)?;
/// let handle = reactor.handle();
/// let other = std::thread::spawn(move || {
///     handle.post(|cx| {
///         *cx.state += 1;
///         cx.stop();
///     })
/// });
/// reactor.run()?;
/// other.join().expect("no panic")?;
/// assert_eq!(*reactor.state(), 1);
/// # Ok(())
/// # }
/// ```
pub struct Handle<S> {
    mailbox: Arc<Mailbox<S>>,
}

impl<S> Handle<S> {
    pub(crate) const fn new(mailbox: Arc<Mailbox<S>>) -> Self {
        Self { mailbox }
    }

    /// Has `closure` run on the loop, soon, after what was posted before.
    ///
    /// # Errors
    /// [`Error::Busy`] if `posts_max` closures wait already; [`Error::Stopped`] if the loop is gone. The closure is dropped.
    pub fn post(&self, closure: impl FnOnce(&mut Context<'_, S>) + Send + 'static) -> Result<()> {
        self.mailbox.put(Letter::Run(Box::new(closure)))
    }

    /// Has the loop stop: it accepts no more, answers what is outstanding, and ends by the drain deadline.
    pub fn stop(&self) {
        // A loop that is gone has stopped.
        let _ = self.mailbox.put(Letter::Stop { at_once: false });
    }

    /// Has the loop stop at once: what is outstanding is dropped.
    pub fn stop_now(&self) {
        let _ = self.mailbox.put(Letter::Stop { at_once: true });
    }
}

impl<S> Clone for Handle<S> {
    fn clone(&self) -> Self {
        Self {
            mailbox: Arc::clone(&self.mailbox),
        }
    }
}

impl<S> fmt::Debug for Handle<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn mailbox(posts_max: usize) -> (Arc<Mailbox<()>>, Arc<AtomicUsize>) {
        let rings = Arc::new(AtomicUsize::new(0));
        let bell = Arc::clone(&rings);
        (
            Arc::new(Mailbox::new(
                posts_max,
                Box::new(move || _ = bell.fetch_add(1, Ordering::SeqCst)),
            )),
            rings,
        )
    }

    #[test]
    fn the_bell_rings_once_until_the_box_is_emptied() {
        let (mailbox, rings) = mailbox(100);
        let handle = Handle::new(Arc::clone(&mailbox));
        for _ in 0..10 {
            handle.post(|_| ()).expect("there is room");
        }
        assert_eq!(rings.load(Ordering::SeqCst), 1);
        assert_eq!(mailbox.empty().len(), 10);
        handle.post(|_| ()).expect("there is room");
        assert_eq!(rings.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_full_box_refuses_closures_and_nothing_else() {
        let (mailbox, _) = mailbox(2);
        let handle = Handle::new(Arc::clone(&mailbox));
        assert!(handle.post(|_| ()).is_ok());
        assert!(handle.post(|_| ()).is_ok());
        assert!(matches!(handle.post(|_| ()), Err(Error::Busy)));
        handle.stop();
        mailbox.deliver(1, Box::new(()));
        assert_eq!(mailbox.empty().len(), 4);
        mailbox.close();
        assert!(matches!(handle.post(|_| ()), Err(Error::Stopped)));
    }
}
