//! Good configurations, and what both formats mean.

use std::path::Path;
use std::time::Duration;

use oneloop_demos::scribe::config::load::{Format, Loaded, TEXT_BYTES_MAX, parse};
use oneloop_demos::scribe::config::outline::outline;
use oneloop_demos::scribe::config::settings::{
    BucketChoice, Buckets, FileStore, Period, Retry, Rotation, Selector, Settings, Store,
};
use proptest::prelude::*;

pub(crate) fn toml(text: &str) -> Loaded {
    parse(text, Path::new("scribe.toml"), Format::Toml)
        .unwrap_or_else(|reports| panic!("{reports}"))
}

pub(crate) fn conf(text: &str) -> Loaded {
    parse(text, Path::new("scribe.conf"), Format::Conf)
        .unwrap_or_else(|reports| panic!("{reports}"))
}

/// The example of the documentation.
pub(crate) fn example() -> String {
    let source = include_str!("../../src/scribe/config/from_toml.rs");
    let lines = source.lines().map(|line| line.strip_prefix("//!"));
    let doc: Vec<&str> = lines
        .map_while(|line| line)
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let start = doc
        .iter()
        .position(|line| *line == "```toml")
        .expect("its beginning");
    let end = doc
        .iter()
        .rposition(|line| *line == "```")
        .expect("its end");
    doc[start + 1..end].join("\n")
}

/// The same in scribe's format, with every key that it has.
pub(crate) const CONF: &str = "
port=1463
max_msg_per_second=0
max_queue_size=5000000
check_interval=5
max_conn=0
new_thread_per_category=yes
file::create_symlink = yes

<store>
  categories = web* mail
  must_succeed=yes
  type=file
  file_path=web
  sub_directory=today
  use_hostname_sub_directory=no
  base_filename=access   # from here on a comment
  base_symlink_name=newest
  rotate_period=daily
  rotate_hour=1
  rotate_minute=017
  rotate_on_reopen=no
  max_size=1000000000
  max_write_size=1000000
  chunk_size=0
  write_meta=no
  write_category=no
  write_stats=no
  add_newlines=0
  fs_type=std
</store>

<store>
category=default
type=buffer
replay_buffer=yes
buffer_send_rate=1
flush_streaming=no
buffer_bypass_max_ratio=0.75
retry_interval=300
retry_interval_range=60
adaptive_backoff=no
min_retry_interval=5
max_retry_interval=100
max_random_offset=20
<primary>
type=network
remote_host=10.0.0.5
remote_port=1463
service_list=10.0.0.6
list_default_port=1463
timeout=5000
use_conn_pool=no
ignore_network_error=no
</primary>
<secondary>
type=file
file_path=buffer
</secondary>
</store>

<store>
category=users
type=bucket
num_buckets=16
bucket_type=key_hash
delimiter=58
remove_key=no
bucket_subdir=part
bucket_offset=0
failure_bucket=nokey
<bucket>
type=file
file_path=users
</bucket>
</store>

<store>
category=audit
type=multi
report_success=all
<store0>
type=category
<model>
type=file
</model>
</store0>
<store1>
type=null
</store1>
</store>
";

