//! Categories whose messages wait in files since an earlier life.
//!
//! A category that a rule for several has a store for is not known before its first message. If messages of it wait for their primary, they
//! would wait until somebody logs to it again; so their folders are looked for when the collector begins.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use oneloop::Context;
use oneloop::disk::EntryKind;

use crate::scribe::collector::{Collector, Phase};
use crate::scribe::config::settings::{Buckets, FileStore, Settings, Store};

impl Collector {
    /// Makes the lanes of categories that have folders where messages wait for a primary.
    pub(super) fn wake(cx: &mut Context<'_, Self>) {
        let place = &cx.state.place;
        let folders: BTreeSet<PathBuf> = waiting_rooms(&cx.state.settings)
            .into_iter()
            .map(|plan| place.dir.join(plan.folder.clone().unwrap_or_default()))
            .collect();
        if folders.is_empty() {
            return;
        }
        let disk = Arc::clone(&place.disk);
        let found = cx.blocking(move || {
            let mut names = BTreeSet::new();
            for folder in folders {
                // One that is not there has nothing in it.
                for entry in disk.list(&folder).unwrap_or_default() {
                    if entry.kind == EntryKind::Folder
                        && let Ok(name) = entry.name.into_string()
                    {
                        names.insert(name);
                    }
                }
            }
            names
        });
        cx.when(found, |cx, found| {
            if !matches!(cx.state.phase, Phase::Taking) {
                // After a reload it is looked at anew.
                return;
            }
            for name in found.unwrap_or_default() {
                cx.state.routes.route(&name);
            }
            Self::check_lanes(cx);
        });
    }
}

/// The plans of files in which messages of rules for several wait.
fn waiting_rooms(settings: &Settings) -> Vec<&FileStore> {
    let mut rooms = Vec::new();
    for rule in &settings.rules {
        if rule.is_for_several() && settings.store_per_category {
            look_for_buffers(&rule.store, &mut rooms);
        }
    }
    rooms
}

fn look_for_buffers<'s>(store: &'s Store, rooms: &mut Vec<&'s FileStore>) {
    match store {
        Store::Buffer(buffer) => {
            if let Store::File(file) = &buffer.secondary {
                rooms.push(file);
            }
            look_for_buffers(&buffer.primary, rooms);
        }
        Store::Multi(multi) => {
            for store in &multi.stores {
                look_for_buffers(store, rooms);
            }
        }
        Store::Category(model) => look_for_buffers(model, rooms),
        Store::Bucket(bucket) => {
            if let Buckets::Each(stores) = &bucket.buckets {
                for store in stores {
                    look_for_buffers(store, rooms);
                }
            }
        }
        Store::File(_) | Store::Network(_) | Store::Null => {}
    }
}
