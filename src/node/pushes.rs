//! One frame to clients of several nodes.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;

use crate::buffer::Body;
use crate::context::{Context, LinkId};
use crate::deferred::{Deferred, Promise};
use crate::error::Result;
use crate::thrift::{Behalf, Caller};

use super::client_id::ClientId;
use super::dialling::RemoteCore;
use super::names::{PUSH, SERVICE};
use super::running::composed;

/// What became of a push to clients of several nodes. The three are as many as there were ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Clients whose links took it.
    pub taken: usize,
    /// Clients whose node is there, and whose link is gone or did not take it.
    pub gone: usize,
    /// Clients whose node is not there, or has not said in time whether they took it; and all behind a link that has no room for the push,
    /// and none for it to wait.
    pub unreached: usize,
}

impl Taken {
    fn of(fates: &[Fate]) -> Self {
        let mut taken = Self::default();
        for fate in fates {
            let one = match fate {
                Fate::Taken => &mut taken.taken,
                Fate::Gone => &mut taken.gone,
                Fate::Unknown | Fate::Unreached => &mut taken.unreached,
            };
            *one = one.saturating_add(1);
        }
        taken
    }
}

impl<S: 'static> Context<'_, S> {
    /// Pushes a command to clients of this node and of others: those of this loop's nodes at once, those of children by their links, all
    /// others by the roots, whose children they are. Each node is asked once for all of its clients (or a few times, if they are more than
    /// 4,000). It never fails; dropped, it goes on all the same as far as it has got.
    ///
    /// Calls to children and to one root are sent before this returns, as far as their links have room: what is sent over the same links
    /// afterwards, such as the reply to a forwarded command, comes after the push. For a link that has no room
    /// ([`NodeLimits::link`](super::NodeLimits::link)`.calls_max` calls, and so many bytes as its outbox takes) the call waits, in one line
    /// with forwarded commands and as long as its deadline lets it; then a reply may come before it. How much may wait is bounded by
    /// [`NodeLimits::held_calls_max`](super::NodeLimits::held_calls_max) and [`held_bytes_max`](super::NodeLimits::held_bytes_max): of what
    /// is more the clients are [unreached](Taken::unreached). So one push to many clients is better than many to one each. Further roots
    /// are asked one after the other, for clients that nobody has known yet, so that nobody is pushed to twice.
    ///
    /// ```
    /// # use oneloop::node::ClientId;
    /// # use oneloop::Context;
    /// fn tell_all(cx: &mut Context<'_, ()>, room: &[ClientId]) {
    ///     let told = cx.push_across(room, 2000, "the king is dead");
    ///     cx.when(told, |_, told| println!("{told:?}"));
    /// }
    /// ```
    pub fn push_across<'b>(
        &mut self,
        ids: &[ClientId],
        command: u32,
        body: impl Into<Body<'b>>,
    ) -> Deferred<Taken> {
        let body = body.into().into_bytes();
        let fates = deliver(self, ids.to_vec(), command, body, Reach::Everywhere);
        fates.map(|fates| Taken::of(&fates))
    }
}

/// How far a node looks for the node of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Among its own clients: asked by a root.
    Here,
    /// Among its children's too: asked by a child.
    Children,
    /// At its roots too: asked by its application.
    Everywhere,
}

/// What became of a push to one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its node is not known here: others may know it.
    Unknown,
    Taken,
    Gone,
    Unreached,
}

impl Fate {
    const fn of_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Unknown,
            1 => Self::Taken,
            2 => Self::Gone,
            _ => Self::Unreached,
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Taken => 1,
            Self::Gone => 2,
            Self::Unreached => 3,
        }
    }
}

/// As they travel: a byte for each client, in the order of the ids.
pub(super) fn to_wire(fates: &[Fate]) -> Bytes {
    fates.iter().map(|fate| fate.byte()).collect()
}

/// So many fates, as they came: what another end leaves out is not known.
fn of_wire(bytes: &[u8], count: usize) -> Vec<Fate> {
    let came = bytes.iter().map(|byte| Fate::of_byte(*byte));
    came.chain(std::iter::repeat(Fate::Unreached))
        .take(count)
        .collect()
}

/// Pushes to those that are within reach. It does not fail.
pub(super) fn deliver<S: 'static>(
    cx: &mut Context<'_, S>,
    ids: Vec<ClientId>,
    command: u32,
    body: Bytes,
    reach: Reach,
) -> Deferred<Vec<Fate>> {
    let nodes = composed(cx);
    let mut here: Vec<(usize, LinkId)> = Vec::new();
    let mut elsewhere: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, id) in ids.iter().enumerate() {
        if nodes.iter().any(|node| node.identity.tag == id.node) {
            here.push((place, id.link));
        } else {
            elsewhere.entry(id.node).or_default().push(place);
        }
    }
    let mut sheet = Sheet {
        fates: vec![Fate::Unknown; ids.len()],
        ids,
        command,
        body,
    };
    let (places, links): (Vec<usize>, Vec<LinkId>) = here.into_iter().unzip();
    let took = cx.links.push_each(&links, command, &sheet.body);
    for (place, took) in places.into_iter().zip(took) {
        sheet.note(place, if took { Fate::Taken } else { Fate::Gone });
    }
    let mut calls = Vec::new();
    if reach != Reach::Here {
        for (tag, places) in elsewhere {
            let child = nodes.iter().find_map(|node| {
                let roll = node.roll.borrow();
                roll.of_tag(tag).map(|child| child.outgoing.caller())
            });
            if let Some(caller) = child {
                // Who asks us waits as long as we may: it is to hear of the others even if this one is silent.
                let caller = match reach {
                    Reach::Children => caller.with_deadline(caller.call_deadline() / 2),
                    Reach::Here | Reach::Everywhere => caller,
                };
                sheet.ask(cx, &caller, &places, &mut calls);
                // Until it answers. No root is asked for them meanwhile.
                for place in places {
                    sheet.note(place, Fate::Unreached);
                }
            }
        }
    }
    let mut roots = Vec::new();
    if reach == Reach::Everywhere {
        roots.extend(nodes.iter().flat_map(|node| node.remotes.iter().cloned()));
        sheet.ask_a_root(cx, &mut roots, &mut calls);
    }
    if calls.is_empty() {
        return Deferred::ready(sheet.fates);
    }
    let (promise, later) = cx.defer();
    gather(cx, sheet, calls, roots, promise);
    later
}

