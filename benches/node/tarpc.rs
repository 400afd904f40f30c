//! tarpc on tokio's current-thread runtime, its own TCP transport with bincode.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use futures_util::StreamExt;
use tarpc::serde_transport;
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_serde::formats::Bincode;
use tarpc::tokio_util::codec::length_delimited::LengthDelimitedCodec;
use tarpc::{client, context};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::contestant::{Ask, BODY_BYTES, Role};
use crate::end::{Round, fail, listen, say, say_span};

#[tarpc::service]
trait Work {
    async fn add(a: i64, b: i64) -> i64;
    async fn echo(body: Bytes) -> Bytes;
}

#[derive(Clone)]
struct Server;

impl Work for Server {
    async fn add(self, _: context::Context, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }

    async fn echo(self, _: context::Context, body: Bytes) -> Bytes {
        body
    }
}

pub(crate) fn run(role: Role, server: Option<&str>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match (role, server) {
        (Role::Callee, _) => runtime.block_on(serve()),
        (Role::Caller, Some(server)) => runtime.block_on(call(server)),
        (Role::Caller, None) => panic!("a client dials a server"),
    }
}

/// As its manual has it: each call is a task of its own, so that a slow one holds up no other.
async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    say(listener.local_addr().expect("it is bound"));
    listen(|line| panic!("a server is told nothing: {line:?}"));
    let (link, _) = listener.accept().await.expect("it accepts");
    link.set_nodelay(true).expect("an option");
    let framed = LengthDelimitedCodec::builder().new_framed(link);
    let transport = serde_transport::new(framed, Bincode::default());
    BaseChannel::with_defaults(transport)
        .execute(Server.serve())
        .for_each(|answer| async {
            tokio::spawn(answer);
        })
        .await;
}

async fn call(server: &str) {
    let link = TcpStream::connect(server).await.expect("it listens");
    link.set_nodelay(true).expect("an option");
    let framed = LengthDelimitedCodec::builder().new_framed(link);
    let transport = serde_transport::new(framed, Bincode::default());
    let client = WorkClient::new(client::Config::default(), transport).spawn();
    let (told, mut rounds) = mpsc::unbounded_channel();
    listen(move |line| told.send(Round::of_line(line)).expect("it runs"));
    say("ready");
    while let Some(round) = rounds.recv().await {
        let began = Instant::now();
        // So many tasks, each with one call under way.
        let to_make = Arc::new(AtomicUsize::new(round.count));
        let tasks: Vec<_> = (0..round.in_flight)
            .map(|_| tokio::spawn(make(client.clone(), round.ask, Arc::clone(&to_make))))
            .collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
        say_span(began);
    }
}

async fn make(client: WorkClient, ask: Ask, to_make: Arc<AtomicUsize>) {
    let body = Bytes::from(vec![b'x'; BODY_BYTES]);
    let next = || {
        to_make.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(1)
        })
    };
    while let Ok(left) = next() {
        match ask {
            Ask::Add => {
                let a = left as i64;
                match client.add(context::current(), a, 2).await {
                    Ok(sum) if sum == a + 2 => {}
                    other => fail(format!("{a} and 2 are {other:?}")),
                }
            }
            Ask::Echo => match client.echo(context::current(), body.clone()).await {
                Ok(back) if back == body => {}
                other => fail(format!("another body: {other:?}")),
            },
        }
    }
}
