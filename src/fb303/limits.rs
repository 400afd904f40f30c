//! The most of what is kept.

/// The most of what a [`Base`](super::Base) keeps. Peers set options, so all of them have to go into a reply together.
///
/// ```
/// use oneloop::fb303::{Base, BaseLimits};
///
/// let limits = BaseLimits { counters_max: 1, ..BaseLimits::default() };
/// let mut base = Base::new("shop").limits(limits);
/// assert!(base.increment("orders", 1));
/// assert!(!base.increment("refunds", 1), "one too many");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseLimits {
    /// Counters of the application's own; one more is not kept. 4,096.
    pub counters_max: usize,
    /// Options; one more is refused. 256.
    pub options_max: usize,
    /// The longest name of a counter or an option, in bytes. 128.
    pub name_bytes_max: usize,
    /// The longest value of an option, in bytes. 1,024.
    pub value_bytes_max: usize,
}

impl Default for BaseLimits {
    fn default() -> Self {
        Self {
            counters_max: 4096,
            options_max: 256,
            name_bytes_max: 128,
            value_bytes_max: 1024,
        }
    }
}
