//! The files of a buffer, and who writes them.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use crate::scribe::config::settings::{FileStore, Period, Rotation};
use crate::scribe::files::naming::Names;
use crate::scribe::files::spool::Spool;
use crate::scribe::files::writer::{FileWriter, Form};
use crate::scribe::store::Fault;
use crate::scribe::store::claims::Claim;
use crate::scribe::store::place::{Place, Whose};
use crate::scribe::store::slots::Slot;

/// What a buffer has on the disk.
pub(super) struct Files {
    pub(super) spool: Spool,
    pub(super) writer: Arc<Mutex<FileWriter>>,
    pub(super) claim: RefCell<Option<Claim>>,
    pub(super) slot: RefCell<Option<Slot>>,
}

impl Files {
    /// Those of this plan.
    ///
    /// # Errors
    /// Another store has them.
    pub(super) fn new(plan: &FileStore, whose: &Whose, place: &Place) -> Result<Self, Fault> {
        let plan = FileStore {
            // A file is read to its end, and then gone: a link to the newest would lead nowhere.
            link: false,
            rotation: Rotation {
                period: Period::Never,
                on_open: false,
                ..plan.rotation.clone()
            },
            ..plan.clone()
        };
        let of = match whose.is_copy {
            true => Names::of_copy,
            false => Names::of,
        };
        let names = of(&plan, &whose.category, &place.dir, &place.host);
        let claim = place.yard.claims.claim(&names)?;
        let writer = FileWriter::new(names.clone(), plan.rotation, Form::Records);
        Ok(Self {
            spool: Spool::new(names),
            writer: Arc::new(Mutex::new(writer)),
            claim: RefCell::new(Some(claim)),
            slot: RefCell::default(),
        })
    }

    /// Whether the file that is written may be kept open.
    pub(super) fn takes_slot(&self, place: &Place) -> bool {
        let mut slot = self.slot.borrow_mut();
        if slot.is_none() {
            *slot = place.yard.slots.take();
        }
        slot.is_some()
    }
}
