//! A node with functions, a peer that calls them field by field, and a node whose caller does.

use std::time::Duration;

use oneloop::sim::{Node, Peer, World};
use oneloop::thrift::{
    Answer, ApplicationException, ApplicationExceptionKind, Binary, Caller, Form, Functions, Kind,
    Message, MessageKind, Processor, Protocol, Read, WireLimits, Write,
};
use oneloop::{Connect, Context, Deferred, Error, Framed, LinkLimits, Listen, Promise, Result};

use crate::dynamic::Dynamic;

/// Runs the same test with each protocol.
macro_rules! both {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn binary() {
                super::$name::<oneloop::thrift::Binary>();
            }

            #[test]
            fn compact() {
                super::$name::<oneloop::thrift::Compact>();
            }
        }
    )*};
}
pub(crate) use both;

pub(crate) const PATIENCE: Duration = Duration::from_secs(3600);

/// A server's state.
#[derive(Default)]
pub(crate) struct App {
    pub(crate) called: Vec<String>,
    pub(crate) held: Vec<Promise<i64>>,
}

/// A function like any other.
pub(crate) fn greet(cx: &mut Context<'_, App>, (name, title): (String, Option<String>)) -> String {
    cx.state.called.push(name.clone());
    match title {
        Some(title) => format!("{title} {name}"),
        None => name,
    }
}

fn no_such_room() -> ApplicationException {
    ApplicationException::new(ApplicationExceptionKind::Other(1001), "no such room")
}

fn in_a_second<T: 'static>(cx: &mut Context<'_, App>, value: T) -> Deferred<T> {
    let (promise, later) = cx.defer();
    cx.after(Duration::from_secs(1), |_| promise.resolve(value));
    later
}

fn secret() -> Error {
    Error::failed("the password is swordfish")
}

pub(crate) fn functions() -> Result<Functions<App>> {
    let mut functions = Functions::new();
    functions
        .on("add", |_cx, (a, b): (i64, i64)| a + b)?
        .on("greet", greet)?
        .on("negate", |_cx, value: i32| -value)?
        .on("note", |cx, text: String| cx.state.called.push(text))?
        .on("seven", |_cx, ()| 7_i8)?
        .on("root", |_cx, (value,): (f64,)| {
            (value >= 0.0).then(|| value.sqrt())
        })?;
    functions
        .on("refuse", |_cx, ()| Err::<i64, _>(no_such_room()))?
        .on("refuse_within", |_cx, ()| -> Result<i64> {
            Err(no_such_room().into())
        })?
        .on("refuse_answer", |_cx, ()| {
            Answer::<i64>::Failed(no_such_room().into())
        })?
        .on("refuse_at_length", |_cx, bytes: i32| {
            let text = "x".repeat(usize::try_from(bytes).unwrap_or_default());
            Err::<(), _>(ApplicationException::new(
                ApplicationExceptionKind::Other(1002),
                text,
            ))
        })?
        .on("fail", |_cx, ()| Err::<i64, _>(secret()))?
        .on("fail_text", |_cx, ()| Err::<i64, _>("swordfish"))?
        .on("fail_answer", |_cx, ()| Answer::<i64>::failed("swordfish"))?
        .on("panic", |_cx, ()| -> i64 { panic!("swordfish") })?
        .on("long", |_cx, bytes: i32| {
            vec![0_u8; usize::try_from(bytes).unwrap_or_default()]
        })?;
    functions
        .on("later", |cx, value: i64| in_a_second(cx, value))?
        .on("later_void", |cx, ()| in_a_second(cx, ()))?
        .on("later_refuse", |cx, ()| {
            in_a_second(cx, Err::<i64, _>(no_such_room()))
        })?
        .on("later_fail", |cx, ()| {
            in_a_second(cx, Err::<i64, _>(secret()))
        })?
        .on("later_or_not", |cx, value: i64| match value {
            0 => Err(no_such_room()),
            _ => Ok(in_a_second(cx, value)),
        })?
        .on("later_still", |cx, value: i64| {
            let inner = in_a_second(cx, value);
            in_a_second(cx, inner)
        })?
        .on("later_answer", |cx, value: i64| -> Answer<i64> {
            in_a_second(cx, value).into()
        })?
        .on("held", |cx, ()| {
            let (promise, later) = cx.defer();
            cx.state.held.push(promise);
            later
        })?;
    Ok(functions)
}

