//! What a collector is configured to do, as plain data. [`load`](crate::scribe::config::load) makes it of a file; [`Default`] is what holds for
//! what a file does not say. All of it is scribe's, with scribe's defaults.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::scribe::config::word::FileWord;

/// A whole configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where to listen; `None` leaves it to the command line.
    pub listen_ip: Option<IpAddr>,
    /// The port, which goes before the command line's.
    pub listen_port: Option<u16>,
    /// Messages taken in one second of the clock; `None` is no bound.
    pub messages_per_second_max: Option<u64>,
    /// Bytes that may wait in the queue of one store before clients are told to try later.
    pub queue_bytes_max: u64,
    /// How often stores look at what they have to do.
    pub check_interval: Duration,
    /// Clients at one time; `None` is [`CLIENTS_MAX`](crate::scribe::collector::CLIENTS_MAX).
    pub links_max: Option<u64>,
    /// Whether each category has a store of its own, made after its rule's; if not, all of a rule's categories share one.
    pub store_per_category: bool,
    /// Which categories are stored where, in the order of the file.
    pub rules: Vec<Rule>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen_ip: None,
            listen_port: None,
            messages_per_second_max: None,
            queue_bytes_max: 5_000_000,
            check_interval: Duration::from_secs(5),
            links_max: None,
            store_per_category: true,
            rules: Vec::new(),
        }
    }
}

impl Settings {
    /// The rules for a category, in the order of the file. Those that name it go before those with a prefix of it, of which the longest
    /// counts; and those before the ones for all others. A category that several rules name goes to all of them.
    ///
    /// (Which of two prefixes counts, scribe leaves to the order of the alphabet: the shorter one.)
    #[must_use]
    pub fn rules_for(&self, category: &str) -> Vec<&Rule> {
        let ranked = self.rules.iter().filter_map(|rule| {
            let ranks = rule.categories.iter();
            let rank = ranks.filter_map(|it| it.rank(category)).max()?;
            Some((rank, rule))
        });
        let ranked: Vec<_> = ranked.collect();
        let best = ranked.iter().map(|(rank, _)| *rank).max();
        let chosen = ranked.into_iter().filter(|(rank, _)| Some(*rank) == best);
        chosen.map(|(_, rule)| rule).collect()
    }
}

/// Where some categories are stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Which they are.
    pub categories: Vec<Selector>,
    /// Whether clients are told of what the store did not take, so that they send it again. If not, it is counted as lost.
    pub must_succeed: bool,
    /// The store.
    pub store: Store,
}

impl Rule {
    /// Whether it is for several categories, so that each may have a store made after this one, with files in a folder of the category's
    /// name, and named after it: see [`Settings::store_per_category`].
    #[must_use]
    pub fn is_for_several(&self) -> bool {
        !matches!(self.categories.as_slice(), [Selector::Exact(_)])
    }
}

/// Categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One.
    Exact(String),
    /// All that begin so: `web*`.
    Prefix(String),
    /// All that no other rule is for: `default`.
    Default,
}

impl Selector {
    /// What a text means.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None if text == "default" => Self::Default,
            None => Self::Exact(text.to_owned()),
        }
    }

    /// How well it fits, if it does.
    fn rank(&self, category: &str) -> Option<(u8, usize)> {
        match self {
            Self::Exact(name) => (name == category).then_some((2, 0)),
            Self::Prefix(prefix) => category
                .starts_with(prefix.as_str())
                .then_some((1, prefix.len())),
            Self::Default => Some((0, 0)),
        }
    }
}

/// Where messages go.
#[derive(Clone, Debug, PartialEq)]
pub enum Store {
    /// Into files.
    File(FileStore),
    /// To a primary store, and while that does not take them into a secondary, from which they are replayed.
    Buffer(Box<BufferStore>),
    /// To another collector.
    Network(NetworkStore),
    /// To one of several stores, by a key in the message.
    Bucket(Box<BucketStore>),
    /// To each of several stores.
    Multi(MultiStore),
    /// To a store for each category, made after this one.
    Category(Box<Self>),
    /// Nowhere: they are counted.
    Null,
}

