//! One connection: what was asked on it, and what is due next.

use oneloop::buffer::Outbox;
use oneloop::{Command, DataPack, Encoder, Time};

use crate::load::body::Stamp;

/// One connection's requests, which are answered in their order.
#[derive(Debug)]
pub struct Wire {
    connection: u32,
    /// Where the next request is in its ring.
    asked: u64,
    answered: u64,
    /// When each outstanding request was asked: that of the sequence number n is at n modulo the length.
    asked_at: Box<[Time]>,
    /// Where the next request and the next reply are in it: a division for each would be the dearest step of all.
    ask_slot: usize,
    answer_slot: usize,
}

/// What is the same in every request.
#[derive(Debug)]
pub struct Form {
    command: u32,
    body_bytes: usize,
    /// How every frame begins, up to its body.
    head: Vec<u8>,
}

/// What is wrong with a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Another command than was asked.
    Command {
        /// What was asked.
        asked: u32,
        /// What came.
        came: u32,
    },
    /// Another length than was asked, in bytes.
    Length {
        /// What was asked.
        asked: usize,
        /// What came.
        came: usize,
    },
    /// A byte that is another than was asked.
    Byte {
        /// Its place in the body.
        place: usize,
        /// What was asked.
        asked: u8,
        /// What came.
        came: u8,
    },
    /// A reply that came before.
    Doubled,
    /// The reply to a later request: this one was lost, or overtaken.
    Skipped {
        /// Which came.
        came: u64,
    },
    /// A reply although nothing was outstanding.
    Unasked,
}

impl Form {
    /// The requests of a run: so many bytes of body under this command.
    ///
    /// # Errors
    /// [`Misuse`](oneloop::Misuse) if no frame has such a length.
    pub fn new(codec: &DataPack, command: u32, body_bytes: usize) -> oneloop::Result<Self> {
        let mut frame = Outbox::default();
        let body = vec![0; body_bytes];
        codec.encode(command, body.as_slice().into(), &mut frame)?;
        let bytes = frame.single().unwrap_or_default();
        let head = bytes[..bytes.len().saturating_sub(body_bytes)].to_vec();
        Ok(Self {
            command,
            body_bytes,
            head,
        })
    }

    /// A whole frame, in bytes.
    #[must_use]
    pub const fn frame_bytes(&self) -> usize {
        self.head.len() + self.body_bytes
    }
}

impl Wire {
    /// A connection on which nothing was asked. At most `in_flight` requests may be outstanding.
    #[must_use]
    pub fn new(connection: u32, in_flight: usize) -> Self {
        Self {
            connection,
            asked: 0,
            answered: 0,
            asked_at: vec![Time::START; in_flight].into(),
            ask_slot: 0,
            answer_slot: 0,
        }
    }

    /// Its number.
    #[must_use]
    pub const fn connection(&self) -> u32 {
        self.connection
    }

    /// Requests without a reply.
    #[must_use]
    pub const fn outstanding(&self) -> u64 {
        self.asked - self.answered
    }

    /// The number of the next reply.
    #[must_use]
    pub const fn due(&self) -> u64 {
        self.answered
    }

    /// When the oldest outstanding request was asked.
    #[must_use]
    pub fn oldest(&self) -> Option<Time> {
        (self.outstanding() > 0).then(|| self.asked_at[self.answer_slot])
    }

    /// Appends up to `count` requests to `output`; fewer if so many are outstanding.
    pub fn ask(&mut self, count: usize, form: &Form, now: Time, output: &mut Vec<u8>) {
        let room = self.asked_at.len() - self.outstanding() as usize;
        for _ in 0..count.min(room) {
            let stamp = Stamp {
                connection: self.connection,
                sequence: self.asked,
            };
            output.extend_from_slice(&form.head);
            stamp.write(form.body_bytes, output);
            self.asked_at[self.ask_slot] = now;
            self.asked += 1;
            self.ask_slot = self.after(self.ask_slot);
        }
    }

    /// Takes a reply, which must be that to the oldest outstanding request, in every byte. Gives when it was asked.
    ///
    /// # Errors
    /// What is wrong with it.
    #[inline]
    pub fn take(&mut self, reply: Command<'_>, form: &Form) -> Result<Time, Wrong> {
        let due = Stamp {
            connection: self.connection,
            sequence: self.answered,
        };
        let is_due = self.asked != self.answered
            && reply.command == form.command
            && reply.body.len() == form.body_bytes
            && due.matches(reply.body);
        if !is_due {
            return Err(self.judge(reply, form));
        }
        let asked_at = self.asked_at[self.answer_slot];
        self.answered += 1;
        self.answer_slot = self.after(self.answer_slot);
        Ok(asked_at)
    }

