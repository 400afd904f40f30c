//! A buffer loses nothing that it has answered for, and hands it on in order, whatever befalls its primary, its disk and itself.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use oneloop::disk::Disk as _;
use oneloop::sim::{self, Crash, Disk, DiskFaults, LinkFaults, NodeFaults, World};
use oneloop_demos::scribe::collector::counts::Fate;
use oneloop_demos::scribe::config::settings::{
    BufferStore, FileStore, NetworkStore, Retry, Rotation, Store as Plan,
};
use oneloop_demos::scribe::store::buffer::LAST_BYTES_MAX;
use oneloop_demos::scribe::store::{Batch, Message, Outcome, Told};

use crate::support::{
    Book, CHECK, Mood, Own, SECOND, batch, build_on, numbers, remote, repeated, texts,
};

const RETRY: Duration = Duration::from_secs(20);

fn plan() -> BufferStore {
    let primary = NetworkStore {
        timeout: SECOND,
        ..NetworkStore::new(vec![("ann".into(), 1463)])
    };
    let secondary = FileStore {
        folder: Some("buffer".into()),
        ..FileStore::default()
    };
    BufferStore {
        retry: Retry::Steady {
            interval: RETRY,
            range: Duration::ZERO,
        },
        ..BufferStore::new(Plan::Network(primary), Plan::File(secondary))
    }
}

/// The same, with a next file after so many bytes.
fn plan_of_files(file_bytes_max: u64) -> BufferStore {
    let secondary = FileStore {
        folder: Some("buffer".into()),
        rotation: Rotation {
            file_bytes_max: Some(file_bytes_max),
            ..Rotation::default()
        },
        ..FileStore::default()
    };
    BufferStore {
        secondary: Plan::File(secondary),
        ..plan()
    }
}

/// A collector with a buffer, its disk, and its primary.
struct Scene {
    world: World,
    disk: Disk,
    own: Own,
    book: Rc<Book>,
    queued_bytes: Rc<Cell<u64>>,
}

impl Scene {
    fn new(seed: u64, plan: BufferStore) -> Self {
        let mut world = World::new(seed);
        let book = remote(&mut world, "ann");
        let (disk, queued_bytes) = (Disk::new(seed), Rc::default());
        let own = own(&mut world, &disk, plan, &queued_bytes);
        Self {
            world,
            disk,
            own,
            book,
            queued_bytes,
        }
    }

    fn taken(&mut self, texts: Vec<String>) -> Outcome {
        self.own.taken(&mut self.world, batch("web", texts))
    }

    fn told(&self) -> Told {
        told(&self.own)
    }

    /// The names of the buffer's files.
    fn files(&self) -> Vec<String> {
        files(&self.disk)
    }

    fn count(&self, fate: Fate) -> i64 {
        let counts = &self.world.state(&self.own.node).counts;
        let name = format!("web:{}", fate.name());
        let mut named = counts.named();
        named
            .find(|(it, _)| *it == name)
            .map_or(0, |(_, count)| count)
    }

    fn wait_until_sent(&mut self, at_most: Duration) {
        let Self { world, own, .. } = self;
        world.run_until(|_| told(own).unsent_bytes == 0, at_most);
    }
}

fn own(world: &mut World, disk: &Disk, plan: BufferStore, queued_bytes: &Rc<Cell<u64>>) -> Own {
    let plan = Plan::Buffer(Box::new(plan));
    let (disk, queued_bytes) = (disk.clone(), Rc::clone(queued_bytes));
    Own::new(world, move || build_on(&disk, &plan, &queued_bytes))
}

fn told(own: &Own) -> Told {
    let mut told = Told::default();
    own.store().tell(&mut told);
    told
}

fn files(disk: &Disk) -> Vec<String> {
    let entries = disk.list(Path::new("/log/buffer")).unwrap_or_default();
    let name = |entry: &oneloop::disk::Entry| entry.name.to_string_lossy().into_owned();
    entries.iter().map(name).collect()
}

