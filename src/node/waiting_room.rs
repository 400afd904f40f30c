//! Where links of a root are whose other end has not proven who it is.

use core::net::{IpAddr, Ipv6Addr};
use std::collections::BTreeMap;

use crate::context::{Address, LinkId};

/// Where links of a root are whose other end has not proven who it is. When it is full one has to go: drawn by lot of those from where
/// the most have come. So a crowd from one place pushes out its own, and from many places each as seldom as any other.
#[derive(Default)]
pub(super) struct WaitingRoom {
    links: BTreeMap<LinkId, Option<IpAddr>>,
    /// The same, by where they come from.
    places: BTreeMap<Option<IpAddr>, Vec<LinkId>>,
}

impl WaitingRoom {
    /// So many are in it.
    pub(super) fn len(&self) -> usize {
        self.links.len()
    }

    /// Takes a link in.
    pub(super) fn enter(&mut self, link: LinkId, address: Option<&Address>) {
        let place = place_of(address);
        self.links.insert(link, place);
        self.places.entry(place).or_default().push(link);
    }

    /// Takes a link out, if it is still there.
    pub(super) fn leave(&mut self, link: LinkId) {
        let Some(place) = self.links.remove(&link) else {
            return;
        };
        if let Some(links) = self.places.get_mut(&place) {
            links.retain(|it| *it != link);
            if links.is_empty() {
                self.places.remove(&place);
            }
        }
    }

    /// Takes the one out that this lot falls on.
    pub(super) fn throw_one_out(&mut self, lot: u64) -> Option<LinkId> {
        let most = self.places.values().map(Vec::len).max()?;
        let crowds = || self.places.values().filter(|links| links.len() == most);
        let count = crowds().count().checked_mul(most)? as u64;
        let drawn = lot.checked_rem(count)? as usize;
        let crowd = crowds().nth(drawn.checked_div(most)?)?;
        let link = crowd.get(drawn.checked_rem(most)?).copied()?;
        self.leave(link);
        Some(link)
    }
}

/// What counts as one place: an address; of IPv6 a network of 64 bits, of which one machine may have all addresses; and all that is not
/// known together.
fn place_of(address: Option<&Address>) -> Option<IpAddr> {
    let Some(Address::Ip(address)) = address else {
        return None;
    };
    Some(match address.ip().to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        ip => ip,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Address {
        format!("{text}:1").parse().expect("an address")
    }

    fn room(places: &[(&str, usize)]) -> WaitingRoom {
        let (mut room, mut number) = (WaitingRoom::default(), 0);
        for (ip, count) in places {
            for _ in 0..*count {
                number += 1;
                room.enter(LinkId::from_u64(number), Some(&address(ip)));
            }
        }
        room
    }

    #[test]
    fn a_crowd_pushes_out_its_own() {
        let mut room = room(&[("10.0.0.1", 2), ("10.0.0.2", 50), ("10.0.0.3", 1)]);
        for lot in 0..48 {
            let gone = room.throw_one_out(lot * 7919).expect("one").as_u64();
            assert!((3..=52).contains(&gone), "{gone}");
        }
        assert_eq!(room.len(), 5, "no place has more than two now");
    }

    #[test]
    fn of_equals_the_lot_falls_on_each() {
        let places = [("10.0.0.1", 2), ("10.0.0.2", 2), ("10.0.0.3", 1)];
        let drawn = (8..12).map(|lot| room(&places).throw_one_out(lot).map(LinkId::as_u64));
        assert_eq!(drawn.flatten().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(WaitingRoom::default().throw_one_out(1), None);
    }

    #[test]
    fn a_network_is_one_place() {
        let place = |text: &str| place_of(Some(&address(text)));
        assert_eq!(place("[2001:db8::1]"), place("[2001:db8::ffff:1]"));
        assert_ne!(place("[2001:db8::1]"), place("[2001:db8:0:1::1]"));
        assert_eq!(place("[::ffff:10.0.0.1]"), place("10.0.0.1"));
        assert_ne!(place("10.0.0.1"), place("10.0.0.2"));
        assert_eq!(place_of(Some(&Address::Unnamed)), None);
    }

    proptest! {
        #[test]
        fn it_knows_who_is_there(steps in proptest::collection::vec((0_u64..20, 0_u8..4, any::<u64>()), 0..200)) {
            let (mut room, mut known) = (WaitingRoom::default(), std::collections::BTreeSet::new());
            for (link, what, lot) in steps {
                let id = LinkId::from_u64(link);
                match what {
                    0 => {
                        room.leave(id);
                        known.remove(&link);
                    }
                    1 => {
                        let gone = room.throw_one_out(lot);
                        prop_assert_eq!(gone.is_none(), known.is_empty());
                        prop_assert!(gone.is_none_or(|gone| known.remove(&gone.as_u64())));
                    }
                    _ if known.insert(link) => {
                        room.enter(id, Some(&address(&format!("10.0.0.{}", lot % 5))));
                    }
                    _ => {}
                }
                prop_assert_eq!(room.len(), known.len());
                prop_assert_eq!(room.places.values().map(Vec::len).sum::<usize>(), known.len());
                prop_assert!(room.places.values().all(|links| !links.is_empty()));
            }
        }
    }
}
