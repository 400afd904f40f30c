//! Decoding DataPack frames in memory, beside three peers: `cargo bench --bench decode`. What the figures mean is in `benches/README.md`.

#[path = "../measure/callgrind.rs"]
mod callgrind;
mod course;
mod instructions;
mod readers;
mod table;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};

use course::Course;
use readers::Reader;

const BODIES: [usize; 6] = [0, 16, 64, 256, 1024, 65536];
/// Bytes of each read, or all at once.
const PIECES: [Option<usize>; 3] = [None, Some(1460), Some(7)];

fn main() {
    if instructions::answer() {
        return;
    }
    let courses: Vec<Course> = PIECES
        .iter()
        .flat_map(|&piece| BODIES.map(|body| Course::new(body, piece)))
        .collect();
    check(&courses);

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .sample_size(20)
        .configure_from_args();
    for course in &courses {
        measure(&mut criterion, course);
    }
    criterion.final_summary();

    // `cargo test` runs us without `--bench`; `--test` and `--list` ask for no figures either.
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    if asked("--bench") && !asked("--test") && !asked("--list") {
        table::print(&courses);
    }
}

/// A reader that misses a frame would be fast.
fn check(courses: &[Course]) {
    for course in courses {
        for reader in &mut readers::all(course) {
            reader.prepare(course);
            assert_eq!(
                reader.pass(course),
                course.expected(),
                "{} on {course}",
                reader.name()
            );
        }
    }
}

fn measure(criterion: &mut Criterion, course: &Course) {
    let mut group = criterion.benchmark_group(course.to_string());
    group.throughput(Throughput::ElementsAndBytes {
        elements: course.frames(),
        bytes: course.stream().len() as u64,
    });
    for reader in &mut readers::all(course) {
        let id = BenchmarkId::from_parameter(reader.name());
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|passes| time(reader.as_mut(), course, passes));
        });
    }
    group.finish();
}

/// How long so many passes over the course take, without what prepares them.
fn time(reader: &mut dyn Reader, course: &Course, passes: u64) -> Duration {
    use std::hint::black_box;
    use std::time::Instant;

    if !reader.is_emptied(course) {
        let start = Instant::now();
        for _ in 0..passes {
            black_box(reader.pass(black_box(course)));
        }
        return start.elapsed();
    }
    let mut total = Duration::ZERO;
    for _ in 0..passes {
        reader.prepare(course);
        let start = Instant::now();
        black_box(reader.pass(black_box(course)));
        total += start.elapsed();
    }
    total
}
