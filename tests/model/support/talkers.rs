//! Both ends of links that send each other frames as planned, and compare what comes with what was to come.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::{
    CommandService, Context, DataPack, Decoder, Framed, Input, Lines, LinkId, PeerFault, Reason,
    ReasonKind, Result, Session, Verdict,
};

use crate::support::content::content;
use crate::support::wire::Format;

/// What one end of a link is to send: when, and how many bytes each.
pub(crate) type Plan = Vec<(Duration, usize)>;

/// One link of the scenario, and what each end of it is to send.
pub(crate) struct Lane {
    pub(crate) format: Format,
    /// Of the end that dials, and of the one that is called.
    pub(crate) plans: [Plan; 2],
    /// The called end sends its next frame as a reply, if the reader of a frame is to have one.
    pub(crate) replies: bool,
}

/// One end of one connection, as its application saw it.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// Frames sent, and taken.
    pub(crate) sent: usize,
    pub(crate) got: usize,
    /// A frame was refused: the link was closed.
    pub(crate) refused: bool,
    /// What it was told about its end, which is to be once.
    pub(crate) closed: Vec<String>,
    pub(crate) kind: Option<ReasonKind>,
}

/// What a scenario keeps outside of its nodes, which may crash.
pub(crate) struct Book {
    pub(crate) lanes: Vec<Lane>,
    /// Every end that there ever was, with its lane and its side.
    pub(crate) ends: RefCell<Vec<(usize, usize, End)>>,
}

/// One end, for those who act for it.
#[derive(Clone)]
struct Talker {
    book: Rc<Book>,
    lane: usize,
    side: usize,
    /// Its place in the book.
    place: usize,
}

impl Talker {
    fn new(book: &Rc<Book>, lane: usize, side: usize) -> Self {
        let mut ends = book.ends.borrow_mut();
        ends.push((lane, side, End::default()));
        Self {
            book: Rc::clone(book),
            lane,
            side,
            place: ends.len() - 1,
        }
    }

    fn lane(&self) -> &Lane {
        &self.book.lanes[self.lane]
    }

    fn with<R>(&self, act: impl FnOnce(&mut End) -> R) -> R {
        act(&mut self.book.ends.borrow_mut()[self.place].2)
    }

    /// What a side sends as its frame of this number; none if it sends no more.
    fn content(&self, side: usize, number: usize) -> Option<Vec<u8>> {
        let (_, bytes) = *self.lane().plans[side].get(number)?;
        Some(content((2 * self.lane + side) as u32, number as u32, bytes))
    }

    /// The link is up: everything is sent in its time.
    fn opened(&self, cx: &mut Context<'_, ()>, link: LinkId) {
        for (number, &(delay, _)) in self.lane().plans[self.side].iter().enumerate() {
            let own = self.clone();
            cx.after(delay, move |cx| own.send(cx, link, number));
        }
        self.close_if_over(cx, link);
    }

    /// Sends the next frame, unless so many were sent as replies.
    fn send(&self, cx: &mut Context<'_, ()>, link: LinkId, number: usize) {
        let sent = self.with(|end| end.sent);
        if sent > number || self.with(|end| end.refused) {
            return;
        }
        let Some(body) = self.content(self.side, sent) else {
            return;
        };
        let outcome = match self.lane().format {
            Format::DataPack => cx.links.send(link, sent as u32, &body),
            other => cx.links.send_bytes(link, other.frame(0, &body)),
        };
        self.with(|end| match outcome {
            Ok(()) => end.sent += 1,
            Err(_) => end.refused = true,
        });
        self.close_if_over(cx, link);
    }

    fn got(&self, cx: &mut Context<'_, ()>, link: LinkId, body: &[u8]) {
        let number = self.with(|end| end.got);
        let wanted = self.content(1 - self.side, number);
        let wanted = wanted.expect("no more frames than were sent");
        assert!(
            body == wanted,
            "frame {number} of lane {}: {} bytes came instead of {}: {:?}",
            self.lane,
            body.len(),
            wanted.len(),
            String::from_utf8_lossy(&body[..body.len().min(16)])
        );
        self.with(|end| end.got += 1);
        self.close_if_over(cx, link);
    }

    fn is_over(&self) -> bool {
        let (sent, got) = self.with(|end| (end.sent, end.got));
        let plans = &self.lane().plans;
        sent == plans[self.side].len() && got == plans[1 - self.side].len()
    }