#[test]
fn what_the_primary_leaves_waits_in_files_and_is_sent_in_order() {
    let mut scene = Scene::new(1, plan());
    assert_eq!(scene.taken(numbers(0..5)), Ok(()));
    assert_eq!(scene.files(), [""; 0], "nothing waits");
    scene.world.crash("ann", Crash::Process);
    for from in [5, 10] {
        scene.world.run_for(SECOND);
        assert_eq!(scene.taken(numbers(from..from + 5)), Ok(()));
    }
    assert_eq!(scene.files(), ["web_00000"]);
    let told = scene.told();
    let fault = told.fault.expect("the primary is away");
    assert!(
        fault.starts_with("web: ann:1463: ") && fault.contains("(disconnected, since "),
        "{fault}"
    );
    let kept = scene
        .disk
        .read(Path::new("/log/buffer/web_00000"), 0, 9999)
        .expect("it is there");
    assert_eq!(told.unsent_bytes, kept.len() as u64);
    let now = scene.world.with(&scene.own.node, |cx| cx.time_of_day());
    assert_eq!(told.oldest_unsent, Some(now.as_secs() - 1));
    scene.world.restart("ann").expect("it starts");
    scene.wait_until_sent(2 * RETRY);
    assert_eq!(scene.taken(numbers(15..20)), Ok(()));
    assert_eq!(scene.book.firsts("web"), numbers(0..20));
    assert_eq!(scene.book.len(), 20, "each once");
    assert_eq!(scene.count(Fate::Retries), 10);
    assert_eq!(scene.files(), [""; 0]);
    assert_eq!(scene.told(), Told::default());
}

#[test]
fn an_answer_is_good_after_the_process_has_died_and_the_power_failed() {
    for seed in 0..50 {
        let mut scene = Scene::new(seed, plan());
        scene.world.crash("ann", Crash::Process);
        assert_eq!(scene.taken(numbers(0..7)), Ok(()));
        scene.world.crash("own", Crash::Process);
        scene.disk.cut_power();
        scene.world.restart("ann").expect("it starts");
        scene.world.restart("own").expect("it starts");
        // What is new comes behind what waits.
        assert_eq!(scene.taken(numbers(7..9)), Ok(()));
        scene.wait_until_sent(2 * RETRY);
        scene.world.run_for(SECOND);
        assert_eq!(scene.book.firsts("web"), numbers(0..9));
        assert_eq!(scene.book.len(), 9);
    }
}

#[test]
fn a_file_goes_on_where_it_was_left_while_the_process_lives() {
    let mut scene = Scene::new(3, plan());
    scene.book.set(Mood::Later);
    // Two calls a piece.
    let count = 40_000;
    for from in (0..count).step_by(4000) {
        assert_eq!(scene.taken(numbers(from..from + 4000)), Ok(()));
    }
    // Five calls are taken, then none, and so on.
    for _ in 0..20 {
        scene.book.patience.set(5);
        scene.world.run_for(RETRY);
    }
    assert_eq!(scene.book.firsts("web"), numbers(0..count));
    assert_eq!(scene.book.len(), count, "nothing is sent twice");
    scene.book.set(Mood::Takes);
    scene.wait_until_sent(2 * RETRY);
    assert_eq!(scene.files(), [""; 0]);
    let retried = usize::try_from(scene.count(Fate::Retries)).expect("positive");
    assert!(retried > count, "what was left is tried again");
}

#[test]
fn so_many_files_are_sent_in_one_check_and_the_last_with_them() {
    for per_check in [1, 2, 5] {
        let mut scene = Scene::new(
            4,
            BufferStore {
                files_per_check: per_check,
                ..plan_of_files(100)
            },
        );
        scene.book.set(Mood::Later);
        // Each batch fills a file.
        for number in 0..10 {
            let texts = vec![format!("{number} {}", "x".repeat(100))];
            assert_eq!(scene.taken(texts), Ok(()));
        }
        assert_eq!(scene.files().len(), 10);
        scene.book.set(Mood::Takes);
        // The retry comes right behind a check, and counts as one.
        let Scene { world, book, .. } = &mut scene;
        world.run_until(|_| book.len() > 0, 2 * RETRY);
        world.run_for(SECOND);
        let mut sent = Vec::new();
        while scene.book.len() < 10 {
            sent.push(scene.book.len() as u64);
            scene.world.run_for(CHECK);
        }
        let due: Vec<u64> = (1..)
            .map(|check| check * per_check)
            .take_while(|it| *it < 9)
            .collect();
        assert_eq!(sent, due, "{per_check}");
    }
}

