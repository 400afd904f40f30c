//! Calling the methods of a service and waiting for each reply: for tools, tests and threads of their own.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::error::{Error, Misuse, Result};

use super::arguments::{Arguments, Passed};
use super::binary::Binary;
use super::call_error::CallError;
use super::compact::Compact;
use super::fault::{ProtocolError, ProtocolErrorKind};
use super::kind::MessageKind;
use super::limits::WireLimits;
use super::line::{Head, frame};
use super::message::{Detected, Form};
use super::method::Method;
use super::plain::{Plain, Positional};
use super::protocol::Protocol;
use super::read::Read as _;
use super::reply;
use super::value::Value as _;

/// Calls the methods of a service over a stream, and waits for each reply. It holds up its thread: within a loop use a
/// [`Caller`](super::Caller).
///
/// Each message is in a frame, in the binary protocol unless [told otherwise](Self::protocol). Generated clients
/// (`CalculatorBlocking`) are made of one.
///
/// ```no_run
/// use oneloop::thrift::{BlockingCaller, Compact};
///
/// # fn main() -> oneloop::Result<()> {
/// let caller = BlockingCaller::connect("localhost:9090")?; // binary
/// let caller = BlockingCaller::connect("localhost:9090")?.protocol::<Compact>().service("Calculator")?;
/// # Ok(())
/// # }
/// ```
///
/// # When a call fails
///
/// After a declared exception, an `EXCEPTION` reply, a reply without a result, and arguments that cannot be sent, the next call may be
/// made. After anything else nobody knows what the next bytes of the stream would belong to: the caller is [spent](Self::is_spent), and
/// all further calls fail with [`CallError::Spent`].
pub struct BlockingCaller<T = TcpStream> {
    stream: T,
    protocol: Detected,
    service: Option<Rc<str>>,
    limits: BlockingLimits,
    /// The number of the last call; 0 before the first, and of every oneway call.
    last: i32,
    /// A oneway call was sent, which a server may answer though it should not.
    oneway_sent: bool,
    spent: bool,
    /// The frame that goes or comes.
    frame: Vec<u8>,
}

/// The most of everything that a [`BlockingCaller`] does.
///
/// ```
/// use std::time::Duration;
/// use oneloop::thrift::BlockingLimits;
///
/// let limits = BlockingLimits { read_timeout: Duration::from_secs(2), ..BlockingLimits::default() };
/// assert_eq!((limits.frame_bytes_max, limits.write_timeout), (16_384_000, Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockingLimits {
    /// A connection must be up by then, with each of the addresses that a name has. 10 s. Only [`connect`](BlockingCaller::connect) looks
    /// at this, as at the two below: a stream of another sort has its own.
    pub connect_timeout: Duration,
    /// A server may be silent for so long. 10 s.
    pub read_timeout: Duration,
    /// A server may take nothing of what is sent for so long. 10 s.
    pub write_timeout: Duration,
    /// A reply must be whole by then, however many bytes come in between; it is looked at with each of them. 60 s.
    pub call_deadline: Duration,
    /// The largest reply taken, in bytes. Memory grows with the bytes that came, and not with what a frame claims. 16,384,000.
    pub frame_bytes_max: usize,
    /// The largest call sent, in bytes. 16,384,000: as many as Apache's servers take by default.
    pub frame_out_bytes_max: usize,
    /// The most of everything within one message.
    pub wire: WireLimits,
}

impl Default for BlockingLimits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            call_deadline: Duration::from_secs(60),
            frame_bytes_max: 16_384_000,
            frame_out_bytes_max: 16_384_000,
            wire: WireLimits::default(),
        }
    }
}

impl BlockingCaller<TcpStream> {
    /// Connects to the first address that answers.
    ///
    /// # Errors
    /// [`Error::Io`], of the last address tried.
    pub fn connect(address: impl ToSocketAddrs) -> Result<Self> {
        Self::connect_limited(address, BlockingLimits::default())
    }

    /// The same, with other limits.
    ///
    /// # Errors
    /// The same; [`ErrorKind::InvalidInput`] if a timeout is zero.
    pub fn connect_limited(address: impl ToSocketAddrs, limits: BlockingLimits) -> Result<Self> {
        let mut failure = io::Error::new(ErrorKind::NotFound, "the name has no address");
        for address in address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, limits.connect_timeout) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    stream.set_read_timeout(Some(limits.read_timeout))?;
                    stream.set_write_timeout(Some(limits.write_timeout))?;
                    return Ok(Self::over(stream).limits(limits));
                }
                Err(error) => failure = error,
            }
        }
        Err(failure.into())
    }
}

