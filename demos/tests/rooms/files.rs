//! A history in a file: read by jobs that may be slow, and there again when the server has crashed.

use std::fs::OpenOptions;
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{Crash, NodeFaults, search};

use crate::party::{Party, Weather};
use crate::scratch::Scratch;

#[test]
fn what_was_written_is_there_after_a_crash() {
    let searched = search(0..300, |world| {
        let file = Rc::new(Scratch::new());
        let weather = *world
            .random()
            .pick(&[Weather::Fair, Weather::Rough, Weather::Stormy]);
        let mut party = Party::new(world, 6, 2, weather, Some(Rc::clone(&file)));
        for _ in 0..3 {
            party.all_join();
            party.go_on(10, 0.5);
            let is_settled = party.random().chance(0.3);
            if is_settled {
                party.settle();
            }
            let written = party.written();
            let kept_before = party.ledger.kept;
            let how = *party.random().pick(&[Crash::Process, Crash::Silent]);
            party.world.crash("chat", how);
            let kept = file.lines();
            assert!(
                kept.len() >= kept_before + written,
                "of {written} lines since the last crash"
            );
            for line in &kept {
                let heard = party.ledger.life(party.life).get(&line.number);
                assert!(
                    heard.is_none_or(|heard| heard == line),
                    "{line:?} was {heard:?}"
                );
            }
            if is_settled {
                assert_eq!(
                    kept.len(),
                    party.ledger.life(party.life).len(),
                    "nothing was on its way"
                );
            }
            if party.random().chance(0.3) {
                // The end of what it was writing.
                let torn = OpenOptions::new().append(true).open(file.path());
                torn.and_then(|mut file| file.write_all(b"0a1b2c3d\t99\tr"))
                    .expect("the file");
            }
            party.lose_all(kept);
            party.world.restart("chat").expect("it starts again");
        }
        party.all_join();
        party.settle();
        party.leave();
    });
    crate::tell(format_args!("crashes: {searched}"));
}

#[test]
fn whoever_comes_in_slowly_has_it_all_and_whoever_waits_too_long_is_told_so() {
    let searched = search(0..300, |world| {
        let file = Rc::new(Scratch::new());
        let mut party = Party::new(world, 8, 2, Weather::Fair, Some(file));
        let most = Duration::from_secs(*party.random().pick(&[1, 5, 50, 200]));
        party.world.set_node_faults(NodeFaults {
            job: Duration::ZERO..=most,
            ..NodeFaults::none()
        });
        party.all_join();
        for _ in 0..6 {
            party.go_on(5, 0.5);
            let span = party.random().span(&(Duration::ZERO..=most));
            party.pass(span);
        }
        party.settle();
        // Jobs that nobody waits for any more.
        party.pass(Duration::from_secs(200));
        party.leave();
        party.compare_counts();
    });
    crate::tell(format_args!("slow files: {searched}"));
}