/// Into files: `FOLDER/BASE[-YYYY-MM-DD]_NNNNN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStore {
    /// The folder. A path that is not absolute begins at the collector's; `None` is that itself.
    pub folder: Option<PathBuf>,
    /// A folder in it;
    pub sub_folder: Option<FileWord>,
    /// or one with the name of the machine.
    pub by_host: bool,
    /// What the files' names begin with; `None` is the category.
    pub base_name: Option<FileWord>,
    /// Whether a link, `BASE_current`, leads to the file that is written.
    pub link: bool,
    /// What the link's name begins with; `None` is the files' own.
    pub link_name: Option<FileWord>,
    /// When the next file is begun.
    pub rotation: Rotation,
    /// Bytes that are written at once.
    pub write_bytes_max: u64,
    /// No message lies across a multiple of so many bytes: what is left in front of it is filled with zeros.
    pub chunk_bytes: Option<u64>,
    /// Whether a file ends in a line with the next one's name.
    pub write_next_name: bool,
    /// Whether each message has its category in a line before it.
    pub write_category: bool,
    /// Whether what was written is told in a file `scribe_stats` when the next one is begun.
    pub write_stats: bool,
    /// Whether each message is followed by the end of a line.
    pub add_newlines: bool,
}

impl Default for FileStore {
    fn default() -> Self {
        Self {
            folder: None,
            sub_folder: None,
            by_host: false,
            base_name: None,
            link: true,
            link_name: None,
            rotation: Rotation::default(),
            write_bytes_max: 1_000_000,
            chunk_bytes: None,
            write_next_name: false,
            write_category: false,
            write_stats: false,
            add_newlines: false,
        }
    }
}

/// When the next file is begun. All times of day are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// After which time.
    pub period: Period,
    /// At which hour, if daily: 0 to 23.
    pub hour: u8,
    /// At which minute, if daily or hourly: 0 to 59.
    pub minute: u8,
    /// When the file has more bytes than this; `None` is never.
    pub file_bytes_max: Option<u64>,
    /// Whether one is begun whenever the store is opened.
    pub on_open: bool,
}

impl Default for Rotation {
    fn default() -> Self {
        Self {
            period: Period::Never,
            hour: 1,
            minute: 15,
            file_bytes_max: Some(1_000_000_000),
            on_open: false,
        }
    }
}

/// A time after which a file is followed by the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// However old it is, it is written.
    Never,
    /// Once in every hour.
    Hourly,
    /// Once in every day.
    Daily,
    /// So long after it was begun.
    Every(Duration),
}

/// To a primary store, or into a secondary one as long as that takes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct BufferStore {
    /// Where messages are to go.
    pub primary: Store,
    /// Where they wait: files, or nothing.
    pub secondary: Store,
    /// Files that are replayed in one check.
    pub files_per_check: u64,
    /// When the primary is tried again.
    pub retry: Retry,
    /// Whether what waits is replayed when the primary is back.
    pub replay: bool,
    /// Whether new messages go to the primary while older ones are replayed, and so overtake them.
    pub flush_streaming: bool,
    /// While more of `queue_bytes_max` than this share waits, files are not replayed. From 0 to 1.
    pub bypass_ratio_max: f64,
}

impl BufferStore {
    /// With scribe's defaults.
    #[must_use]
    pub fn new(primary: Store, secondary: Store) -> Self {
        Self {
            primary,
            secondary,
            files_per_check: 1,
            retry: Retry::default(),
            replay: true,
            flush_streaming: false,
            bypass_ratio_max: 0.75,
        }
    }
}

/// How long a primary is left alone that did not take what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same time again and again.
    Steady {
        /// In the mean.
        interval: Duration,
        /// By so much it is drawn at random, half of it before and half of it behind.
        range: Duration,
    },
    /// Longer with each failure, and shorter with success.
    Adaptive {
        /// The shortest.
        interval_min: Duration,
        /// The longest.
        interval_max: Duration,
        /// By up to so much it grows at random, besides its factor.
        offset_max: Duration,
    },
}

