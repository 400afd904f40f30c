//! A network store sends in order, says what it sent, and dials when it has to.

use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{self, Crash, Disk, LinkFaults, World};
use oneloop::{Context, Input, Result, Session, Verdict};
use oneloop_demos::scribe::config::settings::NetworkStore;
use oneloop_demos::scribe::store::network::{CALL_COUNT_MAX, Network};
use oneloop_demos::scribe::store::{Store as _, Told};

use crate::support::{Book, Mood, Own, SECOND, batch, numbers, place, remote, texts};

fn plan(remotes: &[&str]) -> NetworkStore {
    let remotes = remotes.iter().map(|host| ((*host).to_owned(), 1463));
    NetworkStore::new(remotes.collect())
}

fn own(world: &mut World, plan: NetworkStore) -> Own {
    Own::new(world, move || {
        Rc::new(Network::new(&plan, &place(&Disk::new(1))))
    })
}

fn fault(own: &Own) -> Option<String> {
    let mut told = Told::default();
    own.store().tell(&mut told);
    told.fault
}

fn dialled(world: &mut World) -> u64 {
    world.counters("own").dialled
}

#[test]
fn batches_arrive_in_order_over_one_link() {
    let mut world = World::new(1);
    let book = remote(&mut world, "ann");
    let own = own(&mut world, plan(&["ann"]));
    assert_eq!(own.taken(&mut world, batch("web", [])), Ok(()));
    assert_eq!(dialled(&mut world), 0, "for nothing nobody dials");
    for from in [0, 10, 20] {
        let messages = batch("web", numbers(from..from + 10));
        assert_eq!(own.taken(&mut world, messages), Ok(()));
        world.run_for(100 * SECOND);
    }
    assert_eq!(book.firsts("web"), numbers(0..30));
    assert_eq!(book.len(), 30);
    assert_eq!(*book.calls.borrow(), [0, 10, 10, 10], "one probe");
    assert_eq!(dialled(&mut world), 1);
    own.close(&mut world);
    world.run_for(10 * SECOND);
    world.restart("own").expect("it starts");
    assert_eq!(world.counters("ann").links_open, 0, "the link is closed");
}

#[test]
fn a_long_batch_is_many_calls_and_what_is_left_begins_with_the_refused_one() {
    for (mood, is_passing) in [
        (Mood::Later, true),
        (Mood::Odd, false),
        (Mood::Fails, false),
        (Mood::Silent, false),
    ] {
        let mut world = World::new(2);
        let book = remote(&mut world, "ann");
        let own = own(&mut world, plan(&["ann"]));
        book.set(mood);
        // The probe, and two calls.
        book.patience.set(3);
        let count = 3 * CALL_COUNT_MAX + 1;
        let outcome = own.taken(&mut world, batch("web", numbers(0..count)));
        let unsent = outcome.expect_err("a call was refused");
        assert_eq!(unsent.fault.is_passing, is_passing, "{}", unsent.fault);
        let taken = 2 * CALL_COUNT_MAX;
        assert_eq!(texts(&unsent.left), numbers(taken..count), "{mood:?}");
        let told = fault(&own).expect("there is one");
        assert!(told.starts_with("ann:1463"), "{told}");
        // The link stays if it is as good as it was.
        book.set(Mood::Takes);
        assert_eq!(own.taken(&mut world, unsent.left), Ok(()));
        assert_eq!(fault(&own), None);
        assert_eq!(dialled(&mut world), if is_passing { 1 } else { 2 });
        assert_eq!(book.firsts("web"), numbers(0..count), "{mood:?}");
        let sizes = book.calls.borrow();
        assert!(sizes.iter().all(|size| *size <= CALL_COUNT_MAX));
    }
}

#[test]
fn a_fresh_link_that_is_told_to_wait_has_sent_nothing() {
    let mut world = World::new(3);
    let book = remote(&mut world, "ann");
    book.set(Mood::Later);
    let own = own(&mut world, plan(&["ann"]));
    let unsent = own.taken(&mut world, batch("web", numbers(0..3)));
    let unsent = unsent.expect_err("it is later");
    assert!(unsent.fault.is_passing);
    assert_eq!(texts(&unsent.left), numbers(0..3));
    assert_eq!(*book.calls.borrow(), [0]);
}

#[test]
fn a_link_that_died_while_it_was_idle_is_not_used_again() {
    let mut world = World::new(4);
    let book = remote(&mut world, "ann");
    let own = own(&mut world, plan(&["ann"]));
    let ends: [fn(&mut World); 3] = [
        |world| world.reset("own", "ann"),
        |world| world.half_close("ann", "own"),
        |world| {
            world.crash("ann", Crash::Process);
            world.run_for(SECOND);
            world.restart("ann").expect("it starts");
        },
    ];
    assert_eq!(own.taken(&mut world, batch("web", numbers(0..1))), Ok(()));
    for (number, end) in (1..).zip(ends) {
        end(&mut world);
        world.run_for(SECOND);
        let messages = batch("web", numbers(number..number + 1));
        assert_eq!(own.taken(&mut world, messages), Ok(()), "{number}");
        assert_eq!(dialled(&mut world), number as u64 + 1);
    }
    assert_eq!(book.firsts("web"), numbers(0..4));
    assert_eq!(book.len(), 4);
}

