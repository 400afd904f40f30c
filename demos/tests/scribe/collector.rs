//! The collector before its stores: what it answers, what it counts, how it is configured anew, how it ends.

use std::time::Duration;

use oneloop::fb303::FbStatus;
use oneloop::sim::{Crash, DiskFaults, NodeFaults};
use oneloop_demos::scribe::collector::Collector;

use crate::house::{Client, House, PATIENCE};
use crate::site::texts;

/// Everything into files by category.
const PLAIN: &str = "[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\n";

fn file(found: &[(String, String)], name: &str) -> String {
    let found = found.iter().find(|(it, _)| it == name);
    found.map(|(_, text)| text.clone()).unwrap_or_default()
}

// ---- what is answered ----

#[test]
fn what_is_answered_ok_is_synced_and_batches_of_a_turn_share_a_sync() {
    let mut house = House::new(1, PLAIN);
    let clients: Vec<Client> = (0..64).map(|it| house.client(&format!("c{it}"))).collect();
    assert!(house.log(&clients[0], &[("web", "first\n")]));
    for client in &clients {
        client.begin(&[("web", "one\n"), ("web", "two\n")]);
    }
    let before = house.disk.operations();
    for client in &clients {
        assert_eq!(house.answers(client, 1), [true]);
    }
    // A write and a sync for those of the first turn, and again for those that came while that was under way.
    let operations = house.disk.operations() - before;
    assert!(operations <= 4, "{operations}");
    house.disk.cut_power();
    let due = format!("first\n{}", "one\ntwo\n".repeat(64));
    assert_eq!(texts(&house.disk), [("web/web_00000".to_owned(), due)]);
    assert_eq!(house.count("web:received good"), 129);
    assert_eq!(house.count("scribe_overall:sent"), 129);
}

#[test]
fn what_nobody_stores_is_passed_over_and_counted() {
    let text = "[[store]]\ncategories = ['web*']\ntype = 'null'\n";
    let mut house = House::new(1, text);
    let client = house.client("ann");
    let long = "x".repeat(201);
    let batch = [
        ("", "no category"),
        ("mail", "no rule"),
        ("web/../..", "leads out"),
        ("web\n", "no word"),
        (&*long, "too long"),
        ("web", "one"),
        ("web2", "two"),
    ];
    assert!(house.log(&client, &batch));
    client
        .0
        .send(&crate::house::log_frame(&[(b"web\xff", b"no text")]));
    assert_eq!(house.answers(&client, 1), [true]);
    assert!(house.log(&client, &[]), "nothing is soon kept");
    for (name, count) in [
        ("scribe_overall:received blank category", 1),
        ("scribe_overall:received bad", 5),
        ("scribe_overall:received good", 2),
        ("scribe_overall:ignored", 2),
        ("scribe_overall:sent", 0),
        ("web:received good", 1),
        ("web2:ignored", 1),
        ("mail:received good", 0),
    ] {
        assert_eq!(house.count(name), count, "{name}");
    }
}

#[test]
fn a_category_of_several_rules_is_in_all_of_them() {
    let text = "
[[store]]
categories = ['web']
type = 'file'
folder = 'one'
[[store]]
categories = ['web', 'mail']
type = 'file'
folder = 'two'
";
    let mut house = House::new(1, text);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "a"), ("mail", "b"), ("web", "c")]));
    let found = texts(&house.disk);
    assert_eq!(file(&found, "one/web_00000"), "ac");
    assert_eq!(file(&found, "two/web/web_00000"), "ac");
    assert_eq!(file(&found, "two/mail/mail_00000"), "b");
    // Each of its stores has it.
    assert_eq!(house.count("web:received good"), 2);
    assert_eq!(house.count("web:sent"), 4);
}

