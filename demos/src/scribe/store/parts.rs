//! A batch in parts, each for another store, and what comes of them all.

use std::collections::BTreeMap;
use std::sync::Arc;

use oneloop::deferred::Deferred;
use oneloop::{Context, Error, Result as LoopResult};

use crate::scribe::collector::Collector;
use crate::scribe::store::jobs::Jobs;
use crate::scribe::store::{Batch, Fault, Message, Outcome, Unsent};

/// Some messages of a batch, in its order.
#[derive(Clone, Debug)]
pub struct Part {
    /// They, as the part's store is to have them.
    pub batch: Batch,
    /// Where each is in the whole; `None` is all of it.
    places: Option<Vec<usize>>,
}

/// How many stores have to take a message that several get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Each that gets it.
    All,
    /// One of them.
    Any,
}

impl Part {
    /// All of a batch.
    #[must_use]
    pub fn whole(batch: &Batch) -> Self {
        Self {
            batch: Arc::clone(batch),
            places: None,
        }
    }

    /// The parts of a batch by some key, in the order of the keys. `change` makes another message of one, as the key's store is to have it.
    pub fn by<K: Ord>(
        whole: &Batch,
        mut key: impl FnMut(&Message) -> K,
        change: Option<impl Fn(&Message) -> Message>,
    ) -> Vec<(K, Self)> {
        let mut places: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for (place, message) in whole.iter().enumerate() {
            places.entry(key(message)).or_default().push(place);
        }
        let is_one = places.len() == 1 && change.is_none();
        let mut parts = Vec::with_capacity(places.len());
        for (key, places) in places {
            let part = match is_one {
                true => Self::whole(whole),
                false => {
                    let messages = places.iter().filter_map(|place| whole.get(*place));
                    let messages = match &change {
                        Some(change) => messages.map(change).collect(),
                        None => messages.cloned().collect(),
                    };
                    Self {
                        batch: Arc::new(messages),
                        places: Some(places),
                    }
                }
            };
            parts.push((key, part));
        }
        parts
    }

    /// Where in the whole the messages are that a store has left. What it has left without having been handed it, makes all of them
    /// suspicious.
    fn places_of(&self, left: &Batch) -> Vec<usize> {
        let all = 0..self.batch.len();
        let mut within: Vec<usize> = Vec::new();
        if Arc::ptr_eq(left, &self.batch) {
            within.extend(all);
        } else {
            let mut by_category: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
            for message in left.iter() {
                by_category
                    .entry(&message.category)
                    .or_default()
                    .push(message);
            }
            // From the end on: what is left is most often what came last.
            for (index, message) in self.batch.iter().enumerate().rev() {
                if let Some(left) = by_category.get_mut(&*message.category)
                    && left.last() == Some(&message)
                {
                    left.pop();
                    within.push(index);
                }
            }
            if by_category.values().any(|left| !left.is_empty()) {
                within = all.collect();
            }
        }
        match &self.places {
            None => within,
            Some(places) => within
                .iter()
                .filter_map(|at| places.get(*at).copied())
                .collect(),
        }
    }
}

/// What comes of a batch of which each part was handed to a store: when all have answered, and in the batch's order.
pub fn gather(
    cx: &mut Context<'_, Collector>,
    jobs: &Jobs,
    whole: Batch,
    taken: Vec<(Part, Deferred<Outcome>)>,
    need: Need,
) -> Deferred<Outcome> {
    let (parts, outcomes): (Vec<Part>, Vec<_>) = taken.into_iter().unzip();
    let all = cx.join_all(outcomes);
    let (promise, later) = cx.defer();
    let jobs = jobs.clone();
    cx.when(all, move |cx, outcomes| {
        let outcomes: Vec<Outcome> = match outcomes {
            Ok(outcomes) => {
                let outcomes = outcomes.into_iter().zip(&parts);
                outcomes
                    .map(|(it, part)| settled(it, &part.batch))
                    .collect()
            }
            Err(error) => vec![settled(Err(error), &whole)],
        };
        if parts.is_empty() && !whole.is_empty() {
            let fault = Fault::broken("there is no store");
            return promise.resolve(Err(Unsent { left: whole, fault }));
        }
        let count = whole.len();
        if outcomes.iter().all(Result::is_ok) {
            jobs.discard(cx, count, (whole, parts));
            return promise.resolve(Ok(()));
        }
        let kept = Arc::clone(&whole);
        let judged = jobs.run_for(cx, count, move || judge(&whole, &parts, outcomes, need));
        cx.when(judged, move |_, judged| {
            promise.resolve(settled(judged, &kept))
        });
    });
    later
}

/// What a store has said, or that it said nothing.
pub fn settled(outcome: LoopResult<Outcome>, batch: &Batch) -> Outcome {
    outcome.unwrap_or_else(|error| {
        let fault = match error {
            Error::Busy => Fault::passing("too much waits for other threads"),
            error => Fault::broken(format!("a store has not answered: {error}")),
        };
        let left = Arc::clone(batch);
        Err(Unsent { left, fault })
    })
}