impl<T: Read + Write> BlockingCaller<T> {
    /// Calls over a stream that is there already: a unix socket, one with encryption, one in memory. Its timeouts are the stream's own.
    pub fn over(stream: T) -> Self {
        Self {
            stream,
            protocol: Detected::Binary,
            service: None,
            limits: BlockingLimits::default(),
            last: 0,
            oneway_sent: false,
            spent: false,
            frame: Vec::new(),
        }
    }

    /// Speaks this protocol from here on.
    #[must_use]
    pub fn protocol<P: Protocol>(mut self) -> Self {
        self.protocol = P::DETECTED;
        self
    }

    /// Calls one of several services that the server has: the names of its methods are `service:method` on the wire, as with
    /// [`Multiplexed`](super::Multiplexed).
    ///
    /// # Errors
    /// [`Misuse::Option`] if the name is empty or has a colon.
    pub fn service(mut self, name: &str) -> Result<Self> {
        if !reply::is_service_name(name) {
            return Err(Misuse::Option(format!("{name:?} is no name of a service")).into());
        }
        self.service = Some(name.into());
        Ok(self)
    }

    /// Other limits from here on, but for the three timeouts, which are the stream's.
    #[must_use]
    pub const fn limits(mut self, limits: BlockingLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Calls a method, and waits for its reply.
    ///
    /// # Errors
    /// [`CallError`] says which.
    pub fn call<M: Method>(
        &mut self,
        arguments: M::Arguments,
    ) -> Result<M::Output, CallError<M::Exception>> {
        const { assert!(!M::ONEWAY, "a oneway method is not answered: send it") };
        self.call_any::<M>(M::NAME, &arguments)
    }

    /// Sends a call that is not answered. That it was sent does not say that it arrives.
    ///
    /// # Errors
    /// [`CallError::Io`], [`CallError::Misuse`] or [`CallError::Spent`].
    pub fn send<M: Method>(&mut self, arguments: M::Arguments) -> Result<(), CallError> {
        const { assert!(M::ONEWAY, "the method is answered: call it") };
        self.send_any::<M>(M::NAME, &arguments)
    }

    /// Calls a plain function by its name, and waits for its reply. See [`Caller::call_named`](super::Caller::call_named).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use oneloop::thrift::BlockingCaller;
    ///
    /// let mut caller = BlockingCaller::connect("localhost:9090")?;
    /// let sum = caller.call_named::<i64>("add", (1i64, 2i64))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn call_named<R: Passed>(
        &mut self,
        name: &str,
        arguments: impl Arguments,
    ) -> Result<R, CallError> {
        self.call_plain(name, &Positional(arguments))
    }

