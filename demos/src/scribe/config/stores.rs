//! What a configuration means: its keys and blocks made into [`Settings`], whichever format they came in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use oneloop::report::Desk;

use crate::scribe::config::measure;
use crate::scribe::config::reader::{Format, Name, Reader, advice};
use crate::scribe::config::settings::{
    BufferStore, FileStore, MultiStore, Period, Retry, Rule, Selector, Settings, Store,
};
use crate::scribe::config::tree::{Block, Key, Value};
use crate::scribe::config::word::FileWord;
use crate::scribe::config::{buckets, remotes};

/// The settings that a file says. They are of use only if no error was told.
pub(super) fn read(root: &Block, format: Format, desk: &mut Desk) -> Settings {
    let mut top = Reader::new(desk, format, root, "");
    let mut settings = Settings::default();
    listening(&mut top, &mut settings);
    let rate = top.count(
        ("messages_per_second_max", "max_msg_per_second"),
        0..=RATE_MAX,
    );
    settings.messages_per_second_max = rate.filter(|rate| *rate > 0);
    if let Some(bytes) = top.bytes(("queue_bytes_max", "max_queue_size"), 1) {
        settings.queue_bytes_max = bytes;
    }
    if let Some(span) = top.span(("check_interval", "check_interval"), 1000, SPAN_MIN) {
        settings.check_interval = span;
    }
    let links = top.count(("links_max", "max_conn"), 0..=LINKS_MAX);
    settings.links_max = links.filter(|links| *links > 0);
    if let Some(flag) = top.flag(("store_per_category", "new_thread_per_category")) {
        settings.store_per_category = flag;
    }
    top.pass_over("num_thrift_server_threads", "one thread serves all clients");
    settings.rules = rules(&mut top);
    top.finish();
    // Behind whatever else is wrong, which may be why.
    if settings.rules.is_empty() && !desk.has_errors() {
        let help = match format {
            Format::Toml => "describe each in a table of its own: [[store]]",
            Format::Conf => "describe each in lines from <store> to </store>",
        };
        desk.error(
            root.at,
            "there are no stores, so nothing would be kept",
            help,
        );
    }
    settings
}

fn listening(top: &mut Reader<'_>, settings: &mut Settings) {
    settings.listen_port = top.count(("", "port"), 1..=PORT_MAX).and_then(port);
    if let Some((text, key)) = top.text(("listen", "")) {
        match text.parse::<SocketAddr>() {
            Ok(address) => {
                settings.listen_ip = Some(address.ip());
                settings.listen_port = Some(address.port());
            }
            Err(_) => {
                let message = format!("`{text}` is no address to listen at");
                let help = "write an IP address of this machine and a port, as in \"127.0.0.1:1463\"; \
                            \"0.0.0.0:1463\" and \"[::]:1463\" are for everybody";
                top.refuse(key, message, help);
            }
        }
    }
}

fn rules(top: &mut Reader<'_>) -> Vec<Rule> {
    // In scribe's format a name with a number is a store too.
    let names: Vec<&str> = top
        .block()
        .blocks
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    top.take_block("store");
    for name in names.iter().filter(|name| is_numbered(name)) {
        top.take_block(name);
    }
    let blocks = top.block().blocks.iter();
    let blocks = blocks.filter(|block| block.name == "store" || is_numbered(&block.name));
    let mut rules = Vec::new();
    for (index, block) in blocks.enumerate() {
        if index == RULES_MAX {
            let message = format!("a configuration has {RULES_MAX} stores at most");
            top.inner(block, "store")
                .miss(message, "let some share categories");
            break;
        }
        let mut reader = top.inner(block, &format!("store[{index}]"));
        rules.extend(rule(&mut reader));
        reader.finish();
    }
    rules
}

fn rule(reader: &mut Reader<'_>) -> Option<Rule> {
    let categories = selectors(reader);
    let mut must_succeed = true;
    for name in ["target_write_size", "max_write_interval"] {
        reader.pass_over(
            name,
            "nothing waits to be written, since its answer waits too",
        );
    }
    if let Some(flag) = reader.flag(("must_succeed", "must_succeed")) {
        must_succeed = flag;
    }
    let store = store(reader, 1)?;
    Some(Rule {
        categories,
        must_succeed,
        store,
    })
}