#[test]
fn files_wait_while_too_much_is_to_be_stored() {
    let most = 3_750_000;
    for (queued, is_sent) in [(most - 1, true), (most, true), (most + 1, false)] {
        let mut scene = Scene::new(5, plan());
        scene.book.set(Mood::Later);
        assert_eq!(scene.taken(numbers(0..5)), Ok(()));
        scene.book.set(Mood::Takes);
        scene.queued_bytes.set(queued);
        scene.world.run_for(2 * RETRY);
        assert_eq!(scene.book.len() == 5, is_sent, "{queued}");
        scene.queued_bytes.set(0);
        scene.wait_until_sent(2 * CHECK);
        assert_eq!(scene.book.firsts("web"), numbers(0..5));
    }
}

/// What waits at first, in bytes of its text; with the last file on its way as soon as this returns.
fn nearly_sent(plan: BufferStore, bytes: u64) -> Scene {
    let mut scene = Scene::new(6, plan);
    scene.book.set(Mood::Later);
    // Behind mark, length, sum and category.
    let text = "x".repeat((bytes - 16) as usize);
    assert_eq!(scene.taken(vec![text]), Ok(()));
    assert_eq!(scene.told().unsent_bytes, bytes);
    scene.book.set(Mood::Takes);
    scene.book.takes.set(SECOND / 2);
    let Scene { world, book, .. } = &mut scene;
    world.run_until(|_| book.len() > 0, 2 * RETRY);
    assert_eq!(scene.files(), ["web_00000"], "it is not removed yet");
    scene
}

#[test]
fn a_batch_waits_for_the_last_file_if_that_is_short() {
    for (bytes, waits) in [
        (LAST_BYTES_MAX - 1, true),
        (LAST_BYTES_MAX, true),
        (LAST_BYTES_MAX + 1, false),
    ] {
        let mut scene = nearly_sent(plan(), bytes);
        assert_eq!(scene.taken(numbers(0..1)), Ok(()));
        let is_kept = scene.disk.list(Path::new("/log/buffer")).expect("a folder");
        assert_eq!(is_kept.is_empty(), waits, "{bytes}");
        scene.wait_until_sent(2 * RETRY);
        assert_eq!(scene.book.firsts("web")[1..], numbers(0..1));
        assert_eq!(scene.book.len(), 2);
    }
}

#[test]
fn who_waited_for_the_last_file_is_kept_if_that_fails() {
    let mut scene = nearly_sent(plan(), 100);
    scene.world.crash("ann", Crash::Process);
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    assert_eq!(scene.files(), ["web_00000", "web_00001"]);
    scene.world.restart("ann").expect("it starts");
    // There is another file now, so nobody waits for this one when it is tried again.
    let before = scene.book.len();
    let Scene { world, book, .. } = &mut scene;
    world.run_until(|_| book.len() > before, 2 * RETRY);
    let began = scene.world.now();
    assert_eq!(scene.taken(numbers(1..2)), Ok(()));
    assert!(scene.world.now() - began < SECOND / 10);
    scene.wait_until_sent(3 * RETRY);
    assert_eq!(scene.book.firsts("web")[1..], numbers(0..2));
    // The crash came before the answer.
    assert_eq!(scene.book.len(), 4);
}

#[test]
fn new_messages_overtake_if_they_may() {
    let mut scene = nearly_sent(
        BufferStore {
            flush_streaming: true,
            ..plan()
        },
        100,
    );
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    assert_eq!(scene.book.len(), 2, "and wait in no file");
    let files = scene.files();
    assert!(files.len() <= 1, "{files:?}");
    scene.wait_until_sent(RETRY);
}

