//! Which child has commands of which client under way.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::context::LinkId;
use crate::deferred::Promise;

use super::client_id::ClientId;

/// Which child has commands of which client under way, among those of one name. While one has, commands of that client do not go to
/// another, which might be served sooner: they wait, in their order.
pub(super) struct Lanes {
    lists: RefCell<Lists>,
    waiting_max: usize,
    bytes_max: usize,
}

#[derive(Default)]
struct Lists {
    lanes: BTreeMap<ClientId, Lane>,
    /// Of all lanes, those that have no room elsewhere.
    waiting: usize,
    bytes: usize,
}

/// Of one client. There is none without a command under way or waiting.
struct Lane {
    child: LinkId,
    under_way: usize,
    /// Those that wait for it to be free, told by these.
    queue: VecDeque<Promise<()>>,
    /// Those of them, and the one that was told and has not gone on yet.
    waiting: usize,
}

impl Lanes {
    /// So many commands, and so many bytes of them, may wait.
    pub(super) fn new(waiting_max: usize, bytes_max: usize) -> Rc<Self> {
        Rc::new(Self {
            lists: RefCell::default(),
            waiting_max,
            bytes_max,
        })
    }

    /// Whether a command that is for this child, and has come now, has to wait.
    pub(super) fn is_taken(&self, client: ClientId, child: LinkId) -> bool {
        let lists = self.lists.borrow();
        let lane = lists.lanes.get(&client);
        lane.is_some_and(|lane| lane.waiting > 0 || lane.is_elsewhere(child))
    }

    /// Whether one more command of so many bytes may wait.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        let lists = self.lists.borrow();
        lists.waiting < self.waiting_max && lists.bytes.saturating_add(bytes) <= self.bytes_max
    }

    /// Has a command wait, for which there is room: so many bytes of this, or none if it has some elsewhere. `turn` is resolved when it may
    /// go on.
    pub(super) fn wait(&self, client: ClientId, bytes: Option<usize>, turn: Promise<()>) {
        let mut lists = self.lists.borrow_mut();
        if let Some(bytes) = bytes {
            lists.waiting = lists.waiting.saturating_add(1);
            lists.bytes = lists.bytes.saturating_add(bytes);
        }
        if let Some(lane) = lists.lanes.get_mut(&client) {
            lane.waiting = lane.waiting.saturating_add(1);
            lane.queue.push_back(turn);
        } else {
            drop(lists);
            turn.resolve(());
        }
    }

    /// Whose turn it is finds the lane taken again, since other children are there by now: it stays the first.
    pub(super) fn wait_on(&self, client: ClientId, child: LinkId, turn: Promise<()>) {
        let mut lists = self.lists.borrow_mut();
        match lists.lanes.get_mut(&client) {
            Some(lane) if lane.is_elsewhere(child) => lane.queue.push_front(turn),
            _ => {
                drop(lists);
                turn.resolve(());
            }
        }
    }

    /// Whether a command whose turn it is has to wait on.
    pub(super) fn is_elsewhere(&self, client: ClientId, child: LinkId) -> bool {
        let lists = self.lists.borrow();
        let lane = lists.lanes.get(&client);
        lane.is_some_and(|lane| lane.is_elsewhere(child))
    }

    /// One that waited does so no more.
    pub(super) fn waited(&self, client: ClientId, bytes: Option<usize>) {
        let mut lists = self.lists.borrow_mut();
        if let Some(bytes) = bytes {
            lists.waiting = lists.waiting.saturating_sub(1);
            lists.bytes = lists.bytes.saturating_sub(bytes);
        }
        if let Some(lane) = lists.lanes.get_mut(&client) {
            lane.waiting = lane.waiting.saturating_sub(1);
        }
    }

    /// A command goes to this child: as long as this lives it is under way.
    pub(super) fn enter(self: &Rc<Self>, client: ClientId, child: LinkId) -> UnderWay {
        let mut lists = self.lists.borrow_mut();
        let lane = lists.lanes.entry(client).or_insert_with(|| Lane {
            child,
            under_way: 0,
            queue: VecDeque::new(),
            waiting: 0,
        });
        lane.child = child;
        lane.under_way = lane.under_way.saturating_add(1);
        UnderWay {
            lanes: Rc::clone(self),
            client,
        }
    }

    /// The next one that waits has its turn, if there is one, and nobody else has it.
    pub(super) fn next(&self, client: ClientId) {
        let mut lists = self.lists.borrow_mut();
        let Some(lane) = lists.lanes.get_mut(&client) else {
            return;
        };
        if lane.waiting > lane.queue.len() {
            return;
        }
        let turn = lane.queue.pop_front();
        if lane.under_way == 0 && lane.waiting == 0 {
            lists.lanes.remove(&client);
        }
        drop(lists);
        if let Some(turn) = turn {
            turn.resolve(());
        }
    }
}

