//! Strangers at the gate, over real sockets.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Many who have no secret: some wait and say nothing, others come, say something wrong, and come again.
pub(crate) struct Siege {
    over: Arc<AtomicBool>,
    came: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

/// So many do nothing but be there, which is far from what a process may open.
const SILENT: usize = 200;

impl Siege {
    /// When this returns the silent ones are there.
    pub(crate) fn begin(address: &str) -> Self {
        let address: SocketAddr = address.parse().expect("an address");
        let over = Arc::new(AtomicBool::new(false));
        let came = Arc::new(AtomicU64::new(0));
        let silent: Vec<TcpStream> = (0..SILENT).filter_map(|_| dial(address)).collect();
        came.fetch_add(silent.len() as u64, Ordering::Relaxed);
        let (ends, counts) = (Arc::clone(&over), Arc::clone(&came));
        let thread = std::thread::spawn(move || {
            let texts: [&[u8]; 4] = [
                b"GET / HTTP/1.1\r\n\r\n",
                b"\xff\xff\xff\xff",
                b"\0\0\0\x11\x80\x01\0\x01\0\0\0\x04relay\0\0\0\x01\0",
                b"\0\0\x0f\xff",
            ];
            let mut number = 0;
            while !ends.load(Ordering::Relaxed) {
                if let Some(mut stream) = dial(address) {
                    let text = texts[number % texts.len()];
                    let _ = stream.write_all(text);
                    if number.is_multiple_of(16) {
                        // Hears that it is not wanted.
                        let _ = stream.read(&mut [0; 16]);
                    }
                    counts.fetch_add(1, Ordering::Relaxed);
                }
                number += 1;
            }
            drop(silent);
        });
        Self {
            over,
            came,
            thread: Some(thread),
        }
    }

    /// All go. Gives how many came.
    pub(crate) fn end(self) -> u64 {
        self.came.load(Ordering::Relaxed)
    }
}

impl Drop for Siege {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn dial(address: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    let limit = Some(Duration::from_millis(200));
    stream.set_read_timeout(limit).ok()?;
    stream.set_write_timeout(limit).ok()?;
    Some(stream)
}