fn judge(whole: &Batch, parts: &[Part], outcomes: Vec<Outcome>, need: Need) -> Outcome {
    let mut refusals = vec![0_usize; whole.len()];
    let mut worst: Option<Fault> = None;
    for (part, outcome) in parts.iter().zip(outcomes) {
        let Err(Unsent { left, fault }) = outcome else {
            continue;
        };
        for place in part.places_of(&left) {
            if let Some(count) = refusals.get_mut(place) {
                *count += 1;
            }
        }
        // What is broken is more than what passes.
        match &worst {
            Some(known) if fault.is_passing || !known.is_passing => {}
            _ => worst = Some(fault),
        }
    }
    let most = match need {
        Need::All => 1,
        Need::Any => parts.len(),
    };
    let places = refusals.iter().zip(whole.iter());
    let left: Vec<Message> = places
        .filter(|(count, _)| **count >= most)
        .map(|(_, message)| message.clone())
        .collect();
    match worst {
        Some(fault) if left.len() == whole.len() => Err(Unsent {
            left: Arc::clone(whole),
            fault,
        }),
        Some(fault) if !left.is_empty() => Err(Unsent {
            left: Arc::new(left),
            fault,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    fn message((category, text): (u8, u8)) -> Message {
        Message {
            category: format!("c{category}").into(),
            text: Bytes::copy_from_slice(&[text]),
        }
    }

    proptest! {
        /// Some categories, texts that are often the same, parts by some key; each store leaves some, those of a category in their order
        /// and the categories in any.
        #[test]
        fn what_is_left_is_what_stores_have_left_in_its_order(
            messages in prop::collection::vec((0..3_u8, 0..3_u8, 0..3_u8, any::<bool>()), 0..40),
            sorted: bool,
        ) {
            let whole: Batch = Arc::new(messages.iter().map(|it| message((it.0, it.1))).collect());
            let mut keys = messages.iter().map(|it| it.2);
            let no_change = None::<fn(&Message) -> Message>;
            let parts = Part::by(&whole, |_| keys.next().unwrap_or_default(), no_change);
            let mut outcomes = Vec::new();
            for (key, part) in &parts {
                let own = messages.iter().filter(|it| it.2 == *key);
                let mut left: Vec<Message> =
                    own.clone().filter(|it| it.3).map(|it| message((it.0, it.1))).collect();
                prop_assert_eq!(part.batch.len(), own.count());
                if sorted {
                    left.sort_by(|one, next| one.category.cmp(&next.category));
                }
                outcomes.push(match left.is_empty() {
                    true => Ok(()),
                    false => Err(Unsent { left: Arc::new(left), fault: Fault::passing("no") }),
                });
            }
            let parts: Vec<Part> = parts.into_iter().map(|it| it.1).collect();
            let judged = judge(&whole, &parts, outcomes, Need::All);
            let left = judged.err().map(|unsent| unsent.left);
            let left: Vec<Message> = left.map(|left| left.to_vec()).unwrap_or_default();
            // The same messages as those that were left, and in the order of the whole, category by category.
            for category in 0..3_u8 {
                for text in 0..3_u8 {
                    let is_it = |it: &&(u8, u8, u8, bool)| it.0 == category && it.1 == text && it.3;
                    let due = messages.iter().filter(is_it).count();
                    let found = left.iter().filter(|it| **it == message((category, text)));
                    prop_assert_eq!(found.count(), due);
                }
            }
            let mut rest = whole.iter();
            prop_assert!(left.iter().all(|message| rest.any(|it| it == message)));
        }
    }

    #[test]
    fn a_message_of_several_stores_is_kept_by_all_or_by_any() {
        let whole: Batch = Arc::new([1, 2, 3].map(|text| message((0, text))).into());
        let parts = [Part::whole(&whole), Part::whole(&whole)];
        let left = |texts: &[u8], is_passing| {
            let left = texts.iter().map(|text| message((0, *text)));
            let fault = Fault {
                text: format!("{texts:?}"),
                is_passing,
            };
            Err(Unsent {
                left: Arc::new(left.collect()),
                fault,
            })
        };
        for (need, first, second, due) in [
            (
                Need::All,
                left(&[1], true),
                left(&[2], false),
                Some((&[1, 2][..], "[2]")),
            ),
            (Need::All, left(&[3], false), Ok(()), Some((&[3], "[3]"))),
            (
                Need::All,
                left(&[1, 2, 3], false),
                left(&[1], false),
                Some((&[1, 2, 3], "[1, 2, 3]")),
            ),
            (Need::Any, left(&[1], true), left(&[2], false), None),
            (
                Need::Any,
                left(&[1, 2], true),
                left(&[2, 3], true),
                Some((&[2], "[1, 2]")),
            ),
            (Need::Any, left(&[1, 2, 3], true), Ok(()), None),
            // One that was not handed in.
            (
                Need::All,
                left(&[9], false),
                Ok(()),
                Some((&[1, 2, 3], "[9]")),
            ),
        ] {
            let judged = judge(&whole, &parts, vec![first, second], need);
            let judged = judged.err().map(|it| (it.left, it.fault.text));
            let due = due.map(|(texts, text)| {
                let left: Vec<Message> = texts.iter().map(|text| message((0, *text))).collect();
                (Arc::new(left), text.to_owned())
            });
            assert_eq!(judged, due);
        }
    }
}
