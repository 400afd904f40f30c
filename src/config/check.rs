//! What holds between the keys of a node, and between nodes. Makes plans of what is right.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::HashMap;

use super::apps::advice;
use super::draft::{Cluster, Draft, Given, Placed, Remote};
use super::limits;
use super::plan::{NodePlan, RemotePlan, RootPlan};
use super::secret::SecretSource;
use crate::context::{Address, Limits};
use crate::report::Desk;

/// A plan, and where its secret's source was said.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) plan: NodePlan,
    pub(super) secret: Option<Placed<SecretSource>>,
}

/// The plans of all nodes, in the order of the file. They are of use only if nothing was told.
pub(super) fn settle(cluster: &Cluster, desk: &mut Desk) -> Vec<Planned> {
    let common = settle_common(cluster, desk);
    let mut check = Check {
        cluster,
        desk,
        names: cluster
            .nodes
            .iter()
            .map(|node| (&*node.name, node))
            .collect(),
    };
    check.doors();
    let nodes = cluster.nodes.iter();
    nodes.map(|node| check.node(node, &common)).collect()
}

/// The settings that hold for all nodes, unless they contradict each other: then each node would be told of it.
fn settle_common(cluster: &Cluster, desk: &mut Desk) -> Vec<limits::Setting> {
    let (_, faults) = limits::settle(&cluster.limits);
    for (setting, message) in &faults {
        desk.error_of(setting.at, &setting.key, message, LIMITS_HELP);
    }
    if faults.is_empty() {
        cluster.limits.clone()
    } else {
        Vec::new()
    }
}

struct Check<'a> {
    cluster: &'a Cluster,
    desk: &'a mut Desk,
    names: HashMap<&'a str, &'a Draft>,
}

/// Something that listens.
struct Door<'a> {
    /// A word for the machine that it is on, as far as the host tells.
    machine: &'a str,
    port: &'a Placed<u16>,
    ip: IpAddr,
    /// Whether where it listens was wrong, and `ip` is a stand-in.
    is_vague: bool,
}

impl Door<'_> {
    const fn address(&self) -> Address {
        Address::Ip(SocketAddr::new(self.ip, self.port.value))
    }

    /// Whether the operating system would refuse the second: the same address, or one that stands for all, on one machine.
    fn collides(&self, other: &Self) -> bool {
        // `::` stands for the addresses of the older protocol too.
        let covers =
            |one: IpAddr, other: IpAddr| one.is_unspecified() && (one.is_ipv6() || other.is_ipv4());
        let is_same = self.machine == other.machine;
        if self.ip == other.ip {
            // Two machines share no address but those that every machine has.
            return is_same || !(self.ip.is_loopback() || self.ip.is_unspecified());
        }
        is_same && (covers(self.ip, other.ip) || covers(other.ip, self.ip))
    }
}

impl<'a> Check<'a> {
    fn node(&mut self, node: &'a Draft, common: &[limits::Setting]) -> Planned {
        if matches!(node.app, Given::Missing) {
            let help = "add `app = \"NAME\"`, the name of what this node runs";
            self.desk
                .error_of(node.at, &node.key, "the node has no `app`", help);
        }
        if !node.has_parts {
            let help = "give it a netport (it listens for clients), a rootport (it listens for children) or a remoteport (it dials roots)";
            let message = "the node has no parts, so there is nothing to start";
            self.desk.error_of(node.at, &node.key, message, help);
        }
        self.listening(node);
        let secret = self.secret_of(node).cloned();
        Planned {
            plan: NodePlan {
                name: node.name.clone(),
                app: node
                    .app
                    .right()
                    .map(|app| app.value.clone())
                    .unwrap_or_default(),
                host: host(node).to_owned(),
                net: net_doors(node).map(|door| door.address()).collect(),
                root: root_door(node).map(|door| RootPlan {
                    listen: door.address(),
                    found_at: found_at(node, door.port.value),
                }),
                remotes: self.remotes(node),
                limits: self.limits(node, common),
                secret: secret.as_ref().map(|secret| secret.value.clone()),
            },
            secret,
        }
    }

