//! A `double` that can be a key.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// An `f64` with a total order: what the interface's `set<double>` and `map<double, ...>` are made of, since an `f64` alone is neither
/// `Ord` nor `Hash`. Equal are those of the same bits; the order is that of [`f64::total_cmp`], so that -0 is before 0.
///
/// ```
/// use std::collections::BTreeSet;
/// use oneloop::thrift::OrderedDouble;
///
/// let set = BTreeSet::from([1.5, f64::NAN, -1.0].map(OrderedDouble));
/// assert_eq!(set.first(), Some(&OrderedDouble(-1.0)));
/// assert!(set.contains(&OrderedDouble(f64::NAN)));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderedDouble(pub f64);

impl PartialEq for OrderedDouble {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for OrderedDouble {}

impl PartialOrd for OrderedDouble {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedDouble {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for OrderedDouble {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl From<f64> for OrderedDouble {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl From<OrderedDouble> for f64 {
    fn from(value: OrderedDouble) -> Self {
        value.0
    }
}
