//! What a chat node has still to push, in order. Sends nothing: it gives what is to be sent now, and says what has become of a request.
//!
//! A push is a call to the gate, and from there one to each net node: a link takes only so many at a time. So but few are under way, and
//! the others wait here for as long. Whoever asked for something hears an error if the answer has not reached it.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use oneloop::node::ClientId;

use crate::chat::protocol::Event;
use crate::game::rooms::Push;

/// Pushes that wait. `P` is what is kept of a request until its answers are pushed: a promise.
#[derive(Debug)]
pub struct Queue<P> {
    waiting: VecDeque<Step<P>>,
    waiting_bytes: usize,
    under_way: usize,
    under_way_bytes: usize,
}

/// What is to be done now.
#[derive(Debug)]
pub enum Next<P> {
    /// It is to be pushed; then [`Queue::done`].
    Push(Sent<P>),
    /// A request has come to its end.
    End(P, Outcome),
}

/// What has become of a request whose answers are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All has reached whoever asked, or it is gone.
    Heard,
    /// The answer has, but not all the lines from before.
    WithoutPast(ClientId),
    /// The answer has not.
    NotHeard,
}

/// One push, and whose answer it is.
#[derive(Debug)]
pub struct Sent<P> {
    /// To these clients.
    pub to: Vec<ClientId>,
    /// The event's command.
    pub command: u32,
    /// The event's body.
    pub body: String,
    is_past: bool,
    asked: Option<Rc<Asked<P>>>,
}

#[derive(Debug)]
enum Step<P> {
    Push(Sent<P>),
    /// All before it has been sent.
    Fence(P),
}

/// A request: each of its pushes holds it until it is done.
#[derive(Debug)]
struct Asked<P> {
    client: ClientId,
    promise: P,
    answer_lost: Cell<bool>,
    past_lost: Cell<bool>,
}

/// Pushes under way: with those of a few chat nodes at once they fit into the gate's link to a net node, which takes 1,024 calls.
pub const UNDER_WAY_MAX: usize = 256;
/// And their bytes, of 2 MiB there. One is under way at least.
pub const UNDER_WAY_BYTES_MAX: usize = 256 << 10;
/// Bytes that wait. Beyond that no request is done.
pub const WAITING_BYTES_MAX: usize = 32 << 20;
/// What a push costs besides its body and the ids of its clients.
const PUSH_BYTES: usize = 128;
/// What a client's id costs, here and on the wire.
const ID_BYTES: usize = 20;

impl<P> Default for Queue<P> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            under_way: 0,
            under_way_bytes: 0,
        }
    }
}