#[test]
fn categories_that_share_a_store_stay_in_the_order_of_the_batch() {
    let text = format!("store_per_category = false\n{PLAIN}");
    let mut house = House::new(1, &text);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "a"), ("mail", "b"), ("web", "c")]));
    assert_eq!(
        texts(&house.disk),
        [("default_00000".to_owned(), "abc".to_owned())]
    );
    assert_eq!(house.count("web:sent"), 2);
    assert_eq!(house.count("mail:sent"), 1);
}

#[test]
fn a_batch_of_which_one_store_fails_comes_again() {
    let text = "
[[store]]
categories = ['good']
type = 'file'
[[store]]
categories = ['bad']
type = 'file'
base_name = 'good'
[[store]]
categories = ['lossy']
must_succeed = false
type = 'file'
base_name = 'good'
";
    let mut house = House::new(1, text);
    assert!(matches!(house.status(), (FbStatus::WARNING, _)), "at once");
    let client = house.client("ann");
    assert!(!house.log(&client, &[("good", "a"), ("bad", "b")]));
    assert_eq!(file(&texts(&house.disk), "good_00000"), "a");
    assert!(house.log(&client, &[("good", "c"), ("lossy", "d")]));
    for (name, count) in [
        ("good:sent", 2),
        ("bad:requeue", 1),
        ("bad:sent", 0),
        ("lossy:lost", 1),
        ("lossy:requeue", 0),
    ] {
        assert_eq!(house.count(name), count, "{name}");
    }
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::WARNING);
    assert!(
        details.starts_with("bad: two stores would write to") && details.contains("(since "),
        "{details}"
    );
}

#[test]
fn of_a_shared_batch_those_are_ok_whose_messages_a_store_has_kept() {
    let text = "
store_per_category = false
[[store]]
categories = ['other']
type = 'file'
folder = 'b'
base_name = 'b'
[[store]]
categories = ['a', 'b']
type = 'category'
[store.model]
type = 'file'
";
    let mut house = House::new(1, text);
    let client = house.client("ann");
    assert!(house.log(&client, &[("other", "x")]));
    // In one read, and so in one batch of the store.
    client.begin(&[("a", "1")]);
    client.begin(&[("a", "2"), ("b", "2")]);
    client.begin(&[("b", "3")]);
    client.begin(&[("a", "4"), ("a", "4")]);
    assert_eq!(house.answers(&client, 4), [true, false, false, true]);
    assert_eq!(file(&texts(&house.disk), "a/a_00000"), "1244");
    for (name, count) in [("a:sent", 4), ("b:sent", 0), ("b:requeue", 2)] {
        assert_eq!(house.count(name), count, "{name}");
    }
}

#[test]
fn a_full_disk_says_try_later_and_goes_on_when_there_is_room() {
    let mut house = House::new(1, PLAIN);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "one\n")]));
    house.disk.set_faults(DiskFaults {
        bytes_max: 5,
        ..DiskFaults::none()
    });
    for _ in 0..3 {
        assert!(!house.log(&client, &[("web", "two\n")]));
    }
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::WARNING);
    assert!(details.starts_with("web: the disk is full"), "{details}");
    house.disk.set_faults(DiskFaults::none());
    assert!(house.log(&client, &[("web", "two\n")]));
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::ALIVE);
    // Who looks in the morning wants to know of the night.
    assert!(
        details.starts_with("web: the disk is full") && details.contains(", seen last 20"),
        "{details}"
    );
    assert_eq!(
        file(&texts(&house.disk), "web/web_00000"),
        "one\ntwo\n",
        "once"
    );
    assert_eq!(house.count("web:requeue"), 3);
}

// ---- limits ----

