//! A world in memory for the tests below: two engines or an engine and a bare peer, a clock that the test moves, and readiness as
//! strict as edge-triggering gets.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::context::{
    AcceptFault, Address, Connect, Context, Counters, Driver, Handle, Job, Limits, LinkId, Listen,
    ListenerId, Mailbox, Protocol,
};
use crate::engine::Engine;
use crate::error::Result;
use crate::time::Time;

/// What the nodes of a test share.
pub(super) struct Net {
    now: Time,
    /// Per node: what it is to be told.
    events: Vec<VecDeque<Event>>,
    pipes: Vec<Pipe>,
    doors: Vec<Door>,
    /// Connects that get no answer.
    pub(super) hang_connects: bool,
    /// Makes the next accepts fail with these.
    pub(super) accept_faults: VecDeque<fn() -> AcceptFault>,
    /// Whether there is a descriptor in reserve.
    pub(super) reserve: bool,
    /// The most bytes one read or write moves.
    pub(super) transfer_max: usize,
    /// Bytes that fit between two ends.
    pub(super) window: usize,
    pub(super) reads: u64,
    pub(super) writes: u64,
    /// Whether a short transfer is taken for a proof that the next would block.
    pub(super) short_drains: bool,
    jobs: Vec<VecDeque<Job>>,
    pub(super) jobs_max: usize,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Acceptable(ListenerId),
    Readable(LinkId, bool),
    Writable(LinkId),
    Failed(LinkId),
}

struct Door {
    node: usize,
    id: ListenerId,
    address: Address,
    /// Pipes whose second end waits to be accepted.
    backlog: VecDeque<usize>,
    open: bool,
}

struct Pipe {
    ends: [End; 2],
}

#[derive(Default)]
struct End {
    /// The engine that has this end, and its name there; a bare peer has neither.
    owner: Option<(usize, LinkId)>,
    /// Bytes on their way to this end.
    inbound: VecDeque<u8>,
    /// The other end ended its stream.
    ended: bool,
    /// The other end reset the connection.
    reset: bool,
    /// This end is gone.
    closed: bool,
    /// A write of this end blocked.
    blocked: bool,
}

/// One node's view of the world.
pub(super) struct Memory {
    node: usize,
    net: Rc<RefCell<Net>>,
}

impl Net {
    /// Time passes without a turn.
    pub(super) fn skip(&mut self, span: Duration) {
        self.now = self.now + span;
    }

