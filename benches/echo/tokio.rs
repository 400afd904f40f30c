//! tokio on one thread, with a tokio-util codec for the same frames. One task for each link; what came in one read is answered by one
//! write, as a careful author does it: a plain loop of `next` and `send` would write for each frame.

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{Decoder, Encoder, Framed};

use crate::server::Ready;

const FIXED: [u8; 9] = [0; 9];
const HEAD_BYTES: usize = 17;
const FRAME_BYTES_MAX: usize = 1 << 20;

/// DataPack: nine fixed bytes, the length of what follows it, the command, the body.
struct DataPack;

impl Decoder for DataPack {
    type Item = (u32, Bytes);
    type Error = io::Error;

    fn decode(&mut self, input: &mut BytesMut) -> io::Result<Option<(u32, Bytes)>> {
        let Some(head) = input.first_chunk::<HEAD_BYTES>() else {
            return Ok(None);
        };
        let number =
            |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (length, command) = (number(9) as usize, number(13));
        if head[..9] != FIXED || !(4..=FRAME_BYTES_MAX).contains(&length) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let frame_bytes = HEAD_BYTES + length - 4;
        if input.len() < frame_bytes {
            input.reserve(frame_bytes - input.len());
            return Ok(None);
        }
        let mut frame = input.split_to(frame_bytes);
        frame.advance(HEAD_BYTES);
        Ok(Some((command, frame.freeze())))
    }
}

impl Encoder<(u32, Bytes)> for DataPack {
    type Error = io::Error;

    fn encode(&mut self, (command, body): (u32, Bytes), output: &mut BytesMut) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        output.reserve(HEAD_BYTES + body.len());
        output.put_slice(&FIXED);
        output.put_u32(length);
        output.put_u32(command);
        output.put_slice(&body);
        Ok(())
    }
}

pub(crate) fn serve(ready: Ready) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        ready.listening(listener.local_addr().expect("it is bound"));
        loop {
            let (link, _) = listener.accept().await.expect("it accepts");
            link.set_nodelay(true).expect("an option");
            tokio::spawn(echo(link));
        }
    });
}

/// To the end of the link, good or bad.
async fn echo(link: TcpStream) -> io::Result<()> {
    let mut link = Framed::new(link, DataPack);
    while let Some(frame) = link.next().await {
        link.feed(frame?).await?;
        while let Some(Some(frame)) = link.next().now_or_never() {
            link.feed(frame?).await?;
        }
        link.flush().await?;
    }
    Ok(())
}
