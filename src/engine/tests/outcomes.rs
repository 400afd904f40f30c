//! Each call has one outcome: a reply, a frame that says why not, or the end of its link.

use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::deferred::{Deferred, Promise};
use crate::error::Result;
use crate::service::{IntoReply, Remedy, Reply};

/// What a call wants of the server. Its command is this, above the call's own number.
mod kind {
    pub(super) const REPLIED: u32 = 0;
    pub(super) const KEPT: u32 = 1;
    pub(super) const BLOCKING: u32 = 2;
    pub(super) const FAILING: u32 = 3;
    pub(super) const TWICE: u32 = 4;
    pub(super) const READY: u32 = 5;
    pub(super) const RETURNED: u32 = 6;
    /// Kept as well, and its failure closes the link.
    pub(super) const FRAGILE: u32 = 7;
    pub(super) const PANICKING: u32 = 8;
    pub(super) const CLOSING: u32 = 9;
}

/// Set in the command of a frame that says that there is no reply.
const FAILED: u32 = 1 << 31;

const fn kind_of(command: u32) -> u32 {
    command >> 24
}

/// Promises kept by the handlers, each with the body it owes.
type Kept = Rc<RefCell<Vec<(Promise<Vec<u8>>, Vec<u8>)>>>;

/// A service of every kind of outcome, and the commands that its hooks were told are over.
fn fill(service: &mut CommandService<Notes>, kept: &Kept, over: Option<&Rc<RefCell<Vec<u32>>>>) {
    let kept = Rc::clone(kept);
    service
        .catch_all(move |call| -> Result<Reply> {
            let body = call.body().to_vec();
            Ok(match kind_of(call.command()) {
                kind::KEPT | kind::FRAGILE => {
                    let (promise, later) = call.defer();
                    kept.borrow_mut().push((promise, body));
                    later.into_reply()
                }
                kind::BLOCKING => call.blocking(move || body).into_reply(),
                kind::FAILING | kind::CLOSING => return Err("as asked for".into()),
                kind::PANICKING => panic!("as asked for"),
                kind::TWICE => {
                    let _ = call.reply(&body[..]);
                    body.into_reply()
                }
                kind::READY => Deferred::ready(body).into_reply(),
                kind::RETURNED => body.into_reply(),
                _ => call.reply(&body[..]),
            })
        })
        .expect("free");
    service.on_failure(|_, failure| match kind_of(failure.command) {
        kind::FRAGILE | kind::CLOSING => Remedy::Close,
        _ => Remedy::Reply {
            command: failure.command | FAILED,
            body: "no".into(),
        },
    });
    if let Some(over) = over {
        let over = Rc::clone(over);
        service.after(move |_, completion| over.borrow_mut().push(completion.command));
    }
}

/// One client, and what it asked and got.
struct Client {
    peer: Peer,
    /// Bytes of its calls that are not sent yet.
    unsent: Vec<u8>,
    /// Its calls, each with its body.
    asked: Vec<(u32, Vec<u8>)>,
    /// What came, the beginning of a frame included.
    got: Vec<u8>,
    /// It will send no more.
    ended: bool,
    reset: bool,
}

impl Client {
    fn dial(net: &Rc<RefCell<Net>>) -> Self {
        Self {
            peer: Peer::dial(net),
            unsent: Vec::new(),
            asked: Vec::new(),
            got: Vec::new(),
            ended: false,
            reset: false,
        }
    }

    /// Puts a call behind those that are to be sent. The body names the call, so that a reply that went astray is known.
    fn ask(&mut self, kind: u32, number: u32, size: usize) {
        if self.ended {
            return;
        }
        let command = kind << 24 | number;
        let mut body = command.to_be_bytes().to_vec();
        body.resize(4 + size, number as u8);
        self.unsent.extend(frame(command, &body));
        self.asked.push((command, body));
    }

    fn send(&mut self, most: usize) {
        let count = most.min(self.unsent.len());
        if count > 0 && !self.ended {
            let bytes: Vec<u8> = self.unsent.drain(..count).collect();
            self.peer.send(&bytes);
        }
    }

    fn end(&mut self) {
        if !self.ended {
            self.ended = true;
            self.peer.end();
        }
    }

    fn reset(&mut self) {
        self.ended = true;
        self.reset = true;
        self.peer.reset();
    }

    /// Whether something came.
    fn read(&mut self) -> bool {
        let came = self.peer.read();
        self.got.extend(&came);
        !came.is_empty()
    }

    /// The calls of which every byte was sent.
    fn whole(&self) -> usize {
        let mut unsent = self.unsent.len();
        let mut whole = self.asked.len();
        while unsent > 0 {
            whole -= 1;
            unsent = unsent.saturating_sub(frame(0, &self.asked[whole].1).len());
        }
        whole
    }

    /// Whether something that it asked for closes its link.
    fn provokes(&self) -> bool {
        let calls = self.asked[..self.whole()].iter();
        calls
            .map(|(command, _)| kind_of(*command))
            .any(|kind| kind >= kind::FRAGILE)
    }