/// A push under way.
struct Sheet {
    ids: Vec<ClientId>,
    fates: Vec<Fate>,
    command: u32,
    body: Bytes,
}

/// One call to a node: the places of the clients that it is about.
type Asked = Deferred<(Vec<usize>, Result<Bytes>)>;

impl Sheet {
    fn note(&mut self, place: usize, fate: Fate) {
        if let Some(known) = self.fates.get_mut(place) {
            *known = fate;
        }
    }

    /// Asks a node for the clients of these places.
    fn ask<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        caller: &Caller,
        places: &[usize],
        calls: &mut Vec<Asked>,
    ) {
        for places in places.chunks(IDS_PER_CALL_MAX) {
            let ids = places.iter().filter_map(|place| self.ids.get(*place));
            let arguments: (Vec<ClientId>, i32, Bytes) = (
                ids.copied().collect(),
                self.command.cast_signed(),
                self.body.clone(),
            );
            // It is not for whoever waits for what is being served.
            let call: Deferred<Bytes> = match caller.detached().service(SERVICE) {
                // If the link is full it waits, as forwarded commands do.
                Ok(caller) => caller.call_holding(cx, PUSH, arguments, Behalf::NONE).reply,
                Err(error) => Deferred::failed(error),
            };
            let places = places.to_vec();
            let (promise, asked) = cx.defer();
            cx.when(call, move |_, outcome| promise.resolve((places, outcome)));
            calls.push(asked);
        }
    }

    /// Asks the next root that is up, if there is any, for the clients whose nodes nobody has known yet.
    fn ask_a_root<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        roots: &mut Vec<Rc<RemoteCore<S>>>,
        calls: &mut Vec<Asked>,
    ) {
        let fates = self.fates.iter().enumerate();
        let unknown = fates.filter(|(_, fate)| **fate == Fate::Unknown);
        let unknown: Vec<usize> = unknown.map(|(place, _)| place).collect();
        let up = roots.iter().position(|root| root.peer().is_some());
        if let Some(up) = up
            && !unknown.is_empty()
        {
            let root = roots.swap_remove(up);
            self.ask(cx, &root.outgoing().caller(), &unknown, calls);
        }
    }

    fn answered(&mut self, places: &[usize], outcome: Result<Bytes>) {
        let fates = match outcome {
            Ok(bytes) => of_wire(&bytes, places.len()),
            Err(error) => {
                log::debug!("{} clients are not reached: {error}", places.len());
                vec![Fate::Unreached; places.len()]
            }
        };
        for (place, fate) in places.iter().zip(fates) {
            self.note(*place, fate);
        }
    }
}

/// Waits for these calls; then asks the next of these roots.
fn gather<S: 'static>(
    cx: &mut Context<'_, S>,
    mut sheet: Sheet,
    calls: Vec<Asked>,
    mut roots: Vec<Rc<RemoteCore<S>>>,
    promise: Promise<Vec<Fate>>,
) {
    let all = cx.join_all(calls);
    cx.when(all, move |cx, outcomes| {
        for (places, outcome) in outcomes.unwrap_or_default().into_iter().flatten() {
            sheet.answered(&places, outcome);
        }
        let mut calls = Vec::new();
        sheet.ask_a_root(cx, &mut roots, &mut calls);
        if calls.is_empty() {
            promise.resolve(sheet.fates);
        } else {
            gather(cx, sheet, calls, roots, promise);
        }
    });
}

/// Clients of one call: with a body of the usual size they fit into a frame, the ids having 20 bytes each.
const IDS_PER_CALL_MAX: usize = 4_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_travel_and_what_is_left_out_is_unreached() {
        let all = [Fate::Unknown, Fate::Taken, Fate::Gone, Fate::Unreached];
        let wire = to_wire(&all);
        assert_eq!(wire, b"\0\x01\x02\x03"[..]);
        assert_eq!(of_wire(&wire, 4), all);
        assert_eq!(of_wire(&wire, 2), all[..2]);
        assert_eq!(of_wire(b"\x01\xff", 3)[1..], [Fate::Unreached; 2]);
        let taken = Taken::of(&all);
        assert_eq!((taken.taken, taken.gone, taken.unreached), (1, 1, 2));
    }
}
