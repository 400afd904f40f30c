//! The stores of a bucket store, and how one of them is chosen.

use std::collections::BTreeMap;

use crate::scribe::config::reader::Reader;
use crate::scribe::config::settings::{BucketChoice, BucketStore, Buckets, Store};
use crate::scribe::config::stores::{inner_store, store_within};
use crate::scribe::config::tree::Block;

/// The bucket store that a block describes, if it is one.
pub(super) fn bucket(reader: &mut Reader<'_>, depth: usize) -> Option<BucketStore> {
    let choice = bucket_choice(reader);
    let delimiter = delimiter(reader);
    let remove_key = reader.flag(("remove_key", "remove_key"));
    if remove_key == Some(true) && choice == Some(BucketChoice::ContextLog) {
        let message = "the keys of context logs cannot be removed";
        if let Some(key) = reader.take(("remove_key", "remove_key")) {
            reader.refuse(key, message, "take it out, or choose by another key");
        }
    }
    let name = ("count", "num_buckets");
    let count = reader.count(name, 1..=BUCKETS_MAX);
    if reader.take(name).is_none() {
        let shown = reader.shown(name);
        reader.miss(
            format!("`{shown}` is missing"),
            "say how many buckets there are",
        );
    }
    let buckets = match reader.take_block("bucket") {
        Some(block) => copies(reader, block, count, depth),
        None => each(reader, count, depth),
    };
    Some(BucketStore {
        choice: choice?,
        delimiter,
        remove_key: remove_key.unwrap_or_default(),
        buckets: buckets?,
    })
}

fn bucket_choice(reader: &mut Reader<'_>) -> Option<BucketChoice> {
    let name = ("choice", "bucket_type");
    if reader.take(name).is_none() {
        let shown = reader.shown(name);
        reader.miss(
            format!("`{shown}` is missing"),
            "say how a bucket is chosen: key_hash",
        );
        return None;
    }
    let range_name = ("range", "bucket_range");
    let range = reader.count(range_name, 1..=u64::from(u32::MAX));
    let choice = reader.choice(
        name,
        &[
            ("context_log", BucketChoice::ContextLog),
            ("random", BucketChoice::Random),
            ("key_hash", BucketChoice::KeyHash),
            ("key_modulo", BucketChoice::KeyModulo),
            ("key_range", BucketChoice::KeyRange(0)),
        ],
    )?;
    if choice != BucketChoice::KeyRange(0) {
        return Some(choice);
    }
    if reader.take(range_name).is_none() {
        let shown = reader.shown(range_name);
        let message = format!("`{shown}` is missing, so that all would be in the failure bucket");
        reader.miss(message, "say how large the largest key is, and one more");
    }
    range.map(BucketChoice::KeyRange)
}

/// The byte behind a key: as a number in scribe's format, as a text in ours.
fn delimiter(reader: &mut Reader<'_>) -> u8 {
    let number = reader.count(("", "delimiter"), 1..=255);
    let number = number.and_then(|number| u8::try_from(number).ok());
    let text = reader.text(("delimiter", ""));
    match text {
        Some((text, key)) => match text.as_bytes() {
            [byte] => *byte,
            _ => {
                let message = format!("`{text}` is not one byte");
                reader.refuse(key, message, "write one character of ASCII, as in \":\"");
                DELIMITER
            }
        },
        None => number.unwrap_or(DELIMITER),
    }
}

/// Buckets after one model, of which only files are told apart.
fn copies(
    reader: &mut Reader<'_>,
    block: &Block,
    count: Option<u64>,
    depth: usize,
) -> Option<Buckets> {
    let prefix_name = ("folder_prefix", "bucket_subdir");
    let prefix = reader.word(prefix_name);
    if reader.take(prefix_name).is_none() {
        let shown = reader.shown(prefix_name);
        reader.miss(
            format!("`{shown}` is missing, so that all buckets would be one"),
            "say what the folder of each begins with; its number is behind it",
        );
    }
    let offset = reader.count(("offset", "bucket_offset"), 0..=BUCKETS_MAX);
    let failure = reader.word(("failure_folder", "failure_bucket"));
    let mut inner = reader.inner(block, "bucket");
    let model = store_within(&mut inner, depth);
    if let Some(model) = &model
        && !matches!(model, Store::File(_))
        && let Some(key) = inner.take(("type", "type"))
    {
        let help = "use `file`, or describe each: bucket0, bucket1, ...";
        inner.refuse(key, "only files are made after a model", help);
    }
    inner.finish();
    let Some(Store::File(model)) = model else {
        return None;
    };
    Some(Buckets::Copies {
        model: Box::new(Store::File(model)),
        count: count?,
        folder_prefix: prefix?,
        offset: offset.unwrap_or_default(),
        failure_folder: failure,
    })
}

/// Buckets of which each is described. Walks over those that are there, however many there should be.
fn each(reader: &mut Reader<'_>, count: Option<u64>, depth: usize) -> Option<Buckets> {
    let count = count?;
    let mut stores = BTreeMap::new();
    for block in &reader.block().blocks {
        let Some(number) = bucket_number(&block.name).filter(|number| *number <= count) else {
            continue;
        };
        // Of two with one number the second is told of in the end.
        stores
            .entry(number)
            .or_insert_with(|| inner_store(reader, &block.name, depth));
    }
    let missing = (0..=count).find(|number| !stores.contains_key(number));
    if let Some(number) = missing {
        // Tells that it is missing.
        return inner_store(reader, &format!("bucket{number}"), depth).and(None);
    }
    let stores: Option<Vec<Store>> = stores.into_values().collect();
    stores.map(Buckets::Each)
}

/// The number of a bucket's name, as we would write it.
fn bucket_number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("bucket")?;
    let number = digits.parse().ok()?;
    (format!("bucket{number}") == name).then_some(number)
}

/// Buckets of one store: each may have a file open.
const BUCKETS_MAX: u64 = 10_000;
/// Where scribe's keys end, unless a configuration says otherwise.
const DELIMITER: u8 = b':';