    /// The whole frames that came: a link that was reset may end within one.
    fn answers(&self) -> Vec<(u32, Vec<u8>)> {
        let mut end = 0;
        while let Some(length) = self.got.get(end + 9..end + 13) {
            let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize;
            if end + 13 + length > self.got.len() {
                break;
            }
            end += 13 + length;
        }
        frames(&self.got[..end])
    }

    fn check(&self, ordered: bool) -> Result<(), TestCaseError> {
        let answers = self.answers();
        let mut open: Vec<&(u32, Vec<u8>)> = self.asked[..self.whole()].iter().collect();
        for (command, body) in &answers {
            let place = open.iter().position(|call| call.0 == command & !FAILED);
            prop_assert!(
                place.is_some(),
                "{command:#x}: answered twice, or never asked by this client"
            );
            let place = place.unwrap_or_default();
            prop_assert!(
                !ordered || place == 0,
                "{command:#x} came before {:#x}",
                open[0].0
            );
            let call = open.remove(place);
            prop_assert!(command & FAILED != 0 || *body == call.1, "another's body");
        }
        if !self.reset && !self.peer.is_reset() && !self.provokes() {
            prop_assert!(
                open.is_empty(),
                "no outcome: {:#x}, of {}",
                open[0].0,
                self.asked.len()
            );
        }
        Ok(())
    }
}

fn call_kind(number: u8) -> u32 {
    match number {
        0..=99 => u32::from(number) % 7,
        100..=169 => kind::KEPT,
        170..=219 => kind::REPLIED,
        220..=239 => kind::FRAGILE,
        240..=244 => kind::CLOSING,
        245..=249 => kind::PANICKING,
        250.. => kind::BLOCKING,
    }
}

const CLIENTS: usize = 4;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn each_call_has_one_outcome_and_none_is_anothers(
        steps in prop::collection::vec((0..CLIENTS, 0_u8..16, any::<u8>(), 0_usize..400), 1..80),
        (ordered, hooked) in any::<(bool, bool)>(),
        window in 30_usize..3000,
        transfer_max in prop_oneof![1_usize..100, Just(usize::MAX)],
        (frames_per_turn_max, calls_max) in (1_u32..5, 1_u32..6),
        call_deadline in prop_oneof![Just(200 * MILLISECOND), Just(1000 * SECOND)],
    ) {
        let net = net();
        net.borrow_mut().window = window;
        net.borrow_mut().transfer_max = transfer_max;
        net.borrow_mut().jobs_max = 3;
        let link = LinkLimits {
            frames_per_turn_max, calls_max, call_deadline,
            outbox_bytes_low: 100, outbox_bytes_high: 1000, outbox_bytes_max: 9000, ..LinkLimits::default()
        };
        let mut node = Node::new(&net, Notes::default(), limits(link));
        let (kept, over) = (Kept::default(), Rc::default());
        let mut service = CommandService::<Notes>::new();
        if ordered {
            service.ordered_replies();
        }
        fill(&mut service, &kept, hooked.then_some(&over));
        node.listen(DataPack::default(), service);
        let mut clients: Vec<Client> = (0..CLIENTS).map(|_| Client::dial(&net)).collect();
        let mut gone = Vec::new();
        for (number, (index, action, some, size)) in (0..).zip(steps) {
            let client = &mut clients[index];
            match action {
                0 => node.pass(u32::from(some) * MILLISECOND),
                1 => _ = node.work(),
                2..=4 if !kept.borrow().is_empty() => {
                    let place = usize::from(some) % kept.borrow().len();
                    let (promise, body) = kept.borrow_mut().swap_remove(place);
                    match action {
                        2 => promise.resolve(body),
                        3 => promise.reject("in vain"),
                        _ => drop(promise),
                    }
                }
                5 => _ = client.read(),
                6 => client.send(size),
                7 => client.peer.disturb(),
                8 if some < 40 => client.end(),
                8 if some < 60 => client.reset(),
                8 if some < 100 => gone.push(std::mem::replace(client, Client::dial(&net))),
                _ => {
                    client.ask(call_kind(some), number, size);
                    if some % 2 == 0 {
                        client.send(usize::MAX);
                    }
                }
            }
            // The engine checks its invariants after every turn.
            node.turn();
        }
        clients.append(&mut gone);
        // In the end all promises are kept, and everything is sent and read, until nothing moves.
        let mut moves = true;
        while moves {
            for client in &mut clients {
                client.send(usize::MAX);
            }
            node.settle();
            let promises = kept.take();
            moves = node.work() > 0 || !promises.is_empty();
            for (promise, body) in promises {
                promise.resolve(body);
            }
            node.settle();
            for client in &mut clients {
                moves |= client.read();
            }
        }
        for client in &clients {
            client.check(ordered)?;
        }
        let mut over = over.take();
        over.sort_unstable();
        prop_assert!(over.windows(2).all(|pair| pair[0] != pair[1]), "told twice of one call: {:x?}", over);
        node.handle.stop();
        node.pass(60 * SECOND);
        prop_assert!(node.engine.is_done());
        let counters = node.counters();
        prop_assert_eq!(counters.accepted, counters.closed());
        prop_assert_eq!((counters.links_open, counters.outbox_bytes, counters.inbox_bytes), (0, 0, 0));
        prop_assert_eq!((counters.calls_open, counters.jobs_open), (0, 0));
    }
}
