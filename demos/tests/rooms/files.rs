//! A history in a file: read by jobs that may be slow, and there again when the server has crashed.

use std::fs::OpenOptions;
use std::io::Write;
use std::rc::Rc;

use oneloop::sim::{Crash, search};

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
    eprintln!("crashes: {searched}");
}