    fn secret_of(&self, node: &'a Draft) -> Option<&'a Placed<SecretSource>> {
        node.secret.as_ref().or(self.cluster.secret.as_ref())
    }

    /// Where it listens is said, and fits who may come.
    fn listening(&mut self, node: &'a Draft) {
        let keys = [
            ("netlisten", &node.netlisten, !node.netports.is_empty()),
            (
                "rootlisten",
                &node.rootlisten,
                node.rootport.right().is_some(),
            ),
        ];
        for (name, listen, is_used) in keys {
            // A host's name says where a node is found; which of the machine's addresses that is, only the machine can tell.
            if is_used
                && matches!(listen, Given::Missing)
                && host_ip(node).is_none()
                && let Given::Right(host) = &node.host
            {
                let name_given = &host.value;
                let message =
                    format!("`{name_given}` is a name, so `{name}` has to say where to listen");
                let help = format!("add `{name} = \"0.0.0.0\"`, or another address of the machine");
                self.desk.error_of(host.at, &host.key, message, help);
            }
        }
        let Given::Right(port) = &node.rootport else {
            return;
        };
        let is_open = root_door(node).is_some_and(|door| !door.is_vague && !door.ip.is_loopback());
        // What made it open: its own address, its host's, or nothing else.
        let (at, key) = match (&node.rootlisten, &node.host) {
            (Given::Right(listen), _) => (listen.at, &listen.key),
            (_, Given::Right(host)) => (host.at, &host.key),
            _ => (port.at, &port.key),
        };
        if is_open && self.secret_of(node).is_none() && !self.cluster.has_wrong_secret {
            let message = "without a secret, everybody who reaches this root could be its child";
            let help = "add `secret_env = \"CLUSTER_SECRET\"` to [cluster], or `rootlisten = \"127.0.0.1\"` here";
            self.desk.error_of(at, key, message, help);
        }
        let is_far = host_ip(node).is_none_or(|ip| !ip.is_loopback());
        if let Given::Right(listen) = &node.rootlisten
            && listen.value.is_loopback()
            && is_far
        {
            let message = format!(
                "children look for this root at {}, where it does not listen",
                host(node)
            );
            let help =
                "let it listen at its host's address, unless something else passes the port on";
            self.desk.warning_of(listen.at, &listen.key, message, help);
        }
    }

    fn remotes(&mut self, node: &'a Draft) -> Vec<RemotePlan> {
        let mut seen: HashMap<&str, &Placed<String>> = HashMap::new();
        let mut plans = Vec::new();
        for remote in &node.remotes {
            let root = &remote.root;
            if root.value == node.name {
                let message = "a node is no child of itself";
                let help = "name another node, or call what is in this one directly";
                self.desk.error_of(root.at, &root.key, message, help);
                continue;
            }
            if let Some(first) = seen.insert(&root.value, root) {
                let message = format!("`{}` is dialled already, by `{}`", root.value, first.key);
                self.desk
                    .error_of(root.at, &root.key, message, "keep one of the two");
                continue;
            }
            plans.extend(self.remote(node, remote));
        }
        plans
    }

    fn remote(&mut self, node: &'a Draft, remote: &'a Remote) -> Option<RemotePlan> {
        let name = &remote.root;
        let found = self.names.get(&*name.value).copied();
        let Some(root) = found.filter(|root| !matches!(root.rootport, Given::Missing)) else {
            let roots: Vec<&str> = self.roots().collect();
            let help = advice(&name.value, &roots, "the roots are");
            let (message, help) = match found {
                Some(other) => (
                    format!("`{}` is no root: it has no rootport", name.value),
                    format!("add `rootport` to [{}]; {help}", other.key),
                ),
                None => (format!("there is no node `{}`", name.value), help),
            };
            self.desk.error_of(name.at, &name.key, message, help);
            return None;
        };
        let port = root.rootport.right()?;
        if let Given::Right(said) = &remote.rootport
            && said.value != port.value
        {
            let message = format!(
                "the rootport of `{}` is {}, not {}",
                root.name, port.value, said.value
            );
            let help = format!("write {}, or leave the key out", port.value);
            self.desk.error_of(said.at, &said.key, message, help);
        }
        self.proof(node, root, remote);
        let is_near = |node: &Draft| host_ip(node).is_some_and(|ip| ip.is_loopback());
        if is_near(root) && !is_near(node) && !is_vague(node) {
            let message = format!(
                "`{}` is looked for at {}, which here is this node's own machine",
                root.name,
                host(root)
            );
            let help = format!("if they are on two machines, give [{}] a `host`", root.key);
            self.desk.warning_of(name.at, &name.key, message, help);
        }
        Some(RemotePlan {
            root: root.name.clone(),
            address: found_at(root, port.value),
        })
    }

    /// Both ends prove that they know the secret, or neither does.
    fn proof(&mut self, node: &'a Draft, root: &'a Draft, remote: &'a Remote) {
        let (message, help) = match (self.secret_of(node), self.secret_of(root)) {
            (None, Some(_)) => (
                format!(
                    "`{}` wants a proof of the secret, and this node has none",
                    root.name
                ),
                "move the secret's source to [cluster], or say it for this node too",
            ),
            (Some(_), None) => (
                format!("`{}` cannot prove the secret: it has none", root.name),
                "move the secret's source to [cluster], or say it for that node too",
            ),
            _ => return,
        };
        if !self.cluster.has_wrong_secret {
            // At the element: at its name the name's own faults are told.
            self.desk
                .error_of(remote.at, &remote.root.key, message, help);
        }
    }

    fn roots(&self) -> impl Iterator<Item = &'a str> {
        let nodes = self.cluster.nodes.iter();
        nodes
            .filter(|node| node.rootport.right().is_some())
            .map(|node| &*node.name)
    }

