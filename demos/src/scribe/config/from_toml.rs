//! The collector's own format: TOML. One whole example:
//!
//! ```toml
//! # Everything in front of the first [[store]] may be left out; these are the defaults, where nothing else is said.
//! listen = "127.0.0.1:1463"        # an IP address and a port; goes before --listen
//! messages_per_second_max = 0      # 0 is no bound
//! queue_bytes_max = "5MB"          # beyond it clients are told to try later; B, kB, KiB, MB, MiB, GB, GiB, or a plain number
//! check_interval = "5s"            # ms, s, min, h
//! links_max = 0                    # clients at one time; 0 is 10000. Half of the open files that the system allows are the most
//! store_per_category = true        # each category has a store of its own, made after its rule's
//!
//! [[store]]                        # as many as you like, 1000 at most
//! categories = ["web*", "mail"]    # names; all that begin so: "web*"; all for which there is no other: "default"
//! must_succeed = true              # of what could not be stored its client is told; if not, it is counted as lost
//! type = "file"                    # file, buffer, network, bucket, multi, category or null
//! folder = "web"                   # begins at --dir if it is not absolute; by default it is that
//! sub_folder = "today"             # none by default
//! by_host = false                  # a sub_folder of the machine's name
//! base_name = "access"             # the category by default
//! link = true                      # BASE_current leads to the newest file
//! link_name = "newest"             # BASE by default
//! rotate_period = "daily"          # never (the default), hourly, daily, or a number with s, m, h, d or w; UTC, as all times are
//! rotate_hour = 1                  # of daily
//! rotate_minute = 15               # of daily and hourly
//! rotate_on_open = false
//! file_bytes_max = "1GB"           # 0 is no bound
//! write_bytes_max = "1MB"          # written at once
//! chunk_bytes = 0                  # no message crosses a multiple of it; 0 is none
//! write_next_name = false          # a file ends in a line with the name of the next
//! write_category = false           # in a line before each message
//! write_stats = false              # into a file scribe_stats
//! add_newlines = false             # behind each message
//!
//! [[store]]
//! categories = ["default"]
//! type = "buffer"                  # to the primary; to the secondary while that does not answer
//! replay = true                    # and from the secondary to the primary when it does
//! files_per_check = 1
//! flush_streaming = false          # new messages overtake those that are replayed
//! bypass_ratio_max = 0.75          # nothing is replayed while more of queue_bytes_max waits
//! retry_interval = "5min"          # until the primary is tried again,
//! retry_interval_range = "1min"    # give or take half of this
//! adaptive_backoff = false         # instead of that: from _min to _max, with a random offset
//! retry_interval_min = "5s"
//! retry_interval_max = "100s"
//! retry_offset_max = "20s"
//!
//! [store.primary]
//! type = "network"
//! host = "10.0.0.5"
//! port = 1463                      # by default
//! remotes = ["10.0.0.6:1463"]      # others, of which one is taken
//! timeout = "5s"
//! shared_link = false              # with other stores that go there
//! ignore_errors = false            # what could not be sent is gone
//!
//! [store.secondary]
//! type = "file"                    # or null
//! folder = "buffer"
//! # file_bytes_max = "64MB"        # a restart replays a file from its beginning: the smaller, the less comes twice
//!
//! [[store]]
//! categories = ["users"]
//! type = "bucket"                  # one of several stores, by a key at the front of each message
//! count = 16
//! choice = "key_hash"              # context_log, random, key_hash, key_modulo, or key_range
//! delimiter = ":"                  # behind the key
//! remove_key = false
//! # range = 1000                   # of key_range
//! folder_prefix = "part"           # buckets are in folders part001 to part016,
//! offset = 0
//! failure_folder = "nokey"         # and messages without a key here; part000 by default
//!
//! [store.bucket]                   # or [store.bucket0], the one for no key, to [store.bucket16]; without the three keys above then
//! type = "file"
//! folder = "users"
//!
//! [[store]]
//! categories = ["audit"]
//! type = "multi"                   # each of several
//! succeeds_if = "all"              # all or any of them take it
//!
//! [store.store0]
//! type = "category"                # a store for each category, made after the model: in FOLDER/CATEGORY
//! [store.store0.model]
//! type = "file"
//!
//! [store.store1]
//! type = "null"                    # counts, and keeps nothing
//! ```
//! A key that is not in here is an error. Stores stand in each other 8 deep at most; a file has 1 MiB at most.

use oneloop::report::{Desk, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scribe::config::tree::{Block, Key, Value};

/// What the text holds, or nothing if it is no TOML: then every fault in its form was told.
pub(super) fn read(text: &str, desk: &mut Desk) -> Option<Block> {
    let (table, faults) = DeTable::parse_recoverable(text);
    for fault in &faults {
        let span = fault.span().unwrap_or_default();
        let lines: Vec<&str> = fault.message().lines().map(str::trim).collect();
        desk.error(
            Span::new(span.start, span.end),
            format!("this is no TOML: {}", lines.join("; ")),
            "see https://toml.io/en/v1.1.0; a line is KEY = VALUE, [TABLE] or [[STORE]], and texts stand in quotes",
        );
    }
    // What a text with faults means is a guess.
    let whole = || block("", Span::default(), table.get_ref());
    faults.is_empty().then(whole)
}

/// The parser bounds how deep tables are nested, at 80.
fn block(name: &str, at: Span, table: &DeTable<'_>) -> Block {
    let mut found = Block {
        name: name.to_owned(),
        at,
        ..Block::default()
    };
    // The map is in the order of the alphabet.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let (name, at) = (key.get_ref().as_ref(), span(key.span()));
        match value.get_ref() {
            DeValue::Table(inner) => found.blocks.push(block(name, at, inner)),
            DeValue::Array(items) if !items.is_empty() && items.iter().all(is_table) => {
                for item in items.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        found.blocks.push(block(name, span(item.span()), inner));
                    }
                }
            }
            other => found.keys.push(Key {
                name: name.to_owned(),
                at,
                value: self::value(other),
                value_at: span(value.span()),
            }),
        }
    }
    found
}

fn value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number beyond 64 bits"), Value::Whole),
        DeValue::Float(number) => {
            let number = number.as_str().parse::<f64>();
            number.map_or(Value::Other("a number with a fraction"), Value::Fraction)
        }
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(_) => Value::Other("a date or time"),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.clone().into_owned()),
                _ => None,
            });
            let texts: Option<Vec<_>> = texts.collect();
            texts.map_or(Value::Other("a list"), Value::Texts)
        }
        DeValue::Table(_) => Value::Other("a table"),
    }
}

fn is_table(item: &Spanned<DeValue<'_>>) -> bool {
    matches!(item.get_ref(), DeValue::Table(_))
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}