#[test]
fn the_documented_example_means_what_its_comments_say() {
    let loaded = toml(&example());
    assert_eq!(loaded.warnings, []);
    let settings = loaded.settings;
    let [web, rest, users, audit] = &settings.rules[..] else {
        panic!("four rules: {settings:#?}");
    };
    assert_eq!(
        web.categories,
        [
            Selector::Prefix("web".into()),
            Selector::Exact("mail".into())
        ]
    );
    let Store::File(file) = &web.store else {
        panic!("a file store: {web:?}");
    };
    // What the comments call a default is one.
    let word = |word: &Option<_>| word.as_ref().map(ToString::to_string);
    assert_eq!(word(&file.sub_folder).as_deref(), Some("today"));
    assert_eq!(word(&file.base_name).as_deref(), Some("access"));
    assert_eq!(word(&file.link_name).as_deref(), Some("newest"));
    assert_eq!(file.folder.as_deref(), Some(Path::new("web")));
    assert_eq!(
        FileStore {
            folder: None,
            sub_folder: None,
            base_name: None,
            link_name: None,
            rotation: Rotation {
                period: Period::Never,
                ..file.rotation.clone()
            },
            ..file.clone()
        },
        FileStore::default()
    );
    let minimal = toml(
        "[[store]]\ncategories = ['default']\ntype = 'buffer'\nprimary = { type = 'network', host = '10.0.0.5' }\nsecondary = { type = 'file', folder = 'buffer' }",
    );
    let (Store::Buffer(full), Store::Buffer(least)) =
        (&rest.store, &minimal.settings.rules[0].store)
    else {
        panic!("two buffers");
    };
    let Store::Network(network) = &full.primary else {
        panic!("a network store");
    };
    assert_eq!(network.remotes.len(), 2);
    assert_eq!(full.retry, least.retry);
    assert_eq!(full.secondary, least.secondary);
    assert_eq!(rest.must_succeed, minimal.settings.rules[0].must_succeed);
    let Store::Bucket(bucket) = &users.store else {
        panic!("a bucket store");
    };
    assert_eq!(
        (bucket.choice, bucket.delimiter),
        (BucketChoice::KeyHash, b':')
    );
    assert!(matches!(bucket.buckets, Buckets::Copies { count: 16, .. }));
    let Store::Multi(multi) = &audit.store else {
        panic!("a multi store");
    };
    assert!(matches!(
        &multi.stores[..],
        [Store::Category(_), Store::Null]
    ));
    assert_eq!(
        Settings {
            listen_ip: None,
            listen_port: None,
            rules: Vec::new(),
            ..settings
        },
        Settings::default()
    );
}

#[test]
fn both_formats_say_the_same() {
    let (ours, theirs) = (toml(&example()), conf(CONF));
    assert_eq!(theirs.warnings, []);
    let ours = Settings {
        // scribe's has no address.
        listen_ip: None,
        ..ours.settings
    };
    assert_eq!(ours, theirs.settings);
    assert!(outline(&ours).contains("part001 to part016, and nokey for no key"));
}

#[test]
fn what_is_said_for_a_type_holds_for_its_stores_and_the_nearest_counts() {
    let text = "
file::max_size=1
file::rotate_period=hourly
file::category=nonsense
<store>
category=a
type=file
</store>
<store>
category=b
type=buffer
file::max_size=2
buffer::retry_interval=8
buffer::retry_interval=7
buffer::retry_interval_range=0
<primary>
type=file
max_size=3
</primary>
<secondary>
type=file
rotate_period=never
</secondary>
</store>
";
    let settings = conf(text).settings;
    let rotation = |store: &Store| match store {
        Store::File(file) => (file.rotation.file_bytes_max, file.rotation.period),
        other => panic!("a file store: {other:?}"),
    };
    assert_eq!(
        rotation(&settings.rules[0].store),
        (Some(1), Period::Hourly)
    );
    let Store::Buffer(buffer) = &settings.rules[1].store else {
        panic!("a buffer store");
    };
    assert_eq!(rotation(&buffer.primary), (Some(3), Period::Hourly));
    assert_eq!(rotation(&buffer.secondary), (Some(2), Period::Never));
    let steady = |interval| Retry::Steady {
        interval: Duration::from_secs(interval),
        range: Duration::ZERO,
    };
    assert_eq!(buffer.retry, steady(7));
}

#[test]
fn stores_in_a_multi_store_need_no_numbers_and_a_multifile_is_a_category_store() {
    let text = "\u{feff}<store>\r\ncategory=a\r\ntype=multi\r\n<store>\r\ntype=null\r\n</store>\r\n<store>\r\ntype=multifile\r\nfile_path=/x y\r\n</store>\r\n</store>\r\n";
    let loaded = conf(text);
    assert_eq!(loaded.warnings, []);
    let Store::Multi(multi) = &loaded.settings.rules[0].store else {
        panic!("a multi store");
    };
    let model = FileStore {
        folder: Some("/x y".into()),
        ..FileStore::default()
    };
    let category = Store::Category(Box::new(Store::File(model)));
    assert_eq!(multi.stores, [Store::Null, category]);
}

