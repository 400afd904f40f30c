//! What OK promises, against what befalls the files from outside: a new configuration, an operator, a client's choice of names.

use std::path::Path;
use std::time::Duration;

use oneloop::disk::Disk as _;
use oneloop::sim::DiskFaults;

use crate::house::{House, PATIENCE};
use crate::site::{files, texts};

/// The configuration is this from now on.
fn configure(house: &mut House, text: &str) {
    house.write(text);
    house.reload();
    house.world.run_for(Duration::from_secs(1));
}

/// What is in a file, as far as it is text.
fn texts_of(house: &House, name: &str) -> String {
    let path = Path::new("/log").join(name);
    let bytes = house.disk.read(&path, 0, usize::MAX);
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

/// All messages of all files, in their order.
fn all(house: &House) -> String {
    let text = |(_, bytes): (String, Vec<u8>)| String::from_utf8_lossy(&bytes).into_owned();
    files(&house.disk).into_iter().map(text).collect()
}

const FILE: &str = "[[store]]\ncategories = ['web']\ntype = 'file'\nlink = false\n";
/// To files elsewhere, and what these do not take into files of the same names as those of `FILE`.
const BUFFER: &str = "
[[store]]
categories = ['web']
type = 'buffer'
[store.primary]
type = 'file'
folder = 'far'
[store.secondary]
type = 'file'
";

#[test]
fn a_category_called_like_the_last_file_of_another_does_not_end_its_files() {
    let text = format!("{FILE}[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\n");
    let mut house = House::new(1, &text);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web_4294967295", "mine")]));
    assert!(house.log(&client, &[("web_00000", "mine")]));
    assert!(house.log(&client, &[("web", "one\n")]));
}

#[test]
fn a_buffer_leaves_the_files_alone_that_a_file_store_has_written_before() {
    let mut house = House::new(1, FILE);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "one\n")]));
    configure(&mut house, BUFFER);
    assert!(house.log(&client, &[("web", "two\n")]));
    house.world.run_for(PATIENCE);
    let found = texts(&house.disk);
    assert!(
        found.contains(&("web_00000".into(), "one\n".into())),
        "{found:?}"
    );
    assert!(
        found.contains(&("far/web_00000".into(), "two\n".into())),
        "{found:?}"
    );
}

#[test]
fn a_file_store_leaves_the_files_alone_that_wait_for_a_primary() {
    let mut house = House::new(1, BUFFER);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "zero\n")]));
    // The primary store's next file cannot be made.
    configure(&mut house, &BUFFER.replace("'far'", "'far/web_00000'"));
    assert!(house.log(&client, &[("web", "one\n")]));
    let waiting = texts_of(&house, "web_00000");
    assert!(waiting.contains("one\n"));
    configure(&mut house, &format!("{FILE}add_newlines = true\n"));
    assert!(house.log(&client, &[("web", "two")]));
    assert_eq!(texts_of(&house, "web_00000"), waiting);
    configure(&mut house, BUFFER);
    house.world.run_for(PATIENCE);
    let found = all(&house);
    assert!(
        found.contains("one\n") && found.contains("two\n"),
        "{found:?}"
    );
}

#[test]
fn lines_without_an_end_stay_when_lines_are_to_have_one() {
    let mut house = House::new(1, FILE);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "one")]));
    configure(&mut house, &format!("{FILE}add_newlines = true\n"));
    assert!(house.log(&client, &[("web", "two")]));
    assert_eq!(texts_of(&house, "web_00000"), "two\n");
    assert_eq!(texts_of(&house, "web_torn"), "one\n");
}
#[test]
fn nothing_is_ok_that_is_in_a_file_somebody_took_away() {
    let mut house = House::new(1, FILE);
    let client = house.client("ann");
    let path = Path::new("/log/web_00000");
    assert!(house.log(&client, &[("web", "one\n")]));
    house.disk.remove(path).expect("it is there");
    assert!(house.log(&client, &[("web", "two\n")]));
    assert_eq!(all(&house), "two\n");
    // And if another one is there in its place.
    house.disk.remove(path).expect("it is there");
    house.disk.open(path).expect("it can be made");
    assert!(house.log(&client, &[("web", "three\n")]));
    assert_eq!(all(&house), "three\n");
}

#[test]
fn a_batch_that_did_not_fit_leaves_nothing_in_a_file_somebody_cut() {
    let mut house = House::new(1, FILE);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "a long line before\n")]));
    house
        .disk
        .truncate(Path::new("/log/web_00000"), 0)
        .expect("it is there");
    house.disk.set_faults(DiskFaults {
        bytes_max: 5,
        ..DiskFaults::none()
    });
    assert!(!house.log(&client, &[("web", "one of the next\n")]));
    house.disk.set_faults(DiskFaults::none());
    assert!(house.log(&client, &[("web", "two\n")]));
    assert_eq!(texts_of(&house, "web_00001"), "two\n");
}

#[test]
fn a_file_in_the_place_of_ours_is_not_cut() {
    for bytes_max in [30, 40] {
        let mut house = House::new(1, FILE);
        let client = house.client("ann");
        let path = Path::new("/log/web_00000");
        assert!(house.log(&client, &[("web", "one\n")]));
        house.disk.remove(path).expect("it is there");
        let mut other = house.disk.open(path).expect("it can be made");
        other.append(b"somebody else's\n").expect("no faults");
        house.disk.set_faults(DiskFaults {
            bytes_max,
            ..DiskFaults::none()
        });
        let long = "x".repeat(100);
        assert!(!house.log(&client, &[("web", &long)]));
        assert_eq!(texts_of(&house, "web_00000"), "somebody else's\n");
    }
}

#[test]
fn a_file_that_became_a_link_is_not_followed() {
    let mut house = House::new(1, FILE);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "one\n")]));
    // It is laid down after a while.
    house.world.run_for(PATIENCE);
    house
        .disk
        .make_folder(Path::new("/etc"))
        .expect("it can be made");
    house
        .disk
        .open(Path::new("/etc/passwd"))
        .expect("it can be made");
    house
        .disk
        .remove(Path::new("/log/web_00000"))
        .expect("it is there");
    house
        .disk
        .link(Path::new("/etc/passwd"), Path::new("/log/web_00000"))
        .expect("it can be made");
    assert!(house.log(&client, &[("web", "two\n")]));
    let outside = house.disk.read(Path::new("/etc/passwd"), 0, 100);
    assert_eq!(outside.expect("it is there"), b"");
    assert_eq!(all(&house), "two\n");
}