#[test]
fn the_next_remote_is_tried_when_one_cannot_be_reached() {
    let mut firsts = [0; 2];
    for seed in 0..40 {
        let mut world = World::new(seed);
        let books = ["ann", "bob"].map(|name| remote(&mut world, name));
        let own = own(&mut world, plan(&["ann", "bob"]));
        assert_eq!(own.taken(&mut world, batch("web", numbers(0..1))), Ok(()));
        let first = usize::from(books[1].len() > 0);
        firsts[first] += 1;
        let names = ["ann", "bob"];
        world.crash(names[first], Crash::Process);
        world.run_for(SECOND);
        assert_eq!(own.taken(&mut world, batch("web", numbers(1..2))), Ok(()));
        assert_eq!(books[1 - first].firsts("web"), numbers(1..2));
        // Nobody is there: the fault comes when each had its turn.
        world.crash(names[1 - first], Crash::Process);
        world.run_for(SECOND);
        let before = dialled(&mut world);
        let unsent = own.taken(&mut world, batch("web", numbers(2..3)));
        let unsent = unsent.expect_err("nobody is there");
        assert!(!unsent.fault.is_passing);
        assert_eq!(dialled(&mut world) - before, 2);
        world.restart(names[first]).expect("it starts");
        assert_eq!(own.taken(&mut world, unsent.left), Ok(()));
    }
    assert!(firsts.iter().all(|count| *count > 5), "{firsts:?}");
}

#[test]
fn nothing_takes_longer_than_the_timeout() {
    let timeout = Duration::from_millis(700);
    for (case, faults) in [
        LinkFaults {
            hang: 1.0,
            ..LinkFaults::none()
        },
        LinkFaults::none(),
    ]
    .into_iter()
    .enumerate()
    {
        let mut world = World::new(5);
        world.set_link_faults(faults);
        let book = remote(&mut world, "ann");
        book.set(Mood::Silent);
        let plan = NetworkStore {
            timeout,
            ..plan(&["ann"])
        };
        let own = own(&mut world, plan);
        let before = world.now();
        let unsent = own.taken(&mut world, batch("web", numbers(0..1)));
        assert!(unsent.is_err());
        let span = world.now() - before;
        let near = timeout..timeout + Duration::from_millis(10);
        assert!(near.contains(&span), "{case}: {span:?}");
    }
}

#[test]
fn stores_share_a_link_if_they_are_told_to_and_the_last_one_closes_it() {
    for is_shared in [true, false] {
        let mut world = World::new(6);
        let book = remote(&mut world, "ann");
        book.takes.set(SECOND);
        let plan = NetworkStore {
            shared_link: is_shared,
            ..plan(&["ann"])
        };
        let stores: Vec<Rc<Network>> = (0..3)
            .map(|_| Rc::new(Network::new(&plan, &place(&Disk::new(1)))))
            .collect();
        let first = Rc::clone(&stores[0]);
        let own = Own::new(&mut world, move || first.clone());
        let done = Rc::new(RefCell::new(Vec::new()));
        let send = |world: &mut World, number: usize| {
            let (store, done) = (Rc::clone(&stores[number]), Rc::clone(&done));
            world.with(&own.node, move |cx| {
                let messages = batch(&format!("c{number}"), numbers(0..5));
                let taken = store.take(cx, messages);
                cx.when(taken, move |_, taken| done.borrow_mut().push(taken.ok()));
            });
        };
        (0..3).for_each(|number| send(&mut world, number));
        world.run_for(20 * SECOND);
        assert_eq!(*done.borrow(), [Some(Ok(())), Some(Ok(())), Some(Ok(()))]);
        let links = if is_shared { 1 } else { 3 };
        assert_eq!(dialled(&mut world), links);
        for (closed, store) in (1..).zip(&stores) {
            let store = Rc::clone(store);
            world.with(&own.node, move |cx| {
                let closed = store.close(cx);
                cx.when(closed, |_, _| ());
            });
            world.run_for(20 * SECOND);
            let open = match is_shared {
                true => usize::from(closed < 3),
                false => 3 - closed,
            };
            assert_eq!(world.counters("own").links_open, open, "{closed}");
        }
    }
}

#[test]
fn what_is_under_way_is_waited_for_at_the_end() {
    let mut world = World::new(7);
    let book = remote(&mut world, "ann");
    book.takes.set(3 * SECOND);
    let own = own(&mut world, plan(&["ann"]));
    let outcome = own.take(&mut world, batch("web", numbers(0..2)));
    world.run_for(SECOND);
    let closed = own.begin_close(&mut world);
    world.run_until(|_| closed.get(), 20 * SECOND);
    assert_eq!(outcome.borrow_mut().take(), Some(Ok(())));
    world.run_for(20 * SECOND);
    assert_eq!(world.counters("own").links_open, 0);
}