#[test]
fn a_second_has_so_many_messages() {
    for (third, is_taken) in [(1, true), (2, true), (3, false), (6, true)] {
        let mut house = House::new(1, &format!("messages_per_second_max = 10\n{PLAIN}"));
        let client = house.client("ann");
        assert!(house.log(&client, &[("web", "x"); 5]));
        assert!(house.log(&client, &[("web", "x"); 3]));
        let batch = vec![("web", "x"); third];
        assert_eq!(house.log(&client, &batch), is_taken, "{third}");
        let denied = if is_taken { 0 } else { third as i64 };
        assert_eq!(house.count("scribe_overall:denied for rate"), denied);
        house.world.run_for(Duration::from_secs(1));
        assert!(house.log(&client, &[("web", "x"); 3]), "in the next second");
    }
}

#[test]
fn a_queue_has_so_many_bytes_and_one_that_is_over_is_enough() {
    for (bytes, is_taken) in [(99, true), (100, true), (101, false)] {
        let mut house = House::new(1, &format!("queue_bytes_max = '100B'\n{PLAIN}"));
        let client = house.client("ann");
        let text = "x".repeat(bytes - 3);
        // In one read: the first is not written before the second is here.
        client.begin(&[("web", &text)]);
        client.begin(&[("mail", "x")]);
        assert_eq!(house.answers(&client, 2), [true, is_taken], "{bytes}");
        assert!(house.log(&client, &[("mail", "x")]), "there is room again");
        let denied = i64::from(!is_taken);
        assert_eq!(house.count("scribe_overall:denied for queue size"), denied);
    }
}

#[test]
fn there_are_so_many_categories_and_a_further_one_waits() {
    let mut house = House::with_categories(1, PLAIN, 2);
    let client = house.client("ann");
    assert!(house.log(&client, &[("a", "x")]));
    assert!(house.log(&client, &[("b", "x"), ("a", "x")]));
    assert_eq!(house.status().0, FbStatus::ALIVE);
    assert!(!house.log(&client, &[("a", "y"), ("c", "x")]));
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::WARNING);
    assert!(details.contains("more than the 2"), "{details}");
    assert!(
        house.log(&client, &[("a", "z"), ("b", "z")]),
        "others go on"
    );
    // Nothing of the batch that was refused is there or counted.
    assert_eq!(file(&texts(&house.disk), "a/a_00000"), "xxz");
    assert_eq!(house.count("a:received good"), 3);
}

#[test]
fn counters_say_what_waits_and_for_how_long() {
    let mut house = House::new(1, PLAIN);
    let slow = Duration::from_secs(15);
    house.world.set_node_faults(NodeFaults {
        job: slow..=slow,
        ..NodeFaults::none()
    });
    let client = house.client("ann");
    client.begin(&[("web", "one\n")]);
    house.world.run_for(Duration::from_secs(7));
    client.begin(&[("web", "two\n")]);
    house.world.run_for(Duration::from_secs(3));
    for (name, value) in [
        ("web:queue bytes", 14),
        ("scribe_overall:queue bytes", 14),
        ("web:oldest unsent seconds", 9),
        ("scribe_overall:oldest unsent seconds", 9),
        ("web:sent", 0),
    ] {
        let counted = house.count(name);
        let is_it = counted == value || counted == value + 1;
        assert!(is_it, "{name} is {counted}");
    }
    assert_eq!(house.answers(&client, 2), [true, true]);
    assert_eq!(house.count("web:queue bytes"), 0);
    assert_eq!(house.count("web:oldest unsent seconds"), 0);
    house.world.set_node_faults(NodeFaults::none());
    for _ in 0..50 {
        client.begin(&[("web", "x")]);
    }
    house.world.run_for(Duration::from_secs(5));
    assert_eq!(house.count("web:messages per second"), 10);
    assert!(house.count("scribe_overall:disk left bytes") > 0);
}

// ---- stopping ----

#[test]
fn who_comes_while_it_stops_is_told_to_come_later_and_who_was_there_is_answered() {
    let mut house = House::new(1, PLAIN);
    let client = house.client("ann");
    client.begin(&[("web", "one\n")]);
    client.order("shutdown");
    client.begin(&[("web", "two\n")]);
    assert_eq!(house.answers(&client, 2), [true, false]);
    let node = house.node.clone();
    house.world.run_until(|world| !world.is_up(&node), PATIENCE);
    assert_eq!(file(&texts(&house.disk), "web/web_00000"), "one\n");
}