impl<P> Queue<P> {
    /// Whether so much waits that nothing more is to be asked for.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.waiting_bytes >= WAITING_BYTES_MAX
    }

    /// These are to be pushed. Nobody waits for them.
    pub fn add(&mut self, pushes: Vec<Push>) {
        for push in pushes {
            self.wait(push, None);
        }
    }

    /// The same for somebody who asked for it. If nothing of it is for its ears, the request is at its end.
    #[must_use]
    pub fn add_answer(
        &mut self,
        pushes: Vec<Push>,
        client: ClientId,
        promise: P,
    ) -> Option<(P, Outcome)> {
        let asked = Rc::new(Asked {
            client,
            promise,
            answer_lost: Cell::new(false),
            past_lost: Cell::new(false),
        });
        for push in pushes {
            let is_own = push.to == [client];
            self.wait(push, is_own.then(|| Rc::clone(&asked)));
        }
        Asked::end(asked)
    }

    /// This comes to its end when all that waits has been sent.
    pub fn fence(&mut self, promise: P) {
        self.waiting.push_back(Step::Fence(promise));
    }

    /// What is to be done now, if anything is: to be asked for until nothing is.
    #[must_use]
    pub fn take_next(&mut self) -> Option<Next<P>> {
        loop {
            if let Step::Push(push) = self.waiting.front()? {
                let bytes = self.under_way_bytes.saturating_add(push.bytes());
                let is_full = self.under_way >= UNDER_WAY_MAX || bytes > UNDER_WAY_BYTES_MAX;
                if is_full && self.under_way > 0 {
                    return None;
                }
            }
            let mut push = match self.waiting.pop_front()? {
                Step::Fence(promise) => return Some(Next::End(promise, Outcome::Heard)),
                Step::Push(push) => push,
            };
            self.waiting_bytes = self.waiting_bytes.saturating_sub(push.bytes());
            let asked = push.asked.take_if(|asked| asked.answer_lost.get());
            let Some(asked) = asked else {
                self.under_way = self.under_way.saturating_add(1);
                self.under_way_bytes = self.under_way_bytes.saturating_add(push.bytes());
                return Some(Next::Push(push));
            };
            // Lines that follow an answer which nobody had are not sent.
            if let Some((promise, outcome)) = Asked::end(asked) {
                return Some(Next::End(promise, outcome));
            }
        }
    }

    /// A push has reached all that are there, or not. Gives the request that is at its end by that.
    #[must_use]
    pub fn done(&mut self, push: Sent<P>, reached: bool) -> Option<(P, Outcome)> {
        self.under_way = self.under_way.saturating_sub(1);
        self.under_way_bytes = self.under_way_bytes.saturating_sub(push.bytes());
        let asked = push.asked?;
        if !reached {
            let lost = if push.is_past {
                &asked.past_lost
            } else {
                &asked.answer_lost
            };
            lost.set(true);
        }
        Asked::end(asked)
    }

    fn wait(&mut self, push: Push, asked: Option<Rc<Asked<P>>>) {
        let Push { to, event } = push;
        let push = Sent {
            to,
            command: event.command(),
            body: event.body(),
            is_past: matches!(event, Event::Past(_)),
            asked,
        };
        self.waiting_bytes = self.waiting_bytes.saturating_add(push.bytes());
        self.waiting.push_back(Step::Push(push));
    }
}

impl<P> Sent<P> {
    fn bytes(&self) -> usize {
        let ids = self.to.len().saturating_mul(ID_BYTES);
        let rest = self.body.len().saturating_add(PUSH_BYTES);
        ids.saturating_add(rest)
    }
}

impl<P> Asked<P> {
    /// The end of the request, if this was the last that held it.
    fn end(asked: Rc<Self>) -> Option<(P, Outcome)> {
        let asked = Rc::into_inner(asked)?;
        let outcome = if asked.answer_lost.get() {
            Outcome::NotHeard
        } else if asked.past_lost.get() {
            Outcome::WithoutPast(asked.client)
        } else {
            Outcome::Heard
        };
        Some((asked.promise, outcome))
    }
}

#[cfg(test)]
mod tests {
    use oneloop::LinkId;

    use crate::chat::protocol::Said;
    use crate::chat::words::Text;

    use super::*;

    const ANN: ClientId = ClientId {
        node: 1,
        link: LinkId::from_u64(1),
    };
    const BOB: ClientId = ClientId {
        node: 1,
        link: LinkId::from_u64(2),
    };

    fn push(to: ClientId, event: Event) -> Push {
        let to = vec![to];
        Push { to, event }
    }

    fn notice(bytes: usize) -> Event {
        let text = Text::of(&"x".repeat(bytes));
        Event::Notice { text }
    }

    /// An answer with this many lines behind it, and what another one hears.
    fn history(past: usize) -> Vec<Push> {
        let line = |number| {
            Event::Past(Said {
                number,
                name: "ann".parse().expect("a name"),
                text: Text::of("x"),
            })
        };
        let mut pushes = vec![push(ANN, Event::Recalled { past })];
        pushes.extend((0..past as u64).map(|number| push(ANN, line(number))));
        pushes.push(push(BOB, notice(1)));
        pushes
    }

    fn sent(queue: &mut Queue<u32>) -> Vec<Sent<u32>> {
        let next = std::iter::from_fn(|| queue.take_next());
        let push = |next| match next {
            Next::Push(push) => push,
            end @ Next::End(..) => panic!("{end:?}"),
        };
        next.map(push).collect()
    }