#[test]
fn at_the_end_the_piece_under_way_is_waited_for_and_no_other_begins() {
    let mut scene = Scene::new(7, plan_of_files(100));
    scene.book.set(Mood::Later);
    for number in 0..4 {
        let texts = vec![format!("{number} {}", "x".repeat(100))];
        assert_eq!(scene.taken(texts), Ok(()));
    }
    scene.book.set(Mood::Takes);
    scene.book.takes.set(SECOND / 2);
    let Scene { world, book, .. } = &mut scene;
    world.run_until(|_| book.len() > 0, 2 * RETRY);
    let closed = scene.own.begin_close(&mut scene.world);
    scene.world.run_for(SECOND / 4);
    assert!(!closed.get());
    scene.world.run_for(SECOND / 2);
    assert!(closed.get());
    assert_eq!(scene.files().len(), 3, "what was sent is removed");
    scene.world.run_for(10 * RETRY);
    assert_eq!(scene.book.len(), 1);
    let refused = scene.taken(numbers(0..1)).expect_err("it is closed");
    assert!(refused.fault.is_passing);
}

#[test]
fn at_the_end_what_is_written_is_waited_for() {
    let mut scene = Scene::new(15, plan());
    scene.world.crash("ann", Crash::Process);
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    scene.world.set_node_faults(NodeFaults {
        job: SECOND..=SECOND,
        ..NodeFaults::none()
    });
    let outcome = scene
        .own
        .take(&mut scene.world, batch("web", numbers(1..2)));
    let closed = scene.own.begin_close(&mut scene.world);
    scene.world.run_for(SECOND / 2);
    assert!(!closed.get());
    scene.world.run_for(SECOND);
    assert!(closed.get());
    assert_eq!(outcome.borrow_mut().take(), Some(Ok(())));
}

#[test]
fn files_stay_if_they_are_not_to_be_replayed() {
    let mut scene = Scene::new(
        8,
        BufferStore {
            replay: false,
            ..plan()
        },
    );
    scene.book.set(Mood::Later);
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    scene.book.set(Mood::Takes);
    scene.world.run_for(2 * RETRY);
    assert_eq!(scene.taken(numbers(1..2)), Ok(()));
    assert_eq!(scene.book.firsts("web"), numbers(1..2));
    scene.world.crash("own", Crash::Process);
    scene.world.restart("own").expect("it starts");
    assert_eq!(scene.taken(numbers(2..3)), Ok(()));
    scene.world.run_for(2 * RETRY);
    assert_eq!(scene.book.firsts("web"), numbers(1..3));
    assert_eq!(scene.files(), ["web_00000"]);
    assert!(scene.told().unsent_bytes > 0);
}

#[test]
fn without_files_what_the_primary_leaves_is_ignored() {
    let mut scene = Scene::new(
        9,
        BufferStore {
            secondary: Plan::Null,
            ..plan()
        },
    );
    scene.world.crash("ann", Crash::Process);
    for from in 0..3 {
        assert_eq!(scene.taken(numbers(from..from + 1)), Ok(()));
    }
    assert_eq!(scene.count(Fate::Ignored), 3);
    scene.world.restart("ann").expect("it starts");
    scene.world.run_for(2 * RETRY);
    assert_eq!(scene.taken(numbers(3..4)), Ok(()));
    assert_eq!(scene.book.firsts("web"), numbers(3..4));
}