fn selectors(reader: &mut Reader<'_>) -> Vec<Selector> {
    let listed = reader.take(("categories", "categories"));
    let single = reader.take(("", "category"));
    let mut found = Vec::new();
    for key in single.into_iter().chain(listed) {
        match (&key.value, key.name.as_str()) {
            (Value::Raw(text), "categories") => {
                found.extend(text.split_whitespace().map(Selector::of));
            }
            (Value::Raw(text), _) => found.push(Selector::of(text)),
            (Value::Texts(texts), _) => {
                found.extend(texts.iter().map(|text| Selector::of(text)));
            }
            _ => {
                let help = "write a list: categories = [\"web*\", \"mail\"]";
                reader.refuse(key, "a list of texts is due here", help);
                return found;
            }
        }
        if found.is_empty() || found.contains(&Selector::Exact(String::new())) {
            reader.refuse(key, "a category has a name", CATEGORY_HELP);
            return found;
        }
        check_names(reader, key, &found);
    }
    if found.is_empty() {
        let name = reader.shown(("categories", "category"));
        reader.miss(format!("`{name}` is missing"), CATEGORY_HELP);
    }
    found
}

/// A category that is to be named in full is to be one that files can be named after.
fn check_names(reader: &mut Reader<'_>, key: &Key, found: &[Selector]) {
    for selector in found {
        let (Selector::Exact(name) | Selector::Prefix(name)) = selector else {
            continue;
        };
        if !name.is_empty()
            && let Err(fault) = FileWord::of(name)
        {
            let message = format!("`{name}` is no category: {fault}");
            let help = "messages of such a category are refused, because files are named after it";
            reader.refuse(key, message, help);
        }
    }
}

/// The store that a block describes, if it is one.
fn store(reader: &mut Reader<'_>, depth: usize) -> Option<Store> {
    if depth > DEPTH_MAX {
        let message = format!("stores stand in each other {DEPTH_MAX} deep at most");
        reader.miss(message, "take some of them out");
        return None;
    }
    let key = reader.take(("type", "type"));
    let Some(key) = key else {
        reader.is_vague = true;
        reader.miss(
            "`type` is missing",
            format!("the types are: {}", TYPES.join(", ")),
        );
        return None;
    };
    let Some((text, _)) = reader.text(("type", "type")) else {
        reader.is_vague = true;
        return None;
    };
    match text {
        "file" => Some(Store::File(file(reader))),
        "buffer" => Some(Store::Buffer(Box::new(buffer(reader, depth)?))),
        "network" => Some(Store::Network(remotes::network(reader))),
        "bucket" => Some(Store::Bucket(Box::new(buckets::bucket(reader, depth)?))),
        "multi" => Some(Store::Multi(multi(reader, depth)?)),
        "category" => {
            let model = inner_store(reader, "model", depth)?;
            Some(Store::Category(Box::new(model)))
        }
        // The same in one block: its keys are its model's.
        "multifile" if reader.format == Format::Conf => {
            Some(Store::Category(Box::new(Store::File(file(reader)))))
        }
        "null" => Some(Store::Null),
        "thriftfile" | "thriftmultifile" => {
            let message = format!("stores of type `{text}` are no part of this collector");
            let help = "use `file`, which writes the text of each message";
            reader.is_vague = true;
            reader.refuse(key, message, help);
            None
        }
        _ => {
            reader.is_vague = true;
            let help = advice(text, &TYPES, "the types are");
            reader.refuse(key, format!("there is no store of type `{text}`"), &help);
            None
        }
    }
}

/// A store that has to stand in this one.
pub(super) fn inner_store(reader: &mut Reader<'_>, name: &str, depth: usize) -> Option<Store> {
    let Some(block) = reader.take_block(name) else {
        let help = match reader.format {
            Format::Toml => format!("describe it in a table of its own, [....{name}]"),
            Format::Conf => format!("describe it in lines from <{name}> to </{name}>"),
        };
        reader.miss(format!("the store `{name}` is missing"), help);
        return None;
    };
    let mut inner = reader.inner(block, name);
    let store = store_within(&mut inner, depth);
    inner.finish();
    store
}

/// A store in another one. Many a configuration says there what has an effect only outside.
pub(super) fn store_within(reader: &mut Reader<'_>, depth: usize) -> Option<Store> {
    for name in [
        "category",
        "categories",
        "target_write_size",
        "max_write_interval",
        "must_succeed",
    ] {
        reader.pass_over(name, "the store that this one stands in says it");
    }
    store(reader, depth + 1)
}

