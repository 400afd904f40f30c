//! One line that was said.

use crate::chat::words::{Name, Text};

/// One line that was said, with its place in the server's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted over all rooms, from 1: of two lines, the later has the greater number.
    pub number: u64,
    /// Where, in small letters.
    pub room: Name,
    /// Who.
    pub name: Name,
    /// What.
    pub text: Text,
}

impl Line {
    /// Appends the line as the history file has it.
    ///
    /// ```text
    /// 8 hex digits TAB number TAB room TAB name TAB text LF
    /// └ CRC-32 of what stands between the first tab and the line feed
    /// ```
    /// None of the fields can hold a tab or a line feed, so nothing has to be escaped.
    pub fn write_to(&self, file: &mut Vec<u8>) {
        let Self {
            number,
            room,
            name,
            text,
        } = self;
        let fields = format!("{number}\t{room}\t{name}\t{text}");
        let sum = crc32fast::hash(fields.as_bytes());
        file.extend_from_slice(format!("{sum:08x}\t{fields}\n").as_bytes());
    }

    /// The line of these bytes, without their line feed; none if they are not what [`write_to`](Self::write_to) wrote.
    #[must_use]
    pub fn read_from(bytes: &[u8]) -> Option<Self> {
        let (sum, fields) = std::str::from_utf8(bytes).ok()?.split_once('\t')?;
        if sum.len() != 8 || u32::from_str_radix(sum, 16) != Ok(crc32fast::hash(fields.as_bytes()))
        {
            return None;
        }
        let mut fields = fields.splitn(4, '\t');
        Some(Self {
            number: fields.next()?.parse().ok()?,
            room: fields.next()?.parse().ok()?,
            name: fields.next()?.parse().ok()?,
            text: fields.next()?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_whole_or_not_at_all() {
        let line = Line {
            number: 7,
            room: "lobby".parse().expect("a name"),
            name: "Zoë".parse().expect("a name"),
            text: "so: 1\t2 ✓".parse().expect("a text"),
        };
        let mut bytes = Vec::new();
        line.write_to(&mut bytes);
        assert_eq!(bytes.pop(), Some(b'\n'));
        assert_eq!(Line::read_from(&bytes), Some(line));
        for cut in 0..bytes.len() {
            assert_eq!(Line::read_from(&bytes[..cut]), None, "cut at {cut}");
        }
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_eq!(Line::read_from(&wrong), None, "byte {at} is wrong");
        }
    }
}
