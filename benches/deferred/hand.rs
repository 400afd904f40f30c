//! By hand: an `Rc<RefCell<Option<Box<dyn FnOnce>>>>` for each value to come, and a queue, so that nothing runs inside `resolve`. It
//! knows no failure, no cancelling, no deadline, and a value that is not supplied is silence: the least there is to do.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::course::{Course, Runner, supplier};

type Callback = Box<dyn FnOnce(u64, &Queue)>;

/// What is to be run, and on which value.
#[derive(Default)]
struct Queue(RefCell<VecDeque<(Callback, u64)>>);

/// Both ends of a value to come, as clones of it.
#[derive(Clone, Default)]
struct Slot(Rc<RefCell<Option<Callback>>>);

impl Slot {
    fn when(&self, callback: impl FnOnce(u64, &Queue) + 'static) {
        *self.0.borrow_mut() = Some(Box::new(callback));
    }

    fn resolve(&self, value: u64, queue: &Queue) {
        let callback = self.0.borrow_mut().take().expect("somebody waits");
        queue.0.borrow_mut().push_back((callback, value));
    }

    fn map(&self, f: impl FnOnce(u64) -> u64 + 'static) -> Self {
        let next = Self::default();
        let to = next.clone();
        self.when(move |value, queue| to.resolve(f(value), queue));
        next
    }
}

pub(crate) struct Hand {
    queue: Queue,
    supplier: Sender<Vec<(usize, Sender<usize>)>>,
    letters: (Sender<usize>, Receiver<usize>),
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self {
            queue: Queue::default(),
            supplier: supplier(|(number, to): (usize, Sender<usize>)| {
                to.send(number).expect("somebody waits");
            }),
            letters: channel(),
        }
    }
}

impl Runner for Hand {
    fn can(&self, course: Course) -> bool {
        !matches!(course, Course::Timeout | Course::Then(_))
    }

    fn round(&mut self, course: Course, count: usize) -> u64 {
        let sum = Rc::new(Cell::new(0));
        let mut slots = Vec::with_capacity(count);
        for _ in 0..count {
            let slot = Slot::default();
            let mut last = slot.clone();
            if let Course::Map(steps) = course {
                for _ in 0..steps {
                    last = last.map(|value| value + 1);
                }
            }
            let sum = Rc::clone(&sum);
            last.when(move |value, _| sum.set(sum.get() + value));
            slots.push(slot);
        }
        if course == Course::Remote {
            let promises = (0..count).map(|number| (number, self.letters.0.clone()));
            self.supplier
                .send(promises.collect())
                .expect("it waits for them");
            for _ in 0..count {
                let number = self.letters.1.recv().expect("we have a sender too");
                slots[number].resolve(1, &self.queue);
                self.run();
            }
        } else {
            for slot in slots {
                slot.resolve(1, &self.queue);
            }
            self.run();
        }
        sum.get()
    }
}

impl Hand {
    fn run(&self) {
        loop {
            let Some((callback, value)) = self.queue.0.borrow_mut().pop_front() else {
                return;
            };
            callback(value, &self.queue);
        }
    }
}
