//! Makes stores as a configuration has them.

use std::rc::Rc;

use crate::scribe::config::settings::Store as Plan;
use crate::scribe::store::file::File;
use crate::scribe::store::null::Null;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::{Fault, Shared};

/// The store of a plan. It does nothing before its first batch.
///
/// # Errors
/// Another store writes the same files.
pub fn build(plan: &Plan, whose: &Whose, place: &Place) -> Result<Shared, Fault> {
    Ok(match plan {
        Plan::File(plan) => Rc::new(File::new(plan, whose, place)?),
        Plan::Null => Rc::new(Null::new(place)),
        Plan::Bucket(_) | Plan::Multi(_) | Plan::Category(_) => {
            return Err(Fault::broken("this kind of store is yet to come"));
        }
        Plan::Network(_) | Plan::Buffer(_) => {
            return Err(Fault::broken("this kind of store is yet to come"));
        }
    })
}