    /// Says what is wrong with a reply that is not the one that is due.
    #[cold]
    fn judge(&self, reply: Command<'_>, form: &Form) -> Wrong {
        if reply.command != form.command {
            return Wrong::Command {
                asked: form.command,
                came: reply.command,
            };
        }
        if reply.body.len() != form.body_bytes {
            return Wrong::Length {
                asked: form.body_bytes,
                came: reply.body.len(),
            };
        }
        // If it is another of our requests, in every byte, then it is in the wrong place; else its bytes are wrong.
        if let Some(stamp) = Stamp::read(reply.body)
            && stamp.connection == self.connection
            && stamp.sequence != self.answered
            && stamp.matches(reply.body)
        {
            if stamp.sequence < self.answered {
                return Wrong::Doubled;
            }
            if stamp.sequence < self.asked {
                return Wrong::Skipped {
                    came: stamp.sequence,
                };
            }
        }
        if self.outstanding() == 0 {
            return Wrong::Unasked;
        }
        let due = Stamp {
            connection: self.connection,
            sequence: self.answered,
        };
        let difference = due.first_difference(reply.body);
        difference.map_or(Wrong::Unasked, |(place, asked, came)| Wrong::Byte {
            place,
            asked,
            came,
        })
    }

    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.asked_at.len() {
            0
        } else {
            slot + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAND: u32 = 101;

    fn form(body_bytes: usize) -> Form {
        Form::new(&DataPack::default(), COMMAND, body_bytes).expect("it fits")
    }

    fn body(connection: u32, sequence: u64, bytes: usize) -> Vec<u8> {
        let mut body = Vec::new();
        let stamp = Stamp {
            connection,
            sequence,
        };
        stamp.write(bytes, &mut body);
        body
    }

    fn take(wire: &mut Wire, body: &[u8], form: &Form) -> Result<Time, Wrong> {
        let command = COMMAND;
        wire.take(Command { command, body }, form)
    }

    #[test]
    fn a_request_is_a_frame_and_its_echo_is_taken() {
        let form = Form::new(&DataPack::new([78, 37, 38, 48], 9, 258), COMMAND, 20).expect("fits");
        let mut wire = Wire::new(3, 2);
        let mut output = Vec::new();
        wire.ask(1, &form, Time::from_nanos(5), &mut output);
        let (head, rest) = output.split_at(17);
        assert_eq!(head, b"N%&0\x09\0\0\x01\x02\0\0\0\x18\0\0\0\x65");
        assert_eq!(rest, body(3, 0, 20));
        assert_eq!(output.len(), form.frame_bytes());
        assert_eq!(take(&mut wire, rest, &form), Ok(Time::from_nanos(5)));
        assert_eq!(wire.outstanding(), 0);
    }

    #[test]
    fn never_more_than_agreed_is_outstanding_and_each_has_its_time() {
        let form = form(12);
        let mut wire = Wire::new(0, 3);
        let mut output = Vec::new();
        let (mut asked, mut answered) = (0, 0);
        for round in 0..20 {
            output.clear();
            wire.ask(9, &form, Time::from_nanos(round), &mut output);
            assert_eq!(wire.outstanding(), 3);
            asked += output.len() / form.frame_bytes();
            let take_now = round % 3 + 1;
            let mut last = Time::START;
            for _ in 0..take_now {
                let at = take(&mut wire, &body(0, answered, 12), &form).expect("due");
                assert!(at >= last && at <= Time::from_nanos(round));
                (last, answered) = (at, answered + 1);
            }
            assert_eq!(wire.outstanding(), 3 - take_now);
        }
        assert_eq!(asked as u64, answered + wire.outstanding());
    }

    #[test]
    fn what_is_wrong_with_a_reply_is_said() {
        let form = form(40);
        let mut wire = Wire::new(1, 4);
        wire.ask(4, &form, Time::START, &mut Vec::new());
        assert!(take(&mut wire, &body(1, 0, 40), &form).is_ok());
        let mut altered = body(1, 1, 40);
        altered[33] ^= 1;
        let byte = Wrong::Byte {
            place: 33,
            asked: altered[33] ^ 1,
            came: altered[33],
        };
        for (reply, wrong) in [
            (body(1, 0, 40), Wrong::Doubled),
            (body(1, 2, 40), Wrong::Skipped { came: 2 }),
            (
                body(1, 1, 39),
                Wrong::Length {
                    asked: 40,
                    came: 39,
                },
            ),
            (altered, byte),
        ] {
            assert_eq!(take(&mut wire, &reply, &form), Err(wrong));
        }
        // Of another connection, or from the future: the numbers themselves are wrong bytes.
        for (reply, place) in [(body(2, 1, 40), 3), (body(1, 9, 40), 11)] {
            let wrong = take(&mut wire, &reply, &form).expect_err("it is wrong");
            assert!(matches!(wrong, Wrong::Byte { place: at, .. } if at == place));
        }
        let reply = body(1, 1, 40);
        let other = Command {
            command: 7,
            body: &reply,
        };
        let wrong = Wrong::Command {
            asked: COMMAND,
            came: 7,
        };
        assert_eq!(wire.take(other, &form), Err(wrong));
        assert_eq!(wire.outstanding(), 3, "a wrong reply answers nothing");
        for sequence in 1..4 {
            assert!(take(&mut wire, &body(1, sequence, 40), &form).is_ok());
        }
        assert_eq!(take(&mut wire, &body(1, 3, 40), &form), Err(Wrong::Doubled));
        assert_eq!(take(&mut wire, &body(1, 4, 40), &form), Err(Wrong::Unasked));
    }
}
