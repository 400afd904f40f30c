//! Hands each message to one of several stores, by a key in it.

use std::cell::Cell;
use std::rc::Rc;

use oneloop::Context;
use oneloop::deferred::Deferred;

use crate::scribe::collector::Collector;
use crate::scribe::store::family::Family;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::keys::Keys;
use crate::scribe::store::parts::Part;
use crate::scribe::store::{Batch, Message, Outcome, Store, Told};

/// Stores of which each gets the messages of some keys. Number 0 gets those without one.
#[derive(Debug)]
pub struct Bucket {
    stores: Rc<Family<u64>>,
    keys: Keys,
    remove_key: bool,
    jobs: Jobs,
    /// Where chance goes on; 0 is nowhere yet.
    chance: Cell<u64>,
}

impl Bucket {
    /// These, chosen so.
    #[must_use]
    pub fn new(stores: Family<u64>, keys: Keys, remove_key: bool, jobs: Jobs) -> Self {
        Self {
            stores: Rc::new(stores),
            keys,
            remove_key,
            jobs,
            chance: Cell::default(),
        }
    }

    /// Where chance begins for a batch.
    fn chance(&self, cx: &mut Context<'_, Collector>) -> u64 {
        let mut chance = self.chance.get();
        if chance == 0 {
            let mut seed = [0; 8];
            // Without any, the time will do: nobody gains by guessing it.
            chance = match cx.random(&mut seed) {
                Ok(()) => u64::from_le_bytes(seed),
                Err(_) => u64::from(cx.time_of_day().subsec_nanos()),
            };
        }
        self.chance.set(next_chance(chance));
        chance
    }
}

impl Store for Bucket {
    fn take(&self, cx: &mut Context<'_, Collector>, batch: Batch) -> Deferred<Outcome> {
        let (keys, remove_key, chance) = (self.keys, self.remove_key, self.chance(cx));
        self.stores.divide(cx, &self.jobs, batch, move |whole| {
            split(whole, keys, remove_key, chance)
        })
    }

    fn check(&self, cx: &mut Context<'_, Collector>) {
        self.stores.check(cx);
    }

    fn close(&self, cx: &mut Context<'_, Collector>) -> Deferred<()> {
        self.stores.close(cx)
    }

    fn tell(&self, told: &mut Told) {
        self.stores.tell(told);
    }
}

/// The messages of each bucket.
fn split(whole: &Batch, keys: Keys, remove_key: bool, mut chance: u64) -> Vec<(u64, Part)> {
    let bucket = |message: &Message| {
        chance = next_chance(chance);
        keys.bucket(&message.text, mixed(chance))
    };
    let without_key = |message: &Message| Message {
        category: message.category.clone(),
        text: message.text.slice(keys.without_key(&message.text)..),
    };
    Part::by(whole, bucket, remove_key.then_some(without_key))
}

/// The next state of chance. Source: Sebastiano Vigna, splitmix64.c.
const fn next_chance(chance: u64) -> u64 {
    chance.wrapping_add(0x9e37_79b9_7f4a_7c15)
}

const fn mixed(chance: u64) -> u64 {
    let mixed = (chance ^ (chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
