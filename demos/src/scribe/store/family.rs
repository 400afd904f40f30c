//! Stores by a key, of which each is made when it is needed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::vec::IntoIter;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::parts::{Need, Part, gather, settled};
use crate::scribe::store::{Batch, Fault, Outcome, Shared, Told, Unsent};

/// Stores that a further one stands in front of.
pub struct Family<K> {
    stores: RefCell<BTreeMap<K, Shared>>,
    make: Make<K>,
    stores_max: usize,
    /// The last that could not be made.
    missing: RefCell<Option<(K, Fault)>>,
    is_closed: Cell<bool>,
}

type Make<K> = Box<dyn Fn(&K) -> Result<Shared, Fault>>;

impl<K: Ord + Clone + 'static> Family<K> {
    /// At most so many, each made so.
    #[must_use]
    pub fn new(stores_max: usize, make: impl Fn(&K) -> Result<Shared, Fault> + 'static) -> Self {
        Self {
            stores: RefCell::default(),
            make: Box::new(make),
            stores_max,
            missing: RefCell::default(),
            is_closed: Cell::default(),
        }
    }

    /// The store of a key.
    ///
    /// # Errors
    /// It cannot be made, or there are too many.
    pub fn of(&self, key: &K) -> Result<Shared, Fault> {
        if let Some(store) = self.stores.borrow().get(key) {
            return Ok(Rc::clone(store));
        }
        let made = match self.stores.borrow().len() < self.stores_max {
            true => (self.make)(key),
            false => {
                let most = self.stores_max;
                Err(Fault::broken(format!("there are {most} stores already")))
            }
        };
        let mut missing = self.missing.borrow_mut();
        match &made {
            Ok(store) => {
                self.stores
                    .borrow_mut()
                    .insert(key.clone(), Rc::clone(store));
                if missing.as_ref().is_some_and(|(known, _)| known == key) {
                    *missing = None;
                }
            }
            Err(fault) => *missing = Some((key.clone(), fault.clone())),
        }
        made
    }

    /// Hands each part of a batch to its key's store. A large one is split on another thread.
    pub fn divide(
        self: &Rc<Self>,
        cx: &mut Context<'_, Collector>,
        jobs: &Jobs,
        whole: Batch,
        split: impl FnOnce(&Batch) -> Vec<(K, Part)> + Send + 'static,
    ) -> Deferred<Outcome>
    where
        K: Send,
    {
        let lent = Arc::clone(&whole);
        let parts = jobs.run_for(cx, whole.len(), move || split(&lent));
        let (promise, later) = cx.defer();
        let (family, jobs) = (Rc::clone(self), jobs.clone());
        cx.when(parts, move |cx, parts| {
            let parts = match parts {
                Ok(parts) => parts,
                Err(error) => return promise.resolve(settled(Err(error), &whole)),
            };
            let taken = Vec::with_capacity(parts.len());
            family.hand_on(cx, parts.into_iter(), taken, move |cx, taken| {
                let all = gather(cx, &jobs, whole, taken, Need::All);
                cx.when(all, move |_, outcome| promise.settle(outcome));
            });
        });
        later
    }

    /// Some parts in each turn: thousands of categories hold up nobody.
    fn hand_on(
        self: Rc<Self>,
        cx: &mut Context<'_, Collector>,
        mut rest: IntoIter<(K, Part)>,
        mut taken: Vec<(Part, Deferred<Outcome>)>,
        done: impl FnOnce(&mut Context<'_, Collector>, Vec<(Part, Deferred<Outcome>)>) + 'static,
    ) {
        for (key, part) in rest.by_ref().take(PARTS_PER_TURN_MAX) {
            let outcome = self.take(cx, &key, &part);
            taken.push((part, outcome));
        }
        match rest.len() {
            0 => done(cx, taken),
            _ => cx.next_turn(move |cx| self.hand_on(cx, rest, taken, done)),
        }
    }

    /// Hands a part of a batch to a key's store.
    pub fn take(&self, cx: &mut Context<'_, Collector>, key: &K, part: &Part) -> Deferred<Outcome> {
        let left = part.batch.clone();
        let store = match self.is_closed.get() {
            true => Err(Fault::passing("the store is closed")),
            false => self.of(key),
        };
        match store {
            Ok(store) => store.take(cx, left),
            Err(fault) => Deferred::ready(Err(Unsent { left, fault })),
        }
    }

    /// Each looks after what there is to do.
    pub fn check(&self, cx: &mut Context<'_, Collector>) {
        for store in self.all() {
            store.check(cx);
        }
    }

    /// Closes all. None is made from now on.
    pub fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        self.is_closed.set(true);
        let closing = self.all().iter().map(|store| store.close(cx)).collect();
        cx.join_all(closing).map(|_| ())
    }

    /// Tells how all are.
    pub fn tell(&self, told: &mut Told) {
        if let Some((_, fault)) = &*self.missing.borrow() {
            told.fault.get_or_insert_with(|| fault.text.clone());
        }
        for store in self.stores.borrow().values() {
            store.tell(told);
        }
    }

    /// Those there are: what one of them does may make another.
    fn all(&self) -> Vec<Shared> {
        self.stores.borrow().values().map(Rc::clone).collect()
    }
}

impl<K> fmt::Debug for Family<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family")
            .field("stores", &self.stores.borrow().len())
            .finish_non_exhaustive()
    }
}

/// Parts of a batch that are handed on in one turn, some of them to stores that have to be made first.
const PARTS_PER_TURN_MAX: usize = 100;
