//! Clusters that are started from a text, in a world.

use std::time::Duration;

use oneloop::cluster::{App, Assigned, Placed};
use oneloop::config::{Apps, Config, Format, Memory};
use oneloop::node::{ClientId, Remote, Root, forward_to_remote, pass_to_child};
use oneloop::sim::{Crash, World};
use oneloop::thrift::Functions;
use oneloop::{CommandService, Context, DataPack, Misuse, Result};

const TEXT: &str = "\
[servers.net]
app = 'net'
netport = [7000, 7001]
remoteport = [{ rootname = 'gate' }]
[servers.net.limits]
calls_max = 2
[servers.gate]
app = 'gate'
rootport = 9000
[servers.store]
app = 'store'
remoteport = [{ rootname = 'gate' }]
";

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn net(cx: &mut Context<'_, ()>, assigned: Assigned) -> Result<()> {
    let mut commands = CommandService::new();
    commands.catch_all(forward_to_remote("gate"))?;
    let parts = assigned.parts().net(DataPack::default(), commands);
    parts.start(cx).map(drop)
}

fn gate(cx: &mut Context<'_, Vec<String>>, assigned: Assigned) -> Result<()> {
    cx.state.push(assigned.children("store").join(" "));
    let root = Root::<Vec<String>>::new()
        .on_forward(pass_to_child("store"))
        .on_child_up(|cx, child| cx.state.push(child.name.clone()));
    assigned.parts().root(root).start(cx).map(drop)
}

fn store(cx: &mut Context<'_, u64>, assigned: Assigned) -> Result<()> {
    let parts = assigned.parts().remotes(|_| {
        let mut functions = Functions::new();
        let served = functions.on("count", |cx: &mut Context<'_, u64>, ()| *cx.state as i64);
        served.expect("it is free");
        Remote::new()
            .serve(functions.processor())
            .on_forward(|cx, _: ClientId, _, body: &[u8]| {
                *cx.state += 1;
                body.to_vec()
            })
    });
    parts.start(cx).map(drop)
}

fn apps() -> Apps<App> {
    let mut apps = Apps::new();
    let registered = [
        apps.register("net", App::new(|| (), net)),
        apps.register("gate", App::new(Vec::new, gate)),
        apps.register("store", App::new(|| 0, store)),
    ];
    assert!(registered.iter().all(Result::is_ok));
    apps
}

fn place(world: &mut World, apps: &Apps<App>, text: &str, memory: &Memory) -> Result<Placed> {
    let config = Config::parse(text, "cluster.toml", Format::Toml, &apps.names())?;
    apps.place(world, &config, memory)
}

const FRAME: &[u8] = b"\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x01hi";

#[test]
fn three_nodes_of_a_text_serve_clients_on_both_ports_and_come_again() {
    let mut world = World::new(1);
    let placed = place(&mut world, &apps(), TEXT, &Memory::default()).expect("they start");
    world.run_for(secs(1));
    let gate = placed.node::<Vec<String>>("gate").expect("a gate");
    let store = placed.node::<u64>("store").expect("a store");
    assert_eq!(
        world.state(&gate)[0],
        "store",
        "of its children in the file"
    );
    assert_eq!(world.state(&gate).len(), 3, "both are there");
    for life in 1..=2 {
        for port in [7000, 7001] {
            let peer = world.peer("ann", &format!("net:{port}"));
            peer.send(FRAME);
            world.run_for(secs(1));
            assert_eq!(peer.take_received(), FRAME);
        }
        world.with(&gate, |cx| {
            let count = cx.child("store").call_named::<i64, _>(cx, "count", ());
            cx.when(count, |cx, count| cx.state.push(format!("{count:?}")));
        });
        world.run_for(secs(1));
        assert_eq!(world.state(&gate).last().expect("a count"), "Ok(2)");
        assert_eq!(*world.state(&store), 2);
        for node in ["net", "gate", "store"] {
            world.crash(node, Crash::Process);
        }
        for node in ["store", "net", "gate"] {
            world.restart(node).expect("it starts");
        }
        world.run_for(secs(12));
        assert_eq!(*world.state(&store), 0, "life {life} is over");
    }
    assert!(placed.node::<u64>("gate").is_err(), "its state is another");
    assert!(placed.node::<u64>("attic").is_err());
}

#[test]
fn a_node_that_comes_again_takes_the_place_of_its_former_life() {
    let mut world = World::new(1);
    let placed = place(&mut world, &apps(), TEXT, &Memory::default()).expect("they start");
    world.run_for(secs(1));
    let gate = placed.node::<Vec<String>>("gate").expect("a gate");
    let before = world.with(&gate, |cx| cx.children("store"));
    // Nobody says that it is gone.
    world.crash("store", Crash::Silent);
    world.restart("store").expect("it starts");
    world.run_for(secs(1));
    let after = world.with(&gate, |cx| cx.children("store"));
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0].instance, after[0].instance);
    assert!(before[0].epoch < after[0].epoch);
    assert_ne!(before[0].clients_node(), after[0].clients_node());
}

