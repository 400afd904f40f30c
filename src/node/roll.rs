//! The children of a node.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::context::LinkId;
use crate::thrift::{Outgoing, Uuid};

use super::identity::tag_of;
use super::key::{key_of, mixed};
use super::peer::Peer;

/// The children of a node that are up, by their names.
#[derive(Default)]
pub(super) struct Roll {
    named: BTreeMap<String, Named>,
    /// The name of the child of each link.
    names: BTreeMap<LinkId, String>,
}

/// Those of one name, in the order in which they came.
#[derive(Default)]
struct Named {
    children: Vec<Entry>,
    /// Whose turn it is.
    turn: u64,
}

pub(super) struct Entry {
    pub(super) peer: Peer,
    pub(super) outgoing: Rc<Outgoing>,
    /// Which of the node's roots it is at.
    root: usize,
    /// Of its clients' ids.
    tag: u64,
    /// How much it is owed, where calls are shared by weight.
    credit: Cell<i64>,
}

/// Which of several children of one name is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Pick {
    /// One after the other.
    #[default]
    InTurn,
    /// One after the other, each as often as its weight says.
    ByWeight,
    /// For one key always the same, as long as the same are there.
    ByKey(u64),
    /// This one.
    Instance(Uuid),
}

impl Roll {
    /// Whether a link of this peer to this root could be up beside those that are, or instead of one of them. In one life a child has one
    /// link to a root: if it dials anew, it has lost that, whether this end has seen it or not.
    pub(super) fn admits(&self, root: usize, peer: &Peer) -> bool {
        self.same(root, peer)
            .is_none_or(|known| known.peer.epoch <= peer.epoch)
    }

    /// Puts a child in, instead of the older link of the same instance to the same root, which it returns.
    pub(super) fn add(&mut self, root: usize, peer: Peer, outgoing: Rc<Outgoing>) -> Option<Entry> {
        let older = self.same(root, &peer).map(|known| known.peer.link);
        let older = older.and_then(|link| self.remove(link));
        self.names.insert(peer.link, peer.name.clone());
        let named = self.named.entry(peer.name.clone()).or_default();
        named.children.push(Entry {
            tag: tag_of(&peer.name, peer.instance, peer.epoch),
            peer,
            outgoing,
            root,
            credit: Cell::new(0),
        });
        older
    }

    /// Takes out the child of this link, if it is still there.
    pub(super) fn remove(&mut self, link: LinkId) -> Option<Entry> {
        let name = self.names.remove(&link)?;
        let named = self.named.get_mut(&name)?;
        let mut children = named.children.iter();
        let place = children.position(|child| child.peer.link == link)?;
        let entry = named.children.remove(place);
        if named.children.is_empty() {
            self.named.remove(&name);
        }
        Some(entry)
    }

    /// All children of this name, in the order in which they came.
    pub(super) fn of_name(&self, name: &str) -> impl Iterator<Item = &Entry> {
        let named = self.named.get(name);
        named.into_iter().flat_map(|named| &named.children)
    }

    /// All children.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.named.values().flat_map(|named| &named.children)
    }

    /// The child that has the clients of this tag.
    pub(super) fn of_tag(&self, tag: u64) -> Option<&Entry> {
        self.all().find(|child| child.tag == tag)
    }

    /// Who is to be called.
    pub(super) fn pick(&mut self, name: &str, pick: &Pick) -> Option<&Entry> {
        let named = self.named.get_mut(name)?;
        let children = &named.children;
        match pick {
            Pick::InTurn => {
                let turn = named.turn.checked_rem(children.len() as u64)?;
                named.turn = named.turn.wrapping_add(1);
                children.get(turn as usize)
            }
            Pick::ByWeight => {
                let mut all: i64 = 0;
                for child in children {
                    let weight = i64::from(child.peer.weight);
                    child.credit.set(child.credit.get().saturating_add(weight));
                    all = all.saturating_add(weight);
                }
                // Of several that are owed the same the first.
                let best = children
                    .iter()
                    .rev()
                    .max_by_key(|child| child.credit.get())?;
                best.credit.set(best.credit.get().saturating_sub(all));
                Some(best)
            }
            Pick::ByKey(key) => children
                .iter()
                .max_by_key(|child| draw(*key, child.peer.instance)),
            Pick::Instance(wanted) => children.iter().find(|child| child.peer.instance == *wanted),
        }
    }

    fn same(&self, root: usize, peer: &Peer) -> Option<&Entry> {
        self.of_name(&peer.name)
            .find(|known| known.root == root && known.peer.instance == peer.instance)
    }
}

