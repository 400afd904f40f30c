//! A loop, a disk, and stores that are handed batches.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use oneloop::deferred::Deferred;
use oneloop::disk::{Disk as _, EntryKind};
use oneloop::sim::{Disk, Node, World};
use oneloop_demos::scribe::collector::Collector;
use oneloop_demos::scribe::config::settings::Store as Plan;
use oneloop_demos::scribe::config::word::FileWord;
use oneloop_demos::scribe::store::build::build;
use oneloop_demos::scribe::store::place::{Place, Whose, Yard};
use oneloop_demos::scribe::store::{Batch, Fault, Message, Outcome, Shared, Told};

/// One life of a process with stores.
pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) node: Node<Collector>,
    pub(crate) place: Place,
}

impl Site {
    /// On the simulator's disk.
    pub(crate) fn new(seed: u64, disk: &Disk) -> Self {
        Self::on(seed, Arc::new(disk.clone()))
    }

    /// On any disk.
    pub(crate) fn on(seed: u64, disk: Arc<dyn oneloop::disk::Disk>) -> Self {
        let mut world = World::new(seed);
        let node = world.node("collector", Collector::default, |_| Ok(()));
        Self {
            world,
            node: node.expect("it starts"),
            place: Place {
                disk,
                dir: "/log".into(),
                host: word("ann"),
                queue_bytes_max: 5_000_000,
                yard: Yard::default(),
            },
        }
    }

    /// A store of this plan for a category.
    pub(crate) fn try_build(
        &self,
        plan: &Plan,
        category: &str,
        is_copy: bool,
    ) -> Result<Shared, Fault> {
        let whose = Whose {
            category: word(category),
            is_copy,
            queued_bytes: Rc::default(),
        };
        build(plan, &whose, &self.place)
    }

    pub(crate) fn build(&self, plan: &Plan, category: &str) -> Shared {
        self.try_build(plan, category, false)
            .expect("its files are its own")
    }

    /// Hands a store a batch.
    pub(crate) fn begin(&mut self, store: &Shared, batch: Batch) -> Deferred<Outcome> {
        self.world.with(&self.node, |cx| store.take(cx, batch))
    }

    /// Hands a store a batch, and waits.
    pub(crate) fn take(&mut self, store: &Shared, batch: Batch) -> Outcome {
        let outcome = self.begin(store, batch);
        self.wait(outcome)
    }

    pub(crate) fn wait<T: 'static>(&mut self, mut deferred: Deferred<T>) -> T {
        self.world
            .run_until(|_| deferred.is_ready(), Duration::from_secs(600));
        deferred
            .take()
            .expect("it is ready")
            .expect("stores answer")
    }

    /// The beat of the check interval, and what comes of it.
    pub(crate) fn check(&mut self, store: &Shared) {
        self.world.with(&self.node, |cx| store.check(cx));
        self.world.run_for(Duration::from_secs(5));
    }

    /// How a store is.
    pub(crate) fn fault(store: &Shared) -> Option<String> {
        let mut told = Told::default();
        store.tell(&mut told);
        told.fault
    }
}

pub(crate) fn word(text: &str) -> FileWord {
    FileWord::of(text).expect("a word")
}

pub(crate) fn message(category: &str, text: impl AsRef<[u8]>) -> Message {
    Message {
        category: category.into(),
        text: Bytes::copy_from_slice(text.as_ref()),
    }
}

/// Messages of one category.
pub(crate) fn batch(category: &str, texts: &[&str]) -> Batch {
    Arc::new(texts.iter().map(|text| message(category, text)).collect())
}

/// All files below `/log` with their names from there on, those of a folder in the order of their names.
pub(crate) fn files(disk: &Disk) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    below(disk, Path::new("/log"), "", &mut found);
    found
}

fn below(disk: &Disk, folder: &Path, start: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in disk.list(folder).unwrap_or_default() {
        let name = entry.name.to_str().expect("ours");
        let (path, name) = (folder.join(name), format!("{start}{name}"));
        match entry.kind {
            EntryKind::File(_) => {
                found.push((name, disk.read(&path, 0, usize::MAX).expect("it is there")));
            }
            EntryKind::Folder => below(disk, &path, &format!("{name}/"), found),
            EntryKind::Other => {}
        }
    }
}

/// The same as texts.
pub(crate) fn texts(disk: &Disk) -> Vec<(String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("ours");
    let files = files(disk).into_iter();
    files.map(|(name, bytes)| (name, text(bytes))).collect()
}
