//! Makes stores as a configuration has them.

use std::rc::Rc;
use std::sync::Arc;

use crate::scribe::config::settings::{BucketStore, Buckets, FileStore, MultiStore, Store as Plan};
use crate::scribe::config::word::FileWord;
use crate::scribe::store::bucket::Bucket;
use crate::scribe::store::buffer::Buffer;
use crate::scribe::store::category::Category;
use crate::scribe::store::family::Family;
use crate::scribe::store::file::File;
use crate::scribe::store::keys::Keys;
use crate::scribe::store::multi::Multi;
use crate::scribe::store::network::Network;
use crate::scribe::store::null::Null;
use crate::scribe::store::parts::Need;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::{Fault, Shared};

/// The store of a plan. It does nothing before its first batch.
///
/// # Errors
/// Another store writes the same files.
pub fn build(plan: &Plan, whose: &Whose, place: &Place) -> Result<Shared, Fault> {
    match plan {
        Plan::File(plan) => Ok(Rc::new(File::new(plan, whose, place)?)),
        Plan::Null => Ok(Rc::new(Null::new(place))),
        Plan::Bucket(plan) => bucket(plan, whose, place),
        Plan::Multi(plan) => multi(plan, whose, place),
        Plan::Category(model) => Ok(category(model, whose, place)),
        Plan::Network(plan) => Ok(Rc::new(Network::new(plan, place))),
        Plan::Buffer(plan) => {
            let primary = build(&plan.primary, whose, place)?;
            Ok(Rc::new(Buffer::new(plan, primary, whose, place)?))
        }
    }
}

fn bucket(plan: &BucketStore, whose: &Whose, place: &Place) -> Result<Shared, Fault> {
    let count = match &plan.buckets {
        Buckets::Each(stores) => (stores.len() as u64).saturating_sub(1),
        Buckets::Copies { count, .. } => *count,
    };
    let stores = {
        let (plan, whose, place) = (plan.clone(), whose.clone(), place.clone());
        let make = move |number: &u64| match bucket_plan(&plan, *number) {
            Some(plan) => build(&plan, &whose, &place),
            None => Err(Fault::broken(format!("there is no bucket {number}"))),
        };
        Family::new(usize::MAX, make)
    };
    // Of those that are described one by one it is known at once whether they get along. Copies may be many, and have folders of their own.
    if let Buckets::Each(_) = plan.buckets {
        for number in 0..=count {
            stores.of(&number)?;
        }
    }
    let keys = Keys {
        choice: plan.choice,
        delimiter: plan.delimiter,
        count,
    };
    let jobs = place.yard.jobs.clone();
    Ok(Rc::new(Bucket::new(stores, keys, plan.remove_key, jobs)))
}

/// What a bucket's store is to be.
fn bucket_plan(plan: &BucketStore, number: u64) -> Option<Plan> {
    match &plan.buckets {
        Buckets::Each(stores) => stores.get(usize::try_from(number).ok()?).cloned(),
        Buckets::Copies {
            model,
            count,
            folder_prefix,
            offset,
            failure_folder,
        } => {
            let Plan::File(model) = &**model else {
                return None;
            };
            let folder = match failure_folder {
                Some(folder) if number == 0 => folder.to_string(),
                _ => format!("{folder_prefix}{:03}", number.saturating_add(*offset)),
            };
            let within = model.folder.clone().unwrap_or_default();
            let copy = FileStore {
                folder: Some(within.join(folder)),
                ..model.clone()
            };
            (number <= *count).then_some(Plan::File(copy))
        }
    }
}

fn multi(plan: &MultiStore, whose: &Whose, place: &Place) -> Result<Shared, Fault> {
    let count = plan.stores.len();
    let need = match plan.all_must_succeed {
        true => Need::All,
        false => Need::Any,
    };
    let stores = {
        let (plans, whose, place) = (plan.stores.clone(), whose.clone(), place.clone());
        Family::new(count, move |number: &usize| match plans.get(*number) {
            Some(plan) => build(plan, &whose, &place),
            None => Err(Fault::broken(format!("there is no store {number}"))),
        })
    };
    for number in 0..count {
        stores.of(&number)?;
    }
    let jobs = place.yard.jobs.clone();
    Ok(Rc::new(Multi::new(stores, count, need, jobs)))
}

fn category(model: &Plan, whose: &Whose, place: &Place) -> Shared {
    let jobs = place.yard.jobs.clone();
    let (model, whose, place) = (model.clone(), whose.clone(), place.clone());
    let make = move |category: &Arc<str>| {
        let category = FileWord::of(category)
            .map_err(|fault| Fault::broken(format!("{category:?} names no file: {fault}")))?;
        let whose = Whose {
            category,
            is_copy: true,
            queued_bytes: Rc::clone(&whose.queued_bytes),
        };
        build(&model, &whose, &place)
    };
    Rc::new(Category::new(Family::new(Category::STORES_MAX, make), jobs))
}