    /// The ends of all that is under way, if it reaches its clients but for these.
    fn ends(queue: &mut Queue<u32>, lost: &[usize]) -> Vec<(u32, Outcome)> {
        let under_way = sent(queue).into_iter().enumerate();
        under_way
            .filter_map(|(place, push)| queue.done(push, !lost.contains(&place)))
            .collect()
    }

    #[test]
    fn an_answer_that_is_lost_is_an_error_and_a_line_that_is_lost_is_told_of() {
        for (lost, outcome) in [
            (&[][..], Outcome::Heard),
            (&[3], Outcome::Heard),
            (&[2], Outcome::WithoutPast(ANN)),
            (&[0], Outcome::NotHeard),
            (&[0, 1, 2, 3], Outcome::NotHeard),
        ] {
            let mut queue = Queue::default();
            assert_eq!(queue.add_answer(history(2), ANN, 7), None);
            assert_eq!(ends(&mut queue, lost), [(7, outcome)], "{lost:?}");
            assert!(queue.take_next().is_none());
        }
        let mut queue = Queue::default();
        let end = queue.add_answer(vec![push(BOB, notice(1))], ANN, 7);
        assert_eq!(end, Some((7, Outcome::Heard)), "nothing is for its ears");
    }

    #[test]
    fn few_are_under_way_and_the_others_follow_in_order() {
        let mut queue = Queue::default();
        assert_eq!(queue.add_answer(history(UNDER_WAY_MAX), ANN, 7), None);
        queue.fence(8);
        let mut first = sent(&mut queue);
        assert_eq!(first.len(), UNDER_WAY_MAX);
        assert_eq!(queue.done(first.remove(0), true), None);
        let [next] = &sent(&mut queue)[..] else {
            panic!("one for one");
        };
        assert!(next.body.starts_with("255\t"), "{next:?}");
        assert_eq!(queue.done(first.remove(0), true), None);
        let Some(Next::Push(last)) = queue.take_next() else {
            panic!("one for one");
        };
        assert_eq!(last.to, [BOB]);
        let Some(Next::End(8, Outcome::Heard)) = queue.take_next() else {
            panic!("all before it is sent");
        };
    }

    #[test]
    fn no_line_follows_an_answer_that_was_lost() {
        let mut queue = Queue::default();
        assert_eq!(queue.add_answer(history(UNDER_WAY_MAX), ANN, 7), None);
        let first = sent(&mut queue);
        for (place, push) in first.into_iter().enumerate() {
            assert_eq!(queue.done(push, place > 0), None);
        }
        let Some(Next::End(7, Outcome::NotHeard)) = queue.take_next() else {
            panic!("its last line is not sent");
        };
        assert_eq!(sent(&mut queue).len(), 1, "what others hear is");
    }

    #[test]
    fn bytes_are_bounded_and_one_is_always_under_way() {
        let mut queue = Queue::default();
        let all = vec![ANN; UNDER_WAY_BYTES_MAX / ID_BYTES];
        let event = notice(1);
        queue.add(vec![Push { to: all, event }, push(ANN, notice(1))]);
        let [wide] = <[_; 1]>::try_from(sent(&mut queue)).expect("no other beside it");
        assert_eq!(queue.done(wide, false), None);
        assert_eq!(sent(&mut queue).len(), 1);
        let mut queue = Queue::<u32>::default();
        let bytes = 1000 + ID_BYTES + PUSH_BYTES;
        let count = WAITING_BYTES_MAX.div_ceil(bytes);
        queue.add((1..count).map(|_| push(ANN, notice(1000))).collect());
        assert!(!queue.is_full());
        queue.add(vec![push(ANN, notice(1000))]);
        assert!(queue.is_full());
        assert_eq!(sent(&mut queue).len(), UNDER_WAY_BYTES_MAX / bytes);
        assert!(!queue.is_full());
    }
}
