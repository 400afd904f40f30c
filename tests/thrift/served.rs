//! A service whose code the IDL compiler wrote, of `served.thrift`, and what serves it: the state of the hand-written one.

use std::collections::{BTreeMap, BTreeSet};

use oneloop::Context;
use oneloop::thrift::{Answer, MessageKind, Processor, Protocol, Read, Value, WireLimits};

use crate::service::Hand;
use generated::{
    Ground, Mood, RefuseException, Refused, Served, Tree, ground_methods, served_processor,
};

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "as a program would include it"
)]
pub(crate) mod generated {
    include!("../idl/golden/served/served.rs");
}

impl Ground for Hand {
    fn echo(cx: &mut Context<'_, Self>, text: String) -> Answer<String> {
        cx.state.told.push("target".into());
        text.into()
    }

    fn note(cx: &mut Context<'_, Self>, text: String) -> Answer<()> {
        cx.state.told.push(format!("target {text}"));
        ().into()
    }

    fn held(cx: &mut Context<'_, Self>) -> Answer<String> {
        let (promise, later) = cx.defer();
        cx.state.texts.push(promise);
        later.into()
    }
}

impl Served for Hand {
    fn greet(cx: &mut Context<'_, Self>, name: String, times: i32) -> Answer<String> {
        cx.state.told.push("target".into());
        format!("{name} {times}").into()
    }

    fn mood(_: &mut Context<'_, Self>, mood: Mood) -> Answer<String> {
        mood.to_string().into()
    }

    fn weigh(
        _: &mut Context<'_, Self>,
        numbers: Vec<i32>,
        trees: Vec<Tree>,
        unique: BTreeSet<i32>,
        named: BTreeMap<String, Tree>,
        raw: Vec<u8>,
    ) -> Answer<String> {
        let counts = [numbers.len(), trees.len(), unique.len(), named.len()];
        format!("{counts:?} {}", raw.len()).into()
    }

    fn plant(_: &mut Context<'_, Self>, tree: Tree) -> Answer<String> {
        let count = tree.leaf.as_ref().map(|leaf| leaf.count);
        format!("{} {} {count:?}", tree.name, tree.branches.len()).into()
    }

    fn refuse(_: &mut Context<'_, Self>, why: String) -> Answer<String, RefuseException> {
        Answer::Exception(Refused { why }.into())
    }

    fn fail(_: &mut Context<'_, Self>) -> Answer<String> {
        Answer::failed("the password is swordfish")
    }

    fn panics(_: &mut Context<'_, Self>) -> Answer<String> {
        panic!("the password is swordfish")
    }

    fn fall(cx: &mut Context<'_, Self>) -> Answer<()> {
        cx.state.told.push("target".into());
        Answer::failed("the password is swordfish")
    }

    fn leave(cx: &mut Context<'_, Self>, how: String) -> Answer<String> {
        let link = cx.link();
        match how.as_str() {
            "now" => cx.links.close(link),
            "sent" => cx.links.close_when_sent(link),
            "answered" => cx.links.close_when_answered(link),
            _ => return Answer::failed("leave how?"),
        }
        how.into()
    }
}

pub(crate) fn processor() -> Processor<Hand> {
    served_processor()
}

/// The text in a reply of this number to a call of this method: the results of all of them are alike.
pub(crate) fn said<P: Protocol>(reply: &[u8], name: &str, sequence: i32) -> String {
    let mut input = P::reader(reply, WireLimits::default());
    let head = input.message().expect("a message");
    assert_eq!(
        (head.name, head.kind, head.sequence),
        (name, MessageKind::Reply, sequence)
    );
    let result = ground_methods::EchoResult::read(&mut input).expect("a result");
    input.finish().expect("nothing behind it");
    result.success.expect("a value")
}