    fn find(&self, node: usize, link: LinkId) -> io::Result<(usize, usize)> {
        let owner = Some((node, link));
        let found = self
            .pipes
            .iter()
            .enumerate()
            .rev()
            .find_map(|(pipe, ends)| {
                let side = ends
                    .ends
                    .iter()
                    .position(|end| end.owner == owner && !end.closed)?;
                Some((pipe, side))
            });
        found.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn tell(&mut self, pipe: usize, side: usize, event: impl Fn(LinkId) -> Event) {
        if let Some((node, link)) = self.pipes[pipe].ends[side].owner {
            self.events[node].push_back(event(link));
        }
    }

    fn dial(&mut self, address: &Address) -> io::Result<usize> {
        let door = self
            .doors
            .iter_mut()
            .find(|door| door.open && door.address == *address);
        let door = door.ok_or(io::ErrorKind::ConnectionRefused)?;
        self.pipes.push(Pipe {
            ends: Default::default(),
        });
        let pipe = self.pipes.len() - 1;
        door.backlog.push_back(pipe);
        let (node, id) = (door.node, door.id);
        self.events[node].push_back(Event::Acceptable(id));
        Ok(pipe)
    }

    fn push(&mut self, pipe: usize, side: usize, bytes: &[u8]) -> io::Result<usize> {
        let window = self.window;
        let most = self.transfer_max;
        let there = &mut self.pipes[pipe].ends[1 - side];
        if there.closed {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let room = window.saturating_sub(there.inbound.len());
        let count = bytes.len().min(room).min(most);
        if count == 0 && !bytes.is_empty() {
            self.pipes[pipe].ends[side].blocked = true;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        there.inbound.extend(&bytes[..count]);
        if count < bytes.len() {
            self.pipes[pipe].ends[side].blocked = true;
        }
        self.tell(pipe, 1 - side, |link| Event::Readable(link, false));
        Ok(count)
    }

    fn pull(&mut self, pipe: usize, side: usize, into: &mut [u8]) -> io::Result<usize> {
        let most = self.transfer_max;
        let here = &mut self.pipes[pipe].ends[side];
        if here.reset {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let count = into.len().min(here.inbound.len()).min(most);
        if count == 0 {
            return if here.ended {
                Ok(0)
            } else {
                Err(io::ErrorKind::WouldBlock.into())
            };
        }
        for (byte, slot) in here.inbound.drain(..count).zip(into) {
            *slot = byte;
        }
        if std::mem::take(&mut self.pipes[pipe].ends[1 - side].blocked) {
            self.tell(pipe, 1 - side, Event::Writable);
        }
        Ok(count)
    }

    fn end(&mut self, pipe: usize, side: usize) {
        self.pipes[pipe].ends[1 - side].ended = true;
        self.tell(pipe, 1 - side, |link| Event::Readable(link, true));
    }

    fn close(&mut self, pipe: usize, side: usize, reset: bool) {
        let [here, there] = if side == 0 { [0, 1] } else { [1, 0] };
        let ends = &mut self.pipes[pipe].ends;
        // As in TCP: bytes that nobody read turn an orderly close into a reset.
        let reset = reset || !ends[here].inbound.is_empty();
        ends[here].closed = true;
        ends[there].reset |= reset;
        ends[there].ended = true;
        ends[here].owner = None;
        if reset {
            self.tell(pipe, there, Event::Failed);
        }
        self.tell(pipe, there, |link| Event::Readable(link, true));
    }
}

impl Driver for Memory {
    fn now(&mut self) -> Time {
        self.net.borrow().now
    }

    fn short_transfer_drains(&self) -> bool {
        self.net.borrow().short_drains
    }

    fn listen(&mut self, listener: ListenerId, listen: &mut Listen) -> io::Result<Address> {
        let address = listen
            .address
            .clone()
            .map_err(|misuse| io::Error::new(io::ErrorKind::InvalidInput, misuse))?;
        let mut net = self.net.borrow_mut();
        let door = Door {
            node: self.node,
            id: listener,
            address: address.clone(),
            backlog: VecDeque::new(),
            open: true,
        };
        net.doors.push(door);
        Ok(address)
    }

    fn unlisten(&mut self, listener: ListenerId) {
        let mut net = self.net.borrow_mut();
        let node = self.node;
        let door = net
            .doors
            .iter_mut()
            .find(|door| door.open && (door.node, door.id) == (node, listener));
        let waiting = door.map_or_else(VecDeque::new, |door| {
            door.open = false;
            std::mem::take(&mut door.backlog)
        });
        for pipe in waiting {
            net.close(pipe, 1, true);
        }
    }

    fn accept(&mut self, listener: ListenerId, link: LinkId) -> Result<(), AcceptFault> {
        let mut net = self.net.borrow_mut();
        let node = self.node;
        let door = net
            .doors
            .iter_mut()
            .position(|door| door.open && (door.node, door.id) == (node, listener));
        let Some(door) = door else {
            return Err(AcceptFault::WouldBlock);
        };
        if net.doors[door].backlog.is_empty() {
            return Err(AcceptFault::WouldBlock);
        }
        if let Some(fault) = net.accept_faults.pop_front() {
            let fault = fault();
            if matches!(fault, AcceptFault::Lost(_)) {
                let lost = net.doors[door]
                    .backlog
                    .pop_front()
                    .expect("looked at above");
                net.close(lost, 1, true);
            }
            return Err(fault);
        }
        let pipe = net.doors[door]
            .backlog
            .pop_front()
            .expect("looked at above");
        net.pipes[pipe].ends[1].owner = Some((node, link));
        net.tell(pipe, 0, Event::Writable);
        if !net.pipes[pipe].ends[1].inbound.is_empty() || net.pipes[pipe].ends[1].ended {
            net.tell(pipe, 1, |link| Event::Readable(link, false));
        }
        Ok(())
    }

    fn shed(&mut self, listener: ListenerId) -> bool {
        let mut net = self.net.borrow_mut();
        let node = self.node;
        if !net.reserve {
            return false;
        }
        let door = net
            .doors
            .iter_mut()
            .find(|door| door.open && (door.node, door.id) == (node, listener));
        let Some(pipe) = door.and_then(|door| door.backlog.pop_front()) else {
            return false;
        };
        net.close(pipe, 1, false);
        true
    }

    fn connect(&mut self, link: LinkId, connect: &Connect) -> io::Result<()> {
        let mut net = self.net.borrow_mut();
        let address = connect
            .address
            .clone()
            .map_err(|misuse| io::Error::new(io::ErrorKind::InvalidInput, misuse))?;
        if net.hang_connects {
            net.pipes.push(Pipe {
                ends: Default::default(),
            });
            let pipe = net.pipes.len() - 1;
            net.pipes[pipe].ends[0].owner = Some((self.node, link));
            return Ok(());
        }
        let pipe = net.dial(&address)?;
        net.pipes[pipe].ends[0].owner = Some((self.node, link));
        Ok(())
    }

    fn connected(&mut self, link: LinkId) -> io::Result<bool> {
        let net = self.net.borrow();
        let (pipe, side) = net.find(self.node, link)?;
        Ok(net.pipes[pipe].ends[1 - side].owner.is_some())
    }

    fn failure(&mut self, link: LinkId) -> Option<io::Error> {
        let net = self.net.borrow();
        let (pipe, side) = net.find(self.node, link).ok()?;
        let reset = net.pipes[pipe].ends[side].reset;
        reset.then(|| io::ErrorKind::ConnectionReset.into())
    }

    fn read(&mut self, link: LinkId, into: &mut [u8]) -> io::Result<usize> {
        let mut net = self.net.borrow_mut();
        net.reads += 1;
        let (pipe, side) = net.find(self.node, link)?;
        net.pull(pipe, side, into)
    }

    fn write(&mut self, link: LinkId, bytes: &[u8]) -> io::Result<usize> {
        let mut net = self.net.borrow_mut();
        net.writes += 1;
        let (pipe, side) = net.find(self.node, link)?;
        net.push(pipe, side, bytes)
    }

    fn write_vectored(&mut self, link: LinkId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let all: Vec<u8> = pieces
            .iter()
            .flat_map(|piece| piece.iter().copied())
            .collect();
        self.write(link, &all)
    }

    fn shutdown(&mut self, link: LinkId) -> io::Result<()> {
        let mut net = self.net.borrow_mut();
        let (pipe, side) = net.find(self.node, link)?;
        net.end(pipe, side);
        Ok(())
    }

    fn close(&mut self, link: LinkId, reset: bool) {
        let mut net = self.net.borrow_mut();
        if let Ok((pipe, side)) = net.find(self.node, link) {
            net.close(pipe, side, reset);
        }
    }

    fn peer_address(&self, _: LinkId) -> Option<Address> {
        None
    }

    fn local_address(&self, _: LinkId) -> Option<Address> {
        None
    }

    fn has_room(&self) -> bool {
        let net = self.net.borrow();
        net.jobs[self.node].len() < net.jobs_max
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        let mut net = self.net.borrow_mut();
        if net.jobs[self.node].len() >= net.jobs_max {
            return Err(job);
        }
        net.jobs[self.node].push_back(job);
        Ok(())
    }
}

/// One engine in the world.
pub(super) struct Node<S> {
    pub(super) engine: Engine<S, Memory>,
    rung: Arc<AtomicBool>,
    pub(super) handle: Handle<S>,
    net: Rc<RefCell<Net>>,
    node: usize,
}

pub(super) fn net() -> Rc<RefCell<Net>> {
    Rc::new(RefCell::new(Net {
        now: Time::START,
        events: Vec::new(),
        pipes: Vec::new(),
        doors: Vec::new(),
        hang_connects: false,
        accept_faults: VecDeque::new(),
        reserve: true,
        transfer_max: usize::MAX,
        window: 64 << 10,
        reads: 0,
        writes: 0,
        short_drains: false,
        jobs: Vec::new(),
        jobs_max: usize::MAX,
    }))
}

impl<S: 'static> Node<S> {
    pub(super) fn new(net: &Rc<RefCell<Net>>, state: S, limits: Limits) -> Self {
        let node = net.borrow().events.len();
        net.borrow_mut().events.push(VecDeque::new());
        net.borrow_mut().jobs.push(VecDeque::new());
        let rung = Arc::new(AtomicBool::new(false));
        let bell = Arc::clone(&rung);
        let mailbox = Arc::new(Mailbox::new(
            limits.posts_max,
            Box::new(move || bell.store(true, Ordering::SeqCst)),
        ));
        let handle = Handle::new(Arc::clone(&mailbox));
        let driver = Memory {
            node,
            net: Rc::clone(net),
        };
        let engine = Engine::new(state, driver, limits, mailbox).expect("the limits make sense");
        Self {
            engine,
            rung,
            handle,
            net: Rc::clone(net),
            node,
        }
    }

    pub(super) fn listen<C>(&mut self, codec: C, service: impl Protocol<S, C>) -> ListenerId {
        self.cx()
            .listen("server:1", codec, service)
            .expect("a free address")
    }

    pub(super) fn cx(&mut self) -> Context<'_, S> {
        self.engine.context()
    }

    pub(super) fn counters(&mut self) -> Counters {
        self.cx().counters()
    }

    /// One turn, with the events there are. False if there was nothing to do.
    pub(super) fn turn(&mut self) -> bool {
        if self.engine.is_done() {
            return false;
        }
        let events = std::mem::take(&mut self.net.borrow_mut().events[self.node]);
        let rung = self.rung.swap(false, Ordering::SeqCst);
        if events.is_empty()
            && !rung
            && self
                .engine
                .patience()
                .is_none_or(|patience| patience > Duration::ZERO)
        {
            return false;
        }
        self.engine.begin_turn();
        if rung {
            self.engine.mail_came();
        }
        for event in events {
            match event {
                Event::Acceptable(id) => self.engine.acceptable(id),
                Event::Readable(id, ending) => self.engine.readable(id, ending),
                Event::Writable(id) => self.engine.writable(id),
                Event::Failed(id) => self.engine.failed(id),
            }
        }
        self.engine.end_turn();
        self.engine.check();
        true
    }

    /// Turns until there is nothing to do.
    pub(super) fn settle(&mut self) {
        for _ in 0..5_000 {
            if !self.turn() {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// Moves the clock, in steps as long as the engine has patience.
    pub(super) fn pass(&mut self, span: Duration) {
        let until = self.net.borrow().now + span;
        self.settle();
        loop {
            let now = self.net.borrow().now;
            let left = until - now;
            if left == Duration::ZERO || self.engine.is_done() {
                return;
            }
            let step = self.engine.patience().map_or(left, |patience| {
                patience.clamp(Duration::from_nanos(1), left)
            });
            self.net.borrow_mut().now = now + step;
            self.settle();
        }
    }

    /// Runs the blocking jobs there are.
    pub(super) fn work(&mut self) -> usize {
        let jobs = std::mem::take(&mut self.net.borrow_mut().jobs[self.node]);
        let count = jobs.len();
        for job in jobs {
            job();
        }
        count
    }
}

/// The other end of a link, moved by the test byte by byte.
pub(super) struct Peer {
    net: Rc<RefCell<Net>>,
    pipe: usize,
    got: Vec<u8>,
}

impl Peer {
    pub(super) fn dial(net: &Rc<RefCell<Net>>) -> Self {
        Self::dial_at(net, "server:1")
    }

    pub(super) fn dial_at(net: &Rc<RefCell<Net>>, address: &str) -> Self {
        let address = address.parse().expect("an address");
        let pipe = net.borrow_mut().dial(&address).expect("somebody listens");
        Self {
            net: Rc::clone(net),
            pipe,
            got: Vec::new(),
        }
    }

    /// Sends, past any window.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        let mut net = self.net.borrow_mut();
        if net.pipes[self.pipe].ends[1].closed {
            return;
        }
        net.pipes[self.pipe].ends[1].inbound.extend(bytes);
        net.tell(self.pipe, 1, |link| Event::Readable(link, false));
    }

    pub(super) fn end(&mut self) {
        self.net.borrow_mut().end(self.pipe, 0);
    }

    pub(super) fn reset(&mut self) {
        self.net.borrow_mut().close(self.pipe, 0, true);
    }

    /// Reads what has come.
    pub(super) fn read(&mut self) -> Vec<u8> {
        let mut chunk = vec![0; 1 << 20];
        loop {
            match self.net.borrow_mut().pull(self.pipe, 0, &mut chunk) {
                Ok(0) | Err(_) => return std::mem::take(&mut self.got),
                Ok(count) => self.got.extend_from_slice(&chunk[..count]),
            }
        }
    }

    /// Whether our stream has ended at its end, in peace or by a reset.
    pub(super) fn is_ended(&self) -> bool {
        self.net.borrow().pipes[self.pipe].ends[0].ended
    }

    pub(super) fn is_reset(&self) -> bool {
        self.net.borrow().pipes[self.pipe].ends[0].reset
    }

    /// Tells the engine that bytes or room are there when there is nothing new.
    pub(super) fn disturb(&mut self) {
        let mut net = self.net.borrow_mut();
        net.tell(self.pipe, 1, |link| Event::Readable(link, false));
        net.tell(self.pipe, 1, Event::Writable);
    }
}
