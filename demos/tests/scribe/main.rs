//! The log collector: what it makes of configurations, good and bad, and what its command says of them.

mod check;
mod configuration;
mod faults;