fn file(reader: &mut Reader<'_>) -> FileStore {
    let mut file = FileStore::default();
    if let Some((path, key)) = reader.text(("folder", "file_path")) {
        match path.contains('\0') {
            true => reader.refuse(key, "this is no path", "take out what cannot be printed"),
            false => file.folder = Some(PathBuf::from(path)),
        }
    }
    file.sub_folder = reader.word(("sub_folder", "sub_directory"));
    file.base_name = reader.word(("base_name", "base_filename"));
    file.link_name = reader.word(("link_name", "base_symlink_name"));
    for (name, field) in [
        (("by_host", "use_hostname_sub_directory"), &mut file.by_host),
        (("link", "create_symlink"), &mut file.link),
        (("write_next_name", "write_meta"), &mut file.write_next_name),
        (
            ("write_category", "write_category"),
            &mut file.write_category,
        ),
        (("write_stats", "write_stats"), &mut file.write_stats),
        (
            ("rotate_on_open", "rotate_on_reopen"),
            &mut file.rotation.on_open,
        ),
    ] {
        set(field, reader.flag(name));
    }
    // The one question that scribe answers by a number.
    set(&mut file.add_newlines, reader.flag(("add_newlines", "")));
    let number = reader.count(("", "add_newlines"), 0..=1);
    set(&mut file.add_newlines, number.map(|number| number == 1));
    rotation(reader, &mut file);
    set(
        &mut file.write_bytes_max,
        reader.bytes(("write_bytes_max", "max_write_size"), 1),
    );
    let chunk = reader.bytes(("chunk_bytes", "chunk_size"), 0);
    file.chunk_bytes = chunk.filter(|bytes| *bytes > 0);
    if file.by_host && file.sub_folder.is_some() {
        let name = reader.shown(("by_host", "use_hostname_sub_directory"));
        if let Some(key) = reader.block().key(name) {
            let help = "keep one of the two";
            reader.refuse(key, "the folder has a name already", help);
        }
    }
    if let Some((kind, key)) = reader.text(("", "fs_type"))
        && kind != "std"
    {
        let message = format!("files on `{kind}` are no part of this collector");
        let help = "write `std`, or leave the line out: files are on this machine's disks";
        reader.refuse(key, message, help);
    }
    file
}

fn rotation(reader: &mut Reader<'_>, file: &mut FileStore) {
    let rotation = &mut file.rotation;
    if let Some((text, key)) = reader.text(("rotate_period", "rotate_period")) {
        match measure::period(text) {
            Some(period) => rotation.period = period,
            None => reader.refuse(key, format!("`{text}` is no period"), measure::PERIOD_HELP),
        }
    }
    let small = |number: u64| u8::try_from(number).ok();
    let hour = reader.count(("rotate_hour", "rotate_hour"), 0..=23);
    set(&mut rotation.hour, hour.and_then(small));
    let minute = reader.count(("rotate_minute", "rotate_minute"), 0..=59);
    set(&mut rotation.minute, minute.and_then(small));
    if let Some(bytes) = reader.bytes(("file_bytes_max", "max_size"), 0) {
        rotation.file_bytes_max = (bytes > 0).then_some(bytes);
    }
}

fn buffer(reader: &mut Reader<'_>, depth: usize) -> Option<BufferStore> {
    let primary = inner_store(reader, "primary", depth);
    let secondary = inner_store(reader, "secondary", depth);
    let per_check = reader.count(("files_per_check", "buffer_send_rate"), 1..=FILES_MAX);
    let retry = retry(reader);
    let replay = reader.flag(("replay", "replay_buffer"));
    let flush = reader.flag(("flush_streaming", "flush_streaming"));
    let ratio = reader.share(("bypass_ratio_max", "buffer_bypass_max_ratio"));
    check_secondary(reader, secondary.as_ref());
    let mut buffer = BufferStore::new(primary?, secondary?);
    set(&mut buffer.files_per_check, per_check);
    buffer.retry = retry;
    set(&mut buffer.replay, replay);
    set(&mut buffer.flush_streaming, flush);
    set(&mut buffer.bypass_ratio_max, ratio);
    Some(buffer)
}

/// What waits has to be read again.
fn check_secondary(reader: &mut Reader<'_>, secondary: Option<&Store>) {
    let Some(block) = reader.take_block("secondary") else {
        return;
    };
    let mut inner = reader.inner(block, "secondary");
    let Some(key) = inner.take(("type", "type")) else {
        return;
    };
    match secondary {
        Some(Store::File(file)) => {
            let is_plain = file.rotation.period == Period::Never && file.chunk_bytes.is_none();
            if !is_plain {
                let path = inner.path.clone();
                let message =
                    "files of a buffer are neither rotated by time nor filled up to chunks";
                let help = "take out the period and the size of chunks, which have no effect";
                inner.desk.warning_of(key.at, path, message, help);
            }
        }
        Some(Store::Null) => {
            let path = inner.path.clone();
            let message = "what the primary does not take is lost";
            inner.desk.warning_of(key.at, path, message, "use `file`");
        }
        Some(_) => inner.refuse(key, "what waits here could not be read again", "use `file`"),
        None => {}
    }
}