#[test]
fn with_a_full_disk_and_no_primary_nothing_is_answered_for_until_one_is_back() {
    let mut scene = Scene::new(10, plan());
    scene.world.crash("ann", Crash::Process);
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    scene.disk.set_faults(DiskFaults {
        bytes_max: 10,
        ..DiskFaults::none()
    });
    for _ in 0..3 {
        let unsent = scene.taken(numbers(1..3)).expect_err("there is no room");
        assert!(
            unsent.fault.text.contains("disk is full"),
            "{}",
            unsent.fault
        );
        assert_eq!(texts(&unsent.left), numbers(1..3));
        let fault = scene.told().fault.expect("it is told");
        assert!(fault.contains("disk is full"), "{fault}");
    }
    // The primary is back: what waits is read and removed, which needs no room.
    scene.world.restart("ann").expect("it starts");
    scene.wait_until_sent(2 * RETRY);
    assert_eq!(scene.taken(numbers(1..3)), Ok(()));
    assert_eq!(scene.book.firsts("web"), numbers(0..3));
    assert_eq!(scene.told(), Told::default());
}

#[test]
fn a_disk_that_cannot_be_looked_at_lets_nothing_overtake() {
    let mut scene = Scene::new(11, plan());
    scene.world.crash("ann", Crash::Process);
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    scene.world.crash("own", Crash::Process);
    scene.world.restart("ann").expect("it starts");
    scene.disk.set_faults(DiskFaults {
        change: 1.0,
        ..DiskFaults::none()
    });
    scene.world.restart("own").expect("it starts");
    let unsent = scene.taken(numbers(1..2)).expect_err("there may be files");
    assert_eq!(texts(&unsent.left), numbers(1..2));
    scene.disk.set_faults(DiskFaults::none());
    assert_eq!(scene.taken(numbers(1..2)), Ok(()));
    scene.wait_until_sent(2 * RETRY);
    assert_eq!(scene.book.firsts("web"), numbers(0..2));
}

#[test]
fn whoever_takes_files_away_takes_nothing_else() {
    for seed in 0..20 {
        // The first two batches fill a file each, the third does not.
        let mut scene = Scene::new(seed, plan_of_files(150));
        scene.book.set(Mood::Later);
        let text = |number: usize| {
            let bytes = if number < 2 { 150 } else { 10 };
            vec![format!("{number} {}", "x".repeat(bytes))]
        };
        for number in 0..3 {
            assert_eq!(scene.taken(text(number)), Ok(()));
        }
        let folder = Path::new("/log/buffer");
        // The one that is tried again and again, one that waits, or the one that is written.
        scene.world.run_for(2 * RETRY);
        let gone = scene.world.random().below(3) as usize;
        let name = format!("web_{gone:05}");
        scene.disk.remove(&folder.join(name)).expect("it is there");
        scene.disk.sync_folder(folder).expect("no faults");
        scene.world.run_for(2 * CHECK);
        // It goes where it can be found.
        assert_eq!(scene.taken(text(3)), Ok(()));
        scene.world.crash("own", Crash::Process);
        scene.disk.cut_power();
        scene.world.restart("own").expect("it starts");
        scene.book.set(Mood::Takes);
        scene.world.run_for(4 * RETRY);
        let due: Vec<String> = (0..4).filter(|it| *it != gone).flat_map(text).collect();
        assert_eq!(scene.book.firsts("web"), due, "{gone}");
        assert_eq!(scene.files(), [""; 0]);
    }
}

#[test]
fn a_file_that_is_gone_while_it_is_sent_is_over() {
    let mut scene = Scene::new(13, plan());
    scene.book.set(Mood::Later);
    let texts = |from: usize| -> Vec<String> {
        let text = |number| format!("{number} {}", "x".repeat(1000));
        (from..from + 1000).map(text).collect()
    };
    for from in [0, 1000] {
        assert_eq!(scene.taken(texts(from)), Ok(()));
    }
    scene.book.patience.set(2);
    scene.world.run_for(RETRY + SECOND);
    assert!(scene.book.len() > 0, "a part of it is sent");
    let path = Path::new("/log/buffer/web_00000");
    scene.disk.remove(path).expect("it is there");
    scene.book.set(Mood::Takes);
    scene.world.run_for(2 * RETRY);
    assert_eq!(scene.told(), Told::default());
    assert_eq!(scene.taken(numbers(0..1)), Ok(()));
    assert_eq!(scene.book.firsts("web").last(), numbers(0..1).last());
    assert_eq!(scene.files(), [""; 0]);
}

