//! What a collector would do, for people: what `scribe check` prints.

use std::fmt::Write as _;

use crate::scribe::collector::CLIENTS_MAX;
use crate::scribe::config::measure::{size_text, span_text};
use crate::scribe::config::settings::{
    BucketChoice, BucketStore, Buckets, BufferStore, FileStore, NetworkStore, Period, Retry,
    Selector, Settings, Store,
};

/// The plan, in lines.
#[must_use]
pub fn outline(settings: &Settings) -> String {
    let mut page = Page::default();
    let or_unbound = |most: Option<u64>| match most {
        Some(most) => most.to_string(),
        None => "no bound".to_owned(),
    };
    let listen = match (settings.listen_ip, settings.listen_port) {
        (Some(ip), Some(port)) => std::net::SocketAddr::new(ip, port).to_string(),
        (None, Some(port)) => format!("port {port} of the address that --listen says"),
        (_, None) => "where --listen says".to_owned(),
    };
    page.line(0, "listen", listen);
    let rate = or_unbound(settings.messages_per_second_max);
    page.line(0, "messages", format!("a second: {rate}"));
    page.line(
        0,
        "clients",
        format!(
            "at a time: {}",
            settings.links_max.unwrap_or(CLIENTS_MAX as u64)
        ),
    );
    let queue = size_text(settings.queue_bytes_max);
    page.line(0, "queue", format!("{queue} for each store"));
    page.line(
        0,
        "check",
        format!("every {}", span_text(settings.check_interval)),
    );
    let stores = match settings.store_per_category {
        true => "one for each category, made after its rule's",
        false => "one for each rule",
    };
    page.line(0, "stores", stores.to_owned());
    for rule in &settings.rules {
        let categories: Vec<String> = rule.categories.iter().map(selector).collect();
        page.text.push('\n');
        page.text.push_str(&categories.join(", "));
        page.text.push('\n');
        page.line(1, "failed", failed_text(rule.must_succeed).to_owned());
        page.is_copied = settings.store_per_category && rule.is_for_several();
        page.store(1, "", &rule.store);
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// Whether the stores are made after those that are described, for each category.
    is_copied: bool,
}

impl Page {
    fn line(&mut self, depth: usize, what: &str, said: String) {
        let margin = "  ".repeat(depth);
        _ = writeln!(self.text, "{margin}{what:<9} {said}");
    }

    /// Stores stand in each other as deep as the reader lets them.
    fn store(&mut self, depth: usize, role: &str, store: &Store) {
        let role = match role {
            "" => String::new(),
            role => format!("{role}: "),
        };
        match store {
            Store::File(file) => self.line(
                depth,
                "file",
                format!("{role}{}", file_text(file, self.is_copied)),
            ),
            Store::Network(network) => {
                self.line(depth, "network", format!("{role}{}", network_text(network)));
            }
            Store::Null => self.line(depth, "null", format!("{role}counted, and not kept")),
            Store::Buffer(buffer) => {
                self.line(depth, "buffer", format!("{role}{}", buffer_text(buffer)));
                self.store(depth + 1, "primary", &buffer.primary);
                self.store(depth + 1, "secondary", &buffer.secondary);
            }
            Store::Bucket(bucket) => self.bucket(depth, &role, bucket),
            Store::Multi(multi) => {
                let which = match multi.all_must_succeed {
                    true => "all of these have to take it",
                    false => "one of these has to take it",
                };
                self.line(depth, "multi", format!("{role}{which}"));
                for store in &multi.stores {
                    self.store(depth + 1, "", store);
                }
            }
            Store::Category(model) => {
                self.line(depth, "category", format!("{role}one for each"));
                let was_copied = std::mem::replace(&mut self.is_copied, true);
                self.store(depth + 1, "each", model);
                self.is_copied = was_copied;
            }
        }
    }

    fn bucket(&mut self, depth: usize, role: &str, bucket: &BucketStore) {
        let key = || {
            let delimiter = char::from(bucket.delimiter).escape_default();
            let removed = if bucket.remove_key {
                ", which is removed"
            } else {
                ""
            };
            format!("the key before `{delimiter}`{removed}")
        };
        let choice = match bucket.choice {
            BucketChoice::ContextLog => "the number of a context log, hashed".to_owned(),
            BucketChoice::Random => "chance".to_owned(),
            BucketChoice::KeyHash => format!("the hash of {}", key()),
            BucketChoice::KeyModulo => format!("{} modulo the number of buckets", key()),
            BucketChoice::KeyRange(range) => format!("{} modulo {range}, by ranges", key()),
        };
        self.line(depth, "bucket", format!("{role}by {choice}"));
        match &bucket.buckets {
            Buckets::Each(stores) => {
                for (number, store) in stores.iter().enumerate() {
                    let role = match number {
                        0 => "0, for no key".to_owned(),
                        _ => number.to_string(),
                    };
                    self.store(depth + 1, &role, store);
                }
            }
            Buckets::Copies {
                model,
                count,
                folder_prefix,
                offset,
                failure_folder,
            } => {
                let folder = |number: u64| format!("{folder_prefix}{number:03}");
                let failure = match failure_folder {
                    Some(folder) => folder.to_string(),
                    None => folder(*offset),
                };
                let (first, last) = (offset.saturating_add(1), offset.saturating_add(*count));
                let folders = format!("{} to {}", folder(first), folder(last));
                self.line(
                    depth + 1,
                    "folders",
                    format!("{folders}, and {failure} for no key"),
                );
                self.store(depth + 1, "each", model);
            }
        }
    }
}

fn selector(selector: &Selector) -> String {
    match selector {
        Selector::Exact(name) => name.clone(),
        Selector::Prefix(prefix) => format!("{prefix}*"),
        Selector::Default => "all others".to_owned(),
    }
}

const fn failed_text(must_succeed: bool) -> &'static str {
    match must_succeed {
        true => "its client is told to try later",
        false => "lost, and counted",
    }
}