fn retry(reader: &mut Reader<'_>) -> Retry {
    let second =
        |reader: &mut Reader<'_>, name: Name, least: Duration| reader.span(name, 1000, least);
    let is_adaptive = reader.flag(("adaptive_backoff", "adaptive_backoff"));
    let interval = second(reader, ("retry_interval", "retry_interval"), SPAN_MIN);
    let range_name = ("retry_interval_range", "retry_interval_range");
    let range = second(reader, range_name, Duration::ZERO);
    let least = second(
        reader,
        ("retry_interval_min", "min_retry_interval"),
        SPAN_MIN,
    );
    let most = second(
        reader,
        ("retry_interval_max", "max_retry_interval"),
        SPAN_MIN,
    );
    let offset_name = ("retry_offset_max", "max_random_offset");
    let offset = second(reader, offset_name, Duration::ZERO);
    let mut retry = match is_adaptive {
        Some(true) => Retry::ADAPTIVE,
        _ => Retry::default(),
    };
    let fault = match &mut retry {
        Retry::Steady {
            interval: steady,
            range: steady_range,
        } => {
            set(steady, interval);
            // A range that nobody has said follows an interval that somebody has.
            *steady_range = range.unwrap_or_else(|| (*steady_range).min(*steady));
            (*steady_range > steady.saturating_mul(2))
                .then_some((range_name, "half of the range is more than the interval"))
        }
        Retry::Adaptive {
            interval_min,
            interval_max,
            offset_max,
        } => {
            set(interval_min, least);
            set(interval_max, most);
            set(offset_max, offset);
            let name = match most {
                Some(_) => ("retry_interval_max", "max_retry_interval"),
                None => ("retry_interval_min", "min_retry_interval"),
            };
            (interval_min > interval_max)
                .then_some((name, "the shortest is longer than the longest"))
        }
    };
    if let Some((name, message)) = fault
        && let Some(key) = reader.take(name)
    {
        reader.refuse(key, message, "change one of the two");
    }
    retry
}

fn multi(reader: &mut Reader<'_>, depth: usize) -> Option<MultiStore> {
    let name = ("succeeds_if", "report_success");
    let all = reader.choice(name, &[("all", true), ("any", false)]);
    let blocks = reader.block().blocks.iter();
    let stores: Vec<&Block> = blocks.filter(|block| is_numbered(&block.name)).collect();
    let mut made = Vec::new();
    for block in &stores {
        // The same name twice is told of in the end.
        reader.take_block(&block.name);
        let mut inner = reader.inner(block, &block.name);
        made.extend(store_within(&mut inner, depth));
        inner.finish();
    }
    if stores.is_empty() {
        reader.take_block("store0");
        let help = "describe each of them: store0, store1, ...";
        reader.miss("there are no stores in it", help);
        return None;
    }
    Some(MultiStore {
        stores: made,
        all_must_succeed: all.unwrap_or(true),
    })
}

/// `store` with a number behind it.
fn is_numbered(name: &str) -> bool {
    let number = name.strip_prefix("store").unwrap_or_default();
    (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Sets what was said.
pub(super) fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// A port, of which the bounds were looked at.
pub(super) fn port(number: u64) -> Option<u16> {
    u16::try_from(number).ok()
}

const TYPES: [&str; 7] = [
    "file", "buffer", "network", "bucket", "multi", "category", "null",
];
const CATEGORY_HELP: &str =
    "name a category, all that begin so (`web*`), or all that are left (`default`)";
/// Stores that are in no other.
const RULES_MAX: usize = 1000;
/// Stores in stores.
const DEPTH_MAX: usize = 8;
/// Messages in a second.
const RATE_MAX: u64 = 1_000_000_000;
/// Clients.
const LINKS_MAX: u64 = 1_000_000;
/// Files replayed in one check.
const FILES_MAX: u64 = 1_000_000;
/// The last port.
pub(super) const PORT_MAX: u64 = 65_535;
/// What is done again and again has a pause.
pub(super) const SPAN_MIN: Duration = Duration::from_millis(1);
