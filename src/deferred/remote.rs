//! A promise that another thread keeps.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

use super::Promise;
use super::hook::Hook;

/// The way from other threads to a loop: a channel and a waker, say.
pub trait Outlet: Send + Sync {
    /// Brings `outcome`, a `Box<Result<T>>`, to the loop's thread, for the [`Acceptor`] that the loop keeps under `id`. Called once per
    /// [`SendPromise`], on whichever thread that is used or dropped. If the loop is gone, the outcome is dropped.
    fn deliver(&self, id: u64, outcome: Box<dyn Any + Send>);
}

/// A [`Promise`] that may go to another thread. Made by [`Promise::into_remote`]; dropped unused, it delivers [`Error::Dropped`].
///
/// ```
/// use std::any::Any;
/// use std::sync::{Arc, Mutex};
/// use oneloop::deferred::{Outlet, ReadyQueue};
///
/// #[derive(Default)]
/// struct Inbox(Mutex<Vec<(u64, Box<dyn Any + Send>)>>);
/// impl Outlet for Inbox {
///     fn deliver(&self, id: u64, outcome: Box<dyn Any + Send>) {
///         self.0.lock().unwrap().push((id, outcome));
///     }
/// }
///
/// let (queue, inbox) = (ReadyQueue::new(), Arc::new(Inbox::default()));
/// let (promise, mut answer) = queue.pair::<u32>();
/// let (remote, acceptor) = promise.into_remote(1, inbox.clone());
/// std::thread::spawn(move || remote.resolve(42)).join().unwrap();
///
/// // Back on the loop, which kept the acceptor under its id:
/// let (id, outcome) = inbox.0.lock().unwrap().pop().unwrap();
/// assert_eq!(id, 1);
/// acceptor.accept(outcome);
/// assert_eq!(answer.take().unwrap().unwrap(), 42);
/// ```
#[must_use = "a promise that is dropped fails its deferred"]
pub struct SendPromise<T: Send + 'static> {
    id: u64,
    /// None once delivered.
    outlet: Option<Arc<dyn Outlet>>,
    cancelled: Arc<AtomicBool>,
    /// It gives a `T` and has none.
    value: PhantomData<fn(T)>,
}

impl<T: Send + 'static> SendPromise<T> {
    /// Supplies the value.
    pub fn resolve(self, value: T) {
        self.settle(Ok(value));
    }

    /// Says that there will be no value, and why.
    pub fn reject(self, error: impl Into<Error>) {
        self.settle(Err(error.into()));
    }

    /// [`resolve`](Self::resolve) or [`reject`](Self::reject).
    pub fn settle(mut self, outcome: Result<T>) {
        self.deliver(outcome);
    }

    /// Whether nobody waits any more. May be true a moment late, as all that is seen from another thread.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// The number under which the loop keeps the acceptor.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    fn deliver(&mut self, outcome: Result<T>) {
        if let Some(outlet) = self.outlet.take() {
            outlet.deliver(self.id, Box::new(outcome));
        }
    }
}

impl<T: Send + 'static> Drop for SendPromise<T> {
    fn drop(&mut self) {
        self.deliver(Err(Error::Dropped));
    }
}