fn file_text(file: &FileStore, is_copied: bool) -> String {
    let folder = match &file.folder {
        Some(folder) => folder.display().to_string(),
        None => "DIR".to_owned(),
    };
    let sub = match (&file.sub_folder, file.by_host) {
        (Some(sub), _) => format!("/{sub}"),
        (None, true) => "/HOST".to_owned(),
        (None, false) => String::new(),
    };
    let (copy, base) = match &file.base_name {
        _ if is_copied => ("/CATEGORY", "CATEGORY".to_owned()),
        Some(base) => ("", base.to_string()),
        None => ("", "CATEGORY".to_owned()),
    };
    let rotation = &file.rotation;
    let (hour, minute) = (rotation.hour, rotation.minute);
    let (date, period) = match rotation.period {
        Period::Never => ("", String::new()),
        Period::Hourly => ("-DATE", format!(", hourly at minute {minute}")),
        Period::Daily => ("-DATE", format!(", daily at {hour:02}:{minute:02} UTC")),
        Period::Every(span) => ("-DATE", format!(", every {}", span_text(span))),
    };
    let size = rotation.file_bytes_max;
    let size = size.map_or(String::new(), |it| {
        format!(", next after {}", size_text(it))
    });
    let mut text = format!("{folder}{copy}{sub}/{base}{date}_NNNNN{size}{period}");
    if file.link {
        let link = file.link_name.as_ref().map_or(base, ToString::to_string);
        _ = write!(text, ", link {link}_current");
    }
    if let Some(chunk) = file.chunk_bytes {
        _ = write!(text, ", chunks of {}", size_text(chunk));
    }
    for (is_so, what) in [
        (file.add_newlines, "newlines"),
        (file.write_category, "categories"),
        (file.write_next_name, "the next file's name"),
    ] {
        if is_so {
            _ = write!(text, ", with {what}");
        }
    }
    text
}

fn network_text(network: &NetworkStore) -> String {
    let remotes = network.remotes.iter();
    let remotes: Vec<String> = remotes
        .map(|(host, port)| match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        })
        .collect();
    let lost = if network.ignore_errors {
        ", lost if that fails"
    } else {
        ""
    };
    format!(
        "{}, within {}{lost}",
        remotes.join(" or "),
        span_text(network.timeout)
    )
}

fn buffer_text(buffer: &BufferStore) -> String {
    let retry = match buffer.retry {
        Retry::Steady { interval, range } => {
            format!(
                "{}, give or take {}",
                span_text(interval),
                span_text(range / 2)
            )
        }
        Retry::Adaptive {
            interval_min,
            interval_max,
            ..
        } => format!("{} to {}", span_text(interval_min), span_text(interval_max)),
    };
    let replay = match buffer.replay {
        true => format!("replays {} a check", files(buffer.files_per_check)),
        false => "replays nothing".to_owned(),
    };
    format!("tries again after {retry}; {replay}")
}

fn files(count: u64) -> String {
    match count {
        1 => "1 file".to_owned(),
        _ => format!("{count} files"),
    }
}
