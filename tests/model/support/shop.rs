//! A server whose links come to their end in every way there is, and which notes what it had taken to be sent by then.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use oneloop::{
    Call, CommandService, Context, Error, IntoReply, LinkId, Outcome, Reason, ReasonKind, Reply,
    Result, Time, Unknown,
};

use crate::support::content::content;
use crate::support::wire::Format;

/// What a peer asks for; below it is the call's number, and how large an answer it wants.
pub(crate) mod kind {
    pub(crate) const NOW: u32 = 0;
    pub(crate) const LATER: u32 = 1 << 24;
    /// Closes in the way of the number that comes first, and answers.
    pub(crate) const CLOSE: u32 = 2 << 24;
    pub(crate) const FAIL: u32 = 3 << 24;
    /// Nobody serves it, which closes.
    pub(crate) const UNKNOWN: u32 = 4 << 24;
}

/// How a link comes to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    WhenSent,
    WhenAnswered,
    /// By the call, whose reply still goes out.
    ByCall,
    Failure,
    Unknown,
    /// From outside of any call.
    Outside,
    /// The server ends its stream, and then the peer its own.
    End,
    /// The peer ends its stream first.
    HalfClose,
    /// The node stops.
    Stop,
}

pub(crate) const WAYS: [Way; 8] = [
    Way::WhenSent,
    Way::WhenAnswered,
    Way::ByCall,
    Way::Failure,
    Way::Unknown,
    Way::Outside,
    Way::End,
    Way::HalfClose,
];

/// One link as the server sees it.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) link: Option<LinkId>,
    /// Frames handled.
    pub(crate) handled: usize,
    /// Bytes taken to be sent.
    pub(crate) accepted: Vec<u8>,
    /// It was ordered to close.
    pub(crate) ordered: Option<Time>,
    pub(crate) closed: Option<(Time, ReasonKind)>,
}

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) watches: Rc<RefCell<Vec<Watch>>>,
    pub(crate) place: usize,
    pub(crate) way: Way,
    /// Bodies are so many times this.
    pub(crate) block_bytes: usize,
}

impl Shop {
    fn with<R>(&self, act: impl FnOnce(&mut Watch) -> R) -> R {
        act(&mut self.watches.borrow_mut()[self.place])
    }

    fn body(&self, command: u32) -> Vec<u8> {
        let bytes = command as usize % 30 * self.block_bytes;
        content(self.place as u32, command, bytes)
    }

    fn accept(&self, command: u32) {
        let frame = Format::DataPack.frame(command, &self.body(command));
        self.with(|watch| watch.accepted.extend(frame));
    }

    /// Pushes, and notes what was taken: a link that is closing takes bytes until its stream has ended.
    fn push(&self, cx: &mut Context<'_, ()>, link: LinkId, command: u32) {
        if cx.links.send(link, command, self.body(command)).is_ok() {
            self.accept(command);
        }
    }

    /// What it serves, by number.
    pub(crate) fn service(&self) -> Result<CommandService<()>> {
        let mut service = CommandService::new();
        let own = self.clone();
        service.range(0..=kind::UNKNOWN - 1, move |call| own.answer(call))?;
        service.unknown(Unknown::Close);
        let own = self.clone();
        service.after(move |_, completion| {
            if let Outcome::Replied = completion.outcome {
                own.accept(completion.command);
            }
        });
        let own = self.clone();
        service.on_opened(move |cx, link| {
            own.with(|watch| watch.link = Some(link));
            for number in 0..3 {
                let own = own.clone();
                let pause = Duration::from_millis(700) * number;
                cx.after(pause, move |cx| own.push(cx, link, PUSHED | number));
            }
        });
        let own = self.clone();
        service.on_closed(move |cx, _, reason| {
            let closed = (cx.now(), reason.kind());
            let fits = own.fits(reason);
            assert!(fits, "{:?}: {reason}", own.way);
            own.with(|watch| assert_eq!(watch.closed.replace(closed), None));
        });
        Ok(service)
    }

    fn answer(&self, call: &mut Call<'_, ()>) -> Result<Reply> {
        let (command, link, now) = (call.command(), call.link(), call.now());
        self.with(|watch| watch.handled += 1);
        match command & KIND {
            kind::NOW => Ok(self.body(command).into_reply()),
            kind::LATER => {
                let (promise, later) = call.defer();
                let body = self.body(command);
                let pause = Duration::from_micros(u64::from(command % 30) * 30_000);
                call.after(pause, |_| promise.resolve(body));
                Ok(later.into_reply())
            }
            kind::FAIL => {
                self.with(|watch| watch.ordered = Some(now));
                Err(Error::failed("as asked for"))
            }
            _ => {
                self.push(&mut call.cx, link, PUSHED | command);
                match self.way {
                    Way::WhenSent => call.cx.links.close_when_sent(link),
                    Way::WhenAnswered => call.cx.links.close_when_answered(link),
                    Way::ByCall => call.close_when_sent(),
                    _ => call.cx.links.end_when_sent(link),
                }
                if self.way != Way::End {
                    self.with(|watch| watch.ordered = Some(now));
                }
                self.push(&mut call.cx, link, PUSHED | (command + 1));
                Ok(self.body(command).into_reply())
            }
        }
    }

    /// Whether the link may have been closed for this reason.
    fn fits(&self, reason: &Reason) -> bool {
        let wanted = match self.way {
            Way::WhenSent | Way::WhenAnswered | Way::ByCall | Way::Outside => ReasonKind::Closed,
            Way::Failure => ReasonKind::Failed,
            Way::Unknown => ReasonKind::UnknownCommand,
            Way::End | Way::HalfClose => ReasonKind::PeerClosed,
            Way::Stop => ReasonKind::Stopped,
        };
        reason.kind() == wanted
    }
}

const KIND: u32 = 0xff << 24;
const PUSHED: u32 = 5 << 24;
