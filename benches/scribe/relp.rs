//! RELP, the protocol of rsyslog that acknowledges: `NUMBER COMMAND LENGTH DATA`, and the same number with `rsp` back.

use crate::wire::{Load, Wire};

pub(crate) struct Relp;

impl Wire for Relp {
    fn hello(&self) -> Vec<u8> {
        let data = "relp_version=0\nrelp_software=bench,1,none\ncommands=syslog";
        format!("1 open {} {data}\n", data.len()).into_bytes()
    }

    fn batch(&self, load: Load, client: usize, batch: u64, output: &mut Vec<u8>) {
        for (index, message) in load.messages(client, batch).enumerate() {
            // One after the other, or the server hangs up; the first was that of `open`, and behind 999,999,999 comes 1.
            let before = batch.saturating_sub(1) * load.batch as u64 + index as u64;
            let number = (before + 1) % 999_999_999 + 1;
            let line = message.strip_suffix(b"\n").unwrap_or(&message);
            let prefix = b"<134>Nov 22 12:00:00 host bench: ";
            let length = prefix.len() + line.len();
            output.extend_from_slice(format!("{number} syslog {length} ").as_bytes());
            output.extend_from_slice(prefix);
            output.extend_from_slice(line);
            output.push(b'\n');
        }
    }

    fn answers(&self, load: Load) -> usize {
        load.batch
    }

    fn answer(&self, input: &[u8]) -> Option<usize> {
        let mut words = input.splitn(4, |byte| *byte == b' ');
        let (number, command) = (words.next()?, words.next()?);
        let (length, data) = (words.next()?, words.next()?);
        assert_eq!(command, b"rsp", "an answer to {number:?}");
        let length = std::str::from_utf8(length).expect("digits");
        let length: usize = length.parse().expect("digits");
        let data = data.get(..length + 1)?;
        assert!(data.starts_with(b"200"), "a no");
        Some(input.len() - words_rest(input, length))
    }
}

/// Bytes behind the first answer: it is three words, each with a space, so many bytes of data, and the end of a line.
fn words_rest(input: &[u8], length: usize) -> usize {
    let mut spaces = input.iter().enumerate().filter(|(_, byte)| **byte == b' ');
    let data_at = spaces.nth(2).map_or(0, |(at, _)| at + 1);
    input.len() - (data_at + length + 1)
}