#[test]
fn a_disk_that_hangs_holds_up_the_end_for_so_long_and_no_longer() {
    let mut house = House::new(1, PLAIN);
    let hour = Duration::from_secs(3600);
    house.world.set_node_faults(NodeFaults {
        job: hour..=hour,
        ..NodeFaults::none()
    });
    let (ann, bob) = (house.client("ann"), house.client("bob"));
    ann.begin(&[("web", "one\n")]);
    house.world.run_for(Duration::from_millis(10));
    bob.begin(&[("web", "two\n")]);
    house.world.run_for(Duration::from_millis(10));
    let node = house.node.clone();
    house.world.with(&node, Collector::stop);
    assert_eq!(house.status().0, FbStatus::STOPPING);
    // What waits behind it was never begun: that is known, and said.
    assert_eq!(house.answers(&bob, 1), [false]);
    house
        .world
        .run_until(|world| !world.is_up(&node), Duration::from_secs(20));
    assert!(ann.0.take_received().is_empty(), "it is not known");
}

#[test]
fn who_waits_for_a_disk_that_hangs_is_told_to_come_later() {
    let mut house = House::new(1, PLAIN);
    let hour = Duration::from_secs(3600);
    house.world.set_node_faults(NodeFaults {
        job: hour..=hour,
        ..NodeFaults::none()
    });
    let client = house.client("ann");
    client.begin(&[("web", "one\n")]);
    house.world.run_for(Duration::from_secs(49));
    assert!(client.0.take_received().is_empty(), "it may yet be kept");
    house.world.run_for(Duration::from_secs(2));
    assert_eq!(house.answers(&client, 1), [false]);
    // The line is kept when the disk goes on, though nobody waits for it any more.
    house.world.run_for(hour);
    assert_eq!(file(&texts(&house.disk), "web/web_00000"), "one\n");
}

// ---- beginning again ----

#[test]
fn what_waits_in_files_is_sent_after_a_crash_though_nobody_logs_to_its_category() {
    let text = "
[[store]]
categories = ['default']
type = 'buffer'
[store.primary]
type = 'network'
host = 'primary'
port = 1463
[store.secondary]
type = 'file'
folder = 'waiting'
[[store]]
categories = ['alone']
type = 'buffer'
[store.primary]
type = 'network'
host = 'primary'
port = 1463
[store.secondary]
type = 'file'
folder = 'waiting'
";
    let mut house = House::new(1, text);
    let client = house.client("ann");
    assert!(house.log(
        &client,
        &[("web", "one"), ("mail", "two"), ("alone", "three")]
    ));
    assert!(house.count("scribe_overall:unsent bytes") > 0);
    let node = house.node.clone();
    house.world.crash(&node, Crash::Process);
    house.disk.cut_power();
    let primary = house.add("primary", PLAIN);
    house.world.restart(&node).expect("it starts");
    house.world.run_for(Duration::from_secs(60));
    let kept = texts(&primary);
    for (category, text) in [("web", "one"), ("mail", "two"), ("alone", "three")] {
        let name = format!("{category}/{category}_00000");
        assert_eq!(file(&kept, &name), text);
    }
    assert_eq!(house.count("scribe_overall:unsent bytes"), 0);
    assert_eq!(house.status().0, FbStatus::ALIVE);
}

// ---- another configuration ----

