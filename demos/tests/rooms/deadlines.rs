//! Strangers who do not join, and people who fall silent: both have a time, to the millisecond.

use std::time::Duration;

use oneloop::sim::{World, search};
use oneloop::{ReasonKind, Time};

use crate::ledger::Ledger;
use crate::party::serve;
use crate::person::Person;

const SECOND: Duration = Duration::from_secs(1);
/// The loop's timers tick in milliseconds, and bytes travel for a twentieth of one.
const BLUR: Duration = Duration::from_millis(2);

/// Lets time pass until `moment`; those who are `awake` say that they are there.
fn pass_until(world: &mut World, moment: Time, awake: &mut [&mut Person]) {
    while world.now() < moment {
        for person in &mut *awake {
            person.beat(world);
        }
        let step = SECOND * 15;
        world.run_for(step.min(moment - world.now()));
    }
}

#[test]
fn strangers_are_shown_out_when_it_is_time_and_not_before() {
    let searched = search(0..2_000, |world| {
        let mut ledger = Ledger::new(false);
        serve(world, None);
        let mut holder = Person::new("ann");
        holder.come_in(world, &mut ledger, "lobby");
        // The holder's own time must not be in the way.
        pass_until(world, Time::START + SECOND * 20, &mut [&mut holder]);

        let name_is_free = world.random().chance(0.7);
        let mut stranger = Person::new(if name_is_free { "bob" } else { "ann" });
        let speaks = world.random().chance(0.5);
        let asks_after = world.random().span(&(Duration::ZERO..=SECOND * 12));
        stranger.dial(world, 0);
        let peer = stranger.wire.as_ref().expect("dialled").peer.clone();
        world.run_until(|_| peer.server_link().is_some(), SECOND);
        let due = world.now() + SECOND * 10;
        let early = world.now() + (SECOND * 10 - BLUR);
        let asks_at = (world.now() + asks_after).min(due + SECOND);

        while world.now() < asks_at.min(early) {
            let step = asks_at.min(early) - world.now();
            world.run_for(step.min(SECOND));
            if speaks {
                stranger.beat(world);
            }
        }
        if asks_at < early {
            stranger.ask_to_join(world, &"lobby".parse().expect("a name"));
        }
        pass_until(world, early, &mut []);
        stranger.listen(&mut ledger);
        assert_eq!(stranger.dropped, 0, "shown out before it was time");
        if asks_at < early && name_is_free {
            world.run_for(SECOND * 20);
            stranger.listen(&mut ledger);
            assert!(stranger.room().is_some(), "shown out, and had joined");
        } else {
            assert!(!stranger.was_late);
            world.run_until(|_| peer.end().is_some(), BLUR * 2);
            assert!(world.now() >= due, "shown out at {}", world.now());
            stranger.listen(&mut ledger);
            assert!(stranger.was_late, "told why");
            let counters = world.counters("chat");
            world.run_for(SECOND);
            assert_eq!(counters.closed_by(ReasonKind::Idle), 0);
            assert_eq!(world.counters("chat").closed_by(ReasonKind::Closed), 1);
        }
    });
    crate::tell(format_args!("strangers: {searched}"));
}

#[test]
fn who_falls_silent_is_gone_a_minute_later_and_not_before() {
    let searched = search(0..1_000, |world| {
        let mut ledger = Ledger::new(false);
        serve(world, None);
        let mut ann = Person::new("ann");
        let mut bob = Person::new("bob");
        bob.come_in(world, &mut ledger, "lobby");
        ann.come_in(world, &mut ledger, "lobby");
        let peer = ann.wire.as_ref().expect("inside").peer.clone();

        // Any sign of life will do, as long as it is one in a minute.
        for _ in 0..world.random().below(6) {
            let gap = world.random().span(&(Duration::ZERO..=SECOND * 60 - BLUR));
            let next = world.now() + gap;
            pass_until(world, next, &mut [&mut bob]);
            if world.random().chance(0.5) {
                ann.say(world, 1);
            } else {
                ann.beat(world);
            }
            ann.listen(&mut ledger);
            assert_eq!(ann.dropped, 0, "dropped in spite of signs of life");
        }
        let due = world.now() + SECOND * 60;
        let early = world.now() + (SECOND * 60 - BLUR);

        // What is said to her is none of hers.
        for _ in 0..world.random().below(3) {
            let gap = world.random().span(&(Duration::ZERO..=SECOND * 19));
            let next = world.now() + gap;
            pass_until(world, next, &mut [&mut bob]);
            bob.say(world, 1);
        }
        pass_until(world, early, &mut [&mut bob]);
        ann.listen(&mut ledger);
        assert_eq!(ann.dropped, 0, "dropped before it was time");
        world.run_until(|_| peer.end().is_some(), BLUR * 2);
        assert!(world.now() >= due, "dropped at {}", world.now());
        ann.listen(&mut ledger);
        bob.beat(world);
        world.run_for(SECOND);
        bob.listen(&mut ledger);
        let note = bob.stay().notes.last().expect("she left");
        assert_eq!(note.why.as_ref().map(|why| why.as_str()), Some("timed out"));
        assert_eq!(world.counters("chat").closed_by(ReasonKind::Idle), 1);
        ledger.check(&[ann, bob]);
    });
    crate::tell(format_args!("the silent: {searched}"));
}
