//! The nodes of a loop that were started.

use std::cell::RefCell;
use std::rc::Rc;

use crate::context::Context;

use super::dialling::RemoteCore;
use super::identity::Identity;
use super::roll::Roll;

/// A node at work.
pub(super) struct Composed<S: 'static> {
    pub(super) identity: Identity,
    pub(super) roll: RefCell<Roll>,
    pub(super) remotes: Vec<Rc<RemoteCore<S>>>,
}

/// All nodes of a loop. It is kept by the loop, so that the application's state need not hold it.
pub(super) struct Nodes<S: 'static>(pub(super) RefCell<Vec<Rc<Composed<S>>>>);

/// Those of this loop that were started.
pub(super) fn composed<S: 'static>(cx: &Context<'_, S>) -> Vec<Rc<Composed<S>>> {
    let nodes = cx.part::<Nodes<S>>();
    nodes.map_or_else(Vec::new, |nodes| nodes.0.borrow().clone())
}

/// Those of this loop.
pub(super) fn nodes<S: 'static>(cx: &mut Context<'_, S>) -> Rc<Nodes<S>> {
    loop {
        match cx.part::<Nodes<S>>() {
            Some(nodes) => return nodes,
            None => drop(cx.keep_part(Nodes::<S>(RefCell::default()))),
        }
    }
}
