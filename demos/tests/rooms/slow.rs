//! Slow readers: dropped when it is time, with the reason told, and nobody else is the slower for them.

use std::time::Duration;

use oneloop::ReasonKind;
use oneloop::sim::{LinkFaults, World, search};

use crate::ledger::Ledger;
use crate::party::serve;
use crate::person::Person;

const SECOND: Duration = Duration::from_secs(1);
/// What may wait for one reader: in the network, and in the server.
const WINDOW_BYTES: usize = 256 << 10;
const OUTBOX_BYTES_MAX: usize = 256 << 10;
/// The loop's timers tick in milliseconds.
const BLUR: Duration = Duration::from_millis(2);
/// There and back, and a turn of the server between.
const PROMPT: Duration = Duration::from_micros(150);

/// Has the first of `people` say something, and sees it heard by all of them in no time.
#[track_caller]
fn say_to_all(world: &mut World, people: &mut [Person], ledger: &mut Ledger, bytes: usize) {
    people[0].say(world, bytes);
    let heard: Vec<usize> = people.iter().map(|person| person.heard() + 1).collect();
    let all_hear = |_: &mut World| {
        for person in &mut *people {
            person.listen(ledger);
        }
        people
            .iter()
            .zip(&heard)
            .all(|(person, &heard)| person.heard() == heard)
    };
    world.run_until(all_hear, PROMPT);
}

#[test]
fn who_does_not_read_is_dropped_when_too_much_waits_and_nobody_else_is_delayed() {
    let searched = search(0..12, |world| {
        let mut ledger = Ledger::new(false);
        serve(world, None);
        let size = world.random().between(2..=8);
        let mut people: Vec<Person> = (0..size).map(|n| Person::new(&format!("p{n}"))).collect();
        let mut sleeper = Person::new("sleeper");
        for person in people.iter_mut().chain([&mut sleeper]) {
            person.come_in(world, &mut ledger, "lobby");
        }
        sleeper.set_deaf(true);
        let mut bytes_said = 0;
        while world.counters("chat").closed_by(ReasonKind::SlowReader) == 0 {
            let bytes = world.random().between(1_500..=1_980) as usize;
            say_to_all(world, &mut people, &mut ledger, bytes);
            bytes_said += bytes;
            assert!(
                bytes_said < WINDOW_BYTES + OUTBOX_BYTES_MAX + (8 << 10),
                "dropped late"
            );
        }
        assert!(
            bytes_said > (WINDOW_BYTES + OUTBOX_BYTES_MAX) / 10 * 9,
            "dropped early: {bytes_said}"
        );
        world.run_for(SECOND);
        for person in &mut people {
            person.listen(&mut ledger);
            let note = person.stay().notes.last().expect("it left");
            assert_eq!(note.name, sleeper.name);
            assert_eq!(note.why.as_ref().map(|why| why.as_str()), Some("too slow"));
        }
        say_to_all(world, &mut people, &mut ledger, 1);
        // It wakes, and finds a part of what was said, from the beginning on.
        sleeper.set_deaf(false);
        world.run_for(SECOND);
        sleeper.listen(&mut ledger);
        assert_eq!(sleeper.dropped, 1);
        people.push(sleeper);
        ledger.check(&people);
    });
    crate::tell(format_args!("the deaf: {searched}"));
}

#[test]
fn who_takes_nothing_for_half_a_minute_is_dropped_and_who_reads_on_has_it_all() {
    let searched = search(0..400, |world| {
        let mut ledger = Ledger::new(false);
        let server = serve(world, None);
        let mut people = vec![Person::new("ann"), Person::new("bob")];
        let mut sleeper = Person::new("sleeper");
        for person in &mut people {
            person.come_in(world, &mut ledger, "lobby");
        }
        // Only this one's window is small: a link has the faults of when it was dialled.
        let small = LinkFaults {
            window_bytes: 4 << 10,
            ..LinkFaults::none()
        };
        world.set_link_faults(small);
        sleeper.come_in(world, &mut ledger, "lobby");
        world.set_link_faults(LinkFaults::none());
        let peer = sleeper.wire.as_ref().expect("inside").peer.clone();
        let link = peer.server_link().expect("accepted");

        sleeper.set_deaf(true);
        while world.with(&server, |cx| cx.links.outbox_bytes(link)) == 0 {
            let bytes = world.random().between(1..=500) as usize;
            say_to_all(world, &mut people, &mut ledger, bytes);
        }
        let due = world.now() + SECOND * 30;
        let early = world.now() + (SECOND * 30 - BLUR);
        let naps = world.random().span(&(SECOND..=SECOND * 40));
        let wakes_at = world.now() + naps;
        // What comes meanwhile waits behind the rest, and changes nothing.
        for _ in 0..world.random().below(4) {
            let gap = world.random().span(&(Duration::ZERO..=naps / 4));
            world.run_for(gap);
            say_to_all(world, &mut people, &mut ledger, 1_000);
        }
        if wakes_at < early {
            world.run_for(wakes_at - world.now());
            sleeper.set_deaf(false);
            sleeper.beat(world);
            world.run_for(SECOND);
            sleeper.listen(&mut ledger);
            assert_eq!(sleeper.dropped, 0);
            assert_eq!(sleeper.stay().lines.last(), people[0].stay().lines.last());
            world.run_for(due + SECOND - world.now());
            assert_eq!(world.counters("chat").closed(), 0);
        } else if wakes_at > due + BLUR {
            world.run_for(early - world.now());
            assert_eq!(
                world.counters("chat").closed(),
                0,
                "dropped before it was time"
            );
            world.run_for(BLUR * 2);
            let counters = world.counters("chat");
            assert_eq!(counters.closed_by(ReasonKind::SlowReader), 1);
            sleeper.set_deaf(false);
            world.run_for(SECOND);
            sleeper.listen(&mut ledger);
            assert_eq!(sleeper.dropped, 1);
        }
        people.push(sleeper);
        ledger.check(&people);
    });
    crate::tell(format_args!("the sleepers: {searched}"));
}