#[test]
fn errors_that_do_not_matter_are_no_outcome() {
    let mut world = World::new(8);
    let own = own(
        &mut world,
        NetworkStore {
            ignore_errors: true,
            ..plan(&["nobody"])
        },
    );
    assert_eq!(own.taken(&mut world, batch("web", numbers(0..2))), Ok(()));
    assert!(fault(&own).is_some(), "but it is told");
}

/// A scribe as it was: it answers in the old form, without a version.
#[derive(Default)]
struct Old {
    seen: Rc<RefCell<Vec<u8>>>,
}

impl Session<()> for Old {
    fn received(&mut self, input: &mut Input<'_>, cx: &mut Context<'_, ()>) -> Result<Verdict> {
        while let Some(frame) = cx.next_frame(input, |input| {
            let Some((length, _)) = input.rest().split_first_chunk::<4>() else {
                return Ok(None);
            };
            let length = u32::from_be_bytes(*length) as usize;
            Ok(input.take(4 + length))
        })? {
            // Version and kind, a name of three letters, the number.
            let number = frame[4 + 11..4 + 15].to_vec();
            self.seen.borrow_mut().extend_from_slice(frame);
            let mut reply = b"\0\0\0\x14\0\0\0\x03Log\x02".to_vec();
            reply.extend_from_slice(&number);
            reply.extend_from_slice(b"\x08\0\0\0\0\0\0\0");
            cx.send_bytes(&reply)?;
        }
        Ok(Verdict::Continue)
    }
}

#[test]
fn an_unmodified_scribe_is_sent_what_it_reads_and_its_answer_is_read() {
    let mut world = World::new(9);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    world
        .node(
            "scribe",
            || (),
            move |cx| {
                let log = Rc::clone(&log);
                cx.listen("scribe:1463", (), move || Old {
                    seen: Rc::clone(&log),
                })
            },
        )
        .expect("it starts");
    let ip: IpAddr = world.ip("scribe");
    let by_address = NetworkStore::new(vec![(ip.to_string(), 1463)]);
    let own = own(&mut world, by_address);
    assert_eq!(
        own.taken(&mut world, batch("web", ["hi\n".to_owned()])),
        Ok(())
    );
    let probe = b"\0\0\0\x18\x80\x01\0\x01\0\0\0\x03Log\0\0\0\x01\x0f\0\x01\x0c\0\0\0\0\0";
    let call = b"\0\0\0\x2d\x80\x01\0\x01\0\0\0\x03Log\0\0\0\x02\x0f\0\x01\x0c\0\0\0\x01\
        \x0b\0\x01\0\0\0\x03web\x0b\0\x02\0\0\0\x03hi\n\0\0";
    assert_eq!(*seen.borrow(), [&probe[..], &call[..]].concat());
}

/// Batches over links that fail at any byte: nothing is said to be taken that is not, and all is there at last, in order.
#[test]
fn what_is_answered_is_there_in_order_whatever_befalls_the_link() {
    sim::search(0..150, |world| {
        let books: Vec<Rc<Book>> = ["ann", "bob"].map(|it| remote(world, it)).into();
        let own = own(
            world,
            NetworkStore {
                timeout: SECOND,
                ..plan(&["ann", "bob"])
            },
        );
        let faults = LinkFaults::stormy(world.random());
        world.set_link_faults(faults);
        let mut said = 0;
        for round in 0..20 {
            if round == 15 {
                world.calm()?;
            }
            let count = world.random().between(1..=30) as usize;
            let mut left = batch("web", numbers(said..said + count));
            said += count;
            for attempt in 0.. {
                assert!(attempt < 200 || round < 15, "it comes to no end");
                let before = texts(&left);
                match own.taken(world, left) {
                    Ok(()) => break,
                    Err(unsent) => {
                        let rest = texts(&unsent.left);
                        assert!(before.ends_with(&rest) && !rest.is_empty());
                        left = unsent.left;
                    }
                }
                if attempt > 50 {
                    world.calm()?;
                }
                let pause = world.random().span(&(Duration::ZERO..=SECOND));
                world.run_for(pause);
            }
            let kept: usize = books.iter().map(|book| book.len()).sum();
            assert!(kept >= said, "{kept} of {said}");
        }
        let mut both = books[0].firsts("web");
        // Each has a part, in order.
        for book in &books {
            let firsts: Vec<usize> = book
                .firsts("web")
                .iter()
                .map(|it| it.parse().expect("a number"))
                .collect();
            assert!(firsts.is_sorted(), "{firsts:?}");
        }
        both.extend(books[1].firsts("web"));
        both.sort_by_key(|it| it.parse::<usize>().expect("a number"));
        both.dedup();
        assert_eq!(both, numbers(0..said));
        Ok::<(), oneloop::Error>(())
    });
}
