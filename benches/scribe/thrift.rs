//! scribe's `Log`, in the framed binary protocol, by hand: the client is to cost as little as can be.

use crate::wire::{Load, Wire};

pub(crate) struct Log;

impl Wire for Log {
    fn hello(&self) -> Vec<u8> {
        let mut frame = Vec::new();
        call(&mut frame, |_| 0);
        frame
    }

    fn batch(&self, load: Load, client: usize, batch: u64, output: &mut Vec<u8>) {
        call(output, |output| {
            for message in load.messages(client, batch) {
                output.extend_from_slice(&[11, 0, 1]);
                text(output, b"bench");
                output.extend_from_slice(&[11, 0, 2]);
                text(output, &message);
                output.push(0);
            }
            load.batch
        });
    }

    fn answers(&self, _: Load) -> usize {
        1
    }

    fn answer(&self, input: &[u8]) -> Option<usize> {
        let (length, rest) = input.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let answer = rest.get(..length)?;
        // A reply, "Log", whichever number, and in the field 0 an i32: OK.
        assert_eq!(answer.get(..11), Some(&b"\x80\x01\0\x02\0\0\0\x03Log"[..]));
        assert_eq!(answer.get(15..), Some(&[8, 0, 0, 0, 0, 0, 0, 0][..]));
        Some(4 + length)
    }
}

/// A call with the entries that `entries` writes, of which it says how many they are.
fn call(output: &mut Vec<u8>, entries: impl FnOnce(&mut Vec<u8>) -> usize) {
    let start = output.len();
    output.extend_from_slice(b"\0\0\0\0\x80\x01\0\x01\0\0\0\x03Log\0\0\0\x01\x0f\0\x01\x0c");
    let count_at = output.len();
    output.extend_from_slice(&[0; 4]);
    let count = entries(output) as u32;
    output.push(0);
    let length = (output.len() - start - 4) as u32;
    output[start..start + 4].copy_from_slice(&length.to_be_bytes());
    output[count_at..count_at + 4].copy_from_slice(&count.to_be_bytes());
}

fn text(output: &mut Vec<u8>, bytes: &[u8]) {
    output.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    output.extend_from_slice(bytes);
}