#[test]
fn an_invalid_configuration_changes_nothing_and_is_told() {
    let mut house = House::new(1, PLAIN);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web", "one\n")]));
    house.write("[[store]]\ncategories = ['a']\ntype = 'flie'\n");
    house.reload();
    house.world.run_for(Duration::from_secs(1));
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::WARNING);
    assert!(
        details.contains("there is no store of type `flie`") && details.contains("scribe.toml:3:8"),
        "{details}"
    );
    assert!(house.log(&client, &[("web", "two\n")]));
    assert_eq!(file(&texts(&house.disk), "web/web_00000"), "one\ntwo\n");
    house.write(PLAIN);
    client.order("reinitialize");
    house.world.run_for(Duration::from_secs(1));
    let (status, details) = house.status();
    assert_eq!(status, FbStatus::ALIVE);
    assert!(
        details.is_empty() || details.contains(", seen last "),
        "{details}"
    );
}

#[test]
fn a_new_configuration_gets_what_waits_in_its_order() {
    let mut house = House::new(1, PLAIN);
    let slow = Duration::from_secs(2);
    house.world.set_node_faults(NodeFaults {
        job: slow..=slow,
        ..NodeFaults::none()
    });
    let client = house.client("ann");
    client.begin(&[("web", "one\n"), ("mail", "one\n")]);
    house.world.run_for(Duration::from_millis(100));
    // These wait behind it, when the configuration is read; others come while it is.
    client.begin(&[("web", "two\n"), ("mail", "two\n")]);
    house.world.run_for(Duration::from_millis(100));
    house.write(
        "[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\nfolder = 'new'\n",
    );
    house.reload();
    client.begin(&[("web", "three\n")]);
    house.world.run_for(Duration::from_millis(2500));
    client.begin(&[("web", "four\n"), ("other", "four\n")]);
    assert_eq!(house.answers(&client, 4), [true; 4]);
    let found = texts(&house.disk);
    // The last ones that the old files could get are those that were handed on when it was read.
    let old = file(&found, "web/web_00000");
    let new = file(&found, "new/web/web_00000");
    assert_eq!(format!("{old}{new}"), "one\ntwo\nthree\nfour\n");
    assert!(new.ends_with("four\n") && old.starts_with("one\n"));
    assert_eq!(file(&found, "new/other/other_00000"), "four\n");
    assert_eq!(house.status().0, FbStatus::ALIVE);
}

#[test]
fn a_category_that_is_stored_no_more_comes_again_and_is_passed_over() {
    let mut house = House::new(1, PLAIN);
    let slow = Duration::from_secs(2);
    house.world.set_node_faults(NodeFaults {
        job: slow..=slow,
        ..NodeFaults::none()
    });
    let client = house.client("ann");
    client.begin(&[("web", "one\n")]);
    house.write("[[store]]\ncategories = ['mail']\ntype = 'file'\n");
    house.reload();
    // The configuration is being read: these still go to where they went.
    house.world.run_for(Duration::from_millis(1900));
    client.begin(&[("web", "two\n")]);
    assert_eq!(house.answers(&client, 2), [true, false]);
    assert!(house.log(&client, &[("web", "two\n")]));
    assert_eq!(house.count("scribe_overall:received bad"), 1);
    assert_eq!(file(&texts(&house.disk), "web/web_00000"), "one\n");
}

#[test]
fn what_comes_while_it_is_configured_anew_is_bounded() {
    for (bytes, is_taken) in [(29, true), (36, true), (37, false)] {
        let mut house = House::new(1, &format!("queue_bytes_max = '100B'\n{PLAIN}"));
        let slow = Duration::from_secs(2);
        house.world.set_node_faults(NodeFaults {
            job: slow..=slow,
            ..NodeFaults::none()
        });
        let client = house.client("ann");
        house.reload();
        house.world.run_for(Duration::from_millis(1900));
        client.begin(&[("web", "x")]);
        house.world.run_for(Duration::from_millis(200));
        // 64 bytes are for what is around each message.
        let text = "x".repeat(bytes - 3);
        client.begin(&[("web", &text)]);
        client.begin(&[("web", "y")]);
        assert_eq!(house.answers(&client, 3), [true, true, is_taken], "{bytes}");
    }
}