#[test]
fn a_file_has_an_end() {
    let text = "<store>\ncategory=default\ntype=null\n</store>\n";
    for (bytes, is_read) in [
        (TEXT_BYTES_MAX - 1, true),
        (TEXT_BYTES_MAX, true),
        (TEXT_BYTES_MAX + 1, false),
    ] {
        let padded = format!("{text}{}", "#".repeat(bytes - text.len()));
        let parsed = parse(&padded, Path::new("a.conf"), Format::Conf);
        assert_eq!(parsed.is_ok(), is_read, "{bytes}");
    }
    let filled = |line: &str, count| {
        parse(
            &format!("{text}{}", line.repeat(count)),
            Path::new("a.conf"),
            Format::Conf,
        )
    };
    for (line, most) in [("no=1\n", 20_000 - 2), ("file::x=1\n", 200)] {
        for (count, is_read) in [(most - 1, true), (most, true), (most + 1, false)] {
            assert_eq!(filled(line, count).is_ok(), is_read, "{line} {count}");
        }
    }
    // Stores in stores, too many of them.
    for (count, is_read) in [(1997, true), (1998, true), (1999, false)] {
        let inner = "<store>\ntype=null\n</store>\n".repeat(count);
        let text = format!("{text}<store>\ncategory=a\ntype=multi\n{inner}</store>\n");
        let parsed = parse(&text, Path::new("a.conf"), Format::Conf);
        assert_eq!(parsed.is_ok(), is_read, "{count}");
    }
    for (count, is_read) in [(999, true), (1000, true), (1001, false)] {
        let parsed = parse(&text.repeat(count), Path::new("a.conf"), Format::Conf);
        assert_eq!(parsed.is_ok(), is_read, "{count}");
    }
}

#[test]
fn a_configuration_cut_at_any_byte_is_read_or_told_of() {
    let example = example();
    for (text, format) in [(example.as_str(), Format::Toml), (CONF, Format::Conf)] {
        for cut in 0..text.len() {
            let Some(text) = text.get(..cut) else {
                continue;
            };
            match parse(text, Path::new("cut"), format) {
                Ok(loaded) => assert!(!loaded.settings.rules.is_empty(), "{cut}"),
                Err(reports) => assert!(reports.iter().count() > 0, "{cut}"),
            }
        }
    }
}

/// What such files are made of.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "<store>",
        "</store>",
        "<primary>",
        "</primary>",
        "<bucket",
        "<store0>",
        "</",
        ">",
        "<",
        "=",
        "::",
        "#",
        "\n",
        " ",
        "\t",
        "[[store]]",
        "[store.primary]",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        ",",
        ".",
        "category",
        "categories",
        "type",
        "file",
        "buffer",
        "network",
        "bucket",
        "multi",
        "model",
        "secondary",
        "num_buckets",
        "bucket_type",
        "key_range",
        "random",
        "rotate_period",
        "max_size",
        "0x",
        "08",
        "99999999999999999999",
        "-1",
        "1.5",
        "true",
        "yes",
        "default",
        "web*",
        "é",
        "\0",
        "remote_host",
        "remote_port",
        "host",
        "port",
        "listen",
        "127.0.0.1:1",
        "count",
        "timeout",
        "5s",
        "retry_interval",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60)
        .prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_is_too_much_for_it(text in prop_oneof![pieces(), any::<String>()]) {
        for format in [Format::Toml, Format::Conf] {
            match parse(&text, Path::new("any"), format) {
                Ok(loaded) => {
                    prop_assert!(!outline(&loaded.settings).is_empty());
                    let rules = loaded.settings.rules_for("web").len();
                    prop_assert!(rules <= loaded.settings.rules.len());
                }
                Err(reports) => prop_assert!(!reports.to_string().is_empty()),
            }
        }
    }

    /// Any line of a good file replaced by any other: read, or told of.
    #[test]
    fn one_wrong_line_is_read_or_told_of(index in any::<prop::sample::Index>(), line in pieces()) {
        for (text, format) in [(example(), Format::Toml), (CONF.to_owned(), Format::Conf)] {
            let mut lines: Vec<&str> = text.lines().collect();
            let at = index.index(lines.len());
            lines[at] = &line;
            if let Err(reports) = parse(&lines.join("\n"), Path::new("any"), format) {
                prop_assert!(reports.iter().all(|report| report.line().is_some()));
            }
        }
    }
}
