//! Collectors in a world: one whose store is tested, and others that it sends to.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use oneloop::fb303::{Base, Monitored};
use oneloop::sim::{Disk, Node, World};
use oneloop::thrift::Answer;
use oneloop::{Context, Error, Framed, LinkLimits, Listen, Promise};
use oneloop_demos::scribe::collector::Collector;
use oneloop_demos::scribe::config::settings::Store as Plan;
use oneloop_demos::scribe::config::word::FileWord;
use oneloop_demos::scribe::interface::{LogEntry, ResultCode, Scribe, processor};
use oneloop_demos::scribe::store::build::build;
use oneloop_demos::scribe::store::place::{Place, Whose, Yard};
use oneloop_demos::scribe::store::{Batch, Message, Outcome, Shared};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// How a remote answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Keeps it, and says so.
    Takes,
    /// Keeps nothing, and says so.
    Later,
    /// Keeps it, and says nothing.
    Silent,
    /// Keeps it, and fails.
    Fails,
    /// Keeps nothing, and says what nobody knows.
    Odd,
}

/// What a remote has kept, and whatever else of it outlives its crashes.
#[derive(Default)]
pub(crate) struct Book {
    /// Category and text, in the order they came.
    pub(crate) kept: RefCell<Vec<(String, String)>>,
    pub(crate) mood: Cell<Option<Mood>>,
    /// How many messages each call had, empty ones included.
    pub(crate) calls: RefCell<Vec<usize>>,
    /// So many calls are answered, and the mood is for those after them.
    pub(crate) patience: Cell<usize>,
    /// How long an answer takes.
    pub(crate) takes: Cell<Duration>,
}

impl Book {
    pub(crate) fn set(&self, mood: Mood) {
        self.mood.set(Some(mood));
    }

    /// The texts of a category, in the order of their first time.
    pub(crate) fn firsts(&self, category: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let kept = self.kept.borrow();
        let own = kept.iter().filter(|(it, _)| it == category);
        let first = own.filter(|(_, text)| seen.insert(text.clone()));
        first.map(|(_, text)| text.clone()).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.borrow().len()
    }
}

pub(crate) struct Remote {
    base: Base,
    book: Rc<Book>,
    /// Calls that are never answered.
    unanswered: Vec<Promise<Result<ResultCode, oneloop::thrift::NoException>>>,
}

impl Monitored for Remote {
    fn base(&mut self) -> &mut Base {
        &mut self.base
    }
}

impl Scribe for Remote {
    fn log(cx: &mut Context<'_, Self>, messages: Vec<LogEntry>) -> Answer<ResultCode> {
        let book = Rc::clone(&cx.state.book);
        book.calls.borrow_mut().push(messages.len());
        let mood = match book.patience.get() {
            0 => book.mood.get().unwrap_or(Mood::Takes),
            left => {
                book.patience.set(left - 1);
                Mood::Takes
            }
        };
        if matches!(mood, Mood::Takes | Mood::Silent | Mood::Fails) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let texts = messages
                .iter()
                .map(|it| (text(&it.category), text(&it.message)));
            book.kept.borrow_mut().extend(texts);
        }
        match mood {
            Mood::Takes if book.takes.get() > Duration::ZERO => {
                let (promise, later) = cx.defer();
                cx.after(book.takes.get(), |_| promise.resolve(Ok(ResultCode::OK)));
                Answer::Later(later)
            }
            Mood::Takes => Answer::Value(ResultCode::OK),
            Mood::Later => Answer::Value(ResultCode::TRY_LATER),
            Mood::Odd => Answer::Value(ResultCode(7)),
            Mood::Fails => Answer::Failed(Error::failed("a bad day")),
            Mood::Silent => {
                let (promise, later) = cx.defer();
                cx.state.unanswered.push(promise);
                Answer::Later(later)
            }
        }
    }
}

/// A collector that keeps in its book what it is sent, at port 1463 of a host of this name.
pub(crate) fn remote(world: &mut World, name: &'static str) -> Rc<Book> {
    let book = Rc::new(Book::default());
    let kept = Rc::clone(&book);
    let make = move || Remote {
        base: Base::new(name),
        book: Rc::clone(&kept),
        unanswered: Vec::new(),
    };
    world
        .node(name, make, move |cx| {
            let listen = Listen::new(format!("{name}:1463")).limits(LinkLimits {
                frame_bytes_max: 16_384_000,
                ..LinkLimits::default()
            });
            cx.listen(listen, Framed::default(), processor::<Remote>())
        })
        .expect("it starts");
    book
}

