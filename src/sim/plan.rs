//! Which of the faults that a seed draws take place.

use std::collections::BTreeSet;
use std::fmt;

use crate::sim::{LinkFaults, NodeFaults};

/// Which of the faults that a seed draws take place, and which did. A fault has a name: a condition that lasts, such as `pieces`, or
/// one event, such as `reset:ann/2`, the reset of the second link that the host `ann` dialled.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Only these; none for all.
    only: Option<BTreeSet<String>>,
    /// What took place, in order.
    pub(super) took_place: Vec<String>,
    seen: BTreeSet<String>,
}

impl Plan {
    pub(super) fn only(faults: impl IntoIterator<Item = String>) -> Self {
        Self {
            only: Some(faults.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Only those named here, with commas between them.
    pub(super) fn only_named(names: &str) -> Self {
        let names = names.split(',').map(str::trim);
        Self::only(names.filter(|name| !name.is_empty()).map(str::to_owned))
    }

    /// Whether the fault of this name, which was drawn, takes place.
    pub(super) fn admits(&mut self, fault: &dyn fmt::Display) -> bool {
        let admitted = self.allows(fault);
        if admitted {
            self.note(fault);
        }
        admitted
    }

    /// Whether it may take place, should it come to that: a link may end before the byte at which it would be reset.
    pub(super) fn allows(&self, fault: &dyn fmt::Display) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.contains(&fault.to_string()))
    }

    /// It takes place.
    pub(super) fn note(&mut self, fault: &dyn fmt::Display) {
        let name = fault.to_string();
        if self.seen.insert(name.clone()) {
            self.took_place.push(name);
        }
    }

    /// The lasting conditions among a link's faults; those of chance ask for themselves when they are due.
    pub(super) fn link(&mut self, mut faults: LinkFaults) -> LinkFaults {
        let none = LinkFaults::none();
        self.settle("latency", &mut faults.latency, none.latency);
        let (bandwidth, free) = (
            &mut faults.bandwidth_bytes_per_s,
            none.bandwidth_bytes_per_s,
        );
        self.settle("bandwidth", bandwidth, free);
        self.settle("pieces", &mut faults.piece_bytes, none.piece_bytes);
        self.settle("window", &mut faults.window_bytes, none.window_bytes);
        let (partial, whole) = (&mut faults.partial_writes, none.partial_writes);
        self.settle("partial-writes", partial, whole);
        faults
    }

    /// The same of a node's; of one node's own, they bear its name.
    pub(super) fn node(&mut self, mut faults: NodeFaults, own: Option<&str>) -> NodeFaults {
        let none = NodeFaults::none();
        let name =
            |kind: &str| own.map_or_else(|| kind.to_owned(), |host| format!("{kind}:{host}"));
        self.settle(&name("turns"), &mut faults.turn, none.turn);
        self.settle(&name("jobs"), &mut faults.job, none.job);
        self.settle(&name("slow"), &mut faults.slow, none.slow);
        let (partial, whole) = (&mut faults.partial_reads, none.partial_reads);
        self.settle(&name("partial-reads"), partial, whole);
        self.settle(&name("spurious"), &mut faults.spurious, none.spurious);
        faults
    }

    /// Those of [`only`](Self::only) that did not take place.
    pub(super) fn missing(&self) -> Vec<String> {
        let only = self.only.iter().flatten();
        only.filter(|&name| !self.seen.contains(name))
            .cloned()
            .collect()
    }

    fn settle<T: PartialEq>(&mut self, name: &str, value: &mut T, none: T) {
        if *value != none && !self.admits(&name) {
            *value = none;
        }
    }
}