impl<T: Send + 'static> fmt::Debug for SendPromise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendPromise")
            .field("id", &self.id)
            .field("cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// The loop's end of a [`SendPromise`], whatever its type. Dropped unused, the deferred fails with [`Error::Dropped`].
pub struct Acceptor(Box<dyn FnOnce(Box<dyn Any + Send>)>);

impl Acceptor {
    /// Settles the promise with what the outlet [delivered](Outlet::deliver). Runs nothing, as [`Promise::settle`].
    ///
    /// # Panics
    /// In debug builds, if `outcome` belongs to a promise of another type: two outcomes were mixed up. Either way the deferred fails
    /// with [`Error::Dropped`].
    pub fn accept(self, outcome: Box<dyn Any + Send>) {
        (self.0)(outcome);
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acceptor")
    }
}

impl<T: Send + 'static> Promise<T> {
    /// Splits it in two: one to give to another thread, and one to keep here under `id`, for when `outlet` brings the outcome back.
    pub fn into_remote(self, id: u64, outlet: Arc<dyn Outlet>) -> (SendPromise<T>, Acceptor) {
        let cancelled = Arc::new(AtomicBool::new(false));
        self.hook(Hook::Flag(Arc::clone(&cancelled)));
        let remote = SendPromise {
            id,
            outlet: Some(outlet),
            cancelled,
            value: PhantomData,
        };
        let acceptor = Acceptor(Box::new(move |outcome| {
            match outcome.downcast::<Result<T>>() {
                Ok(outcome) => self.settle(*outcome),
                Err(_) => {
                    debug_assert!(
                        false,
                        "the outcome belongs to another promise than the one of id {id}"
                    );
                    drop(self);
                }
            }
        }));
        (remote, acceptor)
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;

    use super::*;
    use crate::deferred::ReadyQueue;

    #[derive(Default)]
    struct Inbox(Mutex<Vec<(u64, Box<dyn Any + Send>)>>);

    impl Inbox {
        fn drain(&self) -> Vec<(u64, Box<dyn Any + Send>)> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    impl Outlet for Inbox {
        fn deliver(&self, id: u64, outcome: Box<dyn Any + Send>) {
            self.0.lock().unwrap().push((id, outcome));
        }
    }

    #[test]
    fn outcomes_come_from_other_threads_each_once() {
        let (queue, inbox) = (ReadyQueue::new(), Arc::new(Inbox::default()));
        let (mut acceptors, mut deferreds, mut threads) = (Vec::new(), Vec::new(), Vec::new());
        for id in 0..30 {
            let (promise, deferred) = queue.pair::<u64>();
            let (remote, acceptor) = promise.into_remote(id, inbox.clone());
            assert_eq!(remote.id(), id);
            acceptors.push(Some(acceptor));
            deferreds.push(deferred);
            threads.push(std::thread::spawn(move || match id % 3 {
                0 => remote.resolve(id * 2),
                1 => remote.reject("no"),
                _ => drop(remote),
            }));
        }
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        assert!(deferreds.iter().all(|deferred| !deferred.is_ready()));
        for (id, outcome) in inbox.drain() {
            let acceptor = acceptors[usize::try_from(id).unwrap()]
                .take()
                .expect("each is delivered once");
            acceptor.accept(outcome);
        }
        for (id, mut deferred) in (0..).zip(deferreds) {
            match (id % 3, deferred.take().expect("each is delivered")) {
                (0, Ok(value)) => assert_eq!(value, id * 2),
                (1, Err(Error::Failed(error))) => assert_eq!(error.to_string(), "no"),
                (2, Err(Error::Dropped)) => {}
                (_, other) => panic!("{id} gave {other:?}"),
            }
        }
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn the_other_thread_sees_a_cancel_without_the_loop_running_anything() {
        let (queue, inbox) = (ReadyQueue::new(), Arc::new(Inbox::default()));
        let (mut promise, deferred) = queue.pair::<()>();
        promise.on_cancel(|| {});
        let (remote, acceptor) = promise.into_remote(1, inbox.clone());
        let end = deferred.map(|()| ());
        assert!(!remote.is_cancelled());
        drop(end);
        assert!(remote.is_cancelled());
        assert_eq!(queue.len(), 1, "the flag comes besides what was there");
        std::thread::spawn(move || remote.resolve(()))
            .join()
            .unwrap();
        let (_, outcome) = inbox.drain().pop().unwrap();
        acceptor.accept(outcome);
        assert_eq!((queue.late(), queue.open()), (1, 0));

        let (promise, deferred) = queue.pair::<()>();
        drop(deferred);
        let (remote, acceptor) = promise.into_remote(2, inbox.clone());
        assert!(remote.is_cancelled(), "also if it was before");
        drop(remote);
        let (_, outcome) = inbox.drain().pop().unwrap();
        acceptor.accept(outcome);
        assert_eq!((queue.late(), queue.open()), (1, 0));
    }

    #[test]
    fn an_acceptor_dropped_or_given_another_type_fails_its_deferred() {
        let (queue, inbox) = (ReadyQueue::new(), Arc::new(Inbox::default()));
        let (promise, mut deferred) = queue.pair::<u64>();
        let (remote, acceptor) = promise.into_remote(1, inbox.clone());
        drop(acceptor);
        assert!(matches!(deferred.take(), Some(Err(Error::Dropped))));
        remote.resolve(1);

        let (promise, mut deferred) = queue.pair::<u64>();
        let (_remote, acceptor) = promise.into_remote(2, inbox);
        let wrong: Box<dyn Any + Send> = Box::new(Ok::<_, Error>("text"));
        let accepted = catch_unwind(AssertUnwindSafe(|| acceptor.accept(wrong)));
        assert_eq!(accepted.is_err(), cfg!(debug_assertions));
        assert!(matches!(deferred.take(), Some(Err(Error::Dropped))));
        assert_eq!(queue.open(), 0);
    }

    #[test]
    fn it_is_send_whatever_it_gives() {
        fn is_send<T: Send>() {}
        is_send::<SendPromise<std::cell::Cell<u8>>>();
    }
}