    fn limits(&mut self, node: &'a Draft, common: &[limits::Setting]) -> Limits {
        let settings: Vec<_> = common.iter().chain(&node.limits).cloned().collect();
        let (limits, faults) = limits::settle(&settings);
        for (setting, message) in faults {
            self.desk
                .error_of(setting.at, setting.key, message, LIMITS_HELP);
        }
        limits
    }

    /// No two doors are in one place.
    fn doors(&mut self) {
        let mut by_port: HashMap<u16, Vec<Door<'a>>> = HashMap::new();
        let nodes = self.cluster.nodes.iter();
        let doors = nodes.flat_map(|node| net_doors(node).chain(root_door(node)));
        for door in doors.filter(|door| !door.is_vague) {
            let others = by_port.entry(door.port.value).or_default();
            let Some(other) = others.iter().find(|other| other.collides(&door)) else {
                others.push(door);
                continue;
            };
            let message = format!(
                "port {} of {} is taken by `{}`",
                door.port.value, door.machine, other.port.key
            );
            let help = "give each its own port; or each node its own `host`, if they are on several machines";
            self.desk
                .error_of(door.port.at, &door.port.key, message, help);
        }
    }
}

/// Where a node listens for clients.
fn net_doors(node: &Draft) -> impl Iterator<Item = Door<'_>> {
    let ports = node.netports.iter();
    ports.map(|port| door(node, port, &node.netlisten))
}

/// Where it listens for children.
fn root_door(node: &Draft) -> Option<Door<'_>> {
    let port = node.rootport.right()?;
    Some(door(node, port, &node.rootlisten))
}

fn door<'a>(node: &'a Draft, port: &'a Placed<u16>, listen: &Given<IpAddr>) -> Door<'a> {
    Door {
        machine: machine(node),
        port,
        ip: listen_ip(node, listen),
        is_vague: is_vague(node) || matches!(listen, Given::Wrong),
    }
}

/// A word for the machine that a node is on, as far as its host tells.
fn machine(node: &Draft) -> &str {
    match host_ip(node) {
        Some(ip) if ip.is_loopback() => "this machine",
        _ => host(node),
    }
}

fn host(node: &Draft) -> &str {
    match &node.host {
        Given::Right(host) => &host.value,
        Given::Missing | Given::Wrong => HOST,
    }
}

fn host_ip(node: &Draft) -> Option<IpAddr> {
    host(node).parse().ok()
}

/// Whether its host was wrong, so that where it listens is not known.
fn is_vague(node: &Draft) -> bool {
    matches!(node.host, Given::Wrong)
}

fn listen_ip(node: &Draft, listen: &Given<IpAddr>) -> IpAddr {
    match listen {
        Given::Right(ip) => ip.value,
        Given::Missing | Given::Wrong => host_ip(node).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    }
}

fn found_at(node: &Draft, port: u16) -> Address {
    match host_ip(node) {
        Some(ip) => Address::Ip(SocketAddr::new(ip, port)),
        None => Address::Name(host(node).to_owned(), port),
    }
}

/// Where a node is found whose host is not said.
const HOST: &str = "127.0.0.1";
const LIMITS_HELP: &str = "see `Limits` and `LinkLimits` for the defaults, which fit together";