/// A server, and the world it is in.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) node: Node<App>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(|functions| functions.processor())
    }

    pub(crate) fn with(processor: fn(Functions<App>) -> Processor<App>) -> Self {
        let mut world = World::new(7);
        let node = world
            .node("server", App::default, move |cx| {
                let limits = LinkLimits {
                    frame_out_bytes_max: 10_000,
                    ..LinkLimits::default()
                };
                let listen = Listen::from("server:9090").limits(limits);
                cx.listen(listen, Framed::default(), processor(functions()?))
            })
            .expect("it starts");
        Self { world, node }
    }

    pub(crate) fn peer(&mut self) -> Peer {
        self.world.peer("client", "server:9090")
    }

    /// Calls with these fields as the arguments' struct, on a link of its own.
    pub(crate) fn call<P: Protocol>(&mut self, name: &str, fields: &[(i16, Dynamic)]) -> Reply {
        let peer = self.peer();
        peer.send(&framed(&message::<P>(name, MessageKind::Call, 5, fields)));
        let reply = self.reply::<P>(&peer);
        assert_eq!((&*reply.name, reply.sequence), (name, 5));
        reply
    }

    pub(crate) fn reply<P: Protocol>(&mut self, peer: &Peer) -> Reply {
        Reply::read::<P>(&self.frame(peer))
    }

    /// The next frame, which is all that has come.
    pub(crate) fn frame(&mut self, peer: &Peer) -> Vec<u8> {
        let mut taken: Vec<u8> = Vec::new();
        loop {
            if let Some((length, message)) = taken.split_first_chunk::<4>()
                && message.len() >= u32::from_be_bytes(*length) as usize
            {
                assert_eq!(message.len(), u32::from_be_bytes(*length) as usize);
                return message.to_vec();
            }
            self.world.run_until(|_| peer.received_len() > 0, PATIENCE);
            assert!(peer.received_len() > 0, "no reply");
            taken.extend(peer.take_received());
        }
    }

    /// A good call on a new link.
    pub(crate) fn assert_serves(&mut self) {
        let reply = self.call::<Binary>("add", &[(1, Dynamic::I64(2)), (2, Dynamic::I64(3))]);
        assert_eq!(reply.result(), [(0, Dynamic::I64(5))]);
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    name: String,
    kind: MessageKind,
    sequence: i32,
    fields: Vec<(i16, Dynamic)>,
}

impl Reply {
    fn read<P: Protocol>(message: &[u8]) -> Self {
        let mut input = P::reader(message, WireLimits::default());
        let head = input.message().expect("a message");
        let Ok(Dynamic::Struct(fields)) = Dynamic::read(Kind::Struct, 20, &mut input) else {
            panic!("no struct");
        };
        input.finish().expect("nothing behind it");
        Self {
            name: head.name.to_owned(),
            kind: head.kind,
            sequence: head.sequence,
            fields,
        }
    }

    /// The fields of the result's struct.
    pub(crate) fn result(self) -> Vec<(i16, Dynamic)> {
        assert_eq!(self.kind, MessageKind::Reply, "{self:?}");
        self.fields
    }

    /// Number and text of the exception.
    pub(crate) fn exception(self) -> (i32, String) {
        assert_eq!(self.kind, MessageKind::Exception, "{self:?}");
        let [(1, Dynamic::String(text)), (2, Dynamic::I32(number))] = &*self.fields else {
            panic!("{self:?}");
        };
        (*number, String::from_utf8_lossy(text).into_owned())
    }
}

pub(crate) fn message<P: Protocol>(
    name: &str,
    kind: MessageKind,
    sequence: i32,
    fields: &[(i16, Dynamic)],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut output = P::writer(&mut bytes, WireLimits::default());
    let form = Form::Strict;
    output
        .message(&Message {
            name,
            kind,
            sequence,
            form,
        })
        .expect("short");
    Dynamic::Struct(fields.to_vec())
        .write(&mut output)
        .expect("good");
    drop(output);
    bytes
}

pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    let mut frame = (message.len() as u32).to_be_bytes().to_vec();
    frame.extend_from_slice(message);
    frame
}

pub(crate) fn text(text: &str) -> Dynamic {
    Dynamic::String(text.as_bytes().to_vec())
}

/// A node that calls the server, and what came of its calls.
#[derive(Default)]
pub(crate) struct Client {
    pub(crate) caller: Option<Caller>,
    pub(crate) outcomes: Vec<String>,
}

pub(crate) fn client<P: Protocol>(world: &mut World) -> Node<Client> {
    let node = world.node("client", Client::default, |cx| {
        cx.state.caller = Some(Caller::connect::<P, _>(cx, Connect::new("server:9090"))?);
        Ok(())
    });
    node.expect("it starts")
}

/// Makes a call on the client's node, and says what came of it.
pub(crate) fn outcome<T: std::fmt::Debug + 'static>(
    world: &mut World,
    node: &Node<Client>,
    call: impl FnOnce(&Caller, &mut Context<'_, Client>) -> Deferred<T>,
) -> String {
    world.with(node, |cx| {
        let caller = cx.state.caller.clone().expect("it has dialled");
        let later = call(&caller, cx);
        cx.when(later, |cx, outcome| {
            cx.state.outcomes.push(match outcome {
                Ok(value) => format!("{value:?}"),
                Err(Error::Failed(error)) => error.to_string(),
                Err(other) => format!("{other:?}"),
            });
        });
    });
    world.run_until(|world| !world.state(node).outcomes.is_empty(), PATIENCE);
    world.state_mut(node).outcomes.remove(0)
}