#[test]
fn limits_of_clients_are_the_plan_s_and_nodes_have_their_own() {
    let mut world = World::new(1);
    // The store never answers.
    let mut apps = apps();
    apps.take("store").expect("it is there");
    let silent = |cx: &mut Context<'_, Vec<oneloop::Promise<Vec<u8>>>>, assigned: Assigned| {
        let remote = Remote::new().on_forward(|cx, _: ClientId, _, _: &[u8]| {
            let (promise, later) = cx.defer();
            let kept: &mut Vec<_> = &mut *cx.state;
            kept.push(promise);
            later
        });
        assigned.parts().remote("gate", remote).start(cx).map(drop)
    };
    apps.register("store", App::new(Vec::new, silent))
        .expect("it is free");
    let placed = place(&mut world, &apps, TEXT, &Memory::default()).expect("they start");
    let store = placed
        .node::<Vec<oneloop::Promise<Vec<u8>>>>("store")
        .expect("a store");
    world.run_for(secs(1));
    let peers: Vec<_> = (0..5)
        .map(|n| world.peer(&format!("p{n}"), "net:7000"))
        .collect();
    for peer in &peers {
        peer.send(&FRAME.repeat(5));
    }
    world.run_for(secs(1));
    assert_eq!(
        world.state(&store).len(),
        5 * 2,
        "two of each, and all of them at once"
    );
}

#[test]
fn secrets_are_the_file_s() {
    let text = format!("[cluster]\nsecret_env = 'SECRET'\n{TEXT}");
    let memory = Memory::default().variable("SECRET", "0123456789abcdef");
    let mut world = World::new(1);
    let placed = place(&mut world, &apps(), &text, &memory).expect("they start");
    world.run_for(secs(1));
    let gate = placed.node::<Vec<String>>("gate").expect("a gate");
    assert_eq!(world.state(&gate).len(), 3);
    let mut world = World::new(1);
    let error = place(&mut world, &apps(), &text, &Memory::default()).expect_err("no secret");
    assert!(error.to_string().contains("SECRET is not set"), "{error}");
    // One that has another.
    let other = text.replace(
        "[servers.store]\n",
        "[servers.store]\nsecret_env = 'OTHER'\n",
    );
    let memory = memory.variable("OTHER", "fedcba9876543210");
    let mut world = World::new(1);
    let placed = place(&mut world, &apps(), &other, &memory).expect("they start");
    world.run_for(secs(1));
    let gate = placed.node::<Vec<String>>("gate").expect("a gate");
    assert_eq!(world.state(&gate)[1..], ["net"]);
}

/// What a node says that is one of `ports`, and whose app has this.
#[track_caller]
fn refusal(
    ports: &str,
    start: fn(&mut Context<'_, ()>, Assigned) -> Result<()>,
) -> (Misuse, String) {
    let mut apps = Apps::new();
    apps.register("a", App::new(|| (), start))
        .expect("it is free");
    let text =
        format!("[servers.x]\napp = 'a'\n{ports}\n[servers.gate]\napp = 'a'\nrootport = 9\n");
    let config = Config::parse(&text, "cluster.toml", Format::Toml, &apps.names());
    let config = config.unwrap_or_else(|reports| panic!("{reports}"));
    match apps.place(&mut World::new(1), &config, &Memory::default()) {
        Err(oneloop::Error::Misuse(misuse)) => (misuse.clone(), misuse.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_one_side_has_and_the_other_has_not_is_told_with_node_and_key() {
    let (_, text) = refusal("netport = 1", |cx, assigned| {
        assigned.parts().start(cx).map(drop)
    });
    assert_eq!(
        text,
        "node `x` has a netport, and its app `a` serves no clients"
    );
    let (_, text) = refusal("rootport = 1", |cx, assigned| {
        let commands = CommandService::new();
        let parts = assigned.parts().net(DataPack::default(), commands);
        parts.start(cx).map(drop)
    });
    assert_eq!(
        text,
        "node `x` has no netport, and its app `a` serves clients: add `netport` to [servers.x]"
    );
    // All that is wrong at once.
    let (_, text) = refusal("netport = 1", |cx, assigned| {
        let parts = assigned.parts().root(Root::new());
        let parts = parts.remote("gate", Remote::new());
        parts.start(cx).map(drop)
    });
    assert_eq!(
        text,
        "node `x` has a netport, and its app `a` serves no clients; \
         node `x` has no rootport, and its app `a` has a root: add `rootport` to [servers.x]; \
         node `x` does not dial `gate`, and its app `a` has a remote of it: \
         add { rootname = \"gate\" } to `remoteport` of [servers.x]"
    );
    let (misuse, text) = refusal("rootport = 1", |cx, assigned| {
        let parts = assigned.parts().root(Root::new()).root(Root::new());
        parts.start(cx).map(drop)
    });
    assert!(matches!(misuse, Misuse::Duplicate(_)));
    assert_eq!(text, "the app `a` of node `x` has a root twice");
    // Limits that do for no node.
    let (_, text) = refusal(
        "rootport = 1\nlimits.outbox_bytes_max = '1MiB'",
        |cx, assigned| assigned.parts().start(cx).map(drop),
    );
    assert!(
        text.contains("[servers.x]") && text.contains("outbox_bytes_max"),
        "{text}"
    );
}

#[test]
fn what_only_the_file_has_is_plain() {
    let mut apps = Apps::new();
    let plain = |cx: &mut Context<'_, ()>, assigned: Assigned| assigned.parts().start(cx).map(drop);
    apps.register("a", App::new(|| (), plain))
        .expect("it is free");
    let text = "[servers.x]\napp = 'a'\nremoteport = [{ rootname = 'gate' }]\n[servers.gate]\napp = 'a'\nrootport = 9\n";
    let mut world = World::new(1);
    let placed = place(&mut world, &apps, text, &Memory::default()).expect("they start");
    world.run_for(secs(1));
    let gate = placed.node::<()>("gate").expect("a gate");
    assert_eq!(world.with(&gate, |cx| cx.children("x")).len(), 1);
}