/// What a child draws for a key: the highest takes it. So when a child goes only its own keys move, and when one comes only those that
/// it takes.
fn draw(key: u64, instance: Uuid) -> (u64, Uuid) {
    (mixed(key ^ key_of(&instance.0)), instance)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use crate::thrift::BetweenLimits;

    use super::*;

    fn add(roll: &mut Roll, instance: u8, epoch: i64, weight: u32) -> Option<Peer> {
        let outgoing = Outgoing::between(BetweenLimits {
            calls_max: 1,
            call_deadline: Duration::from_secs(1),
            queued_calls_max: 0,
            held_calls_max: 0,
            held_bytes_max: 0,
            aside_calls_max: 0,
            frame_out_bytes_max: 100,
            outbox_bytes_max: 400,
        });
        let peer = Peer {
            name: "calc".into(),
            instance: Uuid([instance; 16]),
            epoch,
            weight,
            link: LinkId::from_u64(u64::from(instance) << 32 | epoch as u64),
            address: None,
        };
        roll.add(0, peer, outgoing).map(|entry| entry.peer)
    }

    fn picks(roll: &mut Roll, pick: &Pick, count: usize) -> Vec<u8> {
        let mut found = Vec::new();
        for _ in 0..count {
            let entry = roll.pick("calc", pick).expect("somebody");
            found.push(entry.peer.instance.0[0]);
        }
        found
    }

    #[test]
    fn calls_go_round_or_by_weight_or_to_one() {
        let mut roll = Roll::default();
        assert!(roll.pick("calc", &Pick::InTurn).is_none());
        add(&mut roll, 1, 1, 1);
        add(&mut roll, 2, 1, 3);
        add(&mut roll, 3, 1, 1);
        assert_eq!(picks(&mut roll, &Pick::InTurn, 4), [1, 2, 3, 1]);
        let mut weighted = picks(&mut roll, &Pick::ByWeight, 10);
        weighted.sort_unstable();
        assert_eq!(weighted, [1, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
        let one = Pick::Instance(Uuid([3; 16]));
        assert_eq!(picks(&mut roll, &one, 2), [3, 3]);
        assert!(roll.pick("calc", &Pick::Instance(Uuid([4; 16]))).is_none());
    }

    #[test]
    fn a_newer_life_takes_the_place_of_an_older_one() {
        let mut roll = Roll::default();
        assert_eq!(add(&mut roll, 1, 5, 1), None);
        let mut peer = roll.all().next().expect("it is there").peer.clone();
        for (epoch, admitted) in [(4, false), (5, true), (6, true)] {
            peer.epoch = epoch;
            assert_eq!(roll.admits(0, &peer), admitted, "{epoch}");
            assert!(roll.admits(1, &peer), "at another root there is none");
        }
        let old = add(&mut roll, 1, 6, 1).expect("it goes");
        assert_eq!(old.epoch, 5);
        assert!(roll.remove(old.link).is_none(), "it is gone already");
        assert_eq!(roll.all().count(), 1);
        assert_eq!(roll.names.len(), 1);
    }

    proptest! {
        #[test]
        fn when_a_child_goes_only_its_own_keys_move(
            instances in proptest::collection::btree_set(0..u8::MAX, 2..12), keys: Vec<u64>,
        ) {
            let mut roll = Roll::default();
            for &instance in &instances {
                add(&mut roll, instance, 1, 1);
            }
            let gone = *instances.first().expect("two");
            let before: Vec<u8> = keys
                .iter()
                .map(|key| picks(&mut roll, &Pick::ByKey(*key), 1)[0])
                .collect();
            let link = LinkId::from_u64(u64::from(gone) << 32 | 1);
            roll.remove(link).expect("it was there");
            for (key, before) in keys.iter().zip(before) {
                let after = picks(&mut roll, &Pick::ByKey(*key), 1)[0];
                prop_assert!(after == before || before == gone);
            }
        }
    }

    #[test]
    fn keys_are_spread() {
        let mut roll = Roll::default();
        for instance in 0..4 {
            add(&mut roll, instance, 1, 1);
        }
        let mut counts = [0_u32; 4];
        for key in 0..4000_u32 {
            let key = Pick::ByKey(key_of(&key.to_be_bytes()));
            counts[usize::from(picks(&mut roll, &key, 1)[0])] += 1;
        }
        assert!(
            counts.iter().all(|count| (850..1150).contains(count)),
            "{counts:?}"
        );
    }
}