impl Default for Retry {
    fn default() -> Self {
        Self::Steady {
            interval: Duration::from_secs(300),
            range: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// What adaptive backoff is if nothing more is said.
    pub const ADAPTIVE: Self = Self::Adaptive {
        interval_min: Duration::from_secs(5),
        interval_max: Duration::from_secs(100),
        offset_max: Duration::from_secs(20),
    };
}

/// To another collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkStore {
    /// Where it is: names or addresses, and ports. One of several is taken.
    pub remotes: Vec<(String, u16)>,
    /// How long it may take for anything.
    pub timeout: Duration,
    /// Whether all stores with this collector share one link to it.
    pub shared_link: bool,
    /// Whether what could not be sent counts as sent.
    pub ignore_errors: bool,
}

impl NetworkStore {
    /// With scribe's defaults.
    #[must_use]
    pub fn new(remotes: Vec<(String, u16)>) -> Self {
        Self {
            remotes,
            timeout: Duration::from_secs(5),
            shared_link: false,
            ignore_errors: false,
        }
    }
}

/// To one of several stores, by a key in the message.
#[derive(Clone, Debug, PartialEq)]
pub struct BucketStore {
    /// How the key says which.
    pub choice: BucketChoice,
    /// The byte behind the key.
    pub delimiter: u8,
    /// Whether the message is stored without its key and the delimiter.
    pub remove_key: bool,
    /// The stores.
    pub buckets: Buckets,
}

/// How a bucket is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketChoice {
    /// By the number behind the third byte 1, hashed.
    ContextLog,
    /// By chance.
    Random,
    /// By the hash of the key.
    KeyHash,
    /// By the key as a number, modulo the number of buckets.
    KeyModulo,
    /// By the key as a number, modulo this, in ranges of one size.
    KeyRange(u64),
}

/// The stores of a bucket store. Number 0 is for messages without a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Buckets {
    /// Each as it is, from number 0 on.
    Each(Vec<Store>),
    /// All after one model.
    Copies {
        /// The model, a file store.
        model: Box<Store>,
        /// How many, without number 0.
        count: u64,
        /// What the folder of each begins with; its number is behind it.
        folder_prefix: FileWord,
        /// What is added to its number there.
        offset: u64,
        /// The folder of number 0.
        failure_folder: Option<FileWord>,
    },
}

/// To each of several stores.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStore {
    /// The stores.
    pub stores: Vec<Store>,
    /// Whether all of them have to take a batch, or any.
    pub all_must_succeed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(categories: &[&str]) -> Rule {
        Rule {
            categories: categories.iter().map(|text| Selector::of(text)).collect(),
            must_succeed: true,
            store: Store::Null,
        }
    }

    #[test]
    fn a_name_goes_before_a_prefix_and_that_before_the_rest() {
        let settings = Settings {
            rules: vec![
                rule(&["default"]),
                rule(&["web*", "ftp"]),
                rule(&["web.access*"]),
                rule(&["web.access.old", "mail"]),
                rule(&["web.access.old"]),
            ],
            ..Settings::default()
        };
        let found = |category: &str| -> Vec<usize> {
            let rules = settings.rules_for(category);
            let index = |rule: &&Rule| settings.rules.iter().position(|it| std::ptr::eq(it, *rule));
            rules.iter().filter_map(index).collect()
        };
        for (category, rules) in [
            ("web", &[1][..]),
            ("web.x", &[1]),
            ("web.access", &[2]),
            ("web.access.new", &[2]),
            ("web.access.old", &[3, 4]),
            ("mail", &[3]),
            ("ftp", &[1]),
            ("ftps", &[0]),
            ("we", &[0]),
            ("default", &[0]),
            ("web*", &[1]),
        ] {
            assert_eq!(found(category), rules, "{category}");
        }
    }

    #[test]
    fn a_rule_is_for_several_unless_it_names_one() {
        for (categories, several) in [
            (&["a"][..], false),
            (&["a", "b"], true),
            (&["a*"], true),
            (&["default"], true),
        ] {
            assert_eq!(rule(categories).is_for_several(), several);
        }
    }

    #[test]
    fn without_a_default_some_categories_have_no_rule() {
        let settings = Settings {
            rules: vec![rule(&["web*"])],
            ..Settings::default()
        };
        assert!(settings.rules_for("mail").is_empty());
        assert_eq!(Selector::of("*"), Selector::Prefix(String::new()));
        assert_eq!(settings.rules_for("web").len(), 1);
    }
}