/// A collector with one store, at the host `own`.
pub(crate) struct Own {
    pub(crate) node: Node<Collector>,
    /// That of its present life.
    store: Rc<RefCell<Option<Shared>>>,
}

impl Own {
    pub(crate) fn new(world: &mut World, make: impl Fn() -> Shared + 'static) -> Self {
        let store = Rc::new(RefCell::new(None));
        let present = Rc::clone(&store);
        let start = move |cx: &mut Context<'_, Collector>| {
            let store = make();
            present.replace(Some(Rc::clone(&store)));
            cx.every(CHECK, move |cx, _| store.check(cx));
            Ok(())
        };
        let node = world.node("own", Collector::default, start);
        Self {
            node: node.expect("it starts"),
            store,
        }
    }

    pub(crate) fn store(&self) -> Shared {
        let store = self.store.borrow();
        Rc::clone(store.as_ref().expect("it has started"))
    }

    /// Hands in a batch.
    pub(crate) fn take(&self, world: &mut World, batch: Batch) -> Rc<RefCell<Option<Outcome>>> {
        let found = Rc::new(RefCell::new(None));
        let outcome = Rc::clone(&found);
        let store = self.store();
        world.with(&self.node, |cx| {
            let taken = store.take(cx, batch);
            cx.when(taken, move |_, taken| {
                outcome.replace(Some(taken.expect("there is an outcome")));
            });
        });
        found
    }

    /// Hands in a batch, and waits for what becomes of it.
    pub(crate) fn taken(&self, world: &mut World, batch: Batch) -> Outcome {
        let found = self.take(world, batch);
        world.run_until(|_| found.borrow().is_some(), 100 * SECOND);
        let outcome = found.borrow_mut().take();
        outcome.expect("it was there")
    }

    /// Closes the store, and waits for it.
    pub(crate) fn close(&self, world: &mut World) {
        let closed = self.begin_close(world);
        world.run_until(|_| closed.get(), 100 * SECOND);
    }

    pub(crate) fn begin_close(&self, world: &mut World) -> Rc<Cell<bool>> {
        let closed = Rc::new(Cell::new(false));
        let done = Rc::clone(&closed);
        let store = self.store();
        world.with(&self.node, |cx| {
            let closing = store.close(cx);
            cx.when(closing, move |_, _| done.set(true));
        });
        closed
    }
}

/// The folder `/log` of this disk.
pub(crate) fn place(disk: &Disk) -> Place {
    Place {
        disk: Arc::new(disk.clone()),
        dir: "/log".into(),
        host: word("own"),
        queue_bytes_max: 5_000_000,
        yard: Yard::default(),
    }
}

pub(crate) fn word(text: &str) -> FileWord {
    FileWord::of(text).expect("a word")
}

/// A store for `web`, in a place of its own on this disk: what a process has.
pub(crate) fn build_on(disk: &Disk, plan: &Plan, queued_bytes: &Rc<Cell<u64>>) -> Shared {
    let whose = Whose {
        category: word("web"),
        is_copy: false,
        queued_bytes: Rc::clone(queued_bytes),
    };
    build(plan, &whose, &place(disk)).expect("its files are its own")
}

/// How often stores are told to look after themselves.
pub(crate) const CHECK: Duration = Duration::from_secs(5);

/// Messages of one category.
pub(crate) fn batch(category: &str, texts: impl IntoIterator<Item = String>) -> Batch {
    let category: Arc<str> = category.into();
    let message = |text: String| Message {
        category: Arc::clone(&category),
        text: text.into(),
    };
    Arc::new(texts.into_iter().map(message).collect())
}

pub(crate) fn texts(batch: &Batch) -> Vec<String> {
    let text = |message: &Message| String::from_utf8_lossy(&message.text).into_owned();
    batch.iter().map(text).collect()
}

pub(crate) fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

/// How often each was kept, of those that were said more than once.
pub(crate) fn repeated(kept: &[(String, String)]) -> BTreeMap<&(String, String), usize> {
    let mut counts = BTreeMap::new();
    for it in kept {
        *counts.entry(it).or_default() += 1;
    }
    counts.retain(|_, count| *count > 1);
    counts
}
