//! A loop, a disk, and stores that are handed batches.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use oneloop::Limits;
use oneloop::deferred::Deferred;
use oneloop::disk::{Disk as _, Entry, EntryKind, Tail};
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
        Self::with_limits(seed, disk, Limits::default())
    }

    /// The same with these limits.
    pub(crate) fn with_limits(
        seed: u64,
        disk: Arc<dyn oneloop::disk::Disk>,
        limits: Limits,
    ) -> Self {
        let mut world = World::new(seed);
        let node = world.node_with_limits("collector", limits, Collector::default, |_| Ok(()));
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

    pub(crate) fn close(&mut self, store: &Shared) {
        let closed = self.world.with(&self.node, |cx| store.close(cx));
        self.wait(closed);
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

/// All files of batches below `/log` with their names from there on, those of a folder in the order of their names.
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
            // What is in there was cut off elsewhere.
            EntryKind::File(_) if name.ends_with("_torn") => {}
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

/// The simulator's disk, of which some folders can be written and others not, and which counts the files that are open.
#[derive(Clone)]
pub(crate) struct Picky {
    disk: Disk,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
pub(crate) struct Known {
    /// Nothing is added to what is in these.
    pub(crate) refused: Vec<PathBuf>,
    /// Whatever is added next is too much for it.
    pub(crate) panics: bool,
    pub(crate) open: usize,
    pub(crate) open_max: usize,
}

impl Picky {
    pub(crate) fn new(disk: &Disk) -> Self {
        Self {
            disk: disk.clone(),
            known: Arc::default(),
        }
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nobody panics with it")
    }

    pub(crate) fn refuse(&self, folders: &[&str]) {
        self.known().refused = folders.iter().map(PathBuf::from).collect();
    }
}

struct PickyTail {
    disk: Picky,
    path: PathBuf,
    tail: Box<dyn Tail>,
    /// As this machine's count it: what an append has left that failed, and was cut off, is in there.
    bytes: u64,
}

impl Tail for PickyTail {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if std::mem::take(&mut self.disk.known().panics) {
            panic!("as it was told to");
        }
        let refused = self.disk.known().refused.clone();
        if refused.iter().any(|folder| self.path.starts_with(folder)) {
            let half = &bytes[..bytes.len() / 2];
            self.tail.append(half)?;
            self.bytes += half.len() as u64;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.tail.append(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.tail.sync()
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for PickyTail {
    fn drop(&mut self) {
        self.disk.known().open -= 1;
    }
}

impl oneloop::disk::Disk for Picky {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let tail = self.disk.open(path)?;
        let mut known = self.known();
        known.open += 1;
        known.open_max = known.open_max.max(known.open);
        Ok(Box::new(PickyTail {
            disk: self.clone(),
            path: path.to_owned(),
            bytes: tail.bytes(),
            tail,
        }))
    }

    fn read(&self, path: &Path, from: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        self.disk.read(path, from, bytes_max)
    }

    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.disk.truncate(path, bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.disk.list(folder)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.disk.make_folder(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }

    fn link(&self, target: &Path, at: &Path) -> io::Result<()> {
        self.disk.link(target, at)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.disk.sync_folder(folder)
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        self.disk.free_bytes(folder)
    }
}
