//! Messages in frames, and the forms of their heads.

use oneloop::thrift::{Binary, Compact, MessageKind, Processor, Protocol};

use crate::service::{Echo, Text};
use crate::support::{Stage, both, message, result};

fn text(text: &str) -> Text {
    Text {
        text: Some(text.into()),
    }
}

fn echo<P: Protocol>(sequence: i32, said: &str) -> Vec<u8> {
    message::<P, _>("echo", MessageKind::Call, sequence, &text(said))
}

both! { two_messages_in_a_frame too_many_messages empty_frames junk }

fn two_messages_in_a_frame<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.send(&[echo::<P>(1, "one"), echo::<P>(2, "two")].concat());
    for (sequence, said) in [(1, "one"), (2, "two")] {
        let reply = stage.reply(&mut client);
        assert_eq!(
            result::<P, Echo>(&reply, sequence).success.as_deref(),
            Some(said)
        );
    }
}

/// Messages of a frame are bounded; those up to the bound are served.
fn too_many_messages<P: Protocol>() {
    for more in [false, true] {
        let mut stage = Stage::new();
        let mut client = stage.peer();
        let most = Processor::<()>::MESSAGES_PER_FRAME_MAX as i32;
        let count = most + i32::from(more);
        let frame: Vec<u8> = (0..count).flat_map(|at| echo::<P>(at, "x")).collect();
        client.send(&frame);
        for sequence in 0..most {
            let reply = stage.reply(&mut client);
            result::<P, Echo>(&reply, sequence);
        }
        if more {
            stage.assert_closed(&mut client);
            stage.assert_serves();
        } else {
            client.send(&echo::<P>(9, "on"));
            stage.reply(&mut client);
        }
    }
}

fn empty_frames<P: Protocol>() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.send(&echo::<P>(1, "one"));
    client.send(b"");
    let reply = stage.reply(&mut client);
    result::<P, Echo>(&reply, 1);
    stage.assert_closed(&mut client);
    stage.assert_serves();
}

/// What is behind a message and is none is a fault; the message before it is served.
fn junk<P: Protocol>() {
    for junk in [&b"\0"[..], b"\xff", b"\0\0\0\0", b"\x80\x01", b"\x82"] {
        let mut stage = Stage::new();
        let mut client = stage.peer();
        client.send(&[echo::<P>(1, "one"), junk.to_vec()].concat());
        let reply = stage.reply(&mut client);
        result::<P, Echo>(&reply, 1);
        stage.assert_closed(&mut client);
        stage.assert_serves();
    }
}

/// One listener, whatever each message is written in: even within one frame.
#[test]
fn each_message_is_answered_in_its_own_protocol() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    client.send(&echo::<Binary>(1, "binary"));
    client.send(&echo::<Compact>(2, "compact"));
    client.send(&[echo::<Compact>(3, "compact"), echo::<Binary>(4, "binary")].concat());
    let reply = stage.reply(&mut client);
    result::<Binary, Echo>(&reply, 1);
    let reply = stage.reply(&mut client);
    result::<Compact, Echo>(&reply, 2);
    let reply = stage.reply(&mut client);
    result::<Compact, Echo>(&reply, 3);
    let reply = stage.reply(&mut client);
    result::<Binary, Echo>(&reply, 4);
}

/// Old callers read no other form, and strict ones (thriftpy2) refuse the old one.
#[test]
fn old_callers_are_answered_in_the_old_form_and_strict_ones_strictly() {
    let mut stage = Stage::new();
    let mut client = stage.peer();
    // echo("hi"), sequence 1, old form; and an unknown method.
    client.send(b"\0\0\0\x04echo\x01\0\0\0\x01\x0b\0\x01\0\0\0\x02hi\0");
    assert_eq!(
        stage.reply(&mut client),
        b"\0\0\0\x04echo\x02\0\0\0\x01\x0b\0\0\0\0\0\x02hi\0"
    );
    client.send(b"\0\0\0\x04nope\x01\0\0\0\x02\0");
    assert!(
        stage
            .reply(&mut client)
            .starts_with(b"\0\0\0\x04nope\x03\0\0\0\x02\x0b\0\x01")
    );
    client.send(&echo::<Binary>(3, "hi"));
    assert!(
        stage
            .reply(&mut client)
            .starts_with(b"\x80\x01\0\x02\0\0\0\x04echo\0\0\0\x03")
    );
}

/// Cut anywhere, a stream of frames is the same stream.
#[test]
fn frames_cut_at_every_byte_are_served() {
    let mut stage = Stage::new();
    let frame = echo::<Compact>(1, "cut me");
    let stream = [(frame.len() as u32).to_be_bytes().to_vec(), frame].concat();
    for at in 1..stream.len() {
        let mut client = stage.peer();
        client.peer.send(&stream[..at]);
        stage.world.run_for(std::time::Duration::from_millis(50));
        client.peer.send(&stream[at..]);
        let reply = stage.reply(&mut client);
        assert_eq!(
            result::<Compact, Echo>(&reply, 1).success.as_deref(),
            Some("cut me"),
            "{at}"
        );
    }
}
