//! Sets of links that are pushed to together.

use slab::Slab;

use crate::context::{LinkId, Links};

/// Names one group, and no other after it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId {
    slot: u32,
    generation: u32,
}

/// That a link is in a group, and where: so that leaving costs the number of the link's groups, not of the group's links.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership {
    pub(crate) group: GroupId,
    place: usize,
}

#[derive(Debug)]
struct Group {
    generation: u32,
    members: Vec<LinkId>,
}

/// All groups. A link's memberships are kept with the link, so that it drops out of all of them when it dies.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    groups: Slab<Group>,
    generation: u32,
}

impl Groups {
    pub(crate) fn create(&mut self) -> GroupId {
        self.generation = self.generation.wrapping_add(1);
        let slot = self.groups.insert(Group {
            generation: self.generation,
            members: Vec::new(),
        });
        GroupId {
            slot: slot as u32,
            generation: self.generation,
        }
    }

    /// The group's links, which the caller has to tell that they are out.
    pub(crate) fn remove(&mut self, id: GroupId) -> Vec<LinkId> {
        match self.groups.get(id.slot as usize) {
            Some(group) if group.generation == id.generation => {
                self.groups.remove(id.slot as usize).members
            }
            _ => Vec::new(),
        }
    }

    fn get_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.groups
            .get_mut(id.slot as usize)
            .filter(|group| group.generation == id.generation)
    }

    pub(crate) fn members(&self, id: GroupId) -> &[LinkId] {
        match self.groups.get(id.slot as usize) {
            Some(group) if group.generation == id.generation => &group.members,
            _ => &[],
        }
    }

    /// Puts `link` into the group. False if it is in, or there is no such group.
    pub(crate) fn join(
        &mut self,
        id: GroupId,
        link: LinkId,
        memberships: &mut Vec<Membership>,
    ) -> bool {
        if memberships.iter().any(|membership| membership.group == id) {
            return false;
        }
        let Some(group) = self.get_mut(id) else {
            return false;
        };
        memberships.push(Membership {
            group: id,
            place: group.members.len(),
        });
        group.members.push(link);
        true
    }

    /// Takes the link at `membership` out. Gives the link that moved to its place, whose membership has to be told.
    pub(crate) fn leave(&mut self, membership: Membership) -> Option<Moved> {
        let group = self.get_mut(membership.group)?;
        group.members.swap_remove(membership.place);
        let link = *group.members.get(membership.place)?;
        Some(Moved {
            link,
            group: membership.group,
            place: membership.place,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }
}

/// A link has another place in its group now.
pub(crate) struct Moved {
    pub(crate) link: LinkId,
    group: GroupId,
    place: usize,
}

impl Moved {
    pub(crate) fn tell(&self, memberships: &mut [Membership]) {
        if let Some(membership) = memberships
            .iter_mut()
            .find(|membership| membership.group == self.group)
        {
            membership.place = self.place;
        }
    }
}

impl<S> Links<S> {
    /// Makes an empty group.
    pub fn create_group(&mut self) -> GroupId {
        self.groups.create()
    }

    /// Dissolves a group.
    pub fn remove_group(&mut self, group: GroupId) {
        for id in self.groups.remove(group) {
            if let Some(extra) = self.get_mut(id).and_then(|link| link.extra.as_mut()) {
                extra
                    .memberships
                    .retain(|membership| membership.group != group);
            }
        }
    }

    /// Puts a link into a group. False if it is in already, or one of the two is gone. A link that dies leaves by itself.
    pub fn join(&mut self, group: GroupId, id: LinkId) -> bool {
        match self.slots.get_mut(id.slot as usize) {
            Some(link) if link.generation == id.generation => {
                self.groups.join(group, id, &mut link.extra().memberships)
            }
            _ => false,
        }
    }

    /// Takes a link out of a group. False if it was not in.
    pub fn leave(&mut self, group: GroupId, id: LinkId) -> bool {
        let Some(extra) = self.get_mut(id).and_then(|link| link.extra.as_mut()) else {
            return false;
        };
        let Some(index) = extra
            .memberships
            .iter()
            .position(|membership| membership.group == group)
        else {
            return false;
        };
        let membership = extra.memberships.swap_remove(index);
        self.vacate(membership);
        true
    }

    /// The links of a group; none if it is gone.
    #[must_use]
    pub fn members(&self, group: GroupId) -> &[LinkId] {
        self.groups.members(group)
    }

    /// How many groups there are.
    #[must_use]
    pub fn groups_len(&self) -> usize {
        self.groups.len()
    }

    pub(crate) fn leave_all(&mut self, id: LinkId) {
        let Some(extra) = self.get_mut(id).and_then(|link| link.extra.as_mut()) else {
            return;
        };
        for membership in std::mem::take(&mut extra.memberships) {
            self.vacate(membership);
        }
    }

    fn vacate(&mut self, membership: Membership) {
        if let Some(moved) = self.groups.leave(membership)
            && let Some(extra) = self
                .get_mut(moved.link)
                .and_then(|link| link.extra.as_mut())
        {
            moved.tell(&mut extra.memberships);
        }
    }
}