    /// Sends a call of a plain function as `ONEWAY`: it is not answered.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_named<A: Arguments>(&mut self, name: &str, arguments: A) -> Result<(), CallError> {
        self.send_any::<Plain<A, ()>>(name, &Positional(arguments))
    }

    /// Whether no further call can be made.
    #[must_use]
    pub const fn is_spent(&self) -> bool {
        self.spent
    }

    /// The stream.
    pub const fn stream(&self) -> &T {
        &self.stream
    }

    /// The stream, which stands between two messages unless the caller is [spent](Self::is_spent).
    pub fn into_stream(self) -> T {
        self.stream
    }

    fn call_plain<A: Arguments, R: Passed>(
        &mut self,
        name: &str,
        arguments: &Positional<A>,
    ) -> Result<R, CallError> {
        self.call_any::<Plain<A, R>>(name, arguments)
    }

    fn call_any<M: Method>(
        &mut self,
        name: &str,
        arguments: &M::Arguments,
    ) -> Result<M::Output, CallError<M::Exception>> {
        match self.protocol {
            Detected::Binary => self.call_over::<M, Binary>(name, arguments),
            Detected::Compact => self.call_over::<M, Compact>(name, arguments),
        }
    }

    fn send_any<M: Method>(
        &mut self,
        name: &str,
        arguments: &M::Arguments,
    ) -> Result<(), CallError> {
        self.oneway_sent = true;
        let kind = MessageKind::Oneway;
        match self.protocol {
            Detected::Binary => self.write::<M, Binary, _>(name, kind, 0, arguments),
            Detected::Compact => self.write::<M, Compact, _>(name, kind, 0, arguments),
        }
    }

    fn call_over<M: Method, P: Protocol>(
        &mut self,
        name: &str,
        arguments: &M::Arguments,
    ) -> Result<M::Output, CallError<M::Exception>> {
        let number = self.last.checked_add(1).unwrap_or(1);
        self.write::<M, P, _>(name, MessageKind::Call, number, arguments)?;
        self.last = number;
        // Unless it turns out well.
        self.spent = true;
        let began = Instant::now();
        loop {
            self.read_frame(began)?;
            let mut input = P::reader(&self.frame, self.limits.wire);
            let head = input.message()?;
            if !matches!(head.kind, MessageKind::Reply | MessageKind::Exception) {
                return Err(reply::no_reply(&head).into());
            }
            if head.sequence == 0 && self.oneway_sent {
                log::debug!("{:?} is answered, which is oneway", head.name);
                continue;
            }
            if head.sequence != number {
                return Err(reply::bad_sequence(&head).into());
            }
            let outcome = reply::read::<M, _>(&head, input, name, self.service.as_deref());
            self.spent = match &outcome {
                Ok(_) | Err(CallError::Declared(_)) => false,
                // Under another method's name it is the reply to who knows what.
                Err(CallError::Application(_)) => {
                    !reply::is_name_of(&head, name, self.service.as_deref())
                }
                Err(_) => true,
            };
            return outcome;
        }
    }

    /// Sends one frame, or nothing if it cannot be written.
    fn write<M: Method, P: Protocol, E>(
        &mut self,
        name: &str,
        kind: MessageKind,
        sequence: i32,
        arguments: &M::Arguments,
    ) -> Result<(), CallError<E>> {
        if self.spent {
            return Err(CallError::Spent);
        }
        let mut room = String::new();
        let head = Head {
            name: reply::wire_name(name, self.service.as_deref(), &mut room),
            sequence,
            form: Form::Strict,
            silent: false,
        };
        self.frame.clear();
        // A frame's length has four bytes.
        let most = self.limits.frame_out_bytes_max.min(u32::MAX as usize);
        let wire = self.limits.wire;
        frame::<P>(&mut self.frame, most, &head, kind, wire, |output| {
            arguments.write(output)
        })
        .map_err(|error| match error {
            Error::Misuse(misuse) => CallError::Misuse(misuse),
            other => CallError::Io(other.into()),
        })?;
        self.spent = true;
        self.stream.write_all(&self.frame)?;
        self.stream.flush()?;
        self.spent = false;
        Ok(())
    }

    /// Reads one frame without its length.
    fn read_frame<E>(&mut self, began: Instant) -> Result<(), CallError<E>> {
        self.check_deadline(began)?;
        let mut length = [0; 4];
        self.read_exactly(&mut length, began)?;
        let bytes = u32::from_be_bytes(length) as usize;
        if bytes == 0 {
            return Err(ProtocolError::new(
                ProtocolErrorKind::InvalidData,
                "a frame without a message",
            )
            .into());
        }
        let most = self.limits.frame_bytes_max;
        if bytes > most {
            let what = format!("a frame claims {bytes} bytes; the most is {most}");
            return Err(ProtocolError::new(ProtocolErrorKind::SizeLimit, what).into());
        }
        let mut frame = std::mem::take(&mut self.frame);
        frame.clear();
        if frame.capacity() > KEPT_BYTES_MAX {
            frame = Vec::new();
        }
        while frame.len() < bytes {
            // As much again as came, so that a claim alone takes nothing.
            let at = frame.len();
            let next = bytes.min(at + at.max(PIECE_BYTES));
            frame.resize(next, 0);
            self.read_exactly(&mut frame[at..], began)?;
        }
        self.frame = frame;
        Ok(())
    }

    fn read_exactly(&mut self, mut rest: &mut [u8], began: Instant) -> io::Result<()> {
        while !rest.is_empty() {
            match self.stream.read(rest) {
                Ok(0) => {
                    let text = "the stream ended before the reply";
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, text));
                }
                Ok(count) => rest = rest.get_mut(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A stream's timeout is either of the two.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Err(io::Error::new(
                        ErrorKind::TimedOut,
                        "no byte came for the read timeout",
                    ));
                }
                Err(error) => return Err(error),
            }
            if !rest.is_empty() {
                self.check_deadline(began)?;
            }
        }
        Ok(())
    }

    fn check_deadline(&self, began: Instant) -> io::Result<()> {
        if began.elapsed() >= self.limits.call_deadline {
            let text = "the reply was not whole by the call's deadline";
            return Err(io::Error::new(ErrorKind::TimedOut, text));
        }
        Ok(())
    }
}

impl<T> fmt::Debug for BlockingCaller<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingCaller")
            .field("protocol", &self.protocol)
            .field("service", &self.service)
            .field("spent", &self.spent)
            .finish_non_exhaustive()
    }
}

/// So much of a frame is awaited at first.
const PIECE_BYTES: usize = 8 << 10;
/// A buffer that has become larger is given back with the next reply.
const KEPT_BYTES_MAX: usize = 64 << 10;