#[test]
fn a_torn_end_is_cut_off_and_not_counted_as_lost() {
    let mut scene = Scene::new(14, plan());
    scene.world.crash("ann", Crash::Process);
    assert_eq!(scene.taken(numbers(0..3)), Ok(()));
    scene.world.crash("own", Crash::Process);
    let path = Path::new("/log/buffer/web_00000");
    let mut tail = scene.disk.open(path).expect("it is there");
    tail.append(b"\xff\xff\xfe\x05\0\0\0").expect("no faults");
    scene.world.restart("own").expect("it starts");
    scene.world.restart("ann").expect("it starts");
    scene.world.run_for(3 * RETRY);
    assert_eq!(scene.book.firsts("web"), numbers(0..3));
    assert_eq!(scene.count(Fate::BytesLost), 0);
}

#[test]
fn a_flipped_bit_costs_one_message_and_is_counted() {
    for seed in 0..300 {
        let mut scene = Scene::new(seed, plan_of_files(200));
        scene.world.crash("ann", Crash::Process);
        for number in 0..20 {
            assert_eq!(scene.taken(numbers(number..number + 1)), Ok(()));
        }
        let files = scene.files();
        let path = Path::new("/log/buffer").join(scene.world.random().pick(&files));
        let bytes = scene.disk.read(&path, 0, 9999).expect("it is there");
        let at = scene.world.random().below(bytes.len() as u64);
        let bit = scene.world.random().below(8) as u8;
        scene.disk.flip(&path, at, bit).expect("it is there");
        scene.world.restart("ann").expect("it starts");
        scene.wait_until_sent(2 * RETRY + 20 * CHECK);
        assert_eq!(scene.book.len(), 19);
        let found: Vec<usize> = scene
            .book
            .firsts("web")
            .iter()
            .map(|it| it.parse().expect("a number"))
            .collect();
        assert!(found.is_sorted() && found.len() == 19);
        assert!(scene.count(Fate::BytesLost) > 0);
    }
}

/// Batches of a steady load, each handed in when the one before is answered, one every so often at most.
struct Load {
    batch_bytes: usize,
    every: Duration,
}

impl Load {
    /// Puts the load on for so long. Gives how long the longest answer took.
    fn run(&self, scene: &mut Scene, next: &mut usize, span: Duration) -> Duration {
        let until = scene.world.now() + span;
        let mut longest = Duration::ZERO;
        while scene.world.now() < until {
            let began = scene.world.now();
            let text = format!("{next} {}", "x".repeat(self.batch_bytes));
            *next += 1;
            assert_eq!(scene.taken(vec![text]), Ok(()));
            let took = scene.world.now() - began;
            longest = longest.max(took);
            scene.world.run_for(self.every.saturating_sub(took));
        }
        longest
    }
}

#[test]
fn replay_comes_to_its_end_under_a_steady_load() {
    let mut scene = Scene::new(12, plan());
    scene.book.takes.set(Duration::from_millis(5));
    // 2 MB in a second.
    let load = Load {
        batch_bytes: 100_000,
        every: Duration::from_millis(50),
    };
    let mut next = 0;
    scene.world.crash("ann", Crash::Process);
    load.run(&mut scene, &mut next, 20 * SECOND);
    assert!(scene.told().unsent_bytes > 38_000_000);
    scene.world.restart("ann").expect("it starts");
    // A piece takes 5 ms or so: all that waited is sent in a second.
    let longest = load.run(&mut scene, &mut next, RETRY + 5 * SECOND);
    assert_eq!(scene.told().unsent_bytes, 0, "new ones go to the primary");
    assert!(longest < SECOND / 10, "{longest:?}");
    assert_eq!(scene.files(), [""; 0]);
    let firsts = scene.book.firsts("web");
    let found: Vec<usize> = firsts
        .iter()
        .map(|it| {
            it.split(' ')
                .next()
                .expect("one")
                .parse()
                .expect("a number")
        })
        .collect();
    assert_eq!(found, (0..next).collect::<Vec<_>>());
    assert_eq!(scene.book.len(), next);
    // No file is in memory as a whole, nor are many pieces.
    let most = *scene.book.calls.borrow().iter().max().expect("some");
    assert!(most <= 6, "{most} of 100,000 bytes each");
}

