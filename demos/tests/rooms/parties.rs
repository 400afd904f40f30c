//! Parties of all sizes, in all weathers.

use std::rc::Rc;
use std::time::Duration;

use oneloop::sim::{World, search};

use crate::party::{Party, Weather};
use crate::scratch::Scratch;

/// A party from its beginning to its end.
pub(crate) struct Plan {
    pub(crate) people: usize,
    pub(crate) rooms: usize,
    pub(crate) rounds: usize,
    /// Of the people, who does something in one round.
    pub(crate) share: f64,
    pub(crate) weather: Weather,
    pub(crate) in_file: bool,
}

impl Plan {
    #[track_caller]
    pub(crate) fn run(&self, world: &mut World) {
        let file = self.in_file.then(|| Rc::new(Scratch::new()));
        let mut party = Party::new(world, self.people, self.rooms, self.weather, file);
        party.all_join();
        if self.weather == Weather::Stormy {
            for _ in 0..party.random().below(3) {
                party.expect_incident(Duration::from_secs(5));
            }
        }
        party.go_on(self.rounds, self.share);
        party.settle();
        if self.weather == Weather::Fair {
            party.assert_nobody_dropped();
        }
        party.leave();
        party.compare_counts();
    }

    #[track_caller]
    fn search(&self, seeds: u64) {
        let began = std::time::Instant::now();
        let searched = search(0..seeds, |world| self.run(world));
        let (people, weather, took) = (self.people, self.weather, began.elapsed());
        crate::tell(format_args!(
            "{people} people, {weather:?}: {searched}, {took:.1?}"
        ));
    }
}

pub(crate) const BIG: Plan = Plan {
    people: 100,
    rooms: 8,
    rounds: 30,
    share: 0.15,
    weather: Weather::Fair,
    in_file: false,
};
const SMALL: Plan = Plan {
    people: 6,
    rooms: 2,
    rounds: 25,
    share: 0.4,
    weather: Weather::Fair,
    in_file: false,
};

#[test]
fn a_hundred_in_fair_weather() {
    BIG.search(80);
}

#[test]
fn a_hundred_in_rough_weather() {
    let weather = Weather::Rough;
    Plan { weather, ..BIG }.search(40);
}

#[test]
fn a_hundred_in_storms() {
    let weather = Weather::Stormy;
    Plan { weather, ..BIG }.search(40);
}

#[test]
fn a_hundred_with_a_file() {
    let (weather, in_file) = (Weather::Rough, true);
    Plan {
        weather,
        in_file,
        ..BIG
    }
    .search(40);
}

#[test]
fn a_few_in_fair_weather() {
    SMALL.search(1000);
}

#[test]
fn a_few_in_rough_weather() {
    let weather = Weather::Rough;
    Plan { weather, ..SMALL }.search(300);
}

#[test]
fn a_few_in_storms() {
    let weather = Weather::Stormy;
    Plan { weather, ..SMALL }.search(600);
}

#[test]
fn a_few_with_a_file() {
    let (weather, in_file) = (Weather::Rough, true);
    Plan {
        weather,
        in_file,
        ..SMALL
    }
    .search(300);
}

#[test]
fn a_few_with_a_file_in_storms() {
    let (weather, in_file) = (Weather::Stormy, true);
    Plan {
        weather,
        in_file,
        ..SMALL
    }
    .search(600);
}
