//! As many connected sockets as there are receivers, and what comes out at their far ends.

use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// What a message travels on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unix,
    Tcp,
}

/// One end of a connection. It does not block.
pub(crate) enum End {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl End {
    /// Dials a listener.
    pub(crate) fn dial(kind: Kind, address: &str) -> Self {
        let end = match kind {
            Kind::Unix => {
                let path = Path::new(address.trim_start_matches("unix:"));
                Self::Unix(UnixStream::connect(path).expect("it listens"))
            }
            Kind::Tcp => Self::Tcp(TcpStream::connect(address).expect("it listens")),
        };
        end.prepared()
    }

    /// Both ends of so many connections: the near ones, and the far ones.
    pub(crate) fn pairs(kind: Kind, count: usize) -> (Vec<Self>, Vec<Self>) {
        match kind {
            Kind::Unix => (0..count)
                .map(|_| UnixStream::pair().expect("descriptors"))
                .map(|(near, far)| (Self::Unix(near).prepared(), Self::Unix(far).prepared()))
                .unzip(),
            Kind::Tcp => {
                let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
                let address = listener.local_addr().expect("it is bound").to_string();
                let pair = |_| {
                    let far = Self::dial(kind, &address);
                    let (near, _) = listener.accept().expect("somebody dialled");
                    (Self::Tcp(near).prepared(), far)
                };
                (0..count).map(pair).unzip()
            }
        }
    }

    fn prepared(self) -> Self {
        match &self {
            Self::Unix(stream) => stream.set_nonblocking(true).expect("an option"),
            Self::Tcp(stream) => {
                stream.set_nodelay(true).expect("an option");
                stream.set_nonblocking(true).expect("an option");
            }
        }
        self
    }

    /// One write(2) of all the bytes.
    pub(crate) fn write(&self, bytes: &[u8]) {
        use std::io::Write;

        let written = match self {
            Self::Unix(stream) => { stream }.write(bytes),
            Self::Tcp(stream) => { stream }.write(bytes),
        };
        assert_eq!(written.expect("there is room"), bytes.len());
    }

    fn read(&self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Unix(stream) => { stream }.read(buffer),
            Self::Tcp(stream) => { stream }.read(buffer),
        }
    }
}

/// Takes what came out of every end, which must be so many times these bytes.
pub(crate) fn drain(ends: &[End], frame: &[u8], times: usize) {
    let mut buffer = vec![0; frame.len() * times + 1];
    for end in ends {
        let mut filled = 0;
        while filled < frame.len() * times {
            match end.read(&mut buffer[filled..]) {
                Ok(0) => panic!("a link was closed"),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(filled, frame.len() * times, "bytes too many");
        assert!(
            buffer[..filled].chunks(frame.len()).all(|got| got == frame),
            "other bytes"
        );
    }
}