    /// The one who dialled closes when both have had their say.
    fn close_if_over(&self, cx: &mut Context<'_, ()>, link: LinkId) {
        if self.side == 0 && self.is_over() {
            cx.links.close_when_sent(link);
        }
    }

    fn closed(&self, reason: &Reason) {
        self.with(|end| {
            end.closed.push(reason.to_string());
            end.kind = Some(reason.kind());
        });
        if let Reason::Fault(fault) = reason {
            // Anything else means that bytes were lost or made up on the way.
            assert_eq!(fault, &PeerFault::Truncated, "lane {}", self.lane);
        }
    }

    /// The next frame as a reply, if this end replies.
    fn reply(&self) -> Option<Vec<u8>> {
        let number = self.with(|end| end.sent);
        let wanted = self.side == 1 && self.lane().replies;
        let body = wanted.then(|| self.content(self.side, number)).flatten()?;
        self.with(|end| end.sent += 1);
        Some(body)
    }
}

/// A session of the user's own, over a codec whose frames are bytes.
struct Bare<C> {
    codec: C,
    talker: Talker,
}

impl<C> Session<()> for Bare<C>
where
    C: for<'f> Decoder<Frame<'f> = &'f [u8]>,
{
    fn opened(&mut self, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        let link = cx.link();
        self.talker.opened(cx, link);
        Ok(Verdict::Continue)
    }

    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        let link = cx.link();
        while let Some(body) = cx.next_frame(input, |input| self.codec.decode(input))? {
            self.talker.got(cx, link, body);
            if let Some(reply) = self.talker.reply() {
                cx.send_bytes(self.talker.lane().format.frame(0, &reply))?;
            }
        }
        Ok(Verdict::Continue)
    }

    fn closed(&mut self, reason: &Reason, _: &mut Context<'_, ()>) {
        self.talker.closed(reason);
    }
}

/// The same by commands. One service serves all links of a listener, each of which has an end of its own.
fn service(book: &Rc<Book>, lane: usize, side: usize) -> Result<CommandService<()>> {
    let talkers = Rc::new(RefCell::new(BTreeMap::new()));
    let book = Rc::clone(book);
    let talker = move |link: LinkId| -> Talker {
        let mut talkers = talkers.borrow_mut();
        let made = || Talker::new(&book, lane, side);
        talkers.entry(link).or_insert_with(made).clone()
    };
    let talker = Rc::new(talker);
    let mut service = CommandService::new();
    let of = Rc::clone(&talker);
    service.on_opened(move |cx, link| of(link).opened(cx, link));
    let of = Rc::clone(&talker);
    service.on_closed(move |_, link, reason| of(link).closed(reason));
    service.catch_all(move |call| {
        let link = call.link();
        let talker = talker(link);
        if side == 1 {
            let number = talker.with(|end| end.got) as u32;
            assert_eq!(call.command(), number, "a command with another's body");
        }
        let body = call.body();
        talker.got(&mut call.cx, link, body);
        talker.reply()
    })?;
    Ok(service)
}

pub(crate) fn listen(cx: &mut Context<'_, ()>, book: &Rc<Book>) -> Result<()> {
    for (lane, kept) in book.lanes.iter().enumerate() {
        let address = format!("server:{}", 7000 + lane);
        let address = address.as_str();
        match kept.format {
            Format::DataPack => {
                cx.listen(address, DataPack::default(), service(book, lane, 1)?)?;
            }
            Format::Framed => {
                cx.listen(address, (), bare(book, lane, 1, Framed::default()))?;
            }
            Format::Lines => {
                cx.listen(address, (), bare(book, lane, 1, Lines::default()))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn dial(cx: &mut Context<'_, ()>, book: &Rc<Book>) -> Result<()> {
    for (lane, kept) in book.lanes.iter().enumerate() {
        let address = format!("server:{}", 7000 + lane);
        let address = address.as_str();
        match kept.format {
            Format::DataPack => {
                cx.connect(address, DataPack::default(), service(book, lane, 0)?)?;
            }
            Format::Framed => {
                cx.connect(address, (), bare(book, lane, 0, Framed::default()))?;
            }
            Format::Lines => {
                cx.connect(address, (), bare(book, lane, 0, Lines::default()))?;
            }
        }
    }
    Ok(())
}

fn bare<C: Clone>(
    book: &Rc<Book>,
    lane: usize,
    side: usize,
    codec: C,
) -> impl Fn() -> Bare<C> + use<C> {
    let book = Rc::clone(book);
    move || Bare {
        codec: codec.clone(),
        talker: Talker::new(&book, lane, side),
    }
}
