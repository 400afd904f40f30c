//! The server is told to stop while everybody talks.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{NodeFaults, PeerEnd, search};

use crate::party::{Party, Weather};
use crate::person::Person;
use crate::scratch::Scratch;

/// The loop's, which the demo does not change.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
const MILLISECOND: Duration = Duration::from_millis(1);

#[test]
fn all_are_told_and_all_that_was_said_before_is_heard_and_kept() {
    let searched = search(0..300, |world| {
        let file = Rc::new(Scratch::new());
        let size = world.random().between(2..=30) as usize;
        let mut party = Party::new(world, size, 3, Weather::Fair, Some(Rc::clone(&file)));
        // What is being fetched and written when it stops is fetched and written to the end.
        let slow_file = party.random().chance(0.5);
        if slow_file {
            party.world.set_node_faults(NodeFaults {
                job: Duration::ZERO..=MILLISECOND * 200,
                ..NodeFaults::none()
            });
        }
        party.all_join();
        party.go_on(10, 0.4);
        // Some are deaf: they are not waited for longer than the deadline lets them.
        let some_deaf = party.people.iter().any(Person::is_deaf);
        for person in &mut party.people {
            if person.room().is_some() {
                person.say(party.world, 1);
            }
        }
        // In the middle of it: what is on its way to the server when it stops may be heard or not.
        let span = party.random().span(&(Duration::ZERO..=MILLISECOND));
        party.pass(span);
        let all_arrived = span > MILLISECOND / 5;
        let inside: Vec<bool> = party
            .people
            .iter()
            .map(|person| person.room().is_some() && !person.is_ending())
            .collect();
        let told_at = party.world.now();
        party.world.signal("chat");
        let mut step = MILLISECOND;
        while party.world.is_up("chat") {
            party.pass(step);
            step = (step * 2).min(MILLISECOND * 100);
            assert!(
                party.world.now() <= told_at + DRAIN_DEADLINE + step,
                "it is not done in time"
            );
        }
        assert!(some_deaf || party.world.now() < told_at + MILLISECOND * 5_000);
        party.world.assert_quiet();
        for person in &mut party.people {
            person.set_deaf(false);
        }
        party.pass(MILLISECOND * 10);
        for (person, inside) in party.people.iter().zip(&inside) {
            assert!(person.wire.is_none());
            assert!(
                !*inside || person.notices == ["the server is stopping"],
                "{}",
                person.name
            );
            assert!(
                person.cheated.is_empty() || slow_file || !all_arrived,
                "{} was owed at the end: {:?}",
                person.name,
                person.cheated
            );
        }
        party.ledger.check(&party.people);
        // Nobody who was there to the end has heard less than another.
        let to_the_end = party
            .people
            .iter()
            .zip(inside)
            .filter(|(person, inside)| *inside && person.last_end == Some(PeerEnd::Ended));
        let last_lines = to_the_end.filter_map(|(person, _)| {
            let stay = person.stays.last()?;
            Some((&stay.room, stay.lines.last()))
        });
        let mut by_room = BTreeMap::new();
        for (room, last) in last_lines {
            assert_eq!(*by_room.entry(room).or_insert(last), last, "in {room}");
        }
        let kept = file.lines();
        let heard: Vec<_> = party.ledger.life(0).values().cloned().collect();
        for line in &heard {
            assert!(
                kept.binary_search_by_key(&line.number, |kept| kept.number)
                    .is_ok_and(|at| kept[at] == *line)
            );
        }
        assert_eq!(party.world.state(&party.server).unwritten(), 0);
    });
    crate::tell(format_args!("stops: {searched}"));
}