/// A client that sends one batch after the other, each until it is answered with OK.
struct Client {
    said: usize,
    /// From which number on nothing is known to be kept.
    open: Option<(Batch, Rc<RefCell<Option<Outcome>>>)>,
    left: Option<Batch>,
}

impl Client {
    /// Some numbers, each of one of two categories.
    fn next(&mut self, count: usize) -> Batch {
        let categories: [Arc<str>; 2] = ["web".into(), "ftp".into()];
        let from = self.said;
        self.said += count;
        let message = |number: usize| Message {
            category: Arc::clone(&categories[number % 3 % 2]),
            text: format!("{number} {}", "x".repeat(number * 7 % 90)).into(),
        };
        Arc::new((from..self.said).map(message).collect())
    }

    /// Does what a client would do now.
    fn turn(&mut self, world: &mut World, own: &Own, count: usize) {
        if let Some((batch, outcome)) = self.open.take() {
            let outcome_now = outcome.borrow_mut().take();
            match outcome_now {
                None => self.open = Some((batch, outcome)),
                Some(Ok(())) => {}
                // Half of the clients send all of it again, as they are told nothing but to try later.
                Some(Err(unsent)) => {
                    assert!(!unsent.left.is_empty());
                    let again = match self.said % 2 {
                        0 => batch,
                        _ => unsent.left,
                    };
                    self.left = Some(again);
                }
            }
        }
        if self.open.is_none() {
            let batch = self.left.take().unwrap_or_else(|| self.next(count));
            let outcome = own.take(world, Batch::clone(&batch));
            self.open = Some((batch, outcome));
        }
    }

    /// Goes on until all that was said is kept.
    fn finish(&mut self, world: &mut World, own: &Own) {
        while self.left.is_some() || self.open.is_some() {
            if let Some((_, outcome)) = &self.open {
                world.run_until(|_| outcome.borrow().is_some(), 300 * SECOND);
                let is_kept = matches!(&*outcome.borrow(), Some(Ok(())));
                if is_kept {
                    self.open = None;
                    continue;
                }
            }
            self.turn(world, own, 1);
        }
    }

    /// The process that was asked is gone.
    fn lost(&mut self) {
        if let Some((batch, outcome)) = self.open.take() {
            let outcome = outcome.borrow_mut().take();
            if outcome != Some(Ok(())) {
                self.left = Some(batch);
            }
        }
    }
}

/// What a storm came to.
struct Stormed {
    /// Messages that came more than once.
    repeated: usize,
    messages: usize,
}

