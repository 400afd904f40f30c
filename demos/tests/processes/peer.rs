//! The other end of a connection, with nothing of oneloop in it: DataPack frames by hand, on a blocking socket.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use crate::process::PATIENCE;

/// The other end of a connection.
pub(crate) struct Peer {
    stream: TcpStream,
}

/// One frame of it.
pub(crate) type Frame = (u32, Vec<u8>);

impl Peer {
    pub(crate) fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("somebody listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("an option");
        Self { stream }
    }

    /// Joins a chat; gives the lines from before.
    #[track_caller]
    pub(crate) fn join(address: &str, name: &str, room: &str) -> (Self, Vec<u64>) {
        let mut peer = Self::connect(address);
        peer.send(1, format!("{name}\t{room}"));
        let entered = peer.wait_for(101);
        let past = entered.rsplit('\t').next().expect("a field");
        let past: usize = past.parse().expect("a count");
        let numbers = (0..past).map(|_| number(&peer.wait_for(102))).collect();
        (peer, numbers)
    }

    pub(crate) fn send(&mut self, command: u32, body: impl AsRef<[u8]>) {
        self.stream
            .write_all(&frame(command, body.as_ref()))
            .expect("it reads");
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("it reads");
    }

    /// Sends if the other end is still there.
    pub(crate) fn try_send(&mut self, command: u32, body: &str) -> bool {
        let frame = frame(command, body.as_bytes());
        self.stream.write_all(&frame).is_ok()
    }

    pub(crate) fn end(&self) {
        self.stream.shutdown(Shutdown::Write).expect("it is open");
    }

    /// Another handle on the same socket.
    pub(crate) fn twin(&self) -> Self {
        let stream = self.stream.try_clone().expect("a descriptor");
        Self { stream }
    }

    /// The next frame; none at the end of the stream, however it ends.
    #[track_caller]
    pub(crate) fn receive(&mut self) -> Option<Frame> {
        let mut head = [0; 17];
        if let Err(error) = self.stream.read_exact(&mut head) {
            assert!(
                !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                "nothing came"
            );
            return None;
        }
        assert_eq!(head[..9], [0; 9]);
        let word = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().expect("four"));
        let mut body = vec![0; word(9) as usize - 4];
        self.stream.read_exact(&mut body).ok()?;
        Some((word(13), body))
    }

    /// The body of the next frame with this command, as text; others are passed over.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, command: u32) -> String {
        loop {
            match self.receive() {
                Some((got, body)) if got == command => {
                    return String::from_utf8(body).expect("text");
                }
                Some(_) => {}
                None => panic!("the stream ended before {command}"),
            }
        }
    }

    /// Whether the stream ends without another frame.
    #[track_caller]
    pub(crate) fn is_over(&mut self) -> bool {
        self.receive().is_none()
    }
}

/// The number that begins the body of a line.
#[track_caller]
pub(crate) fn number(body: &str) -> u64 {
    let field = body.split('\t').next().expect("a field");
    field.parse().expect("a number")
}

pub(crate) fn frame(command: u32, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; 9];
    frame.extend_from_slice(&(body.len() as u32 + 4).to_be_bytes());
    frame.extend_from_slice(&command.to_be_bytes());
    frame.extend_from_slice(body);
    frame
}
