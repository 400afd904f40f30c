//! What holds on every disk, on the machine's and on the simulator's.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process;

use oneloop::disk::{Disk, EntryKind, Machine};
use oneloop::sim;

fn names(disk: &dyn Disk, folder: &Path) -> Vec<(OsString, EntryKind)> {
    let entries = disk.list(folder).expect("a folder");
    entries.into_iter().map(|it| (it.name, it.kind)).collect()
}

fn kind_of<T>(outcome: std::io::Result<T>) -> Option<ErrorKind> {
    outcome.err().map(|error| error.kind())
}

/// Goes through all that a disk can do, below a folder that is not there yet.
fn promises_hold(disk: &dyn Disk, folder: &Path) {
    let (inner, file) = (folder.join("x/y"), folder.join("x/y/a"));
    assert_eq!(kind_of(disk.open(&file)), Some(ErrorKind::NotFound));
    assert_eq!(kind_of(disk.list(&inner)), Some(ErrorKind::NotFound));
    assert_eq!(kind_of(disk.sync_folder(&inner)), Some(ErrorKind::NotFound));
    disk.make_folder(&inner)
        .expect("it is made with its parents");
    disk.make_folder(&inner).expect("it is there");
    assert_eq!(names(disk, &inner), []);

    let mut tail = disk.open(&file).expect("it is made");
    assert_eq!(tail.bytes(), 0);
    tail.append(b"one,").expect("room");
    tail.append(b"").expect("nothing to do");
    tail.append(b"two").expect("room");
    tail.sync().expect("it works");
    assert_eq!(tail.bytes(), 7);
    drop(tail);
    let mut tail = disk.open(&file).expect("it is there");
    assert_eq!(tail.bytes(), 7);
    tail.append(b",three").expect("room");
    let read = |from, most| disk.read(&file, from, most).expect("it is there");
    assert_eq!(read(0, 100), b"one,two,three");
    assert_eq!(read(4, 3), b"two");
    assert_eq!(read(13, 3), b"");
    assert_eq!(read(99, 3), b"");
    assert_eq!(read(0, 0), b"");

    disk.truncate(&file, 99).expect("it is shorter");
    assert_eq!(read(0, 100), b"one,two,three");
    disk.truncate(&file, 7).expect("it is longer");
    assert_eq!(read(0, 100), b"one,two");
    let mut tail = disk.open(&file).expect("it is there");
    tail.append(b"!").expect("room");
    assert_eq!(read(0, 100), b"one,two!", "behind what is left");

    let (other, link) = (inner.join("b"), inner.join("current"));
    disk.open(&other).expect("it is made");
    disk.link(Path::new("b"), &link).expect("it is made");
    assert_eq!(disk.read(&link, 0, 9).expect("what it is of"), b"");
    disk.link(Path::new("a"), &link).expect("it is changed");
    assert_eq!(disk.read(&link, 0, 3).expect("what it is of"), b"one");
    let refused = Some(ErrorKind::InvalidInput);
    assert_eq!(kind_of(disk.open(&link)), refused, "it may lead anywhere");
    assert_eq!(kind_of(disk.truncate(&link, 0)), refused);
    let found = names(disk, &inner);
    let wanted = [
        ("a", EntryKind::File(8)),
        ("b", EntryKind::File(0)),
        ("current", EntryKind::Other),
    ];
    assert_eq!(found, wanted.map(|(name, kind)| (name.into(), kind)));

    disk.rename(&file, &other)
        .expect("it takes the other's place");
    assert_eq!(kind_of(disk.read(&file, 0, 9)), Some(ErrorKind::NotFound));
    assert_eq!(kind_of(disk.read(&link, 0, 9)), Some(ErrorKind::NotFound));
    assert_eq!(disk.read(&other, 0, 9).expect("it is there"), b"one,two!");
    let away = kind_of(disk.rename(&other, &folder.join("b")));
    assert_eq!(away, Some(ErrorKind::InvalidInput), "another folder");
    assert_eq!(
        kind_of(disk.rename(&file, &link)),
        Some(ErrorKind::NotFound)
    );
    assert_eq!(kind_of(disk.remove(&file)), Some(ErrorKind::NotFound));
    assert_eq!(kind_of(disk.truncate(&file, 0)), Some(ErrorKind::NotFound));
    disk.remove(&link).expect("it is there");
    disk.sync_folder(&inner).expect("it works");
    let inner_names = names(disk, &inner);
    assert_eq!(inner_names, [("b".into(), EntryKind::File(8))]);
    assert_eq!(
        names(disk, &folder.join("x")),
        [("y".into(), EntryKind::Folder)]
    );
    assert!(disk.free_bytes(&inner).expect("it is there") > 0);
}

#[test]
fn promises_hold_on_the_machine() {
    let folder = std::env::temp_dir().join(format!("oneloop-disk-{}", process::id()));
    promises_hold(&Machine, &folder);
    fs::remove_dir_all(&folder).expect("it is there");
}

#[test]
fn promises_hold_in_the_simulator() {
    promises_hold(&sim::Disk::new(1), Path::new("/var/log"));
    promises_hold(&sim::Disk::new(1), Path::new("log"));
}

/// Whatever was synced under a synced name is there after any failure, whole and at its place, whenever the power fails.
#[test]
fn what_was_promised_survives_whenever_the_power_fails() {
    for seed in 0..2000 {
        let disk = sim::Disk::new(seed);
        disk.fail_after(seed % 40);
        let promised = write_until_it_fails(&disk);
        disk.cut_power();
        let found = disk.read(Path::new("a"), 0, 1000).unwrap_or_default();
        assert!(found.starts_with(&promised), "seed {seed}");
    }
}

/// Gives what may be counted on.
fn write_until_it_fails(disk: &dyn Disk) -> Vec<u8> {
    let mut promised = Vec::new();
    let Ok(mut tail) = disk.open(Path::new("a")) else {
        return promised;
    };
    let mut named = false;
    for number in 0_u8.. {
        if number == 3 {
            named = disk.sync_folder(Path::new("")).is_ok();
        }
        if tail
            .append(&[number; 3])
            .and_then(|()| tail.sync())
            .is_err()
        {
            break;
        }
        promised.extend([number; 3]);
    }
    if named { promised } else { Vec::new() }
}
