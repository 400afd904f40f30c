//! Instructions per frame, counted by valgrind.

use std::hint::black_box;

use crate::callgrind;
use crate::course::Course;
use crate::readers;

/// What asks for this table, and what it asks of the runs that it counts: `--passes READER BODY PIECE COUNT`, piece 0 being whole.
pub(crate) const TABLE_FLAG: &str = "--instructions";
const PASSES_FLAG: &str = "--passes";

/// The passes of the two runs whose difference is counted: what comes before and after the passes is in both.
const PASSES: [usize; 2] = [2, 6];

/// Does what the command line asks of this file; false if it asks nothing.
pub(crate) fn answer() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|word| word == PASSES_FLAG) {
        pass(&arguments[at + 1..]);
        return true;
    }
    let asked = arguments.iter().any(|word| word == TABLE_FLAG);
    if asked {
        print();
    }
    asked
}

/// One of the runs that are counted.
fn pass(arguments: &[String]) {
    let [reader, body, piece, passes] = arguments else {
        panic!("{PASSES_FLAG} READER BODY PIECE COUNT");
    };
    let number = |word: &String| word.parse::<usize>().expect("a number");
    let piece = Some(number(piece)).filter(|&bytes| bytes > 0);
    let course = Course::new(number(body), piece);
    let mut readers = readers::all(&course);
    let reader = readers.iter_mut().find(|known| known.name() == reader);
    let reader = reader.expect("one of the four readers");
    for round in 0..PASSES[1] {
        // So many times in both runs, so that it is not in the difference.
        reader.prepare(&course);
        if round < number(passes) {
            black_box(reader.pass(black_box(&course)));
        }
    }
}

fn print() {
    println!(
        "\nInstructions per frame of 64 bytes of body\n\n  piece  oneloop     walk  BytesMut  tokio-util"
    );
    for piece in [None, Some(1460), Some(7)] {
        let course = Course::new(64, piece);
        let figures = readers::all(&course).map(|reader| per_frame(reader.name(), &course));
        let [ours, walk, split, tokio] = figures.map(|figure| format!("{figure:.0}"));
        println!(
            "{:>7} {ours:>8} {walk:>8} {split:>9} {tokio:>11}",
            course.piece()
        );
    }
}

fn per_frame(reader: &str, course: &Course) -> f64 {
    let [few, many] = PASSES.map(|passes| count(reader, course, passes));
    (many - few) as f64 / (PASSES[1] - PASSES[0]) as f64 / course.frames() as f64
}

/// What valgrind says of one run.
fn count(reader: &str, course: &Course, passes: usize) -> u64 {
    let piece = course.piece().parse::<usize>().unwrap_or(0);
    let [body, piece, passes] =
        [course.body_bytes(), piece, passes].map(|number| number.to_string());
    callgrind::count(&[PASSES_FLAG, reader, &body, &piece, &passes])
}