fn storm(world: &mut World) -> oneloop::Result<Stormed> {
    let disk = Disk::new(world.seed());
    let book = remote(world, "ann");
    let mut plan = plan_of_files(world.random().between(1..=3000));
    plan.files_per_check = world.random().between(1..=4);
    plan.retry = match world.random().chance(0.5) {
        true => Retry::Steady {
            interval: 3 * SECOND,
            range: 4 * SECOND,
        },
        false => Retry::Adaptive {
            interval_min: SECOND / 2,
            interval_max: 5 * SECOND,
            offset_max: SECOND,
        },
    };
    let own = own(world, &disk, plan, &Rc::default());
    let mut client = Client {
        said: 0,
        open: None,
        left: None,
    };
    let rounds = 60;
    for round in 0..rounds {
        match world.random().below(14) {
            0 => book.set(Mood::Later),
            1 => book.set(Mood::Takes),
            2 => book.set(*world.random().pick(&[Mood::Silent, Mood::Fails, Mood::Odd])),
            3 => world.reset("own", "ann"),
            4 => world.crash("ann", Crash::Process),
            5 => world.restart("ann")?,
            6 => {
                let faults = LinkFaults::stormy(world.random());
                world.set_link_faults(faults);
            }
            7 => world.set_link_faults(LinkFaults::none()),
            8 => {
                world.crash("own", Crash::Process);
                client.lost();
                world.restart("own")?;
            }
            9 => {
                // The power fails in the middle of something.
                let after = world.random().below(12);
                disk.fail_after(after);
                let span = world.random().span(&(Duration::ZERO..=3 * SECOND));
                world.run_for(span);
                world.crash("own", Crash::Process);
                disk.cut_power();
                client.lost();
                world.restart("own")?;
            }
            10 => {
                let random = world.random();
                let mut share = || *random.pick(&[0.0, 0.0, 0.1, 0.6]);
                let (append, sync, change) = (share(), share(), share());
                disk.set_faults(DiskFaults {
                    append,
                    sync,
                    change,
                    bytes_max: *random.pick(&[u64::MAX, 2_000, 20_000]),
                });
            }
            11 => disk.set_faults(DiskFaults::none()),
            _ => {}
        }
        let count = world.random().between(1..=12) as usize;
        if round < rounds - 5 {
            client.turn(world, &own, count);
        }
        let span = world.random().span(&(Duration::ZERO..=SECOND));
        world.run_for(span);
    }
    // All is well again.
    world.calm()?;
    world.restart("ann")?;
    book.set(Mood::Takes);
    disk.set_faults(DiskFaults::none());
    client.finish(world, &own);
    // What waits is known from the first check on. At most it is a file for each batch, one in each check.
    world.run_for(2 * CHECK);
    world.run_until(|_| told(&own).unsent_bytes == 0, 600 * SECOND);
    world.run_for(10 * SECOND);
    assert_eq!(files(&disk), [""; 0]);
    for (category, own_part) in [("web", 0), ("ftp", 1)] {
        let numbers = (0..client.said).filter(|number| number % 3 % 2 == own_part);
        let due: Vec<usize> = numbers.collect();
        let number = |text: &String| -> usize {
            let number = text.split(' ').next().expect("one");
            number.parse().expect("a number")
        };
        let found: Vec<usize> = book.firsts(category).iter().map(number).collect();
        assert_eq!(found, due, "{category}");
    }
    let kept = book.kept.borrow();
    Ok(Stormed {
        repeated: repeated(&kept).len(),
        messages: client.said,
    })
}

#[test]
fn nothing_that_was_answered_is_lost_or_out_of_order_in_a_storm() {
    let (said, again) = (Cell::new(0), Cell::new(0));
    sim::search(0..300, |world| {
        let stormed = storm(world)?;
        said.set(said.get() + stormed.messages);
        again.set(again.get() + stormed.repeated);
        Ok::<(), oneloop::Error>(())
    });
    let (said, again) = (said.get(), again.get());
    eprintln!("{said} messages, of which {again} came more than once");
    assert!(again > 0, "else nothing was ever lost on the way");
}

#[test]
fn a_primary_that_only_says_later_gets_nothing_twice() {
    sim::search(0..150, |world| {
        let disk = Disk::new(world.seed());
        let book = remote(world, "ann");
        let own = own(world, &disk, plan_of_files(1500), &Rc::default());
        let mut said = 0;
        for _ in 0..40 {
            let mood = *world.random().pick(&[Mood::Later, Mood::Takes]);
            book.set(mood);
            let patience = world.random().below(4) as usize;
            book.patience.set(patience);
            let count = world.random().between(1..=40) as usize;
            let messages = batch("web", numbers(said..said + count));
            said += count;
            assert_eq!(own.taken(world, messages), Ok(()));
            let span = world.random().span(&(Duration::ZERO..=10 * SECOND));
            world.run_for(span);
        }
        book.set(Mood::Takes);
        world.run_until(|_| told(&own).unsent_bytes == 0, 600 * SECOND);
        assert_eq!(book.firsts("web"), numbers(0..said));
        assert_eq!(book.len(), said);
        world.run_for(SECOND);
        assert_eq!(files(&disk), [""; 0]);
        Ok::<(), oneloop::Error>(())
    });
}