impl Lane {
    fn is_elsewhere(&self, child: LinkId) -> bool {
        self.under_way > 0 && self.child != child
    }
}

/// A command under way.
pub(super) struct UnderWay {
    lanes: Rc<Lanes>,
    client: ClientId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let free = {
            let mut lists = self.lanes.lists.borrow_mut();
            let lane = lists.lanes.get_mut(&self.client);
            lane.is_some_and(|lane| {
                lane.under_way = lane.under_way.saturating_sub(1);
                lane.under_way == 0
            })
        };
        if free {
            self.lanes.next(self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::deferred::{Deferred, ReadyQueue};

    use super::*;

    const ANN: ClientId = ClientId {
        node: 1,
        link: LinkId::from_u64(1),
    };
    const A: LinkId = LinkId::from_u64(10);
    const B: LinkId = LinkId::from_u64(11);

    fn wait(lanes: &Lanes, queue: &ReadyQueue, bytes: usize) -> Option<Deferred<()>> {
        lanes.has_room(bytes).then(|| {
            let (turn, is_turn) = queue.pair();
            lanes.wait(ANN, Some(bytes), turn);
            is_turn
        })
    }

    #[test]
    fn what_is_for_another_child_waits_until_the_lane_is_free_and_keeps_its_order() {
        let (queue, lanes) = (ReadyQueue::new(), Lanes::new(9, 9));
        assert!(!lanes.is_taken(ANN, A));
        let (one, two) = (lanes.enter(ANN, A), lanes.enter(ANN, A));
        assert!(!lanes.is_taken(ANN, A) && lanes.is_taken(ANN, B));
        let third = wait(&lanes, &queue, 1).expect("there is room");
        assert!(lanes.is_taken(ANN, A), "it would overtake the third");
        let fourth = wait(&lanes, &queue, 1).expect("there is room");
        drop(one);
        assert!(!third.is_ready());
        drop(two);
        assert!(third.is_ready() && !fourth.is_ready());
        assert!(lanes.is_taken(ANN, B), "it would overtake the third");
        lanes.waited(ANN, Some(1));
        let three = lanes.enter(ANN, B);
        lanes.next(ANN);
        assert!(fourth.is_ready());
        // By now A would be the one again.
        assert!(lanes.is_elsewhere(ANN, A));
        let (turn, again) = queue.pair();
        lanes.wait_on(ANN, A, turn);
        assert!(!again.is_ready());
        drop(three);
        assert!(again.is_ready());
        lanes.waited(ANN, Some(1));
        lanes.next(ANN);
        assert!(lanes.lists.borrow().lanes.is_empty(), "nothing is left");
        assert_eq!(lanes.lists.borrow().bytes, 0);
    }

    /// Whose call fails as it is sent frees the lane, and then says that it has gone on.
    #[test]
    fn one_that_fails_at_once_gives_one_other_its_turn_and_no_two() {
        let (queue, lanes) = (ReadyQueue::new(), Lanes::new(9, 9));
        let first = lanes.enter(ANN, A);
        let turns: Vec<_> = (0..3).filter_map(|_| wait(&lanes, &queue, 1)).collect();
        drop(first);
        let told = || turns.iter().filter(|turn| turn.is_ready()).count();
        for count in 1..=3 {
            assert_eq!(told(), count);
            lanes.waited(ANN, Some(1));
            drop(lanes.enter(ANN, B));
            lanes.next(ANN);
        }
        assert!(lanes.lists.borrow().lanes.is_empty(), "nothing is left");
    }

    #[test]
    fn so_many_wait_and_so_many_bytes() {
        for (waiting_max, bytes, taken) in [(1, 1, 1), (2, 1, 2), (3, 2, 2), (3, 3, 1), (3, 5, 0)] {
            let (queue, lanes) = (ReadyQueue::new(), Lanes::new(waiting_max, 4));
            let _under_way = lanes.enter(ANN, A);
            let all: Vec<_> = (0..3).map_while(|_| wait(&lanes, &queue, bytes)).collect();
            assert_eq!(all.len(), taken, "{waiting_max} of {bytes} bytes");
            let (turn, is_turn) = queue.pair();
            lanes.wait(ANN, None, turn);
            lanes.waited(ANN, None);
            assert_eq!(lanes.lists.borrow().waiting, taken, "it has room elsewhere");
            drop(is_turn);
        }
    }
}
