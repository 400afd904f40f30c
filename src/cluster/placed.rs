//! The nodes of a file in the simulator.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use crate::config::{Apps, Config, Surroundings};
use crate::error::{Misuse, Result};
use crate::node::Secret;
use crate::sim::{Node, World};

use super::app::App;
use super::assigned::Assigned;

impl Apps<App> {
    /// Starts all nodes of a file in a world, in the order of the file, each on a host that is called as the node is: `net`, port 7000 of
    /// the file is at `net:7000`. A node that restarts after a crash is started again so.
    ///
    /// Secrets are read from `surroundings`. Nodes without one, which the file lets be on one machine only, are given one here, where
    /// each is a machine of its own.
    ///
    /// # Errors
    /// As [`Apps::find`], [`Config::secret_from`] and [`World::node_with_limits`]: what the app's start function gives among them. Nodes
    /// that were started before stay.
    pub fn place(
        &self,
        world: &mut World,
        config: &Config,
        surroundings: &dyn Surroundings,
    ) -> Result<Placed> {
        let stand_in = Secret::new(STAND_IN)?;
        let mut nodes = BTreeMap::new();
        for plan in config.nodes() {
            let app = self.find(&plan.app)?;
            let assigned = Assigned::of_from(surroundings, config, &plan.name)?;
            let node = app.place(world, assigned.in_world(&stand_in))?;
            nodes.insert(plan.name.clone(), node);
        }
        Ok(Placed(nodes))
    }
}

/// The nodes of a file in a [`World`].
pub struct Placed(BTreeMap<String, Box<dyn Any>>);

impl Placed {
    /// The node of this name, whose state is an `S`: for [`World::state`] and [`World::with`].
    ///
    /// # Errors
    /// [`Misuse::Option`] if there is none, or its state is another.
    pub fn node<S: 'static>(&self, name: &str) -> Result<Node<S>> {
        let Some(node) = self.0.get(name) else {
            return Err(Misuse::Option(format!("there is no node `{name}`")).into());
        };
        match node.downcast_ref::<Node<S>>() {
            Some(node) => Ok(node.clone()),
            None => Err(Misuse::Option(format!("the state of node `{name}` is another")).into()),
        }
    }
}

impl fmt::Debug for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What nodes prove to each other in a world, if the file names no secret.
const STAND_IN: &str = "a secret that all of a world may know";
